//! A drill as a scenario under test: what it is held to.

use super::card::INSTANCES_PCT;
use super::prepare::{Fit, Prepared};
use crate::assessment::allowed;
use std::slice::from_ref;
use windtunnel_input::drill::fit::Fitted;
use windtunnel_input::drill::{Drill, Rollout};
use windtunnel_input::read::read_text;
use windtunnel_input::{AS_WRITTEN, Loaded, Problems, Report, Written};
use windtunnel_sim::measure::catalogue::{HARMED, INSTANCES_SHARE};

/// A drill with its expectation, which is that of a scorecard: the objective is met in every run; or, where no users are known, a bad
/// version reaches few instances. A drill of a team's own that expects something itself is held to that. `None` where the drill cannot
/// happen to the fleet, and where nothing of it can be judged.
///
/// # Errors
///
/// What the drill expects is wrong.
pub fn under_test(prepared: &Prepared<'_>, drill: &Drill, incident: usize) -> Result<Option<Loaded>, Report> {
    match expecting(prepared, drill, incident) {
        Some(fitted) => prepared.subject.over(&drill.name, &[fitted.tree]).map(Some),
        None => Ok(None),
    }
}

/// What makes the drill of the fleet, with what it is held to; `None` where it cannot happen, and where it is held to nothing.
///
/// # Panics
///
/// Never: what is read is written here.
#[must_use]
pub fn expecting(prepared: &Prepared<'_>, drill: &Drill, incident: usize) -> Option<Fitted> {
    let (Fit::Ready(ready), Some(plan)) = (&prepared.fits[incident], prepared.plan(incident, None)) else {
        return None;
    };
    let mut fitted = ready.fitted.clone();
    if fitted.tree.get("expect").is_none() {
        let has_users = plan.entry_points.iter().any(|entry| entry.traffic.is_some());
        let expected = match (allowed(plan.objective).filter(|_| has_users), drill.rollout) {
            (Some(allowed), _) => format!("{{ name: the objective is met, measure: {HARMED}, atMost: {allowed}% }}"),
            (None, Some(Rollout::Bad)) => {
                format!("{{ name: few instances are bad, measure: {INSTANCES_SHARE}, atMost: {INSTANCES_PCT}% }}")
            }
            (None, _) => return None,
        };
        let expected = read_text("the drill", format!("[{expected}]\n"), &mut Problems::new());
        fitted.expect(expected.expect("a list of one mapping"));
    }
    Some(fitted)
}

/// A drill on this fleet as it is written, with the places of its values in the files of the fleet, and with what it is held to.
#[must_use]
pub fn written(prepared: &Prepared<'_>, drill: &Drill, incident: usize) -> Option<Written> {
    let Fit::Ready(ready) = &prepared.fits[incident] else { return None };
    let subject = &prepared.subject;
    let name = subject.name(&drill.name);
    let held_to = expecting(prepared, drill, incident);
    let over = &held_to.as_ref().unwrap_or(&ready.fitted).tree;
    windtunnel_input::written(subject.files, &name, subject.text.clone(), from_ref(over), AS_WRITTEN)
}
