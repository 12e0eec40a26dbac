//! `windtunnel lint`: what is dangerous about a fleet as it is, without a scenario.

pub mod prove;

use self::prove::{Drafted, Seeds, prove};
use crate::args::deciding_seeds;
use crate::commands::import::{Plain, found, show_doubles, show_left_out};
use crate::experiment::replicate::check_seeds;
use crate::input::arm::{self, Beside, Kept};
use crate::input::draft::{self, Element, Gathered};
use crate::input::lint::allow::{self, Allowed};
use crate::input::lint::fleet::Fleet;
use crate::input::lint::{Finding, Shows, lint as find};
use crate::input::recognise::is_meant_as_scenario;
use crate::input::tree::Node;
use crate::input::{LoadOptions, Problems, Report, Severity, read};
use crate::output::findings::{Outcome, Shown, azure, github, human, json, sarif};
use crate::output::stream;
use crate::threads::jobs;
use crate::{commands, exit};
use anyhow::bail;
use clap::builder::RangedU64ValueParser;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What the exit codes of `lint` mean.
const CODES: &str = "\
    The exit code is 0 if no finding is as bad as --fail-on says, 3 if one is, 4 if the files have no scale set, and 2 if one cannot be \
    read. A file `windtunnel-lint.yaml` beside the fleet lets findings stand: `allow: { L0203: REASON }`.";

/// `lint`.
#[derive(Debug, clap::Args)]
#[command(after_help = CODES)]
pub struct Args {
    /// Azure's files, or folders of them; together they are one fleet
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Let a finding stand, by code or name, with the reason; of one resource: no-pause@vmss-web; of one rule: L0001:OR-08
    #[arg(long, value_name = "CODE=REASON")]
    pub allow: Vec<String>,
    /// The least severity for which the command fails
    #[arg(long, value_enum, default_value_t)]
    pub fail_on: FailOn,
    /// Show by simulation what each fix changes: the smallest incident that shows it, as it is and with the fix
    #[arg(long)]
    pub prove: bool,
    /// How many seeds a proof has, 6 at least: fewer that differ decide nothing
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20, value_parser = deciding_seeds())]
    pub replications: usize,
    /// The first random seed
    #[arg(short, long, default_value_t = 1, value_name = "FIRST")]
    pub seed: u64,
    /// How many threads [default: one for each processor]; results do not depend on it
    #[arg(short, long, value_name = "J", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Form,
}

/// For what the command fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    /// What Azure refuses.
    #[default]
    Error,
    /// That, and what is dangerous.
    Warning,
    /// Everything.
    Note,
    /// Nothing.
    Never,
}

/// Who reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A person at a terminal.
    #[default]
    Human,
    /// A program.
    Json,
    /// Tools that read SARIF 2.1.0.
    Sarif,
    /// GitHub: annotations.
    Github,
    /// Azure Pipelines: issues of the log.
    AzurePipelines,
}

