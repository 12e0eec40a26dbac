//! What `lint` found, for people and for programs.

pub(crate) mod human;
pub(crate) mod json;
pub(crate) mod sarif;

use crate::input::lint::allow::Allowed;
use crate::input::lint::{Finding, paste};
use crate::input::{Problems, Severity};
use crate::output::annotations::{self, Annotation, Place, workspace};
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

impl Shown<'_> {
    /// It, as it is said at its line.
    pub fn annotation(&self) -> Annotation {
        let of = self.finding;
        let file = of.span.as_ref().map_or("", |span| span.source.name.as_str());
        Annotation {
            severity: of.severity,
            place: of.span.as_ref().map(Place::from),
            code: of.row.code,
            title: format!("{} {}", of.row.code, of.row.name),
            message: self.message(),
            // Code, rule, file, resource.
            identity: format!("{}\0{}\0{file}\0{}", of.row.code, of.rule, of.resource),
        }
    }

    /// What is so, why that matters, and the fix.
    fn message(&self) -> String {
        let of = self.finding;
        let mut text = format!("{}: {}\n{}", of.resource, of.what, of.reason());
        match (&of.fix, &of.help) {
            (Some(fix), _) => text += &format!("\nfix: {}", paste::flow(fix)),
            (None, Some(help)) => text += &format!("\n{help}"),
            (None, None) => {}
        }
        if let Some(Ok(proof)) = &self.proof {
            text += &format!("\n{}", proof.sentence());
        }
        text
    }
}

/// Workflow commands of GitHub.
pub(crate) fn github(outcome: &Outcome<'_>) -> String {
    let annotations: Vec<Annotation> = outcome.open().map(Shown::annotation).collect();
    let mut text = annotations::github::commands(&annotations, None, workspace().as_deref());
    for allowed in &outcome.unmet {
        text += &format!("::notice title=windtunnel::{}\n", annotations::github::data(&unmet(allowed)));
    }
    text
}

/// Logging commands of Azure Pipelines.
pub(crate) fn azure(outcome: &Outcome<'_>) -> String {
    let annotations: Vec<Annotation> = outcome.open().map(Shown::annotation).collect();
    let unmet = outcome.unmet.iter().map(|allowed| annotations::azure::note(&unmet(allowed)));
    annotations::azure::issues(&annotations, workspace().as_deref()) + &unmet.collect::<String>()
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
