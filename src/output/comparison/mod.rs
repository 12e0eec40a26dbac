//! A comparison as it is shown and written.

pub mod folder;
pub(crate) mod json;
mod robustness;
pub mod tables;
pub mod terminal;
