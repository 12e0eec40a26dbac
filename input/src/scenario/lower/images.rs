//! Versions of images: what is in them, and what a model refers to. Where they stand is read in `gallery.rs`.

use super::keys::choices::Replication;
use super::keys::{
    BAD, BOOT, BOOT_FAILURE, CANNOT_REACH, CODE, DEGRADES, MODE, PROCESS_START, SIZE, degrades as after_a_while,
    image_version as key, scenario,
};
use super::{Context, place};
use crate::arm::reference::{after_segment, reference_name};
use crate::arm::shape::field::{Optional, Text};
use crate::arm::shape::scale_set::{
    COMMUNITY_IMAGE, IMAGE_ID, IMAGE_OFFER, IMAGE_PUBLISHER, IMAGE_REFERENCE, IMAGE_SKU, IMAGE_VERSION, OS_DISK_IMAGE,
    SHARED_IMAGE, VHD_CONTAINERS,
};
use crate::problem::{Problem, suggest};
use crate::scenario::legality::{ImageSource, Legality};
use crate::tree::{Node, Span};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Availability, Code, Degrades, Image, ImageReference, Number, Version};
use windtunnel_sim::rules;

/// The images of a plan.
pub struct Images {
    /// The versions, those that had to be assumed at the end.
    pub list: Vec<Image>,
    /// The names of the definitions, those that had to be assumed at the end.
    pub definitions: Vec<String>,
    /// Image and version of each that is declared, with the place of the version.
    pub declared: Vec<(String, String, Span)>,
    /// The sets, by place, whose model names `…/versions/latest` of an image.
    pub latest_by_name: Vec<(usize, Span)>,
    newest: Option<Code>,
}

/// Reads the `images` section.
pub fn read(cx: &mut Context<'_>) -> Images {
    let newest = u16::try_from(cx.releases.0.len()).ok().and_then(|count| count.checked_sub(1));
    let mut images =
        Images { list: Vec::new(), definitions: Vec::new(), declared: Vec::new(), latest_by_name: Vec::new(), newest };
    for (name, versions) in scenario::IMAGES.entries(cx.scenario) {
        let definition = images.definition(&name.text);
        for (version, node) in versions.entries() {
            let number = Number::parse(&version.text);
            if number.is_none() {
                Legality { rules: cx.rules, problems: cx.problems }.refuse(
                    rules::GA_06,
                    &version.span,
                    &format!("the version must be three whole numbers, got `{}`", version.text),
                    "write `1.0.0`",
                );
            }
            let mut declared = Version::everywhere(definition, number.unwrap_or_default());
            declared.excluded = key::EXCLUDE_FROM_LATEST.read(node);
            declared.end_of_life = key::END_OF_LIFE.given(node).map(|after| SimTime::ZERO + after);
            declared.block_deletion_before_end_of_life = key::BLOCK_DELETION_BEFORE_END_OF_LIFE.read(node);
            declared.allow_deletion_of_replicated = key::ALLOW_DELETION_OF_REPLICATED_LOCATIONS.read(node);
            declared.availability = Availability::Everywhere { replicas: key::REPLICAS.given(node) };
            let row = images.contents(format!("{}/{}", name.text, version.text), Some(node), declared, cx);
            images.list.push(row);
            images.declared.push((name.text.clone(), version.text.clone(), version.span.clone()));
        }
    }
    images
}

impl Images {
    /// The number of a definition, which is added where it is new.
    pub fn definition(&mut self, name: &str) -> u16 {
        u16::try_from(place(&mut self.definitions, name.to_owned())).unwrap_or(u16::MAX)
    }

    /// What is in a version; where nothing is said, the newest release and no more.
    pub fn contents(&self, name: String, node: Option<&Node>, mut version: Version, cx: &mut Context<'_>) -> Image {
        let Some(node) = node else { return Image { code: self.newest, ..Image::plain(name, version) } };
        let code = match CODE.node(node) {
            Some(code) => cx.releases.resolve(code, "E0203", "release", cx.problems),
            None => self.newest,
        };
        version.size_gb = SIZE.read(node);
        version.shallow = MODE.read(node) == Replication::Shallow;
        Image {
            name,
            code,
            boot: BOOT.given(node),
            boot_failure: BOOT_FAILURE.read(node),
            process_start: PROCESS_START.given(node),
            cannot: cx.dependency_bits(CANNOT_REACH.given(node)),
            degrades: DEGRADES.node(node).and_then(|node| degrades(node, cx)),
            bad: BAD.read(node),
            version,
        }
    }

