//! Profiles of Traffic Manager: where their endpoints lead, in which order users get them, and what Azure refuses.

use super::{plan_of, problems, refused_by, refused_with, two_regions};
use windtunnel::input::{LoadOptions, Loaded, Report, load_text};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Act, Change, Judging, LeadsTo, Plan, Profile, RoutingMethod, WHOLE};
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{Fact, FlowFact, Record};
use windtunnel_sim::world::run::{Options, run};

/// Two regions, and a profile with these properties and endpoints.
fn text(properties: &str, endpoints: &[&str], traffic: &str) -> String {
    let endpoints: String = endpoints.iter().map(|of| format!("\n        - {of}")).collect();
    let profile = format!(
        "
  - type: Microsoft.Network/trafficManagerProfiles
    name: tm
    properties:
      {properties}
      endpoints:{endpoints}"
    );
    two_regions(&profile, &format!("tm: {{ demand: 100 rps{traffic} }}"))
}

const PATH: &str = "monitorConfig: { path: /ready }";
const BOTH: [&str; 2] = [
    "{ name: west, properties: { targetResourceId: /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/publicIPAddresses/pip-west, priority: 2 } }",
    "{ name: east, properties: { targetResourceId: pip-east, priority: 1 } }",
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

fn only(plan: &Plan) -> &Profile {
    &plan.profiles[0]
}

/// Entry point 0 is the rule of the west and 1 that of the east; by their priorities the east comes first. What is not written is as
/// Azure has it: every 30 s, 10 s, 3 failures; at 10 s a time-out of 9 s.
#[test]
fn endpoints_lead_where_their_public_ip_is_in_the_order_of_priority() {
    let of = plan(&text(&format!("trafficRoutingMethod: Priority\n      {PATH}"), &BOTH, ""));
    let leads: Vec<LeadsTo> = only(&of).endpoints.iter().map(|endpoint| endpoint.target).collect();
    assert_eq!(leads, [LeadsTo::EntryPoint(1), LeadsTo::EntryPoint(0)]);
    let monitor = &only(&of).monitor;
    let seconds = |of: SimDuration| of.ms() / 1000;
    assert_eq!((seconds(monitor.interval), seconds(monitor.timeout)), (30, 10));
    assert_eq!(monitor.judging, Judging::Tolerated(3));
    let fast = plan(&text(
        "trafficRoutingMethod: Priority\n      monitorConfig: { path: /ready, intervalInSeconds: 10 }",
        &BOTH,
        "",
    ));
    assert_eq!(seconds(only(&fast).monitor.timeout), 9);
    // The name, and the parts of its users that may be led to either.
    let names: Vec<&str> = of.entry_points.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["http", "http", "tm", "lb-west", "lb-east"]);
}

#[test]
fn where_users_are_decides_what_they_get() {
    let from = ", from: [{ share: 30%, nearest: [east, west] }, { share: 70%, nearest: [west] }]";
    let of = plan(&text(&format!("trafficRoutingMethod: Performance\n      {PATH}"), &BOTH, from));
    let orders: Vec<_> =
        only(&of).users.iter().map(|group| (group.share / 10_000_000, group.order[0].clone())).collect();
    assert_eq!(orders, [(30, vec![1, 0]), (70, vec![0, 1])]);
    let geo = [
        "{ name: west, properties: { targetResourceId: pip-west, geoMapping: [GEO-EU] } }",
        "{ name: east, properties: { targetResourceId: pip-east, geoMapping: [WORLD] } }",
    ];
    let from = ", from: [{ share: 50%, geography: [FR, GEO-EU] }, { share: 50%, geography: [JP] }]";
    let of = plan(&text(&format!("trafficRoutingMethod: Geographic\n      {PATH}"), &geo, from));
    let orders: Vec<_> = only(&of).users.iter().map(|group| group.order[0].clone()).collect();
    assert_eq!(orders, [vec![0], vec![1]]);
    let subnets = [
        "{ name: west, properties: { targetResourceId: pip-west, subnets: [{ first: 203.0.113.0, scope: 24 }] } }",
        "{ name: east, properties: { targetResourceId: pip-east } }",
    ];
    let from = ", from: [{ share: 50%, address: 203.0.113.7 }, { share: 50%, address: 198.51.100.1 }]";
    let of = plan(&text(&format!("trafficRoutingMethod: Subnet\n      {PATH}"), &subnets, from));
    let orders: Vec<_> = only(&of).users.iter().map(|group| group.order[0].clone()).collect();
    assert_eq!(orders, [vec![0], vec![1]]);
    refused(
        &text(&format!("trafficRoutingMethod: Performance\n      {PATH}"), &BOTH, ""),
        &["E0502", "nothing says where the users of `tm` are", "nearest: [west, east]"],
    );
}

