//! Why: what the harm came of when it was greatest, what did not happen that would have kept it off, and what became of what people did.

use super::impact::totals;
use super::timeline::TOGETHER;
use super::{Block, Line, Sources, Span, begin, impact, text};
use crate::experiment::acts::Fate;
use crate::experiment::causes::{self, Kind, Reason};
use crate::experiment::harm::chain;
use crate::experiment::replay::Replay;
use crate::output::why::statement;
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::Lane;
use windtunnel_sim::rules::assumptions::Value;
use windtunnel_sim::rules::{self, A, RuleId};
use windtunnel_sim::world::fact::{Fact, Record, RolloutFact};
use windtunnel_sim::world::ids::{Entry, EntryPointId, InstanceId};
use windtunnel_words::clock::civil;
use windtunnel_words::number::{count, percent};

/// A reason as a line, with its rule.
fn line(of: &Sources<'_>, reason: &Reason) -> Line {
    let text = begin(of.plan(), &reason.text);
    let said = match reason.kind {
        Kind::Absent => Span::Strong(text),
        Kind::Cause | Kind::Outcome => Span::Text(text),
    };
    vec![said, Span::Text(format!(" ({}).", reason.rule))]
}

/// Whether a reason is that something never happened; that a probe has not noticed yet is of an instant (LB-09).
pub(super) fn is_absent_to_the_end(reason: &Reason) -> bool {
    reason.kind == Kind::Absent && reason.rule != rules::LB_09
}

/// Whether two reasons are of one entry, or tell the same of other instances.
fn is_about_the_same(one: &Reason, other: &Reason) -> bool {
    let of = |reason: &Reason| match reason.text.split_once(": ") {
        Some((_, rest)) => rest.to_owned(),
        None => reason.text.clone(),
    };
    one.kind == other.kind
        && one.rule == other.rule
        && ((one.entry.is_some() && one.entry == other.entry) || of(one) == of(other))
}

pub(super) fn blocks(of: &Sources<'_>, made_worse: &[String]) -> Vec<Block> {
    let replay = of.run.replay;
    let Some(main) = of.main() else {
        return vec![Block::Text(text("No user is harmed in the replay [s].".to_owned()))];
    };
    let mut reasons: Vec<Reason> = Vec::new();
    // What is said again of more instances takes the place of what was said before.
    let mut add = |all: Vec<Reason>| {
        for reason in all.into_iter().filter(|one| one.kind != Kind::Absent || is_absent_to_the_end(one)) {
            match reasons.iter_mut().find(|known| is_about_the_same(known, &reason)) {
                Some(known) => *known = reason,
                None => reasons.push(reason),
            }
        }
    };
    let harm = |at| causes::harm_at(replay, main.course.entry_point, at).map_or_else(Vec::new, |harm| harm.reasons);
    add(harm(main.course.from()));
    // What the upgrade did not see, of the first batch that went on.
    let batches = replay
        .ledger
        .iter()
        .filter(|record| matches!(record.fact, Fact::Rollout(RolloutFact::BatchStarted { batch, .. }) if batch > 1));
    let gates = batches.map(|record| {
        let at = civil(of.plan(), record.time);
        let all = causes::of(replay, record).into_iter().filter(|reason| reason.kind == Kind::Absent);
        all.map(|reason| Reason { text: format!("as the next batch begins at {at}, {}", reason.text), ..reason })
            .collect::<Vec<_>>()
    });
    if let Some(first) = gates.into_iter().find(|all| !all.is_empty()) {
        add(first);
    }
    if let Some((at, ..)) = impact::worst(of) {
        add(harm(at));
    }
    let mut steps: Vec<Line> = reasons.iter().map(|reason| line(of, reason)).collect();
    steps.extend(made_worse.iter().map(|said| text(format!("{}.", begin(of.plan(), said)))));
    let mut rules: BTreeSet<RuleId> = reasons.iter().map(|reason| reason.rule).collect();
    for act in &of.run.headline.acts {
        let Some(words) = act.words(&replay.names) else { continue };
        let by = act.fate.by();
        rules.extend(by.map(|by| by.rule));
        let rest = match act.fate {
            Fate::Refused(by) if matches!(by.fact, Fact::Rollout(RolloutFact::WriteRefused { .. })) => {
                rest_of_a_refusal(of)
            }
            _ => "",
        };
        steps.push(vec![Span::Strong(format!("{}.", begin(of.plan(), &words))), Span::Text(rest.to_owned())]);
    }
    let about =
        rules.into_iter().map(|rule| vec![Span::Code(rule.to_string()), Span::Text(format!(" {}", statement(rule)))]);
    vec![Block::Steps(steps), Block::Text(text("The rules that these rest on:")), Block::List(about.collect())]
}

