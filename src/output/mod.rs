//! What is shown and written.

pub(crate) mod accepted;
pub mod advice;
pub(crate) mod against;
pub(crate) mod annotations;
pub mod azure_json;
pub(crate) mod baseline;
pub mod because;
pub(crate) mod brief;
pub mod calibration;
pub(crate) mod cells;
pub mod comparison;
pub mod difference;
pub mod envelope;
pub(crate) mod findings;
pub mod fit;
pub mod folder;
pub mod foresee;
pub(crate) mod format;
pub mod highlights;
pub mod html;
pub mod journal;
pub(crate) mod markdown;
pub mod measure_row;
pub mod note;
pub mod observed;
pub mod plots;
pub mod postmortem;
pub mod prevent;
pub(crate) mod progress;
pub mod proof;
pub(crate) mod repair_loop;
pub mod room;
pub(crate) mod rows;
pub mod run_difference;
pub(crate) mod run_page;
pub mod scorecard;
pub(crate) mod seal;
pub(crate) mod stored;
pub(crate) mod stream;
pub mod summary;
pub mod tables;
pub mod trace;
pub mod verdicts;
pub mod why;

/// What an array holds; nothing where there is none.
pub(crate) fn list(json: &serde_json::Value) -> &[serde_json::Value] {
    json.as_array().map_or(&[], Vec::as_slice)
}

/// Narrower than this a table is of no use, so it is as wide as this and the terminal breaks it.
pub(crate) const LEAST_WIDTH: usize = 60;
