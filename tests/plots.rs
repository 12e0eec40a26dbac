//! The pictures of runs: the same bytes each time, SVG that can be drawn, and files to look at.

mod support;

use std::fs;
use std::path::PathBuf;
use support::{fleet, quiet, run, stale, two_pools};
use windtunnel::experiment::replay::Replay;
use windtunnel::input::{LoadOptions, load_text};
use windtunnel::output::plots::budget;
use windtunnel::output::plots::png::Renderer;
use windtunnel_sim::measure::Value;
use windtunnel_sim::plan::Plan;

fn pictures(plan: &Plan) -> Vec<(&'static str, String)> {
    run(plan, 1).plots(1)
}

/// Draws all pictures of a plan into the folder of test files, where people can look at them.
fn check(name: &str, plan: &Plan) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("plots");
    fs::create_dir_all(&folder).unwrap();
    let renderer = Renderer::default();
    for ((kind, svg), (_, again)) in pictures(plan).into_iter().zip(pictures(plan)) {
        assert_eq!(svg, again, "{name}-{kind}: one run, one picture");
        assert!(svg.len() < 2_000_000, "{name}-{kind}: {} bytes", svg.len());
        let png = renderer.png(&svg).unwrap();
        fs::write(folder.join(format!("{name}-{kind}.svg")), &svg).unwrap();
        fs::write(folder.join(format!("{name}-{kind}.png")), png).unwrap();
    }
}

#[test]
fn the_stale_scenario_is_drawn() {
    check("stale", &stale());
}

#[test]
fn a_hundred_instances_are_drawn() {
    check("hundred", &fleet(100));
}

#[test]
fn a_thousand_instances_are_drawn() {
    check("thousand", &fleet(1000));
}

#[test]
fn one_instance_without_traffic_is_drawn() {
    check("quiet", &quiet());
}

#[test]
fn two_entry_points_are_drawn() {
    check("two", &two_pools());
}

/// Every picture of every bundled scenario has its title, ink of the states that occur, and no place that is not a number.
#[test]
fn every_picture_of_every_bundled_scenario_shows_what_happened() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        count += 1;
        let loaded = windtunnel::input::load(&path, &windtunnel::input::LoadOptions::default()).unwrap();
        let plan = &loaded.plan("as-written").unwrap().plan;
        let harmed = run(plan, 1).series.entries.iter().filter_map(|row| row.rates()).any(|rates| rates.failed > 0.0);
        for (kind, svg) in pictures(plan) {
            let name = format!("{}-{kind}", path.display());
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name} has a place for everything");
            assert!(svg.len() < 2_000_000, "{name}: {} bytes", svg.len());
            assert!(svg.matches("<text").count() > 6, "{name} has words");
            // What failed is in the one colour of harm, as a pattern or plain where it is too narrow for one.
            if kind == "harm" && harmed {
                assert!(svg.contains("url(#harm)") || svg.contains("#D5410A"), "{name} shows the harm");
            }
            assert!(!svg.contains("#D55E00") && !svg.contains("#CC79A7"), "{name} has the colours of the pages");
        }
    }
    assert!(count > 20, "{count} scenarios");
}

/// The curve of the budget never falls, and ends where the measure is.
#[test]
fn the_budget_ends_at_its_measure() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    for name in ["stale-image-scale-out", "slow-failure", "bad-bake-canary", "overload-cascade"] {
        let path = folder.join(format!("{name}.yaml"));
        let loaded = windtunnel::input::load(&path, &windtunnel::input::LoadOptions::default()).unwrap();
        let replay = Replay::new(&loaded.plan("as-written").unwrap().plan, 1);
        let curve = budget::spent(replay.plan(), &replay.series);
        assert!(curve.windows(2).all(|pair| pair[0].1 <= pair[1].1 && pair[0].0 <= pair[1].0), "{name}");
        let Some(Value::Number(measured)) = replay.measure("slo.budget_spent_pct") else {
            panic!("{name} has a budget")
        };
        let last = curve.last().expect("there is a budget").1 * 100.0;
        assert!((last - measured).abs() <= 1e-9 * measured.max(1.0), "{name}: {last} and {measured}");
    }
    // By hand: 300 requests a second for 45 minutes are 810,000, of which 0.1 % is 810. From the tenth minute on a third of
    // them would be harmed, 100 a second: 8.1 s spend the budget. The machine boots first, so it is later than that.
    let plan = stale();
    let ran = run(&plan, 1);
    let all = budget::spent(&plan, &ran.series);
    let gone = all.iter().find(|(_, share)| *share > 1.0).expect("it is spent").0;
    assert!(gone > windtunnel_sim::engine::time::SimTime::from_ms(608_100), "{gone}");
    assert!(budget::spent(&Plan { objective: None, ..plan.clone() }, &ran.series).is_empty());
}

