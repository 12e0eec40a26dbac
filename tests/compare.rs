//! `compare`: the same bytes on any number of threads and after any interruption, the same random numbers for all policies, and refusals
//! that leave nothing behind.

#[path = "compare/made_up.rs"]
mod made_up;

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use windtunnel::disk::marker;
use windtunnel::experiment::compare::compare;
use windtunnel::experiment::replicate::{Done, Replications, Watcher};
use windtunnel::experiment::statistics::Verdict;
use windtunnel::input::{LoadOptions, Loaded, load};
use windtunnel::output::comparison::tables;
use windtunnel::output::journal::{Identity, Journal};
use windtunnel::threads::replicate;
use windtunnel_sim::plan::Plan;

const SCENARIO: &str = "scenarios/stale-image-scale-out.yaml";

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Runs `compare` into a folder.
fn ran(to: &Path, more: &[&str]) -> assert_cmd::assert::Assert {
    program().args(["compare", SCENARIO, "--out"]).arg(to).args(more).assert()
}

fn stale_image() -> Loaded {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(SCENARIO), &LoadOptions::default()).expect("it is bundled")
}

/// Everything a comparison leaves but the blocks, which depend on when they were written.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.expect("listed").path();
        let name = path.file_name().expect("named").to_string_lossy().into_owned();
        (path.is_file() && name != marker::NAME).then(|| (name, fs::read(&path).expect("readable")))
    };
    fs::read_dir(folder).expect("the folder is there").filter_map(read).collect()
}

#[track_caller]
fn same(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        assert!(bytes == &other[name], "{name} differs");
    }
    assert!(one.contains_key("runs.csv") && one.contains_key("compare.json"));
}

#[test]
fn threads_change_no_byte() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = |jobs: &str| temporary.path().join(jobs);
    for jobs in ["1", "2", "8"] {
        ran(&folder(jobs), &["--replications", "30", "--jobs", jobs]).success();
    }
    same(&folder("1"), &folder("2"));
    same(&folder("1"), &folder("8"));
}

#[test]
fn policies_share_seeds_and_rows_are_whole() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    ran(temporary.path(), &["--replications", "5", "--seed", "40", "--policies", "baked-image,slow-trigger"]).success();
    let text = fs::read_to_string(temporary.path().join("runs.csv")).expect("it is written");
    assert!(!text.contains('\r') && text.ends_with('\n'));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().expect("a head").iter().collect::<Vec<_>>(), tables::RUNS);
    let mut seeds: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut censored = 0;
    for row in reader.records() {
        let row = row.expect("a row");
        let of = seeds.entry(row[1].to_owned()).or_default();
        let pair = (row[2].to_owned(), row[3].to_owned());
        if of.last() != Some(&pair) {
            of.push(pair);
        }
        // A column of numbers has numbers and `NA` alone; what is neither stands in `text`.
        let number = row[6].parse::<f64>().is_ok();
        assert!(number || row[6] == *"NA", "{row:?}");
        assert!(["true", "false"].contains(&&row[7]) && number == row[8].is_empty(), "{row:?}");
        censored += u32::from(row[7] == *"true");
    }
    assert_eq!(censored, 0, "in this scenario every harm ends before the horizon");
    // The reference is there although it was not asked for.
    assert_eq!(seeds.keys().collect::<Vec<_>>(), ["as-written", "baked-image", "slow-trigger"]);
    let wanted: Vec<(String, String)> = (0..5).map(|i| (i.to_string(), (40 + i).to_string())).collect();
    assert!(seeds.values().all(|of| *of == wanted), "{seeds:?}");
    for (name, columns) in [("summary.csv", tables::SUMMARY.len()), ("paired.csv", tables::PAIRED.len())] {
        let text = fs::read_to_string(temporary.path().join(name)).expect("it is written");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        // The reader refuses rows of unequal length.
        assert!(reader.records().all(|row| row.is_ok_and(|row| row.len() == columns)), "{name}");
    }
}

/// Keeps what is done and stops after so many runs.
struct Until<'a> {
    journal: Journal,
    left: usize,
    stop: &'a AtomicBool,
}

