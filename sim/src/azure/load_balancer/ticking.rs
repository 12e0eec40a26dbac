//! The ticking balancer: sends every probe. It is slow and plain on purpose, the oracle that the counting of
//! [`super::observer`] must agree with entry for entry, and shares no logic with it but the numbers of the probe.

use super::observer::{Cadence, Flip, Reply};
use crate::engine::time::SimTime;
use crate::world::ids::Entry;

/// A probe whose result is on its way.
#[derive(Clone, Copy, Debug)]
struct Sent {
    number: u32,
    lands: SimTime,
    reply: Reply,
    cause: Entry,
}

/// The balancer's view of one backend, by the book.
#[derive(Clone, Debug)]
pub struct Ticker {
    /// The committed state.
    pub up: bool,
    /// What answer a probe would get now, and the entry that made it so.
    pub reply: Reply,
    /// The cause of the reply.
    pub reply_cause: Entry,
    next: SimTime,
    sent: Vec<Sent>,
    count: u32,
    /// Every result since the committed state last changed or was last confirmed: failures while up, successes while
    /// down, each with the cause of its answer.
    opposing: Vec<Entry>,
    /// When the committed state changed.
    changes: Vec<SimTime>,
    flapping: bool,
}

impl Ticker {
    /// A backend whose first probe goes out at `first`.
    #[must_use]
    pub const fn new(first: SimTime, up: bool, reply: Reply, cause: Entry, count: u32) -> Self {
        Self {
            up,
            reply,
            reply_cause: cause,
            next: first,
            sent: Vec::new(),
            count,
            opposing: Vec::new(),
            changes: Vec::new(),
            flapping: false,
        }
    }

    /// When the next probe goes out, and its number.
    #[must_use]
    pub const fn next(&self) -> (SimTime, u32) {
        (self.next, self.count)
    }

    /// Sends the next probe; returns its number and when its result lands.
    pub fn send(&mut self, cadence: &Cadence) -> (u32, SimTime) {
        let sent = Sent {
            number: self.count,
            lands: self.next + self.reply.after,
            reply: self.reply,
            cause: self.reply_cause,
        };
        self.sent.push(sent);
        self.next += cadence.interval;
        self.count += 1;
        (sent.number, sent.lands)
    }

    /// The result of probe `number` lands, if it lands now.
    pub fn land(&mut self, number: u32, now: SimTime, cadence: &Cadence) -> Option<Flip> {
        let at = self.sent.iter().position(|sent| sent.number == number && sent.lands == now)?;
        let sent = self.sent.remove(at);
        let good = sent.reply.result.is_ok();
        if good == self.up {
            self.opposing.clear();
            return None;
        }
        self.opposing.push(sent.cause);
        let needed = match sent.reply.result {
            Ok(()) if self.flapping => cadence.up + cadence.flap_extra,
            Ok(()) => cadence.up,
            Err(super::ProbeFailure::Refused) => cadence.down_refused,
            Err(super::ProbeFailure::Silent) => cadence.down_silent,
        };
        if self.opposing.len() < needed as usize {
            if cadence.at_once && self.up && self.sent.is_empty() {
                // Under a number of its own: the one that was due later does not go out.
                self.next = now;
                self.count += 1;
            }
            return None;
        }
        let cause = self.opposing[0];
        let held = self.flapping && cadence.flap_extra > 0;
        self.opposing.clear();
        self.up = good;
        self.changes.push(now);
        self.flapping = !good && self.flaps(now, cadence);
        Some(Flip { at: now, result: sent.reply.result, cause, held })
    }

    fn flaps(&self, now: SimTime, cadence: &Cadence) -> bool {
        let recent = self.changes.iter().filter(|&&change| now.since(change) <= cadence.flap_window).count();
        cadence.flap_changes > 0 && recent >= cadence.flap_changes as usize
    }
}
