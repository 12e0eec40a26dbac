//! Scheduled Events and terminate notification. An instance that is created at 100 s has booted at 200 s; its first query
//! is answered 120 s later, at 320 s, and it asks every 10 s from then on.

use crate::support::*;
use crate::{proofs, same};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::RuleSet;
use windtunnel_sim::world::fact::{Fact, Flows, MaintenanceFact, NoticeFact, NoticeKind, Record, SpotFact};
use windtunnel_sim::world::ids::InstanceId;

type Proved = Result<Vec<Record>, String>;

proofs! { "notices":
    TN_01 a_deletion_waits_as_long_as_the_model_says,
    TN_02 an_approval_ends_the_wait,
    TN_03 an_approved_deletion_waits_for_one_that_is_not,
    TN_04 spot_instances_get_no_notice_of_their_deletion,
    TN_05 an_instance_of_an_older_model_is_not_notified,
    TN_06 events_are_on_from_the_first_answer_on,
    TN_07 a_reboot_is_announced_a_quarter_of_an_hour_ahead,
    TN_08 a_planned_impact_is_short,
    TN_10 a_guest_that_does_not_filter_drains_for_others,
    TN_09 a_restart_by_hand_waits_too,
    SE_01 a_freeze_is_announced_a_quarter_of_an_hour_ahead,
    SE_02 an_event_is_scheduled_then_started_then_gone,
    SE_03 an_event_starts_when_it_is_approved,
    SE_04 an_approval_is_a_request_to_start,
    SE_05 a_young_instance_sees_its_event_late,
    SE_06 an_event_is_seen_at_the_next_query,
    SE_07 a_guest_that_does_not_filter_drains_for_others_in_any_zone,
    SE_09 an_event_is_gone_ten_minutes_after_its_start,
    SE_10 hardware_fails_without_notice,
    SE_15 nobody_who_approves_delays_a_restart,
    SE_20 deletions_are_announced_and_restarts_are_not,
    SE_21 the_time_of_a_deletion_is_not_extended,
    SE_22 one_silent_instance_holds_up_the_others,
    SE_24 who_is_to_be_deleted_serves_until_it_fails_its_probe,
}

/// Two instances, and a third from 100 s on; none asks for events.
fn with(rules: RuleSet) -> Plan {
    Plan { rules, horizon: at(7200), timeline: vec![scale(100, 3)], ..plan() }
}

/// The same with deletions that wait for five minutes.
fn notified(rules: RuleSet) -> Plan {
    let mut plan = with(rules);
    plan.sets[0].profile.terminate = Some(s(300));
    plan
}

/// The application asks every 10 s.
fn asks(mut plan: Plan, approve_after: Option<u64>) -> Plan {
    plan.application.events = Some(EventListener {
        poll: Some(s(10)),
        on: u8::MAX,
        admin_down: false,
        approve_after: approve_after.map(s),
        when_idle: false,
        unfiltered: false,
    });
    plan
}

fn then(mut plan: Plan, action: Action) -> Plan {
    plan.timeline.push(action);
    plan
}

fn maintain(at_s: u64, kind: MaintenanceKind, which: Which) -> Action {
    action(&format!("{kind:?}"), at_s, Act::Maintain(HostWork { set: 0, kind, which, length: None }))
}

fn third() -> Which {
    Which::Ordinals(vec![2])
}

fn restart(at_s: u64) -> Action {
    action("restart", at_s, Act::Power { set: 0, which: third(), how: PowerAct::Restart })
}

fn deleting(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::InstanceDeleting { .. }))
}

fn notices(ledger: &[Record], is: impl Fn(&NoticeFact) -> bool) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Notice(fact) if is(fact)))
}

fn impacts(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::Maintenance(MaintenanceFact::ImpactStarted { .. })))
}

