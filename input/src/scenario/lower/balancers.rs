//! Load balancers: pools, the probes and rules that lead to them, and how others refer to them.

mod adopted;
mod checks;
mod connections;
pub mod references;

use super::{Context, accept, addresses, application, front_door, gateways, no_part, traffic_manager, write};
use crate::arm::reference::{self, reference_name};
use crate::arm::shape::load_balancer::{
    NUMBER_OF_PROBES, NoHealthyBackends, POOLS, PROBE_INTERVAL, PROBE_NO_HEALTHY, PROBE_PATH, PROBE_PORT,
    PROBE_PROTOCOL, PROBE_THRESHOLD, PROBES, Protocol, RESOURCE, RULE_FRONTEND, RULE_POOL, RULE_POOLS, RULE_PROBE,
    RULES, SKU_NAME, Sku,
};
use crate::arm::shape::{self, LOAD_BALANCER};
use crate::problem::{About, Lack, Problem, did_you_mean, suggest};
use crate::scenario::legality::{self, Legality};
use crate::tree::{Node, Span};
pub use adopted::{Adopted, Read};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Accepted, Act, AnswerKind, Application, Behind, Clause, Endpoint, EntryPoint, FrontDoor, Pool, Probe,
    ProbeProtocol, Prober, Profile, ScalingGateway,
};
use windtunnel_sim::rules::{choice, key};

/// The balancers of a scenario.
#[derive(Default)]
pub struct Balancers {
    /// Pools that a rule leads to, each as one probe sees it.
    pub pools: Vec<Pool>,
    /// The rules that lead to them; without traffic yet.
    pub entry_points: Vec<EntryPoint>,
    /// Where each pool is declared.
    pub spans: Vec<Span>,
    /// Names of balancers of the Basic SKU.
    pub basic: Vec<String>,
    /// Names of all balancers.
    pub(super) names: Vec<String>,
    /// Pools that no rule leads to, `balancer/pool`.
    pub(super) unrouted: Vec<String>,
    /// Pools of gateways that have backends by address, `gateway/pool`.
    pub(super) by_address: Vec<String>,
    /// Probes that no rule uses: the balancer and the probe.
    idle: Vec<(String, String)>,
    /// Gateways whose count of instances moves.
    pub gateways: Vec<ScalingGateway>,
    /// By gateway among them, the most instances that it may have whatever its traffic, and where that is written.
    pub allowed: Vec<(u16, Span)>,
    /// Of the gateway that was read last, its place among them, and the fewest and most instances that it may have.
    pub(super) bounds: Option<(u16, u16, u16)>,
    /// Profiles of Traffic Manager, whose names lead to them.
    pub profiles: Vec<Profile>,
    /// Routes of Front Door, likewise.
    pub front_doors: Vec<FrontDoor>,
    /// The writes of the timeline to them, by the name of the entry or step.
    pub written: Vec<(String, Act)>,
    /// What of them Azure would refuse, and the scenario accepts.
    pub accepted: Vec<Accepted>,
}

/// Whether a resource is of a type.
pub fn is_type(resource: &Node, name: &str) -> bool {
    resource.arm("type").and_then(Node::text).is_some_and(|text| text.eq_ignore_ascii_case(name))
}

/// Reads every load balancer, and every application gateway.
pub fn read(application: &mut Application, cx: &mut Context<'_>) -> Balancers {
    let mut balancers = Balancers::default();
    let mut given = Vec::new();
    for resource in cx.resources(LOAD_BALANCER) {
        let before = cx.problems.0.len();
        addresses::given_once(resource, &mut given, cx);
        one(resource, application, &mut balancers, cx);
        balancers.accepted.extend(accept::settle(resource, before, cx));
    }
    gateways::read(application, &mut balancers, cx);
    write::in_front(&mut balancers, application, cx);
    balancers.profiles = traffic_manager::read(application, &mut balancers, cx);
    front_door::read(application, &mut balancers, cx);
    balancers
}

