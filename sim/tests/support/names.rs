//! A name before two regions: `tm` of Traffic Manager, or `edge` of Front Door, leads to `lb-west` first, and to `lb-east` if that does
//! not answer.
//!
//! One instance in the west and one in the east, one probing place, everything aligned: places probe an interval after the start,
//! and answers expire a TTL after it, and so on. Load balancers probe every 5 s.

use super::{assume, at, plan, set};
use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, FlowFact, MonitorStatus, NameFact, OriginHealth, Record};
use windtunnel_sim::world::ids::{EntryPointId, TargetId};
use windtunnel_sim::world::run::{Options, run};

/// Where the users of the name are led: the part in the west, and the part in the east.
pub const WEST: EntryPointId = EntryPointId(3);
pub const EAST: EntryPointId = EntryPointId(4);
/// The endpoints of the name.
pub const TO_WEST: TargetId = TargetId(0);
pub const TO_EAST: TargetId = TargetId(1);

/// Two regions, and a name before them, under these rules.
fn two_regions(rules: RuleSet, name: EntryPoint) -> Plan {
    let mut plan = Plan { rules, horizon: at(2400), ..plan() };
    plan.sets =
        [("west", 0), ("east", 1)].map(|(name, pool)| ScaleSet { capacity: 1, pools: vec![pool], ..set(name) }).into();
    plan.pools = vec![Pool::plain("lb-west"), Pool::plain("lb-east")];
    let silent = |name: &str, pool| EntryPoint { traffic: None, ..EntryPoint::plain(name, pool, 0.0) };
    plan.entry_points = vec![silent("lb-west", 0), silent("lb-east", 1), name];
    plan
}

/// Users of a name: 100 requests a second.
fn users() -> Option<Traffic> {
    EntryPoint::plain("", 0, 100.0).traffic
}

/// The plan of a profile of Traffic Manager.
pub fn two_regions_by_name(rules: RuleSet) -> Plan {
    let mut plan = two_regions(rules, EntryPoint::name("tm", users()));
    plan.profiles = vec![Profile {
        name: "tm".into(),
        enabled: true,
        method: RoutingMethod::Priority,
        monitor: Monitor::plain(1),
        ttl: super::s(30),
        max_return: 2,
        endpoints: vec![ProfileEndpoint::plain("west", 0), ProfileEndpoint::plain("east", 1)],
        users: vec![UserGroup { share: WHOLE, order: vec![vec![0, 1]] }],
        entry_point: Some(2),
    }];
    lead_names(&mut plan.entry_points, &plan.profiles, &[]);
    assume(&mut plan, A::TmPhase, Value::Choice("aligned"));
    assume(&mut plan, A::TmPlaces, Value::Count(1));
    plan
}

/// A write that leaves the first profile as this one; whoever asks gets its endpoints in order.
pub fn name_written(now: Profile) -> Act {
    let order = (0..now.endpoints.len() as u16).collect();
    let resource = now.name.clone();
    super::write(&resource, vec![Change::Profile { profile: 0, now: Box::new(now), orders: vec![vec![order]] }])
}

/// The plan of a route of Front Door, with one edge site that probes every 30 s; three of four samples must be good.
pub fn two_regions_by_edge(rules: RuleSet) -> Plan {
    let mut plan = two_regions(rules, EntryPoint { name: "route".into(), ..EntryPoint::name("edge", users()) });
    let mut east = Origin::plain("east", 1);
    east.setting.priority = 2;
    plan.front_doors = vec![FrontDoor {
        profile: "fd".into(),
        endpoint: "edge".into(),
        route: "route".into(),
        group: "shop".into(),
        monitor: Monitor { judging: Judging::Window { size: 4, required: 3 }, ..Monitor::plain(1) },
        sensitivity: SimDuration::from_ms(50),
        origins: vec![Origin::plain("west", 0), east],
        users: vec![EdgeUsers { share: WHOLE, latency: vec![None, None] }],
        entry_point: 2,
    }];
    lead_names(&mut plan.entry_points, &[], &plan.front_doors);
    assume(&mut plan, A::FrontDoorPhase, Value::Choice("aligned"));
    assume(&mut plan, A::FrontDoorEdges, Value::Count(1));
    plan
}

/// When the edge sites came to hold this of an origin, in seconds.
pub fn held(ledger: &[Record], of: TargetId, health: OriginHealth) -> Vec<f64> {
    super::times(
        ledger,
        |fact| matches!(fact, Fact::Name(NameFact::OriginHealth { origin, to }) if (*origin, *to) == (of, health)),
    )
}

/// When an endpoint came to have a status, in seconds.
pub fn came_to(ledger: &[Record], of: TargetId, status: MonitorStatus) -> Vec<f64> {
    super::times(
        ledger,
        |fact| matches!(fact, Fact::Name(NameFact::EndpointStatus { endpoint, to }) if (*endpoint, *to) == (of, status)),
    )
}

/// When which share of the users was led to an entry point, in seconds and percent.
pub fn led(ledger: &[Record], entry: EntryPointId) -> Vec<(f64, u32)> {
    super::timed(ledger, |fact| match *fact {
        Fact::Flow(FlowFact::Routed { to, share }) if to == entry => Some(share / 10_000_000),
        _ => None,
    })
}

/// A run under one of the two engines: its ledger, and its digest.
pub fn play(plan: &Plan, seed: u64, engine: ProbeEngine) -> (Vec<Record>, u64) {
    let mut ledger = Vec::new();
    let options = Options { engine, check_every_instant: seed == 0, ..Options::default() };
    let digest = run(plan, seed, options, &mut ledger).digest;
    (ledger, digest)
}

/// The engine that counts and the one that sends every probe agree entry for entry.
#[track_caller]
pub fn engines_agree(plan: &Plan, seed: u64, what: &str) {
    let (counted, a) = play(plan, seed, ProbeEngine::Counting);
    let (ticked, b) = play(plan, seed, ProbeEngine::Ticking);
    for (one, other) in counted.iter().zip(&ticked) {
        assert_eq!(one, other, "{what}");
    }
    assert_eq!((counted.len(), a), (ticked.len(), b), "{what}");
}
