//! The engine: time, queue, luck, digest. It knows nothing of Azure.

pub mod digest;
pub mod luck;
pub mod queue;
pub mod time;
