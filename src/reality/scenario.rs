//! The scenario of a case: the set is made, brought to the state that the recording shows before the call, and the call is made.

use super::case::{Call, Case, Power, Spot};
use std::fmt::Write;

/// When the set is created, in minutes: nothing is still going on when the next comes.
pub const CREATED: u64 = 1;
/// What brings it to its state comes then.
const BROUGHT: u64 = 91;
/// The call, where it is not the create.
pub const CALLED: u64 = 121;
/// The end.
pub const HORIZON: u64 = 301;

/// The scenario.
pub fn scenario(case: &Case) -> String {
    let mut text = "windtunnel: 1\ntitle: a recorded set-up\nstart: 2026-01-05T00:00:00Z\n".to_owned();
    let mut line = |line: &str| {
        if !line.is_empty() {
            text.push_str(line);
            text.push('\n');
        }
    };
    line(&format!("horizon: PT{HORIZON}M\nresources:"));
    if let Some((interval, number)) = case.probe {
        line(&balancer(interval, number));
    }
    line(&set(case));
    line("application:\n  releases: [r1]\n  serves: [process]");
    if case.probe.is_some() {
        let answer = if case.unhealthy { 503 } else { 200 };
        line(&format!("  endpoints: {{ /: [{{ when: process, answer: {answer} }}] }}"));
    }
    if case.failing {
        // What is put back after the failure takes no time: the recorded ones ended with the watch (601.3 s).
        line("  extensions: { ext1: { duration: PT0S } }");
    }
    let versions = match case.call {
        Call::Replicate => "{ 1.0.0: { code: r1 }, 1.0.1: { code: r1, replicatedTo: [] } }",
        Call::ReplicateShallow => {
            "{ 1.0.0: { code: r1 }, 1.0.1: { code: r1, replicatedTo: [], replicationMode: Shallow } }"
        }
        _ => "{ 1.0.0: { code: r1 } }",
    };
    line(&format!("images: {{ img: {versions} }}"));
    if matches!(case.call, Call::Bake | Call::BakeImage) {
        line("imageBuilders:\n  b:\n    image: img\n    source: img/latest\n    produces: { code: r1 }");
        line("    customize: [{ name: shell, duration: 5s }]");
        line("    distribute: { to: [westus], versioning: { version: 1.0.1 } }");
    }
    if !case.assume.is_empty() {
        line("assumptions:");
        for (key, value) in &case.assume {
            line(&format!("  {key}: {value}"));
        }
    }
    line("timeline:");
    for act in acts(case) {
        line(&format!("  - {act}"));
    }
    text
}

fn acts(case: &Case) -> Vec<String> {
    let mut acts = Vec::new();
    let mut at = |time: &str, act: &str| acts.push(format!("{{ name: {time}, at: {time}, {act} }}"));
    if !case.call.is_of_image() {
        at(&format!("PT{CREATED}M"), &format!("setCapacity: {{ scaleSet: vmss-1, capacity: {} }}", case.capacity));
    }
    let of_set = |act: &str| format!("{act}: {{ scaleSet: vmss-1, instances: {} }}", target(case));
    match case.power {
        Power::Running => {}
        Power::Stopped => at(&format!("PT{BROUGHT}M"), &of_set("powerOff")),
        Power::Deallocated => at(&format!("PT{BROUGHT}M"), &of_set("deallocate")),
    }
    if case.failing {
        // It works as long as was recorded beside the watch of upgrades that bring nothing (`extension_upgrade.windows_work`).
        let work = "{ twoModes: { median: PT0.5S, sigma: 0.7, secondMedian: PT40S, secondSigma: 1.0, share: 50% } }";
        let release = format!("extension: ext1, version: \"2.1\", failure: 100%, duration: {work}");
        at(&format!("PT{}M", CALLED - 1), &format!("publishExtension: {{ scaleSet: vmss-1, {release} }}"));
    }
    let call = match case.call {
        Call::Create => return acts,
        Call::ScaleOut | Call::ScaleIn => format!("setCapacity: {{ scaleSet: vmss-1, capacity: {} }}", case.of),
        Call::Deallocate => of_set("deallocate"),
        Call::PowerOff => of_set("powerOff"),
        Call::Start => of_set("start"),
        Call::Restart => of_set("restart"),
        Call::Redeploy => of_set("redeploy"),
        Call::Reimage => of_set("reimage"),
        Call::Delete | Call::DeleteSet => of_set("deleteInstances"),
        Call::Evict => "simulateEviction: { scaleSet: vmss-1, instances: one }".to_owned(),
        Call::Maintain => of_set("performMaintenance"),
        Call::ToRolling => {
            format!("updateModel: {{ scaleSet: vmss-1, properties: {{ upgradePolicy: {} }} }}", policy(case, "Rolling"))
        }
        Call::OsUpgrade | Call::Cancelled => "startOsUpgrade: { scaleSet: vmss-1 }".to_owned(),
        Call::CancelIdle => "cancelUpgrade: { scaleSet: vmss-1 }".to_owned(),
        Call::ExtensionUpgrade => "startExtensionUpgrade: { scaleSet: vmss-1 }".to_owned(),
        Call::Replicate | Call::ReplicateShallow => "publish: { image: img, version: 1.0.1, to: [westus] }".to_owned(),
        Call::Bake | Call::BakeImage => "bake: { builder: b }".to_owned(),
    };
    at(&format!("PT{CALLED}M"), &call);
    if case.call == Call::Cancelled {
        at(&format!("PT{CALLED}M0.5S"), "cancelUpgrade: { scaleSet: vmss-1 }");
    }
    acts
}

