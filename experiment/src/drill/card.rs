//! What an incident came to for a fleet.

use crate::assessment::{Assessments, Keeps};
use crate::compare::Comparison;
use crate::reached::REACHED;
use crate::statistics::{CONFIDENCE, Interval, mean, proportion};
use windtunnel_input::drill::Rollout;
use windtunnel_sim::measure::Seen;
use windtunnel_sim::measure::catalogue::{
    DEGRADED, FULL, HALT, HARMED, INSTANCES, INSTANCES_SHARE, OUTCOME, Outcome, REGULAR, SPOT,
};

/// Of a fleet without users, an incident holds that makes no greater share of the instances bad: what Azure's own threshold allows
/// (RU-13).
pub const INSTANCES_PCT: f64 = 20.0;

/// Whether a fleet holds an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// In no run.
    Broke,
    /// In some runs.
    Depends,
    /// In every run.
    Held,
    /// The rollout did not begin in any run, so nothing was tried.
    NeverStarted,
    /// No users are known that it could harm.
    NotJudged,
    /// The incident cannot happen to this fleet.
    CannotHappen,
    /// Azure refuses what the incident needs.
    Refused,
}

impl Verdict {
    /// As pages say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Broke => "broke",
            Self::Depends => "depends",
            Self::Held => "held",
            Self::NeverStarted => "never started",
            Self::NotJudged => "not judged",
            Self::CannotHappen => "cannot happen",
            Self::Refused => "refused",
        }
    }

    /// As programs read it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Broke => "broke",
            Self::Depends => "depends",
            Self::Held => "held",
            Self::NeverStarted => "neverStarted",
            Self::NotJudged => "notJudged",
            Self::CannotHappen => "cannotHappen",
            Self::Refused => "refused",
        }
    }

    /// Whether it says how the fleet bears the incident.
    #[must_use]
    pub const fn is_judged(self) -> bool {
        matches!(self, Self::Broke | Self::Depends | Self::Held)
    }
}

/// What a measure came to in the runs of an incident.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Came {
    /// The least of the runs.
    pub least: f64,
    /// The mean of those that have a value.
    pub mean: f64,
    /// The greatest.
    pub most: f64,
    /// It was still open in some runs: the mean is at least so much.
    pub open: bool,
    /// How many runs have a value.
    pub runs: usize,
}

impl Came {
    /// The values of a measure; none where no run has one.
    #[must_use]
    pub fn of(comparison: &Comparison, measure: &str) -> Option<Self> {
        let values = comparison.policies[0].values(comparison.column(measure)?);
        let seen: Vec<f64> = values.iter().filter_map(|value| value.least()).collect();
        let open = values.iter().any(|value| matches!(value, Seen::AtLeast(_)));
        let least = seen.iter().copied().fold(f64::INFINITY, f64::min);
        let most = seen.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mean = mean(&seen, CONFIDENCE)?.mean;
        Some(Self { least, mean, most, open, runs: seen.len() })
    }
}

/// What became of the rollout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// In how many runs it completed.
    pub completed: usize,
    /// In how many it halted.
    pub halted: usize,
    /// In how many it was still running at the end.
    pub running: usize,
}

/// A fleet in an incident.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it cannot happen, what Azure says, or what kept the rollout from beginning.
    pub why: Option<String>,
    /// How many runs there are.
    pub runs: usize,
    /// In how many the fleet holds it.
    pub held: usize,
    /// Where the share of all runs lies in which it holds it.
    pub share: Option<Interval>,
    /// Harmed requests in percent.
    pub harm: Option<Came>,
    /// Nobody was served, in seconds.
    pub full_s: Option<Came>,
    /// More were harmed than the objective tolerates, in seconds.
    pub degraded_s: Option<Came>,
    /// Instances that ran a bad version, or took requests that they could not serve.
    pub instances: Option<Came>,
    /// The same as the greatest share at once, in percent.
    pub instances_pct: Option<Came>,
    /// From the first harm to the halt, in seconds.
    pub halt_s: Option<Came>,
    /// From when the first instance is taken to the new version until every one serves on it, in seconds; of the yardstick alone.
    pub reached_s: Option<Came>,
    /// In how many runs it came so far.
    pub reached: usize,
    /// Instance hours.
    pub hours: Option<Came>,
    /// What became of the rollout, where one began in batches.
    pub outcomes: Outcomes,
}

