//! A run that begins with instances that are not alike.

mod support;

use support::*;
use windtunnel_sim::plan::*;
use windtunnel_sim::world::fact::{Fact, Operation, PowerFact, Record};
use windtunnel_sim::world::run::{Options, Run};

fn known(ordinal: u32) -> Present {
    Present { ordinal, ..Present::default() }
}

/// The set of [`plan`], with three instances of which this is known.
fn begins(instances: Vec<Present>, earlier: Vec<ImageReference>) -> Plan {
    let mut plan = Plan { horizon: at(900), ..plan() };
    (plan.sets[0].capacity, plan.sets[0].start) = (3, Start { earlier, instances });
    plan
}

fn in_rotation(ledger: &[Record]) -> Vec<(f64, u32)> {
    timed(ledger, |fact| match fact {
        Fact::InRotation { instance, .. } => Some(instance.0),
        _ => None,
    })
}

/// The instances are 2, 5 and one that nobody lists: the next of the set, 6. The next scale-out makes 7.
#[test]
fn numbers_and_places_are_those_that_are_known() {
    let placed = |ordinal, zone| Present { zone: Some(zone), ..known(ordinal) };
    let mut plan = begins(vec![placed(2, 3), placed(5, 3)], vec![]);
    plan.sets[0].zones = vec![1, 2, 3];
    plan.timeline = vec![scale(100, 4)];
    let mut ledger = Vec::new();
    let mut run = Run::new(&plan, 7, Options::default(), &mut ledger);
    run.advance(plan.horizon, &mut ledger);
    let ordinals: Vec<u32> = run.world.instances.rows.iter().map(|row| row.ordinal).collect();
    assert_eq!(ordinals, [2, 5, 6, 7]);
    // Two stand in zone 3, so what is unknown is in the poorest zone, 1, and the new one in 2.
    let zones = ledger.iter().filter_map(|record| match record.fact {
        Fact::InstancePresent { at, .. } | Fact::InstanceCreated { at, .. } => Some(at.zone),
        _ => None,
    });
    assert_eq!(zones.collect::<Vec<_>>(), [3, 3, 1, 2]);
}

/// A deallocated instance is in its pool and gets nothing. It is started at 100 s, runs at 160 s and is up at 200 s; probes go out
/// every 5 s, so that it is in rotation at 205 s.
#[test]
fn what_is_deallocated_is_out_of_rotation_from_the_first_instant() {
    let off = Present { power: PowerAtStart::Deallocated, ..known(1) };
    let mut plan = begins(vec![known(0), off, known(2)], vec![]);
    let start = Act::Power { set: 0, which: Which::One(1), how: PowerAct::Start };
    plan.timeline = vec![action("start", 100, start)];
    let ledger = ledger(&plan);
    assert_eq!(in_rotation(&ledger), [(0.0, 0), (0.0, 2), (205.0, 1)]);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::Power(PowerFact::Deallocated { .. }))), [0.0]);
    assert!(!ledger.iter().any(|record| matches!(record.fact, Fact::OutOfRotation { .. })), "it never was in it");
}

/// The second of three is unhealthy: the balancer has it out of rotation at once, and no request is harmed.
#[test]
fn what_is_unhealthy_is_known_to_be() {
    let ails = Present { unhealthy: true, ..known(1) };
    let ledger = ledger(&begins(vec![known(0), ails, known(2)], vec![]));
    assert_eq!(in_rotation(&ledger), [(0.0, 0), (0.0, 2)]);
    assert!(!ledger.iter().any(|record| matches!(record.fact, Fact::HarmStarted { .. })));
}

/// The first has the image of an earlier model. An upgrade by name of all brings that one alone to the newest: its disk is swapped.
#[test]
fn only_what_is_behind_is_upgraded() {
    let behind = Present { image: Some(0), model: Some(0), ..known(0) };
    let mut plan = begins(vec![behind, known(1), known(2)], vec![ImageReference::Version(0)]);
    plan.images.push(Image::plain("app/2.0.0".into(), Version::everywhere(0, Number([2, 0, 0]))));
    plan.sets[0].image = ImageReference::Version(1);
    let all = Act::UpgradeInstances { set: 0, which: Which::All };
    plan.timeline = vec![action("upgrade", 100, all)];
    let ledger = ledger(&plan);
    let swapped = |record: &Record| match record.fact {
        Fact::UpdateStarted { instance, how, image } => Some((instance.0, how, image.0)),
        _ => None,
    };
    assert_eq!(ledger.iter().filter_map(swapped).collect::<Vec<_>>(), [(0, Operation::Swap, 1)]);
}

/// The newest is protected, so that a scale-in by one takes the one before it.
#[test]
fn what_is_protected_stays() {
    let protected = Present { protect_from_scale_in: true, ..known(2) };
    let mut plan = begins(vec![known(0), known(1), protected], vec![]);
    plan.timeline = vec![scale(100, 2)];
    let gone = |record: &Record| match record.fact {
        Fact::InstanceDeleting { instance, .. } => Some(instance.0),
        _ => None,
    };
    assert_eq!(ledger(&plan).iter().filter_map(gone).collect::<Vec<_>>(), [1]);
}
