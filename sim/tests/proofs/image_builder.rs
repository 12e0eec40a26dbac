//! Image templates. A run that is asked for at 100 s leaves the queue at 160 s, has its build machine at 340 s, customizes
//! for 300 s until 640 s, and distributes 30 GB to the east in 480 s, until 1,120 s. What it makes is image 1 and has code 1.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{BuildEnd, BuildFact, Fact, GalleryFact, Record, RunState, Stage};

type Proved = Result<Vec<Record>, String>;

proofs! { "image_builder":
    IB_01 a_run_goes_through_its_stages,
    IB_02 a_run_that_outlasts_its_timeout_fails,
    IB_03 a_run_waits_for_its_replicas,
    IB_05 a_restart_is_waited_for_no_longer_than_its_timeout,
    IB_06 a_machine_is_kept_where_the_template_says_abort,
    IB_07 the_machine_is_generalized_after_the_last_customizer,
    IB_15 a_trigger_builds_when_its_source_moves_and_gives_up,
    IB_16 auto_run_builds_once_when_the_template_is_made,
    IB_19 a_definition_in_another_region_takes_a_copy,
    IB_04 the_first_failing_customizer_ends_the_run_unless_it_says_nothing,
    IB_08 a_validator_that_fails_fails_the_run,
    IB_09 a_failed_run_may_publish_what_becomes_latest,
    IB_10 the_source_is_looked_up_when_the_build_runs,
    IB_11 a_version_is_numbered_above_the_highest,
    IB_12 a_bake_may_be_published_dark,
    IB_13 optimizing_takes_its_time,
    IB_17 a_cancelled_run_leaves_a_half_made_version,
    IB_18 a_missing_right_fails_the_template_or_an_early_run,
    IB_20 a_source_that_is_not_in_the_region_of_the_template_fails_the_run,
}

fn with(rules: RuleSet) -> Plan {
    let mut plan = two_regions();
    plan.rules = rules;
    for (assumption, seconds) in [(A::AibBuildVm, 180), (A::AibOptimizeLinux, 1200), (A::AibOptimizeWindows, 2040)] {
        assume(&mut plan, assumption, Value::Dist(constant(seconds)));
    }
    plan.images[1].name = "app/nightly".into();
    plan.images[1].version.number = None;
    plan.builders = vec![builder()];
    plan.timeline = vec![action("bake", 100, Act::Bake { builder: 0, image: 1 })];
    plan
}

fn builder() -> ImageBuilder {
    ImageBuilder {
        name: "nightly".into(),
        definition: 0,
        source: Some(ImageReference::Version(0)),
        region: 0,
        customizers: vec![customizer("install", 300, Failing::Never)],
        optimize: false,
        windows: false,
        validators: Vec::new(),
        continue_on_failure: false,
        versioning: Versioning::Latest { major: None },
        targets: vec![Target::new(0)],
        excluded: false,
        timeout: s(240 * 60),
        reads_scripts: true,
        writes_images: true,
        more: Template::default(),
    }
}

fn customizer(name: &str, seconds: u64, failure: Failing) -> Customizer {
    Customizer { name: name.into(), duration: constant(seconds), failure, kind: CustomizerKind::Script }
}

/// A validator that reaches for what the image cannot reach; it takes the assumed 300 s.
fn validator() -> Validator {
    Validator { name: "reaches the database".into(), duration: None, fails: false, reaches: 1 }
}

fn build<T>(ledger: &[Record], is: impl Fn(BuildFact) -> Option<T>) -> Vec<(f64, T)> {
    let found = |record: &Record| match record.fact {
        Fact::Build(fact) => is(fact).map(|found| (record.time.seconds(), found)),
        _ => None,
    };
    ledger.iter().filter_map(found).collect()
}

fn stages(ledger: &[Record]) -> Vec<(f64, Stage)> {
    build(ledger, |fact| match fact {
        BuildFact::StageEntered { stage, .. } => Some(stage),
        _ => None,
    })
}

