//! The steps of an upgrade: the gates, the next batch, what becomes of each of its instances, and what comes after it.

use super::ends::{breach, complete, end};
use super::{Event, Kind, Progress, Walk, batch, enlist, gate, member, surge, wait, watch, window};
use crate::azure::instances::{self, Provisioning, Update};
use crate::azure::{gallery, scale_set};
use crate::engine::time::SimDuration;
use crate::rules::{self, RuleId, choice, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{End, Fact, Failure, Operation, Refusal, RolloutFact, UpgradeError};
use crate::world::ids::{Entry, InstanceId, SetId};

/// Looks at the gates, and begins the next batch if they are open.
pub(super) fn next_batch(world: &mut World, cx: &mut Cx<'_>, set: SetId) {
    enlist::sift(world, cx, set);
    let Some(upgrade) = world.rolling_upgrade.running_mut(set) else { return };
    upgrade.pausing = false;
    let entry = upgrade.entry;
    let waits = upgrade.count(|progress| progress == Progress::Pending) > 0;
    if !waits {
        if !watch::empty_domains(world, cx, set) {
            complete(world, cx, set, entry);
        }
        return;
    }
    if window::hold(world, cx, set) {
        return;
    }
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    // What was noticed during the pause (`rolling.health_sampling`), then the gate of the whole set.
    let noticed = upgrade.noticed.or_else(|| {
        let watches = cx.assume(key::RollingHealthSampling) == choice::RollingHealthSampling::Continuous;
        (watches && upgrade.batches > 0).then(|| gate::breached(world, cx, set, upgrade)).flatten()
    });
    if let Some((share, limit, rule)) = noticed {
        breach(world, cx, set, (share, limit, rule), entry);
        return;
    }
    if shut(world, cx, set, entry) {
        return;
    }
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    let Some(mut batch) = batch::choose(world, cx, set, upgrade) else {
        if !watch::empty_domains(world, cx, set) {
            complete(world, cx, set, entry);
        }
        return;
    };
    batch::check(world, cx, set, upgrade, &batch);
    if upgrade.policy.max_surge && !cx.on(rules::MS_02) {
        // A world in which a surge has a size of its own.
        batch.instances.truncate(1);
    }
    run(world, cx, set, batch);
}

/// Ends the upgrade where too much of the whole set is unhealthy (RU-20, RU-31).
fn shut(world: &mut World, cx: &mut Cx<'_>, set: SetId, entry: Entry) -> bool {
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    let Some((share, limit, rule)) = gate::closed(world, cx, set, upgrade) else { return false };
    let as_later = cx.assume(key::RollingEntryGateCode) == choice::RollingEntryGateCode::InUpgrade;
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    let error = if upgrade.batches == 0 && !as_later {
        UpgradeError::MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade
    } else {
        UpgradeError::MaxUnhealthyInstancePercentExceededInRollingUpgrade
    };
    let entry = wait::first_unhealthy(world, cx, set).unwrap_or(entry);
    let unhealthy = gate::unhealthy(world, cx, set);
    world.rolling_upgrade.running_mut(set).expect("it was just seen").unhealthy = unhealthy;
    end(world, cx, set, End::Faulted { error, measured: share.measured(), limit }, (entry, rule));
    true
}

/// Begins a batch.
fn run(world: &mut World, cx: &mut Cx<'_>, set: SetId, batch: batch::Batch) {
    let now = cx.now();
    let size = batch.instances.len() as u32;
    let walks = world.rolling_upgrade.running(set).is_some_and(|upgrade| upgrade.walk != Walk::Behind);
    let surges = !walks && surge::applies(world, cx, set, size);
    let upgrade = world.rolling_upgrade.running_mut(set).expect("a batch is of a running upgrade");
    upgrade.batches += 1;
    (upgrade.open, upgrade.failed_in_batch, upgrade.batch_began) = (size, 0, now);
    let (number, entry, kind) = (upgrade.batches, upgrade.entry, upgrade.kind);
    let rule = if surges { rules::MS_02 } else { batch.rule };
    let began = RolloutFact::BatchStarted { set, batch: number, size, zone: batch.zone, surge: surges };
    let entry = cx.record(Fact::Rollout(began), entry, rule);
    upgrade.entry = entry;
    upgrade.surges = surges;
    if surges {
        surge::run(world, cx, set, &batch.instances, entry);
        return;
    }
    for instance in batch.instances {
        let member = member(world, instance).expect("a batch is of members");
        (member.progress, member.entry) = (Progress::Updating, entry);
        if walks && !enlist::is_behind(world, cx, instance, kind) {
            wait::begins(world, cx, instance, entry);
            continue;
        }
        let brought = upgrade_instance(world, cx, instance, kind, entry);
        let member = self::member(world, instance).expect("it was just seen");
        match brought {
            Ok(entry) => (member.entry, member.brought) = (entry, true),
            Err(entry) => {
                member.entry = entry;
                failed(world, cx, instance, Failure::ProvisioningFailed, provisioning(kind));
            }
        }
    }
}

/// The rule by which an instance whose provisioning failed is not healthy.
pub(super) const fn provisioning(kind: Kind) -> RuleId {
    match kind {
        Kind::Model => rules::RU_27,
        Kind::Image { .. } => rules::OS_29,
        Kind::Extension { .. } | Kind::Extensions => rules::OS_33,
    }
}

/// Brings an instance to what the upgrade is for (RU-25).
fn upgrade_instance(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    kind: Kind,
    cause: Entry,
) -> Result<Entry, Entry> {
    let row = world.instances.rows[instance.index()];
    if row.state == Provisioning::Deallocated {
        // It was deallocated since it was counted in; there is no machine to bring to anything.
        return Err(cause);
    }
    let shielded = row.protection.from_scale_in && !row.protection.from_scale_set_actions;
    match kind {
        Kind::Model => {
            let rule = if shielded { rules::IX_01 } else { rules::RU_25 };
            scale_set::apply_model(world, cx, instance, rule, cause)
        }
        Kind::Extensions => Ok(cause),
        Kind::Extension { action } => Ok(instances::put_release(world, cx, (instance, action), rules::OS_33, cause)),
        Kind::Image { image, .. } if gallery::is_deleted(world, image) && cx.on(rules::GA_19) => {
            Err(instances::fail(world, cx, instance, Refusal::ImageDeleted, (rules::GA_19, cause)))
        }
        Kind::Image { image, .. } => {
            let to = Update { how: Operation::Swap, image, revision: row.revision };
            Ok(instances::update(world, cx, instance, to, rules::OS_22, cause))
        }
    }
}

/// An instance is healthy on the target.
pub(super) fn upgraded(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, rule: RuleId) {
    let set = world.instances.rows[instance.index()].set;
    let Some(member) = member(world, instance) else { return };
    member.progress = Progress::Upgraded;
    let (cause, partner) = (member.entry, member.partner);
    let rule = if partner.is_some() { rules::MS_01 } else { rule };
    let entry = cx.record(Fact::Rollout(RolloutFact::InstanceUpgraded { instance }), cause, rule);
    if let Some(old) = partner {
        surge::replaced(world, cx, set, (old, instance), entry);
        return;
    }
    close(world, cx, set, entry);
}

/// An instance failed to be upgraded: it keeps what it has, or gets its old disk back (`rolling.unhealthy_after_wait`, OS-23).
pub(super) fn failed(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, why: Failure, rule: RuleId) {
    let set = world.instances.rows[instance.index()].set;
    let Some(member) = member(world, instance) else { return };
    member.progress = Progress::Failed;
    let (cause, partner, brought) = (member.entry, member.partner, member.brought);
    let rule = if partner.is_some() { rules::MS_11 } else { rule };
    let entry = cx.record(Fact::Rollout(RolloutFact::InstanceFailed { instance, why }), cause, rule);
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it was just seen");
    upgrade.failed_in_batch += 1;
    upgrade.first_failed.get_or_insert((instance, entry));
    let restore = matches!(upgrade.kind, Kind::Image { restore: true, .. }) && cx.on(rules::OS_23);
    if let Kind::Extension { action } = upgrade.kind
        && brought
        && instances::is_present(&world.instances.rows[instance.index()])
        && world.instances.rows[instance.index()].state != Provisioning::Deallocated
    {
        // The release that was there before is put in again.
        instances::take_release_out(world, cx, (instance, action), rules::OS_33, entry);
        self::member(world, instance).expect("it was just seen").progress = Progress::Restoring;
        return;
    }
    if restore && brought && instances::restore(world, cx, instance, rules::OS_23, entry).is_some() {
        self::member(world, instance).expect("it was just seen").progress = Progress::Restoring;
        return;
    }
    if !surge::unhealthy(world, cx, set, (partner, instance), entry) {
        close(world, cx, set, entry);
    }
}

/// One thing less is open of the running batch; with the last, the batch is done.
pub(super) fn close(world: &mut World, cx: &mut Cx<'_>, set: SetId, cause: Entry) {
    let Some(upgrade) = world.rolling_upgrade.running_mut(set) else { return };
    assert!(upgrade.open > 0, "what is closed was open");
    upgrade.open -= 1;
    if upgrade.open > 0 {
        return;
    }
    let (batch, failed) = (upgrade.batches, upgrade.failed_in_batch);
    let rule = if upgrade.surges { rules::MS_03 } else { rules::RU_26 };
    let entry = cx.record(Fact::Rollout(RolloutFact::BatchEnded { set, batch, failed }), cause, rule);
    upgrade.entry = entry;
    after_batch(world, cx, set, failed, entry);
}

/// The gate after a batch; then the pause, the next batch, or the end.
fn after_batch(world: &mut World, cx: &mut Cx<'_>, set: SetId, failed: u32, entry: Entry) {
    let upgrade = world.rolling_upgrade.running(set).expect("its batch just ended");
    // Who cancelled it gets no verdict (`rolling.cancel`).
    if upgrade.cancelled.is_some() {
        end(world, cx, set, End::Cancelled, (entry, rules::RS_06));
        return;
    }
    if let Some(found) = upgrade.noticed.or_else(|| gate::breached(world, cx, set, upgrade)) {
        breach(world, cx, set, found, entry);
        return;
    }
    let at_limit = gate::upgraded(world, cx, upgrade, set).is_at(upgrade.policy.max_unhealthy_upgraded_percent);
    let stops =
        cx.assume(key::RollingUnhealthyAfterWait) == choice::RollingUnhealthyAfterWait::Stop || !cx.on(rules::RU_32);
    if failed > 0 && stops && upgrade.kind == Kind::Model {
        let share = gate::upgraded(world, cx, upgrade, set);
        breach(world, cx, set, (share, upgrade.policy.max_unhealthy_upgraded_percent, rules::RU_32), entry);
        return;
    }
    if upgrade.changed {
        // The model changed while the batch was in hand (`rolling.model_change`).
        enlist::take_up(world, cx, set, None, entry);
    }
    let upgrade = world.rolling_upgrade.running(set).expect("it was just seen");
    let waits = upgrade.count(|progress| progress == Progress::Pending) > 0;
    let pause = upgrade.policy.pause;
    if !waits && (cx.on(rules::RU_33) || pause == SimDuration::ZERO) {
        if !watch::empty_domains(world, cx, set) {
            complete(world, cx, set, entry);
        }
        return;
    }
    if waits
        && cx.assume(key::RollingWholeSetGate) == choice::RollingWholeSetGate::BatchEndToo
        && shut(world, cx, set, entry)
    {
        return;
    }
    let mut entry = entry;
    if failed > 0 {
        let rule = if at_limit { rules::RU_09 } else { rules::RU_32 };
        entry = cx.record(Fact::Rollout(RolloutFact::Continued { set, failed }), entry, rule);
    }
    let upgrade = world.rolling_upgrade.running_mut(set).expect("it was just seen");
    upgrade.entry = entry;
    if pause > SimDuration::ZERO && cx.on(rules::RU_04) {
        upgrade.pausing = true;
        upgrade.epoch += 1;
        upgrade.entry = cx.record(Fact::Rollout(RolloutFact::Paused { set }), entry, rules::RU_04);
        let epoch = upgrade.epoch;
        cx.after(pause, Due::RollingUpgrade(Event::PauseEnds { set, epoch }));
    } else {
        next_batch(world, cx, set);
    }
}
