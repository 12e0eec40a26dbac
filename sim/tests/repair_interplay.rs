//! Repairs and whatever else acts on a set, and the other readings of what Azure does not document; on the plan of
//! `support/repairs.rs`: number 0 is lost at 202 s and repaired at 240 s, by default replaced at 270 s and there at 370 s.

mod support;

use support::repairs::*;
use support::rollout::{change, to_image};
use support::*;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, Record, RepairEnd, RepairsFact, Spared};

fn lost(size: u32, action: RepairAction) -> Plan {
    let mut plan = repaired(RuleSet::all(), size, action);
    plan.horizon = at(900);
    process_lost(&mut plan, 202, 0);
    plan
}

fn ended(ledger: &[Record]) -> Vec<(f64, RepairEnd)> {
    let of = |(time, fact, _)| match fact {
        RepairsFact::Ended { how, .. } => Some((time, how)),
        _ => None,
    };
    repairs(ledger).filter_map(of).collect()
}

fn then(plan: &mut Plan, at_s: u64, what: Act) {
    plan.timeline.push(action(&format!("at {at_s}"), at_s, what));
    plan.timeline.sort_by_key(|action| action.at);
}

#[test]
fn a_scale_in_takes_the_empty_place_first() {
    let mut plan = lost(2, RepairAction::Replace);
    then(&mut plan, 250, Act::SetCapacity { set: 0, capacity: 1 });
    let ledger = ledger(&plan);
    assert_eq!(ended(&ledger), [(250.0, RepairEnd::Overtaken)]);
    assert_eq!(creations(&ledger), []);
    let deleted = times(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. }));
    assert_eq!(deleted, [240.0], "number 1 stays");
}

#[test]
fn a_scale_out_meanwhile_makes_as_many_as_are_asked_for() {
    let mut plan = lost(2, RepairAction::Replace);
    then(&mut plan, 250, Act::SetCapacity { set: 0, capacity: 4 });
    let when: Vec<f64> = creations(&ledger(&plan)).iter().map(|&(time, _)| time).collect();
    assert_eq!(when, [250.0, 250.0, 270.0]);
}

/// Two cores each, and a quota of four: there is room for a replacement once the old one is gone, and none beside it.
#[test]
fn beside_an_old_one_that_is_waited_for_a_replacement_needs_quota() {
    let mut plan = lost(2, RepairAction::Replace);
    plan.regions[0].quota.total = Some(4);
    assert_eq!(ended(&ledger(&plan)), [(370.0, RepairEnd::Done)]);
    plan.sets[0].profile.terminate = Some(s(300));
    let ledger = ledger(&plan);
    assert_eq!(ended(&ledger), [(240.0, RepairEnd::NotReplaced)]);
    assert!(first(&ledger, |fact| matches!(fact, Fact::QuotaExceeded { .. })).is_some());
}

/// Number 0 stands in zone 1, where nothing more fits while it is waited for.
#[test]
fn where_its_zone_has_no_room_the_replacement_goes_elsewhere() {
    let mut plan = lost(2, RepairAction::Replace);
    plan.sets[0].zones = vec![1, 2];
    plan.sets[0].profile.terminate = Some(s(300));
    plan.regions[0].free = [None, Some(0), None, None];
    let zones = |ledger: &[Record]| -> Vec<(f64, u8)> {
        let of = |record: &Record| match record.fact {
            Fact::InstanceCreated { at, .. } => Some((record.time.seconds(), at.zone)),
            _ => None,
        };
        ledger.iter().filter_map(of).collect()
    };
    assert_eq!(zones(&ledger(&plan)), [(240.0, 2)]);
    // Gone first, it leaves its place.
    plan.sets[0].profile.terminate = None;
    assert_eq!(zones(&ledger(&plan)), [(270.0, 1)]);
}

#[test]
fn what_is_deallocated_under_its_repair_is_repaired_no_more() {
    let mut plan = lost(2, RepairAction::Restart);
    let which = Which::Ordinals(vec![0]);
    then(&mut plan, 250, Act::Power { set: 0, which, how: PowerAct::Deallocate });
    let ledger = ledger(&plan);
    assert_eq!(ended(&ledger), [(250.0, RepairEnd::Overtaken)]);
    assert_eq!(spared(&ledger), [(300.0, 0, Spared::Deallocated)]);
}

/// Known to be in trouble at 207 s at the latest: ten minutes later, at the next whole minute.
#[test]
fn the_grace_can_be_of_the_health_too() {
    let mut plan = lost(2, RepairAction::Replace);
    assume(&mut plan, A::RepairGraceTrigger, Value::Choice("health_change"));
    assert_eq!(started(&ledger(&plan)), [(840.0, 0)]);
}

