//! The generated pages of `docs/` are those of the tables. `UPDATE=1 cargo test --test docs` writes them anew.

mod common;
#[path = "docs/model.rs"]
mod model;
#[path = "docs/properties.rs"]
mod properties;
#[path = "docs/reality.rs"]
mod reality;
#[path = "docs/rulebook.rs"]
mod rulebook;
#[path = "docs/terraform.rs"]
mod terraform;

use std::path::Path;
use windtunnel::reality::{figures::Figures, judge::judge};

#[test]
fn the_page_of_rules_is_current() {
    common::compare(Path::new("docs/rules.md"), &rulebook::rules());
}

#[test]
fn the_page_of_assumptions_is_current() {
    common::compare(Path::new("docs/assumptions.md"), &rulebook::assumptions());
}

#[test]
fn the_page_of_the_model_is_current() {
    common::compare(Path::new("docs/model.md"), &model::page());
}

#[test]
fn the_page_of_properties_is_current() {
    common::compare(Path::new("docs/properties.md"), &properties::page());
}

#[test]
fn the_page_of_measures_is_current() {
    common::compare(Path::new("docs/measures.md"), &rulebook::measures());
}

#[test]
fn the_page_of_reality_is_current() {
    common::compare(Path::new("docs/reality.md"), &reality::page(&judge(&Figures::bundled())));
}

#[test]
fn the_page_of_terraform_is_current() {
    common::compare(Path::new("docs/terraform.md"), &terraform::page());
}

#[test]
fn every_field_of_terraform_has_its_place_in_arm() {
    assert_eq!(terraform::lost(), [""; 0]);
}
