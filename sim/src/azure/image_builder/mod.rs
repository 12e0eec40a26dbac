//! Azure Image Builder: the runs of image templates, from the queue to the last replica.
//!
//! Rules: IB-01…IB-20, `aib.*`, `aib.trigger_disable_after`. A run is queued, starts its build machine, customizes in
//! order, optimizes and validates where asked to, and distributes: it numbers the version, writes it to the gallery and
//! waits for every replica. What the version holds is said by the scenario, so a step that fails and says nothing ships
//! it as it is (IB-04). A template runs once at a time. What it does beside its runs is in `template.rs`: rights, triggers and
//! machines that are kept. Left out: what a build network and a staging group cost in time, of which nothing is published, and
//! a limit of builds at a time (IB-21).

pub mod template;

use crate::azure::gallery::{self, Resolved};
use crate::engine::queue::Key;
use crate::engine::random::{Dist, Purpose, Subject, name};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{CustomizerKind, Failing, Number, Output, Publication, Right, Versioning};
use crate::rules::{self, RuleId, assumptions::Assumed, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Aggregate, BuildEnd, BuildFact, Fact, RunRefusal, RunState, Stage};
use crate::world::ids::{BuilderId, Entry, ImageId, RegionId};

/// What the room alone may change.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The templates of the plan.
    pub builders: Vec<BuilderState>,
}

/// An image template.
#[derive(Clone, Debug, Default)]
pub struct BuilderState {
    /// Its run, if it runs.
    pub run: Option<Run>,
    /// Counts steps over all runs; tells a stale event from a current one.
    epoch: u32,
    /// What its source meant when the run of the plan began: a world that looks it up too early (IB-10 switched off).
    source_at_start: Option<ImageId>,
    /// What is kept beside its run.
    pub kept: template::Kept,
}

/// A run of an image template.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// The version that is to come of it.
    pub image: ImageId,
    /// Where it is.
    pub stage: Stage,
    /// Which step of the stage, where the stage has several.
    step: u16,
    /// The version it started from, where that is known.
    source: Option<ImageId>,
    /// A validator failed, and the run goes on all the same (IB-09).
    invalid: bool,
    /// The restart that it waits for takes longer than its timeout (IB-05).
    overdue: bool,
    /// It is Canceling.
    canceling: bool,
    /// The image is on its way to the home region of its definition (IB-19).
    copying: bool,
    /// The number of its first step; names its deadline.
    first: u32,
}

/// A step of a run.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A step or a stage is over.
    Over {
        /// The template.
        builder: BuilderId,
        /// The step.
        epoch: u32,
        /// The entry at which it began.
        cause: Entry,
    },
    /// The build timeout is reached.
    TimedOut {
        /// The template.
        builder: BuilderId,
        /// The first step of the run.
        first: u32,
        /// The entry at which the clock was started.
        cause: Entry,
    },
}

impl Event {
    #[inline]
    pub(crate) fn key(self, time: SimTime, class: u8) -> Key {
        match self {
            Self::Over { builder, epoch, .. } => Key::new(time, class, builder.0.into(), 0, epoch),
            Self::TimedOut { builder, first, .. } => Key::new(time, class, builder.0.into(), 1, first),
        }
    }
}

impl State {
    /// The templates of the plan, at rest.
    #[must_use]
    pub fn new(cx: &mut Cx<'_>) -> Self {
        Self { builders: vec![BuilderState::default(); cx.plan.builders.len()] }
    }

    /// The template whose run distributes this version.
    #[must_use]
    pub fn distributing(&self, image: ImageId) -> Option<BuilderId> {
        let distributes = |run: &Run| run.image == image && run.stage == Stage::Distributing;
        let at = self.builders.iter().position(|builder| builder.run.as_ref().is_some_and(distributes))?;
        Some(BuilderId(at as u16))
    }
}

