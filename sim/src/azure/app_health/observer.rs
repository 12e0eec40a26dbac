//! The health extension's view of its application, in closed form.
//!
//! The application's answer changes rarely; probes go out every few seconds, one after another. Between two changes of
//! the answer all probes get the same, so the probe that will change the extension's mind is found by counting, not
//! by ticking. The state is what a ticking extension would hold: when the next probe goes out, the last result and how
//! often it has come in a row, the committed state, the end of the grace period, and the result on its way.
//!
//! A probe is sent when the one before has ended and the interval is over (HD-13), so a slow answer shifts the phase of
//! all that follow. Its result is fixed when it is sent and takes effect when it ends. Instants are those of the guest's
//! own clock, which is paused during a freeze.

use crate::engine::time::{SimDuration, SimTime};
use crate::rules::RuleId;
use crate::world::fact::Health;
use crate::world::ids::Entry;

/// What answer a probe gets, and how long after it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What the extension makes of the answer: Healthy, Unhealthy or Unknown.
    pub result: Health,
    /// From sending to effect; at most the timeout.
    pub after: SimDuration,
    /// The rule by which the answer is read so.
    pub rule: RuleId,
}

/// The numbers of an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// The least time from one probe to the next.
    pub interval: SimDuration,
    /// Equal results in a row that make up its mind for the first time.
    pub first: u32,
    /// Equal results in a row that change its mind later.
    pub steady: u32,
    /// Which states it knows.
    pub states: States,
}

/// The two state machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum States {
    /// Version 1.
    Binary {
        /// A first Healthy needs no second (HD-15).
        trusts_first_healthy: bool,
        /// A first Unhealthy is shown (HD-17).
        shows_first_unhealthy: bool,
    },
    /// Version 2.
    Rich {
        /// How long Initializing can last; `None` if there is no such state.
        grace: Option<SimDuration>,
        /// What it ends in then.
        fallback: Health,
        /// A run of the fallback state ends it too.
        leaves_by_fallback: bool,
        /// At its end the fallback is committed, whatever answer that very probe got (HD-27).
        blind_expiry: bool,
        /// Its end is seen when a probe ends, and not when one is sent (HD-28).
        checked_at_end: bool,
    },
}

/// How the extension came to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It began, and has not made up its mind.
    Began,
    /// It made up its mind for the first time.
    Settled {
        /// No result since its start was another.
        at_once: bool,
    },
    /// The grace period ended.
    Expired {
        /// The run of results would have been long enough.
        full: bool,
    },
    /// It changed its mind.
    Changed {
        /// What the state was.
        from: Health,
    },
}

/// The extension committed a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commit {
    /// When, by the guest's clock.
    pub at: SimTime,
    /// The state.
    pub to: Health,
    /// The answer that the deciding probe got.
    pub reply: Reply,
    /// How.
    pub how: How,
    /// The last change of the answer before the run that decided it; for what begins or ends with the grace period, the
    /// start of the extension.
    pub cause: Entry,
}

/// A result on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sent {
    at: SimTime,
    reply: Reply,
    cause: Entry,
}

/// A reply, packed: probes wait 30 s at most, or 2³² ms in a world that knows no such limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PackedReply {
    after_ms: u32,
    rule: RuleId,
    result: Health,
}

impl PackedReply {
    fn new(Reply { result, after, rule }: Reply) -> Self {
        Self { after_ms: u32::try_from(after.ms()).expect("a probe ends within 49 days"), rule, result }
    }

    const fn after(self) -> SimDuration {
        SimDuration::from_ms(self.after_ms as u64)
    }

    const fn reply(self) -> Reply {
        Reply { result: self.result, after: self.after(), rule: self.rule }
    }

    /// From one probe to the next, if both get this answer (HD-13).
    fn period(self, cadence: &Cadence) -> SimDuration {
        cadence.interval.max(self.after())
    }
}

/// The extension's view of its application. One is kept for every instance there ever was, so it is packed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observer {
    /// When the next probe goes out, if the one on its way has ended by then.
    next: SimTime,
    /// When the grace period ends, while it lasts.
    grace_ends: Option<SimTime>,
    /// The answer that probes get since its last change.
    answer: PackedReply,
    /// The answer that the probe on its way got: it went out a period before the next.
    sent: Option<PackedReply>,
    /// The entry that changed the answer to the one that probes get.
    answer_cause: Entry,
    /// The cause of the answer on its way.
    sent_cause: Entry,
    /// The cause of the answer to the first of the run.
    run_cause: Entry,
    /// The entry that started the extension.
    started: Entry,
    /// How often the last result has come in a row; counted no further than to the number that decides.
    run: u32,
    /// The committed state, if there is one.
    pub committed: Option<Health>,
    /// The last result.
    last: Option<Health>,
    /// No result since the start was another than the first.
    constant: bool,
}

