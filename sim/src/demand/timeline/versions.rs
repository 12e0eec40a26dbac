//! What writes find, and what they leave: each sets what its patch names over the resource as it is when the write is made.
//!
//! Rules: VS-16. How long the steps before a write take is drawn, so writes of several entries may come in one order or another. The plan
//! has what comes of a write in each version of what it writes that it may find; which one that is, is known here.

use super::{State, steps};
use crate::azure::{autoscale, front_door, load_balancer, outside_probes};
use crate::engine::time::SimTime;
use crate::plan::{Act, Change, Outcome, Plan, Write};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::{Fact, WriteFact};
use crate::world::ids::{ActionId, Entry};
use std::collections::BTreeMap;

/// The versions of what is written.
#[derive(Clone, Debug, Default)]
pub(super) struct Versions {
    /// By group; one that is not here has its first.
    now: BTreeMap<u16, u16>,
    /// Which of the outcomes of a write came, where it has several.
    came: BTreeMap<ActionId, usize>,
    /// From when on the last write of a group counts, where that is when the control plane has answered it.
    counts: BTreeMap<u16, SimTime>,
}

impl State {
    /// What comes of a write that was made.
    #[must_use]
    pub fn outcome<'p>(&self, plan: &'p Plan, action: ActionId) -> &'p Outcome {
        match &write_of(plan, action).outcomes[..] {
            [only] => only,
            several => &several[self.versions.came[&action]],
        }
    }
}

/// The write that an action is.
#[must_use]
pub fn write_of(plan: &Plan, action: ActionId) -> &Write {
    let Act::Write(write) = &plan.timeline[action.index()].what else { unreachable!("it is no write") };
    write
}

/// Somebody writes to a resource of the network.
pub(super) fn write(world: &mut World, cx: &mut Cx<'_>, action: ActionId, write: &Write, cause: Entry) {
    let versions = &mut world.timeline.versions;
    if write.outcomes.len() > 1 {
        let found = versions.now.get(&write.group).copied().unwrap_or(0);
        // In a world without VS-16 a write is of the resource as the file is read.
        let came = if cx.on(rules::VS_16) { write.outcomes.iter().position(|of| of.finds == found) } else { Some(0) };
        versions.came.insert(action, came.expect("a write finds what one of the orders of the writes leaves"));
    }
    let outcome = world.timeline.outcome(cx.plan, action);
    world.timeline.versions.now.insert(write.group, outcome.leaves);
    if let Some(refusal) = outcome.refusal {
        let rule = cx.plan.refusals[usize::from(refusal)].rule;
        cx.record(Fact::Write(WriteFact::Refused { action, refusal }), cause, rule);
        return;
    }
    match outcome.changes.first() {
        Some(Change::Origin { .. }) => front_door::write(world, cx, action, cause),
        Some(Change::Profile { .. }) => {
            let at = counts_from(world, cx, action, write.group);
            outside_probes::write(world, cx, action, at, cause);
        }
        Some(Change::Setting { .. }) => {
            let at = counts_from(world, cx, action, write.group);
            autoscale::write(world, cx, action, at, cause);
        }
        Some(Change::Probe { .. } | Change::Rule { .. } | Change::Gateway { .. }) | None => {
            load_balancer::write(world, cx, action, cause)
        }
    }
}

/// From when on a write counts: when the control plane has answered it, and not before those to the same resource that were made before.
fn counts_from(world: &mut World, cx: &mut Cx<'_>, action: ActionId, group: u16) -> SimTime {
    let at = cx.now() + steps::write(world, cx, &cx.plan.timeline[action.index()].name);
    let counts = world.timeline.versions.counts.entry(group).or_default();
    *counts = at.max(*counts);
    *counts
}
