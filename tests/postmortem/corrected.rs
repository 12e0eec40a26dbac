//! What the review found to be wrong or misleading, each as it is now.

use super::{clock, close, first, incident, looked_at, number, plan};
use windtunnel::experiment::acts::Fate;
use windtunnel::experiment::replay::Replay;
use windtunnel::input::Report;
use windtunnel::output::highlights::Highlights;
use windtunnel::output::plots::{Caption, PLOTS, Scene};
use windtunnel::output::why;
use windtunnel_sim::measure::Value;
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::Fact;
use windtunnel_words::clock::spoken_s;
use windtunnel_words::number::change;

/// F1: autoscale sets the capacity by its own rule, and no word says that an operator did.
#[test]
fn an_act_of_autoscale_is_none_of_an_operator() {
    looked_at("certificate.yaml", "as-written", |run| {
        let ledger = &run.replay.ledger;
        let set = first(ledger, |fact| matches!(fact, Fact::CapacitySet { from: 4, to: 6, .. }));
        assert_eq!(set.rule, rules::AS_11);
        let chain = why::chain(ledger, &ledger[set.entry.0 as usize - 1]);
        let text = why::text(&run.replay.names, &chain, 100, false);
        assert!(text.contains("because autoscale decides") && !text.contains("operator"), "{text}");
    });
}

/// F2: the rollout that harmed comes first, and the one that took it back after it. The first batch of a fifth of six is one machine.
#[test]
fn the_headline_is_about_the_rollout_that_harmed() {
    looked_at("throttled-probes.yaml", "rolling", |run| {
        let said = run.sentence();
        let (_, rollout) = said.split_once("the upgrade of at-weu ").expect(&said);
        assert!(rollout.starts_with("halted after 1 batch, and the one after it completed after 6 batches"), "{said}");
    });
    looked_at("scale-out.yaml", "ready-probe-and-gates", |run| {
        let said = run.sentence();
        let (_, rollout) = said.split_once("the upgrade of vmss ").expect(&said);
        assert!(
            rollout.starts_with("halted after 1 batch, and the one after it halted before its first batch"),
            "{said}"
        );
    });
}

/// F3: the rollback of 10:05 is refused, since the upgrade runs. Headline, moments, plots and data say so; the two acts before it were
/// done.
#[test]
fn an_act_that_was_refused_is_said_to_be() {
    let plan = plan("scale-out.yaml", "as-written");
    let replay = Replay::new(&plan, 1);
    let run = Highlights::of(&replay);
    let fates: Vec<&str> = run.headline.acts.iter().map(|act| act.fate.word()).collect();
    assert_eq!(fates, ["done", "done", "refused"]);
    let refused = run.headline.acts[2];
    close(refused.at.seconds(), clock(1, 5, 0.0), 1e-9);
    let Fate::Refused(by) = refused.fate else { panic!("{refused:?}") };
    assert_eq!((by.rule, by.fact.kind().name), (rules::RS_08, "writeRefused"));
    assert!(run.sentence().contains("“rollback” of 10:05:00 UTC was refused: ") && run.sentence().contains("RS-08"));
    assert!(run.moments.iter().any(|moment| moment.label == "refused" && moment.at == Some((by.time, by.entry))));
    let caption = Caption { plan: &plan, seed: 1, refused: &[refused.action] };
    let scene = Scene { caption, names: &replay.names, lanes: &replay.lanes, series: &replay.series, observed: None };
    for plot in PLOTS.iter().filter(|plot| ["fleet", "harm"].contains(&plot.name)) {
        let svg = (plot.svg)(scene);
        assert!(svg.contains("rollback: refused") && !svg.contains("scale-out: refused"), "{}", plot.name);
    }
    // The act itself is asked about, too.
    let taken = &replay.ledger[refused.entry.0 as usize - 1];
    let reasons = windtunnel::experiment::causes::of(&replay, taken);
    assert!(reasons.iter().any(|reason| reason.text.contains("was refused") && reason.rule == rules::RS_08));
}

/// F3: the upgrade of 9:00 is overtaken by the cancel of 9:30, after which the rollback of 9:31 is not refused.
#[test]
fn what_a_later_act_cancelled_is_overtaken() {
    looked_at("scale-out.yaml", "cancel-during-a-batch", |run| {
        let fates: Vec<(&str, &str)> =
            run.headline.acts.iter().map(|act| (run.replay.names.action(act.action), act.fate.word())).collect();
        assert!(fates.contains(&("rollback", "done")) && fates.contains(&("rollout", "overtaken")), "{fates:?}");
    });
}

