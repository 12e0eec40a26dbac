//! Health in whole runs, at instants worked out by hand. The plan is that of the proofs: probes at 100 s, 105 s, ….

use crate::support::health::*;
use crate::support::*;
use windtunnel_sim::azure::app_health;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::fleet::Watched;
use windtunnel_sim::measure::series::Series;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{self, A, RuleSet, Value};
use windtunnel_sim::world::fact::Health::{Healthy, Initializing, Unhealthy, Unknown};
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::{EntryPointId, InstanceId};
use windtunnel_sim::world::run::{Options, Run, run};

fn freeze(plan: &mut Plan, at_s: u64, length_s: u64) {
    plan.timeline.push(disturb(at_s, &[0], Disturbance::Freeze, length_s));
}

/// Probes at 100 + 10·k; three in a row. Down at `d`, the first probe that sees it is the next after `d`, and the third is
/// 20 s later.
#[test]
fn detection_takes_the_rest_of_the_interval_and_n_minus_1_more() {
    for down in [200, 201, 205, 209, 210, 399] {
        let mut plan = health_plan(RuleSet::all(), OK);
        (of(&mut plan).interval, of(&mut plan).probes) = (s(10), 3);
        process_down(&mut plan, down, 500);
        let detected = (down / 10 * 10 + 10 + 20) as f64;
        assert_eq!(changes(&ledger(&plan))[2], (detected, Unknown), "down at {down}");
    }
}

/// Frozen from 202 s to 252 s, 3 s before a probe: it goes out 3 s after the thaw, at 255 s, then 260 s. The process is down
/// from 257 s on. Nothing is said for the freeze itself, though the balancer holds the instance down for it.
#[test]
fn a_freeze_suspends_the_extension_and_nothing_is_said_of_it() {
    let mut plan = health_plan(RuleSet::all(), OK);
    freeze(&mut plan, 202, 50);
    process_down(&mut plan, 257, 500);
    let ledger = ledger(&plan);
    assert_eq!(changes(&ledger), [(100.0, Healthy), (260.0, Unknown), (760.0, Healthy)]);
    assert!(first(&ledger, |fact| matches!(fact, Fact::ProbeDown { .. })).is_some_and(|at| at < 252.0));
}

/// Over TCP, 60 s of grace, frozen for 30 s of it: the end is seen at 190 s and not at 160 s.
#[test]
fn the_grace_period_is_paused_during_a_freeze() {
    let mut plan = health_plan(RuleSet::all(), OK);
    (of(&mut plan).protocol, of(&mut plan).endpoint, of(&mut plan).grace) = (Some(ProbeProtocol::Tcp), 0, Some(s(60)));
    process_after(&mut plan, 800);
    freeze(&mut plan, 111, 30);
    assert_eq!(changes(&ledger(&plan))[..2], [(100.0, Initializing), (190.0, Unhealthy)]);
}

/// Without the database the answer takes 12 s. The probe of 205 s would end at 217 s; 10 s of freeze later it ends at 227 s.
#[test]
fn an_answer_on_its_way_waits_for_the_thaw() {
    let mut plan = health_plan(RuleSet::all(), Answer { after: s(12), ..says(Said::Unhealthy) });
    database_down(&mut plan, 202, 500);
    freeze(&mut plan, 210, 10);
    assert_eq!(changes(&ledger(&plan))[1], (227.0, Unhealthy));
}

/// Frozen from 90 s to 150 s: the boot is over at 100 s, and the extension that starts then probes when the instance goes on.
#[test]
fn an_extension_that_starts_frozen_probes_at_the_thaw() {
    let mut plan = health_plan(RuleSet::all(), OK);
    freeze(&mut plan, 90, 60);
    assert_eq!(changes(&ledger(&plan)), [(150.0, Healthy)]);
}

#[test]
fn a_firewall_that_blocks_the_balancer_does_not_come_between() {
    let mut plan = health_plan(RuleSet::all(), OK);
    plan.timeline.push(action("firewall", 200, Act::BlockProbes { pool: 0, length: None }));
    let ledger = ledger(&plan);
    assert_eq!(changes(&ledger), [(100.0, Healthy)]);
    assert!(first(&ledger, |fact| matches!(fact, Fact::ProbeDown { .. })).is_some());
}

