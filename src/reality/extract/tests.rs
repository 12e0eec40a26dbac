//! Small recordings, and the rows that they come to.

use super::*;
use crate::reality::recordings::tables::{Measured, Placement, Upgrade, rows};
use crate::reality::recordings::timeline::Timeline;
use serde_json::{Value as Json, json};

/// A recording of a Linux set of two, with these events.
fn recorded(date: &str, set_up: Json, events: Json) -> Timeline {
    let mut set = json!({ "capacity": 2, "overprovision": true, "image": { "sku": "22_04-lts" }, "extensions": 0 });
    for (key, value) in set_up.as_object().expect("keys of a set") {
        set[key] = value.clone();
    }
    let whole = json!({ "source_repo": "a/b", "source_path": "tests/c.yaml", "date": date, "what": "vmss", "events": events,
        "setup": { "vmss-1": set } });
    Timeline::read(&whole.to_string()).expect("it is a timeline")
}

fn created(capacity: u32) -> [Json; 2] {
    [
        json!({ "t_s": 0, "what": "PUT (set)", "vmss": "vmss-1", "code": 201, "capacity": capacity }),
        over("PUT (set)", 80.04),
    ]
}

fn over(call: &str, seconds: f64) -> Json {
    json!({ "t_s": 1, "what": "operation Succeeded", "of": format!("{call} of vmss-1"), "start_s": 0, "seconds": seconds })
}

fn written(capacity: u32) -> Json {
    json!({ "t_s": 1, "what": "PUT (set)", "vmss": "vmss-1", "code": 200, "capacity": capacity })
}

fn listed(at: u32, ids: &[&str]) -> Json {
    let instances: Vec<Json> = ids.iter().map(|id| json!({ "id": id, "zone": null })).collect();
    json!({ "t_s": at, "what": "instances listed", "vmss": "vmss-1", "instances": instances })
}

fn of(recordings: &Recordings, kinds: &[Kind]) -> Vec<String> {
    let figures = figures(recordings);
    let rows = kinds.iter().flat_map(|kind| figures.of(*kind));
    let row = |((kind, case, what), row): (&crate::reality::figures::Key, &crate::reality::figures::Row)| {
        let case = case.as_ref().map(ToString::to_string).unwrap_or_default();
        let values: Vec<String> = row.values.iter().map(|value| format!("{}", value.seconds())).collect();
        format!("{kind:?}: {case}: {what} × {} {}", row.count, values.join(" ")).trim_end().to_owned()
    };
    rows.map(row).collect()
}

fn one(timeline: Timeline) -> Recordings {
    Recordings { timelines: vec![timeline], ..Recordings::default() }
}

#[test]
fn a_call_is_a_case_of_the_state_before_it() {
    let events: Vec<Json> = created(2)
        .into_iter()
        .chain([
            over("POST /poweroff", 8.0),
            over("POST /start", 4.0),
            over("POST /restart", 44.0),
            over("POST /virtualmachines/%2A/deallocate", 30.0),
            over("POST /virtualmachines/1/start", 50.0),
            // One runs and one does not.
            over("POST /deallocate", 31.0),
            over("POST /delete", 2.0),
            over("DELETE (set)", 0.5),
        ])
        .collect();
    let rows = of(&one(recorded("2024-08-26", json!({}), json!(events))), &[Kind::Duration, Kind::Left]);
    let wanted = [
        "Duration: create Linux Uniform 2 2 surplus:  × 1 80",
        "Duration: deallocate Linux Uniform 2 2:  × 1 30",
        "Duration: power-off Linux Uniform 2 2:  × 1 8",
        "Duration: start Linux Uniform 2 1 deallocated:  × 1 50",
        "Duration: start Linux Uniform 2 2 stopped:  × 1 4",
        "Duration: restart Linux Uniform 2 2:  × 1 44",
        "Duration: delete Linux Uniform 2 2 deallocated:  × 1 2",
        "Left: : a call on a set without instances × 1",
        "Left: : a call on machines that do not run × 1",
    ];
    let sorted = |mut rows: Vec<String>| {
        rows.sort();
        rows
    };
    assert_eq!(sorted(rows), sorted(wanted.map(str::to_owned).to_vec()));
}

