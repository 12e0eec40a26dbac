//! Try-restore: the platform tries to bring evicted instances back, for a while (SP-13).
//!
//! How often it tries and how often that succeeds is not published (`spot.restore_*`). Only deallocated instances are brought back:
//! where an eviction deletes, the capacity fell with it, and there is no target count above it.

use super::{State, is_shut, refuses};
use crate::azure::instances::{self, Provisioning};
use crate::engine::random::{Purpose, Subject, name};
use crate::engine::time::SimTime;
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, SpotFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// An evicted instance that may come back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    instance: InstanceId,
    set: SetId,
    until: SimTime,
    cause: Entry,
}

impl State {
    fn is_tried(&self, set: SetId) -> bool {
        self.waiting.iter().any(|waiting| waiting.set == set)
    }
}

/// An instance was evicted for capacity.
pub(super) fn expect(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    let set = world.instances.rows[instance.index()].set;
    let Some(timeout) = cx.plan.sets[set.index()].spot.restore.filter(|_| cx.on(rules::SP_13)) else { return };
    if !world.spot.is_tried(set) {
        let period = cx.assume(key::SpotRestorePeriod);
        cx.after(period, Due::Spot(super::Event::Restore { set }));
    }
    world.spot.waiting.push(Waiting { instance, set, until: cx.now() + timeout, cause });
}

/// A try for every evicted instance of a set.
pub(super) fn attempt(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let chance = cx.assume(key::SpotRestoreSuccess);
    let refused = refuses(world, cx, set).is_some();
    let waiting = std::mem::take(&mut world.spot.waiting);
    let mut tried = 0;
    for one in waiting {
        let row = world.instances.rows[one.instance.index()];
        if one.set != set {
            world.spot.waiting.push(one);
            continue;
        }
        if !instances::is_present(&row) || row.state != Provisioning::Deallocated {
            continue;
        }
        if cx.now() > one.until {
            cx.record(Fact::Spot(SpotFact::RestoreEnded { instance: one.instance }), one.cause, rules::SP_13);
            continue;
        }
        let region = cx.plan.sets[set.index()].region;
        let place = name(&format!("{}/{}", cx.plan.regions[region as usize].name, row.at.zone));
        let subject = Subject { place, cause: name("restore"), ordinal: tried };
        let succeeds = cx.stream(Purpose::SpotRestore, subject, cx.now().ms()).chance(chance);
        tried += 1;
        if succeeds && !refused && !is_shut(world, region, row.at.zone) {
            instances::restore_power(world, cx, one.instance, rules::SP_13, one.cause);
        } else {
            cx.record(Fact::Spot(SpotFact::RestoreFailed { instance: one.instance }), one.cause, rules::SP_13);
            world.spot.waiting.push(one);
        }
    }
    if world.spot.is_tried(set) {
        let period = cx.assume(key::SpotRestorePeriod);
        cx.after(period, Due::Spot(super::Event::Restore { set }));
    }
}
