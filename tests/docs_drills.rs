//! `docs/drills.md` says what the library and the tables of drills say.

mod common;

use std::path::Path;
use windtunnel::input::drill::page::page;

#[test]
fn the_page_of_drills_is_current() {
    common::compare(Path::new("docs/drills.md"), &page());
}
