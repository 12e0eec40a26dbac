//! The instances of a set that something happens to.

use crate::engine::random::Purpose;
use crate::plan::Which;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::ids::{InstanceId, SetId};

/// The instances of a set that are meant; where they are drawn, for what has this key.
pub(super) fn pick(world: &World, cx: &Cx<'_>, set: SetId, which: &Which, key: u64) -> Vec<InstanceId> {
    let mut named = Vec::new();
    pick_into(world, cx, set, which, |_| key, &mut named);
    named
}

/// The same, into a list that is used again, with a key that is asked for only where it is of use.
pub(super) fn pick_into(
    world: &World,
    cx: &Cx<'_>,
    set: SetId,
    which: &Which,
    key: impl FnOnce(&Cx<'_>) -> u64,
    out: &mut Vec<InstanceId>,
) {
    let rows = &world.instances.rows;
    let present = &world.scale_set.sets[set.index()].instances;
    let find = |ordinal: u32| of_ordinal(present, |place| rows[present[place].index()].ordinal, ordinal);
    match which {
        Which::All => out.extend_from_slice(present),
        Which::One(ordinal) => out.extend(find(*ordinal)),
        Which::Ordinals(ordinals) => {
            // An id that is written twice names one instance.
            let from = out.len();
            for instance in ordinals.iter().filter_map(|&ordinal| find(ordinal)) {
                if !out[from..].contains(&instance) {
                    out.push(instance);
                }
            }
        }
        Which::In { zone, fault_domain } => out.extend(present.iter().copied().filter(|instance| {
            let at = rows[instance.index()].at;
            // What shares a fault domain is in one placement group, the first (FD-10).
            let shares = |domain| domain == at.fault_domain && (at.group == 0 || !cx.on(rules::FD_10));
            zone.is_none_or(|zone| zone == at.zone) && fault_domain.is_none_or(shares)
        })),
        Which::Drawn => drawn(world, cx, (present, key(cx)), 1, out),
        Which::Share(share) => {
            let count = libm::round(share * present.len() as f64) as usize;
            drawn(world, cx, (present, key(cx)), count, out);
        }
    }
}

/// So many, each by a draw of its own: one instance more in the set takes the place of another, or of nobody.
fn drawn(world: &World, cx: &Cx<'_>, (of, key): (&[InstanceId], u64), count: usize, out: &mut Vec<InstanceId>) {
    let draw = |&instance: &InstanceId| {
        (cx.stream(Purpose::FaultHit, world.application.subject(instance), key).bits(), instance)
    };
    let mut draws: Vec<_> = of.iter().map(draw).collect();
    draws.sort_unstable();
    draws.truncate(count);
    let from = out.len();
    out.extend(draws.into_iter().map(|(_, instance)| instance));
    out[from..].sort_unstable();
}

/// The instance with this ordinal. Instances are listed in the order of creation, which is that of their ordinals, and none
/// comes twice: so it stands at the place of its ordinal, or before it by at most as many as are gone.
fn of_ordinal(present: &[InstanceId], at: impl Fn(usize) -> u32, ordinal: u32) -> Option<InstanceId> {
    let last = present.len().checked_sub(1)?;
    if at(last) as usize == last {
        return present.get(ordinal as usize).copied(); // nobody is gone
    }
    let mut end = present.len().min(ordinal as usize + 1);
    let mut start = end.checked_sub(1)?;
    let mut step = 1;
    while at(start) > ordinal {
        end = start;
        if start == 0 {
            return None;
        }
        start = start.saturating_sub(step);
        step *= 2;
    }
    while start + 1 < end {
        let middle = usize::midpoint(start, end);
        *(if at(middle) > ordinal { &mut end } else { &mut start }) = middle;
    }
    (at(start) == ordinal).then(|| present[start])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every list that is left of eight instances, and every ordinal, against a search from one end to the other.
    #[test]
    fn an_instance_is_found_by_its_ordinal_whoever_else_is_gone() {
        for left in 0_u32..1 << 8 {
            let present: Vec<InstanceId> = (0..8).filter(|at| left & 1 << at != 0).map(InstanceId).collect();
            for ordinal in 0..10 {
                let found = of_ordinal(&present, |place| present[place].0, ordinal);
                assert_eq!(
                    found,
                    present.iter().copied().find(|instance| instance.0 == ordinal),
                    "{left:b}, {ordinal}"
                );
            }
        }
    }
}