impl Watcher for Until<'_> {
    fn done(&mut self, runs: &[Done]) -> anyhow::Result<()> {
        for run in runs {
            self.journal.done(std::slice::from_ref(run))?;
            self.left = self.left.saturating_sub(1);
            // Blocks of seven runs, so that there are several.
            if self.left.is_multiple_of(7) {
                self.journal.flush()?;
            }
        }
        if self.left == 0 {
            self.stop.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

struct Nobody;

impl Watcher for Nobody {
    fn done(&mut self, _: &[Done]) -> anyhow::Result<()> {
        Ok(())
    }
}

fn identity(names: &[&str]) -> Identity {
    Identity {
        model_version: "1".into(),
        scenario: "stale".into(),
        policies: names.iter().map(|name| ((*name).to_owned(), "hash".to_owned())).collect(),
        first_seed: 1,
        replications: "20".into(),
    }
}

fn runs_csv(runs: &Replications) -> Vec<u8> {
    let mut out = Vec::new();
    tables::runs_csv("stale", &compare(runs, 0, None), &mut out).expect("memory does not fail");
    out
}

#[test]
fn an_interruption_anywhere_changes_no_byte() {
    let loaded = stale_image();
    let names: Vec<&str> = loaded.policies().collect();
    let plans: Vec<&Plan> = names.iter().map(|name| &loaded.plan(name).expect("listed").plan).collect();
    let mut whole = Replications::new(1, &names);
    replicate(None, &plans, &mut whole, 20, 1, &AtomicBool::new(false), &mut Nobody).expect("nothing is written");
    let wanted = runs_csv(&whole);
    // At every point but the last, with one thread and with two; of every third the last block is lost as well.
    for after in 1..whole.runs() {
        let (jobs, lose_last) = (1 + after % 2, after % 3 == 0);
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = temporary.path().join("blocks");
        let (stop, mut runs) = (AtomicBool::new(false), Replications::new(1, &names));
        let journal = Journal::create(&folder, &identity(&names)).expect("it can be written");
        let mut until = Until { journal, left: after, stop: &stop };
        replicate(None, &plans, &mut runs, 20, jobs, &stop, &mut until).expect("it can be written");
        until.journal.flush().expect("it can be written");
        assert!(runs.runs() >= after && runs.complete() <= 20);
        if lose_last {
            let mut blocks: Vec<PathBuf> =
                fs::read_dir(&folder).expect("there").map(|e| e.expect("there").path()).collect();
            blocks.sort();
            let last = blocks.iter().rev().find(|path| !path.ends_with("identity.json")).expect("there are blocks");
            fs::remove_file(last).expect("it can be deleted");
        }
        let mut runs = Replications::new(1, &names);
        let mut journal = Journal::resume(&folder, &identity(&names), &mut runs).expect("it is the same");
        let kept = runs.runs();
        assert!(kept > 0 || lose_last || after < names.len(), "what was done is kept, {after}");
        replicate(None, &plans, &mut runs, 20, 3 - jobs, &AtomicBool::new(false), &mut journal)
            .expect("it can be written");
        assert!(runs_csv(&runs) == wanted, "after {after} runs");
    }
}

#[test]
fn only_the_same_comparison_is_carried_on() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path().join("blocks");
    let own = identity(&["as-written", "b"]);
    Journal::create(&folder, &own).expect("it can be written");
    let refused = |other: Identity| {
        let mut runs = Replications::new(1, &["as-written", "b"]);
        format!("{:#}", Journal::resume(&folder, &other, &mut runs).expect_err("it is another"))
    };
    let model = refused(Identity { model_version: "2".into(), ..own.clone() });
    assert!(model.contains("the version of the model was 1 and is now 2"), "{model}");
    let seed = refused(Identity { first_seed: 5, ..own.clone() });
    assert!(seed.contains("the first seed was 1 and is now 5"), "{seed}");
    let count = refused(Identity { replications: "21".into(), ..own.clone() });
    assert!(count.contains("the number of replications was 20 and is now 21"), "{count}");
    let changed = [("as-written".to_owned(), "other".to_owned()), ("b".to_owned(), "hash".to_owned())];
    let scenario = refused(Identity { policies: changed.into(), ..own.clone() });
    assert!(scenario.contains("the scenario has changed since"), "{scenario}");
    let policies = refused(identity(&["as-written", "c"]));
    assert!(policies.contains("the policies were as-written,b and are now as-written,c"), "{policies}");
    fs::write(folder.join("000000.json"), "{ half").expect("it can be written");
    let broken = refused(own);
    assert!(broken.contains("000000.json cannot be used; delete it"), "{broken}");
}

/// Each byte of a block is changed in turn, and once the block is cut off at each: none of them is taken for what was run.
#[test]
fn a_block_that_was_changed_is_refused_with_its_name_and_what_to_do() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let to = temporary.path().join("out");
    let few = ["--replications", "2", "--policies", "baked-image"];
    ran(&to, &few).success();
    let block = to.join("blocks/000000.json");
    let whole = fs::read(&block).expect("it is there");
    let identity = fs::read_to_string(to.join("blocks/identity.json")).expect("it is there");
    let identity: serde_json::Value = serde_json::from_str(&identity).expect("JSON");
    let text = |key: &str| identity[key].as_str().expect("a word").to_owned();
    let policies = identity["policies"].as_array().expect("a list").iter();
    let policy = |one: &serde_json::Value| {
        (one["name"].as_str().expect("a name").to_owned(), one["scenarioHash"].as_str().expect("a hash").to_owned())
    };
    let identity = Identity {
        model_version: text("modelVersion"),
        scenario: text("scenario"),
        policies: policies.map(policy).collect(),
        first_seed: 1,
        replications: text("replications"),
    };
    let resumed = || {
        let mut runs = Replications::new(1, &["as-written", "baked-image"]);
        Journal::resume(&to.join("blocks"), &identity, &mut runs).map(|_| runs.runs())
    };
    assert_eq!(resumed().expect("it is as it was written"), 4);
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        // Another digit where there is a digit, so that what is read would be a number still.
        changed[at] = match changed[at] {
            b'9' => b'0',
            digit @ b'0'..=b'8' => digit + 1,
            other => other ^ 1,
        };
        for bytes in [&changed[..], &whole[..at]] {
            fs::write(&block, bytes).expect("it can be written");
            let refused = resumed().map_err(|error| format!("{error:#}")).expect_err("it was changed");
            assert!(refused.contains("000000.json") && (refused.contains("delete it") || at < 20), "{at}: {refused}");
        }
    }
    // One digit of a value, by the program: no number of it comes out.
    let mut changed = whole.clone();
    let digit = changed.iter().rposition(|byte| (b'1'..=b'8').contains(byte)).expect("there are numbers");
    changed[digit] += 1;
    fs::write(&block, &changed).expect("it can be written");
    let refused = ran(&to, &[&few[..], &["--resume"]].concat()).code(2);
    let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(said.contains("blocks/000000.json cannot be used; delete it, and its runs are made again"), "{said}");
    assert!(said.contains("it was changed after it was written"), "{said}");
    assert!(refused.get_output().stdout.is_empty(), "no number comes out");
}

