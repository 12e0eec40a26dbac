//! A scale set: the resource itself with its state, and its instance view, which counts the codes of its instances and
//! extensions.

use super::errors::{self, OperationError};
use super::operations::{self, Caller, Outcome, Target};
use super::{Kind, View, facts, instance, reports, resources, status, summary};
use crate::input::arm::shape::SCALE_SET;
use crate::input::arm::shape::scale_set::{
    CAPACITY, FAULT_DOMAINS, MIX_BASE, MIX_PERCENT, ORCHESTRATION_MODE, OVERPROVISION, SINGLE_PLACEMENT_GROUP,
    UPGRADE_MODE,
};
use serde_json::{Value, json};
use windtunnel_sim::azure::instances::Provisioning;
use windtunnel_sim::azure::repairs::ServiceState;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::UpgradeMode;
use windtunnel_sim::rules::{choice, key};
use windtunnel_sim::world::fact::{Fact, SpotFact};
use windtunnel_sim::world::ids::{InstanceId, SetId};

/// The instance view of a set.
pub fn view(view: &View<'_, '_>, set: SetId) -> Value {
    let instances: Vec<_> = view.instances(set).collect();
    let codes = instances.iter().map(|&instance| instance::provisioning_code(view, instance).0);
    let mut out = json!({ "virtualMachine": { "statusesSummary": summary(codes) } });
    let plan = view.instant.plan();
    let extensions = &view.instant.world.scale_set.newest(set).profile(plan, set).extensions;
    let counted: Vec<Value> = extensions
        .iter()
        .filter_map(|extension| {
            let reported = instances.iter().flat_map(|&instance| reports::reported(view, instance));
            let codes = reported.filter(|(name, _)| *name == extension.name).map(|(_, code)| code.to_owned());
            let counts = summary(codes);
            let any = counts.as_array().is_some_and(|counts| !counts.is_empty());
            any.then(|| json!({ "name": extension.name, "statusesSummary": counts }))
        })
        .collect();
    if !counted.is_empty() {
        out["extensions"] = counted.into();
    }
    out["statuses"] = json!([own(view, set)]);
    let world = &view.instant.world;
    if let Some(state) = world.repairs.service(world, set) {
        let word = service_state(state);
        out["orchestrationServices"] = json!([{ "serviceName": "AutomaticRepairs", "serviceState": word }]);
    }
    out
}

/// `serviceState` (AR-11).
const fn service_state(state: ServiceState) -> &'static str {
    match state {
        ServiceState::NotRunning => "NotRunning",
        ServiceState::Running => "Running",
        ServiceState::Suspended => "Suspended",
    }
}

/// Where the set itself stands, since when, and why if it failed.
#[derive(Clone, Debug)]
pub struct State {
    /// `provisioningState`.
    pub word: &'static str,
    since: Option<SimTime>,
    error: Option<OperationError>,
}

/// The state of the set itself. It is what the last operation on it came to: Failed with the code of an upgrade that was
/// Faulted, of an allocation that fell short, of an instance that could not be provisioned; Succeeded again when the next
/// one goes well. While something is done to it or to one of its instances it is Updating.
pub fn state(view: &View<'_, '_>, set: SetId) -> State {
    let world = &view.instant.world;
    let mut operations = operations::all(view);
    operations.retain(|operation| operation.target == Target::Set(set) && operation.is_of_state());
    let in_hand =
        |state: Provisioning| matches!(state, Provisioning::Creating | Provisioning::Updating | Provisioning::Deleting);
    let busy = view.instances(set).any(|instance| in_hand(world.instances.rows[instance.index()].state));
    let open = |operation: &&operations::Operation| operation.ended.is_none();
    if let Some(open) = operations.iter().find(open) {
        let word = if open.creates { "Creating" } else { "Updating" };
        return State { word, since: None, error: None };
    }
    if busy || world.rolling_upgrade.running(set).is_some() {
        return State { word: "Updating", since: None, error: None };
    }
    let since = Some(facts::last_touched(&view.fleet, &view.instant.ledger, set));
    if !view.switch(key::VmssPlatformFailsSet) {
        operations.retain(|operation| operation.caller != Caller::Platform);
    }
    let last = operations.iter().max_by_key(|operation| operation.ended.map(|(_, entry)| entry));
    if let Some((last, (at, _))) = last.and_then(|last| Some((last, last.ended?)))
        && let Some(Outcome::Failed(error)) = last.outcome(view)
    {
        return State { word: "Failed", since: Some(at), error: Some(error) };
    }
    let failed = |instance: &InstanceId| {
        matches!(world.instances.rows[instance.index()].state, Provisioning::Failed | Provisioning::Stuck)
    };
    let kept = view.instant.plan().assumptions.get(key::VmssFailedUntil) == choice::VmssFailedUntil::AllInstances;
    if let Some(instance) = view.instances(set).find(failed).filter(|_| kept) {
        let code = view.history[instance].failure.unwrap_or("VMProvisioningFailed");
        let mut error = OperationError::of(errors::of_instance(code));
        error.target = Some(view.target(instance));
        return State { word: "Failed", since, error: Some(error) };
    }
    State { word: "Succeeded", since, error: None }
}

