//! An activity log (`az monitor activity-log list`) as the skeleton of a timeline: what was asked of scale sets and of gallery
//! versions, and when. A log says that something was written and not what, so whoever pastes it fills that in.

use super::reference::{after_segment, reference_name};
use crate::quantity;
use crate::tree::{Node, Value};
use windtunnel_sim::engine::time::SimDuration;
use windtunnel_words::number::count;

/// The operations on scale sets: the end of their name in small letters, and the act of the timeline.
const ACTS: &[(&str, &str)] = &[
    ("deallocate", "deallocate"),
    ("start", "start"),
    ("restart", "restart"),
    ("poweroff", "powerOff"),
    ("reimage", "reimage"),
    ("reimageall", "reimageAll"),
    ("redeploy", "redeploy"),
    ("performmaintenance", "performMaintenance"),
    ("delete", "deleteInstances"),
    ("simulateeviction", "simulateEviction"),
    ("manualupgrade", "upgradeInstances"),
    ("osrollingupgrade", "startOsUpgrade"),
    ("extensionrollingupgrade", "startExtensionUpgrade"),
    ("cancel", "cancelUpgrade"),
];

/// Acts on a set as a whole.
const OF_SETS: [&str; 3] = ["startOsUpgrade", "startExtensionUpgrade", "cancelUpgrade"];

/// An operation: its notices are one.
pub(crate) struct Operation<'n> {
    key: (&'n str, String, &'n str),
    pub(crate) first_ms: i64,
    pub(crate) last_ms: i64,
    pub(crate) failed: bool,
    /// Whether a notice says that it succeeded.
    pub(crate) ended: bool,
    pub(crate) event: &'n Node,
}

impl Operation<'_> {
    /// Its name, in small letters.
    pub(crate) fn name(&self) -> &str {
        &self.key.1
    }
}

/// Whether a body is an event of a log.
pub(crate) fn is_event(body: &Node) -> bool {
    let top = |key| body.arm(key).is_some();
    top("operationName") && (top("eventTimestamp") || top("time") || top("correlationId") || top("category"))
}

/// The lines of YAML that a log comes to; none where the root is no log.
#[must_use]
pub fn skeleton(root: &Node) -> Option<Vec<String>> {
    let list = root.arm("value").unwrap_or(root);
    let events = if matches!(list.value, Value::Seq(_)) { list.items() } else { std::slice::from_ref(root) };
    if events.is_empty() || !events.iter().all(is_event) {
        return None;
    }
    let operations = operations(events);
    let entries: Vec<(&Operation<'_>, String)> =
        operations.iter().filter_map(|operation| Some((operation, entry(operation)?))).collect();
    let others = operations.len() - entries.len();
    let mut lines = Vec::new();
    if let Some((first, _)) = entries.first() {
        let from = first.first_ms;
        lines.push(format!("start: {}", text_of(first.event, &["eventTimestamp", "time"]).unwrap_or_default()));
        lines.push("timeline:".to_owned());
        for (nth, (operation, act)) in entries.iter().enumerate() {
            let at = SimDuration::from_ms((operation.first_ms - from).unsigned_abs());
            let name = format!("{} {}", act.split(':').next().unwrap_or_default(), nth + 1);
            lines.push(format!("  - {{ name: {name}, at: {at}, {act} }}{}", remark(operation)));
        }
    }
    if others > 0 {
        lines.push(format!("# {} on other resources, or of kinds that no timeline has", count(others, "operation")));
    }
    Some(lines)
}

/// An operation of a log, as observations have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Its name, in small letters.
    pub operation: String,
    /// When it was first heard of, in milliseconds since 1970.
    pub at_ms: i64,
    /// Whether it failed.
    pub failed: bool,
    /// The scale set that it is about.
    pub set: Option<String>,
}

/// The operations of a log, the oldest first; none where the root is no log.
pub(crate) fn asked(root: &Node) -> Option<Vec<Asked>> {
    let list = root.arm("value").unwrap_or(root).items();
    if list.is_empty() || !list.iter().all(is_event) {
        return None;
    }
    let scaled = |event: &Node| {
        let said = |key: &str| event.arm_path(&["properties", key]).and_then(Node::text);
        after_segment(said("ResourceName").or_else(|| said("resourceName"))?, "virtualMachineScaleSets")
            .map(str::to_owned)
    };
    let of = |one: Operation<'_>| {
        let (_, operation, resource) = &one.key;
        let set = after_segment(resource, "virtualMachineScaleSets").map(str::to_owned).or_else(|| scaled(one.event));
        Asked { operation: operation.clone(), at_ms: one.first_ms, failed: one.failed, set }
    };
    Some(operations(list).into_iter().map(of).collect())
}

