//! Which machines an image boots on: the generation and the security type of its definition against those of the model (LC-09).

use super::Context;
use super::images::named;
use super::keys::choices::{Generation, SecurityType};
use super::keys::{GENERATION, SECURITY, scenario};
use crate::arm::shape::scale_set::{IMAGE_REFERENCE, SECURITY_PROFILE};
use crate::scenario::legality::Legality;
use crate::tree::Node;
use windtunnel_sim::rules;

/// Checks the image of a model against the security type of its machines. Where the definition says neither, nothing is known.
pub fn check_security(resource: &Node, cx: &mut Context<'_>) {
    let Some(reference) = IMAGE_REFERENCE.find(resource) else { return };
    let Some((image, _)) = named(reference) else { return };
    let definitions = scenario::IMAGE_DEFINITIONS.node(cx.scenario);
    let Some(definition) = definitions.and_then(|list| list.get(&image)) else { return };
    let (generation, kind) = (GENERATION.given(definition), SECURITY.given(definition));
    let wanted = SECURITY_PROFILE.node(resource).and_then(|profile| profile.arm("securityType"));
    // A model without a security type makes Standard machines.
    let machine = wanted.and_then(Node::text).unwrap_or("Standard");
    let at = wanted.unwrap_or(reference);
    let message = match (generation, kind) {
        (Some(Generation::V1), _) if !machine.eq_ignore_ascii_case("Standard") => {
            format!("`{image}` is an image of generation V1, which does not boot on {machine} machines")
        }
        (_, Some(kind)) if !boots(kind, machine) => {
            format!("`{image}` is an image of security type {}, which does not boot on {machine} machines", kind.word())
        }
        _ => return,
    };
    let mut say = Legality { rules: cx.rules, problems: cx.problems };
    let help = "TrustedLaunchSupported on generation V2 boots on Standard and on Trusted Launch machines";
    say.refuse(rules::LC_09, &at.span, &message, help);
}

/// Whether an image of a security type boots on machines of another.
fn boots(image: SecurityType, machine: &str) -> bool {
    let on: &[&str] = match image {
        SecurityType::Standard => &["Standard"],
        SecurityType::TrustedLaunch => &["TrustedLaunch"],
        SecurityType::TrustedLaunchSupported => &["Standard", "TrustedLaunch"],
        SecurityType::Confidential => &["ConfidentialVM"],
        SecurityType::ConfidentialSupported => &["Standard", "TrustedLaunch", "ConfidentialVM"],
    };
    on.iter().any(|kind| kind.eq_ignore_ascii_case(machine))
}