#[test]
fn what_azure_refuses_of_a_profile_is_refused() {
    let with = |monitor: &str| {
        text(&format!("trafficRoutingMethod: Priority\n      monitorConfig: {{ path: /ready, {monitor} }}"), &BOTH, "")
    };
    refused(&with("intervalInSeconds: 20"), &["E0501", "TM-01", "10 or 30"]);
    refused(&with("toleratedNumberOfFailures: 10"), &["E0501", "TM-02"]);
    refused(&with("intervalInSeconds: 10, timeoutInSeconds: 10"), &["E0501", "TM-03", "5 to 9"]);
    let ranges = ["{ min: 200, max: 200 }"; 9].join(", ");
    refused(&with(&format!("expectedStatusCodeRanges: [{ranges}]")), &["E0501", "TM-04", "at most 8"]);
}

/// A name is answered with an address and no port: users come by the rule of port 80, whatever the monitor asks. The west has a second
/// rule, of port 8080, which the monitor's probes meet; the east has none there, so that nobody answers them.
#[test]
fn users_come_by_their_port_and_probes_by_that_of_the_monitor() {
    let second = "
        - name: mon
          properties:
            { frontendIPConfiguration: { id: public }, frontendPort: 8080, backendAddressPool: { id: web }, probe: { id: p } }
";
    let with = |port: u16, users: &str| {
        let monitor = format!("monitorConfig: {{ path: /ready, port: {port} }}");
        let plain = text(&format!("trafficRoutingMethod: Priority\n      {monitor}"), &BOTH, users);
        let (west, rest) = plain.split_once("probe: { id: p } }\n").expect("the west has a rule");
        load(&format!("{west}probe: {{ id: p }} }}{second}{rest}"))
    };
    let leads = |outcome: Result<Loaded, Report>| {
        let plan = plan_of(outcome);
        let name = |at: u16| {
            format!("{}/{}", plan.entry_points[usize::from(at)].resource, plan.entry_points[usize::from(at)].name)
        };
        let ends = only(&plan).endpoints.iter().map(|end| match end.target {
            LeadsTo::EntryPoint(to) => (name(to), end.probed.map(name)),
            LeadsTo::Nested { .. } => panic!("none is nested"),
        });
        ends.collect::<Vec<_>>()
    };
    let said = |outcome: &Result<Loaded, Report>, code: &str| {
        super::problems(outcome).iter().filter(|of| of.code == code).count()
    };
    let rule = |of: &str| of.to_owned();
    let east = (rule("lb-east/http"), None);
    let split = with(8080, "");
    assert_eq!((said(&split, "N0312"), said(&split, "W0501")), (1, 1), "{:?}", super::problems(&split));
    assert_eq!(leads(split), [east.clone(), (rule("lb-west/http"), Some(rule("lb-west/mon")))]);
    let alike = with(80, "");
    assert_eq!(said(&alike, "N0312"), 0);
    assert_eq!(leads(alike)[1], (rule("lb-west/http"), Some(rule("lb-west/http"))));
    // What the traffic says counts; nobody listens on it in the east.
    refused_with(with(80, ", port: 8080"), &["E0504", "no rule of `lb-east` has the frontend port 8080", "port: 443"]);
    assert_eq!(leads(with(9090, ", port: 80")), [east, (rule("lb-west/http"), None)]);
}

