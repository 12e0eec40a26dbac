//! From the patched, normalised and checked tree to the plan: names become ids, texts become numbers.

mod accept;
mod addresses;
mod application;
mod autoscale;
mod azure_devops;
mod balancers;
mod bill;
mod builders;
mod conditions;
mod definitions;
mod extensions;
mod faults;
mod fleet;
mod front_door;
mod gallery;
mod gateways;
mod guest;
mod health;
mod health_source;
mod images;
mod impairments;
mod limits;
mod maintenance;
mod model;
mod named;
mod octopus;
mod octopus_lifecycles;
mod octopus_reach;
mod os_upgrade;
mod outside;
mod pipelines;
mod quota;
mod reach;
mod repairs;
mod security;
mod spot;
mod standby;
mod start;
mod template;
mod timeline;
mod traffic;
mod traffic_manager;
mod upgrade;
mod user_groups;
mod write;
mod zone_placement;

use super::field::{Length, Reads};
use super::instants;
use super::keys::{self, SCALE_SET, application as app, distribution, scenario};
use super::legality::{Legality, SetFacts, fixed};
use crate::arm::reference::reference_name;
use crate::arm::shape::without_namespace;
use crate::problem::{About, Answer, Problem, Problems, suggest};
use crate::quantity;
use crate::tree::{Key, Node, Span};
pub use accept::{KEY as ACCEPT, is_acceptable, is_acceptance_of};
pub use autoscale::ZONES;
pub use balancers::leads_to;
pub use fleet::{cores, is_acted_on, known_cores, pool_references, region_name};
pub use health::{find as health_extension, is_health_extension};
pub use images::named as named_image;
pub use traffic::{own_name, shortest_name};
use windtunnel_sim::engine::random::Dist;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Octopus, Plan, Refusal};
use windtunnel_sim::rules::published::{FIGURES, figure_named};
use windtunnel_sim::rules::{Assumption, Assumptions, RuleSet, assumptions::Range, assumptions::Value};
use write::Part;

/// What a plan is made from.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The scenario: patched, resources normalised, traces written out, checked against the table of keys.
    pub scenario: &'a Node,
    /// The name of the policy.
    pub policy: &'a str,
    /// The rules that are on.
    pub rules: &'a RuleSet,
    /// The scale sets as written, where this is a policy on them.
    pub as_written: &'a [SetFacts],
}

/// A plan and what was learnt on the way.
#[derive(Debug)]
pub struct Lowered {
    /// The plan.
    pub plan: Plan,
    /// The scale sets, for the comparison with policies.
    pub sets: Vec<SetFacts>,
    /// Acceptances that are wrong, or that nothing needs.
    pub unneeded: Problems,
}

/// Names of one kind of thing, whose places in the list are their ids.
#[derive(Clone, Debug, Default)]
struct Names(Vec<String>);

impl Names {
    fn id(&self, name: &str) -> Option<u16> {
        self.0.iter().position(|known| known == name).and_then(|at| u16::try_from(at).ok())
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The id of what a node names, or a problem.
    fn resolve(&self, node: &Node, code: &'static str, what: &str, problems: &mut Problems) -> Option<u16> {
        let text = node.text()?;
        let id = self.id(text);
        if id.is_none() {
            let help = suggest(text, self.iter()).or_else(|| Some(format!("the scenario has no {what}")));
            problems.push(
                Problem::error(code, format!("there is no {what} `{text}`"))
                    .at(&node.span, format!("unknown {what}"))
                    .maybe_help(help),
            );
        }
        id
    }

    /// The names of the entries of a mapping.
    fn keys(entries: &[(Key, Node)]) -> Self {
        Self(entries.iter().map(|(key, _)| key.text.clone()).collect())
    }

    /// Reads a list of names, each only once.
    fn list(items: &[Node], what: &str, problems: &mut Problems) -> Self {
        let mut names = Self::default();
        for item in items {
            let Some(text) = item.text().or_else(|| item.name()) else { continue };
            if names.id(text).is_some() {
                problems.push(
                    Problem::error("E0212", format!("the {what} `{text}` is listed twice"))
                        .at(&item.span, "the second time"),
                );
            }
            names.0.push(text.to_owned());
        }
        names
    }
}

/// What the sections share.
struct Context<'a> {
    scenario: &'a Node,
    /// The writes of its timeline.
    parts: &'a [Part<'a>],
    assumptions: Assumptions,
    rules: &'a RuleSet,
    problems: &'a mut Problems,
    releases: Names,
    dependencies: Names,
    sets: Names,
    pipelines: Names,
    builders: Names,
    /// Octopus, which acts of the timeline name things of.
    octopus: Octopus,
    /// What Azure answers to the writes of the timeline that it refuses.
    refusals: Vec<Refusal>,
}

