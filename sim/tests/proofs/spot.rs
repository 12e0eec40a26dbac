//! Spot instances. A guest gets 30 s of notice; Azure tries every 5 min to bring an instance back.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Deletion, Fact, NoticeFact, PowerFact, Record, Refusal, SpotFact};

type Proved = Result<Vec<Record>, String>;

proofs! { "spot":
    SP_01 a_guest_gets_notice_of_its_eviction_half_a_minute_ahead,
    SP_02 a_deallocated_instance_stays_and_counts,
    SP_03 a_deleted_instance_takes_the_capacity_with_it,
    SP_04 a_price_above_the_highest_evicts_and_refuses,
    SP_05 a_price_that_falls_again_brings_nobody_back,
    SP_06 the_published_rate_is_a_chance_within_the_hour,
    SP_07 members_of_a_group_leave_together,
    SP_08 a_set_is_split_as_its_mix_says,
    SP_09 what_is_added_makes_up_for_what_is_short,
    SP_10 what_is_removed_keeps_the_split,
    SP_11 another_mix_touches_no_instance,
    SP_13 an_evicted_instance_is_tried_to_be_brought_back,
    SP_14 a_set_of_spot_alone_is_in_one_fault_domain,
    SP_17 a_simulated_eviction_is_as_good_as_a_real_one,
}

/// A set of two Spot instances, alone in the plan.
fn with(rules: RuleSet) -> Plan {
    let mut plan = Plan { rules, horizon: at(7200), ..plan() };
    plan.sets[0].mode = OrchestrationMode::Flexible;
    plan.sets[0].spot.spot = true;
    plan
}

fn mixed(rules: RuleSet, capacity: u32, base: u32, percent: u32) -> Plan {
    let mut plan = with(rules);
    plan.sets[0].capacity = capacity;
    plan.sets[0].spot.mix = Some(PriorityMix { base, percent });
    plan
}

fn evict(at_s: u64, share: f64) -> Action {
    let act = SpotAct::Evict { set: 0, zones: Vec::new(), share, length: None };
    action("Azure wants it back", at_s, Act::Spot(act))
}

fn power(at_s: u64, how: PowerAct) -> Action {
    action(&format!("{how:?}"), at_s, Act::Power { set: 0, which: Which::All, how })
}

fn evictions(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Spot(SpotFact::Evicted { .. })))
}

fn placed(ledger: &[Record], from_s: u64) -> usize {
    let is = |record: &&Record| matches!(record.fact, Fact::Spot(SpotFact::Placed { .. })) && record.time >= at(from_s);
    ledger.iter().filter(is).count()
}

fn starts(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Power(PowerFact::Starting { .. })))
}

/// Half of two is one; notified at 100 s, evicted at 130 s.
fn a_guest_gets_notice_of_its_eviction_half_a_minute_ahead(rules: RuleSet) -> Proved {
    let ledger = ledger(&Plan { timeline: vec![evict(100, 0.5)], ..with(rules) });
    same("notified", times(&ledger, |fact| matches!(fact, Fact::Notice(NoticeFact::Raised { .. }))), vec![100.0])?;
    same("evicted", evictions(&ledger), vec![130.0])?;
    Ok(ledger)
}

/// Both are deallocated at 130 s and neither is deleted; written again, the capacity of 2 asks for nothing. Started by hand
/// at 1,000 s, they run 60 s and boot 40 s later.
fn a_deallocated_instance_stays_and_counts(rules: RuleSet) -> Proved {
    let timeline = vec![evict(100, 1.0), scale(500, 2), power(1000, PowerAct::Start)];
    let ledger = ledger(&Plan { timeline, ..with(rules) });
    let deallocated = times(&ledger, |fact| matches!(fact, Fact::Power(PowerFact::Deallocated { .. })));
    same("deallocated", deallocated, vec![130.0, 130.0])?;
    same("deleted", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. })), vec![])?;
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![])?;
    same("booted", times(&ledger, |fact| matches!(fact, Fact::InstanceBooted { .. })), vec![1100.0, 1100.0])?;
    Ok(ledger)
}

/// The published example: base 10 and 50 % of 42 are 10 + 16 regular and 16 Spot; without those, the capacity is 26.
fn a_deleted_instance_takes_the_capacity_with_it(rules: RuleSet) -> Proved {
    let mut plan = mixed(rules, 42, 10, 50);
    plan.sets[0].spot.eviction = EvictionPolicy::Delete;
    plan.timeline = vec![evict(100, 1.0)];
    let ledger = ledger(&plan);
    let mut written = ledger.iter().filter_map(|record| match record.fact {
        Fact::CapacitySet { to, .. } => Some(to),
        _ => None,
    });
    same("the capacity", written.next_back(), Some(26))?;
    let deleted = |fact: &Fact| matches!(fact, Fact::InstanceDeleting { why: Deletion::Evicted, .. });
    same("deleted", times(&ledger, deleted), vec![130.0; 16])?;
    Ok(ledger)
}

