//! What `windtunnel status` answers, held to values that were worked out by hand and to real bodies.

#[path = "status/around.rs"]
mod around;
#[path = "status/command.rs"]
mod command;
#[path = "status/images.rs"]
mod images;
#[path = "status/instances.rs"]
mod instances;
#[path = "status/plans.rs"]
mod plans;
#[path = "samples/mod.rs"]
mod samples;
#[path = "status/sdk.rs"]
mod sdk;
#[path = "status/shapes.rs"]
mod shapes;
#[path = "status/state.rs"]
mod state;
#[path = "../sim/tests/support/mod.rs"]
mod support;
#[path = "status/upgrades.rs"]
mod upgrades;
#[path = "status/written.rs"]
mod written;
