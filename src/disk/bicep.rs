//! The compiler of Bicep, where one is on the PATH: `bicep`, or `az bicep`. Nothing is fetched: a module of a registry has to be there.
//!
//! It is given a minute (`WINDTUNNEL_BICEP_SECONDS` says another time), and each file is compiled once.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use windtunnel_input::files::{Compiled, NotCompiled};
use windtunnel_sim::engine::time::SimDuration;

/// How long a compiler may take.
const SECONDS: u64 = 60;
/// How much of what it prints is read.
const MOST: u64 = 64 << 20;

/// What was compiled so far, by path.
static DONE: Mutex<BTreeMap<PathBuf, Result<Compiled, NotCompiled>>> = Mutex::new(BTreeMap::new());

/// Who compiles: to ask which there is takes `az` a second.
static COMPILER: OnceLock<Result<Compiler, NotCompiled>> = OnceLock::new();

/// A file compiled.
pub(super) fn compile(path: &Path) -> Result<Compiled, NotCompiled> {
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = done.get(path) {
        return known.clone();
    }
    let compiler = COMPILER.get_or_init(find).as_ref();
    let compiled = compiler.map_err(Clone::clone).and_then(|compiler| with(compiler, path));
    done.insert(path.to_owned(), compiled.clone());
    compiled
}

/// What compiled files so far.
pub(super) fn used() -> Option<String> {
    let done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    done.values().find_map(|compiled| Some(compiled.as_ref().ok()?.compiler.clone()))
}

/// A program, its first arguments, whether it wants the file after `--file`, and its version.
struct Compiler {
    program: &'static str,
    first: &'static [&'static str],
    file: &'static [&'static str],
    version: String,
}

/// The first compiler that says which version it is. `az` answers without one, when it has none.
fn find() -> Result<Compiler, NotCompiled> {
    let az = if cfg!(windows) { "az.cmd" } else { "az" };
    for (program, first, file, ask) in
        [("bicep", &[][..], &[][..], "--version"), (az, &["bicep"][..], &["--file"][..], "version")]
    {
        let arguments: Vec<&str> = first.iter().copied().chain([ask]).collect();
        match output(program, &arguments) {
            Ok((true, said, _)) if !said.trim().is_empty() => {
                let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
                // `Bicep CLI version 0.30.23 (3ed8a1a1b5)`
                let version = line.split(" (").next().unwrap_or(line).trim().to_owned();
                return Ok(Compiler { program, first, file, version });
            }
            Err(NotCompiled::TooSlow(time)) => return Err(NotCompiled::TooSlow(time)),
            Ok(_) | Err(_) => {}
        }
    }
    Err(NotCompiled::Nobody)
}

fn with(compiler: &Compiler, path: &Path) -> Result<Compiled, NotCompiled> {
    let is_parameters = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("bicepparam"));
    let name = path.to_string_lossy();
    let verb = if is_parameters { "build-params" } else { "build" };
    let arguments: Vec<&str> = [compiler.first, &[verb], compiler.file, &[&name, "--stdout", "--no-restore"]].concat();
    let (is_well, said, remarks) = output(compiler.program, &arguments)?;
    if !is_well {
        return Err(NotCompiled::Refused(remarks));
    }
    let compiler = compiler.version.clone();
    if !is_parameters {
        return Ok(Compiled { template: said, parameters: None, compiler, remarks });
    }
    let both: serde_json::Value =
        serde_json::from_str(&said).map_err(|error| NotCompiled::Unusable(error.to_string()))?;
    let part = |key: &str| both[key].as_str().map(str::to_owned);
    match (part("templateJson"), part("parametersJson")) {
        (Some(template), parameters @ Some(_)) => Ok(Compiled { template, parameters, compiler, remarks }),
        _ => Err(NotCompiled::Unusable("it has no `templateJson` and `parametersJson`".to_owned())),
    }
}

/// Whether a program ended well, and what it printed.
fn output(program: &str, arguments: &[&str]) -> Result<(bool, String, String), NotCompiled> {
    let child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => NotCompiled::Nobody,
            _ => NotCompiled::Refused(format!("{program}: {error}")),
        })?;
    wait(child).ok_or_else(|| NotCompiled::TooSlow(SimDuration::from_secs(patience())))
}

fn patience() -> u64 {
    std::env::var("WINDTUNNEL_BICEP_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SECONDS)
}

/// Waits for the end of a program; `None` where it takes too long, and then it is ended.
#[expect(clippy::disallowed_methods, reason = "how long a compiler takes changes nothing in what it makes")]
fn wait(mut child: Child) -> Option<(bool, String, String)> {
    let started = Instant::now();
    let said = reader(child.stdout.take());
    let remarks = reader(child.stderr.take());
    // Its output ends when it does, unless something that it left behind holds on to it. The time is for both streams and its end.
    let most = Duration::from_secs(patience());
    let left = || most.saturating_sub(started.elapsed());
    let printed = said.recv_timeout(left()).ok().and_then(|said| Some((said, remarks.recv_timeout(left()).ok()?)));
    let ended = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status.success()),
            Ok(None) if printed.is_some() && !left().is_zero() => thread::sleep(Duration::from_millis(10)),
            Ok(None) | Err(_) => break None,
        }
    };
    let (Some((said, remarks)), Some(is_well)) = (printed, ended) else {
        // It may have ended by itself meanwhile.
        let _ = child.kill();
        let _ = child.wait();
        return None;
    };
    Some((is_well, said, remarks))
}

/// Reads a stream to its end on a thread of its own, so that neither of two streams holds up the other.
fn reader(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.map(|stream| stream.take(MOST).read_to_end(&mut bytes));
        // What was read before a stream broke is what there is.
        let _ = read;
        let _ = send.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receive
}
