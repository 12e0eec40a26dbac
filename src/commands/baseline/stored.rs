//! The folder of the baselines: what is in it, what of it is no longer tested, and how a file of it is written.

use crate::commands::test::ci;
use crate::disk::file::{self, Disk};
use crate::experiment::against::{ERROR, Gone, WasTested};
use crate::experiment::baseline::{Baseline, KEPT_MOST};
use crate::experiment::rows::Rows;
use crate::experiment::suite::{File, Held};
use crate::input::Report;
use crate::input::files::{Files, Unreadable, plain};
use anyhow::{Context, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The baselines of a folder.
pub(in crate::commands) struct Stored {
    folder: PathBuf,
    /// By scenario: the baseline, or why there is none that can be read.
    all: BTreeMap<String, Arc<Result<Baseline, String>>>,
}

impl Stored {
    /// Reads every baseline in a folder, those of these scenarios among them.
    ///
    /// # Errors
    ///
    /// The folder cannot be listed, or a baseline has what is never made, with the place.
    pub fn read(folder: &Path, scenarios: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut all = BTreeMap::new();
        for scenario in scenarios {
            let read = one(folder, &scenario)?;
            all.insert(scenario, Arc::new(read));
        }
        let names = match Disk.list(folder) {
            Ok(names) => names,
            Err(Unreadable::Missing) => Vec::new(),
            Err(why) => bail!("cannot list {}: {why}", folder.display()),
        };
        for stem in names.iter().filter_map(|name| name.strip_suffix(".json")) {
            if !all.contains_key(stem) && is_ours(&Baseline::path(folder, stem)) {
                all.insert(stem.to_owned(), Arc::new(one(folder, stem)?));
            }
        }
        Ok(Self { folder: folder.to_owned(), all })
    }

    /// The baseline of a scenario, or why there is none.
    pub fn of(&self, scenario: &str) -> Arc<Result<Baseline, String>> {
        self.all.get(scenario).map(Arc::clone).unwrap_or_else(|| Arc::new(Err(absent(&self.folder, scenario))))
    }

    /// The baselines that can be read.
    pub fn baselines(&self) -> impl Iterator<Item = &Baseline> {
        self.all.values().filter_map(|read| read.as_ref().as_ref().ok())
    }

    /// With what probability any measure of a policy may be called worse that is not: all policies of the folder share it, whichever of
    /// them are tested. So one of them, or a shard, is judged as the whole is.
    pub fn error(&self) -> f64 {
        let policies: usize = self.baselines().map(|baseline| baseline.policies.len()).sum();
        ERROR / policies.max(1) as f64
    }

    /// What of the baselines is no longer tested. A baseline whose scenario is not among `now` counts where its file is to be at or
    /// below one of the paths; one that cannot be read, where a folder is tested.
    pub fn gone(&self, now: &[File], paths: &[PathBuf]) -> anyhow::Result<Vec<Gone>> {
        let mut gone = Vec::new();
        for (scenario, read) in &self.all {
            let is = now.iter().find(|file| file.loaded.name == *scenario);
            match read.as_ref() {
                Ok(baseline) if is.is_some() || self.is_of(baseline, paths)? => {
                    gone.extend(baseline.tested().gone(is.map(WasTested::of).as_ref()));
                }
                Err(why) if is.is_none() && paths.iter().any(|path| path.is_dir()) => {
                    let what = format!("the incident is no longer tested, and its baseline cannot be read: {why}");
                    gone.push(Gone { scenario: scenario.clone(), policy: None, what });
                }
                Ok(_) | Err(_) => {}
            }
        }
        Ok(gone)
    }

    /// Whether the scenario of a baseline is to be at or below one of these paths.
    fn is_of(&self, baseline: &Baseline, paths: &[PathBuf]) -> anyhow::Result<bool> {
        let file = whole(&self.folder.join(&baseline.file))?;
        for path in paths {
            if file.starts_with(whole(path)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Why baselines cannot be read, of those that cannot.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.all.values().filter_map(|read| read.as_ref().as_ref().err().map(String::as_str))
    }

    /// The names of what is kept: scenarios, and their policies.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.baselines().flat_map(|of| {
            let policies = of.policies.keys().map(|policy| format!("{}::{policy}", of.scenario));
            std::iter::once(of.scenario.clone()).chain(policies)
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the baseline of a scenario stands.
    pub fn path(&self, scenario: &str) -> PathBuf {
        Baseline::path(&self.folder, scenario)
    }

    /// Holds scenarios to their baselines; returns the first seed of the baselines. Where nobody says how many runs there are to be, they
    /// are as many as the baseline has.
    pub fn hold(&self, files: &mut [File], replications: Option<usize>, worse: &[String]) -> Option<u64> {
        let mut first_seed = None;
        for file in files {
            let read = self.of(&file.loaded.name);
            if let Ok(baseline) = read.as_ref() {
                file.replications = replications.unwrap_or(baseline.replications);
                first_seed = first_seed.or(Some(baseline.first_seed));
            }
            let (folder, worse) = (self.folder.clone(), worse.to_vec());
            file.baseline = Held::To { folder, read, error: self.error(), worse };
        }
        first_seed
    }
}

/// Reads the baseline of a scenario; why there is none, where there is none.
fn one(folder: &Path, scenario: &str) -> anyhow::Result<Result<Baseline, String>> {
    match Baseline::read(&Disk, &Baseline::path(folder, scenario)) {
        Ok(Some(baseline)) => Ok(Ok(baseline)),
        Ok(None) => Ok(Err(absent(folder, scenario))),
        Err(error) if error.is::<Report>() => Err(error),
        Err(error) => Ok(Err(format!("{error:#}"))),
    }
}

fn absent(folder: &Path, scenario: &str) -> String {
    format!("there is no {}", Baseline::path(folder, scenario).display())
}

/// Whether a file is a baseline, of whatever format: a folder may hold others.
fn is_ours(path: &Path) -> bool {
    const MOST: u64 = 64 << 20;
    file::read_text(path, MOST)
        .is_ok_and(|text| text.contains("\"schemaVersion\"") && text.contains("\"rulebookVersion\""))
}

/// A path from the root on, as it is written.
fn whole(path: &Path) -> anyhow::Result<PathBuf> {
    let whole = std::path::absolute(path).with_context(|| format!("find {}", path.display()))?;
    Ok(plain(&whole))
}

/// Where a file is from a folder: the same on every machine, and from wherever it is asked.
fn from(folder: &Path, file: &Path) -> anyhow::Result<String> {
    let (folder, file) = (whole(folder)?, whole(file)?);
    let shared = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..".to_owned(), folder.components().count() - shared);
    let down = file.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    Ok(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// The baseline that runs of a scenario make.
///
/// # Errors
///
/// There are more of them than a baseline keeps.
pub(in crate::commands) fn made(folder: &Path, file: &File, rows: Vec<Rows>) -> anyhow::Result<Option<Baseline>> {
    Ok(Baseline::of(file, from(folder, &file.path)?, rows))
}

/// Refuses more runs than a baseline keeps.
pub(in crate::commands) fn few_enough(files: &[File]) -> anyhow::Result<()> {
    match files.iter().find(|file| file.replications > KEPT_MOST) {
        Some(file) => bail!(
            "a baseline keeps the values of each run, and at most {KEPT_MOST} runs of a policy; {} are too many",
            file.replications
        ),
        None => Ok(()),
    }
}

/// What became of the files that were written.
#[derive(Default)]
pub(in crate::commands) struct Written {
    new: usize,
    changed: usize,
    same: usize,
    /// Files that were removed.
    pub removed: usize,
}

impl Written {
    /// Writes a baseline, if it says something else than the file does.
    pub fn write(&mut self, folder: &Path, baseline: &Baseline) -> anyhow::Result<()> {
        let path = Baseline::path(folder, &baseline.scenario);
        let (text, was) = (baseline.text(), file::read_text(&path, u64::MAX).ok());
        let counted = match &was {
            None => &mut self.new,
            Some(was) if *was != text => &mut self.changed,
            Some(_) => &mut self.same,
        };
        *counted += 1;
        if was.as_ref() != Some(&text) {
            file::write(&path, text.as_bytes())?;
        }
        Ok(())
    }

    /// In a line.
    pub fn said(&self, folder: &Path) -> String {
        let Self { new, changed, same, removed } = self;
        let removed = if *removed == 0 { String::new() } else { format!(", {removed} removed") };
        format!("baselines in {}: {new} new, {changed} changed, {same} the same{removed}", folder.display())
    }
}

/// Refuses to write baselines on a machine that nobody watches.
///
/// # Errors
///
/// This is one.
pub(in crate::commands) fn is_watched(what: &str) -> anyhow::Result<()> {
    match ci() {
        Some(variable) => bail!("{what} is refused if {variable} is set: review a baseline before you commit it"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::from;
    use std::path::Path;

    #[test]
    fn a_scenario_is_found_from_the_folder_of_the_baselines() {
        let from = |folder: &str, file: &str| from(Path::new(folder), Path::new(file)).expect("a path");
        assert_eq!(from("baseline", "scenarios/a.yaml"), "../scenarios/a.yaml");
        assert_eq!(from("./reports/baseline", "scenarios/../scenarios/a.yaml"), "../../scenarios/a.yaml");
        assert_eq!(from(".", "a.yaml"), "a.yaml");
        assert_eq!(from("/x/b", "/x/b/deep/a.yaml"), "deep/a.yaml");
    }
}
