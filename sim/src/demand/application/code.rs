//! The code on an instance: what is on its disk, what is installed, and what is wrong with it.

use super::Truth;
use crate::azure::instances;
use crate::plan::{Code, Degrades};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::Fact;
use crate::world::ids::{Entry, ImageId, InstanceId};

/// What becomes of what runs on an instance after a while: of its code, or of its image.
pub(super) fn degrades(cx: &Cx<'_>, truth: &Truth) -> Option<Degrades> {
    cx.plan.application.flaw(truth.code).degrades.or(cx.plan.images[truth.image.index()].degrades)
}

/// The dependencies that an instance can use now, as bits.
pub(super) fn reachable(world: &World, cx: &Cx<'_>, instance: InstanceId) -> u32 {
    let truth = &world.application.truths[instance.index()];
    let image = &cx.plan.images[truth.image.index()];
    let flaw = cx.plan.application.flaw(truth.code);
    let lost = degrades(cx, truth).filter(|_| truth.degraded).map_or(0, |degrades| degrades.cannot);
    let cut = instances::cut_by_extensions(world, cx.plan, instance);
    world.application.up & !image.cannot & !flaw.cannot & !lost & !cut
}

/// Why something on an instance cannot reach all of these dependencies: the entry at which the first of them went down, or what is given
/// where the instance itself cannot reach it. `None` where it reaches them all (WT-21).
#[must_use]
pub fn lacks(world: &World, cx: &Cx<'_>, instance: InstanceId, needs: u32, otherwise: Entry) -> Option<Entry> {
    let missing = needs & !reachable(world, cx, instance);
    if missing == 0 || !cx.on(rules::WT_21) {
        return None;
    }
    let fell = world.application.fell.get(missing.trailing_zeros() as usize).copied().flatten();
    Some(fell.filter(|_| missing & !world.application.up != 0).unwrap_or(otherwise))
}

/// What is on the OS disk of an instance: the code, and whether its process starts with the system.
#[must_use]
pub fn disk(world: &World, instance: InstanceId) -> (Option<Code>, bool) {
    let truth = &world.application.truths[instance.index()];
    (truth.code, truth.set_up)
}

/// Whether the process of an instance starts with its system.
#[must_use]
pub fn is_set_up(world: &World, instance: InstanceId) -> bool {
    world.application.truths[instance.index()].set_up
}

// Verbs.

/// The instance has another OS disk, with this on it.
pub fn attach(world: &mut World, instance: InstanceId, image: ImageId, code: Option<Code>, set_up: bool) {
    let truth = &mut world.application.truths[instance.index()];
    (truth.image, truth.code, truth.set_up) = (image, code, set_up);
    truth.process_fault = super::ProcessFault::None;
}

/// Installs code on an instance.
pub fn install(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, code: Code, cause: Entry, rule: RuleId) {
    world.application.truths[instance.index()].code = Some(code);
    cx.record(Fact::CodeInstalled { instance, code }, cause, rule);
}

/// Somebody stops the process of an instance to work on it; whether there was one to stop.
pub fn pause(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) -> bool {
    let truth = &mut world.application.truths[instance.index()];
    let (was_there, started) = (truth.process() || truth.hangs(), truth.started);
    (truth.started, truth.warm) = (false, false);
    truth.epoch += 1;
    if was_there {
        cx.record(Fact::ProcessStopped { instance }, cause, rules::WT_02);
    }
    started
}

/// Users need this code from now on.
pub fn release(world: &mut World, cx: &mut Cx<'_>, code: Code, cause: Entry) {
    if !cx.on(rules::WT_11) {
        return;
    }
    world.application.required = Some(code);
    cx.record(Fact::CodeReleased { code }, cause, rules::WT_11);
}

/// A fault takes hold of a dependency, or lets it go.
pub fn set_dependency(world: &mut World, cx: &mut Cx<'_>, dependency: u16, down: bool, cause: Entry) {
    let state = &mut world.application;
    let count = &mut state.down[dependency as usize];
    let before = *count > 0;
    *count = if down { *count + 1 } else { *count - 1 };
    let after = *count > 0;
    let bit = 1 << dependency;
    if before != after && cx.on(rules::WT_04) {
        state.up = if after { state.up & !bit } else { state.up | bit };
        let fact = if after { Fact::DependencyDown { dependency } } else { Fact::DependencyUp { dependency } };
        let entry = cx.record(fact, cause, rules::WT_04);
        if after {
            world.application.fell[usize::from(dependency)] = Some(entry);
        }
    }
}