/// Notes what each source means when the run of the plan begins, which is when the templates are submitted.
pub fn begin(world: &mut World, cx: &mut Cx<'_>, cause: Entry) {
    for (id, plan) in cx.plan.builders.iter().enumerate() {
        let found = plan.source.and_then(|source| gallery::resolve(world, cx, source, RegionId(plan.region)).ok());
        world.image_builder.builders[id].source_at_start = found.map(|found| found.image);
        template::submit(world, cx, BuilderId(id as u16), cause);
    }
}

/// A step is over, or the timeout is reached.
pub fn handle(world: &mut World, cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::Over { builder, epoch, cause } => {
            let state = &world.image_builder.builders[builder.index()];
            if let (Some(run), true) = (state.run, state.epoch == epoch) {
                over(world, cx, builder, run, cause);
            }
        }
        Event::TimedOut { builder, first, cause } => {
            let run = world.image_builder.builders[builder.index()].run;
            if run.is_some_and(|run| run.first == first && !run.canceling) {
                let state = match cx.assume(key::AibTimeoutState) {
                    choice::AibTimeoutState::Canceled => RunState::Canceled,
                    choice::AibTimeoutState::Failed => RunState::Failed,
                };
                end(world, cx, builder, (state, BuildEnd::Timeout, rules::IB_02), cause);
            }
        }
    }
}

/// The replication of what a run distributes may have come to its end (IB-03).
pub fn reconcile(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, cause: Entry) {
    if let Some(run) = world.image_builder.builders[builder.index()].run
        && run.stage == Stage::Distributing
        && !run.canceling
        && !run.copying
    {
        settle(world, cx, builder, run, cause);
    }
    template::look(world, cx, builder, cause);
}

/// The step that the run was at is over: the next one begins, or the next stage.
fn over(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, run: Run, cause: Entry) {
    if run.canceling {
        return end(world, cx, builder, (RunState::Canceled, BuildEnd::Cancel, rules::IB_17), cause);
    }
    match run.stage {
        Stage::Queued => enter(world, cx, builder, Stage::Building, cause),
        Stage::Building => enter(world, cx, builder, Stage::Customizing, cause),
        Stage::Customizing => customized(world, cx, builder, run, cause),
        Stage::Optimizing => enter(world, cx, builder, Stage::Validating, cause),
        Stage::Validating => validated(world, cx, builder, run, cause),
        Stage::Distributing if run.copying => {
            if let Some(run) = &mut world.image_builder.builders[builder.index()].run {
                run.copying = false;
            }
            let copied = BuildFact::CopyEnded { builder, image: run.image };
            let entry = cx.record(Fact::Build(copied), cause, rules::IB_19);
            publish(world, cx, builder, run, entry);
        }
        Stage::Distributing => settle(world, cx, builder, run, cause),
    }
}

/// Sets the next step of a run on its way.
fn wait(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, length: SimDuration, cause: Entry) {
    let state = &mut world.image_builder.builders[builder.index()];
    state.epoch += 1;
    cx.after(length, Due::ImageBuilder(Event::Over { builder, epoch: state.epoch, cause }));
}

/// A run enters a stage; one that has nothing to do is passed over.
fn enter(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, stage: Stage, cause: Entry) {
    let plan = &cx.plan.builders[builder.index()];
    let idle = match stage {
        Stage::Optimizing => !plan.optimize || !cx.on(rules::IB_13),
        Stage::Validating => plan.validators.is_empty() || !cx.on(rules::IB_08),
        Stage::Queued | Stage::Building | Stage::Customizing | Stage::Distributing => false,
    };
    let Some(run) = &mut world.image_builder.builders[builder.index()].run else { return };
    (run.stage, run.step) = (stage, 0);
    if idle {
        let next = if stage == Stage::Optimizing { Stage::Validating } else { Stage::Distributing };
        return enter(world, cx, builder, next, cause);
    }
    let run = *run;
    let rule = if stage == Stage::Optimizing { rules::IB_13 } else { rules::IB_01 };
    let entry = if cx.on(rules::IB_01) {
        cx.record(Fact::Build(BuildFact::StageEntered { builder, stage }), cause, rule)
    } else {
        cause
    };
    match stage {
        Stage::Queued => {}
        Stage::Building => build(world, cx, builder, entry),
        Stage::Customizing => {
            // The clock covers all that follows (IB-02).
            if cx.on(rules::IB_02) {
                let due = Event::TimedOut { builder, first: run.first, cause: entry };
                cx.after(plan.timeout, Due::ImageBuilder(due));
            }
            customize(world, cx, builder, entry);
        }
        Stage::Optimizing => {
            let assumed = if plan.windows { key::AibOptimizeWindows } else { key::AibOptimizeLinux };
            let length = assumed_length(cx, builder, &run, assumed);
            wait(world, cx, builder, length, entry);
        }
        Stage::Validating => validate(world, cx, builder, entry),
        Stage::Distributing => distribute(world, cx, builder, run, entry),
    }
}

