//! The comparison as Markdown: the comment under a pull request, and the summary of a job.

use super::{First, Sheet, difference, how_often, leading, remarks, value};
use crate::experiment::against::{Became, Incident};
use crate::output::verdicts::markdown::{cell, fenced};
use std::fmt::Write as _;
use windtunnel_words::number::count;
use windtunnel_words::text::capital;

/// GitHub takes a comment of 65,536 letters; so many incidents are shown.
const SHOWN: usize = 40;

/// The sign before an incident.
const fn sign(became: Became) -> &'static str {
    match became {
        Became::Worse => "❌",
        Became::Unclear => "⚠️",
        Became::Better => "✅",
        Became::Close | Became::Same => "➖",
    }
}

/// The finding in a sentence.
fn finding(sheet: &Sheet<'_>) -> String {
    let that = |became| sheet.that(became).count();
    let all = count(sheet.incidents.len() + sheet.unreached.len(), "incident");
    match (that(Became::Worse), that(Became::Unclear), sheet.gone.len()) {
        (0, 0, 0) => match that(Became::Better) {
            0 => format!("none of {all} gets worse"),
            1 => format!("none of {all} gets worse, and one gets better"),
            better => format!("none of {all} gets worse, and {better} get better"),
        },
        (0, 0, _) => "less is tested than before".to_owned(),
        (0, unclear, _) => format!("of {unclear} of {all} it stays undecided whether they get worse"),
        (worse, ..) => format!("this change makes {worse} of {all} worse"),
    }
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
    let shown: Vec<&&Incident<'_>> = all.iter().filter(telling).take(SHOWN).collect();
    if !shown.is_empty() {
        text +=
            "| incident | measure | before | now | difference | how surely |\n| --- | --- | --: | --: | --: | :-- |\n";
        for incident in &shown {
            rows(&mut text, incident);
        }
        text.push('\n');
    }
    for gone in sheet.gone {
        let _ = writeln!(text, "- ⚠️ **{}**: {}", cell(&gone.scenario), cell(&gone.what));
    }
    for note in sheet.notes {
        let _ = writeln!(text, "- {}", cell(note));
    }
    for incident in shown.iter().filter(|incident| incident.became() <= Became::Unclear) {
        if let Some(First { seed, headline, .. }) = sheet.first(incident) {
            let _ = writeln!(text, "- **{}**, seed {seed}: {}", cell(&incident.name()), cell(&capital(headline)));
        }
    }
    let rest: Vec<String> = all.iter().filter(|one| !telling(one)).map(|one| one.name()).collect();
    text += "\n<details><summary>How this was found</summary>\n\n";
    let runs = sheet.incidents.first().map_or(0, |incident| incident.file.replications);
    let _ = writeln!(
        text,
        "{} of each incident with the files of {} and with those of this change, by the same seeds from {} on; ± is the 95 % interval \
         of the mean difference, seed by seed. What is called worse is so with 99 % for all incidents together (Holm).",
        count(runs, "run"),
        cell(&sheet.before()),
        sheet.first_seed
    );
    for (what, names) in [
        ("The same, or without a difference that matters", &rest[..]),
        ("Not reached by the change, and not run", sheet.unreached),
    ] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| cell(name)).collect();
            let _ = writeln!(text, "\n{what}: {}.", names.join(", "));
        }
    }
    text += "\n</details>\n<details><summary>Reproduce</summary>\n\n";
    let mut commands = vec![sheet.command.to_owned()];
    commands.extend(shown.iter().filter_map(|incident| sheet.first(incident)).map(|first| first.replay.clone()));
    text + &fenced(&commands.join("\n")) + "\n</details>\n"
}

fn rows(text: &mut String, incident: &Incident<'_>) {
    let (rows, more) = leading(incident);
    let (became, name) = (incident.became(), incident.name());
    let said = remarks(incident);
    let mut title = format!("{} **{}**", sign(became), cell(&name));
    for row in &rows {
        let unit = &row.column.unit;
        let cells = [
            std::mem::take(&mut title),
            cell(&row.column.name),
            cell(&value(&row.before, unit)),
            cell(&value(&row.now, unit)),
            cell(&difference(row)),
            cell(&how_often(row)),
        ];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    for (label, said) in said {
        let _ = writeln!(text, "| {} | {label} | | | | {} |", std::mem::take(&mut title), cell(&said));
    }
    if more > 0 {
        let _ = writeln!(text, "| | and {} more | | | | |", count(more, "measure"));
    }
}
