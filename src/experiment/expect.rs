//! Expectations: what a scenario says must hold of a measure.

use crate::input::tree::Span;
use windtunnel_sim::measure::catalogue::Definition;

/// One expectation, a named test.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The claim, as a sentence.
    pub name: String,
    /// Of which policies it must hold.
    pub policies: Policies,
    /// What is measured.
    pub measure: &'static Definition,
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
