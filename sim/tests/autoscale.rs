//! Properties of the arithmetic of autoscale, held against a search by brute force; and settings that are written during a run.

mod support;

use support::autoscale::*;
use support::*;
use windtunnel_sim::azure::autoscale::targets::{Watch, smallest_passing, target};
use windtunnel_sim::engine::random::{Dist, Purpose, Randomness, Stream, Subject};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::choice::AutoscalePercentRound as Rounding;
use windtunnel_sim::rules::{A, Value};

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

/// Two instances, and no rule that fires. A write takes 5 s, and the engine runs every minute. A minimum of 4 is written at 310 s: the
/// run of 360 s goes to 4. A maximum of 3 is written at 610 s: the run of 660 s goes to 3. The setting is off from 915 s on, with what
/// there is; at 1,215 s it is on with a minimum of 6, and the run of 1,260 s goes there. One that is written to 1 between two runs, and
/// back, does nothing.
#[test]
fn what_is_written_of_a_setting_counts_from_its_next_run_on() {
    let quiet = || vec![cpu(MORE, 95.0, OUT, 1)];
    let mut plan = scaled(2, 10.0, quiet());
    assume(&mut plan, A::ArmWrite, Value::Dist(Dist::Constant(s(5))));
    let limits = |minimum, maximum| ScaleProfile { minimum, maximum, ..profile(quiet()) };
    let writes = [
        (310, Some(limits(4, 10))),
        (610, Some(limits(1, 3))),
        (910, None),
        (1210, Some(limits(6, 10))),
        (1510, Some(limits(1, 1))),
        (1540, Some(limits(6, 10))),
    ];
    let acts = writes.into_iter().map(|(at, to)| action(&format!("at {at}"), at, setting_written(&mut plan, to)));
    plan.timeline = acts.collect();
    plan.horizon = at(1800);
    let expected = [(360.0, (2, 4)), (660.0, (4, 3)), (1260.0, (3, 6))];
    assert_eq!(decisions(&ledger(&plan)), expected);
}
