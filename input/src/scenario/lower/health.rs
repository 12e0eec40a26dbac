//! The Application Health extension: its settings, checked, and what an application says of its health.

use super::balancers::endpoint_of;
use super::keys::answer as key;
use super::{Context, place};
use crate::arm::shape::health::{
    HEALTH_GRACE, HEALTH_INTERVAL, HEALTH_PATH, HEALTH_PROBES, HEALTH_PROTOCOL, HEALTH_SETTINGS,
};
use crate::arm::shape::load_balancer::Protocol;
use crate::arm::shape::refuse_kinds;
use crate::arm::shape::scale_set::{EXTENSION_TYPE, EXTENSIONS, HANDLER_VERSION};
use crate::problem::Problem;
use crate::scenario::legality::health::{HEALTH_RULES, HealthFacts};
use crate::scenario::legality::{self, Legality};
use crate::tree::{At, Node, Value};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    AnswerKind, Application, Body, Clause, Endpoint, Extension, HealthExtension, HealthVersion, HealthWord,
    ProbeProtocol, RollingMetrics, Said,
};
use windtunnel_sim::rules;

/// Whether an extension of a model is the Application Health extension, for either operating system.
pub fn is_health_extension(extension: &Node) -> bool {
    let kind = EXTENSION_TYPE.text(extension).unwrap_or_default();
    kind.eq_ignore_ascii_case("ApplicationHealthLinux") || kind.eq_ignore_ascii_case("ApplicationHealthWindows")
}

/// The health extension of a model.
pub fn find(resource: &Node) -> Option<&Node> {
    EXTENSIONS.items(resource).iter().find(|extension| is_health_extension(extension))
}

