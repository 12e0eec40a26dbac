//! What becomes of the requests of an entry point from one change to the next, in closed form. This is the only model of it:
//! the measures integrate it, and the time series, the plots, the report and the expectations ask it for an instant.
//!
//! Between two changes demand is a straight line. With a new connection for each request (LB-24) demand `d` is spread evenly
//! over the backends in rotation, so the shares that fail and that are stale stay what they are. With kept connections (LB-17,
//! LB-21) they move as the connections do: each is a + b exp(−t ÷ L) + c exp(−λ t ÷ L). What is above the room of the backends in
//! rotation is shed, by all of them alike. So every integral has a closed form but one: that of the harmed share, while
//! connections move and demand both slopes and is above the room, is taken by Gauss and Legendre's rule (approximated: to
//! about one part in 10⁹).

use super::answers::{self, Answered, Answers, Terms};
use super::curve::Curve;
pub use super::totals::{Rates, Totals};
use crate::engine::time::SimTime;
use crate::plan::Segment;

/// The shares of the requests that fail and that are stale, apart from load.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fate {
    pub(super) failing: f64,
    pub(super) stale: f64,
    /// What a gateway answers to those that fail.
    pub(super) answers: Answers,
}

/// The same over time, each as what stays, what fades with the life of a connection, and what leaks away to backends that hang.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shares {
    pub(super) failing: [f64; 3],
    pub(super) stale: [f64; 3],
    /// What a gateway answers to those that fail.
    pub(super) answers: Terms,
    /// One over the mean life of a connection, and over the time in which connections leak away; a second.
    pub(super) rates: [f64; 2],
}

impl Shares {
    /// Shares that stay what they are.
    pub(super) const fn still(failing: f64, stale: f64) -> Self {
        Self { failing: [failing, 0.0, 0.0], stale: [stale, 0.0, 0.0], answers: answers::NONE, rates: [0.0; 2] }
    }

    /// The same, where a gateway answers this to those that fail.
    pub(super) const fn answered(self, [bad, late, passed]: Answers) -> Self {
        Self { answers: [[bad, 0.0, 0.0], [late, 0.0, 0.0], [passed, 0.0, 0.0]], ..self }
    }

    /// How requests fare so many seconds after these shares were taken.
    fn at(&self, seconds: f64) -> Fate {
        let [fading, leaking] = self.rates.map(|rate| libm::exp(-rate * seconds));
        let of = |[stays, fades, leaks]: [f64; 3]| stays + fades * fading + leaks * leaking;
        Fate { failing: of(self.failing), stale: of(self.stale), answers: self.answers.map(of) }
    }

    /// The same for all time, where nothing moves.
    fn constant(&self) -> Option<Fate> {
        let still = |[_, fades, leaks]: [f64; 3]| fades.abs() < 1e-12 && (self.rates[1] == 0.0 || leaks.abs() < 1e-12);
        let of = |[stays, fades, leaks]: [f64; 3]| stays + fades + leaks;
        let are_still = still(self.failing) && still(self.stale) && self.answers.into_iter().all(still);
        are_still.then(|| Fate { failing: of(self.failing), stale: of(self.stale), answers: self.answers.map(of) })
    }
}

/// What holds at an entry point from one change of its backends, or of the slope of demand, to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// The segment of demand.
    pub demand: Segment,
    /// Since when the shares are as they are written.
    pub(super) from: SimTime,
    pub(super) shares: Shares,
    /// Requests a second that the backends in rotation take, and those of them that are ready; no limit where it is infinite.
    pub(super) room: f64,
    pub(super) ready_room: f64,
    /// The harmed share that the objective tolerates; infinite without one.
    pub(super) tolerated: f64,
    /// Requests a second that are served, and of them by stale code, whatever demand is: by those places of a name that shed.
    pub(super) held: [f64; 2],
    /// Requests a second of each answer of a gateway, whatever demand is: what such places answer beside what they shed.
    pub(super) held_answers: Answers,
    /// A gateway answers, and what it answers is counted.
    pub(super) by_gateway: bool,
    /// Requests a second of the demand that are sent again, since they failed before (WT-19).
    pub(super) again: f64,
    /// Answers come later than clients wait for them (WT-20).
    pub(super) late: bool,
}

/// A share of this much or less is none: shares of kept connections sum to 1 but for rounding.
pub(super) const NOTHING: f64 = 1e-12;