#[test]
fn a_policy_against_itself_is_no_different() {
    let loaded = stale_image();
    let plan = &loaded.plan("as-written").expect("always").plan;
    let mut runs = Replications::new(1, &["one", "again"]);
    replicate(None, &[plan, plan], &mut runs, 12, 2, &AtomicBool::new(false), &mut Nobody).expect("nothing is written");
    let comparison = compare(&runs, 0, None);
    for (column, paired) in comparison.columns.iter().zip(&comparison.policies[1].paired) {
        if let Some(difference) = paired.difference {
            assert_eq!((difference.mean, difference.sd, paired.verdict), (0.0, 0.0, Verdict::Same), "{}", column.name);
        } else {
            // A word has no difference, and is not missing for that.
            let is_word = ["rollout.outcome", "rollout.error_code", "repairs.loop"].contains(&column.name.as_str());
            assert!(paired.missing == 12 || is_word, "{}", column.name);
        }
    }
}

#[test]
fn what_cannot_be_done_exits_with_2_and_leaves_nothing() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let to = temporary.path().join("out");
    let cases: [(&[&str], &str); 9] = [
        (&["--policies", "baked-imag"], "did you mean `baked-image`?"),
        (&["--policies", "as-written,as-written"], "the policy `as-written` is listed twice"),
        (&["--reference", "nobody"], "there is no policy `nobody`"),
        (&["--replications", "0"], "must be from 1 to 10000000, or auto"),
        (&["--replications", "some"], "must be from 1 to 10000000, or auto"),
        (&["--jobs", "0"], "0 is not in 1..=1024"),
        (&["--seed", "18446744073709551615"], "there are fewer than 200 seeds from"),
        (
            &["--replications", "auto", "--measure", "blast_radius.request_pct"],
            "did you mean `blast_radius.requests_pct`?",
        ),
        (
            &["--replications", "auto", "--measure", "blast_radius.users_pct"],
            "is not computed: the scenario gives no users",
        ),
    ];
    for (more, words) in cases {
        let refused = ran(&to, more).code(2);
        let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
        assert!(said.contains(words), "{more:?}: {said}");
        assert!(refused.get_output().stdout.is_empty() && !to.exists(), "{more:?} left something");
    }
    ran(&to, &["--resume"]).code(2);
    assert!(!to.exists());
    // A file stands where the folder would have to be made.
    let file = temporary.path().join("file");
    fs::write(&file, "kept").expect("it can be written");
    ran(&file.join("below"), &[]).code(2);
    ran(&file, &[]).code(2);
    assert_eq!(fs::read_to_string(&file).expect("it is still there"), "kept");
    // A folder of something else is left alone.
    fs::create_dir(&to).expect("it can be made");
    fs::write(to.join("thesis.txt"), "years of work").expect("it can be written");
    ran(&to, &[]).code(2);
    assert_eq!(files(&to).len(), 1);
}

