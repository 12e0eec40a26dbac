//! Azure's own files: ARM templates, REST bodies, what `az` and PowerShell print.
//!
//! [`load`] reads a file in any of these shapes and gives its resources in one normal form: canonical casing of keys, types and
//! words, `properties` where ARM has them, expressions evaluated, absent what says nothing, modelled fields only. The tables in
//! [`shape`] say what is modelled. [`mod@reference`] says how resources name each other.

pub mod activity;
mod bicep;
mod collect;
mod detect;
mod instances;
mod parameters;
mod resolve;
mod say;
mod secrets;
mod template;

pub mod expression;
pub mod reference;
pub mod shape;

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use self::collect::{Collection, Found};
use self::expression::{Given, Journal, Template};
use self::say::{say, say_with_help, shorten};
use super::files::Files;
use super::json::{self, Dialect};
use super::problem::{About, Problem, Problems, Severity};
use super::read;
use super::recognise;
use super::terraform;
use super::tree::{Key, Node, Source, Value};
use crate::problem::count;

pub use self::bicep::{is_bicep, is_compiled, names_of};
pub use self::collect::Kept;
pub use self::detect::RESOURCES as WANTED;
pub use self::instances::INSTANCES;
pub use self::reference::reference_name;
pub use self::secrets::secrets;

/// What stands beside the name of a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// A parameters file, for a template.
    pub parameters: Option<&'a Path>,
    /// Single parameters, which go before that file.
    pub set: &'a [(String, Node)],
    /// Patches by the names of resources. What they give need not have a value in the file.
    pub overlay: Option<&'a Node>,
    /// Resources of the other files, which a template may refer to.
    pub others: &'a [Node],
}

/// Reads the resources of a file that Windtunnel models, in normal form; of each, what is to be kept. An overlay is not laid over them
/// here.
#[must_use]
pub fn load(files: &dyn Files, path: &Path, beside: Beside<'_>, kept: Kept) -> (Vec<Node>, Problems) {
    let mut problems = Problems::default();
    let resources = load_into(files, path, beside, kept, &mut problems);
    (resources, problems)
}

fn load_into(files: &dyn Files, path: &Path, beside: Beside<'_>, kept: Kept, problems: &mut Problems) -> Vec<Node> {
    let Some((root, own)) = read_root(files, path, problems) else { return Vec::new() };
    let parameters = match beside.parameters {
        Some(path) => match read_parameters(files, path, problems) {
            Some(file) => Some(file),
            None => return Vec::new(),
        },
        None => None,
    };
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let mut collection = Collection::of_file(stem, beside.overlay, kept);
    match detect::detect(&root) {
        detect::Found::Template(template) => {
            let given = parameters::given(template, parameters.as_ref().or(own.as_ref()), beside.set, problems);
            collection = deploy(files, path, template, (&given, beside), collection, problems);
        }
        detect::Found::Deployment(template, own) => {
            let given = parameters::given(template, parameters.as_ref().or(own), beside.set, problems);
            collection = deploy(files, path, template, (&given, beside), collection, problems);
        }
        detect::Found::Bodies(bodies) => add_bodies(&bodies, &mut collection, problems),
        detect::Found::Terraform(form) => {
            let fleet = terraform::read(&root, form, problems);
            fleet.unmodelled.iter().for_each(|kind| collection.unmodelled(kind));
            let found = fleet.found.into_iter();
            found.for_each(|one| collection.add(Found { kind: one.kind, name: one.name, body: one.body }));
        }
        detect::Found::Other(code, what, help) => {
            let message = format!("`{}` is {what}, not a description of a fleet", root.span.source.name);
            say_with_help(problems, code, message, Some((&start_of(&root), what.as_str())), Some(help));
            return Vec::new();
        }
    }
    let left_out = collection.left_out;
    let resources = collection.finish(problems);
    resources.iter().for_each(|resource| read::refuse_controls(resource, |letter| letter == '\r', problems));
    if resources.is_empty() && !problems.0.iter().any(|problem| problem.severity == Severity::Error) {
        let name = &root.span.source.name;
        let out = format!("conditions leave {} out", count(left_out, "resource"));
        problems.push(match left_out {
            0 => Problem::warning("W0408", format!("`{name}` has no resource that Windtunnel models")),
            _ => Problem::warning("W0408", format!("`{name}` deploys nothing that Windtunnel models: {out}"))
                .about(About::Other(format!("a template of which {out}"))),
        });
    }
    resources
}

