//! What the user typed.

use crate::commands::Verb;
use crate::commands::rules::StatusFilter;
use crate::experiment::baseline::REPLICATIONS_MOST;
use crate::experiment::filter::Partition;
use crate::experiment::replicate::REPLICATIONS_MAX;
use crate::output::format::{Format, PageFormat};
use crate::output::room::Ledger;
pub use crate::output::verdicts::Grade;
use crate::output::verdicts::outputs::{ARGUMENTS, Files};
use clap::{Args, Parser};
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

/// `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// The scenario file
    pub scenario: PathBuf,
    /// The policy to run
    #[arg(short, long, default_value = "as-written")]
    pub policy: String,
    /// Random seed; runs with the same seed draw the same random numbers
    #[arg(short, long, default_value_t = 1)]
    pub seed: u64,
    /// Where to write [default: reports/SCENARIO/POLICY-SEED]
    #[arg(short, long)]
    pub out: Option<PathBuf>,
    /// Replace a folder of another kind or scenario, or one whose files were changed; a foreign file is never replaced
    #[arg(long)]
    pub force: bool,
    /// How much of the ledger, the instances and the series to write: what fits into 200 MB, or all of it
    #[arg(long, value_enum, default_value_t)]
    pub ledger: Ledger,
    /// Open the report in a browser: $BROWSER, or the default of the system
    #[arg(long)]
    pub open: bool,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// `compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// The scenario file
    pub scenario: PathBuf,
    /// The policies to compare [default: all of the scenario]
    #[arg(short, long, value_delimiter = ',', value_name = "A,B,…")]
    pub policies: Vec<String>,
    /// How many runs of each policy, or `auto`: until every difference is decided or precise enough
    #[arg(short = 'n', long, default_value = "200", value_name = "N|auto", value_parser = count)]
    pub replications: Count,
    /// The first random seed; replication i of every policy has this seed + i
    #[arg(short, long, default_value_t = 1, value_name = "FIRST")]
    pub seed: u64,
    /// How many threads [default: one for each processor]; results do not depend on it
    #[arg(short, long, value_name = "J", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// The policy to compare the others with
    #[arg(long, default_value = "as-written", value_name = "P")]
    pub reference: String,
    /// Where to write [default: reports/SCENARIO/compare]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Continue a comparison that was interrupted
    #[arg(long)]
    pub resume: bool,
    /// The measure by which `auto` decides when to stop [default: blast_radius.requests_pct]
    #[arg(long, value_name = "M")]
    pub measure: Option<String>,
    /// The precision at which `auto` stops where a difference stays undecided: half the width of its interval, in the unit of
    /// the measure [default: 1 % of what the reference has, or of what the objective allows if that is more]
    #[arg(long, value_name = "X", value_parser = positive)]
    pub precision: Option<f64>,
    /// The most runs of each policy that `auto` may make [default: 20000]
    #[arg(long, value_name = "N",
          value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=REPLICATIONS_MAX))]
    pub at_most: Option<usize>,
    /// Run everything once more with each used assumption drawn from its range, the same for all policies, and show how often
    /// each verdict holds
    #[arg(long)]
    pub vary_assumptions: bool,
    /// Judge the policies under a fit of this scenario: each replication is a draw of what is unknown and of the seed of the
    /// incident, the same for all policies
    #[arg(long, value_name = "FIT", conflicts_with_all = ["vary_assumptions", "seed"])]
    pub given: Option<PathBuf>,
    /// Exit with 5 if a policy is worse than the reference in a measure of harm, by more than is too small to matter
    #[arg(long, value_enum, value_name = "VERDICT")]
    pub fail_if: Option<FailIf>,
    /// Print a table for every measure, not only which policy meets the objective
    #[arg(short, long)]
    pub all: bool,
    /// Replace a folder of another kind or scenario, or one whose files were changed; a foreign file is never replaced
    #[arg(long)]
    pub force: bool,
    /// Open the report in a browser: $BROWSER, or the default of the system
    #[arg(long)]
    pub open: bool,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// A verdict that fails a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FailIf {
    /// A policy is worse than the reference.
    Worse,
}

