//! Power, Spot, notices to guests, hosts and jobs in words.

use super::{Names, operator, pairs, refusal_code, refusal_reason, whom};
use windtunnel_sim::plan::{HostWork, MaintenanceKind, PowerAct, SpotAct, Which};
use windtunnel_sim::world::fact::{
    EvictionCause, JobFact, MaintenanceFact, NoticeFact, NoticeKind, PowerFact, SpotFact,
};
use windtunnel_sim::world::ids::{RegionId, SetId};

/// What an act about Spot does.
pub fn spot_act(names: &Names<'_>, act: &SpotAct) -> String {
    match act {
        SpotAct::Evict { set, zones, share, .. } => {
            let zones: Vec<String> = zones.iter().map(ToString::to_string).collect();
            let place = if zones.is_empty() { String::new() } else { format!(" in zone {}", zones.join(", ")) };
            format!("Azure takes back {}% of the Spot instances of {}{place}", share * 100.0, names.set(SetId(*set)))
        }
        SpotAct::Simulate { set, which } => {
            format!("simulate the eviction of {} of {}", whom(which), names.set(SetId(*set)))
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
    format!("{verb} {} of {}", whom(which), names.set(SetId(set)))
}

/// What happens to hosts.
pub fn maintenance_act(names: &Names<'_>, act: &HostWork) -> String {
    let what = match act.kind {
        MaintenanceKind::Freeze => "the hosts are updated while machines are frozen, under",
        MaintenanceKind::LiveMigration => "live migration of",
        MaintenanceKind::Reboot => "maintenance that reboots",
        MaintenanceKind::HostFault => "a fault of the host software under",
        MaintenanceKind::HostDead => "the hosts die under",
        MaintenanceKind::StorageOut => "the storage is out of reach for",
        MaintenanceKind::Degraded => "the hardware is predicted to fail under",
    };
    format!("{what} {} of {}", whom(&act.which), names.set(SetId(act.set)))
}

/// The kind of a fact about power, as written in tables.
pub const fn power_what(fact: &PowerFact) -> &'static str {
    match fact {
        PowerFact::DeallocationBegan { .. } => "deallocationBegan",
        PowerFact::Deallocated { .. } => "deallocated",
        PowerFact::StopBegan { .. } => "stopBegan",
        PowerFact::Stopped { .. } => "stopped",
        PowerFact::StartBegan { .. } => "startBegan",
        PowerFact::StartRefused { .. } => "startRefused",
    }
}

/// The details of a fact about power.
pub fn power_detail(fact: &PowerFact) -> String {
    match *fact {
        PowerFact::StartRefused { why, .. } => pairs(&[("why", &refusal_code(why))]),
        PowerFact::DeallocationBegan { .. }
        | PowerFact::Deallocated { .. }
        | PowerFact::StopBegan { .. }
        | PowerFact::Stopped { .. }
        | PowerFact::StartBegan { .. } => String::new(),
    }
}

/// A fact about power as a sentence.
pub fn power_sentence(who: &str, fact: &PowerFact) -> String {
    match *fact {
        PowerFact::DeallocationBegan { .. } => format!("{who} is to be deallocated: its system shuts down"),
        PowerFact::StopBegan { .. } => format!("{who} is to be stopped: its system shuts down"),
        PowerFact::Stopped { .. } => format!("{who} is stopped, and keeps its machine"),
        PowerFact::Deallocated { .. } => {
            format!("{who} is deallocated: it keeps its place in the set, without a machine")
        }
        PowerFact::StartBegan { .. } => format!("{who} is started again"),
        PowerFact::StartRefused { why, .. } => format!("{who} cannot be started: {}", refusal_reason(why)),
    }
}

/// The kind of a fact about Spot, as written in tables.
pub const fn spot_what(fact: &SpotFact) -> &'static str {
    match fact {
        SpotFact::Placed { .. } => "spotPlaced",
        SpotFact::WaveCame { .. } => "evictionWave",
        SpotFact::CapacityShut { .. } => "spotCapacityShut",
        SpotFact::CapacityOpened { .. } => "spotCapacityOpened",
        SpotFact::PriceMoved { .. } => "spotPriceMoved",
        SpotFact::EvictionDecided { .. } => "evictionDecided",
        SpotFact::Evicted { .. } => "evicted",
        SpotFact::RestoreFailed { .. } => "restoreFailed",
        SpotFact::RestoreEnded { .. } => "restoreEnded",
        SpotFact::MixSet { .. } => "priorityMixSet",
    }
}

/// Whom a fact about Spot is about that is about no instance.
pub fn spot_about<'a>(names: &'a Names<'_>, fact: &SpotFact) -> Option<&'a str> {
    match *fact {
        SpotFact::WaveCame { region, .. }
        | SpotFact::CapacityShut { region, .. }
        | SpotFact::CapacityOpened { region, .. }
        | SpotFact::PriceMoved { region, .. } => Some(names.region(region)),
        SpotFact::MixSet { set, .. } => Some(names.set(set)),
        SpotFact::Placed { .. }
        | SpotFact::EvictionDecided { .. }
        | SpotFact::Evicted { .. }
        | SpotFact::RestoreFailed { .. }
        | SpotFact::RestoreEnded { .. } => None,
    }
}

