//! The timeline: what the operator does and what goes wrong, when the scenario says so.
//!
//! Rules: WT-01, WT-04, WT-05, WT-11, LB-11. What an action causes is keyed by its name, so that the same action in
//! another policy meets the same luck.

use crate::azure::instances::Off;
use crate::azure::instances::Protection;
use crate::azure::spot::{self, Shut};
use crate::azure::{
    gallery, image_builder, instances, load_balancer, maintenance, os_upgrade, repairs, rolling_upgrade, scale_set,
    zones,
};
use crate::delivery::pipeline;
use crate::demand::application;
use crate::engine::luck::name;
use crate::engine::queue::Key;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Disturbance, PowerAct, SpotAct, Which};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::Fact;
use crate::world::ids::{ActionId, BuilderId, Entry, ImageId, InstanceId, PipelineId, PoolId, SetId};
use std::collections::VecDeque;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The actions under way that took hold of instances, in their order, with each of these until it lets it go.
    held: VecDeque<(ActionId, InstanceId)>,
    scratch: Vec<InstanceId>,
}

/// An entry of the timeline is due.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// It begins.
    Begins {
        /// The entry.
        action: ActionId,
    },
    /// It ends.
    Ends {
        /// The entry.
        action: ActionId,
        /// The ledger's entry of its beginning.
        cause: Entry,
    },
}

impl Event {
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            // What ends at an instant makes way for what begins at it.
            Self::Ends { action, .. } => Key::new(time, class, action.0, 0, 0),
            Self::Begins { action } => Key::new(time, class, action.0 | 1 << 31, 1, 0),
        }
    }
}

impl State {
    /// Puts the timeline on the queue.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        if cx.on(rules::WT_01) {
            expect(cx, 0);
        }
        Self::default()
    }
}

/// Puts the actions of one instant of the timeline on the queue, from the first of them on. Only the next instant is ever
/// pending, so a long timeline does not make a long queue.
fn expect(cx: &mut Cx<'_>, first: usize) {
    let plan = cx.plan;
    let Some(at) = plan.timeline.get(first).map(|action| action.at).filter(|&at| at <= plan.horizon) else { return };
    for (index, _) in plan.timeline.iter().enumerate().skip(first).take_while(|(_, action)| action.at == at) {
        cx.at(at, Due::Faults(Event::Begins { action: ActionId(index as u32) }));
    }
}

/// An entry of the timeline begins or ends.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Begins { action } => {
            let next = action.index() + 1;
            if cx.plan.timeline.get(next).is_some_and(|planned| planned.at > cx.now()) {
                expect(cx, next);
            }
            let entry = cx.say(Fact::ActionTaken { action }, Entry(1), rules::WT_01);
            take_effect(world, cx, action, entry);
        }
        Event::Ends { action, cause } => {
            let entry = cx.say(Fact::ActionEnded { action }, cause, rules::WT_01);
            end(world, cx, action, entry);
        }
    }
}

