//! What a measure came to.

/// What a measure is counted in, which says what it may be compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share in percent points.
    Percent,
    /// Seconds.
    Seconds,
    /// Seconds, summed over instances.
    InstanceSeconds,
    /// Hours, summed over instances.
    InstanceHours,
    /// Gigabytes kept for an hour.
    GigabyteHours,
    /// A number of these things.
    Count(&'static str),
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A text that Azure gives, such as an error code.
    Text,
    /// `true` or `false`.
    Flag,
}

impl Unit {
    /// The unit as it stands beside a number, and in tables.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Percent => "%",
            Self::Seconds => "s",
            Self::InstanceSeconds => "instance s",
            Self::InstanceHours => "instance h",
            Self::GigabyteHours => "GB h",
            Self::Count(things) => things,
            Self::Word(_) => "word",
            Self::Text => "text",
            Self::Flag => "true or false",
        }
    }

    /// Whether values have an order, so that they can be at most or at least something.
    #[must_use]
    pub const fn ordered(self) -> bool {
        !matches!(self, Self::Word(_) | Self::Text | Self::Flag)
    }
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.symbol())
    }
}

/// The value of a measure. What cannot be computed is never zero, and what is still open is never a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number in the unit of the measure.
    Number(f64),
    /// Still open at the horizon: at least this much.
    AtLeast(f64),
    /// A word.
    Word(&'static str),
    /// Not computed, and why.
    NotComputed(&'static str),
}

impl Value {
    /// Itself, or where it is no number that anything can be compared with, that it is not computed.
    #[must_use]
    pub const fn finite(self) -> Self {
        match self {
            Self::Number(value) | Self::AtLeast(value) if !value.is_finite() => {
                Self::NotComputed("it came to no finite number")
            }
            other => other,
        }
    }
}

/// A measure of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// `blast_radius.requests_pct`.
    pub name: &'static str,
    /// The entry point it is about; `None` for the whole fleet.
    pub entry_point: Option<String>,
    /// What it is counted in.
    pub unit: Unit,
    /// What it came to.
    pub value: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 ÷ 0 is no share of requests, and neither is 1 ÷ 0.
    #[test]
    fn what_is_no_number_is_not_computed() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(Value::Number(value).finite(), Value::NotComputed(_)));
            assert!(matches!(Value::AtLeast(value).finite(), Value::NotComputed(_)));
        }
        assert_eq!(Value::Number(0.5).finite(), Value::Number(0.5));
        assert_eq!(Value::AtLeast(0.0).finite(), Value::AtLeast(0.0));
    }
}