/// The build machine starts from the source: the version that it means now (IB-10), in the region of the template (IB-20).
fn build(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, cause: Entry) {
    let plan = &cx.plan.builders[builder.index()];
    if !plan.reads_scripts && !plan.customizers.is_empty() && cx.on(rules::IB_18) {
        end(world, cx, builder, (RunState::Failed, BuildEnd::NoRightToScripts, rules::IB_18), cause);
        return;
    }
    let lacks = template::lacks(cx, builder).filter(|&right| right != Right::WriteImages);
    if lacks.is_some() {
        end(world, cx, builder, (RunState::Failed, BuildEnd::NoRight, rules::IB_18), cause);
        return;
    }
    let mut cause = cause;
    if let Some(source) = plan.source {
        let found = gallery::resolve(world, cx, source, RegionId(plan.region)).ok().map(|Resolved { image, .. }| image);
        let state = &mut world.image_builder.builders[builder.index()];
        let found = if cx.on(rules::IB_10) { found } else { state.source_at_start };
        if let Some(image) = found {
            cause = cx.record(Fact::Build(BuildFact::SourceResolved { builder, image }), cause, rules::IB_10);
        } else if cx.on(rules::IB_20) {
            end(world, cx, builder, (RunState::Failed, BuildEnd::NoSource, rules::IB_20), cause);
            return;
        }
        if let Some(run) = &mut world.image_builder.builders[builder.index()].run {
            run.source = found;
        }
    }
    let Some(run) = world.image_builder.builders[builder.index()].run else { return };
    let length = assumed_length(cx, builder, &run, key::AibBuildVm);
    wait(world, cx, builder, length, cause);
}

/// The draws of a run are keyed by its template and what comes of it.
fn subject(cx: &Cx<'_>, builder: BuilderId, run: &Run) -> Subject {
    let (place, cause) = (&cx.plan.builders[builder.index()].name, &cx.plan.images[run.image.index()].name);
    Subject { place: name(place), cause: name(cause), ordinal: 0 }
}

/// The assumed length of a stage, by the draws of the run.
fn assumed_length(cx: &mut Cx<'_>, builder: BuilderId, run: &Run, assumed: Assumed<Dist>) -> SimDuration {
    let dist = cx.assume(assumed);
    cx.draw(Purpose::BuildStage, subject(cx, builder, run), name(assumed.id.row().key), &dist)
}

/// Begins the customizer that the run is at, or ends the stage.
fn customize(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, cause: Entry) {
    let Some(run) = world.image_builder.builders[builder.index()].run else { return };
    let Some(customizer) = cx.plan.builders[builder.index()].customizers.get(usize::from(run.step)) else {
        let cause = match cx.on(rules::IB_07) {
            true => cx.record(Fact::Build(BuildFact::Generalized { builder }), cause, rules::IB_07),
            false => cause,
        };
        return enter(world, cx, builder, Stage::Optimizing, cause);
    };
    let subject = subject(cx, builder, &run);
    let length = cx.draw(Purpose::Customizer, subject, name(&customizer.name), &customizer.duration);
    // A restart is waited for no longer than its timeout (IB-05).
    let length = match customizer.kind {
        CustomizerKind::Restart { timeout } if length > timeout && cx.on(rules::IB_05) => {
            if let Some(run) = &mut world.image_builder.builders[builder.index()].run {
                run.overdue = true;
            }
            timeout
        }
        _ => length,
    };
    wait(world, cx, builder, length, cause);
}

