//! What of a scenario is not known, and what is thought of it before anything is observed: the section `unknown`.

use crate::patch::set::Target;
use crate::problem::{Problem, Problems};
use crate::quantity;
use crate::scenario::keys::{prior_bounds, prior_normal, scenario, unknown_value};
use crate::tree::{Key, Node, Span};
use windtunnel_infer::prior::Prior;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_words::clock::spoken;
use windtunnel_words::number::{decimals, number};

/// A value that is not known.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// What the author calls it.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// What is thought of it.
    pub prior: Prior,
    /// What its values are.
    pub values: Values,
    /// Where it stands in the file.
    pub span: Span,
}

/// What the values of an unknown are.
#[derive(Clone, Debug)]
pub enum Values {
    /// Numbers with a unit.
    Of(Unit),
    /// One of these.
    Choice(Vec<Node>),
}

/// What the numbers of a prior are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Lengths of time in milliseconds; in whole seconds where the range is wide.
    Time {
        /// So many milliseconds a step.
        step_ms: u64,
    },
    /// Shares in percent.
    Percent,
    /// Requests a second.
    Rate,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
}

impl Unit {
    /// A number as a scenario writes it.
    fn written(self, value: f64) -> String {
        match self {
            Self::Time { step_ms } => self.time(value, step_ms).to_string(),
            Self::Percent => format!("{}%", decimals(value, 4)),
            Self::Rate => format!("{} rps", decimals(value, 4)),
            Self::Whole => decimals(libm::round(value), 0),
            Self::Number => decimals(value, 9),
        }
    }

    fn time(self, value: f64, step_ms: u64) -> SimDuration {
        let step = step_ms as f64;
        SimDuration::from_ms((libm::round(value.max(0.0) / step) * step) as u64)
    }

    /// A number as people read it.
    #[must_use]
    pub fn said(self, value: f64) -> String {
        match self {
            Self::Time { step_ms } => spoken(self.time(value, step_ms)),
            Self::Percent => format!("{} %", decimals(value, 1)),
            Self::Rate => format!("{} rps", number(value)),
            Self::Whole => decimals(libm::round(value), 0),
            Self::Number => number(value),
        }
    }

    /// A number for a program: lengths of time in seconds.
    #[must_use]
    pub fn plain(self, value: f64) -> f64 {
        match self {
            Self::Time { .. } => value / 1000.0,
            Self::Whole => libm::round(value),
            Self::Percent | Self::Rate | Self::Number => value,
        }
    }

    /// The word for it in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Time { .. } => "seconds",
            Self::Percent => "percent",
            Self::Rate => "rps",
            Self::Whole => "count",
            Self::Number => "number",
        }
    }
}

impl Unknown {
    /// The number below which this share of the prior lies; of a choice, the place in its list.
    #[must_use]
    pub fn value(&self, share: f64) -> f64 {
        match self.values {
            // Whole numbers have cells of one width: half of one more at each end.
            Values::Of(Unit::Whole) => match self.prior {
                Prior::Uniform { low, high } => libm::floor(low + (high - low + 1.0) * share).min(high),
                other => libm::round(other.at(share)),
            },
            Values::Of(_) | Values::Choice(_) => self.prior.at(share),
        }
    }

    /// What the scenario says at this share of the prior.
    #[must_use]
    pub fn node(&self, share: f64) -> Node {
        let value = self.value(share);
        match &self.values {
            Values::Of(unit) => Node::scalar(&self.span, unit.written(value)),
            Values::Choice(list) => list[value as usize].clone(),
        }
    }

    /// A value as people read it.
    #[must_use]
    pub fn said(&self, value: f64) -> String {
        match &self.values {
            Values::Of(unit) => unit.said(value),
            Values::Choice(list) => list.get(value as usize).map_or_else(String::new, label),
        }
    }

    /// What is thought of it, for people: `5 min to 40 min`.
    #[must_use]
    pub fn thought(&self) -> String {
        let between = |low: f64, high: f64| format!("{} to {}", self.said(low), self.said(high));
        match self.prior {
            Prior::Uniform { low, high } => between(low, high),
            Prior::LogUniform { low, high } => format!("{}, by ratio", between(low, high)),
            Prior::Normal { mean, low, high, .. } => format!("about {}, {}", self.said(mean), between(low, high)),
            Prior::Choice(count) => (0..count).map(|at| self.said(at as f64)).collect::<Vec<_>>().join(" or "),
        }
    }
}

/// A value of a choice on one line.
fn label(node: &Node) -> String {
    node.text().map_or_else(|| node.to_json().to_string(), str::to_owned)
}

/// Reads the section; each unknown with its place in the scenario.
pub fn read(section: Option<&Node>, root: &Node, problems: &mut Problems) -> Vec<(Unknown, Target)> {
    let mut list: Vec<(Unknown, Target)> = Vec::new();
    for (key, node) in section.map_or(&[][..], Node::entries) {
        let Some(path) = unknown_value::PATH.at(node) else { continue };
        let target = Target::find(root, path.value, &path.span, problems);
        let prior = prior(node, key, problems);
        let (Some(target), Some((prior, values))) = (target, prior) else { continue };
        if let Some((other, _)) = list.iter().find(|(_, known)| known.overlaps(&target)) {
            let problem = Problem::error("E0665", format!("`{}` and `{}` set the same value", other.name, key.text));
            problems.push(problem.at(&path.span, "this path").also(&other.span, "the other"));
            continue;
        }
        let unknown =
            Unknown { name: key.text.clone(), path: path.value.to_owned(), prior, values, span: node.span.clone() };
        list.push((unknown, target));
    }
    list
}

