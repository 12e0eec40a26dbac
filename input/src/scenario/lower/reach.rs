//! What each kind of change of a model takes on an instance before it is in force there (UM-08, UM-09): one table.
//!
//! The page on upgrade policies has a closed list of what needs a restart, a reimage or a redeploy: passwords and SSH keys,
//! custom data, the image, the size, zones, the proximity placement group; of these, passwords and custom data are written
//! without a restart and are in force after the next reimage. All else "can be completed without disrupting scale set
//! instances". The image, the extensions and the health probe are told apart before; zones cannot change during a run.

use crate::tree::{Node, Value};
use windtunnel_sim::plan::Reach;

/// Where in the resource, and what a change there takes.
type Row = (&'static [&'static str], Reach);

/// Whatever else is in the profile of the instances.
const PROFILE: [&str; 2] = ["properties", "virtualMachineProfile"];

/// The table. Of several rows that hold, the one that takes most counts.
const TABLE: &[Row] = &[
    (&["sku", "name"], Reach::Restart),
    (&["properties", "proximityPlacementGroup"], Reach::Restart),
    // Not in the list of the page: a machine gets Trusted Launch or encryption at host only while it is stopped.
    (&["properties", "virtualMachineProfile", "securityProfile"], Reach::Restart),
    (&["properties", "virtualMachineProfile", "osProfile", "adminPassword"], Reach::NextReimage),
    (&["properties", "virtualMachineProfile", "osProfile", "adminUsername"], Reach::NextReimage),
    (&["properties", "virtualMachineProfile", "osProfile", "linuxConfiguration", "ssh"], Reach::NextReimage),
    (&["properties", "virtualMachineProfile", "osProfile", "customData"], Reach::NextReimage),
    // Not in the list either: a disk has the size and the caching that it was made with.
    (&["properties", "virtualMachineProfile", "storageProfile", "osDisk"], Reach::NextReimage),
];

/// What a write takes on the instances, beside image, extensions and health source.
pub fn of(before: &Node, after: &Node) -> Reach {
    let changed = |path: &[&str]| before.arm_path(path) != after.arm_path(path);
    let listed = TABLE.iter().filter(|(path, _)| changed(path)).map(|(_, reach)| *reach).max();
    let else_in_profile = if rest(before) == rest(after) { Reach::Nothing } else { Reach::InPlace };
    listed.unwrap_or_default().max(else_in_profile)
}

/// The profile of the instances without what is told apart before.
fn rest(resource: &Node) -> Option<Node> {
    let mut profile = resource.arm_path(&PROFILE).cloned()?;
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
