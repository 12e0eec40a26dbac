//! One run as data for the page: columns instead of rows, differences instead of instants.

use super::{events, ledger};
use crate::experiment::judge::{Judged, Verdict};
use crate::experiment::replay::Replay;
use crate::input::Planned;
use crate::input::patch::diff_json;
use crate::output::accepted;
use crate::output::highlights::moments::Moment;
use crate::output::highlights::{Highlights, Objective, Tone};
use crate::output::measure_row::MeasureRow;
use crate::output::observed;
use crate::output::plots::steps::{Point, busiest, capacity_of, points};
use crate::output::summary::ExpectationLine;
use serde_json::{Value, json};
use windtunnel_sim::measure::lanes::{Lane, StaleWindow};
use windtunnel_sim::measure::series::FleetRow;
use windtunnel_sim::measure::{self, Measure, Scope};
use windtunnel_sim::plan::{Code, Plan};
use windtunnel_sim::world::ids::{Entry, EntryPointId};
use windtunnel_words::describe::Names;

/// More rows of a series than this are thinned.
const ROWS_MOST: usize = 20_000;
/// More moments than this lead no eye.
const MOMENTS_MOST: usize = 5;
/// Nor do more notes of people among them.
const NOTES_MOST: usize = 24;
/// More instances than this are not on one page.
const LANES_MOST: usize = 12_000;
/// More entry points than this are not drawn.
const POOLS_MOST: usize = 4;

/// What the page says of a run besides the run itself.
#[derive(Clone, Copy, Debug)]
pub struct RunPage<'a> {
    /// The command that repeats it.
    pub command: &'a str,
    /// What its numbers lean on, and what is wrong with them.
    pub notes: &'a [String],
    /// At most so many entries of its ledger.
    pub entries: usize,
    /// What to change, in a sentence.
    pub advice: &'a str,
}

/// A run.
pub fn json(planned: &Planned, run: &Highlights<'_>, judged: &[Judged<'_>], page: RunPage<'_>) -> Value {
    let replay = run.replay;
    let names = &replay.names;
    let (mut left, mut notes) = (MOMENTS_MOST, NOTES_MOST);
    let room = |moment: &&Moment| {
        let of = if moment.is_note() { &mut notes } else { &mut left };
        std::mem::replace(of, of.saturating_sub(1)) > 0
    };
    let moments: Vec<&Moment> = run.moments.iter().filter(room).collect();
    let keep: Vec<Entry> = moments.iter().filter_map(|moment| moment.at).map(|(_, entry)| entry).collect();
    json!({
        "policy": planned.plan.policy,
        "seed": replay.seed,
        "digest": format!("{:016x}", replay.outcome.digest),
        "horizon": planned.plan.horizon.ms(),
        "end": replay.outcome.end.ms(),
        "verdict": run.sentence(),
        "advice": page.advice,
        "objective": run.objective.map(objective),
        "harmless": run.headline.tone() == Tone::Well,
        "command": page.command,
        "notes": page.notes,
        "observations": run.observed.as_ref().map_or_else(Vec::new, |all| all.sentences(&planned.plan)),
        "diff": diff_json(&planned.diff),
        "accepted": accepted::lines(&planned.plan),
        "moments": moments.iter().map(|moment| json!({
            "label": moment.label,
            "time": moment.at.map(|(time, _)| time.ms()),
            "entry": moment.at.map(|(_, entry)| entry.0),
            "note": moment.is_note(),
            "sentence": moment.sentence,
        })).collect::<Vec<_>>(),
        "expectations": judged.iter().map(expectation).collect::<Vec<_>>(),
        "measures": replay.measures.iter().map(|one| measure_json(replay.plan(), one)).collect::<Vec<_>>(),
        "names": {
            "sets": planned.plan.sets.iter().map(|set| json!({
                "name": set.name,
                "zonal": !set.zones.is_empty(),
            })).collect::<Vec<_>>(),
            "codes": planned.plan.application.releases,
            "images": planned.plan.images.iter().map(|image| json!({ "name": image.name, "bad": image.bad })).collect::<Vec<_>>(),
        },
        "lanes": lanes(names, replay),
        "lanesLeftOut": replay.lanes.lanes.len().saturating_sub(LANES_MOST),
        "pools": pools(replay),
        "observedOver": observed_over(run),
        "observed": observed_apart(run),
        "fleet": fleet(&replay.series.fleets, replay.outcome.end.ms()),
        "events": events::json(names, &replay.ledger, &run.headline.acts, replay.outcome.end.ms()),
        "ledger": ledger::json(names, &replay.ledger, &keep, page.entries),
        "rules": fired(replay),
        "assumptions": assumptions(planned, replay),
    })
}

/// What the objective allows, what was harmed, and whether that keeps it.
fn objective(of: Objective) -> Value {
    json!({ "allowed": of.allowed, "harmed": of.harmed, "met": of.is_met() })
}

