//! Where instances are placed, how many there can be, and what is refused.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{Fact, PlaceFact, Placement, PowerFact, Record, Refusal};

type Proved = Result<Vec<Record>, String>;

proofs! { "placement":
    OR_03 a_flexible_set_holds_a_thousand,
    OR_04 a_uniform_set_holds_a_hundred_in_one_placement_group_and_a_thousand_in_several,
    OR_06 a_set_may_be_empty,
    FD_01 max_spreading_uses_as_many_fault_domains_as_it_can,
    FD_03 fixed_spreading_fails_where_fewer_domains_have_room,
    FD_11 flexible_spreads_evenly_over_fault_domains,
    PG_01 a_placement_group_holds_a_hundred,
    ZN_01 an_instance_is_in_the_zone_of_its_set,
    ZN_04 best_effort_is_blocked_when_two_zones_are_unavailable,
    ZN_05 scale_out_fills_the_poorest_zone,
    ZN_06 strict_balance_stops_at_one_apart,
    ZN_15 a_zone_holds_no_more_than_its_share,
    AL_01 a_region_without_capacity_refuses,
    AL_02 a_zone_without_capacity_refuses,
}

/// A set of this many that is scaled to as many at 100 s.
fn with(rules: RuleSet, from: u32, to: u32) -> Plan {
    let mut plan = Plan { rules, horizon: at(150), timeline: vec![scale(100, to)], ..plan() };
    plan.sets[0].capacity = from;
    plan
}

fn created(ledger: &[Record]) -> Vec<Placement> {
    let created = |record: &Record| match record.fact {
        Fact::InstanceCreated { at, .. } => Some(at),
        _ => None,
    };
    ledger.iter().filter_map(created).collect()
}

fn zones(ledger: &[Record]) -> Vec<u8> {
    created(ledger).iter().map(|at| at.zone).collect()
}

fn domains(ledger: &[Record]) -> Vec<u8> {
    created(ledger).iter().map(|at| at.fault_domain).collect()
}

fn refused(ledger: &[Record]) -> Option<(u32, Refusal)> {
    ledger.iter().find_map(|record| match record.fact {
        Fact::ScaleRefused { short, why, .. } => Some((short, why)),
        _ => None,
    })
}

fn a_flexible_set_holds_a_thousand(rules: RuleSet) -> Proved {
    let run = |to| {
        let mut plan = with(rules.clone(), 999, to);
        plan.sets[0].mode = OrchestrationMode::Flexible;
        plan.horizon = at(100);
        ledger(&plan)
    };
    same("the thousandth is created", created(&run(1000)).len(), 1)?;
    let ledger = run(1001);
    same("refused", refused(&ledger), Some((2, Refusal::TooMany)))?;
    same("nothing is created", created(&ledger).len(), 0)?;
    Ok(ledger)
}

fn a_uniform_set_holds_a_hundred_in_one_placement_group_and_a_thousand_in_several(rules: RuleSet) -> Proved {
    let run = |single, from, to| {
        let mut plan = with(rules.clone(), from, to);
        plan.sets[0].single_placement_group = single;
        plan.horizon = at(100);
        ledger(&plan)
    };
    same("the hundredth is created", created(&run(true, 99, 100)).len(), 1)?;
    same("refused", refused(&run(false, 999, 1001)), Some((2, Refusal::TooMany)))?;
    let ledger = run(true, 99, 101);
    same("refused", refused(&ledger), Some((2, Refusal::TooMany)))?;
    same("nothing is created", created(&ledger).len(), 0)?;
    Ok(ledger)
}

fn a_set_may_be_empty(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, 2, 0));
    let gone = times(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. }));
    same("both go", gone, vec![100.0, 100.0])?;
    Ok(ledger)
}

/// "Possibly more or fewer than five": taken as five. Ten more on top of none are two in each.
fn max_spreading_uses_as_many_fault_domains_as_it_can(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, 0, 10));
    same("domains", domains(&ledger), vec![0, 1, 2, 3, 4, 0, 1, 2, 3, 4])?;
    Ok(ledger)
}

fn flexible_spreads_evenly_over_fault_domains(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 0, 6);
    (plan.sets[0].mode, plan.sets[0].fault_domains) = (OrchestrationMode::Flexible, 3);
    let ledger = ledger(&plan);
    let mut count = [0; 5];
    domains(&ledger).iter().for_each(|&domain| count[domain as usize] += 1);
    same("instances by domain", count, [2, 2, 2, 0, 0])?;
    Ok(ledger)
}

