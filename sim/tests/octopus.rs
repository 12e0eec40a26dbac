//! The figures of the Octopus guide to scale sets, and what follows from the step template to the letter, each worked out by hand.
//! A machine that is created at 100 s is up at 200 s, registered at 260 s and found healthy at 280 s; see `support/octopus.rs`.

#[path = "support/mod.rs"]
mod support;

use support::octopus::*;
use support::*;
use windtunnel_sim::azure::load_balancer::ProbeEngine;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value};
use windtunnel_sim::world::fact::{Fact, OctopusFact, Record, TargetEnd, TaskEnd};

fn plan_of(steps: Vec<Step>) -> Plan {
    Plan { horizon: at(7200), ..octopus(steps) }
}

fn last(list: &[(f64, u32)]) -> Option<f64> {
    list.last().map(|(at, _)| *at)
}

/// The project of the guide beside `web`, which has no trigger of its own: a check of the set, and the deployment of `web`.
fn separate(check: ProvisionCheck, steps: Vec<Step>) -> Plan {
    let mut plan = plan_of(steps);
    let child = DeployChild { project: 0, waits: Some(s(1800)), of: Of::Output };
    let child =
        Step { name: "deploy".into(), condition: Condition::HasServersToDeployTo, what: StepKind::Child(child) };
    let trigger = DeploymentTrigger { on: TriggerOn::Created, redeploys: false };
    let parent = Project { trigger: Some(trigger), ..project(vec![check_step(check), child]) };
    plan.octopus.projects[0].trigger = None;
    plan.octopus.projects.push(Project { name: "scale-set".into(), ..parent });
    plan
}

fn installs(ledger: &[Record]) -> Vec<u32> {
    let of = |record: &Record| match record.fact {
        Fact::Octopus(OctopusFact::Done { task, .. }) => Some(task),
        _ => None,
    };
    let mut tasks: Vec<u32> = ledger.iter().filter_map(of).collect();
    tasks.dedup();
    tasks
}

/// Nine machines, of which four are found healthy at 280 s and five at 340 s, and a deployment of 20 minutes. The first begins at
/// 300 s and ends at 1,500 s. The scan of 1,500 s still sees it; that of 1,530 s asks for the second, which ends at 2,730 s: of
/// the time from the scale-out to the end, 2,630 s, two deployments take 2,400 s, where one would take 1,200 s.
#[test]
fn nine_machines_as_four_and_five_take_two_deployments_and_twice_the_time() {
    let mut plan = plan_of(vec![install(1200)]);
    plan.timeline = vec![scale(100, 6), scale(160, 11)];
    let ledger = ledger(&plan);
    assert_eq!(sizes(&ledger), [4, 5]);
    assert_eq!(began(&ledger), [300.0, 1530.0]);
    assert_eq!(ended(&ledger), [1500.0, 2730.0]);
    // Where a trigger queues behind a deployment that runs, the second is asked for at 360 s, and begins when the first ends.
    assume(&mut plan, A::OctopusTriggerDuringDeployment, Value::Choice("queued"));
    let ledger = support::ledger(&plan);
    assert_eq!(queued(&ledger), [300.0, 360.0]);
    assert_eq!(began(&ledger), [300.0, 1500.0]);
    assert_eq!(ended(&ledger), [1500.0, 2700.0]);
}

/// The same with deployments of five minutes: 300 s to 600 s, and then 630 s to 930 s. Twice as long too, but 5.5 minutes longer.
#[test]
fn of_short_deployments_there_are_two_as_well() {
    let mut plan = plan_of(vec![install(300)]);
    plan.timeline = vec![scale(100, 6), scale(160, 11)];
    let ledger = ledger(&plan);
    assert_eq!((began(&ledger), ended(&ledger)), (vec![300.0, 630.0], vec![600.0, 930.0]));
}

/// With a check every 10 minutes and a limit of 15, a target goes 20 minutes after the first check that finds its machine gone,
/// and that comes within 10 minutes: 20 to 30 minutes after the machine went, where the guide says 20.
#[test]
fn a_target_is_cleaned_up_twenty_to_thirty_minutes_after_its_machine_went() {
    let mut lengths = Vec::new();
    for gone in (601..1201).step_by(53) {
        let mut plan = plan_of(vec![install(60)]);
        plan.timeline = vec![scale(gone, 1)];
        let removed = last(&removed(&ledger(&plan))).expect("it is cleaned up");
        let first_check = gone.div_ceil(600) * 600;
        assert_eq!(removed, (first_check + 1200) as f64, "gone at {gone} s");
        lengths.push(removed - gone as f64);
    }
    assert!(lengths.iter().all(|length| (1200.0..=1800.0).contains(length)), "{lengths:?}");
    assert!(
        lengths.iter().any(|&length| length > 1700.0) && lengths.iter().any(|&length| length < 1300.0),
        "{lengths:?}"
    );
}

