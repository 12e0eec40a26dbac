//! `windtunnel test`: every expectation of every scenario under every policy is one named test.

use crate::args::Test;
use crate::commands::against::against;
use crate::commands::check::show_warnings;
use crate::disk::file::Disk;
use crate::disk::{self, file};
use crate::experiment::baseline::Baseline;
use crate::experiment::filter::Filter;
use crate::experiment::replicate::check_seeds;
use crate::experiment::suite::{Case, File, Held, Met, Tested, cases, run_all};
use crate::input::problem::{count, meant};
use crate::input::recognise::is_meant_as_scenario;
use crate::input::{LoadOptions, Problems, Report, load};
use crate::output::format::Format;
use crate::output::progress::{Progress, Work};
use crate::output::stream;
use crate::output::verdicts::{Session, github, json, junit, terminal};
use crate::threads::{Threads, jobs};
use crate::{commands, exit};
use anyhow::{Context, bail};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Runs of each policy, where nobody says how many.
pub(super) const REPLICATIONS: usize = 100;

/// Holds scenarios to what they expect.
pub fn test(args: &Test) -> anyhow::Result<u8> {
    if let Some(before) = &args.against {
        return against(args, before);
    }
    let filters = filters(&args.filter)?;
    if args.update_baseline && in_ci() {
        bail!("--update-baseline is refused if CI is set: review a baseline before you commit it");
    }
    let (paths, left_out) = scenarios(&args.paths)?;
    left_out.say()?;
    if paths.is_empty() {
        writeln!(stream::stderr(), "there is no scenario here: no .yaml file with the key `windtunnel`")?;
        return Ok(exit::NOTHING_SELECTED);
    }
    let files = loaded(&paths, args)?;
    let seed = args.seed.or_else(|| kept(&files).map(|baseline| baseline.first_seed)).unwrap_or(1);
    for file in &files {
        check_seeds(seed, file.replications)?;
    }
    let all = cases(&files);
    let asked: Vec<Case<'_>> = all.iter().filter(|case| takes(&filters, case)).cloned().collect();
    if asked.is_empty() && !args.update_baseline {
        return nothing(&all, &args.filter);
    }
    let shard: Vec<Case<'_>> =
        asked.iter().filter(|case| args.partition.is_none_or(|shard| shard.takes(&case.name))).cloned().collect();
    let bar = bar(&files, &shard);
    let results = run_all(&files, &shard, seed, &Threads(jobs(args.jobs)), &|| bar.add(1))?;
    bar.end();
    let written = update(args, &results.baselines)?;
    let session = Session {
        tested: &results.tested,
        files: &files,
        first_seed: seed,
        selected: (shard.len(), all.len()),
        partition: args.partition,
        written: written.as_deref(),
        notes: &results.notes,
    };
    report(args, &session)?;
    Ok(code(&results.tested))
}

pub(super) fn filters(texts: &[String]) -> anyhow::Result<Vec<Filter>> {
    let read = |text: &String| {
        Filter::parse(text).map_err(|wrong| anyhow::anyhow!("the filter cannot be read: {}", wrong.shown(text)))
    };
    texts.iter().map(read).collect()
}

pub(super) fn takes(filters: &[Filter], case: &Case<'_>) -> bool {
    filters.is_empty() || filters.iter().any(|filter| filter.takes(&case.name))
}

/// Whether this is a machine that nobody watches.
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// What in the folders is not tested, by the reason; hidden files are none of it.
#[derive(Default)]
pub(super) struct LeftOut {
    /// YAML that is no scenario.
    others: Vec<PathBuf>,
    links: Vec<PathBuf>,
    /// Pipes and devices with the name of a scenario.
    no_files: Vec<PathBuf>,
}

impl LeftOut {
    /// Says it on standard error, a line for each reason.
    pub(super) fn say(&self) -> std::io::Result<()> {
        let reasons = [
            (&self.others, "file", "no line begins with `windtunnel:`"),
            (&self.links, "link", "links in a folder are not followed; name the file itself"),
            (&self.no_files, "name", "only regular files are read"),
        ];
        for (paths, noun, reason) in reasons.into_iter().filter(|(paths, ..)| !paths.is_empty()) {
            let mut names: Vec<String> = paths.iter().take(3).map(|path| path.display().to_string()).collect();
            if paths.len() > names.len() {
                names.push("…".to_owned());
            }
            let (all, names) = (count(paths.len(), noun), names.join(", "));
            writeln!(stream::stderr(), "skipped: {all} ({names}), since {reason}")?;
        }
        Ok(())
    }
}

