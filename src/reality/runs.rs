//! A case played with many seeds: how long its call takes, who is there before and after, and what is answered.

use super::SEEDS;
use super::case::{Call, Case, Spot};
use super::scenario::{CALLED, CREATED, HORIZON, scenario};
use crate::experiment::instant::Instant;
use crate::input::{AS_WRITTEN, LoadOptions, Report, Severity, load_text};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use windtunnel_sim::engine::time::{SimDuration, SimTime};
use windtunnel_sim::plan::Plan;
use windtunnel_sim::world::fact::{
    BuildFact, CallRefusal, Conflict, End, Fact, GalleryFact, OperatorFact, PowerFact, Record, RolloutFact, Stage,
};
use windtunnel_sim::world::ids::InstanceId;

/// An instance by its id, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placed {
    /// Its id.
    pub id: u32,
    /// Its zone; 0 in a set without zones.
    pub zone: u8,
    /// Its fault domain.
    pub domain: u8,
}

/// What one run came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// How long the call took, in seconds; `None` where it did not end, or there was nothing to do.
    pub seconds: Option<f64>,
    /// Every instance there was.
    pub made: Vec<Placed>,
    /// Those that were there before the call; of a create those that were kept.
    pub before: Vec<Placed>,
    /// Those that are present at the end.
    pub after: Vec<Placed>,
    /// Who was there at each moment from when the create began until the call, and between the call and the end, without doubles.
    pub seen: Vec<Vec<u32>>,
    /// What is deterministic of it, by name.
    pub facts: BTreeMap<&'static str, String>,
}

/// Plays a case with every seed.
///
/// # Errors
/// The model cannot express it: what `check` says of it.
pub fn play(case: &Case) -> Result<Vec<Run>, String> {
    play_seeds(case, 1..=SEEDS)
}

/// Plays a case with these seeds.
pub fn play_seeds(case: &Case, seeds: RangeInclusive<u64>) -> Result<Vec<Run>, String> {
    let loaded = load_text("recorded.yaml", scenario(case), &LoadOptions::default()).map_err(|report| said(&report))?;
    let plan = &loaded.plan(AS_WRITTEN).map_err(|report| said(&report))?.plan;
    seeds.into_par_iter().map(|seed| play_one(case, plan, seed)).collect()
}

fn play_one(case: &Case, plan: &Plan, seed: u64) -> Result<Run, String> {
    Instant::new(plan, seed, plan.horizon).map(|run| observe(case, &run)).map_err(|error| error.to_string())
}

fn said(report: &Report) -> String {
    let all = report.problems().iter().filter(|problem| problem.severity == Severity::Error);
    all.map(|problem| format!("{}: {}", problem.code, problem.message)).collect::<Vec<_>>().join("; ")
}

const fn minute(minutes: u64) -> SimTime {
    SimTime::from_ms(minutes * 60_000)
}

fn observe(case: &Case, run: &Instant<'_>) -> Run {
    let at = if case.call == Call::Create { minute(CREATED) } else { minute(CALLED) };
    let ledger = &run.ledger;
    let ends = ends(case, ledger, at);
    // A create and a scale-out end when as many as were asked for are provisioned: the surplus is not waited for.
    let wanted = match case.call {
        Call::Create => case.capacity as usize,
        Call::ScaleOut => case.of.saturating_sub(case.capacity) as usize,
        _ => ends.len(),
    };
    let seconds = wanted.checked_sub(1).and_then(|last| ends.get(last)).map(|end: &SimDuration| end.seconds());
    let id = |instance: InstanceId| {
        let name = run.names.instance(instance);
        name.rsplit('_').next().and_then(|id| id.parse().ok()).unwrap_or(instance.0)
    };
    let called = if case.call == Call::Create { minute(HORIZON) } else { minute(CALLED) };
    let mut there = There::default();
    let (mut before, mut taken) = (Vec::new(), false);
    for record in ledger {
        if !taken && record.time >= called {
            (before, taken) = (there.present.clone(), true);
        }
        there.take(record, &id);
    }
    let before = if taken { before } else { there.present.clone() };
    let mut facts = facts(case, ledger, at, there.made.len(), &before, &there.present);
    if let Some(name) = (!there.made.is_empty()).then(|| run.names.instance(InstanceId(0))) {
        facts.insert("names", form(name).to_owned());
    }
    let failed = |record: &Record| match record.fact {
        Fact::Rollout(RolloutFact::InstanceFailed { instance, .. }) => Some(id(instance)),
        _ => None,
    };
    if let Some(failed) = ledger.iter().find_map(failed) {
        facts.insert("failed instance", failed.to_string());
    }
    Run { seconds, made: there.made, before, after: there.present, seen: there.seen, facts }
}

/// Who is there, as the ledger goes on.
#[derive(Default)]
struct There {
    made: Vec<Placed>,
    /// Those that are not being deleted.
    present: Vec<Placed>,
    /// Those whose network interface is still there.
    lingering: Vec<u32>,
    seen: Vec<Vec<u32>>,
}

impl There {
    fn take(&mut self, record: &Record, id: &impl Fn(InstanceId) -> u32) {
        match record.fact {
            Fact::InstanceCreated { instance, at, .. } | Fact::InstancePresent { instance, at, .. } => {
                let placed = Placed { id: id(instance), zone: at.zone, domain: at.fault_domain };
                self.made.push(placed);
                self.present.push(placed);
                self.lingering.push(placed.id);
            }
            Fact::InstanceDeleting { instance, .. } => self.present.retain(|known| known.id != id(instance)),
            Fact::InstanceDeleted { instance } => {
                let gone = id(instance);
                self.present.retain(|known| known.id != gone);
                self.lingering.retain(|known| *known != gone);
            }
            _ => return,
        }
        let present: Vec<u32> = self.present.iter().map(|placed| placed.id).collect();
        for mut list in [present, self.lingering.clone()] {
            list.sort_unstable();
            if !self.seen.contains(&list) {
                self.seen.push(list);
            }
        }
    }
}

