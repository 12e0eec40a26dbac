//! What is said, counted and assumed while a file is evaluated.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::data;
use super::deployed::Template;
use super::{Failure, Outcome};
use crate::arm::reference::is_resource;
use crate::arm::say::problem;
use crate::problem::{About, Problem, Problems};
use crate::tree::{Node, Span, Value};

/// How many steps the evaluation of one file may take.
const MAX_STEPS: usize = 4_000_000;
/// How many steps a failure that is kept counts for.
const STEPS_OF_FAILURE: usize = 64;

/// A value that nobody gave, which something was put for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StandIn {
    /// What it is and what is used for it, as messages say it.
    said: String,
    /// The key of `set` that gives the real value.
    key: String,
}

impl StandIn {
    /// What stands in for a parameter.
    pub(super) fn parameter(name: &str, shown: &str) -> Self {
        Self { said: format!("parameter `{name}`, for which `{shown}` is used"), key: name.to_owned() }
    }

    /// What stands in for a part of the surroundings.
    fn surrounding(key: &str, value: &str) -> Self {
        Self { said: format!("`{key}`, for which `{value}` is used"), key: key.to_owned() }
    }

    /// The key of `set` that gives the real value.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl std::fmt::Display for StandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.said)
    }
}

/// Shared by all templates of a file.
#[derive(Debug)]
pub struct Journal {
    problems: RefCell<Problems>,
    said: RefCell<BTreeSet<String>>,
    steps: Cell<usize>,
    /// How deep expressions stand that are evaluated for another one.
    depth: Cell<usize>,
    /// Where the template is deployed: stand-ins by key, each with whether the user gave it.
    surroundings: BTreeMap<&'static str, (String, bool)>,
    /// What of that was asked for and is not known, and where.
    stand_ins: RefCell<Vec<(&'static str, Span)>>,
    /// Failures that stand in objects and lists, by the numbers there.
    failures: RefCell<Vec<Failure>>,
    /// The stand-ins that were read since somebody began to ask.
    rests: RefCell<BTreeSet<StandIn>>,
    /// Resources of the other files.
    others: Vec<Node>,
    /// The files that deployments link to, as far as they were read; none where there is none.
    linked: BTreeMap<PathBuf, Option<Rc<Template>>>,
    /// Those that were asked for and were not read yet.
    wanted: RefCell<BTreeSet<PathBuf>>,
}

/// The key of `--set` for the location of the resource group.
pub const LOCATION: &str = "resourceGroup.location";

/// Keys of `--set` that say where a template is deployed, and what stands in for them.
const SURROUNDINGS: &[(&str, &str)] = &[
    ("deployer.objectId", "00000000-0000-0000-0000-000000000000"),
    ("deployment.name", "windtunnel"),
    ("managementGroup.name", "management-group"),
    ("newGuid", "00000000-0000-4000-8000-000000000001"),
    (LOCATION, "eastus"),
    ("resourceGroup.name", "resource-group"),
    ("subscription.displayName", "subscription"),
    ("subscription.subscriptionId", "00000000-0000-0000-0000-000000000000"),
    ("subscription.tenantId", "00000000-0000-0000-0000-000000000000"),
    ("utcNow", "20260101T000000Z"),
];

impl Journal {
    /// An empty journal. Of what is `set`, those entries count that say where the template is deployed.
    #[must_use]
    pub fn new(set: &[(String, Node)], others: Vec<Node>, linked: BTreeMap<PathBuf, Option<Rc<Template>>>) -> Self {
        let mut surroundings = BTreeMap::new();
        for (key, stand_in) in SURROUNDINGS {
            let given = set.iter().rev().find(|(k, _)| k.eq_ignore_ascii_case(key)).and_then(|(_, v)| v.text());
            surroundings.insert(*key, (given.unwrap_or(stand_in).to_owned(), given.is_some()));
        }
        Self {
            problems: RefCell::default(),
            said: RefCell::default(),
            steps: Cell::new(0),
            depth: Cell::new(0),
            surroundings,
            stand_ins: RefCell::default(),
            failures: RefCell::default(),
            rests: RefCell::default(),
            others,
            linked,
            wanted: RefCell::default(),
        }
    }

    /// Whether `--set` with this key says where a template is deployed.
    #[must_use]
    pub fn is_surrounding(key: &str) -> bool {
        SURROUNDINGS.iter().any(|(k, _)| k.eq_ignore_ascii_case(key))
    }

    /// What was said; of all that stands in for the surroundings, one note.
    #[must_use]
    pub fn problems(&self) -> Problems {
        let mut problems = self.problems.borrow().clone();
        let stand_ins = self.stand_ins.borrow();
        if let Some((_, first)) = stand_ins.first() {
            let known = |key: &str| self.surroundings.get(key).map_or("", |(value, _)| value.as_str());
            // Nobody knows a fleet by the ids that stand in.
            let shown = |key: &str| match known(key) {
                value if value.contains("0000-") => format!("`{key}`"),
                value => format!("`{key}` {value}"),
            };
            let list: Vec<String> = stand_ins.iter().map(|(key, _)| shown(key)).collect();
            let message = format!("where it is deployed is not known here; what is used instead: {}", list.join(", "));
            let help = "give what matters of it with `set`: `--set resourceGroup.location=westeurope`".to_owned();
            let location = stand_ins.iter().any(|(key, _)| *key == LOCATION);
            let about = location.then(|| About::Location(known(LOCATION).to_owned()));
            let note = problem("N0404", message, Some((first, "asked here")), Some(help));
            problems.push(Problem { about, ..note });
        }
        problems
    }

