//! `windtunnel test --against`: the same incidents with the files of before and with those of now, by the same seeds.

use super::drills::{self, Suite};
use super::import::{is_looked_at, looked_at};
use super::margins;
use super::scenarios::{MOST_LOOKED_AT, NONE, each_once, is_hidden, is_yaml, says_so, scenarios};
use super::test::{
    Audience, Events, REPLICATIONS, code, filters, list, loaded, nothing, one_stream, report, scenarios_are_there,
    takes,
};
use crate::args::{Grade, Test};
use crate::disk::file::Disk;
use crate::disk::revision::Revision;
use crate::experiment::against::{Before, Incident, Reach, gone, is_held_to_the_same, judge, name as incident, reach};
use crate::experiment::filter::{Filter, Name};
use crate::experiment::replicate::check_seeds;
use crate::experiment::suite::{Case, File, Held, cases, run_all};
use crate::input::difference::{Changed, of_scenarios};
use crate::input::files::Files;
use crate::input::{LoadOptions, Problems, Severity, written};
use crate::output::against::as_tests::{self, Compared};
use crate::output::against::{First, Sheet, first, json, lines, markdown, terminal};
use crate::output::format::Format;
use crate::output::progress::{Progress, Work};
use crate::output::stream;
use crate::output::verdicts::{self, Session};
use crate::threads::{Threads, jobs};
use crate::{commands, exit};
use anyhow::bail;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use windtunnel_words::text::quoted;

/// Compares the incidents with what they were.
pub fn against(args: &Test, name: &str) -> anyhow::Result<u8> {
    let filters = filters(&args.filter)?;
    one_stream(args)?;
    let side = Side::open(name, if args.fleet.is_empty() { &args.paths } else { &args.fleet })?;
    let mut suite = (!args.fleet.is_empty()).then(|| drills::suite(args, Some(&side))).transpose()?;
    let (mut files, mut before) = match &mut suite {
        Some(suite) => (suite.now(args)?, suite.before(args)?),
        None => scenarios_of(args, &side)?,
    };
    margins::add(&args.worse, &mut files)?;
    margins::add(&args.worse, &mut before.files)?;
    for file in &files {
        check_seeds(args.seed.unwrap_or(1), file.replications)?;
    }
    let unreached = choose(&mut files, &mut before, &filters, args.changed);
    // Of a fleet in drills nobody took a test away: what cannot happen to it any more is said beside.
    let gone = if filters.is_empty() && suite.is_none() { gone(&before, &files) } else { Vec::new() };
    let (now_cases, before_cases) = (cases(&files), cases(&before.files));
    let is_any = files.iter().any(|file| matches!(&file.baseline, Held::Compared(policies) if !policies.is_empty()));
    if !is_any && gone.is_empty() && unreached.is_empty() {
        if files.is_empty() {
            writeln!(stream::stderr(), "{NONE}")?;
            return Ok(exit::NOTHING_SELECTED);
        }
        return nothing(&now_cases, &args.filter);
    }
    let (expected, before_cases) = (of_compared(now_cases, &filters), of_compared(before_cases, &filters));
    let compared = Compared { files: &files, before: &before, expected: &expected, gone: &gone };
    compare(
        args,
        &Both { side: &side, suite: suite.as_ref(), before_cases: &before_cases, unreached: &unreached, name },
        compared,
    )
}

/// The scenarios with the files of now and with those of before.
fn scenarios_of(args: &Test, side: &Side) -> anyhow::Result<(Vec<File>, Before)> {
    scenarios_are_there(&args.paths)?;
    let (paths, left_out) = scenarios(&args.paths)?;
    left_out.say()?;
    let (now, before) = (loaded(&paths, args)?, before(side, &paths, args)?);
    // A revision may be older than every incident. A folder without any is one that somebody forgot to fill, or misspelt.
    if let Side::Folder(folder, _) = side
        && before.files.is_empty()
        && before.unreadable.is_empty()
    {
        bail!(
            "{} has none of these scenarios, so there is nothing to compare with: it stands for the current folder. If there were none \
             before, leave out --against",
            folder.display()
        );
    }
    Ok((now, before))
}

/// What is compared with what.
struct Both<'w> {
    side: &'w Side,
    /// The drills, where a fleet is tested in them.
    suite: Option<&'w Suite<'w>>,
    before_cases: &'w [Case<'w>],
    unreached: &'w [String],
    /// What the user calls the files of before.
    name: &'w str,
}

