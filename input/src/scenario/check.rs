//! The check of a tree against the table of keys: finds everything that is wrong in one pass.

use super::shape::{Kind, Names, Need, Object};
use crate::problem::{Problem, Problems, did_you_mean, suggest, words};
use crate::quantity::{self, Wrong};
use crate::tree::{Node, Span, Value};

/// Checks that `node` is what `kind` says; `key` is where it stands, for messages.
pub fn check(node: &Node, kind: &Kind, key: &str, problems: &mut Problems) {
    match kind {
        Kind::Any | Kind::Later => {}
        Kind::List(of) => match &node.value {
            Value::Seq(items) => {
                for (at, item) in items.iter().enumerate() {
                    let element = item.name().map_or_else(|| at.to_string(), str::to_owned);
                    check(item, of, &format!("{key}[{element}]"), problems);
                }
            }
            _ => {
                // Only what would be right in a list is said to be.
                let mut alone = Problems::new();
                check(node, of, key, &mut alone);
                let help = match (&node.value, node.text()) {
                    _ if !alone.is_empty() => None,
                    (_, Some(text)) => Some(format!("write one as `[{text}]`")),
                    (Value::Map(_), _) => Some("put the mapping into a list: begin it with `- `".to_owned()),
                    _ => None,
                };
                problems.push(wrong_kind(node, kind, key).maybe_help(help));
            }
        },
        Kind::MapOf(names, of) => match &node.value {
            Value::Map(entries) => {
                for (name, value) in entries {
                    if *names == Names::TimesOfDay
                        && let Err(wrong) = quantity::time_of_day(&name.text)
                    {
                        problems.push(quantity_problem(wrong, &name.span, key));
                    }
                    check(value, of, &name.text, problems);
                }
            }
            _ => problems.push(wrong_kind(node, kind, key)),
        },
        Kind::Object(object) => match &node.value {
            Value::Map(_) => check_object(node, object, key, problems),
            _ => {
                let keys: Vec<&str> = object.known().collect();
                problems.push(wrong_kind(node, kind, key).maybe_help(suggest("", keys.iter().copied())));
            }
        },
        Kind::Either(kinds) => check_either(node, kinds, key, problems),
        Kind::Text
        | Kind::Word(_)
        | Kind::Integer(..)
        | Kind::Number(..)
        | Kind::Duration
        | Kind::Percent(_)
        | Kind::Rate
        | Kind::Timestamp
        | Kind::Bool
        | Kind::Scalar => {
            if let Err(problem) = check_scalar(node, kind, key) {
                problems.push(*problem);
            }
        }
    }
}

/// With more problems than this no word is suggested any more: nobody sees it, and to look for each takes its time.
const SUGGESTED_MOST: usize = 1_000;

/// Checks the keys of a mapping and their values.
fn check_object(node: &Node, object: &'static Object, at: &str, problems: &mut Problems) {
    let mut given = Vec::new();
    let mut meant = Vec::new();
    for (key, value) in node.entries() {
        let Some(entry) = object.entry(&key.text) else {
            let problem = Problem::error("E0107", format!("there is no key `{}` in {}", key.text, place(object, at)));
            let problem = problem.at(&key.span, "unknown key");
            // Of so many none is mended by a letter.
            if problems.0.len() > SUGGESTED_MOST {
                problems.push(problem);
                continue;
            }
            problems.push(problem.maybe_help(instead(&key.text, object)));
            meant.extend(did_you_mean(&key.text, object.known()));
            continue;
        };
        if matches!(entry.kind, Kind::Later) {
            let problem = Problem::error("E0190", format!("`{}` arrives with a later release", key.text));
            problems
                .push(problem.at(&key.span, entry.doc).help("leave it out until then; this release cannot act on it"));
            given.extend(object.one_of.first());
            continue;
        }
        if object.one_of.contains(&entry.key) {
            given.push(&entry.key);
        }
        if !value.is_null() {
            check(value, &entry.kind, &key.text, problems);
        }
    }
    for entry in object.entries.iter().filter(|entry| entry.need == Need::Required) {
        // A key that was nearly written has been reported by its typo.
        if node.get(entry.key).is_none() && !meant.contains(&entry.key) {
            let problem = Problem::error("E0109", format!("{} has no `{}`", place(object, at), entry.key));
            problems.push(problem.at(&first_line(node), format!("add `{}`, {}", entry.key, entry.kind.words())));
        }
    }
    check_one_of(node, object, at, given.len(), problems);
}

/// What may stand instead of an unknown key: the one that was meant, or all that there are.
fn instead(key: &str, object: &'static Object) -> Option<String> {
    let all = || {
        let keys: Vec<&str> = object.known().collect();
        (!keys.is_empty()).then(|| format!("the keys are {}", words(&keys)))
    };
    did_you_mean(key, object.known()).map(|near| format!("did you mean `{near}`?")).or_else(all)
}

fn check_one_of(node: &Node, object: &'static Object, at: &str, given: usize, problems: &mut Problems) {
    if object.one_of.is_empty() || given == 1 {
        return;
    }
    // An unknown key is probably the one that was meant, and has been reported.
    if given == 0 && node.entries().iter().any(|(key, _)| object.entry(&key.text).is_none()) {
        return;
    }
    let message = format!("{} needs exactly one of {}", place(object, at), listed(object.one_of));
    let problem = Problem::error("E0113", message);
    problems.push(problem.at(&first_line(node), format!("has {}", if given == 0 { "none" } else { "several" })));
}

