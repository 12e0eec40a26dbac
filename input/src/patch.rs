//! Policies: named merge patches on the normalised scenario, and the difference they make.

use super::arm::{reference, shape};
use super::problem::{Problem, Problems, suggest};
use super::scenario::keys::timeline_entry;
use super::tree::{Key, Node, Value};
use serde_json::json;
use std::collections::BTreeMap;

/// Where a value is, `vmss-web.properties.upgradePolicy.mode`: a resource or a key of the scenario, and what leads on from there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(Vec<Step>);

/// A step to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Of the resources, this one.
    Resource(String),
    /// A key of a mapping.
    Key(String),
    /// The element of this name.
    Element(String),
}

impl Place {
    /// From the top of the scenario.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    fn and(&self, step: Step) -> Self {
        self.0.iter().cloned().chain([step]).collect()
    }

    /// Whether it is the list of the resources.
    fn is_resources(&self) -> bool {
        matches!(&self.0[..], [Step::Key(key)] if key == "resources")
    }
}

impl FromIterator<Step> for Place {
    fn from_iter<T: IntoIterator<Item = Step>>(steps: T) -> Self {
        Self(steps.into_iter().collect())
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(name) if at > 0 => write!(f, ".{name}")?,
                Step::Key(name) | Step::Resource(name) => f.write_str(name)?,
                Step::Element(name) => write!(f, "[{name}]")?,
            }
        }
        Ok(())
    }
}

/// One value that a policy changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Where.
    pub path: Place,
    /// The value as written; `None` where the policy adds one.
    pub old: Option<serde_json::Value>,
    /// The value under the policy; `None` where the policy removes it.
    pub new: Option<serde_json::Value>,
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let show = |value: &Option<serde_json::Value>| match value {
            None => "(absent)".to_owned(),
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        write!(f, "{}: {} → {}", self.path, show(&self.old), show(&self.new))
    }
}

/// The difference as JSON.
#[must_use]
pub fn diff_json(changes: &[Change]) -> serde_json::Value {
    changes
        .iter()
        .map(|change| json!({ "path": change.path.to_string(), "old": change.old, "new": change.new }))
        .collect()
}

/// How keys of a mapping match.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Match {
    /// To the letter, in what is ours.
    Exact,
    /// Whatever the case, in what is Azure's.
    Arm,
}

impl Match {
    fn same(self, a: &str, b: &str) -> bool {
        match self {
            Self::Exact => a == b,
            Self::Arm => a.eq_ignore_ascii_case(b),
        }
    }
}

/// Applies a patch to a scenario whose resources are normalised. `known` are the keys that a scenario file may have.
///
/// The patched scenario, and what the patch changed; problems are pushed for what matches nothing or changes nothing.
pub fn apply(
    scenario: &Node,
    policy: &Key,
    patch: &Node,
    known: &[&str],
    problems: &mut Problems,
) -> (Node, Vec<Change>) {
    let mut result = scenario.clone();
    if !matches!(patch.value, Value::Map(_)) {
        let message = format!(
            "the policy `{}` is {}, and should be a mapping from what it changes to the change",
            policy.text,
            patch.kind()
        );
        problems.push(Problem::error("E0306", message).at(&policy.span, "this policy"));
        return (result, Vec::new());
    }
    let before = problems.count(super::problem::Severity::Error);
    for (key, change) in patch.entries() {
        apply_first(&mut result, key, change, known, problems);
    }
    let mut changes = Vec::new();
    diff(&Place::default(), Some(scenario), Some(&result), &mut changes);
    if changes.is_empty() && problems.count(super::problem::Severity::Error) == before {
        let problem = Problem::error("E0302", format!("the policy `{}` changes nothing", policy.text));
        problems.push(
            problem
                .at(&policy.span, "the scenario already has all of its values")
                .help("change a value, or remove the policy"),
        );
    }
    (result, changes)
}

/// Merges a patch of keys of the file into it.
pub fn over(scenario: &mut Node, patch: &Node, known: &[&str], problems: &mut Problems) {
    for (key, change) in patch.entries() {
        if matches!(key.text.as_str(), "windtunnel" | "resources") || !known.contains(&key.text.as_str()) {
            let problem = Problem::error("E0301", format!("the patch of `{}` matches nothing", key.text));
            let help = suggest(&key.text, known.iter().copied());
            problems.push(problem.at(&key.span, "no key that can be patched").maybe_help(help));
        } else {
            merge_entry(scenario, key, change, Match::Exact, problems);
        }
    }
}

/// Merges a change into a resource, as a PATCH does.
pub fn resource(target: &mut Node, change: &Node, problems: &mut Problems) {
    merge(target, change, Match::Arm, problems);
}

