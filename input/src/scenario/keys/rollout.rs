//! Writes to a scale set on the timeline, and calls that begin and cancel upgrades.

use super::super::shape::{Entry, Kind, Need, Object};
use super::key;
use Kind::{Either, Integer, List, Percent, Text, Word};
use Need::{Default, Optional, Required};

pub static UPDATE_MODEL: Object = Object {
    name: "UpdateModel",
    doc: "A PATCH of a scale set: what it does not name stays. Lists of named things merge by name.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("properties", Kind::Any, Optional, "as in the resource"),
        key("sku", Kind::Any, Optional, "as in the resource; its capacity is written by `setCapacity`"),
        key("tags", Kind::Any, Optional, "as in the resource; they concern no instance"),
        key("zones", Kind::Any, Optional, "as in the resource; zones can only be added"),
    ],
};

pub static NAMED_SET: Object = Object {
    name: "NamedScaleSet",
    doc: "A scale set.",
    one_of: &[],
    entries: &[key("scaleSet", Text, Required, "the set")],
};

pub static NAMED_INSTANCES: Object = Object {
    name: "NamedInstances",
    doc: "Instances of a scale set.",
    one_of: &[],
    entries: &[key("scaleSet", Text, Required, "the set"), INSTANCES],
};

pub static PROTECT: Object = Object {
    name: "Protect",
    doc: "The protection policy of instances; what is left out is false.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        INSTANCES,
        key("protectFromScaleIn", Kind::Bool, Optional, "scale-in and repairs leave them alone"),
        key("protectFromScaleSetActions", Kind::Bool, Optional, "upgrades and reimages leave them alone too"),
    ],
};

pub static SERVICE_STATE: Object = Object {
    name: "OrchestrationServiceState",
    doc: "A call to an orchestration service of a scale set.",
    one_of: &[],
    entries: &[
        key("scaleSet", Text, Required, "the set"),
        key("serviceName", Word(&["AutomaticRepairs"]), Default("AutomaticRepairs"), "the service"),
        key("action", Word(&["Suspend", "Resume"]), Required, "what it is to do"),
    ],
};

static WHICH: [Kind; 4] =
    [Word(&["all", "one"]), Percent(100.0), List(&Integer(0, u32::MAX as i64)), Kind::Object(&PLACE)];

/// Which instances of a set an act is about.
pub const INSTANCES: Entry = key(
    "instances",
    Either(&WHICH),
    Default("all"),
    "all that stand; those created as number 0, 1, … of the set; those in a place; or `one` or a share of them, drawn",
);

/// Where instances of a set stand.
static PLACE: Object = Object {
    name: "Place",
    doc: "The instances of a set that share a zone, a fault domain, or both.",
    one_of: &[],
    entries: &[
        key("zone", Integer(1, 3), Optional, "the zone; any where absent"),
        key("faultDomain", Integer(0, 4), Optional, "the fault domain, which is a rack (FD-01); any where absent"),
    ],
};
