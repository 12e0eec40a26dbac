//! The keys about Spot, notices to guests, hosts, jobs and prices.

use super::super::shape::{Kind, Need, Object};
use super::distribution::PUBLISHED_RATE;
use super::rollout::INSTANCES;
use super::{DIST, SHARE, key};
use Kind::{Bool, Duration, Either, Integer, List, Number, Percent, Text, Word};
use Need::{Default, Optional, Required};

/// The market for Spot instances in a region.
pub static MARKET: Object = Object {
    name: "SpotMarket",
    doc: "How often Azure takes Spot instances of a region back, and what they cost.",
    one_of: &[],
    entries: &[
        key(
            "evictionRate",
            Either(&[Percent(99.0), Kind::Object(&PUBLISHED_RATE)]),
            Default("0%"),
            "the published eviction rate: the chance of an eviction within an hour (SP-06)",
        ),
        key("prices", List(&Kind::Object(&PRICE)), Optional, "the price of a Spot instance over time"),
    ],
};

static PRICE: Object = Object {
    name: "SpotPrice",
    doc: "The price from an instant on.",
    one_of: &[],
    entries: &[
        key("at", Duration, Required, "from when; the first from the start"),
        key("price", Number(0.0, 1_000_000.0), Required, "credits an hour, as `maxPrice` is"),
    ],
};

/// What an instance of a size costs.
pub static PRICES: Object = Object {
    name: "Prices",
    doc: "What an instance of a size costs, in credits an hour.",
    one_of: &[],
    entries: &[
        key("regular", Number(0.0, 1_000_000.0), Required, "a regular instance"),
        key("spot", Number(0.0, 1_000_000.0), Required, "a Spot instance, where `spot` states no price of its region"),
    ],
};

/// What the application does about Scheduled Events.
pub static LISTENER: Object = Object {
    name: "ScheduledEvents",
    doc: "The application asks for scheduled events, drains for them, and approves them.",
    one_of: &[],
    entries: &[
        key("pollEvery", Duration, Optional, "how often it asks; absent, the assumption `app.events_poll`"),
        key(
            "on",
            List(&Word(&["Freeze", "Reboot", "Redeploy", "Preempt", "Terminate"])),
            Default("[Preempt, Terminate]"),
            "the events it acts on: it drains, which the condition `draining` tells",
        ),
        key("adminState", Word(&["Down"]), Optional, "it writes this admin state for its backends while it drains"),
        key("approveAfter", Duration, Optional, "how long after it saw an event it approves it; absent, never"),
        key("whenIdle", Bool, Default("false"), "it approves only once no job runs on it"),
        key(
            "filtersByResources",
            Bool,
            Default("true"),
            "it passes over the events of others; without it, it drains for every event of its placement group, and approves it (SE-07)",
        ),
    ],
};

/// Long-running work.
pub static JOBS: Object = Object {
    name: "Jobs",
    doc: "Long-running work, which an instance does one at a time and loses with its machine.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set whose instances do it"),
        key("every", DIST, Required, "from one job to the next"),
        key("duration", DIST, Required, "how long a job runs"),
        key("protects", Bool, Default("false"), "an instance protects itself from scale-in while it works (IP-01)"),
    ],
};

/// Azure takes Spot capacity back.
pub static EVICT: Object = Object {
    name: "Evict",
    doc: "Azure takes Spot instances of a set back.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("zones", List(&Integer(1, 3)), Optional, "in these zones; in all where absent"),
        key("share", SHARE, Default("100%"), "this share of the Spot instances of each zone"),
        key("for", Duration, Optional, "for so long there is no Spot capacity there"),
    ],
};

/// The priority mix is written.
pub static SET_MIX: Object = Object {
    name: "SetPriorityMix",
    doc: "Write `priorityMixPolicy` of a scale set.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("baseRegularPriorityCount", Integer(0, 1000), Default("0"), "regular instances before any other"),
        key("regularPriorityPercentageAboveBase", Integer(0, 100), Default("0"), "the regular share above those"),
    ],
};

/// The platform does something to hosts.
pub static MAINTENANCE: Object = Object {
    name: "Maintenance",
    doc: "The platform maintains hosts, or has trouble with them.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key(
            "kind",
            Word(&["freeze", "liveMigration", "reboot", "hostFault", "hostDead", "storageOut", "degradedHost"]),
            Required,
            "the first three are planned, announced, and walk over the fault domains (MT-03)",
        ),
        INSTANCES,
        key("for", Duration, Optional, "how long the impact lasts; absent, what is typical of its kind"),
    ],
};
