//! What the simulator shows of a finding: the smallest incident, with the fleet as it is and with the fix.

use crate::experiment::compare::{Comparison, compare};
use crate::experiment::replicate::{Done, Replications, Watcher};
use crate::input::draft::Draft;
use crate::input::files::Files;
use crate::input::lint::fleet::Fleet;
use crate::input::lint::{Finding, Incident, incident, mends};
use crate::input::{AS_WRITTEN, LoadOptions, Problems, load_over, read};
use crate::output::proof::{Extent, Proof};
use crate::threads::replicate;
use std::sync::atomic::AtomicBool;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::Plan;

/// With which seeds, and on how many threads.
#[derive(Clone, Copy, Debug)]
pub struct Seeds {
    /// The first.
    pub first: u64,
    /// How many.
    pub count: usize,
    /// Threads.
    pub jobs: usize,
}

/// Nobody watches.
struct Nobody;

impl Watcher for Nobody {
    fn done(&mut self, _: &[Done]) -> anyhow::Result<()> {
        Ok(())
    }
}

/// A fleet, and the draft of it.
#[derive(Clone, Copy)]
pub struct Drafted<'d> {
    /// How its files are read.
    pub files: &'d dyn Files,
    /// Where the draft would be.
    pub name: &'d str,
    /// The draft.
    pub draft: &'d Draft,
    /// The fleet.
    pub fleet: &'d Fleet,
}

/// What Azure's refusal of a deployment comes to with the fix.
///
/// # Errors
///
/// There is no patch, or Azure refuses the deployment all the same.
pub fn accepted(fleet: &Fleet, finding: &Finding) -> Result<Proof, String> {
    if finding.fix.is_none() {
        return Err("no patch can be given".to_owned());
    }
    if mends(fleet, finding, &LoadOptions::default()) {
        Ok(Proof::accepted(finding.row))
    } else {
        Err("the fix does not suffice".to_owned())
    }
}

/// Runs the incident of a finding.
///
/// # Errors
///
/// Why it cannot be run.
pub fn prove(of: Drafted<'_>, finding: &Finding, seeds: Seeds) -> Result<Proof, String> {
    let of_incident = both(of, finding, finding.row.incident, seeds)?;
    let good = if finding.row.incident == Incident::GoodRollout {
        None
    } else {
        both(of, finding, Incident::GoodRollout, seeds).ok()
    };
    let good = good.as_ref().map(|(comparison, _)| comparison);
    Ok(Proof::of(finding.row, (&of_incident.0, of_incident.1), good))
}

/// One incident, as it is and with the fix.
fn both(of: Drafted<'_>, finding: &Finding, what: Incident, seeds: Seeds) -> Result<(Comparison, Extent), String> {
    let fix = finding.fix.as_ref().ok_or("no patch can be given")?;
    let own = |set: &str| of.draft.sets.iter().position(|one| one.name == set);
    let set = finding.set.as_deref().and_then(own).or_else(|| of.draft.sets.iter().position(|one| one.is_main));
    let set = set.ok_or("there is no scale set")?;
    let incident::Overlay { text, load } = incident::overlay(what, of.draft, set, (of.fleet, fix));
    let mut problems = Problems::new();
    let over = read::read_text("incident.yaml", text, &mut problems).ok_or("the incident cannot be read")?;
    let options = LoadOptions::default();
    let loaded = load_over(of.files, of.name, of.draft.text.clone(), &[over], &options)
        .map_err(|report| first(report.problems()))?;
    let plan =
        |policy: &str| loaded.plan(policy).map(|planned| &planned.plan).map_err(|report| first(report.problems()));
    let plans: [&Plan; 2] = [plan(AS_WRITTEN)?, plan(incident::FIX)?];
    let mut runs = Replications::new(seeds.first, &[AS_WRITTEN, incident::FIX]);
    replicate(None, &plans, &mut runs, seeds.count, seeds.jobs, &AtomicBool::new(false), &mut Nobody)
        .map_err(|error| error.to_string())?;
    Ok((compare(&runs, 0, None), Extent { horizon: plans[0].horizon.since(SimTime::ZERO), load }))
}

/// The first error, as the reason why something cannot be run.
pub fn first(problems: &Problems) -> String {
    let error = problems.first_error().or(problems.iter().next());
    error.map_or_else(|| "it cannot be run".to_owned(), |one| format!("{}: {}", one.code, one.full()))
}
