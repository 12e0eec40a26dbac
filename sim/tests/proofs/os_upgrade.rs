//! Automatic OS upgrades. `vmss` of ten instances in the east and `west` of one in the west follow `latest` of `app`; both
//! have the health extension, which asks `/healthz` every 5 s. 1.1.0 (image 1) is published at 100 s: alone it is in the
//! east after 300 + 30 × 6 = 480 s, at 580 s, and is noticed an hour later, at 4,180 s. A swap keeps an instance out for
//! 120 − 45 s, and then boots for 40 s; it is healthy at once, so that each batch takes 115 s.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{
    End, Fact, NoCall, Operation, OsUpgradeFact, Record, RolloutFact, StartedBy, Unmet, UpgradeError, WaitsFor,
};
use windtunnel_sim::world::ids::{Entry, ImageId, InstanceId, SetId};
use windtunnel_sim::world::run::{Options, Run};

type Proved = Result<Vec<Record>, String>;

proofs! { "os_upgrade":
    OS_01 a_pinned_version_is_never_upgraded,
    OS_03 without_a_health_source_nothing_happens,
    OS_05 under_manual_instances_are_brought_to_the_model_first,
    OS_06 mode_manual_does_not_stop_it,
    OS_07 flexible_does_not_support_it,
    OS_08 an_excluded_version_is_never_rolled_out,
    OS_10 a_platform_image_goes_from_phase_to_phase,
    OS_11 a_region_begins_when_its_own_replica_is_complete,
    OS_12 the_first_one_may_take_three_hours_after_enabling,
    OS_13 a_set_on_the_newest_image_does_nothing,
    OS_14 outside_its_window_no_batch_begins,
    OS_15 a_deferred_upgrade_waits_for_approval,
    OS_22 a_new_disk_is_set_up_anew,
    OS_23 the_old_disk_is_put_back_after_five_minutes,
    OS_24 with_rollback_disabled_a_failed_instance_stays_new,
    OS_25 what_is_started_by_hand_has_no_way_back,
    OS_26 who_was_put_back_still_counts_as_failed,
    OS_27 who_was_upgraded_before_the_stop_stays_new,
    OS_28 an_aborted_upgrade_is_tried_again_a_day_later,
    OS_29 an_extension_that_fails_fails_the_instance,
    UM_06 with_two_health_sources_nothing_happens,
    UM_11 mode_automatic_changes_nothing_of_it,
    MS_07 surge_on_flexible_excludes_it,
    RS_03 the_last_five_attempts_are_kept_for_two_months,
    RU_35 who_is_there_already_is_not_touched,
    RS_11 a_call_brings_everyone_to_the_newest_at_once,
    IP_02 a_call_is_refused_where_all_are_protected,
}

/// When `vmss` is upgraded, in seconds.
pub const NOTICED: f64 = 4180.0;

pub const VMSS: SetId = SetId(0);

fn watch(set: &mut ScaleSet) {
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
}

const ON: OsUpgradePolicy =
    OsUpgradePolicy { enabled: true, disable_rollback: false, use_rolling_policy: false, deferral: false };

pub fn with(rules: RuleSet) -> Plan {
    let mut plan = two_regions();
    (plan.rules, plan.horizon) = (rules, at(20_000));
    plan.sets[0].capacity = 10;
    for set in &mut plan.sets {
        watch(set);
        set.upgrade = UpgradePolicy { mode: UpgradeMode::Rolling, os: ON, ..UpgradePolicy::default() };
    }
    assume(&mut plan, A::VmBootLinux, Value::Dist(constant(45)));
    plan.timeline = vec![publish(100, &[0])];
    plan
}

pub fn publish(at_s: u64, regions: &[u16]) -> Action {
    let targets = regions.iter().copied().map(Target::new).collect();
    action("publish", at_s, Act::Publish(Publication { image: 1, targets, excluded: None }))
}

/// The new version cannot reach the database, which `/healthz` needs.
pub fn spoil(plan: &mut Plan) {
    plan.images[1].cannot = 1;
    plan.application.endpoints[1].clauses[0].when.dependencies = 1;
}

fn write(at_s: u64, name: &str, upgrade: UpgradePolicy) -> Action {
    let change = ModelChange { upgrade: Some(upgrade), ..ModelChange::default() };
    action(name, at_s, Act::ChangeModel { set: 0, change: Box::new(change) })
}

