//! The program around the simulator: files, terminals and threads live here, and nowhere else.

pub mod args;
pub mod commands;
pub mod disk;
pub mod exit;
pub mod input;
pub mod output;
pub mod reality;
pub mod threads;

pub use windtunnel_claims as claims;
pub use windtunnel_experiment as experiment;
pub use windtunnel_infer as infer;
pub use windtunnel_words as words;
