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

/// The lists are the fields of the schema of each resource in `azurerm` 3.116 and at commit 69697b7 of 4.x.
#[test]
fn every_field_of_the_provider_is_in_its_table() {
    for list in [include_str!("terraform/fields-3.116.txt"), include_str!("terraform/fields-4.x.txt")] {
        assert!(list.lines().count() > 600, "the list is there");
        assert_eq!(terraform::unknown(list), [""; 0]);
    }
    assert_eq!(terraform::unknown("azurerm_lb sku\nazurerm_lb brand_new"), ["azurerm_lb brand_new"]);
}
