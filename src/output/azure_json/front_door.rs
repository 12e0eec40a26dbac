//! A Front Door profile as the user wrote it, its origins as they are configured now, and their health as Azure Monitor has it: ARM
//! knows the configuration alone.

use super::View;
use crate::input::arm::shape::FRONT_DOOR;
use crate::input::arm::shape::front_door::{GROUPS, ORIGIN_STATE, ORIGINS, PRIORITY, WEIGHT};
use serde_json::{Value, json};
use windtunnel_sim::plan::FrontDoor;
use windtunnel_sim::world::ids::FrontDoorId;

/// A profile of a plan, by the first of its routes.
pub fn all(view: &View<'_, '_>) -> Vec<FrontDoorId> {
    let doors = &view.instant.plan().front_doors;
    let is_first = |at: &usize| !doors[..*at].iter().any(|other| other.profile == doors[*at].profile);
    (0..doors.len()).filter(is_first).map(|at| FrontDoorId(at as u16)).collect()
}

/// The name of a profile.
pub fn name<'p>(view: &View<'_, 'p>, id: FrontDoorId) -> &'p str {
    &view.instant.plan().front_doors[id.index()].profile
}

/// The routes of a profile, one for each of its origin groups.
fn groups<'p>(view: &View<'_, 'p>, id: FrontDoorId) -> Vec<(FrontDoorId, &'p FrontDoor)> {
    let mut found: Vec<(FrontDoorId, &FrontDoor)> = Vec::new();
    for (at, door) in view.instant.plan().front_doors.iter().enumerate() {
        if door.profile == name(view, id) && !found.iter().any(|(_, known)| known.group == door.group) {
            found.push((FrontDoorId(at as u16), door));
        }
    }
    found
}

/// The profile. Its endpoints and origin groups are resources of their own.
pub fn of(view: &View<'_, '_>, id: FrontDoorId) -> Value {
    let name = name(view, id);
    let mut body = view.written(FRONT_DOOR, name).unwrap_or_else(|| json!({ "properties": {} }));
    let path = format!("profiles/{name}");
    (body["id"], body["name"], body["type"]) = (path.into(), name.into(), FRONT_DOOR.into());
    body["location"] = "Global".into();
    if let Some(properties) = body["properties"].as_object_mut() {
        properties.retain(|key, _| key != "afdEndpoints" && key != "originGroups");
        properties.insert("resourceState".into(), "Active".into());
        properties.insert("provisioningState".into(), "Succeeded".into());
    }
    body
}

/// The origins of a profile, as the first edge site has them.
pub fn origins(view: &View<'_, '_>, id: FrontDoorId) -> Value {
    let written = view.written(FRONT_DOOR, name(view, id)).unwrap_or_default();
    let mut list = Vec::new();
    for (door, planned) in groups(view, id) {
        let part = |parts: &Value, name: &str| {
            let parts = parts.as_array().map(Vec::as_slice).unwrap_or_default();
            parts.iter().find(|part| part["name"] == name).cloned().unwrap_or_else(|| json!({ "properties": {} }))
        };
        let group = part(GROUPS.shown(&written), &planned.group);
        for (number, origin) in planned.origins.iter().enumerate() {
            let mut body = part(ORIGINS.shown(&group), &origin.name);
            let path = format!("profiles/{}/originGroups/{}/origins/{}", planned.profile, planned.group, origin.name);
            (body["id"], body["name"]) = (path.into(), origin.name.as_str().into());
            body["type"] = "Microsoft.Cdn/profiles/originGroups/origins".into();
            let setting = view.instant.world.front_door.setting(door, number);
            ORIGIN_STATE.put(&mut body, if setting.enabled { "Enabled" } else { "Disabled" });
            PRIORITY.put(&mut body, setting.priority);
            WEIGHT.put(&mut body, setting.weight);
            body["properties"]["originGroupName"] = planned.group.as_str().into();
            body["properties"]["provisioningState"] = "Succeeded".into();
            // What Azure answers, whatever has reached the edge sites.
            body["properties"]["deploymentStatus"] = "NotStarted".into();
            list.push(body);
        }
    }
    json!({ "value": list })
}

/// The metric `OriginHealthPercentage`, an origin a series: the share of the edge sites that hold it healthy.
pub fn health(view: &View<'_, '_>, id: FrontDoorId) -> Value {
    let mut series = Vec::new();
    for (door, planned) in groups(view, id) {
        for (number, origin) in planned.origins.iter().enumerate() {
            let dimension = |name: &str, value: &str| json!({ "name": { "value": name }, "value": value });
            let room = &view.instant.world.front_door;
            let held = room.healthy(&view.instant.world, door, number).map(|share| (share * 100.0).round());
            let data = held.map(|average| json!({ "timeStamp": view.time(view.instant.at), "average": average }));
            series.push(json!({
                "metadatavalues": [dimension("origin", &origin.name), dimension("origingroup", &planned.group)],
                "data": data.into_iter().collect::<Vec<_>>(),
            }));
        }
    }
    let path = format!("profiles/{}/providers/Microsoft.Insights/metrics/OriginHealthPercentage", name(view, id));
    json!({
        "value": [{
            "id": path,
            "type": "Microsoft.Insights/metrics",
            "name": { "value": "OriginHealthPercentage", "localizedValue": "Origin Health Percentage" },
            "unit": "Percent",
            "timeseries": series,
        }],
    })
}
