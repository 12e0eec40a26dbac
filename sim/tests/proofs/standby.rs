//! Standby pools. A new instance runs 60 s after its creation and is up 40 s later; a machine of a pool is so too, and is
//! deallocated or hibernated 42 s after that. One that runs is in its set 10 s after it was asked for, one that was hibernated
//! 60 s after that.

use crate::support::rollout::{change, to_image};
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, PlaceFact, Record, Refusal, StandbyEnd, StandbyTrouble};

type Proved = Result<Vec<Record>, String>;

proofs! { "standby":
    SB_02 a_pool_fills_what_its_maximum_is_above_the_count_of_the_set,
    SB_03 only_what_is_in_the_state_of_the_pool_is_given_out,
    SB_04 a_machine_goes_to_the_zone_it_is_in,
    SB_05 what_runs_in_a_pool_needs_no_allocation,
    SB_07 a_pool_in_trouble_waits_for_thirty_seconds,
    SB_08 a_machine_of_a_pool_waits_for_the_delay_after_it_is_provisioned,
    IX_05 a_machine_joins_with_the_model_it_was_made_from,
}

/// Two of a Flexible set, whose pool has this many at most and at least.
fn pooled(rules: RuleSet, (max_ready, min_ready): (u32, u32), state: StandbyState, timeline: Vec<Action>) -> Plan {
    let mut plan = Plan { rules, horizon: at(1800), timeline, ..plan() };
    plan.sets[0].mode = OrchestrationMode::Flexible;
    plan.sets[0].upkeep.standby = Some(StandbyPool::new("pool".into(), (max_ready, min_ready), state));
    plan
}

fn of_pool(ledger: &[Record], is: impl Fn(&PlaceFact) -> bool) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Place(fact) if is(fact)))
}

fn taken(ledger: &[Record]) -> Vec<f64> {
    of_pool(ledger, |fact| matches!(fact, PlaceFact::StandbyTaken { .. }))
}

fn made(ledger: &[Record]) -> Vec<f64> {
    of_pool(ledger, |fact| matches!(fact, PlaceFact::StandbyCreated { .. }))
}

