//! Rollouts that were wanted and of which nothing began: what harms nobody then is no merit of a policy.

use super::column::Column;
use super::table::Values;
use windtunnel_claims::expect::{Expectation, Sense, Subject};
use windtunnel_sim::measure::Seen;
use windtunnel_sim::measure::catalogue::{BATCHES, NEVER_STARTED_BY, OUTCOME, Outcome};
use windtunnel_sim::measure::{Measure, Scope};
use windtunnel_sim::plan::{Plan, ScaleSet, Word as _};
use windtunnel_sim::rules::{self, RuleId};
use windtunnel_sim::world::ids::{PoolId, SetId};

/// By these rules a set had nobody to bring: it was where it should be.
const NOTHING_TO_DO: [RuleId; 2] = [rules::OS_13, rules::RU_35];
/// By these rules a set waits for somebody who goes on with the next one, which nobody does after a halt.
const WAITS_FOR_A_HAND: [RuleId; 2] = [rules::OS_15, rules::UM_13];

/// What kept a rollout from beginning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// By this rule.
    pub rule: String,
    /// That of this set, while those of others began; `None` where none began at all.
    pub set: Option<String>,
}

impl Kept {
    /// As a sentence without its end.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.set {
            Some(set) => format!("no rollout of {set} started ({})", self.rule),
            None => format!("no rollout started ({})", self.rule),
        }
    }
}

/// The rollouts of one set in one run, or those of all.
struct Look<'v> {
    set: Option<&'v str>,
    rule: Option<&'v str>,
    idle: bool,
    outcome: Option<Outcome>,
}

impl Look<'_> {
    fn kept(&self) -> Option<Kept> {
        Some(Kept { rule: self.rule?.to_owned(), set: self.set.map(str::to_owned) })
    }

    fn is_by(&self, rules: &[RuleId]) -> bool {
        self.rule.is_some_and(|rule| rules.iter().any(|one| one.word() == rule))
    }
}

/// What kept the rollouts of a run from beginning: all of them, or where some began, those of the first set that was wanted
/// elsewhere and stayed where it was. What was not reached since another set halted is a halt, and no rollout that never
/// started.
fn kept<'v>(whole: &Look<'v>, sets: impl Iterator<Item = Look<'v>>) -> Option<Kept> {
    if whole.idle && whole.rule.is_some() {
        return whole.kept();
    }
    let halted = matches!(whole.outcome, Some(Outcome::Halted | Outcome::Cancelled));
    let excused = |of: &Look<'_>| of.is_by(&NOTHING_TO_DO) || halted && of.is_by(&WAITS_FOR_A_HAND);
    let never = |of: &Look<'_>| of.idle && of.outcome == Some(Outcome::NeverStarted) && !excused(of);
    sets.filter(never).find_map(|of| of.kept())
}

/// What kept the rollouts of a run from beginning; `None` where they began, or none was wanted. Where some began, only that of
/// a set with users counts: of another one nobody would be harmed anyway.
#[must_use]
pub fn of_run(plan: &Plan, measures: &[Measure]) -> Option<Kept> {
    let look = |scope: Scope| {
        let value = |name: &str| Measure::find(measures, name, scope);
        let word = |name: &str| value(name).and_then(|value| value.word().copied());
        let idle = value(BATCHES).and_then(|batches| batches.number()).is_none_or(|batches| batches <= 0.0);
        (word(NEVER_STARTED_BY), idle, word(OUTCOME).and_then(Outcome::named))
    };
    let (rule, idle, outcome) = look(Scope::Fleet);
    let whole = Look { set: None, rule, idle, outcome };
    let has_users = |set: &ScaleSet| {
        set.pools.iter().any(|&pool| plan.leading_to(PoolId(pool)).any(|(_, entry)| entry.traffic.is_some()))
    };
    let sets = plan.sets.iter().enumerate().filter(|(_, set)| has_users(set)).map(|(at, set)| {
        let (rule, idle, outcome) = look(Scope::ScaleSet(SetId(at as u16)));
        Look { set: Some(&set.name), rule, idle, outcome }
    });
    kept(&whole, sets)
}

/// The columns of a set, or of all of them.
struct Rows<'v> {
    set: Option<String>,
    rule: Option<Values<'v>>,
    batches: Option<Values<'v>>,
    outcome: Option<Values<'v>>,
    /// By UM-13 nobody moves by itself; that is no fault where no other policy moves it either.
    meant: bool,
}

