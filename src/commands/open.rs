//! Opens a report in the browser of whoever typed the command.

use crate::output::stream;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use windtunnel_words::text::quoted;

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
        let _ = writeln!(stream::stderr(), "no browser could be started; open this file in one: {shown}");
    }
}

/// The commands that open a file on this system, the best first: what the user named, then the system's own.
fn openers() -> Vec<Vec<String>> {
    let own = system(std::env::consts::OS);
    let named = std::env::var("BROWSER").ok().filter(|name| !name.trim().is_empty()).map(|name| vec![name]);
    named.into_iter().chain(own.iter().map(|words| words.iter().map(ToString::to_string).collect())).collect()
}

/// Those of a system. None is a shell, to which the name of a file might say more than a name (`a&b.html`).
const fn system(os: &str) -> &'static [&'static [&'static str]] {
    match os.as_bytes() {
        b"macos" => &[&["open"]],
        b"windows" => &[&["rundll32.exe", "url.dll,FileProtocolHandler"]],
        _ => &[&["xdg-open"], &["wslview"]],
    }
}

/// Whether a command could be started; a browser that runs on is not waited for.
fn starts(opener: Vec<String>, file: &Path) -> bool {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let quiet = Stdio::null;
    let mut words = opener.into_iter();
    let Some(program) = words.next() else { return false };
    Command::new(program).args(words).arg(file).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shell_is_given_the_name_of_a_file() {
        for os in ["linux", "macos", "windows"] {
            for opener in system(os) {
                let shell = ["cmd", "sh", "powershell", "start"].iter().any(|shell| opener[0].starts_with(shell));
                assert!(!shell && !opener.contains(&"/C"), "{os}: {opener:?}");
            }
        }
    }
}