/// The one match from an act of the timeline to the verb that does it.
fn take_effect(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    let planned = &cx.plan.timeline[action.index()];
    match &planned.what {
        Act::ChangeModel { set, change } => {
            rolling_upgrade::change_model(world, cx, SetId(*set), (action, change), cause);
        }
        Act::UpgradeInstances { set, which } => {
            let named = pick(world, SetId(*set), which);
            rolling_upgrade::upgrade_instances(world, cx, SetId(*set), &named, cause);
        }
        Act::StartUpgrade { set } => rolling_upgrade::start(world, cx, SetId(*set), cause),
        Act::StartOsUpgrade { set } => os_upgrade::start(world, cx, SetId(*set), cause),
        Act::ApproveOsUpgrade { set, which } => {
            let named = pick(world, SetId(*set), which);
            os_upgrade::approve(world, cx, SetId(*set), &named, cause);
        }
        Act::CancelUpgrade { set } => rolling_upgrade::cancel(world, cx, SetId(*set), cause),
        Act::Protect { set, which, from_scale_in, from_scale_set_actions } => {
            let protection =
                Protection { from_scale_in: *from_scale_in, from_scale_set_actions: *from_scale_set_actions };
            let named = pick(world, SetId(*set), which);
            for instance in named {
                scale_set::protect(world, cx, instance, protection, cause);
            }
        }
        Act::SetCapacity { set, capacity } => {
            rolling_upgrade::set_capacity(world, cx, SetId(*set), *capacity, name(&planned.name), cause);
        }
        Act::ReleaseCode { code, pipelines } => {
            application::release(world, cx, *code, cause);
            for &pipeline in pipelines {
                pipeline::set_code(world, PipelineId(pipeline), *code);
            }
        }
        Act::RunPipeline { pipeline } => pipeline::run(world, cx, PipelineId(*pipeline), cause),
        Act::DependencyDown { dependency, length } => {
            application::press_dependency(world, cx, *dependency, true, cause);
            ends_after(cx, action, *length, cause);
        }
        Act::BlockProbes { pool, length } => {
            load_balancer::block(world, cx, PoolId(*pool), true, cause);
            ends_after(cx, action, *length, cause);
        }
        Act::Publish(publication) => {
            gallery::publish(world, cx, publication, rules::GA_15, cause);
        }
        Act::Exclude { image, regions, excluded } => {
            gallery::exclude(world, cx, ImageId(*image), (regions, *excluded), cause);
        }
        Act::DeleteVersion { image } => gallery::delete(world, cx, ImageId(*image), cause),
        Act::Bake { builder, image } => image_builder::bake(world, cx, BuilderId(*builder), ImageId(*image), cause),
        Act::CancelBake { builder } => image_builder::cancel(world, cx, BuilderId(*builder), cause),
        Act::SetRepairs { set, call } => repairs::set_state(world, cx, SetId(*set), *call, cause),
        Act::Spot(act) => spot_act(world, cx, action, act, cause),
        Act::ZoneOutage(outage) => {
            zones::lose(world, cx, name(&planned.name), outage, cause);
            ends_after(cx, action, outage.length, cause);
        }
        Act::Power { set, which, how } => {
            for instance in pick(world, SetId(*set), which) {
                power(world, cx, instance, *how, cause);
            }
        }
        Act::Maintain(maintenance) => {
            let of = pick(world, SetId(maintenance.set), &maintenance.which);
            maintenance::maintain(world, cx, (action, SetId(maintenance.set)), &of, cause);
        }
        Act::Disturb { set, which, how, length } => {
            let mut held = std::mem::take(&mut world.faults.scratch);
            pick_into(world, SetId(*set), which, &mut held);
            for &instance in &held {
                world.fetch(instance);
                press(world, cx, instance, *how, true, cause);
            }
            if length.is_some() {
                world.faults.held.extend(held.iter().map(|&instance| (action, instance)));
            }
            held.clear();
            world.faults.scratch = held;
            ends_after(cx, action, *length, cause);
        }
    }
}

/// Something happens to Spot instances.
fn spot_act(world: &mut World, cx: &mut Cx<'_>, action: ActionId, act: &SpotAct, cause: Entry) {
    match act {
        SpotAct::Evict { set, zones, share, length } => {
            let born_of = name(&cx.plan.timeline[action.index()].name);
            if length.is_some() {
                spot::close(world, cx, SetId(*set), (zones, Shut::Shut), cause);
            }
            spot::evict_share(world, cx, SetId(*set), (zones, *share, born_of), cause);
            ends_after(cx, action, *length, cause);
        }
        SpotAct::Simulate { set, which } => {
            for instance in pick(world, SetId(*set), which) {
                spot::simulate(world, cx, instance, cause);
            }
        }
        SpotAct::SetMix { set, mix } => spot::set_mix(world, cx, SetId(*set), *mix, cause),
    }
}

fn power(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, how: PowerAct, cause: Entry) {
    match how {
        PowerAct::Deallocate => instances::deallocate(world, cx, instance, Off::GivenBack, rules::WT_01, cause),
        PowerAct::Start => spot::start(world, cx, instance, cause),
        PowerAct::Restart => maintenance::restart(world, cx, instance, cause),
    }
}

