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

/// The units of a length with their words, the longest first, in milliseconds.
pub const UNITS: [(u64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")];

/// A length as people say it: `4.5 s`, `5 min 12 s`, `1 h 40 min`, `2 d 7 h`; at most two units, and no second that is zero.
#[must_use]
pub fn spoken(length: SimDuration) -> String {
    let ms = length.ms();
    let [day, hour, minute, second] = UNITS.map(|(_, word)| word);
    // Beyond a minute nobody counts milliseconds, and beyond an hour nobody counts seconds.
    let s = (ms + 500) / 1000;
    let minutes = (s + 30) / 60;
    let two = |a: u64, big: &str, b: u64, small: &str| match b {
        0 => format!("{a} {big}"),
        b => format!("{a} {big} {b} {small}"),
    };
    match () {
        () if ms < 60_000 && !ms.is_multiple_of(1000) => {
            // Of a few milliseconds each counts; of some seconds a tenth.
            let shown = if ms < 1000 { millis(ms) } else { format!("{}.{}", (ms + 50) / 1000, (ms + 50) / 100 % 10) };
            format!("{} {second}", shown.trim_end_matches('0').trim_end_matches('.'))
        }
        () if s < 60 => format!("{s} {second}"),
        () if s < 3600 => two(s / 60, minute, s % 60, second),
        () if minutes < 2880 => two(minutes / 60, hour, minutes % 60, minute),
        () => {
            let hours = (minutes + 30) / 60;
            two(hours / 24, day, hours % 24, hour)
        }
    }
}

/// A length given in seconds, as people say it.
#[must_use]
pub fn spoken_s(seconds: f64) -> String {
    spoken(SimDuration::from_ms((seconds.max(0.0) * 1000.0).round() as u64))
}

/// An instant as people say it: the time of day in UTC, `10:39:48 UTC`, with the day where it is not that of the start.
#[must_use]
pub fn civil(start_unix_ms: i64, at: SimTime) -> String {
    let (start, now) = (timestamp(start_unix_ms, SimTime::ZERO), timestamp(start_unix_ms, at));
    match (now.get(..10), now.get(11..19)) {
        (Some(day), Some(time)) if start.starts_with(day) => format!("{time} UTC"),
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => at.to_string(),
    }
}

/// How long after the start of a run an instant is: `+7 min`. What is left of the smallest unit is cut off, as in a time of day.
#[must_use]
pub fn offset(at: SimTime) -> String {
    let ms = at.ms();
    let unit = match () {
        () if ms < 60_000 => 1,
        () if ms < 3_600_000 => 1000,
        () if ms < 48 * 3_600_000 => 60_000,
        () => 3_600_000,
    };
    format!("+{}", spoken(SimDuration::from_ms(ms / unit * unit)))
}

/// An instant as people say it, with how long after the start that is: `10:39:48 UTC, +39 min 48 s`.
#[must_use]
pub fn moment(start_unix_ms: i64, at: SimTime) -> String {
    match civil(start_unix_ms, at) {
        // Outside the years that are written with four digits there is no time of day.
        text if text == at.to_string() => offset(at),
        text => format!("{text}, {}", offset(at)),
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

    /// 2026-03-10T09:00:00Z, and 39 min 48 s and a day later.
    #[test]
    fn instants_are_times_of_day() {
        let at = |ms| civil(1_773_133_200_000, SimTime::from_ms(ms));
        assert_eq!([at(2_388_000), at(86_400_000)], ["09:39:48 UTC", "2026-03-11 09:00:00 UTC"]);
        let both = |start, ms| moment(start, SimTime::from_ms(ms));
        assert_eq!(both(1_773_133_200_000, 2_388_000), "09:39:48 UTC, +39 min 48 s");
        assert_eq!(both(i64::MAX, 60_000), "+1 min");
        // 10 min 49.889 s, and 1 h 48 min 31 s: cut off like the time of day beside it.
        assert_eq!(both(1_773_133_200_000, 649_889), "09:10:49 UTC, +10 min 49 s");
        assert_eq!(both(1_773_133_200_000, 6_511_000), "10:48:31 UTC, +1 h 48 min");
    }

    #[test]
    fn lengths_are_spoken_in_two_units() {
        let spoken = |ms| spoken(SimDuration::from_ms(ms));
        assert_eq!(
            [0, 4_500, 59_999, 60_000, 312_000, 3_599_600, 5_988_266, 7_200_000, 200_000_000].map(spoken),
            ["0 s", "4.5 s", "60 s", "1 min", "5 min 12 s", "1 h", "1 h 40 min", "2 h", "2 d 8 h"]
        );
    }
}
