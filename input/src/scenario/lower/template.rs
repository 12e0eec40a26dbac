//! What image templates say beyond their steps, and the types of the steps.

use super::Context;
use super::builders::made;
use super::gallery::Places;
use super::keys::choices::{CustomizerType, Generation, OnError, OsType};
use super::keys::{
    GENERATION, customizer as step_key, distribute, error_handling, identity, image_builder as key, image_definition,
    scenario, staging, timeline_entry as entry, vm_profile,
};
use crate::scenario::legality::Legality;
use crate::tree::{Node, Span};
use windtunnel_sim::plan::{CustomizerKind, ImageBuilder, Right, Template, V1_SIZE, V2_SIZE};
use windtunnel_sim::rules::{self, RuleId};

/// How large a file that a customizer copies may be (IB-05).
const FILE_MB: f64 = 20.0;
/// How many updates `WindowsUpdate` installs at most (IB-05).
const UPDATES: u32 = 1000;

fn refuse(rule: RuleId, span: &Span, message: &str, help: &str, cx: &mut Context<'_>) {
    Legality { rules: cx.rules, problems: cx.problems }.refuse(rule, span, message, help);
}

/// What a template says beyond its steps; what it makes by itself comes with [`runs`].
pub fn read(node: &Node, region: Option<u16>, places: &mut Places<'_>, cx: &mut Context<'_>) -> Template {
    let (profile, errors) = (key::VM_PROFILE.node(node), key::ERROR_HANDLING.node(node));
    let image = key::IMAGE.given(node);
    let definition = scenario::IMAGE_DEFINITIONS.entries(cx.scenario).iter();
    let definition = definition.clone().find(|(name, _)| Some(&*name.text) == image).map(|(_, node)| node);
    let v2 = GENERATION.given(definition) == Some(Generation::V2);
    let size = vm_profile::VM_SIZE.given(profile);
    let fallback = if v2 && cx.rules.on(rules::IB_14) { V2_SIZE } else { V1_SIZE };
    if let Some(profile) = profile {
        disk(node, profile, places, cx);
    }
    let home = image_definition::LOCATION.node(definition).and_then(|at| places.region(at, cx));
    Template {
        lacks: lacks(node, region, places, cx),
        keeps_on_customizer_error: error_handling::ON_CUSTOMIZER_ERROR.read(errors) == OnError::Abort,
        keeps_on_validation_error: error_handling::ON_VALIDATION_ERROR.read(errors) == OnError::Abort,
        vm_size: size.unwrap_or(fallback).to_owned(),
        auto_run: None,
        triggered: Vec::new(),
        output: distribute::TYPE.read(key::DISTRIBUTE.node(node)),
        far: home.is_some() && home != region,
    }
}

/// The disk of the build machine may grow beyond that of its source, and not shrink (IB-14).
fn disk(node: &Node, profile: &Node, places: &Places<'_>, cx: &mut Context<'_>) {
    let Some(wanted) = vm_profile::OS_DISK_SIZE_GB.at(profile) else { return };
    let size = wanted.value;
    let source =
        key::SOURCE.given(node).and_then(|source| places.images.list.iter().find(|image| image.name == source));
    if let Some(source) = source.filter(|source| size < source.version.size_gb) {
        let message = format!("`osDiskSizeGB` is {size}, but its source has {}", source.version.size_gb);
        refuse(rules::IB_14, &wanted.span, &message, "a disk can grow, but not shrink", cx);
    }
}

/// The right that is missing, and what else is wrong with a staging group (IB-18).
fn lacks(node: &Node, region: Option<u16>, places: &mut Places<'_>, cx: &mut Context<'_>) -> Option<Right> {
    let rights = key::IDENTITY.node(node);
    let subnet = vm_profile::VNET_CONFIG.read(key::VM_PROFILE.node(node));
    let group = key::STAGING_RESOURCE_GROUP.node(node);
    if let Some(group) = group {
        let there = staging::LOCATION.node(group).and_then(|at| places.region(at, cx));
        if there.is_some() && there != region {
            let message = "the staging group is in another region than its template";
            refuse(rules::IB_18, &group.span, message, "name a group in the region of the template", cx);
        }
        if !staging::EMPTY.read(group) {
            refuse(rules::IB_18, &group.span, "the staging group is not empty", "name an empty group, or none", cx);
        }
    }
    let all = [
        (Right::ReadSource, identity::READS_SOURCE.read(rights) || !key::SOURCE.is_in(node)),
        (Right::JoinSubnet, identity::JOINS_SUBNET.read(rights) || !subnet),
        (Right::StagingGroup, identity::OWNS_STAGING_GROUP.read(rights) || group.is_none()),
    ];
    all.into_iter().find(|&(_, has)| !has).map(|(right, _)| right)
}

