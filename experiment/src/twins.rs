//! Policies whose every run is the same, entry for entry, or at least in every measure: two names of one thing, and no
//! confirmation of each other.
//!
//! Why they are the same is said where it follows from the scenario or from what came of the runs: a batch stays in one zone,
//! so that more percent make it no larger; a key acts on what never happened.

use super::assessment::listed;
use super::compare::{Comparison, PolicyResult};
use super::replicate::{PolicyRuns, Replications};
use serde_json::Value;
use std::collections::BTreeSet;
use windtunnel_input::Planned;
use windtunnel_sim::measure::catalogue::{ACTIONS, BATCHES, REPAIRS};
use windtunnel_sim::plan::{OrchestrationMode, Plan, ScaleSet};

/// Every run of a policy is that of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    /// The place of the other one.
    pub of: usize,
    /// Entry for entry; otherwise in every measure, and the ledgers differ somewhere, if only in a rule that is cited.
    pub entry_for_entry: bool,
    /// Why, where that is known.
    pub why: Option<String>,
}

/// Marks the policies of a comparison whose every run is that of the reference, or else of a policy before it.
pub fn mark(comparison: &mut Comparison, runs: &Replications, planned: &[&Planned]) {
    let count = comparison.policies.len();
    for place in (0..count).filter(|&place| place != comparison.reference) {
        let before = std::iter::once(comparison.reference).chain((0..place).filter(|&one| one != comparison.reference));
        let (this, replications) = (&runs.policies[place], comparison.replications);
        let same = |of: &usize| replications > 0 && is_same(&runs.policies[*of], this);
        let found = before.into_iter().find(same);
        if let Some(of) = found {
            let why = why(comparison, (planned[of], planned[place]), place);
            let entry_for_entry = runs.policies[of].digests == this.digests;
            comparison.policies[place].twin = Some(Twin { of, entry_for_entry, why });
        }
    }
}

/// Whether the runs of two policies are the same in all that was measured.
fn is_same(one: &PolicyRuns, other: &PolicyRuns) -> bool {
    let values = || (0..one.columns.len()).all(|at| one.runs.column(at).iter().eq(other.runs.column(at).iter()));
    one.columns == other.columns && values()
}

/// What is to be said of policies that are the same, a sentence each.
#[must_use]
pub fn sentences(comparison: &Comparison) -> Vec<String> {
    let name = |place: usize| comparison.policies[place].name.as_str();
    // Those that are the same as one policy for one reason are listed together.
    let mut groups: Vec<(&Twin, Vec<&str>)> = Vec::new();
    for policy in &comparison.policies {
        let Some(twin) = &policy.twin else { continue };
        match groups.iter_mut().find(|(known, _)| *known == twin) {
            Some((_, names)) => names.push(&policy.name),
            None => groups.push((twin, vec![&policy.name])),
        }
    }
    let runs = comparison.replications;
    let each = |twin: &Twin| match (runs, twin.entry_for_entry) {
        (1, true) => "are the same in the only run".to_owned(),
        (1, false) => "have the same measures in the only run".to_owned(),
        (n, true) => format!("are the same in all {n} runs"),
        (n, false) => format!("have the same measures in all {n} runs"),
    };
    let sentences = |(twin, names): &(&Twin, Vec<&str>)| {
        let why = twin.why.as_ref().map_or_else(String::new, |why| format!(", since {why}"));
        let all: Vec<&str> = std::iter::once(name(twin.of)).chain(names.iter().copied()).collect();
        format!("{} {}{why}", listed(&all), each(twin))
    };
    groups.iter().map(sentences).collect()
}

