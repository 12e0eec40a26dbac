//! Statistics over replications: estimates with intervals, paired differences with verdicts, and an interval
//! that may be looked at again and again.
//!
//! Every interval is for chance alone: it says how far the estimate may be from what infinitely many seeds would give
//! for this scenario, these rules and these assumptions. All functions are pure, sum in the order of the runs, and take
//! transcendental functions from `libm`, so that a report has the same bytes on every machine.

pub mod fit;
mod holm;
mod interval;
mod paired;
mod sequence;
mod summary;

pub use holm::holm;
pub use interval::{Interval, Mean, mean, proportion, quantile_ranks};
pub use paired::{LEAST_DIFFERING, Method, Paired, SAME_WITHIN, Verdict, difference, paired};
pub use sequence::{FIRST_LOOK, MixtureSequence};
pub use summary::{Quantile, Ranked, Summary, summarise};
use windtunnel_infer::special;
pub use windtunnel_infer::special::{
    chi_square_above, coins_at_least, incomplete_beta, inverse_incomplete_beta, student_above, student_t,
};
pub use windtunnel_sim::measure::catalogue::Direction;

/// The confidence of every interval that is shown.
pub const CONFIDENCE: f64 = 0.95;
