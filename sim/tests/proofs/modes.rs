//! How a change of the model reaches instances: modes, what is done to an instance, and its health then.
//!
//! The model changes at 100 s; a swap takes 115 s ([`crate::support::rollout`]), of which the disk is out for 75 s.

use crate::support::health::{changes, reports, says};
use crate::support::rollout::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{End, Fact, Health, Record, RolloutFact, UpgradeError};

type Proved = Result<Vec<Record>, String>;

proofs! { "modes":
    UM_01 the_mode_can_be_changed,
    UM_02 in_mode_manual_only_what_is_named_is_upgraded,
    UM_03 what_is_named_is_upgraded_at_once,
    UM_04 in_mode_automatic_all_go_at_once,
    UM_05 in_mode_rolling_they_go_in_batches,
    UM_08 a_write_that_concerns_no_instance_upgrades_none,
    UM_09 what_needs_a_restart_restarts,
    RU_25 an_instance_gets_a_new_disk_and_its_extensions_again,
    HD_29 on_a_new_disk_health_begins_anew,
    HD_45 health_comes_with_the_model,
    HD_46 who_says_nothing_closes_the_gate,
    HD_47 after_a_restart_the_health_extension_starts_again,
}

fn with(rules: RuleSet, size: u32, mode: UpgradeMode) -> Plan {
    let mut plan = Plan { rules, ..rolling(size, 0, RollingPolicy::default()) };
    plan.sets[0].upgrade.mode = mode;
    plan
}

fn proves(plan: &Plan, expected: &[(f64, u32)]) -> Proved {
    let ledger = ledger(plan);
    same("updates", updates(&ledger), expected.to_vec())?;
    Ok(ledger)
}

fn the_mode_can_be_changed(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, UpgradeMode::Manual);
    let upgrade = Some(UpgradePolicy { mode: UpgradeMode::Automatic, ..UpgradePolicy::default() });
    plan.timeline.insert(0, change(50, ModelChange { upgrade, ..ModelChange::default() }));
    proves(&plan, &[(100.0, 0), (100.0, 1)])
}

fn in_mode_manual_only_what_is_named_is_upgraded(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 3, UpgradeMode::Manual);
    then(&mut plan, 200, Act::UpgradeInstances { set: 0, which: Which::Ordinals(vec![1]) });
    proves(&plan, &[(200.0, 1)])
}

fn what_is_named_is_upgraded_at_once(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 3, UpgradeMode::Manual);
    then(&mut plan, 200, Act::UpgradeInstances { set: 0, which: Which::All });
    proves(&plan, &[(200.0, 0), (200.0, 1), (200.0, 2)])
}

fn in_mode_automatic_all_go_at_once(rules: RuleSet) -> Proved {
    proves(&with(rules, 3, UpgradeMode::Automatic), &[(100.0, 0), (100.0, 1), (100.0, 2)])
}

/// 20 % of three is one at a time.
fn in_mode_rolling_they_go_in_batches(rules: RuleSet) -> Proved {
    proves(&with(rules, 3, UpgradeMode::Rolling), &[(100.0, 0), (215.0, 1), (330.0, 2)])
}

fn a_write_that_concerns_no_instance_upgrades_none(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 3, UpgradeMode::Rolling);
    let rolling = RollingPolicy { pause: s(60), ..RollingPolicy::default() };
    let upgrade = Some(UpgradePolicy { rolling, ..plan.sets[0].upgrade });
    plan.timeline = vec![change(100, ModelChange { upgrade, ..ModelChange::default() })];
    let ledger = ledger(&plan);
    same("upgrades", rollouts(&ledger).count(), 0)?;
    Ok(ledger)
}

