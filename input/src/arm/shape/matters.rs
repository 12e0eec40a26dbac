//! What of Azure can matter to a rollout although nothing here acts on it.
//!
//! Every key of a modelled type is in one of three lists. *Acted on*: its table declares it with `pub`. *Ignored*: its table calls it
//! `kept` or `known`; it cannot change what a rollout does. *Warned about*: its table says how it `matters`. `tests/arm_keys.rs` walks
//! the models of Azure's own libraries and fails for a key in no list.

/// A key that can matter, and the values by which it does not.
#[derive(Debug)]
pub struct Matters {
    /// The key.
    pub key: &'static str,
    /// Values that say no more than the absence of the key.
    pub unless: &'static [&'static str],
    /// What is not acted on, after “not acted on: ”; of a resource of which a scenario says it elsewhere, where, or why it cannot.
    pub why: &'static str,
}

pub(super) const fn matters(key: &'static str, unless: &'static [&'static str], why: &'static str) -> Matters {
    Matters { key, unless, why }
}

/// Types that are not modelled, and that are between users and a fleet or decide what it gets.
pub static TYPES: &[&str] = &[
    "Microsoft.Network/frontDoors",
    "Microsoft.Compute/capacityReservationGroups",
    "Microsoft.Compute/capacityReservationGroups/capacityReservations",
    "Microsoft.Compute/proximityPlacementGroups",
    "Microsoft.Compute/hostGroups",
];

/// Whether a type that is not modelled can matter.
pub fn is_type(kind: &str) -> bool {
    TYPES.iter().any(|name| name.eq_ignore_ascii_case(kind))
}
