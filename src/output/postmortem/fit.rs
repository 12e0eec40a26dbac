//! How well the replay fits what was observed.

use super::{Block, Line, Section, Sources, Span, clock, text};
use crate::claims::observed::{Metric, Observation, Value};
use crate::experiment::observed::{Scored, ScoredPoint, Simulated};
use crate::experiment::prevent::acts;
use crate::output::observed::Observations;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::Unit;
use windtunnel_sim::plan::Plan;
use windtunnel_words::clock::{civil, spoken};
use windtunnel_words::number::decimals;

/// So many observations that do not fit are named.
const SHOWN: usize = 8;

/// Whether an observation agrees with the run within what its author allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// There is nothing to compare.
    Unknown,
}

/// An observation beside the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What was observed.
    pub name: String,
    /// From when.
    pub from: SimTime,
    /// Until when; the same where it is of an instant.
    pub until: SimTime,
    /// What was observed, in words.
    pub observed: String,
    /// What the run has, in words.
    pub simulated: String,
    /// Both as numbers, where they are, and how far they may be apart.
    pub numbers: Option<(f64, f64, f64)>,
    /// It is a share of requests in percent.
    pub is_harm: bool,
    /// Whether they agree.
    pub within: Within,
}

pub(super) fn section(of: &Sources<'_>) -> Option<Section> {
    let early = early(of);
    if of.judged.is_empty() && of.fitted.is_empty() && early.is_none() {
        return None;
    }
    let mut blocks = Vec::new();
    if !of.fitted.is_empty() {
        blocks.push(Block::List(of.fitted.iter().map(|said| text(said.clone())).collect()));
    }
    if !of.judged.is_empty() {
        blocks.push(misfits(of));
    }
    blocks.extend(early.map(|line| Block::List(vec![line])));
    Some(Section::new("How well the replay fits what was observed", blocks))
}

/// That people noticed the harm before it begins in the replay.
fn early(of: &Sources<'_>) -> Option<Line> {
    let main = &of.main()?.course;
    let (notice, begins) = (acts::noted(of.run.replay, main)?, main.from());
    (notice.at < begins).then(|| {
        let (at, from) = (clock(of.plan(), notice.at), clock(of.plan(), begins));
        vec![
            Span::Strong("Does not fit: ".to_owned()),
            Span::Text(format!(
                "{} is noted at {at} [o], and the replay harms from {from} on [s]: a clock, or the failure itself, is off by {} or more",
                notice.by,
                spoken(begins.since(notice.at)),
            )),
        ]
    })
}

/// Every value that was observed beside the run.
#[must_use]
pub fn judged(of: &Observations<'_>, plan: &Plan) -> Vec<Judged> {
    let one = |(row, scored): (&Observation, &Scored)| {
        let is_harm = matches!(row.metric, Metric::FailedShare | Metric::HarmedShare);
        let point = move |point: &ScoredPoint| {
            let numbers = point.observed.number().zip(point.simulated.and_then(Simulated::number));
            Judged {
                name: row.name.clone(),
                from: point.from,
                until: point.until,
                observed: value_words(plan, row, (point.observed, point.from)),
                simulated: point
                    .simulated
                    .map_or_else(|| "nothing to compare".to_owned(), |of| simulated(plan, row, of)),
                numbers: numbers.map(|(observed, simulated)| (observed, simulated, point.tolerance)),
                is_harm,
                within: match point.within {
                    Some(true) => Within::Yes,
                    Some(false) => Within::No,
                    None => Within::Unknown,
                },
            }
        };
        scored.points.iter().map(point).collect::<Vec<_>>()
    };
    of.rows().flat_map(one).collect()
}

/// A value in words; of an event when it was seen.
fn value_words(plan: &Plan, row: &Observation, (value, at): (Value, SimTime)) -> String {
    match value {
        Value::Number(value) => number(row, value),
        Value::State(state) => state.key().to_owned(),
        Value::Health(health) => health.word().to_owned(),
        Value::Seen => civil(plan, at),
    }
}

/// What a run has in its place.
fn simulated(plan: &Plan, row: &Observation, of: Simulated) -> String {
    match of {
        Simulated::Number(value) => number(row, value),
        Simulated::Value(Some(value)) => value_words(plan, row, (value, SimTime::ZERO)),
        Simulated::Value(None) => "not there".to_owned(),
        Simulated::At(Some(at)) => civil(plan, at),
        Simulated::At(None) => "never".to_owned(),
    }
}

/// A number in the unit of what was measured.
fn number(row: &Observation, value: f64) -> String {
    let unit = row.metric.unit().map_or("", Unit::symbol);
    format!("{} {unit}", decimals(value, 1)).trim_end().to_owned()
}

/// What does not fit, and by how much.
fn misfits(of: &Sources<'_>) -> Block {
    let all: Vec<&Judged> = of.judged.iter().filter(|one| one.within == Within::No).collect();
    if all.is_empty() {
        let open = of.judged.iter().filter(|one| one.within == Within::Unknown).count();
        let said = match open {
            0 => "Everything that was observed is as the replay has it, within what its author allows.".to_owned(),
            some if some == of.judged.len() => "The replay has nothing to compare with what was observed.".to_owned(),
            some => format!(
                "What can be compared is as the replay has it; for {some} of {} observed values it has nothing.",
                of.judged.len()
            ),
        };
        return Block::Text(text(said));
    }
    let plan = of.plan();
    let line = |one: &&Judged| -> Line {
        let when = if one.until > one.from {
            format!("{} to {}", clock(plan, one.from), clock(plan, one.until))
        } else {
            clock(plan, one.from)
        };
        vec![
            Span::Strong("Does not fit: ".to_owned()),
            Span::Text(format!(
                "{} at {when}: observed {} [o], simulated {} [s]",
                one.name, one.observed, one.simulated
            )),
        ]
    };
    let mut lines: Vec<Line> = all.iter().take(SHOWN).map(line).collect();
    if all.len() > SHOWN {
        lines.push(text(format!("and {} more", all.len() - SHOWN)));
    }
    Block::List(lines)
}
