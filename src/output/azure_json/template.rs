//! An image template: the status of its last run (IB-01).

use super::View;
use serde_json::{Value, json};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::world::fact::{BuildEnd, BuildFact, Fact, RunState, Stage};
use windtunnel_sim::world::ids::{BuilderId, RegionId};

/// What Azure writes for a time that has not come.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// A template.
pub fn of(view: &View<'_, '_>, builder: BuilderId) -> Value {
    let plan = &view.instant.plan().builders[builder.index()];
    let mut properties = json!({ "provisioningState": "Succeeded" });
    if let Some(run) = last_run(view, builder) {
        let mut status = json!({
            "startTime": view.time(run.began),
            "endTime": run.ended.map_or_else(|| NEVER.to_owned(), |(at, ..)| view.time(at)),
            "runState": run.state(),
        });
        if run.ended.is_none() {
            status["runSubState"] = stage(run.stage).into();
        }
        status["message"] = run.message().into();
        properties["lastRunStatus"] = status;
    }
    properties["buildTimeoutInMinutes"] = (plan.timeout.ms() / 60_000).into();
    json!({
        "properties": properties,
        "location": view.region(RegionId(plan.region)),
        "id": format!("imageTemplates/{}", plan.name),
        "name": plan.name,
        "type": "Microsoft.VirtualMachineImages/imageTemplates",
    })
}

/// A run of a template, as the ledger has it.
#[derive(Clone, Copy, Debug)]
struct LastRun {
    began: SimTime,
    stage: Stage,
    ended: Option<(SimTime, RunState, BuildEnd)>,
}

impl LastRun {
    const fn state(&self) -> &'static str {
        match self.ended {
            None => "Running",
            Some((_, RunState::Succeeded, _)) => "Succeeded",
            Some((_, RunState::PartiallySucceeded, _)) => "PartiallySucceeded",
            Some((_, RunState::Failed, _)) => "Failed",
            Some((_, RunState::Canceled, _)) => "Canceled",
        }
    }

    const fn message(&self) -> &'static str {
        match self.ended {
            None | Some((_, _, BuildEnd::Done)) => "",
            Some((_, _, BuildEnd::Customizer)) => "Build failed: a customizer returned a non-zero exit code",
            Some((_, _, BuildEnd::Validation)) => "Validation failed: a validator returned a non-zero exit code",
            Some((_, _, BuildEnd::Timeout)) => "Build timed out: context deadline exceeded",
            Some((_, _, BuildEnd::NoRightToScripts)) => "The identity of the template may not read the scripts",
            Some((_, _, BuildEnd::NoRightToImages)) => "The identity of the template may not write image versions",
            Some((_, _, BuildEnd::NoSource)) => "The source image is not in the region of the template",
            Some((_, _, BuildEnd::NumberTaken)) => "The version to distribute is there already",
            Some((_, _, BuildEnd::Replication)) => "Replication failed in some regions or in all",
            Some((_, _, BuildEnd::Cancel)) => "Image build canceled",
        }
    }
}

const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Queued => "Queued",
        Stage::Building => "Building",
        Stage::Customizing => "Customizing",
        Stage::Optimizing => "Optimizing",
        Stage::Validating => "Validating",
        Stage::Distributing => "Distributing",
    }
}

fn last_run(view: &View<'_, '_>, builder: BuilderId) -> Option<LastRun> {
    let mut run = None;
    for record in &view.instant.ledger {
        let Fact::Build(fact) = record.fact else { continue };
        if fact.builder() != builder {
            continue;
        }
        match (fact, &mut run) {
            (BuildFact::Began { .. }, run) => {
                *run = Some(LastRun { began: record.time, stage: Stage::Queued, ended: None });
            }
            (BuildFact::StageEntered { stage, .. }, Some(run)) => run.stage = stage,
            (BuildFact::Ended { state, why, .. }, Some(run)) => run.ended = Some((record.time, state, why)),
            _ => {}
        }
    }
    run
}
