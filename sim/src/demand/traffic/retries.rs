//! Requests that are sent again because they failed, and requests that wait while all backends are busy.
//!
//! Rules: WT-19, WT-20. Time is cut into slots as long as clients wait before they try again. What failed in a slot comes again in
//! the slot that its back-off leads to, evenly spread over it, and each try fails as often as any other request of its slot
//! (approximated: the instants within a slot are lost, and no request is). So the load of a slot is d + r f for demand d, failures f of the
//! slot before and r tries for each; with level demand above a capacity c it tends to (d − r c) ÷ (1 − r) where r is below 1, and has no
//! bound where it is not.
//!
//! What waits is one queue for all backends in rotation, first come, first served, and its length moves by demand less capacity. A
//! client that gives up leaves its request in the queue: a backend works on it all the same, so that an overload can outlive its cause.

use super::{Event, Flow, room_at, sent, settle, spread_over};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::{Plan, Retries, Segment};
use crate::rules;
use crate::world::World;
use crate::world::cx::Cx;
use crate::world::event::Event as Due;
use crate::world::fact::{Fact, FlowFact};
use crate::world::ids::{Entry, EntryPointId};
use std::collections::BTreeMap;

/// Requests that are sent again or wait at one entry point.
#[derive(Clone, Debug)]
pub(super) struct Again {
    /// Thousandths of a request a second that are sent again now.
    rate: u32,
    /// What is sent, with them.
    demand: Vec<Segment>,
    /// Of this slot, requests of each try from the second on.
    tries: Vec<f64>,
    /// Of slots to come, likewise.
    coming: BTreeMap<u64, Vec<f64>>,
    /// What was sent and what failed in this slot so far.
    counted: Counted,
    /// Up to when it is counted.
    since: SimTime,
    /// The slots are counted.
    ticking: bool,
    /// How many requests wait.
    queue: f64,
    waiting: Waiting,
    /// What began it.
    cause: Entry,
}

/// Whether requests wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Waiting {
    /// Some do.
    pub(super) any: bool,
    /// They wait for longer than their clients do.
    pub(super) late: bool,
    /// No more of them can wait, and more come.
    pub(super) full: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    sent: f64,
    /// Failed at once.
    failed: f64,
    /// Failed since no answer came in time.
    late: f64,
}

/// Less of a request than this is none.
const NOTHING: f64 = 1e-6;
/// After so many tries clients wait no longer before the next.
const TRIES: usize = 16;
/// What is sent again is stated anew where it differs by more than this share of what is sent.
const MATTERS: f64 = 1e-6;

impl Again {
    /// The entry points whose clients try again, or at which requests wait; nothing where there is none.
    pub(super) fn all(plan: &Plan) -> Vec<Option<Box<Self>>> {
        let of = |traffic: &crate::plan::Traffic| traffic.retries.is_some() || traffic.queue.is_some();
        let has = |entry: &crate::plan::EntryPoint| entry.traffic.as_ref().is_some_and(of) && entry.routed.is_none();
        let any = plan.entry_points.iter().any(has);
        let each = plan.entry_points.iter().map(|entry| has(entry).then(|| Box::new(Self::new())));
        if any { each.collect() } else { Vec::new() }
    }

    const fn new() -> Self {
        Self {
            rate: 0,
            demand: Vec::new(),
            tries: Vec::new(),
            coming: BTreeMap::new(),
            counted: Counted { sent: 0.0, failed: 0.0, late: 0.0 },
            since: SimTime::ZERO,
            ticking: false,
            queue: 0.0,
            waiting: Waiting { any: false, late: false, full: false },
            cause: Entry(1),
        }
    }

    /// What is sent: what users send for the first time, and what comes again.
    pub(super) fn demand(&self) -> Option<&[Segment]> {
        (self.rate > 0).then_some(&self.demand)
    }

    /// Requests a second that are sent again.
    pub(super) fn rps(&self) -> f64 {
        f64::from(self.rate) / 1000.0
    }

    fn lift(&mut self, first: &[Segment], now: SimTime) {
        let from = first.partition_point(|segment| segment.start <= now).saturating_sub(1);
        let rps = self.rps();
        let lifted = |of: &Segment| Segment { rps: of.rps + rps, ..*of };
        self.demand = if self.rate == 0 { Vec::new() } else { first[from..].iter().map(lifted).collect() };
    }

    /// Counts what comes of what is sent between two instants between which nothing changes but demand.
    fn count(&mut self, demand: &[Segment], (until, at): (SimTime, &Condition)) {
        let from = std::mem::replace(&mut self.since, until);
        for (index, segment) in demand.iter().enumerate() {
            let end = demand.get(index + 1).map_or(until, |next| next.start).min(until);
            let start = segment.start.max(from);
            if start < end {
                let begin = (segment.rps + segment.slope * start.since(segment.start).seconds()).max(0.0);
                self.count_line(begin, segment.slope, end.since(start).seconds(), at);
            }
        }
    }

