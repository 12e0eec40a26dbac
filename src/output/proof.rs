//! What the simulator shows of a finding: the smallest incident with the fleet as it is and with the fix, with the same seeds.

use crate::experiment::compare::Comparison;
use crate::experiment::statistics::Verdict;
use crate::input::lint::{Row, Shows};
use serde_json::{Value, json};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::catalogue::{DURATION, GHOSTS, HARMED, OUTCOME, Outcome, REGULAR, SPOT};
use windtunnel_sim::plan::Word as _;
use windtunnel_words::clock::{spoken, spoken_s};
use windtunnel_words::number::{amount, count, figure, percentage};

/// One measure, as it is and with the fix.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The mean as it is.
    pub before: f64,
    /// The mean with the fix.
    pub after: f64,
    /// What the paired difference comes to.
    pub verdict: Verdict,
}

/// A rollout, as it is and with the fix.
#[derive(Clone, Debug, Default)]
pub struct Rollouts {
    /// In how many runs it was completed.
    pub completed: (usize, usize),
    /// How it ended in most runs.
    pub outcome: (Option<Outcome>, Option<Outcome>),
    /// How long it took, in seconds, where every run has one that ended.
    pub length: Option<Pair>,
}

/// How long the runs of a proof are, and with what demand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extent {
    /// How long a run is.
    pub horizon: SimDuration,
    /// The least and the greatest demand, as a share of what all instances serve.
    pub load: (f64, f64),
}

/// What a finding came to.
#[derive(Debug)]
pub struct Proof {
    row: &'static Row,
    replications: usize,
    extent: Extent,
    /// The share of requests that are harmed in the incident, in percent.
    pub harmed: Option<Pair>,
    /// Instance hours in the incident.
    pub hours: Option<Pair>,
    /// Deployment targets without a machine in the incident.
    pub ghosts: Option<Pair>,
    /// The rollout of the incident.
    pub rollout: Rollouts,
    /// The rollout of a good version.
    pub good: Option<Rollouts>,
}

/// A measure of both.
fn pair(of: &Comparison, measure: &str) -> Option<Pair> {
    let at = of.column(measure)?;
    let mean = |policy: usize| of.policies[policy].summaries[at].mean.map(|mean| mean.mean);
    Some(Pair { before: mean(0)?, after: mean(1)?, verdict: of.policies[1].paired[at].verdict })
}

/// The rollouts of both.
fn rollouts(of: &Comparison) -> Rollouts {
    let words = |policy: usize| of.column(OUTCOME).map_or(&[][..], |at| &of.policies[policy].summaries[at].words);
    let completed = |policy: usize| {
        words(policy).iter().find(|(word, ..)| word == Outcome::Completed.word()).map_or(0, |(_, times, _)| *times)
    };
    let most = |policy: usize| {
        words(policy).iter().max_by_key(|(_, times, _)| *times).and_then(|(word, ..)| Outcome::named(word))
    };
    Rollouts { completed: (completed(0), completed(1)), outcome: (most(0), most(1)), length: pair(of, DURATION) }
}

impl Proof {
    /// What two comparisons of the fleet as it is with the fix come to: of the incident, and of the rollout of a good version.
    #[must_use]
    pub fn of(row: &'static Row, (incident, extent): (&Comparison, Extent), good: Option<&Comparison>) -> Self {
        let hours = [REGULAR, SPOT].into_iter().filter_map(|measure| pair(incident, measure));
        let hours = hours.reduce(|a, b| Pair { before: a.before + b.before, after: a.after + b.after, ..a });
        Self {
            row,
            replications: incident.replications,
            extent,
            harmed: pair(incident, HARMED),
            hours,
            ghosts: pair(incident, GHOSTS),
            rollout: rollouts(incident),
            good: good.map(rollouts),
        }
    }

    /// That of what Azure refuses, and accepts with the fix.
    #[must_use]
    pub fn accepted(row: &'static Row) -> Self {
        let rollout = Rollouts::default();
        let extent = Extent::default();
        Self { row, replications: 0, extent, harmed: None, hours: None, ghosts: None, rollout, good: None }
    }

    /// Whether the fix changes what its row says.
    #[must_use]
    pub fn holds(&self) -> bool {
        let better = |pair: Option<Pair>| {
            pair.is_some_and(|pair| pair.after < pair.before && pair.verdict != Verdict::Inconclusive)
        };
        match self.row.shows {
            Shows::Accepted => true,
            Shows::Harm => better(self.harmed),
            Shows::Hours => better(self.hours),
            Shows::Deployments => better(self.ghosts),
            Shows::Length => {
                let (before, after) = self.rollout.completed;
                after > before || after == before && better(self.rollout.length)
            }
        }
    }

