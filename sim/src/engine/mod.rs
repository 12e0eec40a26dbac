//! The engine: time, queue, luck, digest. It knows nothing of Azure.

pub mod digest;
pub mod luck;
mod mean;
pub mod queue;
pub mod time;
