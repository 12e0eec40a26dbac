//! How the users of a name fare, who are led to several places.
//!
//! A place sheds where more is led to it than it takes: it then serves that much, whatever demand is. Between two instants at which a place
//! begins or ceases to shed, what is served is a straight line over demand.

use super::answers::Answered;
use super::entry_point::{Fate, NOTHING, Shares, Stretch};
use crate::engine::time::{SimDuration, SimTime};
use crate::plan::Segment;

/// A place, and the share of the users of a name who are led to it.
type Part = (f64, Stretch);

/// The room of one place that would shed as these do, where all users are led and all places shed at once.
fn as_one(parts: &[Part]) -> Option<f64> {
    let room = parts.first().map_or(0.0, |(share, of)| of.room / share);
    let alike = |(share, of): &Part| of.room == share * room || (of.room / share / room - 1.0).abs() < 1e-7;
    (all_are_led(parts) && room > 0.0 && room.is_finite() && parts.iter().all(alike)).then_some(room)
}

fn all_are_led(parts: &[Part]) -> bool {
    parts.iter().map(|(share, _)| share).sum::<f64>() >= 1.0 - 1e-9
}

impl Stretch {
    /// What nobody sends, or sheds.
    pub(super) const NONE: Self = Self {
        demand: Segment { start: SimTime::ZERO, rps: 0.0, slope: 0.0 },
        from: SimTime::ZERO,
        shares: Shares::still(0.0, 0.0),
        room: f64::INFINITY,
        ready_room: f64::INFINITY,
        tolerated: f64::INFINITY,
        held: [0.0; 2],
        held_answers: [0.0; 3],
        by_gateway: false,
        again: 0.0,
        late: false,
    };

    /// What the users of a name meet from an instant on; whoever is led nowhere is not served. Who sheds is who does so a millisecond
    /// later: at the instant itself demand may still equal what a place takes. Where clients move, they do so alike everywhere: what fades
    /// at each place fades with one life; but then the share that a place sheds is that of the instant (approximated).
    #[inline(never)]
    pub(super) fn of_parts(parts: &[Part], demand: Segment, at: SimTime) -> Self {
        if let [(share, only)] = parts
            && *share >= 1.0
        {
            return Self { demand, ..*only };
        }
        let room = as_one(parts);
        let all = Self { demand, ..Self::NONE };
        let soon = all.demand_at(at + SimDuration::from_ms(1));
        let led: f64 = parts.iter().map(|(share, _)| share).sum();
        // Who is led to no instance of a gateway finds no backend.
        let mut sum = Shares::still(1.0, 0.0).answered([1.0 - led, 0.0, 0.0]);
        let (mut ready_room, mut held, mut held_answers) = (f64::INFINITY, [0.0; 2], [0.0; 3]);
        for (share, of) in parts {
            ready_room = ready_room.min(of.ready_room / share);
            let of = of.later(at);
            if room.is_none() && of.room > 0.0 && share * soon > of.room {
                let Fate { failing, stale, answers } = of.fate(at);
                held[0] += of.room * (1.0 - failing);
                held[1] += of.room * stale;
                for (kind, held) in held_answers.iter_mut().enumerate() {
                    *held += of.room * answers[kind];
                }
                held_answers[Answered::PassedOn as usize] -= of.room;
                sum.answers[Answered::PassedOn as usize][0] += share;
                continue;
            }
            if of.moves_connections() {
                sum.rates = of.shares.rates;
            }
            sum.failing[0] -= share * (1.0 - of.shares.failing[0]);
            sum.stale[0] += share * of.shares.stale[0];
            for term in 1..3 {
                sum.failing[term] += share * of.shares.failing[term];
                sum.stale[term] += share * of.shares.stale[term];
            }
            for (sum, of) in sum.answers.iter_mut().flatten().zip(of.shares.answers.iter().flatten()) {
                *sum += share * of;
            }
        }
        if parts.iter().any(|(_, of)| of.moves_connections()) {
            sum.failing[0] -= held[0] / soon.max(f64::MIN_POSITIVE);
            sum.stale[0] += held[1] / soon.max(f64::MIN_POSITIVE);
            for (kind, held) in held_answers.iter().enumerate() {
                sum.answers[kind][0] += held / soon.max(f64::MIN_POSITIVE);
            }
            (held, held_answers) = ([0.0; 2], [0.0; 3]);
        }
        if sum.failing[0].abs() < NOTHING {
            sum.failing[0] = 0.0;
        }
        let ready_room = if all_are_led(parts) { ready_room } else { 0.0 };
        Self { from: at, shares: sum, room: room.unwrap_or(f64::INFINITY), ready_room, held, held_answers, ..all }
    }

    /// The same from an instant on.
    pub(super) fn later(&self, at: SimTime) -> Self {
        let shares =
            if self.moves_connections() { self.shares.later(at.since(self.from).seconds()) } else { self.shares };
        Self { from: at, shares, ..*self }
    }
}

/// When a name next leads more to some place than it takes, or no more, or its demand, of which it has a share, becomes another line.
pub(super) fn turn((parts, whole): (&[Part], f64), demand: &[Segment], after: SimTime, to: SimTime) -> Option<SimTime> {
    let apart = as_one(parts).is_none();
    let mut first: Option<SimTime> = None;
    for (at, segment) in demand.iter().enumerate() {
        let end = demand.get(at + 1).map_or(SimTime::FAR, |next| next.start);
        if end <= after || segment.start > to {
            continue;
        }
        let lines =
            parts.iter().filter(|(_, of)| apart && segment.slope != 0.0 && of.room > 0.0 && of.room.is_finite());
        let ms =
            lines.map(|(share, of)| libm::ceil((of.room / (share * whole) - segment.rps) / segment.slope * 1000.0));
        let crossings =
            ms.filter(|ms| (0.0..1e14).contains(ms)).map(|ms| segment.start + SimDuration::from_ms(ms as u64));
        let here = crossings.filter(|&crossing| crossing < end).chain([segment.start]);
        first = here.chain(first).filter(|&turn| turn > after && turn <= to).min();
    }
    first
}

