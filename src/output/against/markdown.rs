//! The comparison as Markdown: the comment under a pull request, and the summary of a job.

use super::changes::{SHOWN as LINES, some};
use super::{EXPECTS, First, Line, Sheet, difference, how_often, leading, remarks, value};
use crate::experiment::against::{Became, Incident, Row};
use crate::experiment::assessment::allowed;
use crate::experiment::suite::Tested;
use crate::output::markdown::{cell, code, fenced};
use std::fmt::Write as _;
use windtunnel_sim::measure::catalogue::HARMED;
use windtunnel_words::number::{count, percentage};
use windtunnel_words::text::cut;

/// GitHub takes a comment of 65,536 letters; so many incidents are in the table, each with its worst measure.
const SHOWN: usize = 20;
/// So many expectations that broke are there of an incident.
const EXPECTED: usize = 2;
/// So many incidents, and so many of their measures, are in what is folded.
const FOLDED: usize = 60;
/// A name, what happened in a run, and another sentence are cut to these lengths.
const NAME: usize = 120;
const WHY: usize = 140;
const SENTENCE: usize = 240;

/// The sign before an incident.
const fn sign(became: Became) -> &'static str {
    match became {
        Became::Worse => "❌",
        Became::Unclear => "⚠️",
        Became::Better => "✅",
        Became::Close | Became::Same => "➖",
    }
}

/// A name in a table.
fn named(text: &str) -> String {
    cell(&cut(text, NAME))
}

/// The finding in a sentence.
fn finding(sheet: &Sheet<'_>) -> String {
    let that = |became| sheet.that(became).count();
    let all = count(sheet.incidents.len() + sheet.unreached.len(), "incident");
    let (worse, unclear, better) = (that(Became::Worse), that(Became::Unclear), that(Became::Better));
    let new = sheet.newcomers();
    let same = that(Became::Close) + that(Became::Same) + sheet.unreached.len() - new;
    let is = |count: usize| if count == 1 { "is" } else { "are" };
    let get = |count: usize| if count == 1 { "gets" } else { "get" };
    let mut rest = Vec::new();
    if better > 0 {
        rest.push(format!("{better} {} better", get(better)));
    }
    if unclear > 0 && worse > 0 {
        rest.push(format!("{unclear} {} undecided", is(unclear)));
    }
    if same > 0 {
        rest.push(format!("{same} {} unchanged", is(same)));
    }
    if new > 0 {
        rest.push(format!("{new} {} new", is(new)));
    }
    let rest = if rest.is_empty() { String::new() } else { format!("; {}", rest.join(", ")) };
    match (worse, unclear, sheet.gone.len()) {
        (0, 0, 0) => format!("none of {all} gets worse{rest}"),
        (0, 0, _) => format!("less is tested than before; none of {all} gets worse{rest}"),
        (0, unclear, _) => {
            let they = if unclear == 1 { "it gets" } else { "they get" };
            format!("of {unclear} of {all} it stays undecided whether {they} worse{rest}")
        }
        (worse, ..) => format!("this change makes {worse} of {all} worse{rest}"),
    }
}

