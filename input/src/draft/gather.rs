//! Which of a heap of files a fleet is made of: templates with the files of their parameters, and what Azure's tools print.

use super::Element;
use crate::arm::shape::SCALE_SET;
use crate::arm::{self, Beside, Content, INSTANCES, Kept};
use crate::files::Files;
use crate::problem::{About, Problem, Problems, Severity};
use crate::scenario::lower::is_acted_on;
use crate::tree::Node;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

/// What was found among files.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What a scenario names, templates first.
    pub elements: Vec<Element>,
    /// What is of no use, in the order of the files.
    pub left_out: Vec<LeftOut>,
    /// The resources in them that a scenario acts on.
    pub resources: Vec<Named>,
}

impl Gathered {
    /// Whether a scale set is among them.
    #[must_use]
    pub fn has_set(&self) -> bool {
        self.resources.iter().any(|one| one.kind.eq_ignore_ascii_case(SCALE_SET))
    }
}

/// A resource that a file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its type.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The name of the file.
    pub file: String,
}

impl Named {
    fn is(&self, kind: &str, name: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind) && self.name.eq_ignore_ascii_case(name)
    }
}

/// A file that is of no use to a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The file.
    pub path: PathBuf,
    /// Why; the same words where it is the same reason.
    pub why: String,
    /// It describes what a file before it describes, and that one counts.
    pub again: bool,
}

/// A file that was looked at.
struct Seen<'a> {
    path: &'a Path,
    content: Content,
}

/// Sorts files for the scenario whose folder this is. Paths and folder begin at the same place. Each template gets of the parameters
/// that are set those that it declares, and what is said of where it is deployed.
#[must_use]
pub fn gather(files: &dyn Files, folder: &Path, paths: &[PathBuf], set: &[(String, Node)]) -> Gathered {
    let seen: Vec<Seen<'_>> = paths.iter().map(|path| Seen { path, content: arm::content(files, path) }).collect();
    let mut gathered = Gathered::default();
    let (mut used, mut others): (BTreeSet<&Path>, BTreeMap<&Path, String>) = Default::default();
    // Templates first; lists of instances last, since they belong to a set of another file.
    let is_template = |one: &&Seen<'_>| matches!(one.content, Content::Template(_));
    let is_parameters = |one: &&Seen<'_>| matches!(one.content, Content::Parameters(_));
    let (mut templates, rest): (Vec<_>, Vec<_>) = seen.iter().filter(|one| !is_parameters(one)).partition(is_template);
    // Those with parameters of their own before what they are the parameters of, and the one for production first.
    templates.sort_by_key(|one| {
        let name = shown(one.path).to_lowercase();
        (!name.ends_with(".bicepparam"), name.ends_with(".bicepparam") && !name.contains("prod"))
    });
    let (lists, bodies): (Vec<_>, Vec<_>) = rest.into_iter().partition(|one| is_list_of_instances(files, one));
    for one in templates.into_iter().chain(bodies).chain(lists) {
        let of = parameters_of(one, &seen);
        let parameters = of.first().copied();
        let set = set_of(&one.content, set);
        let beside = Beside { parameters, set: &set, ..Beside::default() };
        match useful(files, (one, beside), &seen, &mut gathered.resources) {
            Ok(()) => {
                used.extend(parameters);
                others.extend(of.iter().skip(1).map(|path| (*path, shown(one.path))));
                gathered.elements.push(Element {
                    file: relative(folder, one.path),
                    is_template: is_template(&one),
                    is_planned: matches!(one.content, Content::Planned),
                    parameters: parameters.map(|path| relative(folder, path)),
                    set: set.iter().map(|(name, value)| (name.clone(), as_yaml(value))).collect(),
                });
            }
            Err((why, again)) => gathered.left_out.push(LeftOut { path: one.path.to_owned(), why, again }),
        }
    }
    for one in seen.iter().filter(|one| is_parameters(one) && !used.contains(one.path)) {
        let why = others.get(one.path).map_or_else(
            || "parameters of a template that is not among these files; give that as well".to_owned(),
            |template| format!("{template} takes its values from another file of parameters"),
        );
        gathered.left_out.push(LeftOut { path: one.path.to_owned(), why, again: false });
    }
    gathered
}

