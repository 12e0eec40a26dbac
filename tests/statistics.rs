//! The intervals cover what they say they cover, on data whose truth is known.
//!
//! 2,000 trials each. An interval of 95 % may miss its truth in 100 of them; that it is missed so much more often that
//! chance would do so one time in a thousand, is a fault. The figures are printed, and those of means are kept in
//! `docs/guide/compare.md`.

use std::sync::Arc;
use windtunnel::experiment::auto::{Looking, Target};
use windtunnel::experiment::column::Column;
use windtunnel::experiment::replicate::{Done, Replications, Row};
use windtunnel::experiment::statistics::{Interval, mean, proportion, quantile_ranks, student_t};
use windtunnel_sim::measure::Stored;
use windtunnel_sim::measure::catalogue::HARMED;
use windtunnel_sim::rules::assumptions::Used;

const TRIALS: u32 = 2_000;
/// 95 % minus what chance takes off in 2,000 trials: 3.09 · √(0.05 · 0.95 ÷ 2000) = 1.5 points.
const LEAST: f64 = 0.935;

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn exponential(&mut self) -> f64 {
        -libm::log1p(-self.next())
    }

    fn normal(&mut self) -> f64 {
        let (radius, angle) = ((2.0 * self.exponential()).sqrt(), self.next() * std::f64::consts::TAU);
        radius * libm::cos(angle)
    }
}

/// How often `covers` holds.
fn coverage(seed: u64, mut covers: impl FnMut(&mut Random) -> bool) -> f64 {
    let mut random = Random(seed);
    let hits = (0..TRIALS).filter(|_| covers(&mut random)).count();
    hits as f64 / f64::from(TRIALS)
}

#[test]
fn proportions_are_covered_at_any_count() {
    for (share, count) in [(0.5, 20), (0.05, 40), (0.01, 200), (0.3, 200), (0.97, 100)] {
        let covered = coverage(1, |random| {
            let hits = (0..count).filter(|_| random.next() < share).count();
            proportion(hits, count, 0.95).contains(share)
        });
        println!("proportion {share} of {count}: {covered}");
        assert!(covered >= LEAST, "{share} of {count}: {covered}");
    }
}

#[test]
fn quantiles_are_covered_whatever_the_distribution() {
    for (q, count) in [(0.5, 10), (0.5, 200), (0.05, 100), (0.95, 100), (0.95, 1_000)] {
        let ranks = quantile_ranks(count, q, 0.95).expect("there are enough runs");
        let truth = -libm::log1p(-q);
        let covered = coverage(2, |random| {
            let mut values: Vec<f64> = (0..count).map(|_| random.exponential()).collect();
            values.sort_by(f64::total_cmp);
            (values[ranks.0 - 1]..=values[ranks.1 - 1]).contains(&truth)
        });
        println!("quantile {q} of {count}: {covered}");
        assert!(covered >= LEAST, "{q} of {count}: {covered}");
    }
    // With most of the weight on one value, the quantile is that value.
    let ranks = quantile_ranks(200, 0.5, 0.95).expect("there are enough runs");
    let covered = coverage(3, |random| {
        let draw = |random: &mut Random| if random.next() < 0.8 { 0.0 } else { random.exponential() };
        let mut values: Vec<f64> = (0..200).map(|_| draw(random)).collect();
        values.sort_by(f64::total_cmp);
        (values[ranks.0 - 1]..=values[ranks.1 - 1]).contains(&0.0)
    });
    assert!(covered >= LEAST, "{covered}");
}

/// Where values are skewed or mostly zero, Student's interval covers its mean less often than it says. The table of the
/// guide has these figures, and this test keeps it true.
#[test]
fn means_are_covered_as_often_as_the_guide_says() {
    type Draw = fn(&mut Random) -> f64;
    let normal: Draw = Random::normal;
    let exponential: Draw = Random::exponential;
    let heavy: Draw = |random| libm::exp(random.normal());
    let rare: Draw = |random| if random.next() < 0.1 { random.exponential() } else { 0.0 };
    let rarer: Draw = |random| if random.next() < 0.01 { random.exponential() } else { 0.0 };
    let kinds = [
        ("normal", normal, 0.0),
        ("exponential", exponential, 1.0),
        ("lognormal, sigma 1", heavy, libm::exp(0.5)),
        ("9 in 10 zero", rare, 0.1),
        ("99 in 100 zero", rarer, 0.01),
    ];
    let guide =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/guide/compare.md")).unwrap_or_default();
    let mut missing = Vec::new();
    for (name, draw, truth) in kinds {
        let mut row = format!("| {name} |");
        for count in [20, 200, 1_000] {
            let covered = coverage(4, |random| {
                let values: Vec<f64> = (0..count).map(|_| draw(random)).collect();
                mean(&values, 0.95).and_then(|mean| mean.interval).expect("of several").contains(truth)
            });
            row += &format!(" {:.1} % |", 100.0 * covered);
            if name == "normal" {
                assert!(covered >= LEAST, "{count}: {covered}");
            }
        }
        println!("{row}");
        if !guide.contains(&row) {
            missing.push(row);
        }
    }
    assert!(missing.is_empty(), "docs/guide/compare.md lacks:\n{}", missing.join("\n"));
}

