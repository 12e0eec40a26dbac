//! The measures: a row each, with everything that is known of it before any run and the function that computes it.
//!
//! Whoever shows, compares, judges or stores measures reads the row. What the code itself asks for by name has a constant here.

mod cost;
mod deployments;
mod instances;
mod requests;
mod rollouts;

pub use rollouts::Outcome;

use super::scope::{Scope, ScopeKind};
use super::value::{Measure, Unit, Value};
use super::{EntryPoint, Measures};
use crate::plan::Word as _;
use std::fmt;

/// Which way of a measure is the good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Less is better: harm, downtime, cost.
    Lower,
    /// More is better: what stays up.
    Higher,
    /// Neither: it says what happened.
    Neutral,
}

impl Direction {
    /// As tables say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Lower => "lower is better",
            Self::Higher => "higher is better",
            Self::Neutral => "neither way is better",
        }
    }
}

/// The greatest value that a measure can have in any run; the least is 0. Only a measure with bounds has an interval that holds
/// whatever its distribution and whenever one looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// This number.
    Most(f64),
    /// The seconds of the horizon.
    Horizon,
}

impl Bound {
    /// The number, in a run of so many seconds.
    #[must_use]
    pub const fn most(self, horizon_s: f64) -> f64 {
        match self {
            Self::Most(most) => most,
            Self::Horizon => horizon_s,
        }
    }
}

/// What shows that a measure grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Users began to be harmed.
    Harm,
    /// Nobody was served any more.
    Outage,
    /// Something happened to an instance.
    Instance,
}

