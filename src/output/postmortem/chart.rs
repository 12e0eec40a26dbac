//! The incident as a drawing of lanes over one axis of civil time: what people did, the upgrade, the fleet, the requests that fail, and how
//! far what was observed is from the replay. Simulated is area, observed is dots.

use super::{Document, Mark, Within};
use crate::experiment::replay::Replay;
use crate::output::brief::curve;
use crate::output::highlights::Highlights;
use crate::output::html::escaped;
use crate::output::scorecard::strip::{self, KINDS};
use std::fmt::Write as _;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::world::fact::{End, Fact, RolloutFact};
use windtunnel_words::number::percent;

/// So many acts are numbered in the drawing.
const NUMBERED: usize = 20;
/// So many sets have a lane.
const SETS: usize = 3;

/// The lanes.
#[must_use]
pub fn lanes(document: &Document, run: &Highlights<'_>) -> String {
    let replay = run.replay;
    let lines = lines(document, replay);
    let mut shows = [false; KINDS.len()];
    let mut out = String::from("<figure class=\"tl\" aria-label=\"Timeline of the incident\">\n");
    out += &people(document, replay, &lines);
    out += &upgrades(replay, &lines);
    for set in replay.plan().sets.iter().take(SETS) {
        let strip = strip::draw(replay, &set.name, &set.name, None);
        for (all, own) in shows.iter_mut().zip(strip.shows) {
            *all |= own;
        }
        let label = format!("{}<span>instances</span>", escaped(&set.name));
        out += &lane(&label, "fleet", &format!("{}{lines}", strip.svg));
    }
    out += &harm(document, replay, &lines);
    out += &residuals(document, replay, &lines);
    out += "<div></div><div class=\"xt\">";
    for (at, said) in curve::ticks(replay) {
        let _ = write!(out, "<span style=\"left:{:.2}%\">{}</span>", 100.0 * at, escaped(&said));
    }
    out += "</div>\n</figure>\n";
    out + &legend(document, shows)
}

/// Where an instant is, in percent of the width.
fn x(replay: &Replay<'_>, at: SimTime) -> f64 {
    100.0 * at.ms() as f64 / replay.plan().horizon.ms().max(1) as f64
}

fn lane(label: &str, class: &str, body: &str) -> String {
    format!("<div class=\"lab\">{label}</div><div class=\"lane {class}\">{body}</div>\n")
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Act("refused" | "noEffect") => "ref",
        Mark::Act(_) => "done",
        Mark::Observed => "obs",
        Mark::Simulated => "",
    }
}

/// What people did and noted, as lines through a lane.
fn lines(document: &Document, replay: &Replay<'_>) -> String {
    let own = document.events.iter().filter(|event| event.mark != Mark::Simulated).take(NUMBERED);
    own.map(|event| format!("<i class=\"vl {}\" style=\"left:{:.2}%\"></i>", class(event.mark), x(replay, event.at)))
        .collect()
}

fn people(document: &Document, replay: &Replay<'_>, lines: &str) -> String {
    let mut body = lines.to_owned();
    let own = document.events.iter().filter(|event| event.mark != Mark::Simulated).take(NUMBERED);
    let mut last = [-20.0_f64; 2];
    for (at, event) in own.enumerate() {
        let (left, of) = (x(replay, event.at), class(event.mark));
        let _ = write!(
            body,
            "<span class=\"mm\" style=\"left:{left:.2}%\"><span class=\"m {of}\">{}</span></span>",
            at + 1
        );
        let word = match event.mark {
            Mark::Act("refused") => " refused",
            Mark::Act("noEffect") => ", no effect",
            _ => "",
        };
        let said = format!("{}{}{word}", if of == "ref" { "✗ " } else { "" }, event.label);
        // Two rows of words: the one in which there is room.
        let row = usize::from(left - last[0] < 12.0);
        if left - last[row] >= 12.0 {
            last[row] = left;
            let side = if left > 85.0 { " end" } else { "" };
            let _ = write!(
                body,
                "<span class=\"al {of} r{row}{side}\" style=\"left:{left:.2}%\">{}</span>",
                escaped(&said)
            );
        }
    }
    lane("people", "acts", &body)
}

/// The batches of all upgrades, and from the beginning of each to its end a line.
fn upgrades(replay: &Replay<'_>, lines: &str) -> String {
    let mut body = lines.to_owned();
    let (mut began, mut batch): (Vec<_>, Vec<_>) = (Vec::new(), Vec::new());
    let end = replay.outcome.end;
    let bar = |from: SimTime, until: SimTime, number: u32| {
        let (left, right) = (x(replay, from), x(replay, until));
        format!(
            "<i class=\"ba\" style=\"left:{left:.2}%;width:{:.2}%\"></i><span class=\"bn\" style=\"left:{:.2}%\">{number}</span>",
            (right - left).max(0.2),
            f64::midpoint(left, right)
        )
    };
    let line = |from: SimTime, until: SimTime| {
        let (left, right) = (x(replay, from), x(replay, until));
        format!("<i class=\"pa\" style=\"left:{left:.2}%;width:{:.2}%\"></i>", right - left)
    };
    for record in &replay.ledger {
        match record.fact {
            Fact::Rollout(RolloutFact::Started { set, .. }) => began.push((set, record.time)),
            Fact::Rollout(RolloutFact::BatchStarted { set, batch: number, .. }) => {
                batch.push((set, record.time, number))
            }
            Fact::Rollout(RolloutFact::BatchEnded { set, .. }) => {
                if let Some(at) = batch.iter().position(|(of, ..)| *of == set) {
                    let (_, from, number) = batch.remove(at);
                    body += &bar(from, record.time, number);
                }
            }
            Fact::Rollout(RolloutFact::Ended { set, end }) => {
                if let Some(at) = began.iter().position(|(of, _)| *of == set) {
                    body += &line(began.remove(at).1, record.time);
                    let word = match end {
                        End::Completed => "completed",
                        End::Cancelled => "cancelled",
                        End::Faulted { .. } => "halted",
                    };
                    let _ =
                        write!(body, "<span class=\"be\" style=\"left:{:.2}%\">{word}</span>", x(replay, record.time));
                }
            }
            _ => {}
        }
    }
    batch.into_iter().for_each(|(_, from, number)| body += &bar(from, end, number));
    let open = !began.is_empty();
    began.into_iter().for_each(|(_, from)| body += &line(from, end));
    if body.len() == lines.len() && !open {
        return String::new();
    }
    lane("rolling upgrade", "up", &body)
}

