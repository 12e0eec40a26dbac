//! Whole command lines: `import`, `lint`, `drill` and `diff` of a fleet one of whose files is a mutant, as a user gives them.
//!
//! Each is a process of its own, which is this program in the place of the other: so an abort, a full stack or a hang is seen, and
//! ends nothing but what it is of.

use crate::corpus::{Base, Corpus};
use crate::mutate;
use crate::trial::{Bench, Mutant};
use crate::tries::{Tried, run};
use fastrand::Rng;
use serde_json::Value;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;
use windtunnel::commands::program;
use windtunnel::input::drill::LIBRARY;
use windtunnel::input::{AS_WRITTEN, LoadOptions, load};
use windtunnel_sim::plan::Plan;

/// The first word of a command line that is to be carried out as the program would.
const PROGRAM: &str = "windtunnel";
/// A command takes no longer than this, on a machine that is busy with other things too: less than a worker is watched for.
const LONGEST: Duration = Duration::from_secs(50);
/// The exit code of one that did. The program has no such code.
const HUNG: u8 = 99;
/// Fleets that may have more instances than this are not drilled: how long that takes is measured elsewhere.
const INSTANCES_MAX: u32 = 12;
/// The options that a user may mistype. What follows one of them is its value.
const SETTINGS: [&str; 4] = ["--set", "--allow", "--only", "--name"];

/// Carries out a command line of the program, if this process was started for one.
pub(crate) fn as_the_program() -> Option<ExitCode> {
    let mut line = std::env::args_os().skip(1);
    line.next().filter(|first| first == PROGRAM)?;
    std::thread::spawn(|| {
        std::thread::sleep(LONGEST);
        std::process::exit(HUNG.into());
    });
    Some(ExitCode::from(program([OsString::from(PROGRAM)].into_iter().chain(line))))
}

/// What a command line came to.
struct Said {
    code: u8,
    out: String,
    err: String,
}

/// The folder in which the commands are given, and what is asked of each.
struct Shell<'a> {
    folder: &'a Path,
}

impl Shell<'_> {
    /// Carries out a command line, whose exit code must be one of these.
    fn said(&self, line: &[&str], codes: &[u8]) -> Result<Said, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let done = Command::new(own)
            .arg(PROGRAM)
            .args(line)
            .current_dir(self.folder)
            .env_clear()
            .env("COLUMNS", "80")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| error.to_string())?;
        let (out, err) = (text(done.stdout)?, text(done.stderr)?);
        let wrong = |what: &str| {
            let first: Vec<&str> = err.lines().take(3).collect();
            Err(format!("`{PROGRAM} {}` {what}: {}", line.join(" "), first.join(" | ")))
        };
        let code = match done.status.code().and_then(|code| u8::try_from(code).ok()) {
            None => return wrong(&format!("was killed, {}", done.status)),
            Some(HUNG) => return wrong(&format!("did not end within {} s", LONGEST.as_secs())),
            Some(code) => code,
        };
        if !codes.contains(&code) {
            return wrong(&format!("ended with {code}"));
        }
        if err.contains("panicked at") || err.contains("os error") {
            return wrong("spoke as no user should be spoken to");
        }
        if code == 2 && err.trim().is_empty() {
            return wrong("refused without a word");
        }
        Ok(Said { code, out, err })
    }

    /// The same of a command that prints JSON, unless it refuses.
    fn json(&self, line: &[&str], codes: &[u8]) -> Result<(u8, Value), String> {
        let said = self.said(line, codes)?;
        if said.code == 2 {
            return Ok((said.code, Value::Null));
        }
        match serde_json::from_str(&said.out) {
            Ok(json) => Ok((said.code, json)),
            Err(error) => Err(format!("`{PROGRAM} {}` prints no JSON: {error}; {}", line.join(" "), said.err)),
        }
    }
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| format!("what it prints is no text: {error}"))
}

/// A fleet with a mutant in it: one of the verbs, and what must hold of it.
pub(crate) fn fleet(corpus: &Corpus, bench: &Bench, mutant: &Mutant, rng: &mut Rng) -> Tried {
    let folder = bench.folder("shell");
    let put = |path: &Path, text: &str| {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let path = folder.join("fleet").join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder)).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| error.to_string())
    };
    for one in &mutant.beside {
        put(&one.path, &one.text)?;
    }
    // Now and then two fleets lie in one folder.
    if rng.u8(0..8) == 0 {
        let other = &corpus.fleets[rng.usize(..corpus.fleets.len())];
        for one in other.iter().filter(|one| one.path != mutant.path) {
            put(&one.path, &one.text)?;
        }
    }
    put(&mutant.path, &mutant.text)?;
    let mutant_alone = format!("fleet/{}", mutant.path.file_name().unwrap_or_default().to_string_lossy());
    let named = if rng.u8(0..4) == 0 { mutant_alone.as_str() } else { "fleet" };
    let shell = Shell { folder: &folder };
    if rng.u8(0..10) == 0 {
        return mistyped(corpus, &shell, named, rng);
    }
    match rng.u8(0..7) {
        0 | 1 => lint(&shell, named, rng),
        2 | 3 => import(&shell, named, rng),
        4 => diff(corpus, &shell, named, &mutant.path),
        _ => drill(corpus, &shell, named, rng),
    }
}

