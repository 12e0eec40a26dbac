//! What runs inside guests beside extensions, and what goes wrong with what they need.

use super::extensions::installs;
use super::{AT_ONCE, Context, images, values};
use crate::arm::shape::scale_set::{CUSTOM_DATA, EXTENSIONS, OS};
use crate::problem::{Problem, suggest};
use crate::tree::Node;
use windtunnel_sim::plan::{Act, CustomData, ExtensionRelease, GuestAct};

/// What cloud-init does with the custom data of a set, where the scenario says so.
pub fn custom_data(set: &str, resource: &Node, cx: &mut Context<'_>) -> Option<CustomData> {
    let declared = cx.scenario.get("application")?.get("customData")?;
    let (key, effect) = declared.entries().iter().find(|(key, _)| key.text.eq_ignore_ascii_case(set))?;
    let Some(os) = OS.find(resource).filter(|_| CUSTOM_DATA.node(resource).is_some()) else {
        let problem =
            Problem::error("E0555", format!("the model of `{set}` has no `customData` for cloud-init to run"));
        cx.problems
            .push(problem.at(&key.span, "what it does").help("write `osProfile: { customData: … }` in its profile"));
        return None;
    };
    Some(CustomData {
        duration: values::dist_of(effect, "duration", cx.problems).unwrap_or(AT_ONCE),
        failure: values::percent(effect, "failure").unwrap_or(0.0),
        installs: installs(effect, os, &format!("the custom data of `{set}`"), cx),
        starts_process: values::flag(effect, "startsProcess"),
    })
}

/// Custom data of sets that there are not.
pub fn unknown(cx: &mut Context<'_>) {
    let declared = cx.scenario.get("application").and_then(|application| application.get("customData"));
    for (key, _) in declared.map_or(&[][..], Node::entries) {
        if !cx.sets.iter().any(|set| set.eq_ignore_ascii_case(&key.text)) {
            let problem = Problem::error("E0201", format!("there is no scale set `{}`", key.text));
            cx.problems.push(problem.at(&key.span, "unknown scale set").maybe_help(suggest(&key.text, cx.sets.iter())));
        }
    }
}

/// The acts of the timeline about guests.
pub fn act(node: &Node, cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = node.get("failUpgrade") {
        let set = cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?;
        return Some(Act::Guest(GuestAct::FailUpgrade { set }));
    }
    if let Some(act) = node.get("startExtensionUpgrade") {
        let set = cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?;
        return Some(Act::Guest(GuestAct::UpgradeExtensions { set }));
    }
    if let Some(act) = node.get("publishExtension") {
        let set = cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?;
        let extension = known_extension(act, set, cx)?;
        let release = ExtensionRelease {
            version: act.get("version")?.text()?.to_owned(),
            duration: values::dist_of(act, "duration", cx.problems),
            failure: values::percent(act, "failure").unwrap_or(0.0),
            stops_process: values::flag(act, "stopsProcess"),
            cannot: images::dependencies(act, "cannot", cx),
            bad: values::flag(act, "bad"),
        };
        return Some(Act::Guest(GuestAct::PublishExtension { set, extension, release: Box::new(release) }));
    }
    let act = node.get("expirePayload")?;
    let set = cx.sets.resolve(act.get("scaleSet")?, "E0201", "scale set", cx.problems)?;
    let extension = known_extension(act, set, cx)?;
    Some(Act::Guest(GuestAct::ExpirePayload { set, extension, length: values::duration(act, "for") }))
}

/// The name of an extension that the model of the set has, or gets from a write of the timeline.
fn known_extension(act: &Node, set: u16, cx: &mut Context<'_>) -> Option<String> {
    let node = act.get("extension")?;
    let text = node.text()?;
    let name = cx.sets.0[usize::from(set)].clone();
    let is = |other: Option<&str>| other.is_some_and(|other| other.eq_ignore_ascii_case(&name));
    let scenario = cx.scenario;
    let of_model = scenario.get("resources").map_or(&[][..], Node::items).iter().filter(|node| is(node.name()));
    let writes =
        scenario.get("timeline").map_or(&[][..], Node::items).iter().filter_map(|entry| entry.get("updateModel"));
    let writes = writes.filter(|write| is(write.get("scaleSet").and_then(Node::text)));
    let extensions = of_model.chain(writes).flat_map(|node| EXTENSIONS.items(node));
    let known: Vec<&str> = extensions.filter_map(Node::name).collect();
    if known.contains(&text) {
        return Some(text.to_owned());
    }
    let problem = Problem::error("E0207", format!("the model of `{name}` has no extension `{text}`"));
    cx.problems.push(problem.at(&node.span, "unknown extension").maybe_help(suggest(text, known)));
    None
}
