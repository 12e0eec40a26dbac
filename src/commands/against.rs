//! `windtunnel test --against`: the same incidents with the files of before and with those of now, by the same seeds.

use super::scenarios::{MOST_LOOKED_AT, NONE, are_there, each_once, is_hidden, is_yaml, says_so, scenarios};
use super::test::{REPLICATIONS, add_to_summary, filters, loaded, nothing, takes, upload};
use crate::args::{Grade, Test};
use crate::disk::file::{self, Disk};
use crate::disk::revision::Revision;
use crate::experiment::against::{Became, Before, Gone, Incident, Reach, gone, judge, name as incident, reach};
use crate::experiment::filter::{Filter, Name};
use crate::experiment::replicate::check_seeds;
use crate::experiment::suite::{Case, File, Held, cases, run_all};
use crate::input::files::Files;
use crate::input::{LoadOptions, Severity};
use crate::output::against::{First, Sheet, first, json, markdown, terminal};
use crate::output::format::Format;
use crate::output::progress::{Progress, Work};
use crate::output::stream;
use crate::threads::{Threads, jobs};
use crate::{commands, exit};
use anyhow::bail;
use std::cell::LazyCell;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use windtunnel_claims::margin::Margin;
use windtunnel_input::quantity::percent;
use windtunnel_words::text::quoted;

/// Compares the incidents with what they were.
pub fn against(args: &Test, name: &str) -> anyhow::Result<u8> {
    let filters = filters(&args.filter)?;
    are_there(&args.paths)?;
    let (paths, left_out) = scenarios(&args.paths)?;
    left_out.say()?;
    let side = Side::open(name, &args.paths)?;
    let mut files = loaded(&paths, args)?;
    let margins = margins(&args.worse)?;
    for file in &mut files {
        file.loaded.margins.0.extend(margins.iter().cloned());
        check_seeds(args.seed.unwrap_or(1), file.replications)?;
    }
    let mut before = before(&side, &paths, args)?;
    let unreached = choose(&mut files, &mut before, &filters, args.changed);
    let gone = if filters.is_empty() { gone(&before, &files) } else { Vec::new() };
    let (now_cases, before_cases) = (cases(&files), cases(&before.files));
    let is_any = files.iter().any(|file| matches!(&file.baseline, Held::Compared(policies) if !policies.is_empty()));
    if !is_any && gone.is_empty() && unreached.is_empty() {
        if files.is_empty() {
            writeln!(stream::stderr(), "{NONE}")?;
            return Ok(exit::NOTHING_SELECTED);
        }
        return nothing(&now_cases, &args.filter);
    }
    let seed = args.seed.unwrap_or(1);
    let (now_cases, before_cases) = (of_compared(now_cases, &filters), of_compared(before_cases, &filters));
    let threads = Threads(jobs(args.jobs));
    let bar = Progress::of(Work::Runs, runs(&files) + runs(&before.files), 0);
    let was = run_all(&before.files, &before_cases, seed, &threads, &|| bar.add(1))?;
    let is = run_all(&files, &now_cases, seed, &threads, &|| bar.add(1))?;
    bar.end();
    let incidents = judge(&before, &files, (&was, &is), seed);
    let firsts: Vec<Option<First>> = incidents.iter().map(first).collect();
    let command = command(args, name);
    let sheet = Sheet {
        incidents: &incidents,
        firsts: &firsts,
        gone: &gone,
        unreached: &unreached,
        against: name,
        commit: side.commit(),
        first_seed: seed,
        notes: &is.notes,
        command: &command,
    };
    report(args, &sheet)?;
    Ok(code(args, &incidents, &gone))
}

/// Where the files of before are.
enum Side {
    /// In a folder that stands for the current one, or for this one path.
    Folder(PathBuf, Option<PathBuf>),
    Revision(Revision),
}

impl Side {
    fn open(name: &str, paths: &[PathBuf]) -> anyhow::Result<Self> {
        let folder = Path::new(name);
        if !folder.is_dir() {
            return Revision::open(name).map(Self::Revision);
        }
        // A folder with the same paths in it, or else one that stands for the only path.
        let stands_for = match paths {
            [path] if path.is_dir() && !folder.join(below(path)?).exists() => Some(path.clone()),
            _ => None,
        };
        Ok(Self::Folder(folder.to_owned(), stands_for))
    }

