//! What followed from an entry of a ledger: every entry in whose chain of causes it stands.

use std::collections::BTreeMap;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::ids::Entry;

/// An entry that followed, so many causes away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Followed<'l> {
    /// 1 for what the entry itself caused.
    pub depth: u32,
    /// The entry.
    pub record: &'l Record,
}

/// What followed from an entry, in the order in which it happened.
#[must_use]
pub fn followed<'l>(ledger: &'l [Record], from: &Record) -> Vec<Followed<'l>> {
    let mut depths: BTreeMap<Entry, u32> = BTreeMap::from([(from.entry, 0)]);
    let later = ledger.partition_point(|record| record.entry <= from.entry);
    let mut all = Vec::new();
    for record in &ledger[later..] {
        if let Some(depth) = depths.get(&record.cause).map(|depth| depth + 1) {
            depths.insert(record.entry, depth);
            all.push(Followed { depth, record });
        }
    }
    all
}
