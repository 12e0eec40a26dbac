//! What an operator asks of instances: by their ids, or of the set as a whole.
//!
//! Rules: IP-02, LC-08, OR-21, SI-12, SP-17, SP-19, TN-09. A call on the set spares those that are protected from it; a call by
//! ids does not. Which instances share a zone or a rack an operator looks up first, so that is a call by ids too.

use super::{Occurrence, targets};
use crate::azure::instances::{self, Off, Provisioning};
use crate::azure::{maintenance, scale_set, spot};
use crate::plan::{OrchestrationMode, PowerAct, Which};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Call, CallRefusal, Deletion, Fact, OperatorFact};
use crate::world::ids::{Entry, InstanceId, SetId};

/// The ids that a call names of a set and that no instance has which stands; those that could not be deleted can be deleted again.
fn unknown(world: &World, set: SetId, which: &Which, stuck_too: bool) -> Vec<u32> {
    let named: &[u32] = match which {
        Which::One(ordinal) => std::slice::from_ref(ordinal),
        Which::Ordinals(ordinals) => ordinals,
        Which::All | Which::In { .. } | Which::Drawn | Which::Share(_) => &[],
    };
    let rows = &world.instances.rows;
    let present = |ordinal: u32| {
        let is = |instance: &InstanceId| rows[instance.index()].ordinal == ordinal;
        world.scale_set.sets[set.index()].instances.iter().any(is)
            || stuck_too && scale_set::stuck(world, set).iter().any(is)
    };
    let once = |place: usize, ordinal: u32| !named[..place].contains(&ordinal);
    let unknown =
        named.iter().copied().enumerate().filter(|&(place, ordinal)| once(place, ordinal) && !present(ordinal));
    unknown.map(|(_, ordinal)| ordinal).collect()
}

/// The instances that a call is about, or nobody where it is refused: a Uniform set refuses a call that names an id which it does
/// not have (OR-21); in a Flexible one each machine is called by itself.
pub(super) fn named(
    world: &World,
    cx: &mut Cx<'_>,
    (set, which): (SetId, &Which),
    (call, key): (Call, u64),
    cause: Entry,
) -> Vec<InstanceId> {
    let stuck_too = call == Call::Machine(PowerAct::Delete);
    let unknown = if cx.on(rules::OR_21) { unknown(world, set, which, stuck_too) } else { Vec::new() };
    for &ordinal in &unknown {
        let why = CallRefusal::NoSuchInstance;
        cx.record(Fact::Operator(OperatorFact::Refused { set, ordinal, call, why }), cause, rules::OR_21);
    }
    let uniform = cx.plan.sets[set.index()].mode == OrchestrationMode::Uniform;
    if uniform && !unknown.is_empty() { Vec::new() } else { targets::pick(world, cx, set, which, key) }
}

/// An operator calls the machines of a set.
pub(super) fn call(
    world: &mut World,
    cx: &mut Cx<'_>,
    of: Occurrence,
    (set, which, how): (SetId, &Which, PowerAct),
    cause: Entry,
) {
    let named = named(world, cx, (set, which), (Call::Machine(how), of.key(cx)), cause);
    if how == PowerAct::Delete {
        delete(world, cx, (set, which), &named, cause);
        return;
    }
    let of_set = *which == Which::All;
    if of_set && how == PowerAct::Start {
        spot::start_set(world, cx, set, &named, cause);
        return;
    }
    // Where maintenance waits for none of the set, the call is refused, as one on an instance is (recorded, 409, n=8).
    let asks = of_set && how == PowerAct::PerformMaintenance;
    let idle = asks && !named.iter().any(|instance| maintenance::waits(world, *instance));
    if let Some(first) = named.first().filter(|_| idle) {
        refuse(world, cx, *first, (Call::Machine(how), CallRefusal::NoMaintenance), (rules::WT_01, cause));
        return;
    }
    for instance in named {
        let row = &world.instances.rows[instance.index()];
        let spares = of_set && row.protection.from_scale_set_actions && how != PowerAct::Start;
        if spares && cx.on(rules::IP_02) {
            cx.record(Fact::Operator(OperatorFact::Spared { instance, how }), cause, rules::IP_02);
        } else {
            one(world, cx, instance, (how, of_set), cause);
        }
    }
}