fn ended(ledger: &[Record]) -> Vec<(f64, (RunState, BuildEnd))> {
    build(ledger, |fact| match fact {
        BuildFact::Ended { state, why, .. } => Some((state, why)),
        _ => None,
    })
}

fn numbered(ledger: &[Record]) -> Vec<String> {
    let numbers = build(ledger, |fact| match fact {
        BuildFact::Numbered { number, .. } => Some(number.to_string()),
        _ => None,
    });
    numbers.into_iter().map(|(_, number)| number).collect()
}

fn published(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Gallery(GalleryFact::VersionPublished { .. })))
}

fn latest_moved(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Gallery(GalleryFact::LatestMoved { .. })))
}

const SUCCEEDED: (RunState, BuildEnd) = (RunState::Succeeded, BuildEnd::Done);

/// Optimizing takes 1,200 s and validating 300 s: 640 + 1,200 + 300 = 2,140 s, and 480 s more to distribute.
fn a_run_goes_through_its_stages(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.builders[0].optimize = true;
    plan.builders[0].validators = vec![validator()];
    let ledger = ledger(&plan);
    let expected = vec![
        (160.0, Stage::Building),
        (340.0, Stage::Customizing),
        (640.0, Stage::Optimizing),
        (1840.0, Stage::Validating),
        (2140.0, Stage::Distributing),
    ];
    same("stages", stages(&ledger), expected)?;
    same("ended", ended(&ledger), vec![(2620.0, SUCCEEDED)])?;
    Ok(ledger)
}

/// The clock starts at 340 s: 700 s later, at 1,040 s, the replica of the east is not complete, and never will be.
fn a_run_that_outlasts_its_timeout_fails(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.builders[0].timeout = s(700);
    let ledger = ledger(&plan);
    same("ended", ended(&ledger), vec![(1040.0, (RunState::Failed, BuildEnd::Timeout))])?;
    same("latest moved", latest_moved(&ledger), vec![])?;
    Ok(ledger)
}

/// Two regions take 528 s each: until 640 + 528 = 1,168 s.
fn a_run_waits_for_its_replicas(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.builders[0].targets.push(Target::new(1));
    let ledger = ledger(&plan);
    same("ended", ended(&ledger), vec![(1168.0, SUCCEEDED)])?;
    Ok(ledger)
}

/// The first of two customizers of 60 s fails at 340 + 60 = 400 s. One that swallows its failure goes on to the second, at
/// 460 s, and ships at 460 + 480 = 940 s.
fn the_first_failing_customizer_ends_the_run_unless_it_says_nothing(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let two = |failure| vec![customizer("install", 60, failure), customizer("clean", 60, Failing::Never)];
    plan.builders[0].customizers = two(Failing::Stops);
    same("stops", ended(&ledger(&plan)), vec![(400.0, (RunState::Failed, BuildEnd::Customizer))])?;
    plan.images[1].bad = true;
    plan.builders[0].customizers = two(Failing::Swallowed);
    let ledger = ledger(&plan);
    same("swallowed", ended(&ledger), vec![(940.0, SUCCEEDED)])?;
    same("latest moved", latest_moved(&ledger), vec![940.0])?;
    Ok(ledger)
}

/// The image cannot reach the database: found out at 640 + 300 = 940 s.
fn a_validator_that_fails_fails_the_run(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[1].cannot = 1;
    plan.builders[0].validators = vec![validator()];
    let ledger = ledger(&plan);
    same("ended", ended(&ledger), vec![(940.0, (RunState::Failed, BuildEnd::Validation))])?;
    same("published", published(&ledger), vec![])?;
    Ok(ledger)
}

/// The same, but it is distributed all the same: `latest` is the broken image from 940 + 480 = 1,420 s on.
fn a_failed_run_may_publish_what_becomes_latest(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[1].cannot = 1;
    plan.builders[0].validators = vec![validator()];
    plan.builders[0].continue_on_failure = true;
    let ledger = ledger(&plan);
    same("latest moved", latest_moved(&ledger), vec![1420.0])?;
    same("ended", ended(&ledger), vec![(1420.0, (RunState::Failed, BuildEnd::Validation))])?;
    Ok(ledger)
}

