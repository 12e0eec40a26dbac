//! What the entries of a timeline do, in words.

use super::{Names, faults, guest, images, spot, writes};
use crate::clock::spoken;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, Disturbance, SpotAct, Which};
use windtunnel_sim::world::ids::{ActionId, BuilderId, ImageId, PipelineId, PoolId, SetId};

impl Names<'_> {
    /// What an entry of the timeline does, after its name.
    #[must_use]
    pub fn act(&self, id: ActionId) -> String {
        let act = &self.plan.timeline[id.index()].what;
        let text = self.act_of(act);
        match targets(act) {
            Some((set, which)) if self.never_had(set, which) => {
                format!("{text}, which was never there: it is about nobody")
            }
            _ => text,
        }
    }

    /// Whether a set had none of the instances that are named, from the beginning of the run to its end.
    fn never_had(&self, set: SetId, which: &Which) -> bool {
        let had = || self.sets.iter().filter(|of| **of == set).count() as u64;
        match which {
            Which::One(number) => u64::from(*number) >= had(),
            Which::Ordinals(numbers) => numbers.iter().all(|&number| u64::from(number) >= had()),
            _ => false,
        }
    }

    /// Which instances are meant, in words.
    #[must_use]
    pub fn selected(&self, which: &Which) -> String {
        selected(which)
    }

    /// What an act does.
    pub(super) fn act_of(&self, act: &Act) -> String {
        match act {
            Act::ChangeModel { set, .. } => format!("write the model of {}", self.set(SetId(*set))),
            Act::RefusedWrite { set, .. } => format!("write the model of {}", self.set(SetId(*set))),
            Act::UpgradeInstances { set, which } => {
                format!("upgrade {} of {} by hand", selected(which), self.set(SetId(*set)))
            }
            Act::Protect { set, which, .. } => {
                format!("write the protection of {} of {}", selected(which), self.set(SetId(*set)))
            }
            Act::StartUpgrade { set } => {
                format!("upgrade all instances of {} that are behind the model", self.set(SetId(*set)))
            }
            Act::StartOsUpgrade { set } => format!("upgrade the OS images of {}", self.set(SetId(*set))),
            Act::ApproveOsUpgrade { set, which } => {
                format!("approve the OS upgrade of {} of {}", selected(which), self.set(SetId(*set)))
            }
            Act::CancelUpgrade { set } => format!("cancel the upgrade of {}", self.set(SetId(*set))),
            Act::SetCapacity { set, capacity } => {
                format!("set the capacity of {} to {capacity}", self.set(SetId(*set)))
            }
            Act::ReleaseCode { code, .. } => format!("release {}", self.code(*code)),
            Act::Octopus(act) => self.octopus_act(act),
            Act::RunPipeline { pipeline } => format!("run {}", self.pipeline(PipelineId(*pipeline))),
            Act::DependencyDown { dependency, .. } => format!("{} goes down", self.dependency(*dependency)),
            Act::BlockProbes { pool, .. } => format!("the probes of {} are blocked", self.pool(PoolId(*pool))),
            Act::Disturb { set, which, how, .. } => {
                let who = selected(which);
                let late = |by: &SimDuration| format!("answers come {} late from", spoken(*by));
                let what = match how {
                    Disturbance::ProcessDown => "the process is down on",
                    Disturbance::Hang => "the process hangs on",
                    Disturbance::CorruptDisk => "the OS disk breaks on",
                    Disturbance::Freeze => "a freeze of",
                    Disturbance::Slow { by, .. } => &late(by),
                    Disturbance::Unresponsive { .. } => "no answers come from",
                    Disturbance::Unreachable => "packets are lost to",
                };
                format!("{what} {who} of {}", self.set(SetId(*set)))
            }
            Act::SetRepairs { set, call } => {
                format!("{} the repairs of {}", call.word(), self.set(SetId(*set)))
            }
            Act::Spot(act) => spot::spot_act(self, act),
            Act::Guest(act) => guest::act(self, act),
            Act::Power { set, which, how } => spot::power_act(self, *set, which, *how),
            Act::Maintain(act) => spot::maintenance_act(self, act),
            Act::ZoneOutage(outage) => faults::outage_act(self, outage),
            Act::SlowControlPlane { percent, .. } => {
                format!("the control plane takes {} times as long", f64::from(*percent) / 100.0)
            }
            Act::WorseBoots { set, percent, failing, .. } => {
                let (times, share) = (f64::from(*percent) / 100.0, failing * 100.0);
                format!("boots of {} take {times} times as long, and {share}% fail", self.set(SetId(*set)))
            }
            Act::FailDeletes { set, failing, .. } => {
                format!("{}% of the deletes of {} fail", failing * 100.0, self.set(SetId(*set)))
            }
            Act::Write(_) | Act::Steps(_) | Act::Wait(_) => writes::act(act),
            Act::Publish(what) => images::publication(self, what),
            Act::Exclude { image, regions, excluded } => images::exclusion(self, ImageId(*image), regions, *excluded),
            Act::DeleteVersion { image } => format!("delete {}", self.image(ImageId(*image))),
            Act::Gallery(act) => images::act(self, act),
            Act::Bake { builder, .. } => format!("run the image template {}", self.builder(BuilderId(*builder))),
            Act::CancelBake { builder } => format!("cancel the image template {}", self.builder(BuilderId(*builder))),
        }
    }
}

/// Which instances of a set, in words.
pub(super) fn selected(which: &Which) -> String {
    match which {
        Which::All => "every instance".to_owned(),
        Which::One(ordinal) => format!("instance {ordinal}"),
        Which::Ordinals(list) => {
            let list: Vec<String> = list.iter().map(ToString::to_string).collect();
            format!("{} {}", if list.len() == 1 { "instance" } else { "instances" }, list.join(", "))
        }
        Which::In { zone, fault_domain } => {
            let zone = zone.map(|zone| format!(" zone {zone}"));
            let domain = fault_domain.map(|domain| format!(" fault domain {domain}"));
            let both: Vec<String> = zone.into_iter().chain(domain).collect();
            format!("every instance in{}", both.join(" and"))
        }
        Which::Drawn => "one instance".to_owned(),
        Which::Share(share) => format!("{}% of the instances", share * 100.0),
    }
}

/// The instances that an act is about, and their set.
#[must_use]
pub const fn targets(act: &Act) -> Option<(SetId, &Which)> {
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
