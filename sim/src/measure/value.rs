//! What a measure came to.

/// The value of a measure. What cannot be computed is never zero, and what is still open is never a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number in the unit of the measure.
    Number(f64),
    /// Still open at the horizon: at least this much.
    AtLeast(f64),
    /// A word.
    Word(&'static str),
    /// Not computed, and why.
    NotComputed(&'static str),
}

/// A measure of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// `blast_radius.requests_pct`.
    pub name: &'static str,
    /// The entry point it is about; `None` for the whole fleet.
    pub entry_point: Option<String>,
    /// `%`, `s`, `instances`, …
    pub unit: &'static str,
    /// What it came to.
    pub value: Value,
}
