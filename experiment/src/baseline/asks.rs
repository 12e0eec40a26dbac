//! What an expectation asks for, as a baseline keeps it: under the keys of a scenario, instants and lengths in milliseconds.

use serde_json::{Map, Value, json};
use windtunnel_claims::asks::Asks;
use windtunnel_claims::expect::{Instant, Over, Policies, Sense, Stat, Test, When};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::measure::{Part, ScopeKind};

/// As JSON; `wanted` is for people.
pub(crate) fn json(asks: &Asks) -> Value {
    let mut json: Map<String, Value> = Map::new();
    let mut put = |key: &str, value: Value| {
        json.insert(key.to_owned(), value);
    };
    put("wanted", asks.wanted().into());
    put("measure", asks.subject.as_str().into());
    put("unit", asks.unit.as_str().into());
    if let Some(Part { kind, name }) = &asks.part {
        put(kind.key(), name.as_str().into());
    }
    if let Policies::These(list) = &asks.policies {
        put("policies", json!(list));
    }
    match &asks.when {
        When::Throughout { from, until } => {
            for (key, instant) in [("from", from), ("until", until)] {
                instant.iter().for_each(|instant| put(key, instant_json(instant)));
            }
        }
        When::At(at) => put("at", instant_json(at)),
        When::Within { from, length } => {
            from.iter().for_each(|from| put("from", instant_json(from)));
            put("within", length.ms().into());
        }
    }
    match asks.over {
        Over::Each => {}
        Over::Stat { stat, confidence } => {
            put("stat", stat.to_string().into());
            put("confidence", confidence.into());
        }
        Over::Share { least, confidence } => {
            put("holdsIn", least.into());
            put("confidence", confidence.into());
        }
    }
    if asks.sense == Sense::Never {
        put("never", true.into());
    }
    if asks.without_rollout {
        put("rollout", "none".into());
    }
    let (key, bound) = match &asks.test {
        Test::Is(bound) => ("is", json!(bound)),
        Test::IsWord(word) => ("is", json!(word)),
        Test::IsFlag(flag) => ("is", json!(flag)),
        Test::AtMost(bound) => ("atMost", json!(bound)),
        Test::AtLeast(bound) => ("atLeast", json!(bound)),
        Test::Between(low, high) => ("between", json!([low, high])),
    };
    put(key, bound);
    json.into()
}

fn instant_json(instant: &Instant) -> Value {
    match instant {
        Instant::Since(length) => length.ms().into(),
        Instant::Entry { name, shift_ms: 0 } => name.as_str().into(),
        Instant::Entry { name, shift_ms } => json!({ "entry": name, "shiftMs": shift_ms }),
        Instant::Civil(ms) => json!({ "unixMs": ms }),
        Instant::TimeOfDay(ms) => json!({ "timeOfDayMs": ms }),
    }
}

/// What the JSON says; `None` where it is none of ours.
pub(super) fn of(json: &Value) -> Option<Asks> {
    let text = |key: &str| json[key].as_str().map(str::to_owned);
    let part = ScopeKind::ALL.into_iter().find_map(|kind| Some(Part { kind, name: text(kind.key())? }));
    Some(Asks {
        subject: text("measure")?,
        unit: text("unit")?,
        part,
        policies: match &json["policies"] {
            Value::Null => Policies::All,
            list => {
                let names: Option<Vec<String>> =
                    list.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect();
                Policies::These(names?)
            }
        },
        when: when(json)?,
        sense: if json["never"] == true { Sense::Never } else { Sense::Holds },
        over: over(json)?,
        without_rollout: json["rollout"] == "none",
        test: test(json)?,
    })
}

/// An instant; `Some(None)` where none is named.
fn instant(json: &Value) -> Option<Option<Instant>> {
    match json {
        Value::Null => Some(None),
        Value::String(name) => Some(Some(Instant::Entry { name: name.clone(), shift_ms: 0 })),
        Value::Object(of) => {
            let number = |key: &str| of.get(key).and_then(Value::as_i64);
            let shifted = of.get("entry").and_then(Value::as_str).zip(number("shiftMs"));
            let shifted = shifted.map(|(name, shift_ms)| Instant::Entry { name: name.to_owned(), shift_ms });
            let of_day = || Some(Instant::TimeOfDay(u64::try_from(number("timeOfDayMs")?).ok()?));
            shifted.or_else(|| number("unixMs").map(Instant::Civil)).or_else(of_day).map(Some)
        }
        ms => ms.as_u64().map(|ms| Some(Instant::Since(SimDuration::from_ms(ms)))),
    }
}

