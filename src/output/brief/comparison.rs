//! The brief of a comparison: what is asked of those who decide.

use super::run::{live, open_timings, rests};
use super::{Brief, Figure, Panel, Sure, curve, page};
use crate::experiment::assessment::{Assessments, Keeps, advice, finding, listed};
use crate::experiment::compare::Comparison;
use crate::experiment::replay::Replay;
use crate::experiment::vary::Varied;
use crate::experiment::without_harm::{leads, unharmed};
use crate::input::{Change, Planned};
use crate::output::html::comparison::{Compared, seed};
use windtunnel_sim::measure::catalogue::{HARMED, REGULAR};
use windtunnel_words::clock::spoken_s;
use windtunnel_words::number::percent;
use windtunnel_words::text::capital;

/// So many changes of a policy are named.
const CHANGES_MOST: usize = 4;

/// The page of a comparison.
pub fn of_comparison(title: &str, comparison: &Comparison, compared: &Compared<'_>) -> String {
    let assessments = Assessments::of(comparison);
    let reference = comparison.reference;
    let judged = |place: &usize| !matches!(assessments.of[*place].keeps, Keeps::NotStarted | Keeps::Unknown);
    // Where none keeps the objective, the nearest is shown beside the reference.
    let nearest = assessments.ranked().into_iter().find(judged);
    let other = assessments.chosen.or(nearest).filter(|&place| place != reference);
    let seed = seed(comparison);
    let mut panels = Vec::new();
    let mut shown: Vec<(&Planned, &str)> = vec![(compared.planned[reference], "today")];
    shown.extend(
        other.map(|place| (compared.planned[place], if assessments.chosen.is_some() { "proposed" } else { "nearest" })),
    );
    let replays: Vec<Replay<'_>> = shown.iter().map(|(planned, _)| Replay::new(&planned.plan, seed)).collect();
    for ((planned, note), replay) in shown.iter().zip(&replays) {
        let (name, shares) = (planned.plan.policy.clone(), curve::shares(replay));
        panels.push(Panel { name, note: (*note).to_owned(), shares });
    }
    let runs = comparison.replications;
    page(&Brief {
        kind: "Decision brief",
        about: title.to_owned(),
        title: asked(comparison, &assessments, other),
        lead: capital(&finding(comparison, &assessments)) + ".",
        figures: figures(comparison, &assessments, other),
        caption: format!(
            "Share of requests that is harmed, at the worst instant of each slice of time (seed {seed}, common \
             random numbers for both)"
        ),
        panels,
        allowed: assessments.allowed.map(|allowed| allowed / 100.0),
        ticks: replays.first().map(curve::ticks).unwrap_or_default(),
        recommend: recommend(comparison, &assessments, other.map(|place| compared.planned[place])),
        sure: sure(comparison, &assessments, compared.varied),
        rests: replays.last().map(|replay| rests(&compared.planned[reference].plan, replay)).unwrap_or_default(),
        command: compared.command.to_owned(),
        foot: format!("{} policies, {runs} runs each, {}", comparison.policies.len(), comparison.seeds()),
    })
}

/// The request in one line.
fn asked(comparison: &Comparison, assessments: &Assessments, other: Option<usize>) -> String {
    let name = |place: usize| comparison.policies[place].name.as_str();
    let harm =
        |place: usize| assessments.of[place].harm.map_or_else(|| "an open share".to_owned(), |harm| percent(harm.1));
    let own = comparison.reference;
    if unharmed(comparison).is_some() {
        return format!("{} and {} other policies compared", name(own), comparison.policies.len() - 1);
    }
    match (assessments.chosen, other) {
        (Some(place), _) if place == own => format!("Keep {}: it meets the objective in every run", name(own)),
        (Some(place), _) => {
            format!(
                "Replace {} by {}: harm falls from {} to {} of requests",
                name(own),
                name(place),
                harm(own),
                harm(place)
            )
        }
        (None, _) if assessments.allowed.is_none() => {
            format!("State an objective: {} harms {} of requests", name(own), harm(own))
        }
        (None, Some(place)) => {
            format!("No policy tried meets the objective; the nearest is {} ({} harmed)", name(place), harm(place))
        }
        (None, None) => format!("No policy tried meets the objective; {} harms {}", name(own), harm(own)),
    }
}

