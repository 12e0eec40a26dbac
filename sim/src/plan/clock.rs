//! The civil time of a scenario, and what people noted in it. Nothing follows from either.

use crate::engine::time::SimTime;

/// How the civil time of a scenario is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// The scenario does not say when it starts: it has lengths of time since its start alone.
    #[default]
    NotGiven,
    /// So many seconds ahead of UTC, the whole year.
    Offset(i32),
    /// As a time zone says.
    Rules {
        /// Its name, as Azure writes it: `W. Europe Standard Time`.
        name: String,
        /// Its rules, as POSIX writes them: `CET-1CEST,M3.5.0,M10.5.0/3`.
        rules: String,
    },
}

crate::words! {
    /// What a note is of.
    pub enum NoteKind {
        /// Something was noted.
        Note => "note",
        /// A monitor raised an alarm.
        Alarm => "alarm",
        /// Somebody was called out.
        Page => "page",
        /// People spoke with each other.
        Call => "call",
        /// Something was said to users, or by them.
        Message => "message",
        /// Somebody found something out.
        Finding => "finding",
        /// Something was decided.
        Decision => "decision",
        /// Somebody did something that the scenario does not have.
        Act => "act",
        /// It was said to be over.
        AllClear => "allClear",
    }
}

impl NoteKind {
    /// What it is called where people read it.
    #[must_use]
    pub const fn shown(self) -> &'static str {
        match self {
            Self::AllClear => "all clear",
            other => other.word(),
        }
    }
}

/// What people noted at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its name, by which other instants name it.
    pub name: String,
    /// When.
    pub at: SimTime,
    /// Of what kind.
    pub kind: NoteKind,
    /// What was noted.
    pub text: String,
}
