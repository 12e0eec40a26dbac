//! What is shown and written.

pub mod accepted;
pub mod advice;
pub mod azure_json;
pub mod brief;
pub mod clock;
pub mod comparison;
pub mod describe;
pub mod folder;
pub mod foresee;
pub mod format;
pub mod html;
pub mod measure_row;
pub mod model_md;
pub mod moments;
pub mod plots;
pub mod repair_loop;
pub mod rollouts;
pub mod rulebook_md;
pub mod story;
pub mod stream;
pub mod tables;
pub mod text;
pub mod trace;
pub mod unfinished;
pub mod verdicts;
pub mod why;
