//! Experiments: what is asked of a run and of many runs.

pub mod expect;
pub mod judge;
pub mod observed;
pub mod replay;
pub mod statistics;