/// The settings of the health extension of a model, if it has one among its extensions.
pub fn read(
    resource: &Node,
    extensions: &[Extension],
    application: &mut Application,
    cx: &mut Context<'_>,
) -> Option<HealthExtension> {
    let node = find(resource)?;
    let place = extensions.iter().position(|extension| Some(extension.name.as_str()) == node.name())?;
    if let Some(settings) = HEALTH_SETTINGS.find(node) {
        refuse_kinds(settings, &HEALTH_SETTINGS, cx.problems);
        legality::check_ranges(settings, &HEALTH_SETTINGS, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
    let facts = facts(node);
    for (rule, check) in HEALTH_RULES {
        check(*rule, &facts, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
    let protocol = HEALTH_PROTOCOL.get(node).map(|at| match at.value {
        Protocol::Tcp => ProbeProtocol::Tcp,
        Protocol::Http | Protocol::Https => ProbeProtocol::Http,
    });
    let path = HEALTH_PATH.node(node);
    let endpoint = match (protocol, path) {
        (Some(ProbeProtocol::Http), Some(path)) => endpoint_of(path, "this health extension", application, cx)?,
        _ => 0,
    };
    let version = facts.version.unwrap_or(HealthVersion::Binary);
    if (version, protocol) == (HealthVersion::Rich, Some(ProbeProtocol::Http)) {
        says_nothing(path.unwrap_or(node), &application.endpoints[usize::from(endpoint)], cx);
    }
    let grace = HEALTH_GRACE.get(node).filter(|_| version == HealthVersion::Rich);
    Some(HealthExtension {
        extension: u16::try_from(place).ok()?,
        version,
        protocol,
        endpoint,
        interval: seconds(HEALTH_INTERVAL.value(node).max(1)),
        probes: u32::try_from(HEALTH_PROBES.value(node)).unwrap_or(1).max(1),
        grace: grace.map(|grace| seconds(grace.value)),
    })
}

/// Warns where an endpoint that version 2 of the extension asks never says a state that it takes (HD-21): then the health of
/// every instance is Unknown, from the start of the run on, since the fleet has spent its grace periods by then.
fn says_nothing(at: &Node, endpoint: &Endpoint, cx: &mut Context<'_>) {
    let says = |clause: &Clause| {
        let well = matches!(clause.answer.kind, AnswerKind::Status(200..=299));
        well && matches!(clause.answer.body.state, Some(HealthWord::Exact(_)))
    };
    if endpoint.clauses.iter().any(says) || !cx.rules.on(rules::HD_21) {
        return;
    }
    let message = format!(
        "`{}` never sends `ApplicationHealthState`, which version 2 of the health extension needs: health is always \
         Unknown",
        endpoint.path
    );
    cx.problems.push(Problem::warning("W0555", message).at(&at.span, "asked for").help(
        "answer `{ status: 200, healthState: Healthy }`, or use `typeHandlerVersion: \"1.0\"`, which needs only the \
         200",
    ));
}

fn seconds(value: i64) -> SimDuration {
    SimDuration::from_secs(u64::try_from(value).unwrap_or(0))
}

fn facts(node: &Node) -> HealthFacts<'_> {
    let written = HANDLER_VERSION.node(node);
    let handler = At {
        value: written.and_then(Node::text).unwrap_or("1.0").to_owned(),
        span: written.or_else(|| node.arm("name")).unwrap_or(node).span.clone(),
        given: written.is_some(),
    };
    let version = match handler.value.split('.').next() {
        Some("1") => Some(HealthVersion::Binary),
        Some("2") => Some(HealthVersion::Rich),
        _ => None,
    };
    HealthFacts { node, handler, version }
}

/// What the body of an answer says: `healthState`, `customMetrics`, and `body`, which joins the texts. Some answers have none, and are
/// as if it were empty.
pub fn body(answer: &Node, kind: AnswerKind, texts: &mut Vec<String>, cx: &mut Context<'_>) -> Body {
    let given = key::HEALTH_STATE.node(answer).or_else(|| key::CUSTOM_METRICS.node(answer));
    let given = given.or_else(|| key::BODY.node(answer));
    let mut is = |text: &str| u16::try_from(place(texts, text.to_owned())).ok();
    if let AnswerKind::Status(status @ (100..=199 | 204 | 304)) = kind {
        if let Some(node) = given {
            let problem = Problem::warning("W0554", format!("an answer with status {status} has no body"));
            let help = "answer with `status: 200`, or remove the body";
            cx.problems.push(problem.at(&node.span, "is never sent").help(help));
        }
        return Body { text: is(""), ..Body::default() };
    }
    let text = key::BODY.node(answer).and_then(Node::text).and_then(is);
    let state = key::HEALTH_STATE.node(answer).and_then(|node| {
        let (word, right) = word(node.text()?);
        if let Some(right) = right {
            let message = format!("`healthState` must be `Healthy` or `Unhealthy`, got `{}`", node.text()?);
            let mut say = Legality { rules: cx.rules, problems: cx.problems };
            say.warn(rules::HD_23, &node.span, &message, right);
        }
        Some(word)
    });
    let metrics = key::CUSTOM_METRICS.node(answer);
    let metrics_object = metrics.is_some_and(|node| matches!(node.value, Value::Map(_)));
    if let Some(node) = metrics.filter(|_| metrics_object) {
        let message = "`customMetrics` must be a string, got an object: the whole body cannot be read";
        let mut say = Legality { rules: cx.rules, problems: cx.problems };
        say.warn(rules::HD_36, &node.span, message, "write it as a string that contains JSON");
    }
    let rolling = metrics.filter(|_| !metrics_object).and_then(|node| custom_metrics(node, cx));
    Body { state, rolling, metrics_object, text }
}

/// What a string of custom metrics says of rolling upgrades (HD-35). One that is no JSON object has no effect on health
/// (HD-36).
fn custom_metrics(node: &Node, cx: &mut Context<'_>) -> Option<RollingMetrics> {
    let Some(metrics) = node.text().and_then(|text| serde_json::from_str::<Map>(text).ok()) else {
        let message = "`customMetrics` must be a JSON object in a string: the extension reports an error substatus, but the \
             health counts";
        let mut say = Legality { rules: cx.rules, problems: cx.problems };
        let help = "write `'{\"rollingUpgrade\":{\"PhaseOrderingNumber\":0,\"SkipUpgrade\":false}}'`";
        say.warn(rules::HD_36, &node.span, message, help);
        return None;
    };
    let Some(rolling) = metrics.get("rollingUpgrade").filter(|_| cx.rules.on(rules::HD_35)) else {
        let problem =
            Problem::note("N0303", "`customMetrics` has nothing about rolling upgrades, and nothing else reads it");
        cx.problems.push(problem.at(&node.span, "has no `rollingUpgrade`"));
        return None;
    };
    let phase = rolling.get("PhaseOrderingNumber").and_then(serde_json::Value::as_u64);
    let skip = rolling.get("SkipUpgrade").and_then(serde_json::Value::as_bool);
    Some(RollingMetrics { phase: phase.and_then(|phase| u32::try_from(phase).ok()), skip: skip == Some(true) })
}

type Map = serde_json::Map<String, serde_json::Value>;

/// A word for a state of health, and what is right where it is wrong.
fn word(text: &str) -> (HealthWord, Option<&'static str>) {
    for (right, said) in [("Healthy", Said::Healthy), ("Unhealthy", Said::Unhealthy)] {
        if text == right {
            return (HealthWord::Exact(said), None);
        }
        if text.eq_ignore_ascii_case(right) {
            return (HealthWord::OtherCase(said), Some("the value is case-sensitive: `Healthy`, `Unhealthy`"));
        }
    }
    (HealthWord::Other, Some("write `Healthy` or `Unhealthy`"))
}