/// What has to be done before a write that an upgrade keeps off.
fn rest_of_a_refusal(of: &Sources<'_>) -> &'static str {
    match of.plan().assumptions.value(A::RollingCancel) {
        Value::Choice("finish_batch") => {
            " An upgrade that runs must be cancelled first (RS-05), and a cancel during a batch waits for its end (rolling.cancel)."
        }
        _ => " An upgrade that runs must be cancelled first (RS-05); a cancel takes effect at once (RS-12).",
    }
}

/// Acts by which more instances came to harm users: how many, and from what share to what.
pub(super) fn made_worse(of: &Sources<'_>) -> Vec<String> {
    let replay = of.run.replay;
    let names = &replay.names;
    let Some(main) = of.main() else { return Vec::new() };
    let first = causes_of(&replay.ledger, &main.course.began);
    let own = totals(replay).harmed();
    let mut all = Vec::new();
    for act in &of.run.headline.acts {
        // What the harm came of is no act that was meant to help.
        if act.at <= main.course.from() || first.contains(&act.entry) {
            continue;
        }
        let created: BTreeSet<InstanceId> = replay
            .ledger
            .iter()
            .filter_map(|record| match record.fact {
                Fact::InstanceCreated { instance, .. } => Some((record, instance)),
                _ => None,
            })
            .filter(|(record, _)| chain(&replay.ledger, record).any(|one| one.entry == act.entry))
            .map(|(_, instance)| instance)
            .collect();
        let brought = replay.lanes.lanes.iter().filter(|lane| created.contains(&lane.instance));
        let begins = |lane: &Lane| lane.intervals.iter().find(|of| of.state == LaneState::NotServing).map(|of| of.from);
        let mut begun: Vec<SimTime> = brought.filter_map(begins).collect();
        begun.sort();
        let Some(first) = begun.first().copied() else { continue };
        // Its machines may harm, and there may be more harm without them: only the same run without the act tells.
        let mut without = of.plan().clone();
        without.timeline.remove(act.action.index());
        if totals(&Replay::new(&without, replay.seed)).harmed() >= own * LESS {
            continue;
        }
        let number = begun.len();
        let last = begun.iter().copied().take_while(|at| at.since(first) <= TOGETHER).last().unwrap_or(first);
        let share = |at| share_at(of, main.course.entry_point, at);
        let (before, after) = (share(SimTime::from_ms(first.ms().saturating_sub(1))), share(last));
        let grew = if after > before {
            let (from, to) = (percent(100.0 * before), percent(100.0 * after));
            format!("; at {} the share that fails grew with them from {from} to {to}", civil(of.plan(), last))
        } else {
            String::new()
        };
        all.push(format!(
            "“{}” of {} made it worse: {} that it brought came to harm users, too{grew}",
            names.action(act.action),
            civil(of.plan(), act.at),
            count(number, "instance")
        ));
    }
    all
}

/// Without an act that made it worse, at most this share of the harm is left.
const LESS: f64 = 0.99;

/// The share of the requests of an entry point that is harmed at an instant, 0 to 1.
fn share_at(of: &Sources<'_>, entry: EntryPointId, at: SimTime) -> f64 {
    let row = of.run.replay.series.of(entry).take_while(|row| row.time <= at).last();
    row.and_then(|row| row.requests).map_or(0.0, |stretch| stretch.at(at).harmed_share())
}

fn causes_of(ledger: &[Record], from: &Record) -> BTreeSet<Entry> {
    chain(ledger, from).map(|record| record.entry).collect()
}