pub fn rollouts<T>(ledger: &[Record], is: impl Fn(RolloutFact) -> Option<T>) -> Vec<(f64, T)> {
    let found = |record: &Record| match record.fact {
        Fact::Rollout(fact) => is(fact).map(|found| (record.time.seconds(), found)),
        _ => None,
    };
    ledger.iter().filter_map(found).collect()
}

/// When an OS upgrade of which set began, and to what.
pub fn started(ledger: &[Record]) -> Vec<(f64, (u16, u16))> {
    rollouts(ledger, |fact| match fact {
        RolloutFact::Started { set, image: Some(image), .. } => Some((set.0, image.0)),
        _ => None,
    })
}

pub fn batches(ledger: &[Record]) -> Vec<(f64, u32)> {
    rollouts(ledger, |fact| match fact {
        RolloutFact::BatchStarted { size, set: VMSS, .. } => Some(size),
        _ => None,
    })
}

pub fn ends(ledger: &[Record]) -> Vec<(f64, End)> {
    rollouts(ledger, |fact| match fact {
        RolloutFact::Ended { end, set: VMSS } => Some(end),
        _ => None,
    })
}

pub fn around<T>(ledger: &[Record], is: impl Fn(OsUpgradeFact) -> Option<T>) -> Vec<(f64, T)> {
    let found = |record: &Record| match record.fact {
        Fact::OsUpgrade(fact) => is(fact).map(|found| (record.time.seconds(), found)),
        _ => None,
    };
    ledger.iter().filter_map(found).collect()
}

/// What was said to keep `vmss` from being upgraded, and from which version.
fn prevented(ledger: &[Record]) -> Vec<(f64, (Unmet, Option<u16>))> {
    around(ledger, |fact| match fact {
        OsUpgradeFact::Prevented { set: VMSS, why, image } => Some((why, image.map(|image| image.0))),
        _ => None,
    })
}

fn swapped_to(ledger: &[Record], to: u16) -> Vec<u32> {
    let found = |record: &Record| match record.fact {
        Fact::DiskSwapped { instance, image: ImageId(image), .. } if image == to => Some(instance.0),
        _ => None,
    };
    ledger.iter().filter_map(found).collect()
}

/// Nothing is upgraded, and that is said when the run begins and when the version comes, at 580 s.
fn says_why(ledger: Vec<Record>, why: Unmet) -> Proved {
    same("what is said", prevented(&ledger), vec![(0.0, (why, None)), (580.0, (why, Some(1)))])?;
    same("started", started(&ledger), vec![])?;
    Ok(ledger)
}

/// The model names 1.0.0: nothing happens when 1.1.0 comes.
fn a_pinned_version_is_never_upgraded(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].image = ImageReference::Version(0);
    says_why(ledger(&plan), Unmet::Pinned)
}

fn without_a_health_source_nothing_happens(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].profile = VmProfile::plain();
    says_why(ledger(&plan), Unmet::NoHealthSource)
}

fn with_two_health_sources_nothing_happens(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].profile.health_source = HealthSource::Conflict;
    says_why(ledger(&plan), Unmet::TwoHealthSources)
}

/// Unless the assumption says otherwise, which the second run shows: then it begins like any other.
fn flexible_does_not_support_it(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].mode = OrchestrationMode::Flexible;
    let mut supported = plan.clone();
    assume(&mut supported, A::OsUpgradeFlexible, Value::Switch(true));
    same("supported", started(&ledger(&supported)), vec![(NOTICED, (0, 1))])?;
    says_why(ledger(&plan), Unmet::Flexible)
}

/// Where Flexible supports it, it still does not together with maxSurge. In Uniform the batches surge.
fn surge_on_flexible_excludes_it(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].upgrade.rolling.max_surge = true;
    let uniform = ledger(&plan);
    let surges = |record: &Record| matches!(record.fact, Fact::Rollout(RolloutFact::BatchStarted { surge: true, .. }));
    same("surges", uniform.iter().filter(|record| surges(record)).count(), 5)?;
    plan.sets[0].mode = OrchestrationMode::Flexible;
    assume(&mut plan, A::OsUpgradeFlexible, Value::Switch(true));
    says_why(ledger(&plan), Unmet::FlexibleSurge)
}

