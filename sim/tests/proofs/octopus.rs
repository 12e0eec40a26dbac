//! Octopus. A machine that is created at 100 s is up at 200 s, registered at 260 s and found healthy at 280 s; triggers are
//! looked at at 300 s, 330 s, …; the rest is said at `support/octopus.rs`.

use crate::support::octopus::*;
use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RuleSet, Value};
use windtunnel_sim::world::fact::{Fact, OctopusFact, Record, StepTrouble, TargetHealth, TaskEnd};

type Proved = Result<Vec<Record>, String>;

proofs! { "octopus":
    OC_01 a_scan_takes_all_that_came_since_the_last,
    OC_02 a_target_that_is_registered_is_not_available_yet,
    OC_03 a_failed_release_is_not_deployed_by_a_trigger,
    OC_04 a_second_deployment_waits_for_the_first,
    OC_05 a_step_takes_as_many_targets_as_its_window,
    OC_06 a_new_target_is_checked_at_once,
    OC_07 a_machine_that_went_is_cleaned_up_at_the_third_check,
    OC_08 a_target_that_is_unavailable_is_skipped,
    OC_09 a_person_holds_the_place_in_the_queue,
    OC_10 a_health_check_adds_and_drops_targets,
    OC_11 the_first_wait_is_for_a_word_and_fails_in_the_end,
    OC_12 the_second_wait_is_for_instances,
    OC_13 a_set_that_cannot_be_read_ends_the_step_well,
    OC_14 a_target_without_a_machine_is_deleted,
    OC_15 a_name_within_a_name_keeps_a_target,
    OC_16 a_run_soon_after_the_last_is_a_duplicate,
    OC_17 a_duplicate_leaves_new_machines_stale,
    OC_18 targets_that_were_there_are_left_out,
    OC_20 registering_twice_fails,
    OC_21 a_release_goes_from_phase_to_phase,
    OC_22 a_release_is_deployed_automatically_where_it_comes_to,
    OC_23 a_success_stays_a_success,
    OC_24 each_tenant_goes_through_for_itself,
}

fn world(rules: RuleSet, steps: Vec<Step>) -> Plan {
    Plan { rules, horizon: at(2400), ..octopus(steps) }
}

fn deploy(at_s: u64, release: Code) -> Action {
    let what = OctopusAct::Deploy { project: 0, release, place: 0, skip: 0 };
    action(&format!("deploy at {at_s}"), at_s, Act::Octopus(what))
}

fn ends(ledger: &[Record]) -> Vec<(f64, TaskEnd)> {
    timed(ledger, |fact| match *fact {
        Fact::Octopus(OctopusFact::Ended { how, .. }) => Some(how),
        _ => None,
    })
}

/// Two machines are found healthy at 280 s: one deployment of both at 300 s, and not two at 280 s.
fn a_scan_takes_all_that_came_since_the_last(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(200)]);
    plan.timeline = vec![scale(100, 4)];
    let ledger = ledger(&plan);
    same("queued", queued(&ledger), vec![300.0])?;
    same("targets", sizes(&ledger), vec![2])?;
    same("done", done_on(&ledger), vec![(500.0, 2), (500.0, 3)])?;
    Ok(ledger)
}

/// Registered at 260 s, which the scan of 270 s would see; available at 280 s.
fn a_target_that_is_registered_is_not_available_yet(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(200)]);
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    same("queued", queued(&ledger), vec![300.0])?;
    Ok(ledger)
}

/// Release 1 is everywhere. Release 0 is deployed at 100 s, and fails at 150 s on every target: the machine that comes gets 1.
fn a_failed_release_is_not_deployed_by_a_trigger(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(50)]);
    let StepKind::Targets(on) = &mut plan.octopus.projects[0].steps[0].what else {
        unreachable!("it is one on targets")
    };
    on.failure = 1.0;
    plan.timeline = vec![deploy(100, 0), scale(100, 3)];
    let ledger = ledger(&plan);
    let releases = timed(&ledger, |fact| match *fact {
        Fact::Octopus(OctopusFact::Queued { release, .. }) => Some(release),
        _ => None,
    });
    same("releases", releases, vec![(100.0, 0), (300.0, 1)])?;
    Ok(ledger)
}

