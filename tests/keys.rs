//! The table of scenario keys is true: what a page prints for an absent key is what the code takes for it.

use std::path::{Path, PathBuf};
use windtunnel::input::scenario::keys::{ACCEPTANCE, SCENARIO};
use windtunnel::input::scenario::shape::{Kind, Need, Object};
use windtunnel::input::tree::{Key, Node, Value};
use windtunnel::input::{LoadOptions, load, load_effective_node, load_text, read};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::rules::{A, Value as Assumption};

/// How often each key is tried: the same reader reads it everywhere.
const SAMPLES_A_KEY: usize = 3;

fn bundled() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.expect("listed").path()).collect();
    all.retain(|path| path.extension().is_some_and(|end| end == "yaml"));
    all.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/input/every-default.yaml"));
    all.sort();
    all
}

/// Where a mapping of the table stands in a tree: the keys and places on the way.
type Way = Vec<Step>;

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Item(usize),
}

/// Every mapping of the table in a tree.
fn mappings(node: &Node, kind: &'static Kind, way: &Way, found: &mut Vec<(Way, &'static Object)>) {
    let further = |step: Step| [&way[..], &[step]].concat();
    match kind {
        Kind::Object(object) if matches!(node.value, Value::Map(_)) => {
            found.push((way.clone(), object));
            for (key, value) in node.entries() {
                if let Some(entry) = object.entry(&key.text) {
                    mappings(value, &entry.kind, &further(Step::Key(key.text.clone())), found);
                }
            }
        }
        Kind::MapOf(_, of) => {
            for (key, value) in node.entries() {
                mappings(value, of, &further(Step::Key(key.text.clone())), found);
            }
        }
        Kind::List(of) | Kind::NonEmpty(of) => {
            for (at, item) in node.items().iter().enumerate() {
                mappings(item, of, &further(Step::Item(at)), found);
            }
        }
        Kind::Either(kinds) => kinds.iter().for_each(|kind| mappings(node, kind, way, found)),
        _ => {}
    }
}

/// The mapping at the end of a way.
fn at<'n>(root: &'n mut Node, way: &[Step]) -> &'n mut Vec<(Key, Node)> {
    let end = way.iter().fold(root, |node, step| match (step, &mut node.value) {
        (Step::Key(key), Value::Map(entries)) => {
            &mut entries.iter_mut().find(|(known, _)| known.text == *key).expect("it is on the way").1
        }
        (Step::Item(at), Value::Seq(items)) => &mut items[*at],
        _ => panic!("the way leads on"),
    });
    match &mut end.value {
        Value::Map(entries) => entries,
        _ => panic!("a mapping is at its end"),
    }
}

/// A default as a tree.
fn tree(text: &str) -> Node {
    let mut problems = windtunnel::input::Problems::new();
    let root = read::read_text("default.yaml", format!("value: {text}\n"), &mut problems).expect("it is YAML");
    root.get("value").cloned().expect("there is a value")
}

fn plan_of(root: &Node) -> String {
    let plan = load_effective_node(root.clone(), &LoadOptions::default());
    format!("{:?}", plan.expect("a default changes nothing that is right"))
}

/// The text of the default of a key; `None` where it is left to the simulator, or is a distribution.
fn printed(need: Need) -> Option<String> {
    let text = match need {
        Need::Default(default) => default.text(),
        Need::Assumed(A::AppEventsPoll) => return None,
        Need::Assumed(which) => match which.row().default {
            Assumption::Dist(Dist::LogNormal { median, sigma }) => {
                format!("{{ lognormal: {{ median: {median}, sigma: {sigma} }} }}")
            }
            value => value.to_string(),
        },
        Need::Required | Need::Optional | Need::Choice => return None,
    };
    Some(text)
}