/// `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Scenario files, or folders of them; with --fleet `drills` for the library, or drills of your own
    #[arg(required_unless_present = "fleet", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Test this fleet in drills: files as Azure or Terraform has them, or a folder of these; no scenario is needed
    #[arg(long, value_name = "PATH")]
    pub fleet: Vec<PathBuf>,
    /// A parameters file for the templates of the fleet
    #[arg(long, value_name = "FILE", requires = "fleet")]
    pub parameters: Option<PathBuf>,
    /// Run only the tests that match: a word, scenario(x), policy(x), test(x), &, |, not, ( ); given twice, one match is enough
    #[arg(short = 'E', long = "filter", value_name = "FILTER")]
    pub filter: Vec<String>,
    /// Run only this shard of the tests; a test is always in the same shard
    #[arg(long, value_name = "M/N", value_parser = Partition::parse)]
    pub partition: Option<Partition>,
    /// How many runs of each policy [default: 100, or the number in the baseline]
    #[arg(short = 'n', long, value_name = "N", value_parser = runs_of_a_test())]
    pub replications: Option<usize>,
    /// The first random seed; replication i has this seed + i [default: 1, or the seed of the baseline]
    #[arg(long, value_name = "FIRST")]
    pub seed: Option<u64>,
    /// How many threads [default: one for each processor]; results do not depend on it
    #[arg(short, long, value_name = "J", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// Print the names of the tests that would run, and run nothing
    #[arg(long, conflicts_with_all = ARGUMENTS.iter().copied().chain(["events", "github", "azure_pipelines", "update_baseline"]))]
    pub list: bool,
    /// The files that are written
    #[command(flatten)]
    pub files: Files,
    /// Write a line of JSON when the suite begins, when each test ends and when the suite ends; `-` is standard output, and what
    /// is for people then goes to standard error
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Print annotations for GitHub at the expectations that fail, and add a summary to $GITHUB_STEP_SUMMARY
    #[arg(long)]
    pub github: bool,
    /// Print issues for Azure Pipelines at the expectations that fail, and upload a summary: the file of --markdown, or one in
    /// $AGENT_TEMPDIRECTORY
    #[arg(long)]
    pub azure_pipelines: bool,
    /// Also compare the measures with the baselines in this folder, seed by seed
    #[arg(long, value_name = "DIR", group = "before")]
    pub baseline: Option<PathBuf>,
    /// Write the baselines instead; refused where CI or TF_BUILD is set
    #[arg(long, requires = "baseline", conflicts_with_all = ["filter", "partition", "worse", "gone"])]
    pub update_baseline: bool,
    /// Write what the runs came to, for --merge
    #[arg(long, value_name = "FILE", conflicts_with_all = ["against", "list", "update_baseline"])]
    pub results: Option<PathBuf>,
    /// Run nothing, but take the runs from what every shard wrote with --results: the report and the exit code are those of the whole
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = [
        "against", "list", "partition", "update_baseline", "results", "cache",
    ])]
    pub merge: Vec<PathBuf>,
    /// Keep what runs come to in this folder, and make none again whose scenario, seeds and program are the same
    #[arg(long, value_name = "DIR", conflicts_with_all = ["against", "list"])]
    pub cache: Option<PathBuf>,
    /// Compare with the files of before, a git revision or a folder: the same incidents by the same seeds, and what got worse
    #[arg(long, value_name = "REF|DIR", group = "before", conflicts_with_all = ["partition"])]
    pub against: Option<String>,
    /// Run only what the change reaches: policies that are simulated with other values than before
    #[arg(long, requires = "against")]
    pub changed: bool,
    /// By what share of what there was a measure may get worse, such as cost.*=5%; beside the `worse` of the scenarios
    #[arg(long, value_name = "MEASURE=SHARE", requires = "before")]
    pub worse: Vec<String>,
    /// Whether it fails that something was tested before and is no longer, or less strictly
    #[arg(long, value_enum, value_name = "GRADE", default_value_t = Grade::Fail, requires = "before")]
    pub gone: Grade,
    /// Whether it fails that something stays undecided: with exit code 7
    #[arg(long, value_enum, value_name = "GRADE", default_value_t = Grade::Fail)]
    pub inconclusive: Grade,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

