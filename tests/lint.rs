//! What `lint` finds: each finding proven both ways, and no finding in a fleet without its fault.

#[path = "lint/command.rs"]
mod command;
mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use windtunnel::commands::lint::prove::{Drafted, Seeds, prove};
use windtunnel::input::draft::{Element, draft};
use windtunnel::input::files::{Files, Unreadable};
use windtunnel::input::lint::fleet::Fleet;
use windtunnel::input::lint::rows::ROWS;
use windtunnel::input::lint::{Finding, Look, Row, Shows, lint, mends, page};
use windtunnel::input::tree::{Node, Value};
use windtunnel::input::{LoadOptions, Problems, Severity, patch, read};
use windtunnel::output::proof::Proof;

/// A file that is nowhere.
struct One(String);

impl Files for One {
    fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        if path == Path::new("fleet.json") { Ok(self.0.clone().into_bytes()) } else { Err(Unreadable::Missing) }
    }
}

fn yaml(path: &str) -> Node {
    let text = std::fs::read_to_string(path).expect("it is there");
    let mut problems = Problems::new();
    let root = read::read_text(path, text, &mut problems).expect("it can be read");
    assert!(problems.is_empty(), "{problems:?}");
    root
}

/// A fleet of the tests with a policy on it, as a file of Azure's.
fn file(fleet: &str, change: Option<&Node>) -> One {
    let Value::Seq(mut resources) = yaml(&format!("tests/lint/{fleet}.yaml")).value else { panic!("a list") };
    let mut problems = Problems::new();
    for (key, change) in change.map_or(&[][..], Node::entries) {
        assert!(patch::of_resource(&mut resources, key, change, &[], &mut problems), "{}", key.text);
    }
    assert!(problems.is_empty(), "{problems:?}");
    One(serde_json::Value::from_iter(resources.iter().map(Node::to_json)).to_string())
}

fn fleet(file: &One) -> Fleet {
    let (resources, said) = windtunnel_input::arm::load(
        file,
        Path::new("fleet.json"),
        windtunnel_input::arm::Beside::default(),
        windtunnel_input::arm::Kept::Modelled,
    );
    assert!(!said.has_errors(), "{said:?}");
    Fleet::of(resources, &said, &LoadOptions::default())
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|one| one.row.code).collect()
}

/// The cases by code: the file, and its findings.
fn cases() -> BTreeMap<String, One> {
    let cases = yaml("tests/lint/cases.yaml");
    let case = |node: &Node| {
        let (fleet, change) = &node.entries()[0];
        file(&fleet.text, Some(change))
    };
    cases.entries().iter().map(|(code, node)| (code.text.clone(), case(node))).collect()
}

#[test]
fn a_sound_fleet_has_no_finding() {
    for name in ["sound", "regions"] {
        let found = lint(&fleet(&file(name, None)));
        assert_eq!(codes(&found), [""; 0], "{name}");
    }
}

#[test]
fn every_finding_is_found_where_its_fault_is_and_its_fix_mends_it() {
    let cases = cases();
    for row in ROWS.iter().filter(|row| !matches!(row.look, Look::Rest)) {
        let fleet = fleet(cases.get(row.code).unwrap_or_else(|| panic!("{} has no case", row.code)));
        let found = lint(&fleet);
        let own: Vec<&Finding> = found.iter().filter(|one| one.row.code == row.code).collect();
        assert_eq!(own.len(), 1, "{}: {:?}", row.code, codes(&found));
        assert_eq!(own[0].severity, row.severity, "{}", row.code);
        if own[0].fix.as_ref().is_none_or(|fix| fix.get("regions").is_none()) {
            assert!(mends(&fleet, own[0], &LoadOptions::default()), "{}: {:?}", row.code, own[0].fix);
        }
    }
    assert!(cases.len() >= 40, "{}", cases.len());
}

/// The real files that lie beside the checkout, where they do: each with a scale set can be looked at, and each fix is of a resource
/// that is there.
#[test]
fn every_fix_is_of_a_resource_of_its_file() {
    let Ok(folders) = std::fs::read_dir("../shared/azure-samples") else {
        eprintln!("SKIPPED: there is no ../shared/azure-samples");
        return;
    };
    let mut looked = 0;
    for folder in folders.flatten().filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(folder.path()).expect("a folder").flatten() {
            let (resources, said) = windtunnel::input::arm::load(&file.path(), None, &[]);
            let fleet = Fleet::of(resources, &said, &LoadOptions::default());
            looked += usize::from(!fleet.sets.is_empty());
            for finding in lint(&fleet) {
                let Some(serde_json::Value::Object(fix)) = &finding.fix else { continue };
                let keys: Vec<String> = fleet.resources.iter().map(|one| fleet.key(one)).collect();
                let known = |key: &String| keys.contains(key) || key == "regions";
                assert!(fix.keys().all(known), "{}: {}: {fix:?}", file.path().display(), finding.row.code);
            }
        }
    }
    assert!(looked >= 250, "{looked}");
}

