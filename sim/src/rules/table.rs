//! The rows of the rulebook.

use super::Rule;

/// Every rule, sorted by id.
pub static RULES: &[Rule] = &[];
