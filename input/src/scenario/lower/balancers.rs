//! Load balancers: pools, the probes and rules that lead to them, and how others refer to them.

mod connections;

use super::{Context, accept};
use crate::arm::reference::{self, reference_name};
use crate::arm::shape::load_balancer::{
    NUMBER_OF_PROBES, NoHealthyBackends, POOLS, PROBE_INTERVAL, PROBE_NO_HEALTHY, PROBE_PATH, PROBE_PORT,
    PROBE_PROTOCOL, PROBE_THRESHOLD, PROBES, Protocol, RESOURCE, RULE_POOL, RULE_POOLS, RULE_PROBE, RULES, SKU_NAME,
    Sku,
};
use crate::arm::shape::{self, LOAD_BALANCER};
use crate::problem::{Problem, did_you_mean, suggest};
use crate::scenario::legality::{self, Legality};
use crate::tree::{Node, Span};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Accepted, Application, Endpoint, Pool, Probe, ProbeProtocol};
use windtunnel_sim::rules::{choice, key};

/// The balancers of a scenario.
#[derive(Default)]
pub struct Balancers {
    /// Pools that a rule leads to; without traffic yet.
    pub pools: Vec<Pool>,
    /// Where each pool is declared.
    pub spans: Vec<Span>,
    /// Names of balancers of the Basic SKU.
    pub basic: Vec<String>,
    /// Names of all balancers.
    names: Vec<String>,
    /// Pools that no rule leads to, `balancer/pool`.
    unrouted: Vec<String>,
    /// Probes that no rule uses: the balancer and the probe.
    idle: Vec<(String, String)>,
    /// What of them Azure would refuse, and the scenario accepts.
    pub accepted: Vec<Accepted>,
}

/// Whether a resource is of a type.
pub fn is_type(resource: &Node, name: &str) -> bool {
    resource.arm("type").and_then(Node::text).is_some_and(|text| text.eq_ignore_ascii_case(name))
}

/// Reads every load balancer.
pub fn read(application: &mut Application, cx: &mut Context<'_>) -> Balancers {
    let mut balancers = Balancers::default();
    for resource in cx.scenario.get("resources").map_or(&[][..], Node::items) {
        if is_type(resource, LOAD_BALANCER) {
            let before = cx.problems.0.len();
            one(resource, application, &mut balancers, cx);
            balancers.accepted.extend(accept::settle(resource, before, cx));
        }
    }
    balancers
}

fn one(resource: &Node, application: &mut Application, balancers: &mut Balancers, cx: &mut Context<'_>) {
    let Some(name) = resource.name() else { return };
    balancers.names.push(name.to_owned());
    connections::frontends(resource, cx);
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    legality::balancer(resource, &mut say);
    legality::check_ranges(resource, &RESOURCE, &mut say);
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
        let found = the_probe(resource, &leading, &probes, cx);
        let up = |(_, node): &(Probe, &Node)| PROBE_NO_HEALTHY.get(node).map(|at| at.value);
        let all_probed_up = found.as_ref().and_then(up) == Some(NoHealthyBackends::AllProbedUp);
        balancers.spans.push(pool.span.clone());
        balancers.pools.push(Pool {
            balancer: name.to_owned(),
            name: pool_name.to_owned(),
            probe: found.map(|(probe, _)| probe),
            all_probed_up,
            rule: connections::read(&leading, cx),
            traffic: None,
        });
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
    let all = RULE_POOL.node(rule).into_iter().chain(RULE_POOLS.items(rule));
    all.filter_map(shape::reference).any(|(id, _)| reference_name(id).eq_ignore_ascii_case(pool))
}

/// The rules whose pool the balancer does not have.
fn dangling_rules(resource: &Node, rules: &[Node], cx: &mut Context<'_>) {
    let names: Vec<&str> = POOLS.items(resource).iter().filter_map(Node::name).collect();
    for rule in rules {
        let Some((id, node)) = RULE_POOL.id(rule) else { continue };
        let pool = reference_name(id);
        if !names.iter().any(|name| name.eq_ignore_ascii_case(pool)) {
            let problem = Problem::error("E0504", format!("the balancer has no pool `{pool}`"));
            cx.problems.push(problem.at(&node.span, "unknown pool").maybe_help(suggest(pool, names.iter().copied())));
        }
    }
}

