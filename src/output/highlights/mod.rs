//! What a run came to, made once a run in one pass over its ledger: the headline and the moments to look at.
//!
//! The headline is a type. Who needs to know whether users were harmed, or whether something goes on at the end, asks it;
//! nobody searches its words.

mod at_end;
mod harm;
pub mod moments;
mod rollouts;
pub mod windows;

use super::observed::Observations;
use crate::claims::observed::Observed;
use crate::experiment::acts::{self, Act, Fate};
use crate::experiment::assessment;
use crate::experiment::harm::{Course, HarmWindow, longest as harm_longest, windows as harm_windows};
use crate::experiment::replay::Replay;
use at_end::{AtEnd, OpenHarm, OpenRepairs};
pub use harm::{Harm, Measured};
use moments::{Collector, Moment, how_long};
use rollouts::{Published, Rollouts};
pub use rollouts::{Rollout, UpgradeState};
use windtunnel_sim::measure::fleet::{FleetView, Observer, Watched};
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::run::Sink;
use windtunnel_words::clock::civil;
use windtunnel_words::describe::Names;
use windtunnel_words::number::{beside_limit, percentage};

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Highlights<'r> {
    /// The run.
    pub replay: &'r Replay<'r>,
    /// What it came to, in a sentence.
    pub headline: Headline,
    /// The moments to look at, and where repairs undid each other, that loop and what ends it.
    pub moments: Vec<Moment>,
    /// The windows of harm, in the order in which they began.
    pub windows: Vec<HarmWindow>,
    /// The harm beside the objective; `None` without an objective.
    pub objective: Option<Objective>,
    /// What was observed, and how near the run comes to it, where the scenario says so.
    pub observed: Option<Observations<'r>>,
}

impl<'r> Highlights<'r> {
    /// The same with what was observed.
    #[must_use]
    pub fn with_observed(self, observed: &'r Observed) -> Self {
        Self { observed: Observations::of(self.replay, observed), ..self }
    }

    /// Those of a run.
    pub fn of(replay: &'r Replay<'r>) -> Self {
        let plan = replay.plan();
        let mut walk = Watched::new(plan, Walk::default());
        replay.ledger.iter().for_each(|record| walk.record(record));
        let Watched { fleet, observers: Walk { acts, rollouts, published, harm, repairs, moments } } = walk;
        let acts = acts.finish(&replay.ledger);
        let windows = harm_windows(replay);
        let courses: Vec<Course> = windows.iter().map(|window| window.course).collect();
        let headline = Headline {
            harm: Harm::of(&replay.lanes, Measured::of(replay)),
            rollouts: rollouts.finish(),
            unreached: published.finish(replay),
            at_end: AtEnd::of(replay, &fleet, harm, repairs),
            again: again(&courses),
            acts,
        };
        let moments = moments::with_refused(moments.finish(&replay.names, &courses), &headline.acts, &replay.names);
        let moments = moments::with_notes(moments::with_loops(moments, replay), plan);
        Self { replay, headline, moments, windows, objective: Objective::of(replay), observed: None }
    }

    /// The headline in words, without a capital and a full stop.
    pub fn sentence(&self) -> String {
        self.headline.parts(&self.replay.names).join("; ")
    }
}

/// How often users were harmed where they were for longest, if more than once, and that window.
fn again(courses: &[Course]) -> Option<(usize, Course)> {
    let longest = courses[harm_longest(courses)?];
    let times = courses.iter().filter(|course| course.entry_point == longest.entry_point).count();
    (times > 1).then_some((times, longest))
}

/// What is gathered in the one walk over a ledger, with the fleet beside it.
#[derive(Default)]
struct Walk {
    acts: acts::Collector,
    rollouts: Rollouts,
    published: Published,
    harm: OpenHarm,
    repairs: OpenRepairs,
    moments: Collector,
}

impl Observer for Walk {
    fn before(&mut self, fleet: &FleetView<'_>, record: &Record) {
        self.acts.before(fleet, record);
        self.rollouts.take(record);
        self.published.take(record);
        self.harm.take(record);
        self.repairs.take(record);
        self.moments.before(fleet, record);
    }
}

