//! The harm of a run: how many requests, who did it, and for how long.

use crate::experiment::replay::Replay;
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::Value;
use windtunnel_sim::measure::catalogue::{FULL, HARMED, SHORTFALL};
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::{Lane, Lanes};
use windtunnel_words::clock::spoken;
use windtunnel_words::number::percentage;

/// The measures that say how much harm there was; `None` for one that is not there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    /// `blast_radius.requests_pct`.
    pub harmed_pct: Option<Value>,
    /// `downtime.full_s`: demand, and nothing served.
    pub nobody_s: Option<Value>,
    /// `capacity.shortfall_s`: demand above what the ready ones can serve.
    pub short_s: Option<Value>,
}

impl Measured {
    /// Those of a run.
    pub fn of(replay: &Replay<'_>) -> Self {
        Self { harmed_pct: replay.measure(HARMED), nobody_s: replay.measure(FULL), short_s: replay.measure(SHORTFALL) }
    }
}

/// The harm of a run.
#[derive(Clone, Debug)]
pub struct Harm {
    /// The share of requests in percent, and whether it is that at least.
    share: Option<(f64, bool)>,
    /// Seconds in which nobody was served.
    nobody_s: f64,
    /// Seconds in which demand was above what the ready ones can serve.
    short_s: f64,
    not_serving: Option<Culprits>,
    stale: Option<Culprits>,
}

impl Harm {
    /// The harm that measures and lanes show.
    pub fn of(lanes: &Lanes, measured: Measured) -> Self {
        let number = |value: Option<Value>| value.and_then(|value| Some((value.least()?, value.number().is_none())));
        let seconds = |value| number(value).map_or(0.0, |(seconds, _)| seconds);
        Self {
            share: number(measured.harmed_pct),
            nobody_s: seconds(measured.nobody_s),
            short_s: seconds(measured.short_s),
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
        let share = self
            .share
            .map(|(value, open)| format!("{}{} of requests harmed", if open { "at least " } else { "" }, short(value)));
        if self.is_none() {
            let nobody = if share.is_some() { "no user was harmed" } else { "no instance harmed users" };
            return vec![nobody.to_owned()];
        }
        let cannot = self.not_serving.as_ref().map(|of| {
            let verb = if of.slots == 1 { "was" } else { "were" };
            format!("{} {verb} in rotation without serving {}", of.who(), of.how_long())
        });
        let stale = self.stale.as_ref().map(|of| format!("{} served stale code {}", of.who(), of.how_long()));
        match (share, &cannot, &stale) {
            (Some(share), None, None) => {
                vec![format!("{share}: {}", self.lack().unwrap_or("nobody was in rotation".into()))]
            }
            (share, ..) => share.into_iter().chain(self.lack()).chain(cannot).chain(stale).collect(),
        }
    }

    /// How long there was nobody to serve users, or too few.
    fn lack(&self) -> Option<String> {
        let time = |seconds: f64| spoken(SimDuration::from_ms((seconds * 1000.0).round() as u64));
        let (nobody, short) = (self.nobody_s, self.short_s);
        // While nobody is there, the demand is above what they could serve as well: the rest is said if it is no trifle.
        let rest = short - nobody;
        match (nobody > 0.0, rest > nobody / 20.0) {
            (true, true) => {
                Some(format!("nobody was served for {}, and too few could serve for {} more", time(nobody), time(rest)))
            }
            (true, false) => Some(format!("nobody was served for {}", time(nobody))),
            (false, true) => Some(format!("demand was above what the ready ones could serve for {}", time(short))),
            (false, false) => None,
        }
    }
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
        Some(Self { slots, machines: of.len(), all: all.len(), is_replaced: all.len() < lanes.lanes.len(), longest })
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
        let longest = spoken(self.longest);
        if self.machines == 1 { format!("for {longest}") } else { format!("for up to {longest} each") }
    }
}
