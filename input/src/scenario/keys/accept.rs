//! `accept`: what of a resource Azure would refuse, and what is so all the same.

use super::super::shape::{Kind, Need, Object};
use super::key;
use Kind::Text;
use Need::Required;

/// What stands under `accept`.
pub static ACCEPTANCES: Kind = Kind::List(&Kind::Object(&ACCEPTANCE));

/// A state that is accepted.
pub static ACCEPTANCE: Object = Object {
    name: "Acceptance",
    doc: "A state that Azure would refuse today, and that the resource is in all the same. Nothing else is loosened by it.",
    one_of: &[],
    entries: &[
        key(
            "code",
            Text,
            Required,
            "the rule by which Azure refuses it, as it stands at the end of the message: `OS-01`",
        ),
        key("reason", Text, Required, "why the fleet is in that state all the same; printed at the head of every run"),
    ],
};
