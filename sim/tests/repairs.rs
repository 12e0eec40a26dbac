//! Renewal: an instance that starts more slowly than its grace lasts is repaired again and again. When, how often and up to
//! which grace is worked out here from the timings alone, and held against what the simulator does.

mod support;

use support::renewal::*;
use support::repairs::*;
use support::*;
use windtunnel_sim::measure::Value as Measured;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value};

fn endless(plan: &mut Plan) {
    assume(plan, A::RepairSuspendAfter, Value::Count(100));
}

fn when(plan: &Plan) -> Vec<u64> {
    started(&ledger(plan)).iter().map(|(time, _)| (time * 1000.0).round() as u64).collect()
}

fn loops(plan: &Plan) -> bool {
    measured(plan, "repairs.loop") == Measured::Word("true")
}

/// By hand: up at 100 s, its grace over at 700 s, looked at 720 s. Then each repair takes 130 s, and the grace 600 s more: at
/// 730 s, and looked at after 780 s, well before the 130 s + 905 s + 10 s at which it would be known to be healthy. In
/// 14,400 s there are 1 + ⌊13,680 / 780⌋ = 18.
#[test]
fn a_slow_starter_is_repaired_every_13_minutes() {
    let mut plan = SLOW.plan(1);
    endless(&mut plan);
    let times = when(&plan);
    assert_eq!(times[..3], [720_000, 1_500_000, 2_280_000]);
    assert_eq!(times.len(), 18);
    assert_eq!((SLOW.first(), SLOW.period()), (Some(720_000), Some(780_000)));
    assert_eq!(measured(&plan, "repairs.count"), Measured::Number(18.0));
    assert!(loops(&plan));
}

/// The new instance is known to be healthy 130 s + 905 s + 10 s after its repair began. The last look before that is the one
/// after 1,020 s, 890 s after the instance was up: a grace of 890 s still loops, and 890.001 s does not.
#[test]
fn the_smallest_grace_is_just_above_the_last_look_before_it_is_healthy() {
    assert_eq!(SLOW.smallest_grace(), 890_001);
    for (grace, is) in [(890_000, true), (890_001, false)] {
        assert_eq!(loops(&lost(Timing { grace, ..SLOW })), is, "a grace of {grace} ms");
    }
    // With 875 s of Initializing it is known to be in trouble after 885 s, with a millisecond more after 890 s: too late.
    assert_eq!(SLOW.smallest_initializing(), 875_001);
    for (initializing, is) in [(875_000, true), (875_001, false)] {
        assert_eq!(loops(&lost(Timing { initializing, ..SLOW })), is, "a grace of the extension of {initializing} ms");
    }
}

#[test]
fn repair_counts_and_periods_are_those_of_the_closed_form_for_200_random_timings() {
    let mut looping = 0;
    for number in 0..200 {
        let timing = draw(number);
        let mut plan = timing.plan(1);
        endless(&mut plan);
        let horizon = plan.horizon.ms();
        let mut expected = Vec::new();
        let mut next = timing.first();
        while let Some(at) = next.filter(|&at| at <= horizon) {
            expected.push(at);
            next = timing.period().map(|period| at + period);
        }
        assert_eq!(when(&plan), expected, "timing {number}: {timing:?}");
        assert_eq!(loops(&plan), expected.len() >= 3, "timing {number}: {timing:?}");
        looping += usize::from(expected.len() >= 3);
    }
    assert!(looping >= 100, "only {looping} of the timings loop");
}

#[test]
fn no_loop_at_or_above_the_smallest_grace_and_one_just_below_for_200_random_timings() {
    let mut tried = [0; 2];
    for number in 0..200 {
        let timing = draw(number);
        let grace = timing.smallest_grace();
        // What ends the loop at a grace that Azure takes, or a longer one: the arithmetic does not mind.
        if timing.period().is_some() && timing.known_sick().is_some_and(|sick| grace > sick + 1) {
            tried[0] += 1;
            for (grace, is) in [(grace - 1, true), (grace, false), (grace + 60_000, false)] {
                let timing = Timing { grace, ..timing };
                assert_eq!(loops(&lost(timing)), is, "timing {number}: {timing:?}");
            }
        }
        let initializing = timing.smallest_initializing();
        if timing.period().is_some() && initializing > 1 {
            tried[1] += 1;
            for (initializing, is) in [(initializing - 1, true), (initializing, false), (initializing + 60_000, false)]
            {
                let timing = Timing { initializing, ..timing };
                assert_eq!(loops(&lost(timing)), is, "timing {number}: {timing:?}");
            }
        }
    }
    assert!(tried.iter().all(|&tried| tried >= 100), "{tried:?}");
}

/// What the arithmetic says of many places at once, of which so many may be under repair: look by look.
fn queue(timing: Timing, size: usize, most: u32, horizon: u64) -> (Vec<u64>, Option<u64>) {
    #[derive(Clone, Copy)]
    struct Place {
        up: u64,
        repairs: u32,
    }
    let mut places = vec![Place { up: timing.provision + timing.boot, repairs: 0 }; size];
    let limit = (size / 20).max(1);
    let mut times = Vec::new();
    for look in (0..=horizon).step_by(timing.scan as usize) {
        let sick = |place: &Place| {
            timing.known_sick().is_some_and(|sick| look > place.up + sick) && look <= place.up + timing.known_healthy()
        };
        let due = |place: &Place| place.up < look && sick(place) && look >= place.up + timing.grace;
        if places.iter().any(|place| due(place) && place.repairs >= most) {
            return (times, Some(look));
        }
        let going = places.iter().filter(|place| place.up >= look).count();
        let mut order: Vec<usize> = (0..size).filter(|&at| due(&places[at])).collect();
        // All are in trouble as long after they were up.
        order.sort_by_key(|&at| places[at].up);
        for at in order.into_iter().take(limit - going.min(limit)) {
            times.push(look);
            places[at] = Place { up: look + timing.renewal(), repairs: places[at].repairs + 1 };
        }
    }
    (times, None)
}

#[test]
fn with_the_limit_and_with_suspension_the_times_are_those_of_the_queue() {
    let mut suspended = 0;
    let mut saturated = 0;
    for number in 0..60 {
        let timing = draw(number);
        for (size, most) in [(1, 3), (3, 2), (40, 100), (40, 2), (45, 3)] {
            let mut plan = timing.plan(size as u32);
            assume(&mut plan, A::RepairSuspendAfter, Value::Count(most.into()));
            let (times, stop) = queue(timing, size, most, plan.horizon.ms());
            let ledger = ledger(&plan);
            let what = format!("timing {number}, {size} instances, {most}: {timing:?}");
            let is: Vec<u64> = started(&ledger).iter().map(|(time, _)| (time * 1000.0).round() as u64).collect();
            assert_eq!(is, times, "{what}");
            use windtunnel_sim::world::fact::{Fact, RepairsFact};
            let themselves = |fact: &Fact| matches!(fact, Fact::Repairs(RepairsFact::SuspendedThemselves { .. }));
            let stopped = first(&ledger, themselves).map(|time| (time * 1000.0).round() as u64);
            assert_eq!(stopped, stop, "{what}");
            suspended += usize::from(stop.is_some());
            saturated += usize::from(size >= 40 && times.len() > 4);
        }
    }
    assert!(suspended > 50 && saturated > 50, "{suspended} suspended themselves, {saturated} had to queue");
}
