//! A probe's view of one backend, in closed form.
//!
//! A backend's answer changes rarely; its probes go out every few seconds. Between two changes of the answer all probes
//! get the same answer, so the probe that will change the balancer's mind is found by counting, not by ticking. The state
//! is what a ticking balancer would hold: when the next probe goes out, the run of results that oppose the committed
//! state, and the result that is still on its way.
//!
//! A result is fixed when the probe is sent and takes effect after its latency. A probe never outlasts its interval
//! (LB-03, LB-04), so at most one result is on its way.

use crate::engine::time::{SimDuration, SimTime};
use crate::world::fact::ProbeFailure;
use crate::world::ids::Entry;

/// What answer a probe gets, and how long after it was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Good, or how it failed.
    pub result: Result<(), ProbeFailure>,
    /// From sending to effect; at most the interval.
    pub after: SimDuration,
}

/// The numbers of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadence {
    /// From one probe to the next.
    pub interval: SimDuration,
    /// Good results in a row that bring a backend up (LB-07).
    pub up: u32,
    /// Refusals in a row that take it down (LB-05).
    pub down_refused: u32,
    /// Silences in a row that take it down (LB-09).
    pub down_silent: u32,
    /// Changes within the window that mark it as flapping (LB-10); 0 if damping is off.
    pub flap_changes: u32,
    /// The window for that.
    pub flap_window: SimDuration,
    /// Further good results that a flapping backend needs.
    pub flap_extra: u32,
    /// A probe that fails while the backend is up is repeated as soon as its result is in (AG-02).
    pub at_once: bool,
}

/// The balancer's view of one backend. One is kept for every backend there ever was, so it is packed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observer {
    /// When the next probe goes out.
    next: SimTime,
    /// When the committed state last changed; [`SimTime::FAR`] if it never did.
    changed: SimTime,
    /// How long before that the change before it was, and so on, in milliseconds; `u32::MAX` if there was none, or if it
    /// was longer: no window of flap damping is as wide.
    before: [u32; FLAP_CHANGES_MAX - 1],
    /// How long answers take since the last change of the answer, and the one on its way.
    after: After,
    sent_after: After,
    /// The entry that changed the answer to the one that the probes get.
    reply_cause: Entry,
    /// The cause of the answer on its way.
    sent_cause: Entry,
    /// The cause of the answer to the first of the run.
    run_cause: Entry,
    /// Results in a row that oppose the committed state.
    run: u32,
    /// The committed state.
    pub up: bool,
    /// The backend flapped when it went down.
    held: bool,
    /// The answer that the probes get since its last change.
    result: Result<(), ProbeFailure>,
    /// The result on its way: the next probe goes out an interval after it did.
    sent: Option<Result<(), ProbeFailure>>,
}

const _: () = assert!(size_of::<Observer>() <= 56);

/// How long an answer takes, in milliseconds. What takes 2³² of them or longer, 49 days, lasts the interval: no other probe
/// does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct After(u32);

impl After {
    fn new(after: SimDuration) -> Self {
        Self(u32::try_from(after.ms()).unwrap_or(u32::MAX))
    }

    const fn time(self, cadence: &Cadence) -> SimDuration {
        if self.0 == u32::MAX { cadence.interval } else { SimDuration::from_ms(self.0 as u64) }
    }
}

/// The largest number of changes that flap damping can look back on.
pub const FLAP_CHANGES_MAX: usize = 4;

/// The balancer changed its mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flip {
    /// When.
    pub at: SimTime,
    /// What the deciding result was: good brings the backend up.
    pub result: Result<(), ProbeFailure>,
    /// The last change of the answer before the run that decided it.
    pub cause: Entry,
    /// The backend flapped, and was held out longer for it (LB-10).
    pub held: bool,
}

impl Observer {
    /// A backend whose first probe goes out at `first`, held down or, in steady state, held as the reply says.
    #[must_use]
    pub fn new(first: SimTime, up: bool, reply: Reply, cause: Entry) -> Self {
        Self {
            next: first,
            changed: SimTime::FAR,
            before: [u32::MAX; FLAP_CHANGES_MAX - 1],
            after: After::new(reply.after),
            sent_after: After(0),
            reply_cause: cause,
            sent_cause: cause,
            run_cause: cause,
            run: 0,
            up,
            held: false,
            result: reply.result,
            sent: None,
        }
    }

    /// Whether this is the answer that the probes get.
    #[must_use]
    pub fn has_reply(&self, reply: Reply) -> bool {
        self.result == reply.result && self.after == After::new(reply.after)
    }

    /// How many results like `result` in a row change the committed state; `None` if they agree with it.
    const fn needed(&self, result: Result<(), ProbeFailure>, cadence: &Cadence) -> Option<u32> {
        match (self.up, result) {
            (true, Ok(())) | (false, Err(_)) => None,
            (true, Err(ProbeFailure::Refused)) => Some(cadence.down_refused),
            (true, Err(ProbeFailure::Silent)) => Some(cadence.down_silent),
            (false, Ok(())) => Some(if self.held { cadence.up + cadence.flap_extra } else { cadence.up }),
        }
    }

