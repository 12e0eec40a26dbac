//! How often verdicts hold under varied assumptions, on the terminal.

use super::terminal::{GAP, TerminalContext};
use crate::experiment::compare::Comparison;
use crate::experiment::vary::{Robustness, Varied};
use windtunnel_sim::measure::catalogue::tables;
use windtunnel_words::number::figure;
use windtunnel_words::text::{BOLD, DIM, columns, cut, pad, wrap};

/// The section; every line keeps to the width.
pub(super) fn render(comparison: &Comparison, varied: &Varied, context: &TerminalContext<'_>) -> Vec<String> {
    let count = varied.replications;
    let mut lines = vec![String::new(), context.paint(BOLD, "how often the verdicts hold when assumptions vary")];
    if varied.variation.drawn.is_empty() {
        lines.push("no assumption was used that the scenario does not state itself".to_owned());
        return lines;
    }
    let about = format!(
        "{count} replications, each with its own draw of {} assumptions, the same for every policy; \
         a replication speaks for a verdict when its own difference is on that side",
        varied.variation.drawn.len()
    );
    lines.extend(wrap(&about, context.width).iter().map(|line| context.paint(DIM, line)));
    let shown = |name: &str| comparison.column(name).filter(|at| comparison.constant(*at).is_none());
    let mut rows: Vec<[String; 6]> =
        vec![["policy", "verdict", "holds", "95 % interval", "same", "turned"].map(str::to_owned)];
    for at in tables().filter_map(shown) {
        let of: Vec<&Robustness> = varied.verdicts.iter().filter(|held| held.column == at).collect();
        if of.is_empty() {
            continue;
        }
        rows.push([
            comparison.columns[at].name.clone(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ]);
        for held in of {
            let percent = |share: f64| format!("{} %", figure(100.0 * share));
            let share = |count: usize| percent(count as f64 / held.runs().max(1) as f64);
            let name = &comparison.policies[held.policy].name;
            let range = format!("{} … {}", figure(100.0 * held.share.low), percent(held.share.high));
            let word = held.verdict.words().to_owned();
            rows.push([format!("  {name}"), word, share(held.holds), range, share(held.same), share(held.turned)]);
        }
    }
    lines.extend(lay(&rows, context));
    for lean in leans(comparison, varied) {
        for (at, line) in wrap(&lean, context.width - 2).iter().enumerate() {
            lines.push(format!("{} {line}", if at == 0 { "·" } else { " " }));
        }
    }
    lines
}

/// What the verdicts in the most telling measure lean on, the policies that lean alike in one sentence; the others are in
/// `varied.csv`.
fn leans(comparison: &Comparison, varied: &Varied) -> Vec<String> {
    let has = |at: &usize| varied.verdicts.iter().any(|held| held.column == *at && held.leans.is_some());
    let Some(at) = tables().filter_map(|name| comparison.column(name)).find(has) else { return Vec::new() };
    let mut groups: Vec<(&Robustness, Vec<&str>)> = Vec::new();
    for held in varied.verdicts.iter().filter(|held| held.column == at && held.leans.is_some()) {
        let name = comparison.policies[held.policy].name.as_str();
        let alike = |(known, _): &&mut (&Robustness, _)| known.verdict == held.verdict && known.leans == held.leans;
        match groups.iter_mut().find(alike) {
            Some((_, names)) => names.push(name),
            None => groups.push((held, vec![name])),
        }
    }
    let said = |(held, names): (&Robustness, Vec<&str>)| {
        let lean = held.leans.as_ref()?;
        let of = |(held, of): (usize, usize)| format!("{held} of {of}");
        let (verdict, measure) = (held.verdict.words(), &comparison.columns[at].name);
        Some(format!(
            "{} ({verdict} in {measure}) leans on {}: {} it holds in {}, otherwise in {}",
            names.join(", "),
            lean.assumption.row().key,
            lean.when,
            of(lean.then),
            of(lean.otherwise)
        ))
    };
    groups.into_iter().filter_map(said).collect()
}

fn lay(rows: &[[String; 6]], context: &TerminalContext<'_>) -> Vec<String> {
    let is_heading = |row: &[String; 6]| row[1].is_empty();
    let width = |at: usize| rows.iter().filter(|row| !is_heading(row)).map(|row| columns(&row[at])).max().unwrap_or(0);
    let rest: usize = (1..6).map(|at| width(at) + GAP).sum();
    // Where there is no room the interval is left out, and then the names give way.
    let narrow = width(0) + rest > context.width;
    let rest = if narrow { rest - width(3) - GAP } else { rest };
    let first = width(0).min(context.width.saturating_sub(rest)).max(8);
    let mut lines = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        if is_heading(row) {
            lines.push(cut(&row[0], context.width));
            continue;
        }
        let mut line = pad(&cut(&row[0], first), first);
        for (at, cell) in row.iter().enumerate().skip(1).filter(|(at, _)| *at != 3 || !narrow) {
            let pad = " ".repeat(width(at) - columns(cell));
            line += &if at == 1 { format!("  {cell}{pad}") } else { format!("  {pad}{cell}") };
        }
        let line = line.trim_end().to_owned();
        lines.push(if number == 0 { context.paint(DIM, &line) } else { line });
    }
    lines
}
