//! The verdict of an expectation over many runs.
//!
//! What must hold in each run fails by one that fails. A quantile at most `x` is the same as a share of runs at most `x`,
//! and a share has Clopper and Pearson's interval at any number of runs: so a verdict needs no more runs than it must, and
//! an open run counts as what it is, a value above every bound.

use super::judge::Verdict;
use super::never::{self, Kept};
use super::statistics::{Interval, Mean, mean, proportion, quantile_ranks};
use super::suite::remembered::{kept_json, kept_of};
use super::table::{Table, Values};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use windtunnel_claims::expect::{Expectation, Over, Stat, Test};
use windtunnel_sim::measure::{Seen, Stored};
use windtunnel_words::clock::spoken_s;
use windtunnel_words::number::{amount, figure, number};

/// What an expectation came to in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The verdict of this run by itself.
    pub verdict: Verdict,
    /// What was measured.
    pub observed: Stored,
    /// What kept a rollout from beginning, where the expectation is about harm and does not say that it is meant.
    pub never: Option<Kept>,
}

/// What an expectation came to in many runs: their values, and of their verdicts the counts and the first of each kind.
#[derive(Clone, Debug, Default)]
pub struct Trials {
    values: Table,
    missed: usize,
    open: usize,
    /// The first run by which it fails, and why.
    fails: Option<(usize, String)>,
    /// The first run in which it cannot be judged, and why.
    unsure: Option<(usize, String)>,
    /// In how many runs a rollout was kept from beginning, and what kept that of the first.
    never: usize,
    kept: Option<(usize, Kept)>,
}

impl Trials {
    /// Takes in a run; they may come in any order, and each comes once.
    pub fn add(&mut self, replication: usize, trial: Trial) {
        let Trial { verdict, observed, never } = trial;
        self.values.put(replication, &[observed], false);
        let (count, first, why) = match verdict {
            Verdict::Pass => (None, None, String::new()),
            Verdict::Fail(why) => (Some(&mut self.missed), Some(&mut self.fails), why),
            Verdict::Inconclusive(why) => (Some(&mut self.open), Some(&mut self.unsure), why),
        };
        if let Some(count) = count {
            *count += 1;
        }
        if let Some(first) = first.filter(|first| first.as_ref().is_none_or(|(at, _)| *at > replication)) {
            *first = Some((replication, why));
        }
        if let Some(kept) = never {
            self.never += 1;
            if self.kept.as_ref().is_none_or(|(at, _)| *at > replication) {
                self.kept = Some((replication, kept));
            }
        }
    }

    fn len(&self) -> usize {
        self.values.whole()
    }

    /// The counts and the first of each kind, as they are kept beside the values.
    pub(crate) fn counts_json(&self) -> Value {
        json!({
            "missed": self.missed,
            "open": self.open,
            "fails": self.fails,
            "unsure": self.unsure,
            "never": self.never,
            "kept": self.kept.as_ref().map(|(at, kept)| kept_json(*at, kept)),
        })
    }

    /// What values and their counts make; `None` where the JSON is no such thing.
    pub(crate) fn of(values: Table, counts: &Value) -> Option<Self> {
        let count = |key: &str| usize::try_from(counts[key].as_u64()?).ok();
        let first = |key: &str| match &counts[key] {
            Value::Null => Some(None),
            of => Some(Some((usize::try_from(of[0].as_u64()?).ok()?, of[1].as_str()?.to_owned()))),
        };
        let kept = if counts["kept"].is_null() { None } else { Some(kept_of(&counts["kept"])?) };
        let (missed, open, never) = (count("missed")?, count("open")?, count("never")?);
        Some(Self { values, missed, open, fails: first("fails")?, unsure: first("unsure")?, never, kept })
    }

    /// What was measured, in the order of the runs.
    pub(crate) fn values(&self) -> Values<'_> {
        self.values.column(0)
    }

    /// The first run that speaks against it: one by which it fails, or else one in which it cannot be judged.
    fn first(&self) -> Option<&(usize, String)> {
        self.fails.as_ref().or(self.unsure.as_ref())
    }
}

impl FromIterator<Trial> for Trials {
    fn from_iter<I: IntoIterator<Item = Trial>>(all: I) -> Self {
        let mut trials = Self::default();
        for (replication, trial) in all.into_iter().enumerate() {
            trials.add(replication, trial);
        }
        trials
    }
}

/// What an expectation came to.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The verdict over all runs.
    pub verdict: Verdict,
    /// What was measured, in words: `3.2 to 5.06 %`.
    pub measured: String,
    /// In how many runs it does not hold by itself.
    pub missed: usize,
    /// In how many it cannot be judged.
    pub open: usize,
    /// How many runs there were.
    pub runs: usize,
    /// The first run that speaks against it, by replication.
    pub first: Option<usize>,
}

