//! Rolling upgrades against closed forms and against a slow plain model.

#[path = "support/mod.rs"]
mod support;

#[path = "rollout/exhaustive.rs"]
mod exhaustive;
#[path = "rollout/plain.rs"]
mod plain;

use support::rollout::*;
use support::*;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value};
use windtunnel_sim::world::fact::{End, Fact, Operation, Record, UpgradeError};

/// Ten instances in one place, 20 %: two at a time, five batches, with four pauses between them.
#[test]
fn ten_instances_take_five_batches() {
    let ledger = ledger(&rolling(10, 0, RollingPolicy { pause: s(60), ..RollingPolicy::default() }));
    let step = (UPDATE_S + 60) as f64;
    let expected: Vec<(f64, u32)> = (0..5).map(|nth| (100.0 + step * f64::from(nth), 2)).collect();
    assert_eq!(batches(&ledger), expected);
    assert_eq!(ended(&ledger), Some((100.0 + 5.0 * UPDATE_S as f64 + 4.0 * 60.0, End::Completed)));
    let swaps = times(&ledger, |fact| matches!(fact, Fact::UpdateStarted { how: Operation::Swap, .. }));
    assert_eq!(swaps.len(), 10);
}

/// Length = Σ over zones of ⌈instances of the zone ÷ batch⌉ × update + a pause between any two batches, where batch =
/// max(1, ⌊N·p/100⌋).
#[test]
fn the_length_of_a_rollout_is_its_closed_form() {
    for size in [1, 2, 3, 4, 5, 7, 10, 13, 20, 50] {
        for zones in 0..=3_u8 {
            for percent in [5, 10, 20, 33, 50, 100] {
                for pause in [0, 30] {
                    let policy =
                        RollingPolicy { max_batch_percent: percent, pause: s(pause), ..RollingPolicy::default() };
                    let ledger = ledger(&rolling(size, zones, policy));
                    let batch = (size * percent / 100).max(1);
                    let parts = u32::from(zones.max(1));
                    // Instances are spread evenly, the lower zones first.
                    let in_zone = |zone: u32| size / parts + u32::from(zone < size % parts);
                    let count: u32 = (0..parts).map(|zone| in_zone(zone).div_ceil(batch)).sum();
                    let length = u64::from(count) * UPDATE_S + u64::from(count - 1) * pause;
                    let expected = Some(((100 + length) as f64, End::Completed));
                    assert_eq!(ended(&ledger), expected, "{size} in {zones} zones, {percent} %, pause {pause}");
                }
            }
        }
    }
}

/// With the health extension, an instance that never becomes healthy fails five minutes after its own update; of one
/// upgraded instance that is 100 %, and the upgrade halts.
#[test]
fn an_image_that_never_becomes_healthy_halts_after_the_first_batch() {
    let mut plan = rolling(5, 0, RollingPolicy::default());
    watch(&mut plan);
    plan.images[1].cannot = 1;
    plan.application.serves.dependencies = 1;
    plan.application.endpoints[1].clauses[0].when.dependencies = 1;
    let ledger = ledger(&plan);
    let (time, end) = ended(&ledger).expect("it ends");
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    assert_eq!(end, End::Faulted { error, measured: 10_000, limit: 20 });
    assert_eq!(time, (100 + UPDATE_S + 300) as f64);
}

/// With surge, a batch takes 100 s until the new instances are healthy and 20 s until the old ones are gone; no fewer than
/// the capacity stand at any time, and at most a batch more.
#[test]
fn the_length_of_a_surge_is_its_closed_form() {
    for size in [1, 2, 5, 7, 10, 20] {
        for percent in [5, 20, 34, 50, 100] {
            let policy = RollingPolicy { max_batch_percent: percent, max_surge: true, ..RollingPolicy::default() };
            let mut plan = rolling(size, 0, policy);
            assume(&mut plan, A::VmDelete, Value::Dist(constant(20)));
            let ledger = ledger(&plan);
            let batch = (size * percent / 100).max(1);
            let length = u64::from(size.div_ceil(batch)) * 120;
            assert_eq!(ended(&ledger), Some(((100 + length) as f64, End::Completed)), "{size}, {percent} %");
            assert_eq!(present(&ledger), (size, size + batch), "{size}, {percent} %");
        }
    }
}

