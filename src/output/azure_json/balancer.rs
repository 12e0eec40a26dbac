//! A load balancer and its parts: as the user and the writes so far have made them, and who is in which pool.
//!
//! Which backends a probe holds up is no answer of ARM; Azure shows it as a metric.

use super::resources::{name_parts, parts};
use super::{View, firsts, gateway};
use crate::input::arm::reference::reference_name;
use crate::input::arm::shape::LOAD_BALANCER;
use crate::input::arm::shape::scale_set::{BACKEND_POOLS, GATEWAY_POOLS, INTERFACES, IP_CONFIGURATIONS};
use crate::output::list;
use serde_json::{Value, json};
use windtunnel_sim::plan::EntryPoint;
use windtunnel_sim::world::ids::{EntryPointId, InstanceId, PoolId};

/// A load balancer of a plan: the first of its pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalancerId(pub PoolId);

/// The name of a balancer.
pub fn name<'p>(view: &View<'_, 'p>, balancer: BalancerId) -> &'p str {
    &view.instant.plan().pools[balancer.0.index()].balancer
}

/// Every balancer.
pub fn all(view: &View<'_, '_>) -> Vec<BalancerId> {
    let pools = &view.instant.plan().pools;
    let balancers = firsts(pools, |pool| &pool.balancer).filter(|&at| pools[at].prober.gateway().is_none());
    balancers.map(|at| BalancerId(PoolId(at as u16))).collect()
}

/// Every pool, whichever probes look at it: the first of those that are one.
pub fn pools(view: &View<'_, '_>) -> Vec<PoolId> {
    let pools = &view.instant.plan().pools;
    let named = firsts(pools, |pool| (&pool.balancer, &pool.name));
    named.filter(|&at| pools[at].prober.gateway().is_none()).map(|at| PoolId(at as u16)).collect()
}

/// A balancer, with every pool and whoever is in it.
pub fn of(view: &View<'_, '_>, balancer: BalancerId) -> Value {
    let name = name(view, balancer);
    let mut body = view.now(LOAD_BALANCER, name).unwrap_or_else(|| as_planned(view, name));
    let id = format!("loadBalancers/{name}");
    (body["id"], body["name"], body["type"]) = (id.as_str().into(), name.into(), LOAD_BALANCER.into());
    if body["sku"]["tier"].is_null() && body["sku"].is_object() {
        body["sku"]["tier"] = "Regional".into();
    }
    body["properties"]["provisioningState"] = "Succeeded".into();
    let lists = ["frontendIPConfigurations", "backendAddressPools", "probes", "loadBalancingRules", "inboundNatRules"];
    name_parts(&mut body, &lists);
    for at in pools(view) {
        let planned = &view.instant.plan().pools[at.index()];
        if planned.balancer != name {
            continue;
        }
        let members = members(view, at);
        for pool in parts(&mut body, "backendAddressPools").filter(|pool| pool["name"] == *planned.name) {
            pool["properties"]["backendIPConfigurations"] = members.clone();
        }
    }
    body
}

/// The rules of load balancers, and the listeners of gateways.
pub fn rules(view: &View<'_, '_>) -> Vec<EntryPointId> {
    let plan = view.instant.plan();
    let is_of = |of: &EntryPoint| of.gateway.is_some() || plan.pools.iter().any(|pool| pool.balancer == of.resource);
    plan.entries().filter(|(_, of)| of.is_root() && !of.is_address && is_of(of)).map(|(id, _)| id).collect()
}

/// The probes of load balancers, each by the first of the pools that it looks at.
pub fn probes(view: &View<'_, '_>) -> Vec<PoolId> {
    let pools = &view.instant.plan().pools;
    let named = firsts(pools, |pool| (&pool.balancer, pool.probe.as_ref().map(|probe| &probe.name)));
    let own = named.filter(|&at| pools[at].prober.gateway().is_none() && pools[at].probe.is_some());
    own.map(|at| PoolId(at as u16)).collect()
}

/// Where a rule or a listener is: its type, the resource, the list there and its name.
pub fn place_of_rule<'p>(view: &View<'_, 'p>, id: EntryPointId) -> [&'p str; 4] {
    let of = view.instant.plan().entry_point(id);
    match of.gateway {
        Some(_) => ["applicationGateways", &of.resource, "httpListeners", &of.name],
        None => ["loadBalancers", &of.resource, "loadBalancingRules", &of.name],
    }
}

/// Where a pool is.
pub fn place_of_pool<'p>(view: &View<'_, 'p>, id: PoolId) -> [&'p str; 4] {
    let of = &view.instant.plan().pools[id.index()];
    ["loadBalancers", &of.balancer, "backendAddressPools", &of.name]
}

