//! Claims: what a scenario says must hold of a measure or of a quantity over time. They know no file and judge no run.

pub mod expect;
pub mod margin;
pub mod quantity;
