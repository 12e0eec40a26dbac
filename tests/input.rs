//! What the reader of scenarios is held to.

#[path = "input/autoscale.rs"]
mod autoscale;
#[path = "input/bill.rs"]
mod bill;
#[path = "input/definitions.rs"]
mod definitions;
#[path = "input/extensions.rs"]
mod extensions;
#[path = "input/health.rs"]
mod health;
#[path = "input/images.rs"]
mod images;
#[path = "input/legality.rs"]
mod legality;
#[path = "input/os_upgrade.rs"]
mod os_upgrade;
#[path = "input/placement.rs"]
mod placement;
#[path = "input/published.rs"]
mod published;
#[path = "input/refusals.rs"]
mod refusals;
#[path = "input/repairs.rs"]
mod repairs;
#[path = "input/standby.rs"]
mod standby;
#[path = "input/upgrades.rs"]
mod upgrades;
