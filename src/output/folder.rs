//! The folder of a run: `plan.json`, from which the run can be repeated, and everything that came of it.
//!
//! `disk::folder` puts it in its place, so there is never a folder with half of a run.

use crate::disk::folder::Draft;
use crate::experiment::acts::{Act, Fate};
use crate::experiment::judge::{Judged, Verdict};
use crate::experiment::replay::Replay;
use crate::input::Planned;
use crate::input::formats;
use crate::input::identity::{MODEL_VERSION, hash, model_sources};
use crate::output::highlights::{Highlights, windows};
use crate::output::plots::png::{PngError, Renderer};
use crate::output::plots::{Caption, PLOTS, Plot, Scene};
use crate::output::room::Room;
use crate::output::{accepted, repair_loop, tables, trace};
use anyhow::Context;
use serde_json::{Value, json};
use windtunnel_sim::measure::{self, Measure, Part, Unit};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::ids::ActionId;
use windtunnel_words::describe::Names;

/// The version of the files in a run's folder.
pub const SCHEMA_VERSION: u64 = formats::RUN.version;

/// Writes the page for people, and that for those who decide.
pub fn pages(to: &mut Draft, report: &str, brief: &str) -> anyhow::Result<()> {
    to.file("report.html", |out| out.write_all(report.as_bytes()))?;
    to.file("brief.html", |out| out.write_all(brief.as_bytes()))
}

/// Writes the files of a run that programs read: everything but the pictures and the pages.
pub fn write_tables(
    to: &mut Draft,
    scenario: &str,
    planned: &Planned,
    run: &Highlights<'_>,
    judged: &[Judged<'_>],
    room: &Room<'_>,
) -> anyhow::Result<()> {
    let replay = run.replay;
    to.file("plan.json", |out| writeln!(out, "{:#}", plan_json(scenario, planned, replay.seed)))?;
    let mut summary = summary_json(scenario, planned, replay, judged);
    summary["acts"] = run.headline.acts.iter().map(|act| act_json(&replay.names, act)).collect();
    summary["windows"] = run.windows.iter().map(|window| windows::json(&replay.names, window)).collect();
    if let Some(left_out) = room.json() {
        summary["leftOut"] = left_out;
        let text = room.left_out().join("\n");
        to.file("left-out.txt", |out| {
            writeln!(out, "{text}\n\nA folder holds 200 MB; windtunnel run --ledger whole writes all of it.")
        })?;
    }
    if let Some(observed) = &run.observed {
        summary["observed"] = observed.json(replay.plan());
        to.file("observed.csv", |out| observed.csv(replay.plan(), out))?;
    }
    to.file("summary.json", |out| writeln!(out, "{summary:#}"))?;
    let names = &replay.names;
    to.file("ledger.csv", |out| tables::ledger_csv(names, &room.ledger, out))?;
    to.file("ledger.ndjson", |out| tables::ledger_ndjson(names, &room.ledger, out))?;
    to.file("timeseries.csv", |out| tables::timeseries_csv(names, &replay.series, room.until, out))?;
    to.file("instances.csv", |out| tables::instances_csv(names, room.lanes.iter().copied(), out))?;
    to.file("trace.json", |out| trace::write(run, trace::EVENTS_MOST, out))
}

/// Writes the pictures, as SVG and as PNG.
pub fn plots(to: &mut Draft, run: &Highlights<'_>) -> anyhow::Result<()> {
    let replay = run.replay;
    let is_refused = |act: &&Act| matches!(act.fate, Fate::Refused(_));
    let refused: Vec<ActionId> = run.headline.acts.iter().filter(is_refused).map(|act| act.action).collect();
    let caption = Caption { plan: replay.plan(), seed: replay.seed, refused: &refused };
    let observed = run.observed.as_ref();
    let scene = Scene { caption, names: &replay.names, lanes: &replay.lanes, series: &replay.series, observed };
    let renderer = Renderer::default();
    for Plot { name, svg } in PLOTS {
        let svg = svg(scene);
        to.file(&format!("{name}.svg"), |out| out.write_all(svg.as_bytes()))?;
        match renderer.png(&svg) {
            Ok(png) => to.file(&format!("{name}.png"), |out| out.write_all(&png))?,
            Err(PngError::Without) => {}
            Err(error) => return Err(error).with_context(|| format!("draw {name}.png")),
        }
    }
    Ok(())
}

/// Everything the run was given.
fn plan_json(scenario: &str, planned: &Planned, seed: u64) -> Value {
    let mut json = json!({
        formats::KEY: SCHEMA_VERSION,
        "modelVersion": MODEL_VERSION,
        "modelSources": model_sources(),
        "scenario": scenario,
        "policy": planned.plan.policy,
        "seed": seed,
        "diff": crate::input::patch::diff_json(&planned.diff),
        "accepted": accepted::json(&planned.plan),
        "effective": planned.effective,
    });
    if let Some(compiler) = &planned.compiled_by {
        json["compiledBy"] = compiler.as_str().into();
    }
    json
}

/// What a run came to, for programs.
pub fn summary_json(scenario: &str, planned: &Planned, replay: &Replay<'_>, judged: &[Judged<'_>]) -> Value {
    let outcome = &replay.outcome;
    json!({
        formats::KEY: SCHEMA_VERSION,
        "tool": { "name": "windtunnel", "version": env!("CARGO_PKG_VERSION"), "modelVersion": MODEL_VERSION },
        "scenario": scenario,
        "scenarioHash": hash(&planned.effective),
        "policy": planned.plan.policy,
        "accepted": accepted::json(&planned.plan),
        "seed": replay.seed,
        "digest": format!("{:016x}", outcome.digest),
        "horizon_s": planned.plan.horizon.seconds(),
        "end_s": outcome.end.seconds(),
        "entries": outcome.entries,
        "loop": outcome.looped.as_ref().map(|found| json!({ "at_s": found.at.seconds() })),
        "repairLoops": replay.repair_loops().iter().map(|found| repair_loop::json(&replay.names, found)).collect::<Vec<_>>(),
        "measures": replay.measures.iter().map(|one| measure_json(replay.plan(), one)).collect::<Vec<_>>(),
        "expectations": judged.iter().map(judged_json).collect::<Vec<_>>(),
        "assumptionsUsed": outcome.used.iter().map(|a| a.row().key).collect::<Vec<_>>(),
    })
}