/// A customizer is done: the first that fails ends the run, unless it says nothing (IB-04).
fn customized(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, run: Run, cause: Entry) {
    let Some(customizer) = cx.plan.builders[builder.index()].customizers.get(usize::from(run.step)) else { return };
    let step = run.step;
    let mut cause = cause;
    if run.overdue {
        let entry = cx.record(Fact::Build(BuildFact::CustomizerFailed { builder, step }), cause, rules::IB_05);
        return end(world, cx, builder, (RunState::Failed, BuildEnd::Customizer, rules::IB_05), entry);
    }
    match customizer.failure {
        Failing::Stops if cx.on(rules::IB_04) => {
            let entry = cx.record(Fact::Build(BuildFact::CustomizerFailed { builder, step }), cause, rules::IB_04);
            end(world, cx, builder, (RunState::Failed, BuildEnd::Customizer, rules::IB_04), entry);
            return;
        }
        Failing::Swallowed => {
            cause = cx.record(Fact::Build(BuildFact::FailureSwallowed { builder, step }), cause, rules::IB_04);
        }
        Failing::Never | Failing::Stops => {}
    }
    let entry = cx.record(Fact::Build(BuildFact::CustomizerDone { builder, step }), cause, rules::IB_04);
    advance(world, builder);
    customize(world, cx, builder, entry);
}

fn advance(world: &mut World, builder: BuilderId) {
    if let Some(run) = &mut world.image_builder.builders[builder.index()].run {
        run.step += 1;
    }
}

/// Begins the validator that the run is at, or ends the stage.
fn validate(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, cause: Entry) {
    let Some(run) = world.image_builder.builders[builder.index()].run else { return };
    let Some(validator) = cx.plan.builders[builder.index()].validators.get(usize::from(run.step)) else {
        return enter(world, cx, builder, Stage::Distributing, cause);
    };
    let subject = subject(cx, builder, &run);
    let length = match &validator.duration {
        Some(dist) => cx.draw(Purpose::Validator, subject, name(&validator.name), dist),
        None => {
            let assumed = cx.assume(key::AibValidate);
            cx.draw(Purpose::Validator, subject, name(&validator.name), &assumed)
        }
    };
    wait(world, cx, builder, length, cause);
}

/// A validator is done: the first that fails fails the run, which may distribute all the same (IB-08, IB-09).
fn validated(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, run: Run, cause: Entry) {
    let plan = &cx.plan.builders[builder.index()];
    let Some(validator) = plan.validators.get(usize::from(run.step)) else { return };
    let step = run.step;
    let unreachable = cx.plan.images[run.image.index()].cannot & validator.reaches != 0;
    if !validator.fails && !unreachable {
        let entry = cx.record(Fact::Build(BuildFact::ValidatorPassed { builder, step }), cause, rules::IB_08);
        advance(world, builder);
        return validate(world, cx, builder, entry);
    }
    let entry = cx.record(Fact::Build(BuildFact::ValidatorFailed { builder, step }), cause, rules::IB_08);
    if !plan.continue_on_failure || !cx.on(rules::IB_09) {
        return end(world, cx, builder, (RunState::Failed, BuildEnd::Validation, rules::IB_08), entry);
    }
    if let Some(run) = &mut world.image_builder.builders[builder.index()].run {
        run.invalid = true;
    }
    enter(world, cx, builder, Stage::Distributing, entry);
}

