//! Inference: what is concluded from what was observed. It knows nothing of fleets, and nothing of the simulator: whoever calls it hands
//! it a function that says how likely the observations are.
//!
//! Every draw is a pure function of a seed, and what is evaluated at the same time is evaluated in one batch whose order is fixed: so a
//! result is the same on any number of threads.

/// The hash of the sources of this crate, made when it was built.
pub const SOURCES: &str = env!("SOURCES");

pub mod durations;
pub mod identify;
pub mod matrix;
pub mod posterior;
pub mod prior;
pub mod profile;
pub mod ranks;
pub mod sample;
pub mod special;
pub mod stream;