/// An act of the timeline, and what became of it; `by` is the entry that says so.
pub(super) fn act_json(names: &Names<'_>, act: &Act) -> Value {
    let by = act.fate.by();
    json!({
        "name": names.action(act.action),
        "at_s": act.at.seconds(),
        "entry": act.entry.0,
        "fate": act.fate.word(),
        "why": act.words(names),
        "by": by.map(|by| by.entry.0),
        "rule": by.map(|by| by.rule.word()),
    })
}

fn measure_json(plan: &Plan, measure: &Measure) -> Value {
    value_json(measure.name(), measure.unit(), measure.scope.part(plan).as_ref(), measure.value)
}

pub(super) fn value_json(name: &str, unit: Unit, part: Option<&Part>, value: measure::Value) -> Value {
    let mut json = json!({ "name": name, "unit": unit.symbol() });
    if let Some(Part { kind, name }) = part {
        json[kind.key()] = name.as_str().into();
    }
    match value {
        measure::Value::Number(value) => json["value"] = value.into(),
        measure::Value::AtLeast(least) => json["atLeast"] = least.into(),
        measure::Value::Word(word) => json["value"] = word.into(),
        measure::Value::NotComputed(why) => json["notComputed"] = why.into(),
    }
    json
}

fn measured_json(judged: &Judged<'_>) -> Value {
    let expectation = judged.expectation;
    let subject = &expectation.subject;
    value_json(&subject.name(), subject.unit(), expectation.part.as_ref(), judged.measured)
}

fn judged_json(judged: &Judged<'_>) -> Value {
    let (verdict, why) = match &judged.verdict {
        Verdict::Pass => ("pass", None),
        Verdict::Fail(why) => ("fail", Some(why)),
        Verdict::Inconclusive(why) => ("inconclusive", Some(why)),
    };
    let mut json = json!({
        "name": judged.expectation.name,
        "verdict": verdict,
        "why": why,
        "wanted": judged.expectation.wanted(),
        "measured": measured_json(judged),
    });
    // A measure is of the whole run, and has no instant.
    if let Some(at) = judged.at {
        json["at_s"] = at.seconds().into();
    }
    json
}