    /// Takes in one result that takes effect at `at`. This is the whole state machine; the rest of the file counts.
    fn apply(
        &mut self,
        at: SimTime,
        result: Result<(), ProbeFailure>,
        cause: Entry,
        cadence: &Cadence,
    ) -> Option<Flip> {
        let Some(needed) = self.needed(result, cadence) else {
            self.run = 0;
            return None;
        };
        if self.run == 0 {
            self.run_cause = cause;
        }
        self.run += 1;
        if self.run < needed {
            return None;
        }
        let held = self.held && cadence.flap_extra > 0;
        self.up = !self.up;
        self.run = 0;
        self.before.rotate_right(1);
        let never = self.changed == SimTime::FAR;
        self.before[0] = if never { u32::MAX } else { u32::try_from(at.since(self.changed).ms()).unwrap_or(u32::MAX) };
        self.changed = at;
        self.held = !self.up && self.flaps(cadence);
        Some(Flip { at, result, cause: self.run_cause, held })
    }

    /// Whether the last change is one too many within the window.
    fn flaps(&self, cadence: &Cadence) -> bool {
        let Some(oldest) = (cadence.flap_changes as usize).checked_sub(1) else { return false };
        self.before[..oldest].iter().copied().map(u64::from).sum::<u64>() <= cadence.flap_window.ms()
    }

    /// Whether the next probe goes out now, since the last one failed: the run of failures is not long enough yet.
    const fn repeats(&self, cadence: &Cadence) -> bool {
        cadence.at_once && self.up && self.run > 0
    }

    /// When the result on its way takes effect.
    fn lands(&self, cadence: &Cadence) -> SimTime {
        let sent = SimTime::from_ms(self.next.ms() - cadence.interval.ms());
        sent + self.sent_after.time(cadence)
    }

    /// Brings the state up to `until`, taking in every result that takes effect by then, up to and including the first
    /// that changes the committed state. Probes sent at `until` are counted: they see the answer just before it.
    #[inline]
    pub fn fold(&mut self, until: SimTime, cadence: &Cadence) -> Option<Flip> {
        if self.sent.is_none() && self.next > until { None } else { self.fold_to(until, cadence) }
    }

    fn fold_to(&mut self, until: SimTime, cadence: &Cadence) -> Option<Flip> {
        loop {
            if let Some(result) = self.sent {
                let at = self.lands(cadence);
                if at > until {
                    // At most one result is on its way, so no probe went out since.
                    return None;
                }
                self.sent = None;
                if let Some(flip) = self.apply(at, result, self.sent_cause, cadence) {
                    return Some(flip);
                }
                if self.repeats(cadence) {
                    self.next = at;
                }
            }
            if self.next > until {
                return None;
            }
            self.fold_run(until, cadence);
        }
    }

    /// Takes in the longest run of equal results that changes nothing, and puts the next result on its way.
    fn fold_run(&mut self, until: SimTime, cadence: &Cadence) {
        let interval = cadence.interval.ms();
        let sent = until.since(self.next).ms() / interval + 1;
        // All but the last have taken effect before the next was sent.
        let quiet = match self.needed(self.result, cadence) {
            None => sent - 1,
            Some(_) if self.up && cadence.at_once => 0,
            Some(needed) => (sent - 1).min(u64::from(needed.saturating_sub(self.run + 1))),
        };
        if quiet > 0 {
            if self.needed(self.result, cadence).is_some() {
                if self.run == 0 {
                    self.run_cause = self.reply_cause;
                }
                self.run += u32::try_from(quiet).expect("a run is shorter than its threshold");
            } else {
                self.run = 0;
            }
            self.next += cadence.interval.times(quiet);
        }
        // The probe that is due now goes out: its result is fixed and on its way.
        (self.sent, self.sent_after, self.sent_cause) = (Some(self.result), self.after, self.reply_cause);
        self.next += cadence.interval;
    }

    /// When the committed state will change, if the answer stays as it is; `None` if it will not.
    #[must_use]
    pub fn forecast(&self, cadence: &Cadence) -> Option<SimTime> {
        let Some(result) = self.sent else { return self.ahead(cadence) };
        let mut then = Self { sent: None, ..*self };
        let lands = self.lands(cadence);
        if let Some(flip) = then.apply(lands, result, self.sent_cause, cadence) {
            return Some(flip.at);
        }
        if then.repeats(cadence) {
            then.next = lands;
        }
        then.ahead(cadence)
    }

    /// The same, where no result is on its way.
    fn ahead(&self, cadence: &Cadence) -> Option<SimTime> {
        let needed = self.needed(self.result, cadence)?;
        let more = u64::from(needed.saturating_sub(self.run + 1));
        let after = self.after.time(cadence);
        let apart = if self.up && cadence.at_once { after } else { cadence.interval };
        Some(self.next + apart.times(more) + after)
    }

    /// The answer changed; the caller has folded up to this instant.
    pub fn set_reply(&mut self, reply: Reply, cause: Entry) {
        (self.result, self.after, self.reply_cause) = (reply.result, After::new(reply.after), cause);
    }
}
