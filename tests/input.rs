//! What the reader of scenarios is held to.

#[path = "input/agents.rs"]
mod agents;
#[path = "input/autoscale.rs"]
mod autoscale;
#[path = "input/bill.rs"]
mod bill;
#[path = "input/definitions.rs"]
mod definitions;
#[path = "input/entry_points.rs"]
mod entry_points;
#[path = "input/extensions.rs"]
mod extensions;
#[path = "input/gateways.rs"]
mod gateways;
#[path = "input/health.rs"]
mod health;
#[path = "input/images.rs"]
mod images;
#[path = "input/legality.rs"]
mod legality;
#[path = "input/names.rs"]
mod names;
#[path = "input/os_upgrade.rs"]
mod os_upgrade;
#[path = "input/placement.rs"]
mod placement;
#[path = "input/published.rs"]
mod published;
#[path = "input/refusals.rs"]
mod refusals;
#[path = "input/repairs.rs"]
mod repairs;
#[path = "input/standby.rs"]
mod standby;
#[path = "input/upgrades.rs"]
mod upgrades;
#[path = "input/writes.rs"]
mod writes;

use windtunnel::input::{Loaded, Report, Severity};
use windtunnel_sim::rules::{RuleId, RuleSet};

/// How bad what a rule says is, where it says something.
fn said(outcome: &Result<Loaded, Report>, rule: RuleId) -> Option<Severity> {
    let problems = match outcome {
        Ok(loaded) => &loaded.problems,
        Err(report) => report.problems(),
    };
    problems.iter().find(|problem| problem.message.ends_with(&format!("({rule})"))).map(|problem| problem.severity)
}

/// What is loaded is refused by this rule, and by no other.
#[track_caller]
fn refused_by(rule: RuleId, load: impl Fn(RuleSet) -> Result<Loaded, Report>) {
    assert_eq!(said(&load(RuleSet::all()), rule), Some(Severity::Error), "{rule}");
    if let Err(report) = load(RuleSet::without(rule)) {
        panic!("{rule} is off, and it is refused all the same: {report}");
    }
}
