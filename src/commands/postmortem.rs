//! `windtunnel postmortem`: the document of an incident, derived from a run of it.

use crate::args::{Run, deciding_seeds};
use crate::commands::{begin, run};
use crate::disk::file;
use crate::disk::folder::{Foreigners, default_place};
use crate::disk::marker::Kind;
use crate::disk::names::file_name;
use crate::exit;
use crate::experiment::drill::search::Extent;
use crate::experiment::prevent::Prevented;
use crate::experiment::replay::Replay;
use crate::experiment::replicate::check_seeds;
use crate::input::draft::relative;
use crate::input::{AS_WRITTEN, Change, LoadOptions, Loaded, load};
use crate::output::fit::FILE as FIT;
use crate::output::format::PageFormat;
use crate::output::highlights::Highlights;
use crate::output::observed::Observations;
use crate::output::postmortem::markdown::Flavor;
use crate::output::postmortem::{Compared, Document, Judged, Sources, document, html, judged, markdown, of_comparison};
use crate::output::prevent::{Sheet, effects};
use crate::output::room::Ledger;
use crate::output::{stored, stream};
use crate::threads::jobs;
use anyhow::{Context as _, bail};
use clap::builder::RangedU64ValueParser;
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use windtunnel_words::text::quoted;

/// A comparison or a fit is no longer than this.
const FILE_MOST: u64 = 200_000_000;

/// The form of the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Markdown.
    #[default]
    #[value(alias = "markdown")]
    Md,
    /// A page that needs no network.
    Html,
}

/// `postmortem`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of a run, or of a fit, whose most likely run it is then; or a scenario. What is not run yet is run into the folder
    /// where `run` puts it
    #[arg(value_name = "RUN|FIT|SCENARIO")]
    pub run: PathBuf,
    /// The policy that is run of a scenario [default: as-written]
    #[arg(short, long)]
    pub policy: Option<String>,
    /// The random seed with which a scenario is run [default: 1]
    #[arg(short, long)]
    pub seed: Option<u64>,
    /// The folder of a comparison: what it says of each policy stands in the document, too
    #[arg(long, value_name = "DIR")]
    pub compare: Option<PathBuf>,
    /// The file to write [default: print it]; one that is there is not replaced, since people write in it
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Whose Markdown it is
    #[arg(long, value_enum, default_value_t)]
    pub flavor: Flavor,
    /// The format of the document
    #[arg(long, value_enum, default_value_t)]
    pub format: Form,
    /// Do not look for what would have prevented it
    #[arg(long)]
    pub no_prevent: bool,
    /// How many seeds each change that seems to help has
    #[arg(short = 'n', long, default_value_t = 40, value_name = "N", value_parser = deciding_seeds())]
    pub replications: usize,
    /// How many threads [default: one for each processor]; results do not depend on it
    #[arg(short, long, value_name = "J", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1024))]
    pub jobs: Option<usize>,
}

