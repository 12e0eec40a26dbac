//! An application gateway as the user wrote it, and its backend health: what each backend of each pool is to the probes of its instances.

use super::balancer::interface;
use super::resources::name_parts;
use super::{View, firsts};
use crate::input::arm::shape::GATEWAY;
use serde_json::{Value, json};
use windtunnel_sim::azure::load_balancer;
use windtunnel_sim::world::ids::{InstanceId, PoolId};

/// An application gateway of a plan: the first of its pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GatewayId(pub PoolId);

/// The name of a gateway.
pub fn name<'p>(view: &View<'_, 'p>, gateway: GatewayId) -> &'p str {
    &view.instant.plan().pools[gateway.0.index()].balancer
}

/// Every gateway.
pub fn all(view: &View<'_, '_>) -> Vec<GatewayId> {
    let pools = &view.instant.plan().pools;
    let gateways = firsts(pools, |pool| &pool.balancer).filter(|&at| pools[at].prober.gateway().is_some());
    gateways.map(|at| GatewayId(PoolId(at as u16))).collect()
}

/// A gateway.
pub fn of(view: &View<'_, '_>, gateway: GatewayId) -> Value {
    let name = name(view, gateway);
    let mut body = view.now(GATEWAY, name).unwrap_or_else(|| json!({ "properties": {} }));
    let id = format!("applicationGateways/{name}");
    (body["id"], body["name"], body["type"]) = (id.as_str().into(), name.into(), GATEWAY.into());
    body["properties"]["provisioningState"] = "Succeeded".into();
    body["properties"]["operationalState"] = "Running".into();
    let lists =
        ["backendAddressPools", "backendHttpSettingsCollection", "httpListeners", "requestRoutingRules", "probes"];
    name_parts(&mut body, &lists);
    body
}

/// `backendhealth`: every pair of a pool and a backend setting that a rule uses now, with its backends.
pub fn health(view: &View<'_, '_>, gateway: GatewayId) -> Value {
    let (plan, id) = (view.instant.plan(), format!("applicationGateways/{}", name(view, gateway)));
    let own = |at: &usize| plan.pools[*at].balancer == name(view, gateway);
    let mut pools: Vec<Value> = Vec::new();
    for at in (0..plan.pools.len()).filter(own) {
        let Some(prober) = plan.pools[at].prober.gateway().filter(|of| of.instance == 0) else { continue };
        if !load_balancer::is_led_to(&view.instant.world, plan, PoolId(at as u16)) {
            continue;
        }
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
    let pair = |at: usize| {
        let pool = &plan.pools[at];
        (&pool.balancer, &pool.name, pool.prober.gateway().map(|of| &of.setting))
    };
    let same = (0..plan.pools.len()).filter(|&at| pair(at) == pair(first.index())).map(|at| PoolId(at as u16));
    // Of instances that are there.
    let probers: Vec<PoolId> = same.filter(|pool| load_balancer::probes(&view.instant.world, *pool)).collect();
    let up = |pool: PoolId, instance: InstanceId| {
        let mut members = balancer.pools[pool.index()].members.iter();
        let member = members.find(|member| balancer.members[member.index()].instance == instance);
        member.is_some_and(|member| balancer.probed_up(*member) == Some(true))
    };
    let here = balancer.pools[first.index()].members.iter().map(|member| &balancer.members[member.index()]);
    here.map(|member| {
        let instance = member.instance;
        let holding_up = probers.iter().filter(|pool| up(**pool, instance)).count();
        let health = match holding_up {
            _ if member.draining => "Draining",
            0 => "Unhealthy",
            all if all == probers.len() => "Healthy",
            _ => "Partial",
        };
        json!({ "ipConfiguration": { "id": interface(view, instance, first) }, "health": health })
    })
    .collect()
}
