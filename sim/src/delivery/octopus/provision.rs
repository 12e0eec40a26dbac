//! The step template "Check VMSS Provision Status", version 3: is this a duplicate, wait for the set, wait for its instances,
//! and bring the list of targets in line with them.
//!
//! Rules: OC-11…OC-18. It looks every 10 s. What it takes for the truth is the list of instances that Azure gives, by host name.

use super::tasks::{self, Timer, task};
use super::{set_timer, steps, targets};
use crate::azure::instances::Provisioning;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{ProvisionCheck, StepKind};
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, OctopusFact, StepTrouble, TargetEnd, TaskBy, TaskEnd};
use crate::world::ids::{Entry, InstanceId};

/// It looks this often.
const PAUSE: SimDuration = SimDuration::from_secs(10);
/// Targets that were registered longer before the deployment was queued were there before (OC-18); fixed in the code.
const EXISTED: SimDuration = SimDuration::from_mins(3);

/// How far a check is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// It waits for instances; before that, for the set.
    for_instances: bool,
    /// When this wait began.
    since: SimTime,
    /// The run is taken for a duplicate.
    duplicate: bool,
}

/// Begins the check; whether it waits.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, number: u32, check: &ProvisionCheck, cause: Entry) -> bool {
    let duplicate = is_duplicate(world, cx, number, check);
    task(world, number).check = Progress { for_instances: false, since: cx.now(), duplicate };
    let mut cause = cause;
    if duplicate {
        let project = task(world, number).project;
        let found = OctopusFact::Duplicate { project, task: number, canceled: check.cancels_duplicates };
        cause = cx.record(Fact::Octopus(found), cause, rules::OC_16);
        if check.cancels_duplicates {
            tasks::end(world, cx, number, TaskEnd::Canceled, (rules::OC_16, cause));
            return false;
        }
    }
    look(world, cx, number, check, cause)
}

/// Whether this run is taken for a duplicate (OC-16): a trigger began it, the same deployment had run before, and it was queued no
/// later than the allowance after that had ended; before it had ended, too.
fn is_duplicate(world: &World, cx: &Cx<'_>, number: u32, check: &ProvisionCheck) -> bool {
    let of = &world.octopus.tasks[number as usize];
    let deployment = &world.octopus.queues[of.queue(cx.plan)].deployments[of.deployment];
    let soon = deployment.finished.is_some_and(|at| of.queued <= at + check.duplicate_time);
    of.by == TaskBy::Trigger && deployment.queued > 1 && soon && cx.on(rules::OC_16)
}

/// The set is looked at again.
pub(super) fn poll(world: &mut World, cx: &mut Cx<'_>, number: u32, cause: Entry) {
    let StepKind::Provision(check) = &tasks::step(world, cx.plan, number).what else { return };
    if !look(world, cx, number, check, cause) && task(world, number).stage == tasks::Stage::Executing {
        tasks::go_on(world, cx, number, cause);
    }
}

/// Whether the answer of Azure says that the set is still at it.
fn set_waits(world: &World, cx: &mut Cx<'_>, check: &ProvisionCheck) -> bool {
    // What the step waits for is a word that Azure does not use: its sets are Updating (OC-11).
    let word = cx.assume(key::OctopusSetState) == choice::OctopusSetState::Provisioning;
    let at_it =
        |state: Provisioning| matches!(state, Provisioning::Creating | Provisioning::Updating | Provisioning::Deleting);
    word && cx.on(rules::OC_11) && of_set(world, check).any(|(_, state)| at_it(state))
}

/// The instances of the set that Azure lists, with their state.
fn of_set<'w>(world: &'w World, check: &ProvisionCheck) -> impl Iterator<Item = (InstanceId, Provisioning)> + use<'w> {
    let (set, rows) = (check.set, &world.instances.rows);
    let ids = (0..rows.len() as u32).map(InstanceId);
    let of = move |id: InstanceId| (id, rows[id.index()].state);
    ids.filter(move |id| rows[id.index()].set.0 == set).map(of).filter(|(_, state)| *state != Provisioning::Deleted)
}