/// Writes the document.
pub fn postmortem(args: &Args) -> anyhow::Result<u8> {
    check_seeds(args.seed.unwrap_or(1), args.replications)?;
    if let Some(out) = args.out.as_ref().filter(|out| out.is_file() && !args.force) {
        bail!("{} is there, and people may have written in it; --force replaces it", out.display());
    }
    if args.run.is_dir() {
        for (flag, is_given) in [("--policy", args.policy.is_some()), ("--seed", args.seed.is_some())] {
            if is_given {
                bail!("{flag} is of a scenario, and {} is a folder", args.run.display());
            }
        }
    }
    let fit = fitted(&args.run)?;
    let folder = match &fit {
        Some(fit) => made(&fit.scenario, None, Some(fit.seed))?,
        None if args.run.is_dir() => args.run.clone(),
        None => made(&args.run, args.policy.as_deref(), args.seed)?,
    };
    let stored = stored::read(&folder)?;
    let compared = args.compare.as_deref().map(|of| read_comparison(of, &stored.scenario)).transpose()?;
    let replay = Replay::new(&stored.plan, stored.seed);
    stored.check_digest(replay.outcome.digest)?;
    let highlights = Highlights::of(&replay);
    let source = Source::of(&stored);
    let looked = looked(args, &source, &stored.plan.policy)?;
    let effects = looked.as_ref().map_or_else(Vec::new, effects::all);
    let command = command(args);
    let sheet =
        looked.as_ref().map(|found| Sheet { title: &stored.plan.title, found, effects: &effects, command: &command });
    let scenario = quoted(&stored.scenario);
    let repeat = format!("windtunnel run {scenario} --policy {} --seed {}", quoted(&stored.plan.policy), stored.seed);
    let observations = source.loaded().and_then(|loaded| Observations::of(&replay, &loaded.observed));
    let mut fitted = observations.as_ref().map_or_else(Vec::new, |of| of.sentences(&stored.plan));
    fitted.extend(fit.into_iter().flat_map(|fit| fit.statements));
    let judged: Vec<Judged> = observations.as_ref().map_or_else(Vec::new, |of| judged(of, &stored.plan));
    let sources = Sources {
        run: &highlights,
        title: &stored.plan.title,
        scenario: &stored.scenario,
        diff: source.diff(&stored.plan.policy),
        prevented: sheet,
        not_looked: source.why_not(args, &stored.plan.policy),
        compared: compared.as_ref(),
        judged: &judged,
        fitted: &fitted,
        command: &command,
        changed: source.loaded().is_none(),
        repeat: &repeat,
    };
    write(args, &document(&sources), &highlights, &folder)?;
    Ok(exit::OK)
}

/// A fit: its most likely run, and what it says.
struct Fitted {
    scenario: PathBuf,
    seed: u64,
    statements: Vec<String>,
}

/// The fit in a folder; none where it is another folder, or no folder.
fn fitted(folder: &Path) -> anyhow::Result<Option<Fitted>> {
    let path = folder.join(FIT);
    if !path.is_file() {
        return Ok(None);
    }
    let json = read_json(&path)?;
    let (Some(name), Some(seed)) =
        (json["scenario"].as_str(), json["best"][0]["seed"].as_str().and_then(|seed| seed.parse().ok()))
    else {
        bail!("{} names no run that can be repeated: fit the scenario again", path.display());
    };
    let statements = json["statements"].as_array().into_iter().flatten();
    let statements = statements.filter_map(|said| said.as_str().map(str::to_owned)).collect();
    Ok(Some(Fitted { scenario: folder.join(name), seed, statements }))
}

/// Runs a scenario into the folder where `run` puts it, or where it lies already; the folder.
fn made(scenario: &Path, policy: Option<&str>, seed: Option<u64>) -> anyhow::Result<PathBuf> {
    let policy = policy.unwrap_or(AS_WRITTEN).to_owned();
    let seed = seed.unwrap_or(1);
    let loaded = load(scenario, &LoadOptions::default())?;
    let beside = default_place(scenario, &loaded.name, &format!("{}-{seed}", file_name(&policy)));
    let mut draft = begin(Kind::Run, scenario, None, beside, Foreigners::of_force(false))?;
    let to = draft.target().to_owned();
    let run = Run {
        scenario: scenario.to_owned(),
        policy,
        seed,
        out: None,
        force: false,
        ledger: Ledger::default(),
        open: false,
        format: PageFormat::Human,
    };
    run::made(&run, scenario, &mut draft)?;
    draft.finish()?;
    Ok(to)
}

/// The scenario of a run, where it is still there and still gives that run.
enum Source {
    Same(PathBuf, Box<Loaded>),
    Other(String),
}

impl Source {
    fn of(stored: &stored::Stored) -> Self {
        let path = PathBuf::from(&stored.scenario);
        let other = |why: &str| Self::Other(format!("What would have prevented it was not looked for: {why}."));
        let Ok(loaded) = load(&path, &LoadOptions::default()) else {
            return other("the scenario of the run is not there, or cannot be read any more");
        };
        match loaded.plan(&stored.plan.policy) {
            Ok(planned) if planned.effective == stored.effective => Self::Same(path, Box::new(loaded)),
            _ => other("the scenario of the run was changed since"),
        }
    }

