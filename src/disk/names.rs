//! Names of files: what a user called something, and what this program calls its own.

/// The longest name; most file systems take 255 bytes, and drafts add to it.
const LONGEST: usize = 180;

/// The name of a file for a name of the user's: letters, digits, `.`, `-`, `_` and spaces inside stand for themselves,
/// every other byte is `%` and two hexadecimal digits. Different names stay different, none leaves its folder, is hidden
/// or means something to a shell, and one that is too long ends in a hash.
pub fn file_name(name: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let last = name.len().saturating_sub(1);
    for (at, byte) in name.bytes().enumerate() {
        let inside = at > 0 && at < last;
        let plain = match byte {
            b'.' | b' ' => inside,
            b'-' => at > 0,
            _ => byte.is_ascii_alphanumeric() || byte == b'_',
        };
        if plain {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    if out.is_empty() || is_reserved(&out) {
        // `%` alone is the start of nothing above, so that no other name comes out so.
        out.insert(0, '%');
    }
    if out.len() > LONGEST {
        let hash = blake3::hash(name.as_bytes()).to_hex();
        out.truncate(LONGEST - 17);
        out = format!("{out}%{}", &hash[..16]);
    }
    out
}

/// What Windows takes for a device, whatever comes behind a dot.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    let numbered = |kind: &str| stem.strip_prefix(kind).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

/// What a journal is of, by the name of its file.
pub const IDENTITY: &str = "identity.json";

/// The file of a block in a journal.
pub fn block(number: u32) -> String {
    format!("{number:06}.json")
}

/// The number of a block, by the name of its file.
pub fn block_number(name: &str) -> Option<u32> {
    let digits = name.strip_suffix(".json").filter(|digits| digits.bytes().all(|one| one.is_ascii_digit()))?;
    digits.parse().ok()
}

/// The draft of a file, which lies beside it.
pub(super) fn draft(name: &str) -> String {
    format!(".{name}.writing")
}

/// Whether a file in a journal has a name that journals give: of what it is, a block by its number, or the draft of one.
pub(super) fn is_of_journal(name: &str) -> bool {
    let name = name.strip_prefix('.').and_then(|name| name.strip_suffix(".writing")).unwrap_or(name);
    name == IDENTITY || block_number(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_names_stand_for_themselves_and_none_leaves_the_folder() {
        for plain in ["as-written", "batch_10", "v1.2.3", "two words"] {
            assert_eq!(file_name(plain), plain);
        }
        for (name, file) in [
            ("../../ESC", "%2E.%2F..%2FESC"),
            ("..", "%2E%2E"),
            (".", "%2E"),
            ("", "%"),
            (".hidden", "%2Ehidden"),
            ("-rf", "%2Drf"),
            ("a\u{1b}b", "a%1Bb"),
            ("ü", "%C3%BC"),
            ("nul", "%nul"),
            ("COM1.txt", "%COM1.txt"),
            ("100%", "100%25"),
        ] {
            assert_eq!(file_name(name), file);
        }
    }

    #[test]
    fn a_journal_has_its_identity_its_blocks_and_their_drafts() {
        for number in [0, 12, 1_234_567, u32::MAX] {
            assert_eq!(block_number(&block(number)), Some(number));
            assert!(is_of_journal(&block(number)) && is_of_journal(&draft(&block(number))));
        }
        assert!(is_of_journal(IDENTITY) && is_of_journal(&draft(IDENTITY)));
        for foreign in
            ["mine.txt", ".json", "+1.json", "1.json.bak", "notes.json", ".writing", "..writing", "4294967296.json"]
        {
            assert!(!is_of_journal(foreign), "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn different_names_stay_different(one in ".{0,300}", other in ".{0,300}") {
            let (a, b) = (file_name(&one), file_name(&other));
            prop_assert_eq!(one == other, a == b);
            prop_assert!(a.len() <= LONGEST && !a.contains(['/', '\\', '\0']) && a != "." && a != "..");
        }
    }
}
