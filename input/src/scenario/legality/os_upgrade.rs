//! What Azure refuses of automatic OS upgrade and of health sources, in its own words: one row a rule.
//!
//! The texts are those that public reports quote: the sources of the rules name them.

use super::{ImageSource, Legality, SetFacts};
use crate::arm::shape::scale_set::{OS_UPGRADE_ENABLED, UPGRADE_MODE};
use crate::problem::Answer;
use crate::tree::Span;
use windtunnel_sim::plan::UpgradeMode;
use windtunnel_sim::rules::{self, RuleId};

/// What the rules want to know of a set about its health source and its OS upgrades, beside what they read of it.
pub struct OsUpgradeFacts<'a> {
    /// The set.
    pub set: &'a SetFacts,
    /// A version that the model names in the place of `latest`.
    pub pinned: Option<(String, Span)>,
    /// The version of the extension of Service Fabric.
    pub fabric_version: Option<(String, Span)>,
    /// The probe that reports health, where the set is not in a pool of its balancer: that balancer and the probe.
    pub probe_elsewhere: Option<(String, String)>,
    /// The probe that reports health, where no rule of its balancer uses it.
    pub probe_idle: Option<String>,
    /// How often the probe that reports health asks, in seconds.
    pub probe_interval: Option<i64>,
}

impl OsUpgradeFacts<'_> {
    /// `enableAutomaticOSUpgrade`, where it is true.
    fn enabled(&self) -> Option<Span> {
        OS_UPGRADE_ENABLED.on(&self.set.resource)
    }

    /// `networkProfile.healthProbe` of a Uniform set: of a Flexible one it is no health source.
    fn probe(&self) -> Option<&Span> {
        self.set.health_probe.as_ref().filter(|_| !self.set.flexible.value)
    }
}

/// What every image must be (OS-01, OS-02).
const LATEST: &str = "virtualMachineScaleSets with Automatic OS Upgrade enabled must use Platform or Gallery Image with version set to 'latest'.";

type Check = fn(RuleId, &OsUpgradeFacts<'_>, &mut Legality<'_>);

