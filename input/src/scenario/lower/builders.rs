//! Image templates, and the versions that come of their runs.

use super::gallery::Places;
use super::keys::choices::{OsType, Scheme};
use super::keys::{
    BAD, CANNOT_REACH, customizer, distribute, identity, image_builder as key, scenario, validate, validator,
    versioning,
};
use super::{Context, template};
use crate::problem::{Problem, suggest};
use crate::scenario::legality::Legality;
use crate::tree::{At, Key, Node};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{
    Availability, Customizer, Failing, ImageBuilder, ImageReference, Number, Validator, Version, Versioning,
};
use windtunnel_sim::rules;

/// Reads the `imageBuilders` section.
pub fn read(places: &mut Places<'_>, cx: &mut Context<'_>) -> Vec<ImageBuilder> {
    let entries = scenario::IMAGE_BUILDERS.entries(cx.scenario);
    entries.iter().map(|(name, node)| one(name, node, places, cx)).collect()
}

fn one(name: &Key, node: &Node, places: &mut Places<'_>, cx: &mut Context<'_>) -> ImageBuilder {
    let to = key::DISTRIBUTE.node(node);
    let targets = places.targets(distribute::TO.node(to), distribute::REPLICAS.read(to), cx);
    let region = match key::LOCATION.node(node) {
        Some(location) => places.region(location, cx),
        None => targets.first().map(|target| target.region),
    };
    let validation = key::VALIDATE.node(node);
    let rights = key::IDENTITY.node(node);
    ImageBuilder {
        name: name.text.clone(),
        definition: key::IMAGE.node(node).map_or(0, |name| places.definition(name, cx)),
        source: key::SOURCE.node(node).and_then(|source| source_of(source, places, cx)),
        region: region.unwrap_or(0),
        customizers: customizers(node, cx),
        optimize: key::OPTIMIZE.read(node),
        windows: key::OS_TYPE.read(node) == OsType::Windows,
        validators: validators(validation, cx),
        continue_on_failure: validate::CONTINUE_DISTRIBUTE_ON_FAILURE.read(validation),
        versioning: numbered(distribute::VERSIONING.node(to), cx),
        targets,
        excluded: distribute::EXCLUDE_FROM_LATEST.read(to),
        timeout: timeout(node, cx),
        reads_scripts: identity::READS_SCRIPTS.read(rights),
        writes_images: identity::WRITES_IMAGES.read(rights),
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
    for step in key::CUSTOMIZE.items(node) {
        let Some(duration) = customizer::DURATION.given(step) else { continue };
        list.push(Customizer {
            name: customizer::NAME.given(step).unwrap_or_default().to_owned(),
            duration,
            failure: customizer::FAILS.read(step),
            kind: template::customizer(step, node, cx),
        });
    }
    list
}

fn validators(node: Option<&Node>, cx: &mut Context<'_>) -> Vec<Validator> {
    let one = |step: &Node| Validator {
        name: validator::NAME.given(step).unwrap_or_default().to_owned(),
        duration: validator::DURATION.given(step),
        fails: validator::FAILS.read(step),
        reaches: cx.dependency_bits(validator::REACHES.given(step)),
    };
    validate::IN_VM_VALIDATIONS.items(node).iter().map(one).collect()
}

/// How what a template makes is numbered (IB-11).
fn numbered(node: Option<&Node>, cx: &mut Context<'_>) -> Versioning {
    if let Some(version) = versioning::VERSION.at(node) {
        let number = Number::parse(version.value);
        if number.is_none() {
            let message = format!("the version must be three whole numbers, got `{}`", version.value);
            let mut say = Legality { rules: cx.rules, problems: cx.problems };
            say.refuse(rules::GA_06, &version.span, &message, "write `1.0.0`");
        }
        return Versioning::Explicit(number.unwrap_or_default());
    }
    match versioning::SCHEME.given(node) {
        Some(Scheme::Source) => Versioning::Source,
        Some(Scheme::Latest) | None => Versioning::Latest { major: versioning::MAJOR.given(node) },
    }
}

/// `buildTimeoutInMinutes`: 0 is 240, else 6 to 960 (IB-02).
fn timeout(node: &Node, cx: &mut Context<'_>) -> SimDuration {
    let At { value: minutes, span, .. } = key::BUILD_TIMEOUT_IN_MINUTES.at(node);
    if let 1..=5 | 961.. = minutes {
        let message = format!("`buildTimeoutInMinutes` must be 0, which is 240, or from 6 to 960, got `{minutes}`");
        let mut say = Legality { rules: cx.rules, problems: cx.problems };
        say.refuse(rules::IB_02, &span, &message, "write a number from 6 to 960");
    }
    SimDuration::from_mins(if minutes == 0 { 240 } else { u64::from(minutes.min(960)) })
}

/// The version that comes of one more run of a template: what it produces, with what swallowed failures leave in it.
pub fn bake(builder: u16, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<u16> {
    let (name, node) = scenario::IMAGE_BUILDERS.entries(cx.scenario).get(usize::from(builder))?;
    made(name, node, places, cx)
}

/// The same, of the template of this name.
pub fn made(template: &Key, node: &Node, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<u16> {
    let definition = key::IMAGE.given(node)?;
    let explicit = versioning::VERSION.given(distribute::VERSIONING.node(key::DISTRIBUTE.node(node)));
    let stem = format!("{definition}/{}", explicit.unwrap_or(&template.text));
    // The random stream of a run is that of its name, so a name is never given twice.
    let nth = |n: usize| if n == 1 { stem.clone() } else { format!("{definition}/{}-{n}", template.text) };
    let taken = |name: &String| places.images.list.iter().any(|image| image.name == *name);
    let name = (1..).map(nth).find(|name| !taken(name))?;
    let mut version = Version::everywhere(places.images.definition(definition), Number::default());
    (version.number, version.availability) = (None, Availability::In(Vec::new()));
    let mut image = places.images.contents(name, key::PRODUCES.node(node), version, cx);
    for step in key::CUSTOMIZE.items(node) {
        let Some(leaves) = customizer::LEAVES.node(step) else { continue };
        let flaws = cx.dependency_bits(CANNOT_REACH.given(leaves));
        if customizer::FAILS.read(step) == Failing::Swallowed {
            image.cannot |= flaws;
            image.bad |= BAD.read(leaves);
        }
    }
    places.images.list.push(image);
    u16::try_from(places.images.list.len() - 1).ok()
}
