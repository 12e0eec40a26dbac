//! The keys of Azure DevOps: pools of scale set agents, and deployments to environments of machines.

use super::*;
use crate::tree::Node;
use windtunnel_sim::plan::MaxParallel;

object! {
    /// A pool of scale set agents in Azure DevOps, in the words of its API: it makes and deletes the machines of the set (DO-01).
    mod agent_pool "AgentPool";
    /// the set whose machines are its agents
    SCALE_SET: Text = required("scaleSet");
    /// maximum number of virtual machines in the scale set
    MAX_CAPACITY: Whole<u32, 1, 1000> = required("maxCapacity");
    /// number of agents to keep on standby
    DESIRED_IDLE: Whole<u32, 0, 1000> = required_at_most("desiredIdle", "maxCapacity");
    /// tear down virtual machines after every use: a machine gets a new OS disk after each job
    RECYCLE_AFTER_EACH_USE: Flag = default("recycleAfterEachUse", false);
    /// delay in minutes before deleting excess idle agents
    TIME_TO_LIVE_MINUTES: Whole<u32, 0, 10_080> = default("timeToLiveMinutes", 30);
    /// save an unhealthy agent for investigation: at most one is (DO-04)
    MAX_SAVED_NODE_COUNT: Whole<u32, 0, 1> = default("maxSavedNodeCount", 0);
    /// when the pool is created; it deletes the machines that it finds. Absent, it was there before, and they are its agents
    CREATED_AT: Moment = optional("createdAt");
    /// the jobs that come to it
    JOBS: Tree = optional("jobs", MapOf(Names::Of("stream of jobs"), &job_stream::MAPPING));
}

object! {
    /// Jobs of one kind: the first comes at `from`, the next each time later.
    mod job_stream "JobStream";
    /// when the first comes
    FROM: Moment = default("from", SimDuration::ZERO);
    /// none comes from then on
    UNTIL: Moment = optional("until");
    /// from one to the next
    EVERY: Length = required("every");
    /// how many come at most
    COUNT: Whole<u32, 1, 1_000_000> = optional("count");
    /// how long one runs
    DURATION: Length = required("duration");
}

/// How many targets are deployed to at once: a number, or a share of them.
#[derive(Debug)]
pub struct AtOnce;

impl Reads for AtOnce {
    const KIND: Kind = Either(&[Integer(1, 10_000), Kind::Percent(1.0, 100.0)]);
    type Value<'n> = MaxParallel;

    fn of(node: &Node) -> Option<MaxParallel> {
        let count = Whole::<u32, 1, 10_000>::of(node).map(MaxParallel::Count);
        let share = || Some(Share::of(node)?).filter(|share| *share >= 0.01);
        count.or_else(|| Some(MaxParallel::Percent((share()? * 100.0).round() as u32)))
    }
}

object! {
    /// A deployment job of Azure DevOps by the rolling strategy, to the machines that registered with an environment (DO-07).
    mod environment "Environment";
    /// to how many targets at once: a number, or `25%` of them
    MAX_PARALLEL: AtOnce = required("maxParallel");
    /// how long `preDeploy` takes on a machine
    PRE_DEPLOY: Time = default("preDeploy", SimDuration::ZERO);
    /// `preDeploy` sets the admin state of its backends to Down, and `routeTraffic` back to None (LB-29)
    DRAINS: Flag = default("drains", false);
    /// the check of a machine that its traffic is routed to again
    POST_ROUTE_TRAFFIC: Tree = optional("postRouteTraffic", post_route_traffic::MAPPING);
    /// somebody removes the resource of a machine that is gone; otherwise it stays, offline (DO-09)
    REMOVES_GONE: Flag = default("removesGone", false);
}

object! {
    /// What `postRouteTraffic` asks a machine; anything but 200 fails it.
    mod post_route_traffic "PostRouteTraffic";
    /// the path
    PATH: Text = required("path");
    /// how long after `routeTraffic`
    AFTER: Time = default("after", SimDuration::ZERO);
}
