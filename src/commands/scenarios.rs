//! The scenarios that a command line names: files, and folders of them.

use crate::disk::file::Disk;
use crate::input::files::Files;
use crate::input::problem::count;
use crate::input::recognise::is_meant_as_scenario;
use crate::output::stream;
use anyhow::{Context, bail};
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What in the folders is passed over, by the reason; hidden files are none of it.
#[derive(Default)]
pub(super) struct LeftOut {
    /// YAML that is no scenario.
    others: Vec<PathBuf>,
    links: Vec<PathBuf>,
    /// Pipes and devices with the name of a scenario.
    no_files: Vec<PathBuf>,
}

impl LeftOut {
    /// Says it on standard error, a line for each reason.
    pub fn say(&self) -> std::io::Result<()> {
        let reasons = [
            (&self.others, "file", "no line begins with `windtunnel:`"),
            (&self.links, "link", "links in a folder are not followed; name the file itself"),
            (&self.no_files, "name", "only regular files are read"),
        ];
        for (paths, noun, reason) in reasons.into_iter().filter(|(paths, ..)| !paths.is_empty()) {
            let mut names: Vec<String> = paths.iter().take(3).map(|path| path.display().to_string()).collect();
            if paths.len() > names.len() {
                names.push("…".to_owned());
            }
            let (all, names) = (count(paths.len(), noun), names.join(", "));
            writeln!(stream::stderr(), "skipped: {all} ({names}), since {reason}")?;
        }
        Ok(())
    }
}

/// Refuses a path at which nothing is.
///
/// # Errors
///
/// There is one.
pub(super) fn are_there(paths: &[PathBuf]) -> anyhow::Result<()> {
    match paths.iter().find(|path| !path.exists()) {
        Some(missing) => bail!("there is no file or folder {}", missing.display()),
        None => Ok(()),
    }
}

/// The files among the paths, each once: files as they are named, and of folders every YAML file that says `windtunnel:` or means to.
///
/// # Errors
///
/// A folder cannot be read.
pub(super) fn scenarios(paths: &[PathBuf]) -> anyhow::Result<(Vec<PathBuf>, LeftOut)> {
    let (mut found, mut left_out) = (Vec::new(), LeftOut::default());
    for path in paths {
        if path.is_dir() {
            within(path, &mut found, &mut left_out)?;
        } else {
            found.push(path.clone());
        }
    }
    Ok((each_once(found), left_out))
}

/// The paths in their order, each once.
pub(super) fn each_once(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut once: Vec<PathBuf> = Vec::new();
    for path in paths {
        if !once.contains(&path) {
            once.push(path);
        }
    }
    once
}

/// Whether a file has the name of a scenario.
pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yaml" || end == "yml")
}

/// Whether it is the name of a hidden file or folder.
pub(super) fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

fn within(folder: &Path, found: &mut Vec<PathBuf>, left_out: &mut LeftOut) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.file_name().is_some_and(is_hidden) {
            continue;
        }
        let is_yaml = is_yaml(&path);
        // Links out of the folder, and those that lead in circles, are not followed; nor is what is no file waited for.
        let kind =
            std::fs::symlink_metadata(&path).with_context(|| format!("cannot look at {}", path.display()))?.file_type();
        match () {
            () if kind.is_dir() => within(&path, found, left_out)?,
            () if kind.is_symlink() && (is_yaml || path.is_dir()) => left_out.links.push(path),
            () if !is_yaml => {}
            () if !kind.is_file() => left_out.no_files.push(path),
            () if says_so(&Disk, &path) => found.push(path),
            () => left_out.others.push(path),
        }
    }
    Ok(())
}

/// Whether a file says that it is a scenario, or means to; one that cannot be read is taken, and said to be so.
pub(super) fn says_so(files: &dyn Files, path: &Path) -> bool {
    let text = files.read(path, MOST_LOOKED_AT).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    text.map_or(true, |text| is_meant_as_scenario(&text))
}

/// A file that is larger cannot be read, whatever it says.
pub(super) const MOST_LOOKED_AT: u64 = 32 << 20;

/// What is said where there is none.
pub(super) const NONE: &str = "there is no scenario here: no .yaml file with the key `windtunnel`";
