//! Who does the work. This layer starts no thread: whoever calls it hands it workers, be they threads or the caller alone.

/// Does many pieces of work.
pub trait Workers: Sync {
    /// Calls `work` with each number below `count`, once each, in any order and at the same time where it can; until one of
    /// them answers no, after which no further piece is begun.
    ///
    /// # Errors
    ///
    /// There can be no threads.
    fn each(&self, count: usize, work: &(dyn Fn(usize) -> bool + Sync)) -> anyhow::Result<()>;
}
