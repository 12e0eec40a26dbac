//! What an instance reports through its agent: the agent itself, its extensions, and what the health extension says of the
//! application (HD-33).

use super::{View, status};
use serde_json::{Map, Value, json};
use windtunnel_sim::azure::app_health;
use windtunnel_sim::azure::instances::{Provisioning, is_present};
use windtunnel_sim::plan::HealthVersion;
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{Health, Operation};
use windtunnel_sim::world::ids::InstanceId;

/// The code of what succeeded.
const SUCCEEDED: &str = "ProvisioningState/succeeded";

/// `vmAgent`: whether the agent reports, once the operating system is up, and the extensions that it handles. Which version
/// of it an image has is not in a scenario.
pub fn agent(view: &View<'_, '_>, instance: InstanceId) -> Value {
    let booted = view.instant.world.instances.rows[instance.index()].booted;
    let up = view.history[instance].booted.filter(|_| booted);
    let (level, shown, code, message, time) = match up {
        Some(at) => ("Info", "Ready", "succeeded", "Guest Agent is running", at),
        None => ("Warning", "Not Ready", "Unavailable", "VM Agent is unresponsive.", view.instant.at),
    };
    let status = json!({
        "code": format!("ProvisioningState/{code}"),
        "level": level,
        "displayStatus": shown,
        "message": message,
        "time": view.time(time),
    });
    let mut out = json!({});
    if up.is_none() {
        out["vmAgentVersion"] = "Unknown".into();
    }
    out["statuses"] = json!([status]);
    let handlers: Vec<Value> = reported(view, instance)
        .into_iter()
        .filter_map(|(name, _)| {
            let mut handler = kind(view, instance, name)?;
            handler.insert("status".to_owned(), super::status(SUCCEEDED, "Info", "Ready", None));
            Some(handler.into())
        })
        .collect();
    if !handlers.is_empty() {
        out["extensionHandlers"] = handlers.into();
    }
    out
}

/// `extensions`: those that have reported, each with its type and what it says.
pub fn extensions(view: &View<'_, '_>, instance: InstanceId) -> Vec<Value> {
    let all = reported(view, instance).into_iter().map(|(name, code)| {
        let (level, shown) = match code {
            SUCCEEDED => ("Info", "Provisioning succeeded"),
            _ => ("Error", "Provisioning failed"),
        };
        let mut out = json!({ "name": name });
        if let (Some(out), Some(kind)) = (out.as_object_mut(), kind(view, instance, name)) {
            out.extend(kind);
        }
        if let Some(substatuses) = health_of(view, instance, name).filter(|_| code == SUCCEEDED) {
            out["substatuses"] = substatuses;
        }
        out["statuses"] = json!([status(code, level, shown, None)]);
        out
    });
    all.collect()
}

/// `type` and `typeHandlerVersion` of an extension, as the model of the instance has them.
fn kind(view: &View<'_, '_>, instance: InstanceId, name: &str) -> Option<Map<String, Value>> {
    let row = &view.instant.world.instances.rows[instance.index()];
    let model = view.model(row.set, row.revision)?;
    let list = &model["properties"]["virtualMachineProfile"]["extensionProfile"]["extensions"];
    let written = list.as_array()?.iter().find(|extension| extension["name"] == name)?;
    let properties = &written["properties"];
    let mut kind = Map::new();
    if let (Some(publisher), Some(word)) = (properties["publisher"].as_str(), properties["type"].as_str()) {
        kind.insert("type".to_owned(), format!("{publisher}.{word}").into());
    }
    if let Some(version) = properties["typeHandlerVersion"].as_str() {
        kind.insert("typeHandlerVersion".to_owned(), version.into());
    }
    Some(kind)
}

/// What the health extension says of the application: `AppHealthStatus`, and with rich states `ApplicationHealthState`
/// (HD-33).
fn health_of(view: &View<'_, '_>, instance: InstanceId, name: &str) -> Option<Value> {
    let (world, plan) = (&view.instant.world, view.instant.plan());
    let row = &world.instances.rows[instance.index()];
    let profile = world.scale_set.model(row.set, row.revision).profile(plan, row.set);
    let watch = profile.health_extension.as_ref().filter(|_| view.on(rules::HD_33))?;
    if profile.extensions.get(usize::from(watch.extension))?.name != name {
        return None;
    }
    let state = app_health::state(world, instance)?;
    let substatus = |what: &str, word: &str, message: &str| {
        let (level, shown) = match word {
            "succeeded" => ("Info", "Provisioning succeeded"),
            "transitioning" => ("Info", "Transitioning"),
            _ => ("Error", "Provisioning failed"),
        };
        let mut out = status(&format!("ComponentStatus/{what}/{word}"), level, shown, None);
        out["message"] = message.into();
        out
    };
    let (word, message) = match state {
        Health::Healthy => ("succeeded", "Application found to be healthy"),
        Health::Initializing => ("succeeded", "Application health is initializing"),
        Health::Unhealthy => ("failed", "Application found to be unhealthy"),
        Health::Unknown => ("failed", "Application health is unknown"),
    };
    let mut all = vec![substatus("AppHealthStatus", word, message)];
    if watch.version == HealthVersion::Rich {
        let (word, message) = match state {
            Health::Initializing => ("transitioning", "Initializing"),
            Health::Unknown => ("failed", "Unknown"),
            Health::Healthy => ("succeeded", "Healthy"),
            Health::Unhealthy => ("succeeded", "Unhealthy"),
        };
        all.push(substatus("ApplicationHealthState", word, message));
    }
    Some(all.into())
}

/// The extensions that have reported, in the order of the model, each with the code of its status. They speak through the
/// agent: a machine that is not up reports none.
pub fn reported<'p>(view: &View<'_, 'p>, instance: InstanceId) -> Vec<(&'p str, &'static str)> {
    let (world, plan) = (&view.instant.world, view.instant.plan());
    let row = &world.instances.rows[instance.index()];
    let skipped = row.surplus && plan.sets[row.set.index()].skip_extensions_on_surplus;
    if !row.booted || skipped || !is_present(row) {
        return Vec::new();
    }
    let newest = world.scale_set.model(row.set, row.revision);
    let model = newest.profile(plan, row.set);
    let had = world.scale_set.model(row.set, row.came_from).profile(plan, row.set);
    let had_reported = &view.history[instance].extensions;
    let reported = model.extensions.iter().enumerate().filter_map(|(index, extension)| {
        let well = match had_reported.iter().rev().find(|(of, _)| *of == newest.extension(index as u16)) {
            Some((_, well)) => *well,
            // What was there before and is as it was is not run again.
            None if row.state == Provisioning::Succeeded => true,
            None if row.how == Operation::Extensions && had.extensions.contains(extension) => true,
            None => return None,
        };
        Some((extension.name.as_str(), if well { SUCCEEDED } else { "ProvisioningState/failed" }))
    });
    reported.collect()
}
