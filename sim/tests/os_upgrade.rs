//! Automatic OS upgrades as a whole: the race for the kill switch, regions that wait for their replica, and what a halt
//! leaves behind. 1.1.0 is in the east at 580 s and noticed there at 4,180 s; see `proofs/os_upgrade.rs`.

#[path = "support/mod.rs"]
mod support;

use support::*;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value};
use windtunnel_sim::world::fact::{End, Fact, GalleryFact, OsUpgradeFact, Record, RolloutFact, UpgradeError, WaitsFor};
use windtunnel_sim::world::ids::{ImageId, SetId};
use windtunnel_sim::world::run::{Options, Run};

fn fleet() -> Plan {
    let mut plan = two_regions();
    plan.horizon = at(20_000);
    plan.sets[0].capacity = 10;
    plan.sets[1].capacity = 5;
    for set in &mut plan.sets {
        set.profile.health_source = HealthSource::Extension;
        set.profile.extensions = vec![extension("health", 0)];
        set.profile.health_extension = Some(HealthExtension {
            extension: 0,
            version: HealthVersion::Binary,
            protocol: Some(ProbeProtocol::Http),
            endpoint: 1,
            interval: s(5),
            probes: 1,
            grace: None,
        });
        set.upgrade.os.enabled = true;
    }
    assume(&mut plan, A::VmBootLinux, Value::Dist(constant(45)));
    plan.timeline = vec![publish(100, 1, &[0])];
    plan
}

fn publish(at_s: u64, image: u16, regions: &[u16]) -> Action {
    let targets = regions.iter().copied().map(Target::new).collect();
    action(&format!("publish {image}"), at_s, Act::Publish(Publication { image, targets, excluded: None }))
}

/// The images of the instances of the first set when the run ends.
fn images_at_end(plan: &Plan) -> Vec<u16> {
    let mut run = Run::new(plan, 7, Options { check_every_instant: true, ..Options::default() }, &mut ());
    run.advance(plan.horizon, &mut ());
    let all = &run.world.scale_set.sets[0].instances;
    all.iter().map(|instance| run.world.instances.rows[instance.index()].image.0).collect()
}

fn started(ledger: &[Record], of: u16) -> Vec<(f64, u16)> {
    let found = |record: &Record| match record.fact {
        Fact::Rollout(RolloutFact::Started { set: SetId(set), image: Some(image), .. }) if set == of => {
            Some((record.time.seconds(), image.0))
        }
        _ => None,
    };
    ledger.iter().filter_map(found).collect()
}

/// Excluded up to the very millisecond at which Azure would notice it, the version goes nowhere; a millisecond later it
/// goes everywhere, since what runs is not stopped.
#[test]
fn the_kill_switch_helps_until_the_upgrade_begins() {
    for (ms, reached) in [(600_000, 0), (4_179_999, 0), (4_180_000, 0), (4_180_001, 10), (4_300_000, 10)] {
        for deletes in [false, true] {
            if deletes && reached > 0 {
                continue; // What is deleted cannot be rolled out further: see below.
            }
            let mut plan = fleet();
            let what = match deletes {
                true => Act::DeleteVersion { image: 1 },
                false => Act::Exclude { image: 1, regions: Vec::new(), excluded: true },
            };
            plan.timeline.push(Action { name: "kill".into(), at: SimTime::from_ms(ms), what });
            let on_it = images_at_end(&plan).iter().filter(|image| **image == 1).count();
            assert_eq!(on_it, reached, "at {ms} ms, deletes: {deletes}");
            let ledger = ledger(&plan);
            let dropped = times(&ledger, |fact| matches!(fact, Fact::OsUpgrade(OsUpgradeFact::Dropped { .. })));
            assert_eq!(dropped.len(), usize::from(reached == 0), "at {ms} ms");
        }
    }
}

