//! What recordings of the platform show of upgrades. An update takes 115 s ([`crate::support::rollout`]); lengths of time that
//! were recorded stand in the rows of the rules.

use crate::support::rollout::*;
use crate::support::*;
use crate::{proofs, same};
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Deletion, End, Fact, Failure, OsUpgradeFact, Record, RolloutFact, UpgradeError};

type Proved = Result<Vec<Record>, String>;

proofs! { "recorded":
    UM_11 an_extension_upgrade_in_mode_manual_has_the_default_numbers,
    UM_22 a_write_that_sets_mode_rolling_lasts,
    RU_41 a_batch_is_watched_after_its_update,
    RU_42 a_call_on_a_current_set_walks_its_batches,
    RU_43 domains_without_an_instance_are_watched_too,
    RS_12 a_cancel_is_at_once,
    RS_13 a_call_for_extensions_walks_a_current_set,
    OP_09 what_is_left_of_a_surplus_is_in_both_zones,
}

/// Two instances, whose health a probe of the balancer says: every so many seconds, with `numberOfProbes` 2.
fn probed(rules: RuleSet, interval_s: u64) -> Plan {
    let mut plan = Plan { rules, ..rolling(2, 0, RollingPolicy::default()) };
    plan.sets[0].profile.health_source = HealthSource::Probe(0);
    plan.pools[0].probe.as_mut().expect("a plain pool has one").interval = s(interval_s);
    plan
}

fn lasts(plan: &Plan, expected: &[(f64, u32)], end_s: f64) -> Proved {
    let ledger = ledger(plan);
    same("batches", batches(&ledger), expected.to_vec())?;
    same("end", ended(&ledger), Some((end_s, End::Completed)))?;
    Ok(ledger)
}

/// A batch of one takes 115 s of work and is watched then: 2 × 15 × 2 = 60 s, 2 × 5 × 2 = 20 s; by the other reading 4 × 15 s
/// with any numberOfProbes; and 600 s where nobody says who is healthy, who failed included.
fn a_batch_is_watched_after_its_update(rules: RuleSet) -> Proved {
    let slow = probed(rules.clone(), 15);
    let ledger = lasts(&slow, &[(100.0, 1), (275.0, 1)], 450.0)?;
    same("healthy when it was watched", upgraded(&ledger), vec![(275.0, 0), (450.0, 1)])?;
    lasts(&probed(rules.clone(), 5), &[(100.0, 1), (235.0, 1)], 370.0)?;
    let mut other = slow;
    other.pools[0].probe.as_mut().expect("it has one").probes = 3;
    lasts(&other, &[(100.0, 1), (305.0, 1)], 510.0)?;
    assume(&mut other, A::RollingWatchProbe, Value::Choice("four_intervals"));
    lasts(&other, &[(100.0, 1), (275.0, 1)], 450.0)?;
    let mut unsourced = Plan { rules, ..rolling(2, 0, RollingPolicy::default()) };
    assume(&mut unsourced, A::RollingWatchUnsourced, Value::Time(s(600)));
    lasts(&unsourced, &[(100.0, 1), (815.0, 1)], 1530.0)?;
    // A release that fails after 30 s counts as failed when the first of two was watched, and then it is too much.
    let mut failing = released(unsourced.rules.clone(), 2, 1.0);
    assume(&mut failing, A::RollingWatchUnsourced, Value::Time(s(600)));
    same("failed", failures(&self::ledger(&failing)), vec![(730.0, 0, Failure::ProvisioningFailed)])?;
    // So it is where the watch is shorter than the five minutes of RU-26.
    assume(&mut failing, A::RollingWatchUnsourced, Value::Time(s(60)));
    same("sooner", failures(&self::ledger(&failing)), vec![(190.0, 0, Failure::ProvisioningFailed)])?;
    Ok(ledger)
}

/// Everyone has 1.0.0, and it is the newest: two batches of 60 s, 120.7 s recorded, and nobody is touched. The older reading is
/// that nothing is done.
fn a_call_on_a_current_set_walks_its_batches(rules: RuleSet) -> Proved {
    let mut plan = probed(rules, 15);
    plan.images.truncate(1);
    plan.sets[0].image = ImageReference::Definition(0);
    plan.sets[0].upgrade.mode = UpgradeMode::Manual;
    plan.timeline = vec![action("by hand", 100, Act::StartOsUpgrade { set: 0 })];
    let mut older = plan.clone();
    assume(&mut older, A::RollingCurrentSet, Value::Choice("nothing"));
    let older = ledger(&older);
    same("as documented", rollouts(&older).count(), 0)?;
    let newest = |fact: &Fact| matches!(fact, Fact::OsUpgrade(OsUpgradeFact::AlreadyNewest { .. }));
    same("and said", times(&older, newest), vec![100.0])?;
    let ledger = lasts(&plan, &[(100.0, 1), (160.0, 1)], 220.0)?;
    same("touched", updates(&ledger), vec![])?;
    same("successful", upgraded(&ledger), vec![(160.0, 0), (220.0, 1)])?;
    Ok(ledger)
}

