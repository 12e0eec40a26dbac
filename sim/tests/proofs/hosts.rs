//! Maintenance and trouble of hosts.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{Fact, MaintenanceFact, NoticeFact, NoticeKind, Operation, OperatorFact, Record};

type Proved = Result<Vec<Record>, String>;

proofs! { "hosts":
    MT_01 an_update_of_the_host_pauses_for_ten_seconds,
    MT_02 a_live_migration_pauses_for_five_seconds,
    MT_03 maintenance_walks_over_the_fault_domains,
    MT_04 a_frozen_instance_fails_its_probe,
    MT_05 maintenance_that_waits_is_done_when_it_is_asked_for,
    MT_06 a_host_is_back_within_a_quarter_of_an_hour,
    MT_07 storage_that_is_out_for_long_shuts_a_machine_down,
    MT_08 a_healed_instance_runs_no_extension_again,
    MT_10 a_uniform_set_is_rebooted_by_update_domain,
    OR_10 a_flexible_set_is_rebooted_by_fault_domain,
    SE_11 a_host_that_degrades_is_announced_days_ahead,
    SE_12 no_two_fault_domains_are_worked_on_at_once,
    SE_13 large_sizes_are_not_kept_running,
}

fn with(rules: RuleSet, kind: MaintenanceKind, length: Option<u64>) -> Plan {
    let maintenance = HostWork { set: 0, kind, which: Which::Ordinals(vec![0]), length: length.map(s) };
    let timeline = vec![action("the platform", 100, Act::Maintain(maintenance))];
    Plan { rules, horizon: at(7200), timeline, ..plan() }
}

fn frozen(ledger: &[Record]) -> (Vec<f64>, Vec<f64>) {
    (
        times(ledger, |fact| matches!(fact, Fact::Frozen { .. })),
        times(ledger, |fact| matches!(fact, Fact::Thawed { .. })),
    )
}

fn turns(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Maintenance(MaintenanceFact::TurnCame { .. })))
}

/// Announced at 100 s, 15 min ahead.
fn an_update_of_the_host_pauses_for_ten_seconds(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, MaintenanceKind::Freeze, None));
    same("frozen", frozen(&ledger), (vec![1000.0], vec![1010.0]))?;
    Ok(ledger)
}

fn a_live_migration_pauses_for_five_seconds(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, MaintenanceKind::LiveMigration, None));
    same("frozen", frozen(&ledger), (vec![1000.0], vec![1005.0]))?;
    Ok(ledger)
}

/// Two fault domains: the first has its turn at 100 s, and is done after 15 min of notice and 10 s.
fn maintenance_walks_over_the_fault_domains(rules: RuleSet) -> Proved {
    let mut plan = with(rules, MaintenanceKind::Freeze, None);
    plan.sets[0].fault_domains = 2;
    if let Act::Maintain(maintenance) = &mut plan.timeline[0].what {
        maintenance.which = Which::All;
    }
    let ledger = ledger(&plan);
    same("turns", turns(&ledger), vec![100.0, 1010.0])?;
    same("frozen", frozen(&ledger).0, vec![1000.0, 1910.0])?;
    Ok(ledger)
}

/// Three fault domains, each announced 15 min ahead and frozen for a minute: at 1,000 s, and again 900 s after each minute.
fn no_two_fault_domains_are_worked_on_at_once(rules: RuleSet) -> Proved {
    let mut plan = with(rules, MaintenanceKind::Freeze, Some(60));
    (plan.sets[0].fault_domains, plan.sets[0].capacity) = (3, 3);
    if let Act::Maintain(maintenance) = &mut plan.timeline[0].what {
        maintenance.which = Which::All;
    }
    let ledger = ledger(&plan);
    same("frozen", frozen(&ledger), (vec![1000.0, 1960.0, 2920.0], vec![1060.0, 2020.0, 2980.0]))?;
    Ok(ledger)
}

/// Frozen from 1,000 s on for a minute. The probes of 1,005 s and 1,010 s get no answer, and the second decides; it times out
/// with its interval of 5 s.
fn a_frozen_instance_fails_its_probe(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, MaintenanceKind::Freeze, Some(60)));
    let down = first(&ledger, |fact| matches!(fact, Fact::ProbeDown { .. }));
    same("down", down.is_some_and(|down| (1010.0..=1015.0).contains(&down)), true)?;
    Ok(ledger)
}

/// A reboot is announced at 100 s for 1,000 s. Asked for at 300 s, the machine moves then, and is not rebooted later; asked for
/// once more, nothing waits, and a call on the whole set is refused as well.
fn maintenance_that_waits_is_done_when_it_is_asked_for(rules: RuleSet) -> Proved {
    let mut plan = with(rules, MaintenanceKind::Reboot, None);
    for (at_s, which) in [(300, Which::Ordinals(vec![0])), (600, Which::Ordinals(vec![0])), (900, Which::All)] {
        let how = PowerAct::PerformMaintenance;
        plan.timeline.push(action(&format!("by hand at {at_s}"), at_s, Act::Power { set: 0, which, how }));
    }
    let ledger = ledger(&plan);
    same(
        "moved",
        times(&ledger, |fact| matches!(fact, Fact::UpdateStarted { how: Operation::Heal, .. })),
        vec![300.0],
    )?;
    let impact = |fact: &Fact| matches!(fact, Fact::Maintenance(MaintenanceFact::ImpactStarted { .. }));
    same("rebooted", times(&ledger, impact), vec![])?;
    same(
        "refused",
        times(&ledger, |fact| matches!(fact, Fact::Operator(OperatorFact::Refused { .. }))),
        vec![600.0, 900.0],
    )?;
    Ok(ledger)
}

