//! The headline of a run: what goes on at its end is said, whatever its objective says; who was hit is counted in slots.

mod support;

use std::path::Path;
use windtunnel::experiment::replay::Replay;
use windtunnel::input::{LoadOptions, load};
use windtunnel::output::advice;
use windtunnel::output::highlights::{Headline, Highlights, Objective, Rollout, Tone, UpgradeState, moments};
use windtunnel_sim::world::ids::SetId;

/// The headline of a bundled scenario as it is written under seed 1, and what it says to change.
fn headline(name: &str) -> (String, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    let loaded = load(&path, &LoadOptions::default()).expect("it is bundled");
    let planned = loaded.plan("as-written").expect("it is there");
    let replay = Replay::new(&planned.plan, 1);
    let run = Highlights::of(&replay);
    (run.sentence(), advice::of_run(&loaded, planned, &run, name))
}

/// 0.125 % is above the 0.1 % that are allowed, and is not rounded to it.
#[test]
fn what_became_of_the_objective_is_said() {
    let of = |harmed| Objective { allowed: 0.1, harmed: Some(harmed) }.sentence();
    assert_eq!(of(0.125), "The objective is missed: 0.125 % of requests are harmed, and at most 0.1 % may be.");
    assert_eq!(of(0.1), "The objective is met: at most 0.1 % of requests may be harmed.");
    let none = Objective { allowed: 0.1, harmed: None }.sentence();
    assert!(none.starts_with("Whether the objective is met is not known"), "{none}");
}

/// The upgrade brings all ten instances to the version that fails, and nobody takes it back. It is over; the harm is not.
#[test]
fn machines_of_a_bad_version_and_harm_that_goes_on_are_said() {
    let (verdict, _) = headline("shallow-probe-greenlights.yaml");
    assert!(
        verdict.ends_with("; at the end users are still harmed and 10 machines of a bad version stand"),
        "{verdict}"
    );
}

/// What was rolled out halted after its first batch of four, and repairs make machines of that version anew, to the end. Few
/// requests were harmed, which is no reason to call it well.
#[test]
fn a_run_that_keeps_its_objective_need_not_be_well() {
    let (verdict, advice) = headline("rolling-meets-repair.yaml");
    let (_, end) = verdict.split_once("at the end ").expect(&verdict);
    assert!(end.contains("of a bad version still come up"), "{verdict}");
    assert!(!advice.starts_with("nothing"), "{advice}");
}

/// One machine after another is replaced since it is not ready in time, and that has no end.
#[test]
fn repairs_that_undo_each_other_are_said_to_go_on() {
    let (verdict, _) = headline("repair-cascade.yaml");
    assert!(verdict.contains("repairs still undo each other ("), "{verdict}");
    // Ten slots, whatever the repairs made of them.
    assert!(verdict.contains("of 10 slots"), "{verdict}");
}

/// A batch that the end of the run cuts is said to be under way.
#[test]
fn a_rollout_that_still_runs_is_in_its_batch() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/slow-failure.yaml");
    let loaded = load(&path, &LoadOptions::default()).expect("it is bundled");
    let mut planned = loaded.plan("as-written").expect("it is there").clone();
    let whole = Replay::new(&planned.plan, 1);
    use windtunnel_sim::world::fact::{Fact, RolloutFact};
    let began = |record: &&windtunnel_sim::world::fact::Record| {
        matches!(record.fact, Fact::Rollout(RolloutFact::BatchStarted { batch: 2, .. }))
    };
    planned.plan.horizon = whole.ledger.iter().find(began).expect("there are two batches").time;
    let cut = Highlights::of(&Replay::new(&planned.plan, 1)).sentence();
    assert!(cut.contains("at the end the upgrade of vmss-feed is still in batch 2"), "{cut}");
}

/// A run without harm is well, unless something goes on at its end: a repair, or the batch of an upgrade; and a name that says
/// so changes nothing.
#[test]
fn nobody_harmed_and_repairs_without_end_is_not_well() {
    let mut plan = support::quiet();
    plan.sets[0].name = "at the end".to_owned();
    let replay = Replay::new(&plan, 1);
    let quiet = Highlights::of(&replay).headline;
    assert_eq!(quiet.tone(), Tone::Well);
    let mut repairs = quiet.clone();
    repairs.at_end.repairs = 1;
    let mut rollout = quiet;
    for (state, tone) in [(UpgradeState::Completed, Tone::Well), (UpgradeState::InBatch, Tone::Watch)] {
        rollout.rollouts = vec![Rollout::Upgrade { set: SetId(0), batches: 2, state, before: None }];
        assert_eq!(rollout.tone(), tone);
    }
    assert_eq!(repairs.tone(), Tone::Watch);
    assert_eq!(repairs.parts(&replay.names), ["no instance harmed users", "at the end 1 repair still runs"]);
}

/// Durations in the form of programs are nowhere in the sentences about a run: `PT1H39M48S` is read by machines.
#[test]
fn people_read_lengths_as_they_say_them() {
    use windtunnel::words::describe;
    let iso = |text: &str| {
        let after = text.match_indices("PT").map(|(at, _)| text[at + 2..].chars().next());
        after.flatten().any(|next| next.is_ascii_digit())
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("read").path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|end| end == "yaml")) {
        let loaded = load(path, &LoadOptions::default()).expect("it is bundled");
        let planned = loaded.plan("as-written").expect("it is there");
        let replay = Replay::new(&planned.plan, 1);
        let run = Highlights::of(&replay);
        let mut texts = vec![run.sentence(), advice::of_run(&loaded, planned, &run, "x.yaml")];
        texts.extend(
            moments::moments(&replay.names, &replay.ledger, replay.outcome.end)
                .into_iter()
                .map(|moment| moment.sentence),
        );
        texts.extend(replay.ledger.iter().map(|record| describe::sentence(&replay.names, &record.fact)));
        texts.extend(planned.expectations.iter().map(|one| one.wanted()));
        for text in texts {
            assert!(!iso(&text), "{}: {text}", path.display());
        }
    }
}

