//! Writes of the timeline: what each changes, what Azure refuses of it, and what the model does not write during a run.

use super::{joins, plan_of, problems, scale_set};
use windtunnel::experiment::instant::Instant;
use windtunnel::input::{LoadOptions, Loaded, Problem, Report, load_text};
use windtunnel_sim::azure::load_balancer;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Act, Action, Behind, Change, Outcome, Plan, Steps, Tier, UpgradeMode, Write};
use windtunnel_sim::world::fact::{Fact, Record, WriteFact};
use windtunnel_sim::world::ids::PoolId;
use windtunnel_sim::world::run::{Options, run};

/// Two slots behind one pool, with one probe a slot.
fn load(timeline: &str) -> Result<Loaded, Report> {
    let joins = joins("loadBalancerBackendAddressPools: [{ id: slots }]");
    let set = |name: &str| scale_set(name, "orchestrationMode: Uniform", &joins);
    let text = format!(
        "windtunnel: 1
title: t
horizon: PT1H
resources:
  - type: Microsoft.Network/loadBalancers
    name: lb
    tags: {{ ActiveSlot: \"0\" }}
    sku: {{ name: Standard }}
    properties:
      backendAddressPools: [{{ name: slots }}]
      probes:
        - {{ name: prod, properties: {{ protocol: Http, port: 80, requestPath: \"/ping?slot=slot0\", intervalInSeconds: 15 }} }}
        - {{ name: stage, properties: {{ protocol: Http, port: 40080, requestPath: \"/ping?slot=slot1\", intervalInSeconds: 15 }} }}
      loadBalancingRules:
        - {{ name: prod, properties: {{ backendAddressPool: {{ id: slots }}, probe: {{ id: prod }} }} }}
        - {{ name: stage, properties: {{ backendAddressPool: {{ id: slots }}, probe: {{ id: stage }} }} }}
{}
{}
images: {{ web: {{ 1.0.0: {{}}, 1.1.0: {{}} }} }}
application:
  slots: {{ slot0: slot0, slot1: slot1 }}
  endpoints:
    /ping: [{{ when: [process, {{ asksForOwn: slot }}], answer: 200 }}, {{ when: process, answer: 404 }}]
timeline:
{timeline}",
        set("slot0"),
        set("slot1")
    );
    load_text("scenario.yaml", text, &LoadOptions::default())
}

fn plan(timeline: &str) -> Plan {
    plan_of(load(timeline))
}

fn problem(timeline: &str, code: &str) -> Problem {
    let outcome = load(timeline);
    let found = problems(&outcome).iter().find(|problem| problem.code == code);
    found.unwrap_or_else(|| panic!("{code} is not said")).clone()
}

/// What comes of a write that always finds the same.
fn only(act: &Act) -> &Outcome {
    let Act::Write(Write { outcomes, .. }) = act else { panic!("{act:?}") };
    let [only] = &outcomes[..] else { panic!("{outcomes:?}") };
    only
}

/// The pools that a write changes, each with the path that its probe asks for from then on, and its interval in seconds.
fn probes(plan: &Plan, act: &Act) -> Vec<(u16, String, f64)> {
    let Act::Write(Write { resource, .. }) = act else { panic!("{act:?}") };
    assert_eq!(resource, "lb");
    let Outcome { changes, refusal: None, .. } = only(act) else { panic!("{act:?}") };
    let probe = |change: &Change| {
        let Change::Probe { pool, probe, .. } = change else { panic!("{change:?}") };
        let path = plan.application.endpoints[usize::from(probe.endpoint)].path.clone();
        (*pool, path, probe.interval.seconds())
    };
    changes.iter().map(probe).collect()
}

fn path(probe: &str, slot: &str) -> String {
    let properties = format!("properties: {{ requestPath: \"/ping?slot={slot}\" }}");
    format!("{{ lb: {{ properties: {{ probes: [{{ name: {probe}, {properties} }}] }} }} }}")
}

/// A write names one probe of two, and one property of it; another one is of what the first left. The way back is a change, too.
#[test]
fn each_write_changes_what_the_ones_before_it_left() {
    let back = format!("  - {{ name: back, at: PT9M, write: {} }}\n", path("prod", "slot0"));
    let there = format!("  - {{ name: there, at: PT5M, write: {} }}\n", path("prod", "slot1"));
    let plan = plan(&format!("{back}{there}"));
    let acts: Vec<&Act> = plan.timeline.iter().map(|action| &action.what).collect();
    assert_eq!(probes(&plan, acts[0]), [(0, "/ping?slot=slot1".to_owned(), 15.0)]);
    assert_eq!(probes(&plan, acts[1]), [(0, "/ping?slot=slot0".to_owned(), 15.0)]);
    assert_eq!(
        problem(&format!("  - {{ name: no, at: PT1M, write: {} }}\n", path("prod", "slot0")), "W0225").code,
        "W0225"
    );
}

/// Who waits ten minutes before a write comes after who begins five minutes later: each changes what was left when it begins.
#[test]
fn a_write_after_a_wait_comes_when_the_wait_is_over() {
    let slow = format!(
        "  - {{ name: slow, at: PT10M, steps: [{{ wait: PT10M }}, {{ write: {} }}] }}\n",
        path("prod", "slot1")
    );
    let often = "{ lb: { properties: { probes: [{ name: prod, properties: { intervalInSeconds: 5 } }] } } }";
    let plan = plan(&format!("{slow}  - {{ name: quick, at: PT15M, write: {often} }}\n"));
    let act = |name: &str| &plan.timeline.iter().find(|action| action.name == name).expect("it is there").what;
    assert_eq!(probes(&plan, act("quick")), [(0, "/ping?slot=slot0".to_owned(), 5.0)]);
    assert_eq!(probes(&plan, act("slow/2")), [(0, "/ping?slot=slot1".to_owned(), 5.0)]);
}

/// The probe of stage at an instant: the path that it asks for, and its interval in seconds.
fn stage(plan: &Plan, at_s: u64) -> (String, f64) {
    let instant = Instant::new(plan, 7, SimTime::from_ms(at_s * 1000)).expect("it comes that far");
    let probe = load_balancer::probe(&instant.world, plan, PoolId(1)).expect("it has one");
    (plan.application.endpoints[usize::from(probe.endpoint)].path.clone(), probe.interval.seconds())
}

/// The third write of a swap at 10 min comes a minute and two writes after it, the other script at 11 min 30 s. By writes that take no
/// time it comes at 660 s, and the other one at 690 s; by writes of 40 s at 740 s, after the other one. Each sets what it names, whatever
/// the other one has set, and both are in force at last. What takes effect does so at once.
#[test]
fn a_write_sets_what_it_names_over_what_is_there_when_it_comes() {
    let swap = format!(
        "  - name: swap\n    at: PT10M\n    steps: [{{ write: {} }}, {{ write: {{ lb: {{ tags: {{ a: b }} }} }} }}, {{ wait: PT1M }}, \
         {{ write: {} }}]\n",
        path("prod", "slot1"),
        path("stage", "slot0")
    );
    let often = "{ lb: { properties: { probes: [{ name: stage, properties: { intervalInSeconds: 5 } }] } } }";
    let (slot0, slot1) = ("/ping?slot=slot0".to_owned(), "/ping?slot=slot1".to_owned());
    for (takes, path_at, interval_at) in [("PT0S", 660, 690), ("PT40S", 740, 690)] {
        let text = format!(
            "{swap}  - {{ name: other, at: PT11M30S, write: {often} }}\nassumptions: {{ arm.write: {takes}, lb.propagation: PT0S }}\n"
        );
        let plan = plan(&text);
        let expected = |at: u64| {
            (if at < path_at { slot1.clone() } else { slot0.clone() }, if at < interval_at { 15.0 } else { 5.0 })
        };
        for at in [599, 659, 661, 689, 691, 739, 741, 3000] {
            assert_eq!(stage(&plan, at), expected(at), "{takes}, {at} s");
        }
        assert!(problems(&load(&text)).is_empty(), "{:?}", problems(&load(&text)));
    }
}

/// Both write the same path: the second finds it, in either order, and neither is said to change nothing.
#[test]
fn a_write_that_another_one_may_come_before_is_not_idle() {
    let first = format!("[{{ write: {{ lb: {{ tags: {{ a: b }} }} }} }}, {{ write: {} }}]", path("stage", "slot0"));
    let text = format!(
        "  - {{ name: slow, at: PT10M, steps: {first} }}\n  - {{ name: quick, at: PT10M20S, write: {} }}\n",
        path("stage", "slot0")
    );
    assert!(problems(&load(&text)).is_empty(), "{:?}", problems(&load(&text)));
    for (takes, at) in [("PT10S", 610), ("PT40S", 620)] {
        let plan = plan(&format!("{text}assumptions: {{ arm.write: {takes}, lb.propagation: PT0S }}\n"));
        assert_eq!(stage(&plan, at - 1).0, "/ping?slot=slot1", "{takes}");
        assert_eq!(stage(&plan, at + 1).0, "/ping?slot=slot0", "{takes}");
    }
}

/// A script adds a probe by its second write, and another one gives it to a rule at 20 s. Where the probe is not there yet, since a write
/// takes 40 s, Azure refuses the rule; the run says so, and so does the check of a file in which either may come first.
#[test]
fn a_write_that_may_come_too_early_is_said() {
    let late = "{ lb: { properties: { probes: [{ name: late, properties: { protocol: Http, port: 81, requestPath: /ping } }] } } }";
    let rule = "{ lb: { properties: { loadBalancingRules: [{ name: stage, properties: { probe: { id: late } } }] } } }";
    let text = format!(
        "  - name: add\n    at: PT0S\n    steps: [{{ write: {{ lb: {{ tags: {{ a: b }} }} }} }}, {{ write: {late} }}]\n  \
         - {{ name: use, at: PT20S, write: {rule} }}\n"
    );
    let said: Vec<String> = problems(&load(&text)).iter().map(|problem| problem.message.clone()).collect();
    assert_eq!(
        said,
        [
            "`use` may come before `add/2`, and then: Azure refuses the write `use`: InvalidResourceReference: the balancer has no probe `late`"
        ]
    );
    let refused = |takes: &str| {
        let plan = plan(&format!("{text}assumptions: {{ arm.write: {takes}, lb.propagation: PT0S }}\n"));
        let instant = Instant::new(&plan, 7, SimTime::from_ms(100_000)).expect("it comes that far");
        let refused = |record: &&Record| matches!(record.fact, Fact::Write(WriteFact::Refused { .. }));
        instant.ledger.iter().filter(refused).map(|record| record.time.ms()).collect::<Vec<u64>>()
    };
    assert_eq!([refused("PT10S"), refused("PT40S")], [vec![], vec![20_000]]);
}

/// The swap of the sample: two probes and a tag, of which the model acts on nothing; whoever does it dies after the first write.
#[test]
fn steps_are_entries_of_their_own_behind_all_that_have_a_time() {
    let plan = plan(&format!(
        "  - name: swap\n    at: PT5M\n    diesAfter: 1\n    steps:\n      - write: {}\n      - wait: PT3S\n      - write: {}\n      \
         - write: {{ lb: {{ tags: {{ ActiveSlot: \"1\" }} }} }}\n  \
         - {{ name: more, at: PT9M, setCapacity: {{ scaleSet: slot1, capacity: 3 }} }}\n",
        path("prod", "slot1"),
        path("stage", "slot0")
    ));
    let names: Vec<(&str, bool)> =
        plan.timeline.iter().map(|Action { name, at, .. }| (name.as_str(), *at == SimTime::FAR)).collect();
    let steps = ["swap/1", "swap/2", "swap/3", "swap/4"].map(|name| (name, true));
    assert_eq!(names, [&[("swap", false), ("more", false)][..], &steps].concat());
    assert!(matches!(plan.timeline[0].what, Act::Steps(Steps { first: 2, count: 4, dies_after: Some(1) })));
    assert!(matches!(&plan.timeline[3].what, Act::Wait(length) if length.seconds() == 3.0));
    assert_eq!(probes(&plan, &plan.timeline[4].what), [(1, "/ping?slot=slot0".to_owned(), 15.0)]);
    assert_eq!(probes(&plan, &plan.timeline[5].what), []);
}

/// What is not done leaves nothing: the swap that is done at last is one from the start on. And a step that finds what it would write is
/// done all the same, with nothing to change.
#[test]
fn a_step_that_is_not_done_leaves_what_was() {
    let steps = |ends: &str| {
        let (prod, stage) = (path("prod", "slot1"), path("stage", "slot0"));
        format!("    {ends}steps: [{{ write: {prod} }}, {{ write: {stage} }}]\n")
    };
    let swaps = ["diesAfter: 1\n    ", ""].map(&steps);
    let plan = plan(&format!("  - name: a\n    at: PT5M\n{}  - name: b\n    at: PT9M\n{}", swaps[0], swaps[1]));
    let written: Vec<_> = plan.timeline[2..].iter().map(|action| probes(&plan, &action.what)).collect();
    let of = |pool, slot: &str| vec![(pool, format!("/ping?slot={slot}"), 15.0)];
    assert_eq!(written, [of(0, "slot1"), of(1, "slot0"), vec![], of(1, "slot0")]);
}

/// A scale set takes the same act: what is of its model becomes that of `updateModel`, and its capacity that of `setCapacity`.
#[test]
fn a_write_to_a_scale_set_is_one_of_its_model_and_of_its_capacity() {
    let image = "properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web/1.1.0 } } } }";
    let plan =
        plan(&format!("  - {{ name: w, at: PT5M, write: {{ slot1: {{ sku: {{ capacity: 5 }}, {image} }} }} }}\n"));
    let [model, capacity] = &plan.timeline[..] else { panic!("{:?}", plan.timeline) };
    assert!(matches!(&model.what, Act::ChangeModel { set: 1, change } if change.image.is_some()));
    assert!(matches!(capacity.what, Act::SetCapacity { set: 1, capacity: 5 }));
    // With its type before it, it is the same set.
    for name in ["slot0", "virtualMachineScaleSets/slot0"] {
        let other = plan_of_capacity(name);
        assert!(
            matches!(other.timeline[..], [Action { what: Act::SetCapacity { set: 0, capacity: 1 }, .. }]),
            "{name}"
        );
    }
}

fn plan_of_capacity(name: &str) -> Plan {
    plan(&format!("  - {{ name: w, at: PT5M, write: {{ {name}: {{ sku: {{ capacity: 1 }} }} }} }}\n"))
}

/// Azure refuses an interval of 4 s (LB-02): the write is sent, changes nothing, and the next one is of what was before.
#[test]
fn what_azure_refuses_is_sent_and_changes_nothing() {
    let short = "{ lb: { properties: { probes: [{ name: prod, properties: { intervalInSeconds: 4 } }] } } }";
    let timeline = format!(
        "  - {{ name: short, at: PT5M, write: {short} }}\n  - {{ name: swap, at: PT6M, write: {} }}\n",
        path("prod", "slot1")
    );
    let plan = plan(&timeline);
    let Outcome { changes, refusal: Some(refusal), .. } = only(&plan.timeline[0].what) else { panic!() };
    assert!(changes.is_empty());
    assert_eq!(plan.refusals[usize::from(*refusal)].rule, windtunnel_sim::rules::LB_02);
    assert_eq!(probes(&plan, &plan.timeline[1].what), [(0, "/ping?slot=slot1".to_owned(), 15.0)]);
    assert!(problem(&timeline, "W0510").message.contains("short"));
}

/// Azure refuses a balancer whose rule names a probe that is not there, and one with a probe of no port, whoever writes it: it is sent at
/// its instant, changes nothing, and the run goes on. A misspelt key or name, a value of another kind and a removal of nothing are
/// mistakes of whoever wrote the file, and it is not run.
#[test]
fn what_azure_refuses_of_parts_is_played_and_a_mistake_is_not() {
    let of = |probe: &str| format!("{{ lb: {{ properties: {{ probes: [{probe}] }} }} }}");
    let timeline = |write: &str| {
        let swap = path("prod", "slot1");
        format!("  - {{ name: wrong, at: PT5M, write: {write} }}\n  - {{ name: swap, at: PT6M, write: {swap} }}\n")
    };
    let gone = of("{ name: stage, $remove: true }");
    let portless = of("{ name: third, properties: { protocol: Tcp } }");
    for (write, code, words) in [
        (&gone, Some("InvalidResourceReference"), "the balancer has no probe `stage`"),
        (&portless, None, "the write adds a probe `third`, which has no `port`"),
        (&"{ lb: { location: westus } }".to_owned(), Some("InvalidResourceLocation"), "exists in another location"),
    ] {
        let plan = plan(&timeline(write));
        let Outcome { changes, refusal: Some(refusal), .. } = only(&plan.timeline[0].what) else { panic!("{write}") };
        let refusal = &plan.refusals[usize::from(*refusal)];
        assert!(changes.is_empty() && refusal.text.contains(words), "{write}: {}", refusal.text);
        assert_eq!((refusal.rule, refusal.code), (windtunnel_sim::rules::VS_16, code), "{write}");
        let mut ledger: Vec<Record> = Vec::new();
        run(&plan, 1, Options::default(), &mut ledger);
        let refused = |record: &&Record| matches!(record.fact, Fact::Write(WriteFact::Refused { .. }));
        let at: Vec<f64> = ledger.iter().filter(refused).map(|record| record.time.seconds()).collect();
        assert_eq!(at, [300.0], "{write}");
        assert_eq!(probes(&plan, &plan.timeline[1].what), [(0, "/ping?slot=slot1".to_owned(), 15.0)]);
    }
    for mistake in [
        of("{ name: stag, properties: { intervalInSeconds: 5 } }"),
        of("{ name: stage, properties: { intervalInSeconds: often } }"),
        of("{ name: stage, properties: { intervallInSeconds: 5 } }"),
        of("{ name: third, $remove: true }"),
    ] {
        assert!(load(&timeline(&mistake)).is_err(), "{mistake}");
    }
}

/// What the model keeps from the start is named; a resource that is not there has its near miss.
#[test]
fn what_is_not_written_during_a_run_is_said() {
    let rule =
        "{ lb: { properties: { loadBalancingRules: [{ name: prod, properties: { loadDistribution: SourceIP } }] } } }";
    let said = problem(&format!("  - {{ name: w, at: PT5M, write: {rule} }}\n"), "E0505");
    assert!(said.message.contains("`loadDistribution`"), "{}", said.message);
    let said = problem("  - { name: w, at: PT5M, write: { lbb: { tags: { a: b } } } }\n", "E0301");
    assert!(said.help.as_deref().is_some_and(|help| help.contains("`lb`")), "{:?}", said.help);
}

/// The rules that a write leads elsewhere: the entry point, and the pool with its probe.
fn led(plan: &Plan, act: &Act) -> Vec<(String, Option<(String, String)>)> {
    let Outcome { changes, .. } = only(act);
    let pool = |at: u16| {
        let pool = &plan.pools[usize::from(at)];
        (
            format!("{}/{}", pool.balancer, pool.name),
            pool.probe.as_ref().map_or(String::new(), |probe| probe.name.clone()),
        )
    };
    let rule = |change: &Change| match change {
        Change::Rule { entry_point, to, .. } => {
            let entry = &plan.entry_points[usize::from(*entry_point)];
            Some((format!("{}/{}", entry.resource, entry.name), to.map(pool)))
        }
        Change::Probe { .. }
        | Change::Origin { .. }
        | Change::Profile { .. }
        | Change::Setting { .. }
        | Change::Gateway { .. } => None,
    };
    changes.iter().filter_map(rule).collect()
}

/// The probe of a rule is another one: the rule leads to the pool as that one sees it, which is there already for stage. A rule that goes
/// leads nowhere, and one that is new has led nowhere so far.
#[test]
fn a_rule_leads_to_a_pool_as_its_probe_sees_it() {
    let rules = "[{ name: prod, properties: { probe: { id: stage } } }, { name: stage, $remove: true }]";
    let plan = plan(&format!(
        "  - {{ name: w, at: PT5M, write: {{ lb: {{ properties: {{ loadBalancingRules: {rules} }} }} }} }}\n"
    ));
    let stage = Some(("lb/slots".to_owned(), "stage".to_owned()));
    assert_eq!(plan.pools.len(), 2);
    assert_eq!(led(&plan, &plan.timeline[0].what), [("lb/prod".to_owned(), stage), ("lb/stage".to_owned(), None)]);
    assert_eq!([&plan.entry_points[0].later[..], &plan.entry_points[1].later], [[Some(1)], [None]]);
}

/// A rule that only a write makes, with a pool of its own: the pool is in the plan from the start, and nobody leads there.
#[test]
fn a_pool_that_only_a_write_makes_is_there_from_the_start() {
    let write = "{ lb: { properties: { backendAddressPools: [{ name: late }], loadBalancingRules: [{ name: late, properties: { \
                 backendAddressPool: { id: late }, probe: { id: prod } } }] } } }";
    let plan = plan(&format!("  - {{ name: w, at: PT5M, write: {write} }}\n"));
    let late = ("lb/late".to_owned(), Some(("lb/late".to_owned(), "prod".to_owned())));
    assert_eq!(led(&plan, &plan.timeline[0].what), [late]);
    assert!(matches!(plan.entry_points[2].behind, Behind::Nobody));
    assert_eq!(plan.entry_points[2].later, [Some(2)]);
}

/// The scenario of a swap of addresses, with other steps.
fn addresses(steps: &str) -> Result<Loaded, Report> {
    let text = std::fs::read_to_string("scenarios/ip-swap-minute.yaml").expect("it is bundled");
    let (before, _) = text.split_once("    steps:\n").expect("it has steps");
    load_text("scenario.yaml", format!("{before}    steps:\n{steps}"), &LoadOptions::default())
}

/// A write of the address of a frontend: an address, or `null`.
fn front(lb: &str, address: &str) -> String {
    let properties = format!("properties: {{ publicIPAddress: {address} }}");
    format!(
        "      - write: {{ {lb}: {{ properties: {{ frontendIPConfigurations: [{{ name: front, {properties} }}] }} }} }}\n"
    )
}

/// Azure gives an address to one frontend: who would have it at two is refused, by the rule of the swap.
#[test]
fn an_address_is_given_to_one_frontend() {
    let steps = front("lb-green", "{ id: pip-prod }");
    let plan = plan_of(addresses(&steps));
    let Outcome { refusal: Some(refusal), .. } = only(&plan.timeline[1].what) else { panic!("{:?}", plan.timeline) };
    assert_eq!(plan.refusals[usize::from(*refusal)].rule, windtunnel_sim::rules::VS_10);
}

/// Users of an address are led to the pool of whoever has it: to nobody first, then to the other one.
#[test]
fn an_address_leads_where_its_balancer_does() {
    let steps = [front("lb-green", "null"), front("lb-blue", "null"), front("lb-green", "{ id: pip-prod }")].concat();
    let plan = plan_of(addresses(&steps));
    let of = |at: usize, place: &str| led(&plan, &plan.timeline[at].what).into_iter().find(|(name, _)| name == place);
    assert_eq!(of(1, "pip-prod/80"), None);
    assert_eq!(of(2, "pip-prod/80"), Some(("pip-prod/80".to_owned(), None)));
    let green = Some(("lb-green/green".to_owned(), "ping".to_owned()));
    assert_eq!(of(3, "pip-prod/80"), Some(("pip-prod/80".to_owned(), green)));
}

/// An address that is only taken leads to nobody later, and nowhere else.
#[test]
fn an_address_that_is_only_taken_leads_to_nobody() {
    let plan = plan_of(addresses(&front("lb-blue", "null")));
    let place = plan.entry_points.iter().find(|of| of.is_address).expect("users come by it");
    assert_eq!((place.resource.as_str(), &place.later[..]), ("pip-prod", &[None][..]));
}

/// The parameters of the sample: a gateway of v2 with capacity 1, a probe every 15 s that waits 5 s and wants three failures, slots of two
/// Standard_D2s_v3 in mode Automatic without overprovisioning.
#[test]
fn the_gateway_of_the_sample_has_its_parameters() {
    let text = std::fs::read_to_string("scenarios/gateway-rule-swap.yaml").expect("it is bundled");
    let plan = plan_of(load_text("scenario.yaml", text, &LoadOptions::default()));
    let part = plan.entry_points[0].gateway.expect("it is of a gateway");
    assert_eq!((part.tier, part.instances), (Tier::V2, 1));
    for pool in &plan.pools {
        let probe = pool.probe.as_ref().expect("it is probed");
        let prober = pool.prober.gateway().expect("by a gateway");
        assert_eq!((probe.interval.seconds(), probe.threshold, prober.timeout.seconds()), (15.0, 3, 5.0));
        assert_eq!(plan.application.endpoints[usize::from(probe.endpoint)].path, "/api/test");
    }
    for set in &plan.sets {
        assert_eq!((set.size.as_str(), set.capacity, set.overprovision), ("Standard_D2s_v3", 2, false));
        assert_eq!(set.upgrade.mode, UpgradeMode::Automatic);
    }
}

/// What a script can never do is said: a step after the end, a death after the last step, a write to nothing.
#[test]
fn steps_that_never_come_are_said() {
    let write = path("prod", "slot1");
    let steps = |at: &str, wait: &str, more: &str| {
        format!("  - {{ name: script, at: {at}, steps: [{{ wait: {wait} }}, {{ write: {write} }}]{more} }}\n")
    };
    let said = |timeline: &str| -> Vec<String> {
        let outcome = load(timeline);
        let late = problems(&outcome).iter().filter(|problem| problem.code == "W0204");
        late.map(|problem| problem.message.clone()).collect()
    };
    // The horizon is an hour.
    assert!(said(&steps("PT30M", "PT30M", "")).is_empty());
    let late = said(&steps("PT30M", "PT31M", ""));
    assert_eq!(late, ["`script/2` begins at PT1H1M at the earliest, after the horizon of PT1H"]);
    assert_eq!(said(&steps("PT61M", "PT5M", "")).len(), 1, "the entry is said, and not each of its steps");
    assert!(said(&steps("PT30M", "PT5M", ", diesAfter: 1")).is_empty());
    let lives = said(&steps("PT30M", "PT5M", ", diesAfter: 2"));
    assert_eq!(lives, ["`script` does all of its 2 steps before `diesAfter: 2`"]);
    for nothing in ["write: {}", "steps: []", "steps: [{ write: {} }]"] {
        problem(&format!("  - {{ name: nothing, at: PT5M, {nothing} }}\n"), "E0110");
    }
}

/// Each refusal is at the place of the write, and says what to do.
#[test]
fn what_a_write_may_not_say_is_said_at_its_place() {
    let said = |write: &str, code: &str| problem(&format!("  - {{ name: w, at: PT5M, write: {write} }}\n"), code);
    for (write, code, words) in [
        ("{ lb: { location: westus } }", "W0510", "InvalidResourceLocation"),
        ("{ lb: { name: other } }", "E0505", "does not change the name of `lb`"),
        ("{ lb: { tags: [a, b] } }", "E0503", "`tags` must be a mapping"),
        ("{ lb: { sku: { name: Gateway } } }", "W0510", "fixes the SKU"),
        ("{ slot0: { location: westus } }", "W0510", "InvalidResourceLocation"),
        ("{ lb: 3 }", "E0306", "should be a mapping"),
        (
            "{ lb: { properties: { probes: [{ name: prd, properties: { intervalInSeconds: 5 } }] } } }",
            "E0502",
            "probe `prd`",
        ),
        (
            "{ lb: { properties: { probes: [{ name: prod, properties: { protocol: Tcp } }] } } }",
            "W0510",
            "ProbeRequestPathIsNotNull",
        ),
        ("{ lb: { properties: { probes: [{ name: prod, $remove: true }] } } }", "W0510", "has no probe `prod`"),
        (
            "{ lb: { properties: { backendAddressPools: [{ name: slots, $remove: true }] } } }",
            "W0510",
            "InvalidResourceReference: the write of `lb` removes the pool `slots`, which the rule `prod` leads to",
        ),
        (
            "{ lb: { properties: { backendAddressPools: [{ name: slots, $remove: true }], \
             loadBalancingRules: [{ name: prod, $remove: true }, { name: stage, $remove: true }] } } }",
            "W0510",
            "removes the pool `slots`, which the instances of `slot0` are in",
        ),
        (
            "{ lb: { properties: { probes: [{ name: prod, properties: { numberOfProbes: 5 } }] } } }",
            "W0501",
            "the platform ignores numberOfProbes (5)",
        ),
    ] {
        let problem = said(write, code);
        assert!(problem.message.contains(words), "{write}: {}", problem.message);
        let (span, _) = problem.primary.as_ref().expect("it has a place");
        let line = span.source.text[..span.start].lines().count();
        assert!(
            span.source.text.lines().nth(line - 1).is_some_and(|line| line.contains("write:")),
            "{write}: line {line}"
        );
    }
    let near =
        said("{ lb: { properties: { probes: [{ name: prd, properties: { intervalInSeconds: 5 } }] } } }", "E0502");
    assert_eq!(near.help.as_deref(), Some("did you mean `prod`?"));
}
