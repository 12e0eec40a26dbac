//! A measure, as a column of a table of runs.

use windtunnel_sim::measure::catalogue::{Definition, Direction, definition};
use windtunnel_sim::measure::{Measure, Part, ScopeKind};
use windtunnel_sim::plan::Plan;

/// A measure, as a column of a table of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The measure: `rollout.batches`.
    pub measure: String,
    /// The part of the fleet that it is of; `None` for all of it.
    pub part: Option<Part>,
    /// What it is counted in.
    pub unit: String,
    /// Both in one, as tables have it: `rollout.batches`, and `rollout.batches@scaleSet:vmss-web` for one scale set.
    pub name: String,
}

impl Column {
    /// The column of a measure, or of the same measure of a part of the fleet.
    #[must_use]
    pub fn new(measure: &str, part: Option<Part>, unit: &str) -> Self {
        let name = match &part {
            Some(Part { kind, name }) => format!("{measure}@{}:{name}", kind.key()),
            None => measure.to_owned(),
        };
        Self { measure: measure.to_owned(), part, unit: unit.to_owned(), name }
    }

    /// The column with a name, as tables have it; `None` where that is none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (measure, part) = match name.split_once('@') {
            None => (name, None),
            Some((measure, part)) => {
                let (key, name) = part.split_once(':')?;
                let kind = ScopeKind::ALL.into_iter().find(|kind| kind.key() == key)?;
                (measure, Some(Part { kind, name: name.to_owned() }))
            }
        };
        let unit = definition(measure).map_or("", |row| row.unit.symbol());
        Some(Self::new(measure, part, unit))
    }

    /// The column of a measure of a run of `plan`.
    #[must_use]
    pub fn of(plan: &Plan, measure: &Measure) -> Self {
        Self::new(measure.name(), measure.scope.part(plan), measure.unit().symbol())
    }

    /// The row of its measure; `None` for a measure that this program does not have.
    #[must_use]
    pub fn definition(&self) -> Option<&'static Definition> {
        definition(&self.measure)
    }

    /// Which way of it is better.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.definition().map_or(Direction::Neutral, |row| row.direction)
    }

    /// Whether it is that of a measure of the whole fleet, or of a scale set.
    #[must_use]
    pub fn is(&self, measure: &str, set: Option<&str>) -> bool {
        self.measure == measure && self.set() == set && (self.part.is_none() || set.is_some())
    }

    /// The scale set that it is of.
    #[must_use]
    pub fn set(&self) -> Option<&str> {
        self.part.as_ref().filter(|part| part.kind == ScopeKind::ScaleSet).map(|part| part.name.as_str())
    }
}
