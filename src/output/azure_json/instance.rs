//! An instance of a scale set with `$expand=instanceView`: model, protection, power, health, extensions.

use super::{View, status};
use serde_json::{Value, json};
use windtunnel_sim::azure::instances::{Protection, Provisioning, stands};
use windtunnel_sim::azure::rolling_upgrade::batch::UPDATE_DOMAINS;
use windtunnel_sim::azure::{app_health, scale_set};
use windtunnel_sim::demand::application;
use windtunnel_sim::world::fact::{Health, Operation};
use windtunnel_sim::world::ids::{InstanceId, SetId};

/// The instances of a set. A Flexible set gives no instance views with its list; each machine has its own.
pub fn list(view: &View<'_, '_>, set: SetId) -> Value {
    let value: Vec<Value> = view.instances(set).map(|instance| of_set(view, instance)).collect();
    json!({ "value": value })
}

/// An instance; `None` if it is gone.
pub fn one(view: &View<'_, '_>, instance: InstanceId) -> Option<Value> {
    let row = &view.instant.world.instances.rows[instance.index()];
    if row.state == Provisioning::Deleted {
        return None;
    }
    Some(if view.is_uniform(row.set) { of_set(view, instance) } else { machine(view, instance) })
}

/// Where the request for an instance leads.
pub fn path(view: &View<'_, '_>, instance: InstanceId) -> String {
    let row = &view.instant.world.instances.rows[instance.index()];
    if view.is_uniform(row.set) {
        let set = view.instant.names.set(row.set);
        format!("virtualMachineScaleSets/{set}/virtualMachines/{}", row.ordinal)
    } else {
        format!("virtualMachines/{}", view.instant.names.instance(instance))
    }
}

/// As its scale set has it.
fn of_set(view: &View<'_, '_>, instance: InstanceId) -> Value {
    let row = &view.instant.world.instances.rows[instance.index()];
    let mut properties = json!({
        "latestModelApplied": scale_set::latest_model_applied(&view.instant.world, instance),
        "modelDefinitionApplied": "VirtualMachineScaleSet",
    });
    if view.is_uniform(row.set) {
        properties["instanceView"] = instance_view(view, instance);
    }
    given(view, instance, &mut properties);
    let mut out = json!({ "name": view.instant.names.instance(instance), "id": path(view, instance) });
    out["type"] = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines".into();
    out["location"] = view.location(row.set).into();
    if row.at.zone > 0 {
        out["zones"] = json!([row.at.zone.to_string()]);
    }
    out["instanceId"] = view.instance_id(instance).into();
    out["properties"] = properties;
    out
}

/// A machine of a Flexible set, as a virtual machine of its own.
fn machine(view: &View<'_, '_>, instance: InstanceId) -> Value {
    let row = &view.instant.world.instances.rows[instance.index()];
    let set = format!("virtualMachineScaleSets/{}", view.instant.names.set(row.set));
    let mut properties = json!({ "virtualMachineScaleSet": { "id": set } });
    properties["instanceView"] = instance_view(view, instance);
    given(view, instance, &mut properties);
    let mut out = json!({ "name": view.instant.names.instance(instance), "id": path(view, instance) });
    out["type"] = "Microsoft.Compute/virtualMachines".into();
    out["location"] = view.location(row.set).into();
    if row.at.zone > 0 {
        out["zones"] = json!([row.at.zone.to_string()]);
    }
    out["properties"] = properties;
    out
}

/// What both forms have: image, protection, provisioning state, creation.
fn given(view: &View<'_, '_>, instance: InstanceId, properties: &mut Value) {
    let world = &view.instant.world;
    let row = &world.instances.rows[instance.index()];
    let reference = world.scale_set.model(row.set, row.revision).image;
    properties["storageProfile"] = json!({ "imageReference": view.image_reference(reference, row.image) });
    if row.protection != Protection::default() {
        properties["protectionPolicy"] = json!({
            "protectFromScaleIn": row.protection.from_scale_in,
            "protectFromScaleSetActions": row.protection.from_scale_set_actions,
        });
    }
    properties["provisioningState"] = word(row.state).into();
    properties["timeCreated"] = view.time(row.created).into();
}

/// The provisioning state in Azure's spelling (LC-02).
pub const fn word(state: Provisioning) -> &'static str {
    match state {
        Provisioning::Creating => "Creating",
        Provisioning::Updating => "Updating",
        // A deallocated machine was provisioned well; that it does not run is its power state.
        Provisioning::Succeeded | Provisioning::Deallocated => "Succeeded",
        Provisioning::Failed | Provisioning::Stuck => "Failed",
        Provisioning::Deleting | Provisioning::Deleted => "Deleting",
    }
}

