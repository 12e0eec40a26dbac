//! `docs/scenario.md` and `schema/scenario.json` say what the table of keys says.

mod common;

use std::path::Path;
use windtunnel::input::scenario::{reference, schema};

#[test]
fn the_reference_of_scenario_keys_is_current() {
    common::compare(Path::new("docs/scenario.md"), &reference::page());
}

#[test]
fn the_schema_is_current() {
    common::compare(Path::new("schema/scenario.json"), &schema::page());
}

#[test]
fn the_schema_is_a_schema_of_draft_07() {
    let schema = schema::schema();
    jsonschema::draft7::meta::validate(&schema).expect("a schema");
}