/// What the balancer does with users is the same whether health is Unknown, or nobody asks (LB-16).
#[test]
fn the_balancer_takes_no_notice_of_health() {
    let mut plan = health_plan(RuleSet::all(), OK);
    // The balancer probes the bare port; the extension asks a path that says nothing of health.
    plan.pools[0].probe =
        Some(Probe { protocol: ProbeProtocol::Tcp, endpoint: 0, ..plan.pools[0].probe.clone().unwrap() });
    database_down(&mut plan, 50, 900);
    let of_balancer = |plan: &Plan| {
        let kept = |record: &&Record| {
            matches!(
                record.fact,
                Fact::JoinedPool { .. } | Fact::ProbeUp { .. } | Fact::InRotation { .. } | Fact::OutOfRotation { .. }
            )
        };
        ledger(plan).iter().filter(kept).map(|record| (record.time, record.fact)).collect::<Vec<_>>()
    };
    assert_eq!(changes(&ledger(&plan)), [(100.0, Initializing), (700.0, Unknown), (955.0, Healthy)]);
    let mut without = plan.clone();
    (without.sets[0].profile.health_extension, without.sets[0].profile.health_source) = (None, HealthSource::None);
    without.sets[0].profile.extensions.clear();
    assert_eq!(of_balancer(&plan), of_balancer(&without));
    assert_eq!(of_balancer(&plan).len(), 3, "joined, probed up, in rotation: all at once and for good");
}

/// Slow answers of an overloaded instance reach the extension too: 100 rps on a capacity of 50 add 40 s to each answer.
#[test]
fn load_slows_the_answers_to_the_extension() {
    let mut plan = health_plan(RuleSet::all(), OK);
    plan.application.capacity_rps = Some(50.0);
    plan.application.under_load = vec![LoadStep { above: 1.0, delay: s(40) }];
    plan.pools[0].probe = None;
    let ledger = ledger(&plan);
    // In rotation from 60 s on, without a probe: the first probe of 100 s gives up at 130 s.
    assert_eq!(changes(&ledger)[0], (130.0, Initializing));
}

/// The fleet stands in steady state: known to be Healthy at 0 s, and its probes under way at phases of their own.
#[test]
fn what_is_present_from_the_start_is_known_and_probed_at_its_own_phase() {
    let mut plan = health_plan(RuleSet::all(), OK);
    (plan.cold_start, plan.sets[0].capacity) = (false, 4);
    plan.timeline.push(action(
        "outage",
        200,
        Act::Disturb { set: 0, which: Which::All, how: Disturbance::ProcessDown, length: None },
    ));
    let ledger = ledger(&plan);
    let at_0 = ledger.iter().filter(|record| matches!(record.fact, Fact::HealthReported { to: Healthy, .. }));
    assert_eq!(at_0.filter(|record| record.time == at(0) && record.rule == rules::WT_08).count(), 4);
    let mut downs = times(&ledger, |fact| matches!(fact, Fact::HealthChanged { to: Unknown, .. }));
    assert_eq!(downs.len(), 4);
    assert!(downs.iter().all(|at| (200.0..=205.0).contains(at)), "{downs:?}");
    downs.dedup();
    assert_eq!(downs.len(), 4, "no two at one phase");
}

/// Down for 5 s around the probe of 205 s: the extension says Unknown at 205 s and Healthy at 210 s. An agent with a turn
/// only every 600 s reports what holds at its turn, and neither of the two.
#[test]
fn the_agent_reports_what_holds_at_its_turn() {
    let mut plan = health_plan(RuleSet::all(), OK);
    assume(&mut plan, A::HealthAgentPeriod, Value::Time(s(600)));
    plan.horizon = at(3000);
    process_down(&mut plan, 2003, 4);
    let ledger = ledger(&plan);
    assert_eq!(changes(&ledger), [(100.0, Healthy), (2005.0, Unknown), (2010.0, Healthy)]);
    assert_eq!(reports(&ledger, 0).len(), 1);
}

#[test]
fn a_report_of_a_deleted_instance_does_not_arrive() {
    let mut plan = health_plan(RuleSet::all(), OK);
    assume(&mut plan, A::HealthPlatformDelay, Value::Time(s(60)));
    plan.timeline.push(scale(120, 0));
    assert_eq!(reports(&ledger(&plan), 0), []);
}

