//! `windtunnel reality`: how far the model is from what was recorded of the platform.

use super::rules::write_json;
use crate::args::Reality;
use crate::exit;
use crate::output::format::Format;
use crate::output::stream;
use crate::reality::case::Case;
use crate::reality::extract;
use crate::reality::figures::Figures;
use crate::reality::judge::judge;
use crate::reality::recordings::{self, Recordings};
use crate::reality::scenario::scenario;
use crate::reality::table::{Fact, Fares, Quantity, Table, short};
use serde_json::json;
use std::io::Write;
use windtunnel_words::text::{BOLD, DIM, cut, paint, wrap};

/// Judges the model by a folder of recordings, or by the project's own summary.
pub fn reality(args: &Reality) -> anyhow::Result<u8> {
    if args.format == Format::Json {
        anyhow::ensure!(!args.figures, "`--figures` prints CSV, not JSON; remove `--format json` or `--figures`");
        anyhow::ensure!(args.case.is_none(), "`--case` prints YAML, not JSON; remove `--format json`");
    }
    if let Some(case) = &args.case {
        let case = case.parse::<Case>().map_err(anyhow::Error::msg)?;
        write!(stream::stdout(), "{}", scenario(&case))?;
        return Ok(exit::OK);
    }
    let (figures, recordings) = match &args.recordings {
        None => (Figures::bundled(), Recordings::default()),
        Some(folder) => {
            let recordings = recordings::read(folder).map_err(anyhow::Error::msg)?;
            (extract::figures(&recordings), recordings)
        }
    };
    if args.figures {
        write!(stream::stdout(), "{}", figures.to_csv())?;
        return Ok(exit::OK);
    }
    let table = judge(&figures);
    show(&table, &recordings, args.format, super::width(), &mut stream::stdout())?;
    Ok(exit::OK)
}

/// Shows a table.
pub fn show(
    table: &Table,
    recordings: &Recordings,
    format: Format,
    width: usize,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    match format {
        Format::Json => {
            let mut json = table.to_json();
            let unreadable = recordings.unreadable.iter();
            let unreadable = unreadable.map(|(path, why)| json!({ "path": path.display().to_string(), "reason": why }));
            json["unreadable"] = unreadable.collect();
            write_json(&json, out)
        }
        Format::Human => {
            quantities(table, width, out)?;
            facts(table, width, out)?;
            placements(table, width, out)?;
            rolling(table, width, out)?;
            left(table, recordings, width, out)?;
            totals(table, width, out)
        }
    }
}

/// A terminal this wide has room for the numbers beside the names.
const ONE_LINE_WIDTH: usize = 110;

fn quantities(table: &Table, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let beside = width >= ONE_LINE_WIDTH;
    let name = if beside { width - 64 } else { 2 };
    let heading = format!(
        "{:>4} {:>4}  {:>16}  {:>16}  {:>5} {:>4} {:>4}",
        "n", "all", "recorded, s", "model, s", "ratio", "50 %", "90 %"
    );
    let first =
        if beside { format!("{:<name$}{heading}", "how long it takes") } else { format!("{:<name$}{heading}", "") };
    writeln!(out, "{}", paint(BOLD, first.trim_end()))?;
    for quantity in &table.quantities {
        let (mark, numbers) = (mark(quantity), numbers(quantity));
        if beside {
            writeln!(out, "{:<name$}{numbers}{mark}", cut(&quantity.name, name - 2))?;
        } else {
            writeln!(out, "{}", cut(&quantity.name, width))?;
            writeln!(out, "{:name$}{numbers}{mark}", "")?;
        }
    }
    writeln!(out)?;
    let few = match table.totals.unjudged {
        (0, ..) | (_, 0, ..) => String::new(),
        (quantities, values, in90, in50) => format!(
            " {quantities} quantities of fewer than 5 values in all years are not judged; of their {values} values {:.0} % lie within 90 % \
             and {:.0} % within 50 %.",
            100.0 * in90 as f64 / values as f64,
            100.0 * in50 as f64 / values as f64
        ),
    };
    let legend = format!(
        "recorded and model: p5/p50/p95; ratio of the medians; the share of recorded values within the model's bands of 50 % and \
         90 %. Judged on the n values since {} where there are any; all is of all years. ! is off the target of 25 %, ~ for a \
         reason that is known, · has too few values.{few}",
        table.new_from
    );
    for line in wrap(&legend, width) {
        writeln!(out, "{}", paint(DIM, &line))?;
    }
    writeln!(out)?;
    Ok(())
}

fn mark(quantity: &Quantity) -> &'static str {
    match () {
        () if !quantity.has_median() => " ·",
        () if quantity.is_near() => "",
        () if quantity.exception().is_some() => " ~",
        () => " !",
    }
}

fn numbers(quantity: &Quantity) -> String {
    let three = |of: &[f64; 3]| of.map(short).join("/");
    let share = |inside: usize| format!("{:.0}", 100.0 * inside as f64 / quantity.n as f64);
    let ratio = if quantity.ratio().is_nan() { "–".to_owned() } else { format!("{:.2}", quantity.ratio()) };
    format!(
        "{:>4} {:>4}  {:>16}  {:>16}  {:>5} {:>4} {:>4}",
        quantity.n,
        quantity.all,
        three(&quantity.recorded),
        three(&quantity.model),
        ratio,
        share(quantity.inside50),
        share(quantity.inside90)
    )
}

