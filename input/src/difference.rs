//! Two fleets beside each other, without a scenario: what of them differs, with the place of each value in both, and the policy that
//! makes the one of the other.

use crate::draft::{self, Element};
use crate::files::{Base, Files};
use crate::load::{LoadOptions, Written, refused_changes};
use crate::origin::{Origins, Sources, What};
use crate::patch::between;
use crate::patch::changes::{Difference, changes, of_resources};
use crate::patch::{Place, Step};
use crate::problem::{Problem, Problems, Severity};
use crate::read::read_text;
use crate::report::Report;
use crate::scenario::keys::SCENARIO;
use crate::scenario::resources;
use crate::secrets::Secrets;
use crate::tree::{Node, Span, Value};
use std::path::Path;

/// A fleet, as its files describe it.
#[derive(Debug)]
pub struct Fleet {
    /// Its resources in normal form, without what nobody reads.
    pub resources: Vec<Node>,
    /// What was said of the files.
    pub problems: Problems,
    secrets: Secrets,
    sources: Sources,
}

impl Fleet {
    /// Reads files that are named as somebody in this folder names them.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn read(files: &dyn Files, folder: &Path, elements: &[Element]) -> Result<Self, Report> {
        let mut problems = Problems::new();
        let root = read_text("the files", draft::files_alone(elements), &mut problems);
        let Some(mut root) = root else { return Err(problems.into()) };
        let base = Base { folder, files };
        let items = |root: &Node| root.get("resources").map_or_else(Vec::new, |list| list.items().to_vec());
        let secrets = resources::secrets(&items(&root), base);
        let sources = Sources::of(&items(&root), base);
        resources::resolve(&mut root, base, &mut problems);
        if problems.has_errors() {
            let errors = problems.iter().filter(|one| one.severity == Severity::Error).cloned();
            return Err(errors.collect::<Problems>().into());
        }
        Ok(Self { resources: items(&root).into_iter().map(without_unread).collect(), problems, secrets, sources })
    }
}

/// A resource without what no table models.
fn without_unread(mut resource: Node) -> Node {
    resource.take_arm(crate::arm::UNREAD);
    resource
}

/// A value that differs, as it may be shown.
#[derive(Clone, Debug)]
pub struct Changed {
    /// Where.
    pub place: Place,
    /// It is of a resource that one of them does not have: its type.
    pub whole: Option<String>,
    /// The value before and after.
    pub values: [Option<serde_json::Value>; 2],
    /// Where it is written in each, or what would hold it: what an expression leads to, where the same stands in both.
    pub at: [Option<Span>; 2],
    /// A run reads it; otherwise it is only kept.
    pub is_read: bool,
    /// It is a secret or has one in it, so that the patch leaves it out.
    pub is_secret: bool,
}

/// What the way from one fleet to another is.
#[derive(Debug)]
pub struct Compared {
    /// What differs.
    pub changes: Vec<Changed>,
    /// The policy that makes the second of the first: a mapping from resources to their changes.
    pub patch: Node,
    /// Resources of one type and name of which there are several, so that a policy cannot say which it changes.
    pub several: Vec<String>,
    /// What Azure would refuse of the change, and what is said of the second alone.
    pub problems: Problems,
}

impl Compared {
    /// Whether a run reads something that differs.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.changes.iter().any(|one| one.is_read)
    }
}

/// Compares two fleets.
#[must_use]
pub fn compare(old: &Fleet, new: &Fleet, options: &LoadOptions) -> Compared {
    let mut secrets = old.secrets.clone();
    secrets.merge(&new.secrets);
    let mut met = Vec::new();
    let changes = of_resources(&old.resources, &new.resources);
    let mut origins = Origins::new([&old.sources, &new.sources]);
    let changes = changes.iter().map(|one| changed(one, (&secrets, &mut met), &mut origins)).collect();
    let open = |fleet: &Fleet| -> Vec<Node> { fleet.resources.iter().map(|one| secrets.without(one)).collect() };
    let known: Vec<&str> = SCENARIO.known().collect();
    let patch = between::resources(&open(old), &open(new), &known);
    let span = new.resources.first().or(old.resources.first()).map(|one| one.span.clone());
    let span = span.unwrap_or_else(|| patch.entries.first().map_or_else(nowhere, |(_, node)| node.span.clone()));
    Compared {
        changes,
        several: patch.several,
        patch: Node { span, value: Value::Map(patch.entries) },
        problems: new_problems(old, new, options),
    }
}

/// The keys of a scenario that no run reads: what it is called, and what is asked of it.
const WORDS: [&str; 4] = ["title", "description", "expect", "worse"];

/// What a run reads that differs between two scenarios, each as it is written under a policy.
#[must_use]
pub fn of_scenarios(old: &Written, new: &Written) -> Vec<Changed> {
    let mut secrets = old.secrets.clone();
    secrets.merge(&new.secrets);
    let mut met = Vec::new();
    let is_word = |place: &Place| matches!(place.steps(), [Step::Key(key), ..] if WORDS.contains(&key.as_str()));
    let differ = changes(&old.scenario, &new.scenario).into_iter();
    let read = differ.filter(|one| one.is_read && !is_word(&one.place));
    let mut origins = Origins::new([&old.sources, &new.sources]);
    read.map(|one| changed(&one, (&secrets, &mut met), &mut origins)).collect()
}

fn nowhere() -> Span {
    let source = crate::tree::Source { name: String::new(), text: String::new(), hidden: true };
    Span { source: source.into(), start: 0, end: 0 }
}

fn changed(one: &Difference<'_>, (secrets, met): (&Secrets, &mut Vec<String>), origins: &mut Origins<'_>) -> Changed {
    let mut is_secret = false;
    let mut shown = |node: Option<&Node>| {
        let (node, shown) = (node?, secrets.shown(&one.place, node?, met));
        is_secret |= *node != shown;
        Some(shown.to_json())
    };
    let values = [shown(one.old), shown(one.new)];
    let is_whole = one.place.is_of_resource() && (one.old.is_none() || one.new.is_none());
    let key =
        one.place.steps().iter().rev().find_map(|step| if let Step::Key(key) = step { Some(&**key) } else { None });
    let what = What { key: key.unwrap_or_default(), values: [one.old, one.new].map(|node| node?.text()) };
    let kind = one.old.or(one.new).and_then(|node| node.arm("type")?.text());
    Changed {
        place: one.place.clone(),
        whole: kind.filter(|_| is_whole).map(str::to_owned),
        values,
        at: origins.of(one.at.map(|span| span.cloned()), what),
        is_read: one.is_read,
        is_secret,
    }
}

/// What is said of the second that is not said of the first, and what Azure would refuse of the way there.
fn new_problems(old: &Fleet, new: &Fleet, options: &LoadOptions) -> Problems {
    let is_known = |one: &Problem| old.problems.iter().any(|other| (other.code, other.rule) == (one.code, one.rule));
    let is_new = |one: &&Problem| one.severity != Severity::Note && !is_known(one);
    let mut problems: Problems = new.problems.iter().filter(is_new).cloned().collect();
    problems.merge(&refused_changes(old.resources.clone(), new.resources.clone(), options));
    problems
}
