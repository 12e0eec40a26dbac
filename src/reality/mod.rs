//! The model held to recorded reality: what was recorded of real scale sets, the same asked of the model, and a table of both.
//!
//! [`figures`] is the project's own summary of what was recorded; [`recordings`] reads a folder of recordings and [`extract`]
//! makes the same summary of it. [`case`] makes a scenario of a recorded set-up and one call, [`runs`] plays it with many seeds,
//! [`judge`] holds the one to the other, and [`table`] is what came of it. Facts only: no recording is in the
//! project.
//!
//! A call is its own scenario, on a set that is brought to the state that the recording shows before it: so no call begins
//! before the last one is over, however fast or slow the model was, and equal calls of many recordings are played once.

pub(crate) mod case;
pub mod exceptions;
pub mod extract;
pub mod figures;
pub mod held_out;
pub mod judge;
pub(crate) mod placements;
pub mod recordings;
pub(crate) mod runs;
pub(crate) mod scenario;
pub mod table;

/// The seeds of each scenario, from 1 on.
pub const SEEDS: u64 = 200;
/// So many where those do not begin with what was recorded.
pub const MORE_SEEDS: u64 = 2000;
