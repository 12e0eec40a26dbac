//! How the default and the range of an assumption are written in its row.

use super::assumptions::{Range, Value};
use crate::engine::random::Dist;
use crate::engine::time::SimDuration;

/// A default with its range.
pub(super) type Spec = (Value, Range);

pub(super) const fn ms(ms: u64) -> SimDuration {
    SimDuration::from_ms(ms)
}

pub(super) const fn s(seconds: u64) -> SimDuration {
    SimDuration::from_secs(seconds)
}

pub(super) const fn min(minutes: u64) -> SimDuration {
    SimDuration::from_mins(minutes)
}

pub(super) const fn h(hours: u64) -> SimDuration {
    SimDuration::from_mins(60 * hours)
}

pub(super) const fn count(default: u64, min: u64, max: u64) -> Spec {
    (Value::Count(default), Range::Count { min, max })
}

pub(super) const fn time(default: SimDuration, min: SimDuration, max: SimDuration) -> Spec {
    (Value::Time(default), Range::Time { min, max })
}

pub(super) const fn share(default: f64) -> Spec {
    (Value::Share(default), Range::Share)
}

pub(super) const fn number(default: f64, min: f64, max: f64) -> Spec {
    (Value::Number(default), Range::Number { min, max })
}

pub(super) const fn switch(default: bool) -> Spec {
    (Value::Switch(default), Range::Switch)
}

/// The first word is the default.
pub(super) const fn choice(words: &'static [&'static str]) -> Spec {
    (Value::Choice(words[0]), Range::Words(words))
}

pub(super) const fn dist(default: Dist, min: SimDuration, max: SimDuration) -> Spec {
    (Value::Dist(default), Range::Dist { min, max, recorded: None })
}

/// What may take up to two hours, and was recorded to take between these.
pub(super) const fn recorded(default: Dist, seen: (SimDuration, SimDuration)) -> Spec {
    (Value::Dist(default), Range::Dist { min: s(0), max: h(2), recorded: Some(seen) })
}

pub(super) const fn lognormal(median: SimDuration, sigma: f64) -> Dist {
    Dist::LogNormal { median, sigma }
}

/// Lognormal but for a share that takes from `tail.1` to `tail.2`.
pub(super) const fn slow_tail(median: SimDuration, sigma: f64, tail: (f64, SimDuration, SimDuration)) -> Dist {
    Dist::SlowTail { median, sigma, share: tail.0, min: tail.1, max: tail.2 }
}

/// Of two lognormals mostly the first, and for a share the second.
pub(super) const fn two_modes(first: (SimDuration, f64), second: (SimDuration, f64), share: f64) -> Dist {
    Dist::TwoModes { first, second, share }
}

/// Makes the enum of the assumptions and their table of one list.
macro_rules! assumptions {
    ($($name:ident = $code:literal, $key:literal, $spec:expr, $meaning:literal, $reason:literal;)+) => {
        /// An assumption, by name. The scenario overrides it by its key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum A { $(#[doc = $meaning] $name),+ }

        impl A {
            /// Every assumption, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }

        /// Every row, at the place that its id says.
        pub static ASSUMPTIONS: &[Assumption] = &[$(Assumption {
            id: A::$name,
            code: $code,
            key: $key,
            default: { const SPEC: Spec = $spec; SPEC.0 },
            range: { const SPEC: Spec = $spec; SPEC.1 },
            meaning: $meaning,
            reason: $reason,
        }),+];
    };
}
pub(super) use assumptions;
