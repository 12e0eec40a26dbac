//! L03: who says whether an instance can serve, and how soon.

use super::super::Found;
use super::super::fleet::{Fleet, health_of, mode_of, probe_of};
use super::rows;
use crate::arm::shape::health::{
    HEALTH_GRACE, HEALTH_INTERVAL, HEALTH_PATH, HEALTH_PORT, HEALTH_PROBES, HEALTH_PROTOCOL,
};
use crate::arm::shape::load_balancer::{
    self as lb, NoHealthyBackends, PROBE_INTERVAL, PROBE_NO_HEALTHY, PROBE_PATH, PROBE_PORT, PROBE_PROTOCOL,
    PROBE_THRESHOLD, Protocol,
};
use crate::arm::shape::scale_set::{HANDLER_VERSION, is_windows};
use crate::draft::Asks;
use crate::scenario::legality::SetFacts;
use crate::tree::Node;
use serde_json::{Value as Json, json};
use windtunnel_sim::plan::UpgradeMode;

rows! {
    "L0301" "health-asks-for-the-process" Warning RU_27, Set(shallow_extension), BadBake, Harm;
        "The health extension asks whether the process is up, not whether it can serve, so that a bad version passes every gate";
        "A connection, or the page of the server itself, is answered by an application that cannot reach its database. The upgrade goes on to the last instance. Ask a path that does the work that users need, and answers something else than 200 when it cannot. The path of the fix, `/healthz`, must be there.".
    "L0302" "probe-asks-for-a-connection" Warning LB_03, Probe(connects), Hangs, Harm;
        "The balancer's probe asks for a connection, which an instance that hangs still accepts";
        "A TCP handshake is made by the machine, not by the application: an instance that takes connections and never answers stays in rotation. Ask a path over HTTP. The path of the fix, `/healthz`, must be there, and should not ask for what all instances share (L0306).".
    "L0303" "rule-without-a-probe" Warning LB_14, Set(no_probe), Hangs, Harm;
        "A load-balancing rule without a probe leads users to every instance that runs, whatever its state";
        "The portal insists on a probe; templates and the command line do not. An instance that hangs keeps its share of the users until it is stopped.".
    "L0304" "probe-is-slow" Warning LB_02, Probe(slow_probe), Hangs, Harm;
        "The balancer takes half a minute or more to notice an instance that hangs";
        "Interval and `probeThreshold` together are the time for which users are led to an instance that does not answer. The default of the API is 15 s, that of the portal 5 s. The threshold counts in both directions, so that a high one also keeps a recovered instance out.".
    "L0305" "new-instances-count-as-unhealthy" Warning HD_31, Set(no_grace), SlowRollout, Length;
        "Version 2 of the health extension without `gracePeriod` reports an instance as Unknown, which counts as unhealthy, a few seconds after it starts";
        "The default is interval × probes, 5 s. A scale-out in the middle of a rollout then halts the rollout. Set `gracePeriod` to the time that the application needs to start.".
    "L0306" "shared-dependency-takes-all-out" Note LB_20, Probe(all_down), Blip, Harm;
        "When what the probe asks for is down everywhere, every instance leaves rotation at once, and nobody is served at all";
        "`noHealthyBackendsBehavior: AllProbedUp` spreads users over all instances when none is healthy: those requests that do not need the dependency are served. The default serves nobody.".
    "L0307" "health-extension-asks-nothing" Warning HD_01, Set(asks_nothing), BadBake, Harm;
        "Without a `protocol` the health extension always reports Healthy";
        "The upgrade has a health source, and it never says no. Give it a protocol, a port and a path.".
    "L0308" "no-health-source" Note RU_27, Set(no_source), Hangs, Harm;
        "Nothing says whether an instance is healthy, so that neither repairs nor rolling upgrades are possible";
        "What hangs stays as it is until a person restarts it. The Application Health extension is the source for both orchestration modes, and automatic repairs act on it.".
    "L0309" "probe-asks-for-the-server" Warning LB_08, Probe(shallow_probe), BadBake, Harm;
        "The balancer's probe asks for a page of the server itself, so that users are led to instances that cannot serve them";
        "Row 8 of the playbook, from the other side: the page of the server says nothing of the application behind it. Ask a path that fails when the instance cannot serve. The path of the fix, `/healthz`, must be there, and should not ask for what all instances share (L0306).".
}

/// The path that a fix asks for.
pub const HEALTHZ: &str = "/healthz";

/// Whether a path says nothing of the application.
fn is_of_the_server(path: &str) -> bool {
    Asks::of(path) == Asks::Server
}

/// Ports at which applications answer over HTTP. What another port speaks is not known.
fn is_web(port: i64) -> bool {
    matches!(port, 80 | 81 | 443 | 3000 | 5000 | 5001 | 8000..=8999 | 9000)
}

