//! What instances are called: their own names, and those of their hosts.

use super::subject;
use crate::engine::random::{Subject, name};
use crate::plan::{OrchestrationMode, Plan, ScaleSet};
use crate::world::World;
use crate::world::ids::{InstanceId, SetId};

/// The name of an instance, as Azure forms it: `{set}_{id}` in a Uniform set, `{set}_` and eight characters in a
/// Flexible one (OR-13), but for those that were there before. The characters are drawn for the instance, so they do not depend on the
/// order of creation.
#[must_use]
pub fn display_name(set: &ScaleSet, ordinal: u32, subject: Subject) -> String {
    match set.mode {
        OrchestrationMode::Uniform => format!("{}_{ordinal}", set.name),
        OrchestrationMode::Flexible if let Some(known) = known(set, ordinal) => known.to_owned(),
        OrchestrationMode::Flexible => {
            let mut word = name(&format!("{}/{}/{}", subject.place, subject.cause, subject.ordinal));
            let suffix = std::iter::repeat_with(|| {
                // Recorded are hexadecimal digits, 11 of 11 names.
                let digit = b"0123456789abcdef"[(word % 16) as usize];
                word /= 16;
                char::from(digit)
            });
            format!("{}_{}", set.name, suffix.take(8).collect::<String>())
        }
    }
}

/// The name of an instance that is there when the run begins, where it is known.
fn known(set: &ScaleSet, ordinal: u32) -> Option<&str> {
    let found = set.start.instances.binary_search_by_key(&ordinal, |known| known.ordinal).ok()?;
    set.start.instances[found].name.as_deref()
}

/// The name of an instance.
#[must_use]
pub fn name_of(world: &World, plan: &Plan, instance: InstanceId) -> String {
    let row = &world.instances.rows[instance.index()];
    display_name(&plan.sets[row.set.index()], row.ordinal, subject(world, instance))
}

/// The set and the name of every instance there ever was, by id.
#[must_use]
pub fn names(world: &World, plan: &Plan) -> Vec<(SetId, String)> {
    let ids = (0..world.instances.rows.len() as u32).map(InstanceId);
    ids.map(|id| (world.instances.rows[id.index()].set, name_of(world, plan, id))).collect()
}

/// The host name of an instance of a Uniform set: the prefix, and its id in six digits of base 36 (OR-13).
#[must_use]
pub fn host_name(prefix: &str, ordinal: u32) -> String {
    let (mut id, mut digits) = (ordinal, String::new());
    for _ in 0..6 {
        digits.insert(0, char::from_digit(id % 36, 36).unwrap_or('0'));
        id /= 36;
    }
    format!("{prefix}{digits}")
}
