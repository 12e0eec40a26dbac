//! The one match from fact to wakes: who must look again when something happened.

use super::fact::{
    AgentFact, Fact, FaultFact, FlowFact, GalleryFact, GatewayFact, GuestFact, JobFact, NoticeFact, NoticeKind,
    OsUpgradeFact, PowerFact, Record, RolloutFact, SpotFact, WaitsFor, WriteFact,
};
use super::ids::{Entry, ImageId, InstanceId, PoolId, RegionId, SetId};
use super::moves::{moves_load, moves_target};
use super::wake::Wake;
use super::{World, cx::Cx};
use crate::azure::{
    app_health, load_balancer, os_upgrade, repairs, rolling_upgrade, scheduled_events, standby, zone_balance,
};
use crate::demand::jobs;
use crate::plan::{ImageReference, Plan, ScaleSet};

/// Wakes whoever a fact concerns.
pub fn route(world: &World, cx: &mut Cx<'_>, record: &Record) {
    let cause = record.entry;
    if cx.onlookers {
        onlookers(world, cx, record);
    }
    match record.fact {
        Fact::InstanceCreated { instance, .. } | Fact::InstanceBooted { instance } => {
            listens(cx, instance, cause);
            cx.wake(Wake::Pipeline, instance.0, cause);
            probes_look(cx, instance, cause);
        }
        Fact::InstanceProvisioned { instance } => {
            cx.wake(Wake::Pipeline, instance.0, cause);
            registers(cx, instance, cause);
            cx.wake(Wake::ScaleSet, instance.0, cause);
            let set = world.instances.rows[instance.index()].set;
            if os_upgrade::waits_for_model(world, set) {
                cx.wake(Wake::OsUpgrade, set.0.into(), cause);
            }
            may_go_on(world, cx, instance, cause);
        }
        Fact::InstanceDeleting { instance, .. } => {
            probes_look(cx, instance, cause);
            registers(cx, instance, cause);
            upgrade_may_go_on(world, cx, instance, cause);
            moved(world, cx, instance, cause);
            works(cx, instance, cause);
            repairs_look(world, cx, instance, cause);
            disk_notice_may_end(world, cx, instance, cause);
        }
        Fact::DeletionFailed { instance, again: false, .. } => {
            cx.wake(Wake::ScaleSet, instance.0, cause);
            upgrade_may_go_on(world, cx, instance, cause);
            repairs_look(world, cx, instance, cause);
        }
        Fact::InstanceDeleted { instance }
        | Fact::ExtensionFailed { instance, .. }
        | Fact::ExtensionsTimedOut { instance }
        | Fact::HealthReported { instance, .. }
        | Fact::HealthCleared { instance } => {
            may_go_on(world, cx, instance, cause);
        }
        Fact::InstancePresent { instance, .. } => {
            listens(cx, instance, cause);
            registers(cx, instance, cause);
        }
        Fact::UpdateRefused { instance, .. } => {
            may_go_on(world, cx, instance, cause);
        }
        Fact::BootFailed { instance } => {
            cx.wake(Wake::ScaleSet, instance.0, cause);
            may_go_on(world, cx, instance, cause);
        }
        Fact::ProcessStopped { instance }
        | Fact::Fault(FaultFact::Hung { instance } | FaultFact::Resumed { instance }) => {
            truth_changed(world, cx, instance, cause);
            works(cx, instance, cause);
        }
        Fact::Power(PowerFact::Deallocating { instance } | PowerFact::Stopping { instance }) => {
            truth_changed(world, cx, instance, cause);
            moved(world, cx, instance, cause);
            works(cx, instance, cause);
            probe_says(world, cx, instance, cause);
            may_go_on(world, cx, instance, cause);
        }
        Fact::Power(PowerFact::Starting { instance }) | Fact::Spot(SpotFact::Placed { instance }) => {
            cx.wake(Wake::Spot, instance.0, cause);
            repairs_look(world, cx, instance, cause);
        }
        Fact::Notice(NoticeFact::DeletionDeferred { instance }) => {
            cx.wake(Wake::ScheduledEvents, instance.0, cause);
            moved(world, cx, instance, cause);
            repairs_look(world, cx, instance, cause);
        }
        Fact::Notice(NoticeFact::DiskDeferred { instance }) => cx.wake(Wake::ScheduledEvents, instance.0, cause),
        Fact::Notice(
            NoticeFact::Seen { instance, .. }
            | NoticeFact::Ended { instance, .. }
            | NoticeFact::ForeignSeen { instance, .. }
            | NoticeFact::ForeignEnded { instance, .. },
        ) => {
            truth_changed(world, cx, instance, cause);
            works(cx, instance, cause);
        }
        Fact::Notice(NoticeFact::Started { instance, kind }) => match kind {
            NoticeKind::Preempt => cx.wake(Wake::Spot, instance.0, cause),
            NoticeKind::Freeze | NoticeKind::Reboot | NoticeKind::Redeploy => {
                cx.wake(Wake::Maintenance, instance.0, cause);
            }
            NoticeKind::Terminate | NoticeKind::OsImage => {}
        },
        Fact::Job(JobFact::Queued { .. } | JobFact::QueuedFor { .. }) => {
            // Whoever is free takes it.
            for instance in jobs::asked(world) {
                works(cx, instance, cause);
            }
        }
        Fact::Job(JobFact::Ended { instance, .. })
        | Fact::Agent(AgentFact::Online { instance } | AgentFact::Offline { instance, .. }) => {
            works(cx, instance, cause);
        }
        Fact::InstanceRunning { instance }
        | Fact::ProcessStarted { instance }
        | Fact::Warmed { instance }
        | Fact::Degraded { instance }
        | Fact::CodeInstalled { instance, .. }
        | Fact::UpdateStarted { instance, .. }
        | Fact::DiskSwapped { instance, .. }
        | Fact::Frozen { instance }
        | Fact::Guest(GuestFact::ReleaseChanged { instance, .. })
        | Fact::Fault(
            FaultFact::Slowed { instance, .. }
            | FaultFact::Silenced { instance, .. }
            | FaultFact::Answers { instance, .. }
            | FaultFact::CutOff { instance }
            | FaultFact::Reached { instance },
        )
        | Fact::Thawed { instance } => truth_changed(world, cx, instance, cause),
        Fact::CodeReleased { .. } | Fact::DependencyDown { .. } | Fact::DependencyUp { .. } => {
            for set in &world.scale_set.sets {
                for &instance in &set.instances {
                    truth_changed(world, cx, instance, cause);
                }
            }
            for instance in world.instances.all_leaving() {
                truth_changed(world, cx, instance, cause);
            }
        }
        Fact::ServiceChanged { instance, .. } => {
            cx.wake(Wake::Traffic, instance.0, cause);
            works(cx, instance, cause);
        }
        Fact::LeftPool { instance, .. } => {
            names_look(cx, instance, cause);
            cx.wake(Wake::Traffic, instance.0, cause);
            load_presses(world, cx, instance, cause);
        }
        Fact::Flow(
            FlowFact::Hung { instance, .. }
            | FlowFact::Resumed { instance, .. }
            | FlowFact::Reset { instance, .. }
            | FlowFact::TooLate { instance, .. }
            | FlowFact::InTime { instance, .. }
            | FlowFact::Errs { instance, .. }
            | FlowFact::ErrsNoMore { instance, .. },
        ) => {
            names_look(cx, instance, cause);
            cx.wake(Wake::Traffic, instance.0, cause);
        }
        Fact::InRotation { instance, .. } | Fact::OutOfRotation { instance, .. } => {
            names_look(cx, instance, cause);
            cx.wake(Wake::Traffic, instance.0, cause);
            if load_balancer::is_parked(world, instance) {
                probe_says(world, cx, instance, cause);
            }
            load_presses(world, cx, instance, cause);
        }
        Fact::ProbesBlocked { pool } | Fact::ProbesUnblocked { pool } => {
            for instance in members(world, pool) {
                probes_look(cx, instance, cause);
            }
        }
        Fact::Gallery(GalleryFact::CreateAdmitted { instance }) => cx.wake(Wake::Instances, instance.0, cause),
        Fact::ModelChanged { set, .. } => {
            if os_upgrade::concerns(world, set) {
                cx.wake(Wake::OsUpgrade, set.0.into(), cause);
            }
            if repairs::concerns_set(world, set) {
                cx.wake(Wake::RepairsService, set.0.into(), cause);
            }
        }
        Fact::Rollout(RolloutFact::Ended { .. }) => os_upgrades(world, cx, |_| true, cause),
        Fact::OsUpgrade(OsUpgradeFact::Waits { set, why: WaitsFor::Window, .. }) => {
            cx.wake(Wake::OsUpgrade, set.0.into(), cause);
        }
        Fact::Gallery(GalleryFact::LatestMoved { region, image, .. }) => {
            os_upgrades(world, cx, |of| of == region, cause);
            triggers(cx, region, image, cause);
        }
        Fact::Gallery(GalleryFact::LatestLost { region, .. } | GalleryFact::ReplicationCompleted { region, .. }) => {
            os_upgrades(world, cx, |of| of == region, cause)
        }
        Fact::Gallery(GalleryFact::AggregateChanged { image, .. }) => {
            os_upgrades(world, cx, |_| true, cause);
            if let Some(builder) = world.image_builder.distributing(image) {
                cx.wake(Wake::ImageBuilder, builder.0.into(), cause);
            }
        }
        Fact::LoadStepped { entry_point, .. } => {
            let there = load_balancer::leads(world, entry_point).into_iter().flat_map(|pool| members(world, pool));
            there.for_each(|it| answers_changed(world, cx, it, cause));
        }
        Fact::Write(WriteFact::Led { entry_point, .. } | WriteFact::Off { entry_point, .. }) => {
            for it in cx.plan.entry_point(entry_point).pools().flat_map(|pool| members(world, pool)) {
                answers_changed(world, cx, it, cause);
                cx.wake(Wake::Traffic, it.0, cause);
            }
        }
        Fact::Flow(FlowFact::Waits { .. } | FlowFact::WaitsNoMore { .. } | FlowFact::Retried { .. }) => {}
        Fact::Flow(FlowFact::Routed { .. }) => {
            (0..cx.plan.gateways.len()).for_each(|gateway| cx.wake(Wake::Gateways, gateway as u32, cause));
        }
        Fact::Gateway(GatewayFact::Bounded { gateway, .. }) => cx.wake(Wake::Gateways, gateway.0.into(), cause),
        Fact::Gateway(GatewayFact::Has { gateway, .. }) => {
            let pools = (0..cx.plan.pools.len()).map(|pool| PoolId(pool as u16));
            for pool in pools.filter(|pool| world.load_balancer.is_of(*pool, gateway)) {
                members(world, pool).for_each(|it| names_look(cx, it, cause));
            }
        }
        Fact::JoinedPool { instance, .. } | Fact::ProbeUp { instance, .. } | Fact::ProbeDown { instance, .. } => {
            probe_says(world, cx, instance, cause);
        }
        Fact::RunStarted
        | Fact::ActionTaken { .. }
        | Fact::ActionEnded { .. }
        | Fact::CapacitySet { .. }
        | Fact::ScaleRefused { .. }
        | Fact::QuotaExceeded { .. }
        | Fact::ExtensionDone { .. }
        | Fact::AdminStateSet { .. }
        | Fact::ConnectionsClosed { .. }
        | Fact::FailOpenStarted { .. }
        | Fact::FailOpenEnded { .. }
        | Fact::HarmStarted { .. }
        | Fact::HarmEnded { .. }
        | Fact::OutageStarted { .. }
        | Fact::OutageEnded { .. }
        | Fact::PipelineTriggered { .. }
        | Fact::PipelineStarted { .. }
        | Fact::PipelineSucceeded { .. }
        | Fact::PipelineFailed { .. }
        | Fact::PipelineLost { .. }
        | Fact::HealthChanged { .. }
        | Fact::ProtectionSet { .. }
        | Fact::LoopFound { .. }
        | Fact::Rollout(
            RolloutFact::Started { .. }
            | RolloutFact::LeftOut { .. }
            | RolloutFact::BatchStarted { .. }
            | RolloutFact::SurgeInPlace { .. }
            | RolloutFact::InstanceUpgraded { .. }
            | RolloutFact::InstanceFailed { .. }
            | RolloutFact::BatchEnded { .. }
            | RolloutFact::Continued { .. }
            | RolloutFact::Paused { .. }
            | RolloutFact::EmptyDomainsWatched { .. }
            | RolloutFact::LeftMixed { .. }
            | RolloutFact::CancelRequested { .. }
            | RolloutFact::WriteRefused { .. }
            | RolloutFact::WriteInvalid { .. },
        )
        | Fact::OsUpgrade(
            OsUpgradeFact::Enabled { .. }
            | OsUpgradeFact::Disabled { .. }
            | OsUpgradeFact::Prevented { .. }
            | OsUpgradeFact::Eligible { .. }
            | OsUpgradeFact::Detected { .. }
            | OsUpgradeFact::AlreadyNewest { .. }
            | OsUpgradeFact::Waits { .. }
            | OsUpgradeFact::Dropped { .. }
            | OsUpgradeFact::WindowOpened { .. }
            | OsUpgradeFact::Tagged { .. }
            | OsUpgradeFact::Approved { .. }
            | OsUpgradeFact::Requested { .. }
            | OsUpgradeFact::CallRefused { .. }
            | OsUpgradeFact::AttemptEnded { .. }
            | OsUpgradeFact::RetryPlanned { .. }
            | OsUpgradeFact::Logged { .. },
        )
        | Fact::Repairs(_)
        // What it does to instances says so itself.
        | Fact::Octopus(_)
        | Fact::Flow(
            FlowFact::Remapped { .. }
            | FlowFact::Outlived { .. }
            | FlowFact::Draining { .. }
            | FlowFact::Silent { .. }
            | FlowFact::Speaks { .. },
        )
        | Fact::Operator(_)
        | Fact::Write(_)
        | Fact::Build(_)
        | Fact::Power(PowerFact::Deallocated { .. } | PowerFact::Stopped { .. } | PowerFact::StartRefused { .. })
        | Fact::Spot(
            SpotFact::WaveCame { .. }
            | SpotFact::CapacityShut { .. }
            | SpotFact::CapacityOpened { .. }
            | SpotFact::PriceMoved { .. }
            | SpotFact::EvictionDecided { .. }
            | SpotFact::Evicted { .. }
            | SpotFact::RestoreFailed { .. }
            | SpotFact::RestoreEnded { .. }
            | SpotFact::MixSet { .. },
        )
        | Fact::Notice(
            NoticeFact::ListeningStarted { .. }
            | NoticeFact::Raised { .. }
            | NoticeFact::Approved { .. }
            | NoticeFact::Held { .. },
        )
        | Fact::DeletionFailed { again: true, .. }
        | Fact::Maintenance(_)
        | Fact::Job(JobFact::Started { .. } | JobFact::Lost { .. })
        | Fact::Autoscale(_)
        | Fact::Place(_)
        | Fact::Agent(
            AgentFact::PoolCreated { .. }
            | AgentFact::Unhealthy { .. }
            | AgentFact::Saved { .. }
            | AgentFact::PoolGrows { .. }
            | AgentFact::PoolShrinks { .. }
            | AgentFact::PoolFull { .. }
            | AgentFact::StepTimedOut { .. },
        )
        | Fact::Environment(_)
        | Fact::Name(_)
        | Fact::Gateway(GatewayFact::Needs { .. } | GatewayFact::ScalesOut { .. } | GatewayFact::Drained { .. })
        // What cloud-init installs and starts says so itself.
        | Fact::Guest(
            GuestFact::CustomDataDone { .. }
            | GuestFact::CustomDataFailed { .. }
            | GuestFact::PayloadExpired { .. }
            | GuestFact::PayloadRenewed { .. }
            | GuestFact::ReleasePublished { .. },
        )
        | Fact::Fault(
            FaultFact::ZoneLost { .. }
            | FaultFact::ZoneBack { .. }
            | FaultFact::Started { .. }
            | FaultFact::Ended { .. }
            | FaultFact::ControlPlaneSlowed { .. }
            | FaultFact::BootsChanged { .. }
            | FaultFact::DeletesChanged { .. },
        )
        | Fact::Gallery(
            GalleryFact::VersionPublished { .. }
            | GalleryFact::ReplicationStarted { .. }
            | GalleryFact::ReplicationFailed { .. }
            | GalleryFact::ExclusionSet { .. }
            | GalleryFact::InstancesStay { .. }
            | GalleryFact::ImageResolved { .. }
            | GalleryFact::CreateQueued { .. }
            | GalleryFact::EndOfLifePassed { .. }
            | GalleryFact::VersionDeleted { .. }
            | GalleryFact::Usable { .. }
            | GalleryFact::SoftDeleted { .. }
            | GalleryFact::Restored { .. }
            | GalleryFact::HardDeleted { .. }
            | GalleryFact::ValidationStarted { .. }
            | GalleryFact::DefinitionWritten { .. }
            | GalleryFact::DefinitionRefused { .. }
            | GalleryFact::WriteRefused { .. },
        ) => {}
    }
}

