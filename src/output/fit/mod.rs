//! A fit, for people and for programs.

mod terminal;

use super::cells::Cells;
use crate::experiment::fit::{Cell, Fit, Found, SEEDS};
use crate::infer::identify::{Known, Tied};
use crate::infer::sample::Particle;
use crate::input::identity::MODEL_VERSION;
use crate::input::unknown::Values;
use serde_json::{Value, json};
use std::io::{self, Write};
pub use terminal::{render, statements};
use windtunnel_sim::plan::Plan;
use windtunnel_words::clock::seconds;

/// The version of the JSON.
const FORMAT: u32 = 1;
/// The file of a folder that holds all of it.
pub const FILE: &str = "fit.json";

/// A fit, and how it is called.
#[derive(Debug)]
pub struct Sheet<'f> {
    /// The scenario.
    pub title: &'f str,
    /// Its plan, for civil instants.
    pub plan: &'f Plan,
    /// The fit.
    pub fit: &'f Fit,
    /// The command that makes it again.
    pub command: &'f str,
    /// The scenario as the user named it, as a shell takes it.
    pub file: &'f str,
    /// Where its folder is.
    pub folder: &'f str,
    /// The file of the folder that is the most likely run as a scenario.
    pub replay: Option<&'f str>,
}

/// The word for how much is known.
const fn known(known: Known) -> &'static str {
    match known {
        Known::Known => "known",
        Known::Partly => "partly",
        Known::Unknown => "unknown",
    }
}

/// A value of an unknown for a program: a number in its unit, or a thing of a choice as it stands in the file.
fn plain(found: &Found, value: f64) -> Value {
    match &found.unknown.values {
        Values::Of(unit) => unit.plain(value).into(),
        Values::Choice(list) => list.get(value as usize).map_or(Value::Null, |node| node.to_json()),
    }
}

/// For a program.
#[must_use]
pub fn json(sheet: &Sheet<'_>) -> Value {
    let fit = sheet.fit;
    json!({
        "format": FORMAT,
        "modelVersion": MODEL_VERSION,
        "title": sheet.title,
        "command": sheet.command,
        "scenario": sheet.replay,
        "statements": statements(sheet),
        "policy": fit.policy,
        "method": {
            "power": fit.power,
            "stages": fit.stages,
            "runs": fit.runs,
            "particles": fit.particles,
            "moved": fit.moved,
            "seeds": { "first": SEEDS.0, "count": SEEDS.1 },
        },
        "unknowns": fit.unknowns.iter().map(unknown).collect::<Vec<_>>(),
        "tied": fit.tied.iter().map(|one| tied(fit, one)).collect::<Vec<_>>(),
        "best": fit.best.iter().map(|one| draw(fit, one)).collect::<Vec<_>>(),
        "misfit": {
            "draws": fit.misfit.draws,
            "observations": fit.misfit.observations,
            "met": fit.misfit.met,
            "drawsThatMeetAll": fit.misfit.whole,
        },
        "points": fit.points.iter().map(|point| json!({
            "observation": point.name,
            "fromS": point.from.seconds(),
            "untilS": point.until.seconds(),
            "observed": point.observed,
            "simulated": point.simulated.map(|[low, median, high]| json!({ "low": low, "median": median, "high": high })),
            "within": point.within,
        })).collect::<Vec<_>>(),
        "draws": fit.draws.iter().map(|one| draw(fit, one)).collect::<Vec<_>>(),
    })
}

fn unknown(found: &Found) -> Value {
    let (of, finding) = (&found.unknown, &found.finding);
    let unit = match of.values {
        Values::Of(unit) => unit.word(),
        Values::Choice(_) => "choice",
    };
    json!({
        "name": of.name,
        "path": of.path,
        "prior": of.thought(),
        "unit": unit,
        "known": known(finding.known),
        "range": found.range.map(|[low, median, high]| {
            json!({ "low": plain(found, low), "median": plain(found, median), "high": plain(found, high) })
        }),
        "choices": found.choices.iter().map(|one| {
            json!({ "value": plain(found, one.at as f64), "share": one.share })
        }).collect::<Vec<_>>(),
        "priorShare": finding.range,
        "profileAgrees": finding.agreeing,
        "contraction": finding.contraction,
        "profile": found.cells.iter().map(|cell| json!({
            "from": plain(found, cell.from),
            "to": plain(found, cell.to),
            "at": plain(found, cell.at),
            "drop": finite(cell.drop),
            "missed": cell.missed,
            "excluded": cell.is_excluded(),
        })).collect::<Vec<_>>(),
    })
}

