//! `windtunnel test`: every expectation of every scenario under every policy is one named test.

use crate::args::Test;
use crate::commands::against::against;
use crate::commands::check::show_warnings;
use crate::commands::drills;
use crate::commands::scenarios::{NONE, are_there, scenarios};
use crate::disk::file::Disk;
use crate::disk::{self, file};
use crate::experiment::baseline::Baseline;
use crate::experiment::filter::Filter;
use crate::experiment::replicate::check_seeds;
use crate::experiment::suite::{Case, File, Held, Met, Tested, cases, run_all};
use crate::experiment::watch::Watch;
use crate::input::problem::meant;
use crate::input::{LoadOptions, Problems, Report, load};
use crate::output::annotations::azure;
use crate::output::format::Format;
use crate::output::progress::{Progress, Work};
use crate::output::stream;
use crate::output::verdicts::{self, Session, json, terminal};
use crate::threads::{Threads, jobs};
use crate::{commands, exit};
use anyhow::bail;
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Runs of each policy, where nobody says how many.
pub(super) const REPLICATIONS: usize = 100;

/// Holds scenarios to what they expect.
pub fn test(args: &Test) -> anyhow::Result<u8> {
    if let Some(before) = &args.against {
        return against(args, before);
    }
    let filters = filters(&args.filter)?;
    if let Some(variable) = ci().filter(|_| args.update_baseline) {
        bail!("--update-baseline is refused if {variable} is set: review a baseline before you commit it");
    }
    one_stream(args)?;
    let Some((files, beside)) = files(args)? else {
        writeln!(stream::stderr(), "{NONE}")?;
        return Ok(exit::NOTHING_SELECTED);
    };
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
    if args.list {
        return list(&shard, args.format);
    }
    let blank = Session {
        tested: &[],
        files: &files,
        first_seed: seed,
        selected: (shard.len(), all.len()),
        partition: args.partition,
        written: None,
        notes: &[],
        inconclusive: args.inconclusive,
        gone: args.gone,
        page: None,
    };
    let audience = Audience::new(bar(&files, &shard), Events::begin(args.events.as_deref(), &json::begins(&blank))?);
    let results = run_all(&files, &shard, seed, &Threads(jobs(args.jobs)), &audience)?;
    let events = audience.leave();
    let written = update(args, &results.baselines)?;
    let (tested, notes) = (&results.tested, &[beside, results.notes].concat());
    let session = Session { tested, written: written.as_deref(), notes, ..blank };
    let code = code(&session);
    events.end(&json::ended(&session, code))?;
    report(args, &session, &|format| match format {
        Format::Json => format!("{:#}\n", json::json(&session)),
        Format::Human => terminal::render(&session, commands::width()),
    })?;
    Ok(code)
}

/// Refuses two things on standard output.
pub(super) fn one_stream(args: &Test) -> anyhow::Result<()> {
    if args.events_on_stdout() && args.format == Format::Json {
        bail!("`--events -` and `--format json` both write to standard output; name a file for the events");
    }
    Ok(())
}

/// The scenarios under test, and what is to be said beside them; nothing where there is none.
fn files(args: &Test) -> anyhow::Result<Option<(Vec<File>, Vec<String>)>> {
    if !args.fleet.is_empty() {
        let mut suite = drills::suite(args, None)?;
        let files = suite.now(args)?;
        return Ok(Some((files, suite.notes)));
    }
    scenarios_are_there(&args.paths)?;
    let (paths, left_out) = scenarios(&args.paths)?;
    left_out.say()?;
    if paths.is_empty() { Ok(None) } else { Ok(Some((loaded(&paths, args)?, Vec::new()))) }
}

/// Refuses a path at which nothing is, such as the word for the drills where there is no fleet.
pub(super) fn scenarios_are_there(paths: &[PathBuf]) -> anyhow::Result<()> {
    if paths.iter().any(|path| drills::is_word(path)) {
        bail!("there is no file or folder drills; the drills need a fleet: `--fleet main.json`");
    }
    are_there(paths)
}

/// The names of the tests, a line each.
pub(super) fn list(cases: &[Case<'_>], format: Format) -> anyhow::Result<u8> {
    let mut out = stream::stdout();
    match format {
        Format::Json => writeln!(out, "{:#}", json::list(cases))?,
        Format::Human => {
            cases.iter().try_for_each(|case| writeln!(out, "{}", case.name.to_string().replace('\n', " ")))?;
        }
    }
    Ok(exit::OK)
}

/// The stream of events, where one is asked for.
pub(super) struct Events<'p> {
    to: Option<&'p Path>,
    /// What went wrong first; nothing is written after that.
    failed: Option<anyhow::Error>,
}

impl<'p> Events<'p> {
    /// Begins a stream; what an earlier one left in its file is gone.
    pub(super) fn begin(to: Option<&'p Path>, event: &Value) -> anyhow::Result<Self> {
        match to {
            None => {}
            Some(path) if is_stdout(path) => write!(stream::stdout(), "{}", line(event))?,
            Some(path) => file::write(path, line(event).as_bytes())?,
        }
        Ok(Self { to, failed: None })
    }

