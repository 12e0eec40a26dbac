//! What several tests share.

use std::path::Path;

/// Compares a text with the file that holds it; with `UPDATE=1`, writes the file.
pub fn compare(path: &Path, text: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).expect("the file can be written");
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(expected == text, "{} is out of date; UPDATE=1 writes it anew. It should read:\n{text}", path.display());
}
