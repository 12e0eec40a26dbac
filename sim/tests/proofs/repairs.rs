//! Automatic instance repairs, on the plan of [`crate::support::repairs`].

use crate::support::health::{binary, of, reports, says};
use crate::support::repairs::*;
use crate::support::rollout::{change, rollouts, to_image};
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::RepairAction::{Reimage, Replace};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{self, A, RuleSet, Value};
use windtunnel_sim::world::fact::Health::{Healthy, Unhealthy};
use windtunnel_sim::world::fact::{Fact, Obstacle, Operation, Record, RepairsFact, RolloutFact, Spared};

type Proved = Result<Vec<Record>, String>;

proofs! { "repairs":
    AR_01 without_one_health_source_nothing_is_repaired,
    AR_02 unknown_is_repaired_and_initializing_is_not,
    AR_03 what_never_came_up_is_not_repaired,
    AR_05 a_replacement_is_of_the_newest_model,
    AR_06 a_reimage_makes_the_disk_anew_and_leaves_the_instance,
    AR_07 no_more_than_a_twentieth_at_a_time,
    AR_08 a_new_instance_has_its_grace,
    AR_09 in_steady_state_there_is_no_grace,
    AR_10 a_restart_starts_the_grace,
    AR_11 repairs_are_suspended_and_resumed,
    AR_12 after_three_repairs_they_suspend_themselves,
    AR_13 the_protected_are_not_repaired,
    AR_14 nobody_waits_for_the_guest_of_the_old_one,
    AR_15 in_a_new_set_the_grace_comes_first,
    AR_16 enabled_over_a_broken_endpoint_they_repair_everybody,
    AR_17 nothing_is_too_many,
    AR_18 the_test_for_200_is_that_of_version_1,
    AR_20 the_deallocated_are_not_repaired,
    AR_21 nobody_is_repaired_in_a_batch,
    AR_22 who_is_unhealthy_longest_comes_first_at_whole_minutes,
    IX_04 who_is_repaired_counts_as_upgraded,
    UM_12 a_reimage_takes_the_version_that_the_model_means_now,
}

fn expect(plan: &Plan, begun: &[(f64, u32)]) -> Proved {
    let ledger = ledger(plan);
    same("repairs", started(&ledger), begun.to_vec())?;
    Ok(ledger)
}

/// One set has no health source and one has two: repairs are enabled on both and run on neither.
fn without_one_health_source_nothing_is_repaired(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.sets.push(plan.sets[0].clone());
    plan.sets[1].name = "second".into();
    plan.sets[0].profile.health_source = HealthSource::None;
    plan.sets[1].profile.health_source = HealthSource::Conflict;
    database_lost(&mut plan, 202);
    let ledger = expect(&plan, &[])?;
    let said: Vec<RepairsFact> = repairs(&ledger).map(|(_, fact, _)| fact).collect();
    let [
        RepairsFact::Prevented { why: Obstacle::NoHealthSource, .. },
        RepairsFact::Prevented { why: Obstacle::TwoHealthSources, .. },
    ] = said[..]
    else {
        return Err(format!("said of repairs: {said:?}"));
    };
    Ok(ledger)
}

/// The process is down from 202 s on: Unknown. A second instance comes at 100 s, whose process takes longer than anybody
/// watches: it is Initializing for as long as its 7,200 s of grace last.
fn unknown_is_repaired_and_initializing_is_not(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    of(&mut plan).grace = Some(s(7200));
    plan.images[0].process_start = Some(constant(7200));
    plan.timeline.push(scale(100, 2));
    process_lost(&mut plan, 202, 0);
    let ledger = expect(&plan, &[(240.0, 0)])?;
    same("the rule", by_rules(&ledger), vec![rules::AR_02])?;
    Ok(ledger)
}

/// Its system does not come up, which is given up after 100 s: at 160 s. It is seen at 180 s, and again each minute.
fn what_never_came_up_is_not_repaired(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.cold_start = true;
    plan.images[0].boot_failure = 1.0;
    assume(&mut plan, A::VmOsProvisioningTimeout, Value::Time(s(100)));
    let ledger = expect(&plan, &[])?;
    same("spared", spared(&ledger), vec![(180.0, 0, Spared::ProvisioningFailed)])?;
    Ok(ledger)
}

