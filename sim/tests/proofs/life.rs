//! The life of an instance. One that is created at 100 s runs at 160 s, and its system is up at 200 s.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{Fact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "life":
    LC_02 an_instance_is_provisioned_when_its_system_is_up_and_its_extensions_are_done,
    LC_04 a_failed_extension_fails_the_provisioning,
    LC_05 a_system_that_does_not_come_up_is_given_up,
    LC_06 what_does_not_come_up_is_made_again_for_half_an_hour,
    LC_07 a_resilient_delete_tries_five_times,
    LC_08 what_could_not_be_deleted_counts_until_it_is_removed,
    LC_08 a_failed_instance_counts_until_it_is_removed,
    EX_03 extensions_follow_their_sequence,
    EX_06 the_extensions_of_an_instance_have_one_budget,
    OP_05 extensions_run_on_the_kept_instances_only,
}

fn with(rules: RuleSet) -> Plan {
    Plan { rules, horizon: at(7200), timeline: vec![scale(100, 3)], ..plan() }
}

fn provisioned(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::InstanceProvisioned { .. }))
}

/// Up at 200 s; the extension takes 300 s after that. Deleted at 1,000 s, gone after the assumed 30 s.
fn an_instance_is_provisioned_when_its_system_is_up_and_its_extensions_are_done(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].profile.extensions = vec![extension("setup", 300)];
    plan.timeline.push(scale(1000, 2));
    let ledger = ledger(&plan);
    same("running", times(&ledger, |fact| matches!(fact, Fact::InstanceRunning { .. })), vec![160.0])?;
    same("booted", times(&ledger, |fact| matches!(fact, Fact::InstanceBooted { .. })), vec![200.0])?;
    same("provisioned", provisioned(&ledger), vec![500.0])?;
    same("gone", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleted { .. })), vec![1030.0])?;
    Ok(ledger)
}

/// It always fails, when its 300 s are over.
fn a_failed_extension_fails_the_provisioning(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].profile.extensions = vec![Extension { failure: 1.0, ..extension("setup", 300) }];
    let ledger = ledger(&plan);
    same("failed", times(&ledger, |fact| matches!(fact, Fact::ExtensionFailed { .. })), vec![500.0])?;
    same("provisioned", provisioned(&ledger), vec![])?;
    Ok(ledger)
}

/// It always fails: given up 40 min (`vm.os_provisioning_timeout`) after it began at 160 s, with nothing on it ever started.
fn a_system_that_does_not_come_up_is_given_up(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[0].boot_failure = 1.0;
    let ledger = ledger(&plan);
    same("failed", times(&ledger, |fact| matches!(fact, Fact::BootFailed { .. })), vec![2560.0])?;
    same("started", times(&ledger, |fact| matches!(fact, Fact::ProcessStarted { .. })), vec![])?;
    Ok(ledger)
}

/// The sequence is c, a, d, b, of 10 to 40 s by letter: done 30, 40, 80 and 100 s after 200 s, on each of five instances.
/// An order at will would be this one on all five but once in 24⁵ times.
fn extensions_follow_their_sequence(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let after = |name, seconds, after| Extension { after, ..extension(name, seconds) };
    plan.sets[0].profile.extensions =
        vec![after("a", 10, vec![2]), after("b", 20, vec![3]), after("c", 30, vec![]), after("d", 40, vec![0])];
    plan.timeline = vec![scale(100, 7)];
    let ledger = ledger(&plan);
    for (index, done) in [(2, 230.0), (0, 240.0), (3, 280.0), (1, 300.0)] {
        let of = |fact: &Fact| matches!(fact, Fact::ExtensionDone { extension, .. } if extension.0 == index);
        same("done", times(&ledger, of), vec![done; 5])?;
    }
    Ok(ledger)
}

/// The budget is 15 min from 200 s on, for two extensions of 8 min each: the second would be done at 1,160 s and is
/// stopped when 1,100 s are past. With 7 min each they are done at 1,040 s.
fn the_extensions_of_an_instance_have_one_budget(rules: RuleSet) -> Proved {
    let run = |minutes: u64| {
        let mut plan = with(rules.clone());
        plan.sets[0].profile.extensions_budget = s(900);
        plan.sets[0].profile.extensions = vec![extension("a", 60 * minutes), extension("b", 60 * minutes)];
        ledger(&plan)
    };
    same("within the budget", provisioned(&run(7)), vec![1040.0])?;
    let ledger = run(8);
    same("provisioned", provisioned(&ledger), vec![])?;
    same("timed out", times(&ledger, |fact| matches!(fact, Fact::ExtensionsTimedOut { .. })), vec![1100.001])?;
    Ok(ledger)
}

