//! Words that a platform engineer would not use for a thing of this program: none in pages, messages and names of files.

use super::house::{House, before_tests, code_lines};

/// They are written apart, so that this file holds none of them.
const BANNED: [&str; 9] = [
    concat!("sto", "ry"),
    concat!("sto", "ries"),
    concat!("pap", "ers"),
    concat!("de", "sk"),
    concat!("lu", "ck"),
    concat!("lu", "cky"),
    concat!("pli", "ght"),
    concat!("se", "at"),
    concat!("wh", "om"),
];

/// The banned words of a text. A word ends where letters end.
fn banned(text: &str) -> impl Iterator<Item = &'static str> {
    let words: Vec<String> = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).collect();
    BANNED.into_iter().filter(move |banned| words.iter().any(|word| word == banned))
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

/// No public name of the program has one, nor one of a tale that is `told`.
pub fn names(house: &House) -> Vec<String> {
    const DECLARED: [&str; 6] = ["fn", "struct", "enum", "mod", "trait", "type"];
    let mut untidy = Vec::new();
    for (path, text) in house.program() {
        for (number, line) in code_lines(before_tests(text)).filter(|(_, line)| line.trim_start().starts_with("pub")) {
            let mut words = line.split_whitespace().skip_while(|word| !DECLARED.contains(word));
            let declared = words.nth(1).unwrap_or_default();
            let name = declared.split(|c: char| c != '_' && !c.is_alphanumeric()).next().unwrap_or_default();
            let apart = apart(name);
            untidy.extend(banned(&apart).map(|word| format!("{path}:{number}: {name}: {word}")));
            if apart.split('_').any(|word| word == concat!("to", "ld")) {
                untidy.push(format!("{path}:{number}: {name}"));
            }
        }
    }
    untidy
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