    /// Says something once, however often it comes up.
    pub fn say_once(&self, code: &'static str, message: String, primary: Option<(&Span, &str)>, help: Option<String>) {
        self.push_once(problem(code, message, primary, help));
    }

    /// The same of a problem that is made.
    pub(super) fn push_once(&self, problem: Problem) {
        let place = problem.primary.as_ref().map_or(0, |(span, _)| span.start);
        if self.said.borrow_mut().insert(format!("{} {place} {}", problem.code, problem.message)) {
            self.problems.borrow_mut().push(problem);
        }
    }

    /// Reports a failure as a problem of the field it occurred in.
    pub fn report(&self, failure: &Failure, field: &str) {
        let label = if field.is_empty() { String::new() } else { format!("so `{field}` is treated as absent") };
        self.say_once(failure.code, failure.message.clone(), Some((&failure.span, &label)), failure.help.clone());
    }

    /// Keeps a failure; what stands in the place of the value.
    pub fn keep(&self, failure: Failure, span: &Span) -> Node {
        // Too many of them end the evaluation at its next step.
        _ = self.steps(STEPS_OF_FAILURE, span);
        let mut failures = self.failures.borrow_mut();
        failures.push(failure);
        data::failed(failures.len() - 1, span)
    }

    /// The failure that stands in the place of a value, or that a text was made of.
    pub(super) fn kept_in(&self, node: &Node) -> Option<Box<Failure>> {
        let number = data::failure_of(node)?;
        self.failures.borrow().get(number).cloned().map(Box::new)
    }

    /// A value without the failures in it; each is handed on.
    pub fn settled(&self, node: Node, failed: &mut dyn FnMut(&Failure)) -> Option<Node> {
        if let Some(failure) = self.kept_in(&node) {
            failed(&failure);
            return None;
        }
        let value = match node.value {
            Value::Seq(items) => Value::Seq(items.into_iter().filter_map(|item| self.settled(item, failed)).collect()),
            Value::Map(entries) => {
                let entry = |(key, value)| Some((key, self.settled(value, failed)?));
                Value::Map(entries.into_iter().filter_map(entry).collect())
            }
            other => other,
        };
        Some(Node { span: node.span, value })
    }

    /// What is worked out, and the stand-ins that it rests on.
    pub fn resting<T>(&self, work: impl FnOnce() -> T) -> (T, Vec<StandIn>) {
        let before = self.rests.take();
        let value = work();
        let rests = self.rests.replace(before).into_iter().collect();
        (value, rests)
    }

    /// Notes that what is worked out rests on stand-ins.
    pub fn rest_on(&self, stand_ins: &[StandIn]) {
        self.rests.borrow_mut().extend(stand_ins.iter().cloned());
    }

    /// The id of the resource group that is in, for ids of which only the names are compared.
    pub(super) fn group_id(&self) -> String {
        let known = |key: &str| self.surroundings.get(key).map_or("", |(value, _)| value.as_str());
        format!(
            "/subscriptions/{}/resourceGroups/{}",
            known("subscription.subscriptionId"),
            known("resourceGroup.name")
        )
    }

    /// What is known, or stands in, for a part of the surroundings; the stand-in is noted.
    pub(super) fn surrounding(&self, key: &str, span: &Span) -> String {
        let Some((key, (value, given))) = self.surroundings.get_key_value(key) else {
            return String::new();
        };
        if !given && self.said.borrow_mut().insert(format!("surrounding {key}")) {
            self.stand_ins.borrow_mut().push((key, span.clone()));
        }
        if !given && *key == LOCATION {
            self.rest_on(&[StandIn::surrounding(key, value)]);
        }
        value.clone()
    }

    /// A resource of another file.
    pub(super) fn other(&self, kind: &str, name: &str) -> Option<&Node> {
        self.others.iter().find(|other| is_resource(other, kind, name))
    }

    /// The file that a deployment links to; none where there is none, or where it is to be read first.
    pub(super) fn linked(&self, path: &Path) -> Option<Rc<Template>> {
        match self.linked.get(path) {
            Some(template) => template.clone(),
            None => {
                self.wanted.borrow_mut().insert(path.to_owned());
                None
            }
        }
    }

    /// The files that were asked for and are to be read, so that the evaluation can begin again with them.
    #[must_use]
    pub fn wanted(&self) -> Vec<PathBuf> {
        self.wanted.take().into_iter().collect()
    }

    /// How deep an evaluation begins that another one needs.
    pub(super) fn depth(&self) -> usize {
        self.depth.get()
    }

    /// Does something for an expression that stands this deep.
    pub(super) fn at_depth<T>(&self, depth: usize, work: impl FnOnce() -> T) -> T {
        let before = self.depth.replace(depth);
        let done = work();
        self.depth.set(before);
        done
    }

    /// Counts steps, and values that are made.
    ///
    /// # Errors
    ///
    /// When there were too many.
    pub fn steps(&self, count: usize, span: &Span) -> Outcome<()> {
        self.steps.set(self.steps.get().saturating_add(count));
        if self.steps.get() <= MAX_STEPS {
            return Ok(());
        }
        Err(Failure::new("E0416", format!("evaluating the file takes more than {MAX_STEPS} steps"), span))
    }
}