const _: () = assert!(size_of::<Observer>() <= 56);

impl Observer {
    /// An extension that starts at `start` and sends its first probe at `first`.
    #[must_use]
    pub fn new(start: SimTime, first: SimTime, reply: Reply, cause: Entry, cadence: &Cadence) -> Self {
        let grace = match cadence.states {
            States::Binary { .. } => None,
            States::Rich { grace, .. } => grace,
        };
        Self {
            committed: None,
            answer: PackedReply::new(reply),
            answer_cause: cause,
            next: first,
            sent: None,
            sent_cause: cause,
            last: None,
            run: 0,
            run_cause: cause,
            constant: true,
            grace_ends: grace.map(|grace| start + grace),
            started: cause,
        }
    }

    /// An extension in steady state: its mind made up as the answer deserves, the grace period long over.
    #[must_use]
    pub fn steady(first: SimTime, reply: Reply, cause: Entry) -> Self {
        Self {
            committed: Some(reply.result),
            answer: PackedReply::new(reply),
            answer_cause: cause,
            next: first,
            sent: None,
            sent_cause: cause,
            last: Some(reply.result),
            run: u32::MAX,
            run_cause: cause,
            constant: false,
            grace_ends: None,
            started: cause,
        }
    }

    /// How many results like the last one decide, as things stand.
    const fn needed(&self, cadence: &Cadence) -> u32 {
        if self.grace_ends.is_some() || self.committed.is_none() { cadence.first } else { cadence.steady }
    }

    /// Takes in one result. This is the whole state machine; the rest of the file counts.
    fn apply(&mut self, sent: Sent, cadence: &Cadence) -> Option<Commit> {
        let result = sent.reply.result;
        if self.last == Some(result) {
            self.run = self.run.saturating_add(1);
        } else {
            self.constant = self.last.is_none();
            (self.last, self.run, self.run_cause) = (Some(result), 1, sent.cause);
        }
        let full = self.run >= self.needed(cadence);
        let (to, how, cause) = match cadence.states {
            States::Binary { trusts_first_healthy, shows_first_unhealthy } => {
                let decided = match (self.committed, result) {
                    (None, Health::Healthy) => trusts_first_healthy || full,
                    (None, _) => shows_first_unhealthy && full,
                    (Some(_), _) => full,
                };
                decided.then_some((result, self.how(), self.run_cause))?
            }
            States::Rich { .. } if self.grace_ends.is_some() => self.within_grace(sent, full, cadence)?,
            States::Rich { .. } => {
                (full || self.committed.is_none()).then_some((result, self.how(), self.run_cause))?
            }
        };
        if self.committed.replace(to) == Some(to) {
            return None;
        }
        Some(Commit { at: sent.at, to, reply: sent.reply, how, cause })
    }

    fn how(&self) -> How {
        self.committed.map_or(How::Settled { at_once: self.constant }, |from| How::Changed { from })
    }

    /// The same while Initializing lasts: what is committed, if anything is.
    fn within_grace(&mut self, sent: Sent, full: bool, cadence: &Cadence) -> Option<(Health, How, Entry)> {
        let States::Rich { fallback, leaves_by_fallback, blind_expiry, .. } = cadence.states else {
            unreachable!("binary states know no grace period")
        };
        let result = sent.reply.result;
        if self.expired(&sent, cadence) {
            self.grace_ends = None;
            let to = if blind_expiry { fallback } else { result };
            if to != result {
                // The result of this very probe is forgotten.
                (self.last, self.run) = (Some(to), 1);
            }
            return Some((to, How::Expired { full }, self.started));
        }
        if full && (result != fallback || leaves_by_fallback) {
            self.grace_ends = None;
            return Some((result, How::Settled { at_once: self.constant }, self.run_cause));
        }
        self.committed.is_none().then_some((Health::Initializing, How::Began, self.started))
    }

    /// Whether the end of the grace period is seen at this probe.
    fn expired(&self, sent: &Sent, cadence: &Cadence) -> bool {
        let seen = SimTime::from_ms(sent.at.ms() - unseen(sent.reply, cadence).ms());
        self.grace_ends.is_some_and(|end| seen >= end)
    }

