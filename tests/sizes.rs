//! Nothing that the program leaves behind outgrows a disk or a browser.
//!
//! The test runs 20,000 instances, which CI has time for, and says why a million are not more: everything in the report but
//! the ledger is full at 12,000 instances, and the ledger is full at 150,000 entries; the tables are held to their shares
//! byte by byte, whatever comes; `trace.json` to its events. `tests/plots.rs` has ten thousand entries of a timeline.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use windtunnel::disk::folder::{Draft, Foreigners, Wanted};
use windtunnel::disk::marker::Kind;
use windtunnel::experiment::judge::judge;
use windtunnel::experiment::replay::Replay;
use windtunnel::input::{LoadOptions, load};
use windtunnel::output::folder::write_tables;
use windtunnel::output::highlights::Highlights;
use windtunnel::output::html::ENTRIES_MOST;
use windtunnel::output::plots::PLOTS;
use windtunnel::output::room::{Room, SHARES, Shares};
use windtunnel::output::trace::EVENTS_MOST;

fn ran(folder: &Path, args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_windtunnel")).current_dir(folder).args(args).output();
    let output = output.expect("it starts");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The scenario that `new` writes with so many full sets behind its balancer.
fn fleet(folder: &Path, sets: usize) {
    ran(folder, &["new", "small"]);
    let text = fs::read_to_string(folder.join("small.yaml")).expect("it is written");
    let (head, rest) = text.split_once("  - type: Microsoft.Compute").expect("it has a set");
    let (set, rest) = rest.split_once("\n# What Azure cannot know").expect("and then the application");
    let (before, rest) = rest.split_once("# The policies to compare").expect("it has policies");
    let (_, expect) = rest.split_once("# What must hold").expect("and expectations");
    let expect: Vec<&str> =
        expect.lines().filter(|line| !line.contains("one-more") && !line.contains("harms users")).collect();
    let one = |n: usize| {
        let set = set.replace("vmss-small", &format!("vmss-{n}")).replace("capacity: 3 ", "capacity: 1000 ");
        let set =
            set.replace("orchestrationMode: Uniform", "orchestrationMode: Uniform\n      singlePlacementGroup: false");
        format!("  - type: Microsoft.Compute{set}")
    };
    let all: String = (0..sets).map(one).collect();
    let before = before.replace("450 rps", &format!("{} rps", 150_000 * sets)).replace("vmss-small", "vmss-0");
    let large = format!("{head}{all}\n# What Azure cannot know{before}# What must hold{}", expect.join("\n"));
    fs::write(folder.join("large.yaml"), large.replace("expect:\n", "")).expect("written");
}

#[test]
fn a_report_stays_small_however_large_the_fleet() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path();
    fleet(folder, 20);
    let said = ran(folder, &["run", "large.yaml", "--out", "out"]);
    let size = |name: &str| fs::metadata(folder.join("out").join(name)).expect("it is there").len() as usize;
    let entries = fs::read_to_string(folder.join("out/ledger.ndjson")).expect("it is text").lines().count();
    assert!((20_000..ENTRIES_MOST).contains(&entries), "the report has all {entries}");
    // What the report has of the fleet does not grow from here on; of the ledger it has no more than it may. An entry takes
    // no more than its share of the whole page.
    let report = size("report.html");
    let most = report + (ENTRIES_MOST - entries) * report / entries;
    assert!(most < 10_000_000, "{report} bytes at {entries} entries, so {most} at {ENTRIES_MOST}");
    // Nor does the trace: no event is longer than those of instances and their states.
    let trace = fs::read_to_string(folder.join("out/trace.json")).expect("it is text");
    let events = trace.lines().count();
    assert!(trace.len() / events * EVENTS_MOST < 35_000_000, "{} bytes for {events} events", trace.len());
    let tables = SHARES.ledger + SHARES.instances + SHARES.series;
    assert!(tables + 35_000_000 < 190_000_000, "the rest of 200 MB is for the pages and the pictures");
    // This fleet fits, and nothing is said.
    assert!(!folder.join("out/left-out.txt").exists());
    assert!(!String::from_utf8_lossy(&said.stdout).contains("--ledger whole"));
    let plots = PLOTS.iter().map(|plot| size(&format!("{}.svg", plot.name)) + size(&format!("{}.png", plot.name)));
    let pages = size("brief.html") + plots.sum::<usize>();
    assert!(pages < 2_000_000, "{pages} bytes of pictures and the brief");
    // What was asked for is in the command that repeats it.
    let whole = ran(folder, &["run", "small.yaml", "--ledger", "whole"]);
    assert!(String::from_utf8_lossy(&whole.stdout).contains("--seed 1 --ledger whole"));
}

