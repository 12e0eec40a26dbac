//! Where a value is written that an expression leads to: a parameter or a variable of its template, a file of parameters, what a scenario
//! sets, and the file of Bicep that a template was compiled of. Of two fleets that differ, so is found what somebody changed.

use crate::arm::{self, is_bicep, names_of};
use crate::files::{Base, Files};
use crate::json::{self, Dialect};
use crate::problem::Problems;
use crate::read;
use crate::scenario::resources::OfFile;
use crate::tree::{Node, Source, Span, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// So deep names lead to other names.
const DEPTH: usize = 16;
/// So many files of Bicep one of them may lead to.
const MODULES: usize = 64;

/// What the files of a fleet are written in, as far as no place of a value leads to it.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// By the name of a template: the values of its parameters, by their names in lower case.
    given: BTreeMap<String, BTreeMap<String, Node>>,
    /// By the name of a file of Bicep: its name and text, and those of its modules.
    bicep: BTreeMap<String, Vec<(String, String)>>,
}

impl Sources {
    /// Those of the elements of `resources`, as they are written.
    #[must_use]
    pub fn of(elements: &[Node], base: Base<'_>) -> Self {
        let mut all = Self::default();
        for element in elements.iter().filter_map(|element| OfFile::of(element, base)) {
            let name = crate::files::plain(&element.main).display().to_string().replace('\\', "/");
            let given = arm::given(base.files, &element.main, element.beside());
            for name in names_of(&name) {
                all.given.entry(name).or_insert_with(|| given.clone());
            }
            for of in
                [Some(&element.main), element.parameters.as_ref()].into_iter().flatten().filter(|path| is_bicep(path))
            {
                let texts = bicep_texts(base.files, of);
                let names: Vec<String> = texts.first().map(|(name, _)| names_of(name).into()).unwrap_or_default();
                names.into_iter().for_each(|name| _ = all.bicep.insert(name, texts.clone()));
            }
        }
        all
    }
}

/// A file of Bicep and all that it names, itself first.
fn bicep_texts(files: &dyn Files, main: &Path) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut left = vec![main.to_owned()];
    while let Some(path) = left.pop().filter(|_| found.len() < MODULES) {
        let Some((text, name)) = read::text_of(files, &path, None, &mut Problems::new()) else { continue };
        if found.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let named = text.split('\'').skip(1).step_by(2).filter(|word| word.ends_with(".bicep") && !word.contains(':'));
        left.extend(named.map(|word| folder.join(word)));
        found.push((name, text));
    }
    found
}

/// A value on both sides, as far as it is there.
type Two<T> = [Option<T>; 2];

/// A value that differs: the key at which it stands, and the texts of its values.
#[derive(Clone, Copy, Debug)]
pub struct What<'w> {
    /// The last key of its path.
    pub key: &'w str,
    /// Its values, where they are scalars.
    pub values: Two<&'w str>,
}

/// Finds where what differs between two fleets was written.
#[derive(Debug)]
pub struct Origins<'s> {
    sources: [&'s Sources; 2],
    /// The trees of the files that were asked for: by where their text is in memory.
    roots: BTreeMap<usize, Option<Node>>,
}

