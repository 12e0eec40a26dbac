//! `windtunnel rules`: the rulebook, what of it this program follows, and where it is from.

use crate::args::Rules;
use crate::exit;
use crate::output::LEAST_WIDTH;
use crate::output::format::Format;
use crate::output::stream;
use anstyle::Style;
use serde_json::{Value, json};
use std::io::Write;
use windtunnel_sim::rules::{ASSUMPTIONS, Area, RULES, Rule, RuleId, Status};
use windtunnel_words::suggest::{near, or_meant};
use windtunnel_words::text::{BOLD, DIM, FAIR, GOOD, columns, cut, paint, unticked, wrap};

/// Shows only rules of one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum StatusFilter {
    /// Followed as stated.
    Exact,
    /// Followed, but for a deviation that is named.
    Approximated,
    /// Not modelled.
    Absent,
}

impl StatusFilter {
    fn admits(self, status: Status) -> bool {
        matches!(
            (self, status),
            (Self::Exact, Status::Exact)
                | (Self::Approximated, Status::Approximated(_))
                | (Self::Absent, Status::Absent(_))
        )
    }
}

/// Shows what of the rulebook was asked for.
pub fn rules(args: &Rules) -> anyhow::Result<u8> {
    let mut out = stream::stdout();
    match args.count {
        true => count(args.format, &mut out)?,
        false => list(args.id.as_deref(), args.status, args.format, super::width(), &mut out)?,
    }
    Ok(exit::OK)
}

/// Shows the rulebook, one area of it (`LB`), or everything about one rule (`LB-05`).
///
/// Styles are written as ANSI codes; a stream that does not want them strips them.
pub fn list(
    filter: Option<&str>,
    status: Option<StatusFilter>,
    format: Format,
    width: usize,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let width = width.max(LEAST_WIDTH);
    let areas = match filter.map(what_is_meant).transpose()? {
        Some(Meant::Rule(rule)) if status.is_some_and(|status| !status.admits(rule.status)) => {
            anyhow::bail!("{} is {}; remove --status to see it", rule.id, rule.status.word());
        }
        Some(Meant::Rule(rule)) => {
            return match format {
                Format::Human => show_rule(rule, width, out),
                Format::Json => write_json(&rule_json(rule), out),
            };
        }
        Some(Meant::Area(area)) => vec![area],
        None => Area::ALL.to_vec(),
    };
    match format {
        Format::Human => show_areas(&areas, status, width, out),
        Format::Json => write_json(&areas_json(&areas, status), out),
    }
}

/// How many rules there are of each status, and how many assumptions.
pub fn count(format: Format, out: &mut dyn Write) -> anyhow::Result<()> {
    let Coverage { exact, approximated, absent } = Coverage::of(RULES);
    let all = RULES.len();
    let read = ASSUMPTIONS.iter().filter(|row| row.modelled).count();
    if format == Format::Json {
        let rules = json!({ "all": all, "exact": exact, "approximated": approximated, "absent": absent });
        return write_json(&json!({ "rules": rules, "assumptions": { "all": ASSUMPTIONS.len(), "read": read } }), out);
    }
    writeln!(out, "{all:>4} rules, of which")?;
    writeln!(out, "{exact:>4} are followed exactly")?;
    writeln!(out, "{approximated:>4} are followed with a stated deviation")?;
    writeln!(out, "{absent:>4} are absent from the model")?;
    writeln!(out, "{:>4} assumptions, of which", ASSUMPTIONS.len())?;
    writeln!(out, "{read:>4} are read by the model")?;
    Ok(())
}

/// How many rules of an area, or of all, have each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Followed as stated.
    pub exact: usize,
    /// Followed, but for a deviation that is named.
    pub approximated: usize,
    /// Not modelled.
    pub absent: usize,
}

