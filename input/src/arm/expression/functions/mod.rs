//! The functions of the template language: one table, one row a function.

mod cidr;
mod dates;
mod deployment;
mod digest;
mod lambdas;
mod lists;
mod logic;
mod numbers;
mod reference;
mod texts;

use super::data;
use super::evaluate::{Env, Place};
use super::parser::{Expression, Kind};
use super::{Failure, Outcome};
use crate::arm::say::shorten;
use crate::problem::count;
use crate::tree::{Key, Node, Span, Value};

/// A function: its name, how few and how many arguments it takes, and what it does.
type Row = (&'static str, usize, usize, fn(&Call<'_>) -> Outcome<Node>);

const MANY: usize = usize::MAX;

/// Which end of a list or text a function begins at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

/// Every function that is evaluated.
const TABLES: &[&[Row]] = &[
    logic::TABLE,
    texts::TABLE,
    lists::TABLE,
    numbers::TABLE,
    deployment::TABLE,
    lambdas::TABLE,
    reference::TABLE,
    dates::TABLE,
    cidr::TABLE,
];

/// Functions that Azure has and whose answer only a running Azure knows.
const ONLINE: &[&str] = &[
    "list",
    "listAccountSas",
    "listCallbackUrl",
    "listKeys",
    "listKeyValue",
    "listSecrets",
    "listServiceSas",
    "providers",
    "toLogicalZone",
    "toLogicalZones",
    "toPhysicalZone",
    "toPhysicalZones",
];

/// What to do about a value that only a running Azure knows.
const ADVICE: &str = "give a parameter that it depends on with `set`, or the field itself with `overlay`, both beside the file in \
    `resources`";

/// The names of all functions that are evaluated.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().copied().flatten().map(|row| row.0)
}

/// The names of functions whose answer only a running Azure knows.
pub fn only_online() -> impl Iterator<Item = &'static str> {
    ONLINE.iter().copied()
}

/// The failure of an access to what only a running Azure would answer.
pub(super) fn asked_of_azure(expression: &Expression, span: &Span) -> Option<Box<Failure>> {
    reference::asked(expression, span)
}

/// A call with its arguments, which are evaluated when the function asks for them.
pub(super) struct Call<'a> {
    env: Env<'a>,
    name: &'a str,
    arguments: &'a [Expression],
    place: Place<'a>,
    span: &'a Span,
}

/// Calls a function.
pub(super) fn call(env: Env<'_>, name: &str, arguments: &[Expression], place: Place<'_>, span: &Span) -> Outcome<Node> {
    let Some(row) = TABLES.iter().copied().flatten().find(|row| row.0.eq_ignore_ascii_case(name)) else {
        return match env.scope.names.function(name) {
            Some(member) => own_function(&Call { env, name, arguments, place, span }, member),
            None => Err(unknown(name, span)),
        };
    };
    let call = Call { env, name: row.0, arguments, place, span };
    let (_, fewest, most, run) = *row;
    if arguments.len() < fewest || arguments.len() > most {
        let wanted = match (fewest, most) {
            (fewest, MANY) => format!("at least {}", count(fewest, "argument")),
            (fewest, most) if fewest == most => count(fewest, "argument"),
            (fewest, most) => format!("{fewest} to {most} arguments"),
        };
        return Err(call.wrong(format!("takes {wanted}, not {}", arguments.len())));
    }
    run(&call)
}

/// Calls a function that the template declares. Its body sees its parameters, and the other functions of the template.
fn own_function(call: &Call<'_>, member: &Node) -> Outcome<Node> {
    let declared = member.arm("parameters").map_or(&[][..], Node::items);
    if declared.len() != call.arguments.len() {
        let wanted = count(declared.len(), "argument");
        return Err(call.wrong(format!("takes {wanted}, not {}", call.arguments.len())));
    }
    let Some(body) = member.arm_path(&["output", "value"]) else {
        return Err(call.wrong("has no `output`".to_owned()));
    };
    let env = call.env;
    let scope = env.scope.of_function(env.scope.names.of_function(declared, call.values()?));
    let inner = Env { scope: &scope, loops: &[], locals: &[], depth: env.depth };
    inner.resolve(body)
}

