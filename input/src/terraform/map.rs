//! A resource of the provider becomes one of ARM, by the rows of its table.

use super::Found;
use super::document::{Document, Resource, first};
use super::ids::Ids;
use super::links::{self, Scope};
use super::row::{Block, How, Row, Table};
use crate::arm::reference::split_id;
use crate::json::{self, Dialect};
use crate::problem::{Problem, Problems, count};
use crate::tree::{Key, Node, Scalar, Source, Span, Value};
use std::sync::Arc;

/// A file, and the ids of its resources.
pub type Known<'d, 'a> = (&'d Document<'a>, &'d Ids);

/// The resource at a place of the document; none where it cannot be named.
pub fn found(known: Known<'_, '_>, at: usize, table: &'static Table, problems: &mut Problems) -> Option<Found> {
    let resource = &known.0.resources[at];
    let Some((kind, id)) = known.1.get(at) else {
        let message = format!("`{}` is part of a resource that is not known before apply", resource.address);
        let help = "the file does not say what holds it: a local value or a data source does";
        problems.push(Problem::warning("W0412", message).at(resource.span, "has no effect").help(help));
        return None;
    };
    let (_, name) = split_id(id)?;
    let mut body = Node { span: resource.span.clone(), value: Value::Map(Vec::new()) };
    let configuration = known.0.configuration(&resource.address);
    let scope = Scope::of(resource, configuration);
    let mut map = Map { known, resource, scope, id, said: Said::default() };
    let places = Places {
        values: resource.values,
        unknown: resource.unknown,
        sensitive: resource.sensitive,
        written: configuration.and_then(|of| of.get("expressions")).map(|of| vec![of]),
    };
    map.block(&table.block, &places, &Path::default(), &mut body);
    map.said.say(&resource.address.to_string(), &name, resource.span, problems);
    Some(Found { kind: kind.clone(), name, body })
}

/// Where a block is.
#[derive(Clone, Default)]
struct Path {
    /// In the provider's resource: `network_interface.ip_configuration.`.
    from: String,
    /// In that of ARM; an item of a list is its name in brackets.
    to: Vec<String>,
}

impl Path {
    fn inner(&self, name: &str, to: &str, item: Option<&Node>) -> Self {
        let mut path = Self { from: format!("{}{name}.", self.from), to: self.to.clone() };
        path.to.extend(to.split('.').map(str::to_owned));
        path.to.extend(item.map(|item| format!("[{}", item.name().unwrap_or("…"))));
        path
    }
}

/// What is known only after apply.
struct Open {
    /// The field.
    field: String,
    /// Where ARM has it.
    to: Vec<String>,
    /// Where the configuration says what it comes from.
    place: Option<Span>,
    /// What it comes from.
    from: Vec<String>,
    /// It is only compared and shown.
    idle: bool,
}

/// A block as the file has it, in the places that speak of it.
struct Places<'a> {
    values: &'a Node,
    unknown: Option<&'a Node>,
    sensitive: Option<&'a Node>,
    /// What the configuration says of it; none where it does not: of a state, and of what `dynamic` makes.
    written: Option<Vec<&'a Node>>,
}

/// What the configuration says of a field.
enum Written<'a> {
    /// Nothing; nobody wrote it.
    No,
    /// These expressions.
    By(Vec<&'a Node>),
    /// Whatever it is, it is not in the file.
    Hidden,
}

impl<'a> Places<'a> {
    /// A block within it, which is there once.
    fn inner(&self, name: &str) -> Option<Self> {
        let values = first(self.values.get(name)?)?;
        Some(self.item(name, 0, 1, values))
    }