/// The same nine machines, made targets by an extension of 60 s, so at 260 s and at 325 s. The trigger fires at 270 s; the check
/// waits until the last machine is provisioned, and sees that at 330 s: one deployment to all nine, from then to 1,530 s. The five
/// had a trigger of their own, at 1,560 s; that run is taken for a duplicate, and deploys nothing.
#[test]
fn with_the_separate_project_nine_machines_take_one_deployment() {
    let mut plan = separate(ProvisionCheck { excludes_existing: true, ..provision_check() }, vec![install(1200)]);
    plan.sets[0].profile.extensions = vec![extension("tentacle", 60)];
    (plan.octopus.targets[0].by, plan.octopus.targets[0].after) = (Registration::Extension, s(0));
    plan.timeline = vec![scale(100, 6), scale(165, 11)];
    let ledger = ledger(&plan);
    assert_eq!(sizes(&ledger), [4, 9, 5]);
    assert_eq!(began(&ledger), [270.0, 330.0, 1560.0]);
    assert_eq!(installs(&ledger), [1]);
    assert_eq!(done_on(&ledger).iter().map(|(at, _)| *at).collect::<Vec<_>>(), [1530.0; 9]);
    assert_eq!(when(&ledger, |fact| matches!(fact, OctopusFact::Duplicate { .. })), [1560.0]);
}

/// Eight more machines with overprovisioning, each registered by a script 5 s after its boot, and provisioned when an extension of
/// one to four minutes is done.
fn eight_more_with_surplus() -> Plan {
    let mut plan = separate(ProvisionCheck { excludes_existing: true, ..provision_check() }, vec![install(300)]);
    let length = Dist::Uniform { min: s(60), max: s(240) };
    plan.sets[0].profile.extensions = vec![Extension { duration: length, ..extension("monitoring", 0) }];
    plan.sets[0].overprovision = true;
    plan.octopus.targets[0].after = s(5);
    plan.timeline = vec![scale(100, 10)];
    plan
}

/// When eight have succeeded the others are deleted; the check sees no machine that is being
/// created at the next full 10 s, deletes their targets, and deploys to the eight.
#[test]
fn surplus_machines_are_removed_and_not_deployed_to() {
    let mut plan = eight_more_with_surplus();
    assume(&mut plan, A::VmDelete, Value::Dist(constant(0)));
    let ledger = ledger(&plan);
    let gone: Vec<u32> = ledger
        .iter()
        .filter_map(|record| match record.fact {
            Fact::InstanceDeleted { instance } => Some(instance.0),
            _ => None,
        })
        .collect();
    assert!(!gone.is_empty(), "there is a surplus");
    let reconciled = |record: &Record| match record.fact {
        Fact::Octopus(OctopusFact::Removed { instance, by: TargetEnd::Reconciled, .. }) => Some(instance.0),
        _ => None,
    };
    let mut removed: Vec<u32> = ledger.iter().filter_map(reconciled).collect();
    let mut expected = gone.clone();
    removed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(removed, expected, "their targets are deleted by the check");
    let done: Vec<u32> = done_on(&ledger).iter().map(|(_, instance)| *instance).collect();
    assert_eq!(done.len(), 8, "all others are deployed to once: {done:?}");
    assert!(done.iter().all(|instance| !gone.contains(instance)));
}

/// The same, where Azure takes 30 s to delete a machine: it lists the surplus as being deleted when the check looks, which is not
/// Failed, so the targets stay. Nothing is deployed to them since nobody answers.
#[test]
fn a_machine_that_is_being_deleted_still_has_its_target() {
    let ledger = ledger(&eight_more_with_surplus());
    let checked = when(&ledger, |fact| matches!(fact, OctopusFact::Checked { .. }))[0];
    assert!(removed(&ledger).iter().all(|(at, _)| *at > checked), "no target goes with the first check");
    assert_eq!(done_on(&ledger).len(), 8);
}

