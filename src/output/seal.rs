//! Files that nobody changes unseen: what begins with its format and the checksum of the rest.

use crate::input::formats::{Format, KEY};

/// How many digits a checksum has.
const CHECKSUM: usize = 32;

fn checksum(rest: &str) -> String {
    blake3::hash(rest.as_bytes()).to_hex()[..CHECKSUM].to_owned()
}

/// What a file begins with, up to its checksum.
fn beginning(format: &Format) -> String {
    format!("{{\"{KEY}\":{},\"checksum\":\"", format.version)
}

/// The text of a file: its format, and the checksum of `rest`, which is everything behind it and ends the object.
pub(crate) fn seal(format: &Format, rest: &str) -> String {
    format!("{}{}\",{rest}", beginning(format), checksum(rest))
}

/// What stands behind the checksum, as it was written.
///
/// # Errors
///
/// It is of another format, or was changed since.
pub(crate) fn open<'t>(format: &Format, text: &'t str) -> Result<&'t str, String> {
    let Some(rest) = text.strip_prefix(&beginning(format)) else {
        return Err(format!("it is not of format {}", format.version));
    };
    match (rest.get(..CHECKSUM), rest.get(CHECKSUM..).and_then(|rest| rest.strip_prefix("\","))) {
        (Some(sum), Some(rest)) if sum == checksum(rest) => Ok(rest),
        _ => Err("it was changed after it was written: its checksum differs".to_owned()),
    }
}
