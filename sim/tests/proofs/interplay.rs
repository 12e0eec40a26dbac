//! What upgrades and extensions meet on their way: machines that are off, notices of deletion, changes of the model that
//! are about extensions alone. In place an update takes 115 s; a new instance is healthy 100 s after it is made.

use crate::support::rollout::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{End, Fact, LeftOut, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "interplay":
    IX_02 a_deallocated_instance_counts_and_stays_as_it_is,
    IX_06 an_evicted_instance_counts_and_stays_as_it_is,
    MS_10 a_guest_that_is_replaced_is_notified_before,
    EX_05 an_extension_of_the_model_waits_for_the_next_upgrade,
    UM_10 another_force_update_tag_runs_an_extension_again,
}

/// Five instances of which number 3 is unhealthy until it is upgraded, and number 4 is off from before the upgrade on.
fn one_sick_of_five(rules: RuleSet) -> Plan {
    let mut plan = Plan { rules, ..rolling(5, 0, RollingPolicy::default()) };
    watch(&mut plan);
    unhealthy(&mut plan, &[3], &[]);
    plan
}

/// One of five is unhealthy, which is 20 % and no more than may be; of the four that run it would be 25 %. Four are upgraded,
/// one after another, until 100 + 4 × 115 = 560 s.
fn goes_on_without_the_fifth(plan: &Plan) -> Proved {
    let ledger = ledger(plan);
    same("end", ended(&ledger), Some((560.0, End::Completed)))?;
    same("left out", left_out(&ledger), vec![(100.0, 4, LeftOut::Deallocated)])?;
    same("updates", updates(&ledger).iter().map(|(_, who)| *who).collect(), vec![0, 1, 2, 3])?;
    Ok(ledger)
}

fn a_deallocated_instance_counts_and_stays_as_it_is(rules: RuleSet) -> Proved {
    let mut plan = one_sick_of_five(rules);
    then(&mut plan, 40, Act::Power { set: 0, which: Which::Ordinals(vec![4]), how: PowerAct::Deallocate });
    goes_on_without_the_fifth(&plan)
}

/// It gets notice at 10 s and is evicted at 40 s.
fn an_evicted_instance_counts_and_stays_as_it_is(rules: RuleSet) -> Proved {
    let mut plan = one_sick_of_five(rules);
    plan.sets[0].mode = OrchestrationMode::Flexible;
    plan.sets[0].spot.spot = true;
    then(&mut plan, 10, Act::Spot(SpotAct::Simulate { set: 0, which: Which::Ordinals(vec![4]) }));
    goes_on_without_the_fifth(&plan)
}

/// The new instance is healthy at 200 s; the old one gets notice, has its five minutes, and is gone 20 s later. The batch is not
/// over before.
fn a_guest_that_is_replaced_is_notified_before(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..rolling(1, 0, RollingPolicy { max_surge: true, ..RollingPolicy::default() }) };
    assume(&mut plan, A::VmDelete, Value::Dist(constant(20)));
    plan.sets[0].profile.terminate = Some(s(300));
    let ledger = ledger(&plan);
    same("deleted", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. })), vec![500.0])?;
    same("end", ended(&ledger), Some((520.0, End::Completed)))?;
    Ok(ledger)
}

fn extensions_done(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::ExtensionDone { .. }))
}

/// The model gets an extension of 30 s at 100 s, under mode Manual; the two instances are upgraded by hand at 500 s.
fn an_extension_of_the_model_waits_for_the_next_upgrade(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..plan() };
    let profile = VmProfile { extensions: vec![extension("added", 30)], ..plan.sets[0].profile.clone() };
    plan.timeline = vec![change(100, ModelChange { profile: Some(profile), ..ModelChange::default() })];
    then(&mut plan, 500, Act::UpgradeInstances { set: 0, which: Which::All });
    let ledger = ledger(&plan);
    same("done", extensions_done(&ledger), vec![530.0, 530.0])?;
    Ok(ledger)
}

/// Two extensions, of which one gets another tag at 100 s, under mode Automatic: that one runs again on both instances.
fn another_force_update_tag_runs_an_extension_again(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..plan() };
    plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
    plan.sets[0].profile.extensions = vec![extension("agent", 30), extension("setup", 50)];
    let mut profile = plan.sets[0].profile.clone();
    profile.extensions[1].tag = Some("2".into());
    plan.timeline = vec![change(100, ModelChange { profile: Some(profile), ..ModelChange::default() })];
    let ledger = ledger(&plan);
    same("done", extensions_done(&ledger), vec![150.0, 150.0])?;
    Ok(ledger)
}
