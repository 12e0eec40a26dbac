//! Windtunnel's own mechanisms.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{Fact, FlowFact, GuestFact, Record, Service};
use windtunnel_sim::world::run::{Options, run};

type Proved = Result<Vec<Record>, String>;

proofs! { "own":
    WT_01 an_act_happens_at_its_instant,
    WT_02 the_process_starts_when_what_starts_it_is_done,
    WT_03 an_instance_is_warm_when_its_warm_up_is_over,
    WT_04 a_dependency_is_down_when_the_scenario_says_so,
    WT_05 a_process_is_down_and_an_instance_frozen_when_the_scenario_says_so,
    WT_06 harm_and_outage_last_from_the_first_harmed_request_to_the_last,
    WT_07 load_above_a_step_makes_answers_slow,
    WT_08 the_fleet_is_present_at_the_start,
    WT_09 an_instant_without_end_is_stopped,
    WT_10 demand_above_capacity_is_shed,
    WT_11 a_release_makes_older_code_stale,
    WT_19 what_failed_comes_again_as_load,
    WT_20 who_waits_for_too_long_is_gone_and_is_served_all_the_same,
    WT_21 what_installs_fails_where_it_cannot_reach_what_it_needs,
}

fn with(rules: RuleSet) -> Plan {
    Plan { rules, horizon: at(900), ..plan() }
}

fn serves(ledger: &[Record], of: u32) -> Vec<(f64, Service)> {
    let change = |record: &Record| match record.fact {
        Fact::ServiceChanged { instance, to } if instance.0 == of => Some((record.time.seconds(), to)),
        _ => None,
    };
    ledger.iter().filter_map(change).collect()
}

fn an_act_happens_at_its_instant(rules: RuleSet) -> Proved {
    let ledger = ledger(&Plan { timeline: vec![scale(100, 3)], ..with(rules) });
    same("set", times(&ledger, |fact| matches!(fact, Fact::CapacitySet { .. })), vec![100.0])?;
    Ok(ledger)
}

/// The boot is done at 200 s, the extension at 300 s, the pipeline at 500 s.
fn the_process_starts_when_what_starts_it_is_done(rules: RuleSet) -> Proved {
    let started = |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::ProcessStarted { .. }));
    let mut plan = Plan { timeline: vec![scale(100, 3)], ..with(rules) };
    let by_boot = ledger(&plan);
    same("by the boot", started(&by_boot), vec![200.0])?;
    plan.sets[0].profile.extensions = vec![Extension { starts_process: true, ..extension("setup", 100) }];
    same("by the extension", started(&ledger(&plan)), vec![300.0])?;
    plan.sets[0].profile.extensions.clear();
    plan.pipelines = vec![Pipeline { starts_process: true, ..pipeline() }];
    same("by the pipeline", started(&ledger(&plan)), vec![500.0])?;
    Ok(by_boot)
}

/// The process starts at 200 s and warms up for 30 s; only then it serves.
fn an_instance_is_warm_when_its_warm_up_is_over(rules: RuleSet) -> Proved {
    let mut plan = Plan { timeline: vec![scale(100, 3)], ..with(rules) };
    plan.application.warm_up = constant(30);
    plan.application.serves.warm = true;
    let ledger = ledger(&plan);
    same("serves", serves(&ledger, 2), vec![(230.0, Service::Ready)])?;
    Ok(ledger)
}

fn a_dependency_is_down_when_the_scenario_says_so(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.application.serves.dependencies = 1;
    plan.timeline = vec![action("db", 100, Act::DependencyDown { dependency: 0, length: Some(s(50)) })];
    let ledger = ledger(&plan);
    let expected = vec![(0.0, Service::Ready), (100.0, Service::Cannot), (150.0, Service::Ready)];
    same("serves", serves(&ledger, 0), expected)?;
    Ok(ledger)
}

fn a_process_is_down_and_an_instance_frozen_when_the_scenario_says_so(rules: RuleSet) -> Proved {
    let timeline = vec![disturb(100, &[0], Disturbance::ProcessDown, 50), disturb(200, &[0], Disturbance::Freeze, 50)];
    let ledger = ledger(&Plan { timeline, ..with(rules) });
    let (down, up) = (Service::Cannot, Service::Ready);
    same("serves", serves(&ledger, 0), vec![(0.0, up), (100.0, down), (150.0, up), (200.0, down), (250.0, up)])?;
    Ok(ledger)
}

