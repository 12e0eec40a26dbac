//! The scorecard on the terminal.

use super::{Beside, GROUPS, GUESSED, Sheet, costs, halt, harmed, instances, length, verdict};
use crate::experiment::drill::card::Verdict;
use crate::experiment::drill::search::Row;
use crate::input::drill::Drill;
use anstyle::{AnsiColor, Style};
use windtunnel_words::number::{in_one_unit, percent_in_cell};
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, columns, cut, pad, paint, wrap};

const BAD: Style = AnsiColor::Red.on_default().bold();
/// From this width on there is room for instances and for a fuller halt.
const WIDE: usize = 112;

/// The mark and style of a verdict: the letter says what the colour says.
const fn mark(verdict: Verdict) -> (&'static str, Style) {
    match verdict {
        Verdict::Held => ("+", GOOD),
        Verdict::Depends => ("~", FAIR),
        Verdict::Broke => ("x", BAD),
        Verdict::NeverStarted | Verdict::NotJudged | Verdict::Refused => ("!", FAIR),
        Verdict::CannotHappen => ("-", DIM),
    }
}

/// The scorecard, no line wider than `width`.
#[must_use]
pub fn render(sheet: &Sheet<'_>, width: usize) -> String {
    let mut lines: Vec<String> = wrap(&sheet.title(), width).into_iter().map(|line| paint(BOLD, line)).collect();
    lines.extend(dim(0, &format!("{} · {}", sheet.about(), sheet.objective()), width));
    lines.extend(dim(
        0,
        &format!("{}; every run is {} long", sheet.seeds(), in_one_unit(sheet.fleet.horizon.seconds())),
        width,
    ));
    lines.push(String::new());
    lines.extend(wrap(&sheet.lead(), width));
    lines.push(String::new());
    lines.push(paint(DIM, head(sheet, width)));
    for (group, _) in GROUPS {
        for (_, drill, row) in sheet.group(group) {
            lines.extend(of_row(sheet, drill, row, width));
        }
    }
    lines.push(String::new());
    lines.extend(best(sheet, width));
    if sheet.guesses > 0 {
        let guesses = format!(
            "{} of the scenario are guesses, demand and capacity among them. {GUESSED}",
            windtunnel_words::number::count(sheet.guesses, "value")
        );
        lines.extend(dim(0, &guesses, width));
        lines.extend(sheet.asked().iter().flat_map(|asked| dim(0, asked, width)));
    }
    lines.join("\n") + "\n"
}

/// A paragraph beside the point, so many spaces from the left.
fn dim(indent: usize, text: &str, width: usize) -> impl Iterator<Item = String> {
    wrap(text, width.saturating_sub(indent)).into_iter().map(move |line| format!("{:indent$}{}", "", paint(DIM, line)))
}

/// The widths of the columns behind the title.
const fn widths(width: usize) -> [usize; 5] {
    if width >= WIDE { [13, 10, 9, 24, 13] } else { [9, 10, 0, 13, 10] }
}

/// The room of a title; no title of the library is longer.
fn title_width(width: usize) -> usize {
    let own: usize = widths(width).iter().filter(|one| **one > 0).map(|one| one + 1).sum();
    width.saturating_sub(own + 2).min(38)
}

fn head(sheet: &Sheet<'_>, width: usize) -> String {
    let harm = if sheet.has_users() { "harmed" } else { "bad" };
    cells(width, "  incident", [harm, "harmed for", "instances", "rollout halts", "envelope"].map(str::to_owned))
}

fn cells(width: usize, title: &str, texts: [String; 5]) -> String {
    let mut line = pad(&cut(title, title_width(width) + 2), title_width(width) + 2);
    for (wide, text) in widths(width).iter().zip(texts).filter(|(wide, _)| **wide > 0) {
        line.push(' ');
        line += &pad(&cut(&text, *wide), *wide);
    }
    line.trim_end().to_owned()
}

fn of_row(sheet: &Sheet<'_>, drill: &Drill, row: &Row, width: usize) -> Vec<String> {
    let one = &row.standing;
    let (sign, style) = mark(one.verdict);
    let start = format!("{sign} {}", drill.title);
    if matches!(one.verdict, Verdict::CannotHappen | Verdict::Refused) {
        let why = format!("{}: {}", one.verdict.words(), one.why.as_deref().unwrap_or("not known"));
        let room = width.saturating_sub(title_width(width) + 3);
        if columns(&why) <= room {
            return vec![paint(
                DIM,
                format!("{} {why}", pad(&cut(&start, title_width(width) + 2), title_width(width) + 2)),
            )];
        }
        let mut lines = vec![paint(DIM, cut(&start, width))];
        lines.extend(dim(2, &why, width));
        return lines;
    }
    let harm = if sheet.has_users() {
        harmed(one.harm, sheet.allowed(), percent_in_cell)
    } else {
        one.instances_pct.map_or_else(|| "–".to_owned(), |came| format!("{:.0} %", came.mean))
    };
    let (halts, beside) = halt(drill, one);
    let halts = match beside {
        Beside::Nothing => halts,
        beside if width >= WIDE => format!("{halts}, {beside}"),
        Beside::Some { count, of } => format!("{count}/{of} halt"),
        Beside::Words(_) => halts,
    };
    let said = if width < WIDE && one.verdict == Verdict::NeverStarted { "–".to_owned() } else { verdict(one) };
    let words = cells(width, &start, [harm, length(one.degraded_s), instances(one), halts, said]);
    // The sign and the verdict are painted; the line stays as wide.
    let painted = words.replacen(sign, &paint(style, sign), 1);
    let painted = painted
        .strip_suffix(&verdict(one))
        .map_or_else(|| painted.clone(), |rest| rest.to_owned() + &paint(style, verdict(one)));
    let mut lines = vec![painted];
    if let Some(before) = &row.before {
        let change = sheet.change(row);
        if verdict(before) != verdict(one) || change.is_some() {
            let change = change.map_or_else(String::new, |change| format!("; {change}"));
            let harm = before.harm.map_or_else(String::new, |_| format!("{} harmed, ", sheet.harmed(before.harm)));
            let said = format!("before: {harm}{}{change}", verdict(before));
            lines.extend(dim(4, &said, width));
        }
    }
    if let Some(why) = one.why.as_ref().filter(|_| one.verdict == Verdict::NeverStarted) {
        lines.extend(dim(4, why, width));
    }
    lines.extend(sheet.no_help(row).into_iter().flat_map(|said| dim(4, said, width)));
    if let Some(remedy) = &row.remedy {
        let candidate = &sheet.fleet.candidates[remedy.change];
        let said = format!(
            "helps most: {} → {} harmed, {}",
            candidate.title,
            sheet.harmed(remedy.standing.harm),
            verdict(&remedy.standing)
        );
        lines.extend(dim(4, &said, width));
    }
    lines
}

fn best(sheet: &Sheet<'_>, width: usize) -> Vec<String> {
    let Some(tried) = sheet.best() else { return wrap(&sheet.no_change(), width) };
    let [longer, hours] = costs(sheet, tried);
    let mut lines = vec![paint(BOLD, "The one change that would help most")];
    let what = format!("{}: {}.", sheet.candidate(tried).title, sheet.gain(tried));
    lines.extend(wrap(&what, width.saturating_sub(2)).iter().map(|line| format!("  {line}")));
    lines.extend(
        wrap(&format!("It costs {longer}; {hours}."), width.saturating_sub(2)).iter().map(|line| format!("  {line}")),
    );
    lines
}
