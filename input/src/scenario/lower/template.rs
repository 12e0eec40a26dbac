//! What image templates say beyond their steps, and the types of the steps.

use super::builders::made;
use super::gallery::Places;
use super::{Context, section, values};
use crate::scenario::legality::Legality;
use crate::tree::{Node, Span};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_sim::plan::{CustomizerKind, ImageBuilder, Output, Right, Template, V1_SIZE, V2_SIZE};
use windtunnel_sim::rules::{self, RuleId};

/// How large a file that a customizer copies may be (IB-05).
const FILE_MB: f64 = 20.0;
/// How many updates `WindowsUpdate` installs at most (IB-05).
const UPDATES: u64 = 1000;
/// How long `WindowsRestart` waits where nobody says (IB-05).
const RESTART: SimDuration = SimDuration::from_mins(5);

fn refuse(rule: RuleId, span: &Span, message: &str, help: &str, cx: &mut Context<'_>) {
    Legality { rules: cx.rules, problems: cx.problems }.refuse(rule, span, message, help);
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::text)
}

/// What a template says beyond its steps; what it makes by itself comes with [`runs`].
pub fn read(node: &Node, region: Option<u16>, places: &mut Places<'_>, cx: &mut Context<'_>) -> Template {
    let (profile, errors) = (node.get("vmProfile"), node.get("errorHandling"));
    let aborts = |key: &str| errors.and_then(|errors| text(errors, key)) == Some("abort");
    let definition = text(node, "image").and_then(|image| {
        section(cx.scenario, "imageDefinitions").find(|(key, _)| key.text == image).map(|(_, node)| node)
    });
    let v2 = definition.and_then(|definition| text(definition, "hyperVGeneration")) == Some("V2");
    let size = profile.and_then(|profile| text(profile, "vmSize"));
    let fallback = if v2 && cx.rules.on(rules::IB_14) { V2_SIZE } else { V1_SIZE };
    if let Some(profile) = profile {
        disk(node, profile, places, cx);
    }
    let home = definition.and_then(|definition| definition.get("location")).and_then(|at| places.region(at, cx));
    Template {
        lacks: lacks(node, region, places, cx),
        keeps_on_customizer_error: aborts("onCustomizerError"),
        keeps_on_validation_error: aborts("onValidationError"),
        vm_size: size.unwrap_or(fallback).to_owned(),
        auto_run: None,
        triggered: Vec::new(),
        output: match node.get("distribute").and_then(|distribute| text(distribute, "type")) {
            Some("ManagedImage") => Output::ManagedImage,
            Some("VHD") => Output::Vhd,
            _ => Output::SharedImage,
        },
        far: home.is_some() && home != region,
    }
}

/// The disk of the build machine may grow beyond that of its source, and not shrink (IB-14).
fn disk(node: &Node, profile: &Node, places: &Places<'_>, cx: &mut Context<'_>) {
    let (Some(wanted), Some(size)) = (profile.get("osDiskSizeGB"), values::number(profile, "osDiskSizeGB")) else {
        return;
    };
    let source = text(node, "source").and_then(|source| places.images.list.iter().find(|image| image.name == source));
    if let Some(source) = source.filter(|source| size < source.version.size_gb) {
        let message = format!("`osDiskSizeGB` is {size}, and its source has {}", source.version.size_gb);
        refuse(rules::IB_14, &wanted.span, &message, "a disk may grow, and never shrink", cx);
    }
}

