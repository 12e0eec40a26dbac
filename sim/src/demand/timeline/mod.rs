//! What the scenario says happens: what operators do, and what goes wrong, at its instant or at random.
//!
//! Rules: WT-01, WT-04, WT-05, WT-11…WT-17, LB-11. Faults that come at random are in `random.rs`, and which of a set something
//! happens to in `targets.rs`. What an action causes is keyed by its name, so that the same action in another policy meets the
//! same draws. What is wrong with the platform meanwhile is the room `faults`.

mod guest;
mod operator;
mod random;
mod steps;
mod targets;
mod versions;

use crate::azure::instances::{self, Protection};
use crate::azure::spot::{self, Shut};
use crate::azure::{
    gallery, image_builder, load_balancer, maintenance, os_upgrade, repairs, rolling_upgrade, zone_balance, zones,
};
use crate::delivery::{environments, octopus, pipeline};
use crate::demand::{application, faults};
use crate::engine::queue::Key;
use crate::engine::random::name;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Act, Disturbance, GuestAct, SpotAct};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Call, Fact};
use crate::world::ids::{ActionId, BuilderId, Entry, FaultId, ImageId, InstanceId, PipelineId, PoolId, SetId};
use std::collections::VecDeque;
use versions::Versions;
pub use versions::write_of;

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The actions under way that took hold of instances, in their order, with each of these until it lets it go.
    held: VecDeque<(ActionId, InstanceId)>,
    /// The same of random faults, in the order in which they came.
    struck: Vec<(Source, InstanceId)>,
    versions: Versions,
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
    /// A step begins.
    Step {
        /// The entry that it is.
        action: ActionId,
        /// The entry of the ledger before which it does not begin.
        cause: Entry,
    },
    /// An act returns.
    Returns {
        /// The entry.
        action: ActionId,
        /// The ledger's entry of its beginning.
        cause: Entry,
    },
    /// A random fault comes.
    Strikes {
        /// The fault.
        fault: FaultId,
        /// Its number.
        nth: u32,
    },
    /// A random fault passes.
    Passes {
        /// The fault.
        fault: FaultId,
        /// Its number.
        nth: u32,
        /// The ledger's entry of its beginning.
        cause: Entry,
    },
}

/// Where something comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// An entry of the timeline.
    Action(ActionId),
    /// A random fault, by its number.
    Fault(FaultId, u32),
}

/// Something that happens, and how long it lasts.
#[derive(Clone, Copy, Debug)]
struct Occurrence {
    source: Source,
    length: Option<SimDuration>,
}

impl Occurrence {
    /// What its draws are keyed by: its name, and for a random fault its number.
    fn key(&self, cx: &Cx<'_>) -> u64 {
        match self.source {
            Source::Action(action) => name(&cx.plan.timeline[action.index()].name),
            Source::Fault(fault, nth) => {
                let of = name(&cx.plan.faults[fault.index()].name);
                of.wrapping_add(u64::from(nth).wrapping_mul(0x9e37_79b9_7f4a_7c15))
            }
        }
    }
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            // What ends at an instant makes way for what begins at it.
            Self::Ends { action, .. } => Key::new(time, class, action.0, 0, 0),
            Self::Passes { fault, nth, .. } => Key::new(time, class, 1 << 30 | u32::from(fault.0), 0, nth),
            Self::Begins { action } => Key::new(time, class, action.0 | 1 << 31, 1, 0),
            Self::Step { action, .. } => Key::new(time, class, action.0 | 1 << 31, 2, 0),
            Self::Returns { action, .. } => Key::new(time, class, action.0 | 1 << 31, 3, 0),
            Self::Strikes { fault, nth } => Key::new(time, class, 3 << 30 | u32::from(fault.0), 1, nth),
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
        for fault in 0..cx.plan.faults.len() {
            random::expect(cx, FaultId(fault as u16), 0, SimTime::ZERO);
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
        cx.at(at, Due::Timeline(Event::Begins { action: ActionId(index as u32) }));
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
            take(world, cx, action, Entry(1));
        }
        Event::Step { action, cause } => take(world, cx, action, cause),
        Event::Returns { action, cause } => steps::returned(cx, action, cause),
        Event::Ends { action, cause } => {
            let entry = cx.record(Fact::ActionEnded { action }, cause, rules::WT_01);
            let planned = &cx.plan.timeline[action.index()];
            let of = Occurrence { source: Source::Action(action), length: None };
            end(world, cx, of, &planned.what, entry);
        }
        Event::Strikes { fault, nth } => random::strike(world, cx, fault, nth),
        Event::Passes { fault, nth, cause } => random::pass(world, cx, (fault, nth), cause),
    }
}