/// What is beyond every number is no number of JSON.
fn finite(value: f64) -> Value {
    if value.is_finite() { value.into() } else { Value::Null }
}

fn tied(fit: &Fit, one: &Tied) -> Value {
    json!({
        "one": fit.unknowns[one.one].unknown.name,
        "other": fit.unknowns[one.other].unknown.name,
        "correlation": one.correlation,
        "slope": one.slope,
    })
}

fn draw(fit: &Fit, one: &Particle) -> Value {
    let value =
        |(found, share): (&Found, &f64)| (found.unknown.name.clone(), plain(found, found.unknown.value(*share)));
    json!({
        // As text: a varied seed is beyond what every reader of JSON keeps (2^53).
        "seed": one.point.seed.to_string(),
        "values": fit.unknowns.iter().zip(&one.point.at).map(value).collect::<serde_json::Map<_, _>>(),
        "shares": one.point.at,
        "logLikelihood": finite(one.log_likelihood),
    })
}

/// Writes `draws.csv`: a row a draw, the seed first, then a column an unknown.
///
/// # Errors
///
/// It cannot be written.
pub fn draws_csv(fit: &Fit, out: impl Write) -> io::Result<()> {
    let mut csv = Cells::new(out);
    let names = fit.unknowns.iter().map(|found| found.unknown.name.as_str());
    csv.write_record(["seed", "log_likelihood"].into_iter().chain(names))?;
    for one in &fit.draws {
        let values =
            fit.unknowns.iter().zip(&one.point.at).map(|(found, share)| cell(found, found.unknown.value(*share)));
        let first = [one.point.seed.to_string(), format!("{:.3}", one.log_likelihood)];
        csv.write_record(first.into_iter().chain(values))?;
    }
    csv.flush()
}

/// Writes `profile.csv`: a row a cell of a prior.
///
/// # Errors
///
/// It cannot be written.
pub fn profile_csv(fit: &Fit, out: impl Write) -> io::Result<()> {
    let mut csv = Cells::new(out);
    csv.write_record(["unknown", "from", "to", "best_at", "drop", "missed", "excluded"])?;
    for found in &fit.unknowns {
        for one in &found.cells {
            let values = [one.from, one.to, one.at].map(|value| cell(found, value));
            let Cell { drop, missed, .. } = one;
            let name = found.unknown.name.clone();
            let [from, to, at] = values;
            let rest = [format!("{drop:.3}"), format!("{missed:.4}"), one.is_excluded().to_string()];
            csv.write_record([name, from, to, at].into_iter().chain(rest))?;
        }
    }
    csv.flush()
}

/// Writes `points.csv`: a row an observation.
///
/// # Errors
///
/// It cannot be written.
pub fn points_csv(fit: &Fit, out: impl Write) -> io::Result<()> {
    let mut csv = Cells::new(out);
    csv.write_record(["observation", "from_s", "until_s", "observed", "low", "median", "high", "within"])?;
    for point in &fit.points {
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.6}"));
        let [low, median, high] = [0, 1, 2].map(|at| number(point.simulated.map(|range| range[at])));
        let (from, until, within) = (seconds(point.from), seconds(point.until), format!("{:.4}", point.within));
        csv.write_record([point.name.clone(), from, until, number(point.observed), low, median, high, within])?;
    }
    csv.flush()
}

/// A value in a table: a number in its unit, or the thing of a choice.
fn cell(found: &Found, value: f64) -> String {
    match plain(found, value) {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        other => other.to_string(),
    }
}
