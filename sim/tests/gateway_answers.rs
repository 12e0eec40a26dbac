//! What an application gateway answers where a request fails, by hand and over random scenarios (AG-10, AG-11).

mod support;

use support::*;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::generator;
use windtunnel_sim::measure::Measures;
use windtunnel_sim::measure::answers::{Answered, Answers};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::run::{Options, run};

/// 100 requests a second to a gateway of this generation with one instance, before two backends that answer at once. Its probes go out
/// every 30 s, and the third failure takes a backend out: a refusal that v1 gets at 120 s at once, and v2 at 180 s; silence, which takes
/// its 30 s, on either at 210 s.
fn gateway(tier: Tier) -> Plan {
    let mut plan = Plan { rules: RuleSet::all(), horizon: at(1200), ..plan() };
    for update in [A::AppgwUpdateV1, A::AppgwUpdateV2] {
        assume(&mut plan, update, Value::Dist(constant(20)));
    }
    assume(&mut plan, A::AppAnswerLatency, Value::Time(SimDuration::ZERO));
    plan.pools = vec![Pool::plain_gateway("gw", tier, 0)];
    let traffic = EntryPoint::plain("gw", 0, 100.0).traffic;
    plan.entry_points = EntryPoint::plain_gateway("gw", (tier, 1), 0, 0, traffic);
    plan
}

/// This befalls these backends from 101 s on, for the rest of the run.
fn befalls(tier: Tier, all: &[(&[u32], Disturbance)]) -> Plan {
    let mut plan = gateway(tier);
    plan.timeline = all.iter().map(|(which, how)| disturb(101, which, *how, 2000)).collect();
    plan
}

/// What was answered with 502, with 504, and passed on: of the measures, which are those of the one listener.
#[track_caller]
fn answered(plan: &Plan) -> [f64; 3] {
    ["gateways.answered_502", "gateways.answered_504", "gateways.answered_errors"]
        .map(|name| measured(plan, name).number().expect("a gateway answers"))
}

#[track_caller]
fn are(plan: &Plan, expected: [f64; 3]) {
    let found = answered(plan);
    let is = |(one, other): (&f64, &f64)| (one - other).abs() < 1e-6;
    assert!(found.iter().zip(&expected).all(is), "{found:?}, not {expected:?}");
    run(plan, 7, Options { check_every_instant: true, ..Options::default() }, &mut Vec::new());
}

const V1: Tier = Tier::V1;
const V2: Tier = Tier::V2;

/// Both hang from 101 s and are out at 210 s: 109 s of 100 requests get no answer in time, and the 99,000 after find no backend. v1 has 502
/// for both. A frozen machine, one that no packet gets to and one that never answers are the same to a gateway.
#[test]
fn a_backend_that_does_not_answer_is_502_of_v1_and_504_of_v2() {
    for how in
        [Disturbance::Hang, Disturbance::Freeze, Disturbance::Unreachable, Disturbance::Unresponsive { endpoint: None }]
    {
        are(&befalls(V1, &[(&[0, 1], how)]), [109_900.0, 0.0, 0.0]);
        are(&befalls(V2, &[(&[0, 1], how)]), [99_000.0, 10_900.0, 0.0]);
        // One of two: half of the requests meet it for 109 s. v2 tries the other one, and nothing fails.
        are(&befalls(V1, &[(&[0], how)]), [5_450.0, 0.0, 0.0]);
        are(&befalls(V2, &[(&[0], how)]), [0.0; 3]);
    }
}

/// Both processes stop at 101 s: the connection is refused, and later there is no backend. All of 1,099 s are 502.
#[test]
fn a_backend_that_takes_no_connection_is_502() {
    for tier in [V1, V2] {
        are(&befalls(tier, &[(&[0, 1], Disturbance::ProcessDown)]), [109_900.0, 0.0, 0.0]);
    }
    // Where a crashed application lets connections wait, it is one that does not answer: out at 210 s.
    let mut plan = befalls(V2, &[(&[0, 1], Disturbance::ProcessDown)]);
    assume(&mut plan, A::AppCrashAnswer, Value::Choice("silent"));
    are(&plan, [99_000.0, 10_900.0, 0.0]);
}

/// One hangs and the process of the other is stopped. Of v2 the second try decides: who meets the one that hangs first is refused at the
/// other, and the other way round, 50 a second each for 79 s. From 180 s on only the one that hangs is in use, for 30 s, and then none.
#[test]
fn the_second_try_decides_what_is_answered() {
    let plan = befalls(V2, &[(&[0], Disturbance::Hang), (&[1], Disturbance::ProcessDown)]);
    are(&plan, [3_950.0 + 99_000.0, 3_950.0 + 3_000.0, 0.0]);
}

/// Without instances all of 1,200 s are 502.
#[test]
fn an_empty_pool_is_502() {
    for tier in [V1, V2] {
        let mut plan = gateway(tier);
        plan.sets[0].capacity = 0;
        are(&plan, [120_000.0, 0.0, 0.0]);
    }
}

