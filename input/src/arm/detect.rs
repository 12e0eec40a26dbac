//! What a file is: a template, resources in one of the shapes that Azure's tools print, or something else.

use super::activity;
use super::reference::split_id;
use super::say::shorten;
use super::shape;
use crate::quantity;
use crate::terraform::{self, Form};
use crate::tree::{Node, Value};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_words::clock::spoken;

/// What a file is.
pub(super) enum Found<'a> {
    /// An ARM template.
    Template(&'a Node),
    /// The request that deploys a template: the template and the values of its parameters.
    Deployment(&'a Node, Option<&'a Node>),
    /// Resources.
    Bodies(Vec<&'a Node>),
    /// A plan or a state of Terraform.
    Terraform(Form),
    /// Something else: the code of the problem, what it is, and what to do.
    Other(&'static str, String, String),
}

/// The code of a file of Terraform's that is not read.
const TERRAFORM: &str = "E0406";
/// The code of a file in another language.
const OTHER_LANGUAGE: &str = "E0407";

/// What describes a fleet.
pub const RESOURCES: &str = "give a template, the output of `az vmss show` and `az network lb show`, or \
    what `terraform show -json` prints of a plan or a state";

/// What says of each instance what an instance view counts.
const INSTANCE_LIST: &str =
    "give `az vmss list-instances --expand instanceView` beside the scale set: a run begins with them";

/// Says what a file is.
pub(super) fn detect(root: &Node) -> Found<'_> {
    match &root.value {
        Value::Seq(items) if items.is_empty() => other("an empty list", RESOURCES),
        Value::Seq(items) => Found::Bodies(items.iter().collect()),
        Value::Map(entries) if entries.is_empty() => {
            other("an empty object, such as a PATCH that changes nothing", RESOURCES)
        }
        Value::Map(_) => detect_object(root),
        _ => other("a single value", RESOURCES),
    }
}

fn other<'a>(what: &str, help: &str) -> Found<'a> {
    Found::Other("E0405", what.to_owned(), help.to_owned())
}

fn detect_object(root: &Node) -> Found<'_> {
    let has = |key| root.arm(key).is_some();
    if let Some(form) = terraform::form(root) {
        return Found::Terraform(form);
    }
    if has("terraform") || (has("provider") && (has("resource") || has("module"))) {
        return Found::Other(TERRAFORM, "a Terraform configuration".to_owned(), terraform::SHOW.to_owned());
    }
    let schema = root.arm("$schema").and_then(Node::text).unwrap_or_default().to_ascii_lowercase();
    let is_typed = has("type") || has("id");
    if has("resources") && !is_typed {
        return Found::Template(root);
    }
    if let Some(template) =
        root.arm_path(&["properties", "template"]).filter(|template| template.arm("resources").is_some())
    {
        return Found::Deployment(template, root.arm_path(&["properties", "parameters"]));
    }
    if has("handler") && has("parameters") || schema.contains("createuidefinition") {
        return other("the definition of a form of the portal", "give the template that the form is for");
    }
    if schema.contains("parameters") || (has("parameters") && !has("properties") && !has("responses") && !is_typed) {
        return other("a parameters file", "give the template, and this file with `--parameters`");
    }
    if has("responses") && has("parameters") {
        return other("an example of a REST specification", "give the body in it, under `responses` or `parameters`");
    }
    if schema.contains("deploymenttemplate") {
        return other("a template without resources", RESOURCES);
    }
    for wrapper in ["vmss", "loadBalancer"] {
        if let Some(body) = root.arm(wrapper).filter(|body| matches!(body.value, Value::Map(_))) {
            return Found::Bodies(vec![body]);
        }
    }
    if let Some(found) = what_if(root) {
        return found;
    }
    // A query of Azure Resource Graph prints what it found as `data`.
    let list = root.arm("value").or_else(|| root.arm("data"));
    if let Some(list) = list.filter(|list| matches!(list.value, Value::Seq(_)) && !is_typed) {
        let items: Vec<&Node> = list.items().iter().collect();
        return if items.is_empty() { other("a list without entries", RESOURCES) } else { Found::Bodies(items) };
    }
    Found::Bodies(vec![root])
}

/// The type of a body: given, taken from its id, or derived from its fields. What is said is never overruled: fields of the same name
/// mean other things in other types.
pub(super) fn kind_of(body: &Node) -> Option<String> {
    let said = ["ResourceType", "type"].into_iter().filter_map(|key| body.arm(key)?.text());
    let said = said.filter(|kind| kind.contains('/')).map(str::to_owned).next();
    let by_id = || id_of(body).map(|(kind, _)| kind);
    said.or_else(by_id).or_else(|| recognise(body).map(str::to_owned))
}

