//! Experiments: what is asked of a run and of many runs.

pub mod auto;
pub mod compare;
pub mod expect;
pub mod journal;
pub mod judge;
pub mod observed;
pub mod replay;
pub mod replicate;
pub mod statistics;
