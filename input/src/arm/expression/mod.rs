//! The template language: what stands between `[` and `]` in an ARM template.
//!
//! A text is lexed and parsed into an [`Expression`] with places, and evaluated lazily against a [`Scope`]. A failure is a value:
//! it stays where it is in objects and lists, the field it ends in becomes absent, and it is reported there.

mod data;
mod deployed;
mod evaluate;
mod functions;
mod journal;
mod lexer;
mod parser;
mod placeholder;
mod scope;

use crate::tree::Span;

pub use data::{boolean, integer, null, text};
pub use deployed::{DEPLOYMENT, Deployed, Item, Scope, Template};
pub use evaluate::Env;
pub use functions::{names, only_online};
pub use journal::{Journal, LOCATION, StandIn};
pub use parser::{Expression, Kind, parse, print};
pub use scope::{Given, Loop};

/// Why an expression has no value.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The code of the problem.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What to do about it.
    pub help: Option<String>,
}

/// A value, or why there is none.
pub type Outcome<T> = Result<T, Box<Failure>>;

impl Failure {
    /// A failure without advice.
    #[must_use]
    pub fn new(code: &'static str, message: String, span: &Span) -> Box<Self> {
        Box::new(Self { code, message, span: span.clone(), help: None })
    }

    /// The same failure with advice.
    #[must_use]
    pub fn with_help(mut self: Box<Self>, help: impl Into<String>) -> Box<Self> {
        self.help = Some(help.into());
        self
    }
}

/// What a text in a template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text<'a> {
    /// A text, without the `[` that escapes another one.
    Literal(&'a str),
    /// An expression: what stands between the brackets, and where that begins.
    Expression(&'a str, usize),
}

/// Tells expressions from texts that only begin with a bracket, such as a cloud-init file that starts with `[Unit]`.
///
/// Azure goes by the first and last character alone; a text that could not be an expression at all (no call, literal or number
/// after the bracket) is taken as a text here, since it can only have come from outside a template.
#[must_use]
pub fn classify(text: &str) -> Text<'_> {
    let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) else {
        return Text::Literal(text);
    };
    if inner.starts_with('[') {
        return Text::Literal(inner_literal(text));
    }
    let start = inner.trim_start();
    let name = start.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    let is_call = name.len() < start.len() && name.trim_start().starts_with('(');
    let is_literal = start.starts_with(|c: char| c == '\'' || c == '-' || c.is_ascii_digit());
    let is_one_line = !text.contains('\n');
    if is_call || (is_literal && is_one_line) { Text::Expression(inner, 1) } else { Text::Literal(text) }
}

/// `[[a]` is the text `[a]`.
fn inner_literal(text: &str) -> &str {
    &text[1..]
}
