//! The smallest grace periods that end a repair loop, as they are searched for, against the closed form; and how a loop is reported.

#[path = "../sim/tests/support/mod.rs"]
mod support;

use support::assume;
use support::renewal::*;
use windtunnel::experiment::repair_loop::{Ends, Found};
use windtunnel::experiment::replay::Replay;
use windtunnel::output::highlights::Highlights;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::Plan;
use windtunnel_sim::rules::{A, Value};

/// Without suspension.
fn looping(timing: Timing) -> Plan {
    let mut plan = lost(timing);
    assume(&mut plan, A::RepairSuspendAfter, Value::Count(100));
    plan
}

fn found(plan: &Plan) -> Vec<Found> {
    Replay::new(plan, 7).repair_loops().to_vec()
}

/// Whole seconds, upwards: that is how Azure takes it.
fn from(ms: u64) -> Ends {
    Ends::From(SimDuration::from_secs(ms.div_ceil(1000)))
}

/// By hand in `sim/tests/repairs.rs`: 890.001 s, and 875.001 s for the extension.
#[test]
fn a_slow_starter_needs_a_grace_just_above_the_last_look_before_it_is_healthy() {
    let plan = looping(SLOW);
    let [found] = &found(&plan)[..] else { panic!("one loop") };
    assert_eq!((found.repairs, found.extension), (from(890_001), from(875_001)));
    assert_eq!((found.of.places.len(), found.of.in_place), (1, true));
    assert_eq!(found.of.places[0].len(), 19, "one after another");
    assert_eq!(found.of.period(), (SimDuration::from_secs(780), true));
    let replay = Replay::new(&plan, 7);
    let moments = Highlights::of(&replay).moments;
    let shown: Vec<String> = moments.into_iter().map(|m| format!("{}: {}", m.label, m.sentence)).collect();
    let ends = "what ends it: a repair grace of 14 min 51 s (PT14M51S), or a health grace of 14 min 36 s (PT14M36S)";
    assert!(shown.iter().any(|line| line == ends), "{shown:#?}");
    let cycle = "repair loop: 19 repairs, every 13 min: Replace of vmss_0 and its replacements";
    assert!(shown.iter().any(|line| line == cycle), "{shown:#?}");
}

#[test]
fn what_is_found_is_the_closed_form_for_200_random_timings() {
    let mut loops = 0;
    for number in 0..200 {
        let timing = draw(number);
        let found = found(&looping(timing));
        assert_eq!(found.len(), usize::from(timing.period().is_some()), "timing {number}: {timing:?}");
        let Some(found) = found.first() else { continue };
        loops += 1;
        let most = SimDuration::from_mins(90).ms();
        let grace = timing.smallest_grace();
        let expected = if grace > most { Ends::No } else { from(grace) };
        assert_eq!(found.repairs, expected, "timing {number}: {timing:?}");
        assert_eq!(found.extension, from(timing.smallest_initializing()), "timing {number}: {timing:?}");
        assert_eq!(found.of.period().0.ms(), timing.period().unwrap_or(0), "timing {number}: {timing:?}");
    }
    assert!(loops > 100, "only {loops} of the timings loop");
}

/// Who never becomes healthy is not helped by waiting.
#[test]
fn what_is_no_slow_start_is_ended_by_no_grace_of_repairs() {
    let plan = looping(Timing { start: 40_000_000, ..SLOW });
    let [found] = &found(&plan)[..] else { panic!("one loop") };
    assert_eq!(found.repairs, Ends::No);
}
