//! Expectations: what a scenario says must hold of a measure, or of a quantity over time.

use crate::asks::Asks;
use crate::quantity::Quantity;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::catalogue::Definition;
use windtunnel_sim::measure::{Part, Unit};
pub use windtunnel_words::instant::Instant;
use windtunnel_words::number::amount;
use windtunnel_words::place::Span;

/// One expectation, a named test.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The claim, as a sentence.
    pub name: String,
    /// Of which policies it must hold.
    pub policies: Policies,
    /// What is looked at.
    pub subject: Subject,
    /// The part of the fleet that it is about; `None` for all of it.
    pub part: Option<Part>,
    /// When it must hold; a measure is always of the whole run.
    pub when: When,
    /// Whether it must hold, or must not.
    pub sense: Sense,
    /// What is asked of many runs.
    pub over: Over,
    /// Whether it may hold since a rollout that was wanted never began: `rollout: none`.
    pub without_rollout: bool,
    /// What must hold.
    pub test: Test,
    /// Where it stands, for messages.
    pub span: Span,
    /// Where its bound stands.
    pub bound_span: Span,
    /// Where the part of the fleet is named.
    pub part_span: Option<Span>,
    /// Where what it looks at is named.
    pub subject_span: Span,
}

impl Expectation {
    /// Whether one run can meet it or miss it; otherwise it speaks of many.
    #[must_use]
    pub fn is_of_one_run(&self) -> bool {
        self.over == Over::Each
    }

    /// What it asks for, in words: `never at least 1 instances`, `within PT10M at most 0 %`.
    #[must_use]
    pub fn wanted(&self) -> String {
        Asks::from(self).wanted()
    }
}

/// What an expectation looks at.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A measure of a run.
    Measure(&'static Definition),
    /// A quantity over time.
    Series(Quantity),
}

impl Subject {
    /// The name as a scenario gives it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Measure(definition) => definition.name.to_owned(),
            Self::Series(quantity) => quantity.name(),
        }
    }

    /// What it is counted in.
    #[must_use]
    pub fn unit(&self) -> Unit {
        match self {
            Self::Measure(definition) => definition.unit,
            Self::Series(quantity) => quantity.unit(),
        }
    }

    /// The greatest value that it can have in a run of so many seconds, where there is one; the least is 0.
    #[must_use]
    pub fn most(&self, horizon_s: f64) -> Option<f64> {
        match self {
            Self::Measure(definition) => definition.bound.map(|bound| bound.most(horizon_s)),
            Self::Series(_) => None,
        }
    }
}

/// When a quantity over time must be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// At every instant, the first and the last included.
    Throughout {
        /// From here; the start of the run where absent.
        from: Option<Instant>,
        /// To here; the end of the run where absent.
        until: Option<Instant>,
    },
    /// At one instant, after everything that happens at it.
    At(Instant),
    /// At some instant, no later than this.
    Within {
        /// From here; the start of the run where absent.
        from: Option<Instant>,
        /// So long.
        length: SimDuration,
    },
}

/// Whether a bound must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// It must.
    Holds,
    /// It must not: at no instant, in no run.
    Never,
}

/// What is asked of many runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Over {
    /// It must hold in each.
    Each,
    /// A statistic of the runs must be so.
    Stat {
        /// Which.
        stat: Stat,
        /// How sure the verdict must be, 0 to 1.
        confidence: f64,
    },
    /// It must hold in at least this share of the runs.
    Share {
        /// The share, in percent.
        least: f64,
        /// How sure the verdict must be, 0 to 1.
        confidence: f64,
    },
}

/// Of which policies an expectation must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policies {
    /// Every policy, the scenario as written included.
    All,
    /// These.
    These(Vec<String>),
}

impl Policies {
    /// Whether the expectation speaks of a policy.
    #[must_use]
    pub fn include(&self, policy: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(list) => list.iter().any(|name| name == policy),
        }
    }
}

