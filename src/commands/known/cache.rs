//! A cache of runs: a folder with a file for the runs of each policy, named by the hash of all that they depend on.
//!
//! Nothing in it is needed: a file that is damaged or of another kind is passed over and said, and so is one that cannot be written. Each
//! is written whole or not at all, so several programs may use one folder at once.

use crate::disk::file;
use crate::experiment::baseline::KEPT_MOST;
use crate::experiment::suite::remembered::{Remembered, Wanted};
use crate::input::formats::CACHE;
use crate::output::seal::{open, seal};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use windtunnel_words::number::{count, grouped};

/// The files of a cache come to no more bytes than this; those that nobody used for longest go first.
const BYTES_MOST: u64 = 256 << 20;
/// What the name of each file begins with.
const BEGINNING: &str = "windtunnel-";

/// A cache.
pub(in crate::commands) struct Cache {
    folder: PathBuf,
    said: Mutex<Said>,
}

/// What there is to be said in the end.
#[derive(Default)]
struct Said {
    /// Policies that were known, and all of them.
    hits: usize,
    all: usize,
    /// Files that were passed over, or not written, by the reason.
    passed: BTreeMap<String, Vec<String>>,
}

impl Cache {
    /// The cache in a folder, which need not be there yet.
    ///
    /// # Errors
    ///
    /// Something else is there.
    pub fn at(folder: &Path) -> anyhow::Result<Self> {
        if folder.exists() && !folder.is_dir() {
            bail!("{} is not a folder, so it cannot hold a cache", folder.display());
        }
        Ok(Self { folder: folder.to_owned(), said: Mutex::default() })
    }

    fn path(&self, wanted: &Wanted) -> PathBuf {
        self.folder.join(format!("{BEGINNING}{}.json", wanted.key))
    }

    fn pass(&self, path: &Path, why: String) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.passed.entry(why).or_default().push(path.display().to_string());
    }

    /// What a file holds; nothing where there is none that is good.
    fn read(&self, wanted: &Wanted) -> Option<Remembered> {
        let path = self.path(wanted);
        let text = match file::read_text(&path, BYTES_MOST) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => {
                self.pass(&path, file::why(&error));
                return None;
            }
        };
        let read = open(&CACHE, &text).and_then(|rest| {
            let json =
                serde_json::from_str(&format!("{{{rest}")).map_err(|error| format!("it is not JSON: {error}"))?;
            Remembered::of(&json, &wanted.key).ok_or_else(|| "it holds other runs than its name says".to_owned())
        });
        read.map_err(|why| self.pass(&path, why)).ok()
    }

    /// The runs, if they are known with all that is asked of them.
    pub fn recall(&self, wanted: &Wanted) -> Option<Remembered> {
        let known = self.read(wanted).filter(|known| known.has(wanted));
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.all += 1;
        said.hits += usize::from(known.is_some());
        drop(said);
        if known.is_some() {
            // Whether it is used decides how soon it goes, and nothing else.
            file::touch(&self.path(wanted));
        }
        known.map(|mut known| {
            // Nothing was run now.
            known.took = Duration::ZERO;
            known
        })
    }

    /// Keeps runs, beside what is known of the same ones.
    pub fn keep(&self, wanted: &Wanted, mut runs: Remembered) {
        let path = self.path(wanted);
        if runs.replications() > KEPT_MOST {
            self.pass(&path, format!("it would hold more than {KEPT_MOST} runs"));
            return;
        }
        if path.exists()
            && let Some(others) = self.read(wanted)
        {
            runs.merge(others);
        }
        if let Err(error) = file::write(&path, seal(&CACHE, &runs.text(&wanted.key)).as_bytes()) {
            self.pass(&path, format!("{error:#}"));
        }
    }

    /// Removes what is too much, and says what the cache did; a line each.
    ///
    /// # Errors
    ///
    /// The folder cannot be listed.
    pub fn end(self) -> anyhow::Result<Vec<String>> {
        let removed = trim(&self.folder, BYTES_MOST)?;
        let Said { hits, all, passed } = self.said.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut lines = vec![format!("{hits} of {} from the cache in {}", count(all, "policy"), self.folder.display())];
        for (why, mut paths) in passed {
            paths.sort();
            paths.dedup();
            let others = if paths.len() > 1 { format!(" and {} more", paths.len() - 1) } else { String::new() };
            lines.push(format!("passed over in the cache: {}{others}: {why}", paths[0]));
        }
        if removed > 0 {
            let most = grouped(BYTES_MOST);
            lines.push(format!(
                "removed from the cache: {}, so that it has no more than {most} bytes",
                count(removed, "file")
            ));
        }
        Ok(lines)
    }
}

/// Removes those of our files that nobody used for longest, until the others come to no more than so many bytes; how many went.
fn trim(folder: &Path, most: u64) -> anyhow::Result<usize> {
    if !folder.is_dir() {
        return Ok(0);
    }
    let mut files: Vec<(SystemTime, PathBuf, u64)> = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours =
            name.to_str().and_then(|name| name.strip_prefix(BEGINNING)?.strip_suffix(".json")).is_some_and(is_key);
        // One that another program removed in the meantime is gone, and no trouble.
        if let Some(data) = entry.metadata().ok().filter(|data| is_ours && data.is_file()) {
            files.push((data.modified().unwrap_or(SystemTime::UNIX_EPOCH), entry.path(), data.len()));
        }
    }
    files.sort();
    let mut bytes: u64 = files.iter().map(|(.., bytes)| bytes).sum();
    let mut removed = 0;
    for (_, path, size) in files {
        if bytes <= most {
            break;
        }
        bytes -= size;
        removed += usize::from(file::remove(&path).is_ok());
    }
    Ok(removed)
}

/// Whether a text is one of our hashes.
fn is_key(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three files of ten bytes, where twenty are allowed: the one that was used first goes. What is not ours stays, whatever its age.
    #[test]
    fn what_nobody_used_for_longest_goes_and_nothing_of_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = |digit: char| folder.path().join(format!("windtunnel-{}.json", digit.to_string().repeat(32)));
        let others = [folder.path().join("mine.json"), folder.path().join("windtunnel-notes.json")];
        let all: Vec<PathBuf> = others.iter().cloned().chain(['b', 'a', 'c'].map(ours)).collect();
        for (age, path) in all.iter().enumerate() {
            fs::write(path, "0123456789").expect("written");
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + age as u64);
            fs::File::options().write(true).open(path).expect("opened").set_modified(time).expect("set");
        }
        assert_eq!(trim(folder.path(), 20).expect("it can be listed"), 1);
        let left: Vec<bool> = all.iter().map(|path| path.exists()).collect();
        assert_eq!(left, [true, true, false, true, true]);
        assert_eq!(trim(folder.path(), 20).expect("it can be listed"), 0);
    }
}
