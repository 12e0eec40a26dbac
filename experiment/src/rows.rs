//! The values of the runs of a policy, a row a run, with their seeds: what is compared seed by seed and what a baseline keeps.

use super::column::Column;
use super::table::{Table, Values};
use std::time::Duration;

/// What the runs of a policy came to.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The name of the scenario.
    pub scenario: String,
    /// The policy.
    pub policy: String,
    /// The seed of replication 0.
    pub first_seed: u64,
    /// The measures.
    pub columns: Vec<Column>,
    /// A row a replication.
    pub runs: Table,
    /// How long they took.
    pub took: Duration,
}

impl Rows {
    /// The values of a measure, by replication.
    #[must_use]
    pub fn values(&self, column: &Column) -> Option<Values<'_>> {
        let at = self.columns.iter().position(|known| known.name == column.name)?;
        Some(self.runs.column(at))
    }

    /// The values of a measure, of the whole fleet or of a scale set.
    #[must_use]
    pub fn of(&self, measure: &str, set: Option<&str>) -> Option<Values<'_>> {
        let at = self.columns.iter().position(|column| column.is(measure, set))?;
        Some(self.runs.column(at))
    }

    /// The first seed that both have, and how many from there on; `None` where they share none.
    #[must_use]
    pub fn shared(&self, other: &Self) -> Option<(u64, usize)> {
        let end = |rows: &Self| u128::from(rows.first_seed) + rows.runs.whole() as u128;
        let first = self.first_seed.max(other.first_seed);
        let count = end(self).min(end(other)).saturating_sub(u128::from(first));
        usize::try_from(count).ok().filter(|count| *count > 0).map(|count| (first, count))
    }

    /// The values of a measure for so many seeds from one on that it has.
    #[must_use]
    pub fn of_seeds(&self, column: &Column, (first, count): (u64, usize)) -> Option<Values<'_>> {
        let skipped = usize::try_from(first.checked_sub(self.first_seed)?).ok()?;
        Some(self.values(column)?.part(skipped, count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use windtunnel_sim::measure::{Seen, Stored};

    /// Runs whose value is their seed.
    fn rows(first_seed: u64, count: u64) -> Rows {
        let runs = (first_seed..first_seed + count).map(|seed| [Stored::Number(seed as f64)]).collect();
        let columns = vec![Column::new("a", None, "s")];
        Rows { scenario: "s".into(), policy: "p".into(), first_seed, columns, runs, took: Duration::ZERO }
    }

    /// Of the seeds 1 to 40 and 31 to 50, ten are shared: 31 to 40.
    #[test]
    fn runs_are_compared_by_the_seeds_that_both_have() {
        let (one, other) = (rows(1, 40), rows(31, 20));
        assert_eq!(one.shared(&other), Some((31, 10)));
        assert_eq!(other.shared(&one), Some((31, 10)));
        for side in [&one, &other] {
            let values: Vec<Seen<'_>> =
                side.of_seeds(&side.columns[0], (31, 10)).expect("they have it").iter().collect();
            assert_eq!((values.len(), values[0], values[9]), (10, Seen::Number(31.0), Seen::Number(40.0)));
        }
        assert_eq!(rows(1, 40).shared(&rows(41, 40)), None);
        assert_eq!(rows(u64::MAX - 2, 2).shared(&rows(1, 2)), None);
    }
}
