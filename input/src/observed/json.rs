//! Files of Azure in JSON as tables: metrics, and the answers of queries.

use super::table::{Row, Table};
use super::{Cx, usual, wrong};
use crate::json::{Dialect, parse};
use crate::problem::suggest;
use crate::quantity;
use crate::scenario::keys::observation as key;
use crate::tree::{Node, Source};
use std::sync::Arc;
use windtunnel_claims::observed::Metric;
use windtunnel_sim::engine::time::SimDuration;

/// The table of a file.
pub(super) fn table(node: &Node, file: &Node, source: &Arc<Source>, cx: &mut Cx<'_>) -> Option<Table> {
    let root = parse(source, Dialect::Azure, cx.problems)?;
    if let Some(found) = metrics(node, file, &root, cx) {
        return found;
    }
    if let Some(tables) = root.get("tables") {
        return answer(file, tables.items(), cx);
    }
    if let rows @ [_, ..] = root.items() {
        return Some(objects(file, rows, source.hidden));
    }
    let message = format!("`{}` has neither metrics nor the answer of a query", source.name);
    let help = "give the output of `az monitor metrics list` or of `az monitor log-analytics query`, as JSON";
    cx.problems.push(wrong(&file.span, message, "named here", help));
    None
}

/// The values of a metric; `None` where the file is of another kind.
fn metrics(node: &Node, file: &Node, root: &Node, cx: &mut Cx<'_>) -> Option<Option<Table>> {
    let list = root.arm("value").map_or_else(|| root.items(), Node::items);
    let metrics: Vec<&Node> = list.iter().filter(|one| one.arm("timeseries").is_some()).collect();
    if metrics.is_empty() {
        return None;
    }
    let names = |one: &Node| {
        let name = one.arm("name");
        let of = |key: &str| name.and_then(|name| name.arm(key)).and_then(Node::text);
        [of("value"), of("localizedValue"), name.and_then(Node::text)]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let all: Vec<String> = metrics.iter().filter_map(|one| names(one).into_iter().next()).collect();
    let wanted = key::COLUMN.node(node);
    let is_it = |one: &&&Node| {
        wanted.and_then(Node::text).is_none_or(|text| names(one).iter().any(|name| name.eq_ignore_ascii_case(text)))
    };
    let found: Vec<&&Node> = metrics.iter().filter(is_it).collect();
    let [metric] = found[..] else {
        let span = wanted.map_or(&file.span, |node| &node.span);
        let (message, label) = match wanted.and_then(Node::text) {
            Some(text) => (format!("the file has no metric `{text}`, or several of that name"), "this metric"),
            None => (format!("the file has {} metrics, and the observation names none", metrics.len()), "this file"),
        };
        let text = wanted.and_then(Node::text).unwrap_or_default();
        let help = suggest(text, all.iter().map(String::as_str)).unwrap_or_else(|| "name one with `column`".to_owned());
        cx.problems.push(wrong(span, message, label, help));
        return Some(None);
    };
    Some(series(node, file, (root, metric), cx))
}

/// The values of the series of a metric.
fn series(node: &Node, file: &Node, (root, metric): (&Node, &Node), cx: &mut Cx<'_>) -> Option<Table> {
    let series = metric.arm("timeseries").map_or(&[][..], Node::items);
    if series.len() > 1 {
        let message = format!("the metric has {} series, one a dimension", series.len());
        let help = "filter it to one, or leave `--dimension` and `--filter` out, so that Azure Monitor sums them up";
        cx.problems.push(wrong(&series[1].span, message, "the second", help));
        return None;
    }
    let measured = key::MEASURE.given(node).and_then(|text| Metric::parse(text).ok());
    let aggregation = key::AGGREGATION.given(node).or_else(|| measured.as_ref().map(usual));
    let aggregation = aggregation.map_or("average", |of| of.word());
    let data = series.first().and_then(|one| one.arm("data")).map_or(&[][..], Node::items);
    let has = |key: &str| data.iter().any(|point| point.arm(key).is_some());
    if !data.is_empty() && !has(aggregation) {
        let known: Vec<&str> =
            ["average", "total", "count", "minimum", "maximum"].into_iter().filter(|key| has(key)).collect();
        let message = format!("the metric has no `{aggregation}`");
        let help = match &known[..] {
            [] => "every value of it is empty: fetch it with `--aggregation`".to_owned(),
            some => format!("it has {}: write `aggregation: {}`", some.join(", "), some[0]),
        };
        cx.problems.push(wrong(&data[0].span, message, "the first value", help));
        return None;
    }
    let cell = |point: &Node, key: &str| point.arm(key).and_then(Node::text).unwrap_or_default().to_owned();
    let rows = data
        .iter()
        .map(|point| Row { span: point.span.clone(), cells: vec![cell(point, "timeStamp"), cell(point, aggregation)] });
    let every = root.arm("interval").and_then(Node::text).and_then(interval);
    Some(Table {
        named_at: file.span.clone(),
        columns: vec!["timeStamp".to_owned(), aggregation.to_owned()],
        rows: rows.collect(),
        every,
        hidden: false,
    })
}

/// `PT1M`, and `0:01:00` as some versions of the command line have it.
fn interval(text: &str) -> Option<SimDuration> {
    if let Ok(length) = quantity::duration(text) {
        return Some(length);
    }
    let parts: Vec<u64> = text.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [hours, minutes, seconds] = parts[..] else { return None };
    Some(SimDuration::from_secs((hours * 60 + minutes) * 60 + seconds))
}

/// The first table of an answer, as the interface of Log Analytics gives it.
fn answer(file: &Node, tables: &[Node], cx: &mut Cx<'_>) -> Option<Table> {
    let Some(table) = tables.first() else {
        let problem = wrong(&file.span, "the answer has no table", "named here", "repeat the query");
        cx.problems.push(problem);
        return None;
    };
    let columns = table.arm("columns").map_or(&[][..], Node::items).iter();
    let columns =
        columns.map(|column| column.name().or_else(|| column.text()).unwrap_or_default().to_owned()).collect();
    let rows = table.arm("rows").map_or(&[][..], Node::items).iter();
    let rows = rows.map(|row| Row { span: row.span.clone(), cells: row.items().iter().map(cell_of).collect() });
    Some(Table { named_at: file.span.clone(), columns, rows: rows.collect(), every: None, hidden: false })
}

/// The rows that `az monitor log-analytics query` prints: an object a row.
fn objects(file: &Node, rows: &[Node], hidden: bool) -> Table {
    let mut columns: Vec<String> = Vec::new();
    for (key, _) in rows.iter().flat_map(Node::entries) {
        if !columns.contains(&key.text) {
            columns.push(key.text.clone());
        }
    }
    let row = |row: &Node| Row {
        span: row.span.clone(),
        cells: columns.iter().map(|column| row.get(column).map_or_else(String::new, cell_of)).collect(),
    };
    let rows = rows.iter().map(row).collect();
    Table { named_at: file.span.clone(), columns, rows, every: None, hidden }
}

fn cell_of(node: &Node) -> String {
    node.text().unwrap_or_default().to_owned()
}
