//! Randomness: the bits are those of ChaCha8, worked out here from the quarter round of RFC 7539; what is made of them is
//! fixed for ever; and one draw more in one place moves no draw in another.

mod support;

use support::*;
use windtunnel_sim::engine::random::{Dist, Purpose, Randomness, Stream, Subject, name};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value};
use windtunnel_sim::world::fact::{Fact, Record};
use windtunnel_sim::world::ids::InstanceId;

/// The quarter round of RFC 7539, section 2.1.
fn quarter_round(x: &mut [u32; 16], [a, b, c, d]: [usize; 4]) {
    for (turn, [p, q, r]) in [(16, [a, b, d]), (12, [c, d, b]), (8, [a, b, d]), (7, [c, d, b])] {
        x[p] = x[p].wrapping_add(x[q]);
        x[r] = (x[r] ^ x[p]).rotate_left(turn);
    }
}

/// A block of ChaCha with eight rounds, as D. J. Bernstein laid it out: 64 bits of counter, 64 bits that name the stream.
fn block(key: &[u8; 32], counter: u64, stream: u64) -> [u32; 16] {
    let mut state = [0_u32; 16];
    let halves = |word: u64| [word as u32, (word >> 32) as u32];
    for (i, chunk) in b"expand 32-byte k".chunks(4).chain(key.chunks(4)).enumerate() {
        state[i] = u32::from_le_bytes(chunk.try_into().expect("four bytes"));
    }
    state[12..14].copy_from_slice(&halves(counter));
    state[14..16].copy_from_slice(&halves(stream));
    let mut x = state;
    for _ in 0..4 {
        for i in 0..4 {
            quarter_round(&mut x, [i, 4 + i, 8 + i, 12 + i]);
        }
        for i in 0..4 {
            quarter_round(&mut x, [i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4]);
        }
    }
    std::array::from_fn(|i| x[i].wrapping_add(state[i]))
}

/// The 64-bit numbers of a stream, low word first.
fn keystream(key: &[u8; 32], stream: u64) -> impl Iterator<Item = u64> {
    (0..).flat_map(move |counter| {
        let words = block(key, counter, stream);
        (0..8).map(move |i| u64::from(words[2 * i]) | u64::from(words[2 * i + 1]) << 32)
    })
}

const WHO: Subject = Subject { place: name("vmss"), cause: name("initial"), ordinal: 3 };

fn stream(purpose: Purpose) -> Stream {
    Randomness::new(7).stream(purpose, WHO, 0)
}

#[test]
fn the_plain_cipher_gives_the_published_quarter_round_and_keystream() {
    // RFC 7539, section 2.1.1.
    let mut x = [0_u32; 16];
    x[..4].copy_from_slice(&[0x1111_1111, 0x0102_0304, 0x9b8d_6f43, 0x0123_4567]);
    quarter_round(&mut x, [0, 1, 2, 3]);
    assert_eq!(x[..4], [0xea2a_92f4, 0xcb1c_f8ce, 0x4581_472e, 0x5881_c4bb]);
    // The eight-round vector for a key and a stream of zeros (draft-strombergson-chacha-test-vectors, TC1).
    let bytes: Vec<u8> = block(&[0; 32], 0, 0).iter().flat_map(|word| word.to_le_bytes()).collect();
    assert_eq!(bytes[..8], [0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6]);
}

#[test]
fn a_stream_is_chacha8_under_the_key_of_its_subject() {
    for (seed, item) in [(7_u64, 0_u64), (7, 1), (8, 0), (u64::MAX, name("an item"))] {
        let mut key = [0_u8; 32];
        key[0..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&WHO.place.to_le_bytes());
        key[16..24].copy_from_slice(&WHO.cause.to_le_bytes());
        key[24..28].copy_from_slice(&WHO.ordinal.to_le_bytes());
        key[28..32].copy_from_slice(&2_u32.to_le_bytes());
        let mut stream = Randomness::new(seed).stream(Purpose::Boot, WHO, item);
        for (i, expected) in keystream(&key, item).take(200).enumerate() {
            assert_eq!(stream.bits(), expected, "number {i} of seed {seed}, item {item}");
        }
    }
}