fn created(ledger: &[Record]) -> Vec<(f64, u8)> {
    let of = |record: &Record| match record.fact {
        Fact::InstanceCreated { at, .. } => Some((record.time.seconds(), at.zone)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// Five less two are three at the start. With four in the set there is to be one, which is what is left; with two again there
/// are to be three, so that two are made; with none, five, so that two more are. A minimum of one is kept beside a set that
/// has its maximum already.
fn a_pool_fills_what_its_maximum_is_above_the_count_of_the_set(rules: RuleSet) -> Proved {
    let timeline = vec![scale(100, 4), scale(600, 2), scale(1200, 0)];
    let least = ledger(&pooled(rules.clone(), (2, 1), StandbyState::Deallocated, vec![scale(100, 3)]));
    same("the minimum is given", taken(&least), vec![100.0])?;
    same("and filled up", made(&least), vec![100.0])?;
    let ledger = ledger(&pooled(rules, (5, 0), StandbyState::Deallocated, timeline));
    let ready = of_pool(&ledger, |fact| matches!(fact, PlaceFact::StandbyReady { .. }));
    // Those made at 600 s and 1,200 s are deallocated 60 + 40 + 42 s later.
    same("ready", ready, vec![0.0, 0.0, 0.0, 742.0, 742.0, 1342.0, 1342.0])?;
    same("taken", taken(&ledger), vec![100.0, 100.0])?;
    same("made", made(&ledger), vec![600.0, 600.0, 1200.0, 1200.0])?;
    Ok(ledger)
}

/// The machine that is deallocated is started at 100 s, runs at 160 s and is up at 200 s; the extension of 300 s that it has runs
/// no more. The next is made when the set shrinks at 220 s and is not deallocated before 220 + 60 + 40 + 300 + 42 = 662 s, so
/// that at 300 s an instance is created, which is provisioned at 300 + 60 + 40 + 300 = 700 s. Of a pool that runs it is there at
/// 110 s, and of one that is hibernated at 160 s.
fn only_what_is_in_the_state_of_the_pool_is_given_out(rules: RuleSet) -> Proved {
    let run = |state| {
        let mut plan = pooled(rules.clone(), (3, 0), state, vec![scale(100, 3), scale(220, 2), scale(300, 3)]);
        plan.sets[0].profile.extensions = vec![extension("setup", 300)];
        ledger(&plan)
    };
    let ready = |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::InstanceProvisioned { .. }));
    same("running", ready(&run(StandbyState::Running)), vec![110.0, 700.0])?;
    same("hibernated", ready(&run(StandbyState::Hibernated)), vec![160.0, 700.0])?;
    let ledger = run(StandbyState::Deallocated);
    same("taken", taken(&ledger), vec![100.0])?;
    same("deallocated", ready(&ledger), vec![200.0, 700.0])?;
    same("up", first(&ledger, |fact| matches!(fact, Fact::ProcessStarted { .. })), Some(200.0))?;
    let shrunk = |fact: &PlaceFact| matches!(fact, PlaceFact::StandbyDeleted { why: StandbyEnd::Shrunk, .. });
    same("what is not wanted any more goes", of_pool(&ledger, shrunk), vec![300.0])?;
    Ok(ledger)
}

/// Two stand in zones 1 and 2, and a machine waits in each of these. The third goes to zone 3, where there is none; the fourth
/// to zone 1, where one is.
fn a_machine_goes_to_the_zone_it_is_in(rules: RuleSet) -> Proved {
    let mut plan = pooled(rules, (4, 2), StandbyState::Deallocated, vec![scale(100, 3), scale(400, 4)]);
    plan.sets[0].zones = vec![1, 2, 3];
    let ledger = ledger(&plan);
    same("created", created(&ledger), vec![(100.0, 3), (400.0, 1)])?;
    same("taken", taken(&ledger), vec![400.0])?;
    Ok(ledger)
}

/// The region has no room for another. What runs in the pool has its room; what is deallocated has none.
fn what_runs_in_a_pool_needs_no_allocation(rules: RuleSet) -> Proved {
    let run = |state| {
        let mut plan = pooled(rules.clone(), (3, 0), state, vec![scale(100, 3)]);
        plan.regions[0].free[0] = Some(0);
        ledger(&plan)
    };
    let refused = |fact: &Fact| matches!(fact, Fact::ScaleRefused { why: Refusal::AllocationFailed, .. });
    let deallocated = run(StandbyState::Deallocated);
    same("deallocated", (times(&deallocated, refused), taken(&deallocated)), (vec![100.0], vec![]))?;
    let ledger = run(StandbyState::Running);
    same("running", (times(&ledger, refused), taken(&ledger)), (vec![], vec![100.0]))?;
    Ok(ledger)
}

/// No machine boots. That made at 200 s is given up after 60 s and 20 min, at 1,460 s; 30 s later the next is made. Where the
/// region has no room from 150 s on, a pool that is to make a machine at 200 s is Degraded, tries again every 30 s, finds the
/// room that comes at 500 s at 500 s (200 s and ten times 30 s), and is Healthy 142 s later.
fn a_pool_in_trouble_waits_for_thirty_seconds(rules: RuleSet) -> Proved {
    let degraded = |ledger: &[Record], why| {
        of_pool(ledger, |fact| matches!(*fact, PlaceFact::StandbyDegraded { why: is, .. } if is == why))
    };
    let mut plan = pooled(rules.clone(), (3, 0), StandbyState::Deallocated, vec![scale(100, 3), scale(200, 2)]);
    plan.images[0].boot_failure = 1.0;
    assume(&mut plan, A::VmOsProvisioningTimeout, Value::Time(s(1200)));
    let failing = ledger(&plan);
    same("made again", made(&failing), vec![200.0, 1490.0])?;
    same("degraded", degraded(&failing, StandbyTrouble::Provisioning), vec![1460.0])?;
    let other = |at_s, capacity| action(&format!("other {at_s}"), at_s, Act::SetCapacity { set: 1, capacity });
    let timeline = vec![scale(100, 3), other(150, 1), scale(200, 2), other(200, 2), other(495, 0)];
    let mut plan = pooled(rules, (3, 0), StandbyState::Deallocated, timeline);
    plan.regions[0].free[0] = Some(2);
    plan.sets.push(ScaleSet { capacity: 0, pools: vec![], ..set("other") });
    let ledger = ledger(&plan);
    same("without room", degraded(&ledger, StandbyTrouble::Allocation), vec![200.0])?;
    same("made", made(&ledger), vec![500.0])?;
    let recovered = of_pool(&ledger, |fact| matches!(fact, PlaceFact::StandbyRecovered { .. }));
    same("recovered", recovered, vec![642.0])?;
    Ok(ledger)
}

/// Made at 100 s in the place of the one that was taken, a machine is provisioned at 200 s, waits for 300 s, and is deallocated 42 s
/// after that, at 542 s. A delay of 10 s ends with the process up; one that listens after 30 s is ready 30 s later and no more.
fn a_machine_of_a_pool_waits_for_the_delay_after_it_is_provisioned(rules: RuleSet) -> Proved {
    let run = |delay, listens| {
        let mut plan = pooled(rules.clone(), (2, 1), StandbyState::Deallocated, vec![scale(100, 3)]);
        plan.sets[0].upkeep.standby.as_mut().expect("just given").delay = s(delay);
        plan.images[0].process_start = Some(Dist::Constant(s(listens)));
        ledger(&plan)
    };
    let ready = |ledger: &[Record]| of_pool(ledger, |fact| matches!(fact, PlaceFact::StandbyReady { .. }));
    let long = run(300, 0);
    same("after the delay", ready(&long), vec![0.0, 542.0])?;
    same("after the process", ready(&run(10, 30)), vec![0.0, 272.0])?;
    Ok(long)
}

/// The model means another image from 50 s on. The machine that waits was made from the old one and joins with that; where a
/// pool is made anew, the new machine is ready at 50 + 60 + 40 + 42 = 192 s and joins with the new one.
fn a_machine_joins_with_the_model_it_was_made_from(rules: RuleSet) -> Proved {
    let run = |word| {
        let timeline = vec![change(50, to_image(1)), scale(300, 3)];
        let mut plan = pooled(rules.clone(), (3, 0), StandbyState::Deallocated, timeline);
        plan.images.push(image("app/1.1.0", 1));
        assume(&mut plan, A::StandbyOnModelChange, Value::Choice(word));
        ledger(&plan)
    };
    let image = |ledger: &[Record]| {
        ledger.iter().find_map(|record| match record.fact {
            Fact::InstanceCreated { image, .. } => Some(image.0),
            _ => None,
        })
    };
    let replaced = run("replace");
    let outdated = |fact: &PlaceFact| matches!(fact, PlaceFact::StandbyDeleted { why: StandbyEnd::Outdated, .. });
    same("made anew", (of_pool(&replaced, outdated), made(&replaced)), (vec![50.0], vec![50.0]))?;
    same("with the new image", (taken(&replaced), image(&replaced)), (vec![300.0], Some(1)))?;
    let ledger = run("keep");
    same("with the old image", (taken(&ledger), image(&ledger)), (vec![300.0], Some(0)))?;
    Ok(ledger)
}
