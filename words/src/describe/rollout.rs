//! Upgrades in words.

use super::{Names, pairs, place_of_zone};
use windtunnel_sim::rules::A;
use windtunnel_sim::world::fact::{Conflict, End, Failure, LeftOut, RolloutFact, StartedBy, UpgradeError};

/// The kind of a fact, as written in tables.
pub const fn what(fact: &RolloutFact) -> &'static str {
    match fact {
        RolloutFact::Started { .. } => "upgradeStarted",
        RolloutFact::LeftOut { .. } => "leftOutOfUpgrade",
        RolloutFact::BatchBegan { .. } => "batchBegan",
        RolloutFact::SurgeInPlace { .. } => "surgeInPlace",
        RolloutFact::InstanceUpgraded { .. } => "instanceUpgraded",
        RolloutFact::InstanceFailed { .. } => "instanceFailed",
        RolloutFact::BatchEnded { .. } => "batchEnded",
        RolloutFact::WentOn { .. } => "upgradeWentOn",
        RolloutFact::Paused { .. } => "upgradePaused",
        RolloutFact::EmptyDomainsWatched { .. } => "emptyDomainsWatched",
        RolloutFact::Ended { .. } => "upgradeEnded",
        RolloutFact::LeftMixed { .. } => "leftMixed",
        RolloutFact::CancelRequested { .. } => "cancelRequested",
        RolloutFact::WriteRefused { .. } | RolloutFact::WriteInvalid { .. } => "writeRefused",
    }
}

/// `runningStatus.code` at the end of an upgrade (RS-02).
pub const fn status_code(end: End) -> &'static str {
    match end {
        End::Completed => "Completed",
        End::Cancelled => "Cancelled",
        End::Faulted { .. } => "Faulted",
    }
}

const fn started_by(by: StartedBy) -> &'static str {
    match by {
        StartedBy::User | StartedBy::Extensions => "User",
        StartedBy::Platform => "Platform",
    }
}

const fn failure_code(why: Failure) -> &'static str {
    match why {
        Failure::NotHealthyInTime => "notHealthyInTime",
        Failure::ProvisioningFailed => "provisioningFailed",
        Failure::Deleted => "deleted",
        Failure::Cancelled => "RollingUpgradeCanceled",
    }
}

const fn left_out_code(why: LeftOut) -> &'static str {
    match why {
        LeftOut::Protected => "protectFromScaleSetActions",
        LeftOut::SkipUpgrade => "SkipUpgrade",
        LeftOut::NotHealthy => "notHealthy",
        LeftOut::Deallocated => "deallocated",
    }
}

const fn conflict_code(why: Conflict) -> &'static str {
    match why {
        Conflict::UpgradeRuns | Conflict::NoUpgradeRuns => "OperationNotAllowed",
    }
}

/// A share in hundredths of a percent, as text.
pub fn percent(hundredths: u32) -> String {
    if hundredths.is_multiple_of(100) {
        format!("{} %", hundredths / 100)
    } else {
        format!("{}.{:02} %", hundredths / 100, hundredths % 100)
    }
}

