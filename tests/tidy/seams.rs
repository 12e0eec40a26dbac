//! One place for what must have one: writes to the disk, tables, formats, closed matches.

use super::house::{House, before_tests, code_lines};
use std::collections::BTreeSet;
use windtunnel_sim::rules::{ASSUMPTIONS, RULES};

/// Each line before a file's own tests for which `is` holds.
fn lines<'h>(files: impl Iterator<Item = (&'h str, &'h str)>, is: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files {
        let lines = code_lines(before_tests(text)).filter(|(_, line)| is(line));
        found.extend(lines.map(|(number, line)| format!("{path}:{number}: {}", line.trim())));
    }
    found
}

/// Every table goes through one writer, which keeps names from being run. The figures of recordings are read by this program alone.
pub fn tables(house: &House) -> Vec<String> {
    let others = house.program().filter(|(path, _)| *path != "src/output/cells.rs" && !path.starts_with("src/reality"));
    lines(others, |line| line.contains("csv::Writer"))
}

/// What stands in `src/disk` loses nothing; a call past it might.
pub fn disk(house: &House) -> Vec<String> {
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
    let others = house.program().filter(|(path, _)| !path.starts_with("src/disk/"));
    lines(others, |line| calls.iter().any(|call| line.contains(call)) && !line.contains("disk::append"))
}

/// The number of every stored format is declared in `input/src/formats.rs`: nobody writes its key by hand.
pub fn formats(house: &House) -> Vec<String> {
    let others = house.program().filter(|(path, _)| *path != "input/src/formats.rs");
    lines(others, |line| {
        line.contains("schemaVersion\"") || line.contains("SCHEMA_VERSION: u") && !line.contains("formats::")
    })
}

/// A match over every fact, event or wake has no `_ =>`: a new kind must be a compile error wherever somebody has to decide.
pub fn closed_matches(house: &House) -> Vec<String> {
    let closed = |path: &str| {
        ["sim/src/world/fact", "words/src/describe"].iter().any(|folder| path.starts_with(folder))
            || ["routes.rs", "event.rs", "wake.rs"].iter().any(|file| path == format!("sim/src/world/{file}"))
    };
    let mut untidy = Vec::new();
    for (path, text) in house.program().filter(|(path, _)| closed(path)) {
        let lines: Vec<&str> = before_tests(text).lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with("_ =>")) {
            // The other arms of the same match say what it is over.
            let depth = |line: &str| line.len() - line.trim_start().len();
            let arms = lines[..at].iter().rev().take_while(|arm| arm.is_empty() || depth(arm) >= depth(line));
            let kinds = ["Fact::", "Event::", "Wake::", "Self::"];
            if arms.filter(|arm| depth(arm) == depth(line)).any(|arm| kinds.iter().any(|kind| arm.contains(kind))) {
                untidy.push(format!("{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    untidy
}

/// Measures and pages read what a fact says, and never by which rule it was said.
pub fn citations(house: &House) -> Vec<String> {
    let readers = house.program().filter(|(path, _)| !path.starts_with("sim/src/world/fact"));
    lines(readers, |line| {
        ["record.rule ==", "record.rule !=", "(&record.rule)"].iter().any(|words| line.contains(words))
    })
}

/// What a problem says is for people: nobody cuts its message or its help up for what the program acts on, which is a field of it.
pub fn sentences(house: &House) -> Vec<String> {
    const CUTS: [&str; 9] = [
        ".split(",
        ".split_once(",
        ".rsplit(",
        ".rsplit_once(",
        ".strip_prefix(",
        ".strip_suffix(",
        ".contains(",
        ".starts_with(",
        ".ends_with(",
    ];
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    // What follows a word, each time that it stands alone.
    let after = |text: &str, word: &str| -> Vec<String> {
        let stands = text.match_indices(word).filter(|(at, _)| !text[..*at].ends_with(is_name));
        stands.map(|(at, _)| text[at + word.len()..].to_owned()).filter(|rest| !rest.starts_with(is_name)).collect()
    };
    let cuts = |statement: &str| {
        let has_cut = CUTS.iter().any(|cut| statement.contains(cut));
        let is_read = |word: &str| {
            after(statement, word).iter().any(|rest| {
                let is_cut = CUTS.iter().any(|cut| rest.trim_start().starts_with(cut));
                let is_field = statement.contains(&format!(".{word}{rest}")) && !rest.starts_with('(');
                is_cut || is_field && has_cut
            })
        };
        is_read("message") || is_read("help") || statement.contains(".full()") && has_cut
    };
    let mut untidy = Vec::new();
    for (path, text) in house.program().filter(|(path, _)| !path.starts_with("sim/")) {
        let (mut statement, mut from) = (String::new(), 0);
        for (number, line) in code_lines(before_tests(text)) {
            for part in line.split_inclusive([';', '{', '}']) {
                from = if statement.is_empty() { number } else { from };
                statement += part.trim();
                if part.ends_with([';', '{', '}']) {
                    if cuts(&statement) {
                        untidy.push(format!("{path}:{from}: {statement}"));
                    }
                    statement.clear();
                }
            }
        }
    }
    untidy
}

/// What a row of the assumptions says of being read is so: code reads just those that are not marked `not_modelled`.
pub fn assumptions(house: &House) -> Vec<String> {
    let files = house.program().filter(|(path, _)| !path.starts_with("sim/src/rules/"));
    let keys =
        files.flat_map(|(_, text)| code_lines(before_tests(text))).flat_map(|(_, line)| line.split("key::").skip(1));
    let read: BTreeSet<String> = keys.map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect()).collect();
    let untrue = ASSUMPTIONS.iter().filter(|row| row.modelled != read.contains(&format!("{:?}", row.id)));
    untrue.map(|row| format!("{}: read or not, and its row says otherwise", row.key)).collect()
}

/// Nothing unfinished, and no path of the machine on which it was written.
pub fn finished(house: &House) -> Vec<String> {
    let words = [
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("XX", "X"),
        concat!("/work", "/"),
    ];
    let mut untidy = Vec::new();
    for (path, text) in house.everything() {
        for (number, line) in text.lines().enumerate() {
            let found = words.iter().filter(|word| line.contains(*word));
            untidy.extend(found.map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    untidy
}

/// The tests that rules name are there.
pub fn proofs(house: &House) -> Vec<String> {
    let all: String = house.everything().map(|(_, text)| text).collect();
    let gone = |name: &str| !all.contains(&format!("fn {name}("));
    let tests = RULES.iter().flat_map(|rule| rule.tests.iter().map(move |test| (rule.id, *test)));
    let absent = tests.filter(|(_, test)| gone(test.rsplit("::").next().unwrap_or(test)));
    absent.map(|(rule, test)| format!("{rule} names {test}, which is not there")).collect()
}
