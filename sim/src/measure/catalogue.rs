//! The measures by name: their units, what they mean, and how they come out of the totals.

use super::entry_point::Totals;
use super::{EntryPoint, Measure, Measures, Unit, Value};
use crate::engine::time::SimTime;
use std::collections::BTreeSet;

/// What is known of a measure before any run.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it means.
    pub meaning: &'static str,
    /// It is also given for each entry point, where there is more than one.
    pub by_entry_point: bool,
    /// It is also given for each scale set, where there is more than one.
    pub by_scale_set: bool,
}

impl Definition {
    const fn new(name: &'static str, unit: Unit, meaning: &'static str) -> Self {
        Self { name, unit, meaning, by_entry_point: false, by_scale_set: false }
    }

    const fn by_entry_point(self) -> Self {
        Self { by_entry_point: true, ..self }
    }

    const fn by_scale_set(self) -> Self {
        Self { by_scale_set: true, ..self }
    }
}

const fn share(name: &'static str, meaning: &'static str) -> Definition {
    Definition::new(name, Unit::Percent, meaning)
}

const fn seconds(name: &'static str, meaning: &'static str) -> Definition {
    Definition::new(name, Unit::Seconds, meaning)
}

const fn count(name: &'static str, things: &'static str, meaning: &'static str) -> Definition {
    Definition::new(name, Unit::Count(things), meaning)
}

/// How a rollout can end.
const OUTCOMES: &[&str] = &["completed", "halted", "cancelled", "neverStarted", "running"];