/// How many files the deployments of one template may link to.
const MAX_LINKED: usize = 192;

/// Deploys a template. When a deployment links to a file, that is read and everything begins again.
fn deploy<'a>(
    files: &dyn Files,
    path: &Path,
    template: &Node,
    (given, beside): (&BTreeMap<String, Node>, Beside<'_>),
    empty: Collection<'a>,
    problems: &mut Problems,
) -> Collection<'a> {
    let template = Template::of(template.clone(), &Rc::new(path.to_owned()));
    let mut linked = BTreeMap::new();
    loop {
        let journal = Rc::new(Journal::new(beside.set, beside.others.to_vec(), linked.clone()));
        let mut collection = empty.clone();
        template::deploy(&template, Given::Values(given.clone()), &journal, &mut collection);
        let wanted = journal.wanted();
        if wanted.is_empty() || linked.len() + wanted.len() > MAX_LINKED {
            problems.0.extend(journal.problems().0);
            return collection;
        }
        for path in wanted {
            let is_there = read::text_of(files, &path, None, &mut Problems::default());
            let read = is_there.and_then(|(text, name)| read_text(name, text, problems));
            let file = Rc::new(path.clone());
            linked.insert(path, read.map(|root| Template::of(root, &file)));
        }
    }
}

/// What a file is, for whoever sorts files.
#[derive(Debug)]
pub enum Content {
    /// A template.
    Template(TemplateNames),
    /// Values of the parameters of these names.
    Parameters(Vec<String>),
    /// Resources, as a tool prints them.
    Resources,
    /// Resources that are not there yet: a plan of Terraform.
    Planned,
    /// Anything else: what it is, and what to do where it is not what every file needs.
    Other(String),
}

/// What a template names.
#[derive(Debug, Default)]
pub struct TemplateNames {
    /// The parameters that it declares.
    pub parameters: Vec<String>,
    /// What its deployments link to, as it is written.
    pub links: Vec<String>,
}

/// Says what a file is.
#[must_use]
pub fn content(files: &dyn Files, path: &Path) -> Content {
    let mut problems = Problems::default();
    let Some((root, _)) = read_root(files, path, &mut problems) else {
        let first = problems.iter().find(|problem| problem.severity == Severity::Error);
        let what = |problem: &Problem| match &problem.about {
            Some(About::Other(what)) if is_bicep(path) => format!("{what}; {}", bicep::INSTALL),
            Some(About::Other(what)) => what.clone(),
            _ => problem.full(),
        };
        return Content::Other(first.map(what).unwrap_or_default());
    };
    let names = |of: Option<&Node>| of.map_or(&[][..], Node::entries).iter().map(|(key, _)| key.text.clone()).collect();
    let mut links = Vec::new();
    match detect::detect(&root) {
        detect::Found::Template(template) | detect::Found::Deployment(template, _) => {
            linked(template, &mut links);
            Content::Template(TemplateNames { parameters: names(template.arm("parameters")), links })
        }
        detect::Found::Terraform(terraform::Form::Plan) => Content::Planned,
        detect::Found::Bodies(_) | detect::Found::Terraform(_) => Content::Resources,
        detect::Found::Other(..) if is_parameters(&root) => Content::Parameters(names(Some(values_of(&root)))),
        detect::Found::Other(_, what, help) if help == detect::RESOURCES => Content::Other(what),
        detect::Found::Other(_, what, help) => Content::Other(format!("{what}; {help}")),
    }
}

/// The addresses that the deployments of a template link to.
fn linked(node: &Node, links: &mut Vec<String>) {
    if let Some(link) = node.arm("templateLink") {
        links.extend(["relativePath", "uri"].iter().filter_map(|key| link.arm(key)?.text().map(linked_file)));
    }
    node.entries().iter().for_each(|(_, inner)| linked(inner, links));
    node.items().iter().for_each(|inner| linked(inner, links));
}

/// The file at the end of an address, which an expression may put together.
fn linked_file(address: &str) -> String {
    address.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric()).to_owned()
}

