//! There is one model of the requests at an entry point: what the measures say of a run is what `timeseries.csv` sums up to, what the
//! rates of its rows integrate to, and what the facts say of when users were harmed.

mod support;

use std::path::PathBuf;
use support::{Ran, run};
use windtunnel::input::{LoadOptions, load};
use windtunnel::output::tables;
use windtunnel_claims::expect::Test;
use windtunnel_claims::quantity::{Curve, Quantity};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::generator;
use windtunnel_sim::measure::Measures;
use windtunnel_sim::measure::entry_point::{Rates, Stretch, Totals};
use windtunnel_sim::plan::{Behind, Connections, Plan};
use windtunnel_sim::world::fact::Fact;
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_sim::world::run::{Options, run as run_alone};

const SEED: u64 = 3;

/// The plan with connections of this kind at every entry point.
fn with(plan: &Plan, connections: Connections) -> Plan {
    let mut plan = plan.clone();
    for traffic in plan.entry_points.iter_mut().filter_map(|entry| entry.traffic.as_mut()) {
        traffic.connections = connections;
    }
    plan
}

fn bundled() -> Vec<(String, Plan)> {
    let entries = std::fs::read_dir("scenarios").expect("the folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect();
    files.sort();
    let plan = |path: &PathBuf| {
        let loaded = load(path, &LoadOptions::default()).expect("it loads");
        (path.display().to_string(), loaded.plan("as-written").expect("it is there").plan.clone())
    };
    files.iter().map(plan).collect()
}

/// The entry points of a plan that have traffic, but for the parts of others.
fn entry_points(plan: &Plan) -> Vec<EntryPointId> {
    let asked = plan.entries().filter(|(id, entry)| entry.traffic.is_some() && !plan.is_part(*id));
    let mut all: Vec<EntryPointId> = asked.map(|(id, _)| id).collect();
    // The measures have what users come by first.
    all.sort_by_key(|id| !plan.entry_point(*id).is_root());
    all
}

/// Two sums of the same: one part in 10⁹ apart at most, and where there is next to nothing of it, of one request in 10⁹.
#[track_caller]
fn are_equal(what: &str, one: f64, other: f64, of: f64) {
    assert!((one - other).abs() <= 1e-9 * one.abs().max(1.0).min(of.max(1.0)), "{what}: {one}, {other}");
}

fn totals(plan: &Plan) -> Vec<Totals> {
    let mut measures = Measures::new(plan);
    run_alone(plan, SEED, Options::default(), &mut measures);
    measures.totals().into_iter().map(|(_, totals)| totals).collect()
}

/// The last values of the columns of sums in `timeseries.csv`, and what its rows add up to.
fn of_csv(ran: &Ran<'_>, id: EntryPointId) -> [f64; 4] {
    let mut text = Vec::new();
    tables::timeseries_csv(&ran.names, &ran.series, None, &mut text).expect("it is written");
    let mut reader = csv::Reader::from_reader(&text[..]);
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|one| one == name).unwrap_or_else(|| panic!("no column {name}"));
    let sums = ["offered_requests", "failed_requests", "stale_requests", "harmed_s"].map(column);
    let entry_point = column("entry_point");
    let rows = reader.records().map(|row| row.expect("a row"));
    let last = rows.filter(|row| &row[entry_point] == ran.names.entry_point(id)).last().expect("rows of it");
    sums.map(|at| last[at].parse().expect("a number"))
}

/// The integral of a function of whole milliseconds between two of them, by Simpson's rule on ever smaller pieces. It knows
/// nothing of how rates move.
fn integral(of: &dyn Fn(u64) -> f64, (from, until): (u64, u64), tolerance: f64) -> f64 {
    let length = until - from;
    if length < 8 {
        let ends = (from..until).map(|ms| f64::midpoint(of(ms), of(ms + 1)));
        return ends.sum::<f64>() / 1000.0;
    }
    let (quarter, half) = (length / 4, length / 4 * 2);
    let middle = from + half;
    let simpson =
        |from: u64, step: u64| (of(from) + 4.0 * of(from + step) + of(from + 2 * step)) * step as f64 / 3000.0;
    let whole = simpson(from, half);
    let parts = simpson(from, quarter) + simpson(middle, quarter);
    let rest = |tolerance| match from + 2 * half {
        end if end < until => integral(of, (end, until), tolerance),
        _ => 0.0,
    };
    if (whole - parts).abs() < tolerance {
        return parts + rest(tolerance);
    }
    let (one, two) =
        (integral(of, (from, middle), tolerance / 2.0), integral(of, (middle, from + 2 * half), tolerance / 2.0));
    one + two + rest(tolerance)
}

