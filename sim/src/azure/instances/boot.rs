//! How long an operating system takes to come up, and whether it does.
//!
//! Rules: GA-24, LC-02, LC-05, LC-06, `vm.os_provisioning_timeout`, `vm.boot_*`.

use super::{Row, subject};
use crate::engine::random::Purpose;
use crate::engine::time::SimDuration;
use crate::rules::{self, key};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::Operation;
use crate::world::ids::InstanceId;

/// How long the platform waits for an operating system that does not come up (`vm.os_provisioning_timeout`): for a new machine that
/// resilient create would make again, no longer than that leaves room for.
pub(super) fn patience(cx: &mut Cx<'_>, row: &Row) -> SimDuration {
    let usual = cx.assume(key::VmOsProvisioningTimeout);
    if row.how != Operation::Create || !cx.plan.sets[row.set.index()].resilient_create || !cx.on(rules::LC_06) {
        return usual;
    }
    usual.min(cx.assume(key::VmResilientCreateTimeout))
}

/// How long the operating system of an instance takes to come up: as its image states it, else as systems of its kind do.
pub(super) fn boot(world: &World, cx: &mut Cx<'_>, instance: InstanceId, row: &Row) -> SimDuration {
    let windows = cx.plan.sets[row.set.index()].windows;
    let dist = match cx.plan.images[row.image.index()].boot {
        Some(declared) => declared,
        None => cx.assume(if windows { key::VmBootWindows } else { key::VmBootLinux }),
    };
    let length = cx.draw(Purpose::Boot, subject(world, instance), row.epoch.into(), &dist);
    if !boots_early(cx, row) {
        return length;
    }
    // Its first boot was done before the image was taken.
    let share = cx.assume(key::VmSpecializedBoot);
    SimDuration::from_ms(libm::round(length.ms() as f64 * share) as u64)
}

/// Whether an instance boots faster, since the first boot of its specialized image was done before (GA-24).
pub(super) fn boots_early(cx: &Cx<'_>, row: &Row) -> bool {
    let image = &cx.plan.images[row.image.index()];
    image.boot.is_none() && cx.plan.definition(image.version.definition).specialized && cx.on(rules::GA_24)
}

/// Whether the operating system of an instance never comes up; the platform gives it up after a while (LC-05,
/// `vm.os_provisioning_timeout`).
pub(super) fn boot_fails(world: &World, cx: &Cx<'_>, instance: InstanceId, row: &Row, more: f64) -> bool {
    let failure = 1.0 - (1.0 - cx.plan.images[row.image.index()].boot_failure) * (1.0 - more);
    let new_disk = matches!(row.how, Operation::Create | Operation::Swap | Operation::Reimage);
    failure > 0.0
        && new_disk
        && cx.on(rules::LC_05)
        && cx.stream(Purpose::BootFailure, subject(world, instance), row.epoch.into()).chance(failure)
}
