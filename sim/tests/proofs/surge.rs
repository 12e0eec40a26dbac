//! Surge, and what custom metrics and protection do to an upgrade. A new instance is healthy 100 s after it is made, and an
//! old one is gone 20 s after that; in place an update takes 115 s.

use crate::support::health::says;
use crate::support::rollout::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{End, Fact, Failure, LeftOut, Record, RolloutFact, UpgradeError};

type Proved = Result<Vec<Record>, String>;

proofs! { "surge":
    RU_07 with_surge_instances_are_replaced,
    MS_01 old_instances_go_when_new_ones_are_healthy,
    MS_02 a_surge_is_as_large_as_a_batch,
    MS_03 the_capacity_is_kept,
    MS_04 new_instances_count_against_the_quota,
    MS_05 without_quota_it_goes_in_place,
    MS_06 a_replacement_may_be_in_another_update_domain,
    MS_11 a_new_instance_that_never_becomes_healthy_goes,
    IP_01 the_protected_are_not_scaled_in,
    IP_02 the_protected_are_not_upgraded_with_the_set,
    IP_04 protection_is_lost_with_the_instance,
    SI_07 nobody_else_goes_instead_of_the_protected,
    RU_36 the_protected_are_left_out,
    IX_01 protection_from_scale_in_is_not_enough,
    RU_23 phases_follow_one_another,
    HD_37 metrics_are_read_once,
    HD_38 who_says_so_is_left_out,
    HD_39 with_metrics_only_the_healthy_take_part,
    HD_40 metrics_count_for_surges_too,
}

fn surging(rules: RuleSet, size: u32) -> Plan {
    let mut plan = Plan { rules, ..rolling(size, 0, RollingPolicy { max_surge: true, ..RollingPolicy::default() }) };
    assume(&mut plan, A::VmDelete, Value::Dist(constant(20)));
    plan
}

