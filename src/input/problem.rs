//! Problems: what a file may get wrong, each with a code, a place, and what to do about it.

use super::tree::Span;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be run.
    Error,
    /// The file can be run, and says something its author may not mean.
    Warning,
    /// Something was assumed or left out; nothing to mend.
    Note,
}

/// One problem.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The code, `E0107`; the catalogue says more about it. Written out, never reused.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line, lower case, no full stop.
    pub message: String,
    /// Where, and what stands there.
    pub primary: Option<(Span, String)>,
    /// Other places that belong to it.
    pub secondary: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

/// All problems of one reading, in the order they were found.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<Problem>);
