//! The report of a comparison: every policy's numbers against the reference, and one run of each with common random numbers.

use super::run::{self, RunPage};
use super::{Scenario, data, page};
use crate::experiment::assessment::{Assessments, finding};
use crate::experiment::compare::Comparison;
use crate::experiment::judge::judge;
use crate::experiment::replay::Replay;
use crate::experiment::replicate::seed_of;
use crate::experiment::table::Values;
use crate::experiment::vary::Varied;
use crate::input::Planned;
use crate::input::patch::diff_json;
use crate::output::comparison::json;
use crate::output::highlights::Highlights;
use crate::output::journal::Identity;
use crate::output::note::Note;
use serde_json::{Value, json};
use windtunnel_sim::measure::Seen;
use windtunnel_sim::measure::catalogue::{HARMED, OUTCOME};
use windtunnel_words::text::quoted;

/// So many single values, over all policies and measures, one page holds.
const DOTS_MOST: usize = 40_000;
/// More replications than this cannot be distinguished as dots.
const DOTS_EACH: usize = 400;
/// So many bytes of runs one page holds, beyond the first two.
const RUNS_MOST: usize = 2_000_000;
/// So many entries of the ledger of each.
const ENTRIES_EACH: usize = 12_000;

/// What the page says of a comparison besides the comparison.
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
    pub notes: &'a [Note],
}

