//! Which origins an edge site sends requests to (AFD-04, AFD-05).

use crate::engine::time::SimDuration;
use crate::plan::OriginSetting;
use crate::rules::choice::FrontDoorFailOpen;

/// An origin, as an edge site knows it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Its number in the group.
    pub number: u16,
    /// What is configured of it there.
    pub setting: OriginSetting,
    /// How far it is.
    pub latency: SimDuration,
    /// Enough of its last samples were good, or nobody probes it.
    pub healthy: bool,
}

/// The origins that requests go to, each with its weight, and whether that is so because none is healthy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Origins by number, and their weights.
    pub origins: Vec<(u16, u64)>,
    /// None is healthy, and all that are enabled are taken as if they were.
    pub failed_open: bool,
}

/// The choice among the origins: those that are enabled and healthy, of these the ones of the first priority, of these the ones that are
/// not much slower than the fastest, by weight. Where none is healthy it is among all that are enabled, in turn.
pub fn choose(all: &[Candidate], sensitivity: SimDuration, fail_open: Option<FrontDoorFailOpen>) -> Choice {
    let enabled = || all.iter().filter(|of| of.setting.enabled).copied();
    let healthy: Vec<Candidate> = enabled().filter(|of| of.healthy).collect();
    if !healthy.is_empty() {
        return Choice { origins: best(&healthy, sensitivity), failed_open: false };
    }
    let all: Vec<Candidate> = enabled().collect();
    let origins = match fail_open {
        None => return Choice::default(),
        Some(FrontDoorFailOpen::RoundRobin) => all.iter().map(|of| (of.number, 1)).collect(),
        Some(FrontDoorFailOpen::Priority) => best(&all, sensitivity),
    };
    Choice { failed_open: !all.is_empty(), origins }
}

/// Of these the ones of the first priority that are not much slower than the fastest of it, by weight.
fn best(of: &[Candidate], sensitivity: SimDuration) -> Vec<(u16, u64)> {
    let first = of.iter().map(|of| of.setting.priority).min();
    let first = || of.iter().filter(|of| Some(of.setting.priority) == first);
    let fastest = first().map(|of| of.latency).min().unwrap_or_default();
    let near = first().filter(|of| of.latency <= fastest + sensitivity);
    near.map(|of| (of.number, u64::from(of.setting.weight))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(number: u16, priority: u32, latency: u64, weight: u32) -> Candidate {
        let setting = OriginSetting { enabled: true, priority, weight };
        Candidate { number, setting, latency: SimDuration::from_ms(latency), healthy: true }
    }

    /// The example of the page on routing: of six origins C is unhealthy and E disabled; F is of the second priority; A is 15 ms away, B
    /// 30 ms and D 60 ms, and 30 ms more than the fastest is near enough: A and B, as 5 to 8.
    #[test]
    fn the_example_of_the_page_comes_out() {
        let [a, b, mut c, d, mut e, f] = [
            candidate(0, 1, 15, 5),
            candidate(1, 1, 30, 8),
            candidate(2, 1, 1, 50),
            candidate(3, 1, 60, 50),
            candidate(4, 1, 1, 50),
            candidate(5, 2, 1, 50),
        ];
        (c.healthy, e.setting.enabled) = (false, false);
        let near = SimDuration::from_ms(30);
        let chosen = |all: &[Candidate]| choose(all, near, Some(FrontDoorFailOpen::RoundRobin));
        assert_eq!(chosen(&[a, b, c, d, e, f]).origins, [(0, 5), (1, 8)]);
        // Without A, B is the fastest, and D is 30 ms behind it.
        assert_eq!(chosen(&[b, c, d, e, f]).origins, [(1, 8), (3, 50)]);
        assert_eq!(chosen(&[c, e, f]).origins, [(5, 50)]);
    }

    /// Where none is healthy all that are enabled get as much, whatever their priority and weight; or those of the first priority.
    #[test]
    fn where_none_is_healthy_all_that_are_enabled_are_chosen() {
        let mut all = [candidate(0, 1, 0, 5), candidate(1, 2, 90, 8), candidate(2, 1, 0, 1)];
        for of in &mut all {
            of.healthy = false;
        }
        all[2].setting.enabled = false;
        let of = |how| choose(&all, SimDuration::ZERO, how);
        let open = |origins: &[(u16, u64)]| Choice { origins: origins.into(), failed_open: true };
        assert_eq!(of(Some(FrontDoorFailOpen::RoundRobin)), open(&[(0, 1), (1, 1)]));
        assert_eq!(of(Some(FrontDoorFailOpen::Priority)), open(&[(0, 5)]));
        assert_eq!(of(None), Choice::default());
    }
}