    /// One of the blocks of a name.
    fn item(&self, name: &str, at: usize, of: usize, values: &'a Node) -> Self {
        let one = |node: Option<&'a Node>| {
            let node = node?.get(name)?;
            if matches!(node.value, Value::Seq(_)) { node.items().get(at) } else { Some(node) }
        };
        let all: Option<Vec<&'a Node>> = self.written.as_ref().map(|list| {
            let blocks = list.iter().filter_map(|block| block.get(name));
            blocks
                .flat_map(|node| if let Value::Seq(items) = &node.value { items.iter().collect() } else { vec![node] })
                .collect()
        });
        let same = |block: &&'a Node| {
            let name = block.get("name").and_then(|expression| expression.get("constant_value")).and_then(Node::text);
            name.is_some() && name == values.name()
        };
        let written = all.and_then(|all| match all.iter().find(|block| same(block)) {
            _ if all.is_empty() => None,
            Some(block) => Some(vec![*block]),
            None if all.len() == of => Some(vec![all[at]]),
            None => Some(all),
        });
        Self { values, unknown: one(self.unknown), sensitive: one(self.sensitive), written }
    }

    fn written(&self, name: &str) -> Written<'a> {
        let Some(blocks) = &self.written else { return Written::Hidden };
        let found: Vec<&'a Node> = blocks.iter().filter_map(|block| block.get(name)).collect();
        if found.is_empty() { Written::No } else { Written::By(found) }
    }
}

/// Whether a part of a structure of marks has one.
fn marks(node: Option<&Node>) -> bool {
    let any = |node: &Node| match &node.value {
        Value::Scalar(scalar) => scalar.text == "true",
        Value::Seq(items) => items.iter().any(|item| marks(Some(item))),
        Value::Map(entries) => entries.iter().any(|(_, value)| marks(Some(value))),
        Value::Null => false,
    };
    node.is_some_and(any)
}

/// Whether a value says nothing.
fn is_absent(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Scalar(scalar) => scalar.text.is_empty(),
        Value::Seq(items) => items.is_empty(),
        Value::Map(_) => false,
    }
}

/// What there is to say of a resource.
#[derive(Default)]
struct Said {
    /// What is known only after apply.
    open: Vec<Open>,
    /// Links that were taken to lead to the only resource that they can mean.
    assumed: Vec<(String, String, Span)>,
    /// Fields that are marked sensitive and read.
    sensitive: Vec<String>,
    /// Fields that no table knows.
    unknown: Vec<(String, Span)>,
    /// How many fields have no effect, by the first of their path.
    idle: Vec<(String, usize)>,
}

impl Said {
    fn say(self, address: &str, name: &str, span: &Span, problems: &mut Problems) {
        let own = name.rsplit('/').next().unwrap_or(name);
        for Open { field, to, place, from, .. } in self.open.iter().filter(|open| !open.idle) {
            let mut message = format!("`{field}` of `{address}` is known only after apply, and counts as absent");
            if !from.is_empty() {
                message += &format!("; it comes from {}", from.join(", "));
            }
            let problem =
                Problem::warning("W0412", message).at(place.as_ref().unwrap_or(span), "known only after apply");
            problems.push(problem.help(format!("give it beside the file: `overlay: {{ {own}: {} }}`", nested(to))));
        }
        let idle: Vec<&str> = self.open.iter().filter(|open| open.idle).map(|open| open.field.as_str()).collect();
        if !idle.is_empty() {
            let message = format!("`{address}`: known only after apply, and not needed: {}", idle.join(", "));
            problems.push(Problem::note("N0409", message).at(span, "this resource"));
        }
        for (field, id, place) in &self.assumed {
            let message = format!("`{field}` of `{address}` leads to `{id}`: the file has no other that it can mean");
            problems.push(Problem::note("N0413", message).at(place, "known only after apply"));
        }
        if !self.sensitive.is_empty() {
            let message =
                format!("`{address}`: marked sensitive, and read all the same: {}", self.sensitive.join(", "));
            problems.push(Problem::note("N0413", message).at(span, "this resource"));
        }
        let mut parts = Vec::new();
        if let Some((_, first)) = self.unknown.first() {
            let list: Vec<&str> = self.unknown.iter().map(|(path, _)| path.as_str()).collect();
            let message = format!("`{address}`: ignored, and not known here: {}", list.join(", "));
            problems.push(Problem::note("N0402", message).at(first, "the first of them"));
        }
        for (path, n) in &self.idle {
            parts.push(if *n == 1 { path.clone() } else { format!("{path} ({n})") });
        }
        if !parts.is_empty() {
            let total = self.idle.iter().map(|(_, n)| n).sum();
            let total = count(total, "attribute");
            let message = format!("`{address}`: {total} ignored that cannot change a rollout: {}", parts.join(", "));
            problems.push(Problem::note("N0402", message).at(span, "this resource"));
        }
    }
}