/// The way from the file that was mutated to the fleet with the mutant, and from that to itself.
fn diff(corpus: &Corpus, shell: &Shell<'_>, named: &str, mutated: &Path) -> Tried {
    let base = corpus.fleets.iter().flatten().find(|one| one.path == mutated).ok_or("the mutant is of no fleet")?;
    let end = mutated.extension().unwrap_or_default().to_string_lossy();
    let before = format!("before.{end}");
    std::fs::write(shell.folder.join(&before), &base.text).map_err(|error| error.to_string())?;
    let (code, json) = shell.json(&["diff", &before, named, "--exit-code", "--format", "json"], &[0, 2, 5])?;
    if code == 2 {
        return Ok(false);
    }
    if (code == 5) != (json["differs"] == true) {
        return Err(format!("exit code {code}, and differs is {}", json["differs"]));
    }
    let (_, same) = shell.json(&["diff", named, named, "--format", "json"], &[0])?;
    if same["changes"].as_array().is_none_or(|all| !all.is_empty()) || same["policy"]["patch"] != serde_json::json!({})
    {
        return Err(format!("a fleet differs from itself: {}", same["changes"]));
    }
    Ok(shell.said(&["diff", &before, named, "--format", "yaml"], &[0])?.code == 0)
}

/// A command line with a word that means nothing, or something else.
fn mistyped(corpus: &Corpus, shell: &Shell<'_>, named: &str, rng: &mut Rng) -> Tried {
    let verb = ["lint", "import", "drill"][rng.usize(..3)];
    let word = |rng: &mut Rng| mutate::word(rng, corpus);
    let option = SETTINGS[rng.usize(..SETTINGS.len())];
    let value = if rng.bool() { word(rng) } else { format!("{}={}", word(rng), word(rng)) };
    // No argument can have the byte that ends it, and none that begins with a dash is a value.
    let value = format!("{option}={}", value.replace('\0', ""));
    let line = match rng.u8(0..3) {
        0 => vec![verb, named, "elsewhere/none.json"],
        1 => vec![verb, value.as_str(), named, named],
        _ => vec![verb, value.as_str(), named],
    };
    let more: &[&str] = if verb == "drill" { &["-n", "1", "--only", "image-crashes"] } else { &[] };
    if verb == "drill" && (option == "--only" || !is_small(shell, named)?) {
        return Ok(false);
    }
    Ok(shell.said(&[&line[..], more].concat(), &[0, 2, 3, 4])?.code != 2)
}

/// Findings for each reader: exit codes say what the findings do, and what programs read can be read.
fn lint(shell: &Shell<'_>, named: &str, rng: &mut Rng) -> Tried {
    const CODES: &[u8] = &[0, 2, 3, 4];
    let mut line = vec!["lint", named];
    if rng.u8(0..3) == 0 && is_small(shell, named)? {
        line.extend(["--prove", "-n", "6"]);
    }
    let format = ["human", "json", "sarif", "github", "azure-pipelines"][rng.usize(..5)];
    line.extend(["--format", format]);
    match format {
        "json" => {
            let (code, json) = shell.json(&line, CODES)?;
            if code == 2 {
                return Ok(false);
            }
            let all = json["findings"].as_array().ok_or("no list of findings")?;
            let fails = all.iter().any(|one| one["severity"] == "error" && one["allowed"].is_null());
            let sets = json["scaleSets"].as_u64().unwrap_or(0);
            if (code == 3) != (fails && sets > 0) || (code == 4) != (sets == 0) {
                return Err(format!(
                    "exit code {code} with {} findings of {sets} sets, an error among them: {fails}",
                    all.len()
                ));
            }
            Ok(true)
        }
        "sarif" => {
            let (code, log) = shell.json(&line, CODES)?;
            let run = &log["runs"][0];
            let rules = &run["tool"]["driver"]["rules"];
            for result in run["results"].as_array().into_iter().flatten() {
                let at = result["ruleIndex"]
                    .as_u64()
                    .and_then(|at| usize::try_from(at).ok())
                    .ok_or("a result of no rule")?;
                if rules[at]["id"] != result["ruleId"] || !result["message"]["text"].is_string() {
                    return Err(format!("a result is of another rule, or says nothing: {result}"));
                }
            }
            Ok(code != 2)
        }
        _ => Ok(shell.said(&line, CODES)?.code != 2),
    }
}