    /// At which result from now on, counted from 1 and all like the reply, the state may change; `None` if it will not.
    fn decides(&self, cadence: &Cadence) -> Option<u64> {
        let result = self.answer.result;
        let run = if self.last == Some(result) { self.run } else { 0 };
        let full = u64::from(self.needed(cadence).saturating_sub(run).max(1));
        let Some(end) = self.grace_ends else {
            return match (self.committed, cadence.states) {
                (Some(state), _) => (state != result).then_some(full),
                (None, States::Rich { .. }) => Some(1),
                (None, States::Binary { trusts_first_healthy, .. }) if result == Health::Healthy => {
                    Some(if trusts_first_healthy { 1 } else { full })
                }
                (None, States::Binary { shows_first_unhealthy, .. }) => shows_first_unhealthy.then_some(full),
            };
        };
        if self.committed.is_none() {
            return Some(1);
        }
        let States::Rich { fallback, leaves_by_fallback, .. } = cadence.states else {
            unreachable!("binary states know no grace period")
        };
        let seen = self.next + self.answer.after().less(unseen(self.answer.reply(), cadence));
        let expires = end.since(seen).ms().div_ceil(self.answer.period(cadence).ms()) + 1;
        let leaves = result != fallback || leaves_by_fallback;
        Some(if leaves { full.min(expires) } else { expires })
    }

    /// The result on its way.
    fn on_its_way(&self, cadence: &Cadence) -> Option<Sent> {
        let answer = self.sent?;
        let sent = SimTime::from_ms(self.next.ms() - answer.period(cadence).ms());
        Some(Sent { at: sent + answer.after(), reply: answer.reply(), cause: self.sent_cause })
    }

    /// Whether this is the answer that probes get.
    #[must_use]
    pub fn has_reply(&self, reply: Reply) -> bool {
        self.answer.reply() == reply
    }

    /// Brings the state up to `until`, taking in every result that takes effect by then, up to and including the first
    /// that changes the committed state. Probes sent at `until` are counted: they see the answer just before it.
    #[inline]
    pub fn fold(&mut self, until: SimTime, cadence: &Cadence) -> Option<Commit> {
        if self.sent.is_none() && self.next > until { None } else { self.fold_to(until, cadence) }
    }

    fn fold_to(&mut self, until: SimTime, cadence: &Cadence) -> Option<Commit> {
        loop {
            if let Some(sent) = self.on_its_way(cadence) {
                if sent.at > until {
                    return None;
                }
                self.sent = None;
                if let Some(commit) = self.apply(sent, cadence) {
                    return Some(commit);
                }
            }
            if self.next > until {
                return None;
            }
            self.fold_run(until, cadence);
        }
    }

    /// Takes in the longest run of equal results that changes nothing, and sends the next probe.
    fn fold_run(&mut self, until: SimTime, cadence: &Cadence) {
        let period = self.answer.period(cadence);
        // All but the last have ended when the next is sent.
        let ended = until.since(self.next).ms() / period.ms();
        let quiet = self.decides(cadence).map_or(ended, |decides| ended.min(decides - 1));
        if quiet > 0 {
            let more = u32::try_from(quiet).unwrap_or(u32::MAX);
            if self.last == Some(self.answer.result) {
                self.run = self.run.saturating_add(more);
            } else {
                self.constant = self.last.is_none();
                (self.last, self.run, self.run_cause) = (Some(self.answer.result), more, self.answer_cause);
            }
            self.next += period.times(quiet);
        }
        (self.sent, self.sent_cause) = (Some(self.answer), self.answer_cause);
        self.next += period;
    }

    /// When the committed state will change, if the answer stays as it is; `None` if it will not.
    #[must_use]
    pub fn forecast(&self, cadence: &Cadence) -> Option<SimTime> {
        let Some(sent) = self.on_its_way(cadence) else { return self.ahead(cadence) };
        let mut then = Self { sent: None, ..*self };
        match then.apply(sent, cadence) {
            Some(commit) => Some(commit.at),
            None => then.ahead(cadence),
        }
    }

    /// The same, where no result is on its way.
    fn ahead(&self, cadence: &Cadence) -> Option<SimTime> {
        let more = self.decides(cadence)? - 1;
        Some(self.next + self.answer.period(cadence).times(more) + self.answer.after())
    }

    /// The answer changed; the caller has folded up to this instant.
    pub fn set_reply(&mut self, reply: Reply, cause: Entry) {
        (self.answer, self.answer_cause) = (PackedReply::new(reply), cause);
    }
}

/// How long before the end of a probe the clock of the grace period is looked at.
const fn unseen(reply: Reply, cadence: &Cadence) -> SimDuration {
    match cadence.states {
        States::Rich { checked_at_end: false, .. } => reply.after,
        States::Rich { .. } | States::Binary { .. } => SimDuration::ZERO,
    }
}