/// Whether any room looks on that few plans have: most facts concern none of them, and it is asked of each.
pub(super) fn has_onlookers(plan: &Plan) -> bool {
    let kept_up = |set: &ScaleSet| set.upkeep.standby.is_some() || set.upkeep.rebalances;
    let outside = !plan.autoscale.is_empty() || plan.octopus.is_there() || !plan.agent_pools.is_empty();
    outside || plan.sets.iter().any(kept_up)
}

/// Wakes those of them that a fact concerns.
#[inline(never)]
fn onlookers(world: &World, cx: &mut Cx<'_>, record: &Record) {
    let cause = record.entry;
    if !cx.plan.autoscale.is_empty() && moves_load(&record.fact) {
        cx.wake(Wake::Autoscale, 0, cause);
    }
    refill(world, cx, record);
    zones_drift(world, cx, record);
    if cx.plan.octopus.is_there() && moves_target(&record.fact) {
        record.fact.instance().into_iter().for_each(|instance| cx.wake(Wake::Octopus, instance.0, cause));
    }
    if !cx.plan.agent_pools.is_empty() {
        agents_look(cx, record);
    }
}

/// Something that is asked of a set keeps its zones from being balanced for a while; and what changes about one of two
/// instances of which one is to replace the other brings their move on.
fn zones_drift(world: &World, cx: &mut Cx<'_>, record: &Record) {
    if !zone_balance::any(world) {
        return;
    }
    let of = |instance: InstanceId| world.instances.rows[instance.index()].set;
    let asked = if let Fact::CapacitySet { set, .. }
    | Fact::ModelChanged { set, .. }
    | Fact::InstanceCreated { set, .. }
    | Fact::Rollout(RolloutFact::Started { set, .. } | RolloutFact::Ended { set, .. }) = record.fact
    {
        Some(set)
    } else if let Fact::InstanceDeleting { instance, .. }
    | Fact::UpdateStarted { instance, .. }
    | Fact::ProtectionSet { instance, .. }
    | Fact::Power(PowerFact::Deallocated { instance } | PowerFact::Starting { instance })
    | Fact::Notice(NoticeFact::DeletionDeferred { instance }) = record.fact
    {
        Some(of(instance))
    } else {
        None
    };
    if let Some(set) = asked.filter(|&set| zone_balance::concerns(cx, set)) {
        cx.wake(Wake::ZoneWrite, set.0.into(), record.entry);
    }
    if let Fact::HealthReported { instance, .. }
    | Fact::InstanceProvisioned { instance }
    | Fact::InstanceDeleting { instance, .. }
    | Fact::Power(PowerFact::Deallocated { instance })
    | Fact::Notice(NoticeFact::DeletionDeferred { instance }) = record.fact
        && zone_balance::is_in_hand(world, of(instance), instance)
    {
        cx.wake(Wake::ZoneBalance, of(instance).0.into(), record.entry);
    }
}

