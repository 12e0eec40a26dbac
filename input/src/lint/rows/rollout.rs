//! L02: how a change reaches the instances.

use super::super::Found;
use super::super::fleet::{Fleet, count_of, mode_of, rolls, zones_of};
use super::health::with_source;
use super::rows;
use crate::arm::shape::scale_set::{
    CROSS_ZONE, MAX_BATCH, MAX_SURGE, MAX_UNHEALTHY, MAX_UNHEALTHY_UPGRADED, PAUSE, PRIORITIZE_UNHEALTHY,
    ROLLBACK_ON_BREACH, UPGRADE_MODE,
};
use crate::scenario::legality::SetFacts;
use crate::scenario::lower::{cores, region_name};
use serde_json::{Value as Json, json};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{RollingPolicy, UpgradeMode};
use windtunnel_words::clock::spoken;
use windtunnel_words::number::count;

rows! {
    "L0201" "all-instances-at-once" Warning UM_04, Set(automatic), GoodRollout, Harm;
        "Mode Automatic upgrades all instances at once, in no order and without a health check";
        "Any change of the model that restarts or reimages instances takes the whole set down for the length of a boot, and a bad version reaches all of them. Upgrade in batches that stop when instances are unhealthy. It may stay where the set serves nobody, or where Service Fabric upgrades it.".
    "L0202" "batch-takes-too-much-capacity" Warning RU_01, Set(wide_batch), BusyRollout, Harm;
        "A batch in place takes its share of the capacity away, and this one is more than a zone's";
        "Instances that are upgraded serve nobody meanwhile. A batch of a third or more is as if a zone were lost at every step of a good rollout. Use batches of 20 %, or `maxSurge: true` with quota for it.".
    "L0203" "no-pause-between-batches" Warning RU_04, Set(no_pause), SlowFailure, Harm;
        "Without a pause between batches a version that fails after minutes reaches every instance first";
        "The gate looks at the end of a batch. A leak, a cache that fills or a token that expires shows later. A pause that is longer than that lets the gate see it after one batch. The price is the pause, once a batch, in every good rollout.".
    "L0204" "one-sick-instance-blocks-the-rollout" Warning RU_13, Set(below_one), SickBefore, Length;
        "One unhealthy instance is more than `maxUnhealthyInstancePercent`, so that it blocks every upgrade, its own cure included";
        "Row 9 of the playbook: the threshold counts every unhealthy instance of the set, whatever made it so. In a small set one instance is more than the default of 20 %. Allow one instance.".
    "L0205" "bad-batches-are-tolerated" Warning RU_03, Set(tolerant), BadBake, Harm;
        "`maxUnhealthyUpgradedInstancePercent` is so high that a bad version is rolled out to the end";
        "It is the threshold that stops a bad version. Row 4 of the playbook is the threshold at work: the upgrade halts after the first batch, and that is what it is for.".
    "L0206" "halted-rollout-stays-mixed" Note RU_34, Set(stays_mixed), BadBake, Harm;
        "A rolling upgrade that is halted leaves the failed instances on the bad version";
        "`rollbackFailedInstancesOnPolicyBreach` gives them their former model back. Without it they stay as they are until somebody acts, and the capacity that they had is gone.".
    "L0207" "model-reaches-new-instances-only" Warning OR_18, Set(manual), NewModel, Harm;
        "Mode Manual with autoscale: a change of the model reaches new instances only, so that users meet two versions";
        "What runs keeps the old model until somebody upgrades it by name, and whatever autoscale creates has the new one. Roll changes out in batches, or upgrade all instances in the pipeline that writes the model.".
    "L0208" "rollout-takes-a-day" Note RU_04, Set(long), GoodRollout, Length;
        "At these batches and pauses a rollout takes more than eight hours";
        "A fix takes as long as any other version. Between the first batch and the last the fleet runs two versions, and every other write to the set is refused (RS-08).".
    "L0209" "surge-needs-quota" Note MS_05, Set(surge), NoQuota, Harm;
        "Without quota for a batch, `maxSurge` becomes an upgrade in place, and nothing says so";
        "The cores of one batch must be free in the region when the upgrade begins. Ask for the quota before, or do not count on the surge.".
    "L0210" "sick-instances-are-upgraded-last" Note RU_05, Set(sick_last), SickBefore, Harm;
        "Without `prioritizeUnhealthyInstances` a sick instance waits for its turn, although the rollout would cure it";
        "The new version reaches unhealthy instances first when this is on; nothing else about the rollout changes.".
    "L0211" "batches-across-zones" Warning RU_21, Set(crosses), BadBake, Harm;
        "With `enableCrossZoneUpgrade` and batches this wide the first batch of a bad version is in all zones";
        "By default a batch stays within a zone, and a bad version is in one zone when it is stopped. Across zones the batches are wider, so that more users meet it. The price of the default is more batches.".
}