/// Deletions, by instant and instance.
fn deletions(ledger: &[Record]) -> Vec<(f64, u32)> {
    let of = |record: &Record| match record.fact {
        Fact::InstanceDeleting { instance, .. } => Some((record.time.seconds(), instance.0)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// The fewest and the most instances that were there.
fn extent(ledger: &[Record], size: i32) -> (i32, i32) {
    let (mut now, mut extent) = (size, (size, size));
    for record in ledger {
        now += match record.fact {
            Fact::InstanceCreated { .. } => 1,
            Fact::InstanceDeleting { .. } => -1,
            _ => 0,
        };
        extent = (extent.0.min(now), extent.1.max(now));
    }
    extent
}

fn with_surge_instances_are_replaced(rules: RuleSet) -> Proved {
    let ledger = ledger(&surging(rules, 3));
    same("updates", updates(&ledger), vec![])?;
    same("deletions", deletions(&ledger), vec![(200.0, 0), (320.0, 1), (440.0, 2)])?;
    Ok(ledger)
}

/// Numbers 0 and 5 of six share update domain 0, so that the first of the five batches is of two. The replacements are the
/// numbers 6 to 11 in that order: of them 6 and 11 share domain 1, and the second batch of the next upgrade is of two.
fn a_replacement_may_be_in_another_update_domain(rules: RuleSet) -> Proved {
    let mut plan = surging(rules, 6);
    plan.sets[0].fault_domains = 3;
    let policy = &mut plan.sets[0].upgrade.rolling;
    (policy.max_batch_percent, policy.max_unhealthy_percent) = (100, 100);
    plan.timeline.push(change(5000, to_image(0)));
    let ledger = ledger(&plan);
    let sizes: Vec<u32> = batches(&ledger).iter().map(|&(_, size)| size).collect();
    same("batches", sizes, vec![2, 1, 1, 1, 1, 1, 2, 1, 1, 1])?;
    Ok(ledger)
}

/// Two at a time: made at 100 s, healthy at 200 s, their partners gone at 220 s, and so on.
fn old_instances_go_when_new_ones_are_healthy(rules: RuleSet) -> Proved {
    let ledger = ledger(&surging(rules, 10));
    let expected: Vec<(f64, u32)> = (0..5).map(|nth| (100.0 + 120.0 * f64::from(nth), 2)).collect();
    same("batches", batches(&ledger), expected)?;
    same("end", ended(&ledger), Some((700.0, End::Completed)))?;
    Ok(ledger)
}

fn a_surge_is_as_large_as_a_batch(rules: RuleSet) -> Proved {
    let mut plan = surging(rules, 10);
    plan.sets[0].upgrade.rolling.max_batch_percent = 50;
    let ledger = ledger(&plan);
    same("batches", batches(&ledger), vec![(100.0, 5), (220.0, 5)])?;
    Ok(ledger)
}

/// Ten and no fewer, and two more while they replace others.
fn the_capacity_is_kept(rules: RuleSet) -> Proved {
    let ledger = ledger(&surging(rules, 10));
    same("instances", extent(&ledger, 10), (10, 12))?;
    Ok(ledger)
}

/// Two sets of five with two cores each, and quota for one instance more, which the first set takes.
fn new_instances_count_against_the_quota(rules: RuleSet) -> Proved {
    let mut plan = surging(rules, 5);
    plan.sets.push(ScaleSet { name: "other".into(), ..plan.sets[0].clone() });
    plan.regions[0].quota.total = Some(22);
    then(&mut plan, 100, Act::ChangeModel { set: 1, change: Box::new(to_image(1)) });
    let ledger = ledger(&plan);
    let short =
        first(&ledger, |fact| matches!(fact, Fact::Rollout(RolloutFact::SurgeInPlace { set, .. }) if set.0 == 1));
    same("short", short, Some(100.0))?;
    Ok(ledger)
}

fn without_quota_it_goes_in_place(rules: RuleSet) -> Proved {
    let mut plan = surging(rules, 10);
    plan.regions[0].quota.total = Some(20);
    let ledger = ledger(&plan);
    same("deletions", deletions(&ledger), vec![])?;
    same("end", ended(&ledger), Some((675.0, End::Completed)))?;
    Ok(ledger)
}

/// Number 5 is new and never healthy: it fails 300 s after 200 s, and goes; number 0 stays.
fn a_new_instance_that_never_becomes_healthy_goes(rules: RuleSet) -> Proved {
    let mut plan = surging(rules, 5);
    watch(&mut plan);
    unhealthy(&mut plan, &[], &[5]);
    let ledger = ledger(&plan);
    same("failed", failures(&ledger), vec![(500.0, 5, Failure::NotHealthyInTime)])?;
    same("deletions", deletions(&ledger), vec![(500.0, 5)])?;
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    same("end", ended(&ledger), Some((500.0, End::Faulted { error, measured: 10_000, limit: 20 })))?;
    Ok(ledger)
}

fn protect(plan: &mut Plan, which: Which, from_scale_set_actions: bool) {
    then(plan, 50, Act::Protect { set: 0, which, from_scale_in: true, from_scale_set_actions });
}

/// The highest id would have gone.
fn the_protected_are_not_scaled_in(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..plan() };
    protect(&mut plan, Which::Ordinals(vec![1]), false);
    plan.timeline.push(scale(100, 1));
    let ledger = ledger(&plan);
    same("deletions", deletions(&ledger), vec![(100.0, 0)])?;
    Ok(ledger)
}

/// Where everybody is protected, the capacity settles at what there is.
fn nobody_else_goes_instead_of_the_protected(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..plan() };
    protect(&mut plan, Which::All, false);
    plan.timeline.push(scale(100, 1));
    let ledger = ledger(&plan);
    same("deletions", deletions(&ledger), vec![])?;
    let settles = times(&ledger, |fact| matches!(fact, Fact::CapacitySet { from: 1, to: 2, .. }));
    same("settles", settles, vec![100.0])?;
    Ok(ledger)
}

fn the_protected_are_not_upgraded_with_the_set(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..rolling(2, 0, RollingPolicy::default()) };
    plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
    protect(&mut plan, Which::Ordinals(vec![0]), true);
    let ledger = ledger(&plan);
    same("updates", updates(&ledger), vec![(100.0, 1)])?;
    Ok(ledger)
}

/// The protected instance is replaced all the same; its successor can be scaled in.
fn protection_is_lost_with_the_instance(rules: RuleSet) -> Proved {
    let mut plan = surging(rules, 1);
    protect(&mut plan, Which::All, false);
    plan.timeline.push(scale(1000, 0));
    let ledger = ledger(&plan);
    same("deletions", deletions(&ledger), vec![(200.0, 0), (1000.0, 1)])?;
    Ok(ledger)
}

