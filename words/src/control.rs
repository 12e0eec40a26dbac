//! Which characters no text of a scenario holds, and which are shown escaped wherever they come from.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The characters that steer a terminal or hide what is written: controls, and those that turn the direction of writing or
/// break lines unseen.
#[must_use]
pub const fn is_control(letter: char) -> bool {
    matches!(letter, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// The text with these characters escaped as JSON has them, `\u001b`.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_control(letter) {
            let _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}