    fn count_line(&mut self, begin: f64, slope: f64, seconds: f64, at: &Condition) {
        let crossing = (at.room - begin) / slope;
        let parts = if slope != 0.0 && crossing > 0.0 && crossing < seconds {
            [(begin, crossing), (at.room, seconds - crossing)]
        } else {
            [(begin, seconds), (0.0, 0.0)]
        };
        for (begin, seconds) in parts.into_iter().filter(|(_, seconds)| *seconds > 0.0) {
            let middle = begin + slope * seconds / 2.0;
            let (area, work) = (middle * seconds, at.room * seconds);
            let is_above = at.room > 0.0 && middle > at.room;
            self.counted.sent += area;
            if self.waiting.late {
                self.counted.late += area;
            } else if is_above && (at.most.is_none() || self.waiting.full) {
                self.counted.failed += area - work * (1.0 - at.failing);
            } else {
                self.counted.failed += area * at.failing;
            }
            if let Some(most) = at.most
                && at.room.is_finite()
            {
                self.queue = (self.queue + area - work).clamp(0.0, most);
            }
        }
    }
}

/// What holds at an entry point between two changes.
#[derive(Clone, Copy, Debug)]
struct Condition {
    /// Requests a second that backends take.
    room: f64,
    /// The share of those that fail there.
    failing: f64,
    /// How many requests wait at most, where they do.
    most: Option<f64>,
}

fn condition(world: &World, cx: &Cx<'_>, id: EntryPointId, flow: &Flow) -> Condition {
    let entry = cx.plan.entry_point(id);
    let taking = flow.taking.iter().sum();
    let room = if cx.on(rules::WT_10) { room_at(world, cx, entry, taking) } else { f64::INFINITY };
    let queue = entry.traffic.as_ref().and_then(|traffic| traffic.queue).filter(|_| cx.on(rules::WT_20));
    let failing = spread_over(flow.taking, flow.erring, entry.retries(cx.plan))[0];
    Condition { room, failing, most: queue.map(|queue| queue.requests) }
}

/// Counts what came of the requests of an entry point up to now: something there is about to change.
#[inline]
pub(super) fn catch_up(world: &mut World, cx: &Cx<'_>, id: EntryPointId) {
    if !world.traffic.again.is_empty() {
        count_up(world, cx, id);
    }
}

#[inline(never)]
fn count_up(world: &mut World, cx: &Cx<'_>, id: EntryPointId) {
    let Some(mut again) = world.traffic.again[id.index()].take() else { return };
    if again.since < cx.now() {
        let at = condition(world, cx, id, &world.traffic.flows[id.index()]);
        let first = sent(world, cx.plan, id);
        let lifted = std::mem::take(&mut again.demand);
        again.count(if again.rate > 0 { &lifted } else { first }, (cx.now(), &at));
        again.demand = lifted;
    }
    world.traffic.again[id.index()] = Some(again);
}

/// Whether requests wait now at an entry point where so many are sent a second; what is new of that is stated.
pub(super) fn wait(world: &mut World, cx: &mut Cx<'_>, id: EntryPointId, rps: f64, cause: &mut Entry) -> Waiting {
    if world.traffic.again.is_empty() { Waiting::default() } else { wait_anew(world, cx, id, rps, cause) }
}

#[inline(never)]
fn wait_anew(world: &mut World, cx: &mut Cx<'_>, id: EntryPointId, rps: f64, cause: &mut Entry) -> Waiting {
    count_up(world, cx, id);
    let at = condition(world, cx, id, &world.traffic.flows[id.index()]);
    let Some(again) = world.traffic.again[id.index()].as_mut() else { return Waiting::default() };
    let queue = cx.plan.entry_point(id).traffic.as_ref().and_then(|traffic| traffic.queue);
    let (Some(most), Some(queue)) = (at.most, queue) else { return Waiting::default() };
    let is = if at.room > 0.0 && at.room.is_finite() {
        let late = again.queue > queue.timeout.seconds() * at.room + NOTHING;
        let any = again.queue > NOTHING || rps > at.room;
        Waiting { any, late, full: again.queue >= most - NOTHING && rps > at.room }
    } else {
        // Whoever waits is sent away where nobody takes requests.
        again.queue = 0.0;
        Waiting::default()
    };
    if is != again.waiting {
        again.waiting = is;
        let fact = match is.any {
            true => FlowFact::Waits { entry_point: id, late: is.late, full: is.full },
            false => FlowFact::WaitsNoMore { entry_point: id },
        };
        *cause = cx.record(Fact::Flow(fact), *cause, rules::WT_20);
        again.cause = *cause;
    }
    is
}

