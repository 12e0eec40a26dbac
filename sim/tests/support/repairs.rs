//! The plan of the tests on repairs: `vmss` is there, its health extension of version 2 asks `/healthz` every 5 s, and
//! repairs are enabled, with ten minutes of grace. Azure looks at whole minutes.
//!
//! A repair that replaces takes 130 s: the old instance is gone 30 s after its deletion began, the new one runs 60 s after
//! its creation and is up 40 s later. What goes wrong at 202 s is known by 207 s at the latest and seen at 240 s.

use super::health::{health_plan, says};
use super::*;
use windtunnel_sim::rules::RuleId;
use windtunnel_sim::world::fact::{RepairsFact, Spared};

/// How long a repair takes that replaces.
pub const REPLACE_S: u64 = 30 + 60 + 40;

/// `size` instances; the answer is Healthy while the database is there, and Unhealthy without it.
pub fn repaired(rules: RuleSet, size: u32, action: RepairAction) -> Plan {
    let mut plan = health_plan(rules, says(Said::Unhealthy));
    (plan.cold_start, plan.horizon) = (false, at(3600));
    plan.sets[0].capacity = size;
    plan.sets[0].repairs = Some(RepairsPolicy { enabled: true, action, ..RepairsPolicy::default() });
    assume(&mut plan, A::VmDelete, Value::Dist(constant(30)));
    plan
}

/// The database is down from some instant on.
pub fn database_lost(plan: &mut Plan, at_s: u64) {
    plan.timeline.push(action("database", at_s, Act::DependencyDown { dependency: 0, length: None }));
}

/// The process of an instance is down for good.
pub fn process_lost(plan: &mut Plan, at_s: u64, ordinal: u32) {
    let which = Which::Ordinals(vec![ordinal]);
    let what = Act::Disturb { set: 0, which, how: Disturbance::ProcessDown, length: None };
    plan.timeline.push(action(&format!("process {ordinal}"), at_s, what));
}

pub fn repairs(ledger: &[Record]) -> impl Iterator<Item = (f64, RepairsFact, RuleId)> + '_ {
    ledger.iter().filter_map(|record| match record.fact {
        Fact::Repairs(fact) => Some((record.time.seconds(), fact, record.rule)),
        _ => None,
    })
}

/// When repairs were begun, and of which instances.
pub fn started(ledger: &[Record]) -> Vec<(f64, u32)> {
    let of = |(time, fact, _)| match fact {
        RepairsFact::Started { instance, .. } => Some((time, instance.0)),
        _ => None,
    };
    repairs(ledger).filter_map(of).collect()
}

/// By which rules.
pub fn by_rules(ledger: &[Record]) -> Vec<RuleId> {
    let of = |(_, fact, rule)| matches!(fact, RepairsFact::Started { .. }).then_some(rule);
    repairs(ledger).filter_map(of).collect()
}

/// Who was spared, when, and why.
pub fn spared(ledger: &[Record]) -> Vec<(f64, u32, Spared)> {
    let of = |(time, fact, _)| match fact {
        RepairsFact::LeftOut { instance, why } => Some((time, instance.0, why)),
        _ => None,
    };
    repairs(ledger).filter_map(of).collect()
}

/// When instances were created, and from which image.
pub fn creations(ledger: &[Record]) -> Vec<(f64, u16)> {
    let of = |record: &Record| match record.fact {
        Fact::InstanceCreated { image, .. } => Some((record.time.seconds(), image.0)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}
