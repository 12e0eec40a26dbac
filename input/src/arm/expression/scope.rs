//! What names in a template mean: its parameters and variables, and where it is deployed.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::data;
use super::evaluate::Env;
use super::placeholder::placeholder;
use super::{Failure, Outcome};
use crate::arm::say::{say_with_help, shorten};
use crate::problem::Problems;
use crate::tree::{Node, Span};

/// How many steps the evaluation of one file may take.
const MAX_STEPS: usize = 4_000_000;

/// What is said and counted while a file is evaluated, shared by all its templates.
#[derive(Debug)]
pub struct Journal {
    problems: RefCell<Problems>,
    said: RefCell<BTreeSet<String>>,
    steps: Cell<usize>,
    /// Where the template is deployed: stand-ins by key, each with whether the user gave it.
    surroundings: BTreeMap<&'static str, (String, bool)>,
}

/// Keys of `--set` that say where a template is deployed, and what stands in for them.
const SURROUNDINGS: &[(&str, &str)] = &[
    ("deployment.name", "windtunnel"),
    ("newGuid", "00000000-0000-4000-8000-000000000001"),
    ("resourceGroup.location", "eastus"),
    ("resourceGroup.name", "resource-group"),
    ("subscription.displayName", "subscription"),
    ("subscription.subscriptionId", "00000000-0000-0000-0000-000000000000"),
    ("subscription.tenantId", "00000000-0000-0000-0000-000000000000"),
    ("utcNow", "20260101T000000Z"),
];

impl Journal {
    /// An empty journal. Of what is `set`, those entries count that say where the template is deployed.
    #[must_use]
    pub fn new(set: &[(String, Node)]) -> Self {
        let mut surroundings = BTreeMap::new();
        for (key, stand_in) in SURROUNDINGS {
            let given = set.iter().rev().find(|(k, _)| k.eq_ignore_ascii_case(key)).and_then(|(_, v)| v.text());
            surroundings.insert(*key, (given.unwrap_or(stand_in).to_owned(), given.is_some()));
        }
        Self { problems: RefCell::default(), said: RefCell::default(), steps: Cell::new(0), surroundings }
    }

    /// Whether `--set` with this key says where a template is deployed.
    #[must_use]
    pub fn is_surrounding(key: &str) -> bool {
        SURROUNDINGS.iter().any(|(k, _)| k.eq_ignore_ascii_case(key))
    }

    /// What was said.
    #[must_use]
    pub fn into_problems(self) -> Problems {
        self.problems.into_inner()
    }

    /// Says something once, however often it comes up.
    pub fn say_once(&self, code: &'static str, message: String, primary: Option<(&Span, &str)>, help: Option<String>) {
        let place = primary.map_or(0, |(span, _)| span.start);
        if self.said.borrow_mut().insert(format!("{code} {place} {message}")) {
            say_with_help(&mut self.problems.borrow_mut(), code, message, primary, help);
        }
    }

    /// Reports a failure as a problem of the field it occurred in.
    pub fn report(&self, failure: &Failure, field: &str) {
        let label = if field.is_empty() { String::new() } else { format!("so `{field}` is treated as absent") };
        self.say_once(failure.code, failure.message.clone(), Some((&failure.span, &label)), failure.help.clone());
    }

    /// What is known, or stands in, for a part of the surroundings; the stand-in is noted.
    pub(super) fn surrounding(&self, key: &str, span: &Span) -> String {
        let Some((value, given)) = self.surroundings.get(key) else {
            return String::new();
        };
        if !given && self.said.borrow_mut().insert(format!("surrounding {key}")) {
            let message = format!("`{key}` is not known here; `{value}` is used instead");
            let help = Some(format!("give the real value with `--set {key}=…` if it matters"));
            say_with_help(&mut self.problems.borrow_mut(), "N0404", message, Some((span, "asked here")), help);
        }
        value.clone()
    }

    /// Counts steps, and values that are made.
    ///
    /// # Errors
    ///
    /// When there were too many.
    pub fn steps(&self, count: usize, span: &Span) -> Outcome<()> {
        self.steps.set(self.steps.get().saturating_add(count));
        if self.steps.get() <= MAX_STEPS {
            return Ok(());
        }
        Err(Failure::new("E0416", format!("evaluating the file takes more than {MAX_STEPS} steps"), span))
    }
}

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

/// A parameter or variable: being evaluated, or done, with what failed inside it.
#[derive(Debug)]
enum Memo {
    Open,
    Done(Outcome<Node>, Vec<Failure>),
}

