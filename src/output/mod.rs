//! What is shown and written.

pub mod format;
pub mod rulebook_md;
pub mod text;
