//! The document of an incident: what it came to, what happened, how well the replay fits what was observed, why, what would have
//! helped, and how to repeat it. Its content is one structure of sections, derived from the run; [`markdown`] and [`html`] write it.
//!
//! What was observed, what was simulated and what was assumed have a mark each. What only people know is left blank for them.

pub mod chart;
mod fit;
mod helped;
pub mod html;
mod impact;
pub mod markdown;
mod timeline;
mod why;

pub use fit::{Judged, Within, judged};
pub use helped::{Compared, of_comparison};
pub use timeline::{Event, Mark, Row};

use crate::experiment::harm;
use crate::experiment::harm::HarmWindow;
use crate::input::Change;
use crate::output::highlights::Highlights;
use crate::output::prevent::Sheet;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::A;
use windtunnel_words::clock::Clock;
use windtunnel_words::number::decimals;
use windtunnel_words::text::capital;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Text.
    Text(String),
    /// What matters of it.
    Strong(String),
    /// Code: a command, a path, a key.
    Code(String),
}

/// A line of text.
pub type Line = Vec<Span>;

/// Text alone as a line.
pub(crate) fn text(of: impl Into<String>) -> Line {
    vec![Span::Text(of.into())]
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What stands above the columns.
    pub head: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Line>>,
    /// Rows that are to be seen first, by place.
    pub marked: Vec<usize>,
    /// Columns of numbers, by place.
    pub numbers: Vec<usize>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub enum Block {
    /// A paragraph.
    Text(Line),
    /// A list.
    List(Vec<Line>),
    /// A list in which the order counts.
    Steps(Vec<Line>),
    /// A table.
    Table(Table),
    /// A picture of the folder of the run, by the name of its files, with what is to be seen in it.
    Figure {
        /// `fleet`.
        name: &'static str,
        /// What is to be seen.
        caption: String,
    },
    /// Lines in a language.
    Code(&'static str, String),
    /// What people fill in.
    Blanks(Vec<String>),
}

/// A section.
#[derive(Clone, Debug)]
pub struct Section {
    /// What is above it.
    pub title: String,
    /// Whether it is folded where that can be.
    pub folded: bool,
    /// What is in it.
    pub blocks: Vec<Block>,
}

impl Section {
    fn new(title: &str, blocks: Vec<Block>) -> Self {
        Self { title: title.to_owned(), folded: false, blocks }
    }

    fn folded(title: &str, blocks: Vec<Block>) -> Self {
        Self { folded: true, ..Self::new(title, blocks) }
    }
}

/// The document.
#[derive(Clone, Debug)]
pub struct Document {
    /// The title of the scenario.
    pub title: String,
    /// What it is of: run, seed, digest, marks, zone.
    pub about: Line,
    /// All of it in a sentence or two.
    pub sentence: Line,
    /// The sections.
    pub sections: Vec<Section>,
    /// What happened, for a drawing.
    pub events: Vec<Event>,
    /// Observations beside the run, for a drawing.
    pub judged: Vec<Judged>,
    /// What would have helped, for a drawing: the first is the incident as it was.
    pub dots: Vec<Dot>,
    /// One act at one instant after another, for a drawing.
    pub moments: Vec<Moment>,
}

/// What a change comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// The change.
    pub title: String,
    /// What it does beside.
    pub note: String,
    /// Harm in percent.
    pub harm: f64,
    /// The same as people read it.
    pub shown: String,
}

/// What comes of an act at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When.
    pub at: String,
    /// Harm in percent.
    pub harm: f64,
    /// It is refused then.
    pub refused: bool,
}

/// What it is made of.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The run.
    pub run: &'a Highlights<'a>,
    /// The title of the scenario.
    pub title: &'a str,
    /// The file of the scenario, as it was named.
    pub scenario: &'a str,
    /// What the policy of the run changes.
    pub diff: &'a [Change],
    /// What would have prevented it, where somebody looked.
    pub prevented: Option<Sheet<'a>>,
    /// Why nobody looked.
    pub not_looked: Option<&'a str>,
    /// A comparison of policies.
    pub compared: Option<&'a Compared>,
    /// Observations beside the run.
    pub judged: &'a [Judged],
    /// More sentences about the fit: what is likely, what is excluded, what cannot be distinguished.
    pub fitted: &'a [String],
    /// The command that makes the document.
    pub command: &'a str,
    /// The scenario of the run is gone, or another one now.
    pub changed: bool,
    /// The command that repeats the run.
    pub repeat: &'a str,
}

impl<'a> Sources<'a> {
    fn plan(&self) -> &'a Plan {
        self.run.replay.plan()
    }

    /// The window of harm that was the longest.
    fn main(&self) -> Option<&'a HarmWindow> {
        let courses: Vec<harm::Course> = self.run.windows.iter().map(|window| window.course).collect();
        harm::longest(&courses).map(|at| &self.run.windows[at])
    }
}

/// A time of day as tables have it, whose head names the zone.
pub(crate) fn clock(plan: &Plan, at: SimTime) -> String {
    Clock::of(plan).short(at)
}

/// What the head of such a table says.
pub(crate) fn zone(plan: &Plan) -> String {
    Clock::of(plan).zone_at(SimTime::ZERO).unwrap_or_else(|| "since the start".to_owned())
}