#[test]
fn what_is_not_modelled_of_a_name_is_said() {
    let priority = format!("trafficRoutingMethod: Priority\n      {PATH}");
    refused(&text(&priority, &BOTH, ", connections: keepAlive"), &["E0505", "TM-07"]);
    let outside = ["{ name: far, properties: { target: www.example.com } }"];
    refused(&text(&priority, &outside, ""), &["E0504", "leads to `www.example.com`"]);
    let profile = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/trafficManagerProfiles/tm";
    let kind = "type: Microsoft.Network/trafficManagerProfiles/azureEndpoints";
    let nested = [&*format!("{{ name: n, {kind}, properties: {{ targetResourceId: {profile} }} }}"), BOTH[0]];
    refused(&text(&priority, &nested, ""), &["E0501", "and not to a profile", "nestedEndpoints"]);
    let circle = ["{ name: self, properties: { targetResourceId: tm } }"];
    refused(&text(&priority, &circle, ""), &["E0501", "nested in itself"]);
}

/// What is refused by its rule is not refused where the rule is off.
#[test]
fn what_two_endpoints_share_is_refused() {
    let method = |name: &str| format!("trafficRoutingMethod: {name}\n      {PATH}");
    let end = |name: &str, said: &str| format!("{{ name: {name}, properties: {{ {said} }} }}");
    let pair = |method_name: &str, one: &str, other: &str, words: &str, from: &str| {
        let (one, other) = (end("west", one), end("east", other));
        let text = text(&method(method_name), &[&one, &other], from);
        refused(&text, &["E0501", words]);
        refused_by(rules::TM_10, |rules| load_text("scenario.yaml", text.clone(), &LoadOptions { rules }));
    };
    pair(
        "Priority",
        "targetResourceId: pip-west, priority: 1",
        "targetResourceId: pip-east, priority: 1",
        "priority `1`",
        "",
    );
    let (eu, lower) =
        ("targetResourceId: pip-west, geoMapping: [GEO-EU]", "targetResourceId: pip-east, geoMapping: [geo-eu]");
    pair("Geographic", eu, lower, "region `geo-eu`", ", from: [{ share: 100%, geography: [FR, GEO-EU] }]");
    // Priorities may be the same where another method is used.
    let same = [
        end("west", "targetResourceId: pip-west, priority: 1"),
        end("east", "targetResourceId: pip-east, priority: 1"),
    ];
    plan(&text(&method("Weighted"), &[&same[0], &same[1]], ""));
}

/// 10.1.2.3/16 is 10.1.0.0 to 10.1.255.255: the address 10.1.0.1 before the written one is in it, and 10.2.0.0 is not.
#[test]
fn a_range_of_addresses_holds_the_whole_of_its_block() {
    let subnets = [
        "{ name: west, properties: { targetResourceId: pip-west, subnets: [{ first: 10.1.2.3, scope: 16 }, { first: \"2001:db8::\", scope: 32 }] } }",
        "{ name: east, properties: { targetResourceId: pip-east } }",
    ];
    let users = ["10.1.0.1", "10.1.255.255", "10.2.0.0", "2001:db8:1::7"]
        .map(|of| format!("{{ share: 25%, address: \"{of}\" }}"));
    let from = format!(", from: [{}]", users.join(", "));
    let of = plan(&text(&format!("trafficRoutingMethod: Subnet\n      {PATH}"), &subnets, &from));
    let orders: Vec<_> = only(&of).users.iter().map(|group| group.order[0].clone()).collect();
    assert_eq!(orders, [vec![0], vec![0], vec![1], vec![0]]);
}

/// Azure gives an address to one frontend, of whatever balancer.
#[test]
fn an_address_that_two_frontends_have_is_refused() {
    let both = two_regions("", "lb-west: { demand: 100 rps, from: [{ share: 100%, nearest: [west] }] }");
    let from = load(&both);
    assert!(from.is_ok(), "{:?}", super::problems(&from));
    let said = super::problems(&from).iter().find(|problem| problem.code == "W0217").map(|problem| &problem.message);
    assert!(said.is_some_and(|said| said.contains("`from` has no effect at `lb-west/http`")), "{said:?}");
    refused(
        &both.replace("pip-east", "PIP-west"),
        &["E0501", "VS-10", "the address of a frontend of `lb-west` already"],
    );
}

/// What a write of the timeline at PT10M leaves of `tm`, and the profile.
fn written(properties: &str, write: &str) -> String {
    let act = format!("\n  - {{ name: w, at: PT10M, write: {{ tm: {{ properties: {{ {write} }} }} }} }}");
    format!("{}timeline:{act}\n", text(&format!("{properties}\n      {PATH}"), &BOTH, ""))
}

