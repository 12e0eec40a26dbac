//! From a node of a template to its value: expressions evaluated, `copy` unrolled.

use super::data;
use super::deployed::Scope;
use super::functions;
use super::parser::{Expression, Kind, parse};
use super::scope::Loop;
use super::{Failure, Outcome, Text, classify};
use crate::arm::say::shorten;
use crate::tree::{Key, Node, Span, Value};

/// How deep expressions may lead into each other.
const MAX_DEPTH: usize = 96;
/// How often a `copy` may run, as in Azure.
const MAX_COPIES: i64 = 800;
/// How large a value may become, in nodes.
const MAX_SIZE: usize = 200_000;

/// Where an evaluation stands. Cheap to copy, so that a call can see a little more than its caller.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    /// The names of the template, and what it deploys.
    pub scope: &'a Scope,
    /// The loops that run, outermost first.
    pub loops: &'a [Loop],
    /// The arguments of the lambdas that run, outermost first.
    pub locals: &'a [(String, Node)],
    /// How deep this is.
    pub depth: usize,
}

/// The text that an expression stands in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    span: &'a Span,
    /// The byte of the file at which the text between the brackets begins, if escapes do not blur it.
    start: Option<usize>,
}

impl<'a> Place<'a> {
    fn new(node: &'a Node, text: &str, offset: usize) -> Self {
        let span = &node.span;
        let written = span.source.text.get(span.start + 1..span.end.saturating_sub(1));
        let start = (written == Some(text)).then(|| span.start + 1 + offset);
        Self { span, start }
    }

    /// The place of a part of the expression.
    pub(super) fn of(&self, at: &std::ops::Range<usize>) -> Span {
        match self.start {
            Some(start) => {
                Span { source: std::sync::Arc::clone(&self.span.source), start: start + at.start, end: start + at.end }
            }
            None => self.span.clone(),
        }
    }
}

impl<'a> Env<'a> {
    /// The value of a node, with everything in it. What fails inside an object or a list stays in its place as a failure, which
    /// counts where that place is read ([`Journal::settled`](super::Journal::settled)).
    ///
    /// # Errors
    ///
    /// When the node itself has no value.
    pub fn resolve(&self, node: &Node) -> Outcome<Node> {
        match &node.value {
            Value::Scalar(scalar) if scalar.quoted => match classify(&scalar.text) {
                Text::Literal(text) => Ok(data::text(text, &node.span)),
                Text::Expression(inner, offset) => {
                    let place = Place::new(node, &scalar.text, offset);
                    let expression = parse(inner).map_err(|(message, at)| {
                        let help = "write `[[` at the start of a text that begins with `[` and is not an expression";
                        Failure::new("E0413", format!("in an expression: {message}"), &place.of(&at)).with_help(help)
                    })?;
                    let value = self.evaluate(&expression, place)?;
                    Ok(Node { span: node.span.clone(), value: value.value })
                }
            },
            Value::Null | Value::Scalar(_) => Ok(node.clone()),
            Value::Seq(items) => {
                let env = self.deeper(&node.span)?;
                let items = items.iter().map(|item| env.resolve_or_keep(item)).collect();
                Ok(data::list(items, &node.span))
            }
            Value::Map(_) => {
                let env = self.deeper(&node.span)?;
                env.entries(node, &|env, _, value| Some(env.resolve_or_keep(value)))
            }
        }
    }

    /// The value of a node, or in its place why it has none.
    pub fn resolve_or_keep(&self, node: &Node) -> Node {
        self.resolve(node).unwrap_or_else(|failure| self.scope.journal.keep(*failure, &node.span))
    }