    fn files(&self) -> &dyn Files {
        match self {
            Self::Folder(..) => &Disk,
            Self::Revision(revision) => revision,
        }
    }

    fn commit(&self) -> Option<&str> {
        match self {
            Self::Folder(..) => None,
            Self::Revision(revision) => Some(revision.commit()),
        }
    }

    /// Where a file of now is among those of before.
    fn path(&self, path: &Path) -> anyhow::Result<PathBuf> {
        match self {
            Self::Folder(folder, Some(whole)) => Ok(folder.join(path.strip_prefix(whole).unwrap_or(path))),
            Self::Folder(folder, None) => Ok(folder.join(below(path)?)),
            Self::Revision(_) => Ok(path.to_owned()),
        }
    }

    /// The scenarios at or below a path.
    fn scenarios(&self, path: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let at = self.path(path)?;
        match self {
            Self::Folder(..) if at.exists() => Ok(scenarios(&[at])?.0),
            Self::Folder(..) => Ok(Vec::new()),
            Self::Revision(revision) => {
                let is_hidden = |of: &Path| of.strip_prefix(path).unwrap_or(of).iter().any(is_hidden);
                let mut all = revision.list(path)?;
                all.retain(|of| of == path || is_yaml(of) && !is_hidden(of) && says_so(revision, of));
                Ok(all)
            }
        }
    }
}

/// A path within the current folder.
fn below(path: &Path) -> anyhow::Result<PathBuf> {
    if path.is_relative() {
        return Ok(path.to_owned());
    }
    let here = std::env::current_dir()?;
    match path.strip_prefix(&here) {
        Ok(inner) => Ok(inner.to_owned()),
        Err(_) => bail!(
            "{} is not below the current folder, so where it was before is not known; give a relative path",
            path.display()
        ),
    }
}

/// What the command line says of margins.
fn margins(given: &[String]) -> anyhow::Result<Vec<Margin>> {
    let read = |given: &String| {
        let Some((measures, share)) = given.split_once('=') else {
            bail!("write --worse MEASURE=SHARE, such as cost.*=5%, got `{given}`")
        };
        let share = percent(share).map_err(|wrong| anyhow::anyhow!("--worse {given}: {}", wrong.message))?;
        Margin::new(measures, share).map_err(|(message, help)| {
            anyhow::anyhow!("--worse {given}: {message}{}", help.map_or_else(String::new, |help| format!("; {help}")))
        })
    };
    given.iter().map(read).collect()
}

/// The scenarios with the files of before: those of now, and those that are no longer there.
fn before(side: &Side, now: &[PathBuf], args: &Test) -> anyhow::Result<Before> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in now {
        paths.push(side.path(path)?);
    }
    for path in args.paths.iter().filter(|path| path.is_dir()) {
        paths.extend(side.scenarios(path)?);
    }
    let mut before = Before::default();
    for path in each_once(paths) {
        let is_there =
            !matches!(side.files().read(&path, MOST_LOOKED_AT), Err(crate::input::files::Unreadable::Missing));
        if !is_there {
            continue;
        }
        match windtunnel_input::load(side.files(), &path, &LoadOptions::default()) {
            Ok(loaded) => {
                let replications = args.replications.unwrap_or(REPLICATIONS);
                let baseline = Held::Compared(Vec::new());
                before.files.push(File { path, loaded, replications, baseline });
            }
            Err(report) => {
                let problem = report.problems().0.iter().find(|problem| problem.severity == Severity::Error);
                let why = problem.map_or_else(String::new, |problem| format!("{} ({})", problem.message, problem.code));
                let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
                before.unreadable.push((name, why));
            }
        }
    }
    Ok(before)
}

