//! Which of a heap of files a fleet is made of: templates with the files of their parameters, and what Azure's tools print.

use super::Element;
use crate::arm::{self, Beside, Content, INSTANCES, Kept};
use crate::files::Files;
use crate::problem::{About, Problems, Severity};
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
}

/// A file that is of no use to a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The file.
    pub path: PathBuf,
    /// Why; the same words where it is the same reason.
    pub why: String,
}

/// A file that was looked at.
struct Seen<'a> {
    path: &'a Path,
    content: Content,
}

/// Sorts files for the scenario whose folder this is. Paths and folder begin at the same place.
#[must_use]
pub fn gather(files: &dyn Files, folder: &Path, paths: &[PathBuf]) -> Gathered {
    let seen: Vec<Seen<'_>> = paths.iter().map(|path| Seen { path, content: arm::content(files, path) }).collect();
    let mut gathered = Gathered::default();
    let mut resources: Vec<(String, String, String)> = Vec::new();
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
        match useful(files, (one, parameters), &seen, &mut resources) {
            Ok(()) => {
                used.extend(parameters);
                others.extend(of.iter().skip(1).map(|path| (*path, shown(one.path))));
                gathered.elements.push(Element {
                    file: relative(folder, one.path),
                    is_template: is_template(&one),
                    is_planned: matches!(one.content, Content::Planned),
                    parameters: parameters.map(|path| relative(folder, path)),
                    set: Vec::new(),
                });
            }
            Err(why) => gathered.left_out.push(LeftOut { path: one.path.to_owned(), why }),
        }
    }
    for one in seen.iter().filter(|one| is_parameters(one) && !used.contains(one.path)) {
        let why = others.get(one.path).map_or_else(
            || "no template beside it has these parameters".to_owned(),
            |template| format!("{template} takes its values from another file of parameters"),
        );
        gathered.left_out.push(LeftOut { path: one.path.to_owned(), why });
    }
    gathered
}

fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Whether a file has resources that no file before it has, which a scenario acts on; else why it is of no use.
fn useful(
    files: &dyn Files,
    (one, parameters): (&Seen<'_>, Option<&Path>),
    all: &[Seen<'_>],
    known: &mut Vec<(String, String, String)>,
) -> Result<(), String> {
    if let Content::Other(what) = &one.content {
        return Err(what.clone());
    }
    let name = shown(one.path);
    let links = |other: &&Seen<'_>| match &other.content {
        Content::Template(template) => {
            other.path != one.path && template.links.iter().any(|link| link.ends_with(&name))
        }
        _ => false,
    };
    if let Some(other) = all.iter().find(links) {
        return Err(format!("{} links to it", shown(other.path)));
    }
    let beside = Beside { parameters, ..Beside::default() };
    let (nodes, problems) = arm::load(files, one.path, beside, Kept::Modelled);
    let text = |node: &Node, key| node.arm(key).and_then(Node::text).unwrap_or_default().to_lowercase();
    let own: Vec<(String, String)> = nodes
        .iter()
        .map(|node| (text(node, "type"), text(node, "name")))
        .filter(|(kind, _)| is_acted_on(kind) || kind.eq_ignore_ascii_case(INSTANCES))
        .collect();
    if own.is_empty() {
        return Err(of_no_use(&problems));
    }
    let lacks_set = |(kind, name): &&(String, String)| {
        let set = name.split('/').next().unwrap_or_default();
        kind.eq_ignore_ascii_case(INSTANCES) && !known.iter().any(|(k, n, _)| k == SET && n == set)
    };
    if let Some((_, name)) = own.iter().find(lacks_set) {
        let set = name.split('/').next().unwrap_or_default();
        return Err(format!("instances of {set}, which no other file has; give `az vmss show` as well"));
    }
    let again = |(kind, name): &&(String, String)| known.iter().any(|(k, n, _)| k == kind && n == name);
    if let Some((kind, name)) = own.iter().find(again) {
        let first = known.iter().find(|(k, n, _)| k == kind && n == name).map_or("", |(.., file)| file.as_str());
        let kind = kind.rsplit('/').next().unwrap_or_default();
        return Err(format!("{first} has its {kind} {name} already"));
    }
    known.extend(own.into_iter().map(|(kind, resource)| (kind, resource, name.clone())));
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

/// The type of scale sets, as names are compared here.
const SET: &str = "microsoft.compute/virtualmachinescalesets";

/// Why a file that was read has nothing for a scenario.
fn of_no_use(problems: &Problems) -> String {
    let error = problems.iter().find(|problem| problem.severity == Severity::Error);
    // A condition, or a value that is not known, leaves the fleet out.
    let decides = ["W0410", "W0408"].iter().find_map(|code| problems.iter().find(|problem| problem.code == *code));
    if let (None, Some(decides)) = (error, decides) {
        return decides.full();
    }
    match error {
        Some(problem) => match &problem.about {
            Some(About::Other(what)) if problem.code == "E0405" => what.clone(),
            _ if problem.code == "E0405" => problem.full(),
            _ => format!("{} {}", problem.code, problem.full()),
        },
        None => "nothing in it bears on a scale set".to_owned(),
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
