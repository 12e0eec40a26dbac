//! What there is to say of a resource that became one of ARM.

use crate::problem::{Problem, Problems, count};
use crate::tree::Span;

/// What is known only after apply.
pub struct Open {
    /// The field.
    pub field: String,
    /// Where ARM has it.
    pub to: Vec<String>,
    /// Where the configuration says what it comes from.
    pub place: Option<Span>,
    /// What it comes from.
    pub from: Vec<String>,
    /// It is only compared and shown.
    pub idle: bool,
}

/// What there is to say of a resource.
#[derive(Default)]
pub struct Said {
    /// What is known only after apply.
    pub open: Vec<Open>,
    /// Links that were taken to lead to the only resource that they can mean.
    pub assumed: Vec<(String, String, Span)>,
    /// Fields that are marked sensitive and read.
    pub sensitive: Vec<String>,
    /// Fields that no table knows.
    pub unknown: Vec<(String, Span)>,
    /// How many fields have no effect, by the first of their path.
    pub idle: Vec<(String, usize)>,
}

impl Said {
    /// Says it.
    pub fn say(self, address: &str, name: &str, span: &Span, problems: &mut Problems) {
        let own = name.rsplit('/').next().unwrap_or(name);
        for Open { field, to, place, from, .. } in self.open.iter().filter(|open| !open.idle) {
            let mut message = format!("`{field}` of `{address}` is known only after apply, and counts as absent");
            if !from.is_empty() {
                message += &format!("; it comes from {}", from.join(", "));
            }
            let problem =
                Problem::warning("W0412", message).at(place.as_ref().unwrap_or(span), "known only after apply");
            problems.push(problem.help(format!("give it beside the file: `overlay: {{ {own}: {} }}`", nested(to))));
        }
        let idle: Vec<&str> = self.open.iter().filter(|open| open.idle).map(|open| open.field.as_str()).collect();
        if !idle.is_empty() {
            let message = format!("`{address}`: known only after apply, and not needed: {}", idle.join(", "));
            problems.push(Problem::note("N0409", message).at(span, "this resource"));
        }
        for (field, id, place) in &self.assumed {
            let message = format!("`{field}` of `{address}` leads to `{id}`: the file has no other that it can mean");
            problems.push(Problem::note("N0413", message).at(place, "known only after apply"));
        }
        if !self.sensitive.is_empty() {
            let message =
                format!("`{address}`: marked sensitive, and read all the same: {}", self.sensitive.join(", "));
            problems.push(Problem::note("N0413", message).at(span, "this resource"));
        }
        let mut parts = Vec::new();
        if let Some((_, first)) = self.unknown.first() {
            let list: Vec<&str> = self.unknown.iter().map(|(path, _)| path.as_str()).collect();
            let message = format!("`{address}`: ignored, and not known here: {}", list.join(", "));
            problems.push(Problem::note("N0402", message).at(first, "the first of them"));
        }
        for (path, n) in &self.idle {
            parts.push(if *n == 1 { path.clone() } else { format!("{path} ({n})") });
        }
        if !parts.is_empty() {
            let total = self.idle.iter().map(|(_, n)| n).sum();
            let total = count(total, "attribute");
            let message = format!("`{address}`: {total} ignored that cannot change a rollout: {}", parts.join(", "));
            problems.push(Problem::note("N0402", message).at(span, "this resource"));
        }
    }
}

/// A path as an overlay writes it: `a.b` becomes `{ a: { b: … } }`, and an item of a list has its name beside.
fn nested(path: &[String]) -> String {
    path.iter().rev().fold("…".to_owned(), |inner, key| match key.strip_prefix('[') {
        Some(name) => {
            let inside = inner.strip_prefix("{ ").and_then(|inner| inner.strip_suffix(" }")).unwrap_or(&inner);
            format!("[{{ name: {name}, {inside} }}]")
        }
        None => format!("{{ {key}: {inner} }}"),
    })
}
