//! What is done to an instance after its creation: a new OS disk, a restart, the old disk put back, extensions alone.
//!
//! Rules: RU-25, UM-12, OS-22, OS-23, HD-29, HD-47, `vm.*`. The documents give no time for any of them. What an operation takes
//! before the machine runs again is an assumption, and a boot of the image that is on the disk then comes on top of it, as
//! the image states it or as its operating system is assumed to boot. On a new disk everything runs as at creation; after a
//! restart, and on an old disk put back, what was set up before starts with the system, and so does the health extension.
//!
//! What is done to a machine is done one after another: an operation that is asked for while another is in hand waits for
//! its end. Only what happens to the machine itself (its host, its power) comes in between; see `power.rs`.

use super::{Event, Protection, Provisioning, Row, announce, cloud_init, extensions, profile, releases, size};
use crate::azure::{app_health, gallery, load_balancer};
use crate::demand::application;
use crate::engine::random::Purpose;
use crate::engine::time::SimDuration;
use crate::plan::{Code, Extension, VmProfile};
use crate::rules::{self, RuleId, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, Operation, Refusal};
use crate::world::ids::{Entry, ImageId, InstanceId};

/// What was on an OS disk that was taken out.
#[derive(Clone, Copy, Debug)]
pub struct Disk {
    image: ImageId,
    code: Option<Code>,
    revision: u32,
    set_up: bool,
    fresh: bool,
}

impl Disk {
    /// What runs once on it had not come to its end.
    pub(super) const fn was_fresh(self) -> bool {
        self.fresh
    }
}

/// What an instance is brought to.
#[derive(Clone, Copy, Debug)]
pub struct Update {
    /// How.
    pub how: Operation,
    /// The version that it runs afterwards.
    pub image: ImageId,
    /// The revision of the model.
    pub revision: u32,
}

/// An operation that waits for the end of another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) to: Update,
    pub(super) rule: RuleId,
    pub(super) cause: Entry,
    /// The guest was notified of it.
    pub(super) notified: bool,
}

/// Protects an instance, or protects it no longer (IP-01, IP-02).
pub fn protect(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, protection: Protection, cause: Entry) {
    let row = &mut world.instances.rows[instance.index()];
    if row.protection != protection {
        row.protection = protection;
        let Protection { from_scale_in, from_scale_set_actions } = protection;
        let rule = if from_scale_set_actions { rules::IP_02 } else { rules::IP_01 };
        cx.record(Fact::ProtectionSet { instance, from_scale_in, from_scale_set_actions }, cause, rule);
    }
}

/// A new instance is of this revision of the model, and not of the newest.
pub(in crate::azure) fn keep_revision(world: &mut World, instance: InstanceId, revision: u32) {
    world.instances.rows[instance.index()].revision = revision;
}

/// Whether something is being done to an instance.
#[must_use]
pub const fn is_busy(row: &Row) -> bool {
    matches!(row.state, Provisioning::Creating | Provisioning::Updating)
}

/// Whether the OS disk of an instance is being changed, and the new one is not in its place yet.
pub(super) fn is_between_disks(world: &World, instance: InstanceId) -> bool {
    let row = &world.instances.rows[instance.index()];
    row.state == Provisioning::Updating
        && matches!(row.how, Operation::Swap | Operation::Reimage | Operation::Restore)
        && !application::runs(world, instance)
}

/// From the beginning of an operation until the machine runs again and boots (`vm.*`).
fn until_it_runs(world: &World, cx: &mut Cx<'_>, instance: InstanceId, how: Operation) -> SimDuration {
    let assumption = match how {
        // A world in which disks are changed in no time.
        Operation::Swap | Operation::Restore if !cx.on(rules::OS_32) => return SimDuration::ZERO,
        Operation::Swap => key::VmOsDiskSwap,
        Operation::Reimage => key::VmReimage,
        Operation::Restore => key::VmOsDiskRestore,
        Operation::Restart => key::VmRestart,
        Operation::Create | Operation::Extensions | Operation::Start | Operation::Heal => return SimDuration::ZERO,
    };
    let dist = cx.assume(assumption);
    let (subject, epoch) = (world.application.subject(instance), world.instances.rows[instance.index()].epoch);
    cx.draw(Purpose::OutOfService, subject, epoch.into(), &dist)
}

