//! Upgrades: how a change of the model reaches the instances of a set.

use crate::azure::scale_set;
use crate::plan::{ModelChange, UpgradeMode};
use crate::rules::{self, RuleId};
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::ids::{ActionId, Entry, InstanceId, SetId};

/// Writes the model of a set; the mode of the set says what becomes of its instances.
pub fn change_model(
    world: &mut World,
    cx: &mut Cx<'_>,
    set: SetId,
    (action, change): (ActionId, &ModelChange),
    cause: Entry,
) {
    let entry = scale_set::change_model(world, cx, set, (action, change), rules::UM_08, cause);
    if world.scale_set.sets[set.index()].upgrade.mode == UpgradeMode::Automatic {
        let all = world.scale_set.sets[set.index()].instances.clone();
        bring_all(world, cx, &all, rules::UM_04, entry);
    }
}

/// Brings the named instances to the newest model at once: `manualupgrade` (UM-02, UM-03).
pub fn upgrade_instances(world: &mut World, cx: &mut Cx<'_>, _: SetId, named: &[InstanceId], cause: Entry) {
    bring_all(world, cx, named, rules::UM_02, cause);
}

fn bring_all(world: &mut World, cx: &mut Cx<'_>, named: &[InstanceId], rule: RuleId, cause: Entry) {
    for &instance in named {
        if !scale_set::latest_model_applied(world, instance) {
            let _ = scale_set::bring(world, cx, instance, rule, cause);
        }
    }
}
