//! The moments of a run that lead the eye: at most three, each an entry of the ledger and one sentence; and, where repairs
//! undid each other, that loop and what ends it.

use super::describe::{Names, sentence};
use super::html::events;
use super::repair_loop;
use crate::experiment::replay::Replay;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::census::FLAP;
use windtunnel_sim::measure::fleet::{Fleet, LaneState, instance_of};
use windtunnel_sim::plan::{Act, Plan};
use windtunnel_sim::rules;
use windtunnel_sim::world::fact::{AdminState, End, Fact, Record, RepairsFact, RolloutFact, SpotFact};
use windtunnel_sim::world::ids::{ActionId, Entry, PoolId, SetId};

/// A moment to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Which of the three.
    pub label: &'static str,
    /// When it was, and which entry of the ledger says so.
    pub at: Option<(SimTime, Entry)>,
    /// What happened, or that it did not.
    pub sentence: String,
}

impl Moment {
    fn of(names: &Names<'_>, label: &'static str, record: &Record) -> Self {
        Self { label, at: Some((record.time, record.entry)), sentence: sentence(names, &record.fact) }
    }

    fn absent(label: &'static str, sentence: &str) -> Self {
        Self { label, at: None, sentence: sentence.to_owned() }
    }
}

/// The moments of a run. Where repairs undid each other, the first of them, and then each loop and what ends it.
#[must_use]
pub fn moments_of(replay: &Replay<'_>) -> Vec<Moment> {
    let mut all = moments(&replay.names, &replay.ledger);
    let loops = replay.repair_loops();
    if !loops.is_empty() {
        all.truncate(1);
    }
    all.extend(loops.iter().flat_map(|found| repair_loop::moments(&replay.names, found)));
    all
}

/// Of a run that harmed users the first harm, the first act on what harms there (a probe that goes down, a pipeline that comes
/// round, a set that grows), and the halt of a rollout or else the end of the harm. Of another run the first change, the
/// first trouble and the last change. In the order of time; what did not happen comes last.
#[must_use]
pub fn moments(names: &Names<'_>, ledger: &[Record]) -> Vec<Moment> {
    let first = ledger.iter().find(|record| matches!(record.fact, Fact::HarmBegan { .. }));
    let mut moments = match first {
        Some(first) => of_harm(names, ledger, first).to_vec(),
        None => of_changes(names, ledger),
    };
    moments.sort_by_key(|moment| moment.at.map_or((SimTime::FAR, Entry(u32::MAX)), |at| at));
    moments
}

fn of_harm(names: &Names<'_>, ledger: &[Record], first: &Record) -> [Moment; 3] {
    let last =
        halt(names, ledger).or_else(|| end_of_harm(ledger).map(|record| Moment::of(names, "end of harm", record)));
    let last = last.unwrap_or_else(|| Moment::absent("end of harm", "harm goes on when the run ends"));
    [Moment::of(names, "first harm", first), first_act(names, ledger, first), last]
}

/// What was first done about the harm: after it began, in its own instant, too, unless it is what the harm came of; before it
/// ended at that entry point; and at that entry point or its sets, since who acts elsewhere does nothing about it.
fn first_act(names: &Names<'_>, ledger: &[Record], first: &Record) -> Moment {
    let Fact::HarmBegan { pool } = first.fact else { unreachable!("harm begins with this") };
    let until = end_at(ledger, pool);
    let mut causes = vec![first.entry];
    let before = ledger.iter().rev().skip_while(|record| record.entry > first.entry);
    for record in before.take_while(|record| record.time == first.time) {
        if causes.contains(&record.entry) {
            causes.push(record.cause);
        }
    }
    let plan = names.plan();
    let concerns = |set: SetId| plan.sets[set.index()].pools.contains(&pool.0);
    let mut fleet = Fleet::new(plan);
    let act = ledger.iter().take_while(|record| until.is_none_or(|end| record.entry <= end)).find(|record| {
        let unit = instance_of(&record.fact).and_then(|instance| fleet.unit(instance));
        // Who acts on an instance that does no harm has noticed nothing.
        let harms = unit.is_none_or(|unit| unit.lane().is_some_and(LaneState::harms) && concerns(unit.set));
        let here = unit.is_some()
            || match record.fact {
                Fact::FailedOpen { pool: of } => of == pool,
                Fact::CapacitySet { set, .. } | Fact::Rollout(RolloutFact::CancelRequested { set }) => concerns(set),
                Fact::ActionTaken { action } => hands(plan, action).iter().any(|&set| concerns(set)),
                _ => false,
            };
        fleet.take(record);
        let after = record.time >= first.time && !causes.contains(&record.entry);
        after && harms && here && acts(plan, &record.fact)
    });
    let nobody = match until {
        Some(_) => "nobody acted on it before it ended",
        None => "nobody acted on it before the run ended",
    };
    act.map_or_else(|| Moment::absent("first act", nobody), |record| Moment::of(names, "first act", record))
}

