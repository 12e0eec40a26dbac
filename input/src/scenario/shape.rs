//! How the keys of a scenario file are described: the types of the table in [`super::keys`].
//!
//! One table drives the check of a file, the JSON Schema of editors and the reference page, and readers take values by it
//! ([`super::field`]), so that the four agree.

use serde_json::json;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::rules::A;
use windtunnel_words::instant;

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A whole number within a range.
    Integer(i64, i64),
    /// A number within a range.
    Number(f64, f64),
    /// A length of time.
    Duration,
    /// A length of time above zero.
    SomeTime,
    /// An instant of the run.
    Moment,
    /// An instant of the run after its start.
    SomeMoment,
    /// A share, `20%`, from so many percent to so many.
    Percent(f64, f64),
    /// A share above 0% and below 100%.
    OpenShare,
    /// Requests a second.
    Rate,
    /// Requests a second, more than none.
    SomeRate,
    /// An instant with its offset.
    Timestamp,
    /// `true` or `false`.
    Bool,
    /// A list.
    List(&'static Kind),
    /// A list with an item at least.
    NonEmpty(&'static Kind),
    /// A mapping from names to values; the word says what the names are.
    MapOf(Names, &'static Kind),
    /// A mapping with these keys.
    Object(&'static Object),
    /// One of these, distinguished by their form.
    Either(&'static [Kind]),
    /// A single value, whose unit depends on another key.
    Scalar,
    /// Anything: resources, patches.
    Any,
}

/// What the keys of a [`Kind::MapOf`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Names of things: the word for one.
    Of(&'static str),
    /// Times of day.
    TimesOfDay,
    /// Zones: `1` to `3`, and `0` for what is regional.
    Zones,
    /// Paths of endpoints, and `tcp`.
    Paths,
}

impl Names {
    /// What the names are, in words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::Of(what) => what,
            Self::TimesOfDay => "time of day",
            Self::Zones => "zone",
            Self::Paths => "path",
        }
    }
}

/// What an absent key means.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// It must be given.
    Required,
    /// There is no such thing.
    Optional,
    /// Another one of the same mapping is given: of those with this need, just one is.
    Choice,
    /// This value.
    Default(DefaultValue),
    /// The value of this assumption.
    Assumed(A),
}

/// The value of an absent key: what readers take and pages print.
#[derive(Clone, Copy, Debug)]
pub enum DefaultValue {
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A share, 0 to 1.
    Share(f64),
    /// A length of time.
    Time(SimDuration),
    /// A word, a text, an instant.
    Text(&'static str),
    /// A list of words.
    Words(&'static [&'static str]),
}

impl DefaultValue {
    /// The value as a file has it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Flag(value) => value.to_string(),
            Self::Whole(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Share(value) => format!("{}%", value * 100.0),
            Self::Time(value) => value.to_string(),
            Self::Text(value) => (*value).to_owned(),
            Self::Words(list) => format!("[{}]", list.join(", ")),
        }
    }

    /// The value as JSON has it.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Flag(value) => json!(value),
            Self::Whole(value) => json!(value),
            Self::Number(value) => json!(value),
            Self::Words(list) => json!(list),
            Self::Share(_) | Self::Time(_) | Self::Text(_) => self.text().into(),
        }
    }
}

/// A key.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The key.
    pub key: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What an absent one means.
    pub need: Need,
    /// Another key of the same mapping that its value may not exceed.
    pub at_most: Option<&'static str>,
    /// The name that it had before.
    pub was: Option<&'static str>,
    /// What it means.
    pub about: &'static str,
}

impl Entry {
    /// A key.
    #[must_use]
    pub const fn new(key: &'static str, kind: Kind, need: Need, about: &'static str) -> Self {
        Self { key, kind, need, at_most: None, was: None, about }
    }

    /// What it means, in one line.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.about.trim()
    }
}

/// A mapping with known keys.
#[derive(Debug)]
pub struct Object {
    /// Its name in the schema and the reference.
    pub name: &'static str,
    /// Its keys.
    pub entries: &'static [Entry],
    /// Keys that there were once, and why there are none now.
    pub gone: &'static [(&'static str, &'static str)],
    /// What it describes.
    pub about: &'static str,
}

impl Object {
    /// What it describes.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.about.trim()
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// Every key.
    pub fn known(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().map(|entry| entry.key)
    }

    /// The keys of which exactly one must be given; none where there is no such choice.
    pub fn choices(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().filter(|entry| matches!(entry.need, Need::Choice)).map(|entry| entry.key)
    }
}

/// More words than this are not listed in a message.
pub const MANY: usize = 10;
/// Whole numbers up to here and beyond are whatever fits.
pub const NO_BOUND: i64 = u32::MAX as i64;

impl Kind {
    /// What is expected, in words, after "must be".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Word(list) if list.len() > MANY => format!("one of {} words", list.len()),
            Self::Word(list) => one_of(&list.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>()),
            Self::Integer(min, max) if min == max => format!("`{min}`"),
            Self::Integer(min, max) if *max >= NO_BOUND => format!("a whole number from {min}"),
            Self::Integer(min, max) => format!("a whole number from {min} to {max}"),
            Self::Number(min, max) => format!("a number from {min} to {max}"),
            Self::Duration => "a duration such as `PT2M`".into(),
            Self::SomeTime => "a duration above zero, such as `PT2M`".into(),
            Self::Moment => instant::FORMS.into(),
            Self::SomeMoment => "an instant after the start, such as `PT2H` or `11:40`".into(),
            Self::Percent(_, max) if max.is_infinite() => "a share such as `120%`".into(),
            Self::Percent(min, max) => format!("a share from {min}% to {max}%"),
            Self::OpenShare => "a share above 0% and below 100%".into(),
            Self::Rate => "a rate such as `300 rps`".into(),
            Self::SomeRate => "a rate above zero, such as `300 rps`".into(),
            Self::Timestamp => "an instant such as `2026-03-10T09:00:00Z`".into(),
            Self::Bool => "`true` or `false`".into(),
            Self::List(of) => format!("a list of {}", of.plural()),
            Self::NonEmpty(of) => format!("a list of one or more {}", of.plural()),
            Self::MapOf(names, of) => format!("a mapping from {} to {}", names.what(), of.words()),
            Self::Object(object) => format!("a mapping ({})", object.name),
            Self::Either(kinds) => one_of(&kinds.iter().map(Self::words).collect::<Vec<_>>()),
            Self::Scalar => "a single value".into(),
            Self::Any => "a value".into(),
        }
    }

    fn plural(&self) -> String {
        match self {
            Self::Text => "texts".into(),
            Self::Object(object) => format!("mappings ({})", object.name),
            Self::Scalar => "single values".into(),
            Self::Any => "values".into(),
            Self::Integer(min, max) if *max >= NO_BOUND => format!("whole numbers from {min}"),
            Self::Integer(min, max) => format!("whole numbers from {min} to {max}"),
            Self::Word(_) => format!("words, each {}", self.words()),
            other => format!("values, each {}", other.words()),
        }
    }
}

/// `a`, `b` or `c`.
fn one_of(list: &[String]) -> String {
    match list {
        [] => "nothing".into(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
