//! The simulator of Windtunnel: a deterministic discrete-event model of a fleet of virtual machines on the documented
//! platform. It is pure: no file, no clock, no thread, no hash map.
//!
//! A [`plan::Plan`] says what the fleet is, how the application behaves, how traffic arrives and what goes wrong;
//! [`world::run::run`] replays it with a seed and streams every fact to a [`world::run::Sink`].

/// The hash of the sources of this crate, made when it was built: two builds with the same one come to the same runs.
pub const SOURCES: &str = env!("SOURCES");

pub mod azure;
pub mod delivery;
pub mod demand;
pub mod engine;
pub mod generator;
pub mod measure;
pub mod plan;
pub mod rules;
pub mod world;
