//! The Application Health extension: the published state machines, both engines, and what a run makes of them.

#[path = "health/machine.rs"]
mod machine;
#[path = "health/runs.rs"]
mod runs;
mod support;
