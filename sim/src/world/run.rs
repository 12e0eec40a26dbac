//! The one loop, and its limits.

use super::World;
use super::cx::Cx;
use super::fact::{Fact, Record};
use super::ids::{Entry, SetId};
use super::limits::{Spent, Tally, TooMany};
use super::routes::route;
use super::wake::Wake;
use crate::azure::load_balancer::ProbeEngine;
use crate::azure::{
    autoscale, front_door, gateways, image_builder, os_upgrade, outside_probes, repairs, scale_set, standby,
    traffic_manager,
};
use crate::demand::traffic;
use crate::engine::digest::Digest;
use crate::engine::time::SimTime;
use crate::plan::Plan;
use crate::rules;
use crate::rules::assumptions::Used;

/// What takes in the facts of a run as they are stated. In a batch run only the measures do.
pub trait Sink {
    /// Takes in one record.
    fn record(&mut self, record: &Record);
    /// The run is over at this instant.
    fn end(&mut self, at: SimTime);
}

/// Takes in nothing.
impl Sink for () {
    fn record(&mut self, _: &Record) {}
    fn end(&mut self, _: SimTime) {}
}

/// Keeps every record: the ledger.
impl Sink for Vec<Record> {
    fn record(&mut self, record: &Record) {
        self.push(*record);
    }
    fn end(&mut self, _: SimTime) {}
}

/// Two sinks at once.
impl<A: Sink, B: Sink> Sink for (A, B) {
    fn record(&mut self, record: &Record) {
        self.0.record(record);
        self.1.record(record);
    }
    fn end(&mut self, at: SimTime) {
        self.0.end(at);
        self.1.end(at);
    }
}

impl<S: Sink + ?Sized> Sink for &mut S {
    fn record(&mut self, record: &Record) {
        (**self).record(record);
    }
    fn end(&mut self, at: SimTime) {
        (**self).end(at);
    }
}

/// How a run is carried out; nothing here changes what happens in it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How probes are computed.
    pub engine: ProbeEngine,
    /// Check every invariant after every instant, and not only at the end.
    pub check_every_instant: bool,
    /// Rounds of one instant after which controllers are taken to undo each other for ever (WT-09).
    pub rounds_max: u32,
    /// Shuffle the order in which events were put, by this seed: it must not matter.
    pub shuffle: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { engine: ProbeEngine::default(), check_every_instant: false, rounds_max: 1000, shuffle: None }
    }
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The hash of every fact, in order.
    pub digest: u64,
    /// When the run ended: the horizon, but for a loop and a limit.
    pub end: SimTime,
    /// How many entries the ledger has.
    pub entries: u32,
    /// How many events were handled.
    pub events: u64,
    /// Controllers that undid each other for ever, if any did: the instant and the last facts.
    pub looped: Option<Loop>,
    /// It came to more than it may, and was stopped: it ended before its end, and says nothing of what was to come.
    pub spent: Option<Spent>,
    /// The assumptions the run leaned on.
    pub used: Used,
}

/// A named finding: controllers that undo each other at one instant.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The instant.
    pub at: SimTime,
    /// The last facts before the run was stopped.
    pub last: Vec<Record>,
}

/// A run under way. It can be cloned and carried on from where it stands.
#[derive(Clone, Debug)]
pub struct Run<'p> {
    /// The world as it stands.
    pub world: World,
    cx: Cx<'p>,
    options: Options,
    digest: Digest,
    events: u64,
    tally: Tally,
    spent: Option<Spent>,
    /// The most entries and events that it may come to.
    most: (u32, u64),
    units: Vec<(u32, Entry)>,
    looped: Option<Loop>,
}

