//! What the set itself stands at, and the activity log, which is made of the same operations.

use crate::plans::*;
use crate::support::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use windtunnel::experiment::instant::Instant;
use windtunnel::input::{LoadOptions, load};
use windtunnel::output::azure_json::operations::{self, Target};
use windtunnel::output::azure_json::{View, everything};
use windtunnel_sim::azure::instances::Provisioning;
use windtunnel_sim::azure::scheduled_events;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, RS_10, RuleSet, Value as Assumed};
use windtunnel_sim::world::fact::NoticeKind;
use windtunnel_sim::world::ids::{InstanceId, SetId};

/// The code of the set's own status.
fn own(plan: &Plan, at_s: u64) -> String {
    let view = asked(plan, at_s, "vmss/instanceView");
    view["statuses"][0]["code"].as_str().unwrap_or_default().trim_start_matches("ProvisioningState/").to_owned()
}

fn word(plan: &Plan, at_s: u64) -> Value {
    asked(plan, at_s, "vmss/resource")["properties"]["provisioningState"].clone()
}

/// The notices of the log, oldest first: when, status, what, and the code of the error where there is one.
fn log(plan: &Plan, at_s: u64, name: &str) -> Vec<[String; 4]> {
    let body = asked(plan, at_s, name);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let notice = |notice: &Value| {
        let message: Value =
            serde_json::from_str(notice["properties"]["statusMessage"].as_str().unwrap_or("{}")).expect("JSON");
        let (error, detail) = (&message["error"]["code"], &message["error"]["details"][0]["code"]);
        let what = text(&notice["operationName"]["value"]);
        [
            text(&notice["eventTimestamp"])[11..19].to_owned(),
            text(&notice["status"]["value"]),
            what.rsplit("virtualMachineScaleSets/").next().unwrap_or_default().to_owned(),
            text(if *error == "ResourceOperationFailure" { detail } else { error }),
        ]
    };
    body["value"].as_array().expect("a list").iter().rev().map(notice).collect()
}

fn lines(rows: &[[&str; 4]]) -> Vec<[String; 4]> {
    rows.iter().map(|row| row.map(str::to_owned)).collect()
}

const UNHEALTHY: &str = "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade";

/// The write at 100 s begins an upgrade that is Faulted at 515 s (09:08:35), and the write has failed with it. A sixth
/// instance is created at 1,000 s and provisioned at 1,100 s: the set is Succeeded again.
#[test]
fn a_faulted_upgrade_leaves_the_set_failed_until_the_next_write_goes_well() {
    let mut plan = sick(5, RollingPolicy::default());
    plan.timeline.push(scale(1000, 6));
    for (at_s, code, state) in [
        (99, "succeeded", "Succeeded"),
        (514, "updating", "Updating"),
        (515, &format!("failed/{UNHEALTHY}"), "Failed"),
        (999, &format!("failed/{UNHEALTHY}"), "Failed"),
        (1099, "updating", "Updating"),
        (1100, "succeeded", "Succeeded"),
    ] {
        assert_eq!((own(&plan, at_s).as_str(), word(&plan, at_s)), (code, state.into()), "at {at_s} s");
    }
    let status = &asked(&plan, 600, "vmss/instanceView")["statuses"][0];
    assert_eq!((&status["level"], &status["displayStatus"]), (&json!("Error"), &json!("Provisioning failed")));
    assert_eq!(status["time"], "2026-03-10T09:08:35.000Z");
    assert_eq!(status["message"], latest(&plan, 600)["properties"]["error"]["message"]);
    let expected = lines(&[
        ["09:01:40", "Started", "write", ""],
        ["09:01:40", "Accepted", "write", ""],
        ["09:08:35", "Failed", "write", UNHEALTHY],
        ["09:16:40", "Started", "write", ""],
        ["09:16:40", "Accepted", "write", ""],
        ["09:18:20", "Succeeded", "write", ""],
    ]);
    assert_eq!(log(&plan, 1100, "vmss/activityLog"), expected);
    // The notices of one operation share a correlation id, those of two do not.
    let body = asked(&plan, 1100, "activityLog");
    let ids: Vec<&Value> = body["value"].as_array().unwrap().iter().map(|notice| &notice["correlationId"]).collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3] && ids[3] == ids[5], "{ids:?}");
}