fn change_of(plan: &Plan) -> (&Profile, &[Vec<Vec<u16>>]) {
    let Act::Write(write) = &plan.timeline[0].what else { panic!("{:?}", plan.timeline) };
    match &write.outcomes[0].changes[..] {
        [Change::Profile { profile: 0, now, orders }] => (now, orders),
        other => panic!("{other:?}"),
    }
}

/// The east is the first of the plan, since its priority is 1. What is written of an endpoint is written of the one with that name,
/// wherever it stands; with the priorities exchanged, the second is given out first. What is not written stays.
#[test]
fn a_profile_is_written_during_a_run() {
    const START: &str = "trafficRoutingMethod: Priority";
    let of = |write: &str| plan(&written(START, write));
    let endpoint = |name: &str, keys: &str| format!("{{ name: {name}, properties: {{ {keys} }} }}");
    let both = |west: &str, east: &str| format!("endpoints: [{}, {}]", endpoint("west", west), endpoint("east", east));

    let plan = of(&both("endpointStatus: Disabled, weight: 7", "alwaysServe: Enabled"));
    let (now, orders) = change_of(&plan);
    let seen: Vec<_> =
        now.endpoints.iter().map(|of| (of.name.as_str(), of.enabled, of.weight, of.always_serve)).collect();
    assert_eq!(seen, [("east", true, 1, true), ("west", false, 7, false)]);
    assert_eq!((now.ttl, &now.monitor), (only(&plan).ttl, &only(&plan).monitor));
    assert_eq!(orders, [vec![vec![0, 1]]]);

    let plan = of(&both("priority: 1", "priority: 2"));
    let (now, orders) = change_of(&plan);
    let names: Vec<&str> = now.endpoints.iter().map(|of| of.name.as_str()).collect();
    assert_eq!((names, orders), (vec!["east", "west"], &[vec![vec![1, 0]]][..]));

    let plan = of("dnsConfig: { ttl: 300 }, profileStatus: Disabled, trafficRoutingMethod: Weighted");
    let (now, _) = change_of(&plan);
    assert_eq!((now.ttl.ms(), now.enabled, now.method), (300_000, false, RoutingMethod::Weighted));

    let monitor = "monitorConfig: { intervalInSeconds: 10, toleratedNumberOfFailures: 1, port: 81, \
                   expectedStatusCodeRanges: [{ min: 200, max: 299 }] }";
    let plan = of(monitor);
    let (now, _) = change_of(&plan);
    let seconds = |of: SimDuration| of.ms() / 1000;
    assert_eq!((seconds(now.monitor.interval), seconds(now.monitor.timeout)), (10, 9));
    assert_eq!((now.monitor.judging, &now.monitor.good[..]), (Judging::Tolerated(1), &[(200, 299)][..]));
    // Nobody listens on 81, and users go on as before.
    assert!(now.endpoints.iter().all(|of| of.probed.is_none()));
    let leads: Vec<LeadsTo> = now.endpoints.iter().map(|of| of.target).collect();
    assert_eq!(leads, [LeadsTo::EntryPoint(1), LeadsTo::EntryPoint(0)]);
}

/// Two endpoints with one priority are refused when they are written as when they are there at the start; the run goes on without the
/// write. What the model takes from the start is said, and so is what nobody says of the users.
#[test]
fn what_cannot_be_written_of_a_profile_is_said() {
    const START: &str = "trafficRoutingMethod: Priority";
    let twice = written(START, "endpoints: [{ name: west, properties: { priority: 1 } }]");
    let of = plan(&twice);
    let Act::Write(write) = &of.timeline[0].what else { panic!("{:?}", of.timeline) };
    let refusal = write.outcomes[0].refusal.expect("it is refused");
    assert_eq!(of.refusals[usize::from(refusal)].rule, rules::TM_10);
    assert!(problems(&load(&twice)).iter().any(|problem| problem.code == "W0510"));
    let elsewhere = "endpoints: [{ name: west, properties: { targetResourceId: pip-east } }]";
    refused(&written(START, elsewhere), &["E0505", "`targetResourceId`", "docs/properties.md"]);
    let unknown = "endpoints: [{ name: north, properties: { targetResourceId: pip-north } }]";
    refused(&written(START, unknown), &["E0504", "`pip-north`"]);
    let method = written(START, "trafficRoutingMethod: Performance");
    refused(&method, &["E0502", "nothing says where the users of `tm` are", "nearest"]);
    let same = written(&format!("{START}\n      dnsConfig: {{ ttl: 30 }}"), "dnsConfig: { ttl: 30 }");
    assert!(problems(&load(&same)).iter().any(|problem| problem.code == "W0225"));
}

