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
        "infer/",
        "input/",
        "experiment/",
        "src/",
        "tests/",
        "benches/",
        "assets/",
        "docs/",
        "reports/",
        ".ci/",
        "action/",
        "azure-pipelines/",
        "packaging/",
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

/// The code map has a row for each folder of the program, and no other.
pub fn map(house: &House) -> Vec<String> {
    let page = house.text("ARCHITECTURE.md");
    let rows = page.split("## Code map").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
    let named: Vec<&str> = rows.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let mut folders: Vec<String> = Vec::new();
    for (path, _) in house.program() {
        let parts: Vec<&str> = path.split('/').collect();
        // A folder of the simulator and of the program has its own row; the other crates are one each.
        let depth = match parts[0] {
            "sim" => 3,
            _ => 2,
        };
        let folder = parts[..depth.min(parts.len() - 1)].join("/");
        if folder != "src" && folder != "sim/src" && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let missing = folders.iter().filter(|folder| !named.contains(&folder.as_str()));
    let gone = named.iter().filter(|name| !folders.iter().any(|folder| folder == *name));
    let missing = missing.map(|folder| format!("ARCHITECTURE.md: {folder} is not on the map"));
    missing.chain(gone.map(|name| format!("ARCHITECTURE.md: there is no {name}"))).collect()
}

/// The rooms stand in the order of their ranks.
pub fn rooms(house: &House) -> Vec<String> {
    let page = house.text("ARCHITECTURE.md");
    let listed = page.split("The rooms, lowest rank first:").nth(1).and_then(|rest| rest.split("\n\n").next());
    let listed: Vec<&str> = listed.unwrap_or_default().split('`').skip(1).step_by(2).collect();
    let ranks = super::rooms::names(house);
    let wrong = listed != ranks;
    wrong.then(|| format!("ARCHITECTURE.md: the rooms are {}", ranks.join(", "))).into_iter().collect()
}

/// Every check that the table of invariants names is there: a test, or a file.
pub fn invariants(house: &House) -> Vec<String> {
    let page = house.text("ARCHITECTURE.md");
    let table = page.split("| what stays true |").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
    let tests: String = house.everything().map(|(_, text)| text).collect();
    let mut untidy = Vec::new();
    for row in table.lines().skip(2) {
        let checks = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        for name in checks.split('`').skip(1).step_by(2) {
            let is_test = tests.contains(&format!("    {name}:")) || tests.contains(&format!("fn {name}("));
            if !is_test && !house.has(name) {
                untidy.push(format!("ARCHITECTURE.md: {name} checks nothing: there is no such test"));
            }
        }
    }
    untidy
}
