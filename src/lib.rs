//! Windtunnel, as a library: everything around the simulator that reads, runs and reports.

pub mod input;