/// What a machine reads of a fact beside its kind and its subject.
pub fn detail(names: &Names<'_>, fact: &RolloutFact) -> String {
    match *fact {
        RolloutFact::Started { image, by, .. } => {
            let other = if by == StartedBy::Extensions { "the newest extensions" } else { "the newest model" };
            let image = image.map_or(other, |image| names.image(image));
            pairs(&[("to", &image), ("startedBy", &started_by(by))])
        }
        RolloutFact::LeftOut { why, .. } => pairs(&[("why", &left_out_code(why))]),
        RolloutFact::BatchBegan { batch, size, zone, surge, .. } => {
            pairs(&[("batch", &batch), ("size", &size), ("zone", &zone), ("surge", &surge)])
        }
        RolloutFact::SurgeInPlace { short, .. } => pairs(&[("short", &short)]),
        RolloutFact::InstanceFailed { why, .. } => pairs(&[("why", &failure_code(why))]),
        RolloutFact::BatchEnded { batch, failed, .. } => pairs(&[("batch", &batch), ("failed", &failed)]),
        RolloutFact::EmptyDomainsWatched { domains, .. } => pairs(&[("domains", &domains)]),
        RolloutFact::WentOn { failed, .. } => pairs(&[("failed", &failed)]),
        RolloutFact::Ended { end: End::Faulted { error: UpgradeError::RollingUpgradeTimeoutError, .. }, .. } => {
            let error = UpgradeError::RollingUpgradeTimeoutError.code();
            pairs(&[
                ("code", &"Faulted"),
                ("error", &error),
                ("after", &names.plan().assumptions.time(A::RollingTimeout)),
            ])
        }
        RolloutFact::Ended { end: End::Faulted { error: UpgradeError::InternalExecutionError, .. }, .. } => {
            pairs(&[("code", &"Faulted"), ("error", &UpgradeError::InternalExecutionError.code())])
        }
        RolloutFact::Ended { end: End::Faulted { error, measured, limit }, .. } => pairs(&[
            ("code", &"Faulted"),
            ("error", &error.code()),
            ("measured", &percent(measured)),
            ("limit", &percent(limit * 100)),
        ]),
        RolloutFact::Ended { end, .. } => pairs(&[("code", &status_code(end))]),
        RolloutFact::LeftMixed { upgraded, behind, .. } => pairs(&[("upgraded", &upgraded), ("behind", &behind)]),
        RolloutFact::WriteRefused { why, .. } => pairs(&[("error", &conflict_code(why))]),
        RolloutFact::WriteInvalid { refusal, .. } => {
            let refusal = names.refusal(refusal);
            pairs(&[("error", &refusal.code.unwrap_or("refused")), ("message", &refusal.text)])
        }
        RolloutFact::InstanceUpgraded { .. } | RolloutFact::Paused { .. } | RolloutFact::CancelRequested { .. } => {
            String::new()
        }
    }
}

fn instances(count: u32) -> String {
    if count == 1 { "1 instance".to_owned() } else { format!("{count} instances") }
}

