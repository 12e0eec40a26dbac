//! `edge` leads to the west, and to the east where that is unhealthy ([`support::names`](crate::support::names)). One edge site probes
//! every 30 s; three of the last four samples must be good. The west is frozen from 605 s to 1,205 s: its last good probe was that of
//! 600 s. From 1,210 s, when its balancer finds it, it is in rotation again. A probe is given up after 10 s.

use crate::support::names::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, NameFact, OriginHealth, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "front_door":
    AFD_01 only_200_is_healthy,
    AFD_02 a_window_of_samples_decides,
    AFD_03 an_origin_is_found_and_comes_back_after_so_many_samples,
    AFD_04 where_all_fail_all_are_used,
    AFD_05 the_origin_is_chosen_by_priority_latency_and_weight,
    AFD_06 a_single_origin_is_not_probed,
    AFD_07 a_write_takes_minutes_and_the_next_one_waits,
}

/// The west is frozen for ten minutes.
fn frozen(rules: RuleSet) -> Plan {
    let mut plan = two_regions_by_edge(rules);
    plan.timeline = vec![disturb(605, &[0], Disturbance::Freeze, 600)];
    plan
}

/// Without the database `/fd` says 204, from 605 s on: the second bad sample is that of 660 s. Both regions say so.
fn only_200_is_healthy(rules: RuleSet) -> Proved {
    let mut plan = two_regions_by_edge(rules);
    let no_content = Answer { kind: AnswerKind::Status(204), ..OK };
    plan.application.endpoints.push(Endpoint {
        path: "/fd".into(),
        clauses: vec![
            Clause { when: Needs { dependencies: 1, ..PROCESS }, answer: OK },
            Clause { when: PROCESS, answer: no_content },
        ],
    });
    plan.front_doors[0].monitor.endpoint = 2;
    plan.timeline = vec![action("db", 605, Act::DependencyDown { dependency: 0, length: Some(s(600)) })];
    let ledger = ledger(&plan);
    for origin in [TO_WEST, TO_EAST] {
        same("unhealthy", held(&ledger, origin, OriginHealth::Unhealthy), vec![660.0])?;
    }
    Ok(ledger)
}

/// The west refuses at 630 s, answers at 660 s and refuses at 690 s: two of the last four are bad, and never two in a row.
fn a_window_of_samples_decides(rules: RuleSet) -> Proved {
    let mut plan = two_regions_by_edge(rules);
    plan.pools[0].probe = None;
    plan.timeline =
        vec![disturb(605, &[0], Disturbance::ProcessDown, 40), disturb(665, &[0], Disturbance::ProcessDown, 40)];
    let ledger = ledger(&plan);
    same("unhealthy", held(&ledger, TO_WEST, OriginHealth::Unhealthy), vec![690.0])?;
    Ok(ledger)
}

/// 4 − 3 + 1 = 2 bad samples: those of 630 s and 660 s, the last given up at 670 s. Three good ones: those of 1,230, 1,260 and 1,290 s.
fn an_origin_is_found_and_comes_back_after_so_many_samples(rules: RuleSet) -> Proved {
    let ledger = ledger(&frozen(rules));
    same("unhealthy", held(&ledger, TO_WEST, OriginHealth::Unhealthy), vec![670.0])?;
    same("healthy", held(&ledger, TO_WEST, OriginHealth::Healthy), vec![0.0, 1290.0])?;
    same("west", led(&ledger, WEST), vec![(0.0, 100), (670.0, 0), (1290.0, 100)])?;
    Ok(ledger)
}

/// Both are frozen. From 670 s on each gets half, although the west goes first and has a hundred times the weight.
fn where_all_fail_all_are_used(rules: RuleSet) -> Proved {
    let mut plan = frozen(rules);
    plan.front_doors[0].origins[1].setting.weight = 1;
    plan.front_doors[0].origins[0].setting.weight = 100;
    plan.timeline.push(action(
        "the east, too",
        605,
        Act::Disturb { set: 1, which: Which::Ordinals(vec![0]), how: Disturbance::Freeze, length: Some(s(600)) },
    ));
    let ledger = ledger(&plan);
    let open = times(&ledger, |fact| matches!(fact, Fact::Name(NameFact::OriginsFailedOpen { .. })));
    same("fails open", open, vec![670.0])?;
    // The east goes unhealthy an event after the west, which takes its users for no time.
    let last = |entry| led(&ledger, entry).into_iter().rfind(|(time, _)| *time == 670.0);
    same("the west", last(WEST), Some((670.0, 50)))?;
    same("the east", last(EAST), Some((670.0, 50)))?;
    Ok(ledger)
}

