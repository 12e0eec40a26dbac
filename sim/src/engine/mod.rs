//! The engine: time, queue, randomness, digest. It knows nothing of Azure.

pub mod digest;
mod mean;
pub mod queue;
pub mod random;
pub mod time;