#[test]
fn json_is_that_of_the_folder_and_a_finished_comparison_may_be_made_anew() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let to = temporary.path().join("out");
    let run = ["--replications", "8", "--format", "json"];
    let first = ran(&to, &run).success();
    let json: serde_json::Value = serde_json::from_slice(&first.get_output().stdout).expect("it is JSON");
    assert_eq!(json["replications"], 8);
    assert_eq!(json["policies"][1]["measures"][0]["paired"]["verdict"], "better");
    assert_eq!(first.get_output().stdout, files(&to)["compare.json"]);
    let again = ran(&to, &run).success();
    assert_eq!(first.get_output().stdout, again.get_output().stdout);
    let resumed = ran(&to, &[&run[..], &["--resume"]].concat()).success();
    assert_eq!(first.get_output().stdout, resumed.get_output().stdout);
    // What the user deleted comes back.
    fs::remove_file(to.join("compare.json")).expect("it can be deleted");
    ran(&to, &run).success();
    assert_eq!(first.get_output().stdout, files(&to)["compare.json"]);
}

#[test]
fn auto_stops_when_it_knows_and_says_when_it_may_not() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = |name: &str| temporary.path().join(name);
    for jobs in ["1", "2"] {
        let few = ["--replications", "auto", "--policies", "baked-image,slow-trigger", "--jobs", jobs];
        ran(&folder(jobs), &few).success();
    }
    same(&folder("1"), &folder("2"));
    let json: serde_json::Value = serde_json::from_slice(&files(&folder("1"))["compare.json"]).expect("it is JSON");
    assert_eq!(
        (&json["settled"]["done"], &json["policies"][1]["measures"][0]["paired"]["method"]),
        (&true.into(), &"robbins-mixture".into())
    );
    assert!(json["replications"].as_u64().is_some_and(|count| (100..500).contains(&count)), "{}", json["replications"]);
    let cut = ran(&folder("cut"), &["--replications", "auto", "--at-most", "5", "--policies", "baked-image"]).code(7);
    assert!(String::from_utf8_lossy(&cut.get_output().stdout).contains("are not enough for"));
}