impl<'s> Origins<'s> {
    /// Of two fleets.
    #[must_use]
    pub const fn new(sources: [&'s Sources; 2]) -> Self {
        Self { sources, roots: BTreeMap::new() }
    }

    /// The places at which what differs was written; `at` are those at which it was found.
    #[must_use]
    pub fn of(&mut self, at: Two<Span>, what: What<'_>) -> Two<Span> {
        let found = match &at {
            [Some(old), Some(new)] if written(old) == written(new) => self.followed([old, new]),
            _ => None,
        };
        in_bicep(self.sources, found.unwrap_or(at), what)
    }

    /// Where the names in one and the same expression stand for different values.
    fn followed(&mut self, at: [&Span; 2]) -> Option<Two<Span>> {
        let text = written(at[1]).filter(|text| text.contains('('))?;
        let place = |span: &Span| Arc::as_ptr(&span.source) as usize;
        for span in at {
            let read = || json::parse(&span.source, Dialect::Azure, &mut Problems::new());
            self.roots.entry(place(span)).or_insert_with(read);
        }
        let chain = |side: usize| {
            let root = self.roots.get(&place(at[side]))?.as_ref()?;
            Some(Chain::around(root, at[side], self.sources[side].given.get(&at[side].source.name)))
        };
        let (old, new) = (chain(0)?, chain(1)?);
        let level = new.levels.len().checked_sub(1).filter(|_| old.levels.len() == new.levels.len())?;
        follow([&old, &new], level, text, 0)
    }
}

/// What stands at a place.
fn written(span: &Span) -> Option<&str> {
    span.source.text.get(span.start..span.end)
}

/// A template around a value, and what the deployment around it gives its parameters.
struct Level<'n> {
    template: &'n Node,
    given: Option<&'n Node>,
}

/// The templates around a value, the outermost first, and what that one is given beside.
struct Chain<'n> {
    levels: Vec<Level<'n>>,
    beside: Option<&'n BTreeMap<String, Node>>,
}

/// A definition, and which of the templates it stands in.
struct Definition<'n> {
    node: &'n Node,
    level: usize,
}

impl<'n> Chain<'n> {
    /// The templates around a place in their file.
    fn around(root: &'n Node, span: &Span, beside: Option<&'n BTreeMap<String, Node>>) -> Self {
        let mut levels = Vec::new();
        let mut node = root;
        let mut given = None;
        loop {
            if node.arm("resources").is_some() && node.arm("type").is_none() {
                levels.push(Level { template: node, given });
            }
            let holds = |inner: &&Node| inner.span.start <= span.start && span.end <= inner.span.end;
            let inner = node.entries().iter().map(|(_, inner)| inner).chain(node.items()).find(holds);
            let Some(inner) = inner else { return Self { levels, beside } };
            // A deployment has its template beside the values of its parameters.
            given = node.arm("template").filter(|template| std::ptr::eq(*template, inner)).and(node.arm("parameters"));
            node = inner;
        }
    }

    fn parameter(&self, level: usize, name: &str) -> Option<Definition<'n>> {
        let of = self.levels.get(level)?;
        if level == 0
            && let Some(node) = self.beside.and_then(|given| given.get(&name.to_ascii_lowercase()))
        {
            return Some(Definition { node, level });
        }
        if let Some(node) = of.given.and_then(|given| given.arm(name)?.arm("value")) {
            return Some(Definition { node, level: level.saturating_sub(1) });
        }
        let node = of.template.arm("parameters")?.arm(name)?.arm("defaultValue")?;
        Some(Definition { node, level })
    }

    fn variable(&self, level: usize, name: &str) -> Option<Definition<'n>> {
        let node = self.levels.get(level)?.template.arm("variables")?.arm(name)?;
        Some(Definition { node, level })
    }

    fn definition(&self, level: usize, name: &Name<'_>) -> Option<Definition<'n>> {
        match name {
            Name::Parameter(name) => self.parameter(level, name),
            Name::Variable(name) => self.variable(level, name),
        }
    }
}