/// Under mode Manual the model means image 1 from 100 s on, and no instance is brought to it. At 240 s number 0 is
/// deleted, and gone at 270 s.
fn a_replacement_is_of_the_newest_model(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.images.push(image("app/1.1.0", 1));
    plan.timeline.push(change(100, to_image(1)));
    process_lost(&mut plan, 202, 0);
    let ledger = ledger(&plan);
    same("created", creations(&ledger), vec![(270.0, 1)])?;
    Ok(ledger)
}

/// The disk breaks at 202 s. A reimage keeps it out of service for 120 s, less the assumed 45 s of boot, plus its own 40 s:
/// at 355 s it is there again, the same instance, with a disk that works.
fn a_reimage_makes_the_disk_anew_and_leaves_the_instance(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Reimage);
    assume(&mut plan, A::VmBootLinux, Value::Dist(constant(45)));
    let which = Which::Ordinals(vec![0]);
    let what = Act::Disturb { set: 0, which, how: Disturbance::CorruptDisk, length: None };
    plan.timeline.push(action("disk", 202, what));
    let ledger = expect(&plan, &[(240.0, 0)])?;
    same("created", creations(&ledger), vec![])?;
    same("healthy again", reports(&ledger, 0).last().copied(), Some((355.0, Healthy)))?;
    Ok(ledger)
}

/// Of 40 instances two at a time, each for 130 s, and the next two at the next whole minute.
fn no_more_than_a_twentieth_at_a_time(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 40, Replace);
    plan.horizon = at(800);
    database_lost(&mut plan, 202);
    let ledger = ledger(&plan);
    let when: Vec<f64> = started(&ledger).iter().map(|&(time, _)| time).collect();
    same("repairs", when, vec![240.0, 240.0, 420.0, 420.0, 600.0, 600.0, 780.0, 780.0])?;
    Ok(ledger)
}

/// Created at 100 s, up at 200 s, Unknown 10 s later; its 600 s end at 800 s, and the next whole minute is 840 s.
fn a_new_instance_has_its_grace(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.horizon = at(900);
    of(&mut plan).grace = Some(s(10));
    plan.images[0].process_start = Some(constant(7200));
    plan.timeline.push(scale(100, 2));
    let ledger = expect(&plan, &[(840.0, 1)])?;
    same("the rule", by_rules(&ledger), vec![rules::AR_08])?;
    Ok(ledger)
}

/// Nothing was done to it: it is repaired as soon as it is seen.
fn in_steady_state_there_is_no_grace(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.horizon = at(840);
    database_lost(&mut plan, 202);
    let ledger = expect(&plan, &[(240.0, 0)])?;
    same("the rule", by_rules(&ledger), vec![rules::AR_09])?;
    Ok(ledger)
}

/// The operator restarts it at 100 s, which takes 45 s; it is unhealthy from 150 s on. Its grace ends at 745 s.
fn a_restart_starts_the_grace(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.horizon = at(800);
    plan.timeline.push(action("restart", 100, Act::Power { set: 0, which: Which::All, how: PowerAct::Restart }));
    database_lost(&mut plan, 148);
    let ledger = expect(&plan, &[(780.0, 0)])?;
    same("the rule", by_rules(&ledger), vec![rules::AR_10])?;
    Ok(ledger)
}

/// Suspended at 100 s and resumed at 500 s; what was unhealthy meanwhile is repaired at the next whole minute.
fn repairs_are_suspended_and_resumed(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.horizon = at(800);
    let call = |call| Act::SetRepairs { set: 0, call };
    plan.timeline.push(action("suspend", 100, call(ServiceCall::Suspend)));
    database_lost(&mut plan, 202);
    plan.timeline.push(action("resume", 500, call(ServiceCall::Resume)));
    expect(&plan, &[(540.0, 0)])
}

