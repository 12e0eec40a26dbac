//! The calls of the API of scale set machines that an operator has. Without `instances` a call is one on the set, which spares those
//! that are protected from it (IP-02).

use super::super::shape::{Entry, Kind, Need, Object};
use super::key;
use super::rollout::{INSTANCES, NAMED_INSTANCES};
use Kind::Text;
use Need::{Optional, Required};

const fn call(name: &'static str, doc: &'static str) -> Entry {
    key(name, Kind::Object(&NAMED_INSTANCES), Optional, doc)
}

pub const DEALLOCATE: Entry = call("deallocate", "stop and deallocate instances");
pub const START: Entry = call("start", "start instances that are deallocated or stopped");
pub const RESTART: Entry = call("restart", "restart instances");
pub const POWER_OFF: Entry = call("powerOff", "stop instances, which keep their machines and are billed (LC-03)");
pub const REIMAGE: Entry =
    call("reimage", "make the OS disks of instances anew, from the image of their model (UM-12)");
pub const REIMAGE_ALL: Entry = call("reimageAll", "the same with their data disks, which have no state here");
pub const REDEPLOY: Entry = call("redeploy", "move instances to other hosts");
pub const PERFORM_MAINTENANCE: Entry =
    call("performMaintenance", "do maintenance that reboots at once, where it waits for its turn");
pub const DELETE_INSTANCES: Entry = key(
    "deleteInstances",
    Kind::Object(&DELETE),
    Optional,
    "delete these instances, protected or not, and lower the capacity by as many (SI-12)",
);

static DELETE: Object = Object {
    name: "DeleteInstances",
    doc: "Instances that are deleted by their ids.",
    one_of: &[],
    entries: &[key("scaleSet", Text, Required, "the set"), Entry { need: Required, ..INSTANCES }],
};
