//! Routes of Front Door: where each origin leads, how it is probed, and who arrives at which edge.

use super::balancers::{Balancers, endpoint_of, never_good};
use super::keys::user_group;
use super::{Context, accept, meant, outside, user_groups, write};
use crate::arm::shape::front_door::{
    ENDPOINT_STATE, ENDPOINTS, FORWARDING, Forwarding, GROUPS, HOST, HTTP_PORT, HTTPS_PORT, ORIGIN_STATE, ORIGINS,
    PRIORITY, PROBE_INTERVAL, PROBE_PATH, PROBE_PROTOCOL, ProbeScheme, REQUIRED, RESOURCE, ROUTE_GROUP, ROUTE_STATE,
    ROUTES, SAMPLE_SIZE, SENSITIVITY, WEIGHT,
};
use crate::arm::shape::traffic_manager::Switch;
use crate::arm::shape::{FRONT_DOOR, matters};
use crate::problem::{About, Problem, suggest};
use crate::scenario::legality::{self, Legality};
use crate::tree::Node;
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Application, EdgeUsers, EntryPoint, FrontDoor, Judging, Monitor, Origin, OriginSetting, ProbeProtocol,
};
use windtunnel_sim::rules;

/// Reads every profile, and adds the entry points of its routes to those of the balancers.
pub fn read(application: &mut Application, balancers: &mut Balancers, cx: &mut Context<'_>) {
    for resource in cx.resources(FRONT_DOOR) {
        classic(resource, cx);
        let before = cx.problems.0.len();
        for mut route in one(resource, application, balancers, cx) {
            route.entry_point = u16::try_from(balancers.entry_points.len()).unwrap_or(u16::MAX);
            let name = EntryPoint::name(&route.endpoint, None);
            balancers.entry_points.push(EntryPoint { name: route.route.clone(), ..name });
            balancers.front_doors.push(route);
        }
        balancers.accepted.extend(accept::settle(resource, before, cx));
    }
}

/// Says of a profile of a CDN that it is no Front Door.
fn classic(resource: &Node, cx: &mut Context<'_>) {
    let Some(node) = resource.arm_path(&["sku", "name"]) else { return };
    let Some(why) = node.text().and_then(matters::classic_profile) else { return };
    let name = resource.name().unwrap_or_default();
    let message = format!("the profile `{name}` is not modelled, but can affect users");
    cx.problems.push(Problem::warning("W0514", message).at(&node.span, "no Front Door").help(why));
}