/// What the simulator shows of one case.
fn proven(code: &str, file: &One) -> Result<Proof, String> {
    let fleet = fleet(file);
    let findings = lint(&fleet);
    let finding = findings.iter().find(|one| one.row.code == code).expect("it is found");
    let elements = [Element { file: "fleet.json".to_owned(), ..Element::default() }];
    let draft = draft(file, "lint.yaml", &elements, &LoadOptions::default()).map_err(|report| report.to_string())?;
    // Which zone has the replicas of an image, or an instance of no zone, is drawn: one in three is the one that is lost.
    let count = if ["L0505", "L0907"].contains(&code) { 40 } else { 12 };
    prove(
        Drafted { files: file, name: "lint.yaml", draft: &draft, fleet: &fleet },
        finding,
        Seeds { first: 1, count, jobs: 2 },
    )
}

#[test]
fn every_finding_harms_more_than_its_fix() {
    let only = std::env::var("LINT").ok();
    let mut wrong = String::new();
    let (cases, mut proofs) = (cases(), 0);
    // The whole table: what is refused runs with its fix alone, which `mends` holds, and the rest of what Azure refuses has no fix.
    let shown = |row: &&&Row| row.shows != Shows::Accepted && !matches!(row.look, Look::Rest);
    for row in ROWS.iter().filter(shown).filter(|row| only.as_ref().is_none_or(|only| row.code.starts_with(only))) {
        let code = row.code;
        match proven(code, cases.get(code).unwrap_or_else(|| panic!("{code} has no case"))) {
            Ok(proof) if proof.holds() => {
                proofs += 1;
                eprintln!("{code} {}: {}", row.name, proof.sentence());
            }
            Ok(proof) => {
                wrong += &format!("{code} {} does not hold: {}\n{}\n", row.name, proof.sentence(), proof.json())
            }
            Err(why) => wrong += &format!("{code} {} cannot be run: {why}\n", row.name),
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(only.is_some() || proofs >= 40, "{proofs} findings are proven by their harm");
}

#[test]
fn what_azure_refuses_has_no_other_severity_and_the_rest_can_be_run() {
    for row in ROWS.iter().filter(|row| !matches!(row.look, Look::Rest)) {
        assert_eq!(row.severity == Severity::Error, row.shows == Shows::Accepted, "{}", row.code);
    }
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    let codes: Vec<&str> = ROWS.iter().map(|row| row.code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    let mut names: Vec<&str> = ROWS.iter().map(|row| row.name).collect();
    names.sort_unstable();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
}

#[test]
fn the_pages_are_current() {
    common::compare(Path::new("docs/lint/README.md"), &page::index());
    let mut known: Vec<PathBuf> = vec![PathBuf::from("docs/lint/README.md")];
    for row in ROWS.iter() {
        let path = Path::new("docs/lint").join(page::file(row));
        common::compare(&path, &page::page(row));
        known.push(path);
    }
    for entry in std::fs::read_dir("docs/lint").expect("a folder") {
        let path = entry.expect("an entry").path();
        assert!(known.contains(&path), "{} is the page of no finding", path.display());
    }
}

/// The fix of a finding of a sound fleet with this change.
fn fix(code: &str, change: &str) -> Option<serde_json::Value> {
    let mut problems = Problems::new();
    let change = read::read_text("change.yaml", change.to_owned(), &mut problems).expect("it can be read");
    let file = file("sound", Some(&change));
    let found = lint(&fleet(&file)).into_iter().find(|one| one.row.code == code)?;
    Some(found.fix.expect("it has one"))
}

/// A port that is for TLS is asked over TLS, and a port of which nobody knows what it speaks for a connection.
#[test]
fn a_fix_asks_a_port_for_what_it_speaks() {
    let connects = |port: u32| {
        format!(
            "scale-web: {{ $remove: true }}\n\
             lb-web: {{ properties: {{ probes: [{{ name: ready, properties: {{ protocol: Tcp, requestPath: null, port: {port} }} }}] }} }}\n"
        )
    };
    for (port, protocol) in [(80, "Http"), (443, "Https"), (8443, "Https")] {
        let fix = fix("L0302", &connects(port)).unwrap_or_else(|| panic!("{port}"));
        assert_eq!(fix["lb-web"]["properties"]["probes"][0]["properties"]["protocol"], protocol, "{port}");
    }
    let bare = |port: u32| {
        format!(
            "lb-web: {{ properties: {{ probes: [{{ name: ready, $remove: true }}], \
             loadBalancingRules: [{{ name: http, properties: {{ probe: null, backendPort: {port} }} }}] }} }}\n"
        )
    };
    for (port, protocol) in [(8080, "Http"), (443, "Https"), (5432, "Tcp")] {
        let fix = fix("L0303", &bare(port)).unwrap_or_else(|| panic!("{port}"));
        let probe = &fix["lb-web"]["properties"]["probes"][0]["properties"];
        assert_eq!(
            (&probe["protocol"], probe.get("requestPath").is_some()),
            (&protocol.into(), port != 5432),
            "{port}"
        );
    }
}

/// Where a region has no zones, no spread over zones is advised.
#[test]
fn nothing_is_said_of_zones_where_there_are_none() {
    let without = |region: &str| {
        format!(
            "scale-web: {{ $remove: true }}\n\
             vmss-web: {{ location: {region}, zones: null, properties: {{ platformFaultDomainCount: 1 }} }}\n"
        )
    };
    assert!(fix("L0505", &without("eastus")).is_some());
    for region in ["westus", "West US", "northcentralus"] {
        assert_eq!(fix("L0505", &without(region)), None, "{region}");
    }
}
