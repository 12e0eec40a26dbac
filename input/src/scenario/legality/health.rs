//! What the Application Health extension refuses of its settings, and what surprises in them: one row a rule.

use super::Legality;
use crate::arm::shape::health::{
    HEALTH_GRACE, HEALTH_INTERVAL, HEALTH_PATH, HEALTH_PORT, HEALTH_PROBES, HEALTH_PROTOCOL,
};
use crate::arm::shape::load_balancer::Protocol;
use crate::tree::{At, Node, Span};
use windtunnel_sim::plan::HealthVersion;
use windtunnel_sim::rules::{self, RuleId};

/// A health extension as the rules see it.
pub struct HealthFacts<'n> {
    /// The extension, of whose settings they read.
    pub node: &'n Node,
    /// `typeHandlerVersion`, as written.
    pub handler: At<String>,
    /// What that means; `None` for a version that there is not.
    pub version: Option<HealthVersion>,
}

impl HealthFacts<'_> {
    fn rich(&self) -> bool {
        self.version == Some(HealthVersion::Rich)
    }

    /// The extension itself.
    fn span(&self) -> &Span {
        self.node.name_span()
    }

    /// `protocol`.
    fn protocol(&self) -> Option<Protocol> {
        HEALTH_PROTOCOL.get(self.node).map(|at| at.value)
    }

    /// `requestPath`; the extension takes an empty one for none.
    fn path(&self) -> Option<Span> {
        let path = HEALTH_PATH.text(self.node).filter(|path| !path.is_empty());
        path.and_then(|_| HEALTH_PATH.span(self.node))
    }

    /// `gracePeriod`, in seconds, of a version that knows one.
    fn grace(&self) -> Option<At<i64>> {
        HEALTH_GRACE.get(self.node).filter(|_| self.rich())
    }
}

type Check = fn(RuleId, &HealthFacts<'_>, &mut Legality<'_>);

/// The rules about one health extension, in the order of the rulebook.
pub static HEALTH_RULES: &[(RuleId, Check)] = &[
    (rules::HD_01, |rule, health, say| {
        if health.protocol().is_none() {
            let message = "without a `protocol` the health extension always reports Healthy";
            say.warn(rule, health.span(), message, "write `protocol: http`, `https` or `tcp`");
        }
    }),
    (rules::HD_02, |rule, health, say| {
        if health.protocol() == Some(Protocol::Tcp) && HEALTH_PORT.get(health.node).is_none() {
            say.refuse(rule, health.span(), "a health extension over tcp needs a `port`", "write `port: 8080`");
        }
    }),
    (rules::HD_03, |rule, health, say| match (health.protocol(), health.path()) {
        (Some(Protocol::Http | Protocol::Https), None) if HEALTH_PATH.span(health.node).is_none() => {
            let message = "a health extension over http or https needs a `requestPath`";
            say.refuse(rule, health.span(), message, "write the path that it requests");
        }
        (Some(Protocol::Tcp), Some(path)) => {
            say.refuse(rule, &path, "a health extension over tcp has no `requestPath`", "leave it out, or use http");
        }
        _ => {}
    }),
    (rules::HD_06, |rule, health, say| {
        if let Some(grace) = health.grace().filter(|grace| grace.value > 14_400) {
            let message = format!("gracePeriod is {}, above its maximum of 14400 seconds", grace.value);
            say.refuse(rule, &grace.span, &message, "the default is intervalInSeconds × numberOfProbes");
        }
    }),
    (rules::HD_07, |rule, health, say| {
        if let Some(grace) = health.grace().filter(|grace| grace.value < 5) {
            let message = format!("gracePeriod is {}, below its minimum of 5 seconds", grace.value);
            say.refuse(rule, &grace.span, &message, "leave it out for intervalInSeconds × numberOfProbes");
        }
    }),
    (rules::HD_08, |rule, health, say| {
        let limit = if health.rich() { 240 } else { 120 };
        let (interval, at) = (HEALTH_INTERVAL.value(health.node), HEALTH_PROBES.read(health.node));
        let probes = at.value;
        let product = interval.saturating_mul(probes);
        if product > limit {
            let message = format!(
                "intervalInSeconds × numberOfProbes is {interval} × {probes} = {product}, and version {} refuses more than {limit}",
                health.handler.value
            );
            say.refuse(rule, &at.span, &message, "reduce one of the two");
        }
    }),
    (rules::HD_09, |rule, health, say| match (health.version, HEALTH_GRACE.span(health.node)) {
        (None, _) => {
            let message = format!("the health extension has no version `{}`", health.handler.value);
            say.refuse(rule, &health.handler.span, &message, "version 1.0 has binary states, 2.0 has rich states");
        }
        (Some(HealthVersion::Binary), Some(grace)) => {
            let message = "version 1 of the health extension has no `gracePeriod`";
            say.warn(rule, &grace, message, "write `typeHandlerVersion: \"2.0\"` for rich states");
        }
        _ if !health.handler.given => {
            let message = "no `typeHandlerVersion`: treated as 1.0, which has binary states";
            say.warn(rule, &health.handler.span, message, "write `typeHandlerVersion: \"2.0\"` for rich states");
        }
        _ => {}
    }),
    (rules::HD_11, |rule, health, say| {
        if let Some(grace) = health.grace().filter(|grace| (7_201..=14_400).contains(&grace.value)) {
            let message = format!(
                "gracePeriod is {}: the page on custom metrics says at most 7200, the page of the extension 14400",
                grace.value
            );
            say.warn(rule, &grace.span, &message, "7200 or less is within both limits");
        }
    }),
    (rules::HD_31, |rule, health, say| {
        let counts = health.protocol().is_some() && health.rich() && health.grace().is_none();
        let at = HEALTH_PROBES.read(health.node);
        if counts && at.value > 1 {
            let (probes, product) = (at.value, HEALTH_INTERVAL.value(health.node).saturating_mul(at.value));
            let (agree, else_) = match health.protocol() {
                Some(Protocol::Tcp) => ("succeed", "Unhealthy"),
                _ => ("agree", "Unknown"),
            };
            let message = format!(
                "by default gracePeriod is {product} s, so the first {probes} probes must all {agree}, or the state becomes {else_}"
            );
            let help = "set `gracePeriod` to the time that the application needs to start";
            say.warn(rule, &at.span, &message, help);
        }
    }),
];