/// The definition `base` gets 1.1.0 at 50 s, complete at 530 s. A run that is asked for at 600 s starts from it, and
/// takes its number.
fn the_source_is_looked_up_when_the_build_runs(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.definitions.push("base".into());
    let mut old = image("base/1.0.0", 0);
    old.version.definition = 1;
    let mut new = absent("base/1.1.0");
    new.version.definition = 1;
    plan.images.extend([old, new]);
    plan.builders[0].source = Some(ImageReference::Definition(1));
    plan.builders[0].versioning = Versioning::Source;
    plan.images[0].version.number = Some(Number([0, 9, 0]));
    let targets = vec![Target::new(0)];
    plan.timeline = vec![
        action("publish", 50, Act::Publish(Publication { image: 3, targets, excluded: None })),
        action("bake", 600, Act::Bake { builder: 0, image: 1 }),
    ];
    let ledger = ledger(&plan);
    same("number", numbered(&ledger), vec!["1.1.0".to_owned()])?;
    Ok(ledger)
}

/// 2.1.0 and 1.2.0 stand: the next is 2.1.1, and that of major 1 is 1.2.1; 2.1.0 is taken.
fn a_version_is_numbered_above_the_highest(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[0].version.number = Some(Number([2, 1, 0]));
    plan.images.push(image("app/1.2.0", 0));
    same("latest", numbered(&ledger(&plan)), vec!["2.1.1".to_owned()])?;
    plan.builders[0].versioning = Versioning::Explicit(Number([2, 1, 0]));
    same("taken", ended(&ledger(&plan)), vec![(640.0, (RunState::Failed, BuildEnd::NumberTaken))])?;
    plan.builders[0].versioning = Versioning::Latest { major: Some(1) };
    let ledger = ledger(&plan);
    same("of major 1", numbered(&ledger), vec!["1.2.1".to_owned()])?;
    Ok(ledger)
}

/// The bake is complete at 1,120 s, and `latest` is what it was.
fn a_bake_may_be_published_dark(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.builders[0].excluded = true;
    let ledger = ledger(&plan);
    same("ended", ended(&ledger), vec![(1120.0, SUCCEEDED)])?;
    same("latest moved", latest_moved(&ledger), vec![])?;
    Ok(ledger)
}

/// 20 min for Linux, 34 min for Windows: distributed from 640 + 1,200 = 1,840 s and from 640 + 2,040 = 2,680 s on.
fn optimizing_takes_its_time(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.builders[0].optimize = true;
    same("Linux", published(&ledger(&plan)), vec![1840.0])?;
    plan.builders[0].windows = true;
    let ledger = ledger(&plan);
    same("Windows", published(&ledger), vec![2680.0])?;
    Ok(ledger)
}

/// Published at 640 s, cancelled at 800 s, and Canceling for 2.2 s: the version is there, and complete nowhere.
fn a_cancelled_run_leaves_a_half_made_version(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline.push(action("cancel", 800, Act::CancelBake { builder: 0 }));
    let ledger = ledger(&plan);
    same("ended", ended(&ledger), vec![(802.2, (RunState::Canceled, BuildEnd::Cancel))])?;
    same("published", published(&ledger), vec![640.0])?;
    let failed = |fact: &Fact| matches!(fact, Fact::Gallery(GalleryFact::ReplicationFailed { .. }));
    same("failed", times(&ledger, failed), vec![802.2])?;
    Ok(ledger)
}

