//! L09: images, and what is set up on the instances.

use super::super::Found;
use super::super::fleet::{Fleet, count_of, follows, image_of, is_type, region_of, rolls};
use super::rows;
use crate::arm::shape::scale_set::{
    AUTOMATIC_UPGRADE, CUSTOM_DATA, EXTENSION_TYPE, EXTENSIONS, EXTENSIONS_BUDGET, LOCATION, OS_DEFERRAL,
    OS_ROLLBACK_DISABLED, OS_UPGRADE_ENABLED, OVERPROVISION, SKIP_EXTENSIONS_ON_SURPLUS,
};
use crate::scenario::legality::SetFacts;
use crate::scenario::lower::{is_health_extension, region_name};
use crate::tree::Node;
use serde_json::{Value as Json, json};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_words::clock::spoken;

rows! {
    "L0901" "os-upgrade-keeps-the-bad-disk" Warning OS_24, Set(no_rollback), BadBake, Harm;
        "With `disableAutomaticRollback` an instance whose new OS image fails stays on it";
        "Automatic OS upgrade puts the old disk back when an instance is not healthy after five minutes. Switched off, the failed batch stays down until somebody reimages it.".
    "L0902" "set-up-may-take-90-minutes" Note EX_06, Set(budget), HungScript, Length;
        "A set-up script that does not end holds its batch for 90 minutes";
        "`extensionsTimeBudget` is what Azure waits for the extensions of an instance, 90 minutes by default. Give it what they need and some more.".
    "L0903" "surplus-registers-itself" Warning OP_05, Set(registers), Registered, Deployments;
        "Extensions run on surplus instances too, and what those register elsewhere stays when Azure deletes them";
        "An overprovisioned set creates more instances than asked for and deletes the rest. A deployment target or an agent of a deleted instance is a ghost, and fails deployments. Write `overprovision: false`, or `doNotRunExtensionsOnOverprovisionedVMs: true`.".
    "L0904" "extension-upgrades-itself" Note OS_33, Set(upgrades_itself), BadExtension, Harm;
        "Azure upgrades this extension by itself when its publisher releases a version, at a time that nobody chose";
        "`enableAutomaticUpgrade` rolls new versions of an extension out in batches, with the health source of the set as its gate. A version that breaks the application without saying so reaches all instances.".
    "L0906" "version-is-not-in-the-region" Warning GA_09, Resource(not_replicated), Unreplicated, Length;
        "A version is replicated to other regions than that of a scale set which follows it, and the set never gets it";
        "Row 2 of the playbook: a region has a version only once it is replicated there. That is a lever where it is meant: replicate to one region, look at it, and then to the others.".
    "L0907" "replicas-go-with-a-zone" Warning GA_16, Resource(one_zone), ZoneLost, Harm;
        "Replicas on Standard_LRS are in one zone, and when that is lost no instance can be created in the others";
        "A set over several zones makes up for a lost zone only if its image is there. `Standard_ZRS` keeps the replicas of a region in all of its zones.".
    "L0908" "build-swallows-a-failure" Warning IB_05, Resource(no_set_e), BrokenBuild, Harm;
        "A shell step of the image template goes on behind a command that fails, so that the build succeeds and ships a broken image";
        "Row 12 of the playbook: a step fails only with its last command. Begin it with `set -euo pipefail`, and check at the end what must be there.".
    "L0909" "no-region-is-first" Warning OS_11, Set(no_canary), EveryRegion, Harm;
        "Sets in several regions follow the same image by automatic OS upgrade, so that a bad version reaches all regions at once";
        "Publish to one region first, or let the others wait: with `osRollingUpgradeDeferral` an upgrade waits for an approval, which somebody gives once the first region has shown that the version works.".
}

/// What of the set sets an instance up at boot, where something does.
pub fn sets_itself_up(set: &SetFacts) -> Option<String> {
    let script = scripts(set).next().and_then(Node::name).map(|name| format!("the extension `{name}`"));
    script.or_else(|| CUSTOM_DATA.node(&set.resource).map(|_| "the custom data".to_owned()))
}

/// The extensions that run a script of the user's.
fn scripts(set: &SetFacts) -> impl Iterator<Item = &Node> {
    EXTENSIONS.items(&set.resource).iter().filter(|one| {
        let kind = EXTENSION_TYPE.text(one).unwrap_or_default().to_ascii_lowercase();
        ["customscript", "customscriptextension", "customscriptforlinux", "dsc"].contains(&kind.as_str())
    })
}

