//! Which release of an extension an instance has, where publishers bring out others during a run.
//!
//! Rules: OS-33. A new disk gets the newest; what is on an instance stays until an upgrade of the extension replaces it, so
//! that instances made at different times have different releases.

use super::update::{self, Update};
use super::{Row, is_present};
use crate::plan::{Extension, ExtensionRelease, Plan};
use crate::rules::RuleId;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, GuestFact, Operation};
use crate::world::ids::{ActionId, Entry, InstanceId};

/// The releases of one instance.
#[derive(Clone, Debug, Default)]
pub(super) struct Releases {
    /// Of each extension that has another than that of the model.
    has: Vec<ActionId>,
    /// The same on the disk that was taken out.
    before: Vec<ActionId>,
    /// The one that is being put in, or taken out again.
    moves: Option<(ActionId, Move)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    In,
    Out,
}

/// The extension and the release that an entry of the timeline publishes.
#[must_use]
pub fn published(plan: &Plan, action: ActionId) -> (&str, &ExtensionRelease) {
    plan.release(action.index())
}

/// The release of an extension on an instance; `None` for that of its model.
fn current(world: &World, plan: &Plan, instance: InstanceId, extension: &str) -> Option<ActionId> {
    let has = &world.instances.releases.get(&instance)?.has;
    has.iter().copied().find(|&action| published(plan, action).0 == extension)
}

/// Whether an instance has a release, or a later one of the same extension.
#[must_use]
pub fn has_release(world: &World, plan: &Plan, instance: InstanceId, action: ActionId) -> bool {
    current(world, plan, instance, published(plan, action).0).is_some_and(|has| has >= action)
}

/// The dependencies that what is on an instance keeps from it.
#[must_use]
pub fn cut_by_extensions(world: &World, plan: &Plan, instance: InstanceId) -> u32 {
    if world.instances.releases.is_empty() {
        return 0;
    }
    let has = world.instances.releases.get(&instance).map_or(&[][..], |releases| &releases.has);
    has.iter().fold(0, |cut, &action| cut | published(plan, action).1.cannot)
}

/// Whether an extension runs on an instance since its release is to be another.
pub(super) fn moves(world: &World, cx: &Cx<'_>, instance: InstanceId, extension: &Extension) -> bool {
    let moves = world.instances.releases.get(&instance).and_then(|releases| releases.moves);
    moves.is_some_and(|(action, _)| published(cx.plan, action).0 == extension.name)
}

/// The release that an extension has on an instance when it has run now.
pub(super) fn coming(
    world: &World,
    cx: &Cx<'_>,
    (instance, row): (InstanceId, &Row),
    extension: &Extension,
) -> Option<ActionId> {
    let newest = |before: Option<ActionId>| {
        let is = |action: &ActionId| {
            published(cx.plan, *action).0 == extension.name && before.is_none_or(|before| *action < before)
        };
        world.rolling_upgrade.published(row.set).iter().copied().filter(is).max()
    };
    let releases = world.instances.releases.get(&instance);
    match releases.and_then(|releases| releases.moves) {
        Some((action, Move::In)) if published(cx.plan, action).0 == extension.name => Some(action),
        Some((action, Move::Out)) if published(cx.plan, action).0 == extension.name => newest(Some(action)),
        _ if row.fresh => newest(None),
        _ => current(world, cx.plan, instance, &extension.name),
    }
}

/// An extension has run, and has this release now.
pub(super) fn settle(
    world: &mut World,
    cx: &mut Cx<'_>,
    (instance, extension): (InstanceId, &Extension),
    release: Option<ActionId>,
    (rule, cause): (RuleId, Entry),
) {
    let plan = cx.plan;
    let was = current(world, plan, instance, &extension.name);
    if let Some(releases) = world.instances.releases.get_mut(&instance)
        && releases.moves.is_some_and(|(action, _)| published(plan, action).0 == extension.name)
    {
        releases.moves = None;
    }
    if was == release {
        return;
    }
    let has = &mut world.instances.releases.entry(instance).or_default().has;
    has.retain(|&action| published(plan, action).0 != extension.name);
    has.extend(release);
    let set = world.instances.rows[instance.index()].set;
    let number = release.or(was).expect("one of the two is another than that of the model");
    let back = release != Some(number);
    cx.record(Fact::Guest(GuestFact::ReleaseChanged { instance, set, action: number, back }), cause, rule);
}

// Verbs.

/// What was being put in or taken out comes to nothing.
pub(super) fn forget(world: &mut World, instance: InstanceId) {
    if let Some(releases) = world.instances.releases.get_mut(&instance) {
        releases.moves = None;
    }
}

/// An instance has another disk: an old one has the releases that were on it.
pub(super) fn attach(world: &mut World, instance: InstanceId, how: Operation) {
    let Some(releases) = world.instances.releases.get_mut(&instance) else { return };
    match how {
        Operation::Restore => releases.has.clone_from(&releases.before),
        _ => releases.before.clone_from(&releases.has),
    }
}

/// Puts a release of an extension on an instance.
pub fn put_release(
    world: &mut World,
    cx: &mut Cx<'_>,
    (instance, action): (InstanceId, ActionId),
    rule: RuleId,
    cause: Entry,
) -> Entry {
    move_release(world, cx, (instance, action, Move::In), rule, cause)
}

/// Puts the release back that was there before this one.
pub fn take_release_out(
    world: &mut World,
    cx: &mut Cx<'_>,
    (instance, action): (InstanceId, ActionId),
    rule: RuleId,
    cause: Entry,
) -> Entry {
    move_release(world, cx, (instance, action, Move::Out), rule, cause)
}

fn move_release(
    world: &mut World,
    cx: &mut Cx<'_>,
    (instance, action, how): (InstanceId, ActionId, Move),
    rule: RuleId,
    cause: Entry,
) -> Entry {
    let row = world.instances.rows[instance.index()];
    assert!(is_present(&row), "what is gone has no extensions");
    world.instances.releases.entry(instance).or_default().moves = Some((action, how));
    let to = Update { how: Operation::Extensions, image: row.image, revision: row.revision };
    update::update(world, cx, instance, to, rule, cause)
}
