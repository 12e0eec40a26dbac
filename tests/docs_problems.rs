//! `docs/problems.md` says what the catalogue says, and the catalogue holds every code once.

mod common;

use std::path::Path;
use windtunnel::input::catalogue::{CATALOGUE, page};

#[test]
fn the_page_of_problems_is_current() {
    common::compare(Path::new("docs/problems.md"), &page());
}

#[test]
fn codes_are_written_once_and_in_order() {
    for group in ['E', 'W', 'N'] {
        let codes: Vec<&str> =
            CATALOGUE.iter().map(|entry| entry.code).filter(|code| code.starts_with(group)).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }
    assert!(CATALOGUE.iter().all(|entry| entry.code.len() == 5 && entry.code[1..].parse::<u16>().is_ok()));
}

/// The problem codes that a source file writes out.
fn codes_in(path: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(path).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            codes_in(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("catalogue.rs") {
            let text = std::fs::read_to_string(&path).expect("it reads");
            let is_code = |word: &&str| {
                word.len() == 5 && word.starts_with(['E', 'W', 'N']) && word[1..].chars().all(|c| c.is_ascii_digit())
            };
            found.extend(text.split('"').filter(is_code).map(str::to_owned));
        }
    }
}

#[test]
fn every_code_that_is_used_is_in_the_catalogue_and_the_other_way_round() {
    let mut used = Vec::new();
    for layer in ["src", "words/src", "claims/src", "input/src", "experiment/src"] {
        codes_in(Path::new(layer), &mut used);
    }
    for code in &used {
        assert!(CATALOGUE.iter().any(|entry| entry.code == code), "{code} is used and not explained");
    }
    for entry in CATALOGUE {
        assert!(used.iter().any(|code| code == entry.code), "{} is explained and not used", entry.code);
    }
}
