//! L09: images, and what is set up on the instances.

use super::super::Found;
use super::super::fleet::{Fleet, count_of};
use super::rows;
use crate::arm::shape::scale_set::{
    AUTOMATIC_UPGRADE, CUSTOM_DATA, EXTENSION_TYPE, EXTENSIONS, EXTENSIONS_BUDGET, OS_ROLLBACK_DISABLED,
    OS_UPGRADE_ENABLED, OVERPROVISION, PROVISION_AFTER, SKIP_EXTENSIONS_ON_SURPLUS,
};
use crate::scenario::legality::SetFacts;
use crate::scenario::lower::is_health_extension;
use crate::tree::Node;
use serde_json::json;
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
    "L0905" "health-is-asked-before-the-set-up" Note EX_04, Set(unordered), SlowScript, Length;
        "The health extension and the set-up script run in any order, so that health may be asked before anything is installed";
        "Extensions are installed in any order unless `provisionAfterExtensions` says one. Put the health extension after the script if healthy should mean installed.".
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
    if at.value < SimDuration::from_mins(90) || !super::super::fleet::rolls(set) {
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
    let span =
        OVERPROVISION.span(&set.resource).unwrap_or_else(|| extension.arm("name").unwrap_or(extension).span.clone());
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

fn unordered(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let health = super::super::fleet::health_of(set)?;
    let script = scripts(set).next()?.name()?;
    if !PROVISION_AFTER.items(health).is_empty() {
        return None;
    }
    let change = json!([{ "name": health.name()?, "properties": { "provisionAfterExtensions": [script] } }]);
    let change = json!({ "virtualMachineProfile": { "extensionProfile": { "extensions": change } } });
    let what = format!("`{}` may be installed before `{script}`", health.name()?);
    let span = &health.arm("name").unwrap_or(health).span;
    Some(Found::new(span, what, fleet.properties(set, change)))
}
