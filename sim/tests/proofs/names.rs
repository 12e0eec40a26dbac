//! `tm` leads to the west, and to the east where that does not answer ([`support::names`](crate::support::names)). The west is frozen
//! from 605 s to 1,205 s: its last good probe was that of 600 s. From 1,210 s, when its balancer finds it, it is in rotation again.

use crate::support::names::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, MonitorStatus, NameFact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "names":
    TM_01 an_endpoint_is_probed_at_the_interval,
    TM_02 the_failure_after_those_tolerated_degrades,
    TM_03 a_probe_waits_as_long_as_the_timeout,
    TM_04 only_the_codes_that_are_listed_are_good,
    TM_05 each_place_counts_for_itself,
    TM_06 the_next_probe_goes_out_an_interval_after_the_last_was_sent,
    TM_07 a_cached_answer_lives_out_its_ttl,
    TM_08 where_all_are_degraded_all_are_given_out,
    TM_09 one_good_probe_brings_an_endpoint_back,
    TM_10 users_are_led_as_the_method_says,
    TM_11 a_new_ttl_is_for_the_answers_after_it,
}

/// The west is frozen for ten minutes.
fn frozen(rules: RuleSet) -> Plan {
    let mut plan = two_regions_by_name(rules);
    plan.timeline = vec![disturb(605, &[0], Disturbance::Freeze, 600)];
    plan
}

/// Every 10 s: those of 610, 620 and 630 s fail, and that of 640 s is the fourth, over at 649 s.
fn an_endpoint_is_probed_at_the_interval(rules: RuleSet) -> Proved {
    let mut plan = frozen(rules);
    (plan.profiles[0].monitor.interval, plan.profiles[0].monitor.timeout) = (s(10), s(9));
    let ledger = ledger(&plan);
    same("degraded", came_to(&ledger, TO_WEST, MonitorStatus::Degraded), vec![649.0])?;
    Ok(ledger)
}

/// Those of 630, 660, 690 s are tolerated; that of 720 s is over at 730 s.
fn the_failure_after_those_tolerated_degrades(rules: RuleSet) -> Proved {
    let ledger = ledger(&frozen(rules));
    same("degraded", came_to(&ledger, TO_WEST, MonitorStatus::Degraded), vec![730.0])?;
    Ok(ledger)
}

/// None is tolerated: that of 630 s is over at 640 s.
fn a_probe_waits_as_long_as_the_timeout(rules: RuleSet) -> Proved {
    let mut plan = frozen(rules);
    plan.profiles[0].monitor.judging = Judging::Tolerated(0);
    let ledger = ledger(&plan);
    same("degraded", came_to(&ledger, TO_WEST, MonitorStatus::Degraded), vec![640.0])?;
    Ok(ledger)
}

/// Without the database `/tm` says 204, from 605 s to 1,205 s. The four from 630 s on fail, the last at 720 s. Users are served
/// meanwhile, since 204 is what the name alone takes ill.
fn only_the_codes_that_are_listed_are_good(rules: RuleSet) -> Proved {
    let mut plan = two_regions_by_name(rules);
    let no_content = Answer { kind: AnswerKind::Status(204), ..OK };
    plan.application.endpoints.push(Endpoint {
        path: "/tm".into(),
        clauses: vec![
            Clause { when: Needs { dependencies: 1, ..PROCESS }, answer: OK },
            Clause { when: PROCESS, answer: no_content },
        ],
    });
    plan.profiles[0].monitor.endpoint = 2;
    plan.timeline = vec![action("db", 605, Act::DependencyDown { dependency: 0, length: Some(s(600)) })];
    let ledger = ledger(&plan);
    same("degraded", came_to(&ledger, TO_WEST, MonitorStatus::Degraded), vec![720.0])?;
    Ok(ledger)
}

/// Three places in step: all three hold it down at 730 s, and two of them are enough.
fn each_place_counts_for_itself(rules: RuleSet) -> Proved {
    let mut plan = frozen(rules);
    assume(&mut plan, A::TmPlaces, Value::Count(3));
    let ledger = ledger(&plan);
    let failed = times(&ledger, |fact| matches!(fact, Fact::Name(NameFact::PlaceFailed { endpoint: TO_WEST, .. })));
    same("places", failed, vec![730.0; 3])?;
    same("degraded", came_to(&ledger, TO_WEST, MonitorStatus::Degraded), vec![730.0])?;
    Ok(ledger)
}