/// An entry takes effect.
fn take(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    let entry = cx.record(Fact::ActionTaken { action }, cause, rules::WT_01);
    let planned = &cx.plan.timeline[action.index()];
    let of = Occurrence { source: Source::Action(action), length: length_of(&planned.what) };
    begin(world, cx, of, &planned.what, entry);
    steps::returns(world, cx, action, entry);
}

/// How long an act lasts by its own word; `None` for what is done at once, or lasts for the rest of the run.
fn length_of(act: &Act) -> Option<SimDuration> {
    match act {
        Act::DependencyDown { length, .. }
        | Act::BlockProbes { length, .. }
        | Act::Disturb { length, .. }
        | Act::SlowControlPlane { length, .. }
        | Act::WorseBoots { length, .. }
        | Act::FailDeletes { length, .. }
        | Act::Spot(SpotAct::Evict { length, .. }) => *length,
        Act::ZoneOutage(outage) => outage.length,
        Act::Guest(GuestAct::ExpirePayload { length, .. }) => *length,
        _ => None,
    }
}

/// Does what an act does, and puts its end on the queue.
fn begin(world: &mut World, cx: &mut Cx<'_>, of: Occurrence, act: &Act, cause: Entry) {
    take_effect(world, cx, of, act, cause);
    let Some(length) = of.length else { return };
    let ends = match of.source {
        _ if matches!(act, Act::Maintain(_)) => return,
        Source::Action(action) => Event::Ends { action, cause },
        Source::Fault(fault, nth) => Event::Passes { fault, nth, cause },
    };
    cx.after(length, Due::Timeline(ends));
}

