//! Automatic zone balance. Two of `vmss` grow to six at 100 s, for which zone 3 has no room: zones 1 and 2 have three each, the
//! numbers 0, 2, 4 and 1, 3, 5. The set `filler` gives its room in zone 3 back at 200 s. The first look is an hour after
//! 100 s, at 3,700 s. A new instance is provisioned 100 s after its creation, and the first probe of its health extension says at
//! once that it is healthy.

use crate::support::autoscale::{IN, given, metric, profile};
use crate::support::rollout::{unhealthy, watched};
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Deletion, Fact, MoveEnd, PlaceFact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "zone_balance":
    ZN_13 one_machine_in_twelve_hours_goes_where_there_are_too_few,
    ZN_14 what_is_asked_of_a_set_goes_first,
}

const HOUR: u64 = 3600;

fn drifted(rules: RuleSet) -> Plan {
    let mut plan = Plan { rules, horizon: at(30 * HOUR), ..plan() };
    (plan.sets[0].zones, plan.sets[0].upkeep.rebalances) = (vec![1, 2, 3], true);
    plan.sets[0].profile = watched(plan.sets[0].profile.clone());
    plan.regions[0].free[3] = Some(0);
    plan.sets.push(ScaleSet { capacity: 4, zones: vec![3], pools: vec![], ..set("filler") });
    plan.timeline = vec![scale(100, 6), action("room", 200, Act::SetCapacity { set: 1, capacity: 0 })];
    plan
}

/// The moves that began: when, and in which zone the new one is.
fn moves(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Place(PlaceFact::MoveStarted { .. })))
}

/// How moves ended, and when.
fn ends(ledger: &[Record]) -> Vec<(f64, MoveEnd)> {
    let of = |record: &Record| match record.fact {
        Fact::Place(PlaceFact::MoveEnded { how, .. }) => Some((record.time.seconds(), how)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// The instances that went for a move.
fn gone(ledger: &[Record]) -> Vec<u32> {
    let of = |record: &Record| match record.fact {
        Fact::InstanceDeleting { instance, why: Deletion::Moved } => Some(instance.0),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// The first goes at 3,700 s: number 4, the newest of zone 1, which comes before zone 2 as the richest. It goes when the new one
/// is healthy, at 3,800 s. Then it is 2, 3 and 1, and 12 h after 3,700 s, at 46,900 s, the newest of zone 2 goes. Then all
/// have two. `filler` has the ids 2 to 5, so that the six are 0, 1 and 6 to 9. One that is never healthy goes after 90 min, at
/// 9,100 s; if the old one is not healthy either, that goes.
fn one_machine_in_twelve_hours_goes_where_there_are_too_few(rules: RuleSet) -> Proved {
    let sick = |numbers: &[u32]| {
        let mut plan = Plan { horizon: at(4 * HOUR), ..drifted(rules.clone()) };
        unhealthy(&mut plan, numbers, &[]);
        ledger(&plan)
    };
    let late = sick(&[6]);
    same("not healthy", (ends(&late), gone(&late)), (vec![(9100.0, MoveEnd::NewUnhealthy)], vec![]))?;
    let worse = sick(&[4, 6]);
    same("both", (ends(&worse), gone(&worse)), (vec![(9100.0, MoveEnd::BothUnhealthy)], vec![8]))?;
    let ledger = ledger(&drifted(rules));
    same("moves", moves(&ledger), vec![3700.0, 46_900.0])?;
    same("ends", ends(&ledger), vec![(3800.0, MoveEnd::Moved), (47_000.0, MoveEnd::Moved)])?;
    same("gone", gone(&ledger), vec![8, 9])?;
    Ok(ledger)
}

/// A capacity written while a move is under way ends it; the next is begun an hour after that, and 12 h after the first. A
/// scale-in of autoscale waits for the end of the move. Nobody who is protected is moved: where all of zones 1 and 2 are,
/// nobody is. Nor is anybody where the richest zone has no more that run than the poorest.
fn what_is_asked_of_a_set_goes_first(rules: RuleSet) -> Proved {
    let mut plan = drifted(rules.clone());
    let which = Which::Ordinals(vec![0, 1, 2, 3, 4, 5]);
    let protect = Act::Protect { set: 0, which, from_scale_in: true, from_scale_set_actions: false };
    plan.timeline.push(action("protect", 300, protect));
    same("all are protected", moves(&ledger(&plan)), vec![])?;

    let mut plan = drifted(rules.clone());
    let which = Which::Ordinals(vec![0, 1, 2, 3, 4, 5]);
    plan.timeline.push(action("off", 300, Act::Power { set: 0, which, how: PowerAct::Deallocate }));
    same("nobody runs anywhere", moves(&ledger(&plan)), vec![])?;

    let mut plan = drifted(rules.clone());
    // The average of five minutes that are a minute old: of 50 for 100 s, 16.7 at 3,660 s, and of 50 for 40 s, 6.7 at 3,720 s.
    let low = given(Operator::LessThan, 10.0, IN, 1);
    plan.autoscale = vec![Autoscale::plain("scale", 0, vec![profile(vec![low])])];
    plan.metrics = vec![metric(&[(0, 50.0), (3400, 0.0)])];
    assume(&mut plan, A::AutoscalePhase, Value::Choice("aligned"));
    plan.horizon = at(2 * HOUR);
    let held = ledger(&plan);
    let waits = times(&held, |fact| matches!(fact, Fact::Place(PlaceFact::ScaleInHeldBack { to: 5, .. })));
    let lowered = times(&held, |fact| matches!(fact, Fact::CapacitySet { from: 6, to: 5, .. }));
    same("autoscale waits", (waits, lowered), (vec![3720.0], vec![3800.0]))?;

    let mut plan = drifted(rules);
    plan.timeline.push(scale(3750, 7));
    let ledger = ledger(&plan);
    same("ends", ends(&ledger).first().copied(), Some((3750.0, MoveEnd::Cancelled)))?;
    // 3, 3 and 1 then.
    same("moves", moves(&ledger), vec![3700.0, 46_900.0])?;
    Ok(ledger)
}
