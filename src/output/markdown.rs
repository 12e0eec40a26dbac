//! Markdown: tables, code and blocks of commands, in which nothing of a name is read as more than text.

use windtunnel_words::control::escaped;

/// A table with this head. What its cells hold is text.
pub(crate) fn table<const N: usize>(head: [&str; N], of: impl IntoIterator<Item = [String; N]>) -> String {
    let head = std::iter::once(head.map(str::to_owned).to_vec());
    rows(&head.chain(of.into_iter().map(|row| row.to_vec())).collect::<Vec<_>>())
}

/// A table of rows, the first of which is its head.
pub(crate) fn rows(all: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells = cells.iter().map(|one| if one.is_empty() { " |".to_owned() } else { format!(" {} |", cell(one)) });
        format!("|{}\n", cells.collect::<String>())
    };
    let Some((head, rest)) = all.split_first() else { return String::new() };
    let rule = format!("|{}\n", " --- |".repeat(head.len()));
    line(head) + &rule + &rest.iter().map(|row| line(row)).collect::<String>()
}

/// A block of commands, in a fence that nothing in it ends.
pub(crate) fn fenced(commands: &str) -> String {
    block("sh", commands)
}

/// A block of lines in this language, in a fence that nothing in it ends.
pub(crate) fn block(language: &str, lines: &str) -> String {
    let longest = lines.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}{language}\n{}\n{fence}\n", escaped(lines))
}

/// A text as code within a line, in a fence that nothing in it ends.
pub(crate) fn code(text: &str) -> String {
    let text = escaped(&text.replace(['\n', '\r'], " ")).into_owned();
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A text within a table of Markdown.
pub(crate) fn cell(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => out.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '&' | '$' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    // A service that shows the page would tell the person whose name follows: with nothing of any width between, it is no name.
    escaped(&out).replace('@', "@\u{200b}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_markdown() {
        assert_eq!(cell("a\u{1b}[31m\u{7}"), "a\\u001b\\[31m\\u0007");
        assert_eq!(cell("a|b\n<i>_x_"), "a\\|b \\<i\\>\\_x\\_");
        assert_eq!(cell("ask @team"), "ask @\u{200b}team");
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("`a\n``b"), "``` `a ``b ```");
        assert_eq!(fenced("a\n```\nb"), "````sh\na\n```\nb\n````\n");
        assert_eq!(fenced("a\u{9b}"), "```sh\na\\u009b\n```\n");
        assert_eq!(table(["", "b"], [["x|y".to_owned(), "1".to_owned()]]), "| | b |\n| --- | --- |\n| x\\|y | 1 |\n");
    }
}
