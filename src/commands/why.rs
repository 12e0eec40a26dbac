//! `windtunnel why`: the causes of one entry of a run's ledger, each with its rule; or what followed from it, or where the way to it parts
//! from another run.
//!
//! The ledger is not read back from the folder: the run is repeated from its plan, which gives the same one.

use super::diff_runs;
use crate::args::Why;
use crate::experiment::after::followed;
use crate::experiment::causes;
use crate::experiment::divergence::parted;
use crate::experiment::replay::Replay;
use crate::output::because::{self, Answer};
use crate::output::format::PageFormat;
use crate::output::stream;
use crate::output::{stored, why};
use crate::{commands, exit};
use std::io::Write;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::ids::EntryPointId;

/// Explains an entry.
pub fn why(args: &Why) -> anyhow::Result<u8> {
    let selector = why::Selector::parse(&args.entry)?;
    let stored = stored::read(&args.run)?;
    let replay = Replay::new(&stored.plan, stored.seed);
    stored.check_digest(replay.outcome.digest)?;
    let record = why::find(&replay.names, &replay.ledger, &selector)?;
    if let Some(folder) = &args.against {
        let other = stored::read(folder)?;
        let run = Replay::new(&other.plan, other.seed);
        other.check_digest(run.outcome.digest)?;
        let names = [args.run.display().to_string(), folder.display().to_string()];
        return against(&replay, record, &run, (&names, args.format));
    }
    let names = &replay.names;
    let mut out = stream::stdout();
    if args.forward {
        let after = followed(&replay.ledger, record);
        match args.format {
            PageFormat::Json => writeln!(out, "{:#}", because::followed_json(names, record, &after))?,
            PageFormat::Human => write!(out, "{}", because::followed(names, record, &after, commands::width()))?,
            PageFormat::Md => write!(out, "{}", because::followed_page(names, record, &after))?,
        }
        return Ok(exit::OK);
    }
    let answer = answer(&replay, record, &selector);
    match args.format {
        PageFormat::Json => writeln!(out, "{:#}", because::json(names, &answer))?,
        PageFormat::Human => write!(out, "{}", because::text(names, &answer, commands::width(), true))?,
        PageFormat::Md => write!(out, "{}", because::page(names, &answer))?,
    }
    Ok(exit::OK)
}

/// What an entry follows from. Of an entry point at an instant it is all of the harm there is then.
fn answer<'r>(replay: &'r Replay<'_>, record: &'r Record, selector: &why::Selector) -> Answer<'r> {
    let harm = match selector {
        why::Selector::At { subject, time } => {
            let place = replay.names.entry_points().iter().position(|name| name == subject);
            place.and_then(|place| {
                causes::harm_at(replay, EntryPointId(place as u16), time.of_plan(replay.plan()).ok()?)
            })
        }
        why::Selector::Entry(_) => None,
    };
    // What harms now is said already.
    let reasons = if harm.is_some() { Vec::new() } else { causes::of(replay, record) };
    Answer { chain: why::chain(&replay.ledger, record), reasons, harm }
}

/// Where the way to an entry parts from another run.
fn against(
    replay: &Replay<'_>,
    record: &Record,
    other: &Replay<'_>,
    (names, format): (&[String; 2], PageFormat),
) -> anyhow::Result<u8> {
    diff_runs::show([replay, other], names, Some((record, parted(replay, record, other))), format)?;
    Ok(exit::OK)
}