/// Runs both sides, judges them, and says what came of it.
fn compare(args: &Test, both: &Both<'_>, compared: Compared<'_>) -> anyhow::Result<u8> {
    let Both { side, suite, before_cases, unreached, name } = *both;
    let Compared { files, before, expected, gone } = compared;
    let all = as_tests::cases(compared);
    if args.list {
        return list(&all, args.format);
    }
    let seed = args.seed.unwrap_or(1);
    let blank = Session {
        tested: &[],
        files,
        first_seed: seed,
        selected: (all.len(), all.len()),
        partition: None,
        written: None,
        notes: &[],
        inconclusive: args.inconclusive,
        gone: args.gone,
        page: None,
    };
    let mut events = Events::begin(args.events.as_deref(), &verdicts::json::begins(&blank))?;
    let bar = Progress::of(Work::Runs, runs(files) + runs(&before.files), 0);
    // Everything is judged together, so that no test ends before the last run.
    let audience = Audience::new(bar, Events::begin(None, &serde_json::Value::Null)?);
    let threads = Threads(jobs(args.jobs));
    let was = run_all(&before.files, before_cases, seed, &threads, &audience)?;
    let is = run_all(files, expected, seed, &threads, &audience)?;
    audience.leave();
    let incidents = judge(before, files, (&was, &is));
    let firsts: Vec<Option<First>> = incidents.iter().map(first).collect();
    let lines = lines(&incidents, incidents.iter().map(|incident| changes(both, before, incident)).collect());
    let notes = [suite.map_or_else(Vec::new, |suite| suite.notes.clone()), is.notes.clone()].concat();
    let command = command(args, name);
    let sheet = Sheet {
        incidents: &incidents,
        firsts: &firsts,
        lines: &lines,
        gone,
        unreached,
        against: name,
        commit: side.commit(),
        first_seed: seed,
        notes: &notes,
        command: &command,
    };
    let (tested, page) = (as_tests::tested(&sheet, compared), markdown::render(&sheet));
    let session = Session { tested: &tested, notes: &notes, page: Some(&page), ..blank };
    let code = code(&session);
    tested.iter().for_each(|one| events.write(&verdicts::json::ends(one)));
    events.end(&verdicts::json::ended(&session, code))?;
    report(args, &session, &|format| match format {
        Format::Json => format!("{:#}\n", json::json(&sheet)),
        Format::Human => terminal::render(&sheet, commands::width()),
    })?;
    Ok(code)
}

/// What of the files was changed that a run of an incident reads.
fn changes(both: &Both<'_>, before: &Before, incident: &Incident<'_>) -> Vec<Changed> {
    if !matches!(incident.reach, Reach::Changed(_)) {
        return Vec::new();
    }
    if let Some(suite) = both.suite {
        return suite.changes(incident);
    }
    let name = &incident.file.loaded.name;
    let was = before.files.iter().find(|file| file.loaded.name == *name);
    let Some(was) = was else { return Vec::new() };
    let read = |files: &dyn Files, path: &Path| {
        let (text, name) = windtunnel_input::read::text_of(files, path, None, &mut Problems::new())?;
        written(files, &name, text, &[], &incident.now.plan.policy)
    };
    let read = read(both.side.files(), &was.path).zip(read(&Disk, &incident.file.path));
    read.map_or_else(Vec::new, |(old, new)| of_scenarios(&old, &new))
}

/// Where the files of before are.
pub(super) enum Side {
    /// In a folder that stands for the current one, or for this one path.
    Folder(PathBuf, Option<PathBuf>),
    Revision(Revision),
}

impl Side {
    pub(super) fn open(name: &str, paths: &[PathBuf]) -> anyhow::Result<Self> {
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

    pub(super) fn files(&self) -> &dyn Files {
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
    pub(super) fn path(&self, path: &Path) -> anyhow::Result<PathBuf> {
        match self {
            Self::Folder(folder, Some(whole)) => Ok(folder.join(path.strip_prefix(whole).unwrap_or(path))),
            Self::Folder(folder, None) => Ok(folder.join(below(path)?)),
            Self::Revision(_) => Ok(path.to_owned()),
        }
    }

    /// The files at or below a path of this side that can describe a fleet; nothing where nothing is there.
    pub(super) fn files_at(&self, path: &Path) -> anyhow::Result<Vec<PathBuf>> {
        match self {
            Self::Folder(..) if !path.exists() => Ok(Vec::new()),
            Self::Folder(..) => looked_at(path),
            Self::Revision(revision) => {
                let is_meant = |of: &PathBuf| of.as_path() == path || of.strip_prefix(path).is_ok_and(is_looked_at);
                Ok(revision.list(path)?.into_iter().filter(is_meant).collect())
            }
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
                before.files.push(File { path, loaded, replications, baseline, drilled: None });
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
        let may_be_same = is_changed_only && is_held_to_the_same(before, file);
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
            if may_be_same && matches!(reach(before, file, policy), Reach::Same(_)) {
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
    if args.fleet.is_empty() {
        for path in &args.paths {
            let _ = write!(command, " {}", quoted(&path.display().to_string()));
        }
    } else {
        let _ = write!(command, " {}", drills::words(args));
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
