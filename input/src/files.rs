//! How files are read. This layer touches no disk: whoever calls it hands it a way, so that it runs under a fuzzer and where
//! there is no disk.

use std::fmt;
use std::path::Path;

/// Reads what a scenario names.
pub trait Files {
    /// The bytes of the file at `path`, at most `most` of them.
    ///
    /// # Errors
    ///
    /// It is not there, is no file with a content of its own, is longer, or cannot be read.
    fn read(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unreadable>;
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// There is none.
    Missing,
    /// It is a folder.
    Folder,
    /// It is a pipe, a device or the like.
    Special,
    /// It has so many bytes.
    TooLong(u64),
    /// Anything else, in the words of the system.
    Other(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is not there"),
            Self::Folder => f.write_str("it is a folder"),
            Self::Special => f.write_str("it is not a regular file"),
            Self::TooLong(bytes) => write!(f, "it has {bytes} bytes, more than are read"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

/// No files: whatever a scenario names is missing.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        Err(Unreadable::Missing)
    }
}

/// Where the paths in a scenario begin, and how they are read.
#[derive(Clone, Copy)]
pub struct Base<'f> {
    /// The folder of the scenario.
    pub folder: &'f Path,
    /// How its files are read.
    pub files: &'f dyn Files,
}
