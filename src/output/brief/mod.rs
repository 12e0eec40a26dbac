//! `brief.html`: one page for those who decide, and one sheet of paper. No program is in it and nothing is fetched.
//!
//! Its order is that of the questions: what is asked, the three numbers, how it looked over time, what is recommended, how
//! sure that is, and what it rests on.

pub mod comparison;
pub(in crate::output) mod curve;
pub mod run;

use super::html::escaped;
use std::fmt::Write as _;

/// A number that decides, with the one that it is compared with.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// What it is.
    pub what: String,
    /// As it is today; empty where there is one only.
    pub before: String,
    /// As it is then.
    pub after: String,
    /// What belongs to it.
    pub note: String,
}

/// How sure something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    /// It is.
    Yes,
    /// It depends.
    Partly,
    /// It is not.
    No,
    /// Nobody looked.
    Unknown,
}

/// One curve of harm over time.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Whose it is.
    pub name: String,
    /// What belongs to it.
    pub note: String,
    /// The harmed share of each of equal slices of time, 0 to 1.
    pub shares: Vec<f64>,
}

/// A brief.
#[derive(Clone, Debug)]
pub struct Brief {
    /// What kind of page it is.
    pub kind: &'static str,
    /// Title and place of the scenario.
    pub about: String,
    /// The finding, or what is asked.
    pub title: String,
    /// What happens, in a sentence or two.
    pub lead: String,
    /// The numbers.
    pub figures: Vec<Figure>,
    /// What the panels show.
    pub caption: String,
    /// The curves.
    pub panels: Vec<Panel>,
    /// What is allowed, as a share, 0 to 1.
    pub allowed: Option<f64>,
    /// Civil times below the curves: places from 0 to 1 with words.
    pub ticks: Vec<(f64, String)>,
    /// What is recommended, a paragraph each; what is before the first full stop is in bold.
    pub recommend: Vec<String>,
    /// How sure it is: the mark, a word and a sentence.
    pub sure: Vec<(Sure, String, String)>,
    /// What it rests on.
    pub rests: Vec<String>,
    /// The command that repeats it.
    pub command: String,
    /// What else is at the foot.
    pub foot: String,
}

/// The page.
pub fn page(brief: &Brief) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    let _ = write!(
        out,
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <title>{}</title><link rel=\"icon\" href=\"data:,\">\n<style>{}{}</style></head><body><div id=\"page\">\n",
        escaped(&brief.title),
        include_str!("../../../assets/report/palette.css"),
        include_str!("../../../assets/report/brief.css"),
    );
    let _ = write!(
        out,
        "<header><b>{}</b><span>{}</span><span class=\"right\">windtunnel {} · all times UTC</span></header>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n",
        brief.kind,
        escaped(&brief.about),
        env!("CARGO_PKG_VERSION"),
        escaped(&brief.title),
        escaped(&brief.lead)
    );
    out += "<div class=\"figures\">\n";
    for figure in &brief.figures {
        let before =
            if figure.before.is_empty() { String::new() } else { format!("{} <i>→</i> ", escaped(&figure.before)) };
        let _ = writeln!(
            out,
            "<div><span>{}</span><b>{before}<strong>{}</strong></b><em>{}</em></div>",
            escaped(&figure.what),
            escaped(&figure.after),
            escaped(&figure.note)
        );
    }
    out += "</div>\n";
    out += &curve::figure(brief);
    out += "<div class=\"columns\">\n<section><h2>Recommendation</h2>\n";
    for text in &brief.recommend {
        let (first, rest) = text.split_once(". ").map_or((text.as_str(), ""), |(first, rest)| (first, rest));
        let stop = if rest.is_empty() { "" } else { "." };
        let _ = writeln!(out, "<p><b>{}{stop}</b> {}</p>", escaped(first), escaped(rest));
    }
    out += "</section>\n<section><h2>How sure</h2><ul class=\"sure\">\n";
    for (sure, word, text) in &brief.sure {
        let _ = writeln!(out, "<li>{}<span><b>{}</b> {}</span></li>", mark(*sure), escaped(word), escaped(text));
    }
    out += "</ul></section>\n<section><h2>What it rests on</h2><ul class=\"rests\">\n";
    for text in &brief.rests {
        let _ = writeln!(out, "<li>{}</li>", escaped(text));
    }
    let _ = write!(
        out,
        "</ul></section></div>\n<footer><code>{}</code> <span>{}</span></footer>\n</div></body></html>\n",
        escaped(&brief.command),
        escaped(&brief.foot)
    );
    out
}

/// A mark by shape and colour; the words beside it say the same.
pub(in crate::output) fn mark(sure: Sure) -> &'static str {
    match sure {
        Sure::Yes => {
            "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" r=\"7.5\" class=\"held\"/><path d=\"M4.3 8.3 7 11l4.8-5.6\" class=\"cut\"/></svg>"
        }
        Sure::Partly => {
            "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" r=\"6.8\" class=\"ring chance\"/><path d=\"M8 1.2a6.8 6.8 0 0 1 0 13.6Z\" class=\"chance\"/></svg>"
        }
        Sure::No => {
            "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"M8 .5 15.5 8 8 15.5.5 8Z\" class=\"broke\"/><path d=\"m5.5 5.5 5 5m0-5-5 5\" class=\"cut\"/></svg>"
        }
        Sure::Unknown => {
            "<svg class=\"mark\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><circle cx=\"8\" cy=\"8\" r=\"6.6\" class=\"ring never\"/><path d=\"m3.4 12.6 9.2-9.2\" class=\"bar\"/></svg>"
        }
    }
}
