//! Who writes a folder: one program at a time.

use super::ops;
use anyhow::bail;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// The right to write one folder, until it is dropped or the program ends.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Held open, since the lock goes with it.
    _file: File,
}

impl Lock {
    /// Takes the lock at `path`, which is about the folder `of`.
    pub(super) fn take(path: PathBuf, of: &Path) -> anyhow::Result<Self> {
        loop {
            let file =
                ops::said("write", &path, OpenOptions::new().create(true).truncate(false).write(true).open(&path))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    bail!("another windtunnel is writing {}; wait for it, or choose another with --out", of.display())
                }
                // A file system without locks: drafts have names of their own, so that nothing is mixed.
                Err(TryLockError::Error(_)) => return Ok(Self { path, _file: file }),
            }
            // Whoever held it before may have removed the file in between; then this lock is of nothing.
            if is_still(&path, &file) {
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether the open file is that at the path.
#[cfg(unix)]
pub(super) fn is_still(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (std::fs::metadata(path), file.metadata()) {
        (Ok(there), Ok(held)) => (there.dev(), there.ino()) == (held.dev(), held.ino()),
        _ => false,
    }
}

/// Whether the open file is that at the path.
#[cfg(not(unix))]
pub(super) fn is_still(path: &Path, _file: &File) -> bool {
    path.exists()
}