    /// The image that a model's `imageReference` means; one that is not declared is assumed.
    pub fn resolve(&mut self, reference: Option<&Node>, set: &Span, cx: &mut Context<'_>) -> Option<ImageReference> {
        let span = reference.map_or(set, |node| &node.span);
        let found = reference.and_then(named);
        let platform = reference.is_some_and(|node| node.arm(IMAGE_PUBLISHER.key).is_some());
        let (image, version) = found.unwrap_or_else(|| ("unnamed".to_owned(), None));
        if self.is_declared(&image) {
            return match version {
                Some(version) => self.version(&image, &version, span, cx).map(ImageReference::Version),
                None if platform => Some(ImageReference::PlatformLatest(self.definition(&image))),
                None => Some(ImageReference::Definition(self.definition(&image))),
            };
        }
        let name = version.as_ref().map_or_else(|| image.clone(), |version| format!("{image}/{version}"));
        let declared: Vec<&str> = self.declared.iter().map(|(name, ..)| name.as_str()).collect();
        if let Some(near) = crate::problem::did_you_mean(&image, declared) {
            let problem = Problem::error("E0206", format!("there is no image `{image}`"));
            cx.problems.push(problem.at(span, "unknown image").help(format!("did you mean `{near}`?")));
            return None;
        }
        // A model that names no version follows what is latest, of which nothing newer is known. A managed image has no versions.
        let follows = version.is_none()
            && reference.and_then(named).is_some()
            && !reference.and_then(|node| node.arm(IMAGE_ID.key)?.text()).is_some_and(is_managed);
        let definition = self.definition(&image);
        let refer = |at: usize| match (follows, platform) {
            (true, true) => Some(ImageReference::PlatformLatest(definition)),
            (true, false) => Some(ImageReference::Definition(definition)),
            (false, _) => u16::try_from(at).ok().map(ImageReference::Version),
        };
        let of_list = |known: &Image| known.name == name || follows && known.version.definition == definition;
        if let Some(at) = self.list.iter().position(of_list) {
            return refer(at);
        }
        let more = if follows { ", in its only version" } else { "" };
        // Nothing is known of its other versions, so that it is the one there is.
        let number = version.as_deref().and_then(Number::parse).unwrap_or_default();
        refer(self.assume(name, Version::everywhere(definition, number), (span, more), cx))
    }

    /// An image that is not declared, which is assumed to contain the newest release; says so, and what `more` of it is assumed.
    fn assume(&mut self, name: String, standing: Version, (span, more): (&Span, &str), cx: &mut Context<'_>) -> usize {
        let newest = cx.releases.0.last();
        let carried = newest.map_or_else(|| "no code".to_owned(), |code| format!("`{code}`, the newest release"));
        let problem = Problem::note("N0301", format!("the image `{name}` is assumed to have {carried}{more}"));
        cx.problems.push(
            problem.at(span, "not declared under `images`").help("declare it under `images` to say what it contains"),
        );
        self.list.push(Image { code: self.newest, ..Image::plain(name, standing) });
        self.list.len() - 1
    }

    /// The version that an instance runs which is there already; one that is not declared is assumed. None where its reference names
    /// no version.
    pub fn present(&mut self, reference: &Node, cx: &mut Context<'_>) -> Option<u16> {
        let (image, version) = named(reference)?;
        let version = version?;
        if self.is_declared(&image) {
            return self.version(&image, &version, &reference.span, cx);
        }
        let name = format!("{image}/{version}");
        let at = self.list.iter().position(|known| known.name == name).unwrap_or_else(|| {
            let standing = Version::everywhere(self.definition(&image), Number::parse(&version).unwrap_or_default());
            self.assume(name, standing, (&reference.span, ""), cx)
        });
        u16::try_from(at).ok()
    }

