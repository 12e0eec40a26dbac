//! Structured mutation of scenarios, Azure's files, `plan.json`, journals, baselines, and fleets that commands are given.
//!
//! Mutant `n` is always the same: a base from the corpus, changed at random, keyed by `n`. A worker tries mutants one after
//! the other and says on a file which one it is at; whoever watches it kills it when it stays too long at one, and begins
//! another behind the mutant at which it hung or died. A finding names its number; `--only N` tries it alone and prints it.

mod corpus;
mod mutate;
mod trial;
mod tries;
mod verbs;
mod watch;

use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;
use trial::Kind;

/// Mutants of what users hand to Windtunnel: none may make it panic, hang, abort or answer wrong.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    /// The first mutant
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many mutants at most
    #[arg(long, default_value_t = u64::MAX)]
    mutants: u64,
    /// For how many seconds at most
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How many workers [default: one for each processor]
    #[arg(long)]
    jobs: Option<usize>,
    /// Try this mutant alone, and print it
    #[arg(long)]
    only: Option<u64>,
    /// Try mutants of this kind alone
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Take the files with a scale set in this folder for fleets, too; then the numbers of command lines mean other mutants
    #[arg(long, value_name = "DIR")]
    more: Option<PathBuf>,
    /// Be a worker: the folder to report to, which worker it is, and of how many
    #[arg(long, hide = true, num_args = 3)]
    worker: Option<Vec<String>>,
}

fn main() -> anyhow::Result<ExitCode> {
    if let Some(code) = verbs::as_the_program() {
        return Ok(code);
    }
    let args = Args::parse();
    if let Some(number) = args.only {
        return trial::one(&args, number);
    }
    if let Some(worker) = &args.worker {
        let (folder, at, of) = (PathBuf::from(&worker[0]), worker[1].parse()?, worker[2].parse()?);
        watch::work(&args, &folder, at, of)?;
        return Ok(ExitCode::SUCCESS);
    }
    let found = watch::watch(&args)?;
    Ok(if found { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl Args {
    /// The mutants of a worker.
    fn numbers(&self, at: u64, of: u64) -> impl Iterator<Item = u64> {
        let end = self.from.saturating_add(self.mutants);
        let wanted = self.kind;
        let is_wanted = move |number: &u64| wanted.is_none_or(|kind| trial::kind_of(*number) == kind);
        (self.from..end).filter(move |number| number % of == at).filter(is_wanted)
    }
}
