//! The plan of the tests on health: one instance is created at 0 s, its system is up at 100 s and its process listens then,
//! its only extension is that for health, and probes take no time: they go out at 100 s, 105 s, … and see the truth just
//! before their instant. Reports take no time either.

use super::*;
use windtunnel_sim::world::fact::Health;
use windtunnel_sim::world::ids::InstanceId;

/// Rich states over HTTP, one probe every 5 s, 600 s of grace; `/healthz` says Healthy while the database is there, and
/// what `else_` is while only the process is.
pub fn health_plan(rules: RuleSet, else_: Answer) -> Plan {
    let mut plan = Plan { rules, cold_start: true, horizon: at(1000), ..plan() };
    let set = &mut plan.sets[0];
    set.capacity = 1;
    set.profile.extensions = vec![extension("health", 0)];
    set.profile.health_source = HealthSource::Extension;
    set.profile.health_extension = Some(HealthExtension {
        extension: 0,
        version: HealthVersion::Rich,
        protocol: Some(ProbeProtocol::Http),
        endpoint: 1,
        interval: s(5),
        probes: 1,
        grace: Some(s(600)),
    });
    let database = Needs { dependencies: 1, ..PROCESS };
    plan.application.endpoints[1].clauses =
        vec![Clause { when: database, answer: says(Said::Healthy) }, Clause { when: PROCESS, answer: else_ }];
    plan
}

/// 200 with a body that says so.
pub const fn says(said: Said) -> Answer {
    Answer { body: Body { state: Some(HealthWord::Exact(said)), ..OK.body }, ..OK }
}

/// The settings of the extension.
pub fn of(plan: &mut Plan) -> &mut HealthExtension {
    plan.sets[0].profile.health_extension.as_mut().expect("the set has it")
}

/// So many results in a row, and so much grace.
pub fn probes(plan: &mut Plan, probes: u32, grace_s: u64) {
    of(plan).probes = probes;
    of(plan).grace = Some(s(grace_s));
}

/// Version 1.
pub fn binary(plan: &mut Plan, probes: u32) {
    *of(plan) = HealthExtension { version: HealthVersion::Binary, probes, grace: None, ..of(plan).clone() };
}

/// Over TCP.
pub fn tcp(plan: &mut Plan) {
    (of(plan).protocol, of(plan).endpoint) = (Some(ProbeProtocol::Tcp), 0);
}

/// The process listens this long after the boot at 100 s.
pub fn process_after(plan: &mut Plan, seconds: u64) {
    plan.images[0].process_start = Some(Dist::Constant(s(seconds)));
}

/// The database is down for so long.
pub fn database_down(plan: &mut Plan, at_s: u64, length_s: u64) {
    plan.timeline.push(action("database", at_s, Act::DependencyDown { dependency: 0, length: Some(s(length_s)) }));
}

/// The process of the first instance is down for so long.
pub fn process_down(plan: &mut Plan, at_s: u64, length_s: u64) {
    plan.timeline.push(disturb(at_s, &[0], Disturbance::ProcessDown, length_s));
}

/// What the extension of the first instance commits, and when.
pub fn changes(ledger: &[Record]) -> Vec<(f64, Health)> {
    let of = |record: &Record| match record.fact {
        Fact::HealthChanged { instance: InstanceId(0), to } => Some((record.time.seconds(), to)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// What the scale set learns of an instance, and when.
pub fn reports(ledger: &[Record], of: u32) -> Vec<(f64, Health)> {
    let of = |record: &Record| match record.fact {
        Fact::HealthReported { instance, to } if instance.0 == of => Some((record.time.seconds(), to)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}
