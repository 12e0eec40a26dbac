//! What Terraform itself does to a fleet: what a plan takes away, and how it brings instances to a model that it changed.

use super::document::{Document, Resource};
use super::{Found, azapi, tables};
use crate::arm::shape::SCALE_SET;
use crate::problem::{Problem, Problems};
use crate::tree::Node;

/// Sets whose instances the provider brings to a new model; those of Flexible sets it leaves to Azure.
const UNIFORM: [&str; 2] = ["azurerm_linux_virtual_machine_scale_set", "azurerm_windows_virtual_machine_scale_set"];

/// Says it; of what was read.
pub fn say<'r>(
    root: &Node,
    document: &Document<'_>,
    read: impl Iterator<Item = (&'r Resource<'r>, &'r Found)>,
    problems: &mut Problems,
) {
    if let Some(errored) = root.get("errored").filter(|node| node.text() == Some("true")) {
        let message = "the plan ended with an error, so it may lack resources";
        let help = "mend the error, and make the plan again";
        problems.push(Problem::warning("W0413", message).at(&errored.span, "it says so here").help(help));
    } else {
        lacking(document, problems);
    }
    for (address, change) in &document.changes {
        taken_away(address, change, problems);
    }
    for (resource, found) in read.filter(|(of, _)| UNIFORM.contains(&of.address.kind.as_str())) {
        rolls(root, document, (resource, found), problems);
    }
}

/// What a plan of some resources alone leaves out, of what is read here.
fn lacking(document: &Document<'_>, problems: &mut Problems) {
    let lacking = document.lacking();
    let read: Vec<_> = lacking.iter().filter(|(of, _)| azapi::is(&of.kind) || tables::of(&of.kind).is_some()).collect();
    let Some((_, first)) = read.first() else { return };
    let list: Vec<String> = read.iter().map(|(of, _)| format!("`{of}`")).collect();
    let message = format!("the plan lacks what its configuration has: {}", list.join(", "));
    let help = "it was made with `-target`, or cut; make it of everything, or give the files of these as well";
    problems.push(Problem::warning("W0413", message).at(first, "the first of them").help(help));
}

/// A resource that a plan deletes, or replaces.
fn taken_away(address: &str, change: &Node, problems: &mut Problems) {
    let kind = change.get("type").and_then(Node::text).unwrap_or_default();
    let (Some(table), Some(of)) = (tables::of(kind), change.get("change")) else { return };
    let actions: Vec<&str> = of.get("actions").map_or(&[][..], Node::items).iter().filter_map(Node::text).collect();
    let Some(at) = change.get("address") else { return };
    let is_set = table.to == SCALE_SET;
    if actions == ["delete"] {
        let message = format!("`{address}` is destroyed by this plan, and is not read");
        problems.push(Problem::warning("W0413", message).at(&at.span, "destroyed"));
    } else if is_set && actions == ["update"] {
        let fields = changed(of);
        if !fields.is_empty() {
            let message = format!("`{address}` is changed by this plan: {}", fields.join(", "));
            let help = "what is read is the set with these changes; to run the rollout itself, load the state \
                (`terraform show -json > state.json`) and write them in the timeline: `updateModel`";
            problems.push(Problem::note("N0414", message).at(&at.span, "changed").help(help));
        }
    } else if is_set && actions.contains(&"delete") {
        let after = actions.first() == Some(&"delete");
        let order = if after { "before the new one is there" } else { "after the new one is there" };
        let paths = of.get("replace_paths").map_or(&[][..], Node::items).iter();
        let list: Vec<String> = paths.map(|path| format!("`{}`", path_of(path))).collect();
        let why = if list.is_empty() { String::new() } else { format!(", because of {}", list.join(", ")) };
        let message = format!("`{address}` is replaced{why}: the old set is deleted with all instances {order}");
        let help = "that is no rollout, and is not simulated; what is read is the new set";
        problems.push(Problem::warning("W0413", message).at(&at.span, "replaced").help(help));
    }
}

/// The attributes that differ after a change, or are known only then.
fn changed(of: &Node) -> Vec<String> {
    let (Some(before), Some(after)) = (of.get("before"), of.get("after")) else { return Vec::new() };
    let unknown = of.get("after_unknown");
    let mut names: Vec<&str> =
        [before, after].iter().flat_map(|of| of.entries()).map(|(key, _)| key.text.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let differs = |name: &&str| {
        let is_open = unknown.and_then(|of| of.get(name)).and_then(Node::text) == Some("true");
        is_open || before.get(name) != after.get(name)
    };
    names.into_iter().filter(differs).map(|name| format!("`{name}`")).collect()
}

fn path_of(path: &Node) -> String {
    path.items().iter().filter_map(Node::text).collect::<Vec<_>>().join(".")
}

/// How the provider brings instances to a model that it changed, which depends on the mode of the set and on its `features`.
fn rolls(root: &Node, document: &Document<'_>, (resource, found): (&Resource<'_>, &Found), problems: &mut Problems) {
    let on = |name: &str| {
        let node = document.feature(root, "virtual_machine_scale_set", name);
        node.and_then(Node::text).is_none_or(|text| text == "true")
    };
    let text = |path: &[&str]| found.body.arm_path(path).and_then(Node::text);
    let mode = text(&["properties", "upgradePolicy", "mode"]).unwrap_or_default();
    let image = ["properties", "virtualMachineProfile", "storageProfile", "imageReference", "version"];
    let is_latest = text(&image).is_some_and(|version| version.eq_ignore_ascii_case("latest"));
    let rolls = match mode {
        _ if !on("roll_instances_when_required") => None,
        "Manual" => {
            let reimages = if on("reimage_on_manual_upgrade") { ", and reimages each" } else { "" };
            Some(format!(
                "brings instances to it one after another{reimages}, without a look at their health in between"
            ))
        }
        "Automatic" if is_latest => Some("starts an OS upgrade of the set, a rolling one (RS-11)".to_owned()),
        _ => None,
    };
    let automatic = text(&["properties", "upgradePolicy", "automaticOSUpgradePolicy", "enableAutomaticOSUpgrade"]);
    let twice =
        "switches automatic OS upgrades off before it and on after it; they stay off where it does not come to its end";
    let twice = automatic.filter(|text| *text == "true").map(|_| twice.to_owned());
    let says: Vec<String> = rolls.into_iter().chain(twice).collect();
    if says.is_empty() {
        return;
    }
    let says = says.join("; it ");
    let what = "its image, size, disks, extensions or custom data";
    let message = format!("`{}`: when {what} change, `terraform apply` {says}", resource.address);
    let help = "a run does it where the timeline says so: `upgradeInstances`, `reimage`, `startOsUpgrade`; \
        `roll_instances_when_required = false` in `features` leaves it to you";
    problems.push(Problem::note("N0414", message).at(resource.span, "this set").help(help));
}
