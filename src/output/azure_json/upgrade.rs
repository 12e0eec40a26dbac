//! `rollingUpgrades/latest`: RollingUpgradeStatusInfo (RS-01, RS-02), and the errors of upgrades as Azure words them (RS-09).

use super::{View, facts};
use crate::input::arm::shape::scale_set::{
    CROSS_ZONE, MAX_BATCH, MAX_SURGE, MAX_UNHEALTHY, MAX_UNHEALTHY_UPGRADED, PAUSE, PRIORITIZE_UNHEALTHY,
    ROLLBACK_ON_BREACH,
};
use serde_json::{Value, json};
use windtunnel_sim::azure::rolling_upgrade::Upgrade;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::RollingPolicy;
use windtunnel_sim::rules::key;
use windtunnel_sim::world::fact::{End, Fact, Failure, Record, RolloutFact, UpgradeError};
use windtunnel_sim::world::ids::{InstanceId, SetId};
use windtunnel_words::number::hundredths;

/// The type of a status of an upgrade.
pub const TYPE: &str = "Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades";

/// What Azure says of an instance that is not healthy.
const UNHEALTHY: (&str, &str) =
    ("RollingUpgradeInstanceUnhealthyError", "Instance found to be unhealthy or unreachable.");

/// What Azure says of an instance that was in hand when its upgrade was cancelled (RS-12).
const CANCELLED: (&str, &str) = ("RollingUpgradeCanceled", "Rolling Upgrade was canceled.");

/// The last upgrade of a set; `None` if there was none.
pub fn latest(view: &View<'_, '_>, set: SetId) -> Option<Value> {
    let upgrades = &view.instant.world.rolling_upgrade.upgrades[set.index()];
    let upgrade = upgrades.last()?;
    let action = if upgrade.cancelled.is_some() { "Cancel" } else { "Start" };
    let mut properties = json!({
        "policy": policy(&upgrade.policy),
        "runningStatus": {
            "code": code(upgrade),
            "startTime": view.time(upgrade.started),
            "lastAction": action,
            "lastActionTime": view.time(upgrade.cancelled.unwrap_or(upgrade.started)),
        },
        "progress": progress(upgrade),
    });
    if let Some(error) = error(view, set, upgrades.len() - 1) {
        properties["error"] = error;
    }
    Some(json!({ "properties": properties, "type": TYPE, "location": view.location(set) }))
}

/// `policy`, with every setting.
pub fn policy(policy: &RollingPolicy) -> Value {
    json!({
        (MAX_BATCH.key): policy.max_batch_percent,
        (MAX_UNHEALTHY.key): policy.max_unhealthy_percent,
        (MAX_UNHEALTHY_UPGRADED.key): policy.max_unhealthy_upgraded_percent,
        (PAUSE.key): policy.pause.to_string(),
        (CROSS_ZONE.key): policy.cross_zone,
        (PRIORITIZE_UNHEALTHY.key): policy.prioritize_unhealthy,
        (ROLLBACK_ON_BREACH.key): policy.rollback_on_breach,
        (MAX_SURGE.key): policy.max_surge,
    })
}

/// The same for people.
pub fn policy_text(policy: &RollingPolicy) -> String {
    let switches = [
        (CROSS_ZONE.key, policy.cross_zone),
        (PRIORITIZE_UNHEALTHY.key, policy.prioritize_unhealthy),
        (ROLLBACK_ON_BREACH.key, policy.rollback_on_breach),
        (MAX_SURGE.key, policy.max_surge),
    ];
    let on: String = switches.iter().filter(|(_, on)| *on).map(|(key, _)| format!(", {key}")).collect();
    format!(
        "policy: batch {}%, unhealthy {}%, upgraded unhealthy {}%, pause {}{on}",
        policy.max_batch_percent, policy.max_unhealthy_percent, policy.max_unhealthy_upgraded_percent, policy.pause
    )
}

/// `runningStatus.code` (RS-02).
pub fn code(upgrade: &Upgrade) -> &'static str {
    match upgrade.ended {
        None => "RollingForward",
        Some((End::Completed, _)) => "Completed",
        Some((End::Cancelled, _)) => "Cancelled",
        Some((End::Faulted { .. }, _)) => "Faulted",
    }
}