/// A third instance whose system does not come up is given up, and the capacity write with it. A write at 4,000 s that
/// only changes the policy goes well at once: the set is Succeeded again, though the instance is Failed; or it is not, where
/// that is assumed.
#[test]
fn an_instance_that_does_not_come_up_fails_the_set() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.images[0].boot_failure = 1.0;
    plan.sets[0].upgrade.mode = UpgradeMode::Manual;
    let rolling = RollingPolicy { max_surge: true, ..RollingPolicy::default() };
    let policy = UpgradePolicy { rolling, ..plan.sets[0].upgrade };
    let change = ModelChange { upgrade: Some(policy), ..ModelChange::default() };
    plan.timeline = vec![scale(100, 3), action("policy", 4000, Act::ChangeModel { set: 0, change: Box::new(change) })];
    assume(&mut plan, A::VmOsProvisioningTimeout, Assumed::Time(s(600)));
    assert_eq!(own(&plan, 150), "updating");
    assert_eq!(own(&plan, 3999), "failed/OSProvisioningTimedOut");
    let failed = asked(&plan, 3999, "vmss/activityLog")["value"][0]["properties"]["statusMessage"].clone();
    let failed: Value = serde_json::from_str(failed.as_str().expect("a text")).expect("JSON");
    assert_eq!(failed["error"]["details"][0]["target"], "vmss/virtualMachines/2");
    assert_eq!(word(&plan, 4000), "Succeeded");
    assume(&mut plan, A::VmssFailedUntil, Assumed::Choice("all_instances"));
    assert_eq!(word(&plan, 4000), "Failed");
}

/// There is room for two. Of four new instances two are created at 100 s and provisioned at 200 s; then the operation is over,
/// and has failed for the other two.
#[test]
fn an_allocation_that_falls_short_fails_the_set() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.timeline = vec![scale(100, 6)];
    plan.sets[0].overprovision = false;
    plan.regions[0].free[0] = Some(2);
    assert_eq!(own(&plan, 199), "updating");
    assert_eq!(own(&plan, 200), "failed/AllocationFailed");
    assert_eq!(asked(&plan, 200, "vmss/resource")["sku"]["capacity"], 6);
}

/// A quota refuses the request itself: nothing of the set has changed. The log says what was asked, and that it was refused.
#[test]
fn a_quota_refuses_the_request_and_not_the_set() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.timeline = vec![scale(100, 6)];
    plan.regions[0].quota.total = Some(2 * plan.sets[0].cores);
    assert_eq!(own(&plan, 200), "succeeded");
    let expected =
        lines(&[["09:01:40", "Started", "write", ""], ["09:01:40", "Failed", "write", "OperationNotAllowed"]]);
    assert_eq!(log(&plan, 200, "activityLog"), expected);
    assume(&mut plan, A::VmssQuotaFailsSet, Assumed::Switch(true));
    assert_eq!(own(&plan, 200), "failed/OperationNotAllowed");
}

/// Azure's own upgrade begins at 4,180 s and is Faulted after 530 s; the next begins 100 s later. In between the set is Failed,
/// or not where what Azure begins itself is assumed to leave it alone.
#[test]
fn an_upgrade_by_azure_fails_the_set_too() {
    let mut plan = automatic_and_sick();
    assert_eq!(
        [4_700, 4_709, 4_710, 4_809, 4_810].map(|at_s| word(&plan, at_s)),
        ["Updating", "Updating", "Failed", "Failed", "Updating"]
    );
    assume(&mut plan, A::VmssPlatformFailsSet, Assumed::Switch(false));
    assert_eq!(word(&plan, 4_800), "Succeeded");
}

/// Three notices of an upgrade that Azure begins itself: that it was submitted, what came of that, and how it ended (RS-10).
#[test]
fn an_os_upgrade_has_three_notices() {
    let mut plan = automatic_and_sick();
    let expected = lines(&[
        ["10:09:40", "Started", "osRollingUpgrade/action", ""],
        ["10:09:40", "Accepted", "osRollingUpgrade/action", ""],
        ["10:18:30", "Failed", "osRollingUpgrade/action", UNHEALTHY],
    ]);
    assert_eq!(log(&plan, 4_800, "vmss/activityLog"), expected);
    assert_eq!(asked(&plan, 4_800, "vmss/activityLog")["value"][0]["caller"], "Microsoft.Compute");
    plan.rules = RuleSet::without(RS_10);
    assert_eq!(log(&plan, 4_800, "vmss/activityLog"), lines(&[]), "a world without notices");
}

