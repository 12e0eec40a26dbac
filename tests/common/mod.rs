//! What several tests share.

use std::path::Path;

/// Compares a text with the file that holds it; with `UPDATE=1`, writes the file.
pub fn compare(path: &Path, text: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).expect("the file can be written");
        return;
    }
    // A checkout may have turned line ends.
    let found = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    if found != text {
        let same = found.lines().zip(text.lines()).take_while(|(found, wanted)| found == wanted).count();
        let wanted = text.lines().nth(same).unwrap_or_default();
        panic!("{}:{}: is out of date; UPDATE=1 writes it anew. It should read:\n{wanted}", path.display(), same + 1);
    }
}
