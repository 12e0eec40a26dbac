//! The order of the keys of a scenario changes nothing but the order of rows.

use std::path::{Path, PathBuf};
use windtunnel::experiment::judge::judge;
use windtunnel::experiment::replay::Replay;
use windtunnel::input::tree::{Node, Value};
use windtunnel::input::{LoadOptions, Loaded, Problems, json, load, load_text, read};
use windtunnel::output::folder::summary_json;

/// The bits of SplitMix64, enough to shuffle by.
struct Luck(u64);

impl Luck {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % end as u64) as usize
    }
}

/// The keys of every mapping in another order.
fn shuffle(node: &mut Node, luck: &mut Luck) {
    match &mut node.value {
        Value::Map(entries) => {
            for last in (1..entries.len()).rev() {
                entries.swap(last, luck.below(last + 1));
            }
            entries.iter_mut().for_each(|(_, value)| shuffle(value, luck));
        }
        Value::Seq(items) => items.iter_mut().for_each(|item| shuffle(item, luck)),
        Value::Null | Value::Scalar(_) => {}
    }
}

fn shuffled(path: &Path, number: u64) -> Loaded {
    let mut root = read::read_file(path, &mut Problems::new()).expect("it can be read");
    shuffle(&mut root, &mut Luck(number));
    // Files that it names are relative to its own.
    let name = path.with_extension("json").display().to_string();
    load_text(&name, json::print(&root), &LoadOptions::default()).unwrap_or_else(|report| panic!("{name}:\n{report}"))
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
