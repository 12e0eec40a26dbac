//! `windtunnel baseline`: what would change in the baselines, change by change, and which of it is accepted.

pub(super) mod stored;

use self::stored::{Stored, Written, few_enough, is_watched, made};
use super::margins;
use super::scenarios::{are_there, scenarios};
use super::test::{REPLICATIONS, loaded_of};
use crate::disk::file;
use crate::experiment::baseline::Baseline;
use crate::experiment::baseline::changes::{Change, Kind, accepted, changes};
use crate::experiment::replicate::check_seeds;
use crate::experiment::rows::Rows;
use crate::experiment::suite::{File, Held, run_all};
use crate::input::files::plain;
use crate::input::problem::meant;
use crate::output::baseline::{human, json, one};
use crate::output::format::Format;
use crate::output::progress::{Progress, Work};
use crate::output::stream;
use crate::threads::{Threads, jobs};
use crate::{commands, exit};
use anyhow::bail;
use clap::Subcommand;
use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use windtunnel_words::number::count;
use windtunnel_words::text::quoted;

/// What the exit codes say.
const HELP: &str = "\
    A baseline is compared with the runs of now seed by seed, whatever the scenario has become. Without --replications and --seed, there \
    are as many runs and the same seeds as in each baseline.";

/// `baseline`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show what would change in the baselines: before, after, by how much, and whether that is better or worse
    Diff(Diff),
    /// Walk through the changes on a terminal: accept, reject or skip each
    Review(Review),
    /// Write changes into the baselines, by the names that `baseline diff` prints
    Accept(Accept),
}

#[derive(Debug, clap::Args)]
struct Common {
    /// The folder of the baselines
    #[arg(long, value_name = "DIR")]
    baseline: PathBuf,
    /// How many runs of each policy [default: the number in the baseline, or 100]
    #[arg(short = 'n', long, value_name = "N", value_parser = crate::args::runs_of_a_test())]
    replications: Option<usize>,
    /// The first random seed; replication i has this seed + i [default: the seed of the baseline, or 1]
    #[arg(long, value_name = "FIRST")]
    seed: Option<u64>,
    /// How many threads [default: one for each processor]; results do not depend on it
    #[arg(short, long, value_name = "J", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=1024))]
    jobs: Option<usize>,
    /// By what share of what there was a measure may get worse, such as cost.*=5%; beside the `worse` of the scenarios
    #[arg(long, value_name = "MEASURE=SHARE")]
    worse: Vec<String>,
    /// What becomes of what the baselines have and no scenario has
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    unreferenced: Unreferenced,
}

/// What becomes of what the baselines have and no scenario has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Unreferenced {
    /// It is said.
    #[default]
    Warn,
    /// It is said, with exit code 8.
    Reject,
    /// It is removed.
    Delete,
}

#[derive(Debug, clap::Args)]
struct Diff {
    /// Scenario files, or folders of them [default: those of the baselines]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
    /// Exit with 5 if something would change
    #[arg(long)]
    exit_code: bool,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, clap::Args)]
