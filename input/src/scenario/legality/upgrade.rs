//! What Azure refuses of an upgrade policy, and what surprises in it: one row a rule.

use super::{At, Legality};
use crate::problem::Answer;
use crate::tree::Span;
use windtunnel_sim::rules::{Area, RuleId};

/// What the rules want to know about the upgrade policy of a set.
#[derive(Clone, Debug)]
pub struct UpgradeFacts {
    /// The set is Flexible.
    pub flexible: bool,
    /// `mode` is Rolling.
    pub rolling: At<bool>,
    /// Somebody says whether its instances are healthy.
    pub has_health: bool,
    /// `maxBatchInstancePercent`.
    pub batch: At<i64>,
    /// `maxUnhealthyInstancePercent`.
    pub unhealthy: At<i64>,
    /// `maxUnhealthyUpgradedInstancePercent`.
    pub unhealthy_upgraded: At<i64>,
    /// `maxSurge`, where it is true.
    pub max_surge: Option<Span>,
    /// The set overprovisions since nothing says otherwise.
    pub overprovisions_by_default: bool,
    /// What else patches Windows, where automatic OS upgrade is enabled: `enableAutomaticUpdates` true, or `patchMode`
    /// AutomaticByPlatform.
    pub patched_otherwise: Vec<(Span, &'static str)>,
    /// Data disks of a Windows set whose OS disks are swapped automatically.
    pub drives: Option<Span>,
}

type UpgradeCheck = fn(RuleId, &UpgradeFacts, &mut Legality<'_>);

/// Where the modes of Uniform are not those of Flexible, as one list still says (OR-09): a world without the rule.
pub fn flexible_mode(flexible: bool, mode: &At<bool>, say: &mut Legality<'_>) {
    if flexible && mode.given && !say.rules.on(windtunnel_sim::rules::OR_09) {
        say.refuse(RuleId::new(Area::OR, 1), &mode.span, "a Flexible set has no upgrade policy", "leave it out");
    }
}

/// The rules about one upgrade policy, in the order of the rulebook.
pub static UPGRADE_RULES: &[(RuleId, UpgradeCheck)] = &[
    (RuleId::new(Area::UM, 5), |rule, upgrade, say| {
        if upgrade.rolling.value && !upgrade.has_health {
            let text = "Rolling Upgrade mode is not supported for this Virtual Machine Scale Set because a health probe or health extension was not provided.";
            let help = "add an Application Health extension to the model";
            let place = (&upgrade.rolling.span, "nobody says which instance is healthy");
            say.refuse_as(("E0513", rule), Answer::new("BadRequest", text), place, help);
        }
    }),
    (RuleId::new(Area::RU, 1), |rule, upgrade, say| {
        percentage(rule, "maxBatchInstancePercent", &upgrade.batch, 5, say);
    }),
    (RuleId::new(Area::RU, 2), |rule, upgrade, say| {
        percentage(rule, "maxUnhealthyInstancePercent", &upgrade.unhealthy, 5, say);
    }),
    (RuleId::new(Area::RU, 3), |rule, upgrade, say| {
        percentage(rule, "maxUnhealthyUpgradedInstancePercent", &upgrade.unhealthy_upgraded, 0, say);
    }),
    (RuleId::new(Area::RU, 10), |rule, upgrade, say| {
        let (batch, unhealthy) = (upgrade.batch.value, upgrade.unhealthy.value);
        if batch > unhealthy {
            let message = format!(
                "maxBatchInstancePercent {batch} is above maxUnhealthyInstancePercent {unhealthy}, which a Batch pool would refuse"
            );
            say.warn(rule, &upgrade.batch.span, &message, "a whole batch that fails closes the gate for the next one");
        }
    }),
    (RuleId::new(Area::OS, 4), |rule, upgrade, say| {
        for (span, what) in &upgrade.patched_otherwise {
            let message = format!("automatic OS upgrade and {what} exclude each other: both would patch the machine");
            say.refuse(rule, span, &message, "write `enableAutomaticUpdates: false`, and another `patchMode`");
        }
    }),
    (RuleId::new(Area::OS, 30), |rule, upgrade, say| {
        if let Some(span) = &upgrade.drives {
            let message = "the letters of data disks may change on Windows when automatic OS upgrade swaps the OS disk";
            say.warn(rule, span, message, "let the application find its disks by label, or mount them into a folder");
        }
    }),
    (RuleId::new(Area::MS, 9), |rule, upgrade, say| {
        if let Some(span) = upgrade.max_surge.as_ref().filter(|_| upgrade.overprovisions_by_default) {
            let message = "maxSurge true needs overprovision false, and a Uniform set overprovisions by default";
            say.refuse(rule, span, message, "write `overprovision: false`");
        }
    }),
];

fn percentage(rule: RuleId, key: &str, at: &At<i64>, least: i64, say: &mut Legality<'_>) {
    if !(least..=100).contains(&at.value) {
        let message = format!("{key} is {}, outside its range {least} to 100", at.value);
        say.refuse(rule, &at.span, &message, "the default is 20");
    }
}