/// What a rate comes to over the rows of an entry point. What holds at the end of a row is that of the millisecond before.
fn of_rates(ran: &Ran<'_>, id: EntryPointId, tolerance: f64, rate: fn(&Rates) -> f64) -> f64 {
    let of = |(requests, from, until): (Stretch, SimTime, SimTime)| {
        let value = |ms: u64| rate(&requests.at(SimTime::from_ms(ms)));
        // Cut first, so that nothing hides between the ends of a long one.
        let (from, until) = (from.ms(), until.ms());
        let cuts: Vec<u64> = (0..=16).map(|piece| from + (until - from) * piece / 16).collect();
        cuts.windows(2).map(|cut| integral(&value, (cut[0], cut[1]), tolerance)).sum::<f64>()
    };
    let spans = ran.series.spans(id).filter(|(row, until)| *until > row.time);
    spans.map(|(row, until)| of((row.requests.expect("traffic"), row.time, until))).sum()
}

fn is_one_model(name: &str, plan: &Plan) {
    let ran = run(plan, SEED);
    for (id, is) in entry_points(plan).into_iter().zip(totals(plan)) {
        let what = |of: &str| format!("{name}, {of} of {}", ran.names.entry_point(id));
        let rows = ran.series.totals(id);
        let csv = of_csv(&ran, id);
        for (of, one, row, csv) in [
            ("offered", is.offered, rows.offered, csv[0]),
            ("failed", is.failed, rows.failed, csv[1]),
            ("stale", is.stale, rows.stale, csv[2]),
            ("harmed seconds", is.equivalent_s, rows.equivalent_s, csv[3]),
        ] {
            are_equal(&what(of), one, row, is.offered);
            are_equal(&what(of), one, csv, is.offered);
        }
        // What a gateway answers is all that failed there, by the measures and by the rows.
        if plan.is_answered(id) {
            for answers in [is.answers, rows.answers] {
                are_equal(&what("answered"), answers.iter().sum(), is.failed, is.offered);
            }
        }
        for (of, one, row) in [
            ("seconds without service", is.full_s, rows.full_s),
            ("degraded seconds", is.degraded_s, rows.degraded_s),
            ("seconds of shortfall", is.shortfall_s, rows.shortfall_s),
            ("the worst share", is.peak, rows.peak),
        ] {
            assert!((one - row).abs() < 1e-6, "{}: {one}, {row}", what(of));
        }
    }
}

fn rates_integrate_to_the_measures(name: &str, plan: &Plan) {
    let ran = run(plan, SEED);
    for (id, is) in entry_points(plan).into_iter().zip(totals(plan)) {
        let tolerance = 1e-13 * is.offered.max(1.0);
        // Demand that falls to nothing between two milliseconds is summed as if it fell straight from one to the other.
        let demand = plan.entry_point(id).traffic.iter().flat_map(|traffic| &traffic.demand);
        let kinks = demand.map(|segment| 0.5e-6 * segment.slope.abs()).sum::<f64>();
        for (of, total, rate) in [
            ("offered", is.offered, (|rates| rates.demand) as fn(&Rates) -> f64),
            ("failed", is.failed, |rates| rates.failed),
            ("stale", is.stale, |rates| rates.stale),
            ("502", is.answers[0], |rates| rates.answers[0]),
            ("504", is.answers[1], |rates| rates.answers[1]),
            ("passed on", is.answers[2], |rates| rates.answers[2]),
        ] {
            let sum = of_rates(&ran, id, tolerance, rate);
            assert!(
                (sum - total).abs() <= 1e-9 * is.offered.max(1.0) + kinks,
                "{name}, {of}: {sum} by the rates, {total}"
            );
        }
    }
}

#[test]
fn the_sum_over_the_time_series_is_the_measure_in_every_bundled_scenario() {
    for (name, plan) in bundled() {
        for connections in [Connections::PerRequest, Connections::KeepAlive] {
            is_one_model(&name, &with(&plan, connections));
        }
    }
}

#[test]
fn the_sum_over_the_time_series_is_the_measure_in_random_scenarios() {
    for number in 0..500 {
        let plan = generator::scenario(number);
        for connections in [Connections::PerRequest, Connections::KeepAlive] {
            is_one_model(&format!("scenario {number}"), &with(&plan, connections));
        }
    }
}