impl<'p> Run<'p> {
    /// The start of a run of `plan` with `seed`: the fleet stands.
    pub fn new<S: Sink>(plan: &'p Plan, seed: u64, options: Options, sink: &mut S) -> Self {
        let mut cx = Cx::new(plan, seed, options.engine);
        if let Some(seed) = options.shuffle {
            cx.queue.shuffle(seed);
        }
        let world = World::new(&mut cx);
        let mut run = Self {
            world,
            cx,
            options,
            digest: Digest::default(),
            events: 0,
            tally: Tally::default(),
            spent: None,
            most: (plan.entries_most(), plan.events_most()),
            units: Vec::new(),
            looped: None,
        };
        let began = run.cx.record(Fact::RunStarted, Entry::NONE, rules::WT_08);
        image_builder::begin(&mut run.world, &mut run.cx, began);
        for set in (0..plan.sets.len()).map(|set| SetId(set as u16)) {
            if let Some(made_of) = scale_set::begin(&mut run.world, &mut run.cx, set, began) {
                // What is recorded of each is passed on before the next: of a thousand at once it is more than a run keeps of them.
                for _ in 0..plan.sets[set.index()].capacity {
                    scale_set::start_steady(&mut run.world, &mut run.cx, set, made_of);
                    run.drain(sink);
                }
            }
            run.drain(sink);
        }
        standby::begin(&mut run.world, &mut run.cx, began);
        os_upgrade::begin(&mut run.world, &mut run.cx, began);
        repairs::begin(&mut run.world, &mut run.cx, began);
        run.drain(sink);
        run.reconcile(sink);
        outside_probes::begin(&mut run.world, &mut run.cx, began);
        traffic_manager::begin(&mut run.world, &mut run.cx, began);
        front_door::begin(&mut run.world, &mut run.cx, began);
        if !plan.gateways.is_empty() {
            gateways::prepare(&mut run.world, &mut run.cx, began);
            run.drain(sink);
            run.reconcile(sink);
            gateways::begin(&mut run.world, &mut run.cx, began);
        }
        traffic::begin(&mut run.world, &mut run.cx, began);
        autoscale::begin(&mut run.world, &mut run.cx);
        run.drain(sink);
        run.instant(sink);
        run.cx.shrink();
        run.units = Vec::new();
        run
    }

    /// How many events were handled so far.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// Carries the run on to the end, or to `until` if that comes first.
    pub fn advance<S: Sink>(&mut self, until: SimTime, sink: &mut S) {
        let until = until.min(self.cx.plan.horizon);
        while self.looped.is_none() && self.spent.is_none() {
            let Some(now) = self.cx.queue.advance_until(until) else { break };
            self.cx.now = now;
            self.instant(sink);
            self.hold();
            if self.options.check_every_instant {
                self.check();
            }
        }
    }

    /// Why the run was stopped, if it came to more than it may.
    #[must_use]
    pub const fn spent(&self) -> Option<Spent> {
        self.spent
    }

    /// Stops a run that came to more than it may.
    #[inline]
    fn hold(&mut self) {
        let (entries, events) = self.most;
        let (of, most) = match () {
            () if self.cx.entries > entries => (TooMany::Entries, u64::from(entries)),
            () if self.events > events => (TooMany::Events, events),
            () => return,
        };
        self.spent = Some(Spent { at: self.cx.now, of, most, by: self.tally.maker() });
    }

