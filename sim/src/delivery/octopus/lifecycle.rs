//! Lifecycles: how far a release has come, where it may be deployed, and what is deployed by itself once it comes there.
//!
//! Rules: OC-21, OC-22, OC-23, OC-24. Who asks in vain is a person: a trigger and a step of another project deploy what the place has.

use super::queue;
use super::tasks::{self, Order};
use crate::engine::time::SimTime;
use crate::plan::{Code, Lifecycle, Octopus, OctopusAct, Phase, Plan, Required};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, OctopusFact, TaskBy};
use crate::world::ids::{Entry, ProjectId};
use std::collections::BTreeSet;

/// What is known of releases of projects that have a lifecycle.
#[derive(Clone, Debug, Default)]
pub(super) struct Releases {
    /// Those that were created.
    created: BTreeSet<(ProjectId, Code)>,
    /// Phases that are complete, by the first place of the tenant.
    completed: BTreeSet<(ProjectId, Code, u16, usize)>,
    /// Releases that came further since triggers were looked at, in the order in which they did.
    moved: Vec<Moved>,
}

/// A release was created or deployed with success: there may be more to deploy it to.
#[derive(Clone, Copy, Debug)]
struct Moved {
    project: ProjectId,
    release: Code,
    /// A place of the tenant.
    place: u16,
    at: SimTime,
    cause: Entry,
}

impl Releases {
    /// What was deployed before the run was created before it.
    pub(super) fn new(plan: &Octopus) -> Self {
        let projects = plan.projects.iter().enumerate();
        let created = projects.filter_map(|(at, project)| Some((ProjectId(at as u16), project.deployed?)));
        Self { created: created.collect(), ..Self::default() }
    }

    /// Whether a release waits for triggers to be looked at.
    pub(super) fn wait(&self) -> bool {
        !self.moved.is_empty()
    }
}

/// The first place of the tenant that a place is of.
fn first_of_tenant(plan: &Plan, place: u16) -> u16 {
    let places = &plan.octopus.places;
    let tenant = &places[usize::from(place)].tenant;
    places.iter().position(|other| other.tenant == *tenant).map_or(place, |at| at as u16)
}

/// The places of a phase that the tenant of a place has.
fn places_of<'p>(plan: &'p Plan, phase: &'p Phase, place: u16) -> impl Iterator<Item = u16> + use<'p> {
    let apart = plan.rules.on(rules::OC_24);
    let tenant = first_of_tenant(plan, place);
    phase.places().filter(move |&other| !apart || first_of_tenant(plan, other) == tenant)
}

/// Which success of a release in a place counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    /// Any that there ever was (OC-23).
    Ever,
    /// That of the latest deployment.
    Latest,
}

impl Counts {
    fn by_rule(plan: &Plan) -> Self {
        if plan.rules.on(rules::OC_23) { Self::Ever } else { Self::Latest }
    }

    /// Whether a release was deployed to a place with success.
    fn a_success(self, world: &World, plan: &Plan, (project, release): (ProjectId, Code), place: u16) -> bool {
        let queue = &world.octopus.queues[queue::at(plan, project, place)];
        let mut of = queue.deployments.iter().filter(|deployment| deployment.release == release);
        match self {
            Self::Ever => of.any(|deployment| deployment.succeeded),
            Self::Latest => of.next_back().is_some_and(|deployment| deployment.good),
        }
    }
}

/// Whether a release has what it needs in a phase, for the tenant of a place.
fn is_complete(
    world: &World,
    plan: &Plan,
    of: (ProjectId, Code),
    (phase, counts): (&Phase, Counts),
    place: u16,
) -> bool {
    let places: Vec<u16> = places_of(plan, phase, place).collect();
    let successes = places.iter().filter(|&&place| counts.a_success(world, plan, of, place)).count();
    match phase.required {
        Required::All => successes == places.len(),
        Required::Minimum(least) => successes >= places.len().min(least as usize),
        Required::Nothing => true,
    }
}

