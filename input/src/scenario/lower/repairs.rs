//! `automaticRepairsPolicy`, and the call that suspends and resumes repairs.

use super::Context;
use super::keys::{service_state, timeline_entry};
use crate::arm::shape::scale_set::{
    EXTENSION_PUBLISHER, EXTENSIONS, GRACE_PERIOD, REBALANCES, REPAIR_ACTION, REPAIRS, REPAIRS_ENABLED, SERVICE_STATE,
    ServiceState,
};
use crate::scenario::legality::{self, Legality, SetFacts};
use crate::tree::Node;
use windtunnel_sim::plan::{Act, RepairsPolicy};
use windtunnel_sim::rules;

/// The policy of a set, its defaults filled in, checked against what Azure accepts; `None` where its model says nothing of repairs.
pub fn policy(resource: &Node, set: &SetFacts, cx: &mut Context<'_>) -> Option<RepairsPolicy> {
    let written = REPAIRS_ENABLED.get(resource);
    // Automatic zone balance turns repairs on, where nobody says otherwise (AR-19).
    let balances = REBALANCES.on(resource).filter(|_| cx.rules.on(rules::AR_19) && written.is_none());
    let enabled = written.filter(|at| at.value).map(|at| at.span).or(balances.clone());
    if let Some(enabled) = &enabled {
        legality::repairs::enabled(set, enabled, &mut Legality { rules: cx.rules, problems: cx.problems });
    }
    let policy = RepairsPolicy {
        enabled: enabled.is_some(),
        grace: GRACE_PERIOD.value(resource),
        action: REPAIR_ACTION.value(resource),
        suspended: SERVICE_STATE.value(resource) == ServiceState::Suspended,
    };
    (REPAIRS.find(resource).is_some() || balances.is_some()).then_some(policy)
}

/// The extension of Service Fabric.
pub fn service_fabric(resource: &Node) -> Option<&Node> {
    let is = |extension: &&Node| {
        let publisher = EXTENSION_PUBLISHER.text(extension).unwrap_or_default();
        publisher.eq_ignore_ascii_case("Microsoft.Azure.ServiceFabric")
    };
    EXTENSIONS.items(resource).iter().find(is)
}

/// `setOrchestrationServiceState` of the timeline.
pub fn act(node: &Node, cx: &mut Context<'_>) -> Option<Act> {
    let act = timeline_entry::SET_ORCHESTRATION_SERVICE_STATE.node(node)?;
    Some(Act::SetRepairs { set: cx.set_of(act)?, call: service_state::ACTION.given(act)? })
}
