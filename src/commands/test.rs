//! `windtunnel test`: every expectation of every scenario under every policy is one named test.

use crate::args::Test;
use crate::commands::against::against;
use crate::commands::baseline::stored::{Stored, Written, few_enough, is_watched, made};
use crate::commands::check::show_warnings;
use crate::commands::drills;
use crate::commands::known::Known;
use crate::commands::known::cache::Cache;
use crate::commands::known::shards::{Results, Shards};
use crate::commands::margins;
use crate::commands::scenarios::{NONE, are_there, scenarios};
use crate::disk::{self, file};
use crate::experiment::against::Gone;
use crate::experiment::filter::{Filter, Name};
use crate::experiment::replicate::check_seeds;
use crate::experiment::rows::Rows;
use crate::experiment::suite::{Case, File, Held, Met, Tested, cases, run_or_recall, wanted};
use crate::experiment::watch::Watch;
use crate::input::problem::meant;
use crate::input::tree::{Source, Span};
use crate::input::{AS_WRITTEN, LoadOptions, Problems, Report, load};
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
use windtunnel_words::text::quoted;

/// Runs of each policy, where nobody says how many.
pub(super) const REPLICATIONS: usize = 100;

/// Holds scenarios to what they expect.
pub fn test(args: &Test) -> anyhow::Result<u8> {
    if let Some(before) = &args.against {
        return against(args, before);
    }
    let filters = filters(&args.filter)?;
    if args.update_baseline {
        is_watched("--update-baseline")?;
    }
    one_stream(args)?;
    let Some((mut files, beside)) = files(args)? else {
        writeln!(stream::stderr(), "{NONE}")?;
        return Ok(exit::NOTHING_SELECTED);
    };
    margins::add(&args.worse, &mut files)?;
    let stored = hold(args, &mut files)?;
    let seed = args.seed.or(stored.as_ref().and_then(|(_, first)| *first)).unwrap_or(1);
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
    let kept = Kept::of(args, &files, &shard, seed)?;
    let audience = Audience::new(bar(&files, &shard), Events::begin(args.events.as_deref(), &json::begins(&blank))?);
    let threads = Threads(jobs(args.jobs));
    let results = run_or_recall(&files, &shard, seed, (&threads, &audience), &kept.known())?;
    let mut events = audience.leave();
    kept.end(args, &shard, seed)?;
    let written = update(args, &files, results.rows)?;
    let (mut tested, notes) = (results.tested, [beside, results.notes].concat());
    if let Some((stored, _)) = stored.as_ref().filter(|_| says_what_is_gone(args)) {
        let gone = gone(args, &files, stored, seed)?;
        gone.iter().for_each(|one| events.write(&json::ends(one)));
        tested.extend(gone);
    }
    let session = Session { tested: &tested, written: written.as_deref(), notes: &notes, ..blank };
    let code = code(&session);
    events.end(&json::ended(&session, code))?;
    report(args, &session, &|format| match format {
        Format::Json => format!("{:#}\n", json::json(&session)),
        Format::Human => terminal::render(&session, commands::width()),
    })?;
    Ok(code)
}

/// Runs that are known from elsewhere, and where runs are kept.
struct Kept {
    shards: Option<Shards>,
    cache: Option<Cache>,
    results: Option<Results>,
}

impl Kept {
    /// What the command line asks for.
    fn of(args: &Test, files: &[File], cases: &[Case<'_>], seed: u64) -> anyhow::Result<Self> {
        let shards = if args.merge.is_empty() { None } else { Some(Shards::read(&args.merge)?) };
        if let Some(shards) = &shards {
            shards.check(cases, &wanted(files, cases, seed), seed)?;
        }
        let cache = args.cache.as_deref().map(Cache::at).transpose()?;
        Ok(Self { shards, cache, results: args.results.as_ref().map(|_| Results::default()) })
    }

    const fn known(&self) -> Known<'_> {
        Known { shards: self.shards.as_ref(), cache: self.cache.as_ref(), results: self.results.as_ref() }
    }