/// F4: what goes on at the horizon is at least what it is so far, and said to be.
#[test]
fn what_is_open_at_the_horizon_is_open() {
    let mut plan = plan("stale-image.yaml", "as-written");
    plan.horizon = windtunnel_sim::engine::time::SimTime::from_ms(14 * 60_000);
    let replay = Replay::new(&plan, 1);
    let from = first(&replay.ledger, |fact| matches!(fact, Fact::HarmStarted { .. })).time.seconds();
    for name in ["versions.stale_instance_s", "versions.mixed_s", "downtime.degraded_s"] {
        let Some(Value::AtLeast(value)) = replay.measure(name) else { panic!("{name}: {:?}", replay.measure(name)) };
        close(value, clock(0, 14, 0.0) - from, 1e-9);
    }
    let said = Highlights::of(&replay).sentence();
    assert!(said.contains(" so far"), "{said}");
    looked_at("scale-out.yaml", "first-thought", |run| {
        let short = run.replay.measure("capacity.shortfall_s");
        assert!(matches!(short, Some(Value::AtLeast(_))), "{short:?}");
    });
}

/// F5: a pipeline that notices an instance when it is created works on it when it has booted, and is done 30 s later. The instance answers
/// its probe before that, so users are harmed.
#[test]
fn no_pipeline_works_on_a_machine_that_does_not_run() {
    looked_at("stale-image.yaml", "fast-on-created", |run| {
        let ledger = &run.replay.ledger;
        let booted = first(ledger, |fact| matches!(fact, Fact::InstanceBooted { .. })).time;
        let done = first(ledger, |fact| matches!(fact, Fact::PipelineSucceeded { .. })).time;
        close(done.since(booted).seconds(), 30.0, 1e-9);
        assert!(number(run.replay, "blast_radius.requests_pct") > 0.0);
    });
}

/// F7: the pipeline that ended the harm had begun before it; it is the act on it all the same.
#[test]
fn what_ended_the_harm_is_an_act_on_it() {
    looked_at("stale-image.yaml", "fast-on-created", |run| {
        let act = run.moments.iter().find(|moment| moment.label == "first act").expect("there is harm");
        assert!(act.sentence.contains("pipeline DeployCode succeeds on WebAppVMSS_2"), "{}", act.sentence);
    });
}

/// F7: whoever acts on a window of harm or notices it does so between its beginning and its end, in every incident under every policy.
#[test]
fn no_act_and_no_notice_is_outside_of_its_window() {
    let (mut acted, mut noticed) = (0, 0);
    for name in ["stale-image.yaml", "certificate.yaml", "throttled-probes.yaml", "scale-out.yaml"] {
        let loaded = incident(name);
        for policy in loaded.policies() {
            looked_at(name, policy, |run| {
                for course in run.windows.iter().map(|window| window.course) {
                    let within = |at| at >= course.from() && at <= course.until;
                    assert!(course.act.is_none_or(|act| within(act.time)), "{name}, {policy}: {course:?}");
                    assert!(course.noticed.is_none_or(|(_, by)| within(by.time)), "{name}, {policy}: {course:?}");
                    acted += u32::from(course.act.is_some());
                    noticed += u32::from(course.noticed.is_some());
                }
            });
        }
    }
    assert!(acted > 10 && noticed > 5, "{acted} acted on, {noticed} noticed");
}

/// F7: the first blip, of the disks of batch 1, is noticed by its probes. The incident, which begins half a minute after 9:12, is not.
#[test]
fn the_incident_of_a_blind_probe_is_noticed_by_nobody() {
    looked_at("scale-out.yaml", "as-written", |run| {
        let [blip, incident] = &run.windows[..] else { panic!("{:?}", run.windows) };
        close(blip.course.from().seconds(), 0.0, 1e-9);
        assert!(!blip.extent.regions.is_empty());
        // Two intervals of 15 s after the first probe that gets no answer, or nearly.
        assert!(blip.course.detect_s().is_some_and(|after| after <= 45.0), "{:?}", blip.course.detect_s());
        assert_eq!(blip.extent.instances.len(), 2);
        let gone = first(&run.replay.ledger, |fact| matches!(fact, Fact::Degraded { .. }));
        assert_eq!(incident.course.from(), gone.time);
        assert_eq!((incident.course.ended, incident.course.noticed), (None, None));
        assert_eq!(incident.extent.instances.len(), 9);
        assert!(matches!(run.replay.measure("time_to.detect_s"), Some(Value::AtLeast(_))));
        let longest = run.moments.iter().find(|moment| moment.label == "longest harm").expect("it comes back");
        assert_eq!(longest.at.map(|(at, _)| at), Some(gone.time));
    });
}

/// F9: nothing needs the dependency that goes down, and that is a warning.
#[test]
fn a_dependency_that_nothing_needs_is_warned_of() {
    let report = Report::from(incident("certificate.yaml").problems).to_string();
    assert!(report.contains("W0579") && report.contains("iovisor"), "{report}");
    let report = Report::from(incident("scale-out.yaml").problems).to_string();
    assert!(!report.contains("W0579"), "{report}");
}

/// F10: users of both regions are harmed; 5,633.8 s are 93 min 54 s, which is nearer to 1 h 34 min; what rounding leaves is no difference.
#[test]
fn small_things_are_as_they_are() {
    looked_at("throttled-probes.yaml", "as-written", |run| close(number(run.replay, "blast_radius.regions"), 2.0, 0.0));
    assert_eq!(spoken_s(5633.8), "1 h 34 min");
    assert_eq!([4.4e-18, -3.8e-17, 0.25].map(change), ["0", "0", "+0.25"]);
}
