//! Four incidents as the author of a post-mortem wrote them, and what the program says of each: the statements of the review that were
//! right and those that were wrong, each held to a value worked out by hand or read from the ledger by the test itself.
//!
//! (a) `stale-image.yaml`: one of three served old code. (b) `certificate.yaml`: a scale-out whose extension fails. (c)
//! `throttled-probes.yaml`: probes that are refused, and a front door that leads users elsewhere. (d) `scale-out.yaml`: a version that
//! stops serving minutes after each start, a scale-out that made it worse, and a rollback that was refused.

#[path = "postmortem/causes.rs"]
mod causes;
#[path = "postmortem/corrected.rs"]
mod corrected;
#[path = "postmortem/document.rs"]
mod document;
#[path = "postmortem/harm.rs"]
mod harm;
#[path = "postmortem/prevent.rs"]
mod prevent;
#[path = "postmortem/right.rs"]
mod right;
#[path = "postmortem/runs.rs"]
mod runs;

use std::path::{Path, PathBuf};
use windtunnel::experiment::replay::Replay;
use windtunnel::input::{LoadOptions, Loaded, load};
use windtunnel::output::highlights::Highlights;
use windtunnel_sim::measure::Value;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{Fact, Record};

/// The file of an incident.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postmortem/fixtures").join(name)
}

/// An incident, read.
fn incident(name: &str) -> Loaded {
    load(&file(name), &LoadOptions::default()).unwrap_or_else(|report| panic!("{name}: {report}"))
}

/// The plan of an incident under a policy.
fn plan(name: &str, policy: &str) -> Plan {
    incident(name).plan(policy).unwrap_or_else(|error| panic!("{name}, {policy}: {error}")).plan.clone()
}

/// What is said of an incident under a policy, with seed 1.
fn looked_at<T>(name: &str, policy: &str, look: impl FnOnce(&Highlights<'_>) -> T) -> T {
    let plan = plan(name, policy);
    look(&Highlights::of(&Replay::new(&plan, 1)))
}

/// The first entry of a ledger of which this holds.
#[track_caller]
fn first(ledger: &[Record], is: impl Fn(&Fact) -> bool) -> Record {
    *ledger.iter().find(|record| is(&record.fact)).expect("there is such an entry")
}

/// Minutes and seconds after the start, in seconds.
fn clock(hours: u32, minutes: u32, seconds: f64) -> f64 {
    f64::from(hours * 3600 + minutes * 60) + seconds
}

#[track_caller]
fn close(is: f64, expected: f64, within: f64) {
    assert!((is - expected).abs() <= within, "{is}, not {expected}");
}

/// A measure of the whole fleet that is closed.
#[track_caller]
fn number(replay: &Replay<'_>, name: &str) -> f64 {
    match replay.measure(name) {
        Some(Value::Number(value)) => value,
        other => panic!("{name} is {other:?}"),
    }
}