/// Whoever reads a table while it is made anew reads the old one or the new one, whole; and so it is with each block.
#[test]
fn a_reader_never_sees_half_a_line() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let to = temporary.path().join("out");
    ran(&to, &["--replications", "5"]).success();
    let old = files(&to);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["compare", SCENARIO, "--replications", "300", "--out"])
        .arg(&to);
    let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("it starts");
    let mut seen: BTreeMap<&str, std::collections::BTreeSet<Vec<u8>>> = BTreeMap::new();
    let mut blocks = 0;
    while child.try_wait().expect("it can be asked").is_none() {
        for name in ["runs.csv", "summary.csv", "paired.csv", "compare.json"] {
            seen.entry(name).or_default().extend(fs::read(to.join(name)));
        }
        for entry in fs::read_dir(to.join("unfinished/blocks")).into_iter().flatten().flatten() {
            let path = entry.path();
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let Ok(text) = fs::read_to_string(&path) else { continue };
            blocks += usize::from(!hidden);
            assert!(hidden || serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{} is whole", path.display());
        }
    }
    assert!(child.wait().expect("it ended").success());
    let new = files(&to);
    for (name, texts) in &seen {
        assert!(texts.contains(&old[*name]), "{name} was read while the new one was made");
        assert!(texts.iter().all(|text| *text == old[*name] || *text == new[*name]), "{name}: old or new, and whole");
    }
    assert!(blocks > 0, "blocks were read while they grew");
}

/// Varied assumptions: one draw a replication for every policy, on any number of threads, and after a comparison that was
/// made without them.
#[test]
fn varied_assumptions_are_shared_by_policies_and_change_with_no_thread() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = |name: &str| temporary.path().join(name);
    let few = ["--replications", "60", "--policies", "baked-image,slow-trigger"];
    for jobs in ["1", "3"] {
        ran(&folder(jobs), &[&few[..], &["--vary-assumptions", "--jobs", jobs]].concat()).success();
    }
    same(&folder("1"), &folder("3"));
    ran(&folder("later"), &few).success();
    let plain = files(&folder("later"));
    assert!(!plain.contains_key("varied.csv"));
    ran(&folder("later"), &[&few[..], &["--vary-assumptions", "--resume"]].concat()).success();
    same(&folder("1"), &folder("later"));
    let varied = files(&folder("1"));
    for name in ["runs.csv", "summary.csv", "paired.csv"] {
        assert!(varied[name] == plain[name], "{name} is of the fixed assumptions");
    }
    // Once more without: what was varied is gone.
    ran(&folder("later"), &[&few[..], &["--resume"]].concat()).success();
    assert!(files(&folder("later")) == plain);

    let json: serde_json::Value = serde_json::from_slice(&varied["compare.json"]).expect("it is JSON");
    let verdicts = json["varied"]["verdicts"].as_array().expect("a list");
    for verdict in verdicts {
        let count = |key: &str| verdict[key].as_u64().expect("a count");
        assert_eq!(
            count("holds") + count("same") + count("turned") + count("missing") + count("nothing"),
            60,
            "{verdict}"
        );
    }
    // A baked image serves no stale request under any assumption, so it is never worse.
    let baked =
        verdicts.iter().find(|one| one["policy"] == "baked-image" && one["measure"] == "blast_radius.requests_pct");
    let baked = baked.expect("it is better, and so held");
    assert_eq!((&baked["verdict"], &baked["turned"]), (&"better".into(), &0.into()));
    assert!(baked["holds"].as_u64().is_some_and(|holds| holds > 0));
    let mut draws = csv::Reader::from_reader(&varied["assumptions.csv"][..]);
    let rows: Vec<csv::StringRecord> = draws.records().map(|row| row.expect("a row")).collect();
    let drawn = json["varied"]["drawn"].as_array().expect("a list").len();
    assert_eq!(rows.len(), 60 * drawn);
    let of = |key: &str| rows.iter().filter(|row| row[2] == *key).map(|row| row[3].to_owned()).collect::<Vec<_>>();
    let boots: std::collections::BTreeSet<String> = of("vm.boot_linux").into_iter().collect();
    assert!(boots.len() > 50, "each replication has its own");
    let many = ["--replications", "300", "--policies", "baked-image,slow-trigger", "--vary-assumptions"];
    let said = ran(&folder("said"), &many).success();
    let said = String::from_utf8(said.get_output().stdout.clone()).expect("UTF-8");
    assert!(
        said.contains("leans on") && said.contains("assumptions varied: ") && !said.contains("assumptions used"),
        "{said}"
    );
    let plain = ran(&folder("plain"), &[&few[..], &["--all"]].concat()).success();
    let plain = String::from_utf8(plain.get_output().stdout.clone()).expect("UTF-8");
    assert!(!plain.contains("leans on") && plain.contains("assumptions used: "), "{plain}");
}

