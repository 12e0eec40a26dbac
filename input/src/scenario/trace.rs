//! Demand traces: a CSV file with the columns `time` and `rps`, put in the place of its name as `points`.

use crate::files::{Base, Files};
use crate::problem::{Problem, Problems};
use crate::quantity;
use crate::tree::{Key, Node, Scalar, Source, Span, Value};
use crate::{read, recognise};
use std::path::Path;
use std::sync::Arc;

/// Writes every trace of the `traffic` section out as points; `base` is where its path begins.
pub fn inline(scenario: &mut Node, base: Base<'_>, problems: &mut Problems) {
    let Some(traffic) = entry_mut(scenario, "traffic") else { return };
    let Value::Map(entries) = &mut traffic.value else { return };
    for (_, entry) in entries {
        let Some(demand) = entry_mut(entry, "demand") else { continue };
        let Some(file) = demand.get("trace").cloned() else { continue };
        let Some(name) = file.text() else { continue };
        let points = read_trace(&base.folder.join(name), base.files, &file.span, problems);
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

fn read_trace(path: &Path, files: &dyn Files, named_at: &Span, problems: &mut Problems) -> Option<Node> {
    let (text, name) = read::text_of(files, path, Some(named_at), problems)?;
    let hidden = !recognise::is_trace(&text);
    let source = Arc::new(Source { name, text, hidden });
    let start = if source.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(&source.text.as_bytes()[start..]);
    let mut rows = Rows { source: &source, start, columns: None, points: Vec::new(), last: None, problems };
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
    }
    let (columns, points) = (rows.columns, rows.points);
    if columns.is_some() && points.is_empty() {
        let problem = Problem::error("E0116", format!("the trace `{}` has no rows", source.name));
        problems.push(problem.at(named_at, "named here").help("write one row per instant: `0,120`"));
    }
    let span = Span { source: Arc::clone(&source), start: 0, end: 0 };
    Some(Node { span, value: Value::Seq(points) })
}

struct Rows<'a> {
    source: &'a Arc<Source>,
    start: usize,
    /// The numbers of the columns `time` and `rps`, once the header is read; `Err` where it is wrong.
    columns: Option<Result<(usize, usize), ()>>,
    points: Vec<Node>,
    /// The instant of the last row.
    last: Option<u64>,
    problems: &'a mut Problems,
}

impl Rows<'_> {
    /// The line that begins at a byte.
    fn span_at(&self, byte: usize) -> Span {
        let text = &self.source.text;
        let start = text.floor_char_boundary((self.start + byte).min(text.len()));
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Span { source: Arc::clone(self.source), start, end: start + text[start..end].trim_end().len() }
    }

    fn problem(&mut self, span: &Span, message: &str, label: &str) {
        let problem = Problem::error("E0116", message).at(span, label);
        self.problems.push(problem.help(
            "a trace needs the columns `time,rps`, with the time in seconds or as a \
            duration",
        ));
    }

    fn row(&mut self, record: &csv::StringRecord) {
        let byte = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        let span = self.span_at(byte);
        match self.columns {
            None => {
                let column = |name: &str| record.iter().position(|field| field.eq_ignore_ascii_case(name));
                self.columns = Some(column("time").zip(column("rps")).ok_or(()));
                if self.columns == Some(Err(())) {
                    self.problem(
                        &span,
                        "the first row of a trace must name its columns, `time` and `rps`",
                        "found these",
                    );
                }
            }
            Some(Err(())) => {}
            Some(Ok((time, rps))) => self.point(record.get(time), record.get(rps), &span),
        }
    }

    fn point(&mut self, time: Option<&str>, rps: Option<&str>, span: &Span) {
        let (Some(time), Some(rps)) = (time, rps) else {
            return self.problem(span, "the row has too few fields", "this row");
        };
        let seconds = if quantity::number_of(time).is_some() { format!("{time}s") } else { time.to_owned() };
        let at = match quantity::duration(&seconds) {
            Ok(at) => at,
            Err(wrong) => return self.problem(span, &wrong.message, "this row"),
        };
        let rate = rps.strip_suffix("rps").unwrap_or(rps).trim();
        if quantity::number_of(rate).is_none_or(|value| value < 0.0) {
            return self.problem(span, &format!("`{rps}` is not a rate"), "this row");
        }
        if quantity::number_of(rate).is_some_and(|value| value > quantity::MOST_RPS) {
            return self.problem(span, &format!("`{rps}` is above the greatest rate, 1e12 rps"), "this row");
        }
        if self.last.is_some_and(|last| at.ms() <= last) {
            return self.problem(span, &format!("the row at {at} must be after the row before"), "this row");
        }
        if self.last.is_none() && at.ms() > 0 {
            return self.problem(span, &format!("the trace must begin at 0, got {at}"), "the first row");
        }
        self.last = Some(at.ms());
        let field = |key: &str, text: String| {
            let value = Value::Scalar(Scalar { text, quoted: false });
            (Key { text: key.into(), span: span.clone() }, Node { span: span.clone(), value })
        };
        let entries = vec![field("at", at.to_string()), field("rps", format!("{rate} rps"))];
        self.points.push(Node { span: span.clone(), value: Value::Map(entries) });
    }
}
