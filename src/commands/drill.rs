//! `windtunnel drill`: a fleet in every standard incident, without a scenario.

use crate::args::Drill as Args;
use crate::commands::against::Side;
use crate::commands::drills;
use crate::commands::import::{Found, Plain, fleet_in, show_doubles};
use crate::disk::file;
use crate::disk::folder::{Draft as Folder, Foreigners, Wanted};
use crate::disk::marker::Kind;
use crate::experiment::drill::prepare::{Fit, START, Subject, prepare};
use crate::experiment::drill::search::{Extent, Scorecard, scorecard};
use crate::experiment::drill::suite;
use crate::experiment::replicate::check_seeds;
use crate::input::draft::draft;
use crate::input::drill::Drill;
use crate::input::drill::of_draft::{Candidate, of_draft};
use crate::input::files::Files;
use crate::input::{self, AS_WRITTEN, LoadOptions};
use crate::output::format::Format;
use crate::output::scorecard::{Sheet, html, json, terminal};
use crate::output::stream;
use crate::threads::{Threads, jobs};
use crate::{commands, exit};
use anyhow::bail;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use windtunnel_words::suggest::suggest;
use windtunnel_words::text::quoted;

/// Drills a fleet.
pub fn drill(args: &Args) -> anyhow::Result<u8> {
    check_seeds(args.seed, args.replications)?;
    let drills = drills(args)?;
    let folder = args.out.clone().unwrap_or_default();
    let at = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
    let fleet = |paths: &[PathBuf]| fleet_in(paths, at, &[])?.with_parameters(at, args.parameters.as_deref());
    let own = subject(&Plain, fleet(&args.paths)?, &folder)?;
    let guesses = own.1;
    // What is no file and no folder is a revision, in which the fleet is where it is now.
    let is_revision = |path: &&PathBuf| !path.exists();
    let side = args.against.as_ref().filter(is_revision);
    let side = side.map(|name| Side::open(&name.display().to_string(), &args.paths)).transpose()?;
    let before = match (&args.against, &side) {
        (None, _) => None,
        (Some(path), None) => Some(subject(&Plain, fleet(std::slice::from_ref(path))?, &folder)?),
        (Some(name), Some(side)) => match drills::before(side, &args.paths, args.parameters.as_deref())? {
            Some((files, found)) => Some(subject(files, found, Path::new(""))?),
            None => bail!("in {} there is no such fleet", name.display()),
        },
    };
    let before = before.map(|(subject, _)| prepare(subject, &drills, None)).transpose()?;
    let fleet = prepare(own.0, &drills, before.as_ref())?;
    if let Some(report) = fleet.wrong().filter(|_| !args.drills.is_empty()) {
        return Err(report.clone().into());
    }
    let extent = Extent { first_seed: args.seed, runs: args.replications };
    let card = scorecard(&drills, &fleet, before.as_ref(), extent, &Threads(jobs(args.jobs)))?;
    let from = args.against.as_ref().map(|path| path.display().to_string());
    let command = command(args);
    let before = before.as_ref().zip(from.as_deref());
    let sheet = Sheet { drills: &drills, fleet: &fleet, before, card: &card, command: &command, guesses };
    if let Some(out) = &args.out {
        write(out, args.force, &sheet)?;
    }
    let mut said = stream::stdout();
    match args.format {
        Format::Json => writeln!(said, "{:#}", json::json(&sheet))?,
        Format::Human => {
            write!(said, "{}", terminal::render(&sheet, commands::width()))?;
            match &args.out {
                Some(out) => writeln!(said, "\nfiles  {}", out.join("scorecard.html").display())?,
                None => writeln!(said, "\npage   {command} --out DIR")?,
            }
        }
    }
    if let Some(out) = args.out.as_ref().filter(|_| args.open) {
        commands::open::page(&out.join("scorecard.html"));
    }
    Ok(code(&card))
}

/// 0 if every incident that can happen is held, or nothing got worse than before; 4 if none can happen; 3 otherwise.
fn code(card: &Scorecard) -> u8 {
    match (card.held(), card.held_before()) {
        ((_, 0), _) => exit::NOTHING_SELECTED,
        (_, Some(_)) => {
            if card.is_worse() {
                exit::EXPECTATION_FAILED
            } else {
                exit::OK
            }
        }
        ((held, of), None) => {
            if held == of {
                exit::OK
            } else {
                exit::EXPECTATION_FAILED
            }
        }
    }
}

/// The drills: those asked for, the yardstick before them, with the values of parameters that were given.
fn drills(args: &Args) -> anyhow::Result<Vec<Drill>> {
    let mut all = if args.drills.is_empty() { Drill::library() } else { read(&args.drills, Library::Yardstick)? };
    if !args.only.is_empty() {
        let names: Vec<String> = all.iter().map(|drill| drill.name.clone()).collect();
        if let Some(unknown) = args.only.iter().find(|name| !names.contains(name)) {
            let help = suggest(unknown, names.iter().map(String::as_str)).unwrap_or_default();
            bail!("there is no drill `{unknown}`: {help}");
        }
        let mut first = true;
        all.retain(|drill| std::mem::take(&mut first) || args.only.contains(&drill.name));
    }
    for given in &args.set {
        let Some((name, value)) = given.split_once('=') else { bail!("write --set NAME=VALUE, got `{given}`") };
        let mut known = false;
        for drill in &mut all {
            known |= drill.set(name, value).map_err(anyhow::Error::msg)?;
        }
        if !known {
            let names: Vec<String> = all.iter().flat_map(|drill| drill.parameters.keys().cloned()).collect();
            let help = suggest(name, names.iter().map(String::as_str)).unwrap_or_default();
            bail!("no drill has a parameter `{name}`: {help}");
        }
    }
    Ok(all)
}