/// The routes of a profile. Their entry points are not known yet.
pub fn one(
    resource: &Node,
    application: &mut Application,
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> Vec<FrontDoor> {
    legality::check_ranges(resource, &RESOURCE, &mut Legality { rules: cx.rules, problems: cx.problems });
    let mut routes = Vec::new();
    let is_on = |state: Switch| state == Switch::Enabled;
    for endpoint in ENDPOINTS.items(resource).iter().filter(|of| is_on(ENDPOINT_STATE.value(of))) {
        for route in ROUTES.items(endpoint).iter().filter(|of| is_on(ROUTE_STATE.value(of))) {
            routes.extend(self::route(resource, (endpoint, route), application, balancers, cx));
        }
    }
    routes
}

fn route(
    resource: &Node,
    (endpoint, route): (&Node, &Node),
    application: &mut Application,
    balancers: &Balancers,
    cx: &mut Context<'_>,
) -> Option<FrontDoor> {
    let named = ("route", route, ROUTE_GROUP.id(route));
    let group = meant(GROUPS.items(resource), named, ("profile", "an origin group"), cx)?;
    let nodes = ORIGINS.items(group);
    let mut origins = Vec::new();
    for node in nodes {
        origins.push(origin(node, (route, group), balancers, cx)?);
    }
    // What only a write adds is until then as what is disabled (AFD-07).
    let of_group = |of: &Node| {
        let same = GROUPS.items(of).iter().filter(|other| group.name().is_some_and(|name| other.is_named(name)));
        same.flat_map(|group| ORIGINS.items(group).to_vec()).collect()
    };
    for node in write::added(resource, of_group, cx) {
        let mut of = origin(&node, (route, group), balancers, cx)?;
        of.setting.enabled = false;
        origins.push(of);
    }
    usable(group, &origins, cx);
    let is_probed = probed(group, resource, &mut origins, cx);
    let root = Node::scalar(&group.span, "/");
    let path = PROBE_PATH.node(group).unwrap_or(&root);
    let endpoint_asked = if is_probed { endpoint_of(path, "Front Door", application, cx)? } else { 0 };
    if is_probed {
        never_good(path, &application.endpoints[usize::from(endpoint_asked)], |status| status == 200, cx);
    }
    let (size, required) = (SAMPLE_SIZE.read(group), REQUIRED.read(group));
    if required.value > size.value {
        let message = format!("{} of {} samples are never good: no origin is ever healthy", required.value, size.value);
        let problem = Problem::warning("W0216", message).at(&required.span, "more than there are samples");
        cx.problems.push(problem.help("write a `successfulSamplesRequired` of at most `sampleSize`"));
    }
    let sample = |count: u32| u8::try_from(count).unwrap_or(u8::MAX);
    let name = |node: &Node| node.name().unwrap_or_default().to_owned();
    Some(FrontDoor {
        profile: name(resource),
        endpoint: name(endpoint),
        route: name(route),
        group: name(group),
        monitor: Monitor {
            protocol: ProbeProtocol::Http,
            endpoint: endpoint_asked,
            interval: SimDuration::from_secs(PROBE_INTERVAL.value(group).into()),
            timeout: SimDuration::from_secs(PROBE_INTERVAL.value(group).into()),
            judging: Judging::Window { size: sample(size.value), required: sample(required.value) },
            good: vec![(200, 200)],
        },
        sensitivity: SimDuration::from_ms(SENSITIVITY.value(group).into()),
        users: users(&name(endpoint), &name(route), &origins, cx),
        origins,
        entry_point: 0,
    })
}

fn origin(node: &Node, (route, group): (&Node, &Node), balancers: &Balancers, cx: &mut Context<'_>) -> Option<Origin> {
    let Some(host) = HOST.node(node) else {
        let problem = Problem::error("E0502", "the origin has no `hostName`").at(&node.span, "this origin");
        let problem = problem.about(About::Parts);
        cx.problems.push(problem.help("write the name of a public IP, or its host name or address"));
        return None;
    };
    // A route that forwards as users ask is taken to be asked as it is probed.
    let is_secure = match FORWARDING.value(route) {
        Forwarding::HttpOnly => false,
        Forwarding::HttpsOnly => true,
        Forwarding::MatchRequest => PROBE_PROTOCOL.value(group) == ProbeScheme::Https,
    };
    let (port, key) = match is_secure {
        true => (HTTPS_PORT.value(node), "httpsPort: 8443"),
        false => (HTTP_PORT.value(node), "httpPort: 8080"),
    };
    let found = outside::reached(host, "origin", (balancers, std::iter::empty()), cx)?;
    let Some(to) = outside::listener(host, port, &found, balancers, cx).ok()? else {
        outside::nobody_listens(host, ("origin", port, key), &found, balancers, cx);
        return None;
    };
    let setting = OriginSetting {
        enabled: ORIGIN_STATE.value(node) == Switch::Enabled,
        priority: PRIORITY.value(node),
        weight: WEIGHT.value(node),
    };
    Some(Origin { to, setting, ..Origin::plain(node.name().unwrap_or("origin"), 0) })
}

/// What Azure accepts of a group and its origins although it serves nobody, or not as it reads.
fn usable(group: &Node, origins: &[Origin], cx: &mut Context<'_>) {
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    if !origins.iter().any(|of| of.setting.enabled) {
        let message = "the origin group has no origin that is enabled: every request fails";
        say.warn(rules::AFD_06, &group.span, message, "add an origin, or write `enabledState: Enabled`");
    }
    let nodes = ORIGINS.items(group);
    let first = |at: usize, of: &dyn Fn(&Node) -> Option<String>| {
        let own = of(&nodes[at]);
        own.is_some() && nodes[..at].iter().any(|other| of(other) == own)
    };
    let name = |of: &Node| of.name().map(str::to_ascii_lowercase);
    let host = |of: &Node| {
        let ports = (HTTP_PORT.value(of), HTTPS_PORT.value(of));
        HOST.node(of)?.text().map(|host| format!("{} {ports:?}", host.to_ascii_lowercase()))
    };
    for (at, node) in nodes.iter().enumerate() {
        if first(at, &name) {
            let message = format!("two origins of the group are called `{}`", node.name().unwrap_or_default());
            say.refuse(rules::AFD_05, &node.span, &message, "rename one of them");
        } else if first(at, &host) {
            let message = format!(
                "two origins of the group have the host name `{}`: both are one backend",
                HOST.node(node).and_then(Node::text).unwrap_or_default()
            );
            say.warn(rules::AFD_05, &node.span, &message, "give each origin its own host name, or remove one");
        }
    }
    if let Some(path) = PROBE_PATH.node(group).filter(|path| !path.text().is_some_and(|text| text.starts_with('/'))) {
        let text = path.text().unwrap_or_default();
        let message = format!("the path of a probe begins with `/`, got `{text}`");
        say.warn(rules::AFD_01, &path.span, &message, &format!("write `probePath: /{text}`"));
    }
}

/// Whether the origins of a group are probed, and which of them: not one that is alone (AFD-06), and not one that is disabled, unless the
/// profile is written during the run.
fn probed(group: &Node, resource: &Node, origins: &mut [Origin], cx: &mut Context<'_>) -> bool {
    let enabled = origins.iter().filter(|of| of.setting.enabled).count();
    let has_probe = group.arm_path(&["properties", "healthProbeSettings"]).is_some();
    if !has_probe && enabled > 1 {
        let message = format!("the origin group has {enabled} origins that are enabled, and no `healthProbeSettings`");
        let mut say = Legality { rules: cx.rules, problems: cx.problems };
        let help = "write `healthProbeSettings`, or disable all origins but one";
        say.refuse(rules::AFD_06, &group.span, &message, help);
    }
    let is_written =
        cx.parts.iter().filter_map(|part| part.of_type(FRONT_DOOR)).any(|written| written.name() == resource.name());
    let count = origins.len();
    for of in &mut *origins {
        of.probed = has_probe && (enabled > 1 && of.setting.enabled || is_written && count > 1);
    }
    origins.iter().any(|of| of.probed)
}

/// Who arrives, and how far each origin is from them.
fn users(endpoint: &str, route: &str, origins: &[Origin], cx: &mut Context<'_>) -> Vec<EdgeUsers> {
    let of_route = outside::traffic_of(&format!("{endpoint}/{route}"), cx);
    let node = of_route.or_else(|| outside::traffic_of(endpoint, cx));
    outside::refuse_kept(node, endpoint, "they end at the edge, which sends each request to an origin", cx);
    let mut users = Vec::new();
    for (share, group) in outside::groups(node, endpoint, cx) {
        if let Some(group) = group {
            user_groups::unread(group, &[user_group::LATENCY.entry.key], endpoint, cx);
        }
        let given = group.map_or(&[][..], |group| user_group::LATENCY.entries(group));
        for (key, _) in
            given.iter().filter(|(key, _)| !origins.iter().any(|of| of.name.eq_ignore_ascii_case(&key.text)))
        {
            let problem = Problem::error("E0504", format!("`{endpoint}` has no origin `{}`", key.text));
            let known = origins.iter().map(|of| of.name.as_str());
            cx.problems.push(problem.at(&key.span, "unknown origin").maybe_help(suggest(&key.text, known)));
        }
        let latency = origins.iter().map(|of| {
            let (_, node) = given.iter().find(|(key, _)| key.text.eq_ignore_ascii_case(&of.name))?;
            crate::quantity::duration(node.text()?).ok()
        });
        users.push(EdgeUsers { share, latency: latency.collect() });
    }
    users
}
