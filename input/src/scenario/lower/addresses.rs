//! Public addresses: which rules answer at each, and where a write moves them.
//!
//! Users who come by an address meet the balancer that has it. So it is an entry point of its own, beside the rules of the balancers,
//! where `traffic` names it or a write takes it from a balancer or gives it to one.

use super::Context;
use super::balancers::{Balancers, is_type};
use super::keys::scenario;
use super::outside::public_ips;
use super::write::Part;
use crate::arm::reference::reference_name;
use crate::arm::shape::front_door::{GROUPS, HOST, ORIGINS};
use crate::arm::shape::load_balancer::{FRONTEND_ADDRESS, FRONTEND_PORT, FRONTENDS, RULE_FRONTEND, RULES};
use crate::arm::shape::traffic_manager::ENDPOINTS;
use crate::arm::shape::{FRONT_DOOR, LOAD_BALANCER, TRAFFIC_MANAGER};
use crate::problem::Problem;
use crate::scenario::legality::Legality;
use crate::scenario::legality::traffic_manager::target;
use crate::tree::{Node, Span};
use std::collections::BTreeMap;
use windtunnel_sim::plan::{Act, BalancingRule, Behind, Change, EntryPoint, Write};
use windtunnel_sim::rules;

/// An address and a port.
type Place = (String, i64);

/// A balancer and its rule.
type Rule = (String, String);

/// What answers at each place: the rule, and the pool behind it.
type Answers = BTreeMap<Place, (Rule, u16)>;

/// The addresses of the balancers as the writes so far have left them.
#[derive(Clone, Default)]
pub struct State {
    /// By balancer and frontend, the address.
    addresses: BTreeMap<(String, String), String>,
    /// The rules, with the frontend and port of each.
    rules: BTreeMap<Rule, (String, i64)>,
    /// The pool of each rule.
    pools: BTreeMap<Rule, u16>,
}

/// The addresses over the timeline.
pub struct Moves {
    /// As they are at first.
    pub start: State,
    /// What comes of writes: the place of each among the acts and of its outcome, what answered before and after, and where it is written.
    writes: Vec<((usize, usize), [Answers; 2], Span)>,
}

/// Whether a patch of a balancer may give it another address.
pub fn may_move(patch: &Node) -> bool {
    FRONTENDS.node(patch).is_some()
}

impl State {
    /// Takes in a load balancer as it is now.
    pub fn take_in(&mut self, balancer: &str, resource: &Node) {
        if !is_type(resource, LOAD_BALANCER) {
            return;
        }
        self.addresses.retain(|(of, _), _| of != balancer);
        self.rules.retain(|(of, _), _| of != balancer);
        let own = |name: &str| (balancer.to_owned(), name.to_owned());
        for frontend in FRONTENDS.items(resource) {
            if let (Some(name), Some((id, _))) = (frontend.name(), FRONTEND_ADDRESS.id(frontend)) {
                self.addresses.insert(own(name), reference_name(id).to_owned());
            }
        }
        for rule in RULES.items(resource) {
            let port = FRONTEND_PORT.get(rule).map_or(0, |port| port.value);
            if let (Some(name), Some((id, _))) = (rule.name(), RULE_FRONTEND.id(rule)) {
                self.rules.insert(own(name), (reference_name(id).to_owned(), port));
            }
        }
    }

    /// The rules of a balancer lead to these pools now.
    pub fn lead(&mut self, balancer: &str, pools: &BTreeMap<u16, u16>, balancers: &Balancers) {
        self.pools.retain(|(of, _), _| of != balancer);
        let rule = |(at, to): (&u16, &u16)| {
            let entry = &balancers.entry_points[usize::from(*at)];
            ((entry.resource.clone(), entry.name.clone()), *to)
        };
        self.pools.extend(pools.iter().map(rule));
    }

