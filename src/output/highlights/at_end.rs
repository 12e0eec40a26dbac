//! What goes on when a run ends, and no objective sees: repairs without end, machines of a bad version, machines that cannot
//! serve. A run that met its objective need not be well.

use crate::experiment::replay::Replay;
use std::collections::BTreeMap;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::fleet::{FleetView, InstanceView, LaneState};
use windtunnel_sim::world::fact::{Fact, Record, RepairsFact};
use windtunnel_sim::world::ids::InstanceId;

/// What goes on at the end of a run, beside its rollouts.
#[derive(Clone, Copy, Debug)]
pub struct AtEnd {
    /// Users are still harmed.
    pub is_harmed: bool,
    /// Repairs undo each other, as many so far.
    pub undone: Option<u32>,
    /// Repairs that still run.
    pub repairs: usize,
    /// Machines of a bad version, and how many of them still come up.
    pub bad: (usize, usize),
    /// Machines of a good version that cannot serve.
    pub down: usize,
    /// All machines.
    pub machines: usize,
}

impl AtEnd {
    /// What goes on at the end of a run, by what its ledger left open.
    pub(super) fn of(replay: &Replay<'_>, fleet: &FleetView<'_>, harm: OpenHarm, repairs: OpenRepairs) -> Self {
        let (undone, repairs) = repairs.finish(replay, fleet);
        Self { is_harmed: harm.0 > 0, undone, repairs, ..machines(fleet) }
    }

    /// Whether nothing does.
    pub const fn is_empty(&self) -> bool {
        !self.is_harmed && self.undone.is_none() && self.repairs == 0 && self.bad.0 == 0 && self.down == 0
    }

    /// It in words.
    pub(super) fn words(&self) -> Option<String> {
        let harm = self.is_harmed.then(|| "users are still harmed".to_owned());
        let repairs = match (self.undone, self.repairs) {
            (Some(begun), _) => Some(format!("repairs still undo each other ({begun} so far)")),
            (None, 0) => None,
            (None, 1) => Some("1 repair still runs".to_owned()),
            (None, n) => Some(format!("{n} repairs still run")),
        };
        let bad = match self.bad {
            (0, _) => None,
            (1, 0) => Some("1 machine of a bad version stands".to_owned()),
            (1, _) => Some("1 machine of a bad version still comes up".to_owned()),
            (n, 0) => Some(format!("{n} machines of a bad version stand")),
            (n, coming) if n == coming => Some(format!("{n} machines of a bad version still come up")),
            (n, 1) => Some(format!("{n} machines of a bad version stand, 1 of which still comes up")),
            (n, k) => Some(format!("{n} machines of a bad version stand, {k} of which still come up")),
        };
        let down = (self.down > 0).then(|| format!("{} of {} machines cannot serve", self.down, self.machines));
        let parts: Vec<String> = harm.into_iter().chain(repairs).chain(bad).chain(down).collect();
        let (last, rest) = parts.split_last()?;
        let list = if rest.is_empty() { last.clone() } else { format!("{} and {last}", rest.join(", ")) };
        Some(format!("at the end {list}"))
    }
}

/// At how many entry points harm has begun and is not over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OpenHarm(i64);

impl OpenHarm {
    pub(super) const fn take(&mut self, record: &Record) {
        match record.fact {
            Fact::HarmStarted { .. } => self.0 += 1,
            Fact::HarmEnded { .. } => self.0 -= 1,
            _ => {}
        }
    }
}

/// Repairs that are under way, each with what it puts in the place of its instance.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenRepairs {
    open: BTreeMap<InstanceId, Option<InstanceId>>,
    begun: u32,
    last: SimTime,
}

impl OpenRepairs {
    pub(super) fn take(&mut self, record: &Record) {
        match record.fact {
            Fact::Repairs(RepairsFact::Started { instance, .. }) => {
                self.open.insert(instance, None);
                (self.begun, self.last) = (self.begun + 1, record.time);
            }
            Fact::Repairs(RepairsFact::Replaced { instance, by }) => {
                self.open.entry(instance).and_modify(|one| *one = Some(by));
            }
            Fact::Repairs(RepairsFact::Ended { instance, .. }) => {
                self.open.remove(&instance);
            }
            _ => {}
        }
    }

    /// How many repairs there were, where they are of a loop that goes on; and how many are under way.
    fn finish(mut self, replay: &Replay<'_>, fleet: &FleetView<'_>) -> (Option<u32>, usize) {
        // What is gone and has no successor is repaired no more, though no entry says so.
        let gone = |&instance: &InstanceId| fleet.unit(instance).is_some_and(|unit| unit.is_gone());
        self.open.retain(|instance, by| by.is_some() || !gone(instance));
        let since = replay.outcome.end.since(self.last);
        let goes_on = self.begun > 1
            && replay.repair_loops().iter().any(|found| since <= found.of.period().0 + found.of.period().0);
        (goes_on.then_some(self.begun), self.open.len())
    }
}

/// Machines of a bad version, machines that cannot serve, and all that there are.
fn machines(fleet: &FleetView<'_>) -> AtEnd {
    let plan = fleet.plan();
    let present = || fleet.instances.iter().filter(|unit| !unit.is_gone() && unit.is_present());
    let is_bad = |unit: &&InstanceView| plan.images[unit.image.index()].bad || plan.application.flaw(unit.code()).bad;
    let comes = |unit: &&InstanceView| {
        matches!(unit.lane(), Some(LaneState::Creating | LaneState::Booting | LaneState::Starting))
    };
    let down = |unit: &&InstanceView| {
        matches!(unit.lane(), Some(LaneState::NotServing | LaneState::Out | LaneState::Failed)) && !is_bad(unit)
    };
    AtEnd {
        is_harmed: false,
        undone: None,
        repairs: 0,
        bad: (present().filter(is_bad).count(), present().filter(is_bad).filter(comes).count()),
        down: present().filter(down).count(),
        machines: present().count(),
    }
}