/// The standby pool of a set is looked at when its count or its model changes.
fn refill(world: &World, cx: &mut Cx<'_>, record: &Record) {
    if !standby::any(world) {
        return;
    }
    let set = if let Fact::InstanceCreated { set, .. } | Fact::ModelChanged { set, .. } = record.fact {
        set
    } else if let Fact::InstanceDeleting { instance, .. } | Fact::Notice(NoticeFact::DeletionDeferred { instance }) =
        record.fact
    {
        world.instances.rows[instance.index()].set
    } else {
        return;
    };
    if standby::concerns(cx, set) {
        cx.wake(Wake::Standby, set.0.into(), record.entry);
    }
}

/// The templates in a region whose source is this definition may have something to build from (IB-15).
fn triggers(cx: &mut Cx<'_>, region: RegionId, image: ImageId, cause: Entry) {
    let definition = cx.plan.images[image.index()].version.definition;
    let follows = [ImageReference::Definition(definition), ImageReference::PlatformLatest(definition)];
    for (at, plan) in cx.plan.builders.iter().enumerate() {
        let of_source = plan.source.is_some_and(|source| follows.contains(&source));
        if plan.region == region.0 && of_source && !plan.more.triggered.is_empty() {
            cx.wake(Wake::ImageBuilder, at as u32, cause);
        }
    }
}

