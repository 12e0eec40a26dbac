//! Who goes when the count falls, and what overprovisioning adds when it rises.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Deletion, Fact, PowerFact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "scale":
    SI_01 default_takes_the_highest_id_of_the_fullest_fault_domain,
    SI_02 newest_vm_takes_the_last_created_whatever_its_fault_domain,
    SI_03 oldest_vm_takes_the_first_created,
    SI_04 the_fullest_zones_go_first_one_instance_at_a_time,
    SI_05 a_regional_policy_picks_over_the_whole_set,
    SI_06 the_policy_governs_a_capacity_lowered_by_hand,
    SI_09 the_unhealthy_go_first_and_at_once,
    SI_10 the_deallocated_go_like_any_other,
    SI_11 flexible_goes_by_the_order_of_creation,
    OP_01 a_scale_out_starts_more_and_deletes_the_surplus,
    OP_06 the_slowest_go_though_that_leaves_domains_uneven,
    OP_08 how_many_more_is_an_assumption,
    SI_08 what_a_scale_in_leaves_uneven_stays_so,
}

fn with(rules: RuleSet, policy: ScaleInPolicy, capacity: u32, timeline: Vec<Action>) -> Plan {
    let mut plan = Plan { rules, timeline, ..plan() };
    (plan.sets[0].scale_in, plan.sets[0].capacity) = (policy, capacity);
    plan
}

fn victims(ledger: &[Record], of: Deletion) -> Vec<u32> {
    let victim = |record: &Record| match record.fact {
        Fact::InstanceDeleting { instance, why } if why == of => Some(instance.0),
        _ => None,
    };
    ledger.iter().filter_map(victim).collect()
}

/// A set of two fault domains that grows by five and shrinks by four, again and again; who is slowest to boot goes as
/// surplus, which leaves the domains uneven. Holds every victim against the instances (id, fault domain) that were there;
/// and sees to it that the highest id and the fullest domain disagreed now and then, so that the two could be distinguished.
fn holds_against(rules: RuleSet, policy: ScaleInPolicy, choose: fn(&[(u32, u8)]) -> u32) -> Proved {
    let up_and_down = (0..12).map(|i| scale(100 + 600 * i, if i % 2 == 0 { 8 } else { 4 })).collect();
    let mut plan = with(rules, policy, 4, up_and_down);
    (plan.sets[0].fault_domains, plan.sets[0].overprovision) = (2, true);
    plan.images[0].boot = Some(Dist::Exponential { mean: s(60) });
    plan.horizon = at(7200);
    let ledger = ledger(&plan);
    let (mut present, mut telling) = (Vec::new(), 0);
    for record in &ledger {
        match record.fact {
            Fact::InstancePresent { instance, at, .. } | Fact::InstanceCreated { instance, at, .. } => {
                present.push((instance.0, at.fault_domain));
            }
            Fact::InstanceDeleting { instance, why } => {
                if why == Deletion::ScaleIn {
                    same("the victim", instance.0, choose(&present))?;
                    telling += u32::from(of_the_fullest(&present) != newest(&present));
                }
                present.retain(|&(id, _)| id != instance.0);
            }
            _ => {}
        }
    }
    assert!(telling > 0, "no victim tells the policies apart");
    Ok(ledger)
}

fn newest(present: &[(u32, u8)]) -> u32 {
    present.iter().map(|&(id, _)| id).max().expect("somebody stands")
}

fn of_the_fullest(present: &[(u32, u8)]) -> u32 {
    let count = |domain| present.iter().filter(|&&(_, other)| other == domain).count();
    present.iter().map(|&(id, domain)| (count(domain), id)).max().expect("somebody stands").1
}

fn default_takes_the_highest_id_of_the_fullest_fault_domain(rules: RuleSet) -> Proved {
    holds_against(rules, ScaleInPolicy::Default, of_the_fullest)
}

fn newest_vm_takes_the_last_created_whatever_its_fault_domain(rules: RuleSet) -> Proved {
    holds_against(rules, ScaleInPolicy::NewestVM, newest)
}

fn oldest_vm_takes_the_first_created(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, ScaleInPolicy::OldestVM, 4, vec![scale(100, 2)]));
    same("victims", victims(&ledger, Deletion::ScaleIn), vec![0, 1])?;
    Ok(ledger)
}

