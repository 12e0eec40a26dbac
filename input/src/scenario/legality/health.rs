//! What the Application Health extension refuses of its settings, and what surprises in them: one row a rule.

use super::{At, Legality};
use crate::tree::Span;
use windtunnel_sim::plan::{HealthVersion, ProbeProtocol};
use windtunnel_sim::rules::{Area, RuleId};

/// What the rules want to know about the settings of a health extension.
#[derive(Clone, Debug)]
pub struct HealthFacts {
    /// The extension itself.
    pub span: Span,
    /// `typeHandlerVersion`, as written.
    pub handler: At<String>,
    /// What that means; `None` for a version that there is not.
    pub version: Option<HealthVersion>,
    /// `protocol`.
    pub protocol: Option<ProbeProtocol>,
    /// `port`.
    pub port: Option<At<i64>>,
    /// `requestPath`.
    pub path: Option<Span>,
    /// `intervalInSeconds`.
    pub interval: At<i64>,
    /// `numberOfProbes`.
    pub probes: At<i64>,
    /// `gracePeriod`, in seconds.
    pub grace: Option<At<i64>>,
}

impl HealthFacts {
    fn rich(&self) -> bool {
        self.version == Some(HealthVersion::Rich)
    }
}

type HealthCheck = fn(RuleId, &HealthFacts, &mut Legality<'_>);

const fn hd(number: u8) -> RuleId {
    RuleId::new(Area::HD, number)
}

/// The rules about one health extension, in the order of the rulebook.
pub static HEALTH_RULES: &[(RuleId, HealthCheck)] = &[
    (hd(1), |rule, health, say| {
        if health.protocol.is_none() {
            let message = "without a `protocol` the health extension always reports Healthy";
            say.warn(rule, &health.span, message, "write `protocol: http`, `https` or `tcp`");
        }
    }),
    (hd(2), |rule, health, say| match &health.port {
        Some(port) if !(1..=65_535).contains(&port.value) => {
            let message = format!("port is {}, outside its range 1 to 65535", port.value);
            say.refuse(rule, &port.span, &message, "over http and https the default is 80 and 443");
        }
        None if health.protocol == Some(ProbeProtocol::Tcp) => {
            say.refuse(rule, &health.span, "a health extension over tcp needs a `port`", "write `port: 8080`");
        }
        _ => {}
    }),
    (hd(3), |rule, health, say| match (health.protocol, &health.path) {
        (Some(ProbeProtocol::Http), None) => {
            let message = "a health extension over http or https needs a `requestPath`";
            say.refuse(rule, &health.span, message, "write the path that it asks for");
        }
        (Some(ProbeProtocol::Tcp), Some(path)) => {
            say.refuse(rule, path, "a health extension over tcp has no `requestPath`", "leave it out, or use http");
        }
        _ => {}
    }),
    (hd(4), |rule, health, say| {
        if !(5..=60).contains(&health.interval.value) {
            let message = format!("intervalInSeconds is {}, outside its range 5 to 60", health.interval.value);
            say.refuse(rule, &health.interval.span, &message, "the default is 5");
        }
    }),
    (hd(5), |rule, health, say| {
        if !(1..=24).contains(&health.probes.value) {
            let message = format!("numberOfProbes is {}, outside its range 1 to 24", health.probes.value);
            say.refuse(rule, &health.probes.span, &message, "the default is 1");
        }
    }),
    (hd(6), |rule, health, say| {
        if let Some(grace) = health.grace.as_ref().filter(|grace| health.rich() && grace.value > 14_400) {
            let message = format!("gracePeriod is {}, above its maximum of 14400 seconds", grace.value);
            say.refuse(rule, &grace.span, &message, "the default is intervalInSeconds × numberOfProbes");
        }
    }),
    (hd(7), |rule, health, say| {
        if let Some(grace) = health.grace.as_ref().filter(|grace| health.rich() && grace.value < 5) {
            let message = format!("gracePeriod is {}, below its minimum of 5 seconds", grace.value);
            say.refuse(rule, &grace.span, &message, "leave it out for intervalInSeconds × numberOfProbes");
        }
    }),
    (hd(8), |rule, health, say| {
        let limit = if health.rich() { 240 } else { 120 };
        let product = health.interval.value.saturating_mul(health.probes.value);
        if product > limit {
            let (interval, probes) = (health.interval.value, health.probes.value);
            let message = format!(
                "intervalInSeconds × numberOfProbes is {interval} × {probes} = {product}, and version {} refuses more than {limit}",
                health.handler.value
            );
            say.refuse(rule, &health.probes.span, &message, "lower one of the two");
        }
    }),
    (hd(9), |rule, health, say| match (health.version, &health.grace) {
        (None, _) => {
            let message = format!("the health extension has no version `{}`", health.handler.value);
            say.refuse(rule, &health.handler.span, &message, "1.0 has binary states, 2.0 rich ones");
        }
        (Some(HealthVersion::Binary), Some(grace)) => {
            let message = "version 1 of the health extension knows no `gracePeriod`";
            say.warn(rule, &grace.span, message, "write `typeHandlerVersion: \"2.0\"` for rich states");
        }
        _ if !health.handler.given => {
            let message = "no `typeHandlerVersion`: taken for 1.0, which has binary states";
            say.warn(rule, &health.handler.span, message, "write `typeHandlerVersion: \"2.0\"` for rich states");
        }
        _ => {}
    }),
    (hd(11), |rule, health, say| {
        let disputed = |grace: &&At<i64>| health.rich() && (7_201..=14_400).contains(&grace.value);
        if let Some(grace) = health.grace.as_ref().filter(disputed) {
            let message = format!(
                "gracePeriod is {}: the page on custom metrics still gives 7200 as its maximum, the extension's own page 14400",
                grace.value
            );
            say.warn(rule, &grace.span, &message, "7200 or less is safe by either page");
        }
    }),
    (hd(31), |rule, health, say| {
        let counts = health.protocol.is_some() && health.rich() && health.grace.is_none();
        if counts && health.probes.value > 1 {
            let (probes, product) = (health.probes.value, health.interval.value.saturating_mul(health.probes.value));
            let (agree, else_) = match health.protocol {
                Some(ProbeProtocol::Tcp) => ("succeed", "Unhealthy"),
                _ => ("agree", "Unknown"),
            };
            let message = format!(
                "by default gracePeriod is {product} s, so the first {probes} probes must all {agree}, or the state becomes {else_}"
            );
            let help = "write a `gracePeriod` of the time that the application needs to start";
            say.warn(rule, &health.probes.span, &message, help);
        }
    }),
];
