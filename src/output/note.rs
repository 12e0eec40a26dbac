//! What the numbers of a run or a comparison lean on, and what is wrong with them.

use std::fmt;

/// One of them, a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The assumptions that were used. A terminal leaves it out of the short form.
    AssumptionsUsed(Vec<&'static str>),
    /// Whatever else there is to say.
    Text(String),
}

impl Note {
    /// The assumptions that were used, where there are any.
    #[must_use]
    pub fn assumptions_used(keys: Vec<&'static str>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self::AssumptionsUsed(keys))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AssumptionsUsed(keys) => {
                write!(f, "assumptions used: {} (windtunnel assumptions KEY says more)", keys.join(", "))
            }
            Self::Text(text) => f.write_str(text),
        }
    }
}