/// Looks at the set; whether it waits.
fn look(world: &mut World, cx: &mut Cx<'_>, number: u32, check: &ProvisionCheck, cause: Entry) -> bool {
    let now = cx.now();
    let of = task(world, number);
    let (project, mut progress) = (of.project, of.check);
    if !progress.for_instances {
        if !check.readable {
            if !cx.on(rules::OC_13) {
                steps::fail_step(world, cx, number, (StepTrouble::Unavailable, rules::OC_14), cause);
                return true;
            }
            cx.record(Fact::Octopus(OctopusFact::Unreadable { project, task: number }), cause, rules::OC_13);
            return false;
        }
        // The time is looked at after the pause, and before the set is again.
        if now.since(progress.since) >= check.timeout {
            steps::fail_step(world, cx, number, (StepTrouble::Timeout, rules::OC_11), cause);
            return true;
        }
        if set_waits(world, cx, check) {
            set_timer(world, cx, number, (PAUSE, Timer::Poll), cause);
            return true;
        }
        (progress.for_instances, progress.since) = (true, now);
        task(world, number).check = progress;
    }
    let creating = of_set(world, check).any(|(_, state)| state == Provisioning::Creating) && cx.on(rules::OC_12);
    let mut cause = cause;
    if creating {
        if now.since(progress.since) < check.timeout {
            set_timer(world, cx, number, (PAUSE, Timer::Poll), cause);
            return true;
        }
        if check.fails_at_timeout {
            steps::fail_step(world, cx, number, (StepTrouble::Timeout, rules::OC_12), cause);
            return true;
        }
        cause = cx.record(Fact::Octopus(OctopusFact::WaitGivenUp { project, task: number }), cause, rules::OC_12);
    }
    bring_in_line(world, cx, number, check, cause);
    false
}

/// Whether two names are of one machine to the step (OC-15): they are the same, or one contains the other.
fn match_names(cx: &Cx<'_>, one: &str, other: &str) -> bool {
    one == other || cx.on(rules::OC_15) && (one.contains(other) || other.contains(one))
}

/// Brings the targets in line with the instances (OC-14), and names those to deploy to.
fn bring_in_line(world: &mut World, cx: &mut Cx<'_>, number: u32, check: &ProvisionCheck, cause: Entry) {
    let plan = cx.plan;
    let of = task(world, number);
    let (project, place, queued) = (of.project, of.place, of.queued);
    let Progress { since, duplicate, .. } = of.check;
    let group = plan.octopus.group(check.set).map(|group| &plan.octopus.targets[usize::from(group)]);
    let there = |state: &Provisioning| !matches!(state, Provisioning::Failed | Provisioning::Stuck);
    let listed = of_set(world, check).filter(|(_, state)| there(state));
    let hosts: Vec<(InstanceId, String)> =
        listed.filter_map(|(id, _)| Some((id, targets::host(world, plan, group?, id).to_lowercase()))).collect();
    let mut output = Vec::new();
    for target in 0..world.octopus.targets.len() as u32 {
        let known = &world.octopus.targets[target as usize];
        let group = targets::group(world, plan, target);
        if known.removed || group.place != place || group.roles & check.roles != check.roles {
            continue;
        }
        let (instance, created) = (known.instance, known.created);
        let called = targets::target_name(world, plan, target).to_lowercase();
        let own = hosts.iter().any(|(id, host)| *id == instance && match_names(cx, &called, host));
        let by = hosts.iter().find(|(_, host)| match_names(cx, &called, host)).map(|(id, _)| *id);
        match by {
            None if cx.on(rules::OC_14) => {
                targets::remove(world, cx, target, TargetEnd::Reconciled, (rules::OC_14, cause));
                continue;
            }
            Some(by) if !own => {
                cx.record(Fact::Octopus(OctopusFact::Kept { instance, target, by }), cause, rules::OC_15);
            }
            None | Some(_) => {}
        }
        let existed = created.is_none_or(|at| queued > at + EXISTED);
        if check.excludes_existing && existed && cx.on(rules::OC_18) {
            let left = OctopusFact::PreExisting { instance, project, task: number };
            cx.record(Fact::Octopus(left), cause, rules::OC_18);
        } else {
            output.push(target);
        }
    }
    let nothing_new = duplicate && cx.on(rules::OC_17);
    let deploys = !output.is_empty() && !nothing_new;
    let rule: RuleId = match (duplicate, cx.now() > since) {
        (true, _) => rules::OC_17,
        (false, true) => rules::OC_12,
        (false, false) => rules::OC_14,
    };
    let checked = OctopusFact::Checked { project, task: number, targets: output.len() as u32, deploys };
    cx.record(Fact::Octopus(checked), cause, rule);
    let of = task(world, number);
    (of.output, of.has_servers) = (Some(output), deploys);
}
