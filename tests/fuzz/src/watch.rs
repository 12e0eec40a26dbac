//! Workers, and who watches them.

use crate::Args;
use crate::corpus::Corpus;
use crate::trial;
use anyhow::Context;
use clap::ValueEnum;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A mutant takes no longer than this, on a machine that is busy with other things too.
const HANG: Duration = Duration::from_secs(60);

/// Tries the mutants of this worker, and says in the folder at which one it is and what it found.
pub(crate) fn work(args: &Args, folder: &Path, at: u64, of: u64) -> anyhow::Result<()> {
    let corpus = Corpus::read(args.more.as_deref());
    let bench = trial::Bench::new(&folder.join(format!("bench{at}")))?;
    let place = folder.join(format!("at{at}"));
    let counts = folder.join(format!("counts{at}"));
    let mut findings = fs::OpenOptions::new().create(true).append(true).open(folder.join(format!("found{at}")))?;
    trial::quiet();
    for number in args.numbers(at, of) {
        fs::write(&place, number.to_string())?;
        let (kind, found) = trial::mutant(&corpus, &bench, number);
        fs::OpenOptions::new().create(true).append(true).open(&counts)?.write_all(format!("{kind}\n").as_bytes())?;
        if let Some(found) = found {
            writeln!(findings, "{number} {}", found.replace('\n', " "))?;
        }
    }
    fs::write(&place, "done")?;
    Ok(())
}

struct Worker {
    at: usize,
    child: Child,
    place: String,
    since: Instant,
    from: u64,
}

/// Keeps workers at work until the time is over or all is tried; whether anything was found.
#[expect(
    clippy::disallowed_methods,
    reason = "it has so many seconds, and so has each mutant; no result depends on it"
)]
pub(crate) fn watch(args: &Args) -> anyhow::Result<bool> {
    let jobs = args.jobs.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1);
    let folder = tempfile::tempdir()?;
    let mut asked: Vec<OsString> = Vec::new();
    if let Some(kind) = args.kind.as_ref().and_then(ValueEnum::to_possible_value) {
        asked.extend(["--kind", kind.get_name()].map(OsString::from));
    }
    if let Some(more) = &args.more {
        asked.extend([OsString::from("--more"), more.into()]);
    }
    let start = |at: usize, from: u64| -> anyhow::Result<Worker> {
        let end = args.from.saturating_add(args.mutants);
        let child = Command::new(std::env::current_exe()?)
            .args(["--from", &from.to_string(), "--mutants", &end.saturating_sub(from).to_string(), "--worker"])
            .arg(folder.path())
            .args([at.to_string(), jobs.to_string()])
            .args(&asked)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("start a worker")?;
        Ok(Worker { at, child, place: String::new(), since: Instant::now(), from })
    };
    let begun = Instant::now();
    let mut found: Vec<String> = Vec::new();
    let mut workers = (0..jobs).map(|at| start(at, args.from)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut running = jobs;
    while running > 0 && begun.elapsed() < Duration::from_secs(args.seconds) {
        std::thread::sleep(Duration::from_millis(100));
        for worker in &mut workers {
            let place = fs::read_to_string(folder.path().join(format!("at{}", worker.at))).unwrap_or_default();
            if place == "done" {
                if worker.place != "done" {
                    running -= 1;
                    worker.place = place;
                }
                continue;
            }
            if place != worker.place {
                (worker.place, worker.since) = (place, Instant::now());
            }
            let died = worker.child.try_wait()?;
            let what = match died {
                Some(status) => format!("killed its worker: {status}"),
                None if worker.since.elapsed() > HANG => format!("did not end within {} s", HANG.as_secs()),
                None => continue,
            };
            let number: u64 = worker.place.parse().unwrap_or(worker.from);
            found.push(format!("{number} {what}"));
            let _ = worker.child.kill();
            let _ = worker.child.wait();
            *worker = start(worker.at, number + 1)?;
        }
    }
    let mut tried = std::collections::BTreeMap::<String, u64>::new();
    for worker in &mut workers {
        let _ = worker.child.kill();
        let _ = worker.child.wait();
        let text =
            |name: &str| fs::read_to_string(folder.path().join(format!("{name}{}", worker.at))).unwrap_or_default();
        found.extend(text("found").lines().map(str::to_owned));
        for kind in text("counts").lines() {
            *tried.entry(kind.to_owned()).or_default() += 1;
        }
    }
    let all: u64 = tried.values().sum();
    let kinds: Vec<String> = tried.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    println!("{all} mutants in {:.0} s: {}", begun.elapsed().as_secs_f64(), kinds.join(", "));
    println!("{} findings", found.len());
    for finding in &found {
        println!("mutant {finding}");
    }
    anyhow::ensure!(all > 0, "no mutant was tried");
    Ok(!found.is_empty())
}
