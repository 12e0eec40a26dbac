//! What is dangerous about a fleet as it is, without a scenario: one row a finding, from which all else is derived.
//!
//! A row has its finder, which is pure and reads the resources; the fix as a patch; and the smallest incident that shows the
//! difference. What the simulator cannot show is no row, unless Azure itself refuses it.

pub mod allow;
pub mod fleet;
pub mod incident;
pub mod page;
pub mod paste;
pub mod rows;

use crate::load::LoadOptions;
use crate::patch;
use crate::problem::{Problem, Problems, Severity};
use crate::read;
use crate::scenario::legality::SetFacts;
use crate::tree::{Node, Span};
use fleet::Fleet;
use rows::ROWS;
use serde_json::Value as Json;
use windtunnel_sim::rules::RuleId;

/// A row: one kind of finding.
#[derive(Debug)]
pub struct Row {
    /// `L0201`. Written out, and never given again.
    pub code: &'static str,
    /// Its name, for people who write it: `no-pause`.
    pub name: &'static str,
    /// How bad it is: an error is what Azure refuses.
    pub severity: Severity,
    /// The rule of the rulebook that it rests on.
    pub rule: RuleId,
    /// What the matter is, in one sentence.
    pub statement: &'static str,
    /// The rest of its page: why, and when it may stay.
    pub page: &'static str,
    /// The finder, and the fix.
    pub look: Look,
    /// The smallest incident that shows it.
    pub incident: Incident,
    /// What the fix changes in it.
    pub shows: Shows,
}

/// Where a finder looks.
#[derive(Clone, Copy, Debug)]
pub enum Look {
    /// At what the legality refuses or warns of by the rule of the row; only the fix is made here.
    Said(fn(&Fleet, &SetFacts) -> Option<Json>),
    /// At each scale set.
    Set(fn(&Fleet, &SetFacts) -> Option<Found>),
    /// At each autoscale setting of each set.
    Setting(fn(&Fleet, &SetFacts, &Node) -> Option<Found>),
    /// At each probe by which a balancer chooses among the instances of a set.
    Probe(fn(&Fleet, &Node, &Node) -> Option<Found>),
    /// At each resource of any type.
    Resource(fn(&Fleet, &Node) -> Option<Found>),
    /// At all that the legality says and no other row has.
    Rest,
}

windtunnel_sim::words! {
    /// The smallest incidents.
    pub enum Incident {
        /// There is none: Azure refuses the deployment.
        Refused => "Azure refuses the deployment",
        /// A good version is rolled out.
        GoodRollout => "a good version is rolled out",
        /// A model that only new instances get.
        NewModel => "the model gets a new version, which users need two hours later",
        /// A good version is rolled out while demand is high.
        BusyRollout => "a good version is rolled out while four fifths of the capacity are in use",
        /// The new version cannot reach what it depends on, and says so where it is asked for that.
        BadBake => "a version that cannot reach its dependency is rolled out",
        /// The new version fails after minutes.
        SlowFailure => "a version that fails after four minutes is rolled out",
        /// A good version is rolled out, which takes long to be ready.
        SlowRollout => "a good version is rolled out, and takes 20 minutes to be ready",
        /// One instance is sick when the rollout begins.
        SickBefore => "one instance hangs, and then a good version is rolled out",
        /// A halted rollout, and then other instances fail.
        SickAfter => "a bad version is rolled out and halted, and then other instances hang",
        /// An instance hangs.
        Hangs => "an instance hangs",
        /// The dependency of all is down for minutes.
        Blip => "what the readiness of all instances depends on is down for five minutes",
        /// More instances are added, which take long to be ready.
        SlowStart => "instances are added that take 20 minutes to set themselves up",
        /// Some of those that are added fail to boot.
        FailedBoots => "instances are added, and two of five boots fail",
        /// A zone is lost while demand is high.
        ZoneLost => "a zone is lost, and instances are added to make up for it",
        /// Demand doubles.
        LoadPeak => "demand doubles within five minutes",
        /// Demand falls.
        LoadDip => "demand falls to a fifth for the rest of the day",
        /// Azure takes Spot capacity back.
        SpotWave => "Azure takes all Spot instances of the set back for half an hour",
        /// The price of Spot rises.
        PriceRise => "the price of Spot rises above the limit for an hour",
        /// The region has no quota left.
        NoQuota => "a good version is rolled out while the region has no quota left",
        /// A publisher releases a bad version of an extension.
        BadExtension => "the publisher of an extension releases a version that breaks the application",
        /// A script does not end.
        HungScript => "a version is rolled out on which a set-up script does not end",
        /// Instances register themselves with a server.
        Registered => "the set doubles, and Octopus deploys to every instance that registers itself",
        /// A version is published, and not to the region of the set.
        Unreplicated => "a version is published to the regions of the file",
        /// An image is built of which a step fails.
        BrokenBuild => "a build in which a command fails, and instances that are added afterwards",
        /// A bad version in every region.
        EveryRegion => "a version that cannot reach its dependency is published to all regions",
        /// A region is lost, and users come by a name.
        RegionLost => "all instances of the first region hang for half an hour",
    }
}