/// A name in an expression.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Name<'t> {
    Parameter(&'t str),
    Variable(&'t str),
}

/// The names in an expression, in their order.
fn names(text: &str) -> Vec<Name<'_>> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (word, of) in [("parameters('", true), ("variables('", false)] {
        for (at, _) in lower.match_indices(word) {
            let rest = &text[at + word.len()..];
            if let Some((name, _)) = rest.split_once('\'') {
                found.push((at, if of { Name::Parameter(name) } else { Name::Variable(name) }));
            }
        }
    }
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

fn follow(sides: [&Chain<'_>; 2], level: usize, text: &str, depth: usize) -> Option<Two<Span>> {
    if depth == DEPTH {
        return None;
    }
    names(text).iter().find_map(|name| {
        let (old, new) = (sides[0].definition(level, name)?, sides[1].definition(level, name)?);
        if old.node != new.node {
            return Some(first_that_differs(old.node, new.node));
        }
        let is_same_level = old.level == new.level;
        let inner = || texts(new.node).into_iter().find_map(|text| follow(sides, new.level, text, depth + 1));
        is_same_level.then(inner).flatten()
    })
}

/// The expressions in a definition.
fn texts(node: &Node) -> Vec<&str> {
    let own = node.text().filter(|text| text.starts_with('['));
    let items = node.items().iter().chain(node.entries().iter().map(|(_, inner)| inner));
    own.into_iter().chain(items.flat_map(texts)).collect()
}

/// The places of the first value that differs in two definitions.
fn first_that_differs(old: &Node, new: &Node) -> Two<Span> {
    let inner = match (&old.value, &new.value) {
        (Value::Map(_), Value::Map(entries)) => entries.iter().find_map(|(key, inner)| {
            let before = old.get(&key.text)?;
            (before != inner).then(|| first_that_differs(before, inner))
        }),
        (Value::Seq(before), Value::Seq(after)) if before.len() == after.len() => {
            let pair = before.iter().zip(after).find(|(before, after)| before != after);
            pair.map(|(before, after)| first_that_differs(before, after))
        }
        _ => None,
    };
    inner.unwrap_or_else(|| [Some(old.span.clone()), Some(new.span.clone())])
}

/// The same in the files of Bicep, where a template was compiled of them: a place there is the one line that is on one side alone and
/// names the key or has the value. Where there is no such line, the place stays in what was compiled.
fn in_bicep(sources: [&Sources; 2], at: Two<Span>, what: What<'_>) -> Two<Span> {
    let texts = |side: usize| at[side].as_ref().and_then(|span| sources[side].bicep.get(&span.source.name));
    let [Some(old), Some(new)] = [texts(0), texts(1)] else { return at };
    let found = [(old, new, what.values[0]), (new, old, what.values[1])];
    let found = found.map(|(own, other, value)| the_line(own, other, what.key, value));
    let mut places = found.into_iter().zip(at).map(|(found, at)| found.or(at));
    [places.next().flatten(), places.next().flatten()]
}

fn the_line(own: &[(String, String)], other: &[(String, String)], key: &str, value: Option<&str>) -> Option<Span> {
    let known: BTreeSet<&str> = other.iter().flat_map(|(_, text)| text.lines()).map(str::trim).collect();
    let mut lines: Vec<(&str, &str, usize, &str)> = Vec::new();
    for (name, text) in own {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if !line.trim().is_empty() && !known.contains(line.trim()) {
                lines.push((name, text, start + (line.len() - line.trim_start().len()), line.trim()));
            }
            start += line.len();
        }
    }
    let names_it = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
    let has_it = |line: &str| value.is_some_and(|value| line.split(is_between).any(|word| word == value));
    let only = |is: &dyn Fn(&str) -> bool| {
        let mut fitting = lines.iter().filter(|(.., line)| is(line));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    let line = only(&|line| names_it(line) && has_it(line)).or_else(|| only(&names_it)).or_else(|| only(&has_it));
    let (name, text, start, line) = line.or_else(|| only(&|_| true))?;
    let source = Source { name: (*name).to_owned(), text: (*text).to_owned(), hidden: false };
    Some(Span { source: Arc::new(source), start: *start, end: start + line.len() })
}

/// What stands between the values of a line of Bicep.
fn is_between(letter: char) -> bool {
    letter.is_whitespace() || "'(),:[]{}=".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(source: &Arc<Source>, at: &str) -> Span {
        let start = source.text.find(at).expect("it is there");
        Span { source: Arc::clone(source), start, end: start + at.len() }
    }

    fn source(name: &str, text: &str) -> Arc<Source> {
        Arc::new(Source { name: name.to_owned(), text: text.to_owned(), hidden: false })
    }

    fn lines(at: &Two<Span>) -> [(String, usize); 2] {
        at.each_ref().map(|span| {
            let span = span.as_ref().expect("it is known");
            (span.source.name.clone(), span.line())
        })
    }

    const TEMPLATE: &str = r#"{
  "parameters": { "pause": { "type": "string", "defaultValue": "PT5M" } },
  "variables": {
    "rolling": { "batch": 20, "pause": "[parameters('pause')]" }
  },
  "resources": [
    { "type": "Microsoft.Resources/deployments", "properties": {
      "parameters": { "wait": { "value": "[variables('rolling').pause]" } },
      "template": {
        "parameters": { "wait": { "type": "string", "defaultValue": "PT9M" } },
        "resources": [ { "type": "a/b", "pause": "[parameters('wait')]" } ]
      } } }
  ]
}"#;

    /// The expression of the inner template is on line 11 and the same on both sides. `wait` is what the deployment gives it, on line 8,
    /// and that is `pause` of a variable, on line 4, and that is the parameter of line 2; or, where a file of parameters gives it, what
    /// that says.
    #[test]
    fn an_expression_leads_to_what_was_changed() {
        let at = "\"[parameters('wait')]\"";
        let (old, new) = (source("a.json", TEMPLATE), source("a.json", &TEMPLATE.replace("PT5M", "PT0S")));
        let what = What { key: "pause", values: [Some("PT5M"), Some("PT0S")] };
        let none = Sources::default();
        let found = Origins::new([&none, &none]).of([Some(span(&old, at)), Some(span(&new, at))], what);
        assert_eq!(lines(&found), [("a.json".to_owned(), 2), ("a.json".to_owned(), 2)]);
        let given = |value: &str| {
            let file = source("p.json", &format!("{{\n\n\"pause\": \"{value}\" }}"));
            let node = json::parse(&file, Dialect::Azure, &mut Problems::new()).expect("it is JSON");
            let own = [("pause".to_owned(), node.get("pause").expect("it is there").clone())].into();
            Sources { given: [("a.json".to_owned(), own)].into(), ..Sources::default() }
        };
        let (given_old, given_new) = (given("PT5M"), given("PT0S"));
        let found = Origins::new([&given_old, &given_new]).of([Some(span(&old, at)), Some(span(&old, at))], what);
        assert_eq!(lines(&found), [("p.json".to_owned(), 3), ("p.json".to_owned(), 3)]);
        // What was written otherwise is where the change is.
        let direct = source("a.json", &TEMPLATE.replace("[parameters('wait')]", "PT0S"));
        let found = Origins::new([&none, &none]).of([Some(span(&old, at)), Some(span(&direct, "\"PT0S\""))], what);
        assert_eq!(lines(&found), [("a.json".to_owned(), 11), ("a.json".to_owned(), 11)]);
    }

    #[test]
    fn what_was_compiled_leads_to_the_line_of_bicep() {
        let main =
            |pause: &str| format!("param n int\nresource x 'y' = {{\n  rolling: {{\n    pause: '{pause}'\n  }}\n}}\n");
        let of = |pause: &str| {
            let texts = vec![("web.bicep".to_owned(), main(pause))];
            Sources { bicep: [("web.bicep (compiled)".to_owned(), texts)].into(), ..Sources::default() }
        };
        let compiled = |pause: &str| source("web.bicep (compiled)", &format!("{{ \"pause\": \"{pause}\" }}"));
        let what = What { key: "pause", values: [Some("PT5M"), Some("PT0S")] };
        let (old, new) = (compiled("PT5M"), compiled("PT0S"));
        let at = [Some(span(&old, "\"PT5M\"")), Some(span(&new, "\"PT0S\""))];
        let sides = [&of("PT5M"), &of("PT0S")];
        let found = Origins::new(sides).of(at.clone(), what);
        assert_eq!(lines(&found), [("web.bicep".to_owned(), 4), ("web.bicep".to_owned(), 4)]);
        // Of files that do not differ no line is the one that was changed.
        let found = Origins::new([sides[0], sides[0]]).of(at, what);
        assert_eq!(found[1].as_ref().expect("it is known").source.name, "web.bicep (compiled)");
    }
}
