//! Civil time: recurrences and fixed dates as instants of the run (AS-05).

use super::super::traffic::Clock;
use super::zones::ZONES;
use crate::arm::shape::autoscale::{
    DAYS, FIXED_DATE, FIXED_END, FIXED_START, FIXED_ZONE, HOURS, MINUTES, SCHEDULE, TIME_ZONE,
};
use crate::arm::shape::field::{Objects, Optional, Text};
use crate::problem::{Problem, Problems, suggest};
use crate::tree::Node;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;

/// The days of the week, as Azure writes them.
const DAYS_OF_THE_WEEK: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

/// The time zone that a property names; UTC where it names none.
fn zone(profile: &Node, field: &Optional<Text>, problems: &mut Problems) -> TimeZone {
    let Some((node, name)) = field.node(profile).and_then(|node| Some((node, node.text()?))) else {
        return TimeZone::UTC;
    };
    let row = ZONES.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(name.trim()));
    if let Some(zone) = row.and_then(|(_, rules)| TimeZone::posix(rules).ok()) {
        return zone;
    }
    let help = suggest(name, ZONES.iter().map(|(windows, _)| *windows));
    let problem =
        Problem::error("E0112", format!("`timeZone` cannot be `{name}`")).at(&node.span, "not a Windows time zone");
    problems.push(
        problem
            .maybe_help(help.or_else(|| Some("write a Windows time zone, such as `W. Europe Standard Time`".into()))),
    );
    TimeZone::UTC
}

/// An instant of civil time, in milliseconds since the beginning of the clock.
fn instant(at: DateTime, zone: &TimeZone, clock: Clock) -> Option<i64> {
    let zoned = at.to_zoned(zone.clone()).ok()?;
    Some(zoned.timestamp().as_millisecond() - clock.start_unix_ms)
}

/// The beginning and the end of a fixed date.
pub fn fixed(profile: &Node, clock: Clock, problems: &mut Problems) -> Option<(i64, i64)> {
    let node = FIXED_DATE.find(profile)?;
    let zone = zone(profile, &FIXED_ZONE, problems);
    let mut read = |field: &Optional<Text>| {
        let holder = field.node(profile);
        let text = holder.and_then(Node::text).unwrap_or_default();
        // The API ends a date in `Z` whatever zone it is in.
        let parsed =
            text.trim_end_matches(['Z', 'z']).parse::<DateTime>().ok().and_then(|at| instant(at, &zone, clock));
        if parsed.is_none() {
            let message = format!("`{}` of a fixed date must be a date with its time, got `{text}`", field.key);
            let span = holder.map_or(&node.span, |holder| &holder.span);
            problems.push(Problem::error("E0111", message).at(span, "this date").help("write `2026-03-10T09:00:00`"));
        }
        parsed
    };
    let (from, until) = (read(&FIXED_START), read(&FIXED_END));
    let (from, until) = (from?, until?);
    if until <= from {
        let problem = Problem::error("E0110", "a fixed date ends before it begins");
        problems.push(problem.at(&node.span, "this fixed date").help("swap `start` and `end`"));
        return None;
    }
    Some((from, until))
}

/// Every start of a recurrence from a week before the run to its end.
pub fn starts(profile: &Node, clock: Clock, problems: &mut Problems) -> Vec<i64> {
    if SCHEDULE.find(profile).is_none() {
        return Vec::new();
    }
    let zone = zone(profile, &TIME_ZONE, problems);
    let numbers = |field: &Optional<Objects>| -> Vec<i8> {
        field.items(profile).iter().filter_map(|item| item.text()?.parse().ok()).collect()
    };
    let (hours, minutes) = (numbers(&HOURS), numbers(&MINUTES));
    let named = |item: &Node| DAYS_OF_THE_WEEK.iter().find(|(name, _)| Some(*name) == item.text()).map(|(_, day)| *day);
    let days: Vec<Weekday> = DAYS.items(profile).iter().filter_map(named).collect();
    let first = jiff::Timestamp::from_millisecond(clock.start_unix_ms).ok().map(|at| at.to_zoned(zone.clone()).date());
    let Some(first) = first.and_then(|date| date.checked_sub(jiff::Span::new().days(8)).ok()) else {
        return Vec::new();
    };
    let count = clock.length.ms() / 86_400_000 + 10;
    let dates = first.series(jiff::Span::new().days(1)).take(usize::try_from(count).unwrap_or(0));
    let mut starts: Vec<i64> = Vec::new();
    for date in dates.filter(|date: &Date| days.contains(&date.weekday())) {
        for (&hour, &minute) in hours.iter().flat_map(|hour| minutes.iter().map(move |minute| (hour, minute))) {
            let at = DateTime::new(date.year(), date.month(), date.day(), hour, minute, 0, 0).ok();
            starts.extend(at.and_then(|at| instant(at, &zone, clock)));
        }
    }
    starts.sort_unstable();
    starts
}
