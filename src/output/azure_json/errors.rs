//! Azure's codes for what fails or is refused, each with a sentence: what `error` has.

use serde_json::{Value, json};
use windtunnel_sim::world::fact::{CallRefusal, Conflict, NoCall, Refusal, WriteRefusal};

/// A code and what Azure says with it.
pub type Said = (&'static str, &'static str);

/// What became of an operation that did not go well: `error` of ARM.
#[derive(Clone, Debug, PartialEq)]
pub struct OperationError {
    /// `code`.
    pub code: String,
    /// `message`.
    pub message: String,
    /// `target`: what it is about, where it is one thing.
    pub target: Option<String>,
    /// `details`, where there are several.
    pub details: Vec<Value>,
    /// `innererror`: what the service reports below the code.
    pub inner: Option<Value>,
}

impl OperationError {
    /// A code and its sentence.
    pub fn of((code, message): (&str, &str)) -> Self {
        Self { code: code.to_owned(), message: message.to_owned(), target: None, details: Vec::new(), inner: None }
    }

    /// The body of ARM, as an upgrade has it.
    pub fn of_body(body: &Value) -> Self {
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        Self {
            code: text("code"),
            message: text("message"),
            target: body["target"].as_str().map(str::to_owned),
            details: body["details"].as_array().cloned().unwrap_or_default(),
            inner: body.get("innererror").cloned(),
        }
    }

    /// As ARM writes it.
    pub fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let Some(target) = &self.target {
            body["target"] = target.as_str().into();
        }
        if !self.details.is_empty() {
            body["details"] = self.details.clone().into();
        }
        if let Some(inner) = &self.inner {
            body["innererror"] = inner.clone();
        }
        body
    }
}

/// What Azure says of an instance whose provisioning failed.
pub fn of_instance(code: &'static str) -> Said {
    let message = match code {
        "OSProvisioningTimedOut" => {
            "OS provisioning did not finish in the allotted time. The VM may still finish provisioning successfully."
        }
        "VMExtensionProvisioningError" => "VM has reported a failure when processing an extension.",
        "VMExtensionProvisioningTimeout" => "Provisioning of the VM extensions has timed out.",
        "InternalExecutionError" => "An internal execution error occurred. Please retry later.",
        _ => return all_refusals().find(|said| said.0 == code).unwrap_or((code, "The operation failed.")),
    };
    (code, message)
}

fn all_refusals() -> impl Iterator<Item = Said> {
    [
        Refusal::AllocationFailed,
        Refusal::ZonalAllocationFailed,
        Refusal::FixedSpreading,
        Refusal::NoLatestImage,
        Refusal::ImageStorageLost,
        Refusal::ZoneShare,
        Refusal::NoSpotCapacity,
        Refusal::SpotPrice,
        Refusal::QuotaExceeded,
    ]
    .into_iter()
    .map(refusal)
}

/// Why a scale operation, an update or a start was not carried out.
pub const fn refusal(why: Refusal) -> Said {
    match why {
        Refusal::TooMany => ("InvalidParameter", "The requested capacity is above what the scale set may hold."),
        Refusal::AllocationFailed => (
            "AllocationFailed",
            "Allocation failed. We do not have sufficient capacity for the requested VM size in this region.",
        ),
        Refusal::FixedSpreading => (
            "AllocationFailed",
            "Allocation failed. The platform cannot allocate over as many fault domains as the scale set asks for.",
        ),
        Refusal::ZonalAllocationFailed => (
            "ZonalAllocationFailed",
            "Allocation failed. We do not have sufficient capacity for the requested VM size in this zone.",
        ),
        Refusal::ZoneBalance => {
            ("ZonalAllocationFailed", "Strict zone balance cannot be kept with the capacity there is.")
        }
        Refusal::ZonesUnavailable => ("ZonalAllocationFailed", "Two or more zones of the scale set are unavailable."),
        Refusal::NoLatestImage | Refusal::ImageNotInRegion | Refusal::ImageDeleted => {
            ("ImageNotFound", "The image version was not found, or is not replicated to this region.")
        }
        Refusal::Protected => ("OperationNotAllowed", "The instances that are left are protected from scale-in."),
        Refusal::SpotPrice => {
            ("OperationNotAllowed", "The Azure Spot price is above the maximum price of the virtual machine profile.")
        }
        Refusal::NoSpotCapacity => {
            ("SkuNotAvailable", "The requested size is not available as Azure Spot at this time.")
        }
        Refusal::QuotaExceeded => {
            ("OperationNotAllowed", "Operation could not be completed as it results in exceeding approved cores quota.")
        }
        Refusal::ZoneShare => ("ZonalAllocationFailed", "No zone may hold more instances of the scale set."),
        Refusal::ImageStorageLost => ("StorageFailure", "The storage that holds the image is not available."),
    }
}

/// Why a write to a set was refused.
pub const fn conflict(why: Conflict) -> Said {
    match why {
        Conflict::UpgradeRuns => (
            "OperationNotAllowed",
            "A rolling upgrade of the scale set is in progress. Cancel it, or wait until it has completed.",
        ),
        Conflict::NoUpgradeRuns => {
            ("OperationNotAllowed", "There is no rolling upgrade in progress that could be cancelled.")
        }
    }
}

/// Why a call on an instance was refused.
pub const fn call_refusal(why: CallRefusal) -> Said {
    match why {
        CallRefusal::NoSuchInstance => {
            ("InvalidParameter", "The provided instanceId is not an active Virtual Machine Scale Set VM instanceId.")
        }
        CallRefusal::NotSpot => ("OperationNotAllowed", "The virtual machine is not an Azure Spot virtual machine."),
        CallRefusal::NotRunning => ("OperationNotAllowed", "The virtual machine is not running."),
        CallRefusal::NoMaintenance => ("OperationNotAllowed", "No maintenance waits for the virtual machine."),
    }
}

/// Why a call about OS upgrades did nothing.
pub const fn no_call(why: NoCall) -> Said {
    match why {
        NoCall::NothingToApprove => ("Conflict", "No upgrade waits for approval."),
        NoCall::Pinned => ("OperationNotAllowed", "The model names an image version instead of latest."),
        NoCall::NoImage => ("ImageNotFound", "There is no image version in this region that could be upgraded to."),
        NoCall::Flexible => ("OperationNotAllowed", "The operation is not supported for a Flexible scale set."),
        NoCall::NoneEligible => (
            "OperationNotAllowed",
            "The OS Rolling Upgrade API cannot be used on a Virtual Machine Scale Set unless the Virtual Machine Scale Set \
             has some unprotected instances which have imageReference.version set to latest.",
        ),
    }
}

/// Why a write to a version was refused.
pub const fn write_refusal(why: WriteRefusal) -> Said {
    match why {
        WriteRefusal::BeforeEndOfLife => {
            ("OperationNotAllowed", "blockDeletionBeforeEndOfLife is true, and the end of life is not reached.")
        }
        WriteRefusal::Replicated => {
            ("OperationNotAllowed", "allowDeletionOfReplicatedLocations is false, and the version is replicated.")
        }
        WriteRefusal::HomeRegionDown => ("ServiceUnavailable", "The region of the gallery cannot be reached."),
        WriteRefusal::NotRestorable => ("NotFound", "There is no soft-deleted image version to restore."),
        WriteRefusal::Deleted | WriteRefusal::NotPublished => ("NotFound", "The image version was not found."),
    }
}

/// What a version says of a region whose replication failed.
pub const REPLICATION: Said =
    ("ReplicationJobsNotCompleted", "Replication failed in some of the target regions. Publish to them again.");