/// Enabled at 50 s under mode Manual: the ten instances are behind the model that has it. 1.1.0 comes at 580 s and nothing
/// happens. At 20,000 s they are brought to the model by hand, which takes no time; the version counts from then on. It is
/// the first since enabling, whose three hours are over, so it is noticed an hour later.
fn under_manual_instances_are_brought_to_the_model_first(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.horizon = at(30_000);
    plan.sets[0].upgrade = UpgradePolicy::default();
    let enabled = UpgradePolicy { os: ON, ..UpgradePolicy::default() };
    plan.timeline = vec![
        write(50, "enable", enabled),
        publish(100, &[0]),
        action("by hand", 20_000, Act::UpgradeInstances { set: 0, which: Which::All }),
    ];
    let ledger = ledger(&plan);
    let why = Unmet::BehindModel(10);
    same("what is said", prevented(&ledger), vec![(50.0, (why, None)), (580.0, (why, Some(1)))])?;
    same("started", started(&ledger), vec![(20_000.0 + 3600.0, (0, 1))])?;
    Ok(ledger)
}

/// Mode Manual is about the model: a new image comes all the same.
fn mode_manual_does_not_stop_it(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].upgrade.mode = UpgradeMode::Manual;
    let ledger = ledger(&plan);
    same("started", started(&ledger), vec![(NOTICED, (0, 1))])?;
    same("all", swapped_to(&ledger, 1).len(), 10)?;
    Ok(ledger)
}

/// Mode Automatic would bring all at once; the OS upgrade goes by two of ten.
fn mode_automatic_changes_nothing_of_it(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].upgrade.mode = UpgradeMode::Automatic;
    let ledger = ledger(&plan);
    let expected: Vec<_> = (0..5).map(|nth| (NOTICED + 115.0 * f64::from(nth), 2)).collect();
    same("batches", batches(&ledger), expected)?;
    Ok(ledger)
}

/// 1.1.0 is published dark: it is complete at 580 s, and never rolled out.
fn an_excluded_version_is_never_rolled_out(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.images[1].version.excluded = true;
    let ledger = ledger(&plan);
    same("what is said", prevented(&ledger), vec![(580.0, (Unmet::Excluded, Some(1)))])?;
    same("started", started(&ledger), vec![])?;
    Ok(ledger)
}

/// A platform image is published at 100 s. Phase 1 is the east: noticed at 3,700 s, and done after five batches of 115 s.
/// Phase 2 comes a day later, in the west: noticed at 100 + 86,400 + 3,600 s. Where the east does not go well, it does not
/// come at all.
fn a_platform_image_goes_from_phase_to_phase(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.horizon = at(100_000);
    for set in &mut plan.sets {
        set.image = ImageReference::PlatformLatest(0);
    }
    plan.os_upgrades.phases = vec![vec![0], vec![1]];
    let well = ledger(&plan);
    same("well", started(&well), vec![(3700.0, (0, 1)), (90_100.0, (1, 1))])?;
    spoil(&mut plan);
    let badly = ledger(&plan);
    same("badly, west", started(&badly).iter().filter(|(_, (set, _))| *set == 1).count(), 0)?;
    let held = |fact| match fact {
        OsUpgradeFact::Prevented { set: SetId(1), why: Unmet::EarlierPhase, .. } => Some(()),
        _ => None,
    };
    same("held", around(&badly, held), vec![(86_500.0, ())])?;
    Ok(well)
}

/// Two targets take a tenth longer: 528 s. The west is given a day later; the east does not wait for it.
fn a_region_begins_when_its_own_replica_is_complete(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline.push(publish(200, &[1]));
    plan.timeline[1].name = "publish in the west".into();
    let ledger = ledger(&plan);
    // The second write copies to one region alone: 480 s, until 680 s.
    same("started", started(&ledger), vec![(NOTICED, (0, 1)), (NOTICED + 100.0, (1, 1))])?;
    Ok(ledger)
}

/// Off until 1,000 s, when 1.1.0 has been there for 420 s; it is enabled in mode Rolling, and the first upgrade begins
/// within three hours of that, and just three hours later where the assumption says so.
fn the_first_one_may_take_three_hours_after_enabling(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let on = plan.sets[0].upgrade;
    plan.sets[0].upgrade.os.enabled = false;
    plan.timeline.push(write(1000, "enable", on));
    let any = started(&ledger(&plan))[0].0;
    same("within three hours, and not at once", (1010.0..=11_800.0).contains(&any), true)?;
    assume(&mut plan, A::OsUpgradeFirstDetection, Value::Dist(constant(10_800)));
    let ledger = ledger(&plan);
    same("started", started(&ledger), vec![(11_800.0, (0, 1))])?;
    Ok(ledger)
}

