//! The simulator of Windtunnel: a deterministic discrete-event model of a fleet of virtual machines on the documented
//! platform. It is pure: no file, no clock, no thread, no hash map.

pub mod engine;
pub mod plan;
pub mod rules;
