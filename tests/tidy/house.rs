//! The sources as they stand, and with a fault planted in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The crates of the program, lowest first. A crate may use those before it and no other of ours.
pub const LAYERS: [(&str, &str); 7] = [
    ("sim", "windtunnel-sim"),
    ("words", "windtunnel-words"),
    ("claims", "windtunnel-claims"),
    ("infer", "windtunnel-infer"),
    ("input", "windtunnel-input"),
    ("experiment", "windtunnel-experiment"),
    (".", "windtunnel"),
];

/// The texts of the repository by their paths.
#[derive(Clone)]
pub struct House(BTreeMap<String, String>);

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl House {
    /// The house as it is on the disk: Rust, pages and manifests.
    pub fn on_disk() -> &'static Self {
        static HOUSE: OnceLock<House> = OnceLock::new();
        HOUSE.get_or_init(|| {
            let mut texts = BTreeMap::new();
            let folders = LAYERS
                .iter()
                .map(|(folder, _)| if *folder == "." { "src".to_owned() } else { format!("{folder}/src") });
            let others = ["sim/tests", "tests", "benches"].map(str::to_owned);
            let mut open: Vec<PathBuf> = folders.chain(others).map(|folder| root().join(folder)).collect();
            while let Some(folder) = open.pop() {
                for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
                    let path = entry.expect("a folder can be listed").path();
                    if path.is_dir() {
                        open.push(path);
                    } else if path.extension().is_some_and(|ending| ending == "rs") {
                        texts.insert(name(&path), text(&path));
                    }
                }
            }
            let pages =
                ["README.md", "ARCHITECTURE.md", "STYLE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned);
            let manifests =
                LAYERS.map(
                    |(folder, _)| {
                        if folder == "." { "Cargo.toml".to_owned() } else { format!("{folder}/Cargo.toml") }
                    },
                );
            let guide = fs::read_dir(root().join("docs/guide")).expect("there is a guide");
            let guide = guide.map(|entry| name(&entry.expect("a folder can be listed").path()));
            let scenarios = ["scenarios", "scenarios/drills", "tests/problems"]
                .into_iter()
                .flat_map(|folder| fs::read_dir(root().join(folder)).expect("there are scenarios"));
            let scenarios = scenarios.map(|entry| entry.expect("a folder can be listed").path());
            let scenarios = scenarios.filter(|path| path.extension().is_some_and(|ending| ending == "yaml"));
            let scenarios = scenarios.map(|path| name(&path));
            for file in pages.into_iter().chain(guide).chain(scenarios).chain(manifests) {
                let path = root().join(&file);
                texts.insert(file, text(&path));
            }
            Self(texts)
        })
    }

    /// The same house with more text at the end of one of its files, which is made where it is not there.
    pub fn with(&self, path: &str, more: &str) -> Self {
        let mut house = self.clone();
        house.0.entry(path.to_owned()).or_default().push_str(more);
        house
    }

    /// The same house with one text for another, wherever it stands in a file.
    pub fn changed(&self, path: &str, from: &str, to: &str) -> Self {
        let mut house = self.clone();
        let text = house.0.get_mut(path).unwrap_or_else(|| panic!("there is no {path}"));
        assert!(text.contains(from), "{path} does not hold {from}");
        *text = text.replace(from, to);
        house
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> &str {
        self.0.get(path).unwrap_or_else(|| panic!("there is no {path}"))
    }

    /// Every Rust file under some folders, by path.
    pub fn rust<'h>(&'h self, folders: &'h [&'h str]) -> impl Iterator<Item = (&'h str, &'h str)> {
        let within = move |path: &str| folders.iter().any(|folder| path.starts_with(&format!("{folder}/")));
        let files = self.0.iter().filter(move |(path, _)| path.ends_with(".rs") && within(path));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every page that is written by hand, by path.
    pub fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter(|(path, _)| path.ends_with(".md")).map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every bundled scenario, by path.
    pub fn scenarios(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter(|(path, _)| path.ends_with(".yaml")).map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every Rust file of the program: no tests, no benchmarks.
    pub fn program(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rust(&["sim/src", "words/src", "claims/src", "infer/src", "input/src", "experiment/src", "src"])
    }

    /// Every Rust file there is.
    pub fn everything(&self) -> impl Iterator<Item = (&str, &str)> {
        self.program().chain(self.rust(&["sim/tests", "tests", "benches"]))
    }

    /// Whether there is such a file or folder, in the house or beside it.
    pub fn has(&self, path: &str) -> bool {
        self.0.contains_key(path) || root().join(path).exists()
    }
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).expect("it lies below").to_string_lossy().replace('\\', "/")
}

/// Lines that are not comments, with their numbers.
pub fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The text of a file before the tests that it ends with.
pub fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or_default()
}

/// Each line of code in some files that holds one of some words.
pub fn words_in<'h>(files: impl Iterator<Item = (&'h str, &'h str)>, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        for (number, line) in code_lines(text) {
            found.extend(
                words.iter().filter(|word| line.contains(*word)).map(|word| format!("{path}:{number}: {word}")),
            );
        }
    }
    found
}
