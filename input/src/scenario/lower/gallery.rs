//! Where versions of images stand, and what the timeline does to them.

use super::fleet::{described, region_name};
use super::images::Images;
use super::keys::{bake, exclude, image_version, publish, scenario, target_region, timeline_entry as entry};
use super::{Context, builders, definitions};
use crate::problem::{Problem, did_you_mean, suggest};
use crate::scenario::legality::{Legality, SetFacts};
use crate::tree::Node;
use windtunnel_sim::plan::{
    Act, Availability, GalleryAct, Image, ImageReference, Publication, Region, ScaleSet, Target, Version,
};
use windtunnel_sim::rules;

/// What acts about images add to.
pub struct Places<'a> {
    /// The images.
    pub images: &'a mut Images,
    /// The regions.
    pub regions: &'a mut Vec<Region>,
}

/// Most replicas of a version over all regions (GA-03).
const REPLICAS_MAX: u32 = 100;

impl Places<'_> {
    /// The region that a node names: one where a set lives, or that `regions` lists.
    pub fn region(&mut self, node: &Node, cx: &mut Context<'_>) -> Option<u16> {
        let text = node.text()?;
        let name = region_name(text);
        if let Some(at) = self.regions.iter().position(|region| region.name == name) {
            return u16::try_from(at).ok();
        }
        let listed = scenario::REGIONS.entries(cx.scenario);
        if listed.iter().any(|(key, _)| key.text == name) {
            let region = described(name, cx);
            self.regions.push(region);
            return u16::try_from(self.regions.len() - 1).ok();
        }
        let known: Vec<String> = self.regions.iter().map(|region| region.name.clone()).collect();
        let listed = listed.iter().map(|(key, _)| key.text.as_str());
        let near = suggest(text, known.iter().map(String::as_str).chain(listed));
        let problem = Problem::error("E0221", format!("there is no region `{text}`"));
        let problem = problem.at(&node.span, "unknown region");
        cx.problems.push(
            problem
                .help(format!("`regions: {{ {name}: {{}} }}` declares a region without a scale set"))
                .maybe_help(near),
        );
        None
    }

    /// Target regions, each a name or a mapping.
    pub fn targets(&mut self, list: Option<&Node>, common: u32, cx: &mut Context<'_>) -> Vec<Target> {
        let mut targets: Vec<Target> = Vec::new();
        for item in list.map_or(&[][..], Node::items) {
            let Some(region) = self.region(target_region::NAME.node(item).unwrap_or(item), cx) else { continue };
            if targets.iter().any(|target| target.region == region) {
                let name = &self.regions[usize::from(region)].name;
                let problem = Problem::error("E0212", format!("the region `{name}` is listed twice"));
                cx.problems.push(problem.at(&item.span, "the second time"));
                continue;
            }
            targets.push(Target {
                region,
                replicas: target_region::REGIONAL_REPLICA_COUNT.given(item).unwrap_or(common),
                storage: target_region::STORAGE_ACCOUNT_TYPE.read(item),
                excluded: target_region::EXCLUDE_FROM_LATEST.given(item),
            });
        }
        let all: u32 = targets.iter().map(|target| target.replicas).sum();
        if let Some(list) = list.filter(|_| all > REPLICAS_MAX) {
            Legality { rules: cx.rules, problems: cx.problems }.refuse(
                rules::GA_03,
                &list.span,
                &format!("a version can have at most {REPLICAS_MAX} replicas over all regions, got {all}"),
                "reduce the counts",
            );
        }
        targets
    }

    /// The definition that a template makes versions of: a new one, unless it looks like a slip of the pen.
    pub fn definition(&mut self, node: &Node, cx: &mut Context<'_>) -> u16 {
        let name = node.text().unwrap_or_default();
        let known = || self.images.definitions.iter().map(String::as_str);
        if let Some(near) = did_you_mean(name, known()).filter(|_| !known().any(|known| known == name)) {
            let problem = Problem::error("E0206", format!("there is no image `{name}`"));
            cx.problems.push(problem.at(&node.span, "unknown image").help(format!("did you mean `{near}`?")));
        }
        self.images.definition(name)
    }

    /// The declared version that `image` and `version` of a node name.
    fn version(&mut self, node: &Node, cx: &mut Context<'_>) -> Option<u16> {
        let (image, version) = (publish::IMAGE.node(node)?, publish::VERSION.node(node)?);
        let name = image.text()?;
        if self.images.is_declared(name) {
            return self.images.version(name, version.text()?, &version.span, cx);
        }
        let help = suggest(name, self.images.definitions.iter().map(String::as_str));
        let problem = Problem::error("E0206", format!("there is no image `{name}`"));
        cx.problems.push(problem.at(&image.span, "unknown image").maybe_help(help));
        None
    }
}

