//! What is assumed where Azure publishes nothing, each assumption both ways: what it moves, worked out by hand.
//!
//! In these plans a probe goes out every 5 s, on the multiples of five, and a new instance runs 60 s after its creation.

mod support;

use support::autoscale::{MORE, OUT, cpu, decisions, last_minute, scaled};
use support::*;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{self, A, RuleId, Value};
use windtunnel_sim::world::fact::{Deletion, Fact, FlowFact, PowerFact, Record, Refusal};
use windtunnel_sim::world::ids::InstanceId;

fn assuming(plan: &Plan, assumption: A, value: Value) -> Vec<Record> {
    let mut plan = plan.clone();
    assume(&mut plan, assumption, value);
    ledger(&plan)
}

fn keep_alive(plan: &mut Plan) {
    plan.entry_points[0].traffic.as_mut().expect("the plan has traffic").connections = Connections::KeepAlive;
}

fn scaled_in(ledger: &[Record]) -> Vec<u32> {
    let of = |record: &Record| match record.fact {
        Fact::InstanceDeleting { instance, why: Deletion::ScaleIn } => Some(instance.0),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// The capacities that were written, and by which rule.
fn written(ledger: &[Record]) -> Vec<(f64, u32, RuleId)> {
    let of = |record: &Record| match record.fact {
        Fact::CapacitySet { to, .. } => Some((record.time.seconds(), to, record.rule)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// Two with affinity, of which one is refused by the probe of 205 s and answers that of 265 s again, down at 201 s for a minute. The
/// page names adding and removing only; where the rotation counts, both changes of it map the clients anew.
#[test]
fn a_probe_moves_clients_with_affinity_or_not() {
    let mut plan = Plan { timeline: vec![disturb(201, &[0], Disturbance::ProcessDown, 60)], ..plan() };
    plan.entry_points[0].rule.distribution = Distribution::SourceIP;
    let remapped = |on| {
        let ledger = assuming(&plan, A::LbRehashOnProbeDown, Value::Switch(on));
        times(&ledger, |fact| matches!(fact, Fact::Flow(FlowFact::Remapped { .. })))
    };
    assert_eq!(remapped(false), []);
    assert_eq!(remapped(true), [205.0, 265.0]);
}

/// One of two is to go at 100 s and has five minutes of notice: it takes requests until 400 s; or its admin state
/// is Down as the notice is raised, which is in force 5 s later (lb.propagation).
#[test]
fn a_terminate_notice_drains_or_not() {
    let mut plan = Plan { timeline: vec![scale(100, 1)], ..plan() };
    plan.sets[0].profile.terminate = Some(s(300));
    let out = |on| {
        let ledger = assuming(&plan, A::LbDrainOnTerminate, Value::Switch(on));
        let leaves = |fact: &Fact| matches!(fact, Fact::OutOfRotation { .. } | Fact::LeftPool { .. });
        first(&ledger, leaves)
    };
    assert_eq!(out(false), Some(400.0));
    assert_eq!(out(true), Some(105.0));
}

/// What both depend on is gone from 101 s on: the probes of 105 s are answered with 503, and packets go to all. Established
/// connections go on, or end there: those of
/// both.
#[test]
fn connections_outlive_a_pool_that_is_probed_down_whole_or_not() {
    let mut plan = plan();
    plan.application.endpoints[1].clauses = vec![
        Clause { when: Needs { dependencies: 1, ..PROCESS }, answer: OK },
        Clause { when: PROCESS, answer: answers(AnswerKind::Status(503)) },
    ];
    let gone = Act::DependencyDown { dependency: 0, length: None };
    plan.timeline = vec![action("the database is down", 101, gone)];
    plan.pools[0].all_probed_up = true;
    keep_alive(&mut plan);
    let closed = |on| {
        let ledger = assuming(&plan, A::LbAllProbedUpKeepsTcp, Value::Switch(on));
        times(&ledger, |fact| matches!(fact, Fact::ConnectionsClosed { .. }))
    };
    assert_eq!(closed(true), []);
    assert_eq!(closed(false), [105.0, 105.0]);
}

/// Three of four are deallocated at 60 s. Until then each is at 20 %; then the one that is left takes all 80 requests a second, and is
/// at 80 %, and with three others as idle the average is 20 % as before. The rule above 50 % looks at the last minute, one minute
/// late: the run of 180 s is the first to see what was from 60 s on.
#[test]
fn what_is_deallocated_dilutes_the_average_or_not() {
    let mut plan = scaled(4, 80.0, vec![last_minute(cpu(MORE, 50.0, OUT, 1))]);
    plan.horizon = at(900);
    let three = Which::Ordinals(vec![1, 2, 3]);
    plan.timeline = vec![action("off", 60, Act::Power { set: 0, which: three, how: PowerAct::Deallocate })];
    let grows = |on| decisions(&assuming(&plan, A::AutoscaleAverageCountsDeallocated, Value::Switch(on)));
    assert_eq!(grows(false), [(180.0, (4, 5))]);
    assert_eq!(grows(true), []);
}

/// Six in two fault domains, of which 1 and 3 are deleted by hand: 0, 2 and 4 stand in one, and 5 in the other. The next to go is the
/// highest of the fuller one, or the highest of all.
#[test]
fn a_tie_is_broken_by_the_fullest_domain_or_by_the_highest_id() {
    let mut plan = plan();
    (plan.sets[0].capacity, plan.sets[0].fault_domains) = (6, 2);
    let by_hand = Act::Power { set: 0, which: Which::Ordinals(vec![1, 3]), how: PowerAct::Delete };
    plan.timeline = vec![action("by hand", 100, by_hand), scale(600, 3)];
    let gone = |how| scaled_in(&assuming(&plan, A::ScaleInDefaultTie, Value::Choice(how)));
    assert_eq!(gone("fullest_cell"), [4]);
    assert_eq!(gone("highest_id"), [5]);
}

/// Of four, three are protected from scale-in, and two are asked for. One can go: then the capacity is 3. Or nobody does, and it is
/// 4 again.
#[test]
fn a_scale_in_takes_who_may_go_or_is_refused_whole() {
    let mut plan = plan();
    plan.sets[0].capacity = 4;
    let which = Which::Ordinals(vec![0, 1, 2]);
    let protect = Act::Protect { set: 0, which, from_scale_in: true, from_scale_set_actions: false };
    plan.timeline = vec![action("protect", 50, protect), scale(100, 2)];
    let run = |how| {
        let ledger = assuming(&plan, A::ScaleInTooFewVictims, Value::Choice(how));
        (scaled_in(&ledger), written(&ledger).last().map(|&(_, to, _)| to))
    };
    assert_eq!(run("partial"), (vec![3], Some(3)));
    assert_eq!(run("refuse"), (vec![], Some(4)));
}

/// A set of two whose setting wants four, in a region with room for none until a machine of another set goes at 301 s. The run at
/// 60 s writes 4, and gets nothing (AS-06). From then on `sku.capacity` is at the minimum, and nothing is tried again; or the
/// instances are counted, and each run tries again: at 360 s there is room for one of the two.
#[test]
fn a_floor_that_was_not_reached_is_tried_again_or_not() {
    let mut plan = scaled(2, 0.0, Vec::new());
    plan.horizon = at(900);
    plan.autoscale[0].profiles[0].minimum = 4;
    plan.regions[0].free[0] = Some(0);
    plan.sets.push(ScaleSet { capacity: 1, ..set("other") });
    let other = Act::SetCapacity { set: 1, capacity: 0 };
    plan.timeline = vec![action("other", 301, other)];
    let run = |on| {
        let ledger = assuming(&plan, A::AutoscaleRetriesShortfall, Value::Switch(on));
        let short = |fact: &Fact| matches!(fact, Fact::ScaleRefused { why: Refusal::AllocationFailed, .. });
        (times(&ledger, short), times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })))
    };
    assert_eq!(run(false), (vec![60.0], vec![]));
    let (refused, created) = run(true);
    assert_eq!(refused[..6], [60.0, 120.0, 180.0, 240.0, 300.0, 360.0]);
    assert_eq!(created, [360.0]);
}

/// An operator writes the same capacity again at 600 s, when there is room: that tries again, whatever autoscale does.
#[test]
fn the_same_capacity_written_again_tries_again() {
    let mut plan = Plan { timeline: vec![scale(100, 4), scale(600, 4)], ..plan() };
    plan.regions[0].free[0] = Some(0);
    plan.sets.push(ScaleSet { capacity: 2, ..set("other") });
    plan.timeline.insert(1, action("other", 300, Act::SetCapacity { set: 1, capacity: 0 }));
    let ledger = ledger(&plan);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), [600.0, 600.0]);
}

