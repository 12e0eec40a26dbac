//! Routes of Front Door: what is read of a profile and of its children, where origins lead, and what Azure refuses.

use super::{plan_of, problems, refused_with, two_regions};
use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, Change, FrontDoor, Judging, OriginSetting, Plan, WHOLE};

/// Two regions, and what else is among the resources.
fn text(resources: &str, traffic: &str) -> String {
    two_regions(resources, &format!("shop: {{ demand: 100 rps{traffic} }}"))
}

/// A profile with these settings of its only group, and these origins.
fn profile(group: &str, origins: [&str; 2]) -> String {
    format!(
        "
  - type: Microsoft.Cdn/profiles
    name: fd
    properties:
      originGroups:
        - {{ name: g, properties: {{ {group}, origins: [{}, {}] }} }}
      afdEndpoints:
        - {{ name: shop, properties: {{ routes: [{{ name: all, properties: {{ originGroup: {{ id: g }} }} }}] }} }}",
        origins[0], origins[1]
    )
}

const PROBE: &str = "healthProbeSettings: { probePath: /ready }";
const BOTH: [&str; 2] = [
    "{ name: west, properties: { hostName: pip-west.westus.cloudapp.azure.com, priority: 2 } }",
    "{ name: east, properties: { hostName: pip-east, weight: 100 } }",
];

fn load(text: &str) -> Result<Loaded, Report> {
    load_text("scenario.yaml", text.to_owned(), &LoadOptions::default())
}

#[track_caller]
fn plan(text: &str) -> Plan {
    plan_of(load(text))
}

#[track_caller]
fn refused(text: &str, with: &[&str]) {
    refused_with(load(text), with);
}

#[track_caller]
fn warned(text: &str, code: &str) {
    let Ok(loaded) = load(text) else { panic!("it does not load") };
    let codes: Vec<&str> = loaded.problems.0.iter().map(|problem| problem.code).collect();
    assert!(codes.contains(&code), "{codes:?}");
}

fn only(plan: &Plan) -> &FrontDoor {
    &plan.front_doors[0]
}

/// Entry point 0 is the rule of the west and 1 that of the east, 2 the route, 3 and 4 its parts. What is not written is as Azure or its
/// provider has it: every 240 s, three of four samples, 50 ms.
#[test]
fn origins_lead_where_their_public_ip_is() {
    let of = plan(&text(&profile(PROBE, BOTH), ""));
    let origins: Vec<_> = only(&of).origins.iter().map(|origin| (origin.to, origin.setting, origin.probed)).collect();
    let setting = |priority, weight| OriginSetting { enabled: true, priority, weight };
    assert_eq!(origins, [(0, setting(2, 50), true), (1, setting(1, 100), true)]);
    let monitor = &only(&of).monitor;
    assert_eq!(
        (monitor.interval, monitor.judging),
        (SimDuration::from_secs(240), Judging::Window { size: 4, required: 3 })
    );
    assert_eq!((only(&of).sensitivity, only(&of).entry_point), (SimDuration::from_ms(50), 2));
    let names: Vec<&str> = of.entry_points.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["http", "http", "all", "lb-west", "lb-east"]);
}

/// As a template has it: endpoint, route, group and origin are resources of their own, whatever their order.
#[test]
fn the_children_of_a_profile_are_put_into_it() {
    let children = "
  - { type: Microsoft.Cdn/profiles/originGroups/origins, name: fd/g/west, properties: { hostName: pip-west } }
  - { type: Microsoft.Cdn/profiles/originGroups/origins, name: fd/g/east, properties: { hostName: lb-east } }
  - { type: Microsoft.Cdn/profiles/afdEndpoints/routes, name: fd/shop/all, properties: { originGroup: { id: g } } }
  - { type: Microsoft.Cdn/profiles/originGroups, name: fd/g, properties: { healthProbeSettings: { probePath: /ready } } }
  - { type: Microsoft.Cdn/profiles/afdEndpoints, name: fd/shop, properties: {} }
  - { type: Microsoft.Cdn/profiles, name: fd, sku: { name: Standard_AzureFrontDoor } }";
    let of = plan(&text(children, ""));
    let found: Vec<_> = only(&of).origins.iter().map(|origin| (origin.name.as_str(), origin.to)).collect();
    assert_eq!(found, [("west", 0), ("east", 1)]);
    let lost = children.replace("name: fd/g/west", "name: fd/other/west");
    warned(&text(&lost, ""), "W0409");
}

