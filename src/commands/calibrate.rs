//! `windtunnel calibrate`: a team's own durations as values of assumptions.

use super::rules::write_json;
use crate::disk::file::Disk;
use crate::experiment::calibrate::calibrate as fitted;
use crate::input::measured::{Reading, System};
use crate::input::{Problems, Report};
use crate::output::{calibration, stream};
use crate::{commands, exit};
use std::io::Write as _;
use std::path::PathBuf;

/// What is read, and what is printed.
const HELP: &str = "\
    FILES are what Azure's tools print as JSON (`az monitor activity-log list`, `az deployment operation group list`, answers of \
    long-running operations) or tables as CSV: `assumption,seconds`, or `operation,os,instances,start,end,status`. What had not ended \
    when the file was made counts as longer than it took so far.\n\n\
    Each assumption gets a lognormal distribution, with a slow tail where the durations ask for one; docs/guide/fit.md has the method.";

/// `calibrate`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// Files of durations
    #[arg(required = true, value_name = "FILES")]
    pub files: Vec<PathBuf>,
    /// The operating system of machines of which a file does not say it
    #[arg(long, value_enum, default_value_t)]
    pub os: Os,
    /// The format of the output; `yaml` is the block for a scenario alone
    #[arg(long, value_enum, default_value_t)]
    pub format: Form,
}

/// An operating system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Os {
    /// Linux.
    #[default]
    Linux,
    /// Windows.
    Windows,
}

/// Who reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A person at a terminal.
    #[value(alias = "text")]
    #[default]
    Human,
    /// A scenario: the assumptions that it is given, alone.
    Yaml,
    /// A program.
    Json,
}

/// The draws of a posterior are the same each time.
const SEED: u64 = 1;

/// Reads durations, and prints the assumptions that they are values of.
pub fn calibrate(args: &Args) -> anyhow::Result<u8> {
    let (mut reading, mut problems) = (Reading::default(), Problems::new());
    let system = match args.os {
        Os::Linux => System::Linux,
        Os::Windows => System::Windows,
    };
    for path in &args.files {
        reading.read(&Disk, path, system, &mut problems);
    }
    if problems.has_errors() {
        return Err(Report::from(problems).into());
    }
    let rows = fitted(&reading.durations, SEED);
    let mut out = stream::stdout();
    match args.format {
        Form::Human => write!(out, "{}", calibration::human(&reading, &rows, commands::width()))?,
        Form::Yaml => write!(out, "{}", calibration::block(&rows))?,
        Form::Json => write_json(&calibration::json(&reading, &rows), &mut out)?,
    }
    Ok(if rows.iter().any(|row| row.value.is_some()) { exit::OK } else { exit::NOTHING_SELECTED })
}
