//! Problems: what a file may get wrong, each with a code, a place, and what to do about it.
//!
//! The codes stand in [`super::catalogue`]; [`super::report`] shows problems to people and machines.

use super::tree::Span;
use std::collections::BTreeSet;
use windtunnel_sim::rules::RuleId;
use windtunnel_words::control::escaped;
pub use windtunnel_words::number::count;
pub use windtunnel_words::suggest::{did_you_mean, meant, suggest, words};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file cannot be run.
    Error,
    /// The file can be run, and says something its author may not mean.
    Warning,
    /// Something was assumed or left out; nothing to mend.
    Note,
}

/// One problem.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The code, `E0107`; the catalogue says more about it. Written out, never reused.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line, lower case, no full stop; without what [`Problem::full`] adds. It is for people: what the program
    /// acts on is in `about`.
    pub message: String,
    /// Where, and what is there.
    pub primary: Option<(Span, String)>,
    /// Other places that belong to it.
    pub secondary: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// The rule of the rulebook that says so, where it is the platform that refuses or ignores something.
    pub rule: Option<RuleId>,
    /// What Azure itself answers to such a request, where that is known.
    pub answer: Option<Answer>,
    /// The policy that alone brings it about, where its place does not say so.
    pub policy: Option<String>,
    /// What it is about, where somebody acts on it.
    pub about: Option<About>,
}

/// What a problem is about, as data: its message says the same to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A parameter of a template has no value.
    Parameter {
        /// Its name.
        name: String,
        /// What is used instead, where the user can give it and it is short.
        instead: Option<String>,
    },
    /// A file does not say where it is deployed: the location that is used instead.
    Location(String),
    /// The resource of this name must say something else before anything can be run.
    Lacks(String, Lack),
    /// A file is something else than what is read here: what it is.
    Other(String),
    /// Resources of these types, each with how many.
    Types(Vec<String>),
    /// The parts of one resource: it lacks one that it needs, or refers to one that it does not have. Azure refuses such a resource.
    Parts,
}

/// What a fleet cannot be run without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// `sku.capacity` of a scale set.
    Capacity,
    /// `location` of a scale set.
    Location,
    /// `sku.name` of a balancer, which says Basic.
    Standard,
}

impl Lack {
    /// How many instances a set is taken to have where nothing says.
    pub const INSTANCES: u32 = 3;

    /// The key that is not there.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Capacity => "sku.capacity",
            Self::Location => "location",
            Self::Standard => "sku.name",
        }
    }

    /// The key with a value that can be taken, as YAML.
    #[must_use]
    pub fn change(self) -> String {
        match self {
            Self::Capacity => format!("sku: {{ capacity: {} }}", Self::INSTANCES),
            Self::Location => "location: eastus".to_owned(),
            Self::Standard => "sku: { name: Standard }".to_owned(),
        }
    }

    /// Why it must be given beside the file.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Capacity => "the file does not say how many instances it has",
            Self::Location => "the file does not say where it is",
            Self::Standard => "Azure refuses Basic, which retired on 30 September 2025",
        }
    }
}

/// An answer by which Azure refuses a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Azure's own code, `BadRequest`.
    pub code: &'static str,
    /// Azure's own text.
    pub text: String,
}

impl Answer {
    /// An answer with this code and text.
    #[must_use]
    pub fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
}

/// All problems of one reading, in the order they were found.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<Problem>);

