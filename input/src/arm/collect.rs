//! Gathering the resources of a file: children into their parents, notes on what is left out.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::expression::{Deployed, Journal};
use super::instances::INSTANCES;
use super::reference;
use super::say::{problem, say, say_with_help, shorten};
use super::shape::{self, Child, Whose, normalise_as};
use super::with_text;
use crate::problem::{About, Problems, count};
use crate::tree::{Key, Node, Span, Value};

/// A resource that was found, with its full type and name.
#[derive(Clone)]
pub(super) struct Found {
    /// The type, in whatever case.
    pub(super) kind: String,
    /// The name; `parent/child` for a child.
    pub(super) name: String,
    /// What is said of it.
    pub(super) body: Node,
}

/// What of a resource is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// What a table models.
    #[default]
    Modelled,
    /// That, and beside it what no table models, under [`super::UNREAD`].
    Whole,
}

/// What a file holds.
#[derive(Clone, Default)]
pub(super) struct Collection<'a> {
    found: Vec<Found>,
    /// Of each of these that a template deploys, the deployments around it, outermost first.
    around: Vec<Vec<Rc<Deployed>>>,
    /// The deployments that are open.
    open: Vec<Rc<Deployed>>,
    unmodelled: BTreeMap<String, (String, usize)>,
    existing: BTreeMap<String, usize>,
    assumed: usize,
    /// How many of a modelled type their conditions leave out.
    pub(super) left_out: usize,
    overlay: Option<&'a Node>,
    /// Addresses for which a file that lies beside is read, each with the deployment that links to it.
    pub(super) linked: Vec<(String, Span)>,
    /// The name of the file without its extension, for resources that have none.
    pub(super) stem: String,
    kept: Kept,
}

impl<'a> Collection<'a> {
    /// Of a file with this name, which holds nothing yet.
    pub(super) fn of_file(stem: String, overlay: Option<&'a Node>, kept: Kept) -> Self {
        Self { stem, overlay, kept, ..Self::default() }
    }

