//! What an application gateway answers where a request fails (AG-10, AG-11).
//!
//! Without a backend it answers 502, and so it does where nobody takes the connection. Where a backend takes it and does not answer in
//! time, v1 answers 502, and v2 504. An error that a backend answers itself is passed on; what a backend sheds because it has more than it
//! takes is such an error. Of a request that v2 tries a second time the second try decides. While a rule changes, for a moment, the gateway
//! is taken to have no backend.

use super::backends::Backend;
use crate::plan::{EntryPoint, Plan, Tier};
use crate::rules;
use crate::world::fact::Service;
use std::collections::BTreeSet;

/// What users get where a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// 502: there is no backend, or none takes the connection; of v1 also that it did not answer in time.
    BadGateway = 0,
    /// 504: it did not answer in time.
    TimedOut = 1,
    /// An error that the backend answered.
    PassedOn = 2,
}

/// Of failed requests those of each kind, by [`Answered`]: shares, rates or counts.
pub type Answers = [f64; 3];

/// The same over time, each in the terms of [`super::entry_point::Shares`].
pub(super) type Terms = [[f64; 3]; 3];

/// No request fails.
pub(super) const NONE: Terms = [[0.0; 3]; 3];

/// Why a backend does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// Nobody takes the connection.
    Refuses = 0,
    /// It takes the connection, and does not answer in time.
    Waits = 1,
    /// It answers with an error.
    Errs = 2,
}

/// What is known of the backends of an entry point of a gateway that do not serve.
#[derive(Clone, Debug, Default)]
pub(super) struct Troubles {
    /// What the gateway answers where a backend does not: 504.
    is_timeout: bool,
    /// Those that answer later than the gateway waits.
    pub(super) late: BTreeSet<usize>,
    /// Those that take a connection and answer nothing.
    pub(super) silent: BTreeSet<usize>,
    /// Those that answer requests with errors, which a gateway does not try again.
    pub(super) errs: BTreeSet<usize>,
}

impl Troubles {
    pub(super) fn new(plan: &Plan, entry: &EntryPoint) -> Self {
        let is_timeout = entry.gateway.is_some_and(|part| part.tier == Tier::V2) && plan.rules.on(rules::AG_10);
        Self { is_timeout, ..Self::default() }
    }

    /// What users get from one that does not serve.
    pub(super) fn answer(&self, index: usize) -> Answered {
        self.answer_to(self.why(index))
    }

    fn why(&self, index: usize) -> Why {
        match () {
            () if self.errs.contains(&index) => Why::Errs,
            () if self.late.contains(&index) || self.silent.contains(&index) => Why::Waits,
            () => Why::Refuses,
        }
    }

    /// What users get where a request gets no answer in time.
    pub(super) const fn of_waiting(&self) -> Answered {
        if self.is_timeout { Answered::TimedOut } else { Answered::BadGateway }
    }

    const fn answer_to(&self, why: Why) -> Answered {
        match why {
            Why::Refuses => Answered::BadGateway,
            Why::Waits => self.of_waiting(),
            Why::Errs => Answered::PassedOn,
        }
    }

    fn by_answer(&self, of: [f64; 3]) -> Answers {
        let mut answers = [0.0; 3];
        for why in [Why::Refuses, Why::Waits, Why::Errs] {
            answers[self.answer_to(why) as usize] += of[why as usize];
        }
        answers
    }

    /// How many backends that take requests do not serve, and why.
    fn count(&self, backends: &[Backend]) -> [f64; 3] {
        let mut count = [0.0; 3];
        for (index, backend) in backends.iter().enumerate() {
            if backend.taking && backend.service == Service::Cannot {
                count[self.why(index) as usize] += 1.0;
            }
        }
        count
    }

    /// What users get of requests that are spread evenly over so many backends; where `again`, one that got no answer at all is sent to
    /// another one once.
    pub(super) fn spread(&self, backends: &[Backend], e: f64, again: bool) -> Answers {
        if e == 0.0 {
            return [1.0, 0.0, 0.0];
        }
        let [refuse, wait, err] = self.count(backends);
        if !again || e <= 1.0 {
            return self.by_answer([refuse / e, wait / e, err / e]);
        }
        let (unanswered, others) = (refuse + wait, e - 1.0);
        let second = |of: f64| of / e * (unanswered - 1.0).max(0.0) / others;
        self.by_answer([second(refuse), second(wait), err / e + unanswered / e * err / others])
    }

    /// What users get who are sent to another backend than this one, which did not answer: to one of so many others.
    pub(super) fn elsewhere(&self, backends: &[Backend], index: usize, others: f64) -> Answers {
        let mut count = self.count(backends);
        if backends[index].taking {
            count[self.why(index) as usize] -= 1.0;
        }
        self.by_answer(count.map(|of| of / others))
    }
}
