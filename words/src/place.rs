//! Places in the files that a user hands in, for messages.

use std::sync::Arc;

/// A file that was read, with its text, for messages.
#[derive(Debug)]
pub struct Source {
    /// The name a message shows: the path as the user gave it.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Whether messages show none of it: it is not what it should be, and may be anything, such as a key or a password.
    pub hidden: bool,
}

/// A place in a file: the bytes `start..end`.
#[derive(Clone, Debug)]
pub struct Span {
    /// The file.
    pub source: Arc<Source>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The line, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// The column, counted from 1 in characters.
    #[must_use]
    pub fn column(&self) -> usize {
        self.before().rsplit('\n').next().unwrap_or_default().chars().count() + 1
    }

    /// The text before the place.
    fn before(&self) -> &str {
        let text = &self.source.text;
        &text[..text.floor_char_boundary(self.start.min(text.len()))]
    }
}