    /// Azure gives an address to one frontend.
    pub fn check(&self, part: &Part<'_>, say: &mut Legality<'_>) {
        for (at, (of, address)) in self.addresses.iter().enumerate() {
            if let Some((other, _)) =
                self.addresses.iter().take(at).find(|(_, other)| other.eq_ignore_ascii_case(address))
            {
                let message =
                    format!("`{address}` is the address of the frontend `{}` of `{}` already", other.1, other.0);
                let help = format!("take it from there first: the frontend `{}` of `{}` gets it then", of.1, of.0);
                say.refuse(rules::VS_10, &part.patch.span, &message, &help);
            }
        }
    }

    fn answers(&self) -> Answers {
        let of = |(rule, (frontend, port)): (&Rule, &(String, i64))| {
            let address =
                self.addresses.iter().find(|((of, name), _)| *of == rule.0 && name.eq_ignore_ascii_case(frontend))?;
            Some(((address.1.clone(), *port), (rule.clone(), *self.pools.get(rule)?)))
        };
        self.rules.iter().filter_map(of).collect()
    }
}

/// Whether `traffic` names an address, or a port of it.
fn users_name(place: &Place, cx: &Context<'_>) -> bool {
    scenario::TRAFFIC.entries(cx.scenario).iter().any(|(key, _)| {
        let (name, port) =
            key.text.split_once('/').map_or((key.text.as_str(), None), |(name, port)| (name, Some(port)));
        name.eq_ignore_ascii_case(&place.0) && port.is_none_or(|port| port == place.1.to_string())
    })
}

/// Whether a name, or an edge, leads its users to an address.
fn is_target(address: &str, cx: &Context<'_>) -> bool {
    let endpoints = cx.resources(TRAFFIC_MANAGER).flat_map(|profile| ENDPOINTS.items(profile)).filter_map(target);
    let groups = cx.resources(FRONT_DOOR).flat_map(|profile| GROUPS.items(profile));
    let origins = groups.flat_map(|group| ORIGINS.items(group)).filter_map(|origin| HOST.node(origin));
    let mut leads = endpoints.chain(origins).filter_map(Node::text);
    leads.any(|to| public_ips(to, cx.scenario).iter().any(|name| name.eq_ignore_ascii_case(address)))
}

/// Azure gives an address to one frontend: what the resources say at the start, `given` so far, each with its balancer. Ids are compared
/// whole, since two resource groups may each have an address of one name.
pub fn given_once<'a>(balancer: &'a Node, given: &mut Vec<(&'a str, &'a str)>, cx: &mut Context<'_>) {
    let name = balancer.name().unwrap_or_default();
    for frontend in FRONTENDS.items(balancer) {
        let Some((id, node)) = FRONTEND_ADDRESS.id(frontend) else { continue };
        if let Some((_, other)) = given.iter().find(|(known, _)| known.eq_ignore_ascii_case(id)) {
            let message = format!("`{}` is the address of a frontend of `{other}` already", reference_name(id));
            let help = "give each frontend an address of its own";
            Legality { rules: cx.rules, problems: cx.problems }.refuse(rules::VS_10, &node.span, &message, help);
        }
        given.push((id, name));
    }
}

impl Moves {
    /// Nothing is written yet.
    pub fn from_start(balancers: &Balancers, cx: &Context<'_>) -> Self {
        let mut now = State::default();
        for resource in cx.resources(LOAD_BALANCER) {
            now.take_in(resource.name().unwrap_or_default(), resource);
        }
        for entry in &balancers.entry_points {
            if let Some(pool) = entry.pool() {
                now.pools.insert((entry.resource.clone(), entry.name.clone()), pool.0);
            }
        }
        Self { start: now, writes: Vec::new() }
    }

    /// The act at this place among the writes, by this one of its outcomes, makes the second of the first.
    pub fn note(&mut self, at: (usize, usize), found: [&State; 2], span: &Span) {
        self.writes.push((at, found.map(State::answers), span.clone()));
    }

