//! `compare.json`: the whole comparison for programs, but for the single runs.

use crate::experiment::assessment::{Assessment, Assessments, Weight, advice, finding, weight};
use crate::experiment::column::Column;
use crate::experiment::compare::{Comparison, PolicyResult};
use crate::experiment::statistics::{CONFIDENCE, Interval, Method, Paired, Ranked, Summary};
use crate::experiment::vary::{Robustness, Varied};
use crate::input::formats;
use crate::output::journal::Identity;
use serde_json::{Value, json};
use windtunnel_sim::measure::catalogue::HARMED;
use windtunnel_sim::rules::A;

/// The comparison as JSON.
pub fn json(identity: &Identity, comparison: &Comparison, varied: Option<&Varied>) -> Value {
    let assessments = Assessments::of(comparison);
    let hash = |place: usize| identity.policies[place].1.as_str();
    let places = 0..comparison.policies.len();
    json!({
        formats::KEY: formats::COMPARISON.version,
        "tool": {
            "name": "windtunnel",
            "version": env!("CARGO_PKG_VERSION"),
            "modelVersion": identity.model_version,
        },
        "scenario": identity.scenario,
        "firstSeed": comparison.first_seed,
        "replications": comparison.replications,
        "confidence": CONFIDENCE,
        "reference": comparison.reference_name(),
        "settled": comparison.settled.as_ref().map(|settled| json!({
            "measure": settled.measure,
            "margin": settled.margin,
            "done": settled.done,
        })),
        "objective": assessments.allowed.map(|allowed| json!({ "measure": HARMED, "atMost": allowed })),
        "finding": finding(comparison, &assessments),
        "advice": advice(comparison, &assessments),
        "take": assessments.chosen.map(|place| &comparison.policies[place].name),
        "alike": assessments.alike.iter().map(|&place| &comparison.policies[place].name).collect::<Vec<_>>(),
        "policies": places
            .map(|place| policy_json(comparison, place, hash(place), &assessments.of[place]))
            .collect::<Vec<_>>(),
        "varied": varied.map(|varied| varied_json(comparison, varied)),
    })
}

/// How often the verdicts hold when the assumptions are other ones.
fn varied_json(comparison: &Comparison, varied: &Varied) -> Value {
    let keys = |list: &[A]| list.iter().map(|one| one.row().key).collect::<Vec<_>>();
    let verdict = |held: &Robustness| {
        let lean = held.leans.as_ref().map(|lean| {
            json!({
                "assumption": lean.assumption.row().key,
                "when": lean.when,
                "holdsThen": lean.then.0,
                "ofThen": lean.then.1,
                "holdsOtherwise": lean.otherwise.0,
                "ofOtherwise": lean.otherwise.1,
            })
        });
        json!({
            "policy": comparison.policies[held.policy].name,
            "measure": comparison.columns[held.column].name,
            "verdict": held.verdict.words(),
            "holds": held.holds,
            "same": held.same,
            "turned": held.turned,
            "missing": held.missing,
            "nothing": held.nothing,
            "fixedShare": held.without,
            "variedVerdict": held.varied.words(),
            "holdsInterval": interval_json(Some(held.share)),
            "leansOn": lean,
        })
    };
    json!({
        "replications": varied.replications,
        "drawn": keys(&varied.variation.drawn),
        "stated": keys(&varied.variation.stated),
        "verdicts": varied.verdicts.iter().map(verdict).collect::<Vec<_>>(),
    })
}

fn policy_json(comparison: &Comparison, place: usize, hash: &str, assessment: &Assessment) -> Value {
    let policy: &PolicyResult = &comparison.policies[place];
    let measures = comparison.columns.iter().zip(&policy.summaries).enumerate();
    json!({
        "policy": policy.name,
        "scenarioHash": hash,
        "objective": {
            "verdict": assessment.keeps.key(),
            "met": assessment.met,
            "open": assessment.open,
            "runs": assessment.runs,
            "shareInterval": interval_json(assessment.share),
            "neverStartedBy": assessment.rule,
            "neverStartedSet": assessment.set,
        },
        "completes": assessment.length.map(|length| json!({ "mean_s": length.mean, "interval": interval_json(length.interval) })),
        "looped": policy.looped,
        "sameAs": policy.twin.as_ref().map(|twin| json!({
            "policy": comparison.policies[twin.of].name,
            "entryForEntry": twin.entry_for_entry,
            "why": twin.why,
        })),
        "otherIncident": policy.incident,
        "noRollout": policy.idle.as_ref().map(|(runs, kept)| json!({ "runs": runs, "firstBy": kept.rule, "set": kept.set })),
        "assumptionsUsed": policy.used,
        "measures": measures
            .map(|(at, (column, summary))| {
                let mut json = measure_json(column, summary, policy.paired.get(at));
                if json.get("paired").is_some() {
                    json["paired"]["matters"] = (weight(comparison, place, at) == Weight::Matters).into();
                }
                json
            })
            .collect::<Vec<_>>(),
    })
}

fn measure_json(column: &Column, summary: &Summary, paired: Option<&Paired>) -> Value {
    let mut json = json!({
        "name": column.measure,
        "unit": column.unit,
        "direction": column.direction().words(),
        "runs": summary.runs,
        "numbers": summary.numbers,
        "open": summary.open,
        "notComputed": summary.not_computed,
    });
    if let Some(part) = &column.part {
        json[part.kind.key()] = part.name.as_str().into();
    }
    if let Some(why) = &summary.why_not {
        json["whyNot"] = why.as_str().into();
    }
    if let Some(mean) = summary.mean {
        json["mean"] = json!({ "value": mean.mean, "interval": interval_json(mean.interval), "sd": mean.sd });
    }
    if let Some((least, most)) = summary.range {
        json["min"] = ranked(least);
        json["max"] = ranked(most);
        let quantile = |quantile: &crate::experiment::statistics::Quantile| {
            let interval = quantile.interval.map(|(low, high)| json!([ranked(low), ranked(high)]));
            json!({ "q": quantile.q, "value": ranked(quantile.value), "interval": interval })
        };
        json["quantiles"] = summary.quantiles.iter().map(quantile).collect();
    }
    if let Some((count, interval)) = summary.nonzero {
        json["nonzero"] = json!({ "runs": count, "shareInterval": interval_json(Some(interval)) });
    }
    if !summary.words.is_empty() {
        let word = |(word, count, interval): &(String, usize, Interval)| json!({ "word": word, "runs": count, "shareInterval": interval_json(Some(*interval)) });
        json["words"] = summary.words.iter().map(word).collect();
    }
    if let Some(paired) = paired {
        json["paired"] = paired_json(paired);
    }
    json
}

fn paired_json(paired: &Paired) -> Value {
    let key = if paired.method == Method::Sign { "shareInterval" } else { "interval" };
    json!({
        "verdict": paired.verdict.words(),
        "why": paired.why,
        "method": paired.method.words(),
        "difference": paired.difference.map(|difference| difference.mean),
        key: interval_json(paired.interval),
        "sd": paired.difference.map(|difference| difference.sd),
        "pairs": paired.pairs,
        "missing": paired.missing,
        "open": paired.open,
        "less": paired.less,
        "equal": paired.equal,
        "more": paired.more,
        "commonRandomNumbers": paired.reduction,
    })
}

fn interval_json(interval: Option<Interval>) -> Value {
    interval.map_or(Value::Null, |interval| json!([interval.low, interval.high]))
}

fn ranked(value: Ranked) -> Value {
    match value {
        Ranked::Number(number) => json!(number),
        Ranked::AtLeast(least) => json!({ "atLeast": least }),
    }
}
