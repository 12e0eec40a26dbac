//! An autoscale setting: as the user and the timeline wrote it.

use super::View;
use crate::input::arm::shape::AUTOSCALE;
use crate::input::arm::shape::autoscale::{PROFILES, SCALE_MODE, TARGET};
use serde_json::{Value, json};
use windtunnel_sim::world::ids::{AutoscaleId, SetId};

/// A setting. What the engine did with it is in the activity log, as in Azure.
pub fn of(view: &View<'_, '_>, setting: AutoscaleId) -> Value {
    let planned = &view.instant.plan().autoscale[setting.index()];
    let set = SetId(planned.set);
    let mut body = view.now(AUTOSCALE, &planned.name).unwrap_or_else(|| json!({ "properties": { "enabled": true } }));
    body["id"] = format!("autoscalesettings/{}", planned.name).into();
    body["name"] = planned.name.as_str().into();
    body["type"] = AUTOSCALE.into();
    if body["location"].is_null() {
        body["location"] = view.location(set).into();
    }
    body["properties"]["name"] = planned.name.as_str().into();
    TARGET.put_if_absent(&mut body, format!("virtualMachineScaleSets/{}", view.instant.names.set(set)));
    if PROFILES.shown(&body).is_null() {
        let profiles = planned.profiles.iter().map(|profile| {
            let text = |count: u32| count.to_string();
            let (minimum, maximum, default) = (profile.minimum, profile.maximum, profile.default);
            json!({
                "name": profile.name,
                "capacity": { "minimum": text(minimum), "maximum": text(maximum), "default": text(default) },
                "rules": [],
            })
        });
        PROFILES.put(&mut body, profiles.collect::<Value>());
    }
    as_texts(&mut body["properties"]);
    if body["properties"]["predictiveAutoscalePolicy"].is_null() {
        SCALE_MODE.put(&mut body, "Disabled");
    }
    body
}

/// Azure answers with the numbers of a capacity and of a change as texts.
fn as_texts(properties: &mut Value) {
    let text = |value: &mut Value| {
        if value.is_number() {
            *value = value.to_string().into();
        }
    };
    for profile in properties["profiles"].as_array_mut().into_iter().flatten() {
        profile["capacity"].as_object_mut().into_iter().flat_map(|capacity| capacity.values_mut()).for_each(text);
        if profile["rules"].is_null() {
            profile["rules"] = json!([]);
        }
        for rule in profile["rules"].as_array_mut().into_iter().flatten() {
            if rule["scaleAction"]["value"].is_number() {
                text(&mut rule["scaleAction"]["value"]);
            }
        }
    }
}
