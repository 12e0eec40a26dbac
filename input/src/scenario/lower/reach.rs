//! What each kind of change of a model takes on an instance before it is in force there (UM-08, UM-09): one table.
//!
//! The page on upgrade policies has a closed list of what needs a restart, a reimage or a redeploy: passwords and SSH keys,
//! custom data, the image, the size, zones, the proximity placement group; of these, passwords and custom data are written
//! without a restart and are in force after the next reimage. All else "can be completed without disrupting scale set
//! instances". The image, the extensions and the health probe are told apart before; zones cannot change during a run.

use crate::arm::shape::scale_set::{
    ADMIN_PASSWORD, ADMIN_USERNAME, CUSTOM_DATA, OS_DISK, PROFILE, PROXIMITY, SECURITY_PROFILE, SIZE, SSH,
};
use crate::tree::{Node, Value};
use windtunnel_sim::plan::Reach;

/// A property, by the node that it is in a resource, and what a change of it takes.
type Row = (fn(&Node) -> Option<&Node>, Reach);

/// The table. Of several rows that hold, the one that takes most counts.
const TABLE: &[Row] = &[
    (|resource| SIZE.node(resource), Reach::Restart),
    (|resource| PROXIMITY.node(resource), Reach::Restart),
    // Not in the list of the page: a machine gets Trusted Launch or encryption at host only while it is stopped.
    (|resource| SECURITY_PROFILE.node(resource), Reach::Restart),
    (|resource| ADMIN_PASSWORD.node(resource), Reach::NextReimage),
    (|resource| ADMIN_USERNAME.node(resource), Reach::NextReimage),
    (|resource| SSH.node(resource), Reach::NextReimage),
    (|resource| CUSTOM_DATA.node(resource), Reach::NextReimage),
    // Not in the list either: a disk has the size and the caching that it was made with.
    (|resource| OS_DISK.find(resource), Reach::NextReimage),
];

/// What a write takes on the instances, beside image, extensions and health source.
pub fn of(before: &Node, after: &Node) -> Reach {
    let changed = |(at, _): &&Row| at(before) != at(after);
    let listed = TABLE.iter().filter(changed).map(|(_, reach)| *reach).max();
    let else_in_profile = if rest(before) == rest(after) { Reach::Nothing } else { Reach::InPlace };
    listed.unwrap_or_default().max(else_in_profile)
}

/// The profile of the instances without what is told apart before.
fn rest(resource: &Node) -> Option<Node> {
    let mut profile = PROFILE.find(resource).cloned()?;
    for path in [&["extensionProfile"][..], &["storageProfile", "imageReference"], &["networkProfile", "healthProbe"]] {
        remove(&mut profile, path);
    }
    Some(profile)
}

fn remove(node: &mut Node, path: &[&str]) {
    let Value::Map(entries) = &mut node.value else { return };
    let Some(at) = entries.iter().position(|(key, _)| key.text.eq_ignore_ascii_case(path[0])) else { return };
    if path.len() == 1 {
        entries.remove(at);
    } else {
        remove(&mut entries[at].1, &path[1..]);
        if entries[at].1.entries().is_empty() {
            entries.remove(at);
        }
    }
}
