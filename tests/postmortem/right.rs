//! What the review found to be right, and must stay so. What a run draws at random is read from its ledger; the rest is arithmetic.

use super::{clock, close, file, first, looked_at, number, plan};
use windtunnel::experiment::replay::Replay;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::{Measure, Scope, Value};
use windtunnel_sim::world::fact::{Fact, Record, RolloutFact, Service};
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_words::clock::spoken;

fn seconds(record: &Record) -> f64 {
    record.time.seconds()
}

/// The third machine has old code from its first good probe, with which harm begins, to the end of the pipeline: that notices it when it
/// has booted, waits for 2 min and takes 3 min 30 s, so the end is 330 s after the boot. A third of the requests are harmed for so long, of
/// 2,700 s.
#[test]
fn one_of_three_served_old_code_until_the_pipeline_was_done() {
    looked_at("stale-image.yaml", "as-written", |run| {
        let ledger = &run.replay.ledger;
        let booted = first(ledger, |fact| matches!(fact, Fact::InstanceBooted { .. }));
        let harm = first(ledger, |fact| matches!(fact, Fact::InRotation { instance, .. } if instance.0 == 2));
        let done = first(ledger, |fact| matches!(fact, Fact::CodeInstalled { instance, .. } if instance.0 == 2));
        close(seconds(&done), seconds(&booted) + 330.0, 1e-9);
        let length = seconds(&done) - seconds(&harm);
        // The balancer asks every 15 s.
        assert!((315.0..330.0).contains(&length), "{length}");
        close(number(run.replay, "versions.stale_instance_s"), length, 1e-9);
        close(number(run.replay, "blast_radius.requests_pct"), 100.0 * length / 3.0 / 2700.0, 1e-9);
        let said = format!("served stale code for {}", spoken(done.time.since(harm.time)));
        assert!(run.sentence().contains(&said), "{}", run.sentence());
    });
}

/// The first act is the pipeline, 2 min after the boot.
#[test]
fn the_first_act_on_old_code_is_the_pipeline() {
    looked_at("stale-image.yaml", "as-written", |run| {
        let booted = first(&run.replay.ledger, |fact| matches!(fact, Fact::InstanceBooted { .. }));
        let act = run.moments.iter().find(|moment| moment.label == "first act").expect("somebody acted");
        close(act.at.expect("it has a time").0.seconds(), seconds(&booted) + 120.0, 1e-9);
        assert!(act.sentence.contains("pipeline DeployCode starts on WebAppVMSS_2"), "{}", act.sentence);
    });
}

/// The demand of incident (b), one point a minute.
fn trace() -> Vec<f64> {
    let text = std::fs::read_to_string(file("trace.csv")).expect("it is there");
    text.lines().skip(1).map(|line| line.split_once(',').expect("two columns").1.parse().expect("a rate")).collect()
}

/// Demand at an instant, straight between the minutes.
fn demand(trace: &[f64], at: f64) -> f64 {
    let minute = (at / 60.0) as usize;
    let (one, two) = (trace[minute], trace[(minute + 1).min(trace.len() - 1)]);
    one + (two - one) * (at / 60.0 - minute as f64)
}

/// Four machines serve 400 rps, and the two that autoscale adds never come up: what is above 400 rps fails, summed here second by second.
#[test]
fn what_is_above_four_machines_fails() {
    let trace = trace();
    let mut sums = [0.0; 2];
    for second in 0..9000 {
        let of = demand(&trace, f64::from(second) + 0.5);
        sums = [sums[0] + (of - 400.0).max(0.0), sums[1] + of];
    }
    looked_at("certificate.yaml", "as-written", |run| {
        close(number(run.replay, "blast_radius.requests_pct"), 100.0 * sums[0] / sums[1], 0.001);
    });
}

/// Harm begins when demand passes 400 rps, and ends when it comes back to it.
#[test]
fn it_begins_and_ends_where_demand_crosses_four_machines() {
    let trace = trace();
    let above = |ms: &u32| demand(&trace, f64::from(*ms) / 1000.0) > 400.0;
    let from = (0..9_000_000).step_by(10).find(above).expect("it is crossed");
    let until = (from..9_000_000).step_by(10).find(|ms| !above(ms)).expect("it is crossed again");
    looked_at("certificate.yaml", "as-written", |run| {
        let course = run.windows[0].course;
        close(course.from().seconds(), f64::from(from) / 1000.0, 0.011);
        close(course.until.seconds(), f64::from(until) / 1000.0, 0.011);
        close(course.from().seconds(), clock(0, 21, 49.08), 0.011);
        close(course.until.seconds(), clock(1, 55, 42.865), 0.011);
    });
}

