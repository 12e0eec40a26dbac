//! The keys of image templates.

use super::*;
use windtunnel_sim::plan::Output;

object! {
    /// Run an image template, or cancel its run.
    mod bake "Bake";
    /// the template, declared under `imageBuilders`
    BUILDER: Text = required("builder");
}

object! {
    /// An image template of Azure Image Builder. Each run makes a version `image/template` (`image/template-2` the
    /// second time), or `image/version` where the number is explicit.
    mod image_builder "ImageBuilder";
    /// the image it makes versions of
    IMAGE: Text = required("image");
    /// `image/1.0.0` or `image/latest`, which is looked up when it runs (IB-10)
    SOURCE: Text = optional("source");
    /// its region, where the source must be (IB-20); absent, the first it distributes to
    LOCATION: Text = optional("location");
    /// the operating system
    OS_TYPE: Words<OsType> = default("osType", OsType::Linux.word());
    /// what is in the version when every step did its work
    PRODUCES: Tree = optional("produces", baked::MAPPING);
    /// what is done to the source, in order (IB-04)
    CUSTOMIZE: Tree = optional("customize", List(&customizer::MAPPING));
    /// `optimize.vmBoot.state` is Enabled (IB-13)
    OPTIMIZE: Flag = default("optimize", false);
    /// what is tried on a machine made from the image (IB-08)
    VALIDATE: Tree = optional("validate", validate::MAPPING);
    /// where the version goes, and how it is numbered
    DISTRIBUTE: Tree = required("distribute", distribute::MAPPING);
    /// 6 to 960, 0 is 240; customizing, validating and distributing count (IB-02)
    BUILD_TIMEOUT_IN_MINUTES: Whole<u32, 0, { u32::MAX as i64 }> = default("buildTimeoutInMinutes", 0);
    /// what its identity may do (IB-18)
    IDENTITY: Tree = optional("identity", identity::MAPPING);
    /// the build machine (IB-14)
    VM_PROFILE: Tree = optional("vmProfile", vm_profile::MAPPING);
    /// whether the machine of a run that fails is kept (IB-06)
    ERROR_HANDLING: Tree = optional("errorHandling", error_handling::MAPPING);
    /// it runs once when it is created, which is when the run begins (IB-16)
    AUTO_RUN: Flag = default("autoRun", false);
    /// what starts runs by itself; at most one (IB-15)
    TRIGGERS: Tree = optional("triggers", List(&build_trigger::MAPPING));
    /// a staging group of its own (IB-18)
    STAGING_RESOURCE_GROUP: Tree = optional("stagingResourceGroup", staging::MAPPING);
}

object! {
    /// The machine that a template builds on.
    mod vm_profile "BuildVmProfile";
    /// its size; absent, Standard_D1_v2 of generation 1 and Standard_D2ds_v4 of generation 2
    VM_SIZE: Text = optional("vmSize");
    /// its OS disk, which may grow and never shrink
    OS_DISK_SIZE_GB: Number<0, 32768> = optional("osDiskSizeGB");
    /// it builds in a subnet, which its identity must be allowed to join
    VNET_CONFIG: Flag = default("vnetConfig", false);
}

object! {
    /// What becomes of the build machine of a run that fails; one that is kept is billed until somebody cleans it up.
    mod error_handling "ErrorHandling";
    /// where a customizer fails; abort keeps it
    ON_CUSTOMIZER_ERROR: Words<OnError> = default("onCustomizerError", OnError::Cleanup.word());
    /// where a validator fails; abort keeps it
    ON_VALIDATION_ERROR: Words<OnError> = default("onValidationError", OnError::Cleanup.word());
}

object! {
    /// What starts runs of a template.
    mod build_trigger "BuildTrigger";
    /// its source, which is `latest`, is another version
    KIND: Words<BuildCause> = required("kind");
}

object! {
    /// The staging group that a template names.
    mod staging "StagingGroup";
    /// its region, which must be that of the template
    LOCATION: Text = required("location");
    /// nothing is in it
    EMPTY: Flag = default("empty", true);
}

