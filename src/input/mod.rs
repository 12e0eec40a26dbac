//! What a user hands in: scenarios and Azure's own files, with every problem they have.

pub mod arm;
pub mod problem;
pub mod tree;
