//! Every candidate policy against the reference, in every measure.

use super::column::Column;
use super::never::{self, Kept};
use super::replicate::{PolicyRuns, Replications, seed_of};
use super::statistics::{CONFIDENCE, Interval, Paired, Summary, paired, summarise};
use super::table::{Table, Values};
use super::twins::Twin;
use std::sync::Arc;
use windtunnel_sim::measure::Seen;
use windtunnel_sim::measure::catalogue::BATCHES;

/// What a comparison came to.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The seed of replication 0.
    pub first_seed: u64,
    /// How many replications each policy has.
    pub replications: usize,
    /// The place of the reference among the policies.
    pub reference: usize,
    /// Every measure that any policy has, in the order in which they are shown.
    pub columns: Vec<Column>,
    /// A policy each, in the order asked for.
    pub policies: Vec<PolicyResult>,
    /// How the number of replications was found, where it was not given.
    pub settled: Option<Settled>,
    /// The share of requests that must not be harmed, where the scenario says.
    pub objective: Option<f64>,
    /// The seeds of the replications, where they are draws of a fit; empty where they follow the first.
    pub drawn: Vec<u64>,
}

/// What a policy came to.
#[derive(Clone, Debug)]
pub struct PolicyResult {
    /// Its name.
    pub name: String,
    /// In how many runs controllers undid each other without end.
    pub looped: usize,
    /// The assumptions that its runs leaned on.
    pub used: Vec<&'static str>,
    /// A measure each.
    pub summaries: Vec<Summary>,
    /// A measure each, against the reference; empty for the reference itself.
    pub paired: Vec<Paired>,
    /// Its values, which are those of its runs.
    values: Held,
    /// What kept a rollout that was wanted from beginning in every run, all of it or that of a set.
    pub never_started: Option<Kept>,
    /// In how many runs something was kept from beginning, where that is so in some and not in all, and what in the first.
    pub idle: Option<(usize, Kept)>,
    /// The policy whose runs are the same, where there is one.
    pub twin: Option<Twin>,
    /// Where it changes what goes wrong, so that it is another incident and no remedy.
    pub incident: Option<String>,
}

impl PolicyResult {
    /// Whether it is something that one can do, and not another incident.
    #[must_use]
    pub const fn is_remedy(&self) -> bool {
        self.incident.is_none()
    }
}

/// How the number of replications was found.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The measure that was looked at.
    pub measure: String,
    /// A difference within this of zero is none, and one that is known to within it is known well enough.
    pub margin: f64,
    /// A policy each: where its difference to the reference lies, whenever one looks.
    pub intervals: Vec<Interval>,
    /// Whether every difference was decided or narrow enough; otherwise the runs allowed were spent.
    pub done: bool,
}

/// Compares runs that are all there.
#[must_use]
pub fn compare(runs: &Replications, reference: usize, settled: Option<Settled>) -> Comparison {
    compare_first(runs, reference, settled, usize::MAX)
}