    fn loaded(&self) -> Option<&Loaded> {
        match self {
            Self::Same(_, loaded) => Some(loaded),
            Self::Other(_) => None,
        }
    }

    fn diff(&self, policy: &str) -> &[Change] {
        self.loaded().and_then(|loaded| loaded.plan(policy).ok()).map_or(&[], |planned| &planned.diff)
    }

    /// Why nobody looked for what would have prevented it.
    fn why_not(&self, args: &Args, policy: &str) -> Option<&str> {
        match self {
            Self::Other(why) => Some(why),
            Self::Same(..) if args.no_prevent => {
                Some("What would have prevented it was not looked for (--no-prevent).")
            }
            Self::Same(..) if policy != AS_WRITTEN => Some(
                "What would have prevented it was not looked for: the run is one of a policy, and not of the incident as it was.",
            ),
            Self::Same(..) => None,
        }
    }
}

/// What would have prevented it, where that can be looked for.
fn looked(args: &Args, source: &Source, policy: &str) -> anyhow::Result<Option<Prevented>> {
    let Source::Same(path, _) = source else { return Ok(None) };
    if args.no_prevent || policy != AS_WRITTEN {
        return Ok(None);
    }
    let extent = Extent { first_seed: args.seed.unwrap_or(1), runs: args.replications };
    let (_, found) = super::prevent::found(path, extent, jobs(args.jobs))?;
    Ok(Some(found))
}

/// A file of a folder of ours.
fn read_json(path: &Path) -> anyhow::Result<Value> {
    let text = file::read_text(path, FILE_MOST)
        .map_err(|error| anyhow::anyhow!("cannot read {}: {}", path.display(), file::why(&error)))?;
    serde_json::from_str(&text).with_context(|| format!("read {}", path.display()))
}

/// What the folder of a comparison says.
fn read_comparison(folder: &Path, scenario: &str) -> anyhow::Result<Compared> {
    let path = folder.join("compare.json");
    let json = read_json(&path)?;
    crate::input::formats::COMPARISON.check(&path, &json)?;
    let own = Path::new(scenario).file_stem().unwrap_or_default();
    if let Some(other) = json["scenario"].as_str().filter(|other| own != *other) {
        bail!("{} compares the policies of {other}, and the run is of {scenario}", folder.display());
    }
    of_comparison(&folder.display().to_string(), &json).with_context(|| format!("{} has no policies", path.display()))
}

/// Writes it to the file, or prints it.
fn write(args: &Args, document: &Document, run: &Highlights<'_>, folder: &Path) -> anyhow::Result<()> {
    // Pictures are named from where the document lies.
    let from = args.out.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let absolute = |path: &Path| std::path::absolute(if path.as_os_str().is_empty() { Path::new(".") } else { path });
    let figures = relative(&absolute(from)?, &absolute(folder)?);
    let text = match args.format {
        Form::Md => markdown::page(document, args.flavor, Some(&figures)),
        Form::Html => html::page(document, run),
    };
    match &args.out {
        // A device or a pipe takes what it is given.
        Some(out) if args.force || out.exists() => file::write(out, text.as_bytes())?,
        Some(out) => file::write_new(out, text.as_bytes())?,
        None => write!(stream::stdout(), "{text}")?,
    }
    Ok(())
}

/// The command that makes it again.
fn command(args: &Args) -> String {
    let mut command = format!("windtunnel postmortem {}", quoted(&args.run.display().to_string()));
    if let Some(policy) = &args.policy {
        command += &format!(" --policy {}", quoted(policy));
    }
    if let Some(seed) = args.seed {
        command += &format!(" --seed {seed}");
    }
    if let Some(folder) = &args.compare {
        command += &format!(" --compare {}", quoted(&folder.display().to_string()));
    }
    if args.no_prevent {
        command + " --no-prevent"
    } else {
        command + &format!(" --replications {}", args.replications)
    }
}
