//! The tables of a comparison.
//!
//! All of them: cells as `cells.rs` writes them, so that no spreadsheet runs a name; columns in the order written here, LF
//! line ends, numbers with a point and without grouping, in full precision. `NA` stands for what is not there: a value that was
//! not computed, a mean over runs of which one is open, the interval of a quantile for which there are not enough runs. Columns
//! of numbers hold nothing else, so that readers take them for numbers: `censored` says that a value was still open at the
//! horizon, and so is the least it can be; what is a word, or why there is no number, stands in `text`.
//!
//! - `runs.csv`: [`RUNS`]. One observation a row, by policy, replication and measure. A measure of a part of the
//!   fleet has that after an `@`: `rollout.batches@scaleSet:vmss-web`, `@entryPoint:lb-web`, `@zone:eastus/1`.
//! - `summary.csv`: [`SUMMARY`]. A row a policy and measure. Intervals are of 95 %: of the mean by Student's t, of
//!   quantiles by order statistics, of shares by Clopper and Pearson. For a measure of words there is a row a word,
//!   `rollout.outcome=halted`, with its share of the runs in `mean` and Clopper and Pearson's interval beside it.
//! - `paired.csv`: [`PAIRED`]. A row a policy, but for the reference, and measure: policy − reference, seed by seed. The verdict
//!   rests on `low` to `high`, of the difference; by the method `sign` on `share_low` to `share_high`, of the share of pairs that
//!   differ in which the policy has more. `common_random_numbers` is by what the shared seeds divide the variance of the difference.
//! - `varied.csv`: [`VARIED`]. A row a verdict that says something: in how many replications under varied assumptions (`runs`) the
//!   policy is on the side that it names (`holds`), both are the same, or it is the other way round (`turned`); in how many others
//!   nobody was harmed or no rollout began (`nothing`); Clopper and Pearson's interval of the share that holds; the share of the
//!   pairs with fixed assumptions on that side; the verdict over all draws; and the assumption that it leans on, with the values
//!   for which it holds less often, and how often then.
//! - `assumptions.csv`: [`ASSUMPTIONS`]. What each assumption was in each replication, for every policy.

use crate::experiment::compare::{Comparison, PolicyResult};
use crate::experiment::statistics::{Method, Paired, Ranked, Summary};
use crate::experiment::vary::Varied;
use crate::output::cells::Cells;
use std::io::{self, Write};
use windtunnel_sim::measure::Seen;

/// Columns of the runs.
pub const RUNS: [&str; 9] =
    ["scenario", "policy", "replication", "seed", "measure", "unit", "value", "censored", "text"];

/// Columns of the summary.
pub const SUMMARY: [&str; 27] = [
    "scenario",
    "policy",
    "measure",
    "unit",
    "runs",
    "numbers",
    "open",
    "not_computed",
    "mean",
    "mean_low",
    "mean_high",
    "sd",
    "min",
    "p05",
    "p05_low",
    "p05_high",
    "p50",
    "p50_low",
    "p50_high",
    "p95",
    "p95_low",
    "p95_high",
    "max",
    "nonzero_share",
    "nonzero_low",
    "nonzero_high",
    "censored",
];

/// Columns of the paired differences.
pub const PAIRED: [&str; 22] = [
    "scenario",
    "policy",
    "reference",
    "measure",
    "unit",
    "direction",
    "pairs",
    "missing",
    "open",
    "less",
    "equal",
    "more",
    "difference",
    "sd",
    "low",
    "high",
    "share_low",
    "share_high",
    "method",
    "verdict",
    "why",
    "common_random_numbers",
];

/// Columns of the verdicts under varied assumptions.
pub const VARIED: [&str; 18] = [
    "scenario",
    "policy",
    "reference",
    "measure",
    "verdict",
    "runs",
    "holds",
    "same",
    "turned",
    "missing",
    "nothing",
    "holds_low",
    "holds_high",
    "fixed_share",
    "varied_verdict",
    "leans_on",
    "when",
    "holds_then",
];

/// Columns of what was drawn.
pub const ASSUMPTIONS: [&str; 4] = ["scenario", "replication", "assumption", "value"];

/// What is not there.
const ABSENT: &str = "NA";

