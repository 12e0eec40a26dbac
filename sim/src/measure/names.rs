//! How the users of a name fare, who are led to several places.

use super::entry_point::{NOTHING, Shares, Stretch};
use crate::engine::time::SimTime;
use crate::plan::Segment;

impl Stretch {
    /// What the users of a name meet where these shares of them are led to these places; whoever is led nowhere is not served.
    /// While demand slopes and one of several places sheds, the share that it sheds is that of the beginning (approximated).
    pub(super) fn of_parts(parts: &[(f64, Self)], at: SimTime) -> Self {
        if let [(share, only)] = parts
            && *share >= 1.0
        {
            return *only;
        }
        let [mut failing, mut stale] = [1.0, 0.0];
        let mut ready_room = f64::INFINITY;
        for (share, of) in parts {
            let rates = of.at(at);
            let [fails, is_stale] = match rates.demand > 0.0 {
                true => [rates.failed / rates.demand, rates.stale / rates.demand],
                false => [of.shares.failing[0], of.shares.stale[0]],
            };
            failing -= share * (1.0 - fails);
            stale += share * is_stale;
            ready_room = ready_room.min(of.ready_room / share);
        }
        let led: f64 = parts.iter().map(|(share, _)| share).sum();
        let none = Segment { start: SimTime::ZERO, rps: 0.0, slope: 0.0 };
        Self {
            demand: none,
            from: at,
            shares: Shares::still(if failing < NOTHING { 0.0 } else { failing }, stale),
            room: f64::INFINITY,
            ready_room: if led < 1.0 - 1e-9 { 0.0 } else { ready_room },
            tolerated: f64::INFINITY,
        }
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
}