/// A check that takes 200 s finds the machine healthy at 460 s; the trigger of 480 s comes 220 s after its registration at
/// 260 s, which is more than 3 min: the new target counts as one that was there before (OC-18), and gets nothing.
#[test]
fn a_target_that_is_healthy_late_counts_as_old() {
    let mut plan = separate(ProvisionCheck { excludes_existing: true, ..provision_check() }, vec![install(300)]);
    plan.octopus.projects[1].trigger = Some(DeploymentTrigger { on: TriggerOn::BecomesAvailable, redeploys: false });
    plan.timeline = vec![scale(100, 3)];
    assert_eq!(done_on(&ledger(&plan)), [(600.0, 2)], "a quick check: queued at 300 s, done at 600 s");
    assume(&mut plan, A::OctopusHealthCheck, Value::Time(s(200)));
    let ledger = ledger(&plan);
    assert_eq!(queued(&ledger), [480.0]);
    assert_eq!(done_on(&ledger), []);
}

/// Machines of 100 s and of 400 s: the run for the second, at 630 s, 30 s after the end of the first at 600 s, is a duplicate and
/// cancelled. So the only release of the project is no success any more, and the machine of 2,000 s makes the trigger fire for
/// nothing at 2,190 s; where a cancelled run leaves it the current one, it is deployed to.
#[test]
fn a_duplicate_that_is_cancelled_ends_automatic_deployments() {
    let check = ProvisionCheck { cancels_duplicates: true, ..provision_check() };
    let mut plan = plan_of(vec![check_step(check), install(300)]);
    plan.timeline = vec![scale(100, 3), scale(400, 4), scale(2000, 5)];
    let ledger = ledger(&plan);
    let ends = |ledger: &[Record]| -> Vec<TaskEnd> {
        let end = |record: &Record| match record.fact {
            Fact::Octopus(OctopusFact::Ended { how, .. }) => Some(how),
            _ => None,
        };
        ledger.iter().filter_map(end).collect()
    };
    assert_eq!(ends(&ledger), [TaskEnd::Success, TaskEnd::Canceled]);
    // Found healthy at 2,180 s, when the next scan is at 2,190 s rounded up to the grid of 30 s: 2,190 = 73 · 30.
    assert_eq!(when(&ledger, |fact| matches!(fact, OctopusFact::TriggerIdle { .. })), [2190.0]);
    assume(&mut plan, A::OctopusFailedRerun, Value::Choice("keeps"));
    let ledger = support::ledger(&plan);
    assert_eq!(ends(&ledger), [TaskEnd::Success, TaskEnd::Canceled, TaskEnd::Success]);
}

/// Eleven targets, ten at once, 1,000 s each: two rounds, 2,000 s. The step that deploys the child waits for 1,800 s and cancels
/// it then, so that the eleventh is never deployed to.
#[test]
fn the_step_that_deploys_a_child_cancels_it_after_half_an_hour() {
    let mut plan = separate(provision_check(), vec![install(1000)]);
    plan.sets[0].capacity = 10;
    plan.timeline = vec![scale(100, 11)];
    let ledger = ledger(&plan);
    // Registered at 260 s: the trigger fires at 270 s, and the machine has been provisioned since 200 s.
    assert_eq!(began(&ledger), [270.0, 270.0]);
    assert_eq!(ended(&ledger), [2070.0, 2070.0]);
    assert_eq!(done_on(&ledger).len(), 10);
}

/// Octopus does not notice a machine that is reimaged between two checks: its target has the release as far as Octopus knows, and
/// is found as healthy as before, so no trigger fires, and the machine serves what its image has (EX-08).
#[test]
fn a_reimaged_machine_keeps_what_octopus_believes_of_it() {
    let mut plan = plan_of(vec![install(200)]);
    let reimage = Act::Power { set: 0, which: Which::Ordinals(vec![1]), how: PowerAct::Reimage };
    plan.timeline = vec![action("reimage", 100, reimage)];
    let ledger = ledger(&plan);
    // A new disk is in at 175 s, the system is up at 215 s, and the script has run at 275 s.
    assert_eq!(when(&ledger, |fact| matches!(fact, OctopusFact::Reregistered { .. })), [275.0]);
    assert_eq!(queued(&ledger), []);
}

