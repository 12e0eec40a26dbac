//! Power, Spot, notices to guests, hosts and jobs in words.

use super::{Names, operator, refusal_reason, selected};
use windtunnel_sim::plan::{HostWork, MaintenanceKind, PowerAct, SpotAct, Which};
use windtunnel_sim::world::fact::{EvictionCause, JobFact, MaintenanceFact, NoticeFact, PowerFact, SpotFact};
use windtunnel_sim::world::ids::{RegionId, SetId};

/// What an act about Spot does.
pub fn spot_act(names: &Names<'_>, act: &SpotAct) -> String {
    match act {
        SpotAct::Evict { set, zones, share, .. } => {
            let zones: Vec<String> = zones.iter().map(ToString::to_string).collect();
            let place = if zones.is_empty() { String::new() } else { format!(" in zone {}", zones.join(", ")) };
            format!("Azure evicts {}% of the Spot instances of {}{place}", share * 100.0, names.set(SetId(*set)))
        }
        SpotAct::Simulate { set, which } => {
            format!("simulate the eviction of {} of {}", selected(which), names.set(SetId(*set)))
        }
        SpotAct::SetMix { set, mix } => {
            let name = names.set(SetId(*set));
            format!("set the priority mix of {name} to {} and {}% above", mix.base, mix.percent)
        }
    }
}

/// What an act on the power of instances does.
pub fn power_act(names: &Names<'_>, set: u16, which: &Which, how: PowerAct) -> String {
    let verb = operator::verb(how);
    format!("{verb} {} of {}", selected(which), names.set(SetId(set)))
}

/// What happens to hosts.
pub fn maintenance_act(names: &Names<'_>, act: &HostWork) -> String {
    let what = match act.kind {
        MaintenanceKind::Freeze => "the hosts are updated while machines are frozen, under",
        MaintenanceKind::LiveMigration => "live migration of",
        MaintenanceKind::Reboot => "maintenance that reboots",
        MaintenanceKind::HostFault => "a fault of the host software under",
        MaintenanceKind::HostDead => "the hosts die under",
        MaintenanceKind::StorageOut => "the storage is unreachable for",
        MaintenanceKind::Degraded => "the hardware is predicted to fail under",
    };
    format!("{what} {} of {}", selected(&act.which), names.set(SetId(act.set)))
}

/// A fact about power as a sentence.
pub fn power_sentence(who: &str, fact: &PowerFact) -> String {
    match *fact {
        PowerFact::Deallocating { .. } => format!("{who} is being deallocated: its system shuts down"),
        PowerFact::Stopping { .. } => format!("{who} is being stopped: its system shuts down"),
        PowerFact::Stopped { .. } => format!("{who} is stopped, and keeps its machine"),
        PowerFact::Deallocated { .. } => {
            format!("{who} is deallocated: it keeps its place in the set, without a machine")
        }
        PowerFact::Starting { .. } => format!("{who} is started again"),
        PowerFact::StartRefused { why, .. } => format!("{who} cannot be started: {}", refusal_reason(why)),
    }
}

/// Millionths of a credit, in credits.
pub(super) fn price(millionths: u64) -> f64 {
    millionths as f64 / 1e6
}

fn place(names: &Names<'_>, region: RegionId, zone: u8) -> String {
    let region = names.region(region);
    if zone == 0 { region.to_owned() } else { format!("zone {zone} of {region}") }
}

/// A fact about Spot as a sentence.
pub fn spot_sentence(names: &Names<'_>, who: &str, fact: &SpotFact) -> String {
    match *fact {
        SpotFact::Placed { .. } => format!("{who} is a Spot instance"),
        SpotFact::WaveCame { region, zone } => {
            format!("Azure takes back Spot capacity in {}", place(names, region, zone))
        }
        SpotFact::CapacityShut { region, zone } => format!("{} has no Spot capacity", place(names, region, zone)),
        SpotFact::CapacityOpened { region, zone } => {
            format!("{} has Spot capacity again", place(names, region, zone))
        }
        SpotFact::PriceMoved { region, to } => {
            format!("the Spot price in {} is {} credits per hour", names.region(region), price(to))
        }
        SpotFact::EvictionDecided { why: EvictionCause::Capacity, .. } => {
            format!("{who} will be evicted: Azure needs its capacity")
        }
        SpotFact::EvictionDecided { why: EvictionCause::Price, .. } => {
            format!("{who} will be evicted: the price is above the max price of its set")
        }
        SpotFact::EvictionDecided { why: EvictionCause::Simulated, .. } => {
            format!("{who} will be evicted, by simulateEviction")
        }
        SpotFact::Evicted { .. } => format!("{who} is evicted"),
        SpotFact::RestoreFailed { .. } => format!("an attempt to restore {who} fails"),
        SpotFact::RestoreEnded { .. } => format!("Azure stops its attempts to restore {who}"),
        SpotFact::MixSet { set, base, percent } => {
            format!("{} must have {base} regular instances and {percent}% of those above", names.set(set))
        }
    }
}

