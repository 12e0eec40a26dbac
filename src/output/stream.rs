//! Standard output and standard error, as every verb writes to them.
//!
//! - Who stops reading changes no verdict: what comes after a broken pipe is dropped, and the exit code stays.
//! - A text of the user's cannot steer the terminal: control characters are shown escaped. Colours of our own pass.
//! - No line begins with a command of a build service (`::`), but for those that are meant, nor holds one of those that are
//!   found anywhere in a line (`##[`, `##vso[`).

use crate::input::Colour;
use std::borrow::Cow;
use std::io::{self, ErrorKind, Write};
use windtunnel_words::text::{colour, visible};

/// What a stream can show: colours on a terminal, unless `NO_COLOR` is set.
pub fn colour_of<S: anstream::stream::RawStream>(stream: &S) -> Colour {
    match anstream::AutoStream::choice(stream) {
        anstream::ColorChoice::Never => Colour::Plain,
        _ => Colour::Ansi,
    }
}

/// Standard output.
pub fn stdout() -> Stream<anstream::AutoStream<io::Stdout>> {
    Stream::new(anstream::stdout(), "standard output")
}

/// Standard error.
pub fn stderr() -> Stream<anstream::AutoStream<io::Stderr>> {
    Stream::new(anstream::stderr(), "standard error")
}

/// A stream of lines. What is not yet a line is written when it is flushed or dropped.
#[derive(Debug)]
pub struct Stream<W: Write> {
    inner: W,
    line: Vec<u8>,
    /// Nobody reads any more.
    gone: bool,
    /// What it is, for messages.
    name: &'static str,
}

impl<W: Write> Stream<W> {
    const fn new(inner: W, name: &'static str) -> Self {
        Self { inner, line: Vec::new(), gone: false, name }
    }

    /// Writes lines that a build service is to obey.
    ///
    /// # Errors
    ///
    /// They cannot be written, for another reason than that nobody reads.
    pub fn commands(&mut self, lines: &str) -> io::Result<()> {
        self.flush()?;
        self.pass(lines.as_bytes())
    }

    fn pass(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        match self.inner.write_all(bytes).and_then(|()| self.inner.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(())
            }
            Err(error) => {
                let said = format!("cannot write to {}: {error}; free some space, or send it elsewhere", self.name);
                Err(io::Error::new(error.kind(), said))
            }
            Ok(()) => Ok(()),
        }
    }
}

impl<W: Write> Write for Stream<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        if let Some(end) = self.line.iter().rposition(|byte| *byte == b'\n') {
            let rest = self.line.split_off(end + 1);
            let lines = std::mem::replace(&mut self.line, rest);
            self.pass(harmless(&lines).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let lines = std::mem::take(&mut self.line);
        if lines.is_empty() { Ok(()) } else { self.pass(harmless(&lines).as_bytes()) }
    }
}

impl<W: Write> Drop for Stream<W> {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

/// The lines as a terminal and a build service may be shown them.
fn harmless(lines: &[u8]) -> String {
    let mut out = String::with_capacity(lines.len());
    for line in String::from_utf8_lossy(lines).split_inclusive('\n') {
        let begins = behind_colours(line);
        if begins.starts_with("::") {
            out += &visible(&line[..line.len() - begins.len()]);
            out.push('\\');
            out += &disarmed(&visible(begins));
        } else {
            out += &disarmed(&visible(line));
        }
    }
    out
}

/// What a line begins with: colours may be stripped behind this, and a build service passes over white space, and over what
/// has no width.
fn behind_colours(line: &str) -> &str {
    let blank = |letter: char| letter.is_whitespace() || is_passed_over(letter);
    let mut rest = line.trim_start_matches(blank);
    while let Some(length) = colour(rest) {
        rest = rest[length..].trim_start_matches(blank);
    }
    rest
}

/// Characters that comparisons of texts pass over in some languages of programs.
const fn is_passed_over(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The text without commands of the kind that build services find anywhere in a line (`##[…]`, `##vso[…]`): the bracket is
/// written as JSON may write it, so that JSON says the same.
pub(crate) fn disarmed(text: &str) -> Cow<'_, str> {
    if !text.contains('[') || !text.contains('#') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    // The letters before, without those that are passed over.
    let mut before = String::new();
    for letter in text.chars() {
        if letter == '[' && ["##", "##vso"].iter().any(|command| before.ends_with(command)) {
            out += "\\u005b";
        } else {
            out.push(letter);
        }
        if !is_passed_over(letter) {
            before.push(letter.to_ascii_lowercase());
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut stream = Stream::new(Vec::new(), "memory");
        write!(stream, "{text}").expect("memory takes everything");
        stream.flush().expect("memory takes everything");
        String::from_utf8(std::mem::take(&mut stream.inner)).expect("UTF-8")
    }

    #[test]
    fn control_characters_are_shown_and_colours_pass() {
        assert_eq!(shown("a\u{1b}[31mred\u{1b}[0m\tb\n"), "a\u{1b}[31mred\u{1b}[0m\tb\n");
        assert_eq!(shown("a\u{1b}]0;T\u{7}b\r"), "a\\u001b]0;T\\u0007b\\u000d");
        assert_eq!(shown("\u{9b}31m\u{202e}x\u{2028}"), "\\u009b31m\\u202ex\\u2028");
    }

    #[test]
    fn no_line_begins_with_a_command_but_those_that_are_meant() {
        assert_eq!(
            shown("::stop-commands::x\n  ##[error]y\nz ::x\n"),
            "\\::stop-commands::x\n  ##\\u005berror]y\nz ::x\n"
        );
        assert_eq!(shown("\u{1b}[1m::add-mask::x\u{1b}[0m\n"), "\u{1b}[1m\\::add-mask::x\u{1b}[0m\n");
        assert_eq!(shown(" \u{1b}[2m \u{1b}[0m\u{ad}::x\n"), " \u{1b}[2m \u{1b}[0m\u{ad}\\::x\n");
        assert_eq!(shown("a: ##VSO[x]y\n"), "a: ##VSO\\u005bx]y\n");
        assert_eq!(shown("{\"a\": \"#\u{200d}#[x]\", \"b\": [1]}\n"), "{\"a\": \"#\u{200d}#\\u005bx]\", \"b\": [1]}\n");
        let mut stream = Stream::new(Vec::new(), "memory");
        stream.commands("::error::meant\n").expect("memory takes everything");
        assert_eq!(stream.inner, b"::error::meant\n");
    }

    /// Takes so many bytes and is gone then.
    struct Short(usize);

    impl Write for Short {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(ErrorKind::BrokenPipe.into());
            }
            self.0 -= self.0.min(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn who_stops_reading_is_no_error() {
        let mut stream = Stream::new(Short(3), "a pipe");
        for _ in 0..100 {
            writeln!(stream, "more").expect("it is dropped");
        }
        assert!(stream.gone);
    }
}
