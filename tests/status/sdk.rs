//! Every answer is read by Azure's own Python libraries, which must neither reject it nor leave out a key of it.
//!
//! The libraries are installed into an environment of their own under `target/`. Where that cannot be done, this test says
//! `SKIPPED` on the terminal, and fails under `CI`.

#[path = "../common/python.rs"]
mod python;

use crate::samples::skipped;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use windtunnel::experiment::instant::Instant;
use windtunnel::input::{LoadOptions, Planned, load};
use windtunnel::output::azure_json::{Answer, Question, Resources, View, everything};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::OrchestrationMode;
use windtunnel_sim::world::ids::{InstanceId, PoolId, SetId};

/// The libraries, each at one version: another one may know more, or name things anew.
const LIBRARIES: [&str; 7] = [
    "azure-mgmt-compute==39.0.0",
    "azure-mgmt-network==33.1.0",
    "azure-mgmt-monitor==7.0.0",
    "azure-mgmt-imagebuilder==2.0.0",
    "azure-mgmt-standbypool==2.1.0",
    "azure-mgmt-trafficmanager==2.0.0",
    "azure-mgmt-cdn==13.1.1",
];

/// The class that reads an answer; for a list, the class of its elements.
fn model(view: &View<'_, '_>, question: Question) -> Option<&'static str> {
    let plan = view.instant.plan();
    Some(match question {
        Question::Resource(_) => "compute.VirtualMachineScaleSet",
        Question::Upgrade(_) => "compute.RollingUpgradeStatusInfo",
        Question::History(_) => "compute.UpgradeOperationHistoricalStatusInfo",
        Question::Set(_) => "compute.VirtualMachineScaleSetInstanceView",
        Question::Instances(_) => "compute.VirtualMachineScaleSetVM",
        Question::Instance(of) => {
            let set = view.instant.world.instances.rows[of.index()].set;
            match plan.sets[set.index()].mode {
                OrchestrationMode::Uniform => "compute.VirtualMachineScaleSetVM",
                OrchestrationMode::Flexible => "compute.VirtualMachine",
            }
        }
        Question::Version(_) => "compute.GalleryImageVersion",
        Question::Definition(_) => "compute.GalleryImage",
        Question::Template(_) => "imagebuilder.ImageTemplate",
        Question::Autoscale(_) => "monitor.AutoscaleSettingResource",
        Question::Balancer(_) => "network.LoadBalancer",
        Question::Pool(_) => "network.BackendAddressPool",
        Question::Probe(_) => "network.Probe",
        Question::Rule(of) => match plan.entry_point(of).gateway {
            Some(_) => "network.ApplicationGatewayHttpListener",
            None => "network.LoadBalancingRule",
        },
        Question::Gateway(_) => "network.ApplicationGateway",
        Question::BackendHealth(_) => "network.ApplicationGatewayBackendHealth",
        Question::Activity(_) => "monitor.EventData",
        Question::Profile(_) => "trafficmanager.Profile",
        Question::FrontDoor(_) => "cdn.Profile",
        Question::Origins(_) => "cdn.AFDOrigin",
        Question::Standby(_) => "standbypool.StandbyVirtualMachinePoolResource",
        Question::StandbyView(_) => "standbypool.StandbyVirtualMachinePoolRuntimeViewResource",
        // The library for Azure Monitor reads no metrics any more.
        Question::OriginHealth(_) => return None,
        // What a guest reads is no resource, and no library has it; Octopus is not Azure, and Azure DevOps has no ARM.
        Question::Events(_) | Question::Machines | Question::Tasks | Question::Progression(..) => return None,
        Question::Agents(_) | Question::AgentNodes(_) => return None,
    })
}

fn lines(view: &View<'_, '_>, answer: &Answer, out: &mut Vec<String>) {
    let Some(model) = model(view, answer.question).filter(|_| answer.status == 200) else { return };
    let mut add = |body: &Value| {
        out.push(json!({ "model": model, "request": answer.request, "body": body }).to_string());
    };
    match answer.body["value"].as_array() {
        Some(list) => list.iter().for_each(&mut add),
        None => add(&answer.body),
    }
}

