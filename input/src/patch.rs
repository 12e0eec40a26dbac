//! Policies: named merge patches on the normalised scenario, and the difference they make.
//!
//! [`changes`] says where two trees differ, [`between`] writes the patch that makes one of the other, and [`lists`] says which element
//! of a list an element of a patch means.

pub mod between;
pub mod changes;
mod lists;
pub mod set;

use super::arm::{reference, shape};
use super::problem::{Problem, Problems, suggest};
use super::scenario::keys::timeline_entry;
use super::tree::{Key, Node, Value};
use crate::secrets::Secrets;
use changes::changes;
use lists::without_marks;
use serde_json::json;
use shape::{Kind, KnownBy};

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

    /// Whether it is a resource as a whole.
    #[must_use]
    pub fn is_of_resource(&self) -> bool {
        matches!(&self.0[..], [Step::Resource(_)])
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
#[derive(Clone, Copy)]
enum Match {
    /// To the letter, in what is ours.
    Exact,
    /// Whatever the case, in what is Azure's; with what a table says of the value, if one does.
    Arm(Option<Kind>),
}

impl Match {
    /// How those of a resource do.
    fn of(resource: &Node) -> Self {
        let kind = resource.arm("type").and_then(Node::text).and_then(shape::resource);
        Self::Arm(kind.map(|(_, shape)| Kind::Object(shape)))
    }

    fn same(self, a: &str, b: &str) -> bool {
        match self {
            Self::Exact => a == b,
            Self::Arm(_) => a.eq_ignore_ascii_case(b),
        }
    }

    /// Those of what stands at a key.
    fn at(self, key: &str) -> Self {
        match self {
            Self::Exact => Self::Exact,
            Self::Arm(kind) => Self::Arm(kind.and_then(|kind| kind.at(key))),
        }
    }

    /// Those of the elements of a list.
    fn element(self) -> Self {
        match self {
            Self::Exact => Self::Exact,
            Self::Arm(kind) => Self::Arm(kind.and_then(|kind| kind.element())),
        }
    }

    /// By what the elements of a list are known, where these are the keys of an element.
    fn known_by(self) -> KnownBy {
        match self {
            Self::Arm(Some(kind)) => kind.known_by(),
            Self::Arm(None) | Self::Exact => KnownBy::Name,
        }
    }
}

/// Applies a patch to a scenario whose resources are normalised. `known` are the keys that a scenario file may have.
///
/// Problems are pushed for what matches nothing.
pub fn apply(scenario: &Node, policy: &Key, patch: &Node, known: &[&str], problems: &mut Problems) -> Node {
    let mut result = scenario.clone();
    if !matches!(patch.value, Value::Map(_)) {
        let message = format!(
            "the policy `{}` is {}, and should be a mapping from what it changes to the change",
            policy.text,
            patch.kind()
        );
        problems.push(Problem::error("E0306", message).at(&policy.span, "this policy"));
        return result;
    }
    for (key, change) in patch.entries() {
        apply_first(&mut result, key, change, known, problems);
    }
    result
}

/// What a policy changes of a scenario, without what is secret.
#[must_use]
pub fn diff(scenario: &Node, result: &Node, secrets: &Secrets) -> Vec<Change> {
    let mut met = Vec::new();
    let mut shown = |place: &Place, node: Option<&Node>| Some(secrets.shown(place, node?, &mut met).to_json());
    let all = changes(scenario, result).into_iter();
    all.map(|one| Change { old: shown(&one.place, one.old), new: shown(&one.place, one.new), path: one.place })
        .collect()
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
    merge(target, change, Match::of(target), problems);
}

/// Applies the change of one resource: that which the key means, or a new one where the change says a type. False where the key means
/// neither.
pub fn of_resource(items: &mut Vec<Node>, key: &Key, change: &Node, known: &[&str], problems: &mut Problems) -> bool {
    let meant: Vec<usize> = (0..items.len()).filter(|at| reference::is_meant(&items[*at], &key.text)).collect();
    match meant[..] {
        [at] if removes(change) => _ = items.remove(at),
        [at] => resource(&mut items[at], change, problems),
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

/// Whether a resource in normal form is what a key of a patch means.
pub fn means_resource(resource: &Node, key: &str) -> bool {
    reference::is_meant(resource, key)
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

/// The keys by which a patch says what is to be done with a mapping.
const REMOVE: &str = "$remove";
const REPLACE: &str = "$replace";

/// Whether a mapping has a mark of a patch.
fn marked(node: &Node, mark: &str) -> bool {
    node.get(mark).and_then(Node::text) == Some("true")
}

fn removes(node: &Node) -> bool {
    marked(node, REMOVE)
}

/// Merges a patch into a node.
fn merge(target: &mut Node, patch: &Node, how: Match, problems: &mut Problems) {
    if marked(patch, REPLACE) {
        *target = without_marks(&without_null(patch));
        return;
    }
    match (&mut target.value, &patch.value) {
        (Value::Map(_), Value::Map(entries)) => {
            for (key, change) in entries {
                merge_entry(target, key, change, how, problems);
            }
        }
        (Value::Seq(items), Value::Seq(changes)) => {
            if !lists::merge(items, changes, how.element(), problems) {
                *target = fresh(patch, problems);
            }
        }
        (Value::Map(entries), Value::Scalar(_) | Value::Seq(_))
            if !entries.is_empty() && matches!(how, Match::Arm(_)) =>
        {
            let problem = Problem::error("E0306", format!("{} would replace a mapping", patch.kind()));
            problems.push(
                problem
                    .at(&patch.span, "the patch")
                    .also(&target.span, "what it would replace")
                    .help("give the full path of keys"),
            );
        }
        _ => *target = fresh(patch, problems),
    }
}

/// What a patch puts where nothing like it was.
fn fresh(patch: &Node, problems: &mut Problems) -> Node {
    lists::refuse_places(patch, problems);
    without_marks(&without_null(patch))
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
        (Some(at), false) => merge(&mut entries[at].1, change, how.at(&key.text), problems),
        (None, false) => entries.push((key.clone(), fresh(change, problems))),
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