/// The new disk is in its place; returns what the start of the machine follows from.
pub(super) fn attach(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) -> Entry {
    let row = &mut world.instances.rows[instance.index()];
    let (how, image) = (row.how, row.image);
    let (code, set_up) = match how {
        Operation::Swap | Operation::Reimage => {
            // Everything is set up anew on the new disk (OS-22).
            let stays = !cx.on(rules::OS_22) && application::is_set_up(world, instance);
            // Whatever was done to the old disk from outside is gone with it (EX-08).
            let kept = (!cx.on(rules::EX_08)).then(|| application::disk(world, instance).0).flatten();
            (kept.or(cx.plan.images[image.index()].code), stays)
        }
        Operation::Restore => {
            let disk = world.instances.taken_out.remove(&instance);
            let disk = disk.expect("a disk is put back where one was taken out");
            row.fresh = disk.fresh;
            (disk.code, disk.set_up)
        }
        Operation::Create | Operation::Restart | Operation::Extensions | Operation::Start | Operation::Heal => {
            return cause;
        }
    };
    application::attach(world, instance, image, code, set_up);
    let row = world.instances.rows[instance.index()];
    cloud_init::attach(world, cx, instance, &row);
    releases::attach(world, instance, how);
    cx.record(
        Fact::DiskSwapped { instance, image, code },
        cause,
        if how == Operation::Restore { rules::OS_23 } else { rules::OS_22 },
    )
}

/// What was set up on the disk of an instance starts again with its system (HD-29, HD-47).
pub(super) fn resume(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, row: &Row, cause: Entry) {
    if !cloud_init::is_to_start(world, cx, instance, row) {
        application::start(world, cx, instance, cause, rules::WT_02);
    }
    let of = profile(world, cx, row);
    let health = of.health_extension.as_ref().map(|health| &of.extensions[health.extension as usize]);
    if health.is_some_and(|health| row.how == Operation::Restore || has(world, cx, row, health)) {
        app_health::start(world, cx, instance, cause, row.how);
    }
    if row.how == Operation::Restart {
        // What the model has changed of its extensions since is done now.
        extensions::begin(world, cx, instance, *row, (0, cause, cx.now()));
        return;
    }
    cx.record(Fact::InstanceProvisioned { instance }, cause, rules::LC_02);
    ended(world, cx, instance, Provisioning::Succeeded);
}

/// What was done to an instance has come to its end, and what waited for that begins.
pub(super) fn ended(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, state: Provisioning) {
    let row = &mut world.instances.rows[instance.index()];
    row.state = state;
    row.fresh &= state != Provisioning::Succeeded;
    let Some(Waiting { to, rule, cause, notified }) = world.instances.waiting.remove(&instance) else { return };
    if to.how == Operation::Swap && gallery::is_deleted(world, to.image) && cx.on(rules::GA_19) {
        // Meanwhile there is nothing left to make a disk from.
        world.instances.taken_out.remove(&instance);
        fail(world, cx, instance, Refusal::ImageDeleted, (rules::GA_19, cause));
        return;
    }
    if notified {
        perform(world, cx, instance, to, rule, cause);
    } else {
        update(world, cx, instance, to, rule, cause);
    }
}

/// What waited to be done to an instance is not done.
pub(super) fn forget(world: &mut World, instance: InstanceId) {
    world.instances.waiting.remove(&instance);
    world.instances.announced.remove(&instance);
}

