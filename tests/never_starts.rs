//! A rollout that never starts is never green: not in a run, not in `test`, and `check` says it beforehand.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use windtunnel::experiment::assessment::{Assessments, Keeps};
use windtunnel::experiment::compare::{Comparison, compare};
use windtunnel::experiment::judge::{Verdict, judge};
use windtunnel::experiment::replay::Replay;
use windtunnel::experiment::replicate::{Done, Replications, Watcher};
use windtunnel::experiment::statistics as stats;
use windtunnel::input::{LoadOptions, Loaded, Planned, load, load_text};
use windtunnel::output::foresee;
use windtunnel::threads::replicate;
use windtunnel_sim::plan::Plan;

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
        judged
            .iter()
            .find(|one| one.expectation.name == "no instance runs the version")
            .expect("it is there")
            .verdict
            .clone()
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

/// The scenario in which automatic upgrades never fire, with a bound on harm that every policy is held to.
fn bounded() -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/never-fires.yaml");
    let text = std::fs::read_to_string(path).expect("it is bundled");
    let (head, _) = text.split_once("\nexpect:\n").expect("it expects something");
    let bound = "expect:\n  - { name: harm, policy: all, measure: blast_radius.requests_pct, atMost: 1% }\n";
    let text = format!("{head}\nobjective: 99.9%\n{bound}");
    load_text("x.yaml", text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"))
}

/// The set with users, the rule by which it never moves under each policy, and beside them the set without users that does.
const KEPT: [(&str, &str); 6] = [
    ("not-enabled", "UM-13"),
    ("protected", "RU-36"),
    ("outside-its-window", "OS-14"),
    ("pinned-version", "OS-01"),
    ("no-health-source", "OS-03"),
    ("two-health-sources", "UM-06"),
];

/// A set that never moves is no merit since another one moves: neither better, nor one that keeps the objective, nor a pass.
/// Where the set that never moves has no users, harm is what it is, and only the rollout is not compared.
#[test]
fn a_set_that_never_moves_is_never_green_though_another_moves() {
    let loaded = bounded();
    let planned: Vec<&Planned> = loaded.policies().map(|name| loaded.plan(name).expect("it is listed")).collect();
    let plans: Vec<&Plan> = planned.iter().map(|one| &one.plan).collect();
    let names: Vec<&str> = loaded.policies().collect();
    let mut made = Replications::new(1, &names);
    replicate(None, &plans, &mut made, 2, 1, &AtomicBool::new(false), &mut Nobody).expect("they run");
    let comparison = Comparison { objective: Some(0.999), ..compare(&made, 0, None) };
    let assessments = Assessments::of(&comparison);
    let place = |name: &str| names.iter().position(|one| *one == name).expect("it is a policy");
    for (policy, rule) in KEPT {
        let at = place(policy);
        let kept = comparison.policies[at].never_started.clone().unwrap_or_else(|| panic!("{policy}"));
        assert_eq!((kept.rule.as_str(), kept.set.as_deref()), (rule, Some("vmss-api")), "{policy}");
        assert_eq!((assessments.of[at].keeps, assessments.of[at].met), (Keeps::NotStarted, 2), "{policy}");
        assert!(comparison.policies[at].paired.iter().all(|one| one.verdict != stats::Verdict::Better), "{policy}");
        let replay = Replay::new(&planned[at].plan, 1);
        match &judge(&planned[at].expectations, &replay)[0].verdict {
            Verdict::Inconclusive(why) => assert!(why.contains("vmss-api") && why.contains(rule), "{why}"),
            other => panic!("{policy}: {other:?}"),
        }
    }
    for policy in ["as-written", "tries-to-pin"] {
        let at = place(policy);
        assert_eq!(
            (&comparison.policies[at].never_started, assessments.of[at].keeps),
            (&None, Keeps::Always),
            "{policy}"
        );
    }
    let jobs = comparison.policies[place("max-surge-on-flexible")].never_started.as_ref().expect("its jobs stay");
    assert_eq!((jobs.rule.as_str(), jobs.set.as_deref()), ("MS-07", Some("vmss-jobs")));
    let at = place("max-surge-on-flexible");
    assert_eq!(judge(&planned[at].expectations, &Replay::new(&planned[at].plan, 1))[0].verdict, Verdict::Pass);
}

struct Nobody;

impl Watcher for Nobody {
    fn done(&mut self, _: &[Done]) -> anyhow::Result<()> {
        Ok(())
    }
}
