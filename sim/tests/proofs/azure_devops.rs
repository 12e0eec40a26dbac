//! Azure DevOps: pools of scale set agents, and deployments to environments. A new machine boots 100 s after its request, and its
//! agent is online 20 s later. A new disk is in after 75 s, and its system is up 40 s later. Pools are sampled every 300 s, and grow by
//! a quarter of their maximum. A pipeline works for 200 s on a machine.

use crate::support::agents::{agents, job};
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{AgentFact, DeploymentResult, EnvironmentFact, Fact, Record, WentOffline};

type Proved = Result<Vec<Record>, String>;

proofs! { "azure_devops":
    DO_01 a_new_pool_deletes_what_it_finds,
    DO_02 a_machine_is_made_anew_after_its_job,
    DO_03 a_pool_grows_by_samples_and_steps,
    DO_04 an_agent_that_does_not_come_online_is_deleted,
    DO_05 a_pool_does_one_thing_at_a_time,
    DO_06 a_pool_deletes_the_idle_agents_that_it_names,
    DO_07 a_rolling_deployment_goes_by_iterations,
    DO_08 a_failed_target_stays_in_hand,
    DO_09 a_machine_that_is_gone_stays_a_target,
}

fn grows(ledger: &[Record]) -> Vec<(f64, u32)> {
    timed(ledger, |fact| match *fact {
        Fact::Agent(AgentFact::PoolGrows { to, .. }) => Some(to),
        _ => None,
    })
}

fn online(ledger: &[Record]) -> Vec<(f64, u32)> {
    timed(ledger, |fact| match *fact {
        Fact::Agent(AgentFact::Online { instance }) => Some(instance.0),
        _ => None,
    })
}

fn deleting(ledger: &[Record]) -> Vec<(f64, u32)> {
    timed(ledger, |fact| match *fact {
        Fact::InstanceDeleting { instance, .. } => Some(instance.0),
        _ => None,
    })
}

/// Two machines stand when the pool is created at 100 s: they go, and the first sample, at 400 s, makes two of its own.
fn a_new_pool_deletes_what_it_finds(rules: RuleSet) -> Proved {
    let mut plan = agents(rules, (8, 1), 2);
    plan.agent_pools[0].created = Some(at(100));
    plan.horizon = at(1000);
    let ledger = ledger(&plan);
    same("deleted", deleting(&ledger), vec![(100.0, 0), (100.0, 1)])?;
    same("grows", grows(&ledger), vec![(400.0, 2)])?;
    same("online", online(&ledger), vec![(520.0, 2), (520.0, 3)])?;
    Ok(ledger)
}

/// The one agent has a job from 100 to 200 s, and goes offline. The sample at 300 s orders a new disk: in at 375 s, up at 415 s, and
/// online at 435 s. The second job waits from 150 s until then.
fn a_machine_is_made_anew_after_its_job(rules: RuleSet) -> Proved {
    let mut plan = agents(rules, (1, 1), 1);
    plan.agent_pools[0].recycle = true;
    plan.agent_pools[0].jobs = vec![job("first", 100, 100), job("second", 150, 10)];
    plan.horizon = at(500);
    let ledger = ledger(&plan);
    let recycled = |fact: &Fact| matches!(fact, Fact::Agent(AgentFact::Offline { why: WentOffline::Recycled, .. }));
    same("offline", times(&ledger, recycled), vec![200.0, 445.0])?;
    same("online", online(&ledger), vec![(0.0, 0), (435.0, 0)])?;
    let begun = |fact: &Fact| matches!(fact, Fact::Job(windtunnel_sim::world::fact::JobFact::Started { .. }));
    same("jobs", times(&ledger, begun), vec![100.0, 435.0])?;
    Ok(ledger)
}