/// What share one of the instances is, in percent, rounded up.
fn share_of_one(set: &SetFacts) -> u32 {
    100_u32.div_ceil(count_of(set).max(1))
}

fn rolling(fleet: &Fleet, set: &SetFacts, change: Json) -> Json {
    fleet.properties(set, json!({ "upgradePolicy": { "rollingUpgradePolicy": change } }))
}

/// A policy that goes in batches and stops, with a health source if the set has none.
fn in_batches(fleet: &Fleet, set: &SetFacts) -> Json {
    let batches = json!({
        "maxBatchInstancePercent": RollingPolicy::DEFAULT.max_batch_percent,
        "maxUnhealthyInstancePercent": share_of_one(set).max(RollingPolicy::DEFAULT.max_unhealthy_percent),
        "maxUnhealthyUpgradedInstancePercent": RollingPolicy::DEFAULT.max_unhealthy_upgraded_percent,
        "pauseTimeBetweenBatches": "PT2M",
    });
    let policy = json!({ "upgradePolicy": { "mode": "Rolling", "rollingUpgradePolicy": batches } });
    fleet.properties(set, with_source(fleet, set, policy))
}

fn automatic(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let mode = UPGRADE_MODE.get(&set.resource).filter(|mode| mode.value == UpgradeMode::Automatic)?;
    if count_of(set) < 2 || set.service_fabric.is_some() {
        return None;
    }
    let what = format!("a change of the model reaches all {} instances at once", count_of(set));
    Some(Found::new(&mode.span, what, in_batches(fleet, set)))
}

fn manual(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    if mode_of(set) != UpgradeMode::Manual || set.autoscaled.is_none() || rolls(set) {
        return None;
    }
    let mode = UPGRADE_MODE.read(&set.resource);
    let what = "the mode is Manual, and autoscale creates instances of the newest model beside those that run";
    Some(Found::new(&mode.span, what, in_batches(fleet, set)))
}

/// How many instances a batch has, and how many are in the largest zone; a third where there are none.
fn batch(set: &SetFacts) -> (u32, u32) {
    let zones = zones_of(set);
    let of = (count_of(set) * MAX_BATCH.value(&set.resource) / 100).max(1);
    (of, count_of(set).div_ceil(if zones > 1 { zones } else { 3 }))
}

fn wide_batch(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let (batch, zone) = batch(set);
    if !rolls(set)
        || MAX_SURGE.value(&set.resource)
        || count_of(set) < 3
        || batch < zone
        || MAX_BATCH.value(&set.resource) < 33
    {
        return None;
    }
    let at = MAX_BATCH.read(&set.resource);
    let what = format!("a batch of {} % is {} of {} instances", at.value, batch, count_of(set));
    Some(Found::new(
        &at.span,
        what,
        rolling(fleet, set, json!({ "maxBatchInstancePercent": RollingPolicy::DEFAULT.max_batch_percent })),
    ))
}