/// A machine of before the run is reimaged at 100 s, up at 215 s, and off from 230 s to 300 s: what registers it would have been done
/// at 275 s, and begins anew when the system is up at 340 s. It is the target that it was, at 400 s.
#[test]
fn a_registration_that_was_cut_short_begins_anew() {
    let mut plan = plan_of(vec![install(200)]);
    let power =
        |at_s, how| action(&format!("{how:?}"), at_s, Act::Power { set: 0, which: Which::Ordinals(vec![1]), how });
    plan.timeline = vec![power(100, PowerAct::Reimage), power(230, PowerAct::PowerOff), power(300, PowerAct::Start)];
    let ledger = ledger(&plan);
    assert_eq!(when(&ledger, |fact| matches!(fact, OctopusFact::Reregistered { .. })), [400.0]);
    assert_eq!(when(&ledger, |fact| matches!(fact, OctopusFact::Registered { .. })), [0.0, 0.0]);
}

/// One target a tenant, and a deployment to each runs beside the other: the queue is by tenant, too (OC-04).
#[test]
fn deployments_for_two_tenants_run_side_by_side() {
    let mut plan = plan_of(vec![install(200)]);
    plan.sets.push(set("vmss-b"));
    let second = Place { environment: "production".into(), tenant: Some("contoso".into()) };
    plan.octopus.places.push(second);
    let group = TargetGroup { name: "b".into(), set: 1, place: 1, ..plan.octopus.targets[0].clone() };
    plan.octopus.targets.push(group);
    let deploy = |place| Act::Octopus(OctopusAct::Deploy { project: 0, release: 1, place, skip: 0 });
    plan.timeline = vec![action("a", 100, deploy(0)), action("b", 150, deploy(1)), action("c", 160, deploy(0))];
    assert_eq!(began(&ledger(&plan)), [100.0, 150.0, 300.0]);
}

/// A step that was skipped by hand stays skipped when a trigger deploys again (OC-03): the new machine gets the second step only.
#[test]
fn a_step_that_was_skipped_by_hand_stays_skipped() {
    let mut plan = plan_of(vec![install(200), install(100)]);
    let deploy = Act::Octopus(OctopusAct::Deploy { project: 0, release: 1, place: 0, skip: 1 });
    plan.timeline = vec![action("deploy", 50, deploy), scale(100, 3)];
    let ledger = ledger(&plan);
    assert_eq!(done_on(&ledger), [(150.0, 0), (150.0, 1), (400.0, 2)]);
}

/// A step fails on a machine three times in ten, and a person has it tried again each time. Each try draws anew, so every deployment is
/// a success, after 1 / 0.7 tries on a machine in the mean: over 400 machines that is known to a standard error of √(0.3 / 0.49 / 400) =
/// 0.039 tries, and four of them are allowed.
#[test]
fn a_try_again_draws_anew() {
    let mut plan = plan_of(vec![install(10)]);
    plan.octopus.projects[0].trigger = None;
    plan.octopus.projects[0].guided = Some(Guided { answer: GuidedAnswer::Retry, delay: s(10) });
    let StepKind::Targets(on) = &mut plan.octopus.projects[0].steps[0].what else { unreachable!() };
    on.failure = 0.3;
    let deploy = OctopusAct::Deploy { project: 0, release: 1, place: 0, skip: 0 };
    plan.timeline = vec![action("deploy", 100, Act::Octopus(deploy))];
    let mut tries = 0;
    for seed in 0..200 {
        let (ledger, _) = support::names::play(&plan, seed, ProbeEngine::Counting);
        tries += when(&ledger, |fact| matches!(fact, OctopusFact::Began { .. })).len();
        let good = |fact: &OctopusFact| matches!(fact, OctopusFact::Ended { how: TaskEnd::Success, .. });
        assert_eq!(when(&ledger, good).len(), 1, "seed {seed}");
    }
    let mean = tries as f64 / 400.0;
    assert!((mean - 1.0 / 0.7).abs() < 4.0 * 0.039, "{mean} tries");
}

/// The deployment of 300 s is for the machine that became available alone. Its health check, until 320 s, adds nobody: the other two were
/// registered before it was queued.
#[test]
fn a_health_check_adds_nobody_who_was_there_before() {
    let health = StepKind::HealthCheck { skips_unavailable: true, includes_new: true };
    let health = Step { name: "health".into(), condition: Condition::Always, what: health };
    let mut plan = plan_of(vec![health, install(100)]);
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    assert_eq!(sizes(&ledger), [1]);
    assert_eq!(done_on(&ledger), [(420.0, 2)]);
}