#[test]
fn the_deallocated_can_be_replaced_and_not_restarted() {
    let mut plan = repaired(RuleSet::all(), 2, RepairAction::Replace);
    plan.horizon = at(900);
    let which = Which::Ordinals(vec![0]);
    then(&mut plan, 100, Act::Power { set: 0, which, how: PowerAct::Deallocate });
    assume(&mut plan, A::RepairDeallocated, Value::Switch(true));
    assert_eq!(started(&ledger(&plan)), [(120.0, 0)]);
    plan.sets[0].repairs = plan.sets[0].repairs.map(|of| RepairsPolicy { action: RepairAction::Restart, ..of });
    assert_eq!(started(&ledger(&plan)), []);
}

#[test]
fn the_lowest_id_can_come_first() {
    let mut plan = repaired(RuleSet::all(), 20, RepairAction::Replace);
    process_lost(&mut plan, 205, 1);
    process_lost(&mut plan, 215, 0);
    assume(&mut plan, A::RepairOrder, Value::Choice("lowest_id"));
    assert_eq!(started(&ledger(&plan)), [(240.0, 0), (420.0, 1)]);
}

/// An upgrade runs from 210 s on, with surge and the unhealthy first: number 0 is in its batch at 240 s.
#[test]
fn while_an_upgrade_runs_nobody_or_anybody_can_be_repaired() {
    let mut plan = lost(5, RepairAction::Replace);
    plan.horizon = at(300);
    plan.images.push(image("app/1.1.0", 1));
    let rolling = RollingPolicy { max_surge: true, prioritize_unhealthy: true, ..RollingPolicy::default() };
    plan.sets[0].upgrade = UpgradePolicy { mode: UpgradeMode::Rolling, rolling, ..UpgradePolicy::default() };
    plan.timeline.push(change(210, to_image(1)));
    assume(&mut plan, A::RepairDuringUpgrade, Value::Choice("never"));
    let of = ledger(&plan);
    assert_eq!((started(&of), spared(&of)), (vec![], vec![(240.0, 0, Spared::UpgradeRuns)]));
    assume(&mut plan, A::RepairDuringUpgrade, Value::Choice("always"));
    assert_eq!(started(&ledger(&plan)), [(240.0, 0)]);
}

/// The policy is disabled at 230 s and enabled again at 500 s, by a restart now: the trouble of before is repaired.
#[test]
fn the_action_is_changed_by_disabling_repairs_first() {
    let mut plan = lost(2, RepairAction::Replace);
    let with = |enabled, action| {
        let repairs = Some(RepairsPolicy { enabled, action, ..RepairsPolicy::default() });
        ModelChange { repairs, ..ModelChange::default() }
    };
    plan.timeline.push(change(230, with(false, RepairAction::Replace)));
    plan.timeline.push(change(500, with(true, RepairAction::Restart)));
    let of = |(time, fact, _)| match fact {
        RepairsFact::Started { action, .. } => Some((time, action)),
        _ => None,
    };
    let begun: Vec<_> = repairs(&ledger(&plan)).filter_map(of).collect();
    assert_eq!(begun, [(540.0, RepairAction::Restart)]);
}

/// The extension is taken out of the model at 100 s, and put in again at 300 s: repairs stop, and go on.
#[test]
fn without_a_health_source_in_the_model_repairs_stop() {
    let mut plan = lost(2, RepairAction::Replace);
    let with = plan.sets[0].profile.clone();
    let profile = Some(VmProfile { health_source: HealthSource::None, health_extension: None, ..with.clone() });
    plan.timeline.push(change(100, ModelChange { profile, ..ModelChange::default() }));
    plan.timeline.push(change(300, ModelChange { profile: Some(with), ..ModelChange::default() }));
    plan.timeline.sort_by_key(|action| action.at);
    let of = |(time, fact, _)| match fact {
        RepairsFact::Prevented { .. } => Some((time, "prevented")),
        RepairsFact::Disabled { .. } => Some((time, "disabled")),
        RepairsFact::Enabled { .. } => Some((time, "enabled")),
        RepairsFact::Started { .. } => Some((time, "started")),
        _ => None,
    };
    let said: Vec<_> = repairs(&ledger(&plan)).filter_map(of).collect();
    // The instances keep their extension under mode Manual.
    let expected =
        [(0.0, "enabled"), (100.0, "prevented"), (100.0, "disabled"), (300.0, "enabled"), (360.0, "started")];
    assert_eq!(said, expected);
}
