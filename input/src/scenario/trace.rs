//! Demand traces: a CSV file with the columns `time` and `rps`, put in the place of its name as `points`. Its instants are lengths since
//! the start, plain seconds, or civil times, as Azure exports them: then what was before the start counts up to it.

use super::instants;
use crate::files::{Base, Files};
use crate::problem::{Problem, Problems};
use crate::quantity::{self, Wrong};
use crate::tree::{Key, Node, Scalar, Source, Span, Value};
use crate::{read, recognise};
use std::path::Path;
use std::sync::Arc;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_words::clock::Clock;
use windtunnel_words::instant::Instant;

/// Writes every trace of the `traffic` section out as points; `base` is where its path begins.
pub fn inline(scenario: &mut Node, base: Base<'_>, problems: &mut Problems) {
    let clock = instants::clock(scenario);
    let Some(traffic) = entry_mut(scenario, "traffic") else { return };
    let Value::Map(entries) = &mut traffic.value else { return };
    for (_, entry) in entries {
        let Some(demand) = entry_mut(entry, "demand") else { continue };
        let Some(file) = demand.get("trace").cloned() else { continue };
        let Some(name) = file.text() else { continue };
        let points = read_trace(&base.folder.join(name), &clock, base.files, &file.span, problems);
        if let (Some(points), Value::Map(keys)) = (points, &mut demand.value) {
            keys.retain(|(key, _)| key.text != "trace");
            keys.push((Key { text: "points".into(), span: file.span.clone() }, points));
        }
    }
}

fn entry_mut<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    match &mut node.value {
        Value::Map(entries) => entries.iter_mut().find(|(k, _)| k.text == key).map(|(_, value)| value),
        _ => None,
    }
}

fn read_trace(path: &Path, clock: &Clock, files: &dyn Files, named_at: &Span, problems: &mut Problems) -> Option<Node> {
    let (text, name) = read::text_of(files, path, Some(named_at), problems)?;
    let hidden = !recognise::is_trace(&text);
    let source = Arc::new(Source { name, text, hidden });
    let (mut reader, start) = read::rows_of(&source, b',');
    let mut rows = Rows { source: &source, start, clock, columns: None, points: Vec::new(), is_wrong: false, problems };
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => rows.row(&record),
            Err(error) => {
                let at = error.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
                rows.problem(&rows.span_at(at), &format!("the row cannot be read: {error}"), "this row");
                break;
            }
        }
        // Of columns that are not there every row would be wrong.
        if rows.columns == Some(Err(())) {
            break;
        }
    }
    let points = rows.finish(named_at)?;
    let span = Span { source: Arc::clone(&source), start: 0, end: 0 };
    Some(Node { span, value: Value::Seq(points.iter().map(Point::node).collect()) })
}

/// A row: so many milliseconds after the start, or before it, how much, and where it stands.
#[derive(Clone, Debug)]
struct Point {
    at: i64,
    rps: f64,
    /// The rate as it is written.
    text: String,
    span: Span,
}

impl Point {
    /// The row as an entry of `points`.
    fn node(&self) -> Node {
        let field = |key: &str, text: String| {
            let value = Value::Scalar(Scalar { text, quoted: false });
            (Key { text: key.into(), span: self.span.clone() }, Node { span: self.span.clone(), value })
        };
        let at = SimDuration::from_ms(u64::try_from(self.at).unwrap_or(0));
        let entries = vec![field("at", at.to_string()), field("rps", format!("{} rps", self.text))];
        Node { span: self.span.clone(), value: Value::Map(entries) }
    }
}

struct Rows<'a> {
    source: &'a Arc<Source>,
    start: usize,
    clock: &'a Clock,
    /// The numbers of the columns of time and rate, once the header is read; `Err` where it is wrong.
    columns: Option<Result<(usize, usize), ()>>,
    points: Vec<Point>,
    /// A row was wrong: what follows from that is not said.
    is_wrong: bool,
    problems: &'a mut Problems,
}

/// What the column of time may be called: by us, and by exports of Azure.
pub(crate) const TIME: [&str; 5] = ["time", "timestamp", "TimeGenerated", "TimeGenerated [UTC]", "timeStamp [UTC]"];

