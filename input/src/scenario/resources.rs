//! The resources of a scenario: inline, or from Azure's files, each normalised.

use super::check::check;
use super::keys::ACCEPTANCES;
use super::lower::ACCEPT;
use crate::arm::{self, Beside, Kept, shape};
use crate::files::Base;
use crate::patch;
use crate::problem::{Problem, Problems, Severity, suggest};
use crate::read;
use crate::secrets::Secrets;
use crate::tree::{Key, Node, Source, Value};
use std::path::PathBuf;
use std::sync::Arc;

/// The key beside a file that patches what it says.
const OVERLAY: &str = "overlay";

/// Types of resources that traffic names to come in by.
const LEADING: [&str; 3] = [shape::LOAD_BALANCER, shape::GATEWAY, shape::TRAFFIC_MANAGER];

fn items_of(scenario: &mut Node) -> Option<&mut Vec<Node>> {
    let Value::Map(entries) = &mut scenario.value else { return None };
    let (_, list) = entries.iter_mut().find(|(key, _)| key.text == "resources")?;
    if let Value::Seq(items) = &mut list.value { Some(items) } else { None }
}

/// Puts normalised resources in the place of what `resources` says; `base` is where the paths of its files begin.
pub fn resolve(scenario: &mut Node, base: Base<'_>, problems: &mut Problems) {
    let source = Arc::clone(&scenario.span.source);
    let Some(items) = items_of(scenario) else { return };
    let written = std::mem::take(items);
    let mut found = Problems::new();
    let mut resolved = read_all(&written, base, &[], &mut found);
    // A template may refer to what another file has, whichever comes first.
    if written.len() > 1 && found.iter().any(|problem| problem.code == "W0401") {
        found = Problems::new();
        resolved = read_all(&written, base, &resolved, &mut found);
    }
    problems.0.append(&mut found.0);
    *items = resolved;
    unique_names(items, &source, problems);
}

/// What of the files of these elements is secret; what cannot be read is said where they are resolved.
#[must_use]
pub fn secrets(written: &[Node], base: Base<'_>) -> Secrets {
    let mut found = Secrets::default();
    for of in written.iter().filter_map(|item| OfFile::of(item, base)) {
        found.merge(&arm::secrets(base.files, &of.main, of.beside()));
    }
    found
}

/// The files that an element of `resources` names.
pub struct OfFile {
    /// The template, or another file of Azure's.
    pub main: PathBuf,
    /// Its parameters file.
    pub parameters: Option<PathBuf>,
    set: Vec<(String, Node)>,
}

impl OfFile {
    /// Those of an element; nothing of a resource that is written in the scenario itself.
    pub fn of(element: &Node, base: Base<'_>) -> Option<Self> {
        let path = |key: &str| element.get(key).and_then(Node::text).map(|text| base.folder.join(text));
        let main = path("template").or_else(|| path("file"))?;
        Some(Self { main, parameters: path("parameters"), set: set_of(element) })
    }

    /// What stands beside the name of the file, but for its overlay.
    pub fn beside(&self) -> Beside<'_> {
        Beside { parameters: self.parameters.as_deref(), set: &self.set, ..Beside::default() }
    }
}

/// Single parameters that are given beside a template.
fn set_of(item: &Node) -> Vec<(String, Node)> {
    let entries = item.get("set").map_or(&[][..], Node::entries);
    entries.iter().map(|(key, value)| (key.text.clone(), value.clone())).collect()
}

/// The resources of all elements; those of the other ones may be referred to.
fn read_all(written: &[Node], base: Base<'_>, others: &[Node], problems: &mut Problems) -> Vec<Node> {
    let mut resolved = Vec::new();
    for item in written {
        if item.get("template").is_some() || item.get("file").is_some() {
            from_file(item, (base, others), &mut resolved, problems);
        } else if item.arm("type").is_some() || item.arm("name").is_some() {
            resolved.push(accepting(item.clone(), arm::normalise_whole, problems));
        } else {
            let problem = Problem::error("E0502", "a resource must be inline, or have `template` or `file`");
            problems.push(problem.at(&item.span, "this element").help("an inline resource needs `type` and `name`"));
        }
    }
    arm::adopt_children(&mut resolved, problems);
    resolved
}

