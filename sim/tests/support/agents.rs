//! Pools of scale set agents for tests. A new machine boots 100 s after its request, and its agent is online 20 s later. The pool is
//! sampled every 300 s.

use super::*;

/// One job: when it comes, and how long it runs.
pub fn job(name: &str, from: u64, duration: u64) -> JobStream {
    let (every, duration) = (constant(60), constant(duration));
    JobStream { name: name.into(), from: at(from), until: None, every, count: Some(1), duration }
}

/// A pool with this maximum and these to stand by, over a set of so many machines.
pub fn agents(rules: RuleSet, (most, idle): (u32, u32), standing: u32) -> Plan {
    let mut plan = Plan { rules, pools: Vec::new(), entry_points: Vec::new(), ..plan() };
    (plan.sets[0].capacity, plan.sets[0].pools) = (standing, Vec::new());
    plan.agent_pools = vec![AgentPool {
        name: "build".into(),
        set: 0,
        max_capacity: most,
        desired_idle: idle,
        recycle: false,
        time_to_live: AgentPool::TIME_TO_LIVE,
        max_saved: 0,
        created: None,
        jobs: Vec::new(),
    }];
    assume(&mut plan, A::AgentsStartup, Value::Dist(constant(20)));
    assume(&mut plan, A::AgentsSamplePhase, Value::Choice("aligned"));
    plan
}