/// The moments of a bundled scenario as written, by their labels.
fn moments_of(scenario: &str) -> Vec<moments::Moment> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
    let loaded = load(&path, &LoadOptions::default()).expect("it is bundled");
    let planned = loaded.plan("as-written").expect("it is there");
    let replay = Replay::new(&planned.plan, 1);
    moments::moments(&replay.names, &replay.ledger, replay.outcome.end)
}

/// The sale begins at PT20M and harms; in the same instant the capacity is set to 14, and that ends the harm. In the other the
/// harm in the east ends at PT50M without anybody, and the capacity of the west an hour later is no act on it. In the third a
/// probe goes down seconds after the harm begins.
#[test]
fn the_first_act_is_on_what_harms_and_before_the_harm_ends() {
    let act = |scenario: &str| {
        let all = moments_of(scenario);
        let found = all.iter().find(|one| one.label == "first act").expect("there is harm").clone();
        (found.at.map(|(at, _)| at.ms()), found.sentence)
    };
    let (at, shown) = act("standby-pool-against-cold-scale-out.yaml");
    assert_eq!(at, Some(20 * 60_000));
    assert!(shown.contains("the capacity of vmss-shop is set from 8 to 14"), "{shown}");
    let (at, shown) = act("replication-gates-region.yaml");
    assert_eq!((at, shown.as_str()), (None, "nobody acted on it before it ended"));
    let (at, shown) = act("bad-bake-canary.yaml");
    assert!(at.is_some() && shown.contains("vmss-authz-eastus"), "{shown}");
}

/// The pool of three that a fault names instance 7 of, and a second fault that names instance 2.
fn named(instances: &str) -> (String, String, String, Headline) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/problems/no-length-and-no-rate.yaml");
    let text = std::fs::read_to_string(path).expect("it is there");
    let (head, _) = text.split_once("\napplication:").expect("it is there");
    let rest =
        "application: { releases: [c1], serves: [process] }\ntraffic: { lb-web: { demand: 100 rps } }\ntimeline:\n  - ";
    let text = format!(
        "{head}\n{rest}{{ name: dark, at: PT5M, disturb: {{ scaleSet: vmss-web, how: processDown, for: PT5M, instances: {instances} }} }}\n"
    );
    let loaded =
        windtunnel::input::load_text("x.yaml", text, &LoadOptions::default()).unwrap_or_else(|r| panic!("{r}"));
    let planned = loaded.plan("as-written").expect("it is there");
    let replay = Replay::new(&planned.plan, 1);
    let taken = |record: &&windtunnel_sim::world::fact::Record| {
        matches!(record.fact, windtunnel_sim::world::fact::Fact::ActionTaken { .. })
    };
    let entry = replay.ledger.iter().find(taken).expect("it is taken");
    let sentence = windtunnel::words::describe::sentence(&replay.names, &entry.fact);
    let run = Highlights::of(&replay);
    let problems = windtunnel::input::Report::from(loaded.problems.clone()).to_string();
    (problems, sentence, run.sentence(), run.headline)
}

/// Of a set of two, instance 7 is never there: it is warned of, and the run says that the fault had no effect. Instance 1 is.
#[test]
fn a_fault_on_an_instance_that_is_not_there_is_said_to_hit_nobody() {
    let (problems, sentence, shown, headline) = named("[7]");
    assert!(
        problems.contains("W0590") && problems.contains("x.yaml:31:") && problems.contains("from 0 to 1"),
        "{problems}"
    );
    assert!(sentence.contains("instance 7 of vmss-web, which was never there"), "{sentence}");
    assert!(
        shown.contains("“dark” had no effect: vmss-web had no instance 7") && headline.tone() != Tone::Well,
        "{shown}"
    );
    assert_eq!(headline.vain().count(), 1);
    for there in ["[1]", "[1, 7]", "one", "all"] {
        let (problems, sentence, shown, headline) = named(there);
        assert_eq!(problems.contains("W0590"), there.contains('7'), "{there}: {problems}");
        assert!(
            headline.vain().next().is_none() && !shown.contains("nobody:") && !sentence.contains("was never there"),
            "{there}: {shown}"
        );
    }
}

/// Without automatic OS upgrade the version that is published reaches no instance of vmss-api, and the headline says so (UM-13);
/// as written it reaches them.
#[test]
fn what_is_published_and_reaches_nobody_is_in_the_headline() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/never-fires.yaml");
    let loaded = load(&path, &LoadOptions::default()).expect("it is bundled");
    let shown =
        |policy: &str| Highlights::of(&Replay::new(&loaded.plan(policy).expect("it is a policy").plan, 1)).sentence();
    let idle = shown("not-enabled");
    assert!(idle.contains("5 instances of vmss-api stay on their versions (UM-13)"), "{idle}");
    assert!(!shown("as-written").contains("UM-13"));
}
