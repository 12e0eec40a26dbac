//! Instants of a run as people write them: the one reader of them.
//!
//! An instant is a length of time since the start (`PT14M`, `14m`), a civil time with its offset (`2026-11-24T09:12:00Z`), a time of day
//! (`09:12`: the first such time at or after the start, in the scenario's zone), or an entry of the timeline, from which it may be so
//! far (`scale out`, `scale out + 2m30s`). What it comes to depends on the scenario: [`Instant::resolve`].

use crate::clock::{Clock, spoken, timestamp};
use crate::reading::{self, Wrong, is_number};
use crate::suggest::{near, or_meant};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::Plan;

/// An instant of a run, as somebody names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instant {
    /// So long after the start.
    Since(SimDuration),
    /// A civil time, in milliseconds since 1970.
    Civil(i64),
    /// The first such time of day at or after the start, in milliseconds since midnight.
    TimeOfDay(u64),
    /// When an entry of the timeline is due.
    Entry {
        /// Its name.
        name: String,
        /// So many milliseconds later; earlier where it is below zero.
        shift_ms: i64,
    },
}

/// What an instant can be, as a message says it after "must be".
pub const FORMS: &str = "an instant such as `PT14M`, `09:12`, `2026-11-24T09:12:00Z` or `scale out + 2m`";

/// How to write an instant, as a message says it.
pub const HELP: &str = "write a length of time since the start, `PT14M`; a time of day, `09:12`; a civil time with its offset, \
     `2026-11-24T09:12:00Z`; or an entry of the timeline, `scale out` or `scale out + 2m30s`";