/// A scenario that `check` takes and that runs, and the same again when it is imported again.
fn import(shell: &Shell<'_>, named: &str, rng: &mut Rng) -> Tried {
    let line = ["import", named, "--name", "it"];
    if shell.said(&line, &[0, 2])?.code == 2 {
        return Ok(false);
    }
    let (name, path) = ("windtunnel/it.yaml", shell.folder.join("windtunnel/it.yaml"));
    let read = || std::fs::read_to_string(&path).map_err(|error| format!("{name} cannot be read: {error}"));
    let first = read()?;
    shell.said(&["check", name], &[0])?;
    shell.said(&line, &[0])?;
    if read()? != first {
        return Err("imported again, it is another scenario".to_owned());
    }
    let mut plan = plan_of(&path)?;
    if instances(&plan) <= 100 * INSTANCES_MAX {
        run(&mut plan, rng.u64(..))?;
    }
    Ok(true)
}

/// A scorecard whose exit code is what it says, or a refusal.
fn drill(corpus: &Corpus, shell: &Shell<'_>, named: &str, rng: &mut Rng) -> Tried {
    let own = shell.said(&["import", named, "--name", "it"], &[0, 2])?;
    if own.code == 2 {
        // What cannot be imported cannot be drilled, and is said to be so.
        let said = shell.said(&["drill", named, "-n", "1"], &[2])?;
        return if said.err.trim().is_empty() { Err("refused without a word".to_owned()) } else { Ok(false) };
    }
    if instances(&plan_of(&shell.folder.join("windtunnel/it.yaml"))?) > INSTANCES_MAX {
        return Ok(false);
    }
    let runs = ["1", "2"][rng.usize(..2)];
    let mut line = vec!["drill", named, "-n", runs, "-j", "1", "--format", "json"];
    // Two incidents of fifteen: all of them take as long as hundreds of other mutants.
    let only = [LIBRARY[rng.usize(..LIBRARY.len())].0, LIBRARY[rng.usize(..LIBRARY.len())].0].join(",");
    line.extend(["--only", only.as_str()]);
    match rng.u8(0..6) {
        0 => line.extend(["--against", named]),
        1 => line.extend(["--out", "card"]),
        2 => {
            // A team's own drill, which may be wrong as well.
            let (name, text) = LIBRARY[rng.usize(..LIBRARY.len())];
            let text = mutate::yaml(rng, corpus, text);
            std::fs::write(shell.folder.join(format!("{name}.yaml")), text).map_err(|error| error.to_string())?;
            let file = format!("{name}.yaml");
            let line = ["drill", named, "-n", "1", "-j", "1", "--drills", file.as_str()];
            return Ok(shell.said(&line, &[0, 2, 3, 4])?.code != 2);
        }
        _ => {}
    }
    let (code, card) = shell.json(&line, &[0, 2, 3, 4])?;
    if code == 2 {
        return Ok(false);
    }
    let (held, of) = (card["held"].as_u64(), card["of"].as_u64().ok_or("a scorecard of nothing")?);
    let is_held = held == Some(of) || !card["before"].is_null();
    if (code == 4) != (of == 0) || (code == 0) != (of > 0 && is_held) {
        return Err(format!("exit code {code}, and {held:?} of {of} held: {}", line.join(" ")));
    }
    Ok(true)
}

/// The plan of a scenario as it was written by `import`.
fn plan_of(path: &Path) -> Result<Plan, String> {
    let loaded = load(path, &LoadOptions::default()).map_err(|report| format!("it cannot be loaded: {report}"))?;
    let planned = loaded.plan(AS_WRITTEN).map_err(|report| report.to_string())?;
    Ok(planned.plan.clone())
}

/// How many instances a fleet may come to have.
fn instances(plan: &Plan) -> u32 {
    let sets = plan.sets.iter().map(|set| set.capacity);
    let grown = plan.autoscale.iter().flat_map(|setting| &setting.profiles).map(|profile| profile.maximum);
    sets.chain(grown).fold(0, u32::saturating_add)
}

/// Whether a fleet is one, and small.
fn is_small(shell: &Shell<'_>, named: &str) -> Result<bool, String> {
    if shell.said(&["import", named, "--name", "size"], &[0, 2])?.code == 2 {
        return Ok(true);
    }
    Ok(instances(&plan_of(&shell.folder.join("windtunnel/size.yaml"))?) <= INSTANCES_MAX)
}

/// The fleets of the tests: a list of files each.
pub(crate) fn bases(root: &Path) -> Vec<Vec<Base>> {
    let mut fleets = Vec::new();
    for folder in ["scenarios/payments", "tests/fuzz/fleets/listed", "tests/fuzz/fleets/compiled"] {
        fleets.push(Corpus::files(&root.join(folder), &["json"]));
    }
    for folder in ["tests/drill", "tests/terraform"] {
        fleets.extend(Corpus::files(&root.join(folder), &["json", "tfstate"]).into_iter().map(|one| vec![one]));
    }
    fleets
}

/// Real files of a folder and below it, those with a scale set: a fleet each.
pub(crate) fn real(folder: &Path) -> Vec<Vec<Base>> {
    let has_set = |one: &Base| one.text.to_ascii_lowercase().contains("virtualmachinescalesets");
    Corpus::files(folder, &["json"]).into_iter().filter(has_set).map(|one| vec![one]).collect()
}
