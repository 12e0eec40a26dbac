//! Two scale sets, slots of one application, in one pool: rule 0 leads there by a probe that asks for slot 0, rule 1 by one that asks
//! for slot 1. Probes go out every 5 s from t = 0, and to a new instance from its creation.

use crate::support::slots::{ask, two_slots};
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::Measures;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, Record, WriteFact};
use windtunnel_sim::world::ids::{EntryPointId, PoolId};
use windtunnel_sim::world::run::{Options, run};

type Proved = Result<Vec<Record>, String>;

proofs! { "vip_swap":
    VS_01 an_instance_answers_for_its_own_slot,
    VS_02 an_instance_that_is_new_knows_its_slot,
    VS_03 a_swap_is_several_writes_and_may_end_between_two,
    VS_05 a_path_that_is_written_is_asked_for_at_the_phase_of_each_backend,
    VS_10 an_address_answers_nobody_while_it_moves,
    VS_11 a_gateway_answers_nobody_while_its_rule_changes,
    VS_12 an_instance_changes_pools_with_its_model,
    VS_16 a_write_sets_what_it_names_over_what_it_finds,
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

/// One write sets the path of prod and another one its interval, 20 s. They are read in that order, and come in the other one: the interval
/// at 52 s, by which probes go out at 72, 92 and 112 s, and the path at 102 s, so that it is asked for at 112 s. If the path took the
/// interval of 5 s with it, it would be asked for at 107 s. A third write, at 120 s, is refused where it finds either of them alone, and
/// sets a threshold of 2 where it finds both: slot 0 answers for itself again by the write at 140 s, which the probe of 152 s sees at once
/// for slot 1 to leave, and the second good one at 172 s for slot 0 to enter.
fn a_write_sets_what_it_names_over_what_it_finds(rules: RuleSet) -> Proved {
    let mut plan = two_slots(rules);
    assume(&mut plan, A::LbPropagation, Value::Time(s(0)));
    plan.refusals = vec![Refusal { rule: windtunnel_sim::rules::LB_02, code: None, text: "no".into() }];
    let probe = plan.pools[0].probe.clone().expect("it has one");
    let change = |slot: u16, interval, threshold| {
        let probe = Probe { endpoint: 2 + slot, interval: s(interval), threshold, ..probe.clone() };
        Change::Probe { pool: 0, probe: Box::new(probe), prober: Box::new(Prober::Balancer), all_probed_up: false }
    };
    // Nothing, the path, the interval, both, the threshold as well, and the path taken back.
    let versions =
        [change(0, 5, 1), change(1, 5, 1), change(1, 20, 1), change(0, 20, 1), change(1, 20, 2), change(0, 20, 2)];
    let write = |outcomes: &[(u16, u16)]| {
        let outcome = |&(finds, leaves): &(u16, u16)| {
            let changes = vec![versions[usize::from(leaves)].clone()];
            Outcome { finds, leaves, changes, refusal: (finds == leaves).then_some(0) }
        };
        Act::Write(Write { outcomes: outcomes.iter().map(outcome).collect(), ..Write::plain("lb", vec![]) })
    };
    plan.timeline = vec![
        action("interval", 52, write(&[(1, 2), (0, 3)])),
        action("path", 102, write(&[(0, 1), (3, 2)])),
        action("threshold", 120, write(&[(1, 1), (2, 4), (3, 3)])),
        action("back", 140, write(&[(1, 0), (4, 5)])),
    ];
    let ledger = ledger(&plan);
    same("in rotation", entered(&ledger)[0].clone(), vec![0.0, 0.0, 112.0, 112.0, 172.0, 172.0])?;
    same("out of rotation", left(&ledger)[0].clone(), vec![112.0, 112.0, 152.0, 152.0])?;
    Ok(ledger)
}

/// A write that leads entry points to pools, or nowhere, as `(entry point, pool, what was open is cut)`.
fn led(resource: &str, gateway: Option<Tier>, to: &[(u16, Option<u16>, bool)]) -> Act {
    let rule = |&(entry_point, to, cuts): &(u16, Option<u16>, bool)| Change::Rule { entry_point, to, cuts };
    Act::Write(Write { gateway, ..Write::plain(resource, to.iter().map(rule).collect()) })
}

fn steps(at: u64, acts: Vec<Act>) -> Vec<Action> {
    let count = acts.len() as u32;
    let name = |nth: usize| format!("swap/{}", nth + 1);
    let step = |(nth, what)| Action { name: name(nth), at: SimTime::FAR, what };
    let first = action("swap", at, Act::Steps(Steps { first: 1, count, dies_after: None }));
    std::iter::once(first).chain(acts.into_iter().enumerate().map(step)).collect()
}

/// When an entry point ceases to answer, and when it leads to each pool.
fn moves(ledger: &[Record], of: u16) -> Vec<(f64, Option<u16>)> {
    let of = EntryPointId(of);
    timed(ledger, |fact| match *fact {
        Fact::Write(WriteFact::Led { entry_point, pool, .. }) if entry_point == of => Some(Some(pool.0)),
        Fact::Write(WriteFact::Off { entry_point, .. }) if entry_point == of => Some(None),
        _ => None,
    })
}

/// How many requests fail at each entry point with traffic.
fn failed(plan: &Plan) -> Vec<f64> {
    let mut measures = Measures::new(plan);
    run(plan, 1, Options::default(), &mut measures);
    measures.totals().iter().map(|(_, totals)| totals.failed.round()).collect()
}

/// A slot behind each pool of a gateway with one instance: listener 0 leads to pool 0, listener 1 to pool 1.
fn gateway_slots(rules: RuleSet) -> Plan {
    let mut plan = Plan { rules, horizon: at(1200), ..plan() };
    assume(&mut plan, A::AppgwUpdateV2, Value::Dist(constant(20)));
    assume(&mut plan, A::AppgwUpdateBlip, Value::Time(s(1)));
    plan.sets = [0, 1].map(|slot| ScaleSet { pools: vec![slot], ..set(&format!("slot{slot}")) }).into();
    plan.pools =
        ["pool0", "pool1"].map(|name| Pool { name: name.into(), ..Pool::plain_gateway("gw", Tier::V2, 0) }).into();
    let traffic = EntryPoint::plain("gw", 0, 100.0).traffic;
    let listener = |pool: u16| {
        let of = EntryPoint::plain_gateway("gw", (Tier::V2, 1), pool, pool, traffic.clone()).remove(0);
        EntryPoint { later: vec![Some(1 - pool)], ..of }
    };
    plan.entry_points = vec![listener(0), listener(1)];
    plan
}

/// The swap by rules at 100 s. A write to the gateway takes 20 s: at 120 s prod answers nobody, at 121 s it leads to slot 1. The write of
/// stage begins when that of prod has returned, at 120 s, so stage follows at 140 s and 141 s. Pool 1 was probed all along: of 100
/// requests a second those of one second fail at prod. No rule leads to pool 0 from 120 s on, so it is not probed, and its first probe
/// after 140 s is that of 170 s: stage fails for 30 s.
fn a_gateway_answers_nobody_while_its_rule_changes(rules: RuleSet) -> Proved {
    let mut plan = gateway_slots(rules);
    let tier = Some(Tier::V2);
    plan.timeline = steps(100, vec![led("gw", tier, &[(0, Some(1), false)]), led("gw", tier, &[(1, Some(0), false)])]);
    let ledger = ledger(&plan);
    same("prod", moves(&ledger, 0), vec![(120.0, None), (121.0, Some(1))])?;
    same("stage", moves(&ledger, 1), vec![(140.0, None), (141.0, Some(0))])?;
    same("failed", failed(&plan), vec![100.0, 3000.0])?;
    Ok(ledger)
}

/// The public address of lb 0 is taken from it by a write at 100 s, which takes effect 5 s later, and returns after 10 s. Then that of
/// lb 1 is taken, at 110 s, and the first is given to lb 1, at 120 s: that would have its effect at 125 s, but an address that moves
/// answers nobody for 60 s, until 165 s. At 130 s lb 0 gets the other, taken at 115 s: until 175 s.
fn an_address_answers_nobody_while_it_moves(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(1200), ..plan() };
    assume(&mut plan, A::ArmWrite, Value::Dist(constant(10)));
    assume(&mut plan, A::LbPropagation, Value::Time(s(5)));
    assume(&mut plan, A::LbIpSwapDown, Value::Time(s(60)));
    plan.sets = [0, 1].map(|slot| ScaleSet { pools: vec![slot], ..set(&format!("slot{slot}")) }).into();
    plan.pools = ["lb0", "lb1"].map(|lb| Pool { balancer: lb.into(), ..plan.pools[0].clone() }).into();
    let rule = |at: u16| EntryPoint { traffic: None, ..EntryPoint::plain(&format!("lb{at}"), at, 0.0) };
    let address = |at: u16| EntryPoint {
        is_address: true,
        later: vec![None, Some(1 - at)],
        ..EntryPoint::plain("pip", at, 100.0)
    };
    plan.entry_points = vec![rule(0), rule(1), address(0), address(1)];
    let to = |lb: &str, of: u16, pool: Option<u16>| led(lb, None, &[(of, pool, true)]);
    let swap = vec![to("lb0", 2, None), to("lb1", 3, None), to("lb1", 2, Some(1)), to("lb0", 3, Some(0))];
    plan.timeline = steps(100, swap);
    let ledger = ledger(&plan);
    same("of lb 0", moves(&ledger, 2), vec![(105.0, None), (165.0, Some(1))])?;
    same("of lb 1", moves(&ledger, 3), vec![(115.0, None), (175.0, Some(0))])?;
    same("the rules", [moves(&ledger, 0), moves(&ledger, 1)], [vec![], vec![]])?;
    same("failed", failed(&plan), vec![6000.0, 6000.0])?;
    Ok(ledger)
}

