//! A fit on a terminal.

use super::Sheet;
use crate::experiment::fit::{Cell, Fit, Found, Point};
use crate::infer::identify::Known;
use crate::input::unknown::Values;
use std::fmt::Write as _;
use windtunnel_words::clock::moment;
use windtunnel_words::control::escaped;
use windtunnel_words::number::{count, decimals, grouped, number};
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, columns, cut, pad, paint, wrap};

/// So many observations that do not fit are named.
const NAMED: usize = 6;
/// Labels of the parts are so wide.
const LABEL: usize = 14;

/// The fit for a person, in so many columns.
#[must_use]
pub fn render(sheet: &Sheet<'_>, width: usize) -> String {
    let fit = sheet.fit;
    let mut text = String::new();
    let (seen, of) = (count(fit.misfit.observations, "observation"), count(fit.unknowns.len(), "unknown"));
    let _ = writeln!(text, "{}", paint(BOLD, cut(&escaped(sheet.title), width)));
    let _ = writeln!(text, "what {seen} tell of {of}, under {}\n", escaped(&fit.policy));
    ranges(&mut text, fit, width);
    text.push('\n');
    for (label, lines) in parts(sheet) {
        let mut label = paint(BOLD, pad(label, LABEL));
        for line in lines.iter().flat_map(|line| wrap(&escaped(line), width.saturating_sub(LABEL).max(30))) {
            let _ = writeln!(text, "{label}{line}");
            label = " ".repeat(LABEL);
        }
    }
    text
}

/// A row an unknown: what was thought of it, what is known now.
fn ranges(text: &mut String, fit: &Fit, width: usize) {
    let rows: Vec<[String; 3]> =
        fit.unknowns.iter().map(|one| [one.unknown.name.clone(), one.unknown.thought(), now(one)]).collect();
    let most = |at: usize, head: &str, limit: usize| {
        rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0).max(columns(head)).min(limit)
    };
    let (name, before) = (most(0, "", width / 4), most(1, "before", width / 4));
    let _ = writeln!(text, "{}  {}  now, with 90 %", " ".repeat(name), pad("before", before));
    for (row, found) in rows.iter().zip(&fit.unknowns) {
        let word = match found.finding.known {
            Known::Known => paint(GOOD, "known"),
            Known::Partly => paint(FAIR, "partly known"),
            Known::Unknown => paint(FAIR, "not known"),
        };
        let head = paint(BOLD, pad(&cut(&escaped(&row[0]), name), name));
        let thought = paint(DIM, pad(&cut(&escaped(&row[1]), before), before));
        let room = width.saturating_sub(name + before + 4 + 14).max(12);
        let _ = writeln!(text, "{head}  {thought}  {}  {word}", pad(&cut(&escaped(&row[2]), room), room.min(30)));
    }
}

/// What is known now: the middle with its range, or the shares of a choice.
fn now(found: &Found) -> String {
    match found.range {
        Some([low, median, high]) => {
            let said = |value: f64| found.unknown.said(value);
            format!("{} ({} to {})", said(median), said(low), said(high))
        }
        None => {
            let of = |one: &crate::experiment::fit::Choice| {
                format!("{} {} %", found.unknown.said(one.at as f64), decimals(one.share * 100.0, 0))
            };
            found.choices.iter().filter(|one| one.share >= 0.01).map(of).collect::<Vec<_>>().join(", ")
        }
    }
}

/// What the observations tell, a sentence each without its end: for the document of an incident.
#[must_use]
pub fn statements(sheet: &Sheet<'_>) -> Vec<String> {
    let fit = sheet.fit;
    let range = |found: &Found| {
        let word = match found.finding.known {
            Known::Known => "known",
            Known::Partly => "partly known",
            Known::Unknown => "not known from these observations",
        };
        format!("{}: {}, before {}; {word}", found.unknown.name, now(found), found.unknown.thought())
    };
    let mut all = vec![fits(fit)];
    all.extend(fit.unknowns.iter().map(range));
    let excluded: Vec<String> =
        fit.unknowns.iter().filter_map(excluded).map(|said| format!("excluded: {said}")).collect();
    let searched = (!excluded.is_empty()).then(|| searched(fit));
    all.extend(excluded.into_iter().chain(searched));
    all.extend(fit.tied.iter().map(|one| together(fit, one)));
    all.push(method(fit));
    all
}

fn parts(sheet: &Sheet<'_>) -> Vec<(&'static str, Vec<String>)> {
    let fit = sheet.fit;
    let mut parts = vec![("fits", vec![fits(fit)])];
    let misses: Vec<&Point> = fit.points.iter().filter(|point| point.within < 0.5).collect();
    if !misses.is_empty() {
        let mut lines: Vec<String> = misses.iter().take(NAMED).map(|point| miss(sheet, point)).collect();
        if misses.len() > NAMED {
            lines.push(format!("and {} more; points.csv has all", misses.len() - NAMED));
        }
        parts.push(("does not fit", lines));
    }
    let mut excluded: Vec<String> = fit.unknowns.iter().filter_map(excluded).collect();
    if !excluded.is_empty() {
        excluded.push(searched(fit));
        parts.push(("excluded", excluded));
    }
    let apart: Vec<String> = fit.tied.iter().map(|one| together(fit, one)).collect();
    let open = fit.unknowns.iter().filter(|one| one.finding.known == Known::Unknown).map(left_open);
    let lines: Vec<String> = apart.into_iter().chain(open).collect();
    if !lines.is_empty() {
        parts.push(("left open", lines));
    }
    parts.push(("best runs", fit.best.iter().take(3).map(|one| best(fit, one)).collect()));
    parts.push(("method", vec![method(fit)]));
    parts.push(("files", vec![sheet.folder.to_owned()]));
    let given = windtunnel_words::text::quoted(sheet.folder);
    if let (Some(replay), Some(best)) = (sheet.replay, fit.best.first()) {
        let file = windtunnel_words::text::quoted(&format!("{}/{replay}", sheet.folder));
        parts.push(("again", vec![format!("windtunnel run {file} --seed {}", best.point.seed)]));
        parts.push(("document", vec![format!("windtunnel postmortem {given}")]));
    }
    parts.push(("remedies", vec![format!("windtunnel compare {} --given {given}", sheet.file)]));
    parts
}

