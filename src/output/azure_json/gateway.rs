//! An application gateway as the user wrote it, and its backend health: what each backend of each pool is to the probes of its instances.

use super::View;
use super::balancer::interface;
use super::resources::shown;
use crate::input::arm::shape::GATEWAY;
use serde_json::{Value, json};
use windtunnel_sim::world::ids::{InstanceId, PoolId};

/// An application gateway of a plan: the first of its pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayId(pub PoolId);

/// The name of a gateway.
pub fn name<'p>(view: &View<'_, 'p>, gateway: GatewayId) -> &'p str {
    &view.instant.plan().pools[gateway.0.index()].balancer
}

/// The names of its backend health: that of the gateway among them, which asks for both.
pub fn names_of_health(view: &View<'_, '_>, gateway: GatewayId) -> Vec<String> {
    let name = name(view, gateway);
    vec![name.to_owned(), format!("{name}/backendhealth"), format!("{name}/health")]
}

/// Every gateway.
pub fn all(view: &View<'_, '_>) -> Vec<GatewayId> {
    let pools = &view.instant.plan().pools;
    let first = |at: &usize| {
        pools[*at].prober.gateway().is_some() && pools[..*at].iter().all(|other| other.balancer != pools[*at].balancer)
    };
    (0..pools.len()).filter(first).map(|at| GatewayId(PoolId(at as u16))).collect()
}

/// A gateway.
pub fn of(view: &View<'_, '_>, gateway: GatewayId) -> Value {
    let name = name(view, gateway);
    let written = view.resources.and_then(|resources| resources.find(GATEWAY, name)).map(shown);
    let mut body = written.unwrap_or_else(|| json!({ "properties": {} }));
    let id = format!("applicationGateways/{name}");
    (body["id"], body["name"], body["type"]) = (id.as_str().into(), name.into(), GATEWAY.into());
    body["properties"]["provisioningState"] = "Succeeded".into();
    body["properties"]["operationalState"] = "Running".into();
    let lists =
        ["backendAddressPools", "backendHttpSettingsCollection", "httpListeners", "requestRoutingRules", "probes"];
    for list in lists {
        for part in body["properties"][list].as_array_mut().into_iter().flatten() {
            part["id"] = format!("{id}/{list}/{}", part["name"].as_str().unwrap_or_default()).into();
            part["properties"]["provisioningState"] = "Succeeded".into();
        }
    }
    if let Some(properties) = body["properties"].as_object_mut() {
        properties.retain(|_, value| !value.is_null());
    }
    body
}

/// `backendhealth`: every pair of a pool and a backend setting, with its backends.
pub fn health(view: &View<'_, '_>, gateway: GatewayId) -> Value {
    let (plan, id) = (view.instant.plan(), format!("applicationGateways/{}", name(view, gateway)));
    let own = |at: &usize| plan.pools[*at].balancer == name(view, gateway);
    let mut pools: Vec<Value> = Vec::new();
    for at in (0..plan.pools.len()).filter(own) {
        let Some(prober) = plan.pools[at].prober.gateway().filter(|of| of.instance == 0) else { continue };
        let pool_id = format!("{id}/backendAddressPools/{}", plan.pools[at].name);
        let setting = json!({
            "backendHttpSettings": { "id": format!("{id}/backendHttpSettingsCollection/{}", prober.setting) },
            "servers": servers(view, PoolId(at as u16)),
        });
        let known = pools.iter_mut().find(|pool| pool["backendAddressPool"]["id"] == pool_id.as_str());
        match known.and_then(|pool| pool["backendHttpSettingsCollection"].as_array_mut()) {
            Some(list) => list.push(setting),
            None => pools.push(json!({
                "backendAddressPool": { "id": pool_id },
                "backendHttpSettingsCollection": [setting],
            })),
        }
    }
    json!({ "backendAddressPools": pools })
}

/// The backends of a pool, whose first prober is given: those of the other instances of the gateway are beside it.
fn servers(view: &View<'_, '_>, first: PoolId) -> Vec<Value> {
    let (plan, balancer) = (view.instant.plan(), &view.instant.world.load_balancer);
    let of = &plan.pools[first.index()];
    let same = |at: &usize| {
        let other = &plan.pools[*at];
        let setting = |pool: &windtunnel_sim::plan::Pool| pool.prober.gateway().map(|of| of.setting.clone());
        (&other.balancer, &other.name) == (&of.balancer, &of.name) && setting(other) == setting(of)
    };
    let probers: Vec<PoolId> = (0..plan.pools.len()).filter(same).map(|at| PoolId(at as u16)).collect();
    let up = |pool: PoolId, instance: InstanceId| {
        let mut members = balancer.pools[pool.index()].members.iter();
        let member = members.find(|member| balancer.members[member.index()].instance == instance);
        member.is_some_and(|member| balancer.probed_up(*member) == Some(true))
    };
    let here = balancer.pools[first.index()].members.iter().map(|member| balancer.members[member.index()].instance);
    here.map(|instance| {
        let holding_up = probers.iter().filter(|pool| up(**pool, instance)).count();
        let health = match holding_up {
            0 => "Unhealthy",
            all if all == probers.len() => "Healthy",
            _ => "Partial",
        };
        json!({ "ipConfiguration": { "id": interface(view, instance, first) }, "health": health })
    })
    .collect()
}