impl Shares {
    /// The same shares, taken so many seconds later.
    fn later(&self, seconds: f64) -> Self {
        let [fading, leaking] = self.rates.map(|rate| libm::exp(-rate * seconds));
        let of = |[stays, fades, leaks]: [f64; 3]| [stays, fades * fading, leaks * leaking];
        Self { failing: of(self.failing), stale: of(self.stale), answers: self.answers.map(of), rates: self.rates }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::entry_point::Totals;

    fn at(seconds: u64) -> SimTime {
        SimTime::from_ms(1000 * seconds)
    }

    /// A place to which this share is led, where this share of the requests fails, with room for so many a second.
    fn part(share: f64, failing: f64, room: f64) -> Part {
        (share, Stretch { shares: Shares::still(failing, 0.0), room, ready_room: room, ..Stretch::NONE })
    }

    fn level(rps: f64) -> Segment {
        Segment { start: at(0), rps, slope: 0.0 }
    }

    /// What became of users who send this, from 0 to an instant.
    fn met(parts: &[Part], demand: &[Segment], to: SimTime) -> Totals {
        let (mut from, mut all) = (SimTime::ZERO, Totals::default());
        while from < to {
            let until = turn((parts, 1.0), demand, from, to).unwrap_or(to);
            let segment = demand.iter().rfind(|segment| segment.start <= from).expect("it begins at 0");
            let stretch = Stretch { tolerated: 0.2, ..Stretch::of_parts(parts, *segment, from) };
            all = all.and(stretch.integrate(from, until));
            from = until;
        }
        all
    }

    #[track_caller]
    fn is(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9 * expected.abs().max(1.0), "{value}, not {expected}");
    }

    /// 100 users a second: 60 are led where all are served, 30 where half of them fail, and 10 nowhere: 15 + 10 fail.
    #[test]
    fn whoever_is_led_nowhere_is_not_served() {
        let parts = [part(0.6, 0.0, f64::INFINITY), part(0.3, 0.5, f64::INFINITY)];
        is(met(&parts, &[level(100.0)], at(1)).failed, 25.0);
    }

    /// 75 are led to a place with room for 50, which sheds 25, and 25 to one with room for as many.
    #[test]
    fn what_one_place_sheds_is_harm_of_the_name() {
        let parts = [part(0.75, 0.0, 50.0), part(0.25, 0.0, 25.0)];
        is(met(&parts, &[level(100.0)], at(1)).failed, 25.0);
        // 100 × 0.75 is more than 50: the name is short from 66.7 on.
        is(Stretch::of_parts(&parts, level(100.0), at(0)).ready_room, 50.0 / 0.75);
    }

    /// Two instances of a gateway with room for 50 each: of 160 a second each sheds 30, and of 90 nobody sheds any.
    #[test]
    fn parts_with_room_for_the_same_share_shed_as_one() {
        let parts = [part(0.5, 0.0, 50.0), part(0.5, 0.0, 50.0)];
        is(met(&parts, &[level(160.0)], at(1)).failed, 60.0);
        is(met(&parts, &[level(90.0)], at(1)).failed, 0.0);
    }

    /// Demand d rises from 0 by 2 a second for 100 s. Half goes to a place for 40, which sheds from d = 80 at 40 s on, and half to one
    /// for 80, of which a quarter fails, and which sheds from d = 160 at 80 s on. So d/8 fail until 40 s, then 5d/8 − 40, then d − 100. The
    /// integral of d from a to b is b² − a²: 1,600/8 + 5/8 × 4,800 − 40 × 40 + 3,600 − 100 × 20 = 200 + 1,400 + 1,600 = 3,200. The
    /// harmed share is 1/8, 5/8 − 40/d, 1 − 100/d, the last 1/2; the integral of 1/d is half of ln b/a: 5 + 25 − 20 ln 2 + 20 − 50 ln 1.25.
    /// It is above 0.2 from d = 40 ÷ 0.425 on, at 47.0588… s.
    #[test]
    fn places_shed_one_after_the_other_while_demand_rises() {
        let parts = [part(0.5, 0.0, 40.0), part(0.5, 0.25, 80.0)];
        let of = met(&parts, &[Segment { start: at(0), rps: 0.0, slope: 2.0 }], at(100));
        is(of.offered, 10_000.0);
        is(of.failed, 3_200.0);
        is(of.equivalent_s, 50.0 - 20.0 * std::f64::consts::LN_2 - 50.0 * 0.223_143_551_314_209_76);
        is(of.peak, 0.5);
        is(of.degraded_s, 100.0 - 20.0 / 0.425);
    }

    /// A step of demand to twice as much, while a place of two sheds already: of 50 and of 100 that are led there, 20 are served.
    #[test]
    fn of_a_step_of_demand_as_much_is_served_as_before_where_a_place_sheds() {
        let demand = [level(100.0), Segment { start: at(10), ..level(200.0) }];
        let of = met(&[part(0.5, 0.0, 20.0), part(0.5, 0.0, f64::INFINITY)], &demand, at(20));
        is(of.failed, 300.0 + 800.0);
        is(of.equivalent_s, 3.0 + 4.0);
    }
}
