//! What the files of a fleet leave open: values of parameters, a capacity, and states that Azure would refuse today and that a fleet
//! which is there is in all the same.

use super::{Element, as_written};
use crate::arm::{self, expression::LOCATION};
use crate::load::Loaded;
use crate::problem::{About, Lack, Problem};
use crate::report::Report;
use crate::scenario::lower::is_acceptable;
use std::fmt::Write as _;
use std::path::Path;
use windtunnel_sim::rules::RuleId;

/// What stands in better than the name of a parameter, by what that contains.
const VALUES: [(&str, &str); 4] =
    [("location", "eastus"), ("region", "eastus"), ("size", "Standard_D2s_v5"), ("sku", "Standard_D2s_v5")];
/// So often is looked whether something is missing still.
const ROUNDS: usize = 8;

/// An element of `resources`, with what was guessed beside it.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The file.
    pub element: Element,
    /// Parameters: name, value as YAML, and why where it is a guess.
    pub set: Vec<(String, String, Option<String>)>,
    /// What resources lack, by the name of the resource.
    pub overlay: Vec<(String, Vec<Lack>)>,
    /// The rules by which Azure would refuse what a file says.
    pub accept: Vec<RuleId>,
}

impl Resource {
    pub fn of(element: &Element) -> Self {
        let set = element.set.iter().map(|(name, value)| (name.clone(), value.clone(), None)).collect();
        Self { element: element.clone(), set, overlay: Vec::new(), accept: Vec::new() }
    }

    fn adds(&mut self, name: &str, value: String, why: &str) -> bool {
        let is_new = !self.set.iter().any(|(known, ..)| known.eq_ignore_ascii_case(name));
        if is_new {
            self.set.push((name.to_owned(), value, Some(why.to_owned())));
        }
        is_new
    }
}

/// What a parameter is not given a value for, by what its name contains: no scenario should hold a secret.
const SECRETS: [&str; 2] = ["password", "secret"];

/// Reads the files alone, and again with what they leave open, until nothing is missing.
pub fn fill(
    elements: &[Element],
    read: &dyn Fn(String) -> Result<Loaded, Report>,
) -> Result<(Vec<Resource>, Loaded), Report> {
    let mut resources: Vec<Resource> = elements.iter().map(Resource::of).collect();
    let mut seen: Vec<(usize, String)> = Vec::new();
    for _ in 0..ROUNDS {
        match read(skeleton(&resources)) {
            Ok(loaded) => {
                let before = resources.clone();
                let mut is_new = false;
                for problem in &loaded.problems {
                    is_new |= open(problem, &mut resources, &mut seen);
                }
                if !is_new {
                    return Ok((resources, loaded));
                }
                choose(&before, &mut resources, read);
            }
            Err(report) => {
                let mended = report.problems().iter().filter(|problem| mend(problem, &mut resources)).count();
                if mended == 0 {
                    return Err(report);
                }
            }
        }
    }
    read(skeleton(&resources)).map(|loaded| (resources, loaded))
}

/// The files alone, as a scenario.
pub fn skeleton(resources: &[Resource]) -> String {
    let mut text = "windtunnel: 1\ntitle: the files alone\nhorizon: PT1H\nresources:\n".to_owned();
    for resource in resources {
        for (at, line) in lines(resource).into_iter().enumerate() {
            _ = writeln!(text, "  {} {}", if at == 0 { "-" } else { " " }, line.1);
        }
    }
    text
}

/// The lines of an element, each with the keys that lead to it and why where it is a guess.
pub fn lines(resource: &Resource) -> Vec<(Vec<String>, String, Option<String>)> {
    let Element { file, is_template, parameters, .. } = &resource.element;
    let scalar = super::scalar;
    let key = if *is_template { "template" } else { "file" };
    let mut lines = vec![(vec![], format!("{key}: {}", scalar(file)), None)];
    if let Some(parameters) = parameters {
        lines.push((vec!["parameters".to_owned()], format!("parameters: {}", scalar(parameters)), None));
    }
    if !resource.set.is_empty() {
        lines.push((vec!["set".to_owned()], "set:".to_owned(), None));
    }
    for (name, value, why) in &resource.set {
        let path = vec!["set".to_owned(), name.clone()];
        lines.push((path, format!("  {}: {value}", scalar(name)), why.clone()));
    }
    if !resource.overlay.is_empty() {
        lines.push((vec!["overlay".to_owned()], "overlay:".to_owned(), None));
    }
    for (name, lacks) in &resource.overlay {
        let path = vec!["overlay".to_owned(), name.clone()];
        let change = lacks.iter().map(|one| one.change()).collect::<Vec<_>>().join(", ");
        let why = lacks.iter().map(|one| one.why()).collect::<Vec<_>>().join("; ");
        lines.push((path, format!("  {}: {{ {change} }}", scalar(name)), Some(why)));
    }
    if !resource.accept.is_empty() {
        lines.push((vec!["accept".to_owned()], "accept:".to_owned(), None));
    }
    for rule in &resource.accept {
        let path = vec!["accept".to_owned(), rule.to_string()];
        let text = format!("  - {{ code: {rule}, reason: the file says that it is so }}");
        lines.push((path, text, Some("Azure refuses this today".to_owned())));
    }
    lines
}

