//! What goes wrong at random, on the network, in endpoints and on the platform. A new instance runs 60 s after its creation and
//! is up 40 s later; probes go out every 5 s, aligned.

use crate::support::rollout::watched;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, FaultFact, FlowFact, Health, ProbeFailure, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "faults":
    WT_05 a_process_that_hangs_takes_connections_and_never_answers,
    WT_13 random_faults_come_of_the_seed,
    WT_14 a_slow_control_plane_stretches_what_begins_then,
    WT_15 bad_boots_are_slow_or_fail,
    WT_16 a_blip_silences_probes_and_users_and_not_the_guest,
    WT_17 a_slow_endpoint_times_probes_out,
    WT_18 deletes_fail_as_long_as_the_scenario_says,
}

/// Number 0 hangs from 101 s on. Over HTTP the probes of 105 s and 110 s hear nothing, and the second takes it out at 115 s; a
/// process that is down would have been out at 105 s. Over TCP the handshake goes on, and nobody notices. A restart at 300 s
/// cures it: 5 s and a boot of 40 s later it listens, and the probe of 350 s finds it.
fn a_process_that_hangs_takes_connections_and_never_answers(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(600), ..plan() };
    let restart = Act::Power { set: 0, which: Which::One(0), how: PowerAct::Restart };
    let hang = Act::Disturb { set: 0, which: Which::One(0), how: Disturbance::Hang, length: None };
    plan.timeline = vec![action("hang", 101, hang), action("restart", 300, restart)];
    let first = ledger(&plan);
    let silent = |fact: &Fact| matches!(fact, Fact::ProbeDown { why: ProbeFailure::Silent, .. });
    same("hung", times(&first, |fact| matches!(fact, Fact::Fault(FaultFact::Hung { .. }))), vec![101.0])?;
    same("down", times(&first, silent), vec![115.0])?;
    same(
        "cannot serve",
        times(&first, |fact| matches!(fact, Fact::ServiceChanged { .. })).get(2).copied(),
        Some(101.0),
    )?;
    same("up", times(&first, |fact| matches!(fact, Fact::ProbeUp { .. })), vec![350.0])?;
    let probe = plan.pools[0].probe.as_mut().expect("the plan probes");
    (probe.protocol, probe.endpoint) = (ProbeProtocol::Tcp, 0);
    plan.timeline.truncate(1);
    let by_tcp = times(&ledger(&plan), |fact| matches!(fact, Fact::ProbeDown { .. }));
    same("over TCP", by_tcp, vec![])?;
    Ok(first)
}

/// Every 1000 s one of the set is frozen for 100 s: at 1000, 2000 and 3000 s, one each time. A set of five is hit at the same
/// instants, whoever it is.
fn random_faults_come_of_the_seed(rules: RuleSet) -> Proved {
    let run = |every, capacity| {
        let mut plan = Plan { rules: rules.clone(), horizon: at(3500), ..plan() };
        let what = Act::Disturb { set: 0, which: Which::Drawn, how: Disturbance::Freeze, length: None };
        plan.faults = vec![RandomFault { name: "gray".into(), every, length: Some(constant(100)), what }];
        plan.sets[0].capacity = capacity;
        ledger(&plan)
    };
    let begins = |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::Frozen { .. }));
    let mean = Dist::Exponential { mean: s(300) };
    let (two, five) = (run(mean, 2), run(mean, 5));
    let struck = |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::Fault(FaultFact::Started { .. })));
    same("some come", struck(&two).len() > 3, true)?;
    same("whoever they hit", struck(&two), struck(&five))?;
    let ledger = run(constant(1000), 2);
    same("begin", begins(&ledger), vec![1000.0, 2000.0, 3000.0])?;
    same("end", times(&ledger, |fact| matches!(fact, Fact::Thawed { .. })), vec![1100.0, 2100.0, 3100.0])?;
    Ok(ledger)
}

/// From 50 s to 500 s all takes three times as long. What is created at 100 s runs at 280 s; what is created at 600 s, at 660
/// s. What is deleted at 300 s is gone after three times the assumed time. A gateway that takes 10 s to know of that takes 30 s.
fn a_slow_control_plane_stretches_what_begins_then(rules: RuleSet) -> Proved {
    let slow = Act::SlowControlPlane { percent: 300, length: Some(s(450)) };
    let timeline = vec![action("slow", 50, slow), scale(100, 3), scale(300, 2), scale(600, 3)];
    let mut plan = Plan { rules, horizon: at(900), timeline, ..plan() };
    assume(&mut plan, A::VmDelete, Value::Dist(constant(20)));
    let ledger = ledger(&plan);
    same("running", times(&ledger, |fact| matches!(fact, Fact::InstanceRunning { .. })), vec![280.0, 660.0])?;
    same("gone", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleted { .. })), vec![360.0])?;
    let traffic = plan.entry_points[0].traffic.clone();
    plan.pools = vec![Pool::plain_gateway("gw", Tier::V2, 0)];
    plan.entry_points = EntryPoint::plain_gateway("gw", (Tier::V2, 1), 0, 0, traffic);
    assume(&mut plan, A::AppgwUpdateV2, Value::Dist(constant(10)));
    plan.timeline.retain(|action| action.at != at(100) && action.at != at(600));
    plan.timeline[1].what = Act::SetCapacity { set: 0, capacity: 1 };
    let drains = |fact: &Fact| matches!(fact, Fact::Flow(FlowFact::Draining { .. }));
    same("drained", times(&self::ledger(&plan), drains), vec![330.0])?;
    Ok(ledger)
}