impl Test {
    /// Whether standard output is for the events.
    pub fn events_on_stdout(&self) -> bool {
        self.events.as_deref() == Some(std::path::Path::new("-"))
    }
}

/// How many replications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// This many.
    Fixed(usize),
    /// As many as the precision needs.
    Auto,
}

/// How many seeds may decide between two policies: fewer than six that differ decide nothing.
pub(crate) fn deciding_seeds() -> clap::builder::RangedU64ValueParser<usize> {
    clap::builder::RangedU64ValueParser::new().range(6..=10_000)
}

/// How many runs of each policy a test may make.
pub(crate) fn runs_of_a_test() -> clap::builder::RangedU64ValueParser<usize> {
    clap::builder::RangedU64ValueParser::new().range(1..=REPLICATIONS_MOST)
}

fn count(text: &str) -> Result<Count, String> {
    if text == "auto" {
        return Ok(Count::Auto);
    }
    let count = text.parse().ok().filter(|count| (1..=REPLICATIONS_MAX).contains(count));
    let count = count.and_then(|count| usize::try_from(count).ok());
    count.map(Count::Fixed).ok_or_else(|| format!("must be from 1 to {REPLICATIONS_MAX}, or auto"))
}

fn positive(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
    number.ok_or_else(|| "must be a number above zero".to_owned())
}

/// What the exit codes of `drill` say.
const DRILL: &str = "\
    The exit code is 0 if the fleet holds every incident that can happen to it, 3 if it does not, and 4 if none can happen. With \
    --against it is 0 if no incident got surely worse, and 3 if one did. docs/drills.md says how a drill is written.";

