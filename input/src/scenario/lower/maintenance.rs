//! What bears on automatic OS upgrades beside the sets: maintenance configurations and the sets they are assigned to, and the
//! phases of platform images (OS-10, OS-14).
//!
//! A window is lowered to instants of the run. Its time zone must be UTC.

use super::Context;
use super::keys::{region, scenario};
use crate::arm::reference::{is_of_a_subscription, reference_name};
use crate::arm::shape::field::{Optional, Text};
use crate::arm::shape::maintenance::{
    ASSIGNED_SCOPE, ASSIGNED_TO, CONFIGURATION, DURATION, EXPIRATION, RECUR_EVERY, SCOPE, START, Scope, TIME_ZONE,
};
use crate::arm::shape::{ASSIGNMENT, MAINTENANCE};
use crate::problem::{Problem, suggest};
use crate::quantity;
use crate::scenario::legality::Legality;
use crate::tree::Node;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::TimeZone;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Maintenance, OsUpgrades, Region, Window};
use windtunnel_sim::rules;

/// The shortest window for OS images (OS-14).
const SHORTEST_MS: u64 = 5 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// When the run is, in civil time.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// t = 0, in milliseconds since 1970.
    pub start_unix_ms: i64,
    /// The end of the run.
    pub horizon: SimTime,
}

/// Reads what the scenario says of both.
pub fn read(regions: &[Region], run: Span, cx: &mut Context<'_>) -> OsUpgrades {
    let mut found: Vec<Maintenance> = Vec::new();
    for resource in cx.resources(MAINTENANCE) {
        if let Some(windows) = windows(resource, run, cx) {
            let name = resource.name().unwrap_or_default().to_owned();
            found.push(Maintenance { name, sets: Vec::new(), windows });
        }
    }
    for assignment in cx.resources(ASSIGNMENT) {
        assign(assignment, &mut found, cx);
    }
    OsUpgrades { maintenance: found, phases: phases(regions, cx) }
}

/// Puts a set under the configuration that an assignment names.
fn assign(assignment: &Node, found: &mut [Maintenance], cx: &mut Context<'_>) {
    let set = ASSIGNED_TO.node(assignment).or_else(|| ASSIGNED_SCOPE.node(assignment));
    let (Some(configuration), Some(set)) = (CONFIGURATION.node(assignment), set) else {
        let problem = Problem::error("E0505", "an assignment must name its configuration and its scale set");
        let help = "write `maintenanceConfigurationId` and `resourceId` under `properties`";
        cx.problems.push(problem.at(&assignment.span, "one is missing").help(help));
        return;
    };
    let unknown = |node: &Node, (what, show): (&str, &str), known: Option<String>| {
        let id = node.text().unwrap_or_default();
        let name = reference_name(id);
        if is_of_a_subscription(id) {
            let message = format!("the {what} `{name}` is not among the resources, so the assignment is ignored");
            let help = format!("add the output of `az {show} show` to `resources`");
            return Problem::warning("W0207", message).at(&node.span, "leads to it").help(help);
        }
        Problem::error("E0504", format!("there is no {what} `{name}`")).at(&node.span, "unknown").maybe_help(known)
    };
    let name = reference_name(configuration.text().unwrap_or_default());
    let set_name = reference_name(set.text().unwrap_or_default());
    let at = found.iter().position(|one| one.name.eq_ignore_ascii_case(name));
    let set_at = cx.sets.0.iter().position(|known| known.eq_ignore_ascii_case(set_name));
    if at.is_none() {
        let help = suggest(name, found.iter().map(|one| one.name.as_str()));
        cx.problems.push(unknown(configuration, ("maintenance configuration", "maintenance configuration"), help));
    }
    if set_at.is_none() {
        let help = suggest(set_name, cx.sets.iter());
        cx.problems.push(unknown(set, ("scale set", "vmss"), help));
    }
    if let (Some(at), Some(set)) = (at, set_at.and_then(|set| u16::try_from(set).ok())) {
        found[at].sets.push(set);
    }
}

/// How a window recurs.
struct Recurrence {
    /// Every so many days.
    days: i64,
    /// On these days of the week alone; empty for the day it began on.
    on: Vec<Weekday>,
}

