//! The operations of a run: what was asked of Azure Resource Manager, who asked, and what came of it.
//!
//! An operation begins with an entry of the timeline that is a request, with a decision of autoscale, with an upgrade or a
//! repair that Azure begins itself. What follows from it is found by the causes in the ledger; it is over when nothing of
//! it is in hand any more. The activity log tells all of them; the provisioning state of a set is what the last of its own
//! came to.

use super::errors::{self, OperationError, Said};
use super::{View, upgrade};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Act, GalleryAct, GuestAct, OrchestrationMode, PowerAct, RepairAction, SpotAct};
use windtunnel_sim::world::fact::{
    Aggregate, AutoscaleFact, BuildFact, Deletion, End, Fact, Field, GalleryFact, NoticeFact, NoticeKind, OperatorFact,
    OsUpgradeFact, PowerFact, Record, RepairsFact, RolloutFact, RunState, SpotFact, StartedBy, WriteFact,
};
use windtunnel_sim::world::ids::{ActionId, AutoscaleId, BuilderId, Entry, ImageId, InstanceId, SetId};

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A scale set.
    Set(SetId),
    /// A version of an image.
    Version(ImageId),
    /// An image template.
    Template(BuilderId),
    /// The load balancer or gateway that an entry of the timeline writes.
    Network(ActionId),
}

/// Who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// An entry of the timeline.
    User,
    /// Autoscale.
    Autoscale(AutoscaleId),
    /// Azure itself.
    Platform,
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// All of it went well.
    Succeeded,
    /// It failed, or was refused.
    Failed(OperationError),
    /// Somebody cancelled it.
    Canceled,
}

/// What an operation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Wait {
    Instance(InstanceId),
    Repair(InstanceId),
    Upgrade,
    Replication,
    Build,
    Write,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// What it is about.
    pub target: Target,
    /// What is asked: `Microsoft.Compute/virtualMachineScaleSets/write`.
    pub name: &'static str,
    /// Who asks.
    pub caller: Caller,
    /// When it began.
    pub began: SimTime,
    /// The entry it began with.
    pub entry: Entry,
    /// When it was over, and the entry that ended it.
    pub ended: Option<(SimTime, Entry)>,
    /// The virtual machine of a Flexible set that it is about, and not its set.
    pub machine: Option<InstanceId>,
    /// It makes the set: a scenario that starts cold.
    pub creates: bool,
    /// It was refused before anything was done.
    pub refused: bool,
    upgrade: Option<usize>,
    failure: Option<Said>,
    /// What Azure answered to a write that it does not accept, of the plan.
    answer: Option<u16>,
    failures: Vec<(InstanceId, &'static str)>,
    canceled: bool,
    waits: BTreeSet<Wait>,
}

/// Whether an operation of this name writes the set, or does something to its instances as a set: what its provisioning
/// state speaks of. Calls about a single instance, or about services of the set, are not.
fn is_of_state(name: &str) -> bool {
    name.starts_with(SET) && ![PROTECT, CANCEL, SERVICE, APPROVE, EVICT, EVICTED].contains(&name)
}

const SET: &str = "Microsoft.Compute/virtualMachineScaleSets/";
const WRITE: &str = "Microsoft.Compute/virtualMachineScaleSets/write";
const PROTECT: &str = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/write";
const CANCEL: &str = "Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades/action";
const SERVICE: &str = "Microsoft.Compute/virtualMachineScaleSets/setOrchestrationServiceState/action";
const APPROVE: &str = "Microsoft.Compute/virtualMachineScaleSets/approveRollingUpgrade/action";
const EVICT: &str = "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/simulateEviction/action";
/// What Azure does with a Spot instance that it takes back; where the machine is not of a Uniform set, it is the machine's own.
const EVICTED: &str = "Microsoft.Compute/virtualMachineScaleSets/evictSpotVM/action";
const EVICTED_MACHINE: &str = "Microsoft.Compute/virtualMachines/evictSpotVM/action";
/// What brings a set to the newest version of its image, by a call or by Azure itself.
pub const OS_UPGRADE: &str = "Microsoft.Compute/virtualMachineScaleSets/osRollingUpgrade/action";
/// A call for the newest extensions (RS-13).
const EXTENSION_CALL: &str = "Microsoft.Compute/virtualMachineScaleSets/extensionRollingUpgrade/action";
/// What Azure does by itself where it upgrades an extension (OS-33).
const EXTENSION_UPGRADE: &str = "Microsoft.Compute/virtualMachineScaleSets/rollingUpgrades/action";
const BALANCER_WRITE: &str = "Microsoft.Network/loadBalancers/write";
const GATEWAY_WRITE: &str = "Microsoft.Network/applicationGateways/write";
const VERSION_WRITE: &str = "Microsoft.Compute/galleries/images/versions/write";