/// Applies the change of one resource: that which the key means, or a new one where the change says a type. False where the key means
/// neither.
pub fn of_resource(items: &mut Vec<Node>, key: &Key, change: &Node, known: &[&str], problems: &mut Problems) -> bool {
    let meant: Vec<usize> = (0..items.len()).filter(|at| reference::is_meant(&items[*at], &key.text)).collect();
    match meant[..] {
        [at] if removes(change) => _ = items.remove(at),
        [at] => merge(&mut items[at], change, Match::Arm, problems),
        [] => {
            let is_new = change.arm("type").and_then(Node::text).is_some_and(|kind| kind.contains('/'));
            if !is_new || known.contains(&key.text.as_str()) {
                return false;
            }
            add_resource(items, key, change);
        }
        _ => {
            let meant: Vec<&Node> = meant.iter().map(|at| &items[*at]).collect();
            problems.push(ambiguous(&key.text, &meant).at(&key.span, "means several"));
        }
    }
    true
}

/// The problem of a name that resources of several types have.
pub fn ambiguous(name: &str, meant: &[&Node]) -> Problem {
    let key = |one: &&Node| {
        let kind = one.arm("type").and_then(Node::text).unwrap_or_default();
        format!("`{}/{}`", shape::without_namespace(kind), one.name().unwrap_or_default())
    };
    let keys: Vec<String> = meant.iter().map(key).collect();
    Problem::error("E0214", format!("`{name}` is the name of {} resources", meant.len()))
        .help(format!("write the type before it: {}", keys.join(" or ")))
}

/// The first key of a patch: a resource, or a key of the file.
fn apply_first(result: &mut Node, key: &Key, change: &Node, known: &[&str], problems: &mut Problems) {
    let Value::Map(entries) = &mut result.value else { return };
    let list = entries.iter_mut().find(|(k, _)| k.text == "resources").map(|(_, list)| &mut list.value);
    if let Some(Value::Seq(items)) = list
        && of_resource(items, key, change, known, problems)
    {
        return;
    }
    if matches!(key.text.as_str(), "policies" | "windtunnel" | "resources") || !known.contains(&key.text.as_str()) {
        let names: Vec<String> = result.get("resources").map_or_else(Vec::new, |list| {
            list.items().iter().filter_map(|item| item.name().map(str::to_owned)).collect()
        });
        let candidates = names.iter().map(String::as_str).chain(known.iter().copied());
        let help = suggest(&key.text, candidates).or_else(|| Some(format!("the resources are {}", names.join(", "))));
        let problem = Problem::error("E0301", format!("the patch of `{}` matches nothing", key.text));
        problems.push(problem.at(&key.span, "neither a resource nor a key of the scenario").maybe_help(help));
        return;
    }
    merge_entry(result, key, change, Match::Exact, problems);
}

/// A patch that says a type of a name that is not there adds a resource.
fn add_resource(items: &mut Vec<Node>, key: &Key, change: &Node) {
    let mut resource = without_null(change);
    if let (Value::Map(own), true) = (&mut resource.value, change.arm("name").is_none()) {
        let node = Node::quoted(&key.span, key.text.clone());
        own.insert(0, (Key { text: "name".to_owned(), span: key.span.clone() }, node));
    }
    items.push(resource);
}

fn removes(node: &Node) -> bool {
    node.get("$remove").and_then(Node::text) == Some("true")
}

/// Merges a patch into a node.
fn merge(target: &mut Node, patch: &Node, how: Match, problems: &mut Problems) {
    match (&mut target.value, &patch.value) {
        (Value::Map(_), Value::Map(entries)) => {
            for (key, change) in entries {
                merge_entry(target, key, change, how, problems);
            }
        }
        (Value::Seq(items), Value::Seq(changes)) if named(items) && named(changes) && !changes.is_empty() => {
            merge_named(items, changes, how, problems);
        }
        (Value::Map(entries), Value::Scalar(_) | Value::Seq(_)) if !entries.is_empty() && how == Match::Arm => {
            let problem = Problem::error("E0306", format!("{} would replace a mapping", patch.kind()));
            problems.push(
                problem
                    .at(&patch.span, "the patch")
                    .also(&target.span, "what it would replace")
                    .help("give the full path of keys"),
            );
        }
        _ => *target = without_null(patch),
    }
}

