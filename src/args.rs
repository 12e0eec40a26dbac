//! What the user typed.

use crate::commands::rules::StatusFilter;
use crate::experiment::baseline::REPLICATIONS_MOST;
use crate::experiment::filter::Partition;
use crate::experiment::replicate::REPLICATIONS_MAX;
use crate::output::format::Format;
use crate::output::room::Ledger;
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
    /// Replay every policy with the same seeds, and tell which is better, by how much, and how surely
    Compare(Compare),
    /// Hold scenarios to what they expect: every expectation under every policy is one named test
    Test(Test),
    /// Explain an entry of a run's ledger: the chain of its causes, each with its rule
    Why(Why),
    /// What Azure would have answered at an instant of a run: upgrades, instances, images, in Azure's JSON
    Status(Status),
    /// Read scenarios or ARM files; say what was understood, what was assumed, and what is wrong
    Check(Check),
    /// Run a scenario again in other ways that must not matter, and name the first entry that differs
    Doctor(Doctor),
    /// The rulebook: what the platform does, and how far this program follows it
    Rules(Rules),
    /// The numbers that Azure does not publish: defaults, ranges, reasons
    Assumptions(Assumptions),
    /// Hold the model to recordings of the platform: how long it takes, what is answered, who is where
    Reality(Reality),
    /// Print the JSON Schema of the scenario file
    Schema,
    /// Write a scenario to begin with: commented, and it runs at once
    New(New),
    /// Run the bundled incidents into a folder, and say what to look at
    Demo(Demo),
    /// Print the completions of a shell
    Completions(Completions),
    /// Print the manual page, for `man`
    Man,
}

/// `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// The scenario file
    pub scenario: PathBuf,
    /// The policy to replay
    #[arg(short, long, default_value = "as-written")]
    pub policy: String,
    /// The seed of the luck
    #[arg(short, long, default_value_t = 1)]
    pub seed: u64,
    /// Where to write [default: reports/SCENARIO/POLICY-SEED]
    #[arg(short, long)]
    pub out: Option<PathBuf>,
    /// Replace a folder of another kind or scenario, or one whose files were changed; a foreign file is never replaced
    #[arg(long)]
    pub force: bool,
    /// How much of the ledger, the instances and the series is written: what fits into 200 MB, or all of it
    #[arg(long, value_enum, default_value_t)]
    pub ledger: Ledger,
    /// Open the report in a browser: that of $BROWSER, or the system's
    #[arg(long)]
    pub open: bool,
    /// How to show the outcome
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// The scenario file
    pub scenario: PathBuf,
    /// The policies to compare [default: all of the scenario]
    #[arg(short, long, value_delimiter = ',', value_name = "A,B,…")]
    pub policies: Vec<String>,
    /// How many runs of each policy, or `auto`: until every difference is decided or known well enough
    #[arg(short = 'n', long, default_value = "200", value_name = "N|auto", value_parser = count)]
    pub replications: Count,
    /// The first seed; replication i of every policy has this seed + i
    #[arg(short, long, default_value_t = 1, value_name = "FIRST")]
    pub seed: u64,
    /// How many threads [default: one for each processor]; they change nothing in the results
    #[arg(short, long, value_name = "J", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// The policy that the others are compared with
    #[arg(long, default_value = "as-written", value_name = "P")]
    pub reference: String,
    /// Where to write [default: reports/SCENARIO/compare]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Carry on a comparison that was interrupted
    #[arg(long)]
    pub resume: bool,
    /// The measure that tells `auto` when to stop [default: blast_radius.requests_pct]
    #[arg(long, value_name = "M")]
    pub measure: Option<String>,
    /// How narrow `auto` makes an undecided difference, to each side, in the unit of the measure
    /// [default: a 200th of its range]
    #[arg(long, value_name = "X", value_parser = positive)]
    pub precision: Option<f64>,
    /// How many runs of each policy `auto` may spend [default: 20000]
    #[arg(long, value_name = "N",
          value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=REPLICATIONS_MAX))]
    pub at_most: Option<usize>,
    /// Run everything once more with each used assumption drawn from its range, the same for all policies, and tell how
    /// often each verdict holds
    #[arg(long)]
    pub vary_assumptions: bool,
    /// A table for every measure, and not only who meets the objective
    #[arg(short, long)]
    pub all: bool,
    /// Replace a folder of another kind or scenario, or one whose files were changed; a foreign file is never replaced
    #[arg(long)]
    pub force: bool,
    /// Open the report in a browser: that of $BROWSER, or the system's
    #[arg(long)]
    pub open: bool,
    /// How to show the outcome
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Scenario files, or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only tests that this takes: a word, scenario(x), policy(x), test(x), &, |, not, ( ); given twice, either takes
    #[arg(short = 'E', long = "filter", value_name = "FILTER")]
    pub filter: Vec<String>,
    /// Only this shard of them; a test is always in the same one
    #[arg(long, value_name = "M/N", value_parser = Partition::parse)]
    pub partition: Option<Partition>,
    /// How many runs of each policy [default: 100, or as many as the baseline has]
    #[arg(short = 'n', long, value_name = "N", value_parser = runs_of_a_test())]
    pub replications: Option<usize>,
    /// The first seed; replication i has this seed + i [default: 1, or that of the baseline]
    #[arg(long, value_name = "FIRST")]
    pub seed: Option<u64>,
    /// How many threads [default: one for each processor]; they change nothing in the results
    #[arg(short, long, value_name = "J", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    /// Annotate the expectations that fail, and add a summary to $GITHUB_STEP_SUMMARY
    #[arg(long)]
    pub github: bool,
    /// Hold the measures to the baselines in this folder too
    #[arg(long, value_name = "DIR")]
    pub baseline: Option<PathBuf>,
    /// Write the baselines instead; never where CI is set
    #[arg(long, requires = "baseline", conflicts_with_all = ["filter", "partition"])]
    pub update_baseline: bool,
    /// How to show the outcome
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// How many replications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Fixed(usize),
    /// As many as it takes.
    Auto,
}

