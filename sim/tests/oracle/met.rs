//! What the random scenarios met, so that a kind of trouble that never comes up is noticed: how often, beside the shares of the
//! scenarios that `support/shares.rs` counts.

use std::collections::BTreeMap;
use windtunnel_sim::plan::{MaintenanceKind, Plan};
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{
    AutoscaleFact, Deletion, End, Fact, FaultFact, FlowFact, GatewayFact, GuestFact, Health, JobFact, MaintenanceFact,
    NoCall, NoticeFact, Operation, OperatorFact, OsUpgradeFact, PlaceFact, PowerFact, ProbeFailure, Record, RepairEnd,
    RepairsFact, RolloutFact, SpotFact,
};
use windtunnel_sim::world::fact::{BuildFact, GalleryFact, RunState, WriteRefusal};
use windtunnel_sim::world::ids::InstanceId;

/// What the random scenarios met, so that a kind of trouble that never comes up is noticed.
#[derive(Debug, Default)]
pub struct Met {
    entries: usize,
    ups: usize,
    refusals: usize,
    silences: usize,
    flaps: usize,
    ties: usize,
    load_steps: usize,
    fail_opens: usize,
    freezes: usize,
    blocks: usize,
    deletions: usize,
    slow: usize,
    /// Commits of the health extension, by state.
    health: [usize; 4],
    /// Reports of them.
    reports: usize,
    /// What the extension commits at the very instant at which something else happens.
    health_ties: usize,
    evictions: usize,
    restores: usize,
    deallocations: usize,
    acts: Acts,
    deferred: usize,
    disks_deferred: usize,
    seen: usize,
    approved: usize,
    foreign: usize,
    degraded: usize,
    impacts: usize,
    lost_jobs: usize,
    zones_lost: usize,
    zones_back: usize,
    /// Blips, slow endpoints, endpoints that never answer, random faults, slow platforms, bad boots.
    faults: [usize; 6],
    /// Clients mapped anew; connections that hung, went on, and were reset.
    flows: [usize; 11],
    undeleted: [usize; 2],
    quotas: usize,
    rolled_back: usize,
    made_again: usize,
    /// Decisions of autoscale, actions that it put off, scale-ins that it held against flapping, and actions that failed.
    scaled: [usize; 4],
    /// Images: templates Failed, machines kept, triggers fired and disabled, runs cancelled, copies to another region, replicas
    /// held back, versions kept, restored and gone, writes of definitions refused, and writes while a region is down.
    images: [usize; 12],
    rollouts: Rollouts,
    /// Automatic OS upgrades: noticed, waiting, prevented, dropped, tried again, attempts that ended.
    os: [usize; 6],
    /// Calls for an OS upgrade where every instance is protected.
    none_eligible: usize,
    repairs: Repairs,
    /// Standby pools: machines made, ready, taken, deleted, pools in trouble, and out of it.
    standby: [usize; 6],
    guest: Guest,
}

/// What it met inside guests.
#[derive(Debug, Default)]
struct Guest {
    /// Bad releases that were installed.
    bad: usize,
    /// Processes that started anew after an extension that had stopped them.
    stopped: usize,
    /// Runs of an extension for other settings.
    reconfigured: usize,
    /// Custom data that was done, and that failed.
    custom_data: [usize; 2],
    /// Payloads that expired, and extensions that failed for that.
    expired: [usize; 2],
    /// Upgrades that a fault of the service ended.
    internal: usize,
    /// Releases of extensions: published, put in, put back, and upgrades that began by themselves.
    releases: [usize; 4],
}

/// What it met of what operators do to machines.
#[derive(Debug, Default)]
struct Acts {
    /// Refused since there is no such id, it is no Spot instance, it does not run, or no maintenance waits.
    refused: [usize; 4],
    power_offs: usize,
    deleted: usize,
    hung: usize,
}

impl Acts {
    fn take_in(&mut self, fact: &OperatorFact) {
        match *fact {
            OperatorFact::Refused { why, .. } => self.refused[why as usize] += 1,
            OperatorFact::Spared { .. } | OperatorFact::PlacedAnew { .. } => {}
        }
    }
}

