//! Windows of harm, and what notices them.

use crate::Of;
use crate::support::*;
use windtunnel_sim::measure::Value;
use windtunnel_sim::plan::*;

/// The process of one of two is down at 100 s, and the probe of 105 s notices. The database that users need, and the probe does not ask
/// for, is down from 1,000 s for 100 s and from 1,130 s for 470 s: with the gap of 30 s that is the longest harm, of 600 s. No probe
/// tells of it, not even that of a machine which is restarted at 1,200 s. A process that fails by itself then is noticed at 1,205 s.
#[test]
fn what_notices_the_longest_harm_goes_down_in_it() {
    let mut plan = plan();
    plan.application.dependencies = vec!["db".into()];
    plan.application.serves = Needs { dependencies: 1, ..PROCESS };
    let db = |at, length| action("db", at, Act::DependencyDown { dependency: 0, length: Some(s(length)) });
    plan.timeline = vec![disturb(100, &[0], Disturbance::ProcessDown, 30)];
    Of::run(&plan).is("time_to.detect_s", 5.0);
    plan.timeline.extend([db(1000, 100), db(1130, 470)]);
    let nobody = Value::NotComputed("no probe went down before the harm was over");
    assert_eq!(*Of::run(&plan).value("time_to.detect_s"), nobody);
    let mut restarted = plan.clone();
    let restart = Act::Power { set: 0, which: Which::One(0), how: PowerAct::Restart };
    restarted.timeline.push(action("restart", 1200, restart));
    assert_eq!(*Of::run(&restarted).value("time_to.detect_s"), nobody);
    plan.timeline.push(disturb(1200, &[0], Disturbance::ProcessDown, 30));
    Of::run(&plan).is("time_to.detect_s", 205.0);
}

#[test]
fn an_outage_that_is_open_at_the_horizon_is_at_least_that_long() {
    let mut plan = plan();
    plan.timeline = vec![disturb(3500, &[0, 1], Disturbance::ProcessDown, 3600)];
    let of = Of::run(&plan);
    assert_eq!(*of.value("time_to.recover_s"), Value::AtLeast(100.0));
    assert_eq!(*of.value("downtime.full_s"), Value::AtLeast(100.0));
    assert_eq!(*of.value("downtime.equivalent_s"), Value::AtLeast(100.0));
}