/// Scripts are read when the build machine starts, at 160 s. A right on images is missed when the template is submitted, at the
/// beginning, and there is no run; or where that is assumed, when the version is written at 640 s, and the source read at 160 s.
fn a_missing_right_fails_the_template_or_an_early_run(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.builders[0].reads_scripts = false;
    same("early", ended(&ledger(&plan)), vec![(160.0, (RunState::Failed, BuildEnd::NoRightToScripts))])?;
    plan.builders[0].reads_scripts = true;
    plan.builders[0].writes_images = false;
    let failed = |ledger: &[Record]| {
        build(ledger, |fact| match fact {
            BuildFact::TemplateFailed { why, .. } => Some(why),
            _ => None,
        })
    };
    let early = ledger(&plan);
    same("submitted", failed(&early), vec![(0.0, Right::WriteImages)])?;
    same("no run", (ended(&early), stages(&early)), (vec![], vec![]))?;
    same("refused", build(&early, |fact| matches!(fact, BuildFact::Refused { .. }).then_some(())), vec![(100.0, ())])?;
    assume(&mut plan, A::AibRightsChecked, Value::Choice("run"));
    same("late", ended(&ledger(&plan)), vec![(640.0, (RunState::Failed, BuildEnd::NoRightToImages))])?;
    (plan.builders[0].writes_images, plan.builders[0].more.lacks) = (true, Some(Right::ReadSource));
    same("source", ended(&ledger(&plan)), vec![(160.0, (RunState::Failed, BuildEnd::NoRight))])?;
    assume(&mut plan, A::AibRightsChecked, Value::Choice("submission"));
    let ledger = ledger(&plan);
    same("source at once", failed(&ledger), vec![(0.0, Right::ReadSource)])?;
    Ok(ledger)
}

/// Windows is to be back within 60 s, and takes 90 s: the customizer that begins at 340 s fails at 400 s. Within 120 s it does
/// its work, until 430 s, and the run distributes then.
fn a_restart_is_waited_for_no_longer_than_its_timeout(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let restart = |timeout| Customizer {
        kind: CustomizerKind::Restart { timeout: s(timeout) },
        ..customizer("restart", 90, Failing::Never)
    };
    plan.builders[0].customizers = vec![restart(120)];
    same("in time", published(&ledger(&plan)), vec![430.0])?;
    plan.builders[0].customizers = vec![restart(60)];
    let ledger = ledger(&plan);
    same("late", ended(&ledger), vec![(400.0, (RunState::Failed, BuildEnd::Customizer))])?;
    Ok(ledger)
}

/// The customizer fails at 640 s. Its machine goes, unless `onCustomizerError` is abort; a validator that fails keeps it by
/// `onValidationError`, at 640 + 300 = 940 s.
fn a_machine_is_kept_where_the_template_says_abort(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let kept = |plan: &Plan| {
        let ledger = ledger(plan);
        (build(&ledger, |fact| matches!(fact, BuildFact::MachineKept { .. }).then_some(())), ledger)
    };
    plan.builders[0].customizers = vec![customizer("install", 300, Failing::Stops)];
    same("cleaned up", kept(&plan).0, vec![])?;
    plan.builders[0].more.keeps_on_customizer_error = true;
    same("kept", kept(&plan).0, vec![(640.0, ())])?;
    plan.builders[0].customizers = vec![customizer("install", 300, Failing::Never)];
    plan.builders[0].validators = vec![Validator { fails: true, ..validator() }];
    same("another error", kept(&plan).0, vec![])?;
    plan.builders[0].more.keeps_on_validation_error = true;
    let (kept, ledger) = kept(&plan);
    same("after the validator", kept, vec![(940.0, ())])?;
    Ok(ledger)
}

/// Two customizers of 60 s from 340 s on: at 460 s, once.
fn the_machine_is_generalized_after_the_last_customizer(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.builders[0].customizers = vec![customizer("a", 60, Failing::Never), customizer("b", 60, Failing::Never)];
    let ledger = ledger(&plan);
    same(
        "generalized",
        build(&ledger, |fact| matches!(fact, BuildFact::Generalized { .. }).then_some(())),
        vec![(460.0, ())],
    )?;
    Ok(ledger)
}

