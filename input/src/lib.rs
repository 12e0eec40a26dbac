//! What a user hands in: scenarios and Azure's own files, with every problem they have.
//!
//! The way of a scenario: text → spanned tree ([`read`]) → check against the table of keys ([`scenario::check`]) →
//! resources from Azure's files, normalised ([`scenario::resources`]) → one patched tree a policy ([`patch`]) → plan
//! ([`scenario::lower`]). Problems gather on the way, so that a user sees as many at once as can be found.

mod address;
pub mod arm;
pub mod assumed;
pub mod catalogue;
pub mod difference;
pub mod draft;
pub mod drawable;
pub mod drill;
pub mod files;
pub mod formats;
pub mod identity;
pub mod json;
pub mod lint;
mod load;
pub mod measured;
mod observed;
mod origin;
pub mod patch;
mod policies;
pub mod problem;
pub mod quantity;
pub mod read;
pub mod recognise;
pub mod report;
pub mod scenario;
pub mod secrets;
pub mod terraform;
pub mod tree;
pub mod unknown;
pub mod work;
pub mod yaml;

pub use load::{
    AS_WRITTEN, LoadOptions, Loaded, Planned, Written, bare, load, load_effective, load_effective_node, load_over,
    load_text, load_with, written,
};
pub use patch::Change;
pub use problem::{Problem, Problems, Severity};
pub use report::{Colour, Report};
