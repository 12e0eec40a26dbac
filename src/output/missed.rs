//! Entries of the timeline that are about instances which were not there: what hits nobody harms nobody, and that is said.

use crate::experiment::replay::Replay;
use windtunnel_sim::plan::{Act, SpotAct, Which};
use windtunnel_sim::world::fact::{Fact, Placement, Record};
use windtunnel_sim::world::ids::{ActionId, SetId};

/// The words by which a verdict is known to speak of it.
pub const NOBODY: &str = "was about nobody";

/// The instances that an act is about, and their set.
#[must_use]
pub const fn about(act: &Act) -> Option<(SetId, &Which)> {
    match act {
        Act::Disturb { set, which, .. }
        | Act::Power { set, which, .. }
        | Act::Protect { set, which, .. }
        | Act::UpgradeInstances { set, which }
        | Act::ApproveOsUpgrade { set, which }
        | Act::Spot(SpotAct::Simulate { set, which }) => Some((SetId(*set), which)),
        Act::Maintain(work) => Some((SetId(work.set), &work.which)),
        _ => None,
    }
}

/// An instance that stands: its set, its number there, and its place.
type Standing = (SetId, u32, Placement);

/// A sentence for each entry of the timeline that named instances of which none was there when it came.
#[must_use]
pub fn told(replay: &Replay<'_>) -> Vec<String> {
    let plan = replay.plan();
    if plan.timeline.iter().all(|action| about(&action.what).is_none()) {
        return Vec::new();
    }
    let mut numbers = vec![0_u32; plan.sets.len()];
    let mut all: Vec<Option<Standing>> = Vec::new();
    let mut told = Vec::new();
    for record in &replay.ledger {
        match record.fact {
            Fact::InstanceStood { set, at, .. } | Fact::InstanceCreated { set, at, .. } => {
                all.push(Some((set, numbers[set.index()], at)));
                numbers[set.index()] += 1;
            }
            Fact::InstanceDeleted { instance } => all[instance.index()] = None,
            Fact::ActionTaken { action } => told.extend(one(replay, record, action, &all)),
            _ => {}
        }
    }
    told
}

fn one(replay: &Replay<'_>, record: &Record, action: ActionId, all: &[Option<Standing>]) -> Option<String> {
    let (set, which) = about(&replay.plan().timeline[action.index()].what)?;
    let meant = |of: &&Standing| {
        of.0 == set
            && match which {
                Which::One(number) => of.1 == *number,
                Which::Ordinals(numbers) => numbers.contains(&of.1),
                Which::In { zone, fault_domain } => {
                    zone.is_none_or(|zone| zone == of.2.zone)
                        && fault_domain.is_none_or(|of_rack| of_rack == of.2.fault_domain)
                }
                Which::All | Which::Drawn | Which::Share(_) => true,
            }
    };
    let none = !all.iter().flatten().any(|of| meant(&of));
    let (name, set) = (replay.names.action(action), replay.names.set(set));
    let whom = match which {
        Which::All | Which::Drawn | Which::Share(_) => format!("{set} had no instance"),
        Which::In { zone, fault_domain } => {
            let zone = zone.map(|zone| format!(" in zone {zone}")).unwrap_or_default();
            let rack = fault_domain.map(|rack| format!(" in fault domain {rack}")).unwrap_or_default();
            format!("{set} had no instance{zone}{rack}")
        }
        Which::One(_) | Which::Ordinals(_) => format!("{set} had no {}", replay.names.whom(which)),
    };
    none.then(|| format!("“{name}” {NOBODY}: {whom} at {}", record.time))
}
