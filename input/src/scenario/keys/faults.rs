//! The keys about what goes wrong.

use super::super::shape::{Entry, Kind, Need, Object};
use super::distribution::OUTAGES;
use super::rollout::INSTANCES;
use super::{DIST, SHARE, key};
use Kind::{Bool, Duration, Integer, List, Number, Text, Word};
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

const HOW: Entry = key(
    "how",
    Word(&["processDown", "hang", "corruptDisk", "freeze", "slow", "unresponsive", "unreachable"]),
    Required,
    "the process is down, and its port refuses; it hangs until the instance is restarted, and takes connections meanwhile that it \
     never answers; the OS disk is broken until it is another one; the \
     instance neither answers nor refuses (MT-04); its endpoints are slow, or take connections and never answer (WT-17); no \
     packet gets to it (WT-16)",
);
const BY: Entry = key("by", Duration, Optional, "how much later a `slow` endpoint answers");
const ENDPOINT: Entry = key(
    "endpoint",
    Text,
    Optional,
    "the path that is `slow` or `unresponsive`; absent, all, and users wait for ever for what is unresponsive",
);

/// Something happens to instances.
pub static DISTURB: Object = Object {
    name: "Disturb",
    doc: "Something happens to some instances of a set.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        INSTANCES,
        HOW,
        BY,
        ENDPOINT,
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
        key(
            "published",
            Word(&OUTAGES),
            Optional,
            "as one that was published, but for what the other keys say: `for`, `tail`, `share` by `zone.outage_share`, and \
             `autoscaleSuccess` of DI-19",
        ),
        key("share", SHARE, Default("100%"), "this share of the machines of each zone"),
        key("allocates", Bool, Default("false"), "new machines can be had in the zones all the same"),
        key("for", Duration, Optional, "how long; to the end where absent"),
        key("tail", DIST, Optional, "how much later than its zone each machine is back"),
        key(
            "autoscaleSuccess",
            SHARE,
            Default("100%"),
            "the chance that an action of autoscale in the region succeeds meanwhile (DI-19)",
        ),
    ],
};

/// The control plane is slow.
pub static SLOW_CONTROL_PLANE: Object = Object {
    name: "SlowControlPlane",
    doc: "Creates, starts, deletes, reports of health and writes to balancers that begin meanwhile take longer (WT-14).",
    one_of: &[],
    entries: &[
        key("factor", Number(1.0, 100.0), Required, "how many times as long"),
        key("for", Duration, Optional, "how long; to the end where absent"),
    ],
};

/// Machines boot badly.
pub static WORSE_BOOTS: Object = Object {
    name: "WorseBoots",
    doc: "Machines of a set that begin to boot meanwhile boot slowly, or not at all (WT-15).",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("factor", Number(1.0, 100.0), Default("1"), "how many times as long a boot takes"),
        key("failing", SHARE, Default("0%"), "how many fail beside those that fail anyway"),
        key("for", Duration, Optional, "how long; to the end where absent"),
    ],
};

/// Instances cannot be deleted.
pub static FAIL_DELETES: Object = Object {
    name: "FailDeletes",
    doc: "Deletes of instances of a set that would end meanwhile fail (WT-18). The instance serves no more all the same; it is \
          tried again where the set has resilient delete (LC-07), or else stays Failed and counts (LC-08).",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("failing", SHARE, Default("100%"), "how many attempts fail"),
        key("for", Duration, Optional, "how long; to the end where absent"),
    ],
};

/// A fault that comes at random.
pub static FAULT: Object = Object {
    name: "Fault",
    doc: "A fault that comes at random, by the luck of the world: every policy meets the same ones (WT-13).",
    one_of: &["slows", "how", "host", "dependency", "probesOf", "zones", "controlPlane", "boots"],
    entries: &[
        key("every", DIST, Required, "from the beginning of one to that of the next"),
        key("for", DIST, Optional, "how long each lasts; absent, what is typical of its `host`"),
        key("in", Text, Optional, "the scale set whose instances or boots it hits"),
        Entry { need: Default("one"), ..INSTANCES },
        key("slows", Duration, Optional, "the endpoints of the instances answer later by this"),
        Entry { need: Optional, ..HOW },
        ENDPOINT,
        key(
            "host",
            Word(&["hostFault", "hostDead", "storageOut", "freeze", "liveMigration", "reboot"]),
            Optional,
            "what happens to the hosts of the instances, as in `maintenance`",
        ),
        key("dependency", Text, Optional, "this dependency is down"),
        key("probesOf", Text, Optional, "the probes of this pool get no answer: its name, or balancer/pool"),
        key("zones", List(&Integer(1, 3)), Optional, "these zones are lost, as in `zoneOutage`"),
        key("region", Text, Optional, "where `zones` are"),
        key("share", SHARE, Optional, "how much of the `zones`"),
        key("tail", DIST, Optional, "how much later than its zone each machine is back"),
        key("autoscaleSuccess", SHARE, Optional, "how many actions of autoscale succeed while `zones` are lost"),
        key("controlPlane", Number(1.0, 100.0), Optional, "the control plane takes so many times as long"),
        key("boots", Number(1.0, 100.0), Optional, "boots take so many times as long"),
        key("failing", SHARE, Optional, "how many `boots` fail beside those that fail anyway"),
    ],
};
