//! The document of Scheduled Events that a guest reads at `169.254.169.254/metadata/scheduledevents` (SE-08).

use super::{Kind, View};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use windtunnel_sim::azure::instances::{Provisioning, is_present};
use windtunnel_sim::azure::scheduled_events::{self, Listed};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{Fact, NoticeFact, NoticeKind};
use windtunnel_sim::world::ids::{Entry, InstanceId};

/// The document as an instance reads it; `None` where it has no machine that could ask.
pub fn of(view: &View<'_, '_>, instance: InstanceId) -> Option<Value> {
    let row = &view.instant.world.instances.rows[instance.index()];
    if !row.booted || !is_present(row) && row.state != Provisioning::Deleting {
        return None;
    }
    let events = listed(view, instance);
    let body = |(listed, started): &(Listed, Option<SimTime>)| event(view, listed, started.is_some());
    Some(json!({
        "DocumentIncarnation": incarnation(view, instance),
        "Events": events.iter().map(body).collect::<Vec<_>>(),
    }))
}

/// The instances to which something is announced now.
pub fn announced(view: &View<'_, '_>) -> BTreeSet<InstanceId> {
    let mut all = BTreeSet::new();
    for record in &view.instant.ledger {
        let Fact::Notice(fact) = record.fact else { continue };
        match fact {
            NoticeFact::Raised { instance, .. } => _ = all.insert(instance),
            NoticeFact::Ended { instance, .. } => _ = all.remove(&instance),
            _ => {}
        }
    }
    all
}

/// Whether an instance reads of the events of another: all of a placement group do, whatever their zone (SE-07).
fn reads_of(view: &View<'_, '_>, instance: InstanceId, other: InstanceId) -> bool {
    let rows = &view.instant.world.instances.rows;
    let (row, of) = (&rows[instance.index()], &rows[other.index()]);
    instance == other || (row.set == of.set && row.at.group == of.at.group && view.on(rules::SE_07))
}

/// An event as the ledger has it: the entry that raised it, whose it is, its kind, and when it started.
type Open = (Entry, InstanceId, NoticeKind, Option<SimTime>);

/// The events in the list of an instance, each with when it started.
fn listed(view: &View<'_, '_>, instance: InstanceId) -> Vec<(Listed, Option<SimTime>)> {
    let mut open: Vec<Open> = Vec::new();
    for record in &view.instant.ledger {
        let gone = match record.fact {
            Fact::InstanceDeleted { instance } => Some(instance),
            _ => None,
        };
        open.retain(|(_, of, ..)| Some(*of) != gone);
        let Fact::Notice(fact) = record.fact else { continue };
        let Some(of) = fact.instance() else { continue };
        if !reads_of(view, instance, of) {
            continue;
        }
        match fact {
            NoticeFact::Raised { kind, .. } => open.push((record.entry, of, kind, None)),
            NoticeFact::Started { kind, .. } => {
                let is = |(_, whose, what, started): &&mut Open| *whose == of && *what == kind && started.is_none();
                if let Some(event) = open.iter_mut().find(is) {
                    event.3 = Some(record.time);
                }
            }
            NoticeFact::Ended { kind, .. } => {
                let is = |(_, whose, what, started): &Open| *whose == of && *what == kind && started.is_some();
                if let Some(at) = open.iter().position(is) {
                    open.remove(at);
                }
            }
            _ => {}
        }
    }
    let all: Vec<Listed> = scheduled_events::listed(&view.instant.world).collect();
    let of = |(raised, .., started): Open| {
        all.iter().find(|listed| listed.raised == raised).map(|listed| (*listed, started))
    };
    open.into_iter().filter_map(of).collect()
}

/// How often the list changed: it rises when an event comes, starts, or goes.
fn incarnation(view: &View<'_, '_>, instance: InstanceId) -> usize {
    let changes = |fact: &NoticeFact| {
        let changes = matches!(fact, NoticeFact::Raised { .. } | NoticeFact::Started { .. } | NoticeFact::Ended { .. });
        changes && fact.instance().is_some_and(|of| reads_of(view, instance, of))
    };
    let ledger = view.instant.ledger.iter();
    1 + ledger.filter(|record| matches!(&record.fact, Fact::Notice(fact) if changes(fact))).count()
}

fn event(view: &View<'_, '_>, listed: &Listed, started: bool) -> Value {
    let (kind, source, description) = match listed.kind {
        NoticeKind::Freeze => {
            ("Freeze", "Platform", "Virtual machine is going to be paused for maintenance of its host.")
        }
        NoticeKind::Reboot => ("Reboot", "Platform", "Virtual machine is going to be restarted."),
        // Which type an OS image event has is not published (OS-16).
        NoticeKind::OsImage => ("Reboot", "Platform", "Virtual machine is going to get a new OS image."),
        NoticeKind::Redeploy => ("Redeploy", "Platform", "Virtual machine is going to be moved to another host."),
        NoticeKind::Preempt => ("Preempt", "Platform", "Azure Spot virtual machine is going to be evicted."),
        NoticeKind::Terminate => ("Terminate", "User", "Virtual machine is going to be deleted."),
    };
    // How long it takes is not announced; −1 says so.
    let mut body = json!({
        "EventId": view.guid(Kind::Event, u64::from(listed.raised.0) << 2).to_uppercase(),
        "EventType": kind,
        "ResourceType": "VirtualMachine",
        "Resources": [view.instant.names.instance(listed.instance)],
        "EventStatus": if started { "Started" } else { "Scheduled" },
        "NotBefore": not_before(view, listed.not_before),
        "Description": description,
        "EventSource": source,
        "DurationInSeconds": -1,
    });
    // Blank once it has started.
    if started && view.on(rules::SE_08) {
        body["NotBefore"] = "".into();
    }
    body
}

/// As HTTP writes dates: `Mon, 19 Sep 2016 18:29:47 GMT`.
fn not_before(view: &View<'_, '_>, at: SimTime) -> String {
    let ms = view.instant.plan().start_unix_ms.saturating_add_unsigned(at.ms());
    let civil = jiff::Timestamp::from_millisecond(ms).ok();
    civil.map_or_else(String::new, |civil| civil.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}