impl Instant {
    /// Reads an instant.
    ///
    /// # Errors
    ///
    /// What is nearly one: a number without a unit, a date without an offset, a negative length.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        if text.is_empty() {
            return reading::not("an instant", text, HELP);
        }
        if is_clock(text) {
            let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.to_owned() };
            return reading::time_of_day(&padded).map(Self::TimeOfDay);
        }
        if is_date(text) {
            return civil(text).map(Self::Civil);
        }
        if let Some((name, shift_ms)) = shifted(text) {
            return Ok(Self::Entry { name: name.to_owned(), shift_ms });
        }
        match reading::duration(text) {
            Ok(length) => Ok(Self::Since(length)),
            Err(wrong) if is_number(text) || is_length(text) => Err(wrong),
            Err(_) => Ok(Self::Entry { name: text.to_owned(), shift_ms: 0 }),
        }
    }

    /// Reads an instant of a file that Azure exports: as [`Self::parse`] does, but a civil time without an offset is of UTC, and a date
    /// may be as the portal writes it, `11/24/2026, 9:12:00.000 AM`.
    ///
    /// # Errors
    ///
    /// As [`Self::parse`].
    pub fn parse_export(text: &str) -> Result<Self, Wrong> {
        let text = text.trim();
        let utc = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_millisecond());
        let found = if is_date(text) { text.parse::<DateTime>().ok() } else { of_portal(text) };
        match found.filter(|_| !has_offset(text)).and_then(utc) {
            Some(ms) => Ok(Self::Civil(ms)),
            None => Self::parse(text),
        }
    }

    /// When it is.
    ///
    /// # Errors
    ///
    /// The scenario has no civil time, or no such entry; it lies before the start.
    pub fn resolve(&self, clock: &Clock, entry: impl Fn(&str) -> Option<SimTime>) -> Result<SimTime, Wrong> {
        match self {
            Self::Since(length) => Ok(SimTime::ZERO + *length),
            Self::Civil(unix_ms) => {
                if clock.zone().is_none() {
                    return Err(without_start(self));
                }
                self.after_start(i128::from(*unix_ms) - i128::from(clock.start_unix_ms()), clock)
            }
            Self::TimeOfDay(ms) => match clock.zone() {
                None => Err(without_start(self)),
                Some(zone) => time_of_day(*ms, clock, zone).unwrap_or_else(|| Err(never(self))),
            },
            Self::Entry { name, shift_ms } => {
                let Some(at) = entry(name) else {
                    let message = format!("the timeline has no entry “{name}”");
                    return Err(Wrong {
                        why: "no entry of the timeline".to_owned(),
                        message,
                        help: Some(HELP.to_owned()),
                    });
                };
                self.after_start(i128::from(at.ms()) + i128::from(*shift_ms), clock)
            }
        }
    }

    /// When it is in a run of a plan.
    ///
    /// # Errors
    ///
    /// As [`Self::resolve`]; the entry that was probably meant is named.
    pub fn of_plan(&self, plan: &Plan) -> Result<SimTime, Wrong> {
        let known = || {
            plan.timeline.iter().map(|one| (&one.name, one.at)).chain(plan.notes.iter().map(|one| (&one.name, one.at)))
        };
        let entry =
            |name: &str| known().find(|(known, _)| *known == name).map(|(_, at)| at).filter(|at| *at < SimTime::FAR);
        self.resolve(&Clock::of(plan), entry).map_err(|wrong| match self {
            Self::Entry { name, .. } if entry(name).is_none() => {
                let hint = or_meant(&near(name, known().map(|(name, _)| name.as_str())));
                Wrong { message: format!("{}{hint}", wrong.message), ..wrong }
            }
            _ => wrong,
        })
    }

    fn after_start(&self, ms: i128, clock: &Clock) -> Result<SimTime, Wrong> {
        let start = clock.start().map_or_else(String::new, |start| format!(", which is {start}"));
        let early = |ms: i128| {
            let length = spoken(SimDuration::from_ms(u64::try_from(-ms).unwrap_or(u64::MAX)));
            Wrong {
                message: format!("{self} is {length} before the start{start}"),
                why: format!("is {length} before the start"),
                help: Some("write an instant at or after the start of the scenario, or begin it earlier".to_owned()),
            }
        };
        if ms < 0 {
            return Err(early(ms));
        }
        let is_near = |ms: &u64| *ms < SimTime::FAR.ms();
        u64::try_from(ms).ok().filter(is_near).map(SimTime::from_ms).ok_or_else(|| Wrong {
            message: format!("{self} is more than 8,900 years after the start{start}"),
            why: "is more than 8,900 years after the start".to_owned(),
            help: Some("write an earlier instant".to_owned()),
        })
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Since(length) => write!(f, "{} after the start", spoken(*length)),
            Self::Civil(unix_ms) => match timestamp(*unix_ms, SimTime::ZERO) {
                text if text.is_empty() => write!(f, "{unix_ms} ms after 1970"),
                text => write!(f, "{} {} UTC", &text[..10], &text[11..19]),
            },
            Self::TimeOfDay(ms) => f.write_str(&of_day(*ms)),
            Self::Entry { name, shift_ms: 0 } => write!(f, "“{name}”"),
            Self::Entry { name, shift_ms } => {
                let sign = if *shift_ms < 0 { '−' } else { '+' };
                write!(f, "“{name}” {sign} {}", spoken(SimDuration::from_ms(shift_ms.unsigned_abs())))
            }
        }
    }
}

/// Hours, minutes and seconds since midnight.
const fn parts_of_day(ms: u64) -> [u64; 3] {
    [ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60]
}

/// A time of day: `09:12`, and with seconds where there are some.
fn of_day(ms: u64) -> String {
    let [h, m, s] = parts_of_day(ms);
    if s == 0 { format!("{h:02}:{m:02}") } else { format!("{h:02}:{m:02}:{s:02}") }
}

fn without_start(instant: &Instant) -> Wrong {
    Wrong {
        message: format!("{instant} is a civil time, and the scenario does not say when it starts"),
        why: "the scenario has no civil time".to_owned(),
        help: Some(
            "write `start: 2026-11-24T09:00:00Z` into the scenario, or a length of time since the start, `PT12M`"
                .to_owned(),
        ),
    }
}

