//! Entries of the timeline that are about instances which were not there: what hits nobody harms nobody, and that is said.

use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{FleetView, InstanceView};
use windtunnel_sim::plan::Which;
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::ActionId;
use windtunnel_words::describe::Names;
use windtunnel_words::describe::targets;

/// An entry of the timeline that named instances of which none was there when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The entry.
    pub action: ActionId,
    /// When it came.
    pub at: SimTime,
}

impl Missed {
    /// It in words.
    pub fn words(self, names: &Names<'_>) -> String {
        let act = &names.plan().timeline[self.action.index()].what;
        let (set, which) = targets(act).expect("only what names instances can miss them");
        let set = names.set(set);
        let missing = match which {
            Which::All | Which::Drawn | Which::Share(_) => format!("{set} had no instance"),
            Which::In { zone, fault_domain } => {
                let zone = zone.map(|zone| format!(" in zone {zone}")).unwrap_or_default();
                let rack = fault_domain.map(|rack| format!(" in fault domain {rack}")).unwrap_or_default();
                format!("{set} had no instance{zone}{rack}")
            }
            Which::One(_) | Which::Ordinals(_) => format!("{set} had no {}", names.selected(which)),
        };
        format!("“{}” had no effect: {missing} at {}", names.action(self.action), self.at)
    }
}

/// What an entry of the ledger says was missed: an entry of the timeline that names instances of which none is there.
pub(super) fn by(fleet: &FleetView<'_>, record: &Record) -> Option<Missed> {
    let Fact::ActionTaken { action } = record.fact else { return None };
    let (set, which) = targets(&fleet.plan().timeline[action.index()].what)?;
    let is_meant = |(number, unit): (u32, &InstanceView)| {
        !unit.is_gone()
            && match which {
                Which::One(one) => number == *one,
                Which::Ordinals(numbers) => numbers.contains(&number),
                Which::In { zone, fault_domain } => {
                    zone.is_none_or(|zone| zone == unit.at.zone)
                        && fault_domain.is_none_or(|rack| rack == unit.at.fault_domain)
                }
                Which::All | Which::Drawn | Which::Share(_) => true,
            }
    };
    // The number of an instance in its set is how many there were in it before.
    let of_set = fleet.instances.iter().filter(|unit| unit.set == set);
    let is_missed = !(0..).zip(of_set).any(is_meant);
    is_missed.then_some(Missed { action, at: record.time })
}
