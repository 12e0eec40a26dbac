//! Versions of images, and runs of image templates.

use crate::plans::*;
use serde_json::json;
use windtunnel_sim::plan::Failing;

/// Published at 100 s to two regions that take 600 s each: at 340 s, 240 of 600 s are gone, which is 40 %.
#[test]
fn replication_has_a_state_a_region_and_one_over_all() {
    let plan = replicating();
    assert_eq!(asked(&plan, 99, "app/1.1.0")["error"]["code"], "NotFound");
    let region =
        |name: &str, state: &str, progress: u8| json!({ "region": name, "state": state, "progress": progress });
    let version = asked(&plan, 340, "app/1.1.0");
    let expected = json!({
        "name": "1.1.0",
        "id": "images/app/versions/1.1.0",
        "type": "Microsoft.Compute/galleries/images/versions",
        "location": "eastus",
        "properties": {
            "publishingProfile": {
                "targetRegions": [
                    { "name": "eastus", "regionalReplicaCount": 2, "storageAccountType": "Standard_LRS" },
                    { "name": "westus", "regionalReplicaCount": 1, "storageAccountType": "Standard_ZRS" },
                ],
                "excludeFromLatest": true,
                "publishedDate": "2026-03-10T09:01:40.000Z",
                "replicationMode": "Full",
            },
            "safetyProfile": { "allowDeletionOfReplicatedLocations": true, "blockDeletionBeforeEndOfLife": false },
            "provisioningState": "Creating",
            "storageProfile": { "osDiskImage": { "sizeInGB": 30 } },
            "replicationStatus": {
                "aggregatedState": "InProgress",
                "summary": [region("eastus", "Replicating", 40), region("westus", "Replicating", 40)],
            },
        },
    });
    assert_eq!(version, expected);
    let version = asked(&plan, 700, "app/1.1.0");
    assert_eq!(version["properties"]["provisioningState"], "Succeeded");
    let summary = &version["properties"]["replicationStatus"]["summary"];
    assert_eq!(*summary, json!([region("eastus", "Completed", 100), region("westus", "Completed", 100)]));
}

/// Asked for at 100 s (09:01:40), out of the queue at 160, with a build machine at 340, customized at 640, done at 1,120 s
/// (09:18:40).
#[test]
fn a_run_of_a_template_shows_where_it_is() {
    let plan = baking(Failing::Never);
    let run = |at_s| asked(&plan, at_s, "nightly")["properties"]["lastRunStatus"].clone();
    assert!(run(99).is_null());
    let stages = [(120, "Queued"), (200, "Building"), (400, "Customizing"), (700, "Distributing")];
    for (at_s, stage) in stages {
        let expected = json!({
            "startTime": "2026-03-10T09:01:40.000Z",
            "endTime": "0001-01-01T00:00:00Z",
            "runState": "Running",
            "runSubState": stage,
            "message": "",
        });
        assert_eq!(run(at_s), expected, "at {at_s} s");
    }
    let ended = json!({
        "startTime": "2026-03-10T09:01:40.000Z",
        "endTime": "2026-03-10T09:18:40.000Z",
        "runState": "Succeeded",
        "message": "",
    });
    assert_eq!(run(1120), ended);
    // What it made is numbered above 1.0.0, and goes by that.
    assert_eq!(asked(&plan, 1120, "app/1.0.1")["name"], "1.0.1");
    let failed = asked(&baking(Failing::Stops), 1120, "imageTemplates/nightly");
    assert_eq!(failed["properties"]["lastRunStatus"]["runState"], "Failed");
}
