//! Windows of harm: where one begins and ends, how much it was, and how it grew.

use super::{clock, close, looked_at, number, plan};
use windtunnel::experiment::harm::{self, longest};
use windtunnel::experiment::replay::Replay;
use windtunnel::output::highlights::windows::{json, words};
use windtunnel_sim::world::fact::Fact;

/// What all windows of an entry point count is what the run counts.
#[test]
fn the_requests_of_all_windows_are_those_of_the_run() {
    for (name, policy) in [
        ("scale-out.yaml", "as-written"),
        ("scale-out.yaml", "no-scale-out"),
        ("throttled-probes.yaml", "rolling"),
        ("certificate.yaml", "as-written"),
    ] {
        looked_at(name, policy, |run| {
            let harmed: f64 = run.windows.iter().map(|one| one.extent.failed + one.extent.stale).sum();
            let entries = run.replay.plan().entries().map(|(id, _)| run.replay.series.totals(id));
            let offered: f64 = entries.map(|totals| totals.offered).sum();
            close(100.0 * harmed / offered, number(run.replay, "blast_radius.requests_pct"), 1e-6);
        });
    }
}

/// Each entry point has its own windows: the west is harmed from the deployment on, and the other region from 31 min on, when the front
/// door leads all users there: 800 rps on six machines of 100 rps are a quarter too many. Both end with the demand at 2 h 25 min or before.
#[test]
fn every_entry_point_has_its_own() {
    looked_at("throttled-probes.yaml", "as-written", |run| {
        let of = |name: &str| {
            let mut own = run.windows.iter().filter(|one| run.replay.names.entry_point(one.course.entry_point) == name);
            own.next().expect("it is harmed")
        };
        close(of("lb-weu").course.from().seconds(), clock(0, 28, 0.0), 1e-9);
        let cus = of("lb-cus");
        close(cus.course.from().seconds(), clock(0, 31, 0.0), 1e-9);
        close(cus.course.until.seconds(), clock(2, 25, 0.0), 1e-9);
        assert!(cus.extent.instances.is_empty() || cus.extent.peak > 0.25);
        close(cus.extent.steps[0].to, 0.25, 1e-9);
    });
}

/// Two of six do not serve: a third. The scale-out makes it two of nine; batch 2 takes one more, and then its three stop serving: six of
/// nine, less while the disk of one is swapped. Each step is ten points or more, and the entry behind it is that of an instance that came
/// to it.
#[test]
fn harm_grows_by_steps() {
    looked_at("scale-out.yaml", "as-written", |run| {
        let steps = &run.windows[1].extent.steps;
        // The two of batch 1 were up one after the other, and stop serving so.
        close(steps[0].to, 1.0 / 6.0, 1e-9);
        close(steps[0].from, 0.0, 0.0);
        close(steps[1].to, 1.0 / 3.0, 1e-9);
        for step in &steps[1..] {
            assert!(step.to - step.from >= harm::STEP - 1e-9, "{step:?}");
            let entry = step.entry.expect("an instance did it");
            let record = &run.replay.ledger[entry.0 as usize - 1];
            assert_eq!(record.time, step.at);
        }
        close(steps.last().expect("it grows").to, 1.0, 1e-9);
    });
}

/// Harm that ceases for less than a minute goes on; where it ceases for a minute, there are two windows.
#[test]
fn a_gap_of_a_minute_parts_two_windows() {
    let plan = plan("scale-out.yaml", "as-written");
    let replay = Replay::new(&plan, 1);
    let ends: Vec<_> =
        replay.ledger.iter().filter(|record| matches!(record.fact, Fact::HarmEnded { .. })).map(|r| r.time).collect();
    let begins: Vec<_> =
        replay.ledger.iter().filter(|record| matches!(record.fact, Fact::HarmStarted { .. })).map(|r| r.time).collect();
    let gaps = begins[1..].iter().zip(&ends).filter(|(begin, end)| begin.since(**end) >= harm::GAP).count();
    let courses = harm::courses(&plan, &replay.ledger, replay.outcome.end);
    assert_eq!(courses.len(), 1 + gaps);
    assert_eq!(longest(&courses), Some(1));
}

/// The data have what the lines say.
#[test]
fn a_window_is_a_line_and_data() {
    looked_at("scale-out.yaml", "as-written", |run| {
        let names = &run.replay.names;
        let [blip, incident] = &run.windows[..] else { panic!("{:?}", run.windows) };
        let line = words(names, blip);
        assert!(
            line.starts_with("from 09:00:00 UTC for ") && line.contains(" at lb: ") && line.contains("2 instances"),
            "{line}"
        );
        assert!(line.contains("; noticed after ") && line.ends_with(" by a probe"), "{line}");
        let line = words(names, incident);
        assert!(
            line.contains(" so far at lb: 100 % of requests at worst") && line.ends_with("noticed by nobody"),
            "{line}"
        );
        let data = json(names, incident);
        assert_eq!((data["goesOn"].as_bool(), data["noticed"].is_null()), (Some(true), true));
        assert_eq!(data["instances"].as_array().map(Vec::len), Some(9));
        assert_eq!(data["regions"][0], "northeurope");
        assert_eq!(data["firstAct"]["what"], "the capacity of vmss is set from 6 to 9");
    });
}
