//! The order of the keys of a scenario changes nothing but the order of rows, and quotes change nothing at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use windtunnel::experiment::judge::judge;
use windtunnel::experiment::replay::Replay;
use windtunnel::input::scenario::check::check;
use windtunnel::input::scenario::shape::Kind;
use windtunnel::input::tree::{Key, Node, Scalar, Source, Span, Value};
use windtunnel::input::{LoadOptions, Loaded, Problems, json, load, load_text, read};
use windtunnel::output::folder::summary_json;

/// The bits of SplitMix64, enough to shuffle by.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % end as u64) as usize
    }
}

/// The keys of every mapping in another order.
fn shuffle(node: &mut Node, random: &mut Random) {
    match &mut node.value {
        Value::Map(entries) => {
            for last in (1..entries.len()).rev() {
                entries.swap(last, random.below(last + 1));
            }
            entries.iter_mut().for_each(|(_, value)| shuffle(value, random));
        }
        Value::Seq(items) => items.iter_mut().for_each(|item| shuffle(item, random)),
        Value::Null | Value::Scalar(_) => {}
    }
}

fn root(path: &Path) -> Node {
    read::read_file(path, &mut Problems::new()).expect("it can be read")
}

/// Reads a scenario as if it were beside `path`, to which the files that it names are relative.
fn beside(path: &Path, end: &str, text: String) -> Loaded {
    let name = path.with_extension(end).display().to_string();
    load_text(&name, text, &LoadOptions::default()).unwrap_or_else(|report| panic!("{name}:\n{report}"))
}

fn shuffled(path: &Path, number: u64) -> Loaded {
    let mut root = root(path);
    shuffle(&mut root, &mut Random(number));
    beside(path, "json", json::print(&root))
}

/// Every single value in quotes.
fn quote(node: &mut Node) {
    match &mut node.value {
        Value::Map(entries) => entries.iter_mut().for_each(|(_, value)| quote(value)),
        Value::Seq(items) => items.iter_mut().for_each(quote),
        Value::Scalar(scalar) => scalar.quoted = true,
        Value::Null => {}
    }
}

/// YAML in braces, in which as little as can be stands in quotes.
fn bare(node: &Node) -> String {
    let word = |text: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "./%_+-".contains(letter);
        let safe = text.chars().all(plain) && text.starts_with(|first: char| first.is_ascii_alphanumeric());
        if safe && text != "null" { text.to_owned() } else { serde_json::json!(text).to_string() }
    };
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Scalar(scalar) => word(&scalar.text),
        Value::Seq(items) => format!("[{}]", items.iter().map(bare).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entry = |(key, value): &(Key, Node)| format!("{}: {}", word(&key.text), bare(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// What a run comes to, as its summary has it.
fn summary(loaded: &Loaded, policy: &str, seed: u64) -> String {
    let planned = loaded.plan(policy).expect("it was listed");
    let replay = Replay::new(&planned.plan, seed);
    let summary = summary_json("scenario", planned, &replay, &judge(&planned.expectations, &replay));
    format!("{summary:#}")
}

fn bundled() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let entries = std::fs::read_dir(folder).expect("scenarios are bundled");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "yaml"));
    paths.sort();
    paths
}

/// Digest, entries, measures, hash of the scenario, expectations: all of every bundled scenario under every policy.
#[test]
fn the_order_of_keys_changes_nothing_in_a_summary() {
    let mut differ = Vec::new();
    for path in bundled() {
        let written = load(&path, &LoadOptions::default()).expect("it loads");
        for number in 1..=3 {
            let other = shuffled(&path, number);
            for policy in written.policies() {
                let (first, second) = (summary(&written, policy, number), summary(&other, policy, number));
                if let Some((was, is)) = first.lines().zip(second.lines()).find(|(was, is)| was != is) {
                    differ.push(format!("{} {policy} {number}: {was} and {is}", written.name));
                }
            }
        }
    }
    assert!(differ.is_empty(), "{} runs differ:\n{}", differ.len(), differ.join("\n"));
}

