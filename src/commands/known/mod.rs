//! Runs that `test` need not make: those that shards made, and those of a cache; and the runs that it keeps for others.

pub(super) mod cache;
pub(super) mod shards;

use self::cache::Cache;
use self::shards::{Results, Shards};
use crate::experiment::suite::remembered::{Memory, Remembered, Wanted};

/// Where runs may be known from, and where they are kept.
pub(super) struct Known<'k> {
    /// Results of shards that are merged; nothing is run then.
    pub shards: Option<&'k Shards>,
    pub cache: Option<&'k Cache>,
    /// The results of this shard.
    pub results: Option<&'k Results>,
}

impl Memory for Known<'_> {
    fn recall(&self, wanted: &Wanted) -> Option<Remembered> {
        let known = match self.shards {
            Some(shards) => shards.runs(wanted),
            None => self.cache?.recall(wanted),
        }?;
        if let Some(results) = self.results {
            results.keep(wanted, &known);
        }
        Some(known)
    }

    fn keep(&self, wanted: &Wanted, runs: Remembered) {
        if let Some(results) = self.results {
            results.keep(wanted, &runs);
        }
        if let Some(cache) = self.cache {
            cache.keep(wanted, runs);
        }
    }

    fn is_there(&self) -> bool {
        self.shards.is_some() || self.cache.is_some() || self.results.is_some()
    }
}