/// How a probe asks the application at a port: over TLS at the ports that are for it.
const fn scheme(port: i64) -> &'static str {
    if matches!(port, 443 | 8443) { "Https" } else { "Http" }
}

/// Ports of SSH, remote desktop and remote management.
const OF_ADMINISTRATION: [i64; 4] = [22, 3389, 5985, 5986];

/// The port and the path at which a set is asked: those of the probe before it, or 80 and the path of a fix.
fn asked_at(fleet: &Fleet, set: &SetFacts, path: &str) -> (i64, String) {
    let probe = fleet.probes(set).first().map(|(_, probe)| *probe);
    let deep = |probe: &Node| {
        PROBE_PATH.text(probe).filter(|path| path.starts_with('/') && !is_of_the_server(path)).map(str::to_owned)
    };
    (probe.map_or(80, |probe| PROBE_PORT.value(probe)), probe.and_then(deep).unwrap_or_else(|| path.to_owned()))
}

/// A health extension in the properties of a set.
pub fn extension(fleet: &Fleet, set: &SetFacts, path: &str) -> Json {
    let (port, path) = asked_at(fleet, set, path);
    let kind = if is_windows(&set.resource) { "ApplicationHealthWindows" } else { "ApplicationHealthLinux" };
    let settings =
        json!({ "protocol": "http", "port": port, "requestPath": path, "intervalInSeconds": 5, "numberOfProbes": 2 });
    let extension = json!({
        "name": "health",
        "properties": {
            "publisher": "Microsoft.ManagedServices",
            "type": kind,
            "typeHandlerVersion": "1.0",
            "autoUpgradeMinorVersion": true,
            "settings": settings,
        },
    });
    json!({ "virtualMachineProfile": { "extensionProfile": { "extensions": [extension] } } })
}

/// The same properties, with a health extension where the set has no source.
pub fn with_source(fleet: &Fleet, set: &SetFacts, mut properties: Json) -> Json {
    if !set.has_health() {
        let more = extension(fleet, set, HEALTHZ);
        properties["virtualMachineProfile"] = more["virtualMachineProfile"].clone();
    }
    properties
}

/// A change of the settings of the health extension.
fn settings(fleet: &Fleet, set: &SetFacts, node: &Node, change: Json) -> Json {
    let extension = json!({ "name": node.name(), "properties": { "settings": change } });
    fleet.properties(set, json!({ "virtualMachineProfile": { "extensionProfile": { "extensions": [extension] } } }))
}

fn shallow_extension(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let node = health_of(set)?;
    let protocol = HEALTH_PROTOCOL.get(node)?;
    if protocol.value == Protocol::Tcp {
        HEALTH_PORT.get(node).filter(|port| is_web(port.value))?;
        let change = settings(fleet, set, node, json!({ "protocol": "http", "requestPath": HEALTHZ }));
        return Some(Found::new(&protocol.span, "it asks for a connection over tcp", change));
    }
    let path = HEALTH_PATH.node(node)?;
    let text = path.text().filter(|text| is_of_the_server(text))?;
    let what = format!("it asks for `{text}`, which the server itself answers");
    Some(Found::new(&path.span, what, settings(fleet, set, node, json!({ "requestPath": HEALTHZ }))))
}

/// A change of one probe of a balancer.
fn probe(fleet: &Fleet, balancer: &Node, node: &Node, change: Json) -> Json {
    fleet.patch(balancer, json!({ "properties": { "probes": [{ "name": node.name(), "properties": change }] } }))
}

fn connects(fleet: &Fleet, balancer: &Node, node: &Node) -> Option<Found> {
    let protocol = PROBE_PROTOCOL.read(node);
    if protocol.value == Protocol::Tcp {
        let mut change = json!({ "protocol": scheme(PROBE_PORT.value(node)), "requestPath": HEALTHZ });
        if OF_ADMINISTRATION.contains(&PROBE_PORT.value(node)) {
            // The machine's own port says even less; the application answers where the rule leads, if that is another.
            let port = |rule: &Node| rule.arm_path(&["properties", "backendPort"])?.text()?.parse::<i64>().ok();
            let used = lb::RULES
                .items(balancer)
                .iter()
                .filter(|rule| probe_of(balancer, rule).is_some_and(|of| std::ptr::eq(of, node)));
            let port = used.filter_map(port).find(|port| is_web(*port))?;
            (change["protocol"], change["port"]) = (scheme(port).into(), port.into());
        } else if !is_web(PROBE_PORT.value(node)) {
            return None;
        }
        return Some(Found::new(
            &protocol.span,
            "it asks for a connection over tcp",
            probe(fleet, balancer, node, change),
        ));
    }
    None
}

fn shallow_probe(fleet: &Fleet, balancer: &Node, node: &Node) -> Option<Found> {
    if PROBE_PROTOCOL.value(node) == Protocol::Tcp {
        return None;
    }
    let path = PROBE_PATH.node(node)?;
    let text = path.text().filter(|text| is_of_the_server(text))?;
    let what = format!("it asks for `{text}`, which the server itself answers");
    Some(Found::new(&path.span, what, probe(fleet, balancer, node, json!({ "requestPath": HEALTHZ }))))
}

