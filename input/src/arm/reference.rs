//! How resources name each other.
//!
//! Azure refers by id: `/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/loadBalancers/LB/probes/PROBE`. Only the names
//! in it are compared, and never their case: a template evaluated here has a stand-in for its subscription and group, and the parts
//! of one fleet may come from several files. Two ids mean the same resource when the segments after their type are equal. Where
//! Azure wants an id, a scenario may say `LB/PROBE`, or `PROBE` alone where that is unambiguous.

use crate::tree::Node;

/// The name that an id ends with. A plain name is its own name.
#[must_use]
pub fn reference_name(id: &str) -> &str {
    let trimmed = id.trim_end_matches('/');
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// The load balancer and the backend pool that an id means. `None` for the load balancer when only the pool is named.
#[must_use]
pub fn backend_pool(id: &str) -> Option<(Option<&str>, &str)> {
    child_of(id, "loadBalancers", "backendAddressPools")
}

/// The load balancer and the probe that an id means. `None` for the load balancer when only the probe is named.
#[must_use]
pub fn probe(id: &str) -> Option<(Option<&str>, &str)> {
    child_of(id, "loadBalancers", "probes")
}

/// The parent and the child that an id means, given the segments that precede their names. `None` when the id means something of
/// another type.
#[must_use]
pub fn child_of<'a>(id: &'a str, parent: &str, child: &str) -> Option<(Option<&'a str>, &'a str)> {
    let segments: Vec<&str> = id.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        [name] => Some((None, name)),
        [owner, name] => Some((Some(owner), name)),
        [.., p, owner, c, name] if p.eq_ignore_ascii_case(parent) && c.eq_ignore_ascii_case(child) => {
            Some((Some(owner), name))
        }
        _ => None,
    }
}

/// Whether an id is one that Azure printed: it names a subscription, and not what stands in for one that is not known.
#[must_use]
pub fn is_of_a_subscription(id: &str) -> bool {
    let lower = id.to_ascii_lowercase();
    lower.strip_prefix("/subscriptions/").is_some_and(|rest| !rest.starts_with("00000000-0000-0000-0000-000000000000"))
}

/// What follows `/segment/` in an id, whatever the case; what stands before its type, such as a resource group of that name, is not
/// looked at.
#[must_use]
pub fn after_segment<'a>(id: &'a str, segment: &str) -> Option<&'a str> {
    let from = id.to_ascii_lowercase().rfind("/providers/").unwrap_or_default();
    let mut parts = id.get(from..)?.split('/');
    parts.by_ref().find(|part| part.eq_ignore_ascii_case(segment))?;
    parts.next()
}

/// The type and the name that an id says: `Microsoft.Network/loadBalancers/probes` and `LB/PROBE`.
#[must_use]
pub fn split_id(id: &str) -> Option<(String, String)> {
    let lower = id.to_ascii_lowercase();
    let at = lower.rfind("/providers/")? + "/providers/".len();
    let mut segments = id.get(at..)?.split('/').filter(|segment| !segment.is_empty());
    let mut kind = segments.next()?.to_owned();
    let mut names = Vec::new();
    while let Some(part) = segments.next() {
        kind = format!("{kind}/{part}");
        // An id may end in a type alone, such as `…/virtualMachineScaleSets/vmss/rollingUpgrades`.
        names.extend(segments.next());
    }
    (!names.is_empty()).then(|| (kind, names.join("/")))
}

/// Whether what a policy or an overlay begins with means a resource: its name alone, or with its type, whole or by its last part:
/// `autoscaleSettings/web`.
#[must_use]
pub fn means(key: &str, kind: &str, name: &str) -> bool {
    if key.eq_ignore_ascii_case(name) {
        return true;
    }
    let lower = key.to_ascii_lowercase();
    let of = lower.strip_suffix(&name.to_ascii_lowercase()).and_then(|rest| rest.strip_suffix('/'));
    let kind = kind.to_ascii_lowercase();
    of.is_some_and(|of| {
        !of.is_empty() && kind.strip_suffix(of).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    })
}

/// The same of a resource in normal form.
#[must_use]
pub fn is_meant(resource: &Node, key: &str) -> bool {
    let kind = resource.arm("type").and_then(Node::text).unwrap_or_default();
    resource.name().is_some_and(|name| means(key, kind, name))
}

/// Whether a resource is of this type and has this name.
#[must_use]
pub fn is_resource(resource: &Node, kind: &str, name: &str) -> bool {
    let own = resource.arm("type").and_then(Node::text);
    own.is_some_and(|own| own.eq_ignore_ascii_case(kind)) && resource.is_named(name)
}