fn listed(list: &[&str]) -> String {
    list.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn place(object: &Object, at: &str) -> String {
    if at.is_empty() { "the scenario".into() } else { format!("`{at}` ({})", object.name) }
}

fn first_line(node: &Node) -> Span {
    let mut span = node.span.clone();
    if let Some((key, _)) = node.entries().first()
        && key.span.source.name == span.source.name
        && key.span.start >= span.start
    {
        span.end = key.span.end;
        span.start = key.span.start;
    }
    span
}

/// One of several kinds, told apart by the form of the value.
fn check_either(node: &Node, kinds: &'static [Kind], key: &str, problems: &mut Problems) {
    let composite = match node.value {
        Value::Map(_) => kinds.iter().find(|kind| matches!(kind, Kind::Object(_) | Kind::MapOf(..))),
        Value::Seq(_) => kinds.iter().find(|kind| matches!(kind, Kind::List(_))),
        Value::Scalar(_) | Value::Null => None,
    };
    if let Some(kind) = composite {
        return check(node, kind, key, problems);
    }
    if let Some(Kind::Either(inner)) = kinds.iter().find(|kind| matches!(kind, Kind::Either(_))) {
        return check_either(node, inner, key, problems);
    }
    let scalars: Vec<&Kind> =
        kinds.iter().filter(|kind| !matches!(kind, Kind::Object(_) | Kind::MapOf(..) | Kind::List(_))).collect();
    let mut first = None;
    if node.text().is_some() {
        for kind in &scalars {
            match check_scalar(node, kind, key) {
                Ok(()) => return,
                Err(problem) => first = first.or(Some(problem)),
            }
        }
    }
    match (first, scalars.len()) {
        (Some(problem), 1) => problems.push(*problem),
        _ => problems.push(wrong_kind(node, &Kind::Either(kinds), key)),
    }
}

/// Checks a single value.
fn check_scalar(node: &Node, kind: &Kind, key: &str) -> Result<(), Box<Problem>> {
    let Some(text) = node.text() else { return Err(Box::new(wrong_kind(node, kind, key))) };
    let quantity = match kind {
        Kind::Duration => quantity::duration(text).map(|_| ()),
        Kind::Rate => match quantity::rate(text) {
            Ok(rate) if rate > quantity::MOST_RPS => {
                return Err(Box::new(range(node, key, text, "from 0 rps to 1e12 rps")));
            }
            other => other.map(|_| ()),
        },
        Kind::Timestamp => quantity::timestamp(text).map(|_| ()),
        Kind::Percent(max) => match quantity::percent_points(text) {
            Ok(points) if points > *max => {
                return Err(Box::new(range(node, key, text, &format!("from 0% to {max}%"))));
            }
            other => other.map(|_| ()),
        },
        _ => Ok(()),
    };
    if let Err(wrong) = quantity {
        return Err(Box::new(quantity_problem(wrong, &node.span, key)));
    }
    match kind {
        Kind::Word(list) if !list.contains(&text) => {
            let problem = Problem::error("E0112", format!("`{key}` cannot be `{text}`"));
            Err(Box::new(
                problem
                    .at(&node.span, format!("expected {}", kind.words()))
                    .maybe_help(suggest(text, list.iter().copied())),
            ))
        }
        Kind::Bool if !matches!(text, "true" | "false") => Err(Box::new(wrong_kind(node, kind, key))),
        Kind::Integer(min, max) => match quantity::integer(text) {
            None => Err(Box::new(wrong_kind(node, kind, key))),
            Some(value) if value < *min || value > *max => {
                let limits = if *max == i64::MAX { format!("from {min}") } else { format!("from {min} to {max}") };
                Err(Box::new(range(node, key, text, &limits)))
            }
            Some(_) => Ok(()),
        },
        Kind::Number(min, max) => match quantity::number_of(text) {
            None => Err(Box::new(wrong_kind(node, kind, key))),
            Some(value) if value < *min || value > *max => {
                Err(Box::new(range(node, key, text, &format!("from {min} to {max}"))))
            }
            Some(_) => Ok(()),
        },
        _ => Ok(()),
    }
}

fn range(node: &Node, key: &str, text: &str, limits: &str) -> Problem {
    Problem::error("E0110", format!("`{key}` is {text}, outside its range {limits}"))
        .at(&node.span, format!("allowed is {limits}"))
}

fn wrong_kind(node: &Node, kind: &Kind, key: &str) -> Problem {
    let found = node.text().map_or_else(|| node.kind().to_owned(), |text| format!("`{text}`"));
    let key = if key.is_empty() { "the file".to_owned() } else { format!("`{key}`") };
    Problem::error("E0108", format!("{key} is {found}, and should be {}", kind.words())).at(&node.span, "this value")
}

fn quantity_problem(wrong: Wrong, span: &Span, key: &str) -> Problem {
    Problem::error("E0111", wrong.message).at(span, format!("the value of `{key}`")).maybe_help(wrong.help)
}
