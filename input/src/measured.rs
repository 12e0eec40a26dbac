//! Durations that a team has measured, in whatever its tools print: activity logs, operations of deployments, long-running operations,
//! histories of upgrades, and plain CSV; each with the assumption that it is a value of.
//!
//! Nothing is guessed: an operation that no assumption is of is left out and counted, with the reason, and a file that says no durations is
//! refused.

mod feeds;
mod table;

use crate::arm::activity;
use crate::files::Files;
use crate::problem::{Problem, Problems};
use crate::quantity;
use crate::read;
use crate::tree::{Node, Source, Span, Value};
pub use feeds::System;
use feeds::feeds;
use std::path::Path;
use std::sync::Arc;
use windtunnel_sim::rules::A;

/// A duration.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What it is a value of.
    pub assumption: A,
    /// The operation, as the file calls it.
    pub operation: String,
    /// How long it took, or has taken so far.
    pub seconds: f64,
    /// Of how many at once it is the longest.
    pub of: u32,
    /// Whether it had ended.
    pub ended: bool,
    /// Where it stands.
    pub span: Span,
}

/// Operations that are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The operation, as the file calls it.
    pub operation: String,
    /// Why.
    pub why: String,
    /// How many there are.
    pub count: usize,
}

/// What files say.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The durations, in the order of the files.
    pub durations: Vec<Measured>,
    /// What is left out.
    pub left: Vec<Left>,
}

/// What one operation is said to be.
struct Said<'s> {
    operation: &'s str,
    system: System,
    seconds: f64,
    /// Of how many instances, where that is known.
    of: Option<u32>,
    ended: bool,
}

impl Reading {
    /// Reads a file. Of what a file does not say the system of, it is `system`.
    pub fn read(&mut self, files: &dyn Files, path: &Path, system: System, problems: &mut Problems) {
        let Some((text, name)) = read::text_of(files, path, None, problems) else { return };
        let before = (self.durations.len(), self.left.len(), problems.0.len());
        let source = Arc::new(Source { name: name.clone(), text, hidden: false });
        match path.extension().map(|end| end.to_ascii_lowercase()) {
            Some(end) if end == "json" => {
                let Some(root) = crate::json::parse(&source, crate::json::Dialect::Azure, problems) else { return };
                self.json(&root, system, problems);
            }
            Some(end) if end == "csv" => table::read(self, &source, system, problems),
            _ => {
                let problem = Problem::error("E0660", format!("`{name}` is neither JSON nor CSV"));
                problems.push(
                    problem.help("give what `az … -o json` prints in a file `….json`, or a table in a file `….csv`"),
                );
            }
        }
        if before == (self.durations.len(), self.left.len(), problems.0.len()) {
            problems.push(nothing(&name));
        }
    }

    fn json(&mut self, root: &Node, system: System, problems: &mut Problems) {
        let list = root.arm("value").unwrap_or(root);
        let items = if matches!(list.value, Value::Seq(_)) { list.items() } else { std::slice::from_ref(root) };
        if !items.is_empty() && items.iter().all(activity::is_event) {
            return self.log(items, system);
        }
        for item in items {
            let properties = item.arm("properties").unwrap_or(item);
            if properties.arm("runningStatus").is_some() {
                self.leave("rolling upgrade", UPGRADE);
            } else if let Some(duration) = properties.arm("duration") {
                self.deployed(properties, duration, system, problems);
            } else if properties.arm("startTime").is_some() {
                self.long_running(item, properties, system, problems);
            } else {
                let problem =
                    Problem::error("E0660", "this says no duration").at(&item.span, "neither a duration nor a start");
                problems.push(problem.help(WANTED));
            }
        }
    }

    /// An activity log: an operation begins with its first notice and ends with its last. What has no last one by the end of the log
    /// still runs then.
    fn log(&mut self, events: &[Node], system: System) {
        let operations = activity::operations(events);
        let last_of_log = operations.iter().map(|one| one.last_ms).max().unwrap_or(0);
        for one in &operations {
            let name = one.name();
            if one.failed {
                self.leave(name, "it failed, and how long that took says nothing of one that does not");
                continue;
            }
            if one.ended && one.last_ms == one.first_ms {
                self.leave(name, "the log has a single notice of it, so it says no length");
                continue;
            }
            let until = if one.ended { one.last_ms } else { last_of_log };
            let seconds = (until - one.first_ms) as f64 / 1000.0;
            let said = Said { operation: name, system, seconds, of: None, ended: one.ended };
            self.add(&said, &one.event.span);
        }
    }

