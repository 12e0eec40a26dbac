//! The balancer. Unless a proof says otherwise, probes go out every 5 s from t = 0 (to a new instance, from its
//! creation), a result is known when the probe is sent, and a probe sees the truth just before its instant. An instance
//! created at 100 s runs at 160 s and listens at 200 s.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::Measures;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{AdminState, Fact, FlowFact, Flows, ProbeFailure, Record};
use windtunnel_sim::world::ids::InstanceId;
use windtunnel_sim::world::run::{Options, run};

type Proved = Result<Vec<Record>, String>;

proofs! { "balancer":
    LB_03 a_tcp_probe_asks_for_a_handshake_and_waits_out_its_interval,
    LB_04 only_200_is_good_and_a_probe_over_http_gives_up_after_30_s,
    LB_05 a_refusal_takes_a_backend_out_at_once,
    LB_07 the_threshold_counts_in_both_directions,
    LB_08 a_backend_gets_users_within_an_interval_of_answering,
    LB_09 silence_takes_two_probes,
    LB_10 a_backend_that_flaps_waits_longer,
    LB_11 blocked_probes_take_every_backend_out_while_the_application_is_fine,
    LB_12 what_is_stopped_is_not_probed_until_it_runs_again,
    LB_14 without_a_probe_a_running_backend_gets_users,
    LB_16 users_come_while_the_extensions_still_run,
    LB_17 connections_outlive_a_probe_that_fails,
    LB_18 connections_outlive_the_last_probe_that_fails,
    LB_19 connections_to_a_backend_that_is_alone_are_cut,
    LB_20 all_probed_up_spreads_over_everyone,
    LB_21 kept_connections_linger_until_their_cap,
    LB_23 a_deletion_takes_the_connections_with_it,
    LB_24 new_connections_are_spread_evenly,
    LB_26 clients_are_mapped_anew_when_the_pool_changes,
    LB_27 a_reset_ends_what_hangs_on_a_backend_that_is_gone,
    LB_28 connections_to_a_frozen_backend_hang,
    LB_29 admin_state_down_holds_a_good_backend_back,
}

fn with(rules: RuleSet) -> Plan {
    Plan { rules, horizon: at(1200), ..plan() }
}

fn probe(plan: &mut Plan) -> &mut Probe {
    plan.pools[0].probe.as_mut().expect("the plan probes")
}

fn keep_alive(plan: &mut Plan) {
    plan.entry_points[0].traffic.as_mut().expect("the plan has traffic").connections = Connections::KeepAlive;
}

fn ups(ledger: &[Record], of: u32) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::ProbeUp { instance: InstanceId(i), .. } if *i == of))
}

fn downs(ledger: &[Record], of: u32) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::ProbeDown { instance: InstanceId(i), .. } if *i == of))
}

fn ins(ledger: &[Record], of: u32) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::InRotation { instance: InstanceId(i), .. } if *i == of))
}

fn outs(ledger: &[Record]) -> Vec<(f64, u32, Flows)> {
    let out = |record: &Record| match record.fact {
        Fact::OutOfRotation { instance, flows, .. } => Some((record.time.seconds(), instance.0, flows)),
        _ => None,
    };
    ledger.iter().filter_map(out).collect()
}

/// TCP every 60 s. Frozen from 100 s: the probes of 120 s and 180 s hear nothing until 180 s and 240 s, and the second
/// silence takes the backend out at 240 s. A new instance whose HTTP answers 500 completes a handshake from 200 s on;
/// created at 100 s, it is probed at 160, 220, …: up at 220 s.
fn a_tcp_probe_asks_for_a_handshake_and_waits_out_its_interval(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    *probe(&mut plan) =
        Probe { protocol: ProbeProtocol::Tcp, endpoint: 0, interval: s(60), ..probe(&mut plan).clone() };
    plan.application.endpoints[0].clauses[0].answer = answers(AnswerKind::Status(500));
    plan.timeline = vec![scale(100, 3), disturb(101, &[0], Disturbance::Freeze, 900)];
    let ledger = ledger(&plan);
    same("down", downs(&ledger, 0).first().copied(), Some(240.0))?;
    same("up", ups(&ledger, 2), vec![220.0])?;
    Ok(ledger)
}

