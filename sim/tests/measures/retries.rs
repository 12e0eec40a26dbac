//! Retries and queues against arithmetic: a storm settles or diverges, and an overload outlives its cause, where a sum says so.
//!
//! Two instances of 40 requests a second each get 100.

use crate::support::*;
use crate::{Measures, Options, Scope, Value, run};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::Fact;
use windtunnel_sim::world::ids::EntryPointId;

const ONCE: Retries =
    Retries { per_failure: 1.0, after: SimDuration::from_secs(1), factor: 1.0, times: None, budget: None };

fn overload(seconds: u64, retries: Option<Retries>, queue: Option<Queue>) -> Plan {
    let mut plan = Plan { rules: RuleSet::all(), horizon: at(seconds), ..plan() };
    plan.application.capacity_rps = Some(40.0);
    let traffic = plan.entry_points[0].traffic.as_mut().expect("users");
    (traffic.retries, traffic.queue) = (retries, queue);
    plan
}

/// A measure of the fleet, and whether it is still growing.
fn measured(plan: &Plan, name: &str) -> (f64, bool) {
    let mut measures = Measures::new(plan);
    run(plan, 7, Options { check_every_instant: true, ..Options::default() }, &mut measures);
    let of =
        measures.measures().into_iter().find(|of| of.name() == name && of.scope == Scope::Fleet).expect("a measure");
    match of.value {
        Value::Number(value) => (value, false),
        Value::AtLeast(value) => (value, true),
        other => panic!("{name} is {other:?}"),
    }
}

#[track_caller]
fn is(plan: &Plan, name: &str, expected: f64) {
    let (value, _) = measured(plan, name);
    // A rate is stated in thousandths of a request a second.
    assert!((value - expected).abs() < 2e-5 * expected.abs().max(1.0), "{name} is {value}, not {expected}");
}

/// What is sent, and what of it is not served, just before an instant.
fn sent(plan: &Plan, seconds: u64) -> (f64, f64) {
    let mut watched = Watched::new(plan, Series::new(plan));
    run(plan, 7, Options::default(), &mut watched);
    let series = watched.observers;
    let before = SimTime::from_ms(seconds * 1000 - 1);
    let row = series.of(EntryPointId(0)).take_while(|row| row.time <= before).last().expect("a row");
    let rates = row.requests.expect("traffic").at(before);
    (rates.demand, rates.failed)
}

/// Half of what fails comes again: in the second n there are 120 − 20 ÷ 2ⁿ. In a minute that is 60 × 120 − 40 = 7,160 requests, of which
/// 1,160 were sent again; 4,800 are served and 2,360 fail. So 1,200 of the 6,000 first ones are lost: the 20 % that there is no room for.
#[test]
fn a_storm_of_half_settles() {
    let plan = overload(60, Some(Retries { per_failure: 0.5, ..ONCE }), None);
    is(&plan, "retries.requests", 1_160.0);
    is(&plan, "retries.given_up_pct", 20.0);
    is(&plan, "blast_radius.requests_pct", 100.0 * 2_360.0 / 7_160.0);
    let (demand, failed) = sent(&plan, 60);
    assert!((demand - 120.0).abs() < 0.01 && (failed - 40.0).abs() < 0.01, "{demand}, {failed}");
}

/// Each comes again: 20 more in each second. One and a half for each: the distance from (100 − 1.5 × 80) ÷ (1 − 1.5) = 40 is 60 × 1.5ⁿ.
#[test]
fn a_storm_of_one_and_more_has_no_bound() {
    let (demand, _) = sent(&overload(60, Some(ONCE), None), 60);
    assert!((demand - (100.0 + 59.0 * 20.0)).abs() < 0.01, "{demand}");
    let (demand, _) = sent(&overload(20, Some(Retries { per_failure: 1.5, ..ONCE }), None), 20);
    let expected = 40.0 + 60.0 * libm::pow(1.5, 19.0);
    assert!((demand / expected - 1.0).abs() < 1e-4, "{demand}, not {expected}");
}

/// Where each is tried twice more at most, what fails is a share f = 1 − 80 ÷ D of D = 100 (1 + f + f²): with g = 1 − f,
/// 80 = 100 (3 − 3 g + g²) g = 100 (1 − (1 − g)³), so that f³ = 0.2 and D = 80 ÷ (1 − 0.2^⅓) = 192.67…; with a budget of a tenth it is 110.
#[test]
fn few_tries_and_a_budget_bound_it() {
    let thrice = Retries { times: Some(2), ..ONCE };
    let (demand, _) = sent(&overload(600, Some(thrice), None), 600);
    let expected = 80.0 / (1.0 - libm::cbrt(0.2));
    assert!((demand - expected).abs() < 0.01, "{demand}, not {expected}");
    let (demand, _) = sent(&overload(600, Some(Retries { budget: Some(0.1), ..thrice }), None), 600);
    assert!((demand - 110.0).abs() < 0.01, "{demand}");
}

/// A third instance is in rotation at 205 s, so that 120 are served a second, and what caused the overload is over. Without retries it
/// ends at 380 s (the proof of WT-20). Where all whose answers come too late try twice more, 300 are sent a second, which keep the queue
/// full at 2,000: for 16.7 s each waits who gives up after 5. It goes on for ever. With a budget of a tenth 110 are sent: 10 go with
/// each second, until 600 wait at 205 + 140 = 345 s.
#[test]
fn an_overload_outlives_its_cause_where_retries_exceed_the_room() {
    let queue = Some(Queue { requests: 2_000.0, timeout: SimDuration::from_secs(5) });
    let thrice = Retries { times: Some(2), ..ONCE };
    let grown = |retries| Plan { timeline: vec![scale(100, 3)], ..overload(1_800, retries, queue) };
    let ends = |plan: &Plan| times(&ledger(plan), |fact| matches!(fact, Fact::HarmEnded { .. }));
    let stuck = grown(Some(thrice));
    assert_eq!(ends(&stuck), []);
    assert!(measured(&stuck, "queue.late_s").1, "it goes on at the end of the run");
    let (demand, failed) = sent(&stuck, 1_800);
    assert!((demand - 300.0).abs() < 0.01 && (failed - demand).abs() < 1e-6, "{demand}, {failed}");
    let saved = ends(&grown(Some(Retries { budget: Some(0.1), ..thrice })));
    assert!(saved.len() == 1 && (saved[0] - 345.0).abs() < 1.0, "{saved:?}");
}

/// Two instances of which one cannot serve: half fails, of demand below the capacity. With half of that again D = 100 ÷ (1 − ¼) = 133.3,
/// which is above 80: of D the room of 80 is taken, and half of that fails; D = 100 + ½ (D − 40) is 160.
#[test]
fn what_backends_refuse_and_what_they_shed_come_again_alike() {
    let mut plan = overload(300, Some(Retries { per_failure: 0.5, ..ONCE }), None);
    plan.timeline = vec![action(
        "down",
        0,
        Act::Disturb { set: 0, which: Which::Ordinals(vec![0]), how: Disturbance::ProcessDown, length: None },
    )];
    plan.pools[0].probe = None;
    let (demand, failed) = sent(&plan, 300);
    assert!((demand - 160.0).abs() < 0.02 && (failed - 120.0).abs() < 0.02, "{demand}, {failed}");
}