const fn cause_code(why: EvictionCause) -> &'static str {
    match why {
        EvictionCause::Capacity => "capacity",
        EvictionCause::Price => "price",
        EvictionCause::Simulated => "simulateEviction",
    }
}

/// The details of a fact about Spot.
pub fn spot_detail(fact: &SpotFact) -> String {
    match *fact {
        SpotFact::WaveCame { zone, .. }
        | SpotFact::CapacityShut { zone, .. }
        | SpotFact::CapacityOpened { zone, .. } => pairs(&[("zone", &zone)]),
        SpotFact::PriceMoved { to, .. } => pairs(&[("to", &price(to))]),
        SpotFact::EvictionDecided { why, .. } | SpotFact::Evicted { why, .. } => pairs(&[("why", &cause_code(why))]),
        SpotFact::MixSet { base, percent, .. } => pairs(&[("base", &base), ("percentAbove", &percent)]),
        SpotFact::Placed { .. } | SpotFact::RestoreFailed { .. } | SpotFact::RestoreEnded { .. } => String::new(),
    }
}

/// Millionths of a credit, in credits.
fn price(millionths: u64) -> f64 {
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
            format!("Azure takes Spot capacity back in {}", place(names, region, zone))
        }
        SpotFact::CapacityShut { region, zone } => format!("{} has no Spot capacity", place(names, region, zone)),
        SpotFact::CapacityOpened { region, zone } => {
            format!("{} has Spot capacity again", place(names, region, zone))
        }
        SpotFact::PriceMoved { region, to } => {
            format!("the Spot price in {} is {} credits an hour", names.region(region), price(to))
        }
        SpotFact::EvictionDecided { why: EvictionCause::Capacity, .. } => {
            format!("{who} is to be evicted: Azure needs its capacity")
        }
        SpotFact::EvictionDecided { why: EvictionCause::Price, .. } => {
            format!("{who} is to be evicted: the price is above what its set pays at most")
        }
        SpotFact::EvictionDecided { why: EvictionCause::Simulated, .. } => {
            format!("{who} is to be evicted, by simulateEviction")
        }
        SpotFact::Evicted { .. } => format!("{who} is evicted"),
        SpotFact::RestoreFailed { .. } => format!("a try to bring {who} back fails"),
        SpotFact::RestoreEnded { .. } => format!("no more tries are made to bring {who} back"),
        SpotFact::MixSet { set, base, percent } => {
            format!("{} is to have {base} regular instances and {percent}% of those above", names.set(set))
        }
    }
}

/// The kind of a fact about notices, as written in tables.
pub const fn notice_what(fact: &NoticeFact) -> &'static str {
    match fact {
        NoticeFact::ListeningBegan { .. } => "scheduledEventsOn",
        NoticeFact::DeletionDeferred { .. } => "deletionDeferred",
        NoticeFact::DiskDeferred { .. } => "osDiskDeferred",
        NoticeFact::Raised { .. } => "eventScheduled",
        NoticeFact::Seen { .. } => "eventSeen",
        NoticeFact::Overheard { .. } => "eventOverheard",
        NoticeFact::OverheardEnded { .. } => "overheardEventEnded",
        NoticeFact::Approved { .. } => "eventApproved",
        NoticeFact::Held { .. } => "eventHeld",
        NoticeFact::Started { .. } => "eventStarted",
        NoticeFact::Ended { .. } => "eventGone",
    }
}

/// Azure's word for the kind of an event.
const fn kind_word(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Freeze => "Freeze",
        NoticeKind::Reboot | NoticeKind::OsImage => "Reboot",
        NoticeKind::Redeploy => "Redeploy",
        NoticeKind::Preempt => "Preempt",
        NoticeKind::Terminate => "Terminate",
    }
}

/// The details of a fact about notices.
pub fn notice_detail(names: &Names<'_>, fact: &NoticeFact) -> String {
    if let NoticeFact::Overheard { of, kind, .. } | NoticeFact::OverheardEnded { of, kind, .. } = *fact {
        return pairs(&[("eventType", &kind_word(kind)), ("of", &names.instance(of))]);
    }
    fact.kind().map_or_else(String::new, |kind| pairs(&[("eventType", &kind_word(kind))]))
}

/// A fact about notices as a sentence.
pub fn notice_sentence(names: &Names<'_>, who: &str, fact: &NoticeFact) -> String {
    let kind = fact.kind().map_or("", kind_word);
    match fact {
        NoticeFact::ListeningBegan { .. } => format!("{who} gets its first answer on scheduled events"),
        NoticeFact::DeletionDeferred { .. } => {
            format!("{who} is to be deleted, and leaves the set; its guest is told first")
        }
        NoticeFact::DiskDeferred { .. } => {
            format!("{who} is to get a new OS disk; its guest is told first, and runs on meanwhile")
        }
        NoticeFact::Raised { .. } => format!("a {kind} event of {who} is scheduled"),
        NoticeFact::Seen { .. } => format!("the application on {who} sees its {kind} event"),
        NoticeFact::Overheard { of, .. } => {
            format!(
                "the application on {who} sees the {kind} event of {}, and takes it for its own",
                names.instance(*of)
            )
        }
        NoticeFact::OverheardEnded { of, .. } => {
            format!("the application on {who} no longer acts on the {kind} event of {}", names.instance(*of))
        }
        NoticeFact::Approved { .. } => format!("the application on {who} approves its {kind} event"),
        NoticeFact::Held { .. } => format!("the {kind} of {who} waits for others of its set that are not approved"),
        NoticeFact::Started { .. } => format!("the {kind} event of {who} starts"),
        NoticeFact::Ended { .. } => format!("the {kind} event of {who} is gone from the list"),
    }
}

