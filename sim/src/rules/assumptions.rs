//! The assumptions: numbers and choices that Azure does not publish, and the values that a run gives them.

pub use super::assumption_table::{A, ASSUMPTIONS, choice, key};
use crate::engine::random::Dist;
use crate::engine::time::SimDuration;
use std::fmt;
use std::marker::PhantomData;

/// The value of an assumption.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A whole number.
    Count(u64),
    /// A length of time.
    Time(SimDuration),
    /// A share, 0 to 1.
    Share(f64),
    /// A plain number.
    Number(f64),
    /// On or off.
    Switch(bool),
    /// One of a few words.
    Choice(&'static str),
    /// A distribution of lengths of time.
    Dist(Dist),
}

/// What values an assumption may have; both ends are included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Whole numbers.
    Count {
        /// The least.
        min: u64,
        /// The greatest.
        max: u64,
    },
    /// Lengths of time.
    Time {
        /// The shortest.
        min: SimDuration,
        /// The longest.
        max: SimDuration,
    },
    /// Any share from 0 to 1.
    Share,
    /// Numbers.
    Number {
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// On or off.
    Switch,
    /// One of these words.
    Words(&'static [&'static str]),
    /// Distributions whose lengths of time (constant, bounds, mean or median) lie within these, with σ at most 2.
    Dist {
        /// The shortest.
        min: SimDuration,
        /// The longest.
        max: SimDuration,
        /// Between which of them recordings of the platform lie, where there are any: variation draws from there.
        recorded: Option<(SimDuration, SimDuration)>,
    },
}

/// One row of the table of assumptions.
#[derive(Clone, Copy, Debug)]
pub struct Assumption {
    /// The name in code.
    pub id: A,
    /// The key under which a scenario overrides it.
    pub key: &'static str,
    /// The value that a scenario which is silent gets.
    pub default: Value,
    /// The values that a scenario may give.
    pub range: Range,
    /// What the value is.
    pub meaning: &'static str,
    /// Why the default is what it is.
    pub reason: &'static str,
    /// Whether this release reads it. Overriding another one changes nothing, and the reader of scenarios says so;
    /// `tests/tidy.rs` holds the column to the code.
    pub modelled: bool,
}

impl Assumption {
    /// The row with this key.
    #[must_use]
    pub fn by_key(key: &str) -> Option<&'static Self> {
        ASSUMPTIONS.iter().find(|row| row.key == key)
    }
}

impl A {
    /// The row.
    #[must_use]
    pub fn row(self) -> &'static Assumption {
        &ASSUMPTIONS[self as usize]
    }
}

impl Value {
    /// What kind of value it is, for messages.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Count(_) => "count",
            Self::Time(_) => "time",
            Self::Share(_) => "share",
            Self::Number(_) => "number",
            Self::Switch(_) => "switch",
            Self::Choice(_) => "choice",
            Self::Dist(_) => "distribution",
        }
    }
}

impl Range {
    /// Whether `value` is of the right kind and within the range.
    #[must_use]
    pub fn allows(&self, value: Value) -> bool {
        match (*self, value) {
            (Self::Count { min, max }, Value::Count(count)) => (min..=max).contains(&count),
            (Self::Time { min, max }, Value::Time(time)) => (min..=max).contains(&time),
            (Self::Share, Value::Share(share)) => (0.0..=1.0).contains(&share),
            (Self::Number { min, max }, Value::Number(number)) => (min..=max).contains(&number),
            (Self::Switch, Value::Switch(_)) => true,
            (Self::Words(words), Value::Choice(word)) => words.contains(&word),
            (Self::Dist { min, max, .. }, Value::Dist(dist)) => {
                let within = |time| (min..=max).contains(&time);
                match dist {
                    Dist::Constant(value) => within(value),
                    Dist::Uniform { min: from, max: to } => within(from) && within(to) && from <= to,
                    Dist::Exponential { mean } => within(mean),
                    Dist::LogNormal { median, sigma } => within(median) && (0.0..=2.0).contains(&sigma),
                    Dist::LogUniform { min: from, max: to } => within(from) && within(to) && from <= to,
                    Dist::SlowTail { median, sigma, share, min: from, max: to } => {
                        let body = within(median) && (0.0..=2.0).contains(&sigma);
                        body && (0.0..=1.0).contains(&share) && within(from) && within(to) && from <= to
                    }
                    Dist::TwoModes { first, second, share } => {
                        let mode = |(median, sigma)| within(median) && (0.0..=2.0).contains(&sigma);
                        mode(first) && mode(second) && (0.0..=1.0).contains(&share)
                    }
                }
            }
            _ => false,
        }
    }

    /// The allowed word that reads as `text`, since a choice holds the word of the table and not that of the file.
    #[must_use]
    pub fn word(&self, text: &str) -> Option<&'static str> {
        match self {
            Self::Words(words) => words.iter().copied().find(|word| *word == text),
            _ => None,
        }
    }
}

