//! What things are called: a sentence for each fact, names, times, numbers and lists.
//!
//! The lowest layer above the simulator. It reads a plan and facts, and makes text of them.

/// The hash of the sources of this crate, made when it was built.
pub const SOURCES: &str = env!("SOURCES");

pub mod clock;
pub mod control;
pub mod describe;
pub mod instant;
pub mod number;
pub mod place;
pub mod reading;
pub mod suggest;
pub mod text;
