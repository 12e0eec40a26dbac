//! The measures that an expectation may name.

/// The unit of a measure, which says what it may be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share in percent points, compared with `1%`.
    Percent,
    /// Seconds, compared with a number of seconds or a duration.
    Seconds,
    /// A number of things.
    Count,
    /// Hours, a number.
    Hours,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A text that Azure gives, such as an error code.
    Text,
    /// `true` or `false`.
    Flag,
}

impl Unit {
    /// The unit as it is written in tables.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::Seconds => "s",
            Self::Hours => "h",
            Self::Count => "count",
            Self::Word(_) => "word",
            Self::Text => "text",
            Self::Flag => "true or false",
        }
    }

    /// Whether values have an order, so that `atMost` and `atLeast` make sense.
    #[must_use]
    pub const fn ordered(self) -> bool {
        matches!(self, Self::Percent | Self::Seconds | Self::Hours | Self::Count)
    }
}

/// A measure.
#[derive(Debug)]
pub struct Measure {
    /// `blast_radius.requests_pct`.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it means, in one line.
    pub meaning: &'static str,
}

macro_rules! measures {
    ($($name:literal $unit:expr, $meaning:literal;)+) => {
        /// Every measure.
        pub static MEASURES: &[Measure] = &[$(Measure { name: $name, unit: $unit, meaning: $meaning }),+];
    };
}

/// How a rollout can end.
const OUTCOMES: &[&str] = &["completed", "halted", "cancelled", "neverStarted", "running"];

measures! {
    "blast_radius.requests_pct" Unit::Percent, "harmed requests ÷ offered requests, over the horizon";
    "blast_radius.requests_peak_pct" Unit::Percent, "the same at the worst instant";
    "blast_radius.users_pct" Unit::Percent, "users with at least one harmed request; needs `users`";
    "blast_radius.instances_pct" Unit::Percent, "distinct instances that ran a bad version or were in rotation unready ÷ declared capacity";
    "blast_radius.instances" Unit::Count, "the same, counted";
    "blast_radius.zones" Unit::Count, "zones in which they stood";
    "blast_radius.fault_domains" Unit::Count, "fault domains in which they stood";
    "blast_radius.regions" Unit::Count, "regions in which they stood";
    "downtime.full_s" Unit::Seconds, "demand, and nothing served, at the worst entry point";
    "downtime.degraded_s" Unit::Seconds, "harmed share above the scenario's objective";
    "downtime.equivalent_s" Unit::Seconds, "the harmed share, integrated over time";
    "slo.budget_spent_pct" Unit::Percent, "share of the error budget of the objective that was spent";
    "rollout.outcome" Unit::Word(OUTCOMES), "how the rollout ended";
    "rollout.duration_s" Unit::Seconds, "from its start to its end";
    "rollout.batches" Unit::Count, "batches that were started";
    "rollout.error_code" Unit::Text, "Azure's own code";
    "time_to.detect_s" Unit::Seconds, "from first harm to first detection";
    "time_to.halt_s" Unit::Seconds, "from first harm to the halt";
    "time_to.recover_s" Unit::Seconds, "from first harm to the end of harm";
    "versions.mixed_s" Unit::Seconds, "time with more than one release serving";
    "versions.stale_instance_s" Unit::Seconds, "instance-seconds in rotation with code older than required";
    "capacity.min_pct" Unit::Percent, "least capacity in rotation ÷ declared capacity";
    "capacity.shortfall_s" Unit::Seconds, "demand above the capacity in rotation";
    "capacity.peak_instances" Unit::Count, "most instances that stood at once";
    "repairs.count" Unit::Count, "repairs that were started";
    "repairs.loop" Unit::Flag, "whether repairs undid each other";
    "evictions.count" Unit::Count, "Spot instances that were evicted";
    "scale.actions" Unit::Count, "scale actions that were taken";
    "scale.flaps" Unit::Count, "scale actions that undid the one before";
    "cost.credits" Unit::Count, "cost in the user's own prices";
    "cost.regular_h" Unit::Hours, "instance-hours at the regular price";
    "cost.spot_h" Unit::Hours, "instance-hours at the Spot price";
    "cost.replica_gb_h" Unit::Hours, "gigabyte-hours of image replicas";
}

/// The measure of this name.
#[must_use]
pub fn measure(name: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == name)
}