/// Says which policies are compared: those that the filters take, and of these those that the change reaches where only they are asked
/// for. Returns the names of the others.
fn choose(now: &mut [File], before: &mut Before, filters: &[Filter], is_changed_only: bool) -> Vec<String> {
    let (mut all, mut unreached) = (Vec::new(), Vec::new());
    for file in now.iter() {
        let mut chosen = Vec::new();
        for policy in file.loaded.policies() {
            let name = |test: &str| Name {
                scenario: file.loaded.name.clone(),
                policy: policy.to_owned(),
                test: test.to_owned(),
            };
            let tests = file.loaded.plan(policy).expect("it was just listed").expectations.iter();
            let is_taken = |name: Name| filters.is_empty() || filters.iter().any(|filter| filter.takes(&name));
            if !is_taken(name("")) && !tests.into_iter().any(|one| is_taken(name(&one.name))) {
                continue;
            }
            if is_changed_only && matches!(reach(before, file, policy), Reach::Same(_)) {
                unreached.push(incident(&file.loaded.name, policy));
                continue;
            }
            chosen.push(policy.to_owned());
        }
        all.push(chosen);
    }
    for (file, chosen) in now.iter_mut().zip(all) {
        if let Some(was) = before.files.iter_mut().find(|was| was.loaded.name == file.loaded.name) {
            was.baseline = Held::Compared(chosen.clone());
        }
        file.baseline = Held::Compared(chosen);
    }
    unreached
}

/// The tests of the policies that are compared.
fn of_compared<'f>(cases: Vec<Case<'f>>, filters: &[Filter]) -> Vec<Case<'f>> {
    let is_compared = |case: &Case<'_>| match &case.file.baseline {
        Held::Compared(policies) => policies.contains(&case.name.policy),
        Held::No | Held::To { .. } | Held::Becomes => false,
    };
    cases.into_iter().filter(|case| is_compared(case) && takes(filters, case)).collect()
}

/// How many runs the policies that are compared have.
fn runs(files: &[File]) -> u64 {
    let of = |file: &File| match &file.baseline {
        Held::Compared(policies) => policies.len() * file.replications,
        Held::No | Held::To { .. } | Held::Becomes => 0,
    };
    files.iter().map(of).sum::<usize>() as u64
}

/// The command that repeats it.
fn command(args: &Test, name: &str) -> String {
    let mut command = "windtunnel test".to_owned();
    for path in &args.paths {
        let _ = write!(command, " {}", quoted(&path.display().to_string()));
    }
    let _ = write!(command, " --against {}", quoted(name));
    for filter in &args.filter {
        let _ = write!(command, " -E {}", quoted(filter));
    }
    for given in &args.worse {
        let _ = write!(command, " --worse {}", quoted(given));
    }
    if args.changed {
        command += " --changed";
    }
    for (flag, grade) in [("--gone", args.gone), ("--inconclusive", args.inconclusive)] {
        if grade == Grade::Warn {
            let _ = write!(command, " {flag} warn");
        }
    }
    let _ = write!(command, " --replications {}", args.replications.unwrap_or(REPLICATIONS));
    if let Some(seed) = args.seed {
        let _ = write!(command, " --seed {seed}");
    }
    command
}

fn report(args: &Test, sheet: &Sheet<'_>) -> anyhow::Result<()> {
    let page = LazyCell::new(|| markdown::render(sheet));
    if let Some(path) = &args.files.markdown {
        file::write(path, page.as_bytes())?;
    }
    let mut out = stream::stdout();
    match args.format {
        Format::Json => writeln!(out, "{:#}", json::json(sheet))?,
        Format::Human => write!(out, "{}", terminal::render(sheet, commands::width()))?,
    }
    if args.github {
        add_to_summary(|| page.clone())?;
    }
    if args.azure_pipelines {
        let upload = upload(args, &page)?;
        match args.format {
            Format::Json => stream::stderr().commands(&upload)?,
            Format::Human => out.commands(&upload)?,
        }
    }
    Ok(())
}

/// An expectation that broke comes first, then what got worse, what is no longer tested, and what stays undecided.
fn code(args: &Test, incidents: &[Incident<'_>], gone: &[Gone]) -> u8 {
    let is = |became: Became| incidents.iter().any(|incident| incident.became() == became);
    match () {
        () if incidents.iter().any(|incident| incident.broken().next().is_some()) => exit::EXPECTATION_FAILED,
        () if is(Became::Worse) => exit::WORSE,
        () if !gone.is_empty() && args.gone == Grade::Fail => exit::BASELINE_UNUSABLE,
        () if is(Became::Unclear) && args.inconclusive == Grade::Fail => exit::INCONCLUSIVE,
        () => exit::OK,
    }
}