/// Whether parameters may mean something to a file: it is a template, or cannot be read, which is said elsewhere.
#[must_use]
pub fn may_be_template(files: &dyn Files, path: &Path) -> bool {
    if is_bicep(path) {
        return true;
    }
    let is_json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    let root = read_json(files, path, &mut Problems::default());
    let is_template =
        |root: &Node| matches!(detect::detect(root), detect::Found::Template(_) | detect::Found::Deployment(..));
    is_json && root.is_none_or(|root| root.get("windtunnel").is_none() && is_template(&root))
}

/// The first character of a node, to point at a file as a whole.
fn start_of(node: &Node) -> super::tree::Span {
    let mut span = node.span.clone();
    span.end = span.end.min(span.start + 1);
    span
}

/// The key of a resource in normal form under which what no table models is kept, where it is kept.
pub const UNREAD: &str = "unread";

/// The same resource with what of it no table models.
fn with_unread(mut normal: Node, written: &Node, shape: &'static shape::Shape) -> Node {
    if let (Some(rest), Value::Map(entries)) = (shape::unread(written, shape), &mut normal.value) {
        entries.push((Key { text: UNREAD.to_owned(), span: rest.span.clone() }, rest));
    }
    normal
}

/// Takes the resources of a scenario that are children of others out of the list, and puts each into the list of its parent.
pub fn adopt_children(resources: &mut Vec<Node>, problems: &mut Problems) {
    let mut children = Vec::new();
    resources.retain(|resource| {
        let Some(child) = detect::kind_of(resource).and_then(|kind| shape::child(&kind)) else { return true };
        let name = resource.arm("name").and_then(Node::text).unwrap_or_default().to_owned();
        children.push((child, collect::Found { kind: child.kind.to_owned(), name, body: resource.clone() }));
        false
    });
    collect::adopt(resources, children, shape::Whose::Own, problems);
}

/// Makes a resource canonical, and keeps what no table models beside it.
#[must_use]
pub fn normalise_whole(resource: Node, problems: &mut Problems) -> Node {
    let shape = detect::kind_of(&resource).and_then(|kind| shape::resource(&kind));
    let normal = normalise(resource.clone(), problems);
    match shape {
        Some((_, shape)) => with_unread(normal, &resource, shape),
        None => normal,
    }
}

/// Makes a resource canonical. Its type is given, or follows from its fields. What was kept beside it stays.
#[must_use]
pub fn normalise(mut resource: Node, problems: &mut Problems) -> Node {
    let kept = match &mut resource.value {
        Value::Map(entries) => {
            let at = entries.iter().position(|(key, _)| key.text == UNREAD);
            at.map(|at| entries.remove(at))
        }
        _ => None,
    };
    let mut normal = canonical(resource, problems);
    if let (Some(kept), Value::Map(entries)) = (kept, &mut normal.value) {
        entries.push(kept);
    }
    normal
}

fn canonical(resource: Node, problems: &mut Problems) -> Node {
    let Some(kind) = detect::kind_of(&resource) else {
        let help = Some("write its `type`, for example `Microsoft.Compute/virtualMachineScaleSets`".to_owned());
        say_with_help(problems, "E0405", "a resource has no type".to_owned(), Some((&resource.span, "this one")), help);
        return resource;
    };
    let Some((kind, shape)) = shape::resource(&kind) else {
        // It is put into its parent.
        if shape::child(&kind).is_some() {
            return resource;
        }
        if shape::matters::is_type(&kind) {
            let message = format!("{} is not modelled, but can affect users or a rollout", shorten(&kind));
            let help = shape::matters::classic(&kind).map(str::to_owned);
            say_with_help(problems, "W0514", message, Some((&resource.span, "ignored")), help);
            return resource;
        }
        // It gives names and addresses, which are read where somebody leads to them.
        if !kind.eq_ignore_ascii_case(shape::PUBLIC_IP) {
            let message = format!("1 resource not modelled: {} (1)", shorten(&kind));
            say(problems, "N0401", message, Some((&resource.span, "")));
        }
        return resource;
    };
    let name = resource.arm("name").and_then(Node::text).unwrap_or_default().to_owned();
    shape::normalise_as(&with_text(resource, "type", kind), shape, &name, shape::Whose::Own, problems)
}

