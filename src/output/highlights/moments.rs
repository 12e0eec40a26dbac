//! The moments of a run that lead the eye: at most three, each an entry of the ledger and one sentence; and, where repairs
//! undid each other, that loop and what ends it.

use crate::experiment::replay::Replay;
use crate::output::html::events;
use crate::output::repair_loop;
use windtunnel_sim::engine::time::SimTime;
use windtunnel_sim::measure::census::FLAP;
use windtunnel_sim::measure::fleet::{FleetView, Observer, Watched};
use windtunnel_sim::plan::{Act, OctopusAct, Plan};
use windtunnel_sim::world::fact::{
    AdminState, CapacityBy, End, Fact, JobFact, OctopusFact, Record, RepairsFact, RolloutFact, SpotFact,
};
use windtunnel_sim::world::ids::{ActionId, Entry, EntryPointId, PoolId, SetId};
use windtunnel_sim::world::run::Sink;
use windtunnel_words::describe::{Names, sentence};

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

/// The moments of a ledger, without its repair loops. Of a run that harmed users the first harm, the first act on what harms
/// there (a probe that goes down, a pipeline that comes round, a set that grows), and the halt of a rollout or else the end of
/// the harm. Of another run the first change, the first trouble and the last change. In the order of time; what did not happen
/// comes last.
pub fn moments(names: &Names<'_>, ledger: &[Record]) -> Vec<Moment> {
    let mut walk = Watched::new(names.plan(), Collector::default());
    ledger.iter().for_each(|record| walk.record(record));
    walk.observers.finish(names)
}

/// Where repairs undid each other, the first moment, and then each loop and what ends it.
pub(super) fn with_loops(mut moments: Vec<Moment>, replay: &Replay<'_>) -> Vec<Moment> {
    let loops = replay.repair_loops();
    if !loops.is_empty() {
        moments.truncate(1);
    }
    moments.extend(loops.iter().flat_map(|found| repair_loop::moments(&replay.names, found)));
    moments
}

/// The moments of a run, entry by entry.
#[derive(Default)]
pub(super) struct Collector {
    harm: Option<Harm>,
    /// Before there is harm, the entries of the instant in hand, and what was done in it.
    instant: Vec<Record>,
    done: Vec<Deed>,
    /// At how many entry points harm goes on, and the last entry with which it ended at one.
    open: i64,
    ended: Option<Record>,
    halt: Option<Record>,
    changes: Changes,
}

/// The first harm, and what was done about it.
struct Harm {
    first: Record,
    entry_point: EntryPointId,
    /// What it came of, in its own instant.
    causes: Vec<Entry>,
    act: Option<Record>,
    /// The entry with which it ended for the last time at that entry point; `None` while it goes on.
    until: Option<Entry>,
}

impl Observer for Collector {
    /// Who acted is asked of the fleet as it was before each entry.
    fn before(&mut self, fleet: &FleetView<'_>, record: &Record) {
        match record.fact {
            Fact::HarmStarted { .. } => self.open += 1,
            Fact::HarmEnded { .. } => (self.open, self.ended) = (self.open - 1, Some(*record)),
            Fact::Rollout(RolloutFact::Ended { end: End::Faulted { .. }, .. }) if self.halt.is_none() => {
                self.halt = Some(*record);
            }
            _ => {}
        }
        match &mut self.harm {
            Some(harm) => harm.take(fleet, record),
            None => self.watch(fleet, record),
        }
    }
}

impl Collector {
    /// Takes an entry as long as there was no harm. Where users are harmed nobody asks for the changes.
    fn watch(&mut self, fleet: &FleetView<'_>, record: &Record) {
        if self.instant.last().is_some_and(|last| last.time != record.time) {
            self.instant.clear();
            self.done.clear();
        }
        self.instant.push(*record);
        // What its parts meet is what users of a listener meet.
        if let Fact::HarmStarted { entry_point } = record.fact
            && !fleet.plan().is_part(entry_point)
        {
            self.harm = Some(Harm::of(fleet.plan(), entry_point, &self.instant, &self.done));
            return;
        }
        self.done.extend(Deed::of(fleet, record));
        self.changes.take(record);
    }

    pub(super) fn finish(self, names: &Names<'_>) -> Vec<Moment> {
        let mut moments = match &self.harm {
            Some(harm) => vec![Moment::of(names, "first harm", &harm.first), harm.first_act(names), self.last(names)],
            None => self.changes.finish(names),
        };
        moments.sort_by_key(|moment| moment.at.map_or((SimTime::FAR, Entry(u32::MAX)), |at| at));
        moments
    }

    /// Where a rollout halted, or else the end of the harm: it is over when as many entry points ceased to be harmed as began to be.
    fn last(&self, names: &Names<'_>) -> Moment {
        let ended = self.ended.filter(|_| self.open == 0);
        match (self.halt, ended) {
            (Some(halt), _) => Moment::of(names, "halt", &halt),
            (None, Some(end)) => Moment::of(names, "end of harm", &end),
            (None, None) => Moment::absent("end of harm", "harm goes on when the run ends"),
        }
    }
}

impl Harm {
    /// The harm with which an instant, as far as it is known, ends.
    fn of(plan: &Plan, entry_point: EntryPointId, instant: &[Record], done: &[Deed]) -> Self {
        let (first, before) = instant.split_last().expect("the entry with which harm begins is in its instant");
        let mut causes = vec![first.entry, first.cause];
        for record in before.iter().rev() {
            if causes.contains(&record.entry) {
                causes.push(record.cause);
            }
        }
        let mut harm = Self { first: *first, entry_point, causes, act: None, until: None };
        harm.act = done.iter().find(|deed| harm.is_acted_on(plan, deed)).map(|deed| deed.record);
        harm
    }

