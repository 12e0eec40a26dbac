//! Two fleets beside each other: what differs, the policy that makes the one of the other, and policies that are files or templates.

#[path = "differences/mutants.rs"]
mod mutants;
mod samples;

use mutants::{Draws, mutated};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use windtunnel::disk::file::Disk;
use windtunnel::input::difference::{Compared, Fleet, compare};
use windtunnel::input::draft::Element;
use windtunnel::input::files::{Files, Unreadable};
use windtunnel::input::identity::hash;
use windtunnel::input::lint::paste;
use windtunnel::input::patch::{between, of_resource};
use windtunnel::input::problem::Problems;
use windtunnel::input::read::read_text;
use windtunnel::input::scenario::keys::SCENARIO;
use windtunnel::input::scenario::resources::normalise;
use windtunnel::input::tree::{Key, Node, Value as Tree};
use windtunnel::input::{LoadOptions, load};
use windtunnel_sim::plan::Plan;

const PARAMETERS: &str = include_str!("against/infra/prod.parameters.json");

fn base() -> Value {
    serde_json::from_str(include_str!("against/infra/main.json")).expect("it is JSON")
}

fn at<'v>(template: &'v mut Value, pointer: &str) -> &'v mut Value {
    template.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}"))
}

/// A template and its parameters, in memory.
struct Two(String);

impl Files for Two {
    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        Ok(if path == Path::new("p.json") { PARAMETERS } else { &self.0 }.as_bytes().to_vec())
    }
}

/// A fleet of one template, with its parameters.
fn fleet(template: &Value) -> Fleet {
    let element = Element {
        file: "main.json".to_owned(),
        is_template: true,
        parameters: Some("p.json".to_owned()),
        ..Element::default()
    };
    Fleet::read(&Two(template.to_string()), Path::new(""), &[element]).unwrap_or_else(|report| panic!("{report}"))
}

fn known() -> Vec<&'static str> {
    SCENARIO.known().collect()
}

/// The resources under a policy that went through a file: by type and name, keys in one order.
fn applied(old: &[Node], patch: &[(Key, Node)]) -> Result<BTreeMap<String, String>, String> {
    let mut resources = old.to_vec();
    let mut problems = Problems::new();
    if let Some((_, first)) = patch.first() {
        let node = Node { span: first.span.clone(), value: Tree::Map(patch.to_vec()) };
        let text = paste::policy("p", &node.to_json(), 0);
        let read = read_text("p.yaml", text.clone(), &mut problems).ok_or_else(|| format!("{problems:?}\n{text}"))?;
        let policy = read.get("policies").and_then(|all| all.get("p")).ok_or(text)?;
        for (key, change) in policy.entries() {
            if !of_resource(&mut resources, key, change, &known(), &mut problems) {
                return Err(format!("{} means nothing", key.text));
            }
        }
    }
    if problems.is_empty() { Ok(by_name(&resources)) } else { Err(format!("{:?}", problems.0)) }
}

fn by_name(resources: &[Node]) -> BTreeMap<String, String> {
    let normal = |one: &Node| normalise(one.clone(), &mut Problems::new());
    let text = |one: &Node, key: &str| one.arm(key).and_then(Node::text).unwrap_or_default().to_lowercase();
    let own = |one: &Node| {
        (format!("{} {}", text(one, "type"), text(one, "name")), normal(one).sorted().to_json().to_string())
    };
    resources.iter().map(own).collect()
}

fn paths(compared: &Compared) -> Vec<String> {
    let mut paths: Vec<String> = compared.changes.iter().map(|one| one.place.to_string()).collect();
    paths.sort();
    paths
}

const ROLLING: &str = "vmss-web.properties.upgradePolicy.rollingUpgradePolicy";
const EXTENSION: &str =
    "vmss-web.properties.virtualMachineProfile.extensionProfile.extensions[health].properties.settings";
const OUT: &str = "autoscale-web.properties.profiles[usual].rules[Percentage CPU, Increase]";

