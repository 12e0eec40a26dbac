//! The set-up of a VIP swap: two scale sets, slots of one application, in one pool; rule 0 leads there by a probe that asks for slot 0,
//! rule 1 by one that asks for slot 1.

use super::*;

/// `/api/ping?slot=slotN` is 200 of an instance of slot N, and 404 of another.
fn endpoint(slot: usize) -> Endpoint {
    let own = Needs { who: Some(slot as u16), ..PROCESS };
    let not_found = Answer { kind: AnswerKind::Status(404), ..OK };
    Endpoint {
        path: format!("/api/ping?slot=slot{slot}"),
        clauses: vec![Clause { when: own, answer: OK }, Clause { when: PROCESS, answer: not_found }],
    }
}

/// The set-up of the sample: prod by a probe of slot 0, stage by one of slot 1, two instances a slot.
pub fn two_slots(rules: RuleSet) -> Plan {
    let mut plan = Plan { rules, horizon: at(1200), ..plan() };
    plan.sets = ["slot0", "slot1"].map(|name| ScaleSet { pools: vec![0, 1], ..set(name) }).into();
    let of = |set: &str| Who { sets: Some(vec![set.into()]), ..Who::default() };
    plan.application.who = ["slot0", "slot1"].map(of).into();
    plan.application.endpoints.extend([0, 1].map(endpoint));
    let probe = |name: &str, endpoint| {
        let probe = plan.pools[0].probe.clone().expect("a plain pool has one");
        Pool { probe: Some(Probe { name: name.into(), endpoint, ..probe }), ..plan.pools[0].clone() }
    };
    plan.pools = vec![probe("http-probe", 2), probe("http-probe-stage", 3)];
    let rule = |name: &str, pool| EntryPoint { name: name.into(), ..EntryPoint::plain("lb", pool, 100.0) };
    plan.entry_points = vec![rule("prod", 0), rule("stage", 1)];
    plan
}

/// The change by which the probe of a pool asks for a slot.
pub fn asks(plan: &Plan, pool: u16, slot: u16) -> Change {
    let probe = Probe { endpoint: 2 + slot, ..plan.pools[usize::from(pool)].probe.clone().expect("it has one") };
    Change::Probe { pool, probe: Box::new(probe), prober: Box::new(Prober::Balancer), all_probed_up: false }
}

/// A write of that alone.
pub fn ask(plan: &Plan, pool: u16, slot: u16) -> Act {
    write("lb", vec![asks(plan, pool, slot)])
}
