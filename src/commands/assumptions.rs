//! `windtunnel assumptions`: the numbers and choices that Azure does not publish, and that a scenario may override.

use super::rules::{field, write_json};
use crate::args::Assumptions;
use crate::exit;
use crate::output::LEAST_WIDTH;
use crate::output::format::Format;
use crate::output::stream;
use serde_json::{Value, json};
use std::io::Write;
use windtunnel_sim::rules::Assumption;
use windtunnel_sim::rules::assumptions::ASSUMPTIONS;
use windtunnel_words::suggest::{near, or_meant};
use windtunnel_words::text::{BOLD, DIM, columns, cut, paint, unticked, wrap};

/// Shows the assumptions that were asked for.
pub fn assumptions(args: &Assumptions) -> anyhow::Result<u8> {
    list(args.id.as_deref(), args.format, super::width(), &mut stream::stdout())?;
    Ok(exit::OK)
}

/// Shows all assumptions, those of one area (`lb`) or everything about one (`lb.flap_window`).
///
/// Styles are written as ANSI codes; a stream that does not want them strips them.
pub fn list(filter: Option<&str>, format: Format, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let width = width.max(LEAST_WIDTH);
    let rows = filter.map_or_else(|| Ok(ASSUMPTIONS.iter().collect()), matching)?;
    // One was asked for by its key: show all about it.
    let whole = filter.is_some_and(|filter| rows.iter().all(|row| row.key == filter));
    match format {
        Format::Json => {
            let rows: Vec<_> = rows.into_iter().map(row_json).collect();
            write_json(&json!({ "assumptions": rows }), out)
        }
        Format::Human if whole => {
            for (place, row) in rows.into_iter().enumerate() {
                if place > 0 {
                    writeln!(out)?;
                }
                show_one(row, width, out)?;
            }
            Ok(())
        }
        Format::Human => show_table(&rows, width, out),
    }
}

/// The area of a key: `lb` of `lb.flap_window`.
fn area(row: &Assumption) -> &'static str {
    row.key.split('.').next().unwrap_or(row.key)
}

fn matching(filter: &str) -> anyhow::Result<Vec<&'static Assumption>> {
    let rows: Vec<_> = ASSUMPTIONS.iter().filter(|row| row.key == filter || area(row) == filter).collect();
    if rows.is_empty() {
        let mut known: Vec<&str> = ASSUMPTIONS.iter().flat_map(|row| [row.key, area(row)]).collect();
        known.sort_unstable();
        known.dedup();
        let hint = or_meant(&near(filter, known));
        let hint = if hint.is_empty() { "; `windtunnel assumptions` lists them".to_owned() } else { hint };
        anyhow::bail!("there is no assumption `{filter}`{hint}");
    }
    Ok(rows)
}

/// A terminal this wide has room for the meaning beside the default; a narrower one shows it on a line of its own.
const ONE_LINE_WIDTH: usize = 110;

fn show_table(rows: &[&Assumption], width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let widest = |column: fn(&Assumption) -> String| rows.iter().map(|row| columns(&column(row))).max().unwrap_or(0);
    let key = widest(|row| row.key.to_owned());
    // A long distribution or word may not push the meaning off the terminal.
    let default = widest(|row| row.default.to_string()).max(columns("default")).min(18);
    let beside = width >= ONE_LINE_WIDTH;
    let indent = if beside { key + default + 4 } else { 2 };
    let meaning = |text: &str| cut(&unticked(text), width - indent);

    let header = format!("{:<key$}  {:<default$}", "key", "default");
    let header = if beside { format!("{header}  meaning") } else { header };
    writeln!(out, "{}", paint(BOLD, header.trim_end()))?;
    for row in rows {
        let value = row.default.to_string();
        if beside {
            let value = cut(&value, default);
            let meaning = meaning(row.meaning);
            writeln!(out, "{:<key$}  {value:<default$}  {meaning}", row.key)?;
        } else {
            let value = cut(&value, width - key - 2);
            writeln!(out, "{:<key$}  {value}", row.key)?;
            writeln!(out, "{:indent$}{}", "", paint(DIM, meaning(row.meaning)))?;
        }
    }
    Ok(())
}

fn show_one(row: &Assumption, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}\n", paint(BOLD, row.key))?;
    for line in wrap(&unticked(row.meaning), width) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    field("default", &row.default.to_string(), width, out)?;
    field("allowed", &row.range.to_string(), width, out)?;
    field("why", row.reason, width, out)?;
    Ok(())
}

fn row_json(row: &Assumption) -> Value {
    json!({
        "key": row.key,
        "kind": row.default.kind(),
        "default": row.default.to_string(),
        "allowed": row.range.to_string(),
        "meaning": row.meaning,
        "reason": row.reason,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(filter: Option<&str>, format: Format, width: usize) -> String {
        let mut out = Vec::new();
        list(filter, format, width, &mut out).expect("an assumption");
        anstream::adapter::strip_str(std::str::from_utf8(&out).expect("UTF-8")).to_string()
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [80, 120] {
            let mut text = shown(None, Format::Human, width);
            for row in ASSUMPTIONS {
                text += &shown(Some(row.key), Format::Human, width);
            }
            for line in text.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
                assert!(!line.contains('`'), "{line}");
            }
        }
    }

    #[test]
    fn an_area_shows_a_table() {
        let text = shown(Some("vm"), Format::Human, 120);
        let heading: Vec<&str> = text.lines().next().unwrap_or_default().split_whitespace().collect();
        assert_eq!(heading, ["key", "default", "meaning"], "{text}");
        assert!(text.contains("\nvm.boot_linux ") && !text.contains("\nlb."), "{text}");
    }

    #[test]
    fn json_is_whole() {
        let all: Value = serde_json::from_str(&shown(None, Format::Json, 80)).expect("JSON");
        assert_eq!(all["assumptions"].as_array().map(Vec::len), Some(ASSUMPTIONS.len()));
        assert_eq!(all["assumptions"][0]["key"], "vmss.provision");
    }

    #[test]
    fn a_slip_is_answered_with_what_was_meant() {
        let error = list(Some("lb.propagaton"), Format::Human, 80, &mut Vec::new()).expect_err("no such key");
        assert!(error.to_string().starts_with("there is no assumption `lb.propagaton`; did you mean lb.propagation"));
    }
}
