//! Zones that are lost, and what counts to a zone. A new instance runs 60 s after its creation and is up 40 s later.

use crate::support::autoscale::{MORE, OUT, cpu, scaled};
use crate::support::rollout::watched;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{AutoscaleFact, Fact, FaultFact, Health, Operation, Record, Refusal, Service};

type Proved = Result<Vec<Record>, String>;

proofs! { "zones":
    WT_12 the_machines_of_a_lost_zone_are_silent_until_it_is_back,
    ZN_02 a_regional_set_has_no_zone_promise,
    ZN_03 what_is_deallocated_still_counts_to_its_zone,
    ZN_09 what_is_added_lands_in_the_zones_that_are_left,
    DI_19 actions_of_autoscale_fail_while_a_zone_is_lost,
    GA_16 a_replica_on_local_storage_goes_with_its_zone,
}

fn outage(zones: &[u8]) -> ZoneOutage {
    ZoneOutage {
        region: 0,
        zones: zones.to_vec(),
        share: 1.0,
        allocates: false,
        length: Some(s(600)),
        tail: None,
        autoscale_success: 1.0,
    }
}

/// Three, one in each zone; the outage is at 100 s.
fn over_zones(rules: RuleSet, outage: ZoneOutage) -> Plan {
    let mut plan = Plan { rules, horizon: at(1200), ..plan() };
    (plan.sets[0].capacity, plan.sets[0].zones) = (3, vec![1, 2, 3]);
    plan.timeline = vec![action("zone", 100, Act::ZoneOutage(outage))];
    plan
}

/// Three at 90 % want a fourth from the run at 60 s on. Zone 1 is lost from 10 s to 400 s, with none of its machines; each run
/// until then tries and fails, six of them, and that at 420 s has its way. A failed action has no cooldown here.
fn actions_of_autoscale_fail_while_a_zone_is_lost(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(600), ..scaled(3, 270.0, vec![cpu(MORE, 80.0, OUT, 1)]) };
    plan.sets[0].zones = vec![1, 2, 3];
    let lost = ZoneOutage { share: 0.0, length: Some(s(390)), autoscale_success: 0.0, ..outage(&[1]) };
    plan.timeline = vec![action("zone", 10, Act::ZoneOutage(lost))];
    assume(&mut plan, A::AutoscaleFailedActionCooldown, Value::Switch(false));
    let ledger = ledger(&plan);
    let failed = |fact: &Fact| matches!(fact, Fact::Autoscale(AutoscaleFact::ActionFailed { to: 4, .. }));
    same("failed", times(&ledger, failed), vec![60.0, 120.0, 180.0, 240.0, 300.0, 360.0])?;
    same("written", times(&ledger, |fact| matches!(fact, Fact::CapacitySet { .. })), vec![420.0])?;
    Ok(ledger)
}