fn instance_view(view: &View<'_, '_>, instance: InstanceId) -> Value {
    let row = &view.instant.world.instances.rows[instance.index()];
    let mut out = json!({});
    if view.is_uniform(row.set) {
        out["platformUpdateDomain"] = (row.ordinal % UPDATE_DOMAINS).into();
    }
    out["platformFaultDomain"] = row.at.fault_domain.into();
    out["vmAgent"] = json!({ "statuses": [agent(view, instance)] });
    if let Some(health) = health(view, instance) {
        out["vmHealth"] = json!({ "status": health });
    }
    let extensions: Vec<Value> = extensions(view, instance)
        .into_iter()
        .map(|(name, code)| {
            let (level, shown) = match code {
                SUCCEEDED => ("Info", "Provisioning succeeded"),
                _ => ("Error", "Provisioning failed"),
            };
            json!({ "name": name, "statuses": [status(code, level, shown, None)] })
        })
        .collect();
    if !extensions.is_empty() {
        out["extensions"] = extensions.into();
    }
    let (code, shown) = provisioning_code(view, instance);
    let told = &view.told[instance.index()];
    let (code, level) = match told.failure.filter(|_| matches!(row.state, Provisioning::Failed | Provisioning::Stuck)) {
        Some(why) => (format!("{code}/{why}"), "Error"),
        None => (code, "Info"),
    };
    // What is on its way has no date.
    let dated = matches!(row.state, Provisioning::Succeeded | Provisioning::Failed | Provisioning::Stuck);
    let provisioning = status(&code, level, shown, dated.then(|| view.time(told.since)));
    let (power, shown) = power(view, instance);
    out["statuses"] = json!([provisioning, status(&format!("PowerState/{power}"), "Info", shown, None)]);
    out
}

/// The code of what succeeded.
const SUCCEEDED: &str = "ProvisioningState/succeeded";

/// The status code of the provisioning state, and how it is shown.
pub fn provisioning_code(view: &View<'_, '_>, instance: InstanceId) -> (String, &'static str) {
    let (code, shown) = match view.instant.world.instances.rows[instance.index()].state {
        Provisioning::Creating => ("creating", "Creating"),
        Provisioning::Updating => ("updating", "Updating"),
        Provisioning::Succeeded | Provisioning::Deallocated => ("succeeded", "Provisioning succeeded"),
        Provisioning::Failed | Provisioning::Stuck => ("failed", "Provisioning failed"),
        Provisioning::Deleting | Provisioning::Deleted => ("deleting", "Deleting"),
    };
    (format!("ProvisioningState/{code}"), shown)
}

/// The power state, and how it is shown.
pub fn power(view: &View<'_, '_>, instance: InstanceId) -> (&'static str, &'static str) {
    let row = &view.instant.world.instances.rows[instance.index()];
    match row.state {
        Provisioning::Deleting | Provisioning::Deleted => ("deallocating", "VM deallocating"),
        _ if application::runs(&view.instant.world, instance) => ("running", "VM running"),
        Provisioning::Deallocated => ("deallocated", "VM deallocated"),
        Provisioning::Creating => ("starting", "VM starting"),
        _ => ("stopped", "VM stopped"),
    }
}

/// What the agent reports, once the operating system is up.
fn agent(view: &View<'_, '_>, instance: InstanceId) -> Value {
    let booted = view.instant.world.instances.rows[instance.index()].booted;
    let (level, shown, code, message, time) = match view.told[instance.index()].booted.filter(|_| booted) {
        Some(at) => ("Info", "Ready", "succeeded", "Guest Agent is running", at),
        None => ("Warning", "Not Ready", "Unavailable", "VM Agent is unresponsive.", view.instant.at),
    };
    json!({
        "code": format!("ProvisioningState/{code}"),
        "level": level,
        "displayStatus": shown,
        "message": message,
        "time": view.time(time),
    })
}

/// `vmHealth.status` (HD-14, HD-20); `None` where nobody says (HD-34).
fn health(view: &View<'_, '_>, instance: InstanceId) -> Option<Value> {
    let state = app_health::state(&view.instant.world, instance)?;
    let (code, level, shown) = match state {
        Health::Healthy => ("healthy", "Info", "The VM is reporting itself as healthy"),
        Health::Unhealthy => ("unhealthy", "Error", "The VM is reporting itself as unhealthy or is unreachable"),
        Health::Initializing => ("initializing", "Info", "The VM is reporting itself as initializing"),
        Health::Unknown => ("unknown", "Error", "The health of the VM is unknown"),
    };
    let since = view.told[instance.index()].health.map_or(view.instant.at, |(_, since)| since);
    Some(status(&format!("HealthState/{code}"), level, shown, Some(view.time(since))))
}

/// The extensions that have reported, in the order of the model, each with the code of its status. They speak through the
/// agent: a machine that is not up reports none.
pub fn extensions<'p>(view: &View<'_, 'p>, instance: InstanceId) -> Vec<(&'p str, &'static str)> {
    let (world, plan) = (&view.instant.world, view.instant.plan());
    let row = &world.instances.rows[instance.index()];
    let skipped = row.surplus && plan.sets[row.set.index()].skip_extensions_on_surplus;
    if !row.booted || skipped || !stands(row) {
        return Vec::new();
    }
    let newest = world.scale_set.model(row.set, row.revision);
    let model = newest.profile(plan, row.set);
    let had = world.scale_set.model(row.set, row.came_from).profile(plan, row.set);
    let told = &view.told[instance.index()].extensions;
    let reported = model.extensions.iter().enumerate().filter_map(|(index, extension)| {
        let well = match told.iter().rev().find(|(of, _)| *of == newest.extension(index as u16)) {
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
