//! A run that came to more than it may, said so that one can mend it.

use std::fmt;
use windtunnel_input::work::Work;
use windtunnel_input::{Planned, Problem, Problems, Report};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::limits::{Maker, Spent, TooMany};
use windtunnel_sim::world::run::Outcome;
use windtunnel_words::clock::spoken;
use windtunnel_words::number::grouped;

/// A run that was stopped.
#[derive(Clone, Debug)]
pub struct Stopped {
    policy: String,
    seed: u64,
    spent: Spent,
    /// The fault that comes most often, where there is one.
    fault: Option<String>,
}

impl Stopped {
    /// Whether a run was stopped, as a result.
    ///
    /// # Errors
    ///
    /// It was.
    pub fn check(plan: &Plan, seed: u64, outcome: &Outcome) -> Result<(), Self> {
        outcome.spent.map_or(Ok(()), |spent| Err(Self::new(plan, seed, spent)))
    }

    /// A run of this plan that was stopped.
    #[must_use]
    pub fn new(plan: &Plan, seed: u64, spent: Spent) -> Self {
        let often = plan.faults.iter().min_by(|a, b| a.every.mean_ms().total_cmp(&b.every.mean_ms()));
        Self { policy: plan.policy.clone(), seed, spent, fault: often.map(|fault| fault.name.clone()) }
    }

    /// The error with its place in the file.
    #[must_use]
    pub fn report(&self, work: &Work) -> Report {
        let (key, most) = match self.spent.of {
            TooMany::Entries => ("entries", 4_000_000_000),
            TooMany::Events => ("events", 1_000_000_000_000),
        };
        let more = self.spent.most.saturating_mul(10).min(most);
        let raise = format!("or raise the limit with `limits: {{ {key}: {more} }}`");
        let (span, label, help) = match (self.spent.by, &self.fault) {
            (Maker::Faults, Some(name)) => {
                let span = work.faults.iter().find(|(known, _)| known == name).map(|(_, span)| span);
                (span, format!("`{name}` causes most of them"), "make it less frequent, shorten the run,")
            }
            (Maker::Jobs, _) => {
                (work.jobs.as_ref(), "jobs cause most of them".to_owned(), "make them less frequent, shorten the run,")
            }
            (Maker::Probes, _) => (
                work.horizon.as_ref(),
                "probes cause most of them, and the run is this long".to_owned(),
                "shorten the run, make probes less frequent,",
            ),
            (Maker::Length | Maker::Faults, _) => {
                (work.horizon.as_ref(), "the run is this long".to_owned(), "shorten the run,")
            }
        };
        let problem = Problem::error("E0597", self.to_string()).help(format!("{help} {raise}"));
        Report::from(Problems(vec![match span {
            Some(span) => problem.at(span, label),
            None => problem,
        }]))
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, seed, spent, .. } = self;
        let what = match spent.of {
            TooMany::Entries => "entries in its ledger",
            TooMany::Events => "events",
        };
        let (most, after) = (grouped(spent.most), spoken(spent.at.since(SimTime::ZERO)));
        write!(
            f,
            "the run of policy `{policy}` with seed {seed} had more than {most} {what} after {after} and was stopped"
        )
    }
}

impl std::error::Error for Stopped {}

/// The same error with its place in the file, if it is one of a run that was stopped.
#[must_use]
pub fn placed(error: anyhow::Error, planned: &[&Planned]) -> anyhow::Error {
    match error.downcast::<Stopped>() {
        Ok(stopped) => {
            let of = planned.iter().find(|one| one.plan.policy == stopped.policy);
            of.map_or_else(|| stopped.clone().into(), |one| stopped.report(&one.work).into())
        }
        Err(other) => other,
    }
}
