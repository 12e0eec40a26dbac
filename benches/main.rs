//! Benchmarks: `cargo bench`. Each prints a digest of what it computed, so that nobody speeds anything up by changing
//! what it means. With `--test` every benchmark runs once, which the test suite does, so that none of them rots.
//!
//! - `queue`: the hold model, one event out and one in, at 1,000 to 1,000,000 pending.
//! - `draws`: opening a stream, and each distribution.
//! - `scenarios`: whole runs, without artefacts: the bundled scenarios and the storm.
//! - `baseline`: the storm as a hand-written loop, which is the floor.
//!
//! And two tables, each asked for by its name alone: `-- rates`, runs a second of every bundled scenario; `-- threads`, what
//! `compare` makes of two threads.

#![allow(missing_docs, reason = "a benchmark is its own documentation")]

mod baseline;
mod draws;
mod queue;
mod scenarios;
mod storm_by_hand;
mod threads;

use criterion::Criterion;
use std::time::Duration;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("rates") => return scenarios::rates(),
        Some("threads") => return threads::table(),
        _ => {}
    }
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    queue::define(&mut criterion);
    draws::define(&mut criterion);
    baseline::define(&mut criterion);
    scenarios::define(&mut criterion);
    criterion.final_summary();
}