/// Ten thousand entries of the timeline make no picture of megabytes: lines that share a place are one.
#[test]
fn ten_thousand_actions_make_a_small_picture() {
    let mut plan = stale();
    let first = plan.timeline[0].clone();
    let horizon = plan.horizon.ms();
    for n in 0..10_000_u64 {
        let at = windtunnel_sim::engine::time::SimTime::from_ms(n * horizon / 10_000);
        plan.timeline.push(windtunnel_sim::plan::Action { name: format!("entry {n}"), at, ..first.clone() });
    }
    plan.timeline.sort_by_key(|action| action.at);
    for (kind, svg) in pictures(&plan) {
        assert!(svg.len() < 3_000_000, "{kind}: {} bytes", svg.len());
    }
}

/// Nor do ten thousand that each strike eight instances behind two balancers: what lies within a pixel is drawn once.
#[test]
fn ten_thousand_disturbances_make_a_small_picture() {
    let mut text = String::from("windtunnel: 1\ntitle: Never at rest\nhorizon: PT9H\nresources:\n");
    for lb in ["lb-a", "lb-b"] {
        text += &format!(
            "  - {{ type: Microsoft.Network/loadBalancers, name: {lb}, location: westeurope, sku: {{ name: Standard }}, \
             properties: {{ backendAddressPools: [{{ name: app }}], loadBalancingRules: [{{ name: http, properties: {{ \
             protocol: Tcp, frontendPort: 80, backendPort: 80, backendAddressPool: {{ id: app }} }} }}] }} }}\n"
        );
    }
    text += "  - { type: Microsoft.Compute/virtualMachineScaleSets, name: web, location: westeurope, \
             sku: { name: Standard_D2s_v5, capacity: 8 }, properties: { orchestrationMode: Uniform, \
             upgradePolicy: { mode: Manual }, virtualMachineProfile: { storageProfile: { imageReference: { id: image/1.0.0 } }, \
             networkProfile: { networkInterfaceConfigurations: [{ name: nic, properties: { primary: true, ipConfigurations: [{ \
             name: ip, properties: { loadBalancerBackendAddressPools: [{ id: lb-a/app }, { id: lb-b/app }] } }] } }] } } } }\n\
             application: { capacity: 200 rps, serves: [process] }\nimages: { image: { 1.0.0: {} } }\n\
             traffic: { lb-a: { demand: 400 rps, connections: perRequest }, lb-b: { demand: 400 rps, connections: perRequest } }\n\
             timeline:\n";
    for n in 0..10_000 {
        let (first, at) = (n % 5, 3 * n);
        let all: Vec<String> = (first..first + 4).map(|one| one.to_string()).collect();
        text += &format!(
            "  - {{ name: strike{n}, at: PT{at}S, disturb: {{ scaleSet: web, instances: [{}], how: processDown, for: PT1.5S }} }}\n",
            all.join(", ")
        );
    }
    let loaded = load_text("restless.yaml", text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    for (kind, svg) in pictures(&loaded.plan("as-written").expect("always").plan) {
        assert!(svg.len() < 5_000_000, "{kind}: {} bytes", svg.len());
        println!("{kind}: {} bytes", svg.len());
    }
}