/// Enabled where everyone is on 1.0.0 and nothing newer is there.
fn a_set_on_the_newest_image_does_nothing(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let on = plan.sets[0].upgrade;
    plan.sets[0].upgrade.os.enabled = false;
    plan.timeline = vec![write(1000, "enable", on)];
    let ledger = ledger(&plan);
    let newest = around(&ledger, |fact| match fact {
        OsUpgradeFact::AlreadyNewest { image, .. } => Some(image.0),
        _ => None,
    });
    same("newest", newest, vec![(1000.0, 0)])?;
    same("started", started(&ledger), vec![])?;
    Ok(ledger)
}

fn window(from: u64, to: u64) -> Window {
    Window { opens: at(from), closes: at(to) }
}

/// Noticed at 4,180 s, it waits for the window of 5,000 s to 5,200 s: batches at 5,000 s and 5,115 s, and the third would
/// begin at 5,230 s. The rest follows in the next window.
fn outside_its_window_no_batch_begins(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let windows = vec![window(5000, 5200), window(9000, 12_000)];
    plan.os_upgrades.maintenance = vec![Maintenance { name: "nightly".into(), sets: vec![0], windows }];
    let ledger = ledger(&plan);
    let expected = vec![(5000.0, 2), (5115.0, 2), (9000.0, 2), (9115.0, 2), (9230.0, 2)];
    same("batches", batches(&ledger), expected)?;
    let waits = around(&ledger, |fact| match fact {
        OsUpgradeFact::Waits { why, .. } => Some(why),
        _ => None,
    });
    same("waits", waits, vec![(NOTICED, WaitsFor::Window), (5230.0, WaitsFor::Window)])?;
    Ok(ledger)
}

/// Noticed at 4,180 s, every instance is tagged. Instances 3 and 4 are approved at 5,000 s and go together; everyone else
/// at 6,000 s, in four batches.
fn a_deferred_upgrade_waits_for_approval(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].upgrade.os.deferral = true;
    let approve = |at_s, which| action(&format!("approve at {at_s}"), at_s, Act::ApproveOsUpgrade { set: 0, which });
    plan.timeline.extend([approve(1000, Which::All), approve(5000, Which::Ordinals(vec![3, 4]))]);
    plan.timeline.push(approve(6000, Which::All));
    let ledger = ledger(&plan);
    let tagged = times(&ledger, |fact| matches!(fact, Fact::OsUpgrade(OsUpgradeFact::Tagged { .. })));
    same("tagged", tagged, vec![NOTICED; 10])?;
    let expected = vec![(5000.0, 2), (6000.0, 2), (6115.0, 2), (6230.0, 2), (6345.0, 2)];
    same("batches", batches(&ledger), expected)?;
    same("first", swapped_to(&ledger, 1)[..2].to_vec(), vec![3, 4])?;
    let early = around(&ledger, |fact| match fact {
        OsUpgradeFact::CallRefused { why, .. } => Some(why),
        _ => None,
    });
    same("early", early, vec![(1000.0, NoCall::NothingToApprove)])?;
    Ok(ledger)
}

/// An extension `agent` of 50 s runs again on the new disk: the instance is provisioned 165 s after the batch began. It is
/// the same instance as before.
fn a_new_disk_is_set_up_anew(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].profile.extensions.push(extension("agent", 50));
    let ledger = ledger(&plan);
    let again =
        |fact: &Fact| matches!(fact, Fact::ExtensionDone { instance: InstanceId(0), extension: ExtensionNumber(1) });
    same("again", first(&ledger, again), Some(NOTICED + 165.0))?;
    let created = times(&ledger, |fact| matches!(fact, Fact::InstanceCreated { .. }));
    same("created", created, vec![])?;
    Ok(ledger)
}

/// Instances 0 and 1 get the bad version at 4,180 s, are up at 4,295 s and not healthy at 4,595 s: their old disks come
/// back, and so does the upgrade to its end: nobody is on the bad version.
fn the_old_disk_is_put_back_after_five_minutes(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    spoil(&mut plan);
    let ledger = ledger(&plan);
    let back = times(&ledger, |fact| matches!(fact, Fact::UpdateStarted { how: Operation::Restore, .. }));
    same("put back", back, vec![NOTICED + 415.0; 2])?;
    same("old", swapped_to(&ledger, 0), vec![0, 1])?;
    same("new", swapped_to(&ledger, 1), vec![0, 1])?;
    Ok(ledger)
}

