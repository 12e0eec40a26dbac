//! Experiments: what is asked of a run and of many runs.

pub mod assessment;
pub mod auto;
pub mod baseline;
pub mod column;
pub mod compare;
pub mod drill;
pub mod filter;
pub mod fleets;
pub mod incident;
pub mod instant;
pub mod judge;
pub mod limits;
pub mod moment;
pub mod never;
pub mod overall;
pub mod reached;
pub mod repair_loop;
pub mod replay;
pub mod replicate;
pub mod statistics;
pub mod suite;
pub mod table;
pub mod twins;
pub mod vary;
pub mod without_harm;
pub mod workers;
