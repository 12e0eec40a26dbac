//! What would have helped: what `prevent` found, what a comparison says of the policies of the scenario, and the last moment.

use super::{Block, Dot, Line, Moment, Section, Sources, Span, Table, clock, text};
use crate::experiment::drill::card::Standing;
use crate::experiment::prevent::Worth;
use crate::experiment::prevent::moment::Point;
use crate::input::Change;
use crate::output::prevent::Sheet;
use serde_json::Value;
use windtunnel_sim::measure::catalogue::HARMED;
use windtunnel_words::number::percent;

/// So many changes have a row.
const SHOWN: usize = 14;
/// So many are named that help a little or not.
const NAMED: usize = 10;

/// What a comparison says of a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// What of the requests it harms in the mean, in percent.
    pub harm: Option<f64>,
    /// In how many runs it keeps the objective, and of how many.
    pub met: Option<(u64, u64)>,
    /// What belongs to it: that no rollout began, that it is another incident.
    pub note: String,
}

/// A comparison of policies.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Where it is.
    pub folder: String,
    /// How many runs each policy has.
    pub runs: u64,
    /// Its finding.
    pub finding: String,
    /// The policies, the least harmful first.
    pub policies: Vec<Policy>,
}

/// Reads `compare.json`; none where it is none.
#[must_use]
pub fn of_comparison(folder: &str, json: &Value) -> Option<Compared> {
    let word = |json: &Value| json.as_str().unwrap_or_default().to_owned();
    let policy = |one: &Value| {
        let measures = one["measures"].as_array()?;
        // That of the whole fleet stands before those of its parts.
        let own = measures.iter().find(|measure| measure["name"] == HARMED);
        let harm = own.and_then(|own| own["mean"]["value"].as_f64());
        let objective = &one["objective"];
        let met = objective["met"].as_u64().zip(objective["runs"].as_u64());
        let never = objective["neverStartedBy"].as_str().map(|rule| format!("no rollout began ({rule})"));
        let other = one["otherIncident"].as_str().map(|path| format!("another incident ({path}), not advised"));
        let note = never.into_iter().chain(other).collect::<Vec<_>>().join("; ");
        Some(Policy { name: one["policy"].as_str()?.to_owned(), harm, met, note })
    };
    let mut policies: Vec<Policy> = json["policies"].as_array()?.iter().filter_map(policy).collect();
    policies.sort_by(|a, b| a.harm.unwrap_or(f64::INFINITY).total_cmp(&b.harm.unwrap_or(f64::INFINITY)));
    let runs = json["replications"].as_u64()?;
    Some(Compared { folder: folder.to_owned(), runs, finding: word(&json["finding"]), policies })
}

