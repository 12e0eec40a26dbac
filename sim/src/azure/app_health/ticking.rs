//! The ticking extension: sends every probe. It follows the published state machines step by step, the oracle that the
//! counting of [`super::observer`] must agree with entry for entry, and shares nothing with it but the numbers.

use super::observer::{Cadence, Commit, How, Reply, States};
use crate::engine::time::{SimDuration, SimTime};
use crate::world::fact::Health;
use crate::world::ids::Entry;

/// What the loop of the extension waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Waits {
    /// The next tick.
    Tick,
    /// The end of the probe that went out at this instant.
    End { sent: SimTime, reply: Reply, cause: Entry },
}

/// The extension's view of its application, by the book.
#[derive(Clone, Debug)]
pub struct Ticker {
    /// The committed state, if there is one.
    pub committed: Option<Health>,
    /// What answer a probe would get now, and the entry that made it so.
    pub reply: Reply,
    /// The cause of the reply.
    pub reply_cause: Entry,
    waits: Waits,
    due: SimTime,
    prev: Option<Health>,
    run: u32,
    grace: bool,
    t0: SimTime,
    started: Entry,
    /// The causes of the answers to the probes since the result was last another.
    streak: Vec<Entry>,
    /// How many results there were.
    results: usize,
}

impl Ticker {
    /// An extension that starts at `start` and sends its first probe at `first`.
    #[must_use]
    pub fn new(start: SimTime, first: SimTime, reply: Reply, cause: Entry, cadence: &Cadence) -> Self {
        Self {
            committed: None,
            reply,
            reply_cause: cause,
            waits: Waits::Tick,
            due: first,
            prev: None,
            run: 0,
            grace: matches!(cadence.states, States::Rich { grace: Some(_), .. }),
            t0: start,
            started: cause,
            streak: Vec::new(),
            results: 0,
        }
    }

    /// An extension in steady state.
    #[must_use]
    pub const fn steady(first: SimTime, reply: Reply, cause: Entry) -> Self {
        Self {
            committed: Some(reply.result),
            reply,
            reply_cause: cause,
            waits: Waits::Tick,
            due: first,
            prev: Some(reply.result),
            run: 0,
            grace: false,
            t0: SimTime::ZERO,
            started: cause,
            streak: Vec::new(),
            results: 0,
        }
    }

    /// When something is due next.
    #[must_use]
    pub const fn due(&self) -> SimTime {
        self.due
    }

    /// Goes on after a freeze: everything it waits for comes as much later, and its clock was stopped.
    pub fn pause(&mut self, length: SimDuration) {
        self.due += length;
        self.t0 += length;
        if let Waits::End { sent, .. } = &mut self.waits {
            *sent += length;
        }
    }

    /// Does what is due now, a tick or the end of a probe.
    pub fn step(&mut self, cadence: &Cadence) -> Option<Commit> {
        let now = self.due;
        match self.waits {
            Waits::Tick => {
                self.waits = Waits::End { sent: now, reply: self.reply, cause: self.reply_cause };
                self.due = now + self.reply.after;
                None
            }
            Waits::End { sent, reply, cause } => {
                self.waits = Waits::Tick;
                self.due = now.max(sent + cadence.interval);
                self.results += 1;
                if self.prev != Some(reply.result) {
                    self.streak.clear();
                }
                self.streak.push(cause);
                match cadence.states {
                    States::Binary { .. } => self.binary(now, reply, cadence),
                    States::Rich { .. } => self.rich(sent, now, reply, cadence),
                }
            }
        }
    }

    /// One pass of version 1.
    fn binary(&mut self, now: SimTime, reply: Reply, cadence: &Cadence) -> Option<Commit> {
        let States::Binary { trusts_first_healthy, shows_first_unhealthy } = cadence.states else { return None };
        let s = reply.result;
        self.prev = Some(s);
        let Some(committed) = self.committed else {
            let enough = self.streak.len() >= cadence.first as usize;
            let commits =
                if s == Health::Healthy { trusts_first_healthy || enough } else { shows_first_unhealthy && enough };
            return commits.then(|| self.commit(now, s, reply, self.settled(), self.streak[0]));
        };
        let opposite = s != committed && self.streak.len() >= cadence.steady as usize;
        opposite.then(|| self.commit(now, s, reply, How::Changed { from: committed }, self.streak[0]))
    }

    /// One pass of version 2: the reference machine, line for line.
    fn rich(&mut self, sent: SimTime, now: SimTime, reply: Reply, cadence: &Cadence) -> Option<Commit> {
        let States::Rich { grace, fallback, leaves_by_fallback, blind_expiry, checked_at_end } = cadence.states else {
            return None;
        };
        let mut s = reply.result;
        let n = if self.grace || self.committed.is_none() { cadence.first } else { cadence.steady };
        let before = self.committed;
        self.run = if Some(s) == self.prev { self.run + 1 } else { 1 };
        self.prev = Some(s);
        let mut how = before.map_or(self.settled(), |from| How::Changed { from });
        let mut cause = self.streak[0];
        if self.grace {
            let clock = if checked_at_end { now } else { sent };
            if clock.since(self.t0) >= grace.expect("a grace period that is on has a length") {
                self.grace = false;
                how = How::Expired { full: self.streak.len() >= n as usize };
                cause = self.started;
                if blind_expiry {
                    s = fallback;
                    self.prev = Some(s);
                    self.run = 1;
                }
                self.committed = None;
            } else if self.run == n && (s != fallback || leaves_by_fallback) {
                self.grace = false;
                how = self.settled();
            } else {
                s = Health::Initializing;
                how = How::Began;
                cause = self.started;
            }
        }
        if self.run == n || self.committed.is_none() {
            self.committed = Some(s);
        }
        if self.run >= n {
            self.run = 0;
        }
        (self.committed != before).then(|| self.commit(now, s, reply, how, cause))
    }

    fn settled(&self) -> How {
        How::Settled { at_once: self.streak.len() == self.results }
    }

    fn commit(&mut self, at: SimTime, to: Health, reply: Reply, how: How, cause: Entry) -> Commit {
        self.committed = Some(to);
        Commit { at, to, reply, how, cause }
    }
}
