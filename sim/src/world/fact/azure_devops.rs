//! What happened in pools of scale set agents, and in deployments to environments of machines.

use super::row::facts;
use crate::words;
use crate::world::ids::{AgentPoolId, InstanceId, PipelineId};

words! {
    /// Why an agent went offline.
    pub enum WentOffline {
        /// It has done its job, and its machine is made anew (DO-02).
        Recycled = 0 => "recycled",
        /// Its machine is deleted.
        Deleted = 1 => "deleted",
        /// Its machine went down under it (DO-04).
        Lost = 2 => "machineDown",
    }
}

words! {
    /// Why a machine of a pool is unhealthy (DO-04).
    pub enum WhyUnhealthy {
        /// Its agent did not come online in time.
        NotOnline = 0 => "agentNotOnline",
        /// Its agent went offline by itself.
        WentOffline = 1 => "agentWentOffline",
        /// Its provisioning failed.
        ProvisioningFailed = 2 => "provisioningFailed",
    }
}

facts! {
    /// What happened in a pool of agents.
    AgentFact:

    /// The pool was created, and found so many machines.
    410 "agentPoolCreated" PoolCreated { pool: AgentPoolId => subject, found: u32 } in Scaling Tick "agent pool" Act;
    /// An agent is online.
    411 "agentOnline" Online { instance: InstanceId => subject } in Agents Begin "agent" Good;
    /// It is offline.
    412 "agentOffline" Offline { instance: InstanceId => subject, why: WentOffline }
        in Agents End "agent" LaneTone::good_if(why != WentOffline::Lost);
    /// A machine of the pool is of no use.
    413 "agentUnhealthy" Unhealthy { instance: InstanceId => subject, why: WhyUnhealthy } in Repairs Tick "agent" Bad;
    /// It is kept for a person to look at.
    414 "agentSaved" Saved { instance: InstanceId => subject } in Repairs Tick "saved agent" Wait;
    /// The pool grows to so many machines, since so many agents are idle and so many jobs wait.
    415 "agentPoolGrows" PoolGrows { pool: AgentPoolId => subject, to: u32, idle: u32, waiting: u32 }
        in Scaling Tick "agent pool" Work;
    /// It deletes some of its idle agents.
    416 "agentPoolShrinks" PoolShrinks { pool: AgentPoolId => subject, by: u32, idle: u32 }
        in Scaling Tick "agent pool" Work;
    /// It would grow, and has its most machines.
    417 "agentPoolFull" PoolFull { pool: AgentPoolId => subject, idle: u32, waiting: u32 }
        in Scaling Tick "agent pool" Wait;
    /// A step of growth took too long, and these of its machines are no agents yet.
    418 "agentPoolStepTimedOut" StepTimedOut { pool: AgentPoolId => subject, missing: u32 }
        in Scaling Tick "agent pool" Bad;
}

words! {
    /// How a deployment to an environment ended.
    pub enum Result {
        /// On every target.
        Succeeded = 0 => "succeeded",
        /// On some targets it failed, and enough stayed as they are to be served meanwhile (DO-08).
        PartiallySucceeded = 1 => "partiallySucceeded",
        /// It failed on as many as may be in hand at once, and went no further.
        Failed = 2 => "failed",
        /// `maxParallel` allows not one target.
        NotMet = 3 => "settingsNotMet",
    }
}

facts! {
    /// What happened in a deployment to an environment.
    EnvironmentFact:

    /// A deployment began, to so many targets, so many at once at most.
    420 "deploymentJobStarted" Started { pipeline: PipelineId => subject, targets: u32, parallel: u32 => "maxParallel" }
        in Pipelines Begin "deployment job" Work;
    /// The next targets are deployed to.
    421 "deploymentJobIteration" Iteration { pipeline: PipelineId => subject, iteration: u32, size: u32 }
        in Pipelines Tick "iteration" Work;
    /// A target is offline.
    422 "resourceOffline" TargetOffline { instance: InstanceId => subject, pipeline: PipelineId }
        in Pipelines Tick "target" Bad;
    /// A target that was deployed to does not answer 200.
    423 "resourceCheckFailed" CheckFailed { instance: InstanceId => subject, pipeline: PipelineId }
        in Pipelines Tick "target" Bad;
    /// The deployment ended.
    424 "deploymentJobEnded" Ended {
        pipeline: PipelineId => subject, result: Result, succeeded: u32, failed: u32, left: u32,
    } in Pipelines End "deployment job" LaneTone::good_if(result == Result::Succeeded);
}
