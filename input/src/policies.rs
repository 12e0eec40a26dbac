//! Where the policies of a scenario are: in the file itself, in files that several scenarios share, and as templates of another fleet.

use crate::draft::relative;
use crate::files::{Base, Files, Unreadable};
use crate::patch::means_resource;
use crate::problem::{Problem, Problems, suggest};
use crate::read;
use crate::scenario::keys::SCENARIO;
use crate::scenario::resources;
use crate::secrets::Secrets;
use crate::tree::{Key, Node, Value};
use std::path::{Path, PathBuf};

/// The key under `policies` that names files of them.
const FILE: &str = "file";
/// The key of a file that has several.
const SEVERAL: &str = "policies";
/// The keys of a policy that is a template: those of an element of `resources`, and which of them it stands for.
const ELEMENT: [&str; 6] = ["template", FILE, "parameters", "set", "overlay", "accept"];
const REPLACES: &str = "replaces";

/// A policy, where it is written.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub key: Key,
    /// What it changes.
    pub change: Node,
    /// The folder of its file: paths in it are relative to that.
    folder: PathBuf,
}

impl Policy {
    /// One that is in no file.
    fn beside(name: &str, change: &Node, base: Base<'_>) -> Self {
        let key = Key { text: name.to_owned(), span: change.span.clone() };
        Self { key, change: change.clone(), folder: base.folder.to_owned() }
    }
}

/// The policies of a scenario whose resources are in normal form, and those that stand beside it, each a name and a patch; no scenario is
/// given where its resources could not be read.
pub fn read(
    (policies, beside): (Option<&Node>, &[(String, Node)]),
    scenario: Option<&Node>,
    base: Base<'_>,
    problems: &mut Problems,
) -> Vec<Policy> {
    let mut all = Vec::new();
    for (key, node) in policies.map_or(&[][..], Node::entries) {
        let names_files = key.text == FILE && !matches!(node.value, Value::Map(_));
        if !names_files {
            add(&mut all, Policy { key: key.clone(), change: node.clone(), folder: base.folder.to_owned() }, problems);
            continue;
        }
        let patterns = if matches!(node.value, Value::Seq(_)) { node.items() } else { std::slice::from_ref(node) };
        for pattern in patterns {
            for path in matching(pattern, base, problems) {
                of_file(&path, pattern, (scenario, base.files), problems)
                    .into_iter()
                    .for_each(|one| add(&mut all, one, problems));
            }
        }
    }
    beside.iter().for_each(|(name, change)| add(&mut all, Policy::beside(name, change, base), problems));
    all
}

/// Adds a policy; a name is that of one policy.
fn add(all: &mut Vec<Policy>, policy: Policy, problems: &mut Problems) {
    match all.iter().find(|known| known.key.text == policy.key.text) {
        None => all.push(policy),
        Some(first) => {
            let problem = Problem::error("E0212", format!("two policies have the name `{}`", policy.key.text));
            let problem = problem.at(&policy.key.span, "the second").also(&first.key.span, "the first");
            problems
                .push(problem.help("rename one of them; a policy that is alone in its file has the name of the file"));
        }
    }
}

