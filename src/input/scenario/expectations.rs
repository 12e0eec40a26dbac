//! From the `expect` section to typed expectations.

use crate::experiment::expect::{Expectation, Policies, Stat, Test};
use crate::input::problem::{Problem, Problems, suggest};
use crate::input::quantity;
use crate::input::tree::Node;
use windtunnel_sim::measure::Unit;
use windtunnel_sim::measure::catalogue::{DEFINITIONS, Definition, definition};

/// Reads the expectations of a checked scenario; `policies` are the names of all policies.
pub fn read(scenario: &Node, policies: &[String], problems: &mut Problems) -> Vec<Expectation> {
    let items = scenario.get("expect").map_or(&[][..], Node::items);
    let mut list: Vec<Expectation> = Vec::new();
    for node in items {
        let Some(expectation) = expectation(node, policies, problems) else { continue };
        if let Some(first) = list.iter().find(|other| other.name == expectation.name) {
            let problem = Problem::error("E0212", format!("two expectations have the name `{}`", expectation.name));
            problems.push(
                problem.at(&expectation.span, "the second").also(&first.span, "the first").help("each is a named test"),
            );
        }
        list.push(expectation);
    }
    list
}

fn expectation(node: &Node, policies: &[String], problems: &mut Problems) -> Option<Expectation> {
    let which = which_policies(node, policies, problems);
    let name = node.get("measure")?;
    let text = name.text()?;
    let Some(measure) = definition(text) else {
        let problem = Problem::error("E0208", format!("there is no measure `{text}`"));
        let help = suggest(text, known_measures()).or_else(|| same_area(text));
        problems.push(problem.at(&name.span, "unknown measure").maybe_help(help));
        return None;
    };
    if !measure.computed {
        let problem = Problem::error("E0190", format!("the measure `{text}` arrives with a later release"));
        problems.push(
            problem
                .at(&name.span, measure.meaning)
                .help("leave the expectation out until then; this release does not compute it"),
        );
    }
    let stat = node.get("stat").and_then(Node::text).and_then(Stat::parse);
    if let (Some(given), false) = (node.get("stat"), measure.unit.ordered()) {
        let problem =
            Problem::error("E0215", format!("`{}` has no {}", measure.name, given.text().unwrap_or_default()));
        problems.push(
            problem.at(&given.span, "this statistic").help("leave `stat` out: it must then hold in each replication"),
        );
    }
    let (key, bound) =
        node.entries().iter().find(|(key, _)| matches!(key.text.as_str(), "is" | "atMost" | "atLeast" | "between"))?;
    let test = test(&key.text, bound, measure, problems)?;
    Some(Expectation {
        name: node.get("name")?.text()?.to_owned(),
        policies: which?,
        measure,
        stat,
        test,
        span: node.span.clone(),
        bound_span: bound.span.clone(),
    })
}

/// The measures of this release.
pub fn known_measures() -> impl Iterator<Item = &'static str> {
    DEFINITIONS.iter().filter(|definition| definition.computed).map(|definition| definition.name)
}

fn same_area(text: &str) -> Option<String> {
    let area = text.split('.').next()?;
    let list: Vec<&str> = known_measures().filter(|name| name.split('.').next() == Some(area)).collect();
    if list.is_empty() { Some("docs/measures.md lists the measures".into()) } else { suggest("", list) }
}

fn which_policies(node: &Node, policies: &[String], problems: &mut Problems) -> Option<Policies> {
    let Some(given) = node.get("policy") else { return Some(Policies::These(vec!["as-written".into()])) };
    let names: Vec<&Node> = if given.text().is_some() { vec![given] } else { given.items().iter().collect() };
    if names.len() == 1 && names[0].text() == Some("all") {
        return Some(Policies::All);
    }
    let mut these = Vec::new();
    for name in names {
        let text = name.text()?;
        if policies.iter().any(|known| known == text) {
            these.push(text.to_owned());
        } else {
            let problem = Problem::error("E0209", format!("there is no policy `{text}`"));
            let known = policies.iter().map(String::as_str).chain(["all"]);
            problems.push(problem.at(&name.span, "unknown policy").maybe_help(suggest(text, known)));
        }
    }
    (!these.is_empty()).then_some(Policies::These(these))
}

fn test(key: &str, bound: &Node, measure: &Definition, problems: &mut Problems) -> Option<Test> {
    if key != "is" && !measure.unit.ordered() {
        let problem =
            Problem::error("E0215", format!("`{}` has no order, and cannot be compared by `{key}`", measure.name));
        problems.push(problem.at(&bound.span, "this bound").help("compare it by `is`"));
        return None;
    }
    match (key, measure.unit) {
        ("is", Unit::Word(words)) => {
            let text = bound.text()?;
            if words.contains(&text) {
                return Some(Test::IsWord(text.to_owned()));
            }
            let problem = Problem::error("E0112", format!("`{}` is never `{text}`", measure.name));
            problems.push(problem.at(&bound.span, "this word").maybe_help(suggest(text, words.iter().copied())));
            None
        }
        ("is", Unit::Text) => Some(Test::IsWord(bound.text()?.to_owned())),
        ("is", Unit::Flag) => match bound.text() {
            Some("true") => Some(Test::IsFlag(true)),
            Some("false") => Some(Test::IsFlag(false)),
            _ => {
                let problem = Problem::error("E0108", format!("`{}` is `true` or `false`", measure.name));
                problems.push(problem.at(&bound.span, "this value"));
                None
            }
        },
        ("is", _) => number(bound, measure, problems).map(Test::Is),
        ("atMost", _) => number(bound, measure, problems).map(Test::AtMost),
        ("atLeast", _) => number(bound, measure, problems).map(Test::AtLeast),
        _ => between(bound, measure, problems),
    }
}

fn between(bound: &Node, measure: &Definition, problems: &mut Problems) -> Option<Test> {
    let [low, high] = bound.items() else {
        let problem =
            Problem::error("E0108", format!("`between` has {} bounds, and should have two", bound.items().len()));
        problems.push(problem.at(&bound.span, "these bounds").help("write `[low, high]`; both are included"));
        return None;
    };
    let (from, to) = (number(low, measure, problems)?, number(high, measure, problems)?);
    if from > to {
        let problem = Problem::error("E0110", "the first bound of `between` is above the second".to_owned());
        problems.push(problem.at(&low.span, "above the other").also(&high.span, "the second bound"));
        return None;
    }
    Some(Test::Between(from, to))
}

/// A bound in the unit of the measure.
fn number(bound: &Node, measure: &Definition, problems: &mut Problems) -> Option<f64> {
    let text = bound.text().unwrap_or_default();
    let plain = quantity::number_of(text);
    let read = match measure.unit {
        Unit::Percent => quantity::percent_points(text),
        Unit::Seconds | Unit::InstanceSeconds if plain.is_none() => quantity::duration(text).map(|time| time.seconds()),
        _ => plain.ok_or_else(|| quantity::Wrong {
            message: format!("`{text}` is not a number"),
            help: Some(format!("`{}` is counted in: {}", measure.name, measure.unit.symbol())),
        }),
    };
    match read {
        Ok(value) => Some(value),
        Err(wrong) => {
            let problem = Problem::error("E0111", wrong.message);
            problems.push(problem.at(&bound.span, format!("the bound of `{}`", measure.name)).maybe_help(wrong.help));
            None
        }
    }
}
