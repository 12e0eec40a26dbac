//! An instance of a scale set with `$expand=instanceView`: model, protection, power, health, extensions.

use super::{Kind, View, errors, reports, status};
use crate::input::arm::shape::scale_set::{EVICTION_POLICY, MAX_PRICE, PRIORITY, Priority};
use serde_json::{Value, json};
use windtunnel_sim::azure::instances::{Off, Protection, Provisioning};
use windtunnel_sim::azure::rolling_upgrade::batch::UPDATE_DOMAINS;
use windtunnel_sim::azure::{app_health, instances, scale_set};
use windtunnel_sim::demand::application;
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::Health;
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
    properties["resilientVMDeletionStatus"] = resilient(view, instance).into();
    // Protection is a property of an instance of a set, and not of a virtual machine.
    if row.protection != Protection::default() {
        properties["protectionPolicy"] = json!({
            "protectFromScaleIn": row.protection.from_scale_in,
            "protectFromScaleSetActions": row.protection.from_scale_set_actions,
        });
    }
    let mut out = json!({ "name": view.instant.names.instance(instance), "id": path(view, instance) });
    out["type"] = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines".into();
    out["location"] = view.location(row.set).into();
    if row.at.zone > 0 {
        out["zones"] = json!([row.at.zone.to_string()]);
    }
    out["instanceId"] = view.instance_id(instance).into();
    if let Some(size) = size(view, instance) {
        out["sku"] = json!({ "name": size, "tier": "Standard" });
    }
    out["properties"] = properties;
    out
}

/// A machine of a Flexible set, as a virtual machine of its own.
fn machine(view: &View<'_, '_>, instance: InstanceId) -> Value {
    let row = &view.instant.world.instances.rows[instance.index()];
    let set = format!("virtualMachineScaleSets/{}", view.instant.names.set(row.set));
    let mut properties = json!({ "virtualMachineScaleSet": { "id": set } });
    if let Some(size) = size(view, instance) {
        properties["hardwareProfile"] = json!({ "vmSize": size });
    }
    priority(view, instance, &mut properties);
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

/// What both forms have: image, provisioning state, creation, and an id of its own.
fn given(view: &View<'_, '_>, instance: InstanceId, properties: &mut Value) {
    let world = &view.instant.world;
    let row = &world.instances.rows[instance.index()];
    let reference = world.scale_set.model(row.set, row.revision).image;
    properties["storageProfile"] = json!({ "imageReference": view.image_reference(reference, row.image) });
    properties["provisioningState"] = word(row.state).into();
    properties["vmId"] = view.guid(Kind::Instance, u64::from(instance.0)).into();
    properties["timeCreated"] = view.time(row.created.time()).into();
}

/// The size it has, by the model that it was last brought to.
fn size(view: &View<'_, '_>, instance: InstanceId) -> Option<String> {
    let row = &view.instant.world.instances.rows[instance.index()];
    let written = view.model(row.set, row.revision).and_then(|model| Some(model["sku"]["name"].as_str()?.to_owned()));
    let planned = &view.instant.plan().sets[row.set.index()].size;
    written.or_else(|| Some(planned.clone()).filter(|size| !size.is_empty()))
}

/// Regular or Spot, and what a Spot machine is under. An instance of a Uniform set has no such property: there the
/// profile of the set says it for all.
fn priority(view: &View<'_, '_>, instance: InstanceId, properties: &mut Value) {
    let row = &view.instant.world.instances.rows[instance.index()];
    if !row.spot {
        properties[PRIORITY.key] = Priority::Regular.word().into();
        return;
    }
    let policy = &view.instant.plan().sets[row.set.index()].spot;
    properties[PRIORITY.key] = Priority::Spot.word().into();
    properties[EVICTION_POLICY.key] = policy.eviction.word().into();
    properties["billingProfile"] = json!({ (MAX_PRICE.key): policy.max_price.unwrap_or(-1.0) });
}

/// `resilientVMDeletionStatus` (LC-07).
fn resilient(view: &View<'_, '_>, instance: InstanceId) -> &'static str {
    let row = &view.instant.world.instances.rows[instance.index()];
    match view.history[instance].undeleted {
        _ if !view.instant.plan().sets[row.set.index()].resilient_delete => "Disabled",
        Some(true) => "InProgress",
        Some(false) => "Failed",
        None => "Enabled",
    }
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
    // A Flexible machine shows neither domain (FD-12); under max spreading all show the same one (FD-02).
    if view.is_uniform(row.set) || !view.on(rules::FD_12) {
        let spread = view.instant.plan().sets[row.set.index()].fault_domains == 1 && view.on(rules::FD_02);
        out["platformUpdateDomain"] = (row.ordinal % UPDATE_DOMAINS).into();
        out["platformFaultDomain"] = if spread { 0 } else { row.at.fault_domain }.into();
    }
    if view.is_uniform(row.set) {
        out["computerName"] = computer_name(view, instance).into();
    }
    // A machine that is deallocated has nobody who could report, and its answer does not speak of an agent.
    if row.state != Provisioning::Deallocated || row.off == Some(Off::Stopped) {
        out["vmAgent"] = reports::agent(view, instance);
    }
    if let Some(health) = health(view, instance) {
        out["vmHealth"] = json!({ "status": health });
    }
    let extensions = reports::extensions(view, instance);
    if !extensions.is_empty() {
        out["extensions"] = extensions.into();
    }
    let (code, shown) = provisioning_code(view, instance);
    let dates = &view.history[instance];
    let failure = dates.failure.filter(|_| matches!(row.state, Provisioning::Failed | Provisioning::Stuck));
    let (code, level) = match failure {
        Some(why) => (format!("{code}/{why}"), "Error"),
        None => (code, "Info"),
    };
    // What is on its way has no date.
    let dated = matches!(row.state, Provisioning::Succeeded | Provisioning::Failed | Provisioning::Stuck);
    let mut provisioning = status(&code, level, shown, dated.then(|| view.time(dates.since)));
    if let Some(why) = failure {
        provisioning["message"] = errors::of_instance(why).1.into();
    }
    let (power, shown) = power(view, instance);
    out["statuses"] = json!([provisioning, status(&format!("PowerState/{power}"), "Info", shown, None)]);
    out
}

/// The host name of a Uniform instance, by the prefix of its model.
fn computer_name(view: &View<'_, '_>, instance: InstanceId) -> String {
    let row = &view.instant.world.instances.rows[instance.index()];
    let model = view.model(row.set, row.revision);
    let prefix = model
        .as_ref()
        .and_then(|model| model["properties"]["virtualMachineProfile"]["osProfile"]["computerNamePrefix"].as_str());
    instances::host_name(prefix.unwrap_or_else(|| view.instant.names.set(row.set)), row.ordinal)
}

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
        Provisioning::Deallocated => {
            let stopping = view.instant.world.instances.is_stopping(instance);
            match (row.off, stopping) {
                (Some(Off::Stopped), true) => ("stopping", "VM stopping"),
                (Some(Off::Stopped), false) => ("stopped", "VM stopped"),
                (_, true) => ("deallocating", "VM deallocating"),
                (_, false) => ("deallocated", "VM deallocated"),
            }
        }
        Provisioning::Creating => ("starting", "VM starting"),
        _ => ("stopped", "VM stopped"),
    }
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
    let since = view.history[instance].health.unwrap_or(view.instant.at);
    Some(status(&format!("HealthState/{code}"), level, shown, Some(view.time(since))))
}
