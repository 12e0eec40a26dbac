//! Findings on a terminal: the place as rustc shows it, the fix to paste, and what the simulator shows.

use super::{Outcome, Shown, unmet};
use crate::input::lint::paste;
use crate::input::{Colour, Problem, Problems, Report};
use std::fmt::Write as _;
use windtunnel_words::control::escaped;
use windtunnel_words::text::wrap;

/// All of it.
pub(crate) fn render(outcome: &Outcome<'_>, width: usize, colour: Colour) -> String {
    let mut text = String::new();
    for one in outcome.open() {
        text += &finding(one, width, colour);
        text.push('\n');
    }
    let allowed: Vec<&Shown<'_>> = outcome.findings.iter().filter(|one| one.allowed.is_some()).collect();
    for one in allowed {
        let of = one.allowed.map_or("", |allowed| allowed.reason.as_str());
        let line = format!("allowed: {} of {}: {of}", one.finding.row.code, one.finding.resource);
        let _ = writeln!(text, "{}", wrap(&escaped(&line), width).join("\n  "));
    }
    for allowed in &outcome.unmet {
        let _ = writeln!(text, "{}", wrap(&escaped(&unmet(allowed)), width).join("\n  "));
    }
    let _ = writeln!(text, "{}", outcome.closing());
    text
}

fn finding(shown: &Shown<'_>, width: usize, colour: Colour) -> String {
    let finding = shown.finding;
    let of = if finding.resource.is_empty() { String::new() } else { format!("{}: ", finding.resource) };
    let mut problem = Problem::new(finding.severity, finding.row.code, format!("{of}{}", finding.reason()));
    if let Some(span) = &finding.span {
        problem = problem.at(span, finding.what.clone());
    }
    if finding.fix.is_none() {
        problem = problem.maybe_help(finding.help.clone());
    }
    let mut text = Report::from(Problems(vec![problem])).render_only(colour);
    if let Some(fix) = &finding.fix {
        text += "  fix:\n";
        text += &escaped_lines(&paste::policy(finding.row.name, fix, 4));
    }
    if let Some(proof) = &shown.proof {
        let (label, said) = match proof {
            Ok(proof) => ("proof", proof.sentence()),
            Err(why) => ("no proof", why.clone()),
        };
        let lines = wrap(&escaped(&said), width.saturating_sub(4));
        let _ = writeln!(text, "  {label}:\n    {}", lines.join("\n    "));
    }
    text
}

/// The lines of a text, each without what controls a terminal.
fn escaped_lines(text: &str) -> String {
    text.lines().fold(String::new(), |all, line| all + &escaped(line) + "\n")
}