/// The rules, in the order of the rulebook.
pub static OS_UPGRADE_RULES: &[(RuleId, Check)] = &[
    (rules::UM_06, |rule, facts, say| {
        let (Some(probe), Some(_)) = (facts.probe(), &facts.set.health_extension) else { return };
        if facts.enabled().is_none() {
            let message = "the set has two health sources, a probe and the Application Health extension: repairs and \
                automatic OS upgrades do not work";
            return say.warn(rule, probe, message, "keep one of the two");
        }
        let text = "Automatic OS Upgrade is not supported for this Virtual Machine Scale Set because both a health probe and a health extension were provided. Remove the health probe or health extension prior to enabling automatic OS upgrade.";
        let help = "remove `healthProbe` from the network profile, or the extension from the extension profile";
        say.refuse_as(("E0512", rule), Answer::new("BadRequest", text), (probe, "the second health source"), help);
    }),
    (rules::UM_07, |rule, facts, say| {
        let mode = UPGRADE_MODE.get(&facts.set.resource).filter(|mode| mode.value != UpgradeMode::Automatic);
        if let (Some(_), Some(mode)) = (&facts.fabric_version, mode) {
            let message = format!(
                "the upgrade mode of a scale set with Service Fabric must be Automatic, got {}",
                mode.value.word()
            );
            say.refuse(
                rule,
                &mode.span,
                &message,
                "write `mode: Automatic`; Service Fabric itself upgrades domain by domain",
            );
        }
    }),
    (rules::UM_20, |rule, facts, say| {
        let (Some(span), Some((balancer, probe))) = (facts.probe(), &facts.probe_elsewhere) else { return };
        let text = format!(
            "VM scale set {} cannot use probe {balancer}/{probe} as a HealthProbe because primary IP configuration of the scale set does not use load balancing. LoadBalancerBackendAddressPools property of the IP configuration must reference backend address pool of the load balancer that contains the probe.",
            facts.set.name()
        );
        let help = format!(
            "name a pool of `{balancer}` in `loadBalancerBackendAddressPools` of the primary IP configuration, or use the Application Health extension"
        );
        let answer = Answer::new("CannotUseHealthProbeWithoutLoadBalancing", text);
        say.refuse_as(
            ("E0514", rule),
            answer,
            (span, "the set is in no pool of the load balancer of the probe"),
            &help,
        );
    }),
    (rules::UM_21, |rule, facts, say| {
        let (Some(span), Some(probe)) = (facts.probe(), &facts.probe_idle) else { return };
        let text =
            "You can't have a probe that's not used by any rule configured for Virtual Machine Scale Set health.";
        let help = "name the probe in a load-balancing rule that leads to the pool of the set, or use the Application Health extension";
        let answer = Answer::new("CannotUseInactiveHealthProbe", text);
        say.refuse_as(("E0514", rule), answer, (span, &format!("no rule of its load balancer uses `{probe}`")), help);
    }),
    (rules::OS_01, |rule, facts, say| {
        let Some(enabled) = facts.enabled() else { return };
        if let Some((version, span)) = &facts.pinned {
            let what = format!("names version {version}, but automatic OS upgrade is enabled");
            let help = "name the image definition without a version, or `version: latest` of a platform image; or \
                set `enableAutomaticOSUpgrade: false`";
            say.refuse_as(("E0510", rule), Answer::new("BadRequest", LATEST), (span, &what), help);
        }
        if let Some((version, _)) =
            facts.set.api_version.as_ref().filter(|(version, _)| version.as_str() < "2018-10-01")
        {
            let message = format!("automatic OS upgrade needs apiVersion 2018-10-01, and this is {version}");
            say.refuse(rule, &enabled, &message, "write `apiVersion: 2018-10-01` or a later one");
        }
    }),
    (rules::OS_02, |rule, facts, say| {
        if let (Some(_), ImageSource::Managed(span) | ImageSource::Storage { span, own: true }) =
            (facts.enabled(), &facts.set.source)
        {
            let help = "move the image to a Compute Gallery and name its definition, or set \
                `enableAutomaticOSUpgrade: false`";
            let what = "the image is from neither the platform nor a gallery, but automatic OS upgrade is enabled";
            say.refuse_as(("E0515", rule), Answer::new("BadRequest", LATEST), (span, what), help);
        }
    }),
    (rules::OS_03, |rule, facts, say| {
        let Some(enabled) = facts.enabled() else { return };
        if let Some((version, span)) = &facts.fabric_version {
            if matches!(version.as_str(), "1.0" | "1") {
                let text = "Service Fabric VM Extension version should be 1.1 or above for Auto OS Upgrade support";
                let help = "write `typeHandlerVersion: \"1.1\"`, with durability Silver or Gold";
                say.refuse_as(("E0511", rule), Answer::new("OperationNotAllowed", text), (span, "this version"), help);
            }
            return;
        }
        if !facts.set.has_health() {
            let text = "Automatic OS Upgrade is not supported for this Virtual Machine Scale Set because a health probe or health extension was not specified.";
            let help = "add an Application Health extension to the model";
            say.refuse_as(("E0511", rule), Answer::new("BadRequest", text), (&enabled, "enabled here"), help);
        }
    }),
    (rules::OS_34, |rule, facts, say| {
        let slow = facts.probe_interval.filter(|interval| *interval >= 120);
        if let (Some(_), Some(span), Some(interval)) = (facts.enabled(), &facts.set.health_probe, slow) {
            let message = format!("the interval of a health probe must be less than two minutes, got {interval} s");
            say.warn(rule, span, &message, "use a separate probe for health, with a short `intervalInSeconds`");
        }
    }),
];
