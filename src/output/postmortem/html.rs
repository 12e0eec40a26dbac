//! The document as a page: one file, nothing fetched, light and dark, for screens and for A4.

use super::{Block, Document, Dot, Line, Moment, Section, Span, Table, chart};
use crate::output::highlights::Highlights;
use crate::output::html::escaped;
use std::fmt::Write as _;

/// The page.
#[must_use]
pub fn page(document: &Document, run: &Highlights<'_>) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n\
         <title>Post-mortem: {}</title><link rel=\"icon\" href=\"data:,\">\n<style>{}{}</style></head><body>{}<div id=\"page\">\n",
        escaped(&document.title),
        include_str!("../../../assets/report/palette.css"),
        include_str!("../../../assets/report/postmortem.css"),
        include_str!("../../../assets/report/scorecard-patterns.svg").trim()
    );
    let _ = write!(
        out,
        "<header><b>Post-mortem</b><span class=\"right\">draft</span></header>\n<h1>{}</h1>\n<p class=\"sub\">{}</p>\n",
        escaped(&document.title),
        line(&document.sentence)
    );
    out += &chart::lanes(document, run);
    let (first, rest): (Vec<&Section>, Vec<&Section>) =
        document.sections.iter().partition(|one| one.title == "Timeline");
    out += "<div class=\"two\"><div>\n";
    out += &first.into_iter().map(section).collect::<String>();
    out += "</div><div>\n";
    out += &dots(&document.dots);
    out += &moments(&document.moments);
    out += "</div></div>\n";
    out += &rest.into_iter().map(section).collect::<String>();
    let _ = write!(out, "<footer>{}</footer>\n</div></body></html>\n", line(&document.about));
    out
}

fn section(of: &Section) -> String {
    let title = escaped(&of.title);
    let body: String = of.blocks.iter().map(block).collect();
    if of.folded {
        return format!("<details><summary>{title}</summary>\n{body}</details>\n");
    }
    format!("<section><h2>{title}</h2>\n{body}</section>\n")
}

fn block(of: &Block) -> String {
    let items = |lines: &[Line]| lines.iter().map(|one| format!("<li>{}</li>\n", line(one))).collect::<String>();
    match of {
        Block::Text(of) => format!("<p>{}</p>\n", line(of)),
        Block::List(lines) => format!("<ul>\n{}</ul>\n", items(lines)),
        Block::Steps(lines) => format!("<ol>\n{}</ol>\n", items(lines)),
        Block::Table(of) => table(of),
        // The drawing at the head has it.
        Block::Figure { .. } => String::new(),
        Block::Code(_, lines) => format!("<pre class=\"cmd\">{}</pre>\n", escaped(lines)),
        Block::Blanks(blanks) => {
            let items: String =
                blanks.iter().map(|blank| format!("<li>{}<span></span></li>\n", escaped(blank))).collect();
            format!("<ul class=\"blanks\">\n{items}</ul>\n")
        }
    }
}

fn line(of: &Line) -> String {
    let span = |span: &Span| match span {
        Span::Text(text) => escaped(text),
        Span::Strong(text) => format!("<b>{}</b>", escaped(text)),
        Span::Code(text) => format!("<code>{}</code>", escaped(text)),
    };
    of.iter().map(span).collect()
}

fn table(of: &Table) -> String {
    let class = |at: usize| if of.numbers.contains(&at) { " class=\"n\"" } else { "" };
    let mut out = String::from("<div class=\"wide\"><table>");
    if of.head.iter().any(|one| !one.is_empty()) {
        out += "<thead><tr>";
        for (at, said) in of.head.iter().enumerate() {
            let _ = write!(out, "<th{}>{}</th>", class(at), escaped(said));
        }
        out += "</tr></thead>";
    }
    out += "<tbody>\n";
    for (place, row) in of.rows.iter().enumerate() {
        out += if of.marked.contains(&place) { "<tr class=\"rf\">" } else { "<tr>" };
        for (at, cell) in row.iter().enumerate() {
            let head = of.head.get(at).map_or("", String::as_str);
            let label = if head.is_empty() { String::new() } else { format!(" data-l=\"{}\"", escaped(head)) };
            let _ = write!(out, "<td{}{label}>{}</td>", class(at), line(cell));
        }
        out += "</tr>\n";
    }
    out + "</tbody></table></div>\n"
}

/// The least share on the axis of harm, in percent.
const LEAST: f64 = 0.01;

/// Where a share is on the axis, in percent of its width: each tenfold is as wide.
fn place(harm: f64) -> f64 {
    let decades = libm::log10(harm.clamp(LEAST, 100.0) / LEAST);
    100.0 * decades / libm::log10(100.0 / LEAST)
}

/// What would have helped, as dots on an axis.
fn dots(all: &[Dot]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut out = String::from(
        "<h2>What would have helped</h2><p class=\"small soft\">Requests that fail, in the mean, on a log scale</p>\n<div class=\"rx\"><div>",
    );
    for (harm, said) in [(0.01, "0.01"), (0.1, "0.1"), (1.0, "1"), (10.0, "10"), (100.0, "100 %")] {
        let _ = write!(out, "<span style=\"left:{:.1}%\">{said}</span>", place(harm));
    }
    out += "</div></div>\n";
    for (at, dot) in all.iter().enumerate() {
        let was = if at == 0 { " was" } else { "" };
        let mark = if dot.harm > 0.0 {
            format!("<i class=\"o2{was}\" style=\"left:{:.1}%\"></i>", place(dot.harm))
        } else {
            "<em class=\"none\">none</em>".to_owned()
        };
        let _ = writeln!(
            out,
            "<div class=\"rr\"><span>{}<em>{}</em></span><div class=\"tr\">{mark}</div><b>{}</b></div>",
            escaped(&dot.title),
            escaped(&dot.note),
            escaped(&dot.shown)
        );
    }
    out
}

/// One act at one instant after another.
fn moments(all: &[Moment]) -> String {
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return String::new() };
    let most = all.iter().map(|one| one.harm).fold(0.0, f64::max).max(1e-9);
    let mut out = String::from(
        "<h2>The last moment</h2><p class=\"small soft\">Requests that fail where the same act comes at another time</p>\n<div class=\"lm\"><div class=\"bx\"><u style=\"top:0\"></u><u style=\"top:50%\"></u>",
    );
    let _ = write!(
        out,
        "<span class=\"yl\" style=\"top:0\">{most:.0} %</span><span class=\"yl\" style=\"top:100%\">0</span>"
    );
    let count = (all.len().max(2) - 1) as f64;
    for (at, one) in all.iter().enumerate() {
        let hi = if one.refused { " hi" } else { "" };
        let _ = write!(
            out,
            "<i class=\"o3{hi}\" title=\"{}: {:.2} %\" style=\"left:{:.1}%;top:{:.1}%\"></i>",
            escaped(&one.at),
            one.harm,
            100.0 * at as f64 / count,
            100.0 - 100.0 * one.harm / most
        );
    }
    let refused = if all.iter().any(|one| one.refused) {
        "<p class=\"small soft\"><i class=\"o3 hi st\"></i> the act is refused</p>"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "</div><div class=\"xt\"><span style=\"left:0%\">{}</span><span style=\"left:100%\">{}</span></div></div>{refused}",
        escaped(&first.at),
        escaped(&last.at)
    );
    out
}