/// The nineteen changes of a review of pull requests: each by where it is made in the template, and by what the fleet has of it.
fn variants() -> Vec<(&'static str, Value, Vec<String>)> {
    let set = "/resources/vmss/properties";
    let rolling = |key: &str| format!("{set}/upgradePolicy/rollingUpgradePolicy/{key}");
    let of_rolling = |keys: &[&str]| keys.iter().map(|key| format!("{ROLLING}.{key}")).collect::<Vec<_>>();
    let extension = format!("{set}/virtualMachineProfile/extensionProfile/extensions/0/properties/settings");
    let probe = "/resources/lb/properties/probes/0/properties/requestPath";
    let rule = "/resources/autoscale/properties/profiles/0/rules/0/scaleAction/cooldown";
    let image = "vmss-web.properties.virtualMachineProfile.storageProfile.imageReference.id";
    let mut all = Vec::new();
    let mut add = |name: &'static str, edits: &[(&str, Value)], paths: Vec<String>| {
        let mut template = base();
        edits.iter().for_each(|(pointer, value)| *at(&mut template, pointer) = value.clone());
        all.push((name, template, paths));
    };
    let limits = ["maxBatchInstancePercent", "maxUnhealthyInstancePercent", "maxUnhealthyUpgradedInstancePercent"];
    let fifty: Vec<(String, Value)> = limits.iter().map(|key| (rolling(key), json!(50))).collect();
    let fifty: Vec<(&str, Value)> = fifty.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
    add("batch 50", &fifty, of_rolling(&limits));
    add("batch 10", &[(&rolling(limits[0]), json!(10))], of_rolling(&limits[..1]));
    for (name, pause) in [("pause 0", "PT0S"), ("pause 10", "PT10M")] {
        let key = "pauseTimeBetweenBatches";
        add(name, &[(&rolling(key), json!(pause))], of_rolling(&[key]));
    }
    let path = format!("{extension}/requestPath");
    let of_probe =
        vec!["lb-web.properties.probes[ready].properties.requestPath".to_owned(), format!("{EXTENSION}.requestPath")];
    add("probe", &[(probe, json!("/healthz")), (&path, json!("/healthz"))], of_probe);
    for (name, grace) in [("extension grace 60", 60), ("extension grace 1200", 1200)] {
        add(name, &[(&format!("{extension}/gracePeriod"), json!(grace))], vec![format!("{EXTENSION}.gracePeriod")]);
    }
    for (name, grace) in [("repairs grace 10", "PT10M"), ("repairs grace 30", "PT30M")] {
        let of = "automaticRepairsPolicy";
        let paths = vec![format!("vmss-web.properties.{of}.gracePeriod")];
        add(name, &[(&format!("{set}/{of}/gracePeriod"), json!(grace))], paths);
    }
    for (name, cooldown) in [("cooldown 10", "PT10M"), ("cooldown 6", "PT6M"), ("cooldown 4", "PT4M")] {
        add(name, &[(rule, json!(cooldown))], vec![format!("{OUT}.scaleAction.cooldown")]);
    }
    for (name, version) in [("image that boots slower", "web/1.0.1"), ("image of the same content", "web/1.0.2")] {
        let pointer = format!("{set}/virtualMachineProfile/storageProfile/imageReference/id");
        add(name, &[(&pointer, json!(version))], vec![image.to_owned()]);
    }
    for (name, floor) in [("Spot floor 0", 0), ("Spot floor 8", 8)] {
        let key = "priorityMixPolicy/baseRegularPriorityCount";
        let paths = vec!["vmss-web.properties.priorityMixPolicy.baseRegularPriorityCount".to_owned()];
        add(name, &[(&format!("{set}/{key}"), json!(floor))], paths);
    }
    add("no surge", &[(&rolling("maxSurge"), json!(false))], of_rolling(&["maxSurge"]));
    for (name, zones) in [("one zone", json!(["1"])), ("two zones", json!(["1", "2"]))] {
        add(name, &[("/resources/vmss/zones", zones)], vec!["vmss-web.zones".to_owned()]);
    }
    all
}

#[test]
fn the_policy_of_a_changed_template_makes_the_fleet_of_it() {
    let old = fleet(&base());
    let all = variants();
    assert_eq!(all.len(), 19);
    for (name, template, wanted) in all {
        let new = fleet(&template);
        let compared = compare(&old, &new, &LoadOptions::default());
        assert_eq!(paths(&compared), wanted, "{name}");
        assert!(compared.differs(), "{name}");
        let made = applied(&old.resources, compared.patch.entries()).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(made, by_name(&new.resources), "{name}");
        let back = compare(&new, &old, &LoadOptions::default());
        let made = applied(&new.resources, back.patch.entries()).unwrap_or_else(|why| panic!("{name}, back: {why}"));
        assert_eq!(made, by_name(&old.resources), "{name}, back");
        // Azure lets nobody take a zone away (ZN-10); everything else may be deployed.
        assert_eq!(compared.problems.has_errors(), name.ends_with("zone") || name.ends_with("zones"), "{name}");
    }
    let same = compare(&old, &fleet(&base()), &LoadOptions::default());
    assert!(same.changes.is_empty() && same.patch.entries().is_empty() && !same.differs());
}

