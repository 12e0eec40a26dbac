//! From a resource as somebody wrote it to the canonical one.

use super::field::{Limits, Row, Wanted};
use super::matters::Matters;
use super::{Kind, Shape, units};
use crate::arm::say::{say, say_with_help, shorten};
use crate::problem::{Problems, count, did_you_mean};
use crate::quantity;
use crate::tree::{Key, Node, Scalar, Span, Value};

/// Keys that say nothing about how a fleet behaves, wherever they stand. They are dropped without a word.
pub(super) const SILENT: &[&str] = &[
    "$schema",
    "apiVersion",
    "asserts",
    "comments",
    "condition",
    "copy",
    "dependsOn",
    "etag",
    "existing",
    "id",
    "metadata",
    "name",
    "odata.type",
    "provisioningState",
    "resourceGroup",
    "resourceGroupName",
    "resourceGuid",
    "resourceId",
    "resourceName",
    "resourceType",
    "resources",
    "statusCode",
    "requestId",
    "subscriptionId",
    "systemData",
    "tags",
    "timeCreated",
    "type",
    "uniqueId",
];

/// Whose file a resource is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The user's own: a scenario, with its policies and its timeline. A wrong value is an error.
    Own,
    /// One of Azure's: what cannot be read there counts as absent, with a warning.
    Azures,
}

/// Refuses the values of an object that are not of the kinds of its table.
pub fn refuse_kinds(node: &Node, shape: &'static Shape, problems: &mut Problems) {
    let mut walk = Walk::new(Whose::Own, problems);
    for (key, value) in node.entries() {
        if let Some(row) = shape.row(&key.text) {
            walk.path.push(row.key().to_owned());
            walk.row = Some(row);
            walk.value(value, row.kind(), row.limits());
            walk.path.pop();
        }
    }
}

/// Makes an object canonical. What it ignores goes into one note, under the name of the resource.
pub(in crate::arm) fn normalise_as(
    node: &Node,
    shape: &'static Shape,
    name: &str,
    whose: Whose,
    problems: &mut Problems,
) -> Node {
    let mut walk = Walk::new(whose, problems);
    let normal = walk.object(node, shape);
    let (ignored, weighty) = (walk.ignored, walk.weighty);
    if shape.elsewhere {
        say_elsewhere(&weighty, name, problems);
    }
    for (path, found, span) in weighty.into_iter().filter(|_| !shape.elsewhere) {
        let of = shorten(name);
        let message = format!("`{path}` of `{of}` is ignored: {}", found.why);
        let help = "keep it in mind when you read the result, or remove it from the simulated file".to_owned();
        say_with_help(problems, "W0511", message, Some((&span, "can affect a rollout")), Some(help));
    }
    say_ignored(&ignored, &format!("{} `{}`", without_article(shape.what), shorten(name)), problems);
    normal.unwrap_or_else(|| Node { span: node.span.clone(), value: Value::Map(Vec::new()) })
}

/// What is ignored of a resource: first what no table knows, which may matter after all, by name; then how much is known not to.
fn say_ignored(ignored: &[(String, Span, Known)], what: &str, problems: &mut Problems) {
    let of = |known: Known| ignored.iter().filter(move |one| one.2 == known);
    let Some((_, first, _)) = of(Known::No).chain(of(Known::Harmless)).next() else { return };
    let unknown: Vec<&str> = of(Known::No).map(|(path, ..)| path.as_str()).collect();
    let mut groups: Vec<(&str, usize)> = Vec::new();
    for (path, ..) in of(Known::Harmless) {
        let group = path.strip_prefix("virtualMachineProfile.").unwrap_or(path).split('.').next().unwrap_or_default();
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, n)) => *n += 1,
            None => groups.push((group, 1)),
        }
    }
    let mut parts = Vec::new();
    if !unknown.is_empty() {
        parts.push(format!("ignored, and not known here: {}", unknown.join(", ")));
    }
    if !groups.is_empty() {
        let total = groups.iter().map(|(_, n)| n).sum();
        let list: Vec<String> =
            groups.iter().map(|(name, n)| if *n == 1 { (*name).to_owned() } else { format!("{name} ({n})") }).collect();
        parts.push(format!("{} ignored that cannot change a rollout: {}", count(total, "key"), list.join(", ")));
    }
    say(problems, "N0402", format!("{what}: {}", parts.join("; ")), Some((first, "the first of them")));
}

