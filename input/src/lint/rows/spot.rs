//! L07: instances that Azure takes back.

use super::super::Found;
use super::super::fleet::{Fleet, count_of};
use super::rows;
use crate::arm::shape::scale_set::{EVICTION_POLICY, MAX_PRICE, MIX_BASE, MIX_PERCENT, RESTORE_ENABLED};
use crate::scenario::legality::SetFacts;
use serde_json::json;
use windtunnel_sim::plan::EvictionPolicy;

rows! {
    "L0701" "all-of-it-can-be-evicted" Warning SP_12, Set(no_floor), SpotWave, Harm;
        "Every instance is Spot, and Azure may take all of them at once";
        "Row 10 of the playbook. Evictions come in waves, since they follow the capacity of a size in a zone. A floor of regular instances is never evicted: `priorityMixPolicy` of a Flexible set, or a regular set beside this one.".
    "L0702" "regular-floor-is-low" Note SP_08, Set(low_floor), SpotWave, Harm;
        "The regular floor is less than half of the set, so that a wave takes more than half of the capacity";
        "Row 10 of the playbook. The floor should carry what must be served when no Spot capacity is to be had.".
    "L0703" "evicted-and-not-restored" Warning SP_02, Set(no_restore), SpotWave, Harm;
        "Evicted instances are deallocated and nothing brings them back, while they count toward the capacity";
        "Policy Deallocate keeps the disks, and `spotRestorePolicy` tries to bring the instances back until its timeout. Without it somebody must start them. With autoscale use `evictionPolicy: Delete` (SP-18).".
    "L0704" "evicted-for-the-price" Note SP_04, Set(price), PriceRise, Harm;
        "A maximum price evicts all instances at once when the price rises above it, and a price that falls again brings nobody back";
        "`maxPrice: -1` pays the price of the day, never above that of regular instances, and is never evicted for its price.".
}

fn no_floor(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let span = set.spot().filter(|_| count_of(set) > 1)?;
    if MIX_BASE.value(&set.resource) > 0 || MIX_PERCENT.value(&set.resource) > 0 {
        return None;
    }
    let half = count_of(set).div_ceil(2);
    let change = if set.flexible.value {
        json!({ "priorityMixPolicy": { "baseRegularPriorityCount": half, "regularPriorityPercentageAboveBase": 0 } })
    } else {
        json!({ "virtualMachineProfile": { "priority": "Regular" } })
    };
    let what = format!("all {} instances are Spot", count_of(set));
    let mut fix = fleet.properties(set, change);
    if !set.flexible.value {
        let profile = &mut fix[fleet.key(&set.resource)]["properties"]["virtualMachineProfile"];
        if EVICTION_POLICY.node(&set.resource).is_some() {
            profile["evictionPolicy"] = json!(null);
        }
        if MAX_PRICE.node(&set.resource).is_some() {
            profile["billingProfile"] = json!(null);
        }
    }
    Some(Found::new(&span, what, fix))
}

fn low_floor(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    set.spot().filter(|_| set.flexible.value)?;
    let (base, percent, all) = (MIX_BASE.read(&set.resource), MIX_PERCENT.value(&set.resource), count_of(set));
    let regular = base.value.min(all) + all.saturating_sub(base.value) * percent.min(100) / 100;
    let half = all.div_ceil(2);
    if regular >= half || base.value == 0 && percent == 0 {
        return None;
    }
    let what = format!("{regular} of {all} instances are regular");
    let change = json!({ "priorityMixPolicy": { "baseRegularPriorityCount": half } });
    Some(Found::new(&base.span, what, fleet.properties(set, change)))
}

fn no_restore(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let span = set.spot()?;
    let deallocates = EVICTION_POLICY.value(&set.resource) == EvictionPolicy::Deallocate;
    if !deallocates || RESTORE_ENABLED.value(&set.resource) || set.autoscaled.is_some() {
        return None;
    }
    let span = EVICTION_POLICY.span(&set.resource).unwrap_or(span);
    let change = json!({ "spotRestorePolicy": { "enabled": true, "restoreTimeout": "PT1H" } });
    Some(Found::new(
        &span,
        "evicted instances are deallocated, and `spotRestorePolicy` is not enabled",
        fleet.properties(set, change),
    ))
}

fn price(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    set.spot()?;
    let at = MAX_PRICE.get(&set.resource).filter(|at| at.value > 0.0)?;
    let change = json!({ "virtualMachineProfile": { "billingProfile": { "maxPrice": -1 } } });
    Some(Found::new(&at.span, format!("`maxPrice` is {}", at.value), fleet.properties(set, change)))
}
