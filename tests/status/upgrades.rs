//! `rollingUpgrades/latest` and `osUpgradeHistory`.

use crate::plans::*;
use crate::support::*;
use serde_json::{Value, json};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::*;
use windtunnel_sim::rules::{A, Value as Assumed};

/// Two at a time, 115 s a batch: batches begin at 100, 215 and 330 s. At 400 s two batches are done and one runs:
/// 4 successful, 2 in progress, and 10 − 6 = 4 pending. The upgrade began at 09:01:40.
#[test]
fn the_latest_upgrade_has_policy_status_and_progress() {
    let policy = RollingPolicy { pause: SimDuration::ZERO, prioritize_unhealthy: true, ..RollingPolicy::default() };
    let expected = json!({
        "properties": {
            "policy": {
                "maxBatchInstancePercent": 20,
                "maxUnhealthyInstancePercent": 20,
                "maxUnhealthyUpgradedInstancePercent": 20,
                "pauseTimeBetweenBatches": "PT0S",
                "enableCrossZoneUpgrade": false,
                "prioritizeUnhealthyInstances": true,
                "rollbackFailedInstancesOnPolicyBreach": false,
                "maxSurge": false,
            },
            "runningStatus": {
                "code": "RollingForward",
                "startTime": "2026-03-10T09:01:40.000Z",
                "lastAction": "Start",
                "lastActionTime": "2026-03-10T09:01:40.000Z",
            },
            "progress": {
                "successfulInstanceCount": 4,
                "failedInstanceCount": 0,
                "inProgressInstanceCount": 2,
                "pendingInstanceCount": 4,
            },
        },
        "type": "Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades",
        "location": "eastus",
    });
    assert_eq!(latest(&rolling(10, policy), 400), expected);
}

fn running(plan: &Plan, at_s: u64) -> [String; 3] {
    let status = &latest(plan, at_s)["properties"]["runningStatus"];
    ["code", "lastAction", "lastActionTime"]
        .map(|key| status[key].as_str().unwrap_or_default()[..].replace("2026-03-10T", ""))
}

/// Ten instances, two at a time, a minute between batches. The first batch is done at 215 s, and the pause until 275 s has
/// no word of its own. A cancel at 300 s, while the second batch runs, ends the upgrade when that is done, at 390 s, where the
/// gentle reading of it is assumed.
#[test]
fn a_status_has_one_of_four_codes_and_one_of_two_actions() {
    let pause = SimDuration::from_secs(60);
    let mut plan = rolling(10, RollingPolicy { pause, ..RollingPolicy::default() });
    let began = "09:01:40.000Z";
    assert_eq!(latest(&plan, 99)["error"]["code"], "NotFound");
    assert_eq!(running(&plan, 240), ["RollingForward", "Start", began]);
    // 100 s + 5 × 115 s + 4 × 60 s = 915 s.
    assert_eq!(running(&plan, 914), ["RollingForward", "Start", began]);
    assert_eq!(running(&plan, 915), ["Completed", "Start", began]);
    plan.timeline.push(action("cancel", 300, Act::CancelUpgrade { set: 0 }));
    assume(&mut plan, A::RollingCancel, Assumed::Choice("finish_batch"));
    assert_eq!(running(&plan, 310), ["RollingForward", "Cancel", "09:05:00.000Z"]);
    assert_eq!(running(&plan, 390), ["Cancelled", "Cancel", "09:05:00.000Z"]);
    let progress = &latest(&plan, 390)["properties"]["progress"];
    assert_eq!((&progress["successfulInstanceCount"], &progress["pendingInstanceCount"]), (&json!(4), &json!(6)));
    // One of five fails, which is all of the upgraded ones: 100 s + 115 s + 300 s.
    let plan = sick(5, RollingPolicy::default());
    assert_eq!(running(&plan, 514), ["RollingForward", "Start", began]);
    assert_eq!(running(&plan, 515), ["Faulted", "Start", began]);
}

/// Two instances, one at a time, cancelled while the first is in hand: one failed, one pends, as was recorded in 2023.
#[test]
fn a_cancelled_batch_has_failed() {
    let mut plan = rolling(2, RollingPolicy::default());
    plan.timeline.push(action("cancel", 101, Act::CancelUpgrade { set: 0 }));
    assert_eq!(running(&plan, 131), ["Cancelled", "Cancel", "09:01:41.000Z"]);
    let properties = &latest(&plan, 131)["properties"];
    let progress = &properties["progress"];
    let counts = ["successful", "failed", "inProgress", "pending"];
    assert_eq!(counts.map(|what| progress[format!("{what}InstanceCount")].clone()), [0, 1, 0, 1].map(Value::from));
    let error = &properties["error"];
    assert_eq!(
        (&error["code"], &error["target"]),
        (&json!("RollingUpgradeCanceled"), &json!("vmss/virtualMachines/0"))
    );
}

