//! Planted faults: what watches over the simulator must notice them.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use support::*;
use windtunnel_sim::azure::load_balancer::ProbeFailure;
use windtunnel_sim::azure::load_balancer::observer::{Cadence, Flip, Observer, Reply};
use windtunnel_sim::azure::load_balancer::ticking::Ticker;
use windtunnel_sim::demand::application;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::Disturbance;
use windtunnel_sim::world::World;
use windtunnel_sim::world::fact::Service;
use windtunnel_sim::world::ids::{Entry, InstanceId};
use windtunnel_sim::world::run::{Options, Run};

const CADENCE: Cadence = Cadence {
    interval: s(5),
    up: 3,
    down_refused: 1,
    down_silent: 3,
    flap_changes: 3,
    flap_window: s(60),
    flap_extra: 2,
    at_once: false,
};

const GOOD: Reply = Reply { result: Ok(()), after: SimDuration::ZERO };
const REFUSED: Reply = Reply { result: Err(ProbeFailure::Refused), after: SimDuration::ZERO };
const SILENT: Reply = Reply { result: Err(ProbeFailure::Silent), after: s(5) };

/// What a backend would answer, and from when.
const ANSWERS: [(u64, Reply); 6] = [(11, REFUSED), (17, GOOD), (41, SILENT), (72, GOOD), (101, REFUSED), (113, GOOD)];

fn counted(cadence: &Cadence) -> Vec<Flip> {
    let mut observer = Observer::new(at(5), true, GOOD, Entry(1));
    let mut flips = Vec::new();
    for (i, (from, reply)) in ANSWERS.into_iter().enumerate() {
        while let Some(flip) = observer.fold(at(from), cadence) {
            flips.push(flip);
        }
        observer.set_reply(reply, Entry(i as u32 + 2));
    }
    flips.extend(std::iter::from_fn(|| observer.fold(at(300), cadence)));
    flips
}

fn ticked(cadence: &Cadence) -> Vec<Flip> {
    let mut ticker = Ticker::new(at(5), true, GOOD, Entry(1), 0);
    let (mut flips, mut landing): (Vec<Flip>, Vec<(SimTime, u32)>) = (Vec::new(), Vec::new());
    for ms in 1..=300_000 {
        let now = SimTime::from_ms(ms);
        // What is repeated at once goes out at the instant at which the one before failed.
        loop {
            if ticker.next().0 == now {
                let (number, lands) = ticker.send(cadence);
                landing.push((lands, number));
                landing.sort_unstable();
            } else if landing.first().is_some_and(|&(lands, _)| lands == now) {
                let (_, number) = landing.remove(0);
                flips.extend(ticker.land(number, now, cadence));
            } else {
                break;
            }
        }
        // A probe that is sent at an instant sees the truth just before it.
        if let Some(i) = ANSWERS.iter().position(|&(from, _)| at(from) == now) {
            (ticker.reply, ticker.reply_cause) = (ANSWERS[i].1, Entry(i as u32 + 2));
        }
    }
    flips
}

#[test]
fn the_comparison_of_the_engines_notices_every_wrong_number_of_a_probe() {
    assert_eq!(counted(&CADENCE), ticked(&CADENCE));
    assert!(counted(&CADENCE).len() >= 5, "there is something to compare");
    let wrong = [
        Cadence { interval: s(6), ..CADENCE },
        Cadence { up: 2, ..CADENCE },
        Cadence { down_refused: 2, ..CADENCE },
        Cadence { down_silent: 2, ..CADENCE },
        Cadence { flap_changes: 0, ..CADENCE },
        Cadence { flap_window: s(1), ..CADENCE },
        Cadence { flap_extra: 1, ..CADENCE },
    ];
    for bug in wrong {
        assert_ne!(counted(&bug), ticked(&CADENCE), "{bug:?} goes unnoticed");
    }
}

/// A gateway of v1: refused at 15 s, and asked again at once, it is down at 15 s and not at 25 s.
#[test]
fn the_comparison_notices_a_probe_that_is_not_repeated_at_once() {
    let gateway = Cadence { up: 1, down_refused: 2, flap_changes: 0, at_once: true, ..CADENCE };
    assert_eq!(counted(&gateway), ticked(&gateway));
    assert_eq!(counted(&gateway)[0].at, at(15));
    assert_ne!(counted(&Cadence { at_once: false, ..gateway }), ticked(&gateway), "it goes unnoticed");
}

/// A run that is tampered with at 50 s and carried on; whether an invariant noticed.
fn notices(tamper: impl FnOnce(&mut World)) -> bool {
    let mut plan = plan();
    plan.timeline = vec![disturb(60, &[0], Disturbance::Freeze, 10)];
    let options = Options { check_every_instant: true, ..Options::default() };
    let mut run = Run::new(&plan, 7, options, &mut ());
    run.advance(at(50), &mut ());
    tamper(&mut run.world);
    let carried_on = catch_unwind(AssertUnwindSafe(|| {
        run.advance(plan.horizon, &mut ());
        run.finish(&mut ());
    }));
    carried_on.is_err()
}

#[test]
fn an_invariant_notices_a_world_that_was_tampered_with() {
    assert!(!notices(|_| ()), "a world that was left alone is sound");
    assert!(notices(|world| world.load_balancer.members[0].in_rotation = false), "a backend out of rotation");
    assert!(notices(|world| world.load_balancer.pools[0].in_rotation += 1), "a wrong count of backends");
    assert!(notices(|world| world.load_balancer.members[1].left = true), "a member that left");
    assert!(notices(|world| world.scale_set.sets[0].instances.truncate(1)), "an instance of no set");
    assert!(notices(|world| world.scale_set.sets[0].instances.reverse()), "a list out of order");
    assert!(notices(|world| world.scale_set.sets[0].capacity = 1), "more instances than the capacity");
    assert!(notices(|world| world.capacity.spread[0].by_zone[0] += 1), "an instance that stands nowhere");
    assert!(
        notices(|world| {
            let state = &mut world.application;
            state.truths.truncate(1);
            assert!(!application::exists(world, InstanceId(1)));
        }),
        "an instance without a truth"
    );
}

#[test]
fn an_invariant_notices_that_something_deleted_serves() {
    let mut plan = plan();
    plan.timeline = vec![scale(10, 1)];
    let mut run = Run::new(&plan, 7, Options::default(), &mut ());
    run.advance(at(50), &mut ());
    run.world.application.truths[1].service = Service::Ready;
    assert!(catch_unwind(AssertUnwindSafe(|| run.finish(&mut ()))).is_err());
}
