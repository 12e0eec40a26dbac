//! What `lint` found, for people and for programs.

pub(crate) mod azure;
pub(crate) mod github;
pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod sarif;

use crate::input::lint::Finding;
use crate::input::lint::allow::Allowed;
use crate::input::{Problems, Severity};
use crate::output::proof::Proof;
use windtunnel_words::number::count;

/// A finding, who lets it stand, and what its proof came to.
pub(crate) struct Shown<'f> {
    /// The finding.
    pub finding: &'f Finding,
    /// The suppression that meets it.
    pub allowed: Option<&'f Allowed>,
    /// What the simulator shows of it, or why it does not.
    pub proof: Option<Result<Proof, String>>,
}

/// One call of `lint`.
pub(crate) struct Outcome<'f> {
    /// Every finding, in the order of the files.
    pub findings: Vec<Shown<'f>>,
    /// Suppressions that no finding meets.
    pub unmet: Vec<&'f Allowed>,
    /// How many scale sets there are.
    pub sets: usize,
    /// What is said of the files themselves.
    pub problems: &'f Problems,
}

impl Outcome<'_> {
    /// Those that nobody lets stand.
    pub fn open(&self) -> impl Iterator<Item = &Shown<'_>> {
        self.findings.iter().filter(|one| one.allowed.is_none())
    }

    /// `3 findings: 1 error, 2 warnings; 1 more is allowed`.
    pub fn closing(&self) -> String {
        let of = |severity| self.open().filter(|one| one.finding.severity == severity).count();
        let words = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
        let parts: Vec<String> = words
            .into_iter()
            .map(|(of_kind, word)| (of(of_kind), word))
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| count(n, word))
            .collect();
        let sets = count(self.sets, "scale set");
        let mut text = match self.open().count() {
            0 => format!("{sets}, no findings"),
            n => format!("{sets}, {}: {}", count(n, "finding"), parts.join(", ")),
        };
        let allowed = self.findings.len() - self.open().count();
        if allowed > 0 {
            text += &format!("; {allowed} more allowed");
        }
        text
    }
}

/// What is said of a suppression that no finding meets.
pub(crate) fn unmet(allowed: &Allowed) -> String {
    format!("nothing is found that `{}` lets stand; remove it", allowed.text)
}