/// A fact about notices as a sentence.
pub fn notice_sentence(names: &Names<'_>, who: &str, fact: &NoticeFact) -> String {
    match *fact {
        NoticeFact::ListeningStarted { .. } => format!("{who} gets its first answer about scheduled events"),
        NoticeFact::DeletionDeferred { .. } => {
            format!("{who} is to be deleted, and leaves the set; its guest gets a notice first")
        }
        NoticeFact::DiskDeferred { .. } => {
            format!("{who} is to get a new OS disk; its guest gets a notice first, and runs on meanwhile")
        }
        NoticeFact::Raised { kind, .. } => format!("a {} event of {who} is scheduled", kind.word()),
        NoticeFact::Seen { kind, .. } => format!("the application on {who} sees its {} event", kind.word()),
        NoticeFact::ForeignSeen { of, kind, .. } => {
            format!(
                "the application on {who} sees the {} event of {}, and acts as if it were its own",
                kind.word(),
                names.instance(of)
            )
        }
        NoticeFact::ForeignEnded { of, kind, .. } => {
            format!("the application on {who} no longer acts on the {} event of {}", kind.word(), names.instance(of))
        }
        NoticeFact::Approved { kind, .. } => format!("the application on {who} approves its {} event", kind.word()),
        NoticeFact::Held { kind, .. } => {
            format!("the {} of {who} waits for others of its set without approval", kind.word())
        }
        NoticeFact::Started { kind, .. } => format!("the {} event of {who} starts", kind.word()),
        NoticeFact::Ended { kind, .. } => format!("the {} event of {who} leaves the list", kind.word()),
    }
}

/// A fact about hosts as a sentence.
pub fn maintenance_sentence(names: &Names<'_>, who: &str, fact: &MaintenanceFact) -> String {
    match *fact {
        MaintenanceFact::TurnCame { set, zone, fault_domain } => {
            let zone = if zone == 0 { String::new() } else { format!(" of zone {zone}") };
            format!("maintenance reaches domain {fault_domain}{zone} of {}", names.set(set))
        }
        MaintenanceFact::ImpactStarted { kind, .. } => match kind {
            MaintenanceKind::Freeze => format!("the host of {who} is updated"),
            MaintenanceKind::LiveMigration => format!("{who} moves to another host"),
            MaintenanceKind::Reboot => format!("{who} is moved for maintenance, and reboots"),
            MaintenanceKind::HostFault => format!("the host software under {who} fails"),
            MaintenanceKind::HostDead => format!("the host of {who} dies"),
            MaintenanceKind::StorageOut => format!("the storage of {who} is unreachable"),
            MaintenanceKind::Degraded => format!("{who} moves away from hardware that is predicted to fail"),
        },
        MaintenanceFact::ImpactEnded { .. } => format!("what was done to the host of {who} is over"),
    }
}

/// A fact about jobs as a sentence.
pub fn job_sentence(names: &Names<'_>, who: &str, fact: &JobFact) -> String {
    match *fact {
        JobFact::Queued { job } => format!("job {job} comes"),
        JobFact::QueuedFor { pool, stream, job } => {
            format!("job {job} of {} comes for {who}", names.job_stream(pool, stream))
        }
        JobFact::Started { job, .. } => format!("{who} starts job {job}"),
        JobFact::Ended { job, .. } => format!("{who} finishes job {job}"),
        JobFact::Lost { job, worked_ms, .. } => {
            format!("job {job} is lost with {who}, after {:.0} s of work", worked_ms as f64 / 1000.0)
        }
    }
}