impl<'a> Context<'a> {
    /// What the sections of this scenario share.
    fn new(inputs: &Inputs<'a>, parts: &'a [Part<'a>], problems: &'a mut Problems) -> Self {
        let scenario = inputs.scenario;
        check_figures(scenario, inputs.rules, problems);
        let application = scenario::APPLICATION.node(scenario);
        let assumptions = assumptions(scenario, problems);
        Context {
            scenario,
            parts,
            assumptions,
            rules: inputs.rules,
            releases: Names::list(app::RELEASES.items(application), "release", problems),
            dependencies: Names::list(app::DEPENDENCIES.items(application), "dependency", problems),
            sets: Names::default(),
            pipelines: Names::keys(scenario::PIPELINES.entries(scenario)),
            builders: Names::keys(scenario::IMAGE_BUILDERS.entries(scenario)),
            octopus: Octopus::default(),
            refusals: Vec::new(),
            problems,
        }
    }

    /// The resources of a type.
    fn resources(&self, kind: &'static str) -> impl Iterator<Item = &'a Node> + use<'a> {
        scenario::RESOURCES.items(self.scenario).iter().filter(move |resource| balancers::is_type(resource, kind))
    }

    /// The resources of a name, of whatever type.
    fn resources_named(&self, name: &str) -> impl Iterator<Item = &'a Node> {
        scenario::RESOURCES.items(self.scenario).iter().filter(move |one| one.is_named(name))
    }

    /// What an overlay calls a resource: its name, with its type where others have the name too.
    fn key(&self, resource: &Node) -> String {
        let name = resource.name().unwrap_or_default();
        let kind = resource.arm("type").and_then(Node::text).unwrap_or_default();
        let is_one = self.resources_named(name).nth(1).is_none();
        if is_one { name.to_owned() } else { format!("{}/{name}", without_namespace(kind)) }
    }

    /// How a change of a resource is written: in it, or beside the file that it is of.
    fn help(&self, resource: &Node, change: &str) -> String {
        if std::sync::Arc::ptr_eq(&resource.span.source, &self.scenario.span.source) {
            format!("write `{change}`")
        } else {
            format!("write `overlay: {{ {}: {{ {change} }} }}` beside the file in `resources`", self.key(resource))
        }
    }

    /// The scale set that `scaleSet` of a node names.
    fn set_of(&mut self, node: &Node) -> Option<u16> {
        self.sets.resolve(SCALE_SET.node(node)?, "E0201", "scale set", self.problems)
    }

    /// The dependencies that a list names, as bits.
    fn dependency_bits(&mut self, names: Option<&[Node]>) -> u32 {
        let mut bits = 0;
        for dependency in names.unwrap_or_default() {
            if let Some(bit) = self.dependencies.resolve(dependency, "E0202", "dependency", self.problems) {
                bits |= 1_u32.checked_shl(u32::from(bit)).unwrap_or(0);
            }
        }
        bits
    }

    /// The same context, for problems that are kept apart.
    fn again(&mut self) -> Context<'_> {
        Context {
            scenario: self.scenario,
            parts: self.parts,
            assumptions: self.assumptions.clone(),
            rules: self.rules,
            problems: self.problems,
            releases: self.releases.clone(),
            dependencies: self.dependencies.clone(),
            sets: self.sets.clone(),
            pipelines: self.pipelines.clone(),
            builders: self.builders.clone(),
            octopus: self.octopus.clone(),
            refusals: Vec::new(),
        }
    }
}

