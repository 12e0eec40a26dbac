//! The rulebook and the assumptions as data.
//!
//! A *rule* is something Azure documents (or something that follows from what it documents): it has an id, a statement
//! in our words, a source, how far the source may be trusted, and how far this program follows it. An *assumption* is
//! a number or a choice that Azure does not publish: it has a key by which a scenario may override it, a default, a
//! range and a reason. One file an area holds the rows; this file holds the types and the look-ups.

mod app_health;
mod assumption_delivery;
mod assumption_machine;
mod assumption_names;
mod assumption_recorded;
mod assumption_spec;
mod assumption_table;
pub mod assumptions;
mod autoscale;
mod figures;
mod gateways;
mod images;
mod lifecycle;
mod load_balancer;
mod orchestration;
mod os_upgrade;
mod own;
mod pipelines;
mod placement;
mod protection;
pub mod published;
mod repairs;
mod sources;
mod spot;
mod table;
#[cfg(test)]
mod tests;
mod upgrades;
mod vip_swap;

pub use assumptions::{A, ASSUMPTIONS, Assumption, Assumptions, Range, RangeError, Used, Value, choice, key};
pub use sources::{SOURCES, Source, source};
pub use table::RULES;

use std::num::NonZeroU16;

// A rule is cited by its constant: `rules::LB_05`.
pub use {
    app_health::*, autoscale::*, figures::*, gateways::*, images::*, lifecycle::*, load_balancer::*, orchestration::*,
    os_upgrade::*, own::*, pipelines::*, placement::*, protection::*, repairs::*, spot::*, upgrades::*, vip_swap::*,
};

/// The id of a rule: two or three letters for the area and a number, `LB-05`.
///
/// Packed into 16 bits, so that a fact can carry one and a set of them is a small table of bits. The packing is part of
/// the digest, so an area keeps its number for ever; new areas are added at the end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(NonZeroU16);

macro_rules! areas {
    ($($area:ident = $number:literal, $title:literal;)+) => {
        /// The areas of the rulebook, by the letters that are before the number of a rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Area { $(#[doc = $title] $area = $number),+ }

        impl Area {
            /// Every area, in the order of its number.
            pub const ALL: &'static [Self] = &[$(Self::$area),+];

            /// The letters, as they stand in an id.
            #[must_use]
            pub const fn letters(self) -> &'static str {
                match self { $(Self::$area => stringify!($area)),+ }
            }

            /// What the area is about.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$area => $title),+ }
            }
        }
    };
}

areas! {
    OR = 1, "Orchestration modes and limits";
    FD = 2, "Fault domains";
    PG = 3, "Placement groups";
    ZN = 4, "Zones and zone balance";
    SI = 5, "Scale-in policy";
    OP = 6, "Overprovisioning";
    UM = 7, "Upgrade modes and triggers";
    RU = 8, "Rolling upgrades";
    MS = 9, "Rolling upgrades with maxSurge";
    RS = 10, "Status, cancel and restart of upgrades";
    IX = 11, "Upgrades meeting other controllers";
    OS = 12, "Automatic OS image upgrade";
    HD = 13, "Application Health extension";
    AR = 14, "Automatic instance repairs";
    IP = 15, "Instance protection";
    TN = 16, "Terminate notification and scheduled events";
    SB = 17, "Standby pools";
    LC = 18, "Creation, states and timings of instances";
    AL = 19, "Allocation and quota errors";
    MT = 20, "Platform maintenance, faults and SLA";
    LB = 21, "Azure Load Balancer (Standard)";
    AG = 22, "Application Gateway";
    TM = 23, "Traffic Manager";
    AFD = 24, "Azure Front Door";
    VS = 25, "VIP swap";
    AS = 26, "Azure Monitor autoscale";
    PA = 27, "Predictive autoscale";
    SP = 28, "Spot virtual machines";
    SE = 29, "Scheduled Events";
    GA = 30, "Azure Compute Gallery";
    IB = 31, "Image Builder";
    EX = 32, "Extensions and set-up inside the guest";
    OC = 33, "Octopus Deploy";
    DO = 34, "Azure DevOps: agent pools and environments";
    IN = 35, "The stale-image incident";
    DI = 36, "Published distributions and durations";
    CO = 37, "Billed quantities";
    WT = 38, "Windtunnel's own mechanisms";
}

impl Area {
    /// Reads the letters of an area, in either case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|area| area.letters().eq_ignore_ascii_case(text.trim()))
    }

    /// The rules of the area, sorted by number.
    #[must_use]
    pub fn rules(self) -> &'static [Rule] {
        let start = RULES.partition_point(|rule| rule.id.packed() >> 8 < self as u16);
        let end = RULES.partition_point(|rule| rule.id.packed() >> 8 <= self as u16);
        &RULES[start..end]
    }
}

impl RuleId {
    /// The rule `number` of `area`.
    #[must_use]
    pub const fn new(area: Area, number: u8) -> Self {
        // Areas are numbered from 1.
        Self(NonZeroU16::new(((area as u16) << 8) | number as u16).expect("an area has a number"))
    }

    /// The rule whose constant has this name: letters of an area, `_` and two digits.
    #[must_use]
    pub(crate) const fn named(name: &str) -> Self {
        let name = name.as_bytes();
        let (letters, digits) = name.split_at(name.len() - 3);
        let mut at = 0;
        while !letters.eq_ignore_ascii_case(Area::ALL[at].letters().as_bytes()) {
            at += 1;
        }
        assert!(
            digits[0] == b'_' && digits[1].is_ascii_digit() && digits[2].is_ascii_digit(),
            "a rule is named `LB_05`"
        );
        Self::new(Area::ALL[at], (digits[1] - b'0') * 10 + digits[2] - b'0')
    }

