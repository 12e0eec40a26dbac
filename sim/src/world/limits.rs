//! A run that comes to more than it may: what it came to, and what of the plan made that.

use super::event::Class;
use crate::engine::queue::Key;
use crate::engine::time::SimTime;

/// What there is too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMany {
    /// Entries of the ledger.
    Entries,
    /// Events.
    Events,
}

/// What of a plan makes most of the work of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Faults that come at random.
    Faults,
    /// Jobs.
    Jobs,
    /// Probes of balancers and of the health extension.
    Probes,
    /// Nothing in particular: the run is long.
    Length,
}

/// A run that was stopped since it came to more than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// When.
    pub at: SimTime,
    /// What there is too much of.
    pub of: TooMany,
    /// How many there may be.
    pub most: u64,
    /// What made most of it.
    pub by: Maker,
}

/// Events by the class of their key.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally([u64; 32]);

const PROBES: [Class; 2] = [Class::Probe, Class::Health];

impl Tally {
    /// An event was handled.
    #[inline]
    pub(super) fn count(&mut self, key: Key) {
        self.0[usize::from(key.class()) % self.0.len()] += 1;
    }

    /// How many there were of a class.
    const fn of(&self, class: Class) -> u64 {
        self.0[class as usize]
    }

    /// Who made most. One event of a fault or a job brings about several of others, so an eighth of all is enough.
    pub(super) fn maker(&self) -> Maker {
        let all: u64 = self.0.iter().sum();
        let probes: u64 = PROBES.iter().map(|&class| self.of(class)).sum();
        let (faults, jobs) = (self.of(Class::Timeline), self.of(Class::Job));
        match () {
            () if faults.max(jobs) * 8 >= all && faults >= jobs => Maker::Faults,
            () if jobs * 8 >= all => Maker::Jobs,
            () if probes * 2 >= all => Maker::Probes,
            () => Maker::Length,
        }
    }
}