    /// An object with its keys resolved, its `copy` unrolled, and its values as `value` makes them.
    ///
    /// # Errors
    ///
    /// When a `copy` cannot be unrolled.
    pub fn entries(&self, node: &Node, value: &dyn Fn(&Env<'_>, &str, &Node) -> Option<Node>) -> Outcome<Node> {
        let mut entries = Vec::new();
        for (key, child) in node.entries() {
            if is_property_copy(key, child) {
                for copy in child.items() {
                    let name = self.copy_name(copy)?;
                    let resolve = |env: &Env<'_>, input: &Node| {
                        // One item of the list under that key.
                        let wrapped = Node { span: input.span.clone(), value: Value::Seq(vec![input.clone()]) };
                        value(env, &name, &wrapped).and_then(|list| list.items().first().cloned())
                    };
                    let items = self.copy(copy, &resolve)?;
                    entries.push((Key { text: name.clone(), span: key.span.clone() }, data::list(items, &copy.span)));
                }
                continue;
            }
            let (text, failed) = match self.key(key) {
                Ok(text) => (text, None),
                Err(failure) => (key.text.clone(), Some(self.scope.journal.keep(*failure, &key.span))),
            };
            let child = failed.or_else(|| value(self, &text, child));
            if let Some(child) = child {
                entries.push((Key { text, span: key.span.clone() }, child));
            }
        }
        Ok(Node { span: node.span.clone(), value: Value::Map(entries) })
    }

    /// A key, which may be an expression.
    fn key(&self, key: &Key) -> Outcome<String> {
        if matches!(classify(&key.text), Text::Literal(text) if text.len() == key.text.len()) {
            return Ok(key.text.clone());
        }
        Ok(data::display(&self.resolve(&data::text(key.text.clone(), &key.span))?))
    }

    fn copy_name(&self, copy: &Node) -> Outcome<String> {
        let Some(name) = copy.arm("name") else {
            return Err(Failure::new("E0413", "a `copy` has no name".to_owned(), &copy.span));
        };
        Ok(data::display(&self.resolve(name)?))
    }

