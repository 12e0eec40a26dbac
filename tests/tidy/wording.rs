//! Words that a platform engineer would not use for a thing of this program: none in pages, scenarios, comments, messages and
//! names.

use super::house::{House, before_tests, code_lines};

/// They are written apart, so that this file holds none of them.
const BANNED: [&str; 10] = [
    concat!("sto", "ry"),
    concat!("sto", "ries"),
    concat!("pap", "ers"),
    concat!("de", "sk"),
    concat!("lu", "ck"),
    concat!("lu", "cky"),
    concat!("pli", "ght"),
    concat!("se", "at"),
    concat!("wh", "om"),
    concat!("to", "ld"),
];

/// Words that a page may use, and no name: what they say of an instance or a message has a plainer word.
const BANNED_IN_NAMES: [&str; 6] = [
    concat!("hea", "rd"),
    concat!("unhea", "rd"),
    concat!("overhea", "rd"),
    concat!("bir", "th"),
    concat!("bo", "rn"),
    concat!("sto", "od"),
];

/// The banned words of a text.
fn banned(text: &str) -> impl Iterator<Item = &'static str> {
    found(&BANNED, text)
}

/// Which of these words a text has. A word ends where letters end.
fn found(listed: &'static [&'static str], text: &str) -> impl Iterator<Item = &'static str> + use<> {
    let words: Vec<String> = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).collect();
    listed.iter().copied().filter(move |listed| words.iter().any(|word| word == listed))
}

/// No page that is written by hand has one, outside of the blocks that show what the program prints.
pub fn pages(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    for (page, text) in house.pages() {
        let mut shown = false;
        for (number, line) in text.lines().enumerate() {
            shown ^= line.starts_with("```");
            if !shown {
                untidy.extend(banned(line).map(|word| format!("{page}:{}: {word}", number + 1)));
            }
        }
    }
    untidy
}

/// No text of more than a word in the code of the program has one.
pub fn messages(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    for (path, text) in house.program() {
        for (number, line) in code_lines(before_tests(text)) {
            for text in line.split('"').skip(1).step_by(2).filter(|text| text.contains(' ') && !text.contains('<')) {
                untidy.extend(banned(text).map(|word| format!("{path}:{number}: {word}")));
            }
        }
    }
    untidy
}

/// No name that is declared in any Rust file has one, of tests neither.
pub fn names(house: &House) -> Vec<String> {
    const DECLARED: [&str; 8] = ["fn", "struct", "enum", "mod", "trait", "type", "const", "static"];
    let mut untidy = Vec::new();
    for (path, text) in house.everything() {
        for (number, line) in code_lines(text) {
            let mut words = line.split_whitespace().skip_while(|word| !DECLARED.contains(word));
            let declared = words.find(|word| !DECLARED.contains(word)).unwrap_or_default();
            let name = declared.split(|c: char| c != '_' && !c.is_alphanumeric()).next().unwrap_or_default();
            let apart = apart(name);
            let words = banned(&apart).chain(found(&BANNED_IN_NAMES, &apart));
            untidy.extend(words.map(|word| format!("{path}:{number}: {name}: {word}")));
        }
    }
    untidy
}

/// No comment of a Rust file has one.
pub fn comments(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    for (path, text) in house.everything() {
        let lines = text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with("//"));
        for (number, line) in lines {
            untidy.extend(banned(line).map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    untidy
}

/// No line of a bundled scenario has one, and none has a code that no list of the repository explains (a letter and a number).
pub fn scenarios(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    // The file that shows what is said of old keys has them.
    for (path, text) in house.scenarios().filter(|(path, _)| *path != "tests/problems/renamed-key.yaml") {
        for (number, line) in text.lines().enumerate() {
            let place = format!("{path}:{}", number + 1);
            untidy.extend(banned(line).map(|word| format!("{place}: {word}")));
            let words = line.split(|c: char| c != '-' && !c.is_alphanumeric());
            untidy.extend(words.filter(|word| is_code(word)).map(|code| format!("{place}: {code}")));
        }
    }
    untidy
}

/// Whether a word is one capital, a hyphen and digits.
fn is_code(word: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    word.split_once('-').is_some_and(|(letter, number)| {
        letter.len() == 1 && letter.chars().all(|c| c.is_ascii_uppercase()) && is_number(number)
    })
}

/// `MadeUpName` as `_made_up_name`.
fn apart(name: &str) -> String {
    let small = |c: char| if c.is_uppercase() { format!("_{}", c.to_lowercase()) } else { c.to_string() };
    name.chars().map(small).collect()
}

/// No file has one in its name.
pub fn files(house: &House) -> Vec<String> {
    let files = house.everything().map(|(path, _)| path).chain(house.pages().map(|(path, _)| path));
    files.flat_map(|path| banned(path).map(move |word| format!("{path}: {word}"))).collect()
}
