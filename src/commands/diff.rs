//! `windtunnel diff`: what changes between two fleets, as a policy; of two folders of runs, where they part.

use crate::commands::check::parameters;
use crate::commands::diff_runs;
use crate::commands::import::{Found, Plain, found, show_left_out};
use crate::commands::lint::refuse_scenarios;
use crate::input::arm::WANTED;
use crate::input::difference::{Compared, Fleet, compare};
use crate::input::draft::Element;
use crate::input::tree::Node;
use crate::input::{AS_WRITTEN, LoadOptions};
use crate::output::difference::{Sheet, human, json, patch};
use crate::output::format::PageFormat;
use crate::output::stream;
use crate::{commands, exit};
use anyhow::bail;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What the exit codes of `diff` say, and how the policy is used.
const HELP: &str = "\
    Two folders of runs are compared as runs: the first entry of the ledger that differs, what it followed from on both sides, acts \
    that came to something else, windows of harm, and measures. With --exit-code it is 5 if anything differs.\n\n\
    The policy that `--patch` and `--format yaml` print makes NEW of OLD: it stands in a scenario as it is, or in a file that a \
    scenario names, `policies: { file: policies/*.yaml }`.\n\n\
    The exit code is 0 whether something differs or not, and 2 if a file cannot be read. With --exit-code it is 5 if something differs \
    that a run reads.";

/// `diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The fleet before (or the folder of a run): a template, a plan of Terraform, what `az … show` prints, or a folder of them
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The fleet after, or the folder of another run
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// A parameters file for the templates of both
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<PathBuf>,
    /// Another one for the templates of OLD
    #[arg(long, value_name = "FILE")]
    pub old_parameters: Option<PathBuf>,
    /// A parameter of the templates of both, or a value of the deployment such as resourceGroup.location
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Show values that differ on which nothing acts, too
    #[arg(short, long)]
    pub all: bool,
    /// Print the policy below the table
    #[arg(long)]
    pub patch: bool,
    /// The name of the policy [default: the name of NEW]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Exit with 5 if something differs that a run reads
    #[arg(long)]
    pub exit_code: bool,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Form,
}

/// Who reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A person at a terminal.
    #[value(alias = "text")]
    #[default]
    Human,
    /// A scenario: what it is given, alone.
    Yaml,
    /// A program.
    Json,
    /// A document, of two runs: Markdown.
    #[value(alias = "markdown")]
    Md,
}

/// Compares two fleets, and says what differs.
pub fn diff(args: &Args) -> anyhow::Result<u8> {
    match [&args.old, &args.new].map(|path| diff_runs::is_run(path)) {
        [true, true] => return runs(args),
        [false, false] => {}
        [true, false] | [false, true] => {
            bail!(
                "one of {} and {} is the folder of a run, and the other is not",
                args.old.display(),
                args.new.display()
            )
        }
    }
    if args.format == Form::Md {
        bail!("`--format md` is for two folders of runs; a policy between two fleets is YAML: --format yaml");
    }
    refuse_scenarios(&[args.old.clone(), args.new.clone()], "diff")?;
    let set = parameters(&args.set)?;
    let old = side(&args.old, args.old_parameters.as_ref().or(args.parameters.as_ref()), &set)?;
    let new = side(&args.new, args.parameters.as_ref(), &set)?;
    refuse_unused(args, &set, &[&old[..], &new[..]])?;
    let read = |elements: &[Element]| Fleet::read(&Plain, Path::new(""), elements);
    let (old, new) = (read(&old)?, read(&new)?);
    let compared = compare(&old, &new, &LoadOptions::default());
    let policy = name_of(args);
    let names = [&args.old, &args.new].map(|path| path.display().to_string());
    show(&Sheet { names, compared: &compared, policy: &policy }, args)?;
    Ok(code(&compared, args.exit_code))
}

