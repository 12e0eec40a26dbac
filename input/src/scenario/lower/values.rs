//! Typed values of keys that the check has passed; what it has not passed reads as absent.

use crate::problem::{Problem, Problems, suggest};
use crate::quantity;
use crate::tree::Node;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::rules::published::{FIGURES, Published, figure_named};

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
    if let Some(uniform) = node.get("logUniform") {
        return Some(Dist::LogUniform { min: duration(uniform, "min")?, max: duration(uniform, "max")? });
    }
    if let Some(tailed) = node.get("slowTail") {
        return Some(Dist::SlowTail {
            median: duration(tailed, "median")?,
            sigma: number(tailed, "sigma")?,
            share: percent(tailed, "share")?,
            min: duration(tailed, "min")?,
            max: duration(tailed, "max")?,
        });
    }
    if let Some(modes) = node.get("twoModes") {
        return Some(Dist::TwoModes {
            first: (duration(modes, "median")?, number(modes, "sigma")?),
            second: (duration(modes, "secondMedian")?, number(modes, "secondSigma")?),
            share: percent(modes, "share")?,
        });
    }
    if let Some(Published::Length(length)) = published(node) {
        return Some(length);
    }
    let lognormal = node.get("lognormal")?;
    Some(Dist::LogNormal { median: duration(lognormal, "median")?, sigma: number(lognormal, "sigma")? })
}

/// What the figure is that a node names under `published`.
pub fn published(node: &Node) -> Option<Published> {
    figure_named(node.get("published")?.text()?).map(|figure| figure.what)
}

/// Whether every figure that a scenario names is there: one that a rule switched off has no name. Resources are Azure's,
/// and name none.
pub fn hold_figures(scenario: &Node, rules: &RuleSet, problems: &mut Problems) {
    for (_, node) in scenario.entries().iter().filter(|(key, _)| !matches!(&*key.text, "resources" | "policies")) {
        hold_figure(node, rules, problems);
    }
}

fn hold_figure(node: &Node, rules: &RuleSet, problems: &mut Problems) {
    if let Some(name) = node.get("published").filter(|name| name.text().is_some()) {
        let text = name.text().unwrap_or_default();
        if !figure_named(text).is_some_and(|figure| rules.on(figure.rule)) {
            let known = FIGURES.iter().filter(|figure| rules.on(figure.rule)).map(|figure| figure.name);
            let problem = Problem::error("E0112", format!("`published` cannot be `{text}`"));
            let at = problem.at(&name.span, "no figure has this name");
            problems.push(at.maybe_help(suggest(text, known)));
        }
    }
    node.entries().iter().for_each(|(_, inner)| hold_figure(inner, rules, problems));
    node.items().iter().for_each(|inner| hold_figure(inner, rules, problems));
}

/// The distribution under a key; one whose bounds are the wrong way round is a problem.
pub fn dist_of(node: &Node, key: &str, problems: &mut Problems) -> Option<Dist> {
    let found = node.get(key)?;
    let dist = dist(found)?;
    if let Dist::Uniform { min, max } | Dist::LogUniform { min, max } | Dist::SlowTail { min, max, .. } = dist
        && min > max
    {
        let bounds = ["uniform", "logUniform", "slowTail"].iter().find_map(|key| found.get(key)).unwrap_or(found);
        let problem = Problem::error("E0110", format!("`min` of `{key}` is {min}, above its `max` of {max}"));
        problems.push(problem.at(&bounds.span, "these bounds").help("exchange the two"));
        return None;
    }
    Some(dist)
}