/// The same with `disableAutomaticRollback`: nobody is put back, and the upgrade halts as well.
fn with_rollback_disabled_a_failed_instance_stays_new(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    spoil(&mut plan);
    plan.sets[0].upgrade.os.disable_rollback = true;
    let ledger = ledger(&plan);
    same("put back", swapped_to(&ledger, 0), vec![])?;
    same("halted", ends(&ledger), vec![(NOTICED + 415.0, halt(10_000))])?;
    Ok(ledger)
}

/// Faulted, since so much of what was upgraded is unhealthy, and 20 % may be.
fn halt(measured: u32) -> End {
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    End::Faulted { error, measured, limit: 20 }
}

/// Started by hand at 700 s, where it was replicated at 580 s: nobody waits for Azure, and nobody is put back.
fn what_is_started_by_hand_has_no_way_back(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    spoil(&mut plan);
    plan.timeline.push(action("by hand", 700, Act::StartOsUpgrade { set: 0 }));
    plan.horizon = at(4000);
    let ledger = ledger(&plan);
    same("started", started(&ledger), vec![(700.0, (0, 1))])?;
    same("put back", swapped_to(&ledger, 0), vec![])?;
    same("halted", ends(&ledger), vec![(1115.0, halt(10_000))])?;
    Ok(ledger)
}

/// The two that failed are healthy again on their old disks when the batch ends, at 4,595 + 115 s, the time that putting
/// a disk back and its boot take; they are 100 % of the upgraded ones all the same.
fn who_was_put_back_still_counts_as_failed(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    spoil(&mut plan);
    let ledger = ledger(&plan);
    same("halted", ends(&ledger), vec![(NOTICED + 415.0 + 115.0, halt(10_000))])?;
    Ok(ledger)
}

/// At 4,400 s the database goes down for everybody, when four of ten are on the new version: the gate before the next
/// batch closes. Those who were upgraded keep it.
fn who_was_upgraded_before_the_stop_stays_new(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.horizon = at(8000);
    plan.timeline.push(disturb(4350, &[7, 8, 9], Disturbance::ProcessDown, 3600));
    let ledger = ledger(&plan);
    let mixed = rollouts(&ledger, |fact| match fact {
        RolloutFact::LeftMixed { upgraded, behind, .. } => Some((upgraded, behind)),
        _ => None,
    });
    same("mixed", mixed, vec![(NOTICED + 230.0, (4, 6))])?;
    same("new", swapped_to(&ledger, 1), vec![0, 1, 2, 3])?;
    same("old", swapped_to(&ledger, 0), vec![])?;
    Ok(ledger)
}

/// Aborted at 4,710 s, it begins again a day later, and again a day after that ended.
fn an_aborted_upgrade_is_tried_again_a_day_later(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    spoil(&mut plan);
    plan.horizon = at(200_000);
    let ledger = ledger(&plan);
    let first = NOTICED;
    let second = first + 530.0 + 86_400.0;
    let third = second + 530.0 + 86_400.0;
    same("tries", started(&ledger).iter().map(|(time, _)| *time).collect(), vec![first, second, third])?;
    Ok(ledger)
}

/// An extension that always fails runs again on the new disk, 50 s after the boot, at 4,345 s: the instance has failed,
/// although its health extension says Healthy.
fn an_extension_that_fails_fails_the_instance(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].profile.extensions.push(Extension { failure: 1.0, ..extension("agent", 50) });
    let ledger = ledger(&plan);
    let failed = rollouts(&ledger, |fact| match fact {
        RolloutFact::InstanceFailed { instance, .. } => Some(instance.0),
        _ => None,
    });
    same("failed", failed, vec![(NOTICED + 165.0, 0), (NOTICED + 165.0, 1)])?;
    Ok(ledger)
}

