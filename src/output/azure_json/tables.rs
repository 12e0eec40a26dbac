//! Tables of what stands around the instances: the set itself, autoscale, balancers, the activity log, Scheduled Events.

use super::activity::shown;
use super::human::{table, word, wrapped};
use crate::input::arm::reference::reference_name;
use crate::input::arm::shape::{autoscale, front_door, gateway, load_balancer, scale_set, standby, traffic_manager};
use crate::output::list;
use serde_json::Value;

/// A set in a few lines; the whole model is in the JSON.
pub fn resource(body: &Value, width: usize) -> String {
    let properties = &body["properties"];
    let zones = list(&body["zones"]).iter().map(word).collect::<Vec<_>>().join(", ");
    let zones = if zones.is_empty() { String::new() } else { format!(", zones {zones}") };
    let spread = match scale_set::FAULT_DOMAINS.shown(body).as_u64() {
        Some(count @ 2..) => format!("{count} fault domains"),
        _ => "max spreading".to_owned(),
    };
    let mut out = wrapped(
        &format!(
            "{}, {} × {}, {}{zones}, {spread}",
            word(&properties["provisioningState"]),
            scale_set::CAPACITY.shown(body),
            word(scale_set::SIZE.shown(body)),
            word(scale_set::ORCHESTRATION_MODE.shown(body)),
        ),
        2,
        width,
    );
    let by_azure = *scale_set::OS_UPGRADE_ENABLED.shown(body) == true;
    let automatic = if by_azure { ", OS images by Azure" } else { "" };
    let image = match scale_set::IMAGE_ID.shown(body).as_str() {
        Some(id) => id.to_owned(),
        None => {
            let parts = [
                &scale_set::IMAGE_PUBLISHER,
                &scale_set::IMAGE_OFFER,
                &scale_set::IMAGE_SKU,
                &scale_set::IMAGE_VERSION,
            ];
            parts.map(|part| word(part.shown(body))).join(":")
        }
    };
    let mode = word(scale_set::UPGRADE_MODE.shown(body));
    out += &wrapped(&format!("upgrades {mode}{automatic}; image {image}"), 2, width);
    let extensions: Vec<String> = list(scale_set::EXTENSIONS.shown(body)).iter().map(|of| word(&of["name"])).collect();
    let mut more = Vec::new();
    if !extensions.is_empty() {
        more.push(format!("extensions {}", extensions.join(", ")));
    }
    if *scale_set::PRIORITY.shown(body) == "Spot" {
        more.push(format!("Spot, evicted by {}", word(scale_set::EVICTION_POLICY.shown(body))));
    }
    if *scale_set::REPAIRS_ENABLED.shown(body) == true {
        more.push(format!("repairs after {}", word(scale_set::GRACE_PERIOD.shown(body))));
    }
    if !more.is_empty() {
        out += &wrapped(&more.join("; "), 2, width);
    }
    out
}

/// A definition of images.
pub fn definition(body: &Value, width: usize) -> String {
    let properties = &body["properties"];
    let line = ["provisioningState", "osType", "osState"].map(|key| word(&properties[key])).join(", ");
    wrapped(&line, 2, width)
}

/// A setting: its profiles and their rules.
pub fn autoscale(body: &Value, width: usize) -> String {
    let on = if *autoscale::ENABLED.shown(body) == true { "enabled" } else { "disabled" };
    let scales = word(autoscale::TARGET.shown(body));
    let scales = reference_name(&scales);
    let predictive = word(autoscale::SCALE_MODE.shown(body));
    let mut out = wrapped(&format!("{on}, scales {scales}, predictive {predictive}"), 2, width);
    for profile in list(autoscale::PROFILES.shown(body)) {
        let line = format!(
            "profile {}: {} to {}, default {}",
            word(&profile["name"]),
            word(autoscale::MINIMUM.shown(profile)),
            word(autoscale::MAXIMUM.shown(profile)),
            word(autoscale::DEFAULT.shown(profile))
        );
        out += &wrapped(&line, 2, width);
        for rule in list(autoscale::RULES.shown(profile)) {
            let line = format!(
                "{} {} {}: {} by {}, cooldown {}",
                word(autoscale::METRIC_NAME.shown(rule)),
                word(autoscale::OPERATOR.shown(rule)),
                word(autoscale::THRESHOLD.shown(rule)),
                word(autoscale::DIRECTION.shown(rule)),
                word(autoscale::VALUE.shown(rule)),
                word(autoscale::COOLDOWN.shown(rule))
            );
            out += &wrapped(&line, 4, width);
        }
    }
    out
}

