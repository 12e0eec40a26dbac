//! What an operator asks of single instances, and of a set as a whole. A new instance runs 60 s after its creation and is up 40 s
//! later; a machine stops at once, and a new disk takes 75 s and a boot.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{self, RuleSet};
use windtunnel_sim::world::fact::{CallRefusal, Deletion, Fact, Operation, OperatorFact, PowerFact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "acts":
    OR_21 a_call_that_names_an_unknown_id_is_refused_as_a_whole,
    SI_12 deletes_by_hand_take_who_is_named_and_lower_the_capacity,
    SP_19 only_a_spot_instance_can_be_evicted_for_a_test,
    IP_02 a_call_on_the_set_spares_the_protected,
    FD_15 a_set_that_was_wholly_off_is_spread_anew,
}

fn call(at_s: u64, ordinals: &[u32], how: PowerAct) -> Action {
    let which = if ordinals.is_empty() { Which::All } else { Which::Ordinals(ordinals.to_vec()) };
    action(&format!("{how:?} at {at_s}"), at_s, Act::Power { set: 0, which, how })
}

/// An id that is written twice names one instance: of six three go, 0, 3 and 5, and an unknown one is refused once.
#[test]
fn an_id_that_is_given_twice_is_one_instance() {
    let mut plan = Plan { horizon: at(1200), ..plan() };
    plan.sets[0].capacity = 6;
    plan.timeline = vec![
        call(100, &[0, 0, 3, 0], PowerAct::Delete),
        call(200, &[5, 5], PowerAct::Restart),
        call(500, &[5, 5], PowerAct::Delete),
        call(900, &[9, 9], PowerAct::Delete),
    ];
    let ledger = ledger(&plan);
    let deleted = times(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. }));
    assert_eq!(deleted, [100.0, 100.0, 500.0]);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::UpdateStarted { .. })), [200.0]);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::CapacitySet { to: 3 | 4, .. })), [100.0, 500.0]);
    assert_eq!(refused(&ledger).into_iter().map(|(at_s, id, _)| (at_s, id)).collect::<Vec<_>>(), [(900.0, 9)]);
}