/// Everything in quotes, and as little as can be: the same summary, with the same hash of the scenario.
#[test]
fn quotes_change_nothing_in_a_summary() {
    let mut differ = Vec::new();
    for path in bundled() {
        let written = load(&path, &LoadOptions::default()).expect("it loads");
        let mut root = root(&path);
        let plain = beside(&path, "yaml", bare(&root));
        quote(&mut root);
        let quoted = beside(&path, "json", json::print(&root));
        for policy in written.policies() {
            let first = summary(&written, policy, 1);
            for (how, other) in [("in quotes", &quoted), ("without", &plain)] {
                if let Some((was, is)) =
                    first.lines().zip(summary(other, policy, 1).lines()).find(|(was, is)| was != is)
                {
                    differ.push(format!("{} {policy} {how}: {was} and {is}", written.name));
                }
            }
        }
    }
    assert!(differ.is_empty(), "{} runs differ:\n{}", differ.len(), differ.join("\n"));
}

/// What is said of a value under a key of each kind is the same, in quotes or not. Only nothing cannot be quoted.
#[test]
fn quotes_change_no_meaning_of_any_kind_of_value() {
    const KINDS: [Kind; 12] = [
        Kind::Text,
        Kind::Word(&["true", "2", "keepAlive", "PT2M"]),
        Kind::Integer(0, 100),
        Kind::Number(0.0, 10.0),
        Kind::Duration,
        Kind::Percent(0.0, 100.0),
        Kind::Rate,
        Kind::Timestamp,
        Kind::Bool,
        Kind::Scalar,
        Kind::Either(&[Kind::Integer(0, 9), Kind::Word(&["auto"])]),
        Kind::List(&Kind::Text),
    ];
    const TEXTS: [&str; 17] = [
        "2",
        "-1",
        "010",
        "1.20",
        "1e3",
        "0x10",
        "true",
        "True",
        "no",
        "keepAlive",
        "auto",
        "PT2M",
        "2m 30s",
        "20%",
        "300 rps",
        "2026-03-10T09:00:00Z",
        "NULL",
    ];
    let said = |text: &str, quoted: bool, kind: &Kind| {
        let source = Arc::new(Source { name: "s".to_owned(), text: text.to_owned(), hidden: false });
        let span = Span { source, start: 0, end: text.len() };
        let node = Node { span, value: Value::Scalar(Scalar { text: text.to_owned(), quoted }) };
        let mut problems = Problems::new();
        check(&node, kind, "key", &mut problems);
        problems.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect::<Vec<_>>()
    };
    for kind in &KINDS {
        for text in TEXTS {
            assert_eq!(said(text, false, kind), said(text, true, kind), "{kind:?} {text}");
        }
    }
    for (text, is_null) in [("null", true), ("~", true), ("", true), ("'null'", false), ("'~'", false), ("\"\"", false)]
    {
        let root = read::read_text("s.yaml", format!("a: {text}\n"), &mut Problems::new()).expect("it is YAML");
        assert_eq!(root.entry("a").expect("it is there").1.is_null(), is_null, "{text}");
    }
}

/// Policies in another order are other rows, and the same: of a comparison as well, with its intervals and draws.
#[test]
fn the_order_of_policies_changes_the_order_of_rows_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut root = root(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/one-of-four.yaml"));
    let rows = ["first", "second"].map(|name| {
        std::fs::create_dir(folder.path().join(name)).expect("made");
        std::fs::write(folder.path().join(name).join("s.json"), json::print(&root)).expect("written");
        if let Value::Map(entries) = &mut root.value {
            let policies = entries.iter_mut().find(|(key, _)| key.text == "policies").expect("it has some");
            if let Value::Map(policies) = &mut policies.1.value {
                policies.reverse();
            }
        }
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"))
            .current_dir(folder.path().join(name))
            .args(["compare", "s.json", "-n", "12", "--vary-assumptions", "--out", "c"])
            .output()
            .expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        ["runs", "summary", "paired", "varied", "assumptions"].map(|table| {
            let text =
                std::fs::read_to_string(folder.path().join(name).join(format!("c/{table}.csv"))).expect("a table");
            let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
            rows.sort();
            rows
        })
    });
    assert!(rows[0].iter().all(|table| table.len() > 1));
    assert_eq!(rows[0], rows[1]);
}
