//! Standby pools, and the spread of sets over their zones, in words.

use super::Names;
use windtunnel_sim::world::fact::{MoveEnd, PlaceFact, StandbyEnd, StandbyTrouble};
use windtunnel_sim::world::ids::{ActionId, SetId};

const fn trouble_words(why: StandbyTrouble) -> &'static str {
    match why {
        StandbyTrouble::Allocation => "there is no capacity for its machines",
        StandbyTrouble::Quota => "its machines would exceed a quota",
        StandbyTrouble::Image => "the image has no version to create machines from",
        StandbyTrouble::Provisioning => "one of its machines did not come up",
    }
}

impl Names<'_> {
    /// The name of the standby pool of a set.
    pub(super) fn standby(&self, set: SetId) -> &str {
        self.plan.sets[set.index()].upkeep.standby.as_ref().map_or("its standby pool", |pool| pool.name.as_str())
    }

    /// The name of a size.
    pub(super) fn size(&self, set: SetId, by: Option<ActionId>) -> &str {
        match self.plan.size(set.index(), by.map(ActionId::index)) {
            "" => "that existed at the start",
            name => name,
        }
    }
}

/// A fact as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &PlaceFact) -> String {
    let place = |zone: u8| if zone == 0 { String::new() } else { format!(", in zone {zone}") };
    match *fact {
        PlaceFact::StandbyCreated { set, machine, zone } => {
            format!("machine {machine} is created for the standby pool {}{}", names.standby(set), place(zone))
        }
        PlaceFact::StandbyReady { set, machine, zone } => {
            let state = names.plan().sets[set.index()].upkeep.standby.as_ref().map_or("", |pool| pool.state.word());
            format!("machine {machine} of the standby pool {} is ready: {state}{}", names.standby(set), place(zone))
        }
        PlaceFact::StandbyTaken { set, machine, .. } => {
            format!(
                "{who} comes from the standby pool {}, where it was set up as machine {machine}",
                names.standby(set)
            )
        }
        PlaceFact::StandbyDeleted { set, machine, why } => {
            let why = match why {
                StandbyEnd::Shrunk => "the pool becomes smaller",
                StandbyEnd::Failed => "it did not come up",
                StandbyEnd::Outdated => "the model of the set has changed",
            };
            format!("machine {machine} of the standby pool {} is deleted: {why}", names.standby(set))
        }
        PlaceFact::StandbyDegraded { set, why } => {
            let words = trouble_words(why);
            format!("the standby pool {} is Degraded: {words}; it tries again every 30 s", names.standby(set))
        }
        PlaceFact::StandbyRecovered { set } => format!("the standby pool {} is Healthy again", names.standby(set)),
        PlaceFact::MoveStarted { source, .. } => {
            format!(
                "automatic zone balance creates {who} in a zone with fewer instances, to replace {}",
                names.instance(source)
            )
        }
        PlaceFact::MoveEnded { source, how, .. } => {
            let old = names.instance(source);
            match how {
                MoveEnd::Moved => {
                    format!("{who} is healthy and replaces {old}, which is deleted: the zones are more even")
                }
                MoveEnd::NewUnhealthy => {
                    format!("{who} was not healthy in time and is deleted; {old}, which is healthy, stays")
                }
                MoveEnd::BothUnhealthy => format!("neither {who} nor {old} was healthy in time; {old} is deleted"),
                MoveEnd::Cancelled => {
                    format!("{who} no longer replaces {old}: another operation on the set comes first")
                }
            }
        }
        PlaceFact::ZonesUneven { set, by } => {
            format!(
                "the zones of {} differ by {by}: strict balance blocks operations, but not this removal",
                names.set(set)
            )
        }
        PlaceFact::Sized { set, by, .. } => format!("{who} now has size {}", names.size(set, by)),
        PlaceFact::ScaleInHeldBack { set, to } => {
            format!("the scale-in of {} to {to} waits until the move of automatic zone balance ends", names.set(set))
        }
    }
}