/// The share of requests that each incident with an objective allows to be harmed, and in how many incidents it is kept in every run.
fn objective(sheet: &Sheet<'_>) -> Option<String> {
    let rows: Vec<(&Incident<'_>, [usize; 2])> =
        sheet.incidents.iter().filter_map(|one| Some((one, harm(one)?.kept?))).collect();
    let held = |side: usize| rows.iter().filter(|(one, kept)| kept[side] == one.file.replications).count();
    let mut limits: Vec<f64> = rows.iter().filter_map(|(one, _)| allowed(one.now.plan.objective)).collect();
    limits.sort_by(f64::total_cmp);
    limits.dedup();
    let limit = match limits[..] {
        [] => return None,
        [only] => format!("at most **{}** of requests harmed", percentage(only)),
        [least, .., most] => {
            format!("of each incident its own, {} to {} of requests harmed", percentage(least), percentage(most))
        }
    };
    let (before, now) = (held(0), held(1));
    let before = if before == now { "as before".to_owned() } else { format!("before of {before}") };
    let all = count(rows.len(), "incident");
    Some(format!("The objective ({limit}) is met in every run of **{now}** of {all}, {before}."))
}

fn harm<'i>(incident: &'i Incident<'_>) -> Option<&'i Row> {
    incident.rows.iter().find(|row| row.column.name == HARMED)
}

/// The comment.
pub fn render(sheet: &Sheet<'_>) -> String {
    let worst = sheet.incidents.iter().map(Incident::became).min().unwrap_or(Became::Same);
    let head = match worst {
        Became::Worse | Became::Unclear => sign(worst),
        _ if !sheet.gone.is_empty() => "⚠️",
        _ => "✅",
    };
    let mut text = format!("### {head} Windtunnel: {}\n\n", finding(sheet));
    let telling = |incident: &&&Incident<'_>| !leading(incident).0.is_empty() || !remarks(incident).is_empty();
    let all = sheet.worst();
    let shown: Vec<&Incident<'_>> = all.iter().filter(telling).copied().collect();
    if !shown.is_empty() {
        text += "| incident | before | after | difference ± | how surely | why |\n";
        text += "| --- | --: | --: | --: | :-- | --- |\n";
        shown.iter().take(SHOWN).for_each(|incident| rows(&mut text, sheet, incident));
        if shown.len() > SHOWN {
            let _ = writeln!(text, "| and {} | | | | | |", count(shown.len() - SHOWN, "other incident"));
        }
        text.push('\n');
    }
    if let Some(objective) = objective(sheet) {
        let _ = writeln!(text, "{objective}\n");
    }
    changed(&mut text, sheet);
    for gone in sheet.gone {
        let _ = writeln!(text, "- ⚠️ **{}**: {}", named(&gone.scenario), cell(&cut(&gone.what, SENTENCE)));
    }
    for note in sheet.notes {
        let _ = writeln!(text, "- {}", cell(&cut(note, SENTENCE)));
    }
    if !sheet.gone.is_empty() || !sheet.notes.is_empty() {
        text.push('\n');
    }
    incidents(&mut text, sheet, &all);
    measures(&mut text, &shown);
    how(&mut text, sheet);
    let mut commands = vec![sheet.command.to_owned()];
    commands.extend(shown.iter().take(SHOWN).filter_map(|one| sheet.first(one)).map(|first| first.replay.clone()));
    text += "<details><summary>Reproduce</summary>\n\n";
    text + &fenced(&commands.join("\n")) + "\n</details>\n"
}

/// What of the files was changed that a run reads: the place, the path, both values, and what it made worse.
fn changed(text: &mut String, sheet: &Sheet<'_>) {
    for line in sheet.lines.iter().take(LINES) {
        let worse: Vec<String> = line.worse(sheet.incidents).iter().map(|name| named(name)).collect();
        let worse = if worse.is_empty() { String::new() } else { format!(" · worse: **{}**", some(&worse)) };
        let _ = writeln!(text, "- {}{worse}", said(line));
    }
    if sheet.lines.len() > LINES {
        let _ = writeln!(text, "- and {} of the files changed", count(sheet.lines.len() - LINES, "other value"));
    }
    if !sheet.lines.is_empty() {
        text.push('\n');
    }
}

fn said(line: &Line) -> String {
    let [at, path, old, new] = line.cells();
    let at = if at.is_empty() { at } else { format!("{} · ", code(&at)) };
    format!("{at}{} · {} → {}", code(&path), code(&old), code(&new))
}

/// The rows of an incident: its worst measure, the expectations that broke, and what is to be said beside them. The first has the name,
/// how many other measures differ, and the first run that got worse.
fn rows(text: &mut String, sheet: &Sheet<'_>, incident: &Incident<'_>) {
    let (rows, more) = leading(incident);
    let became = incident.became();
    let mut title = format!("{} **{}**<br>", sign(became), named(&incident.name()));
    let first = sheet.first(incident).filter(|_| became <= Became::Unclear);
    let mut why = first
        .map_or_else(String::new, |First { seed, headline, .. }| cell(&cut(&format!("seed {seed}: {headline}"), WHY)));
    let mut row = |name: &str, cells: [String; 4], own: &str| {
        let why = [std::mem::take(&mut why), cell(&cut(own, SENTENCE))].join(" ");
        let _ = writeln!(text, "| {}{name} | {} | {} |", std::mem::take(&mut title), cells.join(" | "), why.trim());
    };
    if let Some((worst, others)) = rows.split_first() {
        let [name, cells @ ..] = figures(worst);
        let others = others.len() + more;
        let others = if others > 0 { format!("<br>and {}", count(others, "other measure")) } else { String::new() };
        row(&(name + &others), cells, "");
    }
    for test in incident.broken().take(EXPECTED) {
        let was = if test.before.is_none() { "new" } else { "held" };
        let Tested { case, wanted, measured, .. } = &test.now;
        let cells = [was.to_owned(), cell(&cut(measured, NAME)), String::new(), String::new()];
        row(&format!("expects {}", named(&case.name.test)), cells, &format!("wanted {wanted}"));
    }
    let more = incident.broken().count().saturating_sub(EXPECTED);
    if more > 0 {
        row(&format!("and {} that broke", count(more, "other expectation")), Default::default(), "");
    }
    for (label, said) in remarks(incident).into_iter().filter(|(label, _)| *label != EXPECTS) {
        row(label, Default::default(), &said);
    }
}

/// A measure on both sides, by how much it differs, and how surely.
fn figures(row: &Row) -> [String; 5] {
    let unit = &row.column.unit;
    let mark = |side: usize| row.kept.map_or("", |kept| kept_in(kept[side], row.before.runs));
    [
        cell(&row.column.name),
        mark(0).to_owned() + &cell(&value(&row.before, unit)),
        mark(1).to_owned() + &cell(&value(&row.now, unit)),
        cell(&difference(row)),
        cell(&how_often(row)),
    ]
}

/// Whether an objective is kept in all runs, in some, or in none.
const fn kept_in(kept: usize, runs: usize) -> &'static str {
    match kept {
        0 => "❌ ",
        _ if kept == runs => "✅ ",
        _ => "◐ ",
    }
}

