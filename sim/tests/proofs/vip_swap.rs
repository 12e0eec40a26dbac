//! Two scale sets, slots of one application, in one pool: rule 0 leads there by a probe that asks for slot 0, rule 1 by one that asks
//! for slot 1. Probes go out every 5 s from t = 0, and to a new instance from its creation.

use crate::support::slots::{ask, two_slots};
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, Record, WriteFact};
use windtunnel_sim::world::ids::PoolId;

type Proved = Result<Vec<Record>, String>;

proofs! { "vip_swap":
    VS_01 an_instance_answers_for_its_own_slot,
    VS_02 an_instance_that_is_new_knows_its_slot,
    VS_03 a_swap_is_several_writes_and_may_end_between_two,
    VS_05 a_path_that_is_written_is_asked_for_at_the_phase_of_each_backend,
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

/// The swap of the sample at 102 s: prod asks for slot 1, then stage for slot 0. A write returns after 20 s, and takes effect at once.
fn swap(rules: RuleSet, dies_after: Option<u32>) -> Plan {
    let mut plan = two_slots(rules);
    assume(&mut plan, A::ArmWrite, Value::Dist(constant(20)));
    assume(&mut plan, A::LbPropagation, Value::Time(s(0)));
    let (prod, stage) = (ask(&plan, 0, 1), ask(&plan, 1, 0));
    let step = |name: &str, what| Action { name: name.into(), at: SimTime::FAR, what };
    let steps = Steps { first: 1, count: 2, dies_after };
    plan.timeline = vec![action("swap", 102, Act::Steps(steps)), step("swap/1", prod), step("swap/2", stage)];
    plan
}

fn left(ledger: &[Record]) -> [Vec<f64>; 2] {
    [0, 1].map(|pool| times(ledger, |fact| matches!(fact, Fact::OutOfRotation { pool: of, .. } if *of == PoolId(pool))))
}

/// Written at 102 s, returned and the second written at 122 s: by the probes of 105 s and of 125 s either is swapped. In between both
/// rules lead to slot 1. And where whoever swaps dies after the first write they do so for good.
fn a_swap_is_several_writes_and_may_end_between_two(rules: RuleSet) -> Proved {
    let whole = ledger(&swap(rules.clone(), None));
    same("in rotation", entered(&whole), [vec![0.0, 0.0, 105.0, 105.0], vec![0.0, 0.0, 125.0, 125.0]])?;
    same("out of rotation", left(&whole), [vec![105.0, 105.0], vec![125.0, 125.0]])?;
    let half = ledger(&swap(rules, Some(1)));
    same("died", times(&half, |fact| matches!(fact, Fact::Write(WriteFact::Died { done: 1, .. }))), vec![122.0])?;
    same("in rotation, half done", entered(&half), [vec![0.0, 0.0, 105.0, 105.0], vec![0.0, 0.0]])?;
    Ok(whole)
}

/// A path that is written at 102 s is asked for by the next probe of each backend, and not before: by phases of their own, at instants
/// of their own, each within an interval of 5 s. In step it is at 105 s.
fn a_path_that_is_written_is_asked_for_at_the_phase_of_each_backend(rules: RuleSet) -> Proved {
    let aligned = ledger(&swap(rules.clone(), Some(1)));
    let moved = |ledger: &[Record]| [entered(ledger)[0][2..].to_vec(), left(ledger)[0].clone()].concat();
    same("aligned", moved(&aligned), vec![105.0; 4])?;
    let mut plan = swap(rules, Some(1));
    assume(&mut plan, A::LbProbePhase, Value::Choice("seeded"));
    let mut seeded = moved(&ledger(&plan));
    same("each within an interval", seeded.iter().all(|at| (102.0..=107.0).contains(at)), true)?;
    seeded.dedup();
    same("each at an instant of its own", seeded.len(), 4)?;
    Ok(aligned)
}