impl Stretch {
    /// What becomes of the requests at an instant of the stretch.
    #[must_use]
    pub fn at(&self, time: SimTime) -> Rates {
        let demand = self.demand_at(time);
        let Fate { failing, stale, answers } = self.fate(time);
        // Without any room nobody sheds: kept connections stay where they are.
        let taken = if demand > self.room && self.room > 0.0 { self.room } else { demand };
        let shed = demand - taken;
        let answer = |kind: usize| taken * answers[kind] + self.held_answers[kind] + shed * is_shed(kind);
        let answers = if self.by_gateway { std::array::from_fn(|kind| answer(kind).max(0.0)) } else { [0.0; 3] };
        let stale = (taken * stale + self.held[1]).max(0.0);
        let failed = (demand - taken * (1.0 - failing) - self.held[0]).max(0.0);
        Rates { demand, served: (demand - failed - stale).max(0.0), failed, stale, answers }
    }

    /// Requests a second that the ready backends in rotation can serve; infinite where nothing is declared.
    #[must_use]
    pub const fn ready_room(&self) -> f64 {
        self.ready_room
    }

    /// How requests fare at an instant of the stretch, apart from load.
    pub(super) fn fate(&self, time: SimTime) -> Fate {
        self.shares.constant().unwrap_or_else(|| self.shares.at(time.since(self.from).seconds()))
    }

    /// What came of the requests between two instants of the stretch.
    #[must_use]
    pub fn integrate(&self, from: SimTime, until: SimTime) -> Totals {
        let mut totals = Totals::default();
        self.add(from, until, &mut totals);
        totals
    }

