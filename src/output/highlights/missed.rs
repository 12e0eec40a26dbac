//! Entries of the timeline that are about instances which were not there: what hits nobody harms nobody, and that is said.

use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Plan, Which};
use windtunnel_sim::world::fact::{Fact, Placement, Record};
use windtunnel_sim::world::ids::{ActionId, SetId};
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
    #[must_use]
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

/// An instance that is there: its set, its number in it, and its place.
type Instance = (SetId, u32, Placement);

/// The instances that are there, record by record.
pub(super) struct Present<'p> {
    plan: &'p Plan,
    numbers: Vec<u32>,
    all: Vec<Option<Instance>>,
    /// Whether any entry of the timeline names instances: else there is nothing to keep.
    is_asked: bool,
}

impl<'p> Present<'p> {
    pub(super) fn of(plan: &'p Plan) -> Self {
        let is_asked = plan.timeline.iter().any(|action| targets(&action.what).is_some());
        Self { plan, numbers: vec![0; plan.sets.len()], all: Vec::new(), is_asked }
    }

    pub(super) fn take(&mut self, record: &Record) -> Option<Missed> {
        if !self.is_asked {
            return None;
        }
        match record.fact {
            Fact::InstancePresent { set, at, .. } | Fact::InstanceCreated { set, at, .. } => {
                self.all.push(Some((set, self.numbers[set.index()], at)));
                self.numbers[set.index()] += 1;
            }
            Fact::InstanceDeleted { instance } => self.all[instance.index()] = None,
            Fact::ActionTaken { action } => return self.misses(action).then_some(Missed { action, at: record.time }),
            _ => {}
        }
        None
    }

    /// Whether an entry names instances of which none is there.
    fn misses(&self, action: ActionId) -> bool {
        let Some((set, which)) = targets(&self.plan.timeline[action.index()].what) else { return false };
        let is_meant = |&(of, number, place): &Instance| {
            of == set
                && match which {
                    Which::One(one) => number == *one,
                    Which::Ordinals(numbers) => numbers.contains(&number),
                    Which::In { zone, fault_domain } => {
                        zone.is_none_or(|zone| zone == place.zone)
                            && fault_domain.is_none_or(|rack| rack == place.fault_domain)
                    }
                    Which::All | Which::Drawn | Which::Share(_) => true,
                }
        };
        !self.all.iter().flatten().any(is_meant)
    }
}