/// A boot of 40 s takes 160 s while boots take four times as long; where all of them fail, it is given up after the assumed
/// 40 minutes, though boots are well again by then.
fn bad_boots_are_slow_or_fail(rules: RuleSet) -> Proved {
    let run = |percent, failing| {
        let bad = Act::WorseBoots { set: 0, percent, failing, length: Some(s(600)) };
        let timeline = vec![action("boots", 50, bad), scale(100, 3)];
        ledger(&Plan { rules: rules.clone(), horizon: at(3000), timeline, ..plan() })
    };
    let failed = run(100, 1.0);
    same("failed", first(&failed, |fact| matches!(fact, Fact::BootFailed { .. })), Some(2560.0))?;
    let ledger = run(400, 0.0);
    same("booted", first(&ledger, |fact| matches!(fact, Fact::InstanceBooted { .. })), Some(320.0))?;
    Ok(ledger)
}

/// From 101 s to 114 s no packet gets to number 0. The probe at 105 s times out at 110 s and the one at 110 s at 115 s, which
/// is two in a row; the one at 115 s is answered. Users of it are harmed at once and for the 13 s; the health extension in
/// the guest says nothing.
fn a_blip_silences_probes_and_users_and_not_the_guest(rules: RuleSet) -> Proved {
    let timeline = vec![disturb(101, &[0], Disturbance::Unreachable, 13)];
    let mut plan = Plan { rules, horizon: at(200), timeline, ..plan() };
    plan.sets[0].profile = watched(plan.sets[0].profile.clone());
    let ledger = ledger(&plan);
    let is = |fact: &dyn Fn(&Fact) -> bool| times(&ledger, fact);
    let down = |fact: &Fact| matches!(fact, Fact::ProbeDown { why: ProbeFailure::Silent, .. });
    same("probed down", is(&down), vec![115.0])?;
    same("probed up", is(&|fact| matches!(fact, Fact::ProbeUp { .. })), vec![115.0])?;
    same("harm", is(&|fact| matches!(fact, Fact::HarmStarted { .. })), vec![101.0])?;
    same("harm ends", is(&|fact| matches!(fact, Fact::HarmEnded { .. })), vec![114.0])?;
    same("health", is(&|fact| matches!(fact, Fact::HealthChanged { to: Health::Unhealthy, .. })), vec![])?;
    Ok(ledger)
}

/// From 101 s on `/healthz` of number 0 answers 6 s late, which is later than a probe waits: it is down at 115 s, though users
/// are served as before. An endpoint that is 2 s late answers in time.
fn a_slow_endpoint_times_probes_out(rules: RuleSet) -> Proved {
    let run = |by, endpoint| {
        let timeline = vec![disturb(101, &[0], Disturbance::Slow { by: s(by), endpoint }, 40)];
        ledger(&Plan { rules: rules.clone(), horizon: at(200), timeline, ..plan() })
    };
    let down = |fact: &Fact| matches!(fact, Fact::ProbeDown { why: ProbeFailure::Silent, .. });
    same("in time", times(&run(2, None), down), vec![])?;
    same("another endpoint", times(&run(6, Some(0)), down), vec![])?;
    let ledger = run(6, Some(1));
    same("probed down", times(&ledger, down), vec![115.0])?;
    same("nobody is harmed", first(&ledger, |fact| matches!(fact, Fact::HarmStarted { .. })), None)?;
    Ok(ledger)
}

/// Deletes fail until 300 s. What is asked for at 250 s would be gone at 280 s and is not; what is asked for at 290 s is gone at
/// 320 s, though it began while deletes failed.
fn deletes_fail_as_long_as_the_scenario_says(rules: RuleSet) -> Proved {
    let fail = Act::FailDeletes { set: 0, failing: 1.0, length: Some(s(250)) };
    let run = |asked| {
        let timeline = vec![action("fail", 50, fail.clone()), scale(asked, 1)];
        ledger(&Plan { rules: rules.clone(), horizon: at(900), timeline, ..plan() })
    };
    let gone = |fact: &Fact| matches!(fact, Fact::InstanceDeleted { .. });
    let ledger = run(250);
    same("failed", times(&ledger, |fact| matches!(fact, Fact::DeletionFailed { .. })), vec![280.0])?;
    same("gone", times(&ledger, gone), vec![])?;
    same("gone later", times(&run(290), gone), vec![320.0])?;
    Ok(ledger)
}
