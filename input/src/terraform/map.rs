//! A resource of the provider becomes one of ARM, by the rows of its table.

use super::Found;
use super::document::{Document, Resource, first};
use super::ids::Ids;
use super::links::{self, Scope};
use super::locals;
use super::nodes::{appended, at, listed, object, put, read_json, respan, scalar};
use super::row::{Block, How, Row, Table};
use super::said::{Open, Said};
use crate::arm::reference::split_id;
use crate::problem::{Problem, Problems};
use crate::tree::{Node, Value};

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
    let mut body = object(resource.span, [("type", Node::scalar(resource.span, kind.as_str()))]);
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
    // The fields that name what holds it made its id.
    map.said.unknown.retain(|(field, _)| !table.within.has(field));
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
            let open = |open: &Open| open.field == format!("{}{}", path.from, row.from);
            if !matches!(row.how, How::Positive) && !self.said.open.iter().any(open) {
                let made = self.converted(row, &Node::scalar(self.resource.span, text), body);
                made.into_iter().for_each(|made| put(body, row.to, made));
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
            if marks(unknown) || self.is_cut(name, places) {
                match self.stand_in(row, name, places) {
                    Some(made) => put(body, row.to, made),
                    None => self.open(row, name, places, path),
                }
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

    /// What stands for the name of a part that is known only after apply: the last name of what it comes from, which others that mean
    /// the part come from, too.
    fn stand_in(&self, row: &Row, name: &str, places: &Places<'a>) -> Option<Node> {
        if row.to != "name" && !matches!(row.how, How::Part(_)) {
            return None;
        }
        let Written::By(expressions) = places.written(name) else { return None };
        let [expression] = expressions.as_slice() else { return None };
        let texts: Vec<&str> = links::references(expression).collect();
        let [only] = links::longest(&texts)[..] else { return None };
        let text = Node::scalar(&expression.span, only.rsplit('.').next()?);
        match row.how {
            How::Part(_) => self.converted(row, &text, &text),
            _ => Some(text),
        }
    }

    /// Whether a value is known only after apply in a plan that was cut down to its values, and so does not say it: of what is known the
    /// values have the key, be it null, and the configuration writes this one by what something else comes to.
    fn is_cut(&self, name: &str, places: &Places<'a>) -> bool {
        let is_said = self.resource.unknown.is_some() || places.values.entry(name).is_some();
        let Written::By(expressions) = places.written(name) else { return false };
        !is_said && expressions.iter().any(|one| links::references(one).next().is_some())
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
                let texts: Vec<&str> = expressions.iter().copied().flat_map(links::references).collect();
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
        if marks(unknown) || self.is_cut(name, places) {
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
                        if let Some(id) = self.by_local(kind, &found) {
                            ids.push(Node::scalar(&expression.span, id));
                        }
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

    /// The part of a resource whose name a local value has: of several that a reference can mean, the expression names it by that.
    fn by_local(&self, kind: &str, found: &links::Found<'_, 'a>) -> Option<String> {
        let ([(of, rest)], [local]) = (found.targets.as_slice(), found.lost.as_slice()) else { return None };
        let (document, ids) = self.known;
        let name = locals::value(document, &self.resource.address.modules, local)?;
        ids.part(document, of, rest, kind, name)
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
            How::Each(key) => {
                let object = |item: &Node| object(&item.span, [(key, item.clone())]);
                Some(appended(body, row.to, value.items().iter().map(object).collect(), span))
            }
            How::Ranges => {
                let range = |item: &Node| {
                    let (min, max) = item.text()?.split_once('-')?;
                    Some(object(&item.span, [("min", min), ("max", max)].map(|(key, text)| (key, scalar(item, text)))))
                };
                Some(appended(body, row.to, value.items().iter().filter_map(range).collect(), span))
            }
            How::Feature(kind) => {
                let feature = [("name", "SecurityType"), ("value", kind)].map(|(key, text)| (key, scalar(value, text)));
                (text? == "true").then(|| appended(body, row.to, vec![object(span, feature)], span))
            }
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