#[test]
fn a_scale_in_is_the_instances_before_and_after() {
    let mut events = created(5).to_vec();
    events.extend([
        listed(100, &["0", "2", "3", "5", "6"]),
        written(4),
        over("PUT (set)", 40.0),
        listed(200, &["0", "2", "3", "6"]),
    ]);
    let recordings = one(recorded("2020-11-20", json!({ "capacity": 5 }), json!(events)));
    let rows = of(&recordings, &[Kind::Duration, Kind::Kept, Kind::List, Kind::Victim]);
    let wanted = [
        "Duration: create Linux Uniform 5 5 surplus:  × 1 80",
        "Duration: scale-in Linux Uniform 5 4 surplus:  × 1 40",
        "Kept: create Linux Uniform 5 5 surplus: 0 2 3 5 6 × 1",
        "List: create Linux Uniform 5 5 surplus: 0 2 3 5 6 × 1",
        "Victim: scale-in Linux Uniform 5 4 surplus: 0 2 3 5 6 > 0 2 3 6 × 1",
    ];
    assert_eq!(rows, wanted);
}

#[test]
fn a_surplus_that_is_seen_whole_is_how_many_are_created() {
    let pool =
        json!({ "t_s": 90, "what": "balancer pool read", "vmss": "vmss-1", "instances_in_pool": ["1", "0", "3", "2"] });
    let mut events = created(2).to_vec();
    events.extend([pool, listed(100, &["0", "3"])]);
    let rows = of(&one(recorded("2020-11-20", json!({}), json!(events))), &[Kind::Fact, Kind::Kept, Kind::List]);
    let wanted = [
        "Fact: create Linux Uniform 2 2 surplus: created=4 × 1",
        "Kept: create Linux Uniform 2 2 surplus: 0 3 × 1",
        "List: create Linux Uniform 2 2 surplus: 0 1 2 3 × 1",
        "List: create Linux Uniform 2 2 surplus: 0 3 × 1",
    ];
    assert_eq!(rows, wanted);
}

const DURATIONS: &str = "operation,what,n,seconds,source_repo,source_path,date,notes\n\
    restart microsoft.compute/virtualmachinescalesets/restart,linux D1,2,44.0,a/b (sdist 1),tests/c.yaml,2024-08-26,over True\n\
    restart microsoft.compute/virtualmachinescalesets/restart,linux Standard_DS1_v2,2,44.0,a/b,tests/other.yaml,26 Aug 2024,over True\n\
    vmss create (ARM deployment),windows Standard_DS1_v2,5,99.9,a/b,tests/d.yaml,2023-01-02,\"over True, Uniform, 2 extensions\"\n\
    vmss scale-in,linux Standard_DS1_v2,4,33.0,a/b,tests/d.yaml,2023-01-02,capacity 5 to 4; over True\n\
    create-or-update microsoft.compute/virtualmachines,linux,,30.0,a/b,tests/e.yaml,2023-01-02,\n\
    restart microsoft.compute/virtualmachinescalesets/restart,linux,2,soon,a/b,tests/e.yaml,2023-01-02,\n";

#[test]
fn an_operation_of_a_timeline_and_a_table_counts_once() {
    let events: Vec<Json> = created(2).into_iter().chain([over("POST /restart", 44.04)]).collect();
    let (durations, broken) = rows(DURATIONS, Measured::read).expect("a table");
    assert_eq!(broken, ["row 6: `soon` are no seconds"]);
    let timelines = vec![recorded("2024-08-26", json!({}), json!(events))];
    let rows = of(&Recordings { timelines, durations, ..Recordings::default() }, &[Kind::Duration, Kind::Left]);
    let wanted = [
        "Duration: create Linux Uniform 2 2 surplus:  × 1 80",
        "Duration: create Windows Uniform 5 5 surplus network extensions=2:  × 1 99.9",
        "Duration: scale-in Linux Uniform 5 4 surplus:  × 1 33",
        "Duration: restart Linux Uniform 2 2:  × 2 44 44",
        "Left: : durations: a single machine × 1",
    ];
    assert_eq!(rows, wanted);
}

