//! What is read of files of durations, and what is said of those that cannot be.

use super::*;
use crate::files::Unreadable;

struct One(&'static str);

impl Files for One {
    fn read(&self, _: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        Ok(self.0.as_bytes().to_vec())
    }
}

fn reading(name: &str, text: &'static str) -> (Reading, Vec<String>) {
    let (mut reading, mut problems) = (Reading::default(), Problems::new());
    reading.read(&One(text), Path::new(name), System::Linux, &mut problems);
    let said = problems.iter().map(|one| {
        let line = one.primary.as_ref().map_or(0, |(span, _)| span.source.text[..span.start].matches('\n').count() + 1);
        format!("{} line {line}: {}", one.code, one.message)
    });
    (reading, said.collect())
}

fn durations(reading: &Reading) -> Vec<(&'static str, f64, u32, bool)> {
    reading.durations.iter().map(|one| (one.assumption.row().key, one.seconds, one.of, one.ended)).collect()
}

/// Two restarts of an activity log, 31.5 s and one that has no end 60 s before the last notice; a deallocation that failed.
#[test]
fn an_activity_log_says_lengths_and_what_still_runs() {
    let log = r#"[
      { "operationName": { "value": "Microsoft.Compute/virtualMachines/restart/action" }, "correlationId": "a", "resourceId": "/vm/1",
        "eventTimestamp": "2026-03-10T09:00:00Z", "status": { "value": "Started" } },
      { "operationName": { "value": "Microsoft.Compute/virtualMachines/restart/action" }, "correlationId": "a", "resourceId": "/vm/1",
        "eventTimestamp": "2026-03-10T09:00:31.5Z", "status": { "value": "Succeeded" } },
      { "operationName": { "value": "Microsoft.Compute/virtualMachines/restart/action" }, "correlationId": "b", "resourceId": "/vm/2",
        "eventTimestamp": "2026-03-10T09:01:00Z", "status": { "value": "Accepted" } },
      { "operationName": { "value": "Microsoft.Compute/virtualMachines/deallocate/action" }, "correlationId": "c", "resourceId": "/vm/3",
        "eventTimestamp": "2026-03-10T09:01:30Z", "status": { "value": "Started" } },
      { "operationName": { "value": "Microsoft.Compute/virtualMachines/deallocate/action" }, "correlationId": "c", "resourceId": "/vm/3",
        "eventTimestamp": "2026-03-10T09:02:00Z", "status": { "value": "Failed" } }
    ]"#;
    let (found, said) = reading("log.json", log);
    assert!(said.is_empty(), "{said:?}");
    assert_eq!(durations(&found), [("vm.restart", 31.5, 1, true), ("vm.restart", 60.0, 1, false)]);
    assert_eq!((found.left.len(), found.left[0].count), (1, 1));
    assert!(found.left[0].why.starts_with("it failed"));
}

#[test]
fn tables_say_instances_systems_and_what_they_are_of() {
    let table = "operation,os,instances,start,end,status\n\
        Microsoft.Compute/virtualMachineScaleSets/deallocate/action,windows,4,2026-03-10T09:00:00Z,2026-03-10T09:01:00Z,Succeeded\n\
        Microsoft.Compute/virtualMachineScaleSets/deallocate/action,linux,,2026-03-10T09:00:00Z,2026-03-10T09:01:00Z,Succeeded\n\
        Microsoft.Compute/virtualMachines/start/action,linux,,2026-03-10T09:00:00Z,2026-03-10T09:01:00Z,Succeeded\n";
    let (found, said) = reading("ours.csv", table);
    assert!(said.is_empty(), "{said:?}");
    assert_eq!(durations(&found), [("vm.deallocate_windows", 60.0, 4, true)]);
    assert_eq!(found.left.len(), 2);
    assert!(found.left[0].why.contains("a column `instances`"), "{}", found.left[0].why);
    assert!(found.left[1].why.contains("stopped or deallocated"), "{}", found.left[1].why);
    let (found, _) = reading("short.csv", "assumption, duration\nvm.delete, PT38.25S\nvm.delete, 1m 2s\n");
    assert_eq!(durations(&found), [("vm.delete", 38.25, 1, true), ("vm.delete", 62.0, 1, true)]);
}

#[test]
fn operations_of_deployments_and_long_running_ones_are_read() {
    let operations = r#"[{ "properties": { "duration": "PT44.1234567S", "provisioningState": "Succeeded",
        "targetResource": { "resourceType": "Microsoft.Compute/virtualMachines/extensions" } } },
      { "operation": "redeploy microsoft.compute/virtualmachines", "startTime": "2026-03-10T09:00:00Z",
        "endTime": "2026-03-10T09:02:00Z", "status": "Succeeded" },
      { "operation": "Microsoft.Compute/virtualMachines/powerOff/action", "startTime": "2026-03-10T09:00:00Z",
        "asOf": "2026-03-10T09:00:10Z", "status": "InProgress" }]"#;
    let (found, said) = reading("operations.json", operations);
    assert!(said.is_empty(), "{said:?}");
    let wanted = [
        ("extension.duration", 44.123_456_7, 1, true),
        ("vm.redeploy", 120.0, 1, true),
        ("vm.power_off_linux", 10.0, 1, false),
    ];
    assert_eq!(durations(&found), wanted);
}

/// The end of an upgrade is what boots, waits and pauses come to.
#[test]
fn the_history_of_upgrades_feeds_nothing_and_says_why() {
    let history = r#"{ "value": [{ "properties": { "runningStatus": { "code": "Completed", "startTime": "2026-03-10T09:00:00Z",
        "endTime": "2026-03-10T09:30:00Z" }, "progress": {} } }] }"#;
    let (found, said) = reading("history.json", history);
    assert!(said.is_empty() && found.durations.is_empty());
    assert!(found.left[0].why.contains("`windtunnel fit`"));
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let said = |name: &str, text: &'static str| reading(name, text).1;
    assert_eq!(
        said("a.csv", "operation,length\nx,3\n"),
        ["E0661 line 1: the table has no column `seconds`, `duration`, or `start` and `end`"]
    );
    assert_eq!(
        said("a.csv", "assumption,seconds\nvm.restart,31\nvm.restrat,3\nvm.restart,fast\n"),
        ["E0662 line 3: there is no assumption `vm.restrat`", "E0661 line 4: `fast` are no seconds",]
    );
    assert_eq!(
        said("a.csv", "assumption,seconds\nspot.notice_probability,3\n"),
        ["E0662 line 2: the assumption `spot.notice_probability` is no length of time"]
    );
    assert_eq!(said("a.json", "{ \"name\": \"vm\" }"), ["E0660 line 1: this says no duration"]);
    assert_eq!(said("a.json", "[]"), ["E0660 line 0: `a.json` says no durations"]);
    assert_eq!(said("a.txt", "3 s"), ["E0660 line 0: `a.txt` is neither JSON nor CSV"]);
    let unnamed = r#"{ "startTime": "2026-03-10T09:00:00Z", "endTime": "2026-03-10T09:02:00Z" }"#;
    assert_eq!(said("a.json", unnamed), ["E0661 line 1: this does not say which operation it is of"]);
}
