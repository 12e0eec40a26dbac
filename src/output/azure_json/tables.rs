//! Tables of what stands around the instances: the set itself, autoscale, balancers, the activity log, Scheduled Events.

use super::activity::shown;
use super::human::{table, word, wrapped};
use serde_json::Value;

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[][..], Vec::as_slice)
}

/// A set in a few lines; the whole model is in the JSON.
pub fn resource(body: &Value, width: usize) -> String {
    let properties = &body["properties"];
    let zones = list(&body["zones"]).iter().map(word).collect::<Vec<_>>().join(", ");
    let zones = if zones.is_empty() { String::new() } else { format!(", zones {zones}") };
    let spread = match properties["platformFaultDomainCount"].as_u64() {
        Some(count @ 2..) => format!("{count} fault domains"),
        _ => "max spreading".to_owned(),
    };
    let mut out = wrapped(
        &format!(
            "{}, {} × {}, {}{zones}, {spread}",
            word(&properties["provisioningState"]),
            body["sku"]["capacity"],
            word(&body["sku"]["name"]),
            word(&properties["orchestrationMode"]),
        ),
        2,
        width,
    );
    let policy = &properties["upgradePolicy"];
    let automatic = if policy["automaticOSUpgradePolicy"]["enableAutomaticOSUpgrade"] == true {
        ", OS images by Azure"
    } else {
        ""
    };
    let profile = &properties["virtualMachineProfile"];
    let reference = &profile["storageProfile"]["imageReference"];
    let image = match reference["id"].as_str() {
        Some(id) => id.to_owned(),
        None => ["publisher", "offer", "sku", "version"].map(|key| word(&reference[key])).join(":"),
    };
    out += &wrapped(&format!("upgrades {}{automatic}; image {image}", word(&policy["mode"])), 2, width);
    let extensions: Vec<String> =
        list(&profile["extensionProfile"]["extensions"]).iter().map(|of| word(&of["name"])).collect();
    let mut more = Vec::new();
    if !extensions.is_empty() {
        more.push(format!("extensions {}", extensions.join(", ")));
    }
    if profile["priority"] == "Spot" {
        more.push(format!("Spot, evicted by {}", word(&profile["evictionPolicy"])));
    }
    if properties["automaticRepairsPolicy"]["enabled"] == true {
        more.push(format!("repairs after {}", word(&properties["automaticRepairsPolicy"]["gracePeriod"])));
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
    let properties = &body["properties"];
    let on = if properties["enabled"] == true { "enabled" } else { "disabled" };
    let scales = word(&properties["targetResourceUri"]);
    let scales = scales.rsplit('/').next().unwrap_or_default();
    let predictive = word(&properties["predictiveAutoscalePolicy"]["scaleMode"]);
    let mut out = wrapped(&format!("{on}, scales {scales}, predictive {predictive}"), 2, width);
    for profile in list(&properties["profiles"]) {
        let capacity = &profile["capacity"];
        let line = format!(
            "profile {}: {} to {}, default {}",
            word(&profile["name"]),
            word(&capacity["minimum"]),
            word(&capacity["maximum"]),
            word(&capacity["default"])
        );
        out += &wrapped(&line, 2, width);
        for rule in list(&profile["rules"]) {
            let (trigger, action) = (&rule["metricTrigger"], &rule["scaleAction"]);
            let line = format!(
                "{} {} {}: {} by {}, cooldown {}",
                word(&trigger["metricName"]),
                word(&trigger["operator"]),
                word(&trigger["threshold"]),
                word(&action["direction"]),
                word(&action["value"]),
                word(&action["cooldown"])
            );
            out += &wrapped(&line, 4, width);
        }
    }
    out
}

/// A balancer: its probes, its rules, and how many are in each pool.
pub fn balancer(body: &Value, width: usize) -> String {
    let properties = &body["properties"];
    let mut out = wrapped(&format!("sku {}", word(&body["sku"]["name"])), 2, width);
    for probe in list(&properties["probes"]) {
        let of = &probe["properties"];
        let path = of["requestPath"].as_str().unwrap_or_default();
        let line = format!("probe {}: {} {}{path}", word(&probe["name"]), word(&of["protocol"]), of["port"]);
        out += &wrapped(&line, 2, width);
    }
    for pool in list(&properties["backendAddressPools"]) {
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

/// A standby pool.
pub fn standby(body: &Value, width: usize) -> String {
    let properties = &body["properties"];
    let elasticity = &properties["elasticityProfile"];
    let set = word(&properties["attachedVirtualMachineScaleSetId"]);
    let line = format!(
        "of {}, machines {}, {} to {} with the set",
        set.rsplit('/').next().unwrap_or_default(),
        word(&properties["virtualMachineState"]),
        word(&elasticity["minReadyCapacity"]),
        word(&elasticity["maxReadyCapacity"])
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
            of.rsplit('/').next().unwrap_or_default().to_owned(),
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
