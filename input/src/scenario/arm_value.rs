//! Reading properties of ARM resources: keys in any case, and numbers and switches that may stand in quotes.

use crate::problem::{Problem, Problems, suggest};
use crate::quantity;
use crate::tree::{Node, Value};
use windtunnel_sim::engine::time::SimDuration;

/// A switch: `true`, `"True"`.
pub fn switch<'a>(node: &'a Node, path: &[&str], problems: &mut Problems) -> Option<(bool, &'a Node)> {
    let found = node.arm_path(path)?;
    let text = found.text().unwrap_or_default();
    if text.eq_ignore_ascii_case("true") {
        Some((true, found))
    } else if text.eq_ignore_ascii_case("false") {
        Some((false, found))
    } else {
        problems.push(not(found, path, "`true` or `false`"));
        None
    }
}

/// A whole number, in quotes or not.
pub fn whole<'a>(node: &'a Node, path: &[&str], problems: &mut Problems) -> Option<(i64, &'a Node)> {
    let found = node.arm_path(path)?;
    let value = found.text().and_then(quantity::integer);
    if value.is_none() {
        problems.push(not(found, path, "a whole number"));
    }
    value.map(|value| (value, found))
}

/// A duration.
pub fn duration<'a>(node: &'a Node, path: &[&str], problems: &mut Problems) -> Option<(SimDuration, &'a Node)> {
    let found = node.arm_path(path)?;
    match found.text().map(quantity::duration) {
        Some(Ok(value)) => Some((value, found)),
        Some(Err(wrong)) => {
            problems.push(Problem::error("E0111", wrong.message).at(&found.span, label(path)).maybe_help(wrong.help));
            None
        }
        None => {
            problems.push(not(found, path, "a duration, `PT90M`"));
            None
        }
    }
}

/// One of a few words, in any case: its number in the list.
pub fn word<'a>(node: &'a Node, path: &[&str], words: &[&str], problems: &mut Problems) -> Option<(usize, &'a Node)> {
    let found = node.arm_path(path)?;
    let text = found.text().unwrap_or_default();
    let at = words.iter().position(|word| word.eq_ignore_ascii_case(text));
    if at.is_none() {
        let key = path.last().copied().unwrap_or_default();
        let problem = Problem::error("E0112", format!("`{key}` cannot be `{text}`"));
        problems.push(problem.at(&found.span, label(path)).maybe_help(suggest(text, words.iter().copied())));
    }
    at.map(|at| (at, found))
}

/// A list; nothing where the key is absent.
pub fn list<'a>(node: &'a Node, path: &[&str], problems: &mut Problems) -> &'a [Node] {
    let Some(found) = node.arm_path(path) else { return &[] };
    if !matches!(found.value, Value::Seq(_)) {
        problems.push(not(found, path, "a list"));
    }
    found.items()
}

fn label(path: &[&str]) -> String {
    format!("the value of `{}`", path.join("."))
}

fn not(found: &Node, path: &[&str], expected: &str) -> Problem {
    let is = found.text().map_or_else(|| found.kind().to_owned(), |text| format!("`{text}`"));
    let key = path.last().copied().unwrap_or_default();
    Problem::error("E0503", format!("`{key}` is {is}, and should be {expected}")).at(&found.span, label(path))
}

/// The id or plain name that a reference holds: `{ id: … }` or the text itself, and its last segment.
#[must_use]
pub fn reference(node: &Node) -> Option<(&str, &Node)> {
    let holder = node.arm("id").unwrap_or(node);
    holder.text().map(|text| (text, holder))
}
