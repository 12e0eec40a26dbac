//! Who does the work. This layer starts no thread: whoever calls it hands it workers, be they threads or the caller alone.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does many pieces of work.
pub trait Workers: Sync {
    /// Calls `work` with each number below `count`, once each, in any order and at the same time where it can.
    ///
    /// # Errors
    ///
    /// There can be no threads.
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) -> anyhow::Result<()>;
}

/// The first piece of many that failed, by its number and not by when: whoever works, the same one is named.
///
/// So what comes before a piece that failed is still done, and only what comes behind it is not.
#[derive(Debug)]
pub struct FirstFailed<E> {
    /// The number of the first that failed so far.
    number: AtomicUsize,
    failed: Mutex<Option<(usize, E)>>,
}

impl<E> Default for FirstFailed<E> {
    fn default() -> Self {
        Self { number: AtomicUsize::new(usize::MAX), failed: Mutex::new(None) }
    }
}

impl<E> FirstFailed<E> {
    /// Whether a piece comes behind one that failed, so that nobody asks for it any more.
    #[must_use]
    pub fn is_behind(&self, piece: usize) -> bool {
        piece > self.number.load(Ordering::Relaxed)
    }

    /// A piece failed.
    pub fn put(&self, piece: usize, error: E) {
        self.number.fetch_min(piece, Ordering::Relaxed);
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.as_ref().is_none_or(|(first, _)| piece < *first) {
            *failed = Some((piece, error));
        }
    }

    /// Which one it was, when all is done.
    #[must_use]
    pub fn into_inner(self) -> Option<(usize, E)> {
        self.failed.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::FirstFailed;

    /// Piece 4 fails first, then 2: 3 is behind 2 and 1 is not; 2 is named, though 6 fails last.
    #[test]
    fn the_first_by_number_is_named_whoever_fails_first() {
        let failed = FirstFailed::default();
        assert!(!failed.is_behind(4));
        failed.put(4, "four");
        assert!(failed.is_behind(5) && !failed.is_behind(3));
        failed.put(2, "two");
        failed.put(6, "six");
        assert!(failed.is_behind(3) && !failed.is_behind(1));
        assert_eq!(failed.into_inner(), Some((2, "two")));
    }
}