/// At 730 s, as above, and 125 s after the freeze: 25 + 3 × 30 + 10. If each time-out came on top of the interval, the probes
/// would go out at 630, 670, 710 and 750 s, and the last were over at 760 s.
fn the_next_probe_goes_out_an_interval_after_the_last_was_sent(rules: RuleSet) -> Proved {
    let ledger = ledger(&frozen(rules));
    same("degraded", came_to(&ledger, TO_WEST, MonitorStatus::Degraded), vec![730.0])?;
    Ok(ledger)
}

/// The name answers otherwise from 730 s on; answers expire at 720 s and 750 s.
fn a_cached_answer_lives_out_its_ttl(rules: RuleSet) -> Proved {
    let ledger = ledger(&frozen(rules));
    same(
        "the first to be led to the east",
        led(&ledger, EAST).into_iter().find(|(_, share)| *share == 100),
        Some((750.0, 100)),
    )?;
    Ok(ledger)
}

/// Both are frozen. From 730 s on neither is available, and the name answers as if both were Online: the users stay in the west.
fn where_all_are_degraded_all_are_given_out(rules: RuleSet) -> Proved {
    let mut plan = frozen(rules);
    plan.timeline.push(action(
        "the east, too",
        605,
        Act::Disturb { set: 1, which: Which::Ordinals(vec![0]), how: Disturbance::Freeze, length: Some(s(600)) },
    ));
    let ledger = ledger(&plan);
    same("degraded", came_to(&ledger, TO_EAST, MonitorStatus::Degraded), vec![730.0])?;
    let open = times(&ledger, |fact| matches!(fact, Fact::Name(NameFact::FailedOpen { .. })));
    same("fails open", open, vec![730.0])?;
    same("the last in the west", led(&ledger, WEST).last().copied(), Some((0.0, 100)))?;
    Ok(ledger)
}

/// The first probe after 1,210 s is that of 1,230 s, and good.
fn one_good_probe_brings_an_endpoint_back(rules: RuleSet) -> Proved {
    let ledger = ledger(&frozen(rules));
    same("online", came_to(&ledger, TO_WEST, MonitorStatus::Online), vec![0.0, 1230.0])?;
    same("the last in the west", led(&ledger, WEST).last().copied(), Some((1230.0, 100)))?;
    Ok(ledger)
}

/// Three to one by weight: 75 % in the west.
fn users_are_led_as_the_method_says(rules: RuleSet) -> Proved {
    let mut plan = two_regions_by_name(rules);
    plan.profiles[0].method = RoutingMethod::Weighted;
    plan.profiles[0].endpoints[0].weight = 3;
    let ledger = ledger(&plan);
    same("in the west", led(&ledger, WEST), vec![(0.0, 75)])?;
    same("in the east", led(&ledger, EAST), vec![(0.0, 25)])?;
    Ok(ledger)
}

/// Answers expire at 300 s, 600 s and so on. A TTL of 20 s is written at 310 s, and the west is disabled at 330 s; a write takes 5 s.
/// Who asked at 300 s has the old answer until 600 s. From then on it is 20 s: the west is enabled at 725 s, and who asked at 720 s is
/// back at 740 s.
fn a_new_ttl_is_for_the_answers_after_it(rules: RuleSet) -> Proved {
    let mut plan = two_regions_by_name(rules);
    plan.profiles[0].ttl = s(300);
    assume(&mut plan, A::TmCohorts, Value::Count(1));
    assume(&mut plan, A::ArmWrite, Value::Dist(Dist::Constant(s(5))));
    let short = Profile { ttl: s(20), ..plan.profiles[0].clone() };
    let mut disabled = short.clone();
    disabled.endpoints[0].enabled = false;
    plan.timeline = [("ttl", 310, &short), ("disable", 330, &disabled), ("enable", 720, &short)]
        .map(|(name, at, now)| action(name, at, name_written(now.clone())))
        .into();
    let ledger = ledger(&plan);
    same("disabled", came_to(&ledger, TO_WEST, MonitorStatus::Disabled), vec![335.0])?;
    same("west", led(&ledger, WEST), vec![(0.0, 100), (600.0, 0), (740.0, 100)])?;
    Ok(ledger)
}