impl Recurrence {
    /// Reads `Day`, `3Days`, `Week`, `2Weeks Monday,Friday`; months are not for OS images (OS-14).
    fn parse(text: &str) -> Option<Self> {
        let (every, on) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let digits = every.len() - every.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count: i64 = if digits == 0 { 1 } else { every[..digits].parse().ok()? };
        let days = match every[digits..].to_ascii_lowercase().as_str() {
            "day" | "days" => 1,
            "week" | "weeks" => 7,
            _ => return None,
        };
        let on: Option<Vec<Weekday>> =
            on.split(',').map(str::trim).filter(|day| !day.is_empty()).map(weekday).collect();
        let on = on?;
        let fits = (1..=365).contains(&count) && (on.is_empty() || days == 7);
        fits.then_some(Self { days: days * count, on })
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    let all = [
        (Weekday::Monday, "monday"),
        (Weekday::Tuesday, "tuesday"),
        (Weekday::Wednesday, "wednesday"),
        (Weekday::Thursday, "thursday"),
        (Weekday::Friday, "friday"),
        (Weekday::Saturday, "saturday"),
        (Weekday::Sunday, "sunday"),
    ];
    all.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(day, _)| day)
}

/// `2026-03-10 08:00`, in milliseconds since 1970.
fn instant(text: &str) -> Option<i64> {
    let at: DateTime = text.trim().replacen(' ', "T", 1).parse().ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// A maintenance window under way to be read.
struct Reader<'n, 'c, 'a> {
    name: String,
    resource: &'n Node,
    cx: &'c mut Context<'a>,
}

impl<'n> Reader<'n, '_, '_> {
    fn at(&self, field: &Optional<Text>) -> Option<(&'n Node, &'n str)> {
        let node = field.node(self.resource)?;
        Some((node, node.text().unwrap_or_default()))
    }

    fn wrong(&mut self, node: &Node, code: &'static str, message: String, help: &str) {
        let problem = Problem::error(code, message).at(&node.span, format!("of `{}`", self.name));
        self.cx.problems.push(problem.help(help));
    }

    fn refuse(&mut self, node: &Node, message: &str, help: &str) {
        let mut legality = Legality { rules: self.cx.rules, problems: self.cx.problems };
        legality.refuse(rules::OS_14, &node.span, message, help);
    }

    /// A civil time; `None` where it cannot be read.
    fn instant(&mut self, (node, text): (&Node, &str)) -> Option<i64> {
        let found = instant(text);
        if found.is_none() {
            let message = format!("`{text}` is not a date and time");
            self.wrong(node, "E0110", message, "write it as `2026-03-10 08:00`");
        }
        found
    }

    /// The length of the window (OS-14).
    fn length(&mut self) -> Option<u64> {
        let Some((node, text)) = self.at(&DURATION) else { return Some(SHORTEST_MS) };
        let Ok(length) = quantity::time_of_day(text) else {
            self.wrong(node, "E0110", format!("`{text}` is not a valid length of a window"), "write `\"05:00\"`");
            return None;
        };
        if length < SHORTEST_MS {
            let message = "a window for OS images must be at least 5 hours long";
            self.refuse(node, message, "make it `\"05:00\"` or longer");
        }
        Some(length)
    }

    /// How it recurs (OS-14).
    fn recurrence(&mut self) -> Option<Recurrence> {
        let Some((node, text)) = self.at(&RECUR_EVERY) else { return Some(Recurrence { days: 1, on: Vec::new() }) };
        let found = Recurrence::parse(text);
        if found.is_none() {
            let help = "write `Day`, `3Days`, `Week` or `2Weeks Saturday,Sunday`";
            self.refuse(node, "a window for OS images must recur in days or weeks", help);
        }
        found
    }
}

/// The windows of a maintenance configuration.
fn windows(resource: &Node, run: Span, cx: &mut Context<'_>) -> Option<Vec<Window>> {
    if let Some(scope) = SCOPE.get(resource).filter(|scope| scope.value != Scope::OSImage) {
        let problem = Problem::warning("W0203", "this release ignores maintenance of this scope");
        cx.problems.push(problem.at(&scope.span, "only `OSImage` has an effect"));
        return None;
    }
    let mut reader = Reader { name: resource.name().unwrap_or_default().to_owned(), resource, cx };
    let Some(begins) = reader.at(&START) else {
        let message = format!("`{}` has no `startDateTime`", reader.name);
        reader.wrong(resource, "E0505", message, "write all of `maintenanceWindow`");
        return None;
    };
    if let Some((node, zone)) = reader.at(&TIME_ZONE).filter(|(_, zone)| !zone.eq_ignore_ascii_case("UTC")) {
        let message = format!("the time zone `{zone}` of a window is not modelled");
        reader.wrong(node, "E0505", message, "write the window in `UTC`");
        return None;
    }
    let first = reader.instant(begins)?;
    let expires = match reader.at(&EXPIRATION) {
        Some(given) => reader.instant(given)?,
        None => i64::MAX,
    };
    let (length, recurs) = (reader.length()?, reader.recurrence()?);
    Some(absolute(first, expires, length, &recurs, run))
}