fn created(ledger: &[Record]) -> Vec<(f64, u8)> {
    let of = |record: &Record| match record.fact {
        Fact::InstanceCreated { at, .. } => Some((record.time.seconds(), at.zone)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// Number 1 is in zone 2, which is lost from 100 s to 700 s. The probes at 105 s and 110 s get no answer until they time out
/// at 110 s and 115 s, when the balancer holds it down; at 220 s, after 120 s of silence, the set takes it for unhealthy.
/// At 700 s it reboots, which takes 40 s, and with a tail of 60 s that much later. Half of the zone is half of it.
fn the_machines_of_a_lost_zone_are_silent_until_it_is_back(rules: RuleSet) -> Proved {
    let run = |outage: ZoneOutage, capacity| {
        let mut plan = over_zones(rules.clone(), outage);
        plan.sets[0].profile = watched(plan.sets[0].profile.clone());
        plan.sets[0].capacity = capacity;
        ledger(&plan)
    };
    let half = run(ZoneOutage { share: 0.5, ..outage(&[2]) }, 12);
    same("two of the four in the zone", times(&half, |fact| matches!(fact, Fact::Frozen { .. })), vec![100.0, 100.0])?;
    let late = run(ZoneOutage { tail: Some(constant(60)), ..outage(&[2]) }, 3);
    same("with a tail", first(&late, |fact| matches!(fact, Fact::InstanceBooted { .. })), Some(800.0))?;
    let ledger = run(outage(&[2]), 3);
    let is = |fact: &dyn Fn(&Fact) -> bool| first(&ledger, fact);
    same("lost", is(&|fact| matches!(fact, Fact::Fault(FaultFact::ZoneLost { zone: 2, .. }))), Some(100.0))?;
    let cannot =
        |fact: &Fact| matches!(fact, Fact::ServiceChanged { instance, to: Service::Cannot } if instance.0 == 1);
    same("serves no more", is(&cannot), Some(100.0))?;
    same("probed down", is(&|fact| matches!(fact, Fact::ProbeDown { .. })), Some(115.0))?;
    let unhealthy = |fact: &Fact| matches!(fact, Fact::HealthReported { to: Health::Unhealthy, .. });
    same("unhealthy", times(&ledger, unhealthy), vec![220.0])?;
    same("back", is(&|fact| matches!(fact, Fact::Fault(FaultFact::ZoneBack { zone: 2, .. }))), Some(700.0))?;
    let reboots = |fact: &Fact| matches!(fact, Fact::UpdateStarted { how: Operation::Heal, .. });
    same("reboots", times(&ledger, reboots), vec![700.0])?;
    same("booted", is(&|fact| matches!(fact, Fact::InstanceBooted { .. })), Some(740.0))?;
    Ok(ledger)
}

/// All three zones are lost, so that both of the regional set are, wherever they are. Of one zone it is all or nobody, since
/// a set is in one zone.
fn a_regional_set_has_no_zone_promise(rules: RuleSet) -> Proved {
    let run = |zones: &[u8]| {
        let timeline = vec![action("zone", 100, Act::ZoneOutage(outage(zones)))];
        ledger(&Plan { rules: rules.clone(), horizon: at(200), timeline, ..plan() })
    };
    let frozen = |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::Frozen { .. })).len();
    let mut each: Vec<usize> = [1, 2, 3].iter().map(|&zone| frozen(&run(&[zone]))).collect();
    each.sort_unstable();
    same("of one zone", each, vec![0, 0, 2])?;
    let ledger = run(&[1, 2, 3]);
    same("of all zones", frozen(&ledger), 2)?;
    Ok(ledger)
}

/// One stands in each zone, and that of zone 2 is deallocated at 50 s. It counts, so that all zones are equal and the next
/// goes to the first.
fn what_is_deallocated_still_counts_to_its_zone(rules: RuleSet) -> Proved {
    let mut plan = over_zones(rules, outage(&[1]));
    let which = Which::Ordinals(vec![1]);
    plan.timeline = vec![action("off", 50, Act::Power { set: 0, which, how: PowerAct::Deallocate }), scale(100, 4)];
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![(100.0, 1)])?;
    Ok(ledger)
}

/// Zone 1 is lost at 100 s. Nobody replaces what was in it; what is added at 110 s goes to the others, and so does what is
/// added when it is back, as long as they are poorer.
fn what_is_added_lands_in_the_zones_that_are_left(rules: RuleSet) -> Proved {
    let mut plan = over_zones(rules, outage(&[1]));
    plan.timeline.extend([scale(110, 5), scale(800, 6)]);
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![(110.0, 2), (110.0, 3), (800.0, 1)])?;
    Ok(ledger)
}

/// All zones are lost, and with them the storage of the image, wherever it is, unless it is on ZRS. The set is regional, so
/// that it would find a place.
fn a_replica_on_local_storage_goes_with_its_zone(rules: RuleSet) -> Proved {
    let run = |storage| {
        let timeline = vec![action("zone", 100, Act::ZoneOutage(outage(&[1, 2, 3]))), scale(110, 3)];
        let mut plan = Plan { rules: rules.clone(), horizon: at(200), timeline, ..plan() };
        plan.images[0].version.availability = Availability::In(vec![Target { storage, ..Target::new(0) }]);
        // A platform that does not throttle: only the storage matters here.
        assume(&mut plan, A::GalleryThrottle, Value::Switch(false));
        ledger(&plan)
    };
    same("on ZRS", created(&run(Storage::StandardZrs)).len(), 1)?;
    let ledger = run(Storage::StandardLrs);
    same("on LRS", created(&ledger).len(), 0)?;
    let lost = |fact: &Fact| matches!(fact, Fact::ScaleRefused { why: Refusal::ImageStorageLost, .. });
    same("refused", first(&ledger, lost), Some(110.0))?;
    Ok(ledger)
}