/// When each part of the call ended, counted from the call, in order.
fn ends(case: &Case, ledger: &[Record], at: SimTime) -> Vec<SimDuration> {
    let is_end = |fact: &Fact| match case.call {
        Call::Create | Call::ScaleOut | Call::Reimage => matches!(fact, Fact::InstanceProvisioned { .. }),
        Call::ScaleIn | Call::Delete | Call::DeleteSet => matches!(fact, Fact::InstanceDeleted { .. }),
        Call::Evict if case.spot == Some(Spot::Delete) => matches!(fact, Fact::InstanceDeleted { .. }),
        Call::Deallocate | Call::Evict => matches!(fact, Fact::Power(PowerFact::Deallocated { .. })),
        Call::PowerOff => matches!(fact, Fact::Power(PowerFact::Stopped { .. })),
        Call::Start | Call::Restart | Call::Redeploy => matches!(fact, Fact::InstanceRunning { .. }),
        Call::ToRolling | Call::OsUpgrade | Call::Cancelled | Call::ExtensionUpgrade => {
            matches!(fact, Fact::Rollout(RolloutFact::Ended { .. }))
        }
        Call::Replicate | Call::ReplicateShallow => {
            matches!(fact, Fact::Gallery(GalleryFact::ReplicationCompleted { .. }))
        }
        Call::Bake => matches!(fact, Fact::Build(BuildFact::Ended { .. })),
        Call::BakeImage => matches!(fact, Fact::Build(BuildFact::StageEntered { stage: Stage::Distributing, .. })),
        Call::Maintain | Call::CancelIdle => false,
    };
    let of_call = ledger.iter().filter(|record| record.time >= at && is_end(&record.fact));
    of_call.map(|record| record.time.since(at)).collect()
}

/// What is answered and counted, by name.
fn facts(
    case: &Case,
    ledger: &[Record],
    at: SimTime,
    made: usize,
    before: &[Placed],
    after: &[Placed],
) -> BTreeMap<&'static str, String> {
    let mut facts = BTreeMap::new();
    let (mut upgraded, mut failed, mut end) = (0, 0, None);
    for record in ledger.iter().filter(|record| record.time >= at) {
        match record.fact {
            Fact::Rollout(RolloutFact::BatchStarted { batch: 0 | 1, size, .. }) => {
                facts.entry("first batch").or_insert_with(|| size.to_string());
            }
            Fact::Rollout(RolloutFact::InstanceUpgraded { .. }) => upgraded += 1,
            Fact::Rollout(RolloutFact::InstanceFailed { .. }) => failed += 1,
            Fact::Rollout(RolloutFact::Ended { end: how, .. }) => end = Some(how),
            Fact::Rollout(RolloutFact::WriteRefused { why, .. }) => {
                facts.insert("answer", conflict(why).to_owned());
            }
            Fact::InstanceRunning { .. } => drop(facts.insert("power state", "running".to_owned())),
            Fact::Power(PowerFact::Stopped { .. }) => drop(facts.insert("power state", "stopped".to_owned())),
            Fact::Power(PowerFact::Deallocated { .. }) => drop(facts.insert("power state", "deallocated".to_owned())),
            Fact::Operator(OperatorFact::Refused { why, .. }) => {
                facts.insert("answer", refusal(why).to_owned());
            }
            _ => {}
        }
    }
    if case.call == Call::Create {
        facts.insert("created", made.to_string());
        facts.insert("instances", after.len().to_string());
    } else if !case.call.is_of_image() {
        facts.insert("instances", after.len().to_string());
    }
    if case.call == Call::Evict && !facts.contains_key("answer") {
        let gone = before.len() > after.len();
        facts.insert("evicted instance", if gone { "is gone" } else { "is deallocated" }.to_owned());
    }
    if let Some(end) = end {
        facts.insert("result", result(end));
        facts.insert(
            "successful, failed, pending",
            counts(upgraded, failed, case.capacity.saturating_sub(upgraded + failed)),
        );
    }
    facts
}

/// The form of the name of an instance.
pub fn form(name: &str) -> &'static str {
    let tail = name.rsplit('_').next().unwrap_or(name);
    match () {
        () if tail.len() == 8 && tail.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            "the set and eight hexadecimal digits"
        }
        () if !tail.is_empty() && tail.bytes().all(|byte| byte.is_ascii_digit()) => "the set and a number",
        () => "another",
    }
}

/// How the counts of an upgrade are written.
pub fn counts(successful: u32, failed: u32, pending: u32) -> String {
    format!("{successful}, {failed}, {pending}")
}

fn result(end: End) -> String {
    match end {
        End::Completed => "Completed".to_owned(),
        End::Cancelled => "Cancelled, RollingUpgradeCanceled".to_owned(),
        End::Faulted { error, measured, limit } => {
            format!("Faulted, {}, {}% over {limit}%", error.word(), measured / 100)
        }
    }
}

const fn conflict(why: Conflict) -> &'static str {
    match why {
        Conflict::UpgradeRuns | Conflict::NoUpgradeRuns => "409 OperationNotAllowed",
    }
}

const fn refusal(why: CallRefusal) -> &'static str {
    match why {
        CallRefusal::NoSuchInstance => "404 NotFound",
        CallRefusal::NotSpot | CallRefusal::NotRunning | CallRefusal::NoMaintenance => "409 OperationNotAllowed",
    }
}
