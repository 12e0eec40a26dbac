//! Times as people and tables read them. Locale-free, and from whole milliseconds only.

use jiff::Timestamp;
use windtunnel_sim::engine::time::{SimDuration, SimTime};

/// Seconds with exactly three decimals: `612.500`.
#[must_use]
pub fn seconds(at: SimTime) -> String {
    millis(at.ms())
}

/// A length in seconds with exactly three decimals.
#[must_use]
pub fn millis(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

/// The civil time of an instant, ISO-8601 in UTC with milliseconds: `2026-03-10T09:10:00.000Z`. Empty where the sum lies
/// outside the years that ISO-8601 writes with four digits.
#[must_use]
pub fn timestamp(start_unix_ms: i64, at: SimTime) -> String {
    let offset = i64::try_from(at.ms()).unwrap_or(i64::MAX);
    let civil = start_unix_ms.checked_add(offset).and_then(|ms| Timestamp::from_millisecond(ms).ok());
    civil.map_or_else(String::new, |civil| civil.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
}

/// A length as people say it: `5m 12s`, `2h 0m`, `4.5s`; at most two units.
#[must_use]
pub fn spoken(length: SimDuration) -> String {
    let ms = length.ms();
    // Beyond a minute nobody counts milliseconds.
    let s = (ms + 500) / 1000;
    match () {
        () if ms < 60_000 && !ms.is_multiple_of(1000) => {
            format!("{}s", millis(ms).trim_end_matches('0'))
        }
        () if s < 60 => format!("{s}s"),
        () if s < 3600 => format!("{}m {:02}s", s / 60, s % 60),
        () if s < 172_800 => format!("{}h {:02}m", s / 3600, s / 60 % 60),
        () => format!("{}d {:02}h", s / 86_400, s / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_three_decimals_and_timestamps_are_utc() {
        assert_eq!(seconds(SimTime::from_ms(612_007)), "612.007");
        assert_eq!(seconds(SimTime::ZERO), "0.000");
        // 2026-03-10T09:00:00Z.
        assert_eq!(timestamp(1_773_133_200_000, SimTime::from_ms(612_007)), "2026-03-10T09:10:12.007Z");
        assert_eq!(timestamp(i64::MAX, SimTime::ZERO), "");
    }

    #[test]
    fn lengths_are_spoken_in_two_units() {
        let spoken = |ms| spoken(SimDuration::from_ms(ms));
        assert_eq!(
            [0, 4_500, 59_999, 60_000, 312_000, 3_599_600, 7_200_000, 200_000_000].map(spoken),
            ["0s", "4.5s", "59.999s", "1m 00s", "5m 12s", "1h 00m", "2h 00m", "2d 07h"]
        );
    }
}