/// Two of ten are brought to 1.1.0 from 4,180 s to 4,295 s, and so on until 4,755 s. 1.2.0 is there at 10,580 s and begins
/// at 14,180 s; it is deleted at 14,200 s, while the first two are in hand. No further disk can be made from it (GA-19): the
/// next two fail, of four upgraded that is 50 %, and the upgrade halts at 14,295 s. Those two keep the disk of 1.1.0; the
/// one that was taken out before, of 1.0.0, is none of this upgrade's business.
#[test]
fn a_version_that_is_deleted_is_rolled_out_no_further() {
    let mut plan = fleet();
    plan.images.push(absent("app/1.2.0"));
    plan.timeline.push(publish(10_100, 2, &[0]));
    plan.timeline.push(action("delete", 14_200, Act::DeleteVersion { image: 2 }));
    let ledger = ledger(&plan);
    assert_eq!(started(&ledger, 0), [(4180.0, 1), (14_180.0, 2)]);
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    let halt = RolloutFact::Ended { set: SetId(0), end: End::Faulted { error, measured: 5000, limit: 20 } };
    let halts = times(&ledger, |fact| *fact == Fact::Rollout(halt));
    assert_eq!(halts, [14_295.0]);
    let mut on = images_at_end(&plan);
    on.sort_unstable();
    assert_eq!(on, [1, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
}

/// Whatever the latency, and whenever each region is given the version: no disk is made from it there before its replica
/// is complete.
#[test]
fn a_region_never_runs_a_version_before_its_replica_is_complete() {
    for detection in [0, 60, 3600] {
        for west in [100, 101, 900, 5000] {
            let mut plan = fleet();
            assume(&mut plan, A::OsUpgradeDetection, Value::Time(s(detection)));
            let mut second = publish(west, 1, &[1]);
            second.name = "west".into();
            plan.timeline.push(second);
            let ledger = ledger(&plan);
            for set in 0..2_u16 {
                let complete = first(&ledger, |fact| {
                    let done = |fact: &GalleryFact| matches!(fact, GalleryFact::ReplicationCompleted { region, .. } if region.0 == set);
                    matches!(fact, Fact::Gallery(fact) if done(fact))
                });
                let complete = complete.expect("it is replicated");
                let expected = complete + detection as f64;
                assert_eq!(started(&ledger, set), [(expected, 1)], "region {set}, {detection} s, west at {west} s");
            }
        }
    }
}

/// A version that is not healthy: whatever of the set it reached has its old image again when the upgrade has halted, and
/// stays on it until the next try.
#[test]
fn after_a_halt_with_rollback_nobody_is_on_the_new_version() {
    for size in [1, 4, 5, 10, 23] {
        for zones in [vec![], vec![1, 2, 3]] {
            let mut plan = fleet();
            (plan.sets[0].capacity, plan.sets[0].zones) = (size, zones);
            plan.images[1].cannot = 1;
            plan.application.endpoints[1].clauses[0].when.dependencies = 1;
            assert_eq!(images_at_end(&plan), vec![0; size as usize]);
            let ledger = ledger(&plan);
            let ended = |fact: &Fact| {
                matches!(fact, Fact::Rollout(RolloutFact::Ended { end: End::Faulted { .. }, set: SetId(0) }))
            };
            assert_eq!(times(&ledger, ended).len(), 1);
            let ever: Vec<_> = ledger
                .iter()
                .filter(|record| matches!(record.fact, Fact::DiskSwapped { image: ImageId(1), .. }))
                .collect();
            assert_eq!(ever.len(), (size / 5).max(1) as usize, "no more than one batch ever was");
        }
    }
}

/// Noticed after 100 s: 1.1.0 runs from 680 s for five batches of 115 s, until 1,255 s. 1.2.0 is there at 780 s and noticed
/// at 880 s; it waits for the end.
#[test]
fn a_newer_version_waits_for_the_upgrade_that_runs() {
    let mut plan = fleet();
    assume(&mut plan, A::OsUpgradeDetection, Value::Time(s(100)));
    plan.images.push(absent("app/1.2.0"));
    plan.timeline.push(publish(300, 2, &[0]));
    let ledger = ledger(&plan);
    assert_eq!(started(&ledger, 0), [(680.0, 1), (1255.0, 2)]);
    let waits =
        times(&ledger, |fact| matches!(fact, Fact::OsUpgrade(OsUpgradeFact::Waits { why: WaitsFor::Upgrade, .. })));
    assert_eq!(waits, [880.0]);
    assert_eq!(images_at_end(&plan), vec![2; 10]);
}

/// An instance that is created while the upgrade runs has the newest version anyway, and is not touched.
#[test]
fn who_is_created_meanwhile_has_the_newest_anyway() {
    let mut plan = fleet();
    plan.timeline.push(scale(4200, 12));
    let ledger = ledger(&plan);
    let swaps = times(&ledger, |fact| matches!(fact, Fact::DiskSwapped { .. }));
    assert_eq!(swaps.len(), 10);
    assert_eq!(images_at_end(&plan), vec![1; 12]);
}

/// A set of a platform image, in a region of the second phase.
fn of_the_second_phase() -> Plan {
    let mut plan = fleet();
    plan.sets[0].image = ImageReference::PlatformLatest(0);
    plan.sets.truncate(1);
    plan.os_upgrades.phases = vec![vec![1], vec![0]];
    assume(&mut plan, A::OsUpgradePhaseLength, Value::Time(s(300)));
    plan
}

/// 1.1.0 comes at 100 s, so the phase of the set is at 400 s; 1.2.0 comes at 150 s, and its phase at 450 s counts. That the
/// set is looked at in between, at 420 s, changes nothing: noticed an hour after its phase.
#[test]
fn the_phase_of_the_newest_version_counts() {
    let mut plan = of_the_second_phase();
    plan.images.push(absent("app/1.2.0"));
    plan.timeline.push(publish(150, 2, &[0]));
    let mut upgrade = plan.sets[0].upgrade;
    upgrade.os.use_rolling_policy = true;
    let change = ModelChange { upgrade: Some(upgrade), ..ModelChange::default() };
    plan.timeline.push(action("policy", 420, Act::ChangeModel { set: 0, change: Box::new(change) }));
    assert_eq!(started(&ledger(&plan), 0), [(450.0 + 3600.0, 2)]);
}

/// One replica serves one create at a time: of three that are asked for at 100 s, two wait. At 110 s the publisher publishes
/// the version anew, which is served without limit: they go on, and run 60 s later.
#[test]
fn who_waits_for_a_replica_is_not_forgotten_when_the_version_is_published_anew() {
    let mut plan = of_the_second_phase();
    plan.images[0].version.availability = Availability::Everywhere { replicas: Some(1) };
    assume(&mut plan, A::GalleryVmsPerReplica, Value::Count(1));
    plan.timeline = vec![scale(100, 13), publish(110, 0, &[0])];
    let ledger = ledger(&plan);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::InstanceRunning { .. })), [160.0, 170.0, 170.0]);
}