/// What is written to a running instance, or waits for its reimage, is there at once; a restart takes 45 s.
fn what_needs_a_restart_restarts(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, UpgradeMode::Automatic);
    assume(&mut plan, A::VmRestart, Value::Dist(constant(5)));
    let write = |at_s, rest| change(at_s, ModelChange { rest, ..ModelChange::default() });
    plan.timeline = vec![write(100, Reach::InPlace), write(300, Reach::NextReimage), write(500, Reach::Restart)];
    let ledger = ledger(&plan);
    let provisioned = times(&ledger, |fact| matches!(fact, Fact::InstanceProvisioned { .. }));
    same("provisioned", provisioned, vec![100.0, 100.0, 300.0, 300.0, 545.0, 545.0])?;
    same("stopped", times(&ledger, |fact| matches!(fact, Fact::ProcessStopped { .. })), vec![500.0, 500.0])?;
    Ok(ledger)
}

/// The new disk is there 75 s later and boots in 40 s, then the extension takes 30 s.
fn an_instance_gets_a_new_disk_and_its_extensions_again(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 1, UpgradeMode::Rolling);
    plan.sets[0].profile.extensions = vec![extension("setup", 30)];
    let ledger = ledger(&plan);
    same("swapped", times(&ledger, |fact| matches!(fact, Fact::DiskSwapped { .. })), vec![175.0])?;
    same("extended", times(&ledger, |fact| matches!(fact, Fact::ExtensionDone { .. })), vec![245.0])?;
    Ok(ledger)
}

/// Two in a row of the probes at 215 s and 220 s.
fn on_a_new_disk_health_begins_anew(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 1, UpgradeMode::Automatic);
    watch(&mut plan);
    plan.application.endpoints[1].clauses = vec![Clause { when: PROCESS, answer: says(Said::Healthy) }];
    let of = plan.sets[0].profile.health_extension.as_mut().expect("it was just given");
    (of.version, of.probes, of.grace) = (HealthVersion::Rich, 2, Some(s(600)));
    let ledger = ledger(&plan);
    let expected = vec![(0.0, Health::Healthy), (215.0, Health::Initializing), (220.0, Health::Healthy)];
    same("health", changes(&ledger), expected)?;
    Ok(ledger)
}

/// The extension is added to the model at 100 s, and one instance is brought to it at 200 s.
fn health_comes_with_the_model(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, UpgradeMode::Manual);
    let profile = Some(watched(plan.sets[0].profile.clone()));
    plan.timeline = vec![change(100, ModelChange { profile, ..ModelChange::default() })];
    then(&mut plan, 200, Act::UpgradeInstances { set: 0, which: Which::Ordinals(vec![0]) });
    let ledger = ledger(&plan);
    same("of 0", reports(&ledger, 0), vec![(200.0, Health::Healthy)])?;
    same("of 1", reports(&ledger, 1), vec![])?;
    Ok(ledger)
}

/// The extension is added under mode Rolling: nobody has it yet, so all five are unhealthy to the first gate.
fn who_says_nothing_closes_the_gate(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 5, UpgradeMode::Rolling);
    let profile = Some(watched(plan.sets[0].profile.clone()));
    plan.timeline = vec![change(100, ModelChange { profile, ..ModelChange::default() })];
    let ledger = ledger(&plan);
    let error = UpgradeError::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade;
    same("end", ended(&ledger), Some((100.0, End::Faulted { error, measured: 10_000, limit: 20 })))?;
    let began = rollouts(&ledger).filter(|(_, fact)| matches!(fact, RolloutFact::BatchStarted { .. }));
    same("batches", began.count(), 0)?;
    Ok(ledger)
}

fn after_a_restart_the_health_extension_starts_again(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 1, UpgradeMode::Automatic);
    watch(&mut plan);
    assume(&mut plan, A::VmRestart, Value::Dist(constant(5)));
    plan.timeline = vec![change(100, ModelChange { rest: Reach::Restart, ..ModelChange::default() })];
    let ledger = ledger(&plan);
    same("health", changes(&ledger), vec![(0.0, Health::Healthy), (145.0, Health::Healthy)])?;
    let extended = times(&ledger, |fact| matches!(fact, Fact::ExtensionDone { .. }));
    same("no extension is provisioned again", extended, vec![])?;
    Ok(ledger)
}