/// Of two Spot instances one gets notice at 100 s and evicted at 130 s (SP-01); its deletion takes 30 s. Azure does it, and nobody
/// asked; the set itself is as it was afterwards. What is simulated is the operation of whoever asks for it. A machine of a Flexible set is
/// a resource of its own.
#[test]
fn an_eviction_is_in_the_log_under_the_name_of_azure() {
    let mut plan = rolling(2, RollingPolicy::default());
    (plan.sets[0].spot.spot, plan.sets[0].spot.eviction) = (true, EvictionPolicy::Delete);
    assume(&mut plan, A::VmDelete, Assumed::Dist(constant(30)));
    let evict = SpotAct::Evict { set: 0, zones: Vec::new(), share: 0.5, length: None };
    plan.timeline = vec![action("taken back", 100, Act::Spot(evict))];
    let expected = |name| {
        lines(&[
            ["09:02:10", "Started", name, ""],
            ["09:02:10", "Accepted", name, ""],
            ["09:02:40", "Succeeded", name, ""],
        ])
    };
    assert_eq!(log(&plan, 300, "vmss/activityLog"), expected("evictSpotVM/action"));
    let last = asked(&plan, 300, "vmss/activityLog")["value"][0].clone();
    assert_eq!(
        (&last["caller"], &last["resourceId"]),
        (&json!("Microsoft.Compute"), &json!("virtualMachineScaleSets/vmss"))
    );
    assert_eq!(word(&plan, 300), "Succeeded");

    plan.sets[0].mode = OrchestrationMode::Flexible;
    assert_eq!(log(&plan, 300, "vmss/activityLog"), expected("Microsoft.Compute/virtualMachines/evictSpotVM/action"));
    let last = asked(&plan, 300, "vmss/activityLog")["value"][0].clone();
    assert_eq!(last["resourceType"]["value"], "Microsoft.Compute/virtualMachines");
    assert!(last["resourceId"].as_str().unwrap().starts_with("virtualMachines/vmss_"));

    plan.sets[0].mode = OrchestrationMode::Uniform;
    plan.timeline = vec![action("asked for", 100, Act::Spot(SpotAct::Simulate { set: 0, which: Which::One(0) }))];
    let names: BTreeSet<String> = log(&plan, 300, "vmss/activityLog").into_iter().map(|[_, _, what, _]| what).collect();
    assert_eq!(names, BTreeSet::from(["virtualMachines/simulateEviction/action".to_owned()]));
}

/// A set that a scenario makes is Creating until all it begins with is there.
#[test]
fn a_set_that_is_made_is_creating() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.cold_start = true;
    plan.timeline.clear();
    assert_eq!([50, 99, 100].map(|at_s| word(&plan, at_s)), ["Creating", "Creating", "Succeeded"]);
}

/// While the upgrade of 100 s runs, the capacity cannot be written (RS-08); the refusal changes nothing of the set.
#[test]
fn a_refused_write_is_in_the_log_and_changes_nothing() {
    let mut plan = rolling(10, RollingPolicy::default());
    plan.timeline.push(scale(150, 12));
    assume(&mut plan, A::RollingCapacityChange, Assumed::Choice("refuse"));
    let expected = lines(&[
        ["09:01:40", "Started", "write", ""],
        ["09:01:40", "Accepted", "write", ""],
        ["09:02:30", "Started", "write", ""],
        ["09:02:30", "Failed", "write", "OperationNotAllowed"],
    ]);
    assert_eq!(log(&plan, 200, "activityLog"), expected);
    assert_eq!(own(&plan, 200), "updating");
    // 100 s + 5 × 115 s = 675 s.
    assert_eq!(own(&plan, 675), "succeeded");
}

/// Protection, and the service of repairs, are no operations on the set: a set that is Failed stays so.
#[test]
fn what_is_asked_of_an_instance_does_not_mend_the_set() {
    let mut plan = sick(5, RollingPolicy::default());
    let protect = Act::Protect { set: 0, which: Which::One(3), from_scale_in: true, from_scale_set_actions: false };
    plan.timeline.push(action("protect", 600, protect));
    assert_eq!(word(&plan, 700), "Failed");
    let last = log(&plan, 700, "vmss/activityLog").pop().expect("a notice");
    assert_eq!(last[..3], ["09:10:00", "Succeeded", "virtualMachines/write"].map(str::to_owned));
}

