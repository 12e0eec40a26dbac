//! The harm of a run: how many requests, who did it, and for how long.

use crate::experiment::assessment::allowed;
use crate::experiment::replay::Replay;
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::catalogue::{FULL, HARMED, JOBS_LOST, JOBS_STARTED, SHORTFALL};
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::{Lane, Lanes};
use windtunnel_sim::measure::{Measure, Scope, Value};
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_words::clock::spoken;
use windtunnel_words::number::{beside_limit, counted, percentage};

/// The measures that say how much harm there was; `None` for one that is not there.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// `blast_radius.requests_pct`.
    pub harmed_pct: Option<Value>,
    /// What the objective allows of it.
    pub allowed: Option<f64>,
    /// `downtime.full_s` of the worst entry point: demand, and nothing served.
    pub nobody_s: Option<Value>,
    /// `capacity.shortfall_s` of the same: demand above what the ready ones can serve.
    pub short_s: Option<Value>,
    /// Which one that is, where there are several.
    pub worst: Option<String>,
    /// It is a name, whose users are led to several places.
    pub is_name: bool,
    /// `jobs.lost` and `jobs.started`.
    pub jobs: Option<[f64; 2]>,
}

impl Measured {
    /// Those of a run.
    pub fn of(replay: &Replay<'_>) -> Self {
        let plan = replay.plan();
        let all: Vec<EntryPointId> =
            plan.entries().filter(|(_, of)| of.traffic.is_some() && of.is_root()).map(|(id, _)| id).collect();
        let of = |name: &str, scope: Scope| Measure::find(&replay.measures, name, scope);
        let least = |name, id: EntryPointId| of(name, Scope::EntryPoint(id)).and_then(|of| of.least()).unwrap_or(0.0);
        // The one at which longest nobody was served, and of those the one that was short for longest.
        let bad = |id: &EntryPointId| [FULL, SHORTFALL].map(|name| least(name, *id));
        let worst = all.iter().copied().reduce(|worst, id| if bad(&id) > bad(&worst) { id } else { worst });
        let scope = worst.filter(|_| all.len() > 1).map_or(Scope::Fleet, Scope::EntryPoint);
        let jobs = [JOBS_LOST, JOBS_STARTED].map(|name| replay.measure(name).and_then(|of| of.number()));
        Self {
            harmed_pct: replay.measure(HARMED),
            allowed: allowed(plan.objective),
            nobody_s: of(FULL, scope),
            short_s: of(SHORTFALL, scope),
            worst: worst.filter(|_| all.len() > 1).map(|id| replay.names.entry_point(id).to_owned()),
            is_name: worst.map(|id| plan.entry_point(id)).is_some_and(|of| of.is_name() && of.gateway.is_none()),
            jobs: jobs[0].zip(jobs[1]).map(|(lost, started)| [lost, started]),
        }
    }
}

/// The harm of a run.
#[derive(Clone, Debug)]
pub struct Harm {
    /// The share of requests in percent, and whether it is that at least.
    share: Option<(f64, bool)>,
    /// What the objective allows, in percent.
    allowed: Option<f64>,
    /// Seconds in which nobody was served at the worst entry point, and whether it goes on.
    nobody_s: (f64, bool),
    /// Seconds in which demand there was above what the ready ones can serve, and whether it goes on.
    short_s: (f64, bool),
    /// Which one that is, where there are several.
    worst: Option<String>,
    is_name: bool,
    /// Jobs that were lost, and that were begun.
    jobs: Option<[f64; 2]>,
    not_serving: Option<Culprits>,
    stale: Option<Culprits>,
}

impl Harm {
    /// The harm that measures and lanes show.
    pub fn of(lanes: &Lanes, measured: Measured) -> Self {
        let number = |value: Option<Value>| value.and_then(|value| Some((value.least()?, value.number().is_none())));
        let seconds = |value| number(value).unwrap_or((0.0, false));
        Self {
            share: number(measured.harmed_pct),
            allowed: measured.allowed,
            nobody_s: seconds(measured.nobody_s),
            short_s: seconds(measured.short_s),
            worst: measured.worst,
            is_name: measured.is_name,
            jobs: measured.jobs.filter(|[_, begun]| *begun > 0.0),
            not_serving: Culprits::of(lanes, LaneState::NotServing),
            stale: Culprits::of(lanes, LaneState::StaleServing),
        }
    }

    /// Whether nobody was harmed: no instance did, and where requests are counted none of them was.
    pub fn is_none(&self) -> bool {
        self.not_serving.is_none() && self.stale.is_none() && matches!(self.share, None | Some((0.0, false)))
    }

