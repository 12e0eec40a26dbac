//! Who acts on what is wrong: a probe, a controller, a pipeline, or a person who lays hands on a set.

use windtunnel_sim::measure::fleet::FleetView;
use windtunnel_sim::plan::{Act, OctopusAct, Plan};
use windtunnel_sim::world::fact::{AdminState, Fact, OctopusFact, Record, RepairsFact, RolloutFact};
use windtunnel_sim::world::ids::{ActionId, PoolId, SetId};

/// Something that is done about what is wrong, at an entry point or to scale sets.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    pub(super) record: Record,
    pub(super) pool: Option<PoolId>,
    pub(super) sets: Vec<SetId>,
}

impl Deed {
    /// What is done with an entry, asked of the fleet as it was before.
    pub(super) fn of(fleet: &FleetView<'_>, record: &Record) -> Option<Self> {
        if !acts(fleet.plan(), &record.fact) {
            return None;
        }
        let (pool, sets) = match record.fact.instance().and_then(|instance| fleet.unit(instance)) {
            // Who acts on an instance that does no harm has noticed nothing.
            Some(unit) => (None, unit.lane().filter(|lane| lane.harms()).map(|_| unit.set).into_iter().collect()),
            None => match record.fact {
                Fact::FailOpenStarted { pool } => (Some(pool), Vec::new()),
                Fact::CapacitySet { set, .. } | Fact::Rollout(RolloutFact::CancelRequested { set }) => {
                    (None, vec![set])
                }
                Fact::ActionTaken { action } => (None, hands(fleet.plan(), action)),
                _ => return None,
            },
        };
        Some(Self { record: *record, pool, sets })
    }
}

/// The sets on which somebody lays hands with an entry of the timeline, so that they come to be otherwise than they are.
fn hands(plan: &Plan, action: ActionId) -> Vec<SetId> {
    match &plan.timeline[action.index()].what {
        Act::ChangeModel { set, .. }
        | Act::StartUpgrade { set }
        | Act::StartOsUpgrade { set }
        | Act::UpgradeInstances { set, .. }
        | Act::Power { set, .. } => vec![SetId(*set)],
        Act::RunPipeline { pipeline } => {
            plan.pipelines[usize::from(*pipeline)].sets.iter().map(|&set| SetId(set)).collect()
        }
        Act::Octopus(OctopusAct::Deploy { project, place, .. }) => {
            let roles = plan.octopus.projects[usize::from(*project)].roles;
            let groups = plan.octopus.targets.iter();
            let theirs = groups.filter(|group| group.place == *place && group.roles & roles != 0);
            theirs.map(|group| SetId(group.set)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether someone acts on what is wrong: a probe, a pipeline, a repair, whoever sets an admin state, whoever adds instances,
/// and whoever lays hands on a set.
fn acts(plan: &Plan, fact: &Fact) -> bool {
    match *fact {
        Fact::CapacitySet { from, to, .. } => to > from,
        Fact::ActionTaken { action } => !hands(plan, action).is_empty(),
        _ => matches!(
            fact,
            Fact::ProbeDown { .. }
                | Fact::FailOpenStarted { .. }
                | Fact::PipelineStarted { .. }
                | Fact::Octopus(OctopusFact::Began { .. })
                | Fact::Rollout(RolloutFact::CancelRequested { .. })
                | Fact::Repairs(RepairsFact::Started { .. })
                | Fact::AdminStateSet { to: AdminState::Down, .. }
        ),
    }
}

/// Whether harm may end by what somebody or something did here, as the last in the chain of causes that does so. What ends by
/// itself, such as a fault, is none.
pub(super) const fn relieves(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ProbeDown { .. }
            | Fact::PipelineSucceeded { .. }
            | Fact::CapacitySet { .. }
            | Fact::ActionTaken { .. }
            | Fact::AdminStateSet { .. }
            | Fact::Octopus(OctopusFact::Began { .. })
            | Fact::Repairs(RepairsFact::Started { .. })
            | Fact::Rollout(RolloutFact::BatchStarted { .. } | RolloutFact::InstanceUpgraded { .. })
    )
}
