//! The scorecard as a page: one file, nothing fetched, light and dark, for screens and for A4.

use super::strip::{self, KINDS};
use super::{Cost, GROUPS, GUESSED, Sheet, costs, halt, instances, length, verdict};
use crate::experiment::drill::card::{Came, Verdict};
use crate::experiment::drill::prepare::START;
use crate::experiment::drill::search::{Row, Tried};
use crate::experiment::replay::Replay;
use crate::input::drill::{Drill, Handle};
use crate::output::brief::{Sure, mark};
use crate::output::html::escaped;
use std::fmt::Write as _;
use windtunnel_words::number::{count, in_one_unit, percent};
use windtunnel_words::text::capital;

/// The least share on the axis, and the greatest, in percent.
const AXIS: [f64; 2] = [0.001, 100.0];

/// The page.
#[must_use]
pub fn page(sheet: &Sheet<'_>) -> String {
    let mut out = head(sheet);
    out += &best(sheet);
    let mut shows = [false; KINDS.len()];
    let allowed = sheet.allowed().filter(|_| sheet.has_users());
    // A narrow screen draws the objective in each row.
    let line = allowed.map_or_else(String::new, |allowed| format!(" style=\"--o:{:.1}%\"", 100.0 * place(allowed)));
    let _ = writeln!(out, "<div class=\"grid\" role=\"table\" aria-label=\"Incidents\"{line}>");
    out += &heading(sheet);
    for (group, words) in GROUPS {
        let rows = sheet.group(group);
        if rows.is_empty() || matches!(group, Verdict::CannotHappen | Verdict::Refused) {
            continue;
        }
        let _ = writeln!(
            out,
            "<div class=\"grp {}\" role=\"row\"><span role=\"cell\">{} {words} · {}</span></div>",
            group.key(),
            mark(sure(group)),
            rows.len()
        );
        for (at, drill, row) in rows {
            out += &of_row(sheet, (at, drill, row), &mut shows);
        }
    }
    if let Some(allowed) = allowed {
        let left = 100.0 * place(allowed);
        let _ = write!(
            out,
            "<div class=\"over\" aria-hidden=\"true\"><div><i class=\"obj\" style=\"left:{left:.1}%\"></i></div></div>"
        );
    }
    out += "</div>\n";
    out += &legend(sheet, shows);
    out += &aside(sheet);
    out += &tried(sheet);
    out += &foot(sheet);
    out
}

fn sure(verdict: Verdict) -> Sure {
    match verdict {
        Verdict::Held => Sure::Yes,
        Verdict::Depends => Sure::Partly,
        Verdict::Broke => Sure::No,
        Verdict::NeverStarted | Verdict::NotJudged | Verdict::CannotHappen | Verdict::Refused => Sure::Unknown,
    }
}

fn head(sheet: &Sheet<'_>) -> String {
    let title = sheet.title();
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <title>{}</title><link rel=\"icon\" href=\"data:,\">\n<style>{}{}</style></head><body>{}<div id=\"page\">\n",
        escaped(&title),
        include_str!("../../../assets/report/palette.css"),
        include_str!("../../../assets/report/scorecard.css"),
        include_str!("../../../assets/report/scorecard-patterns.svg").trim()
    );
    let _ = writeln!(
        out,
        "<header><b>windtunnel drill</b><span>{} · {}</span><span class=\"right\">{} · {}</span></header>",
        escaped(&sheet.text(Handle::Set)),
        escaped(&sheet.about()),
        escaped(&sheet.objective()),
        sheet.seeds()
    );
    let _ = writeln!(
        out,
        "<div class=\"hero\"><div><h1>{}</h1><p class=\"lead\">{}</p></div>{}</div>",
        escaped(&title),
        escaped(&sheet.lead()),
        tally(sheet)
    );
    out
}

