//! Two scale sets, slots of one application, in one pool: rule 0 leads there by a probe that asks for slot 0, rule 1 by one that asks
//! for slot 1. Probes go out every 5 s from t = 0, and to a new instance from its creation.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::PoolId;

type Proved = Result<Vec<Record>, String>;

proofs! { "vip_swap":
    VS_01 an_instance_answers_for_its_own_slot,
    VS_02 an_instance_that_is_new_knows_its_slot,
}

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

/// How often a backend of each pool came into rotation, at which instants.
fn entered(ledger: &[Record]) -> [Vec<f64>; 2] {
    [0, 1].map(|pool| times(ledger, |fact| matches!(fact, Fact::InRotation { pool: of, .. } if *of == PoolId(pool))))
}

/// The two of each slot stand in its rotation from the start, and in no other. The process of instance 0 of slot 0 is down from 100 s to
/// 150 s: it starts anew at once, is asked at 155 s, and answers for its slot alone.
fn an_instance_answers_for_its_own_slot(rules: RuleSet) -> Proved {
    let mut plan = two_slots(rules);
    plan.timeline = vec![disturb(100, &[0], Disturbance::ProcessDown, 50)];
    let ledger = ledger(&plan);
    same("in rotation", entered(&ledger), [vec![0.0, 0.0, 155.0], vec![0.0, 0.0]])?;
    Ok(ledger)
}

/// A third instance of slot 1 is created at 100 s and listens at 200 s: the probe of 205 s finds it, that of stage alone.
fn an_instance_that_is_new_knows_its_slot(rules: RuleSet) -> Proved {
    let mut plan = two_slots(rules);
    plan.timeline = vec![action("more", 100, Act::SetCapacity { set: 1, capacity: 3 })];
    let ledger = ledger(&plan);
    same("in rotation", entered(&ledger), [vec![0.0, 0.0], vec![0.0, 0.0, 205.0]])?;
    Ok(ledger)
}
