//! The instances of a scale set, as Azure's tools list them: `az vmss list-instances`, `az vm list`, a GET of them, and answers of
//! `status`. Of each, what a run can begin with; the rest says nothing of it.

use super::collect::Found;
use super::reference::after_segment;
use super::shape::instance::{
    HEALTH_STATE, INSTANCE_DOMAIN, INSTANCE_ID, INSTANCE_IMAGE, INSTANCE_NAME, INSTANCE_STATE, INSTANCE_ZONE,
    LATEST_MODEL, POWER_STATE, PROTECT_FROM_ACTIONS, PROTECT_FROM_SCALE_IN,
};
use crate::tree::{Key, Node, Value};

/// The type under which instances are children of their set.
pub const INSTANCES: &str = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines";

/// The instance of a scale set that a body is; none where it is something else, or does not say of which set it is.
pub(super) fn of(body: &Node) -> Option<Found> {
    let has = |key| body.arm(key).is_some() || body.arm_path(&["properties", key]).is_some();
    if has("virtualMachineProfile") || has("orchestrationMode") || has("storageAccount") {
        return None;
    }
    let set = set_of(body)?;
    let id = body.arm("instanceId").and_then(Node::text);
    let own = body.name().or(id)?;
    let name = own.rsplit('/').next().unwrap_or(own);
    Some(Found { kind: INSTANCES.to_owned(), name: format!("{set}/{name}"), body: known(body, name) })
}

/// The name of the set that an instance is of.
fn set_of(body: &Node) -> Option<String> {
    let set = |id: &str| after_segment(id, "virtualMachineScaleSets").map(str::to_owned);
    let of = inside(body, "virtualMachineScaleSet").and_then(|of| of.arm("id").unwrap_or(of).text());
    let own = body.arm("id").and_then(Node::text).filter(|id| after_segment(id, "virtualMachines").is_some());
    of.or(own).and_then(set)
}

/// A key of a body, which stands under `properties` or, as `az` prints it, beside the others.
fn inside<'n>(body: &'n Node, key: &str) -> Option<&'n Node> {
    body.arm_path(&["properties", key]).or_else(|| body.arm(key)).filter(|node| !node.is_null())
}

/// What a run can begin with.
fn known(body: &Node, name: &str) -> Node {
    let view = inside(body, "instanceView");
    let image = inside(body, "storageProfile").and_then(|storage| storage.arm("imageReference"));
    let protection = inside(body, "protectionPolicy");
    let health = view.and_then(|view| view.arm_path(&["vmHealth", "status"]));
    let code = |codes: &[Node], of: &str| codes.iter().find_map(|status| coded(status, of));
    let statuses = view.and_then(|view| view.arm("statuses")).map_or(&[][..], Node::items);
    let power = code(statuses, "PowerState").or_else(|| details(body)).and_then(|power| {
        let state = match power.text()?.to_ascii_lowercase().as_str() {
            "running" | "starting" => "running",
            "stopped" | "stopping" => "stopped",
            "deallocated" | "deallocating" => "deallocated",
            _ => return None,
        };
        Some(Node::quoted(&power.span, state))
    });
    let entries = [
        (INSTANCE_NAME.key, Some(Node::quoted(&body.span, name))),
        (INSTANCE_ID.key, body.arm("instanceId").filter(|node| !node.is_null()).cloned()),
        (INSTANCE_ZONE.key, body.arm("zones").and_then(|zones| zones.items().first()).cloned()),
        (INSTANCE_DOMAIN.key, view.and_then(|view| view.arm("platformFaultDomain")).cloned()),
        (LATEST_MODEL.key, inside(body, "latestModelApplied").cloned()),
        (INSTANCE_IMAGE.key, image.map(exact)),
        (PROTECT_FROM_SCALE_IN.key, protection.and_then(|of| of.arm("protectFromScaleIn")).cloned()),
        (PROTECT_FROM_ACTIONS.key, protection.and_then(|of| of.arm("protectFromScaleSetActions")).cloned()),
        (INSTANCE_STATE.key, inside(body, "provisioningState").cloned()),
        (POWER_STATE.key, power),
        (HEALTH_STATE.key, health.and_then(|health| coded(health, "HealthState"))),
    ];
    let entries = entries.into_iter().filter_map(|(key, value)| {
        let value = value?;
        Some((Key { text: key.to_owned(), span: value.span.clone() }, value))
    });
    Node { span: body.span.clone(), value: Value::Map(entries.collect()) }
}

/// `az vm list --show-details` says `VM running`.
fn details(body: &Node) -> Option<Node> {
    let said = body.arm("powerState")?;
    Some(Node::quoted(&said.span, said.text()?.trim_start_matches("VM ")))
}

/// The state in a code such as `PowerState/running`, where it is of this kind.
fn coded(status: &Node, of: &str) -> Option<Node> {
    let code = status.arm("code")?;
    let mut parts = code.text()?.split('/');
    parts.next().filter(|kind| kind.eq_ignore_ascii_case(of))?;
    parts.next().map(|state| Node::quoted(&code.span, state))
}

/// An image reference with the version that the instance really runs.
fn exact(image: &Node) -> Node {
    let version = image.arm("exactVersion").filter(|version| !version.is_null()).cloned();
    let Value::Map(entries) = &image.value else { return image.clone() };
    let is_kept = |(key, value): &&(Key, Node)| {
        let replaced = version.is_some() && key.text.eq_ignore_ascii_case("version");
        !replaced && !value.is_null() && !key.text.eq_ignore_ascii_case("exactVersion")
    };
    let mut entries: Vec<(Key, Node)> = entries.iter().filter(is_kept).cloned().collect();
    entries.extend(version.map(|version| (Key { text: "version".to_owned(), span: version.span.clone() }, version)));
    Node { span: image.span.clone(), value: Value::Map(entries) }
}
