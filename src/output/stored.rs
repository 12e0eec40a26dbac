//! The folder of a run, read back, so that the run can be repeated.
//!
//! Another build may come to another run without a word. So a folder of another format or of another build is refused, and
//! a run that was repeated is held to the digest that the folder has.

use crate::disk::folder::refuse_unfinished;
use crate::input::formats::KEY;
use crate::input::identity::{MODEL_VERSION, hash, model_sources, sorted};
use crate::input::tree::{Node, Span};
use crate::input::{LoadOptions, Problem, Problems, Report, load_effective_node, read};
use crate::output::folder::SCHEMA_VERSION;
use anyhow::bail;
use serde_json::Value;
use std::path::Path;
use windtunnel_sim::plan::Plan;
use windtunnel_words::text::quoted;

/// A run's folder, read back.
#[derive(Debug)]
pub struct Stored {
    /// The file name of the scenario.
    pub scenario: String,
    /// The plan, made again from what the run was given.
    pub plan: Plan,
    /// Its random seed.
    pub seed: u64,
    /// What the run was given, as the folder keeps it.
    pub effective: Value,
    /// The digest of the run, and where it stands.
    digest: (String, Span),
}

/// Reads what a run was given, so that it can be repeated.
///
/// # Errors
///
/// It is not the folder of a run, or it is of another build; with the place in its files.
pub fn read(folder: &Path) -> anyhow::Result<Stored> {
    refuse_unfinished(folder)?;
    let path = folder.join("plan.json");
    if folder.is_file() {
        let file = folder.display();
        bail!("{file} is a file, and not the folder of a run; `windtunnel run {file}` says which folder it makes");
    }
    if folder.exists() && !folder.is_dir() {
        let name = folder.display();
        bail!(
            "{name} is a device or a pipe, and not the folder of a run; give the folder that `windtunnel run` names at its end"
        );
    }
    if std::fs::metadata(&path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        bail!("{} is not the folder of a run: there is no {}", folder.display(), path.display());
    }
    let root = root(&path)?;
    of_this_build(&root)?;
    let number = |node: &Node| node.text().and_then(|text| text.parse::<u64>().ok());
    let Some(seed) = root.get("seed").and_then(number) else { return Err(broken(&root, "a seed", "seed").into()) };
    let Some(effective) = root.get("effective") else {
        return Err(broken(&root, "what the run was given", "effective").into());
    };
    let plan = load_effective_node(effective.clone(), &LoadOptions::default())?;
    let summary = self::root(&folder.join("summary.json"))?;
    of_this_format(&summary)?;
    same_run(&root, &summary)?;
    let digest = summary.get("digest").and_then(|node| Some((node.text()?.to_owned(), node.span.clone())));
    let Some(digest) = digest else { return Err(broken(&summary, "the digest of the run", "digest").into()) };
    let scenario = root.get("scenario").and_then(Node::text).unwrap_or("?").to_owned();
    Ok(Stored { scenario, plan, seed, effective: effective.to_json(), digest })
}

impl Stored {
    /// Holds a run that was repeated to the one in the folder.
    ///
    /// # Errors
    ///
    /// Their digests differ.
    pub fn check_digest(&self, digest: u64) -> Result<(), Report> {
        let (was, at) = &self.digest;
        let now = format!("{digest:016x}");
        if *was == now {
            return Ok(());
        }
        let message = format!("what `plan.json` gives is another run, of the digest {now}, and not that of the folder");
        let problem = Problem::error("E0603", message).at(at, "the run of the folder").help(again(&self.scenario));
        Err(Problems(vec![problem]).into())
    }
}

/// The tree of a file of the folder.
fn root(path: &Path) -> Result<Node, Report> {
    let mut problems = Problems::new();
    let root = read::text_of(path, None, &mut problems).and_then(|(text, name)| {
        if text.contains(&format!("\"{KEY}\"")) {
            return read::read_text(&name, text, &mut problems);
        }
        let problem = Problem::error("E0604", format!("`{name}` is no file of a run: it has no `{KEY}`"));
        problems.push(problem.help("name the folder that `windtunnel run` wrote; of another file, no text is shown"));
        None
    });
    root.ok_or_else(|| problems.into())
}