/// When the queue of an entry point is next as long as clients wait, or full, or empty, on this line of demand; rounded up.
pub(super) fn crossing(world: &World, cx: &Cx<'_>, id: EntryPointId, demand: &[Segment]) -> Option<SimTime> {
    let again = world.traffic.again.get(id.index())?.as_ref()?;
    let queue = cx.plan.entry_point(id).traffic.as_ref()?.queue?;
    let at = condition(world, cx, id, &world.traffic.flows[id.index()]);
    let most = at.most.filter(|_| at.room > 0.0 && at.room.is_finite())?;
    let now = cx.now();
    let after = demand.partition_point(|segment| segment.start <= now);
    let next = demand.get(after).map(|segment| segment.start);
    let segment = after.checked_sub(1).map(|index| &demand[index])?;
    let rps = segment.rps + segment.slope * now.since(segment.start).seconds();
    let (a, b) = (segment.slope / 2.0, rps - at.room);
    if !again.waiting.any || again.waiting.full && again.waiting.late && b > 0.0 && a >= 0.0 {
        return None;
    }
    let lines = [0.0, queue.timeout.seconds() * at.room, most];
    let seconds = lines
        .into_iter()
        .filter(|line| (again.queue - line).abs() > NOTHING)
        .filter_map(|line| reaches([a, b, again.queue - line]));
    let ms = seconds.fold(f64::INFINITY, f64::min) * 1000.0;
    // A millisecond later it is past the line and not just at it.
    let at = (ms < 1e14).then(|| now + SimDuration::from_ms(ms as u64 + 1));
    at.filter(|at| next.is_none_or(|next| *at <= next))
}

/// The first zero after 0 of a t² + b t + c.
fn reaches([a, b, c]: [f64; 3]) -> Option<f64> {
    if a == 0.0 {
        return Some(-c / b).filter(|t| t.is_finite() && *t > 0.0);
    }
    let under = b * b - 4.0 * a * c;
    if under < 0.0 {
        return None;
    }
    // The form that loses no digits where the roots are far apart.
    let q = -0.5 * (b + libm::copysign(libm::sqrt(under), b));
    [q / a, c / q].into_iter().filter(|t| t.is_finite() && *t > 0.0).reduce(f64::min)
}

/// Requests fail at an entry point now: from now on it is counted how many come again, and when.
pub(super) fn begin(world: &mut World, cx: &mut Cx<'_>, id: EntryPointId, cause: Entry) {
    let Some(retries) = retries(cx, id) else { return };
    let Some(again) = world.traffic.again.get_mut(id.index()).and_then(Option::as_mut) else { return };
    if again.ticking {
        return;
    }
    (again.ticking, again.cause, again.counted, again.since) = (true, cause, Counted::default(), cx.now());
    let slot = retries.after.ms().max(1);
    let next = SimTime::from_ms((cx.now().ms() / slot + 1) * slot);
    cx.at(next, Due::Traffic(Event::Again { entry_point: id }));
}

fn retries(cx: &Cx<'_>, id: EntryPointId) -> Option<Retries> {
    cx.plan.entry_point(id).traffic.as_ref()?.retries.filter(|_| cx.on(rules::WT_19))
}

/// A slot is over: what failed in it comes again later, and what is to come in the next one comes now.
pub(super) fn tick(world: &mut World, cx: &mut Cx<'_>, id: EntryPointId) {
    let Some(of) = retries(cx, id) else { return };
    catch_up(world, cx, id);
    let Some(mut again) = world.traffic.again[id.index()].take() else { return };
    let traffic = cx.plan.entry_point(id).traffic.as_ref();
    let timeout = traffic.and_then(|traffic| traffic.queue).map_or(SimDuration::ZERO, |queue| queue.timeout);
    let slot = cx.now().ms() / of.after.ms().max(1);
    again.send_again(&of, (slot, timeout));
    let goes_on = again.counted.failed + again.counted.late > NOTHING;
    again.counted = Counted::default();
    again.tries = again.coming.remove(&slot).unwrap_or_default();
    let seconds = of.after.seconds();
    let rps = again.tries.iter().sum::<f64>() / seconds;
    let first = sent_first(cx, id);
    let rate = libm::round(rps * 1000.0).clamp(0.0, f64::from(u32::MAX)) as u32;
    let moved = (f64::from(rate) - f64::from(again.rate)).abs() > MATTERS * 1000.0 * (first + rps)
        || (rate == 0) != (again.rate == 0);
    if moved {
        again.rate = rate;
        again.lift(traffic.map_or(&[], |traffic| &traffic.demand), cx.now());
    }
    again.ticking = goes_on || again.rate > 0 || !again.coming.is_empty();
    let (cause, ticking, rate) = (again.cause, again.ticking, again.rate);
    world.traffic.again[id.index()] = Some(again);
    if ticking {
        cx.after(of.after, Due::Traffic(Event::Again { entry_point: id }));
    }
    if moved {
        let entry = cx.record(Fact::Flow(FlowFact::Retried { entry_point: id, rate }), cause, rules::WT_19);
        settle(world, cx, id, entry);
    }
}

