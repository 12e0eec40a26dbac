//! Versions of images, and which one a model means.

use super::values;
use super::{Context, section};
use crate::input::arm::reference::{after_segment, reference_name};
use crate::input::problem::{Problem, suggest};
use crate::input::tree::{Node, Span};
use std::cmp::Ordering;
use windtunnel_sim::plan::{Code, Image};

/// The images of a plan.
pub struct Images {
    /// The versions, those that had to be assumed at the end.
    pub list: Vec<Image>,
    /// Image and version of each that is declared.
    declared: Vec<(String, String)>,
    newest: Option<Code>,
}

/// Reads the `images` section.
pub fn read(cx: &mut Context<'_>) -> Images {
    let newest = u16::try_from(cx.releases.0.len()).ok().and_then(|count| count.checked_sub(1));
    let mut images = Images { list: Vec::new(), declared: Vec::new(), newest };
    for (name, versions) in section(cx.scenario, "images") {
        for (version, node) in versions.entries() {
            let code = match node.get("code") {
                Some(code) => cx.releases.resolve(code, "E0203", "release", cx.problems),
                None => newest,
            };
            let mut cannot = 0;
            for dependency in node.get("cannot").map_or(&[][..], Node::items) {
                if let Some(bit) = cx.dependencies.resolve(dependency, "E0202", "dependency", cx.problems) {
                    cannot |= 1_u32.checked_shl(u32::from(bit)).unwrap_or(0);
                }
            }
            images.list.push(Image {
                name: format!("{}/{}", name.text, version.text),
                code,
                boot: values::dist_of(node, "boot", cx.problems),
                boot_failure: values::percent(node, "bootFailure").unwrap_or(0.0),
                process_start: values::dist_of(node, "processStart", cx.problems),
                cannot,
                bad: values::flag(node, "bad"),
            });
            images.declared.push((name.text.clone(), version.text.clone()));
        }
    }
    images
}

impl Images {
    /// The image that a model's `imageReference` means; one that is not declared is assumed.
    pub fn resolve(&mut self, reference: Option<&Node>, set: &Span, cx: &mut Context<'_>) -> Option<u16> {
        let span = reference.map_or(set, |node| &node.span);
        let (image, version) = match reference.and_then(named) {
            Some(found) => found,
            None => ("unnamed".to_owned(), None),
        };
        if self.declared.iter().any(|(name, _)| *name == image) {
            return self.version(&image, version.as_deref(), span, cx);
        }
        let name = version.map_or_else(|| image.clone(), |version| format!("{image}/{version}"));
        let declared: Vec<&str> = self.declared.iter().map(|(name, _)| name.as_str()).collect();
        if let Some(near) = crate::input::problem::did_you_mean(&image, declared) {
            let problem = Problem::error("E0206", format!("there is no image `{image}`"));
            cx.problems.push(problem.at(span, "unknown image").help(format!("did you mean `{near}`?")));
            return None;
        }
        if let Some(at) = self.list.iter().position(|known| known.name == name) {
            return u16::try_from(at).ok();
        }
        let carries = cx
            .releases
            .0
            .last()
            .map_or_else(|| "nothing in particular".to_owned(), |code| format!("`{code}`, the newest release"));
        let problem = Problem::note("N0301", format!("the image `{name}` is assumed to carry {carries}"));
        cx.problems.push(
            problem.at(span, "not declared under `images`").help("declare it under `images` to say what is in it"),
        );
        self.list.push(Image {
            name,
            code: self.newest,
            boot: None,
            boot_failure: 0.0,
            process_start: None,
            cannot: 0,
            bad: false,
        });
        u16::try_from(self.list.len() - 1).ok()
    }

    fn version(&self, image: &str, version: Option<&str>, span: &Span, cx: &mut Context<'_>) -> Option<u16> {
        let of_image = || self.declared.iter().enumerate().filter(|(_, (name, _))| name == image);
        let found = match version {
            None => of_image().max_by(|(_, (_, a)), (_, (_, b))| by_numbers(a, b)).map(|(at, _)| at),
            Some(version) => of_image().find(|(_, (_, known))| known == version).map(|(at, _)| at),
        };
        if found.is_none() {
            let version = version.unwrap_or_default();
            let problem = Problem::error("E0206", format!("the image `{image}` has no version `{version}`"));
            let help = suggest(version, of_image().map(|(_, (_, known))| known.as_str()));
            cx.problems.push(problem.at(span, "unknown version").maybe_help(help));
        }
        found.and_then(|at| u16::try_from(at).ok())
    }
}

/// Image and version of a reference; no version, or `latest`, is the newest.
fn named(reference: &Node) -> Option<(String, Option<String>)> {
    let concrete = |version: &str| (!version.eq_ignore_ascii_case("latest")).then(|| version.to_owned());
    for key in ["id", "sharedGalleryImageId", "communityGalleryImageId"] {
        let Some(id) = reference.arm(key).and_then(Node::text) else { continue };
        if let Some(image) = after_segment(id, "images") {
            return Some((image.to_owned(), after_segment(id, "versions").and_then(concrete)));
        }
        return Some(match id.trim_matches('/').split_once('/') {
            Some((image, version)) if !version.contains('/') => (image.to_owned(), concrete(version)),
            _ => (reference_name(id).to_owned(), None),
        });
    }
    let part = |key: &str| reference.arm(key).and_then(Node::text);
    let image = [part("publisher")?, part("offer")?, part("sku")?].join(":");
    Some((image, part("version").and_then(concrete)))
}

/// Versions by their numbers: 1.10.0 comes after 1.9.0.
fn by_numbers(a: &str, b: &str) -> Ordering {
    let key = |text: &str| -> Vec<u64> { text.split('.').map(|part| part.parse().unwrap_or(0)).collect() };
    key(a).cmp(&key(b)).then_with(|| a.cmp(b))
}
