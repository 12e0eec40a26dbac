//! The scenario file: its keys, its check, and its way to a plan.

pub mod check;
pub mod expectations;
pub mod field;
pub mod instants;
pub mod keys;
pub mod legality;
pub mod lower;
pub mod reference;
pub mod resources;
pub mod schema;
pub mod shape;
pub mod trace;
