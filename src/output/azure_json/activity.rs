//! The activity log of a run: every operation with the notices that Azure writes of it, the newest first.
//!
//! An operation has up to three notices: that it was asked for (Started), what came of asking (Accepted, or Failed), and what
//! came of it (Succeeded or Failed, with the error) (RS-10). One correlation id goes with all of them, and with what the same
//! entry of the timeline began. What autoscale does has a notice of its own beside the write that it makes.

use super::errors::OperationError;
use super::operations::{self, Caller, Operation, Outcome, Target};
use super::{Kind, View, version};
use crate::input::arm::shape::AUTOSCALE;
use serde_json::{Value, json};
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::plan::{Act, Write};
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{AutoscaleFact, Fact, Field, Record};
use windtunnel_sim::world::ids::{AutoscaleId, Entry, SetId};

/// Microseconds and more of .NET's clock before 1970.
const TICKS_BEFORE_1970: i128 = 621_355_968_000_000_000;

/// A notice of the log: when, in which order, and its body.
type Notice = (SimTime, Entry, u8, Value);

/// The log of the whole run, or of what concerns one set.
pub fn log(view: &View<'_, '_>, of: Option<SetId>) -> Value {
    let concerns = |target: Target| of.is_none_or(|set| target == Target::Set(set));
    // Of the upgrades that Azure begins itself nobody would know otherwise (RS-10).
    let is_listed = |operation: &Operation| {
        let by_itself = operation.caller == Caller::Platform && operation.name == operations::OS_UPGRADE;
        !by_itself || view.on(rules::RS_10)
    };
    let operations = operations::all(view).into_iter();
    let operations = operations.filter(|operation| concerns(operation.target) && is_listed(operation));
    let mut notices: Vec<Notice> = operations.flat_map(|operation| notices(view, &operation)).collect();
    for record in &view.instant.ledger {
        let Fact::Autoscale(fact) = record.fact else { continue };
        let Some(Field::Setting(setting)) = fact.subject() else { continue };
        let set = SetId(view.instant.plan().autoscale[setting.index()].set);
        if concerns(Target::Set(set)) {
            notices
                .extend(scaling(view, record, (setting, set), fact).map(|body| (record.time, record.entry, 1, body)));
        }
    }
    notices.sort_by_key(|(time, entry, step, _)| std::cmp::Reverse((*time, *entry, *step)));
    json!({ "value": notices.into_iter().map(|(.., body)| body).collect::<Vec<_>>() })
}

fn notices(view: &View<'_, '_>, operation: &Operation) -> Vec<Notice> {
    let (began, entry) = (operation.began, operation.entry);
    let mut all = vec![(began, entry, 0, notice(view, operation, (began, entry, 0), ("Started", "", None)))];
    let outcome = operation.outcome(view);
    let (ended, last) = operation.ended.unwrap_or((began, entry));
    let at_once = operation.ended.is_some() && ended == began;
    if !operation.refused && !at_once {
        all.push((began, entry, 2, notice(view, operation, (began, entry, 2), ("Accepted", "Accepted", None))));
    }
    let said = match &outcome {
        None => return all,
        Some(Outcome::Succeeded) => ("Succeeded", "OK", None),
        Some(Outcome::Canceled) => ("Canceled", "", None),
        Some(Outcome::Failed(error)) if operation.refused => ("Failed", http(error), Some(error)),
        Some(Outcome::Failed(error)) => ("Failed", "Conflict", Some(error)),
    };
    all.push((ended, last, 3, notice(view, operation, (ended, last, 3), said)));
    all
}

/// The words of HTTP for a request that was refused.
fn http(error: &OperationError) -> &'static str {
    match error.code.as_str() {
        "InvalidParameter" => "BadRequest",
        "NotFound" => "NotFound",
        _ => "Conflict",
    }
}