/// One machine is deployed to from 300 s to 500 s. Another is found healthy at 340 s: queued at 360 s, it begins at 500 s.
fn a_second_deployment_waits_for_the_first(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(200)]);
    assume(&mut plan, A::OctopusTriggerDuringDeployment, Value::Choice("queued"));
    plan.timeline = vec![scale(100, 3), scale(160, 4)];
    let ledger = ledger(&plan);
    same("queued", queued(&ledger), vec![300.0, 360.0])?;
    same("began", began(&ledger), vec![300.0, 500.0])?;
    same("ended", ended(&ledger), vec![500.0, 700.0])?;
    Ok(ledger)
}

/// Four machines, two at a time, 100 s each, in two steps: 100, 100, 200, 200 s, and again from 300 s on. A window of 50 takes all of
/// twelve machines at once.
fn a_step_takes_as_many_targets_as_its_window(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(100), install(100)]);
    plan.sets[0].capacity = 4;
    for step in &mut plan.octopus.projects[0].steps {
        let StepKind::Targets(on) = &mut step.what else { unreachable!("it is one on targets") };
        on.window = 2;
    }
    plan.timeline = vec![deploy(100, 1)];
    let ledger = ledger(&plan);
    let begun = when(&ledger, |fact| matches!(fact, OctopusFact::Began { .. }));
    same("begun", begun, vec![100.0, 100.0, 200.0, 200.0, 300.0, 300.0, 400.0, 400.0])?;
    plan.sets[0].capacity = 12;
    plan.octopus.projects[0].steps.truncate(1);
    let StepKind::Targets(on) = &mut plan.octopus.projects[0].steps[0].what else {
        unreachable!("it is one on targets")
    };
    on.window = 50;
    let all = when(&self::ledger(&plan), |fact| matches!(fact, OctopusFact::Began { .. }));
    same("all at once", all, vec![100.0; 12])?;
    Ok(ledger)
}

/// At 280 s, and not at the check of 600 s.
fn a_new_target_is_checked_at_once(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(200)]);
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    same("healthy", found(&ledger, TargetHealth::Healthy), vec![(280.0, 2)])?;
    Ok(ledger)
}

/// Gone at 100 s; found at 600 s; at 1200 s unavailable for 600 s, which is less than 900; at 1800 s it goes.
fn a_machine_that_went_is_cleaned_up_at_the_third_check(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(200)]);
    plan.timeline = vec![scale(100, 1)];
    let ledger = ledger(&plan);
    same("unavailable", found(&ledger, TargetHealth::Unavailable), vec![(600.0, 1)])?;
    same("removed", removed(&ledger), vec![(1800.0, 1)])?;
    Ok(ledger)
}

/// Gone at 100 s, and known to be at 600 s; the deployment of 700 s does without it, and is done at 900 s.
fn a_target_that_is_unavailable_is_skipped(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(200)]);
    plan.timeline = vec![scale(100, 1), deploy(700, 1)];
    let ledger = ledger(&plan);
    same("ends", ends(&ledger), vec![(900.0, TaskEnd::Success)])?;
    same("done", done_on(&ledger), vec![(900.0, 0)])?;
    Ok(ledger)
}

/// The step is on both from 100 s to 300 s. One goes at 150 s, which is noticed at 210 s; a person excludes it at 1110 s. The
/// deployment that was asked for at 400 s begins then.
fn a_person_holds_the_place_in_the_queue(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(200)]);
    plan.octopus.projects[0].guided = Some(Guided { answer: GuidedAnswer::Exclude, delay: s(900) });
    plan.timeline = vec![deploy(100, 1), scale(150, 1), deploy(400, 1)];
    let ledger = ledger(&plan);
    let failed = |fact: &OctopusFact| matches!(fact, OctopusFact::FailedOn { why: StepTrouble::Lost, .. });
    same("failed", when(&ledger, failed), vec![210.0])?;
    same("began", began(&ledger), vec![100.0, 1110.0])?;
    same("first end", ends(&ledger).first().copied(), Some((1110.0, TaskEnd::Success)))?;
    Ok(ledger)
}

/// The first step is on two machines from 100 s to 300 s; the check ends at 320 s, adds the one that was registered at 260 s and
/// drops the one that is deleted at 310 s (the newest of the first two is the second).
fn a_health_check_adds_and_drops_targets(rules: RuleSet) -> Proved {
    let health = StepKind::HealthCheck { skips_unavailable: true, includes_new: true };
    let health = Step { name: "health".into(), condition: Condition::Always, what: health };
    let mut plan = world(rules, vec![install(200), health, install(100)]);
    plan.octopus.projects[0].trigger = None;
    let delete = Act::Power { set: 0, which: Which::Ordinals(vec![1]), how: PowerAct::Delete };
    plan.timeline = vec![deploy(100, 1), scale(100, 3), action("delete", 310, delete)];
    let ledger = ledger(&plan);
    same("done", done_on(&ledger), vec![(300.0, 0), (300.0, 1), (420.0, 0), (420.0, 2)])?;
    Ok(ledger)
}

