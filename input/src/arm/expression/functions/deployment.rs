//! Parameters, variables, and where the template is deployed.

use super::{Call, MANY, Row, data};
use crate::arm::expression::Outcome;
use crate::arm::expression::deployed::Template;
use crate::tree::Node;

pub(super) const TABLE: &[Row] = &[
    ("parameters", 1, 1, |call| call.env.scope.names.parameter(call.env, &call.text(0)?, call.span)),
    ("variables", 1, 1, |call| call.env.scope.names.variable(call.env, &call.text(0)?, call.span)),
    ("resourceGroup", 0, 0, resource_group),
    ("subscription", 0, 0, subscription),
    ("tenant", 0, 0, tenant),
    ("managementGroup", 0, 0, management_group),
    ("deployer", 0, 0, deployer),
    ("deployment", 0, 0, deployment),
    ("environment", 0, 0, environment),
    ("resourceId", 2, MANY, |call| resource_id(call, Level::Group)),
    ("subscriptionResourceId", 2, MANY, |call| resource_id(call, Level::Subscription)),
    ("managementGroupResourceId", 2, MANY, |call| resource_id(call, Level::ManagementGroup)),
    ("tenantResourceId", 2, MANY, |call| resource_id(call, Level::Tenant)),
    ("extensionResourceId", 3, MANY, extension_resource_id),
    ("pickZones", 3, 5, pick_zones),
    ("newGuid", 0, 0, |call| Ok(surrounding(call, "newGuid"))),
];

fn surrounding(call: &Call<'_>, key: &str) -> Node {
    if let (Some(name), "deployment.name") = (&call.env.scope.name, key) {
        return data::text(name.clone(), call.span);
    }
    data::text(call.env.scope.journal.surrounding(key, call.span), call.span)
}

/// A part of the surroundings that an access asks for, such as `resourceGroup().location`. So the rest of it needs no stand-in.
pub(super) fn part(call: &Call<'_>, key: &str) -> Option<Node> {
    let is = |name: &str, part: &str| call.name.eq_ignore_ascii_case(name) && key.eq_ignore_ascii_case(part);
    let parts = [
        ("resourceGroup", "location", "resourceGroup.location"),
        ("resourceGroup", "name", "resourceGroup.name"),
        ("subscription", "subscriptionId", "subscription.subscriptionId"),
        ("subscription", "tenantId", "subscription.tenantId"),
        ("subscription", "displayName", "subscription.displayName"),
        ("deployment", "name", "deployment.name"),
        ("deployment", "location", "resourceGroup.location"),
    ];
    if let Some((.., surroundings)) = parts.iter().find(|(name, part, _)| is(name, part)) {
        return Some(surrounding(call, surroundings));
    }
    if is("deployment", "properties") {
        return Some(own_link(call));
    }
    if is("resourceGroup", "id") {
        return Some(data::text(group_id(call), call.span));
    }
    let id =
        is("subscription", "id").then(|| call.env.scope.journal.surrounding("subscription.subscriptionId", call.span));
    id.map(|id| data::text(format!("/subscriptions/{id}"), call.span))
}

fn object(call: &Call<'_>, entries: Vec<(&str, Node)>) -> Node {
    data::object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(), call.span)
}

/// The id of the resource group that is in.
fn group_id(call: &Call<'_>) -> String {
    let journal = &call.env.scope.journal;
    let subscription = journal.surrounding("subscription.subscriptionId", call.span);
    let group = journal.surrounding("resourceGroup.name", call.span);
    format!("/subscriptions/{subscription}/resourceGroups/{group}")
}

fn resource_group(call: &Call<'_>) -> Outcome<Node> {
    let entries = vec![
        ("id", data::text(group_id(call), call.span)),
        ("name", surrounding(call, "resourceGroup.name")),
        ("type", data::text("Microsoft.Resources/resourceGroups", call.span)),
        ("location", surrounding(call, "resourceGroup.location")),
        ("tags", object(call, Vec::new())),
    ];
    Ok(object(call, entries))
}

fn subscription(call: &Call<'_>) -> Outcome<Node> {
    let id = surrounding(call, "subscription.subscriptionId");
    let path = format!("/subscriptions/{}", data::display(&id));
    let entries = vec![
        ("id", data::text(path, call.span)),
        ("subscriptionId", id),
        ("tenantId", surrounding(call, "subscription.tenantId")),
        ("displayName", surrounding(call, "subscription.displayName")),
    ];
    Ok(object(call, entries))
}

fn tenant(call: &Call<'_>) -> Outcome<Node> {
    Ok(object(call, vec![("tenantId", surrounding(call, "subscription.tenantId"))]))
}

fn deployment(call: &Call<'_>) -> Outcome<Node> {
    let entries = vec![
        ("name", surrounding(call, "deployment.name")),
        ("location", surrounding(call, "resourceGroup.location")),
        ("properties", own_link(call)),
    ];
    Ok(object(call, entries))
}

/// The address of the template itself, so that what is built on it is found beside it.
fn own_link(call: &Call<'_>) -> Node {
    let path = call.env.scope.file().display().to_string().replace('\\', "/");
    let link = object(call, vec![("uri", data::text(format!("{}{path}", Template::BESIDE), call.span))]);
    object(call, vec![("templateLink", link)])
}