fn no_pause(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let at = PAUSE.read(&set.resource);
    if !rolls(set) || at.value > SimDuration::from_secs(59) || count_of(set) < 2 {
        return None;
    }
    let what = format!("the pause between batches is {}", spoken(at.value));
    Some(Found::new(&at.span, what, rolling(fleet, set, json!({ "pauseTimeBetweenBatches": "PT5M" }))))
}

fn below_one(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let (at, one) = (MAX_UNHEALTHY.read(&set.resource), count_of(set));
    if !rolls(set) || !(2..=20).contains(&one) || at.value >= share_of_one(set) {
        return None;
    }
    let what = format!("one of {one} instances is {} %, and {} % may be unhealthy", share_of_one(set), at.value);
    Some(Found::new(&at.span, what, rolling(fleet, set, json!({ "maxUnhealthyInstancePercent": share_of_one(set) }))))
}

fn tolerant(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let at = MAX_UNHEALTHY_UPGRADED.read(&set.resource);
    if !rolls(set) || at.value < 60 || count_of(set) < 2 {
        return None;
    }
    let what = format!("{} % of the upgraded instances may be unhealthy", at.value);
    Some(Found::new(&at.span, what, rolling(fleet, set, json!({ "maxUnhealthyUpgradedInstancePercent": 20 }))))
}

fn stays_mixed(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let at = ROLLBACK_ON_BREACH.read(&set.resource);
    if mode_of(set) != UpgradeMode::Rolling || at.value || count_of(set) < 2 {
        return None;
    }
    let change = json!({ "rollbackFailedInstancesOnPolicyBreach": true });
    Some(Found::new(&at.span, "failed instances of a halted rollout keep the bad version", rolling(fleet, set, change)))
}

fn long(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let at = PAUSE.read(&set.resource);
    let zones = if CROSS_ZONE.value(&set.resource) { 1 } else { zones_of(set).max(1) };
    let batches = count_of(set).div_ceil(zones).div_ceil(batch(set).0) * zones;
    let pauses = SimDuration::from_ms(at.value.ms() * u64::from(batches.saturating_sub(1)));
    if !rolls(set) || pauses <= SimDuration::from_mins(8 * 60) {
        return None;
    }
    let what = format!(
        "{} with pauses of {} take {} for the pauses alone",
        count(batches as usize, "batch"),
        spoken(at.value),
        spoken(pauses)
    );
    let batch = MAX_BATCH.value(&set.resource).max(20);
    let change = json!({ "maxBatchInstancePercent": batch, "pauseTimeBetweenBatches": "PT10M" });
    Some(Found::new(&at.span, what, rolling(fleet, set, change)))
}

fn surge(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let span = MAX_SURGE.on(&set.resource)?;
    let location = crate::arm::shape::scale_set::LOCATION.text(&set.resource)?;
    let one = cores(set.size());
    if count_of(set) == 0 || !rolls(set) || fleet.sets.len() > 1 {
        return None;
    }
    let (batch, all) = (batch(set).0 * one, count_of(set) * one);
    let what = format!("a batch needs {batch} cores beside the {all} in use, in {location}");
    Some(Found::new(&span, what, json!({ "regions": { region_name(location): { "quota": all + batch } } })))
}

fn sick_last(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let at = PRIORITIZE_UNHEALTHY.read(&set.resource);
    if mode_of(set) != UpgradeMode::Rolling || at.value || count_of(set) < 3 {
        return None;
    }
    let what = "unhealthy instances are upgraded in the order of the others";
    Some(Found::new(&at.span, what, rolling(fleet, set, json!({ "prioritizeUnhealthyInstances": true }))))
}

fn crosses(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let span = CROSS_ZONE.on(&set.resource)?;
    let (batch, zone) = batch(set);
    if !rolls(set) || zones_of(set) < 2 || batch <= zone {
        return None;
    }
    let what = format!("a batch of {batch} instances is more than the {zone} of a zone");
    Some(Found::new(&span, what, rolling(fleet, set, json!({ "enableCrossZoneUpgrade": false }))))
}