fn fits(fit: &Fit) -> String {
    let misfit = fit.misfit;
    format!(
        "{} of {} agree with half of the draws or more; {} of {} agree with every one of them",
        misfit.met,
        count(misfit.observations, "observation"),
        misfit.whole,
        count(misfit.draws, "draw"),
    )
}

fn miss(sheet: &Sheet<'_>, point: &Point) -> String {
    let at = moment(sheet.plan, point.from);
    let observed = point.observed.map_or_else(String::new, |value| format!(" observed {},", number(value)));
    let simulated = match point.simulated {
        Some([low, median, high]) => format!(" simulated {} ({} to {})", number(median), number(low), number(high)),
        None => " the runs have no such thing".to_owned(),
    };
    let share = decimals(point.within * 100.0, 0);
    format!("{} at {at}:{observed}{simulated}; {share} % of the draws agree", point.name)
}

/// What is excluded of an unknown, in as few ranges as there are: `pause up to 20 min (45 to 50 % of the observations missed)`.
fn excluded(found: &Found) -> Option<String> {
    let said = |value: f64| found.unknown.said(value);
    let missed = |cells: &[Cell]| {
        let all = cells.iter().map(|cell| cell.missed * 100.0);
        let (low, high) = all.fold((f64::INFINITY, 0.0_f64), |(low, high), one| (low.min(one), high.max(one)));
        let (low, high) = (decimals(low, 0), decimals(high, 0));
        let share = if low == high { low } else { format!("{low} to {high}") };
        format!("the best run misses {share} % of the observations")
    };
    let mut ranges = Vec::new();
    if let Values::Choice(_) = found.unknown.values {
        for cell in found.cells.iter().filter(|cell| cell.is_excluded()) {
            ranges.push(format!("{} ({})", said(cell.from), missed(&[*cell])));
        }
    } else {
        let mut from = 0;
        while from < found.cells.len() {
            let run = found.cells[from..].iter().take_while(|cell| cell.is_excluded()).count();
            if run == 0 {
                from += 1;
                continue;
            }
            let cells = &found.cells[from..from + run];
            let range = match (from == 0, from + run == found.cells.len()) {
                (true, _) => format!("up to {}", said(cells[run - 1].to)),
                (_, true) => format!("from {} on", said(cells[0].from)),
                _ => format!("{} to {}", said(cells[0].from), said(cells[run - 1].to)),
            };
            ranges.push(format!("{range} ({})", missed(cells)));
            from += run;
        }
    }
    (!ranges.is_empty()).then(|| format!("{} {}", found.unknown.name, ranges.join(", ")))
}

/// What it means that something is excluded.
fn searched(fit: &Fit) -> String {
    let bound = if fit.power < 1.0 { ", and they were too few: more --runs may find some" } else { "" };
    format!("excluded: of {} runs none there is nearly as likely as the best{bound}", grouped(fit.runs as u64))
}

/// Two unknowns that cannot be distinguished, with the rate at which the one makes up for the other.
fn together(fit: &Fit, tied: &crate::infer::identify::Tied) -> String {
    let (one, other) = (&fit.unknowns[tied.one], &fit.unknowns[tied.other]);
    // So much of the one as its range is wide, in its own words.
    let step = one.range.map_or(1.0, |[low, _, high]| (high - low) / 2.0);
    let change = tied.slope * step;
    let sign = if change < 0.0 { "less" } else { "more" };
    format!(
        "{} and {} cannot be distinguished by these observations: with {} more of the one goes {} {sign} of the other (correlation {})",
        one.unknown.name,
        other.unknown.name,
        one.unknown.said(step),
        other.unknown.said(change.abs()),
        decimals(tied.correlation, 2),
    )
}

fn left_open(found: &Found) -> String {
    format!(
        "{}: {} % of what was thought possible agrees with the observations as well as the best, whatever the others are",
        found.unknown.name,
        decimals(found.finding.agreeing * 100.0, 0)
    )
}

fn best(fit: &Fit, one: &crate::infer::sample::Particle) -> String {
    let value = |(found, share): (&Found, &f64)| {
        format!("{} {}", found.unknown.name, found.unknown.said(found.unknown.value(*share)))
    };
    let values: Vec<String> = fit.unknowns.iter().zip(&one.point.at).map(value).collect();
    format!("seed {}: {}", one.point.seed, values.join(", "))
}

fn method(fit: &Fit) -> String {
    let mut text = format!(
        "{} runs; sequential Monte Carlo in {}, {} particles of the unknowns and the seed",
        grouped(fit.runs as u64),
        count(fit.stages, "stage"),
        fit.particles,
    );
    if fit.power < 1.0 {
        let _ = write!(
            text,
            "; the runs were used up before all of the observations counted: they count by their power {}, so the ranges are wider \
             than they need be; give more --runs",
            decimals(fit.power, 3)
        );
    }
    text
}