fn management_group(call: &Call<'_>) -> Outcome<Node> {
    let name = surrounding(call, "managementGroup.name");
    let id = data::text(management_group_id(&data::display(&name)), call.span);
    Ok(object(call, vec![("id", id), ("name", name)]))
}

fn management_group_id(name: &str) -> String {
    format!("/providers/Microsoft.Management/managementGroups/{name}")
}

fn deployer(call: &Call<'_>) -> Outcome<Node> {
    let tenant = surrounding(call, "subscription.tenantId");
    Ok(object(call, vec![("objectId", surrounding(call, "deployer.objectId")), ("tenantId", tenant)]))
}

/// The public cloud.
fn environment(call: &Call<'_>) -> Outcome<Node> {
    let text = |text: &str| data::text(text, call.span);
    let suffixes = vec![
        ("keyvaultDns", text(".vault.azure.net")),
        ("sqlServerHostname", text(".database.windows.net")),
        ("storage", text("core.windows.net")),
    ];
    let authentication = vec![("loginEndpoint", text("https://login.microsoftonline.com/"))];
    let entries = vec![
        ("name", text("AzureCloud")),
        ("portal", text("https://portal.azure.com")),
        ("resourceManager", text("https://management.azure.com/")),
        ("authentication", object(call, authentication)),
        ("suffixes", object(call, suffixes)),
    ];
    Ok(object(call, entries))
}

/// Where a resource lives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Group,
    Subscription,
    ManagementGroup,
    Tenant,
}

/// `resourceId([subscription], [group], type, name, …)`: the type is the first argument with a slash.
fn resource_id(call: &Call<'_>, level: Level) -> Outcome<Node> {
    let mut texts = Vec::new();
    for at in 0..call.arguments.len() {
        let value = call.value(at)?;
        match value.text() {
            Some(text) => texts.push(text.to_owned()),
            None => return Err(call.needs(at, "a text", &value)),
        }
    }
    let at = texts.iter().position(|text| text.contains('/'));
    let Some(at) = at else {
        return Err(call.wrong("names no type such as `Microsoft.Network/loadBalancers`".to_owned()));
    };
    let provider = provider_path(call, &texts[at], &texts[at + 1..])?;
    let journal = &call.env.scope.journal;
    let asked = |key| journal.surrounding(key, call.span);
    let root = match (level, &texts[..at]) {
        (Level::Tenant, []) => String::new(),
        (Level::ManagementGroup, []) => management_group_id(&asked("managementGroup.name")),
        (Level::ManagementGroup, [group]) => management_group_id(group),
        (Level::Subscription, []) => format!("/subscriptions/{}", asked("subscription.subscriptionId")),
        (Level::Subscription, [subscription]) => format!("/subscriptions/{subscription}"),
        (Level::Group, []) => group_id(call),
        (Level::Group, [group]) => {
            format!("/subscriptions/{}/resourceGroups/{group}", asked("subscription.subscriptionId"))
        }
        (Level::Group, [subscription, group]) => format!("/subscriptions/{subscription}/resourceGroups/{group}"),
        _ => return Err(call.wrong(format!("has {at} arguments before the type, which is too many"))),
    };
    Ok(data::text(format!("{root}{provider}"), call.span))
}

/// `/providers/Microsoft.Network/loadBalancers/lb/probes/probe`.
fn provider_path(call: &Call<'_>, kind: &str, names: &[String]) -> Outcome<String> {
    let mut segments = kind.split('/').filter(|segment| !segment.is_empty());
    let namespace = segments.next().unwrap_or_default();
    let kinds: Vec<&str> = segments.collect();
    // A name such as `lb/probe` covers several segments.
    let names: Vec<&str> = names.iter().flat_map(|name| name.split('/')).collect();
    if kinds.is_empty() || kinds.len() != names.len() {
        let what = format!("of `{kind}` needs {} names, not {}", kinds.len(), names.len());
        return Err(call.wrong(what));
    }
    let pairs: Vec<String> = kinds.iter().zip(&names).map(|(kind, name)| format!("/{kind}/{name}")).collect();
    Ok(format!("/providers/{namespace}{}", pairs.concat()))
}

fn extension_resource_id(call: &Call<'_>) -> Outcome<Node> {
    let names = (2..call.arguments.len()).map(|at| call.text(at)).collect::<Outcome<Vec<_>>>()?;
    let path = provider_path(call, &call.text(1)?, &names)?;
    Ok(data::text(format!("{}{path}", call.text(0)?), call.span))
}

/// `pickZones(provider, type, location, [count], [offset])`: a region is taken to have zones 1 to 3.
fn pick_zones(call: &Call<'_>) -> Outcome<Node> {
    let count = if call.has(3) { call.integer(3)? } else { 1 };
    let offset = if call.has(4) { call.integer(4)? } else { 0 };
    let last = offset.saturating_add(count);
    if count < 1 || offset < 0 || last > 3 {
        return Err(call.wrong(format!("of {count} zones from {offset} leaves the 3 zones of a region")));
    }
    let zones = (offset + 1..=last).map(|zone| data::text(zone.to_string(), call.span)).collect();
    Ok(data::list(zones, call.span))
}
