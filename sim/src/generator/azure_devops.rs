//! What a random scenario has of Azure DevOps: pools of agents with jobs, and deployments to environments. Drawn from a stream of its
//! own, so that it moves no other draw of the scenario.

use super::Draw;
use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{
    Act, Action, AgentPool, DeployCheck, Environment, JobStream, MaxParallel, Plan, PowerAct, Trigger, Which,
};
use crate::rules::{A, Value};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 141;

impl Plan {
    /// With Azure DevOps; in most scenarios, nothing of it.
    pub(super) fn with_azure_devops(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        // Azure Pipelines brings no set to another OS image.
        if draw.chance(0.4) && self.sets.iter().all(|set| !set.upgrade.os.enabled) {
            self.with_agents(&mut draw);
        }
        if draw.chance(0.4) && !self.pipelines.is_empty() {
            self.with_environment(&mut draw);
        }
        self.timeline.sort_by_key(|action| action.at);
        self
    }

    /// The last set is a pool of agents.
    fn with_agents(&mut self, draw: &mut Draw) {
        let set = self.sets.len() as u16 - 1;
        let autoscaled = self.autoscale.iter().any(|setting| setting.set == set);
        if autoscaled || self.application.jobs.as_ref().is_some_and(|jobs| jobs.set == set) {
            return;
        }
        self.horizon = self.horizon.max(SimTime::from_ms(3_600_000));
        let max_capacity = 1 + draw.below(8) as u32;
        let time_to_live = if draw.chance(0.5) { SimDuration::ZERO } else { draw.length(60, 900) };
        self.agent_pools.push(AgentPool {
            name: "build".into(),
            set,
            max_capacity,
            desired_idle: draw.below(4) as u32,
            recycle: draw.chance(0.4),
            time_to_live,
            max_saved: u32::from(draw.chance(0.7)),
            created: draw.chance(0.2).then(|| SimTime::ZERO + draw.length(0, 600)),
            jobs: (0..draw.below(4)).map(|nth| draw.job_stream(nth)).collect(),
        });
        if draw.chance(0.3) {
            self.images.iter_mut().take(2).for_each(|image| image.boot_failure = 0.4);
        }
        // Somebody changes the set behind the back of its pool.
        for i in 0..draw.below(3) {
            let which = Which::Ordinals(vec![draw.below(4) as u32]);
            let what = match draw.below(3) {
                0 => Act::SetCapacity { set, capacity: draw.below(6) as u32 },
                1 => Act::Power { set, which, how: PowerAct::Delete },
                _ => Act::Power { set, which, how: PowerAct::Restart },
            };
            let at = SimTime::ZERO + draw.length(0, 3000);
            self.timeline.push(Action { name: format!("out of band {i}"), at, what });
        }
        let startup = if draw.chance(0.3) { draw.length(500, 1000) } else { draw.length(0, 200) };
        self.set_assumption(A::AgentsStartup, Value::Dist(Dist::Constant(startup)));
        self.set_assumption(A::AgentsGrowthStep, Value::Share([0.25, 0.5, 1.0][draw.below(3) as usize]));
        for (assumption, words) in [
            (A::AgentsExcess, ["pool", "agent"]),
            (A::AgentsRecycle, ["next_sample", "at_once"]),
            (A::AgentsSamplePhase, ["seeded", "aligned"]),
        ] {
            self.set_assumption(assumption, Value::Choice(draw.pick(&words)));
        }
    }

    /// The pipeline deploys to an environment.
    fn with_environment(&mut self, draw: &mut Draw) {
        let max_parallel = match draw.below(3) {
            0 => MaxParallel::Percent(draw.pick(&[10, 25, 50, 100])),
            _ => MaxParallel::Count(1 + draw.below(3) as u32),
        };
        let after = draw.length(0, 60);
        self.pipelines[0].trigger = Trigger::Never;
        self.pipelines[0].deployed = draw.chance(0.5).then_some(1);
        self.pipelines[0].environment = Some(Environment {
            max_parallel,
            drains: draw.chance(0.4),
            pre_deploy: if draw.chance(0.5) { SimDuration::ZERO } else { draw.length(1, 30) },
            check: draw.chance(0.6).then_some(DeployCheck { endpoint: 1, after }),
            removes_gone: draw.chance(0.5),
        });
        for i in 0..1 + draw.below(3) {
            let at = SimTime::ZERO + draw.length(0, 700);
            self.timeline.push(Action { name: format!("deploy {i}"), at, what: Act::RunPipeline { pipeline: 0 } });
        }
        self.set_assumption(A::EnvironmentsPercentRound, Value::Choice(draw.pick(&["floor", "ceiling"])));
        self.set_assumption(A::EnvironmentsOffline, Value::Choice(draw.pick(&["fails", "skipped"])));
    }
}

impl Draw {
    fn job_stream(&mut self, nth: u64) -> JobStream {
        let from = SimTime::ZERO + self.length(0, 1200);
        let longest = if self.chance(0.7) { 300 } else { 1500 };
        JobStream {
            name: format!("stream {nth}"),
            from,
            until: self.chance(0.3).then(|| from + self.length(60, 900)),
            every: self.dist(20, 200),
            count: self.chance(0.5).then(|| self.below(12) as u32),
            duration: Dist::Uniform { min: self.length(5, 60), max: self.length(60, longest) },
        }
    }
}
