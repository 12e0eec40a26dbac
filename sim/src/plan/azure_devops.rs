//! Azure DevOps: pools of scale set agents with the jobs that come to them, and deployments to environments of machines.

use crate::engine::random::Dist;
use crate::engine::time::{SimDuration, SimTime};

/// A pool of scale set agents: Azure Pipelines makes and deletes the instances of the set (DO-01).
#[derive(Clone, Debug, PartialEq)]
pub struct AgentPool {
    /// Its name.
    pub name: String,
    /// The set whose instances are its agents.
    pub set: u16,
    /// `maxCapacity`: the most machines of the set.
    pub max_capacity: u32,
    /// `desiredIdle`: how many idle agents are kept ready.
    pub desired_idle: u32,
    /// `recycleAfterEachUse`: a machine is made anew after each job.
    pub recycle: bool,
    /// `timeToLiveMinutes`: how long there are too many idle agents before some are deleted.
    pub time_to_live: SimDuration,
    /// `maxSavedNodeCount`: how many machines whose agent did not start are kept for a person to look at.
    pub max_saved: u32,
    /// When the pool is created: it finds the set as it is then. Absent, it was there before the run begins, and what stands is
    /// its agents.
    pub created: Option<SimTime>,
    /// The jobs that come to it.
    pub jobs: Vec<JobStream>,
}

impl AgentPool {
    /// `timeToLiveMinutes` where it is not written (DO-03).
    pub const TIME_TO_LIVE: SimDuration = SimDuration::from_mins(30);
}

/// Jobs of one kind that come to a pool of agents.
#[derive(Clone, Debug, PartialEq)]
pub struct JobStream {
    /// Its name, which keys the draws.
    pub name: String,
    /// When the first job comes.
    pub from: SimTime,
    /// No job comes from then on.
    pub until: Option<SimTime>,
    /// From one job to the next.
    pub every: Dist,
    /// How many come at most.
    pub count: Option<u32>,
    /// How long a job runs.
    pub duration: Dist,
}

/// A pipeline deploys to the machines that are registered with an environment, by the rolling strategy (DO-07).
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// `maxParallel`.
    pub max_parallel: MaxParallel,
    /// `preDeploy` writes admin state Down for the backends of a machine, and `routeTraffic` takes it back.
    pub drains: bool,
    /// How long `preDeploy` takes on a machine before `deploy` begins there.
    pub pre_deploy: SimDuration,
    /// The check that `postRouteTraffic` makes of each machine.
    pub check: Option<DeployCheck>,
    /// Somebody removes the resource of a machine that is gone; otherwise it stays, offline.
    pub removes_gone: bool,
}

/// `maxParallel`: to how many machines at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxParallel {
    /// This many.
    Count(u32),
    /// This share of them, in percent.
    Percent(u32),
}

/// What `postRouteTraffic` asks of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeployCheck {
    /// Index into the endpoints of the application.
    pub endpoint: u16,
    /// How long after its traffic is back.
    pub after: SimDuration,
}

impl super::Plan {
    /// Whether jobs come to anybody.
    #[must_use]
    pub fn has_jobs(&self) -> bool {
        self.application.jobs.is_some() || !self.agent_pools.is_empty()
    }
}