/// How many runs of each policy a test may make.
fn runs_of_a_test() -> clap::builder::RangedU64ValueParser<usize> {
    clap::builder::RangedU64ValueParser::new().range(1..=REPLICATIONS_MOST)
}

fn count(text: &str) -> Result<Count, String> {
    if text == "auto" {
        return Ok(Count::Auto);
    }
    let count = text.parse().ok().filter(|count| (1..=REPLICATIONS_MAX).contains(count));
    let count = count.and_then(|count| usize::try_from(count).ok());
    count.map(Count::Fixed).ok_or_else(|| format!("from 1 to {REPLICATIONS_MAX} runs of each policy, or auto"))
}

fn positive(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "a number above zero".to_owned())
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

/// `status`.
#[derive(Debug, Args)]
#[command(after_help = crate::output::azure_json::names())]
pub struct Status {
    /// The folder of a run
    pub run: PathBuf,
    /// The instant: a time since the start (PT35M), or a civil one (2026-03-10T09:35:00Z)
    #[arg(long, value_name = "TIME")]
    pub at: String,
    /// What is asked, by one of the names below, or the end of a request
    /// (vmss-web/rollingUpgrades/latest) [default: all that there is]
    pub resource: Option<String>,
    /// How to show the answers
    #[arg(long, value_enum, default_value = "json")]
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
    #[arg(long, conflicts_with = "random")]
    pub policy: Option<String>,
    /// The seed of the luck; with --random, the number of the first scenario
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Check this many random small scenarios instead of a file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub random: Option<u64>,
    /// Let the engine that sends every probe send them a second too late: this must be found
    #[arg(long)]
    pub plant_fault: bool,
}

/// `rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// A rule (LB-05) or an area (LB); all if none is named
    pub id: Option<String>,
    /// Only rules of this status
    #[arg(long, value_enum)]
    pub status: Option<StatusFilter>,
    /// Only how many there are of each status, and how many assumptions
    #[arg(long, conflicts_with_all = ["id", "status"])]
    pub count: bool,
    /// How to show them
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What the table of `reality` is, and what it ends with.
const REALITY: &str = "\
    Each recorded call is asked of the model as a scenario of its own, on a set that is brought to the recorded state before it, with \
    200 seeds. The table has: how long calls take, as p5/p50/p95 and with the share of recorded values within the model's bands; what \
    is answered and counted, right, wrong or impossible; who is where; rolling upgrades; and what is not asked, with the reason.\n\n\
    It ends with 0 where the table could be made, however far off the model is, and with 2 where the folder has no recordings. A file \
    that cannot be read is named with the reason, and the rest counts. As JSON it has a version, `reality`.";

/// `reality`.
#[derive(Debug, Args)]
#[command(after_help = REALITY)]
pub struct Reality {
    /// A folder of recordings: `timelines/*.json` beside `durations.csv`, `placements.csv` and `rolling.csv`, or timelines alone
    /// [default: the project's own summary of what was recorded]
    #[arg(long, value_name = "DIR")]
    pub recordings: Option<PathBuf>,
    /// Print the summary of what was recorded, as CSV, and play nothing
    #[arg(long)]
    pub figures: bool,
    /// Print the scenario of a case, `create Linux Uniform 2 2 surplus`, as the summary and the JSON name them
    #[arg(long, value_name = "CASE", conflicts_with_all = ["recordings", "figures"])]
    pub case: Option<String>,
    /// How to show it
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

/// `new`.
#[derive(Debug, Args)]
pub struct New {
    /// What it is about, as part of the names of its resources: `checkout` makes checkout.yaml
    pub name: String,
    /// Where to write it [default: here]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to write
    #[arg(default_value = "windtunnel-demo")]
    pub dir: PathBuf,
    /// Replace what was changed in an earlier demo; a foreign file is never replaced
    #[arg(long)]
    pub force: bool,
    /// Open its page in a browser: that of $BROWSER, or the system's
    #[arg(long)]
    pub open: bool,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
