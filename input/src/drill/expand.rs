//! Puts parameters in: `$(capacity * 1.5)` in a text or a key becomes its value.

use super::handles::{Handle, Handles};
use super::value::Value;
use crate::problem::{Problem, Problems, suggest};
use crate::tree::{Key, Node, Scalar, Span, Value as Tree};
use std::collections::BTreeMap;
use windtunnel_sim::plan::Word as _;

/// Puts the values of parameters into a tree.
pub struct Expander<'e> {
    /// What the fleet gives.
    pub handles: &'e Handles,
    /// What the drill declares.
    pub own: &'e BTreeMap<String, Value>,
    /// What the fleet lacks of what was asked for.
    pub lacks: Vec<&'static str>,
    /// What is wrong with the drill.
    pub problems: Problems,
}

impl Expander<'_> {
    /// The tree with the values in it.
    pub fn tree(&mut self, node: &Node) -> Node {
        let value = match &node.value {
            Tree::Null => Tree::Null,
            Tree::Scalar(scalar) => Tree::Scalar(Scalar {
                text: self.text(&scalar.text, &node.span),
                // A name of a fleet may look like a number, and is none.
                quoted: scalar.quoted,
            }),
            Tree::Seq(items) => Tree::Seq(items.iter().map(|item| self.tree(item)).collect()),
            Tree::Map(entries) => Tree::Map(entries.iter().map(|entry| self.entry(entry)).collect()),
        };
        Node { span: node.span.clone(), value }
    }

    fn entry(&mut self, (key, value): &(Key, Node)) -> (Key, Node) {
        let key = Key { text: self.text(&key.text, &key.span), span: key.span.clone() };
        (key, self.tree(value))
    }

    /// A text with the values in it. `$$(` is `$(` itself.
    fn text(&mut self, text: &str, span: &Span) -> String {
        let mut done = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("$(") {
            let (before, from) = rest.split_at(at);
            if let Some(before) = before.strip_suffix('$') {
                done += before;
                done += "$(";
                rest = &from[2..];
                continue;
            }
            done += before;
            let Some(end) = from.find(')') else {
                let problem = Problem::error("E0250", format!("`{from}` has no `)`"));
                self.problems.push(problem.at(span, "begins and does not end").help("write `$(capacity)`"));
                return text.to_owned();
            };
            if let Some(value) = self.expression(&from[2..end], span) {
                done += &value.text();
            }
            rest = &from[end + 1..];
        }
        done + rest
    }

    /// The value of `NAME`, or of `NAME OP VALUE`.
    fn expression(&mut self, text: &str, span: &Span) -> Option<Value> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            [name] => self.named(name, span),
            [name, operator, ..] if operator.len() == 1 && "+-*/".contains(operator) && words.len() > 2 => {
                let right = words[2..].join(" ");
                let other = match Value::literal(&right) {
                    Some(value) => value,
                    None => self.named(&right, span)?,
                };
                let value = self.named(name, span)?;
                let operator = operator.chars().next()?;
                let result = value.combined(operator, &other);
                if result.is_none() {
                    let message =
                        format!("`$({text})` combines {} and {}, which have no result", value.kind(), other.kind());
                    self.problems.push(Problem::error("E0251", message).at(span, "cannot be computed").help(
                        "multiply a count, a rate or a duration by a number or a share; add durations to durations",
                    ));
                }
                result
            }
            _ => {
                let problem = Problem::error("E0250", format!("`$({text})` is no expression"));
                let help = "write a name, or a name, an operator and a value with spaces between: `$(capacity * 1.5)`";
                self.problems.push(problem.at(span, "neither a name nor `NAME * NUMBER`").help(help));
                None
            }
        }
    }

    fn named(&mut self, name: &str, span: &Span) -> Option<Value> {
        if let Some(value) = self.own.get(name) {
            return Some(value.clone());
        }
        if let Some(handle) = Handle::named(name) {
            let value = self.handles.get(handle).cloned();
            if value.is_none() && !self.lacks.contains(&handle.lack()) {
                self.lacks.push(handle.lack());
            }
            return value;
        }
        let own = self.own;
        let known: Vec<&str> =
            super::keys::handles().map(|word| -> &str { word }).chain(own.keys().map(|key| &**key)).collect();
        let problem = Problem::error("E0250", format!("there is no parameter `{name}`"));
        let help = suggest(name, known).unwrap_or_else(|| "declare it under `parameters`".to_owned());
        self.problems.push(problem.at(span, "unknown parameter").help(help));
        None
    }
}
