//! What was observed of the incident that a scenario is of. A run that claims to be it is compared with that.
//!
//! An observation is of what was, so no policy changes it, and it does not depend on how long a run is. What was not recorded is no
//! point: a gap is a gap, and nothing is filled in.

use crate::quantity::Quantity;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::{Part, Unit};
use windtunnel_sim::world::fact::Health;
use windtunnel_words::place::Span;

/// Everything that was observed.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// One a metric, a person or a log.
    pub rows: Vec<Observation>,
}

impl Observed {
    /// Whether nothing was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// What one instrument, log or person says.
#[derive(Clone, Debug)]
pub struct Observation {
    /// What the author calls it.
    pub name: String,
    /// What was observed.
    pub metric: Metric,
    /// Of which part of the fleet; `None` for all of it.
    pub part: Option<Part>,
    /// How far it may be from the truth in 95 of 100 cases.
    pub tolerance: Tolerance,
    /// In the order of time.
    pub points: Vec<Point>,
    /// Where it stands, for messages.
    pub span: Span,
    /// Where the part of the fleet is named.
    pub part_span: Option<Span>,
}

/// One value of an observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// From here.
    pub from: SimTime,
    /// To here; the same where it is of an instant.
    pub until: SimTime,
    /// What was seen.
    pub value: Value,
    /// How many requests a share is of, where that is known.
    pub requests: Option<f64>,
    /// How far this one may be from the truth, where it says so itself.
    pub tolerance: Option<Tolerance>,
}

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A number, in the unit of the metric.
    Number(f64),
    /// An instance was this.
    State(LaneState),
    /// An instance had this health.
    Health(Health),
    /// It happened.
    Seen,
}

impl Value {
    /// The number, where it is one.
    #[must_use]
    pub const fn number(self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(value),
            Self::State(_) | Self::Health(_) | Self::Seen => None,
        }
    }
}

/// What was observed.
#[derive(Clone, Debug, PartialEq)]
pub enum Metric {
    /// How many requests users sent, in the interval of each value.
    Requests,
    /// How many of them failed.
    Failures,
    /// What share of them failed, in percent.
    FailedShare,
    /// What share of them failed or was served by old code, in percent.
    HarmedShare,
    /// `Percentage CPU`: the mean over the instances that run.
    Cpu,
    /// The mean of a quantity over the interval of each value.
    Mean(Quantity),
    /// What an instance was.
    State {
        /// Its name.
        instance: String,
    },
    /// Which health an instance had.
    Health {
        /// Its name.
        instance: String,
    },
    /// When something happened that the ledger would name.
    Event {
        /// The name of the fact: `batchStarted`.
        fact: String,
        /// What it was about; anything where absent.
        subject: Option<String>,
    },
}

impl Metric {
    /// The words of those that are no quantity over time, as a scenario has them.
    pub const WORDS: [&'static str; 5] = ["requests", "failures", "failedShare", "harmedShare", "cpu"];

    /// Reads `failedShare`, `series.in_rotation`.
    ///
    /// # Errors
    ///
    /// The name that was probably meant, if one is near.
    pub fn parse(text: &str) -> Result<Self, Option<String>> {
        match text {
            "requests" => Ok(Self::Requests),
            "failures" => Ok(Self::Failures),
            "failedShare" => Ok(Self::FailedShare),
            "harmedShare" | "series.harmed_pct" => Ok(Self::HarmedShare),
            "cpu" => Ok(Self::Cpu),
            _ if Quantity::is_meant(text) => Quantity::parse(text).map(Self::Mean),
            _ => Err(windtunnel_words::suggest::did_you_mean(text, Self::WORDS).map(str::to_owned)),
        }
    }

    /// What it is in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Requests => "requests".to_owned(),
            Self::Failures => "requests that failed".to_owned(),
            Self::FailedShare => "share of requests that failed".to_owned(),
            Self::HarmedShare => "share of requests that were harmed".to_owned(),
            Self::Cpu => "CPU".to_owned(),
            Self::Mean(quantity) => quantity.name(),
            Self::State { instance } => format!("state of {instance}"),
            Self::Health { instance } => format!("health of {instance}"),
            Self::Event { fact, subject: Some(subject) } => format!("{fact} of {subject}"),
            Self::Event { fact, subject: None } => fact.clone(),
        }
    }

    /// What its numbers are counted in; nothing where it has none.
    #[must_use]
    pub const fn unit(&self) -> Option<Unit> {
        match self {
            Self::Requests | Self::Failures => Some(Unit::Count("requests")),
            Self::FailedShare | Self::HarmedShare | Self::Cpu => Some(Unit::Percent),
            Self::Mean(quantity) => Some(quantity.unit()),
            Self::State { .. } | Self::Health { .. } | Self::Event { .. } => None,
        }
    }

    /// Whether it is a share in percent, whose tolerance is in points.
    #[must_use]
    pub fn is_share(&self) -> bool {
        self.unit() == Some(Unit::Percent)
    }

    /// Whether its values are counts of an interval, which chance alone makes larger or smaller.
    #[must_use]
    pub const fn is_count(&self) -> bool {
        matches!(self, Self::Requests | Self::Failures)
    }

    /// How far it may be from the truth where nobody says.
    #[must_use]
    pub fn tolerance(&self) -> Tolerance {
        match self {
            Self::FailedShare | Self::HarmedShare => Tolerance::Absolute(2.0),
            Self::Cpu => Tolerance::Absolute(5.0),
            Self::Requests | Self::Failures => Tolerance::Relative(0.05),
            Self::Mean(quantity) => match quantity.unit() {
                Unit::Percent => Tolerance::Absolute(2.0),
                Unit::Count("rps") => Tolerance::Relative(0.05),
                _ => Tolerance::Absolute(0.5),
            },
            Self::State { .. } | Self::Health { .. } | Self::Event { .. } => {
                Tolerance::Time(SimDuration::from_secs(60))
            }
        }
    }
}

/// How far a value may be from the truth in 95 of 100 cases: about two standard deviations of its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// So many of the unit; points of a share in percent.
    Absolute(f64),
    /// This share of the value, 0 to 1.
    Relative(f64),
    /// So long.
    Time(SimDuration),
}

impl Tolerance {
    /// In the unit of a value.
    #[must_use]
    pub fn at(self, value: f64) -> f64 {
        match self {
            Self::Absolute(size) => size,
            Self::Relative(share) => share * value.abs(),
            Self::Time(length) => length.seconds(),
        }
    }
}