/// A varied seed, 2^32 and more, draws for a group of subjects as its low 32 bits do, or anew where the three bits of the group are
/// set: of 1,000 subjects each of ten groups has about a hundred (four deviations of √(1000 · 1⁄10 · 9⁄10) = 9.5 are 38), each value of
/// its bits gives other draws, and a seed beyond 2^62 is as plain as one below 2^32.
#[test]
fn a_varied_seed_changes_a_part_of_the_chance() {
    let first =
        |seed: u64, ordinal: u32| Randomness::new(seed).stream(Purpose::Boot, Subject { ordinal, ..WHO }, 0).bits();
    let mut changed_by = [0_u32; 10];
    for ordinal in 0..1000 {
        let plain = first(5, ordinal);
        let of = |group: u32, own: u64| first(5 | own << (32 + 3 * group), ordinal);
        let groups: Vec<u32> = (0..10).filter(|group| of(*group, 1) != plain).collect();
        let [own] = groups[..] else { panic!("{ordinal} is in the groups {groups:?}") };
        changed_by[own as usize] += 1;
        let drawn: std::collections::BTreeSet<u64> = (0..8).map(|value| of(own, value)).collect();
        assert_eq!(drawn.len(), 8);
        // What other groups have does not matter.
        let all = (0..10)
            .filter(|group| *group != own)
            .fold(5 | 3 << (32 + 3 * own), |seed, group| seed | 7 << (32 + 3 * group));
        assert_eq!(first(all, ordinal), of(own, 3));
    }
    assert!(changed_by.iter().all(|count| (62..=138).contains(count)), "{changed_by:?}");
    assert_ne!(first(1 << 62 | 5, 0), first(5, 0));
}

/// The first block of each of 100,000 seeds: the traits of `rand` hand out the bits of the cipher and no others.
#[test]
fn a_hundred_thousand_seeds_begin_as_the_cipher_says() {
    let mut key = [0_u8; 32];
    key[8..16].copy_from_slice(&WHO.place.to_le_bytes());
    key[16..24].copy_from_slice(&WHO.cause.to_le_bytes());
    key[24..28].copy_from_slice(&WHO.ordinal.to_le_bytes());
    key[28..32].copy_from_slice(&2_u32.to_le_bytes());
    for seed in 0..100_000_u64 {
        key[0..8].copy_from_slice(&seed.to_le_bytes());
        let mut stream = Randomness::new(seed).stream(Purpose::Boot, WHO, 0);
        let block = block(&key, 0, 0);
        for (i, pair) in block.chunks(2).enumerate() {
            assert_eq!(stream.bits(), u64::from(pair[0]) | u64::from(pair[1]) << 32, "number {i} of seed {seed}");
        }
    }
}

/// What `rand` makes of other bits, as a second opinion on what is made of ours.
#[expect(clippy::disallowed_types, reason = "a second opinion, by distribution; no result comes of it")]
mod second_opinion {
    use super::{Purpose, Randomness, WHO};
    use rand::seq::SliceRandom;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// χ² of two samples of one size, whose degrees of freedom are one fewer than the cells.
    fn chi_square(ours: &[u32], theirs: &[u32]) -> f64 {
        let cell = |(&a, &b): (&u32, &u32)| f64::from(a.abs_diff(b)) * f64::from(a.abs_diff(b)) / f64::from(a + b);
        ours.iter().zip(theirs).map(cell).sum()
    }