/// A path as an overlay writes it: `a.b` becomes `{ a: { b: … } }`, and an item of a list has its name beside.
fn nested(path: &[String]) -> String {
    path.iter().rev().fold("…".to_owned(), |inner, key| match key.strip_prefix('[') {
        Some(name) => format!("[{{ name: {name}, {} }}]", inner.trim_start_matches("{ ").trim_end_matches(" }")),
        None => format!("{{ {key}: {inner} }}"),
    })
}

/// The way of one resource.
struct Map<'m, 'd, 'a> {
    known: Known<'d, 'a>,
    resource: &'d Resource<'a>,
    scope: Scope<'a>,
    id: &'m str,
    said: Said,
}

impl<'a> Map<'_, '_, 'a> {
    fn block(&mut self, block: &'static Block, places: &Places<'a>, path: &Path, body: &mut Node) {
        for (to, text) in block.parts().flat_map(|part| part.always) {
            put(body, to, Node::scalar(self.resource.span, *text));
        }
        for row in block.rows() {
            self.row(row, places, path, body);
        }
        for row in block.rows() {
            let Some(text) = row.default.filter(|_| at(body, row.to).is_none()) else { continue };
            // What is known only after apply has no default; a price below zero is not sent.
            let is_open = self.said.open.iter().any(|open| open.field == format!("{}{}", path.from, row.from));
            let value = Node::scalar(self.resource.span, text);
            match row.how {
                How::Positive => {}
                _ if is_open => {}
                How::Listed => put(body, row.to, listed(value)),
                _ => put(body, row.to, value),
            }
        }
        self.rest(block, places, path);
    }

    /// What of a block no row takes.
    fn rest(&mut self, block: &Block, places: &Places<'a>, path: &Path) {
        for (key, value) in places.values.entries() {
            let of_every_resource = path.from.is_empty() && OF_EVERY_RESOURCE.contains(&key.text.as_str());
            if block.knows(&key.text) || of_every_resource || is_absent(value) || is_false(value) {
                continue;
            }
            let full = format!("{}{}", path.from, key.text);
            if !block.is_idle(&key.text) {
                self.said.unknown.push((full, key.span.clone()));
                continue;
            }
            let group = full.split('.').next().unwrap_or_default();
            match self.said.idle.iter_mut().find(|(known, _)| known == group) {
                Some((_, n)) => *n += 1,
                None => self.said.idle.push((group.to_owned(), 1)),
            }
        }
    }

    fn row(&mut self, row: &'static Row, places: &Places<'a>, path: &Path, body: &mut Node) {
        let names = || core::iter::once(row.from).chain(row.also.iter().copied());
        for name in names() {
            if let Some((block, field)) = name.rsplit_once('.') {
                if let Some(inner) = places.inner(block) {
                    let path = Path { from: format!("{}{block}.", path.from), to: path.to.clone() };
                    self.field(row, field, &inner, &path, body);
                }
            } else {
                self.field(row, name, places, path, body);
            }
        }
    }

    fn field(&mut self, row: &'static Row, name: &str, places: &Places<'a>, path: &Path, body: &mut Node) {
        let full = format!("{}{name}", path.from);
        let unknown = places.unknown.and_then(|of| of.get(name));
        let value = places.values.get(name).filter(|value| !is_absent(value));
        match row.how {
            How::One(block) => {
                if let Some(inner) = places.inner(name) {
                    let mut made = Node { span: inner.values.span.clone(), value: Value::Map(Vec::new()) };
                    self.block(block, &inner, &path.inner(name, row.to, None), &mut made);
                    put(body, row.to, made);
                } else {
                    self.unknown_block(row, name, places, path);
                }
                return;
            }
            How::Many(block) => {
                let items = places.values.get(name).map_or(&[][..], Node::items);
                let mut list = Vec::new();
                for (at, values) in items.iter().enumerate() {
                    let inner = places.item(name, at, items.len(), values);
                    let mut made = Node { span: values.span.clone(), value: Value::Map(Vec::new()) };
                    self.block(block, &inner, &path.inner(name, row.to, Some(values)), &mut made);
                    list.push(made);
                }
                if let Some(value) = value {
                    put(body, row.to, Node { span: value.span.clone(), value: Value::Seq(list) });
                } else {
                    self.unknown_block(row, name, places, path);
                }
                return;
            }
            How::Link(kind) | How::Links(kind) => {
                let many = matches!(row.how, How::Links(_));
                if let Some(links) = self.links((kind, many), (value, unknown), (row, name), places, path) {
                    put(body, row.to, links);
                }
                return;
            }
            _ => {}
        }
        let Some(value) = value else {
            if marks(unknown) {
                self.open(row, name, places, path);
            }
            return;
        };
        let hidden = marks(places.sensitive.and_then(|of| of.get(name)));
        let mut made = self.converted(row, value, body);
        if let Some(made) = made.as_mut().filter(|_| hidden) {
            respan(made, self.resource.span);
            if !matches!(row.how, How::Secret) {
                self.said.sensitive.push(full);
            }
        }
        if let Some(made) = made {
            put(body, row.to, made);
        }
    }

