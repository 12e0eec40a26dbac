//! Policies that are two names of one thing are said to be, with the reason where there is one to say; so are policies of
//! which nothing began in some runs only.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use windtunnel::experiment::assessment::{Assessments, advice};
use windtunnel::experiment::compare::{Comparison, compare};
use windtunnel::experiment::replicate::{Done, Replications, Watcher};
use windtunnel::experiment::{never, twins};
use windtunnel::input::{LoadOptions, load_text};
use windtunnel::threads::replicate;
use windtunnel_sim::plan::Plan;

struct Nobody;

impl Watcher for Nobody {
    fn done(&mut self, _: &[Done]) -> anyhow::Result<()> {
        Ok(())
    }
}

const ROLLING: &str = "vmss-pay: { properties: { upgradePolicy: { MODE rollingUpgradePolicy: { KEY } } } }";

/// Nine instances in three zones, brought to a new version; the policies of each.
fn compared(policies: &[(&str, &str)], runs: usize) -> Comparison {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/zone-outage-mid-rollout.yaml");
    let text = std::fs::read_to_string(path).expect("it is bundled");
    let (head, rest) = text.split_once("  - name: the outage").expect("it is there");
    let assumptions = rest.lines().find(|line| line.starts_with("assumptions:")).expect("it is there");
    let mut text = format!("{head}{assumptions}\npolicies:\n");
    for (name, patch) in policies {
        text += &format!("  {name}: {{ {patch} }}\n");
    }
    let loaded = load_text("x.yaml", text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    let planned: Vec<_> = loaded.policies().map(|name| loaded.plan(name).expect("it is listed")).collect();
    let plans: Vec<&Plan> = planned.iter().map(|one| &one.plan).collect();
    let names: Vec<&str> = loaded.policies().collect();
    let mut made = Replications::new(1, &names);
    replicate(None, &plans, &mut made, runs, 1, &AtomicBool::new(false), &mut Nobody).expect("they run");
    let mut comparison = compare(&made, 0, None);
    twins::mark(&mut comparison, &made, &planned);
    comparison
}

fn rolling(mode: &str, key: &str) -> String {
    ROLLING.replace("MODE", mode).replace("KEY", key)
}

/// 40 % of nine are three, 50 % four, and a zone has three: no batch is larger. 12 % are one. The ledgers differ in a rule: that a
/// batch ends at its zone (RU-21) is cited where more were allowed.
#[test]
fn batches_of_more_than_a_zone_are_batches_of_a_zone() {
    let [forty, fifty] = ["40", "50"].map(|percent| rolling("", &format!("maxBatchInstancePercent: {percent}")));
    let comparison = compared(&[("batch-40", &forty), ("batch-50", &fifty)], 3);
    let sentences = twins::sentences(&comparison);
    assert_eq!(
        sentences,
        ["batch-40 and batch-50 have the same measures in all 3 runs, since a batch stays in one \
             zone (RU-21), and no zone of vmss-pay has more than 3 of its 9 instances: 40 % allows as many as 50 %"]
    );
    let advice = advice(&comparison, &Assessments::of(&comparison));
    assert!(advice.contains("batch-40 and batch-50 have the same measures"), "{advice}");
}

/// In mode Manual nobody begins an upgrade here, and what only acts on batches acts on nothing. A limit that no run comes near
/// is nothing of which the model could say why.
#[test]
fn a_key_that_acts_on_nothing_is_said_to() {
    let [one, other] =
        ["PT1M", "PT9M"].map(|pause| rolling("mode: Manual,", &format!("pauseTimeBetweenBatches: {pause}")));
    let comparison =
        compared(&[("manual", &one), ("manual-slow", &other), ("more-room", "limits: { entries: 20000000 }")], 2);
    let sentences = twins::sentences(&comparison);
    assert_eq!(
        sentences,
        [
            "manual and manual-slow are the same in all 2 runs, since they differ only in upgrades by \
             batches, and no batch started in any run",
            "as-written and more-room are the same in all 2 runs"
        ]
    );
}

/// What differs in one number is no twin: an objective changes no entry of a ledger, and does change what is left of a budget.
#[test]
fn what_differs_in_a_measure_alone_is_another_policy() {
    let comparison = compared(&[("lax", "objective: 99%")], 2);
    assert!(twins::sentences(&comparison).is_empty());
}

/// Of four runs one never began, by MS-07: neither none nor all.
#[test]
fn what_never_begins_in_some_runs_is_counted() {
    use windtunnel::experiment::table::Table;
    use windtunnel_sim::measure::Stored;
    let mut table = Table::default();
    for run in 0..4 {
        let rule = match run {
            2 => Stored::Word("MS-07".into()),
            _ => Stored::NotComputed("it began".into()),
        };
        table.put(run, &[rule, Stored::Number(if run == 2 { 0.0 } else { 3.0 })], false);
    }
    let of = |name: &str, _: Option<&str>| match name {
        "rollout.never_started_by" => Some(table.column(0)),
        "rollout.batches" => Some(table.column(1)),
        _ => None,
    };
    let runs = never::Runs::new(&[], of, |_| true);
    let found = runs.in_some().expect("one of four");
    assert_eq!(found, (1, never::Kept { rule: "MS-07".to_owned(), set: None }));
    assert!(runs.never().is_none());
    assert_eq!(
        never::sentence_of_some("surge", &found, 4),
        "surge: in 1 of 4 runs no rollout started (MS-07), and a version that is not rolled out harms nobody"
    );
}

/// With half a zone lost less is harmed than by any remedy, and half a zone is nothing that anybody can decide on.
#[test]
fn what_changes_the_incident_is_compared_and_not_proposed() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("c");
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["compare", "scenarios/zone-outage-mid-rollout.yaml", "--replications", "10", "--out"])
        .arg(&out)
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}");
    let text = std::fs::read_to_string(out.join("compare.json")).expect("it is written");
    let json: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let named = |name: &str| json["policies"].as_array().expect("a list").iter().find(|one| one["policy"] == name);
    let incident = |name: &str| named(name).expect("it is compared")["otherIncident"].as_str().map(str::to_owned);
    assert_eq!(incident("half-a-zone").as_deref(), Some("timeline[the outage].zoneOutage.share"));
    assert_eq!([incident("room-for-a-zone"), incident("strict-balance"), incident("as-written")], [None, None, None]);
    assert_eq!(json["take"], "room-for-a-zone");
    let advice = json["advice"].as_str().map_or_else(|| said.replace('\n', " "), str::to_owned);
    assert!(
        advice.contains("the only one that meets the objective in every run and does not change the incident"),
        "{advice}"
    );
    assert!(said.contains("half-a-zone: it changes the incident (timeline[the outage].zoneOutage.share)"), "{said}");
}
