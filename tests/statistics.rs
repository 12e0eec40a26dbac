//! The intervals cover what they say they cover, on data whose truth is known.
//!
//! 2,000 trials each. An interval of 95 % may miss its truth in 100 of them; that it is missed so much more often that
//! chance would do so one time in a thousand, is a fault. The figures are printed, and those of means are kept in
//! `docs/guide/compare.md`.

use windtunnel::experiment::statistics::{EmpiricalBernstein, mean, proportion, quantile_ranks, student_t};

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

/// Looks after every one of 1,000 values: the truth may never be left out, in 95 of 100 trials.
#[test]
fn a_sequence_holds_however_often_one_looks() {
    type Draw = fn(&mut Random) -> f64;
    let fair: Draw = |random| if random.next() < 0.5 { 1.0 } else { -1.0 };
    let narrow: Draw = |random| 0.02 * (random.next() - 0.5);
    // Mostly zero, and now and then far off to one side: the mean is zero all the same.
    let lopsided: Draw = |random| if random.next() < 0.02 { 0.98 } else { -0.02 };
    for (name, draw) in [("fair", fair), ("narrow", narrow), ("lopsided", lopsided)] {
        let mut fooled = 0_u32;
        let held = coverage(5, |random| {
            let mut sequence = EmpiricalBernstein::new(-1.0, 1.0, 0.05);
            let mut values = Vec::new();
            let (mut held, mut student) = (true, true);
            for n in 1..=1_000_usize {
                let value = draw(random);
                sequence.push(value);
                held &= sequence.interval().contains(0.0);
                values.push(value);
                // Who looks at Student's interval as often is fooled far more often; every fiftieth look will do.
                if n % 50 == 0 && student {
                    student = mean(&values, 0.95).and_then(|mean| mean.interval).is_some_and(|i| i.contains(0.0));
                }
            }
            fooled += u32::from(!student);
            held
        });
        let fooled = f64::from(fooled) / f64::from(TRIALS);
        println!("{name}: right at all looks {held}; Student's t fooled in {fooled}");
        assert!(held >= LEAST, "{name}: {held}");
        assert!(fooled > 0.15, "{name}: peeking at a fixed interval should show why this is needed: {fooled}");
    }
}

#[test]
fn a_sequence_decides_what_there_is_to_decide() {
    let mut random = Random(6);
    let mut sequence = EmpiricalBernstein::new(-100.0, 100.0, 0.05);
    let decided = (1..=5_000).find(|_| {
        sequence.push(-3.0 + random.normal() * 0.5);
        sequence.interval().high < 0.0
    });
    assert!(decided.is_some_and(|runs| runs < 400), "{decided:?}");
    assert!(student_t(0.95, 1e6) < 1.961);
}
