//! The keys of the timeline: its entries, and what each act says. Acts about guests, images and impairments stand with theirs.

use super::*;
use crate::scenario::shape::Kind;
use windtunnel_sim::plan::{MaintenanceKind, NoteKind, ServiceCall};

fields! {
    /// all that there are; those created as number 0, 1, … of the set; those in a place; or `one` or a share of them,
    /// drawn
    INSTANCES: Instances = default("instances", Extent::All);
}

object! {
    /// Something that happens at an instant: a name, a time, and exactly one act.
    mod timeline_entry "TimelineEntry" gone [("swapSlots", "scale sets have no slots")];
    /// its name, by which a policy patches it
    NAME: Text = required("name");
    /// when: `PT14M` or `14m` after the start, `09:12`, `2026-11-24T09:12:00Z`, or from another entry, `scale out + 2m30s`
    AT: Moment = required("at");
    /// what people noted, which does nothing and is shown: an alarm, a call, a decision
    NOTE: Tree = choice("note", note::MAPPING);
    /// write `sku.capacity` of a scale set
    SET_CAPACITY: Tree = choice("setCapacity", set_capacity::MAPPING);
    /// write properties of a scale set, as a PATCH does; the upgrade mode says what becomes of its instances
    UPDATE_MODEL: Tree = choice("updateModel", update_model::MAPPING);
    /// write properties of resources, as a PATCH does: by name, lists of named things by name. docs/properties.md
    /// says what a write changes of which resource
    WRITE: Tree = choice("write", MapOf(Names::Of("resource"), &Any));
    /// do these one after another, each when the one before has returned
    STEPS: Tree = choice("steps", Kind::NonEmpty(&act_step::MAPPING));
    /// after so many of its steps whoever does them dies
    DIES_AFTER: Whole<u32, 0, 1000> = optional("diesAfter");
    /// bring instances to the newest model at once, as `az vmss update-instances` does (UM-02)
    UPGRADE_INSTANCES: Tree = choice("upgradeInstances", named_instances::MAPPING);
    /// a generic update: whoever is behind the model is upgraded as the mode says (RS-07)
    START_UPGRADE: Tree = choice("startUpgrade", named_set::MAPPING);
    /// cancel the rolling upgrade of a scale set (RS-05)
    CANCEL_UPGRADE: Tree = choice("cancelUpgrade", named_set::MAPPING);
    /// bring a scale set to the newest version of its image, without a way back: `osRollingUpgrade` (RS-11, OS-25)
    START_OS_UPGRADE: Tree = choice("startOsUpgrade", named_set::MAPPING);
    /// approve OS upgrades that wait for it: `ApproveRollingUpgrade` (OS-15)
    APPROVE_OS_UPGRADE: Tree = choice("approveOsUpgrade", named_instances::MAPPING);
    /// write the protection policy of instances (IP-01, IP-02)
    PROTECT: Tree = choice("protect", protect::MAPPING);
    /// suspend or resume the automatic repairs of a scale set (AR-11)
    SET_ORCHESTRATION_SERVICE_STATE: Tree = choice("setOrchestrationServiceState", service_state::MAPPING);
    /// users need this release from now on, and these pipelines install it
    RELEASE_CODE: Tree = choice("releaseCode", release_code::MAPPING);
    /// run a pipeline on every instance of its sets
    RUN_PIPELINE: Tree = choice("runPipeline", run_pipeline::MAPPING);
    /// create a release of a project of Octopus
    CREATE_RELEASE: Tree = choice("createRelease", create_release::MAPPING);
    /// a person deploys a release of a project of Octopus
    DEPLOY_RELEASE: Tree = choice("deployRelease", deploy_release::MAPPING);
    /// a dependency is down for a while
    DEPENDENCY_DOWN: Tree = choice("dependencyDown", dependency_down::MAPPING);
    /// a firewall blocks 168.63.129.16: probes get no answer (LB-11)
    BLOCK_PROBES: Tree = choice("blockProbes", block_probes::MAPPING);
    /// something happens to some instances of a set
    DISTURB: Tree = choice("disturb", disturb::MAPPING);
    /// publish a version of an image to regions
    PUBLISH: Tree = choice("publish", publish::MAPPING);
    /// exclude a version from `latest`, or include it again
    EXCLUDE: Tree = choice("exclude", exclude::MAPPING);
    /// delete a version of an image
    DELETE_VERSION: Tree = choice("deleteVersion", delete_version::MAPPING);
    /// restore a version that was deleted (GA-21)
    RESTORE_VERSION: Tree = choice("restoreVersion", restore_version::MAPPING);
    /// write an image definition again (GA-01)
    WRITE_DEFINITION: Tree = choice("writeDefinition", write_definition::MAPPING);
    /// run an image template
    BAKE: Tree = choice("bake", bake::MAPPING);
    /// cancel the run of an image template
    CANCEL_BAKE: Tree = choice("cancelBake", bake::MAPPING);
    /// Azure takes Spot instances back
    EVICT: Tree = choice("evict", evict::MAPPING);
    /// evict Spot instances, for a test (SP-17)
    SIMULATE_EVICTION: Tree = choice("simulateEviction", named_instances::MAPPING);
    /// write `priorityMixPolicy` of a scale set
    SET_PRIORITY_MIX: Tree = choice("setPriorityMix", set_mix::MAPPING);
    /// stop and deallocate instances
    DEALLOCATE: Tree = choice("deallocate", named_instances::MAPPING);
    /// start instances that are deallocated or stopped
    START: Tree = choice("start", named_instances::MAPPING);
    /// restart instances
    RESTART: Tree = choice("restart", named_instances::MAPPING);
    /// stop instances, which keep their machines and are billed (LC-03)
    POWER_OFF: Tree = choice("powerOff", named_instances::MAPPING);
    /// make the OS disks of instances anew, from the image of their model (UM-12)
    REIMAGE: Tree = choice("reimage", named_instances::MAPPING);
    /// the same with their data disks, which have no state here
    REIMAGE_ALL: Tree = choice("reimageAll", named_instances::MAPPING);
    /// move instances to other hosts
    REDEPLOY: Tree = choice("redeploy", named_instances::MAPPING);
    /// do maintenance that reboots at once, where it waits for its turn
    PERFORM_MAINTENANCE: Tree = choice("performMaintenance", named_instances::MAPPING);
    /// delete these instances, protected or not, and lower the capacity by as many (SI-12)
    DELETE_INSTANCES: Tree = choice("deleteInstances", delete::MAPPING);
    /// the platform maintains hosts, or has trouble with them
    MAINTENANCE: Tree = choice("maintenance", maintenance::MAPPING);
    /// availability zones are lost for a while
    ZONE_OUTAGE: Tree = choice("zoneOutage", zone_outage::MAPPING);
    /// the control plane is slow for a while
    SLOW_CONTROL_PLANE: Tree = choice("slowControlPlane", slow_control_plane::MAPPING);
    /// machines boot slowly, or not at all, for a while
    WORSE_BOOTS: Tree = choice("worseBoots", worse_boots::MAPPING);
    /// instances cannot be deleted for a while
    FAIL_DELETES: Tree = choice("failDeletes", fail_deletes::MAPPING);
    /// a new release of an extension (OS-33)
    PUBLISH_EXTENSION: Tree = choice("publishExtension", publish_extension::MAPPING);
    /// what an extension needs cannot be had any more
    EXPIRE_PAYLOAD: Tree = choice("expirePayload", expire_payload::MAPPING);
    /// a fault of the service ends its upgrade (RU-39)
    FAIL_UPGRADE: Tree = choice("failUpgrade", named_set::MAPPING);
    /// `extensionRollingUpgrade` (RS-13)
    START_EXTENSION_UPGRADE: Tree = choice("startExtensionUpgrade", named_set::MAPPING);
}

