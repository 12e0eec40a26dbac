//! The extensions of the model, which run one after another once the operating system is up: in sequence where the model
//! says so, else in an order drawn for the instance (`extension.order`), the health extension among them.
//!
//! Rules: LC-02, LC-04, EX-02…EX-06, OP-05, RU-40, UM-10.

use super::{Event, Provisioning, Row, profile, releases, subject, update};
use crate::azure::app_health;
use crate::demand::{application, faults};
use crate::engine::random::{Purpose, Stream, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Extension, VmProfile};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, Operation};
use crate::world::ids::{Entry, InstanceId};

/// The extensions that run on an instance: those of its model, but none on surplus where the model says so (OP-05).
pub(super) fn of<'p>(world: &World, cx: &Cx<'p>, row: &Row) -> &'p [Extension] {
    let skipped = row.surplus && cx.plan.sets[row.set.index()].skip_extensions_on_surplus && cx.on(rules::OP_05);
    if skipped { &[] } else { &profile(world, cx, row).extensions }
}

/// What the draws of an extension are keyed by, beside its instance: its name, and which operation it runs in.
fn item(extension: &str, row: &Row) -> u64 {
    name(extension).wrapping_add(row.epoch.into())
}

/// Whether what is done to an instance gave it a new disk, on which its agent has never run.
const fn on_new_disk(row: &Row) -> bool {
    matches!(row.how, Operation::Create | Operation::Swap | Operation::Reimage)
}

/// How long the agent of a new Windows disk waits before it runs the first extension.
pub(in crate::azure) fn wait(cx: &mut Cx<'_>, who: Subject, item: u64) -> SimDuration {
    let wait = cx.assume(key::ExtensionWindowsWait);
    cx.draw(Purpose::AgentWait, who, item, &wait)
}

/// Begins the extension at this step, or ends the provisioning if there is none.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, from: (u16, Entry, SimTime)) {
    let (mut step, cause, since) = from;
    let of_model = profile(world, cx, &row);
    let list = of(world, cx, &row);
    let who = subject(world, instance);
    let _ = (!list.is_empty()).then(|| cx.assume(key::ExtensionOrder));
    let order = order(cx, of_model, list, &mut cx.stream(Purpose::ExtensionOrder, who, 0));
    // What the instance has already is left alone, where its disk is the same.
    let same_disk = matches!(row.how, Operation::Extensions | Operation::Restart) && !row.fresh;
    let has = |index: u16| {
        let extension = &list[index as usize];
        same_disk && update::has(world, cx, &row, extension) && !releases::moves(world, cx, instance, extension)
    };
    while order.get(step as usize).is_some_and(|&index| has(index)) {
        step += 1;
    }
    let is_up = world.instances.rows[instance.index()].booted;
    if step as usize == list.len() && !is_up {
        update::ended(world, cx, instance, Provisioning::Failed);
        return;
    }
    if step as usize == list.len() {
        let skipped = list.len() < of_model.extensions.len();
        let rule = if skipped { rules::OP_05 } else { rules::LC_02 };
        cx.record(Fact::InstanceProvisioned { instance }, cause, rule);
        update::ended(world, cx, instance, Provisioning::Succeeded);
        return;
    }
    let extension = &list[order[step as usize] as usize];
    let release = releases::coming(world, cx, (instance, &row), extension);
    let release = release.map(|action| releases::published(cx.plan, action).1);
    let duration = release.and_then(|release| release.duration.as_ref()).unwrap_or(&extension.duration);
    let length = cx.draw(Purpose::Extension, who, item(&extension.name, &row), duration);
    let health = of_model.health_extension.as_ref().is_some_and(|health| health.extension == order[step as usize]);
    let length = if health { length + cx.assume(key::HealthStart) } else { length };
    let length = extension.limit.filter(|_| cx.on(rules::EX_02)).map_or(length, |limit| length.min(limit));
    let first = step == 0 && is_up && cx.plan.sets[row.set.index()].windows && on_new_disk(&row);
    let length = if first { length + wait(cx, who, row.epoch.into()) } else { length };
    // What outlasts the budget is stopped when the budget ends (EX-06); so is what waits for a system that is not up.
    let left = (since + of_model.extensions_budget).since(cx.now()) + SimDuration::from_ms(1);
    let length = match cx.on(rules::EX_06) {
        true if is_up => length.min(left),
        false if is_up => length,
        _ => left,
    };
    if extension.stops_process || release.is_some_and(|release| release.stops_process) {
        application::pause(world, cx, instance, cause);
    }
    cx.after(length, Due::Instances(Event::Extended { instance, epoch: row.epoch, step, cause, since }));
}