    /// The measure that the fix is to change.
    fn shown(&self) -> Option<Pair> {
        match self.row.shows {
            Shows::Accepted => None,
            Shows::Harm => self.harmed,
            Shows::Hours => self.hours,
            Shows::Deployments => self.ghosts,
            Shows::Length => self.rollout.length,
        }
    }

    /// How long the runs are, and with what demand.
    fn extent(&self) -> String {
        let Extent { horizon, load: (least, most) } = self.extent;
        let (least, most) = (100.0 * least, 100.0 * most);
        let load = match self.harmed {
            Some(_) if least == most => format!(", demand {least:.0} % of what the fleet serves"),
            Some(_) => format!(", demand {least:.0} to {most:.0} % of what the fleet serves"),
            None => String::new(),
        };
        format!(" of {}{load}", spoken(horizon))
    }

    /// It in a sentence or two.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.row.shows == Shows::Accepted {
            return "Azure refuses the deployment, and accepts it with the fix".to_owned();
        }
        let mut parts = vec![format!("when {}", self.row.incident.word())];
        // What the fix is for comes first, what it does beside that behind.
        if self.row.shows == Shows::Length {
            parts.push(format!("the rollout {}", self.rollout.words(self.replications)));
        }
        if let Some(Pair { before, after, verdict }) = self.harmed {
            let words = verdict.words();
            parts.push(format!(
                "{} of requests are harmed, {} with the fix ({words})",
                percentage(before),
                percentage(after)
            ));
        }
        if self.harmed.is_none() {
            parts.push("no harm is counted, since nothing in these files leads users to the fleet".to_owned());
        }
        if let (Some(Pair { before, after, .. }), Shows::Hours) = (self.hours, self.row.shows) {
            parts.push(format!("{} are used, {} with the fix", amount(before, "instance hours"), figure(after)));
        }
        if let (Some(Pair { before, after, .. }), Shows::Deployments) = (self.ghosts, self.row.shows) {
            parts.push(format!("{} are ghosts, {} with the fix", amount(before, "deployment targets"), figure(after)));
        }
        if let Some(good) = &self.good {
            parts.push(format!("a good rollout {}", good.words(self.replications)));
        }
        let shown = match (self.holds(), self.shown().map(|pair| pair.verdict)) {
            (true, _) => "",
            (false, Some(Verdict::Worse)) => "; on this fleet the fix makes it worse",
            (false, _) => "; on this fleet the fix makes no difference that shows",
        };
        format!("{} ({}{}){shown}", parts.join(", "), count(self.replications, "seed"), self.extent())
    }

    /// It for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let pair = |pair: &Option<Pair>| {
            pair.map(|of| json!({ "asIs": of.before, "withFix": of.after, "verdict": of.verdict.words() }))
        };
        let word = |of: Option<Outcome>| of.map(Outcome::word);
        let rollouts = |of: &Rollouts| {
            json!({
                "completed": { "asIs": of.completed.0, "withFix": of.completed.1 },
                "outcome": { "asIs": word(of.outcome.0), "withFix": word(of.outcome.1) },
                "length_s": pair(&of.length),
            })
        };
        json!({
            "incident": self.row.incident.word(),
            "seeds": self.replications,
            "holds": self.holds(),
            "harmed_pct": pair(&self.harmed),
            "instance_h": pair(&self.hours),
            "rollout": rollouts(&self.rollout),
            "goodRollout": self.good.as_ref().map(rollouts),
        })
    }
}

impl Rollouts {
    /// `takes 12 min, and 20 min with the fix`.
    fn words(&self, of: usize) -> String {
        let said = |completed: usize, outcome: Option<Outcome>, length: Option<f64>| match (completed, length) {
            (0, length) => match (outcome, length) {
                (None | Some(Outcome::NeverStarted), _) => "does not begin by itself".to_owned(),
                (Some(one), Some(length)) => format!("ends as `{}` after {}", one.word(), spoken_s(length)),
                (Some(one), None) => format!("ends as `{}`", one.word()),
            },
            (n, Some(length)) if n == of => format!("takes {}", spoken_s(length)),
            (n, _) if n == of => "is completed".to_owned(),
            (n, _) => format!("is completed in {n} of {of} runs"),
        };
        let before = said(self.completed.0, self.outcome.0, self.length.map(|of| of.before));
        let after = said(self.completed.1, self.outcome.1, self.length.map(|of| of.after));
        if before == after { format!("{before} either way") } else { format!("{before}, and {after} with the fix") }
    }
}