/// The right that is missing, and what else is wrong with a staging group (IB-18).
fn lacks(node: &Node, region: Option<u16>, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<Right> {
    let identity = node.get("identity");
    let may = |key: &str| identity.is_none_or(|identity| identity.get(key).is_none() || values::flag(identity, key));
    let subnet = node.get("vmProfile").is_some_and(|profile| values::flag(profile, "vnetConfig"));
    let staging = node.get("stagingResourceGroup");
    if let Some(staging) = staging {
        let there = staging.get("location").and_then(|at| places.region(at, cx));
        if there.is_some() && there != region {
            let message = "the staging group is in another region than its template";
            refuse(rules::IB_18, &staging.span, message, "name a group in the region of the template", cx);
        }
        if text(staging, "empty") == Some("false") {
            refuse(rules::IB_18, &staging.span, "the staging group is not empty", "name an empty group, or none", cx);
        }
    }
    let rights = [
        (Right::ReadSource, may("readsSource") || node.get("source").is_none()),
        (Right::JoinSubnet, may("joinsSubnet") || !subnet),
        (Right::StagingGroup, may("ownsStagingGroup") || staging.is_none()),
    ];
    rights.into_iter().find(|&(_, has)| !has).map(|(right, _)| right)
}

/// What a customizer is, and whether its type fits (IB-05).
pub fn customizer(step: &Node, template: &Node, cx: &mut Context<'_>) -> CustomizerKind {
    let windows = text(template, "osType") == Some("Windows");
    let Some(of) = step.get("type") else { return CustomizerKind::Script };
    let name = of.text().unwrap_or_default();
    let fits = match name {
        "Shell" => !windows,
        "PowerShell" | "WindowsRestart" | "WindowsUpdate" => windows,
        _ => true,
    };
    if !fits {
        let os = if windows { "Windows" } else { "Linux" };
        refuse(rules::IB_05, &of.span, &format!("there is no customizer `{name}` for {os}"), "name one of its own", cx);
    }
    if let Some(limit) =
        step.get("updateLimit").filter(|_| values::whole(step, "updateLimit").unwrap_or(0_u64) > UPDATES)
    {
        refuse(rules::IB_05, &limit.span, "`updateLimit` is above 1000", "write 1000 or less", cx);
    }
    if let (Some(size), "File") = (step.get("sizeMB"), name)
        && values::number(step, "sizeMB").is_some_and(|size| size >= FILE_MB)
    {
        refuse(rules::IB_05, &size.span, "a file is below 20 MB", "let a script fetch what is larger", cx);
    }
    if let (Some(at), "File", false) = (step.get("destination"), name, windows)
        && !at.text().unwrap_or_default().starts_with("/tmp")
    {
        refuse(
            rules::IB_05,
            &at.span,
            "on Linux a file is written under /tmp only",
            "let a script move it from there",
            cx,
        );
    }
    match name {
        "WindowsRestart" => {
            CustomizerKind::Restart { timeout: values::duration(step, "restartTimeout").unwrap_or(RESTART) }
        }
        "WindowsUpdate" => CustomizerKind::Update,
        _ => CustomizerKind::Script,
    }
}

/// The versions that templates make by themselves: of the run at their creation (IB-16), and of their triggers (IB-15), as
/// many as acts of the timeline can move their source.
pub fn runs(builders: &mut [ImageBuilder], places: &mut Places<'_>, cx: &mut Context<'_>) {
    let scenario = cx.scenario;
    let moves = scenario.get("timeline").map_or(&[][..], Node::items).iter();
    let moving = ["publish", "exclude", "deleteVersion", "restoreVersion", "bake"];
    let moves = moves.filter(|act| moving.iter().any(|key| act.get(key).is_some())).count();
    for (builder, (key, node)) in builders.iter_mut().zip(section(scenario, "imageBuilders")) {
        if values::flag(node, "autoRun") {
            builder.more.auto_run = made(key, node, places, cx);
        }
        let triggers = node.get("triggers").map_or(&[][..], Node::items);
        let Some(first) = triggers.first() else { continue };
        if let Some(second) = triggers.get(1) {
            refuse(rules::IB_15, &second.span, "a template has one trigger", "leave it out", cx);
        }
        let source = text(node, "source").unwrap_or_default();
        let (image, version) = source.split_once('/').unwrap_or((source, "latest"));
        if source.is_empty() || !version.eq_ignore_ascii_case("latest") {
            refuse(
                rules::IB_15,
                &first.span,
                "the source of a trigger is `latest`",
                "write `source: image/latest`",
                cx,
            );
        } else if Some(image) == text(node, "image") {
            let message = "the source of a trigger and what it makes are one definition";
            refuse(rules::IB_15, &first.span, message, "make versions of another image", cx);
        }
        for _ in 0..=moves {
            builder.more.triggered.extend(made(key, node, places, cx));
        }
    }
}