struct Review {
    /// Scenario files, or folders of them [default: those of the baselines]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
struct Accept {
    /// What to accept: `scenario` for all of one, or `scenario::policy`
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    common: Common,
    /// Accept every change, but remove nothing
    #[arg(long, conflicts_with = "names")]
    all: bool,
    /// Scenario files, or folders of them [default: those of the baselines]
    #[arg(long, value_name = "PATH")]
    scenarios: Vec<PathBuf>,
}

/// Shows, walks through, or accepts what would change.
pub fn baseline(args: &Args) -> anyhow::Result<u8> {
    match &args.what {
        What::Diff(args) => diff(args),
        What::Review(args) => review(args),
        What::Accept(args) => accept(args),
    }
}

fn diff(args: &Diff) -> anyhow::Result<u8> {
    if args.common.unreferenced == Unreferenced::Delete {
        bail!(
            "`baseline diff` changes nothing; `windtunnel baseline accept --unreferenced delete` removes what no scenario has"
        );
    }
    let seen = Seen::look(&args.common, &args.paths, &[])?;
    let mut out = stream::stdout();
    match args.format {
        Format::Json => writeln!(out, "{:#}", json(&seen.changes, &args.common.baseline))?,
        Format::Human => {
            write!(out, "{}", human(&seen.changes, &args.common.baseline, &args.paths, commands::width()))?
        }
    }
    Ok(match () {
        () if args.common.is_rejected(seen.changes.iter()) => exit::BASELINE_UNUSABLE,
        () if args.exit_code && !seen.changes.is_empty() => exit::DIFFERS,
        () => exit::OK,
    })
}

fn accept(args: &Accept) -> anyhow::Result<u8> {
    is_watched("`baseline accept`")?;
    let is_deleting = args.common.unreferenced == Unreferenced::Delete;
    if args.names.is_empty() && !args.all && !is_deleting {
        bail!("name what to accept, as `windtunnel baseline diff` prints it, or write --all");
    }
    let seen = Seen::look(&args.common, &args.scenarios, &args.names)?;
    for name in &args.names {
        if !seen.changes.iter().any(|change| change.is_meant_by(name)) {
            let known: Vec<String> = seen.changes.iter().map(Change::name).chain(seen.stored.names()).collect();
            let help =
                meant(name, known.iter().map(String::as_str)).map_or_else(String::new, |help| format!("; {help}"));
            bail!("nothing would change in `{name}`, and nothing was written{help}");
        }
    }
    let is_accepted = |change: &&Change| {
        let is_named = args.names.iter().any(|name| change.is_meant_by(name));
        is_named || if change.is_gone() { is_deleting } else { args.all }
    };
    let (taken, left): (Vec<&Change>, Vec<&Change>) = seen.changes.iter().partition(is_accepted);
    let said = seen.write(&taken)?;
    let mut out = stream::stdout();
    taken.iter().try_for_each(|change| writeln!(out, "{} {}", change.kind.word(), change.name()))?;
    writeln!(out, "{said}")?;
    let gone: Vec<String> = left.iter().filter(|change| change.is_gone()).map(|change| change.name()).collect();
    if !gone.is_empty() {
        let folder = quoted(&args.common.baseline.display().to_string());
        writeln!(
            out,
            "no scenario has {}: `windtunnel baseline accept --baseline {folder} --unreferenced delete`",
            gone.join(", ")
        )?;
    }
    Ok(if args.common.is_rejected(left.into_iter()) { exit::BASELINE_UNUSABLE } else { exit::OK })
}

impl Common {
    /// Whether it fails that something is kept which no scenario has.
    fn is_rejected<'c>(&self, mut left: impl Iterator<Item = &'c Change>) -> bool {
        self.unreferenced == Unreferenced::Reject && left.any(Change::is_gone)
    }
}

/// What somebody says of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
    Quit,
}

impl Answer {
    fn of(line: &str) -> Option<Self> {
        match line.trim() {
            "a" | "accept" => Some(Self::Accept),
            "r" | "reject" => Some(Self::Reject),
            "s" | "skip" => Some(Self::Skip),
            "q" | "quit" => Some(Self::Quit),
            _ => None,
        }
    }
}

fn review(args: &Review) -> anyhow::Result<u8> {
    is_watched("`baseline review`")?;
    let folder = quoted(&args.common.baseline.display().to_string());
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        bail!(
            "`baseline review` asks on a terminal, and this is none; `windtunnel baseline diff --baseline {folder}` shows what would \
                change, and `windtunnel baseline accept --baseline {folder} NAME` writes it"
        );
    }
    let seen = Seen::look(&args.common, &args.paths, &[])?;
    let (mut out, mut counts) = (stream::stdout(), [0; 3]);
    for (at, change) in seen.changes.iter().enumerate() {
        writeln!(out, "{} of {}", at + 1, seen.changes.len())?;
        one(change, commands::width()).iter().try_for_each(|line| writeln!(out, "{line}"))?;
        match ask(&mut out)? {
            Answer::Accept => {
                seen.write(&[change])?;
                counts[0] += 1;
            }
            Answer::Reject => counts[1] += 1,
            Answer::Skip => counts[2] += 1,
            Answer::Quit => break,
        }
    }
    let [accepted, rejected, skipped] = counts;
    let all = count(seen.changes.len(), "change");
    writeln!(out, "{all}: {accepted} accepted, {rejected} rejected, {skipped} skipped")?;
    Ok(if rejected > 0 { exit::DIFFERS } else { exit::OK })
}

/// Asks until there is an answer; who ends the input quits.
fn ask(out: &mut impl std::io::Write) -> anyhow::Result<Answer> {
    loop {
        write!(out, "accept (a), reject (r), skip (s) or quit (q)? ")?;
        out.flush()?;
        let mut line = String::new();
        if std::io::stdin().read_line(&mut line)? == 0 {
            return Ok(Answer::Quit);
        }
        if let Some(answer) = Answer::of(&line) {
            return Ok(answer);
        }
    }
}

/// What would change.
struct Seen {
    folder: PathBuf,
    stored: Stored,
    /// By scenario: what its runs make.
    fresh: BTreeMap<String, Baseline>,
    changes: Vec<Change>,
}