/// Two instances are watched together for 60 s, or one after the other, or not at all.
fn a_write_that_sets_mode_rolling_lasts(rules: RuleSet) -> Proved {
    let mut plan = probed(rules, 15);
    plan.sets[0].upgrade.mode = UpgradeMode::Manual;
    let upgrade = Some(UpgradePolicy { mode: UpgradeMode::Rolling, ..plan.sets[0].upgrade });
    plan.timeline = vec![change(100, ModelChange { upgrade, ..ModelChange::default() })];
    let ledger_of = |reading| {
        let mut plan = plan.clone();
        assume(&mut plan, A::RollingModeWrite, Value::Choice(reading));
        ledger(&plan)
    };
    same("nothing", rollouts(&ledger_of("none")).count(), 0)?;
    same("as before 2022", ended(&ledger_of("batches")), Some((220.0, End::Completed)))?;
    let ledger = lasts(&plan, &[(100.0, 2)], 160.0)?;
    same("touched", updates(&ledger), vec![])?;
    Ok(ledger)
}

/// The first batch is done at 215 s, and the second is in hand at 250 s: both of it have failed, and six pend. By the older
/// reading it goes to its end, at 330 s.
fn a_cancel_is_at_once(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..rolling(10, 0, RollingPolicy::default()) };
    then(&mut plan, 250, Act::CancelUpgrade { set: 0 });
    let ledger_now = ledger(&plan);
    same("end", ended(&ledger_now), Some((250.0, End::Cancelled)))?;
    let failed = vec![(250.0, 2, Failure::Cancelled), (250.0, 3, Failure::Cancelled)];
    same("failed", failures(&ledger_now), failed)?;
    same("nothing else begins", batches(&ledger_now), vec![(100.0, 2), (215.0, 2)])?;
    assume(&mut plan, A::RollingCancel, Value::Choice("finish_batch"));
    same("gently", ended(&ledger(&plan)), Some((330.0, End::Cancelled)))?;
    Ok(ledger_now)
}

/// An agent of the model that Azure upgrades by itself, of which a release comes at 100 s and takes 30 s.
fn released(rules: RuleSet, size: u32, failure: f64) -> Plan {
    let mut plan = Plan { rules, ..rolling(size, 0, RollingPolicy::default()) };
    plan.sets[0].upgrade = UpgradePolicy::default();
    plan.sets[0].profile.extensions = vec![Extension { automatic: true, ..extension("agent", 30) }];
    let version = "1.1".into();
    let release =
        ExtensionRelease { version, duration: None, failure, stops_process: false, cannot: 0, bad: failure > 0.0 };
    let (extension, release) = ("agent".to_owned(), Box::new(release));
    plan.timeline = vec![action("publish", 100, Act::Guest(GuestAct::PublishExtension { set: 0, extension, release }))];
    plan
}

/// A set with 100 % everywhere: in mode Manual five go one at a time, each for 30 s, and a release that always fails ends it,
/// since 100 % are more than 20; where the policy of the set counts, they go together and nothing is too much.
fn an_extension_upgrade_in_mode_manual_has_the_default_numbers(rules: RuleSet) -> Proved {
    let of = |failure, reading| {
        let mut plan = released(rules.clone(), 5, failure);
        plan.sets[0].upgrade.rolling = RollingPolicy {
            max_batch_percent: 100,
            max_unhealthy_percent: 100,
            max_unhealthy_upgraded_percent: 100,
            ..RollingPolicy::default()
        };
        plan.sets[0].upgrade.rolling_given = true;
        assume(&mut plan, A::ExtensionUpgradePolicy, Value::Choice(reading));
        ledger(&plan)
    };
    let one_at_a_time: Vec<_> = (0..5).map(|nth| (100.0 + 30.0 * f64::from(nth), 1)).collect();
    let ledger = of(0.0, "by_mode");
    same("batches", batches(&ledger), one_at_a_time)?;
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    let end = ended(&of(1.0, "by_mode")).map(|(_, end)| end);
    same("end", end, Some(End::Faulted { error, measured: 10_000, limit: 20 }))?;
    same("by the page", batches(&of(0.0, "rolling_policy")), vec![(100.0, 5)])?;
    Ok(ledger)
}

