//! What a template does beside its runs: it is submitted, starts runs by itself, and leaves machines behind.
//!
//! Rules: IB-06, IB-15, IB-16, IB-18, `aib.trigger_disable_after`.

use super::{BuildEnd, Run};
use crate::azure::gallery;
use crate::plan::{ImageReference, Right};
use crate::rules::{self, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{BuildFact, Fact, RunState};
use crate::world::ids::{BuilderId, Entry, ImageId, RegionId};

/// What is kept of a template beside its run.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// It failed when it was submitted, so that it never runs; the entry that says so (IB-18).
    pub failed: Option<Entry>,
    /// How many of the runs that its trigger may start have begun.
    fired: usize,
    /// Runs in a row that failed (IB-15).
    failures: u64,
    /// The trigger waits for a run by hand that succeeds.
    disabled: bool,
    /// What `latest` of its source last was, for its trigger.
    seen: Option<ImageId>,
    /// The run is one that the trigger started.
    by_trigger: bool,
    /// What moved while a run was on its way.
    waits: bool,
    /// Build machines that were left for somebody to look at (IB-06).
    pub machines: u32,
}

/// The right that a template lacks and must have when it is submitted (IB-18).
pub fn lacks(cx: &mut Cx<'_>, builder: BuilderId) -> Option<Right> {
    let plan = &cx.plan.builders[builder.index()];
    let lacks = if plan.writes_images { plan.more.lacks } else { Some(Right::WriteImages) };
    lacks.filter(|_| cx.on(rules::IB_18))
}

/// Whether rights are looked at when the template is submitted, and not when a run needs them.
pub fn at_submission(cx: &mut Cx<'_>) -> bool {
    cx.assume(key::AibRightsChecked) == choice::AibRightsChecked::Submission
}

/// A template is submitted when the run of the plan begins.
pub fn submit(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, cause: Entry) {
    if let Some(why) = lacks(cx, builder)
        && at_submission(cx)
    {
        let entry = cx.record(Fact::Build(BuildFact::TemplateFailed { builder, why }), cause, rules::IB_18);
        world.image_builder.builders[builder.index()].kept.failed = Some(entry);
        return;
    }
    world.image_builder.builders[builder.index()].kept.seen = source(world, cx, builder);
    if let Some(image) = cx.plan.builders[builder.index()].more.auto_run.filter(|_| cx.on(rules::IB_16)) {
        super::start(world, cx, builder, ImageId(image), (rules::IB_16, cause));
    }
}

/// What `latest` of the source of a template means in its region.
fn source(world: &World, cx: &Cx<'_>, builder: BuilderId) -> Option<ImageId> {
    let plan = &cx.plan.builders[builder.index()];
    let reference = plan.source.filter(|source| !matches!(source, ImageReference::Version(_)))?;
    gallery::resolve(world, cx, reference, RegionId(plan.region)).ok().map(|found| found.image)
}

/// `latest` of the source may be another version: its trigger starts a run (IB-15).
pub fn look(world: &mut World, cx: &mut Cx<'_>, builder: BuilderId, cause: Entry) {
    let triggered = &cx.plan.builders[builder.index()].more.triggered;
    if triggered.is_empty() || !cx.on(rules::IB_15) {
        return;
    }
    let now = source(world, cx, builder);
    let state = &mut world.image_builder.builders[builder.index()];
    if now.is_some() && now != state.kept.seen {
        state.kept.seen = now;
        state.kept.waits = true;
    }
    if !state.kept.waits || state.kept.disabled || state.run.is_some() || state.kept.failed.is_some() {
        return;
    }
    state.kept.waits = false;
    let Some(&image) = triggered.get(state.kept.fired) else { return };
    state.kept.fired += 1;
    state.kept.by_trigger = true;
    let entry = cx.record(Fact::Build(BuildFact::TriggerFired { builder }), cause, rules::IB_15);
    super::start(world, cx, builder, ImageId(image), (rules::IB_15, entry));
}

/// A run is over: a machine may be kept, and the trigger counts it.
pub fn over(
    world: &mut World,
    cx: &mut Cx<'_>,
    builder: BuilderId,
    (run, how): (Run, (RunState, BuildEnd)),
    cause: Entry,
) {
    let plan = &cx.plan.builders[builder.index()].more;
    let keeps = match how.1 {
        BuildEnd::Customizer => plan.keeps_on_customizer_error,
        BuildEnd::Validation => plan.keeps_on_validation_error && !run.invalid,
        _ => false,
    };
    if keeps && cx.on(rules::IB_06) {
        world.image_builder.builders[builder.index()].kept.machines += 1;
        cx.record(Fact::Build(BuildFact::MachineKept { builder }), cause, rules::IB_06);
    }
    let limit = cx.assume(key::AibTriggerDisableAfter);
    let kept = &mut world.image_builder.builders[builder.index()].kept;
    let by_trigger = std::mem::take(&mut kept.by_trigger);
    let good = matches!(how.0, RunState::Succeeded | RunState::PartiallySucceeded);
    if good {
        kept.failures = 0;
        // Only a run by hand brings a trigger back.
        kept.disabled &= by_trigger;
    } else if how.0 == RunState::Failed && by_trigger {
        kept.failures += 1;
        if kept.failures >= limit && !kept.disabled && cx.on(rules::IB_15) {
            kept.disabled = true;
            cx.record(Fact::Build(BuildFact::TriggerDisabled { builder }), cause, rules::IB_15);
        }
    }
}