    /// What the overlay gives a resource.
    pub(super) fn overlay(&self, kind: &str, name: &str) -> Option<&'a Node> {
        let is_meant = |key: &Key| reference::means(&key.text, kind, name);
        self.overlay?.entries().iter().find(|(key, _)| is_meant(key)).map(|(_, patch)| patch)
    }

    /// Adds a resource of a modelled type. What a later deployment of the same group writes once more, word for word, is there once.
    pub(super) fn add(&mut self, found: Found) {
        if !self.is_written_again(&found) {
            self.found.push(found);
            self.around.push(self.open.clone());
        }
    }

    /// Notes that what follows is of this deployment.
    pub(super) fn open(&mut self, deployment: &Rc<Deployed>) {
        self.open.push(Rc::clone(deployment));
    }

    /// Notes that the innermost deployment ends.
    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    fn is_written_again(&self, new: &Found) -> bool {
        let is_same = |old: &Found| {
            old.kind.eq_ignore_ascii_case(&new.kind) && old.name.eq_ignore_ascii_case(&new.name) && old.body == new.body
        };
        let is_other = |around: &[Rc<Deployed>]| match (around.last(), self.open.last()) {
            (Some(old), Some(new)) => !Rc::ptr_eq(old, new),
            (old, new) => old.is_some() != new.is_some(),
        };
        let mut before = self.found.iter().zip(&self.around);
        before.any(|(old, around)| {
            is_same(old)
                && is_other(around)
                && group_of(around).is_some_and(|group| group_of(&self.open) == Some(group))
        })
    }

    /// Counts a resource of a type that is not modelled.
    pub(super) fn unmodelled(&mut self, kind: &str) {
        let entry = self.unmodelled.entry(kind.to_ascii_lowercase()).or_insert_with(|| (kind.to_owned(), 0));
        entry.1 += 1;
    }

    /// Counts a resource that the template only refers to.
    pub(super) fn existing(&mut self, kind: &str) {
        let canonical = shape::resource(kind).map_or(kind, |(name, _)| name);
        *self.existing.entry(canonical.to_owned()).or_default() += 1;
    }

    /// A name for a resource whose own has no value.
    pub(super) fn assume_name(&mut self, kind: &str, node: &Node, journal: &Journal) -> String {
        self.assumed += 1;
        let last = kind.rsplit('/').next().unwrap_or(kind);
        let name = format!("{last}-{}", self.assumed);
        let message = format!("the name of a resource is not known; `{name}` is used for it");
        journal.say_once("N0407", message, Some((&node.span, "this resource")), None);
        name
    }

    /// The canonical resources. Says what was left out.
    pub(super) fn finish(self, problems: &mut Problems) -> Vec<Node> {
        let mut resources: Vec<Node> = Vec::new();
        let (mut children, mut apart) = (Vec::new(), Vec::new());
        let sets: Vec<String> =
            self.found.iter().filter(|found| is_set(&found.kind)).map(|found| found.name.to_lowercase()).collect();
        for found in self.found {
            if found.kind == INSTANCES
                && found.name.contains('/')
                && !sets.iter().any(|set| found.name.to_lowercase().starts_with(&format!("{set}/")))
            {
                // Another file has their set.
                apart.push(with_text(with_text(found.body, "name", &found.name), "type", INSTANCES));
            } else if let Some((kind, shape)) = shape::resource(&found.kind) {
                let body = with_text(with_text(found.body, "name", &found.name), "type", kind);
                let normal = normalise_as(&body, shape, &found.name, Whose::Azures, problems);
                let normal = if self.kept == Kept::Whole { super::with_unread(normal, &body, shape) } else { normal };
                say_if_taken(&resources, kind, &found.name, &normal, problems);
                resources.push(normal);
            } else if let Some(child) = shape::child(&found.kind) {
                children.push((child, found));
            }
        }
        adopt(&mut resources, children, Whose::Azures, problems);
        resources.extend(apart);
        let (weighty, others): (Vec<_>, Vec<_>) =
            self.unmodelled.into_values().partition(|(kind, _)| shape::matters::is_type(kind));
        let what = "not modelled, but can affect users or a rollout";
        say_counts("W0514", what, weighty, problems);
        say_counts("N0401", "not modelled", others, problems);
        if let Some((_, first)) = self.linked.first() {
            let list: Vec<&str> = self.linked.iter().map(|(address, _)| address.as_str()).collect();
            let n = count(list.len(), "deployment");
            let message = format!("what lies beside the template is read for the address of {n}: {}", list.join(", "));
            say(problems, "N0412", message, Some((first, "the first of them")));
        }
        say_counts("N0411", "only referred to, so not read", self.existing.into_iter().collect(), problems);
        resources
    }
}

/// The subscription and the group that deployments write to, innermost first; none where one of them is not known.
fn group_of(around: &[Rc<Deployed>]) -> Option<(String, String)> {
    let key = |key: &'static str| {
        let given = around.iter().rev().find(|one| one.item.node.arm(key).is_some());
        given.map_or(Some(String::new()), |one| Some(one.key(key).ok()??.text()?.to_lowercase()))
    };
    Some((key("subscriptionId")?, key("resourceGroup")?))
}

fn is_set(kind: &str) -> bool {
    kind.eq_ignore_ascii_case(shape::SCALE_SET)
}

fn say_counts(code: &'static str, what: &str, counts: Vec<(String, usize)>, problems: &mut Problems) {
    let total: usize = counts.iter().map(|(_, n)| n).sum();
    if total > 0 {
        let list: Vec<String> = counts.iter().map(|(kind, n)| format!("{kind} ({n})")).collect();
        let message = format!("{} {what}: {}", count(total, "resource"), list.join(", "));
        let classic = counts.iter().find_map(|(kind, _)| Some((kind, shape::matters::classic(kind)?)));
        let help = classic.map(|(kind, why)| if counts.len() > 1 { format!("{kind}: {why}") } else { why.to_owned() });
        problems.push(problem(code, message, None, help).about(About::Types(list)));
    }
}