/// Shows a share as a percentage, with as few digits as it needs.
struct Percent(f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A share such as 0.07 is not exactly 7 %; a millionth of a percent is finer than any assumption.
        let text = format!("{:.6}", self.0 * 100.0);
        write!(f, "{} %", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// Shows a distribution as one reads it out.
struct Spelled(Dist);

impl fmt::Display for Spelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Dist::Constant(value) => write!(f, "always {value}"),
            Dist::Uniform { min, max } => write!(f, "uniform from {min} to {max}"),
            Dist::Exponential { mean } => write!(f, "exponential, mean {mean}"),
            Dist::LogNormal { median, sigma } => write!(f, "lognormal, median {median}, σ {sigma}"),
            Dist::LogUniform { min, max } => write!(f, "log-uniform from {min} to {max}"),
            Dist::SlowTail { median, sigma, share, min, max } => {
                write!(f, "lognormal, median {median}, σ {sigma}; {} of them from {min} to {max}", Percent(share))
            }
            Dist::TwoModes { first: (median, sigma), second: (other, spread), share } => {
                write!(
                    f,
                    "lognormal, median {median}, σ {sigma}; {} of them median {other}, σ {spread}",
                    Percent(share)
                )
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Count(count) => count.fmt(f),
            Self::Time(time) => time.fmt(f),
            Self::Share(share) => f.pad(&Percent(share).to_string()),
            Self::Number(number) => number.fmt(f),
            Self::Switch(on) => on.fmt(f),
            Self::Choice(word) => f.pad(word),
            Self::Dist(dist) => f.pad(&Spelled(dist).to_string()),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match *self {
            Self::Count { min, max } => format!("{min} to {max}"),
            Self::Time { min, max } => format!("{min} to {max}"),
            Self::Share => "0 to 100 %".to_owned(),
            Self::Number { min, max } => format!("{min} to {max}"),
            Self::Switch => "true or false".to_owned(),
            Self::Words(words) => words.join(", "),
            Self::Dist { min, max, recorded: None } => format!("a distribution within {min} to {max}"),
            Self::Dist { min, max, recorded: Some((from, to)) } => {
                format!("a distribution within {min} to {max}; recorded, and varied, {from} to {to}")
            }
        };
        f.pad(&text)
    }
}

/// A value that its assumption cannot have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RangeError {
    /// The assumption.
    pub assumption: A,
    /// The value that was refused.
    pub value: Value,
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = self.assumption.row();
        if row.default.kind() == self.value.kind() {
            write!(f, "`{}` cannot be {}: allowed is {}", row.key, self.value, row.range)
        } else {
            write!(f, "`{}` is a {}, not a {}", row.key, row.default.kind(), self.value.kind())
        }
    }
}

impl std::error::Error for RangeError {}

/// The values a run goes by.
///
/// Every room reads its numbers here, by the [`key`] of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    values: Vec<Value>,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { values: ASSUMPTIONS.iter().map(|row| row.default).collect() }
    }
}

/// What the value of an assumption is in code: the type that its [`Assumed`] gives.
pub trait Kind: Sized {
    /// The value, if it is of this kind.
    fn of(value: Value) -> Option<Self>;
}

macro_rules! kinds {
    ($($type:ty = $($kind:ident)|+;)+) => { $(
        impl Kind for $type {
            #[inline]
            fn of(value: Value) -> Option<Self> {
                match value {
                    $(Value::$kind(value))|+ => Some(value),
                    _ => None,
                }
            }
        }
    )+ };
}

kinds! {
    u64 = Count;
    SimDuration = Time;
    f64 = Share | Number;
    bool = Switch;
    Dist = Dist;
}

/// By what an assumption is read; it knows what type the value has.
#[derive(Debug)]
pub struct Assumed<T> {
    /// The assumption.
    pub id: A,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Assumed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Assumed<T> {}

impl<T> Assumed<T> {
    /// The key of an assumption, by the table alone, which knows the type.
    pub(super) const fn of(id: A) -> Self {
        Self { id, kind: PhantomData }
    }
}

impl Assumptions {
    /// The value, of whatever kind.
    #[inline]
    #[must_use]
    pub fn value(&self, assumption: A) -> Value {
        self.values[assumption as usize]
    }

    /// The value, as what it is.
    ///
    /// # Panics
    ///
    /// Never: a key has the type that its row has, and so has every value that is allowed there.
    #[inline]
    #[must_use]
    pub fn get<T: Kind>(&self, key: Assumed<T>) -> T {
        T::of(self.value(key.id)).expect("the value of an assumption is of the kind that its row says")
    }

    /// Gives an assumption another value.
    ///
    /// # Errors
    ///
    /// Where the value is of another kind or outside the range; the assumption then keeps the value it had.
    pub fn set(&mut self, assumption: A, value: Value) -> Result<(), RangeError> {
        if !assumption.row().range.allows(value) {
            return Err(RangeError { assumption, value });
        }
        self.values[assumption as usize] = value;
        Ok(())
    }

    /// The assumptions whose value is not the default, in the order of the table.
    pub fn overridden(&self) -> impl Iterator<Item = A> {
        ASSUMPTIONS.iter().filter(|row| self.value(row.id) != row.default).map(|row| row.id)
    }
}

const WORDS: usize = A::ALL.len().div_ceil(64);

/// The set of assumptions that a run used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used([u64; WORDS]);

impl Used {
    /// Notes that `assumption` was used.
    #[inline]
    pub fn mark(&mut self, assumption: A) {
        self.0[assumption as usize / 64] |= 1 << (assumption as usize % 64);
    }

    /// Whether it was used.
    #[must_use]
    pub fn contains(&self, assumption: A) -> bool {
        self.0[assumption as usize / 64] & (1 << (assumption as usize % 64)) != 0
    }

    /// Adds everything that another run used.
    pub fn merge(&mut self, other: &Self) {
        for (word, others) in self.0.iter_mut().zip(other.0) {
            *word |= others;
        }
    }

    /// What was used, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = A> {
        A::ALL.iter().copied().filter(|assumption| self.contains(*assumption))
    }
}