    /// Users of a rule come by no address, so that one that is taken is not missed: says so.
    fn say_what_is_taken(&self, balancers: &Balancers, cx: &mut Context<'_>) {
        let all = &balancers.entry_points;
        let traffic = scenario::TRAFFIC.entries(cx.scenario).iter();
        let used: Vec<usize> =
            traffic.flat_map(|(key, _)| super::traffic::named(&key.text, &balancers.pools, all)).collect();
        for at in used {
            let rule = (all[at].resource.as_str(), all[at].name.as_str());
            let place = |answers: &Answers| {
                let own = |(_, (of, _)): &(&Place, &(Rule, u16))| (of.0.as_str(), of.1.as_str()) == rule;
                answers.iter().find(own).map(|(place, _)| place.0.clone())
            };
            let taken = |(_, [before, after], span): &(_, [Answers; 2], Span)| {
                place(before).filter(|_| place(after).is_none()).map(|address| (address, span.clone()))
            };
            let Some((address, span)) = self.writes.iter().find_map(taken) else { continue };
            let message =
                format!("the users of `{}/{}` do not come by `{address}`, which is taken from it", rule.0, rule.1);
            let help = format!("write `{address}` in `traffic` for users who come by the address");
            cx.problems.push(Problem::warning("W0226", message).at(&span, "this write takes it").help(help));
        }
    }

    /// The addresses that users come by, or that move, become entry points, and the writes lead them.
    pub fn into_entry_points(self, balancers: &mut Balancers, cx: &mut Context<'_>) {
        self.say_what_is_taken(balancers, cx);
        let start = self.start.answers();
        let all = || std::iter::once(&start).chain(self.writes.iter().map(|(_, [_, after], _)| after));
        let mut places: Vec<&Place> = all().flat_map(BTreeMap::keys).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let rule = |answers: &Answers| answers.get(place).map(|(rule, _)| rule.clone());
            let moves = all().any(|answers| rule(answers) != rule(&start));
            // Where nobody comes by it, nobody notices.
            if users_name(place, cx) || moves && is_target(&place.0, cx) {
                self.entry_point(place, &all().collect::<Vec<_>>(), balancers, cx);
            }
        }
    }

    /// What answers is known at first, and after each write.
    fn entry_point(&self, place: &Place, all: &[&Answers], balancers: &mut Balancers, cx: &mut Context<'_>) {
        let connections = |rule: &Rule| {
            let is = |entry: &&EntryPoint| (&entry.resource, &entry.name) == (&rule.0, &rule.1);
            balancers.entry_points.iter().find(is).map_or(BalancingRule::DEFAULT, |entry| entry.rule)
        };
        let first = all.iter().find_map(|answers| answers.get(place)).map(|(rule, _)| connections(rule));
        let mut entry = EntryPoint {
            name: place.1.to_string(),
            behind: all[0].get(place).map_or(Behind::Nobody, |(_, pool)| Behind::Pool(*pool)),
            rule: first.unwrap_or_default(),
            is_address: true,
            ..EntryPoint::name(&place.0, None)
        };
        let at = u16::try_from(balancers.entry_points.len()).unwrap_or(u16::MAX);
        for ((act, nth), [before, after], span) in &self.writes {
            let (was, is) = (before.get(place), after.get(place));
            if was == is {
                continue;
            }
            entry.may_lead(is.map(|(_, pool)| *pool));
            if let Some((rule, _)) = is
                && connections(rule) != entry.rule
            {
                let message = format!(
                    "the rule `{}` of `{}` treats connections otherwise than the one before it",
                    rule.1, rule.0
                );
                let problem = Problem::error("E0505", message).at(span, "the address moves here");
                let help = "give both rules the same `loadDistribution`, `idleTimeoutInMinutes` and `enableTcpReset`";
                cx.problems.push(problem.help(help));
            }
            let cuts = was.map(|(rule, _)| rule) != is.map(|(rule, _)| rule);
            let change = Change::Rule { entry_point: at, to: is.map(|(_, pool)| *pool), cuts };
            if let Some((_, Act::Write(Write { outcomes, .. }))) = balancers.written.get_mut(*act) {
                outcomes[*nth].changes.push(change);
            }
        }
        balancers.entry_points.push(entry);
    }
}