    /// Writes an event at once, so that whoever follows the stream reads it as it happens.
    pub(super) fn write(&mut self, event: &Value) {
        let Some(path) = self.to.filter(|_| self.failed.is_none()) else { return };
        let written = if is_stdout(path) {
            write!(stream::stdout(), "{}", line(event)).map_err(anyhow::Error::from)
        } else {
            disk::append(path, line(event).as_bytes())
        };
        self.failed = written.err();
    }

    /// Ends the stream.
    pub(super) fn end(mut self, event: &Value) -> anyhow::Result<()> {
        self.write(event);
        self.failed.map_or(Ok(()), Err)
    }
}

/// An event in one line that no build service obeys.
fn line(event: &Value) -> String {
    stream::disarmed(&event.to_string()).into_owned() + "\n"
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Who follows the tests while they run: the bar, and the reader of the events.
pub(super) struct Audience<'p> {
    bar: Progress,
    began: Instant,
    events: Mutex<Events<'p>>,
}

impl<'p> Audience<'p> {
    #[expect(clippy::disallowed_methods, reason = "how long the tests take; no result depends on it")]
    pub(super) fn new(bar: Progress, events: Events<'p>) -> Self {
        Self { bar, began: Instant::now(), events: Mutex::new(events) }
    }

    pub(super) fn leave(self) -> Events<'p> {
        self.bar.end();
        self.events.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch for Audience<'_> {
    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn ran(&self) {
        self.bar.add(1);
    }

    fn ended(&self, tests: &[Tested<'_>]) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.to.is_some() {
            tests.iter().for_each(|tested| events.write(&json::ends(tested)));
        }
    }
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

/// By which variable this is a machine that nobody watches: Azure Pipelines sets `TF_BUILD`, most others `CI`.
fn ci() -> Option<&'static str> {
    let is_set = |name: &&str| std::env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    ["CI", "TF_BUILD"].into_iter().find(is_set)
}

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
                    Held::To { read, .. } => read.as_ref().as_ref().ok().map(|baseline| baseline.replications),
                    Held::No | Held::Becomes | Held::Compared(_) => None,
                };
                let replications = args.replications.or(of_baseline).unwrap_or(REPLICATIONS);
                files.push(File { path: path.clone(), loaded, replications, baseline, drilled: None });
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
pub(super) fn held(args: &Test, scenario: &str) -> Result<Held, Report> {
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
    Ok(Held::To { folder: folder.clone(), read: Box::new(read) })
}

/// A baseline that was read.
fn kept(files: &[File]) -> Option<&Baseline> {
    files.iter().find_map(|file| match &file.baseline {
        Held::To { read, .. } => read.as_ref().as_ref().ok(),
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

/// Writes the files, says on standard output what there is to say in this format, and tells the build service.
pub(super) fn report(args: &Test, session: &Session<'_>, say: &dyn Fn(Format) -> String) -> anyhow::Result<()> {
    for (path, text) in args.files.texts(session)? {
        file::write(path, text.as_bytes())?;
    }
    let (mut out, mut err) = (stream::stdout(), stream::stderr());
    let text = say(args.format);
    if args.events_on_stdout() {
        write!(err, "{text}")?
    } else {
        write!(out, "{text}")?
    }
    // Build services read both streams; what is JSON stays so.
    let mut obey = |commands: &str| match args.format {
        Format::Human if !args.events_on_stdout() => out.commands(commands),
        Format::Human | Format::Json => err.commands(commands),
    };
    if args.github {
        obey(&verdicts::github(session))?;
        add_to_summary(|| session.page())?;
    }
    if args.azure_pipelines {
        obey(&(verdicts::azure(session) + &upload(args, &session.page())?))?;
    }
    Ok(())
}

/// Adds a page to the summary of the job on GitHub, where there is one.
fn add_to_summary(page: impl FnOnce() -> String) -> anyhow::Result<()> {
    match std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) {
        Some(path) => disk::append(Path::new(&path), page().as_bytes()),
        None => Ok(()),
    }
}

/// The command by which the agent of Azure Pipelines uploads a summary: the file that was asked for, or one in the agent's own folder.
/// The agent uploads later, so what an earlier step left there is not replaced.
fn upload(args: &Test, summary: &str) -> anyhow::Result<String> {
    if let Some(path) = &args.files.markdown {
        return Ok(azure::upload(path));
    }
    let folder = std::env::var_os("AGENT_TEMPDIRECTORY").filter(|path| !path.is_empty());
    let Some(folder) = folder else { return Ok(String::new()) };
    let mut number = 1;
    loop {
        let name = if number == 1 { "windtunnel.md".to_owned() } else { format!("windtunnel-{number}.md") };
        let path = Path::new(&folder).join(name);
        if !path.exists() {
            file::write(&path, summary.as_bytes())?;
            return Ok(azure::upload(&path));
        }
        number += 1;
    }
}

/// The worst of what happened and is not only to be warned of. What fails comes before what drifts, and what cannot be judged last.
pub(super) fn code(session: &Session<'_>) -> u8 {
    let met = session.tested.iter().map(|tested| tested.met).filter(|met| !session.is_warning(*met));
    match met.min().unwrap_or(Met::Pass) {
        Met::Fail => exit::EXPECTATION_FAILED,
        Met::Worse => exit::WORSE,
        Met::Drift => exit::BASELINE_DIFFERS,
        Met::Gone | Met::Unusable => exit::BASELINE_UNUSABLE,
        Met::Inconclusive => exit::INCONCLUSIVE,
        Met::Pass => exit::OK,
    }
}
