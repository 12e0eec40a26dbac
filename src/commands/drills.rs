//! `windtunnel test --fleet`: the drills, of the library or of a team's own, as the tests of a fleet.

use super::against::Side;
use super::drill::{self, Library};
use super::import::{Found, Plain, found, found_in};
use super::test::REPLICATIONS;
use crate::args::Test;
use crate::experiment::again::Drilled;
use crate::experiment::against::{Before, Incident};
use crate::experiment::drill::prepare::{Fit, Prepared, prepare, refusal};
use crate::experiment::drill::suite::{under_test, written};
use crate::experiment::suite::{File, Held};
use crate::input::difference::{Changed, of_scenarios};
use crate::input::drill::Drill;
use crate::input::files::Files;
use crate::output::stream;
use anyhow::bail;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use windtunnel_words::number::count;
use windtunnel_words::text::quoted;

/// The word that means the library.
const LIBRARY: &str = "drills";

/// Drills that were fitted to a fleet.
pub(super) struct Suite<'a> {
    drills: Vec<Drill>,
    fleet: Prepared<'a>,
    before: Option<Prepared<'a>>,
    /// The fleet of before, as the command line of a drill names it.
    was: Option<String>,
    /// What is to be said beside the tests.
    pub notes: Vec<String>,
}

/// Fits the drills to a fleet, and to what it was with the files of before.
pub(super) fn suite<'a>(args: &Test, side: Option<&'a Side>) -> anyhow::Result<Suite<'a>> {
    let drills = drills(&args.paths)?;
    let parameters = args.parameters.as_deref();
    let here = Path::new(".");
    let own = found(&args.fleet, here, &[])?.fleet(&args.fleet)?.with_parameters(here, parameters)?;
    let (own, guesses) = drill::subject(&Plain, own, Path::new(""))?;
    let mut notes = vec![format!(
        "{} of the scenario of this fleet {} guessed, demand and capacity among them; `windtunnel drill --out DIR` writes them down",
        count(guesses, "value"),
        if guesses == 1 { "is" } else { "are" }
    )];
    let was = side.map(|side| before(side, &args.fleet, parameters)).transpose()?;
    let before = match was {
        Some(Some((files, found))) => Some(prepare(drill::subject(files, found, Path::new(""))?.0, &drills, None)?),
        Some(None) => {
            notes.push("with the files of before there was no such fleet: every incident is new".to_owned());
            None
        }
        None => None,
    };
    let fleet = prepare(own, &drills, before.as_ref())?;
    if let Some(report) = fleet.wrong().filter(|_| !is_library(&args.paths)) {
        return Err(report.clone().into());
    }
    let was = side.map(|side| named(side, args)).transpose()?;
    let mut suite = Suite { drills, fleet, before, was, notes };
    suite.say_what_is_left_out();
    Ok(suite)
}

