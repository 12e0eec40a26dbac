//! Data flows one way, and the layers that must be pure are.

use super::house::{House, LAYERS, before_tests, code_lines, words_in};

/// What the modules of a folder may name of their own crate, beside each other. A row a folder; `*` stands for everything.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("sim/src/engine", &[]),
    ("sim/src/rules", &["engine"]),
    ("sim/src/plan", &["engine", "rules", "words"]),
    ("sim/src/plan.rs", &["engine", "rules", "plan", "words"]),
    ("sim/src/generator", &["engine", "rules", "plan"]),
    ("sim/src/measure", &["engine", "rules", "plan", "world", "demand", "azure", "words"]),
    ("src/disk", &["input"]),
    ("src/threads.rs", &["experiment"]),
    ("src/reality", &["disk", "input", "experiment"]),
    ("src/output", &["claims", "disk", "experiment", "infer", "input", "words"]),
    (
        "src/commands",
        &["args", "claims", "disk", "exit", "experiment", "infer", "input", "output", "reality", "threads", "words"],
    ),
];

/// What the folders whose rows allow more than they should must not name.
const MUST_NOT_NAME: &[(&str, &[&str])] = &[
    // The measures see records and the plan, and never the world.
    ("sim/src/measure", &["world::World", "world::cx", "crate::delivery"]),
    ("sim/src/azure", &["crate::measure", "crate::generator"]),
    ("sim/src/delivery", &["crate::measure", "crate::generator"]),
    ("sim/src/demand", &["crate::measure", "crate::generator"]),
    ("sim/src/world", &["crate::measure", "crate::generator"]),
];

/// A module's own tests may reach further.
fn is_of_tests(path: &str) -> bool {
    path.ends_with("/testing.rs") || path.ends_with("/tests.rs")
}

/// The first name of each path of its own crate that a line holds.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
}

/// What files name of their own crate that the row of their folder does not allow.
fn upward(house: &House, folders: &str) -> Vec<String> {
    let mut untidy = Vec::new();
    for (folder, may) in MAY_NAME.iter().filter(|(folder, _)| folder.starts_with(folders)) {
        let own = folder.rsplit('/').next().unwrap_or(folder).trim_end_matches(".rs");
        let within = |path: &str| path == *folder || path.starts_with(&format!("{folder}/"));
        for (path, text) in house.program().filter(|(path, _)| within(path) && !is_of_tests(path)) {
            for (number, line) in code_lines(before_tests(text)) {
                let other = named(line).filter(|name| *name != own && !name.is_empty() && !may.contains(name));
                untidy.extend(other.map(|name| format!("{path}:{number}: names {name}")));
            }
        }
    }
    untidy
}

pub fn of_the_program(house: &House) -> Vec<String> {
    upward(house, "src/")
}

pub fn of_the_simulator(house: &House) -> Vec<String> {
    upward(house, "sim/")
}

pub fn barred(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    for (folder, words) in MUST_NOT_NAME {
        let files = house.program().filter(|(path, _)| path.starts_with(&format!("{folder}/")) && !is_of_tests(path));
        untidy.extend(words_in(files, words));
    }
    untidy
}

/// Every folder of the program has a row, so that a new one is thought about.
pub fn rows(house: &House) -> Vec<String> {
    let known: Vec<&str> = MAY_NAME.iter().chain(MUST_NOT_NAME).map(|(folder, _)| *folder).collect();
    let mut untidy = Vec::new();
    for (path, _) in house.rust(&["sim/src", "src"]) {
        let parts: Vec<&str> = path.split('/').collect();
        let depth = if parts[0] == "sim" { 3 } else { 2 };
        let folder = parts[..depth.min(parts.len() - 1)].join("/");
        if parts.len() > depth
            && !known.contains(&folder.as_str())
            && !untidy.iter().any(|line: &String| line.contains(&folder))
        {
            untidy.push(format!("{path}: its folder {folder} has no row in MAY_NAME"));
        }
    }
    untidy
}

/// A crate depends on those below it only; the compiler would find a circle, and not a wrong order.
pub fn manifests(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    for (rank, (folder, _)) in LAYERS.iter().enumerate() {
        let path = if *folder == "." { "Cargo.toml".to_owned() } else { format!("{folder}/Cargo.toml") };
        for line in house.text(&path).lines().filter(|line| line.starts_with("windtunnel-")) {
            let name = line.split([' ', '=']).next().unwrap_or_default();
            if name != LAYERS[rank].1 && !LAYERS[..rank].iter().any(|(_, below)| *below == name) {
                untidy.push(format!("{path}: depends on {name}, which is not below it"));
            }
        }
    }
    untidy
}

/// The simulator knows no file, no clock, no thread, no terminal and no chance.
pub fn simulator(house: &House) -> Vec<String> {
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
    words_in(house.rust(&["sim/src"]), &forbidden)
}

/// Words, claims, infer, input and experiment are handed a way to read files, and workers.
pub fn pure_layers(house: &House) -> Vec<String> {
    let forbidden = [
        "std::fs",
        "std::io",
        "std::net",
        "std::thread",
        "std::time::Instant",
        "std::time::SystemTime",
        "std::env",
        "std::process",
        "rayon",
        "indicatif",
        "anstream",
        "terminal_size",
        "println!",
        "eprintln!",
        "HashMap",
        "HashSet",
    ];
    let files = house.rust(&["words/src", "claims/src", "infer/src", "input/src", "experiment/src"]);
    let mut untidy = words_in(files, &forbidden);
    for layer in ["words", "claims", "infer", "input", "experiment"] {
        let path = format!("{layer}/Cargo.toml");
        let banned = ["rayon", "indicatif", "anstream", "terminal_size", "clap", "rustix", "signal-hook"];
        let lines = house.text(&path).lines();
        let found = lines.filter(|line| banned.iter().any(|name| line.split([' ', '=', '.']).next() == Some(name)));
        untidy.extend(found.map(|line| format!("{path}: {line}")));
    }
    untidy
}