/// The operations of a log, the oldest first.
pub(crate) fn operations(events: &[Node]) -> Vec<Operation<'_>> {
    let mut all: Vec<Operation<'_>> = Vec::new();
    for event in events {
        let when = text_of(event, &["eventTimestamp", "time"]).and_then(|text| quantity::timestamp(text).ok());
        let (Some(name), Some(ms)) = (text_of(event, &["operationName"]), when) else { continue };
        let id = text_of(event, &["correlationId", "operationId"]).unwrap_or_default();
        let key = (id, name.to_ascii_lowercase(), text_of(event, &["resourceId"]).unwrap_or_default());
        let status = text_of(event, &["status", "resultType"]).unwrap_or_default();
        let is = |word: &str| status.eq_ignore_ascii_case(word);
        let (failed, ended) = (is("Failed"), is("Succeeded") || is("Success"));
        match all.iter_mut().find(|known| known.key == key && !id.is_empty()) {
            Some(known) => {
                known.last_ms = known.last_ms.max(ms);
                known.failed |= failed;
                known.ended |= ended;
                if ms < known.first_ms {
                    (known.first_ms, known.event) = (ms, event);
                }
            }
            None => all.push(Operation { key, first_ms: ms, last_ms: ms, failed, ended, event }),
        }
    }
    all.sort_by(|a, b| (a.first_ms, &a.key).cmp(&(b.first_ms, &b.key)));
    all
}

/// The text of the first of these keys that there is; some are an object with a `value`.
fn text_of<'n>(event: &'n Node, keys: &[&str]) -> Option<&'n str> {
    keys.iter().find_map(|key| {
        let node = event.arm(key)?;
        node.arm("value").unwrap_or(node).text()
    })
}

/// The act that an operation is, as the timeline writes it.
fn entry(operation: &Operation<'_>) -> Option<String> {
    let (_, name, resource) = &operation.key;
    if let Some(image) = after_segment(resource, "images").filter(|_| name.ends_with("/versions/write")) {
        return Some(format!("publish: {{ image: {image}/{} }}", reference_name(resource)));
    }
    if name.starts_with("microsoft.insights/autoscalesettings/scale") {
        return scaled(operation.event);
    }
    let set = after_segment(resource, "virtualMachineScaleSets")?;
    if name.ends_with("virtualmachinescalesets/write") {
        return Some(format!("startUpgrade: {{ scaleSet: {set} }}"));
    }
    let instance = after_segment(resource, "virtualMachines");
    let of_instance = name.contains("/virtualmachines/");
    let last = name.strip_suffix("/action").unwrap_or(name).rsplit('/').next()?;
    // `…/virtualMachines/write` is a protection, of which the log does not say which.
    let (_, act) = ACTS.iter().find(|(operation, _)| *operation == last)?;
    if OF_SETS.contains(act) {
        return Some(format!("{act}: {{ scaleSet: {set} }}"));
    }
    let which = match instance {
        Some(number) if of_instance && number.bytes().all(|byte| byte.is_ascii_digit()) => format!("[{number}]"),
        _ if *act == "deleteInstances" => "one".to_owned(),
        _ => "all".to_owned(),
    };
    Some(format!("{act}: {{ scaleSet: {set}, instances: {which} }}"))
}

/// What autoscale did: from how many instances to how many.
fn scaled(event: &Node) -> Option<String> {
    let said = |key: &str| event.arm_path(&["properties", key]).and_then(Node::text);
    let resource = said("ResourceName").or_else(|| said("resourceName"))?;
    let set = after_segment(resource, "virtualMachineScaleSets")?;
    let to: u32 = said("NewInstancesCount")?.parse().ok()?;
    Some(format!("setCapacity: {{ scaleSet: {set}, capacity: {to} }}"))
}

/// What whoever pastes an entry has to know of it.
fn remark(operation: &Operation<'_>) -> String {
    let (_, name, _) = &operation.key;
    let mut remarks = Vec::new();
    if name.ends_with("virtualmachinescalesets/write") {
        remarks.push("a log does not say what was written: `write: { SET: { … } }`".to_owned());
    } else if name.ends_with("delete/action") {
        remarks.push("a log does not say which".to_owned());
    } else if name.starts_with("microsoft.insights/") {
        remarks.push("by autoscale: leave it out where the setting is in `resources`".to_owned());
    }
    let took = SimDuration::from_ms((operation.last_ms - operation.first_ms).unsigned_abs());
    if took > SimDuration::ZERO {
        remarks.push(format!("took {took}"));
    }
    if operation.failed {
        remarks.push("failed".to_owned());
    }
    if remarks.is_empty() { String::new() } else { format!("  # {}", remarks.join("; ")) }
}
