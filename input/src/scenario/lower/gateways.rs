//! Application gateways: for each instance of a gateway, and each pair of a pool and a backend setting that a rule uses, a pool that it
//! probes; and for each rule the part of the requests that each instance takes.

mod addresses;
mod checks;
mod scaling;

use super::balancers::{self, Balancers};
use super::{Context, accept, meant};
use crate::arm::reference::reference_name;
use crate::arm::shape::GATEWAY;
use crate::arm::shape::field::{Objects, Optional};
use crate::arm::shape::gateway::{
    ADDRESSES, AFFINITY, Affinity, BODY, CODES, DRAIN_TIMEOUT, DRAINS, LISTENERS, MAP_POOL, MAP_REDIRECT, MAP_SETTING,
    PATH_MAPS, POOLS, PROBE_INTERVAL, PROBE_PATH, PROBE_THRESHOLD, PROBE_TIMEOUT, PROBES, REQUEST_TIMEOUT, RESOURCE,
    RULE_LISTENER, RULE_PATHS, RULE_POOL, RULE_REDIRECT, RULE_SETTING, RULE_TYPE, RULES, RuleType, SETTING_PROBE,
    SETTINGS, SKU_NAME, SKU_TIER,
};
use crate::problem::Problem;
use crate::quantity;
use crate::scenario::legality::{self, Legality};
use crate::tree::Node;
pub use scaling::say_too_small;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Answer, AnswerKind, Application, Behind, Endpoint, EntryPoint, GATEWAY_DRAIN, GATEWAY_INTERVAL, GATEWAY_THRESHOLD,
    GATEWAY_TIMEOUT, GatewayPart, GatewayProber, Pool, Probe, ProbeProtocol, Prober, Tier,
};

/// Reads every application gateway.
pub fn read(application: &mut Application, balancers: &mut Balancers, cx: &mut Context<'_>) {
    for resource in cx.resources(GATEWAY) {
        let before = cx.problems.0.len();
        one(resource, application, balancers, cx);
        balancers.accepted.extend(accept::settle(resource, before, cx));
    }
}

/// Reads one.
pub fn one(resource: &Node, application: &mut Application, balancers: &mut Balancers, cx: &mut Context<'_>) {
    let Some(name) = resource.name() else { return };
    legality::check_ranges(resource, &RESOURCE, &mut Legality { rules: cx.rules, problems: cx.problems });
    one_rule_each(resource, cx);
    let tier = tier(resource);
    let (instances, scales) = scaling::instances((name, resource), tier, balancers, cx);
    let part = GatewayPart { tier, instances, cookie: false, scales };
    checks::look(resource, part.tier, cx);
    let mut known: Vec<(&str, &str, u16)> = Vec::new();
    for rule in RULES.items(resource) {
        let Some((pool, setting)) = behind(resource, rule, cx) else { continue };
        let Some(pool) = part_of(resource, (rule, pool), ("a backend pool", &POOLS), cx) else { continue };
        let setting = part_of(resource, (rule, setting), ("a backend setting", &SETTINGS), cx);
        let listener = part_of(resource, (rule, RULE_LISTENER.id(rule)), ("a listener", &LISTENERS), cx);
        let (Some(setting), Some(listener)) = (setting, listener) else { continue };
        let pair = (pool.name().unwrap_or_default(), setting.name().unwrap_or_default());
        let addresses = ADDRESSES.items(pool);
        if !addresses.is_empty() {
            let name = (name, listener.name().unwrap_or_default(), setting);
            addresses::listener(name, addresses, part, balancers, cx);
            balancers.by_address.push(format!("{}/{}", name.0, pair.0));
            continue;
        }
        let at = match known.iter().find(|(pool, setting, _)| (*pool, *setting) == pair) {
            Some((.., at)) => *at,
            None => {
                let Some(looks) = looks(resource, setting, part.tier, application, cx) else { continue };
                let at = u16::try_from(balancers.pools.len()).unwrap_or(u16::MAX);
                add_pools((name, pool), part, &looks, balancers);
                known.push((pair.0, pair.1, at));
                at
            }
        };
        let part = GatewayPart { cookie: AFFINITY.value(setting) == Affinity::Enabled, ..part };
        add_entry_points((name, listener.name().unwrap_or_default()), part, at, balancers);
    }
    let led_to = |pool: &&str| known.iter().any(|(known, ..)| known == pool);
    let unrouted = POOLS.items(resource).iter().filter_map(Node::name).filter(|pool| !led_to(pool));
    balancers.unrouted.extend(unrouted.map(|pool| format!("{name}/{pool}")));
    balancers.names.push(name.to_owned());
}

/// What Azure answers where two rules use one listener.
const SAME_LISTENER: &str = "ApplicationGatewayRequestRoutingRulesUsingSameHttpListener";

