//! What of a fleet is never shown: what Azure never shows again either, and texts that a template or a plan of Terraform calls secret.
//!
//! A secret stands as `(secret 1)`, another one as `(secret 2)`: that a password changes is seen, and neither of the two.

use crate::arm::shape::SECRET;
use crate::patch::{Place, Step};
use crate::tree::{Key, Node, Value};

/// A shorter text is taken for a secret only where nothing else stands beside it, and one that is shorter still is none.
const PART: usize = 6;
const LEAST: usize = 3;

/// The texts that are secret.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Adds the texts in a value.
    pub fn add(&mut self, node: &Node) {
        if let Some(text) = node.text() {
            let is_expression = text.starts_with('[') && text.ends_with(']');
            if text.len() >= LEAST && !is_expression && !["true", "false", "null"].contains(&text) {
                self.0.push(text.to_owned());
            }
        }
        node.items().iter().for_each(|item| self.add(item));
        node.entries().iter().for_each(|(_, inner)| self.add(inner));
    }

    /// Adds those of another fleet.
    pub fn merge(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    /// A value as it may be shown that stands at a place; `met` are the secrets that were met before.
    #[must_use]
    pub fn shown(&self, place: &Place, node: &Node, met: &mut Vec<String>) -> Node {
        let is_below = |step: &Step| matches!(step, Step::Key(key) if is_secret(key));
        if place.steps().iter().any(is_below) { numbered(node, met) } else { self.hidden(node, met) }
    }

    fn hidden(&self, node: &Node, met: &mut Vec<String>) -> Node {
        let value = match &node.value {
            Value::Scalar(_) if self.holds(node) => return numbered(node, met),
            Value::Map(entries) => {
                let mut shown = |(key, value): &(Key, Node)| {
                    (key.clone(), if is_secret(&key.text) { numbered(value, met) } else { self.hidden(value, met) })
                };
                Value::Map(entries.iter().map(&mut shown).collect())
            }
            Value::Seq(items) => Value::Seq(items.iter().map(|item| self.hidden(item, met)).collect()),
            other => other.clone(),
        };
        Node { span: node.span.clone(), value }
    }

    /// Whether a scalar is a secret, or has one in it.
    fn holds(&self, node: &Node) -> bool {
        node.text().is_some_and(|text| {
            self.0.iter().any(|one| text == one || (one.len() >= PART && text.contains(one.as_str())))
        })
    }

    /// The same without what is secret: a key goes with its value, and with a list that has a secret in it.
    #[must_use]
    pub fn without(&self, node: &Node) -> Node {
        let value = match &node.value {
            Value::Map(entries) => {
                let is_open = |(key, value): &&(Key, Node)| {
                    !is_secret(&key.text) && !self.holds(value) && !value.items().iter().any(|item| self.holds(item))
                };
                let kept = entries.iter().filter(is_open);
                Value::Map(kept.map(|(key, value)| (key.clone(), self.without(value))).collect())
            }
            Value::Seq(items) => Value::Seq(items.iter().map(|item| self.without(item)).collect()),
            other => other.clone(),
        };
        Node { span: node.span.clone(), value }
    }
}

fn is_secret(key: &str) -> bool {
    SECRET.iter().any(|secret| secret.eq_ignore_ascii_case(key))
}

/// What stands for a secret: its number among those that were met.
fn numbered(node: &Node, met: &mut Vec<String>) -> Node {
    let own = node.sorted().to_json().to_string();
    let at = met.iter().position(|known| *known == own).unwrap_or_else(|| {
        met.push(own);
        met.len() - 1
    });
    Node::quoted(&node.span, format!("(secret {})", at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problems;
    use crate::read::read_text;

    fn tree(text: &str) -> Node {
        read_text("a.yaml", text.to_owned(), &mut Problems::new()).expect("it is YAML")
    }

    /// `hunter22` is called secret: it is hidden alone and within a command, and what stands under a key that Azure never shows is hidden
    /// whatever it is. The same secret has the same number.
    #[test]
    fn a_secret_is_hidden_wherever_it_stands() {
        let mut secrets = Secrets::default();
        secrets.add(&tree("{ value: hunter22, short: ab }"));
        let node = tree(
            "{ osProfile: { ADMINPASSWORD: x }, run: 'go --key hunter22', key: hunter22, again: hunter22, size: ab }",
        );
        let shown = secrets.shown(&Place::default(), &node, &mut Vec::new()).to_json();
        let wanted = serde_json::json!({
            "osProfile": { "ADMINPASSWORD": "(secret 1)" }, "run": "(secret 2)", "key": "(secret 3)", "again": "(secret 3)", "size": "ab"
        });
        assert_eq!(shown, wanted);
        assert_eq!(secrets.without(&node).to_json(), serde_json::json!({ "osProfile": {}, "size": "ab" }));
    }
}
