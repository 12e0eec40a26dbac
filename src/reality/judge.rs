//! What was recorded, held to what the model makes of the same: how long it takes, what is answered, who is where.

use super::case::{Call, Case};
use super::figures::{Figures, Kind, RECORDING, Row, Value};
use super::held_out::held_out;
use super::placements::{Placements, placements};
use super::runs::{Run, play};
use super::table::{Fact, Quantity, Rolling, Table, Totals};
use crate::experiment::statistics::fit::quantile;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A deployment makes the network before the set: so much longer it takes. Recorded deployments of a network alone took 5 to 27 s
/// (n=20, 2020 to 2024), and a part of one goes on beside the set.
pub const NETWORK_S: f64 = 14.0;
/// What the service itself takes for each batch beside its work and its watch, in seconds: 0.2 to 0.6 since 2020, and to 2.6 in 2018.
/// The model goes from one batch to the next at once, so that a recorded length may be as much longer, or shorter.
pub const TURN_S: f64 = 2.6;
/// With fewer values a quantity is shown and not judged.
pub const LEAST: usize = 5;
/// The median of fewer values is not judged.
pub const LEAST_MEDIAN: usize = 3;
/// How many years are the newest.
const NEW_YEARS: u16 = 3;

/// The cases and what the model makes of each.
pub type Played = BTreeMap<Case, Result<Vec<Run>, String>>;

/// The case as it is played: its network is added to the time and not played.
pub fn as_played(case: &Case) -> Case {
    Case { network: false, ..case.clone() }
}

/// Judges a table of figures.
pub fn judge(figures: &Figures) -> Table {
    let mut cases: Vec<Case> = figures.cases().into_iter().map(as_played).collect();
    cases.sort();
    cases.dedup();
    let played: Played = cases.into_par_iter().map(|case| (case.clone(), play(&case))).collect();
    let first = figures.newest().saturating_sub(NEW_YEARS - 1);
    let quantities = quantities(figures, &played, first);
    let facts = facts(figures, &played);
    let placements: Placements = placements(figures, &played);
    let rolling = rolling(figures, &played);
    let mut left: Vec<(String, u32)> =
        figures.of(Kind::Left).map(|((_, _, why), row)| (why.clone(), row.count)).collect();
    for (case, why) in played.iter().filter_map(|(case, runs)| Some((case, runs.as_ref().err()?))) {
        left.push((format!("{case}: {why}"), 1));
    }
    left.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let recordings = figures.of(Kind::Recordings).map(|((_, _, what), row)| (what.clone(), row.count)).collect();
    let timelines = figures.total(Kind::Recordings, "timelines");
    let unasked: u32 = left.iter().filter(|(why, _)| why.starts_with(RECORDING)).map(|(_, count)| count).sum();
    let totals = Totals::of(&quantities, &facts, &placements, &rolling);
    let asked = (timelines.saturating_sub(unasked), timelines);
    Table {
        is_fitted: *figures == Figures::bundled(),
        held_out: held_out(figures),
        new_from: first,
        cases: played.len(),
        asked,
        recordings,
        quantities,
        facts,
        placements,
        rolling,
        left,
        totals,
    }
}

/// One value and what the model makes of its case.
struct Judged<'a> {
    value: Value,
    case: &'a Case,
    model: &'a [f64],
}

impl Judged<'_> {
    fn within(&self, low: f64, high: f64) -> bool {
        let at = |q| quantile(self.model, q).unwrap_or(f64::NAN);
        // A tenth is what a recording says.
        self.value.seconds() + 0.05 >= at(low) && self.value.seconds() - 0.05 <= at(high)
    }
}

/// How long the model takes, sorted, for each case.
fn lengths(case: &Case, played: &Played) -> Vec<f64> {
    let runs = played.get(&as_played(case)).and_then(|runs| runs.as_ref().ok());
    let mut lengths: Vec<f64> = runs.into_iter().flatten().filter_map(|run| run.seconds).collect();
    if case.network {
        lengths.iter_mut().for_each(|length| *length += NETWORK_S);
    }
    lengths.sort_by(f64::total_cmp);
    lengths
}

fn quantities(figures: &Figures, played: &Played, first: u16) -> Vec<Quantity> {
    let rows: Vec<(&Case, &Row, Vec<f64>)> = figures
        .of(Kind::Duration)
        .filter_map(|((_, case, _), row)| case.as_ref().map(|case| (case, row, lengths(case, played))))
        .collect();
    // By the kind of the case; creates and writes of the capacity also by how many, where that has enough values.
    let counted = |case: &Case| if case.call.makes() { case.count() } else { String::new() };
    let mut sizes: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (case, row, _) in &rows {
        *sizes.entry((case.kind(), counted(case))).or_default() += row.values.len();
    }
    let mut groups: BTreeMap<(Call, String, String), Vec<Judged<'_>>> = BTreeMap::new();
    for (case, row, model) in &rows {
        let (kind, count) = (case.kind(), counted(case));
        let enough = sizes[&(kind.clone(), count.clone())] >= LEAST;
        let count = if enough || count.is_empty() { count } else { "others".to_owned() };
        let judged = row.values.iter().map(|value| Judged { value: *value, case, model });
        groups.entry((case.call, kind, count)).or_default().extend(judged);
    }
    let alone =
        |call: Call, kind: &str| groups.keys().filter(|(is, known, _)| *is == call && known == kind).count() == 1;
    let name = |call: Call, kind: &str, count: &str| match count {
        "" => kind.to_owned(),
        "others" if alone(call, kind) => kind.to_owned(),
        count => format!("{kind}, {count}"),
    };
    groups.iter().map(|((call, kind, count), values)| quantity(name(*call, kind, count), values, first)).collect()
}

