//! The tables a run leaves behind.
//!
//! All of them: cells as `cells.rs` writes them, so that no spreadsheet runs a name; columns in the order written here, LF
//! line ends, numbers with a point and without grouping, times in seconds since the start with three decimals, timestamps
//! ISO-8601 in UTC, an empty cell for what does not apply.
//!
//! - `ledger.csv`, `ledger.ndjson`: [`LEDGER`]. One row a fact. `cause` is empty for the first entry.
//! - `timeseries.csv`: [`SERIES_FLEET`], one `code_…` column a release and `code_undeclared`, one `rotation_code_…`
//!   likewise, one `image_…` a version, one `state_…` a state of an instance; but before all these, [`SERIES_KEY`] and
//!   the columns of the entry points. A row with an `entry_point` speaks of that entry point and leaves the fleet's columns
//!   empty; a row without one speaks of the fleet. Counts hold from `time_s` until the next row. Rates are requests a second at
//!   `time_s`, and `served + failed + stale = demand`; until the next row they move with demand, and with connections that are
//!   kept. What came of it in between is in `offered_requests`, `failed_requests`, `stale_requests` and `harmed_s`, which
//!   count from the start of the run until `time_s`: the last row of an entry point has its measures.
//! - `instances.csv`: [`INSTANCES`]. One row an instance, by order of creation.

use super::cells::Cells;
use std::io::{self, Write};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::columns::{COLUMNS, Of};
use windtunnel_sim::measure::entry_point::Totals;
use windtunnel_sim::measure::fleet::LaneState;
use windtunnel_sim::measure::lanes::{Lane, StaleWindow};
use windtunnel_sim::measure::series::{EntryRow, FleetRow, Series};
use windtunnel_sim::plan::Code;
use windtunnel_sim::world::fact::Record;
use windtunnel_sim::world::ids::Entry;
use windtunnel_words::clock::{millis, seconds, timestamp};
use windtunnel_words::describe::Names;
use windtunnel_words::number::decimals;

/// Columns of the ledger.
pub const LEDGER: [&str; 8] = ["entry", "time_s", "timestamp", "subject", "what", "detail", "cause", "rule"];

/// The first columns of the time series, which are there in every row; those of the entry points follow
/// ([`windtunnel_sim::measure::columns::COLUMNS`]).
pub const SERIES_KEY: [&str; 3] = ["time_s", "timestamp", "entry_point"];

/// Columns of the time series that speak of the fleet, before those by code, image and state.
pub const SERIES_FLEET: [&str; 2] = ["instances", "required_code"];

/// Columns of the instances.
pub const INSTANCES: [&str; 18] = [
    "instance",
    "set",
    "zone",
    "fault_domain",
    "images",
    "codes",
    "present_at_start",
    "created_s",
    "ready_s",
    "first_in_rotation_s",
    "pipeline_done_s",
    "out_s",
    "deleting_s",
    "end_s",
    "end_why",
    "stale_ms",
    "stale_open",
    "priority",
];

/// One entry of the ledger, as written. The field order is the column order.
struct LedgerRow<'a> {
    entry: u32,
    /// With its three decimals.
    time_s: String,
    timestamp: String,
    subject: &'a str,
    what: &'a str,
    detail: &'a str,
    cause: Option<u32>,
    rule: String,
}

fn ledger_row<T>(names: &Names<'_>, record: &Record, then: impl FnOnce(&LedgerRow<'_>) -> T) -> T {
    then(&LedgerRow {
        entry: record.entry.0,
        time_s: seconds(record.time),
        timestamp: timestamp(names.plan().start_unix_ms, record.time),
        subject: &names.subject(&record.fact),
        what: record.fact.kind().name,
        detail: &names.detail(&record.fact),
        cause: (record.cause != Entry::NONE).then_some(record.cause.0),
        rule: record.rule.to_string(),
    })
}

/// How many bytes an entry takes in `ledger.csv` and `ledger.ndjson` together, at most.
pub fn ledger_size(names: &Names<'_>, record: &Record) -> usize {
    ledger_row(names, record, |row| {
        let texts = [row.subject, row.detail, row.what, &row.rule, &row.timestamp, &row.time_s];
        // Quotes and escapes double a text at most in the one and are six bytes for a letter in the other, where there are any.
        let plain = |text: &str| text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
        let size = |text: &str| if plain(text) { 2 * text.len() + 4 } else { 8 * text.len() + 4 };
        texts.iter().map(|text| size(text)).sum::<usize>() + 140
    })
}