    /// A block that may be there after apply.
    fn unknown_block(&mut self, row: &Row, name: &str, places: &Places<'a>, path: &Path) {
        let is_unknown = places.unknown.and_then(|of| of.get(name)).and_then(Node::text) == Some("true");
        if is_unknown {
            self.open(row, name, places, path);
        }
    }

    /// A value that is known only after apply. What nobody wrote is for the provider to find out, and has Azure's default here.
    fn open(&mut self, row: &Row, name: &str, places: &Places<'a>, path: &Path) {
        let (place, from) = match places.written(name) {
            Written::No => return,
            Written::Hidden => (None, Vec::new()),
            Written::By(expressions) => {
                let references = expressions.iter().flat_map(|of| of.get("references").map_or(&[][..], Node::items));
                let texts: Vec<&str> = references.filter_map(Node::text).collect();
                let from = links::longest(&texts).into_iter().map(|text| format!("`{text}`")).collect();
                (expressions.first().map(|of| of.span.clone()), from)
            }
        };
        let field = format!("{}{name}", path.from);
        let to = path.inner(name, row.to, None).to;
        self.said.open.push(Open { field, to, place, from, idle: matches!(row.how, How::Secret) });
    }

    /// The ids that a field has or will have.
    fn links(
        &mut self,
        (kind, many): (&str, bool),
        (value, unknown): (Option<&'a Node>, Option<&'a Node>),
        (row, name): (&Row, &str),
        places: &Places<'a>,
        path: &Path,
    ) -> Option<Node> {
        let span = value.map_or_else(|| self.resource.span.clone(), |value| value.span.clone());
        let texts = value.into_iter().flat_map(|value| if many { value.items() } else { core::slice::from_ref(value) });
        let mut ids: Vec<Node> = texts.filter(|node| node.text().is_some()).cloned().collect();
        if marks(unknown) {
            let before = ids.len();
            let mut lost = Vec::new();
            let mut hidden = false;
            match places.written(name) {
                Written::No => {}
                Written::Hidden => hidden = true,
                Written::By(expressions) => {
                    for expression in expressions {
                        let (document, by) = self.known;
                        let found = links::follow(document, &self.scope, expression);
                        for (of, rest) in &found.targets {
                            let of_type = by.of_type(document, of, rest, kind);
                            ids.extend(of_type.into_iter().map(|id| Node::scalar(&expression.span, id)));
                        }
                        hidden |= !found.lost.is_empty();
                        lost.extend(found.lost);
                    }
                }
            }
            if ids.len() == before && hidden {
                let candidates = self.known.1.candidates(self.known.0, self.resource, kind);
                if let [only] = candidates.as_slice() {
                    self.said.assumed.push((format!("{}{name}", path.from), only.clone(), span.clone()));
                    ids.push(Node::scalar(&span, only.clone()));
                }
            }
            if ids.len() == before && !matches!(places.written(name), Written::No) {
                self.open(row, name, places, path);
            }
        }
        let mut seen: Vec<String> = Vec::new();
        ids.retain(|node| {
            let id = node.text().unwrap_or_default().to_ascii_lowercase();
            let is_new = !seen.contains(&id);
            seen.push(id);
            is_new
        });
        if many {
            return (!ids.is_empty()).then_some(Node { span, value: Value::Seq(ids) });
        }
        ids.into_iter().next()
    }

