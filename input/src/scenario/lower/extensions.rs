//! The extensions of a model: their order, and what the scenario says they do on an instance.

use super::keys::{
    application, extension_effect as key, install, publish_extension, scenario, timeline_entry as entry,
};
use super::{AT_ONCE, Context, health};
use crate::arm::shape::scale_set::{
    AUTOMATIC_UPGRADE, EXTENSION_PUBLISHER, EXTENSION_TYPE, EXTENSIONS, FORCE_UPDATE_TAG, HANDLER_VERSION,
    PROTECTED_SETTINGS, PROVISION_AFTER, SETTINGS,
};
use crate::problem::{Problem, suggest};
use crate::scenario::legality::{self, Legality};
use crate::tree::{Node, Span, Value};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{Code, Extension, ScaleSet};
use windtunnel_sim::rules::Value as Assumed;

/// The extensions of a model.
pub fn read(resource: &Node, cx: &mut Context<'_>) -> Vec<Extension> {
    let nodes: Vec<&Node> = EXTENSIONS.items(resource).iter().filter(|extension| extension.name().is_some()).collect();
    let names: Vec<String> = nodes.iter().filter_map(|node| node.name().map(str::to_owned)).collect();
    let mut list = Vec::new();
    for node in &nodes {
        let name = node.name().unwrap_or_default();
        let mut after = Vec::new();
        for earlier in PROVISION_AFTER.items(node) {
            let text = earlier.text().unwrap_or_default();
            if let Some(at) = names.iter().position(|known| known.eq_ignore_ascii_case(text)) {
                after.extend(u16::try_from(at));
            } else {
                let message = format!(
                    "the extension `{name}` is provisioned after `{text}`, which the model does \
                    not have"
                );
                legality::extension_order(
                    &earlier.span,
                    &message,
                    &mut Legality { rules: cx.rules, problems: cx.problems },
                );
            }
        }
        let tag = FORCE_UPDATE_TAG.text(node).map(str::to_owned);
        let automatic = AUTOMATIC_UPGRADE.on(node);
        if let Some(span) = &automatic {
            never_released(name, span, cx);
        }
        let automatic = automatic.is_some();
        list.push(Extension { tag, automatic, configuration: configuration(node), ..effect(node, name, after, cx) });
    }
    if let Some(circle) = circle(&list) {
        let path: Vec<&str> = circle.iter().map(|at| names[*at].as_str()).collect();
        let message = format!("the extensions wait for each other in a circle: {}", path.join(" → "));
        let first = nodes[circle[0]];
        let span = PROVISION_AFTER.span(first).unwrap_or_else(|| first.span.clone());
        legality::extension_order(&span, &message, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
    list
}

/// Azure upgrades an extension by itself where its publisher has a newer one, and only the timeline can say when that is.
fn never_released(name: &str, span: &Span, cx: &mut Context<'_>) {
    let mut acts = scenario::TIMELINE.items(cx.scenario).iter().map(|node| entry::PUBLISH_EXTENSION.node(node));
    if !acts.any(|act| publish_extension::EXTENSION.given(act) == Some(name)) {
        let message = format!(
            "`enableAutomaticUpgrade` of the extension `{name}` has no effect: the timeline releases no \
                version of it (OS-33)"
        );
        let help = "say when a version is released: `{ at: PT1H, publishExtension: { scaleSet: SET, extension: NAME, \
             version: \"1.1\" } }`";
        cx.problems.push(Problem::warning("W0577", message).at(span, "its version stays the same").help(help));
    }
}

/// What the scenario says an extension does.
fn effect(node: &Node, name: &str, after: Vec<u16>, cx: &mut Context<'_>) -> Extension {
    let declared = application::EXTENSIONS.node(scenario::APPLICATION.node(cx.scenario));
    let Some(effect) = declared.and_then(|list| list.get(name)) else {
        if health::is_health_extension(node) {
            // What it does is known, and how long it takes is an assumption of its own.
            return Extension { after, ..Extension::plain(name, AT_ONCE) };
        }
        let assumed = key::DURATION.read(None, &cx.assumptions);
        let message =
            format!("the extension `{name}` is assumed to take {} and to change nothing", Assumed::Dist(assumed));
        let problem = Problem::note("N0304", message);
        let help = format!("say what it does: `application: {{ extensions: {{ {name}: {{ duration: PT4M }} }} }}`");
        cx.problems.push(problem.at(node.name_span(), "not described").help(help));
        return Extension { after, ..Extension::plain(name, assumed) };
    };
    Extension {
        after,
        failure: key::FAILURE.read(effect),
        needs: cx.dependency_bits(key::NEEDS.given(effect)),
        installs: installs(
            key::INSTALLS.node(effect),
            node.arm("properties").unwrap_or(node),
            &format!("the extension `{name}`"),
            cx,
        ),
        limit: is_script(node).then_some(SCRIPT_LIMIT),
        starts_process: key::STARTS_PROCESS.read(effect),
        stops_process: key::STOPS_PROCESS.read(effect),
        ..Extension::plain(name, key::DURATION.read(effect, &cx.assumptions))
    }
}

/// How long a Custom Script Extension may take (EX-02).
const SCRIPT_LIMIT: SimDuration = SimDuration::from_mins(90);

/// Whether an extension is the Custom Script Extension, for either operating system.
fn is_script(node: &Node) -> bool {
    let kind = EXTENSION_TYPE.text(node).unwrap_or_default();
    kind.eq_ignore_ascii_case("CustomScript") || kind.eq_ignore_ascii_case("CustomScriptExtension")
}

/// The release that is installed where the properties are what this node says.
pub fn installs(given: Option<&Node>, properties: &Node, what: &str, cx: &mut Context<'_>) -> Option<Code> {
    let given = given?;
    if given.text().is_some() {
        return cx.releases.resolve(given, "E0203", "release", cx.problems);
    }
    // Every release that is named must be known, also where it is not installed now.
    let rows: Vec<(&Node, Option<Code>)> = given
        .items()
        .iter()
        .filter_map(|row| {
            let code = install::CODE.node(row)?;
            Some((install::WHEN.node(row)?, cx.releases.resolve(code, "E0203", "release", cx.problems)))
        })
        .collect();
    if let Some((_, code)) = rows.iter().find(|(when, _)| holds(when, properties)) {
        return *code;
    }
    let message = format!("{what} installs nothing: no `when` of `installs` matches its properties");
    let at = &properties.span;
    cx.problems.push(
        Problem::warning("W0553", message)
            .at(at, "these properties")
            .also(&given.span, "the properties to match")
            .help("add a row for them, `- { when: { settings: { … } }, code: … }`, or correct the value"),
    );
    None
}

/// Whether a tree says all that another one asks of it; keys match whatever their case, as ARM matches them.
fn holds(asked: &Node, node: &Node) -> bool {
    match &asked.value {
        Value::Map(entries) => {
            entries.iter().all(|(key, asked)| node.arm(&key.text).is_some_and(|node| holds(asked, node)))
        }
        _ => asked == node,
    }
}

/// Publisher, type, version and settings as one text: two extensions with the same one are the same. The tag and the
/// sequence stand beside it.
fn configuration(node: &Node) -> String {
    let configures = [
        (EXTENSION_PUBLISHER.key, EXTENSION_PUBLISHER.node(node)),
        (EXTENSION_TYPE.key, EXTENSION_TYPE.node(node)),
        (HANDLER_VERSION.key, HANDLER_VERSION.node(node)),
        (SETTINGS.key, SETTINGS.node(node)),
        (PROTECTED_SETTINGS.key, PROTECTED_SETTINGS.node(node)),
    ];
    let value = |(key, node): (&str, Option<&Node>)| Some(format!("{key}={}", sorted(&node?.to_json())));
    configures.into_iter().filter_map(value).collect::<Vec<_>>().join("\n")
}

/// JSON with the keys in order, since their order means nothing to an extension.
fn sorted(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(entries) => {
            let mut list: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key:?}:{}", sorted(value))).collect();
            list.sort();
            format!("{{{}}}", list.join(","))
        }
        serde_json::Value::Array(items) => format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(",")),
        // A number and the same number in quotes are the same to ARM.
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A circle among extensions that wait for each other, its first at both ends.
fn circle(list: &[Extension]) -> Option<Vec<usize>> {
    let mut done = vec![false; list.len()];
    // Whoever waits only for extensions that are done is done; what remains waits for a circle.
    while let Some(at) =
        (0..list.len()).find(|at| !done[*at] && list[*at].after.iter().all(|other| done[usize::from(*other)]))
    {
        done[at] = true;
    }
    let mut path = vec![done.iter().position(|done| !done)?];
    loop {
        let last = *path.last()?;
        let next = list[last].after.iter().map(|other| usize::from(*other)).find(|other| !done[*other])?;
        if let Some(from) = path.iter().position(|at| *at == next) {
            path.drain(..from);
            path.push(next);
            return Some(path);
        }
        path.push(next);
    }
}

/// Extensions that are described and that no model has.
pub fn unknown(sets: &[ScaleSet], cx: &mut Context<'_>) {
    let declared = application::EXTENSIONS.entries(scenario::APPLICATION.node(cx.scenario));
    // A model may get an extension by a change of the timeline.
    let changes = scenario::TIMELINE.items(cx.scenario).iter();
    let changes = changes.filter_map(|node| EXTENSIONS.node(entry::UPDATE_MODEL.node(node)?));
    let of_models = sets.iter().flat_map(|set| &set.profile.extensions).map(|extension| extension.name.as_str());
    let known: Vec<&str> = of_models.chain(changes.flat_map(Node::items).filter_map(Node::name)).collect();
    for (name, _) in declared {
        if !known.contains(&name.text.as_str()) {
            let problem = Problem::error("E0207", format!("no scale set has an extension `{}`", name.text));
            let help = suggest(&name.text, known.iter().copied())
                .unwrap_or_else(|| "no model has an extension with an effect".into());
            cx.problems.push(problem.at(&name.span, "unknown extension").help(help));
        }
    }
}
