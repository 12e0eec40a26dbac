//! What an answer, or a request, needs of an instance: what runs on it, and who it is.

use super::{Truth, code};
use crate::plan::{Needs, Who};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::ids::InstanceId;

/// Whether an instance meets these needs.
pub(super) fn meets(world: &World, cx: &Cx<'_>, instance: InstanceId, needs: &Needs) -> bool {
    let truth = &world.application.truths[instance.index()];
    (!needs.process || truth.process())
        && (!needs.draining || truth.draining)
        && (!needs.warm || truth.warm && truth.process())
        && (!needs.current || is_current(world, truth))
        && needs.code.is_none_or(|code| truth.code.is_some_and(|installed| installed >= code))
        && (needs.dependencies == 0 || needs.dependencies & !code::reachable(world, cx, instance) == 0)
        && needs.instances.is_none_or(|group| {
            let ordinal = world.instances.rows[instance.index()].ordinal;
            cx.plan.application.groups[group as usize].contains(&ordinal)
        })
        && needs.who.is_none_or(|who| is_asked(world, cx, instance, &cx.plan.application.who[who as usize]))
}

/// Whether an instance is who is asked (VS-01). One that learnt nothing as it started knows no set (VS-02).
fn is_asked(world: &World, cx: &Cx<'_>, instance: InstanceId, who: &Who) -> bool {
    let (truth, row) = (&world.application.truths[instance.index()], &world.instances.rows[instance.index()]);
    let version = &cx.plan.images[truth.image.index()].version;
    let knows = row.initial || cx.on(rules::VS_02);
    let of_set = |sets: &Vec<String>| knows && sets.contains(&cx.plan.sets[row.set.index()].name);
    let of_image = |name: &String| cx.plan.definitions[usize::from(version.definition)] == *name;
    !cx.on(rules::VS_01)
        || who.sets.as_ref().is_none_or(of_set)
            && who.zones.as_ref().is_none_or(|zones| zones.contains(&row.at.zone))
            && who.image.as_ref().is_none_or(of_image)
            && who.version.is_none_or(|number| version.number == Some(number))
            && who.code.is_none_or(|code| truth.code == Some(code))
}

/// Whether the installed code is at least what users need.
pub(super) fn is_current(world: &World, truth: &Truth) -> bool {
    world.application.required.is_none_or(|required| truth.code.is_some_and(|code| code >= required))
}
