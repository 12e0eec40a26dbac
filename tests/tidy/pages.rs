//! What the pages of the house say of it, as far as a program can tell.

use super::house::{House, LAYERS};

/// The pages that everybody looks for are there.
pub fn there(house: &House) -> Vec<String> {
    let pages = [
        "README.md",
        "ARCHITECTURE.md",
        "STYLE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        ".ci/run",
        ".ci/long",
        "schema/scenario.json",
        "docs/rules.md",
        "docs/assumptions.md",
        "docs/problems.md",
        "docs/scenario.md",
    ];
    let listed = house.text("CONTRIBUTING.md").split("`.ci/").skip(1).filter_map(|rest| rest.split('`').next());
    let named = listed.map(|name| format!(".ci/{name}"));
    let all = pages.iter().map(|page| (*page).to_owned()).chain(named);
    all.filter(|page| !house.has(page)).map(|page| format!("{page} is missing")).collect()
}

/// Every path that the pages for developers name is there.
pub fn paths(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    let folders = [
        "sim/",
        "words/",
        "claims/",
        "input/",
        "experiment/",
        "src/",
        "tests/",
        "benches/",
        "assets/",
        "docs/",
        "reports/",
        ".ci/",
    ];
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md", "STYLE.md"] {
        for (number, line) in house.text(page).lines().enumerate() {
            for code in line.split('`').skip(1).step_by(2) {
                let path = code.split([' ', ':', ',']).next().unwrap_or_default().trim_end_matches('/');
                let is_path =
                    folders.iter().any(|folder| code.starts_with(folder)) && !path.contains(['<', '*', '…', '{']);
                if is_path && !house.has(path) {
                    untidy.push(format!("{page}:{}: {path} is not there", number + 1));
                }
            }
        }
    }
    untidy
}

/// The drawing of the layers has each crate, lowest last, as [`LAYERS`] does; and each room, as `rooms!` does.
pub fn drawing(house: &House) -> Vec<String> {
    let page = house.text("ARCHITECTURE.md");
    let mut untidy = Vec::new();
    let mut at = page.len();
    for (folder, name) in LAYERS {
        let row = format!("| `{}` | `{name}` |", if folder == "." { "src" } else { folder });
        match page.find(&row) {
            Some(found) if found < at => at = found,
            Some(_) => untidy.push(format!("ARCHITECTURE.md: the row of {name} stands below that of a lower layer")),
            None => untidy.push(format!("ARCHITECTURE.md: there is no row {row}")),
        }
    }
    untidy
}