/// Takes what stood in for a value that nobody gave as a guess of the element; true where it is new.
fn open(problem: &Problem, resources: &mut [Resource], seen: &mut Vec<(usize, String)>) -> bool {
    let (name, value, why) = match &problem.about {
        Some(About::Parameter { name, instead: Some(value) }) => (name.as_str(), value, "the parameter has no value"),
        Some(About::Location(value)) => (LOCATION, value, "the file does not say where it is deployed"),
        _ => return false,
    };
    let is_list = value.starts_with(['[', '{']) && serde_json::from_str::<serde_json::Value>(value).is_ok();
    let value = if is_list { value.clone() } else { super::scalar(value) };
    let Some(at) = element_at(problem, resources).filter(|at| resources[*at].element.is_template) else { return false };
    let this = (at, name.to_owned());
    if seen.contains(&this) {
        return false;
    }
    seen.push(this);
    resources[at].adds(name, value, why)
}

/// Of the parameters that got a value in this round: a better value where there is one, and none where the fleet is the same
/// whatever they are. A fleet of one instance shows little, so a parameter that is the capacity of a set is taken to be larger.
fn choose(before: &[Resource], resources: &mut [Resource], read: &dyn Fn(String) -> Result<Loaded, Report>) {
    let Ok(loaded) = read(skeleton(resources)) else { return };
    let plan_of = |loaded: &Loaded| format!("{:?}", as_written(loaded).0);
    let as_it_is = plan_of(&loaded);
    let instances = |loaded: &Loaded| as_written(loaded).0.sets.iter().map(|set| set.capacity).sum::<u32>();
    for at in 0..resources.len() {
        for parameter in (before[at].set.len()..resources[at].set.len()).rev() {
            let (name, value, _) = resources[at].set[parameter].clone();
            if SECRETS.iter().any(|part| name.to_ascii_lowercase().contains(part)) {
                resources[at].set.remove(parameter);
                continue;
            }
            let with = |value: String| {
                let mut tried = resources.to_vec();
                tried[at].set[parameter].1 = value;
                read(skeleton(&tried))
            };
            let is_count = value.parse::<i64>().is_ok();
            let changed = with(match value.as_str() {
                _ if is_count => Lack::INSTANCES.to_string(),
                "True" => "false".to_owned(),
                "False" => "true".to_owned(),
                "[]" => "[x]".to_owned(),
                "{}" => "{ x: x }".to_owned(),
                text => format!("{}x", text.trim_matches('"')),
            });
            if changed.as_ref().is_ok_and(|changed| plan_of(changed) == as_it_is) {
                resources[at].set.remove(parameter);
                continue;
            }
            let better = VALUES.iter().find(|(part, _)| value == name && name.to_ascii_lowercase().contains(part));
            if is_count && changed.is_ok_and(|changed| instances(&changed) > instances(&loaded)) {
                resources[at].set[parameter].1 = Lack::INSTANCES.to_string();
            } else if let Some((_, better)) = better.filter(|(_, better)| with((*better).to_owned()).is_ok()) {
                resources[at].set[parameter].1 = (*better).to_owned();
            }
        }
    }
}

/// Mends what keeps the files from being run, where a guess can: a set without capacity, and a state that Azure would refuse today and
/// that what is there is in all the same, or that has one way out.
fn mend(problem: &Problem, resources: &mut [Resource]) -> bool {
    let Some(at) = element_at(problem, resources) else { return false };
    let resource = &mut resources[at];
    let is_there = !resource.element.is_template && !resource.element.is_planned;
    if let Some(rule) = problem.rule.filter(|rule| is_there && problem.is_refusal() && is_acceptable(*rule)) {
        let is_new = !resource.accept.contains(&rule);
        if is_new {
            resource.accept.push(rule);
        }
        return is_new;
    }
    // A template or a plan can be mended before it is deployed.
    let Some(About::Lacks(set, lack)) = &problem.about else { return false };
    let at = resource.overlay.iter().position(|(known, _)| known == set).unwrap_or_else(|| {
        resource.overlay.push((set.clone(), Vec::new()));
        resource.overlay.len() - 1
    });
    let lacks = &mut resource.overlay[at].1;
    let is_new = !lacks.contains(lack);
    if is_new {
        lacks.push(*lack);
    }
    is_new
}

/// The element that a problem is about: the one of its file, or the only one.
fn element_at(problem: &Problem, resources: &[Resource]) -> Option<usize> {
    let (span, _) = problem.primary.as_ref()?;
    let source = Path::new(&span.source.name);
    let is_of = |one: &Resource| {
        arm::names_of(one.element.file.trim_start_matches("../")).iter().any(|name| source.ends_with(name))
    };
    resources.iter().position(is_of).or((resources.len() == 1).then_some(0))
}