/// The scenario files among the paths: files as they are named, and of folders every YAML file that says `windtunnel:` or
/// means to.
pub(super) fn scenarios(paths: &[PathBuf]) -> anyhow::Result<(Vec<PathBuf>, LeftOut)> {
    let (mut found, mut left_out) = (Vec::new(), LeftOut::default());
    for path in paths {
        if path.is_dir() {
            within(path, &mut found, &mut left_out)?;
        } else if path.exists() {
            found.push(path.clone());
        } else {
            bail!("there is no file or folder {}", path.display());
        }
    }
    let mut once: Vec<PathBuf> = Vec::new();
    for path in found {
        if !once.contains(&path) {
            once.push(path);
        }
    }
    Ok((once, left_out))
}

fn within(folder: &Path, found: &mut Vec<PathBuf>, left_out: &mut LeftOut) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    paths.sort();
    for path in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
        if hidden {
            continue;
        }
        // Links out of the folder, and those that lead in circles, are not followed; nor is what is no file waited for.
        let kind =
            std::fs::symlink_metadata(&path).with_context(|| format!("cannot look at {}", path.display()))?.file_type();
        match () {
            () if kind.is_dir() => within(&path, found, left_out)?,
            () if kind.is_symlink() && (is_yaml || path.is_dir()) => left_out.links.push(path),
            () if !is_yaml => {}
            () if !kind.is_file() => left_out.no_files.push(path),
            () if says_so(&path) => found.push(path),
            () => left_out.others.push(path),
        }
    }
    Ok(())
}

/// Whether a file says that it is a scenario, or means to; one that cannot be read is taken, and said to be so.
fn says_so(path: &Path) -> bool {
    let text = file::read(path, MOST_LOOKED_AT).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    text.map_or(true, |text| is_meant_as_scenario(&text))
}

/// A file that is larger cannot be read, whatever it says.
const MOST_LOOKED_AT: u64 = 32 << 20;

/// Reads every scenario; everything that is wrong with any of them is said at once.
pub(super) fn loaded(paths: &[PathBuf], args: &Test) -> anyhow::Result<Vec<File>> {
    let mut files: Vec<File> = Vec::new();
    let mut wrong = Problems::new();
    for path in paths {
        match load(path, &LoadOptions::default()) {
            Ok(loaded) => {
                if let Some(other) = files.iter().find(|other| other.loaded.name == loaded.name) {
                    let (name, one) = (&loaded.name, other.path.display());
                    bail!(
                        "{one} and {} are both named `{name}`, so their tests would have the same names",
                        path.display()
                    );
                }
                show_warnings(&loaded.problems)?;
                let baseline = match held(args, &loaded.name) {
                    Ok(baseline) => baseline,
                    Err(report) => {
                        wrong.merge(report.problems());
                        continue;
                    }
                };
                let of_baseline = match &baseline {
                    Held::To(held) => held.as_ref().as_ref().ok().map(|baseline| baseline.replications),
                    Held::No | Held::Becomes | Held::Compared(_) => None,
                };
                let replications = args.replications.or(of_baseline).unwrap_or(REPLICATIONS);
                files.push(File { path: path.clone(), loaded, replications, baseline });
            }
            Err(report) => wrong.merge(report.problems()),
        }
    }
    if wrong.has_errors() { Err(Report::from(wrong).into()) } else { Ok(files) }
}

/// What a scenario is held to beside its expectations.
///
/// # Errors
///
/// The baseline asks for what is never made, with the place.
fn held(args: &Test, scenario: &str) -> Result<Held, Report> {
    let Some(folder) = &args.baseline else { return Ok(Held::No) };
    if args.update_baseline {
        return Ok(Held::Becomes);
    }
    let path = Baseline::path(folder, scenario);
    let read = match Baseline::read(&Disk, &path) {
        Ok(Some(baseline)) => Ok(baseline),
        Ok(None) => Err(format!("there is no {}", path.display())),
        Err(error) => match error.downcast::<Report>() {
            Ok(report) => return Err(report),
            Err(error) => Err(format!("{error:#}")),
        },
    };
    Ok(Held::To(Box::new(read)))
}