/// A balancer: its probes, its rules, and how many are in each pool.
pub fn balancer(body: &Value, width: usize) -> String {
    let mut out = wrapped(&format!("sku {}", word(load_balancer::SKU_NAME.shown(body))), 2, width);
    for probe in list(load_balancer::PROBES.shown(body)) {
        let path = load_balancer::PROBE_PATH.shown(probe).as_str().unwrap_or_default();
        let (protocol, port) =
            (word(load_balancer::PROBE_PROTOCOL.shown(probe)), load_balancer::PROBE_PORT.shown(probe));
        let line = format!("probe {}: {protocol} {port}{path}", word(&probe["name"]));
        out += &wrapped(&line, 2, width);
    }
    for pool in list(load_balancer::POOLS.shown(body)) {
        out += &self::pool(pool, width);
    }
    out
}

/// A pool.
pub fn pool(body: &Value, width: usize) -> String {
    let members = list(&body["properties"]["backendIPConfigurations"]).len();
    let many = if members == 1 { "interface" } else { "interfaces" };
    wrapped(&format!("pool {}: {members} {many}", word(&body["name"])), 2, width)
}

/// A gateway: what it is, its listeners, and the probes that it has beside the default one.
pub fn gateway(body: &Value, width: usize) -> String {
    let mut out = wrapped(&format!("sku {}", word(gateway::SKU_NAME.shown(body))), 2, width);
    for listener in list(gateway::LISTENERS.shown(body)) {
        out += &wrapped(&format!("listener {}", word(&listener["name"])), 2, width);
    }
    for probe in list(gateway::PROBES.shown(body)) {
        let (path, every) = (word(gateway::PROBE_PATH.shown(probe)), gateway::PROBE_INTERVAL.shown(probe));
        out += &wrapped(&format!("probe {}: {path} every {every} s", word(&probe["name"])), 2, width);
    }
    out
}

/// The backend health of a gateway: how many of each pool are what.
pub fn backend_health(body: &Value, width: usize) -> String {
    let mut out = String::new();
    for pool in list(&body["backendAddressPools"]) {
        let name = word(&pool["backendAddressPool"]["id"]);
        for setting in list(&pool["backendHttpSettingsCollection"]) {
            let servers = list(&setting["servers"]);
            let count = |health: &str| servers.iter().filter(|server| server["health"] == health).count();
            let kinds = ["Healthy", "Partial", "Unhealthy"].map(|health| (count(health), health));
            let counts: Vec<String> =
                kinds.iter().filter(|(many, _)| *many > 0).map(|(many, health)| format!("{many} {health}")).collect();
            let counts = if counts.is_empty() { "no backend".to_owned() } else { counts.join(", ") };
            let by = word(&setting["backendHttpSettings"]["id"]);
            let (pool, by) = (reference_name(&name), reference_name(&by));
            out += &wrapped(&format!("pool {pool} by {by}: {counts}"), 2, width);
        }
    }
    out
}

/// A profile of Traffic Manager, and its endpoints.
pub fn profile(body: &Value, width: usize) -> String {
    let status = word(&body["properties"]["monitorConfig"]["profileMonitorStatus"]);
    let (method, ttl) = (word(traffic_manager::METHOD.shown(body)), traffic_manager::TTL.shown(body));
    let mut out = wrapped(&format!("{status}; {method}, answers live {ttl} s"), 2, width);
    for endpoint in list(traffic_manager::ENDPOINTS.shown(body)) {
        let status = word(&endpoint["properties"]["endpointMonitorStatus"]);
        out += &wrapped(&format!("endpoint {}: {status}", word(&endpoint["name"])), 2, width);
    }
    out
}

/// A profile of Front Door.
pub fn front_door(body: &Value, width: usize) -> String {
    let sku = word(&body["sku"]["name"]);
    wrapped(&format!("{}, {sku}", word(&body["properties"]["resourceState"])), 2, width)
}