/// Checks the section of a scenario; of none whose resources could not be read, since every path would be said to lead nowhere.
pub fn check(root: Option<&Node>, problems: &mut Problems) {
    if let Some(root) = root {
        read(scenario::UNKNOWN.node(root), root, problems);
    }
}

/// What is thought of an unknown.
fn prior(node: &Node, key: &Key, problems: &mut Problems) -> Option<(Prior, Values)> {
    if let Some(list) = unknown_value::ONE_OF.node(node) {
        let items = list.items().to_vec();
        let twice = (1..items.len()).find(|at| items[..*at].contains(&items[*at]));
        if let Some(at) = twice {
            let problem = Problem::error("E0663", format!("`{}` names a value twice", key.text));
            problems.push(problem.at(&items[at].span, "the second time"));
            return None;
        }
        if items.len() < 2 {
            let problem = Problem::error("E0663", format!("`{}` has a single value, so it is known", key.text));
            problems.push(
                problem.at(&list.span, "one value").help("name two at least, or write the value where it belongs"),
            );
            return None;
        }
        return Some((Prior::Choice(items.len()), Values::Choice(items)));
    }
    let of = |node: &Node, min: &Node, max: &Node, problems: &mut Problems| {
        let (unit, low) = quantity_of(min, problems)?;
        let (other, high) = quantity_of(max, problems)?;
        let unit = common(unit, other, low, high);
        let wrong = |why: &str, help: &str, problems: &mut Problems| {
            let problem = Problem::error("E0663", format!("the range of `{}` {why}", key.text));
            problems.push(problem.at(&node.span, "this range").help(help));
        };
        let Some(unit) = unit else {
            wrong("has two units", "write both ends in one unit", problems);
            return None;
        };
        if low >= high {
            wrong("is empty", "write the lower end first", problems);
            return None;
        }
        Some((unit, low, high))
    };
    if let Some(bounds) = unknown_value::UNIFORM.node(node) {
        let (unit, low, high) = of(bounds, prior_bounds::MIN.node(bounds)?, prior_bounds::MAX.node(bounds)?, problems)?;
        return Some((Prior::Uniform { low, high }, Values::Of(unit)));
    }
    if let Some(bounds) = unknown_value::LOG_UNIFORM.node(node) {
        let min = prior_bounds::MIN.node(bounds)?;
        let (unit, low, high) = of(bounds, min, prior_bounds::MAX.node(bounds)?, problems)?;
        if low <= 0.0 {
            let problem =
                Problem::error("E0663", format!("the range of `{}` begins at zero, which has no ratio", key.text));
            problems.push(problem.at(&min.span, "zero").help("begin above zero, or write `uniform`"));
            return None;
        }
        return Some((Prior::LogUniform { low, high }, Values::Of(unit)));
    }
    let bounds = unknown_value::NORMAL.node(node)?;
    let (unit, low, high) = of(bounds, prior_normal::MIN.node(bounds)?, prior_normal::MAX.node(bounds)?, problems)?;
    let (_, mean) = quantity_of(prior_normal::MEAN.node(bounds)?, problems)?;
    let sd_node = prior_normal::SD.node(bounds)?;
    let (_, sd) = quantity_of(sd_node, problems)?;
    if sd <= 0.0 || !(low..=high).contains(&mean) {
        let problem =
            Problem::error("E0663", format!("the prior of `{}` has no spread, or its mean lies outside", key.text));
        problems
            .push(problem.at(&sd_node.span, "this").help("`mean` lies between `min` and `max`, and `sd` above zero"));
        return None;
    }
    Some((Prior::Normal { mean, sd, low, high }, Values::Of(unit)))
}

/// The unit of two numbers, where they have one.
const fn common(one: Unit, other: Unit, low: f64, high: f64) -> Option<Unit> {
    match (one, other) {
        (Unit::Time { .. }, Unit::Time { .. }) => {
            Some(Unit::Time { step_ms: if high - low >= 200_000.0 { 1000 } else { 1 } })
        }
        (Unit::Percent, Unit::Percent) => Some(Unit::Percent),
        (Unit::Rate, Unit::Rate) => Some(Unit::Rate),
        (Unit::Whole, Unit::Whole) => Some(Unit::Whole),
        (Unit::Whole | Unit::Number, Unit::Whole | Unit::Number) => Some(Unit::Number),
        _ => None,
    }
}

/// A number with its unit; lengths of time in milliseconds.
fn quantity_of(node: &Node, problems: &mut Problems) -> Option<(Unit, f64)> {
    let text = node.text().unwrap_or_default();
    if quantity::integer(text).is_some() {
        return quantity::number_of(text).map(|value| (Unit::Whole, value));
    }
    if let Some(value) = quantity::number_of(text) {
        return Some((Unit::Number, value));
    }
    if let Ok(value) = quantity::percent_points(text) {
        return Some((Unit::Percent, value));
    }
    if let Ok(value) = quantity::rate(text) {
        return Some((Unit::Rate, value));
    }
    match quantity::duration(text) {
        Ok(time) => Some((Unit::Time { step_ms: 1 }, time.ms() as f64)),
        Err(_) => {
            let problem = Problem::error("E0663", format!("`{text}` is no duration, share, rate or number"));
            problems.push(problem.at(&node.span, "this value").help("write `PT5M`, `20%`, `300 rps` or a number"));
            None
        }
    }
}