/// Whether an instance has an extension already, just so.
pub(super) fn has(world: &World, cx: &Cx<'_>, row: &Row, extension: &Extension) -> bool {
    let had = world.scale_set.model(row.set, row.came_from).profile(cx.plan, row.set);
    let wants = profile(world, cx, row);
    let is_health = |of: &crate::plan::VmProfile| {
        of.health_extension
            .as_ref()
            .filter(|health| of.extensions[health.extension as usize].name == extension.name)
            .cloned()
    };
    // Another tag alone makes it another (UM-10).
    let has =
        had.extensions.iter().any(|other| other == extension) || !cx.on(rules::UM_10) && differs_in_tag(had, extension);
    has && is_health(had) == is_health(wants)
}

/// Whether an extension is there but for its tag.
fn differs_in_tag(had: &VmProfile, extension: &Extension) -> bool {
    let but_for_tag = |other: &Extension| Extension { tag: extension.tag.clone(), ..other.clone() } == *extension;
    had.extensions.iter().any(|other| other.tag != extension.tag && but_for_tag(other))
}

/// Whether an extension runs on an instance again since its tag is another, and for nothing else.
pub(super) fn is_tagged_anew(world: &World, cx: &Cx<'_>, row: &Row, extension: &Extension) -> bool {
    differs_in_tag(world.scale_set.model(row.set, row.came_from).profile(cx.plan, row.set), extension)
}

/// Where an instance has another revision than this now, it may be in other pools, and it may be somebody else who says whether it is
/// healthy.
pub(super) fn turn(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, from: u32, cause: Entry) {
    let Row { set, revision, .. } = world.instances.rows[instance.index()];
    if world.scale_set.model(set, from).pools != world.scale_set.model(set, revision).pools {
        load_balancer::change_pools(world, cx, instance, from, cause);
    }
    let source = |revision: u32| world.scale_set.model(set, revision).profile(cx.plan, set).health_source;
    if source(from) != source(revision) {
        app_health::turn(world, cx, instance, cause);
    }
}

// Verbs.

/// Begins an operation on an instance, because a rule says so; while another is in hand, as soon as that has ended, and
/// where its guest is notified of a new disk before, when that has happened (OS-16).
pub fn update(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    to: Update,
    rule: RuleId,
    cause: Entry,
) -> Entry {
    if let Some(announced) = world.instances.announced.get_mut(&instance)
        && reach(to.how) >= reach(announced.to.how)
    {
        // It was notified of a new disk already, and gets this one.
        *announced = Waiting { to, rule, cause, notified: false };
        return cause;
    }
    let row = &world.instances.rows[instance.index()];
    assert!(super::is_present(row), "what is deleted is not updated");
    let what = Waiting { to, rule, cause, notified: false };
    if is_busy(row) {
        wait(world, instance, what);
        cause
    } else if announce::notifies(world, cx, row, to.how) {
        announce::defer(world, cx, instance, what)
    } else {
        perform(world, cx, instance, to, rule, cause)
    }
}

/// An operation waits for the end of another.
fn wait(world: &mut World, instance: InstanceId, what: Waiting) {
    let waiting = world.instances.waiting.entry(instance).or_insert(what);
    let notified = waiting.notified && what.notified;
    if reach(what.to.how) >= reach(waiting.to.how) {
        *waiting = what;
    } else {
        // What is done anyway does this as well.
        waiting.to.revision = what.to.revision;
    }
    waiting.notified = notified;
}

/// Begins an operation of which the guest was notified, or need not be; while another is in hand, as soon as that has ended.
pub(super) fn at_once(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    to: Update,
    (rule, cause): (RuleId, Entry),
) -> Entry {
    let row = &world.instances.rows[instance.index()];
    assert!(super::is_present(row), "what is deleted is not updated");
    if !is_busy(row) {
        return perform(world, cx, instance, to, rule, cause);
    }
    wait(world, instance, Waiting { to, rule, cause, notified: true });
    cause
}

