//! Properties of the arithmetic of autoscale, held against a search by brute force.

use windtunnel_sim::azure::autoscale::targets::{Watch, smallest_passing, target};
use windtunnel_sim::engine::random::{Purpose, Randomness, Stream, Subject};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::choice::AutoscalePercentRound as Rounding;

fn stream(number: u64) -> Stream {
    Randomness::new(number).stream(Purpose::Generator, Subject { place: 0, cause: 0, ordinal: 0 }, 0)
}

const OPERATORS: [Operator; 6] = [
    Operator::Equals,
    Operator::NotEquals,
    Operator::GreaterThan,
    Operator::GreaterThanOrEqual,
    Operator::LessThan,
    Operator::LessThanOrEqual,
];

/// Every count is projected and compared in whole numbers, so that no rounding is shared with the code under test: value ×
/// current against threshold × count.
#[test]
fn the_smallest_passing_count_is_what_a_search_over_all_counts_finds() {
    let mut found = [0; 3];
    for number in 0..5_000 {
        let mut draw = stream(number);
        let mut below = |n: u64| draw.below(n) as u32;
        let current = 2 + below(30);
        let wanted = 1 + below(u64::from(current) - 1);
        let rules: Vec<(u32, usize, u32)> =
            (0..1 + below(3)).map(|_| (below(100), below(6) as usize, 1 + below(200))).collect();
        let fires = |count: u32| {
            rules.iter().any(|&(value, operator, threshold)| {
                let (left, right) = (value * current, threshold * count);
                match operator {
                    0 => left == right,
                    1 => left != right,
                    2 => left > right,
                    3 => left >= right,
                    4 => left < right,
                    _ => left <= right,
                }
            })
        };
        let expected = (1..1000).filter(|&count| wanted <= count && count < current).find(|&count| !fires(count));
        let watched: Vec<Watch> = rules
            .iter()
            .enumerate()
            .map(|(rule, &(value, operator, threshold))| Watch {
                rule: rule as u16,
                value: f64::from(value),
                operator: OPERATORS[operator],
                threshold: f64::from(threshold),
            })
            .collect();
        assert_eq!(smallest_passing(&watched, current, wanted), expected, "{number}: {current} → {wanted}, {rules:?}");
        found[match expected {
            None => 0,
            Some(count) if count == wanted => 1,
            Some(_) => 2,
        }] += 1;
    }
    assert!(found.iter().all(|&times| times > 200), "given up, as wanted, adjusted: {found:?}");
}

fn rule(direction: ScaleDirection, change: ScaleChange) -> ScaleRule {
    let trigger = MetricTrigger {
        metric: Metric::Missing,
        grain: SimDuration::from_mins(1),
        statistic: Statistic::Average,
        window: SimDuration::from_mins(5),
        aggregation: Aggregation::Average,
        operator: Operator::GreaterThan,
        threshold: 0.0,
        per_instance: false,
    };
    ScaleRule { trigger, direction, change, cooldown: SimDuration::from_mins(5) }
}

/// 15 % of 7 are 1.05; 5 % of 7 are 0.35.
#[test]
fn a_change_in_percent_is_rounded_towards_capacity_and_is_at_least_one() {
    let out = |percent, rounding| target(&rule(ScaleDirection::Increase, ScaleChange::Percent(percent)), 7, rounding);
    let in_ = |percent, rounding| target(&rule(ScaleDirection::Decrease, ScaleChange::Percent(percent)), 7, rounding);
    assert_eq!([out(15, Rounding::TowardsCapacity), out(15, Rounding::Nearest), out(15, Rounding::Floor)], [9, 8, 8]);
    assert_eq!([in_(15, Rounding::TowardsCapacity), in_(25, Rounding::Nearest), in_(25, Rounding::Floor)], [6, 5, 6]);
    assert_eq!([out(5, Rounding::Floor), in_(5, Rounding::Floor), in_(200, Rounding::Floor)], [8, 6, 0]);
}

#[test]
fn no_rule_goes_against_its_direction() {
    for change in [ScaleChange::Count(3), ScaleChange::Percent(50), ScaleChange::Exact(5), ScaleChange::NextAllowed] {
        for current in 0..20 {
            assert!(target(&rule(ScaleDirection::Increase, change), current, Rounding::Nearest) >= current);
            assert!(target(&rule(ScaleDirection::Decrease, change), current, Rounding::Nearest) <= current);
            assert_eq!(target(&rule(ScaleDirection::None, change), current, Rounding::Nearest), current);
        }
    }
}
