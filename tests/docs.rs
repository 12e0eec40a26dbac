//! The generated pages of `docs/` are those of the tables. `UPDATE=1 cargo test --test docs` writes them anew.

use std::path::Path;
use windtunnel::output::model_md::model_md;
use windtunnel::output::properties_md::properties_md;
use windtunnel::output::rulebook_md::{assumptions_md, measures_md, rules_md};
use windtunnel::reality::{figures::Figures, judge::judge, page::reality_md};

#[track_caller]
fn check(name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, wanted).expect("docs/ can be written to");
        return;
    }
    // A checkout may have turned line ends.
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if found == wanted {
        return;
    }
    let differs = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
    let line = differs.unwrap_or_else(|| found.lines().count().min(wanted.lines().count())) + 1;
    panic!("docs/{name} is stale from line {line}; run `UPDATE=1 cargo test --test docs` and commit it");
}

#[test]
fn the_page_of_rules_is_current() {
    check("rules.md", &rules_md());
}

#[test]
fn the_page_of_assumptions_is_current() {
    check("assumptions.md", &assumptions_md());
}

#[test]
fn the_page_of_the_model_is_current() {
    check("model.md", &model_md());
}

#[test]
fn the_page_of_properties_is_current() {
    check("properties.md", &properties_md());
}

#[test]
fn the_page_of_measures_is_current() {
    check("measures.md", &measures_md());
}

#[test]
fn the_page_of_reality_is_current() {
    check("reality.md", &reality_md(&judge(&Figures::bundled())));
}