/// A value as the tables spell it: the number, whether it was still open at the horizon, and the word or why there is none.
pub fn spelled(value: Seen<'_>) -> [String; 3] {
    let (number, censored, text) = match value {
        Seen::Number(number) => (number.to_string(), "false", String::new()),
        Seen::AtLeast(least) => (least.to_string(), "true", String::new()),
        Seen::Word(word) => (ABSENT.to_owned(), "false", word.to_owned()),
        Seen::NotComputed(why) => (ABSENT.to_owned(), "false", why.to_owned()),
    };
    [number, censored.to_owned(), text]
}

fn ranked(value: Ranked) -> String {
    match value {
        Ranked::Number(number) | Ranked::AtLeast(number) => number.to_string(),
    }
}

/// Which of the columns of a summary hold a value that was still open at the horizon, parted by spaces.
fn censored(summary: &Summary) -> String {
    let mut names = Vec::new();
    let mut look = |value: Option<Ranked>, name: &str| {
        if matches!(value, Some(Ranked::AtLeast(_))) {
            names.push(name.to_owned());
        }
    };
    look(summary.range.map(|range| range.0), "min");
    for (quantile, name) in summary.quantiles.iter().zip(["p05", "p50", "p95"]) {
        look(Some(quantile.value), name);
        look(quantile.interval.map(|ends| ends.0), &format!("{name}_low"));
        look(quantile.interval.map(|ends| ends.1), &format!("{name}_high"));
    }
    look(summary.range.map(|range| range.1), "max");
    names.join(" ")
}

fn maybe(value: Option<f64>) -> String {
    value.map_or_else(|| ABSENT.to_owned(), |value| value.to_string())
}

/// Writes every observation.
pub fn runs_csv(scenario: &str, comparison: &Comparison, out: impl Write) -> io::Result<()> {
    let mut out = Cells::new(out);
    out.write_record(RUNS)?;
    for policy in &comparison.policies {
        for replication in 0..comparison.replications {
            let seed = comparison.seed(replication).to_string();
            let number = replication.to_string();
            for (at, column) in comparison.columns.iter().enumerate() {
                let seen = policy.values(at).get(replication).expect("every run is there");
                let [value, censored, text] = spelled(seen);
                let row =
                    [scenario, &policy.name, &number, &seed, &column.name, &column.unit, &value, &censored, &text];
                out.write_record(row)?;
            }
        }
    }
    out.flush()
}

/// Writes a row a policy and measure.
pub fn summary_csv(scenario: &str, comparison: &Comparison, out: impl Write) -> io::Result<()> {
    let mut out = Cells::new(out);
    out.write_record(SUMMARY)?;
    for policy in &comparison.policies {
        for (column, summary) in comparison.columns.iter().zip(&policy.summaries) {
            let head = [scenario, &policy.name].map(str::to_owned);
            if summary.words.is_empty() {
                let name = [column.name.clone(), column.unit.clone()];
                out.write_record(head.iter().chain(&name).chain(&summary_row(summary)))?;
            }
            for (word, count, interval) in &summary.words {
                let said: usize = summary.words.iter().map(|(_, count, _)| count).sum();
                let name = [format!("{}={word}", column.name), "share of runs".to_owned()];
                let mut cells = vec![ABSENT.to_owned(); SUMMARY.len() - 4];
                let counts = [summary.runs, said, 0, summary.not_computed].map(|count| count.to_string());
                cells[..4].clone_from_slice(&counts);
                let share = [*count as f64 / said as f64, interval.low, interval.high].map(|share| share.to_string());
                cells[4..7].clone_from_slice(&share);
                cells[SUMMARY.len() - 5] = String::new();
                out.write_record(head.iter().chain(&name).chain(&cells))?;
            }
        }
    }
    out.flush()
}

