//! What Azure refuses of an upgrade policy, and what surprises in it: one row a rule.

use super::{Check, Legality, SetFacts};
use crate::arm::shape::scale_set::{
    AUTOMATIC_UPDATES, DATA_DISKS, MAX_BATCH, MAX_SURGE, MAX_UNHEALTHY, OS_UPGRADE_ENABLED, PATCH_MODE, PatchMode,
    UPGRADE_MODE, is_windows,
};
use crate::problem::Answer;
use windtunnel_sim::plan::UpgradeMode;
use windtunnel_sim::rules;

/// Where the modes of Uniform are not those of Flexible, as one list still says (OR-09): a world without the rule.
pub fn flexible_mode(set: &SetFacts, say: &mut Legality<'_>) {
    let mode = UPGRADE_MODE.read(&set.resource);
    if set.flexible.value && mode.given && !say.rules.on(rules::OR_09) {
        say.refuse(rules::OR_01, &mode.span, "a Flexible set has no upgrade policy", "remove it");
    }
}

/// The rules about one upgrade policy, in the order of the rulebook.
pub static UPGRADE_RULES: &[Check<SetFacts>] = &[
    (rules::UM_05, |rule, set, say| {
        let mode = UPGRADE_MODE.read(&set.resource);
        if mode.value == UpgradeMode::Rolling && !set.has_health() {
            let text = "Rolling Upgrade mode is not supported for this Virtual Machine Scale Set because a health probe or health extension was not provided.";
            let help = "add an Application Health extension to the model";
            let place = (&mode.span, "the set has no health source");
            say.refuse_as(("E0513", rule), Answer::new("BadRequest", text), place, help);
        }
    }),
    (rules::RU_10, |rule, set, say| {
        let at = MAX_BATCH.read(&set.resource);
        let (batch, unhealthy) = (at.value, MAX_UNHEALTHY.value(&set.resource));
        if batch > unhealthy {
            let message = format!(
                "maxBatchInstancePercent {batch} is above maxUnhealthyInstancePercent {unhealthy}: accepted here, and refused \
                 only by the service Azure Batch, for its pools"
            );
            say.warn(rule, &at.span, &message, "if a whole batch fails, the gate stops the next batch");
        }
    }),
    (rules::OS_04, |rule, set, say| {
        if !OS_UPGRADE_ENABLED.value(&set.resource) {
            return;
        }
        let updates = AUTOMATIC_UPDATES.on(&set.resource).map(|span| (span, "enableAutomaticUpdates true"));
        let mode = PATCH_MODE.get(&set.resource).filter(|mode| mode.value == PatchMode::AutomaticByPlatform);
        let mode = mode.map(|mode| (mode.span, "patchMode AutomaticByPlatform"));
        for (span, what) in updates.into_iter().chain(mode) {
            let message = format!("automatic OS upgrade and {what} cannot be combined: both would patch the machine");
            say.refuse(rule, &span, &message, "write `enableAutomaticUpdates: false`, and another `patchMode`");
        }
    }),
    (rules::OS_30, |rule, set, say| {
        let windows = OS_UPGRADE_ENABLED.value(&set.resource) && is_windows(&set.resource);
        if let Some(disks) = DATA_DISKS.node(&set.resource).filter(|disks| windows && !disks.items().is_empty()) {
            let message = "on Windows, the drive letters of data disks may change when automatic OS upgrade swaps \
                the OS disk";
            say.warn(
                rule,
                &disks.span,
                message,
                "make the application find its disks by label, or mount them in a folder",
            );
        }
    }),
    (rules::MS_09, |rule, set, say| {
        let by_default = set.overprovision.value && !set.overprovision.given;
        if let Some(span) = MAX_SURGE.on(&set.resource).filter(|_| by_default) {
            let message = "maxSurge true needs overprovision false, and a Uniform set overprovisions by default";
            say.refuse(rule, &span, message, "write `overprovision: false`");
        }
    }),
];
