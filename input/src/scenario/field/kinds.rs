//! The kinds of values that keys have, and which of them have defaults.

use super::{Assumes, Preset, Presets, Reads};
use crate::quantity;
use crate::scenario::shape::{DefaultValue, Kind};
use crate::tree::Node;
use std::marker::PhantomData;
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::Word;
use windtunnel_words::instant::Instant;

/// Makes the plain kinds of values: what each is for the check, the schema and the page, what it is to a reader, and how it is read.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $Name:ident = $kind:expr, $Value:ty, |$node:ident| $of:expr;)+) => {$(
        $(#[$doc])+
        #[derive(Debug)]
        pub struct $Name;

        impl Reads for $Name {
            const KIND: Kind = $kind;
            type Value<'n> = $Value;

            fn of($node: &Node) -> Option<Self::Value<'_>> {
                $of
            }
        }
    )+};
}

kinds! {
    /// `true` or `false`.
    Flag = Kind::Bool, bool, |node| match node.text()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    /// Any text.
    Text = Kind::Text, &'n str, |node| node.text();
    /// A list of texts.
    Texts = Kind::List(&Kind::Text), &'n [Node], |node| Some(node.items());
    /// A list of texts, one at least.
    SomeTexts = Kind::NonEmpty(&Kind::Text), &'n [Node], |node| Some(node.items()).filter(|items| !items.is_empty());
    /// A share, 0 to 1.
    Share = Kind::Percent(0.0, 100.0), f64, |node| quantity::percent(node.text()?).ok();
    /// A share above 0 and below 1.
    OpenShare = Kind::OpenShare, f64, |node| Share::of(node).filter(|share| *share > 0.0 && *share < 1.0);
    /// A share that may exceed the whole.
    AnyShare = Kind::Percent(0.0, f64::INFINITY), f64, |node| Share::of(node);
    /// Requests a second.
    Rate = Kind::Rate, f64, |node| quantity::rate(node.text()?).ok();
    /// Requests a second, more than none.
    SomeRate = Kind::SomeRate, f64, |node| Rate::of(node).filter(|rate| *rate > 0.0);
    /// A length of time.
    Time = Kind::Duration, SimDuration, |node| quantity::duration(node.text()?).ok();
    /// A length of time above zero.
    SomeTime = Kind::SomeTime, SimDuration, |node| Time::of(node).filter(|time| *time > SimDuration::ZERO);
    /// An instant of the run, as so long after the start: what [`instants`](crate::scenario::instants) has made of what was written.
    Moment = Kind::Moment, SimDuration, |node| quantity::duration(node.text()?).ok();
    /// The same after the start.
    SomeMoment = Kind::SomeMoment, SimDuration, |node| Moment::of(node).filter(|at| *at > SimDuration::ZERO);
    /// An instant of the run as it is written, where it means another one under each policy.
    Named = Kind::Moment, Instant, |node| Instant::parse(node.text()?).ok();
    /// An instant, in milliseconds since 1970.
    Timestamp = Kind::Timestamp, i64, |node| quantity::timestamp(node.text()?).ok();
}

/// One of the words of a choice.
#[derive(Debug)]
pub struct Words<W>(PhantomData<W>);

impl<W: Word> Reads for Words<W> {
    const KIND: Kind = Kind::Word(W::WORDS);
    type Value<'n> = W;

    fn of(node: &Node) -> Option<W> {
        W::named(node.text()?)
    }
}

/// A list of words of a choice.
#[derive(Debug)]
pub struct WordList<W>(PhantomData<W>);

impl<W: Word> Reads for WordList<W> {
    const KIND: Kind = Kind::List(&Kind::Word(W::WORDS));
    type Value<'n> = Vec<W>;

    fn of(node: &Node) -> Option<Vec<W>> {
        Some(node.items().iter().filter_map(Words::of).collect())
    }
}

/// A whole number from one to another.
#[derive(Debug)]
pub struct Whole<T, const MIN: i64, const MAX: i64>(PhantomData<T>);

impl<T: TryFrom<i64>, const MIN: i64, const MAX: i64> Reads for Whole<T, MIN, MAX> {
    const KIND: Kind = Kind::Integer(MIN, MAX);
    type Value<'n> = T;

    fn of(node: &Node) -> Option<T> {
        let value = quantity::integer(node.text()?)?;
        T::try_from(value).ok().filter(|_| (MIN..=MAX).contains(&value))
    }
}

/// A number from one to another.
#[derive(Debug)]
pub struct Number<const MIN: i64, const MAX: i64>;

impl<const MIN: i64, const MAX: i64> Reads for Number<MIN, MAX> {
    const KIND: Kind = Kind::Number(MIN as f64, MAX as f64);
    type Value<'n> = f64;

    fn of(node: &Node) -> Option<f64> {
        quantity::number_of(node.text()?)
    }
}

