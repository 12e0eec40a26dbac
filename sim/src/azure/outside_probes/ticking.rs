//! A place that sends every probe. It is slow and plain on purpose, the oracle that the counting of [`super::place`] must agree
//! with entry for entry, and shares nothing with it but the numbers.

use super::place::{Judge, Opinion, Pace, Turn};
use crate::azure::load_balancer::observer::Reply;
use crate::engine::time::SimTime;
use crate::world::ids::Entry;

/// One place's view of one target, by the book.
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
    /// Every result that there was, as good or not.
    results: Vec<bool>,
}

impl Ticker {
    /// A place that has sent nothing.
    #[must_use]
    pub fn new(opinion: Opinion, cause: Entry) -> Self {
        // What was before is as many results as any window holds, that agree with what the place holds.
        let results = vec![opinion != Opinion::Bad; u8::MAX.into()];
        Self { opinion, cause, sent: Vec::new(), against: Vec::new(), results }
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
        self.results.push(good);
        if self.opinion == agrees {
            self.against.clear();
            return None;
        }
        self.against.push(cause);
        let in_a_row = self.against.len();
        let decided = match pace.judge {
            Judge::InARow { .. } if good && self.opinion == Opinion::None => true,
            Judge::InARow { up, .. } if good => in_a_row >= up as usize,
            Judge::InARow { down, .. } => in_a_row >= down as usize,
            Judge::Window { size, required } => {
                let last = self.results.iter().rev().take(size.into());
                (last.filter(|result| **result).count() >= required.into()) == good
            }
        };
        if !decided {
            return None;
        }
        let cause = self.against[0];
        self.against.clear();
        self.opinion = agrees;
        Some(Turn { at: now, to: agrees, failure: reply.result.err(), cause })
    }
}