/// One cooldown of two rules: the patch names the rule by its metric and its direction, and says nothing else.
#[test]
fn one_cooldown_is_one_value_of_one_rule() {
    let mut template = base();
    *at(&mut template, "/resources/autoscale/properties/profiles/0/rules/0/scaleAction/cooldown") = json!("PT10M");
    let compared = compare(&fleet(&base()), &fleet(&template), &LoadOptions::default());
    let rule = json!({
        "metricTrigger": { "metricName": "Percentage CPU" },
        "scaleAction": { "direction": "Increase", "cooldown": "PT10M" },
    });
    let wanted = json!({ "autoscale-web": { "properties": { "profiles": [{ "name": "usual", "rules": [rule] }] } } });
    assert_eq!(compared.patch.to_json(), wanted);
    let [change] = &compared.changes[..] else { panic!("{:?}", compared.changes) };
    assert_eq!(change.values, [Some(json!("PT5M")), Some(json!("PT10M"))]);
    // The template is written on one line here.
    assert!(change.at.iter().all(|span| span.as_ref().is_some_and(|span| span.source.name == "main.json")));
}

/// Two rules of one metric and direction are known by their places; a third one makes the list another one.
#[test]
fn rules_that_nothing_tells_apart_are_patched_by_place() {
    let steps = |cooldowns: &[&str]| {
        let mut template = base();
        let rules = at(&mut template, "/resources/autoscale/properties/profiles/0/rules");
        let first = rules[0].clone();
        let rule = |cooldown: &&str| {
            let mut rule = first.clone();
            rule["scaleAction"]["cooldown"] = json!(cooldown);
            rule
        };
        *rules = cooldowns.iter().map(rule).collect();
        fleet(&template)
    };
    let (old, new) = (steps(&["PT5M", "PT6M"]), steps(&["PT5M", "PT9M"]));
    let compared = compare(&old, &new, &LoadOptions::default());
    let place = "autoscale-web.properties.profiles[usual].rules[1].scaleAction.cooldown";
    assert_eq!(paths(&compared), [place]);
    let rules = &compared.patch.to_json()["autoscale-web"]["properties"]["profiles"][0]["rules"];
    assert_eq!(*rules, json!([{ "$at": 1, "scaleAction": { "cooldown": "PT9M" } }]));
    assert_eq!(applied(&old.resources, compared.patch.entries()), Ok(by_name(&new.resources)));
    let more = steps(&["PT5M", "PT9M", "PT1H"]);
    let compared = compare(&old, &more, &LoadOptions::default());
    assert_eq!(applied(&old.resources, compared.patch.entries()), Ok(by_name(&more.resources)));
}

fn makes(old: &[Node], new: &[Node], what: &str) -> usize {
    let patch = between::resources(old, new, &known());
    if !patch.several.is_empty() {
        return 0;
    }
    let made = applied(old, &patch.entries).unwrap_or_else(|why| panic!("{what}: {why}"));
    assert_eq!(made, by_name(new), "{what}");
    1
}

/// Real fleets, each mutated at its fields, and each beside the next of the collection.
#[test]
fn the_policy_between_two_real_fleets_makes_the_one_of_the_other() {
    let Some(folder) = samples::samples() else { return };
    let mut fleets: Vec<(String, Vec<Node>)> = Vec::new();
    for (file, _) in samples::index(&folder) {
        let element = Element { file: file.clone(), ..Element::default() };
        let Ok(fleet) = Fleet::read(&Disk, &folder, &[element]) else { continue };
        // What is normal stays so; of what a text cannot hold, a control character, no policy can be written.
        let resources: Vec<Node> =
            fleet.resources.iter().map(|one| normalise(one.clone(), &mut Problems::new())).collect();
        let is_text =
            |one: &Node| !one.to_json().to_string().contains("\\u00") && !one.to_json().to_string().contains("\\r");
        if !resources.is_empty() && resources.iter().all(is_text) {
            fleets.push((file, resources));
        }
    }
    assert!(fleets.len() > 200, "{} real fleets", fleets.len());
    let (mut mutants, mut pairs) = (0, 0);
    for (at, (file, old)) in fleets.iter().enumerate() {
        let mut draws = Draws::new(at);
        for number in 0..3 {
            let new: Vec<Node> =
                old.iter().map(|one| normalise(mutated(one, &mut draws, 0), &mut Problems::new())).collect();
            mutants += makes(old, &new, &format!("{file}, mutant {number}"));
        }
        if let Some((next, new)) = fleets.get(at + 1) {
            pairs += makes(old, new, &format!("{file} and {next}"));
        }
    }
    println!("{} fleets, {mutants} mutants, {pairs} pairs", fleets.len());
    assert!(mutants > 600 && pairs > 200, "{mutants} mutants, {pairs} pairs");
}

