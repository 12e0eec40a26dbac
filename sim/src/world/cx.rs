//! The context of a handler: the clock, the queue, the randomness, and the way to record what happened.

use super::event::Event;
use super::fact::{Fact, Record};
use super::ids::Entry;
use super::routes::has_onlookers;
use super::wake::{Wake, Wakes};
use crate::azure::load_balancer::ProbeEngine;
use crate::engine::queue::Queue;
use crate::engine::random::{Dist, Item, Purpose, Randomness, Stream, Subject};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::Plan;
use crate::rules::RuleId;
use crate::rules::assumptions::{Assumed, Kind, Used};

/// How many of the last facts are kept at hand.
const RECENT: usize = 16;
/// Once as many facts were passed on as half of this, those before the last are forgotten.
const RECORDED_MAX: usize = 128;

/// What a handler is given besides the world.
#[derive(Clone, Debug)]
pub struct Cx<'p> {
    /// What the run was given.
    pub plan: &'p Plan,
    /// Whether any room looks on that few plans have.
    pub(super) onlookers: bool,
    /// How probes are computed.
    pub engine: ProbeEngine,
    pub(super) now: SimTime,
    pub(super) queue: Queue<Event>,
    /// What was recorded: what was not passed on yet, and before it the last that was, for whoever has to find out what went
    /// wrong.
    pub(super) recorded: Vec<Record>,
    /// How many of them were passed on.
    pub(super) passed_on: usize,
    pub(super) entries: u32,
    pub(super) wakes: Wakes,
    pub(super) used: Used,
    randomness: Randomness,
}

impl<'p> Cx<'p> {
    /// The context of a run of `plan` with `seed`, at t = 0.
    #[must_use]
    pub fn new(plan: &'p Plan, seed: u64, engine: ProbeEngine) -> Self {
        Self {
            plan,
            onlookers: has_onlookers(plan),
            engine,
            now: SimTime::ZERO,
            queue: Queue::default(),
            recorded: Vec::with_capacity(RECORDED_MAX),
            passed_on: 0,
            entries: 0,
            wakes: Wakes::default(),
            used: Used::default(),
            randomness: Randomness::new(seed),
        }
    }

    /// The same context, under another plan.
    pub(super) fn under<'q>(self, plan: &'q Plan) -> Cx<'q> {
        let Self { plan: _, onlookers: _, engine, now, queue, recorded, passed_on, entries, wakes, used, randomness } =
            self;
        let onlookers = has_onlookers(plan);
        Cx { plan, onlookers, engine, now, queue, recorded, passed_on, entries, wakes, used, randomness }
    }

    /// The seed of the run.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.randomness.seed()
    }

    /// The current instant.
    #[must_use]
    pub const fn now(&self) -> SimTime {
        self.now
    }

    /// Puts an event on the queue.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the key of an event is worked out where its kind is known")]
    pub fn at(&mut self, time: SimTime, event: Event) {
        self.queue.put(event.key(time), event);
    }

    /// Puts an event on the queue, `delay` from now.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    pub fn after(&mut self, delay: SimDuration, event: Event) {
        self.at(self.now + delay, event);
    }

    /// States a fact; returns its entry, which what follows from it names as its cause.
    #[inline]
    pub fn record(&mut self, fact: Fact, cause: Entry, rule: RuleId) -> Entry {
        self.entries += 1;
        let entry = Entry(self.entries);
        debug_assert!(cause < entry, "a cause comes before what it causes");
        self.recorded.push(Record { entry, time: self.now, cause, rule, fact });
        entry
    }

    /// The last facts that were passed on, the latest last.
    pub(super) fn recent(&self) -> &[Record] {
        &self.recorded[self.passed_on.saturating_sub(RECENT)..self.passed_on]
    }

    /// Gives back what only the start of a run needs, when everybody is spoken of.
    pub(super) fn shrink(&mut self) {
        self.forget();
        self.recorded.shrink_to(RECORDED_MAX);
        self.wakes.shrink();
    }

    /// Forgets what was passed on but for the last facts, once there is enough of it.
    #[inline]
    pub(super) fn forget(&mut self) {
        if self.passed_on >= RECORDED_MAX / 2 {
            self.recorded.drain(..self.passed_on - RECENT);
            self.passed_on = RECENT;
        }
    }

    /// Wakes a controller. Only the routes do this, and rooms for units of their own.
    #[inline]
    pub(super) fn wake(&mut self, wake: Wake, unit: u32, cause: Entry) {
        self.wakes.ask(wake, unit, cause);
    }

    /// The stream of draws for `purpose` and `item` of `subject`.
    #[must_use]
    #[inline]
    pub fn stream(&self, purpose: Purpose, subject: Subject, item: Item) -> Stream {
        self.randomness.stream(purpose, subject, item)
    }

    /// A length of time from `dist`, drawn for `purpose` and `item` of `subject`. One that is always the same opens no stream.
    #[must_use]
    #[inline]
    pub fn draw(&self, purpose: Purpose, subject: Subject, item: Item, dist: &Dist) -> SimDuration {
        if let Dist::Constant(length) = *dist { length } else { self.stream(purpose, subject, item).duration(dist) }
    }

    /// Whether a rule is on; all are, but in the tests that show that a rule matters.
    #[must_use]
    #[inline]
    pub fn on(&self, rule: RuleId) -> bool {
        self.plan.rules.on(rule)
    }

    /// The value of an assumption, by its [`key`](crate::rules::key); notes that the run leaned on it.
    #[inline]
    pub fn assume<T: Kind>(&mut self, key: Assumed<T>) -> T {
        self.used.mark(key.id);
        self.plan.assumptions.get(key)
    }
}
