//! `windtunnel check`: what was understood, what was assumed, and what is wrong.

use crate::args::Check;
use crate::commands::scenarios::{NONE, scenarios};
use crate::disk::file::Disk;
use crate::input::formats;
use crate::input::tree::{Node, Scalar, Source, Span, Value};
use crate::input::{LoadOptions, Loaded, Problems, Report, arm, bare, load, read};
use crate::output::envelope;
use crate::output::foresee;
use crate::output::format::Format;
use crate::output::stream;
use crate::{commands, exit};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::Plan;
use windtunnel_words::clock::spoken;
use windtunnel_words::control::escaped;
use windtunnel_words::number::count;
use windtunnel_words::text::wrap;

/// Checks every file; fails if one of them has an error.
pub fn check(args: &Check) -> anyhow::Result<u8> {
    let mut out = stream::stdout();
    let mut wrong = false;
    let mut all = Vec::new();
    let set = parameters(&args.set)?;
    let (paths, left_out) = scenarios(&args.paths)?;
    left_out.say()?;
    check_parameters(args, &paths, &set)?;
    if paths.is_empty() {
        writeln!(stream::stderr(), "{NONE}")?;
        return Ok(exit::NOTHING_SELECTED);
    }
    for path in &paths {
        if let Some(lines) = arm::timeline(&Disk, path) {
            all.push(json!({ "file": path, "understood": lines, "problems": [], "problemsLeftOut": 0 }));
            if args.format == Format::Human {
                let name = escaped(&path.display().to_string()).into_owned();
                writeln!(out, "# {name}: an activity log, as the timeline of a scenario")?;
                lines.iter().try_for_each(|line| writeln!(out, "{}", escaped(line)))?;
            }
            continue;
        }
        let (understood, report) = look(path, args.parameters.as_deref(), &set);
        wrong |= report.has_errors();
        match args.format {
            Format::Json => all.push(json!({
                "file": path,
                "understood": understood,
                "problems": report.to_json(),
                "problemsLeftOut": report.left_out_of_json(),
            })),
            Format::Human => {
                writeln!(out, "{}: {}", escaped(&path.display().to_string()), report.closing())?;
                let width = commands::width().saturating_sub(4);
                for line in &understood {
                    writeln!(out, "  {}", wrap(&escaped(line), width).join("\n    "))?;
                }
                if !report.problems().is_empty() {
                    let colour = stream::colour_of(&std::io::stdout());
                    write!(out, "\n{}", report.render_folded(colour, commands::width()))?;
                }
            }
        }
    }
    if args.format == Format::Json {
        writeln!(out, "{:#}", json!({ formats::KEY: formats::CHECKS.version, "files": all }))?;
    }
    Ok(if wrong { exit::USAGE } else { exit::OK })
}

/// Parameters are for templates: beside other files they would change nothing, without a word.
fn check_parameters(args: &Check, paths: &[PathBuf], set: &[(String, Node)]) -> anyhow::Result<()> {
    let flag = if set.is_empty() { "--parameters" } else { "--set" };
    let asked = args.parameters.is_some() || !set.is_empty();
    if asked && !paths.iter().any(|path| arm::may_be_template(&Disk, path)) {
        let key = &flag[2..];
        anyhow::bail!(
            "{flag} is for templates, but none of these files is a template; in a scenario, write it beside the \
             template: `- {{ template: web.json, {key}: … }}`"
        );
    }
    Ok(())
}

/// The parameters that a command line gives, each once.
pub(super) fn parameters(given: &[String]) -> anyhow::Result<Vec<(String, Node)>> {
    let set = given.iter().map(|text| parameter(text)).collect::<anyhow::Result<Vec<_>>>()?;
    for (at, (name, _)) in set.iter().enumerate() {
        if set[..at].iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            anyhow::bail!("`--set {name}` is given twice; keep one of the two");
        }
    }
    Ok(set)
}

/// A parameter as the command line gives it: a scalar, as it is written.
fn parameter(text: &str) -> anyhow::Result<(String, Node)> {
    let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.is_empty()) else {
        anyhow::bail!("`--set` must be NAME=VALUE, got `{text}`; write for example `--set vmssName=web`");
    };
    let source = Arc::new(Source {
        name: escaped(&format!("--set {name}")).into_owned(),
        text: value.to_owned(),
        hidden: false,
    });
    let scalar = Scalar { text: value.to_owned(), quoted: false };
    let span = Span { source, start: 0, end: value.len() };
    Ok((name.to_owned(), Node { span, value: Value::Scalar(scalar) }))
}