/// Its origins.
pub fn origins(body: &Value, width: usize) -> String {
    let row = |origin: &Value| {
        let of = [
            front_door::ORIGIN_STATE.shown(origin),
            front_door::PRIORITY.shown(origin),
            front_door::WEIGHT.shown(origin),
        ];
        let group = word(&origin["properties"]["originGroupName"]);
        [vec![word(&origin["name"]), group], of.iter().map(|value| word(value)).collect()].concat()
    };
    let rows: Vec<Vec<String>> = list(&body["value"]).iter().map(row).collect();
    table(&["origin", "group", "state", "priority", "weight"], &rows, width)
}

/// How healthy they are.
pub fn origin_health(body: &Value, width: usize) -> String {
    let row = |series: &Value| {
        let names = list(&series["metadatavalues"]).iter().map(|of| word(&of["value"]));
        let percent = match series["data"][0]["average"].as_f64() {
            Some(percent) => format!("{percent} %"),
            None => "not probed".to_owned(),
        };
        names.chain([percent]).collect()
    };
    let rows: Vec<Vec<String>> = list(&body["value"][0]["timeseries"]).iter().map(row).collect();
    table(&["origin", "group", "healthy for"], &rows, width)
}

/// A standby pool.
pub fn standby(body: &Value, width: usize) -> String {
    let set = word(standby::ATTACHED_SET.shown(body));
    let line = format!(
        "of {}, machines {}, {} to {} with the set",
        reference_name(&set),
        word(standby::STATE.shown(body)),
        word(standby::MIN_READY.shown(body)),
        word(standby::MAX_READY.shown(body))
    );
    wrapped(&line, 2, width)
}

/// What a standby pool has now.
pub fn standby_view(body: &Value, width: usize) -> String {
    let properties = &body["properties"];
    let status = word(&properties["status"]["code"]);
    let mut out = wrapped(status.trim_start_matches("HealthState/"), 2, width);
    for of in list(&properties["instanceCountSummary"]) {
        let counts = list(&of["instanceCountsByState"]);
        let counts = counts.iter().map(|of| format!("{} {}", of["count"], word(&of["state"]))).collect::<Vec<_>>();
        let zone = of["zone"].as_i64().map_or_else(String::new, |zone| format!("zone {zone}: "));
        out += &wrapped(&format!("{zone}{}", counts.join(", ")), 2, width);
    }
    out
}

/// The deployment targets of Octopus.
pub fn machines(body: &Value, width: usize) -> String {
    let row = |of: &Value| {
        let roles = list(&of["Roles"]).iter().map(word).collect::<Vec<_>>().join(", ");
        vec![word(&of["Name"]), word(&of["HealthStatus"]), word(&of["EnvironmentIds"][0]), roles]
    };
    let rows: Vec<Vec<String>> = list(&body["Items"]).iter().map(row).collect();
    table(&["target", "health", "environment", "roles"], &rows, width)
}

/// The deployments of Octopus.
pub fn tasks(body: &Value, width: usize) -> String {
    let time = |at: &Value| word(at).get(11..19).unwrap_or("–").to_owned();
    let row = |of: &Value| {
        let state =
            if of["HasPendingInterruptions"] == true { "waits for a person".into() } else { word(&of["State"]) };
        vec![
            state,
            time(&of["QueueTime"]),
            time(&of["StartTime"]),
            time(&of["CompletedTime"]),
            word(&of["Description"]),
        ]
    };
    let rows: Vec<Vec<String>> = list(&body["Items"]).iter().map(row).collect();
    table(&["state", "queued", "started", "ended", "what"], &rows, width)
}

/// How far a release of Octopus has come: a phase a line, with what was deployed there.
pub fn progression(body: &Value, width: usize) -> String {
    let names = |of: &Value| list(of).iter().map(word).collect::<Vec<_>>().join(", ");
    let row = |of: &Value| {
        let deployed = list(&of["Deployments"])
            .iter()
            .map(|one| format!("{} {}", word(&one["Deployment"]["EnvironmentId"]), word(&one["Task"]["State"])));
        vec![
            word(&of["Name"]),
            if of["IsOptionalPhase"] == true { "optional".into() } else { word(&of["Progress"]) },
            names(&of["AutomaticDeploymentTargets"]),
            names(&of["OptionalDeploymentTargets"]),
            deployed.collect::<Vec<_>>().join(", "),
        ]
    };
    let rows: Vec<Vec<String>> = list(&body["Phases"]).iter().map(row).collect();
    let next = names(&body["NextDeployments"]);
    let next = if next.is_empty() { "nowhere new".to_owned() } else { next };
    table(&["phase", "progress", "automatic", "by a person", "deployed"], &rows, width)
        + &format!("may go to: {next}\n")
}

