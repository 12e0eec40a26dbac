//! Image templates, and the versions that come of their runs.

use super::gallery::Places;
use super::images::dependencies;
use super::{AT_ONCE, Context, section, template, values};
use crate::problem::{Problem, suggest};
use crate::scenario::legality::Legality;
use crate::tree::{Key, Node};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Customizer, Failing, ImageBuilder, ImageReference, Number, Standing, Validator, Version, Versioning,
};
use windtunnel_sim::rules;

/// Reads the `imageBuilders` section.
pub fn read(places: &mut Places<'_>, cx: &mut Context<'_>) -> Vec<ImageBuilder> {
    let scenario = cx.scenario;
    section(scenario, "imageBuilders").map(|(key, node)| one(key, node, places, cx)).collect()
}

fn one(key: &Key, node: &Node, places: &mut Places<'_>, cx: &mut Context<'_>) -> ImageBuilder {
    let distribute = node.get("distribute");
    let common = distribute.and_then(|distribute| values::whole(distribute, "replicas")).unwrap_or(1);
    let targets = places.targets(distribute.and_then(|distribute| distribute.get("to")), common, cx);
    let region = match node.get("location") {
        Some(location) => places.region(location, cx),
        None => targets.first().map(|target| target.region),
    };
    let validate = node.get("validate");
    let identity = node.get("identity");
    let may = |key: &str| identity.is_none_or(|identity| identity.get(key).is_none() || values::flag(identity, key));
    ImageBuilder {
        name: key.text.clone(),
        definition: node.get("image").map_or(0, |name| places.definition(name, cx)),
        source: node.get("source").and_then(|source| source_of(source, places, cx)),
        region: region.unwrap_or(0),
        customizers: customizers(node, cx),
        optimize: values::flag(node, "optimize"),
        windows: node.get("osType").and_then(Node::text) == Some("Windows"),
        validators: validate.map_or_else(Vec::new, |validate| validators(validate, cx)),
        continue_on_failure: validate.is_some_and(|validate| values::flag(validate, "continueDistributeOnFailure")),
        versioning: distribute.map_or(Versioning::Latest { major: None }, |distribute| versioning(distribute, cx)),
        targets,
        excluded: distribute.is_some_and(|distribute| values::flag(distribute, "excludeFromLatest")),
        timeout: timeout(node, cx),
        reads_scripts: may("readsScripts"),
        writes_images: may("writesImages"),
        more: template::read(node, region, places, cx),
    }
}

/// The source of a template: `image/version`, or `image/latest`.
fn source_of(node: &Node, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<ImageReference> {
    let text = node.text()?;
    let (image, version) = text.split_once('/').unwrap_or((text, "latest"));
    if !places.images.is_declared(image) {
        let help = suggest(image, places.images.definitions.iter().map(String::as_str));
        let problem = Problem::error("E0206", format!("there is no image `{image}`"));
        cx.problems.push(problem.at(&node.span, "unknown image").maybe_help(help));
        return None;
    }
    if version.eq_ignore_ascii_case("latest") {
        return Some(ImageReference::Definition(places.images.definition(image)));
    }
    places.images.version(image, version, &node.span, cx).map(ImageReference::Version)
}

fn customizers(node: &Node, cx: &mut Context<'_>) -> Vec<Customizer> {
    let mut list = Vec::new();
    for step in node.get("customize").map_or(&[][..], Node::items) {
        let failure = match step.get("fails").and_then(Node::text) {
            Some("true") => Failing::Stops,
            Some("swallowed") => Failing::Swallowed,
            _ => Failing::Never,
        };
        list.push(Customizer {
            name: step.get("name").and_then(Node::text).unwrap_or_default().to_owned(),
            duration: values::dist_of(step, "duration", cx.problems).unwrap_or(AT_ONCE),
            failure,
            kind: template::customizer(step, node, cx),
        });
    }
    list
}

fn validators(node: &Node, cx: &mut Context<'_>) -> Vec<Validator> {
    let steps = node.get("inVMValidations").map_or(&[][..], Node::items);
    let one = |step: &Node| Validator {
        name: step.get("name").and_then(Node::text).unwrap_or_default().to_owned(),
        duration: values::dist_of(step, "duration", cx.problems),
        fails: values::flag(step, "fails"),
        reaches: dependencies(step, "reaches", cx),
    };
    steps.iter().map(one).collect()
}

fn versioning(distribute: &Node, cx: &mut Context<'_>) -> Versioning {
    let Some(node) = distribute.get("versioning") else { return Versioning::Latest { major: None } };
    if let Some(version) = node.get("version") {
        let text = version.text().unwrap_or_default();
        if Number::parse(text).is_none() {
            let message = format!("the version `{text}` is not three whole numbers");
            Legality { rules: cx.rules, problems: cx.problems }.refuse(
                rules::GA_06,
                &version.span,
                &message,
                "write `1.0.0`",
            );
        }
        return Versioning::Explicit(Number::parse(text).unwrap_or_default());
    }
    match node.get("scheme").and_then(Node::text) {
        Some("Source") => Versioning::Source,
        _ => Versioning::Latest { major: values::whole(node, "major") },
    }
}

/// `buildTimeoutInMinutes`: 0 is 240, else 6 to 960 (IB-02).
fn timeout(node: &Node, cx: &mut Context<'_>) -> SimDuration {
    let minutes: u64 = values::whole(node, "buildTimeoutInMinutes").unwrap_or(0);
    if let (1..=5 | 961.., Some(value)) = (minutes, node.get("buildTimeoutInMinutes")) {
        Legality { rules: cx.rules, problems: cx.problems }.refuse(
            rules::IB_02,
            &value.span,
            &format!("`buildTimeoutInMinutes` is {minutes}, and should be 6 to 960, or 0 for 240"),
            "write a number from 6 to 960",
        );
    }
    SimDuration::from_mins(if minutes == 0 { 240 } else { minutes.min(960) })
}

/// The version that comes of one more run of a template: what it produces, with what swallowed failures leave in it.
pub fn bake(builder: u16, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<u16> {
    let (key, node) = section(cx.scenario, "imageBuilders").nth(usize::from(builder))?;
    made(key, node, places, cx)
}

/// The same, of the template of this name.
pub fn made(key: &Key, node: &Node, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<u16> {
    let definition = node.get("image")?.text()?;
    let explicit = node.get("distribute")?.get("versioning").and_then(|versioning| versioning.get("version"));
    let stem = format!("{definition}/{}", explicit.and_then(Node::text).unwrap_or(&key.text));
    // The luck of a run is that of its name, so a name is never given twice.
    let nth = |n: usize| if n == 1 { stem.clone() } else { format!("{definition}/{}-{n}", key.text) };
    let taken = |name: &String| places.images.list.iter().any(|image| image.name == *name);
    let name = (1..).map(nth).find(|name| !taken(name))?;
    let mut version = Version::standing(places.images.definition(definition), Number::default());
    (version.number, version.stands) = (None, Standing::In(Vec::new()));
    let mut image = places.images.contents(name, node.get("produces"), version, cx);
    for step in node.get("customize").map_or(&[][..], Node::items) {
        let Some(leaves) = step.get("leaves") else { continue };
        let flaws = dependencies(leaves, "cannot", cx);
        if step.get("fails").and_then(Node::text) == Some("swallowed") {
            image.cannot |= flaws;
            image.bad |= values::flag(leaves, "bad");
        }
    }
    places.images.list.push(image);
    u16::try_from(places.images.list.len() - 1).ok()
}