/// HTTP every 120 s. Frozen from 100 s: the probes of 120 s and 240 s give up after 30 s, the second at 270 s. An
/// instance with newer code answers 204 and never comes up.
fn only_200_is_good_and_a_probe_over_http_gives_up_after_30_s(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    probe(&mut plan).interval = s(120);
    let newer = Clause { when: Needs { code: Some(1), ..PROCESS }, answer: answers(AnswerKind::Status(204)) };
    plan.application.endpoints[1].clauses.insert(0, newer);
    plan.images.push(image("app/2.0.0", 1));
    plan.sets.push(ScaleSet { capacity: 1, image: ImageReference::Version(1), ..set("newer") });
    plan.timeline = vec![disturb(100, &[0], Disturbance::Freeze, 900)];
    let ledger = ledger(&plan);
    same("down", downs(&ledger, 0).first().copied(), Some(270.0))?;
    same("the backend that answers 204 is never in rotation", ins(&ledger, 2), vec![])?;
    Ok(ledger)
}

/// Threshold 3; the process is down from 101 s: the probe of 105 s is refused and takes the backend out alone.
fn a_refusal_takes_a_backend_out_at_once(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    probe(&mut plan).threshold = 3;
    plan.timeline = vec![disturb(101, &[0], Disturbance::ProcessDown, 900)];
    let ledger = ledger(&plan);
    same("down", downs(&ledger, 0), vec![105.0])?;
    Ok(ledger)
}

/// Threshold 3. A new instance listens at 200 s: the probes of 205, 210 and 215 s are good. Another is frozen from
/// 301 s: the probes of 305, 310 and 315 s hear nothing, the third until 320 s.
fn the_threshold_counts_in_both_directions(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    probe(&mut plan).threshold = 3;
    plan.timeline = vec![scale(100, 3), disturb(301, &[0], Disturbance::Freeze, 800)];
    let ledger = ledger(&plan);
    same("up", ups(&ledger, 2), vec![215.0])?;
    same("down", downs(&ledger, 0), vec![320.0])?;
    Ok(ledger)
}

/// 40 instances listen at 200 s and are probed every 5 s, each at a phase of its own: the first good probe of each goes
/// out after 200 s and by 205 s. The mean of 40 uniform waits is 2.5 s with a standard error of 5 ÷ √12 ÷ √40 = 0.23 s,
/// so it lies within 1 s of that but once in 70,000 times; and at most a few fall on the same millisecond.
fn a_backend_gets_users_within_an_interval_of_answering(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    assume(&mut plan, A::LbProbePhase, Value::Choice("seeded"));
    plan.timeline = vec![scale(100, 42), disturb(301, &[0], Disturbance::ProcessDown, 800)];
    let ledger = ledger(&plan);
    let waits: Vec<f64> = (2..42).flat_map(|i| ups(&ledger, i)).map(|up| up - 200.0).collect();
    same("each comes up once", waits.len(), 40)?;
    same("within an interval", waits.iter().all(|wait| (0.0..=5.0).contains(wait)), true)?;
    let mean = waits.iter().sum::<f64>() / 40.0;
    same("spread over the interval", (1.5..3.5).contains(&mean), true)?;
    let mut distinct: Vec<u64> = waits.iter().map(|wait| (wait * 1000.0) as u64).collect();
    distinct.sort_unstable();
    distinct.dedup();
    same("not in step", distinct.len() > 30, true)?;
    let down = downs(&ledger, 0);
    same("one failure removes it within an interval", down.len() == 1 && down[0] > 301.0 && down[0] <= 306.0, true)?;
    Ok(ledger)
}

/// Threshold 1; frozen from 101 s: the probes of 105 and 110 s hear nothing, the second until 115 s.
fn silence_takes_two_probes(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline = vec![disturb(101, &[0], Disturbance::Freeze, 900)];
    let ledger = ledger(&plan);
    same("down", downs(&ledger, 0), vec![115.0])?;
    Ok(ledger)
}

/// Down at 105 s, up at 110 s, down at 115 s: the third change within 60 s. It answers from 117 s; the good probe of
/// 120 s would bring it up, and two more are asked for (`lb.flap_*`): 130 s.
fn a_backend_that_flaps_waits_longer(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline =
        vec![disturb(101, &[0], Disturbance::ProcessDown, 6), disturb(111, &[0], Disturbance::ProcessDown, 6)];
    let ledger = ledger(&plan);
    same("down", downs(&ledger, 0), vec![105.0, 115.0])?;
    same("up", ups(&ledger, 0), vec![110.0, 130.0])?;
    Ok(ledger)
}