object! {
    /// What people noted. Nothing follows from it; it stands where the run is shown.
    mod note "Note";
    /// what it is
    KIND: Words<NoteKind> = default("kind", NoteKind::Note.word());
    /// what was noted, in a sentence
    TEXT: Text = required("text");
}

object! {
    /// Write the capacity of a scale set.
    mod set_capacity "SetCapacity" with [SCALE_SET];
    /// its new capacity
    CAPACITY: Whole<u32, 0, 1000> = required("capacity");
}

object! {
    /// A PATCH of a scale set: what it does not name stays. Lists of named things merge by name.
    mod update_model "UpdateModel" with [SCALE_SET];
    /// as in the resource
    PROPERTIES: Tree = optional("properties", Any);
    /// as in the resource; its capacity is written by `setCapacity`
    SKU: Tree = optional("sku", Any);
    /// as in the resource; they concern no instance
    TAGS: Tree = optional("tags", Any);
    /// as in the resource; zones can only be added
    ZONES: Tree = optional("zones", Any);
}

object! {
    /// One of several acts in sequence.
    mod act_step "ActStep";
    /// write properties of resources, which takes as long as `arm.write` says
    WRITE: Tree = choice("write", MapOf(Names::Of("resource"), &Any));
    /// wait for so long
    WAIT: Time = choice("wait");
}