impl Coverage {
    /// Counts `rules`.
    pub fn of(rules: &[Rule]) -> Self {
        let mut coverage = Self::default();
        for rule in rules {
            match rule.status {
                Status::Exact => coverage.exact += 1,
                Status::Approximated(_) => coverage.approximated += 1,
                Status::Absent(_) => coverage.absent += 1,
            }
        }
        coverage
    }

    /// All of them.
    pub const fn total(self) -> usize {
        self.exact + self.approximated + self.absent
    }
}

enum Meant {
    Area(Area),
    Rule(&'static Rule),
}

fn what_is_meant(filter: &str) -> anyhow::Result<Meant> {
    if let Some(area) = Area::parse(filter) {
        return Ok(Meant::Area(area));
    }
    let Some(id) = RuleId::parse(filter) else {
        let names: Vec<String> = Area::ALL
            .iter()
            .map(|area| area.letters().to_owned())
            .chain(RULES.iter().map(|r| r.id.to_string()))
            .collect();
        let hint = or_meant(&near(filter, names.iter().map(String::as_str)));
        let hint = if hint.is_empty() { "; `windtunnel rules` lists them".to_owned() } else { hint };
        anyhow::bail!("`{filter}` is neither a rule nor an area of the rulebook{hint}");
    };
    if let Some(rule) = id.rule() {
        return Ok(Meant::Rule(rule));
    }
    // The area is right, so the number is wrong: numbers beside it say more than letters alike.
    let mut beside: Vec<&Rule> = id.area().rules().iter().collect();
    beside.sort_by_key(|rule| rule.id.number().abs_diff(id.number()));
    let names: Vec<String> = beside.iter().take(3).map(|rule| rule.id.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    anyhow::bail!("there is no rule {id}{}", or_meant(&names))
}

/// The mark of a status, one column wide.
pub const fn mark(status: Status) -> &'static str {
    match status {
        Status::Exact => "●",
        Status::Approximated(_) => "◐",
        Status::Absent(_) => "○",
    }
}

const fn style(status: Status) -> Style {
    match status {
        Status::Exact => GOOD,
        Status::Approximated(_) => FAIR,
        Status::Absent(_) => DIM,
    }
}

fn show_areas(areas: &[Area], status: Option<StatusFilter>, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    show_coverage(areas, width, out)?;
    writeln!(out, "\n● exact   ◐ approximated   ○ absent")?;
    for area in areas {
        let rules: Vec<_> =
            area.rules().iter().filter(|rule| status.is_none_or(|status| status.admits(rule.status))).collect();
        if rules.is_empty() {
            continue;
        }
        writeln!(out, "\n{}", paint(BOLD, cut(&format!("{}  {}", area.letters(), area.title()), width)))?;
        for rule in rules {
            let id = format!("{:<6}", rule.id);
            let statement = cut(&unticked(rule.statement), width - columns(&id) - 3);
            let mark = paint(style(rule.status), mark(rule.status));
            writeln!(out, "{id} {mark} {statement}")?;
        }
    }
    Ok(())
}

fn show_coverage(areas: &[Area], width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    /// The columns that everything but the title takes.
    const COLUMNS: usize = 43;
    let title_width = areas.iter().map(|area| columns(area.title())).max().unwrap_or(0).min(width - COLUMNS);
    let line = |letters: &str, title: &str, exact: &str, approximated: &str, absent: &str, total: &str| {
        let title = cut(title, title_width);
        format!("{letters:<4}  {title:<title_width$}  {exact:>6} {approximated:>13} {absent:>7} {total:>6}")
    };
    let counts = |letters: &str, title: &str, coverage: Coverage| {
        let [exact, approximated, absent, total] =
            [coverage.exact, coverage.approximated, coverage.absent, coverage.total()].map(|count| count.to_string());
        line(letters, title, &exact, &approximated, &absent, &total)
    };
    writeln!(out, "{}", paint(BOLD, line("area", "", "exact", "approximated", "absent", "all").trim_end()))?;
    for area in areas {
        writeln!(out, "{}", counts(area.letters(), area.title(), Coverage::of(area.rules())))?;
    }
    if areas.len() == Area::ALL.len() {
        writeln!(out, "{}", paint(BOLD, counts("all", "", Coverage::of(RULES))))?;
    }
    Ok(())
}

fn show_rule(rule: &Rule, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let area = rule.id.area();
    writeln!(out, "{}  {}\n", paint(BOLD, rule.id), paint(DIM, area.title()))?;
    for line in wrap(&unticked(rule.statement), width) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;

    let mark = paint(style(rule.status), mark(rule.status));
    writeln!(out, "{:<LABEL$}{mark} {}", "status", rule.status.word())?;
    if let Some(deviation) = rule.status.deviation() {
        field("deviation", deviation, width, out)?;
    }
    if let Some(reason) = rule.status.absence() {
        field("because", reason, width, out)?;
    }
    field("confidence", rule.confidence.word(), width, out)?;
    let sources = rule.sources().flat_map(|of| [format!("{}: {}", of.key, of.title), of.place.to_owned()]);
    fields("source", sources, width, out)?;
    let premise = |id: RuleId| {
        let statement = id.rule().map_or("", |premise| premise.statement);
        let room = width.saturating_sub(LABEL + columns(&id.to_string()) + 2);
        format!("{id}: {}", cut(&unticked(statement), room))
    };
    fields("follows from", rule.premises().map(premise), width, out)?;
    fields("tests", rule.tests.iter().map(|test| (*test).to_owned()), width, out)?;
    Ok(())
}

/// The columns that the name of a field takes, with the gap after it.
const LABEL: usize = 14;

/// Writes a field whose text wraps beside its name.
pub(super) fn field(mut label: &str, text: &str, width: usize, out: &mut dyn Write) -> std::io::Result<()> {
    for line in wrap(&unticked(text), width - LABEL) {
        writeln!(out, "{:<LABEL$}{line}", std::mem::take(&mut label))?;
    }
    Ok(())
}

/// Writes several fields of one name, which stands beside the first.
fn fields(
    mut label: &str,
    texts: impl Iterator<Item = String>,
    width: usize,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    for text in texts {
        field(std::mem::take(&mut label), &text, width, out)?;
    }
    Ok(())
}

/// Writes JSON as people read it, with an end of line.
pub(super) fn write_json(value: &Value, out: &mut dyn Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)?;
    Ok(())
}