/// Blocked from 101 to 131 s: the probes of 105 and 110 s hear nothing, the second until 115 s. The first probe after the
/// block is that of 135 s.
fn blocked_probes_take_every_backend_out_while_the_application_is_fine(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline = vec![action("block", 101, Act::BlockProbes { pool: 0, length: Some(s(30)) })];
    let ledger = ledger(&plan);
    for instance in 0..2 {
        same("down", downs(&ledger, instance), vec![115.0])?;
        same("up", ups(&ledger, instance), vec![135.0])?;
    }
    let silent = |fact: &Fact| matches!(fact, Fact::ProbeDown { why: ProbeFailure::Silent, .. });
    same("by silence", times(&ledger, silent).len(), 2)?;
    let changes = times(&ledger, |fact| matches!(fact, Fact::ServiceChanged { .. }));
    same("the application is fine from the start", changes, vec![0.0, 0.0])?;
    Ok(ledger)
}

/// Deallocated at 102 s, number 0 is out at that instant, with its connections, and no probe says anything. Started at 300 s
/// it runs at 360 s, from where its probes go out every 5 s, and listens at 400 s: the probe of 405 s is the first good one.
/// Where a balancer learns of a stop 2 s later, it is out at 104 s, before any probe.
fn what_is_stopped_is_not_probed_until_it_runs_again(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let power = |at_s, how| action(&format!("{how:?}"), at_s, Act::Power { set: 0, which: Which::One(0), how });
    plan.timeline = vec![power(102, PowerAct::Deallocate), power(300, PowerAct::Start)];
    let first = ledger(&plan);
    same("out", outs(&first), vec![(102.0, 0, Flows::Cut)])?;
    same("down", downs(&first, 0), vec![])?;
    same("up", ups(&first, 0), vec![405.0])?;
    same("in", ins(&first, 0), vec![0.0, 405.0])?;
    assume(&mut plan, A::LbLeaveDelay, Value::Time(s(2)));
    same("out later", outs(&ledger(&plan)), vec![(104.0, 0, Flows::Cut)])?;
    Ok(first)
}

/// One of two Spot instances is evicted at 130 s, after its half minute. Deallocated or deleted, it has no users from that
/// instant on, no probe has to find it out, and nobody is harmed: the policies differ in what stays of the instance alone.
#[test]
fn an_instance_that_is_evicted_is_gone_at_once_by_either_policy() {
    let evicted = |eviction| {
        let mut plan = with(RuleSet::all());
        (plan.sets[0].spot.spot, plan.sets[0].spot.eviction) = (true, eviction);
        let act = SpotAct::Evict { set: 0, zones: Vec::new(), share: 0.5, length: None };
        plan.timeline = vec![action("taken back", 100, Act::Spot(act))];
        let ledger = ledger(&plan);
        let gone = |fact: &Fact| matches!(fact, Fact::OutOfRotation { flows: Flows::Cut, .. } | Fact::LeftPool { .. });
        let harmed = times(&ledger, |fact| matches!(fact, Fact::HarmStarted { .. }));
        let probed = times(&ledger, |fact| matches!(fact, Fact::ProbeDown { .. }));
        (times(&ledger, gone), harmed, probed)
    };
    for eviction in [EvictionPolicy::Deallocate, EvictionPolicy::Delete] {
        assert_eq!(evicted(eviction), (vec![130.0], vec![], vec![]), "{eviction:?}");
    }
}

/// A new instance runs at 160 s, and gets users then, though nothing listens before 200 s. One whose process is down
/// keeps its users.
fn without_a_probe_a_running_backend_gets_users(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.pools[0].probe = None;
    plan.timeline = vec![scale(100, 3), disturb(300, &[0], Disturbance::ProcessDown, 100)];
    let ledger = ledger(&plan);
    same("in", ins(&ledger, 2), vec![160.0])?;
    same("nobody goes out", outs(&ledger), vec![])?;
    Ok(ledger)
}