fn refused(ledger: &[Record]) -> Vec<(f64, u32, CallRefusal)> {
    let of = |record: &Record| match record.fact {
        Fact::Operator(OperatorFact::Refused { ordinal, why, .. }) => Some((record.time.seconds(), ordinal, why)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

fn deallocated(ledger: &[Record]) -> Vec<u32> {
    let of = |record: &Record| match record.fact {
        Fact::Power(PowerFact::Deallocated { instance }) => Some(instance.0),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

fn capacities(ledger: &[Record]) -> Vec<(f64, u32)> {
    let of = |record: &Record| match record.fact {
        Fact::CapacitySet { to, .. } => Some((record.time.seconds(), to)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// Two instances, and a call that names a third: neither of the two is touched, and the ledger says why. In a Flexible set the
/// first is, since each machine is called by itself.
fn a_call_that_names_an_unknown_id_is_refused_as_a_whole(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, timeline: vec![call(100, &[0, 7], PowerAct::Deallocate)], ..plan() };
    let first = ledger(&plan);
    same("refused", refused(&first), vec![(100.0, 7, CallRefusal::NoSuchInstance)])?;
    same("deallocated", deallocated(&first), vec![])?;
    plan.sets[0].mode = OrchestrationMode::Flexible;
    same("of a Flexible set", deallocated(&ledger(&plan)), vec![0])?;
    Ok(first)
}

/// Nine over three zones, as 0 to 8 in zones 1, 2, 3, 1, …; those of zone 1 are 0, 3 and 6. Deleted by hand at 600 s they go though
/// one is protected, the capacity is 6, and 0, 3 and 3 stand in the zones. Written to 9 at 1,200 s, all three new ones go to zone 1.
fn deletes_by_hand_take_who_is_named_and_lower_the_capacity(rules: RuleSet) -> Proved {
    let protect = Act::Protect { set: 0, which: Which::One(3), from_scale_in: true, from_scale_set_actions: true };
    let mut plan = Plan { rules, ..plan() };
    (plan.sets[0].capacity, plan.sets[0].zones) = (9, vec![1, 2, 3]);
    let of_zone_1 = Which::In { zone: Some(1), fault_domain: None };
    let by_hand = Act::Power { set: 0, which: of_zone_1, how: PowerAct::Delete };
    plan.timeline = vec![action("protect", 100, protect), action("delete", 600, by_hand), scale(1200, 9)];
    let ledger = ledger(&plan);
    let gone = |record: &Record| match record.fact {
        Fact::InstanceDeleting { instance, why: Deletion::ByHand } => Some((record.time.seconds(), instance.0)),
        _ => None,
    };
    same("gone", ledger.iter().filter_map(gone).collect(), vec![(600.0, 0), (600.0, 3), (600.0, 6)])?;
    same("capacity", capacities(&ledger), vec![(600.0, 6), (1200.0, 9)])?;
    let zone = |record: &Record| match record.fact {
        Fact::InstanceCreated { at, .. } => Some((record.time.seconds(), at.zone)),
        _ => None,
    };
    same("new", ledger.iter().filter_map(zone).collect(), vec![(1200.0, 1); 3])?;
    Ok(ledger)
}

/// Neither of two regular instances is evicted; Azure says so of each.
fn only_a_spot_instance_can_be_evicted_for_a_test(rules: RuleSet) -> Proved {
    let simulate = Act::Spot(SpotAct::Simulate { set: 0, which: Which::Ordinals(vec![0, 1]) });
    let ledger = ledger(&Plan { rules, timeline: vec![action("simulate", 100, simulate)], ..plan() });
    let not_spot = CallRefusal::NotSpot;
    same("refused", refused(&ledger), vec![(100.0, 0, not_spot), (100.0, 1, not_spot)])?;
    Ok(ledger)
}

/// Number 1 of three is protected. A reimage and a deallocation of the set spare it; by its id it is reimaged and deallocated like
/// any other. A start of the set starts it with the others.
fn a_call_on_the_set_spares_the_protected(rules: RuleSet) -> Proved {
    let protect = Act::Protect { set: 0, which: Which::One(1), from_scale_in: true, from_scale_set_actions: true };
    let mut plan = Plan { rules, ..plan() };
    plan.sets[0].capacity = 3;
    plan.timeline = vec![
        action("protect", 50, protect),
        call(100, &[], PowerAct::Reimage),
        call(400, &[], PowerAct::Deallocate),
        call(500, &[1], PowerAct::Deallocate),
        call(600, &[], PowerAct::Start),
    ];
    let ledger = ledger(&plan);
    let began = |record: &Record| match record.fact {
        Fact::UpdateStarted { instance, how: Operation::Reimage, .. } => Some((record.time.seconds(), instance.0)),
        _ => None,
    };
    same("reimaged", ledger.iter().filter_map(began).collect(), vec![(100.0, 0), (100.0, 2)])?;
    same("deallocated", deallocated(&ledger), vec![0, 2, 1])?;
    let started = times(&ledger, |fact| matches!(fact, Fact::Power(PowerFact::Starting { .. })));
    same("started", started, vec![600.0; 3])?;
    let spared = ledger.iter().filter(|record| matches!(record.fact, Fact::Operator(OperatorFact::Spared { .. })));
    same("by the rule", spared.map(|record| record.rule).collect(), vec![rules::IP_02; 2])?;
    Ok(ledger)
}

/// Six over two fault domains, of which three of one are deleted by hand: numbers 0, 2 and 4 were in domain 0. The three that are
/// left stand in domain 1; after a deallocation and a start of the set, two are in domain 0 and one in domain 1: number 3 stays
/// where it was. Where one of them ran on, nobody moves.
fn a_set_that_was_wholly_off_is_spread_anew(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..plan() };
    (plan.sets[0].capacity, plan.sets[0].fault_domains) = (6, 2);
    let off_and_on = |off: &[u32]| {
        vec![
            call(100, &[0, 2, 4], PowerAct::Delete),
            call(300, off, PowerAct::Deallocate),
            call(600, &[], PowerAct::Start),
        ]
    };
    let moved = |ledger: &[Record]| {
        let of = |record: &Record| match record.fact {
            Fact::Operator(OperatorFact::PlacedAnew { instance, at }) => Some((instance.0, at.fault_domain)),
            _ => None,
        };
        ledger.iter().filter_map(of).collect::<Vec<_>>()
    };
    plan.timeline = off_and_on(&[1, 3]);
    same("in part", moved(&ledger(&plan)), vec![])?;
    plan.timeline = off_and_on(&[]);
    let ledger = ledger(&plan);
    same("moved", moved(&ledger), vec![(1, 0), (5, 0)])?;
    Ok(ledger)
}