/// The request that an entry of the timeline makes, if it makes one.
fn request(action: ActionId, act: &Act) -> Option<(Target, &'static str)> {
    let set = |set: &u16, name| Some((Target::Set(SetId(*set)), name));
    let version = |image: &u16, name| Some((Target::Version(ImageId(*image)), name));
    let template = |builder: &u16, name| Some((Target::Template(BuilderId(*builder)), name));
    match act {
        Act::ChangeModel { set: of, .. }
        | Act::RefusedWrite { set: of, .. }
        | Act::SetCapacity { set: of, .. }
        | Act::StartUpgrade { set: of } => set(of, WRITE),
        Act::Spot(SpotAct::SetMix { set: of, .. }) => set(of, WRITE),
        Act::CancelUpgrade { set: of } => set(of, CANCEL),
        Act::StartOsUpgrade { set: of } => set(of, OS_UPGRADE),
        Act::Guest(GuestAct::UpgradeExtensions { set: of }) => set(of, EXTENSION_CALL),
        Act::ApproveOsUpgrade { set: of, .. } => set(of, APPROVE),
        Act::UpgradeInstances { set: of, .. } => {
            set(of, "Microsoft.Compute/virtualMachineScaleSets/manualUpgrade/action")
        }
        Act::Protect { set: of, .. } => set(of, PROTECT),
        Act::SetRepairs { set: of, .. } => set(of, SERVICE),
        Act::Spot(SpotAct::Simulate { set: of, .. }) => set(of, EVICT),
        Act::Power { set: of, how, .. } => set(
            of,
            match how {
                PowerAct::Deallocate => "Microsoft.Compute/virtualMachineScaleSets/deallocate/action",
                PowerAct::Start => "Microsoft.Compute/virtualMachineScaleSets/start/action",
                PowerAct::Restart => "Microsoft.Compute/virtualMachineScaleSets/restart/action",
                PowerAct::PowerOff => "Microsoft.Compute/virtualMachineScaleSets/powerOff/action",
                PowerAct::Reimage => "Microsoft.Compute/virtualMachineScaleSets/reimage/action",
                PowerAct::ReimageAll => "Microsoft.Compute/virtualMachineScaleSets/reimageAll/action",
                PowerAct::Redeploy => "Microsoft.Compute/virtualMachineScaleSets/redeploy/action",
                PowerAct::PerformMaintenance => "Microsoft.Compute/virtualMachineScaleSets/performMaintenance/action",
                PowerAct::Delete => "Microsoft.Compute/virtualMachineScaleSets/delete/action",
            },
        ),
        Act::Publish(publication) => version(&publication.image, VERSION_WRITE),
        Act::Exclude { image, .. } => version(image, VERSION_WRITE),
        Act::DeleteVersion { image } => version(image, "Microsoft.Compute/galleries/images/versions/delete"),
        Act::Gallery(GalleryAct::Restore { image }) => version(image, VERSION_WRITE),
        Act::Bake { builder, .. } => template(builder, "Microsoft.VirtualMachineImages/imageTemplates/run/action"),
        Act::CancelBake { builder } => template(builder, "Microsoft.VirtualMachineImages/imageTemplates/cancel/action"),
        // What happens to a fleet, or within it, and is asked of nobody.
        Act::ReleaseCode { .. }
        | Act::RunPipeline { .. }
        | Act::Octopus(_)
        | Act::DependencyDown { .. }
        | Act::BlockProbes { .. }
        | Act::Disturb { .. }
        | Act::Spot(SpotAct::Evict { .. })
        | Act::Maintain(_)
        | Act::ZoneOutage(_)
        | Act::SlowControlPlane { .. }
        | Act::WorseBoots { .. }
        | Act::FailDeletes { .. }
        // A definition has no operations here.
        | Act::Gallery(GalleryAct::WriteDefinition { .. })
        | Act::Guest(_)
        | Act::Steps(_)
        | Act::Wait(_) => None,
        Act::Write(write) => {
            let name = if write.gateway.is_some() { GATEWAY_WRITE } else { BALANCER_WRITE };
            Some((Target::Network(action), name))
        }
    }
}