/// The type and name in the id of a body.
pub(super) fn id_of(body: &Node) -> Option<(String, String)> {
    ["id", "ResourceId"].into_iter().find_map(|key| split_id(body.arm(key)?.text()?))
}

/// The type of a body that does not give it, derived from fields that no other type has.
pub(super) fn recognise(body: &Node) -> Option<&'static str> {
    let has = |key| body.arm(key).is_some() || body.arm_path(&["properties", key]).is_some();
    if has("instanceId") || has("vmId") || has("hardwareProfile") {
        return None;
    }
    if has("virtualMachineProfile") || has("upgradePolicy") || (has("orchestrationMode") && has("sku")) {
        return Some(shape::SCALE_SET);
    }
    if has("backendAddressPools") && (has("gatewayIPConfigurations") || has("httpListeners")) {
        return Some(shape::GATEWAY);
    }
    if has("loadBalancingRules") || has("backendAddressPools") || (has("probes") && has("frontendIPConfigurations")) {
        return Some(shape::LOAD_BALANCER);
    }
    if has("profiles") && (has("targetResourceUri") || has("predictiveAutoscalePolicy") || has("enabled")) {
        return Some("Microsoft.Insights/autoscaleSettings");
    }
    if has("attachedVirtualMachineScaleSetId") || (has("elasticityProfile") && has("virtualMachineState")) {
        return Some("Microsoft.StandbyPool/standbyVirtualMachinePools");
    }
    if has("publishingProfile") && (has("storageProfile") || has("safetyProfile")) {
        return Some("Microsoft.Compute/galleries/images/versions");
    }
    if has("distribute") && has("source") {
        return Some("Microsoft.VirtualMachineImages/imageTemplates");
    }
    has("maintenanceScope").then_some("Microsoft.Maintenance/maintenanceConfigurations")
}

/// A body that is no resource to simulate.
pub(super) struct Else {
    /// What it is.
    pub(super) what: String,
    /// What is to be known of it; empty where that is all.
    more: String,
    /// What it is good for.
    pub(super) help: String,
}

impl Else {
    /// Whether two bodies are the same.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.what, &self.more) == (&other.what, &other.more)
    }
}

impl std::fmt::Display for Else {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let comma = if self.more.is_empty() { "" } else { ", " };
        write!(f, "{}{comma}{}", self.what, self.more)
    }
}

/// What a body is that is no resource to simulate. Found by fields first, then by type.
pub(super) fn is_something_else(body: &Node) -> Option<Else> {
    if !matches!(body.value, Value::Map(_)) {
        return said("a value that is not an object", "", RESOURCES);
    }
    let top = |key| body.arm(key).is_some();
    let has = |key| top(key) || body.arm_path(&["properties", key]).is_some();
    let kind = kind_of(body).unwrap_or_default().to_ascii_lowercase();
    let last = kind.rsplit('/').next().unwrap_or_default();
    if activity::is_event(body) {
        return said("an activity log", "", "`windtunnel check FILE` prints what it says of scale sets as a timeline");
    }
    if top("statuses") && (top("virtualMachine") || top("orchestrationServices")) {
        return said("the instance view of a scale set", "which counts states", INSTANCE_LIST);
    }
    if top("statuses") && (top("vmAgent") || top("disks") || top("placementGroupId") || top("platformFaultDomain")) {
        return said("the instance view of an instance", "which does not say of which", INSTANCE_LIST);
    }
    if last == "rollingupgrades" || (has("runningStatus") && has("progress") && !has("virtualMachineProfile")) {
        return said(
            "the status of an upgrade",
            "",
            "`windtunnel status RUN SET/rollingUpgrades/latest --at TIME --against FILE --format human` compares a run with it",
        );
    }
    let id_kind = id_of(body).map(|(kind, _)| kind.to_ascii_lowercase()).unwrap_or_default();
    let is_instance = |kind: &str| kind.starts_with("microsoft.compute/virtualmachinescalesets/virtualmachines");
    if is_instance(&kind) || is_instance(&id_kind) || has("instanceId") {
        return said("an instance that does not say of which scale set", "", INSTANCE_LIST);
    }
    let is_extension = has("typeHandlerVersion") && has("publisher");
    if last == "extensions" && kind.starts_with("microsoft.compute/") || is_extension {
        return said("an extension", "", "give the scale set that has it: `az vmss show`");
    }
    if top("error") && body.entries().len() == 1 {
        let code = body.arm_path(&["error", "code"]).and_then(Node::text);
        return said("an error answer of Azure", &code.map(shorten).unwrap_or_default(), RESOURCES);
    }
    if top("status") && top("startTime") {
        return Some(operation(body));
    }
    if top("DocumentIncarnation") {
        return said(
            "a document of scheduled events",
            "",
            "`windtunnel status RUN INSTANCE/scheduledEvents --at TIME` shows what a guest of a run reads",
        );
    }
    if has("outputResources") {
        return said("the result of a deployment", "which names resources", "give the template, or `az group export`");
    }
    if top("timeseries") {
        return said(
            "metrics of Azure Monitor",
            "",
            "a table with the columns `time` and `rps` can be the demand of an entry point: `demand: { trace: FILE }`",
        );
    }
    if top("currentValue") && top("limit") {
        return said("a list of quotas", "", "give those of a region under `regions`, as `quota`");
    }
    if kind.is_empty() {
        return said("an object of an unknown kind", "", RESOURCES);
    }
    None
}