/// What it met of repairs.
#[derive(Debug, Default)]
struct Repairs {
    /// By action: Replace, Reimage, Restart.
    started: [usize; 3],
    replaced: usize,
    ended: usize,
    overtaken: usize,
    /// Repairs of a place that was not healthy since the one before.
    again: usize,
    suspended: usize,
    called: usize,
    left_out: usize,
    queued: usize,
    prevented: usize,
}

impl Repairs {
    fn take_in(&mut self, record: &Record, fact: &RepairsFact) {
        match *fact {
            RepairsFact::Started { action, nth, .. } => {
                self.started[action as usize] += 1;
                self.again += usize::from(nth > 1);
                self.queued += usize::from(record.rule == rules::AR_07);
            }
            RepairsFact::Replaced { .. } => self.replaced += 1,
            RepairsFact::Ended { how: RepairEnd::Overtaken | RepairEnd::NotReplaced, .. } => self.overtaken += 1,
            RepairsFact::Ended { .. } => self.ended += 1,
            RepairsFact::SuspendedThemselves { .. } => self.suspended += 1,
            RepairsFact::ServiceSet { .. } => self.called += 1,
            RepairsFact::LeftOut { .. } => self.left_out += 1,
            RepairsFact::Prevented { .. } => self.prevented += 1,
            RepairsFact::Enabled { .. } | RepairsFact::Disabled { .. } | RepairsFact::CallRefused { .. } => {}
        }
    }
}

/// What it met of rollouts.
#[derive(Debug, Default)]
struct Rollouts {
    completed: usize,
    cancelled: usize,
    faulted: usize,
    batches: usize,
    surges: usize,
    in_place: usize,
    upgraded: usize,
    failed: usize,
    left_out: usize,
    refused: usize,
    invalid: usize,
    pauses: usize,
    restarted: usize,
}

impl Rollouts {
    fn take_in(&mut self, fact: &RolloutFact) {
        let counted = match fact {
            RolloutFact::Ended { end: End::Completed, .. } => &mut self.completed,
            RolloutFact::Ended { end: End::Cancelled, .. } => &mut self.cancelled,
            RolloutFact::Ended { end: End::Faulted { .. }, .. } => &mut self.faulted,
            RolloutFact::BatchStarted { surge: true, .. } => &mut self.surges,
            RolloutFact::BatchStarted { .. } => &mut self.batches,
            RolloutFact::SurgeInPlace { .. } => &mut self.in_place,
            RolloutFact::InstanceUpgraded { .. } => &mut self.upgraded,
            RolloutFact::InstanceFailed { .. } => &mut self.failed,
            RolloutFact::LeftOut { .. } => &mut self.left_out,
            RolloutFact::WriteRefused { .. } => &mut self.refused,
            RolloutFact::WriteInvalid { .. } => &mut self.invalid,
            RolloutFact::Paused { .. } => &mut self.pauses,
            RolloutFact::Started { .. }
            | RolloutFact::BatchEnded { .. }
            | RolloutFact::EmptyDomainsWatched { .. }
            | RolloutFact::Continued { .. }
            | RolloutFact::LeftMixed { .. }
            | RolloutFact::CancelRequested { .. } => return,
        };
        *counted += 1;
    }
}

fn take_in_build(images: &mut [usize; 12], fact: BuildFact) {
    let counted = match fact {
        BuildFact::TemplateFailed { .. } => 0,
        BuildFact::MachineKept { .. } => 1,
        BuildFact::TriggerFired { .. } => 2,
        BuildFact::TriggerDisabled { .. } => 3,
        BuildFact::Ended { state: RunState::Canceled, .. } => 4,
        BuildFact::CopyStarted { .. } => 5,
        _ => return,
    };
    images[counted] += 1;
}

fn take_in_gallery(images: &mut [usize; 12], fact: GalleryFact) {
    let counted = match fact {
        GalleryFact::Usable { .. } => 6,
        GalleryFact::SoftDeleted { .. } => 7,
        GalleryFact::Restored { .. } => 8,
        GalleryFact::HardDeleted { .. } => 9,
        GalleryFact::DefinitionRefused { .. } => 10,
        GalleryFact::WriteRefused { why: WriteRefusal::HomeRegionDown, .. } => 11,
        _ => return,
    };
    images[counted] += 1;
}