    /// 60,000 draws of each below 6 and below 3·2⁶², by thirds: of 5 and 2 degrees of freedom χ² is above 20.5 and 13.8 once
    /// in a thousand samples. A remainder of 64 bits by 3·2⁶² falls into the first third twice as often as into each other.
    #[test]
    fn whole_numbers_below_another_fall_as_those_of_rand_do() {
        for (n, cells, most) in [(6, 6, 20.5), (3 << 62, 3, 13.8)] {
            let mut ours = Randomness::new(11).stream(Purpose::Generator, WHO, n);
            let mut theirs = ChaCha8Rng::seed_from_u64(12);
            let (mut a, mut b) = (vec![0; cells], vec![0; cells]);
            let cell = |value: u64| (value / (n / cells as u64)) as usize;
            for _ in 0..60_000 {
                a[cell(ours.below(n))] += 1;
                b[cell(theirs.random_range(0..n))] += 1;
            }
            let found = chi_square(&a, &b);
            assert!(found < most, "χ² is {found}: {a:?} and {b:?}");
        }
    }

    /// 48,000 orders of four things: of 23 degrees of freedom χ² is above 49.7 once in a thousand samples. A shuffle that
    /// swaps each place with any of the four is at 600 and more.
    #[test]
    fn orders_fall_as_those_of_rand_do() {
        let mut ours = Randomness::new(13).stream(Purpose::Generator, WHO, 0);
        let mut theirs = ChaCha8Rng::seed_from_u64(14);
        let place = |order: [usize; 4]| order.iter().fold(0, |all, &digit| all * 4 + digit);
        let (mut a, mut b) = (vec![0; 256], vec![0; 256]);
        for _ in 0..48_000 {
            let (mut mine, mut other) = ([0, 1, 2, 3], [0, 1, 2, 3]);
            ours.shuffle(&mut mine);
            other.shuffle(&mut theirs);
            a[place(mine)] += 1;
            b[place(other)] += 1;
        }
        let seen: Vec<usize> = (0..256).filter(|&order| a[order] + b[order] > 0).collect();
        assert_eq!(seen.len(), 24, "every order comes, and nothing else");
        let of = |counts: &[u32]| seen.iter().map(|&order| counts[order]).collect::<Vec<_>>();
        let found = chi_square(&of(&a), &of(&b));
        assert!(found < 49.7, "χ² is {found}");
    }
}

#[test]
fn the_distributions_make_the_numbers_of_the_bits_that_their_formulas_say() {
    let dists = [
        Dist::Constant(s(7)),
        Dist::Uniform { min: s(10), max: s(20) },
        Dist::Exponential { mean: s(60) },
        Dist::LogNormal { median: s(45), sigma: 0.25 },
        Dist::LogUniform { min: s(10), max: s(1000) },
        Dist::SlowTail { median: s(45), sigma: 0.25, share: 0.0, min: s(300), max: s(900) },
        Dist::SlowTail { median: s(45), sigma: 0.25, share: 1.0, min: s(300), max: s(900) },
        Dist::TwoModes { first: (s(45), 0.25), second: (s(400), 0.1), share: 0.0 },
        Dist::TwoModes { first: (s(45), 0.25), second: (s(400), 0.1), share: 1.0 },
    ];
    for dist in dists {
        let (mut stream, mut bits) = (stream(Purpose::Boot), stream(Purpose::Boot));
        let mut unit = || (bits.bits() >> 11) as f64 / 9_007_199_254_740_992.0;
        let expected = match dist {
            Dist::Constant(value) => value.ms() as f64,
            // The high half of the product of 64 random bits and the number of values, which refuses nobody here.
            Dist::Uniform { min, .. } => {
                let mut other = self::stream(Purpose::Boot);
                min.ms() as f64 + ((u128::from(other.bits()) * 10_001) >> 64) as f64
            }
            Dist::Exponential { mean } => (-libm::log(1.0 - unit()) * mean.ms() as f64).round(),
            Dist::LogNormal { median, sigma } => {
                let (u, v) = (1.0 - unit(), unit());
                let normal = libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v);
                (median.ms() as f64 * libm::exp(sigma * normal)).round()
            }
            // 10 × 100^u seconds.
            Dist::LogUniform { .. } => (10_000.0 * libm::exp(libm::log(100.0) * unit())).round(),
            // The body is a lognormal's, drawn first; the tail is 300 × 3^u seconds, after the draw of the share.
            Dist::SlowTail { median, sigma, share, .. } => {
                let (u, v, _, tail) = (1.0 - unit(), unit(), unit(), unit());
                let normal = libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v);
                let body = median.ms() as f64 * libm::exp(sigma * normal);
                (if share == 1.0 { 300_000.0 * libm::exp(libm::log(3.0) * tail) } else { body }).round()
            }
            // One normal number, of the one mode or the other.
            Dist::TwoModes { first, second, share } => {
                let (u, v) = (1.0 - unit(), unit());
                let normal = libm::sqrt(-2.0 * libm::log(u)) * libm::cos(std::f64::consts::TAU * v);
                let (median, sigma) = if share == 1.0 { second } else { first };
                (median.ms() as f64 * libm::exp(sigma * normal)).round()
            }
        };
        assert_eq!(stream.duration(&dist).ms() as f64, expected, "{dist:?}");
    }
}

