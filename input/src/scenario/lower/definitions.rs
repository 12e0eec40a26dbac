//! What image definitions are for, and what their galleries do.

use super::Context;
use super::gallery::Places;
use super::keys::choices::OsState;
use super::keys::{
    IDENTIFIER, OS_STATE, image_definition as def, image_identifier, publish, scenario, soft_delete, write_definition,
};
use crate::problem::{Problem, suggest};
use crate::scenario::legality::Legality;
use crate::tree::Node;
use windtunnel_sim::plan::{
    Act, Availability, Definition, FixedField, GalleryAct, ImageReference, ScaleSet, SoftDelete, Word,
};
use windtunnel_sim::rules::{self, choice, key};

/// Definitions a subscription may have in a region (GA-02).
const DEFINITIONS: usize = 1000;
/// Versions it may have there, of all definitions (GA-02).
const VERSIONS: usize = 10_000;

/// Reads the `imageDefinitions` section; what names an image of which there are no versions is a slip.
pub fn read(places: &mut Places<'_>, cx: &mut Context<'_>) -> Vec<Definition> {
    let mut list = vec![Definition::default(); places.images.definitions.len()];
    let mut seen: Vec<(String, String)> = Vec::new();
    let scenario = cx.scenario;
    for (name, node) in scenario::IMAGE_DEFINITIONS.entries(scenario) {
        let Some(at) = places.images.definitions.iter().position(|known| *known == name.text) else {
            let help = suggest(&name.text, places.images.definitions.iter().map(String::as_str));
            let problem = Problem::error("E0206", format!("there is no image `{}`", name.text));
            cx.problems.push(problem.at(&name.span, "unknown image").maybe_help(help));
            continue;
        };
        let gallery = def::GALLERY.read(node).to_owned();
        if let Some(identifier) = IDENTIFIER.node(node) {
            let known = (gallery, spelled(identifier));
            if seen.contains(&known) {
                let message = format!("another definition of the gallery `{}` is `{}`", known.0, known.1);
                let help = "publisher, offer and SKU together must be unique in a gallery";
                refuse(rules::GA_01, identifier, &message, help, cx);
            }
            seen.push(known);
        }
        list[at] = Definition {
            home: def::LOCATION.node(node).and_then(|location| places.region(location, cx)),
            specialized: OS_STATE.given(node) == Some(OsState::Specialized),
            validated: def::VALIDATES_TRUSTED_LAUNCH.read(node),
            soft_delete: def::SOFT_DELETE.node(node).and_then(|soft| {
                let retention = soft_delete::RETENTION.given(soft)?;
                Some(SoftDelete { retention, grace: soft_delete::GRACE.read(soft) })
            }),
        };
    }
    limits(places, cx);
    list
}

fn refuse(rule: rules::RuleId, at: &Node, message: &str, help: &str, cx: &mut Context<'_>) {
    Legality { rules: cx.rules, problems: cx.problems }.refuse(rule, &at.span, message, help);
}

/// Publisher, offer and SKU, which Azure reads in any case.
fn spelled(identifier: &Node) -> String {
    let parts = [image_identifier::PUBLISHER, image_identifier::OFFER, image_identifier::SKU];
    parts.map(|part| part.given(identifier).unwrap_or_default().to_lowercase()).join(":")
}

/// How many definitions and versions there may be (GA-02).
fn limits(places: &Places<'_>, cx: &mut Context<'_>) {
    let Some(images) = scenario::IMAGES.node(cx.scenario) else { return };
    let counts = [
        ("image definitions", places.images.definitions.len(), DEFINITIONS),
        ("image versions", places.images.declared.len(), VERSIONS),
    ];
    for (what, there, most) in counts {
        if there > most {
            let message = format!("a subscription can have at most {most} {what} in a region, got {there}");
            refuse(rules::GA_02, images, &message, "remove some, or use another subscription", cx);
        }
    }
}