/// Each key with a default is written out as the page prints it where it is absent, and taken out where it has that value, in
/// every bundled scenario under every policy: the plan is the same.
#[test]
fn the_default_that_a_page_prints_is_the_one_that_the_code_takes() {
    let mut tried: Vec<(&str, &str, usize)> = Vec::new();
    for path in bundled() {
        let scenario =
            load(&path, &LoadOptions::default()).unwrap_or_else(|report| panic!("{}: {report}", path.display()));
        let policies: Vec<String> = scenario.policies().map(str::to_owned).collect();
        for policy in policies {
            let effective = format!("{:#}", scenario.plan(&policy).expect("listed").effective);
            let mut problems = windtunnel::input::Problems::new();
            let root = read::read_text("plan.json", effective, &mut problems).expect("it was written by the program");
            let before = plan_of(&root);
            let mut found = Vec::new();
            static FILE: Kind = Kind::Object(&SCENARIO);
            mappings(&root, &FILE, &Vec::new(), &mut found);
            for (way, object) in found {
                for entry in object.entries {
                    let Some(default) = printed(entry.need) else { continue };
                    let mut changed = root.clone();
                    let entries = at(&mut changed, &way);
                    let has = |name: &str| entries.iter().any(|(key, _)| key.text == name);
                    // Where a pipeline deploys to an environment, that says how many at once (E0641).
                    if has(entry.key) || entry.key == "parallel" && has("environment") {
                        continue;
                    }
                    match tried.iter_mut().find(|(name, key, _)| (*name, *key) == (object.name, entry.key)) {
                        Some((.., count)) if *count >= SAMPLES_A_KEY => continue,
                        Some((.., count)) => *count += 1,
                        None => tried.push((object.name, entry.key, 1)),
                    }
                    let value = tree(&default);
                    let key = Key { text: entry.key.to_owned(), span: value.span.clone() };
                    entries.push((key, value));
                    let of =
                        format!("{} of {}: {default}, in {} under {policy}", entry.key, object.name, path.display());
                    assert!(plan_of(&changed) == before, "{of}");
                }
            }
        }
    }
    // Expectations are no part of a plan.
    let is_tried = |key: &str| tried.iter().any(|(object, name, _)| format!("{object}.{name}") == key);
    let untried: Vec<String> =
        every_default().into_iter().filter(|key| !is_tried(key) && !key.starts_with("Expectation.")).collect();
    assert!(untried.is_empty(), "tests/input/every-default.yaml leaves these out: {untried:?}");
}

/// What an expectation says of policies, runs and certainty where it says nothing of them.
#[test]
fn the_defaults_of_an_expectation_are_those_that_its_page_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/input/every-default.yaml");
    let text = std::fs::read_to_string(&path).expect("readable");
    let with = |more: &str| {
        let expect =
            format!("expect:\n  - {{ name: a, measure: blast_radius.instances, stat: mean, atMost: 1{more} }}\n");
        let loaded = load_text("every-default.yaml", text.clone() + &expect, &LoadOptions::default());
        let loaded = loaded.unwrap_or_else(|report| panic!("{more}: {report}"));
        let one = &loaded.expectations[0];
        format!("{:?} {:?} {:?}", one.policies, one.over, one.sense)
    };
    let Some(Kind::List(Kind::Object(object))) = SCENARIO.entry("expect").map(|entry| entry.kind) else {
        panic!("expectations are a list of mappings");
    };
    for entry in object.entries {
        if let Some(default) = printed(entry.need) {
            assert_eq!(with(&format!(", {}: {default}", entry.key)), with(""), "{}", entry.key);
        }
    }
}

/// Every key that has a default.
fn every_default() -> Vec<String> {
    let mut waiting: Vec<&'static Object> = vec![&SCENARIO, &ACCEPTANCE];
    let (mut seen, mut keys): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    while let Some(object) = waiting.pop() {
        if seen.contains(&object.name) {
            continue;
        }
        seen.push(object.name);
        for entry in object.entries {
            objects(&entry.kind, &mut waiting);
            if printed(entry.need).is_some() {
                keys.push(format!("{}.{}", object.name, entry.key));
            }
        }
    }
    keys.sort();
    keys
}

fn objects(kind: &Kind, found: &mut Vec<&'static Object>) {
    match kind {
        Kind::Object(object) => found.push(object),
        Kind::List(of) | Kind::NonEmpty(of) | Kind::MapOf(_, of) => objects(of, found),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| objects(kind, found)),
        _ => {}
    }
}

/// The page once said `PT0S` for an extension whose length is left out; the code takes the assumption, which is longer.
#[test]
fn another_value_than_the_default_is_another_plan() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/input/every-default.yaml");
    let text = std::fs::read_to_string(&path).expect("readable");
    let plan = |text: String| {
        let loaded = load_text("every-default.yaml", text, &LoadOptions::default()).expect("it is right");
        format!("{:?}", loaded.plan("as-written").expect("it always exists").plan)
    };
    let other = text.replace("app: { installs: c1 }", "app: { installs: c1, duration: PT0S }");
    assert_ne!(text, other);
    assert_ne!(plan(text), plan(other));
}
