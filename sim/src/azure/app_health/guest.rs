//! The extension on an instance: what is kept of it, and its coming and going.

use super::observer::Observer;
use super::report::ReportedHealth;
use super::ticking::Ticker;
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::RuleId;
use crate::world::World;
use crate::world::fact::Health;
use crate::world::ids::{ActionId, Entry, InstanceId};

/// The extension's view of its application, by either engine.
#[derive(Clone, Debug)]
pub(super) enum View {
    Counted(Observer),
    Ticked(Box<Ticker>),
}

/// What is kept of an instance: two lines of memory. What few instances have belongs in a list beside these.
#[derive(Clone, Debug, Default)]
#[repr(align(64))]
pub(super) struct Row {
    pub(super) guest: Option<Guest>,
    pub(super) reported: ReportedHealth,
}

const _: () = assert!(size_of::<Row>() <= 128);

impl Row {
    /// The extension, if it runs.
    pub(super) fn running(&self) -> Option<&Guest> {
        self.guest.as_ref().filter(|guest| !guest.off)
    }

    /// The same, to change it.
    pub(super) fn running_mut(&mut self) -> Option<&mut Guest> {
        self.guest.as_mut().filter(|guest| !guest.off)
    }

    /// Reads from both lines.
    pub(super) fn fetch(&self) -> u32 {
        self.reported.entry().0 ^ self.guest.as_ref().map_or(0, |guest| guest.epoch)
    }
}

/// The extension on an instance, and the agent that carries what it says.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    pub(super) view: View,
    /// The instant at which the clock of the guest is paused, during a freeze.
    pub(super) stopped: Option<SimTime>,
    /// How far the clock of the guest is behind.
    pub(super) behind: SimDuration,
    /// When the committed state was committed.
    pub(super) committed: SimTime,
    /// When the agent will next report a change, by the clock of the guest.
    pub(super) agent_due: Option<SimTime>,
    /// The entry that says that the committed state was committed.
    pub(super) entry: Entry,
    /// Raised when the forecast of the extension changes.
    pub(super) epoch: u32,
    /// Raised when the next turn of the agent changes.
    pub(super) agent_epoch: u32,
    /// The agent's phase within its period, in milliseconds; [`UNDRAWN`] before it was drawn.
    pub(super) agent_phase: u32,
    /// The change of the model that its settings come from; [`AT_FIRST`] for the model as the run begins.
    pub(super) settings: ActionId,
    /// The rule by which it started again; `None` for a first start, and once that was said.
    pub(super) anew: Option<RuleId>,
    /// The machine stopped, and the extension with it. What is kept tells stale timers.
    pub(super) off: bool,
}

pub(super) const UNDRAWN: u32 = u32::MAX;
const AT_FIRST: ActionId = ActionId(u32::MAX);

impl Guest {
    pub(super) fn settings(&self) -> Option<ActionId> {
        Some(self.settings).filter(|&action| action != AT_FIRST)
    }

    /// The time by the clock of the guest.
    pub(super) fn clock(&self, now: SimTime) -> SimTime {
        self.stopped.unwrap_or_else(|| now - self.behind)
    }

    pub(super) const fn committed_state(&self) -> Option<Health> {
        match &self.view {
            View::Counted(observer) => observer.committed,
            View::Ticked(ticker) => ticker.committed,
        }
    }
}

pub(super) fn guest(world: &mut World, instance: InstanceId) -> Option<&mut Guest> {
    world.app_health.rows.get_mut(instance.index())?.running_mut()
}

/// Whether the extension runs on an instance.
#[must_use]
pub fn runs(world: &World, instance: InstanceId) -> bool {
    world.app_health.rows.get(instance.index()).is_some_and(|row| row.running().is_some())
}

/// What is kept of an instance.
pub(super) fn row_of(world: &mut World, instance: InstanceId) -> &mut Row {
    let rows = &mut world.app_health.rows;
    if rows.len() <= instance.index() {
        rows.resize_with(instance.index() + 1, Row::default);
    }
    &mut rows[instance.index()]
}

/// Stops the extension, if it runs.
pub(super) fn shut(world: &mut World, instance: InstanceId) -> bool {
    let Some(guest) = guest(world, instance) else { return false };
    guest.epoch += 1;
    guest.agent_epoch += 1;
    (guest.off, guest.agent_due) = (true, None);
    true
}

pub(super) fn install(world: &mut World, instance: InstanceId, view: View, stopped: Option<SimTime>) {
    let row = world.instances.rows[instance.index()];
    let settings = world.scale_set.model(row.set, row.revision).profile.unwrap_or(AT_FIRST);
    let slot = &mut row_of(world, instance).guest;
    // What was on the queue for an earlier start is stale.
    let (epoch, agent_epoch, agent_phase) =
        slot.as_ref().map_or((0, 0, UNDRAWN), |old| (old.epoch + 1, old.agent_epoch + 1, old.agent_phase));
    *slot = Some(Guest {
        view,
        epoch,
        stopped,
        behind: SimDuration::ZERO,
        committed: SimTime::ZERO,
        entry: Entry::NONE,
        agent_due: None,
        agent_epoch,
        agent_phase,
        settings,
        anew: None,
        off: false,
    });
}
