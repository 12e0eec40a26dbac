//! Words of the template language.

use std::ops::Range;

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name: of a function or a property.
    Name(String),
    /// A text in single quotes; `''` in it is one quote.
    Text(String),
    /// A number, as written.
    Number(String),
    /// One of `( ) [ ] , .`
    Mark(char),
    /// `?`, of `.?name` and `[?index]`.
    Question,
    /// The end.
    End,
}

impl Token {
    /// The word as a message names it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Text(text) => format!("the text '{}'", super::super::say::shorten(text)),
            Self::Number(text) => format!("`{text}`"),
            Self::Mark(mark) => format!("`{mark}`"),
            Self::Question => "`?`".to_owned(),
            Self::End => "the end of the expression".to_owned(),
        }
    }
}

/// What is wrong, and where.
pub(super) type Wrong = (String, Range<usize>);

/// Splits an expression into words, each with its place; the last one is [`Token::End`].
pub(super) fn lex(source: &str) -> Result<Vec<(Token, Range<usize>)>, Wrong> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let start = at;
        let token = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' | ')' | '[' | ']' | ',' | '.' => {
                at += 1;
                Token::Mark(c)
            }
            '?' => {
                at += 1;
                Token::Question
            }
            '\'' => {
                let (text, end) = quoted(source, at)?;
                at = end;
                Token::Text(text)
            }
            '-' | '0'..='9' => {
                at = end_of(source, at + 1, |c| c.is_ascii_digit() || c == '.');
                Token::Number(source[start..at].to_owned())
            }
            c if is_name(c) => {
                at = end_of(source, at, is_name);
                Token::Name(source[start..at].to_owned())
            }
            other => return Err((format!("met `{}`", other.escape_debug()), start..start + other.len_utf8())),
        };
        tokens.push((token, start..at));
    }
    tokens.push((Token::End, source.len()..source.len()));
    Ok(tokens)
}

/// Whether a character may stand in a name. `$` and `#` occur in keys such as `$schema`.
fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '#')
}

fn end_of(source: &str, start: usize, accept: impl Fn(char) -> bool) -> usize {
    source[start..].find(|c| !accept(c)).map_or(source.len(), |length| start + length)
}

fn quoted(source: &str, start: usize) -> Result<(String, usize), Wrong> {
    let mut text = String::new();
    let mut at = start + 1;
    loop {
        let Some(length) = source[at..].find('\'') else {
            return Err(("a text is not closed: expected `'`".to_owned(), start..source.len()));
        };
        text.push_str(&source[at..at + length]);
        at += length + 1;
        if !source[at..].starts_with('\'') {
            return Ok((text, at));
        }
        text.push('\'');
        at += 1;
    }
}