/// Refuses a file of another format.
fn of_this_format(root: &Node) -> Result<(), Report> {
    refuse_other(root, &[(KEY, &SCHEMA_VERSION.to_string(), "E0601", "was written in format")])
}

/// Refuses what another program wrote.
fn of_this_build(root: &Node) -> Result<(), Report> {
    of_this_format(root)?;
    let sources = model_sources();
    let own = [
        ("modelVersion", MODEL_VERSION, "E0602", "was run by model version"),
        ("modelSources", &sources, "E0602", "was run by another build of the model, of the sources"),
    ];
    refuse_other(root, &own)
}

/// Refuses a file that says something else than these, each with its key, the code of the problem and what to say.
fn refuse_other(root: &Node, own: &[(&str, &str, &'static str, &str)]) -> Result<(), Report> {
    let scenario = root.get("scenario").and_then(Node::text).unwrap_or("SCENARIO");
    for &(key, own, code, what) in own {
        let found = root.get(key);
        let text = found.and_then(Node::text).unwrap_or("unknown");
        if text != own {
            let message = format!("the folder {what} {text}, and this program is of {own}");
            let at = found.map_or_else(|| beginning(root), |node| node.span.clone());
            let problem = Problem::error(code, message).at(&at, format!("`{key}`")).help(again(scenario));
            return Err(Problems(vec![problem]).into());
        }
    }
    Ok(())
}

/// Refuses a plan that is not the one of the summary. The digest tells of what happened, and not of what a changed plan names
/// otherwise or would have come to later. What a policy changes (`diff`) is for people: the plan holds the outcome of it.
fn same_run(plan: &Node, summary: &Node) -> Result<(), Report> {
    let text = |node: &Node| node.text().map_or_else(|| "something else".to_owned(), |text| format!("`{text}`"));
    let scenario = plan.get("scenario").and_then(Node::text).unwrap_or("SCENARIO");
    let of_effective = |node: &Node| Value::from(hash(&node.to_json()));
    let own = |node: &Node| sorted(&node.to_json());
    type Read<'r> = &'r dyn Fn(&Node) -> Value;
    let held: [(&str, &str, Read<'_>); 5] = [
        ("effective", "scenarioHash", &of_effective),
        ("scenario", "scenario", &own),
        ("policy", "policy", &own),
        ("seed", "seed", &own),
        ("accepted", "accepted", &own),
    ];
    for (key, other, read) in held {
        let (now, was) = (plan.get(key), summary.get(other));
        if now.map(read) == was.map(own) {
            continue;
        }
        let differs = match now {
            Some(node) if node.text().is_some() => format!("its `{key}` is {}", text(node)),
            Some(_) => format!("its `{key}` is not that of the summary"),
            None => format!("it has no `{key}`"),
        };
        let message = format!("`plan.json` gives another run than that of the folder: {differs}");
        let at = was.map_or_else(|| beginning(summary), |node| node.span.clone());
        let problem = Problem::error("E0603", message).at(&at, format!("the run of the folder has this `{other}`"));
        return Err(Problems(vec![problem.help(again(scenario))]).into());
    }
    Ok(())
}

/// What repeats the run with this program.
fn again(scenario: &str) -> String {
    format!("run the scenario again: `windtunnel run {}`", quoted(scenario))
}

/// A file of the folder that lacks something.
fn broken(root: &Node, what: &str, key: &str) -> Report {
    let at = root.get(key).map_or_else(|| beginning(root), |node| node.span.clone());
    let problem = Problem::error("E0604", format!("the file does not hold {what}"));
    Problems(vec![problem.at(&at, format!("expected `{key}`")).help("run the scenario again")]).into()
}

/// The place of what is missing: the first byte.
fn beginning(root: &Node) -> Span {
    Span { end: root.span.start + 1, ..root.span.clone() }
}