/// `progress`.
pub fn progress(upgrade: &Upgrade) -> Value {
    let counts = upgrade.counts();
    json!({
        "successfulInstanceCount": counts.successful,
        "failedInstanceCount": counts.failed,
        "inProgressInstanceCount": counts.in_progress,
        "pendingInstanceCount": counts.pending,
    })
}

/// `error` of an upgrade of a set, by its number: why it stopped, or that it goes on with failed instances (RU-32).
pub fn error(view: &View<'_, '_>, set: SetId, number: usize) -> Option<Value> {
    let upgrade = &view.instant.world.rolling_upgrade.upgrades[set.index()][number];
    let entries = facts::of_upgrade(&view.instant.ledger, set, number);
    if let Some((End::Cancelled, _)) = upgrade.ended {
        return cancelled(view, entries);
    }
    let Some((End::Faulted { error, measured, limit }, _)) = upgrade.ended else {
        return upgrade.ended.is_none().then(|| goes_on(view, upgrade, entries))?;
    };
    let ends = |record: &Record| matches!(record.fact, Fact::Rollout(RolloutFact::Ended { set: of, .. }) if of == set);
    let end = entries.iter().position(ends).unwrap_or(entries.len());
    let before = entries.first().map_or(0, |first| first.entry.0 as usize - 1) + end;
    let instances = match error {
        UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade => {
            let mut found = failures(view, &entries[..end]);
            found.retain(|(failed, _)| upgrade.unhealthy.contains(failed));
            let mut later = unhealthy(view, upgrade, before);
            later.retain(|(_, instance)| found.iter().all(|(failed, _)| failed != instance));
            later.sort_unstable();
            found.extend(later.into_iter().map(|(_, instance)| (instance, UNHEALTHY)));
            found
        }
        UpgradeError::RollingUpgradeTimeoutError | UpgradeError::InternalExecutionError => Vec::new(),
        _ => unhealthy(view, upgrade, before).into_iter().map(|(_, instance)| (instance, UNHEALTHY)).collect(),
    };
    // One that was healthy for a while is no failed upgrade, and may be the first all the same.
    let first = upgrade.first_failed.map(|(instance, _)| instance).or(instances.first().map(|(instance, _)| *instance));
    let first = first.map(|instance| view.instance_id(instance));
    let message = message(error, (measured, limit), commonest(&instances), first.as_deref(), view);
    Some(body(view, error.word(), &message, &instances))
}

fn body(view: &View<'_, '_>, code: &str, message: &str, instances: &[(InstanceId, (&str, &str))]) -> Value {
    let detail = |&(instance, (code, message)): &(InstanceId, (&str, &str))| json!({ "code": code, "target": view.target(instance), "message": message });
    let mut error = json!({});
    if !instances.is_empty() {
        error["details"] = instances.iter().map(detail).collect();
    }
    (error["code"], error["message"]) = (code.into(), message.into());
    error
}

/// Azure's sentence: the setting, what was measured, the limit, the commonest error, the first that failed (RS-09).
fn message(
    error: UpgradeError,
    (measured, limit): (u32, u32),
    commonest: &str,
    first: Option<&str>,
    view: &View<'_, '_>,
) -> String {
    let measured = hundredths(measured);
    let more = "For details on rolling upgrades, use http://aka.ms/AzureVMSSRollingUpgrade";
    match error {
        UpgradeError::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade => format!(
            "Rolling Upgrade failed due to exceeding the MaxUnhealthyInstancePercent value (defined in the \
             RollingUpgradePolicy) before any batch was attempted. {measured}% of instances are in an unhealthy state, \
             more than the threshold of {limit}% configured in the RollingUpgradePolicy. The most impactful error is:  \
             {commonest} {more}"
        ),
        UpgradeError::MaxUnhealthyInstancePercentExceededInRollingUpgrade => format!(
            "Rolling Upgrade failed after exceeding the MaxUnhealthyInstancePercent value defined in the \
             RollingUpgradePolicy. {measured}% of instances are in an unhealthy state after being upgraded - more than \
             the threshold of {limit}% configured in the RollingUpgradePolicy. The most impactful error is:  \
             {commonest} {more}"
        ),
        UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade => {
            let first = first.map_or_else(String::new, |first| format!(" First failed instance ID is: {first}."));
            format!(
                "Rolling Upgrade failed after exceeding the MaxUnhealthyUpgradedInstancePercent value defined in the \
                 RollingUpgradePolicy. {measured}% of instances are in an unhealthy state after being upgraded - more \
                 than the threshold of {limit}%. The most impactful error is: {commonest}.{first}"
            )
        }
        UpgradeError::RollingUpgradeTimeoutError => {
            let length = view.instant.plan().assumptions.get(key::RollingTimeout);
            format!("Rolling Upgrade failed because it did not complete within {length}. {more}")
        }
        UpgradeError::InternalExecutionError => {
            format!("An internal execution error occurred. Please retry later. {more}")
        }
    }
}