/// The rule's own table.
fn the_fullest_zones_go_first_one_instance_at_a_time(rules: RuleSet) -> Proved {
    let (ledger, victims) = worked_spread(ScaleInPolicy::OldestVM, rules);
    same("victims", victims, vec![2, 3, 1, 4, 6, 5])?;
    Ok(ledger)
}

/// The capacity is written by hand, and the oldest goes.
fn the_policy_governs_a_capacity_lowered_by_hand(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, ScaleInPolicy::OldestVM, 4, vec![scale(100, 3)]));
    same("victims", victims(&ledger, Deletion::ScaleIn), vec![0])?;
    Ok(ledger)
}

/// Eight with random names; the last created go. By name this would come about once in 8 × 7 × 6 × 5 = 1,680 times.
fn flexible_goes_by_the_order_of_creation(rules: RuleSet) -> Proved {
    let mut plan = with(rules, ScaleInPolicy::Default, 8, vec![scale(100, 4)]);
    plan.sets[0].mode = OrchestrationMode::Flexible;
    let mut newest = plan.clone();
    assume(&mut newest, A::ScaleInFlexibleOrder, Value::Choice("newest"));
    same("newest", victims(&ledger(&newest), Deletion::ScaleIn), vec![7, 6, 5, 4])?;
    let ledger = ledger(&plan);
    same("victims", victims(&ledger, Deletion::ScaleIn), vec![0, 1, 2, 3])?;
    Ok(ledger)
}

/// Two stand in each of three zones, and those of zone 1 are protected. Lowered to three, one goes of each other zone, and one more
/// of one of the two: the zones are two apart, and nobody is created for that.
fn what_a_scale_in_leaves_uneven_stays_so(rules: RuleSet) -> Proved {
    let mut plan = with(rules, ScaleInPolicy::Default, 6, vec![]);
    plan.sets[0].zones = vec![1, 2, 3];
    let which = Which::Ordinals(vec![0, 3]);
    let protect = Act::Protect { set: 0, which, from_scale_in: true, from_scale_set_actions: false };
    plan.timeline = vec![action("protect", 50, protect), scale(100, 3)];
    let ledger = ledger(&plan);
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![])?;
    same("victims", victims(&ledger, Deletion::ScaleIn).len(), 3)?;
    Ok(ledger)
}

/// Five are wanted: three more are created, as was recorded. All eight are provisioned at 200 s, and of equals the highest ids go
/// (`vmss.overprovision_*`). A Flexible set creates just the five.
fn a_scale_out_starts_more_and_deletes_the_surplus(rules: RuleSet) -> Proved {
    let mut plan = with(rules, ScaleInPolicy::Default, 2, vec![scale(100, 7)]);
    assume(&mut plan, A::VmssOverprovisionSmall, Value::Choice("recorded"));
    plan.sets[0].overprovision = true;
    let created = |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::InstanceCreated { .. }));
    let mut flexible = plan.clone();
    flexible.sets[0].mode = OrchestrationMode::Flexible;
    same("Flexible", created(&ledger(&flexible)).len(), 5)?;
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![100.0; 8])?;
    same("surplus", victims(&ledger, Deletion::Surplus), vec![9, 8, 7])?;
    same("when", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. })), vec![200.0; 3])?;
    Ok(ledger)
}

/// Five stand in fault domains 0, 1, 0, 1, 0, and number 0 is protected. The oldest of the others is number 1, of the domain
/// that has two and not three; then it is number 2.
fn a_regional_policy_picks_over_the_whole_set(rules: RuleSet) -> Proved {
    let mut plan = with(rules, ScaleInPolicy::OldestVM, 5, vec![]);
    plan.sets[0].fault_domains = 2;
    let protect = Act::Protect { set: 0, which: Which::One(0), from_scale_in: true, from_scale_set_actions: false };
    plan.timeline = vec![action("protect", 50, protect), scale(100, 3)];
    let ledger = ledger(&plan);
    same("victims", victims(&ledger, Deletion::ScaleIn), vec![1, 2])?;
    Ok(ledger)
}

