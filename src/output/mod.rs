//! What is shown and written.

pub(crate) mod accepted;
pub mod advice;
pub mod azure_json;
pub(crate) mod brief;
pub(crate) mod cells;
pub mod comparison;
pub mod folder;
pub mod foresee;
pub(crate) mod format;
pub mod highlights;
pub mod html;
pub mod journal;
pub mod measure_row;
pub mod plots;
pub(crate) mod progress;
pub(crate) mod repair_loop;
pub mod room;
pub(crate) mod stored;
pub(crate) mod stream;
pub mod summary;
pub mod tables;
pub mod trace;
pub(crate) mod verdicts;
pub mod why;