/// 70 % arrive near the west; nothing says how far the east is from the others.
#[test]
fn users_arrive_at_an_edge() {
    let from = ", from: [{ share: 70%, latency: { west: 10ms, east: 80ms } }, { share: 30%, latency: { west: 90ms } }]";
    let of = plan(&text(&profile(PROBE, BOTH), from));
    let users: Vec<_> = only(&of).users.iter().map(|group| (group.share, group.latency.clone())).collect();
    let ms = |ms| Some(SimDuration::from_ms(ms));
    assert_eq!(users, [(WHOLE / 10 * 7, vec![ms(10), ms(80)]), (WHOLE / 10 * 3, vec![ms(90), None])]);
    let typo = ", from: [{ share: 100%, latency: { wset: 10ms } }]";
    refused(&text(&profile(PROBE, BOTH), typo), &["E0504", "no origin `wset`", "`west`"]);
}

/// One that is alone is not probed, and neither is one that is disabled (AFD-06).
#[test]
fn an_origin_that_is_alone_is_not_probed() {
    let disabled = [BOTH[0], "{ name: east, properties: { hostName: pip-east, enabledState: Disabled } }"];
    for group in [PROBE, "sessionAffinityState: Disabled"] {
        let of = plan(&text(&profile(group, disabled), ""));
        assert!(only(&of).origins.iter().all(|origin| !origin.probed), "{group}");
    }
    refused(
        &text(&profile("sessionAffinityState: Disabled", BOTH), ""),
        &["E0501", "AFD-06", "2 origins that are enabled"],
    );
}

#[test]
fn what_serves_nobody_is_said() {
    let west = BOTH[0].replace("priority", "enabledState: Disabled, priority");
    let east = BOTH[1].replace("weight", "enabledState: Disabled, weight");
    let off = load(&text(&profile(PROBE, [&west, &east]), ""));
    let said = |outcome: &Result<Loaded, Report>, words: &str| {
        super::problems(outcome).iter().any(|problem| problem.message.contains(words))
    };
    assert!(said(&off, "no origin that is enabled"), "{:?}", super::problems(&off));
    let twice = BOTH[1].replace("name: east", "name: West");
    refused(&text(&profile(PROBE, [BOTH[0], &twice]), ""), &["E0501", "two origins of the group are called `West`"]);
    let alike = BOTH[1].replace("pip-east", "pip-west.westus.cloudapp.azure.com");
    assert!(said(&load(&text(&profile(PROBE, [BOTH[0], &alike]), "")), "both are one backend"));
    let path = load(&text(&profile("healthProbeSettings: { probePath: ready }", BOTH), ""));
    assert!(said(&path, "begins with `/`, got `ready`"));
    let from = load(&text(&profile(PROBE, BOTH), ", port: 443"));
    assert!(said(&from, "`port` has no effect at `shop/all`"), "{:?}", super::problems(&from));
}

#[test]
fn what_azure_refuses_of_an_origin_group_is_refused() {
    let with = |origin: &str| [BOTH[0], origin].map(str::to_owned);
    let refused = |group: &str, origins: [&str; 2], words: &[&str]| refused(&text(&profile(group, origins), ""), words);
    let [west, far] = with("{ name: far, properties: { hostName: www.example.com } }");
    refused(PROBE, [&west, &far], &["E0504", "the origin leads to `www.example.com`"]);
    let [_, sixth] = with("{ name: east, properties: { hostName: pip-east, priority: 6 } }");
    refused(PROBE, [&west, &sixth], &["E0501", "AFD-05"]);
    let [_, port] = with("{ name: east, properties: { hostName: pip-east, httpPort: 8080 } }");
    refused(PROBE, [&west, &port], &["E0504", "no rule of `lb-east` has the frontend port 8080", "httpPort"]);
    let often = "healthProbeSettings: { probePath: /ready, probeIntervalInSeconds: 1 }";
    refused(often, BOTH, &["E0501", "AFD-02"]);
    let never = format!("{PROBE}, loadBalancingSettings: {{ sampleSize: 2, successfulSamplesRequired: 3 }}");
    warned(&text(&profile(&never, BOTH), ""), "W0216");
}

