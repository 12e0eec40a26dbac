//! What is shown and written.

pub mod accepted;
pub mod advice;
pub mod azure_json;
pub mod brief;
pub mod cells;
pub mod comparison;
pub mod folder;
pub mod foresee;
pub mod format;
pub mod highlights;
pub mod html;
pub mod journal;
pub mod measure_row;
pub mod model_md;
pub mod plots;
pub mod progress;
pub mod repair_loop;
pub mod room;
pub mod rulebook_md;
pub mod stored;
pub mod stream;
pub mod summary;
pub mod tables;
pub mod trace;
pub mod verdicts;
pub mod why;
