//! A file of observations as a table: the names of its columns, and rows with their places.

use super::{Cx, json, wrong};
use crate::read;
use crate::scenario::keys::observation as key;
use crate::scenario::trace::TIME;
use crate::tree::{Node, Source, Span};
use std::sync::Arc;
use windtunnel_sim::engine::time::SimDuration;

/// A table.
pub(super) struct Table {
    /// Where it is named.
    pub named_at: Span,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// From one row to the next, where the file says so.
    pub every: Option<SimDuration>,
    /// The file is no export that is known: nothing of it is shown.
    pub hidden: bool,
}

/// A row: its place, and the text of each column; nothing where there is none.
pub(super) struct Row {
    pub span: Span,
    pub cells: Vec<String>,
}

/// What files of Azure hold one of.
const MARKS: [&str; 5] = ["\"timeseries\"", "\"tables\"", "TimeGenerated", "\"timestamp\"", "\"timeStamp\""];

impl Table {
    /// Reads a file: JSON where it begins so, CSV otherwise.
    pub(super) fn read(node: &Node, file: &Node, cx: &mut Cx<'_>) -> Option<Self> {
        let source = source(file, key::TIME.given(node), cx)?;
        if source.text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with(['{', '[']) {
            return json::table(node, file, &source, cx);
        }
        csv(file, &source, cx)
    }

    /// The place of a column by its name.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.eq_ignore_ascii_case(name.trim()))
    }

    /// The place of the column of instants.
    pub(super) fn time(&self, named: Option<&str>) -> Option<usize> {
        match named {
            Some(name) => self.column(name),
            None => TIME.iter().chain(&["timeStamp"]).find_map(|name| self.column(name)),
        }
    }

    /// Its columns, as a help says them; a file that may be anything is not shown.
    pub(super) fn has(&self) -> String {
        if self.hidden {
            "its columns are not shown".to_owned()
        } else {
            format!("its columns are {}", self.columns.join(", "))
        }
    }
}

/// The text of a file that an observation names.
pub(super) fn source(file: &Node, time: Option<&str>, cx: &mut Cx<'_>) -> Option<Arc<Source>> {
    let path = cx.base.folder.join(file.text()?);
    let (text, name) = read::text_of(cx.base.files, &path, Some(&file.span), cx.problems)?;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_ascii_lowercase();
    let names = TIME.iter().copied().chain(time);
    let is_csv = names.map(str::to_ascii_lowercase).any(|name| first.contains(&name));
    let is_json = MARKS.iter().any(|mark| text.to_ascii_lowercase().contains(&mark.to_ascii_lowercase()));
    Some(Arc::new(Source { name, text, hidden: !(is_csv || is_json) }))
}

fn csv(file: &Node, source: &Arc<Source>, cx: &mut Cx<'_>) -> Option<Table> {
    let first =
        source.text.trim_start_matches('\u{feff}').lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    // Where a comma parts decimals, programs write semicolons between columns.
    let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let (mut reader, start) = read::rows_of(source, delimiter);
    let mut record = csv::StringRecord::new();
    let mut columns: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let cells: Vec<String> = record.iter().map(str::to_owned).collect();
                let at = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
                match &columns {
                    None => columns = Some(cells),
                    Some(_) => rows.push(Row { span: line(source, start + at), cells }),
                }
            }
            Err(error) => {
                let at = error.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
                let help = "a CSV file has the names of its columns first, and text in UTF-8";
                cx.problems.push(wrong(
                    &line(source, start + at),
                    format!("the row cannot be read: {error}"),
                    "this row",
                    help,
                ));
                return None;
            }
        }
    }
    let named_at = file.span.clone();
    let Some(columns) = columns else {
        let help = "a CSV file has the names of its columns first: `TimeGenerated,ErrorRate`";
        cx.problems.push(wrong(&named_at, format!("`{}` is empty", source.name), "named here", help));
        return None;
    };
    Some(Table { named_at, columns, rows, every: None, hidden: source.hidden })
}

/// The line that begins at a byte.
fn line(source: &Arc<Source>, byte: usize) -> Span {
    let text = &source.text;
    let start = text.floor_char_boundary(byte.min(text.len()));
    let start = start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len();
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    Span { source: Arc::clone(source), start, end: start + text[start..end].trim_end().len() }
}