/// The names of one template.
#[derive(Debug)]
pub struct Scope<'a> {
    /// What is said and counted.
    pub journal: &'a Journal,
    parameters: Option<&'a Node>,
    variables: Option<&'a Node>,
    definitions: Option<&'a Node>,
    given: BTreeMap<String, Outcome<Node>>,
    memo: RefCell<BTreeMap<String, Memo>>,
}

impl<'a> Scope<'a> {
    /// The scope of a template. `given` are the values of its parameters, by name in lower case.
    #[must_use]
    pub fn new(template: &'a Node, given: BTreeMap<String, Outcome<Node>>, journal: &'a Journal) -> Self {
        Self {
            journal,
            parameters: template.arm("parameters"),
            variables: template.arm("variables"),
            definitions: template.arm("definitions"),
            given,
            memo: RefCell::default(),
        }
    }

    /// The declaration of a parameter.
    #[must_use]
    pub fn declaration(&self, name: &str) -> Option<&'a Node> {
        self.parameters?.entries().iter().find(|(key, _)| key.text.eq_ignore_ascii_case(name)).map(|(_, node)| node)
    }

    /// A variable as it is written, unless `copy` makes it.
    pub(super) fn written_variable(&self, name: &str) -> Option<&'a Node> {
        let mut entries = self.variables?.entries().iter();
        entries.find(|(key, _)| key.text.eq_ignore_ascii_case(name)).map(|(_, node)| node)
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, env: Env<'_>, name: &str, span: &Span) -> Outcome<Node> {
        let Some(declaration) = self.declaration(name) else {
            return Err(self.undefined("parameter", name, self.parameters, span));
        };
        let lower = name.to_ascii_lowercase();
        self.remember(env, &format!("parameter {lower}"), span, |env| {
            if let Some(given) = self.given.get(&lower) {
                return given.clone();
            }
            if let Some(default) = declaration.arm("defaultValue") {
                return env.resolve(default);
            }
            let is_null =
                declaration.entries().iter().any(|(k, v)| k.text.eq_ignore_ascii_case("defaultValue") && v.is_null());
            let is_nullable = declaration.arm("nullable").and_then(Node::text) == Some("true");
            if is_null || is_nullable {
                return Ok(data::null(&declaration.span));
            }
            let value = placeholder(name, declaration, self.definitions);
            let shown = shorten(&data::display(&value));
            let message = format!("parameter `{name}` has no default and no value; `{shown}` is used instead");
            let help = Some(format!("give the real value with `--parameters FILE` or `--set {name}=…`"));
            self.journal.say_once("N0403", message, Some((&declaration.span, "declared here")), help);
            Ok(value)
        })
    }

    /// The value of a variable.
    pub(super) fn variable(&self, env: Env<'_>, name: &str, span: &Span) -> Outcome<Node> {
        let written = self.written_variable(name);
        let copied = || self.variables?.arm("copy")?.items().iter().find(|item| is_named(item, name));
        let Some(definition) = written.or_else(copied) else {
            return Err(self.undefined("variable", name, self.variables, span));
        };
        let is_copied = written.is_none();
        self.remember(env, &format!("variable {}", name.to_ascii_lowercase()), span, |env| {
            if !is_copied {
                return env.resolve(definition);
            }
            let items = env.copy(definition, &|env, input| env.resolve_or_report(input))?;
            Ok(data::list(items, &definition.span))
        })
    }

    fn remember(
        &self,
        env: Env<'_>,
        key: &str,
        span: &Span,
        evaluate: impl FnOnce(Env<'_>) -> Outcome<Node>,
    ) -> Outcome<Node> {
        match self.memo.borrow().get(key) {
            Some(Memo::Open) => {
                let message = format!("{} refers to itself", quote_last(key));
                return Err(Failure::new("E0415", message, span));
            }
            Some(Memo::Done(outcome, failures)) => {
                env.failures.borrow_mut().extend(failures.iter().cloned());
                return outcome.clone();
            }
            None => {}
        }
        self.memo.borrow_mut().insert(key.to_owned(), Memo::Open);
        let failures = RefCell::default();
        let inner = Env { scope: self, failures: &failures, loops: &[], locals: &[], depth: env.depth };
        let outcome = evaluate(inner);
        let failures = failures.into_inner();
        env.failures.borrow_mut().extend(failures.iter().cloned());
        self.memo.borrow_mut().insert(key.to_owned(), Memo::Done(outcome.clone(), failures));
        outcome
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

fn is_named(item: &Node, name: &str) -> bool {
    item.arm("name").and_then(Node::text).is_some_and(|text| text.eq_ignore_ascii_case(name))
}

fn quote_last(key: &str) -> String {
    let (what, name) = key.split_once(' ').unwrap_or(("", key));
    format!("{what} `{name}`")
}