/// In a world where Azure says Provisioning, the wait that begins at 110 s is over at 140 s, whatever is to be done then.
fn the_first_wait_is_for_a_word_and_fails_in_the_end(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![check_step(ProvisionCheck { timeout: s(30), ..provision_check() })]);
    assume(&mut plan, A::OctopusSetState, Value::Choice("provisioning"));
    plan.timeline = vec![scale(100, 3), deploy(110, 1)];
    let ledger = ledger(&plan);
    same("first end", ends(&ledger).first().copied(), Some((140.0, TaskEnd::Failed)))?;
    Ok(ledger)
}

/// The machine of 100 s is provisioned at 200 s, which the look of that instant sees.
fn the_second_wait_is_for_instances(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![check_step(provision_check())]);
    plan.timeline = vec![scale(100, 3), deploy(110, 1)];
    let ledger = ledger(&plan);
    same("first end", ends(&ledger).first().copied(), Some((200.0, TaskEnd::Success)))?;
    Ok(ledger)
}

/// The step is done at once, and what follows has nothing to deploy to.
fn a_set_that_cannot_be_read_ends_the_step_well(rules: RuleSet) -> Proved {
    let after = Step { condition: Condition::HasServersToDeployTo, ..install(200) };
    let check = ProvisionCheck { readable: false, ..provision_check() };
    let mut plan = world(rules, vec![check_step(check), after]);
    plan.timeline = vec![deploy(110, 1)];
    let ledger = ledger(&plan);
    same("ends", ends(&ledger), vec![(110.0, TaskEnd::Success)])?;
    same("done", done_on(&ledger), vec![])?;
    Ok(ledger)
}

/// The machine is gone at 130 s; its target goes with the check of 200 s, long before a clean-up.
fn a_target_without_a_machine_is_deleted(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![check_step(provision_check())]);
    plan.timeline = vec![scale(100, 1), deploy(200, 1)];
    let ledger = ledger(&plan);
    same("removed", removed(&ledger), vec![(200.0, 1)])?;
    Ok(ledger)
}

/// vmss1 is deleted, and vmss10 stands: the target of vmss1 stays at 200 s, and goes with the clean-up of 1800 s.
fn a_name_within_a_name_keeps_a_target(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![check_step(provision_check())]);
    plan.sets[0].capacity = 11;
    plan.octopus.targets[0].naming = TargetName::Numbered;
    let delete = Act::Power { set: 0, which: Which::Ordinals(vec![1]), how: PowerAct::Delete };
    plan.timeline = vec![action("delete", 100, delete), deploy(200, 1)];
    let ledger = ledger(&plan);
    same("removed", removed(&ledger), vec![(1800.0, 1)])?;
    Ok(ledger)
}

/// The step on the machine of 100 s ends at 500 s. Another machine, of 400 s, is found healthy at 580 s: its run is queued at
/// 600 s, 100 s after the end of the last, and taken for a duplicate.
fn duplicate(rules: RuleSet) -> Plan {
    let after = Step { condition: Condition::HasServersToDeployTo, ..install(200) };
    let mut plan = world(rules, vec![check_step(provision_check()), after]);
    plan.timeline = vec![scale(100, 3), scale(400, 4)];
    plan
}

fn a_run_soon_after_the_last_is_a_duplicate(rules: RuleSet) -> Proved {
    let ledger = ledger(&duplicate(rules));
    same("queued", queued(&ledger), vec![300.0, 600.0])?;
    same("duplicates", when(&ledger, |fact| matches!(fact, OctopusFact::Duplicate { .. })), vec![600.0])?;
    Ok(ledger)
}

/// Nobody ever installs anything on the second machine, which Octopus takes to have the release from then on.
fn a_duplicate_leaves_new_machines_stale(rules: RuleSet) -> Proved {
    let ledger = ledger(&duplicate(rules));
    same("done", done_on(&ledger), vec![(500.0, 2)])?;
    Ok(ledger)
}

/// The deployment is queued at 300 s, 40 s after the third machine was registered: the others were there before.
fn targets_that_were_there_are_left_out(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![check_step(ProvisionCheck { excludes_existing: true, ..provision_check() })]);
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    same("left out", when(&ledger, |fact| matches!(fact, OctopusFact::PreExisting { .. })), vec![300.0, 300.0])?;
    Ok(ledger)
}

