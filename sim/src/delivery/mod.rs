//! What teams put around Azure to deliver their code, and what is common to it: code that somebody brings to an instance from
//! outside is on its disk, and nowhere else (EX-08).

pub mod agent_pools;
pub mod environments;
pub mod octopus;
pub mod pipeline;

use crate::demand::application;
use crate::plan::{Code, Plan};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::ids::{Entry, InstanceId};

/// Whether anybody from outside installs code on the instances of a set.
#[must_use]
pub fn looks_after(plan: &Plan, set: u16) -> bool {
    plan.pipelines.iter().any(|pipeline| pipeline.sets.contains(&set)) || plan.octopus.deployed(set).is_some()
}

/// The code that the instances of a set have from outside when the run begins, where anybody installed any.
#[must_use]
pub fn initial_code(plan: &Plan, set: u16) -> Option<Code> {
    let mut of_set = plan.pipelines.iter().rev().filter(|pipeline| pipeline.sets.contains(&set));
    of_set.find_map(|pipeline| pipeline.deployed).or_else(|| plan.octopus.deployed(set))
}

/// Whether the process of a new instance of a set waits for somebody from outside to start it.
#[must_use]
pub fn starts_process(plan: &Plan, set: u16) -> bool {
    plan.pipelines.iter().any(|pipeline| pipeline.starts_process && pipeline.sets.contains(&set))
        || plan.octopus.starts_process(set)
}

/// Whoever works on an instance from outside is done with it: its code is on the disk, and its process starts if that is
/// theirs to do.
fn deliver(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    (code, starts_process): (Option<Code>, bool),
    cause: Entry,
) {
    if let Some(code) = code {
        application::install(world, cx, instance, code, cause, rules::EX_08);
    }
    if starts_process {
        application::start(world, cx, instance, cause, rules::WT_02);
    }
}