/// `drill`.
#[derive(Debug, Args)]
#[command(after_help = DRILL)]
pub struct Drill {
    /// Files of the fleet as Azure or Terraform has them, or folders of them; no scenario
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// A parameters file for the templates of the fleet
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<PathBuf>,
    /// Compare with the fleet in this file or folder, or in a git revision: both columns, and the difference seed by seed
    #[arg(long, value_name = "PATH|REF")]
    pub against: Option<PathBuf>,
    /// Where to write scorecard.html, scorecard.json and the fitted scenarios [default: nowhere]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Drills of your own, files or folders, instead of the library
    #[arg(long, value_name = "PATH")]
    pub drills: Vec<PathBuf>,
    /// Run these drills only, by name
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Give a parameter of the drills another value, such as after=40m
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// How many seeds an incident
    #[arg(short = 'n', long, default_value_t = 100, value_name = "N", value_parser = runs_of_a_test())]
    pub replications: usize,
    /// The first random seed; replication i of every incident and change has this seed + i
    #[arg(short, long, default_value_t = 1, value_name = "FIRST")]
    pub seed: u64,
    /// How many threads [default: one for each processor]; results do not depend on it
    #[arg(short, long, value_name = "J", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// Replace a folder of another kind, or one whose files were changed; a foreign file is never replaced
    #[arg(long)]
    pub force: bool,
    /// Open the page in a browser: $BROWSER, or the default of the system
    #[arg(long, requires = "out")]
    pub open: bool,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `why`.
#[derive(Debug, Args)]
pub struct Why {
    /// The folder of a run
    pub run: PathBuf,
    /// The number of an entry, or a subject and a time: 'vmss-web_2@PT14M', 'lb@09:14'; of an entry point, all of its harm then
    pub entry: String,
    /// What followed from the entry, and not what it followed from
    #[arg(long, conflicts_with = "against")]
    pub forward: bool,
    /// Where the way to the entry parts from another run, which is given by its folder
    #[arg(long, value_name = "RUN")]
    pub against: Option<PathBuf>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: PageFormat,
}

/// `status`.
#[derive(Debug, Args)]
#[command(after_help = crate::output::azure_json::names())]
pub struct Status {
    /// The folder of a run
    pub run: PathBuf,
    /// The instant: a time since the start (PT35M), a time of day (09:35), a date and time (2026-03-10T09:35:00Z), or an entry of the
    /// timeline
    #[arg(long, value_name = "TIME")]
    pub at: String,
    /// What to answer: one of the names below, or the end of a request path
    /// (vmss-web/rollingUpgrades/latest) [default: everything]
    pub resource: Option<String>,
    /// What Azure said of the upgrades of a set (`az vmss rolling-upgrade get-latest`, `get-os-upgrade-history`), to compare with
    #[arg(long, value_name = "FILE", requires = "resource")]
    pub against: Option<PathBuf>,
    /// The format of the output
    #[arg(long, value_enum, default_value = "json")]
    pub format: PageFormat,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Scenario files (YAML), folders of them, or Azure's files (JSON)
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// A parameters file for the ARM templates among the files
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<PathBuf>,
    /// A parameter of the ARM templates among the files, or a value of the deployment such as resourceGroup.location
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The scenario file
    #[arg(required_unless_present = "random", conflicts_with = "random")]
    pub scenario: Option<PathBuf>,
    /// The policy to run [default: all of the scenario]
    #[arg(long, conflicts_with = "random")]
    pub policy: Option<String>,
    /// Random seed; with --random, the number of the first scenario
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Check this many random small scenarios instead of a file
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub random: Option<u64>,
    /// Make the engine that sends every probe send each one a second late, which must be found
    #[arg(long)]
    pub plant_fault: bool,
}

/// `rules`.
#[derive(Debug, Args)]
pub struct Rules {
    /// A rule (LB-05) or an area (LB) [default: all]
    pub id: Option<String>,
    /// Print only rules of this status
    #[arg(long, value_enum)]
    pub status: Option<StatusFilter>,
    /// Print only the number of rules of each status, and of assumptions
    #[arg(long, conflicts_with_all = ["id", "status"])]
    pub count: bool,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// What the table of `reality` has, and its exit codes.
const REALITY: &str = "\
    Each recorded call is one scenario, run with 200 seeds on a scale set that has the recorded state. The table shows: how long calls \
    take, as p5/p50/p95 and as the share of recorded values within the model's bands; which answers and counts are right, wrong or \
    impossible; where instances are placed; rolling upgrades; and which calls were not compared, with the reason.\n\n\
    The exit code is 0 if the table could be made, however far off the model is, and 2 if the folder has no recordings. A file that \
    cannot be read is named with the reason, and the others are used. The JSON has a format version, `reality`.";

/// `reality`.
#[derive(Debug, Args)]
#[command(after_help = REALITY)]
pub struct Reality {
    /// A folder of recordings: `timelines/*.json` beside `durations.csv`, `placements.csv` and `rolling.csv`, or timelines alone
    /// [default: the summary of recordings that is built in]
    #[arg(long, value_name = "DIR")]
    pub recordings: Option<PathBuf>,
    /// Print the summary of the recordings as CSV, and run nothing
    #[arg(long)]
    pub figures: bool,
    /// Print the scenario of one case, such as `create Linux Uniform 2 2 surplus`, by its name in the summary and the JSON
    #[arg(long, value_name = "CASE", conflicts_with_all = ["recordings", "figures"])]
    pub case: Option<String>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `assumptions`.
#[derive(Debug, Args)]
pub struct Assumptions {
    /// A key (lb.propagation); all if none is named
    pub id: Option<String>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `new`.
#[derive(Debug, Args)]
pub struct New {
    /// The name of the service; it becomes part of the names of resources: `checkout` makes checkout.yaml
    pub name: String,
    /// The folder to write to [default: the current one]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Files of Azure's, or folders of them: templates with their parameters, exports, what `az … show` prints
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder to write to
    #[arg(short, long, value_name = "DIR", default_value = "windtunnel")]
    pub out: PathBuf,
    /// The name of the scenario, without `.yaml` [default: the name of the first path]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// A parameter of the templates among the files, or a value of the deployment such as resourceGroup.location
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

/// `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// The folder to write to
    #[arg(default_value = "windtunnel-demo")]
    pub dir: PathBuf,
    /// Replace files of an earlier demo that were changed; a foreign file is never replaced
    #[arg(long)]
    pub force: bool,
    /// Open its page in a browser: $BROWSER, or the default of the system
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