/// Both processes are down from 101 to 151 s. Nobody is served from 101 s on; the first good probe is that of 155 s.
fn harm_and_outage_last_from_the_first_harmed_request_to_the_last(rules: RuleSet) -> Proved {
    let ledger = ledger(&Plan { timeline: vec![disturb(101, &[0, 1], Disturbance::ProcessDown, 50)], ..with(rules) });
    same("harm", times(&ledger, |fact| matches!(fact, Fact::HarmStarted { .. })), vec![101.0])?;
    same("outage", times(&ledger, |fact| matches!(fact, Fact::OutageStarted { .. })), vec![101.0])?;
    same("harm ends", times(&ledger, |fact| matches!(fact, Fact::HarmEnded { .. })), vec![155.0])?;
    same("outage ends", times(&ledger, |fact| matches!(fact, Fact::OutageEnded { .. })), vec![155.0])?;
    Ok(ledger)
}

/// Two instances of 60 requests a second get 100: 83 % is above the step of 80 %, so from the start an answer takes 6 s,
/// longer than the probe waits. The probes of 5 and 10 s hear nothing, the second until 15 s.
fn load_above_a_step_makes_answers_slow(rules: RuleSet) -> Proved {
    let mut plan = Plan { horizon: at(19), ..with(rules) };
    plan.application.capacity_rps = Some(60.0);
    plan.application.under_load = vec![LoadStep { above: 0.8, delay: s(6) }];
    let ledger = ledger(&plan);
    same("stepped", first(&ledger, |fact| matches!(fact, Fact::LoadStepped { step: 1, .. })), Some(0.0))?;
    same("down", times(&ledger, |fact| matches!(fact, Fact::ProbeDown { .. })), vec![15.0, 15.0])?;
    Ok(ledger)
}

fn the_fleet_is_present_at_the_start(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules));
    same("in rotation", times(&ledger, |fact| matches!(fact, Fact::InRotation { .. })), vec![0.0, 0.0])?;
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![])?;
    Ok(ledger)
}

/// No two controllers of this model can undo each other yet, so the limit of 1,000 rounds is lowered to one: an instant
/// at which a pipeline notices an instance, begins and ends takes three, and is stopped.
fn an_instant_without_end_is_stopped(rules: RuleSet) -> Proved {
    let mut plan = Plan { timeline: vec![scale(100, 3)], ..with(rules) };
    plan.pipelines =
        vec![Pipeline { delay: constant(0), duration: constant(0), trigger: Trigger::Running, ..pipeline() }];
    let mut ledger = Vec::new();
    let outcome = run(&plan, 7, Options { rounds_max: 1, ..Options::default() }, &mut ledger);
    same("stopped", outcome.looped.map(|found| found.at.seconds()), Some(200.0))?;
    same("the last fact", ledger.last().map(|record| record.fact), Some(Fact::LoopFound { rounds: 1 }))?;
    Ok(ledger)
}

/// Two instances of 40 requests a second get 100; from 100 s on there are three.
fn demand_above_capacity_is_shed(rules: RuleSet) -> Proved {
    let mut plan = Plan { timeline: vec![scale(100, 3)], ..with(rules) };
    plan.application.capacity_rps = Some(40.0);
    let ledger = ledger(&plan);
    same("harm", times(&ledger, |fact| matches!(fact, Fact::HarmStarted { .. })), vec![0.0])?;
    same("harm ends", times(&ledger, |fact| matches!(fact, Fact::HarmEnded { .. })), vec![205.0])?;
    Ok(ledger)
}

fn a_release_makes_older_code_stale(rules: RuleSet) -> Proved {
    let release = action("release", 100, Act::ReleaseCode { code: 1, pipelines: vec![] });
    let ledger = ledger(&Plan { timeline: vec![release], ..with(rules) });
    same("serves", serves(&ledger, 0), vec![(0.0, Service::Ready), (100.0, Service::Stale)])?;
    Ok(ledger)
}