/// What autoscale writes is by its rules, and follows from its decision: the floor of the profile by AS-06, and never an act of
/// somebody's.
#[test]
fn a_capacity_that_autoscale_writes_has_its_rule_and_cause() {
    let mut plan = scaled(2, 0.0, Vec::new());
    plan.autoscale[0].profiles[0].minimum = 3;
    let ledger = ledger(&plan);
    assert_eq!(written(&ledger), [(60.0, 3, rules::AS_06)]);
    let entry = ledger.iter().find(|record| matches!(record.fact, Fact::CapacitySet { .. })).expect("it was written");
    let cause = ledger[entry.cause.0 as usize - 1].fact;
    assert!(matches!(cause, Fact::Autoscale(_)), "{cause:?}");
}

/// An extension of 10 s in a Windows set. The third instance, of 100 s, runs at 160 s and is up at 200 s; the agent on its new disk
/// waits 270 s before the extension, so that it is done at 480 s, and a Linux one at 210 s. A restart of 600 s (5 s, and a boot of
/// 40) keeps the disk, on which nothing waits and nothing runs again; a reimage of 1,000 s (75 s, and the boot) makes a new one:
/// 1,000 + 75 + 40 + 270 + 10 s.
#[test]
fn the_agent_of_a_new_windows_disk_waits_before_the_first_extension() {
    let only = |name: &str, at_s: u64, how| action(name, at_s, Act::Power { set: 0, which: Which::One(2), how });
    let again = [only("restart", 600, PowerAct::Restart), only("reimage", 1000, PowerAct::Reimage)];
    let mut plan = Plan { timeline: vec![scale(100, 3)], ..plan() };
    plan.timeline.extend(again);
    plan.sets[0].profile.extensions = vec![extension("one", 10)];
    let done = |plan: &Plan, windows: bool| {
        let mut plan = plan.clone();
        plan.sets[0].windows = windows;
        let ledger = assuming(&plan, A::ExtensionWindowsWait, Value::Dist(constant(270)));
        times(&ledger, |fact| matches!(fact, Fact::ExtensionDone { instance: InstanceId(2), .. }))
    };
    assert_eq!(done(&plan, true), [480.0, 1395.0]);
    assert_eq!(done(&plan, false), [210.0, 1125.0]);
    // Before a second extension nothing waits.
    plan.sets[0].profile.extensions.push(extension("two", 20));
    plan.sets[0].profile.extensions[1].after = vec![0];
    plan.timeline.truncate(1);
    assert_eq!(done(&plan, true), [480.0, 500.0]);
}

