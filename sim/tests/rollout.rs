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
use windtunnel_sim::world::fact::{End, Fact, Operation, UpgradeError};

/// Ten instances in one place, 20 %: two at a time, five batches, with four pauses between them.
#[test]
fn ten_instances_take_five_batches() {
    let ledger = ledger(&rolling(10, 0, RollingPolicy { pause: s(60), ..RollingPolicy::default() }));
    let step = (UPDATE_S + 60) as f64;
    let expected: Vec<(f64, u32)> = (0..5).map(|nth| (100.0 + step * f64::from(nth), 2)).collect();
    assert_eq!(batches(&ledger), expected);
    assert_eq!(ended(&ledger), Some((100.0 + 5.0 * UPDATE_S as f64 + 4.0 * 60.0, End::Completed)));
    let swaps = times(&ledger, |fact| matches!(fact, Fact::UpdateBegan { how: Operation::Swap, .. }));
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