/// Each replacement is up 130 s after its repair began and unhealthy at once; its grace ends 600 s later. The third is
/// found so at 2,580 s: that is enough.
fn after_three_repairs_they_suspend_themselves(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    database_lost(&mut plan, 202);
    let ledger = expect(&plan, &[(240.0, 0), (1020.0, 1), (1800.0, 2)])?;
    let suspended = first(&ledger, |fact| matches!(fact, Fact::Repairs(RepairsFact::SuspendedThemselves { .. })));
    same("suspended", suspended, Some(2580.0))?;
    Ok(ledger)
}

fn the_protected_are_not_repaired(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 2, Replace);
    let which = Which::Ordinals(vec![0]);
    let protect = Act::Protect { set: 0, which, from_scale_in: true, from_scale_set_actions: false };
    plan.timeline.push(action("protect", 100, protect));
    process_lost(&mut plan, 202, 0);
    let ledger = expect(&plan, &[])?;
    same("spared", spared(&ledger), vec![(240.0, 0, Spared::Protected)])?;
    Ok(ledger)
}

/// The guest is notified at 240 s and given 300 s. The new instance is created at once; for 330 s there are two machines.
fn nobody_waits_for_the_guest_of_the_old_one(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.sets[0].profile.terminate = Some(s(300));
    process_lost(&mut plan, 202, 0);
    let ledger = expect(&plan, &[(240.0, 0)])?;
    same("created", creations(&ledger), vec![(240.0, 0)])?;
    let gone = times(&ledger, |fact| matches!(fact, Fact::InstanceDeleted { .. }));
    same("the old one is gone", gone, vec![570.0])?;
    Ok(ledger)
}

/// Created at 0 s, up at 100 s and Unknown 10 s later; its 600 s end at 700 s.
fn in_a_new_set_the_grace_comes_first(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    (plan.cold_start, plan.horizon) = (true, at(720));
    of(&mut plan).grace = Some(s(10));
    plan.images[0].process_start = Some(constant(7200));
    let ledger = expect(&plan, &[(720.0, 0)])?;
    same("the rule", by_rules(&ledger), vec![rules::AR_15])?;
    Ok(ledger)
}

/// Everybody is unhealthy from 50 s on, and repairs are enabled at 200 s: one after another, 130 s each.
fn enabled_over_a_broken_endpoint_they_repair_everybody(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 3, Replace);
    plan.horizon = at(700);
    let policy = plan.sets[0].repairs.replace(RepairsPolicy::default()).expect("it has one");
    database_lost(&mut plan, 50);
    plan.timeline.push(change(200, ModelChange { repairs: Some(policy), ..ModelChange::default() }));
    let ledger = ledger(&plan);
    let when: Vec<f64> = started(&ledger).iter().map(|&(time, _)| time).collect();
    same("repairs", when, vec![240.0, 420.0, 600.0])?;
    let of: std::collections::BTreeSet<u32> = started(&ledger).iter().map(|&(_, instance)| instance).collect();
    same("of everybody", of.into_iter().collect::<Vec<u32>>(), vec![0, 1, 2])?;
    same("the first rule", by_rules(&ledger).contains(&rules::AR_16), true)?;
    Ok(ledger)
}

/// Both are unhealthy, and they are repaired one after another, as if it were one of many.
fn nothing_is_too_many(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 2, Replace);
    plan.horizon = at(500);
    database_lost(&mut plan, 202);
    let ledger = ledger(&plan);
    let when: Vec<f64> = started(&ledger).iter().map(|&(time, _)| time).collect();
    same("repairs", when, vec![240.0, 420.0])?;
    Ok(ledger)
}

/// Both sets answer 204 with a body that says Healthy, from the start. Version 1 wants exactly 200; version 2 reads the
/// body of any 2xx.
fn the_test_for_200_is_that_of_version_1(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Replace);
    plan.horizon = at(80);
    let no_content = Answer { kind: AnswerKind::Status(204), ..says(Said::Healthy) };
    plan.application.endpoints[1].clauses = vec![Clause { when: PROCESS, answer: no_content }];
    plan.sets.push(ScaleSet { name: "rich".into(), ..plan.sets[0].clone() });
    binary(&mut plan, 1);
    let ledger = expect(&plan, &[(60.0, 0)])?;
    same("the first is", reports(&ledger, 0).first().copied(), Some((0.0, Unhealthy)))?;
    same("the second is", reports(&ledger, 1).first().copied(), Some((0.0, Healthy)))?;
    Ok(ledger)
}