/// A repository of a team: a template and its change, and an incident that names policies of both kinds.
struct Team(tempfile::TempDir);

const INCIDENT: &str = "windtunnel: 1
title: a version that cannot reach its database
horizon: PT2H
resources:
  - { template: ../infra/main.json, parameters: ../infra/main.parameters.json, set: { resourceGroup.location: eastus } }
application:
  releases: [r1]
  capacity: 100 rps
  endpoints: { /ready: [{ when: process, answer: { status: 200, healthState: Healthy } }] }
images: { web: { 1.0.0: { code: r1 }, 2.0.0: { code: r1 } } }
traffic: { lb-web: { demand: 600 rps, connections: perRequest } }
timeline:
  - name: deploy
    at: PT10M
    updateModel: { scaleSet: vmss-web, properties: { virtualMachineProfile: { storageProfile: { imageReference: { id: web/2.0.0 } } } } }
policies:
  file: ../policies/*.yaml
  pr: { template: ../infra/new.json }
expect:
  - { name: it ends, policy: all, measure: capacity.peak_instances, atLeast: 12 }
";

impl Team {
    fn new(new: &Value) -> Self {
        let team = Self(tempfile::tempdir().expect("a folder"));
        team.write("infra/main.json", &format!("{:#}", base()));
        team.write("infra/main.parameters.json", PARAMETERS);
        team.write("infra/new.json", &format!("{new:#}"));
        team.write("incidents/deploy.yaml", INCIDENT);
        team
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        command.current_dir(self.0.path()).env("COLUMNS", "100").env("NO_COLOR", "1").env_remove("CI");
        command.args(args).output().expect("it runs")
    }

    /// What a command prints that ends with this code.
    fn printed(&self, args: &[&str], code: i32) -> String {
        let done = self.run(args);
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert_eq!(done.status.code(), Some(code), "{args:?}\n{out}\n{err}");
        out.into_owned()
    }
}

/// The template with a batch of 50 %, no surge, and a cooldown of 10 min.
fn changed() -> Value {
    let mut template = base();
    let rolling = "/resources/vmss/properties/upgradePolicy/rollingUpgradePolicy";
    for key in ["maxBatchInstancePercent", "maxUnhealthyInstancePercent", "maxUnhealthyUpgradedInstancePercent"] {
        *at(&mut template, &format!("{rolling}/{key}")) = json!(50);
    }
    *at(&mut template, &format!("{rolling}/maxSurge")) = json!(false);
    *at(&mut template, "/resources/autoscale/properties/profiles/0/rules/0/scaleAction/cooldown") = json!("PT10M");
    template
}

/// The policy that `diff` prints, in a file of its own, and the template itself come to one plan, and both say that they change five
/// values: three limits, the surge and the cooldown.
#[test]
fn a_policy_is_a_file_or_a_template() {
    let team = Team::new(&changed());
    let parameters = ["--parameters", "infra/main.parameters.json", "--set", "resourceGroup.location=eastus"];
    let line =
        [&["diff", "infra/main.json", "infra/new.json", "--format", "yaml", "--name", "pasted"][..], &parameters]
            .concat();
    team.write("policies/several.yaml", &team.printed(&line, 0));
    team.write(
        "policies/pause.yaml",
        "vmss-web: { properties: { upgradePolicy: { rollingUpgradePolicy: { pauseTimeBetweenBatches: PT1M } } } }\n",
    );
    let loaded =
        load(&team.path("incidents/deploy.yaml"), &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(loaded.policies().collect::<Vec<_>>(), ["as-written", "pause", "pasted", "pr"]);
    let of = |name: &str| loaded.plan(name).expect("it is there");
    let diff = |name: &str| {
        let mut lines: Vec<String> = of(name).diff.iter().map(ToString::to_string).collect();
        lines.sort();
        lines
    };
    assert_eq!(diff("pr"), diff("pasted"));
    assert_eq!(diff("pr").len(), 5);
    assert_eq!(diff("pr")[0], format!("{OUT}.scaleAction.cooldown: PT5M → PT10M"));
    let plan = |name: &str| format!("{:?}", Plan { policy: String::new(), ..of(name).plan.clone() });
    assert_eq!(plan("pr"), plan("pasted"));
    assert_ne!(plan("pr"), plan("as-written"));
    // Every verb takes them.
    team.printed(&["check", "incidents/deploy.yaml"], 0);
    let text = team.printed(&["run", "incidents/deploy.yaml", "--policy", "pr", "--out", "r"], 0);
    assert!(text.contains(&format!("policy pr, seed 1: {OUT}")[..80]), "{text}");
    let plan = fs::read_to_string(team.path("r/plan.json")).expect("it is there");
    let plan: Value = serde_json::from_str(&plan).expect("JSON");
    assert_eq!(plan["diff"].as_array().map(Vec::len), Some(5), "{}", plan["diff"]);
    let json = team.printed(&["compare", "incidents/deploy.yaml", "-n", "6", "--out", "c", "--format", "json"], 0);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["policies"].as_array().map(Vec::len), Some(4));
    team.printed(&["test", "incidents", "-n", "2", "--baseline", "b", "--update-baseline"], 0);
    team.printed(&["test", "incidents", "--baseline", "b"], 0);
    // A change of a shared policy reaches the incident: what a baseline is compared by is another one.
    team.write(
        "policies/pause.yaml",
        "vmss-web: { properties: { upgradePolicy: { rollingUpgradePolicy: { pauseTimeBetweenBatches: PT2M } } } }\n",
    );
    let again =
        load(&team.path("incidents/deploy.yaml"), &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    for (name, is_same) in [("pause", false), ("pasted", true), ("pr", true)] {
        let hashes = [&loaded, &again].map(|loaded| hash(&loaded.plan(name).expect("it is there").effective));
        assert_eq!(hashes[0] == hashes[1], is_same, "{name}");
    }
}

/// What is wrong is said with the file and the line that must be mended.
#[test]
fn what_is_wrong_with_a_policy_from_elsewhere_names_its_file() {
    let team = Team::new(&changed());
    let fails = |wanted: &[&str]| {
        let text = match load(&team.path("incidents/deploy.yaml"), &LoadOptions::default()) {
            Ok(_) => panic!("it loads, and should not: {wanted:?}"),
            Err(report) => report.to_string(),
        };
        let lacks: Vec<_> = wanted.iter().filter(|part| !text.contains(**part)).collect();
        assert!(lacks.is_empty(), "{lacks:?} is not in\n{text}");
    };
    fails(&["E0308", "there is no folder", "deploy.yaml:17"]);
    team.write("policies/pr.yaml", "vmss-web: { sku: { capacity: 13 } }\n");
    fails(&["E0212", "two policies have the name `pr`", "policies/pr.yaml:1", "deploy.yaml:18"]);
    team.write("policies/pr.yaml", "policies:\n  more:\n    vmss-web:\n      sku: { capacty: 13 }\n");
    fails(&["E0408", "policies/pr.yaml:4"]);
    team.write("policies/pr.yaml", "apiVersion: v1\nkind: Secret\ndata: { password: S3CRET }\n");
    fails(&["E0308", "pr.yaml` is no policy", "deploy.yaml:17"]);
    team.write("policies/pr.yaml", "vmss-web: [\n");
    fails(&["E0103", "policies/pr.yaml"]);
    team.write("policies/pr.yaml", "policies: { more: { vmss-web: { sku: { capacity: 13 } } } }\n");
    let mut wrong = changed();
    *at(&mut wrong, "/resources/vmss/properties/upgradePolicy/mode") = json!("Roling");
    team.write("infra/new.json", &format!("{wrong:#}"));
    fails(&["E0409", "infra/new.json:", "under the policy `pr`"]);
    fs::remove_file(team.path("infra/new.json")).expect("removed");
    fails(&["E0101", "infra/new.json", "deploy.yaml:18"]);
    // The same template is no mistake: in a pull request that does not touch it, nothing changes.
    team.write("infra/new.json", &format!("{:#}", base()));
    let loaded =
        load(&team.path("incidents/deploy.yaml"), &LoadOptions::default()).unwrap_or_else(|report| panic!("{report}"));
    assert!(loaded.problems.iter().any(|problem| problem.code == "N0313"), "{:?}", loaded.problems);
    assert!(loaded.plan("pr").expect("it is there").diff.is_empty());
}

/// Of several files the policy stands for the one of the same name, or for the one that it names.
#[test]
fn a_template_stands_for_one_of_several_files() {
    let team = Team::new(&changed());
    let kind = "Microsoft.Network/loadBalancers";
    let balancer = json!([{ "type": kind, "name": "lb-other", "location": "eastus", "sku": { "name": "Standard" }, "properties": {} }]);
    team.write("infra/other.json", &balancer.to_string());
    let with = |policy: &str| {
        let text =
            INCIDENT.replace("  file: ../policies/*.yaml\n", "").replace("{ template: ../infra/new.json }", policy);
        let text = text.replace("application:\n", "  - { file: ../infra/other.json }\napplication:\n");
        team.write("incidents/deploy.yaml", &text);
        load(&team.path("incidents/deploy.yaml"), &LoadOptions::default())
    };
    let report = with("{ template: ../infra/new.json }").expect_err("it does not say which");
    assert!(report.to_string().contains("E0309") && report.to_string().contains("replaces"), "{report}");
    team.write("pr/main.json", &format!("{:#}", changed()));
    for policy in ["{ template: ../infra/new.json, replaces: ../infra/main.json }", "{ template: ../pr/main.json }"] {
        let loaded = with(policy).unwrap_or_else(|report| panic!("{report}"));
        assert_eq!(loaded.plan("pr").expect("it is there").diff.len(), 5, "{policy}");
    }
    // With other keys beside it, those are changed, too.
    let policy = "{ template: ../pr/main.json, traffic: { lb-web: { demand: 700 rps } } }";
    let loaded = with(policy).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(loaded.plan("pr").expect("it is there").diff.len(), 6);
}

#[test]
fn the_exit_code_says_that_something_differs_where_that_is_asked() {
    let team = Team::new(&changed());
    let both = ["diff", "infra/main.json", "infra/new.json", "--parameters", "infra/main.parameters.json"];
    let text = team.printed(&both, 0);
    assert!(text.starts_with("5 values differ between infra/main.json and infra/new.json:\n"), "{text}");
    // The cooldown stands in the same line of both: nothing before it is longer in one of them.
    let lines = fs::read_to_string(team.path("infra/main.json")).expect("read");
    let line = lines.lines().position(|line| line.contains("\"cooldown\": \"PT5M\"")).expect("it is there") + 1;
    // In 100 columns the values stand below the path.
    let mut lines = text.lines().skip_while(|line| line.trim() != format!("{OUT}.scaleAction.cooldown"));
    let words: Vec<&str> = lines.nth(1).expect("a row").split_whitespace().collect();
    let [old, new] = ["main", "new"].map(|file| format!("infra/{file}.json:{line}"));
    assert_eq!(words, ["PT5M", "PT10M", old.as_str(), "→", new.as_str()], "{text}");
    team.printed(&[&both[..], &["--exit-code"]].concat(), 5);
    let same = ["diff", "infra/main.json", "infra/main.json", "--exit-code"];
    assert!(team.printed(&same, 0).starts_with("Nothing that a run reads differs"));
    assert_eq!(team.printed(&["diff", "infra/main.json", "infra/main.json", "--format", "yaml"], 0), "");
    team.printed(&["diff", "infra/main.json", "infra/none.json"], 2);
    team.printed(&["diff", "infra/main.json", "incidents"], 2);
    team.printed(&["diff", "infra/main.json", "incidents/deploy.yaml"], 2);
    team.printed(&["diff", "infra/main.json", "infra/new.json", "--set", "nothing=1"], 2);
    // A description of an image that nobody reads is not what a run reads; a tag is nothing at all.
    let mut tagged = base();
    tagged["resources"]["vmss"]["tags"] = json!({ "owner": "web" });
    tagged["resources"]["vmss"]["properties"]["virtualMachineProfile"]["licenseType"] = json!("None");
    team.write("infra/new.json", &format!("{tagged:#}"));
    let text = team.printed(&[&both[..], &["--exit-code"]].concat(), 0);
    assert!(text.contains("1 more value differs on which nothing acts"), "{text}");
    assert!(team.printed(&[&both[..], &["--all"]].concat(), 0).contains("licenseType"));
}

/// A password of a template, a key in a command and what Azure never shows: each is seen to change, and none of them is shown.
#[test]
fn secrets_are_never_printed() {
    let with = |password: &str, token: &str| {
        let mut template = base();
        template["parameters"]["password"] = json!({ "type": "secureString", "defaultValue": password });
        template["parameters"]["token"] = json!({ "type": "securestring" });
        let profile = &mut template["resources"]["vmss"]["properties"]["virtualMachineProfile"];
        profile["osProfile"] =
            json!({ "computerNamePrefix": "web", "adminPassword": "[parameters('password')]", "customData": password });
        let settings = json!({ "commandToExecute": "[concat('install --key ', parameters('token'))]", "note": token });
        profile["extensionProfile"]["extensions"][0]["properties"]["protectedSettings"] = json!({ "key": token });
        let extension = json!({ "name": "install", "properties": {
            "publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "typeHandlerVersion": "2.1", "settings": settings,
        } });
        profile["extensionProfile"]["extensions"].as_array_mut().expect("a list").push(extension);
        template
    };
    let team = Team::new(&with("S3CRET-new", "T0KEN-new"));
    team.write("infra/main.json", &format!("{:#}", with("S3CRET-old", "T0KEN-old")));
    for (name, token) in [("old", "T0KEN-old"), ("new", "T0KEN-new")] {
        let text = json!({ "parameters": { "capacity": { "value": 12 }, "token": { "value": token } } }).to_string();
        team.write(&format!("infra/{name}.parameters.json"), &text);
    }
    let line = [
        "diff",
        "infra/main.json",
        "infra/new.json",
        "--parameters",
        "infra/new.parameters.json",
        "--old-parameters",
        "infra/old.parameters.json",
        "--patch",
    ];
    for format in ["human", "yaml", "json"] {
        let done = team.run(&[&line[..], &["--format", format]].concat());
        let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert_eq!(done.status.code(), Some(0), "{said}");
        assert!(!said.contains("S3CRET") && !said.contains("T0KEN"), "{format}:\n{said}");
        for place in
            ["osProfile.adminPassword", "osProfile.customData", "protectedSettings", "commandToExecute", "note"]
        {
            assert!(said.contains(place), "{format} does not say that {place} changes:\n{said}");
        }
    }
    // The policy that is the template shows none of them either.
    let incident =
        INCIDENT.replace("  file: ../policies/*.yaml\n", "").replace("main.parameters", "old.parameters").replace(
            "{ template: ../infra/new.json }",
            "{ template: ../infra/new.json, parameters: ../infra/new.parameters.json }",
        );
    team.write("incidents/deploy.yaml", &incident);
    for args in
        [&["check", "incidents/deploy.yaml"][..], &["run", "incidents/deploy.yaml", "--policy", "pr", "--out", "r"]]
    {
        let done = team.run(args);
        let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert_eq!(done.status.code(), Some(0), "{said}");
        assert!(!said.contains("S3CRET") && !said.contains("T0KEN"), "{args:?}:\n{said}");
    }
}

/// A resource that is there in one fleet only is taken out, or added whole.
#[test]
fn resources_come_and_go() {
    let mut template = base();
    let resources = template["resources"].as_object_mut().expect("a mapping");
    resources.remove("autoscale");
    let mut other = resources["lb"].clone();
    other["name"] = json!("timeline");
    resources.insert("other".to_owned(), other);
    let (old, new) = (fleet(&base()), fleet(&template));
    let compared = compare(&old, &new, &LoadOptions::default());
    let json = compared.patch.to_json();
    assert_eq!(json["autoscale-web"], json!({ "$remove": true }));
    // A balancer that has the name of a key of the scenario is named with its type.
    assert_eq!(json["loadBalancers/timeline"]["name"], "timeline");
    assert_eq!(applied(&old.resources, compared.patch.entries()), Ok(by_name(&new.resources)));
    assert_eq!(paths(&compared), ["autoscale-web", "timeline"]);
}
