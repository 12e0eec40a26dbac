//! What Octopus answers: its machines and its tasks, in the shapes of its own API.

use super::View;
use serde_json::{Value, json};
use windtunnel_sim::delivery::octopus::{Stage, target_name};
use windtunnel_sim::world::fact::TaskBy;

/// A page of a list, as Octopus wraps it: all on one.
fn page(kind: &str, items: Vec<Value>) -> Value {
    let count = items.len();
    json!({
        "ItemType": kind,
        "TotalResults": count,
        "ItemsPerPage": count,
        "NumberOfPages": 1,
        "LastPageNumber": 0,
        "Items": items,
    })
}

/// The deployment targets that Octopus has.
pub fn machines(view: &View<'_, '_>) -> Value {
    let (world, plan) = (&view.instant.world, view.instant.plan());
    let targets = world.octopus.targets.iter().enumerate().filter(|(_, target)| !target.removed);
    let items = targets.map(|(number, target)| {
        let group = &plan.octopus.targets[usize::from(target.group)];
        let place = &plan.octopus.places[usize::from(group.place)];
        let roles = plan.octopus.roles.iter().enumerate().filter(|(at, _)| group.roles >> at & 1 == 1);
        json!({
            "Id": format!("Machines-{}", number + 1),
            "Name": target_name(world, plan, number as u32),
            "EnvironmentIds": [place.environment],
            "Roles": roles.map(|(_, name)| name).collect::<Vec<_>>(),
            "TenantIds": place.tenant.iter().collect::<Vec<_>>(),
            "MachinePolicyId": plan.octopus.policies[usize::from(group.policy)].name,
            "IsDisabled": false,
            "HealthStatus": target.health.word(),
        })
    });
    page("Machine", items.collect())
}

/// The deployments that were asked for, the latest first.
pub fn tasks(view: &View<'_, '_>) -> Value {
    let (world, plan, names) = (&view.instant.world, view.instant.plan(), &view.instant.names);
    let items = world.octopus.tasks.iter().enumerate().rev().map(|(number, task)| {
        let place = plan.octopus.places[usize::from(task.place)].name();
        let (project, release) = (names.project(task.project), names.code(task.release));
        let state = match task.stage {
            Stage::Queued => "Queued",
            Stage::Executing => "Executing",
            Stage::Ended(how) => how.word(),
        };
        let mut body = json!({
            "Id": format!("ServerTasks-{}", number + 1),
            "Name": "Deploy",
            "Description": format!("Deploy {project} release {release} to {place}"),
            "ProjectId": project,
            "State": state,
            "QueueTime": view.time(task.queued),
            "StartTime": task.began.map(|at| view.time(at)),
            "CompletedTime": task.ended.map(|at| view.time(at)),
            "IsCompleted": task.ended.is_some(),
            "FinishedSuccessfully": state == "Success",
            "HasPendingInterruptions": task.asks > 0,
        });
        if task.stage == Stage::Executing {
            body["CurrentStep"] = names.step(task.project, task.step).into();
        }
        if task.by == TaskBy::Trigger {
            body["TriggeredBy"] = "DeploymentTargetTrigger".into();
        }
        body
    });
    page("Task", items.collect())
}
