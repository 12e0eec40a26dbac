//! What was observed beside what a run has: sentences, a table, data for the summary and the page.

use super::cells::Cells;
use crate::claims::observed::{Metric, Observation, Observed, Tolerance, Value};
use crate::experiment::observed::{Score, Scored, ScoredPoint, Seen, Simulated};
use crate::experiment::replay::Replay;
use serde_json::{Value as Json, json};
use std::io::{self, Write};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::measure::Unit;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_words::clock::{moment, seconds, spoken, timestamp};
use windtunnel_words::number::{count, decimals};

/// What was observed, and how near a run comes to it.
#[derive(Clone, Debug)]
pub struct Observations<'r> {
    /// What was observed.
    pub observed: &'r Observed,
    /// How near the run comes to it.
    pub score: Score,
}

/// Columns of `observed.csv`.
pub const COLUMNS: [&str; 12] = [
    "observation",
    "measure",
    "part",
    "from_s",
    "until_s",
    "timestamp",
    "observed",
    "simulated",
    "residual",
    "tolerance",
    "within",
    "log_likelihood",
];

impl<'r> Observations<'r> {
    /// Of a run; none where nothing was observed.
    pub fn of(replay: &Replay<'_>, observed: &'r Observed) -> Option<Self> {
        (!observed.is_empty()).then(|| Self { observed, score: Seen::of(replay, observed).score(observed) })
    }

    /// Each observation with its score.
    pub fn rows(&self) -> impl Iterator<Item = (&'r Observation, &Scored)> {
        self.observed.rows.iter().zip(&self.score.rows)
    }

    /// How near the run comes to each, a sentence an observation.
    pub fn sentences(&self, plan: &Plan) -> Vec<String> {
        self.rows().map(|(row, scored)| sentence(plan, row, scored)).collect()
    }

    /// The shares of requests that were observed at an entry point; those of all where only one has traffic.
    pub fn shares_at(&self, plan: &Plan, id: EntryPointId, alone: bool) -> Vec<(&'r Observation, &Scored)> {
        let is_of = |row: &Observation| match &row.part {
            None => alone,
            Some(part) => plan.entry_points_named(&part.name).contains(&id),
        };
        let is_share = |row: &Observation| matches!(row.metric, Metric::FailedShare | Metric::HarmedShare);
        self.rows().filter(|(row, _)| is_share(row) && is_of(row)).collect()
    }

    /// The counts of instances and the like that were observed, of which a run has steps.
    pub fn counts(&self) -> Vec<(&'r Observation, &Scored)> {
        let is_count = |row: &Observation| row.metric.unit() == Some(Unit::Count("instances"));
        self.rows().filter(|(row, scored)| is_count(row) && scored.of > 0).collect()
    }

    /// The table.
    pub fn csv(&self, plan: &Plan, out: impl Write) -> io::Result<()> {
        let mut table = Cells::new(out);
        table.write_record(COLUMNS)?;
        for (row, scored) in self.rows() {
            for point in &scored.points {
                table.write_record(cells(plan, row, point))?;
            }
        }
        table.flush()
    }

    /// For programs.
    pub fn json(&self, plan: &Plan) -> Json {
        let row = |(row, scored): (&Observation, &Scored)| {
            json!({
                "name": row.name,
                "measure": row.metric.words(),
                "part": row.part.as_ref().map(|part| json!({ "kind": part.kind.key(), "name": part.name })),
                "within": scored.within,
                "of": scored.of,
                "values": scored.points.len(),
                "logLikelihood": scored.log_likelihood,
                "sentence": sentence(plan, row, scored),
                "notCompared": scored.missing,
            })
        };
        json!({
            "within": self.score.within,
            "of": self.score.of,
            "logLikelihood": self.score.log_likelihood,
            "observations": self.rows().map(row).collect::<Vec<_>>(),
        })
    }
}

/// How near a run comes to an observation: `error rate: 26 of 27 observed minutes are within ± 3 points; at worst 4.2 points more than the
/// run has, at 09:12:00 UTC`.
fn sentence(plan: &Plan, row: &Observation, scored: &Scored) -> String {
    if let Some(missing) = &scored.missing {
        return format!("{}: not compared, since {missing}", row.name);
    }
    if scored.of == 0 {
        return format!("{}: not compared, since the run ends before, or has nothing there", row.name);
    }
    let by = tolerance(row);
    let mut text = match (scored.of, scored.within) {
        (1, within) => {
            let (is, noun) = (if within == 1 { "is" } else { "is not" }, of_what(row, 1));
            let noun = noun.trim_start_matches("1 ");
            let so = by.map_or_else(|| "so in the run".to_owned(), |by| format!("within {by}"));
            format!("{}: the {noun} {is} {so}", row.name)
        }
        (of, within) => {
            let so = by.map_or_else(|| "so in the run".to_owned(), |by| format!("within {by}"));
            format!("{}: {within} of {} are {so}", row.name, of_what(row, of))
        }
    };
    if let Some(worst) = worst(scored) {
        text += &format!("; {}", furthest(plan, row, worst));
    }
    text
}

/// The value that is furthest out, where one is.
fn worst(scored: &Scored) -> Option<&ScoredPoint> {
    let out = scored.points.iter().filter(|point| point.within == Some(false));
    out.max_by(|a, b| {
        let size =
            |point: &ScoredPoint| point.residual.map_or(f64::INFINITY, |of| of.abs() / point.tolerance.max(1e-9));
        size(a).total_cmp(&size(b)).then(b.from.cmp(&a.from))
    })
}