/// What can matter of a resource on which nothing acts, and where a scenario says it: in one warning.
fn say_elsewhere(weighty: &[(String, &'static Matters, Span)], name: &str, problems: &mut Problems) {
    let Some((.., first)) = weighty.first() else { return };
    let list: Vec<String> = weighty.iter().map(|(path, found, _)| format!("`{path}`: {}", found.why)).collect();
    let message = format!("`{}` is ignored, and {} of its keys can affect a rollout", shorten(name), list.len());
    let help = format!("the scenario keys for it: {}", list.join("; "));
    say_with_help(problems, "W0511", message, Some((first, "the first of them")), Some(help));
}

fn without_article(what: &str) -> &str {
    what.trim_start_matches("a ").trim_start_matches("an ").trim_start_matches("the ")
}

/// Whether a key that is ignored is known to be one that cannot change a rollout.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Harmless,
    No,
}

struct Walk<'a> {
    whose: Whose,
    problems: &'a mut Problems,
    ignored: Vec<(String, Span, Known)>,
    path: Vec<String>,
    /// The row whose value is looked at.
    row: Option<&'static Row>,
    /// What was met that can matter, with its path.
    weighty: Vec<(String, &'static Matters, Span)>,
}

/// An entry of an object: its key and value.
type Entry<'n> = (&'n Key, &'n Node);

impl<'a> Walk<'a> {
    fn new(whose: Whose, problems: &'a mut Problems) -> Self {
        let (ignored, path, weighty) = (Vec::new(), Vec::new(), Vec::new());
        Self { whose, problems, ignored, path, row: None, weighty }
    }

    /// A value as its kind wants it. `None`: absent.
    fn value(&mut self, node: &Node, kind: Kind, limits: Option<Limits>) -> Option<Node> {
        if is_absent(node) {
            return None;
        }
        match kind {
            Kind::Open => Some(without_nulls(node)),
            Kind::Object(shape) => self.object(node, shape),
            Kind::List(of) => {
                let Value::Seq(items) = &node.value else {
                    return self.wrong(node, Wanted(kind, limits));
                };
                let items: Vec<Node> = items.iter().filter_map(|item| self.value(item, *of, None)).collect();
                (!items.is_empty()).then(|| Node { span: node.span.clone(), value: Value::Seq(items) })
            }
            Kind::Zones => self.zones(node),
            Kind::Text | Kind::Integer | Kind::Number | Kind::Boolean | Kind::Duration | Kind::Word(_) => {
                self.scalar(node, Wanted(kind, limits))
            }
        }
    }

    fn scalar(&mut self, node: &Node, wanted: Wanted) -> Option<Node> {
        let quoted = !matches!(wanted.0, Kind::Integer | Kind::Number | Kind::Boolean);
        match node.text().and_then(|text| units::canonical(wanted.0, text)) {
            Some(text) => Some(Node { span: node.span.clone(), value: Value::Scalar(Scalar { text, quoted }) }),
            None => self.wrong(node, wanted),
        }
    }

    /// Zones as a list of texts.
    fn zones(&mut self, node: &Node) -> Option<Node> {
        let one = std::slice::from_ref(node);
        let items = if matches!(node.value, Value::Seq(_)) { node.items() } else { one };
        let present = items.iter().filter(|item| !is_absent(item));
        let zones: Vec<Node> = present.filter_map(|item| self.scalar(item, Wanted(Kind::Zones, None))).collect();
        (!zones.is_empty()).then(|| Node { span: node.span.clone(), value: Value::Seq(zones) })
    }

    /// Says that a value is not what is wanted.
    fn wrong(&mut self, node: &Node, wanted: Wanted) -> Option<Node> {
        let got = match &node.value {
            Value::Scalar(scalar) => format!("`{}`", shorten(&scalar.text)),
            Value::Seq(_) => "a list".to_owned(),
            Value::Map(_) => "an object".to_owned(),
            Value::Null => "null".to_owned(),
        };
        let message = format!("`{}` must be {wanted}, got {got}", self.path.last().map_or("", String::as_str));
        let near = match (wanted.0, node.text()) {
            (Kind::Word(words), Some(text)) => did_you_mean(text, words.iter().copied()),
            _ => None,
        };
        let help = near.map(|near| format!("did you mean `{near}`?")).or_else(|| self.help(node, wanted));
        let (code, message, label) = match (self.whose, near) {
            (Whose::Own, _) => ("E0503", message, "this value"),
            // A word that is nearly right was meant to be right, so that no default is taken for it.
            (Whose::Azures, Some(_)) => ("E0409", message, "unknown value"),
            (Whose::Azures, None) => ("W0405", format!("{message}; it counts as absent"), "makes no sense here"),
        };
        say_with_help(self.problems, code, message, Some((&node.span, label)), help);
        None
    }

    fn help(&self, node: &Node, wanted: Wanted) -> Option<String> {
        let text = node.text()?;
        match wanted.0 {
            Kind::Word(_) if self.whose == Whose::Azures && text.bytes().all(|b| b.is_ascii_digit()) => {
                Some("PowerShell prints words with `ConvertTo-Json -EnumsAsStrings`".to_owned())
            }
            Kind::Duration => quantity::duration(text).err().and_then(|wrong| wrong.help),
            // What counts as absent has its default anyway.
            _ if self.whose == Whose::Own => {
                let default = self.row.filter(|row| self.path.last().is_some_and(|key| key == row.key()))?.default()?;
                Some(format!("leave it out for the default, {default}"))
            }
            _ => None,
        }
    }

    fn object(&mut self, node: &Node, shape: &'static Shape) -> Option<Node> {
        if let (Some(short), Some(text)) = (shape.short, node.text()) {
            let value = Node::quoted(&node.span, text);
            return Some(map(vec![(short, node.span.clone(), value)], &node.span));
        }
        if !matches!(node.value, Value::Map(_)) {
            return self.wrong(node, Wanted(Kind::Object(shape), None));
        }
        let Some(inner) = shape.inner else {
            let entries: Vec<Entry<'_>> = node.entries().iter().map(|(key, value)| (key, value)).collect();
            let found = self.fields(&entries, shape, &[shape]);
            return Some(map(found, &node.span));
        };
        let wrapped = node.arm("properties").filter(|wrapped| matches!(wrapped.value, Value::Map(_)));
        let (own, under) = split(node, wrapped, shape, inner);
        let candidates: &[&'static Shape] = if wrapped.is_some() { &[shape] } else { &[shape, inner] };
        let own: Vec<Entry<'_>> = own.into_iter().filter(|(key, _)| !self.is_misplaced(key, shape, inner)).collect();
        let mut found = self.fields(&own, shape, candidates);
        let span = wrapped.map_or(&node.span, |wrapped| &wrapped.span);
        self.path.push("properties".to_owned());
        let properties = self.fields(&under, inner, &[inner]);
        self.path.pop();
        if !properties.is_empty() {
            found.push(("properties", span.clone(), map(properties, span)));
        }
        Some(map(found, &node.span))
    }

    /// Whether a key stands beside `properties` that Azure has inside; that is reported.
    fn is_misplaced(&mut self, key: &Key, shape: &'static Shape, inner: &'static Shape) -> bool {
        let silent = SILENT.iter().any(|silent| silent.eq_ignore_ascii_case(&key.text));
        if silent || shape.row(&key.text).is_some() || shape.knows(&key.text) {
            return false;
        }
        let Some(canonical) = inner.row(&key.text).map(Row::key) else {
            return false;
        };
        let message = format!("`{canonical}` is beside `properties` and belongs inside; it is not applied");
        say(self.problems, "W0406", message, Some((&key.span, "belongs inside `properties`")));
        true
    }

    /// The modelled fields among some entries, in canonical order; the rest is ignored, or an error when nearly right.
    fn fields(
        &mut self,
        entries: &[Entry<'_>],
        shape: &'static Shape,
        candidates: &[&'static Shape],
    ) -> Vec<(&'static str, Span, Node)> {
        let mut found: Vec<(usize, bool, (&'static str, Span, Node))> = Vec::new();
        for (key, node) in entries {
            let row = shape.row(&key.text);
            let is_weighty = self.weigh(shape, row.map_or(key.text.as_str(), |row| row.key()), key, node);
            let Some(row) = row else {
                if !is_weighty {
                    self.unknown(key, node, shape, candidates);
                }
                continue;
            };
            let canonical = row.key();
            self.path.push(canonical.to_owned());
            self.row = Some(row);
            let value = self.value(node, row.kind(), row.limits());
            self.path.pop();
            let Some(value) = value else { continue };
            let at = shape.rows.iter().position(|other| other.key() == canonical).unwrap_or(0);
            let is_alias = !canonical.eq_ignore_ascii_case(&key.text);
            // `typePropertiesType` of `az` says more than the `type` beside it.
            match found.iter_mut().find(|(other, ..)| *other == at) {
                Some(old) if old.1 && !is_alias => {}
                Some(old) => *old = (at, is_alias, (canonical, key.span.clone(), value)),
                None => found.push((at, is_alias, (canonical, key.span.clone(), value))),
            }
        }
        found.sort_by_key(|(at, ..)| *at);
        found.into_iter().map(|(_, _, entry)| entry).collect()
    }

    /// Notes a key that can matter and that nothing acts on; whether it is one.
    fn weigh(&mut self, shape: &'static Shape, name: &str, key: &Key, node: &Node) -> bool {
        let Some(found) = shape.weighty(name) else { return false };
        let says_nothing = is_absent(node) || matches!(&node.value, Value::Map(entries) if entries.is_empty());
        let is_default = node.text().is_some_and(|text| found.unless.iter().any(|one| one.eq_ignore_ascii_case(text)));
        let path = self.path_of(found.key);
        if !says_nothing && !is_default && !self.weighty.iter().any(|(known, ..)| *known == path) {
            self.weighty.push((path, found, key.span.clone()));
        }
        true
    }

    /// The path of a key of the object that is looked at, without `properties`.
    fn path_of(&self, key: &str) -> String {
        let around = self.path.iter().map(String::as_str).filter(|part| *part != "properties");
        around.chain([key]).collect::<Vec<_>>().join(".")
    }

    fn unknown(&mut self, key: &Key, node: &Node, shape: &'static Shape, candidates: &[&'static Shape]) {
        if SILENT.iter().any(|silent| silent.eq_ignore_ascii_case(&key.text)) {
            return;
        }
        if candidates.iter().any(|candidate| candidate.knows(&key.text)) {
            if !is_absent(node) {
                self.ignore(key, Known::Harmless);
            }
            return;
        }
        let fields = candidates.iter().flat_map(|candidate| candidate.rows).map(Row::key);
        // `properties` is a key of every object that has a shape inside, and never a misspelling of `priority`.
        let fields = fields.chain(shape.inner.map(|_| "properties"));
        match did_you_mean(&key.text, fields) {
            Some(near) => {
                let message = format!("{} has no `{}`", shape.what, shorten(&key.text));
                let help = Some(format!("did you mean `{near}`?"));
                say_with_help(self.problems, "E0408", message, Some((&key.span, "unknown key")), help);
            }
            None if !is_absent(node) => self.ignore(key, Known::No),
            None => {}
        }
    }

    fn ignore(&mut self, key: &Key, known: Known) {
        let name = self.path_of(&key.text);
        if !self.ignored.iter().any(|(other, ..)| *other == name) {
            self.ignored.push((name, key.span.clone(), known));
        }
    }
}

/// The entries of an object itself and those under its `properties`. Where a tool printed no `properties`, a key belongs inside
/// unless the object itself has it; `type` of an extension is the exception, which both have.
fn split<'n>(
    node: &'n Node,
    wrapped: Option<&'n Node>,
    shape: &'static Shape,
    inner: &'static Shape,
) -> (Vec<Entry<'n>>, Vec<Entry<'n>>) {
    let entries = node.entries().iter().map(|(key, value)| (key, value));
    if let Some(wrapped) = wrapped {
        let own = entries.filter(|(key, _)| !key.text.eq_ignore_ascii_case("properties")).collect();
        return (own, wrapped.entries().iter().map(|(key, value)| (key, value)).collect());
    }
    let is_empty_wrap = |key: &Key| key.text.eq_ignore_ascii_case("properties");
    entries.filter(|(key, _)| !is_empty_wrap(key)).partition(|(key, _)| {
        let is_own = shape.row(&key.text).is_some() || shape.knows(&key.text);
        is_own || (inner.row(&key.text).is_none() && !inner.knows(&key.text))
    })
}

fn map(entries: Vec<(&'static str, Span, Node)>, span: &Span) -> Node {
    let entries = entries.into_iter().map(|(text, span, value)| (Key { text: text.to_owned(), span }, value)).collect();
    Node { span: span.clone(), value: Value::Map(entries) }
}

/// Whether a value says as much as its absence: null, an empty text, an empty list.
pub(super) fn is_absent(node: &Node) -> bool {
    match &node.value {
        Value::Null => true,
        Value::Scalar(scalar) => scalar.text.is_empty(),
        Value::Seq(items) => items.is_empty(),
        Value::Map(_) => false,
    }
}

fn without_nulls(node: &Node) -> Node {
    let value = match &node.value {
        Value::Map(entries) => {
            let kept = entries.iter().filter(|(_, value)| !value.is_null());
            Value::Map(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Value::Seq(items) => Value::Seq(items.iter().map(without_nulls).collect()),
        other => other.clone(),
    };
    Node { span: node.span.clone(), value }
}
