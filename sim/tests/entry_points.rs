//! Several rules and probes a pool: each probe holds its own of the backends, and each rule is an entry point with users of its own.

mod support;

use support::autoscale::{IN, LESS, cpu, decisions, scaled};
use support::*;
use windtunnel_sim::measure::Scope;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value};
use windtunnel_sim::world::fact::{Fact, FlowFact};
use windtunnel_sim::world::ids::{EntryPointId, PoolId};

/// Two instances; `/healthz` is 200 while the process runs, `/ready` 200 while the database can be reached, and 503 otherwise. Rule 0
/// goes by the first every 5 s, rule 1 by the second every 10 s, both of one pool and in step. The database is down from 100 s to 200 s.
fn two_probes() -> Plan {
    let mut plan = plan();
    let needs = Needs { dependencies: 1, ..PROCESS };
    let sick = Answer { kind: AnswerKind::Status(503), ..OK };
    plan.application.endpoints.push(Endpoint {
        path: "/ready".into(),
        clauses: vec![Clause { when: needs, answer: OK }, Clause { when: PROCESS, answer: sick }],
    });
    let ready =
        Probe { name: "ready".into(), endpoint: 2, interval: s(10), ..plan.pools[0].probe.clone().expect("one") };
    plan.pools.push(Pool { probe: Some(ready), ..plan.pools[0].clone() });
    plan.sets[0].pools = vec![0, 1];
    plan.entry_points.push(EntryPoint { name: "internal".into(), ..EntryPoint::plain("lb", 1, 50.0) });
    plan.timeline = vec![action("db", 100, Act::DependencyDown { dependency: 0, length: Some(s(100)) })];
    assume(&mut plan, A::LbProbePhase, Value::Choice("aligned"));
    plan
}

fn measure(plan: &Plan, name: &str, scope: Scope) -> f64 {
    measured_at(plan, name, scope).number().expect("it is a number")
}

/// A probe that is sent at an instant sees the truth just before it: that of 100 s is good, that of 110 s is not, that of 200 s is not,
/// and that of 210 s is. So rule 1 has nobody from 110 s to 210 s: 100 s × 50 rps of (100 + 50) × 3600 s are 0.9259259 %.
#[test]
fn each_probe_of_a_pool_holds_its_own() {
    let plan = two_probes();
    let ledger = ledger(&plan);
    let of = |pool: u16, is_in: bool| {
        times(&ledger, |fact| match fact {
            Fact::InRotation { pool: of, .. } => is_in && *of == PoolId(pool),
            Fact::OutOfRotation { pool: of, .. } => !is_in && *of == PoolId(pool),
            _ => false,
        })
    };
    assert_eq!((of(0, true), of(0, false)), (vec![0.0, 0.0], vec![]));
    assert_eq!((of(1, true), of(1, false)), (vec![0.0, 0.0, 210.0, 210.0], vec![110.0, 110.0]));
    let harm = |fact: &Fact| matches!(fact, Fact::HarmStarted { entry_point } | Fact::HarmEnded { entry_point } if entry_point.0 == 1);
    assert_eq!(times(&ledger, harm), [110.0, 210.0]);
    assert_eq!(first(&ledger, |fact| matches!(fact, Fact::HarmStarted { entry_point: EntryPointId(0) })), None);
    let at = |id| Scope::EntryPoint(EntryPointId(id));
    assert_eq!(measure(&plan, "downtime.full_s", at(0)), 0.0);
    assert_eq!(measure(&plan, "downtime.full_s", at(1)), 100.0);
    assert_eq!(measure(&plan, "downtime.full_s", Scope::Fleet), 100.0);
    let harmed = measure(&plan, "blast_radius.requests_pct", Scope::Fleet);
    assert!((harmed - 100.0 * 5000.0 / 540_000.0).abs() < 1e-9, "{harmed}");
}

/// The names by which people know them: the rule where both lead to one pool, and the probe where a pool has two.
#[test]
fn names_tell_rules_and_probes_of_one_pool_apart() {
    let plan = two_probes();
    let named = |name: &str| plan.entry_points_named(name).iter().map(|id| id.0).collect::<Vec<_>>();
    assert_eq!(plan.entry_point_name(EntryPointId(1)), "lb/internal");
    assert_eq!(
        (named("LB"), named("lb/internal"), named("lb/pool"), named("lb/probe")),
        (vec![0, 1], vec![1], vec![0, 1], vec![])
    );
    assert_eq!(plan.pool_name(PoolId(1)), "lb/pool/ready");
}

