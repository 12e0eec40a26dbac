//! What one place holds of a target, in closed form (TM-02, TM-05, TM-06, TM-09; AFD-02, AFD-03).
//!
//! As long as all backends behind a target would answer alike, all probes get the same answer, and the one that changes the
//! place's mind is found by counting. Where they would not, each probe meets one of them by chance, and each is an event.
//! A time-out is no longer than the interval, so a result is in before the next probe's.

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
    /// Which results change the opinion.
    pub judge: Judge,
}

/// Which results change the opinion of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judge {
    /// So many failures in a row, or so many good ones.
    InARow {
        /// Failures that degrade.
        down: u32,
        /// Good results that bring back.
        up: u32,
    },
    /// At least `required` of the last `size` are good, or not.
    Window {
        /// How many results count.
        size: u8,
        /// How many of them must be good.
        required: u8,
    },
}

impl Pace {
    /// From a probe that gets this reply to the next.
    #[must_use]
    pub fn period(&self, reply: Reply) -> SimDuration {
        if self.from_result { self.interval + reply.after } else { self.interval }
    }
}

/// The last results, the newest in the lowest bit.
#[derive(Clone, Copy, Debug)]
struct Samples {
    bits: [u64; 4],
    good: u32,
}

impl Samples {
    /// As many as there may be, all alike.
    const fn all(good: bool, size: u8) -> Self {
        Self { bits: [if good { u64::MAX } else { 0 }; 4], good: if good { size as u32 } else { 0 } }
    }

    /// Another result; the oldest of so many is forgotten.
    fn push(&mut self, good: bool, size: u8) {
        let oldest = usize::from(size.saturating_sub(1));
        let forgotten = self.bits[oldest / 64] >> (oldest % 64) & 1;
        let mut carried = u64::from(good);
        for word in &mut self.bits {
            (*word, carried) = (*word << 1 | carried, *word >> 63);
        }
        self.good = self.good + u32::from(good) - forgotten as u32;
    }
}

/// What a place makes of a target.
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

/// One place's view of one target.
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
    samples: Samples,
}

impl Place {
    /// A place whose first probe goes out at `first`. Results of before that are taken to agree with its opinion.
    #[must_use]
    pub const fn new(first: SimTime, opinion: Opinion, reply: Option<Reply>, (pace, cause): (&Pace, Entry)) -> Self {
        let size = if let Judge::Window { size, .. } = pace.judge { size } else { 0 };
        let samples = Samples::all(!matches!(opinion, Opinion::Bad), size);
        Self {
            opinion,
            next: first,
            number: 0,
            reply,
            reply_cause: cause,
            sent: None,
            run: 0,
            run_cause: cause,
            samples,
        }
    }

    /// The number of the probe that goes out now, by chance answered.
    #[must_use]
    pub fn due(&self, now: SimTime) -> Option<u32> {
        (self.reply.is_none() && self.next == now).then_some(self.number)
    }

    /// How many more results like this change the opinion; `None` if they never do.
    fn still(&self, good: bool, pace: &Pace) -> Option<u32> {
        match (self.opinion, good) {
            (Opinion::Good, true) | (Opinion::Bad, false) => return None,
            (Opinion::Good | Opinion::None, false) | (Opinion::Bad | Opinion::None, true) => {}
        }
        match pace.judge {
            // The first good one makes an opinion, however many failures went before.
            Judge::InARow { .. } if good && self.opinion == Opinion::None => Some(1),
            Judge::InARow { up, .. } if good => Some(up.saturating_sub(self.run).max(1)),
            Judge::InARow { down, .. } => Some(down.saturating_sub(self.run).max(1)),
            Judge::Window { size, required } => {
                let mut then = self.samples;
                (1..=u32::from(size)).find(|_| {
                    then.push(good, size);
                    (then.good >= u32::from(required)) == good
                })
            }
        }
    }

    /// Counts results like this.
    fn count(&mut self, good: bool, times: u64, cause: Entry, pace: &Pace) {
        let agrees = matches!((self.opinion, good), (Opinion::Good, true) | (Opinion::Bad, false));
        if agrees {
            self.run = 0;
        } else {
            if self.run == 0 {
                self.run_cause = cause;
            }
            self.run = self.run.saturating_add(u32::try_from(times).unwrap_or(u32::MAX));
        }
        if let Judge::Window { size, .. } = pace.judge {
            for _ in 0..times.min(size.into()) {
                self.samples.push(good, size);
            }
        }
    }

    /// Takes in a result.
    fn apply(&mut self, sent: Sent, pace: &Pace) -> Option<Turn> {
        let good = sent.result.is_ok();
        let decides = self.still(good, pace) == Some(1);
        self.count(good, 1, sent.cause, pace);
        if !decides {
            return None;
        }
        self.run = 0;
        self.opinion = if good { Opinion::Good } else { Opinion::Bad };
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
        let good = reply.result.is_ok();
        let quiet = self.still(good, pace).map_or(due, |still| due.min(u64::from(still - 1)));
        if quiet == 0 {
            return;
        }
        self.count(good, quiet, self.reply_cause, pace);
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
        let more = u64::from(then.still(reply.result.is_ok(), pace)? - 1);
        Some(then.next + pace.period(reply).times(more) + reply.after)
    }

    /// The answer changed; the caller has folded up to this instant.
    pub fn set_reply(&mut self, reply: Option<Reply>, cause: Entry) {
        (self.reply, self.reply_cause) = (reply, cause);
    }
}
