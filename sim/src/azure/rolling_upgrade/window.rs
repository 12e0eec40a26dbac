//! An upgrade that Azure began waits for the next maintenance window between two batches.
//!
//! Rules: OS-14, `os_upgrade.window_end`. When the windows are is known to `os_upgrade`.

use super::{Kind, State, next_batch};
use crate::azure::os_upgrade;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, OsUpgradeFact, StartedBy, WaitsFor};
use crate::world::ids::SetId;

/// Whether an upgrade of a set runs.
#[must_use]
pub fn runs(world: &World, set: SetId) -> bool {
    world.rolling_upgrade.running(set).is_some()
}

/// Whether the upgrade of a set waits for its window.
#[must_use]
pub fn is_held(state: &State, set: SetId) -> bool {
    state.running(set).is_some_and(|upgrade| upgrade.held)
}

/// Before a further batch: the window may be over, and then the upgrade waits. Says whether it does.
pub(super) fn hold(world: &mut World, cx: &mut Cx<'_>, set: SetId) -> bool {
    let Some(upgrade) = world.rolling_upgrade.running_mut(set) else { return false };
    let Kind::Image { image, .. } = upgrade.kind else { return false };
    if upgrade.by != StartedBy::Platform || upgrade.batches == 0 || !os_upgrade::holds(cx, set) {
        return false;
    }
    (upgrade.pausing, upgrade.held) = (true, true);
    upgrade.epoch += 1;
    let waits = OsUpgradeFact::Waits { set, image, why: WaitsFor::Window };
    upgrade.entry = cx.record(Fact::OsUpgrade(waits), upgrade.entry, rules::OS_14);
    true
}

// Verbs.

/// The window of an upgrade that waits for it opens: it goes on. Says whether there is one.
pub fn go_on(world: &mut World, cx: &mut Cx<'_>, set: SetId) -> bool {
    let Some(upgrade) = world.rolling_upgrade.running_mut(set).filter(|upgrade| upgrade.held) else { return false };
    upgrade.held = false;
    upgrade.entry = cx.record(Fact::OsUpgrade(OsUpgradeFact::WindowOpened { set }), upgrade.entry, rules::OS_14);
    next_batch(world, cx, set);
    true
}
