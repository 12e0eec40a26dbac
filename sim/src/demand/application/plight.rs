//! What is wrong around an instance, and not with its process: its zone is lost. Few instances have any of it, so it stands
//! beside the truths.

use crate::rules::RuleId;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::fact::Fact;
use crate::world::ids::{Entry, InstanceId};

/// What is wrong around one instance.
#[derive(Clone, Debug, Default)]
pub(super) struct Plight {
    /// How many losses of its zone hold it.
    dark: u8,
}

/// Whether the zone of an instance is lost, so that nothing on it and nothing that is done to it goes on.
#[must_use]
pub fn is_dark(world: &World, instance: InstanceId) -> bool {
    world.application.plights.get(&instance).is_some_and(|plight| plight.dark > 0)
}

// Verbs.

/// The zone of an instance is lost.
pub fn darken(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (rule, cause): (RuleId, Entry)) {
    let dark = &mut world.application.plights.entry(instance).or_default().dark;
    *dark += 1;
    if *dark == 1 && world.application.truths[instance.index()].frozen == 0 {
        cx.say(Fact::Frozen { instance }, cause, rule);
    }
}

/// The zone of an instance is there again.
pub fn light_up(world: &mut World, cx: &mut Cx<'_>, instance: InstanceId, (rule, cause): (RuleId, Entry)) {
    let dark = &mut world.application.plights.entry(instance).or_default().dark;
    *dark = dark.checked_sub(1).expect("a zone comes back as often as it is lost");
    if *dark == 0 {
        world.application.plights.remove(&instance);
        if world.application.truths[instance.index()].frozen == 0 {
            cx.say(Fact::Thawed { instance }, cause, rule);
        }
    }
}