/// With surge, two new instances stand beside the two that they replace, and only they count: 2 in progress, 8 pending.
/// They run after 60 s and are up after 100 s.
#[test]
fn of_a_pair_that_changes_places_one_counts() {
    let plan = rolling(10, RollingPolicy { max_surge: true, ..RollingPolicy::default() });
    let counts = |at_s| {
        let progress = latest(&plan, at_s)["properties"]["progress"].clone();
        ["successful", "failed", "inProgress", "pending"].map(|what| progress[format!("{what}InstanceCount")].clone())
    };
    assert_eq!(counts(150), [0, 0, 2, 8].map(Value::from));
    assert_eq!(counts(200), [2, 0, 0, 8].map(Value::from));
}

/// The first batch of five is one instance, number 0, which is not healthy after 300 s: 1 of 1 upgraded.
#[test]
fn a_breach_names_setting_percentage_limit_error_and_first_instance() {
    let error = &latest(&sick(5, RollingPolicy::default()), 600)["properties"]["error"];
    assert_eq!(error["code"], "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade");
    assert_eq!(
        error["message"],
        "Rolling Upgrade failed after exceeding the MaxUnhealthyUpgradedInstancePercent value defined in the \
         RollingUpgradePolicy. 100% of instances are in an unhealthy state after being upgraded - more than the \
         threshold of 20%. The most impactful error is: Instance found to be unhealthy or unreachable.. First failed \
         instance ID is: 0."
    );
    let unhealthy = "Instance found to be unhealthy or unreachable.";
    assert_eq!(
        error["details"],
        json!([{ "code": "RollingUpgradeInstanceUnhealthyError", "target": "vmss/virtualMachines/0", "message": unhealthy }])
    );
}

/// Two of ten are upgraded at 215 s, and the upgrade waits for ten minutes. Number 1 goes down at 300 s and number 0 at
/// 400 s. It is noticed with the first, which is 1 of 2, and said when the pause ends at 815 s: one is named.
#[test]
fn what_is_noticed_in_a_pause_names_who_was_unhealthy_then() {
    let mut plan = rolling(10, RollingPolicy { pause: SimDuration::from_secs(600), ..RollingPolicy::default() });
    watch(&mut plan);
    plan.timeline.push(disturb(300, &[1], Disturbance::ProcessDown, 10_000));
    plan.timeline.push(disturb(400, &[0], Disturbance::ProcessDown, 10_000));
    assert_eq!(latest(&plan, 814)["properties"]["error"], Value::Null);
    let error = &latest(&plan, 815)["properties"]["error"];
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains(" 50% of instances are in an unhealthy state"), "{message}");
    assert!(message.ends_with("First failed instance ID is: 1."), "{message}");
    assert_eq!(error["details"].as_array().map(Vec::len), Some(1));
}

/// Two of six are down when the change comes: 33.33 %, and no batch is begun. The instances recover later, and the error
/// still names those that were down then.
#[test]
fn a_closed_gate_names_who_was_unhealthy_then() {
    let mut plan = rolling(6, RollingPolicy::default());
    watch(&mut plan);
    plan.timeline.insert(0, disturb(50, &[1, 4], Disturbance::ProcessDown, 100));
    let status = latest(&plan, 1000);
    let error = &status["properties"]["error"];
    assert_eq!(error["code"], "MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade");
    assert_eq!(
        error["message"],
        "Rolling Upgrade failed due to exceeding the MaxUnhealthyInstancePercent value (defined in the \
         RollingUpgradePolicy) before any batch was attempted. 33.33% of instances are in an unhealthy state, more than \
         the threshold of 20% configured in the RollingUpgradePolicy. The most impactful error is:  Instance found to be \
         unhealthy or unreachable. For details on rolling upgrades, use http://aka.ms/AzureVMSSRollingUpgrade"
    );
    let targets: Vec<&Value> = error["details"].as_array().unwrap().iter().map(|detail| &detail["target"]).collect();
    assert_eq!(targets, ["vmss/virtualMachines/1", "vmss/virtualMachines/4"]);
    assert_eq!(status["properties"]["progress"]["pendingInstanceCount"], 6);
}

/// The health extension comes with the model of 100 s, and none of the six has it: to the gate all of them are unhealthy (HD-46), though
/// each is provisioned, up, and of a model without a source of health.
#[test]
fn a_gate_closed_by_who_is_not_monitored_names_them() {
    let mut plan = rolling(6, RollingPolicy::default());
    let mut watched = plan.clone();
    watch(&mut watched);
    let profile = Some(watched.sets[0].profile.clone());
    let change = ModelChange { profile, ..ModelChange::default() };
    plan.timeline = vec![action("health", 100, Act::ChangeModel { set: 0, change: Box::new(change) })];
    let error = &latest(&plan, 1000)["properties"]["error"];
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains(" 100% of instances are in an unhealthy state"), "{message}");
    let targets: Vec<&Value> = error["details"].as_array().unwrap().iter().map(|detail| &detail["target"]).collect();
    assert_eq!(targets, [0, 1, 2, 3, 4, 5].map(|id| json!(format!("vmss/virtualMachines/{id}"))).each_ref());
}