/// The state of the set itself as a status of its instance view.
fn own(view: &View<'_, '_>, set: SetId) -> Value {
    let state = state(view, set);
    let (code, level, shown) = match (state.word, &state.error) {
        ("Creating", _) => ("ProvisioningState/creating".to_owned(), "Info", "Creating"),
        ("Updating", _) => ("ProvisioningState/updating".to_owned(), "Info", "Updating"),
        ("Failed", Some(error)) => (format!("ProvisioningState/failed/{}", error.code), "Error", "Provisioning failed"),
        _ => ("ProvisioningState/succeeded".to_owned(), "Info", "Provisioning succeeded"),
    };
    let mut status = status(&code, level, shown, state.since.map(|at| view.time(at)));
    if let Some(error) = &state.error {
        status["message"] = error.message.as_str().into();
    }
    status
}

/// The set itself: what the user wrote and the timeline has changed since, and what Azure adds to it.
pub fn resource(view: &View<'_, '_>, set: SetId) -> Value {
    let (world, plan) = (&view.instant.world, view.instant.plan());
    let (planned, name) = (&plan.sets[set.index()], view.instant.names.set(set));
    let mut body = resources::of_set(view, set, world.scale_set.revision(set)).unwrap_or_else(|| as_planned(view, set));
    body["id"] = format!("virtualMachineScaleSets/{name}").into();
    body["name"] = name.into();
    body["type"] = SCALE_SET.into();
    body["location"] = view.location(set).into();
    if body["sku"]["tier"].is_null() {
        body["sku"]["tier"] = "Standard".into();
    }
    CAPACITY.put(&mut body, world.scale_set.sets[set.index()].capacity);
    ORCHESTRATION_MODE.put_if_absent(&mut body, planned.mode.word());
    SINGLE_PLACEMENT_GROUP.put_if_absent(&mut body, planned.single_placement_group);
    FAULT_DOMAINS.put_if_absent(&mut body, planned.fault_domains);
    // A Flexible set does not overprovision, and its answers do not speak of it.
    if view.is_uniform(set) {
        OVERPROVISION.put_if_absent(&mut body, planned.overprovision);
    }
    let upgrade = &world.scale_set.sets[set.index()].upgrade;
    UPGRADE_MODE.put(&mut body, upgrade.mode.word());
    mix(view, set, &mut body);
    let properties = &mut body["properties"];
    let given = &mut properties["upgradePolicy"]["rollingUpgradePolicy"];
    if upgrade.mode == UpgradeMode::Rolling || given.is_object() {
        *given = super::upgrade::policy(&upgrade.rolling);
    }
    if given.is_null()
        && let Some(policy) = properties["upgradePolicy"].as_object_mut()
    {
        policy.remove("rollingUpgradePolicy");
    }
    properties["provisioningState"] = state(view, set).word.into();
    properties["uniqueId"] = view.guid(Kind::Set, u64::from(set.0)).into();
    properties["timeCreated"] = view.time(SimTime::ZERO).into();
    body
}

/// `priorityMixPolicy` as it was last written.
fn mix(view: &View<'_, '_>, set: SetId, body: &mut Value) {
    let written = view.instant.ledger.iter().rev().find_map(|record| match record.fact {
        Fact::Spot(SpotFact::MixSet { set: of, base, percent }) if of == set => Some((base, percent)),
        _ => None,
    });
    if let Some((base, percent)) = written {
        MIX_BASE.put(body, base);
        MIX_PERCENT.put(body, percent);
    }
}

/// What a plan says of a set of which no resource is at hand.
fn as_planned(view: &View<'_, '_>, set: SetId) -> Value {
    let planned = &view.instant.plan().sets[set.index()];
    let image = resources::reference(view, view.instant.world.scale_set.newest(set).image);
    let mut body = json!({
        "sku": { "name": planned.size },
        "properties": { "virtualMachineProfile": { "storageProfile": { "imageReference": image } } },
    });
    if !planned.zones.is_empty() {
        body["zones"] = planned.zones.iter().map(|zone| Value::from(zone.to_string())).collect();
    }
    body
}