/// An extension is done, failed, or ran out of the budget.
pub(super) fn done(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: Row, done: (u16, Entry, SimTime)) {
    let (step, cause, since) = done;
    let of_model = profile(world, cx, &row);
    let list = of(world, cx, &row);
    let who = subject(world, instance);
    let index = order(cx, of_model, list, &mut cx.stream(Purpose::ExtensionOrder, who, 0))[step as usize];
    let extension = &list[index as usize];
    let number = world.scale_set.model(row.set, row.revision).extension(index);
    if cx.on(rules::EX_06) && cx.now().since(since) > of_model.extensions_budget {
        cx.record(Fact::ExtensionsTimedOut { instance }, cause, rules::EX_06);
        update::ended(world, cx, instance, Provisioning::Failed);
        return;
    }
    let coming = releases::coming(world, cx, (instance, &row), extension);
    let release = coming.map(|action| releases::published(cx.plan, action).1);
    let failure = release.map_or(extension.failure, |release| release.failure);
    let fails = failure > 0.0 && cx.stream(Purpose::ExtensionFailure, who, item(&extension.name, &row)).chance(failure);
    let drawn = cx.draw(Purpose::Extension, who, item(&extension.name, &row), &extension.duration);
    let lacks = application::lacks(world, cx, instance, extension.needs, cause);
    let why = match () {
        () if lacks.is_some() => Some(rules::WT_21),
        () if faults::is_expired(world, cx, row.set, &extension.name) => Some(rules::RU_40),
        () if extension.limit.is_some_and(|limit| drawn > limit) && cx.on(rules::EX_02) => Some(rules::EX_02),
        () => fails.then_some(rules::LC_04),
    };
    if let Some(rule) = why.filter(|_| cx.on(rules::LC_04)) {
        cx.record(Fact::ExtensionFailed { instance, extension: number }, lacks.unwrap_or(cause), rule);
        update::ended(world, cx, instance, Provisioning::Failed);
        return;
    }
    let health = of_model.health_extension.as_ref().is_some_and(|health| health.extension == index);
    let rule = match () {
        () if health && !extension.after.is_empty() => rules::EX_04,
        () if row.how == Operation::Extensions && update::is_tagged_anew(world, cx, &row, extension) => rules::UM_10,
        () if row.how == Operation::Extensions => rules::EX_05,
        () => rules::EX_03,
    };
    let entry = cx.record(Fact::ExtensionDone { instance, extension: number }, cause, rule);
    releases::settle(world, cx, (instance, extension), coming, (rules::OS_33, entry));
    if health {
        app_health::start(world, cx, instance, entry, if row.fresh { Operation::Create } else { row.how });
    }
    if let Some(code) = extension.installs {
        application::install(world, cx, instance, code, entry, rules::EX_03);
    }
    let stops = extension.stops_process || release.is_some_and(|release| release.stops_process);
    if extension.starts_process || stops {
        application::start(world, cx, instance, entry, rules::WT_02);
    }
    begin(world, cx, instance, row, (step + 1, entry, since));
}

/// The order in which extensions run: each after those it is to follow, else as drawn (EX-03, `extension.order`).
fn order(cx: &Cx<'_>, of_model: &VmProfile, list: &[Extension], stream: &mut Stream) -> Vec<u16> {
    let mut drawn: Vec<u16> = (0..list.len() as u16).collect();
    if cx.plan.assumptions.get(key::ExtensionOrder) == choice::ExtensionOrder::Seeded {
        stream.shuffle(&mut drawn);
    }
    if !cx.on(rules::EX_03) {
        return drawn;
    }
    let mut order = Vec::with_capacity(list.len());
    if let (false, Some(health), false) = (cx.on(rules::EX_04), &of_model.health_extension, list.is_empty()) {
        // A world in which health waits for nothing.
        drawn.retain(|&i| i != health.extension);
        order.push(health.extension);
    }
    while order.len() < list.len() {
        let next = drawn
            .iter()
            .position(|&i| list[i as usize].after.iter().all(|before| order.contains(before)))
            .expect("cyclic sequences are refused when the plan is made");
        order.push(drawn.remove(next));
    }
    order
}
