//! In how many random scenarios each kind of fact, each act and each feature comes up.

use super::features;
use super::kinds::word;
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{
    AgentFact, EnvironmentFact, Fact, FactKind, OsUpgradeFact, PlaceFact, PowerFact, Record, RepairsFact, RolloutFact,
};

/// Scenarios by the name of what came up in them.
#[derive(Debug, Default)]
pub struct Shares {
    scenarios: usize,
    met: BTreeMap<String, usize>,
}

impl Shares {
    /// Takes in one scenario.
    pub fn take_in(&mut self, plan: &Plan, ledger: &[Record]) {
        self.scenarios += 1;
        let mut kinds = BTreeSet::new();
        let mut names = features::of(plan);
        for record in ledger {
            let why = why(&record.fact);
            if !kinds.insert((record.fact.kind().number, why)) {
                continue;
            }
            let text = format!("{:?}", record.fact);
            let name = name(&text);
            if why.is_some() {
                names.insert(format!("{name} {}", said(&text)));
            }
            names.insert(name);
        }
        for name in names {
            *self.met.entry(name).or_default() += 1;
        }
    }

    /// In what share of the scenarios this came up, in percent.
    pub fn percent(&self, name: &str) -> f64 {
        100.0 * self.met.get(name).copied().unwrap_or(0) as f64 / self.scenarios as f64
    }

    /// What came up, and in how many scenarios.
    pub fn met(&self) -> &BTreeMap<String, usize> {
        &self.met
    }
}

/// All facts that the sources have.
pub fn facts() -> Vec<String> {
    let of = |room: &str, kind: &FactKind| match room {
        "" => kind.variant.to_owned(),
        room => format!("{room}.{}", kind.variant),
    };
    Fact::ROOMS.iter().flat_map(|(room, kinds)| kinds.iter().map(move |kind| of(room, kind))).collect()
}

/// Why or how something happened, where a fact says it by a word of its own: with its number, to tell it from others.
fn why(fact: &Fact) -> Option<u64> {
    let number = match *fact {
        Fact::ScaleRefused { why, .. } | Fact::UpdateRefused { why, .. } => why as u64,
        Fact::InstanceDeleting { why, .. } => why as u64,
        Fact::UpdateStarted { how, .. } => how as u64,
        Fact::Power(PowerFact::StartRefused { why, .. }) => why as u64,
        Fact::Place(PlaceFact::StandbyDeleted { why, .. }) => why as u64,
        Fact::Place(PlaceFact::StandbyDegraded { why, .. }) => why as u64,
        Fact::Place(PlaceFact::MoveEnded { how, .. }) => how as u64,
        Fact::Rollout(RolloutFact::LeftOut { why, .. }) => why as u64,
        Fact::Rollout(RolloutFact::InstanceFailed { why, .. }) => why as u64,
        Fact::Rollout(RolloutFact::WriteRefused { why, .. }) => why as u64,
        Fact::OsUpgrade(OsUpgradeFact::Waits { why, .. }) => why as u64,
        Fact::OsUpgrade(OsUpgradeFact::CallRefused { why, .. }) => why as u64,
        Fact::OsUpgrade(OsUpgradeFact::AttemptEnded { restored, .. }) => u64::from(restored > 0),
        Fact::Repairs(RepairsFact::Ended { how, .. }) => how as u64,
        Fact::Agent(AgentFact::Offline { why, .. }) => why as u64,
        Fact::Agent(AgentFact::Unhealthy { why, .. }) => why as u64,
        Fact::Environment(EnvironmentFact::Ended { result, .. }) => result as u64,
        _ => return None,
    };
    Some(number)
}

/// That word, out of what `Debug` writes.
fn said(debug: &str) -> &str {
    let at =
        ["why: ", "how: ", "result: ", "restored: "].iter().filter_map(|key| Some(debug.find(key)? + key.len())).min();
    match at.map(|at| word(&debug[at..])) {
        Some("0") => "none restored",
        Some(count) if count.starts_with(|c: char| c.is_ascii_digit()) => "restored",
        said => said.unwrap_or_default(),
    }
}

/// `Rollout.BatchStarted` of `Rollout(BatchStarted { … })`.
fn name(debug: &str) -> String {
    let outer = word(debug);
    match debug[outer.len()..].strip_prefix('(') {
        Some(inner) => format!("{outer}.{}", word(inner)),
        None => outer.to_owned(),
    }
}