fn no_probe(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let (balancer, rule) = fleet
        .rules(set)
        .into_iter()
        .find(|(balancer, rule)| probe_of(balancer, rule).is_none() && lb::RULE_PROBE.id(rule).is_none())?;
    let name = rule.name()?;
    let known = lb::PROBES.items(balancer).iter().find_map(Node::name);
    let (port, path) = (rule.arm_path(&["properties", "backendPort"])?.text()?.parse::<i64>().ok()?, HEALTHZ);
    let (used, more) = match known {
        Some(known) => (known.to_owned(), None),
        None => {
            let mut properties =
                json!({ "protocol": "Tcp", "port": port, "intervalInSeconds": 5, "probeThreshold": 1 });
            // What another port speaks is not known.
            if is_web(port) {
                (properties["protocol"], properties["requestPath"]) = (scheme(port).into(), path.into());
            }
            (String::from("healthz"), Some(json!([{ "name": "healthz", "properties": properties }])))
        }
    };
    let mut change = json!({ "loadBalancingRules": [{ "name": name, "properties": { "probe": { "id": used } } }] });
    if let Some(more) = more {
        change["probes"] = more;
    }
    let what = format!("the rule `{name}` of `{}` names no probe", balancer.name().unwrap_or_default());
    let span = rule.name_span();
    Some(Found::new(span, what, fleet.patch(balancer, json!({ "properties": change }))))
}

fn slow_probe(fleet: &Fleet, balancer: &Node, node: &Node) -> Option<Found> {
    let interval = PROBE_INTERVAL.or(node, 15);
    let threshold = PROBE_THRESHOLD.value(node).max(2);
    let seconds = interval.value.saturating_mul(threshold);
    if seconds < 30 {
        return None;
    }
    let what = format!("a hang is noticed after {} × {threshold} = {seconds} s", interval.value);
    let mut change = json!({ "intervalInSeconds": 5 });
    if threshold > 2 {
        change["probeThreshold"] = 1.into();
    }
    Some(Found::new(&interval.span, what, probe(fleet, balancer, node, change)))
}

fn no_grace(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let node = health_of(set)?;
    let rich = HANDLER_VERSION.text(node).is_some_and(|version| version.starts_with('2'));
    if !rich || HEALTH_PROTOCOL.get(node).is_none() || HEALTH_GRACE.get(node).is_some() {
        return None;
    }
    let seconds = HEALTH_INTERVAL.value(node).saturating_mul(HEALTH_PROBES.value(node));
    let span = HANDLER_VERSION.span(node)?;
    let change = settings(fleet, set, node, json!({ "gracePeriod": 1800 }));
    Some(Found::new(&span, format!("`gracePeriod` is not given, and so {seconds} s"), change))
}

fn all_down(fleet: &Fleet, balancer: &Node, node: &Node) -> Option<Found> {
    let path = PROBE_PATH.node(node)?;
    let is_deep =
        PROBE_PROTOCOL.value(node) != Protocol::Tcp && path.text().is_some_and(|text| !is_of_the_server(text));
    if !is_deep || PROBE_NO_HEALTHY.get(node).is_some_and(|at| at.value == NoHealthyBackends::AllProbedUp) {
        return None;
    }
    let what = format!("if `{}` asks for what all instances share, all leave rotation together", path.text()?);
    Some(Found::new(
        &path.span,
        what,
        probe(fleet, balancer, node, json!({ "noHealthyBackendsBehavior": "AllProbedUp" })),
    ))
}

fn asks_nothing(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    let node = health_of(set)?;
    if HEALTH_PROTOCOL.get(node).is_some() {
        return None;
    }
    let (port, path) = asked_at(fleet, set, HEALTHZ);
    let port = HEALTH_PORT.get(node).map_or(port, |at| at.value);
    let change = settings(fleet, set, node, json!({ "protocol": "http", "port": port, "requestPath": path }));
    let span = node.name_span();
    Some(Found::new(span, "its settings have no `protocol`", change))
}

fn no_source(fleet: &Fleet, set: &SetFacts) -> Option<Found> {
    if set.has_health()
        || set.service_fabric.is_some()
        || mode_of(set) == UpgradeMode::Rolling
        || set.health_probe.is_some()
    {
        return None;
    }
    let span = set.resource.name_span();
    let repairs =
        json!({ "automaticRepairsPolicy": { "enabled": true, "gracePeriod": "PT30M", "repairAction": "Restart" } });
    let what = "it has neither a health probe nor the Application Health extension";
    let change = json!({ "properties": with_source(fleet, set, repairs) });
    Some(Found::new(span, what, fleet.modern(set, "2021-11-01", change)))
}
