//! An activity log as observed events: what the ledger has the like of.
//!
//! A log says when something was asked for and what came of it. What the ledger has beside that, the act of the timeline itself, is not
//! compared: its instant is the author's.

use super::{Cx, clock_ahead, table, tolerance, values, wrong};
use crate::arm::activity::{Asked, asked};
use crate::json::{Dialect, parse};
use crate::problem::Problem;
use crate::scenario::keys::observation as key;
use crate::tree::Node;
use windtunnel_claims::observed::{Metric, Observation, Point, Value};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_words::number::count;

/// The observations of a log, one a kind of event and subject.
pub(super) fn read(node: &Node, name: &str, file: &Node, cx: &mut Cx<'_>) -> Vec<Observation> {
    let Some(source) = table::source(file, None, cx) else { return Vec::new() };
    let Some(root) = parse(&source, Dialect::Azure, cx.problems) else { return Vec::new() };
    let Some(all) = asked(&root) else {
        let message = format!("`{}` is no activity log", source.name);
        cx.problems.push(wrong(&file.span, message, "named here", "give the output of `az monitor activity-log list`"));
        return Vec::new();
    };
    if cx.clock.zone().is_none() {
        let help = "write `start: 2026-11-24T09:00:00Z` into the scenario";
        cx.problems.push(wrong(
            &file.span,
            "a log has civil times, and the scenario does not say when it starts",
            "this log",
            help,
        ));
        return Vec::new();
    }
    let of = Metric::Event { fact: String::new(), subject: None };
    let own = key::TOLERANCE.node(node).and_then(|given| tolerance(given, &of, cx));
    let ahead = clock_ahead(node, cx);
    let mut rows = Vec::new();
    let mut others = 0;
    for one in &all {
        let ms = one.at_ms - ahead - cx.clock.start_unix_ms();
        let (Some((fact, subject)), Ok(ms)) = (like(one), u64::try_from(ms)) else {
            others += 1;
            continue;
        };
        let at = SimTime::from_ms(ms.min(SimTime::FAR.ms()));
        let point = Point { from: at, until: at, value: Value::Seen, requests: None, tolerance: own };
        values::add(&mut rows, node, name, Metric::Event { fact: fact.to_owned(), subject: Some(subject) }, point);
    }
    if others > 0 {
        let message = format!(
            "of the log {} not compared with runs",
            if others == 1 { "1 operation is".into() } else { format!("{} are", count(others, "operation")) }
        );
        let help = "compared are acts of autoscale, cancelled and refused upgrades, and OS upgrades; what is before the start is not";
        cx.problems.push(Problem::note("N0670", message).at(&file.span, "this log").help(help));
    }
    values::named_apart(&mut rows, name);
    rows
}

/// What the ledger would have in the place of an operation: the name of the fact and its subject.
fn like(asked: &Asked) -> Option<(&'static str, String)> {
    let fact = match asked.operation.as_str() {
        of if of.starts_with("microsoft.insights/autoscalesettings/scale") => "capacitySet",
        of if of.ends_with("rollingupgrades/cancel/action") => "cancelRequested",
        of if of.ends_with("osrollingupgrade/action") => "upgradeStarted",
        of if of.ends_with("virtualmachinescalesets/write") && asked.failed => "writeRefused",
        _ => return None,
    };
    Some((fact, asked.set.clone()?))
}