/// The paths at which two scenarios differ.
fn differing(one: &Value, other: &Value) -> BTreeSet<String> {
    fn leaves(value: &Value, at: &str, into: &mut BTreeSet<(String, String)>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| leaves(value, &format!("{at}.{key}"), into)),
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(key, value)| leaves(value, &format!("{at}.{key}"), into));
            }
            leaf => {
                into.insert((at.to_owned(), leaf.to_string()));
            }
        }
    }
    let (mut a, mut b) = (BTreeSet::new(), BTreeSet::new());
    leaves(one, "", &mut a);
    leaves(other, "", &mut b);
    let paths = a.symmetric_difference(&b).map(|(path, _)| path.clone());
    paths.filter(|path| path != ".policy").collect()
}

/// Why the runs of two policies are the same; `place` is that of one of them.
fn why(comparison: &Comparison, (one, other): (&Planned, &Planned), place: usize) -> Option<String> {
    let paths = differing(&one.effective, &other.effective);
    let all = |within: &str| !paths.is_empty() && paths.iter().all(|path| path.contains(within));
    let most = |measure: &str| most(comparison, &comparison.policies[place], measure);
    if all(".rollingUpgradePolicy") && most(BATCHES) == Some(0.0) {
        return Some("they differ only in upgrades by batches, and no batch started in any run".to_owned());
    }
    if all(".pauseTimeBetweenBatches") && most(BATCHES).is_some_and(|batches| batches <= 1.0) {
        return Some("no run had a second batch, and there is no pause before the first".to_owned());
    }
    if all(".automaticRepairsPolicy") && most(REPAIRS) == Some(0.0) {
        return Some("they differ only in repairs, and no repair started in any run".to_owned());
    }
    if all(".maxBatchInstancePercent") && most(ACTIONS) == Some(0.0) {
        return batches(&one.plan, &other.plan);
    }
    None
}

/// The greatest value of a measure in any run of a policy; `None` if one is no number.
fn most(comparison: &Comparison, policy: &PolicyResult, measure: &str) -> Option<f64> {
    let values = policy.values(comparison.column(measure)?);
    let numbers: Option<Vec<f64>> = values.iter().map(|one| one.number()).collect();
    numbers.map(|numbers| numbers.into_iter().fold(0.0, f64::max))
}

/// Why batches of two sizes come to the same: for each set that differs.
fn batches(one: &Plan, other: &Plan) -> Option<String> {
    let mut said = Vec::new();
    for (set, with) in one.sets.iter().zip(&other.sets) {
        let (a, b) = (set.upgrade.rolling.max_batch_percent, with.upgrade.rolling.max_batch_percent);
        if a != b {
            said.push(batch(set, (a.min(b), a.max(b)))?);
        }
    }
    (!said.is_empty()).then(|| said.join("; "))
}

fn batch(set: &ScaleSet, (low, high): (u32, u32)) -> Option<String> {
    let hundredfold = |percent: u32| u64::from(set.capacity) * u64::from(percent);
    let (a, b) = (hundredfold(low), hundredfold(high));
    let zones = set.zones.len() as u64;
    let in_zone = u64::from(set.capacity).div_ceil(zones.max(1));
    let name = &set.name;
    if zones > 1 && !set.upgrade.rolling.cross_zone && a / 100 >= in_zone {
        return Some(format!(
            "a batch stays in one zone (RU-21), and no zone of {name} has more than {in_zone} of its {} instances: \
             {low} % allows as many as {high} %",
            set.capacity
        ));
    }
    // Update domains, of which a Uniform set with fixed spreading has five.
    let in_domain = u64::from(set.capacity).div_ceil(5);
    if zones <= 1 && set.mode == OrchestrationMode::Uniform && set.fault_domains > 1 && a / 100 >= in_domain {
        return Some(format!(
            "a batch stays in one update domain (RU-22), and none of {name} has more than {in_domain} of its {} \
             instances: {low} % allows as many as {high} %",
            set.capacity
        ));
    }
    let same =
        [|of: u64| of / 100, |of: u64| of.div_ceil(100), |of: u64| (of + 50) / 100].iter().all(|of| of(a) == of(b));
    same.then(|| format!("{low} % and {high} % of the {} instances of {name} are the same number", set.capacity))
}
