//! How many cores a subscription may use, and what becomes of half a scale-out. Every instance has two cores.

use crate::support::rollout::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{End, Fact, QuotaPool, Record, Refusal, RolloutFact};

type Proved = Result<Vec<Record>, String>;

proofs! { "quota":
    AL_05 a_request_beyond_the_quota_is_refused_up_front,
    AL_06 a_surge_needs_quota_beyond_the_capacity,
    AL_08 what_a_failed_scale_out_got_stays_or_goes,
    OP_03 surplus_does_not_count,
    SP_15 spot_has_a_quota_of_its_own,
}

/// Limit, usage and need of every refusal, with its quota.
fn exceeded(ledger: &[Record]) -> Vec<(QuotaPool, u32, u32, u32)> {
    let of = |record: &Record| match record.fact {
        Fact::QuotaExceeded { pool, limit, usage, needed, .. } => Some((pool, limit, usage, needed)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

fn created(ledger: &[Record]) -> usize {
    times(ledger, |fact| matches!(fact, Fact::InstanceCreated { .. })).len()
}

fn refusals(ledger: &[Record]) -> Vec<(u32, Refusal)> {
    let of = |record: &Record| match record.fact {
        Fact::ScaleRefused { short, why, .. } => Some((short, why)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// Two stand on 4 of 10 cores. Six would need 8 more, which is 12: refused as a whole. Five need 6 more, and fit. A family
/// with 8 cores refuses five, too, and one of another name does not.
fn a_request_beyond_the_quota_is_refused_up_front(rules: RuleSet) -> Proved {
    let run = |quota: Quota, to| {
        let mut plan = Plan { rules: rules.clone(), horizon: at(150), timeline: vec![scale(100, to)], ..plan() };
        plan.sets[0].size = "Standard_D2as_v5".into();
        plan.regions[0].quota = quota;
        ledger(&plan)
    };
    let total = |limit| Quota { total: Some(limit), ..Quota::default() };
    let family = |name: &str| Quota { families: vec![(name.into(), 8)], ..total(10) };
    same("five fit", created(&run(total(10), 5)), 3)?;
    let of_family = run(family("standardDASv5Family"), 5);
    same("the family", exceeded(&of_family), vec![(QuotaPool::Family(0), 8, 4, 6)])?;
    same("another family", created(&run(family("Dsv5"), 5)), 3)?;
    let ledger = run(total(10), 6);
    same("exceeded", exceeded(&ledger), vec![(QuotaPool::Total, 10, 4, 8)])?;
    same("refused", refusals(&ledger), vec![(4, Refusal::QuotaExceeded)])?;
    same("created", created(&ledger), 0)?;
    same("written", first(&ledger, |fact| matches!(fact, Fact::CapacitySet { .. })), None)?;
    Ok(ledger)
}

/// Ten stand on all of 20 cores, and the batch of two needs 4 more.
fn a_surge_needs_quota_beyond_the_capacity(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..rolling(10, 0, RollingPolicy { max_surge: true, ..RollingPolicy::default() }) };
    plan.regions[0].quota.total = Some(20);
    let ledger = ledger(&plan);
    same("exceeded", exceeded(&ledger).first().copied(), Some((QuotaPool::Total, 20, 20, 4)))?;
    same("created", created(&ledger), 0)?;
    let ended = |fact: &Fact| matches!(fact, Fact::Rollout(RolloutFact::Ended { end: End::Completed, .. }));
    same("it ends in place", first(&ledger, ended).is_some(), true)?;
    Ok(ledger)
}

/// There is room for one of three. It stays; or it goes again and the capacity is what it was.
fn what_a_failed_scale_out_got_stays_or_goes(rules: RuleSet) -> Proved {
    let run = |word| {
        let mut plan = Plan { rules: rules.clone(), horizon: at(150), timeline: vec![scale(100, 5)], ..plan() };
        plan.regions[0].free[0] = Some(1);
        assume(&mut plan, A::VmssPartialAllocation, Value::Choice(word));
        ledger(&plan)
    };
    let deleted = |ledger: &[Record]| times(ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. }));
    same("it stays", deleted(&run("keep")), vec![])?;
    let ledger = run("roll_back");
    same("created", created(&ledger), 1)?;
    same("it goes", deleted(&ledger), vec![100.0])?;
    let back = |fact: &Fact| matches!(fact, Fact::CapacitySet { from: 5, to: 2, .. });
    same("the capacity", first(&ledger, back), Some(100.0))?;
    Ok(ledger)
}

/// From two to four by three machines (one of them surplus), so that five stand on 10 cores until 200 s. At 110 s there is
/// room for a fifth that is wanted all the same: four are wanted and count as 8.
fn surplus_does_not_count(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(150), timeline: vec![scale(100, 4), scale(110, 5)], ..plan() };
    plan.sets[0].overprovision = true;
    plan.regions[0].quota.total = Some(10);
    let ledger = ledger(&plan);
    same("refused", refusals(&ledger), vec![])?;
    Ok(ledger)
}

/// Regular instances have no core left, and Spot instances eight: two stand on four of them, and two more fit. A fifth does
/// not.
fn spot_has_a_quota_of_its_own(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(150), timeline: vec![scale(100, 4), scale(110, 5)], ..plan() };
    plan.sets[0].spot = SpotPolicy { spot: true, ..SpotPolicy::default() };
    plan.regions[0].quota = Quota { total: Some(4), spot: Some(8), ..Quota::default() };
    let ledger = ledger(&plan);
    same("created", created(&ledger), 2)?;
    same("exceeded", exceeded(&ledger), vec![(QuotaPool::Spot, 8, 8, 2)])?;
    Ok(ledger)
}
