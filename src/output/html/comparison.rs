//! The report of a comparison: every policy's numbers against the reference, and one run of each under the same luck.

use super::run::{self, Told};
use super::{ENTRIES_MOST, Scenario, data, page};
use crate::experiment::compare::{Comparison, SAFETY};
use crate::experiment::journal::Identity;
use crate::experiment::judge::judge;
use crate::experiment::observed::Observed;
use crate::experiment::replay::Replay;
use crate::experiment::vary::Varied;
use crate::input::Planned;
use crate::output::comparison::json;
use crate::output::text::quoted;
use serde_json::{Value, json};
use windtunnel_sim::measure::catalogue::DEFINITIONS;

/// So many single values, over all policies and measures, one page holds.
const DOTS_MOST: usize = 60_000;
/// More replications than this are not told apart as dots.
const DOTS_EACH: usize = 400;

/// What the page is told of a comparison besides the comparison.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// What it is a comparison of.
    pub identity: &'a Identity,
    /// The policies, in the order of the comparison.
    pub planned: &'a [&'a Planned],
    /// The command that repeats it.
    pub command: &'a str,
    /// The scenario file, as a shell takes it.
    pub file: &'a str,
    /// How the verdicts fare when assumptions are others, where that was asked.
    pub varied: Option<&'a Varied>,
    /// What the numbers lean on, and what is wrong with them.
    pub notes: &'a [String],
}

/// The report of a comparison.
#[must_use]
pub fn of_comparison(scenario: Scenario<'_>, comparison: &Comparison, compared: Compared<'_>) -> String {
    let seed = seed(comparison);
    let replays: Vec<Replay<'_>> = compared.planned.iter().map(|planned| Replay::new(&planned.plan, seed)).collect();
    let entries = ENTRIES_MOST / replays.len().max(1);
    let run = |(planned, replay): (&&Planned, &Replay<'_>)| {
        let judged = judge(&planned.expectations, replay);
        let command =
            format!("windtunnel run {} --policy {} --seed {seed}", compared.file, quoted(&planned.plan.policy));
        run::json(planned, replay, &judged, Told { command: &command, notes: &[], entries })
    };
    let runs: Vec<Value> = compared.planned.iter().zip(&replays).map(run).collect();
    let verdict = verdict(comparison);
    let mut json = json::json(compared.identity, comparison, compared.varied);
    json["verdict"] = verdict.as_str().into();
    json["command"] = compared.command.into();
    json["notes"] = compared.notes.into();
    json["seed"] = seed.into();
    json["meanings"] = comparison.columns.iter().map(|column| meaning(column.measure())).collect();
    json["dots"] = dots(comparison);
    let replays: Vec<&Replay<'_>> = replays.iter().collect();
    page(scenario.title, &verdict, compared.command, &data(scenario, &replays, runs, Some(json)))
}

fn meaning(measure: &str) -> &'static str {
    DEFINITIONS.iter().find(|row| row.name == measure).map_or("", |row| row.meaning)
}

/// The seed whose run is shown: the one in the middle by harmed requests, summed over the policies; of equals the first.
fn seed(comparison: &Comparison) -> u64 {
    let harm = |replication: usize| -> f64 {
        let Some(at) = comparison.column(SAFETY) else { return 0.0 };
        let of = |value: &Observed| match value {
            Observed::Number(number) | Observed::AtLeast(number) => *number,
            Observed::Word(_) | Observed::NotComputed(_) => 0.0,
        };
        comparison.policies.iter().filter_map(|policy| policy.values[at].get(replication)).map(of).sum()
    };
    let mut ranked: Vec<(f64, usize)> = (0..comparison.replications).map(|one| (harm(one), one)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let Some(&(middle, _)) = ranked.get(ranked.len().saturating_sub(1) / 2) else { return comparison.first_seed };
    let first = ranked.iter().filter(|row| row.0.total_cmp(&middle).is_eq()).map(|row| row.1).min().unwrap_or(0);
    comparison.first_seed.wrapping_add(first as u64)
}

/// The comparison in one sentence: which policy harms least, and what the reference does.
fn verdict(comparison: &Comparison) -> String {
    let reference = comparison.reference_name();
    let Some(at) = comparison.column(SAFETY) else { return format!("nothing is known of harm against {reference}") };
    let mean = |place: usize| comparison.policies[place].summaries[at].mean.map(|mean| mean.mean);
    let shown = |value: f64| format!("{} %", crate::output::measure_row::number((value * 1000.0).round() / 1000.0));
    let places = || (0..comparison.policies.len()).filter(|&place| place != comparison.reference);
    let says = |words: &str| {
        let is = |&place: &usize| comparison.policies[place].paired[at].verdict.words() == words;
        places().filter(is).map(|place| comparison.policies[place].name.as_str()).collect::<Vec<_>>()
    };
    let (better, worse) = (says("better"), says("worse"));
    let least = better.len();
    let base = mean(comparison.reference).map_or_else(
        || format!("{reference} has runs in which harm was still open"),
        |value| format!("{reference} harms {} of requests", shown(value)),
    );
    let mut parts = vec![base];
    if least > 0 {
        let best = places().filter_map(|place| Some((mean(place)?, place))).min_by(|a, b| a.0.total_cmp(&b.0));
        let to = best.map_or_else(String::new, |(value, _)| format!(", down to {}", shown(value)));
        parts.push(format!("{} {} it less{to}", listed(&better), if least == 1 { "does" } else { "do" }));
    }
    if !worse.is_empty() {
        parts.push(format!("{} {} it more", listed(&worse), if worse.len() == 1 { "does" } else { "do" }));
    }
    if better.is_empty() && worse.is_empty() && comparison.policies.len() > 1 {
        parts.push("no policy is known to be better or worse".to_owned());
    }
    parts.join("; ")
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Single values by measure and policy, in the order of the seeds: numbers as such, what is open as a list of one, what
/// is not a number as null. Only measures of the whole fleet that differ somewhere.
fn dots(comparison: &Comparison) -> Value {
    let each = comparison.replications.min(DOTS_EACH);
    let mut room = DOTS_MOST;
    let mut columns = Vec::new();
    for (at, column) in comparison.columns.iter().enumerate() {
        let numeric = comparison.policies.iter().any(|policy| policy.summaries[at].valued() > 0);
        let cost = each * comparison.policies.len();
        if !column.is_whole() || !numeric || comparison.constant(at).is_some() || cost > room {
            continue;
        }
        room -= cost;
        let value = |value: &Observed| match value {
            Observed::Number(number) => json!(number),
            Observed::AtLeast(least) => json!([least]),
            Observed::Word(_) | Observed::NotComputed(_) => Value::Null,
        };
        let policy = |values: &[Vec<Observed>]| values[at].iter().take(each).map(value).collect::<Vec<_>>();
        let policies: Vec<Vec<Value>> = comparison.policies.iter().map(|one| policy(&one.values)).collect();
        columns.push(json!({ "column": at, "policies": policies }));
    }
    json!({ "each": each, "columns": columns })
}