/// The operations that are open while nothing of their set is in hand.
fn outlived(view: &View<'_, '_>) -> Vec<String> {
    let world = &view.instant.world;
    let is_busy = |set: SetId| {
        let in_hand = world.instances.rows.iter().enumerate().any(|(id, row)| {
            let moves = matches!(row.state, Provisioning::Creating | Provisioning::Updating | Provisioning::Deleting);
            let id = InstanceId(id as u32);
            let waits = world.instances.leaving(id).is_some() || world.instances.is_stopping(id);
            let kinds = [NoticeKind::Reboot, NoticeKind::OsImage];
            let shown = kinds.into_iter().any(|kind| scheduled_events::is_pending(world, id, kind));
            row.set == set && (moves || waits || shown)
        });
        in_hand || world.rolling_upgrade.running(set).is_some()
    };
    let shown = |operation: &operations::Operation| match operation.target {
        Target::Set(set) if operation.ended.is_none() && !is_busy(set) => {
            Some(format!("{} of {}", operation.name, operation.began))
        }
        _ => None,
    };
    operations::all(view).iter().filter_map(shown).collect()
}

/// In no bundled scenario an operation is open at the end while nothing of its set is in hand: none outlives what it waits for.
#[test]
fn no_operation_outlives_what_it_waits_for() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let (mut open, mut checked) = (Vec::new(), 0);
    for entry in std::fs::read_dir(root).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let loaded = load(&path, &LoadOptions::default()).expect("a bundled scenario");
        for policy in loaded.policies() {
            let plan = &loaded.plan(policy).expect("it is there").plan;
            let Ok(instant) = Instant::new(plan, 1, plan.horizon) else { continue };
            let view = View::new(&instant);
            checked += operations::all(&view).len();
            open.extend(outlived(&view).into_iter().map(|what| format!("{} {policy}: {what}", loaded.name)));
        }
    }
    assert!(checked > 100, "{checked}");
    assert!(open.is_empty(), "{}", open.join("\n"));
}

/// Number 1 is deallocated in 20 s: its system shuts down first. The call is over when it is, and then the set is Succeeded.
#[test]
fn a_deallocation_is_over_when_the_machine_is_gone() {
    let mut plan = rolling(2, RollingPolicy::default());
    let off = Act::Power { set: 0, which: Which::One(1), how: PowerAct::Deallocate };
    plan.timeline = vec![action("off", 100, off)];
    assume(&mut plan, A::VmDeallocateLinux, Assumed::Dist(constant(20)));
    assert_eq!([99, 110, 120].map(|at_s| word(&plan, at_s)), ["Succeeded", "Updating", "Succeeded"]);
    let what = "deallocate/action";
    let expected = lines(&[
        ["09:01:40", "Started", what, ""],
        ["09:01:40", "Accepted", what, ""],
        ["09:02:00", "Succeeded", what, ""],
    ]);
    assert_eq!(log(&plan, 200, "vmss/activityLog"), expected);
    assert_eq!(asked(&plan, 200, "vmss/instanceView")["statuses"][0]["time"], "2026-03-10T09:02:00.000Z");
}

/// Whatever happens to a fleet, everything can be asked at any instant, and no operation outlives what it waits for.
#[test]
fn every_random_scenario_answers() {
    let mut open = Vec::new();
    let mut answers = 0;
    for number in 0..100 {
        let plan = windtunnel_sim::generator::scenario(number);
        for quarter in 1..=4 {
            let at = SimTime::from_ms(plan.horizon.ms() * quarter / 4);
            let Ok(instant) = Instant::new(&plan, number, at) else { continue };
            let view = View::new(&instant);
            let Ok(questions) = everything(&view) else { continue };
            let answered: Vec<_> = questions.into_iter().map(|question| view.answer(question)).collect();
            answers += answered.len();
            open.extend(outlived(&view).into_iter().map(|what| format!("{number} at {at}: {what}")));
        }
    }
    assert!(answers > 1000, "{answers}");
    assert!(open.is_empty(), "{}", open.join("\n"));
}
