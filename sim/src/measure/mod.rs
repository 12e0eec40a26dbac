//! Facts into numbers: what came of a run, from the ledger alone. Nothing here reads the world.

pub mod fleet;
pub mod lanes;
pub mod series;
#[cfg(test)]
mod testing;
