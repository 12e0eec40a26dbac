//! A Traffic Manager profile: as the user and the timeline wrote it, with what Traffic Manager makes of it and of each endpoint.

use super::View;
use crate::input::arm::reference::reference_name;
use crate::input::arm::shape::TRAFFIC_MANAGER;
use crate::input::arm::shape::traffic_manager::{INTERVAL, METHOD, PROFILE_STATUS, TIMEOUT, TOLERATED, TTL};
use serde_json::{Value, json};
use windtunnel_sim::azure::traffic_manager::profile;
use windtunnel_sim::plan::{Judging, RoutingMethod, Word};
use windtunnel_sim::world::fact::MonitorStatus;
use windtunnel_sim::world::ids::ProfileId;

/// The profile.
pub fn of(view: &View<'_, '_>, id: ProfileId) -> Value {
    let planned = profile(&view.instant.world, view.instant.plan(), id);
    let room = &view.instant.world.traffic_manager;
    let statuses: Vec<(&str, MonitorStatus)> = planned
        .endpoints
        .iter()
        .enumerate()
        .map(|(number, endpoint)| (endpoint.name.as_str(), room.status(id, number as u16)))
        .collect();
    let mut body = view.now(TRAFFIC_MANAGER, &planned.name).unwrap_or_else(|| json!({ "properties": {} }));
    let path = format!("trafficManagerProfiles/{}", planned.name);
    (body["id"], body["name"], body["type"]) =
        (path.as_str().into(), planned.name.as_str().into(), TRAFFIC_MANAGER.into());
    body["location"] = "global".into();
    // What was written last shows as soon as it is accepted, and may not count yet.
    PROFILE_STATUS.put_if_absent(&mut body, if planned.enabled { "Enabled" } else { "Disabled" });
    let said = METHOD.shown(&body).as_str().unwrap_or_default();
    let method = RoutingMethod::ALL.iter().find(|method| method.word().eq_ignore_ascii_case(said));
    METHOD.put(&mut body, method.unwrap_or(&planned.method).word());
    TTL.put_if_absent(&mut body, planned.ttl.ms() / 1000);
    let label = body["properties"]["dnsConfig"]["relativeName"].as_str().unwrap_or(&planned.name).to_owned();
    body["properties"]["dnsConfig"]["fqdn"] = format!("{label}.trafficmanager.net").into();
    INTERVAL.put_if_absent(&mut body, planned.monitor.interval.ms() / 1000);
    TIMEOUT.put_if_absent(&mut body, planned.monitor.timeout.ms() / 1000);
    if let Judging::Tolerated(tolerated) = planned.monitor.judging {
        TOLERATED.put_if_absent(&mut body, tolerated);
    }
    body["properties"]["monitorConfig"]["profileMonitorStatus"] = of_profile(planned.enabled, &statuses).into();
    for endpoint in body["properties"]["endpoints"].as_array_mut().into_iter().flatten() {
        let name = endpoint["name"].as_str().unwrap_or_default().to_owned();
        let kind = reference_name(endpoint["type"].as_str().unwrap_or("azureEndpoints")).to_owned();
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
