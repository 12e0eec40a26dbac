//! How often verdicts hold under varied assumptions, on the terminal.

use super::terminal::TerminalContext;
use crate::experiment::compare::Comparison;
use crate::experiment::vary::{Robustness, Varied};
use crate::output::rows::{Cell, Heading, lay, plain};
use windtunnel_sim::measure::catalogue::tables;
use windtunnel_words::number::figure;
use windtunnel_words::text::{BOLD, DIM, wrap};

const HEADINGS: [Heading; 9] = [
    Heading::left("policy", 0),
    Heading::left("verdict", 0),
    Heading::right("holds", 0),
    Heading::right("95 % interval", 1),
    Heading::right("fixed", 0),
    Heading::right("same", 0),
    Heading::right("turned", 0),
    Heading::right("nothing", 2),
    Heading::left("over all", 3),
];

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
         a replication speaks for a verdict when its own difference is on that side, as it is in so many with fixed \
         assumptions; in those of `nothing` nobody was harmed or no rollout began, and they count no further; `over all` \
         is the verdict over all draws",
        varied.variation.drawn.len()
    );
    lines.extend(wrap(&about, context.width).iter().map(|line| context.paint(DIM, line)));
    let shown = |name: &str| comparison.column(name).filter(|at| comparison.constant(*at).is_none());
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for at in tables().filter_map(shown) {
        let of: Vec<&Robustness> = varied.verdicts.iter().filter(|held| held.column == at).collect();
        if of.is_empty() {
            continue;
        }
        rows.push(vec![plain(&comparison.columns[at].name)]);
        for held in of {
            let percent = |share: f64| format!("{} %", figure(100.0 * share));
            let share = |count: usize| percent(count as f64 / held.runs().max(1) as f64);
            let name = &comparison.policies[held.policy].name;
            let range = format!("{} … {}", figure(100.0 * held.share.low), percent(held.share.high));
            let word = held.verdict.words().to_owned();
            let row = [
                format!("  {name}"),
                word,
                share(held.holds),
                range,
                percent(held.without),
                share(held.same),
                share(held.turned),
                held.nothing.to_string(),
                held.varied.words().to_owned(),
            ];
            rows.push(row.map(plain).into());
        }
    }
    lines.extend(lay(&HEADINGS, &rows, context.width, context.colour).0);
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