/// The words below a measure where it stands as a figure: of one, and of any other number.
pub type Title = [&'static str; 2];

/// Computes a measure of the fleet, or of a part of it, from the totals of a run.
type Compute = fn(&Reading<'_>, Scope) -> Value;

/// What is known of a measure before any run.
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it means.
    pub meaning: &'static str,
    /// The parts of the fleet that it is also given for, where there is more than one.
    pub scopes: &'static [ScopeKind],
    /// Which way of it is better.
    pub direction: Direction,
    /// The greatest value that it can have, where there is one.
    pub bound: Option<Bound>,
    /// What it is where nobody is harmed, for a measure of harm.
    pub unharmed: Option<f64>,
    /// A change that makes it worse makes an incident worse, where nobody says otherwise.
    pub is_judged: bool,
    /// What shows that it grew.
    pub sign: Sign,
    /// It has a table of its own where policies are compared.
    pub has_table: bool,
    /// It is a figure at the head of a report, with this title.
    pub title: Option<Title>,
    /// The function that computes it.
    of: Compute,
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const fn row(name: &'static str, unit: Unit, direction: Direction, meaning: &'static str, of: Compute) -> Definition {
    let (scopes, bound, unharmed, sign) = (&[], None, None, Sign::Instance);
    let (is_judged, has_table, title) = (false, false, None);
    Definition { name, unit, meaning, scopes, direction, bound, unharmed, is_judged, sign, has_table, title, of }
}

impl Definition {
    const fn by(self, scopes: &'static [ScopeKind]) -> Self {
        Self { scopes, ..self }
    }

    const fn within(self, bound: Bound) -> Self {
        Self { bound: Some(bound), ..self }
    }

    /// A measure of harm: none of it is 0, or all of what should be there.
    const fn harm(self) -> Self {
        let best = if matches!(self.direction, Direction::Higher) { 100.0 } else { 0.0 };
        Self { unharmed: Some(best), ..self }
    }

    /// Users are harmed by it, or work is lost.
    const fn judged(self) -> Self {
        Self { is_judged: true, ..self }
    }

    const fn shown_by(self, sign: Sign) -> Self {
        Self { sign, ..self }
    }

    const fn table(self) -> Self {
        Self { has_table: true, ..self }
    }

    const fn titled(self, title: &'static str) -> Self {
        self.counted(title, title)
    }

    const fn counted(self, one: &'static str, many: &'static str) -> Self {
        Self { title: Some([one, many]), ..self }
    }
}

/// The share of the requests that are harmed: what an objective limits.
pub const HARMED: &str = "blast_radius.requests_pct";
/// How long nobody is served.
pub const FULL: &str = "downtime.full_s";
/// How long the objective is not met.
pub const DEGRADED: &str = "downtime.degraded_s";
/// The harmed share of the requests over time.
pub const EQUIVALENT: &str = "downtime.equivalent_s";
/// How rollouts end.
pub const OUTCOME: &str = "rollout.outcome";
/// The rule that kept a rollout from beginning.
pub const NEVER_STARTED_BY: &str = "rollout.never_started_by";
/// How long rollouts take.
pub const DURATION: &str = "rollout.duration_s";
/// Batches that were started.
pub const BATCHES: &str = "rollout.batches";
/// From the first harm to the end of the last.
pub const RECOVER: &str = "time_to.recover_s";
/// How long the capacity does not suffice.
pub const SHORTFALL: &str = "capacity.shortfall_s";
/// Repairs that were begun.
pub const REPAIRS: &str = "repairs.count";
/// Times a capacity was written.
pub const ACTIONS: &str = "scale.actions";
/// Hours billed at the regular price.
pub const REGULAR: &str = "cost.regular_h";
/// Hours of Spot instances that are billed.
pub const SPOT: &str = "cost.spot_h";
/// Instances that were bad, and the share of the fleet that is.
pub const INSTANCES: &str = "blast_radius.instances";
/// See [`INSTANCES`].
pub const INSTANCES_SHARE: &str = "blast_radius.instances_pct";
/// From the first harm to the halt of a rollout.
pub const HALT: &str = "time_to.halt_s";
/// Deployment targets without a machine.
pub const GHOSTS: &str = "octopus.ghosts";
/// Background jobs that began, and those that were lost.
pub const JOBS_STARTED: &str = "jobs.started";
/// See [`JOBS_STARTED`].
pub const JOBS_LOST: &str = "jobs.lost";

const ENTRY: &[ScopeKind] = &[ScopeKind::EntryPoint];
const SET: &[ScopeKind] = &[ScopeKind::ScaleSet];
const PLACE: &[ScopeKind] = &[ScopeKind::ScaleSet, ScopeKind::Zone];

const SHARE: Bound = Bound::Most(100.0);
const HOURS: Unit = Unit::InstanceHours;
const CREDITS: Unit = Unit::Count("credits");
const JOBS: Unit = Unit::Count("jobs");
const REQUESTS: Unit = Unit::Count("requests");
const MACHINES: Unit = Unit::Count("instances");

use Bound::Horizon;
use Direction::{Higher, Lower, Neutral};
use Unit::{Count, Flag, GigabyteHours, InstanceSeconds, Percent, Seconds, Text, Word};

/// Every measure, in the order in which they are shown.
#[rustfmt::skip]
pub static DEFINITIONS: &[Definition] = &[
    row(HARMED, Percent, Lower, "harmed requests of all offered, over the horizon", requests::harmed)
        .by(ENTRY).within(SHARE).harm().judged().shown_by(Sign::Harm).table().titled("of requests harmed"),
    row("blast_radius.requests_peak_pct", Percent, Lower,
        "harmed share of the requests at the worst instant, at any entry point", requests::peak)
        .by(ENTRY).within(SHARE).harm().judged().shown_by(Sign::Harm).titled("at the worst instant"),
    row("blast_radius.users_pct", Percent, Lower,
        "users with at least one harmed request: 1 − exp(−r ∫ harmed share dt), for r requests a second of each; where a rule keeps \
         clients on one backend, that over each backend and the mean of it",
        requests::users)
        .by(ENTRY).within(SHARE).harm().judged().shown_by(Sign::Harm).table().titled("of users harmed"),
    row(INSTANCES_SHARE, Percent, Lower,
        "the greatest share of the wanted capacity that ran a bad version, or took requests it could not serve well; a machine that \
         replaces another counts as the same",
        instances::hit_share)
        .harm().judged().table(),
    row(INSTANCES, MACHINES, Lower,
        "distinct instances that ran a bad version, or took requests they could not serve well; one that replaces another is one more",
        instances::hit)
        .by(PLACE).harm().judged().counted("instance bad or harming", "instances bad or harming"),
    row("blast_radius.fault_domains", Count("fault domains"), Lower,
        "distinct fault domains in which such an instance was", instances::hit_domains)
        .harm().judged().counted("fault domain", "fault domains"),
    row("blast_radius.zones", Count("zones"), Lower,
        "distinct zones in which such an instance was; a regional set counts as one", instances::hit_zones)
        .harm().judged().counted("zone", "zones"),
    row("blast_radius.regions", Count("regions"), Lower,
        "distinct regions in which such an instance was, or all of whose instances are behind an entry point at which users were harmed",
        instances::hit_regions)
        .harm().judged(),
    row("blast_radius.scale_sets", Count("scale sets"), Lower, "distinct scale sets in which such an instance was", instances::hit_sets).harm().judged(),
    row(FULL, Seconds, Lower, "demand, and nothing served; at the worst entry point", requests::full)
        .by(ENTRY).within(Horizon).harm().judged().shown_by(Sign::Outage).table().titled("nobody served"),
    row(DEGRADED, Seconds, Lower, "harmed share above what the objective tolerates; at the worst entry point", requests::degraded)
        .by(ENTRY).within(Horizon).harm().judged().shown_by(Sign::Harm).table().titled("below the objective"),
    row(EQUIVALENT, Seconds, Lower, "the integral of the harmed share; at the worst entry point", requests::equivalent)
        .by(ENTRY).within(Horizon).harm().judged().shown_by(Sign::Harm).table(),
    row("connections.idle_dropped_pct", Percent, Lower,
        "requests on a kept connection that the balancer had dropped as idle without a word (LB-27), of all that kept connections \
         carry; not in the blast radius, as no rollout is to blame",
        requests::idle_dropped)
        .by(ENTRY),
    row("slo.budget_spent_pct", Percent, Lower,
        "harmed requests of those that the objective tolerates over the horizon", requests::budget)
        .by(ENTRY).harm().shown_by(Sign::Harm),
    row(OUTCOME, Word(Outcome::WORDS), Neutral,
        "how the rollouts ended; the worst, where there were several", rollouts::outcome).by(SET).table(),
    row(NEVER_STARTED_BY, Text, Neutral,
        "the rule by which a rollout that was wanted did not begin, or had no instance to upgrade: the last one, where no batch \
         ever began",
        rollouts::never_started_by)
        .by(SET),
    row(DURATION, Seconds, Lower, "from the start of each rollout to its end, added up", rollouts::duration).by(SET).table(),
    row(BATCHES, Count("batches"), Neutral, "batches that were started", rollouts::batches).by(SET),
    row("rollout.error_code", Text, Neutral, "Azure's own code of the first that halted", rollouts::error_code).by(SET),
    row("time_to.detect_s", Seconds, Lower,
        "from the beginning of the longest harm to the first probe that goes down in it; of harm that ceases for less than a minute, all \
         is one",
        rollouts::detect).shown_by(Sign::Harm),
    row(HALT, Seconds, Lower, "from first harm to the first halt of a rollout", rollouts::halt).shown_by(Sign::Harm),
    row(RECOVER, Seconds, Lower, "from first harm to the end of the last", rollouts::recover).shown_by(Sign::Harm).table(),
    // A rolling upgrade mixes versions by design, and a short mix may be a short rollout or none.
    row("versions.mixed_s", Seconds, Neutral,
        "users meet more than one release of the code, by new connections or by kept ones", instances::mixed).within(Horizon),
    row("versions.stale_instance_s", InstanceSeconds, Lower,
        "in rotation with code older than users need, summed over the instances", instances::stale),
    row("capacity.min_pct", Percent, Higher,
        "least share of the declared capacity that was in rotation and ready", instances::least_share).harm().table(),
    row(SHORTFALL, Seconds, Lower,
        "demand above what the ready instances in rotation can serve; at the worst entry point", requests::shortfall)
        .by(ENTRY).within(Horizon).harm().judged().table(),
    row("capacity.zone_gap_max", MACHINES, Lower,
        "most by which one zone of a set held more instances than another, for any time", instances::zone_gap).by(SET),
    row("capacity.peak_instances", MACHINES, Neutral, "most instances at once", instances::peak).by(PLACE),
    row("capacity.least_instances", MACHINES, Neutral, "fewest instances at once, for any time", instances::least).by(PLACE),
    row(REPAIRS, Count("repairs"), Lower, "repairs that were begun", instances::repairs).by(SET),
    row("repairs.loop", Flag, Lower,
        "whether repairs undid each other: three in a row, each of which follows from the one before", instances::repair_loop),
    // Evictions are Azure's doing, and scaling is what the policy was asked for.
    row("evictions.count", MACHINES, Neutral, "Spot instances that were evicted", instances::evictions).by(PLACE),
    row(JOBS_STARTED, JOBS, Neutral, "jobs that an instance began", instances::jobs_started),
    row("jobs.finished", JOBS, Higher, "jobs that were done", instances::jobs_finished),
    row(JOBS_LOST, JOBS, Lower, "jobs whose instance or process went away under them", instances::jobs_lost).judged(),
    row("jobs.lost_work_s", Seconds, Lower, "time that had been worked on the jobs that were lost", instances::lost_work)
        .table(),
    row("jobs.wait_p50_s", Seconds, Lower, "how long a job waits until an instance begins it: the median", instances::wait_median)
        .table(),
    row("jobs.wait_p95_s", Seconds, Lower, "the same: what 95 of 100 jobs do not exceed", instances::wait_longest)
        .table(),
    row("jobs.waiting_max", JOBS, Lower, "most jobs that waited at once, for any time", instances::most_waiting),
    row("agents.idle_h", HOURS, Neutral, "hours that agents of pools were online without a job, and billed", instances::idle_agents)
        .table(),
    row("agents.deleted_busy", MACHINES, Lower, "machines of agent pools whose deletion began under a job", instances::deleted_busy).judged(),
    row("gateways.instances_max", MACHINES, Neutral,
        "most instances of a gateway that took requests at once, where it scales by itself", instances::most_of_gateway).by(ENTRY),
    row("gateways.short_s", Seconds, Lower,
        "its load needed more instances of a gateway than took requests (AG-13); what that delays or loses is not modelled",
        instances::gateway_short)
        .by(ENTRY).within(Horizon),
    row("gateways.answered_502", REQUESTS, Lower,
        "failed requests that a gateway answered with 502: it had no backend, or none took the connection; of v1 also those that no backend \
         answered in time (AG-10, AG-11)",
        requests::answered_502)
        .by(ENTRY).harm().shown_by(Sign::Harm),
    row("gateways.answered_504", REQUESTS, Lower,
        "the same with 504: of v2, no backend answered in time, and nor did a second one (AG-10)", requests::answered_504)
        .by(ENTRY).harm().shown_by(Sign::Harm),
    row("gateways.answered_errors", REQUESTS, Lower,
        "failed requests that a backend answered with an error, which the gateway passed on, or shed as it had more than it takes; with \
         502 and 504 these are all that failed",
        requests::answered_errors)
        .by(ENTRY).harm().shown_by(Sign::Harm),
    row("retries.requests", REQUESTS, Neutral,
        "requests that clients sent again since they had failed; they count among the requests of all other measures (WT-19)",
        requests::retried)
        .by(ENTRY),
    row("retries.given_up_pct", Percent, Lower,
        "requests that failed and were not sent again, in percent of those that were sent for the first time; at the end of the run, with \
         those that wait for their next try",
        requests::given_up)
        .by(ENTRY).within(Bound::Most(100.0)).harm().shown_by(Sign::Harm),
    row("queue.late_s", Seconds, Lower,
        "requests waited for a backend for longer than their clients did, so that all of them failed (WT-20)", requests::late)
        .by(ENTRY).within(Horizon).harm().shown_by(Sign::Harm),
    row(ACTIONS, Count("actions"), Neutral, "times a capacity was written", instances::scale_actions),
    row("scale.flaps", Count("actions"), Lower,
        "times a capacity was written the other way within an hour of the time before", instances::scale_flaps),
    row("standby.taken", MACHINES, Neutral, "instances that came out of a standby pool", instances::standby_taken),
    row("standby.cold", MACHINES, Neutral,
        "instances of a set with a standby pool that were created all the same", instances::standby_cold),
    row("standby.running_h", HOURS, Neutral,
        "hours that machines ran in standby pools, from their creation on: they are billed, and are in the credits",
        instances::standby_running),
    row("octopus.deployments", Count("deployments"), Neutral, "deployments of Octopus that installed a release on a target", deployments::count),
    row("octopus.unsuccessful", Count("deployments"), Lower, "deployments of Octopus that failed or were cancelled",
        deployments::unsuccessful).judged(),
    row("octopus.wait_s", Seconds, Lower, "the longest from when a new deployment target is found available to the first step on it",
        deployments::wait).within(Horizon),
    row("octopus.new_machine_s", Seconds, Lower,
        "the longest from the creation of a machine that is a deployment target to the first release that is deployed to it",
        deployments::caught_up).within(Horizon),
    row("octopus.undeployed", MACHINES, Lower,
        "new machines that are deployment targets, and to which nothing was ever deployed", deployments::undeployed),
    row(GHOSTS, Count("targets"), Lower,
        "most deployment targets at once whose machines were gone", deployments::ghosts),
    row("octopus.ghost_s", Seconds, Lower,
        "the longest that a deployment target outlived its machine", deployments::ghost).within(Horizon),
    row("octopus.refused", Count("deployments"), Lower,
        "deployments that Octopus refused, as a phase of the lifecycle before was not complete", deployments::refused),
    row("octopus.lifecycle_s", Seconds, Lower,
        "the longest from the creation of a release to the end of its lifecycle: every phase that is not optional is complete, for every \
         tenant",
        deployments::way).within(Horizon),
    row("cost.credits", CREDITS, Lower, "instance-hours at the user's own prices", cost::credits),
    row(REGULAR, HOURS, Lower, "hours billed at the regular price: from running to deletion or deallocation", cost::regular).table(),
    row(SPOT, HOURS, Lower, "hours billed at the Spot price", cost::spot),
    row("cost.disk_gb_h", GigabyteHours, Lower,
        "disks of instances, by the tiers in which they are provisioned, from creation to deletion; ephemeral ones are none \
         (CO-03)", cost::disk_gb_h),
    row("cost.disks", CREDITS, Lower, "the same at the price list", cost::disks),
    row("cost.replica_gb_h", GigabyteHours, Lower,
        "replicas of images in regions, each a snapshot of what the image occupies (CO-04)", cost::replica_gb_h),
    row("cost.replicas", CREDITS, Lower, "the same at the price list", cost::replicas),
    row("cost.egress_gb", Count("GB"), Lower,
        "images copied to another region than that of their source, once a region (CO-05)", cost::egress_gb),
    row("cost.egress", CREDITS, Lower, "the same at the price list", cost::egress),
    row("cost.build_h", HOURS, Lower, "hours of build machines (CO-06)", cost::build_h),
    row("cost.builds", CREDITS, Lower, "build machines and their disks at the price list", cost::builds),
    row("cost.rule_h", Count("rule-hours"), Lower, "load-balancing rules (CO-07)", cost::rule_h),
    row("cost.processed_gb", Count("GB"), Lower,
        "what the load balancers process, where the traffic says how many bytes a request carries", cost::processed_gb),
    row("cost.balancers", CREDITS, Lower, "rules and what they process at the price list", cost::balancers),
    row("cost.total", CREDITS, Lower,
        "instances, disks, replicas, copies, builds and balancers; not computed where one that the scenario has is not", cost::total),
];

/// Those that have a table of their own where policies are compared, the most telling first.
pub fn tables() -> impl Iterator<Item = &'static str> {
    DEFINITIONS.iter().filter(|row| row.has_table).map(|row| row.name)
}

/// The measure of this name.
#[must_use]
pub fn definition(name: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.name == name)
}