fn sent_first(cx: &Cx<'_>, id: EntryPointId) -> f64 {
    let traffic = cx.plan.entry_point(id).traffic.as_ref();
    traffic.map_or(0.0, |traffic| super::demand_at(&traffic.demand, cx.now()))
}

impl Again {
    /// Puts what failed in the slot that ends now into the slots in which it comes again. The next slot has this number.
    fn send_again(&mut self, of: &Retries, (next, timeout): (u64, SimDuration)) {
        let Counted { sent, failed, late } = self.counted;
        if sent <= 0.0 {
            return;
        }
        let after = of.after.seconds();
        let first = (sent - self.rps() * after).max(0.0);
        let mut due: Vec<(u64, usize, f64)> = Vec::new();
        for (number, requests) in std::iter::once(&first).chain(&self.tries).enumerate() {
            if of.times.is_some_and(|times| number >= times as usize) {
                continue;
            }
            let waits = after * libm::pow(of.factor, number.min(TRIES) as f64);
            for (fails, later) in [(failed, 0.0), (late, timeout.seconds())] {
                let slots = libm::round((waits + later) / after).clamp(1.0, 1e9) as u64;
                let comes = of.per_failure * fails / sent * requests;
                if comes > NOTHING {
                    due.push((next + slots - 1, number.min(TRIES), comes));
                }
            }
        }
        let all: f64 = due.iter().map(|(_, _, requests)| requests).sum();
        let kept = of.budget.map_or(1.0, |budget| (budget * first / all).min(1.0));
        for (slot, number, requests) in due {
            let tries = self.coming.entry(slot).or_default();
            tries.resize(tries.len().max(number + 1), 0.0);
            tries[number] += kept * requests;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF: Retries =
        Retries { per_failure: 1.0, after: SimDuration::from_secs(1), factor: 2.0, times: Some(3), budget: None };

    fn failed(of: &Retries, (sent, failed, late): (f64, f64, f64), tries: &[f64]) -> BTreeMap<u64, Vec<f64>> {
        let counted = Counted { sent, failed, late };
        let rate = (tries.iter().sum::<f64>() * 1000.0) as u32;
        let mut again = Again { rate, counted, tries: tries.to_vec(), ..Again::new() };
        again.send_again(of, (10, SimDuration::from_secs(5)));
        again.coming
    }

    /// Of 100 requests 60 are new, 30 come the second time and 10 the fourth. Half of each fails; those of the fourth try are given
    /// up. What failed first comes after a second, in the next slot, and what failed again after two, in the one behind that.
    #[test]
    fn each_try_waits_twice_as_long_and_the_last_is_given_up() {
        let coming = failed(&OF, (100.0, 50.0, 0.0), &[30.0, 0.0, 10.0]);
        assert_eq!(coming, BTreeMap::from([(10, vec![30.0]), (11, vec![0.0, 15.0])]));
    }

    /// A client that waits five seconds for an answer sends its request again a second after that: in the sixth slot from the next.
    #[test]
    fn what_got_no_answer_in_time_comes_later() {
        assert_eq!(failed(&OF, (10.0, 0.0, 10.0), &[]), BTreeMap::from([(15, vec![10.0])]));
    }

    /// 80 new requests and a budget of a tenth: 8 of the 90 that failed come again, in proportion.
    #[test]
    fn a_budget_is_a_share_of_what_is_new() {
        let coming = failed(&Retries { factor: 1.0, budget: Some(0.1), ..OF }, (90.0, 90.0, 0.0), &[10.0]);
        let sums: Vec<f64> = coming[&10].iter().map(|of| libm::round(of * 1e9) / 1e9).collect();
        assert_eq!(sums, [7.111_111_111, 0.888_888_889]);
    }

    /// 2 t² − 10 t + 8 is 0 at 1 and at 4; 3 t + 6 never is after 0; −t² + 4 at 2.
    #[test]
    fn the_first_zero_after_now() {
        assert_eq!(reaches([2.0, -10.0, 8.0]), Some(1.0));
        assert_eq!(reaches([0.0, 3.0, 6.0]), None);
        assert_eq!(reaches([-1.0, 0.0, 4.0]), Some(2.0));
    }
}