/// The windows within the run.
fn absolute(first: i64, expires: i64, length: u64, recurs: &Recurrence, run: Span) -> Vec<Window> {
    let end = run.start_unix_ms + i64::try_from(run.horizon.ms()).unwrap_or(i64::MAX / 2);
    let length = i64::try_from(length).unwrap_or(DAY_MS);
    let mut windows = Vec::new();
    let mut push = |opens: i64| {
        let closes = (opens + length).min(expires);
        if opens >= first && opens < expires && closes > run.start_unix_ms && opens <= end {
            let instant = |unix: i64| SimTime::from_ms(u64::try_from(unix - run.start_unix_ms).unwrap_or(0));
            windows.push(Window { opens: instant(opens), closes: instant(closes) });
        }
    };
    // Weeks are counted from the one that the first window is in.
    let began = jiff::Timestamp::from_millisecond(first).map(|at| at.to_zoned(TimeZone::UTC).weekday());
    let since_monday = began.map_or(0, |day| i64::from(day.to_monday_zero_offset()));
    let step = recurs.days * DAY_MS;
    // Not before the period in which the run begins.
    let mut period = first + ((run.start_unix_ms - first).max(0) / step - 1).max(0) * step;
    while period <= end && period < expires {
        if recurs.on.is_empty() {
            push(period);
        } else {
            let monday = period - since_monday * DAY_MS;
            let mut days: Vec<i64> = recurs.on.iter().map(|day| i64::from(day.to_monday_zero_offset())).collect();
            days.sort_unstable();
            days.dedup();
            for day in days {
                push(monday + day * DAY_MS);
            }
        }
        period += step;
    }
    windows
}

/// The regions by the phase that the scenario gives each (`os_upgrade.phase_length`).
fn phases(regions: &[Region], cx: &Context<'_>) -> Vec<Vec<u16>> {
    let mut given: Vec<(u32, u16)> = Vec::new();
    for (name, node) in scenario::REGIONS.entries(cx.scenario) {
        let at = regions.iter().position(|region| region.name == name.text);
        if let (Some(phase), Some(at)) = (region::PHASE.given(node), at.and_then(|at| u16::try_from(at).ok())) {
            given.push((phase, at));
        }
    }
    given.sort_unstable();
    given.chunk_by(|a, b| a.0 == b.0).map(|phase| phase.iter().map(|(_, region)| *region).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Monday 2026-01-05 00:00 on, for 20 days.
    fn opens(first: &str, recurs: &str) -> Vec<u64> {
        let start_unix_ms = instant("2026-01-05 00:00").expect("a date");
        let run = Span { start_unix_ms, horizon: SimTime::from_ms(20 * DAY_MS as u64) };
        let recurs = Recurrence::parse(recurs).expect("a recurrence");
        let found = absolute(instant(first).expect("a date"), i64::MAX, SHORTEST_MS, &recurs, run);
        found.iter().map(|window| window.opens.ms() / 3_600_000).collect()
    }

    /// Hours since the start. Wednesday the 7th at 22:00 is hour 70.
    #[test]
    fn windows_recur_in_days_and_weeks() {
        assert_eq!(opens("2026-01-07 22:00", "6Days"), [70, 214, 358]);
        assert_eq!(opens("2026-01-07 22:00", "Week"), [70, 238, 406]);
        // Saturday of this week, Monday and Saturday of the week after next; the Monday before is before it began.
        assert_eq!(opens("2026-01-07 22:00", "2Weeks Saturday,Monday"), [142, 358, 478]);
        // It began long ago: every day at 3.
        assert_eq!(opens("2025-06-01 03:00", "Day").len(), 20);
        assert_eq!(opens("2025-06-01 03:00", "Day")[..2], [3, 27]);
        // One that is open when the run begins is open from its start.
        assert_eq!(opens("2026-01-04 22:00", "Day")[..2], [0, 22]);
    }

    #[test]
    fn months_are_no_recurrence_for_images() {
        for wrong in ["Month", "2Months day23", "Days3", "Day Monday", "Week Mon", ""] {
            assert!(Recurrence::parse(wrong).is_none(), "{wrong}");
        }
    }
}