/// The incidents held, a mark each: before, as it is, and with the one change.
fn tally(sheet: &Sheet<'_>) -> String {
    let line = |name: &str, class: &str, verdicts: Vec<Verdict>| {
        let mut judged: Vec<Verdict> = verdicts.into_iter().filter(|one| one.is_judged()).collect();
        judged.sort_unstable_by(|a, b| b.cmp(a));
        let held = judged.iter().filter(|one| **one == Verdict::Held).count();
        let marks: String = judged.iter().map(|one| mark(sure(*one))).collect();
        format!(
            "<div class=\"tl {class}\"><span>{name}</span><b>{held}</b><span class=\"cells\" role=\"img\" aria-label=\"{held} of {} held\">{marks}</span></div>",
            judged.len()
        )
    };
    let rows = || sheet.rows().map(|(_, _, row)| row);
    let mut out = String::from("<div class=\"tally\">");
    if sheet.before.is_some() {
        out += &line("before", "", rows().filter_map(|row| Some(row.before.as_ref()?.verdict)).collect());
    }
    let own = if sheet.before.is_some() { "this change" } else { "as it is" };
    out += &line(own, "on", rows().map(|row| row.standing.verdict).collect());
    if let Some(best) = sheet.best() {
        let with = sheet.rows().filter_map(|(at, ..)| best.standings[at].as_ref()).map(|one| one.verdict);
        out += &line("with the one change", "", with.collect());
    }
    out + "</div>"
}

fn best(sheet: &Sheet<'_>) -> String {
    let Some(tried) = sheet.best() else {
        return format!(
            "<div class=\"best none\"><div class=\"bl\">The one change</div><div class=\"bt\">{}</div></div>\n",
            escaped(&sheet.no_change())
        );
    };
    let [longer, hours] = costs(sheet, tried);
    let (turns, loses) = turned(sheet, tried);
    let mut what = format!(
        "<b>{}.</b> {}.",
        escaped(&capital(&sheet.candidate(tried).title)),
        escaped(&capital(&sheet.gain(tried)))
    );
    if !turns.is_empty() {
        let _ = write!(what, " It turns: {}.", escaped(&turns.join("; ")));
    }
    if !loses.is_empty() {
        let _ = write!(what, " No longer held: {}.", escaped(&loses.join("; ")));
    }
    let cost =
        |cost: &Cost| format!("<div class=\"bc\"><b>{}</b><span>{}</span></div>", escaped(&cost.by), escaped(&cost.of));
    format!(
        "<div class=\"best\"><div class=\"bl\">The one change that would help most</div><div class=\"bt\">{what}</div>{}{}</div>\n",
        cost(&longer),
        cost(&hours)
    )
}

/// The incidents that a change turns to held, and those that it loses, with the same seeds.
fn turned(sheet: &Sheet<'_>, tried: &Tried) -> (Vec<String>, Vec<String>) {
    let mut both = (Vec::new(), Vec::new());
    for (at, drill, _) in sheet.rows() {
        let (Some(with), Some(without)) = (&tried.standings[at], &tried.without[at]) else { continue };
        match (without.verdict, with.verdict) {
            (Verdict::Held, Verdict::Held) => {}
            (Verdict::Held, _) => both.1.push(super::lower(&drill.title)),
            (_, Verdict::Held) => both.0.push(super::lower(&drill.title)),
            _ => {}
        }
    }
    both
}