/// One deployment stands in the table twice, since a later reading said its mode: with a timeline and without it counts once.
#[test]
fn a_flexible_deployment_that_is_in_the_table_twice_counts_once() {
    let table = "operation,what,n,seconds,source_repo,source_path,date,notes\n\
        vmss create (ARM deployment),linux Standard_DS1_v2,2,121.5,a/b,tests/d.yaml,2023-12-19,\"over None, Flexible, 0 extensions\"\n\
        deployment of a Flexible set (with its network),linux Standard_DS1_v2,2,121.5,a/b,tests/d.yaml,19 Dec 2023,0 extensions\n\
        vmss create (ARM deployment),linux Standard_DS1_v2,2,80.0,a/b,tests/c.yaml,2024-08-26,\"over None, Flexible, 0 extensions\"\n\
        deployment of a Flexible set (with its network),linux Standard_DS1_v2,2,80.0,a/b,tests/c.yaml,26 Aug 2024,0 extensions\n\
        deployment of a Flexible set (with its network),linux Standard_DS1_v2,2,90.0,a/b,tests/c.yaml,26 Aug 2024,0 extensions\n";
    let (durations, broken) = rows(table, Measured::read).expect("a table");
    assert_eq!(broken, Vec::<String>::new());
    let set_up = json!({ "orchestrationMode": "Flexible", "platformFaultDomainCount": 1 });
    let timelines = vec![recorded("2024-08-26", set_up, json!(created(2)))];
    let rows = of(&Recordings { timelines, durations, ..Recordings::default() }, &[Kind::Duration, Kind::Left]);
    let wanted = [
        "Duration: create Linux Flexible 2 2 network:  × 2 90 121.5",
        "Duration: create Linux Flexible 2 2 domains=1:  × 1 80",
    ];
    assert_eq!(rows, wanted);
}

#[test]
fn rows_that_lack_the_same_are_said_once() {
    let table = "operation,n,seconds\nx,1,soon\nx,1,late\nx,1,soon\nx,1,soon\n";
    let (_, broken) = rows(table, Measured::read).expect("a table");
    assert_eq!(broken, ["row 1 and 3 more: there is no column `what`"]);
    let table = "seconds,operation,what,n,source_repo,source_path,date,notes\nsoon,,,,,,,\nlate,,,,,,,\nsoon,,,,,,,\n";
    let (_, broken) = rows(table, Measured::read).expect("a table");
    assert_eq!(broken, ["row 1 and 1 more: `soon` are no seconds", "row 2: `late` are no seconds"]);
}

const UPGRADES: &str = "operation,capacity,os,mode,health_source,maxUnhealthyUpgraded_in_model,seconds,status,error_code,error_numbers,date,\
    source_repo,source_path\n\
    PUT mode to Rolling,2,linux,Rolling,load balancer probe 15x2,20,125.1,Succeeded,,,2018-04-09,a/b,c.yaml\n\
    PUT mode to Rolling,2,linux,Rolling,load balancer probe 15x2,20,60.6,Succeeded,,,2023-03-24,a/b,d.yaml\n\
    extensionRollingUpgrade,1,windows,Manual,none,100,646.7,Failed,TooMany,100%; 20%; ID is: 0,2021-04-06,a/b,e.yaml\n\
    osRollingUpgrade,1,windows,Manual,none,100,0.9,Succeeded,,,2020-09-16,a/b,e.yaml\n\
    osRollingUpgrade,2,windows,Rolling,unknown,20,120.0,Succeeded,,,2020-09-16,a/b,e.yaml\n";

#[test]
fn upgrades_have_their_health_source_their_result_and_the_reading_of_their_year() {
    let (upgrades, broken) = rows(UPGRADES, Upgrade::read).expect("a table");
    assert_eq!(broken, Vec::<String>::new());
    let rows = of(&Recordings { upgrades, ..Recordings::default() }, &[Kind::Rolling, Kind::Left]);
    let wanted = [
        "Rolling: mode-to-rolling Linux Uniform 2 2 probe=15x2 policy=20/20/20: Completed × 1 60.6",
        "Rolling: mode-to-rolling Linux Uniform 2 2 probe=15x2 policy=20/20/20 rolling.mode_write=batches: Completed × 1 125.1",
        "Rolling: os-upgrade-cancelled Windows Uniform 1 1 policy=20/100/100: Cancelled × 1 0.9",
        "Rolling: extension-upgrade Windows Uniform 1 1 failing policy=20/100/100: Faulted, TooMany, 100% over 20% × 1 646.7",
        "Left: : an upgrade: who says what is healthy is not recorded × 1",
    ];
    assert_eq!(rows, wanted);
}