/// The share of requests that fails, as an area; what was observed of it, as dots.
fn harm(document: &Document, replay: &Replay<'_>, lines: &str) -> String {
    let shares = curve::shares(replay);
    let wide = 1000.0 / shares.len().max(1) as f64;
    let mut path = String::new();
    let mut at = 0;
    while at < shares.len() {
        let end = (at..shares.len()).find(|&n| shares[n] != shares[at]).unwrap_or(shares.len());
        if shares[at] > 0.0 {
            let _ = write!(
                path,
                "M{:.1} 100V{:.1}H{:.1}V100Z",
                at as f64 * wide,
                100.0 - 100.0 * shares[at],
                end as f64 * wide
            );
        }
        at = end;
    }
    let most = shares.iter().copied().fold(0.0, f64::max);
    let mut body = format!(
        "<svg viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"requests failing, at most {}\"><path class=\"sim\" d=\"{path}\"/></svg>{lines}",
        percent(100.0 * most)
    );
    for part in [0, 50, 100] {
        let _ = write!(body, "<span class=\"yl\" style=\"top:{}%\">{part}</span>", 100 - part);
    }
    for one in document.judged.iter().filter(|one| one.is_harm) {
        let Some((observed, ..)) = one.numbers else { continue };
        let far = if one.within == Within::No { " far" } else { "" };
        let _ = write!(
            body,
            "<i class=\"o{far}\" style=\"left:{:.2}%;top:{:.1}%\"></i>",
            middle(replay, one.from, one.until),
            100.0 - observed.clamp(0.0, 100.0)
        );
    }
    lane("requests failing<span>%</span>", "harm", &body)
}

fn middle(replay: &Replay<'_>, from: SimTime, until: SimTime) -> f64 {
    f64::midpoint(x(replay, from), x(replay, until))
}

/// What was observed less what was simulated, with the band of what is allowed.
fn residuals(document: &Document, replay: &Replay<'_>, lines: &str) -> String {
    let own: Vec<_> =
        document.judged.iter().filter(|one| one.is_harm).filter_map(|one| Some((one, one.numbers?))).collect();
    if own.is_empty() {
        return String::new();
    }
    let allowed = own.iter().map(|(_, (.., allowed))| *allowed).fold(0.0, f64::max);
    // What is allowed takes a third of the height; what is further off lies at the edge.
    let top = (3.0 * allowed).max(1e-9);
    let band = 50.0 * (1.0 - allowed / top);
    let mut body = format!("<u class=\"bd\" style=\"top:{band:.1}%;bottom:{band:.1}%\"></u>{lines}");
    for (one, (observed, simulated, _)) in own {
        let off = ((observed - simulated) / top).clamp(-1.0, 1.0);
        let far = if one.within == Within::No { " far" } else { "" };
        let _ = write!(
            body,
            "<i class=\"o{far}\" style=\"left:{:.2}%;top:{:.1}%\"></i>",
            middle(replay, one.from, one.until),
            50.0 - 50.0 * off
        );
    }
    lane("observed less simulated<span>points</span>", "res", &body)
}

/// What the signs mean, those alone that the drawing has.
fn legend(document: &Document, shows: [bool; KINDS.len()]) -> String {
    let mut out = String::from("<ul class=\"legend\">");
    let has = |of: &str| document.events.iter().any(|event| class(event.mark) == of);
    for (of, said) in [("done", "act, done"), ("ref", "act, refused or without effect"), ("obs", "noted by people")] {
        if has(of) {
            let _ = write!(out, "<li><span class=\"m {of}\">n</span>{said}</li>");
        }
    }
    if document.judged.iter().any(|one| one.is_harm) {
        out +=
            "<li><i class=\"o st\"></i>observed</li><li><i class=\"o far st\"></i>observed, and not as simulated</li>";
    }
    out += "<li><svg viewBox=\"0 0 18 12\"><rect width=\"18\" height=\"12\" class=\"sim\"/></svg>simulated: requests failing</li>";
    for (at, (of, said, _)) in KINDS.iter().enumerate() {
        if shows[at] {
            let _ = write!(
                out,
                "<li><svg viewBox=\"0 0 18 12\"><rect width=\"18\" height=\"12\" class=\"st-{of}\"/></svg>{said}</li>"
            );
        }
    }
    out + "</ul>\n"
}
