//! The rulebook and the assumptions as data.
//!
//! A *rule* is something Azure documents (or something that follows from what it documents): it has an id, a statement
//! in our words, a source, how far the source may be trusted, and how far this program follows it. An *assumption* is
//! a number or a choice that Azure does not publish: it has a key by which a scenario may override it, a default, a
//! range and a reason. One file an area holds the rows; this file holds the types and the look-ups.

pub mod assumptions;
mod table;

pub use assumptions::{A, Assumption, Assumptions, Value};
pub use table::RULES;

/// The id of a rule: two or three letters for the area and a number, `LB-05`.
///
/// Packed into 16 bits, so that a fact can carry one and a set of them is a small table of bits. The packing is part of
/// the digest, so an area keeps its number for ever; new areas are added at the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(u16);

macro_rules! areas {
    ($($area:ident = $number:literal),+ $(,)?) => {
        /// The areas of the rulebook, by the letters that stand before the number of a rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(clippy::upper_case_acronyms, reason = "the letters of the rulebook")]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the letters are explained by the title of the area")]
        pub enum Area { $($area = $number),+ }

        impl Area {
            /// Every area, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$area),+];

            /// The letters, as they stand in an id.
            #[must_use]
            pub const fn letters(self) -> &'static str {
                match self { $(Self::$area => stringify!($area)),+ }
            }
        }
    };
}

areas! {
    OR = 1, FD = 2, PG = 3, ZN = 4, SI = 5, OP = 6, UM = 7, RU = 8, MS = 9, RS = 10, IX = 11, OS = 12, HD = 13,
    AR = 14, IP = 15, TN = 16, SB = 17, LC = 18, AL = 19, MT = 20, LB = 21, AG = 22, TM = 23, AFD = 24, VS = 25,
    AS = 26, PA = 27, SP = 28, SE = 29, GA = 30, IB = 31, EX = 32, OC = 33, DO = 34, IN = 35, DI = 36, CO = 37,
    WT = 38,
}

impl RuleId {
    /// The rule `number` of `area`.
    #[must_use]
    pub const fn new(area: Area, number: u8) -> Self {
        Self(((area as u16) << 8) | number as u16)
    }

    /// The packed form, which the digest of a run hashes.
    #[must_use]
    pub const fn packed(self) -> u16 {
        self.0
    }

    /// The area the rule belongs to.
    #[must_use]
    pub fn area(self) -> Area {
        let number = (self.0 >> 8) as usize;
        Area::ALL[number - 1]
    }

    /// The number within the area.
    #[must_use]
    pub const fn number(self) -> u8 {
        (self.0 & 0xff) as u8
    }

    /// Reads `LB-05`, `lb-5` or `LB05`; `None` where no such area exists.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (letters, rest) = text.split_at(digits);
        let number = rest.trim_start_matches('-').parse::<u8>().ok()?;
        let area = Area::ALL.iter().find(|area| area.letters().eq_ignore_ascii_case(letters))?;
        Some(Self::new(*area, number))
    }

    /// The row of the rulebook, `None` where the area has no such number.
    #[must_use]
    pub fn rule(self) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.id == self)
    }
}

impl std::fmt::Display for RuleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&format!("{}-{:02}", self.area().letters(), self.number()))
    }
}

impl std::fmt::Debug for RuleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// One row of the rulebook.
#[derive(Debug)]
pub struct Rule {
    /// The id, `LB-05`.
    pub id: RuleId,
    /// What the platform does, in our words.
    pub statement: &'static str,
    /// The key of the source; [`source`] gives the page.
    pub source: &'static str,
    /// How far the source may be trusted.
    pub confidence: Confidence,
    /// How far this program follows the rule.
    pub status: Status,
    /// The tests that hold the rule; a test fails when a rule that is not absent names none.
    pub tests: &'static [&'static str],
}

/// How far the source of a rule may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Read in the named source.
    Documented,
    /// Read in the named source, and another source says otherwise.
    Contradicted,
    /// Follows from what is documented or from published source code; nobody states it.
    Inferred,
    /// Looked for and not found: the behaviour is an assumption.
    NotDocumented,
    /// Known from memory; the page was not read again.
    Unverified,
}

/// How far this program follows a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As stated.
    Exact,
    /// Followed, but for the deviation that is named.
    Approximated(&'static str),
    /// Not modelled.
    Absent,
}

/// Which rules are switched on. All of them are, but in the tests that show that a rule matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    off: Vec<RuleId>,
    any_off: bool,
}

impl RuleSet {
    /// Every rule is on.
    #[must_use]
    pub const fn all() -> Self {
        Self { off: Vec::new(), any_off: false }
    }

    /// Every rule is on but `rule`.
    #[must_use]
    pub fn without(rule: RuleId) -> Self {
        Self { off: vec![rule], any_off: true }
    }

    /// Whether `rule` is on.
    #[inline]
    #[must_use]
    pub fn on(&self, rule: RuleId) -> bool {
        !self.any_off || !self.off.contains(&rule)
    }
}
