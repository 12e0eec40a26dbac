//! A fleet without a scenario, as the finders see it: resources in normal form, what the rules know of the sets, and who leads to them.

use crate::arm::reference::{self, reference_name};
use crate::arm::shape::load_balancer::{PROBES, RULE_PROBE, RULES};
use crate::arm::shape::scale_set::{self, UPGRADE_MODE};
use crate::arm::shape::{self, autoscale};
use crate::problem::About;
use crate::scenario::legality::SetFacts;
use crate::scenario::lower::{health_extension, leads_to, named_image, pool_references, region_name};
use crate::tree::{Node, Span};
use crate::{LoadOptions, Problem, Problems};
use serde_json::{Value as Json, json};
use windtunnel_sim::plan::{OrchestrationMode, UpgradeMode};

/// Resources that belong together, whatever files they come from.
#[derive(Debug)]
pub struct Fleet {
    /// All of them, in normal form.
    pub resources: Vec<Node>,
    /// The scale sets.
    pub sets: Vec<SetFacts>,
    /// What Azure would refuse of them, and what it would accept without effect.
    pub said: Problems,
    /// Parameters without a value, for which something was put.
    placeholders: Vec<String>,
}

impl Fleet {
    /// Looks at resources; `reading` is what was said when they were read.
    #[must_use]
    pub fn of(resources: Vec<Node>, reading: &Problems, options: &LoadOptions) -> Self {
        let (sets, said) = crate::load::survey(resources.clone(), options);
        let named = |problem: &Problem| match &problem.about {
            Some(About::Parameter { name, .. }) => Some(name.to_ascii_lowercase()),
            _ => None,
        };
        let placeholders = reading.iter().filter_map(named).collect();
        Self { resources, sets, said, placeholders }
    }

    /// Whether what is written at a place is a parameter that has no value: nothing is known of it. What a finding says of a
    /// whole resource stands at its name.
    #[must_use]
    pub fn is_placeholder(&self, span: &Span) -> bool {
        let is_name = |one: &Node| one.arm("name").is_some_and(|name| name.span.start == span.start);
        if self.resources.iter().any(is_name) {
            return false;
        }
        let text = span.source.text.get(span.start..span.end).unwrap_or_default().to_ascii_lowercase();
        self.placeholders.iter().any(|name| text.contains(&format!("parameters('{name}')")))
    }

    /// The resources of a type.
    pub fn of_type<'f>(&'f self, kind: &'static str) -> impl Iterator<Item = &'f Node> {
        self.resources.iter().filter(move |one| is_type(one, kind))
    }

    /// What a policy calls a resource: its name, with its type where others have the name too.
    #[must_use]
    pub fn key(&self, resource: &Node) -> String {
        let name = resource.name().unwrap_or_default();
        let kind = resource.arm("type").and_then(Node::text).unwrap_or_default();
        match self.resources.iter().filter(|one| one.is_named(name)).count() {
            0 | 1 => name.to_owned(),
            _ => format!("{}/{name}", shape::without_namespace(kind)),
        }
    }

    /// A patch of one resource, as a policy.
    #[must_use]
    pub fn patch(&self, resource: &Node, change: Json) -> Json {
        json!({ self.key(resource): change })
    }

    /// A patch of the properties of a scale set, as a policy.
    #[must_use]
    pub fn properties(&self, set: &SetFacts, change: Json) -> Json {
        self.patch(&set.resource, json!({ "properties": change }))
    }

    /// The same of a version of the API that knows what is changed: a template may write an older one.
    #[must_use]
    pub fn modern(&self, set: &SetFacts, needed: &str, change: Json) -> Json {
        let mut change = change;
        if set.api_version.as_ref().is_some_and(|(version, _)| version.as_str() < needed) {
            change["apiVersion"] = needed.into();
        }
        self.patch(&set.resource, change)
    }

    /// The autoscale settings that scale a set and are not switched off.
    pub fn settings<'f>(&'f self, set: &'f SetFacts) -> impl Iterator<Item = &'f Node> {
        let is_of = |one: &&Node| {
            let target = autoscale::TARGET.text(one).map(reference_name);
            let off = autoscale::ENABLED.get(one).is_some_and(|at| !at.value);
            !off && target.is_some_and(|name| name.eq_ignore_ascii_case(set.name()))
        };
        self.of_type(shape::AUTOSCALE).filter(is_of)
    }

