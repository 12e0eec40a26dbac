//! What a drafted scenario gives to a drill.

use super::fit::{Fleet, Policy, policy};
use super::{Handle, Handles, Need, Value};
use crate::LoadOptions;
use crate::draft::Draft;
use crate::lint;
use crate::problem::Problems;
use crate::read::read_text;
use crate::report::Report;
use crate::scenario::keys::SCENARIO;
use crate::tree::{Key, Node, Value as Tree};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Plan, UpgradeMode};

/// A drafted scenario, ready to be drilled.
#[derive(Debug)]
pub struct Drafted {
    /// The text of the scenario.
    pub text: String,
    /// Its tree.
    pub root: Node,
    /// What it gives.
    pub fleet: Fleet,
    /// How many of its values are guesses.
    pub guesses: usize,
    /// The fixes of what lint finds of it: code, name, and policy.
    pub fixes: Vec<Candidate>,
}

/// A change of a fleet that is tried: here a fix of a finding, with its code as the name, and which of them where there are
/// several.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its name, which is that of its policy.
    pub name: String,
    /// What it is, in a line.
    pub title: String,
    /// The policy.
    pub policy: Policy,
}

/// Reads what a draft gives; `resources` are those of the fleet in normal form, and rollouts begin at `start`.
///
/// # Errors
///
/// The draft has no scale set.
pub fn of_draft(draft: &Draft, resources: &Json, start: SimDuration) -> Result<Drafted, Report> {
    let mut problems = Problems::new();
    let Some(root) = read_text("the drafted scenario", draft.text.clone(), &mut problems) else {
        return Err(problems.into());
    };
    let Some(set) = draft.sets.iter().position(|set| set.is_main) else { return Err(draft.problems.clone().into()) };
    let (plan, of) = (&draft.plan, &draft.sets[set]);
    let own = &plan.sets[set];
    let region = &plan.regions[usize::from(own.region)];
    let entry =
        of.entries.iter().map(|at| &draft.entries[*at]).find(|entry| entry.rps > 0.0 && entry.by_name.is_none());
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    let mut handles = Handles::default();
    handles.put(Handle::Set, text(&own.name));
    handles.put(Handle::EntryPoint, entry.and_then(|entry| text(&entry.key)));
    handles.put(Handle::Demand, entry.map(|entry| Value::Rate(entry.rps)));
    handles.put(Handle::Image, of.image.as_ref().and_then(|image| text(&image.image)));
    handles.put(Handle::CurrentVersion, of.image.as_ref().and_then(|image| text(&image.current)));
    handles.put(Handle::NextVersion, of.image.as_ref().and_then(|image| text(&image.next)));
    handles.put(Handle::Capacity, Some(Value::Count(own.capacity)));
    handles.put(Handle::Region, text(&region.name));
    handles.put(Handle::Zone, own.zones.last().map(|zone| Value::Count(u32::from(*zone))));
    let near = plan.sets.iter().filter(|other| other.region == own.region);
    handles.put(Handle::Cores, Some(Value::Count(near.map(|other| other.cores * other.capacity).sum())));
    handles.put(Handle::Start, Some(Value::Time(start)));
    let next = of.image.as_ref().map(|image| image.next.clone()).unwrap_or_default();
    let acts = draft.rollout(set, &next, start);
    let rollout = acts.into_iter().filter_map(|act| read_text("the rollout", act.yaml, &mut problems)).collect();
    if problems.has_errors() {
        return Err(problems.into());
    }
    let fixes = fixes(resources, Some(&own.name))?;
    let endpoints = endpoints(&root, &fixes);
    let has = has(plan, set, of.image.as_ref().is_some_and(|image| !image.is_platform));
    Ok(Drafted {
        fleet: Fleet { handles, has, endpoints, rollout, way: draft.way(set), sets: draft.sets.len() },
        text: draft.text.clone(),
        root,
        guesses: draft.guesses.len(),
        fixes,
    })
}