/// The fault is at 100 s, without notice.
fn a_host_is_back_within_a_quarter_of_an_hour(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, MaintenanceKind::HostFault, None));
    let runs = first(&ledger, |fact| matches!(fact, Fact::InstanceRunning { .. }));
    same("back", runs.is_some_and(|at| (700.0..=1000.0).contains(&at)), true)?;
    Ok(ledger)
}

/// Out for 200 s: still for 120 s, then down; the storage is back at 300 s, and the machine 5 min later.
fn storage_that_is_out_for_long_shuts_a_machine_down(rules: RuleSet) -> Proved {
    let ledger = ledger(&with(rules, MaintenanceKind::StorageOut, Some(200)));
    same("still", frozen(&ledger), (vec![100.0], vec![220.0]))?;
    same("runs", times(&ledger, |fact| matches!(fact, Fact::InstanceRunning { .. })), vec![600.0])?;
    Ok(ledger)
}

/// The extension of the model takes 300 s; the instance is provisioned when its system is up.
fn a_healed_instance_runs_no_extension_again(rules: RuleSet) -> Proved {
    let mut plan = with(rules, MaintenanceKind::HostFault, Some(600));
    plan.sets[0].profile.extensions = vec![extension("setup", 300)];
    let ledger = ledger(&plan);
    same(
        "healed",
        times(&ledger, |fact| matches!(fact, Fact::UpdateStarted { how: Operation::Heal, .. })),
        vec![100.0],
    )?;
    same("provisioned", times(&ledger, |fact| matches!(fact, Fact::InstanceProvisioned { .. })), vec![740.0])?;
    same("extensions", times(&ledger, |fact| matches!(fact, Fact::ExtensionDone { .. })), vec![])?;
    Ok(ledger)
}

/// Five instances in five update domains and two fault domains: five turns, each announced 15 min ahead and 7 s long.
fn a_uniform_set_is_rebooted_by_update_domain(rules: RuleSet) -> Proved {
    let mut plan = with(rules, MaintenanceKind::Reboot, None);
    (plan.sets[0].fault_domains, plan.sets[0].capacity) = (2, 5);
    if let Act::Maintain(maintenance) = &mut plan.timeline[0].what {
        maintenance.which = Which::All;
    }
    let ledger = ledger(&plan);
    same("turns", turns(&ledger), vec![100.0, 1007.0, 1914.0, 2821.0, 3728.0])?;
    Ok(ledger)
}

/// The same five instances in a Flexible set, which has no update domains: a turn for each of its two fault domains.
fn a_flexible_set_is_rebooted_by_fault_domain(rules: RuleSet) -> Proved {
    let mut plan = with(rules, MaintenanceKind::Reboot, None);
    let set = &mut plan.sets[0];
    (set.mode, set.fault_domains, set.capacity) = (OrchestrationMode::Flexible, 2, 5);
    if let Act::Maintain(maintenance) = &mut plan.timeline[0].what {
        maintenance.which = Which::All;
    }
    let ledger = ledger(&plan);
    same("turns", turns(&ledger), vec![100.0, 1007.0])?;
    Ok(ledger)
}

/// A size of the L series is restarted where others are frozen, and gets notice of a Reboot: a Freeze keeps the memory.
fn large_sizes_are_not_kept_running(rules: RuleSet) -> Proved {
    let mut plan = with(rules, MaintenanceKind::Freeze, None);
    plan.sets[0].size = "Standard_L8s_v3".into();
    let ledger = ledger(&plan);
    same("frozen", frozen(&ledger).0, vec![])?;
    let raised = |fact: &Fact| matches!(fact, Fact::Notice(NoticeFact::Raised { kind: NoticeKind::Reboot, .. }));
    same("notified of a Reboot", times(&ledger, raised), vec![100.0])?;
    same("restarted", times(&ledger, |fact| matches!(fact, Fact::UpdateStarted { .. })), vec![1000.0])?;
    Ok(ledger)
}

/// Notified at 100 s and moved 7 days = 604,800 s later, unless the guest approves before.
fn a_host_that_degrades_is_announced_days_ahead(rules: RuleSet) -> Proved {
    let mut plan = with(rules, MaintenanceKind::Degraded, Some(300));
    plan.horizon = at(605_000);
    plan.entry_points[0].traffic = None;
    let ledger = ledger(&plan);
    let began = |fact: &Fact| matches!(fact, Fact::Maintenance(MaintenanceFact::ImpactStarted { .. }));
    same("moved", times(&ledger, began), vec![604_900.0])?;
    Ok(ledger)
}