/// How a statistic is read.
#[derive(Clone, Copy)]
pub(super) struct How<'u> {
    pub confidence: f64,
    pub unit: &'u str,
    /// The greatest value that a run can have, where there is one.
    pub most: Option<f64>,
}

/// Judges many runs, of so many seconds, by one expectation.
#[must_use]
pub fn judge_all(expectation: &Expectation, trials: &Trials, horizon_s: f64) -> Finding {
    let unit = expectation.subject.unit().symbol();
    let how = |confidence| How { confidence, unit, most: expectation.subject.most(horizon_s) };
    let (missed, open, runs) = (trials.missed, trials.open, trials.len());
    let verdict = match expectation.over {
        _ if runs == 0 => Verdict::Fail("no data: there are no runs".to_owned()),
        Over::Each => in_each(trials),
        Over::Share { least, confidence } => share(runs, missed, open, least / 100.0, confidence),
        Over::Stat { stat, confidence } => match statistic(stat, &expectation.test, trials.values(), how(confidence)) {
            Verdict::Pass => void(trials).unwrap_or(Verdict::Pass),
            other => other,
        },
    };
    let measured = match expectation.over {
        Over::Stat { stat, confidence } => of_statistic(stat, trials.values(), how(confidence)),
        Over::Each | Over::Share { .. } => spread(trials.values(), unit),
    };
    Finding { verdict, measured, missed, open, runs, first: trials.first().map(|(at, _)| *at) }
}

/// What a statistic is that passes, where in some runs no rollout began.
fn void(trials: &Trials) -> Option<Verdict> {
    let (_, kept) = trials.kept.as_ref()?;
    Some(Verdict::Inconclusive(format!("{}{}", never::why(kept), of_runs(trials.never, trials.len()))))
}

fn in_each(trials: &Trials) -> Verdict {
    let n = trials.len();
    let Some((_, why)) = trials.first() else { return Verdict::Pass };
    match (trials.missed, trials.open) {
        (0, open) => Verdict::Inconclusive(format!("{why}{}", of_runs(open, n))),
        (missed, _) => Verdict::Fail(format!("{why}{}", of_runs(missed, n))),
    }
}

/// ` (3 of 20 runs)`; nothing where there is one run.
fn of_runs(count: usize, all: usize) -> String {
    if all == 1 { String::new() } else { format!(" ({count} of {all} runs)") }
}

fn percent(interval: Interval) -> String {
    format!("{} to {} %", figure(100.0 * interval.low), figure(100.0 * interval.high))
}

fn share(runs: usize, missed: usize, open: usize, least: f64, confidence: f64) -> Verdict {
    let held = runs - missed - open;
    // Open runs count against it where it would pass, and for it where it would fail.
    let low = proportion(held, runs, confidence);
    let high = proportion(held + open, runs, confidence);
    let range = Interval { low: low.low, high: high.high };
    let said = format!("it holds in {held} of {runs} runs, so in {} of all", percent(range));
    if low.low >= least {
        Verdict::Pass
    } else if high.high < least {
        Verdict::Fail(said)
    } else {
        Verdict::Inconclusive(said + &more(held == runs, least, confidence))
    }
}

/// How many runs would do, if they all come out the same.
fn more(all: bool, share: f64, confidence: f64) -> String {
    if !all {
        return "; more replications could decide".to_owned();
    }
    let runs = libm::ceil(libm::log((1.0 - confidence) / 2.0) / libm::log(share));
    format!("; {runs} such runs would be enough (--replications {runs})")
}

fn statistic(stat: Stat, test: &Test, runs: Values<'_>, how: How<'_>) -> Verdict {
    let How { confidence, unit, .. } = how;
    let missing = |value: Seen<'_>| matches!(value, Seen::NotComputed(_));
    if let Some(Seen::NotComputed(why)) = runs.iter().find(|value| missing(*value)) {
        let count = runs.iter().filter(|value| missing(*value)).count();
        return Verdict::Fail(format!("no data: {why}{}", of_runs(count, runs.len())));
    }
    match stat {
        Stat::Mean => of_mean(test, runs, how),
        Stat::Min => of_extreme(test, runs, unit, Extreme::Least),
        Stat::Max => of_extreme(test, runs, unit, Extreme::Greatest),
        Stat::Quantile(q) => of_quantile(test, runs, f64::from(q) / 100.0, confidence, unit),
    }
}

fn numbers(runs: Values<'_>) -> Vec<f64> {
    runs.iter().filter_map(|value| value.number()).collect()
}

/// The values, an open run with what it had reached.
fn least(runs: Values<'_>) -> Vec<f64> {
    runs.iter().filter_map(|value| value.least()).collect()
}