fn the_protected_are_left_out(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..rolling(2, 0, RollingPolicy::default()) };
    protect(&mut plan, Which::Ordinals(vec![0]), true);
    let ledger = ledger(&plan);
    same("left out", left_out(&ledger), vec![(100.0, 0, LeftOut::Protected)])?;
    same("updates", updates(&ledger), vec![(100.0, 1)])?;
    Ok(ledger)
}

fn protection_from_scale_in_is_not_enough(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..rolling(2, 0, RollingPolicy::default()) };
    protect(&mut plan, Which::Ordinals(vec![0]), false);
    let ledger = ledger(&plan);
    same("updates", updates(&ledger), vec![(100.0, 0), (215.0, 1)])?;
    Ok(ledger)
}

/// 200 with a state and with these metrics.
const fn metrics(said: Said, phase: Option<u32>, skip: bool) -> Answer {
    let rolling = Some(RollingMetrics { phase, skip });
    Answer { body: Body { rolling, ..says(said).body }, ..OK }
}

/// Version 2, whose endpoint answers so on the instances with these numbers, and else that they are Healthy in phase 1.
fn speaking(rules: RuleSet, size: u32, policy: RollingPolicy, of: &[u32], answer: Answer) -> Plan {
    let mut plan = Plan { rules, ..rolling(size, 0, policy) };
    watch(&mut plan);
    let extension = plan.sets[0].profile.health_extension.as_mut().expect("it was just given");
    (extension.version, extension.grace) = (HealthVersion::Rich, Some(s(600)));
    plan.application.groups = vec![of.to_vec()];
    plan.application.endpoints[1].clauses = vec![
        Clause { when: Needs { instances: Some(0), ..PROCESS }, answer },
        Clause { when: PROCESS, answer: metrics(Said::Healthy, Some(1), false) },
    ];
    plan
}

/// Half of four at a time: those of phase 0 first.
fn phases_follow_one_another(rules: RuleSet) -> Proved {
    let policy = RollingPolicy { max_batch_percent: 50, ..RollingPolicy::default() };
    let ledger = ledger(&speaking(rules, 4, policy, &[2, 3], metrics(Said::Healthy, Some(0), false)));
    same("updates", updates(&ledger), vec![(100.0, 2), (100.0, 3), (215.0, 0), (215.0, 1)])?;
    Ok(ledger)
}

/// From 150 s on the second says that it is to be skipped, which is for the next upgrade.
fn metrics_are_read_once(rules: RuleSet) -> Proved {
    let policy = RollingPolicy::default();
    let mut plan = speaking(rules, 2, policy, &[1], metrics(Said::Healthy, Some(1), true));
    let fine = Needs { dependencies: 1, ..PROCESS };
    let clause = Clause { when: fine, answer: metrics(Said::Healthy, Some(1), false) };
    plan.application.endpoints[1].clauses.insert(0, clause);
    then(&mut plan, 150, Act::DependencyDown { dependency: 0, length: None });
    let ledger = ledger(&plan);
    same("updates", updates(&ledger), vec![(100.0, 0), (215.0, 1)])?;
    Ok(ledger)
}

fn who_says_so_is_left_out(rules: RuleSet) -> Proved {
    let policy = RollingPolicy::default();
    let ledger = ledger(&speaking(rules, 2, policy, &[0], metrics(Said::Healthy, None, true)));
    same("left out", left_out(&ledger), vec![(100.0, 0, LeftOut::SkipUpgrade)])?;
    same("updates", updates(&ledger), vec![(100.0, 1)])?;
    Ok(ledger)
}

/// One of five is unhealthy, as many as may be, and takes no part.
fn with_metrics_only_the_healthy_take_part(rules: RuleSet) -> Proved {
    let policy = RollingPolicy::default();
    let ledger = ledger(&speaking(rules, 5, policy, &[0], metrics(Said::Unhealthy, Some(0), false)));
    same("left out", left_out(&ledger), vec![(100.0, 0, LeftOut::NotHealthy)])?;
    same("the first", updates(&ledger)[0], (100.0, 1))?;
    Ok(ledger)
}

fn metrics_count_for_surges_too(rules: RuleSet) -> Proved {
    let policy = RollingPolicy { max_surge: true, ..RollingPolicy::default() };
    let ledger = ledger(&speaking(rules, 2, policy, &[0], metrics(Said::Healthy, None, true)));
    same("left out", left_out(&ledger), vec![(100.0, 0, LeftOut::SkipUpgrade)])?;
    Ok(ledger)
}