/// Five are wanted, so one more is created (`vmss.overprovision_*`); the extension takes 100 s. The surplus is up at 200 s and has no
/// extension; it is not kept for that, but deleted once the five are done at 300 s.
fn extensions_run_on_the_kept_instances_only(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    (plan.sets[0].overprovision, plan.sets[0].skip_extensions_on_surplus) = (true, true);
    plan.sets[0].profile.extensions = vec![extension("setup", 100)];
    plan.timeline = vec![scale(100, 7)];
    let ledger = ledger(&plan);
    same("provisioned", provisioned(&ledger), vec![200.0, 300.0, 300.0, 300.0, 300.0, 300.0])?;
    let gone = |fact: &Fact| matches!(fact, Fact::InstanceDeleting { instance, .. } if instance.0 == 7);
    same("the surplus goes", times(&ledger, gone), vec![300.0])?;
    same("extensions", times(&ledger, |fact| matches!(fact, Fact::ExtensionDone { .. })).len(), 5)?;
    Ok(ledger)
}

/// Nothing boots. The first machine is created at 100 s, runs at 160 s and is given up after the 20 min of resilient create, at
/// 1360 s, and so is the second at 2620 s, which is later
/// than 30 min after the first: it stays.
fn what_does_not_come_up_is_made_again_for_half_an_hour(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[0].boot_failure = 1.0;
    plan.sets[0].resilient_create = true;
    let ledger = ledger(&plan);
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![100.0, 1360.0])?;
    same("failed", times(&ledger, |fact| matches!(fact, Fact::BootFailed { .. })), vec![1360.0, 2620.0])?;
    same("deleted", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. })), vec![1360.0])?;
    Ok(ledger)
}

/// The third has failed by 2560 s. It counts, so that four are one more.
fn a_failed_instance_counts_until_it_is_removed(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[0].boot_failure = 1.0;
    plan.timeline.push(scale(2600, 4));
    let ledger = ledger(&plan);
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![100.0, 2600.0])?;
    Ok(ledger)
}

/// All deletes fail until 1140 s. Asked for at 1000 s, the attempts of 30 s each end at 1030, 1060, 1090 and 1120 s, and the fifth
/// at 1150 s, when deletes work again.
fn a_resilient_delete_tries_five_times(rules: RuleSet) -> Proved {
    let run = |length: u64| {
        let mut plan = with(rules.clone());
        plan.sets[0].resilient_delete = true;
        plan.timeline.push(action("fail", 900, Act::FailDeletes { set: 0, failing: 1.0, length: Some(s(length)) }));
        plan.timeline.push(scale(1000, 2));
        ledger(&plan)
    };
    let gone = |fact: &Fact| matches!(fact, Fact::InstanceDeleted { .. });
    let ledger = run(240);
    let again = |fact: &Fact| matches!(fact, Fact::DeletionFailed { again: true, .. });
    same("tried again", times(&ledger, again), vec![1030.0, 1060.0, 1090.0, 1120.0])?;
    same("gone", times(&ledger, gone), vec![1150.0])?;
    // Where they fail for longer, the fifth is the last, and the capacity is three as before.
    let longer = run(260);
    let left = |fact: &Fact| matches!(fact, Fact::DeletionFailed { again: false, attempt: 5, .. });
    same("left", times(&longer, left), vec![1150.0])?;
    same("gone", times(&longer, gone), vec![])?;
    Ok(ledger)
}

/// The delete of 1000 s has failed by 1030 s: the set has three again, of which two serve. Four are one more, at 2000 s. At
/// 3000 s the set is to have three, and the one that is left goes first, since deletes work by then.
fn what_could_not_be_deleted_counts_until_it_is_removed(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline.push(action("fail", 900, Act::FailDeletes { set: 0, failing: 1.0, length: Some(s(1000)) }));
    plan.timeline.extend([scale(1000, 2), scale(2000, 4), scale(3000, 3)]);
    let ledger = ledger(&plan);
    let raised = |fact: &Fact| matches!(fact, Fact::CapacitySet { from: 2, to: 3, .. });
    same("counts", times(&ledger, raised), vec![100.0, 1030.0])?;
    same("created", times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })), vec![100.0, 2000.0])?;
    let left: Vec<_> = ledger
        .iter()
        .filter_map(|record| match record.fact {
            Fact::DeletionFailed { instance, .. } => Some(instance),
            _ => None,
        })
        .collect();
    let gone: Vec<_> = ledger
        .iter()
        .filter_map(|record| match record.fact {
            Fact::InstanceDeleted { instance } => Some(instance),
            _ => None,
        })
        .collect();
    same("the one that is left goes", gone, left)?;
    same("gone", times(&ledger, |fact| matches!(fact, Fact::InstanceDeleted { .. })), vec![3030.0])?;
    Ok(ledger)
}
