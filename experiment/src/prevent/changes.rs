//! The changes of settings that are tried: the policies of the scenario, what lint would change, what else a probe can ask, and stricter
//! gates of an upgrade.

use super::{Change, Kind};
use crate::incident;
use serde_json::{Value as Json, json};
use windtunnel_input::drill::of_draft::fixes;
use windtunnel_input::read::read_text;
use windtunnel_input::{AS_WRITTEN, Loaded, Planned, Problems, Report};
use windtunnel_sim::plan::{Plan, RollingPolicy, UpgradeMode};

/// So many other paths are tried of each probe.
const PATHS: usize = 6;

/// The policies of a scenario as changes, and those that are another incident, with the place.
#[must_use]
pub fn policies(loaded: &Loaded, own: &Planned, text: &str) -> (Vec<Change>, Vec<(String, String)>) {
    let mut problems = Problems::new();
    let root = read_text("the scenario", text.to_owned(), &mut problems);
    let written = root.as_ref().and_then(|root| root.get("policies"));
    let mut changes = Vec::new();
    let mut incidents = Vec::new();
    for name in loaded.policies().filter(|name| *name != AS_WRITTEN) {
        let Ok(planned) = loaded.plan(name) else { continue };
        if let Some(path) = incident::of(planned, own) {
            incidents.push((name.to_owned(), path));
            continue;
        }
        let patch = written.and_then(|all| all.get(name)).map(windtunnel_input::tree::Node::to_json);
        // A template in place of another stands beside nothing else.
        let patch = patch.filter(|patch| ["template", "file"].iter().all(|key| !patch[key].is_string()));
        let (title, policy) = (name.to_owned(), Some(name.to_owned()));
        changes.push(Change { kind: Kind::Policy, title, policy, patch, of: Vec::new(), barred: None, sweep: None });
    }
    (changes, incidents)
}

/// A change of settings.
fn setting(title: String, patch: Json) -> Change {
    Change { kind: Kind::Setting, title, policy: None, patch: Some(patch), of: Vec::new(), barred: None, sweep: None }
}

/// Other settings of the fleet.
///
/// # Errors
///
/// The resources of the scenario are none.
pub fn settings(own: &Planned) -> Result<Vec<Change>, Report> {
    let resources = &own.effective["resources"];
    let mut all: Vec<Change> =
        fixes(resources, None)?.into_iter().map(|fix| setting(fix.title, fix.policy.1.to_json())).collect();
    let paths: Vec<&str> = own.plan.application.endpoints.iter().map(|one| one.path.as_str()).collect();
    for resource in resources.as_array().into_iter().flatten() {
        all.extend(asks(resource, &paths));
    }
    all.extend(gates(&own.plan));
    Ok(all)
}

/// What else the probes of a balancer and the health extension of a set can ask.
fn asks(resource: &Json, paths: &[&str]) -> Vec<Change> {
    let Some(owner) = arm(resource, "name").and_then(Json::as_str) else { return Vec::new() };
    let kind = arm(resource, "type").and_then(Json::as_str).unwrap_or_default();
    let properties = arm(resource, "properties");
    let mut all = Vec::new();
    if kind.eq_ignore_ascii_case("Microsoft.Network/loadBalancers") {
        let probes = properties.and_then(|of| arm(of, "probes")).and_then(Json::as_array);
        for probe in probes.into_iter().flatten() {
            let Some(name) = arm(probe, "name").and_then(Json::as_str) else { continue };
            let own = arm(probe, "properties").and_then(|of| arm(of, "requestPath")).and_then(Json::as_str);
            let protocol = arm(probe, "properties").and_then(|of| arm(of, "protocol")).and_then(Json::as_str);
            let is_tcp = protocol.is_some_and(|protocol| protocol.eq_ignore_ascii_case("Tcp"));
            for path in others(paths, own) {
                let mut change = json!({ "requestPath": path });
                if is_tcp {
                    change["protocol"] = json!("Http");
                }
                let patch = json!({ owner: { "properties": { "probes": [{ "name": name, "properties": change }] } } });
                all.push(setting(format!("the probe “{name}” of {owner} asks {path}"), patch));
            }
        }
    }
    if kind.eq_ignore_ascii_case("Microsoft.Compute/virtualMachineScaleSets") {
        let profile = ["virtualMachineProfile", "extensionProfile"];
        let within = profile.iter().try_fold(properties.unwrap_or(&Json::Null), |of, key| arm(of, key));
        let extensions = within.and_then(|of| arm(of, "extensions")).and_then(Json::as_array);
        for extension in extensions.into_iter().flatten() {
            let Some(name) = arm(extension, "name").and_then(Json::as_str) else { continue };
            let settings = arm(extension, "properties").and_then(|of| arm(of, "settings"));
            let Some(own) = settings.and_then(|of| arm(of, "requestPath")).and_then(Json::as_str) else { continue };
            for path in others(paths, Some(own)) {
                let change = json!({ "name": name, "properties": { "settings": { "requestPath": path } } });
                let profile = json!({ "extensionProfile": { "extensions": [change] } });
                let patch = json!({ owner: { "properties": { "virtualMachineProfile": profile } } });
                all.push(setting(format!("the health extension of {owner} asks {path}"), patch));
            }
        }
    }
    all
}

/// The paths beside the one that is asked.
fn others<'p>(paths: &'p [&str], own: Option<&'p str>) -> impl Iterator<Item = &'p str> {
    paths.iter().copied().filter(move |path| path.starts_with('/') && Some(*path) != own).take(PATHS)
}

/// A value of a resource, whatever the case of its key.
fn arm<'j>(json: &'j Json, key: &str) -> Option<&'j Json> {
    let entries = json.as_object()?;
    entries.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

/// Azure's own gates where a set has wider ones.
fn gates(plan: &Plan) -> Vec<Change> {
    let strict = RollingPolicy::DEFAULT;
    let (all, upgraded) = (strict.max_unhealthy_percent, strict.max_unhealthy_upgraded_percent);
    let wide = plan.sets.iter().filter(|set| {
        let own = &set.upgrade.rolling;
        set.upgrade.mode == UpgradeMode::Rolling
            && (own.max_unhealthy_percent > all || own.max_unhealthy_upgraded_percent > upgraded)
    });
    let change = |set: &windtunnel_sim::plan::ScaleSet| {
        let gates = json!({ "maxUnhealthyInstancePercent": all, "maxUnhealthyUpgradedInstancePercent": upgraded });
        let patch = json!({ &set.name: { "properties": { "upgradePolicy": { "rollingUpgradePolicy": gates } } } });
        setting(format!("gates of {all} and {upgraded} % for the upgrades of {}", set.name), patch)
    };
    wide.map(change).collect()
}
