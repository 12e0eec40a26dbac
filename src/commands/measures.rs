//! `windtunnel measures`: what a run is measured by, and what an expectation may ask for.

use super::rules::write_json;
use crate::exit;
use crate::output::format::Format;
use crate::output::stream;
use anyhow::bail;
use serde_json::json;
use std::io::Write;
use windtunnel_sim::measure::catalogue::{DEFINITIONS, Definition};
use windtunnel_words::suggest::{near, or_meant};
use windtunnel_words::text::{BOLD, DIM, columns, paint, wrap};

/// `measures`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A measure (downtime.full_s), or the first word of some (downtime); all if none is named
    pub name: Option<String>,
    /// The format of the output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Shows the measures that were asked for, each with its unit and its meaning.
pub fn measures(args: &Args) -> anyhow::Result<u8> {
    let rows: Vec<&Definition> = DEFINITIONS.iter().filter(|row| is_asked(row, args.name.as_deref())).collect();
    if let (Some(name), true) = (&args.name, rows.is_empty()) {
        let hint = or_meant(&near(name, DEFINITIONS.iter().map(|row| row.name)));
        let hint = if hint.is_empty() { "; `windtunnel measures` lists them".to_owned() } else { hint };
        bail!("there is no measure `{name}`{hint}");
    }
    let mut out = stream::stdout();
    if args.format == Format::Json {
        let row = |row: &&Definition| json!({ "name": row.name, "unit": row.unit.symbol(), "meaning": row.meaning });
        write_json(&json!({ "measures": rows.iter().map(row).collect::<Vec<_>>() }), &mut out)?;
        return Ok(exit::OK);
    }
    let name = rows.iter().map(|row| columns(row.name)).max().unwrap_or(0);
    let unit = rows.iter().map(|row| columns(row.unit.symbol())).max().unwrap_or(0);
    let indent = name + unit + 4;
    for row in rows {
        let lines = wrap(row.meaning, super::width().saturating_sub(indent).max(20));
        let (first, rest) = lines.split_first().expect("a measure means something");
        let unit = paint(DIM, format!("{:<unit$}", row.unit.symbol()));
        writeln!(out, "{}  {unit}  {first}", paint(BOLD, format!("{:<name$}", row.name)))?;
        for line in rest {
            writeln!(out, "{}{line}", " ".repeat(indent))?;
        }
    }
    Ok(exit::OK)
}

fn is_asked(row: &Definition, name: Option<&str>) -> bool {
    name.is_none_or(|name| row.name == name || row.name.split('.').next() == Some(name))
}
