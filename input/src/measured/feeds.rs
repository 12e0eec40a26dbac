//! Which assumption the duration of an operation is a value of.

use windtunnel_sim::rules::A;

/// The operating system of machines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum System {
    /// Linux.
    #[default]
    Linux,
    /// Windows.
    Windows,
}

impl System {
    /// What a text begins with, where that is a system.
    pub(super) fn of(text: &str) -> Option<Self> {
        let small = text.trim().to_ascii_lowercase();
        match () {
            () if small.starts_with("windows") => Some(Self::Windows),
            () if small.starts_with("linux") => Some(Self::Linux),
            () => None,
        }
    }
}

/// Why an operation on a set feeds nothing as long as it is not said of how many machines it is.
const OF_SET: &str = "it is of a whole set, whose slowest machine decides how long it takes, and the file does not say how many there are: \
    give a table with a column `instances`";

/// Operations on machines: the last word of their name, what a machine of each system feeds, and why one feeds nothing.
type Row = (&'static [&'static str], Result<[A; 2], &'static str>);

const OF_MACHINES: &[Row] = &[
    (&["deallocate"], Ok([A::VmDeallocateLinux, A::VmDeallocateWindows])),
    (&["poweroff", "stop"], Ok([A::VmPowerOffLinux, A::VmPowerOffWindows])),
    (&["restart"], Ok([A::VmRestart, A::VmRestart])),
    (&["redeploy"], Ok([A::VmRedeploy, A::VmRedeploy])),
    (&["delete"], Ok([A::VmDelete, A::VmDelete])),
    (
        &["start"],
        Err(
            "it does not say whether the machine was stopped or deallocated, and the two are different assumptions: give a table with a \
             column `assumption`",
        ),
    ),
    (
        &["reimage", "reimageall"],
        Err(
            "its length has the boot of the machine in it, which `vm.reimage` has not: subtract it, and give a table with a column \
             `assumption`",
        ),
    ),
    (
        &["write", "create", "update"],
        Err(
            "the length of a create has provisioning, boot and extensions in it: give a table with a column `assumption` for what you \
             know of each",
        ),
    ),
];

/// The assumption that an operation feeds, or why it feeds none.
pub(super) fn feeds(operation: &str, system: System, knows_count: bool) -> Result<A, &'static str> {
    let name = operation.trim().to_ascii_lowercase();
    let name = name.strip_suffix("/action").unwrap_or(&name);
    let last = name.rsplit(['/', ' ']).next().unwrap_or_default();
    let has = |part: &str| name.contains(part);
    if has("virtualmachines/extensions") {
        let is_removal = last == "delete" || name.starts_with("delete");
        return if is_removal { Err("no assumption is of it") } else { Ok(A::ExtensionDuration) };
    }
    if has("loadbalancers") && (last == "write" || name.starts_with("create") || name.starts_with("update")) {
        return Ok(A::ArmWrite);
    }
    if has("galleries/images/versions") {
        return Err(
            "the replication of a version is made of `gallery.replication_base`, its size and its regions: give a table with a \
                    column `assumption`",
        );
    }
    if has("applicationgateways") {
        return Err(
            "it depends on the generation of the gateway, which the file does not say: give a table with a column `assumption`, \
                    `appgw.update_v1` or `appgw.update_v2`",
        );
    }
    let of_set = has("virtualmachinescalesets") && !has("/virtualmachines/") && !name.ends_with("/virtualmachines");
    if !of_set && !has("virtualmachines") {
        return Err("no assumption is of it");
    }
    let verb = OF_MACHINES.iter().find(|(words, _)| words.contains(&last));
    let first = || OF_MACHINES.iter().find(|(words, _)| words.iter().any(|word| name.starts_with(word)));
    match verb.or_else(first) {
        None => Err("no assumption is of it"),
        Some((_, Err(why))) => Err(why),
        Some((_, Ok(_))) if of_set && !knows_count => Err(OF_SET),
        Some((_, Ok(assumptions))) => Ok(assumptions[system as usize]),
    }
}