/// The one probe of the rules that lead to a pool, with its node.
fn the_probe<'a>(
    resource: &Node,
    rules: &[&Node],
    probes: &[(Probe, &'a Node, i64)],
    cx: &mut Context<'_>,
) -> Option<(Probe, &'a Node)> {
    let mut found: Option<&(Probe, &Node, i64)> = None;
    for rule in rules {
        let Some((id, node)) = RULE_PROBE.id(rule) else { continue };
        let name = reference_name(id);
        let Some(probe) = probes.iter().find(|(probe, ..)| probe.name.eq_ignore_ascii_case(name)) else {
            if PROBES.items(resource).iter().filter_map(Node::name).any(|known| known.eq_ignore_ascii_case(name)) {
                continue; // It is there, and what is wrong with it has been said.
            }
            let problem = Problem::error("E0504", format!("the balancer has no probe `{name}`"));
            let known = probes.iter().map(|(probe, ..)| probe.name.as_str());
            cx.problems.push(problem.at(&node.span, "unknown probe").maybe_help(suggest(name, known)));
            continue;
        };
        match found {
            Some((first, _, port)) if first.name != probe.0.name => {
                let names = format!("`{}` and `{}`", first.name, probe.0.name);
                let allowed = cx.assumptions.get(key::LbTwoProbesOnePort) == choice::LbTwoProbesOnePort::Allow;
                if *port == probe.2 && !allowed {
                    let message =
                        format!("two probes, {names}, use port {port} of one pool, which Azure does not support");
                    legality::two_probes(
                        &node.span,
                        &message,
                        &mut Legality { rules: cx.rules, problems: cx.problems },
                    );
                } else {
                    let message = format!("two rules lead to one pool with different probes, {names}");
                    let label = format!("ignored: the pool uses `{}`", first.name);
                    let problem = Problem::warning("W0206", message).at(&node.span, label);
                    cx.problems.push(problem.help("the model uses one probe per pool, that of the first rule"));
                }
            }
            Some(_) => {}
            None => found = Some(probe),
        }
    }
    found.map(|(probe, node, _)| (probe.clone(), *node))
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
        let problem = Problem::error("E0502", "an HTTP probe has no `requestPath`");
        cx.problems.push(problem.at(&node.span, "this probe").help("write the path that it requests"));
        return None;
    };
    endpoint_of(path, "this probe", application, cx)
}

/// The endpoint at a path that somebody asks for.
pub fn endpoint_of(path: &Node, who: &str, application: &mut Application, cx: &mut Context<'_>) -> Option<u16> {
    // Azure takes a path without its slash, too.
    let text = &format!("/{}", path.text().unwrap_or_default().trim_start_matches('/'));
    let known = application.endpoints.iter().position(|endpoint| !endpoint.path.is_empty() && endpoint.path == *text);
    let at = known.or_else(|| match cx.scenario.get("application") {
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
    /// The pool that a reference of a network interface means: a plain name, `balancer/pool`, or a resource id.
    pub fn pool(&self, id: &str, span: &Span, cx: &mut Context<'_>) -> Option<u16> {
        let (balancer, name) = reference::backend_pool(id).unwrap_or((None, reference_name(id)));
        let matching: Vec<usize> = (0..self.pools.len())
            .filter(|at| {
                let pool = &self.pools[*at];
                pool.name.eq_ignore_ascii_case(name)
                    && balancer.is_none_or(|known| pool.balancer.eq_ignore_ascii_case(known))
            })
            .collect();
        match matching.as_slice() {
            [one] => u16::try_from(*one).ok(),
            [] => {
                let known_unrouted = self.unrouted.iter().any(|known| reference_name(known).eq_ignore_ascii_case(name));
                if !known_unrouted && !self.is_elsewhere(id, balancer, span, cx) {
                    let problem = Problem::error("E0504", format!("no load balancer has a pool `{name}`"));
                    let help = suggest(name, self.pools.iter().map(|pool| pool.name.as_str()));
                    cx.problems.push(
                        problem
                            .at(span, "unknown pool")
                            .help(help.unwrap_or_else(|| "add the load balancer to `resources`".into())),
                    );
                }
                None
            }
            several => {
                let names: Vec<String> =
                    several.iter().map(|at| format!("{}/{name}", self.pools[*at].balancer)).collect();
                let problem = Problem::error("E0214", format!("several load balancers have a pool `{name}`"));
                cx.problems.push(problem.at(span, "ambiguous").help(format!("write {}", names.join(" or "))));
                None
            }
        }
    }

    /// Whether a whole resource id leads to a balancer that the scenario does not have; says so. Such ids stand in what
    /// Azure prints of a scale set alone, while a plain name is written by hand and must be right.
    pub fn is_elsewhere(&self, id: &str, balancer: Option<&str>, span: &Span, cx: &mut Context<'_>) -> bool {
        let Some(balancer) = balancer.filter(|_| id.starts_with('/')) else { return false };
        let is_here = self.names.iter().any(|name| name.eq_ignore_ascii_case(balancer));
        if is_here || did_you_mean(balancer, self.names.iter().map(String::as_str)).is_some() {
            return false;
        }
        let message = format!("the load balancer `{balancer}` is not among the resources, so it is ignored");
        let problem = Problem::warning("W0207", message).at(span, "leads to it");
        cx.problems.push(problem.help("add the output of `az network lb show` to `resources`"));
        true
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

    /// The first pool whose probe a health source names by its balancer and its own name.
    pub fn probed_pool(&self, balancer: Option<&str>, name: &str) -> Option<u16> {
        let at = self.pools.iter().position(|pool| is_probed_by(pool, balancer, name));
        at.and_then(|at| u16::try_from(at).ok())
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
    let named = pool.probe.as_ref().is_some_and(|probe| probe.name.eq_ignore_ascii_case(name));
    named && balancer.is_none_or(|known| pool.balancer.eq_ignore_ascii_case(known))
}
