//! The calls that change the disk, one function each, and what is said when one fails.
//!
//! In builds with debug assertions `WINDTUNNEL_FAULT=error:7` makes the seventh of them fail, `kill:7` ends the program
//! there, and `dead:7` makes it and all later ones fail; `WINDTUNNEL_FAULT_COUNT=FILE` writes how many there were. So the
//! tests try every one of them, and do not sample.

use anyhow::{Context as _, anyhow};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes a folder that is not there.
pub(super) fn create_dir(path: &Path) -> io::Result<()> {
    point()?;
    fs::create_dir(path)
}

/// Makes a folder and those above it.
pub(super) fn create_dir_all(path: &Path) -> anyhow::Result<()> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    said("create the folder", path, point().and_then(|()| fs::create_dir_all(path)))
}

/// Makes a file that is not there.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    point()?;
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Opens the draft of a file, which is made if it is not there. What is no regular file is not opened.
pub(super) fn open_draft(path: &Path) -> io::Result<File> {
    point()?;
    if fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

/// Empties a file.
pub(super) fn empty(file: &File) -> io::Result<()> {
    point()?;
    file.set_len(0)
}

/// Opens what is no regular file to write into it: a device, a pipe.
pub(super) fn open_stream(path: &Path) -> io::Result<File> {
    point()?;
    OpenOptions::new().write(true).open(path)
}

/// Flushes a file to the disk.
pub(super) fn sync(file: &File) -> io::Result<()> {
    point()?;
    file.sync_all()
}

/// Flushes the entries of a folder to the disk. Not every system can, and those that cannot need not.
pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
    point()?;
    match File::open(path).and_then(|folder| folder.sync_all()) {
        Err(error) if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput) => Ok(()),
        other => other,
    }
}

/// Renames.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    point()?;
    fs::rename(from, to)
}

/// Gives a file a second name.
pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    point()?;
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}

/// Lets two paths change places at one instant; false where the system cannot.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    point()?;
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    {
        let _ = (one, other);
        Ok(false)
    }
}

/// Removes a file.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    point()?;
    fs::remove_file(path)
}

/// Sets the time at which a file was changed last to now.
#[expect(
    clippy::disallowed_methods,
    reason = "what was used long ago goes first from a cache; no result depends on it"
)]
pub(super) fn touch(path: &Path) -> io::Result<()> {
    point()?;
    OpenOptions::new().write(true).open(path)?.set_modified(std::time::SystemTime::now())
}

/// Removes a folder that is empty.
pub(super) fn remove_dir(path: &Path) -> io::Result<()> {
    point()?;
    fs::remove_dir(path)
}

/// Adds to the end of a file, which is made if need be.
pub fn append(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || {
        point()?;
        OpenOptions::new().create(true).append(true).open(path)?.write_all(bytes)
    };
    said("append to", path, write())
}

/// A file being written, each piece of which may fail as any other call.
#[derive(Debug)]
pub(super) struct Out(pub(super) File);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        point()?;
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// An error with its path and what to do about it.
pub(super) fn said<T>(what: &str, path: &Path, result: io::Result<T>) -> anyhow::Result<T> {
    result.map_err(|error| anyhow!("{}", reason(&error))).with_context(|| format!("cannot {what} {}", path.display()))
}

/// What went wrong and the fix, without a number of the system's.
pub(super) fn reason(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    let words = match error.kind() {
        Kind::PermissionDenied => "permission denied; change its permissions, or choose another place",
        Kind::NotFound => "a parent folder does not exist; create it, or choose another place",
        Kind::AlreadyExists => "it already exists; choose another, or move it away",
        Kind::NotADirectory => "a parent is not a folder; choose another place",
        Kind::IsADirectory => "it is a folder; name a file",
        Kind::StorageFull | Kind::QuotaExceeded => {
            "no space is left on the device; free some, or choose another \
            place"
        }
        Kind::ReadOnlyFilesystem => "the file system is read-only; choose another place",
        Kind::FileTooLarge => "the file is larger than the system allows; raise the limit, or choose another place",
        Kind::CrossesDevices | Kind::ResourceBusy => {
            "it is a mount point, which cannot be renamed; name a folder in it"
        }
        Kind::InvalidFilename => "the system does not accept the name; choose another",
        _ => return format!("{error}; try again, or choose another place"),
    };
    words.to_owned()
}

/// Where a test may make a call fail.
#[cfg(not(debug_assertions))]
#[expect(clippy::unnecessary_wraps, reason = "in other builds it may fail")]
const fn point() -> io::Result<()> {
    Ok(())
}

/// Where a test may make a call fail.
#[cfg(debug_assertions)]
fn point() -> io::Result<()> {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static DONE: AtomicU64 = AtomicU64::new(0);
    static FAULT: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static COUNT: OnceLock<Option<std::ffi::OsString>> = OnceLock::new();
    let call = DONE.fetch_add(1, Ordering::SeqCst) + 1;
    if let Some(file) = COUNT.get_or_init(|| std::env::var_os("WINDTUNNEL_FAULT_COUNT")) {
        let _ = fs::write(file, call.to_string());
    }
    let fault = FAULT.get_or_init(|| {
        let given = std::env::var("WINDTUNNEL_FAULT").ok()?;
        let (how, at) = given.split_once(':')?;
        Some((how.to_owned(), at.parse().ok()?))
    });
    match fault {
        Some((how, at)) if how == "kill" && call == *at => std::process::abort(),
        Some((how, at)) if (how == "error" && call == *at) || (how == "dead" && call >= *at) => {
            Err(io::Error::other("the test makes this call fail"))
        }
        _ => Ok(()),
    }
}