/// What a file says, in a few lines, and its problems.
fn look(path: &Path, parameters: Option<&Path>, set: &[(String, Node)]) -> (Vec<String>, Report) {
    if is_azures(path) {
        let (resources, mut problems) = arm::load(path, parameters, set);
        problems.merge(&bare(resources.clone(), &LoadOptions::default()));
        let line = |resource: &Node| {
            let text = |key| resource.arm(key).and_then(|node| node.text()).unwrap_or("?").to_owned();
            format!("{} `{}`", text("type"), text("name"))
        };
        let (instances, resources): (Vec<&Node>, Vec<&Node>) =
            resources.iter().partition(|one| one.arm("type").and_then(Node::text) == Some(arm::INSTANCES));
        let lines = resources.into_iter().map(line).chain(starts(&instances));
        return (lines.collect(), problems.into());
    }
    match load(path, &LoadOptions::default()) {
        Ok(loaded) => (understood(&loaded), loaded.problems.into()),
        Err(report) => (Vec::new(), report),
    }
}

/// What a list of instances is good for, a line a set.
fn starts(instances: &[&Node]) -> Vec<String> {
    let mut sets: Vec<(&str, usize)> = Vec::new();
    for set in instances.iter().filter_map(|one| one.name()?.split('/').next()) {
        match sets.iter_mut().find(|(known, _)| *known == set) {
            Some((_, n)) => *n += 1,
            None => sets.push((set, 1)),
        }
    }
    let line = |(set, n): &(&str, usize)| {
        let n = count(*n, "instance");
        format!("{n} of `{set}`: a run begins with them where `resources` has this file and the set (`az vmss show`)")
    };
    sets.iter().map(line).collect()
}

/// Whether a file is one of Azure's or of the tools around it, and not a scenario: Bicep, or JSON, by its name or by what it begins with.
fn is_azures(path: &Path) -> bool {
    let named = |end: &std::ffi::OsStr| end.eq_ignore_ascii_case("json") || end.eq_ignore_ascii_case("tfstate");
    let begins = || {
        let text = read::text_of(path, None, &mut Problems::new()).map(|(text, _)| text).unwrap_or_default();
        text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with(['{', '['])
    };
    let is_scenario = || {
        let root = read::read_file(path, &mut Problems::new());
        root.is_some_and(|root| root.get("windtunnel").is_some())
    };
    arm::is_bicep(path) || (path.extension().is_some_and(named) || begins()) && !is_scenario()
}

/// What becomes of automatic OS upgrades, and under which policies that, or how changes reach the fleet, is something else.
fn by_policy(loaded: &Loaded) -> Vec<String> {
    let foreseen = |plan: &Plan| [foresee::os_upgrades(plan), foresee::acts(plan)].concat();
    let of = |policy: &str| {
        let plan = &loaded.plan(policy).expect("it is there").plan;
        let envelope = (0..plan.sets.len()).flat_map(|at| envelope::of_set(plan, at));
        envelope.chain(foreseen(plan)).collect::<Vec<String>>()
    };
    let written = of(crate::input::AS_WRITTEN);
    let mut lines = foreseen(&loaded.plan(crate::input::AS_WRITTEN).expect("it is there").plan);
    for policy in loaded.policies() {
        let other = of(policy).into_iter().filter(|line| !written.contains(line));
        lines.extend(other.map(|line| format!("policy {policy}: {line}")));
    }
    lines
}

fn understood(loaded: &Loaded) -> Vec<String> {
    let plan = &loaded.plan(crate::input::AS_WRITTEN).expect("it always exists").plan;
    let mut lines = vec![loaded.title.clone()];
    for (at, set) in plan.sets.iter().enumerate() {
        let zones = match set.zones.len() {
            0 => "regional".to_owned(),
            n => format!("{n} zone{}", if n == 1 { "" } else { "s" }),
        };
        let region = &plan.regions[set.region as usize].name;
        lines.push(format!(
            "scale set {}: {} {:?}{}, {region}, {zones}",
            set.name,
            set.capacity,
            set.mode,
            if set.size.is_empty() { String::new() } else { format!(" of {}", set.size) }
        ));
        lines.extend(envelope::of_set(plan, at));
    }
    lines.extend(envelope::around(plan));
    let length = spoken(plan.horizon.since(SimTime::ZERO));
    lines.push(format!("{} on a timeline of {length}", count(plan.timeline.len(), "action")));
    let policies: Vec<&str> = loaded.policies().collect();
    lines.push(format!("policies: {}", policies.join(", ")));
    lines.extend(by_policy(loaded));
    let overridden: Vec<&str> = plan.assumptions.overridden().map(|assumption| assumption.row().key).collect();
    if !overridden.is_empty() {
        lines.push(format!("assumptions overridden: {}", overridden.join(", ")));
    }
    lines.push(count(loaded.expectations.len(), "expectation"));
    lines
}

/// The problems of a scenario that can be run all the same, shown on standard error.
pub fn show_warnings(problems: &Problems) -> std::io::Result<()> {
    let worth_saying: Problems =
        problems.iter().filter(|p| p.severity != crate::input::Severity::Note).cloned().collect();
    if worth_saying.is_empty() {
        return Ok(());
    }
    write!(stream::stderr(), "{}", Report::from(worth_saying).render(stream::colour_of(&std::io::stderr())))
}
