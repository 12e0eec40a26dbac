//! What a random scenario knows of the instances that are there when it begins. Drawn from a stream of its own, so that it moves no
//! other draw of the scenario.

use super::Draw;
use crate::plan::{ImageReference, Plan, PowerAtStart, Present, ScaleSet, Start};

/// The item of the stream, beside those of the others.
const ITEM: u64 = 133;

impl Plan {
    /// With instances that are not alike; in most scenarios, they are.
    pub(super) fn with_unlike_instances(mut self, number: u64) -> Self {
        let mut draw = Draw::of(number, ITEM);
        // Moves between zones are rare anyway, and a set that begins uneven makes other ones.
        let rebalances = self.sets.iter().any(|set| set.upkeep.rebalances);
        if draw.chance(if rebalances { 0.05 } else { 0.15 }) {
            let images = self.images.len() as u64;
            for set in &mut self.sets {
                set.start = start(set, images, &mut draw);
            }
        }
        self
    }
}

/// Some of the first instances of a set, with gaps between their numbers.
fn start(set: &ScaleSet, images: u64, draw: &mut Draw) -> Start {
    let earlier: Vec<ImageReference> =
        (0..draw.below(3)).map(|_| ImageReference::Version(draw.below(images) as u16)).collect();
    let (mut instances, mut ordinal) = (Vec::new(), 0);
    for _ in 0..draw.below(u64::from(set.capacity) + 1) {
        ordinal += draw.below(3) as u32;
        let model = draw.below(earlier.len() as u64 + 1) as u16;
        instances.push(Present {
            ordinal,
            name: None,
            zone: if set.zones.is_empty() { None } else { Some(draw.pick(&set.zones)) },
            fault_domain: (set.fault_domains > 1).then(|| draw.below(set.fault_domains.into()) as u8),
            image: draw.chance(0.4).then(|| draw.below(images) as u16),
            model: (usize::from(model) < earlier.len()).then_some(model),
            protect_from_scale_in: draw.chance(0.2),
            protect_from_scale_set_actions: draw.chance(0.2),
            power: match draw.below(8) {
                0 => PowerAtStart::Stopped,
                1 | 2 => PowerAtStart::Deallocated,
                _ => PowerAtStart::Running,
            },
            unhealthy: draw.chance(0.3),
        });
        ordinal += 1;
    }
    Start { earlier, instances }
}