const fn repair(action: RepairAction) -> &'static str {
    match action {
        RepairAction::Replace => "Microsoft.Compute/virtualMachineScaleSets/delete/action",
        RepairAction::Reimage => "Microsoft.Compute/virtualMachineScaleSets/reimage/action",
        RepairAction::Restart => "Microsoft.Compute/virtualMachineScaleSets/restart/action",
    }
}

impl Operation {
    /// What came of it; `None` while it runs.
    pub fn outcome(&self, view: &View<'_, '_>) -> Option<Outcome> {
        self.ended?;
        if let Some(answer) = self.answer {
            let refusal = &view.instant.plan().refusals[usize::from(answer)];
            let error = OperationError::of((refusal.code.unwrap_or("InvalidParameter"), &refusal.text));
            return Some(Outcome::Failed(error));
        }
        if let Some(said) = self.failure {
            return Some(Outcome::Failed(OperationError::of(said)));
        }
        if let (Some(number), Target::Set(set)) = (self.upgrade, self.target) {
            let upgrade = &view.instant.world.rolling_upgrade.upgrades[set.index()][number];
            return Some(match upgrade.ended {
                Some((End::Faulted { .. }, _)) => {
                    let body = upgrade::error(view, set, number).unwrap_or_default();
                    Outcome::Failed(OperationError::of_body(&body))
                }
                Some((End::Cancelled, _)) => Outcome::Canceled,
                Some((End::Completed, _)) | None => Outcome::Succeeded,
            });
        }
        if self.canceled {
            return Some(Outcome::Canceled);
        }
        let Some(&(_, first)) = self.failures.first() else { return Some(Outcome::Succeeded) };
        let detail = |&(instance, code): &(InstanceId, &'static str)| {
            let (code, message) = errors::of_instance(code);
            json!({ "code": code, "target": view.target(instance), "message": message })
        };
        let mut error = OperationError::of(errors::of_instance(first));
        match &self.failures[..] {
            [(instance, _)] => error.target = Some(view.target(*instance)),
            several => error.details = several.iter().map(detail).collect::<Vec<Value>>(),
        }
        Some(Outcome::Failed(error))
    }

    /// Whether the provisioning state of its set speaks of it. A request that is refused at once changes nothing.
    pub fn is_of_state(&self) -> bool {
        is_of_state(self.name) && !self.refused
    }
}

/// The operations of a run so far, in the order in which they began.
pub fn all(view: &View<'_, '_>) -> Vec<Operation> {
    let mut fold = Fold {
        view,
        operations: Vec::new(),
        of_entry: Vec::with_capacity(view.instant.ledger.len()),
        of_instance: BTreeMap::new(),
        upgrades: vec![0; view.instant.plan().sets.len()],
    };
    for record in &view.instant.ledger {
        fold.take(record);
    }
    fold.operations
}

/// The ledger, read from the start.
struct Fold<'v, 'i, 'p> {
    view: &'v View<'i, 'p>,
    operations: Vec<Operation>,
    /// The operation that each entry follows from.
    of_entry: Vec<Option<usize>>,
    /// The operation that has each instance in hand.
    of_instance: BTreeMap<InstanceId, usize>,
    /// How many upgrades of each set have begun.
    upgrades: Vec<usize>,
}

