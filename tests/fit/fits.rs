//! Fits: what a hidden variant of an incident leaves to see is found again, as often as is said.
//!
//! The small versions take seconds; those that are ignored are of `.ci/long`.

use super::common::{Minutes, incident, truth};
use std::sync::atomic::{AtomicUsize, Ordering};
use windtunnel::experiment::fit::{Extent, Fit, fit};
use windtunnel::infer::identify::Known;
use windtunnel::infer::ranks::{cell, uniform};
use windtunnel::infer::stream::Stream;
use windtunnel::input::drawable::Drawable;
use windtunnel::threads::Threads;

fn fitted(drawable: &Drawable, evidence: &Minutes, particles: usize, runs: usize, jobs: usize) -> Fit {
    let extent = Extent { policy: "as-written".to_owned(), particles, runs, seed: 1 };
    fit(drawable, evidence, &extent, &Threads(jobs), &mut |_| true).expect("it runs").expect("nobody stops it")
}

/// The unknowns of a fit that are numbers, with whether their 90 % range holds the truth.
fn held(fit: &Fit, truth: &[f64]) -> Vec<(Known, bool)> {
    let of = |(found, share): (&windtunnel::experiment::fit::Found, &f64)| {
        let value = found.unknown.value(*share);
        let [low, _, high] = found.range?;
        Some((found.finding.known, (low..=high).contains(&value)))
    };
    fit.unknowns.iter().zip(truth).filter_map(of).collect()
}

/// The pause, the swap and the failure of one variant, from 160 minutes with an error of 2 points each: few particles and runs find
/// ranges, the same on one thread and on two, and do not exceed the runs.
#[test]
fn a_small_fit_is_the_same_on_any_number_of_threads() {
    let (drawable, _) = incident("scale-out");
    let (shares, seed) = truth(3, drawable.unknowns.len());
    let evidence = Minutes::of(&drawable, &shares, seed, 3);
    let one = fitted(&drawable, &evidence, 60, 1500, 1);
    let two = fitted(&drawable, &evidence, 60, 1500, 2);
    assert_eq!(one.draws, two.draws);
    assert!(one.runs <= 1500 + 3 * windtunnel::infer::profile::runs(12), "{}", one.runs);
    assert_eq!(one.points.len(), 160);
    assert!(one.unknowns.iter().all(|found| found.cells.len() == 12));
}

/// Variants of five incidents: of the unknowns that are called known or partly known, 82 of 100 and more lie in their 90 % range, and
/// what is called unknown agrees with most of its prior by the profile.
fn coverage(variants: usize, particles: usize, runs: usize) -> (usize, usize) {
    let (mut inside, mut of) = (0, 0);
    for variant in 0..variants {
        let name = ["scale-out", "slow-failure", "shallow-probe", "stale-image", "zone-outage"][variant % 5];
        let (drawable, _) = incident(name);
        let (shares, seed) = truth(variant as u64, drawable.unknowns.len());
        let evidence = Minutes::of(&drawable, &shares, seed, variant as u64);
        let found = fitted(&drawable, &evidence, particles, runs, 2);
        for ((known, is_inside), one) in held(&found, &shares).into_iter().zip(&found.unknowns) {
            let finding = &one.finding;
            println!(
                "{variant} {name} {}: {known:?} {is_inside} {:?} power {:.3} moved {:.2} runs {} range {:.2} agrees {:.2}",
                one.unknown.name, one.range, found.power, found.moved, found.runs, finding.range, finding.agreeing
            );
            if known == Known::Unknown {
                assert!(finding.agreeing >= 0.75, "{name}: {}", one.unknown.name);
            } else {
                (inside, of) = (inside + usize::from(is_inside), of + 1);
            }
        }
    }
    println!("{inside} of {of} known unknowns lie in their 90 % range");
    (inside, of)
}

#[test]
#[ignore = "40 variants: 15 minutes of two cores as a release"]
fn forty_variants_lie_in_their_ranges() {
    let (inside, of) = coverage(40, 800, 200_000);
    assert!(of >= 60 && inside * 100 >= of * 82, "{inside} of {of}");
}

/// Truths from the prior, each with a seed and errors of its own: the rank of each among the draws is uniform.
#[test]
#[ignore = "200 fits: half an hour of two cores as a release"]
fn ranks_are_uniform_over_two_hundred_draws() {
    let (drawable, _) = incident("slow-failure");
    let mut counts = vec![[0_usize; 10]; drawable.unknowns.len()];
    let done = AtomicUsize::new(0);
    for case in 0..200 {
        let (shares, seed) = truth(1000 + case, drawable.unknowns.len());
        let evidence = Minutes::of(&drawable, &shares, seed, 1000 + case);
        let found = fitted(&drawable, &evidence, 300, 60_000, 2);
        let mut stream = Stream::new(case, &[0x5bc]);
        for (at, counts) in counts.iter_mut().enumerate() {
            let draws: Vec<f64> = found.draws.iter().map(|one| one.point.at[at]).collect();
            counts[cell(shares[at], &draws, 10, stream.unit())] += 1;
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
    for (found, counts) in drawable.unknowns.iter().zip(&counts) {
        println!("{}: {counts:?}, p {:.4}", found.name, uniform(counts));
    }
    assert!(counts.iter().all(|counts| uniform(counts) > 0.005), "{counts:?}");
}

/// How long a fit of three unknowns over 160 minutes takes.
#[test]
#[ignore = "it measures time, as a release"]
#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn three_unknowns_over_160_minutes_take_less_than_a_minute() {
    let (drawable, _) = incident("scale-out");
    let (shares, seed) = truth(3, drawable.unknowns.len());
    let evidence = Minutes::of(&drawable, &shares, seed, 3);
    let began = std::time::Instant::now();
    for at in 0..1000 {
        assert!(drawable.plan("as-written", &[0.5, 0.3, f64::from(at) / 1000.0]).is_some());
    }
    println!("1,000 plans: {:?}", began.elapsed());
    let began = std::time::Instant::now();
    let found = fitted(&drawable, &evidence, 800, 200_000, 2);
    let took = began.elapsed();
    println!("{} runs in {took:?}, power {}", found.runs, found.power);
    assert!(took.as_secs() < 60, "{took:?}");
}