/// Compares at most so many runs of each policy, from the first on.
#[must_use]
pub fn compare_first(runs: &Replications, reference: usize, settled: Option<Settled>, most: usize) -> Comparison {
    let mut columns: Vec<Column> = Vec::new();
    for policy in &runs.policies {
        for column in policy.columns.iter() {
            if !columns.iter().any(|known| known.name == column.name) {
                columns.push(column.clone());
            }
        }
    }
    let replications = runs.complete().min(most);
    let values: Vec<Held> = runs.policies.iter().map(|policy| Held::of(policy, &columns, replications)).collect();
    let sets = never::sets(&columns);
    let moves = |set: Option<&str>| {
        let began = |of: &Held| {
            by_name(&columns, of)(BATCHES, set)
                .is_some_and(|batches| batches.iter().any(|one| one.number() > Some(0.0)))
        };
        values.iter().any(began)
    };
    let begun: Vec<never::Runs<'_>> =
        values.iter().map(|of| never::Runs::new(&sets, by_name(&columns, of), moves)).collect();
    let never: Vec<Option<Kept>> = begun.iter().map(never::Runs::never).collect();
    let against = |place: usize| -> Vec<Paired> {
        if place == reference {
            return Vec::new();
        }
        let pair = |(at, column): (usize, &Column)| {
            let direction = column.direction();
            let paired = paired(values[reference].of_column(at), values[place].of_column(at), direction, CONFIDENCE);
            let paired = match &settled {
                Some(settled) if settled.measure == column.name => {
                    paired.by_sequence(settled.intervals[place], settled.margin, direction)
                }
                _ => paired,
            };
            match (&never[place], &never[reference]) {
                (Some(kept), _) => paired.without_rollout(format!("of this policy {}", kept.sentence())),
                (None, Some(kept)) => paired.without_rollout(format!("of the reference {}", kept.sentence())),
                (None, None) => paired,
            }
        };
        columns.iter().enumerate().map(pair).collect()
    };
    let result = |(place, policy): (usize, &PolicyRuns)| PolicyResult {
        name: policy.policy.clone(),
        looped: policy.runs.looped(),
        used: policy.used.iter().map(|assumption| assumption.row().key).collect(),
        summaries: (0..columns.len()).map(|at| summarise(values[place].of_column(at), CONFIDENCE)).collect(),
        paired: against(place),
        values: values[place].clone(),
        never_started: never[place].clone(),
        idle: begun[place].in_some(),
        twin: None,
        incident: None,
    };
    let policies = runs.policies.iter().enumerate().map(result).collect();
    Comparison {
        first_seed: runs.first_seed,
        replications,
        reference,
        columns,
        policies,
        settled,
        objective: None,
        drawn: Vec::new(),
    }
}

/// The values of a policy by the names of its measures, of all or of one scale set.
fn by_name<'v>(columns: &[Column], values: &'v Held) -> impl Fn(&str, Option<&str>) -> Option<Values<'v>> {
    move |measure, set| {
        let at = columns.iter().position(|column| column.is(measure, set))?;
        Some(values.of_column(at))
    }
}

/// The values of a policy, where its runs keep them.
#[derive(Clone, Debug)]
struct Held {
    runs: Arc<Table>,
    /// Where each measure of the comparison stands among those of the policy; `None` where it has no such measure.
    places: Vec<Option<usize>>,
    replications: usize,
}

impl Held {
    fn of(policy: &PolicyRuns, columns: &[Column], replications: usize) -> Self {
        let place = |column: &Column| policy.columns.iter().position(|known| known.name == column.name);
        Self { runs: Arc::clone(&policy.runs), places: columns.iter().map(place).collect(), replications }
    }

    fn of_column(&self, at: usize) -> Values<'_> {
        match self.places[at] {
            Some(place) => self.runs.column(place).first(self.replications),
            None => Values::same(Seen::NotComputed("this policy has no such part"), self.replications),
        }
    }
}

impl PolicyResult {
    /// The values of a measure, by replication.
    #[must_use]
    pub fn values(&self, column: usize) -> Values<'_> {
        self.values.of_column(column)
    }
}

impl Comparison {
    /// The seed of a replication.
    #[must_use]
    pub fn seed(&self, replication: usize) -> u64 {
        self.drawn.get(replication).copied().unwrap_or_else(|| seed_of(self.first_seed, replication))
    }

    /// Which seeds its replications have: `seeds 1 to 40`.
    #[must_use]
    pub fn seeds(&self) -> String {
        match self.drawn.is_empty() {
            true => format!("seeds {} to {}", self.first_seed, self.seed(self.replications.saturating_sub(1))),
            false => "each a draw of the fit".to_owned(),
        }
    }

    /// The place of a measure of the whole fleet.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The name of the reference.
    #[must_use]
    pub fn reference_name(&self) -> &str {
        &self.policies[self.reference].name
    }

    /// Whether a measure has a value in some run of some policy.
    #[must_use]
    pub fn is_computed(&self, column: usize) -> bool {
        self.policies.iter().any(|policy| policy.summaries[column].valued() > 0)
    }

    /// The one value that a measure has in every run of every policy, if there is one.
    #[must_use]
    pub fn constant(&self, column: usize) -> Option<f64> {
        let value = self.policies.first()?.summaries[column].constant()?;
        self.policies.iter().all(|policy| policy.summaries[column].constant() == Some(value)).then_some(value)
    }
}
