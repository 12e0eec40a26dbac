//! What goes wrong in the world outside, in words.

use super::Names;
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

impl Names<'_> {
    /// The path of an endpoint, or the word for all.
    pub(super) fn endpoint(&self, endpoint: Option<u16>) -> &str {
        match endpoint.map(|endpoint| self.plan.application.endpoints[usize::from(endpoint)].path.as_str()) {
            None => "all",
            Some("") => "TCP",
            Some(path) => path,
        }
    }

    /// The name of a quota.
    pub(super) fn quota(&self, set: SetId, pool: QuotaPool) -> String {
        let quotas: &Quota = &self.plan.regions[usize::from(self.plan.sets[set.index()].region)].quota;
        match pool {
            QuotaPool::Total => "Total Regional Cores".to_owned(),
            QuotaPool::Spot => "Total Regional Spot Cores".to_owned(),
            QuotaPool::Family(at) => format!("{} Family Cores", quotas.families[usize::from(at)].0),
        }
    }
}

/// It as a sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &FaultFact) -> String {
    let fault = |id: FaultId| &names.plan().faults[id.index()];
    let of = |endpoint: Option<u16>| match endpoint {
        Some(_) => format!("{} of {who}", names.endpoint(endpoint)),
        None => who.to_owned(),
    };
    match *fact {
        FaultFact::ZoneLost { region, zone } => format!("zone {zone} of {} is lost", names.region(region)),
        FaultFact::ZoneBack { region, zone } => format!("zone {zone} of {} is back", names.region(region)),
        FaultFact::Started { fault: id, .. } => {
            format!("at random: “{}”: {}", fault(id).name, names.act_of(&fault(id).what))
        }
        FaultFact::Ended { fault: id, .. } => format!("at random: “{}” ends", fault(id).name),
        FaultFact::Slowed { by, endpoint, .. } if by.ms() == 0 => format!("{} answers as fast as before", of(endpoint)),
        FaultFact::Slowed { by, endpoint, .. } => format!("{} answers {by} later", of(endpoint)),
        FaultFact::Silenced { endpoint, .. } => format!("{} accepts connections and never answers", of(endpoint)),
        FaultFact::Answers { endpoint, .. } => format!("{} answers again", of(endpoint)),
        FaultFact::Hung { .. } => format!("the process on {who} hangs: it accepts connections and never answers"),
        FaultFact::Resumed { .. } => format!("the process on {who} no longer hangs"),
        FaultFact::CutOff { .. } => format!("packets to {who} are lost"),
        FaultFact::Reached { .. } => format!("packets to {who} arrive again"),
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

/// A request beyond a quota as a sentence, in the words of Azure.
pub fn quota_sentence(names: &Names<'_>, fact: &Fact) -> String {
    let Fact::QuotaExceeded { set, pool, limit, usage, needed } = *fact else { return String::new() };
    format!(
        "the request to {} would exceed the approved {} quota: current limit {limit}, current usage {usage}, \
         additional required {needed}",
        names.set(set),
        names.quota(set, pool)
    )
}