fn quantity(name: String, values: &[Judged<'_>], first: u16) -> Quantity {
    let new: Vec<&Judged<'_>> = values.iter().filter(|judged| judged.value.year >= first).collect();
    let is_new = !new.is_empty();
    let judged: Vec<&Judged<'_>> = if is_new { new } else { values.iter().collect() };
    let seconds: Vec<f64> = judged.iter().map(|judged| judged.value.seconds()).collect();
    let model: Vec<f64> = judged.iter().flat_map(|judged| judged.model.iter().copied()).collect();
    let three = |sample: &[f64]| [0.05, 0.5, 0.95].map(|q| quantile(sample, q).unwrap_or(f64::NAN));
    let inside = |of: &[&Judged<'_>], low, high| of.iter().filter(|judged| judged.within(low, high)).count();
    let every: Vec<&Judged<'_>> = values.iter().collect();
    let years = values.iter().map(|judged| judged.value.year);
    Quantity {
        years: (years.clone().min().unwrap_or_default(), years.max().unwrap_or_default()),
        cases: {
            let mut cases: Vec<String> = judged.iter().map(|judged| judged.case.to_string()).collect();
            cases.sort();
            cases.dedup();
            cases
        },
        n: judged.len(),
        all: values.len(),
        is_new,
        recorded: three(&seconds),
        model: three(&model),
        inside50: inside(&judged, 0.25, 0.75),
        inside90: inside(&judged, 0.05, 0.95),
        all50: inside(&every, 0.25, 0.75),
        all90: inside(&every, 0.05, 0.95),
        played: !model.is_empty(),
        name,
    }
}

fn facts(figures: &Figures, played: &Played) -> Vec<Fact> {
    let rows = figures.of(Kind::Fact).chain(figures.of(Kind::Domain));
    let mut facts: Vec<Fact> = rows
        .filter_map(|((kind, case, what), row)| {
            let (case, (name, is)) = (case.as_ref()?, what.split_once('=')?);
            let runs = played.get(&as_played(case))?.as_ref().ok()?;
            let result_of: Vec<String> = runs.iter().filter_map(|run| result_of(*kind, run, name)).collect();
            let equal = result_of.iter().filter(|result_of| says(result_of, is)).count();
            Some(Fact {
                is_older: !case.assume.is_empty(),
                name: if *kind == Kind::Domain { format!("fault domain of id {name}") } else { name.to_owned() },
                case: case.to_string(),
                set_up: format!("{}: {}", case.call.word(), case.set_up()),
                recorded: is.to_owned(),
                model: most(&result_of),
                share: if result_of.is_empty() { 0.0 } else { equal as f64 / result_of.len() as f64 },
                count: row.count,
            })
        })
        .collect();
    facts.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.case.cmp(&other.case)));
    facts
}

fn result_of(kind: Kind, run: &Run, name: &str) -> Option<String> {
    if kind == Kind::Domain {
        let id: u32 = name.parse().ok()?;
        return run.made.iter().find(|placed| placed.id == id).map(|placed| placed.domain.to_string());
    }
    Some(run.facts.get(name).cloned().unwrap_or_else(|| "nothing".to_owned()))
}

/// Whether a run says what was recorded, which may be less: a code without the numbers after it.
fn says(result_of: &str, is: &str) -> bool {
    result_of.strip_prefix(is).is_some_and(|rest| rest.is_empty() || rest.starts_with(", "))
}

/// What most say.
fn most(result_of: &[String]) -> String {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for one in result_of {
        *counts.entry(one).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or_else(|| "nothing".to_owned(), |(one, _)| one.clone())
}

fn rolling(figures: &Figures, played: &Played) -> Vec<Rolling> {
    let row = |((_, case, what), row): (&(Kind, Option<Case>, String), &Row)| {
        let case = case.as_ref()?;
        let runs = played.get(&as_played(case))?.as_ref().ok()?;
        let model = lengths(case, played);
        let results: Vec<String> = runs.iter().filter_map(|run| run.facts.get("result").cloned()).collect();
        let at = |q| quantile(&model, q).unwrap_or(f64::NAN);
        // How soon somebody cancelled is the recording's.
        let timed = case.call != Call::Cancelled;
        // All of them are batches of one, but for those that are watched together.
        let together = case.call == Call::ToRolling && case.assume.is_empty();
        let turns = TURN_S * if together { 1.0 } else { f64::from(case.capacity) };
        let inside =
            |value: &&Value| !timed || (value.seconds() + turns >= at(0.05) && value.seconds() - turns <= at(0.95));
        Some(Rolling {
            set_up: format!("{}: {}", case.call.word(), case.set_up()),
            case: case.to_string(),
            result: what.clone(),
            is_older: !case.assume.is_empty(),
            says_so: !results.is_empty() && results.iter().all(|result| says(result, what)),
            model_result: most(&results),
            count: row.values.len(),
            inside: row.values.iter().filter(inside).count(),
            recorded: (
                row.values.first().map_or(f64::NAN, |v| v.seconds()),
                row.values.last().map_or(f64::NAN, |v| v.seconds()),
            ),
            model: (at(0.05), at(0.95)),
        })
    };
    figures.of(Kind::Rolling).filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_recording_may_say_less_and_nothing_else() {
        assert!(says("2", "2") && says("Cancelled, RollingUpgradeCanceled", "Cancelled"));
        assert!(
            !says("20", "2")
                && !says("Cancelled", "Cancelled, RollingUpgradeCanceled")
                && !says("Completed", "Faulted")
        );
    }
}
