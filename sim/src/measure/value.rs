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