/// All machines of the west are written at 28 min and refuse their probes; the first is in rotation again after the rollback of 2 h 15 min.
#[test]
fn the_west_takes_no_traffic_until_after_the_rollback() {
    looked_at("throttled-probes.yaml", "as-written", |run| {
        let weu = EntryPointId(0);
        let back = run.replay.ledger.iter().find(|record| {
            record.time.seconds() > clock(2, 15, 0.0)
                && matches!(record.fact, Fact::InRotation { pool, .. } if pool.0 == 0)
        });
        let back = seconds(back.expect("it comes back"));
        let value = Measure::find(&run.replay.measures, "downtime.full_s", Scope::EntryPoint(weu));
        let Some(Value::Number(down)) = value else { panic!("{value:?}") };
        close(down, back - clock(0, 28, 0.0), 1.0);
    });
}

/// Harm begins with the deployment at 28 min. The front door leads the users of the west to the other region until 2 h 25 min, when it
/// ends.
#[test]
fn harm_is_over_when_the_front_door_leads_users_back() {
    looked_at("throttled-probes.yaml", "as-written", |run| {
        close(number(run.replay, "time_to.recover_s"), clock(2, 25, 0.0) - clock(0, 28, 0.0), 1e-9);
    });
}

/// The first thought of incident (d): 8.0.0 stops serving 7 min after each start, and nobody takes it back. A machine of batch 1 is in
/// rotation like that to the end of the run, and was before, while its disk was swapped, until its probe noticed.
#[test]
fn the_first_machines_do_not_serve_for_nearly_three_hours() {
    looked_at("scale-out.yaml", "first-thought", |run| {
        let ledger = &run.replay.ledger;
        let gone = first(ledger, |fact| matches!(fact, Fact::Degraded { .. }));
        let out = first(
            ledger,
            |fact| matches!(fact, Fact::OutOfRotation { instance, .. } if Some(*instance) == gone.fact.instance()),
        );
        let length = SimTime::from_ms(3 * 3_600_000).since(gone.time) + out.time.since(SimTime::ZERO);
        assert!(run.sentence().contains(&format!("for up to {} so far each", spoken(length))), "{}", run.sentence());
    });
}

/// Seconds in which demand is above 120 rps of each machine that is ready and in rotation, looked at ten times a second. Demand rises from
/// 420 rps at 9:00 to 480 at 11:00, and falls to 300 at 18:00.
#[test]
fn too_few_could_serve_for_so_long() {
    let plan = plan("scale-out.yaml", "first-thought");
    let replay = Replay::new(&plan, 1);
    let mut fleet = std::collections::BTreeMap::<u32, [bool; 2]>::new();
    let mut ledger = replay.ledger.iter().peekable();
    let mut short = 0.0;
    for tenth in 0..108_000_u32 {
        let at = f64::from(tenth) / 10.0 + 0.05;
        while let Some(record) = ledger.next_if(|record| record.time.seconds() <= at) {
            match record.fact {
                Fact::ServiceChanged { instance, to } => {
                    fleet.entry(instance.0).or_default()[0] = to == Service::Ready;
                }
                Fact::InRotation { instance, .. } => fleet.entry(instance.0).or_default()[1] = true,
                Fact::OutOfRotation { instance, .. } | Fact::LeftPool { instance, .. } => {
                    fleet.entry(instance.0).or_default()[1] = false;
                }
                _ => {}
            }
        }
        let ready = fleet.values().filter(|of| of[0] && of[1]).count() as f64;
        let hours = at / 3600.0;
        let demand = if hours < 2.0 { 420.0 + 30.0 * hours } else { 480.0 - 180.0 / 7.0 * (hours - 2.0) };
        short += if demand > 120.0 * ready { 0.1 } else { 0.0 };
    }
    let Some(Value::AtLeast(measured)) = replay.measure("capacity.shortfall_s") else {
        panic!("{:?}", replay.measure("capacity.shortfall_s"))
    };
    close(measured, short, 1.0);
}

/// The rolling upgrade lasts from the entry with which it began to that with which it ended.
#[test]
fn the_rollout_lasted_from_its_first_entry_to_its_last() {
    looked_at("scale-out.yaml", "first-thought", |run| {
        let ledger = &run.replay.ledger;
        let began = first(ledger, |fact| matches!(fact, Fact::Rollout(RolloutFact::Started { .. })));
        let ended = first(ledger, |fact| matches!(fact, Fact::Rollout(RolloutFact::Ended { .. })));
        close(number(run.replay, "rollout.duration_s"), ended.time.since(began.time).seconds(), 1e-9);
    });
}
