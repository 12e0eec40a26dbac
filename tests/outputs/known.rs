//! What shards and a cache spare: the report of the whole is the same, byte for byte, and nothing is run again.

use super::{Place, files, scenario};
use std::collections::BTreeMap;
use std::fs;
use std::process::{Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use windtunnel::experiment::suite::remembered::{Memory, Remembered, Wanted};
use windtunnel::experiment::suite::{File, Held, cases, run_or_recall};
use windtunnel::experiment::watch::Watch;
use windtunnel::input::{LoadOptions, load_text};
use windtunnel::threads::Threads;

/// Two scenarios of two policies each, with a baseline.
fn place() -> Place {
    let place = Place::new("s.yaml");
    fs::write(place.path("t.yaml"), scenario().replace("at: PT5M", "at: PT6M")).expect("written");
    place.said(&["test", "s.yaml", "t.yaml", "-n", "8", "--baseline", "kept", "--update-baseline"], 3);
    place
}

const TEST: [&str; 7] = ["test", "s.yaml", "t.yaml", "-n", "8", "--baseline", "kept"];

/// Everything that a call writes, but for the times that a clock decides.
fn everything(place: &Place, more: &[&str]) -> (BTreeMap<String, String>, Option<i32>) {
    let said = ["--github", "--azure-pipelines", "--events", "out.ndjson", "--format", "json"];
    let done = place.command(&[&TEST[..], &files()[..], &said, more].concat()).output().expect("it runs");
    let mut all: BTreeMap<String, String> = ["out.xml", "out.sarif", "out.json", "out.md", "out.ndjson"]
        .map(|name| (name.to_owned(), place.read(name)))
        .into();
    let timeless = |xml: String| -> String {
        let (first, rest) = xml.split_once(" time=\"").expect("it has times");
        let parts = rest.split(" time=\"").map(|part| part.split_once('"').expect("a time ends").1);
        std::iter::once(first).chain(parts).collect()
    };
    all.entry("out.xml".to_owned()).and_modify(|xml| *xml = timeless(std::mem::take(xml)));
    all.insert("stdout".to_owned(), String::from_utf8_lossy(&done.stdout).into_owned());
    let of_cache = |line: &&str| !line.contains("the cache");
    let commands = String::from_utf8_lossy(&done.stderr).lines().filter(of_cache).collect::<Vec<_>>().join("\n");
    all.insert("stderr".to_owned(), commands);
    (all, done.status.code())
}

fn shard(place: &Place, number: usize, more: &[&str]) -> Output {
    let (of, file) = (format!("{number}/3"), format!("{number}.shard"));
    let args = [&TEST[..], &["--partition", &of, "--results", &file], more].concat();
    place.command(&args).output().expect("it runs")
}

#[test]
fn merged_shards_are_the_whole_byte_for_byte() {
    let place = place();
    // What the baseline has and nobody tests any more is said once.
    let baseline = fs::read_to_string(place.path("kept/t.json")).expect("read");
    fs::write(place.path("kept/u.json"), baseline.replace("\"t\"", "\"u\"").replace("t.yaml", "s.yaml/u.yaml"))
        .expect("written");
    let whole = everything(&place, &[]);
    assert_eq!(whole.1, Some(3));
    for number in 1..=3 {
        shard(&place, number, &[]);
    }
    // In whatever order; from elsewhere than where they were written.
    fs::create_dir(place.path("all")).expect("made");
    fs::rename(place.path("2.shard"), place.path("all/two")).expect("moved");
    let merge = ["--merge", "3.shard", "1.shard", "all/two"];
    let merged = everything(&place, &merge);
    for (name, text) in &whole.0 {
        assert_eq!(*text, merged.0[name], "{name}");
    }
    assert_eq!(merged.1, whole.1);
    // For people, too.
    let human = |more: &[&str]| place.said(&[&TEST[..], more].concat(), 3);
    assert_eq!(human(&merge), human(&[]));
}

#[test]
fn shards_that_are_missing_doubled_or_of_something_else_are_named() {
    let place = place();
    (1..=3).for_each(|number| drop(shard(&place, number, &[])));
    let refused = |args: &[&str], words: &str| {
        let done = place.command(&[&TEST[..], args].concat()).output().expect("it runs");
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(2) && said.contains(words), "{words}: {said}");
        assert!(done.stdout.is_empty(), "nothing is reported");
    };
    refused(&["--merge", "1.shard", "3.shard"], "there is no file of shard 2 of 3");
    fs::copy(place.path("1.shard"), place.path("again.shard")).expect("copied");
    refused(
        &["--merge", "1.shard", "2.shard", "3.shard", "again.shard"],
        "1.shard and again.shard are both shard 1 of 3",
    );
    refused(&["--merge", "1.shard", "2.shard", "nowhere.shard"], "cannot read nowhere.shard");
    refused(&["--merge", "1.shard", "2.shard", "s.yaml"], "s.yaml is not the result of a shard");
    let good = place.read("2.shard");
    for (broken, words) in [
        (
            good.replacen("\"tookMs\":", "\"tookMs\":1", 1),
            "2.shard is not the result of a shard: it was changed after it was written",
        ),
        (good[..good.len() / 2].to_owned(), "2.shard is not the result of a shard"),
        (
            "{\"schemaVersion\":9}".to_owned(),
            "2.shard is a result of a shard of format 9, but this program reads format 1",
        ),
    ] {
        fs::write(place.path("2.shard"), broken).expect("written");
        refused(&["--merge", "1.shard", "2.shard", "3.shard"], words);
    }
    shard(&place, 2, &["--seed", "2"]);
    refused(&["--merge", "1.shard", "2.shard", "3.shard"], "1.shard begins with seed 1, and 2.shard with 2");
    shard(&place, 2, &["-E", "holds"]);
    refused(&["--merge", "1.shard", "2.shard", "3.shard"], "no shard has the test ");
    shard(&place, 2, &[]);
    let text = place.read("t.yaml");
    fs::write(place.path("t.yaml"), text.replace("at: PT6M", "at: PT7M")).expect("written");
    refused(&["--merge", "1.shard", "2.shard", "3.shard"], "no shard has the runs of t::as-written as it is here");
    // A title is read by no run.
    fs::write(place.path("t.yaml"), text.replace("title: \"", "title: \"Another ")).expect("written");
    place.said(&[&TEST[..], &["--merge", "1.shard", "2.shard", "3.shard"]].concat(), 3);
}

