//! Every small fleet under every policy of a grid, against the plain model.

use crate::plain::{Course, Policy, course};
use crate::support::rollout::*;
use crate::support::*;
use windtunnel_sim::plan::*;
use windtunnel_sim::world::fact::{End, Fact, Record, RolloutFact, UpgradeError};
use windtunnel_sim::world::run::{Options, run};

/// What the room did, in the words of the plain model.
fn course_of(ledger: &[Record]) -> Course {
    let mut batches: Vec<(u64, Vec<u32>)> = Vec::new();
    for record in ledger {
        match record.fact {
            Fact::Rollout(RolloutFact::BatchStarted { .. }) => batches.push((record.time.ms() / 1000, Vec::new())),
            Fact::UpdateStarted { instance, .. } => {
                batches.last_mut().expect("an update is of a batch").1.push(instance.0);
            }
            _ => {}
        }
    }
    let (time, end) = ended(ledger).expect("it ends");
    let verdict = match end {
        End::Completed => None,
        End::Cancelled => panic!("nobody cancels it"),
        End::Faulted { error, measured, .. } => {
            let gate = match error {
                UpgradeError::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade => 1,
                UpgradeError::MaxUnhealthyInstancePercentExceededInRollingUpgrade => 2,
                UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade => 3,
                UpgradeError::RollingUpgradeTimeoutError => panic!("nothing limits its length"),
                UpgradeError::InternalExecutionError => panic!("the service works"),
            };
            Some((gate, measured))
        }
    };
    Course { batches, ended: (time as u64, verdict) }
}

/// All subsets of a fleet.
fn subsets(size: u32) -> Vec<u32> {
    (0..1 << size).collect()
}

/// The percentages of which each comes to another number of instances, but to so many at least, than the one before.
fn differing(size: u32, least: u32, percents: &[u32]) -> Vec<u32> {
    let mut kept: Vec<u32> = percents.to_vec();
    kept.dedup_by_key(|percent| (size * *percent / 100).max(least));
    kept
}

fn bits(of: u32) -> Vec<u32> {
    (0..6).filter(|i| of >> i & 1 == 1).collect()
}

/// The grid of policies for a fleet of this size: of percentages that come to the same number of its instances, the first.
fn policies(size: u32, zones: u8, sick: bool) -> Vec<Policy> {
    let mut policies = Vec::new();
    for batch in differing(size, 1, &[5, 20, 34, 50, 100]) {
        for unhealthy in differing(size, 0, &[5, 20, 50, 100]) {
            for unhealthy_upgraded in [0, 20, 50, 100] {
                for sick_first in [false, true] {
                    for cross_zone in [false, true] {
                        // What can make no difference is left out.
                        if (!cross_zone || zones > 1) && (!sick_first || sick) {
                            policies.push(Policy { batch, unhealthy, unhealthy_upgraded, sick_first, cross_zone });
                        }
                    }
                }
            }
        }
    }
    policies
}

#[test]
fn every_fleet_of_up_to_five_is_upgraded_as_the_plain_model_says() {
    let count = compared(1..=5);
    assert!(count > 300_000, "only {count} rollouts were compared");
}

#[test]
fn every_fleet_of_six_is_upgraded_as_the_plain_model_says() {
    let count = compared(6..=6);
    assert!(count > 1_000_000, "only {count} rollouts were compared");
}

/// Compares every rollout of fleets of these sizes, and says how many there are: each zone count, everybody sick before or
/// not and after or not, under every policy of the grid.
fn compared(sizes: std::ops::RangeInclusive<u32>) -> u32 {
    let mut count = 0;
    for size in sizes {
        for zones in 1..=3_u8 {
            let mut plan = rolling(size, zones, RollingPolicy::default());
            watch(&mut plan);
            plan.horizon = at(4000);
            (plan.pools, plan.sets[0].pools) = (Vec::new(), Vec::new());
            // Instances are spread evenly, one zone after the other.
            let places: Vec<u8> = (0..size).map(|i| i as u8 % zones + 1).collect();
            for before in subsets(size) {
                let policies = policies(size, zones, before > 0);
                for after in subsets(size) {
                    unhealthy(&mut plan, &bits(before), &bits(after));
                    for &policy in &policies {
                        plan.sets[0].upgrade.rolling = RollingPolicy {
                            max_batch_percent: policy.batch,
                            max_unhealthy_percent: policy.unhealthy,
                            max_unhealthy_upgraded_percent: policy.unhealthy_upgraded,
                            prioritize_unhealthy: policy.sick_first,
                            cross_zone: policy.cross_zone,
                            ..RollingPolicy::default()
                        };
                        let mut ledger = Vec::new();
                        run(&plan, 7, Options::default(), &mut ledger);
                        let expected = course(&places, before, after, policy, UPDATE_S, 300);
                        let is = course_of(&ledger);
                        assert_eq!(is, expected, "{size} in {zones} zones, sick {before:b} and {after:b}, {policy:?}");
                        count += 1;
                    }
                }
            }
        }
    }
    count
}
