//! What a measure came to in one run, as experiments keep it.

use std::borrow::Cow;
use windtunnel_sim::measure::{Measure, Value};

/// What a measure came to in one run.
#[derive(Clone, Debug, PartialEq)]
pub enum Observed {
    /// This number.
    Number(f64),
    /// Still open when the run ended: at least this, and ranked beyond every number.
    AtLeast(f64),
    /// A word.
    Word(Cow<'static, str>),
    /// Nothing, and why.
    NotComputed(Cow<'static, str>),
}

impl Observed {
    /// What the simulator says.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match *value {
            Value::Number(number) if number.is_finite() => Self::Number(number),
            Value::AtLeast(least) if least.is_finite() => Self::AtLeast(least),
            Value::Number(_) | Value::AtLeast(_) => Self::NotComputed("it is not a finite number".into()),
            Value::Word(word) => Self::Word(word.into()),
            Value::NotComputed(why) => Self::NotComputed(why.into()),
        }
    }

    /// A look at it.
    #[must_use]
    pub fn seen(&self) -> Seen<'_> {
        match self {
            Self::Number(number) => Seen::Number(*number),
            Self::AtLeast(least) => Seen::AtLeast(*least),
            Self::Word(word) => Seen::Word(word),
            Self::NotComputed(why) => Seen::NotComputed(why),
        }
    }
}

/// A look at what a measure came to, wherever it is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seen<'o> {
    /// This number.
    Number(f64),
    /// Still open when the run ended: at least this, and ranked beyond every number.
    AtLeast(f64),
    /// A word.
    Word(&'o str),
    /// Nothing, and why.
    NotComputed(&'o str),
}

impl<'o> From<&'o Observed> for Seen<'o> {
    fn from(observed: &'o Observed) -> Self {
        observed.seen()
    }
}

impl Seen<'_> {
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
}

/// A measure, as a column of a table of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// `downtime.full_s`, and for one entry point `downtime.full_s@lb-web`.
    pub name: String,
    /// What it is counted in; empty for a word.
    pub unit: String,
}

impl Column {
    /// The column of a measure.
    #[must_use]
    pub fn of(measure: &Measure) -> Self {
        let name = match &measure.entry_point {
            Some(entry_point) => format!("{}@{entry_point}", measure.name),
            None => measure.name.to_owned(),
        };
        Self { name, unit: unit(measure) }
    }

    /// Whether it is that of a measure.
    #[must_use]
    pub fn is_of(&self, measure: &Measure) -> bool {
        let whole = || self.name == measure.name;
        let parts = |entry_point: &String| self.name.split_once('@') == Some((measure.name, entry_point));
        measure.entry_point.as_ref().map_or_else(whole, parts)
    }

    /// The measure without the entry point.
    #[must_use]
    pub fn measure(&self) -> &str {
        self.name.split('@').next().unwrap_or(&self.name)
    }

    /// Whether it speaks of the whole fleet, and not of one entry point.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.name.contains('@')
    }
}

/// The unit of a measure: the one place where experiments ask for it.
fn unit(measure: &Measure) -> String {
    measure.unit.symbol().to_owned()
}