/// What makes a problem this one: code, message, rule, policy and place.
type Identity<'p> = (&'p str, &'p str, Option<RuleId>, Option<&'p str>, Option<(&'p str, usize, usize)>);

impl Problem {
    /// A problem of this severity, without a place yet.
    #[must_use]
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            primary: None,
            secondary: Vec::new(),
            help: None,
            rule: None,
            answer: None,
            policy: None,
            about: None,
        }
    }

    /// The file cannot be run.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// The file of this name is something else than what is read here.
    #[must_use]
    pub fn other(code: &'static str, name: &str, what: impl Into<String>) -> Self {
        let what = what.into();
        Self::error(code, format!("`{name}` is {what}")).about(About::Other(what))
    }

    /// The file can be run, and says something its author may not mean.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Something was assumed or left out.
    #[must_use]
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Where it is, and what is there.
    #[must_use]
    pub fn at(mut self, span: &Span, label: impl Into<String>) -> Self {
        self.primary = Some((span.clone(), label.into()));
        self
    }

    /// Another place that belongs to it.
    #[must_use]
    pub fn also(mut self, span: &Span, label: impl Into<String>) -> Self {
        self.secondary.push((span.clone(), label.into()));
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What to do about it, where there is something to say.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The rule of the rulebook by which the platform says so.
    #[must_use]
    pub fn by(mut self, rule: RuleId) -> Self {
        self.rule = Some(rule);
        self
    }

    /// What Azure answers to it.
    #[must_use]
    pub fn answered(mut self, answer: Answer) -> Self {
        self.answer = Some(answer);
        self
    }

    /// What it is about.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        self.about = Some(about);
        self
    }

    /// The whole message: what is wrong, with the policy that alone brings it about and the rule that says so.
    #[must_use]
    pub fn full(&self) -> String {
        let policy = self.policy.as_ref().map(|policy| format!("under the policy `{policy}`, ")).unwrap_or_default();
        let rule = self.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
        format!("{policy}{}{rule}", self.message)
    }

    /// The same for a terminal: what it quotes of files and names of files is escaped where it holds control characters. The
    /// lines of the file are mended by who shows them.
    #[must_use]
    pub fn escaped(&self) -> Self {
        let label = |(span, label): &(Span, String)| (span.clone(), escaped(label).into_owned());
        Self {
            message: escaped(&self.message).into_owned(),
            primary: self.primary.as_ref().map(label),
            secondary: self.secondary.iter().map(label).collect(),
            help: self.help.as_deref().map(|help| escaped(help).into_owned()),
            policy: self.policy.as_deref().map(|policy| escaped(policy).into_owned()),
            ..self.clone()
        }
    }

    /// Whether it is the platform that refuses this, and not this program that cannot read it.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.severity == Severity::Error && self.rule.is_some()
    }

    /// Whether Azure would answer a request for this with a refusal: by a rule, or since the parts of the resource do not fit each other.
    /// Everything else that is wrong is a mistake in the file, or something that is not modelled. What of a write is played, and what
    /// ends the reading, is decided here alone.
    #[must_use]
    pub fn azure_refuses(&self) -> bool {
        let is_answer = self.rule.is_some() || self.code == "E0501" || self.about == Some(About::Parts);
        self.severity == Severity::Error && is_answer
    }

    /// Whether two problems are one: the same said of the same place.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }

    /// What makes it this problem and no other.
    fn identity(&self) -> Identity<'_> {
        let place = self.primary.as_ref().map(|(span, _)| (span.source.name.as_str(), span.start, span.end));
        (self.code, &self.message, self.rule, self.policy.as_deref(), place)
    }
}

impl Problems {
    /// No problems yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Adds those of another reading, each only once.
    pub fn merge(&mut self, other: &Self) {
        let mut known: BTreeSet<_> = self.0.iter().map(Problem::identity).collect();
        let new: Vec<Problem> = other.0.iter().filter(|one| known.insert(one.identity())).cloned().collect();
        self.0.extend(new);
    }

    /// Whether something cannot be run.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// The first thing for which it cannot be run.
    #[must_use]
    pub fn first_error(&self) -> Option<&Problem> {
        self.0.iter().find(|problem| problem.severity == Severity::Error)
    }

    /// How many there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|problem| problem.severity == severity).count()
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every problem, in the order they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl FromIterator<Problem> for Problems {
    fn from_iter<T: IntoIterator<Item = Problem>>(problems: T) -> Self {
        Self(problems.into_iter().collect())
    }
}

impl Extend<Problem> for Problems {
    fn extend<T: IntoIterator<Item = Problem>>(&mut self, problems: T) {
        self.0.extend(problems);
    }
}
