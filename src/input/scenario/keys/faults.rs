//! The keys about what goes wrong.

use super::super::shape::{Kind, Need, Object};
use super::rollout::INSTANCES;
use super::{DIST, SHARE, key};
use Kind::{Bool, Duration, Integer, List, Text, Word};
use Need::{Default, Optional, Required};

/// How much of a region a subscription may use.
pub static QUOTA: Object = Object {
    name: "Quota",
    doc: "How many cores the subscription may use in a region; no limit where a key is absent.",
    one_of: &[],
    entries: &[
        key("total", Integer(0, 1_000_000), Optional, "of all regular instances together"),
        key("spot", Integer(0, 1_000_000), Optional, "of all Spot instances together (SP-15)"),
        key(
            "families",
            Kind::MapOf(super::Names::Of("size family, `Dasv5`,"), &Integer(0, 1_000_000)),
            Optional,
            "of the regular instances of a size family, as `Dasv5` or `standardDASv5Family`",
        ),
    ],
};

/// A dependency is down.
pub static DEPENDENCY_DOWN: Object = Object {
    name: "DependencyDown",
    doc: "A dependency is down for a while.",
    one_of: &[],
    entries: &[
        key("dependency", Text, Required, "its name"),
        key("for", Duration, Optional, "how long; to the end where absent"),
    ],
};

/// Probes get no answer.
pub static BLOCK_PROBES: Object = Object {
    name: "BlockProbes",
    doc: "The probes of a load balancer or of one pool get no answer.",
    one_of: &["loadBalancer", "pool"],
    entries: &[
        key("loadBalancer", Text, Optional, "all of its pools"),
        key("pool", Text, Optional, "one pool: its name, or balancer/pool"),
        key("for", Duration, Optional, "how long; to the end where absent"),
    ],
};

/// Something happens to instances.
pub static DISTURB: Object = Object {
    name: "Disturb",
    doc: "Something happens to some instances of a set.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        INSTANCES,
        key(
            "how",
            Word(&["processDown", "hang", "corruptDisk", "freeze"]),
            Required,
            "the process is down; it hangs until the instance is restarted; the OS disk is broken until it is another one; the \
             instance neither answers nor refuses (MT-04)",
        ),
        key("for", Duration, Optional, "how long; to the end where absent"),
    ],
};

/// Zones are lost.
pub static ZONE_OUTAGE: Object = Object {
    name: "ZoneOutage",
    doc: "Availability zones are lost for a while: their machines are silent, nothing new is placed in them, and replicas of \
          images on LRS storage there cannot be used (WT-12).",
    one_of: &[],
    entries: &[
        key("region", Text, Optional, "the region; absent, the only one in which scale sets live"),
        key("zones", List(&Integer(1, 3)), Required, "the zones"),
        key("share", SHARE, Default("100%"), "this share of the machines of each zone"),
        key("allocates", Bool, Default("false"), "new machines can be had in the zones all the same"),
        key("for", Duration, Optional, "how long; to the end where absent"),
        key("tail", DIST, Optional, "how much later than its zone each machine is back"),
    ],
};