/// The changes of a policy as a diff: a line each value that goes, and each that comes.
pub(super) fn diff(changes: &[Change]) -> String {
    let show = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let lines = changes.iter().flat_map(|change| {
        let path = change.path.to_string();
        let old = change.old.as_ref().map(|old| format!("- {path}: {}", show(old)));
        let new = change.new.as_ref().map(|new| format!("+ {path}: {}", show(new)));
        old.into_iter().chain(new)
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn sections(of: &Sources<'_>) -> Vec<Section> {
    let mut blocks = Vec::new();
    if let Some(sheet) = &of.prevented {
        blocks.push(Block::Text(text(format!("{}.", sheet.finding()))));
        if !sheet.is_unharmed() {
            blocks.push(Block::Table(table(sheet)));
            blocks.extend(rest(sheet));
        }
        blocks.push(Block::List(sheet.about().into_iter().map(text).collect()));
    }
    if let Some(why) = of.not_looked {
        blocks.push(Block::Text(text(why)));
    }
    blocks.extend(of.compared.into_iter().flat_map(compared));
    let mut all = vec![Section::new("What would have helped", blocks)];
    if let Some(sheet) = &of.prevented {
        all.extend(moment(sheet));
        all.extend(best(sheet));
    }
    all
}

/// So many changes are drawn.
const DRAWN: usize = 9;

/// What would have helped, for a drawing.
pub(super) fn dots(of: &Sources<'_>) -> Vec<Dot> {
    let Some(sheet) = of.prevented.as_ref().filter(|sheet| !sheet.is_unharmed()) else { return Vec::new() };
    let harm = |standing: &Standing| standing.harm.or(standing.instances_pct).map_or(0.0, |came| came.mean);
    let own = &sheet.found.standing;
    let first = Dot {
        title: "as it was".to_owned(),
        note: "the incident".to_owned(),
        harm: harm(own),
        shown: sheet.share(own),
    };
    let others = sheet.of(Worth::helps).take(DRAWN).map(|(tried, effects)| Dot {
        title: tried.change.title.clone(),
        note: effects.first().cloned().unwrap_or_default(),
        harm: harm(&tried.standing),
        shown: sheet.share(&tried.standing),
    });
    std::iter::once(first).chain(others).collect()
}

/// One act at one instant after another, for a drawing.
pub(super) fn moments(of: &Sources<'_>) -> Vec<Moment> {
    let last = of.prevented.as_ref().and_then(|sheet| sheet.found.last.as_ref());
    let point = |point: &Point| Moment { at: clock(of.plan(), point.at), harm: point.harm, refused: point.refused };
    last.map_or_else(Vec::new, |last| last.points.iter().map(point).collect())
}

fn table(sheet: &Sheet<'_>) -> Table {
    let money = sheet.found.tried.iter().any(|tried| tried.credits.is_some());
    let mut head =
        ["change", "failed requests", "of the harm gone", "good rollout", "instance hours"].map(str::to_owned).to_vec();
    head.extend(money.then(|| "credits".to_owned()));
    head.push("side effect".to_owned());
    let mut own = vec![text("as it was"), text(sheet.share(&sheet.found.standing))];
    own.resize(head.len(), Line::new());
    let mut rows = vec![own];
    let shown = |worth: Worth| worth.helps() || matches!(worth, Worth::Undecided | Worth::Worse);
    for (tried, effects) in sheet.of(shown).take(SHOWN) {
        let word = match tried.worth {
            Worth::Undecided => " (undecided)",
            Worth::Worse => " (worse)",
            _ => "",
        };
        let mut row = vec![
            text(format!("{}{word}", tried.change.title)),
            text(sheet.share(&tried.standing)),
            text(sheet.removed(tried)),
            text(sheet.longer(tried)),
            text(sheet.hours(tried)),
        ];
        row.extend(money.then(|| text(sheet.credits(tried).unwrap_or_else(|| "–".to_owned()))));
        row.push(text(effects.join("; ")));
        rows.push(row);
    }
    let numbers = (1..head.len() - 1).collect();
    Table { head, rows, numbers, ..Table::default() }
}

/// What is not in the table.
fn rest(sheet: &Sheet<'_>) -> Option<Block> {
    let shown = |worth: Worth| worth.helps() || matches!(worth, Worth::Undecided | Worth::Worse);
    let more = sheet.of(shown).count().saturating_sub(SHOWN);
    let mut lines: Vec<Line> = Vec::new();
    if more > 0 {
        lines.push(text(format!("{more} more help; windtunnel prevent lists them.")));
    }
    let little: Vec<&str> =
        sheet.of(|worth| worth == Worth::Little).map(|(one, _)| one.change.title.as_str()).collect();
    if !little.is_empty() {
        let others = little.len().saturating_sub(NAMED);
        let others = if others > 0 { format!("; and {others} more") } else { String::new() };
        let names = little.iter().take(NAMED).copied().collect::<Vec<_>>().join("; ");
        lines.push(text(format!("No help, or little: {names}{others}.")));
    }
    for (tried, _) in sheet.of(|worth| worth == Worth::Barred) {
        let why = tried.barred.as_deref().unwrap_or("not known");
        lines.push(text(format!("Not advised: {}, since {why}.", tried.change.title)));
    }
    lines.extend(
        sheet
            .found
            .incidents
            .iter()
            .map(|(policy, path)| text(format!("Not tried: the policy {policy} changes the incident ({path})."))),
    );
    (!lines.is_empty()).then_some(Block::List(lines))
}

fn moment(sheet: &Sheet<'_>) -> Option<Section> {
    let runs = sheet.found.last.as_ref()?.seeds;
    let lead = format!("{}, {runs} runs each:", sheet.lead()?);
    let lines = sheet.last().into_iter().map(|said| text(format!("{said}."))).collect();
    Some(Section::new("The last moment", vec![Block::Text(text(lead)), Block::List(lines)]))
}

/// What the most helpful change is, as a diff.
fn best(sheet: &Sheet<'_>) -> Option<Section> {
    let (tried, _) = sheet.of(Worth::helps).next()?;
    let lines =
        vec![Block::Text(text(format!("{}:", tried.change.title))), Block::Code("diff", diff(&tried.planned.diff))];
    Some(Section::folded("The most helpful change", lines))
}

fn compared(of: &Compared) -> Vec<Block> {
    let row = |policy: &Policy| {
        let met = policy.met.map_or_else(|| "–".to_owned(), |(met, runs)| format!("{met} of {runs}"));
        vec![
            text(policy.name.clone()),
            text(policy.harm.map_or_else(|| "–".to_owned(), percent)),
            text(met),
            text(policy.note.clone()),
        ]
    };
    let head = ["policy", "failed requests", "objective kept", ""].map(str::to_owned).to_vec();
    let lead = vec![
        Span::Text("The comparison in ".to_owned()),
        Span::Code(of.folder.clone()),
        Span::Text(format!(", {} runs each: {}.", of.runs, of.finding)),
    ];
    vec![
        Block::Text(lead),
        Block::Table(Table {
            head,
            rows: of.policies.iter().map(row).collect(),
            numbers: vec![1, 2],
            ..Table::default()
        }),
    ]
}