/// What one policy answers at three instants of its run, at the end of it with a pool, a log and an instance of its own.
fn answers(planned: &Planned, out: &mut Vec<String>) {
    let resources = Resources::of(&planned.effective).expect("it can be read");
    let horizon = planned.plan.horizon.ms();
    for at in [horizon / 4, horizon / 2, horizon] {
        let Ok(instant) = Instant::new(&planned.plan, 1, SimTime::from_ms(at)) else { continue };
        let view = View::new(&instant).with(&resources);
        let mut questions = everything(&view).expect("there is something");
        let of_balancer = |id: &usize| planned.plan.pools[*id].prober.gateway().is_none();
        let pools = (0..planned.plan.pools.len()).filter(of_balancer);
        questions.extend(pools.map(|id| Question::Pool(PoolId(id as u16))));
        questions.extend([Question::Instance(InstanceId(0)), Question::Activity(Some(SetId(0)))]);
        for question in questions {
            lines(&view, &view.answer(question), out);
        }
    }
}

/// What the libraries say of these lines, and whether all is well.
fn read(python: &Path, input: Vec<String>) -> (bool, String) {
    let mut child = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/status/sdk.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut stdin = child.stdin.take().expect("it reads");
    let writer = std::thread::spawn(move || {
        input.iter().try_for_each(|line| writeln!(stdin, "{line}")).expect("it takes every line");
    });
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("all was written");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The policies of every bundled scenario, of which each kind of resource is some.
#[test]
fn azures_own_libraries_read_every_answer_without_loss() {
    let python = match python::with("azure-sdk", &LIBRARIES) {
        Ok(python) => python,
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "the libraries of Azure cannot be installed: {why}");
            return skipped(&format!("the libraries of Azure cannot be installed: {why}"));
        }
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut scenarios: Vec<PathBuf> = std::fs::read_dir(root.join("scenarios"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    scenarios.sort();
    let (mut input, mut all) = (Vec::new(), 0);
    for scenario in &scenarios {
        let loaded = load(scenario, &LoadOptions::default()).expect("a bundled scenario");
        // The scenario as written, its last policy, and those with a standby pool: together they have every kind.
        let has_pool = |policy: &&str| {
            let planned = loaded.plan(policy).expect("it is there");
            planned.plan.sets.iter().any(|set| set.upkeep.standby.is_some())
        };
        let ends = loaded.policies().take(1).chain(loaded.policies().last());
        let policies: BTreeSet<&str> = ends.chain(loaded.policies().filter(has_pool)).collect();
        for policy in policies {
            answers(loaded.plan(policy).expect("it is there"), &mut input);
            all += 1;
        }
    }
    // A key that they do not know, and a date that is none, are noticed.
    let wrong =
        ["compute.VirtualMachineScaleSet", "monitor.EventData", "network.LoadBalancer", "imagebuilder.ImageTemplate"];
    let wrong = wrong.map(|model| json!({ "model": model, "request": "", "body": { "bogus": 1 } }).to_string());
    let (well, said) = read(&python, wrong.to_vec());
    assert!(!well && said.matches("bogus").count() == 4, "{said}");
    let date = json!({ "model": "monitor.EventData", "request": "", "body": { "eventTimestamp": "noon" } });
    assert!(!read(&python, vec![date.to_string()]).0, "a date that is none");
    let (well, said) = read(&python, input);
    assert!(well, "of {all} policies: {said}");
    // Nothing passes because nothing was asked.
    let counts: Value = serde_json::from_str(said.lines().last().unwrap_or_default()).expect("the counts");
    for kind in [
        "compute.VirtualMachineScaleSet",
        "compute.RollingUpgradeStatusInfo",
        "compute.UpgradeOperationHistoricalStatusInfo",
        "compute.VirtualMachineScaleSetInstanceView",
        "compute.VirtualMachineScaleSetVM",
        "compute.VirtualMachine",
        "compute.GalleryImageVersion",
        "compute.GalleryImage",
        "imagebuilder.ImageTemplate",
        "monitor.AutoscaleSettingResource",
        "network.LoadBalancer",
        "network.BackendAddressPool",
        "monitor.EventData",
        "standbypool.StandbyVirtualMachinePoolResource",
        "standbypool.StandbyVirtualMachinePoolRuntimeViewResource",
    ] {
        assert!(counts[kind].as_u64().is_some_and(|count| count > 0), "no answer of {kind}: {counts}");
    }
}