/// Where the mean lies. Runs that are all zero do not say that others are: up to so many may be anything that a run can be.
pub(super) fn of_infinitely_many(found: &Mean, values: &[f64], how: How<'_>) -> Option<Interval> {
    if values.iter().any(|value| *value != 0.0) {
        return found.interval;
    }
    let others = proportion(0, values.len(), how.confidence).high;
    Some(Interval { low: 0.0, high: how.most.map_or(f64::INFINITY, |most| others * most) })
}

fn of_mean(test: &Test, runs: Values<'_>, how: How<'_>) -> Verdict {
    let (confidence, unit) = (how.confidence, how.unit);
    let values = numbers(runs);
    if values.len() < runs.len() {
        let open = runs.len() - values.len();
        return Verdict::Inconclusive(format!("{open} of {} runs are still open, so there is no mean", runs.len()));
    }
    let Some(found) = mean(&values, confidence) else { return Verdict::Fail("no data".to_owned()) };
    let Some(interval) = of_infinitely_many(&found, &values, how) else {
        return Verdict::Inconclusive("one run gives a mean but no interval".to_owned());
    };
    let said = match () {
        () if found.mean == 0.0 && found.sd == 0.0 => all_zero(values.len(), interval, how),
        () => format!("the mean is {} to {} {unit}", number(interval.low), number(interval.high)),
    };
    between(test, interval, said)
}

/// What is said of runs that are all zero.
fn all_zero(runs: usize, interval: Interval, how: How<'_>) -> String {
    let others = figure(100.0 * proportion(0, runs, how.confidence).high);
    let up_to = match how.most {
        Some(_) => format!("the mean is up to {}", amount(interval.high, how.unit)),
        None => "the mean has no bound, since the measure has none".to_owned(),
    };
    format!(
        "it is zero in all {runs} runs, so in up to {others} % of all it may be something else, and {up_to}; to ask for zero in \
         the runs that are made, leave `stat` out, and to ask for it in a share of all, use `holdsIn`"
    )
}

/// Where a statistic lies, against a bound.
fn between(test: &Test, interval: Interval, said: String) -> Verdict {
    let holds = |value: f64| test.holds(value) == Some(true);
    let (low, high) = (holds(interval.low), holds(interval.high));
    // Both ends beyond the same end of what passes.
    let beyond = !low && !high && test.is_below(interval.low) == test.is_below(interval.high);
    match (low && high, beyond) {
        (true, _) => Verdict::Pass,
        (false, true) => Verdict::Fail(said),
        (false, false) => Verdict::Inconclusive(said + ", which contains the bound; more replications could decide"),
    }
}

/// An end of the range of the runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extreme {
    Least,
    Greatest,
}

/// The least or the greatest value of the runs that were made; of no others.
fn of_extreme(test: &Test, runs: Values<'_>, unit: &str, which: Extreme) -> Verdict {
    let (all, closed) = (least(runs), numbers(runs));
    let (of, word): (fn(f64, f64) -> f64, _) = match which {
        Extreme::Least => (f64::min, "least"),
        Extreme::Greatest => (f64::max, "greatest"),
    };
    let Some(value) = all.iter().copied().reduce(of) else { return Verdict::Fail("no data".to_owned()) };
    let said = format!("the {word} is {}", amount(value, unit));
    if closed.len() < all.len() && which == Extreme::Greatest {
        return match test {
            Test::AtMost(bound) | Test::Is(bound) | Test::Between(_, bound) if value > *bound => Verdict::Fail(said),
            _ => Verdict::Inconclusive(format!("{said} at least, since a run is still open")),
        };
    }
    // The least of the numbers stands only if no open run can end below it, and an open one never ends below what it had.
    if which == Extreme::Least && closed.iter().copied().reduce(of) != Some(value) {
        return Verdict::Inconclusive(format!("{said} at least, since that run is still open"));
    }
    if test.holds(value) == Some(true) { Verdict::Pass } else { Verdict::Fail(said) }
}

