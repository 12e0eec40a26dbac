//! The rulebook, the assumptions and the measures as Markdown, for `docs/`.

use std::fmt::Write;
use windtunnel::commands::rules::Coverage;
use windtunnel_sim::measure::Unit;
use windtunnel_sim::measure::catalogue::{DEFINITIONS, Direction};
use windtunnel_sim::rules::assumptions::ASSUMPTIONS;
use windtunnel_sim::rules::{Area, RULES, Rule, SOURCES, Status};

pub const GENERATED: &str = "<!-- Generated from the tables of the simulator by `UPDATE=1 cargo test --test docs`. \
                         Change the tables, not this page. -->";

/// `docs/rules.md`: coverage, every rule by area, and the sources.
pub fn rules() -> String {
    let mut page = format!(
        "# The rulebook\n\n{GENERATED}\n\n\
         What Azure documents, what follows from it, and how far Windtunnel follows either. A rule is *exact* (as \
         stated),\n*approximated* (but for the deviation that is named) or *absent* (not modelled). Every rule that is \
         not absent names\nthe tests that hold it. `windtunnel rules LB-05` prints one rule with all that is known of \
         it.\n\n\
         How far a source may be trusted: *documented* (read in the source), *contradicted* (and another source says\n\
         otherwise), *partly inferred*, *recorded* (seen in recordings of the platform, with their years and number), *inferred* \
         (follows from what is documented or from published source code),\n*not documented* (looked for and not found), \
         *unverified* (not read again). Keys such as `lb.propagation` \
         are the\n[assumptions](assumptions.md).\n\n"
    );
    coverage(&mut page);
    for area in Area::ALL {
        line(&mut page, format_args!("\n## {}: {}\n", area.letters(), area.title()));
        page += "| id | rule | source | confidence | status |\n| --- | --- | --- | --- | --- |\n";
        for rule in area.rules() {
            line(
                &mut page,
                format_args!(
                    "| {} | {} | {} | {} | {} |",
                    rule.id,
                    cell(rule.statement),
                    cell(rule.source),
                    rule.confidence.word(),
                    status_cell(rule)
                ),
            );
        }
    }
    page += "\n## Sources\n\n| key | source |\n| --- | --- |\n";
    for source in SOURCES {
        let title = cell(source.title);
        let entry = match source.url() {
            Some(url) => format!("[{title}]({url})"),
            None if source.place == source.key => title,
            None => format!("{title} ({})", source.place),
        };
        line(&mut page, format_args!("| {} | {entry} |", source.key));
    }
    page
}

/// `docs/assumptions.md`: every assumption by the area of its key.
pub fn assumptions() -> String {
    let mut page = format!(
        "# The assumptions\n\n{GENERATED}\n\n\
         Numbers and choices that Azure does not publish. A scenario overrides one by its key; a report says which \
         of them\nits run used. A reason\n\
         names the rule of the [rulebook](rules.md) that leaves the choice open. `windtunnel assumptions lb.flap_window` prints one.\n"
    );
    let mut areas: Vec<&str> = ASSUMPTIONS.iter().filter_map(|row| row.key.split('.').next()).collect();
    areas.sort_unstable();
    areas.dedup();
    for area in areas {
        line(&mut page, format_args!("\n## `{area}`\n"));
        page += "| key | default | allowed | meaning | why this default |\n\
                 | --- | --- | --- | --- | --- |\n";
        for row in ASSUMPTIONS.iter().filter(|row| row.key.split('.').next() == Some(area)) {
            line(
                &mut page,
                format_args!(
                    "| `{}` | {} | {} | {} | {} |",
                    row.key,
                    cell(&row.default.to_string()),
                    cell(&row.range.to_string()),
                    cell(row.meaning),
                    cell(row.reason)
                ),
            );
        }
    }
    page
}

/// `docs/measures.md`: every measure.
pub fn measures() -> String {
    let mut page = format!(
        "# The measures\n\n{GENERATED}\n\n\
         What a run comes to, and what an expectation may ask for. A measure that needs what the scenario does not give \
         is *not\ncomputed*, never zero, and what is still open at the horizon is shown as `≥`; an expectation on either \
         does not pass.\n\n\
         Each measure is of the whole fleet. Those with `entryPoint`, `scaleSet` or `zone` in the second column are also given for \
         each\nentry point that has traffic, each scale set or each availability zone, where there is more than one; an \
         expectation asks\nfor one of them by that key. *Better* says which way of a measure is the good one.\n\n\
         A *measure* is what Windtunnel computes of a run. A *metric* is what Azure Monitor has and autoscale reads: the \
         `metrics` of a\nscenario say what Azure would see, and no measure is computed from them.\n\n"
    );
    page += "| measure | also by | unit | better | meaning |\n| --- | --- | --- | --- | --- |\n";
    for row in DEFINITIONS {
        let scopes: Vec<String> = row.scopes.iter().map(|scope| format!("`{}`", scope.key())).collect();
        let better = match row.direction {
            Direction::Lower => "lower",
            Direction::Higher => "higher",
            Direction::Neutral => "",
        };
        let cells = format_args!(
            "| `{}` | {} | {} | {better} | {} |",
            row.name,
            scopes.join(", "),
            unit(row.unit),
            cell(row.meaning)
        );
        line(&mut page, cells);
    }
    page
}

fn unit(unit: Unit) -> String {
    match unit {
        Unit::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        other => other.symbol().to_owned(),
    }
}

fn coverage(page: &mut String) {
    *page += "## Coverage\n\n| area | | exact | approximated | absent | all |\n| --- | --- | --: | --: | --: | --: |\n";
    let mut row = |letters: &str, title: &str, counts: Coverage| {
        let Coverage { exact, approximated, absent } = counts;
        let total = counts.total();
        line(page, format_args!("| {letters} | {title} | {exact} | {approximated} | {absent} | {total} |"));
    };
    for area in Area::ALL {
        row(area.letters(), area.title(), Coverage::of(area.rules()));
    }
    row("all", "", Coverage::of(RULES));
}

/// What Markdown would take for the end of a cell is escaped, also within backticks, where GitHub reads it so.
pub fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '`' => in_code = !in_code,
            '|' => escaped.push('\\'),
            '*' | '_' | '<' | '[' if !in_code => escaped.push('\\'),
            _ => {}
        }
        escaped.push(c);
    }
    escaped
}

fn status_cell(rule: &Rule) -> String {
    let mut text = match rule.status {
        Status::Approximated(deviation) => format!("approximated: {}", cell(deviation)),
        Status::Exact | Status::Absent(_) => {
            let word = rule.status.word();
            rule.status.absence().map_or_else(|| word.to_owned(), |reason| format!("{word}: {}", cell(reason)))
        }
    };
    if !rule.tests.is_empty() {
        let tests: Vec<_> = rule.tests.iter().map(|test| format!("`{test}`")).collect();
        text += &format!(" ({})", tests.join(", "));
    }
    text
}

pub fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(page, "{text}").expect("a String takes everything");
}