/// Brings the image to where it goes; a right that is missing there and was not looked at before is found out now (IB-18).
fn distribute(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, run: Run, cause: Entry) {
    let plan = &cx.plan.builders[builder.index()];
    if !plan.writes_images && cx.on(rules::IB_18) {
        return end(world, cx, builder, (RunState::Failed, BuildEnd::NoRightToImages, rules::IB_18), cause);
    }
    if plan.more.output != Output::SharedImage {
        // There is no version and no replica of it (the times recorded are in `aib.build_vm`).
        return end(world, cx, builder, (RunState::Succeeded, BuildEnd::Done, rules::IB_01), cause);
    }
    if plan.more.far && cx.on(rules::IB_19) {
        if let Some(run) = &mut world.image_builder.builders[builder.index()].run {
            run.copying = true;
        }
        let entry = cx.record(Fact::Build(BuildFact::CopyStarted { builder }), cause, rules::IB_19);
        let length = assumed_length(cx, builder, &run, key::AibRegionCopy);
        return wait(world, cx, builder, length, entry);
    }
    publish(world, cx, builder, run, cause);
}

/// Numbers the version and writes it to the gallery.
fn publish(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, run: Run, cause: Entry) {
    let plan = &cx.plan.builders[builder.index()];
    let image = run.image;
    let Some(number) = number(world, cx, builder, &run) else {
        return end(world, cx, builder, (RunState::Failed, BuildEnd::NumberTaken, rules::IB_11), cause);
    };
    gallery::number(world, image, number);
    let entry = cx.record(Fact::Build(BuildFact::Numbered { builder, image, number }), cause, rules::IB_11);
    let dark = plan.excluded && cx.on(rules::IB_12);
    let rule = match (dark, run.invalid) {
        (true, _) => rules::IB_12,
        (false, true) => rules::IB_09,
        (false, false) => rules::IB_01,
    };
    let publication = Publication { image: image.0, targets: plan.targets.clone(), excluded: Some(dark) };
    let Some(published) = gallery::publish(world, cx, &publication, rule, entry) else {
        return end(world, cx, builder, (RunState::Failed, BuildEnd::GalleryRefused, rules::GA_22), entry);
    };
    if !cx.on(rules::IB_03) {
        // A world in which a run does not wait for its replicas.
        return end(world, cx, builder, (RunState::Succeeded, BuildEnd::Done, rules::IB_03), published);
    }
    settle(world, cx, builder, run, published);
}

/// The number of the version (IB-11), if it is free.
fn number(world: &World, cx: &Cx<'_>, builder: BuilderId, run: &Run) -> Option<Number> {
    let plan = &cx.plan.builders[builder.index()];
    let versions = cx.plan.images.iter().zip(&world.gallery.versions);
    let there = versions.filter(|(image, state)| {
        image.version.definition == plan.definition && state.published.is_some() && !state.deleted
    });
    let taken = || there.clone().filter_map(|(_, state)| state.number);
    let above = |major: Option<u32>| {
        let of_major = |number: &Number| major.is_none_or(|major| number.0[0] == major);
        let Number([first, minor, patch]) =
            taken().filter(of_major).max().unwrap_or(Number([major.unwrap_or(0), 0, 0]));
        Number([first, minor, patch.saturating_add(1)])
    };
    let number = match plan.versioning {
        // A world without the schemes.
        _ if !cx.on(rules::IB_11) => above(None),
        Versioning::Latest { major } => above(major),
        Versioning::Source => run.source.and_then(|source| world.gallery.versions[source.index()].number)?,
        Versioning::Explicit(number) => number,
    };
    (!taken().any(|other| other == number)).then_some(number)
}

/// Ends a run whose version has come to rest in every region (IB-03).
fn settle(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, run: Run, cause: Entry) {
    let version = &world.gallery.versions[run.image.index()];
    let complete = version.regions.iter().flatten().any(|at| at.state == gallery::Replication::Completed);
    let (state, why, rule) = match version.aggregate {
        Aggregate::InProgress => return,
        Aggregate::Failed if complete => (RunState::PartiallySucceeded, BuildEnd::Replication, rules::IB_01),
        Aggregate::Failed => (RunState::Failed, BuildEnd::Replication, rules::IB_01),
        Aggregate::Completed | Aggregate::Unknown => (RunState::Succeeded, BuildEnd::Done, rules::IB_03),
    };
    let ended = if run.invalid { (RunState::Failed, BuildEnd::Validation, rules::IB_08) } else { (state, why, rule) };
    end(world, cx, builder, ended, cause);
}