/// What a customizer is, and whether its type fits (IB-05).
pub fn customizer(step: &Node, template: &Node, cx: &mut Context<'_>) -> CustomizerKind {
    let windows = key::OS_TYPE.read(template) == OsType::Windows;
    let Some(of) = step_key::TYPE.at(step) else { return CustomizerKind::Script };
    let fits = match of.value {
        CustomizerType::Shell => !windows,
        CustomizerType::PowerShell | CustomizerType::WindowsRestart | CustomizerType::WindowsUpdate => windows,
        CustomizerType::File => true,
    };
    if !fits {
        let os = if windows { OsType::Windows } else { OsType::Linux }.word();
        let message = format!("there is no customizer `{}` for {os}", of.value.word());
        refuse(rules::IB_05, &of.span, &message, "name one of those", cx);
    }
    let limit = step_key::UPDATE_LIMIT.at(step);
    if limit.value > UPDATES {
        refuse(rules::IB_05, &limit.span, "`updateLimit` is above 1000", "write 1000 or less", cx);
    }
    if of.value == CustomizerType::File {
        if let Some(size) = step_key::SIZE_MB.at(step).filter(|size| size.value >= FILE_MB) {
            refuse(rules::IB_05, &size.span, "a file must be below 20 MB", "use a script to fetch a larger file", cx);
        }
        let elsewhere = step_key::DESTINATION.at(step).filter(|at| !windows && !at.value.starts_with("/tmp"));
        if let Some(at) = elsewhere {
            let message = "on Linux a file can be written only under /tmp";
            refuse(rules::IB_05, &at.span, message, "use a script to move it from there", cx);
        }
    }
    match of.value {
        CustomizerType::WindowsRestart => CustomizerKind::Restart { timeout: step_key::RESTART_TIMEOUT.read(step) },
        CustomizerType::WindowsUpdate => CustomizerKind::Update,
        CustomizerType::Shell | CustomizerType::PowerShell | CustomizerType::File => CustomizerKind::Script,
    }
}

/// The versions that templates make by themselves: of the run at their creation (IB-16), and of their triggers (IB-15), as
/// many as acts of the timeline can move their source.
pub fn runs(builders: &mut [ImageBuilder], places: &mut Places<'_>, cx: &mut Context<'_>) {
    let scenario = cx.scenario;
    let moving = [entry::PUBLISH, entry::EXCLUDE, entry::DELETE_VERSION, entry::RESTORE_VERSION, entry::BAKE];
    let moves = scenario::TIMELINE.items(scenario).iter();
    let moves = moves.filter(|act| moving.iter().any(|key| key.is_in(act))).count();
    for (builder, (name, node)) in builders.iter_mut().zip(scenario::IMAGE_BUILDERS.entries(scenario)) {
        if key::AUTO_RUN.read(node) {
            builder.more.auto_run = made(name, node, places, cx);
        }
        let triggers = key::TRIGGERS.items(node);
        let Some(first) = triggers.first() else { continue };
        if let Some(second) = triggers.get(1) {
            refuse(rules::IB_15, &second.span, "a template can have only one trigger", "remove it", cx);
        }
        let source = key::SOURCE.given(node).unwrap_or_default();
        let (image, version) = source.split_once('/').unwrap_or((source, "latest"));
        if source.is_empty() || !version.eq_ignore_ascii_case("latest") {
            refuse(
                rules::IB_15,
                &first.span,
                "the source of a trigger must be `latest`",
                "write `source: image/latest`",
                cx,
            );
        } else if Some(image) == key::IMAGE.given(node) {
            let message = "the source of a trigger and its output are the same definition";
            refuse(rules::IB_15, &first.span, message, "distribute to another image", cx);
        }
        for _ in 0..=moves {
            builder.more.triggered.extend(made(name, node, places, cx));
        }
    }
}
