//! The health wait: how long an upgraded instance may take to become healthy.
//!
//! Rules: RU-26, RU-27, RU-28, RU-41, HD-41; `rolling.health_wait_from`, `rolling.initializing_stops_clock`. Who is watched has no verdict
//! before that is over, and the five minutes run meanwhile.

use super::gate::{self, GateReading};
use super::steps::{failed, upgraded};
use super::{Event, Progress, member, watch};
use crate::azure::app_health;
use crate::azure::instances::Provisioning;
use crate::engine::time::{SimDuration, SimTime};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Failure, Health};
use crate::world::ids::{Entry, InstanceId, SetId};

/// How long an instance may take to become healthy (RU-26, OS-23).
pub const HEALTH_WAIT: SimDuration = SimDuration::from_mins(5);

/// The clock of a health wait.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wait {
    /// What is left of it.
    left: SimDuration,
    /// Since when it runs; `None` while it is paused (`rolling.initializing_stops_clock`).
    running: Option<SimTime>,
    /// It was paused for a while.
    paused: bool,
    /// The instance was once Unknown (HD-42).
    unknown: bool,
    /// It is watched until a timer of this epoch comes (RU-41).
    watched: Option<u32>,
    /// It was over while the instance was still watched.
    over: bool,
    /// Raised whenever it starts or stops.
    epoch: u32,
}

impl Wait {
    /// A wait that has not begun, in an upgrade whose timers have this epoch.
    pub(super) fn after(epoch: u32) -> Self {
        Self { epoch, ..Self::default() }
    }

    /// The same, where timers of an earlier wait may be on their way.
    pub(super) fn anew(self) -> Self {
        Self::after(self.epoch + 1)
    }
}

/// An instance was brought to the target: its wait begins.
pub(super) fn begins(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let from_batch = cx.assume(key::RollingHealthWaitFrom) == choice::RollingHealthWaitFrom::BatchStarted;
    let set = world.instances.rows[instance.index()].set;
    let now = cx.now();
    let began = world.rolling_upgrade.running(set).map_or(now, |upgrade| upgrade.batch_began);
    let Some(member) = member(world, instance) else { return };
    (member.progress, member.entry) = (Progress::Waiting, cause);
    member.wait.left = if from_batch { HEALTH_WAIT.less(now.since(began)) } else { HEALTH_WAIT };
    (member.wait.paused, member.wait.unknown, member.wait.over) = (false, false, false);
    let watch = watch::length(world, cx, instance);
    if watch > SimDuration::ZERO
        && let Some(member) = self::member(world, instance)
    {
        member.wait.epoch += 1;
        let epoch = member.wait.epoch;
        member.wait.watched = Some(epoch);
        cx.after(watch, Due::RollingUpgrade(Event::WatchEnds { instance, epoch }));
    }
    look(world, cx, instance, cause);
}

/// An instance was watched long enough: the verdict is what it is now, and who is not healthy has what is left of the wait.
pub(super) fn was_watched(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, epoch: u32) {
    let reading = gate::reading(world, cx, instance);
    let Some(member) = member(world, instance) else { return };
    if member.progress != Progress::Waiting || member.wait.watched != Some(epoch) {
        return;
    }
    member.wait.watched = None;
    let (over, entry) = (member.wait.over, member.entry);
    let lost = world.instances.rows[instance.index()].state == Provisioning::Failed && cx.on(rules::OS_29);
    if reading == GateReading::Healthy {
        upgraded(world, cx, instance, rules::RU_41);
    } else if lost {
        failed(world, cx, instance, Failure::ProvisioningFailed, rules::RU_41);
    } else if over {
        failed(world, cx, instance, Failure::NotHealthyInTime, rules::RU_41);
    } else {
        look(world, cx, instance, entry);
    }
}

/// Looks at the health of an instance that waits.
pub(super) fn look(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let now = cx.now();
    let reading = gate::reading(world, cx, instance);
    let stops = cx.on(rules::RU_28) && cx.assume(key::RollingInitializingStopsClock);
    let unknown = app_health::state(world, instance) == Some(Health::Unknown);
    let Some(member) = member(world, instance) else { return };
    member.entry = cause;
    if member.wait.watched.is_none() && (reading == GateReading::Healthy || !cx.on(rules::RU_27)) {
        let rule = match () {
            () if member.wait.unknown => rules::HD_42,
            () if member.wait.paused => rules::RU_28,
            () => rules::RU_27,
        };
        upgraded(world, cx, instance, rule);
        return;
    }
    let wait = &mut member.wait;
    wait.unknown |= unknown;
    if wait.over {
        return;
    }
    if unknown && !cx.on(rules::HD_42) {
        // A world in which nobody waits for who is Unknown.
        failed(world, cx, instance, Failure::NotHealthyInTime, rules::RU_26);
        return;
    }
    match (reading == GateReading::Initializing && stops, wait.running) {
        (true, Some(since)) => {
            (wait.left, wait.running, wait.paused) = (wait.left.less(now.since(since)), None, true);
            wait.epoch += 1;
        }
        (true, None) => wait.paused = true,
        (false, Some(_)) => {}
        (false, None) => {
            wait.running = Some(now);
            wait.epoch += 1;
            let (left, epoch) = (wait.left, wait.epoch);
            if cx.on(rules::RU_26) {
                cx.after(left, Due::RollingUpgrade(Event::WaitEnds { instance, epoch }));
            }
        }
    }
}

/// The wait is over, and the instance is not healthy.
pub(super) fn ends(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, epoch: u32) {
    let Some(member) = member(world, instance) else { return };
    if member.progress == Progress::Waiting && member.wait.epoch == epoch {
        if member.wait.watched.is_some() {
            member.wait.over = true;
            return;
        }
        let rule = if member.wait.paused { rules::RU_28 } else { rules::RU_26 };
        failed(world, cx, instance, Failure::NotHealthyInTime, rule);
    }
}

/// Where the ledger says that the first unhealthy instance of a set is so.
pub(super) fn first_unhealthy(world: &World, cx: &mut Cx<'_>, set: SetId) -> Option<Entry> {
    let all = &world.scale_set.sets[set.index()].instances;
    let first = all.iter().copied().find(|&instance| gate::reading(world, cx, instance) == GateReading::Unhealthy)?;
    app_health::reported_at(world, first)
}