    /// Whether the rates change within the stretch.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.demand.slope != 0.0 || self.moves_connections()
    }

    /// Whether connections move from backend to backend within the stretch, and the shares with them.
    #[must_use]
    pub fn moves_connections(&self) -> bool {
        self.shares.constant().is_none()
    }

    /// When demand passes what the backends in rotation take, as the last millisecond before and the first after, if it does so
    /// between these two instants.
    #[must_use]
    pub fn overflow(&self, from: SimTime, until: SimTime) -> Option<[SimTime; 2]> {
        let over = |ms: u64| self.demand_at(SimTime::from_ms(ms)) > self.room;
        let (mut low, mut high) = (from.ms(), until.ms().max(from.ms()));
        if over(low) == over(high) {
            return None;
        }
        let after = over(high);
        while high - low > 1 {
            let middle = u64::midpoint(low, high);
            if over(middle) == after { high = middle } else { low = middle }
        }
        Some([low, high].map(SimTime::from_ms))
    }

    /// Into how many pieces a stretch of this length is cut so that rates turn at most once in each: a sixteenth of the time in
    /// which connections move. What is left of that after forty such times moves nothing.
    #[must_use]
    pub fn pieces(&self, from: SimTime, until: SimTime) -> Vec<SimTime> {
        let mut ends = Vec::new();
        if self.moves_connections() {
            for rate in self.shares.rates.into_iter().filter(|rate| *rate > 0.0) {
                let step = (1000.0 / (16.0 * rate)).max(1.0);
                let ends_of = (1..=640_u32).map(|piece| self.from.ms() + (f64::from(piece) * step) as u64);
                ends.extend(ends_of.map(SimTime::from_ms).filter(|&end| end > from && end < until));
            }
        }
        ends
    }

    pub(super) fn demand_at(&self, time: SimTime) -> f64 {
        (self.demand.rps + self.demand.slope * time.since(self.demand.start).seconds()).max(0.0)
    }

    /// Adds what comes of the requests between two instants of the stretch.
    pub(super) fn add(&self, start: SimTime, end: SimTime, totals: &mut Totals) {
        let offset = start.since(self.demand.start).seconds();
        let length = end.since(start).seconds();
        self.count_again(length, totals);
        let line = Line { d0: self.demand.rps + self.demand.slope * offset, slope: self.demand.slope, length };
        let constant = self.shares.constant();
        if let (Some(fate), true) = (constant, line.slope == 0.0) {
            self.level(Line { slope: 0.0, ..line }, fate, totals);
            return;
        }
        for line in line.split_at(0.0) {
            if line.middle() <= 0.0 {
                continue;
            }
            for part in line.split_at(self.ready_room) {
                totals.shortfall_s += if part.middle() > self.ready_room { part.length } else { 0.0 };
            }
            let mut elapsed = start.since(self.from).seconds();
            for part in line.split_at(self.room) {
                totals.offered += part.area();
                match constant {
                    None => self.moving(&part, elapsed, totals),
                    Some(fate) => self.steady(&part, fate, totals),
                }
                elapsed += part.length;
            }
        }
    }

    /// Adds what is sent again in so many seconds, and how long answers come too late.
    #[inline]
    fn count_again(&self, seconds: f64, totals: &mut Totals) {
        if self.again > 0.0 || self.late {
            totals.retried += self.again * seconds;
            totals.late_s += if self.late { seconds } else { 0.0 };
        }
    }

    /// Adds what comes of so many seconds where demand is level and the shares stay what they are.
    pub(super) fn add_level(&self, seconds: f64, totals: &mut Totals) {
        self.count_again(seconds, totals);
        let Shares { failing, stale, answers, .. } = &self.shares;
        let fate = Fate { failing: failing[0], stale: stale[0], answers: answers.map(|of| of[0]) };
        self.level(Line { d0: self.demand.rps, slope: 0.0, length: seconds }, fate, totals);
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "of a level line little is left to reckon where it is known to be level")]
    fn level(&self, line: Line, fate: Fate, totals: &mut Totals) {
        if line.d0 <= 0.0 {
            return;
        }
        totals.shortfall_s += if line.d0 > self.ready_room { line.length } else { 0.0 };
        totals.offered += line.d0 * line.length;
        self.steady(&line, fate, totals);
    }

    /// Whether demand is above the room. It lies wholly below or wholly above it.
    fn is_above_room(&self, part: &Line) -> bool {
        part.middle() > self.room && self.room > 0.0
    }

    /// A part in which the shares do not move and demand lies wholly below or wholly above the room.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as above")]
    fn steady(&self, part: &Line, fate: Fate, totals: &mut Totals) {
        let offered = part.area();
        totals.clock.wanted_s += part.length;
        if self.by_gateway {
            let taken = if self.is_above_room(part) { self.room * part.length } else { offered };
            self.answer(part, offered - taken, fate.answers.map(|share| share * taken), totals);
        }
        if self.is_above_room(part) {
            // Each backend serves its capacity and sheds the rest.
            totals.clock.shed_s += part.length - self.room * part.inverse_area();
            let held = [self.room * (1.0 - fate.failing), self.room * fate.stale];
            self.holding(part, Fate { failing: 1.0, stale: 0.0, ..fate }, held, totals);
        } else if self.held[0] > 0.0 {
            self.holding(part, fate, self.held, totals);
        } else {
            totals.failed += offered * fate.failing;
            totals.stale += offered * fate.stale;
            let harmed = fate.failing + fate.stale;
            totals.equivalent_s += harmed * part.length;
            totals.peak = totals.peak.max(harmed);
            totals.full_s += if 1.0 - fate.failing <= NOTHING { part.length } else { 0.0 };
            totals.degraded_s += if harmed > self.tolerated + 1e-12 { part.length } else { 0.0 };
        }
    }

    /// Counts what a gateway answered to those requests of a part that failed: so many of those that backends took, and an error to those
    /// that they shed.
    #[inline(never)]
    fn answer(&self, part: &Line, shed: f64, failed: Answers, totals: &mut Totals) {
        for (kind, total) in totals.answers.iter_mut().enumerate() {
            *total += failed[kind] + shed * is_shed(kind) + self.held_answers[kind] * part.length;
        }
    }

    /// The same where so many requests a second are served in any case, beside those that fare so: the harmed share is h − k ÷ demand.
    #[inline(never)]
    fn holding(&self, part: &Line, fate: Fate, [served, stale]: [f64; 2], totals: &mut Totals) {
        let (h, k) = (fate.failing + fate.stale, served - stale);
        totals.failed += part.area() * fate.failing - served * part.length;
        totals.stale += part.area() * fate.stale + stale * part.length;
        totals.equivalent_s += h * part.length - k * part.inverse_area();
        totals.peak = totals.peak.max(h - k / part.d0.max(part.d1()));
        let nothing = 1.0 - fate.failing <= NOTHING && served <= NOTHING * part.middle();
        totals.full_s += if nothing { part.length } else { 0.0 };
        if self.tolerated.is_finite() && h > self.tolerated {
            // h − k ÷ d is above what is tolerated when d is above k ÷ (h − tolerated).
            let line = k / (h - self.tolerated);
            for part in part.split_at(line) {
                totals.degraded_s += if part.middle() > line { part.length } else { 0.0 };
            }
        }
    }

    /// A part in which kept connections move from backend to backend; it begins so many seconds after the shares were taken.
    fn moving(&self, part: &Line, elapsed: f64, totals: &mut Totals) {
        let shares = &self.shares;
        let rates = [0.0, shares.rates[0], shares.rates[1]];
        // ∫ e^(−r t) dt and ∫ t e^(−r t) dt over the part.
        let times = rates.map(|rate| {
            let (x, scale) = (rate * part.length, libm::exp(-rate * elapsed) * part.length);
            [scale * mean_decay(x), scale * part.length * mean_ramp(x)]
        });
        let seconds = |of: [f64; 3]| (0..3).map(|i| of[i] * times[i][0]).sum::<f64>();
        let requests =
            |of: [f64; 3]| (0..3).map(|i| of[i] * (part.d0 * times[i][0] + part.slope * times[i][1])).sum::<f64>();
        let (failing_s, stale_s) = (seconds(shares.failing), seconds(shares.stale));
        totals.clock.wanted_s += part.length;
        let above = self.is_above_room(part);
        if self.by_gateway {
            let shed = if above { part.area() - self.room * part.length } else { 0.0 };
            let failed = shares.answers.map(|of| if above { self.room * seconds(of) } else { requests(of) });
            self.answer(part, shed, failed, totals);
        }
        if above {
            totals.failed += part.area() - self.room * (part.length - failing_s);
            totals.stale += self.room * stale_s;
            totals.clock.shed_s += part.length - self.room * part.inverse_area();
            let well = match part.slope == 0.0 {
                true => (part.length - failing_s - stale_s) / part.d0,
                false => self.well_by_demand(part, elapsed),
            };
            totals.equivalent_s += part.length - self.room * well;
        } else {
            totals.failed += requests(shares.failing);
            totals.stale += requests(shares.stale);
            totals.equivalent_s += failing_s + stale_s;
        }
        // The harmed share is 1 − scale × well ÷ demand, where below the room both of these are 1.
        let well = self.well(elapsed);
        let (scale, demand) = if above { (self.room, [part.d0, part.slope]) } else { (1.0, [1.0, 0.0]) };
        let demand_at = |t: f64| demand[0] + demand[1] * t;
        let turns = well.turns(|t| well.slope(t) * demand_at(t) - well.at(t) * demand[1]);
        for t in [0.0, part.length].into_iter().chain(turns.into_iter().flatten().filter(|&turn| turn < part.length)) {
            totals.peak = totals.peak.max(1.0 - scale * well.at(t) / demand_at(t));
        }
        if self.tolerated.is_finite() {
            // Above the limit: (1 − limit) × demand − scale × well > 0.
            let kept = 1.0 - self.tolerated - 1e-12;
            let short = Curve {
                line: [kept * demand[0] - scale * well.line[0], kept * demand[1]],
                terms: well.terms.map(|term| -scale * term),
                rates: well.rates,
            };
            totals.degraded_s += short.seconds_above_zero(part.length);
        }
    }

    /// The share that would be served well if nothing were shed, from so many seconds after the shares were taken.
    fn well(&self, elapsed: f64) -> Curve {
        let harmed: [f64; 3] = std::array::from_fn(|i| self.shares.failing[i] + self.shares.stale[i]);
        let [fading, leaking] = self.shares.rates.map(|rate| libm::exp(-rate * elapsed));
        Curve {
            line: [1.0 - harmed[0], 0.0],
            terms: [-harmed[1] * fading, -harmed[2] * leaking],
            rates: self.shares.rates,
        }
    }

    /// The integral of what is served well of the room, over demand.
    fn well_by_demand(&self, part: &Line, elapsed: f64) -> f64 {
        let pieces = libm::ceil(part.length * self.shares.rates[0]).clamp(1.0, 64.0);
        let step = part.length / pieces;
        let mut sum = 0.0;
        for piece in 0..pieces as u32 {
            for (x, w) in GAUSS_LEGENDRE {
                let t = step * (f64::from(piece) + x);
                let Fate { failing, stale, .. } = self.shares.at(elapsed + t);
                sum += w * step * (1.0 - failing - stale) / (part.d0 + part.slope * t);
            }
        }
        sum
    }
}

