//! Times as people and tables read them. Locale-free, and from whole milliseconds only.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::{Plan, Zone};

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

/// An instant as people say it: the time of day, with the day where it is not that of the start, `10:39:48 UTC`; how long after the
/// start it is where the scenario has no civil time.
#[must_use]
pub fn civil(plan: &Plan, at: SimTime) -> String {
    Clock::of(plan).civil(at)
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

/// An instant as people say it, with how long after the start that is: `10:39:48 UTC, +39 min 48 s`. This writes every instant that
/// people read.
#[must_use]
pub fn moment(plan: &Plan, at: SimTime) -> String {
    Clock::of(plan).moment(at)
}

/// The civil time of a run.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Civil time of the start, in milliseconds since 1970.
    start_unix_ms: i64,
    /// The zone in which it is written; `None` where the scenario does not say when it starts.
    zone: Option<TimeZone>,
}

impl Clock {
    /// That of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        Self::new(plan.start_unix_ms, &plan.zone)
    }

    /// That of a start.
    #[must_use]
    pub fn new(start_unix_ms: i64, zone: &Zone) -> Self {
        let zone = match zone {
            Zone::NotGiven => None,
            Zone::Offset(0) => Some(TimeZone::UTC),
            Zone::Offset(seconds) => Offset::from_seconds(*seconds).ok().map(TimeZone::fixed),
            Zone::Rules { rules, .. } => TimeZone::posix(rules).ok(),
        };
        Self { start_unix_ms, zone }
    }

    /// Civil time of the start, in milliseconds since 1970.
    #[must_use]
    pub const fn start_unix_ms(&self) -> i64 {
        self.start_unix_ms
    }

    /// The zone in which civil times are written; `None` where the scenario does not say when it starts.
    #[must_use]
    pub const fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// The same with another start.
    #[must_use]
    pub fn from(&self, start_unix_ms: i64) -> Self {
        Self { start_unix_ms, zone: self.zone.clone() }
    }

    /// The date and the time of an instant, where the scenario has a civil time and the year four digits.
    #[must_use]
    pub fn zoned(&self, at: SimTime) -> Option<Zoned> {
        let ms = self.start_unix_ms.checked_add(i64::try_from(at.ms()).ok()?)?;
        Some(Timestamp::from_millisecond(ms).ok()?.to_zoned(self.zone.clone()?))
    }

    /// An instant as [`civil`] says it.
    #[must_use]
    pub fn civil(&self, at: SimTime) -> String {
        self.zoned(at).map_or_else(|| offset(at), |now| format!("{}{}", self.day(&now), time_and_zone(&now)))
    }

    /// An instant as [`moment`] says it.
    #[must_use]
    pub fn moment(&self, at: SimTime) -> String {
        match self.zoned(at) {
            Some(now) => format!("{}{}, {}", self.day(&now), time_and_zone(&now), offset(at)),
            None => offset(at),
        }
    }

    /// The same without the name of the zone, where that stands beside: `10:39:48`.
    #[must_use]
    pub fn short(&self, at: SimTime) -> String {
        self.zoned(at).map_or_else(|| offset(at), |now| format!("{}{}", self.day(&now), now.strftime("%H:%M:%S")))
    }

    /// The day of an instant, where it is not that of the start.
    fn day(&self, now: &Zoned) -> String {
        let is_first = self.zoned(SimTime::ZERO).is_some_and(|start| start.date() == now.date());
        if is_first { String::new() } else { now.strftime("%Y-%m-%d ").to_string() }
    }

    /// The start as a date with its time and its zone: `2026-03-10 09:00 UTC`.
    #[must_use]
    pub fn start(&self) -> Option<String> {
        let start = self.zoned(SimTime::ZERO)?;
        Some(format!("{} {}", start.strftime("%Y-%m-%d %H:%M"), zone_of(&start)))
    }

    /// How the zone is ahead of UTC up to an instant: from when, by how many seconds, and what it is called then.
    #[must_use]
    pub fn spans(&self, until: SimTime) -> Option<Vec<(SimTime, i32, String)>> {
        let start = self.zoned(SimTime::ZERO)?;
        let mut spans = vec![(SimTime::ZERO, start.offset().seconds(), zone_of(&start))];
        for change in self.zone()?.following(start.timestamp()) {
            let ms = change.timestamp().as_millisecond().saturating_sub(self.start_unix_ms);
            let Some(at) = u64::try_from(ms).ok().filter(|ms| *ms < until.ms()).map(SimTime::from_ms) else { break };
            let now = change.timestamp().to_zoned(self.zone.clone()?);
            spans.push((at, now.offset().seconds(), zone_of(&now)));
        }
        Some(spans)
    }

    /// What the zone is called at an instant: `UTC`, `+01:00`.
    #[must_use]
    pub fn zone_at(&self, at: SimTime) -> Option<String> {
        self.zoned(at).map(|now| zone_of(&now))
    }
}

fn time_and_zone(now: &Zoned) -> String {
    format!("{} {}", now.strftime("%H:%M:%S"), zone_of(now))
}

fn zone_of(now: &Zoned) -> String {
    if now.offset() == Offset::UTC { "UTC".to_owned() } else { now.strftime("%:z").to_string() }
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
        let clock = Clock::new(1_773_133_200_000, &Zone::Offset(0));
        let at = |ms| clock.civil(SimTime::from_ms(ms));
        assert_eq!([at(2_388_000), at(86_400_000)], ["09:39:48 UTC", "2026-03-11 09:00:00 UTC"]);
        let both = |ms| clock.moment(SimTime::from_ms(ms));
        assert_eq!(both(2_388_000), "09:39:48 UTC, +39 min 48 s");
        // 10 min 49.889 s, and 1 h 48 min 31 s: cut off like the time of day beside it.
        assert_eq!(both(649_889), "09:10:49 UTC, +10 min 49 s");
        assert_eq!(both(6_511_000), "10:48:31 UTC, +1 h 48 min");
        assert_eq!(clock.start().unwrap(), "2026-03-10 09:00 UTC");
        assert_eq!(Clock::new(i64::MAX, &Zone::Offset(0)).moment(SimTime::from_ms(60_000)), "+1 min");
        assert_eq!(Clock::new(0, &Zone::NotGiven).moment(SimTime::from_ms(60_000)), "+1 min");
    }

    /// 2026-03-29T00:30:00Z is 01:30 in Berlin; half an hour later clocks go from 02:00 to 03:00.
    #[test]
    fn the_time_of_day_is_that_of_the_zone() {
        let rules = Zone::Rules { name: "W. Europe Standard Time".into(), rules: "CET-1CEST,M3.5.0,M10.5.0/3".into() };
        let berlin = Clock::new(1_774_744_200_000, &rules);
        let at = |ms| berlin.moment(SimTime::from_ms(ms));
        assert_eq!([at(0), at(1_800_000)], ["01:30:00 +01:00, +0 s", "03:00:00 +02:00, +30 min"]);
        // 22 h 30 min later a winter's day is over; this one was an hour shorter.
        assert_eq!(at(77_400_000), "2026-03-30 00:00:00 +02:00, +21 h 30 min");
        let fixed = Clock::new(1_774_744_200_000, &Zone::Offset(3600));
        assert_eq!(
            [fixed.civil(SimTime::from_ms(1_800_000)), fixed.short(SimTime::ZERO)],
            ["02:00:00 +01:00", "01:30:00"]
        );
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
