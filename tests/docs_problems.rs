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
