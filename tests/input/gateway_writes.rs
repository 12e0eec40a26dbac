//! What writes of the timeline change of application gateways.

use super::gateways::{IN_THE_POOL, V2, plan, said, text};
use windtunnel_sim::plan::{Act, Action, Change, Plan, Prober, Tier, Write};

/// What a write of the timeline changes.
fn changes(plan: &Plan) -> Vec<Change> {
    let [Action { what: Act::Write(write), .. }] = &plan.timeline[..] else { panic!("{:?}", plan.timeline) };
    write.outcomes[0].changes.clone()
}

/// Both settings have the same probe, the default one or `alive`. The rule of `prod` leads to another pool: its two parts, the entry
/// points 1 and 2, lead to the pools 4 and 5, which the write makes and asks. `stage`, with the entry points 4 and 5, stays where it was,
/// and so do the probes of its pools 2 and 3.
#[test]
fn a_write_to_the_rule_of_one_listener_leaves_the_others_alone() {
    for probe in ["", ", probe: { id: alive }"] {
        let settings =
            [("requestTimeout: 5", format!("requestTimeout: 5{probe}")), (", probe: { id: alive }", probe.into())];
        let pools = ("[{ name: web }]".to_owned(), "[{ name: web }, { name: other }]".to_owned());
        let rule = "{ name: one, properties: { backendAddressPool: { id: other } } }";
        let write = format!(
            "timeline: [{{ name: w, at: PT5M, write: {{ gw: {{ properties: {{ requestRoutingRules: [{rule}] }} }} }} }}]\n"
        );
        let [(plain, with), (own, of_own)] = settings;
        let text = text(V2, IN_THE_POOL, &write).replacen(own, &of_own, 1).replacen(plain, &with, 1);
        let plan = plan(text.replacen(&pools.0, &pools.1, 1));
        assert_eq!(plan.pools.len(), 6);
        let (mut led, mut asked) = (Vec::new(), Vec::new());
        for change in changes(&plan) {
            match change {
                Change::Rule { entry_point, to, .. } => led.push((entry_point, to)),
                Change::Probe { pool, .. } => asked.push(pool),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((led, asked), (vec![(1, Some(4)), (2, Some(5))], vec![4, 5]), "{probe}");
        let settings: Vec<&str> =
            plan.pools.iter().map(|pool| pool.prober.gateway().expect("of a gateway").setting.as_str()).collect();
        assert_eq!(settings, ["plain", "plain", "own", "own", "plain", "plain"]);
    }
}

/// The first rule goes: the parts of its listener, 1 and 2, lead nowhere. The second has another priority, and is as it was.
#[test]
fn a_rule_that_goes_leaves_the_others_as_they_were() {
    let rule = "requestRoutingRules: [{ name: one, $remove: true }]";
    let write = format!("timeline: [{{ name: w, at: PT5M, write: {{ gw: {{ properties: {{ {rule} }} }} }} }}]\n");
    let changes = changes(&plan(text(V2, IN_THE_POOL, &write)));
    let [Change::Rule { entry_point: 1, to: None, .. }, Change::Rule { entry_point: 2, to: None, .. }] = &changes[..]
    else {
        panic!("{changes:?}")
    };
}

/// The setting `own` is pointed to another probe, or to none, which is the default one every 30 s: both instances of the gateway ask
/// otherwise, and no rule leads elsewhere. So does what is written of the probe itself.
#[test]
fn a_setting_that_is_pointed_to_another_probe_keeps_its_backends() {
    let setting =
        |probe: &str| format!("backendHttpSettingsCollection: [{{ name: own, properties: {{ probe: {probe} }} }}]");
    let quick = "probes: [{ name: quick, properties: { path: /ping, interval: 5, timeout: 2 } }]";
    for (written, interval) in [
        (setting("null"), 30),
        (format!("{quick}, {}", setting("{ id: quick }")), 5),
        ("probes: [{ name: alive, properties: { interval: 7 } }]".to_owned(), 7),
    ] {
        let write =
            format!("timeline: [{{ name: w, at: PT5M, write: {{ gw: {{ properties: {{ {written} }} }} }} }}]\n");
        let plan = plan(text(V2, IN_THE_POOL, &write));
        assert_eq!(plan.pools.len(), 4, "{written}");
        let asks: Vec<(u16, u64)> = changes(&plan)
            .iter()
            .map(|change| match change {
                Change::Probe { pool, probe, .. } => (*pool, probe.interval.ms() / 1000),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(asks, [(2, interval), (3, interval)], "{written}");
    }
}

/// A write sets what it names of a setting, for the pools of that setting as each of the two instances sees them: `plain` waits for 60 s
/// and drains for 5, and the probe of `own` looks for `ok`. Its tier says how long the write takes.
#[test]
fn a_write_sets_how_long_a_gateway_waits_and_drains_and_what_its_probe_looks_for() {
    let written = |of: &str| {
        text(
            V2,
            IN_THE_POOL,
            &format!("timeline: [{{ name: w, at: PT5M, write: {{ gw: {{ properties: {of} }} }} }}]\n"),
        )
    };
    let changed = |of: &str| {
        let plan = plan(written(of));
        let Act::Write(Write { gateway: Some(Tier::V2), outcomes, .. }) = &plan.timeline[0].what else {
            panic!("a write")
        };
        let of = |change: &Change| {
            let Change::Probe { pool, prober, .. } = change else { panic!("{change:?}") };
            let Prober::Gateway(of) = &**prober else { panic!("of a gateway") };
            (*pool, of.patience.seconds(), of.drain.seconds(), of.text.clone())
        };
        outcomes[0].changes.iter().map(of).collect::<Vec<_>>()
    };
    let setting = "{ backendHttpSettingsCollection: [{ name: plain, properties: { requestTimeout: 60, connectionDraining: { enabled: true, drainTimeoutInSec: 5 } } }] }";
    assert_eq!(changed(setting), [(0, 60.0, 5.0, String::new()), (1, 60.0, 5.0, String::new())]);
    let probe = "{ probes: [{ name: alive, properties: { match: { body: ok } } }] }";
    assert_eq!(changed(probe), [(2, 20.0, 30.0, "ok".into()), (3, 20.0, 30.0, "ok".into())]);
    let other = said(written("{ sku: { name: WAF_v2, tier: WAF_v2 } }"));
    assert!(other.iter().any(|(code, message)| *code == "E0505" && message.contains("`name`")), "{other:?}");
}

/// A write gives a gateway another count, or another range: the plan has as many instances as any of them may give it. 1,200 requests a
/// second need three, so that a range of 1 to 9 comes to one of 1 to 3, and a least of 4 to 4 always. `null` takes the range away. The
/// other count of v1 is not played.
#[test]
fn a_write_gives_a_gateway_another_count_of_instances() {
    let traffic =
        "traffic: { gw/prod: { demand: { points: [{ at: PT0S, rps: 0 rps }, { at: PT30M, rps: 1200 rps }] } } }\n";
    let written = |sku: &str, of: &[&str]| {
        let entry = |(nth, of): (usize, &&str)| {
            format!("  - {{ name: w{nth}, at: PT{}M, write: {{ gw: {{ properties: {of} }} }} }}\n", 5 + nth)
        };
        let entries: String = of.iter().enumerate().map(entry).collect();
        text(sku, IN_THE_POOL, &format!("{traffic}timeline:\n{entries}"))
    };
    let bounds = |sku: &str, of: &[&str]| {
        let plan = plan(written(sku, of));
        let [gateway] = &plan.gateways[..] else { panic!("{:?}", plan.gateways) };
        let instances = plan.entry_points.iter().filter_map(|entry| Some(entry.gateway?.instances));
        assert!(instances.clone().count() > 0 && instances.clone().all(|of| of == gateway.ever), "{of:?}");
        let change = |action: &Action| {
            let Act::Write(write) = &action.what else { panic!("a write") };
            let [Change::Gateway { gateway: 0, least, most }] = write.outcomes[0].changes[..] else {
                panic!("{write:?}")
            };
            (least, most)
        };
        let all: Vec<(u16, u16)> = plan.timeline.iter().map(change).collect();
        ((gateway.least, gateway.most, gateway.ever), all)
    };
    assert_eq!(
        bounds(V2, &["{ sku: { capacity: 5 } }", "{ sku: { capacity: 1 } }"]),
        ((2, 2, 5), vec![(5, 5), (1, 1)])
    );
    let range = |least: u32| format!("{{ autoscaleConfiguration: {{ minCapacity: {least}, maxCapacity: 9 }} }}");
    assert_eq!(bounds(V2, &[&range(1), &range(4)]), ((2, 2, 4), vec![(1, 3), (4, 4)]));
    let scaled = "sku: { name: Standard_v2, tier: Standard_v2 }\n      autoscaleConfiguration: { minCapacity: 2, maxCapacity: 9 }";
    let fixed = "{ autoscaleConfiguration: null, sku: { capacity: 1 } }";
    assert_eq!(bounds(scaled, &[fixed]), ((2, 3, 3), vec![(1, 1)]));
    let first = "sku: { name: Standard_Large, tier: Standard, capacity: 2 }";
    let said = said(written(first, &["{ sku: { capacity: 3 } }"]));
    assert!(said.iter().any(|(code, message)| *code == "E0505" && message.contains("v1")), "{said:?}");
}