/// The west is removed at 10 min: it stands where it stood, as one that is disabled, and is given out no more. A profile that begins with
/// the east alone gets the west: the plan has it from the start, as one that is disabled. What is added with a name of before leads where
/// that one led.
#[test]
fn endpoints_are_removed_and_added_during_a_run() {
    let start = format!("trafficRoutingMethod: Priority\n      {PATH}");
    let act = |at: u32, endpoints: &str| {
        format!(
            "  - {{ name: w{at}, at: PT{at}M, write: {{ tm: {{ properties: {{ endpoints: [{endpoints}] }} }} }} }}\n"
        )
    };
    let with = |first: &[&str], acts: &str| format!("{}timeline:\n{acts}", text(&start, first, ""));
    let shown = |profile: &Profile| -> Vec<(String, bool)> {
        profile.endpoints.iter().map(|of| (of.name.clone(), of.enabled)).collect()
    };
    let (east, west) = ("east".to_owned(), "west".to_owned());
    let gone = act(10, "{ name: west, $remove: true }");

    let of = plan(&with(&BOTH, &gone));
    let (now, orders) = change_of(&of);
    assert_eq!(shown(only(&of)), [(east.clone(), true), (west.clone(), true)]);
    assert_eq!((shown(now), orders), (vec![(east.clone(), true), (west.clone(), false)], &[vec![vec![0]]][..]));

    let of = plan(&with(&BOTH[1..], &act(10, BOTH[0])));
    let (now, orders) = change_of(&of);
    assert_eq!(shown(only(&of)), [(east.clone(), true), (west.clone(), false)]);
    assert_eq!((shown(now), orders), (vec![(east, true), (west, true)], &[vec![vec![0, 1]]][..]));
    assert_eq!(only(&of).endpoints[1].target, LeadsTo::EntryPoint(0));

    let elsewhere = act(20, "{ name: west, properties: { targetResourceId: lb-west, priority: 2 } }");
    refused(&with(&BOTH, &(gone + &elsewhere)), &["E0505", "adds an endpoint `west` that leads elsewhere"]);
}

/// By weight half of the users go to the west, until it is removed at 600 s. Resolvers keep an answer for 30 s, so by 630 s nobody is led
/// there any more. Added again at 1,200 s it is given out, and by 1,230 s half of the users are back.
#[test]
fn whoever_is_removed_gets_no_users_once_their_answers_have_expired() {
    let start = format!("trafficRoutingMethod: Weighted\n      dnsConfig: {{ ttl: 30 }}\n      {PATH}");
    let act = |at: u32, of: &str| {
        format!("  - {{ name: w{at}, at: PT{at}M, write: {{ tm: {{ properties: {{ endpoints: [{of}] }} }} }} }}\n")
    };
    let acts = act(10, "{ name: west, $remove: true }") + &act(20, BOTH[0]);
    let assumed = "assumptions: { arm.write: PT0S }\n";
    let plan = plan(&format!("{}timeline:\n{acts}{assumed}", text(&start, &BOTH, "")));
    let mut ledger: Vec<Record> = Vec::new();
    run(&plan, 1, Options { check_every_instant: true, ..Options::default() }, &mut ledger);
    // Entry point 0 is the rule of the west.
    let west = plan.entries().find(|(_, of)| of.routed.is_some_and(|of| of.to == 0)).expect("it is led there").0;
    let share = |at: f64| {
        let before = ledger.iter().rev().filter(|record| record.time.seconds() <= at);
        let mut led = before.filter_map(|record| match record.fact {
            Fact::Flow(FlowFact::Routed { to, share }) if to == west => Some(share),
            _ => None,
        });
        led.next().unwrap_or(0)
    };
    assert_eq!([599.0, 630.0, 1199.0, 1230.0].map(share), [WHOLE / 2, 0, 0, WHOLE / 2]);
}
