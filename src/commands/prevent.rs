//! `windtunnel prevent`: what would have prevented an incident.

use crate::args::deciding_seeds;
use crate::disk::file::Disk;
use crate::experiment::drill::search::Extent;
use crate::experiment::prevent::search::prevent as search;
use crate::experiment::prevent::{Prevented, Source};
use crate::experiment::replicate::check_seeds;
use crate::input::{self, LoadOptions, Problems, Report, load};
use crate::output::format::PageFormat;
use crate::output::prevent::{Sheet, effects, json, markdown, terminal};
use crate::output::stream;
use crate::threads::{Threads, jobs};
use crate::{commands, exit};
use clap::builder::RangedU64ValueParser;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use windtunnel_words::text::quoted;

/// What the exit codes of `prevent` mean.
const CODES: &str = "\
    The exit code is 0 if something helps or surely nothing does, 7 if more seeds would tell, and 4 if nobody was harmed.";

/// `prevent`.
#[derive(Debug, clap::Args)]
#[command(after_help = CODES)]
pub struct Args {
    /// The scenario file
    pub scenario: PathBuf,
    /// How many seeds each change that seems to help has, 6 at least: fewer that differ decide nothing
    #[arg(short = 'n', long, default_value_t = 40, value_name = "N", value_parser = deciding_seeds())]
    pub replications: usize,
    /// The first random seed; replication i of every change has this seed + i
    #[arg(short, long, default_value_t = 1, value_name = "FIRST")]
    pub seed: u64,
    /// How many threads [default: one for each processor]; results do not depend on it
    #[arg(short, long, value_name = "J", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// Looks for it, and says so.
pub fn prevent(args: &Args) -> anyhow::Result<u8> {
    check_seeds(args.seed, args.replications)?;
    let extent = Extent { first_seed: args.seed, runs: args.replications };
    let (title, found) = found(&args.scenario, extent, jobs(args.jobs))?;
    let effects = effects::all(&found);
    let command = format!(
        "windtunnel prevent {} --replications {} --seed {}",
        quoted(&args.scenario.display().to_string()),
        args.replications,
        args.seed
    );
    let sheet = Sheet { title: &title, found: &found, effects: &effects, command: &command };
    let mut out = stream::stdout();
    match args.format {
        PageFormat::Human => write!(out, "{}", terminal::render(&sheet, commands::width()))?,
        PageFormat::Json => writeln!(out, "{:#}", json::json(&sheet))?,
        PageFormat::Md => write!(out, "{}", markdown::page(&sheet))?,
    }
    Ok(if sheet.is_unharmed() {
        exit::NOTHING_SELECTED
    } else if found.is_undecided() {
        exit::INCONCLUSIVE
    } else {
        exit::OK
    })
}

/// What would have prevented the incident of a scenario, with its title.
pub(super) fn found(path: &Path, extent: Extent, jobs: usize) -> anyhow::Result<(String, Prevented)> {
    // All that is wrong with the file is said as every verb says it.
    let title = load(path, &LoadOptions::default())?.title;
    let mut problems = Problems::new();
    let Some((text, name)) = input::read::text_of(path, None, &mut problems) else {
        return Err(Report::from(problems).into());
    };
    let source = Source { files: &Disk, name: &name, text: &text };
    Ok((title, search(source, extent, &Threads(jobs))?))
}
