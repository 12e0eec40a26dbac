//! L05: where instances are, and how many.

use super::super::Found;
use super::super::fleet::{Fleet, count_of, region_of};
use super::rows;
use crate::arm::shape::autoscale::{MINIMUM, PROFILES};
use crate::arm::shape::scale_set::{RESILIENT_CREATE, ZONE_BALANCE};
use crate::scenario::legality::SetFacts;
use serde_json::json;
use windtunnel_words::number::count;

rows! {
    "L0501" "all-in-one-zone" Warning ZN_01, Set(in_one_zone), ZoneLost, Harm;
        "All instances are in one zone, and are lost with it";
        "Row 11 of the playbook: zones are set when the set is created; later they can only be added, and instances that are there stay where they are. A set for each zone behind one balancer is as good.".
    "L0502" "strict-zone-balance" Warning ZN_06, Set(strict), ZoneLost, Harm;
        "Strict zone balance blocks a scale operation that would leave zones more than one apart, during the loss of a zone too";
        "When a zone is lost, its capacity can be made up for in the others under best effort, and not under `zoneBalance: true`.".
    "L0503" "one-instance" Warning LB_30, Set(alone), GoodRollout, Harm;
        "With one instance every upgrade, repair and fault is an outage";
        "There is nobody else to serve while the instance is upgraded, restarted or gone. Two instances are the least with which a rolling upgrade keeps somebody serving.".
    "L0504" "failed-creates-stay" Note LC_06, Set(not_resilient), FailedBoots, Harm;
        "An instance whose creation fails stays Failed and counts toward the capacity until somebody removes it";
        "`resiliencyPolicy.resilientVMCreationPolicy` tries again, up to 30 minutes. Autoscale and repairs do not: what was never provisioned is never repaired (AR-03).".
    "L0505" "in-no-zone" Note ZN_02, Set(in_no_zone), ZoneLost, Harm;
        "Instances in no zone may be in any, and more of them than a third can be lost with one";
        "Row 11 of the playbook. A regional set has no promise at all about where its instances are: the outage of a zone hits none of them, or all. Over three zones it hits a third. Zones are set when the set is created. In a region without zones nothing is said.".
}

/// Regions in which there are no zones; a region that is not here is taken to have three. From Azure's list of regions
/// (MicrosoftDocs/azure-docs, articles/reliability/regions-list.md, 21 March 2025).
const WITHOUT_ZONES: [&str; 17] = [
    "australiacentral",
    "australiacentral2",
    "australiasoutheast",
    "brazilsoutheast",
    "canadaeast",
    "francesouth",
    "germanynorth",
    "koreasouth",
    "northcentralus",
    "norwaywest",
    "southafricawest",
    "southindia",
    "switzerlandwest",
    "uaecentral",
    "ukwest",
    "westcentralus",
    "westus",
];

/// The set over three zones, where it can be there and is not spread by others beside it.
fn spread(fleet: &Fleet, set: &SetFacts, what: String) -> Option<Found> {
    if region_of(set).is_some_and(|region| WITHOUT_ZONES.contains(&region.as_str())) {
        return None;
    }
    if count_of(set) < 2 || set.bound.is_some() || set.basic_balancer.is_some() || set.service_fabric.is_some() {
        return None;
    }
    // A set for each zone, behind one balancer, is spread, too.
    let mut beside = fleet.beside(set);
    if beside.any(|other| other.zones.value != set.zones.value && !other.zones.value.is_empty()) {
        return None;
    }
    let mut change = json!({ "zones": ["1", "2", "3"] });
    if set.fault_domains.given && set.fault_domains.value > 1 {
        return None; // It is fixed at creation, and not to be had over zones (FD-08).
    }
    if set.single_placement_group.given && set.single_placement_group.value && !set.flexible.value {
        change["properties"] = json!({ "singlePlacementGroup": false });
    }
    Some(Found::new(&set.zones.span, what, fleet.modern(set, "2023-03-01", change)))
}

fn in_one_zone(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let [zone] = set.zones.value[..] else { return None };
    spread(fleet, set, format!("all {} instances are in zone {zone}", count_of(set)))
}

fn in_no_zone(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    // Two instances can lose one of two zones as well as be lost together.
    if !set.zones.value.is_empty() || count_of(set) < 3 {
        return None;
    }
    spread(fleet, set, format!("its {} instances are in no zone", count_of(set)))
}

fn strict(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let span = ZONE_BALANCE.on(&set.resource).filter(|_| set.zones.value.len() > 1)?;
    Some(Found::new(&span, "`zoneBalance` is true", fleet.properties(set, json!({ "zoneBalance": false }))))
}

fn alone(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let mut minimums =
        fleet.settings(set).flat_map(|setting| PROFILES.items(setting).iter().map(move |of| (setting, of)));
    let low = |profile| MINIMUM.get(profile).filter(|at| at.value < 2);
    if fleet.beside(set).next().is_some() {
        return None;
    }
    if set.autoscaled.is_none() && count_of(set) == 1 {
        let change = fleet.patch(&set.resource, json!({ "sku": { "capacity": 2 } }));
        return Some(Found::new(&set.capacity.span, "`sku.capacity` is 1", change));
    }
    let (setting, profile) = minimums.find(|(_, profile)| low(profile).is_some())?;
    let at = low(profile)?;
    let capacity = json!({ "minimum": "2" });
    let mut fix = fleet
        .patch(setting, json!({ "properties": { "profiles": [{ "name": profile.name()?, "capacity": capacity }] } }));
    if count_of(set) < 2 {
        fix[fleet.key(&set.resource)] = json!({ "sku": { "capacity": 2 } });
    }
    let what =
        format!("autoscale may leave {} in the profile `{}`", count(at.value as usize, "instance"), profile.name()?);
    Some(Found::new(&at.span, what, fix))
}

fn not_resilient(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    if RESILIENT_CREATE.value(&set.resource) || set.autoscaled.is_none() {
        return None;
    }
    let at = RESILIENT_CREATE.read(&set.resource);
    let change = json!({ "properties": { "resiliencyPolicy": { "resilientVMCreationPolicy": { "enabled": true } } } });
    let fix = fleet.modern(set, "2024-07-01", change);
    Some(Found::new(&at.span, "autoscale creates its instances without a second attempt", fix))
}