#[test]
fn the_first_draws_are_what_they_always_were() {
    let first = |dist: Dist| {
        let mut stream = stream(Purpose::Boot);
        [(); 3].map(|()| stream.duration(&dist).ms())
    };
    let golden = [
        first(Dist::Uniform { min: s(0), max: s(90) }),
        first(Dist::Exponential { mean: s(60) }),
        first(Dist::LogNormal { median: s(45), sigma: 0.25 }),
    ];
    assert_eq!(golden, GOLDEN);
    let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
    stream(Purpose::ExtensionOrder).shuffle(&mut order);
    assert_eq!(order, GOLDEN_ORDER);
}

const GOLDEN: [[u64; 3]; 3] = [[28_926, 6_696, 2_036], [23_264, 4_639, 1_373], [54_773, 47_133, 49_830]];
const GOLDEN_ORDER: [u8; 8] = [0, 5, 4, 2, 1, 7, 6, 3];

/// χ² of counts that should be equal.
fn chi_square(counts: &[u64]) -> f64 {
    let expected = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
    counts.iter().map(|&count| (count as f64 - expected) * (count as f64 - expected) / expected).sum()
}

#[test]
fn whole_numbers_below_a_bound_are_uniform() {
    // The 0.1 % points of χ² for 1, 6, 9 and 99 degrees of freedom.
    for (n, limit) in [(2, 10.83), (7, 22.46), (10, 27.88), (100, 148.23)] {
        let mut counts = vec![0; n];
        let mut stream = Randomness::new(n as u64).stream(Purpose::Generator, WHO, 0);
        for _ in 0..100_000 {
            counts[stream.below(n as u64) as usize] += 1;
        }
        let chi = chi_square(&counts);
        assert!(chi < limit, "below({n}): χ² is {chi}");
    }
    // A bound above 2⁶³ refuses almost half of the bits; thirds of it are still equally likely.
    let n = 3 << 62;
    let mut counts = [0; 3];
    let mut stream = stream(Purpose::Generator);
    (0..30_000).for_each(|_| counts[(stream.below(n) >> 62) as usize] += 1);
    assert!(chi_square(&counts) < 13.82, "{counts:?}");
}

/// Mean and standard deviation of 100,000 draws, in seconds.
fn moments(dist: Dist) -> (f64, f64) {
    let mut stream = stream(Purpose::WarmUp);
    let n = 100_000.0;
    let draws: Vec<f64> = (0..100_000).map(|_| stream.duration(&dist).seconds()).collect();
    let mean = draws.iter().sum::<f64>() / n;
    (mean, (draws.iter().map(|draw| (draw - mean) * (draw - mean)).sum::<f64>() / n).sqrt())
}

