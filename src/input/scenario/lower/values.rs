//! Typed values of keys that the check has passed; what it has not passed reads as absent.

use crate::input::problem::{Problem, Problems};
use crate::input::quantity;
use crate::input::tree::Node;
use windtunnel_sim::engine::luck::Dist;
use windtunnel_sim::engine::time::SimDuration;

/// A length of time.
pub fn duration(node: &Node, key: &str) -> Option<SimDuration> {
    quantity::duration(node.get(key)?.text()?).ok()
}

/// A share, 0 to 1.
pub fn percent(node: &Node, key: &str) -> Option<f64> {
    quantity::percent(node.get(key)?.text()?).ok()
}

/// Requests a second.
pub fn rate(node: &Node, key: &str) -> Option<f64> {
    quantity::rate(node.get(key)?.text()?).ok()
}

/// A number.
pub fn number(node: &Node, key: &str) -> Option<f64> {
    quantity::number_of(node.get(key)?.text()?)
}

/// A whole number that fits.
pub fn whole<T: TryFrom<i64>>(node: &Node, key: &str) -> Option<T> {
    quantity::integer(node.get(key)?.text()?).and_then(|value| T::try_from(value).ok())
}

/// Whether a key is `true`.
pub fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::text) == Some("true")
}

/// A distribution: a duration, or one of the mappings.
pub fn dist(node: &Node) -> Option<Dist> {
    if let Some(text) = node.text() {
        return quantity::duration(text).ok().map(Dist::Constant);
    }
    if let Some(uniform) = node.get("uniform") {
        return Some(Dist::Uniform { min: duration(uniform, "min")?, max: duration(uniform, "max")? });
    }
    if let Some(exponential) = node.get("exponential") {
        return Some(Dist::Exponential { mean: duration(exponential, "mean")? });
    }
    let lognormal = node.get("lognormal")?;
    let sigma = quantity::number_of(lognormal.get("sigma")?.text()?)?;
    Some(Dist::LogNormal { median: duration(lognormal, "median")?, sigma })
}

/// The distribution under a key; one whose bounds are the wrong way round is a problem.
pub fn dist_of(node: &Node, key: &str, problems: &mut Problems) -> Option<Dist> {
    let found = node.get(key)?;
    let dist = dist(found)?;
    if let Dist::Uniform { min, max } = dist
        && min > max
    {
        let bounds = found.get("uniform").unwrap_or(found);
        let problem = Problem::error("E0110", format!("`min` of `{key}` is {min}, above its `max` of {max}"));
        problems.push(problem.at(&bounds.span, "these bounds").help("exchange the two"));
        return None;
    }
    Some(dist)
}
