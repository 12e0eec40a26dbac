//! Automatic extension upgrades: a publisher brings out a release, and Azure puts it on the sets that take such, whoever
//! scheduled nothing.
//!
//! Rules: OS-33, UM-11, MS-07, RS-13. The gates, the batches and the wait are those of any upgrade, whatever the mode of the set is;
//! nothing is restarted, and an instance that does not become healthy gets the release back that it had.
//! When a release reaches a set, a month or two after it was published, is what the timeline says. Left out: that Azure tries
//! again by itself.

use super::{Event, Kind, Start, Walk, begin};
use crate::azure::instances;
use crate::engine::time::SimDuration;
use crate::plan::{RollingPolicy, UpgradeMode};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Conflict, Fact, GuestFact, RolloutFact, StartedBy};
use crate::world::ids::{ActionId, Entry, SetId};

/// What publishers have brought out for a set.
#[derive(Clone, Debug, Default)]
pub(super) struct Releases {
    /// Every release, the latest last.
    pub(super) published: Vec<ActionId>,
    /// Those that the set is still to be brought to, each with the entry that says so.
    later: Vec<(ActionId, StartedBy, Entry)>,
    /// The next look at them is on the queue already: several upgrades may end at one instant.
    timed: bool,
}

/// An upgrade of a set is over: what waited for that comes next.
pub(super) fn over(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    let releases = &mut world.rolling_upgrade.releases[set.index()];
    if !releases.later.is_empty() && !std::mem::replace(&mut releases.timed, true) {
        cx.after(SimDuration::ZERO, Due::RollingUpgrade(Event::ReleaseIsDue { set }));
    }
}

/// The next look at what waited.
pub(super) fn due(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    world.rolling_upgrade.releases[set.index()].timed = false;
    next(world, cx, set);
}

/// The policy of an upgrade of extensions: in mode Manual the defaults were recorded, whatever the set has (UM-11).
fn policy(world: &World, cx: &mut Cx<'_>, set: SetId) -> (RollingPolicy, RuleId) {
    let of = world.scale_set.sets[set.index()].upgrade;
    let reading = cx.assume(key::ExtensionUpgradePolicy);
    let own = match reading {
        choice::ExtensionUpgradePolicy::ByMode => of.mode == UpgradeMode::Rolling,
        choice::ExtensionUpgradePolicy::Default => false,
        choice::ExtensionUpgradePolicy::RollingPolicy => true,
    };
    let own = if cx.on(rules::UM_11) { own } else { !own };
    let default = RollingPolicy { max_surge: of.rolling.max_surge, ..RollingPolicy::default() };
    match own {
        false if of.rolling != default => (default, rules::UM_11),
        _ => (of.rolling, rules::OS_33),
    }
}

/// Brings a set to the release that is due, unless an upgrade runs.
fn next(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    if world.rolling_upgrade.running(set).is_some() {
        return;
    }
    let later = &mut world.rolling_upgrade.releases[set.index()].later;
    if later.is_empty() {
        return;
    }
    let (action, by, cause) = later.remove(0);
    let (policy, rule) = policy(world, cx, set);
    let rule = if by == StartedBy::Extensions { rules::RS_13 } else { rule };
    let start = Start { by, policy, rule, walk: Walk::Behind };
    begin(world, cx, set, Kind::Extension { action }, start, cause);
}

// Verbs.

/// A publisher brings out a release of an extension, which reaches this set now.
pub fn publish(world: &mut World, cx: &mut Cx<'_>, (set, action): (SetId, ActionId), cause: Entry) {
    let (name, _) = instances::published(cx.plan, action);
    let takes = world.scale_set.newest(set).profile(cx.plan, set).extensions.iter();
    let automatic = takes.clone().any(|extension| extension.name == name && extension.automatic);
    let entry = cx.record(Fact::Guest(GuestFact::ReleasePublished { set, action }), cause, rules::OS_33);
    let releases = &mut world.rolling_upgrade.releases[set.index()];
    releases.published.push(action);
    if automatic && cx.on(rules::OS_33) {
        releases.later.push((action, StartedBy::Platform, entry));
        next(world, cx, set);
    }
}

/// `extensionRollingUpgrade`: brings every instance to the newest release of each extension of the model; a set that has them is
/// walked (RS-13).
pub fn start_extensions(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    if !cx.on(rules::RS_13) {
        return;
    }
    if world.rolling_upgrade.running(set).is_some() {
        let why = Conflict::UpgradeRuns;
        cx.record(Fact::Rollout(RolloutFact::WriteRefused { set, why }), cause, rules::RS_08);
        return;
    }
    let of_set = &world.scale_set.newest(set).profile(cx.plan, set).extensions;
    let releases = &world.rolling_upgrade.releases[set.index()];
    let mut newest: Vec<ActionId> = Vec::new();
    for extension in of_set {
        let is = |action: &&ActionId| instances::published(cx.plan, **action).0 == extension.name;
        newest.extend(releases.published.iter().filter(is).max());
    }
    let instances = &world.scale_set.sets[set.index()].instances;
    newest.retain(|&action| {
        let waits = releases.later.iter().any(|&(other, ..)| other == action);
        !waits && instances.iter().any(|&instance| !instances::has_release(world, cx.plan, instance, action))
    });
    if !newest.is_empty() {
        let later = newest.into_iter().map(|action| (action, StartedBy::Extensions, cause));
        world.rolling_upgrade.releases[set.index()].later.extend(later);
        next(world, cx, set);
    } else if !instances.is_empty() && cx.assume(key::RollingCurrentSet) == choice::RollingCurrentSet::Walks {
        let (policy, _) = policy(world, cx, set);
        let start = Start { by: StartedBy::Extensions, policy, rule: rules::RS_13, walk: Walk::Everyone };
        begin(world, cx, set, Kind::Extensions, start, cause);
    }
}