/// The first phase that a release has still to complete before it may go to a place; `Err` where no phase has the place.
fn still_before(
    world: &World,
    plan: &Plan,
    of: (ProjectId, Code),
    (lifecycle, counts): (&Lifecycle, Counts),
    place: u16,
) -> Result<Option<usize>, ()> {
    let phases = &lifecycle.phases;
    let own = phases.iter().position(|phase| phase.places().any(|other| other == place)).ok_or(())?;
    Ok(phases[..own].iter().position(|phase| !is_complete(world, plan, of, (phase, counts), place)))
}

/// A release of a project with a lifecycle is there from now on, if it was not before.
fn create(world: &mut World, cx: &mut Cx<'_>, (project, release): (ProjectId, Code), cause: Entry) {
    if cx.plan.octopus.lifecycle(project.0).is_none() || !world.octopus.releases.created.insert((project, release)) {
        return;
    }
    let created = OctopusFact::ReleaseCreated { project, release };
    let cause = cx.record(Fact::Octopus(created), cause, rules::OC_21);
    let places = 0..cx.plan.octopus.places.len() as u16;
    for place in places.filter(|&place| first_of_tenant(cx.plan, place) == place) {
        moves(world, cx, (project, release, place), cause);
    }
}

/// A deployment was a success: it may complete a phase, and let the release into the next.
pub(super) fn came_further(
    world: &mut World,
    cx: &mut Cx<'_>,
    (project, release, place): (ProjectId, Code, u16),
    cause: Entry,
) {
    let Some(lifecycle) = cx.plan.octopus.lifecycle(project.0) else { return };
    let mut cause = cause;
    let own = lifecycle.phases.iter().position(|phase| phase.places().any(|other| other == place));
    if let Some(at) = own.filter(|&at| lifecycle.phases[at].required != Required::Nothing)
        && is_complete(world, cx.plan, (project, release), (&lifecycle.phases[at], Counts::by_rule(cx.plan)), place)
        && world.octopus.releases.completed.insert((project, release, first_of_tenant(cx.plan, place), at))
    {
        let completed = OctopusFact::PhaseCompleted { project, release, place, phase: at as u8 };
        let tenant = cx.plan.octopus.places[usize::from(place)].tenant.is_some();
        let rule = if tenant && cx.on(rules::OC_24) { rules::OC_24 } else { rules::OC_21 };
        cause = cx.record(Fact::Octopus(completed), cause, rule);
    }
    moves(world, cx, (project, release, place), cause);
}

/// A release came further: what is to be deployed automatically is looked at with the triggers (OC-22).
fn moves(world: &mut World, cx: &mut Cx<'_>, (project, release, place): (ProjectId, Code, u16), cause: Entry) {
    if cx.plan.octopus.promotes(project.0) && cx.on(rules::OC_22) {
        let at = cx.now();
        world.octopus.releases.moved.push(Moved { project, release, place, at, cause });
        queue::expect_scan(&mut world.octopus, cx);
    }
}

/// Deploys releases that came further to the automatic environments of the phases that they may enter, where they never were.
pub(super) fn promote(world: &mut World, cx: &mut Cx<'_>, seen: impl Fn(SimTime) -> bool) {
    let (ready, kept) = std::mem::take(&mut world.octopus.releases.moved).into_iter().partition(|moved| seen(moved.at));
    world.octopus.releases.moved = kept;
    let ready: Vec<Moved> = ready;
    for Moved { project, release, place, cause, .. } in ready {
        let Some(lifecycle) = cx.plan.octopus.lifecycle(project.0) else { continue };
        for phase in lifecycle.phases.iter().filter(|phase| phase.required != Required::Nothing) {
            let own: Vec<u16> =
                places_of(cx.plan, phase, place).filter(|place| phase.automatic.contains(place)).collect();
            for place in own {
                let queue = &world.octopus.queues[queue::at(cx.plan, project, place)];
                let never = queue.deployments.iter().all(|deployment| deployment.release != release);
                if never
                    && still_before(world, cx.plan, (project, release), (lifecycle, Counts::by_rule(cx.plan)), place)
                        == Ok(None)
                {
                    deploy(world, cx, (project, release, place), (0, TaskBy::Lifecycle), (rules::OC_22, cause));
                }
            }
        }
    }
}