    /// The packed form, which the digest of a run hashes.
    #[must_use]
    pub const fn packed(self) -> u16 {
        self.0.get()
    }

    /// The area the rule belongs to.
    #[must_use]
    pub fn area(self) -> Area {
        let number = (self.packed() >> 8) as usize;
        Area::ALL[number - 1]
    }

    /// The number within the area.
    #[must_use]
    pub const fn number(self) -> u8 {
        (self.packed() & 0xff) as u8
    }

    /// Reads `LB-05`, `lb-5` or `LB05`; `None` where no such area exists.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let letters = text.len() - text.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (letters, rest) = text.split_at(letters);
        let number = rest.trim_start_matches('-').parse::<u8>().ok()?;
        Some(Self::new(Area::parse(letters)?, number))
    }

    /// The id as it is written, `LB-05`; that of a rule that is not in the rulebook is empty.
    #[must_use]
    pub fn word(self) -> &'static str {
        static WORDS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
        let words = WORDS.get_or_init(|| RULES.iter().map(|rule| rule.id.to_string()).collect());
        RULES.binary_search_by_key(&self, |rule| rule.id).map_or("", |at| &words[at])
    }

    /// The row of the rulebook, `None` where the area has no such number.
    #[must_use]
    pub fn rule(self) -> Option<&'static Rule> {
        RULES.binary_search_by_key(&self, |rule| rule.id).ok().map(|at| &RULES[at])
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
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The id, `LB-05`.
    pub id: RuleId,
    /// What the platform does, in our words.
    pub statement: &'static str,
    /// The keys of the sources, and the ids of the rules it follows from: `LBp, LB-16`. [`Rule::sources`] gives the pages.
    pub source: &'static str,
    /// How far the source may be trusted.
    pub confidence: Confidence,
    /// How far this program follows the rule.
    pub status: Status,
    /// The tests that hold the rule; a test fails when a rule that is not absent names none.
    pub tests: &'static [&'static str],
}

impl Rule {
    /// The sources with their titles; a row that follows from other rules names those in [`Rule::source`] alone.
    pub fn sources(&self) -> impl Iterator<Item = &'static Source> {
        self.source.split(", ").filter_map(source)
    }

    /// The rules that this one follows from.
    pub fn premises(&self) -> impl Iterator<Item = RuleId> {
        self.source.split(", ").filter_map(RuleId::parse).filter(|id| id.rule().is_some())
    }
}

/// How far the source of a rule may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Read in the named source.
    Documented,
    /// Read in the named source, and another source says otherwise.
    Contradicted,
    /// Read in the named source but for a part, mostly the last, that follows from it or from a field report.
    PartlyInferred,
    /// Seen in recordings of the platform, whose dates and number the row states; where a document says otherwise, it stays
    /// as the other value of an assumption.
    Recorded,
    /// Follows from what is documented or from published source code; nobody states it.
    Inferred,
    /// Looked for and not found: the behaviour is an assumption.
    NotDocumented,
    /// Known from memory; the page was not read again.
    Unverified,
}

impl Confidence {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Contradicted => "contradicted",
            Self::PartlyInferred => "partly inferred",
            Self::Recorded => "recorded",
            Self::Inferred => "inferred",
            Self::NotDocumented => "not documented",
            Self::Unverified => "unverified",
        }
    }
}

/// How far this program follows a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As stated.
    Exact,
    /// Followed, but for the deviation that is named.
    Approximated(&'static str),
    /// Not modelled, for the reason that is named; an empty one is still to be written.
    Absent(&'static str),
}

impl Status {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Approximated(_) => "approximated",
            Self::Absent(_) => "absent",
        }
    }

    /// How the program deviates from the rule, `None` where it does not or where it has no such rule.
    #[must_use]
    pub const fn deviation(self) -> Option<&'static str> {
        match self {
            Self::Approximated(deviation) => Some(deviation),
            Self::Exact | Self::Absent(_) => None,
        }
    }

    /// Why the rule is not modelled, `None` where it is and where no reason is written.
    #[must_use]
    pub const fn absence(self) -> Option<&'static str> {
        match self {
            Self::Absent(reason) if !reason.is_empty() => Some(reason),
            Self::Exact | Self::Approximated(_) | Self::Absent(_) => None,
        }
    }
}

/// Which rules are switched on: all of them, but in the tests that show that a rule matters.
///
/// Only a build that is tested can switch one off: one with debug assertions, or with the feature `proofs`. In any other
/// [`RuleSet::on`] is constant, so that what a world without a rule would do is not even compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    #[cfg(any(debug_assertions, feature = "proofs"))]
    off: Option<RuleId>,
}

impl RuleSet {
    /// Every rule is on.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            #[cfg(any(debug_assertions, feature = "proofs"))]
            off: None,
        }
    }

    /// Every rule is on but `rule`.
    #[cfg(any(debug_assertions, feature = "proofs"))]
    #[must_use]
    pub const fn without(rule: RuleId) -> Self {
        Self { off: Some(rule) }
    }

    /// Whether `rule` is on.
    #[cfg(any(debug_assertions, feature = "proofs"))]
    #[inline]
    #[must_use]
    pub fn on(&self, rule: RuleId) -> bool {
        self.off != Some(rule)
    }

    /// Whether `rule` is on: it is.
    #[cfg(not(any(debug_assertions, feature = "proofs")))]
    #[inline]
    #[must_use]
    pub const fn on(&self, _: RuleId) -> bool {
        true
    }
}
