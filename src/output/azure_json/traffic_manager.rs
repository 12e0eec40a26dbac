//! A Traffic Manager profile: as the user wrote it, with what Traffic Manager makes of it and of each endpoint.

use super::View;
use crate::input::arm::shape::TRAFFIC_MANAGER;
use serde_json::{Value, json};
use windtunnel_sim::world::fact::MonitorStatus;
use windtunnel_sim::world::ids::ProfileId;

/// The name of a profile.
pub fn name<'p>(view: &View<'_, 'p>, profile: ProfileId) -> &'p str {
    &view.instant.plan().profiles[profile.index()].name
}

/// The profile.
pub fn of(view: &View<'_, '_>, id: ProfileId) -> Value {
    let planned = &view.instant.plan().profiles[id.index()];
    let room = &view.instant.world.traffic_manager;
    let statuses: Vec<(&str, MonitorStatus)> = planned
        .endpoints
        .iter()
        .enumerate()
        .map(|(number, endpoint)| (endpoint.name.as_str(), room.status(id, number as u16)))
        .collect();
    let mut body = view.written(TRAFFIC_MANAGER, &planned.name).unwrap_or_else(|| json!({ "properties": {} }));
    let path = format!("trafficManagerProfiles/{}", planned.name);
    (body["id"], body["name"], body["type"]) =
        (path.as_str().into(), planned.name.as_str().into(), TRAFFIC_MANAGER.into());
    body["location"] = "global".into();
    let properties = &mut body["properties"];
    properties["profileStatus"] = if planned.enabled { "Enabled" } else { "Disabled" }.into();
    properties["trafficRoutingMethod"] = planned.method.word().into();
    properties["dnsConfig"]["ttl"] = (planned.ttl.ms() / 1000).into();
    let label = properties["dnsConfig"]["relativeName"].as_str().unwrap_or(&planned.name).to_owned();
    properties["dnsConfig"]["fqdn"] = format!("{label}.trafficmanager.net").into();
    let monitor = &mut properties["monitorConfig"];
    monitor["intervalInSeconds"] = (planned.monitor.interval.ms() / 1000).into();
    monitor["timeoutInSeconds"] = (planned.monitor.timeout.ms() / 1000).into();
    monitor["toleratedNumberOfFailures"] = planned.monitor.tolerated.into();
    monitor["profileMonitorStatus"] = of_profile(planned.enabled, &statuses).into();
    for endpoint in properties["endpoints"].as_array_mut().into_iter().flatten() {
        let name = endpoint["name"].as_str().unwrap_or_default().to_owned();
        let kind =
            endpoint["type"].as_str().unwrap_or("azureEndpoints").rsplit('/').next().unwrap_or_default().to_owned();
        endpoint["id"] = format!("{path}/{kind}/{name}").into();
        endpoint["type"] = format!("{TRAFFIC_MANAGER}/{kind}").into();
        if let Some((_, status)) = statuses.iter().find(|(of, _)| *of == name) {
            endpoint["properties"]["endpointMonitorStatus"] = status.word().into();
        }
    }
    body
}

/// `profileMonitorStatus`: the worst that an endpoint has, of those that count.
fn of_profile(enabled: bool, statuses: &[(&str, MonitorStatus)]) -> &'static str {
    let any = |of: MonitorStatus| statuses.iter().any(|(_, status)| *status == of);
    match () {
        () if !enabled => "Disabled",
        () if any(MonitorStatus::Degraded) => "Degraded",
        () if any(MonitorStatus::Online) || any(MonitorStatus::Unmonitored) => "Online",
        () if any(MonitorStatus::CheckingEndpoint) => "CheckingEndpoints",
        () => "Inactive",
    }
}