/// A listener has one rule; says it once of each that has several.
fn one_rule_each(resource: &Node, cx: &mut Context<'_>) {
    let uses: Vec<(&str, &Node)> = RULES.items(resource).iter().filter_map(|rule| RULE_LISTENER.id(rule)).collect();
    for (at, (id, node)) in uses.iter().enumerate() {
        let name = reference_name(id);
        if uses[..at].iter().filter(|(id, _)| reference_name(id).eq_ignore_ascii_case(name)).count() == 1 {
            let message = format!("two rules use the listener `{name}`: Azure answers {SAME_LISTENER}");
            let problem = Problem::error("E0501", message).at(&node.span, "the second");
            cx.problems.push(problem.help("give each rule a listener of its own, or write one with a URL path map"));
        }
    }
}

/// Whether a rule of a gateway leads on from a listener to backends.
pub fn leads_on(resource: &Node, listener: &Node) -> bool {
    let of_map = |rule| {
        let (id, _) = RULE_PATHS.id(rule)?;
        MAP_REDIRECT.id(PATH_MAPS.items(resource).iter().find(|map| map.is_named(reference_name(id)))?)
    };
    RULES.items(resource).iter().any(|rule| {
        let is_its = RULE_LISTENER.id(rule).is_some_and(|(id, _)| listener.is_named(reference_name(id)));
        is_its && RULE_REDIRECT.id(rule).or_else(|| of_map(rule)).is_none()
    })
}

/// A reference of a rule, with its place.
type Named<'n> = Option<(&'n str, &'n Node)>;

/// The pool and the backend setting that a rule names, or the default ones of its path map. `None` where it sends requests elsewhere.
fn behind<'n>(resource: &'n Node, rule: &'n Node, cx: &mut Context<'_>) -> Option<(Named<'n>, Named<'n>)> {
    let mut redirect = RULE_REDIRECT.id(rule);
    let mut named = (RULE_POOL.id(rule), RULE_SETTING.id(rule));
    if RULE_TYPE.value(rule) == RuleType::PathBasedRouting {
        let map = part_of(resource, (rule, RULE_PATHS.id(rule)), ("a URL path map", &PATH_MAPS), cx)?;
        redirect = MAP_REDIRECT.id(map);
        named = (MAP_POOL.id(map), MAP_SETTING.id(map));
    }
    let Some((_, node)) = redirect else { return Some(named) };
    let message = format!("the rule `{}` redirects requests, which is not modelled", rule.name().unwrap_or_default());
    let problem = Problem::warning("W0511", message).at(&node.span, "leads to no backend");
    cx.problems.push(problem.help("give the traffic to the listener that users are sent to"));
    None
}

/// The generation: `Standard_v2` and `WAF_v2` say it.
pub fn tier(resource: &Node) -> Tier {
    let said = SKU_TIER.text(resource).or_else(|| SKU_NAME.text(resource)).unwrap_or("Standard_v2");
    let is_v1 = ["standard", "waf"].contains(&said.to_ascii_lowercase().as_str())
        || ["_small", "_medium", "_large"].iter().any(|size| said.to_ascii_lowercase().ends_with(size));
    if is_v1 { Tier::V1 } else { Tier::V2 }
}

/// What a rule refers to among the parts of its gateway; `what` is one of them.
fn part_of<'n>(
    resource: &'n Node,
    (rule, found): (&Node, Option<(&str, &Node)>),
    (what, list): (&str, &Optional<Objects>),
    cx: &mut Context<'_>,
) -> Option<&'n Node> {
    meant(list.items(resource), ("rule", rule, found), ("gateway", what), cx)
}

/// What an instance of a gateway asks, and how it judges.
struct Looks {
    probe: Probe,
    prober: GatewayProber,
}