/// Two instances of 40 requests a second get 100 of them, and half of what fails comes again after a second: of 100 fail 20, so 10 come
/// again, of 110 fail 30, then 15 come, 17.5, …: it tends to (100 − ½ × 80) ÷ (1 − ½) = 120, and what comes again to 20. Where each
/// comes again, 20 more are sent in each second than in the one before.
fn what_failed_comes_again_as_load(rules: RuleSet) -> Proved {
    let tries = |per_failure: f64| {
        let mut plan = Plan { horizon: at(60), ..with(rules.clone()) };
        plan.application.capacity_rps = Some(40.0);
        let after = SimDuration::from_secs(1);
        let retries = Retries { per_failure, after, factor: 1.0, times: None, budget: None };
        plan.entry_points[0].traffic.as_mut().unwrap().retries = Some(retries);
        ledger(&plan)
    };
    let again = |ledger: &[Record]| -> Vec<(f64, f64)> {
        let of = |record: &Record| match record.fact {
            Fact::Flow(FlowFact::Retried { rate, .. }) => Some((record.time.seconds(), f64::from(rate) / 1000.0)),
            _ => None,
        };
        ledger.iter().filter_map(of).collect()
    };
    let ledger = tries(0.5);
    let settles = again(&ledger);
    same(
        "the first seconds",
        settles.iter().take(4).copied().collect(),
        vec![(1.0, 10.0), (2.0, 15.0), (3.0, 17.5), (4.0, 18.75)],
    )?;
    let last = settles.last().map_or(0.0, |last| last.1);
    same("settles at 20", (last - 20.0).abs() < 0.01, true)?;
    let grows: Vec<(f64, f64)> = (1..=60).map(|second| (f64::from(second), 20.0 * f64::from(second))).collect();
    same("grows without bound", again(&tries(1.0)), grows)?;
    Ok(ledger)
}

/// Two instances of 40 requests a second get 100: 20 more wait with each second, and at 20 s they are 400, for which they need the 5 s that
/// clients wait. From 100 s on a third instance is there, at 205 s in rotation: then 20 × 205 = 4,100 wait, of which 120 − 100 = 20 go with
/// each second, and at 3 × 40 × 5 = 600 they are in time again: after 3,500 ÷ 20 = 175 s.
fn who_waits_for_too_long_is_gone_and_is_served_all_the_same(rules: RuleSet) -> Proved {
    let mut plan = Plan { horizon: at(600), timeline: vec![scale(100, 3)], ..with(rules) };
    plan.application.capacity_rps = Some(40.0);
    let queue = Queue { requests: 10_000.0, timeout: SimDuration::from_secs(5) };
    plan.entry_points[0].traffic.as_mut().unwrap().queue = Some(queue);
    let ledger = ledger(&plan);
    let harm = |fact: &Fact| matches!(fact, Fact::HarmStarted { .. });
    let rounded = |times: Vec<f64>| times.into_iter().map(|at| (at * 10.0).round() / 10.0).collect::<Vec<f64>>();
    same("harm", rounded(times(&ledger, harm)), vec![20.0])?;
    same("harm ends", rounded(times(&ledger, |fact| matches!(fact, Fact::HarmEnded { .. }))), vec![380.0])?;
    same(
        "nobody waits",
        rounded(times(&ledger, |fact| matches!(fact, Fact::Flow(FlowFact::WaitsNoMore { .. })))),
        vec![410.0],
    )?;
    Ok(ledger)
}

/// The new instance is booted at 200 s. Its extension ends at 300 s, while the dependency is down from 250 s to 290 s and from 295 s on: it
/// fails, because of the second fall. The pipeline would end at 500 s, and fails too where it needs the same; one that needs nothing does
/// not.
fn what_installs_fails_where_it_cannot_reach_what_it_needs(rules: RuleSet) -> Proved {
    let mut plan = Plan { timeline: vec![scale(100, 3)], ..with(rules) };
    plan.application.dependencies = vec!["packages".into()];
    let down = |at: u64, length: Option<u64>| {
        action(&format!("down at {at}"), at, Act::DependencyDown { dependency: 0, length: length.map(s) })
    };
    plan.timeline.extend([down(250, Some(40)), down(295, None)]);
    plan.sets[0].profile.extensions = vec![Extension { needs: 1, ..extension("setup", 100) }];
    plan.sets[0].profile.custom_data =
        Some(CustomData { duration: constant(80), failure: 0.0, needs: 1, installs: None, starts_process: false });
    plan.pipelines = vec![Pipeline { needs: 1, ..pipeline() }, Pipeline { name: "other".into(), ..pipeline() }];
    let ledger = ledger(&plan);
    same("extension", times(&ledger, |fact| matches!(fact, Fact::ExtensionFailed { .. })), vec![300.0])?;
    let failed = ledger.iter().find(|record| matches!(record.fact, Fact::ExtensionFailed { .. })).expect("it failed");
    let cause = &ledger[failed.cause.0 as usize - 1];
    same("because of the second fall", cause.time.seconds(), 295.0)?;
    let of_data = |fact: &Fact| matches!(fact, Fact::Guest(GuestFact::CustomDataFailed { .. }));
    same("custom data", times(&ledger, of_data), vec![280.0])?;
    same("pipeline", times(&ledger, |fact| matches!(fact, Fact::PipelineFailed { .. })), vec![500.0])?;
    Ok(ledger)
}