/// What is shed counts as an error of the backend: 1 of that kind, 0 of the others.
fn is_shed(kind: usize) -> f64 {
    f64::from(u8::from(kind == Answered::PassedOn as usize))
}

/// (1 − e^(−x)) ÷ x, the mean of e^(−x u) for u from 0 to 1.
fn mean_decay(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { -libm::expm1(-x) / x }
}

/// (1 − (1 + x) e^(−x)) ÷ x², the mean of u e^(−x u) for u from 0 to 1.
fn mean_ramp(x: f64) -> f64 {
    if x > 1.0 {
        return (1.0 - (1.0 + x) * libm::exp(-x)) / (x * x);
    }
    // ∑ (−x)ⁿ ÷ (n! (n + 2)): the form above loses its digits here.
    let (mut power, mut sum) = (1.0, 0.0);
    for n in 0..20_u32 {
        sum += power / f64::from(n + 2);
        power *= -x / f64::from(n + 1);
    }
    sum
}

/// Nodes and weights of Gauss and Legendre's rule with eight points on [0, 1] (Abramowitz and Stegun, table 25.4).
const GAUSS_LEGENDRE: [(f64, f64); 8] = [
    (0.019_855_071_751_231_88, 0.050_614_268_145_188_13),
    (0.101_666_761_293_186_63, 0.111_190_517_226_687_24),
    (0.237_233_795_041_835_5, 0.156_853_322_938_943_64),
    (0.408_282_678_752_175_1, 0.181_341_891_689_181),
    (0.591_717_321_247_825, 0.181_341_891_689_181),
    (0.762_766_204_958_164_5, 0.156_853_322_938_943_64),
    (0.898_333_238_706_813_4, 0.111_190_517_226_687_24),
    (0.980_144_928_248_768_1, 0.050_614_268_145_188_13),
];

