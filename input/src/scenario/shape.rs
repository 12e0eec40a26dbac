//! How the keys of a scenario file are described: the types of the table in [`super::keys`].
//!
//! One table drives the check of a file, the JSON Schema of editors and the reference page, so that the three agree.

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
    /// A share, `20%`, from 0 to this many percent.
    Percent(f64),
    /// Requests a second.
    Rate,
    /// An instant with its offset.
    Timestamp,
    /// `true` or `false`.
    Bool,
    /// A list.
    List(&'static Kind),
    /// A mapping from names to values; the word says what the names are.
    MapOf(Names, &'static Kind),
    /// A mapping with these keys.
    Object(&'static Object),
    /// One of these, told apart by their form.
    Either(&'static [Kind]),
    /// A single value, whose unit depends on another key.
    Scalar,
    /// Anything: resources, patches.
    Any,
    /// Known, and not part of this release.
    Later,
}

/// What the keys of a [`Kind::MapOf`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Names of things: the word for one.
    Of(&'static str),
    /// Times of day.
    TimesOfDay,
}

/// Whether a key must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Required,
    /// Absent means that there is no such thing.
    Optional,
    /// Absent means this value.
    Default(&'static str),
}

/// A key.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The key.
    pub key: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Whether it must be given.
    pub need: Need,
    /// What it means, in one line.
    pub doc: &'static str,
}

/// A mapping with known keys.
#[derive(Debug)]
pub struct Object {
    /// Its name in the schema and the reference.
    pub name: &'static str,
    /// What it describes.
    pub doc: &'static str,
    /// Its keys.
    pub entries: &'static [Entry],
    /// Of these keys exactly one must be given; empty where there is no such choice.
    pub one_of: &'static [&'static str],
}

impl Object {
    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The keys that this release acts on.
    pub fn known(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().filter(|entry| !matches!(entry.kind, Kind::Later)).map(|entry| entry.key)
    }
}

impl Kind {
    /// What is expected, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Word(list) => {
                let list: Vec<String> = list.iter().map(|word| format!("`{word}`")).collect();
                list.join(" or ")
            }
            Self::Integer(min, max) if min == max => format!("`{min}`"),
            Self::Integer(min, i64::MAX) => format!("a whole number from {min}"),
            Self::Integer(min, max) => format!("a whole number from {min} to {max}"),
            Self::Number(min, max) if max.is_infinite() => format!("a number from {min}"),
            Self::Number(min, max) => format!("a number from {min} to {max}"),
            Self::Duration => "a duration, `PT2M`".into(),
            Self::Percent(max) if max.is_infinite() => "a share, `120%`".into(),
            Self::Percent(max) => format!("a share from 0% to {max}%"),
            Self::Rate => "a rate, `300 rps`".into(),
            Self::Timestamp => "an instant, `2026-03-10T09:00:00Z`".into(),
            Self::Bool => "`true` or `false`".into(),
            Self::List(of) => format!("a list of {}", of.plural()),
            Self::MapOf(Names::Of(what), of) => format!("a mapping from {what} to {}", of.words()),
            Self::MapOf(Names::TimesOfDay, of) => format!("a mapping from times of day to {}", of.words()),
            Self::Object(object) => format!("a mapping, {}", object.name),
            Self::Either(kinds) => kinds.iter().map(Self::words).collect::<Vec<_>>().join("; or "),
            Self::Scalar => "a single value".into(),
            Self::Any => "a value".into(),
            Self::Later => "arrives with a later release".into(),
        }
    }

    fn plural(&self) -> String {
        match self {
            Self::Text => "texts".into(),
            Self::Object(object) => format!("mappings, {}", object.name),
            Self::Scalar => "single values".into(),
            Self::Any => "values".into(),
            other => format!("({})", other.words()),
        }
    }
}