fn target(case: &Case) -> String {
    match case.of {
        1 => "one".to_owned(),
        of if of >= case.capacity => "all".to_owned(),
        of => format!("{}%", (100 * of).div_ceil(case.capacity)),
    }
}

fn policy(case: &Case, mode: &str) -> String {
    let Some((batch, unhealthy, upgraded)) = case.policy else { return format!("{{ mode: {mode} }}") };
    format!(
        "{{ mode: {mode}, rollingUpgradePolicy: {{ maxBatchInstancePercent: {batch}, maxUnhealthyInstancePercent: {unhealthy}, \
         maxUnhealthyUpgradedInstancePercent: {upgraded}, pauseTimeBetweenBatches: PT0S }} }}"
    )
}

fn set(case: &Case) -> String {
    let mut text =
        "  - type: Microsoft.Compute/virtualMachineScaleSets\n    name: vmss-1\n    location: westus\n".to_owned();
    let mut add = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    if !case.zones.is_empty() {
        add(format!(
            "    zones: [{}]",
            case.zones.iter().map(|zone| format!("\"{zone}\"")).collect::<Vec<_>>().join(", ")
        ));
    }
    let capacity = u32::from(case.call.is_of_image());
    add(format!("    sku: {{ name: Standard_DS1_v2, capacity: {capacity} }}\n    properties:"));
    add(format!("      orchestrationMode: {}", case.mode()));
    if case.flexible {
        add(format!("      platformFaultDomainCount: {}", case.domains.unwrap_or(1)));
    } else {
        let rolls = matches!(case.call, Call::OsUpgrade | Call::Cancelled | Call::CancelIdle) && case.probe.is_some();
        let mode = policy(case, if rolls { "Rolling" } else { "Manual" });
        add(format!("      overprovision: {}\n      upgradePolicy: {mode}", case.surplus));
        if let Some(domains) = case.domains {
            add(format!("      singlePlacementGroup: true\n      platformFaultDomainCount: {domains}"));
        }
    }
    add("      virtualMachineProfile:".to_owned());
    if let Some(spot) = case.spot {
        let evicted = if spot == Spot::Delete { "Delete" } else { "Deallocate" };
        add(format!("        priority: Spot\n        evictionPolicy: {evicted}"));
    }
    let image = if matches!(case.call, Call::OsUpgrade | Call::Cancelled) { "img/latest" } else { "img/1.0.0" };
    add(format!(
        "        storageProfile: {{ osDisk: {{ osType: {} }}, imageReference: {{ id: {image} }} }}",
        case.system()
    ));
    let extensions = if case.failing { case.extensions.max(1) } else { case.extensions };
    if extensions > 0 {
        add("        extensionProfile:\n          extensions:".to_owned());
    }
    for extension in 1..=extensions {
        let properties = "properties: { publisher: Contoso, type: Recorded, typeHandlerVersion: \"2.0\" }";
        add(format!("            - {{ name: ext{extension}, {properties} }}"));
    }
    if case.probe.is_some() {
        text.push_str(NETWORK);
    }
    text
}

const NETWORK: &str = "        networkProfile:
          healthProbe: { id: lb-1/probe }
          networkInterfaceConfigurations:
            - name: nic
              properties:
                ipConfigurations: [{ name: ip, properties: { loadBalancerBackendAddressPools: [{ id: pool }] } }]
";

fn balancer(interval: u32, number: u32) -> String {
    let mut text = String::new();
    write!(
        text,
        "  - type: Microsoft.Network/loadBalancers
    name: lb-1
    location: westus
    sku: {{ name: Standard }}
    properties:
      backendAddressPools: [{{ name: pool }}]
      probes:
        - name: probe
          properties: {{ protocol: Http, port: 80, requestPath: /, intervalInSeconds: {interval}, numberOfProbes: {number} }}
      loadBalancingRules:
        - name: http
          properties: {{ protocol: Tcp, frontendPort: 80, backendPort: 80, backendAddressPool: {{ id: pool }}, probe: {{ id: probe }} }}"
    )
    .expect("a string takes everything");
    text
}
