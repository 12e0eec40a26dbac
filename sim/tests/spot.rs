//! The published tables of the priority mix; evictions against their hazard; and waves that policies share.

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use support::*;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value};
use windtunnel_sim::world::fact::{EvictionCause, Fact, Record, SpotFact};
use windtunnel_sim::world::run::{Options, run};

fn of_spot(capacity: u32) -> Plan {
    let mut plan = Plan { horizon: at(3600), ..plan() };
    (plan.sets[0].capacity, plan.sets[0].pools) = (capacity, Vec::new());
    (plan.sets[0].mode, plan.sets[0].spot.spot) = (OrchestrationMode::Flexible, true);
    plan.pools.clear();
    plan.entry_points.clear();
    plan.markets = vec![SpotMarket { region: 0, hourly: 0.2, prices: Vec::new() }];
    assume(&mut plan, A::SpotNoticeSeconds, Value::Time(s(0)));
    assume(&mut plan, A::SpotWaveWindow, Value::Time(s(0)));
    assume(&mut plan, A::SpotGroupCorrelation, Value::Share(0.5));
    plan
}

fn seeded(plan: &Plan, seed: u64) -> Vec<Record> {
    let mut ledger = Vec::new();
    run(plan, seed, Options::default(), &mut ledger);
    ledger
}

/// Capacity, and how many of it are regular and Spot.
type Steps = &'static [(u32, u32, u32)];

/// (instances, regular, Spot), by base and share above it: the rows of the two published tables.
#[test]
fn the_published_tables_of_the_priority_mix_come_out() {
    let tables: [(u32, u32, Steps); 2] = [
        (10, 50, &[(10, 10, 0), (20, 15, 5), (26, 18, 8), (30, 20, 10), (41, 25, 16), (42, 26, 16)]),
        (10, 25, &[(10, 10, 0), (20, 12, 8), (50, 20, 30), (110, 35, 75), (120, 37, 83)]),
    ];
    for (base, percent, rows) in tables {
        for &(instances, regular, spot) in rows {
            let mix = PriorityMix { base, percent };
            assert_eq!((mix.regular(instances), instances - mix.regular(instances)), (regular, spot));
        }
    }
}

/// An instance survives the hour with 80 %, whatever the correlation is. 10,000 draws each: 200 seeds of 50 slots. Members of
/// a wave are not independent, so the bound of four standard errors is that of the mean over seeds.
#[test]
fn survival_matches_the_hazard_for_every_correlation() {
    for correlation in [0.0, 0.1, 0.25, 0.5, 0.75, 1.0] {
        let mut plan = of_spot(50);
        assume(&mut plan, A::SpotGroupCorrelation, Value::Share(correlation));
        let survived: Vec<f64> = (1..=200)
            .map(|seed| {
                let evicted = seeded(&plan, seed)
                    .iter()
                    .filter(|record| matches!(record.fact, Fact::Spot(SpotFact::Evicted { .. })))
                    .count();
                1.0 - evicted as f64 / 50.0
            })
            .collect();
        let mean = survived.iter().sum::<f64>() / 200.0;
        let variance = survived.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 199.0;
        let error = libm::sqrt(variance / 200.0);
        assert!((mean - 0.8).abs() < 4.0 * error, "ρ = {correlation}: {mean} survive, ± {error}");
    }
}

/// The study has over 92 % of the evictions that come together within three minutes of each other. What a wave of the default
/// takes gets notice within three minutes of it, and it is 92 % of the group: of 100 slots, 200 seeds, each wave that is the first,
/// 92 with an error of √(0.92 × 0.08 ÷ 100 ÷ 200), four of them.
#[test]
fn the_default_wave_takes_what_the_study_counted_within_its_three_minutes() {
    let mut plan = of_spot(100);
    plan.assumptions = {
        let mut fresh = plan.assumptions.clone();
        for assumption in [A::SpotWaveWindow, A::SpotGroupCorrelation] {
            fresh.set(assumption, assumption.row().default).expect("the default");
        }
        fresh
    };
    plan.markets[0].hourly = 0.9;
    let (mut waves_seen, mut hit, mut last) = (0, 0, 0);
    for seed in 1..=200 {
        let (times, hits) = waves(&seeded(&plan, seed));
        // A wave that another follows within the window, or the end of the run, cannot be distinguished.
        let Some(&first) = times.iter().next() else { continue };
        if first > 3_420_000 || times.range(first + 1..=first + 180_000).next().is_some() {
            continue;
        }
        let of_first = || hits.range((first, 0)..).filter(|&&(time, _)| time <= first + 180_000);
        (waves_seen, hit) = (waves_seen + 1, hit + of_first().count());
        last = last.max(of_first().map(|&(time, _)| time - first).max().unwrap_or(0));
    }
    assert!(waves_seen > 100, "{waves_seen}");
    let share = hit as f64 / f64::from(waves_seen * 100);
    assert!((share - 0.92).abs() < 4.0 * libm::sqrt(0.92 * 0.08 / 100.0 / f64::from(waves_seen)), "{share}");
    assert!((170_000..=180_000).contains(&last), "the last gets notice {last} ms after its wave");
}

