//! Nothing is too long to read.

use super::house::House;

/// Most lines of a file; a longer one has grown two jobs.
const FILE_LINES_MAX: usize = 600;
/// Most lines of a function, from its signature to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;
/// Most characters of a line, beside those of texts.
const COLUMNS_MAX: usize = 140;

pub fn files(house: &House) -> Vec<String> {
    let long = |(path, text): (&str, &str)| {
        let lines = text.lines().count();
        (lines > FILE_LINES_MAX).then(|| format!("{path}: {lines} lines, at most {FILE_LINES_MAX}"))
    };
    house.everything().filter_map(long).collect()
}

pub fn functions(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    for (path, text) in house.program().filter(|(path, _)| !path.ends_with("testing.rs")) {
        let mut open: Option<(usize, usize, String)> = None;
        for (number, line) in text.lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            if open.is_none() && is_function(line) && !line.trim_end().ends_with('}') {
                open = Some((number, indent, line.trim().to_owned()));
            } else if let Some((start, depth, name)) = &open
                && indent == *depth
                && (line.trim() == "}" || line.trim_end().ends_with(';'))
            {
                let lines = number - start + 1;
                if lines > FUNCTION_LINES_MAX && !is_table(name) {
                    untidy.push(format!("{path}:{}: {lines} lines: {name}", start + 1));
                }
                open = None;
            }
        }
    }
    untidy
}

fn is_function(line: &str) -> bool {
    let words = line.trim_start();
    let words = words.strip_prefix("pub(crate) ").or(words.strip_prefix("pub(super) ")).unwrap_or(words);
    let words = words.strip_prefix("pub ").unwrap_or(words);
    let words = words.strip_prefix("const ").unwrap_or(words);
    words.starts_with("fn ")
}

/// One match over every fact, event or act of the timeline is as long as there are kinds; splitting it would hide that it is whole.
fn is_table(signature: &str) -> bool {
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

pub fn columns(house: &House) -> Vec<String> {
    let mut untidy = Vec::new();
    for (path, text) in house.everything() {
        for (number, line) in text.lines().enumerate() {
            // The text of a message may be as long as it has to be.
            let columns: usize = line.split('"').step_by(2).map(|code| code.chars().count()).sum();
            if columns > COLUMNS_MAX {
                untidy.push(format!("{path}:{}: {columns} columns", number + 1));
            }
        }
    }
    untidy
}
