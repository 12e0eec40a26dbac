//! What names in a template mean: its parameters, variables and functions.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use super::data;
use super::deployed::{Scope, Template};
use super::evaluate::Env;
use super::journal::{Journal, StandIn};
use super::placeholder::placeholder;
use super::{Failure, Outcome};
use crate::arm::say::{problem, shorten};
use crate::problem::About;
use crate::tree::{Key, Node, Span, Value};

/// One iteration of a `copy`.
#[derive(Clone, Debug)]
pub struct Loop {
    /// The name of the loop.
    pub name: String,
    /// The iteration, from 0.
    pub index: i64,
    /// Whether it repeats a resource; `copyIndex()` without a name means that one.
    pub of_resource: bool,
}

/// Where what a template is given is written: the template around it, and the loops that run there.
#[derive(Clone, Debug)]
pub struct Around {
    /// The template around.
    pub(super) scope: Weak<Scope>,
    /// The loops.
    pub(super) loops: Rc<[Loop]>,
}

impl Around {
    /// Evaluates a node there.
    pub(super) fn resolve(&self, node: &Node, depth: usize) -> Outcome<Node> {
        let Some(scope) = self.scope.upgrade() else { return Ok(data::null(&node.span)) };
        Env { scope: &scope, loops: &self.loops, locals: &[], depth }.resolve(node)
    }
}

/// The values that the parameters of a template are given.
#[derive(Debug)]
pub enum Given {
    /// By name in lower case.
    Values(BTreeMap<String, Node>),
    /// The object of a deployment that gives them, or an expression that makes it; evaluated where the deployment is, when a
    /// parameter is read.
    Written(Option<Node>, Around),
}

impl Given {
    /// What a parameter is given.
    fn get(&self, name: &str, depth: usize) -> Outcome<Option<Node>> {
        let entry = |of: &Node| of.arm_given(name).cloned();
        match self {
            Self::Values(values) => Ok(values.get(name).cloned()),
            Self::Written(None, _) => Ok(None),
            Self::Written(Some(written), around) => {
                let whole = match written.value {
                    Value::Map(_) => written.clone(),
                    _ => around.resolve(written, depth)?,
                };
                let Some(entry) = entry(&whole) else { return Ok(None) };
                // A whole entry may be an expression that makes `{ "value": … }`.
                let entry = if entry.text().is_some() { around.resolve(&entry, depth)? } else { entry };
                entry.arm_given("value").map(|value| around.resolve(value, depth)).transpose()
            }
        }
    }
}