fn priced(rules: RuleSet, prices: Vec<(u64, f64)>) -> Plan {
    let mut plan = with(rules);
    plan.sets[0].spot.max_price = Some(0.10);
    plan.markets = vec![SpotMarket {
        region: 0,
        hourly: 0.0,
        prices: prices.into_iter().map(|(at_s, price)| (at(at_s), price)).collect(),
    }];
    plan
}

/// At most 0.10 is paid. At 0.12 both are evicted, after their notice; a start and a third instance are refused.
fn a_price_above_the_highest_evicts_and_refuses(rules: RuleSet) -> Proved {
    let mut plan = priced(rules, vec![(0, 0.09), (100, 0.12)]);
    plan.timeline = vec![power(300, PowerAct::Start), scale(400, 3)];
    let ledger = ledger(&plan);
    same("evicted", evictions(&ledger), vec![130.0, 130.0])?;
    let refused = |fact: &Fact| {
        matches!(
            fact,
            Fact::Power(PowerFact::StartRefused { why: Refusal::SpotPrice, .. })
                | Fact::ScaleRefused { why: Refusal::SpotPrice, .. }
        )
    };
    same("refused", times(&ledger, refused), vec![300.0, 300.0, 400.0])?;
    Ok(ledger)
}

/// The price is back at 0.09 at 1,000 s: nobody starts but by hand, at 2,000 s.
fn a_price_that_falls_again_brings_nobody_back(rules: RuleSet) -> Proved {
    let mut plan = priced(rules, vec![(0, 0.09), (100, 0.12), (1000, 0.09)]);
    plan.sets[0].spot.restore = Some(s(3600));
    plan.timeline = vec![power(2000, PowerAct::Start)];
    let ledger = ledger(&plan);
    same("started", starts(&ledger), vec![2000.0, 2000.0])?;
    Ok(ledger)
}

/// 1,000 slots for an hour.
fn market(rules: RuleSet, hourly: f64, correlation: f64) -> Plan {
    let mut plan = with(rules);
    (plan.horizon, plan.sets[0].capacity, plan.sets[0].pools) = (at(3600), 1000, Vec::new());
    plan.pools.clear();
    plan.entry_points.clear();
    plan.markets = vec![SpotMarket { region: 0, hourly, prices: Vec::new() }];
    assume(&mut plan, A::SpotGroupCorrelation, Value::Share(correlation));
    assume(&mut plan, A::SpotWaveWindow, Value::Time(s(0)));
    plan
}

/// Each alone, 50 % within the hour: 500 of 1,000 with a standard deviation of 16. At a rate of 0.5 it were 393.
fn the_published_rate_is_a_chance_within_the_hour(rules: RuleSet) -> Proved {
    let ledger = quick(&market(rules, 0.5, 0.0));
    let decided = times(&ledger, |fact| matches!(fact, Fact::Spot(SpotFact::EvictionDecided { .. })));
    if !(450..=550).contains(&decided.len()) {
        return Err(format!("{} of 1,000 are evicted within the hour", decided.len()));
    }
    Ok(ledger)
}

fn quick(plan: &Plan) -> Vec<Record> {
    let mut ledger = Vec::new();
    windtunnel_sim::world::run::run(plan, 7, windtunnel_sim::world::run::Options::default(), &mut ledger);
    ledger
}

/// With full correlation, the first wave takes all.
fn members_of_a_group_leave_together(rules: RuleSet) -> Proved {
    let ledger = quick(&market(rules, 0.99, 1.0));
    let mut decided = times(&ledger, |fact| matches!(fact, Fact::Spot(SpotFact::EvictionDecided { .. })));
    same("evicted", decided.len(), 1000)?;
    decided.dedup();
    same("instants", decided.len(), 1)?;
    Ok(ledger)
}

/// The published tables, as far as they fit a set: base 10 and 50 %: 41 are 10 + 15 regular and 16 Spot; base 10 and 25 %: 20
/// are 10 + 2 and 8, and 120 are 10 + 27 and 83.
fn a_set_is_split_as_its_mix_says(rules: RuleSet) -> Proved {
    let spot = |capacity, percent| placed(&quick(&mixed(rules.clone(), capacity, 10, percent)), 0);
    same("of 41", spot(41, 50), 16)?;
    same("of 20", spot(20, 25), 8)?;
    same("of 120", spot(120, 25), 83)?;
    same("of 8", spot(8, 25), 0)?;
    Ok(quick(&mixed(rules, 42, 10, 50)))
}

