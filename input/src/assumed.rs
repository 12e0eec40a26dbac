//! The value of an assumption as a scenario writes it.

use crate::problem::Problems;
use crate::read;
use crate::tree::{Node, Span, Value as Tree};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::rules::Value;
use windtunnel_words::number::decimals;

/// A value as a scenario writes it, on one line.
#[must_use]
pub fn written(value: Value) -> String {
    let share = |share: f64| format!("{}%", decimals(share * 100.0, 6));
    match value {
        Value::Share(of) => share(of),
        Value::Dist(Dist::Constant(time)) => time.to_string(),
        Value::Dist(Dist::Uniform { min, max }) => format!("{{ uniform: {{ min: {min}, max: {max} }} }}"),
        Value::Dist(Dist::LogUniform { min, max }) => format!("{{ logUniform: {{ min: {min}, max: {max} }} }}"),
        Value::Dist(Dist::Exponential { mean }) => format!("{{ exponential: {{ mean: {mean} }} }}"),
        Value::Dist(Dist::LogNormal { median, sigma }) => {
            format!("{{ lognormal: {{ median: {median}, sigma: {sigma} }} }}")
        }
        Value::Dist(Dist::SlowTail { median, sigma, share: of, min, max }) => {
            let of = share(of);
            format!("{{ slowTail: {{ median: {median}, sigma: {sigma}, share: {of}, min: {min}, max: {max} }} }}")
        }
        Value::Dist(Dist::TwoModes { first: (median, sigma), second: (other, spread), share: of }) => {
            let second = format!("secondMedian: {other}, secondSigma: {spread}, share: {}", share(of));
            format!("{{ twoModes: {{ median: {median}, sigma: {sigma}, {second} }} }}")
        }
        other => other.to_string(),
    }
}

/// The same as a tree, all of which stands at `span`.
#[must_use]
pub fn tree(value: Value, span: &Span) -> Node {
    let mut problems = Problems::new();
    let mut node = read::read_text("default.yaml", written(value), &mut problems)
        .unwrap_or_else(|| Node::scalar(span, value.to_string()));
    place(&mut node, span);
    node
}

fn place(node: &mut Node, span: &Span) {
    node.span = span.clone();
    match &mut node.value {
        Tree::Map(entries) => {
            for (key, value) in entries {
                key.span = span.clone();
                place(value, span);
            }
        }
        Tree::Seq(items) => items.iter_mut().for_each(|item| place(item, span)),
        Tree::Null | Tree::Scalar(_) => {}
    }
}