/// Where a probe is.
pub fn place_of_probe<'p>(view: &View<'_, 'p>, id: PoolId) -> [&'p str; 4] {
    let of = &view.instant.plan().pools[id.index()];
    ["loadBalancers", &of.balancer, "probes", of.probe.as_ref().map_or("", |probe| probe.name.as_str())]
}

/// The short names of a part.
pub fn short([kind, of, _, name]: &[&str; 4]) -> Vec<String> {
    vec![format!("{of}/{name}"), format!("{kind}/{of}/{name}")]
}

/// A part of a balancer or a gateway, where it has it now.
pub fn part(view: &View<'_, '_>, [kind, of, list, name]: &[&str; 4]) -> Option<Value> {
    let mut body = match *kind {
        "applicationGateways" => {
            gateway::all(view).into_iter().find(|id| gateway::name(view, *id) == *of).map(|id| gateway::of(view, id))
        }
        _ => all(view).into_iter().find(|id| self::name(view, *id) == *of).map(|id| self::of(view, id)),
    }?;
    let mut found = parts(&mut body, list).find(|part| part["name"] == **name)?.clone();
    found["type"] = format!("Microsoft.Network/{kind}/{list}").into();
    Some(found)
}

/// A pool of its own.
pub fn pool(view: &View<'_, '_>, pool: PoolId) -> Value {
    let planned = &view.instant.plan().pools[pool.index()];
    let all = self::all(view);
    let balancer = all.into_iter().find(|&balancer| name(view, balancer) == planned.balancer);
    let body = balancer.map(|balancer| of(view, balancer)).unwrap_or_default();
    let pools = body["properties"]["backendAddressPools"].as_array().cloned().unwrap_or_default();
    let found = pools.into_iter().find(|pool| pool["name"].as_str() == Some(planned.name.as_str()));
    let mut found = found.unwrap_or_else(|| json!({ "name": planned.name }));
    found["type"] = format!("{LOAD_BALANCER}/backendAddressPools").into();
    found
}

/// `backendIPConfigurations`: the interfaces that are in a pool.
fn members(view: &View<'_, '_>, pool: PoolId) -> Value {
    let balancer = &view.instant.world.load_balancer;
    let state = &balancer.pools[pool.index()];
    let members = state.members.iter().map(|member| &balancer.members[member.index()]);
    let here = members.filter(|member| !member.left);
    here.map(|member| json!({ "id": interface(view, member.instance, pool) })).collect()
}

/// The IP configuration by which an instance is in a pool, by the names that its model gives.
pub(super) fn interface(view: &View<'_, '_>, instance: InstanceId, pool: PoolId) -> String {
    let row = &view.instant.world.instances.rows[instance.index()];
    let model = view.model(row.set, row.revision);
    let nics = model.as_ref().map_or(&[][..], |model| list(INTERFACES.shown(model)));
    let mut pairs = nics.iter().flat_map(|nic| list(IP_CONFIGURATIONS.shown(nic)).iter().map(move |ip| (nic, ip)));
    let name = &view.instant.plan().pools[pool.index()].name;
    let found = pairs.clone().find(|(_, ip)| is_in(ip, name)).or_else(|| pairs.next());
    let nic = found.map(|(nic, _)| nic).or_else(|| nics.first());
    let text = |of: Option<&Value>, or: &str| of.and_then(|of| of["name"].as_str()).unwrap_or(or).to_owned();
    let (nic, ip) = (text(nic, "nic"), text(found.map(|(_, ip)| ip), "ipconfig"));
    if view.is_uniform(row.set) {
        let set = view.instant.names.set(row.set);
        format!(
            "virtualMachineScaleSets/{set}/virtualMachines/{}/networkInterfaces/{nic}/ipConfigurations/{ip}",
            row.ordinal
        )
    } else {
        format!("networkInterfaces/{}-{nic}/ipConfigurations/{ip}", view.instant.names.instance(instance))
    }
}

/// Whether an IP configuration names a pool.
fn is_in(ip: &Value, pool: &str) -> bool {
    let named = [&BACKEND_POOLS, &GATEWAY_POOLS].into_iter().flat_map(|pools| list(pools.shown(ip)));
    named
        .filter_map(|of| of["id"].as_str().or_else(|| of.as_str()))
        .any(|id| reference_name(id).eq_ignore_ascii_case(pool))
}

/// What a plan says of a balancer of which no resource is at hand.
fn as_planned(view: &View<'_, '_>, name: &str) -> Value {
    let named = pools(view).into_iter().map(|at| &view.instant.plan().pools[at.index()]);
    let pools: Vec<Value> =
        named.filter(|pool| pool.balancer == name).map(|pool| json!({ "name": pool.name })).collect();
    json!({ "properties": { "backendAddressPools": pools } })
}
