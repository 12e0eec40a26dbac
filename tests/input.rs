//! What the reader of scenarios is held to.

#[path = "input/legality.rs"]
mod legality;
