//! Claims: what a scenario says must hold of a measure or of a quantity over time, and what was observed. They know no file and judge no
//! run.

/// The hash of the sources of this crate, made when it was built.
pub const SOURCES: &str = env!("SOURCES");

pub mod asks;
pub mod expect;
pub mod margin;
pub mod observed;
pub mod quantity;