/// The sets in these regions may have another OS image to go to.
fn os_upgrades(world: &World, cx: &mut Cx<'_>, is: impl Fn(RegionId) -> bool, cause: Entry) {
    for (set, plan) in cx.plan.sets.iter().enumerate() {
        let set = SetId(set as u16);
        if is(RegionId(plan.region)) && os_upgrade::concerns(world, set) {
            cx.wake(Wake::OsUpgrade, set.0.into(), cause);
        }
    }
}

/// A machine of a pool of agents may be an agent from now on, or is none any more, or has done its job.
fn agents_look(cx: &mut Cx<'_>, record: &Record) {
    if let Fact::InstancePresent { instance, .. }
    | Fact::InstanceCreated { instance, .. }
    | Fact::InstanceBooted { instance }
    | Fact::InstanceProvisioned { instance }
    | Fact::InstanceDeleting { instance, .. }
    | Fact::InstanceDeleted { instance }
    | Fact::DeletionFailed { instance, again: false, .. }
    | Fact::UpdateStarted { instance, .. }
    | Fact::UpdateRefused { instance, .. }
    | Fact::BootFailed { instance }
    | Fact::ExtensionFailed { instance, .. }
    | Fact::ExtensionsTimedOut { instance }
    | Fact::Power(PowerFact::Deallocating { instance } | PowerFact::Stopping { instance })
    | Fact::Job(
        JobFact::Started { instance, .. } | JobFact::Ended { instance, .. } | JobFact::Lost { instance, .. },
    ) = record.fact
    {
        cx.wake(Wake::AgentPools, instance.0, record.entry);
    }
}

