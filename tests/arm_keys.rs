//! Nothing of Azure's files is swallowed: every key of the modelled types, as the models of Azure's own Python libraries have
//! them, is acted on, named as ignored, or warned about. `tests/azure-models/extract.py` writes the lists of keys.

use std::collections::BTreeSet;
use windtunnel::input::arm::shape::field::{Live, Row};
use windtunnel::input::arm::shape::{Kind, Shape};
use windtunnel::input::arm::{self, shape};
use windtunnel::input::{LoadOptions, Severity, load_text};

/// The lists: of the newest libraries, and of those a year older.
const LISTS: [(&str, &str); 2] =
    [("2026-10", include_str!("azure-models/2026-10.txt")), ("2025-10", include_str!("azure-models/2025-10.txt"))];

/// Keys that say nothing of how a fleet behaves, wherever they stand.
const OF_EVERY_RESOURCE: &[&str] = &[
    "id",
    "name",
    "type",
    "location",
    "tags",
    "etag",
    "systemData",
    "provisioningState",
    "uniqueId",
    "timeCreated",
    "resourceGuid",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    ActedOn,
    Ignored,
    WarnedAbout,
    InNoList,
}

/// Kept of a resource of which a scenario says elsewhere what can matter, and it cannot.
const IDLE: &[&str] = &["publishedDate"];

/// In which list a key is, by its path in the models.
fn class(kind: &str, path: &str) -> Class {
    let (_, mut shape) = shape::resource(kind).expect("a modelled type");
    let elsewhere = shape.elsewhere;
    // Below what is kept, a single key can matter.
    let mut acted_on = Class::ActedOn;
    for segment in path.split('.').map(|part| part.trim_end_matches("[]")) {
        if *segment == *"properties" && shape.inner.is_some() {
            shape = shape.inner.expect("just seen");
            continue;
        }
        if shape.weighty(segment).is_some() {
            return Class::WarnedAbout; // With all that is below it.
        }
        let of_every_resource = OF_EVERY_RESOURCE.contains(&segment);
        let Some(row) = shape.row(segment) else {
            let is_ignored = acted_on == Class::Ignored || of_every_resource || shape.knows(segment);
            return if is_ignored { Class::Ignored } else { Class::InNoList };
        };
        if matches!(row, Row::Kept(..)) && !elsewhere {
            acted_on = Class::Ignored;
        }
        let Some(next) = object(row.kind()) else {
            // Where nothing is acted on, a key that the tables have is in no list by that.
            let names_it = of_every_resource || IDLE.contains(&segment);
            return match elsewhere {
                true if names_it => Class::Ignored,
                true => Class::InNoList,
                false => acted_on,
            };
        };
        shape = next;
    }
    acted_on
}

fn is_elsewhere(kind: &str) -> bool {
    shape::resource(kind).is_some_and(|(_, shape)| shape.elsewhere)
}

/// The object that a key holds, or a list of it.
fn object(kind: Kind) -> Option<&'static Shape> {
    match kind {
        Kind::Object(shape) => Some(shape),
        Kind::List(of) => object(*of),
        _ => None,
    }
}