/// Linear demand over a stretch.
#[derive(Clone, Copy, Debug)]
struct Line {
    d0: f64,
    slope: f64,
    length: f64,
}

impl Line {
    /// A level line is what most are: what it comes to is known without reckoning.
    fn d1(&self) -> f64 {
        if self.slope == 0.0 { self.d0 } else { self.d0 + self.slope * self.length }
    }

    fn middle(&self) -> f64 {
        if self.slope == 0.0 { self.d0 } else { f64::midpoint(self.d0, self.d1()) }
    }

    fn area(&self) -> f64 {
        self.middle() * self.length
    }

    /// The integral of one over demand.
    fn inverse_area(&self) -> f64 {
        let growth = self.slope * self.length / self.d0;
        // Nearly level demand: the logarithm would lose all its digits.
        if growth.abs() < 1e-9 { self.length / self.middle() } else { libm::log1p(growth) / self.slope }
    }

    /// The stretch before and after demand crosses a level; one of the two only, if it does not.
    fn split_at(&self, level: f64) -> impl Iterator<Item = Self> + use<> {
        let cut = if self.slope == 0.0 || !level.is_finite() { 0.0 } else { (level - self.d0) / self.slope };
        let whole = *self;
        let (first, second) = if cut > 0.0 && cut < self.length {
            let rest = Self { d0: level, slope: self.slope, length: self.length - cut };
            (Self { length: cut, ..whole }, Some(rest))
        } else {
            (whole, None)
        };
        std::iter::once(first).chain(second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE_S: f64 = 60.0;

    fn at(seconds: u64) -> SimTime {
        SimTime::from_ms(1000 * seconds)
    }

    fn stretch(rps: f64, slope: f64, shares: Shares) -> Stretch {
        let demand = Segment { start: at(0), rps, slope };
        let room = f64::INFINITY;
        Stretch { demand, from: at(0), shares, room, ready_room: room, tolerated: 0.001, ..Stretch::NONE }
    }

    /// One of two backends left rotation at 0 and cannot serve; it keeps half of the connections, which live for a minute.
    fn lingering() -> Shares {
        Shares { failing: [0.0, 0.5, 0.0], rates: [1.0 / LIFE_S, 0.0], ..Shares::still(0.0, 0.0) }
    }

    #[track_caller]
    fn is(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9 * expected.abs().max(1.0), "{value}, not {expected}");
    }

    #[test]
    fn requests_split_as_worked_out_by_hand() {
        let split = |rps, shares, room| Stretch { room, ..stretch(rps, 0.0, shares) }.at(at(1));
        // Two ready and one stale, 300 rps on 750: 100 each.
        let of = split(300.0, Shares::still(0.0, 1.0 / 3.0), 750.0);
        assert_eq!(of, Rates { demand: 300.0, served: 200.0, stale: 100.0, ..Rates::default() });
        // One that cannot and one ready, 600 rps on 500: 300 each; one fails its 300, the other serves 250 and sheds 50.
        let of = split(600.0, Shares::still(0.5, 0.0), 500.0);
        assert_eq!(of, Rates { demand: 600.0, served: 250.0, failed: 350.0, ..Rates::default() });
        // Nobody: all fails.
        let of = split(300.0, Shares::still(1.0, 0.0), 0.0);
        assert_eq!(of, Rates { demand: 300.0, failed: 300.0, ..Rates::default() });
        // Without demand nobody is harmed.
        assert!(split(0.0, Shares::still(1.0, 0.0), 0.0).harmed_share().abs() < f64::EPSILON);
    }

    /// The harmed share is ½ e^(−t/60). After a minute 100 rps fail by 50 ÷ e = 18.39397205857212 of a second. In 600 s that is
    /// 100 × ½ × 60 (1 − e^(−10)) requests, e^(−10) being 4.539992976248485 × 10⁻⁵. It is above 0.1 % until e^(−t/60) = 1/500:
    /// t = 60 ln 500 = 60 × 6.214608098422191 = 372.8764859053315 s.
    #[test]
    fn the_connections_of_a_backend_that_was_taken_out_fade() {
        let of = stretch(100.0, 0.0, lingering());
        is(of.at(at(60)).failed, 18.393_972_058_572_12);
        let totals = of.integrate(at(0), at(600));
        is(totals.failed, 3000.0 * (1.0 - 4.539_992_976_248_485e-5));
        is(totals.equivalent_s, 30.0 * (1.0 - 4.539_992_976_248_485e-5));
        // The tolerance has a margin of 10⁻¹², which is 6 × 10⁻⁸ s here.
        assert!((totals.degraded_s - 372.876_485_905_331_5).abs() < 1e-6, "{}", totals.degraded_s);
        is(totals.peak, 0.5);
        // Two halves are the whole.
        is(of.integrate(at(0), at(100)).and(of.integrate(at(100), at(600))).failed, totals.failed);
    }

    /// Demand falls from 600 by 1 rps a second: ∫ (600 − t) ½ e^(−t/60) dt from 0 to 600 is ½ (600 × 60 (1 − e) − 3600 (1 − 11 e)) for
    /// e = e^(−10), since ∫ t e^(−t/60) dt = 3600 (1 − (1 + 10) e).
    #[test]
    fn demand_that_falls_meets_what_fades() {
        let e = 4.539_992_976_248_485e-5;
        let totals = stretch(600.0, -1.0, lingering()).integrate(at(0), at(600));
        is(totals.failed, 0.5 * (36_000.0 * (1.0 - e) - 3_600.0 * (1.0 - 11.0 * e)));
        is(totals.offered, 180_000.0);
    }

    /// 300 rps meet a room of 200: of what is taken ½ e^(−t/60) fails, and 100 rps are shed. In a minute 60 × 300 − 200 (60 − 30 (1 − 1/e))
    /// fail, with 1/e = 0.36787944117144233. The share is 1 − (2/3) (1 − ½ e^(−t/60)): two thirds at first.
    #[test]
    fn what_is_above_the_room_is_shed_by_all_alike() {
        let totals = Stretch { room: 200.0, ..stretch(300.0, 0.0, lingering()) }.integrate(at(0), at(60));
        let served_s = 60.0 - 30.0 * (1.0 - 0.367_879_441_171_442_33);
        is(totals.failed, 18_000.0 - 200.0 * served_s);
        is(totals.equivalent_s, 60.0 - 200.0 / 300.0 * served_s);
        is(totals.degraded_s, 60.0);
        is(totals.peak, 2.0 / 3.0);
    }

    /// A share of e^(−t/60) − e^(−t/30) rises to ¼ where e^(−t/60) = ½ and falls again: it is above 0.16 while e^(−t/60) is between 0.8 and
    /// 0.2, which is for 60 ln 4 = 83.17766166719343 s.
    #[test]
    fn what_rises_and_falls_is_above_a_line_in_between() {
        let shares = Shares { failing: [0.0, 1.0, -1.0], rates: [1.0 / 60.0, 1.0 / 30.0], ..Shares::still(0.0, 0.0) };
        let totals = Stretch { tolerated: 0.16, ..stretch(100.0, 0.0, shares) }.integrate(at(0), at(600));
        assert!((totals.degraded_s - 83.177_661_667_193_43).abs() < 1e-6, "{}", totals.degraded_s);
        is(totals.peak, 0.25);
    }
}