/// What has the default that a reader takes.
macro_rules! presets {
    ($($type:ty, $held:ty, $variant:ident;)+) => {
        $(
            impl Presets for $type {
                type Held = $held;

                fn preset<'n>(held: $held) -> Self::Value<'n> {
                    held
                }
            }

            impl Preset<$type> {
                /// A key that has this value where it is absent.
                pub const fn default(key: &'static str, value: $held, doc: &'static str) -> Self {
                    Self::of(key, DefaultValue::$variant(value), value, doc)
                }
            }
        )+
    };
}

presets! {
    Flag, bool, Flag;
    Text, &'static str, Text;
    Share, f64, Share;
    OpenShare, f64, Share;
    Time, SimDuration, Time;
    SomeTime, SimDuration, Time;
    Moment, SimDuration, Time;
}

impl Presets for Texts {
    type Held = ();

    fn preset<'n>((): ()) -> Self::Value<'n> {
        &[]
    }
}

impl Preset<Texts> {
    /// A key without which the list is empty.
    pub const fn empty(key: &'static str, doc: &'static str) -> Self {
        Self::of(key, DefaultValue::Words(&[]), (), doc)
    }
}

impl<const MIN: i64, const MAX: i64> Presets for Number<MIN, MAX> {
    type Held = f64;

    fn preset<'n>(held: f64) -> Self::Value<'n> {
        held
    }
}

impl<const MIN: i64, const MAX: i64> Preset<Number<MIN, MAX>> {
    /// A key that has this value where it is absent.
    pub const fn default(key: &'static str, value: f64, doc: &'static str) -> Self {
        Self::of(key, DefaultValue::Number(value), value, doc)
    }
}

impl<T: TryFrom<i64> + Copy + 'static, const MIN: i64, const MAX: i64> Presets for Whole<T, MIN, MAX> {
    type Held = T;

    fn preset<'n>(held: T) -> Self::Value<'n> {
        held
    }
}

/// The defaults of whole numbers, by their types.
macro_rules! whole {
    ($($type:ty)+) => {
        $(
            impl<const MIN: i64, const MAX: i64> Preset<Whole<$type, MIN, MAX>> {
                /// A key that has this value where it is absent.
                pub const fn default(key: &'static str, value: $type, doc: &'static str) -> Self {
                    assert!(MIN <= value as i64 && value as i64 <= MAX, "the default is in the range");
                    Self::of(key, DefaultValue::Whole(value as i64), value, doc)
                }
            }
        )+
    };
}

whole! { u8 u32 u64 }

impl<W: Word> Presets for Words<W> {
    type Held = W;

    fn preset<'n>(held: W) -> Self::Value<'n> {
        held
    }
}

impl<W: Word> Preset<Words<W>> {
    /// A key that has this word where it is absent.
    pub const fn default(key: &'static str, word: &'static str, doc: &'static str) -> Self {
        Self::of(key, DefaultValue::Text(word), W::ALL[place(W::WORDS, word)], doc)
    }
}

impl<W: Word> Presets for WordList<W> {
    type Held = &'static [&'static str];

    fn preset<'n>(held: Self::Held) -> Self::Value<'n> {
        held.iter().filter_map(|word| W::named(word)).collect()
    }
}

impl<W: Word> Preset<WordList<W>> {
    /// A key that has these words where it is absent.
    pub const fn default(key: &'static str, words: &'static [&'static str], doc: &'static str) -> Self {
        let mut at = 0;
        while at < words.len() {
            place(W::WORDS, words[at]);
            at += 1;
        }
        Self::of(key, DefaultValue::Words(words), words, doc)
    }
}

/// The place of a word in a list; one that is not there does not compile.
const fn place(words: &[&str], word: &str) -> usize {
    let mut at = 0;
    while at < words.len() {
        if is_same(words[at].as_bytes(), word.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("the default is one of the words");
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// A random length of time.
#[derive(Debug)]
pub struct Length;

impl Presets for Length {
    type Held = SimDuration;

    fn preset<'n>(held: SimDuration) -> Self::Value<'n> {
        Dist::Constant(held)
    }
}

impl Preset<Length> {
    /// A key that has this length where it is absent.
    pub const fn default(key: &'static str, value: SimDuration, doc: &'static str) -> Self {
        Self::of(key, DefaultValue::Time(value), value, doc)
    }
}

/// What may take an assumption as a reader takes it.
macro_rules! assumes {
    ($($type:ty, $assumption:ty;)+) => {$(
        impl Assumes for $type {
            type Assumption = $assumption;

            fn assumed<'n>(value: $assumption) -> Self::Value<'n> {
                value
            }
        }
    )+};
}

assumes! {
    Length, Dist;
    Time, SimDuration;
    SomeTime, SimDuration;
}

impl<T: TryFrom<i64> + TryFrom<u64>, const MIN: i64, const MAX: i64> Assumes for Whole<T, MIN, MAX> {
    type Assumption = u64;

    fn assumed<'n>(value: u64) -> Self::Value<'n> {
        T::try_from(value).unwrap_or_else(|_| panic!("the range of the assumption is within the type of the key"))
    }
}