fn keys(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

#[test]
fn every_key_of_azures_models_is_in_a_list() {
    let mut lost: BTreeSet<String> = BTreeSet::new();
    let mut counts = std::collections::BTreeMap::new();
    for (when, list) in LISTS {
        let all: BTreeSet<(&str, &str)> = keys(list).collect();
        // An object is in the lists by its keys.
        let holds = |kind: &str, path: &str| {
            let below = [format!("{path}."), format!("{path}[].")];
            all.iter().any(|(of, other)| *of == kind && below.iter().any(|start| other.starts_with(start.as_str())))
        };
        for (kind, path) in keys(list).filter(|(kind, path)| !is_elsewhere(kind) || !holds(kind, path)) {
            let class = class(kind, path);
            *counts.entry((when, class)).or_insert(0) += 1;
            if class == Class::InNoList {
                lost.insert(format!("{kind} {path}"));
            }
        }
    }
    let lost: Vec<String> = lost.into_iter().collect();
    assert!(lost.is_empty(), "{} keys are in no list:\n{}", lost.len(), lost.join("\n"));
    for ((when, class), count) in &counts {
        assert!(*class == Class::InNoList || *count >= 15, "{when} has only {count} keys {class:?}");
    }
}

// A property that is said to be acted on is asked for somewhere, by its name in this program.
#[test]
fn what_is_acted_on_is_read() {
    let mut source = String::new();
    let mut folders = vec![std::path::PathBuf::from("input/src/scenario")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                source += &std::fs::read_to_string(entry).expect("a file");
            }
        }
    }
    // What the tables themselves read for others.
    source += include_str!("../input/src/arm/shape/scale_set.rs").split("pub fn ").skip(1).collect::<String>().as_str();
    let asks = |name: &str| source.contains(&format!("{name}.")) || source.contains(&format!("&{name}"));
    let mut unread: Vec<&str> = Vec::new();
    for (_, shape) in shape::RESOURCES {
        names(shape, &mut |name| {
            if !asks(name) {
                unread.push(name);
            }
        });
    }
    assert!(unread.is_empty(), "nobody asks for {unread:?}");
}

/// The names of the properties of an object that are acted on, and of those inside it.
fn names(shape: &'static Shape, found: &mut impl FnMut(&'static str)) {
    for row in shape.rows {
        // What a write of it takes is all that counts of some: passwords, keys.
        if let Row::ActedOn(name, ..) = row
            && !matches!(row.live(), Some(Live::Takes(_)))
        {
            found(name);
        }
        if let Some(inner) = object(row.kind()) {
            names(inner, found);
        }
    }
    if let Some(inner) = shape.inner {
        names(inner, found);
    }
}

// Of a type on which nothing acts, every key that can matter is named once, with where a scenario says it.
#[test]
fn what_is_said_elsewhere_is_said_once() {
    let text = r#"{
      "type": "Microsoft.Compute/galleries/images/versions", "name": "gallery/web/1.0.0", "location": "eastus",
      "properties": {
        "publishingProfile": { "excludeFromLatest": true, "replicationMode": "Full", "targetRegions": [{ "name": "eastus" }] },
        "safetyProfile": { "allowDeletionOfReplicatedLocations": false }
      }
    }"#;
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("one-version.json");
    std::fs::write(&path, text).expect("a folder for tests");
    let (_, problems) = arm::load(&path, None, &[]);
    let said: Vec<_> = problems.iter().filter(|one| one.message.contains("gallery/web/1.0.0")).collect();
    let of_keys: Vec<_> = said.iter().filter(|one| one.code == "W0511").collect();
    assert_eq!(of_keys.len(), 1, "{said:#?}");
    assert!(of_keys[0].message.contains("3 of its keys can affect a rollout"), "{}", of_keys[0].message);
    let help = of_keys[0].help.as_deref().unwrap_or_default();
    for key in ["`publishingProfile.excludeFromLatest`", "`publishingProfile.targetRegions`", "`safetyProfile`"] {
        assert!(help.contains(key), "{help}");
    }
    // Full is what Azure does where nothing is said.
    assert!(!help.contains("replicationMode"), "{help}");
}

// A file of nine settings that a rollout can turn on, of which nothing was said: each is warned about, acted on or refused.
#[test]
fn what_can_matter_is_said() {
    let text = include_str!("azure-models/silently-accepted.json").to_owned();
    let outcome = load_text("silently-accepted.json", text, &LoadOptions::default());
    let problems = match &outcome {
        Ok(loaded) => &loaded.problems,
        Err(report) => report.problems(),
    };
    let said: Vec<&str> =
        problems.iter().filter(|one| one.severity != Severity::Note).map(|one| one.message.as_str()).collect();
    for key in ["application gateway", "enableAutomaticUpgrade", "diffDiskSettings", "patchSettings.patchMode"] {
        assert!(said.iter().any(|message| message.contains(key)), "nothing is said of {key}: {said:#?}");
    }
}
