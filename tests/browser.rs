//! The report in a real browser: Chromium without a screen, driven by `tests/browser/drive.mjs`.
//!
//! What is missing is installed: Chromium, node and npm by apt where this runs as root on a system that has it, and the
//! driver by npm into `target/`. Where that cannot be done, these tests say `SKIPPED` and go on, but under `CI` they fail.
//! `WINDTUNNEL_CHROMIUM` names another Chromium.

#[path = "browser/install.rs"]
mod install;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{OnceLock, PoisonError, RwLock};
use windtunnel::experiment::judge::judge;
use windtunnel::experiment::replay::Replay;
use windtunnel::input::Planned;
use windtunnel::output::highlights::Highlights;
use windtunnel::output::html::run::RunPage;
use windtunnel::output::html::{ENTRIES_MOST, Scenario, of_run};
use windtunnel::words::clock::{UNITS, offset, spoken};
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::generator::storm::{DOWN, failures, storm};
use windtunnel_sim::plan::{Act, Action, Disturbance, Plan, Which};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn windtunnel(args: &[&str]) {
    let done =
        Command::new(env!("CARGO_BIN_EXE_windtunnel")).current_dir(root()).args(args).output().expect("it starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The reports that are opened, made once for all tests.
fn reports() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("storm")).expect("it can be made");
        let scenario = "scenarios/stale-image-scale-out.yaml";
        let out = |name: &str| folder.join(name).display().to_string();
        windtunnel(&["run", scenario, "--out", &out("run")]);
        windtunnel(&["compare", scenario, "--replications", "60", "--out", &out("compare")]);
        // Two regions, an upgrade that halts with Azure's longest word, and a dozen policies.
        windtunnel(&["run", "scenarios/bad-bake-canary.yaml", "--out", &out("bake")]);
        windtunnel(&["compare", "scenarios/bad-bake-canary.yaml", "--replications", "2", "--out", &out("bakes")]);
        let forty = folder.join("forty.yaml");
        std::fs::write(&forty, forty_policies()).expect("it can be written");
        windtunnel(&["compare", &forty.display().to_string(), "--replications", "10", "--out", &out("forty")]);
        let hostile = folder.join("hostile.yaml");
        std::fs::write(&hostile, hostile_scenario(scenario)).expect("it can be written");
        windtunnel(&["run", &hostile.display().to_string(), "--out", &out("hostile")]);
        std::fs::write(folder.join("storm/report.html"), storm_report()).expect("it can be written");
        scorecards(&folder);
        folder
    })
}

