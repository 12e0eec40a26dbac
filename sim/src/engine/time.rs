//! Simulated time: whole milliseconds since the start of the scenario.

use std::fmt;
use std::num::NonZeroU64;
use std::ops::{Add, AddAssign, Sub};

/// An instant, in milliseconds since t = 0 of the scenario. Kept as one more than that, so that an instant that may be
/// absent takes no more room than one that is there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(NonZeroU64);

const _: () = assert!(size_of::<Option<SimTime>>() == 8);

/// A length of time, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(u64);

impl SimTime {
    /// The start of the scenario.
    pub const ZERO: Self = Self(NonZeroU64::MIN);
    /// Later than any horizon; an open end. Below 2⁴⁸, so that it fits the key of an event.
    pub const FAR: Self = Self::from_ms((1 << 48) - 1);

    /// The instant `ms` milliseconds after the start.
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        assert!(ms < 1 << 48, "a simulated instant lies within about 8,900 years of the start");
        Self(NonZeroU64::MIN.saturating_add(ms))
    }

    /// Milliseconds since the start.
    #[must_use]
    pub const fn ms(self) -> u64 {
        self.0.get() - 1
    }

    /// Seconds since the start, for measures and reports.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.ms() as f64 / 1000.0
    }

    /// The time since `earlier`; zero if that lies in the future.
    #[must_use]
    pub const fn since(self, earlier: Self) -> SimDuration {
        SimDuration(self.0.get().saturating_sub(earlier.0.get()))
    }
}

/// An instant in six bytes, for the rows of which one is kept for each instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortTime([u16; 3]);

impl ShortTime {
    /// This instant, which lies below 2⁴⁸ as all do.
    #[must_use]
    pub const fn new(time: SimTime) -> Self {
        let ms = time.ms();
        Self([ms as u16, (ms >> 16) as u16, (ms >> 32) as u16])
    }

    /// The instant.
    #[must_use]
    pub const fn time(self) -> SimTime {
        let [low, middle, high] = self.0;
        SimTime::from_ms(low as u64 | (middle as u64) << 16 | (high as u64) << 32)
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// `ms` milliseconds.
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms)
    }

    /// `seconds` whole seconds; the longest length there is, if that is more.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// `minutes` whole minutes; the longest length there is, if that is more.
    #[must_use]
    pub const fn from_mins(minutes: u64) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    /// Milliseconds.
    #[must_use]
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// Seconds, for measures and reports.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// `n` times as long; the longest length there is, if that is more.
    #[must_use]
    pub const fn times(self, n: u64) -> Self {
        Self(self.0.saturating_mul(n))
    }

    /// What is left of it after `other`; nothing, if that is longer.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The length as Azure writes it: `PT1H2M3.5S`.
    #[must_use]
    pub fn iso(self) -> Iso {
        Iso(self.0)
    }
}

impl Default for SimTime {
    fn default() -> Self {
        Self::ZERO
    }
}

impl fmt::Debug for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SimTime").field(&self.ms()).finish()
    }
}

impl Add<SimDuration> for SimTime {
    type Output = Self;
    fn add(self, rhs: SimDuration) -> Self {
        Self::from_ms(self.ms().saturating_add(rhs.0).min(Self::FAR.ms()))
    }
}

impl AddAssign<SimDuration> for SimTime {
    fn add_assign(&mut self, rhs: SimDuration) {
        *self = *self + rhs;
    }
}

impl Add for SimDuration {
    type Output = Self;
    fn add(self, rhs: Self) -> Self {
        Self(self.0.saturating_add(rhs.0))
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = Self;
    fn sub(self, rhs: SimDuration) -> Self {
        Self::from_ms(self.ms().checked_sub(rhs.0).expect("an instant before the start"))
    }
}

/// Shows milliseconds as an ISO-8601 duration.
#[derive(Clone, Copy, Debug)]
pub struct Iso(u64);

impl fmt::Display for Iso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (h, m, s, ms) = (self.0 / 3_600_000, self.0 / 60_000 % 60, self.0 / 1000 % 60, self.0 % 1000);
        let mut text = String::from("PT");
        if h > 0 {
            text += &format!("{h}H");
        }
        if m > 0 {
            text += &format!("{m}M");
        }
        if ms > 0 {
            text += format!("{s}.{ms:03}").trim_end_matches('0');
            text.push('S');
        } else if s > 0 || text == "PT" {
            text += &format!("{s}S");
        }
        f.pad(&text)
    }
}

impl fmt::Display for SimTime {
    /// The instant as the offset from the start: `PT14M`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Iso(self.ms()).fmt(f)
    }
}

impl fmt::Display for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Iso(self.0).fmt(f)
    }
}