/// It joins when it is created, listens at 200 s and gets users at 205 s; its extension is done at 500 s.
fn users_come_while_the_extensions_still_run(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].profile.extensions = vec![extension("setup", 300)];
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    same("joined", times(&ledger, |fact| matches!(fact, Fact::JoinedPool { .. })), vec![0.0, 0.0, 100.0])?;
    same("in", ins(&ledger, 2), vec![205.0])?;
    same("done", times(&ledger, |fact| matches!(fact, Fact::InstanceProvisioned { .. })), vec![500.0])?;
    Ok(ledger)
}

/// One of two is refused at 105 s; its connections are kept.
fn connections_outlive_a_probe_that_fails(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline = vec![disturb(101, &[0], Disturbance::ProcessDown, 900)];
    let ledger = ledger(&plan);
    same("out", outs(&ledger), vec![(105.0, 0, Flows::Kept)])?;
    Ok(ledger)
}

/// Both are refused at 105 s; the connections of the last one are kept too.
fn connections_outlive_the_last_probe_that_fails(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline = vec![disturb(101, &[0, 1], Disturbance::ProcessDown, 900)];
    let ledger = ledger(&plan);
    same("out", outs(&ledger), vec![(105.0, 0, Flows::Kept), (105.0, 1, Flows::Kept)])?;
    Ok(ledger)
}

/// A pool of one, refused at 105 s.
fn connections_to_a_backend_that_is_alone_are_cut(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].capacity = 1;
    plan.timeline = vec![disturb(101, &[0], Disturbance::ProcessDown, 900)];
    let ledger = ledger(&plan);
    same("out", outs(&ledger), vec![(105.0, 0, Flows::Cut)])?;
    Ok(ledger)
}

/// Both are refused at 105 s, so packets go to both; at 135 s one answers again and is the only one to get them.
fn all_probed_up_spreads_over_everyone(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.pools[0].all_probed_up = true;
    plan.timeline =
        vec![disturb(101, &[0], Disturbance::ProcessDown, 900), disturb(101, &[1], Disturbance::ProcessDown, 30)];
    let ledger = ledger(&plan);
    same("open", times(&ledger, |fact| matches!(fact, Fact::FailOpenStarted { .. })), vec![105.0])?;
    same("closed", times(&ledger, |fact| matches!(fact, Fact::FailOpenEnded { .. })), vec![135.0])?;
    let rotation = |time: f64, of: u32| {
        ledger.iter().take_while(|record| record.time.seconds() <= time).fold(false, |is, record| match record.fact {
            Fact::InRotation { instance, .. } if instance.0 == of => true,
            Fact::OutOfRotation { instance, .. } if instance.0 == of => false,
            _ => is,
        })
    };
    same("everyone while open", (rotation(110.0, 0), rotation(110.0, 1)), (true, true))?;
    same("the good one after", (rotation(140.0, 0), rotation(140.0, 1)), (false, true))?;
    Ok(ledger)
}

/// Out at 105 s with its connections kept; the last of them closes 10 min later (`client.keepalive`). Until then its users are harmed.
fn kept_connections_linger_until_their_cap(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    keep_alive(&mut plan);
    plan.timeline = vec![disturb(101, &[0], Disturbance::ProcessDown, 900)];
    let ledger = ledger(&plan);
    same("closed", times(&ledger, |fact| matches!(fact, Fact::ConnectionsClosed { .. })), vec![705.0])?;
    same("harm ends", times(&ledger, |fact| matches!(fact, Fact::HarmEnded { .. })), vec![705.0])?;
    Ok(ledger)
}

/// Deleted at 100 s: out of the pool at once, with nothing left that could linger.
fn a_deletion_takes_the_connections_with_it(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    keep_alive(&mut plan);
    plan.timeline = vec![scale(100, 1)];
    let ledger = ledger(&plan);
    same("left", times(&ledger, |fact| matches!(fact, Fact::LeftPool { .. })), vec![100.0])?;
    same("lingering", times(&ledger, |fact| matches!(fact, Fact::ConnectionsClosed { .. })), vec![])?;
    same("harm", times(&ledger, |fact| matches!(fact, Fact::HarmStarted { .. })), vec![])?;
    Ok(ledger)
}