/// A step is a quarter of eight. At 300 s nobody is idle of two that are to be: two machines, online at 420 s. At 650 s one of them gets
/// a long job; at 900 s one is idle, and though one more would do, two come, online at 1,020 s. From the sample at 1,200 s on there is
/// one idle agent too many; at 3,000 s for half an hour, at 3,300 s for more than that, and one goes.
fn a_pool_grows_by_samples_and_steps(rules: RuleSet) -> Proved {
    let mut plan = agents(rules, (8, 2), 0);
    plan.agent_pools[0].jobs = vec![job("long", 650, 6000)];
    let ledger = ledger(&plan);
    same("grows", grows(&ledger), vec![(300.0, 2), (900.0, 4)])?;
    same("online", online(&ledger), vec![(420.0, 0), (420.0, 1), (1020.0, 2), (1020.0, 3)])?;
    // Instance 1 has been idle longest of 1, 2 and 3.
    same("goes", deleting(&ledger), vec![(3300.0, 1)])?;
    Ok(ledger)
}

/// The agent takes 15 min to start. Its machine is up at 400 s; the samples at 600 and 900 s find it there for less than 10 min, that at
/// 1,200 s for more: it is saved, since one may be, and another is made. That is up at 1,300 s, and deleted by the sample at 2,100 s.
fn an_agent_that_does_not_come_online_is_deleted(rules: RuleSet) -> Proved {
    let mut plan = agents(rules, (2, 1), 0);
    plan.agent_pools[0].max_saved = 1;
    plan.horizon = at(2200);
    assume(&mut plan, A::AgentsStartup, Value::Dist(constant(900)));
    let ledger = ledger(&plan);
    let unhealthy = |fact: &Fact| matches!(fact, Fact::Agent(AgentFact::Unhealthy { .. }));
    same("unhealthy", times(&ledger, unhealthy), vec![1200.0, 2100.0])?;
    same("saved", times(&ledger, |fact| matches!(fact, Fact::Agent(AgentFact::Saved { .. }))), vec![1200.0])?;
    same("deleted", deleting(&ledger), vec![(2100.0, 1)])?;
    same("online", online(&ledger), vec![])?;
    Ok(ledger)
}

/// The agents of the first step come online at 800 s. At 600 s the pool wants more, and its step is under way; at 900 s it goes on.
fn a_pool_does_one_thing_at_a_time(rules: RuleSet) -> Proved {
    let mut plan = agents(rules, (8, 4), 0);
    plan.horizon = at(1000);
    assume(&mut plan, A::AgentsStartup, Value::Dist(constant(400)));
    let ledger = ledger(&plan);
    same("grows", grows(&ledger), vec![(300.0, 2), (900.0, 4)])?;
    Ok(ledger)
}

/// Of three agents the newest, 2, has a long job. There are two idle ones from 152 s on, and one is to stand by: at 300 s that is seen, at
/// 600 s it has lasted longer than no time. The one that has been idle longest goes; the scale-in policy would take the newest.
fn a_pool_deletes_the_idle_agents_that_it_names(rules: RuleSet) -> Proved {
    let mut plan = agents(rules, (3, 1), 3);
    plan.agent_pools[0].time_to_live = SimDuration::ZERO;
    plan.agent_pools[0].jobs = vec![job("a", 100, 50), job("b", 101, 51), job("c", 102, 5000)];
    plan.horizon = at(700);
    let ledger = ledger(&plan);
    same("goes", deleting(&ledger), vec![(600.0, 0)])?;
    let lost = |fact: &Fact| matches!(fact, Fact::Job(windtunnel_sim::world::fact::JobFact::Lost { .. }));
    same("lost", times(&ledger, lost), vec![])?;
    Ok(ledger)
}

/// An environment of so many machines, to this many of which a pipeline deploys at once from 200 s on.
fn environment(rules: RuleSet, machines: u32, max_parallel: MaxParallel) -> Plan {
    let environment =
        Environment { max_parallel, drains: false, pre_deploy: SimDuration::ZERO, check: None, removes_gone: false };
    let mut plan = Plan { rules, ..plan() };
    plan.pipelines = vec![Pipeline { trigger: Trigger::Never, environment: Some(environment), ..pipeline() }];
    plan.sets[0].capacity = machines;
    plan.timeline = vec![action("deploy", 200, Act::RunPipeline { pipeline: 0 })];
    plan
}

