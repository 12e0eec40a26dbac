//! The plan of the tests on rollouts: a model change at 100 s that brings each instance to another image, and the ledger
//! read as a rollout.
//!
//! A new disk is in after 75 s, and the images boot in 40 s. So an update takes 115 s.

use super::*;
use std::collections::BTreeMap;
use windtunnel_sim::plan::Act;
use windtunnel_sim::rules::{self, RuleId};
use windtunnel_sim::world::fact::{End, Failure, LeftOut, RolloutFact};
use windtunnel_sim::world::ids::InstanceId;

/// How long an instance is out of service.
pub const UPDATE_S: u64 = 75 + 40;

/// `size` instances over `zones` zones in mode Rolling, whose model gets another image at 100 s.
pub fn rolling(size: u32, zones: u8, policy: RollingPolicy) -> Plan {
    let mut plan = plan();
    plan.horizon = at(90_000);
    plan.images.push(image("app/1.1.0", 1));
    plan.sets[0].capacity = size;
    plan.sets[0].zones = (1..=zones).collect();
    plan.sets[0].upgrade = UpgradePolicy { mode: UpgradeMode::Rolling, rolling: policy, ..UpgradePolicy::default() };
    plan.timeline = vec![change(100, to_image(1))];
    assume(&mut plan, A::VmBootLinux, Value::Dist(constant(45)));
    plan
}

/// The model means this version.
pub fn to_image(image: u16) -> ModelChange {
    ModelChange { image: Some(ImageReference::Version(image)), ..ModelChange::default() }
}

/// The model of the first set is written.
pub fn change(at_s: u64, change: ModelChange) -> Action {
    action(&format!("change at {at_s}"), at_s, Act::ChangeModel { set: 0, change: Box::new(change) })
}

/// Something is done to the timeline, which stays sorted.
pub fn then(plan: &mut Plan, at_s: u64, what: Act) {
    let name = format!("action {} at {at_s}", plan.timeline.len());
    plan.timeline.push(action(&name, at_s, what));
    plan.timeline.sort_by_key(|action| action.at);
}

/// Gives the first set the health extension of version 1, which asks `/healthz` every 5 s.
pub fn watch(plan: &mut Plan) {
    plan.sets[0].profile = watched(plan.sets[0].profile.clone());
}

/// A profile with that extension.
pub fn watched(mut profile: VmProfile) -> VmProfile {
    profile.health_source = HealthSource::Extension;
    profile.extensions = vec![extension("health", 0)];
    profile.health_extension = Some(HealthExtension {
        extension: 0,
        version: HealthVersion::Binary,
        protocol: Some(ProbeProtocol::Http),
        endpoint: 1,
        interval: s(5),
        probes: 1,
        grace: None,
    });
    profile
}

/// `/healthz` says no on these instances before their upgrade (code 0), and on those after it (code 1).
pub fn unhealthy(plan: &mut Plan, before: &[u32], after: &[u32]) {
    plan.application.groups = vec![before.to_vec(), after.to_vec()];
    let no = answers(AnswerKind::Status(503));
    let new = Needs { code: Some(1), ..PROCESS };
    let clause = |when, answer| Clause { when, answer };
    plan.application.endpoints[1].clauses = vec![
        clause(Needs { instances: Some(1), ..new }, no),
        clause(new, OK),
        clause(Needs { instances: Some(0), ..PROCESS }, no),
        clause(PROCESS, OK),
    ];
}

pub fn rollouts(ledger: &[Record]) -> impl Iterator<Item = (f64, RolloutFact)> + '_ {
    ledger.iter().filter_map(|record| match record.fact {
        Fact::Rollout(fact) => Some((record.time.seconds(), fact)),
        _ => None,
    })
}

/// When the first upgrade ended, and how.
pub fn ended(ledger: &[Record]) -> Option<(f64, End)> {
    ends(ledger).first().copied()
}

/// When each upgrade ended, and how.
pub fn ends(ledger: &[Record]) -> Vec<(f64, End)> {
    let of = |(time, fact)| match fact {
        RolloutFact::Ended { end, .. } => Some((time, end)),
        _ => None,
    };
    rollouts(ledger).filter_map(of).collect()
}

