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

/// The caller alone, one piece after the other.
#[derive(Clone, Copy, Debug)]
pub struct OneByOne;

impl Workers for OneByOne {
    fn each(&self, count: usize, work: &(dyn Fn(usize) -> bool + Sync)) -> anyhow::Result<()> {
        let _ = (0..count).all(work);
        Ok(())
    }
}