/// The part of its answer that is asked of a call without arguments, if it can be given without the rest.
pub(super) fn part(env: Env<'_>, of: &Expression, key: &Expression, place: Place<'_>, span: &Span) -> Option<Node> {
    match (&of.kind, &key.kind) {
        (Kind::Call { name, arguments }, Kind::Text(key)) if arguments.is_empty() => {
            deployment::part(&Call { env, name, arguments, place, span }, key)
        }
        _ => None,
    }
}

fn unknown(name: &str, span: &Span) -> Box<Failure> {
    let is_list = name.len() > 4 && name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("list"));
    if is_list || ONLINE.iter().any(|online| online.eq_ignore_ascii_case(name)) {
        let message = format!("`{name}` needs a live Azure, so it has no value here");
        return Failure::new("W0401", message, span).with_help(ADVICE);
    }
    let failure = Failure::new("W0401", format!("the function `{}` is not evaluated", shorten(name)), span);
    match crate::problem::did_you_mean(name, names()) {
        Some(near) => failure.with_help(format!("did you mean `{near}`?")),
        None => failure.with_help(ADVICE),
    }
}

impl Call<'_> {
    /// Whether there is an argument at this position.
    fn has(&self, at: usize) -> bool {
        at < self.arguments.len()
    }

    /// The value of an argument.
    fn value(&self, at: usize) -> Outcome<Node> {
        self.env.evaluate(&self.arguments[at], self.place)
    }

    /// The values of all arguments.
    fn values(&self) -> Outcome<Vec<Node>> {
        (0..self.arguments.len()).map(|at| self.value(at)).collect()
    }

    fn text(&self, at: usize) -> Outcome<String> {
        let value = self.value(at)?;
        data::as_text(&value).map(str::to_owned).ok_or_else(|| self.needs(at, "a text", &value))
    }

    fn integer(&self, at: usize) -> Outcome<i64> {
        let value = self.value(at)?;
        data::as_integer(&value).ok_or_else(|| self.needs(at, "a whole number", &value))
    }

    fn boolean(&self, at: usize) -> Outcome<bool> {
        let value = self.value(at)?;
        data::as_boolean(&value).ok_or_else(|| self.needs(at, "a boolean", &value))
    }

    fn list(&self, at: usize) -> Outcome<Vec<Node>> {
        let value = self.value(at)?;
        match value.value {
            Value::Seq(items) => Ok(items),
            _ => Err(self.needs(at, "a list", &value)),
        }
    }

    fn object(&self, at: usize) -> Outcome<Vec<(Key, Node)>> {
        let value = self.value(at)?;
        match value.value {
            Value::Map(entries) => Ok(entries),
            _ => Err(self.needs(at, "an object", &value)),
        }
    }

    /// The failure of an argument that is not what the function needs.
    fn needs(&self, at: usize, what: &str, met: &Node) -> Box<Failure> {
        let shown = match &met.value {
            Value::Scalar(scalar) => format!("{} `{}`", data::kind_of(met), shorten(&scalar.text)),
            _ => data::kind_of(met).to_owned(),
        };
        let message = format!("`{}` needs {what} as argument {}, not {shown}", self.name, at + 1);
        let span = self.arguments.get(at).map_or_else(|| self.span.clone(), |argument| self.place.of(&argument.at));
        Failure::new("W0402", message, &span)
    }

    /// The failure of a call as a whole.
    fn wrong(&self, what: String) -> Box<Failure> {
        Failure::new("W0402", format!("`{}` {what}", self.name), self.span)
    }
}

/// The same value with one place for all of it.
fn placed(mut node: Node, span: &Span) -> Node {
    node.span = span.clone();
    match &mut node.value {
        Value::Seq(items) => {
            for item in items {
                *item = placed(item.clone(), span);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                key.span = span.clone();
                *value = placed(value.clone(), span);
            }
        }
        Value::Null | Value::Scalar(_) => {}
    }
    node
}