/// What the functions read: the totals of a run that is over.
struct Reading<'m> {
    of: &'m Measures<'m>,
    /// The entry points that have traffic.
    entries: Vec<EntryPoint<'m>>,
    /// How many of them have users of their own; they come first.
    roots: usize,
    /// By entry point: the requests of which harm is a share.
    offered: Vec<f64>,
}

impl<'m> Reading<'m> {
    /// The entry points that a scope is about.
    fn entries(&self, scope: Scope) -> &[EntryPoint<'m>] {
        // A request that a name leads elsewhere counts once in the fleet.
        let Scope::EntryPoint(id) = scope else { return &self.entries[..self.roots] };
        self.entries.iter().position(|entry| entry.id == id).map_or(&[], |at| &self.entries[at..=at])
    }
}

impl Measures<'_> {
    /// Every measure of the run. Call it when the run is over.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        self.measures_of(&self.offered())
    }

    /// The measures of a run that was stopped, with harm as a share of the requests of the whole run.
    #[must_use]
    pub fn measures_within(&self, whole: &Measures<'_>) -> Vec<Measure> {
        self.measures_of(&whole.offered())
    }

    fn measures_of(&self, offered: &[f64]) -> Vec<Measure> {
        let entries = self.entries();
        let roots = entries.partition_point(|entry| self.plan.entry_point(entry.id).is_root());
        let reading = Reading { of: self, entries, roots, offered: offered.to_vec() };
        let parts = ScopeKind::ALL.map(|kind| (kind, Scope::measured(self.plan, kind)));
        let mut out = Vec::new();
        for definition in DEFINITIONS {
            let asked = parts.iter().filter(|(kind, _)| definition.scopes.contains(kind));
            let scopes = std::iter::once(Scope::Fleet).chain(asked.flat_map(|(_, parts)| parts.iter().copied()));
            out.extend(scopes.map(|scope| Measure {
                definition,
                scope,
                value: (definition.of)(&reading, scope).finite(),
            }));
        }
        out
    }

    /// By entry point: the requests that were offered.
    fn offered(&self) -> Vec<f64> {
        self.requests.totals().map(|totals| totals.offered).collect()
    }
}
