//! `windtunnel assumptions`: the numbers and choices that Azure does not publish, and that a scenario may override.

use super::rules::{field, write_json};
use crate::args::Assumptions;
use crate::exit;
use crate::output::format::Format;
use crate::output::stream;
use serde_json::{Value, json};
use std::io::Write;
use windtunnel_sim::rules::assumptions::ASSUMPTIONS;
use windtunnel_sim::rules::{Assumption, RuleId};
use windtunnel_words::suggest::{near, or_meant};
use windtunnel_words::text::{BOLD, DIM, columns, cut, paint, unticked, wrap};

/// Narrower than this a table is of no use, so it is as wide as this and the terminal breaks it.
const LEAST_WIDTH: usize = 60;

/// Shows the assumptions that were asked for.
///
/// # Errors
///
/// The filter names nothing, or standard output cannot be written to.
pub fn assumptions(args: &Assumptions) -> anyhow::Result<u8> {
    list(args.id.as_deref(), args.format, super::width(), &mut stream::stdout())?;
    Ok(exit::OK)
}

/// Shows all assumptions, those of one area (`lb`) or one code (`Q-03`), or everything about one (`lb.flap_window`).
///
/// Styles are written as ANSI codes; a stream that does not want them strips them.
///
/// # Errors
///
/// Where `filter` names no assumption, or `out` cannot be written to.
pub fn list(filter: Option<&str>, format: Format, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let width = width.max(LEAST_WIDTH);
    let rows = filter.map_or_else(|| Ok(ASSUMPTIONS.iter().collect()), matching)?;
    // A code or a key was asked for: whoever asks for so little wants to know all about it.
    let whole = filter.is_some_and(|filter| rows.iter().all(|row| row.key == filter || is_code(row, filter)));
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

fn is_code(row: &Assumption, filter: &str) -> bool {
    row.code.eq_ignore_ascii_case(filter)
}

/// The area of a key: `lb` of `lb.flap_window`.
fn area(row: &Assumption) -> &'static str {
    row.key.split('.').next().unwrap_or(row.key)
}

fn matching(filter: &str) -> anyhow::Result<Vec<&'static Assumption>> {
    let rows: Vec<_> =
        ASSUMPTIONS.iter().filter(|row| row.key == filter || is_code(row, filter) || area(row) == filter).collect();
    if rows.is_empty() {
        let mut known: Vec<&str> = ASSUMPTIONS.iter().flat_map(|row| [row.key, row.code, area(row)]).collect();
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
    let code = widest(|row| row.code.to_owned()).max(columns("code"));
    let key = widest(|row| row.key.to_owned());
    // A long distribution or word may not push the meaning off the terminal.
    let default = widest(|row| row.default.to_string()).max(columns("default")).min(18);
    let beside = width >= ONE_LINE_WIDTH;
    let indent = if beside { code + key + default + 6 } else { code + 2 };
    let meaning = |text: &str| cut(&unticked(text), width - indent);

    let header = format!("{:<code$}  {:<key$}  {:<default$}", "code", "key", "default");
    let header = if beside { format!("{header}  meaning") } else { header };
    writeln!(out, "{}", paint(BOLD, header.trim_end()))?;
    for row in rows {
        let value = row.default.to_string();
        if beside {
            let value = cut(&value, default);
            let meaning = meaning(row.meaning);
            writeln!(out, "{:<code$}  {:<key$}  {value:<default$}  {meaning}", row.code, row.key)?;
        } else {
            let value = cut(&value, width - code - key - 4);
            writeln!(out, "{:<code$}  {:<key$}  {value}", row.code, row.key)?;
            writeln!(out, "{:indent$}{}", "", paint(DIM, meaning(row.meaning)))?;
        }
    }
    Ok(())
}

fn show_one(row: &Assumption, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}  {}\n", paint(BOLD, row.key), paint(DIM, row.code))?;
    for line in wrap(&unticked(row.meaning), width) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    field("default", &row.default.to_string(), width, out)?;
    field("allowed", &row.range.to_string(), width, out)?;
    field("why", row.reason, width, out)?;
    if let Some(rule) = RuleId::parse(row.code).and_then(RuleId::rule) {
        field("rule", &format!("{}: {}", rule.id, rule.statement), width, out)?;
    }
    Ok(())
}

fn row_json(row: &Assumption) -> Value {
    json!({
        "code": row.code,
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
    fn a_code_shows_all_its_rows_whole() {
        let text = shown(Some("q-03"), Format::Human, 80);
        for key in ["lb.flap_changes", "lb.flap_window", "lb.flap_hold_intervals"] {
            assert!(text.contains(&format!("{key}  Q-03")), "{text}");
        }
        let text = shown(Some("LB-02"), Format::Human, 80);
        assert!(text.contains("rule          LB-02: The interval is"), "{text}");
    }

    #[test]
    fn an_area_shows_a_table() {
        let text = shown(Some("vm"), Format::Human, 120);
        let heading: Vec<&str> = text.lines().next().unwrap_or_default().split_whitespace().collect();
        assert_eq!(heading, ["code", "key", "default", "meaning"], "{text}");
        assert!(text.contains("  vm.boot_linux ") && !text.contains("  lb."), "{text}");
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
