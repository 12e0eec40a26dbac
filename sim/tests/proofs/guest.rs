//! Inside the guest: cloud-init, scripts, and what they need from outside. An instance that is created at 100 s runs at 160 s,
//! and its system is up at 200 s; an update takes 115 s.

use crate::support::rollout::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{End, Fact, GuestFact, Record, UpgradeError};
use windtunnel_sim::world::ids::InstanceId;

type Proved = Result<Vec<Record>, String>;

proofs! { "guest":
    EX_01 a_machine_is_provisioned_while_cloud_init_installs,
    EX_02 a_script_is_given_up_after_ninety_minutes,
    OS_33 a_new_version_of_an_extension_comes_by_itself,
    RU_39 a_fault_of_the_service_ends_an_upgrade,
    RU_40 an_expired_secret_fails_the_first_batch,
}

/// Succeeded at 200 s; the process starts when cloud-init is done with 240 s of packages, and with the code they bring.
fn a_machine_is_provisioned_while_cloud_init_installs(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(7200), timeline: vec![scale(100, 3)], ..plan() };
    let duration = constant(240);
    plan.sets[0].profile.custom_data =
        Some(CustomData { duration, failure: 0.0, needs: 0, installs: Some(1), starts_process: true });
    let ledger = ledger(&plan);
    let new = InstanceId(2);
    let of = |is: &dyn Fn(&Fact) -> bool| times(&ledger, is);
    same("provisioned", of(&|fact| matches!(fact, Fact::InstanceProvisioned { .. })), vec![200.0])?;
    let installed = |fact: &Fact| matches!(fact, Fact::CodeInstalled { instance, code: 1 } if *instance == new);
    same("installed", of(&installed), vec![440.0])?;
    same("started", of(&|fact| matches!(fact, Fact::ProcessStarted { .. })), vec![440.0])?;
    Ok(ledger)
}

/// It would take 100 min of the 120 that the extensions have, and fails after 90, at 5,600 s.
fn a_script_is_given_up_after_ninety_minutes(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(7200), timeline: vec![scale(100, 3)], ..plan() };
    plan.sets[0].profile.extensions_budget = s(7200);
    plan.sets[0].profile.extensions = vec![Extension { limit: Some(s(5400)), ..extension("script", 6000) }];
    let ledger = ledger(&plan);
    same("failed", times(&ledger, |fact| matches!(fact, Fact::ExtensionFailed { .. })), vec![5600.0])?;
    same("done", times(&ledger, |fact| matches!(fact, Fact::ExtensionDone { .. })), vec![])?;
    Ok(ledger)
}

/// Five with an agent that Azure upgrades by itself, in mode Manual. The version is there at 100 s and takes 30 s on each, one
/// after another; nothing is restarted. A bad one stops the process meanwhile, and whoever has it cannot be healthy again, for
/// which 5 min are waited: the first is given up at 100 + 30 + 300 = 430 s, has the old version again at 460 s, and of all that
/// were upgraded all failed. One that is created later has the new version.
fn a_new_version_of_an_extension_comes_by_itself(rules: RuleSet) -> Proved {
    let published = |cannot| {
        let mut plan = Plan { rules: rules.clone(), ..rolling(5, 0, RollingPolicy::default()) };
        plan.sets[0].upgrade.mode = UpgradeMode::Manual;
        watch(&mut plan);
        plan.application.endpoints[1].clauses[0].when.dependencies = 1;
        plan.sets[0].profile.extensions.push(Extension { automatic: true, ..extension("agent", 30) });
        let release = ExtensionRelease {
            version: "1.1".into(),
            duration: None,
            failure: 0.0,
            stops_process: cannot > 0,
            cannot,
            bad: false,
        };
        let (extension, release) = ("agent".to_owned(), Box::new(release));
        plan.timeline = vec![
            action("publish", 100, Act::Guest(GuestAct::PublishExtension { set: 0, extension, release })),
            scale(2000, 6),
        ];
        ledger(&plan)
    };
    let changed = |ledger: &[Record]| {
        let of = |record: &Record| match record.fact {
            Fact::Guest(GuestFact::ReleaseChanged { instance, back, .. }) => {
                Some((record.time.seconds(), instance.0, back))
            }
            _ => None,
        };
        ledger.iter().filter_map(of).collect::<Vec<_>>()
    };
    let ledger = published(1);
    // Number 5 is created at 2,000 s, is up at 2,100 s, and has its extensions after that.
    let (before, after): (Vec<_>, Vec<_>) = changed(&ledger).into_iter().partition(|change| change.0 < 2000.0);
    same("of the first", before, vec![(130.0, 0, false), (460.0, 0, true)])?;
    same("of the new one", after.iter().map(|&(_, instance, back)| (instance, back)).collect(), vec![(5, false)])?;
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    same("end", ended(&ledger), Some((460.0, End::Faulted { error, measured: 10_000, limit: 20 })))?;
    let good = published(0);
    same("nothing stops", times(&good, |fact| matches!(fact, Fact::ProcessStopped { .. })), vec![])?;
    let expected: Vec<_> = (0..5).map(|nth| (130.0 + 30.0 * f64::from(nth), nth, false)).collect();
    let gone = changed(&good).into_iter().filter(|change| change.0 < 2000.0).collect::<Vec<_>>();
    same("a good one goes through", gone, expected)?;
    Ok(ledger)
}

/// The first of five is under way at 150 s, and the others are never begun.
fn a_fault_of_the_service_ends_an_upgrade(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, ..rolling(5, 0, RollingPolicy::default()) };
    then(&mut plan, 150, Act::Guest(GuestAct::FailUpgrade { set: 0 }));
    let ledger = ledger(&plan);
    let error = UpgradeError::InternalExecutionError;
    same("end", ended(&ledger), Some((150.0, End::Faulted { error, measured: 0, limit: 0 })))?;
    same("updates", updates(&ledger), vec![(100.0, 0)])?;
    Ok(ledger)
}

/// The extension of the new disk runs at 215 s and fails 30 s later: the whole of what was upgraded. Who stands keeps what ran.
/// Where the secret is renewed before, it does not.
fn an_expired_secret_fails_the_first_batch(rules: RuleSet) -> Proved {
    let expires = |length| {
        let mut plan = Plan { rules: rules.clone(), ..rolling(5, 0, RollingPolicy::default()) };
        plan.sets[0].profile.extensions = vec![extension("secrets", 30)];
        let extension = "secrets".to_owned();
        then(&mut plan, 50, Act::Guest(GuestAct::ExpirePayload { set: 0, extension, length }));
        ledger(&plan)
    };
    let renewed = expires(Some(s(100)));
    same(
        "renewed",
        first(&renewed, |fact| matches!(fact, Fact::Guest(GuestFact::PayloadRenewed { .. }))),
        Some(150.0),
    )?;
    same("goes through", ended(&renewed).map(|(_, end)| end), Some(End::Completed))?;
    let ledger = expires(None);
    let error = UpgradeError::MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade;
    same("end", ended(&ledger), Some((245.0, End::Faulted { error, measured: 10_000, limit: 20 })))?;
    same("updates", updates(&ledger), vec![(100.0, 0)])?;
    Ok(ledger)
}