    /// It in words. The largest harm comes first: how many requests, then how long nobody was served, then who it was.
    pub fn parts(&self) -> Vec<String> {
        let share = self.share.map(|(value, open)| {
            let shown = beside_limit(value, self.allowed, short);
            format!("{}{shown} of requests harmed", if open { "at least " } else { "" })
        });
        let lost = self.lost_jobs();
        if self.is_none() {
            let nobody = match (&share, self.jobs, &lost) {
                (None, Some(_), Some(_)) => None,
                (None, Some(_), None) => Some("no job was lost"),
                (None, None, _) => Some("no instance harmed users"),
                (Some(_), ..) => Some("no user was harmed"),
            };
            return nobody.map(str::to_owned).into_iter().chain(lost).collect();
        }
        let cannot = self.not_serving.as_ref().map(|of| {
            let verb = if of.slots == 1 { "was" } else { "were" };
            format!("{} {verb} in rotation without serving {}", of.who(), of.how_long())
        });
        let stale = self.stale.as_ref().map(|of| format!("{} served stale code {}", of.who(), of.how_long()));
        let mut parts: Vec<String> = match (share, &cannot, &stale) {
            (Some(share), None, None) => {
                vec![format!("{share}: {}", self.lack().unwrap_or("nobody was in rotation".into()))]
            }
            (share, ..) => share.into_iter().chain(self.lack()).chain(cannot).chain(stale).collect(),
        };
        parts.extend(lost);
        parts
    }

    /// How many jobs were lost, if any was.
    pub fn lost_jobs(&self) -> Option<String> {
        let [lost, begun] = self.jobs.filter(|[lost, _]| *lost > 0.0)?;
        Some(format!(
            "{lost} of {} {} lost",
            counted(begun as u32, "job", "jobs"),
            if lost == 1.0 { "was" } else { "were" }
        ))
    }

    /// How long there was nobody to serve users, or too few.
    fn lack(&self) -> Option<String> {
        let ((nobody, nobody_still), (short, short_still)) = (self.nobody_s, self.short_s);
        let time = |seconds: f64, goes_on: bool| {
            so_far(spoken(SimDuration::from_ms((seconds * 1000.0).round() as u64)), goes_on)
        };
        // While nobody is there, the demand is above what they could serve as well: the rest is said if it is no trifle.
        let rest = short - nobody;
        let (none, of) = match &self.worst {
            Some(worst) => (format!("no user of {worst}"), format!(" of {worst}")),
            None => ("nobody".to_owned(), String::new()),
        };
        match (nobody > 0.0, rest > nobody / 20.0) {
            // Elsewhere there may be room enough.
            (true, true) if self.is_name => Some(format!(
                "{none} was served for {}, and some were not for {} more",
                time(nobody, nobody_still),
                time(rest, short_still && !nobody_still)
            )),
            (true, true) => Some(format!(
                "{none} was served for {}, and too few could serve for {} more",
                time(nobody, nobody_still),
                time(rest, short_still && !nobody_still)
            )),
            (true, false) => Some(format!("{none} was served for {}", time(nobody, nobody_still))),
            (false, true) if self.is_name => {
                Some(format!("some users{of} were not served for {}", time(short, short_still)))
            }
            (false, true) => {
                Some(format!("demand{of} was above what the ready ones could serve for {}", time(short, short_still)))
            }
            (false, false) => None,
        }
    }
}

/// A length, and that it goes on when the run ends.
fn so_far(length: String, goes_on: bool) -> String {
    if goes_on { length + " so far" } else { length }
}

fn short(pct: f64) -> String {
    percentage(if pct >= 0.1 { (pct * 10.0).round() / 10.0 } else { pct })
}

/// The instances that were in a state. Where machines were replaced they are counted in slots, each of which is one of the
/// fleet, however many machines were in it.
#[derive(Clone, Copy, Debug)]
struct Culprits {
    slots: usize,
    machines: usize,
    all: usize,
    is_replaced: bool,
    longest: SimDuration,
    /// Some are so when the run ends.
    goes_on: bool,
}

impl Culprits {
    fn of(lanes: &Lanes, state: LaneState) -> Option<Self> {
        let spent = |lane: &Lane| {
            let of_state = lane.intervals.iter().filter(|interval| interval.state == state);
            of_state.map(|interval| interval.until.since(interval.from)).fold(SimDuration::ZERO, |sum, next| sum + next)
        };
        let all: BTreeSet<u32> = lanes.lanes.iter().map(|lane| lane.slot).collect();
        let of = lanes.lanes.iter().map(|lane| (lane.slot, spent(lane))).filter(|(_, time)| *time > SimDuration::ZERO);
        let of: Vec<(u32, SimDuration)> = of.collect();
        let longest = of.iter().map(|(_, time)| *time).max()?;
        let slots = of.iter().map(|(slot, _)| slot).collect::<BTreeSet<_>>().len();
        let end = lanes.lanes.iter().filter_map(|lane| lane.intervals.last()).map(|last| last.until).max();
        let goes_on = lanes
            .lanes
            .iter()
            .filter_map(|lane| lane.intervals.last())
            .any(|last| last.state == state && Some(last.until) == end);
        let is_replaced = all.len() < lanes.lanes.len();
        Some(Self { slots, machines: of.len(), all: all.len(), is_replaced, longest, goes_on })
    }

    fn who(&self) -> String {
        let Self { slots, all, .. } = self;
        let word = match (self.is_replaced, all) {
            (true, 1) => "slot",
            (true, _) => "slots",
            (false, 1) => "instance",
            (false, _) => "instances",
        };
        let machines = match self.machines {
            n if n > *slots => format!(" ({n} machines, one after another)"),
            _ => String::new(),
        };
        format!("{slots} of {all} {word}{machines}")
    }

    fn how_long(&self) -> String {
        let longest = so_far(spoken(self.longest), self.goes_on);
        if self.machines == 1 { format!("for {longest}") } else { format!("for up to {longest} each") }
    }
}
