//! The brief of one run.

use super::{Brief, Figure, Panel, Sure, curve, page};
use crate::experiment::judge::{Judged, Verdict};
use crate::experiment::replay::Replay;
use crate::experiment::standing::{allowed, percent};
use crate::output::clock::{civil, spoken_s};
use crate::output::{advice, moments};
use std::collections::BTreeSet;
use windtunnel_sim::measure::Value;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::{RuleId, Status};

/// What the brief is told.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Title of the scenario.
    pub title: &'a str,
    /// The verdict on the run.
    pub verdict: &'a str,
    /// What to change.
    pub advice: &'a str,
    /// The command that repeats it.
    pub command: &'a str,
}

/// With a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    first + letters.as_str()
}

/// The page of a run.
#[must_use]
pub fn of_run(about: About<'_>, replay: &Replay<'_>, judged: &[Judged<'_>]) -> String {
    let plan = replay.plan();
    let (first, rest) = about.verdict.split_once("; ").unwrap_or((about.verdict, ""));
    let told = moments::moments_of(replay).into_iter().take(3).map(|moment| {
        let at = moment.at.map_or_else(String::new, |(at, _)| format!("{}: ", civil(plan.start_unix_ms, at)));
        format!("{at}{}", moment.sentence)
    });
    let told: Vec<String> = told.collect();
    let lead = if rest.is_empty() { String::new() } else { format!("{}. ", capital(rest)) };
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
        lead: format!("{lead}{}.", told.join("; ")),
        figures: figures(replay),
        caption: "Share of requests that is harmed, at the worst instant of each slice of time".to_owned(),
        panels: vec![Panel { name: plan.policy.clone(), note: String::new(), shares: curve::shares(replay) }],
        allowed: allowed(plan.objective).map(|allowed| allowed / 100.0),
        ticks: curve::ticks(replay),
        recommend,
        sure: vec![
            (
                Sure::Partly,
                "One draw of luck.".to_owned(),
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
    match replay.measures.iter().find(|one| one.name == name && one.entry_point.is_none())?.value {
        Value::Number(value) => Some((value, false)),
        Value::AtLeast(value) => Some((value, true)),
        Value::Word(_) | Value::NotComputed(_) => None,
    }
}

fn figures(replay: &Replay<'_>) -> Vec<Figure> {
    let harmed = advice::harmed(replay);
    let line = allowed(replay.plan().objective);
    let met = match (harmed, line) {
        (Some(harmed), Some(line)) if harmed <= line * (1.0 + 1e-9) => "the objective is met",
        (Some(_), Some(_)) => "the objective is missed",
        _ => "",
    };
    let note =
        line.map_or_else(|| "no objective is stated".to_owned(), |line| format!("{met}: {} is allowed", percent(line)));
    let time = |name: &str| {
        seconds(replay, name).map(|(value, open)| format!("{}{}", if open { "≥ " } else { "" }, spoken_s(value)))
    };
    let mut all = vec![Figure {
        what: "requests harmed in this run".to_owned(),
        before: String::new(),
        after: harmed.map_or_else(|| "not computed".to_owned(), percent),
        note,
    }];
    let none = || "none".to_owned();
    let down = time("downtime.full_s").filter(|_| seconds(replay, "downtime.full_s").is_some_and(|one| one.0 > 0.0));
    all.push(Figure {
        what: "nobody was served for".to_owned(),
        before: String::new(),
        after: down.unwrap_or_else(none),
        note: time("downtime.degraded_s").map_or_else(String::new, |time| format!("below the objective for {time}")),
    });
    let (what, value) = match (seconds(replay, "rollout.duration_s"), seconds(replay, "time_to.recover_s")) {
        (Some((value, open)), _) => ("the rollout took", Some((value, open))),
        (None, recover) => ("from first harm to the end of harm", recover),
    };
    let outcome = replay.measures.iter().find(|one| one.name == "rollout.outcome").map(|one| &one.value);
    let note = match outcome {
        Some(Value::Word(word)) if *word != "neverStarted" => format!("it ended: {word}"),
        _ if advice::never_started(replay) => "a rollout was wanted and never started".to_owned(),
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
