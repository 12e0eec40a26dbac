//! The columns of the time series that speak of an entry point: `timeseries.csv` has them, and an expectation may ask for one of
//! them at an instant, as `series.` and its name. This is the only list of them.

use super::Unit;
use super::answers::Answered;
use super::catalogue::Sign;
use super::entry_point::{Rates, Totals};
use super::series::EntryRow;

/// A column of the entry points.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// What it means.
    pub meaning: &'static str,
    /// It counts harm: nothing of it is best.
    pub is_harm: bool,
    /// What shows that it grew, or for what is served, that it fell.
    pub sign: Sign,
    /// Where its values come from.
    pub of: Of,
}

/// Where the values of a column come from.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// What becomes of the requests of an instant.
    Rate(fn(&Rates) -> f64),
    /// What a gateway answers to the requests of an instant that fail; `None` where no gateway answers.
    Answered(Answered),
    /// The harmed share of the requests of an instant, in percent.
    HarmedShare,
    /// What came of the requests since the start of the run.
    Total(fn(&Totals) -> f64),
    /// How many there are; `None` where nobody counts them.
    Count(fn(&EntryRow) -> Option<u32>),
    /// What the backends in rotation are declared to take; `None` where nothing is declared.
    Capacity,
}

impl Of {
    /// Whether it speaks of requests, which only an entry point with traffic has.
    #[must_use]
    pub const fn needs_traffic(self) -> bool {
        !matches!(self, Self::Count(_) | Self::Capacity)
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

const fn column(name: &'static str, unit: Unit, meaning: &'static str, of: Of) -> Column {
    Column { name, unit, meaning, is_harm: false, sign: Sign::Instance, of }
}

const fn harm(column: Column) -> Column {
    let sign = if column.of.needs_traffic() { Sign::Harm } else { Sign::Instance };
    Column { is_harm: true, sign, ..column }
}

const RPS: Unit = Unit::Count("rps");
const REQUESTS: Unit = Unit::Count("requests");
const INSTANCES: Unit = Unit::Count("instances");

/// The columns of the entry points, in the order of `timeseries.csv`.
pub static COLUMNS: [Column; 20] = [
    column("demand_rps", RPS, "what users send", Of::Rate(|rates| rates.demand)),
    Column { sign: Sign::Harm, ..column("served_rps", RPS, "requests served well", Of::Rate(|rates| rates.served)) },
    harm(column("failed_rps", RPS, "requests not served", Of::Rate(|rates| rates.failed))),
    harm(column("stale_rps", RPS, "requests served by code older than users need", Of::Rate(|rates| rates.stale))),
    harm(column(
        "harmed_pct",
        Unit::Percent,
        "failed and stale requests, of all that users send; 0 without demand",
        Of::HarmedShare,
    )),
    column("backends", INSTANCES, "members of the pools", Of::Count(|row| Some(row.members))),
    column("in_rotation", INSTANCES, "backends that get new connections", Of::Count(|row| Some(row.in_rotation()))),
    harm(column("in_rotation_stale", INSTANCES, "of those, with old code", Of::Count(|row| Some(row.backends[1])))),
    harm(column("in_rotation_cannot", INSTANCES, "of those, unable to serve", Of::Count(|row| Some(row.backends[0])))),
    column("probed_up", INSTANCES, "backends that the probe considers up", Of::Count(|row| row.probed_up)),
    column(
        "healthy",
        INSTANCES,
        "backends that are healthy as far as the scale set knows",
        Of::Count(|row| row.healthy),
    ),
    column("ready", INSTANCES, "backends that would serve a request well", Of::Count(|row| Some(row.ready))),
    column("capacity_rps", RPS, "capacity of the backends in rotation, as the scenario gives it", Of::Capacity),
    column("offered_requests", REQUESTS, "requests offered since the start", Of::Total(|totals| totals.offered)),
    harm(column("failed_requests", REQUESTS, "of those, not served", Of::Total(|totals| totals.failed))),
    harm(column("stale_requests", REQUESTS, "of those, served by old code", Of::Total(|totals| totals.stale))),
    harm(column(
        "harmed_s",
        Unit::Seconds,
        "the integral of the harmed share since the start",
        Of::Total(|totals| totals.equivalent_s),
    )),
    harm(column(
        "answered_502_rps",
        RPS,
        "failed requests that a gateway answers with 502",
        Of::Answered(Answered::BadGateway),
    )),
    harm(column("answered_504_rps", RPS, "the same with 504", Of::Answered(Answered::TimedOut))),
    harm(column(
        "answered_errors_rps",
        RPS,
        "failed requests that a gateway passes on as the errors of backends",
        Of::Answered(Answered::PassedOn),
    )),
];