windtunnel_sim::words! {
    /// What a fix changes.
    pub enum Shows {
        /// Azure accepts the deployment.
        Accepted => "Azure accepts the deployment",
        /// Fewer requests are harmed.
        Harm => "fewer requests are harmed",
        /// The rollout takes less time, or is not blocked.
        Length => "the rollout ends sooner, or at all",
        /// Fewer failed deployments.
        Deployments => "fewer deployment targets are ghosts",
        /// Fewer instance hours.
        Hours => "fewer instance hours are used",
    }
}

/// What a finder found.
#[derive(Debug)]
pub struct Found {
    /// Where.
    pub span: Span,
    /// What is so, with its values: lower case, no full stop.
    pub what: String,
    /// The fix, as a policy.
    pub fix: Json,
}

impl Found {
    /// At a place.
    #[must_use]
    pub fn new(span: &Span, what: impl Into<String>, fix: Json) -> Self {
        Self { span: span.clone(), what: what.into(), fix }
    }
}

/// A finding about one resource.
#[derive(Debug)]
pub struct Finding {
    /// What kind it is.
    pub row: &'static Row,
    /// How bad it is.
    pub severity: Severity,
    /// The rule by which: that of the row, but for what has no row of its own.
    pub rule: RuleId,
    /// What a policy calls the resource.
    pub resource: String,
    /// The scale set that it concerns, where it is one.
    pub set: Option<String>,
    /// Where it is.
    pub span: Option<Span>,
    /// What is so, with its values.
    pub what: String,
    /// The fix as a policy, where it is a patch of the fleet.
    pub fix: Option<Json>,
    /// What to do where no patch can be given.
    pub help: Option<String>,
}

impl Finding {
    /// The reason it is reported: the row's sentence and the rule.
    #[must_use]
    pub fn reason(&self) -> String {
        format!("{} ({})", self.row.statement.trim_end_matches('.'), self.rule)
    }
}

/// Everything that is found, in the order of the files and places.
#[must_use]
pub fn lint(fleet: &Fleet) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in ROWS.iter().copied() {
        look(row, fleet, &mut found);
    }
    let mut names: Vec<String> = Vec::new();
    for source in fleet.resources.iter().map(|one| &one.span.source.name) {
        if !names.contains(source) {
            names.push(source.clone());
        }
    }
    found.retain(|finding| !finding.span.as_ref().is_some_and(|span| fleet.is_placeholder(span)));
    let place = |finding: &Finding| {
        let at = finding.span.as_ref();
        at.map(|span| (names.iter().position(|name| *name == span.source.name), span.start))
    };
    found.sort_by(|a, b| place(a).cmp(&place(b)).then(a.row.code.cmp(b.row.code)));
    found
}