    /// Writes the results of the shard, and says on standard error what the cache did: reports are the same with it and without.
    fn end(self, args: &Test, cases: &[Case<'_>], seed: u64) -> anyhow::Result<()> {
        if let (Some(results), Some(path)) = (self.results, &args.results) {
            results.write(path, cases, args.partition, seed)?;
        }
        let lines = self.cache.map_or_else(|| Ok(Vec::new()), Cache::end)?;
        Ok(lines.iter().try_for_each(|line| writeln!(stream::stderr(), "{line}"))?)
    }
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

/// Holds the scenarios to their baselines, or makes them become them; returns what is stored, and the first seed of it.
fn hold(args: &Test, files: &mut [File]) -> anyhow::Result<Option<(Stored, Option<u64>)>> {
    let Some(folder) = &args.baseline else { return Ok(None) };
    if args.update_baseline {
        files.iter_mut().for_each(|file| file.baseline = Held::Becomes);
        few_enough(files)?;
        return Ok(None);
    }
    let stored = Stored::read(folder, files.iter().map(|file| file.loaded.name.clone()))?;
    let first_seed = stored.hold(files, args.replications, &args.worse);
    Ok(Some((stored, first_seed)))
}

/// Whether it is said what is no longer tested: who asks for some tests does not ask for the others, and of the shards the first says it.
fn says_what_is_gone(args: &Test) -> bool {
    args.filter.is_empty() && args.partition.is_none_or(|shard| shard.number == 1)
}

/// What the baselines have and is no longer tested, each as a test that says so at the baseline.
fn gone<'f>(args: &Test, files: &'f [File], stored: &Stored, seed: u64) -> anyhow::Result<Vec<Tested<'f>>> {
    let one = |gone: Gone| {
        let file = files.iter().find(|file| file.loaded.name == gone.scenario).unwrap_or(&files[0]);
        let name = stored.path(&gone.scenario).display().to_string();
        let source = Source { name, text: String::new(), hidden: false };
        let policy = gone.policy.unwrap_or_else(|| AS_WRITTEN.to_owned());
        let name = Name { scenario: gone.scenario, policy, test: gone.what.clone() };
        let planned = file.loaded.plan(AS_WRITTEN).expect("there always is one");
        Tested {
            case: Case { name, file, planned, expectation: None },
            at: Some(Span { source: source.into(), start: 0, end: 0 }),
            met: Met::Gone,
            measured: gone.what,
            figures: None,
            wanted: "all that the baseline has".to_owned(),
            rows: Vec::new(),
            why: Vec::new(),
            missed: 0,
            runs: 0,
            seed: None,
            moment: None,
            repeat: whole(args, seed),
            replay: None,
            took: Duration::ZERO,
        }
    };
    Ok(stored.gone(files, &args.paths)?.into_iter().map(one).collect())
}

/// The command that repeats all of it.
fn whole(args: &Test, seed: u64) -> String {
    let mut command = "windtunnel test".to_owned();
    let mut add = |flag: &str, value: &str| command += &format!(" {flag}{}", quoted(value));
    args.paths.iter().for_each(|path| add("", &path.display().to_string()));
    args.baseline.iter().for_each(|folder| add("--baseline ", &folder.display().to_string()));
    args.worse.iter().for_each(|given| add("--worse ", given));
    args.replications.iter().for_each(|count| add("--replications ", &count.to_string()));
    command + &format!(" --seed {seed}")
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

    fn known(&self, runs: usize) {
        self.bar.add(runs as u64);
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
pub(super) fn ci() -> Option<&'static str> {
    let is_set = |name: &&str| std::env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    ["CI", "TF_BUILD"].into_iter().find(is_set)
}

/// Reads every scenario.
pub(super) fn loaded(paths: &[PathBuf], args: &Test) -> anyhow::Result<Vec<File>> {
    spares(args, paths)?;
    loaded_of(paths, args.replications.unwrap_or(REPLICATIONS))
}

/// Refuses to write a report over a scenario under test.
fn spares(args: &Test, paths: &[PathBuf]) -> anyhow::Result<()> {
    let written = args.files.paths().chain(args.events.as_deref()).chain(args.results.as_deref());
    for output in written {
        let Ok(whole) = output.canonicalize() else { continue };
        if paths.iter().any(|path| path.canonicalize().is_ok_and(|path| path == whole)) {
            bail!("{} is a scenario under test, and would be lost: name another file", output.display());
        }
    }
    Ok(())
}

/// Reads every scenario, for so many runs; everything that is wrong with any of them is said at once.
pub(super) fn loaded_of(paths: &[PathBuf], replications: usize) -> anyhow::Result<Vec<File>> {
    let mut files: Vec<File> = Vec::new();
    // What is said of a file that several scenarios read is said once.
    let (mut wrong, mut warned) = (Problems::new(), Problems::new());
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
                warned.merge(&loaded.problems);
                files.push(File { path: path.clone(), loaded, replications, baseline: Held::No, drilled: None });
            }
            Err(report) => wrong.merge(report.problems()),
        }
    }
    show_warnings(&warned)?;
    if wrong.has_errors() {
        return Err(Report::from(wrong).into());
    }
    Ok(files)
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
fn update(args: &Test, files: &[File], rows: Vec<Rows>) -> anyhow::Result<Option<String>> {
    let Some(folder) = args.baseline.as_deref().filter(|_| args.update_baseline) else { return Ok(None) };
    let mut written = Written::default();
    let mut rows = rows.into_iter().peekable();
    for file in files {
        let of_file: Vec<Rows> =
            std::iter::from_fn(|| rows.next_if(|rows| rows.scenario == file.loaded.name)).collect();
        if let Some(baseline) = made(folder, file, of_file)? {
            written.write(folder, &baseline)?;
        }
    }
    Ok(Some(written.said(folder)))
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

/// The worst of what happened and is not only to be warned of. What fails comes before what got worse, and what cannot be judged last.
pub(super) fn code(session: &Session<'_>) -> u8 {
    let met = session.tested.iter().map(|tested| tested.met).filter(|met| !session.is_warning(*met));
    match met.min().unwrap_or(Met::Pass) {
        Met::Fail => exit::EXPECTATION_FAILED,
        Met::Worse => exit::WORSE,
        Met::Gone | Met::Unusable => exit::BASELINE_UNUSABLE,
        Met::Inconclusive => exit::INCONCLUSIVE,
        Met::Pass => exit::OK,
    }
}
