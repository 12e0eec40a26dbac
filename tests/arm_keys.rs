//! Nothing of Azure's files is swallowed: every key of the modelled types, as the models of Azure's own Python libraries have
//! them, is acted on, named as ignored, or warned about. `tests/azure-models/extract.py` writes the lists of keys.

use std::collections::BTreeSet;
use windtunnel::input::arm::shape::{self, Kind, Shape, matters};
use windtunnel::input::{LoadOptions, Severity, load_text};

/// The lists: of the newest libraries, and of those a year older.
const LISTS: [(&str, &str); 2] =
    [("2026-10", include_str!("azure-models/2026-10.txt")), ("2025-10", include_str!("azure-models/2025-10.txt"))];

/// Types that are read and that a run does not act on as a whole, which is said once for all of their keys (W0203).
const WHOLE: &[&str] =
    &["Microsoft.Compute/galleries/images/versions", "Microsoft.VirtualMachineImages/imageTemplates"];

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

/// In which list a key is, by its path in the models.
fn class(kind: &str, path: &str) -> Class {
    let (_, mut shape) = shape::resource(kind).expect("a modelled type");
    let segments: Vec<&str> = path.split('.').map(|part| part.trim_end_matches("[]")).collect();
    let mut walked: Vec<&str> = Vec::new();
    for segment in &segments {
        if *segment == "properties" && shape.inner.is_some() {
            shape = shape.inner.expect("just seen");
            continue;
        }
        walked.push(segment);
        let so_far = walked.join(".");
        if matters::of(kind).iter().any(|one| one.path.eq_ignore_ascii_case(&so_far)) {
            return Class::WarnedAbout; // With all that is below it.
        }
        if matters::IDLE.contains(segment) || OF_EVERY_RESOURCE.contains(segment) && shape.field(segment).is_none() {
            // Below what is idle, a single key can matter.
            let whole = segments.iter().filter(|part| **part != "properties").copied().collect::<Vec<_>>().join(".");
            let weighty = matters::of(kind).iter().any(|one| one.path.eq_ignore_ascii_case(&whole));
            return if weighty { Class::WarnedAbout } else { Class::Ignored };
        }
        let Some((_, field)) = shape.field(segment) else {
            return if shape.knows(segment) { Class::Ignored } else { Class::InNoList };
        };
        let Some(next) = object(field) else { return Class::ActedOn };
        shape = next;
    }
    Class::ActedOn
}

/// The object that a key holds, or a list of it.
fn object(kind: &'static Kind) -> Option<&'static Shape> {
    match kind {
        Kind::Object(shape) => Some(shape),
        Kind::List(of) => object(of),
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
        for (kind, path) in keys(list) {
            let class = class(kind, path);
            *counts.entry((when, class)).or_insert(0) += 1;
            if class == Class::InNoList && !WHOLE.contains(&kind) {
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

// A key that is said to be acted on is asked for somewhere, by its name.
#[test]
fn what_is_acted_on_is_read() {
    let mut source = String::new();
    let mut folders =
        vec![std::path::PathBuf::from("src/input/scenario"), std::path::PathBuf::from("src/output/azure_json")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                source += &std::fs::read_to_string(entry).expect("a file");
            }
        }
    }
    let mut unread: BTreeSet<&str> = BTreeSet::new();
    for (_, list) in LISTS {
        for (kind, path) in keys(list).filter(|(kind, _)| !WHOLE.contains(kind)) {
            let last = path.rsplit('.').next().unwrap_or(path).trim_end_matches("[]");
            if class(kind, path) == Class::ActedOn && is_field(kind, path) && !source.contains(&format!("\"{last}\"")) {
                unread.insert(path);
            }
        }
    }
    assert!(unread.is_empty(), "nobody asks for {unread:#?}");
}

/// Whether the tables have the key itself, and not only an open value above it.
fn is_field(kind: &str, path: &str) -> bool {
    let (_, mut shape) = shape::resource(kind).expect("a modelled type");
    for segment in path.split('.').map(|part| part.trim_end_matches("[]")) {
        if segment == "properties" && shape.inner.is_some() {
            shape = shape.inner.expect("just seen");
            continue;
        }
        let Some((_, field)) = shape.field(segment) else { return false };
        match object(field) {
            Some(next) => shape = next,
            None => return path.rsplit('.').next().is_some_and(|last| last.trim_end_matches("[]") == segment),
        }
    }
    path.rsplit('.').next() != Some("properties")
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
    for key in [
        "applicationGatewayBackendAddressPools",
        "enableAutomaticUpgrade",
        "diffDiskSettings",
        "patchSettings.patchMode",
    ] {
        assert!(said.iter().any(|message| message.contains(key)), "nothing is said of {key}: {said:#?}");
    }
}
