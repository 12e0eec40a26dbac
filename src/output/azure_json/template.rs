//! An image template: what it says, and the status of its last run (IB-01).

use super::{View, resources};
use serde_json::{Value, json};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{ImageBuilder, Right, Storage, Target};
use windtunnel_sim::world::fact::{BuildEnd, BuildFact, Fact, Field, RunState, Stage};
use windtunnel_sim::world::ids::{BuilderId, RegionId};

/// What Azure writes for a time that has not come.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// A template: what it bakes from, by which steps and where to, and its last run.
pub fn of(view: &View<'_, '_>, builder: BuilderId) -> Value {
    let plan = &view.instant.plan().builders[builder.index()];
    let mut properties = json!({
        "source": source(view, plan),
        "customize": plan.customizers.iter().map(|step| json!({ "type": shell(plan), "name": step.name })).collect::<Vec<_>>(),
        "distribute": [distribute(view, plan)],
        "provisioningState": "Succeeded",
    });
    if !plan.validators.is_empty() {
        let steps = plan.validators.iter().map(|step| json!({ "type": shell(plan), "name": step.name }));
        properties["validate"] = json!({
            "continueDistributeOnFailure": plan.continue_on_failure,
            "inVMValidations": steps.collect::<Vec<_>>(),
        });
    }
    if plan.optimize {
        properties["optimize"] = json!({ "vmBoot": { "state": "Enabled" } });
    }
    if let Some(right) = refused(view, builder) {
        // Recorded: Failed with the code of the right that was missing, and no run.
        properties["provisioningState"] = "Failed".into();
        let code = right.word();
        properties["provisioningError"] =
            json!({ "provisioningErrorCode": code, "message": "Not authorized to access the resource" });
    }
    if let Some(run) = last_run(view, builder) {
        let mut status = json!({
            "startTime": view.time(run.began),
            "endTime": run.ended.map_or_else(|| NEVER.to_owned(), |(at, ..)| view.time(at)),
            "runState": run.state(),
        });
        if run.ended.is_none() {
            status["runSubState"] = run.stage.word().into();
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
        // A template runs with an identity of the user; which it is called is not in a scenario.
        "identity": { "type": "UserAssigned" },
    })
}

/// `source`: a platform image by its parts, or a version of a gallery.
fn source(view: &View<'_, '_>, plan: &ImageBuilder) -> Value {
    let Some(reference) = plan.source else { return json!({ "type": "PlatformImage" }) };
    let mut source = resources::reference(view, reference);
    if let Some(id) = source["id"].as_str() {
        return json!({ "type": "SharedImageVersion", "imageVersionId": id });
    }
    source["type"] = "PlatformImage".into();
    source
}

/// The kind of script that a step is.
const fn shell(plan: &ImageBuilder) -> &'static str {
    if plan.windows { "PowerShell" } else { "Shell" }
}

/// `distribute`: a version of a gallery in these regions.
fn distribute(view: &View<'_, '_>, plan: &ImageBuilder) -> Value {
    let name = &view.instant.plan().definitions[usize::from(plan.definition)];
    let target = |target: &Target| {
        let storage = match target.storage {
            Storage::StandardLrs => "Standard_LRS",
            Storage::StandardZrs => "Standard_ZRS",
            Storage::PremiumLrs => "Premium_LRS",
        };
        let region = view.region(RegionId(target.region));
        json!({ "name": region, "replicaCount": target.replicas, "storageAccountType": storage })
    };
    json!({
        "type": "SharedImage",
        "runOutputName": name,
        "galleryImageId": format!("images/{name}"),
        "targetRegions": plan.targets.iter().map(target).collect::<Vec<_>>(),
        "excludeFromLatest": plan.excluded,
    })
}

/// A run of a template, as the ledger has it.
#[derive(Clone, Copy, Debug)]
struct LastRun {
    began: SimTime,
    stage: Stage,
    canceling: bool,
    ended: Option<(SimTime, RunState, BuildEnd)>,
}

impl LastRun {
    const fn state(&self) -> &'static str {
        match self.ended {
            None if self.canceling => "Canceling",
            None => "Running",
            Some((_, RunState::Succeeded, _)) => "Succeeded",
            Some((_, RunState::PartiallySucceeded, _)) => "PartiallySucceeded",
            Some((_, RunState::Failed, _)) => "Failed",
            Some((_, RunState::Canceled, _)) => "Canceled",
        }
    }

    /// As Azure words them: what happened, and where to read more.
    const fn message(&self) -> &'static str {
        match self.ended {
            None if self.canceling => "Canceling image build",
            None | Some((_, _, BuildEnd::Done)) => "",
            Some((_, _, BuildEnd::Customizer)) => {
                "Failed while waiting for packerizer: Packer build command has failed: exit status 1. During the image \
                 build, a failure has occurred, please review the build log to identify which build/customization step failed."
            }
            Some((_, _, BuildEnd::Validation)) => {
                "Failed while waiting for packerizer: a validation of the image failed: exit status 1. Please review the \
                 build log to identify which validation step failed."
            }
            Some((_, _, BuildEnd::Timeout)) => {
                "Failed while waiting for packerizer: Packer build command has failed: context deadline exceeded"
            }
            Some((_, _, BuildEnd::NoRightToScripts)) => {
                "Failed to download the scripts: the user assigned identity is not authorized to access the resource"
            }
            Some((_, _, BuildEnd::NoRightToImages)) => {
                "Not authorized to access the resource: the user assigned identity may not write versions of the gallery image"
            }
            Some((_, _, BuildEnd::NoSource)) => {
                "The source image version was not found in the region of the image template"
            }
            Some((_, _, BuildEnd::NumberTaken)) => {
                "Error returned from SIG client while publishing to the gallery: the version exists already"
            }
            Some((_, _, BuildEnd::Replication)) => {
                "Error returned from SIG client while publishing to the gallery: replication failed in some regions or in all"
            }
            Some((_, _, BuildEnd::NoRight)) => "Not authorized to access the resource",
            Some((_, _, BuildEnd::GalleryRefused)) => "The gallery takes no write: its region is down",
            Some((_, _, BuildEnd::Cancel)) => "Image build canceled",
        }
    }
}

/// The right for want of which a template was refused when it was submitted (IB-18).
fn refused(view: &View<'_, '_>, builder: BuilderId) -> Option<Right> {
    view.instant.ledger.iter().find_map(|record| match record.fact {
        Fact::Build(BuildFact::TemplateFailed { builder: of, why }) if of == builder => Some(why),
        _ => None,
    })
}

fn last_run(view: &View<'_, '_>, builder: BuilderId) -> Option<LastRun> {
    let mut run = None;
    for record in &view.instant.ledger {
        let Fact::Build(fact) = record.fact else { continue };
        if fact.subject() != Some(Field::Builder(builder)) {
            continue;
        }
        match (fact, &mut run) {
            (BuildFact::Started { .. }, run) => {
                *run = Some(LastRun { began: record.time, stage: Stage::Queued, canceling: false, ended: None });
            }
            (BuildFact::CancelAsked { .. }, Some(run)) => run.canceling = true,
            (BuildFact::StageEntered { stage, .. }, Some(run)) => run.stage = stage,
            (BuildFact::Ended { state, why, .. }, Some(run)) => run.ended = Some((record.time, state, why)),
            _ => {}
        }
    }
    run
}