    /// The items that a `copy` of a property or variable makes.
    ///
    /// # Errors
    ///
    /// When its name or count has no value, or the count is out of range.
    pub fn copy(&self, copy: &Node, each: &dyn Fn(&Env<'_>, &Node) -> Option<Node>) -> Outcome<Vec<Node>> {
        let name = self.copy_name(copy)?;
        let count = self.copy_count(copy)?;
        let Some(input) = copy.arm("input") else {
            return Err(Failure::new("E0413", format!("the `copy` `{}` has no input", shorten(&name)), &copy.span));
        };
        let mut items = Vec::new();
        for index in 0..count {
            let mut loops = self.loops.to_vec();
            loops.push(Loop { name: name.clone(), index, of_resource: false });
            let env = Env { loops: &loops, ..self.deeper(&copy.span)? };
            items.extend(each(&env, input));
        }
        Ok(items)
    }

    /// How often a `copy` runs.
    ///
    /// # Errors
    ///
    /// When the count has no value, or is out of range.
    pub fn copy_count(&self, copy: &Node) -> Outcome<i64> {
        let Some(written) = copy.arm("count") else {
            return Err(Failure::new("E0413", "a `copy` has no count".to_owned(), &copy.span));
        };
        let count = self.resolve(written)?;
        let number = data::as_integer(&count).or_else(|| count.text().and_then(|text| text.parse().ok()));
        match number {
            Some(number) if (0..=MAX_COPIES).contains(&number) => Ok(number),
            _ => {
                let shown = shorten(&data::display(&count));
                let message = format!("a `copy` runs `{shown}` times; a whole number from 0 to {MAX_COPIES} is needed");
                Err(Failure::new("E0416", message, &written.span))
            }
        }
    }

    fn deeper(&self, span: &Span) -> Outcome<Self> {
        self.scope.journal.steps(1, span)?;
        if self.depth >= MAX_DEPTH {
            let message = format!("definitions refer to each other in a circle, or are nested deeper than {MAX_DEPTH}");
            return Err(Failure::new("E0416", message, span));
        }
        Ok(Self { depth: self.depth + 1, ..*self })
    }

    /// The value of an expression. A failure that was kept in an object or a list counts here, where it is read.
    pub(super) fn evaluate(&self, expression: &Expression, place: Place<'_>) -> Outcome<Node> {
        let value = self.evaluate_whole(expression, place)?;
        match self.scope.journal.kept_in(&value) {
            Some(failure) => Err(failure),
            None => Ok(value),
        }
    }

    fn evaluate_whole(&self, expression: &Expression, place: Place<'_>) -> Outcome<Node> {
        let span = place.of(&expression.at);
        let env = self.deeper(&span)?;
        match &expression.kind {
            Kind::Text(text) => Ok(data::text(text.clone(), &span)),
            Kind::Number(number) if number.parse::<i64>().is_ok() => {
                Ok(Node { value: data::integer(number.parse().unwrap_or(0), &span).value, span })
            }
            Kind::Number(number) => {
                let message = format!("in an expression: `{number}` is not a whole number");
                Err(Failure::new("E0413", message, &span))
            }
            Kind::Call { name, arguments } => {
                let value = functions::call(env, name, arguments, place, &span)?;
                // What is made is counted too, so that many middling values cannot fill the memory.
                let size = data::size(&value, MAX_SIZE);
                env.scope.journal.steps(size, &span)?;
                if size >= MAX_SIZE {
                    let message = format!("the value of `{name}` grows larger than {MAX_SIZE} entries");
                    return Err(Failure::new("E0416", message, &span));
                }
                Ok(value)
            }
            Kind::Access { of, key, safe } => {
                if let Some(written) = env.written(expression, place) {
                    let plain = Env { loops: &[], locals: &[], ..env };
                    return plain.resolve(written);
                }
                if let Some(part) = functions::part(env, of, key, place, &span) {
                    return Ok(part);
                }
                let of = env.evaluate(of, place)?;
                let key = env.evaluate(key, place)?;
                look_up(&of, &key, *safe, &span)
                    .map_err(|failure| functions::asked_of_azure(expression, &span).unwrap_or(failure))
            }
        }
    }

    /// The part of a variable that an access leads to, as it is written. So the rest of the variable, which may ask a running
    /// Azure, need not have a value.
    fn written(&self, expression: &Expression, place: Place<'_>) -> Option<&'a Node> {
        match &expression.kind {
            Kind::Call { name, arguments } if name.eq_ignore_ascii_case("variables") => match arguments.as_slice() {
                [Expression { kind: Kind::Text(name), .. }] => self.scope.names.written_variable(name),
                _ => None,
            },
            Kind::Access { of, key, .. } => {
                let of = self.written(of, place)?;
                let key = self.evaluate(key, place).ok()?;
                match &of.value {
                    Value::Map(entries) => {
                        let is_plain = |key: &Key| !key.text.starts_with('[') && !key.text.eq_ignore_ascii_case("copy");
                        let name = data::as_text(&key).filter(|_| entries.iter().all(|(key, _)| is_plain(key)))?;
                        of.arm_given(name)
                    }
                    Value::Seq(items) => items.get(usize::try_from(data::as_integer(&key)?).ok()?),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// Whether an entry repeats a property: the key `copy` with a list of objects that have a name and an input.
fn is_property_copy(key: &Key, value: &Node) -> bool {
    let items = value.items();
    key.text.eq_ignore_ascii_case("copy")
        && !items.is_empty()
        && items.iter().all(|item| item.arm("name").is_some() && item.arm("count").is_some())
}

/// What an object or list has under a key or index.
pub(super) fn look_up(of: &Node, key: &Node, safe: bool, span: &Span) -> Outcome<Node> {
    let found = match (&of.value, data::as_text(key), data::as_integer(key)) {
        (Value::Map(_), Some(name), _) => of.arm_given(name),
        (Value::Seq(items), _, Some(index)) => usize::try_from(index).ok().and_then(|index| items.get(index)),
        (Value::Null, _, _) if safe => None,
        _ => {
            let message = format!("`{}` cannot be looked up in {}", shorten(&data::display(key)), data::kind_of(of));
            return Err(Failure::new("W0403", message, span));
        }
    };
    match found {
        Some(value) => Ok(value.clone()),
        None if safe => Ok(data::null(span)),
        None => {
            let message = format!("{} has no `{}`", data::kind_of(of), shorten(&data::display(key)));
            let help = "if it comes from a parameter, give the parameter with `--parameters FILE` or `--set`";
            Err(Failure::new("W0403", message, span).with_help(help))
        }
    }
}
