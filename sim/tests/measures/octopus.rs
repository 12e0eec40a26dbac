//! What Octopus did, against sums done by hand.

use super::*;
use crate::support::octopus::{deploy_to, install, octopus, two_phases};

/// One machine is created at 100 s and found healthy at 280 s; its deployment is from 300 s to 500 s, so that it had waited for
/// 20 s, and was done 400 s after its creation. Another, of 310 s, is found healthy at 490 s and waits for the scan of 510 s:
/// 20 s, and 400 s. The third goes at 1,000 s, is found unavailable at 1,200 s and cleaned up at 2,400 s: a ghost for 1,400 s.
#[test]
fn deployments_waits_and_ghosts_are_counted() {
    let mut plan = octopus(vec![install(200)]);
    plan.timeline = vec![scale(100, 3), scale(310, 4), scale(1000, 3)];
    let of = Of::run(&plan);
    of.is("octopus.deployments", 2.0);
    of.is("octopus.unsuccessful", 0.0);
    of.is("octopus.wait_s", 20.0);
    of.is("octopus.new_machine_s", 400.0);
    of.is("octopus.undeployed", 0.0);
    of.is("octopus.ghosts", 1.0);
    of.is("octopus.ghost_s", 1400.0);
}

/// Without a trigger the machine of 100 s is left alone: at the end of the hour it has waited since 280 s, and for 3,500 s in all.
/// The machine that goes at 3,000 s is a ghost to the end, for 600 s.
#[test]
fn what_is_open_at_the_end_is_at_least_so_long() {
    let mut plan = octopus(vec![install(200)]);
    plan.octopus.projects[0].trigger = None;
    let delete = Act::Power { set: 0, which: Which::Ordinals(vec![0]), how: PowerAct::Delete };
    plan.timeline = vec![scale(100, 3), action("delete", 3000, delete)];
    let of = Of::run(&plan);
    of.is("octopus.deployments", 0.0);
    of.is("octopus.undeployed", 1.0);
    of.is_so_far("octopus.wait_s", 3320.0);
    of.is_so_far("octopus.new_machine_s", 3500.0);
    of.is_so_far("octopus.ghost_s", 600.0);
}

/// A fleet without targets has no such measure.
#[test]
fn without_targets_nothing_is_computed() {
    let of = Of::run(&plan());
    assert!(matches!(of.value("octopus.deployments"), Value::NotComputed(_)));
}

/// Created at 40 s, refused in production at 50 s, in staging from 100 s to 300 s, in production from 310 s to 510 s: 470 s in all. With
/// nothing after the refusal it is on its way at the end, an hour after the beginning, since 3560 s.
#[test]
fn a_release_takes_as_long_as_its_phases() {
    let mut plan = two_phases(vec![install(200)]);
    let create = action("create", 40, Act::Octopus(OctopusAct::Create { project: 0, release: 1 }));
    plan.timeline = vec![create, deploy_to(50, 1), deploy_to(100, 0), deploy_to(310, 1)];
    let of = Of::run(&plan);
    of.is("octopus.refused", 1.0);
    of.is("octopus.lifecycle_s", 470.0);
    plan.timeline.truncate(2);
    Of::run(&plan).is_so_far("octopus.lifecycle_s", 3560.0);
    plan.octopus.projects[0].lifecycle = None;
    assert!(matches!(Of::run(&plan).value("octopus.refused"), Value::NotComputed(_)));
}