/// What is asked of a measure over replications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stat {
    /// The mean.
    Mean,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// A quantile, in percent.
    Quantile(u8),
}

impl Stat {
    /// Reads `mean`, `min`, `max`, `p95`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "mean" => Some(Self::Mean),
            "min" => Some(Self::Min),
            "max" => Some(Self::Max),
            _ => text.strip_prefix('p')?.parse().ok().filter(|q| (1..=99).contains(q)).map(Self::Quantile),
        }
    }
}

impl std::fmt::Display for Stat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Mean => f.write_str("mean"),
            Self::Min => f.write_str("min"),
            Self::Max => f.write_str("max"),
            Self::Quantile(q) => write!(f, "p{q:02}"),
        }
    }
}

/// Relative distance up to which two numbers are the same.
const NOISE: f64 = 1e-9;

/// What must hold; numbers are in the unit of the measure (percent points, seconds, a count).
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Equal to a number.
    Is(f64),
    /// Equal to a word.
    IsWord(String),
    /// True or false.
    IsFlag(bool),
    /// No more than.
    AtMost(f64),
    /// No less than.
    AtLeast(f64),
    /// From the first to the second, both included.
    Between(f64, f64),
}

impl Test {
    /// The bound in words: `at most 1 %`.
    #[must_use]
    pub fn shown(&self, unit: &str) -> String {
        match self {
            Self::Is(bound) => amount(*bound, unit),
            Self::IsWord(word) => word.clone(),
            Self::IsFlag(flag) => flag.to_string(),
            Self::AtMost(bound) => format!("at most {}", amount(*bound, unit)),
            Self::AtLeast(bound) => format!("at least {}", amount(*bound, unit)),
            Self::Between(low, high) if unit == "s" => format!("{} to {}", amount(*low, unit), amount(*high, unit)),
            Self::Between(low, high) => format!("{low} to {high} {unit}"),
        }
    }

    /// Whether a number lies below what passes.
    #[must_use]
    pub fn is_below(&self, value: f64) -> bool {
        match *self {
            Self::Is(bound) | Self::AtLeast(bound) | Self::Between(bound, _) => value < bound,
            Self::AtMost(_) | Self::IsWord(_) | Self::IsFlag(_) => false,
        }
    }

    /// Whether a number passes; `None` where the test is not about numbers.
    #[must_use]
    pub fn holds(&self, value: f64) -> Option<bool> {
        match *self {
            // Shares and integrals end in the noise of floats. Zero has none: no harm is no harm at all.
            Self::Is(bound) => Some((value - bound).abs() <= NOISE * bound.abs()),
            Self::AtMost(bound) => Some(value <= bound),
            Self::AtLeast(bound) => Some(value >= bound),
            Self::Between(low, high) => Some((low..=high).contains(&value)),
            Self::IsWord(_) | Self::IsFlag(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Test;

    #[test]
    fn equal_is_equal_but_for_the_noise_of_floats() {
        let is = |bound: f64, value: f64| Test::Is(bound).holds(value);
        assert_eq!(is(33.3, 100.0 * 0.333), Some(true));
        assert_eq!(is(0.3, 0.1 + 0.2), Some(true));
        assert_eq!(is(33.3, 33.300_001), Some(false));
        assert_eq!(is(0.0, 0.0), Some(true));
        assert_eq!(is(0.0, 1e-300), Some(false), "no harm is no harm at all");
        assert_eq!(is(300.0, f64::NAN), Some(false));
    }

    #[test]
    fn bounds_are_part_of_the_range() {
        assert_eq!(Test::Between(33.3, 33.4).holds(33.3), Some(true));
        assert_eq!(Test::Between(33.3, 33.4).holds(33.41), Some(false));
        assert_eq!(Test::AtMost(300.0).holds(300.0), Some(true));
        assert_eq!(Test::AtLeast(300.0).holds(299.9), Some(false));
        assert_eq!(Test::IsWord("completed".into()).holds(1.0), None);
    }
}
