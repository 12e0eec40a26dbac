//! The keys of traffic, and of what was before t = 0.

use super::*;
use windtunnel_sim::plan::Connections;

object! {
    /// What users send to an entry point.
    mod traffic "Traffic";
    /// `300 rps`, or a shape over time
    DEMAND: Tree = required("demand", Either(&[Kind::Rate, demand::MAPPING]));
    /// kept connections stay on their instance (LB-17)
    CONNECTIONS: Words<Connections> = default("connections", Connections::PerRequest.word());
    /// the users behind these requests
    USERS: Tree = optional("users", users::MAPPING);
    /// where they are, of a Traffic Manager profile (TM-10) or a Front Door (AFD-05) that chooses by that
    FROM: Tree = optional("from", List(&user_group::MAPPING));
    /// the port by which they come, of a Traffic Manager profile, which answers with addresses and no port; where it is absent, that of the
    /// monitor if it is 443 or 80, else 443 or 80 if a rule has it
    PORT: Whole<u16, 1, 65_535> = optional("port");
    /// bytes that a request and its answer carry; `cost.processed_gb` needs them
    BYTES_PER_REQUEST: Number<0, 1_000_000_000_000> = optional("bytesPerRequest");
    /// what clients do about a request that failed; absent: nothing
    RETRIES: Tree = optional("retries", retries::MAPPING);
    /// requests that come while all backends are busy wait; absent: they fail at once (WT-10)
    QUEUE: Tree = optional("queue", queue::MAPPING);
}

object! {
    /// Clients send a request again that failed (WT-19). At the rule of a load balancer.
    mod retries "Retries";
    /// how long after the failure
    AFTER: Time = required("after");
    /// how many times as long before each further try: 2 doubles it
    FACTOR: Number<1, 10> = default("factor", 1.0);
    /// how often a request is sent again at most; absent: until it succeeds
    TIMES: Whole<u32, 0, 1000> = optional("times");
    /// how many are sent again for each that failed: below 1 where some clients give up, above 1 where several layers try again
    PER_FAILURE: Number<0, 10> = default("perFailure", 1.0);
    /// a budget: no more are sent again than this share of those that are sent for the first time
    BUDGET: Share = optional("budget");
}

object! {
    /// Requests wait for a backend that has time (WT-20). At the rule of a load balancer.
    mod queue "Queue";
    /// how many wait at most, at all backends together
    REQUESTS: Whole<u32, 1, 1_000_000_000> = required("requests");
    /// how long a client waits for an answer; a backend works on its request all the same
    TIMEOUT: Time = required("timeout");
}

object! {
    /// Users in one place, as Traffic Manager (TM-10) and Front Door (AFD-05) see them.
    mod user_group "UserGroup";
    /// their share of all
    SHARE: Share = required("share");
    /// the endpoints from the closest on, for `Performance`
    NEAREST: Texts = optional("nearest");
    /// the regions they are in, from the narrowest on, for `Geographic`: `[FR, GEO-EU, WORLD]`
    GEOGRAPHY: Texts = optional("geography");
    /// the address from which their resolvers ask, for `Subnet`
    ADDRESS: Text = optional("address");
    /// how far each origin is from the edge where they arrive, for Front Door: `{ west: 10ms, east: 80ms }`; where it is
    /// absent, `frontdoor.latency`
    LATENCY: Tree = optional("latency", MapOf(Names::Of("origin"), &Kind::Duration));
}

object! {
    /// Demand over time.
    mod demand "Demand";
    /// linear between times of day in UTC, and on over midnight
    DAILY: Tree = choice("daily", MapOf(Names::TimesOfDay, &Kind::Rate));
    /// constant from each instant to the next
    STEPS: Tree = choice("steps", List(&step::MAPPING));
    /// linear between instants
    POINTS: Tree = choice("points", List(&step::MAPPING));
    /// a CSV file with the columns `time,rps`, linear between rows
    TRACE: Text = choice("trace");
    /// so many times as much, throughout: what if there were twice as many users
    FACTOR: Number<0, 1_000> = default("factor", 1.0);
}

object! {
    /// Demand at an instant.
    mod step "Step";
    /// when
    AT: Moment = required("at");
    /// how much
    RPS: Rate = required("rps");
}

object! {
    /// The users behind the requests, for `blast_radius.users_pct`.
    mod users "Users";
    /// how many
    COUNT: Whole<u32, 1, { u32::MAX as i64 }> = required("count");
    /// requests a second of each
    REQUESTS_PER_USER: Rate = required("requestsPerUser");
}

object! {
    /// What was before t = 0, which predictive autoscale learns from (PA-02).
    mod history "History";
    /// how long the fleet ran
    LENGTH: Time = required("length");
    /// what users sent then, from the beginning of the history; where it is absent, the same as in the run: a daily
    /// shape goes back, and any other has the value of t = 0
    TRAFFIC: Tree = optional("traffic", MapOf(Names::Of("entry point"), &Either(&[Kind::Rate, demand::MAPPING])));
}