fn say_if_taken(resources: &[Node], kind: &str, name: &str, new: &Node, problems: &mut Problems) {
    // Assignments of one configuration have its name, each of what it is assigned to.
    let may_share = kind.eq_ignore_ascii_case(shape::ASSIGNMENT);
    if let Some(old) = position(resources, kind, name).filter(|_| !may_share) {
        let message = format!("two resources of type {kind} are named `{}`; references use the first", shorten(name));
        say(problems, "W0407", message, Some((&new.span, "the second")));
        if let Some(problem) = problems.0.last_mut() {
            problem.secondary.push((resources[old].span.clone(), "the first".to_owned()));
        }
    }
}

fn position(resources: &[Node], kind: &str, name: &str) -> Option<usize> {
    resources.iter().position(|resource| reference::is_resource(resource, kind, name))
}

/// Puts children into the lists of their parents, those of resources before those of children.
pub(super) fn adopt(
    resources: &mut [Node],
    mut children: Vec<(&'static Child, Found)>,
    whose: Whose,
    problems: &mut Problems,
) {
    children.sort_by_key(|(child, _)| child.kind.split('/').count());
    for (child, found) in children {
        fold(resources, child, &found, whose, problems);
    }
}

/// Puts a child into the list of its parent. One of the same name there is replaced, as deploying it would.
fn fold(resources: &mut [Node], child: &'static Child, found: &Found, whose: Whose, problems: &mut Problems) {
    let (owner, name) = found.name.rsplit_once('/').unwrap_or(("", &found.name));
    let Some(node) = parent(resources, child.parent, owner) else {
        let message = match owner {
            "" => format!("`{}` is part of a resource whose name is not known", shorten(&found.name)),
            owner => format!("`{}` is part of `{}`, which is not in this file", shorten(&found.name), shorten(owner)),
        };
        let help = Some("load the file of the parent, with what this says as its `overlay`".to_owned());
        let help = if owner.is_empty() { None } else { help };
        return say_with_help(problems, "W0409", message, Some((&found.body.span, "has no effect")), help);
    };
    let body = with_text(found.body.clone(), "name", name);
    let item = normalise_as(&body, child.shape, &found.name, whose, problems);
    let Value::Seq(items) = &mut list(node, child).value else { return };
    match items.iter().position(|other| other.is_named(name)) {
        Some(old) => items[old] = item,
        None => items.push(item),
    }
}

/// The list of a parent that holds such children, made when it is missing.
fn list<'n>(parent: &'n mut Node, child: &Child) -> &'n mut Node {
    child.path.iter().fold(parent, |node, key| entry(node, key, *key == child.path[child.path.len() - 1]))
}

/// A parent by its type and full name: a resource, or a child in the list of its own parent.
fn parent<'n>(resources: &'n mut [Node], kind: &str, name: &str) -> Option<&'n mut Node> {
    let Some(child) = shape::child(kind) else {
        let at = position(resources, kind, name)?;
        return Some(&mut resources[at]);
    };
    let (owner, own) = name.rsplit_once('/')?;
    let Value::Seq(items) = &mut list(parent(resources, child.parent, owner)?, child).value else { return None };
    items.iter_mut().find(|item| item.is_named(own))
}

/// The entry of an object, made when it is missing: a list for the last key of a path, an object before.
fn entry<'n>(node: &'n mut Node, key: &str, is_last: bool) -> &'n mut Node {
    if !matches!(node.value, Value::Map(_)) {
        node.value = Value::Map(Vec::new());
    }
    let span = node.span.clone();
    let Value::Map(entries) = &mut node.value else { unreachable!("made an object just above") };
    let at = entries.iter().position(|(k, _)| k.text == key).unwrap_or_else(|| {
        let value = if is_last { Value::Seq(Vec::new()) } else { Value::Map(Vec::new()) };
        entries.push((Key { text: key.to_owned(), span: span.clone() }, Node { span, value }));
        entries.len() - 1
    });
    &mut entries[at].1
}