/// The harm of a run beside what its objective allows, both in percent of requests.
#[derive(Clone, Copy, Debug)]
pub struct Objective {
    /// What it allows.
    pub allowed: f64,
    /// What was harmed, where it is computed.
    pub harmed: Option<f64>,
}

impl Objective {
    fn of(replay: &Replay<'_>) -> Option<Self> {
        assessment::allowed(replay.plan().objective).map(|allowed| Self { allowed, harmed: replay.harmed_pct() })
    }

    /// What became of it, in a sentence.
    pub fn sentence(self) -> String {
        let allowed = percentage(self.allowed);
        match (self.is_met(), self.harmed) {
            (Some(true), _) => format!("The objective is met: at most {allowed} of requests may be harmed."),
            (Some(false), Some(harmed)) => format!(
                "The objective is missed: {} of requests are harmed, and at most {allowed} may be.",
                beside_limit(harmed, Some(self.allowed), percentage)
            ),
            _ => format!("Whether the objective is met is not known: at most {allowed} of requests may be harmed."),
        }
    }

    /// Whether it is met, where harm is computed.
    pub fn is_met(self) -> Option<bool> {
        self.harmed.map(|harmed| assessment::keeps(harmed, self.allowed))
    }
}

/// A headline says of so many acts that nothing came of them.
const VAIN_MOST: usize = 2;

/// Whether a run is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// No user was harmed, and nothing is left to look at.
    Well,
    /// No user was harmed; but something goes on at the end, or nothing came of an act.
    Watch,
    /// Users were harmed.
    Harmed,
}

/// What a run came to, by parts.
#[derive(Clone, Debug)]
pub struct Headline {
    /// The harm.
    pub harm: Harm,
    /// The acts of the timeline, and what became of each.
    pub acts: Vec<Act>,
    /// The last rollout of each set with the first that was stopped, or what kept the set from one.
    pub rollouts: Vec<Rollout>,
    /// Sets that nothing published ever reached.
    unreached: Vec<rollouts::Unreached>,
    /// How often users were harmed where they were for longest, if more than once, and that window.
    again: Option<(usize, Course)>,
    /// What goes on when the run ends.
    pub at_end: AtEnd,
}

impl Headline {
    /// Whether the run is well.
    pub fn tone(&self) -> Tone {
        let watch = self.goes_on() || self.vain().next().is_some() || self.harm.lost_jobs().is_some();
        match (self.harm.is_none(), watch) {
            (false, _) => Tone::Harmed,
            (true, true) => Tone::Watch,
            (true, false) => Tone::Well,
        }
    }

    /// Whether something goes on when the run ends, which no objective sees.
    pub fn goes_on(&self) -> bool {
        !self.at_end.is_empty() || self.rollouts.iter().any(Rollout::is_running)
    }

    /// Acts of which nothing came, what was refused first.
    pub fn vain(&self) -> impl Iterator<Item = &Act> {
        let is_refused = |act: &&Act| matches!(act.fate, Fate::Refused(_));
        let others = self.acts.iter().filter(move |act| act.fate.is_vain() && !is_refused(act));
        self.acts.iter().filter(is_refused).chain(others)
    }

    /// Acts that came to less than was meant, and that the headline leaves out.
    pub fn unsaid(&self) -> impl Iterator<Item = &Act> {
        let overtaken = self.acts.iter().filter(|act| matches!(act.fate, Fate::Overtaken(..)));
        self.vain().skip(VAIN_MOST).chain(overtaken)
    }

    /// Its parts in words, the harm first.
    pub fn parts(&self, names: &Names<'_>) -> Vec<String> {
        let vain = self.vain().take(VAIN_MOST).filter_map(|act| act.words(names));
        let rollouts = self.rollouts.iter().map(|one| one.words(names));
        let unreached = self.unreached.iter().map(|one| one.words(names));
        let again = self.again.map(|(times, longest)| {
            let from = civil(names.plan(), longest.from());
            let who = names.entry_point(longest.entry_point);
            format!("users of {who} were harmed {times} times, longest from {from} {}", how_long(&longest))
        });
        let parts = self.harm.parts().into_iter().chain(again).chain(vain).chain(rollouts);
        parts.chain(unreached).chain(self.at_end.words()).collect()
    }
}