/// Two instances in domains 0 and 1 of five, no health source and no policy: 2 × 630 s with their instances, and 3 × 600 s with
/// none. Without the work it is the recorded 3,000 s. Where the set has a policy the three are left out.
fn domains_without_an_instance_are_watched_too(rules: RuleSet) -> Proved {
    let mut plan = released(rules, 2, 0.0);
    assume(&mut plan, A::RollingWatchUnsourced, Value::Time(s(600)));
    let mut given = plan.clone();
    given.sets[0].upgrade.rolling_given = true;
    lasts(&given, &[(100.0, 1), (730.0, 1)], 1360.0)?;
    assume(&mut given, A::RollingWatchEmptyDomains, Value::Choice("of_several"));
    lasts(&given, &[(100.0, 1), (730.0, 1)], 3160.0)?;
    let ledger = lasts(&plan, &[(100.0, 1), (730.0, 1)], 3160.0)?;
    let watched = |fact: &Fact| matches!(fact, Fact::Rollout(RolloutFact::EmptyDomainsWatched { domains: 3, .. }));
    same("watched", times(&ledger, watched), vec![1360.0])?;
    Ok(ledger)
}

/// Two are wanted in zones 1 and 3, and four are created, again and again; boots take any time. However slow they are, one is
/// left in each zone. By the other reading it is so now and then.
fn what_is_left_of_a_surplus_is_in_both_zones(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(15_000), ..plan() };
    plan.timeline = (0..24).map(|i| scale(100 + 600 * i, if i % 2 == 0 { 2 } else { 0 })).collect();
    (plan.sets[0].zones, plan.sets[0].capacity, plan.sets[0].overprovision) = (vec![1, 3], 0, true);
    plan.images[0].boot = Some(Dist::Exponential { mean: s(60) });
    // The zones of those that are present whenever the surplus has gone.
    let left = |ledger: &[Record]| {
        let (mut stand, mut zones) = (BTreeMap::new(), Vec::new());
        for record in ledger {
            match record.fact {
                Fact::InstanceCreated { instance, at, .. } => drop(stand.insert(instance, at.zone)),
                Fact::InstanceDeleting { instance, why } => {
                    stand.remove(&instance);
                    if why == Deletion::Surplus && stand.len() == 2 {
                        zones.push(stand.values().copied().collect::<BTreeSet<u8>>().len());
                    }
                }
                _ => {}
            }
        }
        zones
    };
    let mut any = plan.clone();
    assume(&mut any, A::VmssOverprovisionZones, Value::Choice("any"));
    let apart = left(&ledger(&any)).into_iter().filter(|&zones| zones == 2).count();
    same("apart by chance", (1..12).contains(&apart), true)?;
    let ledger = ledger(&plan);
    same("apart", left(&ledger), vec![2; 12])?;
    Ok(ledger)
}

/// One instance without a health source, called at 100 s: it is watched for 600 s, as was recorded. A release that Azure does
/// not put on by itself comes at 1,000 s; the call of 1,100 s brings it, in 30 s and 600 s of watching.
fn a_call_for_extensions_walks_a_current_set(rules: RuleSet) -> Proved {
    let mut plan = released(rules, 1, 0.0);
    plan.sets[0].profile.extensions[0].automatic = false;
    plan.sets[0].upgrade.rolling_given = true;
    plan.timeline[0].at = at(1000);
    assume(&mut plan, A::RollingWatchUnsourced, Value::Time(s(600)));
    for at_s in [100, 1100] {
        then(&mut plan, at_s, Act::Guest(GuestAct::UpgradeExtensions { set: 0 }));
    }
    let ledger = ledger(&plan);
    same("ends", ends(&ledger), vec![(700.0, End::Completed), (1730.0, End::Completed)])?;
    same("touched", updates(&ledger), vec![(1100.0, 0)])?;
    // The agent of Windows is busy for 45 s first, where nothing new comes.
    plan.sets[0].windows = true;
    assume(&mut plan, A::ExtensionUpgradeWork, Value::Dist(constant(45)));
    let windows = self::ledger(&plan);
    same("Windows", ends(&windows), vec![(745.0, End::Completed), (1730.0, End::Completed)])?;
    Ok(ledger)
}
