//! The house rules that a program can check: sizes, import direction, what the simulator may not touch, who may call whom.

use std::fs;
use std::path::{Path, PathBuf};
use windtunnel_sim::rules::assumptions::{ASSUMPTIONS, MODELLED};

/// Most lines of a file; a longer one has grown two jobs.
const FILE_LINES_MAX: usize = 600;
/// Most lines of a function, from its signature to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;
/// Most characters of a line, beside those of texts.
const COLUMNS_MAX: usize = 140;

struct File {
    path: PathBuf,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under these folders, sorted.
fn files(folders: &[&str]) -> Vec<File> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("source is UTF-8");
                files.push(File { path: path.strip_prefix(root()).expect("it lies below").to_path_buf(), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn everywhere() -> Vec<File> {
    files(&[
        "sim/src",
        "sim/tests",
        "words/src",
        "claims/src",
        "input/src",
        "experiment/src",
        "src",
        "tests",
        "benches",
    ])
}

/// Fails with everything that is untidy, not with the first of it.
fn tidy(untidy: &[String]) {
    assert!(untidy.is_empty(), "{} untidy places:\n  {}", untidy.len(), untidy.join("\n  "));
}

#[test]
fn no_file_has_grown_two_jobs() {
    let long = |file: &File| {
        let lines = file.text.lines().count();
        (lines > FILE_LINES_MAX).then(|| format!("{}: {lines} lines, at most {FILE_LINES_MAX}", file.path.display()))
    };
    tidy(&everywhere().iter().filter_map(long).collect::<Vec<_>>());
}

#[test]
fn no_function_is_too_long_to_read() {
    let mut untidy = Vec::new();
    for file in files(&["sim/src", "words/src", "claims/src", "input/src", "experiment/src", "src"])
        .into_iter()
        .filter(|file| !file.path.ends_with("testing.rs"))
    {
        let mut open: Option<(usize, usize, String)> = None;
        for (number, line) in file.text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            if open.is_none() && is_function(line) && !line.trim_end().ends_with('}') {
                open = Some((number, indent, line.trim().to_owned()));
            } else if let Some((start, depth, name)) = &open
                && indent == *depth
                && (line.trim() == "}" || line.trim_end().ends_with(';'))
            {
                let lines = number - start + 1;
                if lines > FUNCTION_LINES_MAX && !is_table(name) {
                    untidy.push(format!("{}:{}: {lines} lines: {name}", file.path.display(), start + 1));
                }
                open = None;
            }
        }
    }
    tidy(&untidy);
}

fn is_function(line: &str) -> bool {
    let words = line.trim_start();
    let words = words.strip_prefix("pub(crate) ").or(words.strip_prefix("pub(super) ")).unwrap_or(words);
    let words = words.strip_prefix("pub ").unwrap_or(words);
    let words = words.strip_prefix("const ").unwrap_or(words);
    words.starts_with("fn ")
}

/// A match with one line a variant is as long as there are variants; splitting it would hide that it is whole.
fn is_table(signature: &str) -> bool {
    // One match over every fact, event, wake or act of the timeline: a new one has one place.
    let tables = [
        "fn words(",
        "fn route(",
        "fn fields(",
        "fn sentence(",
        "fn subject(",
        "fn about<",
        "fn detail(",
        "fn what(",
        "fn instance_of(",
        "fn reconcile(&mut self",
        "fn take_effect(",
    ];
    tables.iter().any(|name| signature.contains(name))
}

#[test]
fn no_line_runs_off_the_screen() {
    let mut untidy = Vec::new();
    for file in everywhere() {
        for (number, line) in file.text.lines().enumerate() {
            // The text of a message may be as long as it has to be.
            let columns: usize = line.split('"').step_by(2).map(|code| code.chars().count()).sum();
            if columns > COLUMNS_MAX {
                untidy.push(format!("{}:{}: {columns} columns", file.path.display(), number + 1));
            }
        }
    }
    tidy(&untidy);
}

/// Every table goes through one writer, which keeps names from being run.
#[test]
fn only_the_room_of_cells_writes_csv() {
    let writes = |file: &&File| file.text.contains("csv::Writer") && !file.path.ends_with("output/cells.rs");
    // Its figures are of recordings, and are read by this program alone.
    let files = files(&["words/src", "claims/src", "input/src", "experiment/src", "src"]);
    let others = files.iter().filter(writes).filter(|file| !file.path.starts_with("src/reality"));
    tidy(&others.map(|file| file.path.display().to_string()).collect::<Vec<_>>());
}

/// What stands in `src/disk` loses nothing; a call past it might.
#[test]
fn only_the_disk_room_changes_the_disk() {
    let calls = [
        "fs::write(",
        "File::create",
        "OpenOptions",
        "fs::rename(",
        "fs::remove_file(",
        "fs::remove_dir",
        "fs::create_dir",
        "fs::copy(",
        "fs::hard_link(",
    ];
    let mut untidy = Vec::new();
    for file in files(&["words/src", "claims/src", "input/src", "experiment/src", "src"])
        .iter()
        .filter(|file| !file.path.starts_with("src/disk"))
    {
        let own = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code_lines(own) {
            for call in calls.iter().filter(|call| line.contains(*call) && !line.contains("disk::append")) {
                untidy.push(format!("{}:{number}: {call}", file.path.display()));
            }
        }
    }
    tidy(&untidy);
}

/// The number of every stored format is declared in `input/src/formats.rs`: nobody writes its key by hand.
#[test]
fn formats_are_declared_in_one_place() {
    let mut untidy = Vec::new();
    for file in files(&["words/src", "claims/src", "input/src", "experiment/src", "src"])
        .iter()
        .filter(|file| !file.path.ends_with("formats.rs"))
    {
        let own = file.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code_lines(own) {
            if line.contains("schemaVersion\"") || line.contains("SCHEMA_VERSION: u") && !line.contains("formats::") {
                untidy.push(format!("{}:{number}: a format of its own", file.path.display()));
            }
        }
    }
    tidy(&untidy);
}

#[test]
fn the_simulator_is_pure() {
    let forbidden = [
        "std::fs",
        "std::io",
        "std::net",
        "std::thread",
        "std::time",
        "std::env",
        "std::process",
        "HashMap",
        "HashSet",
        "println!",
        "eprintln!",
        ".ln()",
        ".exp()",
        ".powf(",
        ".powi(",
        ".sin()",
        ".cos()",
        ".sqrt()",
        "RefCell",
        "Mutex",
    ];
    let mut untidy = Vec::new();
    for file in files(&["sim/src"]) {
        for (number, line) in code_lines(&file.text) {
            for word in forbidden.iter().filter(|word| line.contains(*word)) {
                untidy.push(format!("{}:{number}: {word}", file.path.display()));
            }
        }
    }
    tidy(&untidy);
}

/// Lines that are not comments, with their numbers.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn data_flows_one_way() {
    // Folder, and what nothing in it may import.
    let forbidden: [(&str, &[&str]); 7] = [
        (
            "sim/src/engine",
            &[
                "crate::world",
                "crate::azure",
                "crate::delivery",
                "crate::demand",
                "crate::measure",
                "crate::plan",
                "crate::rules",
            ],
        ),
        (
            "sim/src/rules",
            &["crate::world", "crate::azure", "crate::delivery", "crate::demand", "crate::measure", "crate::plan"],
        ),
        ("sim/src/azure", &["crate::measure"]),
        ("sim/src/demand", &["crate::measure"]),
        ("sim/src/measure", &["crate::azure", "crate::delivery", "world::World", "world::cx"]),
        ("src/disk", &["crate::output", "crate::commands", "crate::args", "crate::experiment"]),
        ("src/output", &["crate::commands", "crate::args"]),
    ];
    let mut untidy = Vec::new();
    for (folder, imports) in forbidden {
        for file in files(&[folder]) {
            let own_tests = file.path.file_name().is_some_and(|name| name == "testing.rs" || name == "tests.rs");
            for (number, line) in code_lines(&file.text).filter(|_| !own_tests) {
                for import in imports.iter().filter(|import| line.contains(*import)) {
                    untidy.push(format!("{}:{number}: {import}", file.path.display()));
                }
            }
        }
    }
    tidy(&untidy);
}

/// The rooms, lowest rank first, as the fields of `World` stand, with their files.
fn rooms() -> Vec<(String, String)> {
    let world = fs::read_to_string(root().join("sim/src/world/mod.rs")).expect("the world is there");
    let body = world.split("\nrooms! {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("it has rooms");
    let rows = code_lines(body).filter_map(|(_, line)| line.trim().strip_suffix(','));
    let names: Vec<String> = rows.map(str::to_owned).collect();
    names
        .into_iter()
        .map(|name| {
            let folders = ["azure", "delivery", "demand"];
            let text = folders.iter().find_map(|folder| {
                let file = root().join(format!("sim/src/{folder}/{name}.rs"));
                let nested = root().join(format!("sim/src/{folder}/{name}/mod.rs"));
                fs::read_to_string(file).or_else(|_| fs::read_to_string(nested)).ok()
            });
            let text = text.unwrap_or_else(|| panic!("the room {name} has no file"));
            (name, text)
        })
        .collect()
}

#[test]
fn a_room_calls_verbs_only_of_rooms_below_it() {
    let rooms = rooms();
    assert!(rooms.len() >= 8, "only {} rooms were found", rooms.len());
    let mut untidy = Vec::new();
    for (rank, (name, text)) in rooms.iter().enumerate() {
        for (above, above_text) in &rooms[rank + 1..] {
            let call = format!("{above}::");
            for (number, line) in code_lines(text) {
                let Some(at) = line.find(&call) else { continue };
                let verb: String =
                    line[at + call.len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let acts = above_text.contains(&format!("pub fn {verb}(world: &mut World"));
                if acts {
                    untidy.push(format!("{name}:{number} calls {above}::{verb}, a verb of a room above it"));
                }
            }
        }
    }
    tidy(&untidy);
}

#[test]
fn a_match_over_every_kind_has_no_catch_all() {
    let mut untidy = Vec::new();
    for path in ["sim/src/world/routes.rs", "sim/src/world/event.rs", "sim/src/world/fact.rs", "words/src/describe.rs"]
    {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let body = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code_lines(body).filter(|(_, line)| line.trim_start().starts_with("_ =>")) {
            untidy.push(format!("{path}:{number}: {}", line.trim()));
        }
    }
    tidy(&untidy);
}

#[test]
fn the_assumptions_that_are_said_to_be_read_are_those_that_are_read() {
    let mut read: Vec<String> = Vec::new();
    let readers = [
        "sim/src/azure",
        "sim/src/delivery",
        "sim/src/demand",
        "sim/src/measure",
        "words/src",
        "input/src",
        "src/output/azure_json",
    ];
    for file in files(&readers) {
        for (_, line) in code_lines(&file.text) {
            for rest in line.split("A::").skip(1) {
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
                read.push(name);
            }
        }
    }
    read.retain(|name| ASSUMPTIONS.iter().any(|row| format!("{:?}", row.id) == *name));
    read.sort();
    read.dedup();
    let mut said: Vec<String> = MODELLED.iter().map(|assumption| format!("{assumption:?}")).collect();
    said.sort();
    let only =
        |of: &[String], not: &[String]| of.iter().filter(|name| !not.contains(name)).cloned().collect::<Vec<_>>();
    assert_eq!(only(&read, &said), Vec::<String>::new(), "read, and not in MODELLED");
    assert_eq!(only(&said, &read), Vec::<String>::new(), "in MODELLED, and not read");
}

#[test]
fn nothing_unfinished_and_nothing_of_the_workshop_is_left() {
    let words = [
        "todo!(",
        "unimplemented!(",
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("XX", "X"),
        concat!("/work", "/"),
    ];
    let mut untidy = Vec::new();
    for file in everywhere().iter().filter(|file| !file.path.ends_with("tests/tidy.rs")) {
        for (number, line) in file.text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(*word)) {
                untidy.push(format!("{}:{}: {word}", file.path.display(), number + 1));
            }
        }
    }
    tidy(&untidy);
}

#[test]
fn the_tests_that_rules_name_are_there() {
    let all: String =
        files(&["tests", "sim/tests", "sim/src", "words/src", "claims/src", "input/src", "experiment/src", "src"])
            .into_iter()
            .map(|file| file.text)
            .collect();
    let mut untidy = Vec::new();
    for rule in windtunnel_sim::rules::RULES {
        for test in rule.tests {
            let name = test.rsplit("::").next().unwrap_or(test);
            if !all.contains(&format!("fn {name}(")) {
                untidy.push(format!("{} names {test}, which is not there", rule.id));
            }
        }
    }
    tidy(&untidy);
}

#[test]
fn the_papers_are_there() {
    let papers = [
        "README.md",
        "ARCHITECTURE.md",
        "STYLE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        ".ci/run",
        "schema/scenario.json",
        "docs/rules.md",
        "docs/assumptions.md",
        "docs/problems.md",
        "docs/scenario.md",
    ];
    let missing = papers.iter().filter(|paper| !root().join(paper).is_file());
    tidy(&missing.map(|paper| format!("{paper} is missing")).collect::<Vec<_>>());
}