/// A fact as one English sentence.
pub fn sentence(names: &Names<'_>, fact: &RolloutFact) -> String {
    let who = fact.instance().map_or("", |instance| names.instance(instance));
    let set = fact.set().map_or("", |set| names.set(set));
    match *fact {
        RolloutFact::Started { image: Some(image), by: StartedBy::Platform, .. } => {
            format!("Azure begins to upgrade the OS images of {set} to {}", names.image(image))
        }
        RolloutFact::Started { image: Some(image), .. } => {
            format!("an upgrade of the OS images of {set} to {} begins", names.image(image))
        }
        RolloutFact::Started { image: None, by: StartedBy::Platform, .. } => {
            format!("Azure begins to put a new version of an extension on {set}")
        }
        RolloutFact::Started { image: None, by: StartedBy::Extensions, .. } => {
            format!("a rolling upgrade of the extensions of {set} begins")
        }
        RolloutFact::Started { image: None, .. } => {
            format!("a rolling upgrade of {set} to its newest model begins")
        }
        RolloutFact::LeftOut { why: LeftOut::Protected, .. } => {
            format!("{who} is left out of the upgrade: it is protected from actions on the scale set")
        }
        RolloutFact::LeftOut { why: LeftOut::SkipUpgrade, .. } => {
            format!("{who} is left out of the upgrade: its application says SkipUpgrade")
        }
        RolloutFact::LeftOut { why: LeftOut::Deallocated, .. } => {
            format!("{who} is left out of the upgrade: it is deallocated, and keeps its model until it is started")
        }
        RolloutFact::LeftOut { why: LeftOut::NotHealthy, .. } => {
            format!("{who} is left out of the upgrade: where phases are used, only Healthy instances take part")
        }
        RolloutFact::BatchBegan { batch, size, zone, surge, .. } => {
            let how = if surge { "is replaced by new ones" } else { "begins" };
            format!("batch {batch} of {set}, {}{}, {how}", instances(size), place_of_zone(zone))
        }
        RolloutFact::SurgeInPlace { short, .. } => {
            format!(
                "the quota of {set} is short by {}: this batch is upgraded in place, not by surge",
                instances(short)
            )
        }
        RolloutFact::InstanceUpgraded { .. } => format!("{who} is upgraded and healthy"),
        RolloutFact::InstanceFailed { why: Failure::NotHealthyInTime, .. } => {
            format!("{who} is not healthy within the health wait: its upgrade failed")
        }
        RolloutFact::InstanceFailed { why: Failure::ProvisioningFailed, .. } => {
            format!("the provisioning of {who} failed, and so did its upgrade")
        }
        RolloutFact::InstanceFailed { why: Failure::Cancelled, .. } => {
            format!("{who} was in hand when the upgrade was cancelled, and counts as failed: RollingUpgradeCanceled")
        }
        RolloutFact::InstanceFailed { why: Failure::Deleted, .. } => {
            format!("{who} was deleted while it was being upgraded")
        }
        RolloutFact::BatchEnded { batch, failed: 0, .. } => format!("batch {batch} of {set} is done"),
        RolloutFact::BatchEnded { batch, failed, .. } => {
            format!("batch {batch} of {set} is done, with {} failed", instances(failed))
        }
        RolloutFact::WentOn { failed, .. } => {
            let failed = instances(failed);
            format!("the upgrade of {set} goes on with {failed} failed: RollingUpgradeInProgressWithFailedUpgradedVMs")
        }
        RolloutFact::Paused { .. } => format!("the upgrade of {set} pauses between batches"),
        RolloutFact::EmptyDomainsWatched { domains: 1, .. } => {
            format!("the upgrade of {set} watches one more update domain, in which no instance is")
        }
        RolloutFact::EmptyDomainsWatched { domains, .. } => {
            format!("the upgrade of {set} watches {domains} more update domains, in which no instance is")
        }
        RolloutFact::Ended { end: End::Completed, .. } => format!("the upgrade of {set} is Completed"),
        RolloutFact::Ended { end: End::Cancelled, .. } => {
            format!("the upgrade of {set} is Cancelled; nothing is rolled back")
        }
        RolloutFact::Ended { end: End::Faulted { error, measured, limit }, .. } => {
            let code = error.code();
            match error {
                UpgradeError::InternalExecutionError => format!("the upgrade of {set} is Faulted: {code}"),
                UpgradeError::RollingUpgradeTimeoutError => {
                    let length = names.plan().assumptions.time(A::RollingTimeout);
                    format!("the upgrade of {set} is Faulted, since it did not complete within {length}: {code}")
                }
                UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade => format!(
                    "the upgrade of {set} is Faulted, since {} of the upgraded instances are unhealthy and {limit} % may be: {code}",
                    percent(measured)
                ),
                _ => format!(
                    "the upgrade of {set} is Faulted, since {} of its instances are unhealthy and {limit} % may be: {code}",
                    percent(measured)
                ),
            }
        }
        RolloutFact::LeftMixed { upgraded, behind, .. } => {
            format!(
                "{set} is left with {} on the new version and {} on the old",
                instances(upgraded),
                instances(behind)
            )
        }
        RolloutFact::CancelRequested { .. } => format!("somebody cancels the upgrade of {set}"),
        RolloutFact::WriteRefused { why: Conflict::UpgradeRuns, .. } => {
            format!("the write to {set} is refused while its upgrade runs: OperationNotAllowed")
        }
        RolloutFact::WriteRefused { why: Conflict::NoUpgradeRuns, .. } => {
            format!("{set} has no upgrade to cancel: 409 OperationNotAllowed")
        }
        RolloutFact::WriteInvalid { refusal, .. } => {
            let refusal = names.refusal(refusal);
            let text = refusal.text.trim_end_matches('.');
            match refusal.code {
                Some(code) => format!("Azure refuses the write to {set}, which stays as it was: {code}: {text}"),
                None => format!("Azure refuses the write to {set}, which stays as it was: {text}"),
            }
        }
    }
}