/// Merges the change of one key into a mapping.
fn merge_entry(target: &mut Node, key: &Key, change: &Node, how: Match, problems: &mut Problems) {
    let Value::Map(entries) = &mut target.value else { return };
    let at = entries.iter().position(|(known, _)| how.same(&known.text, &key.text));
    match (at, change.is_null()) {
        (Some(at), true) => {
            entries.remove(at);
        }
        (None, true) => {
            let keys: Vec<&str> = entries.iter().map(|(known, _)| known.text.as_str()).collect();
            let problem = Problem::error("E0304", format!("the patch removes `{}`, which does not exist", key.text));
            problems.push(problem.at(&key.span, "nothing to remove").maybe_help(suggest(&key.text, keys)));
        }
        (Some(at), false) => {
            merge(&mut entries[at].1, change, how, problems);
        }
        (None, false) => entries.push((key.clone(), without_null(change))),
    }
}

/// Whether every element has a name, so that a patch can say which it means.
fn named(items: &[Node]) -> bool {
    items.iter().all(|item| item.name().is_some())
}

fn merge_named(items: &mut Vec<Node>, changes: &[Node], how: Match, problems: &mut Problems) {
    for change in changes {
        let name = change.name().unwrap_or_default();
        let at = items.iter().position(|item| item.name().is_some_and(|known| how.same(known, name)));
        match (at, removes(change)) {
            (Some(at), true) => {
                items.remove(at);
            }
            (Some(at), false) => merge(&mut items[at], change, how, problems),
            (None, false) => items.push(without_null(change)),
            (None, true) => {
                let names: Vec<&str> = items.iter().filter_map(Node::name).collect();
                let problem = Problem::error("E0304", format!("the patch removes `{name}`, which does not exist"));
                problems.push(problem.at(&change.span, "nothing to remove").maybe_help(suggest(name, names)));
            }
        }
    }
}

/// Whether what is below a key is a patch itself, to which `null` is for whoever applies it.
fn is_patch(key: &Key) -> bool {
    [timeline_entry::WRITE.entry.key, timeline_entry::UPDATE_MODEL.entry.key].contains(&key.text.as_str())
}

/// A new value, without the keys that are `null` in it: those mean "take out".
fn without_null(node: &Node) -> Node {
    let value = match &node.value {
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.clone(), if is_patch(key) { value.clone() } else { without_null(value) }))
                .collect(),
        ),
        Value::Seq(items) => Value::Seq(items.iter().map(without_null).collect()),
        other => other.clone(),
    };
    Node { span: node.span.clone(), value }
}

/// The values of a mapping by their keys; of a key that occurs twice, the first.
fn by_key(entries: &[(Key, Node)]) -> BTreeMap<&str, &Node> {
    entries.iter().rev().map(|(key, value)| (key.text.as_str(), value)).collect()
}

/// Collects where two trees differ.
fn diff(path: &Place, old: Option<&Node>, new: Option<&Node>, changes: &mut Vec<Change>) {
    if old == new {
        return;
    }
    let join = |key: &str| path.and(Step::Key(key.to_owned()));
    match (old.map(|node| &node.value), new.map(|node| &node.value)) {
        (Some(Value::Map(a)), Some(Value::Map(b))) => {
            let (old, new) = (by_key(a), by_key(b));
            for (key, before) in a {
                diff(&join(&key.text), Some(before), new.get(key.text.as_str()).copied(), changes);
            }
            for (key, after) in b.iter().filter(|(key, _)| !old.contains_key(key.text.as_str())) {
                diff(&join(&key.text), None, Some(after), changes);
            }
        }
        (Some(Value::Seq(a)), Some(Value::Seq(b))) if named(a) && named(b) => {
            // The path of a resource begins with its name.
            let is_resource = path.is_resources();
            let kind = |node: &Node| {
                node.arm("type").and_then(Node::text).filter(|_| is_resource).unwrap_or_default().to_owned()
            };
            let same = |x: &Node, y: &Node| x.name() == y.name() && kind(x) == kind(y);
            let element = |of: &Node| {
                let name = of.name().unwrap_or_default();
                let is_alone = |list: &[Node]| list.iter().filter(|other| other.name() == Some(name)).count() < 2;
                match (is_resource, is_alone(a) && is_alone(b)) {
                    (true, true) => Place(vec![Step::Resource(name.to_owned())]),
                    (true, false) => {
                        Place(vec![Step::Resource(format!("{}/{name}", shape::without_namespace(&kind(of))))])
                    }
                    (false, _) => path.and(Step::Element(name.to_owned())),
                }
            };
            for before in a {
                diff(&element(before), Some(before), b.iter().find(|node| same(node, before)), changes);
            }
            for after in b.iter().filter(|after| !a.iter().any(|node| same(node, after))) {
                diff(&element(after), None, Some(after), changes);
            }
        }
        _ => changes.push(Change { path: path.clone(), old: old.map(Node::to_json), new: new.map(Node::to_json) }),
    }
}