/// Runs made up of two policies: the difference of the second to the first is drawn, about a reference of 2.2.
fn two_policies(count: usize, mut difference: impl FnMut() -> f64) -> Replications {
    let columns: Arc<[Column]> = Arc::new([Column::new(HARMED, None, "%")]);
    let mut runs = Replications::new(1, &["one", "other"]);
    for replication in 0..count {
        let reference = 2.2;
        for (policy, value) in [reference, reference + difference()].into_iter().enumerate() {
            let row = Row { digest: 0, looped: false, values: [Stored::Number(value)].into() };
            let done = Done { policy, replication, columns: Arc::clone(&columns), row, used: Used::default() };
            runs.put(done).expect("it fits");
        }
    }
    runs
}

/// At how many runs `auto` says that the second policy has more or less, looking as it does; `None` if it never does.
fn decided(runs: &Replications, most: usize) -> Option<(usize, Interval)> {
    let target = Target { measure: HARMED.to_owned(), precision: Some(1e-9), allowed: 0.0, most };
    let mut looking = Looking::new(target, 0, 2);
    while !looking.is_spent() {
        let count = looking.next();
        looking.look(runs, count).expect("numbers");
        let interval = looking.settled().intervals[1];
        if !interval.contains(0.0) {
            return Some((count, interval));
        }
    }
    None
}

/// 2,000 trials of two policies that are alike in the mean: at all looks of `auto` up to 2,000 runs together, it says that they
/// differ in no more than 2.5 % of them. Who looks at Student's interval as often is fooled far more often.
#[test]
fn auto_errs_no_more_often_than_it_says_however_often_it_looks() {
    type Draw = fn(&mut Random) -> f64;
    let normal: Draw = |random| 0.3 * random.normal();
    let skewed: Draw = |random| 0.3 * (random.exponential() - 1.0);
    // A tenth of the pairs differ, to either side.
    let seldom: Draw = |random| match random.next() {
        u if u < 0.05 => 1.0,
        u if u < 0.1 => -1.0,
        _ => 0.0,
    };
    for (name, draw) in [("normal", normal), ("skewed", skewed), ("seldom", seldom)] {
        let mut fooled = 0_u32;
        let right = coverage(5, |random| {
            let runs = two_policies(2_000, || draw(random));
            let values: Vec<f64> =
                runs.policies[1].values(HARMED).expect("it is there").iter().filter_map(|v| v.number()).collect();
            let student =
                |n: usize| mean(&values[..n], 0.95).and_then(|mean| mean.interval).expect("of several").contains(2.2);
            fooled += u32::from(!(100..=2_000).step_by(50).all(student));
            decided(&runs, 2_000).is_none()
        });
        let fooled = f64::from(fooled) / f64::from(TRIALS);
        println!("{name}: right at all looks in {right}; Student's t fooled in {fooled}");
        assert!(right >= 0.975, "{name}: {right}");
        assert!(fooled > 0.15, "{name}: peeking at a fixed interval should show why this is needed: {fooled}");
    }
}

/// A difference of a fifth of its spread, as that of +2.8 % between two fleets that scale out alike (`tests/compare/alike.yaml`):
/// in 95 of 100 trials it is found with fewer than 600 runs, and on the right side.
#[test]
fn auto_decides_what_there_is_to_decide() {
    let found = coverage(6, |random| {
        let runs = two_policies(600, || 0.0617 + 0.295 * random.normal());
        decided(&runs, 599).is_some_and(|(_, interval)| interval.low > 0.0)
    });
    println!("found in {found}");
    assert!(found >= 0.95, "{found}");
    assert!(student_t(0.95, 1e6) < 1.961);
}