/// The one match from an act to the verb that does it.
fn take_effect(world: &mut World, cx: &mut Cx<'_>, of: Occurrence, act: &Act, cause: Entry) {
    match act {
        Act::ChangeModel { set, change } => {
            let Source::Action(action) = of.source else { unreachable!("nobody changes a model at random") };
            rolling_upgrade::change_model(world, cx, SetId(*set), (action, change), cause);
        }
        Act::RefusedWrite { set, refusal } => rolling_upgrade::refuse_write(cx, SetId(*set), *refusal, cause),
        Act::UpgradeInstances { set, which } => {
            let named = operator::named(world, cx, (SetId(*set), which), (Call::Upgrade, of.key(cx)), cause);
            rolling_upgrade::upgrade_instances(world, cx, SetId(*set), &named, cause);
        }
        Act::StartUpgrade { set } => rolling_upgrade::start(world, cx, SetId(*set), cause),
        Act::StartOsUpgrade { set } => os_upgrade::start(world, cx, SetId(*set), cause),
        Act::ApproveOsUpgrade { set, which } => {
            let named = targets::pick(world, cx, SetId(*set), which, of.key(cx));
            os_upgrade::approve(world, cx, SetId(*set), &named, cause);
        }
        Act::CancelUpgrade { set } => rolling_upgrade::cancel(world, cx, SetId(*set), cause),
        Act::Protect { set, which, from_scale_in, from_scale_set_actions } => {
            let protection =
                Protection { from_scale_in: *from_scale_in, from_scale_set_actions: *from_scale_set_actions };
            let named = operator::named(world, cx, (SetId(*set), which), (Call::Protect, of.key(cx)), cause);
            for instance in named {
                instances::protect(world, cx, instance, protection, cause);
            }
        }
        Act::SetCapacity { set, capacity } => {
            zone_balance::give_way(world, cx, SetId(*set), *capacity, cause);
            rolling_upgrade::set_capacity(world, cx, SetId(*set), *capacity, of.key(cx), cause);
        }
        Act::ReleaseCode { code, pipelines } => {
            application::release(world, cx, *code, cause);
            for &pipeline in pipelines {
                pipeline::set_code(world, PipelineId(pipeline), *code);
            }
        }
        Act::Octopus(act) => octopus::act(world, cx, act, cause),
        Act::RunPipeline { pipeline } => match cx.plan.pipelines[usize::from(*pipeline)].environment {
            None => pipeline::run(world, cx, PipelineId(*pipeline), cause),
            Some(_) => environments::deploy(world, cx, PipelineId(*pipeline), cause),
        },
        Act::DependencyDown { dependency, .. } => {
            application::set_dependency(world, cx, *dependency, true, cause);
        }
        Act::BlockProbes { pool, .. } => load_balancer::block(world, cx, PoolId(*pool), true, cause),
        Act::Publish(publication) => {
            gallery::publish(world, cx, publication, rules::GA_15, cause);
        }
        Act::Exclude { image, regions, excluded } => {
            gallery::exclude(world, cx, ImageId(*image), (regions, *excluded), cause);
        }
        Act::DeleteVersion { image } => gallery::delete(world, cx, ImageId(*image), cause),
        Act::Gallery(act) => gallery::act(world, cx, act, cause),
        Act::Bake { builder, image } => image_builder::bake(world, cx, BuilderId(*builder), ImageId(*image), cause),
        Act::CancelBake { builder } => image_builder::cancel(world, cx, BuilderId(*builder), cause),
        Act::SetRepairs { set, call } => repairs::set_state(world, cx, SetId(*set), *call, cause),
        Act::Spot(act) => spot_act(world, cx, of, act, cause),
        Act::ZoneOutage(outage) => zones::lose(world, cx, of.key(cx), outage, cause),
        Act::SlowControlPlane { percent, .. } => faults::slow(world, cx, *percent, cause),
        Act::WorseBoots { set, percent, failing, .. } => {
            faults::worsen_boots(world, cx, SetId(*set), *percent, *failing, cause);
        }
        Act::FailDeletes { set, failing, .. } => faults::fail_deletes(world, cx, SetId(*set), *failing, cause),
        Act::Write(_) | Act::Steps(_) | Act::Wait(_) => {
            let Source::Action(action) = of.source else { unreachable!("nobody writes at random") };
            write(world, cx, action, act, cause);
        }
        Act::Guest(act) => {
            let Source::Action(action) = of.source else { unreachable!("nothing of this comes at random") };
            guest::begin(world, cx, action, act, cause);
        }
        Act::Power { set, which, how } => {
            operator::call(world, cx, of, (SetId(*set), which, *how), cause);
        }
        Act::Maintain(maintenance) => {
            let hosts = targets::pick(world, cx, SetId(maintenance.set), &maintenance.which, of.key(cx));
            let length = of.length.or(maintenance.length);
            maintenance::maintain(world, cx, (maintenance, of.key(cx), length), &hosts, cause);
        }
        Act::Disturb { set, which, how, .. } => {
            let mut held = std::mem::take(&mut world.timeline.scratch);
            targets::pick_into(world, cx, SetId(*set), which, |cx| of.key(cx), &mut held);
            for &instance in &held {
                world.fetch(instance);
                press(world, cx, instance, *how, true, cause);
            }
            if of.length.is_some() {
                match of.source {
                    Source::Action(action) => {
                        for &instance in &held {
                            world.timeline.held.push_back((action, instance));
                        }
                    }
                    Source::Fault(..) => {
                        world.timeline.struck.extend(held.iter().map(|&instance| (of.source, instance)));
                    }
                }
            }
            held.clear();
            world.timeline.scratch = held;
        }
    }
}

/// A write, or steps in sequence.
fn write(world: &mut World, cx: &mut Cx<'_>, action: ActionId, act: &Act, cause: Entry) {
    match act {
        Act::Write(write) => versions::write(world, cx, action, write, cause),
        Act::Steps(of) => steps::begin(cx, action, *of, cause),
        _ => {}
    }
}

/// Something happens to Spot instances.
fn spot_act(world: &mut World, cx: &mut Cx<'_>, of: Occurrence, act: &SpotAct, cause: Entry) {
    match act {
        SpotAct::Evict { set, zones, share, .. } => {
            if of.length.is_some() {
                spot::close(world, cx, SetId(*set), (zones, Shut::Shut), cause);
            }
            spot::evict_share(world, cx, SetId(*set), (zones, *share, of.key(cx)), cause);
        }
        SpotAct::Simulate { set, which } => {
            operator::simulate(world, cx, of, (SetId(*set), which), cause);
        }
        SpotAct::SetMix { set, mix } => spot::set_mix(world, cx, SetId(*set), *mix, cause),
    }
}

