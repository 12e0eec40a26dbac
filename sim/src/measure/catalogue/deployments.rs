//! Measures of deployments by Octopus.

use super::{Reading, Scope, Value};
use crate::measure::octopus::Deployments;

fn of(reading: &Reading<'_>, value: impl Fn(&Deployments<'_>) -> Value) -> Value {
    match reading.of.plan.octopus.is_there() {
        false => Value::NotComputed("there are no deployment targets of Octopus"),
        true => value(&reading.of.deployments),
    }
}

pub(super) fn count(reading: &Reading<'_>, _: Scope) -> Value {
    of(reading, |of| Value::Number(of.count().into()))
}

pub(super) fn unsuccessful(reading: &Reading<'_>, _: Scope) -> Value {
    of(reading, |of| Value::Number(of.unsuccessful.into()))
}

/// What a lifecycle is needed for.
fn of_lifecycles(reading: &Reading<'_>, value: impl Fn(&Deployments<'_>) -> Value) -> Value {
    match reading.of.plan.octopus.projects.iter().any(|project| project.lifecycle.is_some()) {
        false => Value::NotComputed("no project of Octopus has a lifecycle"),
        true => value(&reading.of.deployments),
    }
}

pub(super) fn refused(reading: &Reading<'_>, _: Scope) -> Value {
    of_lifecycles(reading, |of| Value::Number(of.refused.into()))
}

pub(super) fn way(reading: &Reading<'_>, _: Scope) -> Value {
    of_lifecycles(reading, |of| of.way())
}

pub(super) fn wait(reading: &Reading<'_>, _: Scope) -> Value {
    of(reading, |of| of.wait())
}

pub(super) fn caught_up(reading: &Reading<'_>, _: Scope) -> Value {
    of(reading, |of| of.caught_up())
}

pub(super) fn undeployed(reading: &Reading<'_>, _: Scope) -> Value {
    of(reading, |of| Value::Number(of.undeployed().into()))
}

pub(super) fn ghosts(reading: &Reading<'_>, _: Scope) -> Value {
    of(reading, |of| Value::Number(of.ghosts_at_once().into()))
}

pub(super) fn ghost(reading: &Reading<'_>, _: Scope) -> Value {
    of(reading, |of| of.ghost())
}