/// An environment of machines may have a target more, or one less.
fn registers(cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if cx.plan.pipelines.iter().any(|pipeline| pipeline.environment.is_some()) {
        cx.wake(Wake::Environments, instance.0, cause);
    }
}

/// The application on an instance may begin to ask for events.
fn listens(cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if cx.plan.application.events.is_some() {
        cx.wake(Wake::ScheduledEvents, instance.0, cause);
    }
}

/// An instance may begin to work, or work no more.
fn works(cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if cx.plan.has_jobs() {
        cx.wake(Wake::Jobs, instance.0, cause);
    }
}

/// An instance has no machine any more.
fn moved(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if world.instances.rows[instance.index()].spot {
        cx.wake(Wake::Spot, instance.0, cause);
    }
}

fn truth_changed(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    cx.wake(Wake::Application, instance.0, cause);
    answers_changed(world, cx, instance, cause);
}

/// Whoever waits until something is done with an instance looks again.
fn may_go_on(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    upgrade_may_go_on(world, cx, instance, cause);
    repairs_look(world, cx, instance, cause);
    disk_notice_may_end(world, cx, instance, cause);
}

/// The upgrade of its set may look at an instance again.
fn upgrade_may_go_on(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if rolling_upgrade::concerns(world, instance) {
        cx.wake(Wake::RollingUpgrade, instance.0, cause);
    }
}