fn look(row: &'static Row, fleet: &Fleet, into: &mut Vec<Finding>) {
    let mut add = |resource: &Node, set: Option<&SetFacts>, found: Option<Found>| {
        let Some(Found { span, what, fix }) = found else { return };
        let (severity, rule, set) = (row.severity, row.rule, set.map(|set| set.name().to_owned()));
        let (resource, fix) = (fleet.key(resource), Some(fix));
        into.push(Finding { row, severity, rule, resource, set, span: Some(span), what, fix, help: None });
    };
    match row.look {
        Look::Set(find) => fleet.sets.iter().for_each(|set| add(&set.resource, Some(set), find(fleet, set))),
        Look::Setting(find) => {
            for set in &fleet.sets {
                fleet.settings(set).for_each(|setting| add(setting, Some(set), find(fleet, set, setting)));
            }
        }
        Look::Probe(find) => {
            let mut seen: Vec<*const Node> = Vec::new();
            for (set, (balancer, probe)) in
                fleet.sets.iter().flat_map(|set| fleet.probes(set).into_iter().map(move |of| (set, of)))
            {
                if !seen.contains(&std::ptr::from_ref(probe)) {
                    seen.push(probe);
                    add(balancer, Some(set), find(fleet, balancer, probe));
                }
            }
        }
        Look::Resource(find) => fleet.resources.iter().for_each(|one| add(one, None, find(fleet, one))),
        Look::Said(fix) => into.extend(fleet.said.iter().filter(|one| one.rule == Some(row.rule)).map(|problem| {
            let fix = set_of(fleet, problem).and_then(|set| fix(fleet, set));
            of_problem(row, row.rule, fleet, problem, fix)
        })),
        Look::Rest => {
            let has_row = |rule| ROWS.iter().any(|one| matches!(one.look, Look::Said(_)) && one.rule == rule);
            for problem in fleet.said.iter().filter(|one| one.severity == row.severity) {
                if let Some(rule) = problem.rule.filter(|rule| !has_row(*rule)) {
                    into.push(of_problem(row, rule, fleet, problem, None));
                }
            }
        }
    }
}

/// Whether a fix mends its finding: the patched fleet has it no more, and nothing that Azure refuses and did not before.
#[must_use]
pub fn mends(fleet: &Fleet, finding: &Finding, options: &LoadOptions) -> bool {
    let Some(Json::Object(fix)) = &finding.fix else { return false };
    let mut problems = Problems::new();
    let mut resources = fleet.resources.clone();
    for (key, change) in fix {
        let text = Json::Object(std::iter::once((key.clone(), change.clone())).collect()).to_string();
        let Some(root) = read::read_text("fix.yaml", text, &mut problems) else { return false };
        for (key, change) in root.entries() {
            patch::of_resource(&mut resources, key, change, &[], &mut problems);
        }
    }
    let before: Vec<Node> = std::mem::take(&mut resources);
    let mut said = Problems::new();
    let resources = before.into_iter().map(|one| crate::scenario::resources::normalise(one, &mut said)).collect();
    let patched = Fleet::of(resources, &Problems::new(), options);
    let refused = |fleet: &Fleet| fleet.said.count(Severity::Error);
    let still = lint(&patched).iter().any(|one| one.row.code == finding.row.code && one.resource == finding.resource);
    !problems.has_errors() && !still && refused(&patched) <= refused(fleet)
}

/// The scale set that a problem is about: the one it stands in, or the only one.
fn set_of<'f>(fleet: &'f Fleet, problem: &Problem) -> Option<&'f SetFacts> {
    let resource = resource_of(fleet, problem);
    let own = resource.and_then(|one| fleet.sets.iter().find(|set| set.resource.name() == one.name()));
    own.or_else(|| fleet.sets.first().filter(|_| fleet.sets.len() == 1))
}

/// The resource in which a problem stands.
fn resource_of<'f>(fleet: &'f Fleet, problem: &Problem) -> Option<&'f Node> {
    let (span, _) = problem.primary.as_ref()?;
    let holds = |one: &&Node| {
        one.span.source.name == span.source.name && one.span.start <= span.start && span.end <= one.span.end
    };
    fleet.resources.iter().filter(holds).min_by_key(|one| one.span.end - one.span.start)
}

fn of_problem(row: &'static Row, rule: RuleId, fleet: &Fleet, problem: &Problem, fix: Option<Json>) -> Finding {
    Finding {
        row,
        severity: problem.severity,
        rule,
        set: set_of(fleet, problem).map(|set| set.name().to_owned()),
        resource: resource_of(fleet, problem).map(|one| fleet.key(one)).unwrap_or_default(),
        span: problem.primary.as_ref().map(|(span, _)| span.clone()),
        what: problem.message.clone(),
        fix,
        help: problem.help.clone(),
    }
}