#[test]
fn the_moments_are_those_of_the_distributions() {
    // Four standard errors of the mean, σ ÷ √100,000, and three parts in a hundred for the deviation.
    let holds = |dist, mean: f64, deviation: f64| {
        let (is, spread) = moments(dist);
        assert!((is - mean).abs() < 4.0 * deviation / 316.2, "{dist:?}: the mean is {is}, not {mean}");
        assert!((spread / deviation - 1.0).abs() < 0.03, "{dist:?}: the deviation is {spread}, not {deviation}");
    };
    holds(Dist::Exponential { mean: s(60) }, 60.0, 60.0);
    holds(Dist::Uniform { min: s(0), max: s(90) }, 45.0, 90.0 / 12_f64.sqrt());
    // exp(σ² ÷ 2), and its product with √(exp(σ²) − 1).
    let mean = 45.0 * libm::exp(0.03125);
    holds(Dist::LogNormal { median: s(45), sigma: 0.25 }, mean, mean * libm::expm1(0.0625).sqrt());
    // Of 10 to 1,000 s: the mean is 990 ÷ ln 100 and the mean square (1,000² − 10²) ÷ (2 ln 100).
    let ln = libm::log(100.0);
    let (flat, square) = (990.0 / ln, 999_900.0 / (2.0 * ln));
    holds(Dist::LogUniform { min: s(10), max: s(1000) }, flat, (square - flat * flat).sqrt());
    // A tenth of that and nine tenths of the lognormal, whose mean square is the square of its mean × exp(σ²).
    let body = mean * mean * libm::exp(0.0625);
    let (mixed, of_squares) = (0.9 * mean + 0.1 * flat, 0.9 * body + 0.1 * square);
    let tailed = Dist::SlowTail { median: s(45), sigma: 0.25, share: 0.1, min: s(10), max: s(1000) };
    holds(tailed, mixed, (of_squares - mixed * mixed).sqrt());
    // Three quarters of the lognormal and a quarter of one about 400 s with σ 0.1: its mean is 400 × exp(0.005), its mean square
    // the square of that × exp(0.01).
    let second = 400.0 * libm::exp(0.005);
    let (mixed, of_squares) = (0.75 * mean + 0.25 * second, 0.75 * body + 0.25 * second * second * libm::exp(0.01));
    let modes = Dist::TwoModes { first: (s(45), 0.25), second: (s(400), 0.1), share: 0.25 };
    holds(modes, mixed, (of_squares - mixed * mixed).sqrt());
}

/// From running to booted, for the instances that the action `big` created, by their order.
fn boots_of_the_common_action(plan: &Plan) -> Vec<SimDuration> {
    let ledger = ledger(plan);
    let of = |wanted: InstanceId, is: fn(&Fact) -> Option<InstanceId>| {
        let record = ledger.iter().find(|record| is(&record.fact) == Some(wanted)).expect("it came so far");
        record.time
    };
    let created = |record: &&Record| record.time == at(500) && matches!(record.fact, Fact::InstanceCreated { .. });
    let instances = ledger.iter().filter(created).map(|record| match record.fact {
        Fact::InstanceCreated { instance, .. } => instance,
        _ => unreachable!("filtered"),
    });
    let length = |instance| {
        let running = |fact: &Fact| if let Fact::InstanceRunning { instance } = fact { Some(*instance) } else { None };
        let booted = |fact: &Fact| if let Fact::InstanceBooted { instance } = fact { Some(*instance) } else { None };
        of(instance, booted).since(of(instance, running))
    };
    instances.map(length).collect()
}

#[test]
fn one_more_action_of_another_policy_moves_no_boot_of_the_instances_that_both_create() {
    let mut plain = plan();
    plain.images[0].boot = Some(Dist::LogNormal { median: s(45), sigma: 0.25 });
    assume(&mut plain, A::VmssProvisionSpread, Value::Dist(Dist::Uniform { min: s(0), max: s(90) }));
    plain.timeline = vec![action("big", 500, Act::SetCapacity { set: 0, capacity: 12 })];
    let mut careful = plain.clone();
    careful.timeline.insert(0, action("early", 200, Act::SetCapacity { set: 0, capacity: 5 }));
    let (plain, careful) = (boots_of_the_common_action(&plain), boots_of_the_common_action(&careful));
    assert_eq!((plain.len(), careful.len()), (10, 7));
    assert_eq!(plain[..7], careful[..]);
    assert!(plain.iter().any(|boot| *boot != plain[0]), "the boots differ among each other");
}