/// By seeded phases each probe has a draw of its own: with one draw for both, those of one interval would go out together.
#[test]
fn two_probes_of_one_instance_do_not_keep_in_step() {
    let mut plan = two_probes();
    assume(&mut plan, A::LbProbePhase, Value::Choice("seeded"));
    plan.pools[1].probe.as_mut().expect("one").interval = s(5);
    plan.cold_start = true;
    let ledger = ledger(&plan);
    // Both are answered well from one instant on, and each goes out at its phase.
    let up = |pool: u16| times(&ledger, |fact| matches!(fact, Fact::ProbeUp { pool: of, .. } if of.0 == pool))[0] % 5.0;
    assert!((up(0) - up(1)).abs() > 1e-3, "{} and {}", up(0), up(1));
}

/// Two rules by one probe: one rotation, of which facts speak once; but each rule says what becomes of its clients. Instance 2 joins at
/// 100 s: the clients of the rule with affinity are mapped anew, and no others.
#[test]
fn rules_by_one_probe_share_what_it_holds() {
    let mut plan = plan();
    let sticky = BalancingRule { distribution: Distribution::SourceIP, ..BalancingRule::DEFAULT };
    plan.entry_points.push(EntryPoint { name: "https".into(), rule: sticky, ..EntryPoint::plain("lb", 0, 50.0) });
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    assert_eq!(times(&ledger, |fact| matches!(fact, Fact::JoinedPool { .. })).len(), 3);
    let mapped = |id| {
        times(&ledger, |fact| matches!(fact, Fact::Flow(FlowFact::Remapped { entry_point }) if entry_point.0 == id))
    };
    assert_eq!((mapped(0), mapped(1)), (vec![], vec![100.0]));
}

/// One write takes the only way in at 600 s, and another gives it back at 1,200 s, at once. Nobody is probed meanwhile, so that the first
/// backends are found up at 1,205 s. Whoever connects for each request is not answered for 605 s × 100. A rule that is removed leaves what
/// is open: of 60 s of mean life and 120 s at most, 100·60·(1 − exp(−120/60)) of them are still answered. An address cuts what is open.
#[test]
fn an_entry_point_that_is_turned_off_answers_nobody() {
    let kept = 6000.0 * (1.0 - libm::exp(-2.0));
    for (connections, is_address, answered, full) in [
        (Connections::PerRequest, false, 0.0, 605.0),
        (Connections::PerRequest, true, 0.0, 605.0),
        (Connections::KeepAlive, false, kept, 485.0),
        (Connections::KeepAlive, true, 0.0, 605.0),
    ] {
        let mut plan = turned_off(plan(), is_address, &[(600, None), (1200, Some(0))]);
        plan.entry_points[0].traffic.as_mut().expect("it has some").connections = connections;
        let failed = measure(&plan, "blast_radius.requests_pct", Scope::Fleet) * 3600.0;
        assert!((failed - 60_500.0 + answered).abs() < 1e-6, "{connections:?}, {is_address}: {failed}");
        assert_eq!(measure(&plan, "downtime.full_s", Scope::Fleet), full, "{connections:?}, {is_address}");
        let harm = |fact: &Fact| matches!(fact, Fact::HarmStarted { .. } | Fact::HarmEnded { .. });
        assert_eq!(times(&ledger(&plan), harm), [600.0, 1205.0], "{connections:?}, {is_address}");
    }
}

/// The same way in with writes that lead it to a pool or to nobody, in force at once.
fn turned_off(mut plan: Plan, is_address: bool, writes: &[(u64, Option<u16>)]) -> Plan {
    plan.entry_points[0].is_address = is_address;
    plan.entry_points[0].may_lead(None);
    let lead = |to| write("lb", vec![Change::Rule { entry_point: 0, to, cuts: is_address }]);
    plan.timeline = writes.iter().map(|&(at, to)| action(&format!("at {at}"), at, lead(to))).collect();
    for (of, seconds) in
        [(A::LbPropagation, 0), (A::LbIpSwapDown, 0), (A::ClientKeepalive, 60), (A::ClientKeepaliveCap, 120)]
    {
        assume(&mut plan, of, Value::Time(s(seconds)));
    }
    plan
}

/// Two hundred requests a second on four machines of a hundred are 50 % each. From 90 s on nobody comes. The run at 360 s sees the five
/// minutes up to 300 s: 50, 25, 0, 0 and 0, and so does the first one whose mean is below 20.
#[test]
fn a_set_that_nobody_comes_to_any_more_scales_in() {
    let plan =
        |writes: &[(u64, Option<u16>)]| turned_off(scaled(4, 200.0, vec![cpu(LESS, 20.0, IN, 1)]), false, writes);
    assert_eq!(decisions(&ledger(&plan(&[(90, None)]))), [(360.0, (4, 3))]);
    assert_eq!(decisions(&ledger(&plan(&[]))), []);
}