/// Reads one.
pub fn one(resource: &Node, application: &mut Application, balancers: &mut Balancers, cx: &mut Context<'_>) {
    let Some(name) = resource.name() else { return };
    balancers.names.push(name.to_owned());
    connections::frontends(resource, cx);
    let (key, help) = (cx.key(resource), cx.help(resource, &Lack::Standard.change()));
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    legality::balancer(resource, cx.scenario, (key, &help), &mut say);
    legality::check_ranges(resource, &RESOURCE, &mut say);
    checks::look(resource, cx);
    if SKU_NAME.get(resource).is_some_and(|sku| sku.value == Sku::Basic) {
        balancers.basic.push(name.to_owned());
    }
    let mut probes = Vec::new();
    for node in PROBES.items(resource) {
        if let Some(probe) = probe(node, application, cx) {
            probes.push(probe);
        }
    }
    let rules = RULES.items(resource);
    for pool in POOLS.items(resource) {
        let Some(pool_name) = pool.name() else { continue };
        connections::draining(pool, cx);
        let leading: Vec<&Node> = rules.iter().filter(|rule| leads_to(rule, pool_name)).collect();
        if leading.is_empty() {
            balancers.unrouted.push(format!("{name}/{pool_name}"));
            continue;
        }
        let of = balancers.pools.len();
        let mut ports: Vec<(&str, i64)> = Vec::new();
        for rule in leading {
            let found = the_probe(resource, rule, &probes, cx);
            if let Some((probe, _, port)) = found {
                one_port(rule, (&probe.name, *port), &mut ports, cx);
            }
            let all_probed_up = found.is_some_and(|(_, node, _)| all_up(node));
            let at = balancers.pool_of((name, pool), of, found.map(|(probe, ..)| probe), all_probed_up);
            balancers.entry_points.push(entry_point(resource, rule, at));
        }
    }
    dangling_rules(resource, rules, cx);
    idle_probes(resource, rules, balancers, cx);
}

/// The probes that no rule uses: nobody is asked by them.
fn idle_probes(resource: &Node, rules: &[Node], balancers: &mut Balancers, cx: &mut Context<'_>) {
    let used = |rule| RULE_PROBE.id(rule).map(|(id, _)| reference_name(id));
    let is_used = |name: &str| rules.iter().filter_map(used).any(|known| known.eq_ignore_ascii_case(name));
    for probe in PROBES.items(resource) {
        let Some(name) = probe.name().filter(|name| !is_used(name)) else { continue };
        balancers.idle.push((resource.name().unwrap_or_default().to_owned(), name.to_owned()));
        let message = format!("no rule uses the probe `{name}`, so it has no effect");
        let help = format!("name it in a load-balancing rule: `probe: {{ id: {name} }}`");
        cx.problems.push(Problem::warning("W0513", message).at(&probe.span, "asks nobody").help(help));
    }
}

/// Whether a rule leads to a pool.
pub fn leads_to(rule: &Node, pool: &str) -> bool {
    references_of(rule).iter().any(|name| name.eq_ignore_ascii_case(pool))
}

/// The names of the pools that a rule names.
fn references_of(rule: &Node) -> Vec<String> {
    let all = RULE_POOL.node(rule).into_iter().chain(RULE_POOLS.items(rule));
    all.filter_map(shape::reference).map(|(id, _)| reference_name(id).to_ascii_lowercase()).collect()
}

/// The rules whose pool the balancer does not have.
fn dangling_rules(resource: &Node, rules: &[Node], cx: &mut Context<'_>) {
    let names: Vec<&str> = POOLS.items(resource).iter().filter_map(Node::name).collect();
    for rule in rules {
        let Some((id, node)) = RULE_POOL.id(rule) else { continue };
        let pool = reference_name(id);
        if !names.iter().any(|name| name.eq_ignore_ascii_case(pool)) {
            let problem = no_part(format!("the balancer has no pool `{pool}`"));
            cx.problems.push(problem.at(&node.span, "unknown pool").maybe_help(suggest(pool, names.iter().copied())));
        }
    }
}

/// Whether a probe whose backends are all down spreads packets over all of them (LB-20).
fn all_up(probe: &Node) -> bool {
    PROBE_NO_HEALTHY.get(probe).map(|at| at.value) == Some(NoHealthyBackends::AllProbedUp)
}

/// A rule, as users meet it.
fn entry_point(resource: &Node, rule: &Node, pool: u16) -> EntryPoint {
    EntryPoint {
        resource: resource.name().unwrap_or_default().to_owned(),
        name: rule.name().unwrap_or("rule").to_owned(),
        frontend: RULE_FRONTEND.id(rule).map(|(id, _)| reference_name(id).to_owned()),
        behind: Behind::Pool(pool),
        later: Vec::new(),
        is_address: false,
        rule: connections::of_rule(rule),
        gateway: None,
        traffic: None,
        routed: None,
    }
}

/// The probe of a rule, with its node and port.
fn the_probe<'p, 'a>(
    resource: &Node,
    rule: &Node,
    probes: &'p [(Probe, &'a Node, i64)],
    cx: &mut Context<'_>,
) -> Option<&'p (Probe, &'a Node, i64)> {
    let (id, node) = RULE_PROBE.id(rule)?;
    let name = reference_name(id);
    let found = probes.iter().find(|(probe, ..)| probe.name.eq_ignore_ascii_case(name));
    // One that is there and has something wrong with it has been spoken of.
    let is_there =
        |name: &str| PROBES.items(resource).iter().filter_map(Node::name).any(|of| of.eq_ignore_ascii_case(name));
    if found.is_none() && !is_there(name) {
        let problem = no_part(format!("the balancer has no probe `{name}`"));
        let known = probes.iter().map(|(probe, ..)| probe.name.as_str());
        cx.problems.push(problem.at(&node.span, "unknown probe").maybe_help(suggest(name, known)));
    }
    found
}