object! {
    /// What is in a version that a template makes.
    mod baked "BakedVersion" with [CODE, BOOT, BOOT_FAILURE, PROCESS_START, CANNOT_REACH, DEGRADES, BAD, SIZE, MODE];
}

object! {
    /// A step of a template.
    mod customizer "Customizer";
    /// its name
    NAME: Text = required("name");
    /// what it is (IB-05); absent, a script of the operating system
    TYPE: Words<CustomizerType> = optional("type");
    /// how long it takes
    DURATION: Length = required("duration");
    /// of `WindowsRestart`: it fails if the machine is not back by then
    RESTART_TIMEOUT: Time = default("restartTimeout", SimDuration::from_mins(5));
    /// of `WindowsUpdate`: the most updates, 1000 at most
    UPDATE_LIMIT: Whole<u32, 1, { u32::MAX as i64 }> = default("updateLimit", 1000);
    /// of `File`: its size, below 20
    SIZE_MB: Number<0, 1_000_000> = optional("sizeMB");
    /// of `File`: where it is written, on Linux under /tmp
    DESTINATION: Text = optional("destination");
    /// `true`: it fails, and the run with it. `swallowed`: a command within fails, and without `set -e` the step
    /// succeeds
    FAILS: Fails = default("fails", false);
    /// what a failure that is swallowed leaves in the image
    LEAVES: Tree = optional("leaves", flaw::MAPPING);
}

object! {
    /// What is wrong with an image.
    mod flaw "Flaw" with [CANNOT_REACH, BAD];
}

object! {
    /// Validation of an image before it is distributed.
    mod validate "Validate";
    /// in order; the first that fails fails the run
    IN_VM_VALIDATIONS: Tree = required("inVMValidations", List(&validator::MAPPING));
    /// distribute an image that failed; the run is Failed all the same (IB-08, IB-09)
    CONTINUE_DISTRIBUTE_ON_FAILURE: Flag = default("continueDistributeOnFailure", false);
}

object! {
    /// A step of a validation.
    mod validator "Validator";
    /// its name
    NAME: Text = required("name");
    /// how long it takes; the assumption where absent
    DURATION: Length = optional("duration");
    /// dependencies it tries; it fails where the image cannot reach one
    REACHES: Texts = optional("reaches");
    /// it fails whatever the image is
    FAILS: Flag = default("fails", false);
}

object! {
    /// Where a version goes, and how it is numbered.
    mod distribute "Distribute";
    /// a version of a gallery; or a managed image or a file, of which there is no version and no replica
    TYPE: Words<Output> = default("type", Output::SharedImage.word());
    /// its target regions
    TO: Tree = required("to", TARGETS);
    /// the common count of replicas a region
    REPLICAS: Replicas = default("replicas", 1);
    /// no candidate for `latest`: published dark (IB-12)
    EXCLUDE_FROM_LATEST: Flag = default("excludeFromLatest", false);
    /// one above the highest version where absent (IB-11)
    VERSIONING: Tree = optional("versioning", versioning::MAPPING);
}

object! {
    /// How a version is numbered (IB-11).
    mod versioning "Versioning";
    /// one above the highest, or the number of the source
    SCHEME: Words<Scheme> = choice("scheme");
    /// of scheme Latest: only versions of this major count
    MAJOR: Whole<u32, 0, { u32::MAX as i64 }> = optional("major");
    /// this number, which must be new
    VERSION: Text = choice("version");
}

object! {
    /// What the identity of a template may do (IB-18).
    mod identity "Identity";
    /// read the scripts of the customizers; missing, the run fails early
    READS_SCRIPTS: Flag = default("readsScripts", true);
    /// write versions to the gallery; missing, the template is Failed
    WRITES_IMAGES: Flag = default("writesImages", true);
    /// read the source; missing, the template is Failed
    READS_SOURCE: Flag = default("readsSource", true);
    /// join the subnet of `vnetConfig`; missing, the template is Failed
    JOINS_SUBNET: Flag = default("joinsSubnet", true);
    /// work in `stagingResourceGroup`; missing, the template is Failed
    OWNS_STAGING_GROUP: Flag = default("ownsStagingGroup", true);
}
