//! What Octopus did: deployments, how long new machines waited for theirs, and targets whose machines are gone.

use super::value::Value;
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Code, Plan};
use crate::world::fact::{Fact, OctopusFact, Record, TargetHealth, TaskEnd};
use crate::world::ids::{InstanceId, ProjectId};
use std::collections::{BTreeMap, BTreeSet};

/// What happened in Octopus during a run.
#[derive(Clone, Debug)]
pub struct Deployments<'p> {
    plan: &'p Plan,
    /// Deployments that installed something.
    installed: BTreeSet<u32>,
    /// Those that failed or were cancelled.
    pub(super) unsuccessful: u32,
    /// When targets were first found available on which no step has begun yet.
    available: BTreeMap<InstanceId, SimTime>,
    wait: SimDuration,
    /// When machines were created that no deployment has installed anything on yet, and whether they are targets.
    fresh: BTreeMap<InstanceId, (SimTime, bool)>,
    caught_up: SimDuration,
    /// Who is a target.
    targets: BTreeMap<InstanceId, Option<SimTime>>,
    ghost: SimDuration,
    ghosts: u32,
    most_ghosts: u32,
    /// Deployments that a lifecycle refused.
    pub(super) refused: u32,
    /// When releases were created that some tenant has not in every phase yet, and in how many phases one still lacks them.
    on_the_way: BTreeMap<(ProjectId, Code), (SimTime, u32)>,
    way: SimDuration,
    end: SimTime,
}

impl<'p> Deployments<'p> {
    /// Nothing has happened yet.
    #[must_use]
    pub const fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            installed: BTreeSet::new(),
            unsuccessful: 0,
            available: BTreeMap::new(),
            wait: SimDuration::ZERO,
            fresh: BTreeMap::new(),
            caught_up: SimDuration::ZERO,
            targets: BTreeMap::new(),
            ghost: SimDuration::ZERO,
            ghosts: 0,
            most_ghosts: 0,
            refused: 0,
            on_the_way: BTreeMap::new(),
            way: SimDuration::ZERO,
            end: SimTime::ZERO,
        }
    }

    /// Takes in a fact.
    #[inline]
    pub fn record(&mut self, record: &Record) {
        if self.plan.octopus.is_there() {
            self.take_in(record);
        }
    }

    fn take_in(&mut self, record: &Record) {
        let now = record.time;
        match record.fact {
            Fact::InstanceCreated { instance, .. } => {
                self.fresh.insert(instance, (now, false));
            }
            Fact::InstanceDeleting { instance, .. } => {
                self.fresh.remove(&instance);
                self.available.remove(&instance);
                if let Some(gone @ None) = self.targets.get_mut(&instance) {
                    *gone = Some(now);
                    self.ghosts += 1;
                    self.most_ghosts = self.most_ghosts.max(self.ghosts);
                }
            }
            Fact::Octopus(ref fact) => self.of_octopus(now, fact),
            _ => {}
        }
    }

    fn of_octopus(&mut self, now: SimTime, fact: &OctopusFact) {
        match *fact {
            OctopusFact::Registered { instance, .. } => {
                self.targets.insert(instance, None);
                if let Some((_, target)) = self.fresh.get_mut(&instance) {
                    *target = true;
                }
            }
            OctopusFact::Removed { instance, .. } => {
                if let Some(gone) = self.targets.remove(&instance).flatten() {
                    self.ghosts -= 1;
                    self.ghost = self.ghost.max(now.since(gone));
                }
            }
            OctopusFact::Found { instance, to: TargetHealth::Healthy | TargetHealth::HasWarnings, .. }
                if self.fresh.contains_key(&instance) =>
            {
                self.available.entry(instance).or_insert(now);
            }
            OctopusFact::Began { instance, .. } => {
                let since = self.available.remove(&instance).map_or(SimDuration::ZERO, |at| now.since(at));
                self.wait = self.wait.max(since);
            }
            OctopusFact::Ended { how, .. } => self.unsuccessful += u32::from(how != TaskEnd::Success),
            OctopusFact::Done { instance, project, step, task }
                if self.plan.octopus.projects[project.index()].steps[usize::from(step)].installs() =>
            {
                self.installed.insert(task);
                self.available.remove(&instance);
                if let Some((created, _)) = self.fresh.remove(&instance) {
                    self.caught_up = self.caught_up.max(now.since(created));
                }
            }
            OctopusFact::ReleaseCreated { project, release } => {
                let phases = self.plan.octopus.phases_to_complete(project.0);
                if phases > 0 {
                    self.on_the_way.insert((project, release), (now, phases));
                }
            }
            OctopusFact::PhaseCompleted { project, release, .. } => {
                if let Some((created, left)) = self.on_the_way.get_mut(&(project, release)) {
                    *left = left.saturating_sub(1);
                    if *left == 0 {
                        self.way = self.way.max(now.since(*created));
                        self.on_the_way.remove(&(project, release));
                    }
                }
            }
            OctopusFact::Refused { .. } => self.refused += 1,
            _ => {}
        }
    }

    /// The run is over.
    pub const fn end(&mut self, at: SimTime) {
        self.end = at;
    }

    /// Deployments that installed a release on a target.
    pub(super) fn count(&self) -> u32 {
        self.installed.len() as u32
    }

    /// The longest that a new target waited for its first step.
    pub(super) fn wait(&self) -> Value {
        longest(self.wait, self.available.values().copied(), self.end)
    }

    /// The longest from the creation of a machine to its first deployment.
    pub(super) fn caught_up(&self) -> Value {
        longest(self.caught_up, self.open().map(|(created, _)| created), self.end)
    }

    /// Machines that no deployment has reached.
    pub(super) fn undeployed(&self) -> u32 {
        self.open().count() as u32
    }

    fn open(&self) -> impl Iterator<Item = (SimTime, bool)> + '_ {
        self.fresh.values().copied().filter(|(_, target)| *target)
    }

    /// The most targets at once whose machines were gone.
    pub(super) const fn ghosts_at_once(&self) -> u32 {
        self.most_ghosts
    }

    /// The longest that a release took through its lifecycle.
    pub(super) fn way(&self) -> Value {
        longest(self.way, self.on_the_way.values().map(|&(created, _)| created), self.end)
    }

    /// The longest that a target outlived its machine.
    pub(super) fn ghost(&self) -> Value {
        longest(self.ghost, self.targets.values().copied().flatten(), self.end)
    }
}

/// The longest of what is over and of what still goes on at the end, which may come to more.
fn longest(closed: SimDuration, open: impl Iterator<Item = SimTime>, end: SimTime) -> Value {
    let still = open.map(|since| end.since(since)).max().filter(|&still| still > closed);
    still.map_or(Value::Number(closed.seconds()), |still| Value::AtLeast(still.seconds()))
}