/// Normalises the resources that a patch changed: a key that it misspells is an error there as anywhere, and not a value
/// that nobody reads.
pub fn normalise_changed(written: &Node, patched: &mut Node, problems: &mut Problems) {
    let before = written.get("resources").map_or(&[][..], Node::items);
    let Some(items) = items_of(patched) else { return };
    // What is said of a resource as written is not said again.
    let mut found = Problems::new();
    for item in items {
        if !before.contains(item) {
            *item = normalise(item.clone(), &mut found);
        }
    }
    problems.merge(&found);
}

/// Normalises the resources of an effective scenario, which were normal when it was written: only what somebody has put wrong
/// since then is reported.
pub fn normalise_effective(scenario: &mut Node, problems: &mut Problems) {
    let Some(items) = items_of(scenario) else { return };
    let mut found = Problems::new();
    for item in items {
        *item = normalise(item.clone(), &mut found);
    }
    found.0.retain(|problem| problem.severity == Severity::Error);
    problems.merge(&found);
}

/// Makes a resource canonical; what the scenario accepts of it stays beside it.
pub fn normalise(resource: Node, problems: &mut Problems) -> Node {
    accepting(resource, arm::normalise, problems)
}

fn accepting(mut resource: Node, normalise: fn(Node, &mut Problems) -> Node, problems: &mut Problems) -> Node {
    let accept = acceptances(&mut resource, problems);
    let mut normal = normalise(resource, problems);
    put_back(&mut normal, accept);
    normal
}

/// Takes `accept` out of a resource.
fn acceptances(resource: &mut Node, problems: &mut Problems) -> Option<(Key, Node)> {
    let Value::Map(entries) = &mut resource.value else { return None };
    let at = entries.iter().position(|(key, _)| key.text == ACCEPT)?;
    let found = entries.remove(at);
    check(&found.1, &ACCEPTANCES, ACCEPT, problems);
    Some(found)
}

fn put_back(resource: &mut Node, accept: Option<(Key, Node)>) {
    if let (Value::Map(entries), Some(accept)) = (&mut resource.value, accept) {
        entries.push(accept);
    }
}