/// Adds resources that a tool printed. Those of one other kind are one problem together.
fn add_bodies(bodies: &[&Node], collection: &mut Collection, problems: &mut Problems) {
    let mut others: Vec<(detect::Else, usize, &Node)> = Vec::new();
    let mut added = 0;
    for body in bodies {
        if let Some(instance) = instances::of(body) {
            added += 1;
            collection.add(instance);
        } else if let Some(other) = detect::is_something_else(body) {
            match others.iter_mut().find(|(known, ..)| known.is_same(&other)) {
                Some((_, n, _)) => *n += 1,
                None => others.push((other, 1, body)),
            }
        } else {
            added += 1;
            add_body(body, collection, problems);
        }
    }
    for (other, n, body) in others {
        let (name, what) = (&body.span.source.name, other.to_string());
        let problem = match (added, n) {
            (0, 1) => Problem::error("E0405", format!("`{name}` is {what}, not a description of a fleet"))
                .about(About::Other(other.what)),
            (0, n) => {
                let list = format!("a list of {}", count(n, "entry"));
                Problem::error("E0405", format!("`{name}` is {list}, each {what}")).about(About::Other(list))
            }
            (_, n) => Problem::note("N0410", format!("{} ignored: {what}", count(n, "entry"))),
        };
        problems.push(problem.at(&start_of(body), what).help(other.help));
    }
}

fn add_body(body: &Node, collection: &mut Collection, problems: &mut Problems) {
    let Some(kind) = detect::kind_of(body) else { return };
    let said = ["ResourceType", "type"].iter().any(|key| body.arm(key).and_then(Node::text).is_some());
    if shape::resource(&kind).is_none() {
        collection.unmodelled(&kind);
        return add_children(body, &kind, "", collection);
    }
    let from_id = detect::id_of(body);
    if !said && from_id.is_none() {
        let message = format!("a body without type is treated as a {kind}, by its fields");
        say(problems, "N0407", message, Some((&start_of(body), "this body")));
    }
    let own = body.arm("name").and_then(Node::text).filter(|name| !name.is_empty()).map(str::to_owned);
    let levels = kind.split('/').count() - 1;
    // The body of a gallery version has the version alone as name; its id has the gallery and the image too.
    let own = own.filter(|name| name.split('/').count() == levels || from_id.is_none());
    let name = own.or_else(|| from_id.map(|(_, name)| last_segments(&name, levels))).unwrap_or_else(|| {
        let message = format!("a body without name gets the name of its file, `{}`", shorten(&collection.stem));
        say(problems, "N0407", message, Some((&start_of(body), "this body")));
        collection.stem.clone()
    });
    collection.add(Found { kind: kind.clone(), name: name.clone(), body: body.clone() });
    add_children(body, &kind, &name, collection);
}

/// The last parts of a name; old ids have a location before it.
fn last_segments(name: &str, count: usize) -> String {
    let segments: Vec<&str> = name.split('/').collect();
    segments[segments.len().saturating_sub(count)..].join("/")
}

/// Children that an export lists under `resources`.
fn add_children(body: &Node, kind: &str, name: &str, collection: &mut Collection) {
    for item in body.arm("resources").map_or(&[][..], Node::items) {
        let Some(own) = ["ResourceType", "type"].into_iter().find_map(|key| item.arm(key)?.text()) else { continue };
        let full = if own.contains('.') { own.to_owned() } else { format!("{kind}/{own}") };
        let short = item.arm("name").and_then(Node::text).unwrap_or_default();
        let full_name = if short.contains('/') { short.to_owned() } else { format!("{name}/{short}") };
        if shape::resource(&full).is_some() || shape::child(&full).is_some() {
            collection.add(Found { kind: full, name: full_name, body: item.clone() });
        } else {
            collection.unmodelled(&full);
        }
    }
}

/// An object with an entry set to a text, whatever its case was.
fn with_text(mut node: Node, key: &str, text: &str) -> Node {
    let span = node.arm(key).map_or_else(|| node.span.clone(), |old| old.span.clone());
    let value = Node::quoted(&span, text);
    if let Value::Map(entries) = &mut node.value {
        entries.retain(|(k, _)| !k.text.eq_ignore_ascii_case(key));
        entries.insert(0, (Key { text: key.to_owned(), span }, value));
    }
    node
}