/// 42 lose their 16 Spot instances; of 30, 10 + 10 are to be regular, and 26 are: all four that come are Spot.
fn what_is_added_makes_up_for_what_is_short(rules: RuleSet) -> Proved {
    let mut plan = mixed(rules, 42, 10, 50);
    plan.sets[0].spot.eviction = EvictionPolicy::Delete;
    plan.timeline = vec![evict(100, 1.0), scale(500, 30)];
    let ledger = ledger(&plan);
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })).len(), 4)?;
    same("Spot among them", placed(&ledger, 500), 4)?;
    Ok(ledger)
}

/// Base 2 and 50 %: of ten, numbers 0 to 5 are regular. Of eight, 2 + 3 are to be: one of each kind goes, the oldest.
fn what_is_removed_keeps_the_split(rules: RuleSet) -> Proved {
    let mut plan = mixed(rules, 10, 2, 50);
    (plan.sets[0].scale_in, plan.timeline) = (ScaleInPolicy::OldestVM, vec![scale(100, 8)]);
    let ledger = ledger(&plan);
    let victims: Vec<u32> = ledger
        .iter()
        .filter_map(|record| match record.fact {
            Fact::InstanceDeleting { instance, .. } => Some(instance.0),
            _ => None,
        })
        .collect();
    same("victims", victims, vec![0, 6])?;
    Ok(ledger)
}

/// All ten are regular by a base of 10. A base of 4 without more touches none; of the two that come then, both are Spot.
fn another_mix_touches_no_instance(rules: RuleSet) -> Proved {
    let mut plan = mixed(rules, 10, 10, 100);
    let act = SpotAct::SetMix { set: 0, mix: PriorityMix { base: 4, percent: 0 } };
    plan.timeline = vec![action("another mix", 100, Act::Spot(act)), scale(500, 12)];
    let ledger = ledger(&plan);
    let before = |record: &&Record| record.time < at(500) && matches!(record.fact, Fact::InstanceDeleting { .. });
    same("touched", ledger.iter().filter(before).count(), 0)?;
    same("Spot", placed(&ledger, 500), 2)?;
    Ok(ledger)
}

/// Evicted at 130 s, tried at 430 s, and the draw succeeds. Without it there are tries until 3,730 s, an hour after the eviction, and
/// an end at the next.
fn an_evicted_instance_is_tried_to_be_brought_back(rules: RuleSet) -> Proved {
    let run = |chance| {
        let mut plan = with(rules.clone());
        plan.sets[0].spot.restore = Some(s(3600));
        plan.timeline = vec![evict(100, 0.5)];
        assume(&mut plan, A::SpotRestoreSuccess, Value::Share(chance));
        ledger(&plan)
    };
    let without = run(0.0);
    let failed = times(&without, |fact| matches!(fact, Fact::Spot(SpotFact::RestoreFailed { .. })));
    same("tries", (failed.len(), failed.last().copied()), (12, Some(3730.0)))?;
    same("ends", times(&without, |fact| matches!(fact, Fact::Spot(SpotFact::RestoreEnded { .. }))), vec![4030.0])?;
    let ledger = run(1.0);
    same("started", starts(&ledger), vec![430.0])?;
    same("booted", times(&ledger, |fact| matches!(fact, Fact::InstanceBooted { .. })), vec![530.0])?;
    Ok(ledger)
}

/// A region with three fault domains; all four that come stand in the first.
fn a_set_of_spot_alone_is_in_one_fault_domain(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    (plan.sets[0].fault_domains, plan.timeline) = (3, vec![scale(100, 6)]);
    let ledger = ledger(&plan);
    let domains: Vec<u8> = ledger
        .iter()
        .filter_map(|record| match record.fact {
            Fact::InstanceCreated { at, .. } => Some(at.fault_domain),
            _ => None,
        })
        .collect();
    same("fault domains", domains, vec![0; 4])?;
    Ok(ledger)
}

/// Simulated at 100 s, evicted at 130 s.
fn a_simulated_eviction_is_as_good_as_a_real_one(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[0].boot = Some(Dist::Constant(s(40)));
    let act = SpotAct::Simulate { set: 0, which: Which::Ordinals(vec![1]) };
    plan.timeline = vec![action("simulateEviction", 100, Act::Spot(act))];
    let ledger = ledger(&plan);
    same("notified", times(&ledger, |fact| matches!(fact, Fact::Notice(NoticeFact::Raised { .. }))), vec![100.0])?;
    same("evicted", evictions(&ledger), vec![130.0])?;
    Ok(ledger)
}