/// The report of a comparison.
pub fn of_comparison(scenario: Scenario<'_>, comparison: &Comparison, compared: Compared<'_>) -> String {
    let assessments = Assessments::of(comparison);
    let seed = seed(comparison);
    let (replays, runs): (Vec<Replay<'_>>, Vec<Value>) =
        runs(comparison, &assessments, &compared, seed).into_iter().unzip();
    let verdict = finding(comparison, &assessments);
    let mut json = json::json(compared.identity, comparison, compared.varied);
    let has_words = |at: usize| comparison.policies.iter().any(|policy| !policy.summaries[at].words.is_empty());
    let shown = |at: &usize| comparison.columns[*at].part.is_none() && (comparison.is_computed(*at) || has_words(*at));
    let kept: Vec<usize> = (0..comparison.columns.len()).filter(shown).collect();
    slim(&mut json, &kept);
    json["verdict"] = verdict.as_str().into();
    json["command"] = compared.command.into();
    json["notes"] = compared.notes.iter().map(ToString::to_string).collect();
    json["seed"] = seed.into();
    json["meanings"] =
        kept.iter().map(|&at| comparison.columns[at].definition().map_or("", |row| row.meaning)).collect();
    let place = |name: &str| kept.iter().position(|&at| comparison.columns[at].measure == name);
    json["places"] = json!({ "harmed": place(HARMED), "outcome": place(OUTCOME) });
    json["dots"] = dots(comparison, &kept);
    let changes = |planned: &&Planned| diff_json(&planned.diff);
    json["changes"] = compared.planned.iter().map(changes).collect();
    rounded(&mut json);
    let replays: Vec<&Replay<'_>> = replays.iter().collect();
    page(scenario.title, &verdict, compared.command, &data(scenario, &replays, runs, Some(json)))
}

/// One run of as many policies as the page has room for: the reference first, then the one to take, then the worst, and
/// then the others as they rank; on the page they stand in the order of the comparison.
fn runs<'p>(
    comparison: &Comparison,
    assessments: &Assessments,
    compared: &Compared<'p>,
    seed: u64,
) -> Vec<(Replay<'p>, Value)> {
    let count = comparison.policies.len();
    let mut order = assessments.shown(comparison.reference, 4.min(count));
    order.sort_by_key(|&place| (place != comparison.reference, Some(place) != assessments.chosen));
    order.extend(assessments.ranked());
    let (mut all, mut spent): (Vec<(usize, Replay<'p>, Value)>, usize) = (Vec::new(), 0);
    for place in order {
        if all.iter().any(|one| one.0 == place) {
            continue;
        }
        let planned = compared.planned[place];
        let replay = Replay::new(&planned.plan, seed);
        let judged = judge(&planned.expectations, &replay);
        let policy = quoted(&planned.plan.policy);
        let command = format!("windtunnel run {} --policy {policy} --seed {seed}", compared.file);
        let page = RunPage { command: &command, notes: &[], entries: ENTRIES_EACH, advice: "" };
        let run = run::json(planned, &Highlights::of(&replay), &judged, page);
        let size = run.to_string().len();
        if spent + size > RUNS_MOST && all.len() > 1 {
            break;
        }
        spent += size;
        all.push((place, replay, run));
    }
    all.sort_by_key(|one| one.0);
    all.into_iter().map(|(_, replay, run)| (replay, run)).collect()
}

/// Leaves out of each policy the measures that the page does not show.
fn slim(json: &mut Value, kept: &[usize]) {
    for policy in json["policies"].as_array_mut().into_iter().flatten() {
        if let Some(all) = policy["measures"].as_array_mut() {
            *all = kept.iter().map(|&at| all[at].take()).collect();
        }
        if let Some(policy) = policy.as_object_mut() {
            policy.remove("assumptionsUsed");
        }
    }
}

/// Rounds every number to seven digits: a picture shows fewer.
fn rounded(json: &mut Value) {
    match json {
        Value::Array(list) => list.iter_mut().for_each(rounded),
        Value::Object(map) => map.values_mut().for_each(rounded),
        Value::Number(number) if number.is_f64() => {
            let value = number.as_f64().unwrap_or(0.0);
            let short: f64 = format!("{value:.6e}").parse().unwrap_or(value);
            *json = if short.fract() == 0.0 && short.abs() < 1e15 { json!(short as i64) } else { json!(short) };
        }
        _ => {}
    }
}

/// The seed whose run is shown: the one in the middle by harmed requests, summed over the policies; of equals the first.
pub fn seed(comparison: &Comparison) -> u64 {
    let harm = |replication: usize| -> f64 {
        let Some(at) = comparison.column(HARMED) else { return 0.0 };
        let of = |value: Seen<'_>| value.least().unwrap_or(0.0);
        comparison.policies.iter().filter_map(|policy| policy.values(at).get(replication)).map(of).sum()
    };
    let mut ranked: Vec<(f64, usize)> = (0..comparison.replications).map(|one| (harm(one), one)).collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let Some(&(middle, _)) = ranked.get(ranked.len().saturating_sub(1) / 2) else { return comparison.first_seed };
    let first = ranked.iter().filter(|row| row.0.total_cmp(&middle).is_eq()).map(|row| row.1).min().unwrap_or(0);
    seed_of(comparison.first_seed, first)
}

/// Single values by measure and policy, in the order of the seeds: numbers as such, what is open as a list of one, what
/// is not a number as null. Only measures of the whole fleet that differ somewhere.
fn dots(comparison: &Comparison, kept: &[usize]) -> Value {
    let each = comparison.replications.min(DOTS_EACH);
    let mut room = DOTS_MOST;
    let mut columns = Vec::new();
    for (place, &at) in kept.iter().enumerate() {
        let numeric = comparison.policies.iter().any(|policy| policy.summaries[at].valued() > 0);
        let cost = each * comparison.policies.len();
        if !numeric || comparison.constant(at).is_some() || cost > room {
            continue;
        }
        room -= cost;
        let value = |value: Seen<'_>| match value {
            Seen::Number(number) => json!(number),
            Seen::AtLeast(least) => json!([least]),
            Seen::Word(_) | Seen::NotComputed(_) => Value::Null,
        };
        let policy = |values: Values<'_>| values.iter().take(each).map(value).collect::<Vec<_>>();
        let policies: Vec<Vec<Value>> = comparison.policies.iter().map(|one| policy(one.values(at))).collect();
        columns.push(json!({ "column": place, "policies": policies }));
    }
    json!({ "each": each, "columns": columns })
}
