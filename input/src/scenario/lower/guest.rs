//! What runs inside guests beside extensions, and what goes wrong with what they need.

use super::Context;
use super::extensions::installs;
use super::keys::{
    FOR, SCALE_SET, application, custom_data_effect as key, expire_payload, publish_extension, scenario,
    timeline_entry as entry,
};
use crate::arm::reference::is_resource;
use crate::arm::shape;
use crate::arm::shape::scale_set::{CUSTOM_DATA, EXTENSIONS, OS};
use crate::problem::{Problem, suggest};
use crate::tree::Node;
use windtunnel_sim::plan::{Act, CustomData, ExtensionRelease, GuestAct};

/// What cloud-init does with the custom data of a set, where the scenario says so.
pub fn custom_data(set: &str, resource: &Node, cx: &mut Context<'_>) -> Option<CustomData> {
    let declared = application::CUSTOM_DATA.node(scenario::APPLICATION.node(cx.scenario))?;
    let (name, effect) = declared.entries().iter().find(|(name, _)| name.text.eq_ignore_ascii_case(set))?;
    let Some(os) = OS.find(resource).filter(|_| CUSTOM_DATA.node(resource).is_some()) else {
        let problem = Problem::error("E0555", format!("the model of `{set}` has no `customData` for cloud-init"));
        cx.problems
            .push(problem.at(&name.span, "what it does").help("write `osProfile: { customData: … }` in its profile"));
        return None;
    };
    Some(CustomData {
        duration: key::DURATION.read(effect),
        failure: key::FAILURE.read(effect),
        needs: cx.dependency_bits(key::NEEDS.given(effect)),
        installs: installs(key::INSTALLS.node(effect), os, &format!("the custom data of `{set}`"), cx),
        starts_process: key::STARTS_PROCESS.read(effect),
    })
}

/// Custom data of sets that there are not.
pub fn unknown(cx: &mut Context<'_>) {
    for (name, _) in application::CUSTOM_DATA.entries(scenario::APPLICATION.node(cx.scenario)) {
        if !cx.sets.iter().any(|set| set.eq_ignore_ascii_case(&name.text)) {
            let problem = Problem::error("E0201", format!("there is no scale set `{}`", name.text));
            let near = suggest(&name.text, cx.sets.iter());
            cx.problems.push(problem.at(&name.span, "unknown scale set").maybe_help(near));
        }
    }
}

/// The acts of the timeline about guests.
pub fn act(node: &Node, cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = entry::FAIL_UPGRADE.node(node) {
        return Some(Act::Guest(GuestAct::FailUpgrade { set: cx.set_of(act)? }));
    }
    if let Some(act) = entry::START_EXTENSION_UPGRADE.node(node) {
        return Some(Act::Guest(GuestAct::UpgradeExtensions { set: cx.set_of(act)? }));
    }
    if let Some(act) = entry::PUBLISH_EXTENSION.node(node) {
        let set = cx.set_of(act)?;
        let extension = known_extension(act, set, cx)?;
        let release = ExtensionRelease {
            version: publish_extension::VERSION.given(act)?.to_owned(),
            duration: publish_extension::DURATION.given(act),
            failure: publish_extension::FAILURE.read(act),
            stops_process: publish_extension::STOPS_PROCESS.read(act),
            cannot: cx.dependency_bits(publish_extension::CANNOT_REACH.given(act)),
            bad: publish_extension::BAD.read(act),
        };
        return Some(Act::Guest(GuestAct::PublishExtension { set, extension, release: Box::new(release) }));
    }
    let act = entry::EXPIRE_PAYLOAD.node(node)?;
    let set = cx.set_of(act)?;
    let extension = known_extension(act, set, cx)?;
    Some(Act::Guest(GuestAct::ExpirePayload { set, extension, length: FOR.given(act) }))
}

/// The name of an extension that the model of the set has, or gets from a write of the timeline.
fn known_extension(act: &Node, set: u16, cx: &mut Context<'_>) -> Option<String> {
    let node = expire_payload::EXTENSION.node(act)?;
    let text = node.text()?;
    let name = cx.sets.0[usize::from(set)].clone();
    let is = |other: Option<&str>| other.is_some_and(|other| other.eq_ignore_ascii_case(&name));
    let scenario = cx.scenario;
    let of_model = scenario::RESOURCES.items(scenario).iter().filter(|node| is_resource(node, shape::SCALE_SET, &name));
    let writes = scenario::TIMELINE.items(scenario).iter().filter_map(|entry| entry::UPDATE_MODEL.node(entry));
    let writes = writes.filter(|write| is(SCALE_SET.given(*write)));
    let extensions = of_model.chain(writes).flat_map(|node| EXTENSIONS.items(node));
    let known: Vec<&str> = extensions.filter_map(Node::name).collect();
    if known.contains(&text) {
        return Some(text.to_owned());
    }
    let problem = Problem::error("E0207", format!("the model of `{name}` has no extension `{text}`"));
    cx.problems.push(problem.at(&node.span, "unknown extension").maybe_help(suggest(text, known)));
    None
}