    /// An operation of a deployment: `az deployment operation group list`.
    fn deployed(&mut self, properties: &Node, duration: &Node, system: System, problems: &mut Problems) {
        let kind = properties.arm_path(&["targetResource", "resourceType"]).and_then(Node::text);
        let state = properties.arm("provisioningState").and_then(Node::text).unwrap_or_default();
        let Some(kind) = kind else { return self.leave("deployment", "it is a deployment as a whole") };
        let operation = format!("{kind}/write");
        // Azure writes seven digits of a second, and no duration of a scenario has more than three.
        let Some(seconds) = duration.text().and_then(iso_seconds) else {
            let problem = Problem::error("E0661", "this is no duration").at(&duration.span, "not as `PT1M2.5S`");
            problems.push(problem.help("write it as Azure does, `PT1M2.5S`"));
            return;
        };
        match state {
            "Succeeded" | "Running" => {
                let ended = state == "Succeeded";
                self.add(&Said { operation: &operation, system, seconds, of: None, ended }, &duration.span);
            }
            _ => self.leave(&operation, "it failed, and how long that took says nothing of one that does not"),
        }
    }

    /// What a long-running operation answers: `startTime`, `endTime` and `status`, with the `operation` that whoever kept it wrote beside.
    fn long_running(&mut self, item: &Node, properties: &Node, system: System, problems: &mut Problems) {
        let text = |keys: &[&str]| keys.iter().find_map(|key| item.arm(key).or(properties.arm(key))?.text());
        let Some(operation) = text(&["operation", "operationName", "operationType"]) else {
            let problem = Problem::error("E0661", "this does not say which operation it is of");
            let help = "the answer of a long-running operation does not name it: add `\"operation\": \"Microsoft.Compute/virtualMachines/restart/action\"`";
            problems.push(problem.at(&item.span, "no `operation`").help(help));
            return;
        };
        let state = text(&["status"]).unwrap_or("Succeeded");
        if state.eq_ignore_ascii_case("Failed") || state.eq_ignore_ascii_case("Canceled") {
            return self.leave(operation, "it failed, and how long that took says nothing of one that does not");
        }
        let start = properties.arm("startTime").or(item.arm("startTime"));
        let ended = properties.arm("endTime").or(item.arm("endTime"));
        let until = ended.or_else(|| item.arm("asOf")).or_else(|| properties.arm("asOf"));
        let (Some(start), Some(until)) = (start, until) else {
            let problem = Problem::error("E0661", "an operation that has not ended does not say when it was asked");
            let help = "add `\"asOf\": \"2026-03-10T09:00:00Z\"`, the instant of the answer";
            problems.push(problem.at(&item.span, "neither `endTime` nor `asOf`").help(help));
            return;
        };
        let instant = |node: &Node, problems: &mut Problems| match quantity::timestamp(node.text().unwrap_or_default())
        {
            Ok(ms) => Some(ms),
            Err(wrong) => {
                problems
                    .push(Problem::error("E0661", wrong.message).at(&node.span, "this instant").maybe_help(wrong.help));
                None
            }
        };
        let (Some(from), Some(to)) = (instant(start, problems), instant(until, problems)) else { return };
        let of = text(&["instances"]).and_then(|text| text.parse().ok());
        self.add(
            &Said { operation, system, seconds: (to - from) as f64 / 1000.0, of, ended: ended.is_some() },
            &item.span,
        );
    }

    /// Takes a duration for what it is of, or leaves it out.
    fn add(&mut self, said: &Said<'_>, span: &Span) {
        match feeds(said.operation, said.system, said.of.is_some()) {
            Ok(assumption) => self.keep(assumption, said, span),
            Err(why) => self.leave(said.operation, why),
        }
    }

    fn keep(&mut self, assumption: A, said: &Said<'_>, span: &Span) {
        if said.seconds <= 0.0 {
            return self.leave(said.operation, "it took no time that the file can show");
        }
        self.durations.push(Measured {
            assumption,
            operation: said.operation.to_owned(),
            seconds: said.seconds,
            of: said.of.unwrap_or(1).max(1),
            ended: said.ended,
            span: span.clone(),
        });
    }

    fn leave(&mut self, operation: &str, why: &str) {
        match self.left.iter_mut().find(|known| known.operation == operation && known.why == why) {
            Some(known) => known.count += 1,
            None => self.left.push(Left { operation: operation.to_owned(), why: why.to_owned(), count: 1 }),
        }
    }
}

/// Why the history of an upgrade feeds nothing.
const UPGRADE: &str = "a whole upgrade is made of boots, health waits and pauses together, and no assumption is of it; state it under \
    `observed`, and `windtunnel fit` says what it tells of them";

/// What is read.
const WANTED: &str = "give an activity log (`az monitor activity-log list`), operations of a deployment (`az deployment operation group \
    list`), answers of long-running operations with their `operation`, or a CSV file with the columns `operation` or `assumption` and \
    `seconds`";

fn nothing(name: &str) -> Problem {
    Problem::error("E0660", format!("`{name}` says no durations")).help(WANTED)
}

/// `PT1M2.1234567S` in seconds; none of a text that is no duration of hours, minutes and seconds.
fn iso_seconds(text: &str) -> Option<f64> {
    let rest = text.strip_prefix("PT")?;
    let (mut sum, mut number) = (0.0, String::new());
    for letter in rest.chars() {
        let unit = match letter {
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            digit => {
                number.push(digit);
                continue;
            }
        };
        sum += unit * quantity::number_of(&number)?;
        number.clear();
    }
    (number.is_empty() && !rest.is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests;
