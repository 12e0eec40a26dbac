//! The assumptions: numbers and choices that Azure does not publish.

use crate::engine::luck::Dist;
use crate::engine::time::SimDuration;

macro_rules! assumptions {
    ($($name:ident = $code:literal, $key:literal, $default:expr, $range:literal, $reason:literal;)+) => {
        /// An assumption, by name. The scenario overrides it by its key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum A { $(#[doc = $reason] $name),+ }
    };
}
assumptions! {
    LbSilentFailuresDown = "Q-01", "lb.silent_failures_down", Value::Count(2), "1 to 10",
        "silent probes in a row before the balancer takes a backend out";
}

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

/// One row.
#[derive(Debug)]
pub struct Assumption;

/// The values a run goes by.
#[derive(Clone, Debug)]
pub struct Assumptions;