/// What a scenario states is not drawn.
#[test]
fn what_a_scenario_states_is_not_varied() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SCENARIO)).expect("it is bundled");
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let path = temporary.path().join("stated.yaml");
    fs::write(&path, text.replace("policies:\n", "assumptions: { vmss.provision: PT90S }\npolicies:\n"))
        .expect("written");
    let args = ["--replications", "8", "--policies", "baked-image", "--vary-assumptions", "--format", "json", "--out"];
    let ran = program().arg("compare").arg(&path).args(args).arg(temporary.path().join("out")).assert().success();
    let json: serde_json::Value = serde_json::from_slice(&ran.get_output().stdout).expect("it is JSON");
    assert_eq!(json["varied"]["stated"], serde_json::json!(["vmss.provision"]));
    let drawn = json["varied"]["drawn"].as_array().expect("a list");
    assert!(!drawn.contains(&"vmss.provision".into()) && drawn.contains(&"vm.boot_linux".into()));
}

/// Real signals, since what they do to a process is the point.
#[cfg(unix)]
mod signals {
    use super::*;
    use std::process::{Child, Stdio};
    use std::time::Duration;

    const MANY: [&str; 6] = ["--policies", "slow-trigger", "--replications", "30000", "--jobs", "1"];

    fn started(to: &Path, more: &[&str]) -> Child {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["compare", SCENARIO, "--out"]).arg(to);
        command.args(MANY).args(more);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
    }

    /// How many blocks of runs are kept.
    fn blocks(to: &Path) -> usize {
        let Ok(entries) = fs::read_dir(to.join("unfinished/blocks")) else { return 0 };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.filter(|name| name.ends_with(".json") && name.as_str() != "identity.json").count()
    }

    /// Waits until more than `count` blocks are kept, however long that takes on this machine; false if the program ends
    /// before. What is waited for is work that is done, and not time that has passed.
    fn waited(child: &mut Child, to: &Path, count: usize) -> bool {
        loop {
            if blocks(to) > count {
                return true;
            }
            if child.try_wait().expect("it can be asked").is_some() {
                return blocks(to) > count;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn signal(child: &Child, name: &str) {
        let status = std::process::Command::new("kill").args([name, &child.id().to_string()]).status();
        assert!(status.expect("kill is there").success());
    }

    #[test]
    fn ctrl_c_and_kill_keep_what_is_done() {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let (whole, cut) = (temporary.path().join("whole"), temporary.path().join("cut"));
        ran(&whole, &MANY).success();

        let mut child = started(&cut, &[]);
        assert!(waited(&mut child, &cut, 0), "a block is kept while it runs");
        // Twice in one breath counts once.
        signal(&child, "-INT");
        signal(&child, "-INT");
        let ended = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(130), "{said}");
        assert!(said.contains("stopped: ") && said.contains("--resume"), "{said}");
        assert!(files(&cut).is_empty(), "no table of half of the runs");

        // Then it is killed while it carries on: what was kept before is still there.
        let kept = blocks(&cut);
        assert!(kept > 0, "what was done is kept");
        let mut child = started(&cut, &["--resume"]);
        waited(&mut child, &cut, kept);
        let _ = child.kill();
        child.wait().expect("it ends");
        for entry in fs::read_dir(cut.join("unfinished/blocks")).expect("it is there") {
            let path = entry.expect("listed").path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let text = fs::read_to_string(&path).expect("readable");
                assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{} is whole", path.display());
            }
        }
        ran(&cut, &[&MANY[..], &["--resume"]].concat()).success();
        same(&whole, &cut);
    }
}