/// The first check takes 20 s and 30 s for Calamari, and finds warnings at 310 s. Calamari is there then: the deployment of 330 s takes its
/// own 100 s, and not 130 s.
#[test]
fn calamari_is_paid_for_once_where_a_check_warns() {
    let mut plan = plan_of(vec![install(100)]);
    assume(&mut plan, A::OctopusCalamari, Value::Time(s(30)));
    plan.octopus.policies[0].warns = 1.0;
    plan.timeline = vec![scale(100, 3)];
    let ledger = ledger(&plan);
    assert_eq!(done_on(&ledger).first(), Some(&(430.0, 2)));
}

fn create(at_s: u64) -> Action {
    action("create", at_s, Act::Octopus(OctopusAct::Create { project: 0, release: 1 }))
}

/// A release that is created at 40 s goes to staging at the scan of 60 s and is there at 260 s, to production at 270 s, and is there at
/// 470 s. A machine of staging that is asked for at 1,100 s is found healthy at 1,280 s and has it from a trigger at 1,290 s,
/// as if there were no lifecycle.
#[test]
fn an_automatic_lifecycle_takes_a_release_all_the_way() {
    let mut plan = Plan { horizon: at(7200), ..two_phases(vec![install(200)]) };
    plan.octopus.lifecycles[0].phases.iter_mut().for_each(automatic);
    plan.timeline = vec![create(40), scale(1100, 3)];
    let ledger = ledger(&plan);
    assert_eq!(queued(&ledger), [60.0, 270.0, 1290.0]);
    assert_eq!(ended(&ledger), [260.0, 470.0, 1490.0]);
    assert_eq!(when(&ledger, |fact| matches!(fact, OctopusFact::PhaseCompleted { .. })), [260.0, 470.0]);
}

/// An optional phase holds nobody up, and nothing is deployed automatically in it.
#[test]
fn an_optional_phase_is_passed_over() {
    let mut plan = Plan { horizon: at(7200), ..two_phases(vec![install(200)]) };
    let phases = &mut plan.octopus.lifecycles[0].phases;
    phases.iter_mut().for_each(automatic);
    phases[0].required = Required::Nothing;
    plan.timeline = vec![create(40)];
    let ledger = ledger(&plan);
    let to: Vec<(f64, u16)> = timed(&ledger, |fact| match *fact {
        Fact::Octopus(OctopusFact::Queued { place, .. }) => Some(place),
        _ => None,
    });
    assert_eq!(to, [(60.0, 1)]);
}

/// Of the two environments of the first phase one is enough. A deployment to it that fails counts for nothing.
#[test]
fn a_minimum_of_environments_lets_a_release_on() {
    let mut plan = Plan { horizon: at(7200), ..two_phases(vec![install(200)]) };
    plan.octopus.places.push(Place { environment: "test".into(), tenant: None });
    let first = &mut plan.octopus.lifecycles[0].phases[0];
    (first.manual, first.required) = (vec![0, 2], Required::Minimum(1));
    plan.timeline = vec![deploy_to(50, 1), deploy_to(100, 2), deploy_to(110, 1)];
    let ledger = ledger(&plan);
    assert_eq!(refused(&ledger), [(50.0, Some(0))]);
    assert_eq!(queued(&ledger), [100.0, 110.0]);
    // Without a target a deployment to `test` fails here, and production stays shut.
    plan.octopus.projects[0].allows_none = false;
    let ledger = self::ledger(&plan);
    assert_eq!(refused(&ledger), [(50.0, Some(0)), (110.0, Some(0))]);
}

/// A failed automatic deployment is not tried again, and the release stays where it is.
#[test]
fn what_fails_automatically_stays_so() {
    let mut plan = Plan { horizon: at(7200), ..two_phases(vec![install(200)]) };
    plan.octopus.lifecycles[0].phases.iter_mut().for_each(automatic);
    let StepKind::Targets(on) = &mut plan.octopus.projects[0].steps[0].what else { panic!("a step on targets") };
    on.failure = 1.0;
    plan.timeline = vec![create(40)];
    assert_eq!(queued(&ledger(&plan)), [60.0]);
}

/// An environment in no phase gets no release that a person asks for; what it has, a trigger deploys to a machine that comes.
#[test]
fn an_environment_outside_of_the_lifecycle_gets_no_release() {
    let mut plan = Plan { horizon: at(7200), ..two_phases(vec![install(200)]) };
    plan.octopus.projects[0].deployed = Some(0);
    plan.octopus.lifecycles[0].phases.remove(0);
    plan.timeline = vec![deploy_to(50, 0), scale(100, 3)];
    let ledger = ledger(&plan);
    assert_eq!(refused(&ledger), [(50.0, None)]);
    assert_eq!(queued(&ledger), [300.0]);
}
