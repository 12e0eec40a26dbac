//! The hold model: the earliest event is taken out and one is put in, at a steady number pending.

use crate::HOLDS;
use windtunnel_sim::engine::queue::{Key, Queue};
use windtunnel_sim::engine::time::{SimDuration, SimTime};

/// Gaps in milliseconds, the same for every peer.
pub struct Gaps(u64);

impl Gaps {
    pub const fn new() -> Self {
        Self(1)
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1 + (self.0 >> 33) % 60_000
    }
}

pub fn ours(pending: u32) -> String {
    let (mut gaps, mut queue, mut held) = (Gaps::new(), Queue::default(), 0_u64);
    for id in 0..pending {
        queue.put(Key::new(SimTime::from_ms(gaps.next()), 0, id, 0, 0), id);
    }
    while let Some(now) = queue.advance() {
        while queue.is_due() {
            let (_, id) = queue.take();
            held += 1;
            if held == HOLDS {
                return now.ms().to_string();
            }
            queue.put(Key::new(now + SimDuration::from_ms(gaps.next()), 0, id, 0, held as u32), id);
        }
    }
    unreachable!("it never runs dry")
}
