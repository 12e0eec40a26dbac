//! How evenly the instances of each set stand over its zones.

use super::Value;
use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::world::fact::{Fact, Record};
use crate::world::ids::SetId;

/// Instances by zone, and the widest gap between two zones of a set that lasted for any time.
#[derive(Clone, Debug)]
pub(super) struct Spread<'p> {
    plan: &'p Plan,
    /// Some set has several zones.
    counts: bool,
    /// The set and the zone of each instance; empty where no set has several zones.
    places: Vec<(SetId, u8)>,
    /// By set: instances in zones 1 to 3, and those in none.
    by_zone: Vec<[u32; 4]>,
    last: SimTime,
    widest: u32,
}

impl<'p> Spread<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let counts = plan.sets.iter().any(|set| set.zones.len() > 1);
        let places = Vec::with_capacity(if counts { plan.standing() } else { 0 });
        let by_zone = vec![[0; 4]; plan.sets.len()];
        Self { plan, counts, places, by_zone, last: SimTime::ZERO, widest: 0 }
    }

    pub(super) fn record(&mut self, record: &Record) {
        if !self.counts {
            return;
        }
        match record.fact {
            Fact::InstancePresent { set, at, .. } | Fact::InstanceCreated { set, at, .. } => {
                self.look(record.time);
                self.places.push((set, at.zone));
                self.by_zone[set.index()][usize::from(at.zone)] += 1;
            }
            Fact::InstanceDeleting { instance, .. } => {
                self.look(record.time);
                let (set, zone) = self.places[instance.index()];
                self.by_zone[set.index()][usize::from(zone)] -= 1;
            }
            Fact::DeletionFailed { instance, again: false, .. } => {
                self.look(record.time);
                let (set, zone) = self.places[instance.index()];
                self.by_zone[set.index()][usize::from(zone)] += 1;
            }
            _ => {}
        }
    }

    /// What stood until now stood for a while, if time has passed.
    fn look(&mut self, now: SimTime) {
        if std::mem::replace(&mut self.last, now) == now {
            return;
        }
        for (set, counts) in self.plan.sets.iter().zip(&self.by_zone).filter(|(set, _)| set.zones.len() > 1) {
            let of = || set.zones.iter().map(|&zone| counts[usize::from(zone)]);
            let gap = of().max().unwrap_or(0) - of().min().unwrap_or(0);
            self.widest = self.widest.max(gap);
        }
    }

    pub(super) fn end(&mut self, at: SimTime) {
        self.look(at);
    }

    pub(super) fn value(&self) -> Value {
        match self.counts {
            true => Value::Number(f64::from(self.widest)),
            false => Value::NotComputed("no set is spread over zones"),
        }
    }
}
