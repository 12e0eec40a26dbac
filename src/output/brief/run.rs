//! The brief of one run.

use super::{Brief, Figure, Panel, Sure, curve, page};
use crate::experiment::judge::{Judged, Verdict};
use crate::experiment::replay::Replay;
use crate::output::highlights::{Highlights, Objective};
use std::collections::BTreeSet;
use windtunnel_sim::measure::Value;
use windtunnel_sim::measure::catalogue::{DEGRADED, DURATION, FULL, OUTCOME, Outcome, RECOVER};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::{RuleId, Status};
use windtunnel_words::clock::{civil, spoken_s};
use windtunnel_words::number::{beside_limit, percent};
use windtunnel_words::text::capital;

/// What the brief says besides the run itself.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Title of the scenario.
    pub title: &'a str,
    /// What to change.
    pub advice: &'a str,
    /// The command that repeats it.
    pub command: &'a str,
}

/// The page of a run.
pub fn of_run(about: About<'_>, run: &Highlights<'_>, judged: &[Judged<'_>]) -> String {
    let replay = run.replay;
    let plan = replay.plan();
    let parts = run.headline.parts(&replay.names);
    let (first, rest) = parts.split_first().expect("a headline says what the harm is");
    let moments = run.moments.iter().filter(|moment| !moment.is_note()).take(4).map(|moment| {
        let at = moment.at.map_or_else(String::new, |(at, _)| format!("{}: ", civil(plan, at)));
        format!("{at}{}", moment.sentence)
    });
    let moments: Vec<String> = moments.collect();
    let lead = if rest.is_empty() { String::new() } else { format!("{}. ", capital(&rest.join("; "))) };
    let failed = judged.iter().filter(|one| matches!(one.verdict, Verdict::Fail(_))).count();
    let mut recommend = vec![capital(about.advice) + "."];
    if failed > 0 {
        let count = judged.len();
        recommend.push(format!(
            "{failed} of {count} expectations of the scenario do not hold in this run. The report names them."
        ));
    }
    page(&Brief {
        kind: "Brief of one run",
        about: format!("{} · policy {} · seed {}", about.title, plan.policy, replay.seed),
        title: capital(first),
        lead: format!("{lead}{}.", moments.join("; ")),
        figures: figures(run),
        caption: "Share of requests that is harmed, at the worst instant of each slice of time".to_owned(),
        panels: vec![Panel { name: plan.policy.clone(), note: String::new(), shares: curve::shares(replay) }],
        allowed: run.objective.map(|objective| objective.allowed / 100.0),
        ticks: curve::ticks(replay),
        recommend,
        sure: vec![
            (
                Sure::Partly,
                "One random sample.".to_owned(),
                "Another seed may harm more or less; a comparison makes many runs.".to_owned(),
            ),
            open_timings(replay.outcome.used.iter().count()),
            live(),
        ],
        rests: rests(replay.plan(), replay),
        command: about.command.to_owned(),
        foot: format!("seed {} · report.html has everything", replay.seed),
    })
}

/// What was not looked at: timings that Azure does not publish.
pub(super) fn open_timings(count: usize) -> (Sure, String, String) {
    let said = format!(
        "{count} numbers that Azure does not publish have their default; windtunnel compare --vary-assumptions draws them."
    );
    (Sure::Unknown, "Its timings were held fixed.".to_owned(), said)
}

/// What no simulation can say.
pub(super) fn live() -> (Sure, String, String) {
    (
        Sure::Unknown,
        "Not compared with a live fleet.".to_owned(),
        "It is a simulation of Azure's documented behaviour.".to_owned(),
    )
}

fn seconds(replay: &Replay<'_>, name: &str) -> Option<(f64, bool)> {
    let value = replay.measure(name)?;
    Some((value.least()?, value.number().is_none()))
}

fn figures(run: &Highlights<'_>) -> Vec<Figure> {
    let replay = run.replay;
    let met = match run.objective.and_then(Objective::is_met) {
        Some(true) => "the objective is met",
        Some(false) => "the objective is missed",
        None => "",
    };
    let line = run.objective.map(|objective| percent(objective.allowed));
    let note = line.map_or_else(|| "no objective is stated".to_owned(), |line| format!("{met}: {line} is allowed"));
    let time = |name: &str| {
        seconds(replay, name).map(|(value, open)| format!("{}{}", if open { "≥ " } else { "" }, spoken_s(value)))
    };
    let mut all = vec![Figure {
        what: "requests harmed in this run".to_owned(),
        before: String::new(),
        after: replay.harmed_pct().map_or_else(
            || "not computed".to_owned(),
            |harmed| beside_limit(harmed, run.objective.map(|objective| objective.allowed), percent),
        ),
        note,
    }];
    let none = || "none".to_owned();
    let down = time(FULL).filter(|_| seconds(replay, FULL).is_some_and(|one| one.0 > 0.0));
    all.push(Figure {
        what: "nobody was served for".to_owned(),
        before: String::new(),
        after: down.unwrap_or_else(none),
        note: time(DEGRADED).map_or_else(String::new, |time| format!("below the objective for {time}")),
    });
    let (what, value) = match (seconds(replay, DURATION), seconds(replay, RECOVER)) {
        (Some((value, open)), _) => ("the rollout took", Some((value, open))),
        (None, recover) => ("from first harm to the end of harm", recover),
    };
    let note = match replay.measure(OUTCOME) {
        Some(Value::Word(word)) if word != Outcome::NeverStarted.word() => format!("it ended: {word}"),
        _ if replay.never_started() => "a rollout was wanted and never started".to_owned(),
        _ => String::new(),
    };
    let words = |(value, open): (f64, bool)| format!("{}{}", if open { "≥ " } else { "" }, spoken_s(value));
    all.push(Figure {
        what: what.to_owned(),
        before: String::new(),
        after: value.map_or_else(|| "–".to_owned(), words),
        note,
    });
    all
}

/// What a run rests on: its scenario, its rules, its assumptions. A comparison has the size of what there is today, and not of
/// what a policy makes of it.
pub(super) fn rests(scenario: &Plan, replay: &Replay<'_>) -> Vec<String> {
    let rules: BTreeSet<RuleId> = replay.ledger.iter().map(|record| record.rule).collect();
    let approximated =
        rules.iter().filter(|id| id.rule().is_some_and(|rule| matches!(rule.status, Status::Approximated(_)))).count();
    let machines: u64 = scenario.sets.iter().map(|set| u64::from(set.capacity)).sum();
    let sets = scenario.sets.len();
    let of = if sets == 1 { "one scale set".to_owned() } else { format!("{sets} scale sets") };
    vec![
        format!(
            "The scenario: {machines} instances in {of}, {} of simulated time.",
            spoken_s(scenario.horizon.seconds())
        ),
        format!("{} rules of the platform that the run met, {approximated} of them approximated.", rules.len()),
        format!(
            "{} numbers that Azure does not publish, each at its default or as the scenario states it.",
            replay.outcome.used.iter().count()
        ),
    ]
}
