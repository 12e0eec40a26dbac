//! Autoscale settings, the metrics they read, and the history that forecasts are made from.

use super::Segment;
use crate::engine::time::{SimDuration, SimTime};

/// An autoscale setting of a scale set.
#[derive(Clone, Debug, PartialEq)]
pub struct Autoscale {
    /// Resource name.
    pub name: String,
    /// The set whose capacity it writes.
    pub set: u16,
    /// Its profiles, in the order of the file.
    pub profiles: Vec<ScaleProfile>,
    /// `predictiveAutoscalePolicy`, unless it is Disabled.
    pub predictive: Option<Predictive>,
    /// `enabled`: one that is not acts when a write has enabled it.
    pub enabled: bool,
    /// The profiles that only writes give it, numbered behind its own.
    pub later: Vec<ScaleProfile>,
}

/// A setting as a write leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingWritten {
    /// `enabled`.
    pub enabled: bool,
    /// Its profiles by their numbers, in the order of the file.
    pub profiles: Vec<u16>,
    /// `predictiveAutoscalePolicy`, unless it is Disabled.
    pub predictive: Option<Predictive>,
}

/// A profile: limits and rules for some of the time.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleProfile {
    /// Its name.
    pub name: String,
    /// `capacity.minimum`.
    pub minimum: u32,
    /// `capacity.maximum`.
    pub maximum: u32,
    /// `capacity.default`: what a missing metric scales out to (AS-16).
    pub default: u32,
    /// When it rules.
    pub when: ProfileWhen,
    /// Its rules.
    pub rules: Vec<ScaleRule>,
}

/// When a profile rules (AS-04, AS-05). Instants are in milliseconds since t = 0, since a profile may have begun before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProfileWhen {
    /// Whenever no other does.
    Default,
    /// Between two instants, the second excluded.
    Fixed {
        /// Its beginning.
        from_ms: i64,
        /// Its end.
        until_ms: i64,
    },
    /// From each of these instants on, until another recurring profile starts; rising.
    Recurring {
        /// Its starts, the last before t = 0 among them.
        starts_ms: Vec<i64>,
    },
}

/// A rule: when a metric is beyond a threshold, the count changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleRule {
    /// What it looks at.
    pub trigger: MetricTrigger,
    /// Whether it adds or removes.
    pub direction: ScaleDirection,
    /// How the count changes.
    pub change: ScaleChange,
    /// `cooldown`.
    pub cooldown: SimDuration,
}

/// `metricTrigger`.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricTrigger {
    /// The metric.
    pub metric: Metric,
    /// `timeGrain`.
    pub grain: SimDuration,
    /// `statistic`.
    pub statistic: Statistic,
    /// `timeWindow`.
    pub window: SimDuration,
    /// `timeAggregation`.
    pub aggregation: Aggregation,
    /// `operator`.
    pub operator: Operator,
    /// `threshold`.
    pub threshold: f64,
    /// The value is divided by the instance count: by nature, or by `dividePerInstance` (AS-14).
    pub per_instance: bool,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// `Percentage CPU` of the instances of a set.
    Cpu(u16),
    /// A metric that the scenario gives, an index into [`super::Plan::metrics`].
    Given(u16),
    /// A metric that nothing gives: it is always missing.
    Missing,
}

crate::words! {
    /// How the samples of a grain become one number (AS-09).
    #[expect(missing_docs, reason = "the words are Azure's own")]
    pub enum Statistic {
        Average => "Average",
        Min => "Min",
        Max => "Max",
        Sum => "Sum",
        Count => "Count",
    }
}

crate::words! {
    /// How the numbers of a window become one (AS-09).
    #[expect(missing_docs, reason = "the words are Azure's own")]
    pub enum Aggregation {
        Average => "Average",
        Minimum => "Minimum",
        Maximum => "Maximum",
        Total => "Total",
        Count => "Count",
        Last => "Last",
    }
}

crate::words! {
    /// How a value is compared with the threshold (AS-09).
    #[expect(missing_docs, reason = "the words are Azure's own")]
    pub enum Operator {
        Equals => "Equals",
        NotEquals => "NotEquals",
        GreaterThan => "GreaterThan",
        GreaterThanOrEqual => "GreaterThanOrEqual",
        LessThan => "LessThan",
        LessThanOrEqual => "LessThanOrEqual",
    }
}

crate::words! {
    /// `scaleAction.direction`.
    pub enum ScaleDirection {
        /// It does nothing.
        None => "None",
        /// It scales out.
        Increase => "Increase",
        /// It scales in.
        Decrease => "Decrease",
    }
}

/// `scaleAction.type` and `value` (AS-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleChange {
    /// By so many.
    Count(u32),
    /// By so many percent.
    Percent(u32),
    /// To so many.
    Exact(u32),
    /// To the next count that the resource can have: of a scale set, one more or one less.
    NextAllowed,
}

/// `predictiveAutoscalePolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Predictive {
    /// It acts, and does not only show its forecast (PA-03).
    pub acts: bool,
    /// `scaleLookAheadTime`.
    pub look_ahead: Option<SimDuration>,
}

/// A metric that the scenario gives.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenMetric {
    /// `jobs/ApproximateMessageCount`.
    pub name: String,
    /// Its value over time; the rate of a segment is a value here.
    pub values: Vec<Segment>,
    /// When it is not delivered: from, until.
    pub missing: Vec<(SimTime, SimTime)>,
    /// Versions of images that have no agent to send it, as indices into the images of the plan (AS-27).
    pub not_sent_by: Vec<u16>,
}

/// How the processor of an instance follows its load, as shares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cpu {
    /// Without any request.
    pub idle: f64,
    /// At the capacity of the instance; beyond it the line goes on to 100 %.
    pub at_capacity: f64,
}

impl Cpu {
    /// Idle at no load, and busy throughout at the capacity.
    pub const LINE: Self = Self { idle: 0.0, at_capacity: 1.0 };
}

impl Default for Cpu {
    fn default() -> Self {
        Self::LINE
    }
}

/// What the fleet did before t = 0, for forecasts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// How long it ran.
    pub length: SimDuration,
    /// Demand by entry point, in instants since the beginning of the history; empty for one without traffic then.
    pub demand: Vec<Vec<Segment>>,
}

impl Autoscale {
    /// A setting that is enabled and never written.
    #[must_use]
    pub fn plain(name: &str, set: u16, profiles: Vec<ScaleProfile>) -> Self {
        Self { name: name.into(), set, profiles, predictive: None, enabled: true, later: Vec::new() }
    }

    /// The profile with this number.
    #[must_use]
    pub fn profile(&self, number: u16) -> &ScaleProfile {
        let number = usize::from(number);
        self.profiles.get(number).unwrap_or_else(|| &self.later[number - self.profiles.len()])
    }

    /// The profiles that it has at some time, by their numbers.
    pub fn ever(&self) -> impl Iterator<Item = &ScaleProfile> {
        self.profiles.iter().chain(&self.later)
    }

    /// As the run begins.
    #[must_use]
    pub fn at_start(&self) -> SettingWritten {
        let profiles = (0..self.profiles.len() as u16).collect();
        SettingWritten { enabled: self.enabled, profiles, predictive: self.predictive }
    }
}

impl Operator {
    /// Whether a value fires against a threshold.
    #[must_use]
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Equals => value == threshold,
            Self::NotEquals => value != threshold,
            Self::GreaterThan => value > threshold,
            Self::GreaterThanOrEqual => value >= threshold,
            Self::LessThan => value < threshold,
            Self::LessThanOrEqual => value <= threshold,
        }
    }
}
