//! `report.html`: one file that opens from a disk without a network.
//!
//! The page is a shell of HTML, the program that draws it, and the data, all in one file. The data are JSON in columns
//! ([`run`], [`ledger`], [`events`], [`comparison`]); the program is in `assets/report/`, plain JavaScript without a build
//! step, and draws its charts with uPlot (`assets/vendor/`). A content policy in the page forbids it to load anything.
//!
//! Everything that comes from a scenario goes through the JSON, in which no `<` is left, and the program puts it on the
//! page as text, never as HTML.

pub mod comparison;
pub mod events;
mod ledger;
mod rulebook;
pub mod run;

use crate::experiment::judge::Judged;
use crate::experiment::replay::Replay;
use crate::input::Planned;
use crate::output::highlights::Highlights;
use crate::output::plots::axis::STEPS;
use crate::output::plots::fleet;
use run::RunPage;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::RuleId;
use windtunnel_words::clock::{Clock, UNITS};

/// So many entries of a ledger one page holds; a page of several runs holds as many in all.
pub const ENTRIES_MOST: usize = 150_000;

/// What the page says of the scenario.
#[derive(Clone, Copy, Debug)]
pub struct Scenario<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its title.
    pub title: &'a str,
    /// What happens, to which machines, and what to look at.
    pub description: Option<&'a str>,
}

/// The report of one run.
pub fn of_run(
    scenario: Scenario<'_>,
    planned: &Planned,
    run: &Highlights<'_>,
    judged: &[Judged<'_>],
    of_page: RunPage<'_>,
) -> String {
    let json = run::json(planned, run, judged, of_page);
    let data = data(scenario, &[run.replay], vec![json], None);
    page(scenario.title, &run.sentence(), of_page.command, &data)
}

/// Everything the page is drawn from.
fn data(scenario: Scenario<'_>, replays: &[&Replay<'_>], runs: Vec<Value>, comparison: Option<Value>) -> Value {
    let rules: BTreeSet<RuleId> =
        replays.iter().flat_map(|replay| replay.ledger.iter().map(|record| record.rule)).collect();
    // What a rule follows from can be read too.
    let premises = rules.iter().filter_map(|id| id.rule()).flat_map(|rule| rule.premises().collect::<Vec<_>>());
    let cited: BTreeSet<RuleId> = rules.iter().copied().chain(premises).collect();
    let keys: BTreeSet<&str> =
        replays.iter().flat_map(|replay| replay.outcome.used.iter().map(|used| used.row().key)).collect();
    // The plans of a comparison have the same in front of their fleets, or nothing at all.
    let plan = replays.first().expect("a report is of a run").plan();
    json!({
        "tool": { "name": "windtunnel", "version": env!("CARGO_PKG_VERSION") },
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "description": scenario.description,
            "start": plan.start_unix_ms,
            "zone": zone(plan),
        },
        "time": {
            "units": UNITS.map(|(_, word)| word),
            "steps": STEPS.into_iter().filter(|step| *step >= 1000).collect::<Vec<_>>(),
        },
        "fleet": fleet::title(plan),
        "states": LaneState::ALL.map(|state| json!({
            "key": state.key(),
            "words": fleet::meaning(plan, state),
            "harms": state.harms(),
        })),
        "rules": rulebook::rules(&cited),
        "assumptions": rulebook::assumptions(keys.into_iter()),
        "runs": runs,
        "comparison": comparison,
    })
}

/// How civil times are written: from when, how many milliseconds ahead of UTC, and what that is called; nothing where the scenario does
/// not say when it starts.
fn zone(plan: &Plan) -> Option<Vec<Value>> {
    let spans = Clock::of(plan).spans(plan.horizon)?;
    Some(spans.into_iter().map(|(from, seconds, name)| json!([from.ms(), i64::from(seconds) * 1000, name])).collect())
}

/// The parts of the program, in the order in which they stand in the page.
const SCRIPTS: [&str; 11] = [
    include_str!("../../../assets/report/base.js"),
    include_str!("../../../assets/report/data.js"),
    include_str!("../../../assets/report/view.js"),
    include_str!("../../../assets/report/why.js"),
    include_str!("../../../assets/report/fleet.js"),
    include_str!("../../../assets/report/lanes.js"),
    include_str!("../../../assets/report/charts.js"),
    include_str!("../../../assets/report/ledger.js"),
    include_str!("../../../assets/report/decision.js"),
    include_str!("../../../assets/report/compare.js"),
    include_str!("../../../assets/report/main.js"),
];

/// Puts the file together.
fn page(title: &str, verdict: &str, command: &str, data: &Value) -> String {
    let shell = include_str!("../../../assets/report/page.html");
    let style = concat!(
        include_str!("../../../assets/vendor/uplot/uPlot.min.css"),
        include_str!("../../../assets/report/palette.css"),
        include_str!("../../../assets/report/report.css")
    );
    let script = format!("(() => {{\n\"use strict\";\n{}}})();\n", SCRIPTS.concat());
    let parts = [
        ("title", escaped(title)),
        ("verdict", escaped(verdict)),
        ("command", escaped(command)),
        ("style", style.to_owned()),
        ("licence", include_str!("../../../assets/vendor/uplot/LICENSE").trim().replace("-->", "")),
        ("library", include_str!("../../../assets/vendor/uplot/uPlot.iife.min.js").to_owned()),
        ("script", script),
        ("data", embedded(data)),
    ];
    // Each place of the shell is looked for in the shell alone, so that nothing which is put in is taken for one.
    let mut out = String::new();
    let mut rest = shell;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").expect("a place of the shell is closed");
        out += before;
        out += &parts.iter().find(|part| part.0 == name).unwrap_or_else(|| panic!("the shell asks for {name}")).1;
        rest = after;
    }
    out + rest
}

/// Text as it may stand in HTML.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            other => out.push(other),
        }
    }
    out
}

/// JSON as it may stand in a script element: without a `<`, nothing in it can end the element.
fn embedded(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_wrote_cannot_end_the_script_or_become_html() {
        let data = json!({ "title": "</script><script>alert(1)</script><!--" });
        let text = embedded(&data);
        assert!(!text.contains('<'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), data);
        let page = page("<b>&\"'", "{{script}}", "</script>", &data);
        assert!(page.contains("<title>&lt;b&gt;&amp;&quot;&#39;"));
        assert_eq!(page.matches("</script>").count(), 3, "the library, the program and the data");
        assert!(page.contains("{{script}}"), "what is put in is not looked at again");
    }
}
