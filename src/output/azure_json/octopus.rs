//! What Octopus answers: its machines, its tasks and how far a release has come, in the shapes of its own API.

use super::View;
use serde_json::{Value, json};
use windtunnel_sim::delivery::octopus::{self, Progress, Stage, Task, target_name};
use windtunnel_sim::plan::{Code, Required};
use windtunnel_sim::world::fact::TaskBy;
use windtunnel_sim::world::ids::ProjectId;

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

const fn state_of(task: &Task) -> &'static str {
    match task.stage {
        Stage::Queued => "Queued",
        Stage::Executing => "Executing",
        Stage::Ended(how) => how.word(),
    }
}

/// The name of a release, as `status` asks for it.
pub fn release(view: &View<'_, '_>, (project, release): (ProjectId, Code)) -> String {
    let names = &view.instant.names;
    format!("{}-{}", names.project(project), names.code(release))
}

/// How far a release has come in the phases of its lifecycle; what is optional is complete from the start.
pub fn progression(view: &View<'_, '_>, of: (ProjectId, Code)) -> Value {
    let (world, plan) = (&view.instant.world, view.instant.plan());
    let (progress, next) = octopus::progress(world, plan, of);
    let environment = |place: u16| plan.octopus.places[usize::from(place)].environment.as_str();
    let environments = |places: &mut dyn Iterator<Item = u16>| {
        let mut all: Vec<&str> = Vec::new();
        for name in places.map(environment) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    };
    let phases = plan.octopus.lifecycle(of.0.0).map_or(&[][..], |lifecycle| &lifecycle.phases);
    let phases = phases.iter().zip(progress).map(|(phase, is)| {
        let tasks = world.octopus.tasks.iter().enumerate();
        let here = tasks
            .filter(|(_, task)| (task.project, task.release) == of && phase.places().any(|place| place == task.place));
        let deployments = here.map(|(number, task)| {
            let environment = environment(task.place);
            json!({
                "Deployment": { "EnvironmentId": environment, "ProjectId": view.instant.names.project(of.0) },
                "Task": { "Id": format!("ServerTasks-{}", number + 1), "State": state_of(task) },
            })
        });
        let least = match phase.required {
            Required::Minimum(least) => least,
            Required::All | Required::Nothing => 0,
        };
        json!({
            "Name": phase.name,
            "Blocked": false,
            "Progress": match is {
                Progress { is_complete: true, .. } => "Complete",
                Progress { is_open: true, .. } => "Current",
                Progress { .. } => "Pending",
            },
            "Deployments": deployments.collect::<Vec<_>>(),
            "AutomaticDeploymentTargets": environments(&mut phase.automatic.iter().copied()),
            "OptionalDeploymentTargets": environments(&mut phase.manual.iter().copied()),
            "MinimumEnvironmentsBeforePromotion": least,
            "IsOptionalPhase": phase.required == Required::Nothing,
        })
    });
    let phases: Vec<Value> = phases.collect();
    json!({ "Phases": phases, "NextDeployments": environments(&mut next.into_iter()) })
}

/// The deployments that were asked for, the latest first.
pub fn tasks(view: &View<'_, '_>) -> Value {
    let (world, plan, names) = (&view.instant.world, view.instant.plan(), &view.instant.names);
    let items = world.octopus.tasks.iter().enumerate().rev().map(|(number, task)| {
        let place = plan.octopus.places[usize::from(task.place)].name();
        let (project, release) = (names.project(task.project), names.code(task.release));
        let state = state_of(task);
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