/// Writes `ledger.csv`.
pub fn ledger_csv(names: &Names<'_>, ledger: &[Record], out: impl Write) -> io::Result<()> {
    let mut csv = Cells::new(out);
    csv.write_record(LEDGER)?;
    for record in ledger {
        ledger_row(names, record, |row| {
            let (entry, cause) = (row.entry.to_string(), row.cause.map_or_else(String::new, |cause| cause.to_string()));
            let (time, stamp, rule) = (&row.time_s, &row.timestamp, &row.rule);
            csv.write_record([&entry, time, stamp, row.subject, row.what, row.detail, &cause, rule])
        })?;
    }
    csv.flush()
}

/// Writes `ledger.ndjson`: one JSON object a line, with the columns of `ledger.csv` as keys. `time_s` is a number.
pub fn ledger_ndjson(names: &Names<'_>, ledger: &[Record], mut out: impl Write) -> io::Result<()> {
    for record in ledger {
        ledger_row(names, record, |row| -> io::Result<()> {
            let cause = row.cause.map_or_else(|| "null".to_owned(), |cause| cause.to_string());
            // The decimals of a time are part of the format, and a float would drop them: the line is put together here.
            writeln!(
                out,
                r#"{{"entry":{},"time_s":{},"timestamp":{},"subject":{},"what":{},"detail":{},"cause":{cause},"rule":{}}}"#,
                row.entry,
                row.time_s,
                json(&row.timestamp)?,
                json(row.subject)?,
                json(row.what)?,
                json(row.detail)?,
                json(&row.rule)?,
            )
        })?;
    }
    out.flush()
}

fn json(text: &str) -> io::Result<String> {
    Ok(serde_json::to_string(text)?)
}

/// Writes `timeseries.csv`; the rows before `until`, where that is given.
pub fn timeseries_csv(
    names: &Names<'_>,
    series: &Series<'_>,
    until: Option<SimTime>,
    out: impl Write,
) -> io::Result<()> {
    let mut csv = Cells::new(out);
    csv.write_record(series_header(names))?;
    for (_, cells) in series_rows(names, series).take_while(|(time, _)| until.is_none_or(|until| *time < until)) {
        csv.write_record(cells)?;
    }
    csv.flush()
}

/// When `timeseries.csv` has to end so as not to be larger than `most`; `None` where all of it fits.
pub fn series_until(names: &Names<'_>, series: &Series<'_>, most: usize) -> Option<SimTime> {
    let (rows, columns) = (series.entries.len() + series.fleets.len(), series_header(names).len());
    // No cell but the name of an entry point is longer than a number.
    if rows.saturating_mul(24 * columns + 200) <= most {
        return None;
    }
    let mut left = most;
    series_rows(names, series).find_map(|(time, cells)| {
        let size: usize = cells.iter().map(|cell| cell.len() + 2).sum();
        match left.checked_sub(size) {
            Some(rest) => {
                left = rest;
                None
            }
            None => Some(time),
        }
    })
}

/// The rows of the series in the order of time; within an instant the fleet comes first.
fn series_rows<'s>(names: &'s Names<'_>, series: &'s Series<'_>) -> impl Iterator<Item = (SimTime, Vec<String>)> + 's {
    let columns = series_header(names).len();
    let mut fleets = series.fleets.iter().peekable();
    let mut rows = series.entries.iter().peekable();
    let mut before: Vec<Option<&EntryRow>> = vec![None; names.plan().entry_points.len()];
    let mut totals = vec![Totals::default(); before.len()];
    std::iter::from_fn(move || {
        let next = rows.peek().map(|row| row.time);
        if let Some(fleet) = fleets.next_if(|fleet| next.is_none_or(|next| fleet.time <= next)) {
            return Some((fleet.time, fleet_cells(names, fleet)));
        }
        let row = rows.next()?;
        let totals = &mut totals[row.entry_point.index()];
        if let Some(before) = before[row.entry_point.index()].replace(row)
            && let Some(requests) = before.requests
        {
            *totals = totals.and(requests.integrate(before.time, row.time));
        }
        let mut cells = entry_cells(names, row, totals);
        cells.resize(columns, String::new());
        Some((row.time, cells))
    })
}

