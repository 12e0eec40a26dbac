//! `windtunnel run`: one replay, its summary on the terminal, everything else in a folder.

use crate::args::Run;
use crate::commands::begin;
use crate::commands::check::show_warnings;
use crate::disk::folder::{Draft, Foreigners, default_place};
use crate::disk::marker::Kind;
use crate::disk::names::file_name;
use crate::experiment::judge::{Judged, Verdict, judge};
use crate::experiment::limits::Stopped;
use crate::experiment::replay::Replay;
use crate::input::{AS_WRITTEN, LoadOptions, Loaded, Planned, load};
use crate::output::brief::run::{About, of_run};
use crate::output::format::PageFormat;
use crate::output::highlights::windows::words;
use crate::output::highlights::{Highlights, Objective};
use crate::output::html::run::RunPage;
use crate::output::measure_row::MeasureRow;
use crate::output::note::Note;
use crate::output::plots::png::WITHOUT;
use crate::output::progress::{Progress, Work};
use crate::output::room::{Ledger, Room};
use crate::output::stream;
use crate::output::summary::{ExpectationLine, Screen, Summary, render};
use crate::output::{accepted, advice, folder, html, run_page};
use crate::{commands, exit};
use std::io::Write;
use std::path::Path;
use windtunnel_sim::measure::catalogue::{BATCHES, FULL, HARMED, NEVER_STARTED_BY, OUTCOME};
use windtunnel_sim::measure::{Scope, Value};
use windtunnel_words::clock::{Clock, moment};
use windtunnel_words::text::quoted;

/// Replays a scenario once. An expectation that fails, or cannot be judged, sets the exit code; the run is written all the
/// same.
pub fn run(args: &Run) -> anyhow::Result<u8> {
    let loaded = load(&args.scenario, &LoadOptions::default())?;
    let planned = loaded.plan(&args.policy)?;
    show_warnings(&loaded.problems)?;
    let replay = replayed(planned, args.seed)?;
    let highlights = Highlights::of(&replay).with_observed(&loaded.observed);
    let ran = Ran::of(args, &loaded, planned, &highlights);
    let inner = format!("{}-{}", file_name(&args.policy), args.seed);
    let beside = default_place(&args.scenario, &loaded.name, &inner);
    let foreigners = Foreigners::of_force(args.force);
    let mut draft = begin(Kind::Run, &args.scenario, args.out.as_ref(), beside, foreigners)?;
    let to = draft.target().to_owned();
    ran.write(&mut draft)?;
    draft.finish()?;
    let mut out = stream::stdout();
    match args.format {
        PageFormat::Json => write!(out, "{}", std::fs::read_to_string(to.join("summary.json"))?)?,
        PageFormat::Human => write!(out, "{}", ran.summary(&to.display().to_string()))?,
        PageFormat::Md => write!(out, "{}", ran.page())?,
    }
    commands::open::report(args.open, &to);
    Ok(ran.code())
}

/// The run, if it came to its end.
fn replayed(planned: &Planned, seed: u64) -> anyhow::Result<Replay<'_>> {
    let horizon = planned.plan.horizon;
    let progress = Progress::of(Work::Time, horizon.ms(), 0);
    let replay = Replay::watched(&planned.plan, seed, Progress::steps(horizon), &mut |at| progress.come_to(at));
    progress.end();
    Stopped::check(&planned.plan, seed, &replay.outcome).map_err(|stopped| stopped.report(&planned.work))?;
    Ok(replay)
}

/// Runs the scenario at `from` into a folder that is being written, without a word; its title, and the headline.
pub(super) fn made(args: &Run, from: &Path, draft: &mut Draft) -> anyhow::Result<(String, String)> {
    let loaded = load(from, &LoadOptions::default())?;
    let planned = loaded.plan(&args.policy)?;
    let replay = replayed(planned, args.seed)?;
    let highlights = Highlights::of(&replay).with_observed(&loaded.observed);
    Ran::of(args, &loaded, planned, &highlights).write(draft)?;
    Ok((loaded.title.clone(), highlights.sentence()))
}

/// A run that came to its end, and what is to be said of it.
struct Ran<'a> {
    args: &'a Run,
    loaded: &'a Loaded,
    planned: &'a Planned,
    highlights: &'a Highlights<'a>,
    judged: Vec<Judged<'a>>,
    room: Room<'a>,
    notes: Vec<String>,
}

impl<'a> Ran<'a> {
    fn of(args: &'a Run, loaded: &'a Loaded, planned: &'a Planned, highlights: &'a Highlights<'a>) -> Self {
        let judged = judge(&planned.expectations, highlights.replay);
        let room = Room::of(highlights, args.ledger);
        let notes = notes(loaded, planned, highlights, &room);
        Self { args, loaded, planned, highlights, judged, room, notes }
    }

    /// Writes the files of the folder.
    fn write(&self, draft: &mut Draft) -> anyhow::Result<()> {
        let Self { args, loaded, planned, highlights, judged, room, notes } = self;
        let scenario = args.scenario.display().to_string();
        let command = command(args);
        let advice = advice::of_run(loaded, planned, highlights, &scenario);
        let page = RunPage { command: &command, notes, entries: html::ENTRIES_MOST, advice: &advice };
        let about =
            html::Scenario { name: &loaded.name, title: &loaded.title, description: loaded.description.as_deref() };
        let report = html::of_run(about, planned, highlights, judged, page);
        let about = About { title: &loaded.title, advice: &advice, command: &command };
        let brief = of_run(about, highlights, judged);
        folder::write_tables(draft, &scenario, planned, highlights, judged, room)?;
        folder::plots(draft, highlights)?;
        folder::pages(draft, &report, &brief)
    }