fn paragraph(text: &str, indent: usize, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    for line in wrap(text, width - indent) {
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}

fn facts(table: &Table, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let (right, wrong, impossible) = table.totals.facts;
    writeln!(out, "{}", paint(BOLD, "what is answered, counted and placed"))?;
    paragraph(&format!("{right} right, {wrong} wrong, {impossible} impossible"), 0, width, out)?;
    let off = |fact: &&Fact| fact.fares() != Fares::Right;
    for fact in table.facts.iter().filter(off) {
        let verdict = if fact.fares() == Fares::Wrong { "wrong" } else { "impossible" };
        let text = format!(
            "{verdict}: {}, {}: recorded {} (× {}), model {} ({:.0} % of seeds as recorded)",
            fact.set_up,
            fact.name,
            fact.recorded,
            fact.count,
            fact.model,
            100.0 * fact.share
        );
        paragraph(&text, 2, width, out)?;
    }
    writeln!(out)?;
    Ok(())
}

fn placements(table: &Table, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let placements = &table.placements;
    writeln!(out, "{}", paint(BOLD, "who is where"))?;
    let (total, impossible) = table.totals.lists;
    paragraph(&format!("{total} lists of instances, {impossible} of which no seed makes"), 0, width, out)?;
    for (set_up, list, count) in &placements.impossible {
        paragraph(&format!("impossible: {set_up}: {list} (× {count})"), 2, width, out)?;
    }
    for of in &placements.frequencies {
        let text = format!(
            "{}: {} sets, χ² {:.1} of {} degrees, p = {:.3}",
            of.name, of.recorded, of.chi_square, of.degrees, of.p
        );
        paragraph(&text, 2, width, out)?;
    }
    let (mut equal, mut all) = (0, 0);
    for victim in &placements.victims {
        all += victim.count;
        if victim.is_right() {
            equal += victim.count;
            continue;
        }
        let text = format!(
            "{}: recorded {}, model {} in {:.0} % of {} seeds",
            victim.set_up,
            victim.recorded,
            victim.model,
            100.0 * (1.0 - victim.share),
            victim.seeds
        );
        paragraph(&text, 2, width, out)?;
    }
    paragraph(
        &format!("{equal} of {all} scale-ins and evictions leave the same instances as the model"),
        0,
        width,
        out,
    )?;
    writeln!(out)?;
    Ok(())
}

fn rolling(table: &Table, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    let (total, equal) = table.totals.rolling;
    writeln!(out, "{}", paint(BOLD, "rolling upgrades"))?;
    paragraph(&format!("{equal} of {total} are equal: result, error and length"), 0, width, out)?;
    for row in &table.rolling {
        let mark = if row.is_equal() { "" } else { "differs: " };
        let text = format!(
            "{mark}{} (× {}): {}, {}–{} s; model {}, {}–{} s",
            row.set_up,
            row.count,
            row.result,
            short(row.recorded.0),
            short(row.recorded.1),
            row.model_result,
            short(row.model.0),
            short(row.model.1)
        );
        paragraph(&text, 2, width, out)?;
    }
    writeln!(out)?;
    Ok(())
}

fn left(table: &Table, recordings: &Recordings, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}", paint(BOLD, "not asked of the model"))?;
    for (why, count) in &table.left {
        let lines = wrap(why, width.saturating_sub(8));
        for (at, line) in lines.iter().enumerate() {
            let count = if at == 0 { count.to_string() } else { String::new() };
            writeln!(out, "{count:>6}  {line}")?;
        }
    }
    for (path, why) in &recordings.unreadable {
        // A colour that a name brings is none of ours; other control characters the stream shows.
        let text = format!("not readable: {}: {why}", path.display()).replace('\u{1b}', "\\u001b");
        paragraph(&text, 0, width, out)?;
    }
    writeln!(out)?;
    Ok(())
}

fn totals(table: &Table, width: usize, out: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(out, "{}", paint(BOLD, "in all"))?;
    for line in table.summary() {
        paragraph(&line, 0, width, out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;
    use windtunnel_words::text::columns;

    static TABLE: LazyLock<Table> = LazyLock::new(|| judge(&Figures::bundled()));

    fn shown_raw(recordings: &Recordings, format: Format, width: usize) -> String {
        let mut out = Vec::new();
        show(&TABLE, recordings, format, width, &mut out).expect("memory takes it");
        String::from_utf8(out).expect("UTF-8")
    }

    fn shown(recordings: &Recordings, format: Format, width: usize) -> String {
        anstream::adapter::strip_str(&shown_raw(recordings, format, width)).to_string()
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [80, 100, 120] {
            for line in shown(&Recordings::default(), Format::Human, width).lines() {
                // A code of Azure has no place to break it.
                let whole = line.split_whitespace().any(|word| columns(word) > width / 2);
                assert!(columns(line) <= width || whole, "{width}: {line}");
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_in_both_formats() {
        let steers = ("\u{1b}[31mred.json".into(), "row 1: `\u{1b}[2J` are no seconds".to_owned());
        let unreadable = vec![("a/b.json".into(), "it has no list of events".to_owned())];
        let hostile = Recordings { unreadable: vec![steers], ..Recordings::default() };
        let text = shown_raw(&hostile, Format::Human, 80);
        let line = text.lines().find(|line| line.starts_with("not readable: ")).expect("it is said");
        assert_eq!(line, "not readable: \\u001b[31mred.json: row 1: `\\u001b[2J` are no seconds");
        let recordings = Recordings { unreadable, ..Recordings::default() };
        let text = shown(&recordings, Format::Human, 80);
        assert!(text.contains("not readable: a/b.json: it has no list of events"), "{text}");
        let json: serde_json::Value = serde_json::from_str(&shown(&recordings, Format::Json, 80)).expect("JSON");
        assert_eq!(json["unreadable"], json!([{ "path": "a/b.json", "reason": "it has no list of events" }]));
        assert_eq!(json["quantities"].as_array().map(Vec::len), Some(TABLE.quantities.len()));
    }
}