/// The files that a path means: `*` and `?` in its last part stand for letters.
fn matching(pattern: &Node, base: Base<'_>, problems: &mut Problems) -> Vec<PathBuf> {
    let Some(text) = pattern.text() else {
        let message = format!("`{FILE}` is {}, and should be a path", pattern.kind());
        problems.push(Problem::error("E0108", message).at(&pattern.span, "this value"));
        return Vec::new();
    };
    let path = base.folder.join(text);
    let is_pattern = |part: &str| part.contains(['*', '?']);
    if !is_pattern(text) {
        return vec![path];
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let problem = |message: String| Problem::error("E0308", message).at(&pattern.span, "named here");
    if is_pattern(&folder.to_string_lossy()) {
        let message = format!("`{text}` has a `*` or `?` before its last part");
        problems.push(problem(message).help("name each folder: `file: [a/*.yaml, b/*.yaml]`"));
        return Vec::new();
    }
    let shown = crate::files::plain(&folder).display().to_string().replace('\\', "/");
    let shown = if shown.is_empty() { ".".to_owned() } else { shown };
    let names = match base.files.list(&folder) {
        Ok(names) => names,
        Err(Unreadable::Missing) => {
            problems.push(
                problem(format!("there is no folder `{shown}`")).help("paths are relative to the file that names them"),
            );
            return Vec::new();
        }
        Err(why) => {
            problems.push(problem(format!("the folder `{shown}` cannot be listed: {why}")));
            return Vec::new();
        }
    };
    let mut found: Vec<&String> = names.iter().filter(|own| matches(&name, own)).collect();
    found.sort();
    if found.is_empty() {
        let help = suggest(&name, names.iter().map(String::as_str));
        let help = help.unwrap_or_else(|| "`*` stands for any letters, and `?` for one".to_owned());
        problems.push(problem(format!("no file in `{shown}` matches `{name}`")).help(help));
    }
    found.into_iter().map(|own| folder.join(own)).collect()
}

/// Whether a name fits a pattern; one that begins with a dot is hidden.
fn matches(pattern: &str, name: &str) -> bool {
    fn fits(pattern: &[char], name: &[char]) -> bool {
        match pattern {
            [] => name.is_empty(),
            ['*', rest @ ..] => (0..=name.len()).any(|at| fits(rest, &name[at..])),
            ['?', rest @ ..] => !name.is_empty() && fits(rest, &name[1..]),
            [own, rest @ ..] => name.first() == Some(own) && fits(rest, &name[1..]),
        }
    }
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    (pattern.starts_with('.') || !name.starts_with('.')) && fits(&letters(pattern), &letters(name))
}

/// The policies of a file: those under `policies`, or the file is one, and has its name.
fn of_file(
    path: &Path,
    named: &Node,
    (scenario, files): (Option<&Node>, &dyn Files),
    problems: &mut Problems,
) -> Vec<Policy> {
    let Some((text, name)) = read::text_of(files, path, Some(&named.span), problems) else { return Vec::new() };
    let mut found = Problems::new();
    let root = read::read_text(&name, text.clone(), &mut found);
    // Of a file that is something else, nothing is shown.
    let Some(root) = root.filter(|root| scenario.is_none_or(|scenario| is_of_policies(root, scenario))) else {
        let known = |key: &str| scenario.is_some_and(|scenario| is_known(key, scenario));
        let begins = |line: &str| line.split(':').next().is_some_and(|key| key == SEVERAL || known(key));
        if found.has_errors() && text.lines().any(begins) {
            problems.0.append(&mut found.0);
        } else if let Some(scenario) = scenario {
            let names: Vec<&str> = resources_of(scenario).iter().filter_map(Node::name).collect();
            let message = format!("`{name}` is no policy: it has no `policies`, and names no resource of the scenario");
            let help = format!("a policy begins with what it changes; the resources are {}", names.join(", "));
            problems.push(Problem::error("E0308", message).at(&named.span, "named here").help(help));
        }
        return Vec::new();
    };
    problems.0.append(&mut found.0);
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let Some((_, several)) = root.entry(SEVERAL) else {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut span = root.span.clone();
        span.end = span.end.min(span.start + 1);
        return vec![Policy { key: Key { text: stem, span }, change: root, folder }];
    };
    if let Some((other, _)) = root.entries().iter().find(|(key, _)| key.text != SEVERAL) {
        let problem =
            Problem::error("E0308", format!("`{}` stands beside `{SEVERAL}` in a file of policies", other.text));
        problems.push(
            problem.at(&other.span, "no policy").help(format!("put it under `{SEVERAL}`, or into a file of its own")),
        );
    }
    let mut all = Vec::new();
    for (key, change) in several.entries() {
        if key.text == FILE && !matches!(change.value, Value::Map(_)) {
            let problem = Problem::error("E0308", "a file of policies names no other files of them");
            problems.push(problem.at(&key.span, "not here").help("name all of them in the scenario"));
        } else {
            all.push(Policy { key: key.clone(), change: change.clone(), folder: folder.clone() });
        }
    }
    all
}

/// Whether a key of a file can be the first of a patch on this scenario.
fn is_known(key: &str, scenario: &Node) -> bool {
    resources_of(scenario).iter().any(|one| means_resource(one, key))
}

fn resources_of(scenario: &Node) -> &[Node] {
    scenario.get("resources").map_or(&[][..], Node::items)
}

fn is_of_policies(root: &Node, scenario: &Node) -> bool {
    let keys = || root.entries().iter().map(|(key, _)| key.text.as_str());
    let of_scenario: Vec<&str> = SCENARIO.known().collect();
    let is_ours = |key: &str| of_scenario.contains(&key) && !["windtunnel", "resources"].contains(&key);
    let named = |key: &str| root.get(key).is_some();
    let is_patch = keys().any(|key| is_known(key, scenario)) || (keys().next().is_some() && keys().all(is_ours));
    let is_several = root.get(SEVERAL).is_some_and(|of| matches!(of.value, Value::Map(_)));
    !named("windtunnel") && (is_several || is_patch || is_template(root))
}

/// Whether a policy is a template, and no patch of a resource that has such a name.
pub fn is_template(change: &Node) -> bool {
    ["template", FILE].iter().any(|key| change.get(key).is_some_and(|value| value.text().is_some()))
}

/// A scenario whose fleet is that of the template of a policy.
pub struct Replaced {
    /// The scenario.
    pub scenario: Node,
    /// What the policy changes beside.
    pub rest: Node,
    /// What is secret in both.
    pub secrets: Secrets,
    /// The elements of `resources`, where they are others than those of the scenario.
    pub elements: Option<Vec<Node>>,
}

/// Puts the template of a policy in the place of the one of the scenario; `written` are the elements of its `resources`.
pub fn replace(
    scenario: &Node,
    written: &[Node],
    policy: &Policy,
    base: Base<'_>,
    problems: &mut Problems,
) -> Option<Replaced> {
    let at = replaced(written, policy, base, problems)?;
    let old = &written[at];
    let is_template = policy.change.get("template").is_some();
    let own =
        |key: &str| policy.change.entry(key).map(|(key, node)| (key.clone(), rebased(&key.text, node, policy, base)));
    let inherited = |key: &str| {
        let goes = is_template || !["parameters", "set"].contains(&key);
        old.entry(key)
            .filter(|_| goes && !["template", FILE].contains(&key))
            .map(|(key, node)| (key.clone(), node.clone()))
    };
    let entries: Vec<(Key, Node)> = ELEMENT.iter().filter_map(|key| own(key).or_else(|| inherited(key))).collect();
    let keeps_overlay = policy.change.get("overlay").is_none();
    let mut elements = written.to_vec();
    elements[at] = Node { span: policy.change.span.clone(), value: Value::Map(entries) };
    let mut secrets = resources::secrets(written, base);
    secrets.merge(&resources::secrets(&elements[at..=at], base));
    let mut scenario = scenario.clone();
    let Value::Map(keys) = &mut scenario.value else { return None };
    let (_, list) = keys.iter_mut().find(|(key, _)| key.text == "resources")?;
    list.value = Value::Seq(elements.clone());
    let mut found = Problems::new();
    resources::resolve(&mut scenario, base, &mut found);
    // A template may say itself what the overlay of the other one says.
    found.0.retain(|problem| !keeps_overlay || problem.code != "E0302");
    let is_wrong = found.has_errors();
    problems.merge(&found);
    let is_patch = |(key, _): &&(Key, Node)| !ELEMENT.contains(&key.text.as_str()) && key.text != REPLACES;
    let rest = policy.change.entries().iter().filter(is_patch).cloned().collect();
    let rest = Node { span: policy.change.span.clone(), value: Value::Map(rest) };
    (!is_wrong).then_some(Replaced { scenario, rest, secrets, elements: Some(elements) })
}

/// A path of a policy as the scenario would name it.
fn rebased(key: &str, node: &Node, policy: &Policy, base: Base<'_>) -> Node {
    let is_path = ["template", FILE, "parameters"].contains(&key);
    match node.text().filter(|text| is_path && policy.folder != base.folder && !Path::new(text).is_absolute()) {
        Some(text) => Node::quoted(&node.span, relative(base.folder, &policy.folder.join(text))),
        None => node.clone(),
    }
}

/// Which element of `resources` a policy stands for: the one that it names, the only one, or the one whose file has the same name.
fn replaced(written: &[Node], policy: &Policy, base: Base<'_>, problems: &mut Problems) -> Option<usize> {
    let file = |item: &Node| {
        let text = item.get("template").or_else(|| item.get(FILE))?.text()?;
        Some(crate::files::plain(&base.folder.join(text)))
    };
    let files: Vec<(usize, PathBuf)> =
        written.iter().enumerate().filter_map(|(at, item)| Some((at, file(item)?))).collect();
    let only = |is: &dyn Fn(&Path) -> bool| {
        let mut fitting = files.iter().filter(|(_, path)| is(path));
        fitting.next().filter(|_| fitting.next().is_none()).map(|(at, _)| *at)
    };
    let of = |node: &Node| node.text().map(|text| crate::files::plain(&policy.folder.join(text)));
    let list = || files.iter().map(|(_, path)| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ");
    if let Some((_, named)) = policy.change.entry(REPLACES) {
        let wanted = of(named).unwrap_or_default();
        let found = only(&|path| path == wanted).or_else(|| only(&|path| path.file_name() == wanted.file_name()));
        if found.is_none() {
            let message = format!("`{REPLACES}` names no file of `resources`");
            problems.push(
                Problem::error("E0309", message).at(&named.span, "not there").help(format!("they are {}", list())),
            );
        }
        return found;
    }
    let own = policy.change.get("template").or_else(|| policy.change.get(FILE)).and_then(of).unwrap_or_default();
    let found = only(&|_| true).or_else(|| only(&|path| path.file_name() == own.file_name()));
    if found.is_none() {
        let (message, help) = if files.is_empty() {
            let help = "put the fleet of the scenario into a file, too, or write what `windtunnel diff OLD NEW --patch` prints";
            ("a template can stand for none of the resources: all are inline".to_owned(), help.to_owned())
        } else {
            let n = files.len();
            let message = format!("the template does not say for which of the {n} files of `resources` it stands");
            (message, format!("write `{REPLACES}: FILE` beside it; they are {}", list()))
        };
        problems.push(Problem::error("E0309", message).at(&policy.key.span, "this policy").help(help));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_fits_whole_names() {
        let names = ["a.yaml", "ab.yaml", "b.yml", ".a.yaml"];
        let fitting = |pattern: &str| names.iter().filter(|name| matches(pattern, name)).copied().collect::<Vec<_>>();
        assert_eq!(fitting("*.yaml"), ["a.yaml", "ab.yaml"]);
        assert_eq!(fitting("?.y*ml"), ["a.yaml", "b.yml"]);
        assert_eq!(
            fitting("*a*"),
            ["a.yaml", "ab.yaml", "b.yml"].iter().filter(|name| name.contains('a')).copied().collect::<Vec<_>>()
        );
        assert_eq!(fitting(".*"), [".a.yaml"]);
        assert_eq!(fitting("a"), [""; 0]);
    }
}
