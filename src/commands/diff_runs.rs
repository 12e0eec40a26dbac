//! `windtunnel diff` of two folders of runs, and `windtunnel why … --against`: where the one parts from the other.

use crate::disk::marker::{Kind, Marker};
use crate::experiment::divergence::Divergence;
use crate::experiment::replay::Replay;
use crate::output::format::PageFormat;
use crate::output::run_difference::{self, Sheet};
use crate::output::{stored, stream};
use crate::{commands, exit};
use serde_json::json;
use std::io::Write as _;
use std::path::Path;
use windtunnel_sim::world::fact::Record;

/// Whether a path is the folder of a run.
pub(super) fn is_run(path: &Path) -> bool {
    path.is_dir() && Marker::of(path).is_some_and(|marker| marker.kind == Kind::Run)
}

/// Compares two runs by their folders; 5 if they differ, where that is asked for.
pub(super) fn diff(folders: [&Path; 2], format: PageFormat, is_asked: bool) -> anyhow::Result<u8> {
    let [left, right] = [stored::read(folders[0])?, stored::read(folders[1])?];
    let runs = [Replay::new(&left.plan, left.seed), Replay::new(&right.plan, right.seed)];
    left.check_digest(runs[0].outcome.digest)?;
    right.check_digest(runs[1].outcome.digest)?;
    let names = folders.map(|folder| folder.display().to_string());
    let is_same = show([&runs[0], &runs[1]], &names, None, format)?;
    Ok(if is_asked && !is_same { exit::DIFFERS } else { exit::OK })
}

/// An entry of the first run, and the first on the way to it that the second does not have.
type Way<'r> = (&'r Record, Option<&'r Record>);

/// Shows where two runs part, and whether they are the same.
pub(super) fn show(
    runs: [&Replay<'_>; 2],
    names: &[String; 2],
    way: Option<Way<'_>>,
    format: PageFormat,
) -> anyhow::Result<bool> {
    let found = Divergence::of(runs);
    let sheet = Sheet { names: [&names[0], &names[1]], runs, found: &found };
    let mut out = stream::stdout();
    match format {
        PageFormat::Json => {
            let mut all = run_difference::json(&sheet);
            if let Some((record, parted)) = way {
                all["entry"] = json!(record.entry.0);
                all["parted"] = json!(parted.map(|parted| parted.entry.0));
            }
            writeln!(out, "{all:#}")?;
        }
        PageFormat::Human => {
            let way =
                way.map_or_else(String::new, |(record, parted)| run_difference::way(&sheet, record, parted) + "\n\n");
            write!(out, "{way}{}", run_difference::human(&sheet, commands::width()))?;
        }
        PageFormat::Md => {
            let way =
                way.map_or_else(String::new, |(record, parted)| run_difference::way(&sheet, record, parted) + "\n\n");
            write!(out, "{way}{}", run_difference::page(&sheet))?;
        }
    }
    Ok(found.is_none())
}