/// A version that always fails is tried again every 100 s after the last try, which takes 530 s. Of the tries that ended
/// by 9,000 s, at 4,710 s, 5,340 s, …, the last five are kept; 60 days later there is none.
fn the_last_five_attempts_are_kept_for_two_months(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    spoil(&mut plan);
    assume(&mut plan, A::OsUpgradeRetryAfter, Value::Time(s(100)));
    let mut ledger = Vec::new();
    let mut run = Run::new(&plan, 7, Options::default(), &mut ledger);
    run.advance(at(9000), &mut ledger);
    let state = &run.world.os_upgrade;
    let kept: Vec<_> =
        state.history(VMSS, at(9000)).map(|of| (of.ended.seconds(), of.restored, of.unrestored)).collect();
    let expected: Vec<_> = (2..7).map(|nth| (4710.0 + 630.0 * f64::from(nth), 2, 0)).collect();
    same("kept", kept, expected)?;
    let by: Vec<_> = state.history(VMSS, at(9000)).map(|of| (of.by, of.image)).collect();
    same("by", by, vec![(StartedBy::Platform, ImageId(1)); 5])?;
    let later = at(9000 + 60 * 86_400);
    same("later", state.history(VMSS, later).count(), 0)?;
    run.finish(&mut ledger);
    Ok(ledger)
}

/// At 700 s nobody waits for Azure to notice; a second call finds everyone there, and does nothing by the reading of the page.
fn a_call_brings_everyone_to_the_newest_at_once(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].upgrade = UpgradePolicy::default();
    assume(&mut plan, A::RollingCurrentSet, Value::Choice("nothing"));
    plan.timeline.push(action("by hand", 700, Act::StartOsUpgrade { set: 0 }));
    plan.timeline.push(action("again", 3000, Act::StartOsUpgrade { set: 0 }));
    let ledger = ledger(&plan);
    let expected: Vec<_> = (0..5).map(|nth| (700.0 + 115.0 * f64::from(nth), 2)).collect();
    same("batches", batches(&ledger), expected)?;
    let newest = around(&ledger, |fact| match fact {
        OsUpgradeFact::AlreadyNewest { image, .. } => Some(image.0),
        _ => None,
    });
    same("again", newest, vec![(3000.0, 1)])?;
    Ok(ledger)
}

/// All ten are protected from actions on the set, and the call at 700 s is refused: Azure wants some unprotected instances on
/// `latest`. One that is protected no longer is enough for the call at 900 s, which upgrades that one.
fn a_call_is_refused_where_all_are_protected(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].upgrade = UpgradePolicy::default();
    let protect =
        |which, protects| Act::Protect { set: 0, which, from_scale_in: protects, from_scale_set_actions: protects };
    plan.timeline.push(action("protect", 500, protect(Which::All, true)));
    plan.timeline.push(action("by hand", 700, Act::StartOsUpgrade { set: 0 }));
    plan.timeline.push(action("release", 800, protect(Which::One(3), false)));
    plan.timeline.push(action("again", 900, Act::StartOsUpgrade { set: 0 }));
    plan.timeline.sort_by_key(|action| action.at);
    let ledger = ledger(&plan);
    let refused = around(&ledger, |fact| match fact {
        OsUpgradeFact::CallRefused { why, .. } => Some(why),
        _ => None,
    });
    same("refused", refused, vec![(700.0, NoCall::NoneEligible)])?;
    same("upgraded", swapped_to(&ledger, 1), vec![3])?;
    Ok(ledger)
}

/// Not a proof of one rule: the chain of causes from the halt to the publication.
#[test]
fn the_halt_follows_from_the_publication() {
    let mut plan = with(RuleSet::all());
    spoil(&mut plan);
    let ledger = ledger(&plan);
    let halt = ledger.iter().find(|record| matches!(record.fact, Fact::Rollout(RolloutFact::Ended { .. })));
    let mut at = halt.expect("it halts").entry;
    let mut reached = false;
    while at != Entry::NONE {
        let record = &ledger[at.0 as usize - 1];
        reached |= matches!(record.fact, Fact::ActionTaken { .. });
        at = record.cause;
    }
    assert!(reached, "the halt follows from the act of the timeline");
}

/// An eleventh instance is created at 1,000 s, from 1.1.0, which is in the region by then. The upgrade of 4,180 s is about the
/// ten others.
fn who_is_there_already_is_not_touched(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.timeline.push(scale(1000, 11));
    let ledger = ledger(&plan);
    let swapped = |record: &Record| match record.fact {
        Fact::UpdateStarted { instance, how: Operation::Swap, .. } => Some(instance.0),
        _ => None,
    };
    let mut swapped: Vec<u32> = ledger.iter().filter_map(swapped).collect();
    swapped.sort_unstable();
    same("swapped", swapped, (0..10).collect())?;
    Ok(ledger)
}
