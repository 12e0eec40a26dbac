//! `accept`: what of a resource Azure would refuse, and what is so all the same.

use super::*;

/// What is under `accept`.
pub static ACCEPTANCES: Kind = List(&acceptance::MAPPING);

object! {
    /// A state that Azure would refuse today, and that the resource is in all the same. Nothing else is loosened by it.
    mod acceptance "Acceptance";
    /// the rule by which Azure refuses it, as it stands at the end of the message: `OS-01`
    CODE: Text = required("code");
    /// why the fleet is in that state all the same; printed at the head of every run
    REASON: Text = required("reason");
}