fn the_deallocated_are_not_repaired(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 2, Replace);
    let which = Which::Ordinals(vec![0]);
    plan.timeline.push(action("deallocate", 100, Act::Power { set: 0, which, how: PowerAct::Deallocate }));
    let ledger = expect(&plan, &[])?;
    same("spared", spared(&ledger), vec![(120.0, 0, Spared::Deallocated)])?;
    Ok(ledger)
}

/// Number 0 does not listen from 202 s on. At 210 s an upgrade with surge begins with the unhealthy: the instance that is
/// to replace number 0 comes up at 310 s. At 240 s number 0 is in the batch.
fn nobody_is_repaired_in_a_batch(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 5, Replace);
    plan.horizon = at(300);
    plan.images.push(image("app/1.1.0", 1));
    let rolling = RollingPolicy { max_surge: true, prioritize_unhealthy: true, ..RollingPolicy::default() };
    plan.sets[0].upgrade = UpgradePolicy { mode: UpgradeMode::Rolling, rolling, ..UpgradePolicy::default() };
    process_lost(&mut plan, 202, 0);
    plan.timeline.push(change(210, to_image(1)));
    let ledger = expect(&plan, &[])?;
    same("spared", spared(&ledger), vec![(240.0, 0, Spared::InBatch)])?;
    Ok(ledger)
}

/// Number 1 does not listen from 205 s on and number 0 from 215 s on; both are seen at 240 s, and one at a time is repaired.
fn who_is_unhealthy_longest_comes_first_at_whole_minutes(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 20, Replace);
    process_lost(&mut plan, 205, 1);
    process_lost(&mut plan, 215, 0);
    expect(&plan, &[(240.0, 1), (420.0, 0)])
}

/// The upgrade that begins at 100 s pauses for ten minutes after its first batch, number 0. Number 4 does not listen from
/// 202 s on; the instance that replaces it at 270 s has the new model and is there at 370 s.
fn who_is_repaired_counts_as_upgraded(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 5, Replace);
    plan.images.push(image("app/1.1.0", 1));
    let rolling = RollingPolicy { pause: s(600), ..RollingPolicy::default() };
    plan.sets[0].upgrade = UpgradePolicy { mode: UpgradeMode::Rolling, rolling, ..UpgradePolicy::default() };
    plan.timeline.push(change(100, to_image(1)));
    process_lost(&mut plan, 202, 4);
    let ledger = expect(&plan, &[(240.0, 4)])?;
    let upgraded = rollouts(&ledger).filter_map(|(time, fact)| match fact {
        RolloutFact::InstanceUpgraded { instance } if instance.0 == 5 => Some(time),
        _ => None,
    });
    same("upgraded by repair", upgraded.collect::<Vec<f64>>(), vec![370.0])?;
    Ok(ledger)
}

/// 1.1.0 is published at 50 s and replicated by 202 s, when the process is lost. The model follows `latest`.
fn a_reimage_takes_the_version_that_the_model_means_now(rules: RuleSet) -> Proved {
    let mut plan = repaired(rules, 1, Reimage);
    plan.images.push(absent("app/1.1.0"));
    plan.sets[0].image = ImageReference::Definition(0);
    assume(&mut plan, A::GalleryReplicationSigma, Value::Number(0.0));
    assume(&mut plan, A::GalleryReplicationBase, Value::Time(s(60)));
    assume(&mut plan, A::GalleryReplicationPerGb, Value::Time(s(0)));
    let targets = vec![Target::new(0)];
    plan.timeline.push(action("publish", 50, Act::Publish(Publication { image: 1, targets, excluded: None })));
    process_lost(&mut plan, 202, 0);
    let ledger = ledger(&plan);
    let how = ledger.iter().find_map(|record| match record.fact {
        Fact::UpdateStarted { how, image, .. } => Some((record.time.seconds(), how, image.0)),
        _ => None,
    });
    same("the reimage", how, Some((240.0, Operation::Reimage, 1)))?;
    Ok(ledger)
}
