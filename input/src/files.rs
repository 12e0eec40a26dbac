//! How files are read. This layer touches no disk: whoever calls it hands it a way, so that it runs under a fuzzer and where
//! there is no disk.

use std::fmt;
use std::path::{Component, Path, PathBuf};
use windtunnel_sim::engine::time::SimDuration;

/// Reads what a scenario names.
pub trait Files {
    /// The bytes of the file at `path`, at most `most` of them.
    ///
    /// # Errors
    ///
    /// It is not there, is no file with a content of its own, is longer, or cannot be read.
    fn read(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unreadable>;

    /// The names of the files in a folder, in any order.
    ///
    /// # Errors
    ///
    /// It is not there, is none, or cannot be listed; so it is where nobody says how to.
    fn list(&self, _: &Path) -> Result<Vec<String>, Unreadable> {
        Err(Unreadable::Other("there is no list of its files".to_owned()))
    }

    /// A file of Bicep, compiled.
    ///
    /// # Errors
    ///
    /// There is no compiler, or it refuses the file.
    fn compile(&self, _: &Path) -> Result<Compiled, NotCompiled> {
        Err(NotCompiled::Nobody)
    }

    /// What compiled files so far: its name and version.
    fn compiler(&self) -> Option<String> {
        None
    }
}

/// What a compiler of Bicep makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The template.
    pub template: String,
    /// The parameters, of a file of parameters.
    pub parameters: Option<String>,
    /// What made it: a name and a version.
    pub compiler: String,
    /// What the compiler says beside: its standard error.
    pub remarks: String,
}

/// Why a file of Bicep was not compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotCompiled {
    /// There is no compiler.
    Nobody,
    /// The compiler refuses it, and says this.
    Refused(String),
    /// The compiler was not done within this length of time.
    TooSlow(SimDuration),
    /// What the compiler printed is not what was wanted.
    Unusable(String),
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

/// A path without `.`, and without a `..` behind a folder: `a/../b` is `b`, whatever `a` is.
#[must_use]
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        let is_in_folder = || matches!(plain.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if is_in_folder() => _ = plain.pop(),
            other => plain.push(other),
        }
    }
    plain
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