/// Makes the plan. `None` where a problem says why not. Ids and draws go by the order of the names, and not by that of the
/// file.
pub fn lower(inputs: &Inputs<'_>, problems: &mut Problems) -> Option<Lowered> {
    let scenario = &outside::by_listener(inputs.scenario).sorted();
    lower_sorted(&Inputs { scenario, ..*inputs }, problems)
}

/// The scale sets of resources that are alone, be they such that there is no plan of them.
pub fn facts(inputs: &Inputs<'_>) -> Vec<SetFacts> {
    let (parts, mut problems) = (write::parts(inputs.scenario), Problems::new());
    let mut cx = Context::new(inputs, &parts, &mut problems);
    let mut images = images::read(&mut cx);
    let mut application = application::read(&mut cx);
    let balancers = balancers::read(&mut application, &mut cx);
    fleet::read(&balancers, &mut application, &mut images, &mut cx).facts
}

fn lower_sorted(inputs: &Inputs<'_>, problems: &mut Problems) -> Option<Lowered> {
    let (before, scenario) = (problems.count(crate::problem::Severity::Error), inputs.scenario);
    let (start_unix_ms, parts) = (instants::start(scenario), write::parts(scenario));
    let mut cx = Context::new(inputs, &parts, problems);
    let mut images = images::read(&mut cx);
    let mut application = application::read(&mut cx);
    let balancers = balancers::read(&mut application, &mut cx);
    let mut fleet = fleet::read(&balancers, &mut application, &mut images, &mut cx);
    check_fleet(&fleet, inputs.as_written, &mut cx);
    let mut changes = model::read(&balancers, &mut application, &mut images, &mut fleet, &mut cx);
    application.jobs = spot::jobs(&mut cx);
    let markets = spot::markets(&fleet.regions, &fleet.facts, &fleet.sets, &mut cx);
    let accepted = accept::once([balancers.accepted.clone(), std::mem::take(&mut fleet.accepted)].concat());
    let entry_points = traffic::read(&balancers, (&fleet.sets, &changes.pools()), &mut cx);
    let (pools, pipelines) = (balancers.pools, pipelines::read(&mut application, &mut cx));
    cx.octopus = octopus::read(&fleet.facts, &mut cx);
    let mut places = gallery::Places { images: &mut images, regions: &mut fleet.regions };
    gallery::availability(&mut places, &fleet.sets, &fleet.facts, &mut cx);
    definitions::name_latest(&places, &mut fleet.sets, &mut cx);
    let mut builders = builders::read(&mut places, &mut cx);
    let gallery = definitions::read(&mut places, &mut cx);
    let horizon = SimTime::ZERO + scenario::HORIZON.given(scenario).unwrap_or_default();
    let scaling = autoscale::read((&fleet.sets, &application, places.images), &mut changes, &mut cx);
    let endpoints = &application.endpoints;
    let (timeline, notes) = timeline::read(&pools, &fleet.facts, &changes, (&mut places, endpoints), &mut cx);
    template::runs(&mut builders, &mut places, &mut cx);
    let faults = faults::read(&pools, (&mut places, endpoints), &mut cx);
    standby::read(&mut fleet, &scaling.settings, &mut cx);
    let plan = Plan {
        os_upgrades: maintenance::read(&fleet.regions, maintenance::Span { start_unix_ms, horizon }, &mut cx),
        bill: bill::read((&pools, &entry_points), &fleet.sets, &mut cx),
        history: traffic::history(&pools, &entry_points, &mut cx),
        agent_pools: azure_devops::pools(&fleet, &application, &mut cx),
        title: scenario::TITLE.given(scenario).unwrap_or_default().to_owned(),
        policy: inputs.policy.to_owned(),
        start_unix_ms,
        zone: instants::zone(scenario),
        horizon,
        objective: scenario::OBJECTIVE.given(scenario),
        cold_start: scenario::COLD_START.read(scenario),
        assumptions: cx.assumptions.clone(),
        rules: inputs.rules.clone(),
        regions: std::mem::take(&mut fleet.regions),
        sets: fleet.sets,
        pools,
        entry_points,
        gateways: balancers.gateways,
        profiles: balancers.profiles,
        front_doors: balancers.front_doors,
        application,
        definitions: images.definitions,
        gallery,
        images: images.list,
        builders,
        pipelines,
        octopus: std::mem::take(&mut cx.octopus),
        timeline,
        notes,
        faults,
        markets,
        autoscale: scaling.settings,
        metrics: scaling.metrics,
        accepted,
        refusals: std::mem::take(&mut cx.refusals),
        limits: limits::read(scenario),
    };
    check_plan(&plan, &balancers.allowed, &mut cx);
    let is_well = cx.problems.count(crate::problem::Severity::Error) == before;
    is_well.then(|| Lowered { unneeded: accept::unneeded(scenario, &plan.accepted), plan, sets: fleet.facts })
}

