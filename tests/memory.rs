//! Memory does not grow with replications beyond what statistics need.
//!
//! The bound is that of `docs/guide/compare.md`: of a run each measure that differs between runs takes eight bytes, sixteen
//! where it is still open at the horizon, and statistics hold a few copies of one measure at a time. The test looks at the
//! peak of the program itself, as Linux keeps it; other systems do not say it.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Runs the program to its end; the most memory it ever had, in kilobytes. `VmHWM` only ever grows and is gone with the
/// process, so it is read until then.
#[track_caller]
fn peak(folder: &Path, args: &[&str]) -> u64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_windtunnel"));
    // A baseline is written, which is refused where CI is set.
    command.env_remove("CI").env_remove("TF_BUILD");
    let mut child =
        command.current_dir(folder).args(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().expect("it can be asked").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(size.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(3));
    }
    let ended = child.wait_with_output().expect("it ended");
    // What `new` writes fails none of its expectations.
    assert!(ended.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ended.stderr));
    assert!(most > 0, "it was asked at least once");
    most
}

/// The scenario that `new` writes: three policies, two expectations, some forty measures, of which a dozen differ from run
/// to run.
fn scenario(folder: &Path) {
    peak(folder, &["new", "small"]);
}

/// Bytes that each run of `test` or `compare` takes at most: 45 measures of eight bytes if every one differed, and half as
/// much again for the copies that statistics hold. A run that is kept whole takes 5,000.
const EACH: u64 = 540;
/// What the program takes before the first run is kept, and for runs on their way.
const BASE_KB: u64 = 110_000;

#[test]
fn a_run_takes_no_more_than_its_values() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path();
    scenario(folder);
    let (few, many) = (4_000_u64, 33_334_u64);
    let more = 3 * (many - few);
    for verb in [&["compare", "small.yaml", "--out", "out", "-n"][..], &["test", "small.yaml", "-n"]] {
        let of = |count: u64| peak(folder, &[verb, &[&count.to_string()]].concat());
        let (small, large) = (of(few), of(many));
        let each = large.saturating_sub(small) * 1024 / more;
        assert!(each <= EACH, "{}: {each} bytes a run: {small} kB at {few}, {large} kB at {many}", verb[0]);
        assert!(large <= BASE_KB + more * EACH / 1024, "{}: {large} kB", verb[0]);
    }
}

/// A million runs, three policies against each other, and once more from what is kept of them: minutes, and 6 GB of disk.
/// `.ci/long` runs it.
#[test]
#[ignore = "minutes; .ci/long runs it"]
fn a_million_runs_stay_under_half_a_gigabyte() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = temporary.path();
    scenario(folder);
    let compare = ["compare", "small.yaml", "--out", "out", "-n", "333334"];
    let shown = |what: &str, kb: u64| {
        println!("{what}: {kb} kB");
        assert!(kb <= 512_000, "{what}: {kb} kB");
    };
    shown("compare", peak(folder, &compare));
    shown("compare --resume", peak(folder, &[&compare[..], &["--resume"]].concat()));
    fs::remove_dir_all(folder.join("out")).expect("it is there");
    shown("test", peak(folder, &["test", "small.yaml", "-n", "333334"]));
    shown(
        "test --update-baseline",
        peak(folder, &["test", "small.yaml", "-n", "10000", "--baseline", "kept", "--update-baseline"]),
    );
}