impl Fold<'_, '_, '_> {
    fn take(&mut self, record: &Record) {
        let inherited =
            (record.cause.0 as usize).checked_sub(1).and_then(|at| self.of_entry.get(at).copied().flatten());
        let of = self.begun(record, inherited).or_else(|| self.belongs(record, inherited));
        self.of_entry.push(of);
        self.follow(record, of);
    }

    fn begin(&mut self, record: &Record, target: Target, name: &'static str, caller: Caller) -> usize {
        self.operations.push(Operation {
            target,
            name,
            caller,
            began: record.time,
            entry: record.entry,
            ended: Some((record.time, record.entry)),
            machine: None,
            creates: false,
            refused: false,
            upgrade: None,
            failure: None,
            answer: None,
            failures: Vec::new(),
            canceled: false,
            waits: BTreeSet::new(),
        });
        self.operations.len() - 1
    }

    /// The operation that an entry begins, if it begins one.
    fn begun(&mut self, record: &Record, inherited: Option<usize>) -> Option<usize> {
        let plan = self.view.instant.plan();
        match record.fact {
            Fact::RunStarted if plan.cold_start => {
                for set in 0..plan.sets.len() {
                    let at = self.begin(record, Target::Set(SetId(set as u16)), WRITE, Caller::User);
                    self.operations[at].creates = true;
                }
                None
            }
            Fact::ActionTaken { action } => {
                let (target, name) = request(action, self.act(action))?;
                let at = self.begin(record, target, name, Caller::User);
                if matches!(target, Target::Network(_)) {
                    self.wait(at, Wait::Write);
                }
                Some(at)
            }
            Fact::Autoscale(AutoscaleFact::Decided { setting, .. }) => {
                let set = SetId(plan.autoscale[setting.index()].set);
                Some(self.begin(record, Target::Set(set), WRITE, Caller::Autoscale(setting)))
            }
            Fact::Rollout(RolloutFact::Started { set, image, by: StartedBy::Platform }) => {
                let name = if image.is_some() { OS_UPGRADE } else { EXTENSION_UPGRADE };
                Some(self.begin(record, Target::Set(set), name, Caller::Platform))
            }
            Fact::Repairs(RepairsFact::Started { instance, action, .. }) => {
                let set = self.set_of(instance);
                let at = self.begin(record, Target::Set(set), repair(action), Caller::Platform);
                self.wait(at, Wait::Repair(instance));
                Some(at)
            }
            // One that was simulated is the operation of whoever asked for it.
            Fact::Spot(SpotFact::Evicted { instance, .. }) if inherited.is_none() => {
                let set = self.set_of(instance);
                let is_machine = plan.sets[set.index()].mode == OrchestrationMode::Flexible;
                let name = if is_machine { EVICTED_MACHINE } else { EVICTED };
                let at = self.begin(record, Target::Set(set), name, Caller::Platform);
                self.operations[at].machine = is_machine.then_some(instance);
                Some(at)
            }
            _ => None,
        }
    }

    fn act(&self, action: ActionId) -> &Act {
        &self.view.instant.plan().timeline[action.index()].what
    }

    fn set_of(&self, instance: InstanceId) -> SetId {
        self.view.instant.world.instances.rows[instance.index()].set
    }

    /// The operation that an entry belongs to. An instance that is made from a version which just moved follows, by its
    /// cause, from what moved it: its operation is the one that works on its set.
    fn belongs(&self, record: &Record, inherited: Option<usize>) -> Option<usize> {
        let set = match record.fact {
            Fact::InstanceCreated { set, .. } | Fact::ScaleRefused { set, .. } => set,
            Fact::UpdateStarted { instance, .. } | Fact::InstanceDeleting { instance, .. } => self.set_of(instance),
            _ => return inherited,
        };
        let is_of_set = |at: &usize| self.operations[*at].target == Target::Set(set);
        inherited.filter(is_of_set).or_else(|| {
            let all = (0..self.operations.len()).rev().filter(is_of_set);
            let works = |at: &usize| {
                let operation = &self.operations[*at];
                let steps = |wait: &Wait| matches!(wait, Wait::Upgrade | Wait::Repair(_));
                operation.began == record.time || operation.waits.iter().any(steps)
            };
            all.filter(|at| is_of_state(self.operations[*at].name)).find(works)
        })
    }

    fn wait(&mut self, at: usize, wait: Wait) {
        let operation = &mut self.operations[at];
        operation.waits.insert(wait);
        // Whatever was refused of it, something is done.
        (operation.ended, operation.refused) = (None, false);
    }

    fn done(&mut self, record: &Record, at: usize, wait: Wait) {
        let operation = &mut self.operations[at];
        if operation.waits.remove(&wait) && operation.waits.is_empty() {
            operation.ended = Some((record.time, record.entry));
        }
    }

    /// An instance is in the hands of an operation, and of no other any more.
    fn takes(&mut self, record: &Record, instance: InstanceId, of: Option<usize>) {
        // Whoever had it before waits for it no longer; the new one waits first, so that a step of the same does not end it.
        if let Some(at) = of {
            self.wait(at, Wait::Instance(instance));
        }
        let before = match of {
            Some(at) => self.of_instance.insert(instance, at),
            None => self.of_instance.remove(&instance),
        };
        if let Some(before) = before.filter(|before| Some(*before) != of) {
            self.done(record, before, Wait::Instance(instance));
        }
    }

    /// What was done to an instance came to its end.
    fn rests(&mut self, record: &Record, instance: InstanceId, failed: Option<&'static str>) {
        let Some(at) = self.of_instance.remove(&instance) else { return };
        if let Some(code) = failed {
            self.operations[at].failures.push((instance, code));
        }
        self.done(record, at, Wait::Instance(instance));
    }

    fn fails(&mut self, record: &Record, of: Option<usize>, said: Said) {
        let Some(at) = of else { return };
        let operation = &mut self.operations[at];
        operation.failure = operation.failure.or(Some(said));
        if operation.waits.is_empty() {
            operation.ended = Some((record.time, record.entry));
        }
    }

    fn refuses(&mut self, record: &Record, of: Option<usize>, said: Said) {
        if let Some(at) = of {
            self.operations[at].refused = true;
        }
        self.fails(record, of, said);
    }

    fn follow(&mut self, record: &Record, of: Option<usize>) {
        match record.fact {
            Fact::InstanceCreated { instance, .. }
            | Fact::UpdateStarted { instance, .. }
            | Fact::Power(
                PowerFact::Starting { instance }
                | PowerFact::Deallocating { instance }
                | PowerFact::Stopping { instance },
            )
            | Fact::Notice(
                NoticeFact::DeletionDeferred { instance }
                | NoticeFact::Raised { instance, kind: NoticeKind::Reboot | NoticeKind::Terminate | NoticeKind::OsImage },
            ) => self.takes(record, instance, of),
            Fact::InstanceDeleting { instance, why } => {
                if matches!(why, Deletion::Retried | Deletion::Surplus) {
                    // It is made again, or was not wanted: that it failed fails nothing.
                    for operation in &mut self.operations {
                        operation.failures.retain(|(failed, _)| *failed != instance);
                    }
                }
                self.takes(record, instance, of);
            }
            Fact::InstanceProvisioned { instance }
            | Fact::InstanceDeleted { instance }
            | Fact::Power(PowerFact::Deallocated { instance } | PowerFact::Stopped { instance }) => {
                self.rests(record, instance, None);
            }
            Fact::BootFailed { instance } => self.rests(record, instance, Some("OSProvisioningTimedOut")),
            Fact::ExtensionFailed { instance, .. } => {
                self.rests(record, instance, Some("VMExtensionProvisioningError"))
            }
            Fact::ExtensionsTimedOut { instance } => {
                self.rests(record, instance, Some("VMExtensionProvisioningTimeout"));
            }
            Fact::DeletionFailed { instance, again: false, .. } => {
                self.rests(record, instance, Some("InternalExecutionError"));
            }
            Fact::UpdateRefused { instance, why } | Fact::Power(PowerFact::StartRefused { instance, why }) => {
                self.takes(record, instance, of);
                self.rests(record, instance, Some(errors::refusal(why).0));
            }
            Fact::ScaleRefused { why, .. } => self.scale_refused(record, of, errors::refusal(why)),
            _ => self.follow_calls(record, of),
        }
    }

    /// A scale operation that ends short has failed; one of which nothing was done was refused.
    fn scale_refused(&mut self, record: &Record, of: Option<usize>, said: Said) {
        // The capacity is written before instances are asked for; what is refused up front is not written.
        let written = of.is_some_and(|at| {
            let since = self.operations[at].entry.0 as usize - 1;
            let ledger = &self.view.instant.ledger[since..record.entry.0 as usize];
            let writes = |earlier: &Record| matches!(earlier.fact, Fact::CapacitySet { .. });
            let placed = |earlier: &Record| matches!(earlier.fact, Fact::Rollout(_) | Fact::Repairs(_));
            self.operations[at].creates || ledger.iter().any(|earlier| writes(earlier) || placed(earlier))
        });
        let quota = said == errors::refusal(windtunnel_sim::world::fact::Refusal::QuotaExceeded);
        if written || (quota && self.view.switch(windtunnel_sim::rules::key::VmssQuotaFailsSet)) {
            self.fails(record, of, said);
        } else {
            self.refuses(record, of, said);
        }
    }

    fn follow_calls(&mut self, record: &Record, of: Option<usize>) {
        match record.fact {
            Fact::Rollout(RolloutFact::Started { set, .. }) => {
                let number = self.upgrades[set.index()];
                self.upgrades[set.index()] += 1;
                if let Some(at) = of {
                    self.operations[at].upgrade = Some(number);
                    self.wait(at, Wait::Upgrade);
                }
            }
            Fact::Rollout(RolloutFact::Ended { set, .. }) => {
                let upgrades = |operation: &Operation| {
                    operation.target == Target::Set(set) && operation.waits.contains(&Wait::Upgrade)
                };
                if let Some(at) = self.operations.iter().rposition(upgrades) {
                    // Whoever is in hand yet is no matter of the upgrade any more.
                    self.done(record, at, Wait::Upgrade);
                }
            }
            Fact::Write(WriteFact::Returned { action }) => {
                if let Some(at) = self.operations.iter().rposition(|of| of.target == Target::Network(action)) {
                    self.done(record, at, Wait::Write);
                }
            }
            Fact::Rollout(RolloutFact::WriteRefused { why, .. }) => self.refuses(record, of, errors::conflict(why)),
            Fact::Rollout(RolloutFact::WriteInvalid { refusal, .. })
            | Fact::Write(WriteFact::Refused { refusal, .. }) => {
                if let Some(at) = of {
                    self.operations[at].answer = Some(refusal);
                    self.operations[at].refused = true;
                }
            }
            Fact::OsUpgrade(OsUpgradeFact::CallRefused { why, .. }) => self.refuses(record, of, errors::no_call(why)),
            Fact::Repairs(RepairsFact::CallRefused { .. }) => {
                self.refuses(record, of, ("Conflict", "The service is in that state already, or is not enabled."));
            }
            Fact::Repairs(RepairsFact::Ended { instance, .. }) => {
                if let Some(at) = self.operations.iter().rposition(|of| of.waits.contains(&Wait::Repair(instance))) {
                    self.done(record, at, Wait::Repair(instance));
                }
            }
            // What is asked of others by the same call is done all the same: the call has failed, and was not refused.
            Fact::Operator(OperatorFact::Refused { why, .. }) => {
                let alone = of.is_none_or(|at| self.operations[at].waits.is_empty());
                let said = errors::call_refusal(why);
                if alone { self.refuses(record, of, said) } else { self.fails(record, of, said) }
            }
            Fact::Autoscale(AutoscaleFact::ActionFailed { .. }) => {
                self.refuses(record, of, ("InternalExecutionError", "The service could not carry the action out."));
            }
            Fact::Gallery(fact) => self.follow_gallery(record, of, fact),
            Fact::Build(fact) => self.follow_build(record, of, fact),
            _ => {}
        }
    }

    fn follow_gallery(&mut self, record: &Record, of: Option<usize>, fact: GalleryFact) {
        match fact {
            GalleryFact::WriteRefused { why, .. } => self.refuses(record, of, errors::write_refusal(why)),
            GalleryFact::AggregateChanged { image, to } => {
                let writes = |of: &Operation| of.target == Target::Version(image) && of.name == VERSION_WRITE;
                let Some(at) = self.operations.iter().rposition(writes) else { return };
                match to {
                    Aggregate::InProgress => self.wait(at, Wait::Replication),
                    Aggregate::Failed => {
                        self.done(record, at, Wait::Replication);
                        self.fails(record, Some(at), errors::REPLICATION);
                    }
                    Aggregate::Completed | Aggregate::Unknown => self.done(record, at, Wait::Replication),
                }
            }
            _ => {}
        }
    }

    fn follow_build(&mut self, record: &Record, of: Option<usize>, fact: BuildFact) {
        let runs = |operation: &Operation| {
            matches!(operation.target, Target::Template(of) if fact.subject() == Some(Field::Builder(of)))
                && operation.waits.contains(&Wait::Build)
        };
        match fact {
            BuildFact::Started { .. } => {
                if let Some(at) = of {
                    self.wait(at, Wait::Build);
                }
            }
            BuildFact::Refused { .. } => {
                self.refuses(record, of, ("Conflict", "The image template is not in a state that allows this."));
            }
            BuildFact::Ended { state, .. } => {
                let Some(at) = self.operations.iter().rposition(runs) else { return };
                self.done(record, at, Wait::Build);
                match state {
                    RunState::Failed => {
                        self.fails(record, Some(at), ("ImageTemplateBuildFailed", "The image build failed."));
                    }
                    RunState::Canceled => self.operations[at].canceled = true,
                    RunState::Succeeded | RunState::PartiallySucceeded => {}
                }
            }
            _ => {}
        }
    }
}
