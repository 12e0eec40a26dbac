//! `windtunnel why`: the chain of causes of one entry of a run's ledger, each with its rule.
//!
//! The ledger is not read back from the folder: the run is repeated from its plan, which gives the same one.

use crate::args::Why;
use crate::experiment::replay::Replay;
use crate::output::format::Format;
use crate::output::stream;
use crate::output::{stored, why};
use crate::{commands, exit};
use std::io::Write;

/// Explains an entry.
pub fn why(args: &Why) -> anyhow::Result<u8> {
    let selector = why::Selector::parse(&args.entry)?;
    let stored = stored::read(&args.run)?;
    let replay = Replay::new(&stored.plan, stored.seed);
    stored.check_digest(replay.outcome.digest)?;
    let record = why::find(&replay.names, &replay.ledger, &selector)?;
    let chain = why::chain(&replay.ledger, record);
    let mut out = stream::stdout();
    match args.format {
        Format::Json => writeln!(out, "{:#}", why::json(&replay.names, &chain))?,
        Format::Human => write!(out, "{}", why::text(&replay.names, &chain, commands::width(), true))?,
    }
    Ok(exit::OK)
}