/// The probe of a backend setting, or the default one (AG-01).
fn looks(
    resource: &Node,
    setting: &Node,
    tier: Tier,
    application: &mut Application,
    cx: &mut Context<'_>,
) -> Option<Looks> {
    let probe = |name: &str, endpoint, interval, threshold| Probe {
        name: name.to_owned(),
        protocol: ProbeProtocol::Http,
        endpoint,
        interval,
        threshold,
        probes: Probe::PROBES,
    };
    let own = setting.name().unwrap_or_default();
    let drain = DRAIN_TIMEOUT.get(setting).filter(|_| DRAINS.value(setting));
    let drain = drain.map_or(GATEWAY_DRAIN, |of| SimDuration::from_secs(of.value.into()));
    let patience = SimDuration::from_secs(REQUEST_TIMEOUT.value(setting).max(1).into());
    let prober = |timeout, codes, text: &str| GatewayProber {
        tier,
        setting: own.to_owned(),
        instance: 0,
        timeout,
        codes,
        text: text.to_owned(),
        drain,
        patience,
    };
    let Some(reference) = SETTING_PROBE.id(setting) else {
        let root = Node::scalar(&setting.span, "/");
        let endpoint = balancers::endpoint_of(&root, "the default probe of the gateway", application, cx)?;
        return Some(Looks {
            probe: probe("default", endpoint, GATEWAY_INTERVAL, GATEWAY_THRESHOLD),
            prober: prober(GATEWAY_TIMEOUT, Vec::new(), ""),
        });
    };
    let node = part_of(resource, (setting, Some(reference)), ("a probe", &PROBES), cx)?;
    let path = PROBE_PATH.node(node).cloned().unwrap_or_else(|| Node::scalar(&node.span, "/"));
    let endpoint = balancers::endpoint_of(&path, "this probe", application, cx)?;
    let seconds = |of: u32| SimDuration::from_secs(u64::from(of.max(1)));
    let (interval, timeout) = (seconds(PROBE_INTERVAL.value(node)), seconds(PROBE_TIMEOUT.value(node)));
    let codes = CODES.items(node).iter().filter_map(|code| code_range(code, cx)).collect();
    let prober = prober(timeout.min(interval), codes, BODY.text(node).unwrap_or_default());
    let asked = &application.endpoints[usize::from(endpoint)];
    balancers::never_good(&path, asked, |status| prober.takes(status), cx);
    if let Some(text) = BODY.node(node) {
        unsaid_bodies(text, &prober, asked, cx);
    }
    Some(Looks {
        probe: probe(node.name().unwrap_or("probe"), endpoint, interval, PROBE_THRESHOLD.value(node)),
        prober,
    })
}

/// Says where a probe looks for a text in the body of an answer, and the scenario does not say what that is.
fn unsaid_bodies(node: &Node, prober: &GatewayProber, endpoint: &Endpoint, cx: &mut Context<'_>) {
    let unsaid = |answer: &Answer| match answer.kind {
        AnswerKind::Status(status) if answer.body.text.is_none() && prober.takes(status) => Some(status),
        _ => None,
    };
    let unsaid = endpoint.clauses.iter().find_map(|clause| unsaid(&clause.answer));
    let Some(status) = unsaid.filter(|_| !prober.text.is_empty()) else { return };
    let path = &endpoint.path;
    let message = format!(
        "the probe looks for `{}` in the body of `{path}`, and an answer with status {status} says no body: it is taken to be there",
        prober.text
    );
    let help = format!(
        "write it under `application.endpoints`: `{path}: [{{ when: …, answer: {{ status: {status}, body: \"{}\" }} }}]`",
        prober.text
    );
    cx.problems.push(Problem::warning("W0228", message).at(&node.span, "this text").help(help));
}

/// `404`, or `200-399`.
fn code_range(node: &Node, cx: &mut Context<'_>) -> Option<(u16, u16)> {
    let text = node.text()?;
    let number = |text: &str| quantity::integer(text.trim()).and_then(|code| u16::try_from(code).ok());
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let range = number(first).zip(number(last)).filter(|(first, last)| (100..=599).contains(first) && first <= last);
    if range.is_none() {
        let problem = Problem::error("E0503", format!("`{text}` is no status code and no range of them"));
        cx.problems.push(problem.at(&node.span, "this code").help("write \"200-399\" or \"404\""));
    }
    range
}

/// A pool for each instance of the gateway.
fn add_pools((gateway, pool): (&str, &Node), part: GatewayPart, looks: &Looks, balancers: &mut Balancers) {
    for instance in 0..part.instances {
        balancers.spans.push(pool.span.clone());
        balancers.pools.push(Pool {
            balancer: gateway.to_owned(),
            name: pool.name().unwrap_or_default().to_owned(),
            probe: Some(looks.probe.clone()),
            all_probed_up: false,
            prober: Prober::Gateway(GatewayProber { instance, ..looks.prober.clone() }),
        });
    }
}

/// A listener, and the part of it that each instance of the gateway takes where there are several.
fn add_entry_points((gateway, listener): (&str, &str), part: GatewayPart, first: u16, balancers: &mut Balancers) {
    let at = u16::try_from(balancers.entry_points.len()).unwrap_or(u16::MAX);
    let own = EntryPoint::listener(gateway, listener, part, None);
    if part.instances == 1 {
        return balancers.entry_points.push(EntryPoint { behind: Behind::Pool(first), ..own });
    }
    let parts = (0..part.instances).map(|number| EntryPoint::part(&own, at, number, first + number));
    let parts: Vec<EntryPoint> = parts.collect();
    balancers.entry_points.push(own);
    balancers.entry_points.extend(parts);
}