const PLACEMENTS: &str = "source,t_s,seen_in,after,mode,zones,fd_count,capacity,overprovision,single_placement_group,priority,instances,fd_ud\n\
    a/b tests/x.yaml 2018-05-19 vmss-1,90,list,,Uniform (default),,,4,True,True,,0:-:0 1:-:- 3:-:3 6:-:- 7:-:-,\n\
    a/b tests/x.yaml 2018-05-19 vmss-1,300,list,scale 5->4,Uniform (default),,,4,True,True,,0:-:- 1:-:- 3:-:- 7:-:-,\n\
    a/b tests/y.yaml 2022-08-10 vmss-1,5,list,create,Uniform,1 3,,2,True,,,2:1 1:3 (id:zone),\n\
    a/b tests/z.yaml 2024-08-26 vmss-1,5,list,create,Flexible,,1,1,,False,,vmss_ba6c6a3b:-:-,\n";

#[test]
fn lists_of_a_table_have_the_capacity_of_the_create() {
    let (placements, broken) = rows(PLACEMENTS, Placement::read).expect("a table");
    assert_eq!(broken, Vec::<String>::new());
    let rows =
        of(&Recordings { placements, ..Recordings::default() }, &[Kind::List, Kind::Victim, Kind::Domain, Kind::Fact]);
    let wanted = [
        "List: create Linux Uniform 2 2 surplus zones=1+3: 1@3 2@1 × 1",
        "List: create Linux Uniform 5 5 surplus: 0 1 3 6 7 × 1",
        "Victim: scale-in Linux Uniform 5 4 surplus: 0 1 3 6 7 > 0 1 3 7 × 1",
        "Domain: create Linux Uniform 5 5 surplus: 0=0 × 1",
        "Domain: create Linux Uniform 5 5 surplus: 3=3 × 1",
        "Fact: create Linux Flexible 1 1 domains=1: names=the set and eight hexadecimal digits × 1",
    ];
    assert_eq!(rows, wanted);
}

#[test]
fn what_was_refused_and_what_became_of_it_are_facts() {
    let call = |what: &str, code: u32, error: Option<&str>| {
        let mut event = json!({ "t_s": 10, "what": what, "vmss": "vmss-1", "code": code });
        if let Some(error) = error {
            event["error_code"] = error.into();
        }
        event
    };
    let evict = "POST /virtualMachines/1/simulateEviction";
    let regular = recorded("2024-08-26", json!({}), json!([call(evict, 409, Some("OperationNotAllowed"))]));
    let view = json!({ "t_s": 190, "what": "instance view", "vmss": "vmss-1", "instance": "1", "code": 200, "platformFaultDomain": 0,
        "statuses": { "ProvisioningState/succeeded": 72.5, "PowerState/deallocated": null } });
    let set_up = json!({ "priority": "Spot", "evictionPolicy": "Deallocate" });
    let mut spot = recorded("2024-08-26", set_up, json!([call(evict, 204, None), view]));
    spot.path = "tests/spot.yaml".to_owned();
    let recordings = Recordings { timelines: vec![regular, spot], ..Recordings::default() };
    let wanted = [
        "Fact: simulate-eviction Linux Uniform 2 1 surplus: answer=409 OperationNotAllowed × 1",
        "Fact: simulate-eviction Linux Uniform 2 1 surplus spot=deallocate: evicted instance=is deallocated × 1",
        "Domain: create Linux Uniform 2 2 surplus spot=deallocate: 1=0 × 1",
        "Duration: simulate-eviction Linux Uniform 2 1 surplus spot=deallocate:  × 1 62.5",
    ];
    assert_eq!(of(&recordings, &[Kind::Fact, Kind::Domain, Kind::Duration]), wanted);
}
