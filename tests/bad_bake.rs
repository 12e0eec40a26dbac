//! The payments scenario: where the bad version ran, that the old one came back, and that the halt leads back to the bake.

use std::path::Path;
use windtunnel::input::{LoadOptions, Loaded, load};
use windtunnel_sim::plan::{Act, Plan};
use windtunnel_sim::world::fact::{End, Fact, Operation, Record, RolloutFact, UpgradeError};
use windtunnel_sim::world::ids::Entry;
use windtunnel_sim::world::run::{Options, run};

fn scenario() -> Loaded {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/bad-bake-canary.yaml");
    load(&path, &LoadOptions::default()).expect("the bundled scenario is read")
}

fn ledger(plan: &Plan, seed: u64) -> Vec<Record> {
    let mut ledger = Vec::new();
    run(plan, seed, Options { check_every_instant: true, ..Options::default() }, &mut ledger);
    ledger
}

/// The instances that ever had a disk of a bad version, with their sets.
fn ran_bad(plan: &Plan, ledger: &[Record]) -> Vec<(u32, usize)> {
    let mut set_of = Vec::new();
    let mut found = Vec::new();
    for record in ledger {
        match record.fact {
            Fact::InstancePresent { instance, set, image, .. } | Fact::InstanceCreated { instance, set, image, .. } => {
                assert_eq!(instance.index(), set_of.len());
                set_of.push(set.index());
                if plan.images[image.index()].bad {
                    found.push((instance.0, set.index()));
                }
            }
            Fact::DiskSwapped { instance, image, .. } if plan.images[image.index()].bad => {
                found.push((instance.0, set_of[instance.index()]));
            }
            _ => {}
        }
    }
    found
}

fn halt(ledger: &[Record]) -> &Record {
    let is_halt =
        |record: &&Record| matches!(record.fact, Fact::Rollout(RolloutFact::Ended { end: End::Faulted { .. }, .. }));
    ledger.iter().find(is_halt).expect("the upgrade halts")
}

/// 20 % of 20 instances is a batch of four, and all of one zone; the other region never runs the version, whatever is
/// drawn. Each of the four gets exactly the disk back that it had.
#[test]
fn as_written_four_instances_of_the_canary_run_it_and_get_their_disks_back() {
    let scenario = scenario();
    let plan = &scenario.plan("as-written").expect("it always exists").plan;
    for seed in 1..=20 {
        let ledger = ledger(plan, seed);
        let bad = ran_bad(plan, &ledger);
        assert_eq!(bad.len(), 4, "seed {seed}");
        assert!(bad.iter().all(|&(_, set)| plan.sets[set].name == "vmss-authz-eastus"), "seed {seed}: {bad:?}");
        let Fact::Rollout(RolloutFact::Ended { end: End::Faulted { error, measured, limit }, .. }) = halt(&ledger).fact
        else {
            unreachable!("it was found by that")
        };
        assert_eq!(error, UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade);
        assert_eq!((measured, limit), (10_000, 20));
        let image = |id: usize| plan.images[id].name.as_str();
        let restored: Vec<u32> = ledger
            .iter()
            .filter_map(|record| match record.fact {
                Fact::UpdateStarted { instance, how: Operation::Restore, image: id } => {
                    assert_eq!(image(id.index()), "ubuntu-app/1.6.0");
                    Some(instance.0)
                }
                _ => None,
            })
            .collect();
        let mut wanted: Vec<u32> = bad.iter().map(|&(instance, _)| instance).collect();
        wanted.sort_unstable();
        let mut restored = restored;
        restored.sort_unstable();
        assert_eq!(restored, wanted, "seed {seed}");
    }
}

/// From the halt, cause by cause, to the entry of the timeline that started the bake.
#[test]
fn why_from_the_halt_reaches_the_bake() {
    let scenario = scenario();
    for policy in ["as-written", "no-canary", "batch-50", "no-automatic-rollback"] {
        let plan = &scenario.plan(policy).expect("it is declared").plan;
        let ledger = ledger(plan, 1);
        let mut entry = halt(&ledger).entry;
        let mut reached = false;
        while entry != Entry::NONE {
            let record = &ledger[entry.0 as usize - 1];
            if let Fact::ActionTaken { action } = record.fact {
                reached |= matches!(plan.timeline[action.index()].what, Act::Bake { .. });
            }
            entry = record.cause;
        }
        assert!(reached, "{policy}: the halt does not lead to the bake");
    }
}
