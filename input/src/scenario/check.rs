//! The check of a tree against the table of keys: finds everything that is wrong in one pass.

use super::shape::{Entry, Kind, MANY, Names, Need, Object};
use crate::problem::{Problem, Problems, did_you_mean, suggest, words};
use crate::quantity::{self, Wrong};
use crate::tree::{Key, Node, Span, Value};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_words::instant::Instant;

/// Checks that `node` is what `kind` says; `key` is where it stands, for messages.
pub fn check(node: &Node, kind: &Kind, key: &str, problems: &mut Problems) {
    match kind {
        Kind::Any => {}
        Kind::List(of) | Kind::NonEmpty(of) => match &node.value {
            Value::Seq(items) => {
                if items.is_empty() && matches!(kind, Kind::NonEmpty(_)) {
                    let help = "name one at least, or leave the key out where it may be absent";
                    problems.push(must("E0110", node, kind, key).at(&node.span, "this list is empty").help(help));
                }
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
                    problems.extend(wrong_name(name, *names, key));
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
        _ => {
            if let Err(problem) = check_scalar(node, kind, key) {
                problems.push(*problem);
            }
        }
    }
}

/// What is wrong with the key of a mapping from names.
fn wrong_name(name: &Key, names: Names, key: &str) -> Option<Problem> {
    let text = name.text.as_str();
    let (code, must, why, help) = match names {
        Names::Of(_) => return None,
        Names::TimesOfDay => {
            let wrong = quantity::time_of_day(text).err()?;
            ("E0111", "a time of day such as \"09:30\"", wrong.why, wrong.help)
        }
        Names::Zones => {
            if quantity::integer(text).is_some_and(|zone| (0..=3).contains(&zone)) {
                return None;
            }
            let help = "a zone must be \"1\", \"2\" or \"3\"; \"0\" is for sets without zones";
            ("E0110", "a zone, from \"0\" to \"3\"", "is not a zone".to_owned(), Some(help.to_owned()))
        }
        Names::Paths => {
            if text == "tcp" || text.starts_with('/') {
                return None;
            }
            let help = format!("write `/{text}`, or `tcp` for the bare port");
            ("E0110", "a path that begins with `/`, or `tcp`", "is not a path".to_owned(), Some(help))
        }
    };
    let message = format!("a key of `{key}` must be {must}, got `{text}`");
    Some(Problem::error(code, message).at(&name.span, why).maybe_help(help))
}

/// With more problems than this no word is suggested any more: nobody sees it, and to look for each takes its time.
const SUGGESTED_MOST: usize = 1_000;

/// Checks the keys of a mapping and their values.
fn check_object(node: &Node, object: &'static Object, at: &str, problems: &mut Problems) {
    let mut given = 0;
    let mut meant = Vec::new();
    for (key, value) in node.entries() {
        let Some(entry) = object.entry(&key.text) else {
            meant.extend(unknown(key, object, at, problems));
            given += usize::from(object.gone.iter().any(|(gone, _)| *gone == key.text));
            continue;
        };
        given += usize::from(matches!(entry.need, Need::Choice));
        if !value.is_null() {
            check(value, &entry.kind, &key.text, problems);
            problems.extend(exceeds((node, object), (entry, value), at));
        }
    }
    for entry in object.entries.iter().filter(|entry| matches!(entry.need, Need::Required)) {
        // A key that was nearly written has been reported by its typo.
        if node.get(entry.key).is_none() && !meant.contains(&entry.key) {
            let problem = Problem::error("E0109", format!("{} has no `{}`", place(object, at), entry.key));
            problems.push(problem.at(&first_line(node), format!("add `{}`, {}", entry.key, entry.kind.words())));
        }
    }
    check_choice(node, object, at, given, problems);
}

/// Reports a key that there is not; the one that was meant, as far as that is seen.
fn unknown(key: &Key, object: &'static Object, at: &str, problems: &mut Problems) -> Option<&'static str> {
    if let Some((_, why)) = object.gone.iter().find(|(gone, _)| *gone == key.text) {
        let problem = Problem::error("E0190", format!("`{}` is not supported", key.text));
        problems.push(problem.at(&key.span, *why).help("remove it"));
        return None;
    }
    if let Some(entry) = object.entries.iter().find(|entry| entry.was == Some(key.text.as_str())) {
        let message = format!("the key `{}` is called `{}` now", key.text, entry.key);
        let problem = Problem::error("E0107", message).at(&key.span, "its old name");
        problems.push(problem.help(format!("write `{}`", entry.key)));
        return Some(entry.key);
    }
    let problem = Problem::error("E0107", format!("there is no key `{}` in {}", key.text, place(object, at)));
    let problem = problem.at(&key.span, "unknown key");
    // Of so many none is mended by a letter.
    if problems.0.len() > SUGGESTED_MOST {
        problems.push(problem);
        return None;
    }
    let all: Vec<&str> = object.known().collect();
    let near = did_you_mean(&key.text, object.known());
    let listed = (!all.is_empty()).then(|| format!("the keys are {}", words(&all)));
    problems.push(problem.maybe_help(near.map(|near| format!("did you mean `{near}`?")).or(listed)));
    near
}

/// A length of time or a number that exceeds another one of its mapping.
fn exceeds((node, object): (&Node, &'static Object), (entry, value): (&Entry, &Node), at: &str) -> Option<Problem> {
    let limit = entry.at_most?;
    let other = node.get(limit)?;
    // Of a limit that is wrong itself nothing follows.
    check_scalar(other, &object.entry(limit)?.kind, limit).ok()?;
    let (least, most) = (value.text()?, other.text()?);
    let (too_great, what, help) = match entry.kind {
        Kind::Integer(..) => {
            let help = format!("lower `{}`, or raise `{limit}`", entry.key);
            (quantity::integer(least)? > quantity::integer(most)?, "too many", help)
        }
        _ => (quantity::duration(least).ok()? > quantity::duration(most).ok()?, "too long", "swap the two".to_owned()),
    };
    too_great.then(|| {
        let key = entry.key;
        let message = format!("`{key}` of `{at}` must be at most its `{limit}` of {most}, got `{least}`");
        Problem::error("E0110", message).at(&value.span, what).also(&other.span, limit).help(help)
    })
}

fn check_choice(node: &Node, object: &'static Object, at: &str, given: usize, problems: &mut Problems) {
    let choices: Vec<String> = object.choices().map(|word| format!("`{word}`")).collect();
    if choices.is_empty() || given == 1 {
        return;
    }
    // An unknown key is probably the one that was meant, and has been reported.
    if given == 0 && node.entries().iter().any(|(key, _)| object.entry(&key.text).is_none()) {
        return;
    }
    let message = format!("{} needs exactly one of {}", place(object, at), choices.join(", "));
    let problem = Problem::error("E0113", message);
    let (has, help) = match given {
        0 => ("has none", "add one of these keys"),
        _ => ("has several", "keep one of them, and write the others as entries of their own"),
    };
    problems.push(problem.at(&first_line(node), has).help(help));
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

/// One of several kinds, distinguished by the form of the value.
fn check_either(node: &Node, kinds: &'static [Kind], key: &str, problems: &mut Problems) {
    let composite = match node.value {
        Value::Map(_) => kinds.iter().find(|kind| matches!(kind, Kind::Object(_) | Kind::MapOf(..))),
        Value::Seq(_) => kinds.iter().find(|kind| matches!(kind, Kind::List(_) | Kind::NonEmpty(_))),
        Value::Scalar(_) | Value::Null => None,
    };
    if let Some(kind) = composite {
        return check(node, kind, key, problems);
    }
    if let Some(Kind::Either(inner)) = kinds.iter().find(|kind| matches!(kind, Kind::Either(_))) {
        return check_either(node, inner, key, problems);
    }
    let composite =
        |kind: &&Kind| matches!(kind, Kind::Object(_) | Kind::MapOf(..) | Kind::List(_) | Kind::NonEmpty(_));
    let scalars: Vec<&Kind> = kinds.iter().filter(|kind| !composite(kind)).collect();
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
        // Of one of the kinds, and out of its range.
        _ if scalars.iter().any(|kind| check_scalar(node, kind, key).is_err_and(|problem| problem.code == "E0110")) => {
            problems.push(must("E0110", node, &Kind::Either(kinds), key).at(&node.span, "out of range"));
        }
        _ => problems.push(wrong_kind(node, &Kind::Either(kinds), key)),
    }
}

/// Checks a single value.
fn check_scalar(node: &Node, kind: &Kind, key: &str) -> Result<(), Box<Problem>> {
    let Some(text) = node.text() else { return Err(Box::new(wrong_kind(node, kind, key))) };
    let fits = match kind {
        Kind::Duration => quantity::duration(text).map(|_| true),
        Kind::SomeTime => quantity::duration(text).map(|time| time.ms() > 0),
        Kind::Moment => Instant::parse(text).map(|_| true),
        Kind::SomeMoment => Instant::parse(text).map(|at| at != Instant::Since(SimDuration::ZERO)),
        Kind::Rate => quantity::rate(text).map(|rate| rate <= quantity::MOST_RPS),
        Kind::SomeRate => quantity::rate(text).map(|rate| rate > 0.0 && rate <= quantity::MOST_RPS),
        Kind::Timestamp => quantity::timestamp(text).map(|_| true),
        Kind::Percent(least, most) => quantity::percent_points(text).map(|points| (*least..=*most).contains(&points)),
        Kind::OpenShare => quantity::percent_points(text).map(|points| points > 0.0 && points < 100.0),
        Kind::Word(list) if !list.contains(&text) => {
            let problem = must("E0112", node, kind, key).at(&node.span, "unknown word");
            return Err(Box::new(problem.maybe_help(near(text, list))));
        }
        Kind::Bool if !matches!(text, "true" | "false") => return Err(Box::new(wrong_kind(node, kind, key))),
        Kind::Integer(min, max) => match quantity::integer(text) {
            None => return Err(Box::new(wrong_kind(node, kind, key))),
            Some(value) => Ok((*min..=*max).contains(&value)),
        },
        Kind::Number(min, max) => match quantity::number_of(text) {
            None => return Err(Box::new(wrong_kind(node, kind, key))),
            Some(value) => Ok((*min..=*max).contains(&value)),
        },
        _ => Ok(true),
    };
    match fits {
        Ok(true) => Ok(()),
        Ok(false) => {
            let help = match kind {
                Kind::Rate | Kind::SomeRate => Some("the greatest rate is 1e12 rps".to_owned()),
                Kind::Integer(min, max) => quantity::integer(text).map(|value| bound(value < *min, (min, max))),
                Kind::Number(min, max) => quantity::number_of(text).map(|value| bound(value < *min, (min, max))),
                Kind::SomeMoment => Some("write an instant after the start, such as `PT1H`".to_owned()),
                Kind::SomeTime => Some("write a duration above zero, such as `PT1M`".to_owned()),
                _ => None,
            };
            Err(Box::new(must("E0110", node, kind, key).at(&node.span, "out of range").maybe_help(help)))
        }
        Err(Wrong { why, help, .. }) => {
            Err(Box::new(must("E0111", node, kind, key).at(&node.span, why).maybe_help(help)))
        }
    }
}

/// The bound that a number is beyond.
fn bound<T: std::fmt::Display>(is_below: bool, (min, max): (T, T)) -> String {
    if is_below { format!("the least is {min}") } else { format!("the greatest is {max}") }
}

/// The word that was probably meant; where a message does not list them, what there are.
fn near(text: &str, list: &[&'static str]) -> Option<String> {
    let near = did_you_mean(text, list.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    near.or_else(|| {
        let listed = list.len() <= MANY;
        Some(if listed { "write one of these words".to_owned() } else { format!("the words are {}", words(list)) })
    })
}

fn wrong_kind(node: &Node, kind: &Kind, key: &str) -> Problem {
    must("E0108", node, kind, key).at(&node.span, "this value")
}

/// A value that is not what it must be.
fn must(code: &'static str, node: &Node, kind: &Kind, key: &str) -> Problem {
    let got = match (&node.value, node.text()) {
        (_, Some(text)) => format!("`{text}`"),
        (Value::Seq(items), None) if items.is_empty() => "an empty list".to_owned(),
        _ => node.kind().to_owned(),
    };
    let key = if key.is_empty() { "the file".to_owned() } else { format!("`{key}`") };
    Problem::error(code, format!("{key} must be {}, got {got}", kind.words()))
}
