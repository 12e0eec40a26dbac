//! How long nobody is served in a swap, over many seeds, against the arithmetic on phases.
//!
//! With k instances a slot, phases that are independent and uniform over the interval I, and a threshold of 1, a backend of the old slot
//! leaves at its phase and one of the new enters at its own. Nobody is there between the last of the old and the first of the new, if all k
//! of the old come first: one order of 2k in C(2k, k). Given that, the gap is one of 2k + 1 even parts of I, in the mean.

use super::support::slots::{ask, two_slots};
use super::support::*;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::EntryPointId;
use windtunnel_sim::world::run::{Options, Sink, run};

const SEEDS: u64 = 20_000;
/// The interval of the probes.
const I: f64 = 5.0;

/// How long nobody is served at prod.
#[derive(Default)]
struct Gap {
    since: Option<SimTime>,
    seconds: f64,
}

impl Sink for Gap {
    fn record(&mut self, record: &Record) {
        match record.fact {
            Fact::OutageStarted { entry_point: EntryPointId(0) } => self.since = Some(record.time),
            Fact::OutageEnded { entry_point: EntryPointId(0) } => {
                self.seconds += self.since.take().map_or(0.0, |since| record.time.since(since).seconds());
            }
            _ => {}
        }
    }

    fn end(&mut self, _: SimTime) {
        assert!(self.since.is_none(), "the run ends after the swap");
    }
}

/// The gaps of swaps with so many instances a slot and this threshold.
fn gaps(instances: u32, threshold: u32) -> Vec<f64> {
    let mut plan = two_slots(RuleSet::all());
    plan.horizon = at(40);
    plan.sets.iter_mut().for_each(|set| set.capacity = instances);
    plan.pools.iter_mut().for_each(|pool| pool.probe.as_mut().expect("one").threshold = threshold);
    assume(&mut plan, A::LbPropagation, Value::Time(s(0)));
    assume(&mut plan, A::LbProbePhase, Value::Choice("seeded"));
    let what = ask(&plan, 0, 1);
    plan.timeline = vec![action("swap", 12, what)];
    let gap = |seed| {
        let mut gap = Gap::default();
        run(&plan, seed, Options::default(), &mut gap);
        gap.seconds
    };
    (0..SEEDS).map(gap).collect()
}

/// The mean, and four times its standard error.
fn mean(of: &[f64]) -> (f64, f64) {
    let n = of.len() as f64;
    let mean = of.iter().sum::<f64>() / n;
    let variance = of.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    (mean, 4.0 * (variance / n).sqrt())
}

/// The share with a gap is 1 ÷ C(2k, k): 1/2, 1/6 and 1/20, within four standard deviations of a binomial draw of 20,000. The mean over all
/// is I ÷ ((2k + 1) C(2k, k)), that where there is one I ÷ (2k + 1), and none is as long as I.
#[test]
fn the_gaps_of_swaps_are_as_the_arithmetic_says() {
    for (k, ways) in [(1, 2.0), (2, 6.0), (3, 20.0)] {
        let gaps = gaps(k, 1);
        let some: Vec<f64> = gaps.iter().copied().filter(|gap| *gap > 0.0).collect();
        let (share, expected) = (some.len() as f64 / SEEDS as f64, 1.0 / ways);
        let bound = 4.0 * (expected * (1.0 - expected) / SEEDS as f64).sqrt();
        assert!((share - expected).abs() < bound, "k = {k}: {share}, not {expected} ± {bound}");
        let parts = f64::from(2 * k + 1);
        for (of, expected) in [(&gaps, I / (parts * ways)), (&some, I / parts)] {
            let (mean, bound) = mean(of);
            assert!((mean - expected).abs() < bound, "k = {k}: {mean}, not {expected} ± {bound}");
        }
        assert!(gaps.iter().all(|gap| *gap < I), "k = {k}: a gap of an interval or more");
    }
}

/// With a threshold t of 2 or more the old leave at their first 404, and the new enter at their t-th 200: there is always a gap, of t − 1
/// intervals and the first new phase less the last old one, 1 ÷ (k + 1) and k ÷ (k + 1) of an interval in the mean. None is as long as t I.
#[test]
fn a_threshold_makes_every_swap_have_a_gap() {
    for (k, t) in [(1, 2), (2, 2), (2, 3), (3, 2)] {
        let gaps = gaps(k, t);
        assert!(gaps.iter().all(|gap| *gap > 0.0), "k = {k}, t = {t}: a swap without a gap");
        let (k, t) = (f64::from(k), f64::from(t));
        assert!(gaps.iter().all(|gap| *gap < t * I), "k = {k}, t = {t}: a gap of {t} intervals or more");
        let expected = I * ((t - 1.0) - (k - 1.0) / (k + 1.0));
        let (mean, bound) = mean(&gaps);
        assert!((mean - expected).abs() < bound, "k = {k}, t = {t}: {mean}, not {expected} ± {bound}");
    }
}