fn never(instant: &Instant) -> Wrong {
    Wrong {
        message: format!("{instant} does not come within the years that are written with four digits"),
        why: "does not come".to_owned(),
        help: Some("write an earlier `start`".to_owned()),
    }
}

/// The first such time of day at or after the start; an error where the clocks skip it on that day, since who writes such a time has
/// another one in mind.
fn time_of_day(ms: u64, clock: &Clock, zone: &TimeZone) -> Option<Result<SimTime, Wrong>> {
    let start = clock.zoned(SimTime::ZERO)?;
    let [hour, minute, second] = parts_of_day(ms).map(|part| i8::try_from(part).unwrap_or(0));
    let time = Time::new(hour, minute, second, 0).ok()?;
    let mut day = start.date();
    // Where clocks are set back, a time of the first day comes once more after the start.
    for _ in 0..3 {
        let at = day.to_datetime(time);
        let ambiguous = zone.to_ambiguous_timestamp(at);
        let found = match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { offset } => vec![offset],
            AmbiguousOffset::Fold { before, after } => vec![before, after],
            // What was skipped before the start is past.
            AmbiguousOffset::Gap { .. } if at < start.datetime() => Vec::new(),
            AmbiguousOffset::Gap { .. } => return Some(Err(skipped(ms, at))),
        };
        let instants = found.into_iter().filter_map(|offset| offset.to_timestamp(at).ok());
        if let Some(first) = instants.filter(|at| *at >= start.timestamp()).min() {
            let after = first.as_millisecond().checked_sub(clock.start_unix_ms())?;
            return Some(Ok(SimTime::from_ms(u64::try_from(after).ok()?)));
        }
        day = day.tomorrow().ok()?;
    }
    None
}

fn skipped(ms: u64, at: DateTime) -> Wrong {
    let (time, day) = (of_day(ms), at.date());
    Wrong {
        message: format!("there is no {time} on {day}: the clocks of the scenario's time zone skip it"),
        why: "the clocks skip this time".to_owned(),
        help: Some(format!(
            "write the time that the clocks showed, or a civil time with its offset, `{day}T{time}:00Z`"
        )),
    }
}

/// A civil time with its offset, in milliseconds since 1970.
fn civil(text: &str) -> Result<i64, Wrong> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at.as_millisecond());
    }
    match text.parse::<DateTime>() {
        Ok(at) if !has_offset(text) => {
            let iso = at.strftime("%Y-%m-%dT%H:%M:%S");
            reading::wrong("civil time", text, "has no offset from UTC", format!("write `{iso}Z` or `{iso}+01:00`"))
        }
        _ => reading::timestamp(text),
    }
}

/// Whether a date with its time says how far from UTC it is.
fn has_offset(text: &str) -> bool {
    let time = text.find(':').map_or("", |at| &text[at..]);
    time.contains(['Z', 'z', '+', '-'])
}

/// `9:12`, `09:12:30`: nothing but digits and colons.
fn is_clock(text: &str) -> bool {
    text.contains(':')
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == ':')
}

/// Whether a text begins as a date does, `2026-11-24`.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..4).all(digit) && bytes.get(4) == Some(&b'-') && digit(5) && digit(6) && bytes.get(7) == Some(&b'-')
}

/// Whether a text is a length of time that is written wrongly, and no name.
fn is_length(text: &str) -> bool {
    let rest = text.trim_start_matches(['-', '+']);
    let iso = rest
        .strip_prefix('P')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == 'T' || c == '-'));
    // A sign before a length that is one without it.
    iso || (rest != text && reading::duration(rest).is_ok())
}