/// Instance 0 is deallocated at 100 s and started at 300 s, and stopped at 500 s and started at 600 s. On Linux that takes 20, 60 (a
/// create), 7 and 4 s, and on Windows 33, 60, 15 and 6.
#[test]
fn machines_stop_and_start_as_those_of_their_system_do() {
    let calls =
        [(100, PowerAct::Deallocate), (300, PowerAct::Start), (500, PowerAct::PowerOff), (600, PowerAct::Start)];
    let call = |&(at_s, how): &(u64, PowerAct)| {
        action(&format!("at {at_s}"), at_s, Act::Power { set: 0, which: Which::One(0), how })
    };
    let mut plan = Plan { timeline: calls.iter().map(call).collect(), ..plan() };
    for (assumption, seconds) in [
        (A::VmDeallocateLinux, 20),
        (A::VmDeallocateWindows, 33),
        (A::VmPowerOffLinux, 7),
        (A::VmPowerOffWindows, 15),
        (A::VmPowerOnLinux, 4),
        (A::VmPowerOnWindows, 6),
    ] {
        assume(&mut plan, assumption, Value::Dist(constant(seconds)));
    }
    let is_step = |fact: &Fact| {
        let down = matches!(fact, Fact::Power(PowerFact::Deallocated { .. } | PowerFact::Stopped { .. }));
        down || matches!(fact, Fact::InstanceRunning { .. })
    };
    assert_eq!(times(&ledger(&plan), is_step), [120.0, 360.0, 507.0, 604.0]);
    plan.sets[0].windows = true;
    assert_eq!(times(&ledger(&plan), is_step), [133.0, 360.0, 515.0, 606.0]);
}

/// Instance 0 runs, instance 1 was deallocated at 100 s, and instance 2 of four is on its way down, for 20 s from 190 s on. All three
/// are deleted at 200 s: who has a machine is gone after 30 s, who has none after 2.
#[test]
fn who_has_no_machine_is_deleted_sooner() {
    let power = |name: &str, at_s: u64, which, how| action(name, at_s, Act::Power { set: 0, which, how });
    let timeline = vec![
        power("off", 100, Which::One(1), PowerAct::Deallocate),
        power("late", 190, Which::One(2), PowerAct::Deallocate),
        power("delete", 200, Which::Ordinals(vec![0, 1, 2]), PowerAct::Delete),
    ];
    let mut plan = Plan { timeline, ..plan() };
    plan.sets[0].capacity = 4;
    assume(&mut plan, A::VmDeallocateLinux, Value::Dist(constant(20)));
    let ledger = assuming(&plan, A::VmDeleteDeallocated, Value::Dist(constant(2)));
    let gone =
        |id| times(&ledger, |fact| matches!(fact, Fact::InstanceDeleted { instance } if *instance == InstanceId(id)));
    assert_eq!([0, 1, 2].map(gone), [[230.0], [202.0], [230.0]]);
}
