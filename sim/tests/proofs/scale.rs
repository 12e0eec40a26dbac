//! Who goes when the count falls, and what overprovisioning adds when it rises.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::luck::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{Deletion, Fact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "scale":
    SI_01 default_takes_the_highest_id_of_the_fullest_fault_domain,
    SI_02 newest_vm_takes_the_last_created_whatever_its_fault_domain,
    SI_03 oldest_vm_takes_the_first_created,
    SI_04 the_fullest_zones_go_first_one_instance_at_a_time,
    SI_06 the_policy_governs_a_capacity_lowered_by_hand,
    SI_11 flexible_goes_by_the_order_of_creation,
    OP_01 a_scale_out_starts_more_and_deletes_the_surplus,
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
/// surplus, which leaves the domains uneven. Holds every victim against the instances (id, fault domain) that stood;
/// and sees to it that the highest id and the fullest domain disagreed now and then, so that it could be told apart.
fn holds_against(rules: RuleSet, policy: ScaleInPolicy, choose: fn(&[(u32, u8)]) -> u32) -> Proved {
    let up_and_down = (0..12).map(|i| scale(100 + 600 * i, if i % 2 == 0 { 8 } else { 4 })).collect();
    let mut plan = with(rules, policy, 4, up_and_down);
    (plan.sets[0].fault_domains, plan.sets[0].overprovision) = (2, true);
    plan.images[0].boot = Some(Dist::Exponential { mean: s(60) });
    plan.horizon = at(7200);
    let ledger = ledger(&plan);
    let (mut standing, mut telling) = (Vec::new(), 0);
    for record in &ledger {
        match record.fact {
            Fact::InstanceStood { instance, at, .. } | Fact::InstanceCreated { instance, at, .. } => {
                standing.push((instance.0, at.fault_domain));
            }
            Fact::InstanceDeleting { instance, why } => {
                if why == Deletion::ScaleIn {
                    same("the victim", instance.0, choose(&standing))?;
                    telling += u32::from(of_the_fullest(&standing) != newest(&standing));
                }
                standing.retain(|&(id, _)| id != instance.0);
            }
            _ => {}
        }
    }
    assert!(telling > 0, "no victim tells the policies apart");
    Ok(ledger)
}

fn newest(standing: &[(u32, u8)]) -> u32 {
    standing.iter().map(|&(id, _)| id).max().expect("somebody stands")
}

fn of_the_fullest(standing: &[(u32, u8)]) -> u32 {
    let count = |domain| standing.iter().filter(|&&(_, other)| other == domain).count();
    standing.iter().map(|&(id, domain)| (count(domain), id)).max().expect("somebody stands").1
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
    let ledger = ledger(&plan);
    same("victims", victims(&ledger, Deletion::ScaleIn), vec![7, 6, 5, 4])?;
    Ok(ledger)
}

/// Five are wanted: ⌈20 % × 5⌉ = 1 more is created. All six are provisioned at 200 s, and of equals the highest id goes
/// (P-27). A Flexible set creates just the five.
fn a_scale_out_starts_more_and_deletes_the_surplus(rules: RuleSet) -> Proved {
    let mut plan = with(rules, ScaleInPolicy::Default, 2, vec![scale(100, 7)]);
    plan.sets[0].overprovision = true;
    let created = |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::InstanceCreated { .. }));
    let mut flexible = plan.clone();
    flexible.sets[0].mode = OrchestrationMode::Flexible;
    same("Flexible", created(&ledger(&flexible)).len(), 5)?;
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![100.0; 6])?;
    same("surplus", victims(&ledger, Deletion::Surplus), vec![7])?;
    same("when", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. })), vec![200.0])?;
    Ok(ledger)
}