/// Every incident, folded: harm, and in how many runs the objective is kept.
fn incidents(text: &mut String, sheet: &Sheet<'_>, all: &[&Incident<'_>]) {
    let _ = write!(text, "<details><summary>All {}</summary>\n\n", count(all.len(), "incident"));
    *text += "| incident | harmed before | after | objective met | became |\n| --- | --: | --: | :-- | :-- |\n";
    for incident in all.iter().take(FOLDED) {
        let row = harm(incident);
        let side = |of: fn(&Row) -> &crate::experiment::statistics::Summary| {
            row.map_or_else(|| "–".to_owned(), |row| cell(&value(of(row), &row.column.unit)))
        };
        let runs = incident.file.replications;
        let kept = row.and_then(|row| row.kept).map_or_else(
            || "–".to_owned(),
            |[before, now]| match (before == runs, now == runs) {
                (true, true) => "✅ in every run".to_owned(),
                _ => format!("{before} → {now} of {runs} runs"),
            },
        );
        let (name, became) = (named(&incident.name()), incident.became());
        let (before, now) = (side(|row| &row.before), side(|row| &row.now));
        let _ = writeln!(text, "| {name} | {before} | {now} | {kept} | {} {} |", sign(became), became.word());
    }
    if all.len() > FOLDED {
        let _ = writeln!(text, "| and {} | | | | |", count(all.len() - FOLDED, "other incident"));
    }
    if !sheet.unreached.is_empty() {
        let names: Vec<String> = sheet.unreached.iter().take(FOLDED).map(|name| named(name)).collect();
        let more = sheet.unreached.len().saturating_sub(FOLDED);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        let _ = writeln!(text, "\nNot reached by the change, and not run: {}{more}.", names.join(", "));
    }
    *text += "\n</details>\n";
}

/// The judged measures that differ, folded, where the table has not all of them.
fn measures(text: &mut String, shown: &[&Incident<'_>]) {
    let differing =
        |one: &Incident<'_>| [Became::Worse, Became::Unclear, Became::Better].map(|how| one.that(how).count());
    if shown.len() <= SHOWN && shown.iter().all(|one| differing(one).iter().sum::<usize>() <= 1) {
        return;
    }
    *text += "<details><summary>All measures that differ</summary>\n\n";
    *text +=
        "| incident | measure | before | after | difference ± | how surely |\n| --- | --- | --: | --: | --: | :-- |\n";
    let of = |became: Became| shown.iter().flat_map(move |one| one.that(became).map(move |row| (*one, became, row)));
    let all: Vec<_> = [Became::Worse, Became::Unclear, Became::Better].into_iter().flat_map(of).collect();
    for (incident, became, row) in all.iter().take(FOLDED) {
        let name = format!("{} {}", sign(*became), named(&incident.name()));
        let _ = writeln!(text, "| {name} | {} |", figures(row).join(" | "));
    }
    if all.len() > FOLDED {
        let _ = writeln!(text, "| and {} | | | | | |", count(all.len() - FOLDED, "other measure"));
    }
    *text += "\n</details>\n";
}

fn how(text: &mut String, sheet: &Sheet<'_>) {
    let runs = sheet.incidents.first().map_or(0, |incident| incident.file.replications);
    *text += "<details><summary>How sure</summary>\n\n";
    let _ = writeln!(
        text,
        "{} of each incident with the files of {} and with those of this change, by the same seeds from {} on; ± is the 95 % interval \
         of the mean difference, seed by seed. What is called worse is so with 99 % for all incidents together (Holm). ✅, ◐ and ❌ \
         before a value: the objective is met in every run, in some, in none.",
        count(runs, "run"),
        cell(&sheet.before()),
        sheet.first_seed
    );
    *text += "\n</details>\n";
}