fn read_parameters(files: &dyn Files, path: &Path, problems: &mut Problems) -> Option<Node> {
    let file = match read_root(files, path, problems)? {
        (_, Some(parameters)) => parameters,
        (file, None) => file,
    };
    if is_parameters(&file) {
        return Some(file);
    }
    let message = format!("`{}` is not a parameters file: it has no `parameters`", file.span.source.name);
    say(problems, "E0410", message, Some((&start_of(&file), "expected `parameters`")));
    None
}

/// What the parameters of a template are given beside it, by their names in lower case, as it is written there. What cannot be read is
/// said where the template is read.
#[must_use]
pub fn given(files: &dyn Files, path: &Path, beside: Beside<'_>) -> BTreeMap<String, Node> {
    let mut problems = Problems::default();
    let own = || is_bicep(path).then(|| read_root(files, path, &mut Problems::default())?.1).flatten();
    let file = beside.parameters.and_then(|path| read_parameters(files, path, &mut problems)).or_else(own);
    let mut given = BTreeMap::new();
    for (key, entry) in file.as_ref().map_or(&[][..], |file| values_of(file).entries()) {
        if let Some(value) = entry.arm_given("value") {
            given.insert(key.text.to_ascii_lowercase(), value.clone());
        }
    }
    given.extend(beside.set.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())));
    given
}

/// Reads a file: JSON, or Bicep, which is compiled; a file of parameters in Bicep gives both.
fn read_root(files: &dyn Files, path: &Path, problems: &mut Problems) -> Option<(Node, Option<Node>)> {
    if is_bicep(path) {
        return bicep::compile(files, path, problems);
    }
    read_json(files, path, problems).map(|root| (root, None))
}

/// The lines of YAML that a file comes to that is an activity log.
#[must_use]
pub fn timeline(files: &dyn Files, path: &Path) -> Option<Vec<String>> {
    read_json(files, path, &mut Problems::default()).and_then(|root| activity::skeleton(&root))
}

/// Whether a file gives values of parameters.
fn is_parameters(file: &Node) -> bool {
    // Forms of the portal and examples of a REST specification have `parameters` of another kind.
    if ["handler", "responses"].iter().any(|key| file.arm(key).is_some()) {
        return false;
    }
    let is_entry = |node: &Node| node.arm("value").is_some() || node.arm("reference").is_some();
    let is_bare = !file.entries().is_empty() && file.entries().iter().all(|(_, node)| is_entry(node));
    file.arm("parameters").is_some() || is_bare
}

/// The values in a file of parameters.
fn values_of(file: &Node) -> &Node {
    file.arm("parameters").unwrap_or(file)
}

/// Reads a JSON file; what is wrong with it is a problem.
fn read_json(files: &dyn Files, path: &Path, problems: &mut Problems) -> Option<Node> {
    let (text, name) = read::text_of(files, path, None, problems)?;
    read_text(name, text, problems)
}

fn read_text(name: String, text: String, problems: &mut Problems) -> Option<Node> {
    let hidden = !recognise::is_azure(&text);
    let source = Arc::new(Source { name, text, hidden });
    let mut found = Problems::default();
    let node = json::parse(&source, Dialect::Azure, &mut found);
    if let Some(problem) = found.0.last_mut().filter(|problem| hidden && problem.code == "E0104") {
        // What was met is of its text.
        let help = "give a template, the output of `az vmss show`, or what `terraform show -json` prints; the text of other \
            files is not shown";
        let primary = problem.primary.take();
        *problem = Problem { primary, ..Problem::other("E0104", &source.name, "not JSON").help(help) };
    }
    // Notes name keys.
    found.0.retain(|problem| !hidden || problem.severity == Severity::Error);
    if node.is_none()
        && let (Some(problem), Some((code, what, help))) = (found.0.last_mut(), detect::other_language(&source.text))
    {
        let primary = problem.primary.take();
        *problem = Problem { primary, ..Problem::other(code, &source.name, format!("{what}, not JSON")).help(help) };
    }
    problems.0.append(&mut found.0);
    node
}
