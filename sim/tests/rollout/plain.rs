//! A rolling upgrade as the rulebook tells it, slow and plain: one loop over instances, each of which takes the same time
//! and is healthy or not for good. It shares nothing with the room but the numbers of the policy.
//!
//! RU-01, RU-02, RU-03, RU-05, RU-06, RU-09, RU-12, RU-20, RU-21, RU-29, RU-30, RU-31, RU-32 with `rolling.zone_order`,
//! `rolling.instance_order`, `rolling.percent_round`, `rolling.batch_shrink`, `rolling.upgraded_unhealthy_of`.

/// The policy.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    pub batch: u32,
    pub unhealthy: u32,
    pub unhealthy_upgraded: u32,
    pub sick_first: bool,
    pub cross_zone: bool,
}

/// How it ended: `None` for Completed, else the gate (1 before, 2 in, 3 upgraded) with the hundredths of a percent.
pub type Verdict = Option<(u8, u32)>;

/// Every batch, by its instant and its instances; the end, and how.
#[derive(Debug, PartialEq, Eq)]
pub struct Course {
    pub batches: Vec<(u64, Vec<u32>)>,
    pub ended: (u64, Verdict),
}

/// Instances in these zones, of which the bits say who is sick before and after their upgrade.
pub fn course(zones: &[u8], sick_before: u32, sick_after: u32, policy: Policy, update_s: u64, wait_s: u64) -> Course {
    let total = zones.len() as u32;
    let mut done = vec![false; zones.len()];
    let (mut now, mut batches) = (100, Vec::new());
    loop {
        let is_sick = |i: usize, done: &[bool]| (if done[i] { sick_after } else { sick_before }) >> i & 1 == 1;
        let sick = (0..zones.len()).filter(|&i| is_sick(i, &done)).count() as u32;
        let mut open: Vec<usize> = (0..zones.len()).filter(|&i| !done[i]).collect();
        if open.is_empty() {
            return Course { batches, ended: (now, None) };
        }
        // More than the share of all that may be unhealthy.
        if sick * 100 > policy.unhealthy * total {
            let gate = if batches.is_empty() { 1 } else { 2 };
            return Course { batches, ended: (now, Some((gate, sick * 10_000 / total))) };
        }
        if policy.sick_first && open.iter().any(|&i| is_sick(i, &done)) {
            open.retain(|&i| is_sick(i, &done));
        }
        if !policy.cross_zone {
            let zone = open.iter().map(|&i| zones[i]).min().expect("somebody waits");
            open.retain(|&i| zones[i] == zone);
        }
        open.truncate((total * policy.batch / 100).max(1) as usize);
        // Whoever is sick elsewhere takes room.
        loop {
            let outside = sick - open.iter().filter(|&&i| is_sick(i, &done)).count() as u32;
            let room = (total * policy.unhealthy / 100).saturating_sub(outside).max(1);
            if outside == 0 || open.len() as u32 <= room {
                break;
            }
            open.pop();
        }
        batches.push((now, open.iter().map(|&i| i as u32).collect()));
        for &i in &open {
            done[i] = true;
        }
        let fails = open.iter().any(|&i| is_sick(i, &done));
        now += update_s + if fails { wait_s } else { 0 };
        let upgraded = done.iter().filter(|&&done| done).count() as u32;
        let bad = (0..zones.len()).filter(|&i| done[i] && is_sick(i, &done)).count() as u32;
        if bad * 100 > policy.unhealthy_upgraded * upgraded {
            return Course { batches, ended: (now, Some((3, bad * 10_000 / upgraded))) };
        }
    }
}