/// Chosen at 1,000 s, and deleted at 1,300 s; it serves until then, and the capacity is 2 at once.
fn a_deletion_waits_as_long_as_the_model_says(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(notified(rules), scale(1000, 2)));
    same("raised", notices(&ledger, |fact| matches!(fact, NoticeFact::Raised { .. })), vec![1000.0])?;
    same("deleted", deleting(&ledger), vec![1300.0])?;
    same("left", times(&ledger, |fact| matches!(fact, Fact::LeftPool { .. })), vec![1300.0])?;
    Ok(ledger)
}

/// Seen at 1,000 s, and approved 20 s later.
fn an_approval_ends_the_wait(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(asks(notified(rules), Some(20)), scale(1000, 2)));
    same("deleted", deleting(&ledger), vec![1020.0])?;
    Ok(ledger)
}

/// Four, of which two go at 1,000 s. The process of number 3 is down, so that nobody asks there; number 2 approves at 1,020 s.
fn one_silent(rules: RuleSet) -> Vec<Record> {
    let mut plan = asks(notified(rules), Some(20));
    plan.timeline = vec![scale(100, 4), disturb(900, &[3], Disturbance::ProcessDown, 6000), scale(1000, 2)];
    ledger(&plan)
}

fn an_approved_deletion_waits_for_one_that_is_not(rules: RuleSet) -> Proved {
    let ledger = one_silent(rules);
    same("held", notices(&ledger, |fact| matches!(fact, NoticeFact::Held { .. })), vec![1020.0])?;
    same("deleted", deleting(&ledger), vec![1300.0, 1300.0])?;
    Ok(ledger)
}

fn one_silent_instance_holds_up_the_others(rules: RuleSet) -> Proved {
    let ledger = one_silent(rules);
    same("deleted", deleting(&ledger), vec![1300.0, 1300.0])?;
    Ok(ledger)
}

fn spot_instances_get_no_notice_of_their_deletion(rules: RuleSet) -> Proved {
    let mut plan = then(notified(rules), scale(1000, 2));
    plan.sets[0].spot.spot = true;
    let ledger = ledger(&plan);
    same("deleted", deleting(&ledger), vec![1000.0])?;
    Ok(ledger)
}

/// The model has it from 500 s on. The third instance is of the model before that, and is not notified.
fn an_instance_of_an_older_model_is_not_notified(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    let profile = VmProfile { terminate: Some(s(300)), ..plan.sets[0].profile.clone() };
    let change = Box::new(ModelChange { profile: Some(profile), ..ModelChange::default() });
    plan.timeline.push(action("model", 500, Act::ChangeModel { set: 0, change }));
    let ledger = ledger(&then(plan, scale(1000, 2)));
    same("deleted", deleting(&ledger), vec![1000.0])?;
    Ok(ledger)
}

fn events_are_on_from_the_first_answer_on(rules: RuleSet) -> Proved {
    let ledger = ledger(&asks(with(rules), None));
    same("on", notices(&ledger, |fact| matches!(fact, NoticeFact::ListeningStarted { .. })), vec![320.0])?;
    Ok(ledger)
}

/// Announced at 1,000 s, and done at 1,900 s.
fn a_reboot_is_announced_a_quarter_of_an_hour_ahead(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(with(rules), maintain(1000, MaintenanceKind::Reboot, third())));
    let raised = |fact: &NoticeFact| matches!(fact, NoticeFact::Raised { kind: NoticeKind::Reboot, .. });
    same("a Reboot", notices(&ledger, raised), vec![1000.0])?;
    same("impact", impacts(&ledger), vec![1900.0])?;
    Ok(ledger)
}

/// Who asks among the two others, when an event of the third is raised at 1,000 s; they ask every 10 s.
fn overhear(mut plan: Plan) -> Result<Vec<Record>, String> {
    plan = then(asks(plan, None), maintain(1000, MaintenanceKind::Freeze, third()));
    let foreign = |ledger: &[Record]| notices(ledger, |fact| matches!(fact, NoticeFact::ForeignSeen { .. }));
    same("one that filters", foreign(&ledger(&plan)), vec![])?;
    plan.application.events.as_mut().expect("it asks").unfiltered = true;
    let ledger = ledger(&plan);
    let at = foreign(&ledger);
    same("two that do not", (at.len(), at.iter().all(|at| (1000.0..=1010.0).contains(at))), (2, true))?;
    // Started at 1,900 s and gone 10 min later, which ends it for them too.
    let ended = notices(&ledger, |fact| matches!(fact, NoticeFact::ForeignEnded { .. }));
    same("until it is gone", ended, vec![2500.0, 2500.0])?;
    Ok(ledger)
}

