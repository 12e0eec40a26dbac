//! How the users of a name fare, who are led to several places.

use super::entry_point::{NOTHING, Shares, Stretch};
use crate::engine::time::SimTime;
use crate::plan::Segment;

impl Stretch {
    /// What the users of a name meet where these shares of them are led to these places; whoever is led nowhere is not served.
    /// Where places have room for other parts of what is led there, and one sheds, the share that it sheds is that of the beginning
    /// (approximated). Where clients move, they do so alike everywhere: what fades at each place fades with one life.
    pub(super) fn of_parts(parts: &[(f64, Self)], at: SimTime) -> Self {
        if let [(share, only)] = parts
            && *share >= 1.0
        {
            return *only;
        }
        let led: f64 = parts.iter().map(|(share, _)| share).sum();
        let all_are_led = led >= 1.0 - 1e-9;
        // All shed at once, as one place would that has the room of all.
        let room = parts.first().map_or(0.0, |(share, of)| of.room / share);
        let alike = |(share, of): &(f64, Self)| of.room == share * room || (of.room / share / room - 1.0).abs() < 1e-7;
        let sheds_as_one = all_are_led && room > 0.0 && room.is_finite() && parts.iter().all(alike);
        let mut sum = Shares { failing: [1.0, 0.0, 0.0], stale: [0.0; 3], rates: [0.0; 2] };
        let mut ready_room = f64::INFINITY;
        for (share, of) in parts {
            let moves = of.moves_connections();
            let met = of.at(at);
            let shares = match met.demand > 0.0 {
                _ if sheds_as_one || moves && met.demand <= of.room => of.shares.later(at.since(of.from).seconds()),
                true => Shares::still(met.failed / met.demand, met.stale / met.demand),
                false => Shares::still(of.shares.failing[0], of.shares.stale[0]),
            };
            if moves {
                sum.rates = of.shares.rates;
            }
            sum.failing[0] -= share * (1.0 - shares.failing[0]);
            sum.stale[0] += share * shares.stale[0];
            for term in 1..3 {
                sum.failing[term] += share * shares.failing[term];
                sum.stale[term] += share * shares.stale[term];
            }
            ready_room = ready_room.min(of.ready_room / share);
        }
        if sum.failing[0].abs() < NOTHING {
            sum.failing[0] = 0.0;
        }
        let none = Segment { start: SimTime::ZERO, rps: 0.0, slope: 0.0 };
        Self {
            demand: none,
            from: at,
            shares: sum,
            room: if sheds_as_one { room } else { f64::INFINITY },
            ready_room: if all_are_led { ready_room } else { 0.0 },
            tolerated: f64::INFINITY,
        }
    }
}

impl Shares {
    /// The same shares, taken so many seconds later.
    fn later(&self, seconds: f64) -> Self {
        let [fading, leaking] = self.rates.map(|rate| libm::exp(-rate * seconds));
        let of = |[stays, fades, leaks]: [f64; 3]| [stays, fades * fading, leaks * leaking];
        Self { failing: of(self.failing), stale: of(self.stale), rates: self.rates }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rps: f64, failing: f64, room: f64) -> Stretch {
        let demand = Segment { start: SimTime::ZERO, rps, slope: 0.0 };
        let shares = Shares::still(failing, 0.0);
        Stretch { demand, from: SimTime::ZERO, shares, room, ready_room: room, tolerated: 0.001 }
    }

    /// 100 users a second: 60 are led where all are served, 30 where half of them fail, and 10 nowhere: 15 + 10 fail.
    #[test]
    fn whoever_is_led_nowhere_is_not_served() {
        let parts = [(0.6, of(60.0, 0.0, f64::INFINITY)), (0.3, of(30.0, 0.5, f64::INFINITY))];
        let all = Stretch { demand: of(100.0, 0.0, 0.0).demand, ..Stretch::of_parts(&parts, SimTime::ZERO) };
        assert!((all.at(SimTime::ZERO).failed - 25.0).abs() < 1e-9, "{:?}", all.at(SimTime::ZERO));
    }

    /// 75 are led to a place with room for 50, which sheds 25, and 25 to one with room for as many.
    #[test]
    fn what_one_place_sheds_is_harm_of_the_name() {
        let parts = [(0.75, of(75.0, 0.0, 50.0)), (0.25, of(25.0, 0.0, 25.0))];
        let all = Stretch { demand: of(100.0, 0.0, 0.0).demand, ..Stretch::of_parts(&parts, SimTime::ZERO) };
        assert!((all.at(SimTime::ZERO).failed - 25.0).abs() < 1e-9, "{:?}", all.at(SimTime::ZERO));
        // 100 × 0.75 is more than 50: the name is short from 66.7 on.
        assert!((all.ready_room - 50.0 / 0.75).abs() < 1e-9);
    }

    /// Two instances of a gateway with room for 50 each: of 160 a second each sheds 30, and of 90 nobody sheds any.
    #[test]
    fn parts_with_room_for_the_same_share_shed_as_one() {
        let parts = [(0.5, of(80.0, 0.0, 50.0)), (0.5, of(80.0, 0.0, 50.0))];
        let all = Stretch::of_parts(&parts, SimTime::ZERO);
        let failed = |rps| Stretch { demand: of(rps, 0.0, 0.0).demand, ..all }.at(SimTime::ZERO).failed;
        assert!((failed(160.0) - 60.0).abs() < 1e-9 && failed(90.0).abs() < 1e-9, "{all:?}");
    }
}