/// The pools of the models change places: at 100 s slot 1 is written into pool 0, at 200 s slot 0 into pool 1. In mode Automatic both
/// instances of a slot are brought to it at once. The gateway knows after 20 s: slot 1 is in pool 0 at 120 s and in rotation there by the
/// probe of 150 s, and slot 0 gets nothing new there from 220 s on; what leaves is drained for 30 s (AG-06). From 150 s to 220 s both
/// answer at prod, and somebody always does. Where nobody comes to stage both versions are in rotation for these
/// 70 s, and otherwise all the time but from 120 s to 150 s and from 220 s to 250 s.
fn an_instance_changes_pools_with_its_model(rules: RuleSet) -> Proved {
    let mut plan = gateway_slots(rules);
    for entry in &mut plan.entry_points {
        entry.later.clear();
    }
    for set in &mut plan.sets {
        set.upgrade.mode = UpgradeMode::Automatic;
    }
    let to = |set: u16, pool: u16| {
        let change = ModelChange { pools: Some(vec![pool]), rest: Reach::InPlace, ..ModelChange::default() };
        Act::ChangeModel { set, change: Box::new(change) }
    };
    plan.timeline = vec![action("new in", 100, to(1, 0)), action("old out", 200, to(0, 1))];
    let ledger = ledger(&plan);
    same("in rotation", entered(&ledger), [vec![0.0, 0.0, 150.0, 150.0], vec![0.0, 0.0, 250.0, 250.0]])?;
    same("out of rotation", left(&ledger), [vec![220.0, 220.0], vec![120.0, 120.0]])?;
    let gone =
        |pool| times(&ledger, move |fact| matches!(fact, Fact::LeftPool { pool: of, .. } if *of == PoolId(pool)));
    same("drained", [gone(0), gone(1)], [vec![250.0, 250.0], vec![150.0, 150.0]])?;
    let harmed = times(&ledger, |fact| matches!(fact, Fact::HarmStarted { entry_point: EntryPointId(0) }));
    same("prod", harmed, vec![])?;
    plan.images.push(image("app/1.1.0", 1));
    plan.sets[1].image = ImageReference::Version(1);
    same("both answer, testers among the users", measured(&plan, "versions.mixed_s").least(), Some(1140.0))?;
    plan.entry_points[1].traffic = None;
    same("both answer", measured(&plan, "versions.mixed_s").least(), Some(70.0))?;
    Ok(ledger)
}