fn a_guest_that_does_not_filter_drains_for_others(rules: RuleSet) -> Proved {
    overhear(with(rules))
}

/// The three stand in three zones.
fn a_guest_that_does_not_filter_drains_for_others_in_any_zone(rules: RuleSet) -> Proved {
    let mut plan = with(rules);
    plan.sets[0].zones = vec![1, 2, 3];
    overhear(plan)
}

/// From 1,900 s on for 7 s; then it boots for 40 s.
fn a_planned_impact_is_short(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(with(rules), maintain(1000, MaintenanceKind::Reboot, third())));
    let ended = |fact: &Fact| matches!(fact, Fact::Maintenance(MaintenanceFact::ImpactEnded { .. }));
    same("ended", times(&ledger, ended), vec![1907.0])?;
    let booted = times(&ledger, |fact| matches!(fact, Fact::InstanceBooted { .. }));
    same("booted", booted, vec![200.0, 1947.0])?;
    Ok(ledger)
}

fn restarted(ledger: &[Record]) -> Vec<f64> {
    times(ledger, |fact| matches!(fact, Fact::UpdateStarted { .. }))
}

/// Asked for at 1,000 s; events are on for it, and nobody approves: restarted at 1,900 s. An instance of an application that
/// never asks is restarted at once.
fn a_restart_by_hand_waits_too(rules: RuleSet) -> Proved {
    let plain = ledger(&then(with(rules.clone()), restart(1000)));
    same("without events", restarted(&plain), vec![1000.0])?;
    let ledger = ledger(&then(asks(with(rules), None), restart(1000)));
    same("restarted", restarted(&ledger), vec![1900.0])?;
    Ok(ledger)
}

fn nobody_who_approves_delays_a_restart(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(asks(with(rules), None), restart(1000)));
    same("restarted", restarted(&ledger), vec![1900.0])?;
    Ok(ledger)
}

fn a_freeze_is_announced_a_quarter_of_an_hour_ahead(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(with(rules), maintain(1000, MaintenanceKind::Freeze, third())));
    same("impact", impacts(&ledger), vec![1900.0])?;
    Ok(ledger)
}

/// A Spot instance that is evicted at 1,000 s: Scheduled then, Started at 1,030 s, gone from the list at 1,630 s.
fn an_event_is_scheduled_then_started_then_gone(rules: RuleSet) -> Proved {
    let act = SpotAct::Simulate { set: 0, which: third() };
    let mut plan = then(with(rules), action("simulateEviction", 1000, Act::Spot(act)));
    plan.sets[0].spot.spot = true;
    let ledger = ledger(&plan);
    same("scheduled", notices(&ledger, |fact| matches!(fact, NoticeFact::Raised { .. })), vec![1000.0])?;
    same("started", notices(&ledger, |fact| matches!(fact, NoticeFact::Started { .. })), vec![1030.0])?;
    same("evicted", times(&ledger, |fact| matches!(fact, Fact::Spot(SpotFact::Evicted { .. }))), vec![1030.0])?;
    same("gone", notices(&ledger, |fact| matches!(fact, NoticeFact::Ended { .. })), vec![1630.0])?;
    Ok(ledger)
}

/// A freeze is announced at 1,000 s; the guest approves 20 s later, and need not wait for 1,900 s.
fn an_event_starts_when_it_is_approved(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(asks(with(rules), Some(20)), maintain(1000, MaintenanceKind::Freeze, third())));
    same("impact", impacts(&ledger), vec![1020.0])?;
    Ok(ledger)
}