/// One notice of an operation.
fn notice(
    view: &View<'_, '_>,
    operation: &Operation,
    (at, entry, step): (SimTime, Entry, u8),
    (status, sub, error): (&'static str, &'static str, Option<&OperationError>),
) -> Value {
    let machine = operation.machine.map(|machine| format!("virtualMachines/{}", view.instant.names.instance(machine)));
    let id = machine.unwrap_or_else(|| match operation.target {
        Target::Set(set) => format!("virtualMachineScaleSets/{}", view.instant.names.set(set)),
        Target::Version(image) => {
            let number = view.number(image).unwrap_or_default();
            format!("images/{}/versions/{number}", version::definition(view, image))
        }
        Target::Network(action) => match &view.instant.plan().timeline[action.index()].what {
            Act::Write(Write { resource, gateway: Some(_), .. }) => format!("applicationGateways/{resource}"),
            Act::Write(Write { resource, .. }) => format!("loadBalancers/{resource}"),
            _ => unreachable!("only writes change the network"),
        },
        Target::Template(builder) => {
            format!("imageTemplates/{}", view.instant.plan().builders[builder.index()].name)
        }
    });
    let kind = operation.name.trim_end_matches("/action").rsplit_once('/').map_or("", |(kind, _)| kind);
    // What is asked of instances through their set is about the set.
    let of_set = kind.trim_end_matches("/virtualMachines").trim_end_matches("/rollingUpgrades");
    let kind = if operation.machine.is_some() { kind } else { of_set };
    let provider = kind.split('/').next().unwrap_or_default();
    let event = view.guid(Kind::Event, u64::from(entry.0) << 2 | u64::from(step));
    let correlation = view.guid(Kind::Entry, u64::from(operation.entry.0));
    let name = if step == 0 { ("BeginRequest", "Begin request") } else { ("EndRequest", "End request") };
    let caller = match operation.caller {
        Caller::User => "user@example.com",
        Caller::Autoscale(_) => AUTOSCALE,
        Caller::Platform => "Microsoft.Compute",
    };
    let mut properties = json!({});
    if !sub.is_empty() {
        properties["statusCode"] = sub.into();
    }
    if let Some(error) = error {
        properties["statusMessage"] = message(error, operation.refused).to_string().into();
    }
    json!({
        "authorization": { "action": operation.name, "scope": id },
        "caller": caller,
        "category": text("Administrative", "Administrative"),
        "correlationId": correlation,
        "description": "",
        "eventDataId": event,
        "eventName": text(name.0, name.1),
        "eventTimestamp": view.time(at),
        "id": format!("{id}/events/{event}/ticks/{}", ticks(view, at)),
        "level": if error.is_some() { "Error" } else { "Informational" },
        "operationId": correlation,
        "operationName": text(operation.name, shown(operation.name)),
        "properties": properties,
        "resourceId": id,
        "resourceProviderName": text(provider, provider),
        "resourceType": text(kind, kind),
        "status": text(status, status),
        "subStatus": text(sub, sub),
        "submissionTimestamp": view.time(at),
    })
}

/// What a request was answered with; an operation that was accepted first ends with what its resource came to.
fn message(error: &OperationError, refused: bool) -> Value {
    if refused {
        return json!({ "error": error.body() });
    }
    json!({
        "status": "Failed",
        "error": {
            "code": "ResourceOperationFailure",
            "message": "The resource operation completed with terminal provisioning state 'Failed'.",
            "details": [error.body()],
        },
    })
}

fn text(value: &str, shown: &str) -> Value {
    json!({ "value": value, "localizedValue": shown })
}

/// Ticks of .NET: tenths of a microsecond since the year 1.
fn ticks(view: &View<'_, '_>, at: SimTime) -> i128 {
    (i128::from(view.instant.plan().start_unix_ms) + i128::from(at.ms())) * 10_000 + TICKS_BEFORE_1970
}

/// What the portal calls an operation.
pub fn shown(name: &str) -> &str {
    let Some((kind, verb)) = name.trim_end_matches("/action").rsplit_once('/') else { return name };
    match (kind.rsplit('/').next().unwrap_or_default(), verb) {
        ("virtualMachineScaleSets", "write") => "Create or Update Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "manualUpgrade") => "Manual Upgrade Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "osRollingUpgrade") => "OS Rolling Upgrade Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "rollingUpgrades") => "Cancel Rolling Upgrade of Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "approveRollingUpgrade") => "Approve Rolling Upgrade of Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "setOrchestrationServiceState") => {
            "Set Orchestration Service State of Virtual Machine Scale Set"
        }
        ("virtualMachineScaleSets", "start") => "Start Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "restart") => "Restart Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "deallocate") => "Deallocate Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "reimage") => "Reimage Virtual Machine Scale Set",
        ("virtualMachineScaleSets", "delete") => "Delete Virtual Machines in a Virtual Machine Scale Set",
        ("virtualMachines", "write") => "Update Virtual Machine in a Virtual Machine Scale Set",
        (_, "evictSpotVM") => "EvictSpotVM",
        ("virtualMachines", "simulateEviction") => {
            "Simulate Eviction of Virtual Machine in a Virtual Machine Scale Set"
        }
        ("versions", "write") => "Create or Update Gallery Image Version",
        ("versions", "delete") => "Delete Gallery Image Version",
        ("imageTemplates", "run") => "Run Image Template",
        ("imageTemplates", "cancel") => "Cancel Image Template Run",
        _ => name,
    }
}