/// Two listeners of a gateway have one public IP, and each a port of its own. An origin leads to the one of its port, as an endpoint of
/// Traffic Manager does. Entry points 2 to 4 are the listener of port 80 and its two parts, 5 to 7 those of port 81. All users of the edge
/// may come to the gateway, whose two instances take 1,000 requests a second: of 1,200 it is warned.
#[test]
fn an_origin_leads_to_the_listener_of_its_port() {
    let gateway = "
  - type: Microsoft.Network/applicationGateways
    name: gw
    properties:
      sku: { name: Standard_v2, tier: Standard_v2, capacity: 2 }
      frontendIPConfigurations:
        - { name: f, properties: { publicIPAddress: { id: pip-gw } } }
        - { name: g, properties: { publicIPAddress: { id: pip-other } } }
      frontendPorts: [{ name: p80, properties: { port: 80 } }, { name: p81, properties: { port: 81 } }]
      backendAddressPools: [{ name: web }]
      backendHttpSettingsCollection: [{ name: http, properties: { port: 80, protocol: Http, probe: { id: p } } }]
      probes: [{ name: p, properties: { protocol: Http, path: /ready, interval: 30, timeout: 30, unhealthyThreshold: 3 } }]
      httpListeners:
        - { name: one, properties: { frontendIPConfiguration: { id: f }, frontendPort: { id: p80 }, protocol: Http } }
        - { name: two, properties: { frontendIPConfiguration: { id: f }, frontendPort: { id: p81 }, protocol: Http } }
      requestRoutingRules:
        - name: one
          properties: { httpListener: { id: one }, priority: 1, backendAddressPool: { id: web }, backendHttpSettings: { id: http } }
        - name: two
          properties: { httpListener: { id: two }, priority: 2, backendAddressPool: { id: web }, backendHttpSettings: { id: http } }";
    let origin = |port: &str| format!("{{ name: east, properties: {{ hostName: pip-gw{port} }} }}");
    for (port, leads) in [("", 2), (", httpPort: 81", 5)] {
        let of = plan(&text(&(gateway.to_owned() + &profile(PROBE, [BOTH[0], &origin(port)])), ""));
        assert_eq!(only(&of).origins[1].to, leads);
    }
    let busy = |rps: &str| {
        let text = text(&(gateway.to_owned() + &profile(PROBE, [BOTH[0], &origin("")])), "");
        load(&text.replace("demand: 100 rps", rps)).expect("it loads").problems
    };
    let is_warned = |of: &str| busy(of).iter().any(|of| of.code == "W0515" && of.message.contains("3 instances"));
    assert!(is_warned("demand: 1200 rps") && !is_warned("demand: 1000 rps"));
    let none = gateway.to_owned() + &profile(PROBE, [BOTH[0], &origin(", httpPort: 82")]);
    refused(&text(&none, ""), &["E0504", "no rule of `gw` has the frontend port 82"]);
    let other = gateway.to_owned() + &profile(PROBE, [BOTH[0], "{ name: east, properties: { hostName: pip-other } }"]);
    refused(&text(&other, ""), &["E0504", "the origin leads to `pip-other`"]);
}

