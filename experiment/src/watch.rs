//! Who watches tests run. This layer knows no clock and no terminal: whoever calls it may bring both.

use super::suite::Tested;
use std::time::Duration;

/// Who watches the tests run; it is called from whichever thread works.
pub trait Watch: Sync {
    /// What its clock shows. No result depends on it.
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    /// A run is done.
    fn ran(&self) {}

    /// So many runs were known from before.
    fn known(&self, _runs: usize) {}

    /// The tests of a policy have ended; policies come in the order of the cases, whoever works.
    fn ended(&self, _tests: &[Tested<'_>]) {}
}

/// Who only counts the runs.
impl<F: Fn() + Sync> Watch for F {
    fn ran(&self) {
        self();
    }
}
