//! A measure as it is shown: its name, its value, its unit.

use windtunnel_sim::measure::value::Unit;
use windtunnel_sim::measure::{Measure, Value};
use windtunnel_words::number::{number, one_of};

/// What a measure came to.
#[derive(Clone, Debug, PartialEq)]
pub enum MeasureValue {
    /// This.
    Number(f64),
    /// This at least: it was still open when the run ended.
    AtLeast(f64),
    /// Nothing, since the scenario does not give what it needs; why not.
    NotComputed(String),
    /// A word, such as an outcome.
    Text(String),
}

/// A measure of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureRow {
    /// Its name: `blast_radius.requests_pct`.
    pub name: String,
    /// What it came to.
    pub value: MeasureValue,
    /// Its unit, empty for a word.
    pub unit: &'static str,
}

/// A measure of a run, as it is shown.
#[must_use]
pub fn of(measure: &Measure) -> MeasureRow {
    let value = match &measure.value {
        Value::Number(value) => MeasureValue::Number(*value),
        Value::AtLeast(least) => MeasureValue::AtLeast(*least),
        Value::Word(word) => MeasureValue::Text((*word).to_owned()),
        Value::NotComputed(why) => MeasureValue::NotComputed((*why).to_owned()),
    };
    let unit = match (measure.unit, &value) {
        (Unit::Word(_) | Unit::Text | Unit::Flag, _) => "",
        (Unit::Count(things), MeasureValue::Number(1.0)) => one_of(things),
        (unit, _) => unit.symbol(),
    };
    MeasureRow { name: measure.name.to_owned(), value, unit }
}

impl MeasureValue {
    /// The value as people read it, without its unit.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Number(value) => number(*value),
            Self::AtLeast(value) => format!("≥ {}", number(*value)),
            Self::NotComputed(why) => format!("not computed: {why}"),
            Self::Text(text) => text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MeasureValue;

    #[test]
    fn an_open_value_and_an_absent_one_say_what_they_are() {
        assert_eq!(MeasureValue::AtLeast(240.0).shown(), "≥ 240");
        assert_eq!(MeasureValue::NotComputed("no `users`".into()).shown(), "not computed: no `users`");
    }
}