fn no_rollback(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let span = OS_ROLLBACK_DISABLED.on(&set.resource)?;
    OS_UPGRADE_ENABLED.on(&set.resource)?;
    let change = json!({ "upgradePolicy": { "automaticOSUpgradePolicy": { "disableAutomaticRollback": false } } });
    Some(Found::new(&span, "`disableAutomaticRollback` is true", fleet.properties(set, change)))
}

fn budget(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let at = EXTENSIONS_BUDGET.read(&set.resource);
    if at.value < SimDuration::from_mins(90) || !rolls(set) {
        return None;
    }
    let script = scripts(set).next()?.name()?;
    let change = json!({ "virtualMachineProfile": { "extensionProfile": { "extensionsTimeBudget": "PT30M" } } });
    let what = format!("the extension `{script}` may take {}", spoken(at.value));
    Some(Found::new(&at.span, what, fleet.properties(set, change)))
}

/// Types of extensions that register an instance with a server.
const REGISTERING: [&str; 3] = ["TentacleAgent", "TeamServicesAgent", "TeamServicesAgentLinux"];

fn registers(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    if !set.overprovision.value || SKIP_EXTENSIONS_ON_SURPLUS.value(&set.resource) || count_of(set) == 0 {
        return None;
    }
    let of =
        |one: &&Node| REGISTERING.iter().any(|kind| EXTENSION_TYPE.text(one).is_some_and(|own| own.contains(kind)));
    let extension = EXTENSIONS.items(&set.resource).iter().find(of)?;
    let what = format!("the extension `{}` runs on the surplus too", extension.name()?);
    let span = OVERPROVISION.span(&set.resource).unwrap_or_else(|| extension.name_span().clone());
    Some(Found::new(&span, what, fleet.properties(set, json!({ "overprovision": false }))))
}

fn upgrades_itself(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let extension = EXTENSIONS
        .items(&set.resource)
        .iter()
        .find(|one| AUTOMATIC_UPGRADE.on(one).is_some() && !is_health_extension(one))?;
    let change = json!([{ "name": extension.name()?, "properties": { "enableAutomaticUpgrade": false } }]);
    let change = json!({ "virtualMachineProfile": { "extensionProfile": { "extensions": change } } });
    let what = format!("the extension `{}` has `enableAutomaticUpgrade`", extension.name()?);
    Some(Found::new(&AUTOMATIC_UPGRADE.on(extension)?, what, fleet.properties(set, change)))
}

/// The type of a version in a gallery.
pub const VERSION: &str = "Microsoft.Compute/galleries/images/versions";
/// The type of a template of Image Builder.
pub const TEMPLATE: &str = "Microsoft.VirtualMachineImages/imageTemplates";

/// The image that a version is of.
pub fn image_of_version(resource: &Node) -> Option<&str> {
    resource.name()?.rsplit('/').nth(1)
}

/// The regions that a version is replicated to.
pub fn regions_of(resource: &Node) -> &[Node] {
    resource.arm_path(&["properties", "publishingProfile", "targetRegions"]).map_or(&[], Node::items)
}

/// The sets that use the image of a version.
fn users<'f>(fleet: &'f Fleet, image: &'f str) -> impl Iterator<Item = &'f SetFacts> {
    fleet.sets.iter().filter(move |set| image_of(set).is_some_and(|own| own.eq_ignore_ascii_case(image)))
}

fn profile(fleet: &Fleet, resource: &Node, change: Json) -> Json {
    fleet.patch(resource, json!({ "properties": { "publishingProfile": change } }))
}

fn not_replicated(fleet: &Fleet, resource: &Node) -> Option<Found> {
    let image = is_type(resource, VERSION).then(|| image_of_version(resource)).flatten()?;
    let targets = regions_of(resource);
    let has = |region: &str| targets.iter().filter_map(Node::name).any(|name| region_name(name) == region_name(region));
    let missing = |set: &&SetFacts| follows(set) && LOCATION.text(&set.resource).is_some_and(|region| !has(region));
    let set = users(fleet, image).find(missing).filter(|_| !targets.is_empty())?;
    let region = LOCATION.text(&set.resource)?;
    let mut all: Vec<Json> = targets.iter().map(Node::to_json).collect();
    all.push(json!({ "name": region }));
    let span = &resource.arm_path(&["properties", "publishingProfile", "targetRegions"])?.span;
    let what = format!("`{}` is in {region}, which is not among them", set.name());
    Some(Found::new(span, what, profile(fleet, resource, json!({ "targetRegions": all }))))
}