/// What autoscale says: the verb of its operation, the counts it is about, and its sentence.
type Scaling = (&'static str, Option<(u16, u16)>, String);

/// What autoscale says with a fact, if it says anything.
fn said(fact: AutoscaleFact, scaled: &str) -> Option<Scaling> {
    Some(match fact {
        AutoscaleFact::Decided { from, to, .. } => (
            if to > from { "Scaleup" } else { "Scaledown" },
            Some((from, to)),
            format!(
                "The autoscale engine attempting to scale resource '{scaled}' from {from} instances count to {to} \
                 instances count."
            ),
        ),
        AutoscaleFact::ActionRecorded { to, short, .. } => (
            "ScaleResult",
            Some((to - short.min(to), to)),
            format!(
                "The autoscale engine wrote {to} instances to resource '{scaled}', of which {short} could not be had."
            ),
        ),
        AutoscaleFact::ActionFailed { to, .. } => (
            "ScaleResult",
            None,
            format!("The autoscale engine was unable to scale resource '{scaled}' to {to} instances."),
        ),
        AutoscaleFact::Flapping { wanted, .. } => (
            "Flapping",
            None,
            format!(
                "Scale down to {wanted} instances of resource '{scaled}' would lead to a scale up, and is not done."
            ),
        ),
        AutoscaleFact::FlappingOccurred { wanted, got, .. } => (
            "FlappingOccurred",
            None,
            format!(
                "Scale down of resource '{scaled}' goes to {got} instances and not to {wanted}, to avoid flapping."
            ),
        ),
        AutoscaleFact::MetricLost { .. } => {
            ("MetricFailure", None, format!("The autoscale engine was unable to read a metric of resource '{scaled}'."))
        }
        AutoscaleFact::MetricRecovered { .. } => {
            ("MetricRecovery", None, format!("The autoscale engine was able to read the metric of '{scaled}' again."))
        }
        _ => return None,
    })
}

/// What autoscale writes into the log.
fn scaling(
    view: &View<'_, '_>,
    record: &Record,
    (setting, set): (AutoscaleId, SetId),
    fact: AutoscaleFact,
) -> Option<Value> {
    let scaled = format!("virtualMachineScaleSets/{}", view.instant.names.set(set));
    let (verb, counts, description) = said(fact, &scaled)?;
    let id = format!("autoscalesettings/{}", view.instant.plan().autoscale[setting.index()].name);
    // What is recorded belongs to the decision before it.
    let is_result = matches!(fact, AutoscaleFact::ActionRecorded { .. } | AutoscaleFact::ActionFailed { .. });
    let of = if is_result { record.cause } else { record.entry };
    let failed = matches!(
        fact,
        AutoscaleFact::ActionRecorded { short: 1.., .. }
            | AutoscaleFact::ActionFailed { .. }
            | AutoscaleFact::MetricLost { .. }
    );
    let event = view.guid(Kind::Event, u64::from(record.entry.0) << 2 | 1);
    let mut properties = json!({ "Description": description, "ResourceName": scaled });
    if let Some((from, to)) = counts {
        properties["OldInstancesCount"] = from.to_string().into();
        properties["NewInstancesCount"] = to.to_string().into();
    }
    let name = if verb.starts_with("Scale") { "AutoscaleAction" } else { verb };
    let operation = format!("Microsoft.Insights/AutoscaleSettings/{verb}/Action");
    let status = if failed { "Failed" } else { "Succeeded" };
    let correlation = view.guid(Kind::Entry, u64::from(of.0));
    Some(json!({
        "caller": AUTOSCALE,
        "category": text("Autoscale", "Autoscale"),
        "correlationId": correlation,
        "description": description,
        "eventDataId": event,
        "eventName": text(name, name),
        "eventTimestamp": view.time(record.time),
        "id": format!("{id}/events/{event}/ticks/{}", ticks(view, record.time)),
        "level": if failed { "Error" } else { "Informational" },
        "operationId": correlation,
        "operationName": text(&operation, &operation),
        "properties": properties,
        "resourceId": id,
        "resourceProviderName": text("microsoft.insights", "microsoft.insights"),
        "resourceType": text("microsoft.insights/autoscalesettings", "microsoft.insights/autoscalesettings"),
        "status": text(status, status),
        "submissionTimestamp": view.time(record.time),
    }))
}