fn heading(sheet: &Sheet<'_>) -> String {
    let hours = sheet.fleet.horizon.seconds() / 3600.0;
    let ticks = [0.0, 0.25, 0.5, 0.75, 1.0];
    let time: String = ticks.iter().map(|at| tick(*at, &hour(hours * at))).collect();
    let share: String = [0.001, 0.01, 0.1, 1.0, 10.0, 100.0]
        .iter()
        .map(|value| tick(place(*value), &format!("{value}{}", if *value >= 100.0 { "\u{202f}%" } else { "" })))
        .collect();
    let objective = sheet.allowed().filter(|_| sheet.has_users()).map_or_else(String::new, |allowed| {
        format!("<b class=\"ob\" style=\"left:{:.1}%\">objective {}</b>", 100.0 * place(allowed), percent(allowed))
    });
    let (harm, what) = match sheet.has_users() {
        true => ("requests harmed, log scale", "harmed"),
        false => ("instances bad, log scale", "bad"),
    };
    format!(
        "<div class=\"hd\" role=\"row\"><span role=\"columnheader\">incident</span>\
         <span class=\"fl\" role=\"columnheader\">fleet, seed {}<span class=\"axis\" aria-hidden=\"true\">{time}</span></span>\
         <span class=\"ax\" role=\"columnheader\"><span class=\"cap\">{harm}{objective}</span><span class=\"axis\" aria-hidden=\"true\">{share}</span></span>\
         <span class=\"n\" role=\"columnheader\">{what}</span><span class=\"n\" role=\"columnheader\">harmed for</span>\
         <span class=\"n\" role=\"columnheader\">instances</span><span class=\"n\" role=\"columnheader\">rollout halts</span><span role=\"columnheader\">envelope</span></div>\n",
        sheet.card.first_seed
    )
}

fn tick(at: f64, words: &str) -> String {
    format!("<span style=\"left:{:.1}%\">{words}</span>", 100.0 * at)
}

fn hour(hours: f64) -> String {
    format!("{}\u{202f}h", windtunnel_words::number::decimals(hours, 1))
}

/// Where a share in percent is on the axis, 0 to 1.
fn place(value: f64) -> f64 {
    let [low, high] = AXIS.map(libm::log10);
    ((libm::log10(value.max(AXIS[0])) - low) / (high - low)).clamp(0.0, 1.0)
}

fn of_row(sheet: &Sheet<'_>, (at, drill, row): (usize, &Drill, &Row), shows: &mut [bool; KINDS.len()]) -> String {
    let one = &row.standing;
    let class = one.verdict.key();
    let strip = sheet.fleet.plan(at, None).map(|plan| {
        let replay = Replay::new(plan, sheet.card.first_seed);
        strip::draw(&replay, &sheet.text(Handle::Set), &drill.title, Some(START))
    });
    let drawing = strip.map_or_else(String::new, |strip| {
        for (seen, now) in shows.iter_mut().zip(strip.shows) {
            *seen |= now;
        }
        strip.svg
    });
    let harm = sheet.harm(one);
    let before = row.before.as_ref().map(|before| sheet.harm(before));
    let (halts, note) = halt(drill, one);
    let was = |text: Option<String>, now: &str| {
        text.filter(|text| text != now)
            .map_or_else(String::new, |text| format!("<span class=\"d\">before {}</span>", escaped(&unbroken(&text))))
    };
    let cell = |class: &str, name: &str, text: &str, more: &str| {
        format!("<div class=\"n {class}\" role=\"cell\"><em>{name}</em>{text}{more}</div>")
    };
    let harm_words = sheet.harmed(harm);
    let long = length(one.degraded_s);
    let bad = instances(one);
    let note = note.to_string();
    let note = if note.is_empty() { note } else { format!("<span class=\"d\">{}</span>", escaped(&note)) };
    let mut out = format!(
        "<div class=\"row\" role=\"row\"><div class=\"nm\" role=\"rowheader\">{}</div><div class=\"fl\" role=\"cell\">{drawing}</div>\
         <div class=\"ax\" role=\"cell\">{}</div>",
        named(at, drill),
        track(harm, before.flatten(), one.verdict)
    );
    out += &cell(
        "hr",
        if sheet.has_users() { "harmed" } else { "bad" },
        &format!("<b class=\"{class}\">{}</b>", escaped(&unbroken(&harm_words))),
        &was(before.map(|came| sheet.harmed(came)), &harm_words),
    );
    out += &cell(
        "dt",
        "harmed for",
        &escaped(&unbroken(&long)),
        &was(row.before.as_ref().map(|one| length(one.degraded_s)), &long),
    );
    out += &cell("in", "instances", &escaped(&bad), &was(row.before.as_ref().map(instances), &bad));
    out += &cell("ht", "halts", &escaped(&halts), &note);
    let differed = row.before.as_ref().filter(|before| verdict(before) != verdict(one));
    let differed =
        differed.map_or_else(String::new, |before| format!("<span class=\"d\">before: {}</span>", verdict(before)));
    let _ = writeln!(
        out,
        "<div class=\"ev\" role=\"cell\">{} <span class=\"v {class}\">{}</span>{differed}</div>{}</div>",
        mark(sure(one.verdict)),
        verdict(one),
        below(sheet, row)
    );
    out
}

