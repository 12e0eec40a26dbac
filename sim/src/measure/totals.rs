//! What becomes of requests at an instant, and what came of them over time.

use super::affinity::Clock;
use super::answers::Answers;

/// What becomes of the requests of an instant, in requests a second. The three parts sum to the demand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    /// What users send.
    pub demand: f64,
    /// Served well.
    pub served: f64,
    /// Not served: no backend, a backend that cannot, or more than it can take.
    pub failed: f64,
    /// Served by code older than users need.
    pub stale: f64,
    /// Of those that failed, what a gateway answered: they sum to it. Nothing where no gateway answers.
    pub answers: Answers,
}

impl Rates {
    /// The share of the requests that is harmed, 0 to 1; 0 without demand.
    #[must_use]
    pub fn harmed_share(&self) -> f64 {
        if self.demand > 0.0 { (self.failed + self.stale) / self.demand } else { 0.0 }
    }
}

/// What came of the requests of an entry point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Requests offered.
    pub offered: f64,
    /// Requests that failed.
    pub failed: f64,
    /// Requests served by code older than users need.
    pub stale: f64,
    /// Of those that failed, what a gateway answered: they sum to it. Nothing where no gateway answers.
    pub answers: Answers,
    /// The largest harmed share.
    pub peak: f64,
    /// Seconds with demand and nothing served.
    pub full_s: f64,
    /// Seconds with a harmed share above the objective.
    pub degraded_s: f64,
    /// The integral of the harmed share over the seconds with demand.
    pub equivalent_s: f64,
    /// Seconds in which demand was more than the ready backends in rotation could serve.
    pub shortfall_s: f64,
    /// Requests that were sent again, of those offered.
    pub retried: f64,
    /// Seconds in which answers came later than clients wait for them.
    pub late_s: f64,
    /// What demand and load made of it, whoever serves.
    pub clock: Clock,
}

impl Totals {
    /// Of two spans of time together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            offered: self.offered + other.offered,
            failed: self.failed + other.failed,
            stale: self.stale + other.stale,
            answers: std::array::from_fn(|kind| self.answers[kind] + other.answers[kind]),
            peak: self.peak.max(other.peak),
            full_s: self.full_s + other.full_s,
            degraded_s: self.degraded_s + other.degraded_s,
            equivalent_s: self.equivalent_s + other.equivalent_s,
            shortfall_s: self.shortfall_s + other.shortfall_s,
            retried: self.retried + other.retried,
            late_s: self.late_s + other.late_s,
            clock: Clock {
                wanted_s: self.clock.wanted_s + other.clock.wanted_s,
                shed_s: self.clock.shed_s + other.clock.shed_s,
            },
        }
    }
}