/// All may fail: the first batch of ten is two, which fail at 515 s, and the upgrade goes on.
#[test]
fn an_upgrade_that_goes_on_with_failures_says_so() {
    let policy =
        RollingPolicy { max_unhealthy_percent: 100, max_unhealthy_upgraded_percent: 100, ..RollingPolicy::default() };
    let plan = sick(10, policy);
    assert_eq!(latest(&plan, 500)["properties"]["error"], Value::Null);
    let status = latest(&plan, 600);
    let error = &status["properties"]["error"];
    assert_eq!(error["code"], "RollingUpgradeInProgressWithFailedUpgradedVMs");
    assert!(error["message"].as_str().unwrap().contains("2 failed upgraded instances"), "{error}");
    assert_eq!(status["properties"]["runningStatus"]["code"], "RollingForward");
}

fn history(plan: &Plan, at_s: u64) -> Vec<Value> {
    asked(plan, at_s, "vmss/osUpgradeHistory")["value"].as_array().expect("a list").clone()
}

/// The new image is never healthy. Two of ten try it, wait for 300 s, and get their old disks back, which takes 530 s in
/// all; 100 s later Azure tries again: attempt n begins at 4,180 + 630 n. At 9,000 s the eighth runs since 8,590 s, and
/// of the seven before it the last four are listed: those begun at 7,960, 7,330, 6,700 and 6,070 s.
#[test]
fn the_history_lists_the_last_five_attempts() {
    let history = history(&automatic_and_sick(), 9_000);
    let starts: Vec<Value> = history.iter().map(|of| of["properties"]["runningStatus"]["startTime"].clone()).collect();
    let at = ["11:23:10", "11:12:40", "11:02:10", "10:51:40", "10:41:10"];
    assert_eq!(starts, at.map(|time| Value::from(format!("2026-03-10T{time}.000Z"))));
    let counts = |failed, running| {
        json!({
            "successfulInstanceCount": 0,
            "failedInstanceCount": failed,
            "inProgressInstanceCount": running,
            "pendingInstanceCount": 8,
        })
    };
    let running = &history[0]["properties"];
    assert_eq!(running["runningStatus"]["code"], "RollingForward");
    assert_eq!(running["runningStatus"]["endTime"], Value::Null);
    assert_eq!(running["progress"], counts(0, 2));
    let last = &history[1]["properties"];
    assert_eq!(last["runningStatus"]["code"], "Faulted");
    // 8,490 s.
    assert_eq!(last["runningStatus"]["endTime"], "2026-03-10T11:21:30.000Z");
    assert_eq!(last["progress"], counts(2, 0));
    assert_eq!(last["startedBy"], "Platform");
    assert_eq!(last["targetImageReference"], json!({ "id": "images/app/versions/1.1.0", "exactVersion": "1.1.0" }));
    let rollback = json!({ "successfullyRolledbackInstanceCount": 2, "failedRolledbackInstanceCount": 0 });
    assert_eq!(last["rollbackInfo"], rollback);
    assert_eq!(last["error"]["code"], "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade");
}

/// A call at 700 s brings ten instances to the new image, two at a time, until 700 + 5 × 115 = 1,275 s. 60 days, or
/// 5,184,000 s, later it is listed for the last time.
#[test]
fn the_history_forgets() {
    let mut plan = by_call();
    plan.horizon = at(5_200_000);
    let shown = history(&plan, 5_185_275);
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["properties"]["startedBy"], "User");
    assert_eq!(history(&plan, 5_185_276).len(), 0);
}

/// Whatever breaches, the status is Faulted with the code of that gate (RS-04): before any batch, two of six are down; after
/// the first batch, its instance is not healthy; before the second, which an hour's pause puts off, three of ten are down.
#[test]
fn a_breach_is_faulted_with_its_code() {
    let mut before = rolling(6, RollingPolicy::default());
    watch(&mut before);
    before.timeline.insert(0, disturb(50, &[1, 4], Disturbance::ProcessDown, 100));
    let after = sick(5, RollingPolicy::default());
    let mut within = rolling(10, RollingPolicy { pause: SimDuration::from_secs(3600), ..RollingPolicy::default() });
    watch(&mut within);
    within.timeline.push(disturb(1000, &[7, 8, 9], Disturbance::ProcessDown, 10_000));
    for (plan, code) in [
        (before, "MaxUnhealthyInstancePercentExceededBeforeRollingUpgrade"),
        (after, "MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade"),
        (within, "MaxUnhealthyInstancePercentExceededInRollingUpgrade"),
    ] {
        let properties = &latest(&plan, 5000)["properties"];
        assert_eq!(properties["runningStatus"]["code"], "Faulted", "{code}");
        assert_eq!(properties["error"]["code"], code);
    }
}
