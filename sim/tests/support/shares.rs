//! In how many random scenarios each kind of fact comes up.

use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::world::fact::Record;

/// Scenarios by the name of the facts that came up in them.
#[derive(Debug, Default)]
pub struct Shares {
    scenarios: usize,
    met: BTreeMap<String, usize>,
    /// The name that each number of the digest stands for.
    names: BTreeMap<(u64, u64), String>,
}

impl Shares {
    /// Takes in the ledger of one scenario.
    ///
    /// # Panics
    /// If two facts have one number in the digest.
    pub fn take_in(&mut self, ledger: &[Record]) {
        self.scenarios += 1;
        let mut kinds = BTreeSet::new();
        let mut names = BTreeSet::new();
        for record in ledger {
            let [kind, _, value] = record.fact.words();
            // The facts of galleries have a number of their own within theirs.
            let kind = (kind, if kind == 109 { value & 7 } else { 0 });
            if !kinds.insert(kind) {
                continue;
            }
            let name = name(&format!("{:?}", record.fact));
            let known = self.names.entry(kind).or_insert_with(|| name.clone());
            assert_eq!(*known, name, "two facts have the number {kind:?} in the digest");
            names.insert(name);
        }
        for name in names {
            *self.met.entry(name).or_default() += 1;
        }
    }

    /// The facts that came up in fewer scenarios than this share of them, and in how many.
    pub fn rarer_than(&self, percent: f64) -> Vec<(&str, usize)> {
        let few = self.scenarios as f64 * percent / 100.0;
        self.met
            .iter()
            .filter(|&(_, &count)| (count as f64) < few)
            .map(|(name, &count)| (name.as_str(), count))
            .collect()
    }

    /// All facts that came up.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.met.keys().map(String::as_str)
    }
}

/// `Rollout.BatchBegan` of `Rollout(BatchBegan { … })`.
fn name(debug: &str) -> String {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric()).collect::<String>();
    let outer = word(debug);
    match debug[outer.len()..].strip_prefix('(') {
        Some(inner) => format!("{outer}.{}", word(inner)),
        None => outer,
    }
}