/// Nobody asks for a run: it is queued at the beginning, until 60 s, and distributes at 60 + 180 + 300 = 540 s, once.
fn auto_run_builds_once_when_the_template_is_made(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline.clear();
    plan.builders[0].more.auto_run = Some(1);
    let ledger = ledger(&plan);
    same("published", published(&ledger), vec![540.0])?;
    Ok(ledger)
}

/// The definition is at home in the west: from 640 s on the image is copied there for 450 s, is there at 1,090 s, and is published
/// then.
fn a_definition_in_another_region_takes_a_copy(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.builders[0].more.far = true;
    assume(&mut plan, A::AibRegionCopy, Value::Dist(constant(450)));
    let ledger = ledger(&plan);
    let copied = build(&ledger, |fact| matches!(fact, BuildFact::CopyEnded { .. }).then_some(()));
    same("copied", copied, vec![(1090.0, ())])?;
    same("published", published(&ledger), vec![1090.0])?;
    Ok(ledger)
}

/// The template builds `app` from the latest `base`. 1.1.0 of that is published at 200 s and complete 480 s later, at 680 s: the
/// trigger starts a run, whose customizer fails at 680 + 60 + 180 + 300 = 1,220 s. 1.2.0 is complete at 1,480 s, its run fails
/// at 2,020 s, the second in a row: the trigger is disabled, and 1.3.0, complete at 2,480 s, starts nothing. A run by hand at
/// 2,600 s fails as well, so that 1.4.0, complete at 3,480 s, starts nothing either.
fn a_trigger_builds_when_its_source_moves_and_gives_up(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.horizon = at(3590);
    plan.definitions.push("base".into());
    let baked = plan.images[1].clone();
    let base = |name: &str, stands: bool| {
        let mut image = if stands { image(name, 0) } else { absent(name) };
        image.version.definition = 1;
        image
    };
    plan.images.push(base("base/1.0.0", true));
    plan.images.extend(["base/1.1.0", "base/1.2.0", "base/1.3.0", "base/1.4.0"].map(|name| base(name, false)));
    plan.images.extend((0..5).map(|nth| Image { name: format!("app/nightly-{nth}"), ..baked.clone() }));
    let template = &mut plan.builders[0];
    template.source = Some(ImageReference::Definition(1));
    template.customizers = vec![customizer("install", 300, Failing::Stops)];
    template.more.triggered = vec![7, 8, 9, 10];
    assume(&mut plan, A::AibTriggerDisableAfter, Value::Count(2));
    let publish = |at_s, image| {
        let publication = Publication { image, targets: vec![Target::new(0)], excluded: None };
        action(&format!("publish {image}"), at_s, Act::Publish(publication))
    };
    plan.timeline = vec![publish(200, 3), publish(1000, 4), publish(2000, 5), publish(3000, 6)];
    plan.timeline.insert(3, action("by hand", 2600, Act::Bake { builder: 0, image: 11 }));
    let ledger = ledger(&plan);
    let when = |is: fn(BuildFact) -> bool| build(&ledger, |fact| is(fact).then_some(())).into_iter().map(|(at, ())| at);
    let fired: Vec<f64> = when(|fact| matches!(fact, BuildFact::TriggerFired { .. })).collect();
    same("fired", fired, vec![680.0, 1480.0])?;
    let disabled: Vec<f64> = when(|fact| matches!(fact, BuildFact::TriggerDisabled { .. })).collect();
    same("disabled", disabled, vec![2020.0])?;
    Ok(ledger)
}

/// The source is in the west, the template in the east.
fn a_source_that_is_not_in_the_region_of_the_template_fails_the_run(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let mut base = image("base/1.0.0", 0);
    base.version = Version { availability: Availability::In(vec![Target::new(1)]), ..base.version };
    base.version.definition = 1;
    plan.definitions.push("base".into());
    plan.images.push(base);
    plan.builders[0].source = Some(ImageReference::Version(2));
    let ledger = ledger(&plan);
    same("ended", ended(&ledger), vec![(160.0, (RunState::Failed, BuildEnd::NoSource))])?;
    Ok(ledger)
}
