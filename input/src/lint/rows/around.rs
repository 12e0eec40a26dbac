//! L08: what leads users to the instances from outside: gateways, names, edges.

use super::super::Found;
use super::super::fleet::{Fleet, is_type};
use super::rows;
use crate::arm::shape::{self, front_door, traffic_manager as tm};
use crate::tree::Node;
use serde_json::json;

rows! {
    "L0801" "name-is-remembered-for-long" Warning TM_07, Resource(long_ttl), RegionLost, Harm;
        "The answer of Traffic Manager is kept for minutes, and users go on to a region that is lost for as long";
        "The TTL of the DNS answer comes on top of the time in which the loss is noticed. Thirty to sixty seconds is usual for a failover; a shorter one costs more queries.".
    "L0802" "name-is-slow-to-notice" Note TM_01, Resource(slow_name), RegionLost, Harm;
        "Traffic Manager notices the loss of a region after two minutes or more";
        "Interval × (tolerated failures + 1) and a timeout. The fast interval of 10 s is dearer and notices in a third of the time.".
    "L0803" "edge-is-slow-to-notice" Warning AFD_02, Resource(slow_edge), RegionLost, Harm;
        "Front Door probes an origin so rarely that the loss of a region is noticed after minutes";
        "The default interval is 240 s, and three of four samples decide. At 30 s a region is out of the answers within two minutes.".
}

fn several(resource: &Node) -> bool {
    is_type(resource, shape::TRAFFIC_MANAGER) && tm::ENDPOINTS.items(resource).len() > 1
}

fn long_ttl(fleet: &Fleet, resource: &Node) -> Option<Found> {
    let at = tm::TTL.get(resource).filter(|at| several(resource) && at.value >= 120)?;
    let change = json!({ "properties": { "dnsConfig": { "ttl": 30 } } });
    Some(Found::new(&at.span, format!("`ttl` is {} s", at.value), fleet.patch(resource, change)))
}

fn slow_name(fleet: &Fleet, resource: &Node) -> Option<Found> {
    let at = tm::INTERVAL.read(resource);
    let tolerated = tm::TOLERATED.value(resource);
    let seconds = at.value * (tolerated + 1);
    if !several(resource) || seconds < 120 {
        return None;
    }
    let change =
        json!({ "intervalInSeconds": 10, "timeoutInSeconds": 5, "toleratedNumberOfFailures": tolerated.min(3) });
    let what = format!("every {} s, and {tolerated} failures are tolerated: {seconds} s", at.value);
    Some(Found::new(&at.span, what, fleet.patch(resource, json!({ "properties": { "monitorConfig": change } }))))
}

fn slow_edge(fleet: &Fleet, resource: &Node) -> Option<Found> {
    if !is_type(resource, shape::FRONT_DOOR) {
        return None;
    }
    let slow =
        |group: &&Node| front_door::ORIGINS.items(group).len() > 1 && front_door::PROBE_INTERVAL.value(group) >= 120;
    let group = front_door::GROUPS.items(resource).iter().find(slow)?;
    let at = front_door::PROBE_INTERVAL.read(group);
    let settings = json!({ "healthProbeSettings": { "probeIntervalInSeconds": 30 } });
    let change = json!({ "properties": { "originGroups": [{ "name": group.name()?, "properties": settings }] } });
    let what = format!("the origins of `{}` are probed every {} s", group.name()?, at.value);
    Some(Found::new(&at.span, what, fleet.patch(resource, change)))
}
