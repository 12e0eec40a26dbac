//! What would have prevented an incident: its policies, the fixes that lint offers for its fleet, other settings of its probes and
//! gates, and acts of people that are left out, come sooner or are made ready, one at a time and then in pairs, with the same seeds.
//!
//! [`changes`] and [`acts`] say what is tried, [`search`] tries it, [`moment`] looks for the last moment at which an act would have
//! helped. Nothing is advised that helps only since what was wanted never begins, or since a good version would not come through
//! either: a second world has the same fleet with the bad versions made good and without what was done about the harm, and the price
//! of a change is measured there.

pub mod acts;
pub mod changes;
pub mod moment;
pub mod patch;
pub mod search;

use super::column::Column;
use super::drill::card::Standing;
use super::statistics::Paired;
use acts::Sweep;
use moment::LastMoment;
use serde_json::Value as Json;
use windtunnel_input::files::Files;
use windtunnel_input::read::read_text;
use windtunnel_input::tree::Node;
use windtunnel_input::{LoadOptions, Loaded, Planned, Problems, Report, load_with};
use windtunnel_sim::engine::time::SimTime;

windtunnel_sim::words! {
    /// What kind of change it is.
    pub enum Kind {
        /// A policy of the scenario.
        Policy => "policy",
        /// Another setting of the fleet.
        Setting => "setting",
        /// Something that people do otherwise.
        Act => "act",
        /// Two of them.
        Pair => "pair",
    }
}

/// A change that is tried.
#[derive(Clone, Debug)]
pub struct Change {
    /// Of what kind.
    pub kind: Kind,
    /// What it is, in a line.
    pub title: String,
    /// The policy of the scenario that it is, where it is one.
    pub policy: Option<String>,
    /// What it changes, as a policy; none of a policy that cannot stand beside another.
    pub patch: Option<Json>,
    /// The two that it is made of, by place; of a pair alone.
    pub of: Vec<usize>,
    /// Why it is not advised whatever it changes.
    pub barred: Option<String>,
    /// An act that may come at any time: for the last moment.
    pub sweep: Option<Sweep>,
}

windtunnel_sim::words! {
    /// How much a change prevents.
    pub enum Worth {
        /// The objective is kept in every run, or without one nobody is harmed.
        Prevents => "prevents",
        /// Nine tenths of the harm or more.
        Most => "most",
        /// A tenth of the harm or more.
        Part => "part",
        /// Less.
        Little => "little",
        /// It is not decided by so many seeds.
        Undecided => "undecided",
        /// It makes it worse.
        Worse => "worse",
        /// It is not advised.
        Barred => "notAdvised",
    }
}

impl Worth {
    /// Whether it helps.
    #[must_use]
    pub const fn helps(self) -> bool {
        matches!(self, Self::Prevents | Self::Most | Self::Part)
    }
}

/// What came of a change.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The change.
    pub change: Change,
    /// How much it prevents.
    pub worth: Worth,
    /// With how many seeds it was tried.
    pub seeds: usize,
    /// The incident with it.
    pub standing: Standing,
    /// The share of the harm that it takes away, 0 to 1; negative where there is more.
    pub removed: f64,
    /// How the harm differs, seed by seed.
    pub harm: Option<Paired>,
    /// How many seconds longer a good rollout takes.
    pub longer: Option<Paired>,
    /// How many instance hours more the incident takes, in the mean.
    pub hours: Option<f64>,
    /// How many credits more it costs, in the mean; none where the scenario has no prices.
    pub credits: Option<f64>,
    /// Other measures of harm that are surely worse, by more than a tenth of what they were.
    pub worse: Vec<(Column, Paired)>,
    /// Why it is not advised.
    pub barred: Option<String>,
    /// What is simulated with it.
    pub planned: Planned,
}

/// When the harm was noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When.
    pub at: SimTime,
    /// By what, as a sentence goes on: `alarm`.
    pub by: String,
}

/// What would have prevented an incident.
#[derive(Clone, Debug)]
pub struct Prevented {
    /// The scenario as it is written.
    pub own: Planned,
    /// What it came to.
    pub standing: Standing,
    /// The measure of harm by which changes are judged, and in what it is counted.
    pub measure: &'static str,
    /// Harm in percent that the objective leaves room for.
    pub allowed: Option<f64>,
    /// The first seed.
    pub first_seed: u64,
    /// How many seeds.
    pub runs: usize,
    /// When the harm was noticed.
    pub notice: Option<Notice>,
    /// Why there is no world with a good version, in which prices are measured; none where there is one.
    pub no_good: Option<String>,
    /// What was tried, the most helpful first.
    pub tried: Vec<Tried>,
    /// How many pairs were tried.
    pub pairs: usize,
    /// Changes that the scenario cannot have, with the reason.
    pub dropped: Vec<(String, String)>,
    /// Policies that are another incident, with the place of the change.
    pub incidents: Vec<(String, String)>,
    /// The last moment at which an act would have helped.
    pub last: Option<LastMoment>,
}

impl Prevented {
    /// Those that help, the most helpful first.
    pub fn helping(&self) -> impl Iterator<Item = &Tried> {
        self.tried.iter().filter(|one| one.worth.helps())
    }

    /// Whether anything helps, or might with more seeds.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.helping().next().is_none() && self.tried.iter().any(|one| one.worth == Worth::Undecided)
    }
}

/// A scenario whose text is at hand.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// How files are read that it names.
    pub files: &'a dyn Files,
    /// Its name; files that it names are relative to it.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

/// The problem of a policy that changes nothing.
const NOTHING: &str = "E0302";

/// A policy by name.
pub(crate) type Named = (String, Json);

impl Source<'_> {
    /// Loads it with patches over it and policies beside its own.
    pub(crate) fn load(&self, over: &[Node], beside: &[Named]) -> Result<Loaded, Report> {
        let beside = beside.iter().map(|(name, change)| Ok((name.clone(), node(change)?)));
        let beside = beside.collect::<Result<Vec<_>, Report>>()?;
        load_with(self.files, self.name, self.text.to_owned(), (over, &beside), &LoadOptions::default())
    }

    /// Which of these policies it loads with, and of the others why not, each by its place; what changes nothing is neither. Where all
    /// suit, that is one reading.
    pub(crate) fn suitable(&self, over: &[Node], beside: &[Named]) -> (Vec<usize>, Vec<(usize, String)>) {
        let (mut able, mut not) = (Vec::new(), Vec::new());
        let mut parts = vec![(0, beside.len())];
        while let Some((from, until)) = parts.pop() {
            match self.load(over, &beside[from..until]) {
                _ if from == until => {}
                Ok(_) => able.extend(from..until),
                Err(report) if until - from == 1 => {
                    let error = report.problems().first_error();
                    not.extend(error.filter(|one| one.code != NOTHING).map(|one| (from, one.message.clone())));
                }
                Err(_) => {
                    let middle = usize::midpoint(from, until);
                    // The first half is read first.
                    parts.extend([(middle, until), (from, middle)]);
                }
            }
        }
        (able, not)
    }
}

/// A patch as a tree.
pub(crate) fn node(json: &Json) -> Result<Node, Report> {
    let mut problems = Problems::new();
    read_text("change.json", format!("{json:#}"), &mut problems).ok_or_else(|| problems.into())
}
