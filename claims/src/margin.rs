//! Margins: by how much of what there was a measure may get worse before a change counts as worse.

use windtunnel_sim::measure::catalogue::{DEFINITIONS, Definition, Direction};
use windtunnel_words::suggest::suggest;

/// By how much a measure, or several, may get worse.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    measures: String,
    share: f64,
}

impl Margin {
    /// Of the measure with this name, or of those that begin as `cost.*` does; a share of what there was before, 0.05 for 5 %.
    ///
    /// # Errors
    ///
    /// There is no such measure, or neither way of it is better; with what to write instead.
    pub fn new(measures: &str, share: f64) -> Result<Self, (String, Option<String>)> {
        let this = Self { measures: measures.to_owned(), share };
        let named: Vec<&Definition> = DEFINITIONS.iter().filter(|row| this.names(row)).collect();
        if named.iter().any(|row| row.direction != Direction::Neutral) {
            return Ok(this);
        }
        let judged = DEFINITIONS.iter().filter(|row| row.direction != Direction::Neutral).map(|row| row.name);
        Err(match &named[..] {
            [] => (format!("there is no measure `{measures}`"), suggest(measures, judged)),
            [row] => {
                (format!("a change cannot make `{}` worse", row.name), Some("neither way of it is better".to_owned()))
            }
            _ => (format!("a change cannot make `{measures}` worse"), Some("neither way of them is better".to_owned())),
        })
    }

    /// Whether it names a measure.
    fn names(&self, row: &Definition) -> bool {
        match self.measures.strip_suffix('*') {
            Some(start) => row.name.starts_with(start),
            None => row.name == self.measures,
        }
    }
}

/// The margins of a scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Margins(pub Vec<Margin>);

impl Margins {
    /// By what share of what there was a measure may get worse; `None` where a change of it is neither better nor worse. The last that
    /// names it counts, one that names it alone before one that names several. Without one, a measure of harm may not get worse at all,
    /// and every other one may.
    #[must_use]
    pub fn of(&self, row: &Definition) -> Option<f64> {
        if row.direction == Direction::Neutral {
            return None;
        }
        let last = |alone: bool| {
            let named = |one: &&Margin| one.measures.ends_with('*') != alone && one.names(row);
            self.0.iter().rev().find(named)
        };
        last(true).or_else(|| last(false)).map(|margin| margin.share).or(row.is_judged.then_some(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::measure::catalogue::definition;

    #[test]
    fn the_one_that_names_a_measure_alone_counts() {
        let margin = |measures: &str, share| Margin::new(measures, share).expect("there is one");
        let margins = Margins(vec![margin("cost.total", 0.01), margin("cost.*", 0.05), margin("downtime.*", 0.1)]);
        let of = |name: &str| margins.of(definition(name).expect("there is one"));
        assert_eq!(of("cost.total"), Some(0.01));
        assert_eq!(of("cost.regular_h"), Some(0.05));
        assert_eq!(of("downtime.full_s"), Some(0.1));
        // Harm needs no margin to be judged; a length of a rollout does; a count of batches is never better or worse.
        assert_eq!(of("blast_radius.requests_pct"), Some(0.0));
        assert_eq!(of("rollout.duration_s"), None);
        assert_eq!(Margins(vec![margin("rollout.*", 0.2)]).of(definition("rollout.batches").expect("one")), None);
    }

    #[test]
    fn what_cannot_get_worse_is_refused() {
        let refused = |measures: &str| Margin::new(measures, 0.0).expect_err("it is refused");
        assert_eq!(refused("cost.totla").1.as_deref(), Some("did you mean `cost.total`?"));
        assert!(refused("rollout.batches").0.contains("cannot make `rollout.batches` worse"));
        assert!(refused("standby.*").0.contains("cannot make `standby.*` worse"));
    }
}
