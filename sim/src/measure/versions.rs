//! For how long users meet more than one release of the code.
//!
//! They meet that of an instance if new connections of theirs go to it: it is in rotation in a pool to which some of them are led now. And
//! they meet it as long as they keep a connection to it on which it answers. Of a set to which nobody ever comes, rotation counts.

use super::fleet::FleetView;
use super::requests::Requests;
use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::world::fact::{Fact, FlowFact, Record, WriteFact};
use crate::world::ids::InstanceId;

/// The releases that users meet.
#[derive(Clone, Debug)]
pub(super) struct Versions {
    /// What each instance counts for: a place in `by_code`, counted from 1; 0 if users do not meet it.
    counts: Vec<u16>,
    /// Instances that users meet, by code; the last is "no code known".
    by_code: Vec<u32>,
    /// How many releases they meet.
    met: u32,
    last: SimTime,
    mixed_ms: u64,
}

impl Versions {
    pub(super) fn new(plan: &Plan) -> Self {
        let by_code = vec![0; plan.application.releases.len() + 1];
        let counts = Vec::with_capacity(plan.initial_instances());
        Self { counts, by_code, met: 0, last: SimTime::ZERO, mixed_ms: 0 }
    }

    /// Seconds in which users met more than one release.
    pub(super) fn mixed_s(&self) -> f64 {
        self.mixed_ms as f64 / 1000.0
    }

    /// Whether they meet more than one now.
    pub(super) const fn is_mixed(&self) -> bool {
        self.met > 1
    }

    /// Time has passed until this instant.
    pub(super) fn advance(&mut self, to: SimTime) {
        if to > self.last {
            self.mixed_ms += if self.is_mixed() { to.since(self.last).ms() } else { 0 };
            self.last = to;
        }
    }

    /// An instance may count for something else now.
    #[inline]
    pub(super) fn look(&mut self, now: SimTime, fleet: &FleetView<'_>, requests: &Requests<'_>, instance: InstanceId) {
        // Without any release there is nothing to mix.
        if self.by_code.len() == 1 {
            return;
        }
        let Some(unit) = fleet.unit(instance) else { return };
        let code = || unit.code().map_or(self.by_code.len(), |code| usize::from(code) + 1);
        let to = if requests.meets(fleet, unit) { code() as u16 } else { 0 };
        let before = self.counts.get(instance.index()).copied().unwrap_or(0);
        if to != before {
            self.count(now, instance, before, to);
        }
    }

    fn count(&mut self, now: SimTime, instance: InstanceId, before: u16, to: u16) {
        self.advance(now);
        if self.counts.len() <= instance.index() {
            self.counts.resize(instance.index() + 1, 0);
        }
        self.counts[instance.index()] = to;
        if let Some(place) = before.checked_sub(1) {
            let of_code = &mut self.by_code[usize::from(place)];
            *of_code -= 1;
            self.met -= u32::from(*of_code == 0);
        }
        if let Some(place) = to.checked_sub(1) {
            let of_code = &mut self.by_code[usize::from(place)];
            self.met += u32::from(*of_code == 0);
            *of_code += 1;
        }
    }

    /// Looks at those that a record concerns, which fleet and requests have taken in. Whether users are led to an entry point where they
    /// were not before, or no longer, is said beside it.
    pub(super) fn record(&mut self, record: &Record, fleet: &FleetView<'_>, requests: &Requests<'_>, led: bool) {
        let now = record.time;
        match record.fact {
            Fact::DiskSwapped { instance, .. }
            | Fact::CodeInstalled { instance, .. }
            | Fact::InstanceDeleting { instance, .. }
            | Fact::LeftPool { instance, .. }
            | Fact::ConnectionsClosed { instance, .. }
            | Fact::Write(WriteFact::Closed { instance, .. })
            | Fact::Flow(
                FlowFact::Hung { instance, .. } | FlowFact::Resumed { instance, .. } | FlowFact::Reset { instance, .. },
            ) => self.look(now, fleet, requests, instance),
            Fact::Write(WriteFact::Led { .. } | WriteFact::Off { .. }) => self.look_at_all(now, fleet, requests),
            Fact::Flow(FlowFact::Routed { .. }) if led => self.look_at_all(now, fleet, requests),
            _ => {}
        }
    }

    fn look_at_all(&mut self, now: SimTime, fleet: &FleetView<'_>, requests: &Requests<'_>) {
        for instance in 0..fleet.instances.len() {
            self.look(now, fleet, requests, InstanceId(instance as u32));
        }
    }
}