/// A machine is reimaged at 100 s: its disk is in at 175 s, its system up at 215 s, and the script fails at 275 s. Its target
/// does not answer at 600 s, and is cleaned up at 1800 s.
fn registering_twice_fails(rules: RuleSet) -> Proved {
    let mut plan = world(rules, vec![install(200)]);
    plan.octopus.targets[0].idempotent = false;
    let reimage = Act::Power { set: 0, which: Which::Ordinals(vec![1]), how: PowerAct::Reimage };
    plan.timeline = vec![action("reimage", 100, reimage)];
    let ledger = ledger(&plan);
    let failed = |fact: &OctopusFact| matches!(fact, OctopusFact::RegistrationFailed { .. });
    same("failed", when(&ledger, failed), vec![275.0])?;
    same("unavailable", found(&ledger, TargetHealth::Unavailable), vec![(600.0, 1)])?;
    same("removed", removed(&ledger), vec![(1800.0, 1)])?;
    Ok(ledger)
}

/// What the head of the file says.
#[test]
fn a_new_machine_is_found_healthy_a_minute_and_a_check_after_its_boot() {
    let mut plan = octopus(vec![install(200)]);
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    assert_eq!(when(&ledger, |fact| matches!(fact, OctopusFact::Registered { target: 2, .. })), [260.0]);
    assert_eq!(found(&ledger, TargetHealth::Healthy), [(280.0, 2)]);
}

/// Production at 50 s is refused, as phase 0 is not complete; staging from 100 s to 300 s completes it, and production goes at 310 s.
fn a_release_goes_from_phase_to_phase(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(2400), ..two_phases(vec![install(200)]) };
    plan.timeline = vec![deploy_to(50, 1), deploy_to(100, 0), deploy_to(310, 1)];
    let ledger = ledger(&plan);
    same("queued", queued(&ledger), vec![100.0, 310.0])?;
    same("refused", refused(&ledger), vec![(50.0, Some(0))])?;
    same("done", done_on(&ledger), vec![(300.0, 0), (300.0, 1), (510.0, 2), (510.0, 3)])?;
    Ok(ledger)
}

/// Staging is done at 250 s. The next scan is at 270 s: production begins by itself, and is done at 470 s.
fn a_release_is_deployed_automatically_where_it_comes_to(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(2400), ..two_phases(vec![install(200)]) };
    automatic(&mut plan.octopus.lifecycles[0].phases[1]);
    plan.timeline = vec![deploy_to(50, 0)];
    let ledger = ledger(&plan);
    same("queued", queued(&ledger), vec![50.0, 270.0])?;
    same("ended", ended(&ledger), vec![250.0, 470.0])?;
    Ok(ledger)
}

/// Staging was done at 250 s and is deployed to once more from 300 s to 500 s: production may go at 400 s all the same.
fn a_success_stays_a_success(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(2400), ..two_phases(vec![install(200)]) };
    plan.timeline = vec![deploy_to(50, 0), deploy_to(300, 0), deploy_to(400, 1)];
    let ledger = ledger(&plan);
    same("queued", queued(&ledger), vec![50.0, 300.0, 400.0])?;
    same("ended", ended(&ledger), vec![250.0, 500.0, 600.0])?;
    Ok(ledger)
}

/// What is in staging since 250 s lets production without a tenant go at 270 s, which has no target and is done at once. It is not there
/// for contoso, whose production is refused at 300 s. Its staging has no target either, and its production may go at 500 s.
fn each_tenant_goes_through_for_itself(rules: RuleSet) -> Proved {
    let mut plan = Plan { rules, horizon: at(2400), ..two_phases(vec![install(200)]) };
    let of = &mut plan.octopus;
    for place in 0..2 {
        of.places.push(Place { tenant: Some("contoso".into()), ..of.places[place].clone() });
    }
    of.targets[1].place = 3;
    (of.lifecycles[0].phases[0].manual, of.lifecycles[0].phases[1].manual) = (vec![0, 2], vec![1, 3]);
    plan.timeline = vec![deploy_to(50, 0), deploy_to(270, 1), deploy_to(300, 3), deploy_to(400, 2), deploy_to(500, 3)];
    let ledger = ledger(&plan);
    same("refused", refused(&ledger), vec![(300.0, Some(0))])?;
    same("ended", ended(&ledger), vec![250.0, 270.0, 400.0, 700.0])?;
    Ok(ledger)
}
