//! A comparison as it is shown and written.

pub mod folder;
pub mod json;
mod robustness;
pub mod tables;
pub mod terminal;
