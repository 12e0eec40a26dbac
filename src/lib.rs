//! Windtunnel: a wind tunnel for VM fleet rollouts. This library is the program's own: it reads files, runs the
//! simulator and writes results; nothing in it is promised to other crates.

pub mod experiment;
pub mod input;