/// Both take 25 s for an answer from 101 s on, for 100 s, and a gateway waits for 20 s. Its probe waits for 30 s.
#[test]
fn an_answer_that_comes_too_late_is_502_of_v1_and_504_of_v2() {
    for (tier, expected) in [(V1, [10_000.0, 0.0, 0.0]), (V2, [0.0, 10_000.0, 0.0])] {
        let mut plan = gateway(tier);
        plan.timeline = vec![disturb(101, &[0, 1], Disturbance::Slow { by: s(25), endpoint: None }, 100)];
        are(&plan, expected);
    }
}

/// One of two runs an image that cannot reach the database. Its probe is good, and it answers its users, a half of them, with an error:
/// 60,000 in 1,200 s. With a third that hangs from 101 s on, and is out at 210 s: a third of 100 a second get the error for 101 s, half of
/// them for 990 s at the end, and a third meet the one that hangs for 109 s, which is 502 of v1. v2 sends these to one of the other two:
/// half of them get the error after all, so that 1/3 + 1/6 do.
#[test]
fn an_error_of_a_backend_is_passed_on() {
    let (before, meanwhile, after) = (101.0 * 100.0 / 3.0, 10_900.0, 990.0 * 50.0);
    for (tier, expected) in [
        (V1, [meanwhile / 3.0, 0.0, before + meanwhile / 3.0 + after]),
        (V2, [0.0, 0.0, before + meanwhile / 2.0 + after]),
    ] {
        let mut plan = gateway(tier);
        plan.application.serves.dependencies = 1;
        plan.images.push(Image { cannot: 1, ..image("app/2.0.0", 0) });
        plan.sets[0].capacity = 1;
        plan.sets.push(ScaleSet { capacity: 1, image: ImageReference::Version(1), pools: vec![0], ..set("bad") });
        are(&plan, [0.0, 0.0, 60_000.0]);
        plan.sets[0].capacity = 2;
        plan.timeline = vec![disturb(101, &[0], Disturbance::Hang, 2000)];
        are(&plan, expected);
    }
}

/// Two backends take 40 requests a second each, of 100: the other 20 they answer with an error of their own, for 1,200 s.
#[test]
fn what_a_backend_sheds_is_an_error_of_its_own() {
    for tier in [V1, V2] {
        let mut plan = gateway(tier);
        plan.application.capacity_rps = Some(40.0);
        are(&plan, [0.0, 0.0, 24_000.0]);
    }
}

/// Two become none at 100 s, and the gateway knows at 120 s: until then it sends requests to machines that are gone, and then its pool is
/// empty.
#[test]
fn what_a_machine_gives_that_is_gone_is_assumed() {
    for (tier, gives, expected) in [
        (V1, "refused", [110_000.0, 0.0, 0.0]),
        (V2, "refused", [110_000.0, 0.0, 0.0]),
        (V1, "silent", [110_000.0, 0.0, 0.0]),
        (V2, "silent", [108_000.0, 2_000.0, 0.0]),
    ] {
        let mut plan = gateway(tier);
        assume(&mut plan, A::AppgwVanishedBackend, Value::Choice(gives));
        plan.timeline = vec![scale(100, 0)];
        are(&plan, expected);
    }
}

/// Users without a gateway get no answer of one.
#[test]
fn without_a_gateway_there_is_nothing_to_count() {
    assert_eq!(measured(&plan(), "gateways.answered_502").number(), None);
}

/// Whatever befalls backends, with cookies and web sockets, retries and overload, writes and scaling: 502, 504 and errors that are passed
/// on are all that failed at each entry point of a gateway.
#[test]
fn what_is_answered_is_all_that_failed() {
    let mut seen = [0; 3];
    for number in 0..3000 {
        let plan = generator::scenario(number);
        if !plan.entry_points.iter().any(|entry| entry.gateway.is_some() && entry.traffic.is_some()) {
            continue;
        }
        let mut measures = Measures::new(&plan);
        run(&plan, number, Options::default(), &mut measures);
        for (id, totals) in measures.totals_of() {
            let answers: Answers = totals.answers;
            if !plan.is_answered(id) {
                assert_eq!(answers, [0.0; 3], "scenario {number}, {id:?}");
                continue;
            }
            let (sum, bound) = (answers.iter().sum::<f64>(), 1e-9 * totals.offered.max(1.0));
            assert!((sum - totals.failed).abs() <= bound, "scenario {number}, {id:?}: {answers:?}, {}", totals.failed);
            for kind in [Answered::BadGateway, Answered::TimedOut, Answered::PassedOn] {
                assert!(answers[kind as usize] >= -bound, "scenario {number}, {id:?}: {answers:?}");
                seen[kind as usize] += usize::from(answers[kind as usize] > 1.0);
            }
        }
    }
    assert!(seen.iter().all(|times| *times >= 30), "{seen:?}");
}
