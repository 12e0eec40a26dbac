//! Opens a report in the browser of whoever typed the command.

use crate::output::stream;
use crate::output::text::quoted;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Opens the report of a folder, if that was asked.
pub(super) fn report(asked: bool, folder: &Path) {
    if asked {
        page(&folder.join("report.html"));
    }
}

/// Opens a file; where there is no way to, says what to do instead, since the file is there all the same.
pub(super) fn page(file: &Path) {
    if !openers().into_iter().any(|opener| starts(opener, file)) {
        let shown = quoted(&file.display().to_string());
        let _ = writeln!(stream::stderr(), "no browser could be started from here; open this file in one: {shown}");
    }
}

/// The commands that open a file on this system, the best first: what the user named, then the system's own.
fn openers() -> Vec<Vec<String>> {
    let own: &[&[&str]] = if cfg!(target_os = "macos") {
        &[&["open"]]
    } else if cfg!(windows) {
        &[&["cmd", "/C", "start", ""]]
    } else {
        &[&["xdg-open"], &["wslview"]]
    };
    let named = std::env::var("BROWSER").ok().filter(|name| !name.trim().is_empty()).map(|name| vec![name]);
    named.into_iter().chain(own.iter().map(|words| words.iter().map(ToString::to_string).collect())).collect()
}

/// Whether a command could be started; a browser that runs on is not waited for.
fn starts(opener: Vec<String>, file: &Path) -> bool {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let quiet = Stdio::null;
    let mut words = opener.into_iter();
    let Some(program) = words.next() else { return false };
    Command::new(program).args(words).arg(file).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().is_ok()
}
