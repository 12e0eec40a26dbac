//! What goes wrong with what extensions need from outside, and in the service that upgrades sets.
//!
//! Rules: RU-39, RU-40.

use crate::azure::rolling_upgrade;
use crate::plan::{ExtensionNumber, GuestAct};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, GuestFact};
use crate::world::ids::{ActionId, Entry, SetId};

/// What holds guests now.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Extensions of sets whose payload cannot be had, by each entry that says so.
    expired: Vec<(SetId, String)>,
}

/// Whether an extension of a set finds what it needs gone (RU-40).
#[must_use]
pub fn is_expired(world: &World, cx: &Cx<'_>, set: SetId, extension: &str) -> bool {
    let of = |(other, name): &(SetId, String)| *other == set && name == extension;
    cx.on(rules::RU_40) && world.faults.guest.expired.iter().any(of)
}

/// An act begins.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, (action, act): (ActionId, &GuestAct), cause: Entry) {
    match act {
        GuestAct::ExpirePayload { set, extension, .. } => {
            let set = SetId(*set);
            world.faults.guest.expired.push((set, extension.clone()));
            let number = number(world, cx, set, extension);
            cx.record(Fact::Guest(GuestFact::PayloadExpired { set, extension: number }), cause, rules::RU_40);
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
    let expired = &mut world.faults.guest.expired;
    let at = expired.iter().position(|(of, name)| *of == set && name == extension).expect("what is over was begun");
    expired.remove(at);
    if !expired.iter().any(|(of, name)| *of == set && name == extension) {
        let number = number(world, cx, set, extension);
        cx.record(Fact::Guest(GuestFact::PayloadRenewed { set, extension: number }), cause, rules::RU_40);
    }
}

/// What the ledger calls an extension of the newest model of a set, or its first where that has none of this name any more.
fn number(world: &World, cx: &Cx<'_>, set: SetId, extension: &str) -> ExtensionNumber {
    let model = world.scale_set.newest(set);
    let list = &model.profile(cx.plan, set).extensions;
    model.extension(list.iter().position(|of| of.name == extension).unwrap_or(0) as u16)
}
