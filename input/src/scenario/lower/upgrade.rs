//! `upgradePolicy`: how changes reach the instances of a set.

use super::Context;
use crate::scenario::arm_value as arm;
use crate::scenario::legality::upgrade::{UPGRADE_RULES, UpgradeFacts, flexible_mode};
use crate::scenario::legality::{At, Legality, SetFacts};
use crate::tree::{Node, Span};
use windtunnel_sim::plan::{OsUpgradePolicy, RollingPolicy, UpgradeMode, UpgradePolicy};

/// The policy of a set, its defaults filled in.
pub fn policy(resource: &Node, cx: &mut Context<'_>) -> UpgradePolicy {
    let words = ["Manual", "Automatic", "Rolling"];
    let mode = arm::word(resource, &["properties", "upgradePolicy", "mode"], &words, cx.problems);
    let mode = match mode {
        Some((1, _)) => UpgradeMode::Automatic,
        Some((2, _)) => UpgradeMode::Rolling,
        // UM-01: Manual when unset.
        _ => UpgradeMode::Manual,
    };
    let rolling_given = resource.arm_path(&["properties", "upgradePolicy", "rollingUpgradePolicy"]).is_some();
    UpgradePolicy { mode, rolling: rolling(resource, cx), rolling_given, os: os(resource, cx) }
}

/// Holds the policy of a set to what Azure accepts.
pub fn hold(resource: &Node, set: &SetFacts, cx: &mut Context<'_>) {
    let at_set = &resource.arm("name").unwrap_or(resource).span;
    let path = |key: &'static str| ["properties", "upgradePolicy", "rollingUpgradePolicy", key];
    let mut percent = |key| match arm::whole(resource, &path(key), cx.problems) {
        Some((value, node)) => At { value, span: node.span.clone(), given: true },
        None => At { value: 20, span: at_set.clone(), given: false },
    };
    let mode = resource.arm_path(&["properties", "upgradePolicy", "mode"]);
    let (batch, unhealthy) = (percent("maxBatchInstancePercent"), percent("maxUnhealthyInstancePercent"));
    let unhealthy_upgraded = percent("maxUnhealthyUpgradedInstancePercent");
    let facts = UpgradeFacts {
        flexible: set.flexible.value,
        rolling: At {
            value: mode.and_then(Node::text).is_some_and(|mode| mode.eq_ignore_ascii_case("Rolling")),
            span: mode.map_or(at_set, |mode| &mode.span).clone(),
            given: mode.is_some(),
        },
        has_health: set.health_extension.is_some() || set.health_probe.is_some() && !set.flexible.value,
        batch,
        unhealthy,
        unhealthy_upgraded,
        max_surge: set.max_surge.value.then(|| set.max_surge.span.clone()),
        overprovisions_by_default: set.overprovision.value && !set.overprovision.given,
        patched_otherwise: if os(resource, cx).enabled { patched_otherwise(resource, cx) } else { Vec::new() },
        drives: drives(resource, cx).filter(|_| os(resource, cx).enabled),
    };
    flexible_mode(facts.flexible, &facts.rolling, &mut Legality { rules: cx.rules, problems: cx.problems });
    for (rule, check) in UPGRADE_RULES {
        check(*rule, &facts, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
}

/// The data disks of a Windows set (OS-30).
fn drives(resource: &Node, cx: &mut Context<'_>) -> Option<Span> {
    let profile = resource.arm_path(&["properties", "virtualMachineProfile"])?;
    let disks = profile.arm_path(&["storageProfile", "dataDisks"]).filter(|disks| !disks.items().is_empty())?;
    super::fleet::windows(profile, cx).then(|| disks.span.clone())
}

/// `mode` as it is written.
pub fn written_mode(resource: &Node) -> Option<(&str, &Node)> {
    let mode = resource.arm_path(&["properties", "upgradePolicy", "mode"])?;
    Some((mode.text()?, mode))
}

/// What patches Windows beside automatic OS upgrade (OS-04).
fn patched_otherwise(resource: &Node, cx: &mut Context<'_>) -> Vec<(Span, &'static str)> {
    const WINDOWS: [&str; 4] = ["properties", "virtualMachineProfile", "osProfile", "windowsConfiguration"];
    let Some(windows) = resource.arm_path(&WINDOWS) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some((true, node)) = arm::switch(windows, &["enableAutomaticUpdates"], cx.problems) {
        found.push((node.span.clone(), "enableAutomaticUpdates true"));
    }
    let mode = windows.arm_path(&["patchSettings", "patchMode"]);
    let by_platform = |node: &&Node| node.text().is_some_and(|mode| mode.eq_ignore_ascii_case("AutomaticByPlatform"));
    found.extend(mode.filter(by_platform).map(|node| (node.span.clone(), "patchMode AutomaticByPlatform")));
    found
}

fn rolling(resource: &Node, cx: &mut Context<'_>) -> RollingPolicy {
    let default = RollingPolicy::default();
    let at = |key: &'static str| ["properties", "upgradePolicy", "rollingUpgradePolicy", key];
    let mut percent = |key, otherwise| {
        arm::whole(resource, &at(key), cx.problems)
            .and_then(|(value, _)| u32::try_from(value).ok())
            .unwrap_or(otherwise)
    };
    let max_batch_percent = percent("maxBatchInstancePercent", default.max_batch_percent);
    let max_unhealthy_percent = percent("maxUnhealthyInstancePercent", default.max_unhealthy_percent);
    let max_unhealthy_upgraded_percent =
        percent("maxUnhealthyUpgradedInstancePercent", default.max_unhealthy_upgraded_percent);
    let pause = arm::duration(resource, &at("pauseTimeBetweenBatches"), cx.problems);
    let mut on = |key| arm::switch(resource, &at(key), cx.problems).is_some_and(|(on, _)| on);
    RollingPolicy {
        max_batch_percent,
        max_unhealthy_percent,
        max_unhealthy_upgraded_percent,
        pause: pause.map_or(default.pause, |(pause, _)| pause),
        prioritize_unhealthy: on("prioritizeUnhealthyInstances"),
        cross_zone: on("enableCrossZoneUpgrade"),
        max_surge: on("maxSurge"),
        rollback_on_breach: on("rollbackFailedInstancesOnPolicyBreach"),
    }
}

fn os(resource: &Node, cx: &mut Context<'_>) -> OsUpgradePolicy {
    let at = |key: &'static str| ["properties", "upgradePolicy", "automaticOSUpgradePolicy", key];
    let mut on = |key| arm::switch(resource, &at(key), cx.problems).is_some_and(|(on, _)| on);
    OsUpgradePolicy {
        enabled: on("enableAutomaticOSUpgrade"),
        disable_rollback: on("disableAutomaticRollback"),
        use_rolling_policy: on("useRollingUpgradePolicy"),
        deferral: on("osRollingUpgradeDeferral"),
    }
}
