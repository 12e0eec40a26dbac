//! Settings that are written during a run.
//!
//! Rules: AS-29. The first run of the engine after a write is through goes by what was written. What it knows of the profile that rules
//! it knows on where that is the same one; the cooldown of the last action goes on.

use super::{Due, Event, say};
use crate::engine::time::SimTime;
use crate::plan::Change;
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::AutoscaleFact;
use crate::world::ids::{ActionId, AutoscaleId, Entry};

/// A write counts from now on.
pub(super) fn counts(world: &mut World, cx: &mut Cx<'_>, action: ActionId, cause: Entry) {
    for change in &world.timeline.outcome(cx.plan, action).changes {
        let Change::Setting { setting, now } = change else { continue };
        let state = &mut world.autoscale.settings[usize::from(*setting)];
        state.now = now.clone();
        if !now.enabled {
            (state.profile, state.deferred, state.held) = (None, None, None);
            state.rules.clear();
        }
        // In a world without AS-29 a setting that is written begins anew.
        if !cx.on(rules::AS_29) {
            state.cooldown = None;
        }
        say(cx, AutoscaleFact::Written { setting: AutoscaleId(*setting) }, cause, rules::AS_29);
    }
}

// Verbs.

/// Somebody writes to settings: that counts from this instant on.
pub fn write(_: &mut World, cx: &mut Cx<'_>, action: ActionId, at: SimTime, cause: Entry) {
    cx.at(at, Due::Autoscale(Event::Written { action, cause }));
}