/// 98 stand; two more fill the first group, and the next two open a second.
fn a_placement_group_holds_a_hundred(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, 98, 102));
    let groups: Vec<u8> = created(&ledger).iter().map(|at| at.group).collect();
    same("groups", groups, vec![0, 0, 1, 1])?;
    Ok(ledger)
}

/// A zonal set in zone 2, and a regional one in none.
fn an_instance_is_in_the_zone_of_its_set(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 1, 3);
    same("regional", zones(&ledger(&plan)), vec![0, 0])?;
    plan.sets[0].zones = vec![2];
    let ledger = ledger(&plan);
    same("zonal", zones(&ledger), vec![2, 2])?;
    Ok(ledger)
}

/// One zone has no capacity: the others take two more each. Two have none: nothing is created, and Azure says what is short of
/// capacity (AL-02). Two are lost: nothing goes while they are.
fn best_effort_is_blocked_when_two_zones_are_unavailable(rules: RuleSet) -> Proved {
    let run = |free| {
        let mut plan = with(rules.clone(), 3, 7);
        plan.sets[0].zones = vec![1, 2, 3];
        plan.regions[0].free = free;
        ledger(&plan)
    };
    same("one out", zones(&run([None, Some(0), None, None])), vec![2, 3, 2, 3])?;
    let mut lost = with(rules.clone(), 3, 2);
    lost.sets[0].zones = vec![1, 2, 3];
    let zones_lost = ZoneOutage {
        region: 0,
        zones: vec![1, 2],
        share: 1.0,
        allocates: false,
        length: None,
        tail: None,
        autoscale_success: 1.0,
    };
    lost.timeline.insert(0, action("zones", 50, Act::ZoneOutage(zones_lost)));
    let scale_in = ledger(&lost);
    same("scale-in", refused(&scale_in), Some((1, Refusal::ZonesUnavailable)))?;
    let ledger = run([None, Some(0), Some(0), None]);
    same("two out", zones(&ledger), vec![])?;
    same("refused", refused(&ledger), Some((4, Refusal::ZonalAllocationFailed)))?;
    Ok(scale_in)
}

/// Four are in zones 1, 2, 3, 1; the next go where there are fewest. Nothing that is present is moved.
fn scale_out_fills_the_poorest_zone(rules: RuleSet) -> Proved {
    let mut plan = with(rules.clone(), 4, 9);
    plan.sets[0].zones = vec![1, 2, 3];
    let ledger = ledger(&plan);
    let mut count = [0, 2, 1, 1];
    for zone in zones(&ledger) {
        let least = (1..4).map(|zone| count[zone]).min().expect("three zones");
        same("the zone is a poorest one", count[zone as usize], least)?;
        count[zone as usize] += 1;
    }
    same("instances by zone", count, [0, 3, 3, 3])?;
    same("nothing goes", first(&ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. })), None)?;
    // One in each, and zone 3 is lost while two are added. When it is back nothing is moved: of the next three, the first is
    // for zone 3, which has one where the others have two.
    let mut lost = with(rules, 3, 8);
    lost.sets[0].zones = vec![1, 2, 3];
    let outage = ZoneOutage {
        region: 0,
        zones: vec![3],
        share: 1.0,
        allocates: false,
        length: Some(s(30)),
        tail: None,
        autoscale_success: 1.0,
    };
    lost.timeline.insert(0, action("zone", 40, Act::ZoneOutage(outage)));
    lost.timeline.insert(1, scale(60, 5));
    let after = crate::support::ledger(&lost);
    same("zones", zones(&after), vec![1, 2, 3, 1, 2])?;
    same("nothing is moved", first(&after, |fact| matches!(fact, Fact::InstanceDeleting { .. })), None)?;
    Ok(ledger)
}

