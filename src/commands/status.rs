//! `windtunnel status`: what Azure would have answered at an instant of a run.
//!
//! The run is repeated from its plan up to that instant, which gives the same world.

use crate::args::Status;
use crate::disk::file;
use crate::experiment::instant::Instant;
use crate::output::azure_json::{self, Answer, AskError, Resources, View, against, human};
use crate::output::format::PageFormat;
use crate::output::markdown;
use crate::output::{stored, stream};
use crate::{commands, exit};
use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::run::{Options, run};
use windtunnel_words::clock::{moment, spoken};
use windtunnel_words::control::escaped;
use windtunnel_words::instant::Instant as Moment;

/// Answers for an instant.
pub fn status(args: &Status) -> anyhow::Result<u8> {
    let stored = stored::read(&args.run)?;
    let at = instant(&stored.plan, &args.at)?;
    // The digest is of the whole run.
    stored.check_digest(run(&stored.plan, stored.seed, Options::default(), &mut ()).digest)?;
    let stopped = Instant::new(&stored.plan, stored.seed, at)?;
    let resources = Resources::of(&stored.effective);
    let view = View::new(&stopped);
    let view = match &resources {
        Some(resources) => view.with(resources),
        None => view,
    };
    let questions = match &args.resource {
        None => azure_json::everything(&view)?,
        Some(name) => match azure_json::ask(&view, name) {
            Err(error @ AskError::Unknown { .. }) => {
                later(&stored.plan, stored.seed, at, name)?;
                return Err(error.into());
            }
            other => other?,
        },
    };
    let answers: Vec<_> = questions.into_iter().map(|question| view.answer(question)).collect();
    let mut out = stream::stdout();
    if let Some(file) = &args.against {
        compare(&view, &answers, file, args.format)?;
        return Ok(exit::OK);
    }
    match args.format {
        PageFormat::Json => writeln!(out, "{:#}", azure_json::document(&view, &answers))?,
        PageFormat::Md => write!(out, "{}", human::page(&view, &answers))?,
        PageFormat::Human => write!(out, "{}", human::text(&view, &answers, commands::width()))?,
    }
    Ok(exit::OK)
}

/// What was recorded of upgrades, beside what the run says.
fn compare(view: &View<'_, '_>, answers: &[Answer], file: &Path, format: PageFormat) -> anyhow::Result<()> {
    let shown = file.display();
    let text = file::read_text(file, RECORDED_MOST).with_context(|| format!("read {shown}"))?;
    let recorded: Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).with_context(|| format!("read {shown}"))?;
    let Some(rows) = against::rows(view, &recorded, answers) else {
        bail!(
            "{shown} has no status of an upgrade, or the question is not about one; ask for SET/rollingUpgrades/latest or \
             SET/osUpgradeHistory"
        );
    };
    let mut out = stream::stdout();
    if format == PageFormat::Json {
        let rows: Vec<Value> =
            rows.iter().map(|row| json!({ "what": row.what, "recorded": row.recorded, "run": row.run })).collect();
        return Ok(writeln!(out, "{:#}", Value::from(rows))?);
    }
    if format == PageFormat::Md {
        let rows = rows.iter().map(|row| [row.what.clone(), row.recorded.clone(), row.run.clone()]);
        return Ok(write!(out, "{}", markdown::table(["", "recorded", "run"], rows))?);
    }
    let width = |of: fn(&against::Row) -> &str, least: usize| {
        rows.iter().map(|row| of(row).chars().count()).max().unwrap_or(0).max(least)
    };
    let (what, recorded) = (width(|row| &row.what, 0), width(|row| &row.recorded, "recorded".len()));
    writeln!(out, "{:what$}  {:recorded$}  run", "", "recorded")?;
    for row in &rows {
        writeln!(out, "{:what$}  {:recorded$}  {}", escaped(&row.what), escaped(&row.recorded), row.run)?;
    }
    Ok(())
}

/// No status of upgrades is longer.
const RECORDED_MOST: u64 = 8 << 20;

/// The instant that is meant, up to the end of the run.
fn instant(plan: &Plan, text: &str) -> anyhow::Result<SimTime> {
    let read = Moment::parse(text).and_then(|at| at.of_plan(plan));
    let at = match read {
        Ok(at) => at,
        Err(wrong) => bail!("{}; {}", wrong.message, wrong.help.unwrap_or_default()),
    };
    let horizon = plan.horizon;
    if at > horizon {
        let length = spoken(horizon.since(SimTime::ZERO));
        bail!(
            "the run does not reach {text}: it lasts {length}; ask for an earlier instant, or raise `horizon` in the scenario and run \
             it again"
        );
    }
    Ok(at)
}

/// Says so if what is asked for is an instance that is created later.
fn later(plan: &Plan, seed: u64, at: SimTime, name: &str) -> anyhow::Result<()> {
    let Ok(end) = Instant::new(plan, seed, plan.horizon) else { return Ok(()) };
    let short = name.rsplit('/').next().unwrap_or(name);
    let names = end.names.instances().iter();
    let found = names.zip(&end.world.instances.rows).find(|(name, _)| name.eq_ignore_ascii_case(short));
    if let Some((name, row)) = found.filter(|(_, row)| row.created.time() > at) {
        let [at, created] = [at, row.created.time()].map(|at| moment(plan, at));
        bail!("{name} does not exist at {at}: it is created at {created}");
    }
    Ok(())
}
