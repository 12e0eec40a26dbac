//! cloud-init on an instance: the machine says "provisioned" after its network stage, and packages and scripts of the custom
//! data come after that.
//!
//! Rules: EX-01, UM-09. Which custom data an instance has was settled when it was created, or last reimaged: an instance that
//! is upgraded keeps the one it had. It runs once on each new disk; what a stop of the machine broke off begins anew at the
//! next boot.

use super::{Event, Row, is_present, subject};
use crate::demand::application;
use crate::engine::random::Purpose;
use crate::engine::time::SimDuration;
use crate::plan::{Act, CustomData, Plan};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, GuestFact, Operation};
use crate::world::ids::{Entry, InstanceId};

/// cloud-init on one instance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cloud {
    /// The revision of the model whose custom data it has.
    given: u32,
    /// How often it began.
    run: u32,
    /// It is done on the disk that is in.
    done: bool,
}

/// Whether any model of a plan has custom data that does something; asked once a run.
pub(super) fn is_used(plan: &Plan) -> bool {
    plan.sets.iter().any(|set| set.profile.custom_data.is_some())
        || plan.timeline.iter().any(|action| match &action.what {
            Act::ChangeModel { change, .. } => change.profile.as_ref().is_some_and(|of| of.custom_data.is_some()),
            _ => false,
        })
}

/// What the custom data of an instance does.
pub(super) fn of<'p>(world: &World, cx: &Cx<'p>, instance: InstanceId, row: &Row) -> Option<&'p CustomData> {
    let cloud = world.instances.cloud.get(&instance)?;
    world.scale_set.model(row.set, cloud.given).profile(cx.plan, row.set).custom_data.as_ref()
}

/// Whether the process of an instance waits for custom data that has not come to its end on this disk.
pub(super) fn is_to_start(world: &World, cx: &Cx<'_>, instance: InstanceId, row: &Row) -> bool {
    let done = world.instances.cloud.get(&instance).is_none_or(|cloud| cloud.done);
    !done && of(world, cx, instance, row).is_some_and(|data| data.starts_process)
}

/// An instance is given the custom data of the model; one that is present from the start has run it.
pub(super) fn give(world: &mut World, instance: InstanceId, row: &Row) {
    if world.instances.gives_data {
        let cloud = Cloud { given: row.revision, run: 0, done: row.initial };
        world.instances.cloud.insert(instance, cloud);
    }
}

/// An instance has another disk: what is on it has run if it is the old one; the data is that of the model after a reimage.
pub(super) fn attach(world: &mut World, cx: &Cx<'_>, instance: InstanceId, row: &Row) {
    let Some(cloud) = world.instances.cloud.get_mut(&instance) else { return };
    cloud.done = row.how == Operation::Restore;
    if row.how == Operation::Reimage || !cx.on(rules::UM_09) {
        cloud.given = row.revision;
    }
}

/// The system of an instance is up: its custom data has its turn, if it has not had it on this disk.
pub(super) fn boot(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: &Row, cause: Entry) {
    let Some(data) = of(world, cx, instance, row) else { return };
    let cloud = world.instances.cloud.get_mut(&instance).expect("it was just seen");
    if cloud.done {
        return;
    }
    cloud.run += 1;
    let run = cloud.run;
    let length = cx.draw(Purpose::CustomData, subject(world, instance), run.into(), &data.duration);
    // In a world without the rule, Azure waits for it.
    let length = if cx.on(rules::EX_01) { length } else { SimDuration::ZERO };
    cx.after(length, Due::Instances(Event::CustomData { instance, run, cause }));
}

/// cloud-init comes to its end, unless its machine stopped meanwhile.
pub(super) fn done(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: &Row, (run, cause): (u32, Entry)) {
    let Some(data) = of(world, cx, instance, row) else { return };
    let who = subject(world, instance);
    let cloud = world.instances.cloud.get_mut(&instance).expect("it was just seen");
    if cloud.run != run || cloud.done || !is_present(row) || !row.booted {
        return;
    }
    cloud.done = true;
    if let Some(cause) = application::lacks(world, cx, instance, data.needs, cause) {
        cx.record(Fact::Guest(GuestFact::CustomDataFailed { instance }), cause, rules::WT_21);
        return;
    }
    if data.failure > 0.0 && cx.stream(Purpose::CustomDataFailure, who, run.into()).chance(data.failure) {
        cx.record(Fact::Guest(GuestFact::CustomDataFailed { instance }), cause, rules::EX_01);
        return;
    }
    let entry = cx.record(Fact::Guest(GuestFact::CustomDataDone { instance }), cause, rules::EX_01);
    if let Some(code) = data.installs {
        application::install(world, cx, instance, code, entry, rules::EX_01);
    }
    if data.starts_process {
        application::start(world, cx, instance, entry, rules::WT_02);
    }
}