fn end(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    match &cx.plan.timeline[action.index()].what {
        Act::DependencyDown { dependency, .. } => application::press_dependency(world, cx, *dependency, false, cause),
        Act::BlockProbes { pool, .. } => load_balancer::block(world, cx, PoolId(*pool), false, cause),
        Act::Disturb { how, .. } => {
            let held = &world.faults.held;
            let first = held.partition_point(|&(other, _)| other < action);
            let end = held.partition_point(|&(other, _)| other <= action);
            for place in first..end {
                let (_, instance) = world.faults.held[place];
                press(world, cx, instance, *how, false, cause);
            }
            world.faults.held.drain(first..end);
        }
        Act::ZoneOutage(outage) => {
            zones::regain(world, cx, name(&cx.plan.timeline[action.index()].name), outage, cause)
        }
        Act::Spot(SpotAct::Evict { set, zones, .. }) => {
            spot::close(world, cx, SetId(*set), (zones, Shut::Open), cause);
        }
        Act::Spot(_)
        | Act::Power { .. }
        | Act::SetRepairs { .. }
        | Act::Maintain(_)
        | Act::ChangeModel { .. }
        | Act::UpgradeInstances { .. }
        | Act::StartUpgrade { .. }
        | Act::CancelUpgrade { .. }
        | Act::StartOsUpgrade { .. }
        | Act::ApproveOsUpgrade { .. }
        | Act::Protect { .. }
        | Act::SetCapacity { .. }
        | Act::ReleaseCode { .. }
        | Act::RunPipeline { .. }
        | Act::Publish(_)
        | Act::Exclude { .. }
        | Act::DeleteVersion { .. }
        | Act::Bake { .. }
        | Act::CancelBake { .. } => {
            unreachable!("an action without a length does not end")
        }
    }
}

fn ends_after(cx: &mut Cx<'_>, action: ActionId, length: Option<SimDuration>, cause: Entry) {
    if let Some(length) = length {
        cx.after(length, Due::Faults(Event::Ends { action, cause }));
    }
}

fn press(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, how: Disturbance, on: bool, cause: Entry) {
    match how {
        Disturbance::ProcessDown => application::press_process(world, cx, instance, on, cause),
        Disturbance::Hang => application::afflict(world, cx, instance, false, on, cause),
        Disturbance::CorruptDisk => application::afflict(world, cx, instance, true, on, cause),
        Disturbance::Freeze => application::press_freeze(world, cx, instance, on, cause),
    }
}

/// The instances of a set that are named so.
fn pick(world: &World, set: SetId, which: &Which) -> Vec<InstanceId> {
    let mut named = Vec::new();
    pick_into(world, set, which, &mut named);
    named
}

/// The same, into a list that is used again.
fn pick_into(world: &World, set: SetId, which: &Which, out: &mut Vec<InstanceId>) {
    let rows = &world.instances.rows;
    let standing = &world.scale_set.sets[set.index()].instances;
    let find = |ordinal: u32| of_ordinal(standing, |place| rows[standing[place].index()].ordinal, ordinal);
    match which {
        Which::All => out.extend_from_slice(standing),
        Which::One(ordinal) => out.extend(find(*ordinal)),
        Which::Ordinals(ordinals) => out.extend(ordinals.iter().filter_map(|&ordinal| find(ordinal))),
    }
}

/// The instance with this ordinal. Instances are listed in the order of creation, which is that of their ordinals, and none
/// comes twice: so it stands at the place of its ordinal, or before it by at most as many as are gone.
fn of_ordinal(standing: &[InstanceId], at: impl Fn(usize) -> u32, ordinal: u32) -> Option<InstanceId> {
    let last = standing.len().checked_sub(1)?;
    if at(last) as usize == last {
        return standing.get(ordinal as usize).copied(); // nobody is gone
    }
    let mut end = standing.len().min(ordinal as usize + 1);
    let mut start = end.checked_sub(1)?;
    let mut step = 1;
    while at(start) > ordinal {
        end = start;
        if start == 0 {
            return None;
        }
        start = start.saturating_sub(step);
        step *= 2;
    }
    while start + 1 < end {
        let middle = usize::midpoint(start, end);
        *(if at(middle) > ordinal { &mut end } else { &mut start }) = middle;
    }
    (at(start) == ordinal).then(|| standing[start])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every list that is left of eight instances, and every ordinal, against a search from one end to the other.
    #[test]
    fn an_instance_is_found_by_its_ordinal_whoever_else_is_gone() {
        for left in 0_u32..1 << 8 {
            let standing: Vec<InstanceId> = (0..8).filter(|at| left & 1 << at != 0).map(InstanceId).collect();
            for ordinal in 0..10 {
                let found = of_ordinal(&standing, |place| standing[place].0, ordinal);
                assert_eq!(
                    found,
                    standing.iter().copied().find(|instance| instance.0 == ordinal),
                    "{left:b}, {ordinal}"
                );
            }
        }
    }
}
