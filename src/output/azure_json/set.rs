//! The instance view of a scale set: counts of the codes of its instances and extensions.

use super::{View, facts, instance, status, summary};
use serde_json::{Value, json};
use windtunnel_sim::azure::instances::Provisioning;
use windtunnel_sim::azure::repairs::ServiceState;
use windtunnel_sim::world::ids::SetId;

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
            let reported = instances.iter().flat_map(|&instance| instance::extensions(view, instance));
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

/// The state of the set itself: Updating while something is done to it or to one of its instances.
fn own(view: &View<'_, '_>, set: SetId) -> Value {
    let world = &view.instant.world;
    let in_hand =
        |state: Provisioning| matches!(state, Provisioning::Creating | Provisioning::Updating | Provisioning::Deleting);
    let busy = view.instances(set).any(|instance| in_hand(world.instances.rows[instance.index()].state));
    if busy || world.rolling_upgrade.running(set).is_some() {
        return status("ProvisioningState/updating", "Info", "Updating", None);
    }
    let time = view.time(facts::last_touched(&view.instant.ledger, &view.told, set));
    status("ProvisioningState/succeeded", "Info", "Provisioning succeeded", Some(time))
}
