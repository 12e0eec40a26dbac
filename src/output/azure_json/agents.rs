//! A pool of scale set agents as Azure DevOps answers: `elasticpools`, and its `nodes`.
//!
//! Azure's ids of pools are numbers; here a pool goes by its name, and `poolId` is its place in the scenario.

use super::View;
use serde_json::{Value, json};
use windtunnel_sim::azure::instances::Provisioning;
use windtunnel_sim::delivery::agent_pools::Stage;
use windtunnel_sim::demand::jobs;
use windtunnel_sim::world::fact::Operation;
use windtunnel_sim::world::ids::{AgentPoolId, InstanceId};

/// The name of a pool.
pub fn name<'p>(view: &View<'_, 'p>, pool: AgentPoolId) -> &'p str {
    &view.instant.plan().agent_pools[pool.index()].name
}

/// The pool: what was set of it, and the size that it wants.
pub fn of(view: &View<'_, '_>, id: AgentPoolId) -> Value {
    let (world, plan) = (&view.instant.world, view.instant.plan());
    let pool = &plan.agent_pools[id.index()];
    let set = &plan.sets[usize::from(pool.set)];
    let state = if world.agent_pools.exists(id) { "online" } else { "new" };
    json!({
        "poolId": id.index() + 1,
        "azureId": format!("virtualMachineScaleSets/{}", set.name),
        "state": state,
        "osType": if set.windows { "windows" } else { "linux" },
        "orchestrationType": set.mode.word().to_lowercase(),
        "maxCapacity": pool.max_capacity,
        "desiredIdle": pool.desired_idle,
        "desiredSize": world.scale_set.sets[usize::from(pool.set)].capacity,
        "sizingAttempts": world.agent_pools.attempts(id, view.instant.at),
        "recycleAfterEachUse": pool.recycle,
        "timeToLiveMinutes": pool.time_to_live.ms() / 60_000,
        "maxSavedNodeCount": pool.max_saved,
        "agentInteractiveUI": false,
        "offlineSince": Value::Null,
    })
}

/// Its machines, with the state of each to the pool, of its agent and of the machine.
pub fn nodes(view: &View<'_, '_>, id: AgentPoolId) -> Value {
    let nodes: Vec<Value> =
        view.instant.world.agent_pools.of(id).map(|(of, stage)| node(view, id, of, stage)).collect();
    json!({ "count": nodes.len(), "value": nodes })
}

fn node(view: &View<'_, '_>, id: AgentPoolId, of: InstanceId, stage: Stage) -> Value {
    let row = &view.instant.world.instances.rows[of.index()];
    let works = jobs::works(&view.instant.world, of);
    let made_anew = row.how == Operation::Reimage;
    let state = match stage {
        _ if row.state == Provisioning::Deleting => "deletingCompute",
        Stage::Starting(None) if made_anew => "reimagingCompute",
        Stage::Starting(None) => "creatingCompute",
        Stage::Starting(Some(_)) | Stage::Configuring(_) => "startingAgent",
        Stage::Online(_) if works => "assigned",
        Stage::Online(_) => "idle",
        Stage::Used => "pendingReimage",
        Stage::Recycling => "reimagingCompute",
        Stage::Unhealthy if row.state == Provisioning::Failed => "failedVMPendingDelete",
        Stage::Unhealthy => "pendingDelete",
        Stage::Saved => "saved",
    };
    let agent = match stage {
        Stage::Online(_) if works => "assigned",
        Stage::Online(_) => "online",
        _ => "none",
    };
    let compute = match row.state {
        Provisioning::Deleting => "deleting",
        Provisioning::Creating => "creating",
        Provisioning::Updating if made_anew => "reimaging",
        Provisioning::Failed => "failed",
        Provisioning::Deallocated => "stopped",
        Provisioning::Updating | Provisioning::Succeeded | Provisioning::Stuck | Provisioning::Deleted => "healthy",
    };
    json!({
        "poolId": id.index() + 1,
        "id": of.index() + 1,
        "name": view.instant.names.instance(of),
        "state": state,
        "agentState": agent,
        "computeId": view.instance_id(of),
        "computeState": compute,
    })
}