/// A number with its unit, which stay on one line.
fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// The title of an incident, which leads to what happens in it.
fn named(at: usize, drill: &Drill) -> String {
    format!("<b><a href=\"#incident-{at}\">{}</a></b>", escaped(&drill.title))
}

/// What is below a row: why nothing began, what changed surely, what would help.
fn below(sheet: &Sheet<'_>, row: &Row) -> String {
    let mut parts: Vec<String> = Vec::new();
    if row.standing.verdict == Verdict::NeverStarted {
        parts.extend(row.standing.why.as_deref().map(escaped));
    }
    parts.extend(sheet.change(row).map(|change| format!("{change}, against before")));
    if let Some(remedy) = &row.remedy {
        parts.push(format!(
            "helps most: <b>{}</b> → {} harmed, {}",
            escaped(&sheet.fleet.candidates[remedy.change].title),
            sheet.harmed(sheet.harm(&remedy.standing)),
            verdict(&remedy.standing)
        ));
    }
    parts.extend(sheet.no_help(row).map(str::to_owned));
    if parts.is_empty() {
        String::new()
    } else {
        format!("<div class=\"fix\" role=\"cell\">{}</div>", parts.join("; "))
    }
}

/// The harm of all runs on the axis: the range, the mean, and the mean before.
fn track(harm: Option<Came>, before: Option<Came>, verdict: Verdict) -> String {
    let mut out = String::from("<div class=\"track\">");
    let Some(now) = harm.filter(|_| verdict.is_judged()) else { return out + "</div>" };
    if now.most <= 0.0 {
        out += "<span class=\"zero\">none</span>";
    } else {
        let (low, high) = (place(now.least), place(now.most));
        let _ =
            write!(out, "<i class=\"rng\" style=\"left:{:.1}%;width:{:.1}%\"></i>", 100.0 * low, 100.0 * (high - low));
        if let Some(before) = before.filter(|before| before.mean > 0.0 && before.mean != now.mean) {
            let (a, b) = (place(before.mean), place(now.mean));
            let _ = write!(
                out,
                "<i class=\"arr\" style=\"left:{:.1}%;width:{:.1}%\"></i><i class=\"was\" style=\"left:{:.1}%\"></i>",
                100.0 * a.min(b),
                100.0 * (a - b).abs(),
                100.0 * a
            );
        }
        let _ = write!(out, "<i class=\"now {}\" style=\"left:{:.1}%\"></i>", verdict.key(), 100.0 * place(now.mean));
    }
    out + "</div>"
}

fn legend(sheet: &Sheet<'_>, shows: [bool; KINDS.len()]) -> String {
    let mut out = String::from("<div class=\"keys\"><ul class=\"legend\">");
    for ((class, words, _), _) in KINDS.iter().zip(shows).filter(|(_, shown)| *shown) {
        let _ = write!(
            out,
            "<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><rect class=\"st-{class}\" width=\"18\" height=\"12\"/></svg>{words}</li>"
        );
    }
    let runs = sheet.card.runs;
    let _ = write!(
        out,
        "</ul><ul class=\"legend\"><li><i class=\"k now held\"></i>mean of {}</li><li><i class=\"k rng\"></i>all of them</li>",
        count(runs, "run")
    );
    if sheet.before.is_some() {
        out += "<li><i class=\"k was\"></i>before, where it differs</li>";
    }
    if sheet.allowed().is_some() && sheet.has_users() {
        out += "<li><i class=\"k obj\"></i>objective</li>";
    }
    out += "<li><i class=\"k inc\"></i>the rollout or the incident begins</li></ul></div>\n";
    out
}