/// A notice to the guest of an instance about its OS disk may be over.
fn disk_notice_may_end(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if scheduled_events::concerns(world, instance) {
        cx.wake(Wake::ScheduledEvents, instance.0, cause);
    }
}

/// Repairs may look at an instance again.
fn repairs_look(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if repairs::concerns(world, instance) {
        cx.wake(Wake::Repairs, instance.0, cause);
    }
}

/// Where the probe of a balancer is the health source of an instance, it may say otherwise.
fn probe_says(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if app_health::follows_probe(world, cx, instance) {
        cx.wake(Wake::HealthProbe, instance.0, cause);
    }
}

/// The balancers look at an instance, and whoever probes through them.
#[inline]
fn probes_look(cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    names_look(cx, instance, cause);
    cx.wake(Wake::LoadBalancer, instance.0, cause);
}

/// Whoever probes what leads to an instance from outside may be answered otherwise.
fn names_look(cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if cx.plan.has_names() {
        cx.wake(Wake::OutsideProbes, instance.0, cause);
    }
}

/// Whoever probes an instance may be answered otherwise.
fn answers_changed(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    probes_look(cx, instance, cause);
    if app_health::runs(world, instance) {
        cx.wake(Wake::AppHealth, instance.0, cause);
    }
}

/// Load presses only on who gets requests: whoever begins or ceases to, by a rotation or by a pool, answers otherwise.
fn load_presses(world: &World, cx: &mut Cx<'_>, instance: InstanceId, cause: Entry) {
    if !cx.plan.application.under_load.is_empty() {
        answers_changed(world, cx, instance, cause);
    }
}

fn members(world: &World, pool: PoolId) -> impl Iterator<Item = InstanceId> + '_ {
    let state = &world.load_balancer;
    state.pools[pool.index()].members.iter().map(|member| state.members[member.index()].instance)
}