/// A quantile is at most `x` if at least that share of the runs is, and at least `x` if no more than that share is below.
fn of_quantile(test: &Test, runs: Values<'_>, q: f64, confidence: f64, unit: &str) -> Verdict {
    let (values, runs) = (runs, runs.len());
    let at_most = |bound: f64| {
        let up_to = Test::AtMost(bound + bound.abs() * 1e-9);
        let count = values.iter().filter_map(|value| value.number()).filter(|v| up_to.holds(*v) == Some(true));
        let count = count.count();
        let range = proportion(count, runs, confidence);
        let said = format!("{count} of {runs} runs are at most {}, so {} of all", amount(bound, unit), percent(range));
        if range.low >= q {
            Verdict::Pass
        } else if range.high < q {
            Verdict::Fail(said)
        } else {
            Verdict::Inconclusive(said + &more(count == runs, q, confidence))
        }
    };
    let at_least = |bound: f64| {
        let under = bound - bound.abs() * 1e-9;
        // What an open run will have come to is above what it had; below the bound it is not known.
        let below = values.iter().filter(|value| value.number().is_some_and(|value| value < under)).count();
        let open = values.iter().filter(|value| matches!(value, Seen::AtLeast(value) if *value < under));
        let (low, high) = (proportion(below, runs, confidence), proportion(below + open.count(), runs, confidence));
        let range = Interval { low: low.low, high: high.high };
        let said = format!("{below} of {runs} runs are below {}, so {} of all", amount(bound, unit), percent(range));
        if high.high <= q {
            Verdict::Pass
        } else if low.low > q {
            Verdict::Fail(said)
        } else {
            Verdict::Inconclusive(said + &more(below == 0, 1.0 - q, confidence))
        }
    };
    match *test {
        Test::AtMost(bound) => at_most(bound),
        Test::AtLeast(bound) => at_least(bound),
        Test::Is(bound) => worse(at_least(bound), at_most(bound)),
        Test::Between(low, high) => worse(at_least(low), at_most(high)),
        Test::IsWord(_) | Test::IsFlag(_) => Verdict::Fail("a word has no quantile".to_owned()),
    }
}

/// The worse of two verdicts that must both pass.
fn worse(one: Verdict, other: Verdict) -> Verdict {
    match (one, other) {
        (Verdict::Fail(why), _) | (_, Verdict::Fail(why)) => Verdict::Fail(why),
        (Verdict::Inconclusive(why), _) | (_, Verdict::Inconclusive(why)) => Verdict::Inconclusive(why),
        (Verdict::Pass, Verdict::Pass) => Verdict::Pass,
    }
}

/// The values of the runs in words.
fn spread(runs: Values<'_>, unit: &str) -> String {
    let mut parts = Vec::new();
    let numbers = numbers(runs);
    let range = |low: f64, high: f64| {
        let range = (low, high);
        if unit == "s" && high >= 60.0 && low < high {
            return format!("{} to {}", spoken_s(low), spoken_s(high));
        }
        let (low, high) = (number(low), number(high));
        if low == high { amount(range.0, unit) } else { format!("{low} to {high} {unit}") }
    };
    let count = |n: usize| if n == runs.len() { String::new() } else { format!(" in {n}") };
    if !numbers.is_empty() {
        let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        parts.push(range(low, high) + &count(numbers.len()));
    }
    let open: Vec<f64> =
        runs.iter().filter(|value| value.number().is_none()).filter_map(|value| value.least()).collect();
    if let Some(low) = open.iter().copied().reduce(f64::min) {
        parts.push(format!("≥ {}{}", amount(low, unit), count(open.len())));
    }
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    for value in runs {
        match value {
            Seen::Word(word) => *words.entry(word.to_owned()).or_default() += 1,
            Seen::NotComputed(why) => *words.entry(format!("not computed ({why})")).or_default() += 1,
            Seen::Number(_) | Seen::AtLeast(_) => {}
        }
    }
    parts.extend(words.into_iter().map(|(word, n)| word + &count(n)));
    parts.join(", ")
}

/// A statistic in words, with its interval where there is one.
fn of_statistic(stat: Stat, runs: Values<'_>, how: How<'_>) -> String {
    let How { confidence, unit, .. } = how;
    let values = numbers(runs);
    if let (Stat::Mean, true) = (stat, values.len() == runs.len())
        && let Some(found) = mean(&values, confidence)
    {
        let shown = |value: f64| if unit == "s" && found.mean >= 60.0 { spoken_s(value) } else { number(value) };
        let high = |high: f64| if high.is_finite() { shown(high) } else { "any".to_owned() };
        let sure = of_infinitely_many(&found, &values, how);
        let sure = sure.map(|at| format!(" ({} to {})", shown(at.low), high(at.high)));
        return format!("{stat} {}{}", amount(found.mean, unit), sure.unwrap_or_default());
    }
    let Stat::Quantile(q) = stat else { return spread(runs, unit) };
    let mut all = least(runs);
    all.sort_by(f64::total_cmp);
    if all.len() < runs.len() || all.is_empty() {
        return spread(runs, unit);
    }
    let mut closed = values;
    closed.sort_by(f64::total_cmp);
    let at = |rank: usize| match closed.get(rank - 1) {
        Some(value) => number(*value),
        None => format!("≥ {}", number(all[rank - 1])),
    };
    let share = f64::from(q) / 100.0;
    let rank = ((all.len() as f64 * share - 1e-9).ceil() as usize).clamp(1, all.len());
    let sure =
        quantile_ranks(all.len(), share, confidence).map(|(low, high)| format!(" ({} to {})", at(low), at(high)));
    format!("{stat} {} {unit}{}", at(rank), sure.unwrap_or_default())
}
