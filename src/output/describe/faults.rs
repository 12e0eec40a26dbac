//! What goes wrong in the world outside, in words.

use super::{Names, pairs};
use windtunnel_sim::plan::{Quota, ZoneOutage};
use windtunnel_sim::world::fact::{Fact, FaultFact, QuotaPool};
use windtunnel_sim::world::ids::{RegionId, SetId};

/// What the loss of zones does.
pub fn outage_act(names: &Names<'_>, outage: &ZoneOutage) -> String {
    let zones: Vec<String> = outage.zones.iter().map(ToString::to_string).collect();
    let (word, verb) = if zones.len() == 1 { ("zone", "is") } else { ("zones", "are") };
    let region = names.region(RegionId(outage.region));
    let share = if outage.share < 1.0 { format!("{}% of ", outage.share * 100.0) } else { String::new() };
    format!("{share}{word} {} of {region} {verb} lost", zones.join(", "))
}

/// The kind of a fact about the world outside, as written in tables.
pub const fn what(fact: &FaultFact) -> &'static str {
    match fact {
        FaultFact::ZoneLost { .. } => "zoneLost",
        FaultFact::ZoneBack { .. } => "zoneBack",
    }
}

/// Whom it is about, if it is about no instance.
pub fn about<'a>(names: &'a Names<'_>, fact: &FaultFact) -> Option<&'a str> {
    match *fact {
        FaultFact::ZoneLost { region, .. } | FaultFact::ZoneBack { region, .. } => Some(names.region(region)),
    }
}

/// Its details.
pub fn detail(fact: &FaultFact) -> String {
    match *fact {
        FaultFact::ZoneLost { zone, .. } | FaultFact::ZoneBack { zone, .. } => pairs(&[("zone", &zone)]),
    }
}

/// It as a sentence.
pub fn sentence(names: &Names<'_>, fact: &FaultFact) -> String {
    match *fact {
        FaultFact::ZoneLost { region, zone } => format!("zone {zone} of {} is lost", names.region(region)),
        FaultFact::ZoneBack { region, zone } => format!("zone {zone} of {} is back", names.region(region)),
    }
}

/// The name of a quota.
fn quota(names: &Names<'_>, set: SetId, pool: QuotaPool) -> String {
    let plan = names.plan();
    let quotas: &Quota = &plan.regions[usize::from(plan.sets[set.index()].region)].quota;
    match pool {
        QuotaPool::Total => "Total Regional Cores".to_owned(),
        QuotaPool::Spot => "Total Regional Spot Cores".to_owned(),
        QuotaPool::Family(at) => format!("{} Family Cores", quotas.families[usize::from(at)].0),
    }
}

/// The details of a request beyond a quota.
pub fn quota_detail(names: &Names<'_>, fact: &Fact) -> String {
    let Fact::QuotaExceeded { set, pool, limit, usage, needed } = *fact else { return String::new() };
    let name = quota(names, set, pool);
    pairs(&[("quota", &name), ("limit", &limit), ("usage", &usage), ("needed", &needed)])
}

/// A request beyond a quota as a sentence, in the words of Azure.
pub fn quota_sentence(names: &Names<'_>, fact: &Fact) -> String {
    let Fact::QuotaExceeded { set, pool, limit, usage, needed } = *fact else { return String::new() };
    format!(
        "what is asked of {} would exceed the approved {} quota: current limit {limit}, current usage {usage}, \
         additional required {needed}",
        names.set(set),
        quota(names, set, pool)
    )
}
