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

const FRONT_DOOR_CLASSIC: &str = "Microsoft.Network/frontDoors";
const CDN_CLASSIC: &str = "Microsoft.Cdn/profiles/endpoints";

/// Types that are not modelled, and that are between users and a fleet or decide what it gets.
pub static TYPES: &[&str] = &[
    FRONT_DOOR_CLASSIC,
    CDN_CLASSIC,
    "Microsoft.Compute/capacityReservationGroups",
    "Microsoft.Compute/capacityReservationGroups/capacityReservations",
    "Microsoft.Compute/proximityPlacementGroups",
    "Microsoft.Compute/hostGroups",
];

/// Whether a type that is not modelled can matter.
pub fn is_type(kind: &str) -> bool {
    TYPES.iter().any(|name| name.eq_ignore_ascii_case(kind))
}

/// What a type came before that is modelled, and when Azure retires it; nothing of other types. The dates are those of the pages
/// <https://learn.microsoft.com/azure/frontdoor/classic-overview> and
/// <https://learn.microsoft.com/azure/frontdoor/front-door-cdn-comparison>.
pub fn classic(kind: &str) -> Option<&'static str> {
    let is = |name: &str| name.eq_ignore_ascii_case(kind);
    if is(FRONT_DOOR_CLASSIC) {
        return Some(
            "it is Front Door (classic), which Azure retires on 31 March 2027; Front Door Standard and Premium are modelled",
        );
    }
    is(CDN_CLASSIC).then_some(CDN)
}

const CDN: &str = "it is of a CDN from before Front Door Standard and Premium, which are modelled; \
     Azure retires the one from Microsoft (classic) on 30 September 2027";

/// The same of a profile of `Microsoft.Cdn` with this SKU: those of Front Door are modelled.
pub fn classic_profile(sku: &str) -> Option<&'static str> {
    let is_front_door = sku.to_ascii_lowercase().ends_with("_azurefrontdoor");
    (!is_front_door).then_some(CDN)
}