#[test]
fn the_cause_of_a_state_is_the_change_before_the_run_that_decided_it() {
    let mut plan = health_plan(RuleSet::all(), answers(AnswerKind::Status(503)));
    (of(&mut plan).probes, of(&mut plan).grace) = (3, Some(s(600)));
    // The database at 203 s begins the run of Unknown; the process at 212 s makes no new one of it.
    database_down(&mut plan, 203, 500);
    process_down(&mut plan, 212, 500);
    let ledger = ledger(&plan);
    let unknown = ledger.iter().find(|record| matches!(record.fact, Fact::HealthChanged { to: Unknown, .. })).unwrap();
    assert_eq!(unknown.time, at(215));
    assert!(matches!(ledger[unknown.cause.0 as usize - 1].fact, Fact::DependencyDown { .. }));
    let reported =
        ledger.iter().rfind(|record| matches!(record.fact, Fact::HealthReported { to: Unknown, .. })).unwrap();
    assert_eq!(reported.cause, unknown.entry);
}

#[test]
fn surplus_without_extensions_has_no_health() {
    let mut plan = health_plan(RuleSet::all(), OK);
    plan.sets[0].capacity = 5;
    (plan.sets[0].overprovision, plan.sets[0].skip_extensions_on_surplus) = (true, true);
    let ledger = ledger(&plan);
    let created = times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })).len();
    assert!(created > 5);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::HealthChanged { to: Healthy, .. })).len(), 5);
}

#[test]
fn other_rooms_read_what_the_controllers_know() {
    let mut plan = health_plan(RuleSet::all(), OK);
    assume(&mut plan, A::HealthPlatformDelay, Value::Time(s(10)));
    process_down(&mut plan, 202, 500);
    let mut run = Run::new(&plan, 7, Options::default(), &mut ());
    let mut known = |at_s| {
        run.advance(at(at_s), &mut ());
        app_health::state(&run.world, InstanceId(0))
    };
    assert_eq!([109, 110, 214, 215].map(&mut known), [None, Some(Healthy), Some(Healthy), Some(Unknown)]);
}

/// The column of the time series: nobody until the report of 110 s, one until that of 215 s.
#[test]
fn the_series_counts_who_is_known_to_be_healthy() {
    let mut plan = health_plan(RuleSet::all(), OK);
    assume(&mut plan, A::HealthPlatformDelay, Value::Time(s(10)));
    process_down(&mut plan, 202, 500);
    let healthy = |plan: &Plan| {
        let mut sink = Watched::new(plan, Series::new(plan));
        run(plan, 7, Options::default(), &mut sink);
        let series = sink.observers;
        let mut rows: Vec<_> = series.of(EntryPointId(0)).map(|row| (row.time, row.healthy)).collect();
        rows.dedup_by_key(|row| row.1);
        rows
    };
    assert_eq!(healthy(&plan), [(at(0), Some(0)), (at(110), Some(1)), (at(215), Some(0)), (at(715), Some(1))]);
    (plan.sets[0].profile.health_extension, plan.sets[0].profile.health_source) = (None, HealthSource::None);
    plan.sets[0].profile.extensions.clear();
    assert_eq!(healthy(&plan), [(at(0), None)]);
}

#[test]
fn a_slow_answer_of_the_body_is_read_as_any_other() {
    let mut plan = health_plan(RuleSet::all(), OK);
    plan.application.endpoints[1].clauses[0].answer.after = SimDuration::from_ms(29_999);
    // One answer every 29.999 s; the first is known then.
    assert_eq!(changes(&ledger(&plan)), [(129.999, Healthy)]);
}

/// Where a frozen instance is taken to answer all the same (`vm.freeze_silences_probes`), nothing is paused.
#[test]
fn a_freeze_that_silences_nothing_suspends_nothing() {
    let mut plan = health_plan(RuleSet::all(), OK);
    assume(&mut plan, A::VmFreezeSilencesProbes, Value::Switch(false));
    freeze(&mut plan, 202, 50);
    process_down(&mut plan, 257, 500);
    assert_eq!(changes(&ledger(&plan))[1], (260.0, Unknown));
    plan.timeline[1] = disturb(212, &[0], Disturbance::ProcessDown, 500);
    assert_eq!(changes(&ledger(&plan))[1], (215.0, Unknown));
}