fn expectation(judged: &Judged<'_>) -> Value {
    let line = ExpectationLine::of(judged);
    let met = match judged.verdict {
        Verdict::Pass => "pass",
        Verdict::Fail(_) => "fail",
        Verdict::Inconclusive(_) => "open",
    };
    json!({ "name": line.name, "met": met, "measured": line.measured, "limit": line.limit.trim_end() })
}

fn measure_json(plan: &Plan, measure: &Measure) -> Value {
    let (row, known) = (MeasureRow::of(measure), measure.definition);
    let kind = match measure.value {
        measure::Value::Number(_) => "number",
        measure::Value::AtLeast(_) => "open",
        measure::Value::Word(_) => "word",
        measure::Value::NotComputed(_) => "none",
    };
    let title = known.title.filter(|_| measure.scope == Scope::Fleet);
    let title = title.map(|[one, many]| if measure.value.number() == Some(1.0) { one } else { many });
    json!({
        "name": row.name,
        "of": measure.scope.part(plan).map(|part| format!("{} {}", part.kind.words(), part.name)),
        "value": measure.value.least(),
        "shown": row.shown(),
        "unit": row.unit,
        "kind": kind,
        "title": title,
        "meaning": known.meaning,
    })
}

/// Every instance: where it stands, and its intervals as pairs of state and length from its creation on.
fn lanes(names: &Names<'_>, replay: &Replay<'_>) -> Value {
    let all = &replay.lanes.lanes;
    // Of a fleet that is too large for a page those that harmed come first, and then the first of the others.
    let harmed = |lane: &&Lane| lane.intervals.iter().any(|interval| interval.state.harms());
    let mut lanes: Vec<&Lane> = all.iter().filter(harmed).take(LANES_MOST).collect();
    lanes.extend(all.iter().filter(|lane| !harmed(lane)).take(LANES_MOST - lanes.len()));
    lanes.sort_by_key(|lane| lane.instance);
    let lanes = &lanes;
    let undeclared = replay.plan().application.releases.len();
    let code = |of: Option<Code>| of.map_or(undeclared, usize::from) as u64;
    let all = |of: &dyn Fn(&Lane) -> Value| lanes.iter().map(|lane| of(lane)).collect::<Vec<_>>();
    json!({
        "name": lanes.iter().map(|lane| names.instance(lane.instance)).collect::<Vec<_>>(),
        "set": all(&|lane| lane.set.0.into()),
        "zone": all(&|lane| lane.at.zone.into()),
        "faultDomain": all(&|lane| lane.at.fault_domain.into()),
        "slot": all(&|lane| lane.slot.into()),
        "created": all(&|lane| lane.created.ms().into()),
        "atStart": all(&|lane| u8::from(lane.at_start).into()),
        "end": all(&|lane| lane.end.map(|end| end.ms()).into()),
        "why": all(&|lane| lane.deletion.map(|(_, why)| why.word()).into()),
        "stale": all(&|lane| match lane.stale {
            StaleWindow::NotAsked | StaleWindow::NeverInRotation => Value::Null,
            StaleWindow::Closed(length) | StaleWindow::Open(length) => length.ms().into(),
        }),
        "states": all(&|lane| {
            let pairs = lane.intervals.iter();
            pairs.flat_map(|one| [one.state as u64, one.until.since(one.from).ms()]).collect::<Vec<_>>().into()
        }),
        "codes": all(&|lane| lane.codes.iter().flat_map(|&(at, of)| [at.ms(), code(of)]).collect::<Vec<_>>().into()),
        "images": all(&|lane| lane.images.iter().flat_map(|&(at, image)| [at.ms(), image.0.into()]).collect::<Vec<_>>().into()),
    })
}

/// The entry points with traffic, the busiest of them: what users send, and what becomes of it, at every change.
fn pools(replay: &Replay<'_>) -> Value {
    let plan = replay.plan();
    let pool = |&id| {
        let mut rows: Vec<Point> = Vec::new();
        for point in points(plan, &replay.series, id) {
            // What jumps has two points at one instant; from then on the second holds.
            match rows.last_mut() {
                Some(last) if last.time == point.time => *last = point,
                _ => rows.push(point),
            }
        }
        let harm = |point: &Point| point.rates.harmed_share();
        let rows = thinned(&rows, harm, |point| point.time.ms(), plan.horizon.ms());
        let rate = |of: fn(&Point) -> f64| rows.iter().map(|&row| rounded(of(row))).collect::<Vec<_>>();
        let count = |of: fn(&Point) -> u32| rows.iter().map(|&row| of(row)).collect::<Vec<_>>();
        json!({
            "name": replay.names.entry_point(id),
            "capacity": capacity_of(plan, id),
            "time": deltas(rows.iter().map(|row| row.time.ms())),
            "demand": rate(|row| row.rates.demand),
            "failed": rate(|row| row.rates.failed),
            "stale": rate(|row| row.rates.stale),
            "cannot": count(|row| row.row.backends[0]),
            "old": count(|row| row.row.backends[1]),
            "good": count(|row| row.row.backends[2]),
            "ready": count(|row| row.row.ready),
        })
    };
    busiest(plan, POOLS_MOST).iter().map(pool).collect()
}