/// Everything after the unit.
fn summary_row(summary: &Summary) -> Vec<String> {
    let mut cells: Vec<String> =
        [summary.runs, summary.numbers, summary.open, summary.not_computed].map(|count| count.to_string()).into();
    let mean = summary.mean;
    let interval = mean.and_then(|mean| mean.interval);
    cells.push(maybe(mean.map(|mean| mean.mean)));
    cells.push(maybe(interval.map(|interval| interval.low)));
    cells.push(maybe(interval.map(|interval| interval.high)));
    cells.push(maybe(mean.filter(|mean| mean.count > 1).map(|mean| mean.sd)));
    let absent = || ABSENT.to_owned();
    cells.push(summary.range.map_or_else(absent, |(least, _)| ranked(least)));
    for at in 0..3 {
        let quantile = summary.quantiles.get(at);
        cells.push(quantile.map_or_else(absent, |quantile| ranked(quantile.value)));
        let interval = quantile.and_then(|quantile| quantile.interval);
        cells.push(interval.map_or_else(absent, |(low, _)| ranked(low)));
        cells.push(interval.map_or_else(absent, |(_, high)| ranked(high)));
    }
    cells.push(summary.range.map_or_else(absent, |(_, most)| ranked(most)));
    let nonzero = summary.nonzero;
    cells.push(maybe(nonzero.map(|(count, _)| count as f64 / summary.valued() as f64)));
    cells.push(maybe(nonzero.map(|(_, interval)| interval.low)));
    cells.push(maybe(nonzero.map(|(_, interval)| interval.high)));
    cells.push(censored(summary));
    cells
}

/// Writes a row a policy and measure, but for the reference.
pub fn paired_csv(scenario: &str, comparison: &Comparison, out: impl Write) -> io::Result<()> {
    let mut out = Cells::new(out);
    out.write_record(PAIRED)?;
    let others = comparison.policies.iter().filter(|policy| !policy.paired.is_empty());
    for policy in others {
        let PolicyResult { name, paired, .. } = policy;
        for (column, paired) in comparison.columns.iter().zip(paired) {
            let direction = column.direction().words();
            let head = [scenario, name, comparison.reference_name(), &column.name, &column.unit, direction];
            out.write_record(head.map(str::to_owned).into_iter().chain(paired_row(paired)))?;
        }
    }
    out.flush()
}

/// Everything after the direction.
fn paired_row(paired: &Paired) -> Vec<String> {
    let counts = [paired.pairs, paired.missing, paired.open, paired.less, paired.equal, paired.more];
    let mut cells: Vec<String> = counts.map(|count| count.to_string()).into();
    cells.push(maybe(paired.difference.map(|difference| difference.mean)));
    cells.push(maybe(paired.difference.filter(|difference| difference.count > 1).map(|difference| difference.sd)));
    // The sign test's interval is of a share, and not of the difference.
    for by_sign in [false, true] {
        let interval = paired.interval.filter(|_| (paired.method == Method::Sign) == by_sign);
        cells.push(maybe(interval.map(|interval| interval.low)));
        cells.push(maybe(interval.map(|interval| interval.high)));
    }
    cells.push(paired.method.words().to_owned());
    cells.push(paired.verdict.words().to_owned());
    cells.push(paired.why.clone().unwrap_or_default());
    cells.push(maybe(paired.reduction));
    cells
}

/// Writes how often verdicts hold under varied assumptions.
pub fn varied_csv(scenario: &str, comparison: &Comparison, varied: &Varied, out: impl Write) -> io::Result<()> {
    let mut out = Cells::new(out);
    out.write_record(VARIED)?;
    for held in &varied.verdicts {
        let counts = [held.runs(), held.holds, held.same, held.turned, held.missing, held.nothing];
        let counts = counts.map(|count| count.to_string());
        let share = [held.share.low, held.share.high, held.without].map(|share| share.to_string());
        let lean = held.leans.as_ref().map(|lean| {
            let then = format!("{} of {}", lean.then.0, lean.then.1);
            [lean.assumption.row().key.to_owned(), lean.when.clone(), then]
        });
        let names = [
            scenario,
            &comparison.policies[held.policy].name,
            comparison.reference_name(),
            &comparison.columns[held.column].name,
            held.verdict.words(),
        ];
        let row =
            names.into_iter().map(str::to_owned).chain(counts).chain(share).chain([held.varied.words().to_owned()]);
        out.write_record(row.chain(lean.unwrap_or_else(|| [ABSENT, ABSENT, ABSENT].map(str::to_owned))))?;
    }
    out.flush()
}

/// Writes what was drawn.
pub fn assumptions_csv(scenario: &str, varied: &Varied, out: impl Write) -> io::Result<()> {
    let mut out = Cells::new(out);
    out.write_record(ASSUMPTIONS)?;
    for replication in 0..varied.replications {
        for &assumption in &varied.variation.drawn {
            let (row, value) = (assumption.row(), varied.variation.value(assumption, replication));
            out.write_record([scenario, &replication.to_string(), row.key, &value.to_string()])?;
        }
    }
    out.flush()
}
