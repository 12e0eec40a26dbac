//! A test that is one: what is fitted on half of the recordings, tried on the other half, and the other way round.
//!
//! The defaults of the model were fitted to all of them. So this fits anew, more plainly than the defaults, of which some have two
//! modes and most rest on the newest years: one lognormal of one machine, of which the longest of so many was recorded, of all
//! years. It covers the calls that are one piece of work on each machine, and the publishing of images; a create is several pieces,
//! one after another, and is not in it.

use super::case::{Call, Case, Power};
use super::figures::{Figures, Half, Kind, Value};
use crate::experiment::statistics::fit::{Longest, of_longest};
use std::collections::BTreeMap;
use windtunnel_sim::plan::Word;

/// The least values that are fitted.
pub const LEAST: usize = 5;

/// How what was held out fares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldOut {
    /// Each kind of call, in order.
    pub kinds: Vec<Held>,
}

/// One kind of call.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Which.
    pub name: String,
    /// Values that were tried, on what was fitted to the others.
    pub n: usize,
    /// Those within the band of 50 %.
    pub inside50: usize,
    /// Those within the band of 90 %.
    pub inside90: usize,
}

impl HeldOut {
    /// Values that were tried, and those within the bands of 90 % and 50 %.
    pub fn totals(&self) -> (usize, usize, usize) {
        let sum = |of: fn(&Held) -> usize| self.kinds.iter().map(of).sum();
        (sum(|held| held.n), sum(|held| held.inside90), sum(|held| held.inside50))
    }
}

/// Fits each half and tries the other.
pub fn held_out(figures: &Figures) -> HeldOut {
    let mut groups: BTreeMap<(Call, String), Vec<(Value, u32)>> = BTreeMap::new();
    for ((_, case, _), row) in figures.of(Kind::Duration) {
        if let Some((case, count)) = case.as_ref().and_then(|case| Some((case, machines(case)?))) {
            let values = row.values.iter().map(|value| (*value, count));
            groups.entry((case.call, case.kind())).or_default().extend(values);
        }
    }
    let held = groups.into_iter().map(|((_, name), values)| held(name, &values));
    HeldOut { kinds: held.filter(|held| held.n > 0).collect() }
}

/// Of how many machines the call is over with the slowest; `None` of a call that is more than one piece of work on each.
fn machines(case: &Case) -> Option<u32> {
    if case.extensions > 0 {
        return None;
    }
    match case.call {
        Call::Replicate | Call::ReplicateShallow | Call::Bake | Call::BakeImage => Some(1),
        Call::ScaleIn => Some(case.capacity.saturating_sub(case.of).max(1)),
        Call::Start if case.power == Power::Deallocated => None,
        Call::Deallocate | Call::PowerOff | Call::Start | Call::Restart | Call::Redeploy | Call::Reimage => {
            Some(case.of.max(1))
        }
        Call::Delete | Call::Evict => Some(case.of.max(1)),
        Call::DeleteSet => Some(case.capacity.max(1)),
        _ => None,
    }
}

fn held(name: String, values: &[(Value, u32)]) -> Held {
    let mut held = Held { name, n: 0, inside50: 0, inside90: 0 };
    for &half in Half::ALL {
        let (fitted, tried): (Vec<_>, Vec<_>) = values.iter().partition(|(value, _)| value.half == half);
        let sample: Vec<Longest> = fitted.iter().map(|(value, count)| (value.seconds(), *count)).collect();
        let Some(one) = Some(sample).filter(|sample| sample.len() >= LEAST).and_then(|sample| of_longest(&sample))
        else {
            continue;
        };
        let within = |low, high| {
            // A tenth is what a recording says.
            let inside = |(value, count): &&(Value, u32)| {
                value.seconds() + 0.05 >= one.quantile_of_longest(low, *count)
                    && value.seconds() - 0.05 <= one.quantile_of_longest(high, *count)
            };
            tried.iter().filter(|tried| inside(tried)).count()
        };
        held.n += tried.len();
        held.inside50 += within(0.25, 0.75);
        held.inside90 += within(0.05, 0.95);
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reality::figures::From;

    fn figures(case: &str, values: &[(f64, Half)]) -> Figures {
        let mut figures = Figures::default();
        for (seconds, half) in values {
            let value = Value { tenths: libm::round(seconds * 10.0) as u32, year: 2024, half: *half };
            let key = (Kind::Duration, Some(case.parse().expect("a case")), String::new());
            figures.add(key, Some(value), From { repo: "a/b", day: "2024-01-01" });
        }
        figures
    }

    /// Half a is 60 s to the powers −2 to 2 of e^0.1: median 60 s and σ √2 × 0.1 = 0.1414, so that the band of 50 % is 54.5 to 66.0 s
    /// (60 × e^±0.0954) and that of 90 % 47.5 to 75.7 s (60 × e^±0.2326). Half b has four values, too few to be fitted.
    #[test]
    fn the_bands_are_those_of_the_other_half() {
        let a = [-2.0, -1.0, 0.0, 1.0, 2.0].map(|power| (60.0 * libm::exp(0.1 * power), Half::A));
        let b = [47.0, 53.0, 65.0, 76.5].map(|seconds| (seconds, Half::B));
        let values: Vec<(f64, Half)> = a.into_iter().chain(b).collect();
        let held = |case| held_out(&figures(case, &values)).kinds;
        let name = "restart, Linux Uniform".to_owned();
        assert_eq!(held("restart Linux Uniform 1 1"), [Held { name, n: 4, inside50: 1, inside90: 2 }]);
        assert_eq!(held("create Linux Uniform 1 1"), []);
        assert_eq!(held("reimage Windows Uniform 1 1 extensions=1"), []);
    }

    /// What is fitted is never what is tried: a half that is wholly elsewhere is outside, both ways.
    #[test]
    fn a_half_that_differs_is_outside() {
        let near = |about: f64, half| [0.98, 0.99, 1.0, 1.01, 1.02].map(|by| (about * by, half));
        let values: Vec<(f64, Half)> = near(20.0, Half::A).into_iter().chain(near(200.0, Half::B)).collect();
        assert_eq!(held_out(&figures("deallocate Linux Uniform 2 2", &values)).totals(), (10, 0, 0));
    }
}