/// By entry point, the shares of requests that were observed there: they stand over its chart of harm.
fn observed_over(run: &Highlights<'_>) -> Vec<Vec<Value>> {
    let Some(all) = &run.observed else { return Vec::new() };
    let plan = run.replay.plan();
    let busy = busiest(plan, POOLS_MOST);
    let at = |id: &EntryPointId| {
        let shares = all.shares_at(plan, *id, busy.len() == 1).into_iter();
        shares.map(|(row, scored)| observed::columns(row, scored)).collect()
    };
    busy.iter().map(at).collect()
}

/// What was observed in numbers and stands over no chart of an entry point.
fn observed_apart(run: &Highlights<'_>) -> Vec<Value> {
    let Some(all) = &run.observed else { return Vec::new() };
    let plan = run.replay.plan();
    let busy = busiest(plan, POOLS_MOST);
    let over: Vec<&str> = busy
        .iter()
        .flat_map(|id| all.shares_at(plan, *id, busy.len() == 1))
        .map(|(row, _)| row.name.as_str())
        .collect();
    let apart = all
        .rows()
        .filter(|(row, scored)| row.metric.unit().is_some() && scored.of > 0 && !over.contains(&row.name.as_str()));
    apart.map(|(row, scored)| observed::columns(row, scored)).collect()
}

/// What the fleet is made of at every change: instances in rotation by code, and those that are present by image. A version
/// that never was there has no column.
fn fleet(rows: &[FleetRow], horizon_ms: u64) -> Value {
    let harm = |row: &FleetRow| f64::from(row.by_lane[5] + row.by_lane[6]);
    let rows = thinned(rows, harm, |row| row.time.ms(), horizon_ms);
    let columns = |of: fn(&FleetRow) -> &Vec<u32>| -> Vec<Value> {
        let count = rows.first().map_or(0, |row| of(row).len());
        let column = |at: usize| rows.iter().map(|&row| of(row)[at]).collect::<Vec<u32>>();
        let there = (0..count).map(|at| (at, column(at))).filter(|(_, column)| column.iter().any(|&n| n > 0));
        there.map(|(at, column)| json!({ "id": at, "count": column })).collect()
    };
    json!({
        "time": deltas(rows.iter().map(|row| row.time.ms())),
        "codes": columns(|row| &row.rotation_by_code),
        "images": columns(|row| &row.by_image),
        "present": rows.iter().map(|row| row.present).collect::<Vec<_>>(),
        "required": rows.iter().map(|row| row.required).collect::<Vec<_>>(),
    })
}

/// At most about [`ROWS_MOST`] rows: of each of equal stretches of time the first, the worst and the last.
fn thinned<T>(rows: &[T], harm: impl Fn(&T) -> f64, time: impl Fn(&T) -> u64, horizon_ms: u64) -> Vec<&T> {
    if rows.len() <= ROWS_MOST {
        return rows.iter().collect();
    }
    let stretches = (ROWS_MOST / 3) as u64;
    let stretch = |row: &T| time(row) * stretches / horizon_ms.max(1);
    let mut kept = Vec::new();
    let mut start = 0;
    for part in rows.chunk_by(|a, b| stretch(a) == stretch(b)) {
        let worst = (0..part.len()).max_by(|&a, &b| harm(&part[a]).total_cmp(&harm(&part[b]))).unwrap_or(0);
        let mut own = vec![start, start + worst, start + part.len() - 1];
        own.dedup();
        kept.extend(own);
        start += part.len();
    }
    kept.dedup();
    kept.into_iter().map(|at| &rows[at]).collect()
}

/// Numbers as differences to the one before.
fn deltas(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut last = 0;
    numbers
        .map(|number| {
            let delta = number - last;
            last = number;
            delta
        })
        .collect()
}

/// A thousandth is below what is drawn, and whole numbers are shorter.
fn rounded(value: f64) -> Value {
    let value = (value * 1000.0).round() / 1000.0;
    if value.fract() == 0.0 && value.abs() < 1e15 { json!(value as i64) } else { json!(value) }
}

/// The rules that fired, with how often, in the order of the rulebook.
fn fired(replay: &Replay<'_>) -> Value {
    let mut counts = std::collections::BTreeMap::new();
    for record in &replay.ledger {
        *counts.entry(record.rule).or_insert(0_u32) += 1;
    }
    counts.iter().map(|(rule, count)| json!({ "id": rule.to_string(), "count": count })).collect()
}

/// The assumptions that the run leaned on, each with the value it had.
fn assumptions(planned: &Planned, replay: &Replay<'_>) -> Value {
    let used = replay.outcome.used.iter();
    used.map(|assumption| json!({ "key": assumption.row().key, "value": planned.plan.assumptions.value(assumption).to_string() }))
        .collect()
}