fn from_file(item: &Node, (base, others): (Base<'_>, &[Node]), resolved: &mut Vec<Node>, problems: &mut Problems) {
    let (main, known): (&str, &[&str]) = if item.get("template").is_some() {
        ("template", &["template", "parameters", "set", OVERLAY, ACCEPT])
    } else {
        ("file", &["file", OVERLAY, ACCEPT])
    };
    for (key, _) in item.entries().iter().filter(|(key, _)| !known.contains(&key.text.as_str())) {
        let problem = Problem::error("E0107", format!("there is no key `{}` beside `{main}`", key.text));
        problems.push(problem.at(&key.span, "unknown key").maybe_help(suggest(&key.text, known.iter().copied())));
    }
    let file = |key: &str, problems: &mut Problems| -> Option<PathBuf> {
        let node = item.get(key)?;
        let Some(text) = node.text() else {
            problems.push(
                Problem::error("E0108", format!("`{key}` is {}, and should be a path", node.kind()))
                    .at(&node.span, "this value"),
            );
            return None;
        };
        let path = base.folder.join(text);
        // Whoever reads the file does not know where its name stands.
        read::text_of(base.files, &path, Some(&node.span), problems).map(|_| path)
    };
    let before = problems.0.len();
    let path = file(main, problems);
    let parameters = file("parameters", problems);
    let set = set_of(item);
    if problems.0.len() > before {
        return;
    }
    if let Some(path) = path {
        let given = ["parameters", "set"].into_iter().find_map(|key| item.entry(key));
        if let Some((key, _)) = given.filter(|_| !arm::may_be_template(base.files, &path)) {
            let message = format!("`{}` is not a template, so it has no parameters", path.display());
            let problem = Problem::error("E0411", message).at(&key.span, "no template uses these");
            problems.push(problem.help(format!("remove `{}`, or name the template", key.text)));
            return;
        }
        let overlay = item.get(OVERLAY);
        let beside = Beside { parameters: parameters.as_deref(), set: &set, overlay, others };
        let (mut nodes, mut found) = arm::load(base.files, &path, beside, Kept::Whole);
        if let Some(overlay) = overlay {
            lay_over(&mut nodes, overlay, &mut found);
        }
        // Of several resources in one file, the acceptance is that of each which needs it.
        let accept = acceptances(&mut item.clone(), problems);
        for node in &mut nodes {
            put_back(node, accept.clone());
        }
        resolved.extend(nodes);
        problems.merge(&found);
    }
}

/// Patches what a file says, by the names of its resources. What was changed is checked like the user's own.
fn lay_over(resources: &mut Vec<Node>, overlay: &Node, problems: &mut Problems) {
    if !matches!(overlay.value, Value::Map(_)) {
        let message =
            format!("`{OVERLAY}` is {}, and should be a mapping from a resource to its change", overlay.kind());
        problems.push(Problem::error("E0306", message).at(&overlay.span, "this value"));
        return;
    }
    let before = resources.clone();
    for (key, change) in overlay.entries() {
        let errors = problems.count(Severity::Error);
        let was = resources.clone();
        if !patch::of_resource(resources, key, change, &[], problems) {
            let names: Vec<&str> = before.iter().filter_map(Node::name).collect();
            let help = suggest(&key.text, names.iter().copied())
                .unwrap_or_else(|| format!("the resources of the file are {}", names.join(", ")));
            let problem = Problem::error("E0301", format!("the overlay of `{}` matches nothing", key.text));
            problems.push(problem.at(&key.span, "no resource of the file").help(help));
        } else if *resources == was && problems.count(Severity::Error) == errors {
            let problem = Problem::error("E0302", format!("the overlay of `{}` changes nothing", key.text));
            problems.push(problem.at(&key.span, "the file already has all of its values").help("remove it"));
        }
    }
    let mut found = Problems::new();
    for resource in resources.iter_mut().filter(|resource| !before.contains(resource)) {
        *resource = normalise(resource.clone(), &mut found);
    }
    problems.merge(&found);
}

/// Policies name resources, so that two of one type and name could not be distinguished; nor could two of one name that users come
/// in by.
fn unique_names(items: &[Node], scenario: &Arc<Source>, problems: &mut Problems) {
    for (at, item) in items.iter().enumerate() {
        let Some(name) = item.name() else { continue };
        let Some(kind) = item.arm("type").and_then(Node::text) else { continue };
        // Assignments of one configuration have its name, each of what it is assigned to.
        if kind.eq_ignore_ascii_case(shape::ASSIGNMENT) {
            continue;
        }
        let leads = |kind: &str| LEADING.iter().any(|one| one.eq_ignore_ascii_case(kind));
        let same = |other: &&Node| {
            let kinds = |other: &str| other.eq_ignore_ascii_case(kind) || (leads(other) && leads(kind));
            other.is_named(name) && other.arm("type").and_then(Node::text).is_some_and(kinds)
        };
        if let Some(first) = items[..at].iter().find(same) {
            let what = shape::without_namespace(kind);
            let problem =
                Problem::error("E0212", format!("two resources have the name `{name}`, and this is of type {what}"));
            let is_list =
                Arc::ptr_eq(&item.span.source, &first.span.source) && !Arc::ptr_eq(&item.span.source, scenario);
            let help = if is_list {
                format!(
                    "of a template, give the parameters that their names or conditions read, so that one is left: `import --set \
                     NAME=VALUE`, a file of parameters, or `set: {{ NAME: VALUE }}` beside the template; of a list, give them in \
                     two files, and one of them another name: `overlay: {{ {name}: {{ name: … }} }}`"
                )
            } else {
                format!("give one another name; beside a file: `overlay: {{ {what}/{name}: {{ name: … }} }}`")
            };
            problems.push(problem.at(&item.span, "the second").also(&first.span, "the first").help(help));
        }
    }
}
