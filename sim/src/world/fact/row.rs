//! The declaration of facts: one row for each, from which everything is derived but its sentence, its route and the place
//! where it is recorded.
//!
//! ```text
//! /// A batch began; in zone 0 where it is not held to one zone.
//! 122 "batchStarted" BatchStarted { set: SetId => subject, batch: u32, size: u32, zone: u8, surge: bool }
//!     in Rollout Stage "step" Work;
//! ```
//!
//! That is its number, which is never used again; its name in tables; its variant with typed fields; and, if it shows among
//! the lanes of events, the lane, what it does there, the stem that its bar has in common with what closes it, and its tone,
//! which may be worked out from the fields.
//!
//! A field goes into the digest, and readers see it under its own name, unless `=>` says otherwise:
//!
//! - `subject`: the fact is about this; `(expression)`: about that;
//! - `"name"`: under this name;
//! - `_`: not at all;
//! - `derived`: not at all, and it does not go into the digest either, since it follows from what does: the rule of the record,
//!   or what was recorded before. It is there so that readers need not work it out;
//! - `["name" = expression, …]`: as these; `[subject, …]` if it is the subject besides;
//! - `{expression}`: as what this gives, which may depend on other fields.
//!
//! What is about no such thing has `for "name"`, or is about the run.

/// What all facts of one row have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactKind {
    /// Its number in the digest.
    pub number: u16,
    /// Its name in tables.
    pub name: &'static str,
    /// Its variant.
    pub variant: &'static str,
}

/// Whether no number and no name is that of two kinds.
pub(super) const fn are_unique(all: &[(&str, &[FactKind])]) -> bool {
    let mut room = 0;
    while room < all.len() {
        let mut at = 0;
        while at < all[room].1.len() {
            // The same kind itself is one; a second is one too many.
            if count(all, &all[room].1[at]) > 1 {
                return false;
            }
            at += 1;
        }
        room += 1;
    }
    true
}

/// Whether nobody took a number that was given up.
pub(super) const fn are_retired(all: &[(&str, &[FactKind])], numbers: &[u16]) -> bool {
    let mut at = 0;
    while at < numbers.len() {
        if count(all, &FactKind { number: numbers[at], name: "", variant: "" }) > 0 {
            return false;
        }
        at += 1;
    }
    true
}

/// How many kinds have the number or the name of this one.
const fn count(all: &[(&str, &[FactKind])], of: &FactKind) -> u32 {
    let (mut room, mut found) = (0, 0);
    while room < all.len() {
        let mut at = 0;
        while at < all[room].1.len() {
            let kind = &all[room].1[at];
            found += (kind.number == of.number || is_same(kind.name.as_bytes(), of.name.as_bytes())) as u32;
            at += 1;
        }
        room += 1;
    }
    found
}

/// Whether two texts are the same, while the program is compiled.
const fn is_same(a: &[u8], b: &[u8]) -> bool {
    // Names differ in their length or towards their end more often than at their beginning.
    let mut left = a.len();
    while left > 0 && a.len() == b.len() && a[left - 1] == b[left - 1] {
        left -= 1;
    }
    a.len() == b.len() && left == 0
}