/// When waves come, and which slots of the group they take: by instance at the start, who sit in the slots in order.
fn waves(ledger: &[Record]) -> (BTreeSet<u64>, BTreeSet<(u64, u32)>) {
    let wave = |record: &Record| matches!(record.fact, Fact::Spot(SpotFact::WaveCame { .. }));
    let times = ledger.iter().filter(|record| wave(record)).map(|record| record.time.ms()).collect();
    let hits = ledger.iter().filter_map(|record| match record.fact {
        Fact::Spot(SpotFact::EvictionDecided { instance, why: EvictionCause::Capacity }) => {
            Some((record.time.ms(), instance.0))
        }
        _ => None,
    });
    (times, hits.collect())
}

/// One policy deletes and the other deallocates, and one has half as many instances: the same waves come at the same
/// instants, and up to the first eviction of a slot they take the same slots.
#[test]
fn policies_with_equal_seeds_meet_identical_waves() {
    let mut met = 0;
    for seed in 1..=30 {
        let mut few = of_spot(20);
        few.markets[0].hourly = 0.6;
        let mut many = of_spot(40);
        many.markets[0].hourly = 0.6;
        many.sets[0].spot.eviction = EvictionPolicy::Delete;
        let ((few_times, few_hits), (many_times, many_hits)) =
            (waves(&seeded(&few, seed)), waves(&seeded(&many, seed)));
        // A wave over an empty group leaves no trace.
        assert!(few_times.is_subset(&many_times), "seed {seed}: {few_times:?} and {many_times:?}");
        let of_few: BTreeSet<_> = many_hits.into_iter().filter(|&(_, slot)| slot < 20).collect();
        assert_eq!(few_hits, of_few, "seed {seed}");
        met += few_hits.len();
    }
    assert!(met > 100, "only {met} evictions");
}

/// A third set elsewhere, of another size, moves no wave of the first.
#[test]
fn a_group_of_another_size_moves_no_wave() {
    let alone = of_spot(20);
    let mut beside = alone.clone();
    let mut other = beside.sets[0].clone();
    (other.name, other.size) = ("other".into(), "Standard_D8s_v5".into());
    beside.sets.push(other);
    for seed in 1..=10 {
        let (_, hits) = waves(&seeded(&beside, seed));
        let first: BTreeSet<_> = hits.into_iter().filter(|&(_, instance)| instance < 20).collect();
        assert_eq!(waves(&seeded(&alone, seed)).1, first, "seed {seed}");
    }
}

/// Two regular and two Spot instances for two hours; a Spot instance is evicted at half an hour, after its notice of none.
/// Regular: 2 × 2 h at 1 credit. Spot: 2 h and 0.5 h, at 0.2 for the first hour and at the regular price, which 3 is above,
/// for the second: 0.2 + 1 + 0.1 credits.
#[test]
fn cost_follows_the_price() {
    let mut plan = of_spot(4);
    plan.horizon = at(7200);
    plan.sets[0].spot.mix = Some(PriorityMix { base: 2, percent: 0 });
    plan.sets[0].prices = Some(Prices { regular: 1.0, spot: 0.5 });
    let prices = vec![(at(0), 0.2), (at(3600), 3.0)];
    plan.markets = vec![SpotMarket { region: 0, hourly: 0.0, prices }];
    let which = Which::Ordinals(vec![3]);
    plan.timeline = vec![action("evict", 1800, Act::Spot(SpotAct::Simulate { set: 0, which }))];
    let mut measures = windtunnel_sim::measure::Measures::new(&plan);
    run(&plan, 1, Options::default(), &mut measures);
    let value = |name: &str| match measures.measures().iter().find(|measure| measure.name() == name).map(|m| m.value) {
        Some(windtunnel_sim::measure::Value::Number(value)) => value,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(value("evictions.count"), 1.0);
    assert_eq!(value("cost.regular_h"), 4.0);
    assert_eq!(value("cost.spot_h"), 2.5);
    assert!((value("cost.credits") - 5.3).abs() < 1e-9, "{}", value("cost.credits"));
}
