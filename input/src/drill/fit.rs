//! A drill fitted to a fleet: a patch over its scenario.

use super::expand::Expander;
use super::handles::Handles;
use super::keys::{Need, Rollout, drill};
use super::{Drill, Handle};
use crate::draft::{Asks, Way};
use crate::patch;
use crate::problem::Problems;
use crate::read::read_text;
use crate::report::Report;
use crate::scenario::keys::SCENARIO;
use crate::tree::{Key, Node, Span, Value as Tree};
use crate::yaml;

/// A fleet, as far as a drill must know it.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// What it gives by name.
    pub handles: Handles,
    /// What it has of what a drill may need.
    pub has: Vec<Need>,
    /// The endpoints of its application: those of its scenario, and those that a change to try asks for.
    pub endpoints: Option<Node>,
    /// Entries of a timeline by which the next version is rolled out at [`Handle::Start`].
    pub rollout: Vec<Node>,
    /// How the version reaches its instances.
    pub way: Option<Way>,
    /// How many sets the files have; one of them is drilled.
    pub sets: usize,
}

impl Fleet {
    /// Paths that a probe asks and that are taken for pages of the server, which notice nothing that the application lacks.
    pub fn of_the_server(&self) -> impl Iterator<Item = &str> {
        let paths = self.endpoints.iter().flat_map(Node::entries).map(|(key, _)| key.text.as_str());
        paths.filter(|path| Asks::of(path) == Asks::Server)
    }

    /// What it lacks, as a sentence: which set that is of, where there are several.
    fn lack(&self, what: &str) -> String {
        match self.handles.get(Handle::Set) {
            Some(set) if self.sets > 1 => format!("{what} in {}, the set that is drilled", set.text()),
            _ => what.to_owned(),
        }
    }
}

/// A drill that is fitted to a fleet.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// What is laid over the scenario of the fleet.
    pub tree: Node,
    /// What may help, by the drill itself.
    pub policies: Vec<Policy>,
}

/// Why a drill was not fitted.
#[derive(Debug)]
pub enum Unfit {
    /// It cannot happen to the fleet, for want of this.
    Lacks(String),
    /// The drill itself is wrong.
    Wrong(Report),
}

impl Need {
    /// What a fleet lacks that has no such thing.
    #[must_use]
    pub const fn lack(self) -> &'static str {
        match self {
            Self::Zones => "one zone at most",
            Self::Spot => "no Spot instances",
            Self::Surge => "no surge",
            Self::Repairs => "no automatic repairs",
            Self::Autoscale => "no autoscale",
            Self::OwnImage => "no image of its own that is published",
        }
    }
}

/// Fits a drill to a fleet: what is laid over the scenario of the fleet.
///
/// # Errors
///
/// The fleet lacks what it needs, or the drill is wrong.
pub fn fit(of: &Drill, fleet: &Fleet) -> Result<Fitted, Unfit> {
    let mut lacks: Vec<&str> =
        of.needs.iter().filter(|need| !fleet.has.contains(need)).map(|need| need.lack()).collect();
    let mut expander =
        Expander { handles: &fleet.handles, own: &of.parameters, lacks: Vec::new(), problems: Problems::new() };
    let around = drill::SCENARIO.node(&of.tree).map(|node| expander.tree(node));
    let (more, problems) = (expander.lacks, expander.problems);
    lacks.extend(more);
    if of.rollout.is_some() && fleet.rollout.is_empty() {
        lacks.push(Handle::Image.lack());
    }
    if problems.has_errors() {
        return Err(Unfit::Wrong(problems.into()));
    }
    if let [first, ..] = lacks[..] {
        return Err(Unfit::Lacks(fleet.lack(first)));
    }
    let span = of.tree.span.clone();
    let mut tree = around.unwrap_or_else(|| mapping(&span, Vec::new()));
    put(&mut tree, "title", Node::scalar(&span, &of.title));
    put(&mut tree, "description", Node::scalar(&span, &of.description));
    if of.rollout.is_some() {
        begin_with(&mut tree, "timeline", &fleet.rollout);
    }
    if let Some(endpoints) = &fleet.endpoints {
        let endpoints =
            drill::PROBES_ASK_FOR.given(&of.tree).map_or_else(|| endpoints.clone(), |asked| asking(endpoints, asked));
        let mut application = tree.get("application").cloned().unwrap_or_else(|| mapping(&span, Vec::new()));
        if application.get("endpoints").is_none() {
            put(&mut application, "endpoints", endpoints);
        }
        put(&mut tree, "application", application);
    }
    let policies = take(&mut tree, "policies");
    let policies = policies.iter().flat_map(Node::entries).map(|(key, change)| (key.text.clone(), change.clone()));
    Ok(Fitted { policies: policies.collect(), tree })
}

fn mapping(span: &Span, entries: Vec<(Key, Node)>) -> Node {
    Node { span: span.clone(), value: Tree::Map(entries) }
}