/// Declares the facts of a room, as the head of this file says.
macro_rules! facts {
    (
        $(#[doc = $about:literal])+
        $fact:ident:
        $(
            $(#[doc = $doc:literal])+
            $number:literal $name:literal $variant:ident $(for $fixed:literal)?
            $({ $($field:ident: $type:ty $(=> $how:tt)?),* $(,)? })?
            $(in $lane:ident $part:ident $stem:literal $tone:expr)?;
        )+
        $(rooms { $($(#[doc = $of:literal])+ $room:ident($inner:ident),)+ })?
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the fields are ids and values that their names and types explain")]
        pub enum $fact {
            $($(#[doc = $doc])+ $variant $({ $($field: $type),* })?,)+
            $($($(#[doc = $of])+ $room($inner),)+)?
        }

        #[allow(unused_variables, unused_mut, reason = "a row names the fields that it has a use for, or has none")]
        impl $fact {
            /// The kinds of facts that are declared here.
            pub const KINDS: &'static [$crate::world::fact::FactKind] = &[$(
                $crate::world::fact::FactKind { number: $number, name: $name, variant: stringify!($variant) },
            )+];

            /// What it has in common with others of its row.
            #[must_use]
            pub const fn kind(&self) -> &'static $crate::world::fact::FactKind {
                match self {
                    $(Self::$variant { .. } => {
                        &$crate::world::fact::FactKind { number: $number, name: $name, variant: stringify!($variant) }
                    })+
                    $($(Self::$room(fact) => fact.kind(),)+)?
                }
            }

            /// Takes it into the digest, behind the entry that it followed from. Each arm begins and ends its own words, so that
            /// where a field comes to be is a constant.
            #[inline]
            pub(super) fn hash_into(
                &self,
                digest: &mut $crate::engine::digest::Digest,
                cause: $crate::world::ids::Entry,
            ) {
                use $crate::world::fact::field::{Pack, Packed};
                match *self {
                    $(Self::$variant $({ $($field),* })? => {
                        const NUMBER: u16 = $number;
                        let mut pack = Pack::new(digest, cause, NUMBER);
                        $($($crate::world::fact::row::packed!(pack, $field $(, $how)?);)*)?
                        pack.end();
                    })+
                    $($(Self::$room(ref fact) => fact.hash_into(digest, cause),)+)?
                }
            }

            /// What it says besides what it is about.
            #[must_use]
            pub fn fields(&self) -> $crate::world::fact::Fields {
                let mut fields = $crate::world::fact::Fields::new();
                match *self {
                    $(Self::$variant $({ $($field),* })? => {
                        $($($crate::world::fact::row::shown!(fields, $field $(, $how)?);)*)?
                    })+
                    $($(Self::$room(ref fact) => return fact.fields(),)+)?
                }
                fields
            }

            /// What it is about; `None` for the run.
            #[must_use]
            pub fn subject(&self) -> Option<$crate::world::fact::Field> {
                match *self {
                    $(Self::$variant $({ $($field),* })? => {
                        None::<$crate::world::fact::Field>
                            $(.or(Some($crate::world::fact::Field::Word($fixed))))?
                            $($(.or($crate::world::fact::row::subject!(into, $field $(, $how)?)))*)?
                    })+
                    $($(Self::$room(ref fact) => fact.subject(),)+)?
                }
            }

            /// The instance it is about, if it is about one.
            #[must_use]
            #[inline]
            pub fn instance(&self) -> Option<$crate::world::ids::InstanceId> {
                match *self {
                    $(Self::$variant $({ $($field),* })? => {
                        None::<$crate::world::ids::InstanceId>
                            $($(.or($crate::world::fact::row::subject!(instance, $field $(, $how)?)))*)?
                    })+
                    $($(Self::$room(ref fact) => fact.instance(),)+)?
                }
            }

            /// Its place among the lanes of events, if it has one.
            #[must_use]
            pub fn place(&self) -> Option<$crate::world::fact::LanePlace> {
                #[allow(unused_imports, reason = "a room may have no fact in a lane, or not in all tones")]
                use $crate::world::fact::lane::{FactLane, LanePart, LanePlace, LaneTone::{self, Act, Bad, Good, Wait, Work}};
                match *self {
                    $(Self::$variant $({ $($field),* })? => {
                        None::<LanePlace>$(.or(Some(LanePlace {
                            lane: FactLane::$lane,
                            part: LanePart::$part,
                            stem: $stem,
                            tone: $tone,
                        })))?
                    })+
                    $($(Self::$room(ref fact) => fact.place(),)+)?
                }
            }

            /// The kinds of facts that are declared here and in the rooms.
            pub const ROOMS: &'static [(&'static str, &'static [$crate::world::fact::FactKind])] =
                &[("", Self::KINDS) $($(, (stringify!($room), $inner::KINDS))+)?];
        }
    };
}

/// What readers see of a field.
macro_rules! shown {
    ($fields:ident, $field:ident) => {
        $crate::world::fact::field::Shown::show($field, stringify!($field), &mut $fields)
    };
    ($fields:ident, $field:ident, $name:literal) => {
        $crate::world::fact::field::Shown::show($field, $name, &mut $fields)
    };
    ($fields:ident, $field:ident, [subject $(, $name:literal = $value:expr)*]) => {
        $fields.extend([$(($name, $value)),*])
    };
    ($fields:ident, $field:ident, [$($name:literal = $value:expr),+]) => {
        $fields.extend([$(($name, $value)),+])
    };
    ($fields:ident, $field:ident, { $value:expr }) => {
        $fields.extend($value)
    };
    ($fields:ident, $field:ident, subject) => {};
    ($fields:ident, $field:ident, ($value:expr)) => {};
    ($fields:ident, $field:ident, _) => {};
    ($fields:ident, $field:ident, derived) => {};
}

/// Takes a field into the digest.
macro_rules! packed {
    ($into:ident, $field:ident, derived) => {};
    ($into:ident, $field:ident $(, $how:tt)?) => {
        $field.pack(&mut $into)
    };
}

/// The subject, if a field is it.
macro_rules! subject {
    (into, $field:ident, subject) => {
        Some($field.into())
    };
    (into, $field:ident, [subject $($rest:tt)*]) => {
        Some($field.into())
    };
    (into, $field:ident, ($value:expr)) => {
        Some($value)
    };
    (instance, $field:ident, subject) => {
        $crate::world::fact::field::Subject::instance(&$field)
    };
    ($what:ident, $field:ident $(, $how:tt)?) => {
        None
    };
}

pub(super) use {facts, packed, shown, subject};