    /// The exit code: whether an expectation fails, or is open.
    fn code(&self) -> u8 {
        let any = |is: fn(&Verdict) -> bool| self.judged.iter().any(|judged| is(&judged.verdict));
        if any(|verdict| matches!(verdict, Verdict::Fail(_))) {
            exit::EXPECTATION_FAILED
        } else if any(|verdict| matches!(verdict, Verdict::Inconclusive(_))) {
            exit::INCONCLUSIVE
        } else {
            exit::OK
        }
    }

    /// The measures of the whole fleet, the most telling first.
    fn measures(&self) -> Vec<MeasureRow> {
        let Self { highlights: run, judged, .. } = self;
        let fleet = run.replay.measures.iter().filter(|measure| measure.scope == Scope::Fleet);
        let mut measures: Vec<MeasureRow> = fleet.map(MeasureRow::of).collect();
        // What there is nothing to say about makes room.
        measures.sort_by_key(|row| {
            let idle = run.headline.rollouts.is_empty() && [OUTCOME, BATCHES].contains(&row.name.as_str());
            let asked = judged.iter().any(|one| one.expectation.subject.name() == row.name);
            let absent = matches!(row.value, Value::NotComputed(_));
            let trifling = absent || row.value.number() == Some(0.0);
            // What is harmed leads; then how a rollout ended, what the scenario asks about, what is not zero, and the rest.
            match row.name.as_str() {
                HARMED => 0,
                _ if idle || absent => 5,
                OUTCOME | NEVER_STARTED_BY | FULL if !trifling => 1,
                _ if asked => 2,
                _ => 3 + u8::from(trifling),
            }
        });
        measures
    }

    /// The run as a page of Markdown.
    fn page(&self) -> String {
        let Self { args, loaded, highlights, judged, notes, .. } = self;
        let expectations: Vec<ExpectationLine> = judged.iter().map(ExpectationLine::of).collect();
        let (measures, command) = (self.measures(), command(args));
        let about = run_page::About {
            title: &loaded.title,
            measures: &measures,
            expectations: &expectations,
            notes,
            command: &command,
        };
        run_page::page(highlights, about)
    }

    /// What the terminal shows; `to` is the folder.
    fn summary(&self, to: &str) -> String {
        let Self { args, loaded, planned, highlights: run, judged, notes, .. } = self;
        let (replay, measures) = (run.replay, self.measures());
        let expectations: Vec<ExpectationLine> = judged.iter().map(ExpectationLine::of).collect();
        let diff: Vec<String> = planned.diff.iter().map(ToString::to_string).collect();
        let several = run.windows.iter().filter(|_| run.windows.len() > 1);
        let windows: Vec<String> = several.map(|window| words(&replay.names, window)).collect();
        let summary = Summary {
            title: &loaded.title,
            policy: &planned.plan.policy,
            diff: &diff.join("; "),
            accepted: &accepted::lines(&planned.plan),
            seed: replay.seed,
            headline: &run.sentence(),
            objective: &run.objective.map_or_else(String::new, Objective::sentence),
            observed: &run.observed.as_ref().map_or_else(Vec::new, |all| all.sentences(&planned.plan)),
            tone: run.headline.tone(),
            clock: Clock::of(&planned.plan),
            moments: &run.moments,
            windows: &windows,
            measures: &measures,
            expectations: &expectations,
            notes,
            folder: to,
            repeat: &command(args),
        };
        render(&summary, Screen { width: commands::width(), colour: true })
    }
}

/// The command that repeats this run.
fn command(args: &Run) -> String {
    let scenario = quoted(&args.scenario.display().to_string());
    let mut command = format!("windtunnel run {scenario}");
    if args.policy != AS_WRITTEN {
        command += &format!(" --policy {}", quoted(&args.policy));
    }
    command += &format!(" --seed {}", args.seed);
    if args.ledger == Ledger::Whole { command + " --ledger whole" } else { command }
}

/// What the numbers lean on, and what is wrong with them.
fn notes(loaded: &Loaded, planned: &Planned, run: &Highlights<'_>, room: &Room<'_>) -> Vec<String> {
    let replay = run.replay;
    let mut notes: Vec<String> = room.note().into_iter().collect();
    match loaded.expectations.len() - planned.expectations.len() {
        0 => {}
        1 => notes.push("1 more expectation is about other policies".to_owned()),
        n => notes.push(format!("{n} more expectations are about other policies")),
    }
    match planned.expectations.iter().filter(|one| !one.is_of_one_run()).count() {
        0 => {}
        1 => notes.push("1 expectation is about many runs: windtunnel test checks it".to_owned()),
        n => notes.push(format!("{n} expectations are about many runs: windtunnel test checks them")),
    }
    if let Some(found) = &replay.outcome.looped {
        let at = moment(&planned.plan, found.at);
        notes.push(format!("controllers undid each other without end at {at}; the run was stopped there (WT-09)"));
    }
    if cfg!(not(feature = "png")) {
        notes.push(format!("no pictures as PNG: {WITHOUT}"));
    }
    notes.extend(run.headline.unsaid().filter_map(|act| act.words(&replay.names)));
    let used: Vec<&'static str> = replay.outcome.used.iter().map(|assumption| assumption.row().key).collect();
    notes.extend(Note::assumptions_used(used).map(|note| note.to_string()));
    notes
}
