//! Another size for the instances of a set: what it takes of capacity and quota, and what becomes of a rollout without them.
//!
//! A resize is a restart: 5 s until the machine runs again, and 40 s of boot.

use crate::support::rollout::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{End, Fact, PlaceFact, QuotaPool, Record, Refusal, UpgradeError};

type Proved = Result<Vec<Record>, String>;

proofs! { "resize":
    RU_37 what_cannot_be_resized_stops_the_rollout,
}

/// Five of two cores in mode Rolling, one at a time, whose model gets this size at 100 s.
fn to_size(rules: &RuleSet, name: &str, cores: u32) -> Plan {
    let mut plan = Plan { rules: rules.clone(), ..rolling(5, 0, RollingPolicy::default()) };
    plan.sets[0].size = "Standard_D2as_v5".into();
    plan.sets[0].cores = 2;
    let size = Some(Size { name: name.into(), cores, prices: None });
    plan.timeline = vec![change(100, ModelChange { size, rest: Reach::Restart, ..ModelChange::default() })];
    plan
}

/// Who has another size, and since when.
fn sized(ledger: &[Record]) -> Vec<(f64, u32)> {
    let of = |record: &Record| match record.fact {
        Fact::Place(PlaceFact::Sized { instance, .. }) => Some((record.time.seconds(), instance.0)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

fn refused(ledger: &[Record]) -> Vec<(f64, u32, Refusal)> {
    let of = |record: &Record| match record.fact {
        Fact::UpdateRefused { instance, why } => Some((record.time.seconds(), instance.0, why)),
        _ => None,
    };
    ledger.iter().filter_map(of).collect()
}

/// Where one more machine fits, each is resized in its turn, 45 s after the one before: what it leaves is there for the next.
/// Where none fits, the first fails at once, is all that was upgraded, and is unhealthy: 100 % of one is too much. It serves on,
/// as before. What is no larger, and of one family, fits where it stands. With 12 cores of quota, the first needs two more than
/// the ten in use, and gets them; the second finds 12 in use, and half of those upgraded is too much. Three cores for another
/// family have room for two, and then for none.
fn what_cannot_be_resized_stops_the_rollout(rules: RuleSet) -> Proved {
    let run = |name, cores, free: Option<u32>, quota: Quota| {
        let mut plan = to_size(&rules, name, cores);
        (plan.regions[0].free[0], plan.regions[0].quota) = (free, quota);
        ledger(&plan)
    };
    let (none, larger) = (Quota::default(), "Standard_D4as_v5");
    let all = vec![(100.0, 0), (145.0, 1), (190.0, 2), (235.0, 3), (280.0, 4)];
    let fits = run(larger, 4, Some(1), none.clone());
    same("in turn", sized(&fits), all.clone())?;
    same("completed", ended(&fits), Some((325.0, End::Completed)))?;
    same("no larger", sized(&run("Standard_D2as_v5", 2, Some(0), none.clone())), all.clone())?;
    same("smaller", sized(&run("Standard_D1as_v5", 1, Some(0), none.clone())), all)?;
    let other = run("Standard_D2s_v5", 2, Some(0), none.clone());
    same("another family", refused(&other), vec![(100.0, 0, Refusal::AllocationFailed)])?;

    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    let exceeds = |quota, name, cores| -> Proved {
        let ledger = run(name, cores, None, quota);
        same("the first", sized(&ledger), vec![(100.0, 0)])?;
        same("the second", refused(&ledger), vec![(145.0, 1, Refusal::QuotaExceeded)])?;
        same("half", ended(&ledger), Some((145.0, End::Faulted { error, measured: 5_000, limit: 20 })))?;
        Ok(ledger)
    };
    let says = |ledger: &[Record]| match ledger
        .iter()
        .find(|record| matches!(record.fact, Fact::QuotaExceeded { .. }))?
        .fact
    {
        Fact::QuotaExceeded { pool, limit, usage, needed, .. } => Some((pool, limit, usage, needed)),
        _ => None,
    };
    let total = exceeds(Quota { total: Some(12), ..none.clone() }, larger, 4)?;
    same("in all", says(&total), Some((QuotaPool::Total, 12, 12, 2)))?;
    let families = vec![("standardDSv5Family".into(), 3)];
    let family = exceeds(Quota { families, ..none.clone() }, "Standard_D2s_v5", 2)?;
    same("of the family", says(&family), Some((QuotaPool::Family(0), 3, 2, 2)))?;

    let ledger = run(larger, 4, Some(0), none);
    same("refused", refused(&ledger), vec![(100.0, 0, Refusal::AllocationFailed)])?;
    same("the rollout", ended(&ledger), Some((100.0, End::Faulted { error, measured: 10_000, limit: 20 })))?;
    same("nobody stops", times(&ledger, |fact| matches!(fact, Fact::ProcessStopped { .. })), vec![])?;
    Ok(ledger)
}
