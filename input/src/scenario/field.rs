//! Typed keys: each says once what its value is and what an absent one means, and readers take the value by it.
//!
//! The macro `object!` makes the rows of the table. A [`Field`] may be absent, a [`Preset`] has a value then, and an [`Assumed`]
//! one takes an assumption. What the check has refused reads as absent.

mod kinds;

pub use kinds::*;

use super::shape::{DefaultValue, Entry, Kind, Need};
use crate::tree::At;
use crate::tree::{Key, Node};
use std::marker::PhantomData;
use windtunnel_sim::rules::assumptions::{Assumed as Assumption, Kind as AssumedKind};
use windtunnel_sim::rules::{A, Assumptions};

/// How a value is read.
pub trait Reads {
    /// What it is, for the check, the schema and the page.
    const KIND: Kind;
    /// What it is to a reader.
    type Value<'n>;

    /// The value of a node.
    fn of(node: &Node) -> Option<Self::Value<'_>>;
}

/// Values that have defaults.
pub trait Presets: Reads {
    /// What the table holds of a default.
    type Held: Copy + 'static;

    /// The value of a default.
    fn preset<'n>(held: Self::Held) -> Self::Value<'n>;
}

/// Values that may be assumptions.
pub trait Assumes: Reads {
    /// What the assumption is.
    type Assumption: AssumedKind;

    /// The value of an assumption.
    fn assumed<'n>(value: Self::Assumption) -> Self::Value<'n>;
}

/// A key that may be absent.
#[derive(Debug)]
pub struct Field<T> {
    /// Its row.
    pub entry: Entry,
    of: PhantomData<T>,
}

/// A key with a value where it is absent.
#[derive(Debug)]
pub struct Preset<T: Presets> {
    /// Its row.
    pub entry: Entry,
    held: T::Held,
}

/// A key that takes an assumption where it is absent.
#[derive(Debug)]
pub struct Assumed<T: Assumes> {
    /// Its row.
    pub entry: Entry,
    assumption: Assumption<T::Assumption>,
}

impl<T> Field<T> {
    const fn new(key: &'static str, kind: Kind, need: Need, doc: &'static str) -> Self {
        Self { entry: Entry::new(key, kind, need, doc), of: PhantomData }
    }

    /// What is under the key.
    pub fn node<'n>(&self, parent: impl Into<Option<&'n Node>>) -> Option<&'n Node> {
        parent.into()?.get(self.entry.key)
    }

    /// The key with what is under it; `null` counts.
    pub fn entry_in<'n>(&self, parent: &'n Node) -> Option<(&'n Key, &'n Node)> {
        parent.entry(self.entry.key)
    }

    /// Whether the key is there.
    pub fn is_in(&self, parent: &Node) -> bool {
        self.node(parent).is_some()
    }

    /// The items of the list under the key; none where it is absent.
    pub fn items<'n>(&self, parent: impl Into<Option<&'n Node>>) -> &'n [Node] {
        self.node(parent).map_or(&[], Node::items)
    }

    /// The entries of the mapping under the key; none where it is absent.
    pub fn entries<'n>(&self, parent: impl Into<Option<&'n Node>>) -> &'n [(Key, Node)] {
        self.node(parent).map_or(&[], Node::entries)
    }
}

impl<T: Reads> Field<T> {
    /// A key that must be given.
    pub const fn required(key: &'static str, doc: &'static str) -> Self {
        Self::new(key, T::KIND, Need::Required, doc)
    }

    /// A key without which there is no such thing.
    pub const fn optional(key: &'static str, doc: &'static str) -> Self {
        Self::new(key, T::KIND, Need::Optional, doc)
    }

    /// One of several keys of which just one is given.
    pub const fn choice(key: &'static str, doc: &'static str) -> Self {
        Self::new(key, T::KIND, Need::Choice, doc)
    }

    /// A key whose absence the simulator fills in with an assumption, so that the run says that it leans on it.
    pub const fn simulated(key: &'static str, assumption: A, doc: &'static str) -> Self {
        Self::new(key, T::KIND, Need::Assumed(assumption), doc)
    }

    /// A key that must be given, and may not exceed another one.
    pub const fn required_at_most(key: &'static str, other: &'static str, doc: &'static str) -> Self {
        let field = Self::required(key, doc);
        Self { entry: Entry { at_most: Some(other), ..field.entry }, of: PhantomData }
    }

    /// A key that had another name before: a file with the old name gets an error that names this one.
    pub const fn renamed(key: &'static str, was: &'static str, need: Need, doc: &'static str) -> Self {
        let entry = Entry::new(key, T::KIND, need, doc);
        Self { entry: Entry { was: Some(was), ..entry }, of: PhantomData }
    }

    /// The value, where it is given.
    pub fn given<'n>(&self, parent: impl Into<Option<&'n Node>>) -> Option<T::Value<'n>> {
        T::of(self.node(parent)?)
    }

    /// The value with its place, where it is given.
    pub fn at<'n>(&self, parent: impl Into<Option<&'n Node>>) -> Option<At<T::Value<'n>>> {
        let node = self.node(parent)?;
        Some(At { value: T::of(node)?, span: node.span.clone(), given: true })
    }
}