fn series_header(names: &Names<'_>) -> Vec<String> {
    let application = &names.plan().application;
    let codes = || application.releases.iter().map(String::as_str).chain(["undeclared"]);
    let mut header: Vec<String> = SERIES_KEY.map(str::to_owned).into();
    header.extend(COLUMNS.iter().map(|column| column.name.to_owned()));
    header.extend(SERIES_FLEET.map(str::to_owned));
    header.extend(codes().map(|code| format!("code_{code}")));
    header.extend(codes().map(|code| format!("rotation_code_{code}")));
    header.extend(names.plan().images.iter().map(|image| format!("image_{}", image.name)));
    header.extend(LaneState::ALL.map(|state| format!("state_{}", state.key())));
    header
}

/// A rate with three decimals, a thousandth of a request a second being finer than any fluid.
fn rate(value: f64) -> String {
    format!("{value:.3}")
}

fn entry_cells(names: &Names<'_>, row: &EntryRow, totals: &Totals) -> Vec<String> {
    let start = names.plan().start_unix_ms;
    let mut cells = vec![seconds(row.time), timestamp(start, row.time), names.entry_point(row.entry_point).to_owned()];
    let rates = row.rates();
    cells.extend(COLUMNS.iter().map(|column| {
        let cell = match column.of {
            Of::Rate(of) => rates.map(|rates| rate(of(&rates))),
            Of::Answered(kind) => row.answers(row.time).map(|answers| rate(answers[kind as usize])),
            Of::HarmedShare => rates.map(|rates| format!("{:.4}", 100.0 * rates.harmed_share())),
            // To a billionth of a request or second.
            Of::Total(of) => rates.map(|_| decimals(of(totals), 9)),
            Of::Count(of) => of(row).map(|count| count.to_string()),
            Of::Capacity => row.capacity.map(rate),
        };
        cell.unwrap_or_default()
    }));
    cells
}

fn fleet_cells(names: &Names<'_>, row: &FleetRow) -> Vec<String> {
    let mut cells = vec![seconds(row.time), timestamp(names.plan().start_unix_ms, row.time)];
    cells.resize(SERIES_KEY.len() + COLUMNS.len(), String::new());
    cells.push(row.present.to_string());
    cells.push(row.required.map_or_else(String::new, |code| names.code(code).to_owned()));
    let counts = row.by_code.iter().chain(&row.rotation_by_code).chain(&row.by_image).chain(&row.by_lane);
    cells.extend(counts.map(ToString::to_string));
    cells
}

/// Writes `instances.csv`.
pub fn instances_csv<'l>(
    names: &Names<'_>,
    lanes: impl IntoIterator<Item = &'l Lane>,
    out: impl Write,
) -> io::Result<()> {
    let mut csv = Cells::new(out);
    csv.write_record(INSTANCES)?;
    for lane in lanes {
        csv.write_record(instance_cells(names, lane))?;
    }
    csv.flush()
}

/// How many bytes an instance takes in `instances.csv`, but for quotes.
pub fn instance_size(names: &Names<'_>, lane: &Lane) -> usize {
    instance_cells(names, lane).iter().map(|cell| cell.len() + 2).sum()
}

fn instance_cells(names: &Names<'_>, lane: &Lane) -> [String; INSTANCES.len()] {
    let when = |at: Option<SimTime>| at.map_or_else(String::new, seconds);
    let images: Vec<String> =
        lane.images.iter().map(|&(at, image)| format!("{}@{}", names.image(image), seconds(at))).collect();
    let code = |code: Option<Code>| code.map_or("undeclared", |code| names.code(code));
    let codes: Vec<String> = lane.codes.iter().map(|&(at, of)| format!("{}@{}", code(of), seconds(at))).collect();
    let (stale, open) = match lane.stale {
        StaleWindow::NotAsked | StaleWindow::NeverInRotation => (String::new(), ""),
        StaleWindow::Closed(length) => (length.ms().to_string(), "false"),
        StaleWindow::Open(length) => (length.ms().to_string(), "true"),
    };
    [
        names.instance(lane.instance).to_owned(),
        names.set(lane.set).to_owned(),
        if lane.at.zone == 0 { String::new() } else { lane.at.zone.to_string() },
        lane.at.fault_domain.to_string(),
        images.join(" "),
        codes.join(" "),
        lane.at_start.to_string(),
        millis(lane.created.ms()),
        when(lane.ready),
        when(lane.first_in_rotation),
        when(lane.pipeline_done),
        when(lane.out),
        when(lane.deletion.map(|(at, _)| at)),
        when(lane.end),
        lane.deletion.map_or_else(String::new, |(_, why)| why.word().to_owned()),
        stale,
        open.to_owned(),
        if lane.spot { "Spot" } else { "Regular" }.to_owned(),
    ]
}
