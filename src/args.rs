//! What the user typed.

use crate::commands::rules::StatusFilter;
use crate::output::format::Format;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// A wind tunnel for VM fleet rollouts: replays incidents of Azure VM Scale Sets offline, and shows blast radius and
/// downtime under candidate policies.
#[derive(Debug, Parser)]
#[command(name = "windtunnel", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Replay a scenario once: the story on the terminal, everything else in a folder
    Run(Run),
    /// Explain an entry of a run's ledger: the chain of its causes, each with its rule
    Why(Why),
    /// Read scenarios or ARM files; say what was understood, what was assumed, and what is wrong
    Check(Check),
    /// Run a scenario again with the engine that sends every probe, and name the first entry that differs
    Doctor(Doctor),
    /// The rulebook: what the platform does, and how far this program follows it
    Rules(Rules),
    /// The numbers that Azure does not publish: defaults, ranges, reasons
    Assumptions(Assumptions),
    /// Print the JSON Schema of the scenario file
    Schema,
}

/// `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// The scenario file
    pub scenario: PathBuf,
    /// The policy to replay
    #[arg(long, default_value = "as-written")]
    pub policy: String,
    /// The seed of the luck
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Where to write [default: reports/SCENARIO/POLICY-SEED]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// How to show the outcome
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `why`.
#[derive(Debug, Args)]
pub struct Why {
    /// The folder of a run
    pub run: PathBuf,
    /// An entry number, or a subject and a time: 'vmss-web_2@PT14M'
    pub entry: String,
    /// How to show the causes
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Scenario files (YAML), or Azure's own (JSON)
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// A parameters file for the templates among them
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<PathBuf>,
    /// A parameter of the templates among them, or a stand-in such as resourceGroup.location
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// How to show the problems
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The scenario file
    #[arg(required_unless_present = "random", conflicts_with = "random")]
    pub scenario: Option<PathBuf>,
    /// The policy to replay; all of them if none is named
    #[arg(long)]
    pub policy: Option<String>,
    /// The seed of the luck; with --random, the number of the first scenario
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Check this many random small scenarios instead of a file
    #[arg(long, value_name = "N")]
    pub random: Option<u64>,
}

/// `rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// A rule (LB-05) or an area (LB); all if none is named
    pub id: Option<String>,
    /// Only rules of this status
    #[arg(long, value_enum)]
    pub status: Option<StatusFilter>,
    /// How to show them
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `assumptions`.
#[derive(Debug, Args)]
pub struct Assumptions {
    /// A key (lb.propagation) or a code; all if none is named
    pub id: Option<String>,
    /// How to show them
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
