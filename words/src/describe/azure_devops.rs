//! Pools of scale set agents and deployments to environments, in words.

use super::Names;
use crate::number::counted;
use windtunnel_sim::world::fact::{AgentFact, DeploymentResult, EnvironmentFact, WentOffline, WhyUnhealthy};
use windtunnel_sim::world::ids::AgentPoolId;

impl Names<'_> {
    /// The name of a pool of agents.
    pub(super) fn agent_pool(&self, id: AgentPoolId) -> &str {
        &self.plan.agent_pools[id.index()].name
    }

    /// The name of a stream of its jobs.
    pub(super) fn job_stream(&self, pool: AgentPoolId, stream: u16) -> &str {
        &self.plan.agent_pools[pool.index()].jobs[usize::from(stream)].name
    }
}

fn agents(count: u32) -> String {
    counted(count, "agent", "agents")
}

fn are_idle(count: u32) -> String {
    counted(count, "agent is idle", "agents are idle")
}

fn machines(count: u32) -> String {
    counted(count, "machine", "machines")
}

fn jobs_wait(count: u32) -> String {
    counted(count, "job waits", "jobs wait")
}

/// A fact about pools of agents as a sentence.
pub fn agent_sentence(who: &str, fact: &AgentFact) -> String {
    match *fact {
        AgentFact::PoolCreated { found: 0, .. } => format!("agent pool {who} is created on an empty scale set"),
        AgentFact::PoolCreated { found, .. } => {
            format!("agent pool {who} is created, and deletes the {} that it finds", machines(found))
        }
        AgentFact::Online { .. } => format!("the agent on {who} is online and idle"),
        AgentFact::Offline { why, .. } => match why {
            WentOffline::Recycled => {
                format!("the agent on {who} goes offline after its job; its machine is to be reimaged")
            }
            WentOffline::Deleted => format!("the agent on {who} goes offline with its machine"),
            WentOffline::Lost => format!("the agent on {who} goes offline unexpectedly: its machine is down"),
        },
        AgentFact::Unhealthy { why, .. } => match why {
            WhyUnhealthy::NotOnline => format!("{who} is unhealthy to its pool: no agent came online within 10 min"),
            WhyUnhealthy::WentOffline => format!("{who} is unhealthy to its pool: its machine was down"),
            WhyUnhealthy::ProvisioningFailed => format!("{who} is unhealthy to its pool: its provisioning failed"),
        },
        AgentFact::Saved { .. } => format!("{who} is saved for investigation"),
        AgentFact::PoolGrows { to, idle, waiting, .. } => {
            format!("agent pool {who} grows to {}: {}, and {}", machines(to), are_idle(idle), jobs_wait(waiting))
        }
        AgentFact::PoolShrinks { by, idle, .. } => {
            format!("agent pool {who} deletes {by} of its {}", counted(idle, "idle agent", "idle agents"))
        }
        AgentFact::PoolFull { idle, waiting, .. } => {
            format!("agent pool {who} is at its maximum: {}, and {}", are_idle(idle), jobs_wait(waiting))
        }
        AgentFact::StepTimedOut { missing, .. } => {
            format!(
                "agent pool {who} waits no longer for its last step: {} did not come online in 20 min",
                agents(missing)
            )
        }
    }
}

/// A fact about deployments to environments as a sentence.
pub fn environment_sentence(names: &Names<'_>, who: &str, fact: &EnvironmentFact) -> String {
    let targets = |count| counted(count, "target", "targets");
    match *fact {
        EnvironmentFact::Started { targets: of, parallel, .. } => {
            format!("a deployment of {who} starts, to {}, at most {parallel} at a time", targets(of))
        }
        EnvironmentFact::Iteration { iteration, size, .. } => {
            format!("iteration {iteration} of {who} deploys to {}", targets(size))
        }
        EnvironmentFact::TargetOffline { pipeline, .. } => {
            format!("{who} is offline, so {} cannot deploy to it", names.pipeline(pipeline))
        }
        EnvironmentFact::CheckFailed { pipeline, .. } => {
            format!("{who} does not answer 200 to the health check of {}", names.pipeline(pipeline))
        }
        EnvironmentFact::Ended { result, succeeded, failed, left, .. } => match result {
            DeploymentResult::Succeeded => format!("the deployment of {who} succeeds on {}", targets(succeeded)),
            DeploymentResult::PartiallySucceeded => {
                format!("the deployment of {who} partially succeeds: {succeeded} succeeded, {failed} failed")
            }
            DeploymentResult::Failed => {
                format!("the deployment of {who} fails: {succeeded} succeeded, {failed} failed, {left} not reached")
            }
            DeploymentResult::NotMet => {
                format!(
                    "the deployment of {who} fails: the deployment configuration settings are not met, since maxParallel allows no target"
                )
            }
        },
    }
}