/// Finds, and says so.
pub fn lint(args: &Args) -> anyhow::Result<u8> {
    let mut allowed = args.allow.iter().map(|text| of_flag(text)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut problems = Problems::new();
    for path in &args.paths {
        allowed.extend(beside(path, &mut problems));
    }
    refuse_scenarios(&args.paths, "lint")?;
    let found = found(&args.paths, Path::new("."), &[])?;
    show_doubles(&found.gathered.left_out)?;
    let resources = resources(&args.paths, &found.gathered, &mut problems);
    if problems.has_errors() {
        return Err(Report::from(problems).into());
    }
    let fleet = Fleet::of(resources, &problems, &LoadOptions::default());
    let findings = find(&fleet);
    let mut outcome = outcome(&findings, &allowed, fleet.sets.len(), &problems);
    if args.prove {
        prove_all(&mut outcome, (&fleet, &found.gathered.elements), args)?;
    }
    show(&outcome, args.format)?;
    if fleet.sets.is_empty() {
        let mut err = stream::stderr();
        writeln!(err, "no scale set in {}", paths(&args.paths))?;
        show_left_out(&mut err, &found.gathered.left_out, found.others, commands::width())?;
        return Ok(exit::NOTHING_SELECTED);
    }
    let fails = |finding: &Finding| match args.fail_on {
        FailOn::Error => finding.severity == Severity::Error,
        FailOn::Warning => finding.severity <= Severity::Warning,
        FailOn::Note => true,
        FailOn::Never => false,
    };
    let failed = outcome.open().any(|one| fails(one.finding));
    Ok(if failed { exit::EXPECTATION_FAILED } else { exit::OK })
}

/// Proves what nobody lets stand.
fn prove_all(outcome: &mut Outcome<'_>, (fleet, elements): (&Fleet, &[Element]), args: &Args) -> anyhow::Result<()> {
    check_seeds(args.seed, args.replications)?;
    let (name, options) = ("lint.yaml", LoadOptions::default());
    let drafted = draft::draft(&Plain, name, elements, &options);
    let seeds = Seeds { first: args.seed, count: args.replications, jobs: jobs(args.jobs) };
    for one in outcome.findings.iter_mut().filter(|one| one.allowed.is_none()) {
        let row = one.finding.row;
        one.proof = Some(match &drafted {
            _ if row.shows == Shows::Accepted => prove::accepted(fleet, one.finding),
            Ok(draft) => prove(Drafted { files: &Plain, name, draft, fleet }, one.finding, seeds),
            Err(report) => Err(format!("the fleet cannot be run as it is: {}", prove::first(report.problems()))),
        });
    }
    Ok(())
}

/// A scenario is read by other verbs.
pub(super) fn refuse_scenarios(paths: &[PathBuf], verb: &str) -> anyhow::Result<()> {
    let is_scenario = |path: &&PathBuf| {
        let text = read::text_of(path, None, &mut Problems::new());
        text.is_some_and(|(text, _)| is_meant_as_scenario(&text))
    };
    if let Some(path) = paths.iter().filter(|path| path.is_file()).find(is_scenario) {
        bail!("{} is a scenario, and `{verb}` reads the files of a fleet; `windtunnel check` reads it", path.display());
    }
    Ok(())
}

fn paths(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn outcome<'f>(findings: &'f [Finding], allowed: &'f [Allowed], sets: usize, problems: &'f Problems) -> Outcome<'f> {
    let shown = |finding| Shown { finding, allowed: allowed.iter().find(|one| one.meets(finding)), proof: None };
    let unmet = allowed.iter().filter(|one| !findings.iter().any(|finding| one.meets(finding)));
    Outcome { findings: findings.iter().map(shown).collect(), unmet: unmet.collect(), sets, problems }
}

fn show(outcome: &Outcome<'_>, form: Form) -> anyhow::Result<()> {
    let mut out = stream::stdout();
    match form {
        Form::Human => {
            write!(out, "{}", human::render(outcome, commands::width(), stream::colour_of(&std::io::stdout())))?
        }
        Form::Json => writeln!(out, "{:#}", json::json(outcome))?,
        Form::Sarif => writeln!(out, "{:#}", sarif::sarif(outcome))?,
        Form::Github => out.commands(&github(outcome))?,
        Form::AzurePipelines => out.commands(&azure(outcome))?,
    }
    Ok(())
}

/// What `--allow` says.
fn of_flag(text: &str) -> anyhow::Result<Allowed> {
    let (of, reason) = text.split_once('=').unwrap_or((text, ""));
    Allowed::of(of, reason).map_err(|(message, help)| match help {
        Some(help) => anyhow::anyhow!("{message}; {help}"),
        None => anyhow::anyhow!("{message}"),
    })
}

/// What the file beside the fleet lets stand, if there is one.
fn beside(path: &Path, problems: &mut Problems) -> Vec<Allowed> {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    let file = folder.join(allow::FILE);
    if !file.is_file() {
        return Vec::new();
    }
    read::read_file(&file, problems).map_or_else(Vec::new, |root| allow::read(&root, problems))
}

/// The resources of all files. What is named and of no use is said as an error of that file.
fn resources(named: &[PathBuf], gathered: &Gathered, problems: &mut Problems) -> Vec<Node> {
    for one in gathered.left_out.iter().filter(|one| named.iter().any(|path| same_file(path, &one.path))) {
        problems.merge(&arm::load(&one.path, None, &[]).1);
    }
    let mut said = Problems::new();
    let mut resources = read_all(&gathered.elements, &[], &mut said);
    // A template may refer to what another file has, whichever comes first.
    if gathered.elements.len() > 1 && said.iter().any(|one| one.code == "W0401") {
        said = Problems::new();
        resources = read_all(&gathered.elements, &resources, &mut said);
    }
    problems.merge(&said);
    arm::adopt_children(&mut resources, problems);
    resources
}

fn same_file(path: &Path, other: &Path) -> bool {
    std::path::absolute(path).is_ok_and(|path| path == other)
}

fn read_all(elements: &[Element], others: &[Node], said: &mut Problems) -> Vec<Node> {
    let read = |element: &Element| {
        let parameters = element.parameters.as_deref().map(Path::new);
        let beside = Beside { parameters, others, ..Beside::default() };
        windtunnel_input::arm::load(&Plain, Path::new(&element.file), beside, Kept::Modelled)
    };
    let mut resources = Vec::new();
    for (found, problems) in elements.iter().map(read) {
        resources.extend(found);
        said.merge(&problems);
    }
    resources
}