/// A count of requests as people say it: `412`, `3.65 million`.
pub(crate) fn requests(count: f64) -> String {
    match count {
        some if some >= 1e9 => format!("{} thousand million", decimals(some / 1e9, 2)),
        some if some >= 1e6 => format!("{} million", decimals(some / 1e6, 2)),
        some => windtunnel_words::number::grouped(some.round().max(0.0) as u64),
    }
}

/// The beginning of a sentence: a capital letter, unless it begins with a name.
pub(crate) fn begin(plan: &Plan, text: &str) -> String {
    let first = text.split([' ', ':']).next().unwrap_or_default();
    let is_word = first.chars().all(char::is_alphabetic);
    let names = plan.sets.iter().map(|set| &set.name).chain(plan.entry_points.iter().map(|one| &one.name));
    if is_word && !{ names }.any(|name| name == first) { capital(text) } else { text.to_owned() }
}

/// Makes the document.
#[must_use]
pub fn document(of: &Sources<'_>) -> Document {
    let replay = of.run.replay;
    let events = timeline::events(of);
    // Another run tells it for each act that may have: once for all that say it.
    let made_worse = why::made_worse(of);
    let mut sections =
        vec![Section::new("Impact", impact::blocks(of)), Section::new("Timeline", timeline::blocks(of, &events))];
    sections.extend(fit::section(of));
    sections.push(Section::new("Why: the causes of each step, and what did not happen", why::blocks(of, &made_worse)));
    sections.extend(helped::sections(of));
    sections.push(Section::folded("What it rests on", rests(of)));
    sections.push(people());
    sections.push(Section::folded("Repeat it", repeat(of)));
    let plan = of.plan();
    let about = format!(
        "Made by {}. Replay: {}, policy {}, seed {}, digest {:016x}, windtunnel {}. {} Times{}.",
        of.command,
        of.scenario,
        plan.policy,
        replay.seed,
        replay.outcome.digest,
        env!("CARGO_PKG_VERSION"),
        "[o] observed, [s] simulated, [a] assumed.",
        Clock::of(plan)
            .start()
            .map_or_else(|| " count from the start".to_owned(), |start| format!(": the run begins {start}"))
    );
    Document {
        title: of.title.to_owned(),
        about: text(about),
        sentence: impact::sentence(of, &made_worse),
        sections,
        events,
        judged: of.judged.to_vec(),
        dots: helped::dots(of),
        moments: helped::moments(of),
    }
}

/// What only people know.
fn people() -> Section {
    let blanks = [
        "Owner of this document:",
        "Detection: who noticed it, how, and when:",
        "Communication: what users heard, and when:",
        "What went well:",
        "Where chance helped us:",
        "Actions, each with an owner and a date (candidates stand under “What would have helped”):",
    ];
    Section::new("For people to fill in", vec![Block::Blanks(blanks.map(str::to_owned).to_vec())])
}

/// What the document rests on: what the scenario states beside Azure's files, and the numbers that Azure does not publish.
fn rests(of: &Sources<'_>) -> Vec<Block> {
    let (replay, plan) = (of.run.replay, of.plan());
    let (stated, defaults): (Vec<A>, Vec<A>) =
        replay.outcome.used.iter().partition(|one| plan.assumptions.value(*one) != one.row().default);
    let mut lines: Vec<Line> = impact::bad_versions(plan).into_iter().map(|said| text(format!("[a] {said}"))).collect();
    lines.extend(stated.iter().map(|one| {
        let value = plan.assumptions.value(*one);
        vec![Span::Text("[a] stated by the scenario: ".to_owned()), Span::Code(format!("{}: {value}", one.row().key))]
    }));
    if !defaults.is_empty() {
        let mut line = vec![Span::Text(format!(
            "[a] {} that Azure does not publish, each at its default: ",
            windtunnel_words::number::count(defaults.len(), "number")
        ))];
        for (at, one) in defaults.iter().enumerate() {
            line.push(Span::Text(if at > 0 { ", ".to_owned() } else { String::new() }));
            line.push(Span::Code(one.row().key.to_owned()));
        }
        lines.push(line);
    }
    let accepted = crate::output::accepted::lines(plan);
    lines.extend(accepted.into_iter().map(text));
    let others = vec![
        Span::Text("Which of them would change a verdict is not asked here: ".to_owned()),
        Span::Code(format!("windtunnel compare {} --vary-assumptions", of.scenario)),
        Span::Text(" does that.".to_owned()),
    ];
    vec![Block::List(lines), Block::Text(others)]
}

/// The commands that repeat the run and the document, and what the policy of the run changes.
fn repeat(of: &Sources<'_>) -> Vec<Block> {
    if of.changed {
        let said = "The scenario of the run is gone, or was changed since. The file plan.json in the folder of the run holds all that was run.";
        return vec![Block::Text(text(said)), Block::Code("sh", of.command.to_owned())];
    }
    let mut blocks = vec![
        Block::Code("sh", format!("{}\n{}", of.repeat, of.command)),
        Block::Text(vec![
            Span::Text("The run has the digest ".to_owned()),
            Span::Code(format!("{:016x}", of.run.replay.outcome.digest)),
            Span::Text(
                ": whoever repeats it with this version of windtunnel gets the same, entry for entry.".to_owned(),
            ),
        ]),
    ];
    if !of.diff.is_empty() {
        blocks.push(Block::Text(text(format!("What the policy {} changes:", of.plan().policy))));
        blocks.push(Block::Code("diff", helped::diff(of.diff)));
    }
    blocks
}
