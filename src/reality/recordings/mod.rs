//! A folder of recordings: timelines, each a file, and tables that sum up others. What is missing is missing; what cannot be read
//! is said, and does not stop the rest.

pub mod tables;
pub(crate) mod timeline;

use crate::disk::file;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tables::{Measured, Placement, Upgrade};
use timeline::Timeline;

/// What a folder has.
#[derive(Clone, Debug, Default)]
pub struct Recordings {
    /// Its timelines, by the names of their files.
    pub timelines: Vec<Timeline>,
    /// The rows of `durations.csv`.
    pub durations: Vec<Measured>,
    /// The rows of `placements.csv`.
    pub placements: Vec<Placement>,
    /// The rows of `rolling.csv`.
    pub upgrades: Vec<Upgrade>,
    /// What could not be read, and why.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Reads a folder: timelines of its folder `timelines`, or of itself where it has none, and the tables beside them.
///
/// # Errors
/// Where the folder itself cannot be listed, or has nothing of all this.
pub fn read(folder: &Path) -> Result<Recordings, String> {
    let mut recordings = Recordings::default();
    let inner = folder.join("timelines");
    let from = if inner.is_dir() { &inner } else { folder };
    let entries = std::fs::read_dir(from).map_err(|error| unlisted(from, &error))?;
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files.sort();
    for path in files {
        match read_text(&path).and_then(|text| Timeline::read(&text)) {
            Ok(timeline) => recordings.timelines.push(timeline),
            Err(why) => recordings.unreadable.push((path, why)),
        }
    }
    recordings.durations = table(folder, "durations.csv", &mut recordings.unreadable, Measured::read);
    recordings.placements = table(folder, "placements.csv", &mut recordings.unreadable, Placement::read);
    recordings.upgrades = table(folder, "rolling.csv", &mut recordings.unreadable, Upgrade::read);
    let Recordings { timelines, durations, placements, upgrades, unreadable } = &recordings;
    let nothing = timelines.is_empty() && durations.is_empty() && placements.is_empty() && upgrades.is_empty();
    if nothing && unreadable.is_empty() {
        let shown = folder.display();
        return Err(format!("{shown} has neither timelines (*.json) nor a table of them; name a folder that has"));
    }
    Ok(recordings)
}

/// Why a folder cannot be listed, and what to do about it.
fn unlisted(folder: &Path, error: &std::io::Error) -> String {
    let why = match error.kind() {
        ErrorKind::NotFound => {
            "there is no such folder; name one that has timelines (*.json) or a table such as durations.csv"
        }
        ErrorKind::NotADirectory => "it is no folder; name the folder that it is in",
        ErrorKind::PermissionDenied => "this user may not list it; change its permissions, or name another folder",
        _ => return format!("{}: it cannot be listed: {error}; try again, or name another folder", folder.display()),
    };
    format!("{}: {why}", folder.display())
}

/// The most bytes of a file that are read. The largest recorded timeline has 16 kB, the largest table 800 kB.
const BYTES_MAX: u64 = 32 << 20;

/// What is no regular file is not waited for, and of what has no end not more is read than this.
fn read_text(path: &Path) -> Result<String, String> {
    file::read_text(path, BYTES_MAX).map_err(|error| match error.kind() {
        ErrorKind::NotFound => "it leads to no file; mend the link, or take it away".to_owned(),
        ErrorKind::PermissionDenied => "this user may not read it; change its permissions, or take it away".to_owned(),
        _ => format!("{error}; put a regular file of UTF-8 in its place, or take it away"),
    })
}

/// The rows of a table, if it is there.
fn table<T>(
    folder: &Path,
    name: &str,
    unreadable: &mut Vec<(PathBuf, String)>,
    read: fn(&tables::Record<'_>) -> Result<T, String>,
) -> Vec<T> {
    let path = folder.join(name);
    // A link that leads nowhere is there, and is said.
    if path.symlink_metadata().is_err() {
        return Vec::new();
    }
    match read_text(&path).and_then(|text| tables::rows(&text, read)) {
        Ok((rows, broken)) => {
            unreadable.extend(broken.into_iter().map(|why| (path.clone(), why)));
            rows
        }
        Err(why) => {
            unreadable.push((path, why));
            Vec::new()
        }
    }
}
