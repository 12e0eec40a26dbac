//! `docs/model.md`: for each mechanism what is followed exactly, what is approximated and how, what is absent, and where it
//! is from. The rulebook read as a reader asks: what can I rely on?

use super::rulebook::{GENERATED, cell, line};
use std::collections::BTreeSet;
use windtunnel::commands::rules::Coverage;
use windtunnel_sim::rules::{Area, RULES, Rule, Source, Status};

/// The page.
pub fn page() -> String {
    let Coverage { exact, approximated, absent } = Coverage::of(RULES);
    let mut page = format!(
        "# The model\n\n{GENERATED}\n\n\
         What of the platform is in the model, by mechanism. Of the {} rules of the [rulebook](rules.md), {exact} are followed \
         exactly,\n{approximated} but for a deviation that is named here, and {absent} are absent: what depends on those is not \
         simulated. Every rule that is\nfollowed has a test that fails when the rule is switched off. Numbers that nobody \
         publishes are [assumptions](assumptions.md).\n`windtunnel rules --count` prints these counts.\n\n\
         | mechanism | exact | approximated | absent |\n| --- | --: | --: | --: |\n",
        RULES.len()
    );
    for area in Area::ALL {
        let Coverage { exact, approximated, absent } = Coverage::of(area.rules());
        let title = area.title();
        line(&mut page, format_args!("| [{title}](#{}) | {exact} | {approximated} | {absent} |", anchor(title)));
    }
    for area in Area::ALL {
        mechanism(&mut page, *area);
    }
    page
}

/// The anchor that GitHub gives to a heading.
fn anchor(title: &str) -> String {
    let letters = title.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    letters.collect()
}

fn mechanism(page: &mut String, area: Area) {
    line(page, format_args!("\n## {}\n", area.title()));
    let of = |is: fn(Status) -> bool| area.rules().iter().filter(|rule| is(rule.status)).collect::<Vec<_>>();
    let exact = of(|status| matches!(status, Status::Exact));
    let approximated = of(|status| matches!(status, Status::Approximated(_)));
    let absent = of(|status| matches!(status, Status::Absent(_)));
    if exact.is_empty() && approximated.is_empty() {
        line(page, format_args!("Not in the model.\n"));
    }
    list(page, "Exact", &exact, |rule| cell(rule.statement));
    list(page, "Approximated", &approximated, |rule| match rule.status {
        Status::Approximated(deviation) => format!("{} *In the model:* {}", cell(rule.statement), cell(deviation)),
        Status::Exact | Status::Absent(_) => cell(rule.statement),
    });
    list(page, "Absent", &absent, |rule| {
        let why = rule.status.absence().map(|reason| format!(" *Absent because:* {}", cell(reason)));
        cell(rule.statement) + &why.unwrap_or_default()
    });
    let sources: BTreeSet<&str> = area.rules().iter().flat_map(Rule::sources).map(|source| source.key).collect();
    let shown: Vec<String> = sources.iter().filter_map(|key| windtunnel_sim::rules::source(key)).map(link).collect();
    if !shown.is_empty() {
        line(page, format_args!("*Sources:* {}", shown.join(", ")));
    }
}

fn list(page: &mut String, title: &str, rules: &[&Rule], words: impl Fn(&Rule) -> String) {
    if rules.is_empty() {
        return;
    }
    line(page, format_args!("**{title}**\n"));
    for rule in rules {
        line(page, format_args!("- {}: {}", rule.id, words(rule)));
    }
    page.push('\n');
}

fn link(source: &Source) -> String {
    let title = cell(source.title);
    source.url().map_or_else(|| title.clone(), |url| format!("[{title}]({url})"))
}