/// Values that are worked out once: by what and which it is, each under way or done.
#[derive(Debug, Default)]
pub(super) struct Memory(RefCell<BTreeMap<(&'static str, String), Memo>>);

#[derive(Debug)]
enum Memo {
    Open,
    /// The value, and the stand-ins that it rests on.
    Done(Outcome<Node>, Vec<StandIn>),
}

impl Memory {
    /// The value of this name. Who asks for it while it is worked out gets a failure.
    pub(super) fn remember(
        &self,
        journal: &Journal,
        (what, name): (&'static str, String),
        span: &Span,
        evaluate: impl FnOnce() -> Outcome<Node>,
    ) -> Outcome<Node> {
        let key = (what, name);
        match self.0.borrow().get(&key) {
            Some(Memo::Open) => {
                let (what, name) = key;
                return Err(Failure::new("E0415", format!("{what} `{name}` refers to itself"), span));
            }
            Some(Memo::Done(outcome, rests)) => {
                journal.rest_on(rests);
                return outcome.clone();
            }
            None => {}
        }
        self.0.borrow_mut().insert(key.clone(), Memo::Open);
        let (outcome, rests) = journal.resting(evaluate);
        journal.rest_on(&rests);
        self.0.borrow_mut().insert(key, Memo::Done(outcome.clone(), rests));
        outcome
    }
}

/// The names of one template.
#[derive(Debug)]
pub struct Names {
    template: Rc<Template>,
    given: Given,
    memory: Memory,
}

impl Names {
    /// The names of a template whose parameters are given these values.
    #[must_use]
    pub fn new(template: Rc<Template>, given: Given) -> Self {
        Self { template, given, memory: Memory::default() }
    }

    /// A variable as it is written, unless `copy` makes it.
    pub(super) fn written_variable(&self, name: &str) -> Option<&Node> {
        self.template.variables.as_ref()?.arm_given(name)
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, env: Env<'_>, name: &str, span: &Span) -> Outcome<Node> {
        let Some(declaration) = self.template.parameters.as_ref().and_then(|declared| declared.arm_given(name)) else {
            return Err(self.undefined("parameter", name, self.template.parameters.as_ref(), span));
        };
        let lower = name.to_ascii_lowercase();
        let journal = &env.scope.journal;
        self.memory.remember(journal, ("parameter", lower.clone()), span, || {
            if let Some(given) = self.given.get(&lower, env.depth)? {
                return Ok(given);
            }
            if let Some(default) = declaration.arm("defaultValue") {
                return plain(env).resolve(default);
            }
            let is_null = declaration.arm_given("defaultValue").is_some_and(Node::is_null);
            let is_nullable = declaration.arm("nullable").and_then(Node::text) == Some("true");
            if is_null || is_nullable {
                return Ok(data::null(&declaration.span));
            }
            let value = placeholder(name, declaration, self.template.definitions.as_ref());
            let whole = data::display(&value);
            let shown = shorten(&whole);
            let message = format!("parameter `{name}` has no default and no value; `{shown}` is used instead");
            let (help, instead) = match self.given {
                Given::Values(_) => {
                    let help = format!("give the real value with `--parameters FILE` or `--set {name}=…`");
                    (help, (shown == whole).then_some(whole))
                }
                Given::Written(..) => ("the deployment that has this template gives it no value".to_owned(), None),
            };
            let note = problem("N0403", message, Some((&declaration.span, "declared here")), Some(help));
            journal.push_once(note.about(About::Parameter { name: name.to_owned(), instead }));
            journal.rest_on(&[StandIn::parameter(name, &shown)]);
            Ok(value)
        })
    }

    /// The value of a variable.
    pub(super) fn variable(&self, env: Env<'_>, name: &str, span: &Span) -> Outcome<Node> {
        let declared = self.template.variables.as_ref();
        let written = self.written_variable(name);
        let copied = || declared?.arm("copy")?.items().iter().find(|item| item.is_named(name));
        let Some(definition) = written.or_else(copied) else {
            return Err(self.undefined("variable", name, declared, span));
        };
        let is_copied = written.is_none();
        let env = plain(env);
        self.memory.remember(&env.scope.journal, ("variable", name.to_ascii_lowercase()), span, || {
            if !is_copied {
                return env.resolve(definition);
            }
            let items = env.copy(definition, &|env, input| Some(env.resolve_or_keep(input)))?;
            Ok(data::list(items, &definition.span))
        })
    }

    /// The member of a namespace that the template declares a function by, `contoso.name`.
    pub(super) fn function(&self, name: &str) -> Option<&Node> {
        let (namespace, member) = name.split_once('.')?;
        let spaces = self.template.functions.as_ref()?.items();
        let is_this = |space: &&Node| {
            space.arm("namespace").and_then(Node::text).is_some_and(|text| text.eq_ignore_ascii_case(namespace))
        };
        spaces.iter().filter(is_this).find_map(|space| space.arm("members")?.arm_given(member))
    }

    /// The names that the body of a function sees: its parameters, and the functions of the template.
    pub(super) fn of_function(&self, declared: &[Node], values: Vec<Node>) -> Self {
        let entry = |declaration: &Node| {
            let name = declaration.arm("name")?.text()?.to_owned();
            Some((Key { text: name, span: declaration.span.clone() }, declaration.clone()))
        };
        let entries: Vec<(Key, Node)> = declared.iter().filter_map(entry).collect();
        let given = entries.iter().map(|(key, _)| key.text.to_ascii_lowercase()).zip(values).collect();
        let span = declared.first().map(|first| first.span.clone());
        let parameters = span.map(|span| Node { span, value: Value::Map(entries) });
        let functions = self.template.functions.clone();
        let template = Template { parameters, functions, ..Template::default() };
        Self::new(Rc::new(template), Given::Values(given))
    }

    fn undefined(&self, what: &str, name: &str, declared: Option<&Node>, span: &Span) -> Box<Failure> {
        let failure = Failure::new("E0414", format!("the template declares no {what} `{}`", shorten(name)), span);
        let near = declared.map_or(&[][..], Node::entries).iter().map(|(key, _)| key.text.as_str());
        match crate::problem::did_you_mean(name, near) {
            Some(near) => failure.with_help(format!("did you mean `{near}`?")),
            None => failure,
        }
    }
}

/// Outside of every loop and lambda: where definitions are evaluated.
fn plain(env: Env<'_>) -> Env<'_> {
    Env { loops: &[], locals: &[], ..env }
}