/// What has no type of its own: mappings, lists of them, and what may be one thing or another.
#[derive(Debug)]
pub struct Tree;

impl Field<Tree> {
    /// A key that must be given.
    pub const fn required(key: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self::new(key, kind, Need::Required, doc)
    }

    /// A key without which there is no such thing.
    pub const fn optional(key: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self::new(key, kind, Need::Optional, doc)
    }

    /// One of several keys of which just one is given.
    pub const fn choice(key: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self::new(key, kind, Need::Choice, doc)
    }
}

impl<T: Presets> Preset<T> {
    /// A key with a default, as pages print it and as readers take it.
    pub const fn of(key: &'static str, default: DefaultValue, held: T::Held, doc: &'static str) -> Self {
        Self { entry: Entry::new(key, T::KIND, Need::Default(default), doc), held }
    }

    /// What is under the key.
    pub fn node<'n>(&self, parent: impl Into<Option<&'n Node>>) -> Option<&'n Node> {
        parent.into()?.get(self.entry.key)
    }

    /// The value, where it is given.
    pub fn given<'n>(&self, parent: impl Into<Option<&'n Node>>) -> Option<T::Value<'n>> {
        T::of(self.node(parent)?)
    }

    /// The value.
    pub fn read<'n>(&self, parent: impl Into<Option<&'n Node>>) -> T::Value<'n> {
        self.given(parent).unwrap_or_else(|| T::preset(self.held))
    }

    /// The value with its place: that of its parent where it is not given.
    pub fn at<'n>(&self, parent: &'n Node) -> At<T::Value<'n>> {
        let node = parent.get(self.entry.key);
        At { value: self.read(parent), span: node.unwrap_or(parent).span.clone(), given: node.is_some() }
    }
}

impl<T: Assumes> Assumed<T> {
    /// A key that takes an assumption where it is absent.
    pub const fn or_assumption(key: &'static str, assumption: Assumption<T::Assumption>, doc: &'static str) -> Self {
        Self { entry: Entry::new(key, T::KIND, Need::Assumed(assumption.id), doc), assumption }
    }

    /// The value.
    pub fn read<'n>(&self, parent: impl Into<Option<&'n Node>>, assumptions: &Assumptions) -> T::Value<'n> {
        let node = parent.into().and_then(|parent| parent.get(self.entry.key));
        node.and_then(T::of).unwrap_or_else(|| T::assumed(assumptions.get(self.assumption)))
    }
}

/// Makes typed keys, each with its documentation: `KEY: Type = how("key");`, where how is `required`, `optional`, `choice`,
/// `default`, `or_assumption` or `simulated`.
macro_rules! fields {
    ($($(#[doc = $doc:literal])+ $field:ident: $type:ty = $how:ident($key:literal $(, $more:expr)*);)*) => {
        $($(#[doc = $doc])+ pub(crate) const $field: $crate::scenario::field::key_type!($how, $type) =
            <$crate::scenario::field::key_type!($how, $type)>::$how($key $(, $more)*, concat!($($doc),+));)*
    };
}

/// The type of a key, by what its absence means.
macro_rules! key_type {
    (default, $type:ty) => { $crate::scenario::field::Preset<$type> };
    (empty, $type:ty) => { $crate::scenario::field::Preset<$type> };
    (or_assumption, $type:ty) => { $crate::scenario::field::Assumed<$type> };
    ($how:ident, $type:ty) => { $crate::scenario::field::Field<$type> };
}

/// Makes a mapping of typed keys: a module with a constant a key, and the row of each in `OBJECT`. Keys that several mappings
/// share come first, `with [NAME, …]`, or last, `then [NAME]`; `gone [("key", "why")]` are keys that there were once.
macro_rules! object {
    ($(#[doc = $doc:literal])+ mod $module:ident $name:literal $(with [$($shared:expr),+ $(,)?])? $(then [$($last:expr),+ $(,)?])?
     $(gone [$($gone:expr),+ $(,)?])?;
     $($(#[doc = $line:literal])+ $field:ident: $type:ty = $how:ident($key:literal $(, $more:expr)*);)*) => {
        $(#[doc = $doc])+
        pub(crate) mod $module {
            use super::*;

            $crate::scenario::field::fields! {
                $($(#[doc = $line])+ $field: $type = $how($key $(, $more)*);)*
            }

            /// What a value with these keys is.
            pub(crate) const MAPPING: $crate::scenario::shape::Kind =
                $crate::scenario::shape::Kind::Object(&OBJECT);

            /// The mapping.
            pub static OBJECT: $crate::scenario::shape::Object = $crate::scenario::shape::Object {
                name: $name,
                about: concat!($($doc),+),
                entries: &[$($($shared.entry,)+)? $($field.entry,)* $($($last.entry,)+)?],
                gone: &[$($($gone),+)?],
            };
        }
    };
}

pub(crate) use {fields, key_type, object};