fn of_cache(place: &Place, more: &[&str]) -> String {
    let args = [&TEST[..], &["--cache", "cache"], more].concat();
    let done = place.command(&args).output().expect("it runs");
    String::from_utf8_lossy(&done.stderr).lines().filter(|line| line.contains("cache")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_cache_spares_what_did_not_change_and_changes_no_byte() {
    let place = place();
    let without = everything(&place, &[]);
    assert_eq!(of_cache(&place, &["-E", "holds"]), "0 of 4 policies from the cache in cache");
    // Of the same runs something else is asked: they are made again, and what was asked before stays known.
    assert_eq!(of_cache(&place, &[]), "0 of 4 policies from the cache in cache");
    assert_eq!(of_cache(&place, &["-E", "holds"]), "4 of 4 policies from the cache in cache");
    assert_eq!(everything(&place, &["--cache", "cache"]), without);
    assert_eq!(of_cache(&place, &[]), "4 of 4 policies from the cache in cache");
    // A title is read by no run; the instant of an action is, and of one scenario only.
    let text = place.read("t.yaml");
    fs::write(place.path("t.yaml"), text.replace("title: \"", "title: \"Another ")).expect("written");
    assert_eq!(of_cache(&place, &[]), "4 of 4 policies from the cache in cache");
    fs::write(place.path("t.yaml"), text.replace("at: PT6M", "at: PT7M")).expect("written");
    assert_eq!(of_cache(&place, &[]), "2 of 4 policies from the cache in cache");
    assert_eq!(of_cache(&place, &["--seed", "2"]), "0 of 4 policies from the cache in cache");
    let nine = ["test", "s.yaml", "t.yaml", "-n", "9", "--baseline", "kept", "--cache", "cache"];
    let done = place.command(&nine).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("0 of 4 policies from the cache in cache"), "{said}");
}

#[test]
fn what_is_damaged_in_a_cache_is_passed_over_and_said() {
    let place = place();
    let without = everything(&place, &[]);
    of_cache(&place, &[]);
    let paths = || -> Vec<std::path::PathBuf> {
        let mut all: Vec<_> =
            fs::read_dir(place.path("cache")).expect("listed").map(|entry| entry.expect("listed").path()).collect();
        all.sort();
        all
    };
    let good: Vec<String> = paths().iter().map(|path| fs::read_to_string(path).expect("read")).collect();
    assert_eq!(good.len(), 4);
    let damages: [(&str, String, &str); 4] = [
        ("a byte", good[0].replacen("0", "1", 3), "its checksum differs"),
        ("cut off", good[0][..good[0].len() / 3].to_owned(), "its checksum differs"),
        ("of other runs", good[1].clone(), "it holds other runs than its name says"),
        ("no JSON", "mine".to_owned(), "it is not of format 1"),
    ];
    for (name, damage, words) in damages {
        fs::write(&paths()[0], damage).expect("written");
        let said = of_cache(&place, &[]);
        assert!(said.contains("3 of 4 policies from the cache") && said.contains(words), "{name}: {said}");
        // It was made again.
        assert_eq!(of_cache(&place, &[]), "4 of 4 policies from the cache in cache", "{name}");
        assert_eq!(everything(&place, &["--cache", "cache"]), without, "{name}");
    }
    fs::remove_file(&paths()[0]).expect("removed");
    fs::create_dir(paths()[0].with_file_name("windtunnel-x.json")).expect("made");
    assert!(of_cache(&place, &[]).contains("3 of 4"));
    fs::write(place.path("no-folder"), "mine").expect("written");
    place.said(&["test", "s.yaml", "--cache", "no-folder"], 2);
}

#[test]
fn several_programs_use_one_cache_at_once() {
    let place = place();
    let args = [&TEST[..], &["--cache", "cache", "--format", "json"]].concat();
    let start = |_| place.command(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let all: Vec<_> = (0..4).map(start).collect();
    let said: Vec<String> =
        all.into_iter().map(|child| super::said(&child.wait_with_output().expect("it ends"), 3)).collect();
    assert!(said.windows(2).all(|two| two[0] == two[1]));
    assert_eq!(of_cache(&place, &[]), "4 of 4 policies from the cache in cache");
}

/// Whoever counts the runs.
#[derive(Default)]
struct Counted(AtomicUsize);

impl Watch for Counted {
    fn ran(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Remembers everything as the text in which it is kept.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<String, String>>);

impl Memory for Kept {
    fn recall(&self, wanted: &Wanted) -> Option<Remembered> {
        let text = format!("{{{}", self.0.lock().expect("alone").get(&wanted.key)?);
        Remembered::of(&serde_json::from_str(&text).expect("JSON"), &wanted.key)
    }

    fn keep(&self, wanted: &Wanted, runs: Remembered) {
        self.0.lock().expect("alone").insert(wanted.key.clone(), runs.text(&wanted.key));
    }
}

/// Two policies of eight runs are sixteen, and then none; of an edited scenario sixteen again.
#[test]
fn nothing_is_run_that_is_remembered() {
    let file = |text: String| {
        let loaded = load_text("s.yaml", text, &LoadOptions::default()).expect("it loads");
        [File { path: "s.yaml".into(), loaded, replications: 8, baseline: Held::No, drilled: None }]
    };
    let (kept, mut seen) = (Kept::default(), Vec::new());
    for (text, runs) in [(scenario(), 16), (scenario(), 0), (scenario().replace("at: PT5M", "at: PT6M"), 16)] {
        let (files, counted) = (file(text), Counted::default());
        let results = run_or_recall(&files, &cases(&files), 1, (&Threads(2), &counted), &kept).expect("it runs");
        assert_eq!(counted.0.load(Ordering::Relaxed), runs);
        seen.push(
            results
                .tested
                .iter()
                .map(|one| format!("{} {:?} {:?} {:?}", one.measured, one.why, one.moment, one.figures))
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(seen[0], seen[1]);
}
