//! The simulator of Windtunnel: a deterministic discrete-event model of a fleet of virtual machines on the documented
//! platform. It is pure: no file, no clock, no thread, no hash map.
//!
//! A [`plan::Plan`] says what the fleet is, how the application behaves, how traffic arrives and what goes wrong;
//! [`world::run::run`] replays it with a seed and streams every fact to a [`world::run::Sink`].

pub mod azure;
pub mod delivery;
pub mod demand;
pub mod engine;
pub mod measure;
pub mod plan;
pub mod rules;
pub mod world;