object! {
    /// A scale set.
    mod named_set "NamedScaleSet" with [SCALE_SET];
}

object! {
    /// Instances of a scale set.
    mod named_instances "NamedInstances" with [SCALE_SET, INSTANCES];
}

object! {
    /// Instances that are deleted by their ids.
    mod delete "DeleteInstances" with [SCALE_SET];
    /// those created as number 0, 1, … of the set; those in a place; or `one` or a share of them, drawn
    INSTANCES: Instances = required("instances");
}

object! {
    /// The protection policy of instances.
    mod protect "Protect" with [SCALE_SET, INSTANCES];
    /// scale-in and repairs leave them alone; absent, what `protectFromScaleSetActions` says, which implies it
    PROTECT_FROM_SCALE_IN: Flag = optional("protectFromScaleIn");
    /// upgrades and reimages leave them alone too
    PROTECT_FROM_SCALE_SET_ACTIONS: Flag = default("protectFromScaleSetActions", false);
}

object! {
    /// A call to an orchestration service of a scale set.
    mod service_state "OrchestrationServiceState" with [SCALE_SET];
    /// the service
    SERVICE_NAME: Words<Service> = default("serviceName", Service::AutomaticRepairs.word());
    /// what it is to do
    ACTION: Words<ServiceCall> = required("action");
}

object! {
    /// Users need this release from now on.
    mod release_code "ReleaseCode";
    /// the release
    CODE: Text = required("code");
    /// pipelines that install it from now on
    PIPELINES: Texts = empty("pipelines");
}

object! {
    /// Run a pipeline on every instance of its sets.
    mod run_pipeline "RunPipeline";
    /// the pipeline
    PIPELINE: Text = required("pipeline");
}

object! {
    /// Azure takes Spot instances of a set back.
    mod evict "Evict" with [SCALE_SET] then [UNTIL];
    /// in these zones; in all where absent
    ZONES: Zones = optional("zones");
    /// this share of the Spot instances of each zone
    SHARE: Share = default("share", 1.0);
    /// for so long there is no Spot capacity there
    FOR: Time = optional("for");
}

object! {
    /// Write `priorityMixPolicy` of a scale set.
    mod set_mix "SetPriorityMix" with [SCALE_SET];
    /// regular instances before any other
    BASE_REGULAR_PRIORITY_COUNT: Whole<u32, 0, 1000> = default("baseRegularPriorityCount", 0);
    /// the regular share above those
    REGULAR_PRIORITY_PERCENTAGE_ABOVE_BASE: Whole<u32, 0, 100> = default("regularPriorityPercentageAboveBase", 0);
}

object! {
    /// The platform maintains hosts, or has trouble with them.
    mod maintenance "Maintenance" with [SCALE_SET, INSTANCES] then [UNTIL];
    /// the first three are planned, announced, and walk over the fault domains (MT-03)
    KIND: Words<MaintenanceKind> = required("kind");
    /// how long the impact lasts; absent, what is typical of its kind
    FOR: Time = optional("for");
}

object! {
    /// The instances of a set that share a zone, a fault domain, or both.
    mod place "Place";
    /// the zone; any where absent
    ZONE: Whole<u8, 1, 3> = optional("zone");
    /// the fault domain, which is a rack (FD-01); any where absent
    FAULT_DOMAIN: Whole<u8, 0, 4> = optional("faultDomain");
}
