//! A machine of a standby pool becomes an instance: what was done to it there need not be done again.
//!
//! Rules: SB-03, SB-05, IX-05. It joins its pools and is watched like any new instance. A machine that runs is there as soon as
//! it was moved, one that was hibernated goes on where it was, and one that was deallocated is started and boots; no extension
//! runs again.

use super::{Event, NewInstance, Provisioning, Row, add, join_pools, making, place_spot, profile, size, update};
use crate::azure::app_health;
use crate::azure::standby::Machine;
use crate::demand::{application, faults};
use crate::engine::random::Purpose;
use crate::plan::StandbyState;
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, Operation, PlaceFact};
use crate::world::ids::{Entry, InstanceId};

/// Makes an instance of a machine of the standby pool of its set.
///
/// # Panics
/// If the set has no pool.
pub fn adopt(world: &mut World, cx: &mut Cx<'_>, new: &NewInstance, machine: Machine, cause: Entry) -> InstanceId {
    let state = cx.plan.sets[new.set.index()].upkeep.standby.as_ref().expect("it comes from a pool").state;
    let newest = world.scale_set.revision(new.set);
    let _ = (machine.revision != newest).then(|| cx.assume(key::StandbyOnModelChange));
    let older = machine.revision != newest && cx.on(rules::IX_05);
    let (image, revision) = match cx.on(rules::IX_05) {
        true => (machine.image, machine.revision),
        // A world in which a machine is brought to the model as it joins.
        false => (new.image, newest),
    };
    let instance = add(world, cx, &NewInstance { image, ..*new }, Provisioning::Creating);
    let row = &mut world.instances.rows[instance.index()];
    (row.revision, row.came_from, row.how, row.fresh) = (revision, revision, Operation::Start, false);
    let row = *row;
    let (set, at) = (new.set, new.at);
    let from_zone = !cx.plan.sets[set.index()].zones.is_empty();
    let created = if from_zone { rules::SB_04 } else { rules::SB_03 };
    let entry = cx.record(Fact::InstanceCreated { instance, set, image, at, surges: false }, cause, created);
    let taken = match state {
        _ if older => rules::IX_05,
        StandbyState::Running => rules::SB_05,
        StandbyState::Deallocated | StandbyState::Hibernated => rules::SB_03,
    };
    let taken_as = PlaceFact::StandbyTaken { set, machine: machine.number, instance };
    let entry = cx.record(Fact::Place(taken_as), entry, taken);
    place_spot(cx, instance, new, entry);
    size::say(world, cx, instance, 0, entry);
    application::attach(world, instance, image, cx.plan.images[image.index()].code, true);
    let installed = profile(world, cx, &row).extensions.iter().rev().find_map(|extension| extension.installs);
    if let Some(code) = installed {
        application::install(world, cx, instance, code, entry, rules::SB_03);
    }
    join_pools(world, cx, instance, set, entry);
    app_health::expect(world, cx, instance, entry);
    let length = match state {
        StandbyState::Running => cx.assume(key::StandbyAttach),
        StandbyState::Hibernated => cx.assume(key::StandbyResume),
        StandbyState::Deallocated => {
            let who = world.application.subject(instance);
            let call = cx.stream(Purpose::CreateCall, who, 0);
            making::length(cx, row.set, call, cx.stream(Purpose::Provision, who, 0))
        }
    };
    if state != StandbyState::Deallocated {
        world.instances.awake.insert(instance);
    }
    let length = faults::stretched(world, cx, length);
    cx.after(length, Due::Instances(Event::Running { instance, epoch: row.epoch, cause: entry }));
    instance
}

/// A machine whose process was up before is in the set.
pub(super) fn arrive(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, cause: Entry) {
    application::power_on(world, instance);
    let entry = cx.record(Fact::InstanceRunning { instance }, cause, rules::LC_02);
    world.instances.rows[instance.index()].booted = true;
    let entry = cx.record(Fact::InstanceBooted { instance }, entry, rules::SB_03);
    application::carry_on(world, cx, instance, entry, rules::SB_03);
    update::resume(world, cx, instance, &row, entry);
}