fn an_approval_is_a_request_to_start(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(asks(notified(rules), Some(20)), scale(1000, 2)));
    same("approved", notices(&ledger, |fact| matches!(fact, NoticeFact::Approved { .. })), vec![1020.0])?;
    Ok(ledger)
}

/// Booted at 200 s, and to be deleted from 250 s on: it has not asked yet, and sees it at 320 s.
fn a_young_instance_sees_its_event_late(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(asks(notified(rules), None), scale(250, 2)));
    same("seen", notices(&ledger, |fact| matches!(fact, NoticeFact::Seen { .. })), vec![320.0])?;
    Ok(ledger)
}

/// It asks at 1,000 s and 1,010 s; a freeze that is announced at 1,003 s is seen at 1,010 s.
fn an_event_is_seen_at_the_next_query(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(asks(with(rules), None), maintain(1003, MaintenanceKind::Freeze, third())));
    same("seen", notices(&ledger, |fact| matches!(fact, NoticeFact::Seen { .. })), vec![1010.0])?;
    Ok(ledger)
}

fn an_event_is_gone_ten_minutes_after_its_start(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(with(rules), maintain(1000, MaintenanceKind::Freeze, third())));
    same("gone", notices(&ledger, |fact| matches!(fact, NoticeFact::Ended { .. })), vec![2500.0])?;
    Ok(ledger)
}

fn hardware_fails_without_notice(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(with(rules), maintain(1000, MaintenanceKind::HostFault, third())));
    let started = |fact: &NoticeFact| matches!(fact, NoticeFact::Started { kind: NoticeKind::Reboot, .. });
    same("started", notices(&ledger, started), vec![1000.0])?;
    same("raised", notices(&ledger, |fact| matches!(fact, NoticeFact::Raised { .. })), vec![])?;
    Ok(ledger)
}

/// Restarted at 500 s by an operator, and deleted by a scale-in at 1,000 s: the latter alone is announced as Terminate.
fn deletions_are_announced_and_restarts_are_not(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(then(notified(rules), restart(500)), scale(1000, 2)));
    let raised = |fact: &NoticeFact| matches!(fact, NoticeFact::Raised { kind: NoticeKind::Terminate, .. });
    same("raised", notices(&ledger, raised), vec![1000.0])?;
    Ok(ledger)
}

fn the_time_of_a_deletion_is_not_extended(rules: RuleSet) -> Proved {
    let ledger = ledger(&then(notified(rules), scale(1000, 2)));
    same("deleted", deleting(&ledger), vec![1300.0])?;
    Ok(ledger)
}

/// The endpoint says 503 while the application drains. Seen at 1,000 s; the probe of 1,000 s saw the truth before that, the
/// next at 1,005 s is refused, and takes it out of rotation. Its connections go on until 1,300 s.
fn who_is_to_be_deleted_serves_until_it_fails_its_probe(rules: RuleSet) -> Proved {
    let mut plan = then(asks(notified(rules), None), scale(1000, 2));
    let drains = Needs { draining: true, ..PROCESS };
    let clause = Clause { when: drains, answer: answers(AnswerKind::Status(503)) };
    plan.application.endpoints[1].clauses.insert(0, clause);
    plan.pools[0].probe.as_mut().expect("a probe").interval = SimDuration::from_secs(5);
    let ledger = ledger(&plan);
    let out = |record: &&Record| matches!(record.fact, Fact::OutOfRotation { instance: InstanceId(2), .. });
    let out: Vec<(f64, bool)> = ledger
        .iter()
        .filter(out)
        .map(|record| {
            let kept = matches!(record.fact, Fact::OutOfRotation { flows: Flows::Kept, .. });
            (record.time.seconds(), kept)
        })
        .collect();
    same("out", out, vec![(1005.0, true)])?;
    same("left", times(&ledger, |fact| matches!(fact, Fact::LeftPool { .. })), vec![1300.0])?;
    Ok(ledger)
}