/// One of two cannot serve from 101 s until it goes out at 105 s: half of 100 requests a second fail for 4 s.
fn new_connections_are_spread_evenly(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline = vec![disturb(101, &[1], Disturbance::ProcessDown, 2000)];
    let (mut measures, mut ledger) = (Measures::new(&plan), Vec::new());
    run(&plan, 7, Options::default(), &mut (&mut measures, &mut ledger));
    same("failed", measures.totals()[0].1.failed.round(), 200.0)?;
    Ok(ledger)
}

/// Admin state Down is written at 100 s and acts 5 s later (`lb.propagation`). The instance is probed up at 205 s and gets nobody.
/// The pipeline begins at 300 s and ends at 500 s; the state is None again at 505 s.
fn admin_state_down_holds_a_good_backend_back(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.pipelines = vec![Pipeline { admin_down_after: Some(SimDuration::ZERO), ..pipeline() }];
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    let state = |to: AdminState| times(&ledger, |fact| matches!(fact, Fact::AdminStateSet { to: is, .. } if *is == to));
    same("down", state(AdminState::Down), vec![105.0])?;
    same("none", state(AdminState::None), vec![505.0])?;
    same("up", ups(&ledger, 2), vec![205.0])?;
    same("in", ins(&ledger, 2), vec![505.0])?;
    Ok(ledger)
}

/// With affinity. A third instance joins when it is created, at 100 s, and leaves when it is deleted, at 400 s. Nobody is mapped
/// anew by a probe that fails at 205 s, nor where every connection finds a backend of its own.
fn clients_are_mapped_anew_when_the_pool_changes(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline = vec![scale(100, 3), disturb(201, &[0], Disturbance::ProcessDown, 60), scale(400, 2)];
    let remapped = |fact: &Fact| matches!(fact, Fact::Flow(FlowFact::Remapped { .. }));
    same("by five fields", times(&ledger(&plan), remapped), vec![])?;
    plan.entry_points[0].rule.distribution = Distribution::SourceIP;
    let ledger = ledger(&plan);
    same("by two fields", times(&ledger, remapped), vec![100.0, 400.0])?;
    Ok(ledger)
}

/// Evicted without a shutdown: the notice of 100 s is over at 130 s, and the instance is deleted. Its clients would wait for
/// 924.6 s; the idle timeout of 4 min passes before, and the balancer resets what hangs.
fn a_reset_ends_what_hangs_on_a_backend_that_is_gone(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    keep_alive(&mut plan);
    plan.sets[0].mode = OrchestrationMode::Flexible;
    plan.sets[0].spot = SpotPolicy { spot: true, eviction: EvictionPolicy::Delete, ..SpotPolicy::default() };
    plan.timeline = vec![action("gone", 100, Act::Spot(SpotAct::Simulate { set: 0, which: Which::One(0) }))];
    let hung = |fact: &Fact| matches!(fact, Fact::Flow(FlowFact::Hung { .. }));
    let closed = |fact: &Fact| matches!(fact, Fact::ConnectionsClosed { .. });
    let silent = ledger(&plan);
    same("hangs", times(&silent, hung), vec![130.0])?;
    same("without a reset", times(&silent, closed), vec![1054.6])?;
    plan.entry_points[0].rule.tcp_reset = true;
    let ledger = ledger(&plan);
    same("with a reset", times(&ledger, closed), vec![370.0])?;
    same("harm ends", times(&ledger, |fact| matches!(fact, Fact::HarmEnded { .. })), vec![370.0])?;
    Ok(ledger)
}

/// Frozen from 101 s, out at 115 s. Nobody resets the connections: they hang for the 924.6 s after which a client gives up, and
/// not for the 10 min after which the last of them would have closed. One that is frozen for 5 s goes on where it was.
fn connections_to_a_frozen_backend_hang(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    keep_alive(&mut plan);
    plan.timeline = vec![disturb(101, &[0], Disturbance::Freeze, 2000), disturb(101, &[1], Disturbance::Freeze, 5)];
    let ledger = ledger(&plan);
    same("hang", times(&ledger, |fact| matches!(fact, Fact::Flow(FlowFact::Hung { .. }))), vec![101.0, 101.0])?;
    same("go on", times(&ledger, |fact| matches!(fact, Fact::Flow(FlowFact::Resumed { .. }))), vec![106.0])?;
    same("closed", times(&ledger, |fact| matches!(fact, Fact::ConnectionsClosed { .. })), vec![1039.6])?;
    Ok(ledger)
}
