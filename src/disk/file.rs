//! One file, whole or not at all.

use super::ops::{self, Out, said};
use super::{bicep, lock, names};
use anyhow::{Context as _, bail};
use std::fs::{self, TryLockError};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use windtunnel_input::files::{Compiled, Files, NotCompiled, Unreadable};

/// Writes a file whole or not at all: under another name, flushed, renamed. What is no regular file is never replaced:
/// into a device or pipe the bytes are written, as into `/dev/stdout`.
///
/// # Errors
///
/// It cannot be written, or a folder or link is there; then all is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Existing::Stream = existing(path)? {
        let write = || {
            let mut out = Out(ops::open_stream(path)?);
            out.write_all(bytes)
        };
        return said("write to", path, write());
    }
    if let Some(parent) = path.parent() {
        ops::create_dir_all(parent)?;
    }
    let (draft, file) = draft_of(path)?;
    let fill = || -> io::Result<()> {
        let mut out = Out(file);
        out.write_all(bytes)?;
        ops::sync(&out.0)?;
        ops::rename(&draft, path)?;
        ops::sync_dir(parent_of(path))
    };
    said("write", path, fill()).inspect_err(|_| {
        let _ = ops::remove_file(&draft);
    })
}

/// Writes a file that must not be there yet, whole or not at all.
///
/// # Errors
///
/// It is there, or cannot be written; then all is as it was.
pub fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        bail!("{} already exists and is not replaced; choose another name, or move it away", path.display());
    }
    write(path, bytes)
}

/// Notes that a file was used now; that it cannot be noted is no trouble.
pub fn touch(path: &Path) {
    let _ = ops::touch(path);
}

/// Removes a regular file.
///
/// # Errors
///
/// It is none, or cannot be removed.
pub fn remove(path: &Path) -> anyhow::Result<()> {
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_file()) {
        bail!("{} is not a regular file, and is not removed", path.display());
    }
    said("remove", path, ops::remove_file(path))
}

/// Reads a regular file of at most so many bytes. What is none, such as a pipe, is not waited for, and what is without end, such
/// as `/dev/zero`, is not read.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    let other = |what: String| Err(io::Error::other(what));
    if found.is_dir() {
        return other("it is a folder".to_owned());
    }
    if !found.is_file() {
        return other("it is not a regular file".to_owned());
    }
    // What says that it is empty, as files below /proc do, may be without end all the same.
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return other(format!("it is larger than the limit of {most} bytes"));
    }
    Ok(bytes)
}

/// The same as a text.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(path, most)?).map_err(|_| io::Error::other("it is not UTF-8"))
}

/// What keeps something from being read, without a number of the system's.
#[must_use]
pub fn why(error: &io::Error) -> String {
    let text = error.to_string();
    let own = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = own.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The files of this machine, for whoever is handed a way to read.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unreadable> {
        let other = |error: io::Error| Unreadable::Other(why(&error));
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Unreadable::Missing),
            Err(error) => Err(other(error)),
            Ok(data) if data.is_dir() => Err(Unreadable::Folder),
            Ok(data) if !data.is_file() => Err(Unreadable::Special),
            Ok(data) if data.len() > most => Err(Unreadable::TooLong(data.len())),
            Ok(_) => read(path, most).map_err(other),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<String>, Unreadable> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Unreadable::Missing,
            _ => Unreadable::Other(why(&error)),
        })?;
        let files = entries.iter().filter(|entry| entry.path().is_file());
        Ok(files.filter_map(|entry| entry.file_name().into_string().ok()).collect())
    }

    fn compile(&self, path: &Path) -> Result<Compiled, NotCompiled> {
        bicep::compile(path)
    }

    fn compiler(&self) -> Option<String> {
        bicep::used()
    }
}

/// What stands where a file is to be.
enum Existing {
    Nothing,
    File,
    Stream,
}

fn existing(path: &Path) -> anyhow::Result<Existing> {
    let shown = path.display();
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Existing::Nothing),
        Err(error) => return said("look at", path, Err(error)),
    };
    if found.is_file() {
        Ok(Existing::File)
    } else if found.is_dir() {
        bail!("{shown} is a folder; name a file")
    } else if found.is_symlink() {
        // What a link leads to is followed for streams alone: /dev/stdout is a link.
        let leads = fs::metadata(path).map(|meta| meta.file_type());
        match leads {
            Ok(leads) if !leads.is_file() && !leads.is_dir() => Ok(Existing::Stream),
            _ if path.starts_with("/dev") || path.starts_with("/proc") => Ok(Existing::Stream),
            _ => bail!("{shown} is a link, which is not replaced; name the file it points to"),
        }
    } else {
        Ok(Existing::Stream)
    }
}

/// The draft beside `path`, empty and ours alone. One that a killed writer left is taken up.
fn draft_of(path: &Path) -> anyhow::Result<(PathBuf, fs::File)> {
    let name = path.file_name().with_context(|| format!("{} is not the name of a file", path.display()))?;
    let draft = path.with_file_name(names::draft(&name.to_string_lossy()));
    loop {
        let file = said("write", path, ops::open_draft(&draft))?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            bail!("another windtunnel is writing {}; wait for it, or choose another file", path.display());
        }
        // Its writer may just have renamed it: then what is open here is the finished file, and not to be touched.
        if lock::is_still(&draft, &file) {
            said("write", path, ops::empty(&file)).inspect_err(|_| {
                let _ = ops::remove_file(&draft);
            })?;
            return Ok((draft, file));
        }
    }
}

/// A word that no other draft of this program has.
pub(super) fn unique() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The folder that a path lies in.
pub(super) fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_no_draft() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/er/a.txt");
        write(&path, b"one").expect("written");
        write(&path, b"two").expect("written again");
        assert_eq!(fs::read(&path).expect("read"), b"two");
        assert_eq!(fs::read_dir(path.parent().expect("a parent")).expect("listed").count(), 1);
    }

    #[test]
    fn what_is_no_regular_file_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, dir) = (folder.path().join("file"), folder.path().join("dir"));
        fs::write(&file, "mine").expect("written");
        fs::create_dir(&dir).expect("made");
        assert!(format!("{:#}", write(&dir, b"x").expect_err("a folder")).contains("is a folder; name a file"));
        assert!(format!("{:#}", write_new(&file, b"x").expect_err("there")).contains("already exists"));
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&file, &link).expect("linked");
            assert!(format!("{:#}", write(&link, b"x").expect_err("a link")).contains("is a link"));
            write(Path::new("/dev/null"), b"x").expect("a device takes it");
            assert!(!fs::symlink_metadata("/dev/null").expect("it stands").is_file());
        }
        assert_eq!(fs::read(&file).expect("read"), b"mine");
    }
}