/// An upgrade goes on with failed instances: `RollingUpgradeInProgressWithFailedUpgradedVMs` (RU-32).
fn goes_on(view: &View<'_, '_>, upgrade: &Upgrade, entries: &[Record]) -> Option<Value> {
    let went_on = entries.iter().any(|record| matches!(record.fact, Fact::Rollout(RolloutFact::Continued { .. })));
    let failed = upgrade.counts().failed;
    if !went_on || failed == 0 {
        return None;
    }
    let instances = failures(view, entries);
    let next = if upgrade.is_pausing() { "pauses before the next batch" } else { "continues" };
    let message = format!(
        "Rolling Upgrade is in progress with {failed} failed upgraded instances, which is within the thresholds of the \
         RollingUpgradePolicy. The upgrade {next}. The most impactful error is: {}",
        commonest(&instances)
    );
    Some(body(view, "RollingUpgradeInProgressWithFailedUpgradedVMs", &message, &instances))
}

/// An upgrade was cancelled while a batch was in hand: the error, with the first instance of that batch as its target (RS-12).
fn cancelled(view: &View<'_, '_>, entries: &[Record]) -> Option<Value> {
    let mut failed = failures(view, entries).into_iter();
    let (instance, (code, message)) = failed.find(|(_, said)| *said == CANCELLED)?;
    Some(json!({ "code": code, "message": message, "target": view.target(instance) }))
}

/// The instances that failed in an upgrade, in order, each with what Azure says of it.
fn failures(view: &View<'_, '_>, entries: &[Record]) -> Vec<(InstanceId, (&'static str, &'static str))> {
    let failed = entries.iter().filter_map(|record| match record.fact {
        Fact::Rollout(RolloutFact::InstanceFailed { instance, why }) => Some((record.entry, instance, why)),
        _ => None,
    });
    let said = failed.map(|(entry, instance, why)| {
        let said = match why {
            Failure::NotHealthyInTime => UNHEALTHY,
            Failure::ProvisioningFailed => {
                let then = facts::History::of(view.instant.plan(), &view.instant.ledger[..entry.0 as usize - 1]);
                let code = then.observers[instance].failure.unwrap_or("VMProvisioningFailed");
                (code, "Provisioning of the instance failed.")
            }
            Failure::Deleted => ("VMNotFound", "Instance was deleted while it was being upgraded."),
            Failure::Cancelled => CANCELLED,
        };
        (instance, said)
    });
    said.collect()
}

/// The message that occurs most often; of equals the first.
fn commonest<'m>(instances: &[(InstanceId, (&str, &'m str))]) -> &'m str {
    let count = |message: &str| instances.iter().filter(|(_, (_, other))| *other == message).count();
    let mut best: Option<(usize, &'m str)> = None;
    for (_, (_, message)) in instances {
        let times = count(message);
        if best.is_none_or(|(most, _)| times > most) {
            best = Some((times, message));
        }
    }
    best.map_or(UNHEALTHY.1, |(_, message)| message)
}

/// The instances that the gate which ended an upgrade counted as unhealthy, each with since when it is what it was when the ledger
/// was this long.
fn unhealthy(view: &View<'_, '_>, upgrade: &Upgrade, before: usize) -> Vec<(SimTime, InstanceId)> {
    let ledger = &view.instant.ledger[..before.min(view.instant.ledger.len())];
    let then = facts::History::of(view.instant.plan(), ledger).observers;
    let since = |instance| then[instance].health.unwrap_or(then[instance].since);
    upgrade.unhealthy.iter().map(|&instance| (since(instance), instance)).collect()
}