/// What lint would change about a set, or about what no set has alone; of all sets where none is named.
///
/// # Errors
///
/// The resources are none.
pub fn fixes(resources: &Json, set: Option<&str>) -> Result<Vec<Candidate>, Report> {
    let mut problems = Problems::new();
    let Some(root) = read_text("resources.json", format!("{resources:#}"), &mut problems) else {
        return Err(problems.into());
    };
    let fleet = lint::fleet::Fleet::of(root.items().to_vec(), &Problems::new(), &LoadOptions::default());
    let mut all: Vec<Candidate> = Vec::new();
    let mut seen: Vec<Json> = Vec::new();
    for finding in lint::lint(&fleet) {
        let Some(change) =
            finding.fix.filter(|_| finding.set.as_deref().is_none_or(|of| set.is_none_or(|set| of == set)))
        else {
            continue;
        };
        // What changes the world around the fleet would be another incident, and no help in this one.
        let around =
            change.as_object().is_some_and(|keys| keys.keys().any(|key| SCENARIO.known().any(|own| own == key)));
        if around || seen.contains(&change) {
            continue;
        }
        let code = finding.row.code;
        let name = match all.iter().filter(|fix| fix.name.starts_with(code)).count() {
            0 => code.to_owned(),
            before => format!("{code}-{}", before + 1),
        };
        let mut leaves = Vec::new();
        changes(&change, &mut leaves);
        let more = leaves.len().saturating_sub(LEAVES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let title =
            format!("mend {} ({code}): {}{more}", finding.row.name, leaves[..leaves.len().min(LEAVES)].join(", "));
        all.push(Candidate { policy: policy(&name, &change)?, name, title });
        seen.push(change);
    }
    Ok(all)
}

/// So many changed values are named.
const LEAVES: usize = 2;

/// The values that a patch sets, each with its key.
fn changes(patch: &Json, into: &mut Vec<String>) {
    match patch {
        Json::Object(entries) => {
            // What names an element of a list is no change of it.
            for (key, value) in entries.iter().filter(|(key, value)| *key != "name" || !value.is_string()) {
                match value {
                    Json::Array(items) if !items.iter().any(|item| item.is_object() || item.is_array()) => {
                        let plain = |item: &Json| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
                        into.push(format!("{key} {}", items.iter().map(plain).collect::<Vec<_>>().join(", ")));
                    }
                    Json::Object(_) | Json::Array(_) => changes(value, into),
                    Json::Null => into.push(format!("no {key}")),
                    Json::String(text) => into.push(format!("{key} {text}")),
                    other => into.push(format!("{key} {other}")),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| changes(item, into)),
        _ => {}
    }
}

/// The endpoints of the application, and those that a fix asks for: they answer 200 once the process is warm.
fn endpoints(root: &Node, fixes: &[Candidate]) -> Option<Node> {
    let own = root.get("application")?.get("endpoints")?;
    let mut asked = BTreeSet::new();
    fixes.iter().for_each(|fix| lint::incident::asked(&fix.policy.1.to_json(), &mut asked));
    let mut problems = Problems::new();
    let clauses = read_text("endpoint.json", ANSWERS.to_owned(), &mut problems)?;
    let mut all = own.clone();
    if let Tree::Map(entries) = &mut all.value {
        for path in asked.into_iter().filter(|path| own.get(path).is_none()) {
            entries.push((Key { text: path, span: own.span.clone() }, clauses.clone()));
        }
    }
    Some(all)
}

/// What a path answers that nobody asks for yet.
const ANSWERS: &str = r#"[
  { "when": ["process", "warm"], "answer": { "status": "200", "healthState": "Healthy" } },
  { "when": "process", "answer": "503" }
]"#;

/// What of what a drill may need a fleet has.
fn has(plan: &Plan, set: usize, own_image: bool) -> Vec<Need> {
    let of = &plan.sets[set];
    let autoscale = plan.autoscale.iter().any(|setting| usize::from(setting.set) == set);
    let all = [
        (Need::Zones, of.zones.len() > 1),
        (Need::Spot, of.spot.spot),
        (Need::Surge, of.upgrade.mode == UpgradeMode::Rolling && of.upgrade.rolling.max_surge),
        (Need::Repairs, of.repairs.is_some_and(|repairs| repairs.enabled)),
        (Need::Autoscale, autoscale),
        (Need::OwnImage, own_image),
    ];
    all.into_iter().filter(|(_, is)| *is).map(|(need, _)| need).collect()
}