/// Puts a deployment of a release to all targets of a place into the queue.
fn deploy(
    world: &mut World,
    cx: &mut Cx<'_>,
    (project, release, place): (ProjectId, Code, u16),
    (skip, by): (u32, TaskBy),
    (rule, cause): (RuleId, Entry),
) {
    let deployment = world.octopus.queues[queue::at(cx.plan, project, place)].add(release, skip);
    let targets = tasks::of_place(world, cx, place, cx.plan.octopus.projects[project.index()].roles);
    tasks::queue(world, cx, Order { project, place, deployment, by, parent: None, targets }, (rule, cause));
}

/// How far a release has come in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// It has what it needs there, for every tenant that there is.
    pub is_complete: bool,
    /// It may be deployed there, for one of them at least.
    pub is_open: bool,
}

/// The releases that were created of projects with a lifecycle.
pub fn created(world: &World) -> impl Iterator<Item = (ProjectId, Code)> + '_ {
    world.octopus.releases.created.iter().copied()
}

/// How far a release has come in each phase of its lifecycle, and the places that it may be deployed to and has not been with success.
#[must_use]
pub fn progress(world: &World, plan: &Plan, of: (ProjectId, Code)) -> (Vec<Progress>, Vec<u16>) {
    let Some(lifecycle) = plan.octopus.lifecycle(of.0.0) else { return Default::default() };
    let (counts, all) = (Counts::by_rule(plan), || 0..plan.octopus.places.len() as u16);
    let tenants = || all().filter(|&place| first_of_tenant(plan, place) == place);
    let complete = |phase: &Phase, place: u16| is_complete(world, plan, of, (phase, counts), place);
    let phases = lifecycle.phases.iter().enumerate().map(|(at, phase)| Progress {
        is_complete: tenants().all(|place| complete(phase, place)),
        is_open: tenants().any(|place| lifecycle.phases[..at].iter().all(|before| complete(before, place))),
    });
    let may = |place: &u16| still_before(world, plan, of, (lifecycle, counts), *place) == Ok(None);
    let next = all().filter(|place| may(place) && !counts.a_success(world, plan, of, *place));
    (phases.collect(), next.collect())
}

// Verbs.

/// A person does something with Octopus. What the lifecycle does not let be is refused, and nothing comes of it (OC-21).
pub fn act(world: &mut World, cx: &mut Cx<'_>, act: &OctopusAct, cause: Entry) {
    match *act {
        OctopusAct::Create { project, release } => create(world, cx, (ProjectId(project), release), cause),
        OctopusAct::Deploy { project, release, place, skip } => {
            let project = ProjectId(project);
            create(world, cx, (project, release), cause);
            let lifecycle = cx.plan.octopus.lifecycle(project.0).filter(|_| cx.on(rules::OC_21));
            let before = |counts| match lifecycle {
                Some(of) => still_before(world, cx.plan, (project, release), (of, counts), place),
                None => Ok(None),
            };
            match before(Counts::by_rule(cx.plan)) {
                Ok(None) => {
                    // It may go although the latest deployment in a phase before is no success.
                    let rule = if before(Counts::Latest) == Ok(None) { rules::OC_04 } else { rules::OC_23 };
                    deploy(world, cx, (project, release, place), (skip, TaskBy::Person), (rule, cause));
                }
                incomplete => {
                    let phase = incomplete.ok().flatten().map(|at| at as u8);
                    let refused = OctopusFact::Refused { project, release, place, phase };
                    cx.record(Fact::Octopus(refused), cause, rules::OC_21);
                }
            }
        }
    }
}
