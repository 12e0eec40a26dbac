//! Experiments: what is asked of a run and of many runs.

/// The hash of the sources of this crate, made when it was built.
pub const SOURCES: &str = env!("SOURCES");

pub mod acts;
pub mod after;
pub mod again;
pub mod against;
pub mod assessment;
pub mod auto;
pub mod baseline;
pub mod calibrate;
pub mod causes;
pub mod cells;
pub mod column;
pub mod compare;
pub mod divergence;
pub mod drill;
pub mod figures;
pub mod filter;
pub mod fit;
pub mod fleets;
pub mod harm;
pub mod incident;
pub mod instant;
pub mod judge;
pub mod limits;
pub mod moment;
pub mod never;
pub mod observed;
pub mod overall;
pub mod prevent;
pub mod reached;
pub mod repair_loop;
pub mod replay;
pub mod replicate;
pub mod rows;
pub mod statistics;
pub mod suite;
pub mod table;
pub mod twins;
pub mod vary;
pub mod watch;
pub mod without_harm;
pub mod workers;