impl Met {
    pub fn take_in(&mut self, plan: &Plan, ledger: &[Record]) {
        self.entries += ledger.len();
        let slow = |plan: &Plan| {
            let clauses = plan.application.endpoints.iter().flat_map(|endpoint| &endpoint.clauses);
            clauses.filter(|clause| clause.answer.after.ms() > 0).count() > 0
        };
        let mut sets: BTreeMap<InstanceId, usize> = BTreeMap::new();
        for (i, record) in ledger.iter().enumerate() {
            if let Fact::InstancePresent { instance, set, .. } | Fact::InstanceCreated { instance, set, .. } =
                record.fact
            {
                sets.insert(instance, set.index());
            }
            match record.fact {
                Fact::ProbeUp { .. } => {
                    self.ups += 1;
                    self.slow += usize::from(slow(plan));
                }
                Fact::ProbeDown { why, instance, pool } => {
                    match why {
                        ProbeFailure::Refused => self.refusals += 1,
                        ProbeFailure::Silent => self.silences += 1,
                    }
                    let recent = ledger[..i].iter().rev().take_while(|r| record.time.since(r.time).ms() <= 60_000);
                    let changes = recent.filter(|r| match r.fact {
                        Fact::ProbeUp { instance: i, pool: p } | Fact::ProbeDown { instance: i, pool: p, .. } => {
                            (i, p) == (instance, pool)
                        }
                        _ => false,
                    });
                    self.flaps += usize::from(changes.count() >= 2);
                }
                Fact::LoadStepped { .. } => self.load_steps += 1,
                Fact::FailOpenStarted { .. } => self.fail_opens += 1,
                Fact::Frozen { .. } => self.freezes += 1,
                Fact::ProbesBlocked { .. } => self.blocks += 1,
                Fact::InstanceDeleting { why, .. } => {
                    self.deletions += 1;
                    self.rolled_back += usize::from(why == Deletion::RolledBack);
                    self.made_again += usize::from(why == Deletion::Retried);
                    self.acts.deleted += usize::from(why == Deletion::ByHand);
                }
                Fact::HealthChanged { to, .. } if record.rule != rules::WT_08 => self.health[to as usize] += 1,
                Fact::HealthReported { .. } => self.reports += 1,
                Fact::Spot(SpotFact::Evicted { .. }) => self.evictions += 1,
                Fact::Power(PowerFact::Starting { .. }) => self.restores += 1,
                Fact::Power(PowerFact::Deallocated { .. }) => self.deallocations += 1,
                Fact::Power(PowerFact::Stopping { .. }) => self.acts.power_offs += 1,
                Fact::Operator(fact) => self.acts.take_in(&fact),
                Fact::Fault(FaultFact::Hung { .. }) => self.acts.hung += 1,
                Fact::Notice(NoticeFact::DeletionDeferred { .. }) => self.deferred += 1,
                Fact::Notice(NoticeFact::DiskDeferred { .. }) => self.disks_deferred += 1,
                Fact::Notice(NoticeFact::Seen { .. }) => self.seen += 1,
                Fact::Notice(NoticeFact::Approved { .. }) => self.approved += 1,
                Fact::Notice(NoticeFact::ForeignSeen { .. }) => self.foreign += 1,
                Fact::Maintenance(MaintenanceFact::ImpactStarted { kind: MaintenanceKind::Degraded, .. }) => {
                    self.impacts += 1;
                    self.degraded += 1;
                }
                Fact::Maintenance(MaintenanceFact::ImpactStarted { .. }) => self.impacts += 1,
                Fact::Job(JobFact::Lost { .. }) => self.lost_jobs += 1,
                Fact::Fault(FaultFact::ZoneLost { .. }) => self.zones_lost += 1,
                Fact::Fault(FaultFact::ZoneBack { .. }) => self.zones_back += 1,
                Fact::QuotaExceeded { .. } => self.quotas += 1,
                Fact::Fault(FaultFact::CutOff { .. }) => self.faults[0] += 1,
                Fact::Fault(FaultFact::Slowed { .. }) => self.faults[1] += 1,
                Fact::Fault(FaultFact::Silenced { .. }) => self.faults[2] += 1,
                Fact::Fault(FaultFact::Started { .. }) => self.faults[3] += 1,
                Fact::Fault(FaultFact::ControlPlaneSlowed { .. }) => self.faults[4] += 1,
                Fact::Fault(FaultFact::BootsChanged { .. }) => self.faults[5] += 1,
                Fact::Flow(FlowFact::Remapped { .. }) => self.flows[0] += 1,
                Fact::Flow(FlowFact::Hung { .. }) => self.flows[1] += 1,
                Fact::Flow(FlowFact::Resumed { .. }) => self.flows[2] += 1,
                Fact::Flow(FlowFact::Reset { .. }) => self.flows[3] += 1,
                Fact::Flow(FlowFact::Draining { .. }) => self.flows[4] += 1,
                Fact::Flow(FlowFact::Outlived { .. }) => self.flows[5] += 1,
                Fact::Flow(FlowFact::TooLate { .. }) => self.flows[6] += 1,
                Fact::Flow(FlowFact::InTime { .. }) => self.flows[7] += 1,
                Fact::Flow(FlowFact::Silent { .. }) => self.flows[8] += 1,
                Fact::Flow(FlowFact::Speaks { .. }) => self.flows[9] += 1,
                Fact::Gateway(GatewayFact::Bounded { .. }) => self.flows[10] += 1,
                Fact::DeletionFailed { again, .. } => self.undeleted[usize::from(again)] += 1,
                Fact::Autoscale(AutoscaleFact::Decided { .. }) => self.scaled[0] += 1,
                Fact::Autoscale(AutoscaleFact::Deferred { .. }) => self.scaled[1] += 1,
                Fact::Autoscale(AutoscaleFact::Flapping { .. } | AutoscaleFact::FlappingOccurred { .. }) => {
                    self.scaled[2] += 1;
                }
                Fact::Autoscale(AutoscaleFact::ActionFailed { .. }) => self.scaled[3] += 1,
                Fact::OsUpgrade(OsUpgradeFact::Detected { .. }) => self.os[0] += 1,
                Fact::OsUpgrade(OsUpgradeFact::Waits { .. }) => self.os[1] += 1,
                Fact::OsUpgrade(OsUpgradeFact::Prevented { .. }) => self.os[2] += 1,
                Fact::OsUpgrade(OsUpgradeFact::Dropped { .. }) => self.os[3] += 1,
                Fact::OsUpgrade(OsUpgradeFact::RetryPlanned { .. }) => self.os[4] += 1,
                Fact::OsUpgrade(OsUpgradeFact::AttemptEnded { .. }) => self.os[5] += 1,
                Fact::CodeInstalled { code, .. } => {
                    self.guest.bad += usize::from(plan.application.flaw(Some(code)).bad)
                }
                Fact::ExtensionDone { instance, extension } => {
                    let extension = extension.of(plan, sets[&instance]).expect("it is of the model");
                    self.guest.stopped += usize::from(extension.stops_process);
                    self.guest.reconfigured += usize::from(!matches!(extension.configuration.as_str(), "" | "0"));
                }
                Fact::Guest(GuestFact::CustomDataDone { .. }) => self.guest.custom_data[0] += 1,
                Fact::Guest(GuestFact::CustomDataFailed { .. }) => self.guest.custom_data[1] += 1,
                Fact::Guest(GuestFact::PayloadExpired { .. }) => self.guest.expired[0] += 1,
                Fact::Guest(GuestFact::ReleasePublished { .. }) => self.guest.releases[0] += 1,
                Fact::Guest(GuestFact::ReleaseChanged { back: false, .. }) => self.guest.releases[1] += 1,
                Fact::UpdateStarted { how: Operation::Extensions, .. } if record.rule == rules::OS_33 => {
                    let after = &ledger[record.cause.0 as usize - 1].fact;
                    let failed = matches!(after, Fact::Rollout(RolloutFact::InstanceFailed { .. }));
                    self.guest.releases[2] += usize::from(failed);
                }
                Fact::ExtensionFailed { .. } if record.rule == rules::RU_40 => self.guest.expired[1] += 1,
                Fact::OsUpgrade(OsUpgradeFact::CallRefused { why: NoCall::NoneEligible, .. }) => {
                    self.none_eligible += 1
                }
                Fact::Build(fact) => take_in_build(&mut self.images, fact),
                Fact::Gallery(fact) => take_in_gallery(&mut self.images, fact),
                Fact::Repairs(fact) => self.repairs.take_in(record, &fact),
                Fact::Place(PlaceFact::StandbyCreated { .. }) => self.standby[0] += 1,
                Fact::Place(PlaceFact::StandbyReady { .. }) => self.standby[1] += 1,
                Fact::Place(PlaceFact::StandbyTaken { .. }) => self.standby[2] += 1,
                Fact::Place(PlaceFact::StandbyDeleted { .. }) => self.standby[3] += 1,
                Fact::Place(PlaceFact::StandbyDegraded { .. }) => self.standby[4] += 1,
                Fact::Place(PlaceFact::StandbyRecovered { .. }) => self.standby[5] += 1,
                Fact::Rollout(fact) => {
                    self.rollouts.take_in(&fact);
                    self.guest.internal += usize::from(record.rule == rules::RU_39);
                    let by_itself = matches!(fact, RolloutFact::Started { .. }) && record.rule == rules::OS_33;
                    self.guest.releases[3] += usize::from(by_itself);
                }
                Fact::UpdateStarted { how: Operation::Restart, .. } => self.rollouts.restarted += 1,
                _ => {}
            }
            // A tie: a probe decides at the very instant at which something else happens.
            let probe = |r: &Record| matches!(r.fact, Fact::ProbeUp { .. } | Fact::ProbeDown { .. });
            if i > 0 && probe(record) && !probe(&ledger[i - 1]) && ledger[i - 1].time == record.time {
                self.ties += 1;
            }
            let health = |r: &Record| matches!(r.fact, Fact::HealthChanged { .. } | Fact::HealthReported { .. });
            if i > 0 && health(record) && !health(&ledger[i - 1]) && ledger[i - 1].time == record.time {
                self.health_ties += 1;
            }
        }
    }
}

