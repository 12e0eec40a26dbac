//! Standby pools, and the spread of sets over their zones, in words.

use super::{Names, pairs};
use windtunnel_sim::world::fact::{MoveEnd, PlaceFact, StandbyEnd, StandbyTrouble};
use windtunnel_sim::world::ids::{ActionId, SetId};

/// The kind of a fact, as written in tables.
pub const fn what(fact: &PlaceFact) -> &'static str {
    match fact {
        PlaceFact::StandbyCreated { .. } => "standbyCreated",
        PlaceFact::StandbyReady { .. } => "standbyReady",
        PlaceFact::StandbyTaken { .. } => "standbyTaken",
        PlaceFact::StandbyDeleted { .. } => "standbyDeleted",
        PlaceFact::StandbyDegraded { .. } => "standbyDegraded",
        PlaceFact::StandbyRecovered { .. } => "standbyRecovered",
        PlaceFact::MoveBegan { .. } => "zoneMoveBegan",
        PlaceFact::MoveEnded { .. } => "zoneMoveEnded",
        PlaceFact::ScaleInHeldBack { .. } => "scaleInHeldBack",
        PlaceFact::ZonesUneven { .. } => "zonesUneven",
        PlaceFact::Sized { .. } => "sized",
    }
}

const fn end_code(why: StandbyEnd) -> &'static str {
    match why {
        StandbyEnd::Shrunk => "shrunk",
        StandbyEnd::Failed => "failed",
        StandbyEnd::Outdated => "outdated",
    }
}

const fn trouble_code(why: StandbyTrouble) -> &'static str {
    match why {
        StandbyTrouble::Allocation => "AllocationFailed",
        StandbyTrouble::Quota => "QuotaExceeded",
        StandbyTrouble::Image => "ImageNotFound",
        StandbyTrouble::Provisioning => "ProvisioningFailed",
    }
}

const fn trouble_words(why: StandbyTrouble) -> &'static str {
    match why {
        StandbyTrouble::Allocation => "there is no capacity for its machines",
        StandbyTrouble::Quota => "its machines would exceed a quota",
        StandbyTrouble::Image => "there is no version of the image to make machines from",
        StandbyTrouble::Provisioning => "a machine of it did not come up",
    }
}

const fn move_code(how: MoveEnd) -> &'static str {
    match how {
        MoveEnd::Moved => "moved",
        MoveEnd::NewUnhealthy => "notReplaced",
        MoveEnd::BothUnhealthy => "bothUnhealthy",
        MoveEnd::Cancelled => "cancelled",
    }
}

/// The name of the pool of a set.
fn pool<'a>(names: &'a Names<'_>, set: SetId) -> &'a str {
    names.plan().sets[set.index()].upkeep.standby.as_ref().map_or("its standby pool", |pool| pool.name.as_str())
}

/// The name of a size.
fn size<'a>(names: &'a Names<'_>, set: SetId, by: Option<ActionId>) -> &'a str {
    match names.plan().size(set.index(), by.map(ActionId::index)) {
        "" => "that the set began with",
        name => name,
    }
}

/// The details of a fact.
pub fn detail(names: &Names<'_>, fact: &PlaceFact) -> String {
    match *fact {
        PlaceFact::StandbyCreated { set, machine, zone } | PlaceFact::StandbyReady { set, machine, zone } => {
            pairs(&[("pool", &pool(names, set)), ("machine", &machine), ("zone", &zone)])
        }
        PlaceFact::StandbyTaken { set, machine, .. } => pairs(&[("pool", &pool(names, set)), ("machine", &machine)]),
        PlaceFact::StandbyDeleted { set, machine, why } => {
            pairs(&[("pool", &pool(names, set)), ("machine", &machine), ("why", &end_code(why))])
        }
        PlaceFact::StandbyDegraded { set, why } => pairs(&[("pool", &pool(names, set)), ("why", &trouble_code(why))]),
        PlaceFact::StandbyRecovered { set } => pairs(&[("pool", &pool(names, set))]),
        PlaceFact::MoveBegan { source, .. } => pairs(&[("for", &names.instance(source))]),
        PlaceFact::MoveEnded { source, how, .. } => {
            pairs(&[("for", &names.instance(source)), ("how", &move_code(how))])
        }
        PlaceFact::ScaleInHeldBack { to, .. } => pairs(&[("to", &to)]),
        PlaceFact::ZonesUneven { by, .. } => pairs(&[("by", &by)]),
        PlaceFact::Sized { set, by, .. } => pairs(&[("size", &size(names, set, by))]),
    }
}

/// A fact as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &PlaceFact) -> String {
    let place = |zone: u8| if zone == 0 { String::new() } else { format!(", in zone {zone}") };
    match *fact {
        PlaceFact::StandbyCreated { set, machine, zone } => {
            format!("machine {machine} is made for the standby pool {}{}", pool(names, set), place(zone))
        }
        PlaceFact::StandbyReady { set, machine, zone } => {
            let state = names.plan().sets[set.index()].upkeep.standby.as_ref().map_or("", |pool| pool.state.word());
            format!("machine {machine} of the standby pool {} is ready: {state}{}", pool(names, set), place(zone))
        }
        PlaceFact::StandbyTaken { set, machine, .. } => {
            format!(
                "{who} comes from the standby pool {}, where it was set up before as machine {machine}",
                pool(names, set)
            )
        }
        PlaceFact::StandbyDeleted { set, machine, why } => {
            let why = match why {
                StandbyEnd::Shrunk => "the pool is to be smaller",
                StandbyEnd::Failed => "it did not come up",
                StandbyEnd::Outdated => "the set has another model now",
            };
            format!("machine {machine} of the standby pool {} is deleted: {why}", pool(names, set))
        }
        PlaceFact::StandbyDegraded { set, why } => {
            let words = trouble_words(why);
            format!("the standby pool {} is Degraded: {words}; it tries again every 30 s", pool(names, set))
        }
        PlaceFact::StandbyRecovered { set } => format!("the standby pool {} is Healthy again", pool(names, set)),
        PlaceFact::MoveBegan { source, .. } => {
            format!(
                "automatic zone balance has {who} made in a zone that has fewer, to take the place of {}",
                names.instance(source)
            )
        }
        PlaceFact::MoveEnded { source, how, .. } => {
            let old = names.instance(source);
            match how {
                MoveEnd::Moved => {
                    format!("{who} is healthy and takes the place of {old}, which is deleted: the zones are more even")
                }
                MoveEnd::NewUnhealthy => {
                    format!("{who} was not healthy in time and is deleted; {old}, which is healthy, stays")
                }
                MoveEnd::BothUnhealthy => format!("neither {who} nor {old} was healthy in time; {old} is deleted"),
                MoveEnd::Cancelled => format!(
                    "{who} is not to take the place of {old} any more: something else was asked of the set, and comes first"
                ),
            }
        }
        PlaceFact::ZonesUneven { set, by } => {
            format!(
                "the zones of {} are {by} apart: strict balance blocks operations, and not what went here",
                names.set(set)
            )
        }
        PlaceFact::Sized { set, by, .. } => format!("{who} is of size {} from now on", size(names, set, by)),
        PlaceFact::ScaleInHeldBack { set, to } => {
            format!("the scale-in of {} to {to} waits until the move of automatic zone balance is over", names.set(set))
        }
    }
}