/// A pool of scale set agents.
pub fn agents(body: &Value, width: usize) -> String {
    let set = word(&body["azureId"]);
    let recycled = if body["recycleAfterEachUse"] == true { ", recycled after each use" } else { "" };
    let line = format!(
        "of {}: {} of at most {} machines, {} to stand by, idle ones kept {} min{recycled}",
        reference_name(&set),
        word(&body["desiredSize"]),
        word(&body["maxCapacity"]),
        word(&body["desiredIdle"]),
        word(&body["timeToLiveMinutes"])
    );
    wrapped(&line, 2, width)
}

/// The machines of a pool of scale set agents.
pub fn agent_nodes(body: &Value, width: usize) -> String {
    let row = |node: &Value| ["name", "state", "agentState", "computeState"].map(|key| word(&node[key])).to_vec();
    let rows: Vec<Vec<String>> = list(&body["value"]).iter().map(row).collect();
    if rows.is_empty() {
        return "  it has no machine\n".to_owned();
    }
    table(&["machine", "state", "agent", "compute"], &rows, width)
}

/// The log, the newest first.
pub fn activity(body: &Value, width: usize) -> String {
    let notices = list(&body["value"]);
    if notices.is_empty() {
        return "  nobody asked for anything yet\n".to_owned();
    }
    let row = |notice: &Value| {
        let at = word(&notice["eventTimestamp"]);
        let of = word(&notice["resourceId"]);
        vec![
            at.get(5..19).unwrap_or_default().replace('T', " "),
            word(&notice["status"]["value"]),
            reference_name(&of).to_owned(),
            what(&word(&notice["operationName"]["value"])),
            // The engine by its name: its type is too long for a column.
            word(&notice["caller"])
                .trim_end_matches("@example.com")
                .replace("Microsoft.Insights/autoscaleSettings", "autoscale"),
        ]
    };
    let rows: Vec<Vec<String>> = notices.iter().map(row).collect();
    let text = table(&["at", "status", "of", "operation", "caller"], &rows, width);
    let mut lines = text.lines();
    let mut out = format!("{}\n", lines.next().unwrap_or_default());
    // A code is longer than a column has room for, and stands below its row.
    for (line, notice) in lines.zip(notices) {
        out += &format!("{line}\n");
        if let Some(message) = notice["properties"]["statusMessage"].as_str() {
            out += &wrapped(&code(message), 6, width);
        }
    }
    out
}

/// An operation in a few words.
fn what(name: &str) -> String {
    let shown = shown(name);
    if shown == name {
        let end = name.trim_end_matches("/Action").trim_end_matches("/action");
        return end.rsplit('/').next().unwrap_or(name).to_owned();
    }
    let short = shown.replace("Virtual Machine Scale Set", "set").replace("Virtual Machines", "instances");
    let short = short.replace("Virtual Machine", "instance").replace(" in a set", "").replace(" of set", "");
    // Which set is in the column before.
    short.strip_suffix("Upgrade set").map_or(short.clone(), |upgrade| format!("{upgrade}Upgrade"))
}

/// The code of an error: the innermost that is not about the resource as a whole.
fn code(message: &str) -> String {
    let body: Value = serde_json::from_str(message).unwrap_or_default();
    let error = &body["error"];
    let inner = &error["details"][0]["code"];
    word(if error["code"] == "ResourceOperationFailure" && !inner.is_null() { inner } else { &error["code"] })
}

/// The document of a guest.
pub fn events(body: &Value, width: usize) -> String {
    let events = list(&body["Events"]);
    let mut out = wrapped(&format!("incarnation {}", body["DocumentIncarnation"]), 2, width);
    if events.is_empty() {
        return out + "  no event\n";
    }
    let row = |event: &Value| {
        let before = word(&event["NotBefore"]);
        vec![
            word(&event["EventType"]),
            word(&event["EventStatus"]),
            if before.is_empty() { "–".to_owned() } else { before },
            list(&event["Resources"]).iter().map(word).collect::<Vec<_>>().join(", "),
        ]
    };
    let rows: Vec<Vec<String>> = events.iter().map(row).collect();
    out += &table(&["event", "status", "not before", "resources"], &rows, width);
    out
}
