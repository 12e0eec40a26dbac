//! A place that sends every probe. It is slow and plain on purpose, the oracle that the counting of [`super::place`] must agree
//! with entry for entry, and shares nothing with it but the numbers.

use super::place::{Opinion, Pace, Turn};
use crate::azure::load_balancer::observer::Reply;
use crate::engine::time::SimTime;
use crate::world::ids::Entry;

/// One place's view of one endpoint, by the book.
#[derive(Clone, Debug)]
pub struct Ticker {
    /// What it holds.
    pub opinion: Opinion,
    /// The entry that made the answers what they are.
    pub cause: Entry,
    /// Every probe that was sent: when its result lands, and what it is.
    sent: Vec<(SimTime, Reply, Entry)>,
    /// The causes of the results in a row that speak against the opinion.
    against: Vec<Entry>,
}

impl Ticker {
    /// A place that has sent nothing.
    #[must_use]
    pub const fn new(opinion: Opinion, cause: Entry) -> Self {
        Self { opinion, cause, sent: Vec::new(), against: Vec::new() }
    }

    /// A probe is sent now and gets this reply; returns when it lands and when the next one goes out.
    pub fn send(&mut self, now: SimTime, reply: Reply, pace: &Pace) -> (SimTime, SimTime) {
        let lands = now + reply.after;
        self.sent.push((lands, reply, self.cause));
        (lands, if pace.from_result { lands } else { now } + pace.interval)
    }

    /// The result that lands now, if there is one.
    pub fn land(&mut self, now: SimTime, pace: &Pace) -> Option<Turn> {
        let at = self.sent.iter().position(|(lands, ..)| *lands == now)?;
        let (_, reply, cause) = self.sent.remove(at);
        let good = reply.result.is_ok();
        let agrees = if good { Opinion::Good } else { Opinion::Bad };
        if self.opinion == agrees {
            self.against.clear();
            return None;
        }
        self.against.push(cause);
        let needed = match (self.opinion, good) {
            (Opinion::None, true) => 1,
            (_, true) => pace.up,
            (_, false) => pace.down,
        };
        if self.against.len() < needed as usize {
            return None;
        }
        let cause = self.against[0];
        self.against.clear();
        self.opinion = agrees;
        Some(Turn { at: now, to: agrees, failure: reply.result.err(), cause })
    }
}
