//! Every file of `tests/problems/` is broken in its own way, and what is said of it stands beside it, word for word.
//! `UPDATE=1` writes the texts anew.

mod common;

use std::path::{Path, PathBuf};
use windtunnel::input::{Colour, LoadOptions, load};

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = std::fs::read_dir("tests/problems")
        .expect("the folder of broken files")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    cases.sort();
    cases
}

#[test]
fn every_broken_file_gets_its_problems() {
    let cases = cases();
    assert!(cases.len() >= 14, "the broken files are there");
    for path in cases {
        // Places show the path as the user gave it: the same on every system.
        let shown = path.to_string_lossy().replace('\\', "/");
        let text = match load(Path::new(&shown), &LoadOptions::default()) {
            Ok(_) => panic!("{shown} loads, and should not"),
            Err(report) => report.render(Colour::Plain),
        };
        common::compare(&path.with_extension("txt"), &text);
    }
}

#[test]
fn the_codes_of_the_reports_are_in_the_catalogue() {
    for path in cases() {
        let Err(report) = load(&path, &LoadOptions::default()) else { continue };
        for problem in report.problems() {
            let entry = windtunnel::input::catalogue::entry(problem.code);
            assert!(entry.is_some(), "{} is not in the catalogue", problem.code);
            let json = report.to_json();
            assert_eq!(json.as_array().map(Vec::len), Some(report.problems().0.len()));
        }
    }
}