fn when(json: &Value) -> Option<When> {
    if let Some(at) = instant(&json["at"])? {
        return Some(When::At(at));
    }
    let from = instant(&json["from"])?;
    match &json["within"] {
        Value::Null => Some(When::Throughout { from, until: instant(&json["until"])? }),
        length => Some(When::Within { from, length: SimDuration::from_ms(length.as_u64()?) }),
    }
}

fn over(json: &Value) -> Option<Over> {
    let confidence = || json["confidence"].as_f64();
    match (&json["stat"], &json["holdsIn"]) {
        (Value::Null, Value::Null) => Some(Over::Each),
        (Value::Null, least) => Some(Over::Share { least: least.as_f64()?, confidence: confidence()? }),
        (stat, _) => Some(Over::Stat { stat: Stat::parse(stat.as_str()?)?, confidence: confidence()? }),
    }
}

fn test(json: &Value) -> Option<Test> {
    match (&json["is"], &json["atMost"], &json["atLeast"], &json["between"]) {
        (Value::String(word), ..) => Some(Test::IsWord(word.clone())),
        (Value::Bool(flag), ..) => Some(Test::IsFlag(*flag)),
        (Value::Null, Value::Null, Value::Null, range) => {
            Some(Test::Between(range.get(0)?.as_f64()?, range.get(1)?.as_f64()?))
        }
        (Value::Null, Value::Null, least, _) => Some(Test::AtLeast(least.as_f64()?)),
        (Value::Null, most, ..) => Some(Test::AtMost(most.as_f64()?)),
        (is, ..) => Some(Test::Is(is.as_f64()?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each way to say when, of how many runs, and what.
    #[test]
    fn what_is_asked_for_is_read_back() {
        let plain = Asks {
            subject: "blast_radius.instances".into(),
            unit: "instances".into(),
            part: None,
            policies: Policies::All,
            when: When::Throughout { from: None, until: None },
            sense: Sense::Holds,
            over: Over::Each,
            without_rollout: false,
            test: Test::AtMost(3.0),
        };
        let entry = || Some(Instant::Entry { name: "deploy".into(), shift_ms: 0 });
        let five = || Instant::Since(SimDuration::from_ms(300_000));
        let part = Part { kind: ScopeKind::Zone, name: "eastus/1".into() };
        let all = [
            plain.clone(),
            Asks { part: Some(part), sense: Sense::Never, test: Test::AtLeast(1.5), ..plain.clone() },
            Asks { when: When::Throughout { from: entry(), until: Some(five()) }, ..plain.clone() },
            Asks { when: When::At(five()), test: Test::Between(1.0, 2.0), ..plain.clone() },
            Asks { when: When::At(Instant::Civil(-7)), ..plain.clone() },
            Asks { when: When::At(Instant::TimeOfDay(33_120_000)), ..plain.clone() },
            Asks { when: When::At(Instant::Entry { name: "deploy".into(), shift_ms: -60_000 }), ..plain.clone() },
            Asks { when: When::Within { from: entry(), length: SimDuration::from_ms(7) }, ..plain.clone() },
            Asks {
                over: Over::Stat { stat: Stat::Quantile(95), confidence: 0.9 },
                test: Test::Is(0.0),
                ..plain.clone()
            },
            Asks { over: Over::Share { least: 99.5, confidence: 0.95 }, test: Test::IsFlag(true), ..plain.clone() },
            Asks {
                policies: Policies::These(vec!["a".into(), "b".into()]),
                without_rollout: true,
                test: Test::IsWord("halted".into()),
                ..plain
            },
        ];
        for asks in all {
            assert_eq!(of(&json(&asks)), Some(asks.clone()), "{asks:?}");
        }
    }

    #[test]
    fn what_is_no_expectation_is_refused() {
        for broken in
            [json!({}), json!({ "measure": "m", "unit": "s", "atMost": "x" }), json!({ "measure": "m", "unit": "s" })]
        {
            assert_eq!(of(&broken), None, "{broken}");
        }
    }
}