/// When each batch began, and how large it was.
pub fn batches(ledger: &[Record]) -> Vec<(f64, u32)> {
    let of = |(time, fact)| match fact {
        RolloutFact::BatchStarted { size, .. } => Some((time, size)),
        _ => None,
    };
    rollouts(ledger).filter_map(of).collect()
}

/// When updates of instances began, and of which.
pub fn updates(ledger: &[Record]) -> Vec<(f64, u32)> {
    let of = |record: &Record| match record.fact {
        Fact::UpdateStarted { instance, .. } => Some((record.time.seconds(), instance.0)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// Which instances are upgraded and healthy, and when.
pub fn upgraded(ledger: &[Record]) -> Vec<(f64, u32)> {
    let of = |(time, fact)| match fact {
        RolloutFact::InstanceUpgraded { instance } => Some((time, instance.0)),
        _ => None,
    };
    rollouts(ledger).filter_map(of).collect()
}

/// Which instances failed, when and why.
pub fn failures(ledger: &[Record]) -> Vec<(f64, u32, Failure)> {
    let of = |(time, fact)| match fact {
        RolloutFact::InstanceFailed { instance, why } => Some((time, instance.0, why)),
        _ => None,
    };
    rollouts(ledger).filter_map(of).collect()
}

/// Who was left out.
pub fn left_out(ledger: &[Record]) -> Vec<(f64, u32, LeftOut)> {
    let of = |(time, fact)| match fact {
        RolloutFact::LeftOut { instance, why } => Some((time, instance.0, why)),
        _ => None,
    };
    rollouts(ledger).filter_map(of).collect()
}

/// The rule of the first fact that `is` matches.
pub fn rule_of(ledger: &[Record], is: impl Fn(&Fact) -> bool) -> Option<RuleId> {
    ledger.iter().find(|record| is(&record.fact)).map(|record| record.rule)
}

/// What must hold of any rollout, by its ledger alone: one upgrade of a set at a time, one batch at a time, and what ended
/// does nothing more until it is begun again.
pub fn audit(plan: &Plan, ledger: &[Record]) {
    // The upgrade that runs on a set, and whether it has a batch in hand.
    let mut open: BTreeMap<u16, bool> = BTreeMap::new();
    let mut set_of: BTreeMap<InstanceId, u16> = BTreeMap::new();
    for record in ledger {
        match record.fact {
            Fact::InstancePresent { instance, set, .. } | Fact::InstanceCreated { instance, set, .. } => {
                set_of.insert(instance, set.0);
            }
            Fact::Rollout(RolloutFact::Started { set, .. }) => {
                assert!(open.insert(set.0, false).is_none(), "{}: one upgrade at a time", plan.title);
            }
            Fact::Rollout(RolloutFact::Ended { set, .. }) => {
                assert!(open.remove(&set.0).is_some(), "{}: an upgrade ends once", plan.title);
            }
            Fact::Rollout(RolloutFact::BatchStarted { set, size, .. }) => {
                let before = open.insert(set.0, true);
                assert_eq!(before, Some(false), "{}: one batch at a time, of an upgrade that runs", plan.title);
                assert!(size > 0, "{}: a batch of somebody", plan.title);
            }
            Fact::Rollout(RolloutFact::BatchEnded { set, .. }) => {
                assert_eq!(open.insert(set.0, false), Some(true), "{}: a batch ends once", plan.title);
            }
            Fact::Rollout(
                RolloutFact::InstanceUpgraded { instance } | RolloutFact::InstanceFailed { instance, .. },
            ) => {
                let batch = open.get(&set_of[&instance]);
                // An instance that a repair brought to the target counts at once, also between two batches (IX-04); but only while there is
                // an upgrade that it can count for.
                let holds = batch == Some(&true) || record.rule == rules::IX_04 && batch.is_some();
                assert!(holds, "{}: {instance:?} counts for a batch", plan.title);
            }
            _ => {}
        }
    }
}