/// What stands beside drills of a team's own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Library {
    /// The good image alone, by which a fleet is measured.
    Yardstick,
    /// All of it.
    Beside,
}

/// The drills in these files and folders, the yardstick first.
pub(super) fn read(paths: &[PathBuf], with: Library) -> anyhow::Result<Vec<Drill>> {
    let mut all: Vec<Drill> = Vec::new();
    for path in paths {
        let text = |path: &Path| -> anyhow::Result<Drill> {
            let mut problems = crate::input::Problems::new();
            let Some((text, name)) = input::read::text_of(path, None, &mut problems) else {
                return Err(crate::input::Report::from(problems).into());
            };
            Ok(Drill::read(&name, text)?)
        };
        if path.is_dir() {
            let entries = std::fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            let entries = entries
                .map_err(|error| anyhow::anyhow!("cannot read the folder {}: {}", path.display(), file::why(&error)))?;
            let mut files: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).collect();
            files.retain(|file| file.extension().is_some_and(|end| end == "yaml" || end == "yml"));
            files.sort();
            if files.is_empty() {
                bail!("there is no drill in the folder {}: no file of it ends with `.yaml`", path.display());
            }
            for file in files {
                all.push(text(&file)?);
            }
        } else {
            all.push(text(path)?);
        }
    }
    let mut library = Drill::library();
    if with == Library::Yardstick {
        library.truncate(1);
    }
    library.retain(|drill| !all.iter().any(|own| own.name == drill.name));
    all.splice(0..0, library);
    if let Some(at) = all.iter().position(|drill| drill.name == "good-image") {
        all.swap(0, at);
    }
    Ok(all)
}

/// The fleet in these files, with the number of guesses in its scenario.
pub(super) fn subject<'a>(files: &'a dyn Files, found: Found, folder: &Path) -> anyhow::Result<(Subject<'a>, usize)> {
    show_doubles(&found.gathered.left_out)?;
    let name = folder.join("fleet.yaml").display().to_string();
    let drafted = draft(files, &name, &found.gathered.elements, &LoadOptions::default())?;
    let loaded = input::load_over(files, &name, drafted.text.clone(), &[], &LoadOptions::default())?;
    let drafted = of_draft(&drafted, &loaded.plan(AS_WRITTEN)?.effective["resources"], START)?;
    let folder = if folder.as_os_str().is_empty() { String::new() } else { format!("{}/", folder.display()) };
    let (text, draft, fleet, candidates) = (drafted.text, drafted.root, drafted.fleet, drafted.fixes);
    Ok((Subject { files, folder, text, draft, fleet, candidates }, drafted.guesses))
}

/// Writes the scorecard and the fitted scenarios.
fn write(out: &Path, force: bool, sheet: &Sheet<'_>) -> anyhow::Result<()> {
    let wanted = Wanted { kind: Kind::Scorecard, of: "", named: true, foreigners: Foreigners::of_force(force) };
    let mut draft = Folder::begin(out, wanted)?;
    draft.file("scorecard.html", |file| file.write_all(html::page(sheet).as_bytes()))?;
    draft.file("scorecard.json", |file| writeln!(file, "{:#}", json::json(sheet)))?;
    for (at, drill) in sheet.drills.iter().enumerate() {
        if let Some(text) = fitted(sheet, at)? {
            draft.file(&format!("{}.yaml", drill.name), |file| file.write_all(text.as_bytes()))?;
        }
    }
    draft.finish()?;
    Ok(())
}

/// The scenario of an incident on this fleet, with the changes that would help in it and most.
fn fitted(sheet: &Sheet<'_>, incident: usize) -> anyhow::Result<Option<String>> {
    let Fit::Ready(ready) = &sheet.fleet.fits[incident] else { return Ok(None) };
    let best = sheet.card.best.map(|at| sheet.card.tried[at].change);
    let remedy = sheet.card.rows[incident].remedy.as_ref().map(|remedy| remedy.change);
    let mut changes: Vec<usize> = best.into_iter().chain(remedy).collect();
    changes.dedup();
    let own = |candidate: &&Candidate| !ready.fitted.policies.iter().any(|(name, _)| *name == candidate.name);
    let loads = |at: &usize| sheet.fleet.plan(incident, Some(*at)).is_some();
    let candidates: Vec<&Candidate> =
        changes.iter().filter(|at| loads(at)).map(|at| &sheet.fleet.candidates[*at]).filter(own).collect();
    let held_to = suite::expecting(sheet.fleet, &sheet.drills[incident], incident);
    let text = sheet.fleet.subject.file(held_to.as_ref().unwrap_or(&ready.fitted), &candidates)?;
    Ok(Some(format!(
        "# {}\n# Made by `{}`. Change what you like, and run it: `windtunnel compare`, `windtunnel test`.\n{text}",
        sheet.drills[incident].title, sheet.command
    )))
}

/// The command that makes it again.
fn command(args: &Args) -> String {
    let mut command = "windtunnel drill".to_owned();
    for path in &args.paths {
        let _ = write!(command, " {}", quoted(&path.display().to_string()));
    }
    if let Some(against) = &args.against {
        let _ = write!(command, " --against {}", quoted(&against.display().to_string()));
    }
    if let Some(path) = &args.parameters {
        let _ = write!(command, " --parameters {}", quoted(&path.display().to_string()));
    }
    for path in &args.drills {
        let _ = write!(command, " --drills {}", quoted(&path.display().to_string()));
    }
    for name in &args.only {
        let _ = write!(command, " --only {}", quoted(name));
    }
    for given in &args.set {
        let _ = write!(command, " --set {}", quoted(given));
    }
    let _ = write!(command, " --replications {} --seed {}", args.replications, args.seed);
    command
}
