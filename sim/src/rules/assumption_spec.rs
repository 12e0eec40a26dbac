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
pub(super) const fn words(words: &'static [&'static str]) -> Spec {
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

/// Makes an enum of the words of a choice.
macro_rules! choices {
    ($(#[doc = $doc:literal] $name:ident { $($variant:ident $word:literal),+ })+) => { $(
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "a variant is its word, and the row of the assumption says what it means")]
        pub enum $name { $($variant),+ }

        impl $name {
            /// How it is written.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl crate::rules::assumptions::Kind for $name {
            fn of(value: crate::rules::Value) -> Option<Self> {
                match value {
                    $(crate::rules::Value::Choice($word) => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    )+ };
}
pub(super) use choices;

/// The choices of several assumptions; those of a single one stand in its row.
pub mod shared {
    choices! {
        /// What an instance of which no health is known is to the gates of an upgrade.
        GateHealth { Skipped "skipped", Unhealthy "unhealthy", Healthy "healthy", LeftOut "left_out" }
        /// When what is done again and again is first done.
        Phase { Seeded "seeded", Aligned "aligned" }
        /// What becomes of a write while an upgrade runs.
        Answer { Accept "accept", Refuse "refuse" }
        /// Which end of a list comes first.
        Order { Ascending "ascending", Descending "descending" }
    }
}

/// The enum of a row whose assumption is a choice of its own.
macro_rules! own_choice {
    (choice ($($variant:ident $word:literal),+) $name:ident $doc:literal) => {
        choices! { #[doc = $doc] $name { $($variant $word),+ } }
    };
    ($kind:ident $spec:tt $name:ident $doc:literal) => {};
}

/// The type of what a row gives.
#[rustfmt::skip]
macro_rules! kind {
    (choice (as $of:ident: $($variant:ident),+) $name:ident) => { super::choice::$of };
    (choice $spec:tt $name:ident) => { super::choice::$name };
    (count $spec:tt $name:ident) => { u64 };
    (time $spec:tt $name:ident) => { crate::engine::time::SimDuration };
    (share $spec:tt $name:ident) => { f64 };
    (number $spec:tt $name:ident) => { f64 };
    (switch $spec:tt $name:ident) => { bool };
    (dist $spec:tt $name:ident) => { crate::engine::random::Dist };
    (recorded $spec:tt $name:ident) => { crate::engine::random::Dist };
}

/// The default and the range of a row.
macro_rules! spec {
    (choice (as $of:ident: $($variant:ident),+)) => {
        crate::rules::assumption_spec::words(&[$(crate::rules::choice::$of::$variant.word()),+])
    };
    (choice ($($variant:ident $word:literal),+)) => { crate::rules::assumption_spec::words(&[$($word),+]) };
    ($kind:ident $spec:tt) => { $kind $spec };
}

/// Whether this release reads the assumption of a row.
macro_rules! is_modelled {
    () => {
        true
    };
    (not_modelled) => {
        false
    };
}
pub(super) use {is_modelled, kind, own_choice, spec};

/// Makes of one list the enum of the assumptions, their table, a key for each by which it is read, and an enum for each
/// choice.
///
/// A row reads: name `=` key, default with range, what it is, why the default is what it is; and `not_modelled` if
/// no code reads it yet.
macro_rules! assumptions {
    ($($name:ident = $key:literal, $kind:ident $spec:tt, $meaning:literal, $reason:literal
       $(, $unread:ident)?;)+) => {
        /// An assumption, by name. The scenario overrides it by its key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum A { $(#[doc = $meaning] $name),+ }

        impl A {
            /// Every assumption, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
        }

        /// By what an assumption is read: `cx.assume(key::VmBootLinux)` gives its value, of its own type.
        #[expect(non_upper_case_globals, reason = "a key is named as its assumption is")]
        pub mod key {
            use crate::rules::assumption_spec::kind;
            use crate::rules::assumptions::Assumed;
            $(#[doc = $meaning] pub const $name: Assumed<kind!($kind $spec $name)> = Assumed::of(super::A::$name);)+
        }

        /// What the assumptions that are a choice of words may be, an enum each.
        pub mod choice {
            pub use crate::rules::assumption_spec::shared::*;
            use crate::rules::assumption_spec::{choices, own_choice};
            $(own_choice!($kind $spec $name $meaning);)+
        }

        /// Reads every assumption by its key.
        #[cfg(test)]
        pub(super) fn read_all(values: &crate::rules::Assumptions) {
            $(let _ = values.get(key::$name);)+
        }

        /// Every row, at the place that its id says.
        pub static ASSUMPTIONS: &[Assumption] = &[$(Assumption {
            id: A::$name,
            key: $key,
            default: { const SPEC: Spec = spec!($kind $spec); SPEC.0 },
            range: { const SPEC: Spec = spec!($kind $spec); SPEC.1 },
            meaning: $meaning,
            reason: $reason,
            modelled: is_modelled!($($unread)?),
        }),+];
    };
}
pub(super) use assumptions;