/// Of the parameters that are set, those that a file takes.
fn set_of(content: &Content, set: &[(String, Node)]) -> Vec<(String, Node)> {
    let Content::Template(template) = content else { return Vec::new() };
    let takes = |name: &str| template.parameters.iter().any(|own| own.eq_ignore_ascii_case(name));
    let is_meant = |name: &str| takes(name) || arm::expression::Journal::is_surrounding(name);
    set.iter().filter(|(name, _)| is_meant(name)).cloned().collect()
}

/// A value that is set, as a scenario has it: a list or an object as it is, and any other text as a text.
fn as_yaml(value: &Node) -> String {
    let text = value.text().unwrap_or_default();
    let is_list = text.starts_with(['[', '{']) && serde_json::from_str::<serde_json::Value>(text).is_ok();
    if is_list { text.to_owned() } else { super::scalar(text) }
}

/// The name of a file, with so many of its folders that no other of these files is called the same.
fn name_among(path: &Path, all: &[Seen<'_>]) -> String {
    let parts = |path: &Path| -> Vec<String> {
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let own = parts(path);
    let others: Vec<Vec<String>> = all.iter().filter(|one| one.path != path).map(|one| parts(one.path)).collect();
    let ends = |count: usize| own[own.len() - count..].to_vec();
    let is_unique = |count: &usize| !others.iter().any(|other| other.ends_with(&ends(*count)));
    let count = (1..=own.len()).find(is_unique).unwrap_or(own.len());
    ends(count).join("/")
}

fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Whether a file has resources that no file before it has, which a scenario acts on; else why it is of no use.
fn useful(
    files: &dyn Files,
    (one, beside): (&Seen<'_>, Beside<'_>),
    all: &[Seen<'_>],
    known: &mut Vec<Named>,
) -> Result<(), (String, bool)> {
    let refuse = |why: String| Err((why, false));
    if let Content::Other(what) = &one.content {
        return refuse(what.clone());
    }
    let name = shown(one.path);
    let file = name_among(one.path, all);
    let links = |other: &&Seen<'_>| match &other.content {
        Content::Template(template) => {
            other.path != one.path && template.links.iter().any(|link| link.ends_with(&name))
        }
        _ => false,
    };
    if let Some(other) = all.iter().find(links) {
        return refuse(format!("{} links to it", shown(other.path)));
    }
    let (nodes, problems) = arm::load(files, one.path, beside, Kept::Modelled);
    let text = |node: &Node, key| node.arm(key).and_then(Node::text).unwrap_or_default().to_owned();
    let named = |node| Named { kind: text(node, "type"), name: text(node, "name"), file: file.clone() };
    let is_instance = |one: &Named| one.kind.eq_ignore_ascii_case(INSTANCES);
    let own: Vec<Named> = nodes.iter().map(named).filter(|one| is_acted_on(&one.kind) || is_instance(one)).collect();
    if own.is_empty() {
        return refuse(of_no_use(&problems));
    }
    let set_of = |one: &Named| one.name.split('/').next().unwrap_or_default().to_owned();
    let lacks_set = |one: &&Named| is_instance(one) && !known.iter().any(|other| other.is(SCALE_SET, &set_of(one)));
    if let Some(one) = own.iter().find(lacks_set) {
        return refuse(format!("instances of {}, which no other file has; give `az vmss show` as well", set_of(one)));
    }
    let before = |one: &Named| known.iter().find(|other| other.is(&one.kind, &one.name));
    if let Some((one, first)) = own.iter().find_map(|one| Some((one, before(one)?))) {
        let kind = one.kind.rsplit('/').next().unwrap_or_default();
        return Err((format!("{} has its {kind} {} already, and counts", first.file, one.name), true));
    }
    known.extend(own);
    Ok(())
}

/// Whether all that a file has are instances of sets.
fn is_list_of_instances(files: &dyn Files, one: &Seen<'_>) -> bool {
    if !matches!(one.content, Content::Resources) {
        return false;
    }
    let (nodes, _) = arm::load(files, one.path, Beside::default(), Kept::Modelled);
    let is =
        |node: &Node| node.arm("type").and_then(Node::text).is_some_and(|kind| kind.eq_ignore_ascii_case(INSTANCES));
    !nodes.is_empty() && nodes.iter().all(is)
}

/// So many types of resources are named.
const KINDS: usize = 3;

/// Why a file that was read has nothing for a scenario, and what would.
fn of_no_use(problems: &Problems) -> String {
    let with_help = |what: &str, problem: &Problem| match &problem.help {
        Some(help) if help != arm::WANTED => format!("{what}; {help}"),
        _ => what.to_owned(),
    };
    if let Some(problem) = problems.iter().find(|problem| problem.severity == Severity::Error) {
        return match &problem.about {
            Some(About::Other(what)) if problem.code == "E0405" => with_help(what, problem),
            _ if problem.code == "E0405" => problem.full(),
            _ => format!("{} {}", problem.code, problem.full()),
        };
    }
    let find = |code| problems.iter().find(|problem| problem.code == code);
    // A condition, or a value that is not known, leaves the fleet out.
    if let Some(problem) = find("W0410") {
        return with_help(&problem.full(), problem);
    }
    if let Some(About::Other(what)) = find("W0408").and_then(|problem| problem.about.as_ref()) {
        return what.clone();
    }
    let kinds = match find("N0401").and_then(|problem| problem.about.as_ref()) {
        Some(About::Types(kinds)) => kinds.as_slice(),
        _ => &[],
    };
    let more = kinds.len().saturating_sub(KINDS);
    let list = kinds[..kinds.len() - more].join(", ");
    match (more, kinds.is_empty()) {
        (_, true) => "nothing in it bears on a scale set".to_owned(),
        (0, _) => format!("nothing in it bears on a scale set: {list}"),
        _ => format!("nothing in it bears on a scale set: {list} and {more} more types"),
    }
}

/// What a name that fits is worth.
const BY_NAME: u32 = 8;

/// The files of parameters of a template, the best first: by what they contain, by their name, and a production one before others.
fn parameters_of<'a>(template: &Seen<'_>, all: &[Seen<'a>]) -> Vec<&'a Path> {
    let Content::Template(of) = &template.content else { return Vec::new() };
    let mut fitting: Vec<(u32, &Path)> = Vec::new();
    for other in all {
        let Content::Parameters(given) = &other.content else { continue };
        let declared = |name: &String| of.parameters.iter().any(|own| own.eq_ignore_ascii_case(name));
        let fits = !given.is_empty() && given.iter().all(declared);
        let by_name = name_fits(template.path, other.path);
        let beside = template.path.parent() == other.path.parent();
        if (fits && (by_name > 0 || beside)) || by_name == 2 {
            let production = u32::from(shown(other.path).to_lowercase().contains("prod"));
            fitting.push((by_name * BY_NAME + u32::from(fits) * 4 + u32::from(beside) * 2 + production, other.path));
        }
    }
    // What is called after it goes before what merely has the same names in it.
    let best = fitting.iter().map(|(score, _)| *score).max().unwrap_or_default();
    fitting.retain(|(score, _)| best < BY_NAME || *score >= BY_NAME);
    fitting.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    fitting.into_iter().map(|(_, path)| path).collect()
}

/// How well a file of parameters is called after a template: 2 is `main.parameters.json` of `main.json`, and `parameters.json` of
/// `template.json`; 1 is `main.prod.parameters.json`.
fn name_fits(template: &Path, parameters: &Path) -> u32 {
    let stem = |path: &Path| shown(path).to_lowercase().trim_end_matches(".json").to_owned();
    let (template, own) = (stem(template), stem(parameters));
    let parts =
        own.split(['.', '-', '_']).filter(|part| !["parameters", "params", "parameter", "param"].contains(part));
    let rest: Vec<&str> = parts.collect();
    let of: Vec<&str> = template.split(['.', '-', '_']).collect();
    match (rest == of, rest.starts_with(&of), rest.is_empty() && template == "template") {
        (true, ..) | (.., true) => 2,
        (_, true, _) => 1,
        _ => 0,
    }
}

/// A file as whoever is in a folder names it, with `/`.
#[must_use]
pub fn relative(folder: &Path, file: &Path) -> String {
    let plain = |path: &Path| -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        for part in path.components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir if parts.last().is_some_and(|last| last != "..") => _ = parts.pop(),
                other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
            }
        }
        parts
    };
    let (from, to) = (plain(folder), plain(file));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - same);
    up.chain(to[same..].iter().map(String::as_str)).collect::<Vec<_>>().join("/")
}