/// Whether every figure that a scenario names is there: one that a rule switched off has no name. Resources are Azure's,
/// and name none.
fn check_figures(scenario: &Node, rules: &RuleSet, problems: &mut Problems) {
    let apart = [scenario::RESOURCES.entry.key, scenario::POLICIES.entry.key];
    for (_, node) in scenario.entries().iter().filter(|(key, _)| !apart.contains(&key.text.as_str())) {
        check_figure(node, rules, problems);
    }
}

fn check_figure(node: &Node, rules: &RuleSet, problems: &mut Problems) {
    if let Some(name) = distribution::PUBLISHED.node(node).filter(|name| name.text().is_some()) {
        let text = name.text().unwrap_or_default();
        if !figure_named(text).is_some_and(|figure| rules.on(figure.rule)) {
            let known = FIGURES.iter().filter(|figure| rules.on(figure.rule)).map(|figure| figure.name);
            let problem = Problem::error("E0112", format!("`published` must be a published figure, got `{text}`"));
            let at = problem.at(&name.span, "no published value has this name");
            problems.push(at.maybe_help(suggest(text, known)));
        }
    }
    node.entries().iter().for_each(|(_, inner)| check_figure(inner, rules, problems));
    node.items().iter().for_each(|inner| check_figure(inner, rules, problems));
}

/// What can be said once the plan is whole.
fn check_plan(plan: &Plan, allowed: &[(u16, Span)], cx: &mut Context<'_>) {
    gateways::say_too_small(plan, allowed, cx);
    limits::check(plan, cx.scenario, cx.problems);
    conditions::check(plan, cx);
}

/// What can be said once the scale sets are read.
fn check_fleet(fleet: &fleet::Fleet, written: &[SetFacts], cx: &mut Context<'_>) {
    application::check_names(cx);
    quota::check(&fleet.regions, &fleet.sets, cx);
    compare_with_written(&fleet.facts, written, cx);
}

fn compare_with_written(now: &[SetFacts], written: &[SetFacts], cx: &mut Context<'_>) {
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    for set in now {
        if let Some(was) = written.iter().find(|was| was.name().eq_ignore_ascii_case(set.name())) {
            fixed::irreversible(was, set, &mut say);
        }
    }
}

/// The assumptions, with what the scenario says otherwise.
fn assumptions(scenario: &Node, problems: &mut Problems) -> Assumptions {
    let mut values = Assumptions::default();
    for (key, node) in scenario::ASSUMPTIONS.entries(scenario) {
        let Some(row) = Assumption::by_key(&key.text) else {
            let known = windtunnel_sim::rules::assumptions::ASSUMPTIONS.iter().map(|row| row.key);
            let help = suggest(&key.text, known).or_else(|| Some("`windtunnel assumptions` lists them".into()));
            problems.push(
                Problem::error("E0210", format!("there is no assumption `{}`", key.text))
                    .at(&key.span, "unknown assumption")
                    .maybe_help(help),
            );
            continue;
        };
        if !row.modelled {
            let message = format!("the assumption `{}` has no effect in this release", row.key);
            let help = "what it affects is not modelled yet; `windtunnel assumptions` lists those with an effect";
            problems.push(Problem::warning("W0208", message).at(&key.span, "not read").help(help));
        }
        let message = match value_for(&row.range, node) {
            Ok(value) => values.set(row.id, value).err().map(|error| error.to_string()),
            Err(expected) => Some(format!("`{}` cannot be read, expected {expected}", key.text)),
        };
        if let Some(message) = message {
            problems.push(
                Problem::error("E0211", message)
                    .at(&node.span, format!("allowed is {}", row.range))
                    .help(row.meaning.trim_end_matches('.')),
            );
        }
    }
    values
}