/// The kind of a fact about hosts, as written in tables.
pub const fn maintenance_what(fact: &MaintenanceFact) -> &'static str {
    match fact {
        MaintenanceFact::TurnCame { .. } => "maintenanceTurn",
        MaintenanceFact::ImpactBegan { .. } => "impactBegan",
        MaintenanceFact::ImpactEnded { .. } => "impactEnded",
    }
}

/// Whom a fact about hosts is about that is about no instance.
pub fn maintenance_about<'a>(names: &'a Names<'_>, fact: &MaintenanceFact) -> Option<&'a str> {
    match *fact {
        MaintenanceFact::TurnCame { set, .. } => Some(names.set(set)),
        MaintenanceFact::ImpactBegan { .. } | MaintenanceFact::ImpactEnded { .. } => None,
    }
}

/// The key of a kind of maintenance.
const fn trouble_code(kind: MaintenanceKind) -> &'static str {
    match kind {
        MaintenanceKind::Freeze => "freeze",
        MaintenanceKind::LiveMigration => "liveMigration",
        MaintenanceKind::Reboot => "reboot",
        MaintenanceKind::HostFault => "hostFault",
        MaintenanceKind::HostDead => "hostDead",
        MaintenanceKind::StorageOut => "storageOut",
        MaintenanceKind::Degraded => "degradedHost",
    }
}

/// The details of a fact about hosts.
pub fn maintenance_detail(fact: &MaintenanceFact) -> String {
    match *fact {
        MaintenanceFact::TurnCame { zone, fault_domain, .. } => pairs(&[("zone", &zone), ("domain", &fault_domain)]),
        MaintenanceFact::ImpactBegan { kind, .. } | MaintenanceFact::ImpactEnded { kind, .. } => {
            pairs(&[("kind", &trouble_code(kind))])
        }
    }
}

/// A fact about hosts as a sentence.
pub fn maintenance_sentence(names: &Names<'_>, who: &str, fact: &MaintenanceFact) -> String {
    match *fact {
        MaintenanceFact::TurnCame { set, zone, fault_domain } => {
            let zone = if zone == 0 { String::new() } else { format!(" of zone {zone}") };
            format!("it is the turn of domain {fault_domain}{zone} of {}", names.set(set))
        }
        MaintenanceFact::ImpactBegan { kind, .. } => match kind {
            MaintenanceKind::Freeze => format!("the host of {who} is updated"),
            MaintenanceKind::LiveMigration => format!("{who} moves to another host"),
            MaintenanceKind::Reboot => format!("{who} is moved for maintenance, and reboots"),
            MaintenanceKind::HostFault => format!("the host software under {who} fails"),
            MaintenanceKind::HostDead => format!("the host of {who} is dead"),
            MaintenanceKind::StorageOut => format!("the storage of {who} is out of reach"),
            MaintenanceKind::Degraded => format!("{who} is moved away from hardware that is predicted to fail"),
        },
        MaintenanceFact::ImpactEnded { .. } => format!("what was done to the host of {who} is over"),
    }
}

/// The kind of a fact about jobs, as written in tables.
pub const fn job_what(fact: &JobFact) -> &'static str {
    match fact {
        JobFact::Queued { .. } => "jobQueued",
        JobFact::Started { .. } => "jobStarted",
        JobFact::Finished { .. } => "jobFinished",
        JobFact::Lost { .. } => "jobLost",
    }
}

/// The details of a fact about jobs.
pub fn job_detail(fact: &JobFact) -> String {
    match *fact {
        JobFact::Queued { job } | JobFact::Started { job, .. } | JobFact::Finished { job, .. } => {
            pairs(&[("job", &job)])
        }
        JobFact::Lost { job, worked_ms, .. } => pairs(&[("job", &job), ("worked_s", &(worked_ms as f64 / 1000.0))]),
    }
}

/// A fact about jobs as a sentence.
pub fn job_sentence(who: &str, fact: &JobFact) -> String {
    match *fact {
        JobFact::Queued { job } => format!("job {job} comes"),
        JobFact::Started { job, .. } => format!("{who} begins job {job}"),
        JobFact::Finished { job, .. } => format!("{who} is done with job {job}"),
        JobFact::Lost { job, worked_ms, .. } => {
            format!("job {job} is lost with {who}, after {:.0} s of work", worked_ms as f64 / 1000.0)
        }
    }
}