/// Compares two folders of runs. What is about fleets alone means nothing there, and is refused.
fn runs(args: &Args) -> anyhow::Result<u8> {
    let about_fleets = [
        ("--parameters", args.parameters.is_some() || args.old_parameters.is_some()),
        ("--set", !args.set.is_empty()),
        ("--all", args.all),
        ("--patch", args.patch),
        ("--name", args.name.is_some()),
        ("--format yaml", args.format == Form::Yaml),
    ];
    if let Some((flag, _)) = about_fleets.iter().find(|(_, is_given)| *is_given) {
        bail!("`{flag}` is about two fleets, and these are two runs");
    }
    let format = match args.format {
        Form::Json => PageFormat::Json,
        Form::Md => PageFormat::Md,
        Form::Human | Form::Yaml => PageFormat::Human,
    };
    diff_runs::diff([&args.old, &args.new], format, args.exit_code)
}

/// 5 if something differs that a run reads, where that is asked for.
fn code(compared: &Compared, is_asked: bool) -> u8 {
    if is_asked && compared.differs() { exit::DIFFERS } else { exit::OK }
}

fn show(sheet: &Sheet<'_>, args: &Args) -> anyhow::Result<()> {
    let mut out = stream::stdout();
    match args.format {
        Form::Json => writeln!(out, "{:#}", json(sheet))?,
        Form::Yaml | Form::Md => write!(out, "{}", patch(sheet))?,
        Form::Human => {
            write!(out, "{}", human(sheet, args.all, commands::width(), stream::colour_of(&std::io::stdout())))?;
            if args.patch && !sheet.compared.patch.entries().is_empty() {
                write!(out, "\n{}", patch(sheet))?;
            }
        }
    }
    Ok(())
}

/// The files of one fleet, as somebody in this folder names them.
fn side(path: &Path, parameters: Option<&PathBuf>, set: &[(String, Node)]) -> anyhow::Result<Vec<Element>> {
    let found = found(&[path.to_owned()], Path::new("."), set)?;
    let Found { gathered, others } = &found;
    if gathered.elements.is_empty() {
        show_left_out(&mut stream::stderr(), &gathered.left_out, *others, commands::width())?;
        bail!("no file here describes a fleet ({}); {WANTED}", path.display());
    }
    // Where one side alone has templates, that is no fault of the file: it is said where neither has.
    let parameters = parameters.filter(|_| gathered.elements.iter().any(|one| one.is_template));
    Ok(found.with_parameters(Path::new("."), parameters.map(PathBuf::as_path))?.gathered.elements)
}

/// Parameters that no template takes would change nothing, without a word.
fn refuse_unused(args: &Args, set: &[(String, Node)], sides: &[&[Element]]) -> anyhow::Result<()> {
    let templates = || sides.iter().flat_map(|side| side.iter()).filter(|one| one.is_template);
    if let Some(file) =
        args.parameters.as_ref().or(args.old_parameters.as_ref()).filter(|_| templates().next().is_none())
    {
        bail!(
            "neither {} nor {} is a template, so {} would change nothing",
            args.old.display(),
            args.new.display(),
            file.display()
        );
    }
    let is_taken = |name: &str| templates().any(|one| one.set.iter().any(|(own, _)| own == name));
    if let Some((name, _)) = set.iter().find(|(name, _)| !is_taken(name)) {
        bail!("no template here declares a parameter `{name}`, so `--set {name}` would change nothing");
    }
    Ok(())
}

/// The name of the policy: that of the second fleet, where it can be one.
fn name_of(args: &Args) -> String {
    let whole = std::fs::canonicalize(&args.new).unwrap_or_else(|_| args.new.clone());
    let own = if whole.is_dir() { whole.file_name() } else { whole.file_stem() };
    let own = own.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = args.name.clone().unwrap_or(own);
    if name.is_empty() || [AS_WRITTEN, "all"].contains(&name.as_str()) { "changed".to_owned() } else { name }
}