/// Says where each declared version stands when the run begins: where the file says so, nowhere if the timeline
/// publishes it, else everywhere.
pub fn availability(places: &mut Places<'_>, sets: &[ScaleSet], facts: &[SetFacts], cx: &mut Context<'_>) {
    let scenario = cx.scenario;
    let published = |image: &str, version: &str| {
        let mut acts = scenario::TIMELINE.items(scenario).iter().filter_map(|act| entry::PUBLISH.node(act));
        acts.any(|act| publish::IMAGE.given(act) == Some(image) && publish::VERSION.given(act) == Some(version))
    };
    let mut at = 0;
    for (name, versions) in scenario::IMAGES.entries(scenario) {
        for (version, node) in versions.entries() {
            let common = image_version::REPLICAS.given(node);
            let available = match image_version::REPLICATED_TO.node(node) {
                Some(list) if list.items().is_empty() => Some(Availability::In(Vec::new())),
                Some(list) => Some(Availability::In(places.targets(
                    Some(list),
                    common.unwrap_or_else(|| publish::REPLICAS.read(None)),
                    cx,
                ))),
                None if published(&name.text, &version.text) => Some(Availability::In(Vec::new())),
                None => None,
            };
            if let (Some(available), Some(image)) = (available, places.images.list.get_mut(at)) {
                image.version.availability = available;
            }
            at += 1;
        }
    }
    for (set, facts) in sets.iter().zip(facts) {
        there(&places.images.list, places.regions, (set, facts), cx);
    }
}

/// Whether the instances that a set begins with can have been created from what stands in its region.
fn there(images: &[Image], regions: &[Region], (set, facts): (&ScaleSet, &SetFacts), cx: &mut Context<'_>) {
    let cold = scenario::COLD_START.read(cx.scenario);
    let available = |version: &Version| match &version.availability {
        Availability::Everywhere { .. } => !version.excluded,
        Availability::In(targets) => {
            targets.iter().any(|target| target.region == set.region && !target.excluded.unwrap_or(version.excluded))
        }
    };
    let named = |version: &Version| match &version.availability {
        Availability::Everywhere { .. } => true,
        Availability::In(targets) => targets.iter().any(|target| target.region == set.region),
    };
    let found = match set.image {
        ImageReference::Version(image) => images.get(usize::from(image)).is_none_or(|image| named(&image.version)),
        ImageReference::PlatformLatest(of) | ImageReference::Definition(of) => {
            images.iter().any(|image| image.version.definition == of && available(&image.version))
        }
    };
    if found || cold || set.capacity == 0 {
        return;
    }
    let region = &regions[usize::from(set.region)].name;
    let problem = Problem::error(
        "E0223",
        format!("`{}` has instances when the run starts, but its image is not in `{region}` then", set.name),
    );
    cx.problems.push(
        problem
            .at(&facts.capacity.span, "these instances")
            .help("a version that the timeline publishes is in no region before, except those of `replicatedTo`"),
    );
}

/// The act about images of an entry of the timeline, if it is one; what it names wrongly is said.
pub fn act(node: &Node, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<Act> {
    if let Some(act) = entry::PUBLISH.node(node) {
        let image = places.version(act, cx);
        let targets = places.targets(publish::TO.node(act), publish::REPLICAS.read(act), cx);
        let excluded = publish::EXCLUDE_FROM_LATEST.given(act);
        let regions: Vec<u16> = targets.iter().map(|target| target.region).collect();
        definitions::has_home(act, &regions, places, cx);
        return Some(Act::Publish(Publication { image: image?, targets, excluded }));
    }
    if let Some(act) = entry::EXCLUDE.node(node) {
        let image = places.version(act, cx);
        let names = exclude::REGIONS.items(act);
        let regions: Vec<u16> = names.iter().filter_map(|region| places.region(region, cx)).collect();
        return Some(Act::Exclude { image: image?, regions, excluded: exclude::EXCLUDED.read(act) });
    }
    if let Some(act) = entry::DELETE_VERSION.node(node) {
        return Some(Act::DeleteVersion { image: places.version(act, cx)? });
    }
    if let Some(act) = entry::RESTORE_VERSION.node(node) {
        return Some(Act::Gallery(GalleryAct::Restore { image: places.version(act, cx)? }));
    }
    if let Some(act) = entry::WRITE_DEFINITION.node(node) {
        return definitions::write(act, places, cx);
    }
    let builder = |act: &Node, cx: &mut Context<'_>| {
        cx.builders.resolve(bake::BUILDER.node(act)?, "E0222", "image template", cx.problems)
    };
    if let Some(act) = entry::BAKE.node(node) {
        let builder = builder(act, cx)?;
        return Some(Act::Bake { builder, image: builders::bake(builder, places, cx)? });
    }
    Some(Act::CancelBake { builder: builder(entry::CANCEL_BAKE.node(node)?, cx)? })
}
