//! `windtunnel run`: one replay, its story on the terminal, everything else in a folder.

use crate::args::Run;
use crate::commands::check::show_warnings;
use crate::exit;
use crate::experiment::judge::judge;
use crate::experiment::replay::Replay;
use crate::input::{LoadOptions, load};
use crate::output::folder;
use std::io::Write;
use std::path::PathBuf;

/// Replays a scenario once.
///
/// # Errors
///
/// The scenario cannot be read, has no such policy, or the folder cannot be written.
pub fn run(args: &Run) -> anyhow::Result<u8> {
    let loaded = load(&args.scenario, &LoadOptions::default())?;
    let planned = loaded.plan(&args.policy)?;
    show_warnings(&loaded.problems)?;
    let replay = Replay::new(&planned.plan, args.seed);
    let judged = judge(&planned.expectations, &replay.measures);
    let default = || PathBuf::from(format!("reports/{}/{}-{}", loaded.name, args.policy, args.seed));
    let to = args.out.clone().unwrap_or_else(default);
    let scenario = args.scenario.display().to_string();
    folder::write(&to, &scenario, planned, &replay, &judged)?;
    let mut out = anstream::stdout();
    for measure in &replay.measures {
        writeln!(out, "{} {:?}", measure.name, measure.value)?;
    }
    for judged in &judged {
        writeln!(out, "{:?} {}", judged.verdict, judged.expectation.name)?;
    }
    Ok(exit::OK)
}