/// The west is disabled at PT10M and has a weight of 7 from PT20M on; what else is written stays as it was. An origin that is disabled
/// at the start is probed where the profile is written, since it may be enabled then.
#[test]
fn an_origin_is_written_during_a_run() {
    let origin = |keys: &str| {
        let group = format!("{{ name: g, properties: {{ origins: [{{ name: west, properties: {{ {keys} }} }}] }} }}");
        format!("write: {{ fd: {{ properties: {{ originGroups: [{group}] }} }} }}")
    };
    let timeline = |first: &str, second: &str| {
        let act = |(at, keys)| format!("\n  - {{ name: w{at}, at: PT{at}M, {} }}", origin(keys));
        let of = [(10, first), (20, second)].map(act);
        format!("{}timeline:{}\n", text(&profile(PROBE, BOTH), ""), of.concat())
    };
    let of = plan(&timeline("enabledState: Disabled", "weight: 7"));
    let changes = of.timeline.iter().flat_map(|action| match &action.what {
        Act::Write(write) => write.outcomes[0].changes.clone(),
        _ => Vec::new(),
    });
    let settings = changes.map(|change| match change {
        Change::Origin { front_door: 0, origin: 0, setting } => setting,
        other => panic!("{other:?}"),
    });
    let disabled = OriginSetting { enabled: false, priority: 2, weight: 50 };
    assert_eq!(settings.collect::<Vec<_>>(), [disabled, OriginSetting { weight: 7, ..disabled }]);
    refused(&timeline("httpPort: 8080", "weight: 7"), &["E0504", "no rule of `lb-west` has the frontend port 8080"]);
    refused(&timeline("hostName: pip-east", "weight: 7"), &["E0505", "`hostName`"]);
    let idle = load(&timeline("priority: 2", "weight: 7"));
    assert!(problems(&idle).iter().any(|problem| problem.code == "W0225"));
    let start = [BOTH[0], "{ name: east, properties: { hostName: pip-east, enabledState: Disabled } }"];
    let later = timeline("enabledState: Disabled", "weight: 7").replace(&profile(PROBE, BOTH), &profile(PROBE, start));
    assert!(only(&plan(&later)).origins.iter().all(|origin| origin.probed));
}

/// The west is removed at 10 min, and the profile that begins with the east alone gets it: what is not there is as what is disabled, with
/// the priority and the weight that it has when it is there.
#[test]
fn origins_are_removed_and_added_during_a_run() {
    let with = |profile: &str, origin: &str| {
        let group = format!("{{ name: g, properties: {{ origins: [{origin}] }} }}");
        let write = format!("write: {{ fd: {{ properties: {{ originGroups: [{group}] }} }} }}");
        plan(&format!("{}timeline:\n  - {{ name: w, at: PT10M, {write} }}\n", text(profile, "")))
    };
    let written = |plan: &Plan| {
        let Act::Write(write) = &plan.timeline[0].what else { panic!("{:?}", plan.timeline) };
        let [Change::Origin { front_door: 0, origin, setting }] = write.outcomes[0].changes[..] else { panic!() };
        (only(plan).origins[usize::from(origin)].name.clone(), setting)
    };
    let there = OriginSetting { enabled: true, priority: 2, weight: 50 };
    let gone = OriginSetting { enabled: false, ..there };
    let of = with(&profile(PROBE, BOTH), "{ name: west, $remove: true }");
    assert_eq!(written(&of), ("west".to_owned(), gone));
    let of = with(&profile(PROBE, BOTH).replace(&format!("{}, ", BOTH[0]), "").replace(BOTH[0], ""), BOTH[0]);
    assert_eq!(only(&of).origins.iter().map(|of| of.name.as_str()).collect::<Vec<_>>(), ["east", "west"]);
    assert_eq!((only(&of).origins[1].setting, written(&of)), (gone, ("west".to_owned(), there)));
}

/// A profile names the address of the west by its host name: it is an address that moves, since a write takes it from its frontend, and
/// the origin leads to it and not to the rule that has it at the start.
#[test]
fn an_origin_leads_to_an_address_that_moves() {
    let frontend = "{ name: public, properties: { publicIPAddress: null } }";
    let write = format!("write: {{ lb-west: {{ properties: {{ frontendIPConfigurations: [{frontend}] }} }} }}");
    let of = plan(&format!("{}timeline:\n  - {{ name: w, at: PT10M, {write} }}\n", text(&profile(PROBE, BOTH), "")));
    let west = only(&of).origins[0].to;
    let entry = &of.entry_points[usize::from(west)];
    assert!(entry.is_address && entry.resource == "pip-west", "{entry:?}");
    let Act::Write(write) = &of.timeline[0].what else { panic!("{:?}", of.timeline) };
    let taken = |change: &Change| matches!(change, Change::Rule { entry_point, to: None, .. } if *entry_point == west);
    assert!(write.outcomes[0].changes.iter().any(taken), "{:?}", write.outcomes[0].changes);
}