    fn converted(&self, row: &Row, value: &Node, body: &Node) -> Option<Node> {
        let span = &value.span;
        let text = value.text();
        match row.how {
            How::Value => Some(value.clone()),
            How::Not => Some(Node::scalar(span, if text? == "true" { "false" } else { "true" })),
            How::Positive => text?.parse::<f64>().ok().filter(|number| *number > 0.0).map(|_| value.clone()),
            How::Listed => Some(listed(value.clone())),
            How::Json | How::Secret => read_json(value),
            How::Present => {
                let holder = row.to.rsplit_once('.').map_or("", |(holder, _)| holder);
                at(body, holder).map(|_| Node::scalar(span, "true"))
            }
            How::Word(words) => {
                let found = words.iter().find(|(from, _)| text.is_some_and(|text| text.eq_ignore_ascii_case(from)));
                // Of several fields that make one of ARM, the first in the table counts.
                found.filter(|_| at(body, row.to).is_none()).map(|(_, to)| Node::scalar(span, *to))
            }
            How::Part(list) => {
                let own = self.resource.values.get("loadbalancer_id").is_none() && !self.id.contains("/loadBalancers/");
                let holder = if own { self.id } else { self.id.rsplitn(3, '/').nth(2).unwrap_or(self.id) };
                Some(Node::scalar(span, format!("{holder}/{list}/{}", text?)))
            }
            How::Link(_) | How::Links(_) | How::One(_) | How::Many(_) => None,
        }
    }
}

/// Attributes that every resource has.
const OF_EVERY_RESOURCE: [&str; 7] = ["id", "location", "name", "resource_group_name", "tags", "timeouts", "type"];

fn is_false(node: &Node) -> bool {
    node.text() == Some("false")
}

fn listed(node: Node) -> Node {
    Node { span: node.span.clone(), value: Value::Seq(vec![node]) }
}

/// A text that is JSON, as the value that it is.
pub fn read_json(node: &Node) -> Option<Node> {
    let text = node.text()?.to_owned();
    let source = Arc::new(Source { name: node.span.source.name.clone(), text, hidden: true });
    let mut made = json::parse(&source, Dialect::Azure, &mut Problems::new())?;
    respan(&mut made, &node.span);
    Some(made)
}

/// Puts a value and all that is in it at one place.
pub fn respan(node: &mut Node, span: &Span) {
    node.span = span.clone();
    match &mut node.value {
        Value::Seq(items) => items.iter_mut().for_each(|item| respan(item, span)),
        Value::Map(entries) => entries.iter_mut().for_each(|(key, value)| {
            key.span = span.clone();
            respan(value, span);
        }),
        Value::Scalar(_) | Value::Null => {}
    }
}

/// The value at a path.
fn at<'n>(body: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').try_fold(body, |node, key| node.get(key))
}

/// Puts a value at a path. Objects on the way are made; two objects at one path become one.
pub fn put(body: &mut Node, path: &str, value: Node) {
    put_keys(body, &path.split('.').collect::<Vec<_>>(), value);
}

/// The same at these keys.
pub fn put_keys(body: &mut Node, keys: &[impl AsRef<str>], value: Node) {
    let (Value::Map(entries), Some((key, rest))) = (&mut body.value, keys.split_first()) else { return };
    let key = key.as_ref();
    let found = entries.iter().position(|(known, _)| known.text == key).unwrap_or_else(|| {
        let made = Node { span: value.span.clone(), value: Value::Map(Vec::new()) };
        entries.push((Key { text: key.to_owned(), span: value.span.clone() }, made));
        entries.len() - 1
    });
    let node = &mut entries[found].1;
    match (rest.is_empty(), value.value) {
        (false, new) => put_keys(node, rest, Node { span: value.span, value: new }),
        (true, Value::Map(new)) if matches!(node.value, Value::Map(_)) => {
            node.span = value.span;
            for (key, one) in new {
                put_keys(node, &[key.text], one);
            }
        }
        (true, new) => *node = Node { span: value.span, value: new },
    }
}

/// A text in quotes.
pub fn quoted(span: &Span, text: &str) -> Node {
    Node { span: span.clone(), value: Value::Scalar(Scalar { text: text.to_owned(), quoted: true }) }
}
