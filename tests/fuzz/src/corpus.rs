//! What is mutated, and the words that mutants are made with.

use crate::verbs;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A text to mutate.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Everything that mutants are made of.
#[derive(Debug)]
pub(crate) struct Corpus {
    pub(crate) scenarios: Vec<Base>,
    /// Scenarios with a problem each.
    pub(crate) broken: Vec<Base>,
    pub(crate) azure: Vec<Base>,
    pub(crate) plans: Vec<Base>,
    pub(crate) baselines: Vec<Base>,
    /// What a user points a command at: the files of a fleet.
    pub(crate) fleets: Vec<Vec<Base>>,
    /// Keys and scalars that occur anywhere.
    pub(crate) keys: Vec<String>,
    pub(crate) scalars: Vec<String>,
}

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

fn files(folder: &Path, extensions: &[&str], into: &mut Vec<Base>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, extensions, into);
        } else if path.extension().is_some_and(|is| extensions.iter().any(|extension| is == *extension)) {
            // What is not text is no base.
            let Ok(text) = fs::read_to_string(&path) else { continue };
            into.push(Base { path, text });
        }
    }
}

impl Corpus {
    /// The files of a folder and below it with one of these endings.
    pub(crate) fn files(folder: &Path, extensions: &[&str]) -> Vec<Base> {
        let mut found = Vec::new();
        files(folder, extensions, &mut found);
        found
    }

    /// The corpus of the repository, with the fleets of another folder.
    pub(crate) fn read(more: Option<&Path>) -> Self {
        let root = root();
        let (mut scenarios, mut azure, mut baselines) = (Vec::new(), Vec::new(), Vec::new());
        files(&root.join("scenarios"), &["yaml"], &mut scenarios);
        // Policies in files of their own, and one that is a template.
        files(&root.join("tests/fuzz/policies"), &["yaml"], &mut scenarios);
        let mut broken = Vec::new();
        files(&root.join("tests/problems"), &["yaml"], &mut broken);
        for folder in ["scenarios", "tests/samples", "tests/problems", "tests/terraform", "docs"] {
            files(&root.join(folder), &["json", "tfstate"], &mut azure);
        }
        files(&root.join("reports/baseline"), &["json"], &mut baselines);
        assert!(scenarios.len() > 30 && !azure.is_empty() && !baselines.is_empty(), "the corpus is there");
        let plan = |base: &Base| {
            let options = windtunnel::input::LoadOptions::default();
            let loaded =
                windtunnel::input::load_text(&base.path.to_string_lossy(), base.text.clone(), &options).ok()?;
            let planned = loaded.plan(windtunnel::input::AS_WRITTEN).ok()?;
            Some(Base { path: base.path.clone(), text: format!("{:#}", planned.effective) })
        };
        let plans: Vec<Base> = scenarios.iter().filter_map(plan).collect();
        let (mut keys, mut scalars) = (BTreeSet::new(), BTreeSet::new());
        for base in scenarios.iter().chain(&broken).chain(&azure) {
            for line in base.text.lines().filter(|line| line.len() < 200) {
                let line = line.trim().trim_start_matches("- ");
                let Some((key, value)) = line.split_once(':') else { continue };
                let bare = |text: &str| text.trim().trim_matches(['"', ',', '\'']).to_owned();
                keys.insert(bare(key));
                scalars.insert(bare(value));
            }
        }
        let mut fleets = verbs::bases(&root);
        fleets.extend(more.into_iter().flat_map(verbs::real));
        assert!(fleets.iter().all(|files| !files.is_empty()), "each fleet has a file");
        Self {
            fleets,
            scenarios,
            broken,
            azure,
            plans,
            baselines,
            keys: keys.into_iter().collect(),
            scalars: scalars.into_iter().collect(),
        }
    }
}
