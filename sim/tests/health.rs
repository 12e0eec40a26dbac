//! The Application Health extension: the published state machines, both engines, and what a run makes of them.

mod support;

#[path = "health/machine.rs"]
mod machine;
#[path = "health/proving.rs"]
mod proving;
#[path = "proofs/health.rs"]
mod rules;
#[path = "health/runs.rs"]
mod runs;

pub(crate) use proving::{proofs, same};