/// A run is over; copies that it still waits for are given up (IB-17).
fn end(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, how: (RunState, BuildEnd, RuleId), cause: Entry) {
    let (state, why, rule) = how;
    let Some(run) = world.image_builder.builders[builder.index()].run.take() else { return };
    let entry = cx.record(Fact::Build(BuildFact::Ended { builder, state, why }), cause, rule);
    if run.stage == Stage::Distributing && matches!(why, BuildEnd::Timeout | BuildEnd::Cancel) {
        gallery::abandon(world, cx, run.image, rule, entry);
    }
    template::over(world, cx, builder, (run, (state, why)), entry);
    if !cx.plan.builders[builder.index()].more.triggered.is_empty() {
        // What its source became meanwhile is looked at now.
        template::look(world, cx, builder, entry);
    }
}

// Verbs.

/// Runs a template, which makes this version; one that runs already is not run again.
pub fn bake(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, image: ImageId, cause: Entry) {
    start(world, cx, builder, image, (rules::IB_01, cause));
}

/// Begins a run, by a rule; a template that failed when it was submitted has none (IB-18).
fn start(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, image: ImageId, (rule, cause): (RuleId, Entry)) {
    let state = &mut world.image_builder.builders[builder.index()];
    if let Some(failed) = state.kept.failed {
        cx.record(Fact::Build(BuildFact::Refused { builder, why: RunRefusal::TemplateFailed }), failed, rules::IB_18);
        return;
    }
    if state.run.is_some() {
        cx.record(Fact::Build(BuildFact::Refused { builder, why: RunRefusal::Running }), cause, rules::IB_01);
        return;
    }
    let first = state.epoch + 1;
    let run = Run {
        image,
        stage: Stage::Queued,
        step: 0,
        source: None,
        invalid: false,
        overdue: false,
        canceling: false,
        copying: false,
        first,
    };
    state.run = Some(run);
    let entry = cx.record(Fact::Build(BuildFact::Started { builder, image }), cause, rule);
    let queued = match state.run {
        Some(run) if cx.on(rules::IB_01) => assumed_length(cx, builder, &run, key::AibQueue),
        _ => SimDuration::ZERO,
    };
    wait(world, cx, builder, queued, entry);
}

/// Cancels the run of a template: it is Canceling for a moment, and leaves what it has distributed (IB-17).
pub fn cancel(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, cause: Entry) {
    let run = world.image_builder.builders[builder.index()].run;
    let Some(run) = run.filter(|run| !run.canceling) else {
        cx.record(Fact::Build(BuildFact::Refused { builder, why: RunRefusal::NothingToCancel }), cause, rules::IB_17);
        return;
    };
    let entry = cx.record(Fact::Build(BuildFact::CancelAsked { builder }), cause, rules::IB_17);
    if !cx.on(rules::IB_17) {
        return;
    }
    if let Some(run) = &mut world.image_builder.builders[builder.index()].run {
        run.canceling = true;
    }
    let length = assumed_length(cx, builder, &run, key::AibCancel);
    wait(world, cx, builder, length, entry);
}

/// Invariants.
///
/// # Panics
/// If one does not hold.
pub fn check(world: &World, cx: &Cx<'_>) {
    for (state, plan) in world.image_builder.builders.iter().zip(&cx.plan.builders) {
        let Some(run) = &state.run else { continue };
        let version = &world.gallery.versions[run.image.index()];
        let distributing = run.stage == Stage::Distributing && (!run.copying || version.published.is_some());
        assert_eq!(version.published.is_some(), distributing, "a run writes its version when it distributes");
        assert!(!distributing || version.number.is_some(), "what is distributed has a number");
        let steps = plan.customizers.len().max(plan.validators.len());
        assert!(usize::from(run.step) <= steps, "a run is at a step that its template has");
    }
}