/// A run of which a tenth fits: the tables keep to their shares, what is kept is what was promised, and the folder says
/// what is missing.
#[test]
fn what_does_not_fit_is_left_out_and_said() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/bad-bake-canary.yaml");
    let loaded = load(&path, &LoadOptions::default()).expect("it is bundled");
    let planned = loaded.plan("as-written").expect("always");
    let replay = Replay::new(&planned.plan, 1);
    let run = Highlights::of(&replay);
    let judged = judge(&planned.expectations, &replay);
    let written = |room: &Room<'_>| {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let to = temporary.path().join("run");
        let wanted = Wanted { kind: Kind::Run, of: "a.yaml", named: true, foreigners: Foreigners::Refuse };
        let mut draft = Draft::begin(&to, wanted).expect("an empty place");
        write_tables(&mut draft, "a.yaml", planned, &run, &judged, room).expect("they can be written");
        draft.finish().expect("it takes its place");
        let read = |name: &str| fs::read_to_string(to.join(name)).unwrap_or_default();
        ["ledger.csv", "ledger.ndjson", "instances.csv", "timeseries.csv", "summary.json", "left-out.txt"].map(read)
    };
    let whole = written(&Room::of(&run, windtunnel::output::room::Ledger::Fitting));
    assert!(whole[5].is_empty() && !whole[4].contains("leftOut"), "all of a small run is there");
    let share = |sizes: usize| sizes / 4;
    let shares = Shares {
        ledger: share(whole[0].len() + whole[1].len()),
        instances: share(whole[2].len()),
        series: share(whole[3].len()),
    };
    let room = Room::within(&run, shares);
    let [csv, ndjson, instances, series, summary, left_out] = written(&room);
    assert!(
        csv.len() + ndjson.len() <= shares.ledger + 100 && csv.lines().count() > 10,
        "{} bytes",
        csv.len() + ndjson.len()
    );
    assert!(instances.len() <= shares.instances + 300 && instances.lines().count() > 2, "{} bytes", instances.len());
    assert!(series.len() <= shares.series + 1_000 && series.lines().count() > 2, "{} bytes", series.len());
    assert_eq!(csv.lines().count(), ndjson.lines().count() + 1, "both have the same entries, and one a head");
    // Each line is one of the whole table, in its order, and whole.
    for (part, all) in [(&csv, &whole[0]), (&ndjson, &whole[1]), (&instances, &whole[2]), (&series, &whole[3])] {
        let mut lines = all.lines();
        assert!(part.ends_with('\n') && part.lines().all(|line| lines.any(|one| one == line)));
    }
    // What is about no instance is there before anything that is about one.
    let about_none = |record: &&windtunnel_sim::world::fact::Record| record.fact.instance().is_none();
    let (kept, all) = (room.ledger.iter().filter(about_none).count(), replay.ledger.iter().filter(about_none).count());
    assert!(kept == all || room.ledger.iter().filter(|record| !about_none(record)).count() < 40, "{kept} of {all}");
    let json: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(json["leftOut"]["ledger"]["all"], replay.ledger.len());
    assert_eq!(json["leftOut"]["ledger"]["kept"], room.ledger.len());
    assert!(left_out.contains(&format!("hold {} of {} entries", room.ledger.len(), replay.ledger.len())), "{left_out}");
    assert!(left_out.contains("windtunnel run --ledger whole"), "{left_out}");
    assert!(room.note().is_some_and(|note| note.contains("--ledger whole")));
}