/// Two groups of users, of 60 % and 40 %. The origins have the same priority, and weights of 1 and 3. For the first group the east is 50 ms
/// behind the west, as far as may be: 15 % and 45 %. For the second it is 51 ms behind, and the west gets all.
fn the_origin_is_chosen_by_priority_latency_and_weight(rules: RuleSet) -> Proved {
    let mut plan = two_regions_by_edge(rules);
    let front_door = &mut plan.front_doors[0];
    for (origin, weight) in front_door.origins.iter_mut().zip([1, 3]) {
        origin.setting = OriginSetting { enabled: true, priority: 1, weight };
    }
    let latency = |ms: [u64; 2]| ms.map(|ms| Some(SimDuration::from_ms(ms))).into();
    front_door.users = vec![
        EdgeUsers { share: WHOLE / 5 * 3, latency: latency([10, 60]) },
        EdgeUsers { share: WHOLE / 5 * 2, latency: latency([10, 61]) },
    ];
    let ledger = ledger(&plan);
    same("west", led(&ledger, WEST), vec![(0.0, 55)])?;
    same("east", led(&ledger, EAST), vec![(0.0, 45)])?;
    Ok(ledger)
}

/// The west is alone, and frozen: nobody finds it.
fn a_single_origin_is_not_probed(rules: RuleSet) -> Proved {
    let mut plan = frozen(rules);
    plan.front_doors[0].origins.truncate(1);
    plan.front_doors[0].origins[0].probed = false;
    plan.front_doors[0].users[0].latency.truncate(1);
    let ledger = ledger(&plan);
    same("held down", times(&ledger, |fact| matches!(fact, Fact::Name(NameFact::PlaceFailed { .. }))), vec![])?;
    same("west", led(&ledger, WEST), vec![(0.0, 100)])?;
    Ok(ledger)
}

/// The west is disabled at 300 s and enabled at 400 s, and a write takes ten minutes: users are in the east from 900 s on. The second
/// write waits for the first, and is everywhere at 1,500 s. If the control plane takes half as long again from 200 s to 350 s, the first is
/// everywhere at 1,200 s, and the second, which was made when that was over, at 1,800 s.
fn a_write_takes_minutes_and_the_next_one_waits(rules: RuleSet) -> Proved {
    let mut plan = two_regions_by_edge(rules);
    assume(&mut plan, A::FrontDoorPropagation, Value::Dist(Dist::Constant(s(600))));
    let enable = |enabled| {
        let setting = OriginSetting { enabled, ..OriginSetting::USUAL };
        write("fd", vec![Change::Origin { front_door: 0, origin: 0, setting }])
    };
    plan.timeline = vec![action("disable", 300, enable(false)), action("enable", 400, enable(true))];
    let ledger = ledger(&plan);
    let deployed = times(&ledger, |fact| matches!(fact, Fact::Name(NameFact::ConfigurationDeployed { .. })));
    same("deployed", deployed, vec![900.0, 1500.0])?;
    same("disabled", held(&ledger, TO_WEST, OriginHealth::Disabled), vec![900.0])?;
    same("west", led(&ledger, WEST), vec![(0.0, 100), (900.0, 0), (1500.0, 100)])?;
    plan.timeline.insert(0, action("slow", 200, Act::SlowControlPlane { percent: 150, length: Some(s(150)) }));
    let slow = times(&self::ledger(&plan), |fact| matches!(fact, Fact::Name(NameFact::ConfigurationDeployed { .. })));
    same("deployed while the control plane is slow", slow, vec![1200.0, 1800.0])?;
    Ok(ledger)
}