    /// The load-balancing rules that lead to a set, each with its balancer.
    #[must_use]
    pub fn rules<'f>(&'f self, set: &'f SetFacts) -> Vec<(&'f Node, &'f Node)> {
        let mut found: Vec<(&Node, &Node)> = Vec::new();
        for (id, _) in pool_references(&set.resource) {
            let (owner, pool) = reference::backend_pool(id).unwrap_or((None, reference_name(id)));
            let is_meant = |one: &&Node| owner.is_none_or(|owner| one.is_named(owner));
            for balancer in self.of_type(shape::LOAD_BALANCER).filter(is_meant) {
                let leading = RULES.items(balancer).iter().filter(|rule| leads_to(rule, pool));
                found.extend(leading.map(|rule| (balancer, rule)));
            }
        }
        found.dedup_by(|a, b| std::ptr::eq(a.1, b.1));
        found
    }

    /// The other sets that one of those rules leads to.
    pub fn beside<'f>(&'f self, set: &'f SetFacts) -> impl Iterator<Item = &'f SetFacts> {
        let own = self.rules(set);
        let shares = move |other: &&SetFacts| {
            self.rules(other).iter().any(|(_, rule)| own.iter().any(|(_, known)| std::ptr::eq(*rule, *known)))
        };
        self.sets.iter().filter(move |other| !std::ptr::eq(*other, set)).filter(shares)
    }

    /// The probes by which those rules choose, each once.
    #[must_use]
    pub fn probes<'f>(&'f self, set: &'f SetFacts) -> Vec<(&'f Node, &'f Node)> {
        let mut found: Vec<(&Node, &Node)> = Vec::new();
        for (balancer, rule) in self.rules(set) {
            if let Some(probe) = probe_of(balancer, rule)
                && !found.iter().any(|(_, known)| std::ptr::eq(*known, probe))
            {
                found.push((balancer, probe));
            }
        }
        found
    }
}

/// The probe that a rule names.
#[must_use]
pub fn probe_of<'n>(balancer: &'n Node, rule: &Node) -> Option<&'n Node> {
    let (id, _) = RULE_PROBE.id(rule)?;
    PROBES.items(balancer).iter().find(|probe| probe.is_named(reference_name(id)))
}

/// Whether a resource, or a step of one, is of a type.
#[must_use]
pub fn is_type(resource: &Node, kind: &str) -> bool {
    resource.arm("type").and_then(Node::text).is_some_and(|own| own.eq_ignore_ascii_case(kind))
}

/// The health extension of a model.
#[must_use]
pub fn health_of(set: &SetFacts) -> Option<&Node> {
    health_extension(&set.resource)
}

/// How changes of the model reach the instances of a set.
#[must_use]
pub fn mode_of(set: &SetFacts) -> UpgradeMode {
    UPGRADE_MODE.value(&set.resource)
}

/// Whether a set goes through rolling upgrades: those of its model, or of its image.
#[must_use]
pub fn rolls(set: &SetFacts) -> bool {
    mode_of(set) == UpgradeMode::Rolling || scale_set::OS_UPGRADE_ENABLED.value(&set.resource)
}

/// How many instances a set has; none where the file does not say.
#[must_use]
pub fn count_of(set: &SetFacts) -> u32 {
    u32::try_from(set.capacity.value).unwrap_or(0)
}

/// How many zones a set is in; none where it is regional.
#[must_use]
pub fn zones_of(set: &SetFacts) -> u32 {
    u32::try_from(set.zones.value.len()).unwrap_or(0)
}

/// The region of a set, as scenarios write it.
#[must_use]
pub fn region_of(set: &SetFacts) -> Option<String> {
    scale_set::LOCATION.text(&set.resource).map(region_name)
}

/// The orchestration mode of a set.
#[must_use]
pub const fn orchestration(set: &SetFacts) -> OrchestrationMode {
    if set.flexible.value { OrchestrationMode::Flexible } else { OrchestrationMode::Uniform }
}

/// The image of a set, by its name in a gallery or its publisher, offer and SKU.
#[must_use]
pub fn image_of(set: &SetFacts) -> Option<String> {
    named_image(scale_set::IMAGE_REFERENCE.find(&set.resource)?).map(|(image, _)| image)
}

/// Whether a set gets new versions of its image by automatic OS upgrade.
#[must_use]
pub fn follows(set: &SetFacts) -> bool {
    let named = scale_set::IMAGE_REFERENCE.find(&set.resource).and_then(named_image);
    scale_set::OS_UPGRADE_ENABLED.value(&set.resource) && named.is_some_and(|(_, version)| version.is_none())
}