/// The region of the gallery is a target of each version (GA-14).
pub fn has_home(act: &Node, targets: &[u16], places: &mut Places<'_>, cx: &mut Context<'_>) {
    let image = publish::IMAGE.given(act);
    let declared = scenario::IMAGE_DEFINITIONS.entries(cx.scenario).iter().find(|(name, _)| Some(&*name.text) == image);
    let Some(location) = declared.and_then(|(_, node)| def::LOCATION.node(node)) else { return };
    let Some(home) = places.region(location, cx) else { return };
    if let Some(list) = publish::TO.node(act).filter(|_| !targets.contains(&home)) {
        let name = places.regions[usize::from(home)].name.clone();
        let message = format!("the target regions do not include `{name}`, the region of the gallery");
        refuse(rules::GA_14, list, &message, "add it: versions are copied to other regions only from there", cx);
    }
}

/// The act that writes a definition again, with the first fixed field that it changes.
pub fn write(act: &Node, places: &Places<'_>, cx: &mut Context<'_>) -> Option<Act> {
    let name = write_definition::IMAGE.node(act)?;
    let definitions = scenario::IMAGE_DEFINITIONS.entries(cx.scenario);
    let declared = definitions.iter().find(|(known, _)| Some(&*known.text) == name.text());
    let at = places.images.definitions.iter().position(|known| Some(known.as_str()) == name.text());
    let (Some((_, declared)), Some(at)) = (declared, at) else {
        let text = name.text().unwrap_or_default();
        let known = definitions.iter().map(|(known, _)| known.text.as_str());
        let problem = Problem::error("E0206", format!("`imageDefinitions` does not declare `{text}`"));
        cx.problems.push(problem.at(&name.span, "unknown image").maybe_help(suggest(text, known)));
        return None;
    };
    let value = |node: &Node, field: FixedField| {
        let found = node.get(field.word())?;
        Some(if field == FixedField::Identifier { spelled(found) } else { found.text().unwrap_or_default().to_owned() })
    };
    let changes = FixedField::ALL.iter().copied().find(|&field| {
        let new = value(act, field);
        new.is_some() && new != value(declared, field)
    });
    let definition = u16::try_from(at).ok()?;
    Some(Act::Gallery(GalleryAct::WriteDefinition { definition, changes }))
}

/// `…/versions/latest` in the model of a set: it tracks what is latest, or is what was latest when the set was made, by the
/// assumption (GA-25).
pub fn name_latest(places: &Places<'_>, sets: &mut [ScaleSet], cx: &mut Context<'_>) {
    if !cx.rules.on(rules::GA_25) {
        return;
    }
    let fixed = cx.assumptions.get(key::GalleryVersionsLatest) == choice::GalleryVersionsLatest::CreateTime;
    for (set, span) in &places.images.latest_by_name {
        let Some(set) = sets.get_mut(*set) else { continue };
        let (reading, help) = match fixed {
            true => ("the latest version when the set was created", "name only the definition to follow `latest`"),
            false => {
                ("the latest version at each create", "`gallery.versions_latest: create_time` is the other reading")
            }
        };
        let message = format!("`versions/latest` of `{}` is read as {reading} (GA-25)", set.name);
        cx.problems.push(Problem::warning("W0565", message).at(span, "the sources differ").help(help));
        let ImageReference::Definition(of) = set.image else { continue };
        let region = set.region;
        let available = |image: &windtunnel_sim::plan::Image| match &image.version.availability {
            Availability::Everywhere { .. } => !image.version.excluded,
            Availability::In(targets) => targets
                .iter()
                .any(|target| target.region == region && !target.excluded.unwrap_or(image.version.excluded)),
        };
        let there = places.images.list.iter().enumerate();
        let there = there.filter(|(_, image)| image.version.definition == of && available(image));
        let newest = there.max_by_key(|(_, image)| image.version.number).and_then(|(at, _)| u16::try_from(at).ok());
        if let Some(newest) = newest.filter(|_| fixed) {
            set.image = ImageReference::Version(newest);
        }
    }
}