impl Seen {
    /// Runs what the baselines are of, and looks what would change; of some scenarios only, where names say of which.
    fn look(common: &Common, paths: &[PathBuf], names: &[String]) -> anyhow::Result<Self> {
        are_there(paths)?;
        let folder = &common.baseline;
        let stored = Stored::read(folder, std::iter::empty())?;
        let paths = if paths.is_empty() { stored_paths(&stored)? } else { paths.to_vec() };
        let (found, left_out) = scenarios(&paths.iter().filter(|path| path.exists()).cloned().collect::<Vec<_>>())?;
        left_out.say()?;
        let is_named = |scenario: &str| {
            names.is_empty()
                || names
                    .iter()
                    .any(|name| name == scenario || name.split_once("::").is_some_and(|(of, _)| of == scenario))
        };
        let mut files = loaded_of(&found, common.replications.unwrap_or(REPLICATIONS))?;
        margins::add(&common.worse, &mut files)?;
        let gone = stored.gone(&files, &paths)?;
        files.retain(|file| is_named(&file.loaded.name));
        let fresh = common.fresh(&stored, &mut files)?;
        let mut all = Vec::new();
        for file in &files {
            let name = &file.loaded.name;
            let Some(now) = fresh.get(name) else { continue };
            let whole = |kind| Change { scenario: name.clone(), policy: None, kind };
            let objective = |policy: &str| file.loaded.plan(policy).ok().and_then(|planned| planned.plan.objective);
            match stored.of(name).as_ref() {
                Ok(was) => all.extend(changes(was, now, &file.loaded.margins, &objective, stored.error())),
                Err(why) if stored.path(name).exists() => all.push(whole(Kind::Anew(why.clone()))),
                Err(_) => all.push(whole(Kind::New)),
            }
        }
        let is_file = |scenario: &str| files.iter().any(|file| file.loaded.name == scenario);
        let lost = gone.into_iter().filter(|gone| !is_file(&gone.scenario) && is_named(&gone.scenario));
        all.extend(lost.map(|gone| Change { scenario: gone.scenario, policy: None, kind: Kind::Gone(gone.what) }));
        Ok(Self { folder: folder.clone(), stored, fresh, changes: all })
    }

    /// Writes these changes; says what became of the files.
    fn write(&self, taken: &[&Change]) -> anyhow::Result<String> {
        let mut by_scenario: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
        for change in taken {
            by_scenario.entry(&change.scenario).or_default().push(change);
        }
        let mut written = Written::default();
        for (scenario, changes) in by_scenario {
            // What was accepted before in this call stands in the file.
            let was = Stored::read(&self.folder, std::iter::once(scenario.to_owned()))?.of(scenario);
            match accepted(was.as_ref().as_ref().ok(), self.fresh.get(scenario), &changes) {
                Some(baseline) => written.write(&self.folder, &baseline)?,
                None => {
                    file::remove(&self.stored.path(scenario))?;
                    written.removed += 1;
                }
            }
        }
        Ok(written.said(&self.folder))
    }
}

/// Where the scenarios of the baselines are.
///
/// # Errors
///
/// There is no baseline, or one that cannot be read, so that its scenario is not known.
fn stored_paths(stored: &Stored) -> anyhow::Result<Vec<PathBuf>> {
    if let Some(why) = stored.unreadable().next() {
        bail!("{why}; name the scenarios, so that it is known what the baselines are of");
    }
    let paths: Vec<PathBuf> = stored.baselines().map(|of| plain(&stored.folder().join(&of.file))).collect();
    if paths.is_empty() {
        bail!("there is no baseline in {}; name the scenarios", stored.folder().display());
    }
    Ok(paths)
}

impl Common {
    /// What the runs of scenarios make, as many and by the seeds of their baselines.
    fn fresh(&self, stored: &Stored, files: &mut Vec<File>) -> anyhow::Result<BTreeMap<String, Baseline>> {
        let mut by_seed: BTreeMap<u64, Vec<File>> = BTreeMap::new();
        for mut file in files.drain(..) {
            let read = stored.of(&file.loaded.name);
            let kept = read.as_ref().as_ref().ok();
            file.replications = self.replications.or(kept.map(|kept| kept.replications)).unwrap_or(REPLICATIONS);
            file.baseline = Held::Becomes;
            by_seed.entry(self.seed.or(kept.map(|kept| kept.first_seed)).unwrap_or(1)).or_default().push(file);
        }
        let runs = |file: &File| file.replications * file.loaded.policies().count();
        let bar = Progress::of(Work::Runs, by_seed.values().flatten().map(runs).sum::<usize>() as u64, 0);
        let mut fresh = BTreeMap::new();
        for (seed, group) in by_seed {
            few_enough(&group)?;
            group.iter().try_for_each(|file| check_seeds(seed, file.replications))?;
            let results = run_all(&group, &[], seed, &Threads(jobs(self.jobs)), &|| bar.add(1))?;
            let mut rows = results.rows.into_iter().peekable();
            for file in &group {
                let of_file: Vec<Rows> =
                    std::iter::from_fn(|| rows.next_if(|rows| rows.scenario == file.loaded.name)).collect();
                fresh.extend(made(&self.baseline, file, of_file)?.map(|made| (made.scenario.clone(), made)));
            }
            files.extend(group);
        }
        bar.end();
        files.sort_by(|one, other| one.loaded.name.cmp(&other.loaded.name));
        Ok(fresh)
    }
}