impl Rows<'_> {
    /// The line that begins at a byte.
    fn span_at(&self, byte: usize) -> Span {
        let text = &self.source.text;
        let start = text.floor_char_boundary((self.start + byte).min(text.len()));
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Span { source: Arc::clone(self.source), start, end: start + text[start..end].trim_end().len() }
    }

    fn problem(&mut self, span: &Span, message: &str, label: &str) {
        let help = "a trace needs the columns `time,rps`, with the time in seconds, as a duration, or as `2026-11-24T09:00:00Z`";
        self.say(span, message, label, help);
    }

    fn say(&mut self, span: &Span, message: &str, label: &str, help: &str) {
        self.is_wrong = true;
        self.problems.push(Problem::error("E0116", message).at(span, label).help(help));
    }

    fn row(&mut self, record: &csv::StringRecord) {
        let byte = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        let span = self.span_at(byte);
        match self.columns {
            None => {
                let column = |names: &[&str]| {
                    record.iter().position(|field| names.iter().any(|name| field.eq_ignore_ascii_case(name)))
                };
                self.columns = Some(column(&TIME).zip(column(&["rps"])).ok_or(()));
                if self.columns == Some(Err(())) {
                    let message = "the first row of a trace must name its columns, `time` and `rps`";
                    self.problem(&span, message, "found these");
                }
            }
            Some(Err(())) => {}
            Some(Ok((time, rps))) => self.point(record.get(time), record.get(rps), span),
        }
    }

    fn point(&mut self, time: Option<&str>, rps: Option<&str>, span: Span) {
        let (Some(time), Some(rps)) = (time, rps) else {
            return self.problem(&span, "the row has too few fields", "this row");
        };
        let at = match self.instant(time) {
            Ok(at) => at,
            Err((message, Some(help))) => return self.say(&span, &message, "this row", &help),
            Err((message, None)) => return self.problem(&span, &message, "this row"),
        };
        let text = rps.strip_suffix("rps").unwrap_or(rps).trim();
        let Some(rate) = quantity::number_of(text).filter(|value| *value >= 0.0) else {
            return self.problem(&span, &format!("`{rps}` is not a rate"), "this row");
        };
        if rate > quantity::MOST_RPS {
            return self.problem(&span, &format!("`{rps}` is above the greatest rate, 1e12 rps"), "this row");
        }
        if self.points.last().is_some_and(|last| at <= last.at) {
            return self.problem(&span, &format!("the row at {time} must be after the row before"), "this row");
        }
        self.points.push(Point { at, rps: rate, text: text.to_owned(), span });
    }

    /// So many milliseconds after the start, or before it; what is wrong with a text, and where that is not the columns, what to write.
    fn instant(&self, text: &str) -> Result<i64, (String, Option<String>)> {
        let since = |at: SimTime| i64::try_from(at.ms()).unwrap_or(i64::MAX);
        let plain = |wrong: Wrong| (wrong.message, None);
        let civil = |wrong: Wrong| (wrong.message, wrong.help);
        if quantity::number_of(text).is_some() {
            let length = quantity::duration(&format!("{text}s")).map_err(plain)?;
            return Ok(since(SimTime::ZERO + length));
        }
        match Instant::parse_export(text) {
            Ok(Instant::Civil(unix_ms)) if self.clock.zone().is_some() => {
                Ok(unix_ms.saturating_sub(self.clock.start_unix_ms()))
            }
            // No trace knows the timeline.
            Ok(Instant::Entry { .. }) | Err(_) if quantity::duration(text).is_err() => {
                Err(quantity::duration(text).err().map_or_else(Default::default, plain))
            }
            Ok(other) => other.resolve(self.clock, |_| None).map(since).map_err(civil),
            Err(wrong) => Err(civil(wrong)),
        }
    }

    /// The rows from the start of the run on; none where something is wrong.
    fn finish(self, named_at: &Span) -> Option<Vec<Point>> {
        let mut points = self.points;
        let problem = match (self.columns, points.first()) {
            _ if self.is_wrong => return None,
            (Some(Ok(_)), None) => Problem::error("E0116", format!("the trace `{}` has no rows", self.source.name))
                .at(named_at, "named here")
                .help("write one row per instant: `0,120`"),
            (None | Some(Err(())), _) => Problem::error("E0116", format!("the trace `{}` is empty", self.source.name))
                .at(named_at, "named here")
                .help("a trace begins with the names of its columns, `time,rps`"),
            (Some(Ok(_)), Some(first)) if first.at > 0 => {
                let at = SimTime::from_ms(u64::try_from(first.at).unwrap_or(0));
                let message = format!("the trace must begin at the start of the run, got {}", self.clock.moment(at));
                let problem = Problem::error("E0116", message).at(&first.span, "the first row");
                problem.help("give the demand at the start: `0,120`, or a row before it")
            }
            (Some(Ok(_)), Some(_)) => {
                begin(&mut points);
                return Some(points);
            }
        };
        self.problems.push(problem);
        None
    }
}

/// Drops what was before the start, which has the value between the rows on its two sides.
fn begin(points: &mut Vec<Point>) {
    let after = points.partition_point(|point| point.at <= 0);
    let last = &points[after - 1];
    if last.at == 0 {
        points.drain(..after - 1);
        return;
    }
    let share = points.get(after).map_or(0.0, |next| (0 - last.at) as f64 / (next.at - last.at) as f64);
    let rps = points.get(after).map_or(last.rps, |next| last.rps + (next.rps - last.rps) * share);
    let first = Point { at: 0, rps, text: rps.to_string(), span: last.span.clone() };
    points.splice(..after, [first]);
}