    /// Notes a set whose model names `…/versions/latest`, of which the sources say different things (GA-25).
    pub fn note_latest(&mut self, set: usize, reference: Option<&Node>) {
        let id = |key: &&str| reference.and_then(|node| node.arm(key)).filter(|node| node.text().is_some());
        let Some(id) = ["id", "sharedGalleryImageId", "communityGalleryImageId"].iter().find_map(id) else { return };
        let version = after_segment(id.text().unwrap_or_default(), "versions");
        if version.is_some_and(|version| version.eq_ignore_ascii_case("latest")) {
            self.latest_by_name.push((set, id.span.clone()));
        }
    }

    /// Whether the scenario declares versions of an image.
    pub fn is_declared(&self, image: &str) -> bool {
        self.declared.iter().any(|(name, ..)| name == image)
    }

    /// A declared version of an image, or a problem.
    pub fn version(&self, image: &str, version: &str, span: &Span, cx: &mut Context<'_>) -> Option<u16> {
        let of_image = || self.declared.iter().enumerate().filter(|(_, (name, ..))| name == image);
        let found = of_image().find(|(_, (_, known, _))| known == version).map(|(at, _)| at);
        if found.is_none() {
            let problem = Problem::error("E0206", format!("the image `{image}` has no version `{version}`"));
            let help = suggest(version, of_image().map(|(_, (_, known, _))| known.as_str()));
            cx.problems.push(problem.at(span, "unknown version").maybe_help(help));
        }
        found.and_then(|at| u16::try_from(at).ok())
    }
}

/// Whether an id is that of a managed image.
fn is_managed(id: &str) -> bool {
    id.to_ascii_lowercase().contains("/microsoft.compute/images/")
}

/// What becomes of a version, or of a release, after a while.
pub fn degrades(node: &Node, cx: &mut Context<'_>) -> Option<Degrades> {
    let cannot = cx.dependency_bits(after_a_while::CANNOT_REACH.given(node));
    Some(Degrades { after: after_a_while::AFTER.given(node)?, cannot })
}

/// The version that a model names in the place of `latest`, and where (OS-01).
pub fn pinned(resource: &Node) -> Option<(String, Span)> {
    let reference = IMAGE_REFERENCE.find(resource)?;
    let (_, version) = named(reference)?;
    let keys = [&IMAGE_VERSION, &IMAGE_ID, &SHARED_IMAGE, &COMMUNITY_IMAGE];
    let place = keys.into_iter().find_map(|key| key.node(resource)).unwrap_or(reference);
    version.map(|version| (version, place.span.clone()))
}

/// Where the image of a model comes from (OS-02, OR-05).
pub fn source(resource: &Node) -> ImageSource {
    if let Some(span) = OS_DISK_IMAGE.span(resource) {
        return ImageSource::Storage { span, own: true };
    }
    if let Some(span) = VHD_CONTAINERS.span(resource) {
        return ImageSource::Storage { span, own: false };
    }
    match IMAGE_ID.node(resource).and_then(|id| Some((id.text()?.to_lowercase(), id))) {
        Some((id, node)) if is_managed(&id) => ImageSource::Managed(node.span.clone()),
        None if IMAGE_PUBLISHER.node(resource).is_some() => ImageSource::Platform,
        _ => ImageSource::Gallery,
    }
}

/// Image and version of a reference; no version, or `latest`, is the newest.
pub fn named(reference: &Node) -> Option<(String, Option<String>)> {
    let concrete = |version: &str| (!version.eq_ignore_ascii_case("latest")).then(|| version.to_owned());
    for field in [&IMAGE_ID, &SHARED_IMAGE, &COMMUNITY_IMAGE] {
        let Some(id) = reference.arm(field.key).and_then(Node::text) else { continue };
        if let Some(image) = after_segment(id, "images") {
            return Some((image.to_owned(), after_segment(id, "versions").and_then(concrete)));
        }
        return Some(match id.trim_matches('/').split_once('/') {
            Some((image, version)) if !version.contains('/') => (image.to_owned(), concrete(version)),
            _ => (reference_name(id).to_owned(), None),
        });
    }
    let part = |field: &Optional<Text>| reference.arm(field.key).and_then(Node::text);
    let image = [part(&IMAGE_PUBLISHER)?, part(&IMAGE_OFFER)?, part(&IMAGE_SKU)?].join(":");
    Some((image, part(&IMAGE_VERSION).and_then(concrete)))
}