/// Number 1 has been deallocated; the highest id is 3. With the settings number 1 goes first, and is gone at the instant at
/// which it is chosen.
fn the_unhealthy_go_first_and_at_once(rules: RuleSet) -> Proved {
    let off = Act::Power { set: 0, which: Which::One(1), how: PowerAct::Deallocate };
    let mut plan = with(rules, ScaleInPolicy::Default, 4, vec![action("off", 50, off), scale(100, 3)]);
    let plain = ledger(&plan);
    same("without", victims(&plain, Deletion::ScaleIn), vec![3])?;
    (plan.sets[0].unhealthy_first, plan.sets[0].force_deletion) = (true, true);
    let ledger = ledger(&plan);
    same("with", victims(&ledger, Deletion::ScaleIn), vec![1])?;
    same("gone", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleted { .. })), vec![100.0])?;
    Ok(ledger)
}

/// The highest id is deallocated, and goes; a scale-out makes a new one and starts nobody.
fn the_deallocated_go_like_any_other(rules: RuleSet) -> Proved {
    let off = Act::Power { set: 0, which: Which::Ordinals(vec![2, 3]), how: PowerAct::Deallocate };
    let plan = with(rules, ScaleInPolicy::Default, 4, vec![action("off", 50, off), scale(100, 3), scale(200, 4)]);
    let ledger = ledger(&plan);
    same("victims", victims(&ledger, Deletion::ScaleIn), vec![3])?;
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![200.0])?;
    same("started", times(&ledger, |fact| matches!(fact, Fact::Power(PowerFact::Starting { .. }))), vec![])?;
    Ok(ledger)
}

/// A set of two fault domains that grows by four and one more again and again, and whose boots take any time: now and then the slowest is
/// of the emptier domain, and goes all the same.
fn the_slowest_go_though_that_leaves_domains_uneven(rules: RuleSet) -> Proved {
    let up_and_down = (0..24).map(|i| scale(100 + 600 * i, if i % 2 == 0 { 8 } else { 4 })).collect();
    let mut plan = with(rules, ScaleInPolicy::Default, 4, up_and_down);
    (plan.sets[0].fault_domains, plan.sets[0].overprovision) = (2, true);
    plan.images[0].boot = Some(Dist::Exponential { mean: s(60) });
    plan.horizon = at(15_000);
    let ledger = ledger(&plan);
    let (mut at_domain, mut uneven) = (Vec::<(u32, usize)>::new(), 0);
    for record in &ledger {
        let count = |list: &[(u32, usize)], domain| list.iter().filter(|(_, other)| *other == domain).count();
        match record.fact {
            Fact::InstancePresent { instance, at, .. } | Fact::InstanceCreated { instance, at, .. } => {
                at_domain.push((instance.0, at.fault_domain.into()));
            }
            Fact::InstanceDeleting { instance, why } => {
                let place = at_domain.iter().position(|&(id, _)| id == instance.0).expect("it was there");
                let (_, domain) = at_domain[place];
                let emptier = count(&at_domain, domain) < count(&at_domain, 1 - domain);
                uneven += usize::from(why == Deletion::Surplus && emptier);
                at_domain.remove(place);
            }
            _ => {}
        }
    }
    same("surplus of the emptier domain has gone", uneven > 0, true)?;
    Ok(ledger)
}

/// Twenty are wanted: 20 % more are four.
fn how_many_more_is_an_assumption(rules: RuleSet) -> Proved {
    let mut plan = with(rules, ScaleInPolicy::Default, 2, vec![scale(100, 22)]);
    plan.sets[0].overprovision = true;
    // One to five were recorded as 2, 4, 7, – and 8; by the share alone two of them are one more each.
    let created = |word, to: u32| {
        let mut plan = Plan { timeline: vec![scale(100, 2 + to)], ..plan.clone() };
        assume(&mut plan, A::VmssOverprovisionSmall, Value::Choice(word));
        times(&ledger(&plan), |fact| matches!(fact, Fact::InstanceCreated { .. })).len()
    };
    same("recorded", [1, 2, 3, 5, 6].map(|to| created("recorded", to)), [2, 4, 7, 8, 9])?;
    same("by the share", [1, 2, 3, 5, 6].map(|to| created("share", to)), [2, 3, 4, 6, 8])?;
    let ledger = ledger(&plan);
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })).len(), 24)?;
    Ok(ledger)
}
