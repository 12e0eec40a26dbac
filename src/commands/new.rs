//! `windtunnel new`: a scenario to begin with, which runs at once.

use crate::args::New;
use crate::disk::file;
use crate::exit;
use crate::output::stream;
use anyhow::bail;
use std::io::Write;
use std::path::PathBuf;
use windtunnel_words::text::quoted;

/// What is written, with places for the name and the file.
const SCENARIO: &str = include_str!("../../assets/new-scenario.yaml");

/// Writes a scenario, and says what to do with it.
pub fn new(args: &New) -> anyhow::Result<u8> {
    let name = args.name.strip_suffix(".yaml").unwrap_or(&args.name);
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if name.is_empty() || name.len() > 40 || !name.chars().all(plain) || name.starts_with('-') || name.ends_with('-') {
        bail!(
            "`{name}` cannot be part of the name of a resource: use up to 40 lower-case letters and digits, with - \
            between them"
        );
    }
    let path = args.dir.clone().unwrap_or_else(|| PathBuf::from(".")).join(format!("{name}.yaml"));
    let shown = path.strip_prefix(".").unwrap_or(&path).display().to_string();
    let quoted = quoted(&shown);
    let text = SCENARIO.replace("{{name}}", name).replace("{{file}}", &quoted);
    file::write_new(&path, text.as_bytes())?;
    let mut said = stream::stdout();
    writeln!(said, "{shown}: one of three instances crashes, with two policies and two expectations")?;
    writeln!(said, "run it   windtunnel run {quoted}")?;
    writeln!(said, "compare  windtunnel compare {quoted}")?;
    Ok(exit::OK)
}
