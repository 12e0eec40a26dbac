//! Expectations: what a scenario says must hold of a measure.

use crate::input::scenario::measures::Measure;
use crate::input::tree::Span;

/// One expectation, a named test.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The claim, as a sentence.
    pub name: String,
    /// Of which policies it must hold.
    pub policies: Policies,
    /// What is measured.
    pub measure: &'static Measure,
    /// What is asked of the replications; `None` where it must hold in each.
    pub stat: Option<Stat>,
    /// What must hold.
    pub test: Test,
    /// Where it stands, for messages.
    pub span: Span,
    /// Where its bound stands.
    pub bound_span: Span,
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
            Self::Is(bound) => format!("{bound} {unit}"),
            Self::IsWord(word) => word.clone(),
            Self::IsFlag(flag) => flag.to_string(),
            Self::AtMost(bound) => format!("at most {bound} {unit}"),
            Self::AtLeast(bound) => format!("at least {bound} {unit}"),
            Self::Between(low, high) => format!("{low} to {high} {unit}"),
        }
    }

    /// Whether a number passes; `None` where the test is not about numbers.
    #[must_use]
    pub fn holds(&self, value: f64) -> Option<bool> {
        match *self {
            Self::Is(bound) => Some(value == bound),
            Self::AtMost(bound) => Some(value <= bound),
            Self::AtLeast(bound) => Some(value >= bound),
            Self::Between(low, high) => Some((low..=high).contains(&value)),
            Self::IsWord(_) | Self::IsFlag(_) => None,
        }
    }
}