fn iterations(ledger: &[Record]) -> Vec<(f64, u32)> {
    timed(ledger, |fact| match *fact {
        Fact::Environment(EnvironmentFact::Iteration { size, .. }) => Some(size),
        _ => None,
    })
}

/// When a deployment ended, how, and on how many targets it succeeded, failed, and never began.
type Ended = (f64, DeploymentResult, [u32; 3]);

fn ended(ledger: &[Record]) -> Vec<Ended> {
    let ended = ledger.iter().filter_map(|record| match record.fact {
        Fact::Environment(EnvironmentFact::Ended { result, succeeded, failed, left, .. }) => {
            Some((record.time.seconds(), result, [succeeded, failed, left]))
        }
        _ => None,
    });
    ended.collect()
}

/// Five machines, two at a time: 200 s for each of three iterations. Of 40 % of five, two again; 10 % of five is none, and refused.
fn a_rolling_deployment_goes_by_iterations(rules: RuleSet) -> Proved {
    let of_percent = ledger(&environment(rules.clone(), 5, MaxParallel::Percent(40)));
    let ledger_of_count = ledger(&environment(rules.clone(), 5, MaxParallel::Count(2)));
    for ledger in [&of_percent, &ledger_of_count] {
        same("iterations", iterations(ledger), vec![(200.0, 2), (400.0, 2), (600.0, 1)])?;
        same("end", ended(ledger), vec![(800.0, DeploymentResult::Succeeded, [5, 0, 0])])?;
    }
    let none = ledger(&environment(rules, 5, MaxParallel::Percent(10)));
    same("none", ended(&none), vec![(200.0, DeploymentResult::NotMet, [0, 0, 5])])?;
    Ok(ledger_of_count)
}

/// Two of four at a time, and the check fails where the process is down. With one such machine, one more is in hand at once from then
/// on, and the deployment partially succeeds; with two, nothing more is done.
fn a_failed_target_stays_in_hand(rules: RuleSet) -> Proved {
    let checked = |down: &[u32]| {
        let mut plan = environment(rules.clone(), 4, MaxParallel::Count(2));
        let environment = plan.pipelines[0].environment.as_mut().expect("it has one");
        environment.check = Some(DeployCheck { endpoint: 1, after: SimDuration::ZERO });
        plan.timeline.push(disturb(100, down, Disturbance::ProcessDown, 3000));
        plan.timeline.sort_by_key(|action| action.at);
        ledger(&plan)
    };
    let two = checked(&[0, 1]);
    same("two fail", ended(&two), vec![(400.0, DeploymentResult::Failed, [0, 2, 2])])?;
    let one = checked(&[0]);
    same("one fails", iterations(&one), vec![(200.0, 2), (400.0, 1), (600.0, 1)])?;
    same("end", ended(&one), vec![(800.0, DeploymentResult::PartiallySucceeded, [3, 1, 0])])?;
    Ok(one)
}

/// Three machines are registered. One is deleted at 50 s, and one is made at 60 s, which registers at 160 s; another is made at 250 s. The
/// deployment of 200 s goes to the four that registered: one of them is offline, and the last machine gets nothing.
fn a_machine_that_is_gone_stays_a_target(rules: RuleSet) -> Proved {
    let mut plan = environment(rules, 3, MaxParallel::Count(10));
    let delete = Act::Power { set: 0, which: Which::One(0), how: PowerAct::Delete };
    plan.timeline.extend([action("delete", 50, delete), scale(60, 3), scale(250, 4)]);
    plan.timeline.sort_by_key(|action| action.at);
    let ledger = ledger(&plan);
    same("end", ended(&ledger), vec![(400.0, DeploymentResult::PartiallySucceeded, [3, 1, 0])])?;
    let installed = ledger.iter().filter_map(|record| match record.fact {
        Fact::CodeInstalled { instance, .. } if record.time > at(0) => Some(instance.0),
        _ => None,
    });
    same("installed", installed.collect(), vec![1, 2, 3])?;
    Ok(ledger)
}
