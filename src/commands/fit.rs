//! `windtunnel fit`: what observations tell of what is unknown.

mod replay;

use super::rules::write_json;
use crate::commands::begin;
use crate::commands::compare::given::drawable;
use crate::disk::folder::{Foreigners, default_place};
use crate::disk::marker::Kind;
use crate::experiment::fit::observed::Observations;
use crate::experiment::fit::{Evidence as _, Extent, fit as fitted, most};
use crate::input::{AS_WRITTEN, LoadOptions, load};
use crate::output::fit::{FILE, Sheet, draws_csv, json, points_csv, profile_csv, render};
use crate::output::format::Format;
use crate::output::progress::{Progress, Work};
use crate::output::stream;
use crate::threads::{Threads, jobs};
use crate::{commands, exit};
use anyhow::bail;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use windtunnel_words::text::quoted;

/// What is needed, and what comes out.
const HELP: &str = "\
    The scenario says what is unknown, with what is thought of it (`unknown`), and what was observed (`observed`). The chance of the \
    incident, its seed, is one more unknown. The folder holds fit.json, draws.csv, profile.csv and points.csv; `windtunnel compare \
    SCENARIO --given DIR` judges policies under it. docs/guide/fit.md has the method.";

/// `fit`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The scenario file
    pub scenario: PathBuf,
    /// The policy under which the incident happened
    #[arg(short, long, default_value = AS_WRITTEN)]
    pub policy: String,
    /// How many runs the draws may take; the profiles take some hundred an unknown beside
    #[arg(long, default_value_t = 200_000, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1_000..=100_000_000))]
    pub runs: usize,
    /// How many particles: a quarter of the draws that are kept
    #[arg(long, default_value_t = 800, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(50..=100_000))]
    pub draws: usize,
    /// The seed of the draws
    #[arg(short, long, default_value_t = 1)]
    pub seed: u64,
    /// How many threads [default: one for each processor]; results do not depend on it
    #[arg(short, long, value_name = "J", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// Where to write [default: reports/SCENARIO/fit]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace a folder of another kind or scenario, or one whose files were changed; a foreign file is never replaced
    #[arg(long)]
    pub force: bool,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Fits what is unknown.
pub fn fit(args: &Args) -> anyhow::Result<u8> {
    let loaded = load(&args.scenario, &LoadOptions::default())?;
    let plan = &loaded.plan(&args.policy)?.plan;
    let drawable = drawable(&args.scenario)?;
    let decided = drawable.decided(&args.policy);
    if !decided.is_empty() {
        bail!(
            "the policy `{}` decides {} itself, so nothing can be learnt of it under that policy",
            args.policy,
            decided.join(", ")
        );
    }
    let Some(observations) = Observations::of(&loaded) else {
        bail!(
            "nothing was observed in `{}`: say what you know under `observed`; docs/guide/fit.md shows it",
            args.scenario.display()
        );
    };
    if !observations.judged(plan, 1).iter().any(|one| one.simulated.is_some() || one.observed.is_none()) {
        bail!(
            "nothing that was observed lies within the run of `{}`: compare the instants of the files with `start` and `horizon`",
            args.scenario.display()
        );
    }
    let beside = default_place(&args.scenario, &loaded.name, "fit");
    let mut draft = begin(Kind::Fit, &args.scenario, args.out.as_ref(), beside, Foreigners::of_force(args.force))?;
    let to = draft.target().display().to_string();
    let extent = Extent { policy: args.policy.clone(), particles: args.draws, runs: args.runs, seed: args.seed };
    let bar = Progress::of(Work::Runs, most(&drawable, &extent) as u64, 0);
    let mut done = 0;
    let mut watch = |runs: usize| {
        bar.add((runs - done) as u64);
        done = runs;
        true
    };
    let fit = fitted(&drawable, &observations, &extent, &Threads(jobs(args.jobs)), &mut watch)?;
    bar.end();
    let Some(fit) = fit else { bail!("it was stopped") };
    let command = command(args);
    let file = quoted(&args.scenario.display().to_string());
    let replay = replay::of(&args.scenario, &loaded.name, (&drawable, &fit), draft.target())?;
    let name = replay.as_ref().map(|replay| replay.name.as_str());
    let sheet =
        Sheet { title: &loaded.title, plan, fit: &fit, command: &command, file: &file, folder: &to, replay: name };
    let json = json(&sheet);
    draft.file(FILE, |out| writeln!(out, "{json:#}"))?;
    draft.file("draws.csv", |out| draws_csv(&fit, out))?;
    draft.file("profile.csv", |out| profile_csv(&fit, out))?;
    draft.file("points.csv", |out| points_csv(&fit, out))?;
    if let Some(replay) = &replay {
        draft.file(&replay.name, |out| writeln!(out, "{:#}", replay.scenario))?;
    }
    draft.finish()?;
    let mut out = stream::stdout();
    match args.format {
        Format::Json => write_json(&json, &mut out)?,
        Format::Human => write!(out, "{}", render(&sheet, commands::width()))?,
    }
    Ok(if fit.power < 1.0 { exit::INCONCLUSIVE } else { exit::OK })
}

/// The command that makes the fit again.
fn command(args: &Args) -> String {
    let mut command = format!("windtunnel fit {}", quoted(&args.scenario.display().to_string()));
    if args.policy != AS_WRITTEN {
        let _ = write!(command, " --policy {}", quoted(&args.policy));
    }
    let _ = write!(command, " --runs {} --draws {} --seed {}", args.runs, args.draws, args.seed);
    command
}
