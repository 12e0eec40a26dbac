//! Durations as a table: CSV with a heading, in any order of the columns.

use super::{Reading, Said, System};
use crate::problem::{Problem, Problems, suggest};
use crate::quantity;
use crate::read;
use crate::tree::{Source, Span};
use std::sync::Arc;
use windtunnel_sim::rules::{ASSUMPTIONS, Assumption};

/// Columns by what they hold; each may be named in several ways.
const OPERATION: [&str; 2] = ["operation", "operationname"];
const ASSUMPTION: [&str; 1] = ["assumption"];
const SECONDS: [&str; 1] = ["seconds"];
const DURATION: [&str; 1] = ["duration"];
const START: [&str; 3] = ["start", "starttime", "from"];
const END: [&str; 3] = ["end", "endtime", "until"];
const INSTANCES: [&str; 2] = ["instances", "n"];
const SYSTEM: [&str; 3] = ["os", "system", "what"];
const STATUS: [&str; 2] = ["status", "state"];

struct Table<'s> {
    source: &'s Arc<Source>,
    start: usize,
    columns: Vec<String>,
}

/// Reads the rows of a table.
pub(super) fn read(reading: &mut Reading, source: &Arc<Source>, system: System, problems: &mut Problems) {
    let (mut reader, start) = read::rows_of(source, b',');
    let mut table = Table { source, start, columns: Vec::new() };
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return,
            Ok(true) if table.columns.is_empty() => {
                table.columns = record.iter().map(|name| name.to_ascii_lowercase().replace([' ', '_'], "")).collect();
                if let Err(problem) = table.check(&record) {
                    problems.push(problem);
                    return;
                }
            }
            Ok(true) => {
                if let Err(problem) = table.row(&record, reading, system) {
                    problems.push(*problem);
                }
            }
            Err(error) => {
                let at = error.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
                let problem = Problem::error("E0661", format!("the row cannot be read: {error}"));
                problems.push(problem.at(&table.line(at), "this row").help("save the table as UTF-8, a row a line"));
                return;
            }
        }
    }
}

impl Table<'_> {
    fn line(&self, byte: usize) -> Span {
        let text = &self.source.text;
        let start = text.floor_char_boundary((self.start + byte).min(text.len()));
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Span { source: Arc::clone(self.source), start, end: start + text[start..end].trim_end().len() }
    }

    fn span(&self, record: &csv::StringRecord) -> Span {
        self.line(record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0)))
    }

    fn has(&self, names: &[&str]) -> bool {
        self.columns.iter().any(|column| names.contains(&column.as_str()))
    }

    fn field<'r>(&self, record: &'r csv::StringRecord, names: &[&str]) -> Option<&'r str> {
        let at = self.columns.iter().position(|column| names.contains(&column.as_str()))?;
        record.get(at).filter(|text| !text.is_empty())
    }

    /// Whether it says of what its durations are, and how long they are.
    #[expect(clippy::result_large_err, reason = "a file has few problems, and each is shown")]
    fn check(&self, heading: &csv::StringRecord) -> Result<(), Problem> {
        let of_what = self.has(&OPERATION) || self.has(&ASSUMPTION);
        let how_long = self.has(&SECONDS) || self.has(&DURATION) || (self.has(&START) && self.has(&END));
        let lacks = match (of_what, how_long) {
            (true, true) => return Ok(()),
            (false, _) => "`operation` or `assumption`",
            (true, false) => "`seconds`, `duration`, or `start` and `end`",
        };
        let problem = Problem::error("E0661", format!("the table has no column {lacks}"));
        let help =
            "the first row names the columns: `assumption,seconds`, or `operation,os,instances,start,end,status`";
        Err(problem.at(&self.span(heading), "these are its columns").help(help))
    }

    fn row(&self, record: &csv::StringRecord, reading: &mut Reading, system: System) -> Result<(), Box<Problem>> {
        let span = self.span(record);
        let wrong = |message: String, help: Option<String>| {
            Box::new(Problem::error("E0661", message).at(&span, "this row").maybe_help(help))
        };
        let operation = self.field(record, &OPERATION);
        let status = self.field(record, &STATUS).unwrap_or("Succeeded").to_ascii_lowercase();
        let (seconds, ended) = self.length(record).map_err(|(message, help)| wrong(message, help))?;
        let ended = match status.as_str() {
            "failed" | "canceled" | "cancelled" => {
                let name = operation.or_else(|| self.field(record, &ASSUMPTION)).unwrap_or_default();
                reading.leave(name, "it failed, and how long that took says nothing of one that does not");
                return Ok(());
            }
            "running" | "inprogress" | "accepted" | "started" => false,
            _ => ended,
        };
        let of = match self.field(record, &INSTANCES).map(str::parse::<u32>) {
            None => None,
            Some(Ok(of)) if of > 0 => Some(of),
            Some(_) => return Err(wrong("the number of instances is no whole number from 1".to_owned(), None)),
        };
        let system = self.field(record, &SYSTEM).and_then(System::of).unwrap_or(system);
        let named = self.field(record, &ASSUMPTION);
        let said = Said { operation: operation.or(named).unwrap_or_default(), system, seconds, of, ended };
        let Some(key) = named else {
            reading.add(&said, &span);
            return Ok(());
        };
        let Some(row) = Assumption::by_key(key) else {
            let help = suggest(key, ASSUMPTIONS.iter().map(|row| row.key));
            let help = help.or_else(|| Some("`windtunnel assumptions` lists them".to_owned()));
            let problem = Problem::error("E0662", format!("there is no assumption `{key}`")).at(&span, "this row");
            return Err(Box::new(problem.maybe_help(help)));
        };
        if !matches!(row.range, windtunnel_sim::rules::Range::Dist { .. } | windtunnel_sim::rules::Range::Time { .. }) {
            let problem = Problem::error("E0662", format!("the assumption `{key}` is no length of time"));
            return Err(Box::new(problem.at(&span, "this row").help("its values are of another kind")));
        }
        reading.keep(row.id, &said, &span);
        Ok(())
    }

    /// How long it took, and whether it ended, as far as the columns of time say.
    fn length(&self, record: &csv::StringRecord) -> Result<(f64, bool), (String, Option<String>)> {
        if let Some(text) = self.field(record, &SECONDS) {
            let seconds = quantity::number_of(text).filter(|seconds| *seconds >= 0.0);
            return seconds.map(|seconds| (seconds, true)).ok_or_else(|| (format!("`{text}` are no seconds"), None));
        }
        if let Some(text) = self.field(record, &DURATION) {
            let length = super::iso_seconds(text).map_or_else(|| quantity::duration(text).map(|one| one.seconds()), Ok);
            return length.map(|seconds| (seconds, true)).map_err(|wrong| (wrong.message, wrong.help));
        }
        let instant = |names: &[&str]| {
            let text = self.field(record, names).unwrap_or_default();
            quantity::timestamp(text).map_err(|wrong| (wrong.message, wrong.help))
        };
        let (from, to) = (instant(&START)?, instant(&END)?);
        if to < from {
            return Err(("it ends before it starts".to_owned(), None));
        }
        Ok(((to - from) as f64 / 1000.0, true))
    }
}