fn said(what: &str, more: &str, help: &str) -> Option<Else> {
    Some(Else { what: what.to_owned(), more: more.to_owned(), help: help.to_owned() })
}

/// A long-running operation: how long it took, how it ended, and where such a length can be said.
fn operation(body: &Node) -> Else {
    let text = |key| body.arm(key).and_then(Node::text);
    let at = |key| text(key).and_then(|text| quantity::timestamp(text).ok());
    let took =
        at("startTime").zip(at("endTime")).map(|(from, to)| SimDuration::from_ms((to - from).max(0).unsigned_abs()));
    let status = text("status").unwrap_or_default();
    let code = body.arm_path(&["error", "code"]).and_then(Node::text);
    let code = code.map_or_else(String::new, |code| format!(" ({})", shorten(code)));
    let what = match took {
        Some(took) => format!("a long-running operation: {}{code} after {}", shorten(status), spoken(took)),
        None => format!("a long-running operation: {}{code}", shorten(status)),
    };
    let took = took.unwrap_or(SimDuration::from_mins(2));
    let help = format!(
        "it does not say what was done; where it made instances, `assumptions: {{ vmss.provision: {took} }}` repeats it; \
         others are vm.reimage, vm.restart, vm.os_disk_swap, vm.deallocate_linux (`windtunnel assumptions`)"
    );
    Else { what, more: String::new(), help }
}

/// The resources that a what-if says will be there: each as it will be. `None` where the root is no what-if.
fn what_if<'a>(root: &'a Node) -> Option<Found<'a>> {
    let changes = root.arm("changes").or_else(|| root.arm_path(&["properties", "changes"]))?;
    let text = |change: &Node, key: &str| change.arm(key).and_then(Node::text).unwrap_or_default().to_owned();
    if changes.items().is_empty() || changes.items().iter().any(|change| text(change, "changeType").is_empty()) {
        return None;
    }
    let stays = changes.items().iter().filter(|change| !text(change, "changeType").eq_ignore_ascii_case("Delete"));
    let stays: Vec<&Node> = stays.collect();
    let object = |change: &&'a Node, key| change.arm(key).filter(|node: &&Node| matches!(node.value, Value::Map(_)));
    let after = |change: &&'a Node| object(change, "after").or_else(|| object(change, "before"));
    let bodies: Vec<&Node> = stays.iter().filter_map(after).collect();
    if bodies.is_empty() && !stays.is_empty() {
        let help = "ask for the resources as well: `--result-format FullResourcePayloads --no-pretty-print`";
        return Some(other("a what-if without the resources", help));
    }
    Some(Found::Bodies(bodies))
}

/// What a text that is no JSON looks like: the code, what it is, and what to do.
pub(super) fn other_language(text: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', '/']));
    let first = lines().next()?;
    if let Some(what) = terraform::text(text) {
        return Some((TERRAFORM, what, terraform::SHOW));
    }
    if first.starts_with(['{', '[']) {
        return None;
    }
    let word = first.split_whitespace().next().unwrap_or_default();
    let is_terraform = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        matches!(word, "resource" | "provider" | "variable" | "terraform" | "module" | "data" | "locals" | "output")
            && line.ends_with('{')
            && !line.contains('=')
    };
    if lines().any(is_terraform) {
        return Some((TERRAFORM, "a Terraform configuration", terraform::SHOW));
    }
    if matches!(
        word,
        "param" | "resource" | "var" | "targetScope" | "metadata" | "module" | "import" | "type" | "@description"
    ) {
        return Some((OTHER_LANGUAGE, "Bicep", "compile it to a template with `az bicep build --file FILE`"));
    }
    if first.starts_with('<') {
        return Some((OTHER_LANGUAGE, "XML or HTML", "save the file itself, not the page of the browser"));
    }
    let is_key = |line: &str| line.split_once(':').is_some_and(|(key, _)| !key.contains(['"', ' ', '{']));
    if first == "---" || first.starts_with("- ") || is_key(first) {
        return Some((OTHER_LANGUAGE, "YAML", "`az … show --output json` prints JSON; only a scenario may be YAML"));
    }
    None
}