#[test]
fn what_the_rates_of_the_rows_integrate_to_is_the_measure() {
    let random = (0..60).map(|number| (format!("scenario {number}"), generator::scenario(number)));
    for (name, plan) in bundled().into_iter().chain(random) {
        for connections in [Connections::PerRequest, Connections::KeepAlive] {
            rates_integrate_to_the_measures(&name, &with(&plan, connections));
        }
    }
}

/// Kept connections move between two rows, and what harm there is may rise and fall again: an expectation finds all of it.
#[test]
fn expectations_find_what_turns_between_two_rows() {
    let random = (0..40).map(|number| (format!("scenario {number}"), generator::scenario(number)));
    let mut broken = 0;
    for (name, plan) in bundled().into_iter().chain(random) {
        let plan = with(&plan, Connections::KeepAlive);
        let ran = run(&plan, SEED);
        for what in ["failed_rps", "stale_rps", "harmed_pct", "failed_requests"] {
            let quantity = Quantity::parse(&format!("series.{what}")).expect("it is known");
            let Ok(curve) = Curve::new(&plan, &ran.series, &quantity, None) else { continue };
            let (start, end) = (SimTime::ZERO, plan.horizon);
            let value = |ms: u64| curve.value(SimTime::from_ms(ms)).expect("a value");
            let every = (end.ms() / 20_011).max(1);
            let seen = (0..=end.ms() / every).map(|step| value(step * every)).fold(0.0, f64::max);
            let (_, most) = curve.range(start, end);
            assert!(most >= seen - 1e-9 * seen, "{name}, {what}: {most}, and {seen} was seen");
            if most <= 0.0 {
                continue;
            }
            broken += 1;
            let test = Test::AtMost(0.97 * most);
            let (at, first) = curve.first(start, end, &test, false).unwrap_or_else(|| panic!("{name}, {what}"));
            assert!(first > 0.97 * most);
            let before = (0..at.ms().div_ceil(every)).map(|step| value(step * every)).fold(0.0, f64::max);
            let just_before = at.ms().checked_sub(1).map_or(0.0, value);
            assert!(before.max(just_before) <= 0.97 * most, "{name}, {what}: {before} before {first} at {at}");
        }
    }
    assert!(broken > 60, "only {broken}");
}

/// Users are harmed, as the facts say, just while a row says so.
#[test]
fn users_are_harmed_just_while_the_rows_say_so() {
    let random = (0..200).map(|number| (format!("scenario {number}"), generator::scenario(number)));
    let mut windows = 0;
    for (name, plan) in bundled().into_iter().chain(random) {
        for connections in [Connections::PerRequest, Connections::KeepAlive] {
            let plan = with(&plan, connections);
            let ran = run(&plan, SEED);
            for id in entry_points(&plan) {
                // What one of several places sheds while demand changes is approximated for a name (TM-10), and a scenario
                // whose users keep connections at a name is refused.
                let entry = plan.entry_point(id);
                let changes = entry.traffic.iter().any(|traffic| traffic.demand.len() > 1);
                let slopes = entry.traffic.iter().flat_map(|traffic| &traffic.demand).any(|part| part.slope != 0.0);
                if entry.behind == Behind::Routes && (changes || slopes || connections == Connections::KeepAlive) {
                    continue;
                }
                let changes = ran.ledger.iter().filter_map(|record| match record.fact {
                    Fact::HarmStarted { entry_point: of } => (of == id).then_some((record.time, true)),
                    Fact::HarmEnded { entry_point: of } => (of == id).then_some((record.time, false)),
                    _ => None,
                });
                let changes: Vec<(SimTime, bool)> = changes.collect();
                let harmed_at = |time: SimTime| {
                    changes[..changes.partition_point(|change| change.0 <= time)].last().is_some_and(|change| change.1)
                };
                windows += changes.len();
                for (row, until) in ran.series.spans(id).filter(|(row, until)| until.ms() > row.time.ms() + 1) {
                    // A millisecond later what begins to be harmed is harmed.
                    let at = SimTime::from_ms(row.time.ms() + 1);
                    let rates = row.requests.expect("traffic").at(at);
                    let share = rates.harmed_share();
                    assert_eq!(
                        share > 1e-15,
                        harmed_at(at),
                        "{name}, {connections:?}, {share} at {at} until {until}: {row:?}"
                    );
                }
            }
        }
    }
    assert!(windows > 500, "only {windows}");
}
