//! What goes wrong in the world outside, in words.

use super::{Names, pairs};
use windtunnel_sim::plan::{Quota, ZoneOutage};
use windtunnel_sim::world::fact::{Fact, FaultFact, QuotaPool};
use windtunnel_sim::world::ids::{FaultId, RegionId, SetId};

/// What the loss of zones does.
pub fn outage_act(names: &Names<'_>, outage: &ZoneOutage) -> String {
    let zones: Vec<String> = outage.zones.iter().map(ToString::to_string).collect();
    let (word, verb) = if zones.len() == 1 { ("zone", "is") } else { ("zones", "are") };
    let region = names.region(RegionId(outage.region));
    let share = if outage.share < 1.0 { format!("{}% of ", outage.share * 100.0) } else { String::new() };
    let autoscale = match outage.autoscale_success {
        success if success < 1.0 => format!(", and autoscale succeeds in {}% of its actions there", success * 100.0),
        _ => String::new(),
    };
    format!("{share}{word} {} of {region} {verb} lost{autoscale}", zones.join(", "))
}

/// The kind of a fact about the world outside, as written in tables.
pub const fn what(fact: &FaultFact) -> &'static str {
    match fact {
        FaultFact::ZoneLost { .. } => "zoneLost",
        FaultFact::ZoneBack { .. } => "zoneBack",
        FaultFact::Struck { .. } => "faultStruck",
        FaultFact::Passed { .. } => "faultPassed",
        FaultFact::Slowed { .. } => "endpointSlowed",
        FaultFact::FellSilent { .. } => "endpointSilent",
        FaultFact::SpokeUp { .. } => "endpointAnswers",
        FaultFact::CutOff { .. } => "cutOff",
        FaultFact::Reached { .. } => "reached",
        FaultFact::Hung { .. } => "processHung",
        FaultFact::WokeUp { .. } => "processGoesOn",
        FaultFact::ControlPlaneSlowed { .. } => "controlPlaneSlowed",
        FaultFact::BootsChanged { .. } => "bootsChanged",
        FaultFact::DeletesChanged { .. } => "deletesChanged",
    }
}

/// Whom it is about, if it is about no instance.
pub fn about<'a>(names: &'a Names<'_>, fact: &FaultFact) -> Option<&'a str> {
    match *fact {
        FaultFact::ZoneLost { region, .. } | FaultFact::ZoneBack { region, .. } => Some(names.region(region)),
        FaultFact::Struck { fault, .. } | FaultFact::Passed { fault, .. } => {
            Some(&names.plan().faults[fault.index()].name)
        }
        FaultFact::BootsChanged { set, .. } | FaultFact::DeletesChanged { set, .. } => Some(names.set(set)),
        FaultFact::ControlPlaneSlowed { .. } => Some("control plane"),
        FaultFact::Slowed { .. }
        | FaultFact::FellSilent { .. }
        | FaultFact::SpokeUp { .. }
        | FaultFact::CutOff { .. }
        | FaultFact::Reached { .. }
        | FaultFact::Hung { .. }
        | FaultFact::WokeUp { .. } => None,
    }
}

/// The path of an endpoint, or what stands for all.
fn path<'a>(names: &'a Names<'_>, endpoint: Option<u16>) -> &'a str {
    match endpoint.map(|endpoint| names.plan().application.endpoints[usize::from(endpoint)].path.as_str()) {
        None => "all",
        Some("") => "TCP",
        Some(path) => path,
    }
}

/// Its details.
pub fn detail(names: &Names<'_>, fact: &FaultFact) -> String {
    match *fact {
        FaultFact::ZoneLost { zone, .. } | FaultFact::ZoneBack { zone, .. } => pairs(&[("zone", &zone)]),
        FaultFact::Struck { fault, nth } => {
            let act = names.act_of(&names.plan().faults[fault.index()].what);
            pairs(&[("number", &(nth + 1)), ("what", &act)])
        }
        FaultFact::Passed { nth, .. } => pairs(&[("number", &(nth + 1))]),
        FaultFact::Slowed { by, endpoint, .. } => pairs(&[("by", &by), ("endpoint", &path(names, endpoint))]),
        FaultFact::FellSilent { endpoint, .. } | FaultFact::SpokeUp { endpoint, .. } => {
            pairs(&[("endpoint", &path(names, endpoint))])
        }
        FaultFact::ControlPlaneSlowed { percent } => pairs(&[("percent", &percent)]),
        FaultFact::BootsChanged { percent, failing, .. } => {
            pairs(&[("percent", &percent), ("failingPermille", &failing)])
        }
        FaultFact::DeletesChanged { failing, .. } => pairs(&[("failingPermille", &failing)]),
        FaultFact::CutOff { .. } | FaultFact::Reached { .. } | FaultFact::Hung { .. } | FaultFact::WokeUp { .. } => {
            String::new()
        }
    }
}

/// It as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &FaultFact) -> String {
    let fault = |id: FaultId| &names.plan().faults[id.index()];
    let of = |endpoint: Option<u16>| match endpoint {
        Some(_) => format!("{} of {who}", path(names, endpoint)),
        None => who.to_owned(),
    };
    match *fact {
        FaultFact::ZoneLost { region, zone } => format!("zone {zone} of {} is lost", names.region(region)),
        FaultFact::ZoneBack { region, zone } => format!("zone {zone} of {} is back", names.region(region)),
        FaultFact::Struck { fault: id, .. } => {
            format!("at random, “{}”: {}", fault(id).name, names.act_of(&fault(id).what))
        }
        FaultFact::Passed { fault: id, .. } => format!("at random, “{}” is over", fault(id).name),
        FaultFact::Slowed { by, endpoint, .. } if by.ms() == 0 => format!("{} answers as fast as before", of(endpoint)),
        FaultFact::Slowed { by, endpoint, .. } => format!("{} answers {by} later", of(endpoint)),
        FaultFact::FellSilent { endpoint, .. } => format!("{} takes connections and never answers", of(endpoint)),
        FaultFact::SpokeUp { endpoint, .. } => format!("{} answers again", of(endpoint)),
        FaultFact::Hung { .. } => format!("the process on {who} hangs: it takes connections and never answers"),
        FaultFact::WokeUp { .. } => format!("the process on {who} hangs no more"),
        FaultFact::CutOff { .. } => format!("no packet gets to {who}"),
        FaultFact::Reached { .. } => format!("packets get to {who} again"),
        FaultFact::ControlPlaneSlowed { percent: 100 } => "the control plane is as fast as usual".to_owned(),
        FaultFact::ControlPlaneSlowed { percent } => {
            format!("the control plane takes {} times as long as usual", f64::from(percent) / 100.0)
        }
        FaultFact::DeletesChanged { set, failing: 0 } => {
            format!("instances of {} can be deleted again", names.set(set))
        }
        FaultFact::DeletesChanged { set, failing } => {
            format!("{}% of the deletes of {} fail", f64::from(failing) / 10.0, names.set(set))
        }
        FaultFact::BootsChanged { set, percent: 100, failing: 0 } => {
            format!("machines of {} boot as usual", names.set(set))
        }
        FaultFact::BootsChanged { set, percent, failing } => {
            let (times, share) = (f64::from(percent) / 100.0, f64::from(failing) / 10.0);
            format!("boots of {} take {times} times as long, and {share}% of them fail", names.set(set))
        }
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
