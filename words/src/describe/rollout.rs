//! Upgrades in words.

use super::{Names, instances, place_of_zone};
use crate::number::hundredths;
use windtunnel_sim::rules::key;
use windtunnel_sim::world::fact::{Conflict, End, Failure, LeftOut, RolloutFact, StartedBy, UpgradeError};

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, who: &str, fact: &RolloutFact) -> String {
    match *fact {
        RolloutFact::Started { image: Some(image), by: StartedBy::Platform, .. } => {
            format!("Azure starts to upgrade the OS images of {who} to {}", names.image(image))
        }
        RolloutFact::Started { image: Some(image), .. } => {
            format!("an upgrade of the OS images of {who} to {} starts", names.image(image))
        }
        RolloutFact::Started { image: None, by: StartedBy::Platform, .. } => {
            format!("Azure starts to upgrade an extension of {who}")
        }
        RolloutFact::Started { image: None, by: StartedBy::Extensions, .. } => {
            format!("a rolling upgrade of the extensions of {who} starts")
        }
        RolloutFact::Started { image: None, .. } => {
            format!("a rolling upgrade of {who} to its newest model starts")
        }
        RolloutFact::LeftOut { why: LeftOut::Protected, .. } => {
            format!("the upgrade skips {who}: it is protected from actions on the scale set")
        }
        RolloutFact::LeftOut { why: LeftOut::SkipUpgrade, .. } => {
            format!("the upgrade skips {who}: its application reports SkipUpgrade")
        }
        RolloutFact::LeftOut { why: LeftOut::Deallocated, .. } => {
            format!("the upgrade skips {who}: it is deallocated, and keeps its model until it is started")
        }
        RolloutFact::LeftOut { why: LeftOut::NotHealthy, .. } => {
            format!("the upgrade skips {who}: with phases, only Healthy instances take part")
        }
        RolloutFact::BatchStarted { batch, size, zone, surge, .. } => {
            let how = if surge { "is replaced by new instances" } else { "begins" };
            format!("batch {batch} of {who}, {}{}, {how}", instances(size), place_of_zone(zone))
        }
        RolloutFact::SurgeInPlace { short, .. } => {
            format!(
                "the quota of {who} is {} too small: this batch is upgraded in place, not by surge",
                instances(short)
            )
        }
        RolloutFact::InstanceUpgraded { .. } => format!("{who} is upgraded and healthy"),
        RolloutFact::InstanceFailed { why: Failure::NotHealthyInTime, .. } => {
            format!("{who} is not healthy within the health wait: its upgrade failed")
        }
        RolloutFact::InstanceFailed { why: Failure::ProvisioningFailed, .. } => {
            format!("the provisioning of {who} failed, so its upgrade failed")
        }
        RolloutFact::InstanceFailed { why: Failure::Cancelled, .. } => {
            format!(
                "{who} was being upgraded when the upgrade was cancelled, and counts as failed: \
                RollingUpgradeCanceled"
            )
        }
        RolloutFact::InstanceFailed { why: Failure::Deleted, .. } => {
            format!("{who} was deleted while it was being upgraded")
        }
        RolloutFact::BatchEnded { batch, failed: 0, .. } => format!("batch {batch} of {who} ends"),
        RolloutFact::BatchEnded { batch, failed, .. } => {
            format!("batch {batch} of {who} ends, with {} failed", instances(failed))
        }
        RolloutFact::Continued { failed, .. } => {
            let failed = instances(failed);
            format!(
                "the upgrade of {who} continues with {failed} failed: \
                RollingUpgradeInProgressWithFailedUpgradedVMs"
            )
        }
        RolloutFact::Paused { .. } => format!("the upgrade of {who} pauses between batches"),
        RolloutFact::EmptyDomainsWatched { domains: 1, .. } => {
            format!("the upgrade of {who} watches one more update domain, which has no instance")
        }
        RolloutFact::EmptyDomainsWatched { domains, .. } => {
            format!("the upgrade of {who} watches {domains} more update domains, which have no instances")
        }
        RolloutFact::Ended { end: End::Completed, .. } => format!("the upgrade of {who} is Completed"),
        RolloutFact::Ended { end: End::Cancelled, .. } => {
            format!("the upgrade of {who} is Cancelled; nothing is rolled back")
        }
        RolloutFact::Ended { end: End::Faulted { error, measured, limit }, .. } => {
            let code = error.word();
            match error {
                UpgradeError::InternalExecutionError => format!("the upgrade of {who} is Faulted: {code}"),
                UpgradeError::RollingUpgradeTimeoutError => {
                    let length = names.plan().assumptions.get(key::RollingTimeout);
                    format!("the upgrade of {who} is Faulted: it did not complete within {length}: {code}")
                }
                UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade => format!(
                    "the upgrade of {who} is Faulted: {} % of the upgraded instances are unhealthy, more than {limit} %: {code}",
                    hundredths(measured)
                ),
                UpgradeError::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade
                | UpgradeError::MaxUnhealthyInstancePercentExceededInRollingUpgrade => format!(
                    "the upgrade of {who} is Faulted: {} % of its instances are unhealthy, more than {limit} %: {code}",
                    hundredths(measured)
                ),
            }
        }
        RolloutFact::LeftMixed { upgraded, behind, .. } => {
            format!(
                "{who} is left with {} on the new version and {} on the old",
                instances(upgraded),
                instances(behind)
            )
        }
        RolloutFact::CancelRequested { .. } => format!("an operator cancels the upgrade of {who}"),
        RolloutFact::WriteRefused { why: Conflict::UpgradeRuns, .. } => {
            format!("the write to {who} is refused while its upgrade runs: OperationNotAllowed")
        }
        RolloutFact::WriteRefused { why: Conflict::NoUpgradeRuns, .. } => {
            format!("{who} has no upgrade to cancel: 409 OperationNotAllowed")
        }
        RolloutFact::WriteInvalid { refusal, .. } => {
            let refusal = names.refusal(refusal);
            let text = refusal.text.trim_end_matches('.');
            match refusal.code {
                Some(code) => format!("Azure refuses the write to {who}, which stays as it was: {code}: {text}"),
                None => format!("Azure refuses the write to {who}, which stays as it was: {text}"),
            }
        }
    }
}
