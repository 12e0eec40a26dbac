//! What teams put around Azure to deliver their code.

pub mod pipeline;
