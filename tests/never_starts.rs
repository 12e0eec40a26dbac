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