/// A value of the kind that an assumption wants.
fn value_for(range: &Range, node: &Node) -> Result<Value, &'static str> {
    let text = node.text().unwrap_or_default();
    match range {
        Range::Count { .. } => quantity::integer(text)
            .and_then(|value| u64::try_from(value).ok())
            .map(Value::Count)
            .ok_or("a whole number"),
        Range::Time { .. } => quantity::duration(text).map(Value::Time).map_err(|_| "a duration, `PT2M`"),
        Range::Share => quantity::percent(text).map(Value::Share).map_err(|_| "a share, `20%`"),
        Range::Number { .. } => quantity::number_of(text).map(Value::Number).ok_or("a number"),
        Range::Switch => match text {
            "true" => Ok(Value::Switch(true)),
            "false" => Ok(Value::Switch(false)),
            _ => Err("`true` or `false`"),
        },
        Range::Words(_) => range.word(text).map(Value::Choice).ok_or("one of the words"),
        Range::Dist { .. } => Length::of(node).map(Value::Dist).ok_or("a duration or a distribution"),
    }
}

/// The part of a resource that another one of it means by a reference; says so where it has none, or one to nothing. `what` is with its
/// article.
fn meant<'n>(
    parts: &'n [Node],
    (holder, node, found): (&str, &Node, Option<(&str, &Node)>),
    (resource, what): (&str, &str),
    cx: &mut Context<'_>,
) -> Option<&'n Node> {
    let names = || parts.iter().filter_map(Node::name);
    let kind = what.split_once(' ').map_or(what, |(_, kind)| kind);
    let Some((id, at)) = found else {
        let message = format!("the {holder} `{}` names no {kind}", node.name().unwrap_or_default());
        let help =
            names().next().map_or_else(|| format!("add {what} to the {resource}"), |one| format!("name `{one}`"));
        let problem = Problem::error("E0502", message).at(&node.span, format!("this {holder}")).help(help);
        cx.problems.push(problem.about(About::Parts));
        return None;
    };
    let name = reference_name(id);
    let part = parts.iter().find(|part| part.is_named(name));
    if part.is_none() {
        let problem = no_part(format!("the {resource} has no {kind} `{name}`"));
        cx.problems.push(problem.at(&at.span, format!("unknown {kind}")).maybe_help(suggest(name, names())));
    }
    part
}

/// A resource refers to a part of itself that it does not have.
fn no_part(message: String) -> Problem {
    let answer = Answer::new("InvalidResourceReference", message.clone());
    Problem::error("E0504", message).about(About::Parts).answered(answer)
}

/// The place of a thing in a list, to which it is added where it is new.
fn place<T: PartialEq>(list: &mut Vec<T>, of: T) -> usize {
    list.iter().position(|known| *known == of).unwrap_or_else(|| {
        list.push(of);
        list.len() - 1
    })
}

/// The first of so many things of which one leads to others that leads back to itself, if one does.
fn on_a_circle<I: Iterator<Item = usize>>(count: usize, leads_to: impl Fn(usize) -> I) -> Option<usize> {
    (0..count).find(|first| {
        let (mut seen, mut left) = (vec![false; count], leads_to(*first).collect::<Vec<_>>());
        while let Some(of) = left.pop() {
            if !std::mem::replace(&mut seen[of], true) {
                left.extend(leads_to(of));
            }
        }
        seen[*first]
    })
}

/// No time at all.
const AT_ONCE: Dist = Dist::Constant(windtunnel_sim::engine::time::SimDuration::ZERO);