/// What is asked of one instance. A call on the set passes over those for which it means nothing.
fn one(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (how, of_set): (PowerAct, bool), cause: Entry) {
    let row = world.instances.rows[instance.index()];
    let needs_power = matches!(how, PowerAct::Restart | PowerAct::Reimage | PowerAct::ReimageAll | PowerAct::Redeploy);
    if needs_power && row.state == Provisioning::Deallocated {
        if !of_set {
            refuse(world, cx, instance, (Call::Machine(how), CallRefusal::NotRunning), (rules::WT_01, cause));
        }
        return;
    }
    match how {
        PowerAct::Deallocate => instances::deallocate(world, cx, instance, Off::GivenBack, rules::WT_01, cause),
        PowerAct::PowerOff => instances::deallocate(world, cx, instance, Off::Stopped, rules::WT_01, cause),
        PowerAct::Start => spot::start(world, cx, instance, cause),
        PowerAct::Restart => maintenance::restart(world, cx, instance, cause),
        PowerAct::Redeploy => maintenance::redeploy(world, cx, instance, cause),
        PowerAct::Reimage | PowerAct::ReimageAll => scale_set::reimage(world, cx, instance, rules::WT_01, cause),
        PowerAct::PerformMaintenance => {
            if !maintenance::perform(world, cx, instance, cause) && !of_set {
                refuse(world, cx, instance, (Call::Machine(how), CallRefusal::NoMaintenance), (rules::WT_01, cause));
            }
        }
        PowerAct::Delete => unreachable!("instances are deleted together"),
    }
}

/// `deleteInstances`: these go, protected or not, and the capacity falls by as many (SI-12); what could not be deleted before is
/// deleted again (LC-08).
fn delete(world: &mut World, cx: &mut Cx<'_>, (set, which): (SetId, &Which), named: &[InstanceId], cause: Entry) {
    let ordinals: &[u32] = match which {
        Which::One(ordinal) => std::slice::from_ref(ordinal),
        Which::Ordinals(ordinals) => ordinals,
        Which::All | Which::In { .. } | Which::Drawn | Which::Share(_) => &[],
    };
    let rows = &world.instances.rows;
    let stuck = scale_set::stuck(world, set).iter().copied();
    let again: Vec<InstanceId> = stuck.filter(|instance| ordinals.contains(&rows[instance.index()].ordinal)).collect();
    if !named.is_empty() || !again.is_empty() {
        scale_set::delete_named(world, cx, set, (named, &again), (Deletion::ByHand, rules::SI_12), cause);
    }
}

/// `simulateEviction`, which only a Spot instance has (SP-17, SP-19).
pub(super) fn simulate(
    world: &mut World,
    cx: &mut Cx<'_>,
    of: Occurrence,
    (set, which): (SetId, &Which),
    cause: Entry,
) {
    for instance in named(world, cx, (set, which), (Call::SimulateEviction, of.key(cx)), cause) {
        if world.instances.rows[instance.index()].spot {
            spot::simulate(world, cx, instance, cause);
        } else if cx.on(rules::SP_19) {
            refuse(world, cx, instance, (Call::SimulateEviction, CallRefusal::NotSpot), (rules::SP_19, cause));
        }
    }
}

fn refuse(
    world: &World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    (call, why): (Call, CallRefusal),
    (rule, cause): (RuleId, Entry),
) {
    let row = &world.instances.rows[instance.index()];
    let (set, ordinal) = (row.set, row.ordinal);
    cx.record(Fact::Operator(OperatorFact::Refused { set, ordinal, call, why }), cause, rule);
}