/// The fleet with the files of before; none where it was not there.
pub(super) fn before<'a>(
    side: &'a Side,
    named: &[PathBuf],
    parameters: Option<&Path>,
) -> anyhow::Result<Option<(&'a dyn Files, Found)>> {
    let paths = named.iter().map(|path| side.path(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut all = Vec::new();
    for path in &paths {
        all.push(side.files_at(path)?);
    }
    if all.iter().all(Vec::is_empty) {
        return Ok(None);
    }
    let parameters = parameters.map(|path| side.path(path)).transpose()?;
    let here = Path::new(".");
    let found = found_in(side.files(), all.concat(), &paths, here, &[])?.fleet(&paths)?;
    Ok(Some((side.files(), found.with_parameters(here, parameters.as_deref())?)))
}

/// How the command line of a drill names the fleet of before: a revision as it is, and of a folder what stands there for the fleet.
fn named(side: &Side, args: &Test) -> anyhow::Result<String> {
    let name = args.against.clone().unwrap_or_default();
    match (&args.fleet[..], Path::new(&name).is_dir()) {
        ([path], true) => Ok(side.path(path)?.display().to_string()),
        _ => Ok(name),
    }
}

/// The drills that a command line names; without a name, the library.
fn drills(paths: &[PathBuf]) -> anyhow::Result<Vec<Drill>> {
    let own: Vec<PathBuf> = paths.iter().filter(|path| !is_word(path)).cloned().collect();
    if paths.iter().any(|path| path.as_os_str() == LIBRARY && path.exists()) {
        writeln!(
            stream::stderr(),
            "note: `{LIBRARY}` is here, so it is read and the library is not; without a PATH the library is taken"
        )?;
    }
    if is_library(paths) {
        return Ok(Drill::library());
    }
    let with = if own.len() < paths.len() { Library::Beside } else { Library::Yardstick };
    let all = drill::read(&own, with)?;
    for (at, drill) in all.iter().enumerate() {
        if all[..at].iter().any(|other| other.name == drill.name) {
            bail!("two drills are named `{}`, so their tests would have the same names", drill.name);
        }
    }
    Ok(all)
}

/// Whether it is the word for the library, and no file or folder.
pub(super) fn is_word(path: &Path) -> bool {
    path.as_os_str() == LIBRARY && !path.exists()
}

fn is_library(paths: &[PathBuf]) -> bool {
    paths.iter().all(|path| is_word(path))
}

/// What a command line says of the fleet.
fn fleet_words(args: &Test, flag: &str) -> String {
    let mut words = String::new();
    for path in &args.fleet {
        let _ = write!(words, " {flag}{}", quoted(&path.display().to_string()));
    }
    if let Some(path) = &args.parameters {
        let _ = write!(words, " --parameters {}", quoted(&path.display().to_string()));
    }
    words.trim_start().to_owned()
}

/// What a command line says of the tests: the drills, and the fleet.
pub(super) fn words(args: &Test) -> String {
    let named: Vec<String> = args.paths.iter().map(|path| quoted(&path.display().to_string())).collect();
    let named = if named.is_empty() && !Path::new(LIBRARY).exists() { vec![LIBRARY.to_owned()] } else { named };
    [named.join(" "), fleet_words(args, "--fleet ")].join(" ").trim_start().to_owned()
}

impl Suite<'_> {
    /// The tests of the fleet of now.
    pub(super) fn now(&mut self, args: &Test) -> anyhow::Result<Vec<File>> {
        let mut fleet = fleet_words(args, "");
        for path in args.paths.iter().filter(|path| !is_word(path)) {
            let _ = write!(fleet, " --drills {}", quoted(&path.display().to_string()));
        }
        // What the same happens to is measured as the fleet of before is.
        if let Some(before) = self.before.as_ref().and(self.was.as_ref()) {
            let _ = write!(fleet, " --against {}", quoted(before));
        }
        let drilled = Drilled { tests: words(args), fleet };
        let mut files = Vec::new();
        for (at, drill) in self.drills.iter().enumerate() {
            let Some(loaded) = under_test(&self.fleet, drill, at)? else {
                if matches!(self.fleet.fits[at], Fit::Ready(_)) {
                    self.notes.push(format!("{} is not judged: no users are known that it could harm", drill.name));
                }
                continue;
            };
            let replications = args.replications.unwrap_or(REPLICATIONS);
            let path = args.fleet[0].clone();
            files.push(File { path, loaded, replications, baseline: Held::No, drilled: Some(drilled.clone()) });
        }
        Ok(files)
    }

    /// Those of the fleet as it was.
    pub(super) fn before(&self, args: &Test) -> anyhow::Result<Before> {
        let mut before = Before::default();
        let Some(fleet) = &self.before else { return Ok(before) };
        for (at, drill) in self.drills.iter().enumerate() {
            match &fleet.fits[at] {
                Fit::Refused(report) => before.unreadable.push((drill.name.clone(), refusal(report))),
                Fit::Lacks(_) => {}
                Fit::Ready(_) => {
                    let Some(loaded) = under_test(fleet, drill, at)? else { continue };
                    let replications = args.replications.unwrap_or(REPLICATIONS);
                    let (path, baseline) = (args.fleet[0].clone(), Held::Compared(Vec::new()));
                    before.files.push(File { path, loaded, replications, baseline, drilled: None });
                }
            }
        }
        Ok(before)
    }

    /// What of the files of the fleet was changed that a run of an incident reads. What was guessed stands in no file.
    pub(super) fn changes(&self, incident: &Incident<'_>) -> Vec<Changed> {
        let at = self.drills.iter().position(|drill| drill.name == incident.file.loaded.name);
        let Some((at, before)) = at.zip(self.before.as_ref()) else { return Vec::new() };
        let drill = &self.drills[at];
        let both = written(before, drill, at).zip(written(&self.fleet, drill, at));
        let mut changes = both.map_or_else(Vec::new, |(old, new)| of_scenarios(&old, &new));
        let drafted = self.fleet.subject.name(&drill.name);
        let is_in_a_file = |one: &Changed| !one.at.iter().flatten().any(|span| span.source.name == drafted);
        changes.retain(is_in_a_file);
        changes
    }

    /// Which drills cannot happen to the fleet, and which of these could before.
    fn say_what_is_left_out(&mut self) {
        for (at, drill) in self.drills.iter().enumerate() {
            let could = self.before.as_ref().is_some_and(|before| matches!(before.fits[at], Fit::Ready(_)));
            let could = if could { ", and could before" } else { "" };
            let note = match &self.fleet.fits[at] {
                Fit::Ready(_) => continue,
                Fit::Lacks(what) => format!("{} cannot happen to this fleet: {what}{could}", drill.name),
                Fit::Refused(report) => {
                    format!(
                        "{} is not tried, since Azure refuses what it needs: {}{could}",
                        drill.name,
                        refusal(report)
                    )
                }
            };
            self.notes.push(note);
        }
    }
}