/// A name with a length of time after or before it: `scale out + 2m30s`, `rollback - PT1M`.
fn shifted(text: &str) -> Option<(&str, i64)> {
    let mut signs = text.char_indices().rev().filter(|(_, sign)| matches!(sign, '+' | '-' | '−'));
    signs.find_map(|(at, sign)| {
        let (name, rest) = (&text[..at], &text[at + sign.len_utf8()..]);
        let apart = name.ends_with(' ') && rest.starts_with(' ');
        let length = reading::duration(rest).ok().filter(|_| apart && !name.trim().is_empty())?;
        let ms = i64::try_from(length.ms()).ok()?;
        Some((name.trim(), if sign == '+' { ms } else { -ms }))
    })
}

/// A date as the portal exports it where it is set to English: `11/24/2026, 9:12:00.000 AM`, `11/24/2026 9:12 AM`.
fn of_portal(text: &str) -> Option<DateTime> {
    let (date, time) = text.split_once([' ', ','])?;
    let mut parts = date.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_over = parts.next().is_none() && year.len() == 4;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().filter(|_| is_over)?;
    let time = time.trim_start_matches([' ', ',']);
    let (clock, half) = match time.rsplit_once(' ') {
        Some((clock, half)) if half.eq_ignore_ascii_case("AM") || half.eq_ignore_ascii_case("PM") => {
            (clock, Some(half))
        }
        _ => (time, None),
    };
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let (second, fraction) = parts.next().map_or(("0", ""), |text| text.split_once('.').unwrap_or((text, "")));
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + if half.eq_ignore_ascii_case("PM") { 12 } else { 0 },
        Some(_) => return None,
        None => hour,
    };
    let nanosecond = format!("{fraction:0<9.9}").parse().ok()?;
    Some(date.to_datetime(Time::new(hour, minute, second.parse().ok()?, nanosecond).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::plan::Zone;

    /// 2026-11-24T09:00:00Z.
    const START: i64 = 1_795_510_800_000;

    fn utc() -> Clock {
        Clock::new(START, &Zone::Offset(0))
    }

    fn berlin(start_unix_ms: i64) -> Clock {
        let rules = Zone::Rules { name: "W. Europe Standard Time".into(), rules: "CET-1CEST,M3.5.0,M10.5.0/3".into() };
        Clock::new(start_unix_ms, &rules)
    }

    fn at(text: &str, clock: &Clock) -> Result<u64, String> {
        let entry = |name: &str| (name == "scale out").then(|| SimTime::from_ms(1_200_000));
        let found = Instant::parse(text).and_then(|instant| instant.resolve(clock, entry));
        found.map(SimTime::ms).map_err(|wrong| wrong.message)
    }

    #[test]
    fn an_instant_is_a_length_a_civil_time_a_time_of_day_or_relative_to_an_entry() {
        for (text, ms) in [
            ("PT14M", 840_000),
            ("14m", 840_000),
            ("2026-11-24T09:12:00Z", 720_000),
            ("2026-11-24T10:12:00+01:00", 720_000),
            ("2026-11-24 09:12:00.500Z", 720_500),
            ("09:12", 720_000),
            ("9:12", 720_000),
            ("09:12:30", 750_000),
            ("09:00", 0),
            // The first 08:59 at or after 09:00 is that of the next day: 23 h 59 min later.
            ("08:59", 86_340_000),
            ("scale out", 1_200_000),
            ("scale out + 2m30s", 1_350_000),
            ("scale out - PT5M", 900_000),
        ] {
            assert_eq!(at(text, &utc()), Ok(ms), "{text}");
        }
    }

    #[test]
    fn what_is_no_instant_says_why() {
        let without = Clock::new(0, &Zone::NotGiven);
        for (text, clock, said) in [
            ("30", utc(), "the duration `30` has no unit"),
            ("-PT5M", utc(), "the duration `-PT5M` is negative"),
            ("P1M", utc(), "the duration `P1M` has months or years, which have no fixed length"),
            ("25:00", utc(), "`25:00` is not a time of day"),
            ("2026-11-24T09:12:00", utc(), "the civil time `2026-11-24T09:12:00` has no offset from UTC"),
            ("2026-11-31T09:12:00Z", utc(), "`2026-11-31T09:12:00Z` is not an instant with its offset from UTC"),
            ("scale uot", utc(), "the timeline has no entry “scale uot”"),
            (
                "2026-11-24T08:55:00Z",
                utc(),
                "2026-11-24 08:55:00 UTC is 5 min before the start, which is 2026-11-24 09:00 UTC",
            ),
            (
                "scale out - 30m",
                utc(),
                "“scale out” − 30 min is 10 min before the start, which is 2026-11-24 09:00 UTC",
            ),
            ("09:12", without.clone(), "09:12 is a civil time, and the scenario does not say when it starts"),
            (
                "2026-11-24T09:12:00Z",
                without,
                "2026-11-24 09:12:00 UTC is a civil time, and the scenario does not say when it starts",
            ),
        ] {
            assert_eq!(at(text, &clock), Err(said.to_owned()), "{text}");
        }
    }

    /// Berlin has UTC+1 in winter and +2 in summer. On 2026-03-29 at 02:00 clocks go to 03:00, and on 2026-10-25 at 03:00 back to 02:00.
    #[test]
    fn times_of_day_follow_the_clocks_over_midnight_and_over_their_changes() {
        let minute = 60_000;
        // 2026-03-28T22:00:00Z is 23:00: midnight is an hour later, 03:00 three hours later instead of four, 02:30 is skipped.
        let spring = berlin(1_774_735_200_000);
        assert_eq!(at("00:00", &spring), Ok(60 * minute));
        assert_eq!(at("03:00", &spring), Ok(180 * minute));
        assert_eq!(at("22:59", &spring), Ok((23 * 60 - 1) * minute));
        let skipped = "there is no 02:30 on 2026-03-29: the clocks of the scenario's time zone skip it";
        assert_eq!(at("02:30", &spring), Err(skipped.to_owned()));
        // 2026-03-29T01:10:00Z is 03:10: what was skipped is past, and the next 02:30 is that of the next day, 23 h 20 min later.
        assert_eq!(at("02:30", &berlin(1_774_746_600_000)), Ok((23 * 60 + 20) * minute));
        // 2026-10-25T00:00:00Z is 02:00 in summer: 02:30 comes after half an hour, and again an hour later.
        assert_eq!(at("02:30", &berlin(1_792_886_400_000)), Ok(30 * minute));
        // 00:40Z is 02:40: the second 02:30 is at 01:30Z, and 02:50 comes first at 00:50Z.
        let between = berlin(1_792_888_800_000);
        assert_eq!([at("02:30", &between), at("02:50", &between)], [Ok(50 * minute), Ok(10 * minute)]);
    }

    #[test]
    fn exports_of_azure_are_of_utc_where_they_say_no_offset() {
        let of = |text: &str| Instant::parse_export(text).map_err(|wrong| wrong.message);
        for text in [
            "2026-11-24T09:00:00Z",
            "2026-11-24T09:00:00.0000000Z",
            "2026-11-24T09:00:00",
            "2026-11-24 09:00",
            "2026-11-24T10:00:00+01:00",
            "11/24/2026, 9:00:00.000 AM",
            "11/24/2026 9:00:00 AM",
            "11/24/2026 09:00",
        ] {
            assert_eq!(of(text), Ok(Instant::Civil(START)), "{text}");
        }
        assert_eq!(of("11/24/2026, 12:00:00.000 AM"), Ok(Instant::Civil(START - 9 * 3_600_000)));
        assert_eq!(of("09:12"), Ok(Instant::TimeOfDay(33_120_000)));
        assert_eq!(of("24/11/2026 09:00"), Ok(Instant::Entry { name: "24/11/2026 09:00".into(), shift_ms: 0 }));
    }
}
