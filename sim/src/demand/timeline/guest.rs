//! What goes wrong with what extensions need from outside, and in the service that upgrades sets.
//!
//! Rules: RU-39, RU-40.

use crate::azure::rolling_upgrade;
use crate::demand::faults;
use crate::plan::{ExtensionNumber, GuestAct};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::ids::{ActionId, Entry, SetId};

/// An act begins.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, action: ActionId, act: &GuestAct, cause: Entry) {
    match act {
        GuestAct::ExpirePayload { set, extension, .. } => {
            let set = SetId(*set);
            let number = number(world, cx, set, extension);
            faults::expire(world, cx, set, extension, number, cause);
        }
        GuestAct::PublishExtension { set, .. } => rolling_upgrade::publish(world, cx, (SetId(*set), action), cause),
        GuestAct::UpgradeExtensions { set } => rolling_upgrade::start_extensions(world, cx, SetId(*set), cause),
        GuestAct::FailUpgrade { set } => rolling_upgrade::fault(world, cx, SetId(*set), cause),
    }
}

/// One that lasts is over.
pub(super) fn end(world: &mut World, cx: &mut Cx<'_>, act: &GuestAct, cause: Entry) {
    let GuestAct::ExpirePayload { set, extension, .. } = act else { return };
    let set = SetId(*set);
    let number = number(world, cx, set, extension);
    faults::renew(world, cx, set, extension, number, cause);
}

/// What the ledger calls an extension of the newest model of a set, or its first where that has none of this name any more.
fn number(world: &World, cx: &Cx<'_>, set: SetId, extension: &str) -> ExtensionNumber {
    let model = world.scale_set.newest(set);
    let list = &model.profile(cx.plan, set).extensions;
    model.extension(list.iter().position(|of| of.name == extension).unwrap_or(0) as u16)
}