fn key(span: &Span, text: &str) -> Key {
    Key { text: text.to_owned(), span: span.clone() }
}

/// Puts a key into a mapping, in the place of the one that is there.
fn put(tree: &mut Node, name: &str, node: Node) {
    let span = tree.span.clone();
    let Tree::Map(entries) = &mut tree.value else { return };
    match entries.iter_mut().find(|(known, _)| known.text == name) {
        Some((_, old)) => *old = node,
        None => entries.push((key(&span, name), node)),
    }
}

/// Takes a key out of a mapping.
fn take(tree: &mut Node, name: &str) -> Option<Node> {
    let Tree::Map(entries) = &mut tree.value else { return None };
    let at = entries.iter().position(|(known, _)| known.text == name)?;
    Some(entries.remove(at).1)
}

/// A list that begins with these.
fn begin_with(tree: &mut Node, name: &str, first: &[Node]) {
    let rest = tree.get(name).map_or(&[][..], Node::items);
    let all: Vec<Node> = first.iter().chain(rest).cloned().collect();
    let list = Node { span: tree.span.clone(), value: Tree::Seq(all) };
    put(tree, name, list);
}

/// The answer of what runs and cannot serve.
const FAILS: &str = "503";

/// Endpoints whose good answers need these dependencies, too. The bare port accepts without them, and a page of the server is there
/// without them.
fn asking(endpoints: &Node, dependencies: &[Node]) -> Node {
    let fails = |clause: &Node| clause.get("answer").and_then(Node::text) == Some(FAILS);
    let of_path = |(path, clauses): &(Key, Node)| {
        if Asks::of(&path.text) != Asks::Application {
            return (path.clone(), clauses.clone());
        }
        let span = &clauses.span;
        let own = clauses.items().iter();
        let mut all: Vec<Node> =
            own.map(|clause| if fails(clause) { clause.clone() } else { needing(clause, dependencies) }).collect();
        if !clauses.items().iter().any(fails) {
            let entry = |name: &str, text: &str| (key(span, name), Node::scalar(span, text));
            all.push(mapping(span, vec![entry("when", "process"), entry("answer", FAILS)]));
        }
        (path.clone(), Node { span: span.clone(), value: Tree::Seq(all) })
    };
    mapping(&endpoints.span, endpoints.entries().iter().map(of_path).collect())
}

/// A clause that holds only while these dependencies can be reached.
fn needing(clause: &Node, dependencies: &[Node]) -> Node {
    let mut clause = clause.clone();
    if let Some(when) = clause.get("when") {
        let held: Vec<Node> = if let Tree::Seq(items) = &when.value { items.clone() } else { vec![when.clone()] };
        let all = Node { span: when.span.clone(), value: Tree::Seq([&held, dependencies].concat()) };
        put(&mut clause, "when", all);
    }
    clause
}

impl Drill {
    /// Whether a halt of its rollout is one without need.
    #[must_use]
    pub fn halts_without_need(&self) -> bool {
        self.rollout == Some(Rollout::Good)
    }
}

/// A policy that changes a fleet.
pub type Policy = (String, Node);

/// The policy that a JSON value is.
///
/// # Errors
///
/// It nests too deep.
pub fn policy(name: &str, change: &serde_json::Value) -> Result<Policy, Report> {
    let mut problems = Problems::new();
    let node = read_text("policy.json", format!("{change:#}"), &mut problems);
    node.map_or_else(|| Err(problems.into()), |node| Ok((name.to_owned(), node)))
}

/// These policies as a patch.
#[must_use]
pub fn policies(over: &Node, all: &[&Policy]) -> Node {
    let span = &over.span;
    let all = all.iter().map(|(name, change)| (key(span, name), change.clone())).collect();
    mapping(span, vec![(key(span, "policies"), mapping(span, all))])
}

/// The scenario of a fleet with a drill laid over it and with these policies, as a file.
///
/// # Errors
///
/// The drill names what a scenario does not have.
pub fn scenario(draft: &Node, over: &Node, all: &[&Policy]) -> Result<String, Report> {
    let mut problems = Problems::new();
    let known: Vec<&str> = SCENARIO.known().collect();
    let mut merged = draft.clone();
    patch::over(&mut merged, over, &known, &mut problems);
    if !all.is_empty() {
        patch::over(&mut merged, &policies(over, all), &known, &mut problems);
    }
    if problems.has_errors() { Err(problems.into()) } else { Ok(yaml::write(&merged)) }
}

impl Fitted {
    /// Gives the scenario what it must come to.
    pub fn expect(&mut self, expected: Node) {
        put(&mut self.tree, "expect", expected);
    }

    /// Gives a key of the scenario a value where the drill gives none.
    pub fn default(&mut self, name: &str, text: &str) {
        if self.tree.get(name).is_none() {
            let span = self.tree.span.clone();
            put(&mut self.tree, name, Node::scalar(&span, text));
        }
    }
}