/// What lasted is over.
fn end(world: &mut World, cx: &mut Cx<'_>, of: Occurrence, act: &Act, cause: Entry) {
    match act {
        Act::DependencyDown { dependency, .. } => application::set_dependency(world, cx, *dependency, false, cause),
        Act::BlockProbes { pool, .. } => load_balancer::block(world, cx, PoolId(*pool), false, cause),
        Act::Disturb { how, .. } => {
            let mut let_go = std::mem::take(&mut world.timeline.scratch);
            let_go_into(world, of.source, &mut let_go);
            for &instance in &let_go {
                press(world, cx, instance, *how, false, cause);
            }
            let_go.clear();
            world.timeline.scratch = let_go;
        }
        Act::ZoneOutage(outage) => zones::regain(world, cx, of.key(cx), outage, cause),
        Act::SlowControlPlane { percent, .. } => faults::recover(world, cx, *percent, cause),
        Act::WorseBoots { set, percent, failing, .. } => {
            faults::end_boots(world, cx, SetId(*set), *percent, *failing, cause);
        }
        Act::FailDeletes { set, failing, .. } => faults::end_deletes(world, cx, SetId(*set), *failing, cause),
        Act::Guest(act) => guest::end(world, cx, act, cause),
        Act::Spot(SpotAct::Evict { set, zones, .. }) => {
            spot::close(world, cx, SetId(*set), (zones, Shut::Open), cause);
        }
        Act::Spot(_)
        | Act::Power { .. }
        | Act::SetRepairs { .. }
        | Act::Maintain(_)
        | Act::ChangeModel { .. }
        | Act::RefusedWrite { .. }
        | Act::UpgradeInstances { .. }
        | Act::StartUpgrade { .. }
        | Act::CancelUpgrade { .. }
        | Act::StartOsUpgrade { .. }
        | Act::ApproveOsUpgrade { .. }
        | Act::Protect { .. }
        | Act::SetCapacity { .. }
        | Act::ReleaseCode { .. }
        | Act::RunPipeline { .. }
        | Act::Octopus(_)
        | Act::Publish(_)
        | Act::Exclude { .. }
        | Act::DeleteVersion { .. }
        | Act::Gallery(_)
        | Act::Bake { .. }
        | Act::CancelBake { .. }
        | Act::Write(_)
        | Act::Steps(_)
        | Act::Wait(_) => {
            unreachable!("an action without a length does not end")
        }
    }
}

/// What is held to the end of something is held by what has an end.
///
/// # Panics
/// If it is not so.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (action, _) in &world.timeline.held {
        assert!(length_of(&cx.plan.timeline[action.index()].what).is_some(), "only what ends holds instances");
    }
}

/// Moves the instances that something took hold of, and that it lets go, into a list that is used again.
fn let_go_into(world: &mut World, source: Source, out: &mut Vec<InstanceId>) {
    match source {
        Source::Action(action) => {
            let held = &mut world.timeline.held;
            let first = held.partition_point(|&(other, _)| other < action);
            let end = first + held.range(first..).take_while(|&&(other, _)| other == action).count();
            out.extend(held.drain(first..end).map(|(_, instance)| instance));
        }
        Source::Fault(..) => {
            let struck = &mut world.timeline.struck;
            out.extend(struck.iter().filter(|(other, _)| *other == source).map(|&(_, instance)| instance));
            struck.retain(|(other, _)| *other != source);
        }
    }
}

fn press(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, how: Disturbance, on: bool, cause: Entry) {
    match how {
        Disturbance::ProcessDown => application::set_process(world, cx, instance, on, cause),
        Disturbance::Hang => application::set_process_fault(world, cx, instance, false, on, cause),
        Disturbance::CorruptDisk => application::set_process_fault(world, cx, instance, true, on, cause),
        Disturbance::Freeze => application::set_freeze(world, cx, instance, on, cause),
        Disturbance::Slow { by, endpoint } => {
            application::set_endpoint(world, cx, instance, (Some(by), endpoint), on, cause);
        }
        Disturbance::Unresponsive { endpoint } => {
            application::set_endpoint(world, cx, instance, (None, endpoint), on, cause);
        }
        Disturbance::Unreachable => application::set_network(world, cx, instance, on, cause),
    }
}