/// Every measure, in the order in which they are shown.
pub const DEFINITIONS: &[Definition] = &[
    share("blast_radius.requests_pct", "harmed requests of all offered, over the horizon").by_entry_point(),
    share("blast_radius.requests_peak_pct", "harmed share of the requests at the worst instant, at any entry point")
        .by_entry_point(),
    share(
        "blast_radius.users_pct",
        "users with at least one harmed request: 1 − exp(−r ∫ harmed share dt), for r requests a second of each; where a rule \
         keeps clients on one backend, that over each backend and the mean of it",
    )
    .by_entry_point(),
    share(
        "blast_radius.instances_pct",
        "slots whose machine ran a bad version, or was in rotation and could not serve well, of the capacity then wanted, at the worst; \
         a machine that replaces another takes its slot",
    ),
    count(
        "blast_radius.instances",
        "instances",
        "machines that ran a bad version, or were in rotation and could not serve well; one that replaces another is one more",
    ),
    count("blast_radius.fault_domains", "fault domains", "where those machines stood"),
    count("blast_radius.zones", "zones", "where those machines stood; a regional set counts as one"),
    count("blast_radius.regions", "regions", "where those machines stood"),
    seconds("downtime.full_s", "demand, and nothing served; at the worst entry point").by_entry_point(),
    seconds("downtime.degraded_s", "harmed share above what the objective tolerates; at the worst entry point")
        .by_entry_point(),
    seconds("downtime.equivalent_s", "the integral of the harmed share; at the worst entry point").by_entry_point(),
    share(
        "connections.idle_dropped_pct",
        "requests on a kept connection that the balancer had dropped as idle without a word (LB-27), of all that kept connections \
         carry; not in the blast radius, as no rollout is to blame",
    )
    .by_entry_point(),
    share("slo.budget_spent_pct", "harmed requests of those that the objective tolerates over the horizon")
        .by_entry_point(),
    Definition::new(
        "rollout.outcome",
        Unit::Word(OUTCOMES),
        "how the rollouts ended; the worst, where there were several",
    )
    .by_scale_set(),
    Definition::new(
        "rollout.never_started_by",
        Unit::Text,
        "the rule by which a rollout that was wanted did not begin, or had nobody to bring: the last one, where no batch ever began",
    )
    .by_scale_set(),
    seconds("rollout.duration_s", "from the start of each rollout to its end, added up").by_scale_set(),
    count("rollout.batches", "batches", "batches that were started").by_scale_set(),
    Definition::new("rollout.error_code", Unit::Text, "Azure's own code of the first that halted").by_scale_set(),
    seconds("time_to.detect_s", "from first harm to the first probe that goes down after it"),
    seconds("time_to.halt_s", "from first harm to the first halt of a rollout"),
    seconds("time_to.recover_s", "from first harm to the end of the last"),
    seconds("versions.mixed_s", "more than one release of the code in rotation"),
    Definition::new(
        "versions.stale_instance_s",
        Unit::InstanceSeconds,
        "in rotation with code older than users need, summed over the instances",
    ),
    share("capacity.min_pct", "least share of the declared capacity that was in rotation and ready"),
    seconds(
        "capacity.shortfall_s",
        "demand above what the ready instances in rotation can serve; at the worst entry point",
    )
    .by_entry_point(),
    count(
        "capacity.zone_gap_max",
        "instances",
        "most by which one zone of a set held more instances than another, for any time",
    ),
    count("capacity.peak_instances", "instances", "most instances that stood at once"),
    count("repairs.count", "repairs", "repairs that were begun"),
    Definition::new(
        "repairs.loop",
        Unit::Flag,
        "whether repairs undid each other: three in a row, each of which follows from the one before",
    ),
    count("evictions.count", "instances", "Spot instances that were evicted"),
    count("jobs.started", "jobs", "jobs that an instance began"),
    count("jobs.finished", "jobs", "jobs that were done"),
    count("jobs.lost", "jobs", "jobs whose instance or process went away under them"),
    seconds("jobs.lost_work_s", "time that had been worked on the jobs that were lost"),
    count("scale.actions", "actions", "times a capacity was written"),
    count("scale.flaps", "actions", "times a capacity was written the other way within an hour of the time before"),
    count("standby.taken", "instances", "instances that came out of a standby pool"),
    count("standby.cold", "instances", "instances of a set with a standby pool that were created all the same"),
    Definition::new(
        "standby.running_h",
        Unit::InstanceHours,
        "hours that machines ran in standby pools, from their creation on: they are billed, and are in the credits",
    ),
    count("cost.credits", "credits", "instance-hours at the user's own prices"),
    Definition::new(
        "cost.regular_h",
        Unit::InstanceHours,
        "hours billed at the regular price: from running to deletion or deallocation",
    ),
    Definition::new("cost.spot_h", Unit::InstanceHours, "hours billed at the Spot price"),
    Definition::new(
        "cost.disk_gb_h",
        Unit::GigabyteHours,
        "disks of instances, by the tiers in which they are provisioned, from creation to deletion; ephemeral ones are none (CO-03)",
    ),
    count("cost.disks", "credits", "the same at the price list"),
    Definition::new(
        "cost.replica_gb_h",
        Unit::GigabyteHours,
        "replicas of images in regions, each a snapshot of what the image occupies (CO-04)",
    ),
    count("cost.replicas", "credits", "the same at the price list"),
    count("cost.egress_gb", "GB", "images copied to another region than that of their source, once a region (CO-05)"),
    count("cost.egress", "credits", "the same at the price list"),
    Definition::new("cost.build_h", Unit::InstanceHours, "hours of build machines (CO-06)"),
    count("cost.builds", "credits", "build machines and their disks at the price list"),
    count("cost.rule_h", "rule-hours", "load-balancing rules (CO-07)"),
    count("cost.processed_gb", "GB", "what the load balancers process, where the traffic says how many bytes a request carries"),
    count("cost.balancers", "credits", "rules and what they process at the price list"),
    count(
        "cost.total",
        "credits",
        "instances, disks, replicas, copies, builds and balancers; not computed where one that the scenario has is not",
    ),
];

/// The measure of this name.
#[must_use]
pub fn definition(name: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.name == name)
}

const NO_TRAFFIC: &str = "the scenario gives no traffic";