/// Azure supports one probe a port of a backend (LB-15).
fn one_port<'p>(rule: &Node, probe: (&'p str, i64), ports: &mut Vec<(&'p str, i64)>, cx: &mut Context<'_>) {
    let allowed = cx.assumptions.get(key::LbTwoProbesOnePort) == choice::LbTwoProbesOnePort::Allow;
    let other = ports.iter().find(|(name, port)| *port == probe.1 && *name != probe.0);
    if let (Some((first, port)), Some((_, node)), false) = (other, RULE_PROBE.id(rule), allowed) {
        let names = format!("`{first}` and `{}`", probe.0);
        let message = format!("two probes, {names}, use port {port} of one pool, which Azure does not support");
        legality::two_probes(&node.span, &message, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
    ports.push(probe);
}

/// A probe, its node and its port.
fn probe<'a>(node: &'a Node, application: &mut Application, cx: &mut Context<'_>) -> Option<(Probe, &'a Node, i64)> {
    let name = node.name()?.to_owned();
    let is_tcp = PROBE_PROTOCOL.value(node) == Protocol::Tcp;
    // LB-02: the ARM schema and the portal have different defaults.
    let default_interval =
        if cx.assumptions.get(key::LbIntervalDefault) == choice::LbIntervalDefault::Portal { 5 } else { 15 };
    legality::probe(node, &mut Legality { rules: cx.rules, problems: cx.problems });
    let endpoint = if is_tcp { 0 } else { endpoint(node, application, cx)? };
    let probe = Probe {
        name,
        protocol: if is_tcp { ProbeProtocol::Tcp } else { ProbeProtocol::Http },
        endpoint,
        interval: SimDuration::from_secs(PROBE_INTERVAL.or(node, default_interval).value.into()),
        threshold: PROBE_THRESHOLD.value(node),
        probes: NUMBER_OF_PROBES.value(node),
    };
    Some((probe, node, PROBE_PORT.value(node)))
}

/// The endpoint that an HTTP probe asks for.
fn endpoint(node: &Node, application: &mut Application, cx: &mut Context<'_>) -> Option<u16> {
    let Some(path) = PROBE_PATH.node(node) else {
        let problem = Problem::error("E0502", "an HTTP probe has no `requestPath`").about(About::Parts);
        cx.problems.push(problem.at(&node.span, "this probe").help("write the path that it requests"));
        return None;
    };
    let at = endpoint_of(path, "this probe", application, cx)?;
    never_good(path, &application.endpoints[usize::from(at)], |status| status == 200, cx);
    Some(at)
}

/// Says of a probe that no answer of the path it asks for is a good one: then every backend is down, whatever happens.
pub fn never_good(path: &Node, endpoint: &Endpoint, is_good: impl Fn(u16) -> bool, cx: &mut Context<'_>) {
    let is = |clause: &Clause| matches!(clause.answer.kind, AnswerKind::Status(status) if is_good(status));
    if !endpoint.clauses.iter().any(is) {
        let message = format!("no answer of `{}` is one that this probe takes for a good one", endpoint.path);
        let problem = Problem::warning("W0229", message).at(&path.span, "nothing is ever up by it");
        let help = format!(
            "write a clause under `application.endpoints`: `{}: [{{ when: process, answer: 200 }}]`",
            endpoint.path
        );
        cx.problems.push(problem.help(help));
    }
}

/// The endpoint at a path that somebody asks for.
pub fn endpoint_of(path: &Node, who: &str, application: &mut Application, cx: &mut Context<'_>) -> Option<u16> {
    // Azure takes a path without its slash, too.
    let text = &format!("/{}", path.text().unwrap_or_default().trim_start_matches('/'));
    let known = application.endpoints.iter().position(|endpoint| !endpoint.path.is_empty() && endpoint.path == *text);
    let with_query = known.is_none().then(|| application::with_query(text, application, cx)).flatten();
    let at = known.or(with_query).or_else(|| match cx.scenario.get("application") {
        None => Some(assumed(text, path, who, application, cx)),
        Some(_) => {
            not_described(text, path, who, application, cx);
            None
        }
    });
    at.and_then(|at| u16::try_from(at).ok())
}

/// The endpoint of a path, where the scenario does not describe the application at all.
fn assumed(text: &str, path: &Node, who: &str, application: &mut Application, cx: &mut Context<'_>) -> usize {
    let problem = Problem::note("N0308", format!("`{text}` is assumed to answer 200 while the process is up"));
    let help = "write `application` with its `endpoints` to say what they answer";
    cx.problems.push(problem.at(&path.span, format!("requested by {who}")).help(help));
    application.endpoints.push(Endpoint { path: text.to_owned(), ..application.endpoints[0].clone() });
    application.endpoints.len() - 1
}

/// The application is described, and says nothing about the path that a probe asks for.
fn not_described(text: &str, path: &Node, who: &str, application: &Application, cx: &mut Context<'_>) {
    let problem = Problem::error("E0217", format!("the application does not say what `{text}` answers"));
    let known = application.endpoints.iter().skip(1).map(|endpoint| endpoint.path.as_str());
    let help = did_you_mean(text, known).map_or_else(
        || format!("write `endpoints: {{ {text}: [{{ when: process, answer: 200 }}] }}` under `application`"),
        |near| format!("did you mean `{near}`?"),
    );
    cx.problems.push(problem.at(&path.span, format!("requested by {who}")).help(help));
}

impl Balancers {
    /// A pool as a probe sees it, which a rule before may have led to; those of the same pool begin at `of`.
    fn pool_of(
        &mut self,
        (balancer, pool): (&str, &Node),
        of: usize,
        probe: Option<&Probe>,
        all_probed_up: bool,
    ) -> u16 {
        let named = |probe: &Probe| probe.name.clone();
        let known = self.pools[of..].iter().position(|pool| pool.probe.as_ref().map(named) == probe.map(named));
        let at = known.map_or(self.pools.len(), |at| of + at);
        if known.is_none() {
            self.spans.push(pool.span.clone());
            let name = pool.name().unwrap_or_default().to_owned();
            self.pools.push(Pool {
                balancer: balancer.to_owned(),
                name,
                probe: probe.cloned(),
                all_probed_up,
                prober: Prober::Balancer,
            });
        }
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// Whether a balancer has a pool of this name, whether a rule leads there or not.
    pub fn has_pool(&self, balancer: &str, name: &str) -> bool {
        let routed = |pool: &Pool| pool.balancer.eq_ignore_ascii_case(balancer) && pool.name.eq_ignore_ascii_case(name);
        let full = format!("{balancer}/{name}");
        self.pools.iter().any(routed) || self.unrouted.iter().any(|known| known.eq_ignore_ascii_case(&full))
    }

    /// The name of the probe that an id means, where its balancer is here and no rule uses it.
    pub fn idle_probe(&self, id: &str) -> Option<String> {
        let (balancer, name) = reference::probe(id).unwrap_or((None, reference_name(id)));
        if self.probed_pool(balancer, name).is_some() {
            return None;
        }
        let is = |(owner, probe): &&(String, String)| {
            probe.eq_ignore_ascii_case(name) && balancer.is_none_or(|known| owner.eq_ignore_ascii_case(known))
        };
        self.idle.iter().find(is).map(|(_, probe)| probe.clone())
    }

    /// The pools whose probe a health source names by its balancer and its own name.
    pub fn probed_pools(&self, balancer: Option<&str>, name: &str) -> impl Iterator<Item = u16> {
        let at = (0..self.pools.len()).filter(move |at| is_probed_by(&self.pools[*at], balancer, name));
        at.filter_map(|at| u16::try_from(at).ok())
    }

    /// The first of them.
    pub fn probed_pool(&self, balancer: Option<&str>, name: &str) -> Option<u16> {
        self.probed_pools(balancer, name).next()
    }

    /// The balancers that have a probe of this name, where it is several and none is named.
    pub fn share_probe(&self, balancer: Option<&str>, name: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for pool in self.pools.iter().filter(|pool| balancer.is_none() && is_probed_by(pool, None, name)) {
            if !found.contains(&pool.balancer.as_str()) {
                found.push(&pool.balancer);
            }
        }
        if found.len() > 1 { found } else { Vec::new() }
    }

    /// Whether a pool reference leads to a balancer of the Basic SKU.
    pub fn is_basic(&self, id: &str) -> bool {
        let (balancer, name) = reference::backend_pool(id).unwrap_or((None, reference_name(id)));
        let balancer = balancer.map(str::to_owned).or_else(|| {
            self.pools.iter().find(|pool| pool.name.eq_ignore_ascii_case(name)).map(|pool| pool.balancer.clone())
        });
        balancer.is_some_and(|balancer| self.basic.iter().any(|known| known.eq_ignore_ascii_case(&balancer)))
    }
}

/// Whether a pool is probed by the probe of this name, of this balancer where one is named.
fn is_probed_by(pool: &Pool, balancer: Option<&str>, name: &str) -> bool {
    if pool.prober.gateway().is_some() {
        return false;
    }
    let named = pool.probe.as_ref().is_some_and(|probe| probe.name.eq_ignore_ascii_case(name));
    named && balancer.is_none_or(|known| pool.balancer.eq_ignore_ascii_case(known))
}
