//! How long Front Door takes to find a region that is lost, and to come back to it, over many seeds: AFD-03. And the two engines.

mod support;

use support::names::{TO_WEST, WEST, engines_agree, led, play, two_regions_by_edge};
use support::*;
use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, NameFact, Record};

/// What decides how long it takes: seconds between probes, and how many of how many samples must be good.
#[derive(Clone, Copy, Debug)]
struct Settings {
    interval: u64,
    size: u8,
    required: u8,
}

/// What the provider writes, with the interval of the portal.
const DEFAULTS: Settings = Settings { interval: 100, size: 4, required: 3 };
/// The example of the page on origins.
const EXAMPLE: Settings = Settings { interval: 30, size: 5, required: 3 };
const FAST: Settings = Settings { interval: 5, size: 1, required: 1 };
const LONG: Settings = Settings { interval: 10, size: 16, required: 3 };

/// The west refuses from 4,000 s to 8,000 s: its process is down, and its balancer keeps it in rotation. Answers take no time.
fn plan_of(of: Settings) -> Plan {
    let mut plan = Plan { horizon: at(12_000), ..two_regions_by_edge(RuleSet::all()) };
    plan.pools[0].probe = None;
    let monitor = &mut plan.front_doors[0].monitor;
    monitor.interval = s(of.interval);
    monitor.judging = Judging::Window { size: of.size, required: of.required };
    plan.timeline = vec![disturb(4000, &[0], Disturbance::ProcessDown, 4000)];
    assume(&mut plan, A::AppAnswerLatency, Value::Time(s(0)));
    assume(&mut plan, A::FrontDoorPhase, Value::Choice("seeded"));
    assume(&mut plan, A::FrontDoorEdges, Value::Count(5));
    plan
}

/// When each of the sites found the west, and came back to it.
fn turns(ledger: &[Record]) -> [Vec<f64>; 2] {
    let failed = |fact: &Fact| matches!(fact, Fact::Name(NameFact::PlaceFailed { endpoint: TO_WEST, .. }));
    let back = |fact: &Fact| matches!(fact, Fact::Name(NameFact::PlaceRecovered { endpoint: TO_WEST, .. }));
    [times(ledger, failed), times(ledger, back)]
}

/// Every site finds the west after (size − required + 1) samples, the first of them up to an interval after it was lost, and comes back
/// after so many as are required: 100 s · 2 and · 3, 30 s · 3 and · 3, 5 s · 1 and · 1, 10 s · 14 and · 3. Over 200 seeds of five sites the
/// latest is within a tenth of an interval of that, and the earliest within a tenth of an interval of one interval less.
#[test]
fn an_origin_is_found_and_comes_back_within_the_bounds() {
    for of in [DEFAULTS, EXAMPLE, FAST, LONG] {
        let plan = plan_of(of);
        let counts = [u64::from(of.size - of.required) + 1, u64::from(of.required)];
        let mut all = [Vec::new(), Vec::new()];
        for seed in 0..200 {
            let (ledger, _) = play(&plan, seed, ProbeEngine::Counting);
            let each = turns(&ledger);
            for (all, (turns, since)) in all.iter_mut().zip(each.into_iter().zip([4000.0, 8000.0])) {
                assert_eq!(turns.len(), 5, "{of:?}, seed {seed}: each site turns once");
                all.extend(turns.iter().map(|time| time - since));
            }
            let west = led(&ledger, WEST);
            let at = |time: f64| west.iter().rfind(|(when, _)| *when <= time).map(|(_, share)| *share);
            let [found, back] = counts.map(|count| (count * of.interval) as f64);
            assert_eq!([at(3999.0), at(4000.0 + found), at(8000.0 + back)], [Some(100), Some(0), Some(100)]);
        }
        for (times, count) in all.iter().zip(counts) {
            let [most, interval] = [count * of.interval, of.interval].map(|seconds| seconds as f64);
            let [least, greatest] = [f64::min, f64::max].map(|f| times.iter().copied().reduce(f).unwrap_or_default());
            assert!(greatest <= most && greatest > most - interval / 10.0, "{of:?}: {greatest} s of at most {most} s");
            let low = most - interval;
            assert!(least >= low && least < low + interval / 10.0, "{of:?}: {least} s of at least {low} s");
        }
    }
}

/// Of two samples three are to be good. No origin is ever healthy, whatever it answers: users go to all from the start, to each by its
/// weight, and what the west does changes nothing.
#[test]
fn where_more_samples_are_to_be_good_than_there_are_no_origin_is_ever_healthy() {
    let mut plan = plan_of(Settings { interval: 30, size: 2, required: 3 });
    plan.horizon = at(9_000);
    for seed in 0..20 {
        let (ledger, _) = play(&plan, seed, ProbeEngine::Counting);
        assert_eq!(turns(&ledger), [vec![], vec![]], "seed {seed}");
        assert_eq!(led(&ledger, WEST), [(0.0, 50)], "seed {seed}");
        engines_agree(&plan, seed, &format!("seed {seed}"));
    }
}

/// The counting and the ticking sites agree entry for entry, where all backends answer alike and where they do not: of three in
/// the west one is frozen, one refuses and one is slower than the time-out, which is as long as the interval.
#[test]
fn counting_and_ticking_sites_agree() {
    for seed in 0..80 {
        let mut plan = plan_of([DEFAULTS, EXAMPLE, FAST, LONG][seed as usize % 4]);
        plan.horizon = at(2400);
        plan.sets[0].capacity = 3;
        assume(&mut plan, A::AppAnswerLatency, Value::Time(s(seed % 3)));
        assume(&mut plan, A::FrontDoorEdges, Value::Count(1 + seed % 4));
        plan.timeline = vec![
            disturb(100 + seed, &[0], Disturbance::Freeze, 700),
            disturb(330, &[1], Disturbance::ProcessDown, 650 + seed),
            disturb(460 + 3 * seed, &[2], Disturbance::Slow { by: s(7), endpoint: None }, 800),
        ];
        engines_agree(&plan, seed, &format!("seed {seed}"));
    }
}