    /// Takes an entry after the first: whether the harm at that entry point goes on, and what is done about it.
    fn take(&mut self, fleet: &FleetView<'_>, record: &Record) {
        match record.fact {
            Fact::HarmStarted { entry_point } if entry_point == self.entry_point => self.until = None,
            Fact::HarmEnded { entry_point } if entry_point == self.entry_point => self.until = Some(record.entry),
            _ => {}
        }
        if self.act.is_none() {
            let deed = Deed::of(fleet, record).filter(|deed| self.is_acted_on(fleet.plan(), deed));
            self.act = deed.map(|deed| deed.record);
        }
    }

    /// Whether something is done about the harm: after it began, in its own instant, too, unless it is what the harm came of;
    /// and at that entry point or its sets, since who acts elsewhere does nothing about it.
    fn is_acted_on(&self, plan: &Plan, deed: &Deed) -> bool {
        let pools: Vec<PoolId> = plan.pools_behind(self.entry_point).collect();
        let concerns = |set: &SetId| pools.iter().any(|pool| plan.joins(set.index(), pool.0));
        !self.causes.contains(&deed.record.entry)
            && (deed.pool.is_some_and(|pool| pools.contains(&pool)) || deed.sets.iter().any(concerns))
    }

    /// What was first done about it before it ended at that entry point.
    fn first_act(&self, names: &Names<'_>) -> Moment {
        let act = self.act.filter(|act| self.until.is_none_or(|end| act.entry <= end));
        match (act, self.until) {
            (Some(act), _) => Moment::of(names, "first act", &act),
            (None, Some(_)) => Moment::absent("first act", "nobody acted on it before it ended"),
            (None, None) => Moment::absent("first act", "nobody acted on it before the run ended"),
        }
    }
}

/// Something that is done about what is wrong, at an entry point or to scale sets.
struct Deed {
    record: Record,
    pool: Option<PoolId>,
    sets: Vec<SetId>,
}

impl Deed {
    fn of(fleet: &FleetView<'_>, record: &Record) -> Option<Self> {
        if !acts(fleet.plan(), &record.fact) {
            return None;
        }
        let (pool, sets) = match record.fact.instance().and_then(|instance| fleet.unit(instance)) {
            // Who acts on an instance that does no harm has noticed nothing.
            Some(unit) => (None, unit.lane().filter(|lane| lane.harms()).map(|_| unit.set).into_iter().collect()),
            None => match record.fact {
                Fact::FailOpenStarted { pool } => (Some(pool), Vec::new()),
                Fact::CapacitySet { set, .. } | Fact::Rollout(RolloutFact::CancelRequested { set }) => {
                    (None, vec![set])
                }
                Fact::ActionTaken { action } => (None, hands(fleet.plan(), action)),
                _ => return None,
            },
        };
        Some(Self { record: *record, pool, sets })
    }
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
        Act::Octopus(OctopusAct::Deploy { project, place, .. }) => {
            let roles = plan.octopus.projects[usize::from(*project)].roles;
            let groups = plan.octopus.targets.iter();
            let theirs = groups.filter(|group| group.place == *place && group.roles & roles != 0);
            theirs.map(|group| SetId(group.set)).collect()
        }
        _ => Vec::new(),
    }
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
                | Fact::FailOpenStarted { .. }
                | Fact::PipelineStarted { .. }
                | Fact::Octopus(OctopusFact::Began { .. })
                | Fact::Rollout(RolloutFact::CancelRequested { .. })
                | Fact::Repairs(RepairsFact::Started { .. })
                | Fact::AdminStateSet { to: AdminState::Down, .. }
        ),
    }
}

/// What there is to look at where no user was harmed.
#[derive(Default)]
struct Changes {
    first: Option<Record>,
    trouble: Option<Record>,
    last: Option<Record>,
    /// When each set was last scaled, and whether it grew.
    scaled: Vec<(SetId, SimTime, bool)>,
}

impl Changes {
    fn take(&mut self, record: &Record) {
        let Some(first) = &self.first else {
            if begins(&record.fact) {
                self.first = Some(*record);
                undone(&mut self.scaled, record);
            }
            return;
        };
        if self.trouble.is_none()
            && (undone(&mut self.scaled, record) || (record.time > SimTime::ZERO && events::is_trouble(record)))
        {
            self.trouble = Some(*record);
        }
        if record.time > first.time && changes(&record.fact) {
            self.last = Some(*record);
        }
    }

    fn finish(&self, names: &Names<'_>) -> Vec<Moment> {
        let Some(first) = &self.first else {
            return vec![Moment::absent("first harm", "no user was harmed, and nothing changed")];
        };
        let last = self.last.filter(|last| self.trouble.is_none_or(|trouble| last.entry > trouble.entry));
        let rest = [("trouble", self.trouble), ("last change", last)];
        let rest = rest.iter().filter_map(|(label, record)| Some(Moment::of(names, label, record.as_ref()?)));
        std::iter::once(Moment::of(names, "first change", first)).chain(rest).collect()
    }
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
    // Nobody scales where instances are deleted by hand or evicted, or where a delete fails: the capacity follows.
    let Fact::CapacitySet { set, from, to, by: CapacityBy::Request } = record.fact else { return false };
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
            | Fact::Job(JobFact::Lost { .. })
    )
}