/// One in each zone and zone 3 is out: one more each in zones 1 and 2 leaves them one apart, a third would leave two. An eviction
/// asks nobody: when both of zone 1 are gone, the zones are two apart, and the ledger says so.
fn strict_balance_stops_at_one_apart(rules: RuleSet) -> Proved {
    let mut evicted = with(rules.clone(), 6, 6);
    (evicted.sets[0].zones, evicted.sets[0].zone_balance) = (vec![1, 2, 3], true);
    evicted.sets[0].spot = SpotPolicy { spot: true, eviction: EvictionPolicy::Delete, ..SpotPolicy::default() };
    let which = Which::Ordinals(vec![0, 3]);
    evicted.timeline = vec![action("evict", 10, Act::Spot(SpotAct::Simulate { set: 0, which }))];
    let uneven = |fact: &Fact| matches!(fact, Fact::Place(PlaceFact::ZonesUneven { by: 2, .. }));
    same("uneven", times(&ledger(&evicted), uneven).len(), 1)?;
    let mut plan = with(rules, 3, 6);
    (plan.sets[0].zones, plan.sets[0].zone_balance) = (vec![1, 2, 3], true);
    plan.regions[0].free = [None, None, None, Some(0)];
    let ledger = ledger(&plan);
    same("zones", zones(&ledger), vec![1, 2])?;
    same("refused", refused(&ledger), Some((1, Refusal::ZoneBalance)))?;
    Ok(ledger)
}

/// Azure chooses the zones, and puts half of ten into one at most, which is five. There is room for seven, three and none: five and
/// three are created, and two fall short.
fn a_zone_holds_no_more_than_its_share(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 0, 10);
    (plan.sets[0].zones, plan.sets[0].upkeep.zone_percent) = (vec![1, 2, 3], Some(50));
    plan.regions[0].free = [None, Some(7), Some(3), Some(0)];
    let ledger = ledger(&plan);
    let in_zone = |zone| zones(&ledger).iter().filter(|&&other| other == zone).count();
    same("by zone", [1, 2, 3].map(in_zone), [5, 3, 0])?;
    same("refused", refused(&ledger), Some((2, Refusal::ZoneShare)))?;
    Ok(ledger)
}

/// There is room for one of three.
fn a_region_without_capacity_refuses(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, 5);
    plan.regions[0].free[0] = Some(1);
    let ledger = ledger(&plan);
    same("created", created(&ledger).len(), 1)?;
    same("refused", refused(&ledger), Some((2, Refusal::AllocationFailed)))?;
    Ok(ledger)
}

/// There is room in two domains. Fixed spreading over three gets none of three instances; over two, and max spreading
/// (`platformFaultDomainCount: 1`), it gets all. One that was present, was deallocated at 20 s and is started at 30 s is
/// refused as a new one is.
fn fixed_spreading_fails_where_fewer_domains_have_room(rules: RuleSet) -> Proved {
    let run = |domains| {
        let mut plan = with(rules.clone(), 2, 5);
        plan.sets[0].fault_domains = domains;
        plan.regions[0].domains_with_room = Some(2);
        ledger(&plan)
    };
    for domains in [1, 2] {
        same("created over as many as there are", created(&run(domains)).len(), 3)?;
    }
    let ledger = run(3);
    same("created", created(&ledger).len(), 0)?;
    same("refused", refused(&ledger), Some((3, Refusal::FixedSpreading)))?;
    let mut again = with(rules, 2, 2);
    again.sets[0].fault_domains = 3;
    again.regions[0].domains_with_room = Some(2);
    let one = |name: &str, at_s, how| action(name, at_s, Act::Power { set: 0, which: Which::One(0), how });
    again.timeline = vec![one("off", 20, PowerAct::Deallocate), one("on", 30, PowerAct::Start)];
    let not_started = self::ledger(&again).into_iter().find_map(|record| match record.fact {
        Fact::Power(PowerFact::StartRefused { why, .. }) => Some((record.time.seconds(), why)),
        _ => None,
    });
    same("not started", not_started, Some((30.0, Refusal::FixedSpreading)))?;
    Ok(ledger)
}

/// There is room for one of three in zone 1, which the set is pinned to, however much there is in zone 2.
fn a_zone_without_capacity_refuses(rules: RuleSet) -> Proved {
    let mut plan = with(rules, 2, 5);
    plan.sets[0].zones = vec![1];
    plan.regions[0].free[1] = Some(1);
    let ledger = ledger(&plan);
    same("created", created(&ledger).len(), 1)?;
    same("refused", refused(&ledger), Some((2, Refusal::ZonalAllocationFailed)))?;
    Ok(ledger)
}