/// The entry with which the harm at an entry point ended for the last time; `None` where it goes on.
fn end_at(ledger: &[Record], pool: PoolId) -> Option<Entry> {
    let last = ledger.iter().rev().find(
        |record| matches!(record.fact, Fact::HarmBegan { pool: of } | Fact::HarmEnded { pool: of } if of == pool),
    )?;
    matches!(last.fact, Fact::HarmEnded { .. }).then_some(last.entry)
}

/// The sets on which somebody lays hands with an entry of the timeline, so that they come to be otherwise than they are.
fn hands(plan: &Plan, action: ActionId) -> Vec<SetId> {
    match &plan.timeline[action.index()].what {
        Act::ChangeModel { set, .. }
        | Act::StartUpgrade { set }
        | Act::StartOsUpgrade { set }
        | Act::UpgradeInstances { set, .. }
        | Act::Power { set, .. } => vec![SetId(*set)],
        Act::RunPipeline { pipeline } => {
            plan.pipelines[usize::from(*pipeline)].sets.iter().map(|&set| SetId(set)).collect()
        }
        _ => Vec::new(),
    }
}

/// Harm is over when as many entry points ceased to be harmed as began to be.
fn end_of_harm(ledger: &[Record]) -> Option<&Record> {
    let mut open = 0_i64;
    let mut last = None;
    for record in ledger {
        match record.fact {
            Fact::HarmBegan { .. } => open += 1,
            Fact::HarmEnded { .. } => (open, last) = (open - 1, Some(record)),
            _ => {}
        }
    }
    last.filter(|_| open == 0)
}

/// Where a rollout halted, if one did.
fn halt(names: &Names<'_>, ledger: &[Record]) -> Option<Moment> {
    let halts =
        |record: &&Record| matches!(record.fact, Fact::Rollout(RolloutFact::Ended { end: End::Faulted { .. }, .. }));
    ledger.iter().find(halts).map(|record| Moment::of(names, "halt", record))
}

/// Whether someone acts on what is wrong: a probe, a pipeline, a repair, whoever sets an admin state, whoever adds instances,
/// and whoever lays hands on a set.
fn acts(plan: &Plan, fact: &Fact) -> bool {
    match *fact {
        Fact::CapacitySet { from, to, .. } => to > from,
        Fact::ActionTaken { action } => !hands(plan, action).is_empty(),
        _ => matches!(
            fact,
            Fact::ProbeDown { .. }
                | Fact::FailedOpen { .. }
                | Fact::PipelineStarted { .. }
                | Fact::Rollout(RolloutFact::CancelRequested { .. })
                | Fact::Repairs(RepairsFact::Started { .. })
                | Fact::AdminStateSet { to: AdminState::Down, .. }
        ),
    }
}

/// What there is to look at where no user was harmed.
fn of_changes(names: &Names<'_>, ledger: &[Record]) -> Vec<Moment> {
    let Some(first) = ledger.iter().position(|record| begins(&record.fact)) else {
        return vec![Moment::absent("first harm", "no user was harmed, and nothing changed")];
    };
    let (first, later) = (&ledger[first], &ledger[first + 1..]);
    let mut scaled: Vec<(SetId, SimTime, bool)> = Vec::new();
    undone(&mut scaled, first);
    let trouble = later.iter().find(|record| {
        undone(&mut scaled, record) || (events::is_trouble(names, record) && record.time > SimTime::ZERO)
    });
    let last = later.iter().rev().find(|record| changes(&record.fact) && record.time > first.time);
    let mut moments = vec![Moment::of(names, "first change", first)];
    moments.extend(trouble.map(|record| Moment::of(names, "trouble", record)));
    let is_new = |record: &&Record| trouble.is_none_or(|trouble| record.entry > trouble.entry);
    moments.extend(last.filter(is_new).map(|record| Moment::of(names, "last change", record)));
    moments
}

/// Whether something is done to the fleet, by somebody, by a controller or by the platform.
const fn begins(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::ActionTaken { .. }
            | Fact::CapacitySet { .. }
            | Fact::Rollout(RolloutFact::Started { .. })
            | Fact::Spot(SpotFact::Evicted { .. })
    )
}

/// Whether a set is scaled one way, and soon after the other.
fn undone(scaled: &mut Vec<(SetId, SimTime, bool)>, record: &Record) -> bool {
    let Fact::CapacitySet { set, from, to } = record.fact else { return false };
    // Nobody scales where instances are deleted by hand or evicted, or where a delete fails: the capacity follows.
    if [rules::SI_12, rules::SP_03, rules::LC_08].contains(&record.rule) {
        return false;
    }
    let grows = to > from;
    let before = scaled.iter().position(|row| row.0 == set).map(|at| scaled.swap_remove(at));
    scaled.push((set, record.time, grows));
    before.is_some_and(|(_, at, grew)| grew != grows && record.time.since(at) <= FLAP)
}

/// Whether the fleet is another than before.
const fn changes(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::CapacitySet { .. }
            | Fact::Rollout(RolloutFact::Ended { .. })
            | Fact::InRotation { .. }
            | Fact::OutOfRotation { .. }
            | Fact::InstanceDeleted { .. }
            | Fact::Job(windtunnel_sim::world::fact::JobFact::Lost { .. })
    )
}