fn furthest(plan: &Plan, row: &Observation, point: &ScoredPoint) -> String {
    let at = moment(plan, point.from);
    match (point.residual, point.simulated) {
        (_, Some(Simulated::At(None))) => format!("what was seen at {at} does not happen in the run"),
        (Some(residual), Some(Simulated::At(Some(_)))) => {
            let length = spoken(SimDuration::from_ms((residual.abs() * 1000.0).round() as u64));
            let way = if residual > 0.0 { "earlier" } else { "later" };
            format!("what was seen at {at} happens {length} {way} in the run")
        }
        (Some(residual), _) => {
            let way = if residual > 0.0 { "more" } else { "less" };
            format!("at worst {} {way} than in the run, at {at}", amount(row, residual.abs()))
        }
        (None, Some(Simulated::Value(now))) => {
            let now = now.map_or_else(|| "not there".to_owned(), said);
            format!("at {at} it was {}, and in the run it is {now}", said(point.observed))
        }
        (None, _) => format!("one is out at {at}"),
    }
}

/// So many of what an observation has: minutes, values, states, events.
fn of_what(row: &Observation, n: usize) -> String {
    let minute = SimDuration::from_mins(1);
    let noun = match row.metric {
        Metric::State { .. } => "observed state",
        Metric::Health { .. } => "observed health",
        Metric::Event { .. } => "observed event",
        _ if row.points.iter().all(|point| point.until.since(point.from) == minute) => "observed minute",
        _ => "observed value",
    };
    if noun.ends_with("health") { format!("{n} {noun} states") } else { count(n, noun) }
}

/// The tolerance in words; nothing where there is none.
fn tolerance(row: &Observation) -> Option<String> {
    // Where each value has the same of its own, that counts.
    let own = row.points.first().and_then(|point| point.tolerance);
    let own = own.filter(|own| row.points.iter().all(|point| point.tolerance == Some(*own)));
    match own.unwrap_or(row.tolerance) {
        _ if matches!(row.metric, Metric::State { .. } | Metric::Health { .. }) => None,
        Tolerance::Absolute(size) => Some(format!("± {}", amount(row, size))),
        Tolerance::Relative(share) => Some(format!("± {} %", decimals(share * 100.0, 2))),
        Tolerance::Time(length) => Some(format!("± {}", spoken(length))),
    }
}

/// A difference in the unit of an observation.
fn amount(row: &Observation, value: f64) -> String {
    let most = if value.abs() >= 100.0 { 0 } else { 1 };
    let shown = decimals(value, most);
    match row.metric.unit() {
        Some(Unit::Percent) => format!("{shown} {}", if shown == "1" { "point" } else { "points" }),
        Some(unit) => format!("{shown} {}", unit.symbol()),
        None => shown,
    }
}

fn said(value: Value) -> String {
    match value {
        Value::Number(value) => decimals(value, 3),
        Value::State(state) => state.key().to_owned(),
        Value::Health(health) => health.word().to_owned(),
        Value::Seen => "seen".to_owned(),
    }
}

/// What a run has in the place of a value.
fn simulated(plan: &Plan, of: Option<Simulated>) -> String {
    match of {
        None | Some(Simulated::Value(None) | Simulated::At(None)) => String::new(),
        Some(Simulated::Number(value)) => decimals(value, 6),
        Some(Simulated::Value(Some(value))) => said(value),
        Some(Simulated::At(Some(at))) => timestamp(plan.start_unix_ms, at),
    }
}

fn cells(plan: &Plan, row: &Observation, point: &ScoredPoint) -> [String; COLUMNS.len()] {
    [
        row.name.clone(),
        row.metric.words(),
        row.part.as_ref().map_or_else(String::new, |part| part.name.clone()),
        seconds(point.from),
        seconds(point.until),
        timestamp(plan.start_unix_ms, point.from),
        said(point.observed),
        simulated(plan, point.simulated),
        point.residual.map_or_else(String::new, |value| decimals(value, 6)),
        if point.within.is_some() { decimals(point.tolerance, 6) } else { String::new() },
        point.within.map_or_else(String::new, |within| within.to_string()),
        if point.within.is_some() { decimals(point.log_likelihood, 6) } else { String::new() },
    ]
}

/// For the page: the numbers of an observation in columns; what has none is not drawn.
pub fn columns(row: &Observation, scored: &Scored) -> Json {
    let points: Vec<&ScoredPoint> = scored.points.iter().filter(|point| point.observed.number().is_some()).collect();
    let ms = |at: SimTime| at.ms();
    json!({
        "name": row.name,
        "words": row.metric.words(),
        "unit": row.metric.unit().map(|unit| unit.symbol()),
        "within": scored.within,
        "of": scored.of,
        "from": points.iter().map(|point| ms(point.from)).collect::<Vec<_>>(),
        "until": points.iter().map(|point| ms(point.until)).collect::<Vec<_>>(),
        "value": points.iter().map(|point| point.observed.number()).collect::<Vec<_>>(),
        "simulated": points.iter().map(|point| point.simulated.and_then(Simulated::number)).collect::<Vec<_>>(),
        "tolerance": points.iter().map(|point| point.tolerance).collect::<Vec<_>>(),
        "in": points.iter().map(|point| point.within).collect::<Vec<_>>(),
    })
}