impl Met {
    /// What came up, by its name, and how often.
    pub fn counts(&self) -> Vec<(&'static str, usize)> {
        let met = self;
        vec![
            ("entries", met.entries),
            ("backends up", met.ups),
            ("refusals", met.refusals),
            ("silences", met.silences),
            ("flaps", met.flaps),
            ("ties", met.ties),
            ("load steps", met.load_steps),
            ("pools that failed open", met.fail_opens),
            ("freezes", met.freezes),
            ("blocked probes", met.blocks),
            ("deletions", met.deletions),
            ("slow answers", met.slow),
            ("instances Initializing", met.health[Health::Initializing as usize]),
            ("instances Healthy", met.health[Health::Healthy as usize]),
            ("instances Unhealthy", met.health[Health::Unhealthy as usize]),
            ("instances Unknown", met.health[Health::Unknown as usize]),
            ("reports of health", met.reports),
            ("commits of health at the instant of something else", met.health_ties),
            ("evictions", met.evictions),
            ("starts of deallocated instances", met.restores),
            ("deallocations", met.deallocations),
            ("calls that name an unknown id", met.acts.refused[0]),
            ("evictions that only Spot instances have", met.acts.refused[1]),
            ("calls on machines that do not run", met.acts.refused[2]),
            ("maintenance that does not wait", met.acts.refused[3]),
            ("power-offs", met.acts.power_offs),
            ("deletes by hand", met.acts.deleted),
            ("processes that hang", met.acts.hung),
            ("deletions that waited", met.deferred),
            ("new disks that waited for their guest", met.disks_deferred),
            ("events that were seen", met.seen),
            ("events that were approved", met.approved),
            ("events of others that were acted on", met.foreign),
            ("machines moved away from hardware that fails", met.degraded),
            ("impacts of maintenance", met.impacts),
            ("jobs that were lost", met.lost_jobs),
            ("zones that were lost", met.zones_lost),
            ("zones that came back", met.zones_back),
            ("requests beyond a quota", met.quotas),
            ("machines that were made again", met.made_again),
            ("blips", met.faults[0]),
            ("slow endpoints", met.faults[1]),
            ("endpoints that never answer", met.faults[2]),
            ("faults at random", met.faults[3]),
            ("slow control planes", met.faults[4]),
            ("bad boots", met.faults[5]),
            ("clients mapped anew", met.flows[0]),
            ("connections that hung", met.flows[1]),
            ("connections that went on", met.flows[2]),
            ("connections that were reset", met.flows[3]),
            ("backends that a gateway drained", met.flows[4]),
            ("connections that outlived an update of a gateway", met.flows[5]),
            ("backends that answer later than a gateway waits", met.flows[6]),
            ("backends that answer a gateway in time again", met.flows[7]),
            ("backends that a gateway waits for", met.flows[8]),
            ("backends that a gateway waits for no longer", met.flows[9]),
            ("gateways whose count is written", met.flows[10]),
            ("instances that could not be deleted", met.undeleted[0]),
            ("deletes that are tried again", met.undeleted[1]),
            ("instances of scale-outs that were rolled back", met.rolled_back),
            ("decisions of autoscale", met.scaled[0]),
            ("actions that wait for a cooldown", met.scaled[1]),
            ("scale-ins held against flapping", met.scaled[2]),
            ("actions of autoscale that failed", met.scaled[3]),
            ("templates that fail when they are submitted", met.images[0]),
            ("build machines that are kept", met.images[1]),
            ("triggers that fire", met.images[2]),
            ("triggers that are disabled", met.images[3]),
            ("builds that are cancelled", met.images[4]),
            ("images that are copied to the region of their definition", met.images[5]),
            ("replicas that cannot be used yet", met.images[6]),
            ("versions that are kept", met.images[7]),
            ("versions that are restored", met.images[8]),
            ("versions that are gone for good", met.images[9]),
            ("writes of definitions that are refused", met.images[10]),
            ("writes while the region of the gallery is down", met.images[11]),
            ("completed upgrades", met.rollouts.completed),
            ("cancelled upgrades", met.rollouts.cancelled),
            ("faulted upgrades", met.rollouts.faulted),
            ("batches in place", met.rollouts.batches),
            ("batches that surge", met.rollouts.surges),
            ("surges that go in place", met.rollouts.in_place),
            ("upgraded instances", met.rollouts.upgraded),
            ("instances that failed to be upgraded", met.rollouts.failed),
            ("instances left out of an upgrade", met.rollouts.left_out),
            ("refused writes", met.rollouts.refused),
            ("writes of what Azure does not accept", met.rollouts.invalid),
            ("OS upgrades of sets that are protected whole", met.none_eligible),
            ("pauses of upgrades", met.rollouts.pauses),
            ("restarts for another model", met.rollouts.restarted),
            ("versions that Azure noticed", met.os[0]),
            ("OS upgrades that wait", met.os[1]),
            ("requirements of OS upgrades that are unmet", met.os[2]),
            ("OS upgrades that were dropped", met.os[3]),
            ("OS upgrades that are tried again", met.os[4]),
            ("attempts of OS upgrades", met.os[5]),
            ("machines made for standby pools", met.standby[0]),
            ("machines that are ready in standby pools", met.standby[1]),
            ("instances out of standby pools", met.standby[2]),
            ("machines of standby pools that went", met.standby[3]),
            ("standby pools in trouble", met.standby[4]),
            ("standby pools out of trouble", met.standby[5]),
            ("repairs by Replace", met.repairs.started[0]),
            ("repairs by Reimage", met.repairs.started[1]),
            ("repairs by Restart", met.repairs.started[2]),
            ("instances that replace another", met.repairs.replaced),
            ("repairs that ended", met.repairs.ended),
            ("repairs that something else overtook", met.repairs.overtaken),
            ("repairs of what was repaired, and not healthy since", met.repairs.again),
            ("repairs that suspended themselves", met.repairs.suspended),
            ("calls to suspend or resume", met.repairs.called),
            ("instances that repairs spared", met.repairs.left_out),
            ("repairs that waited for others", met.repairs.queued),
            ("repairs that cannot run", met.repairs.prevented),
            ("bad releases that were installed", met.guest.bad),
            ("extensions that stopped the process", met.guest.stopped),
            ("extensions that ran for other settings", met.guest.reconfigured),
            ("instances whose custom data was done", met.guest.custom_data[0]),
            ("instances whose custom data failed", met.guest.custom_data[1]),
            ("payloads that expired", met.guest.expired[0]),
            ("extensions whose payload had expired", met.guest.expired[1]),
            ("upgrades that a fault of the service ended", met.guest.internal),
            ("releases of extensions", met.guest.releases[0]),
            ("releases that were put in", met.guest.releases[1]),
            ("releases that were taken out again", met.guest.releases[2]),
            ("upgrades of extensions that nobody began", met.guest.releases[3]),
        ]
    }
}
