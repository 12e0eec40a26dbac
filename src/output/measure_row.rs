//! A measure as it is shown: its name, its value, its unit.

use windtunnel_sim::measure::value::Unit;
use windtunnel_sim::measure::{Measure, Value};
use windtunnel_words::number::{number, one_of};

/// A measure of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureRow {
    /// Its name: `blast_radius.requests_pct`.
    pub name: String,
    /// What it came to.
    pub value: Value,
    /// Its unit, empty for a word.
    pub unit: &'static str,
}

impl MeasureRow {
    /// A measure of a run, as it is shown.
    pub fn of(measure: &Measure) -> Self {
        Self::new(measure.name(), measure.unit(), measure.value)
    }

    /// A value of this name and unit, as it is shown.
    pub fn new(name: &str, unit: Unit, value: Value) -> Self {
        let unit = match (unit, value) {
            (Unit::Word(_) | Unit::Text | Unit::Flag, _) => "",
            (Unit::Count(things), Value::Number(1.0)) => one_of(things),
            (unit, _) => unit.symbol(),
        };
        Self { name: name.to_owned(), value, unit }
    }

    /// The value as people read it, without its unit.
    pub fn shown(&self) -> String {
        match self.value {
            Value::Number(value) => number(value),
            Value::AtLeast(value) => format!("≥ {}", number(value)),
            Value::NotComputed(why) => format!("not computed: {why}"),
            Value::Word(word) => word.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_value_and_an_absent_one_say_what_they_are() {
        let shown = |value| MeasureRow::new("", Unit::Seconds, value).shown();
        assert_eq!(shown(Value::AtLeast(240.0)), "≥ 240");
        assert_eq!(shown(Value::NotComputed("no `users`")), "not computed: no `users`");
    }
}