fn coverage_json(coverage: Coverage) -> Value {
    json!({
        "exact": coverage.exact,
        "approximated": coverage.approximated,
        "absent": coverage.absent,
        "all": coverage.total(),
    })
}

fn areas_json(areas: &[Area], status: Option<StatusFilter>) -> Value {
    let coverage: Vec<_> = areas
        .iter()
        .map(|area| {
            json!({
                "area": area.letters(),
                "title": area.title(),
                "coverage": coverage_json(Coverage::of(area.rules())),
            })
        })
        .collect();
    let rules: Vec<_> = areas
        .iter()
        .flat_map(|area| area.rules())
        .filter(|rule| status.is_none_or(|status| status.admits(rule.status)))
        .map(rule_json)
        .collect();
    json!({ "areas": coverage, "rules": rules })
}

fn rule_json(rule: &Rule) -> Value {
    let sources: Vec<_> = rule
        .sources()
        .map(|source| json!({ "key": source.key, "title": source.title, "place": source.place }))
        .collect();
    let premises: Vec<_> = rule.premises().map(|id| id.to_string()).collect();
    json!({
        "id": rule.id.to_string(),
        "area": rule.id.area().letters(),
        "statement": rule.statement,
        "status": rule.status.word(),
        "deviation": rule.status.deviation(),
        "absentBecause": rule.status.absence(),
        "confidence": rule.confidence.word(),
        "sources": sources,
        "followsFrom": premises,
        "tests": rule.tests,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(filter: Option<&str>, status: Option<StatusFilter>, format: Format, width: usize) -> String {
        let mut out = Vec::new();
        list(filter, status, format, width, &mut out).expect("a rule or an area");
        anstream::adapter::strip_str(std::str::from_utf8(&out).expect("UTF-8")).to_string()
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [60, 80, 120] {
            let all = shown(None, None, Format::Human, width);
            let one_by_one = RULES.iter().map(|rule| shown(Some(&rule.id.to_string()), None, Format::Human, width));
            for line in all
                .lines()
                .map(str::to_owned)
                .chain(one_by_one.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()))
            {
                // An address or a field name of ARM cannot be broken.
                let one_word = line.split_whitespace().any(|word| columns(word) > width - LABEL - 2);
                assert!(columns(&line) <= width || one_word, "{width}: {line}");
            }
        }
    }

    #[test]
    fn the_list_has_every_rule_and_its_counts() {
        let all = shown(None, None, Format::Human, 80);
        for rule in RULES {
            assert!(all.contains(&format!("\n{:<6} {} ", rule.id, mark(rule.status))), "{}", rule.id);
        }
        assert!(all.contains(&format!("{}\n", RULES.len())));
        let area = shown(Some("lb"), None, Format::Human, 80);
        assert!(area.contains("Azure Load Balancer (Standard)") && area.contains("LB-30") && !area.contains("AG-01"));
    }

    #[test]
    fn a_status_shows_its_own_rules_only() {
        for (filter, symbol) in
            [(StatusFilter::Exact, "●"), (StatusFilter::Approximated, "◐"), (StatusFilter::Absent, "○")]
        {
            let text = shown(None, Some(filter), Format::Human, 80);
            let rules: Vec<_> = text.lines().filter(|line| line.as_bytes().get(2) == Some(&b'-')).collect();
            assert_eq!(
                rules.len(),
                RULES.iter().filter(|r| filter.admits(r.status) && r.id.area() != Area::AFD).count()
            );
            assert!(rules.iter().all(|line| line.contains(symbol)));
        }
    }

    #[test]
    fn one_rule_is_shown_whole() {
        let text = shown(Some("lb5"), None, Format::Human, 80);
        assert!(text.starts_with("LB-05  Azure Load Balancer (Standard)\n"), "{text}");
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let rule = windtunnel_sim::rules::LB_05.rule().expect("in the table");
        assert!(flat.contains(&unticked(rule.statement)));
        for text in [text, shown(None, None, Format::Human, 80)] {
            assert!(!text.contains('`'), "{text}");
        }
        assert!(flat.contains("LBm: Manage health probes of Load Balancer"));
        assert!(shown(Some("VS-05"), None, Format::Human, 80).contains("follows from  LB-05: For HTTP(S)"));
    }

    #[test]
    fn json_is_whole() {
        let all: Value = serde_json::from_str(&shown(None, None, Format::Json, 80)).expect("JSON");
        assert_eq!(all["rules"].as_array().map(Vec::len), Some(RULES.len()));
        assert_eq!(all["areas"].as_array().map(Vec::len), Some(Area::ALL.len()));
        let one: Value = serde_json::from_str(&shown(Some("LB-05"), None, Format::Json, 80)).expect("JSON");
        assert_eq!(one["id"], "LB-05");
        assert_eq!(one["sources"][0]["key"], "LBm");
    }

    #[test]
    fn a_slip_is_answered_with_what_was_meant() {
        let error = |filter: &str| {
            list(Some(filter), None, Format::Human, 80, &mut Vec::new()).expect_err("no such rule").to_string()
        };
        assert_eq!(error("LB-31"), "there is no rule LB-31; did you mean LB-30, LB-29 or LB-28?");
        assert_eq!(error("HD-18"), "there is no rule HD-18; did you mean HD-17, HD-16 or HD-20?");
        assert!(error("LBB-05").contains("did you mean LB-05"), "{}", error("LBB-05"));
        assert_eq!(
            error("quux"),
            "`quux` is neither a rule nor an area of the rulebook; `windtunnel rules` lists them"
        );
    }
}