/// What was not run, and what the numbers rest on.
fn aside(sheet: &Sheet<'_>) -> String {
    let mut out = String::new();
    for group in [Verdict::CannotHappen, Verdict::Refused] {
        let rows = sheet.group(group);
        if rows.is_empty() {
            continue;
        }
        let words = GROUPS.iter().find(|(verdict, _)| *verdict == group).map_or("", |(_, words)| words);
        let _ = write!(out, "<section class=\"not\"><h2>{} {words} · {}</h2><ul>", mark(Sure::Unknown), rows.len());
        for (at, drill, row) in rows {
            let why = row.standing.why.as_deref().unwrap_or("not known");
            let _ = write!(out, "<li>{}: {}</li>", named(at, drill), escaped(why));
        }
        out += "</ul></section>\n";
    }
    let guesses = match sheet.guesses {
        0 => String::new(),
        more => format!(
            " {} of the fleet’s scenario are guesses, among them what users send and what an instance serves. {}{}",
            count(more, "value"),
            escaped(GUESSED),
            sheet.asked().map_or_else(String::new, |asked| format!(" {}", escaped(&asked)))
        ),
    };
    let _ = writeln!(
        out,
        "<p class=\"small\">Every run is {} long. What leads to a rollout begins after 30 minutes: a publication, a write of the model \
         or a call. A share of requests is one of the whole run. \
         Instances are all that were harmed in one way or another, those that replace others too, so that there can be \
         more than the fleet has at once. \
         The envelope holds where the objective is met. Nobody intervenes: what nothing stops goes on to the end of the \
         run, and ≥ marks what was still going on then. \
         Held means in every run, broke in none.{guesses}</p>\n<p><code class=\"cmd\">{}</code></p>",
        in_one_unit(sheet.fleet.horizon.seconds()),
        escaped(sheet.command)
    );
    out
}

/// What was tried for the one change.
fn tried(sheet: &Sheet<'_>) -> String {
    let card = sheet.card;
    if card.tried.is_empty() {
        return String::new();
    }
    let mut out = format!(
        "<details><summary>What was tried for the one change <span>{}</span></summary>\n<table><thead><tr><th>change</th><th class=\"n\">held</th><th>turns to held</th><th>costs</th><th class=\"n\">seeds</th></tr></thead><tbody>\n",
        count(card.tried.len(), "change")
    );
    for tried in &card.tried {
        let (turns, _) = turned(sheet, tried);
        let [longer, hours] = costs(sheet, tried);
        let cost =
            tried.barred.as_ref().map_or_else(|| format!("{longer}; {hours}"), |why| format!("not advised: {why}"));
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"n\" data-of=\"held\">{} of {}{}</td><td data-of=\"turns to held\">{}</td><td data-of=\"costs\">{}</td>\
             <td class=\"n\" data-of=\"seeds\">{}</td></tr>",
            escaped(&sheet.candidate(tried).title),
            tried.held,
            tried.of,
            match tried.held_without() {
                same if same == tried.held => String::new(),
                other => format!(", {other} without"),
            },
            escaped(&if turns.is_empty() { "none".to_owned() } else { turns.join("; ") }),
            escaped(&cost),
            tried.seeds
        );
    }
    out += "</tbody></table><p class=\"small\">Changes that do not seem to help were run with few seeds, and in the incidents alone that the fleet does not hold. Each is compared with the fleet without it, run with the same seeds.</p></details>\n";
    out
}

fn foot(sheet: &Sheet<'_>) -> String {
    let guide: String = sheet
        .rows()
        .map(|(at, drill, _)| {
            let (title, text) = (escaped(&drill.title), escaped(&drill.description));
            format!("<dt id=\"incident-{at}\">{title}</dt><dd>{text}</dd>")
        })
        .collect();
    format!(
        "<details><summary>What happens in each incident</summary><dl>{guide}</dl></details>\n<footer>windtunnel {} · the timings of the model at their defaults: <code>windtunnel assumptions</code></footer>\n</div></body></html>\n",
        env!("CARGO_PKG_VERSION")
    )
}