fn figures(comparison: &Comparison, assessments: &Assessments, other: Option<usize>) -> Vec<Figure> {
    if unharmed(comparison).is_some() {
        let of = |(name, at): (&str, usize)| {
            let mean = comparison.policies[comparison.reference].summaries[at].mean;
            let after = mean.map_or_else(|| "–".to_owned(), |mean| windtunnel_words::number::figure(mean.mean));
            let (what, note) = (name.to_owned(), "mean of all runs".to_owned());
            Figure { what, before: String::new(), after, note }
        };
        return leads(comparison).into_iter().map(of).collect();
    }
    let own = &assessments.of[comparison.reference];
    let then = other.map(|place| &assessments.of[place]);
    let pair = |what: &str, of: &dyn Fn(&crate::experiment::assessment::Assessment) -> String, note: String| {
        let (before, after) = then.map_or_else(|| (String::new(), of(own)), |then| (of(own), of(then)));
        Figure { what: what.to_owned(), before, after, note }
    };
    let worst = then
        .unwrap_or(own)
        .harm
        .map_or_else(String::new, |harm| format!("worst of {} runs: {}", own.runs, percent(harm.2)));
    let mut all = vec![pair(
        "requests harmed, mean of all runs",
        &|one| one.harm.map_or_else(|| "open".to_owned(), |harm| percent(harm.1)),
        worst,
    )];
    if assessments.allowed.is_some() {
        let share = then.unwrap_or(own).share;
        let note = share.map_or_else(String::new, |share| {
            format!("of all runs {} to {} (95 %)", percent(100.0 * share.low), percent(100.0 * share.high))
        });
        all.push(pair(&format!("runs that meet the objective, of {}", own.runs), &|one| one.met.to_string(), note));
    }
    let both = own.length.is_some() && then.is_none_or(|then| then.length.is_some());
    if both {
        let of = |one: &crate::experiment::assessment::Assessment| {
            one.length.map_or_else(|| "–".to_owned(), |length| spoken_s(length.mean))
        };
        all.push(pair("the rollout takes, where it completes", &of, "mean of all runs".to_owned()));
    } else if let Some(at) = comparison.column(REGULAR).filter(|&at| comparison.is_computed(at)) {
        let of = |place: usize| {
            let mean = comparison.policies[place].summaries[at].mean;
            mean.map_or_else(|| "–".to_owned(), |mean| windtunnel_words::number::figure(mean.mean))
        };
        let (before, after) = match other {
            Some(place) => (of(comparison.reference), of(place)),
            None => (String::new(), of(comparison.reference)),
        };
        let note = "what it costs, over the whole run".to_owned();
        all.push(Figure { what: "instance hours".to_owned(), before, after, note });
    }
    all
}

fn recommend(comparison: &Comparison, assessments: &Assessments, planned: Option<&Planned>) -> Vec<String> {
    let mut all = vec![advice(comparison, assessments)];
    if let Some(planned) = planned {
        let changes: Vec<String> = planned.diff.iter().take(CHANGES_MOST).map(short).collect();
        let more = planned.diff.len().saturating_sub(CHANGES_MOST);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        if !changes.is_empty() {
            all.push(format!("What {} changes. {}{more}", planned.plan.policy, changes.join("; ")));
        }
    }
    all
}

/// A change by the last part of its path, as Azure calls it.
fn short(change: &Change) -> String {
    let path = change.path.to_string();
    let mut parts = path.split('.').filter(|part| !part.chars().all(|letter| letter.is_ascii_digit()));
    let name = parts.next_back().unwrap_or(&path);
    let said = |value: &Option<serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => "nothing".to_owned(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Object(_)) => "another".to_owned(),
        Some(other) => windtunnel_words::text::cut(&other.to_string(), 24),
    };
    format!("{name}: {} → {}", said(&change.old), said(&change.new))
}

fn sure(comparison: &Comparison, assessments: &Assessments, varied: Option<&Varied>) -> Vec<(Sure, String, String)> {
    let name = |place: usize| comparison.policies[place].name.as_str();
    let mut all = Vec::new();
    let runs = comparison.replications;
    let able: Vec<&str> =
        (0..assessments.of.len()).filter(|&p| assessments.of[p].keeps == Keeps::Always).map(name).collect();
    all.push(match (assessments.allowed, able.len()) {
        _ if unharmed(comparison).is_some() => (
            Sure::Unknown,
            "Nothing to hold it to.".to_owned(),
            "An objective limits harm, and there is none.".to_owned(),
        ),
        (None, _) => {
            (Sure::Unknown, "Nothing to hold it to.".to_owned(), "The scenario states no objective.".to_owned())
        }
        (_, 0) => {
            (Sure::No, "Not met in the model.".to_owned(), format!("No policy meets the objective in all {runs} runs."))
        }
        _ => {
            (Sure::Yes, "Sure in the model.".to_owned(), format!("In all {runs} runs it is met by {}.", listed(&able)))
        }
    });
    match varied {
        None => all.push(open_timings(comparison.policies.iter().map(|policy| policy.used.len()).max().unwrap_or(0))),
        Some(varied) => {
            let at = comparison.column(HARMED);
            let of = varied.verdicts.iter().filter(|held| Some(held.column) == at);
            let of = of.filter(|held| assessments.chosen.is_none_or(|chosen| chosen == held.policy));
            let said: Vec<String> = of
                .take(2)
                .map(|held| {
                    let lean = held
                        .leans
                        .as_ref()
                        .map_or_else(String::new, |lean| format!(" (it leans on {})", lean.assumption.row().key));
                    format!(
                        "{} {}: {} of {} draws{lean}",
                        name(held.policy),
                        held.verdict.words(),
                        held.holds,
                        held.runs()
                    )
                })
                .collect();
            let word = format!("{} open timings were drawn.", varied.variation.drawn.len());
            all.push((Sure::Partly, word, format!("{}.", said.join("; "))));
        }
    }
    all.push(live());
    all
}
