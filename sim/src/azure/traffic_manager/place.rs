//! What one place holds of an endpoint, in closed form (TM-02, TM-05, TM-06, TM-09).
//!
//! As long as all backends behind an endpoint would answer alike, all probes get the same answer, and the one that changes the
//! place's mind is found by counting. Where they would not, each probe meets one of them by chance, and each is an event.
//! A time-out is shorter than the interval, so a result is in before the next probe goes out.

use crate::azure::load_balancer::observer::Reply;
use crate::engine::time::{SimDuration, SimTime};
use crate::world::fact::ProbeFailure;
use crate::world::ids::Entry;

/// The numbers by which a place judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From one probe to the next.
    pub interval: SimDuration,
    /// The next probe goes out an interval after the last one was answered or timed out, and not after it was sent.
    pub from_result: bool,
    /// Failures in a row that degrade.
    pub down: u32,
    /// Good results in a row that bring back.
    pub up: u32,
}

impl Pace {
    /// From a probe that gets this reply to the next.
    #[must_use]
    pub fn period(&self, reply: Reply) -> SimDuration {
        if self.from_result { self.interval + reply.after } else { self.interval }
    }
}

/// What a place makes of an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opinion {
    /// Nothing yet.
    #[default]
    None,
    /// It answers.
    Good,
    /// It does not.
    Bad,
}

/// A place changed its mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: SimTime,
    /// What it thinks now.
    pub to: Opinion,
    /// How the last probe failed, if it did.
    pub failure: Option<ProbeFailure>,
    /// The change of the answer before the run that decided it.
    pub cause: Entry,
}

/// A result on its way.
#[derive(Clone, Copy, Debug)]
struct Sent {
    lands: SimTime,
    result: Result<(), ProbeFailure>,
    cause: Entry,
}

/// One place's view of one endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// What it holds.
    pub opinion: Opinion,
    next: SimTime,
    number: u32,
    /// `None` where each probe is answered by chance.
    reply: Option<Reply>,
    reply_cause: Entry,
    sent: Option<Sent>,
    run: u32,
    run_cause: Entry,
}

impl Place {
    /// A place whose first probe goes out at `first`.
    #[must_use]
    pub const fn new(first: SimTime, opinion: Opinion, reply: Option<Reply>, cause: Entry) -> Self {
        Self { opinion, next: first, number: 0, reply, reply_cause: cause, sent: None, run: 0, run_cause: cause }
    }

    /// The number of the probe that goes out now, by chance answered.
    #[must_use]
    pub fn due(&self, now: SimTime) -> Option<u32> {
        (self.reply.is_none() && self.next == now).then_some(self.number)
    }

    /// How many results like this in a row change the opinion; `None` if they agree with it.
    const fn needed(&self, result: Result<(), ProbeFailure>, pace: &Pace) -> Option<u32> {
        match (self.opinion, result) {
            (Opinion::Good, Ok(())) | (Opinion::Bad, Err(_)) => None,
            (Opinion::Good | Opinion::None, Err(_)) => Some(pace.down),
            (Opinion::Bad, Ok(())) => Some(pace.up),
            // The first good one makes an opinion, however many failures went before.
            (Opinion::None, Ok(())) => Some(1),
        }
    }

    /// Takes in a result.
    fn apply(&mut self, sent: Sent, pace: &Pace) -> Option<Turn> {
        let Some(needed) = self.needed(sent.result, pace) else {
            self.run = 0;
            return None;
        };
        if self.run == 0 {
            self.run_cause = sent.cause;
        }
        self.run += 1;
        if self.run < needed {
            return None;
        }
        self.run = 0;
        self.opinion = if sent.result.is_ok() { Opinion::Good } else { Opinion::Bad };
        Some(Turn { at: sent.lands, to: self.opinion, failure: sent.result.err(), cause: self.run_cause })
    }

    /// Takes in every result that takes effect by `until`, up to the first that changes the opinion. A probe sent at `until` gets
    /// the answer of just before.
    pub fn fold(&mut self, until: SimTime, pace: &Pace) -> Option<Turn> {
        loop {
            if let Some(sent) = self.sent {
                if sent.lands > until {
                    return None;
                }
                self.sent = None;
                if let Some(turn) = self.apply(sent, pace) {
                    return Some(turn);
                }
            }
            let reply = self.reply?;
            if self.next > until {
                return None;
            }
            self.skip(reply, until, pace);
            self.send(reply, pace);
        }
    }

    /// Takes in the probes that change nothing, all but the last of those that go out by `until`.
    fn skip(&mut self, reply: Reply, until: SimTime, pace: &Pace) {
        let period = pace.period(reply);
        let due = until.since(self.next).ms() / period.ms();
        let quiet = match self.needed(reply.result, pace) {
            None => due,
            Some(needed) => due.min(u64::from(needed.saturating_sub(self.run + 1))),
        };
        if quiet == 0 {
            return;
        }
        if self.needed(reply.result, pace).is_some() {
            if self.run == 0 {
                self.run_cause = self.reply_cause;
            }
            self.run += u32::try_from(quiet).expect("a run is shorter than its threshold");
        } else {
            self.run = 0;
        }
        self.number = self.number.wrapping_add(quiet as u32);
        self.next += period.times(quiet);
    }

    /// The next probe goes out and gets this reply.
    pub fn send(&mut self, reply: Reply, pace: &Pace) {
        self.sent = Some(Sent { lands: self.next + reply.after, result: reply.result, cause: self.reply_cause });
        self.next += pace.period(reply);
        self.number = self.number.wrapping_add(1);
    }

    /// When this place is to be looked at again: when it will change its mind if the answers stay as they are, or when it sends a
    /// probe that is answered by chance.
    #[must_use]
    pub fn forecast(&self, pace: &Pace) -> Option<SimTime> {
        let mut then = *self;
        if let Some(sent) = then.sent.take()
            && let Some(turn) = then.apply(sent, pace)
        {
            return Some(turn.at);
        }
        let Some(reply) = then.reply else { return Some(then.next) };
        let needed = then.needed(reply.result, pace)?;
        let more = u64::from(needed.saturating_sub(then.run + 1));
        Some(then.next + pace.period(reply).times(more) + reply.after)
    }

    /// The answer changed; the caller has folded up to this instant.
    pub fn set_reply(&mut self, reply: Option<Reply>, cause: Entry) {
        (self.reply, self.reply_cause) = (reply, cause);
    }
}