    /// The same run, carried on under another plan from here. The plan must name the same sets, pools, pipelines and
    /// actions, since the world counts by their numbers; what is on the queue stays on it.
    #[must_use]
    pub fn under<'q>(self, plan: &'q Plan) -> Run<'q> {
        let most = (plan.entries_most(), plan.events_most());
        let Self { world, cx, options, digest, events, tally, spent, most: _, units, looped } = self;
        Run { world, cx: cx.under(plan), options, digest, events, tally, spent, most, units, looped }
    }

    /// Ends the run where it stands.
    pub fn finish<S: Sink>(self, sink: &mut S) -> Outcome {
        self.check();
        let stopped = self.looped.as_ref().map(|found| found.at).or(self.spent.map(|spent| spent.at));
        let end = stopped.unwrap_or(self.cx.plan.horizon);
        sink.end(end);
        Outcome {
            digest: self.digest.finish(),
            end,
            entries: self.cx.entries,
            events: self.events,
            looped: self.looped,
            spent: self.spent,
            used: self.cx.used,
        }
    }

    /// Every room's invariants. A broken one is our mistake: it stops the run, and says where it was.
    fn check(&self) {
        let (world, cx) = (&self.world, &self.cx);
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.check(cx)));
        if let Err(broken) = checked {
            let what = broken.downcast_ref::<String>().map(String::as_str);
            let what = what.or_else(|| broken.downcast_ref::<&str>().copied()).unwrap_or("an invariant is broken");
            let Plan { title, policy, .. } = cx.plan;
            let (seed, now) = (cx.seed(), cx.now);
            panic!("{what}\nin “{title}”, policy {policy}, seed {seed}, at {now}; the last facts: {:#?}", cx.recent());
        }
    }

    /// All rounds of one instant: events first, then whoever they woke.
    fn instant<S: Sink>(&mut self, sink: &mut S) {
        for round in 0.. {
            while self.cx.queue.is_due() {
                let (key, event) = self.cx.queue.take();
                self.events += 1;
                self.tally.count(key);
                self.world.handle(&mut self.cx, event);
                self.drain(sink);
            }
            self.reconcile(sink);
            let more = self.cx.queue.next_round();
            if !more && !self.cx.wakes.any() {
                return;
            }
            if round >= self.options.rounds_max && self.cx.on(rules::WT_09) {
                self.stop(round, sink);
                return;
            }
        }
    }

    /// Lets the woken controllers look, in their written order.
    #[inline(always)]
    fn reconcile<S: Sink>(&mut self, sink: &mut S) {
        let mut place = 0;
        while let Some(next) = self.cx.wakes.next(place) {
            self.look(Wake::ORDER[next]);
            self.drain(sink);
            place = next + 1;
        }
    }

    /// Lets a woken controller look. It is the same for all sinks, so that it is compiled once, with what it calls inside it.
    fn look(&mut self, wake: Wake) {
        self.cx.wakes.take(wake, &mut self.units);
        self.world.reconcile(&mut self.cx, wake, &self.units);
    }

    /// Hashes, routes and passes on what was said.
    #[inline(always)]
    fn drain<S: Sink>(&mut self, sink: &mut S) {
        if self.cx.passed_on == self.cx.recorded.len() {
            return;
        }
        // They are out of reach meanwhile, and so need not be copied: routes wake, and record nothing.
        let recorded = std::mem::take(&mut self.cx.recorded);
        for record in &recorded[self.cx.passed_on..] {
            self.spread(record);
            sink.record(record);
        }
        debug_assert!(self.cx.recorded.is_empty(), "routes record nothing");
        self.cx.passed_on = recorded.len();
        self.cx.recorded = recorded;
        self.cx.forget();
    }

    /// Takes a record into the digest, and wakes whoever it concerns. It is the same for all sinks, as `look` is.
    fn spread(&mut self, record: &Record) {
        record.hash_into(&mut self.digest);
        route(&self.world, &mut self.cx, record);
    }

    /// Controllers undo each other for ever: says so, and stops.
    fn stop<S: Sink>(&mut self, rounds: u32, sink: &mut S) {
        let cause = Entry(self.cx.entries);
        self.cx.record(Fact::LoopFound { rounds }, cause, rules::WT_09);
        self.drain(sink);
        self.looped = Some(Loop { at: self.cx.now, last: self.cx.recent().to_vec() });
    }
}

/// Runs `plan` with `seed` to its horizon.
pub fn run<S: Sink>(plan: &Plan, seed: u64, options: Options, sink: &mut S) -> Outcome {
    let mut run = Run::new(plan, seed, options, sink);
    run.advance(plan.horizon, sink);
    run.finish(sink)
}
