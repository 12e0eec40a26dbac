//! A Front Door profile as the user wrote it, its origins as they are configured now, and their health as Azure Monitor has it: ARM
//! knows the configuration alone.

use super::{View, firsts};
use crate::input::arm::shape::FRONT_DOOR;
use crate::input::arm::shape::front_door::{GROUPS, ORIGIN_STATE, ORIGINS, PRIORITY, WEIGHT};
use crate::output::list;
use serde_json::{Value, json};
use windtunnel_sim::plan::FrontDoor;
use windtunnel_sim::world::ids::FrontDoorId;

/// Every profile of a plan, by the first of its routes.
pub fn all(view: &View<'_, '_>) -> Vec<FrontDoorId> {
    firsts(&view.instant.plan().front_doors, |door| &door.profile).map(|at| FrontDoorId(at as u16)).collect()
}

/// The name of a profile.
pub fn name<'p>(view: &View<'_, 'p>, id: FrontDoorId) -> &'p str {
    &view.instant.plan().front_doors[id.index()].profile
}

/// The routes of a profile, one for each of its origin groups.
fn groups<'p>(view: &View<'_, 'p>, id: FrontDoorId) -> Vec<(FrontDoorId, &'p FrontDoor)> {
    let doors = &view.instant.plan().front_doors;
    let groups = firsts(doors, |door| (&door.profile, &door.group)).filter(|&at| doors[at].profile == name(view, id));
    groups.map(|at| (FrontDoorId(at as u16), &doors[at])).collect()
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
    let part = |parts: &Value, name: &str| {
        let found = list(parts).iter().find(|part| part["name"] == name);
        found.cloned().unwrap_or_else(|| json!({ "properties": {} }))
    };
    let mut all = Vec::new();
    for (door, planned) in groups(view, id) {
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
            all.push(body);
        }
    }
    json!({ "value": all })
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