/// The runs of a policy, looked at for what began in them.
pub struct Runs<'v> {
    whole: Rows<'v>,
    sets: Vec<Rows<'v>>,
    runs: usize,
}

impl<'v> Runs<'v> {
    /// Of the sets named; `values` gives the values of a measure, none where it is not there, and `moves` says of a set (of all
    /// of them together) whether something of it begins under any policy.
    #[must_use]
    pub fn new(
        sets: &[String],
        values: impl Fn(&str, Option<&str>) -> Option<Values<'v>>,
        moves: impl Fn(Option<&str>) -> bool,
    ) -> Self {
        let rows = |set: Option<&String>| {
            let of = |name: &str| values(name, set.map(String::as_str));
            let meant = !moves(set.map(String::as_str));
            Rows { set: set.cloned(), rule: of(NEVER_STARTED_BY), batches: of(BATCHES), outcome: of(OUTCOME), meant }
        };
        let whole = rows(None);
        let runs = whole.rule.as_ref().map_or(0, Values::len);
        Self { whole, sets: sets.iter().map(|set| rows(Some(set))).collect(), runs }
    }

    /// What kept the rollouts of a run from beginning.
    fn kept(&self, run: usize) -> Option<Kept> {
        fn look<'r>(rows: &'r Rows<'_>, run: usize) -> Look<'r> {
            fn word<'w>(values: Option<&'w Values<'_>>, run: usize) -> Option<&'w str> {
                match values?.get(run) {
                    Some(Seen::Word(word)) => Some(word),
                    _ => None,
                }
            }
            let idle = rows.batches.as_ref().is_none_or(|of| of.get(run).and_then(|one| one.number()) == Some(0.0));
            let (rule, outcome) = (word(rows.rule.as_ref(), run), word(rows.outcome.as_ref(), run));
            let rule = rule.filter(|rule| !rows.meant || *rule != rules::UM_13.word());
            Look { set: rows.set.as_deref(), rule, idle, outcome: outcome.and_then(Outcome::named) }
        }
        kept(&look(&self.whole, run), self.sets.iter().map(|rows| look(rows, run)))
    }

    /// What kept them, where there is such a thing in every run.
    #[must_use]
    pub fn never(&self) -> Option<Kept> {
        let first = self.kept(0).filter(|_| self.runs > 0)?;
        (1..self.runs).all(|run| self.kept(run).is_some()).then_some(first)
    }

    /// In how many runs something was kept from beginning, where that is so in some of them and not in all; and what, in the
    /// first of these.
    #[must_use]
    pub fn in_some(&self) -> Option<(usize, Kept)> {
        let mut of = (0..self.runs).filter_map(|run| self.kept(run));
        let first = of.next()?;
        let count = 1 + of.count();
        (count < self.runs).then_some((count, first))
    }
}

/// The sets that columns of a comparison are about.
#[must_use]
pub fn sets(columns: &[Column]) -> Vec<String> {
    let of = columns.iter().filter(|column| column.measure == NEVER_STARTED_BY);
    of.filter_map(|column| column.set().map(str::to_owned)).collect()
}

/// Whether a column is one that is read to see which rollouts began.
#[must_use]
pub fn reads(column: &Column) -> bool {
    [NEVER_STARTED_BY, BATCHES, OUTCOME].contains(&column.measure.as_str())
        && (column.part.is_none() || column.set().is_some())
}

/// What is to be said of a policy of which nothing began in some runs.
#[must_use]
pub fn sentence_of_some(policy: &str, (count, kept): &(usize, Kept), runs: usize) -> String {
    format!(
        "{policy}: in {count} of {runs} runs {}, and a version that is not rolled out harms nobody",
        kept.sentence()
    )
}

/// Whether an expectation is about harm, and such that a run in which nothing happens at all meets it.
#[must_use]
pub fn met_by_nothing(expectation: &Expectation) -> bool {
    let best = match &expectation.subject {
        Subject::Measure(definition) => definition.unharmed,
        Subject::Series(quantity) => quantity.is_harm().then_some(0.0),
    };
    best.is_some_and(|best| expectation.test.holds(best) == Some(expectation.sense == Sense::Holds))
}

/// Why an expectation is open that is met since nothing began.
#[must_use]
pub fn why(kept: &Kept) -> String {
    format!(
        "{}, and a version that is not rolled out harms nobody; write `rollout: none` if this is intended",
        kept.sentence()
    )
}
