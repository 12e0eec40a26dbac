//! A rollout that never starts is never green: not in a run, not in `test`, and `check` says it beforehand.

use std::path::Path;
use windtunnel::experiment::judge::{Verdict, judge};
use windtunnel::experiment::replay::Replay;
use windtunnel::input::{LoadOptions, Loaded, load};
use windtunnel::output::foresee;

fn bundled(name: &str) -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    load(&path, &LoadOptions::default()).expect("it is bundled")
}

/// The switch is pulled before Azure begins, so nobody runs the bad version, and no instance is harmed by it. That is no
/// merit, and the expectation has to say that it is meant.
#[test]
fn a_bound_on_harm_that_holds_since_nothing_began_is_open() {
    let loaded = bundled("kill-switch-race.yaml");
    let planned = loaded.plan("pulled-early").expect("it is a policy");
    let replay = Replay::new(&planned.plan, 1);
    let mut expectations = planned.expectations.clone();
    let verdict = |expectations: &[_]| {
        let judged = judge(expectations, &replay);
        judged.iter().find(|one| one.expectation.name == "nobody runs it").expect("it is there").verdict.clone()
    };
    assert_eq!(verdict(&expectations), Verdict::Pass, "it says `rollout: none`");
    expectations.iter_mut().for_each(|one| one.without_rollout = false);
    match verdict(&expectations) {
        Verdict::Inconclusive(why) => assert!(why.contains("OS-08"), "{why}"),
        other => panic!("{other:?}"),
    }
}

/// Without automatic OS upgrade a publication moves nobody (UM-13), and it is said before anything runs.
#[test]
fn check_says_what_will_not_move() {
    let loaded = bundled("never-fires.yaml");
    let lines = |policy: &str| foresee::acts(&loaded.plan(policy).expect("it is a policy").plan);
    let moved = lines("as-written");
    assert!(moved.is_empty(), "{moved:?}");
    let idle = lines("not-enabled");
    assert!(idle.iter().any(|line| line.contains("vmss-api") && line.contains("UM-13")), "{idle:?}");
}

/// Only Spot instances can be evicted (SP-19): of the same fleet without `priority: Spot`, the call is refused, and that is
/// said beforehand.
#[test]
fn check_says_that_a_regular_set_cannot_be_evicted() {
    let said = |more: &str| {
        let text = format!(
            "windtunnel: 1\ntitle: t\nhorizon: PT1H\nresources:\n  - type: Microsoft.Compute/virtualMachineScaleSets\n    \
             name: vmss-x\n    location: eastus\n    sku: {{ name: Standard_D2s_v5, capacity: 2 }}\n    properties:\n      \
             orchestrationMode: Uniform\n      virtualMachineProfile:\n{more}        storageProfile: {{ imageReference: {{ id: web }} }}\n\
             timeline:\n  - {{ at: PT5M, name: evict, simulateEviction: {{ scaleSet: vmss-x, instances: one }} }}\n"
        );
        let loaded = windtunnel::input::load_text("x.yaml", text, &LoadOptions::default());
        windtunnel::input::Report::from(loaded.expect("it loads").problems).to_string()
    };
    let regular = said("");
    assert!(regular.contains("W0578") && regular.contains("`vmss-x` has no Spot instances (SP-19)"), "{regular}");
    assert!(regular.contains("x.yaml:14:"), "{regular}");
    let spot = said("        priority: Spot\n        evictionPolicy: Delete\n");
    assert!(!spot.contains("W0578"), "{spot}");
}