/// How much of a machine an operation makes anew; what makes more of it anew does all that the others do.
const fn reach(how: Operation) -> u8 {
    match how {
        Operation::Extensions => 0,
        Operation::Restart | Operation::Start | Operation::Heal => 1,
        Operation::Swap | Operation::Reimage | Operation::Restore | Operation::Create => 2,
    }
}

fn perform(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, to: Update, rule: RuleId, cause: Entry) -> Entry {
    let Update { how, image, revision } = to;
    let row = &mut world.instances.rows[instance.index()];
    let old = Disk { image: row.image, code: None, revision: row.revision, set_up: false, fresh: row.fresh };
    row.epoch += 1;
    (row.state, row.how, row.image, row.came_from, row.revision) =
        (Provisioning::Updating, how, image, row.revision, revision);
    let row = *row;
    let entry = cx.record(Fact::UpdateStarted { instance, how, image }, cause, rule);
    if revision != old.revision && matches!(how, Operation::Extensions | Operation::Restart) {
        // The disk that was taken out before is of a model before the last one.
        world.instances.taken_out.remove(&instance);
    }
    turn(world, cx, instance, old.revision, entry);
    size::say(world, cx, instance, old.revision, entry);
    if how == Operation::Extensions {
        extensions::begin(world, cx, instance, row, (0, entry, cx.now()));
        return entry;
    }
    if matches!(how, Operation::Swap | Operation::Reimage) {
        let (code, set_up) = application::disk(world, instance);
        world.instances.taken_out.insert(instance, Disk { code, set_up, ..old });
        world.instances.rows[instance.index()].fresh |= cx.on(rules::OS_22);
    }
    world.instances.rows[instance.index()].booted = false;
    application::halt(world, cx, instance, entry);
    app_health::stop(world, cx, instance, entry);
    let stopped = until_it_runs(world, cx, instance, how);
    cx.after(stopped, Due::Instances(Event::Running { instance, epoch: row.epoch, cause: entry }));
    entry
}

/// An instance cannot be brought to its model, for this reason: it is Failed.
pub fn fail(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    why: Refusal,
    (rule, cause): (RuleId, Entry),
) -> Entry {
    let row = &mut world.instances.rows[instance.index()];
    if !is_busy(row) {
        row.state = Provisioning::Failed;
    }
    cx.record(Fact::UpdateRefused { instance, why }, cause, rule)
}

/// Restarts an instance, just as it is.
pub fn restart(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, rule: RuleId, cause: Entry) -> Entry {
    let Row { image, revision, .. } = world.instances.rows[instance.index()];
    update(world, cx, instance, Update { how: Operation::Restart, image, revision }, rule, cause)
}

/// Puts an instance back on the model it came from (RU-08); `None` where nothing was done to it.
pub fn roll_back(
    world: &mut World,
    cx: &mut Cx<'_>,
    instance: InstanceId,
    rule: RuleId,
    cause: Entry,
) -> Option<Entry> {
    let Row { how, image, came_from, revision, state, .. } = world.instances.rows[instance.index()];
    if state == Provisioning::Deallocated || !super::is_present(&world.instances.rows[instance.index()]) {
        // There is no machine to do it to.
        return None;
    }
    match how {
        Operation::Swap => restore(world, cx, instance, rule, cause),
        Operation::Restart | Operation::Extensions if came_from != revision => {
            Some(update(world, cx, instance, Update { how, image, revision: came_from }, rule, cause))
        }
        _ => None,
    }
}

/// Puts the previous OS disk of an instance back (OS-23); `None` if there is none.
pub fn restore(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, rule: RuleId, cause: Entry) -> Option<Entry> {
    let row = &world.instances.rows[instance.index()];
    // Who is on the way out at this very instant keeps the disk that it has.
    if !super::is_present(row) || row.state == Provisioning::Deallocated {
        return None;
    }
    let disk = world.instances.taken_out.get(&instance)?;
    let to = Update { how: Operation::Restore, image: disk.image, revision: disk.revision };
    Some(update(world, cx, instance, to, rule, cause))
}