fn one_zone(fleet: &Fleet, resource: &Node) -> Option<Found> {
    const KIND: &str = "storageAccountType";
    let image = is_type(resource, VERSION).then(|| image_of_version(resource)).flatten()?;
    let set = users(fleet, image).find(|set| set.zones.value.len() > 1)?;
    let publishing = resource.arm_path(&["properties", "publishingProfile"])?;
    let is_redundant =
        |node: &Node| node.arm(KIND).and_then(Node::text).is_some_and(|kind| kind.eq_ignore_ascii_case("Standard_ZRS"));
    let own = regions_of(resource).iter().find(|region| region.name().map(region_name) == region_of(set))?;
    if is_redundant(own) || own.arm(KIND).is_none() && is_redundant(publishing) {
        return None;
    }
    let mut change = json!({ KIND: "Standard_ZRS" });
    if own.arm(KIND).is_some() {
        change = json!({ "targetRegions": [{ "name": own.name()?, KIND: "Standard_ZRS" }] });
    }
    let what = format!(
        "`{}` has {} zones, and the replicas in its region are not zone-redundant",
        set.name(),
        set.zones.value.len()
    );
    Some(Found::new(&own.arm(KIND).unwrap_or(own).span, what, profile(fleet, resource, change)))
}

/// The image that a template makes versions of.
fn image_of_template(resource: &Node) -> Option<String> {
    let outputs = resource.arm_path(&["properties", "distribute"]).map_or(&[][..], Node::items);
    let id = outputs.iter().find_map(|output| output.arm("galleryImageId")?.text())?;
    Some(crate::arm::reference::after_segment(id, "images").unwrap_or(id).to_owned())
}

/// Whether a shell stops at the first command that fails.
pub fn stops(step: &Node) -> bool {
    let line = |line: &Node| {
        let text = line.text().unwrap_or_default().trim().to_owned();
        text.strip_prefix("set -")
            .is_some_and(|flags| flags.split_whitespace().next().unwrap_or_default().contains('e'))
            || text.contains("errexit")
    };
    step.arm("inline").map_or(&[][..], Node::items).iter().any(line)
}

/// The shell steps of a template that do not.
pub fn swallowing(resource: &Node) -> impl Iterator<Item = &Node> {
    let steps = resource.arm_path(&["properties", "customize"]).map_or(&[][..], Node::items);
    steps.iter().filter(|step| {
        is_type(step, "Shell") && step.arm("inline").map_or(0, |lines| lines.items().len()) > 1 && !stops(step)
    })
}

fn no_set_e(fleet: &Fleet, resource: &Node) -> Option<Found> {
    if !is_type(resource, TEMPLATE) {
        return None;
    }
    let image = image_of_template(resource)?;
    users(fleet, &image).next()?;
    let step = swallowing(resource).next()?;
    let inline = step.arm("inline")?;
    let steps = resource.arm_path(&["properties", "customize"])?.items();
    let fixed = steps.iter().map(|one| {
        let mut json = one.to_json();
        if swallowing(resource).any(|of| std::ptr::eq(of, one)) {
            let lines = one.arm("inline").map_or(&[][..], Node::items).iter().map(Node::to_json);
            json["inline"] = std::iter::once(json!("set -euo pipefail")).chain(lines).collect();
        }
        json
    });
    let change = json!({ "properties": { "customize": fixed.collect::<Vec<_>>() } });
    let name = step.name().map_or_else(String::new, |name| format!(" `{name}`"));
    let what = format!("the step{name} runs {} commands without `set -e`", inline.items().len());
    Some(Found::new(&inline.span, what, fleet.patch(resource, change)))
}

fn no_canary(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let image = image_of(set).filter(|_| follows(set))?;
    let first = users(fleet, &image).find(|one| follows(one))?;
    if std::ptr::eq(first, set) || region_of(first) == region_of(set) || OS_DEFERRAL.value(&set.resource) {
        return None;
    }
    let span = OS_UPGRADE_ENABLED.on(&set.resource)?;
    let what = format!("`{}` in {} upgrades to the same versions at the same time", first.name(), region_of(first)?);
    let change = json!({ "upgradePolicy": { "automaticOSUpgradePolicy": { "osRollingUpgradeDeferral": true } } });
    Some(Found::new(&span, what, fleet.properties(set, change)))
}