impl Standing {
    /// Of an incident that was not run.
    #[must_use]
    pub fn without_runs(verdict: Verdict, why: String) -> Self {
        Self {
            verdict,
            why: Some(why),
            runs: 0,
            held: 0,
            share: None,
            harm: None,
            full_s: None,
            degraded_s: None,
            instances: None,
            instances_pct: None,
            halt_s: None,
            reached_s: None,
            reached: 0,
            hours: None,
            outcomes: Outcomes::default(),
        }
    }

    /// Of the runs of a fleet alone, in an incident with this rollout. Where no users are known, only a bad version can be judged, by
    /// how far it comes.
    #[must_use]
    pub fn of(comparison: &Comparison, rollout: Option<Rollout>) -> Self {
        let assessment = &Assessments::of(comparison).of[0];
        let runs = comparison.replications;
        let came = |measure: &str| Came::of(comparison, measure);
        let instances_pct = came(INSTANCES_SHARE);
        let harm = came(HARMED);
        let held = if harm.is_some() { assessment.met } else { few(comparison) };
        let idle = assessment.keeps == Keeps::NotStarted;
        let verdict = match rollout {
            Some(Rollout::Bad) if idle => Verdict::NeverStarted,
            _ if harm.is_none() && rollout != Some(Rollout::Bad) => Verdict::NotJudged,
            Some(Rollout::Good) if idle && held == runs => Verdict::NeverStarted,
            _ if held == runs => Verdict::Held,
            _ if held == 0 => Verdict::Broke,
            _ => Verdict::Depends,
        };
        let why = comparison.policies[0].never_started.as_ref().map(crate::never::Kept::sentence);
        Self {
            verdict,
            why,
            runs,
            held,
            share: Some(proportion(held, runs, CONFIDENCE)).filter(|_| runs > 0),
            harm,
            full_s: came(FULL),
            degraded_s: came(DEGRADED),
            instances: came(INSTANCES),
            instances_pct,
            halt_s: came(HALT),
            reached_s: came(REACHED),
            reached: reached(comparison),
            hours: hours(comparison),
            outcomes: outcomes(comparison),
        }
    }
}

/// In how many runs few enough instances were bad.
fn few(comparison: &Comparison) -> usize {
    let Some(at) = comparison.column(INSTANCES_SHARE) else { return 0 };
    let values = comparison.policies[0].values(at);
    values.iter().filter(|value| value.number().is_some_and(|share| share <= INSTANCES_PCT)).count()
}

fn reached(comparison: &Comparison) -> usize {
    comparison.column(REACHED).map_or(0, |at| comparison.policies[0].summaries[at].numbers)
}

fn outcomes(comparison: &Comparison) -> Outcomes {
    let words = comparison.column(OUTCOME).map_or(&[][..], |at| &comparison.policies[0].summaries[at].words);
    let count =
        |wanted: Outcome| words.iter().find(|(word, ..)| word == wanted.word()).map_or(0, |(_, count, _)| *count);
    Outcomes {
        completed: count(Outcome::Completed),
        halted: count(Outcome::Halted) + count(Outcome::Cancelled),
        running: count(Outcome::Running),
    }
}

/// The measures whose sum is what is billed of instances.
pub const HOURS: [&str; 2] = [REGULAR, SPOT];

fn hours(comparison: &Comparison) -> Option<Came> {
    let parts = HOURS.map(|measure| Came::of(comparison, measure));
    parts.into_iter().flatten().reduce(|a, b| Came {
        least: a.least + b.least,
        mean: a.mean + b.mean,
        most: a.most + b.most,
        ..a
    })
}
