//! The collection of real files, where it is there.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const VARIABLE: &str = "WINDTUNNEL_AZURE_SAMPLES";

/// The folder of the collection. `None` when it is not there and need not be.
pub fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os(VARIABLE)
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/azure-samples"), PathBuf::from);
    if folder.join("index.csv").is_file() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "{} has no index.csv: set {VARIABLE} to the samples", folder.display());
    skipped(&format!("{} has no index.csv; set {VARIABLE} to the folder of the samples", folder.display()));
    None
}

/// Says so on the terminal itself: what a test that passes prints is shown to nobody.
pub fn skipped(why: &str) {
    let name = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "SKIPPED: {name}: {why}");
}

/// One row of the index: the file and what it is.
#[allow(dead_code, reason = "a module of several tests")]
pub fn index(folder: &Path) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_path(folder.join("index.csv")).expect("the index opens");
    let headers = reader.headers().expect("the index has headers").clone();
    let column = |name| headers.iter().position(|header| header == name).expect("the index has the column");
    let (file, kind) = (column("file"), column("kind"));
    reader
        .records()
        .map(|row| row.expect("the index reads"))
        .map(|row| (row[file].to_owned(), row[kind].to_owned()))
        .collect()
}

/// The three shapes in which users have their fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// An ARM template.
    Template,
    /// What the REST API takes or gives.
    RestBody,
    /// What `az … show` and its like print: without `properties`.
    CliOutput,
}

impl Shape {
    /// The shape of a file, by what the index says and by what stands in it.
    #[allow(dead_code, reason = "a module of several tests")]
    pub fn of(file: &Path, kind: &str) -> Self {
        if kind.starts_with("arm-template") {
            return Self::Template;
        }
        if kind.starts_with("vmss-cli") {
            return Self::CliOutput;
        }
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if text.contains("\"$schema\"") && text.contains("\"resources\"") { Self::Template } else { Self::RestBody }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Template => "template",
            Self::RestBody => "REST body",
            Self::CliOutput => "output of a command line",
        })
    }
}
