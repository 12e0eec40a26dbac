//! Under which policy OS upgrades run, and what guests and operators learn of them. The fleet is that of `os_upgrade`.

use super::os_upgrade::{NOTICED, VMSS, around, batches, rollouts, spoil, with};
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, NoticeFact, Operation, OsNotice, OsUpgradeFact, Record, RolloutFact};

type Proved = Result<Vec<Record>, String>;

proofs! { "os_policy":
    OS_16 a_guest_is_notified_before_its_disk_is_changed,
    OS_20 a_fifth_at_a_time_where_the_policy_says_nothing_else,
    OS_21 the_policy_of_the_set_counts,
    OS_32 a_disk_takes_as_long_as_is_assumed,
    RS_10 the_activity_log_has_three_notices,
}

/// The model has it with the quarter of an hour that the reference gives. A batch begins, and its disks are swapped 900 s
/// later: five batches of 1,015 s. An application that asks all the time and approves after 20 s makes that 135 s.
fn a_guest_is_notified_before_its_disk_is_changed(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].profile.os_image = Some(s(900));
    let swaps =
        |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::UpdateStarted { how: Operation::Swap, .. }));
    let expected = |each: f64, first: f64| -> Vec<f64> {
        (0..10).map(|nth| NOTICED + first + each * f64::from(nth / 2)).collect()
    };
    let silent = ledger(&plan);
    same("nobody asks", swaps(&silent), expected(1015.0, 900.0))?;
    plan.application.events = Some(EventListener {
        poll: Some(SimDuration::from_ms(1)),
        on: u8::MAX,
        admin_down: false,
        approve_after: Some(s(20)),
        when_idle: false,
        unfiltered: false,
    });
    let ledger = ledger(&plan);
    same("approved", swaps(&ledger), expected(135.0, 20.0))?;
    let gone = times(&ledger, |fact| matches!(fact, Fact::Notice(NoticeFact::Ended { .. })));
    same("gone from the list", gone, expected(135.0, 135.0))?;
    Ok(ledger)
}

/// The policy of the set says nothing: two of ten at a time.
fn a_fifth_at_a_time_where_the_policy_says_nothing_else(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules));
    let expected: Vec<_> = (0..5).map(|nth| (NOTICED + 115.0 * f64::from(nth), 2)).collect();
    same("batches", batches(&ledger), expected)?;
    Ok(ledger)
}

/// The policy of the set says 50 %, a pause of 60 s and surge. ROLL: that is what the upgrade uses, whatever the flag says:
/// five new machines, a minute, five more. REST: only under `useRollingUpgradePolicy`; without it the default policy, which
/// has two of ten in place and no pause: nothing of one policy goes with the numbers of the other. What is called by hand
/// runs under the set's policy either way, as was recorded.
fn the_policy_of_the_set_counts(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let numbers = RollingPolicy { max_batch_percent: 50, pause: s(60), max_surge: true, ..RollingPolicy::default() };
    plan.sets[0].upgrade.rolling = numbers;
    plan.sets[0].overprovision = false;
    let how = |ledger: &[Record]| {
        rollouts(ledger, |fact| match fact {
            RolloutFact::BatchStarted { size, surge, set: VMSS, .. } => Some((size, surge)),
            _ => None,
        })
    };
    let mut flag = plan.clone();
    assume(&mut flag, A::OsUpgradePolicy, Value::Choice("flag"));
    let expected: Vec<_> = (0..5).map(|nth| (NOTICED + 115.0 * f64::from(nth), (2, false))).collect();
    same("without the flag", how(&ledger(&flag)), expected)?;
    let sizes = |ledger: &[Record]| how(ledger).into_iter().map(|(_, batch)| batch).collect::<Vec<_>>();
    let mut called = flag.clone();
    called.timeline.push(action("by hand", 700, Act::StartOsUpgrade { set: 0 }));
    same("by hand", sizes(&ledger(&called)), vec![(5, true); 2])?;
    flag.sets[0].upgrade.os.use_rolling_policy = true;
    same("with the flag", sizes(&ledger(&flag)), vec![(5, true); 2])?;
    same("always", sizes(&ledger(&plan)), vec![(5, true); 2])?;
    plan.sets[0].upgrade.rolling.max_surge = false;
    let ledger = ledger(&plan);
    same("in place", how(&ledger), vec![(NOTICED, (5, false)), (NOTICED + 115.0 + 60.0, (5, false))])?;
    Ok(ledger)
}

/// Nothing is published: where it is assumed that 255 s pass until the machine runs again, a batch takes that and a boot of
/// 40 s.
fn a_disk_takes_as_long_as_is_assumed(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    assume(&mut plan, A::VmOsDiskSwap, Value::Dist(constant(255)));
    let ledger = ledger(&plan);
    let expected: Vec<_> = (0..5).map(|nth| (NOTICED + 295.0 * f64::from(nth), 2)).collect();
    same("batches", batches(&ledger), expected)?;
    Ok(ledger)
}

/// Submitted and accepted when it begins, and complete after five batches of 115 s. Where three of ten do not work when it
/// is to begin, the submission is refused, and nothing follows. Where the version is bad, the upgrade fails at 530 s: 415 s
/// and a disk of 115 s.
fn the_activity_log_has_three_notices(rules: RuleSet) -> Proved {
    let logged = |ledger: &[Record]| {
        around(ledger, |fact| match fact {
            OsUpgradeFact::Logged { set: VMSS, what, .. } => Some(what),
            _ => None,
        })
    };
    let plan = with(rules);
    let began = vec![(NOTICED, OsNotice::Submitted), (NOTICED, OsNotice::Accepted)];
    let mut sick = plan.clone();
    sick.timeline.push(disturb(4000, &[7, 8, 9], Disturbance::ProcessDown, 20_000));
    same("closed", logged(&ledger(&sick)), vec![(NOTICED, OsNotice::Submitted), (NOTICED, OsNotice::Refused)])?;
    let mut bad = plan.clone();
    spoil(&mut bad);
    let failed = [began.clone(), vec![(NOTICED + 530.0, OsNotice::Failed)]].concat();
    same("failed", logged(&ledger(&bad)), failed)?;
    let ledger = ledger(&plan);
    let complete = [began, vec![(NOTICED + 575.0, OsNotice::Succeeded)]].concat();
    same("complete", logged(&ledger), complete)?;
    Ok(ledger)
}