/// The fewest and the most instances that were there after the start.
fn present(ledger: &[Record]) -> (u32, u32) {
    let (mut now, mut fewest, mut most) = (0, u32::MAX, 0);
    for record in ledger {
        match record.fact {
            Fact::InstancePresent { .. } | Fact::InstanceCreated { .. } => now += 1,
            Fact::InstanceDeleting { .. } => now -= 1,
            _ => continue,
        }
        if record.time.ms() > 0 {
            (fewest, most) = (fewest.min(now), most.max(now));
        }
    }
    (fewest, most)
}

fn surging(size: u32) -> Plan {
    let mut plan = rolling(size, 0, RollingPolicy { max_surge: true, ..RollingPolicy::default() });
    assume(&mut plan, A::VmDelete, Value::Dist(constant(20)));
    plan
}

fn alive(ledger: &[Record]) -> Vec<u32> {
    let mut alive = Vec::new();
    for record in ledger {
        match record.fact {
            Fact::InstancePresent { instance, .. } | Fact::InstanceCreated { instance, .. } => alive.push(instance.0),
            Fact::InstanceDeleting { instance, .. } => alive.retain(|&other| other != instance.0),
            _ => {}
        }
    }
    alive
}

/// Five instances; at 150 s the oldest goes, which number 5 was to replace: number 5 goes with it, and the batch is done.
/// Four batches follow, of 120 s each.
#[test]
fn a_replacement_goes_with_what_it_was_to_replace() {
    let mut plan = surging(5);
    plan.sets[0].scale_in = ScaleInPolicy::OldestVM;
    plan.timeline.push(scale(150, 4));
    let ledger = ledger(&plan);
    assert_eq!(ended(&ledger), Some((150.0 + 4.0 * 120.0, End::Completed)));
    assert_eq!(alive(&ledger), [6, 7, 8, 9]);
}

/// Number 6 is created for the capacity at 150 s, from the new model, and is no part of the upgrade.
#[test]
fn a_scale_out_during_a_surge_is_of_the_new_model() {
    let mut plan = surging(5);
    plan.timeline.push(scale(150, 6));
    let ledger = ledger(&plan);
    assert_eq!(ended(&ledger), Some((100.0 + 5.0 * 120.0, End::Completed)));
    assert_eq!(alive(&ledger), [5, 6, 7, 8, 9, 10]);
    assert!(updates(&ledger).is_empty());
}

/// Where a model change is accepted meanwhile, the running upgrade takes up whoever is behind: three instances, one at a
/// time, of which the first is in hand at 150 s and has to go again.
#[test]
fn an_accepted_change_is_taken_up() {
    let mut plan = rolling(3, 0, RollingPolicy::default());
    plan.images.push(image("app/1.2.0", 1));
    assume(&mut plan, A::RollingModelChange, Value::Choice("accept"));
    plan.timeline.push(change(150, to_image(2)));
    let ledger = ledger(&plan);
    assert_eq!(updates(&ledger), [(100.0, 0), (215.0, 0), (330.0, 1), (445.0, 2)]);
    assert_eq!(ended(&ledger), Some((560.0, End::Completed)));
}

/// A cancel during the first pause, and a restart: the second upgrade pauses for its own length, and not for what is left
/// of the first one's. Batches at 100 s and 250 s, the second pause from 365 s to 665 s.
#[test]
fn a_pause_of_an_earlier_upgrade_is_stale() {
    let mut plan = rolling(3, 0, RollingPolicy { pause: s(300), ..RollingPolicy::default() });
    then(&mut plan, 230, Act::CancelUpgrade { set: 0 });
    then(&mut plan, 250, Act::StartUpgrade { set: 0 });
    let ledger = ledger(&plan);
    assert_eq!(batches(&ledger), [(100.0, 1), (250.0, 1), (665.0, 1)]);
}

/// Three instances are brought to 1.1.0 from 100 s to 445 s. At 1,000 s the model means 1.2.0, which is nowhere: the first
/// instance cannot be brought to it, of one upgraded that is 100 %, and the upgrade halts. To roll back what failed is to do
/// nothing, since nothing was done: the disk that was taken out before is that of another upgrade.
#[test]
fn nobody_is_rolled_back_beyond_the_upgrade_that_failed() {
    let mut plan = rolling(3, 0, RollingPolicy { rollback_on_breach: true, ..RollingPolicy::default() });
    plan.images.push(absent("app/1.2.0"));
    plan.timeline.push(change(1000, to_image(2)));
    let ledger = ledger(&plan);
    assert_eq!(updates(&ledger), [(100.0, 0), (215.0, 1), (330.0, 2)]);
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    assert_eq!(ends(&ledger), [(445.0, End::Completed), (1000.0, End::Faulted { error, measured: 10_000, limit: 20 })]);
}
