//! What a measure came to.

use super::catalogue::Definition;
use super::scope::Scope;
use std::borrow::Cow;

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

/// The value of a measure. What cannot be computed is never zero, and what is still open is never a number. The words of a run
/// are constants of the program; those of a stored value are its own, and those of a value that is looked at are borrowed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<T = &'static str> {
    /// A number in the unit of the measure.
    Number(f64),
    /// Still open at the horizon: at least this much, and ranked beyond every number.
    AtLeast(f64),
    /// A word.
    Word(T),
    /// Not computed, and why.
    NotComputed(T),
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

    /// The value as it is kept.
    #[must_use]
    pub fn stored(self) -> Stored {
        self.finite().map(Cow::Borrowed)
    }

    /// So much until the horizon; at least that where it goes on there.
    #[must_use]
    pub(super) const fn so_far(amount: f64, goes_on: bool) -> Self {
        if goes_on { Self::AtLeast(amount) } else { Self::Number(amount) }
    }

    /// So many.
    #[must_use]
    pub(super) const fn count(count: usize) -> Self {
        Self::Number(count as f64)
    }

    /// A flag.
    #[must_use]
    pub(super) const fn flag(is: bool) -> Self {
        Self::Word(if is { "true" } else { "false" })
    }
}

impl<T> Value<T> {
    /// The same value with another kind of text.
    #[must_use]
    pub fn map<U>(self, text: impl FnOnce(T) -> U) -> Value<U> {
        match self {
            Self::Number(number) => Value::Number(number),
            Self::AtLeast(least) => Value::AtLeast(least),
            Self::Word(word) => Value::Word(text(word)),
            Self::NotComputed(why) => Value::NotComputed(text(why)),
        }
    }

    /// The number, where it is one.
    #[must_use]
    pub const fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::AtLeast(_) | Self::Word(_) | Self::NotComputed(_) => None,
        }
    }

    /// The number, or as much of it as is known.
    #[must_use]
    pub const fn least(&self) -> Option<f64> {
        match self {
            Self::Number(value) | Self::AtLeast(value) => Some(*value),
            Self::Word(_) | Self::NotComputed(_) => None,
        }
    }

    /// The word, where it is one.
    #[must_use]
    pub const fn word(&self) -> Option<&T> {
        match self {
            Self::Word(word) => Some(word),
            Self::Number(_) | Self::AtLeast(_) | Self::NotComputed(_) => None,
        }
    }
}

impl<T: AsRef<str>> Value<T> {
    /// A look at it.
    #[must_use]
    pub fn seen(&self) -> Seen<'_> {
        match self {
            Self::Number(number) => Value::Number(*number),
            Self::AtLeast(least) => Value::AtLeast(*least),
            Self::Word(word) => Value::Word(word.as_ref()),
            Self::NotComputed(why) => Value::NotComputed(why.as_ref()),
        }
    }
}

impl<'v, T: AsRef<str>> From<&'v Value<T>> for Seen<'v> {
    fn from(value: &'v Value<T>) -> Self {
        value.seen()
    }
}

/// A value as it is kept after its run, and read again.
pub type Stored = Value<Cow<'static, str>>;
/// A look at a value, wherever it is kept.
pub type Seen<'v> = Value<&'v str>;

/// A measure of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// What is measured.
    pub definition: &'static Definition,
    /// Of what: the whole fleet, or a part of it.
    pub scope: Scope,
    /// What it came to.
    pub value: Value,
}

impl Measure {
    /// Its name: `blast_radius.requests_pct`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.definition.name
    }

    /// What it is counted in.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.definition.unit
    }

    /// What a measure came to in a run that is left as a list.
    #[must_use]
    pub fn find(measures: &[Self], name: &str, scope: Scope) -> Option<Value> {
        measures.iter().find(|one| one.name() == name && one.scope == scope).map(|one| one.value)
    }

    /// The same of the whole fleet.
    #[must_use]
    pub fn of_fleet(measures: &[Self], name: &str) -> Option<Value> {
        Self::find(measures, name, Scope::Fleet)
    }
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