/// A baseline that was read.
fn kept(files: &[File]) -> Option<&Baseline> {
    files.iter().find_map(|file| match &file.baseline {
        Held::To(held) => held.as_ref().as_ref().ok(),
        Held::No | Held::Becomes | Held::Compared(_) => None,
    })
}

pub(super) fn nothing(all: &[Case<'_>], filters: &[String]) -> anyhow::Result<u8> {
    let mut err = stream::stderr();
    if all.is_empty() {
        writeln!(err, "there is nothing to test: the scenarios have no expectations")?;
    } else {
        writeln!(err, "no test matches the filter; there are {}", all.len())?;
        let names: Vec<String> = all.iter().map(|case| case.name.to_string()).collect();
        let parts = all.iter().flat_map(|case| [&case.name.scenario, &case.name.policy, &case.name.test]);
        let words: Vec<&str> = parts.map(String::as_str).collect();
        let asked = filters.iter().flat_map(|filter| filter.split(['(', ')', '=', '&', '|'])).map(str::trim);
        let mut near = asked.filter(|word| word.len() > 2 && !names.iter().any(|name| name.contains(word)));
        if let Some(help) = near.find_map(|word| meant(word, words.iter().copied())) {
            writeln!(err, "{help}")?;
        }
    }
    Ok(exit::NOTHING_SELECTED)
}

/// How far the runs are, on standard error, where that is a terminal.
fn bar(files: &[File], cases: &[Case<'_>]) -> Progress {
    let mut runs = 0;
    for file in files {
        let of = |policy: &&str| {
            let here = |case: &Case<'_>| std::ptr::eq(case.file, file) && case.name.policy == **policy;
            matches!(file.baseline, Held::Becomes) || cases.iter().any(here)
        };
        runs += file.replications * file.loaded.policies().filter(of).count();
    }
    Progress::of(Work::Runs, runs as u64, 0)
}

/// Writes the baselines; says what became of them.
fn update(args: &Test, baselines: &[Baseline]) -> anyhow::Result<Option<String>> {
    let Some(folder) = args.baseline.as_deref().filter(|_| args.update_baseline) else { return Ok(None) };
    let (mut new, mut changed) = (0, 0);
    for baseline in baselines {
        let path = Baseline::path(folder, &baseline.scenario);
        let (text, was) = (baseline.text(), file::read_text(&path, u64::MAX).ok());
        new += usize::from(was.is_none());
        changed += usize::from(was.as_ref().is_some_and(|was| *was != text));
        if was.as_ref() != Some(&text) {
            file::write(&path, text.as_bytes())?;
        }
    }
    let same = baselines.len() - new - changed;
    Ok(Some(format!("baselines in {}: {new} new, {changed} changed, {same} the same", folder.display())))
}

fn report(args: &Test, session: &Session<'_>) -> anyhow::Result<()> {
    if let Some(path) = &args.junit {
        file::write(path, junit::xml(session)?.as_bytes())?;
    }
    let mut out = stream::stdout();
    match args.format {
        Format::Json => writeln!(out, "{:#}", json::json(session))?,
        Format::Human => write!(out, "{}", terminal::render(session, commands::width()))?,
    }
    if args.github {
        let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
        let notes = github::annotations(session, workspace.as_deref());
        // GitHub reads both streams; what is JSON stays so.
        match args.format {
            Format::Json => stream::stderr().commands(&notes)?,
            Format::Human => out.commands(&notes)?,
        }
        if let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
            disk::append(Path::new(&path), github::summary(session).as_bytes())?;
        }
    }
    Ok(())
}

/// The worst of what happened. What fails comes before what drifts, and what cannot be judged last.
fn code(tested: &[Tested<'_>]) -> u8 {
    match tested.iter().map(|tested| tested.met).min().unwrap_or(Met::Pass) {
        Met::Fail => exit::EXPECTATION_FAILED,
        Met::Drift => exit::BASELINE_DIFFERS,
        Met::Unusable => exit::BASELINE_UNUSABLE,
        Met::Inconclusive => exit::INCONCLUSIVE,
        Met::Pass => exit::OK,
    }
}