impl Measures<'_> {
    /// Every measure of the run. Call it when the run is over.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        let mut out = Vec::new();
        let entries = self.entries();
        for definition in DEFINITIONS {
            let mut push = |entry_point: Option<&str>, value: Value| {
                let value = value.finite();
                let entry_point = entry_point.map(str::to_owned);
                out.push(Measure { name: definition.name, entry_point, unit: definition.unit, value });
            };
            push(None, self.value(definition.name, &entries));
            // Which rows there are follows from the plan and not from the run: every run of it has the same.
            if definition.by_scale_set && self.plan.sets.len() > 1 {
                for (at, set) in self.plan.sets.iter().enumerate() {
                    push(Some(&set.name), self.of_rollouts(definition.name, Some(at)));
                }
            }
            if definition.by_entry_point && entries.len() > 1 {
                for entry in &entries {
                    push(Some(entry.name), self.value(definition.name, std::slice::from_ref(entry)));
                }
            }
        }
        out
    }

    /// A measure of rollouts, of one set or of all.
    fn of_rollouts(&self, name: &str, set: Option<usize>) -> Value {
        let which = name.split_once('.').map_or(name, |(_, which)| which);
        self.rollouts.value(which, set, self.plan.horizon)
    }

    /// One measure over these entry points.
    fn value(&self, name: &str, entries: &[EntryPoint<'_>]) -> Value {
        match name.split_once('.') {
            Some(("blast_radius", "requests_pct" | "requests_peak_pct" | "users_pct"))
            | Some(("slo" | "downtime" | "connections", _)) => self.of_requests(name, entries),
            Some(("capacity", "zone_gap_max")) => self.spread.value(),
            Some(("capacity", "shortfall_s")) => self.of_requests(name, entries),
            Some(("blast_radius", which)) => self.of_places(which),
            Some(("time_to", which)) => self.of_moments(which),
            Some(("rollout", _)) => self.of_rollouts(name, None),
            Some(("repairs", which)) => self.repairs.value(which),
            Some(("standby", which)) => self.standby.value(which),
            Some(("cost", which)) => self.of_bill(which).unwrap_or_else(|| self.of_census(name)),
            _ => self.of_census(name),
        }
    }

    fn of_requests(&self, name: &str, entries: &[EntryPoint<'_>]) -> Value {
        if entries.is_empty() {
            return Value::NotComputed(NO_TRAFFIC);
        }
        let sum = |of: fn(&Totals) -> f64| entries.iter().map(|entry| of(&entry.totals)).sum::<f64>();
        let worst = |of: fn(&Totals) -> f64| entries.iter().map(|entry| of(&entry.totals)).fold(0.0, f64::max);
        // What goes on at the horizon may yet grow: it is at least this.
        let so_far =
            |seconds: f64, goes_on: bool| if goes_on { Value::AtLeast(seconds) } else { Value::Number(seconds) };
        let harmed_still = entries.iter().any(|entry| entry.open.harm);
        let out_still = entries.iter().any(|entry| entry.open.outage);
        let (offered, harmed) = (sum(|totals| totals.offered), sum(|totals| totals.failed + totals.stale));
        let objective = self.plan.objective;
        const NO_OBJECTIVE: &str = "the scenario states no objective";
        match name {
            "blast_radius.requests_pct" if offered == 0.0 => Value::NotComputed("no request was offered"),
            "blast_radius.requests_pct" => Value::Number(100.0 * harmed / offered),
            "blast_radius.requests_peak_pct" => Value::Number(100.0 * worst(|totals| totals.peak)),
            "blast_radius.users_pct" => Self::users(entries),
            "connections.idle_dropped_pct" => Self::idle_dropped(entries),
            "downtime.full_s" => so_far(worst(|totals| totals.full_s), out_still),
            "downtime.degraded_s" if objective.is_none() => Value::NotComputed(NO_OBJECTIVE),
            "downtime.degraded_s" => so_far(worst(|totals| totals.degraded_s), harmed_still),
            "downtime.equivalent_s" => so_far(worst(|totals| totals.equivalent_s), harmed_still),
            "capacity.shortfall_s" if self.plan.application.capacity_rps.is_none() => {
                Value::NotComputed("the scenario gives no capacity of an instance")
            }
            "capacity.shortfall_s" => Value::Number(worst(|totals| totals.shortfall_s)),
            "slo.budget_spent_pct" => match objective {
                None => Value::NotComputed(NO_OBJECTIVE),
                Some(objective) if objective >= 1.0 => Value::NotComputed("an objective of 100 % leaves no budget"),
                Some(_) if offered == 0.0 => Value::NotComputed("no request was offered"),
                Some(objective) => Value::Number(100.0 * harmed / (offered * (1.0 - objective))),
            },
            other => unreachable!("{other} is not a measure of requests"),
        }
    }

    fn idle_dropped(entries: &[EntryPoint<'_>]) -> Value {
        let kept = entries.iter().filter_map(|entry| Some((entry.totals.offered, entry.idle_dropped?)));
        let (mut offered, mut dropped) = (0.0, 0.0);
        for (requests, share) in kept {
            offered += requests;
            dropped += requests * share;
        }
        match entries.iter().any(|entry| entry.users.is_some()) {
            false => Value::NotComputed("the scenario gives no users"),
            true if offered == 0.0 => Value::NotComputed("no client keeps its connections"),
            true => Value::Number(100.0 * dropped / offered),
        }
    }

    fn users(entries: &[EntryPoint<'_>]) -> Value {
        let (mut users, mut harmed) = (0.0, 0.0);
        for entry in entries {
            let Some(of) = entry.users else { continue };
            users += of.count;
            harmed += of.count * entry.users_hit;
        }
        if users == 0.0 {
            Value::NotComputed("the scenario gives no users")
        } else {
            Value::Number(100.0 * harmed / users)
        }
    }

    fn of_bill(&self, which: &str) -> Option<Value> {
        let offered: Vec<f64> = self.requests.totals().map(|totals| totals.offered).collect();
        if which != "total" {
            return self.bill.value(which, &offered);
        }
        let items = self.bill.items();
        let of_kind = items.iter().filter(|(_, is)| *is);
        let values = of_kind.filter_map(|(item, _)| self.bill.value(item, &offered));
        let mut sum = 0.0;
        for value in std::iter::once(self.of_census("cost.credits")).chain(values) {
            match value {
                Value::Number(credits) => sum += credits,
                other => return Some(other),
            }
        }
        Some(Value::Number(sum))
    }

    fn of_places(&self, which: &str) -> Value {
        let census = &self.census;
        let distinct = |count: usize| Value::Number(count as f64);
        match which {
            "instances" => Value::Number(f64::from(census.hit)),
            "instances_pct" if census.declared_max == 0 => Value::NotComputed("no capacity is declared"),
            "instances_pct" => Value::Number(100.0 * census.slots.share_max()),
            "fault_domains" => distinct(census.hit_places.len()),
            "zones" => distinct(
                census.hit_places.iter().map(|&(region, zone, ..)| (region, zone)).collect::<BTreeSet<_>>().len(),
            ),
            "regions" => distinct(census.hit_places.iter().map(|&(region, ..)| region).collect::<BTreeSet<_>>().len()),
            other => unreachable!("{other} is not a measure of places"),
        }
    }

    fn of_moments(&self, which: &str) -> Value {
        let moments = &self.moments;
        let Some(first) = moments.first_harm else { return Value::NotComputed("nobody was harmed") };
        let since = |at: SimTime| at.since(first).seconds();
        let horizon = self.plan.horizon;
        match which {
            "detect_s" => match moments.detected {
                Some(at) => Value::Number(since(at)),
                None if moments.open > 0 => Value::AtLeast(since(horizon)),
                None => Value::NotComputed("no probe went down before the harm was over"),
            },
            // A halt before anybody was harmed is a rollout that was stopped in time.
            "halt_s" => match self.rollouts.first_halt() {
                Some(at) if at >= first => Value::Number(since(at)),
                Some(_) => Value::NotComputed("the rollout halted before anybody was harmed"),
                None => Value::NotComputed("no rollout halted"),
            },
            "recover_s" if moments.open > 0 => Value::AtLeast(since(horizon)),
            "recover_s" => Value::Number(moments.last_end.map_or(0.0, since)),
            other => unreachable!("{other} is not a measure of moments"),
        }
    }

    fn of_census(&self, name: &str) -> Value {
        let census = &self.census;
        match name {
            "versions.mixed_s" => Value::Number(census.mixed_s()),
            "versions.stale_instance_s" => Value::Number(census.stale_instance_s()),
            "capacity.min_pct" if !census.serving_share_min.is_finite() => {
                Value::NotComputed("no set that is in a pool has capacity")
            }
            "capacity.min_pct" => Value::Number(100.0 * census.serving_share_min),
            "capacity.peak_instances" => Value::Number(f64::from(census.standing_max)),
            "scale.flaps" => Value::Number(f64::from(census.scale_flaps)),
            "scale.actions" => Value::Number(f64::from(census.scale_actions)),
            "cost.regular_h" => Value::Number(census.billed_s / 3600.0),
            "cost.spot_h" => Value::Number(census.spot_s / 3600.0),
            "cost.credits" => match census.cost().zip(self.standby.cost()) {
                Some((instances, pools)) => Value::Number(instances + pools),
                None => Value::NotComputed("the scenario gives no price of the size of its instances"),
            },
            "evictions.count" => Value::Number(f64::from(census.evictions)),
            name if name.starts_with("jobs.") && self.plan.application.jobs.is_none() => {
                Value::NotComputed("the scenario gives no jobs")
            }
            "jobs.started" => Value::Number(f64::from(census.jobs[0])),
            "jobs.finished" => Value::Number(f64::from(census.jobs[1])),
            "jobs.lost" => Value::Number(f64::from(census.jobs[2])),
            "jobs.lost_work_s" => Value::Number(census.lost_work_s),
            other => unreachable!("{other} is not a measure of the fleet"),
        }
    }
}