/// A fleet in every incident; the same against another fleet; and one without users, whose set has a long name that tries to become
/// part of the page.
fn scorecards(folder: &Path) {
    let out = |name: &str| folder.join(name).display().to_string();
    let hostile = folder.join("unserved.json");
    let text = std::fs::read_to_string(root().join("tests/drill/small.json")).expect("it is there");
    let mut fleet: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let resources = fleet["resources"].as_array_mut().expect("a template");
    resources.retain(|one| one["type"] == "Microsoft.Compute/virtualMachineScaleSets");
    resources[0]["name"] =
        "vmss-<img src=x onerror=\"window.hacked=4\">-of-a-team-that-likes-names-as-long-as-this".into();
    resources[0]["properties"]["virtualMachineProfile"]["networkProfile"] = serde_json::json!({});
    std::fs::write(&hostile, fleet.to_string()).expect("it can be written");
    let hostile = hostile.display().to_string();
    for line in [
        vec!["tests/drill/rolling.json", "--out", &out("card")],
        vec!["tests/drill/rolling.json", "--against", "tests/drill/spot.json", "--out", &out("card-against")],
        vec![hostile.as_str(), "--out", &out("card-unserved")],
    ] {
        let done = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
        let done = { done }.current_dir(root()).args(["drill", "-n", "6"]).args(&line).output().expect("it starts");
        // Some incidents break the fleet, which is what the exit code says.
        assert!(matches!(done.status.code(), Some(0 | 3)), "{line:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// The slow failure under forty envelopes: five batch sizes by eight pauses.
fn forty_policies() -> String {
    let text = std::fs::read_to_string(root().join("scenarios/slow-failure.yaml")).expect("it is bundled");
    let (scenario, _) = text.split_once("\npolicies:").expect("its policies come after what they change");
    let policy = |batch: u32, pause: u32| {
        let policy = format!("maxBatchInstancePercent: {batch}, pauseTimeBetweenBatches: PT{pause}M");
        let values = format!("{{ properties: {{ upgradePolicy: {{ rollingUpgradePolicy: {{ {policy} }} }} }} }}");
        format!("  batches-of-{batch}-percent-and-{pause}-minutes: {{ vmss-feed: {values} }}\n")
    };
    let all = (1..=5).flat_map(|batch| (0..8).map(move |pause| policy(batch * 10, pause * 2)));
    format!("{scenario}\npolicies:\n{}", all.collect::<String>())
}

/// A scenario whose texts try to become part of the page.
fn hostile_scenario(path: &str) -> String {
    let text = std::fs::read_to_string(root().join(path)).expect("it is bundled");
    let title = r#"'</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">'"#;
    let hostile = text
        .replace("title: The scale-out that served stale code", &format!("title: {title}"))
        .replace("name: scale out,", r#"name: '<b onmouseover="window.hacked = 3">scale out</b>',"#);
    assert!(hostile.contains("</script>") && hostile.contains("onmouseover"));
    hostile
}

/// A day of 1,000 instances with more than 100,000 entries: the storm with the failures of two seeds. Where two
/// failures of an instance overlap, its process is down until the later one is over.
fn long_storm() -> Plan {
    let mut plan = storm(1_000, 1);
    for seed in [2] {
        for ordinal in 0..1_000 {
            for (nth, at) in failures(seed, ordinal).into_iter().enumerate() {
                let which = Which::Ordinals(vec![ordinal]);
                let what = Act::Disturb { set: 0, which, how: Disturbance::ProcessDown, length: Some(DOWN) };
                plan.timeline.push(Action { name: format!("failure {nth} of {ordinal} again, {seed}"), at, what });
            }
        }
    }
    plan.timeline.sort_by_key(|action| action.at);
    plan
}

fn storm_report() -> String {
    let plan = long_storm();
    let planned = Planned {
        plan,
        diff: Vec::new(),
        effective: serde_json::Value::Null,
        expectations: Vec::new(),
        work: Default::default(),
        compiled_by: None,
    };
    let replay = Replay::new(&planned.plan, 1);
    assert!(replay.ledger.len() > 100_000 && replay.ledger.len() < ENTRIES_MOST, "{} entries", replay.ledger.len());
    assert_eq!(planned.plan.horizon, SimTime::from_ms(24 * 3_600_000));
    let judged = judge(&planned.expectations, &replay);
    let scenario = Scenario { name: "storm", title: &planned.plan.title, description: None };
    let page = RunPage { command: "windtunnel run storm.yaml", notes: &[], entries: ENTRIES_MOST, advice: "" };
    of_run(scenario, &planned, &Highlights::of(&replay), &judged, page)
}

/// The checks that take the time: nothing else runs beside them.
const TIMED: [&str; 2] = ["large", "forty"];

/// Runs one check of the driver.
fn check(name: &str) {
    let Some(browser) = install::browser() else { return };
    static RUNNING: RwLock<()> = RwLock::new(());
    let timed = TIMED.contains(&name);
    let _alone = timed.then(|| RUNNING.write().unwrap_or_else(PoisonError::into_inner));
    let _shared = (!timed).then(|| RUNNING.read().unwrap_or_else(PoisonError::into_inner));
    let done = Command::new("node")
        .arg(root().join("tests/browser/drive.mjs"))
        .arg(name)
        .arg(reports())
        .env("WINDTUNNEL_CHROMIUM", &browser.chromium)
        .env("WINDTUNNEL_MODULES", &browser.modules)
        .output()
        .expect("node starts");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(done.status.success(), "{name}:\n{}{}", said(&done.stdout), said(&done.stderr));
    print!("{}", said(&done.stdout));
}

/// The report says a length itself, at any place of the cursor: in the words of the program, for lengths of milliseconds to days.
#[test]
fn the_report_says_lengths_as_the_program_does() {
    if install::browser().is_none() {
        return;
    }
    let lengths = (0..62_000).step_by(7).chain((62_000..500_000_000).step_by(99_731));
    let said: Vec<_> = lengths
        .map(|ms| {
            (ms, spoken(SimDuration::from_ms(ms)), offset(SimTime::from_ms(ms)), SimTime::from_ms(ms).to_string())
        })
        .collect();
    let units = UNITS.map(|(_, word)| word);
    let script = format!(
        "const DATA = {};\n{}\nfor (const [ms, ...said] of {}) {{\n  const now = [spoken(ms), after(ms), iso(ms)];\n  \
         if (now.join() !== said.join()) throw new Error(`${{ms}}: ${{now}}, and not ${{said}}`);\n}}\n",
        serde_json::json!({ "time": { "units": units } }),
        include_str!("../assets/report/base.js"),
        serde_json::to_string(&said).expect("it is JSON"),
    );
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lengths.js");
    std::fs::write(&file, script).expect("it can be written");
    let done = Command::new("node").arg(&file).output().expect("node starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

macro_rules! checks {
    ($($claim:ident: $name:literal;)+) => {
        $(#[test] fn $claim() { check($name); })+
    };
}

checks! {
    a_report_opens_from_disk_without_a_complaint_or_a_request: "opens";
    what_a_scenario_says_is_shown_and_never_run: "hostile";
    one_cursor_goes_through_all_charts_and_says_what_holds: "cursor";
    a_click_on_an_instance_leads_to_why_and_from_there_to_the_ledger_and_the_rules: "why";
    the_three_moments_lead_to_their_instants: "moments";
    an_upgrade_that_halts_shows_its_batches_and_its_verdict_in_azures_words: "rollout";
    time_is_zoomed_and_panned_by_mouse_wheel_and_buttons: "zoom";
    everything_can_be_done_with_the_keyboard_alone: "keyboard";
    the_ledger_is_filtered_by_words_kinds_rules_and_numbers: "filter";
    light_dark_and_paper_differ: "theme";
    no_page_is_wider_than_its_screen: "sizes";
    a_brief_is_one_sheet_without_a_program: "brief";
    a_scorecard_is_one_sheet_fits_its_screen_and_is_used_with_the_keyboard: "scorecard";
    a_tap_does_what_a_click_does: "touch";
    policies_stand_side_by_side_under_one_cursor: "compare";
    a_day_of_a_thousand_instances_opens_in_two_seconds_and_stays_below_ten_megabytes: "large";
    forty_policies_open_in_two_seconds_from_a_page_below_three_megabytes: "forty";
}
